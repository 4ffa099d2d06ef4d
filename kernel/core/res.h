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
 * @wqs: all WQs
 * @nr_wqs: how many
 * @sizes: entries of each WQ, the layout; changed while no WQ is leased
 * @nr_used: WQs that have entries: those that can be leased
 * @nr_leased: how many of them are leased; protected by @lock
 * @lock: protects the leases and the layout; below sf->lock, above cmdq->lock
 */
struct idxd_res {
	struct idxd_hw *hw;
	const struct idxd_caps *caps;
	struct idxd_wq *wqs;
	u16 nr_wqs;
	u16 *sizes;
	u16 nr_used;
	u16 nr_leased;
	struct mutex lock;	/* protects nr_leased, wq->leased, the layout */
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
 * idxd_res_set_layout() - choose the entries of every WQ
 * @res: the resources
 * @sizes: entries of each WQ, nr_wqs of them
 *
 * Nothing is written: idxd_res_apply() does that, and what the device makes of
 * the sizes shows when it is enabled.
 *
 * Context: takes res->lock; nobody looks at the size of a WQ that he has not
 * leased.
 * Return: 0, or -EBUSY for other sizes while a WQ is leased.
 */
int idxd_res_set_layout(struct idxd_res *res, const u16 *sizes);

/**
 * struct idxd_res_use - how much of the device serves leased WQs
 * @wq_entries: entries of those WQs
 * @groups: groups they are in
 * @engines: engines of those groups
 */
struct idxd_res_use {
	u32 wq_entries;
	u16 groups;
	u16 engines;
};

/**
 * idxd_res_get_use() - add up what serves leased WQs
 * @res: the resources
 * @use: filled
 *
 * Context: takes res->lock.
 */
void idxd_res_get_use(struct idxd_res *res, struct idxd_res_use *use);

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
 * Return: the WQ, not configured, or NULL when none is free or large enough.
 */
struct idxd_wq *idxd_res_lease_wq(struct idxd_res *res, u16 min_size);

/**
 * idxd_res_has_free_wq() - is there a WQ to lease, of whatever size
 * @res: the resources
 *
 * For a message, when idxd_res_lease_wq() found none.
 *
 * Context: takes res->lock.
 * Return: true if there is.
 */
bool idxd_res_has_free_wq(struct idxd_res *res);

/**
 * idxd_res_release_wq() - give a WQ back
 * @res: the resources
 * @wq: the WQ, disabled
 *
 * Context: takes res->lock.
 */
void idxd_res_release_wq(struct idxd_res *res, struct idxd_wq *wq);

#endif /* IDXD_RES_H */
