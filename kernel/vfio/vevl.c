// SPDX-License-Identifier: GPL-2.0-only
/*
 * Event log of a virtual DSA (layer V1, pure).
 */
#include "vevl.h"

#include <linux/bitfield.h>
#include <linux/string.h>

/* What an entry has in the same place as SWERR, and what of it is the guest's */
#define VEVL_ENTRY0_SAME	(IDXD_SWERR0_DESC_VALID | \
				 IDXD_SWERR0_WQ_VALID | IDXD_SWERR0_BATCH | \
				 IDXD_SWERR0_FAULT_WRITE | \
				 IDXD_SWERR0_PRIV | IDXD_SWERR0_ERROR | \
				 IDXD_SWERR0_OPERATION)
#define VEVL_ENTRY0_LOGGED	(VEVL_ENTRY0_SAME | IDXD_EVL0_INFO_VALID | \
				 IDXD_EVL0_BATCH_ID)

#define VEVL_ENTRY1_DETAILS	(IDXD_EVL1_BATCH_INDEX | IDXD_EVL1_HANDLE | \
				 IDXD_EVL1_RCI | IDXD_EVL1_RCR | \
				 IDXD_EVL1_FIRST_IN_BATCH | IDXD_EVL1_OPERAND)

/* Of a completion record's first word */
#define VEVL_RECORD_STATUS	GENMASK_ULL(7, 0)
#define VEVL_RECORD_RESULT	GENMASK_ULL(15, 8)
#define VEVL_STATUS_SUCCESS	0x01
#define VEVL_STATUS_BATCH_FAIL	0x05

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

static u8 idxd_vevl_code(const struct idxd_error *error)
{
	return FIELD_GET(IDXD_SWERR0_ERROR, error->swerr[0]);
}

/* Return: software has to know the record to do something about it */
static bool idxd_vevl_needs_record(const struct idxd_error *error)
{
	switch (idxd_vevl_code(error)) {
	case IDXD_ERR_RECORD_FAULT:
	case IDXD_ERR_DRAIN_LOGGED:
	case IDXD_ERR_BATCH_LOGGED:
		return true;
	}
	return false;
}

bool idxd_vevl_next(const struct idxd_vregs *vr, const struct idxd_error *error,
		    u64 *addr)
{
	u64 base = idxd_vregs_get64(vr, IDXD_EVLCFG0_OFF) & IDXD_EVLCFG0_BASE;
	struct idxd_vevl evl = idxd_vevl_read(vr);

	if (!idxd_vevl_enabled(vr) ||
	    idxd_vregs_state(vr) == IDXD_DEV_DISABLED)
		return false;
	if (error->lost || (!error->logged && idxd_vevl_needs_record(error)))
		return false;
	/* The size cannot change while the log is on, the head may be nonsense */
	if (evl.tail >= evl.size || (evl.tail + 1) % evl.size == evl.head)
		return false;
	*addr = base + (u64)evl.tail * IDXD_VEVL_ENTRY_SIZE;
	return true;
}

static void idxd_vevl_encode_swerr(const u64 swerr[IDXD_SWERR_NR_WORDS],
				   u64 entry[IDXD_VEVL_ENTRY_WORDS])
{
	entry[0] = swerr[0] & VEVL_ENTRY0_SAME;
	entry[1] = swerr[1] & IDXD_SWERR1_BATCH_INDEX;
	if (FIELD_GET(IDXD_SWERR0_ERROR, swerr[0]) == IDXD_ERR_INVALID_FLAGS) {
		entry[0] |= IDXD_EVL0_INFO_VALID;
		entry[1] |= swerr[1] & IDXD_SWERR1_INVALID_FLAGS;
	}
	entry[2] = swerr[2];
}

void idxd_vevl_encode(const struct idxd_error *error,
		      u64 entry[IDXD_VEVL_ENTRY_WORDS])
{
	memset(entry, 0, IDXD_VEVL_ENTRY_SIZE);
	if (!error->logged) {
		idxd_vevl_encode_swerr(error->swerr, entry);
		return;
	}
	memcpy(entry, error->entry, IDXD_VEVL_ENTRY_SIZE);
	entry[0] &= VEVL_ENTRY0_LOGGED;
	entry[1] &= idxd_vevl_code(error) == IDXD_ERR_INVALID_FLAGS ?
		    IDXD_EVL1_BATCH_INDEX | IDXD_EVL1_INVALID_FLAGS :
		    VEVL_ENTRY1_DETAILS;
	entry[3] = 0;
	/*
	 * Should a device write a record only where it means something, there is
	 * somebody's of before: its status is all that is known then
	 */
	if (!idxd_vevl_needs_record(error)) {
		memset(entry + IDXD_EVL_RECORD_WORD, 0, IDXD_VEVL_RECORD_SIZE);
		entry[IDXD_EVL_RECORD_WORD] = idxd_vevl_code(error);
	}
}

static void idxd_vevl_fill_record(const u64 entry[IDXD_EVL_NR_WORDS],
				  struct idxd_vevl_record *record)
{
	record->addr = entry[2];
	memcpy(record->words, entry + IDXD_EVL_RECORD_WORD,
	       IDXD_VEVL_RECORD_SIZE);
	record->handle = entry[1] & IDXD_EVL1_RCI ?
			 (int)FIELD_GET(IDXD_EVL1_HANDLE, entry[1]) : -1;
}

/* A batch of which a record was not written has failed, whatever it says */
static void idxd_vevl_fail_batch(struct idxd_vevl_record *record)
{
	if (FIELD_GET(VEVL_RECORD_STATUS, record->words[0]) ==
	    VEVL_STATUS_SUCCESS) {
		record->words[0] &= ~VEVL_RECORD_STATUS;
		record->words[0] |= VEVL_STATUS_BATCH_FAIL;
	}
	record->words[0] &= ~VEVL_RECORD_RESULT;
	record->words[0] |= FIELD_PREP(VEVL_RECORD_RESULT, 1);
}

enum idxd_vevl_todo idxd_vevl_duty(const struct idxd_vregs *vr,
				   struct idxd_vevl_records *records,
				   const struct idxd_error *error,
				   struct idxd_vevl_record *record)
{
	u8 batch = FIELD_GET(IDXD_EVL0_BATCH_ID, error->entry[0]);
	u64 *failed = &records->failed[batch / 64];
	u64 bit = BIT_ULL(batch % 64);
	bool wanted = error->entry[1] & IDXD_EVL1_RCR;

	/* Of a flood the last is told a second late: no memory is written then */
	if (!error->logged || error->lost || idxd_vevl_enabled(vr))
		return IDXD_VEVL_REPORT;
	switch (idxd_vevl_code(error)) {
	case IDXD_ERR_RECORD_FAULT:
		if (error->entry[0] & IDXD_SWERR0_BATCH)
			*failed |= bit;
		return IDXD_VEVL_REPORT;
	case IDXD_ERR_BATCH_LOGGED:
		idxd_vevl_fill_record(error->entry, record);
		if (*failed & bit) {
			idxd_vevl_fail_batch(record);
			wanted = true;
		}
		*failed &= ~bit;
		break;
	case IDXD_ERR_DRAIN_LOGGED:
		idxd_vevl_fill_record(error->entry, record);
		break;
	default:
		return IDXD_VEVL_REPORT;
	}
	return wanted ? IDXD_VEVL_WRITE : IDXD_VEVL_NOTHING;
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
