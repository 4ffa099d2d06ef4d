// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devlink face of a device (layer L4): health reporter "sf" of a port.
 *
 * Shows state, errors and statistics of one subfunction. It has neither
 * recovery nor dump, so that reporting an error takes no lock of devlink.
 */
#include "dl.h"

#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/idxd_sf.h>

#include "decode.h"
#include "sf.h"

/* What a test pretends: an operation that no device has */
#define IDXD_HEALTH_TEST_ERROR		0x10
#define IDXD_HEALTH_TEST_OPERATION	0xff
/* How long a user who opens or closes may keep the subfunction from us */
#define IDXD_HEALTH_LOCK_SF_MS		1000
#define IDXD_HEALTH_POLL_SF_MS		10

static void idxd_health_put_sf_wq_locked(struct devlink_fmsg *fmsg,
					 const struct idxd_sf *sf)
{
	u32 dword6;

	lockdep_assert_held(&sf->lock);
	if (!sf->wq)
		return;
	dword6 = idxd_wq_read(sf->wq, 6);
	devlink_fmsg_pair_nest_start(fmsg, IDXD_SF_KEY_WORK_QUEUE);
	devlink_fmsg_obj_nest_start(fmsg);
	devlink_fmsg_u32_pair_put(fmsg, IDXD_SF_KEY_INDEX, sf->wq->index);
	devlink_fmsg_string_pair_put(fmsg, IDXD_SF_KEY_STATE,
				     idxd_decode_wq_state(dword6));
	devlink_fmsg_u32_pair_put(fmsg, IDXD_SF_KEY_ENTRIES, sf->wq->cfg.size);
	devlink_fmsg_u32_pair_put(fmsg, IDXD_SF_KEY_OCCUPANCY,
				  FIELD_GET(IDXD_WQCFG6_OCCUPANCY, dword6));
	devlink_fmsg_obj_nest_end(fmsg);
	devlink_fmsg_pair_nest_end(fmsg);
}

static void idxd_health_put_sf_errors_locked(struct devlink_fmsg *fmsg,
					     const struct idxd_sf *sf)
{
	const struct idxd_sf_errors *errors = &sf->errors;
	unsigned int i;

	lockdep_assert_held(&sf->lock);
	devlink_fmsg_pair_nest_start(fmsg, IDXD_SF_KEY_ERRORS);
	devlink_fmsg_obj_nest_start(fmsg);
	devlink_fmsg_u64_pair_put(fmsg, IDXD_SF_KEY_TOTAL, errors->nr);
	devlink_fmsg_u64_pair_put(fmsg, IDXD_SF_KEY_OVERFLOWS,
				  errors->nr_overflows);
	for (i = 0; i < IDXD_ERROR_NR; i++)
		devlink_fmsg_u64_pair_put(fmsg, idxd_error_kind_name(i),
					  errors->kinds[i]);
	devlink_fmsg_obj_nest_end(fmsg);
	devlink_fmsg_pair_nest_end(fmsg);
	if (errors->nr)
		idxd_health_put_swerr(fmsg, IDXD_SF_KEY_LAST_ERROR,
				      errors->last);
}

static void idxd_health_put_sf_stats_locked(struct devlink_fmsg *fmsg,
					    const struct idxd_sf *sf)
{
	struct idxd_sf_stats stats = { };
	unsigned int i;

	lockdep_assert_held(&sf->lock);
	if (!sf->ops || !sf->ops->stats)
		return;
	sf->ops->stats(sf->priv, &stats);
	devlink_fmsg_pair_nest_start(fmsg, IDXD_SF_KEY_STATISTICS);
	devlink_fmsg_obj_nest_start(fmsg);
	devlink_fmsg_u64_pair_put(fmsg, IDXD_SF_KEY_COMMANDS, stats.commands);
	devlink_fmsg_u64_pair_put(fmsg, IDXD_SF_KEY_RESETS, stats.resets);
	devlink_fmsg_u64_pair_put(fmsg, IDXD_SF_KEY_TRAPPED_ACCESSES,
				  stats.accesses);
	devlink_fmsg_u64_pair_put(fmsg, IDXD_SF_KEY_PORTAL_DROPS,
				  stats.portal_drops);
	devlink_fmsg_u64_pair_put(fmsg, IDXD_SF_KEY_PORTAL_ZAPS,
				  stats.portal_zaps);
	devlink_fmsg_arr_pair_nest_start(fmsg, IDXD_SF_KEY_INTERRUPTS);
	for (i = 0; i < stats.nr_irqs; i++)
		devlink_fmsg_u32_put(fmsg, min(stats.irqs[i], U32_MAX));
	devlink_fmsg_arr_pair_nest_end(fmsg);
	devlink_fmsg_obj_nest_end(fmsg);
	devlink_fmsg_pair_nest_end(fmsg);
}

/* Opening and closing hold it over commands, and we hold devl_lock */
static bool idxd_health_lock_sf(struct idxd_sf *sf)
{
	unsigned int ms;

	for (ms = 0; ms < IDXD_HEALTH_LOCK_SF_MS; ms += IDXD_HEALTH_POLL_SF_MS) {
		if (mutex_trylock(&sf->lock))
			return true;
		msleep(IDXD_HEALTH_POLL_SF_MS);
	}
	return false;
}

static int idxd_health_diagnose_sf(struct devlink_health_reporter *reporter,
				   struct devlink_fmsg *fmsg,
				   struct netlink_ext_ack *extack)
{
	struct idxd_sf *sf = devlink_health_reporter_priv(reporter);

	if (!idxd_health_lock_sf(sf)) {
		NL_SET_ERR_MSG(extack, "Subfunction is being reset: try again");
		return -EBUSY;
	}
	devlink_fmsg_string_pair_put(fmsg, IDXD_SF_KEY_STATE,
				     idxd_sf_state_name(sf->state));
	if (sf->state == IDXD_SF_ERROR)
		devlink_fmsg_string_pair_put(fmsg, IDXD_SF_KEY_REASON,
					     sf->fault);
	idxd_health_put_sf_wq_locked(fmsg, sf);
	idxd_health_put_sf_errors_locked(fmsg, sf);
	idxd_health_put_sf_stats_locked(fmsg, sf);
	mutex_unlock(&sf->lock);
	return 0;
}

/* As if the hardware had reported it: the guest sees it too */
static int idxd_health_test_sf(struct devlink_health_reporter *reporter,
			       struct netlink_ext_ack *extack)
{
	struct idxd_sf *sf = devlink_health_reporter_priv(reporter);
	struct idxd_error error = { };

	if (!idxd_health_lock_sf(sf)) {
		NL_SET_ERR_MSG(extack, "Subfunction is being reset: try again");
		return -EBUSY;
	}
	if (!sf->wq) {
		mutex_unlock(&sf->lock);
		NL_SET_ERR_MSG(extack,
			       "Subfunction has no work queue: activate it first");
		return -EBUSY;
	}
	error.swerr[0] = IDXD_SWERR0_VALID | IDXD_SWERR0_WQ_VALID |
			 IDXD_SWERR0_DESC_VALID |
			 FIELD_PREP(IDXD_SWERR0_WQ, sf->wq->index) |
			 FIELD_PREP(IDXD_SWERR0_ERROR, IDXD_HEALTH_TEST_ERROR) |
			 FIELD_PREP(IDXD_SWERR0_OPERATION,
				    IDXD_HEALTH_TEST_OPERATION);
	idxd_sf_error_locked(sf, &error);
	mutex_unlock(&sf->lock);
	return 0;
}

static const struct devlink_health_reporter_ops idxd_health_sf_ops = {
	.name = IDXD_SF_REPORTER_SF,
	.diagnose = idxd_health_diagnose_sf,
	.test = idxd_health_test_sf,
};

int idxd_health_register_sf(struct idxd_sf *sf)
{
	struct devlink_health_reporter *reporter;

	reporter = devl_port_health_reporter_create(&sf->port,
						    &idxd_health_sf_ops, 0, sf);
	if (IS_ERR(reporter))
		return PTR_ERR(reporter);
	guard(mutex)(&sf->lock);
	sf->reporter = reporter;
	return 0;
}

void idxd_health_unregister_sf(struct idxd_sf *sf)
{
	struct devlink_health_reporter *reporter = sf->reporter;

	/* Whoever reports an error holds the lock */
	scoped_guard(mutex, &sf->lock) {
		sf->reporter = NULL;
		sf->errors.reported = false;
	}
	devl_health_reporter_destroy(reporter);
}
