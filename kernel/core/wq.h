/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One work queue (layer L2): its configuration and commands.
 */
#ifndef IDXD_WQ_H
#define IDXD_WQ_H

#include <linux/spinlock.h>

#include "caps.h"
#include "cmd.h"
#include "hw.h"
#include "wqcfg.h"

/**
 * struct idxd_wq - one work queue
 * @hw: register window
 * @caps: decoded capabilities
 * @cmdq: command register
 * @cfg: configuration; size is constant while leased, the rest is the
 *	leaseholder's
 * @arm_lock: keeps a configuration that is written from between the writes of
 *	idxd_wq_arm(); innermost
 * @index: index on the device
 * @group: group it is in
 * @leased: belongs to a subfunction; protected by res->lock
 * @stuck: could not be stopped: stays leased, with the PASID in @cfg, until
 *	the device is removed
 */
struct idxd_wq {
	struct idxd_hw *hw;
	const struct idxd_caps *caps;
	struct idxd_cmdq *cmdq;
	struct idxd_wqcfg cfg;
	spinlock_t arm_lock;	/* protects dwords 4 and 5 of WQCFG */
	u16 index;
	u16 group;
	bool leased;
	bool stuck;
};

/**
 * struct idxd_wq_limits - how much one descriptor of a WQ may ask for
 * @max_xfer_shift: largest transfer is 1 << this, in bytes
 * @max_batch_shift: largest batch is 1 << this, in descriptors
 *
 * The sum is IDXD_WQCFG_WORK_SHIFT at most.
 */
struct idxd_wq_limits {
	u8 max_xfer_shift;
	u8 max_batch_shift;
};

/**
 * idxd_wq_configure() - give a disabled WQ the configuration of an SF
 * @wq: the WQ, leased
 * @pasid: PASID of the SF
 * @priority: 1 to IDXD_WQ_PRIORITY_MAX, or 0 for the default
 * @limits: within what the device can do
 *
 * Fills wq->cfg and writes it.
 *
 * Context: any.
 * Return: 0, -EBUSY for a WQ that is enabled, -ERANGE.
 */
int idxd_wq_configure(struct idxd_wq *wq, u32 pasid, u8 priority,
		      const struct idxd_wq_limits *limits);

/**
 * idxd_wq_set_priority() - change the priority of a WQ that is not in use
 * @wq: the WQ, configured and disabled
 * @priority: 1 to IDXD_WQ_PRIORITY_MAX, or 0 for the default
 *
 * Context: any.
 */
void idxd_wq_set_priority(struct idxd_wq *wq, u8 priority);

/**
 * idxd_wq_check() - does the hardware take the configuration
 * @wq: the WQ, configured and disabled; nobody can submit to it
 * @cmderr: the hardware's error code when it does not
 *
 * Enables the WQ and resets it: better now than when a guest does so. On
 * success it is as idxd_wq_configure() left it, on failure it may be enabled.
 *
 * Context: sleeps.
 * Return: 0, -EIO when the hardware refuses, or the error of idxd_cmd_exec().
 */
int idxd_wq_check(struct idxd_wq *wq, u8 *cmderr);

/**
 * struct idxd_wq_gate - who may still give a command to a WQ
 * @ready: asked right before a command is written, with cmdq->lock held
 * @priv: its argument
 */
struct idxd_wq_gate {
	bool (*ready)(void *priv);
	void *priv;
};

/**
 * idxd_wq_command() - run one command on a WQ
 * @wq: the WQ
 * @code: ENABLE_WQ, ABORT_WQ or RESET_WQ; see idxd_wq_drain() for others
 * @cmderr: see idxd_cmd_exec()
 * @gate: NULL for none
 *
 * Context: sleeps, see idxd_cmd_exec().
 * Return: as idxd_cmd_exec(); -EAGAIN when the gate is shut, -EINVAL for
 * another command.
 */
int idxd_wq_command(struct idxd_wq *wq, enum idxd_cmd code, u8 *cmderr,
		    const struct idxd_wq_gate *gate);

/**
 * idxd_wq_drain() - wait for what was submitted, then drain or disable
 * @wq: the WQ
 * @code: DRAIN_WQ or DISABLE_WQ
 * @cmderr: see idxd_cmd_exec()
 * @abandon: set by whoever no longer wants to wait; no command is given then
 *
 * The command register serves one command at a time, of whichever WQ. So the
 * command is given only when the queue has run empty and what is left for it
 * is in the engines; until then, as long as the user's work takes or the user
 * goes on submitting, the register is left to others. A device that does not
 * tell occupancies drains by the command alone.
 *
 * Context: sleeps.
 * Return: as idxd_cmd_exec(); -ECANCELED when abandoned, the WQ being as it
 * was; -EINVAL for another command.
 */
int idxd_wq_drain(struct idxd_wq *wq, enum idxd_cmd code, u8 *cmderr,
		  const bool *abandon);

/**
 * idxd_wq_reset() - abandon everything and return to the configuration
 * @wq: the WQ, configured
 * @gate: for each of the commands; NULL for none
 *
 * Afterwards the WQ is disabled, empty and configured as before: nothing that
 * was submitted lands any more.
 *
 * Context: sleeps.
 * Return: 0, the error of the command that failed, or -EAGAIN when the gate is
 * shut.
 */
int idxd_wq_reset(struct idxd_wq *wq, const struct idxd_wq_gate *gate);

/**
 * idxd_wq_clear() - abandon everything and forget the configuration
 * @wq: the WQ
 *
 * Context: sleeps.
 * Return: 0, or the error of the command that failed: descriptors may still
 * be in the WQ, which keeps its PASID.
 */
int idxd_wq_clear(struct idxd_wq *wq);

/**
 * idxd_wq_read() - one dword of the WQ's WQCFG
 * @wq: the WQ
 * @dword: below IDXD_WQCFG_NR_DWORDS
 *
 * Context: any.
 * Return: as the hardware has it.
 */
u32 idxd_wq_read(struct idxd_wq *wq, unsigned int dword);

/**
 * idxd_wq_arm() - set the occupancy interrupt
 * @wq: the WQ, of a device that has it
 * @slot: IMS slot whose message is sent
 * @limit: dword 5 of WQCFG: limit and enable bit
 *
 * Context: any.
 */
void idxd_wq_arm(struct idxd_wq *wq, u16 slot, u32 limit);

#endif /* IDXD_WQ_H */
