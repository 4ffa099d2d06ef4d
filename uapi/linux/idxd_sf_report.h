/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Names in what the DSA driver idxd.ko reports, for programs that read it: keys
 * of the health reporters' diagnose and dump, and tracepoints. Included by
 * <linux/idxd_sf.h>. Needs no other header.
 */
#ifndef _LINUX_IDXD_SF_REPORT_H
#define _LINUX_IDXD_SF_REPORT_H

/* Keys of diagnose, reporter IDXD_SF_REPORTER_HW -------------------------- */

/**
 * IDXD_SF_KEY_DEVICE - state of the device as GENSTS has it
 */
#define IDXD_SF_KEY_DEVICE		"device"

/**
 * IDXD_SF_KEY_FAILURE - why it failed, or "none"; in a dump, too
 */
#define IDXD_SF_KEY_FAILURE		"failure"

/**
 * IDXD_SF_KEY_LAST_RECOVERY - "none", "successful", or why not
 */
#define IDXD_SF_KEY_LAST_RECOVERY	"last_recovery"

/**
 * IDXD_SF_KEY_UNASKED_RECOVERIES - number, since one on request
 */
#define IDXD_SF_KEY_UNASKED_RECOVERIES	"unasked_recoveries"

/**
 * IDXD_SF_KEY_UNASKED_RECOVERIES_MAX - number
 */
#define IDXD_SF_KEY_UNASKED_RECOVERIES_MAX	"unasked_recoveries_max"

/* Keys of its dump: registers, and what they are made of ------------------ */

/**
 * IDXD_SF_KEY_GENSTS - object: value, state, needs
 */
#define IDXD_SF_KEY_GENSTS		"GENSTS"

/**
 * IDXD_SF_KEY_GENCFG - hexadecimal
 */
#define IDXD_SF_KEY_GENCFG		"GENCFG"

/**
 * IDXD_SF_KEY_GENCTRL - hexadecimal
 */
#define IDXD_SF_KEY_GENCTRL		"GENCTRL"

/**
 * IDXD_SF_KEY_INTCAUSE - object: value, causes
 */
#define IDXD_SF_KEY_INTCAUSE		"INTCAUSE"

/**
 * IDXD_SF_KEY_CMDSTS - object: value, active, command, error
 */
#define IDXD_SF_KEY_CMDSTS		"CMDSTS"

/**
 * IDXD_SF_KEY_SWERR - object: words, and what they mean
 */
#define IDXD_SF_KEY_SWERR		"SWERR"

/**
 * IDXD_SF_KEY_WORK_QUEUES - array of objects, one each queue
 */
#define IDXD_SF_KEY_WORK_QUEUES		"work_queues"

/**
 * IDXD_SF_KEY_VALUE - of a register, or dword 6 of a queue: hexadecimal
 */
#define IDXD_SF_KEY_VALUE		"value"

/**
 * IDXD_SF_KEY_STATE - in a word; of a subfunction: its own
 */
#define IDXD_SF_KEY_STATE		"state"

/**
 * IDXD_SF_KEY_NEEDS - the reset that a halted device needs
 */
#define IDXD_SF_KEY_NEEDS		"needs"

/**
 * IDXD_SF_KEY_CAUSES - names of the bits
 */
#define IDXD_SF_KEY_CAUSES		"causes"

/**
 * IDXD_SF_KEY_ACTIVE - bool: the command runs
 */
#define IDXD_SF_KEY_ACTIVE		"active"

/**
 * IDXD_SF_KEY_COMMAND - the last one
 */
#define IDXD_SF_KEY_COMMAND		"command"

/**
 * IDXD_SF_KEY_ERROR - in words: of the command, or of SWERR
 */
#define IDXD_SF_KEY_ERROR		"error"

/**
 * IDXD_SF_KEY_WORD0 - of SWERR, hexadecimal; word1 and word2 likewise
 */
#define IDXD_SF_KEY_WORD0		"word0"

/**
 * IDXD_SF_KEY_WORD1 - of SWERR
 */
#define IDXD_SF_KEY_WORD1		"word1"

/**
 * IDXD_SF_KEY_WORD2 - of SWERR
 */
#define IDXD_SF_KEY_WORD2		"word2"

/**
 * IDXD_SF_KEY_VALID - bool: if not, the rest is left out
 */
#define IDXD_SF_KEY_VALID		"valid"

/**
 * IDXD_SF_KEY_OVERFLOW - bool: errors after it were dropped
 */
#define IDXD_SF_KEY_OVERFLOW		"overflow"

/**
 * IDXD_SF_KEY_CODE - of the error, hexadecimal
 */
#define IDXD_SF_KEY_CODE		"code"

/**
 * IDXD_SF_KEY_WORK_QUEUE - number of it; of a subfunction: object of its queue
 */
#define IDXD_SF_KEY_WORK_QUEUE		"work_queue"

/**
 * IDXD_SF_KEY_OPERATION - of the descriptor, in words
 */
#define IDXD_SF_KEY_OPERATION		"operation"

/**
 * IDXD_SF_KEY_IN_BATCH - bool: the descriptor is one of a batch
 */
#define IDXD_SF_KEY_IN_BATCH		"in_batch"

/**
 * IDXD_SF_KEY_ACCESS - "read" or "write"
 */
#define IDXD_SF_KEY_ACCESS		"access"

/**
 * IDXD_SF_KEY_ADDRESS - hexadecimal
 */
#define IDXD_SF_KEY_ADDRESS		"address"

/**
 * IDXD_SF_KEY_INDEX - number of the queue
 */
#define IDXD_SF_KEY_INDEX		"index"

/**
 * IDXD_SF_KEY_ENTRIES - number
 */
#define IDXD_SF_KEY_ENTRIES		"entries"

/**
 * IDXD_SF_KEY_OCCUPANCY - number: descriptors in the queue
 */
#define IDXD_SF_KEY_OCCUPANCY		"occupancy"

/**
 * IDXD_SF_KEY_LEASED - bool: a subfunction has it
 */
#define IDXD_SF_KEY_LEASED		"leased"

/* Keys of diagnose, reporter IDXD_SF_REPORTER_SF -------------------------- */

/**
 * IDXD_SF_KEY_REASON - why it is in state error
 */
#define IDXD_SF_KEY_REASON		"reason"

/**
 * IDXD_SF_KEY_ERRORS - object: counters
 */
#define IDXD_SF_KEY_ERRORS		"errors"

/**
 * IDXD_SF_KEY_TOTAL - number of errors
 */
#define IDXD_SF_KEY_TOTAL		"total"

/**
 * IDXD_SF_KEY_OVERFLOWS - times that errors were dropped
 */
#define IDXD_SF_KEY_OVERFLOWS		"overflows"

/**
 * IDXD_SF_KEY_TRANSLATION - errors of this kind
 */
#define IDXD_SF_KEY_TRANSLATION		"translation"

/**
 * IDXD_SF_KEY_DESCRIPTOR - errors of this kind
 */
#define IDXD_SF_KEY_DESCRIPTOR		"descriptor"

/**
 * IDXD_SF_KEY_HANDLE - errors of this kind: of an interrupt handle
 */
#define IDXD_SF_KEY_HANDLE		"handle"

/**
 * IDXD_SF_KEY_HARDWARE - errors of this kind
 */
#define IDXD_SF_KEY_HARDWARE		"hardware"

/**
 * IDXD_SF_KEY_OTHER - errors of no kind above
 */
#define IDXD_SF_KEY_OTHER		"other"

/**
 * IDXD_SF_KEY_LAST_ERROR - object, as SWERR
 */
#define IDXD_SF_KEY_LAST_ERROR		"last_error"

/**
 * IDXD_SF_KEY_STATISTICS - object: counters, since its driver was bound
 */
#define IDXD_SF_KEY_STATISTICS		"statistics"

/**
 * IDXD_SF_KEY_COMMANDS - of the guest
 */
#define IDXD_SF_KEY_COMMANDS		"commands"

/**
 * IDXD_SF_KEY_RESETS - of the function
 */
#define IDXD_SF_KEY_RESETS		"resets"

/**
 * IDXD_SF_KEY_TRAPPED_ACCESSES - reads and writes of registers
 */
#define IDXD_SF_KEY_TRAPPED_ACCESSES	"trapped_accesses"

/**
 * IDXD_SF_KEY_PORTAL_DROPS - writes to portals that were no descriptors
 */
#define IDXD_SF_KEY_PORTAL_DROPS	"portal_drops"

/**
 * IDXD_SF_KEY_PORTAL_ZAPS - times that portals were unmapped
 */
#define IDXD_SF_KEY_PORTAL_ZAPS		"portal_zaps"

/**
 * IDXD_SF_KEY_INTERRUPTS - array: number of each MSI-X vector
 */
#define IDXD_SF_KEY_INTERRUPTS		"interrupts"

/* Tracepoints ------------------------------------------------------------- */

/**
 * IDXD_SF_TP_SYSTEM - system of what the device does
 */
#define IDXD_SF_TP_SYSTEM		"idxd"

/**
 * IDXD_SF_TP_SYSTEM_VFIO - of what virtual devices do
 */
#define IDXD_SF_TP_SYSTEM_VFIO	"idxd_vfio"

/**
 * IDXD_SF_TP_SF_CHANGED - a subfunction changed its state
 */
#define IDXD_SF_TP_SF_CHANGED	"idxd_sf_changed"

/**
 * IDXD_SF_TP_RES_LEASED - queue, PASID or interrupt slot
 */
#define IDXD_SF_TP_RES_LEASED	"idxd_res_leased"

/**
 * IDXD_SF_TP_RES_RELEASED - likewise
 */
#define IDXD_SF_TP_RES_RELEASED	"idxd_res_released"

/**
 * IDXD_SF_TP_CMD_COMPLETED - command of the hardware
 */
#define IDXD_SF_TP_CMD_COMPLETED	"idxd_cmd_completed"

/**
 * IDXD_SF_TP_EVENT_RAISED - software error or halt
 */
#define IDXD_SF_TP_EVENT_RAISED	"idxd_event_raised"

/**
 * IDXD_SF_TP_EVENT_ERROR_READ - words of a software error
 */
#define IDXD_SF_TP_EVENT_ERROR_READ	"idxd_event_error_read"

/**
 * IDXD_SF_TP_EVENT_FAILED - the device failed
 */
#define IDXD_SF_TP_EVENT_FAILED	"idxd_event_failed"

/**
 * IDXD_SF_TP_HEALTH_RECOVERED - it was recovered, or not
 */
#define IDXD_SF_TP_HEALTH_RECOVERED	"idxd_health_recovered"

/**
 * IDXD_SF_TP_VDEV_OPENED - a user came
 */
#define IDXD_SF_TP_VDEV_OPENED	"idxd_vdev_opened"

/**
 * IDXD_SF_TP_VDEV_CLOSED - the user left
 */
#define IDXD_SF_TP_VDEV_CLOSED	"idxd_vdev_closed"

/**
 * IDXD_SF_TP_VDEV_BAR_ACCESSED - register, trapped
 */
#define IDXD_SF_TP_VDEV_BAR_ACCESSED	"idxd_vdev_bar_accessed"

/**
 * IDXD_SF_TP_VDEV_CONFIG_ACCESSED - configuration space
 */
#define IDXD_SF_TP_VDEV_CONFIG_ACCESSED	"idxd_vdev_config_accessed"

/**
 * IDXD_SF_TP_VCMD_COMPLETED - command of a guest
 */
#define IDXD_SF_TP_VCMD_COMPLETED	"idxd_vcmd_completed"

/**
 * IDXD_SF_TP_VINTR_SET - a user set interrupts up
 */
#define IDXD_SF_TP_VINTR_SET		"idxd_vintr_set"

/**
 * IDXD_SF_TP_VDEV_RESET - reset of the function
 */
#define IDXD_SF_TP_VDEV_RESET	"idxd_vdev_reset"

/**
 * IDXD_SF_TP_VDEV_HALTED - its hardware failed
 */
#define IDXD_SF_TP_VDEV_HALTED	"idxd_vdev_halted"

/**
 * IDXD_SF_TP_VDEV_RESUMED - its hardware works again
 */
#define IDXD_SF_TP_VDEV_RESUMED	"idxd_vdev_resumed"

/**
 * IDXD_SF_TP_VDEV_REVOKED - its interrupt handles were revoked
 */
#define IDXD_SF_TP_VDEV_REVOKED	"idxd_vdev_revoked"

/**
 * IDXD_SF_TP_VDEV_LOGGED - error written to the event log
 */
#define IDXD_SF_TP_VDEV_LOGGED	"idxd_vdev_logged"

#endif /* _LINUX_IDXD_SF_REPORT_H */
