/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stacked IOMMU and PASIDs (layer L2).
 *
 * To the IOMMU core this module is an IOMMU driver whose devices are the
 * companions of subfunctions. A domain of ours wraps a paging domain of the
 * real IOMMU, and attaching a companion to it attaches (PCI function, PASID)
 * to the inner one.
 */
#ifndef IDXD_IOMMU_H
#define IDXD_IOMMU_H

#include <linux/atomic.h>
#include <linux/iommu.h>
#include <linux/list.h>
#include <linux/spinlock.h>

struct fwnode_handle;
struct idxd_iommu_domain;
struct pci_dev;

/**
 * struct idxd_iommu - the stacked IOMMU of one PCI function
 * @core: as the IOMMU core knows it
 * @pdev: the PCI function
 * @fwnode: by which a companion's fwspec names it
 * @registered: it exists; not so without a usable IOMMU
 * @nr_pasids: PASIDs in use
 */
struct idxd_iommu {
	struct iommu_device core;
	struct pci_dev *pdev;
	struct fwnode_handle *fwnode;
	bool registered;
	atomic_t nr_pasids;
};

/**
 * struct idxd_iommu_dev - one companion
 * @node: in the list of all companions
 * @iommu: its stacked IOMMU
 * @dev: the platform device
 * @pasid: of the subfunction
 * @lock: protects @attached for idxd_iommu_write()
 * @attached: domain that (PCI function, PASID) is attached to, or NULL;
 *	changed under the companion's group mutex, which the IOMMU core holds,
 *	and @lock, read under one of them
 */
struct idxd_iommu_dev {
	struct list_head node;
	struct idxd_iommu *iommu;
	struct device *dev;
	u32 pasid;
	spinlock_t lock; /* protects @attached */
	struct idxd_iommu_domain *attached;
};

/**
 * idxd_iommu_init() - create the stacked IOMMU of a PCI function
 * @iommu: to be filled
 * @pdev: the PCI function; its own IOMMU driver has enabled PASIDs
 *
 * Does nothing where there is none below, or no PASID. Pairs with
 * idxd_iommu_exit().
 *
 * Return: 0 or a negative error.
 */
int idxd_iommu_init(struct idxd_iommu *iommu, struct pci_dev *pdev);

/**
 * idxd_iommu_exit() - remove the stacked IOMMU
 * @iommu: no companion is left; a zeroed one is fine
 */
void idxd_iommu_exit(struct idxd_iommu *iommu);

/**
 * idxd_iommu_check() - can a subfunction be active?
 * @iommu: the stacked IOMMU
 * @why: if it cannot, a sentence for extack
 *
 * Return: 0, -EOPNOTSUPP if no attempt will succeed, or the error of this one.
 */
int idxd_iommu_check(struct idxd_iommu *iommu, const char **why);

/**
 * idxd_iommu_max_pasids() - how many PASIDs there can be
 * @iommu: the stacked IOMMU
 *
 * They are shared with all devices of the machine.
 *
 * Return: their number, 0 without a usable IOMMU.
 */
u32 idxd_iommu_max_pasids(const struct idxd_iommu *iommu);

/**
 * idxd_iommu_alloc_pasid() - allocate a PASID, unique over all devices
 * @iommu: the stacked IOMMU, registered
 *
 * Pairs with idxd_iommu_free_pasid().
 *
 * Return: the PASID or IOMMU_PASID_INVALID.
 */
u32 idxd_iommu_alloc_pasid(struct idxd_iommu *iommu);

/**
 * idxd_iommu_free_pasid() - free a PASID
 * @iommu: the stacked IOMMU
 * @pasid: attached to nothing
 */
void idxd_iommu_free_pasid(struct idxd_iommu *iommu, u32 pasid);

/**
 * idxd_iommu_add_dev() - make a device a companion
 * @iommu: the stacked IOMMU, registered
 * @dev: a device that is not added yet
 * @pasid: of its subfunction
 *
 * When the device is added, the bus notifier of the IOMMU core finds us by
 * its fwspec. Pairs with idxd_iommu_remove_dev().
 *
 * Return: the companion, or an ERR_PTR.
 */
struct idxd_iommu_dev *idxd_iommu_add_dev(struct idxd_iommu *iommu,
					  struct device *dev, u32 pasid);

/**
 * idxd_iommu_remove_dev() - forget a companion
 * @idev: the companion; its device was deleted, or adding it failed
 */
void idxd_iommu_remove_dev(struct idxd_iommu_dev *idev);

/**
 * idxd_iommu_write() - write where the subfunction's DMA could
 * @idev: its companion
 * @iova: address as the device would give it
 * @data: what to write
 * @size: bytes; they must not cross a page
 *
 * The CPU writes to the memory that is mapped at @iova at this moment, if the
 * device may write there and if it is ordinary memory. No lock is held that
 * anybody holds for long, so it never waits for a user. Any context but hard
 * interrupts.
 *
 * Return: 0; -EFAULT if the device could not write there; -EAGAIN while
 * mappings change, which only the user's own doing prolongs; -EINVAL.
 */
int idxd_iommu_write(struct idxd_iommu_dev *idev, u64 iova, const void *data,
		     size_t size);

/**
 * idxd_iommu_alloc_domain() - iommu_ops.domain_alloc_paging
 * @dev: a companion
 *
 * Return: a domain around one of the PCI function's, or an ERR_PTR.
 */
struct iommu_domain *idxd_iommu_alloc_domain(struct device *dev);

/* In which a companion is when no user has it: its PASID is detached */
extern struct iommu_domain idxd_iommu_blocked_domain;
/* What can be done with a domain of idxd_iommu_alloc_domain() */
extern const struct iommu_domain_ops idxd_iommu_domain_ops;

#endif /* IDXD_IOMMU_H */
