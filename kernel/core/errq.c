// SPDX-License-Identifier: GPL-2.0-only
/*
 * Software errors of a device (layer L2): read from SWERR and from the event
 * log, and told to whom they belong.
 *
 * Knows neither subfunctions nor what an error means to them. Reads are quick
 * and under a spinlock; telling is done outside of it. During a flood the
 * device does not interrupt and is looked at every jiffy, or at once where more
 * came than is read in one go: one preemptible worker is what guests can cause,
 * and a log that is long enough loses nothing of the others meanwhile.
 */
#include "errq.h"

#include <linux/bitfield.h>
#include <linux/device.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "trace.h"

/* Errors read at a time; the log has room for more */
#define IDXD_ERRQ_LOG_MAX	4096
/* Each frees SWERR for one that may be somebody else's */
#define IDXD_ERRQ_SWERR_MAX	16

/* How often to look whether the next second has begun */
#define IDXD_ERRQ_HELD_DELAY	(HZ / 20)

#define IDXD_ERRQ_INT_EN	(IDXD_GENCTRL_SWERR_INT_EN | \
				 IDXD_GENCTRL_EVL_INT_EN)

static struct idxd_errq_account *idxd_errq_account(struct idxd_errq *q, int wq)
{
	return &q->accounts[wq < 0 || wq >= q->nr_wqs ? q->nr_wqs : wq];
}

static bool idxd_errq_is_stale_locked(struct idxd_errq *q,
				      const struct idxd_errq_item *item)
{
	lockdep_assert_held(&q->lock);
	return item->nr < idxd_errq_account(q, item->wq)->fresh[item->source];
}

/* @item->error was read */
static void idxd_errq_judge_locked(struct idxd_errq *q,
				   struct idxd_errq_item *item,
				   enum idxd_errq_source source)
{
	lockdep_assert_held(&q->lock);
	item->source = source;
	item->nr = q->nr_read[source]++;
	item->wq = idxd_error_wq(&item->error);
	/* What an earlier owner caused is not on the account of this one */
	if (idxd_errq_is_stale_locked(q, item))
		item->verdict = IDXD_ERROR_STALE;
	else
		item->verdict =
			idxd_error_spend(&idxd_errq_account(q, item->wq)->budget,
					 ktime_to_ms(ktime_get()));
}

/* Return: there was one, as below */
static bool idxd_errq_read_log(struct idxd_errq *q, struct idxd_errq_item *item)
{
	u64 entry[IDXD_EVL_NR_WORDS];
	bool found;

	spin_lock(&q->lock);
	found = idxd_evl_pop(&q->evl, entry);
	if (found) {
		idxd_error_from_entry(entry, &item->error);
		idxd_errq_judge_locked(q, item, IDXD_ERRQ_LOG);
	}
	spin_unlock(&q->lock);
	return found;
}

static bool idxd_errq_peek_swerr_locked(struct idxd_errq *q, u64 *word0)
{
	lockdep_assert_held(&q->lock);
	*word0 = idxd_hw_read64(q->hw, IDXD_SWERR_OFF);
	return *word0 != U64_MAX && *word0 & IDXD_SWERR0_VALID;
}

/* Frees the register for the next error */
static void idxd_errq_ack_swerr_locked(struct idxd_errq *q)
{
	lockdep_assert_held(&q->lock);
	idxd_hw_write64(q->hw, IDXD_SWERR_OFF,
			IDXD_SWERR0_VALID | IDXD_SWERR0_OVERFLOW);
}

static bool idxd_errq_read_swerr_locked(struct idxd_errq *q,
					struct idxd_errq_item *item)
{
	u64 *swerr = item->error.swerr;
	unsigned int i;

	lockdep_assert_held(&q->lock);
	memset(&item->error, 0, sizeof(item->error));
	if (!idxd_errq_peek_swerr_locked(q, &swerr[0]))
		return false;
	for (i = 1; i < IDXD_SWERR_NR_WORDS; i++)
		swerr[i] = idxd_hw_read64(q->hw, IDXD_SWERR_OFF + i * 8);
	idxd_errq_ack_swerr_locked(q);
	idxd_errq_judge_locked(q, item, IDXD_ERRQ_SWERR);
	return true;
}

static bool idxd_errq_read_swerr(struct idxd_errq *q,
				 struct idxd_errq_item *item)
{
	bool found;

	spin_lock(&q->lock);
	found = idxd_errq_read_swerr_locked(q, item);
	spin_unlock(&q->lock);
	return found;
}

/* What a guest can cause is its own affair and is not logged */
static void idxd_errq_log(struct idxd_errq *q,
			  const struct idxd_errq_item *item)
{
	const u64 *swerr = item->error.swerr;

	/* Nor are those of a guest that has just left, beyond the first */
	if (q->logged)
		return;
	q->logged = true;
	dev_err(q->hw->dev,
		"software error 0x%02llx, operation 0x%02llx, address 0x%llx; more are traced\n",
		FIELD_GET(IDXD_SWERR0_ERROR, swerr[0]),
		FIELD_GET(IDXD_SWERR0_OPERATION, swerr[0]), swerr[2]);
}

/* Return: @item was told, or to be told to nobody */
static bool idxd_errq_try(struct idxd_errq *q,
			  const struct idxd_errq_item *item)
{
	switch (q->tell(q->priv, item)) {
	case IDXD_ERRQ_TOLD:
		return true;
	case IDXD_ERRQ_NOBODY:
		idxd_errq_log(q, item);
		return true;
	case IDXD_ERRQ_BUSY:
		break;
	}
	return false;
}

/* Its owner is busy; without memory it is lost, and the owner's only */
static void idxd_errq_park(struct idxd_errq *q,
			   const struct idxd_errq_item *item)
{
	struct idxd_errq_account *account = idxd_errq_account(q, item->wq);
	struct idxd_errq_item *copy;

	if (account->nr_parked >= IDXD_ERRQ_PARKED_MAX)
		return;
	copy = kmemdup(item, sizeof(*item), GFP_KERNEL);
	if (!copy)
		return;
	account->nr_parked++;
	list_add_tail(&copy->node, &q->parked);
}

/* What is left of an owner who is still busy keeps its order */
static void idxd_errq_retry(struct idxd_errq *q)
{
	struct idxd_errq_item *item, *next;

	list_for_each_entry(item, &q->parked, node)
		idxd_errq_account(q, item->wq)->busy = false;
	list_for_each_entry_safe(item, next, &q->parked, node) {
		struct idxd_errq_account *account =
			idxd_errq_account(q, item->wq);

		account->busy = account->busy || !idxd_errq_try(q, item);
		if (account->busy)
			continue;
		account->nr_parked--;
		list_del(&item->node);
		kfree(item);
	}
}

static void idxd_errq_tell(struct idxd_errq *q, struct idxd_errq_item *item)
{
	if (idxd_errq_account(q, item->wq)->nr_parked ||
	    !idxd_errq_try(q, item))
		idxd_errq_park(q, item);
}

static void idxd_errq_hold(struct idxd_errq *q,
			   const struct idxd_errq_item *item)
{
	struct idxd_errq_account *account = idxd_errq_account(q, item->wq);

	account->held = *item;
	account->held.error.lost = true;
	if (!account->holding)
		q->nr_held++;
	account->holding = true;
}

static bool idxd_errq_may_tell(struct idxd_errq *q,
			       struct idxd_errq_account *account)
{
	enum idxd_error_verdict verdict;

	spin_lock(&q->lock);
	verdict = idxd_error_spend(&account->budget, ktime_to_ms(ktime_get()));
	spin_unlock(&q->lock);
	return verdict == IDXD_ERROR_TELL;
}

/* Those of floods whose next second has begun */
static void idxd_errq_release_held(struct idxd_errq *q)
{
	unsigned int i;

	for (i = 0; q->nr_held && i <= q->nr_wqs; i++) {
		struct idxd_errq_account *account = &q->accounts[i];

		if (!account->holding || !idxd_errq_may_tell(q, account))
			continue;
		account->holding = false;
		q->nr_held--;
		idxd_errq_tell(q, &account->held);
	}
}

/* Return: it is one of a flood */
static bool idxd_errq_handle(struct idxd_errq *q, struct idxd_errq_item *item)
{
	trace_idxd_event_error_read(q->hw->dev, item->source == IDXD_ERRQ_LOG,
				    item->error.swerr);
	switch (item->verdict) {
	case IDXD_ERROR_TELL:
		break;
	case IDXD_ERROR_TELL_LOST:
		item->error.lost = true;
		break;
	case IDXD_ERROR_HOLD:
		idxd_errq_hold(q, item);
		return true;
	case IDXD_ERROR_STALE:
		return false;
	}
	idxd_errq_tell(q, item);
	return false;
}

/* Return: there are more. @flood is set when there are too many */
static bool idxd_errq_read(struct idxd_errq *q, bool *flood)
{
	struct idxd_errq_item item;
	unsigned int i;

	for (i = 0; i < IDXD_ERRQ_SWERR_MAX; i++) {
		if (!idxd_errq_read_swerr(q, &item))
			break;
		*flood |= idxd_errq_handle(q, &item);
	}
	for (i = 0; i < IDXD_ERRQ_LOG_MAX; i++) {
		if (!idxd_errq_read_log(q, &item))
			return false;
		*flood |= idxd_errq_handle(q, &item);
		cond_resched();
	}
	return true;
}

static void idxd_errq_set_interrupts(struct idxd_errq *q, bool on)
{
	u32 mask = q->evl.log ? IDXD_ERRQ_INT_EN : IDXD_GENCTRL_SWERR_INT_EN;

	q->polling = !on;
	idxd_hw_update32(q->hw, IDXD_GENCTRL_OFF, mask, on ? mask : 0);
}

static void idxd_errq_work(struct work_struct *work)
{
	struct idxd_errq *q = container_of(to_delayed_work(work),
					   struct idxd_errq, work);
	bool flood = false, more;

	if (READ_ONCE(q->stopped))
		return;
	idxd_errq_retry(q);
	idxd_errq_release_held(q);
	more = idxd_errq_read(q, &flood);
	if (flood && !q->polling) {
		idxd_errq_set_interrupts(q, false);
	} else if (!flood && !more && q->polling) {
		idxd_errq_set_interrupts(q, true);
		/* What came before that interrupts nobody */
		more = true;
	}
	if (more)
		queue_delayed_work(q->wq, &q->work, 0);
	else if (q->polling || !list_empty(&q->parked))
		queue_delayed_work(q->wq, &q->work, 1);
	else if (q->nr_held)
		queue_delayed_work(q->wq, &q->work, IDXD_ERRQ_HELD_DELAY);
}

int idxd_errq_init(struct idxd_errq *q, struct idxd_hw *hw,
		   const struct idxd_caps *caps)
{
	q->hw = hw;
	q->nr_wqs = caps->nr_wqs;
	spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->parked);
	INIT_DELAYED_WORK(&q->work, idxd_errq_work);
	q->accounts = kcalloc(q->nr_wqs + 1, sizeof(*q->accounts), GFP_KERNEL);
	q->wq = alloc_workqueue("idxd-errors-%s", WQ_UNBOUND, 1,
				dev_name(hw->dev));
	if (!q->accounts || !q->wq) {
		idxd_errq_exit(q);
		return -ENOMEM;
	}
	idxd_evl_init(&q->evl, hw, caps);
	return 0;
}

void idxd_errq_exit(struct idxd_errq *q)
{
	idxd_evl_exit(&q->evl);
	if (q->wq)
		destroy_workqueue(q->wq);
	q->wq = NULL;
	kfree(q->accounts);
	q->accounts = NULL;
}

void idxd_errq_start(struct idxd_errq *q)
{
	spin_lock(&q->lock);
	idxd_evl_start(&q->evl);
	spin_unlock(&q->lock);
	WRITE_ONCE(q->stopped, false);
}

void idxd_errq_stop(struct idxd_errq *q)
{
	WRITE_ONCE(q->stopped, true);
}

void idxd_errq_flush(struct idxd_errq *q)
{
	/* Probe resets the function before there is a reader */
	if (q->wq)
		flush_delayed_work(&q->work);
}

void idxd_errq_sync(struct idxd_errq *q)
{
	idxd_errq_kick(q);
	idxd_errq_flush(q);
}

void idxd_errq_kick(struct idxd_errq *q)
{
	mod_delayed_work(q->wq, &q->work, 0);
}

void idxd_errq_cancel(struct idxd_errq *q)
{
	struct idxd_errq_item *item, *next;

	cancel_delayed_work_sync(&q->work);
	list_for_each_entry_safe(item, next, &q->parked, node) {
		list_del(&item->node);
		kfree(item);
	}
}

static void idxd_errq_forget_locked(struct idxd_errq *q, u16 wq)
{
	struct idxd_errq_account *account = idxd_errq_account(q, wq);
	u64 word0;

	lockdep_assert_held(&q->lock);
	if (idxd_errq_peek_swerr_locked(q, &word0) &&
	    word0 & IDXD_SWERR0_WQ_VALID &&
	    FIELD_GET(IDXD_SWERR0_WQ, word0) == wq)
		idxd_errq_ack_swerr_locked(q);
	account->fresh[IDXD_ERRQ_SWERR] = q->nr_read[IDXD_ERRQ_SWERR];
	account->fresh[IDXD_ERRQ_LOG] = q->nr_read[IDXD_ERRQ_LOG] +
					idxd_evl_nr_waiting(&q->evl);
}

void idxd_errq_forget(struct idxd_errq *q, u16 wq)
{
	spin_lock(&q->lock);
	idxd_errq_forget_locked(q, wq);
	spin_unlock(&q->lock);
}

void idxd_errq_lease(struct idxd_errq *q, u16 wq)
{
	spin_lock(&q->lock);
	idxd_errq_forget_locked(q, wq);
	idxd_errq_account(q, wq)->budget = (struct idxd_error_budget){};
	spin_unlock(&q->lock);
}

bool idxd_errq_is_stale(struct idxd_errq *q, const struct idxd_errq_item *item)
{
	bool stale;

	spin_lock(&q->lock);
	stale = idxd_errq_is_stale_locked(q, item);
	spin_unlock(&q->lock);
	return stale;
}
