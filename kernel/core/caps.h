/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a device can do, decoded from its capability registers (layer L1).
 * Pure: no MMIO, no lock, no allocation.
 */
#ifndef IDXD_CAPS_H
#define IDXD_CAPS_H

#include <linux/types.h>

#include "idxd_regs.h"

/* Most WQs, groups and engines that the register layout has room for */
#define IDXD_MAX_WQS		256
#define IDXD_MAX_GROUPS		255
#define IDXD_MAX_ENGINES	64

/**
 * struct idxd_caps_raw - the capability registers as read
 * @version: VERSION
 * @cmdcap: CMDCAP
 * @gencap: GENCAP
 * @wqcap: WQCAP
 * @grpcap: GRPCAP
 * @engcap: ENGCAP
 * @opcap: OPCAP
 * @table: the two table offset registers
 * @regs_size: bytes of BAR0
 * @portal_size: bytes of BAR2
 */
struct idxd_caps_raw {
	u32 version;
	u32 cmdcap;
	u64 gencap;
	u64 wqcap;
	u64 grpcap;
	u64 engcap;
	u64 opcap[IDXD_OPCAP_NR_WORDS];
	u64 table[2];
	u64 regs_size;
	u64 portal_size;
};

/**
 * struct idxd_caps - decoded capabilities
 * @raw: the registers
 * @cmds: bit n: command n exists
 * @total_wq_size: entries to share out over the WQs
 * @nr_wqs: work queues
 * @nr_groups: groups
 * @nr_engines: engines
 * @nr_rdbufs: read buffers
 * @nr_ims: interrupt message storage slots, 0 when there is no table
 * @max_xfer_shift: largest transfer is 1 << this, in bytes
 * @max_batch_shift: largest batch is 1 << this, in descriptors
 * @grpcfg_off: offset of the group configuration table in BAR0
 * @wqcfg_off: offset of the WQ configuration table in BAR0
 * @wqcfg_size: bytes of one WQCFG
 * @ims_off: offset of the interrupt message storage in BAR0
 * @has_op_config: a WQCFG has a mask of operations
 * @has_prs_disable: a WQCFG can switch page requests off
 * @has_occupancy: a WQCFG shows the WQ's occupancy
 * @evl_entry_size: bytes of an entry of the event log, 0 when there is none
 */
struct idxd_caps {
	struct idxd_caps_raw raw;
	u32 cmds;
	u16 total_wq_size;
	u16 nr_wqs;
	u16 nr_groups;
	u16 nr_engines;
	u16 nr_rdbufs;
	u16 nr_ims;
	u8 max_xfer_shift;
	u8 max_batch_shift;
	u32 grpcfg_off;
	u32 wqcfg_off;
	u32 wqcfg_size;
	u32 ims_off;
	bool has_op_config;
	bool has_prs_disable;
	bool has_occupancy;
	u16 evl_entry_size;
};

/**
 * idxd_caps_decode() - decode and check the capability registers
 * @raw: the registers; any value is possible
 * @caps: filled on success
 * @why: on failure, what is wrong, for a message
 *
 * A device that passes can be driven without a further look at any count or
 * offset: every table lies within BAR0, every portal within BAR2.
 *
 * Return: 0, -EINVAL for values no device may have, -EOPNOTSUPP for a device
 * that lacks what subfunctions stand on.
 */
int idxd_caps_decode(const struct idxd_caps_raw *raw, struct idxd_caps *caps,
		     const char **why);

/**
 * idxd_caps_wqcfg() - offset of a dword of a WQCFG
 * @caps: decoded capabilities
 * @wq: index of the WQ, below nr_wqs
 * @dword: below wqcfg_size / 4
 *
 * Return: bytes from the start of BAR0.
 */
static inline u32 idxd_caps_wqcfg(const struct idxd_caps *caps, u16 wq,
				  unsigned int dword)
{
	return caps->wqcfg_off + wq * caps->wqcfg_size + dword * 4;
}

#endif /* IDXD_CAPS_H */
