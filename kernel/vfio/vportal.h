/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BAR2 of a virtual DSA: the portal pages of the leased WQ, mapped into the
 * user (layer V1).
 *
 * Pages are inserted on fault and only while the portals are allowed: from
 * a successful open to close, halt or loss of the device. A zap removes
 * every mapping, also those a fork inherited; while the portals are not
 * allowed the next touch is a SIGBUS, and never reaches a WQ that meanwhile
 * belongs to somebody else. A VFIO reset or a function level reset zaps
 * too, but the next touch maps the page again. A guest that disables or
 * resets its own WQ keeps its pages: the hardware drops descriptors for a
 * disabled WQ, and a fault would kill the VM.
 */
#ifndef IDXD_VPORTAL_H
#define IDXD_VPORTAL_H

#include <linux/mutex.h>
#include <linux/types.h>

struct address_space;
struct vm_area_struct;

/**
 * struct idxd_vportal - the portals of one virtual device
 * @lock: protects @allowed, and orders inserting a page against a zap.
 *	Taken under mmap_lock by the fault handler, so nothing that touches
 *	user memory may be done while it is held.
 * @allowed: a fault may insert pages
 * @page: physical address of the unlimited [0] and of the limited [1] portal
 * @mapping: of the VFIO device's files
 * @nr_zaps: times the pages were removed, for the statistics
 */
struct idxd_vportal {
	struct mutex lock; /* protects @allowed and inserting pages */
	bool allowed;
	phys_addr_t page[2];
	struct address_space *mapping;
	u64 nr_zaps;
};

/**
 * idxd_vportal_init() - portals of a device nobody has open
 * @vp: the portals
 * @page: physical addresses of the unlimited and of the limited portal
 * @mapping: of the VFIO device's files
 */
void idxd_vportal_init(struct idxd_vportal *vp, const phys_addr_t page[2],
		       struct address_space *mapping);

/**
 * idxd_vportal_exit() - the device goes
 * @vp: the portals, revoked
 */
void idxd_vportal_exit(struct idxd_vportal *vp);

/**
 * idxd_vportal_allow() - from now on a touch maps the page
 * @vp: the portals
 */
void idxd_vportal_allow(struct idxd_vportal *vp);

/**
 * idxd_vportal_revoke() - remove all mappings, a touch is SIGBUS
 * @vp: the portals
 *
 * Sleeps. When it returns no store can reach the portals any more.
 */
void idxd_vportal_revoke(struct idxd_vportal *vp);

/**
 * idxd_vportal_zap() - remove all mappings; a touch maps them again
 * @vp: the portals
 *
 * Sleeps. Whether a touch is allowed is left as it is.
 */
void idxd_vportal_zap(struct idxd_vportal *vp);

/**
 * idxd_vportal_mmap() - map a part of BAR2
 * @vp: the portals
 * @vma: shared; its offset in BAR2 is @pgoff
 * @pgoff: first page, in pages from the start of BAR2
 *
 * Return: 0 or -EINVAL.
 */
int idxd_vportal_mmap(struct idxd_vportal *vp, struct vm_area_struct *vma,
		      unsigned long pgoff);

#endif /* IDXD_VPORTAL_H */
