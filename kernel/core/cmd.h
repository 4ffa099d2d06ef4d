/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command register of one device (layer L1): one command at a time.
 */
#ifndef IDXD_CMD_H
#define IDXD_CMD_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/mutex.h>

#include "caps.h"
#include "hw.h"

/* Limits and default of the time a command has for its answer */
#define IDXD_CMD_TIMEOUT_MIN_MS	100
#define IDXD_CMD_TIMEOUT_MAX_MS	60000
#define IDXD_CMD_TIMEOUT_MS	5000

/**
 * struct idxd_cmdq - the command register
 * @hw: register window
 * @caps: decoded capabilities
 * @timeout_ms: time for an answer, beside the time that descriptors may need;
 *	no lock, the next command uses it
 * @lock: held over one command from its write to its answer; innermost mutex
 * @done: the completion interrupt came, or the device failed
 * @use_irq: ask for completion interrupts; until then answers are polled for
 * @dead: no command is tried any more: one hung, or the device halted
 * @epoch: changes when the device forgets the interrupt handles that it gave, by
 *	a reset or by revoking them; never 0
 * @last: the last command written, 0 for none
 * @hung: the command that got no answer, 0 for none
 * @hang: told once, when a command got no answer or the device is gone; must
 *	not block, may be NULL
 * @hang_priv: its argument
 */
struct idxd_cmdq {
	struct idxd_hw *hw;
	const struct idxd_caps *caps;
	u32 timeout_ms;
	struct mutex lock;	/* one command at a time */
	struct completion done;
	bool use_irq;
	bool dead;
	atomic64_t epoch;
	u8 last;
	u8 hung;
	void (*hang)(void *priv);
	void *hang_priv;
};

/**
 * idxd_cmd_init() - set the command register up, in polling mode
 * @q: to be filled
 * @hw: register window
 * @caps: decoded capabilities
 */
void idxd_cmd_init(struct idxd_cmdq *q, struct idxd_hw *hw,
		   const struct idxd_caps *caps);

/**
 * idxd_cmd_set_irq() - switch between interrupt and polling
 * @q: the command register
 * @use_irq: ask for completion interrupts, and call idxd_cmd_notify() on them
 *
 * Context: sleeps; takes q->lock.
 */
void idxd_cmd_set_irq(struct idxd_cmdq *q, bool use_irq);

/**
 * idxd_cmd_exec() - run one command and wait for its answer
 * @q: the command register
 * @code: the command
 * @operand: its operand
 * @result: result field of the answer, left alone on any error; or NULL
 * @cmderr: the hardware's error code; NULL: a code other than 0 is -EIO
 *
 * A command that gets no answer in its time marks the device as failed: the
 * register is unusable from then on, as a second command must not be written
 * while one is active; see idxd_cmd_revive().
 *
 * Context: sleeps, waits for other commands; takes q->lock.
 * Return: 0 when the hardware answered, -ETIMEDOUT, -EIO when the device
 * failed before, -ENODEV when it is gone.
 */
int idxd_cmd_exec(struct idxd_cmdq *q, enum idxd_cmd code, u32 operand,
		  u16 *result, u8 *cmderr);

/**
 * idxd_cmd_exec_if() - as idxd_cmd_exec(), unless it would last
 * @q: the command register
 * @code: the command
 * @operand: its operand
 * @result: as of idxd_cmd_exec()
 * @cmderr: the hardware's error code; NULL: a code other than 0 is -EIO
 * @ready: asked right before, with q->lock held: will the command be short?
 *	NULL: always
 * @priv: its argument
 *
 * Context: sleeps, waits for other commands; takes q->lock.
 * Return: as idxd_cmd_exec(); -EAGAIN when not ready.
 */
int idxd_cmd_exec_if(struct idxd_cmdq *q, enum idxd_cmd code, u32 operand,
		     u16 *result, u8 *cmderr, bool (*ready)(void *priv),
		     void *priv);

/**
 * idxd_cmd_kill_and_reset() - end everything, and reset if that is quick
 * @q: the command register
 *
 * For a machine that goes down: waits for no command of a user.
 *
 * Context: sleeps; takes q->lock.
 */
void idxd_cmd_kill_and_reset(struct idxd_cmdq *q);

/**
 * idxd_cmd_notify() - a completion interrupt came
 * @q: the command register
 *
 * Context: any.
 */
void idxd_cmd_notify(struct idxd_cmdq *q);

/**
 * idxd_cmd_revoke() - the device has forgotten its interrupt handles
 * @q: the command register
 *
 * Context: any.
 */
static inline void idxd_cmd_revoke(struct idxd_cmdq *q)
{
	atomic64_inc(&q->epoch);
}

/**
 * idxd_cmd_epoch() - what tells present handles from forgotten ones
 * @q: the command register
 *
 * Read before a handle is requested: it is good as long as this does not change.
 *
 * Context: any.
 * Return: the epoch, other than 0.
 */
static inline u64 idxd_cmd_epoch(const struct idxd_cmdq *q)
{
	return atomic64_read(&q->epoch);
}

/**
 * idxd_cmd_kill() - the device failed: fail every command from now on
 * @q: the command register
 *
 * Context: any.
 */
void idxd_cmd_kill(struct idxd_cmdq *q);

/**
 * idxd_cmd_revive() - the device is about to be recovered: try commands again
 * @q: the command register; no command is active
 *
 * Waits for those who have not noticed yet that their command failed.
 *
 * Context: sleeps; takes q->lock.
 */
void idxd_cmd_revive(struct idxd_cmdq *q);

#endif /* IDXD_CMD_H */
