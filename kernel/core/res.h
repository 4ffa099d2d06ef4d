/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who owns which work queue (layer L2).
 */
#ifndef IDXD_RES_H
#define IDXD_RES_H

#include <linux/mutex.h>

#include "caps.h"
#include "cmd.h"
#include "hw.h"
#include "wq.h"

/**
 * struct idxd_res - the work queues of a device
 * @hw: register window
 * @caps: decoded capabilities
 * @wqs: the usable WQs, those with the lowest indices
 * @nr_wqs: how many; fewer than the device has when there are fewer entries
 * @nr_leased: how many of them are leased; protected by @lock
 * @lock: protects the leases; below sf->lock, above cmdq->lock
 */
struct idxd_res {
	struct idxd_hw *hw;
	const struct idxd_caps *caps;
	struct idxd_wq *wqs;
	u16 nr_wqs;
	u16 nr_leased;
	struct mutex lock;	/* protects nr_leased and wq->leased */
};

/**
 * idxd_res_init() - share the device out
 * @res: to be filled
 * @hw: register window
 * @caps: decoded capabilities
 * @cmdq: command register, for the WQs
 *
 * Entries go evenly over the WQs, WQs and engines round robin over the
 * groups. Nothing is written yet. Pairs with idxd_res_exit().
 *
 * Return: 0 or -ENOMEM.
 */
int idxd_res_init(struct idxd_res *res, struct idxd_hw *hw,
		  const struct idxd_caps *caps, struct idxd_cmdq *cmdq);

/**
 * idxd_res_exit() - free what idxd_res_init() allocated
 * @res: no WQ is leased; a zeroed one is fine
 */
void idxd_res_exit(struct idxd_res *res);

/**
 * idxd_res_apply() - write sizes and groups to the device
 * @res: the resources
 *
 * They are writable only while the whole device is disabled, which the
 * caller sees to.
 */
void idxd_res_apply(struct idxd_res *res);

/**
 * idxd_res_lease_wq() - lease the smallest free WQ
 * @res: the resources
 * @min_size: entries it must have
 *
 * Context: takes res->lock. Pairs with idxd_res_release_wq().
 * Return: the WQ, not configured, or NULL when none is free.
 */
struct idxd_wq *idxd_res_lease_wq(struct idxd_res *res, u16 min_size);

/**
 * idxd_res_release_wq() - give a WQ back
 * @res: the resources
 * @wq: the WQ, disabled
 *
 * Context: takes res->lock.
 */
void idxd_res_release_wq(struct idxd_res *res, struct idxd_wq *wq);

#endif /* IDXD_RES_H */
