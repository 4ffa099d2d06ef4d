/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Event log of a virtual DSA (layer V1, pure).
 *
 * The log is a ring of 64-byte entries in guest memory: the device writes at
 * the tail, software moves the head, and one entry stays free. Its registers
 * are vregs.c's; here is where the next entry goes and what it says. The
 * caller writes it. Also compiled in user space (tests/unit/test-vevl.c).
 */
#ifndef IDXD_VEVL_H
#define IDXD_VEVL_H

#include <linux/types.h>

#include "vregs.h"

#define IDXD_VEVL_ENTRY_WORDS	8
#define IDXD_VEVL_ENTRY_SIZE	(8 * IDXD_VEVL_ENTRY_WORDS)

/**
 * idxd_vevl_config_ok() - may the device be enabled?
 * @vr: the registers
 *
 * Return: false if the log is on with fewer than 64 entries, or with a PASID,
 * which the virtual device has no capability for.
 */
bool idxd_vevl_config_ok(const struct idxd_vregs *vr);

/**
 * idxd_vevl_next() - where the next entry goes
 * @vr: the registers
 * @swerr: the error, four words as the hardware's SWERR has them
 * @addr: address in the guest's address space, a multiple of 64
 *
 * An error of a completion record (0x1a) does not go to the log: software
 * would have to write the record that its entry carries, and SWERR has none.
 *
 * Return: true if the log takes the error; false if it is off or full.
 */
bool idxd_vevl_next(const struct idxd_vregs *vr,
		    const u64 swerr[IDXD_SWERR_NR_WORDS], u64 *addr);

/**
 * idxd_vevl_encode() - the entry of an error
 * @swerr: four words as the hardware's SWERR has them
 * @entry: its words, to be written little endian
 *
 * The WQ index becomes the guest's, 0, and the host's PASID is removed.
 */
void idxd_vevl_encode(const u64 swerr[IDXD_SWERR_NR_WORDS],
		      u64 entry[IDXD_VEVL_ENTRY_WORDS]);

/**
 * idxd_vevl_advance() - the entry was written
 * @vr: the registers
 *
 * Moves the tail and sets the log's interrupt pending.
 *
 * Return: true if MSI-X vector 0 has to be signalled.
 */
bool idxd_vevl_advance(struct idxd_vregs *vr);

#endif /* IDXD_VEVL_H */
