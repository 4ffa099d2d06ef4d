// SPDX-License-Identifier: GPL-2.0-only
/*
 * Gives a DSA address spaces for the probe (tests/qemu/probe/probe-pasid.c),
 * which has no driver: PASID p finds the first 8 GiB of physical memory at the
 * address (p mod 64) << 40, and once more 1 << 39 above that, read-only. It
 * touches no register of the device and knows nothing of it but its PCI ID.
 */
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/pci.h>

#define VIEW_SIZE	(8ULL << 30)
#define READ_ONLY	BIT_ULL(39)
#define NR_PASIDS	2

static unsigned int pasids[NR_PASIDS] = { 5, 0xfabc7 };
module_param_array(pasids, uint, NULL, 0444);
MODULE_PARM_DESC(pasids, "PASIDs that get an address space");

static struct iommu_domain *domains[NR_PASIDS];

static int probe_pasid_create(struct device *dev, unsigned int i)
{
	u64 at = (u64)(pasids[i] % 64) << 40;
	struct iommu_domain *domain;
	int ret;

	domain = iommu_paging_domain_alloc(dev);
	if (IS_ERR(domain))
		return PTR_ERR(domain);

	ret = iommu_attach_device_pasid(domain, dev, pasids[i], NULL);
	if (ret) {
		iommu_domain_free(domain);
		return ret;
	}
	domains[i] = domain;
	ret = iommu_map(domain, at, 0, VIEW_SIZE, IOMMU_READ | IOMMU_WRITE,
			GFP_KERNEL);
	if (ret)
		return ret;
	return iommu_map(domain, at + READ_ONLY, 0, VIEW_SIZE, IOMMU_READ,
			 GFP_KERNEL);
}

static void probe_pasid_remove(struct pci_dev *pdev)
{
	for (unsigned int i = 0; i < NR_PASIDS; i++) {
		if (!domains[i])
			continue;
		iommu_detach_device_pasid(domains[i], &pdev->dev, pasids[i]);
		iommu_domain_free(domains[i]);
		domains[i] = NULL;
	}
}

static int probe_pasid_probe(struct pci_dev *pdev,
			     const struct pci_device_id *id)
{
	int ret;

	if (domains[0])
		return -EBUSY;	/* one device is enough */
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	for (unsigned int i = 0; i < NR_PASIDS; i++) {
		ret = probe_pasid_create(&pdev->dev, i);
		if (ret) {
			probe_pasid_remove(pdev);
			return ret;
		}
	}
	return 0;
}

static const struct pci_device_id probe_pasid_ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, 0x11fb) },
	{ }
};

static struct pci_driver probe_pasid_driver = {
	.name = "probe_pasid",
	.id_table = probe_pasid_ids,
	.probe = probe_pasid_probe,
	.remove = probe_pasid_remove,
};
module_pci_driver(probe_pasid_driver);

MODULE_DESCRIPTION("Address spaces for the probe of the DSA model");
MODULE_LICENSE("GPL");
