/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * States of a subfunction (layer L3). Pure: no lock, no allocation.
 */
#ifndef IDXD_SF_FSM_H
#define IDXD_SF_FSM_H

#include <linux/types.h>

/**
 * enum idxd_sf_state - state of a subfunction
 * @IDXD_SF_INACTIVE: a devlink port, no hardware
 * @IDXD_SF_ACTIVATING: leases hardware
 * @IDXD_SF_ACTIVE: has hardware and an auxiliary device without driver
 * @IDXD_SF_ATTACHED: a driver is bound
 * @IDXD_SF_OPEN: a user has the driver's device open
 * @IDXD_SF_DEACTIVATING: gives everything back
 * @IDXD_SF_ERROR: the hardware is lost
 * @IDXD_SF_NR_STATES: number of states
 */
enum idxd_sf_state {
	IDXD_SF_INACTIVE,
	IDXD_SF_ACTIVATING,
	IDXD_SF_ACTIVE,
	IDXD_SF_ATTACHED,
	IDXD_SF_OPEN,
	IDXD_SF_DEACTIVATING,
	IDXD_SF_ERROR,
	IDXD_SF_NR_STATES,
};

/**
 * enum idxd_sf_event - what happens to a subfunction
 * @IDXD_SF_EV_ACTIVATE: devlink wants it active
 * @IDXD_SF_EV_LEASED: its hardware is ready
 * @IDXD_SF_EV_BIND: a driver takes it
 * @IDXD_SF_EV_UNBIND: the driver lets it go
 * @IDXD_SF_EV_OPEN: a user opens it
 * @IDXD_SF_EV_CLOSE: the user is gone
 * @IDXD_SF_EV_DEACTIVATE: devlink wants it inactive; refused while open
 * @IDXD_SF_EV_REMOVE: the port or the device goes away, open or not
 * @IDXD_SF_EV_RELEASED: its hardware is given back
 * @IDXD_SF_EV_FAIL: the hardware is lost
 * @IDXD_SF_EV_RECOVER: the hardware works again; a driver and a user that are
 *	still there bind and open anew
 * @IDXD_SF_NR_EVENTS: number of events
 */
enum idxd_sf_event {
	IDXD_SF_EV_ACTIVATE,
	IDXD_SF_EV_LEASED,
	IDXD_SF_EV_BIND,
	IDXD_SF_EV_UNBIND,
	IDXD_SF_EV_OPEN,
	IDXD_SF_EV_CLOSE,
	IDXD_SF_EV_DEACTIVATE,
	IDXD_SF_EV_REMOVE,
	IDXD_SF_EV_RELEASED,
	IDXD_SF_EV_FAIL,
	IDXD_SF_EV_RECOVER,
	IDXD_SF_NR_EVENTS,
};

/**
 * idxd_sf_fsm_next() - state after an event
 * @state: state before
 * @event: what happens
 * @next: state after it, unchanged on error
 *
 * Return: 0, or -EBUSY when the event is impossible in this state.
 */
int idxd_sf_fsm_next(enum idxd_sf_state state, enum idxd_sf_event event,
		     enum idxd_sf_state *next);

/**
 * struct idxd_sf_shown - what devlink shows of a state
 * @active: function state is active, not inactive
 * @attached: function opstate is attached, not detached
 */
struct idxd_sf_shown {
	bool active;
	bool attached;
};

/**
 * idxd_sf_fsm_shown() - what devlink shows of a state
 * @state: the state
 *
 * Return: defined for every state.
 */
struct idxd_sf_shown idxd_sf_fsm_shown(enum idxd_sf_state state);

/**
 * idxd_sf_state_name() - name of a state for traces
 * @state: the state
 *
 * Return: a constant string.
 */
const char *idxd_sf_state_name(enum idxd_sf_state state);

/**
 * idxd_sf_event_name() - name of an event for traces
 * @event: the event
 *
 * Return: a constant string.
 */
const char *idxd_sf_event_name(enum idxd_sf_event event);

#endif /* IDXD_SF_FSM_H */
