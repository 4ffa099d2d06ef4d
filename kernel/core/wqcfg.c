// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contents of the WQ and group configuration tables (layer L1).
 *
 * Pure: no MMIO, no lock, no allocation; also compiled in user space by
 * tests/unit. Decides how entries, WQs, engines and read buffers are shared
 * out; res.c writes it to the hardware.
 */
#include "wqcfg.h"

#include <linux/bitfield.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>

int idxd_wqcfg_encode(const struct idxd_wqcfg *cfg,
		      u32 dwords[IDXD_WQCFG_ENC_DWORDS])
{
	unsigned int i;

	if (!cfg->priority || cfg->priority > IDXD_WQ_PRIORITY_MAX ||
	    cfg->pasid > FIELD_MAX(IDXD_WQCFG2_PASID) ||
	    cfg->max_xfer_shift > FIELD_MAX(IDXD_WQCFG3_MAX_XFER_SHIFT) ||
	    cfg->max_batch_shift > FIELD_MAX(IDXD_WQCFG3_MAX_BATCH_SHIFT) ||
	    cfg->threshold > cfg->size)
		return -ERANGE;

	memset(dwords, 0, IDXD_WQCFG_ENC_DWORDS * sizeof(*dwords));
	dwords[0] = FIELD_PREP(IDXD_WQCFG0_SIZE, cfg->size);
	dwords[1] = FIELD_PREP(IDXD_WQCFG1_THRESHOLD, cfg->threshold);
	dwords[2] = IDXD_WQCFG2_MODE_DEDICATED | IDXD_WQCFG2_PASID_EN |
		    FIELD_PREP(IDXD_WQCFG2_PRIORITY, cfg->priority) |
		    FIELD_PREP(IDXD_WQCFG2_PASID, cfg->pasid);
	if (cfg->prs_disable)
		dwords[2] |= IDXD_WQCFG2_PRS_DISABLE;
	dwords[3] = FIELD_PREP(IDXD_WQCFG3_MAX_XFER_SHIFT,
			       cfg->max_xfer_shift) |
		    FIELD_PREP(IDXD_WQCFG3_MAX_BATCH_SHIFT,
			       cfg->max_batch_shift);
	for (i = 0; i < IDXD_OPCAP_NR_WORDS; i++) {
		dwords[IDXD_WQCFG_NR_DWORDS + 2 * i] = cfg->opcap[i];
		dwords[IDXD_WQCFG_NR_DWORDS + 2 * i + 1] = cfg->opcap[i] >> 32;
	}
	return 0;
}

u8 idxd_wqcfg_xfer_shift(u8 xfer_shift, u8 batch_shift)
{
	u8 most = IDXD_WQCFG_WORK_SHIFT - batch_shift;

	return min(xfer_shift, most);
}

u16 idxd_wqcfg_share(u16 total, u16 nr, u16 index)
{
	return total / nr + (index < total % nr);
}

u16 idxd_wqcfg_nr_used(const u16 *sizes, u16 nr)
{
	u16 nr_used = 0;
	u16 i;

	for (i = 0; i < nr; i++)
		nr_used += sizes[i] != 0;
	return nr_used;
}

/* A group needs a WQ and an engine: no more groups than there are of either */
static u16 idxd_grpcfg_nr_used(const struct idxd_grpcfg_pool *pool)
{
	u16 nr_wqs = idxd_wqcfg_nr_used(pool->wq_sizes, pool->nr_wqs);
	u16 nr = pool->nr_groups;

	if (nr > nr_wqs)
		nr = nr_wqs;
	if (nr > pool->nr_engines)
		nr = pool->nr_engines;
	return nr;
}

u16 idxd_wqcfg_group(const struct idxd_grpcfg_pool *pool, u16 wq)
{
	u16 nr_used = idxd_grpcfg_nr_used(pool);

	/* The how many-eth of the used ones it is */
	return nr_used ? idxd_wqcfg_nr_used(pool->wq_sizes, wq) % nr_used : 0;
}

void idxd_grpcfg_encode(const struct idxd_grpcfg_pool *pool, u16 group,
			struct idxd_grpcfg *cfg)
{
	u16 nr_used = idxd_grpcfg_nr_used(pool);
	u16 i;

	memset(cfg, 0, sizeof(*cfg));
	cfg->flags = FIELD_PREP(IDXD_GRPFLAGS_TC_A, pool->tc_a) |
		     FIELD_PREP(IDXD_GRPFLAGS_TC_B, pool->tc_b) |
		     FIELD_PREP(IDXD_GRPFLAGS_RDBUFS_ALLOWED, pool->nr_rdbufs);
	if (group >= nr_used)
		return;

	for (i = 0; i < pool->nr_wqs; i++)
		if (pool->wq_sizes[i] && idxd_wqcfg_group(pool, i) == group)
			cfg->wqs[i / 64] |= BIT_ULL(i % 64);
	for (i = group; i < pool->nr_engines; i += nr_used)
		cfg->engines |= BIT_ULL(i);
}
