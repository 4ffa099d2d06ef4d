// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who owns which work queue (layer L2).
 *
 * Sizes of WQs and the layout of groups can change only while the whole
 * device is disabled. So the entries are shared out when the device comes up
 * and when it is reloaded, and a subfunction leases a whole WQ.
 */
#include "res.h"

#include <linux/bitfield.h>
#include <linux/bitmap.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "trace.h"

/*
 * Traffic class 1 carries bulk data on DSA 1 and 2; class 0 would share the root
 * complex's control traffic. Later ones keep what they have after a reset.
 */
#define IDXD_RES_TC_VERSION	2

static struct idxd_grpcfg_pool idxd_res_pool(const struct idxd_res *res)
{
	u32 major = FIELD_GET(IDXD_VERSION_MAJOR, res->caps->raw.version);

	return (struct idxd_grpcfg_pool) {
		.nr_groups = res->caps->nr_groups,
		.nr_wqs = res->nr_wqs,
		.nr_engines = res->caps->nr_engines,
		.nr_rdbufs = res->caps->nr_rdbufs,
		.tc_a = major <= IDXD_RES_TC_VERSION,
		.tc_b = 1,
		.wq_sizes = res->sizes,
	};
}

/* What follows from the sizes */
static void idxd_res_update_wqs(struct idxd_res *res)
{
	struct idxd_grpcfg_pool pool = idxd_res_pool(res);
	u16 i;

	res->nr_used = idxd_wqcfg_nr_used(res->sizes, res->nr_wqs);
	for (i = 0; i < res->nr_wqs; i++) {
		res->wqs[i].group = idxd_wqcfg_group(&pool, i);
		res->wqs[i].cfg.size = res->sizes[i];
	}
}

int idxd_res_init(struct idxd_res *res, struct idxd_hw *hw,
		  const struct idxd_caps *caps, struct idxd_cmdq *cmdq)
{
	u16 i;

	mutex_init(&res->lock);
	res->hw = hw;
	res->caps = caps;
	res->nr_wqs = caps->nr_wqs;
	res->wqs = kcalloc(res->nr_wqs, sizeof(*res->wqs), GFP_KERNEL);
	res->sizes = kcalloc(res->nr_wqs, sizeof(*res->sizes), GFP_KERNEL);
	if (!res->wqs || !res->sizes) {
		idxd_res_exit(res);
		return -ENOMEM;
	}

	for (i = 0; i < res->nr_wqs; i++) {
		struct idxd_wq *wq = &res->wqs[i];

		wq->hw = hw;
		wq->caps = caps;
		wq->cmdq = cmdq;
		wq->index = i;
		spin_lock_init(&wq->arm_lock);
		res->sizes[i] = idxd_wqcfg_share(caps->total_wq_size,
						 res->nr_wqs, i);
	}
	idxd_res_update_wqs(res);
	return 0;
}

void idxd_res_exit(struct idxd_res *res)
{
	kfree(res->sizes);
	res->sizes = NULL;
	kfree(res->wqs);
	res->wqs = NULL;
}

int idxd_res_set_layout(struct idxd_res *res, const u16 *sizes)
{
	guard(mutex)(&res->lock);
	if (!memcmp(res->sizes, sizes, res->nr_wqs * sizeof(*sizes)))
		return 0;
	if (res->nr_leased)
		return -EBUSY;
	memcpy(res->sizes, sizes, res->nr_wqs * sizeof(*sizes));
	idxd_res_update_wqs(res);
	return 0;
}

void idxd_res_get_use(struct idxd_res *res, struct idxd_res_use *use)
{
	struct idxd_grpcfg_pool pool = idxd_res_pool(res);
	DECLARE_BITMAP(groups, IDXD_MAX_GROUPS) = { };
	struct idxd_grpcfg cfg;
	unsigned int group;
	u16 i;

	memset(use, 0, sizeof(*use));
	guard(mutex)(&res->lock);
	for (i = 0; i < res->nr_wqs; i++) {
		if (!res->wqs[i].leased)
			continue;
		use->wq_entries += res->sizes[i];
		__set_bit(res->wqs[i].group, groups);
	}
	for_each_set_bit(group, groups, IDXD_MAX_GROUPS) {
		idxd_grpcfg_encode(&pool, group, &cfg);
		use->groups++;
		use->engines += hweight64(cfg.engines);
	}
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
				res->sizes[i]);
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

		if (wq->leased || !res->sizes[i] || res->sizes[i] < min_size)
			continue;
		if (!best || res->sizes[i] < res->sizes[best->index])
			best = wq;
	}
	if (!best)
		return NULL;

	WRITE_ONCE(best->leased, true);
	res->nr_leased++;
	trace_idxd_res_leased(res->hw->dev, "wq", best->index,
			      res->nr_leased);
	return best;
}

bool idxd_res_has_free_wq(struct idxd_res *res)
{
	guard(mutex)(&res->lock);
	return res->nr_leased < res->nr_used;
}

void idxd_res_release_wq(struct idxd_res *res, struct idxd_wq *wq)
{
	guard(mutex)(&res->lock);
	WRITE_ONCE(wq->leased, false);
	res->nr_leased--;
	trace_idxd_res_released(res->hw->dev, "wq", wq->index,
				res->nr_leased);
}
