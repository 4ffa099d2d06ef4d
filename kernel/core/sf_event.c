// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subfunctions (layer L3): what happens to the device.
 *
 * Tells every subfunction of a failure and of the way back, and a software
 * error to whom it belongs. Walks the list under sfs_lock, so that devl_lock
 * is not needed; knows no reporter's operations.
 */
#include "sf.h"

#include <linux/bitfield.h>
#include <linux/jiffies.h>

#include "sf_handle.h"
#include "trace.h"

/* A guest can cause any number: users of netlink are told once in this time */
#define IDXD_SF_REPORT_PERIOD	HZ

void idxd_sf_set_fault_locked(struct idxd_sf *sf, const char *fmt, ...)
{
	va_list args;

	lockdep_assert_held(&sf->lock);
	va_start(args, fmt);
	vscnprintf(sf->fault, sizeof(sf->fault), fmt, args);
	va_end(args);
}

static void idxd_sf_fail(struct idxd_sf *sf, u32 gensts)
{
	guard(mutex)(&sf->lock);
	idxd_sf_fire_locked(sf, IDXD_SF_EV_FAIL);
	/* A drain that was not given yet is of the life before the recovery */
	WRITE_ONCE(sf->abandon, true);
	if (sf->state == IDXD_SF_ERROR)
		idxd_sf_set_fault_locked(sf, "Device failed: see reporter hw");
	if (sf->ops && sf->ops->halt)
		sf->ops->halt(sf->priv, gensts);
}

void idxd_sf_fail_all(struct idxd_dev *idxd, u32 gensts)
{
	struct idxd_sf *sf;

	guard(mutex)(&idxd->sfs_lock);
	list_for_each_entry(sf, &idxd->sfs, node)
		idxd_sf_fail(sf, gensts);
}

/* Return: 0, or a negative error with the reason in sf->fault */
static int idxd_sf_restore_locked(struct idxd_sf *sf)
{
	u8 cmderr = IDXD_CMDERR_NONE;
	int err;

	lockdep_assert_held(&sf->lock);
	/* A reset forgets them too; its driver knows that it is halted still */
	idxd_sf_tell_revoked_locked(sf);
	err = idxd_sf_renew_handles_locked(sf);
	if (err) {
		idxd_sf_set_fault_locked(sf, "No interrupt handle (%d)", err);
		return err;
	}
	/* Nobody has touched its configuration: only the hardware lost it */
	err = idxd_sf_reset_wq_locked(sf) ?: idxd_wq_check(sf->wq, &cmderr);
	if (err)
		idxd_sf_set_fault_locked(sf,
					 "Work queue %u not restored (%d, code 0x%02x)",
					 sf->wq->index, err, cmderr);
	return err;
}

/* What the driver and the user of one that comes back were before */
static void idxd_sf_return_locked(struct idxd_sf *sf)
{
	lockdep_assert_held(&sf->lock);
	sf->fault[0] = '\0';
	WRITE_ONCE(sf->abandon, false);
	idxd_sf_fire_locked(sf, IDXD_SF_EV_RECOVER);
	if (sf->ops)
		idxd_sf_fire_locked(sf, IDXD_SF_EV_BIND);
	if (sf->opened)
		idxd_sf_fire_locked(sf, IDXD_SF_EV_OPEN);
}

static bool idxd_sf_recover(struct idxd_sf *sf)
{
	int err;

	guard(mutex)(&sf->lock);
	if (sf->state != IDXD_SF_ERROR)
		return sf->state != IDXD_SF_INACTIVE &&
		       sf->state != IDXD_SF_DEACTIVATING;
	err = idxd_sf_restore_locked(sf);
	if (!err) {
		idxd_sf_return_locked(sf);
		idxd_sf_error_forget_locked(sf);
	}
	if (sf->ops && sf->ops->resume)
		sf->ops->resume(sf->priv, err);
	return !err;
}

unsigned int idxd_sf_recover_all(struct idxd_dev *idxd)
{
	unsigned int nr = 0;
	struct idxd_sf *sf;

	guard(mutex)(&idxd->sfs_lock);
	list_for_each_entry(sf, &idxd->sfs, node)
		nr += idxd_sf_recover(sf);
	return nr;
}

static void idxd_sf_give_up(struct idxd_sf *sf)
{
	guard(mutex)(&sf->lock);
	if (sf->state == IDXD_SF_ERROR && sf->ops && sf->ops->resume)
		sf->ops->resume(sf->priv, -EIO);
}

void idxd_sf_give_up_all(struct idxd_dev *idxd)
{
	struct idxd_sf *sf;

	guard(mutex)(&idxd->sfs_lock);
	list_for_each_entry(sf, &idxd->sfs, node)
		idxd_sf_give_up(sf);
}

static void idxd_sf_error_report_locked(struct idxd_sf *sf, const char *text)
{
	struct idxd_sf_errors *errors = &sf->errors;

	lockdep_assert_held(&sf->lock);
	if (!sf->reporter ||
	    (errors->reported_at &&
	     time_before(jiffies, errors->reported_at + IDXD_SF_REPORT_PERIOD)))
		return;
	/* 0 means never */
	errors->reported_at = jiffies ?: 1;
	errors->reported = true;
	/* No operation to recover or dump: it takes no lock of devlink */
	devlink_health_report(sf->reporter, text, sf);
}

static void idxd_sf_error_count_locked(struct idxd_sf *sf,
				       const struct idxd_error *error)
{
	u32 code = FIELD_GET(IDXD_SWERR0_ERROR, error->swerr[0]);
	struct idxd_sf_errors *errors = &sf->errors;

	lockdep_assert_held(&sf->lock);
	errors->nr++;
	errors->kinds[idxd_decode_error_kind(code)]++;
	if (error->lost || error->swerr[0] & IDXD_SWERR0_OVERFLOW)
		errors->nr_overflows++;
	memcpy(errors->last, error->swerr, sizeof(errors->last));
	idxd_sf_error_report_locked(sf, idxd_decode_error(code));
}

void idxd_sf_error_forget_locked(struct idxd_sf *sf)
{
	lockdep_assert_held(&sf->lock);
	if (!sf->errors.reported)
		return;
	sf->errors.reported = false;
	devlink_health_reporter_state_update(sf->reporter,
					     DEVLINK_HEALTH_REPORTER_STATE_HEALTHY);
}

void idxd_sf_error_locked(struct idxd_sf *sf, const struct idxd_error *error)
{
	lockdep_assert_held(&sf->lock);
	idxd_sf_error_count_locked(sf, error);
	if (sf->ops && sf->ops->error)
		sf->ops->error(sf->priv, error);
}

/* Who has its lock may be waiting for the hardware: not with him */
static enum idxd_errq_fate idxd_sf_error_try(struct idxd_sf *sf,
					     const struct idxd_errq_item *item)
{
	if (!mutex_trylock(&sf->lock))
		return IDXD_ERRQ_BUSY;
	/* Told to nobody also if the WQ is another's by now */
	if (sf->wq && sf->wq->index == item->wq &&
	    !idxd_errq_is_stale(&sf->idxd->errq, item))
		idxd_sf_error_locked(sf, &item->error);
	mutex_unlock(&sf->lock);
	return IDXD_ERRQ_TOLD;
}

enum idxd_errq_fate idxd_sf_error(void *priv, const struct idxd_errq_item *item)
{
	struct idxd_dev *idxd = priv;
	struct idxd_sf *sf;

	guard(mutex)(&idxd->sfs_lock);
	list_for_each_entry(sf, &idxd->sfs, node) {
		/* Without its lock, which others' errors do not wait for */
		struct idxd_wq *wq = READ_ONCE(sf->wq);

		if (wq && wq->index == item->wq)
			return idxd_sf_error_try(sf, item);
	}
	return IDXD_ERRQ_NOBODY;
}
