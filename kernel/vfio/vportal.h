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
struct page;
struct vm_area_struct;

/**
 * enum idxd_vportal_state - what a touch of an unmapped page does
 * @IDXD_VPORTAL_REVOKED: SIGBUS
 * @IDXD_VPORTAL_ALLOWED: maps the portal
 * @IDXD_VPORTAL_PARKED: maps memory that nobody reads, as a halted device
 *	drops descriptors
 */
enum idxd_vportal_state {
	IDXD_VPORTAL_REVOKED,
	IDXD_VPORTAL_ALLOWED,
	IDXD_VPORTAL_PARKED,
};

/**
 * struct idxd_vportal - the portals of one virtual device
 * @lock: protects @state, and orders inserting a page against a zap.
 *	Taken under mmap_lock by the fault handler, so nothing that touches
 *	user memory may be done while it is held.
 * @state: which pages a fault inserts
 * @page: physical address of the unlimited [0] and of the limited [1] portal
 * @parking: memory that takes stores while the hardware does not
 * @mapping: of the VFIO device's files
 * @nr_zaps: times the pages were removed, for the statistics
 */
struct idxd_vportal {
	struct mutex lock; /* protects @state and inserting pages */
	enum idxd_vportal_state state;
	phys_addr_t page[2];
	struct page *parking;
	struct address_space *mapping;
	u64 nr_zaps;
};

/**
 * idxd_vportal_init() - portals of a device nobody has open
 * @vp: the portals
 * @page: physical addresses of the unlimited and of the limited portal
 * @mapping: of the VFIO device's files
 *
 * Pairs with idxd_vportal_exit().
 *
 * Return: 0 or -ENOMEM.
 */
int idxd_vportal_init(struct idxd_vportal *vp, const phys_addr_t page[2],
		      struct address_space *mapping);

/**
 * idxd_vportal_exit() - the device goes
 * @vp: the portals, revoked; those of a failed idxd_vportal_init() are fine
 */
void idxd_vportal_exit(struct idxd_vportal *vp);

/**
 * idxd_vportal_allow() - remove all mappings, a touch maps the portal
 * @vp: the portals
 *
 * Sleeps.
 */
void idxd_vportal_allow(struct idxd_vportal *vp);

/**
 * idxd_vportal_park() - remove all mappings, a touch maps memory instead
 * @vp: the portals
 *
 * For a device that does not take descriptors for a while: a SIGBUS would end
 * the whole VM for what the guest's driver cannot know yet. Sleeps. When it
 * returns no store can reach the portals any more.
 */
void idxd_vportal_park(struct idxd_vportal *vp);

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
