// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts of a virtual DSA: vectors to eventfds (layer V1).
 *
 * The handler of a completion interrupt does one thing: it signals the
 * eventfd, which for a VM is KVM's or QEMU's MSI-X vector. This file knows
 * nothing of registers and of the hardware's IMS table.
 */
#include "vintr.h"

#include <linux/eventfd.h>
#include <linux/interrupt.h>
#include <linux/vfio.h>

#include "compat.h"
#include "trace.h"

/* Signals the eventfd; without one the interrupt waits, as in a masked vector */
static void idxd_vintr_line_fire_locked(struct idxd_vintr_line *line)
{
	lockdep_assert_held(&line->lock);
	if (line->trigger) {
		eventfd_signal(line->trigger);
		atomic64_inc(&line->count);
	} else if (line->latch) {
		line->pending = true;
	}
}

static void idxd_vintr_line_fire(struct idxd_vintr_line *line)
{
	unsigned long flags;

	spin_lock_irqsave(&line->lock, flags);
	idxd_vintr_line_fire_locked(line);
	spin_unlock_irqrestore(&line->lock, flags);
}

/* One that was on its way when the WQ was reset is of an old life */
static irqreturn_t idxd_vintr_handler(int irq, void *arg)
{
	struct idxd_vintr_line *line = arg;
	unsigned long flags;

	spin_lock_irqsave(&line->lock, flags);
	if (!line->quiet)
		idxd_vintr_line_fire_locked(line);
	spin_unlock_irqrestore(&line->lock, flags);
	return IRQ_HANDLED;
}

/* Whatever may deliver interrupts around us knows the old eventfd */
static void idxd_vintr_line_unbypass(struct idxd_vintr_line *line)
{
	if (line->bypassed)
		idxd_irq_bypass_unregister(&line->producer);
	line->bypassed = false;
}

/* Nothing but speed is lost if it fails, as without KVM */
static void idxd_vintr_line_bypass(struct idxd_vintr_line *line)
{
	if (line->irq && line->trigger)
		line->bypassed = !idxd_irq_bypass_register(&line->producer,
							   line->trigger,
							   line->irq);
}

/*
 * Takes over the reference on @trigger, NULL for no eventfd. An interrupt that
 * waited is sent.
 */
static void idxd_vintr_line_set(struct idxd_vintr *vi,
				struct idxd_vintr_line *line,
				struct eventfd_ctx *trigger)
{
	struct eventfd_ctx *old;
	bool pending;

	lockdep_assert_held(&vi->set_lock);
	idxd_vintr_line_unbypass(line);
	spin_lock_irq(&line->lock);
	old = line->trigger;
	line->trigger = trigger;
	pending = trigger && line->pending;
	if (pending)
		line->pending = false;
	spin_unlock_irq(&line->lock);
	if (old)
		eventfd_ctx_put(old);
	if (pending)
		idxd_vintr_line_fire(line);
	idxd_vintr_line_bypass(line);
}

static void idxd_vintr_line_latch(struct idxd_vintr_line *line, bool latch)
{
	spin_lock_irq(&line->lock);
	line->latch = latch;
	line->pending = false;
	spin_unlock_irq(&line->lock);
}

/*
 * MSI-X is on from the first vector that is set, to an eventfd or to none (as
 * QEMU does while all of them are masked), until a user switches the index off.
 * Interrupts of vectors without an eventfd wait meanwhile, else they are lost.
 */
static void idxd_vintr_enable_msix(struct idxd_vintr *vi, bool enable)
{
	unsigned int i;

	lockdep_assert_held(&vi->set_lock);
	if (vi->enabled == enable)
		return;
	vi->enabled = enable;
	for (i = 0; i < vi->nr_msix; i++)
		idxd_vintr_line_latch(&vi->lines[i], enable);
}

/* The first line of a VFIO interrupt index; the index has lines */
static struct idxd_vintr_line *idxd_vintr_first(struct idxd_vintr *vi,
						unsigned int index)
{
	switch (index) {
	case VFIO_PCI_ERR_IRQ_INDEX:
		return &vi->lines[IDXD_VINTR_ERR];
	case VFIO_PCI_REQ_IRQ_INDEX:
		return &vi->lines[IDXD_VINTR_REQ];
	default:
		return &vi->lines[0];
	}
}

unsigned int idxd_vintr_count(const struct idxd_vintr *vi, unsigned int index)
{
	switch (index) {
	case VFIO_PCI_MSIX_IRQ_INDEX:
		return vi->nr_msix;
	case VFIO_PCI_ERR_IRQ_INDEX:
	case VFIO_PCI_REQ_IRQ_INDEX:
		return 1;
	default:
		return 0;
	}
}

static int idxd_vintr_set_eventfds(struct idxd_vintr *vi,
				   struct idxd_vintr_line *line,
				   unsigned int count, const s32 *fds)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		struct eventfd_ctx *trigger = NULL;

		if (fds[i] >= 0)
			trigger = eventfd_ctx_fdget(fds[i]);
		if (IS_ERR(trigger)) {
			while (i--)
				idxd_vintr_line_set(vi, &line[i], NULL);
			return PTR_ERR(trigger);
		}
		if (line < &vi->lines[vi->nr_msix])
			idxd_vintr_enable_msix(vi, true);
		idxd_vintr_line_set(vi, &line[i], trigger);
	}
	return 0;
}

/* No interrupt at all: the index is switched off */
static void idxd_vintr_switch_off(struct idxd_vintr *vi, unsigned int index)
{
	struct idxd_vintr_line *line = idxd_vintr_first(vi, index);
	unsigned int i;

	for (i = 0; i < idxd_vintr_count(vi, index); i++)
		idxd_vintr_line_set(vi, &line[i], NULL);
	if (index == VFIO_PCI_MSIX_IRQ_INDEX)
		idxd_vintr_enable_msix(vi, false);
}

int idxd_vintr_set(struct idxd_vintr *vi, const struct vfio_irq_set *hdr,
		   const void *data)
{
	struct idxd_vintr_line *line = idxd_vintr_first(vi, hdr->index);
	const u8 *bools = data;
	unsigned int i;
	int err = 0;

	if ((hdr->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) !=
	    VFIO_IRQ_SET_ACTION_TRIGGER)
		return -ENOTTY;
	if (hdr->start + hdr->count > idxd_vintr_count(vi, hdr->index))
		return -EINVAL;

	guard(mutex)(&vi->set_lock);
	switch (hdr->flags & VFIO_IRQ_SET_DATA_TYPE_MASK) {
	case VFIO_IRQ_SET_DATA_NONE:
		if (!hdr->count)
			idxd_vintr_switch_off(vi, hdr->index);
		for (i = 0; i < hdr->count; i++)
			idxd_vintr_line_fire(&line[hdr->start + i]);
		break;
	case VFIO_IRQ_SET_DATA_BOOL:
		for (i = 0; i < hdr->count; i++)
			if (bools[i])
				idxd_vintr_line_fire(&line[hdr->start + i]);
		break;
	case VFIO_IRQ_SET_DATA_EVENTFD:
		err = idxd_vintr_set_eventfds(vi, &line[hdr->start],
					      hdr->count, data);
		break;
	default:
		err = -EINVAL;
	}
	trace_idxd_vintr_set(vi->lines[0].name, hdr, err);
	return err;
}

void idxd_vintr_signal(struct idxd_vintr *vi, unsigned int line)
{
	idxd_vintr_line_fire(&vi->lines[line]);
}

u32 idxd_vintr_pending(struct idxd_vintr *vi)
{
	unsigned int i;
	u32 bits = 0;

	for (i = 0; i < vi->nr_msix; i++)
		if (READ_ONCE(vi->lines[i].pending))
			bits |= BIT(i);
	return bits;
}

void idxd_vintr_forget(struct idxd_vintr *vi, unsigned int first,
		       unsigned int last)
{
	unsigned int i;

	for (i = first; i <= last; i++) {
		spin_lock_irq(&vi->lines[i].lock);
		vi->lines[i].pending = false;
		spin_unlock_irq(&vi->lines[i].lock);
	}
}

static void idxd_vintr_set_quiet(struct idxd_vintr *vi, bool quiet)
{
	unsigned int i;

	for (i = 1; i < vi->nr_msix; i++) {
		spin_lock_irq(&vi->lines[i].lock);
		vi->lines[i].quiet = quiet;
		spin_unlock_irq(&vi->lines[i].lock);
	}
}

void idxd_vintr_quiesce(struct idxd_vintr *vi)
{
	idxd_vintr_set_quiet(vi, true);
}

void idxd_vintr_resume(struct idxd_vintr *vi)
{
	idxd_vintr_set_quiet(vi, false);
}

/* All that have one, so that handles work whether somebody listens or not */
int idxd_vintr_open(struct idxd_vintr *vi)
{
	unsigned int i;
	int err;

	/* The WQ is disabled */
	idxd_vintr_quiesce(vi);
	for (i = 1; i < vi->nr_msix; i++) {
		struct idxd_vintr_line *line = &vi->lines[i];

		err = request_irq(line->irq, idxd_vintr_handler, 0, line->name,
				  line);
		if (err)
			goto err_free;
	}
	return 0;
err_free:
	while (--i)
		free_irq(vi->lines[i].irq, &vi->lines[i]);
	return err;
}

void idxd_vintr_close(struct idxd_vintr *vi)
{
	unsigned int i;

	guard(mutex)(&vi->set_lock);
	for (i = 0; i < IDXD_VINTR_NR_LINES; i++)
		idxd_vintr_line_set(vi, &vi->lines[i], NULL);
	for (i = 1; i < vi->nr_msix; i++)
		free_irq(vi->lines[i].irq, &vi->lines[i]);
	/* The last: what came until now was the old user's */
	idxd_vintr_enable_msix(vi, false);
}

int idxd_vintr_init(struct idxd_vintr *vi, struct idxd_sf *sf)
{
	const struct idxd_sf_info *info = idxd_sf_info(sf);
	unsigned int i;

	mutex_init(&vi->set_lock);
	vi->nr_msix = 1 + min_t(unsigned int, info->nr_vectors,
				IDXD_SF_MAX_VECTORS);
	for (i = 0; i < IDXD_VINTR_NR_LINES; i++) {
		struct idxd_vintr_line *line = &vi->lines[i];

		spin_lock_init(&line->lock);
		/* The companion, and the MSI-X vector as the user counts */
		snprintf(line->name, sizeof(line->name), "%s.%u-%u",
			 IDXD_SF_COMPANION_NAME, info->id, i);
		if (!i || i >= vi->nr_msix)
			continue;
		line->irq = idxd_sf_irq(sf, i - 1);
		if (line->irq < 0)
			return line->irq;
	}
	return 0;
}

void idxd_vintr_exit(struct idxd_vintr *vi)
{
	mutex_destroy(&vi->set_lock);
}
