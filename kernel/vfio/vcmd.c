// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtual commands: what a guest writes to CMD (layer V2).
 *
 * To add a command: a row in idxd_vcmd_table[] and its bit in CMDCAP (vregs.c).
 * Errors of a wrong state are the virtual device's and have the hardware's
 * codes; what a command of the WQ returns is the hardware's own answer. The
 * host's device is never enabled, disabled or reset from here.
 */
#include "vcmd.h"

#include <linux/bitfield.h>
#include <linux/workqueue.h>

#include "trace.h"
#include "vdev.h"
#include "vevl.h"

/* Of CMD */
#define VCMD_RESERVED	(~(u32)(IDXD_CMD_OPERAND | IDXD_CMD_CODE | \
				IDXD_CMD_INT_REQ))

#define VCMD_HANDLE	(IDXD_CMD_HANDLE_INDEX | IDXD_CMD_HANDLE_IMS)

static struct workqueue_struct *idxd_vcmd_wq;

/**
 * struct idxd_vcmd_desc - how a command is executed
 * @name: for the trace
 * @operand: operand bits that have a meaning
 * @check: may it run? An error code; vdev->lock held
 * @prepare: what @done needs of the core, before @hw. An error code; no lock held,
 *	sleeps
 * @hw: command for the real WQ, 0 for none
 * @if_enabled: only when the real WQ is enabled
 * @done: the hardware has executed @hw. Returns fields of CMDSTS, ACTIVE to have
 *	it run once more; vdev->lock held
 */
struct idxd_vcmd_desc {
	const char *name;
	u32 operand;
	u8 (*check)(const struct idxd_vdev *vdev, u32 operand);
	u8 (*prepare)(struct idxd_vdev *vdev, u32 operand);
	enum idxd_cmd hw;
	bool if_enabled;
	u32 (*done)(struct idxd_vdev *vdev, u32 operand);
};

/**
 * struct idxd_vcmd_run - a command that runs
 * @desc: its row
 * @cmd: the CMD register
 * @err: error code so far
 * @generation: of the device when it started
 */
struct idxd_vcmd_run {
	const struct idxd_vcmd_desc *desc;
	u32 cmd;
	u8 err;
	unsigned int generation;
};

static u8 idxd_vcmd_check_enable_device(const struct idxd_vdev *vdev,
					u32 operand)
{
	if (idxd_vregs_state(&vdev->regs) == IDXD_DEV_ENABLED)
		return IDXD_CMDERR_DEV_ENABLED;
	if (!idxd_vcfg_master_enabled(&vdev->cfg))
		return IDXD_CMDERR_BUS_MASTER;
	if (!idxd_vevl_config_ok(&vdev->regs))
		return IDXD_CMDERR_CONFIG;
	return IDXD_CMDERR_NONE;
}

static u8 idxd_vcmd_check_device(const struct idxd_vdev *vdev, u32 operand)
{
	if (idxd_vregs_state(&vdev->regs) != IDXD_DEV_ENABLED)
		return IDXD_CMDERR_DIS_DEV_NOT_ENABLED;
	return IDXD_CMDERR_NONE;
}

static u8 idxd_vcmd_check_enable_wq(const struct idxd_vdev *vdev, u32 operand)
{
	/* The operand before the state, as of all commands of a WQ */
	if (operand)
		return IDXD_CMDERR_INVAL_WQ;
	return idxd_vregs_state(&vdev->regs) == IDXD_DEV_ENABLED ?
	       IDXD_CMDERR_NONE : IDXD_CMDERR_DEV_NOT_ENABLED;
}

static bool idxd_vcmd_wq_enabled(const struct idxd_vdev *vdev)
{
	return FIELD_GET(IDXD_WQCFG6_STATE, idxd_sf_wqcfg_read(vdev->sf, 6)) ==
	       IDXD_WQ_ENABLED;
}

/* There is WQ 0 in block 0 and no other */
static u8 idxd_vcmd_check_wq(const struct idxd_vdev *vdev, u32 operand)
{
	if (operand != BIT(0))
		return IDXD_CMDERR_INVAL_WQ;
	if (idxd_vregs_state(&vdev->regs) != IDXD_DEV_ENABLED)
		return IDXD_CMDERR_WQ_DEV_NOT_ENABLED;
	return idxd_vcmd_wq_enabled(vdev) ? IDXD_CMDERR_NONE :
					    IDXD_CMDERR_WQ_DEV_NOT_ENABLED;
}

static u8 idxd_vcmd_check_request(const struct idxd_vdev *vdev, u32 operand)
{
	u32 index = FIELD_GET(IDXD_CMD_HANDLE_INDEX, operand);

	/*
	 * Entry 0 is for commands and errors: no descriptor may name it. There
	 * is no IMS.
	 */
	if (operand & IDXD_CMD_HANDLE_IMS || !index ||
	    index >= vdev->intr.nr_msix)
		return IDXD_CMDERR_HANDLE_INDEX;
	return IDXD_CMDERR_NONE;
}

/* Of the time that it was disabled the device says nothing */
static u8 idxd_vcmd_prepare_enable_device(struct idxd_vdev *vdev, u32 operand)
{
	idxd_sf_errors_forget(vdev->sf);
	return IDXD_CMDERR_NONE;
}

/* What was caused until now is told now, as when the WQ has to be drained */
static u8 idxd_vcmd_prepare_drain(struct idxd_vdev *vdev, u32 operand)
{
	if (!idxd_vcmd_wq_enabled(vdev))
		idxd_sf_errors_sync(vdev->sf);
	return IDXD_CMDERR_NONE;
}

static u8 idxd_vcmd_prepare_request(struct idxd_vdev *vdev, u32 operand)
{
	u32 index = FIELD_GET(IDXD_CMD_HANDLE_INDEX, operand);
	int err = idxd_sf_irq_renew(vdev->sf, index - 1);

	if (err == -ENXIO)
		return IDXD_CMDERR_NO_HANDLE;
	return err ? IDXD_CMDERR_HW : IDXD_CMDERR_NONE;
}

static u32 idxd_vcmd_done_enable_device(struct idxd_vdev *vdev, u32 operand)
{
	/* Switched off since the command was looked at */
	if (!idxd_vcfg_master_enabled(&vdev->cfg))
		return FIELD_PREP(IDXD_CMDSTS_ERR, IDXD_CMDERR_BUS_MASTER);
	idxd_vregs_set_state(&vdev->regs, IDXD_DEV_ENABLED);
	/* It may have missed that, or a reset has cleared the cause */
	if (vdev->cmd.handles.owed)
		idxd_vcmd_tell_revoked_locked(vdev);
	return 0;
}

static u32 idxd_vcmd_done_disable_device(struct idxd_vdev *vdev, u32 operand)
{
	idxd_vregs_set_state(&vdev->regs, IDXD_DEV_DISABLED);
	return 0;
}

static u32 idxd_vcmd_done_reset_device(struct idxd_vdev *vdev, u32 operand)
{
	idxd_vintr_quiesce(&vdev->intr);
	idxd_vregs_reset_device(&vdev->regs);
	vdev->unseen = false;
	return 0;
}

static u32 idxd_vcmd_done_request(struct idxd_vdev *vdev, u32 operand)
{
	u32 index = FIELD_GET(IDXD_CMD_HANDLE_INDEX, operand);
	int handle = idxd_sf_irq_handle(vdev->sf, index - 1);

	/* Revoked since it was prepared */
	if (handle < 0)
		return IDXD_CMDSTS_ACTIVE;
	idxd_vhandle_give(&vdev->cmd.handles, index, handle);
	return FIELD_PREP(IDXD_CMDSTS_RESULT, handle);
}

static u32 idxd_vcmd_done_release(struct idxd_vdev *vdev, u32 operand)
{
	unsigned int index = idxd_vhandle_find(&vdev->cmd.handles, operand);

	if (!index)
		return FIELD_PREP(IDXD_CMDSTS_ERR, IDXD_CMDERR_BAD_HANDLE);
	idxd_vhandle_take(&vdev->cmd.handles, index);
	return 0;
}

static u32 idxd_vcmd_done_reset_wq(struct idxd_vdev *vdev, u32 operand)
{
	idxd_vintr_quiesce(&vdev->intr);
	idxd_vregs_reset_wq(&vdev->regs);
	return 0;
}

static const struct idxd_vcmd_desc idxd_vcmd_table[] = {
	[IDXD_CMD_ENABLE_DEVICE] = {
		.name = "enable device",
		.check = idxd_vcmd_check_enable_device,
		.prepare = idxd_vcmd_prepare_enable_device,
		.done = idxd_vcmd_done_enable_device,
	},
	[IDXD_CMD_DISABLE_DEVICE] = {
		.name = "disable device",
		.check = idxd_vcmd_check_device,
		.prepare = idxd_vcmd_prepare_drain,
		.hw = IDXD_CMD_DISABLE_WQ,
		.if_enabled = true,
		.done = idxd_vcmd_done_disable_device,
	},
	[IDXD_CMD_DRAIN_ALL] = {
		.name = "drain all",
		.check = idxd_vcmd_check_device,
		.prepare = idxd_vcmd_prepare_drain,
		.hw = IDXD_CMD_DRAIN_WQ,
		.if_enabled = true,
	},
	[IDXD_CMD_ABORT_ALL] = {
		.name = "abort all",
		.check = idxd_vcmd_check_device,
		.hw = IDXD_CMD_ABORT_WQ,
		.if_enabled = true,
	},
	[IDXD_CMD_RESET_DEVICE] = {
		.name = "reset device",
		.hw = IDXD_CMD_RESET_WQ,
		.done = idxd_vcmd_done_reset_device,
	},
	[IDXD_CMD_ENABLE_WQ] = {
		.name = "enable wq",
		.operand = IDXD_CMD_OPERAND,
		.check = idxd_vcmd_check_enable_wq,
		.hw = IDXD_CMD_ENABLE_WQ,
	},
	[IDXD_CMD_DISABLE_WQ] = {
		.name = "disable wq",
		.operand = IDXD_CMD_OPERAND,
		.check = idxd_vcmd_check_wq,
		.hw = IDXD_CMD_DISABLE_WQ,
	},
	[IDXD_CMD_DRAIN_WQ] = {
		.name = "drain wq",
		.operand = IDXD_CMD_OPERAND,
		.check = idxd_vcmd_check_wq,
		.hw = IDXD_CMD_DRAIN_WQ,
	},
	[IDXD_CMD_ABORT_WQ] = {
		.name = "abort wq",
		.operand = IDXD_CMD_OPERAND,
		.check = idxd_vcmd_check_wq,
		.hw = IDXD_CMD_ABORT_WQ,
	},
	[IDXD_CMD_RESET_WQ] = {
		.name = "reset wq",
		.operand = IDXD_CMD_OPERAND,
		.check = idxd_vcmd_check_wq,
		.hw = IDXD_CMD_RESET_WQ,
		.done = idxd_vcmd_done_reset_wq,
	},
	[IDXD_CMD_REQUEST_HANDLE] = {
		.name = "request handle",
		.operand = VCMD_HANDLE,
		.check = idxd_vcmd_check_request,
		.prepare = idxd_vcmd_prepare_request,
		.done = idxd_vcmd_done_request,
	},
	[IDXD_CMD_RELEASE_HANDLE] = {
		.name = "release handle",
		.operand = VCMD_HANDLE,
		.done = idxd_vcmd_done_release,
	},
};

static const struct idxd_vcmd_desc *
idxd_vcmd_find(const struct idxd_vdev *vdev, u32 cmd)
{
	u32 code = FIELD_GET(IDXD_CMD_CODE, cmd);

	if (!(idxd_vregs_get(&vdev->regs, IDXD_CMDCAP_OFF) & BIT(code)) ||
	    code >= ARRAY_SIZE(idxd_vcmd_table) || !idxd_vcmd_table[code].name)
		return NULL;
	return &idxd_vcmd_table[code];
}

/* Sleeps until the hardware has answered or the core gives up */
static u8 idxd_vcmd_hw(struct idxd_vdev *vdev, enum idxd_cmd code)
{
	u8 err = IDXD_CMDERR_NONE;

	return idxd_sf_wq_command(vdev->sf, code, &err) ? IDXD_CMDERR_HW : err;
}

/* A reset comes before the commands that were written after it */
static void idxd_vcmd_run_reset(struct idxd_vdev *vdev)
{
	bool reset;
	u8 err;

	scoped_guard(mutex, &vdev->lock) {
		reset = vdev->cmd.reset;
		vdev->cmd.reset = false;
	}
	if (!reset)
		return;
	err = idxd_vcmd_hw(vdev, IDXD_CMD_RESET_WQ);
	scoped_guard(mutex, &vdev->lock) {
		vdev->cmd.reset_err = err ? -EIO : 0;
		vdev->cmd.resetting = vdev->cmd.reset;
	}
}

static u8 idxd_vcmd_check(const struct idxd_vdev *vdev,
			  const struct idxd_vcmd_run *run)
{
	u32 operand = FIELD_GET(IDXD_CMD_OPERAND, run->cmd);

	if (!run->desc)
		return IDXD_CMDERR_INVAL_CMD;
	/* Only a reset helps a halted device, and only if the host's works */
	if (idxd_vregs_state(&vdev->regs) == IDXD_DEV_HALT &&
	    (vdev->halted ||
	     FIELD_GET(IDXD_CMD_CODE, run->cmd) != IDXD_CMD_RESET_DEVICE))
		return IDXD_CMDERR_HW;
	if (run->cmd & VCMD_RESERVED || operand & ~run->desc->operand)
		return IDXD_CMDERR_RESERVED;
	return run->desc->check ? run->desc->check(vdev, operand) :
				  IDXD_CMDERR_NONE;
}

/* The host is about to recover its device, which is what a reset wants */
static bool idxd_vcmd_waits_locked(const struct idxd_vdev *vdev)
{
	lockdep_assert_held(&vdev->lock);
	return vdev->halted && !vdev->hopeless &&
	       FIELD_GET(IDXD_CMD_CODE, idxd_vregs_get(&vdev->regs,
						       IDXD_CMD_OFF)) ==
	       IDXD_CMD_RESET_DEVICE;
}

/* Return: there is a command to run */
static bool idxd_vcmd_take(struct idxd_vdev *vdev, struct idxd_vcmd_run *run)
{
	guard(mutex)(&vdev->lock);
	if (vdev->cmd.reset || !(idxd_vregs_get(&vdev->regs, IDXD_CMDSTS_OFF) &
				 IDXD_CMDSTS_ACTIVE))
		return false;
	/* Stays active until idxd_vcmd_resume_locked() */
	if (idxd_vcmd_waits_locked(vdev))
		return false;
	run->cmd = idxd_vregs_get(&vdev->regs, IDXD_CMD_OFF);
	run->generation = vdev->cmd.generation;
	run->desc = idxd_vcmd_find(vdev, run->cmd);
	run->err = idxd_vcmd_check(vdev, run);
	if (!run->err &&
	    FIELD_GET(IDXD_CMD_CODE, run->cmd) == IDXD_CMD_DISABLE_DEVICE)
		idxd_vregs_set_state(&vdev->regs, IDXD_DEV_DRAIN);
	/* With the lock: a reset from now on quiesces them again */
	if (!run->err && run->desc->hw == IDXD_CMD_ENABLE_WQ)
		idxd_vintr_resume(&vdev->intr);
	return true;
}

static void idxd_vcmd_complete(struct idxd_vdev *vdev,
			       struct idxd_vcmd_run *run)
{
	u32 operand = FIELD_GET(IDXD_CMD_OPERAND, run->cmd);
	u32 status = FIELD_PREP(IDXD_CMDSTS_ERR, run->err);

	guard(mutex)(&vdev->lock);
	if (run->generation != vdev->cmd.generation)
		return;
	/* Halted under it: it is done once more */
	if (idxd_vcmd_waits_locked(vdev))
		return;
	/* The device halted meanwhile, and stays so whatever was commanded */
	if (vdev->halted && !run->err) {
		run->err = IDXD_CMDERR_HW;
		status = FIELD_PREP(IDXD_CMDSTS_ERR, run->err);
	}
	if (!run->err && run->desc->done)
		status = run->desc->done(vdev, operand);
	if (status & IDXD_CMDSTS_ACTIVE) {
		queue_work(idxd_vcmd_wq, &vdev->cmd.work);
		return;
	}
	if (idxd_vregs_state(&vdev->regs) == IDXD_DEV_DRAIN)
		idxd_vregs_set_state(&vdev->regs, IDXD_DEV_ENABLED);
	idxd_vregs_set(&vdev->regs, IDXD_CMDSTS_OFF, status);
	trace_idxd_vcmd_completed(idxd_vdev_name(vdev),
				  run->desc ? run->desc->name : "unknown",
				  run->cmd, status);
	if (run->cmd & IDXD_CMD_INT_REQ &&
	    idxd_vregs_raise(&vdev->regs, IDXD_INTCAUSE_CMD))
		idxd_vintr_signal(&vdev->intr, 0);
}

static void idxd_vcmd_work(struct work_struct *work)
{
	struct idxd_vdev *vdev = container_of(work, struct idxd_vdev,
					      cmd.work);
	struct idxd_vcmd_run run;

	idxd_vcmd_run_reset(vdev);
	if (!idxd_vcmd_take(vdev, &run))
		return;
	if (!run.err && run.desc->prepare)
		run.err = run.desc->prepare(vdev, FIELD_GET(IDXD_CMD_OPERAND,
							    run.cmd));
	if (!run.err && run.desc->hw &&
	    (!run.desc->if_enabled || idxd_vcmd_wq_enabled(vdev)))
		run.err = idxd_vcmd_hw(vdev, run.desc->hw);
	idxd_vcmd_complete(vdev, &run);
}

void idxd_vcmd_start_locked(struct idxd_vdev *vdev)
{
	lockdep_assert_held(&vdev->lock);
	atomic64_inc(&vdev->nr_commands);
	idxd_vregs_set(&vdev->regs, IDXD_CMDSTS_OFF, IDXD_CMDSTS_ACTIVE);
	queue_work(idxd_vcmd_wq, &vdev->cmd.work);
}

void idxd_vcmd_tell_revoked_locked(struct idxd_vdev *vdev)
{
	lockdep_assert_held(&vdev->lock);
	if (idxd_vregs_raise(&vdev->regs, IDXD_INTCAUSE_HANDLE_REVOKED))
		idxd_vintr_signal(&vdev->intr, 0);
}

void idxd_vcmd_reset_locked(struct idxd_vdev *vdev)
{
	lockdep_assert_held(&vdev->lock);
	idxd_sf_wq_abandon(vdev->sf);
	vdev->cmd.generation++;
	vdev->cmd.reset = true;
	vdev->cmd.resetting = true;
	idxd_vhandle_reset(&vdev->cmd.handles);
	idxd_vintr_quiesce(&vdev->intr);
	idxd_vintr_forget(&vdev->intr, 1, vdev->intr.nr_msix - 1);
	if (idxd_vregs_get(&vdev->regs, IDXD_CMDSTS_OFF) & IDXD_CMDSTS_ACTIVE)
		idxd_vregs_set(&vdev->regs, IDXD_CMDSTS_OFF, IDXD_CMDERR_HW);
	queue_work(idxd_vcmd_wq, &vdev->cmd.work);
}

void idxd_vcmd_resume_locked(struct idxd_vdev *vdev)
{
	lockdep_assert_held(&vdev->lock);
	queue_work(idxd_vcmd_wq, &vdev->cmd.work);
}

void idxd_vcmd_flush(struct idxd_vdev *vdev)
{
	flush_work(&vdev->cmd.work);
}

void idxd_vcmd_cancel(struct idxd_vdev *vdev)
{
	idxd_sf_wq_abandon(vdev->sf);
	cancel_work_sync(&vdev->cmd.work);
}

void idxd_vcmd_init(struct idxd_vdev *vdev)
{
	INIT_WORK(&vdev->cmd.work, idxd_vcmd_work);
}

int idxd_vcmd_module_init(void)
{
	/* Unbound: a drain of one device must not delay another's commands */
	idxd_vcmd_wq = alloc_workqueue("idxd_vcmd", WQ_UNBOUND, 0);
	return idxd_vcmd_wq ? 0 : -ENOMEM;
}

void idxd_vcmd_module_exit(void)
{
	destroy_workqueue(idxd_vcmd_wq);
}
