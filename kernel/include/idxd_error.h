/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A software error: one of a descriptor that no completion record tells, as
 * the core hands it to the driver of a subfunction. Pure: also compiled in
 * user space by tests/unit.
 */
#ifndef IDXD_ERROR_H
#define IDXD_ERROR_H

#include <linux/types.h>

#include "idxd_regs.h"

/* Codes that mean more than that a descriptor failed */
#define IDXD_ERR_INVALID_FLAGS	0x11
#define IDXD_ERR_RECORD_FAULT	0x1a	/* the record could not be written */
#define IDXD_ERR_WQ_DISABLED	0x51	/* a store to a WQ that is not enabled */
#define IDXD_ERR_DRAIN_LOGGED	0x26	/* was not written, for an 0x1a before */
#define IDXD_ERR_BATCH_LOGGED	0x27	/* likewise, for an 0x1a in the batch */

/**
 * struct idxd_error - a software error
 * @swerr: the four words of SWERR, or what they would be. WQ index and PASID
 *	in them are the host's.
 * @logged: it came from the device's event log, and @entry is valid
 * @lost: there are more of them than are told; for a virtual device as if
 *	there were no room in its event log
 * @entry: the first words of the entry, likewise the host's
 */
struct idxd_error {
	u64 swerr[IDXD_SWERR_NR_WORDS];
	bool logged;
	bool lost;
	u64 entry[IDXD_EVL_NR_WORDS];
};

#endif /* IDXD_ERROR_H */
