// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stacked IOMMU and PASIDs (layer L2): domains.
 *
 * Every operation is forwarded to a paging domain of the real IOMMU through
 * exported functions of the IOMMU core, whatever page table format it has.
 * The IOMMU core holds the companion's group mutex over attaching, and its
 * callers serialise map and unmap. The locks here only keep idxd_iommu_write()
 * apart from both.
 */
#include "iommu.h"

#include <linux/highmem.h>
#include <linux/lockdep.h>
#include <linux/maple_tree.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "compat.h"

/**
 * struct idxd_iommu_domain - a domain of a companion
 * @outer: as the IOMMU core and VFIO know it
 * @inner: the real IOMMU's
 * @coherent: the inner domain enforces cache coherency
 * @lock: held while the CPU writes to what is mapped, and where @nr_changes
 *	grows. Inside idxd_iommu_dev.lock
 * @nr_changes: calls of map and unmap that run
 * @no_write: page numbers of IOVAs whose last mapping was not writable, as
 *	page tables can only be asked for the address. What is no longer
 *	mapped may be among them
 */
struct idxd_iommu_domain {
	struct iommu_domain outer;
	struct iommu_domain *inner;
	bool coherent;
	spinlock_t lock; /* keeps writes of the CPU apart from changes */
	atomic_t nr_changes;
	struct maple_tree no_write;
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

static void idxd_iommu_set_attached(struct idxd_iommu_dev *idev,
				    struct idxd_iommu_domain *domain)
{
	spin_lock(&idev->lock);
	idev->attached = domain;
	spin_unlock(&idev->lock);
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
		idxd_iommu_set_attached(idev, domain);
	return err;
}

static void idxd_iommu_detach_pasid(struct idxd_iommu_dev *idev)
{
	struct idxd_iommu_domain *domain = idev->attached;

	if (!domain)
		return;
	idxd_iommu_set_attached(idev, NULL);
	/* As in idxd_iommu_attach_pasid() */
	lockdep_off();
	iommu_detach_device_pasid(domain->inner, &idev->iommu->pdev->dev,
				  idev->pasid);
	lockdep_on();
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

/*
 * Map and unmap free page tables that a walk could be in, and after unmap the
 * pages go back to their owner. So a write waits for neither: it is refused
 * while one of them runs, and what begins later waits for the write.
 */
static void idxd_iommu_change_begin(struct idxd_iommu_domain *domain)
{
	spin_lock(&domain->lock);
	atomic_inc(&domain->nr_changes);
	spin_unlock(&domain->lock);
}

/* Pairs with idxd_iommu_domain_write_locked(), which sees all of the change */
static void idxd_iommu_change_end(struct idxd_iommu_domain *domain)
{
	atomic_dec_return_release(&domain->nr_changes);
}

/*
 * There is no mark, and none to be made: nearly always, and the only case that
 * has to be quick
 */
static bool idxd_iommu_unmarked(struct idxd_iommu_domain *domain, int prot)
{
	return (prot & (IOMMU_WRITE | IOMMU_MMIO)) == IOMMU_WRITE &&
	       mtree_empty(&domain->no_write);
}

/* Before the mapping exists: nobody may find it without its mark */
static int idxd_iommu_mark(struct idxd_iommu_domain *domain,
			   unsigned long iova, size_t size, int prot,
			   gfp_t gfp)
{
	bool writable = prot & IOMMU_WRITE && !(prot & IOMMU_MMIO);
	unsigned long first = iova >> PAGE_SHIFT;
	unsigned long last = (iova + size - 1) >> PAGE_SHIFT;
	unsigned long index = first;

	if (writable && !mt_find(&domain->no_write, &index, last))
		return 0;
	return mtree_store_range(&domain->no_write, first, last,
				 writable ? NULL : xa_mk_value(1), gfp);
}

static int idxd_iommu_domain_map(struct iommu_domain *outer,
				 unsigned long iova, phys_addr_t paddr,
				 size_t pgsize, size_t pgcount, int prot,
				 gfp_t gfp, size_t *mapped)
{
	struct idxd_iommu_domain *domain = idxd_iommu_domain(outer);
	struct iommu_domain *inner = domain->inner;
	size_t size = pgsize * pgcount;
	int err;

	if (!idxd_iommu_unmarked(domain, prot)) {
		err = idxd_iommu_mark(domain, iova, size, prot, gfp);
		if (err)
			return err;
	}
	idxd_iommu_change_begin(domain);
	if (inner->ops->map_pages) {
		/* Checked and cut into page sizes, which are the inner one's */
		err = inner->ops->map_pages(inner, iova, paddr, pgsize, pgcount,
					    prot, gfp, mapped);
	} else {
		err = iommu_map(inner, iova, paddr, size, prot, gfp);
		*mapped = err ? 0 : size;
	}
	idxd_iommu_change_end(domain);
	return err;
}

/* After all that one call of iommu_map() maps */
static int idxd_iommu_domain_sync_map(struct iommu_domain *outer,
				      unsigned long iova, size_t size)
{
	struct iommu_domain *inner = idxd_iommu_domain(outer)->inner;

	/* Without map_pages, iommu_map() has done it for the inner one */
	if (!inner->ops->map_pages || !inner->ops->iotlb_sync_map)
		return 0;
	return inner->ops->iotlb_sync_map(inner, iova, size);
}

static size_t idxd_iommu_domain_unmap(struct iommu_domain *outer,
				      unsigned long iova, size_t pgsize,
				      size_t pgcount,
				      struct iommu_iotlb_gather *gather)
{
	struct idxd_iommu_domain *domain = idxd_iommu_domain(outer);
	size_t unmapped;

	idxd_iommu_change_begin(domain);
	unmapped = iommu_unmap_fast(domain->inner, iova, pgsize * pgcount,
				    gather);
	idxd_iommu_change_end(domain);
	/* A mark that stays for want of memory does no harm */
	if (unmapped && !idxd_iommu_unmarked(domain, IOMMU_WRITE))
		idxd_iommu_mark(domain, iova, unmapped, IOMMU_WRITE,
				GFP_ATOMIC | __GFP_NOWARN);
	return unmapped;
}

/* Not memory of another device, which can be mapped too */
static struct page *idxd_iommu_ram_page(phys_addr_t paddr)
{
	unsigned long pfn = PHYS_PFN(paddr);
	struct page *page;

	if (!paddr || !pfn_valid(pfn))
		return NULL;
	page = pfn_to_page(pfn);
	return PageReserved(page) || is_zone_device_page(page) ? NULL : page;
}

static int idxd_iommu_domain_write_locked(struct idxd_iommu_domain *domain,
					  u64 iova, const void *data,
					  size_t size)
{
	struct page *page;

	lockdep_assert_held(&domain->lock);
	/* Pairs with idxd_iommu_change_end() */
	if (atomic_read_acquire(&domain->nr_changes))
		return -EAGAIN;
	if (iova > domain->outer.geometry.aperture_end ||
	    mtree_load(&domain->no_write, iova >> PAGE_SHIFT))
		return -EFAULT;
	page = idxd_iommu_ram_page(iommu_iova_to_phys(domain->inner, iova));
	if (!page)
		return -EFAULT;
	memcpy_to_page(page, offset_in_page(iova), data, size);
	return 0;
}

int idxd_iommu_write(struct idxd_iommu_dev *idev, u64 iova, const void *data,
		     size_t size)
{
	struct idxd_iommu_domain *domain;
	int err = -EFAULT;

	if (!size || offset_in_page(iova) + size > PAGE_SIZE)
		return -EINVAL;
	/* Over all of it: a domain is freed only after it was detached */
	spin_lock(&idev->lock);
	domain = idev->attached;
	if (domain) {
		spin_lock(&domain->lock);
		err = idxd_iommu_domain_write_locked(domain, iova, data, size);
		spin_unlock(&domain->lock);
	}
	spin_unlock(&idev->lock);
	return err;
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

	mtree_destroy(&domain->no_write);
	iommu_domain_free(domain->inner);
	kfree(domain);
}

const struct iommu_domain_ops idxd_iommu_domain_ops = {
	.attach_dev = idxd_iommu_domain_attach,
	.map_pages = idxd_iommu_domain_map,
	.unmap_pages = idxd_iommu_domain_unmap,
	.flush_iotlb_all = idxd_iommu_domain_flush,
	.iotlb_sync_map = idxd_iommu_domain_sync_map,
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
	spin_lock_init(&domain->lock);
	/* Looked at while others change it */
	mt_init_flags(&domain->no_write, MT_FLAGS_USE_RCU);
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
