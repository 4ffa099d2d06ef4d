/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers in words, for reports of health (layer L1).
 * Pure: no MMIO, no lock, no allocation.
 */
#ifndef IDXD_DECODE_H
#define IDXD_DECODE_H

#include <linux/types.h>

#include "idxd_regs.h"

/* Room for the words of every register decoded here */
#define IDXD_DECODE_SIZE	128

/**
 * enum idxd_error_kind - what a software error is about
 * @IDXD_ERROR_TRANSLATION: an address that the IOMMU does not translate
 * @IDXD_ERROR_DESCRIPTOR: a descriptor that breaks a rule
 * @IDXD_ERROR_HANDLE: an interrupt handle that is not the subfunction's
 * @IDXD_ERROR_HARDWARE: not the fault of who submitted
 * @IDXD_ERROR_OTHER: a code that no specification we know has
 * @IDXD_ERROR_NR: number of kinds
 */
enum idxd_error_kind {
	IDXD_ERROR_TRANSLATION,
	IDXD_ERROR_DESCRIPTOR,
	IDXD_ERROR_HANDLE,
	IDXD_ERROR_HARDWARE,
	IDXD_ERROR_OTHER,
	IDXD_ERROR_NR,
};

/**
 * idxd_decode_cmd() - name of a command
 * @code: its code, any value
 *
 * Return: a constant string.
 */
const char *idxd_decode_cmd(u32 code);

/**
 * idxd_decode_cmderr() - what an error code of a command means
 * @code: the code, any value
 *
 * Return: a constant string.
 */
const char *idxd_decode_cmderr(u32 code);

/**
 * idxd_decode_dev_state() - state of the device
 * @gensts: GENSTS, all ones for a device that does not answer
 *
 * Return: a constant string.
 */
const char *idxd_decode_dev_state(u32 gensts);

/**
 * idxd_decode_reset_type() - what brings a halted device back
 * @gensts: GENSTS of a halted device
 *
 * Return: a constant string, with its article.
 */
const char *idxd_decode_reset_type(u32 gensts);

/**
 * idxd_decode_wq_state() - state of a WQ
 * @dword6: dword 6 of its WQCFG
 *
 * Return: a constant string.
 */
const char *idxd_decode_wq_state(u32 dword6);

/**
 * idxd_decode_intcause() - the causes in INTCAUSE
 * @causes: INTCAUSE
 * @buf: set to their names with spaces between, "none" for none
 * @size: of @buf; IDXD_DECODE_SIZE is enough
 */
void idxd_decode_intcause(u32 causes, char *buf, size_t size);

/**
 * idxd_decode_operation() - name of an operation
 * @code: the operation of a descriptor, any value
 *
 * Return: a constant string.
 */
const char *idxd_decode_operation(u32 code);

/**
 * idxd_decode_error() - what the error code of SWERR means
 * @code: the code, any value; bit 7 is that of a write
 *
 * Return: a constant string.
 */
const char *idxd_decode_error(u32 code);

/**
 * idxd_decode_error_kind() - what the error code of SWERR is about
 * @code: the code, any value
 *
 * Return: the kind.
 */
enum idxd_error_kind idxd_decode_error_kind(u32 code);

/**
 * idxd_error_kind_name() - name of a kind of errors
 * @kind: the kind
 *
 * Return: a constant string, one word.
 */
const char *idxd_error_kind_name(enum idxd_error_kind kind);

#endif /* IDXD_DECODE_H */
