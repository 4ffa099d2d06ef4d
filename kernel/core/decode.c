// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers in words, for reports of health (layer L1).
 *
 * Pure: const tables and look-ups that take any value, as a device that fails
 * may show any; also compiled in user space by tests/unit.
 */
#include "decode.h"

#include <linux/bitfield.h>
#include <linux/idxd_sf.h>
#include <linux/kernel.h>
#include <linux/string.h>

#define IDXD_DECODE_UNKNOWN	"unknown"
/* Of a completion status: the access that failed was a write */
#define IDXD_ERROR_WRITE	BIT(7)

static const char *idxd_decode_name(const char *const *names, size_t nr,
				    u32 code)
{
	return code < nr && names[code] ? names[code] : IDXD_DECODE_UNKNOWN;
}

static const char *const idxd_decode_cmds[] = {
	[IDXD_CMD_ENABLE_DEVICE] = "enable device",
	[IDXD_CMD_DISABLE_DEVICE] = "disable device",
	[IDXD_CMD_DRAIN_ALL] = "drain all",
	[IDXD_CMD_ABORT_ALL] = "abort all",
	[IDXD_CMD_RESET_DEVICE] = "reset device",
	[IDXD_CMD_ENABLE_WQ] = "enable WQ",
	[IDXD_CMD_DISABLE_WQ] = "disable WQ",
	[IDXD_CMD_DRAIN_WQ] = "drain WQ",
	[IDXD_CMD_ABORT_WQ] = "abort WQ",
	[IDXD_CMD_RESET_WQ] = "reset WQ",
	[IDXD_CMD_DRAIN_PASID] = "drain PASID",
	[IDXD_CMD_ABORT_PASID] = "abort PASID",
	[IDXD_CMD_REQUEST_HANDLE] = "request handle",
	[IDXD_CMD_RELEASE_HANDLE] = "release handle",
};

const char *idxd_decode_cmd(u32 code)
{
	return idxd_decode_name(idxd_decode_cmds, ARRAY_SIZE(idxd_decode_cmds),
				code);
}

static const char *const idxd_decode_cmderrs[] = {
	[IDXD_CMDERR_NONE] = "none",
	[IDXD_CMDERR_INVAL_CMD] = "no such command",
	[IDXD_CMDERR_INVAL_WQ] = "no such WQ",
	[IDXD_CMDERR_HW] = "hardware error or halt",
	[IDXD_CMDERR_DEV_ENABLED] = "device is not disabled",
	[IDXD_CMDERR_CONFIG] = "device configuration",
	[IDXD_CMDERR_BUS_MASTER] = "no bus master",
	[IDXD_CMDERR_PASID_INVAL] = "PASID or page request control",
	[IDXD_CMDERR_WQ_SIZE_RANGE] = "sum of the WQ sizes",
	[IDXD_CMDERR_GRP_CONFIG] = "group without WQ or engine",
	[IDXD_CMDERR_GRP_CONFIG2] = "WQ in several groups",
	[IDXD_CMDERR_GRP_CONFIG3] = "engine in several groups",
	[IDXD_CMDERR_GRP_CONFIG4] = "read buffers of a group",
	[IDXD_CMDERR_DEV_NOT_ENABLED] = "device is not enabled",
	[IDXD_CMDERR_WQ_ENABLED] = "WQ is not disabled",
	[IDXD_CMDERR_WQ_SIZE] = "WQ size",
	[IDXD_CMDERR_WQ_PRIORITY] = "WQ priority",
	[IDXD_CMDERR_WQ_MODE] = "WQ mode",
	[IDXD_CMDERR_WQ_BOF] = "WQ block on fault",
	[IDXD_CMDERR_WQ_PASID] = "WQ PASID",
	[IDXD_CMDERR_WQ_MAX_BATCH] = "WQ batch size",
	[IDXD_CMDERR_WQ_MAX_XFER] = "WQ transfer size",
	[IDXD_CMDERR_DIS_DEV_NOT_ENABLED] = "device is not enabled",
	[IDXD_CMDERR_WQ_DEV_NOT_ENABLED] = "WQ is not enabled",
	[IDXD_CMDERR_HANDLE_INDEX] = "interrupt table index",
	[IDXD_CMDERR_NO_HANDLE] = "no interrupt handle left",
};

const char *idxd_decode_cmderr(u32 code)
{
	return idxd_decode_name(idxd_decode_cmderrs,
				ARRAY_SIZE(idxd_decode_cmderrs), code);
}

const char *idxd_decode_dev_state(u32 gensts)
{
	static const char *const names[] = {
		[IDXD_DEV_DISABLED] = "disabled",
		[IDXD_DEV_ENABLED] = "enabled",
		[IDXD_DEV_DRAIN] = "being disabled",
		[IDXD_DEV_HALT] = "halted",
	};

	if (gensts == ~0u)
		return "gone";
	return names[FIELD_GET(IDXD_GENSTS_STATE, gensts)];
}

const char *idxd_decode_reset_type(u32 gensts)
{
	static const char *const names[] = {
		[IDXD_RESET_SOFTWARE] = "a reset command",
		[IDXD_RESET_FLR] = "a function level reset",
		[IDXD_RESET_WARM] = "a warm reset",
		[IDXD_RESET_COLD] = "a power cycle",
	};

	return names[FIELD_GET(IDXD_GENSTS_RESET_TYPE, gensts)];
}

const char *idxd_decode_wq_state(u32 dword6)
{
	static const char *const names[] = {
		[IDXD_WQ_DISABLED] = "disabled",
		[IDXD_WQ_ENABLED] = "enabled",
		[2] = "being disabled",
	};

	return idxd_decode_name(names, ARRAY_SIZE(names),
				FIELD_GET(IDXD_WQCFG6_STATE, dword6));
}

/**
 * struct idxd_decode_bit - name of a bit
 * @mask: the bit
 * @name: its name, one word
 */
struct idxd_decode_bit {
	u32 mask;
	const char *name;
};

static const struct idxd_decode_bit idxd_decode_causes[] = {
	{ IDXD_INTCAUSE_SWERR, "software-error" },
	{ IDXD_INTCAUSE_CMD, "command" },
	{ IDXD_INTCAUSE_OCCUPANCY, "occupancy" },
	{ IDXD_INTCAUSE_PERFMON, "perfmon" },
	{ IDXD_INTCAUSE_HALT, "halt" },
	{ IDXD_INTCAUSE_EVL, "event-log" },
	{ IDXD_INTCAUSE_HANDLE_REVOKED, "handle-revoked" },
};

/* Appends a word if there is room for all of it */
static size_t idxd_decode_append(char *buf, size_t size, size_t len,
				 const char *word)
{
	size_t more = strlen(word) + !!len;

	if (len + more >= size)
		return len;
	if (len)
		buf[len++] = ' ';
	memcpy(buf + len, word, strlen(word) + 1);
	return len + strlen(word);
}

void idxd_decode_intcause(u32 causes, char *buf, size_t size)
{
	size_t len = 0;
	unsigned int i;

	if (!size)
		return;
	buf[0] = '\0';
	for (i = 0; i < ARRAY_SIZE(idxd_decode_causes); i++) {
		if (causes & idxd_decode_causes[i].mask)
			len = idxd_decode_append(buf, size, len,
						 idxd_decode_causes[i].name);
		causes &= ~idxd_decode_causes[i].mask;
	}
	if (causes)
		len = idxd_decode_append(buf, size, len, IDXD_DECODE_UNKNOWN);
	if (!len)
		idxd_decode_append(buf, size, len, "none");
}

static const char *const idxd_decode_operations[] = {
	[0x00] = "no-op",
	[0x01] = "batch",
	[0x02] = "drain",
	[0x03] = "memory move",
	[0x04] = "fill",
	[0x05] = "compare",
	[0x06] = "compare pattern",
	[0x07] = "create delta record",
	[0x08] = "apply delta record",
	[0x09] = "dualcast",
	[0x10] = "CRC generation",
	[0x11] = "copy with CRC",
	[0x12] = "DIF check",
	[0x13] = "DIF insert",
	[0x14] = "DIF strip",
	[0x15] = "DIF update",
	[0x20] = "cache flush",
};

const char *idxd_decode_operation(u32 code)
{
	return idxd_decode_name(idxd_decode_operations,
				ARRAY_SIZE(idxd_decode_operations), code);
}

/**
 * struct idxd_decode_status - meaning of an error code
 * @text: in words
 * @kind: what it is about
 */
struct idxd_decode_status {
	const char *text;
	enum idxd_error_kind kind;
};

static const struct idxd_decode_status idxd_decode_errors[] = {
	[0x03] = { "page fault", IDXD_ERROR_TRANSLATION },
	[0x04] = { "page request not answered", IDXD_ERROR_TRANSLATION },
	[0x05] = { "descriptor in a batch failed", IDXD_ERROR_DESCRIPTOR },
	[0x06] = { "page fault on a batch list", IDXD_ERROR_TRANSLATION },
	[0x07] = { "delta record offsets do not rise", IDXD_ERROR_DESCRIPTOR },
	[0x08] = { "delta record offset out of range", IDXD_ERROR_DESCRIPTOR },
	[0x09] = { "data integrity field", IDXD_ERROR_DESCRIPTOR },
	[0x10] = { "no such operation", IDXD_ERROR_DESCRIPTOR },
	[0x11] = { "invalid flags", IDXD_ERROR_DESCRIPTOR },
	[0x12] = { "reserved field not 0", IDXD_ERROR_DESCRIPTOR },
	[0x13] = { "transfer size out of range", IDXD_ERROR_DESCRIPTOR },
	[0x14] = { "batch size out of range", IDXD_ERROR_DESCRIPTOR },
	[0x15] = { "delta record size", IDXD_ERROR_DESCRIPTOR },
	[0x16] = { "buffers overlap", IDXD_ERROR_DESCRIPTOR },
	[0x17] = { "dualcast addresses differ", IDXD_ERROR_DESCRIPTOR },
	[0x18] = { "batch list not aligned", IDXD_ERROR_DESCRIPTOR },
	[0x19] = { "invalid interrupt handle", IDXD_ERROR_HANDLE },
	[0x1a] = { "completion record address fault", IDXD_ERROR_TRANSLATION },
	[0x1b] = { "completion record not aligned", IDXD_ERROR_DESCRIPTOR },
	[0x1c] = { "address not aligned", IDXD_ERROR_DESCRIPTOR },
	[0x1d] = { "privilege", IDXD_ERROR_DESCRIPTOR },
	[0x1e] = { "traffic class configuration", IDXD_ERROR_DESCRIPTOR },
	[0x1f] = { "page fault on a readback", IDXD_ERROR_TRANSLATION },
	[0x20] = { "hardware error", IDXD_ERROR_HARDWARE },
	[0x21] = { "hardware error on a readback", IDXD_ERROR_HARDWARE },
	[0x22] = { "translation failed", IDXD_ERROR_TRANSLATION },
};

static const struct idxd_decode_status *idxd_decode_find_error(u32 code)
{
	static const struct idxd_decode_status unknown = {
		IDXD_DECODE_UNKNOWN, IDXD_ERROR_OTHER
	};

	code &= ~(u32)IDXD_ERROR_WRITE;
	if (code >= ARRAY_SIZE(idxd_decode_errors) ||
	    !idxd_decode_errors[code].text)
		return &unknown;
	return &idxd_decode_errors[code];
}

const char *idxd_decode_error(u32 code)
{
	return idxd_decode_find_error(code)->text;
}

enum idxd_error_kind idxd_decode_error_kind(u32 code)
{
	return idxd_decode_find_error(code)->kind;
}

const char *idxd_error_kind_name(enum idxd_error_kind kind)
{
	static const char *const names[IDXD_ERROR_NR] = {
		[IDXD_ERROR_TRANSLATION] = IDXD_SF_KEY_TRANSLATION,
		[IDXD_ERROR_DESCRIPTOR] = IDXD_SF_KEY_DESCRIPTOR,
		[IDXD_ERROR_HANDLE] = IDXD_SF_KEY_HANDLE,
		[IDXD_ERROR_HARDWARE] = IDXD_SF_KEY_HARDWARE,
		[IDXD_ERROR_OTHER] = IDXD_SF_KEY_OTHER,
	};

	return kind < IDXD_ERROR_NR ? names[kind] : IDXD_DECODE_UNKNOWN;
}
