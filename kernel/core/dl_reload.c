// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devlink face of a device (layer L4): reload.
 *
 * Resets the device and gives its work queues the sizes that the user has set.
 * What can be refused is refused on the way down, with everything as before;
 * what happens to the hardware is in layout.c.
 */
#include "dl.h"

#include <linux/slab.h>

#include "layout.h"
#include "sf.h"

static int idxd_reload_check(struct idxd_dev *idxd, bool netns_change,
			     struct netlink_ext_ack *extack)
{
	u16 nr_active = idxd_sf_nr_active(idxd);

	/*
	 * When a namespace ends, devlink reloads its instances back into the
	 * initial one, and has no way out if that is refused. Ours is, as long
	 * as a subfunction is active.
	 */
	if (netns_change) {
		NL_SET_ERR_MSG(extack,
			       "Device stays in its namespace: leave netns out");
		return -EOPNOTSUPP;
	}
	if (READ_ONCE(idxd->cmdq.dead)) {
		NL_SET_ERR_MSG(extack, IDXD_SF_DEVICE_FAILED);
		return -EIO;
	}
	if (nr_active) {
		NL_SET_ERR_MSG_FMT(extack, IDXD_SF_ARE_ACTIVE, nr_active);
		return -EBUSY;
	}
	return 0;
}

int idxd_reload_down(struct devlink *devlink, bool netns_change,
		     enum devlink_reload_action action,
		     enum devlink_reload_limit limit,
		     struct netlink_ext_ack *extack)
{
	struct idxd_dev *idxd = devlink_priv(devlink);
	int err;

	err = idxd_reload_check(idxd, netns_change, extack);
	if (err)
		return err;
	u16 *sizes __free(kfree) = kcalloc(idxd->res.nr_wqs, sizeof(*sizes),
					   GFP_KERNEL);
	if (!sizes)
		return -ENOMEM;

	idxd_resource_get_sizes(idxd, sizes);
	err = idxd_layout_change(idxd, sizes, extack);
	/* Also after a failure: sizes that were refused are forgotten */
	idxd_resource_refresh(idxd);
	if (err)
		return err;
	idxd_port_hide_all(idxd);
	return 0;
}

int idxd_reload_up(struct devlink *devlink, enum devlink_reload_action action,
		   enum devlink_reload_limit limit, u32 *actions_performed,
		   struct netlink_ext_ack *extack)
{
	struct idxd_dev *idxd = devlink_priv(devlink);
	int err;

	err = idxd_port_show_all(idxd);
	if (err) {
		NL_SET_ERR_MSG_FMT(extack, "Ports were lost, error %d: add them again",
				   err);
		return err;
	}
	*actions_performed = BIT(DEVLINK_RELOAD_ACTION_DRIVER_REINIT);
	return 0;
}
