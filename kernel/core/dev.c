// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bringing a device up and down (top of layer L2).
 *
 * What probe, a new layout and recovery have in common: reset, write the
 * layout, enable, and the way back. Allocates nothing and knows no subfunction.
 */
#include "dev.h"

#include <linux/bitfield.h>
#include <linux/pci.h>

int idxd_dev_reset(struct idxd_dev *idxd)
{
	return idxd_cmd_exec(&idxd->cmdq, IDXD_CMD_RESET_DEVICE, 0, NULL, NULL);
}

int idxd_dev_enable(struct idxd_dev *idxd, u8 *cmderr)
{
	int err;

	idxd_res_apply(&idxd->res);
	idxd_ims_restore(&idxd->ims);
	/* A reset switched log and events off */
	idxd_errq_start(&idxd->errq);
	idxd_event_enable(&idxd->event);
	/* What was read before a failure is still to be told */
	idxd_errq_kick(&idxd->errq);
	err = idxd_cmd_exec(&idxd->cmdq, IDXD_CMD_ENABLE_DEVICE, 0, NULL,
			    cmderr);
	if (err)
		return err;
	return *cmderr ? -EIO : 0;
}

int idxd_dev_disable(struct idxd_dev *idxd)
{
	idxd_event_disable(&idxd->event);
	return idxd_dev_reset(idxd);
}

int idxd_dev_reset_function(struct idxd_dev *idxd)
{
	int err;

	/* Nobody reads registers meanwhile */
	idxd_errq_stop(&idxd->errq);
	idxd_errq_flush(&idxd->errq);
	/* Tells this reset from one by hand */
	WRITE_ONCE(idxd->resetter, current);
	err = pci_reset_function_locked(idxd->pdev);
	WRITE_ONCE(idxd->resetter, NULL);
	idxd_cmd_revoke(&idxd->cmdq);
	return err;
}

static bool idxd_dev_halted(struct idxd_dev *idxd)
{
	return FIELD_GET(IDXD_GENSTS_STATE,
			 idxd_hw_read32(&idxd->hw, IDXD_GENSTS_OFF)) ==
	       IDXD_DEV_HALT;
}

/* Return: what the hardware says it needs; a command that hangs needs an FLR */
static enum idxd_reset_type idxd_dev_reset_type(struct idxd_dev *idxd)
{
	u32 gensts = idxd_hw_read32(&idxd->hw, IDXD_GENSTS_OFF);

	if (FIELD_GET(IDXD_GENSTS_STATE, gensts) == IDXD_DEV_HALT &&
	    FIELD_GET(IDXD_GENSTS_RESET_TYPE, gensts) != IDXD_RESET_SOFTWARE)
		return FIELD_GET(IDXD_GENSTS_RESET_TYPE, gensts);
	if (idxd_hw_read32(&idxd->hw, IDXD_CMDSTS_OFF) & IDXD_CMDSTS_ACTIVE)
		return IDXD_RESET_FLR;
	return IDXD_RESET_SOFTWARE;
}

/* Return: what stands in the way of commands, or NULL */
static const char *idxd_dev_unblock(struct idxd_dev *idxd)
{
	if (idxd_hw_gone(&idxd->hw))
		return "Device does not answer: remove and rescan it";
	switch (idxd_dev_reset_type(idxd)) {
	case IDXD_RESET_SOFTWARE:
		return NULL;
	case IDXD_RESET_FLR:
		if (idxd_dev_reset_function(idxd))
			return "Function level reset failed: see the kernel log";
		if (idxd_hw_gone(&idxd->hw))
			return "Device is lost since its function reset";
		if (idxd_dev_halted(idxd))
			return "Device is halted in spite of a function reset";
		return NULL;
	case IDXD_RESET_WARM:
		return "Device needs a warm reset: reboot the machine";
	case IDXD_RESET_COLD:
		return "Device needs a power cycle of the machine";
	}
	return NULL;
}

static const char *idxd_dev_try_restart(struct idxd_dev *idxd, int *err)
{
	const char *why = idxd_dev_unblock(idxd);
	u8 cmderr = IDXD_CMDERR_NONE;

	*err = idxd_hw_gone(&idxd->hw) ? -ENODEV : -EIO;
	if (why)
		return why;
	idxd_cmd_revive(&idxd->cmdq);
	*err = idxd_dev_reset(idxd);
	if (*err == -ETIMEDOUT)
		return "Device does not answer the reset command";
	if (*err)
		return "Device failed the reset command";
	if (idxd_dev_halted(idxd)) {
		*err = -EIO;
		return "Device is halted in spite of a reset command";
	}
	*err = idxd_dev_enable(idxd, &cmderr);
	return *err ? "Device cannot be enabled: see devlink health dump" :
		      NULL;
}

int idxd_dev_restart(struct idxd_dev *idxd, const char **why)
{
	int err;

	*why = idxd_dev_try_restart(idxd, &err);
	if (*why)
		idxd_cmd_kill(&idxd->cmdq);
	return err;
}
