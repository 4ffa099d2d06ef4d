// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stacked IOMMU and PASIDs (layer L2): devices.
 *
 * Registers an IOMMU per PCI function with the IOMMU core and presents the
 * companions of subfunctions as its devices. What a domain does is in
 * iommu_domain.c. Never enables PASIDs: the real IOMMU's driver has.
 */
#include "iommu.h"

#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pci-ats.h>
#include <linux/property.h>
#include <linux/slab.h>

#include "trace.h"

/* The IOMMU core hands us a device only: find the companion by it */
static DEFINE_MUTEX(idxd_iommu_devs_lock);
static LIST_HEAD(idxd_iommu_devs);

static struct iommu_device *idxd_iommu_probe_device(struct device *dev)
{
	struct idxd_iommu_dev *idev;

	guard(mutex)(&idxd_iommu_devs_lock);
	list_for_each_entry(idev, &idxd_iommu_devs, node) {
		if (idev->dev == dev) {
			dev_iommu_priv_set(dev, idev);
			return &idev->iommu->core;
		}
	}
	return ERR_PTR(-ENODEV);
}

/* The PCI function issues the companion's DMA: what it can do, we can */
static bool idxd_iommu_capable(struct device *dev, enum iommu_cap cap)
{
	struct idxd_iommu_dev *idev = dev_iommu_priv_get(dev);

	switch (cap) {
	case IOMMU_CAP_CACHE_COHERENCY:
	case IOMMU_CAP_ENFORCE_CACHE_COHERENCY:
	case IOMMU_CAP_NOEXEC:
		return device_iommu_capable(&idev->iommu->pdev->dev, cap);
	default:
		return false;
	}
}

static void idxd_iommu_get_resv_regions(struct device *dev,
					struct list_head *regions)
{
	struct idxd_iommu_dev *idev = dev_iommu_priv_get(dev);

	iommu_get_resv_regions(&idev->iommu->pdev->dev, regions);
}

static const struct iommu_ops idxd_iommu_ops = {
	.owner = THIS_MODULE,
	.capable = idxd_iommu_capable,
	.domain_alloc_paging = idxd_iommu_alloc_domain,
	.probe_device = idxd_iommu_probe_device,
	.device_group = generic_device_group,
	.get_resv_regions = idxd_iommu_get_resv_regions,
	.default_domain = &idxd_iommu_blocked_domain,
	.blocked_domain = &idxd_iommu_blocked_domain,
	.release_domain = &idxd_iommu_blocked_domain,
	.default_domain_ops = &idxd_iommu_domain_ops,
};

/* Reasons that are known without asking for a domain */
static const char *idxd_iommu_why_no_pasid(struct pci_dev *pdev)
{
	if (!device_iommu_mapped(&pdev->dev))
		return "IOMMU is off: boot with intel_iommu=on,sm_on";
	if (pci_pasid_features(pdev) < 0)
		return "Device has no PASID capability: use another device";
	if (!pdev->pasid_enabled)
		return "IOMMU is in legacy mode: boot with intel_iommu=on,sm_on";
	return NULL;
}

/* Reasons that only a domain tells: 0, or what failed */
static int idxd_iommu_why_no_domain(struct pci_dev *pdev, const char **why)
{
	struct iommu_domain *domain;

	domain = iommu_paging_domain_alloc(&pdev->dev);
	if (IS_ERR(domain)) {
		*why = "IOMMU driver gave no domain: see the kernel log";
		return PTR_ERR(domain);
	}

	/* AMD's driver enables PASIDs, but attaches page tables of processes only */
	if (!domain->ops->set_dev_pasid)
		*why = "IOMMU driver cannot map a PASID: use an Intel platform";
	iommu_domain_free(domain);
	return *why ? -EOPNOTSUPP : 0;
}

int idxd_iommu_check(struct idxd_iommu *iommu, const char **why)
{
	*why = idxd_iommu_why_no_pasid(iommu->pdev);
	if (*why)
		return -EOPNOTSUPP;

	return idxd_iommu_why_no_domain(iommu->pdev, why);
}

int idxd_iommu_init(struct idxd_iommu *iommu, struct pci_dev *pdev)
{
	int err;

	iommu->pdev = pdev;
	if (idxd_iommu_why_no_pasid(pdev))
		return 0;

	iommu->fwnode = fwnode_create_software_node(NULL, NULL);
	if (IS_ERR(iommu->fwnode))
		return PTR_ERR(iommu->fwnode);

	/* The PCI function cannot be the parent: it has this link already */
	err = iommu_device_sysfs_add(&iommu->core, NULL, NULL, "idxd-%s",
				     pci_name(pdev));
	if (err)
		goto err_fwnode;

	/*
	 * With NULL instead of a device the core leaves fwnode alone; were
	 * it NULL, our ops would claim every device without a fwspec.
	 */
	iommu->core.fwnode = iommu->fwnode;
	err = iommu_device_register(&iommu->core, &idxd_iommu_ops, NULL);
	if (err)
		goto err_sysfs;

	iommu->registered = true;
	return 0;

err_sysfs:
	iommu_device_sysfs_remove(&iommu->core);
err_fwnode:
	fwnode_remove_software_node(iommu->fwnode);
	return err;
}

void idxd_iommu_exit(struct idxd_iommu *iommu)
{
	if (!iommu->registered)
		return;
	iommu->registered = false;
	iommu_device_unregister(&iommu->core);
	iommu_device_sysfs_remove(&iommu->core);
	fwnode_remove_software_node(iommu->fwnode);
}

u32 idxd_iommu_max_pasids(const struct idxd_iommu *iommu)
{
	return iommu->registered ? iommu->pdev->dev.iommu->max_pasids : 0;
}

u32 idxd_iommu_alloc_pasid(struct idxd_iommu *iommu)
{
	struct device *dev = &iommu->pdev->dev;
	u32 pasid = iommu_alloc_global_pasid(dev);

	if (pasid != IOMMU_PASID_INVALID)
		trace_idxd_res_leased(dev, "pasid", pasid,
				      atomic_inc_return(&iommu->nr_pasids));
	return pasid;
}

void idxd_iommu_free_pasid(struct idxd_iommu *iommu, u32 pasid)
{
	iommu_free_global_pasid(pasid);
	trace_idxd_res_released(&iommu->pdev->dev, "pasid", pasid,
				atomic_dec_return(&iommu->nr_pasids));
}

static void idxd_iommu_unlist_dev(struct idxd_iommu_dev *idev)
{
	scoped_guard(mutex, &idxd_iommu_devs_lock)
		list_del(&idev->node);
	kfree(idev);
}

struct idxd_iommu_dev *idxd_iommu_add_dev(struct idxd_iommu *iommu,
					  struct device *dev, u32 pasid)
{
	struct idxd_iommu_dev *idev = kzalloc(sizeof(*idev), GFP_KERNEL);
	int err;

	if (!idev)
		return ERR_PTR(-ENOMEM);
	idev->iommu = iommu;
	idev->dev = dev;
	idev->pasid = pasid;
	spin_lock_init(&idev->lock);
	scoped_guard(mutex, &idxd_iommu_devs_lock)
		list_add_tail(&idev->node, &idxd_iommu_devs);

	/*
	 * It asserts a mutex of the IOMMU core that is not exported, and
	 * that it does not need: nobody else knows the device yet.
	 */
	lockdep_off();
	err = iommu_fwspec_init(dev, iommu->fwnode);
	lockdep_on();
	if (err) {
		idxd_iommu_unlist_dev(idev);
		return ERR_PTR(err);
	}
	return idev;
}

void idxd_iommu_remove_dev(struct idxd_iommu_dev *idev)
{
	/* Still there only if the device was never added */
	iommu_fwspec_free(idev->dev);
	idxd_iommu_unlist_dev(idev);
}
