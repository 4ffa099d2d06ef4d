// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subfunctions (layer L3): giving back what an activation took.
 *
 * First the driver lets go of the auxiliary device, then the hardware is given
 * back. The first step may have to wait for a user: one who has the node open
 * and has not begun to use it holds no subfunction that could be called open.
 * A devlink command must not wait for him under devl_lock, so a work item takes
 * that step, and whoever comes later, it or the command, takes the second.
 */
#include "sf.h"

#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/wait_bit.h>

/**
 * enum idxd_sf_down - who gives the hardware back
 * @IDXD_SF_DOWN_NONE: no devlink command is at it
 * @IDXD_SF_DOWN_AWAITED: the command, which waits for the work item
 * @IDXD_SF_DOWN_GONE: the command; the driver let go
 * @IDXD_SF_DOWN_LEFT: the work item; the command did not wait longer
 */
enum idxd_sf_down {
	IDXD_SF_DOWN_NONE,
	IDXD_SF_DOWN_AWAITED,
	IDXD_SF_DOWN_GONE,
	IDXD_SF_DOWN_LEFT,
};

/* After idxd_sf_aux_del(). A remover frees the SF once it is INACTIVE. */
static void idxd_sf_down_finish(struct idxd_sf *sf)
{
	idxd_sf_release(sf);
	module_put(THIS_MODULE);
	scoped_guard(mutex, &sf->lock)
		idxd_sf_fire_locked(sf, IDXD_SF_EV_RELEASED);
	wake_up_var(&sf->state);
}

static bool idxd_sf_down_hand_over(struct idxd_sf *sf, enum idxd_sf_down to)
{
	return atomic_cmpxchg(&sf->down, IDXD_SF_DOWN_AWAITED, to) ==
	       IDXD_SF_DOWN_AWAITED;
}

static void idxd_sf_down_work(struct work_struct *work)
{
	struct idxd_sf *sf = container_of(work, struct idxd_sf, down_work);
	struct devlink *devlink = sf->idxd->devlink;

	idxd_sf_aux_del(sf);
	if (idxd_sf_down_hand_over(sf, IDXD_SF_DOWN_GONE)) {
		complete(&sf->down_done);
		return;
	}
	devl_lock(devlink);
	idxd_sf_down_finish(sf);
	/* Not before: a remover would do what it finds left to nobody */
	atomic_set(&sf->down, IDXD_SF_DOWN_NONE);
	/* The SF may be freed by whoever locks it next */
	devl_unlock(devlink);
}

void idxd_sf_down_init(struct idxd_sf *sf)
{
	INIT_WORK(&sf->down_work, idxd_sf_down_work);
	init_completion(&sf->down_done);
	atomic_set(&sf->down, IDXD_SF_DOWN_NONE);
}

bool idxd_sf_down_try(struct idxd_sf *sf)
{
	u32 timeout_ms = READ_ONCE(sf->idxd->cmdq.timeout_ms);

	devl_assert_locked(sf->idxd->devlink);
	reinit_completion(&sf->down_done);
	atomic_set(&sf->down, IDXD_SF_DOWN_AWAITED);
	queue_work(sf->idxd->down_wq, &sf->down_work);
	if (!wait_for_completion_timeout(&sf->down_done,
					 msecs_to_jiffies(timeout_ms))) {
		if (idxd_sf_down_hand_over(sf, IDXD_SF_DOWN_LEFT))
			return false;
		/* It comes this very moment */
		wait_for_completion(&sf->down_done);
	}
	atomic_set(&sf->down, IDXD_SF_DOWN_NONE);
	idxd_sf_down_finish(sf);
	return true;
}

void idxd_sf_down(struct idxd_sf *sf)
{
	if (atomic_read(&sf->down) != IDXD_SF_DOWN_LEFT &&
	    idxd_sf_read_state(sf) == IDXD_SF_DEACTIVATING) {
		idxd_sf_aux_del(sf);
		idxd_sf_down_finish(sf);
		return;
	}
	/* A bit at a time, as a user may stay for longer than a task may hang */
	while (!wait_var_event_timeout(&sf->state,
				       idxd_sf_read_state(sf) ==
				       IDXD_SF_INACTIVE, 10 * HZ))
		;
}
