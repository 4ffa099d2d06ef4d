// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devlink face of a device (layer L4): health reporter "hw".
 *
 * Reports what failed, dumps registers in words, and recovers: the device is
 * restarted, and its subfunctions return to service. Runs reports in a work
 * item, as devlink takes devl_lock for them.
 */
#include "dl.h"

#include <linux/delay.h>
#include <linux/idxd_sf.h>
#include <linux/pci.h>

#include "decode.h"
#include "sf.h"
#include "sf_handle.h"
#include "trace.h"

/* An error that comes so soon after a recovery is not recovered from unasked */
#define IDXD_HEALTH_GRACE_MS	10000
/* Nor is one after so many recoveries in so much time */
#define IDXD_HEALTH_BURST	5
#define IDXD_HEALTH_BURST_MS	(10 * 60 * MSEC_PER_SEC)
/* How long a reset by hand may keep the PCI function from us */
#define IDXD_HEALTH_LOCK_MS	2000
#define IDXD_HEALTH_POLL_MS	10

static void idxd_health_describe(const struct idxd_event *ev, char *buf,
				 size_t size)
{
	switch (idxd_event_failure(ev)) {
	case IDXD_FAILURE_NONE:
		snprintf(buf, size, "none");
		break;
	case IDXD_FAILURE_HALT:
		snprintf(buf, size, "Device halted, it needs %s",
			 idxd_decode_reset_type(ev->fail_gensts));
		break;
	case IDXD_FAILURE_COMMAND:
		snprintf(buf, size, "Command %u (%s) got no answer",
			 ev->fail_command, idxd_decode_cmd(ev->fail_command));
		break;
	case IDXD_FAILURE_GONE:
		snprintf(buf, size, "Registers read all ones: device is gone");
		break;
	case IDXD_FAILURE_RESET:
		snprintf(buf, size, "Function was reset by hand");
		break;
	case IDXD_FAILURE_LAYOUT:
		snprintf(buf, size, "Device refused the sizes of its queues");
		break;
	case IDXD_FAILURE_TEST:
		snprintf(buf, size, "Failure injected by devlink health test");
		break;
	}
}

/* Recovery that does not help must not go on for ever */
static bool idxd_health_burst(struct idxd_health *health)
{
	unsigned long period = msecs_to_jiffies(IDXD_HEALTH_BURST_MS);

	if (!health->nr_burst ||
	    time_after(jiffies, health->burst_since + period)) {
		health->burst_since = jiffies;
		health->nr_burst = 0;
	}
	if (health->nr_burst >= IDXD_HEALTH_BURST)
		return true;
	health->nr_burst++;
	return false;
}

/*
 * Keeps resets by hand and removal away. Only a try: removal waits for
 * devl_lock with the device lock held.
 */
static bool idxd_health_lock_function(struct idxd_dev *idxd)
{
	unsigned int ms;

	for (ms = 0; ms < IDXD_HEALTH_LOCK_MS; ms += IDXD_HEALTH_POLL_MS) {
		if (device_trylock(&idxd->pdev->dev))
			return true;
		msleep(IDXD_HEALTH_POLL_MS);
	}
	return false;
}

static int idxd_health_restart(struct idxd_dev *idxd, const char **why)
{
	unsigned int nr;
	int err;

	err = idxd_dev_restart(idxd, why);
	if (err)
		return err;
	/* The reset has stopped them */
	idxd_sf_release_stuck(idxd);
	err = idxd_event_recovered(&idxd->event);
	if (!err) {
		nr = idxd_sf_recover_all(idxd);
		err = READ_ONCE(idxd->cmdq.dead) ? -EIO : 0;
	}
	if (err) {
		*why = "Device failed again while it was recovered";
		return err;
	}
	pci_info(idxd->pdev, "recovered, %u subfunctions in service\n", nr);
	return 0;
}

static int idxd_health_try(struct idxd_dev *idxd, bool unasked,
			   const char **why)
{
	int err;

	if (unasked && idxd_health_burst(&idxd->health)) {
		*why = "Too many recoveries: recover it by hand";
		return -EBUSY;
	}
	if (!idxd_health_lock_function(idxd)) {
		*why = "PCI function is busy: try again later";
		return -EBUSY;
	}
	if (READ_ONCE(idxd->removing)) {
		*why = "Device is being removed";
		err = -EBUSY;
	} else if (idxd_event_failure(&idxd->event)) {
		err = idxd_health_restart(idxd, why);
	} else {
		/* Somebody was faster */
		err = 0;
	}
	device_unlock(&idxd->pdev->dev);
	return err;
}

/* Return: 0, or a negative error with the reason in health->recovery */
static int idxd_health_recover_dev(struct idxd_dev *idxd, bool unasked)
{
	struct idxd_health *health = &idxd->health;
	const char *why = NULL;
	int err;

	devl_assert_locked(idxd->devlink);
	err = idxd_health_try(idxd, unasked, &why);
	trace_idxd_health_recovered(&idxd->pdev->dev, err);
	health->recovery = why ?: "successful";
	if (err)
		idxd_sf_give_up_all(idxd);
	else if (!unasked)
		health->nr_burst = 0;
	return err;
}

/* @priv_ctx is there when devlink recovers because of a report */
static int idxd_health_recover(struct devlink_health_reporter *reporter,
			       void *priv_ctx, struct netlink_ext_ack *extack)
{
	struct idxd_dev *idxd = devlink_health_reporter_priv(reporter);
	int err = idxd_health_recover_dev(idxd, priv_ctx);

	if (!err) {
		idxd->health.reported = false;
		return 0;
	}
	NL_SET_ERR_MSG_FMT(extack, "%s", idxd->health.recovery);
	/* Nobody else hears of it */
	if (priv_ctx)
		pci_notice(idxd->pdev, "not recovered: %s\n",
			   idxd->health.recovery);
	return err;
}

static void idxd_health_put_failure(struct devlink_fmsg *fmsg,
				    struct idxd_dev *idxd)
{
	char text[IDXD_HEALTH_TEXT_SIZE];

	idxd_health_describe(&idxd->event, text, sizeof(text));
	devlink_fmsg_string_pair_put(fmsg, IDXD_SF_KEY_FAILURE, text);
}

static int idxd_health_dump(struct devlink_health_reporter *reporter,
			    struct devlink_fmsg *fmsg, void *priv_ctx,
			    struct netlink_ext_ack *extack)
{
	struct idxd_dev *idxd = devlink_health_reporter_priv(reporter);

	idxd_health_put_failure(fmsg, idxd);
	idxd_health_put_registers(fmsg, idxd);
	idxd_health_put_wqs(fmsg, idxd);
	return 0;
}

static int idxd_health_diagnose(struct devlink_health_reporter *reporter,
				struct devlink_fmsg *fmsg,
				struct netlink_ext_ack *extack)
{
	struct idxd_dev *idxd = devlink_health_reporter_priv(reporter);
	const struct idxd_health *health = &idxd->health;
	u32 gensts = idxd_hw_read32(&idxd->hw, IDXD_GENSTS_OFF);

	devlink_fmsg_string_pair_put(fmsg, IDXD_SF_KEY_DEVICE,
				     idxd_decode_dev_state(gensts));
	idxd_health_put_failure(fmsg, idxd);
	devlink_fmsg_string_pair_put(fmsg, IDXD_SF_KEY_LAST_RECOVERY,
				     health->recovery ?: "none");
	devlink_fmsg_u32_pair_put(fmsg, IDXD_SF_KEY_UNASKED_RECOVERIES,
				  health->nr_burst);
	devlink_fmsg_u32_pair_put(fmsg, IDXD_SF_KEY_UNASKED_RECOVERIES_MAX,
				  IDXD_HEALTH_BURST);
	return 0;
}

/* The device fails without the hardware's help; all that follows is real */
static int idxd_health_test(struct devlink_health_reporter *reporter,
			    struct netlink_ext_ack *extack)
{
	struct idxd_dev *idxd = devlink_health_reporter_priv(reporter);

	if (idxd_event_failure(&idxd->event)) {
		NL_SET_ERR_MSG(extack, "Device has failed: recover it first");
		return -EBUSY;
	}
	idxd_event_fail(&idxd->event, IDXD_FAILURE_TEST);
	return 0;
}

static const struct devlink_health_reporter_ops idxd_health_ops = {
	.name = IDXD_SF_REPORTER_HW,
	.recover = idxd_health_recover,
	.dump = idxd_health_dump,
	.diagnose = idxd_health_diagnose,
	.test = idxd_health_test,
};

/*
 * Not a fault of the device: nothing to report, unless it does not come back.
 * Recovers whatever the reporter's settings are, as somebody wants that.
 */
static bool idxd_health_recover_by_hand(struct idxd_dev *idxd)
{
	struct idxd_health *health = &idxd->health;

	devl_assert_locked(idxd->devlink);
	if (idxd_health_recover_dev(idxd, false))
		return false;
	if (!health->reported)
		return true;
	health->reported = false;
	devlink_health_reporter_recovery_done(health->reporter);
	devlink_health_reporter_state_update(health->reporter,
					     DEVLINK_HEALTH_REPORTER_STATE_HEALTHY);
	return true;
}

/* Return: there is a failure to report */
static bool idxd_health_begin(struct idxd_dev *idxd)
{
	struct idxd_health *health = &idxd->health;
	bool by_hand, todo;

	devl_lock(idxd->devlink);
	by_hand = atomic_xchg(&health->by_hand, 0);
	todo = health->live && !idxd->removing;
	if (todo && by_hand)
		todo = !idxd_health_recover_by_hand(idxd);
	switch (idxd_event_failure(&idxd->event)) {
	case IDXD_FAILURE_NONE:
		todo = false;
		break;
	case IDXD_FAILURE_RESET:
		/* While it is being reset there is nothing to see */
		todo &= by_hand;
		break;
	case IDXD_FAILURE_GONE:
		break;
	case IDXD_FAILURE_HALT:
	case IDXD_FAILURE_COMMAND:
	case IDXD_FAILURE_LAYOUT:
	case IDXD_FAILURE_TEST:
		if (todo)
			idxd_region_snapshot_all(idxd);
		break;
	}
	if (todo)
		health->reported = true;
	devl_unlock(idxd->devlink);
	return todo;
}

static void idxd_health_work(struct work_struct *work)
{
	struct idxd_health *health = container_of(work, struct idxd_health,
						  work);
	struct idxd_dev *idxd = container_of(health, struct idxd_dev, health);
	char text[IDXD_HEALTH_TEXT_SIZE];

	if (!idxd_health_begin(idxd))
		return;
	idxd_health_describe(&idxd->event, text, sizeof(text));
	devlink_health_report(health->reporter, text, health);
	/* Not recovered unasked: guests that wait for it need to know */
	if (idxd_event_failure(&idxd->event))
		idxd_sf_give_up_all(idxd);
}

static void idxd_health_failed(void *priv, u32 gensts)
{
	struct idxd_dev *idxd = priv;

	idxd_sf_fail_all(idxd, gensts);
	queue_work(system_long_wq, &idxd->health.work);
}

static bool idxd_health_revoked(void *priv)
{
	return idxd_sf_revoke_all(priv);
}

const struct idxd_event_ops idxd_health_event_ops = {
	.failed = idxd_health_failed,
	.revoked = idxd_health_revoked,
};

void idxd_health_reset_done(struct idxd_dev *idxd)
{
	atomic_set(&idxd->health.by_hand, 1);
	queue_work(system_long_wq, &idxd->health.work);
}

void idxd_health_init(struct idxd_dev *idxd)
{
	INIT_WORK(&idxd->health.work, idxd_health_work);
}

int idxd_health_register(struct idxd_dev *idxd)
{
	struct devlink_health_reporter *reporter;

	reporter = devl_health_reporter_create(idxd->devlink, &idxd_health_ops,
					       IDXD_HEALTH_GRACE_MS, idxd);
	if (IS_ERR(reporter))
		return PTR_ERR(reporter);
	idxd->health.reporter = reporter;
	return 0;
}

void idxd_health_unregister(struct idxd_dev *idxd)
{
	devl_health_reporter_destroy(idxd->health.reporter);
	idxd->health.reporter = NULL;
}

void idxd_health_start(struct idxd_dev *idxd)
{
	devl_assert_locked(idxd->devlink);
	idxd->health.live = true;
	/* What failed before could not be reported */
	if (idxd_event_failure(&idxd->event))
		queue_work(system_long_wq, &idxd->health.work);
}

void idxd_health_stop(struct idxd_dev *idxd)
{
	disable_work_sync(&idxd->health.work);
}
