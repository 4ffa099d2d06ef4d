// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of kernel/core/sf_fsm.c: the whole table, written down once more
 * and independently, and what devlink shows of each state.
 */
#include "ktap.h"
#include "sf_fsm.h"

#include <linux/array_size.h>
#include <errno.h>
#include <string.h>

#define S(x) IDXD_SF_##x
#define E(x) IDXD_SF_EV_##x

struct edge {
	enum idxd_sf_state from;
	enum idxd_sf_event event;
	enum idxd_sf_state to;
};

/* What architecture and contract say may happen; nothing else may */
static const struct edge must[] = {
	{ S(INACTIVE), E(ACTIVATE), S(ACTIVATING) },
	{ S(ACTIVATING), E(LEASED), S(ACTIVE) },
	{ S(ACTIVE), E(BIND), S(ATTACHED) },
	{ S(ATTACHED), E(UNBIND), S(ACTIVE) },
	{ S(ATTACHED), E(OPEN), S(OPEN) },
	{ S(OPEN), E(CLOSE), S(ATTACHED) },
	{ S(ACTIVE), E(DEACTIVATE), S(DEACTIVATING) },
	{ S(ATTACHED), E(DEACTIVATE), S(DEACTIVATING) },
	{ S(DEACTIVATING), E(RELEASED), S(INACTIVE) },
	/* The way back of one whose hardware was lost */
	{ S(ERROR), E(RECOVER), S(ACTIVE) },
};

/* What may never happen */
static const struct {
	enum idxd_sf_state from;
	enum idxd_sf_event event;
} never[] = {
	{ S(INACTIVE), E(BIND) },
	{ S(INACTIVE), E(OPEN) },
	{ S(INACTIVE), E(CLOSE) },
	{ S(INACTIVE), E(DEACTIVATE) },
	{ S(ACTIVATING), E(ACTIVATE) },
	{ S(ACTIVATING), E(OPEN) },
	{ S(ACTIVE), E(ACTIVATE) },
	{ S(ACTIVE), E(OPEN) },
	{ S(ATTACHED), E(ACTIVATE) },
	{ S(ATTACHED), E(BIND) },
	{ S(OPEN), E(ACTIVATE) },
	{ S(OPEN), E(DEACTIVATE) },
	{ S(OPEN), E(OPEN) },
	{ S(OPEN), E(BIND) },
	{ S(DEACTIVATING), E(ACTIVATE) },
	{ S(DEACTIVATING), E(BIND) },
	{ S(DEACTIVATING), E(OPEN) },
	{ S(ERROR), E(ACTIVATE) },
	{ S(ERROR), E(OPEN) },
	{ S(ERROR), E(BIND) },
	/* What has not lost its hardware has nothing to recover */
	{ S(INACTIVE), E(RECOVER) },
	{ S(ACTIVATING), E(RECOVER) },
	{ S(ACTIVE), E(RECOVER) },
	{ S(ATTACHED), E(RECOVER) },
	{ S(OPEN), E(RECOVER) },
	{ S(DEACTIVATING), E(RECOVER) },
};

static void every_expected_step_is_made(void)
{
	enum idxd_sf_state next;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(must); i++) {
		next = IDXD_SF_NR_STATES;
		EXPECT(0, idxd_sf_fsm_next(must[i].from, must[i].event, &next));
		EXPECT(must[i].to, next);
	}
}

static void every_forbidden_step_is_busy(void)
{
	enum idxd_sf_state next;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(never); i++) {
		next = IDXD_SF_NR_STATES;
		EXPECT(-EBUSY, idxd_sf_fsm_next(never[i].from, never[i].event,
						&next));
		EXPECT(IDXD_SF_NR_STATES, next);
	}
}

static void every_pair_is_defined(void)
{
	enum idxd_sf_state next;
	int s, e, rc;

	for (s = 0; s < IDXD_SF_NR_STATES; s++)
		for (e = 0; e < IDXD_SF_NR_EVENTS; e++) {
			next = IDXD_SF_NR_STATES;
			rc = idxd_sf_fsm_next(s, e, &next);
			EXPECT(1, rc == 0 || rc == -EBUSY);
			EXPECT(1, (rc == 0) == (next < IDXD_SF_NR_STATES));
		}
}

static void every_live_state_can_be_removed(void)
{
	static const enum idxd_sf_state live[] = {
		S(ACTIVE), S(ATTACHED), S(OPEN), S(ERROR),
	};
	enum idxd_sf_state next;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(live); i++)
		EXPECT(0, idxd_sf_fsm_next(live[i], E(REMOVE), &next));
}

static void lost_hardware_ends_in_error(void)
{
	static const enum idxd_sf_state live[] = {
		S(ACTIVE), S(ATTACHED), S(OPEN),
	};
	enum idxd_sf_state next;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(live); i++) {
		EXPECT(0, idxd_sf_fsm_next(live[i], E(FAIL), &next));
		EXPECT(S(ERROR), next);
	}
}

/* As sf_event.c does it: with a driver, and with a user */
static void recovery_returns_to_the_state_before(void)
{
	enum idxd_sf_state s = S(OPEN);

	EXPECT(0, idxd_sf_fsm_next(s, E(FAIL), &s));
	EXPECT(0, idxd_sf_fsm_next(s, E(RECOVER), &s));
	EXPECT(S(ACTIVE), s);
	EXPECT(0, idxd_sf_fsm_next(s, E(BIND), &s));
	EXPECT(S(ATTACHED), s);
	EXPECT(0, idxd_sf_fsm_next(s, E(OPEN), &s));
	EXPECT(S(OPEN), s);
}

static void shown_state_follows_the_contract(void)
{
	EXPECT(0, idxd_sf_fsm_shown(S(INACTIVE)).active);
	EXPECT(0, idxd_sf_fsm_shown(S(INACTIVE)).attached);
	EXPECT(1, idxd_sf_fsm_shown(S(ACTIVE)).active);
	EXPECT(0, idxd_sf_fsm_shown(S(ACTIVE)).attached);
	EXPECT(1, idxd_sf_fsm_shown(S(ATTACHED)).active);
	EXPECT(1, idxd_sf_fsm_shown(S(ATTACHED)).attached);
	EXPECT(1, idxd_sf_fsm_shown(S(OPEN)).active);
	EXPECT(1, idxd_sf_fsm_shown(S(OPEN)).attached);
}

static void names_are_distinct(void)
{
	int a, b;

	for (a = 0; a < IDXD_SF_NR_STATES; a++)
		for (b = a + 1; b < IDXD_SF_NR_STATES; b++)
			EXPECT(1, !!strcmp(idxd_sf_state_name(a),
					   idxd_sf_state_name(b)));
	for (a = 0; a < IDXD_SF_NR_EVENTS; a++)
		for (b = a + 1; b < IDXD_SF_NR_EVENTS; b++)
			EXPECT(1, !!strcmp(idxd_sf_event_name(a),
					   idxd_sf_event_name(b)));
}

static const struct ktap_test tests[] = {
	KTAP_TEST(every_expected_step_is_made),
	KTAP_TEST(every_forbidden_step_is_busy),
	KTAP_TEST(every_pair_is_defined),
	KTAP_TEST(every_live_state_can_be_removed),
	KTAP_TEST(lost_hardware_ends_in_error),
	KTAP_TEST(recovery_returns_to_the_state_before),
	KTAP_TEST(shown_state_follows_the_contract),
	KTAP_TEST(names_are_distinct),
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
