// SPDX-License-Identifier: GPL-2.0-only
/*
 * A new layout for the whole device (layer L3).
 *
 * Sizes of WQs can change only while the device is disabled, and whether it
 * takes them shows when it is enabled: then it may be too late to say no, so
 * the old layout is kept until the device has accepted the new one. Knows no
 * devlink object.
 */
#include "layout.h"

#include <linux/bitfield.h>
#include <linux/slab.h>

#include "sf.h"

/* Return: the error of the step that failed, @cmderr the hardware's code */
static int idxd_layout_apply(struct idxd_dev *idxd, const u16 *sizes,
			     u8 *cmderr)
{
	int err;

	err = idxd_res_set_layout(&idxd->res, sizes);
	if (err)
		return err;
	return idxd_dev_enable(idxd, cmderr);
}

static bool idxd_layout_is_enabled(struct idxd_dev *idxd)
{
	u32 gensts = idxd_hw_read32(&idxd->hw, IDXD_GENSTS_OFF);

	return FIELD_GET(IDXD_GENSTS_STATE, gensts) == IDXD_DEV_ENABLED;
}

/* The device refused @err, @cmderr; go back to the layout it had */
static int idxd_layout_roll_back(struct idxd_dev *idxd, const u16 *old,
				 int err, u8 cmderr,
				 struct netlink_ext_ack *extack)
{
	u8 code = IDXD_CMDERR_NONE;
	int failed;

	failed = idxd_layout_apply(idxd, old, &code);
	if (!failed) {
		NL_SET_ERR_MSG_FMT(extack,
				   "Device refused the sizes, code %u: old ones are back",
				   cmderr);
		return err;
	}
	idxd_event_fail(&idxd->event, IDXD_FAILURE_LAYOUT);
	NL_SET_ERR_MSG(extack, IDXD_SF_DEVICE_FAILED);
	return failed;
}

int idxd_layout_change(struct idxd_dev *idxd, const u16 *sizes,
		       struct netlink_ext_ack *extack)
{
	u16 nr_wqs = idxd->res.nr_wqs;
	u8 cmderr = IDXD_CMDERR_NONE;
	int err;

	if (!idxd_wqcfg_nr_used(sizes, nr_wqs)) {
		NL_SET_ERR_MSG(extack,
			       "No work queue has entries: set the size of one");
		return -EINVAL;
	}
	u16 *old __free(kfree) = kmemdup(idxd->res.sizes,
					 nr_wqs * sizeof(*old), GFP_KERNEL);
	if (!old)
		return -ENOMEM;

	err = idxd_dev_reset(idxd);
	if (err && !READ_ONCE(idxd->cmdq.dead) && idxd_layout_is_enabled(idxd)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "Device refused a reset, error %d: nothing changed",
				   err);
		return err;
	}
	if (!err) {
		idxd_sf_release_stuck(idxd);
		err = idxd_layout_apply(idxd, sizes, &cmderr);
	}
	if (!err)
		return 0;
	if (READ_ONCE(idxd->cmdq.dead)) {
		NL_SET_ERR_MSG(extack, IDXD_SF_DEVICE_FAILED);
		return err;
	}
	return idxd_layout_roll_back(idxd, old, err, cmderr, extack);
}
