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

#include "trace.h"

/* Signals the line's eventfd if there is one */
static void idxd_vintr_line_fire(struct idxd_vintr_line *line)
{
	unsigned long flags;

	spin_lock_irqsave(&line->lock, flags);
	if (line->trigger) {
		eventfd_signal(line->trigger);
		atomic64_inc(&line->count);
	}
	spin_unlock_irqrestore(&line->lock, flags);
}

static irqreturn_t idxd_vintr_handler(int irq, void *arg)
{
	idxd_vintr_line_fire(arg);
	return IRQ_HANDLED;
}

/* Pairs with the last idxd_vintr_line_set() or idxd_vintr_line_clear() */
static struct eventfd_ctx *idxd_vintr_line_swap(struct idxd_vintr_line *line,
						struct eventfd_ctx *trigger)
{
	struct eventfd_ctx *old;

	spin_lock_irq(&line->lock);
	old = line->trigger;
	line->trigger = trigger;
	spin_unlock_irq(&line->lock);
	return old;
}

static void idxd_vintr_line_clear(struct idxd_vintr *vi,
				  struct idxd_vintr_line *line)
{
	struct eventfd_ctx *old;

	lockdep_assert_held(&vi->set_lock);
	/* Masks the IMS slot: what arrives from now on waits there */
	if (line->requested)
		free_irq(line->irq, line);
	line->requested = false;
	old = idxd_vintr_line_swap(line, NULL);
	if (old)
		eventfd_ctx_put(old);
}

static int idxd_vintr_line_set(struct idxd_vintr *vi,
			       struct idxd_vintr_line *line, int fd)
{
	struct eventfd_ctx *trigger, *old;
	int err;

	lockdep_assert_held(&vi->set_lock);
	if (fd < 0) {
		idxd_vintr_line_clear(vi, line);
		return 0;
	}
	trigger = eventfd_ctx_fdget(fd);
	if (IS_ERR(trigger))
		return PTR_ERR(trigger);
	/* The interrupt stays requested: none is lost while eventfds change */
	old = idxd_vintr_line_swap(line, trigger);
	if (old)
		eventfd_ctx_put(old);
	if (!line->irq || line->requested)
		return 0;
	err = request_irq(line->irq, idxd_vintr_handler, 0, line->name, line);
	if (err) {
		idxd_vintr_line_clear(vi, line);
		return err;
	}
	line->requested = true;
	return 0;
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
	int err = 0;

	for (i = 0; i < count && !err; i++)
		err = idxd_vintr_line_set(vi, &line[i], fds[i]);
	if (err)
		while (i--)
			idxd_vintr_line_clear(vi, &line[i]);
	return err;
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
		/* No interrupt at all: the index is switched off */
		for (i = 0; !hdr->count &&
		     i < idxd_vintr_count(vi, hdr->index); i++)
			idxd_vintr_line_clear(vi, &line[i]);
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

void idxd_vintr_disable(struct idxd_vintr *vi)
{
	unsigned int i;

	guard(mutex)(&vi->set_lock);
	for (i = 0; i < IDXD_VINTR_NR_LINES; i++)
		idxd_vintr_line_clear(vi, &vi->lines[i]);
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
