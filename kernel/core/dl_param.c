// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devlink face of a device (layer L4): parameters.
 *
 * A device has the parameters that change something on it; one that does not
 * need allow_unsafe_silicon does not show it.
 */
#include "dl.h"

#include <linux/pci.h>

enum idxd_param_id {
	IDXD_PARAM_ID_BASE = DEVLINK_PARAM_GENERIC_ID_MAX,
	IDXD_PARAM_ID_ALLOW_UNSAFE_SILICON,
};

static int idxd_param_unsafe_get(struct devlink *devlink, u32 id,
				 struct devlink_param_gset_ctx *ctx)
{
	struct idxd_dev *idxd = devlink_priv(devlink);

	ctx->val.vbool = idxd->unsafe_allowed;
	return 0;
}

static int idxd_param_unsafe_set(struct devlink *devlink, u32 id,
				 struct devlink_param_gset_ctx *ctx,
				 struct netlink_ext_ack *extack)
{
	struct idxd_dev *idxd = devlink_priv(devlink);

	idxd->unsafe_allowed = ctx->val.vbool;
	if (idxd->unsafe_allowed && !idxd->unsafe_logged) {
		idxd->unsafe_logged = true;
		pci_warn(idxd->pdev,
			 "subfunctions allowed on silicon of INTEL-SA-01084: their users can attack the host\n");
	}
	return 0;
}

static const struct devlink_param idxd_params_unsafe[] = {
	DEVLINK_PARAM_DRIVER(IDXD_PARAM_ID_ALLOW_UNSAFE_SILICON,
			     "allow_unsafe_silicon", DEVLINK_PARAM_TYPE_BOOL,
			     BIT(DEVLINK_PARAM_CMODE_RUNTIME),
			     idxd_param_unsafe_get, idxd_param_unsafe_set,
			     NULL),
};

static bool idxd_param_has_unsafe(const struct idxd_dev *idxd)
{
	return idxd->pdev->device == IDXD_PCI_DEVICE_SPR;
}

int idxd_param_register(struct idxd_dev *idxd)
{
	if (!idxd_param_has_unsafe(idxd))
		return 0;
	return devl_params_register(idxd->devlink, idxd_params_unsafe,
				    ARRAY_SIZE(idxd_params_unsafe));
}

void idxd_param_unregister(struct idxd_dev *idxd)
{
	if (!idxd_param_has_unsafe(idxd))
		return;
	devl_params_unregister(idxd->devlink, idxd_params_unsafe,
			       ARRAY_SIZE(idxd_params_unsafe));
}
