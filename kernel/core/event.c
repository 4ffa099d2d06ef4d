// SPDX-License-Identifier: GPL-2.0-only
/*
 * MSI-X vector 0 (layer L2): commands, software errors and halt.
 *
 * The hard interrupt handler wakes whoever waits for a command, and whoever
 * reads errors, so that the thread may take locks under which commands run.
 * The thread tells the layers above of a halt through idxd_event_ops.
 */
#include "event.h"

#include <linux/bitfield.h>
#include <linux/device.h>
#include <linux/interrupt.h>

#include "decode.h"
#include "trace.h"

#define IDXD_EVENT_ERRORS	(IDXD_INTCAUSE_SWERR | IDXD_INTCAUSE_EVL)
#define IDXD_EVENT_TRACED	(IDXD_EVENT_ERRORS | IDXD_INTCAUSE_HALT | \
				 IDXD_INTCAUSE_HANDLE_REVOKED)

static u32 idxd_event_int_en(const struct idxd_event *ev)
{
	u32 bits = IDXD_GENCTRL_SWERR_INT_EN | IDXD_GENCTRL_HALT_INT_EN;

	return ev->errq->evl.log ? bits | IDXD_GENCTRL_EVL_INT_EN : bits;
}

/* What is seen in the registers is nearer to the cause than what they caused */
static enum idxd_failure idxd_event_judge(const struct idxd_event *ev,
					  enum idxd_failure why, u32 gensts)
{
	if (gensts == U32_MAX)
		return IDXD_FAILURE_GONE;
	if (FIELD_GET(IDXD_GENSTS_STATE, gensts) == IDXD_DEV_HALT)
		return IDXD_FAILURE_HALT;
	/* Registers read all ones for a moment */
	if (why == IDXD_FAILURE_COMMAND && !ev->cmdq->hung)
		return IDXD_FAILURE_GONE;
	return why;
}

/* One line for each failure; a command that hung had its own */
static void idxd_event_log(const struct idxd_event *ev, enum idxd_failure why,
			   u32 gensts)
{
	struct device *dev = ev->hw->dev;

	switch (why) {
	case IDXD_FAILURE_HALT:
		dev_err(dev, "device halted, it needs %s\n",
			idxd_decode_reset_type(gensts));
		break;
	case IDXD_FAILURE_GONE:
		dev_err(dev, "device is gone\n");
		break;
	case IDXD_FAILURE_RESET:
		dev_warn(dev, "function is being reset by hand\n");
		break;
	case IDXD_FAILURE_LAYOUT:
		dev_err(dev, "device refused the sizes of its queues\n");
		break;
	case IDXD_FAILURE_TEST:
		dev_warn(dev, "failure injected by devlink health test\n");
		break;
	case IDXD_FAILURE_COMMAND:
	case IDXD_FAILURE_NONE:
		break;
	}
}

/* Once: the first of halt, hang and removal wins */
void idxd_event_fail(struct idxd_event *ev, enum idxd_failure why)
{
	u32 gensts = idxd_hw_read32(ev->hw, IDXD_GENSTS_OFF);

	guard(mutex)(&ev->fail_lock);
	if (ev->failure != IDXD_FAILURE_NONE)
		return;
	idxd_cmd_kill(ev->cmdq);
	idxd_errq_stop(ev->errq);
	why = idxd_event_judge(ev, why, gensts);
	ev->fail_gensts = gensts;
	ev->fail_command = ev->cmdq->hung;
	WRITE_ONCE(ev->failure, why);
	idxd_event_log(ev, why, gensts);
	trace_idxd_event_failed(ev->hw->dev, gensts);
	ev->ops->failed(ev->priv, gensts);
}

int idxd_event_recovered(struct idxd_event *ev)
{
	guard(mutex)(&ev->fail_lock);
	/* The thread of an interrupt that killed it waits for us */
	if (READ_ONCE(ev->cmdq->dead))
		return -EIO;
	WRITE_ONCE(ev->failure, IDXD_FAILURE_NONE);
	return 0;
}

/* Whoever recovered the device meanwhile has seen to it */
static void idxd_event_fail_work(struct work_struct *work)
{
	struct idxd_event *ev = container_of(work, struct idxd_event,
					     fail_work);

	if (READ_ONCE(ev->cmdq->dead))
		idxd_event_fail(ev, IDXD_FAILURE_COMMAND);
}

static void idxd_event_revoke_work(struct work_struct *work)
{
	struct idxd_event *ev = container_of(to_delayed_work(work),
					     struct idxd_event, revoke_work);

	if (!ev->ops->revoked(ev->priv))
		queue_delayed_work(system_long_wq, &ev->revoke_work, 1);
}

/* A command got no answer; its caller holds locks that @failed takes */
static void idxd_event_cmd_hang(void *priv)
{
	struct idxd_event *ev = priv;

	queue_work(system_long_wq, &ev->fail_work);
}

static irqreturn_t idxd_event_irq(int irq, void *arg)
{
	struct idxd_event *ev = arg;
	u32 causes = idxd_hw_read32(ev->hw, IDXD_INTCAUSE_OFF);

	/* An earlier interrupt's handler saw this one's cause too */
	if (!causes)
		return IRQ_HANDLED;
	if (causes == U32_MAX) {
		idxd_cmd_kill(ev->cmdq);
		queue_work(system_long_wq, &ev->fail_work);
		return IRQ_HANDLED;
	}

	/* Before looking at what happened: what comes later, interrupts again */
	idxd_hw_write32(ev->hw, IDXD_INTCAUSE_OFF, causes);
	if (causes & IDXD_INTCAUSE_HALT)
		idxd_cmd_kill(ev->cmdq);
	if (causes & IDXD_INTCAUSE_CMD)
		idxd_cmd_notify(ev->cmdq);

	if (causes & IDXD_EVENT_ERRORS)
		idxd_errq_kick(ev->errq);
	if (causes & IDXD_INTCAUSE_HANDLE_REVOKED) {
		idxd_cmd_revoke(ev->cmdq);
		mod_delayed_work(system_long_wq, &ev->revoke_work, 0);
	}
	if (causes & IDXD_EVENT_TRACED)
		trace_idxd_event_raised(ev->hw->dev, causes);
	return causes & IDXD_INTCAUSE_HALT ? IRQ_WAKE_THREAD : IRQ_HANDLED;
}

static irqreturn_t idxd_event_thread(int irq, void *arg)
{
	struct idxd_event *ev = arg;

	idxd_event_fail(ev, IDXD_FAILURE_HALT);
	return IRQ_HANDLED;
}

int idxd_event_init(struct idxd_event *ev)
{
	int err;

	INIT_WORK(&ev->fail_work, idxd_event_fail_work);
	INIT_DELAYED_WORK(&ev->revoke_work, idxd_event_revoke_work);
	mutex_init(&ev->fail_lock);
	err = request_threaded_irq(ev->irq, idxd_event_irq, idxd_event_thread,
				   0, dev_name(ev->hw->dev), ev);
	if (err)
		return err;
	ev->cmdq->hang_priv = ev;
	ev->cmdq->hang = idxd_event_cmd_hang;
	idxd_cmd_set_irq(ev->cmdq, true);
	return 0;
}

void idxd_event_exit(struct idxd_event *ev)
{
	idxd_cmd_set_irq(ev->cmdq, false);
	ev->cmdq->hang = NULL;
	free_irq(ev->irq, ev);
	cancel_delayed_work_sync(&ev->revoke_work);
	cancel_work_sync(&ev->fail_work);
	idxd_errq_cancel(ev->errq);
}

void idxd_event_enable(struct idxd_event *ev)
{
	u32 bits = idxd_event_int_en(ev);

	idxd_hw_update32(ev->hw, IDXD_GENCTRL_OFF, bits, bits);
}

void idxd_event_disable(struct idxd_event *ev)
{
	idxd_hw_update32(ev->hw, IDXD_GENCTRL_OFF, idxd_event_int_en(ev), 0);
}
