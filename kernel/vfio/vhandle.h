/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt handles of a guest (layer V0, pure): which MSI-X entries it holds one
 * for, and which of those it had were revoked. Requests none of the host's.
 */
#ifndef IDXD_VHANDLE_H
#define IDXD_VHANDLE_H

#include <linux/idxd_sf.h>
#include <linux/types.h>

/* Entry 0 has no handle */
#define IDXD_VHANDLE_NR		(1 + IDXD_SF_MAX_IO_EQS_MAX)

/**
 * struct idxd_vhandles - handles of one guest; zeroed: none
 * @held: bit n: it holds one for MSI-X entry n
 * @owed: bit n: that of entry n was revoked, and it has not asked for another
 * @old: bit n: one of entry n was revoked, however long ago
 * @value: the handles of @held
 * @was: the last ones of @old
 */
struct idxd_vhandles {
	u32 held;
	u32 owed;
	u32 old;
	u16 value[IDXD_VHANDLE_NR];
	u16 was[IDXD_VHANDLE_NR];
};

/**
 * idxd_vhandle_reset() - forget all, those revoked too
 * @vh: the handles
 */
void idxd_vhandle_reset(struct idxd_vhandles *vh);

/**
 * idxd_vhandle_give() - the guest asked for one
 * @vh: the handles
 * @index: MSI-X entry, 1 to IDXD_VHANDLE_NR - 1
 * @value: the handle
 */
void idxd_vhandle_give(struct idxd_vhandles *vh, unsigned int index, u16 value);

/**
 * idxd_vhandle_take() - the guest released one
 * @vh: the handles
 * @index: MSI-X entry, held
 */
void idxd_vhandle_take(struct idxd_vhandles *vh, unsigned int index);

/**
 * idxd_vhandle_revoke() - all were revoked
 * @vh: the handles
 *
 * Return: those that were held, a bit each.
 */
u32 idxd_vhandle_revoke(struct idxd_vhandles *vh);

/**
 * idxd_vhandle_find() - the MSI-X entry of a handle
 * @vh: the handles
 * @handle: as a guest names it, may be anything
 *
 * Return: the entry; 0 if the guest does not hold the handle.
 */
unsigned int idxd_vhandle_find(const struct idxd_vhandles *vh, u32 handle);

/**
 * idxd_vhandle_find_old() - the MSI-X entry that a revoked handle was of
 * @vh: the handles
 * @handle: as a guest names it, may be anything
 *
 * Knows the last one of each entry.
 *
 * Return: the entry; 0 for none.
 */
unsigned int idxd_vhandle_find_old(const struct idxd_vhandles *vh, u32 handle);

#endif /* IDXD_VHANDLE_H */
