// SPDX-License-Identifier: GPL-2.0-only
/*
 * States of a subfunction (layer L3).
 *
 * Pure: one const table of state x event, one total function from state to
 * what devlink shows; also compiled in user space by tests/unit. Takes no
 * lock: sf.c owns the state and calls in with sf->lock held.
 */
#include "sf_fsm.h"

#include <linux/errno.h>
#include <linux/kernel.h>

/* Table entries are state + 1, so that what is not listed is impossible */
#define IDXD_SF_TO(state)	(IDXD_SF_##state + 1)

static const u8 idxd_sf_fsm[IDXD_SF_NR_STATES][IDXD_SF_NR_EVENTS] = {
	[IDXD_SF_INACTIVE] = {
		[IDXD_SF_EV_ACTIVATE] = IDXD_SF_TO(ACTIVATING),
		[IDXD_SF_EV_REMOVE] = IDXD_SF_TO(INACTIVE),
		[IDXD_SF_EV_FAIL] = IDXD_SF_TO(INACTIVE),
	},
	/*
	 * Hardware that is lost while it is leased or given back makes those
	 * steps fail by themselves.
	 */
	[IDXD_SF_ACTIVATING] = {
		[IDXD_SF_EV_LEASED] = IDXD_SF_TO(ACTIVE),
		[IDXD_SF_EV_RELEASED] = IDXD_SF_TO(INACTIVE),
		[IDXD_SF_EV_FAIL] = IDXD_SF_TO(ACTIVATING),
	},
	[IDXD_SF_ACTIVE] = {
		[IDXD_SF_EV_BIND] = IDXD_SF_TO(ATTACHED),
		[IDXD_SF_EV_UNBIND] = IDXD_SF_TO(ACTIVE),
		[IDXD_SF_EV_DEACTIVATE] = IDXD_SF_TO(DEACTIVATING),
		[IDXD_SF_EV_REMOVE] = IDXD_SF_TO(DEACTIVATING),
		[IDXD_SF_EV_FAIL] = IDXD_SF_TO(ERROR),
	},
	[IDXD_SF_ATTACHED] = {
		[IDXD_SF_EV_UNBIND] = IDXD_SF_TO(ACTIVE),
		[IDXD_SF_EV_OPEN] = IDXD_SF_TO(OPEN),
		[IDXD_SF_EV_DEACTIVATE] = IDXD_SF_TO(DEACTIVATING),
		[IDXD_SF_EV_REMOVE] = IDXD_SF_TO(DEACTIVATING),
		[IDXD_SF_EV_FAIL] = IDXD_SF_TO(ERROR),
	},
	[IDXD_SF_OPEN] = {
		[IDXD_SF_EV_CLOSE] = IDXD_SF_TO(ATTACHED),
		[IDXD_SF_EV_REMOVE] = IDXD_SF_TO(DEACTIVATING),
		[IDXD_SF_EV_FAIL] = IDXD_SF_TO(ERROR),
	},
	/* The user and the driver of a removed SF leave one after the other */
	[IDXD_SF_DEACTIVATING] = {
		[IDXD_SF_EV_UNBIND] = IDXD_SF_TO(DEACTIVATING),
		[IDXD_SF_EV_CLOSE] = IDXD_SF_TO(DEACTIVATING),
		[IDXD_SF_EV_REMOVE] = IDXD_SF_TO(DEACTIVATING),
		[IDXD_SF_EV_RELEASED] = IDXD_SF_TO(INACTIVE),
		[IDXD_SF_EV_FAIL] = IDXD_SF_TO(DEACTIVATING),
	},
	[IDXD_SF_ERROR] = {
		[IDXD_SF_EV_UNBIND] = IDXD_SF_TO(ERROR),
		[IDXD_SF_EV_CLOSE] = IDXD_SF_TO(ERROR),
		[IDXD_SF_EV_REMOVE] = IDXD_SF_TO(DEACTIVATING),
		[IDXD_SF_EV_FAIL] = IDXD_SF_TO(ERROR),
		[IDXD_SF_EV_RECOVER] = IDXD_SF_TO(ACTIVE),
	},
};

int idxd_sf_fsm_next(enum idxd_sf_state state, enum idxd_sf_event event,
		     enum idxd_sf_state *next)
{
	u8 to;

	if (state >= IDXD_SF_NR_STATES || event >= IDXD_SF_NR_EVENTS)
		return -EBUSY;
	to = idxd_sf_fsm[state][event];
	if (!to)
		return -EBUSY;
	*next = to - 1;
	return 0;
}

struct idxd_sf_shown idxd_sf_fsm_shown(enum idxd_sf_state state)
{
	struct idxd_sf_shown shown = { };

	switch (state) {
	case IDXD_SF_INACTIVE:
	case IDXD_SF_ACTIVATING:
	case IDXD_SF_NR_STATES:
		break;
	case IDXD_SF_ACTIVE:
	case IDXD_SF_ERROR:
		shown.active = true;
		break;
	case IDXD_SF_ATTACHED:
	case IDXD_SF_OPEN:
		shown.active = true;
		shown.attached = true;
		break;
	case IDXD_SF_DEACTIVATING:
		shown.attached = true;
		break;
	}
	return shown;
}

static const char *const idxd_sf_state_names[IDXD_SF_NR_STATES] = {
	[IDXD_SF_INACTIVE] = "inactive",
	[IDXD_SF_ACTIVATING] = "activating",
	[IDXD_SF_ACTIVE] = "active",
	[IDXD_SF_ATTACHED] = "attached",
	[IDXD_SF_OPEN] = "open",
	[IDXD_SF_DEACTIVATING] = "deactivating",
	[IDXD_SF_ERROR] = "error",
};

const char *idxd_sf_state_name(enum idxd_sf_state state)
{
	return state < IDXD_SF_NR_STATES ? idxd_sf_state_names[state] : "?";
}

static const char *const idxd_sf_event_names[IDXD_SF_NR_EVENTS] = {
	[IDXD_SF_EV_ACTIVATE] = "activate",
	[IDXD_SF_EV_LEASED] = "leased",
	[IDXD_SF_EV_BIND] = "bind",
	[IDXD_SF_EV_UNBIND] = "unbind",
	[IDXD_SF_EV_OPEN] = "open",
	[IDXD_SF_EV_CLOSE] = "close",
	[IDXD_SF_EV_DEACTIVATE] = "deactivate",
	[IDXD_SF_EV_REMOVE] = "remove",
	[IDXD_SF_EV_RELEASED] = "released",
	[IDXD_SF_EV_FAIL] = "fail",
	[IDXD_SF_EV_RECOVER] = "recover",
};

const char *idxd_sf_event_name(enum idxd_sf_event event)
{
	return event < IDXD_SF_NR_EVENTS ? idxd_sf_event_names[event] : "?";
}
