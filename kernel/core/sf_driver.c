// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subfunctions (layer L3): what their driver calls.
 *
 * Implements idxd_sf.h. Every function acts on the caller's own SF only; none
 * hands out a PASID, another WQ or the register window.
 */
#include "sf.h"

#include <linux/bitfield.h>
#include <linux/export.h>
#include <linux/msi.h>
#include <linux/pci.h>

#include "sf_handle.h"

int idxd_sf_reset_wq_locked(struct idxd_sf *sf)
{
	int err;

	lockdep_assert_held(&sf->lock);
	err = idxd_wq_reset(sf->wq, NULL);
	idxd_errq_forget(&sf->idxd->errq, sf->wq->index);
	return err;
}

int idxd_sf_bind(struct idxd_sf *sf, const struct idxd_sf_ops *ops, void *priv)
{
	int err;

	guard(mutex)(&sf->lock);
	err = idxd_sf_fire_locked(sf, IDXD_SF_EV_BIND);
	if (err)
		return err;
	sf->ops = ops;
	sf->priv = priv;
	return 0;
}
EXPORT_SYMBOL_GPL(idxd_sf_bind);

void idxd_sf_unbind(struct idxd_sf *sf)
{
	guard(mutex)(&sf->lock);
	idxd_sf_fire_locked(sf, IDXD_SF_EV_UNBIND);
	sf->ops = NULL;
	sf->priv = NULL;
}
EXPORT_SYMBOL_GPL(idxd_sf_unbind);

bool idxd_sf_in_service(void *priv)
{
	return idxd_sf_read_state(priv) != IDXD_SF_ERROR;
}

int idxd_sf_open(struct idxd_sf *sf)
{
	int err;

	guard(mutex)(&sf->lock);
	if (sf->state == IDXD_SF_ERROR)
		return -EIO;
	if (sf->state != IDXD_SF_ATTACHED)
		return -EBUSY;
	WRITE_ONCE(sf->abandon, false);
	err = idxd_sf_reset_wq_locked(sf);
	if (err)
		return err;
	err = idxd_sf_fire_locked(sf, IDXD_SF_EV_OPEN);
	if (err)
		return err;
	/* It holds no handle yet, and requests each anew that is void */
	idxd_sf_tell_revoked_locked(sf);
	WRITE_ONCE(sf->opened, true);
	idxd_errq_lease(&sf->idxd->errq, sf->wq->index);
	idxd_sf_error_forget_locked(sf);
	return 0;
}
EXPORT_SYMBOL_GPL(idxd_sf_open);

void idxd_sf_close(struct idxd_sf *sf)
{
	int err;

	guard(mutex)(&sf->lock);
	err = idxd_sf_reset_wq_locked(sf);
	/* Only now: devlink refuses what is open, and waits for us else */
	WRITE_ONCE(sf->opened, false);
	idxd_sf_fire_locked(sf, IDXD_SF_EV_CLOSE);
	if (!err || sf->state == IDXD_SF_ERROR)
		return;
	idxd_sf_fire_locked(sf, IDXD_SF_EV_FAIL);
	idxd_sf_set_fault_locked(sf, "Work queue %u does not stop",
				 sf->wq->index);
}
EXPORT_SYMBOL_GPL(idxd_sf_close);

const struct idxd_sf_info *idxd_sf_info(const struct idxd_sf *sf)
{
	return &sf->info;
}
EXPORT_SYMBOL_GPL(idxd_sf_info);

static int idxd_sf_wq_reset(struct idxd_sf *sf, const struct idxd_wq_gate *gate)
{
	int err;

	/* Before it: an abandonment from now on asks for another */
	WRITE_ONCE(sf->abandon, false);
	err = idxd_wq_reset(sf->wq, gate);
	guard(mutex)(&sf->lock);
	/* Also on a device that failed: the user's life before ends here */
	idxd_errq_forget(&sf->idxd->errq, sf->wq->index);
	if (!err)
		idxd_sf_error_forget_locked(sf);
	return err;
}

/*
 * Records that the hardware left to the log are written, and errors told, before
 * the user hears that his queue has nothing left to do
 */
static int idxd_sf_wq_drain(struct idxd_sf *sf, enum idxd_cmd code, u8 *cmderr)
{
	int err = idxd_wq_drain(sf->wq, code, cmderr, &sf->abandon);

	if (!err)
		idxd_errq_sync(&sf->idxd->errq);
	return err;
}

int idxd_sf_wq_command(struct idxd_sf *sf, enum idxd_cmd code, u8 *cmderr)
{
	const struct idxd_wq_gate gate = {
		.ready = idxd_sf_in_service,
		.priv = sf,
	};

	*cmderr = IDXD_CMDERR_NONE;
	switch (code) {
	case IDXD_CMD_RESET_WQ:
		return idxd_sf_wq_reset(sf, &gate);
	case IDXD_CMD_DISABLE_WQ:
	case IDXD_CMD_DRAIN_WQ:
		return idxd_sf_wq_drain(sf, code, cmderr);
	default:
		return idxd_wq_command(sf->wq, code, cmderr, &gate);
	}
}
EXPORT_SYMBOL_GPL(idxd_sf_wq_command);

void idxd_sf_wq_abandon(struct idxd_sf *sf)
{
	WRITE_ONCE(sf->abandon, true);
}
EXPORT_SYMBOL_GPL(idxd_sf_wq_abandon);

void idxd_sf_errors_sync(struct idxd_sf *sf)
{
	idxd_errq_sync(&sf->idxd->errq);
}
EXPORT_SYMBOL_GPL(idxd_sf_errors_sync);

void idxd_sf_errors_forget(struct idxd_sf *sf)
{
	guard(mutex)(&sf->lock);
	idxd_errq_forget(&sf->idxd->errq, sf->wq->index);
}
EXPORT_SYMBOL_GPL(idxd_sf_errors_forget);

u32 idxd_sf_wqcfg_read(struct idxd_sf *sf, unsigned int dword)
{
	u32 val;

	if (dword >= IDXD_WQCFG_NR_DWORDS)
		return 0;
	val = idxd_wq_read(sf->wq, dword);
	return dword == 2 ? val & ~IDXD_WQCFG2_PASID : val;
}
EXPORT_SYMBOL_GPL(idxd_sf_wqcfg_read);

void idxd_sf_wq_arm(struct idxd_sf *sf, unsigned int vector, u32 limit)
{
	if (vector < sf->info.nr_vectors)
		idxd_wq_arm(sf->wq,
			    FIELD_GET(IDXD_SF_GRANT_HANDLE,
				      READ_ONCE(sf->vectors[vector].grant)),
			    limit);
}
EXPORT_SYMBOL_GPL(idxd_sf_wq_arm);

int idxd_sf_irq(const struct idxd_sf *sf, unsigned int vector)
{
	return vector < sf->info.nr_vectors ? sf->vectors[vector].irq : -EINVAL;
}
EXPORT_SYMBOL_GPL(idxd_sf_irq);

int idxd_sf_companion_prepare(struct idxd_sf *sf, struct device *dev)
{
	struct idxd_iommu_dev *idev;

	guard(mutex)(&sf->lock);
	if (sf->companion)
		return -EBUSY;
	idev = idxd_iommu_add_dev(&sf->idxd->iommu, dev, sf->pasid);
	if (IS_ERR(idev))
		return PTR_ERR(idev);
	/* VFIO asks it whether messages of the device are isolated */
	dev_set_msi_domain(dev, sf->idxd->ims.domain);
	sf->companion = idev;
	return 0;
}
EXPORT_SYMBOL_GPL(idxd_sf_companion_prepare);

void idxd_sf_companion_release(struct idxd_sf *sf)
{
	guard(mutex)(&sf->lock);
	if (!sf->companion)
		return;
	idxd_iommu_remove_dev(sf->companion);
	sf->companion = NULL;
}
EXPORT_SYMBOL_GPL(idxd_sf_companion_release);

int idxd_sf_dma_write(struct idxd_sf *sf, u64 iova, const void *data,
		      size_t size)
{
	lockdep_assert_held(&sf->lock);
	if (!sf->companion)
		return -EFAULT;
	return idxd_iommu_write(sf->companion, iova, data, size);
}
EXPORT_SYMBOL_GPL(idxd_sf_dma_write);

void idxd_sf_set_error(struct idxd_sf *sf, const char *fmt, ...)
{
	va_list args;

	guard(mutex)(&sf->lock);
	if (sf->error[0])
		return;
	va_start(args, fmt);
	vscnprintf(sf->error, sizeof(sf->error), fmt, args);
	va_end(args);
}
EXPORT_SYMBOL_GPL(idxd_sf_set_error);
