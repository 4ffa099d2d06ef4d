// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bringing a device up and down (top of layer L2).
 *
 * What probe, a new layout and recovery have in common: reset, write the
 * layout, enable, and the way back. Allocates nothing and knows no subfunction.
 */
#include "dev.h"

int idxd_dev_reset(struct idxd_dev *idxd)
{
	return idxd_cmd_exec(&idxd->cmdq, IDXD_CMD_RESET_DEVICE, 0, NULL, NULL);
}

int idxd_dev_enable(struct idxd_dev *idxd, u8 *cmderr)
{
	int err;

	idxd_res_apply(&idxd->res);
	idxd_ims_restore(&idxd->ims);
	/* A reset switched them off */
	idxd_event_enable(&idxd->event);
	err = idxd_cmd_exec(&idxd->cmdq, IDXD_CMD_ENABLE_DEVICE, 0, NULL,
			    cmderr);
	if (err)
		return err;
	return *cmderr ? -EIO : 0;
}

void idxd_dev_disable(struct idxd_dev *idxd)
{
	idxd_event_disable(&idxd->event);
	idxd_dev_reset(idxd);
}
