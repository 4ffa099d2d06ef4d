// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command register of one device (layer L1).
 *
 * Owns CMD and CMDSTS. One command runs at a time, each with its own timeout;
 * answers come by interrupt, and are polled for in case one is lost. Knows
 * neither WQ states nor subfunctions.
 */
#include "cmd.h"

#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>

#include "decode.h"
#include "trace.h"

/* How long to rely on the interrupt before looking */
#define IDXD_CMD_POLL_MS	20
/* How long the register may be busy with a command that is not ours */
#define IDXD_CMD_BUSY_MS	100

/*
 * What a command may take beyond the time for its answer. Those that only
 * change state: nothing. An abort may have to wait for what is in the engines:
 * one descriptor each, of IDXD_WQCFG_WORK_SHIFT, and they share the memory's
 * bandwidth. A drain is issued when the queue looks empty, but a user that goes
 * on submitting may fill it in the same moment.
 */
#define IDXD_CMD_ABORT_MS	25000
#define IDXD_CMD_DRAIN_MS	95000

static const u32 idxd_cmd_work_ms[] = {
	[IDXD_CMD_ENABLE_DEVICE] = 0,
	[IDXD_CMD_DISABLE_DEVICE] = IDXD_CMD_DRAIN_MS,
	[IDXD_CMD_DRAIN_ALL] = IDXD_CMD_DRAIN_MS,
	[IDXD_CMD_ABORT_ALL] = IDXD_CMD_ABORT_MS,
	[IDXD_CMD_RESET_DEVICE] = IDXD_CMD_ABORT_MS,
	[IDXD_CMD_ENABLE_WQ] = 0,
	[IDXD_CMD_DISABLE_WQ] = IDXD_CMD_DRAIN_MS,
	[IDXD_CMD_DRAIN_WQ] = IDXD_CMD_DRAIN_MS,
	[IDXD_CMD_ABORT_WQ] = IDXD_CMD_ABORT_MS,
	[IDXD_CMD_RESET_WQ] = IDXD_CMD_ABORT_MS,
	[IDXD_CMD_DRAIN_PASID] = IDXD_CMD_DRAIN_MS,
	[IDXD_CMD_ABORT_PASID] = IDXD_CMD_ABORT_MS,
	[IDXD_CMD_REQUEST_HANDLE] = 0,
	[IDXD_CMD_RELEASE_HANDLE] = 0,
};

void idxd_cmd_init(struct idxd_cmdq *q, struct idxd_hw *hw,
		   const struct idxd_caps *caps)
{
	q->hw = hw;
	q->caps = caps;
	q->timeout_ms = IDXD_CMD_TIMEOUT_MS;
	mutex_init(&q->lock);
	init_completion(&q->done);
	atomic64_set(&q->epoch, 1);
}

void idxd_cmd_set_irq(struct idxd_cmdq *q, bool use_irq)
{
	guard(mutex)(&q->lock);
	q->use_irq = use_irq;
}

void idxd_cmd_notify(struct idxd_cmdq *q)
{
	complete(&q->done);
}

void idxd_cmd_kill(struct idxd_cmdq *q)
{
	WRITE_ONCE(q->dead, true);
	complete(&q->done);
}

void idxd_cmd_revive(struct idxd_cmdq *q)
{
	guard(mutex)(&q->lock);
	q->hung = 0;
	WRITE_ONCE(q->dead, false);
}

void idxd_cmd_kill_and_reset(struct idxd_cmdq *q)
{
	idxd_cmd_kill(q);
	guard(mutex)(&q->lock);
	if (idxd_hw_wait32(q->hw, IDXD_CMDSTS_OFF, IDXD_CMDSTS_ACTIVE, 0,
			   IDXD_CMD_BUSY_MS))
		return;
	idxd_cmd_revoke(q);
	idxd_hw_write32(q->hw, IDXD_CMD_OFF,
			FIELD_PREP(IDXD_CMD_CODE, IDXD_CMD_RESET_DEVICE));
	idxd_hw_wait32(q->hw, IDXD_CMDSTS_OFF, IDXD_CMDSTS_ACTIVE, 0,
		       IDXD_CMD_BUSY_MS);
}

/* Wait until CMDSTS is no longer active; -ETIMEDOUT, -EIO or -ENODEV */
static int idxd_cmd_wait_locked(struct idxd_cmdq *q, u32 timeout_ms, u32 *sts)
{
	unsigned long end = jiffies + msecs_to_jiffies(timeout_ms);
	unsigned long poll = msecs_to_jiffies(IDXD_CMD_POLL_MS);

	lockdep_assert_held(&q->lock);
	for (;;) {
		/* Read the clock first: we may sleep past the end */
		bool last = time_after(jiffies, end);

		*sts = idxd_hw_read32(q->hw, IDXD_CMDSTS_OFF);
		if (!(*sts & IDXD_CMDSTS_ACTIVE))
			return 0;
		if (*sts == U32_MAX && idxd_hw_gone(q->hw))
			return -ENODEV;
		if (READ_ONCE(q->dead))
			return -EIO;
		if (last)
			return -ETIMEDOUT;
		if (q->use_irq)
			wait_for_completion_timeout(&q->done, poll);
		else
			usleep_range(20, 100);
	}
}

static int idxd_cmd_exec_locked(struct idxd_cmdq *q, enum idxd_cmd code,
				u32 operand, u32 *sts)
{
	u32 cmd = FIELD_PREP(IDXD_CMD_CODE, code) |
		  FIELD_PREP(IDXD_CMD_OPERAND, operand);
	int err;

	if (READ_ONCE(q->dead))
		return idxd_hw_gone(q->hw) ? -ENODEV : -EIO;

	/* Whatever an earlier driver started; ours have been waited for */
	err = idxd_cmd_wait_locked(q, IDXD_CMD_BUSY_MS, sts);
	if (!err) {
		reinit_completion(&q->done);
		if (q->use_irq)
			cmd |= IDXD_CMD_INT_REQ;
		q->last = code;
		/* With the lock: nobody gets a handle in between */
		if (code == IDXD_CMD_RESET_DEVICE)
			idxd_cmd_revoke(q);
		idxd_hw_write32(q->hw, IDXD_CMD_OFF, cmd);
		err = idxd_cmd_wait_locked(q, READ_ONCE(q->timeout_ms) +
					   idxd_cmd_work_ms[code], sts);
	}
	if (err == -ETIMEDOUT) {
		dev_err(q->hw->dev, "command %d (%s) got no answer\n", code,
			idxd_decode_cmd(code));
		q->hung = code;
	}
	/* A device that is gone sends no interrupt: nobody else may notice */
	if (err == -ETIMEDOUT || err == -ENODEV) {
		WRITE_ONCE(q->dead, true);
		if (q->hang)
			q->hang(q->hang_priv);
	}
	return err;
}

int idxd_cmd_exec(struct idxd_cmdq *q, enum idxd_cmd code, u32 operand,
		  u16 *result, u8 *cmderr)
{
	return idxd_cmd_exec_if(q, code, operand, result, cmderr, NULL, NULL);
}

int idxd_cmd_exec_if(struct idxd_cmdq *q, enum idxd_cmd code, u32 operand,
		     u16 *result, u8 *cmderr, bool (*ready)(void *priv),
		     void *priv)
{
	ktime_t start = ktime_get();
	u8 hwerr = IDXD_CMDERR_NONE;
	u32 sts = 0;
	int err;

	if (!(q->caps->cmds & BIT(code)))
		return -EOPNOTSUPP;

	scoped_guard(mutex, &q->lock) {
		if (ready && !ready(priv))
			return -EAGAIN;
		err = idxd_cmd_exec_locked(q, code, operand, &sts);
	}

	if (!err)
		hwerr = FIELD_GET(IDXD_CMDSTS_ERR, sts);
	if (result && !err && !hwerr)
		*result = FIELD_GET(IDXD_CMDSTS_RESULT, sts);
	if (cmderr)
		*cmderr = hwerr;
	else if (hwerr)
		err = -EIO;
	trace_idxd_cmd_completed(q->hw->dev, code, operand, hwerr, err,
				 ktime_us_delta(ktime_get(), start));
	return err;
}
