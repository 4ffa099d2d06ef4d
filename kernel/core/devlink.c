// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devlink face of a device (layer L4): the instance.
 *
 * Allocates, registers and informs. Ports, parameters and resources are in
 * dl_*.c; none of them touches the hardware.
 */
#include "dl.h"

#include <linux/bitfield.h>
#include <linux/idxd_sf.h>
#include <linux/pci.h>

#include "idxd_version.h"
#include "sf.h"

/* One number of the device, as a version that does not change */
__printf(3, 4)
static int idxd_devlink_put_fixed(struct devlink_info_req *req,
				  const char *name, const char *fmt, ...)
{
	char buf[32];
	va_list args;

	va_start(args, fmt);
	vsnprintf(buf, sizeof(buf), fmt, args);
	va_end(args);
	return devlink_info_version_fixed_put(req, name, buf);
}

static int idxd_devlink_put_asic(struct idxd_dev *idxd,
				 struct devlink_info_req *req)
{
	int err;

	err = idxd_devlink_put_fixed(req, IDXD_SF_INFO_ASIC_ID, "%04x",
				     idxd->pdev->device);
	if (err)
		return err;
	return idxd_devlink_put_fixed(req, IDXD_SF_INFO_ASIC_REV, "%02x",
				      idxd->pdev->revision);
}

/* Counts of things that are shared out are resources, not here */
static int idxd_devlink_put_caps(const struct idxd_caps *caps,
				 struct devlink_info_req *req)
{
	const struct idxd_caps_raw *raw = &caps->raw;
	int err;

	err = idxd_devlink_put_fixed(req, IDXD_SF_INFO_DSA_VERSION, "%lu.%lu",
				     FIELD_GET(IDXD_VERSION_MAJOR,
					       raw->version),
				     FIELD_GET(IDXD_VERSION_MINOR,
					       raw->version));
	if (err)
		return err;
	err = idxd_devlink_put_fixed(req, IDXD_SF_INFO_DSA_GENCAP, "%llx", raw->gencap);
	if (err)
		return err;
	err = idxd_devlink_put_fixed(req, IDXD_SF_INFO_DSA_OPCAP, "%llx", raw->opcap[0]);
	if (err)
		return err;
	err = idxd_devlink_put_fixed(req, IDXD_SF_INFO_DSA_MAX_TRANSFER_SIZE, "%lu",
				     BIT(caps->max_xfer_shift));
	if (err)
		return err;
	return idxd_devlink_put_fixed(req, IDXD_SF_INFO_DSA_MAX_BATCH_SIZE, "%lu",
				      BIT(caps->max_batch_shift));
}

static int idxd_devlink_put_serial(struct idxd_dev *idxd,
				   struct devlink_info_req *req)
{
	u64 dsn = pci_get_dsn(idxd->pdev);
	__be64 bytes = cpu_to_be64(dsn);
	char buf[24];

	if (!dsn)
		return 0;
	snprintf(buf, sizeof(buf), "%8phD", &bytes);
	return devlink_info_serial_number_put(req, buf);
}

static int idxd_devlink_info_get(struct devlink *devlink,
				 struct devlink_info_req *req,
				 struct netlink_ext_ack *extack)
{
	struct idxd_dev *idxd = devlink_priv(devlink);
	int err;

	err = idxd_devlink_put_serial(idxd, req);
	if (err)
		return err;
	err = idxd_devlink_put_asic(idxd, req);
	if (err)
		return err;
	err = idxd_devlink_put_caps(&idxd->caps, req);
	if (err)
		return err;
	return devlink_info_version_running_put(req, IDXD_SF_INFO_DRIVER,
						IDXD_MODULE_VERSION);
}

static const struct devlink_ops idxd_devlink_ops = {
	.reload_actions = BIT(DEVLINK_RELOAD_ACTION_DRIVER_REINIT),
	.reload_down = idxd_reload_down,
	.reload_up = idxd_reload_up,
	.info_get = idxd_devlink_info_get,
	.port_new = idxd_port_new,
	.rate_leaf_tx_priority_set = idxd_rate_tx_priority_set,
	.rate_leaf_tx_share_set = idxd_rate_tx_share_set,
	.rate_leaf_tx_max_set = idxd_rate_tx_max_set,
	.rate_leaf_tx_weight_set = idxd_rate_tx_weight_set,
};

struct idxd_dev *idxd_devlink_alloc(struct pci_dev *pdev)
{
	struct devlink *devlink;
	struct idxd_dev *idxd;

	devlink = devlink_alloc(&idxd_devlink_ops, sizeof(*idxd), &pdev->dev);
	if (!devlink)
		return NULL;
	idxd = devlink_priv(devlink);
	idxd->devlink = devlink;
	idxd->pdev = pdev;
	idxd->down_wq = alloc_workqueue("idxd-%s", WQ_UNBOUND, 0,
					pci_name(pdev));
	if (!idxd->down_wq) {
		devlink_free(devlink);
		return NULL;
	}
	ida_init(&idxd->port_slots);
	INIT_LIST_HEAD(&idxd->sfs);
	mutex_init(&idxd->sfs_lock);
	idxd_health_init(idxd);
	return idxd;
}

void idxd_devlink_free(struct idxd_dev *idxd)
{
	/* Where probing failed it may have been asked for */
	idxd_health_stop(idxd);
	destroy_workqueue(idxd->down_wq);
	mutex_destroy(&idxd->sfs_lock);
	ida_destroy(&idxd->port_slots);
	devlink_free(idxd->devlink);
}

int idxd_devlink_register(struct idxd_dev *idxd)
{
	int err;

	devl_lock(idxd->devlink);
	err = idxd_param_register(idxd);
	if (err)
		goto unlock;
	err = idxd_resource_register(idxd);
	if (err)
		goto err_param;
	err = idxd_health_register(idxd);
	if (err)
		goto err_resource;
	err = idxd_region_register(idxd);
	if (err)
		goto err_health;
	err = devl_register(idxd->devlink);
	if (err)
		goto err_region;
	idxd_health_start(idxd);
	devl_unlock(idxd->devlink);
	return 0;

err_region:
	idxd_region_unregister(idxd);
err_health:
	idxd_health_unregister(idxd);
err_resource:
	idxd_resource_unregister(idxd);
err_param:
	idxd_param_unregister(idxd);
unlock:
	devl_unlock(idxd->devlink);
	return err;
}

void idxd_devlink_unregister(struct idxd_dev *idxd)
{
	struct idxd_sf *sf;

	/* From here on no port comes, goes or changes but by us */
	devl_lock(idxd->devlink);
	idxd->removing = true;
	list_for_each_entry(sf, &idxd->sfs, node)
		idxd_sf_remove_begin(sf);
	devl_unlock(idxd->devlink);

	idxd_health_stop(idxd);
	/* So the list is constant, and the wait needs no lock */
	list_for_each_entry(sf, &idxd->sfs, node)
		idxd_sf_remove_finish(sf);

	devl_lock(idxd->devlink);
	devl_unregister(idxd->devlink);
	idxd_port_remove_all(idxd);
	idxd_region_unregister(idxd);
	idxd_health_unregister(idxd);
	idxd_resource_unregister(idxd);
	idxd_param_unregister(idxd);
	devl_unlock(idxd->devlink);
}
