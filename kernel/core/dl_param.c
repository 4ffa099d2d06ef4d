// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devlink face of a device (layer L4): parameters.
 *
 * What the next activated subfunction gets, and how long a command may take.
 * All are runtime parameters of this driver: they begin with their defaults
 * whenever it is bound. A device has the parameters that change something on
 * it; one that does not need allow_unsafe_silicon does not show it.
 */
#include "dl.h"

#include <linux/idxd_sf.h>
#include <linux/kstrtox.h>
#include <linux/log2.h>
#include <linux/pci.h>

#include "sf.h"

enum idxd_param_id {
	IDXD_PARAM_ID_BASE = DEVLINK_PARAM_GENERIC_ID_MAX,
	IDXD_PARAM_ID_SF_WQ_ENTRIES,
	IDXD_PARAM_ID_SF_MAX_TRANSFER_SIZE,
	IDXD_PARAM_ID_SF_MAX_BATCH_SIZE,
	IDXD_PARAM_ID_SF_PCI_DEVICE_ID,
	IDXD_PARAM_ID_COMMAND_TIMEOUT_MS,
	IDXD_PARAM_ID_ALLOW_UNSAFE_SILICON,
};

static int idxd_param_u32_get(struct devlink *devlink, u32 id,
			      struct devlink_param_gset_ctx *ctx)
{
	struct idxd_dev *idxd = devlink_priv(devlink);
	struct idxd_sf_request *request = &idxd->sf_request;

	switch (id) {
	case IDXD_PARAM_ID_SF_WQ_ENTRIES:
		ctx->val.vu32 = request->wq_entries;
		return 0;
	case IDXD_PARAM_ID_SF_MAX_TRANSFER_SIZE:
		ctx->val.vu32 = BIT(request->limits.max_xfer_shift);
		return 0;
	case IDXD_PARAM_ID_SF_MAX_BATCH_SIZE:
		ctx->val.vu32 = BIT(request->limits.max_batch_shift);
		return 0;
	case IDXD_PARAM_ID_COMMAND_TIMEOUT_MS:
		ctx->val.vu32 = READ_ONCE(idxd->cmdq.timeout_ms);
		return 0;
	}
	return -EOPNOTSUPP;
}

/* The value is valid */
static int idxd_param_u32_set(struct devlink *devlink, u32 id,
			      struct devlink_param_gset_ctx *ctx,
			      struct netlink_ext_ack *extack)
{
	struct idxd_dev *idxd = devlink_priv(devlink);
	struct idxd_sf_request *request = &idxd->sf_request;

	switch (id) {
	case IDXD_PARAM_ID_SF_WQ_ENTRIES:
		request->wq_entries = ctx->val.vu32;
		return 0;
	case IDXD_PARAM_ID_SF_MAX_TRANSFER_SIZE:
		request->limits.max_xfer_shift = ilog2(ctx->val.vu32);
		return 0;
	case IDXD_PARAM_ID_SF_MAX_BATCH_SIZE:
		request->limits.max_batch_shift = ilog2(ctx->val.vu32);
		return 0;
	case IDXD_PARAM_ID_COMMAND_TIMEOUT_MS:
		WRITE_ONCE(idxd->cmdq.timeout_ms, ctx->val.vu32);
		return 0;
	}
	return -EOPNOTSUPP;
}

static int idxd_param_wq_entries_validate(struct devlink *devlink, u32 id,
					  union devlink_param_value val,
					  struct netlink_ext_ack *extack)
{
	struct idxd_dev *idxd = devlink_priv(devlink);

	if (val.vu32 <= idxd->caps.total_wq_size)
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "Entries are 0 to %u, all that there are",
			   idxd->caps.total_wq_size);
	return -ERANGE;
}

static int idxd_param_xfer_validate(struct devlink *devlink, u32 id,
				    union devlink_param_value val,
				    struct netlink_ext_ack *extack)
{
	struct idxd_dev *idxd = devlink_priv(devlink);
	u32 batch = BIT(idxd->sf_request.limits.max_batch_shift);
	u32 max = BIT(idxd->caps.max_xfer_shift);

	if (!is_power_of_2(val.vu32) || val.vu32 > max) {
		NL_SET_ERR_MSG_FMT(extack,
				   "Transfer size is a power of two up to %u",
				   max);
		return is_power_of_2(val.vu32) ? -ERANGE : -EINVAL;
	}
	if ((u64)val.vu32 * batch > BIT_ULL(IDXD_WQCFG_WORK_SHIFT)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "Transfers of %u need batches of %llu at most",
				   val.vu32, BIT_ULL(IDXD_WQCFG_WORK_SHIFT) >>
				   ilog2(val.vu32));
		return -ERANGE;
	}
	return 0;
}

static int idxd_param_batch_validate(struct devlink *devlink, u32 id,
				     union devlink_param_value val,
				     struct netlink_ext_ack *extack)
{
	struct idxd_dev *idxd = devlink_priv(devlink);
	u32 xfer = BIT(idxd->sf_request.limits.max_xfer_shift);
	u32 max = BIT(idxd->caps.max_batch_shift);

	if (!is_power_of_2(val.vu32) || val.vu32 > max) {
		NL_SET_ERR_MSG_FMT(extack,
				   "Batch size is a power of two up to %u",
				   max);
		return is_power_of_2(val.vu32) ? -ERANGE : -EINVAL;
	}
	if ((u64)val.vu32 * xfer > BIT_ULL(IDXD_WQCFG_WORK_SHIFT)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "Batches of %u need transfers of %llu at most",
				   val.vu32, BIT_ULL(IDXD_WQCFG_WORK_SHIFT) >>
				   ilog2(val.vu32));
		return -ERANGE;
	}
	return 0;
}

static int idxd_param_timeout_validate(struct devlink *devlink, u32 id,
				       union devlink_param_value val,
				       struct netlink_ext_ack *extack)
{
	if (val.vu32 >= IDXD_CMD_TIMEOUT_MIN_MS &&
	    val.vu32 <= IDXD_CMD_TIMEOUT_MAX_MS)
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "Command timeout is %u to %u ms",
			   IDXD_CMD_TIMEOUT_MIN_MS, IDXD_CMD_TIMEOUT_MAX_MS);
	return -ERANGE;
}

static int idxd_param_pci_device_get(struct devlink *devlink, u32 id,
				     struct devlink_param_gset_ctx *ctx)
{
	struct idxd_dev *idxd = devlink_priv(devlink);

	snprintf(ctx->val.vstr, sizeof(ctx->val.vstr), "%04x",
		 idxd->sf_request.pci_device);
	return 0;
}

/* The value is valid */
static int idxd_param_pci_device_set(struct devlink *devlink, u32 id,
				     struct devlink_param_gset_ctx *ctx,
				     struct netlink_ext_ack *extack)
{
	struct idxd_dev *idxd = devlink_priv(devlink);

	return kstrtou16(ctx->val.vstr, 16, &idxd->sf_request.pci_device);
}

/*
 * Guests take what they read in the registers, but drivers before 6.12 know
 * one id only. Any other id would find no driver, or one of something else.
 */
static int idxd_param_pci_device_validate(struct devlink *devlink, u32 id,
					  union devlink_param_value val,
					  struct netlink_ext_ack *extack)
{
	struct idxd_dev *idxd = devlink_priv(devlink);
	char own[sizeof("1234")];
	u16 device;

	if (!kstrtou16(val.vstr, 16, &device) &&
	    (device == idxd->pdev->device || device == IDXD_PCI_DEVICE_SPR))
		return 0;
	snprintf(own, sizeof(own), "%04x", idxd->pdev->device);
	NL_SET_ERR_MSG_FMT(extack, "PCI id is %s, the device's own, or "
			   IDXD_SF_PCI_DEVICE_ID_OLD, own);
	return -EINVAL;
}

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

/* False would claim that nobody can attack the host any more */
static int idxd_param_unsafe_validate(struct devlink *devlink, u32 id,
				      union devlink_param_value val,
				      struct netlink_ext_ack *extack)
{
	u16 nr_active = idxd_sf_nr_active(devlink_priv(devlink));

	if (val.vbool || !nr_active)
		return 0;
	NL_SET_ERR_MSG_FMT(extack, IDXD_SF_ARE_ACTIVE, nr_active);
	return -EBUSY;
}

#define IDXD_PARAM_U32(_id, _name, _validate)				\
	DEVLINK_PARAM_DRIVER(IDXD_PARAM_ID_##_id, _name,		\
			     DEVLINK_PARAM_TYPE_U32,			\
			     BIT(DEVLINK_PARAM_CMODE_RUNTIME),		\
			     idxd_param_u32_get, idxd_param_u32_set,	\
			     _validate)

static const struct devlink_param idxd_params[] = {
	IDXD_PARAM_U32(SF_WQ_ENTRIES, IDXD_SF_PARAM_SF_WQ_ENTRIES,
		       idxd_param_wq_entries_validate),
	IDXD_PARAM_U32(SF_MAX_TRANSFER_SIZE, IDXD_SF_PARAM_SF_MAX_TRANSFER_SIZE,
		       idxd_param_xfer_validate),
	IDXD_PARAM_U32(SF_MAX_BATCH_SIZE, IDXD_SF_PARAM_SF_MAX_BATCH_SIZE,
		       idxd_param_batch_validate),
	DEVLINK_PARAM_DRIVER(IDXD_PARAM_ID_SF_PCI_DEVICE_ID,
			     IDXD_SF_PARAM_SF_PCI_DEVICE_ID,
			     DEVLINK_PARAM_TYPE_STRING,
			     BIT(DEVLINK_PARAM_CMODE_RUNTIME),
			     idxd_param_pci_device_get,
			     idxd_param_pci_device_set,
			     idxd_param_pci_device_validate),
	IDXD_PARAM_U32(COMMAND_TIMEOUT_MS, IDXD_SF_PARAM_COMMAND_TIMEOUT_MS,
		       idxd_param_timeout_validate),
};

static const struct devlink_param idxd_params_unsafe[] = {
	DEVLINK_PARAM_DRIVER(IDXD_PARAM_ID_ALLOW_UNSAFE_SILICON,
			     IDXD_SF_PARAM_ALLOW_UNSAFE_SILICON,
			     DEVLINK_PARAM_TYPE_BOOL,
			     BIT(DEVLINK_PARAM_CMODE_RUNTIME),
			     idxd_param_unsafe_get, idxd_param_unsafe_set,
			     idxd_param_unsafe_validate),
};

static bool idxd_param_has_unsafe(const struct idxd_dev *idxd)
{
	return idxd->pdev->device == IDXD_PCI_DEVICE_SPR;
}

int idxd_param_register(struct idxd_dev *idxd)
{
	const struct idxd_caps *caps = &idxd->caps;
	int err;

	idxd->sf_request.limits = (struct idxd_wq_limits) {
		.max_xfer_shift = idxd_wqcfg_xfer_shift(caps->max_xfer_shift,
							caps->max_batch_shift),
		.max_batch_shift = caps->max_batch_shift,
	};
	idxd->sf_request.pci_device = idxd->pdev->device;
	err = devl_params_register(idxd->devlink, idxd_params,
				   ARRAY_SIZE(idxd_params));
	if (err || !idxd_param_has_unsafe(idxd))
		return err;
	err = devl_params_register(idxd->devlink, idxd_params_unsafe,
				   ARRAY_SIZE(idxd_params_unsafe));
	if (err)
		devl_params_unregister(idxd->devlink, idxd_params,
				       ARRAY_SIZE(idxd_params));
	return err;
}

void idxd_param_unregister(struct idxd_dev *idxd)
{
	if (idxd_param_has_unsafe(idxd))
		devl_params_unregister(idxd->devlink, idxd_params_unsafe,
				       ARRAY_SIZE(idxd_params_unsafe));
	devl_params_unregister(idxd->devlink, idxd_params,
			       ARRAY_SIZE(idxd_params));
}
