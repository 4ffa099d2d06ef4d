// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subfunctions (layer L3): the auxiliary device idxd.sf.N.
 *
 * Owns the device and its sysfs attributes; the devlink instance nested in its
 * port is made in sf_nested.c. No lock of the core is held over adding or
 * deleting the device: its driver's probe and remove take them.
 */
#include "sf.h"

#include <linux/kmod.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>

/* Name of the module that drives subfunctions */
#define IDXD_SF_DRIVER_MODULE	"idxd_vfio"
#define IDXD_SF_IRQ_NAME_SIZE	11

/**
 * struct idxd_sf_aux - one auxiliary device
 * @sfdev: what its driver sees of it
 * @nested: the devlink instance nested in the port
 * @irq_names: names of @irq_attrs
 * @irq_attrs: a file for each interrupt
 * @irq_list: the files
 * @irq_group: directory irqs/
 * @groups: all attributes
 *
 * Lives until the last reference of the device is put, which may be after
 * its SF is gone: only the release function runs then.
 */
struct idxd_sf_aux {
	struct idxd_sf_dev sfdev;
	struct devlink *nested;
	char irq_names[IDXD_SF_MAX_VECTORS][IDXD_SF_IRQ_NAME_SIZE];
	struct device_attribute irq_attrs[IDXD_SF_MAX_VECTORS];
	struct attribute *irq_list[IDXD_SF_MAX_VECTORS + 1];
	struct attribute_group irq_group;
	const struct attribute_group *groups[3];
};

static atomic_t idxd_sf_aux_nr = ATOMIC_INIT(0);

static ssize_t sfnum_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct idxd_sf *sf = idxd_sf_from_adev(to_auxiliary_dev(dev));

	return sysfs_emit(buf, "%u\n", sf->sfnum);
}
static DEVICE_ATTR_RO(sfnum);

static struct attribute *idxd_sf_attrs[] = {
	&dev_attr_sfnum.attr,
	NULL
};

static const struct attribute_group idxd_sf_group = {
	.attrs = idxd_sf_attrs,
};

static ssize_t idxd_sf_irq_show(struct device *dev,
				struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "ims\n");
}

/*
 * Not auxiliary_device_sysfs_irq_add(): that directory goes away with the
 * driver and does not come back when another binds, and the interrupts are
 * the device's.
 */
static void idxd_sf_aux_init_attrs(struct idxd_sf_aux *aux,
				   const struct idxd_sf *sf)
{
	unsigned int i;

	for (i = 0; i < sf->info.nr_vectors; i++) {
		struct device_attribute *attr = &aux->irq_attrs[i];

		snprintf(aux->irq_names[i], sizeof(aux->irq_names[i]), "%d",
			 sf->vectors[i].irq);
		sysfs_attr_init(&attr->attr);
		attr->attr.name = aux->irq_names[i];
		attr->attr.mode = 0444;
		attr->show = idxd_sf_irq_show;
		aux->irq_list[i] = &attr->attr;
	}
	aux->irq_group.name = "irqs";
	aux->irq_group.attrs = aux->irq_list;
	aux->groups[0] = &idxd_sf_group;
	aux->groups[1] = &aux->irq_group;
}

static void idxd_sf_aux_dev_release(struct device *dev)
{
	struct idxd_sf_dev *sfdev =
		container_of(to_auxiliary_dev(dev), struct idxd_sf_dev, adev);

	kfree(container_of(sfdev, struct idxd_sf_aux, sfdev));
	if (atomic_dec_and_test(&idxd_sf_aux_nr))
		wake_up_var(&idxd_sf_aux_nr);
}

void idxd_sf_aux_flush(void)
{
	wait_var_event(&idxd_sf_aux_nr, !atomic_read(&idxd_sf_aux_nr));
}

static struct idxd_sf_aux *idxd_sf_aux_alloc(struct idxd_sf *sf)
{
	struct device *parent = &sf->idxd->pdev->dev;
	struct auxiliary_device *adev;
	struct idxd_sf_aux *aux;

	aux = kzalloc(sizeof(*aux), GFP_KERNEL);
	if (!aux)
		return ERR_PTR(-ENOMEM);
	idxd_sf_aux_init_attrs(aux, sf);
	aux->sfdev.sf = sf;
	adev = &aux->sfdev.adev;
	adev->name = IDXD_SF_ADEV_NAME;
	adev->id = sf->id;
	adev->dev.parent = parent;
	adev->dev.release = idxd_sf_aux_dev_release;
	adev->dev.groups = aux->groups;
	/* Fails only for a missing parent or name */
	if (WARN_ON(auxiliary_device_init(adev))) {
		kfree(aux);
		return ERR_PTR(-EINVAL);
	}
	set_dev_node(&adev->dev, dev_to_node(parent));
	atomic_inc(&idxd_sf_aux_nr);
	return aux;
}

/*
 * Not its state: hardware that is lost meanwhile does not make the driver let
 * go, and a user may be there already who would be waited for.
 */
static bool idxd_sf_bound(struct idxd_sf *sf)
{
	guard(mutex)(&sf->lock);
	return sf->ops;
}

/*
 * A driver that is loaded has probed when auxiliary_device_add() returns. If
 * none is, loading it probes the device too.
 */
static int idxd_sf_aux_wait_driver(struct idxd_sf *sf)
{
	if (!idxd_sf_bound(sf) && !sf->error[0])
		request_module(IDXD_SF_DRIVER_MODULE);
	if (idxd_sf_bound(sf))
		return 0;
	idxd_sf_set_error(sf, "No driver bound: load " IDXD_SF_DRIVER_MODULE);
	return -ENODEV;
}

int idxd_sf_aux_add(struct idxd_sf *sf)
{
	struct auxiliary_device *adev;
	struct idxd_sf_aux *aux;
	int err;

	aux = idxd_sf_aux_alloc(sf);
	if (IS_ERR(aux)) {
		idxd_sf_set_error(sf, "No memory for the subfunction");
		return PTR_ERR(aux);
	}
	adev = &aux->sfdev.adev;

	/* Before a user can open it: from then on nothing may fail */
	aux->nested = idxd_sf_nested_create(sf, &adev->dev);
	if (IS_ERR(aux->nested)) {
		err = PTR_ERR(aux->nested);
		idxd_sf_set_error(sf, "Nested devlink instance not set (%d)",
				  err);
		goto err_uninit;
	}
	err = auxiliary_device_add(adev);
	if (err) {
		idxd_sf_set_error(sf, "Auxiliary device not added (%d)", err);
		goto err_nested;
	}
	err = idxd_sf_aux_wait_driver(sf);
	if (err)
		goto err_close;

	devlink_register(aux->nested);
	sf->aux = aux;
	return 0;

err_close:
	/* A driver that probes this very moment lets nobody open it */
	scoped_guard(mutex, &sf->lock)
		idxd_sf_fire_locked(sf, IDXD_SF_EV_REMOVE);
	auxiliary_device_delete(adev);
err_nested:
	idxd_sf_nested_destroy(aux->nested);
err_uninit:
	auxiliary_device_uninit(adev);
	return err;
}

void idxd_sf_aux_del(struct idxd_sf *sf)
{
	struct idxd_sf_aux *aux = sf->aux;

	sf->aux = NULL;
	devlink_unregister(aux->nested);
	auxiliary_device_delete(&aux->sfdev.adev);
	idxd_sf_nested_destroy(aux->nested);
	auxiliary_device_uninit(&aux->sfdev.adev);
}
