// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devlink face of a device (layer L4): resources.
 *
 * Shows what subfunctions lease, and how much of it is leased. The sizes are
 * the hardware's.
 */
#include "dl.h"

#include "sf.h"

enum idxd_resource_id {
	IDXD_RESOURCE_WQS = 1,
	IDXD_RESOURCE_IMS_SLOTS,
	IDXD_RESOURCE_PASIDS,
};

static u64 idxd_resource_wqs_occ(void *priv)
{
	struct idxd_dev *idxd = priv;

	guard(mutex)(&idxd->res.lock);
	return idxd->res.nr_leased;
}

static u64 idxd_resource_ims_slots_occ(void *priv)
{
	struct idxd_dev *idxd = priv;

	return atomic_read(&idxd->ims.nr_used);
}

static u64 idxd_resource_pasids_occ(void *priv)
{
	struct idxd_dev *idxd = priv;

	return atomic_read(&idxd->iommu.nr_pasids);
}

static u64 idxd_resource_wqs_size(const struct idxd_dev *idxd)
{
	return idxd->res.nr_wqs;
}

static u64 idxd_resource_ims_slots_size(const struct idxd_dev *idxd)
{
	return idxd->caps.nr_ims;
}

static u64 idxd_resource_pasids_size(const struct idxd_dev *idxd)
{
	return idxd_iommu_max_pasids(&idxd->iommu);
}

/**
 * struct idxd_resource - one resource
 * @name: shown to users
 * @id: devlink's
 * @size: how many there are
 * @occ: how many of them are leased
 */
struct idxd_resource {
	const char *name;
	enum idxd_resource_id id;
	u64 (*size)(const struct idxd_dev *idxd);
	u64 (*occ)(void *priv);
};

static const struct idxd_resource idxd_resources[] = {
	{
		.name = "wqs",
		.id = IDXD_RESOURCE_WQS,
		.size = idxd_resource_wqs_size,
		.occ = idxd_resource_wqs_occ,
	}, {
		.name = "ims_slots",
		.id = IDXD_RESOURCE_IMS_SLOTS,
		.size = idxd_resource_ims_slots_size,
		.occ = idxd_resource_ims_slots_occ,
	}, {
		.name = "pasids",
		.id = IDXD_RESOURCE_PASIDS,
		.size = idxd_resource_pasids_size,
		.occ = idxd_resource_pasids_occ,
	},
};

static int idxd_resource_register_one(struct idxd_dev *idxd,
				      const struct idxd_resource *r)
{
	struct devlink_resource_size_params params;
	u64 size = r->size(idxd);
	int err;

	devlink_resource_size_params_init(&params, size, size, 1,
					  DEVLINK_RESOURCE_UNIT_ENTRY);
	err = devl_resource_register(idxd->devlink, r->name, size, r->id,
				     DEVLINK_RESOURCE_ID_PARENT_TOP, &params);
	if (!err)
		devl_resource_occ_get_register(idxd->devlink, r->id, r->occ,
					       idxd);
	return err;
}

int idxd_resource_register(struct idxd_dev *idxd)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(idxd_resources); i++) {
		err = idxd_resource_register_one(idxd, &idxd_resources[i]);
		if (err) {
			idxd_resource_unregister(idxd);
			return err;
		}
	}
	return 0;
}

void idxd_resource_unregister(struct idxd_dev *idxd)
{
	devl_resources_unregister(idxd->devlink);
}
