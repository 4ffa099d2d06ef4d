/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Software errors of a device (layer L2): read from SWERR and from the event
 * log, and told to whom they belong.
 *
 * One work item reads both and waits for nobody, so that no subfunction keeps
 * another's errors from it: an error whose owner is busy waits aside. Each WQ
 * has a budget (error.h). Errors of a WQ's life before its last reset are
 * told to nobody (idxd_errq_forget()).
 */
#ifndef IDXD_ERRQ_H
#define IDXD_ERRQ_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "error.h"
#include "evl.h"

/* Errors of one WQ that wait aside */
#define IDXD_ERRQ_PARKED_MAX	IDXD_ERROR_BUDGET

/**
 * enum idxd_errq_source - where an error was read
 * @IDXD_ERRQ_SWERR: in SWERR, which holds one
 * @IDXD_ERRQ_LOG: in the event log
 * @IDXD_ERRQ_NR_SOURCES: number of sources
 */
enum idxd_errq_source {
	IDXD_ERRQ_SWERR,
	IDXD_ERRQ_LOG,
	IDXD_ERRQ_NR_SOURCES,
};

/**
 * struct idxd_errq_item - an error on its way
 * @node: in idxd_errq.parked
 * @source: where it was read
 * @nr: how many were read there before it
 * @wq: whose it is, or -1
 * @verdict: whether it is told
 * @error: the error
 */
struct idxd_errq_item {
	struct list_head node;
	enum idxd_errq_source source;
	u64 nr;
	int wq;
	enum idxd_error_verdict verdict;
	struct idxd_error error;
};

/**
 * enum idxd_errq_fate - what became of an error that was told
 * @IDXD_ERRQ_TOLD: its owner knows
 * @IDXD_ERRQ_NOBODY: it belongs to nobody
 * @IDXD_ERRQ_BUSY: its owner is busy; to be told again later
 */
enum idxd_errq_fate {
	IDXD_ERRQ_TOLD,
	IDXD_ERRQ_NOBODY,
	IDXD_ERRQ_BUSY,
};

/**
 * struct idxd_errq_account - the errors of a WQ
 * @budget: how many of them are told; lock
 * @fresh: the first of each source that is of its present life; lock
 * @nr_parked: how many wait aside; of the work item
 * @busy: their owner was busy a moment ago; of the work item
 * @holding: @held is valid; of the work item
 * @held: the last error beyond the budget; of the work item
 */
struct idxd_errq_account {
	struct idxd_error_budget budget;
	u64 fresh[IDXD_ERRQ_NR_SOURCES];
	unsigned int nr_parked;
	bool busy;
	bool holding;
	struct idxd_errq_item held;
};

/**
 * struct idxd_errq - the software errors of a device
 * @hw: register window
 * @evl: event log; serialised by @lock
 * @tell: tells the owner of an error, without waiting for it; process context
 * @priv: its first argument
 * @wq: runs @work
 * @work: the only reader
 * @lock: protects SWERR, @evl, @nr_read, and of the accounts what says so;
 *	hw->lock inside
 * @nr_read: errors that were read from each source
 * @nr_wqs: WQs of the device
 * @accounts: one for each WQ, and a last one for errors of none
 * @parked: errors whose owner is busy; of the work item
 * @nr_held: accounts that hold one; of the work item
 * @stopped: the device is not to be touched
 * @polling: a flood: we look from time to time; of the work item
 * @logged: one that was nobody's was logged; of the work item
 */
struct idxd_errq {
	struct idxd_hw *hw;
	struct idxd_evl evl;
	enum idxd_errq_fate (*tell)(void *priv,
				    const struct idxd_errq_item *item);
	void *priv;
	struct workqueue_struct *wq;
	struct delayed_work work;
	spinlock_t lock;	/* protects what is said above */
	u64 nr_read[IDXD_ERRQ_NR_SOURCES];
	u16 nr_wqs;
	struct idxd_errq_account *accounts;
	struct list_head parked;
	unsigned int nr_held;
	bool stopped;
	bool polling;
	bool logged;
};

/**
 * idxd_errq_init() - prepare to read errors
 * @q: to be filled; tell and priv are the caller's
 * @hw: register window
 * @caps: decoded capabilities
 *
 * Context: sleeps. Pairs with idxd_errq_exit().
 * Return: 0 or -ENOMEM.
 */
int idxd_errq_init(struct idxd_errq *q, struct idxd_hw *hw,
		   const struct idxd_caps *caps);

/**
 * idxd_errq_exit() - free what idxd_errq_init() allocated
 * @q: the errors, after idxd_errq_cancel(); the device was reset or does no
 *	DMA any more. A zeroed one is fine.
 */
void idxd_errq_exit(struct idxd_errq *q);

/**
 * idxd_errq_start() - have the device use its event log, if it has one
 * @q: the errors; the device is disabled, as after a reset
 *
 * Context: takes q->lock.
 */
void idxd_errq_start(struct idxd_errq *q);

/**
 * idxd_errq_stop() - do not touch the device until idxd_errq_start()
 * @q: the errors; the device failed, or is about to be reset
 *
 * Context: any. A reader may still be at it, see idxd_errq_flush().
 */
void idxd_errq_stop(struct idxd_errq *q);

/**
 * idxd_errq_flush() - wait for a reader that is at work
 * @q: the errors
 *
 * Context: sleeps; no lock is held that the teller takes.
 */
void idxd_errq_flush(struct idxd_errq *q);

/**
 * idxd_errq_sync() - have told what the device has reported until now
 * @q: the errors
 *
 * But for those whose owner is busy, or floods.
 *
 * Context: as idxd_errq_flush().
 */
void idxd_errq_sync(struct idxd_errq *q);

/**
 * idxd_errq_kick() - the device says that there are errors
 * @q: the errors
 *
 * Context: any.
 */
void idxd_errq_kick(struct idxd_errq *q);

/**
 * idxd_errq_cancel() - nobody is told any more
 * @q: the errors; nobody kicks from now on
 *
 * Context: sleeps until the reader has ended.
 */
void idxd_errq_cancel(struct idxd_errq *q);

/**
 * idxd_errq_forget() - what a WQ has caused until now is told to nobody
 * @q: the errors
 * @wq: index of the WQ, which is disabled and empty
 *
 * Also what was read and not told: idxd_errq_is_stale() says so.
 *
 * Context: any; takes q->lock.
 */
void idxd_errq_forget(struct idxd_errq *q, u16 wq);

/**
 * idxd_errq_lease() - a WQ has a new owner, or its owner a new user
 * @q: the errors
 * @wq: index of the WQ, which is disabled and empty
 *
 * As idxd_errq_forget(), and the budget begins anew. Not so for a reset by the
 * owner, who could reset it as often as he likes.
 *
 * Context: any; takes q->lock.
 */
void idxd_errq_lease(struct idxd_errq *q, u16 wq);

/**
 * idxd_errq_is_stale() - was the error caused before idxd_errq_forget()
 * @q: the errors
 * @item: the error
 *
 * For @tell, under a lock of the owner's that it holds over
 * idxd_errq_forget() too.
 *
 * Context: any; takes q->lock.
 * Return: it was.
 */
bool idxd_errq_is_stale(struct idxd_errq *q, const struct idxd_errq_item *item);

#endif /* IDXD_ERRQ_H */
