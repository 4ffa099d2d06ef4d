// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stacked IOMMU and PASIDs (layer L2): domains.
 *
 * Every operation is forwarded to a paging domain of the real IOMMU through
 * exported functions of the IOMMU core, whatever page table format it has.
 * Takes no lock of its own: the IOMMU core holds the companion's group mutex
 * over attaching, and its callers serialise the rest.
 */
#include "iommu.h"

#include <linux/lockdep.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "compat.h"

/**
 * struct idxd_iommu_domain - a domain of a companion
 * @outer: as the IOMMU core and VFIO know it
 * @inner: the real IOMMU's
 * @coherent: the inner domain enforces cache coherency
 */
struct idxd_iommu_domain {
	struct iommu_domain outer;
	struct iommu_domain *inner;
	bool coherent;
};

static struct idxd_iommu_domain *idxd_iommu_domain(struct iommu_domain *outer)
{
	return container_of(outer, struct idxd_iommu_domain, outer);
}

/* Page sizes and aperture of the inner one are final at its first attach */
static void idxd_iommu_domain_copy_limits(struct idxd_iommu_domain *domain)
{
	domain->outer.pgsize_bitmap = domain->inner->pgsize_bitmap;
	domain->outer.geometry = domain->inner->geometry;
}

/*
 * The companion's group mutex is held, and the PCI function's is taken:
 * always in this order, but both are of one lockdep class and the core
 * exports no way to tell them apart.
 */
static int idxd_iommu_attach_pasid(struct idxd_iommu_dev *idev,
				   struct idxd_iommu_domain *domain)
{
	int err;

	lockdep_off();
	err = iommu_attach_device_pasid(domain->inner, &idev->iommu->pdev->dev,
					idev->pasid, NULL);
	lockdep_on();
	if (!err)
		idev->attached = domain;
	return err;
}

static void idxd_iommu_detach_pasid(struct idxd_iommu_dev *idev)
{
	if (!idev->attached)
		return;
	/* As in idxd_iommu_attach_pasid() */
	lockdep_off();
	iommu_detach_device_pasid(idev->attached->inner,
				  &idev->iommu->pdev->dev, idev->pasid);
	lockdep_on();
	idev->attached = NULL;
}

static int IDXD_IOMMU_ATTACH(idxd_iommu_domain_attach, outer, dev)
{
	struct idxd_iommu_domain *domain = idxd_iommu_domain(outer);
	struct idxd_iommu_dev *idev = dev_iommu_priv_get(dev);
	struct idxd_iommu_domain *prev = idev->attached;
	int err;

	if (prev == domain)
		return 0;
	idxd_iommu_detach_pasid(idev);
	err = idxd_iommu_attach_pasid(idev, domain);
	if (err) {
		/* The core expects a failed attach to change nothing */
		if (prev)
			idxd_iommu_attach_pasid(idev, prev);
		return err;
	}
	idxd_iommu_domain_copy_limits(domain);
	return 0;
}

static int IDXD_IOMMU_ATTACH(idxd_iommu_blocked_attach, outer, dev)
{
	idxd_iommu_detach_pasid(dev_iommu_priv_get(dev));
	return 0;
}

static const struct iommu_domain_ops idxd_iommu_blocked_ops = {
	.attach_dev = idxd_iommu_blocked_attach,
};

struct iommu_domain idxd_iommu_blocked_domain = {
	.type = IOMMU_DOMAIN_BLOCKED,
	.ops = &idxd_iommu_blocked_ops,
};

static int idxd_iommu_domain_map(struct iommu_domain *outer,
				 unsigned long iova, phys_addr_t paddr,
				 size_t pgsize, size_t pgcount, int prot,
				 gfp_t gfp, size_t *mapped)
{
	int err;

	err = iommu_map(idxd_iommu_domain(outer)->inner, iova, paddr,
			pgsize * pgcount, prot, gfp);
	if (!err)
		*mapped = pgsize * pgcount;
	return err;
}

static size_t idxd_iommu_domain_unmap(struct iommu_domain *outer,
				      unsigned long iova, size_t pgsize,
				      size_t pgcount,
				      struct iommu_iotlb_gather *gather)
{
	return iommu_unmap_fast(idxd_iommu_domain(outer)->inner, iova,
				pgsize * pgcount, gather);
}

static void idxd_iommu_domain_flush(struct iommu_domain *outer)
{
	iommu_flush_iotlb_all(idxd_iommu_domain(outer)->inner);
}

/* Not iommu_iotlb_sync(): it starts the gather anew, which our caller does */
static void idxd_iommu_domain_sync(struct iommu_domain *outer,
				   struct iommu_iotlb_gather *gather)
{
	struct iommu_domain *inner = idxd_iommu_domain(outer)->inner;

	if (inner->ops->iotlb_sync)
		inner->ops->iotlb_sync(inner, gather);
}

static phys_addr_t idxd_iommu_domain_iova_to_phys(struct iommu_domain *outer,
						  dma_addr_t iova)
{
	return iommu_iova_to_phys(idxd_iommu_domain(outer)->inner, iova);
}

static bool idxd_iommu_domain_enforce_coherency(struct iommu_domain *outer)
{
	return idxd_iommu_domain(outer)->coherent;
}

static void idxd_iommu_domain_free(struct iommu_domain *outer)
{
	struct idxd_iommu_domain *domain = idxd_iommu_domain(outer);

	iommu_domain_free(domain->inner);
	kfree(domain);
}

const struct iommu_domain_ops idxd_iommu_domain_ops = {
	.attach_dev = idxd_iommu_domain_attach,
	.map_pages = idxd_iommu_domain_map,
	.unmap_pages = idxd_iommu_domain_unmap,
	.flush_iotlb_all = idxd_iommu_domain_flush,
	.iotlb_sync = idxd_iommu_domain_sync,
	.iova_to_phys = idxd_iommu_domain_iova_to_phys,
	.enforce_cache_coherency = idxd_iommu_domain_enforce_coherency,
	.free = idxd_iommu_domain_free,
};

struct iommu_domain *idxd_iommu_alloc_domain(struct device *dev)
{
	struct idxd_iommu_dev *idev = dev_iommu_priv_get(dev);
	struct device *pf = &idev->iommu->pdev->dev;
	struct idxd_iommu_domain *domain;
	struct iommu_domain *inner;

	domain = kzalloc(sizeof(*domain), GFP_KERNEL);
	if (!domain)
		return ERR_PTR(-ENOMEM);
	inner = iommu_paging_domain_alloc(pf);
	if (IS_ERR(inner)) {
		kfree(domain);
		return inner;
	}
	domain->inner = inner;
	domain->outer.ops = &idxd_iommu_domain_ops;
	/*
	 * Before anything is mapped or attached: later the inner one would
	 * look only at devices that are attached without a PASID.
	 */
	if (device_iommu_capable(pf, IOMMU_CAP_ENFORCE_CACHE_COHERENCY) &&
	    inner->ops->enforce_cache_coherency)
		domain->coherent = inner->ops->enforce_cache_coherency(inner);
	idxd_iommu_domain_copy_limits(domain);
	return &domain->outer;
}
