#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Software errors and halts with two subfunctions open: each reaches its own
# user and no other, whatever the other does; on a device with an event log
# (EVL=on) and on one without.
# RUN: vm --no-l2 --append iomem=relaxed --env EVL=on
# RUN: vm --no-l2 --append iomem=relaxed --env EVL=off --dsa-opt evl=off
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/vdev/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"

EVL=${EVL:-on}

setup_file() {
	dmesg -C
	load
	sf_new 7 8
	sf-copy -q -o noop 7
	sf-copy -q -o noop 8
	leased > "$T/leased"
}

t_swerr_has_valid_and_overflow() {
	try error-swerr
}

t_foreign_handle_is_told_to_its_user() {
	try error-handle
}

t_translation_faults_are_told_to_their_user() {
	try error-fault
}

t_log_has_errors_of_its_own_queue() {
	try error-log
}

t_records_are_written_without_a_log() {
	if [ "$EVL" = on ]; then
		try error-records
	else
		try error-device-records
	fi
}

t_flood_loses_none_of_the_others() {
	if [ "$EVL" = on ]; then
		try error-flood
		expect_eq 'lost by the other' 0 "$(diagnosed 7 errors.overflows)"
		[ "$(diagnosed 8 errors.overflows)" -ge 1 ] ||
			fail 'the flood has lost none'
	else
		try error-flood-swerr
	fi
	say "$(grep 'of a flood' "$T/out")"
}

t_errors_end_with_a_reset_or_the_user() {
	try error-old-life
}

t_next_owner_of_the_queue_sees_none() {
	local before pid
	before=$(diagnosed 8 work_queue.index)
	sf-dev error-storm 8 > "$T/storm" 2>&1 &
	pid=$!
	wait_for 10 grep -q '^storm' "$T/storm"
	sleep 0.5
	kill -9 "$pid"
	wait "$pid" 2> /dev/null || true
	wait_for 10 sf_state 8 inactive
	sf_new 9
	expect_eq queue "$before" "$(diagnosed 9 work_queue.index)"
	sleep 0.3
	expect_eq counts 'healthy 0 0' "$(sf_counts 9)"
	expect_eq total 0 "$(diagnosed 9 errors.total)"
	sf_del 9
	sf_state 8 active
	sf-copy -q -o noop 8
}

t_busy_owner_keeps_nobody_waiting() {
	local pid
	sf-dev error-storm 8 > "$T/storm" 2>&1 &
	pid=$!
	wait_for 10 grep -q '^storm' "$T/storm"
	# Each takes the lock under which errors of 8 are told
	for _ in $(seq 20); do
		sf_reporter 8 diagnose > /dev/null
	done &
	if [ "$EVL" = on ]; then
		try evl-record
	fi
	wait $!
	kill -9 "$pid"
	wait "$pid" 2> /dev/null || true
}

# uses_its_log: the record in the entry is known from the host's log only
uses_its_log() {
	if [ "$EVL" = on ]; then
		try evl-record
	else
		try evl-unknown-record
	fi
	try error-log
}

t_halt_is_no_error_and_reaches_all() {
	local pid
	fresh
	sf-dev error-halt 7 > "$T/halt" 2>&1 &
	pid=$!
	wait_for 10 grep -q '^waiting' "$T/halt"
	inject inject-halt 0
	wait "$pid" || {
		cat "$T/halt"
		fail 'somebody saw something else'
	}
	wait_for 10 healthy
	uses_its_log
}

t_log_is_used_after_a_reset_by_hand() {
	wait_for 10 in_service 7 8
	echo 1 > "/sys/bus/pci/devices/$PF/reset"
	wait_for 10 in_service 7 8
	uses_its_log
}

t_log_is_used_after_a_reload() {
	sf_state 7 inactive
	sf_state 8 inactive
	devlink dev reload "$DEV" > /dev/null
	sf_state 7 active
	sf_state 8 active
	sf-copy -q -o noop 7
	sf-copy -q -o noop 8
	uses_its_log
}

t_every_step_is_tried() {
	all_steps_are_tried error
}

t_nothing_of_it_is_logged() {
	expect_eq 'software errors in the log' '' \
		"$(dmesg | grep 'software error' || true)"
}

t_everything_is_back() {
	leased | diff "$T/leased" -
	sf_del 7 8
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
