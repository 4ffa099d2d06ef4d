/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MSI-X vector 0 (layer L2): commands, software errors and halt.
 */
#ifndef IDXD_EVENT_H
#define IDXD_EVENT_H

#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "cmd.h"
#include "errq.h"
#include "hw.h"

/**
 * enum idxd_failure - why a device failed
 * @IDXD_FAILURE_NONE: it works
 * @IDXD_FAILURE_HALT: it halted
 * @IDXD_FAILURE_COMMAND: a command got no answer
 * @IDXD_FAILURE_GONE: registers read all ones
 * @IDXD_FAILURE_RESET: its function was reset by hand
 * @IDXD_FAILURE_LAYOUT: it refused the sizes of its WQs, old and new
 * @IDXD_FAILURE_TEST: somebody wanted to see what happens
 */
enum idxd_failure {
	IDXD_FAILURE_NONE,
	IDXD_FAILURE_HALT,
	IDXD_FAILURE_COMMAND,
	IDXD_FAILURE_GONE,
	IDXD_FAILURE_RESET,
	IDXD_FAILURE_LAYOUT,
	IDXD_FAILURE_TEST,
};

/**
 * struct idxd_event_ops - what events tell the layers above
 * @failed: the device failed; told once, until idxd_event_recovered(). The
 *	argument is GENSTS as read, all ones for a device that is gone.
 *	@fail_lock is held.
 * @revoked: the device has revoked its interrupt handles, which idxd_cmd_epoch()
 *	shows already. No lock of ours is held. Returns false if somebody could
 *	not be told: it is called again in the next jiffy.
 *
 * Runs in process context. Software errors are told by idxd_errq.
 */
struct idxd_event_ops {
	void (*failed)(void *priv, u32 gensts);
	bool (*revoked)(void *priv);
};

/**
 * struct idxd_event - the events of a device
 * @hw: register window
 * @cmdq: command register
 * @errq: software errors
 * @ops: upcalls
 * @priv: their first argument
 * @irq: Linux interrupt number of vector 0
 * @fail_lock: held over telling a failure, and over the end of one; above
 *	the locks of @ops
 * @failure: why the device failed, NONE while it works; @fail_lock, may be
 *	read without
 * @fail_gensts: GENSTS at that moment; @fail_lock
 * @fail_command: the command that got no answer, 0 for none; @fail_lock
 * @fail_work: tells a failure that was seen where one cannot block
 * @revoke_work: tells that handles were revoked
 */
struct idxd_event {
	struct idxd_hw *hw;
	struct idxd_cmdq *cmdq;
	struct idxd_errq *errq;
	const struct idxd_event_ops *ops;
	void *priv;
	int irq;
	struct mutex fail_lock;		/* protects what is said above */
	enum idxd_failure failure;
	u32 fail_gensts;
	u8 fail_command;
	struct work_struct fail_work;
	struct delayed_work revoke_work;
};

/**
 * idxd_event_init() - request the interrupt
 * @ev: hw, cmdq, errq, ops, priv and irq are the caller's
 *
 * From now on commands complete by interrupt. Pairs with idxd_event_exit().
 *
 * Return: 0 or a negative error.
 */
int idxd_event_init(struct idxd_event *ev);

/**
 * idxd_event_exit() - free the interrupt
 * @ev: the events
 *
 * No upcall runs after it returns. Commands are polled for again.
 */
void idxd_event_exit(struct idxd_event *ev);

/**
 * idxd_event_fail() - tell a failure, unless one was told
 * @ev: the events
 * @why: what the caller knows; a device that halted or is gone is told as such
 *
 * Ends the commands that run and those to come. Also for whoever is about to
 * take the device its state.
 *
 * Context: sleeps; takes ev->fail_lock, runs idxd_event_ops.failed.
 */
void idxd_event_fail(struct idxd_event *ev, enum idxd_failure why);

/**
 * idxd_event_failure() - did the device fail
 * @ev: the events
 *
 * Context: any.
 * Return: why, or IDXD_FAILURE_NONE.
 */
static inline enum idxd_failure idxd_event_failure(const struct idxd_event *ev)
{
	return READ_ONCE(ev->failure);
}

/**
 * idxd_event_recovered() - the device works again
 * @ev: the events; the command register was revived
 *
 * From now on the next failure is told.
 *
 * Context: sleeps; takes ev->fail_lock.
 * Return: 0, or -EIO when it failed again meanwhile.
 */
int idxd_event_recovered(struct idxd_event *ev);

/**
 * idxd_event_enable() - let the device report software errors and halt
 * @ev: the events
 *
 * Also needed after each reset of the device.
 */
void idxd_event_enable(struct idxd_event *ev);

/**
 * idxd_event_disable() - no more reports
 * @ev: the events
 */
void idxd_event_disable(struct idxd_event *ev);

#endif /* IDXD_EVENT_H */
