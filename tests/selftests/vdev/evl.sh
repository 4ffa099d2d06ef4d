#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The virtual event log: errors of the queue in memory of the user, and what
# happens when the log is full, off, unmapped, read only or moved meanwhile.
# RUN: vm --no-l2 --append iomem=relaxed
# RUN: vm --no-l2 --append iomem=relaxed --dsa-opt evl=off --env EVL=off
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/vdev/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"

t_error_becomes_an_entry() {
	try evl-entry
}

t_full_log_overflows_to_swerr() {
	try evl-overflow
}

t_log_that_is_off_takes_nothing() {
	try evl-off
}

t_record_error_carries_the_record_if_known() {
	if [ "${EVL:-on}" = on ]; then
		try evl-record
	else
		try evl-unknown-record
	fi
}

t_config_is_checked_and_locked() {
	try evl-config
}

t_unmapped_log_harms_nobody() {
	try evl-unmapped
}

t_read_only_memory_is_not_written() {
	try evl-read-only
}

t_moving_log_harms_nobody() {
	try evl-moving
	say "$(grep 'in the log' "$T/out")"
}

# The error that devlink makes comes while the device is disabled
t_disabled_device_hides_stores_only() {
	local pid
	sf-dev evl-disabled 7 > "$T/disabled" 2>&1 &
	pid=$!
	wait_for 10 grep -q '^disabled' "$T/disabled"
	sf_reporter 7 test
	wait "$pid" || fail "$(cat "$T/disabled")"
}

t_every_step_is_tried() {
	all_steps_are_tried evl
}

t_everything_is_back() {
	everything_is_back
}

run_tests "$@"
