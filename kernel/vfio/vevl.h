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

#include "idxd_error.h"
#include "vregs.h"

#define IDXD_VEVL_ENTRY_WORDS	IDXD_EVL_NR_WORDS
#define IDXD_VEVL_ENTRY_SIZE	(8 * IDXD_VEVL_ENTRY_WORDS)
#define IDXD_VEVL_RECORD_WORDS	(IDXD_VEVL_ENTRY_WORDS - IDXD_EVL_RECORD_WORD)
#define IDXD_VEVL_RECORD_SIZE	(8 * IDXD_VEVL_RECORD_WORDS)
/* Identifiers of batches */
#define IDXD_VEVL_NR_BATCHES	256

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
 * @error: the error
 * @addr: address in the guest's address space, a multiple of 64
 *
 * An error of a completion record goes to the log only if it comes from one:
 * software would have to write the record, and SWERR has none.
 *
 * Return: true if the log takes the error; false if it is off or full.
 */
bool idxd_vevl_next(const struct idxd_vregs *vr, const struct idxd_error *error,
		    u64 *addr);

/**
 * idxd_vevl_encode() - the entry of an error
 * @error: the error
 * @entry: its words, to be written little endian
 *
 * As the host's entry says, or as SWERR does. The WQ index becomes the
 * guest's, 0; the host's PASID is removed, and that handles are of IMS, which
 * the guest does not have.
 */
void idxd_vevl_encode(const struct idxd_error *error,
		      u64 entry[IDXD_VEVL_ENTRY_WORDS]);

/**
 * struct idxd_vevl_records - what became of completion records
 * @failed: batches of which one could not be written, a bit each
 *
 * For a guest whose log is off. The host's is on, so hardware leaves it to
 * software to write the record of a batch around one that it could not write,
 * and of the drain after it.
 */
struct idxd_vevl_records {
	u64 failed[IDXD_VEVL_NR_BATCHES / 64];
};

/**
 * struct idxd_vevl_record - a completion record that software has to write
 * @addr: where
 * @words: the record
 * @handle: of the interrupt that comes after it, or -1
 */
struct idxd_vevl_record {
	u64 addr;
	u64 words[IDXD_VEVL_RECORD_WORDS];
	int handle;
};

/**
 * enum idxd_vevl_todo - what software has to do for a guest without a log
 * @IDXD_VEVL_REPORT: tell it the error
 * @IDXD_VEVL_WRITE: write a record; if that fails, tell it error 0x1a
 * @IDXD_VEVL_NOTHING: nothing, as no record was asked for
 */
enum idxd_vevl_todo {
	IDXD_VEVL_REPORT,
	IDXD_VEVL_WRITE,
	IDXD_VEVL_NOTHING,
};

/**
 * idxd_vevl_duty() - an error of a guest whose log is off
 * @vr: the registers
 * @records: what became of records; updated
 * @error: the error
 * @record: filled for IDXD_VEVL_WRITE
 *
 * Return: what to do; IDXD_VEVL_REPORT for a log that is on.
 */
enum idxd_vevl_todo idxd_vevl_duty(const struct idxd_vregs *vr,
				   struct idxd_vevl_records *records,
				   const struct idxd_error *error,
				   struct idxd_vevl_record *record);

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
