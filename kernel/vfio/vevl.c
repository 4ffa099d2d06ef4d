// SPDX-License-Identifier: GPL-2.0-only
/*
 * Event log of a virtual DSA (layer V1, pure).
 */
#include "vevl.h"

#include <linux/bitfield.h>
#include <linux/string.h>

/* Errors whose meaning depends on more than the code */
#define VEVL_ERR_INVALID_FLAGS	0x11
#define VEVL_ERR_RECORD_FAULT	0x1a

/* Of an entry's first word: the second one has details of the error */
#define VEVL_ENTRY0_INFO_VALID	BIT_ULL(7)
/* What SWERR and an entry have in the same place */
#define VEVL_ENTRY0_SAME	(IDXD_SWERR0_DESC_VALID | \
				 IDXD_SWERR0_WQ_VALID | IDXD_SWERR0_BATCH | \
				 IDXD_SWERR0_FAULT_WRITE | \
				 IDXD_SWERR0_PRIV | IDXD_SWERR0_ERROR | \
				 IDXD_SWERR0_OPERATION)

/**
 * struct idxd_vevl - the log as its registers describe it
 * @size: entries
 * @head: the first that software has not seen
 * @tail: the next to be written
 */
struct idxd_vevl {
	u32 size;
	u32 head;
	u32 tail;
};

static struct idxd_vevl idxd_vevl_read(const struct idxd_vregs *vr)
{
	u64 cfg = idxd_vregs_get64(vr, IDXD_EVLCFG1_OFF);
	u64 sts = idxd_vregs_get64(vr, IDXD_EVLSTS_OFF);

	return (struct idxd_vevl) {
		.size = FIELD_GET(IDXD_EVLCFG1_SIZE, cfg),
		.head = FIELD_GET(IDXD_EVLSTS_HEAD, sts),
		.tail = FIELD_GET(IDXD_EVLSTS_TAIL, sts),
	};
}

static bool idxd_vevl_enabled(const struct idxd_vregs *vr)
{
	return idxd_vregs_get(vr, IDXD_GENCFG_OFF) & IDXD_GENCFG_EVL_EN;
}

bool idxd_vevl_config_ok(const struct idxd_vregs *vr)
{
	if (!idxd_vevl_enabled(vr))
		return true;
	if (idxd_vregs_get64(vr, IDXD_EVLCFG0_OFF) & IDXD_EVLCFG0_PASID_EN)
		return false;
	return idxd_vevl_read(vr).size >= IDXD_EVL_MIN_ENTRIES;
}

bool idxd_vevl_next(const struct idxd_vregs *vr,
		    const u64 swerr[IDXD_SWERR_NR_WORDS], u64 *addr)
{
	u64 base = idxd_vregs_get64(vr, IDXD_EVLCFG0_OFF) & IDXD_EVLCFG0_BASE;
	struct idxd_vevl evl = idxd_vevl_read(vr);

	if (!idxd_vevl_enabled(vr) ||
	    idxd_vregs_state(vr) == IDXD_DEV_DISABLED)
		return false;
	if (FIELD_GET(IDXD_SWERR0_ERROR, swerr[0]) == VEVL_ERR_RECORD_FAULT)
		return false;
	/* The size cannot change while the log is on, the head may be nonsense */
	if (evl.tail >= evl.size || (evl.tail + 1) % evl.size == evl.head)
		return false;
	*addr = base + (u64)evl.tail * IDXD_VEVL_ENTRY_SIZE;
	return true;
}

void idxd_vevl_encode(const u64 swerr[IDXD_SWERR_NR_WORDS],
		      u64 entry[IDXD_VEVL_ENTRY_WORDS])
{
	u64 word0 = swerr[0] & VEVL_ENTRY0_SAME;
	u64 word1 = swerr[1] & IDXD_SWERR1_BATCH_INDEX;

	if (FIELD_GET(IDXD_SWERR0_ERROR, word0) == VEVL_ERR_INVALID_FLAGS) {
		word0 |= VEVL_ENTRY0_INFO_VALID;
		word1 |= swerr[1] & IDXD_SWERR1_INVALID_FLAGS;
	}
	memset(entry, 0, IDXD_VEVL_ENTRY_SIZE);
	entry[0] = word0;
	entry[1] = word1;
	entry[2] = swerr[2];
}

bool idxd_vevl_advance(struct idxd_vregs *vr)
{
	u64 sts = idxd_vregs_get64(vr, IDXD_EVLSTS_OFF);
	struct idxd_vevl evl = idxd_vevl_read(vr);
	bool pending = sts & IDXD_EVLSTS_INT_PENDING;

	sts &= ~IDXD_EVLSTS_TAIL;
	sts |= IDXD_EVLSTS_INT_PENDING |
	       FIELD_PREP(IDXD_EVLSTS_TAIL, (evl.tail + 1) % evl.size);
	idxd_vregs_set64(vr, IDXD_EVLSTS_OFF, sts);
	return !pending && idxd_vregs_raise(vr, IDXD_INTCAUSE_EVL);
}
