// SPDX-License-Identifier: GPL-2.0-only
/*
 * Software errors: their words, and how many of them are told (layer L1).
 *
 * Pure: no MMIO, no lock, no allocation; also compiled in user space by
 * tests/unit. Each WQ has a budget of its own, so that who floods loses errors
 * of his own and nobody else's.
 */
#include "error.h"

#include <linux/bitfield.h>
#include <linux/string.h>

#define IDXD_ERROR_PERIOD_MS	1000

/* What SWERR and an entry of the log have in the same place */
#define IDXD_ERROR_SAME0	(IDXD_SWERR0_DESC_VALID | \
				 IDXD_SWERR0_WQ_VALID | IDXD_SWERR0_BATCH | \
				 IDXD_SWERR0_FAULT_WRITE | \
				 IDXD_SWERR0_PRIV | IDXD_SWERR0_ERROR | \
				 IDXD_SWERR0_WQ | IDXD_SWERR0_OPERATION | \
				 IDXD_SWERR0_PASID)

enum idxd_error_verdict idxd_error_spend(struct idxd_error_budget *budget,
					 u64 now_ms)
{
	if (now_ms - budget->since_ms >= IDXD_ERROR_PERIOD_MS) {
		budget->since_ms = now_ms;
		budget->nr = 0;
	}
	budget->nr++;
	if (budget->nr <= IDXD_ERROR_BUDGET)
		return IDXD_ERROR_TELL;
	if (budget->nr <= IDXD_ERROR_BUDGET + IDXD_ERROR_SPILL)
		return IDXD_ERROR_TELL_LOST;
	return IDXD_ERROR_HOLD;
}

void idxd_error_from_entry(const u64 entry[IDXD_EVL_NR_WORDS],
			   struct idxd_error *error)
{
	memset(error, 0, sizeof(*error));
	memcpy(error->entry, entry, sizeof(error->entry));
	error->logged = true;
	error->swerr[0] = IDXD_SWERR0_VALID | (entry[0] & IDXD_ERROR_SAME0);
	error->swerr[1] = FIELD_PREP(IDXD_SWERR1_BATCH_INDEX,
				     FIELD_GET(IDXD_EVL1_BATCH_INDEX, entry[1]));
	if (FIELD_GET(IDXD_SWERR0_ERROR, entry[0]) == IDXD_ERR_INVALID_FLAGS)
		error->swerr[1] |= FIELD_PREP(IDXD_SWERR1_INVALID_FLAGS,
					      FIELD_GET(IDXD_EVL1_INVALID_FLAGS,
							entry[1]));
	error->swerr[2] = entry[2];
}

int idxd_error_wq(const struct idxd_error *error)
{
	if (!(error->swerr[0] & IDXD_SWERR0_WQ_VALID))
		return -1;
	return FIELD_GET(IDXD_SWERR0_WQ, error->swerr[0]);
}
