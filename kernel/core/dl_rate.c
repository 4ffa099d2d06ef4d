// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devlink face of a device (layer L4): rates of subfunctions.
 *
 * A leaf for each port. What the hardware has for one WQ alone is a priority
 * within its group. Bandwidth is shared out by read buffers, which belong to a
 * group and hence to several subfunctions: no figure of it would be honest.
 * Touches no hardware.
 */
#include "dl.h"

#include <linux/build_bug.h>
#include <linux/idxd_sf.h>

#include "sf.h"

int idxd_rate_tx_priority_set(struct devlink_rate *rate, void *priv,
			      u32 tx_priority, struct netlink_ext_ack *extack)
{
	struct idxd_sf *sf = priv;
	int err;

	BUILD_BUG_ON(IDXD_SF_TX_PRIORITY_MAX != IDXD_WQ_PRIORITY_MAX);
	err = idxd_port_check_changeable(sf->idxd, extack);
	if (err)
		return err;
	if (tx_priority != IDXD_SF_TX_PRIORITY_UNSET &&
	    (tx_priority < IDXD_SF_TX_PRIORITY_MIN ||
	     tx_priority > IDXD_SF_TX_PRIORITY_MAX)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "Use tx_priority %u to %u, or %u for the default",
				   IDXD_SF_TX_PRIORITY_MIN,
				   IDXD_SF_TX_PRIORITY_MAX,
				   IDXD_SF_TX_PRIORITY_UNSET);
		return -ERANGE;
	}
	return idxd_sf_set_priority(sf, tx_priority, extack);
}

int idxd_rate_tx_share_set(struct devlink_rate *rate, void *priv, u64 tx_share,
			   struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack,
		       "Device has no tx_share for a queue: use tx_priority");
	return -EOPNOTSUPP;
}

int idxd_rate_tx_max_set(struct devlink_rate *rate, void *priv, u64 tx_max,
			 struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack,
		       "Device has no tx_max for a queue: use tx_priority");
	return -EOPNOTSUPP;
}

int idxd_rate_tx_weight_set(struct devlink_rate *rate, void *priv,
			    u32 tx_weight, struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack,
		       "Device has no tx_weight for a queue: use tx_priority");
	return -EOPNOTSUPP;
}

int idxd_rate_register(struct idxd_sf *sf)
{
	int err = devl_rate_leaf_create(&sf->port, sf, NULL);

	/* A port that is registered again after a reload has kept it */
	if (!err)
		sf->port.devlink_rate->tx_priority = sf->priority;
	return err;
}

void idxd_rate_unregister(struct idxd_sf *sf)
{
	devl_rate_leaf_destroy(&sf->port);
}
