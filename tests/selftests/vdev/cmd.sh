#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Virtual commands: error codes, interrupts, and a queue that is busy. The
# engines are slow, so that commands have something to wait for.
# RUN: vm --append iomem=relaxed --dsa-opt engine-delay-us=3000
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/vdev/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"

t_states_have_their_errors() {
	try cmd-states
}

t_operands_have_their_errors() {
	try cmd-operands
}

t_unknown_codes_fail() {
	try cmd-unknown
}

t_handles_are_checked() {
	try cmd-handles
}

t_bus_master_is_needed() {
	try cmd-bus-master
}

t_interrupts_on_request() {
	try cmd-interrupts
}

t_running_command_is_not_disturbed() {
	try cmd-busy
}

copied() {
	[ "$(counter descriptors)" -ge "$1" ]
}

seconds_pending() {
	[ "$(grep -c '^pending$' "$T/pending")" -ge "$1" ]
}

# Of the hardware itself, for as long as we like. Its user is not held up, nor is
# another's work, nor devlink, except for what needs a command itself: that
# waits for the rest of this one, as devlink.rst says
t_command_that_takes_seconds_keeps_nobody() {
	local pending others before waits
	sf_new 8
	sf_add 9
	sf-copy -t 200 stress 8 > "$T/others" &
	others=$!
	wait_for 10 grep -q 'in flight' "$T/others"
	sf-dev cmd-pending 7 > "$T/pending" &
	pending=$!
	trap 'inject inject-cmd-hang false; kill -9 $others $pending' EXIT
	wait_for 10 grep -q '^ready' "$T/pending"
	inject inject-cmd-hang true
	wait_for 10 seconds_pending 1
	before=$(counter descriptors)
	within 3000 devlink port show
	within 3000 devlink dev param set "$DEV" name sf_wq_entries value 0 \
		cmode runtime
	within 3000 devlink port function set "$(port_of 9)" state inactive
	within 3000 devlink port add "$DEV" flavour pcisf pfnum 0 sfnum 10
	within 3000 devlink port del "$(port_of 10)"
	wait_for 10 copied $((before + 100))
	sf_state 9 active &
	waits=$!
	wait_for 20 seconds_pending 6
	say "meanwhile another copied $(($(counter descriptors) - before)) times"
	kill -0 "$waits" || fail 'what needs a command did not wait for this one'
	kill -0 "$others" || fail "$(cat "$T/others")"
	inject inject-cmd-hang false
	within 3000 wait "$waits"
	wait "$pending" || fail "$(cat "$T/pending")"
	say "$(grep 'pending for' "$T/pending")"
	kill "$others"
	wait "$others" || true
	trap - EXIT
	sf_del 8 9
}

t_drain_waits_for_all() {
	try cmd-drain
}

t_abort_abandons() {
	try cmd-abort
}

t_occupancy_interrupts_once() {
	try cmd-occupancy
}

t_every_step_is_tried() {
	all_steps_are_tried cmd
}

t_everything_is_back() {
	everything_is_back
}

run_tests "$@"
