// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subfunctions (layer L3): the devlink instance nested in the port.
 *
 * Shows what the subfunction got, as parameters that cannot be set: they are
 * chosen on the device before it is activated. Coming and going it makes the
 * events of a changed opstate. Takes no lock but its own instance's.
 */
#include "sf.h"

#include <linux/idxd_sf.h>

/**
 * struct idxd_sf_nested - private data of a nested instance
 * @sf: the subfunction, active as long as the instance is registered
 */
struct idxd_sf_nested {
	const struct idxd_sf *sf;
};

enum idxd_sf_param_id {
	IDXD_SF_PARAM_ID_BASE = DEVLINK_PARAM_GENERIC_ID_MAX,
	IDXD_SF_PARAM_ID_WQ_ENTRIES,
	IDXD_SF_PARAM_ID_MAX_TRANSFER_SIZE,
	IDXD_SF_PARAM_ID_MAX_BATCH_SIZE,
	IDXD_SF_PARAM_ID_PCI_DEVICE_ID,
};

static int idxd_sf_param_get(struct devlink *devlink, u32 id,
			     struct devlink_param_gset_ctx *ctx)
{
	struct idxd_sf_nested *nested = devlink_priv(devlink);
	const struct idxd_sf_info *info = &nested->sf->info;

	switch (id) {
	case IDXD_SF_PARAM_ID_WQ_ENTRIES:
		ctx->val.vu32 = info->wq_size;
		return 0;
	case IDXD_SF_PARAM_ID_MAX_TRANSFER_SIZE:
		ctx->val.vu32 = BIT(info->wq_max_xfer_shift);
		return 0;
	case IDXD_SF_PARAM_ID_MAX_BATCH_SIZE:
		ctx->val.vu32 = BIT(info->wq_max_batch_shift);
		return 0;
	case IDXD_SF_PARAM_ID_PCI_DEVICE_ID:
		snprintf(ctx->val.vstr, sizeof(ctx->val.vstr), "%04x",
			 info->pci_device);
		return 0;
	}
	return -EOPNOTSUPP;
}

static int idxd_sf_param_set(struct devlink *devlink, u32 id,
			     struct devlink_param_gset_ctx *ctx,
			     struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack,
		       "Read-only: set it on the PCI function, activate anew");
	return -EOPNOTSUPP;
}

#define IDXD_SF_PARAM(_id, _name, _type)				\
	DEVLINK_PARAM_DRIVER(IDXD_SF_PARAM_ID_##_id, _name,		\
			     DEVLINK_PARAM_TYPE_##_type,		\
			     BIT(DEVLINK_PARAM_CMODE_RUNTIME),		\
			     idxd_sf_param_get, idxd_sf_param_set, NULL)

static const struct devlink_param idxd_sf_params[] = {
	IDXD_SF_PARAM(WQ_ENTRIES, IDXD_SF_NESTED_WQ_ENTRIES, U32),
	IDXD_SF_PARAM(MAX_TRANSFER_SIZE, IDXD_SF_NESTED_MAX_TRANSFER_SIZE, U32),
	IDXD_SF_PARAM(MAX_BATCH_SIZE, IDXD_SF_NESTED_MAX_BATCH_SIZE, U32),
	IDXD_SF_PARAM(PCI_DEVICE_ID, IDXD_SF_NESTED_PCI_DEVICE_ID, STRING),
};

static const struct devlink_ops idxd_sf_nested_ops = {
};

struct devlink *idxd_sf_nested_create(struct idxd_sf *sf, struct device *dev)
{
	struct idxd_sf_nested *nested;
	struct devlink *devlink;
	int err;

	devlink = devlink_alloc(&idxd_sf_nested_ops, sizeof(*nested), dev);
	if (!devlink)
		return ERR_PTR(-ENOMEM);
	nested = devlink_priv(devlink);
	nested->sf = sf;

	err = devlink_params_register(devlink, idxd_sf_params,
				      ARRAY_SIZE(idxd_sf_params));
	if (err)
		goto err_free;
	err = devl_port_fn_devlink_set(&sf->port, devlink);
	if (err)
		goto err_params;
	return devlink;

err_params:
	devlink_params_unregister(devlink, idxd_sf_params,
				  ARRAY_SIZE(idxd_sf_params));
err_free:
	devlink_free(devlink);
	return ERR_PTR(err);
}

void idxd_sf_nested_destroy(struct devlink *nested)
{
	devlink_params_unregister(nested, idxd_sf_params,
				  ARRAY_SIZE(idxd_sf_params));
	devlink_free(nested);
}
