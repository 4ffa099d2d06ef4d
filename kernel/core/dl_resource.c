// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devlink face of a device (layer L4): resources.
 *
 * Shows what subfunctions lease, and how much of it is leased. The sizes are
 * the hardware's, but for those of the work queues: the user sets them, and a
 * reload gives them to the device.
 */
#include "dl.h"

#include <linux/idxd_sf.h>
#include <linux/pci.h>

#include "sf.h"

/*
 * devlink shows a resource and its children in one message, and iproute2 shows
 * them twice if that and the other resources need two. There is room for so
 * many, with every size changed. No device is known that has more; the WQs of
 * one that had could not be resized.
 */
#define IDXD_RESOURCE_MAX_WQS	24

enum idxd_resource_id {
	IDXD_RESOURCE_WORK_QUEUES = 1,
	IDXD_RESOURCE_WQ_ENTRIES,
	IDXD_RESOURCE_GROUPS,
	IDXD_RESOURCE_ENGINES,
	IDXD_RESOURCE_READ_BUFFERS,
	IDXD_RESOURCE_IMS_VECTORS,
	IDXD_RESOURCE_PASIDS,
	/* and IDXD_RESOURCE_MAX_WQS from here on */
	IDXD_RESOURCE_WQ_BASE,
};

/* devlink keeps the names, and does not copy them */
#define IDXD_RESOURCE_WQ(_nr)	(IDXD_SF_RESOURCE_WQ #_nr)

static const char *const idxd_resource_wq_names[IDXD_RESOURCE_MAX_WQS] = {
	IDXD_RESOURCE_WQ(0), IDXD_RESOURCE_WQ(1), IDXD_RESOURCE_WQ(2),
	IDXD_RESOURCE_WQ(3), IDXD_RESOURCE_WQ(4), IDXD_RESOURCE_WQ(5),
	IDXD_RESOURCE_WQ(6), IDXD_RESOURCE_WQ(7), IDXD_RESOURCE_WQ(8),
	IDXD_RESOURCE_WQ(9), IDXD_RESOURCE_WQ(10), IDXD_RESOURCE_WQ(11),
	IDXD_RESOURCE_WQ(12), IDXD_RESOURCE_WQ(13), IDXD_RESOURCE_WQ(14),
	IDXD_RESOURCE_WQ(15), IDXD_RESOURCE_WQ(16), IDXD_RESOURCE_WQ(17),
	IDXD_RESOURCE_WQ(18), IDXD_RESOURCE_WQ(19), IDXD_RESOURCE_WQ(20),
	IDXD_RESOURCE_WQ(21), IDXD_RESOURCE_WQ(22), IDXD_RESOURCE_WQ(23),
};

static u64 idxd_resource_work_queues_size(const struct idxd_dev *idxd)
{
	return idxd->res.nr_used;
}

static u64 idxd_resource_work_queues_occ(void *priv)
{
	struct idxd_dev *idxd = priv;

	guard(mutex)(&idxd->res.lock);
	return idxd->res.nr_leased;
}

static u64 idxd_resource_wq_entries_size(const struct idxd_dev *idxd)
{
	return idxd->caps.total_wq_size;
}

static u64 idxd_resource_wq_entries_occ(void *priv)
{
	struct idxd_dev *idxd = priv;
	struct idxd_res_use use;

	idxd_res_get_use(&idxd->res, &use);
	return use.wq_entries;
}

static u64 idxd_resource_groups_size(const struct idxd_dev *idxd)
{
	return idxd->caps.nr_groups;
}

static u64 idxd_resource_groups_occ(void *priv)
{
	struct idxd_dev *idxd = priv;
	struct idxd_res_use use;

	idxd_res_get_use(&idxd->res, &use);
	return use.groups;
}

static u64 idxd_resource_engines_size(const struct idxd_dev *idxd)
{
	return idxd->caps.nr_engines;
}

static u64 idxd_resource_engines_occ(void *priv)
{
	struct idxd_dev *idxd = priv;
	struct idxd_res_use use;

	idxd_res_get_use(&idxd->res, &use);
	return use.engines;
}

static u64 idxd_resource_read_buffers_size(const struct idxd_dev *idxd)
{
	return idxd->caps.nr_rdbufs;
}

static u64 idxd_resource_ims_vectors_size(const struct idxd_dev *idxd)
{
	return idxd->caps.nr_ims;
}

static u64 idxd_resource_ims_vectors_occ(void *priv)
{
	struct idxd_dev *idxd = priv;

	return atomic_read(&idxd->ims.nr_used);
}

static u64 idxd_resource_pasids_size(const struct idxd_dev *idxd)
{
	return idxd_iommu_max_pasids(&idxd->iommu);
}

static u64 idxd_resource_pasids_occ(void *priv)
{
	struct idxd_dev *idxd = priv;

	return atomic_read(&idxd->iommu.nr_pasids);
}

static u64 idxd_resource_wq_occ(void *priv)
{
	struct idxd_wq *wq = priv;

	/* Constant while it is leased */
	return READ_ONCE(wq->leased) ? wq->cfg.size : 0;
}

/**
 * struct idxd_resource - one resource
 * @name: shown to users
 * @id: devlink's
 * @size: how many there are
 * @occ: how many of them serve a subfunction, or NULL if that cannot be told
 */
struct idxd_resource {
	const char *name;
	enum idxd_resource_id id;
	u64 (*size)(const struct idxd_dev *idxd);
	u64 (*occ)(void *priv);
};

static const struct idxd_resource idxd_resources[] = {
	{
		.name = IDXD_SF_RESOURCE_WORK_QUEUES,
		.id = IDXD_RESOURCE_WORK_QUEUES,
		.size = idxd_resource_work_queues_size,
		.occ = idxd_resource_work_queues_occ,
	}, {
		.name = IDXD_SF_RESOURCE_WQ_ENTRIES,
		.id = IDXD_RESOURCE_WQ_ENTRIES,
		.size = idxd_resource_wq_entries_size,
		.occ = idxd_resource_wq_entries_occ,
	}, {
		.name = IDXD_SF_RESOURCE_GROUPS,
		.id = IDXD_RESOURCE_GROUPS,
		.size = idxd_resource_groups_size,
		.occ = idxd_resource_groups_occ,
	}, {
		.name = IDXD_SF_RESOURCE_ENGINES,
		.id = IDXD_RESOURCE_ENGINES,
		.size = idxd_resource_engines_size,
		.occ = idxd_resource_engines_occ,
	}, {
		/* The engines of all groups share them as they need them */
		.name = IDXD_SF_RESOURCE_READ_BUFFERS,
		.id = IDXD_RESOURCE_READ_BUFFERS,
		.size = idxd_resource_read_buffers_size,
	}, {
		.name = IDXD_SF_RESOURCE_IMS_VECTORS,
		.id = IDXD_RESOURCE_IMS_VECTORS,
		.size = idxd_resource_ims_vectors_size,
		.occ = idxd_resource_ims_vectors_occ,
	}, {
		.name = IDXD_SF_RESOURCE_PASIDS,
		.id = IDXD_RESOURCE_PASIDS,
		.size = idxd_resource_pasids_size,
		.occ = idxd_resource_pasids_occ,
	},
};

/* A resource whose size is the hardware's */
static int idxd_resource_register_fixed(struct idxd_dev *idxd,
					const struct idxd_resource *r)
{
	struct devlink_resource_size_params params;
	u64 size = r->size(idxd);
	int err;

	devlink_resource_size_params_init(&params, size, size, 1,
					  DEVLINK_RESOURCE_UNIT_ENTRY);
	err = devl_resource_register(idxd->devlink, r->name, size, r->id,
				     DEVLINK_RESOURCE_ID_PARENT_TOP, &params);
	if (!err && r->occ)
		devl_resource_occ_get_register(idxd->devlink, r->id, r->occ,
					       idxd);
	return err;
}

/* The entries of one WQ, whose sum devlink checks against all there are */
static int idxd_resource_register_wq(struct idxd_dev *idxd, u16 wq)
{
	struct devlink_resource_size_params params;
	u64 id = IDXD_RESOURCE_WQ_BASE + wq;
	int err;

	devlink_resource_size_params_init(&params, 0, idxd->caps.total_wq_size,
					  1, DEVLINK_RESOURCE_UNIT_ENTRY);
	err = devl_resource_register(idxd->devlink, idxd_resource_wq_names[wq],
				     idxd->res.sizes[wq], id,
				     IDXD_RESOURCE_WQ_ENTRIES, &params);
	if (!err)
		devl_resource_occ_get_register(idxd->devlink, id,
					       idxd_resource_wq_occ,
					       &idxd->res.wqs[wq]);
	return err;
}

static bool idxd_resource_has_wqs(const struct idxd_dev *idxd)
{
	return idxd->res.nr_wqs <= IDXD_RESOURCE_MAX_WQS;
}

int idxd_resource_register(struct idxd_dev *idxd)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(idxd_resources); i++) {
		err = idxd_resource_register_fixed(idxd, &idxd_resources[i]);
		if (err)
			goto err_unregister;
	}
	if (!idxd_resource_has_wqs(idxd))
		return 0;
	for (i = 0; i < idxd->res.nr_wqs; i++) {
		err = idxd_resource_register_wq(idxd, i);
		if (err)
			goto err_unregister;
	}
	return 0;

err_unregister:
	idxd_resource_unregister(idxd);
	return err;
}

void idxd_resource_unregister(struct idxd_dev *idxd)
{
	devl_resources_unregister(idxd->devlink);
}

void idxd_resource_get_sizes(struct idxd_dev *idxd, u16 *sizes)
{
	unsigned int i;
	u64 size;

	for (i = 0; i < idxd->res.nr_wqs; i++) {
		sizes[i] = idxd->res.sizes[i];
		/* There are none if memory ran out at an earlier refresh */
		if (!devl_resource_size_get(idxd->devlink,
					    IDXD_RESOURCE_WQ_BASE + i, &size))
			sizes[i] = size;
	}
}

void idxd_resource_refresh(struct idxd_dev *idxd)
{
	int err;

	idxd_resource_unregister(idxd);
	err = idxd_resource_register(idxd);
	if (err)
		pci_warn(idxd->pdev, "resources are not shown: %d\n", err);
}
