/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Contents of the WQ and group configuration tables (layer L1).
 * Pure: no MMIO, no lock, no allocation.
 */
#ifndef IDXD_WQCFG_H
#define IDXD_WQCFG_H

#include <linux/types.h>

#include "idxd_regs.h"

/* Dwords we encode: the basic ones and the operations mask */
#define IDXD_WQCFG_ENC_DWORDS	(IDXD_WQCFG_NR_DWORDS + 8)

/**
 * struct idxd_wqcfg - what a WQ is configured to
 * @size: entries; writable only while the device is disabled
 * @threshold: entries the limited portal may fill
 * @priority: within the group, 1 to 15
 * @pasid: of the SF
 * @max_xfer_shift: largest transfer is 1 << this, in bytes
 * @max_batch_shift: largest batch is 1 << this, in descriptors
 * @prs_disable: no page requests; only where WQCAP says so
 * @opcap: operations the WQ accepts; used only where WQCAP says so
 */
struct idxd_wqcfg {
	u16 size;
	u16 threshold;
	u8 priority;
	u32 pasid;
	u8 max_xfer_shift;
	u8 max_batch_shift;
	bool prs_disable;
	u64 opcap[IDXD_OPCAP_NR_WORDS];
};

/**
 * idxd_wqcfg_encode() - the dwords of a subfunction's WQCFG
 * @cfg: the configuration
 * @dwords: filled completely
 *
 * Always a dedicated WQ with PASID, without privilege and without blocking
 * on page faults: a subfunction has no other kind.
 *
 * Return: 0, or -ERANGE for a value its field cannot hold.
 */
int idxd_wqcfg_encode(const struct idxd_wqcfg *cfg,
		      u32 dwords[IDXD_WQCFG_ENC_DWORDS]);

/*
 * Most that one descriptor of a subfunction may make an engine move, as a
 * shift: 128 GiB, some 5 s of work. Whatever waits for the engines, such as
 * a drain, keeps the command register from the other subfunctions.
 */
#define IDXD_WQCFG_WORK_SHIFT	37

/**
 * idxd_wqcfg_xfer_shift() - largest transfer that keeps a descriptor short
 * @xfer_shift: what the device can do
 * @batch_shift: descriptors in a batch, at most IDXD_WQCFG_WORK_SHIFT
 *
 * A batch of the largest size with the largest transfers stays within
 * 1 << IDXD_WQCFG_WORK_SHIFT bytes.
 *
 * Return: shift of the largest transfer.
 */
u8 idxd_wqcfg_xfer_shift(u8 xfer_shift, u8 batch_shift);

/**
 * idxd_wqcfg_share() - part of one when items are shared out evenly
 * @total: items to share out
 * @nr: how many get a part, not 0
 * @index: which one, below @nr
 *
 * The first ones get the remainder, one each.
 *
 * Return: number of items.
 */
u16 idxd_wqcfg_share(u16 total, u16 nr, u16 index);

/**
 * idxd_wqcfg_nr_used() - how many WQs have entries
 * @sizes: entries of each WQ
 * @nr: WQs
 *
 * Return: number of WQs.
 */
u16 idxd_wqcfg_nr_used(const u16 *sizes, u16 nr);

/**
 * struct idxd_grpcfg - contents of one GRPCFG
 * @wqs: bit n of word m: WQ 64 * m + n
 * @engines: bit n: engine n
 * @flags: GRPFLAGS
 */
struct idxd_grpcfg {
	u64 wqs[4];
	u64 engines;
	u64 flags;
};

/**
 * struct idxd_grpcfg_pool - what there is to share out over the groups
 * @nr_groups: groups, not 0
 * @nr_wqs: WQs
 * @nr_engines: engines, at most 64
 * @nr_rdbufs: read buffers
 * @tc_a: traffic class A of every group
 * @tc_b: likewise B
 * @wq_sizes: entries of each WQ; one without any is not used
 */
struct idxd_grpcfg_pool {
	u16 nr_groups;
	u16 nr_wqs;
	u16 nr_engines;
	u16 nr_rdbufs;
	u8 tc_a;
	u8 tc_b;
	const u16 *wq_sizes;
};

/**
 * idxd_grpcfg_encode() - contents of a group's GRPCFG
 * @pool: what to share out
 * @group: index, below nr_groups
 * @cfg: filled completely
 *
 * Used WQs and engines go round robin over as many groups as can have one of
 * each: the hardware refuses a group with WQs but no engine, or the other way
 * round, and a WQ without entries cannot be enabled.
 */
void idxd_grpcfg_encode(const struct idxd_grpcfg_pool *pool, u16 group,
			struct idxd_grpcfg *cfg);

/**
 * idxd_wqcfg_group() - group of a WQ under idxd_grpcfg_encode()
 * @pool: what is shared out
 * @wq: index of a used WQ
 *
 * Return: index of the group.
 */
u16 idxd_wqcfg_group(const struct idxd_grpcfg_pool *pool, u16 wq);

#endif /* IDXD_WQCFG_H */
