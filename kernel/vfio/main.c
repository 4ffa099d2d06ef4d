// SPDX-License-Identifier: GPL-2.0-only
/*
 * idxd_vfio.ko: makes a VFIO device of every active subfunction (layer V3).
 *
 * Two drivers. The auxiliary driver binds "idxd.sf.N", makes the companion
 * platform device "idxd-sf.N", which the IOMMU core gives a group, and
 * registers the VFIO device. The platform driver of the companion has
 * nothing to do but to be there: the VFIO core wants a driver with an owner
 * and with driver_managed_dma. probe may run with devl_lock held or without.
 */
#include <linux/auxiliary_bus.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "idxd_sf.h"
#include "idxd_version.h"
#include "vcmd.h"
#include "vdev.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/**
 * struct idxd_vmain_sf - what probe made for one subfunction
 * @sf: the subfunction
 * @pdev: the companion
 * @vdev: the virtual device
 */
struct idxd_vmain_sf {
	struct idxd_sf *sf;
	struct platform_device *pdev;
	struct idxd_vdev *vdev;
};

static struct idxd_vdev *idxd_vmain_vdev(struct device *dev)
{
	return *(struct idxd_vdev **)dev_get_platdata(dev);
}

static ssize_t bar_accesses_show(struct device *dev,
				 struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lld\n",
			  atomic64_read(&idxd_vmain_vdev(dev)->nr_bar_accesses));
}
static DEVICE_ATTR_RO(bar_accesses);

static ssize_t portal_drops_show(struct device *dev,
				 struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lld\n",
			  atomic64_read(&idxd_vmain_vdev(dev)->nr_portal_drops));
}
static DEVICE_ATTR_RO(portal_drops);

static ssize_t commands_show(struct device *dev,
			     struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lld\n",
			  atomic64_read(&idxd_vmain_vdev(dev)->nr_commands));
}
static DEVICE_ATTR_RO(commands);

static ssize_t zaps_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	return sysfs_emit(buf, "%llu\n",
			  READ_ONCE(idxd_vmain_vdev(dev)->portal.nr_zaps));
}
static DEVICE_ATTR_RO(zaps);

/* One number a MSI-X vector */
static ssize_t irqs_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct idxd_vintr *vi = &idxd_vmain_vdev(dev)->intr;
	unsigned int i;
	ssize_t len = 0;

	for (i = 0; i < vi->nr_msix; i++)
		len += sysfs_emit_at(buf, len, "%s%lld", i ? " " : "",
				     atomic64_read(&vi->lines[i].count));
	return len + sysfs_emit_at(buf, len, "\n");
}
static DEVICE_ATTR_RO(irqs);

static struct attribute *idxd_vmain_stats_attrs[] = {
	&dev_attr_bar_accesses.attr,
	&dev_attr_portal_drops.attr,
	&dev_attr_commands.attr,
	&dev_attr_zaps.attr,
	&dev_attr_irqs.attr,
	NULL
};

static const struct attribute_group idxd_vmain_stats_group = {
	.name = "stats",
	.attrs = idxd_vmain_stats_attrs,
};

static const struct attribute_group *idxd_vmain_groups[] = {
	&idxd_vmain_stats_group,
	NULL
};

static int idxd_vmain_companion_probe(struct platform_device *pdev)
{
	return 0;
}

/*
 * No bind and unbind by hand: the VFIO device is registered and taken back
 * with the auxiliary device, and needs this driver all the time between.
 */
static struct platform_driver idxd_vmain_companion_driver = {
	.probe = idxd_vmain_companion_probe,
	.driver = {
		.name = IDXD_SF_COMPANION_NAME,
		.dev_groups = idxd_vmain_groups,
		.suppress_bind_attrs = true,
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
	.driver_managed_dma = true,
};

/* The bus ignores what went wrong: look at what is there */
static int idxd_vmain_companion_check(struct idxd_sf *sf, struct device *dev)
{
	if (!dev->iommu_group) {
		idxd_sf_set_error(sf, "No IOMMU group for %s, is the IOMMU on?",
				  dev_name(dev));
		return -ENODEV;
	}
	if (dev->driver != &idxd_vmain_companion_driver.driver) {
		idxd_sf_set_error(sf, "Platform driver %s did not bind %s",
				  IDXD_SF_COMPANION_NAME, dev_name(dev));
		return -ENODEV;
	}
	return 0;
}

static int idxd_vmain_companion_add(struct idxd_vmain_sf *vm)
{
	struct device *dev = &vm->pdev->dev;
	int err;

	err = idxd_sf_companion_prepare(vm->sf, dev);
	if (err) {
		idxd_sf_set_error(vm->sf, "No IOMMU domain for the SF (%d)",
				  err);
		return err;
	}
	err = platform_device_add(vm->pdev);
	if (err) {
		idxd_sf_set_error(vm->sf, "Device %s-%u not added (%d)",
				  IDXD_SF_COMPANION_NAME, vm->pdev->id, err);
		goto err_release;
	}
	err = idxd_vmain_companion_check(vm->sf, dev);
	if (err)
		goto err_del;
	return 0;
err_del:
	platform_device_del(vm->pdev);
err_release:
	idxd_sf_companion_release(vm->sf);
	return err;
}

static void idxd_vmain_companion_del(struct idxd_vmain_sf *vm)
{
	platform_device_del(vm->pdev);
	idxd_sf_companion_release(vm->sf);
}

static struct platform_device *
idxd_vmain_companion_alloc(struct device *parent, struct idxd_sf *sf)
{
	const struct idxd_sf_info *info = idxd_sf_info(sf);
	struct platform_device *pdev;

	pdev = platform_device_alloc(IDXD_SF_COMPANION_NAME, info->id);
	if (!pdev)
		return NULL;
	pdev->dev.parent = parent;
	set_dev_node(&pdev->dev, info->numa_node);
	return pdev;
}

/* Makes the companion with the virtual device as its platform data */
static int idxd_vmain_create(struct idxd_vmain_sf *vm, struct device *parent)
{
	int err;

	vm->pdev = idxd_vmain_companion_alloc(parent, vm->sf);
	if (!vm->pdev) {
		err = -ENOMEM;
		goto err_text;
	}
	vm->vdev = idxd_vdev_create(vm->pdev, vm->sf);
	if (IS_ERR(vm->vdev)) {
		err = PTR_ERR(vm->vdev);
		goto err_pdev;
	}
	err = platform_device_add_data(vm->pdev, &vm->vdev, sizeof(vm->vdev));
	if (err)
		goto err_vdev;
	return 0;
err_vdev:
	vfio_put_device(&vm->vdev->vfio);
err_pdev:
	platform_device_put(vm->pdev);
err_text:
	idxd_sf_set_error(vm->sf, "Virtual device not created (%d)", err);
	return err;
}

static void idxd_vmain_destroy(struct idxd_vmain_sf *vm)
{
	vfio_put_device(&vm->vdev->vfio);
	platform_device_put(vm->pdev);
}

static int idxd_vmain_sf_probe(struct auxiliary_device *adev,
			       const struct auxiliary_device_id *id)
{
	struct idxd_sf *sf = idxd_sf_from_adev(adev);
	struct idxd_vmain_sf *vm;
	int err;

	vm = devm_kzalloc(&adev->dev, sizeof(*vm), GFP_KERNEL);
	if (!vm) {
		idxd_sf_set_error(sf, "Virtual device not created (%d)",
				  -ENOMEM);
		return -ENOMEM;
	}
	vm->sf = sf;
	err = idxd_vmain_create(vm, &adev->dev);
	if (err)
		return err;
	err = idxd_vmain_companion_add(vm);
	if (err)
		goto err_destroy;
	auxiliary_set_drvdata(adev, vm);
	/* First: the device can be opened as soon as it is registered */
	err = idxd_sf_bind(vm->sf, &idxd_vdev_sf_ops, vm->vdev);
	if (err) {
		idxd_sf_set_error(vm->sf, "SF not in the state to bind (%d)",
				  err);
		goto err_del;
	}
	err = vfio_register_group_dev(&vm->vdev->vfio);
	if (err) {
		idxd_sf_set_error(vm->sf, "VFIO device not registered (%d)",
				  err);
		goto err_unbind;
	}
	return 0;
err_unbind:
	idxd_sf_unbind(vm->sf);
err_del:
	idxd_vmain_companion_del(vm);
err_destroy:
	idxd_vmain_destroy(vm);
	return err;
}

static void idxd_vmain_sf_remove(struct auxiliary_device *adev)
{
	struct idxd_vmain_sf *vm = auxiliary_get_drvdata(adev);

	/* Waits until the last user has closed */
	vfio_unregister_group_dev(&vm->vdev->vfio);
	idxd_sf_unbind(vm->sf);
	idxd_vmain_companion_del(vm);
	idxd_vmain_destroy(vm);
}

static const struct auxiliary_device_id idxd_vmain_sf_ids[] = {
	{ .name = IDXD_SF_ADEV_MATCH },
	{}
};
MODULE_DEVICE_TABLE(auxiliary, idxd_vmain_sf_ids);

static struct auxiliary_driver idxd_vmain_sf_driver = {
	.name = "vfio",
	.probe = idxd_vmain_sf_probe,
	.remove = idxd_vmain_sf_remove,
	.id_table = idxd_vmain_sf_ids,
	.driver = {
		/* Activation looks at whether it bound when it was loaded */
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
		/* An unbinding would wait for the user, and no signal ends it */
		.suppress_bind_attrs = true,
	},
};

static int __init idxd_vfio_init(void)
{
	int err;

	err = idxd_vcmd_module_init();
	if (err)
		return err;
	err = platform_driver_register(&idxd_vmain_companion_driver);
	if (err)
		goto err_vcmd;
	err = auxiliary_driver_register(&idxd_vmain_sf_driver);
	if (err)
		goto err_platform;
	return 0;
err_platform:
	platform_driver_unregister(&idxd_vmain_companion_driver);
err_vcmd:
	idxd_vcmd_module_exit();
	return err;
}
module_init(idxd_vfio_init);

static void __exit idxd_vfio_exit(void)
{
	auxiliary_driver_unregister(&idxd_vmain_sf_driver);
	platform_driver_unregister(&idxd_vmain_companion_driver);
	idxd_vcmd_module_exit();
}
module_exit(idxd_vfio_exit);

MODULE_DESCRIPTION("VFIO devices of Intel DSA subfunctions");
MODULE_VERSION(IDXD_MODULE_VERSION);
MODULE_LICENSE("GPL");
