/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Software errors: their words, and how many of them are told (layer L1).
 * Pure: no MMIO, no lock, no allocation.
 */
#ifndef IDXD_CORE_ERROR_H
#define IDXD_CORE_ERROR_H

#include "idxd_error.h"

/* Errors of one WQ that are told in a second: its guest can cause any number */
#define IDXD_ERROR_BUDGET	100
/*
 * And of those beyond, so many as lost: the first is what SWERR then shows,
 * the second sets its overflow bit
 */
#define IDXD_ERROR_SPILL	2

/**
 * enum idxd_error_verdict - what becomes of an error
 * @IDXD_ERROR_TELL: it is told
 * @IDXD_ERROR_TELL_LOST: likewise, and that there are more than are told
 * @IDXD_ERROR_HOLD: not now; the last such one is told as lost when the next
 *	second has begun, so that nobody misses that there were more
 * @IDXD_ERROR_STALE: it is not told, as its WQ has a new life
 */
enum idxd_error_verdict {
	IDXD_ERROR_TELL,
	IDXD_ERROR_TELL_LOST,
	IDXD_ERROR_HOLD,
	IDXD_ERROR_STALE,
};

/**
 * struct idxd_error_budget - errors of a WQ in a second
 * @since_ms: when it began
 * @nr: how many there were
 */
struct idxd_error_budget {
	u64 since_ms;
	u64 nr;
};

/**
 * idxd_error_spend() - an error of a WQ was read
 * @budget: of the WQ; a zeroed one is fine
 * @now_ms: a clock that does not go back
 *
 * Return: what becomes of it.
 */
enum idxd_error_verdict idxd_error_spend(struct idxd_error_budget *budget,
					 u64 now_ms);

/**
 * idxd_error_from_entry() - an entry of the event log
 * @entry: its first words
 * @error: filled: the entry, and what SWERR would say
 */
void idxd_error_from_entry(const u64 entry[IDXD_EVL_NR_WORDS],
			   struct idxd_error *error);

/**
 * idxd_error_wq() - whose error it is
 * @error: the error
 *
 * Return: index of the WQ as the device says, or -1 for none.
 */
int idxd_error_wq(const struct idxd_error *error);

#endif /* IDXD_CORE_ERROR_H */
