// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subfunctions (layer L3): what an active one leases.
 *
 * An id, a PASID, IMS slots with their interrupts, and a work queue; the queue
 * is taken last, and stops before anything it uses is somebody else's. Knows
 * no driver and no devlink.
 */
#include "sf.h"

#include <linux/idr.h>
#include <linux/pci.h>

#include "sf_handle.h"

/* Numbers of auxiliary and platform devices are unique over all devices */
static DEFINE_IDA(idxd_sf_ids);

static void idxd_sf_release_vector(struct idxd_sf *sf, unsigned int i)
{
	struct idxd_sf_vector *vector = &sf->vectors[i];

	idxd_sf_handle_release(sf, i);
	idxd_ims_free(&sf->idxd->ims, vector->irq, vector->slot);
}

static int idxd_sf_lease_vector(struct idxd_sf *sf, unsigned int i)
{
	struct idxd_sf_vector *vector = &sf->vectors[i];
	struct idxd_dev *idxd = sf->idxd;
	int err;

	vector->irq = idxd_ims_alloc(&idxd->ims, sf->pasid, &vector->slot);
	if (vector->irq < 0)
		return vector->irq;
	/* One that is revoked from now on is requested anew by whoever opens */
	err = idxd_sf_handle_request(sf, i, idxd_cmd_epoch(&idxd->cmdq), NULL,
				     NULL);
	if (err)
		idxd_ims_free(&idxd->ims, vector->irq, vector->slot);
	return err;
}

/* A device that hangs is a reason of its own, and says which command it was */
static void idxd_sf_set_hung(struct idxd_sf *sf, enum idxd_cmd code)
{
	idxd_sf_set_error(sf, "Command %d (%s) got no answer", code,
			  idxd_decode_cmd(code));
}

static void idxd_sf_release_vectors(struct idxd_sf *sf, unsigned int nr)
{
	while (nr--)
		idxd_sf_release_vector(sf, nr);
}

static int idxd_sf_lease_vectors(struct idxd_sf *sf)
{
	unsigned int i;
	int err;

	for (i = 0; i < sf->max_io_eqs; i++) {
		err = idxd_sf_lease_vector(sf, i);
		if (err) {
			if (err == -ETIMEDOUT)
				idxd_sf_set_hung(sf, IDXD_CMD_REQUEST_HANDLE);
			idxd_sf_set_error(sf, err == -ENOSPC ?
					  "No interrupt is free: deactivate another port" :
					  "Interrupt not set up: see the kernel log");
			idxd_sf_release_vectors(sf, i);
			return err;
		}
	}
	return 0;
}

static void idxd_sf_fill_info(struct idxd_sf *sf)
{
	const struct idxd_caps *caps = &sf->idxd->caps;
	struct idxd_dev *idxd = sf->idxd;
	struct idxd_wq *wq = sf->wq;
	phys_addr_t portal = idxd->hw.portal +
			     ((phys_addr_t)wq->index << IDXD_PORTAL_WQ_SHIFT);

	sf->info = (struct idxd_sf_info) {
		.sfnum = sf->sfnum,
		.id = sf->id,
		.pci_device = idxd->sf_request.pci_device,
		.pci_revision = idxd->pdev->revision,
		.version = caps->raw.version,
		.gencap = caps->raw.gencap,
		.wqcap = caps->raw.wqcap,
		.grpcap = caps->raw.grpcap,
		.wq_index = wq->index,
		.wq_size = wq->cfg.size,
		.wq_threshold = wq->cfg.threshold,
		.wq_priority = wq->cfg.priority,
		.wq_max_xfer_shift = wq->cfg.max_xfer_shift,
		.wq_max_batch_shift = wq->cfg.max_batch_shift,
		.nr_vectors = sf->max_io_eqs,
		.portal = {
			portal + IDXD_PORTAL_UNLIMITED_IMS *
				 IDXD_PORTAL_PAGE_SIZE,
			portal + IDXD_PORTAL_LIMITED_IMS *
				 IDXD_PORTAL_PAGE_SIZE,
		},
		.numa_node = dev_to_node(&idxd->pdev->dev),
	};
	memcpy(sf->info.opcap, wq->cfg.opcap, sizeof(sf->info.opcap));
}

/* Events look an SF up by its WQ */
static void idxd_sf_assign_wq(struct idxd_sf *sf, struct idxd_wq *wq)
{
	guard(mutex)(&sf->lock);
	/* Before it is found: errors of an earlier lease are not its own */
	if (wq)
		idxd_errq_lease(&sf->idxd->errq, wq->index);
	WRITE_ONCE(sf->wq, wq);
}

/*
 * Descriptors in a queue that did not stop must not find another subfunction
 * behind its WQ or PASID. A device that failed as a whole has no other: it
 * takes none until it was reset.
 */
static void idxd_sf_release_wq(struct idxd_sf *sf)
{
	struct idxd_dev *idxd = sf->idxd;
	struct idxd_wq *wq = sf->wq;
	int err = idxd_wq_clear(wq);

	idxd_sf_assign_wq(sf, NULL);
	if (err && !READ_ONCE(idxd->cmdq.dead)) {
		dev_err(idxd->hw.dev,
			"work queue %u does not stop (%d) and stays out of use\n",
			wq->index, err);
		wq->stuck = true;
		sf->pasid = IOMMU_PASID_INVALID;
		return;
	}
	idxd_res_release_wq(&idxd->res, wq);
}

/* Unless a queue that is stuck keeps it */
static void idxd_sf_release_pasid(struct idxd_sf *sf)
{
	if (sf->pasid != IOMMU_PASID_INVALID)
		idxd_iommu_free_pasid(&sf->idxd->iommu, sf->pasid);
}

static int idxd_sf_check_wq(struct idxd_sf *sf)
{
	u8 cmderr = IDXD_CMDERR_NONE;
	int err = idxd_wq_check(sf->wq, &cmderr);

	if (err == -ETIMEDOUT)
		idxd_sf_set_hung(sf, sf->idxd->cmdq.hung);
	else if (err)
		idxd_sf_set_error(sf, "Work queue %u refused: %s (%d)",
				  sf->wq->index, idxd_decode_cmderr(cmderr),
				  err);
	return err;
}

static int idxd_sf_lease_wq(struct idxd_sf *sf)
{
	const struct idxd_sf_request *request = &sf->idxd->sf_request;
	struct idxd_res *res = &sf->idxd->res;
	struct idxd_wq *wq = idxd_res_lease_wq(res, request->wq_entries);
	int err;

	if (!wq && idxd_res_has_free_wq(res)) {
		idxd_sf_set_error(sf, "No free work queue has %u entries: see resources",
				  request->wq_entries);
		return -ENOSPC;
	}
	if (!wq) {
		idxd_sf_set_error(sf, "No work queue is free: deactivate another port");
		return -ENOSPC;
	}
	err = idxd_wq_configure(wq, sf->pasid, sf->priority, &request->limits);
	if (err) {
		idxd_sf_set_error(sf, "Work queue %u cannot be configured (%d)",
				  wq->index, err);
		idxd_res_release_wq(res, wq);
		return err;
	}
	idxd_sf_assign_wq(sf, wq);
	err = idxd_sf_check_wq(sf);
	if (err)
		idxd_sf_release_wq(sf);
	return err;
}

void idxd_sf_release_stuck(struct idxd_dev *idxd)
{
	u16 i;

	for (i = 0; i < idxd->res.nr_wqs; i++) {
		struct idxd_wq *wq = &idxd->res.wqs[i];

		if (!wq->stuck)
			continue;
		wq->stuck = false;
		idxd_res_release_wq(&idxd->res, wq);
		idxd_iommu_free_pasid(&idxd->iommu, wq->cfg.pasid);
	}
}

int idxd_sf_lease(struct idxd_sf *sf)
{
	struct idxd_dev *idxd = sf->idxd;
	int err;

	err = ida_alloc(&idxd_sf_ids, GFP_KERNEL);
	if (err < 0) {
		idxd_sf_set_error(sf, "No memory for the subfunction");
		return err;
	}
	sf->id = err;

	sf->pasid = idxd_iommu_alloc_pasid(&idxd->iommu);
	if (sf->pasid == IOMMU_PASID_INVALID) {
		idxd_sf_set_error(sf, "No PASID is free: deactivate another port");
		err = -ENOSPC;
		goto err_id;
	}

	err = idxd_sf_lease_vectors(sf);
	if (err)
		goto err_pasid;

	err = idxd_sf_lease_wq(sf);
	if (err)
		goto err_vectors;

	idxd_sf_fill_info(sf);
	return 0;

err_vectors:
	idxd_sf_release_vectors(sf, sf->max_io_eqs);
err_pasid:
	idxd_sf_release_pasid(sf);
err_id:
	ida_free(&idxd_sf_ids, sf->id);
	return err;
}

void idxd_sf_release(struct idxd_sf *sf)
{
	/* A slot accepts its owner's PASID only: one that is stuck is harmless */
	idxd_sf_release_wq(sf);
	idxd_sf_release_vectors(sf, sf->info.nr_vectors);
	idxd_sf_release_pasid(sf);
	ida_free(&idxd_sf_ids, sf->id);
	memset(&sf->info, 0, sizeof(sf->info));
}
