#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A device that has interrupt handles of its own, and revokes them: its users are
# told, and get new ones.
# RUN: vm --no-l2 --append iomem=relaxed --dsa-opt int-handles=on
# TIMEOUT: 200

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/vdev/lib.sh
. "$(dirname "$0")/lib.sh"

# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"

REQUEST=13 NO_HANDLE=0x42

revoke() {
	inject revoke-int-handles true
}

# The next request of a handle fails
refuse() {
	inject inject-code-error $((REQUEST << 8 | NO_HANDLE))
	revoke
}

halt() {
	inject inject-halt 0
}

nr_ready() {
	grep -c '^ready' "$T/step" || true
}

is_ready() {
	[ "$(nr_ready)" -ge "$1" ] || ! kill -0 "$2" 2> /dev/null
}

# step STEP EVENT..: each time that it is ready, the next of these happens
step() {
	local pid i=0 name=$1 event
	shift
	sf-dev -q "$name" 7 > "$T/step" 2>&1 &
	pid=$!
	for event; do
		wait_for 20 is_ready $((++i)) "$pid"
		"$event"
	done
	wait "$pid" || fail "$(cat "$T/step")"
	expect_eq 'events' $# "$(nr_ready)"
	sf-copy -q -o move -s 4096 7
}

t_user_is_told_and_asks_anew() {
	step handle-revoked revoke revoke revoke
}

t_user_without_handles_is_left_alone() {
	step handle-released revoke
}

t_occupancy_interrupt_takes_the_new_handle() {
	step handle-occupancy revoke
}

t_refusal_is_for_once() {
	step handle-refused refuse
}

t_halt_hides_no_revocation() {
	fresh
	step handle-halted revoke halt
	wait_for 10 healthy
}

# The first who asks is refused, not who opens; the next one is not
t_refusal_keeps_nobody_from_opening() {
	refuse
	expect_match 'request' 'command 13' "$(expect_fails sf-copy -q -o noop 7)"
	sf-copy -q -o move -s 4096 7
}

# Nobody was there to be told
t_next_user_gets_handles_that_work() {
	local before
	before=$(sf-copy -q info 7 | grep '^handle ')
	revoke
	sf-copy -q -o move -s 4096 7
	[ "$(sf-copy -q info 7 | grep '^handle ')" != "$before" ] ||
		fail "still $before"
	say "$before, then $(sf-copy -q info 7 | grep '^handle ')"
}

t_other_users_are_told_too() {
	local pid
	sf_new 8
	sf-copy -q -o move -s 4096 8
	sf-dev -q handle-revoked 7 > "$T/step" 2>&1 &
	pid=$!
	wait_for 20 is_ready 1 "$pid"
	sf-dev -q handle-released 8 > "$T/other" 2>&1 &
	wait_for 20 grep -q '^ready' "$T/other"
	revoke
	wait $! || fail "$(cat "$T/other")"
	for i in 2 3; do
		wait_for 20 is_ready "$i" "$pid"
		revoke
	done
	wait "$pid" || fail "$(cat "$T/step")"
	sf_del 8
}

t_every_step_is_tried() {
	local step missing=''
	for step in $(sf-dev list handle); do
		grep -qE "^	step $step\b" "$0" || missing+=" $step"
	done
	expect_eq 'steps without a test' '' "$missing"
}

t_everything_is_back() {
	everything_is_back
}

run_tests "$@"
