// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who owns which work queue (layer L2).
 *
 * Sizes of WQs and the layout of groups can change only while the whole
 * device is disabled. So the entries are shared out when the device comes up,
 * and a subfunction leases a whole WQ.
 */
#include "res.h"

#include <linux/minmax.h>
#include <linux/slab.h>

#include "trace.h"

static struct idxd_grpcfg_pool idxd_res_pool(const struct idxd_res *res)
{
	return (struct idxd_grpcfg_pool) {
		.nr_groups = res->caps->nr_groups,
		.nr_wqs = res->nr_wqs,
		.nr_engines = res->caps->nr_engines,
		.nr_rdbufs = res->caps->nr_rdbufs,
	};
}

int idxd_res_init(struct idxd_res *res, struct idxd_hw *hw,
		  const struct idxd_caps *caps, struct idxd_cmdq *cmdq)
{
	struct idxd_grpcfg_pool pool;
	u16 i;

	mutex_init(&res->lock);
	res->hw = hw;
	res->caps = caps;
	/* A WQ without entries cannot be enabled */
	res->nr_wqs = min(caps->nr_wqs, caps->total_wq_size);
	res->wqs = kcalloc(res->nr_wqs, sizeof(*res->wqs), GFP_KERNEL);
	if (!res->wqs)
		return -ENOMEM;

	pool = idxd_res_pool(res);
	for (i = 0; i < res->nr_wqs; i++) {
		struct idxd_wq *wq = &res->wqs[i];

		wq->hw = hw;
		wq->caps = caps;
		wq->cmdq = cmdq;
		wq->index = i;
		wq->group = idxd_wqcfg_group(&pool, i);
		wq->cfg.size = idxd_wqcfg_share(caps->total_wq_size,
						res->nr_wqs, i);
	}
	return 0;
}

void idxd_res_exit(struct idxd_res *res)
{
	kfree(res->wqs);
	res->wqs = NULL;
}

static void idxd_res_apply_group(struct idxd_res *res, u16 group)
{
	u32 base = res->caps->grpcfg_off + group * IDXD_GRPCFG_SIZE;
	struct idxd_grpcfg_pool pool = idxd_res_pool(res);
	struct idxd_grpcfg cfg;
	unsigned int i;

	idxd_grpcfg_encode(&pool, group, &cfg);
	for (i = 0; i < ARRAY_SIZE(cfg.wqs); i++)
		idxd_hw_write64(res->hw, base + IDXD_GRPCFG_WQS_OFF + i * 8,
				cfg.wqs[i]);
	idxd_hw_write64(res->hw, base + IDXD_GRPCFG_ENGINES_OFF, cfg.engines);
	idxd_hw_write64(res->hw, base + IDXD_GRPCFG_FLAGS_OFF, cfg.flags);
}

void idxd_res_apply(struct idxd_res *res)
{
	u16 i;

	for (i = 0; i < res->nr_wqs; i++)
		idxd_hw_write32(res->hw, idxd_caps_wqcfg(res->caps, i, 0),
				res->wqs[i].cfg.size);
	for (i = 0; i < res->caps->nr_groups; i++)
		idxd_res_apply_group(res, i);
	/* Subfunctions' WQs are unprivileged: without it none may interrupt */
	idxd_hw_write32(res->hw, IDXD_GENCFG_OFF, IDXD_GENCFG_USER_INT_EN);
}

struct idxd_wq *idxd_res_lease_wq(struct idxd_res *res, u16 min_size)
{
	struct idxd_wq *best = NULL;
	u16 i;

	guard(mutex)(&res->lock);
	for (i = 0; i < res->nr_wqs; i++) {
		struct idxd_wq *wq = &res->wqs[i];

		if (wq->leased || wq->cfg.size < min_size)
			continue;
		if (!best || wq->cfg.size < best->cfg.size)
			best = wq;
	}
	if (!best)
		return NULL;

	best->leased = true;
	res->nr_leased++;
	trace_idxd_res_leased(res->hw->dev, "wq", best->index,
			      res->nr_leased);
	return best;
}

void idxd_res_release_wq(struct idxd_res *res, struct idxd_wq *wq)
{
	guard(mutex)(&res->lock);
	wq->leased = false;
	res->nr_leased--;
	trace_idxd_res_released(res->hw->dev, "wq", wq->index,
				res->nr_leased);
}
