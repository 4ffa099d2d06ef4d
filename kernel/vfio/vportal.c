// SPDX-License-Identifier: GPL-2.0-only
/*
 * BAR2 of a virtual DSA: the portal pages of the leased WQ, mapped into the
 * user (layer V1).
 *
 * The guest sees four pages, the MSI-X portals 0 and 1 and the IMS portals
 * 2 and 3; behind both pairs are the IMS portals of the hardware, where a
 * descriptor's interrupt handle is an IMS slot. The mapping is VM_MIXEDMAP
 * and not VM_PFNMAP although its pages are used without their struct: VFIO
 * type1 would pin the pages of a VM_PFNMAP mapping into an IOMMU domain, where
 * they outlive the zap and let the DMA of another subfunction reach this portal.
 */
#include "vportal.h"

#include <linux/highmem.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pfn_t.h>

#include "idxd_regs.h"

static vm_fault_t idxd_vportal_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct idxd_vportal *vp = vma->vm_private_data;
	phys_addr_t page = 0;

	guard(mutex)(&vp->lock);
	switch (vp->state) {
	case IDXD_VPORTAL_REVOKED:
		return VM_FAULT_SIGBUS;
	case IDXD_VPORTAL_ALLOWED:
		/* Even pages are unlimited portals, odd ones limited */
		page = vp->page[vmf->pgoff & 1];
		break;
	case IDXD_VPORTAL_PARKED:
		page = page_to_phys(vp->parking);
		break;
	}
	return vmf_insert_mixed(vma, vmf->address,
				phys_to_pfn_t(page, PFN_DEV));
}

static const struct vm_operations_struct idxd_vportal_vm_ops = {
	.fault = idxd_vportal_fault,
};

int idxd_vportal_mmap(struct idxd_vportal *vp, struct vm_area_struct *vma,
		      unsigned long pgoff)
{
	unsigned long nr_pages = vma_pages(vma);

	if (!(vma->vm_flags & VM_SHARED) || vma->vm_flags & VM_EXEC)
		return -EINVAL;
	if (nr_pages > IDXD_PORTAL_NR_PAGES ||
	    pgoff > IDXD_PORTAL_NR_PAGES - nr_pages)
		return -EINVAL;
	vma->vm_private_data = vp;
	vma->vm_ops = &idxd_vportal_vm_ops;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	vm_flags_set(vma, VM_IO | VM_MIXEDMAP | VM_DONTEXPAND | VM_DONTDUMP);
	vm_flags_clear(vma, VM_MAYEXEC);
	return 0;
}

static void idxd_vportal_unmap_locked(struct idxd_vportal *vp)
{
	lockdep_assert_held(&vp->lock);
	/* The files of the device have no other mappings than these */
	unmap_mapping_range(vp->mapping, 0, 0, true);
	vp->nr_zaps++;
}

static void idxd_vportal_set_state(struct idxd_vportal *vp,
				   enum idxd_vportal_state state)
{
	guard(mutex)(&vp->lock);
	/* Opening is no zap: there are no mappings yet */
	if (vp->state != IDXD_VPORTAL_REVOKED ||
	    state != IDXD_VPORTAL_ALLOWED)
		idxd_vportal_unmap_locked(vp);
	/* What this user stored there is not the next one's to read */
	if (state == IDXD_VPORTAL_REVOKED)
		clear_highpage(vp->parking);
	vp->state = state;
}

void idxd_vportal_allow(struct idxd_vportal *vp)
{
	idxd_vportal_set_state(vp, IDXD_VPORTAL_ALLOWED);
}

void idxd_vportal_park(struct idxd_vportal *vp)
{
	idxd_vportal_set_state(vp, IDXD_VPORTAL_PARKED);
}

void idxd_vportal_revoke(struct idxd_vportal *vp)
{
	idxd_vportal_set_state(vp, IDXD_VPORTAL_REVOKED);
}

void idxd_vportal_zap(struct idxd_vportal *vp)
{
	guard(mutex)(&vp->lock);
	idxd_vportal_unmap_locked(vp);
}

int idxd_vportal_init(struct idxd_vportal *vp, const phys_addr_t page[2],
		      struct address_space *mapping)
{
	mutex_init(&vp->lock);
	/* One for each device: what a user stores there he may read again */
	vp->parking = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!vp->parking)
		return -ENOMEM;
	vp->page[0] = page[0];
	vp->page[1] = page[1];
	vp->mapping = mapping;
	return 0;
}

void idxd_vportal_exit(struct idxd_vportal *vp)
{
	if (vp->parking)
		__free_page(vp->parking);
	mutex_destroy(&vp->lock);
}
