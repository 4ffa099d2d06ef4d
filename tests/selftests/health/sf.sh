#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The reporter of a port: errors of one subfunction's queue, counted and in
# words. Its counters are the matter of statistics.sh.
# RUN: vm --append iomem=relaxed
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/golden.sh
. "$TOP/tests/selftests/golden.sh"
# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"

setup_file() {
	dmesg -C
	load
	sf_new 7 8
	sf_add 9
}

t_active_and_inactive_golden() {
	local port
	port=$(port_of 7)
	golden_devlink sf-show health show "$port" reporter sf
	golden_devlink sf-diagnose-active health diagnose "$port" reporter sf
	golden_devlink sf-diagnose-inactive \
		health diagnose "$(port_of 9)" reporter sf
}

t_there_is_neither_dump_nor_automatic_recovery() {
	expect_fails sf_reporter 7 'dump show' > /dev/null
	expect_fails sf_reporter 7 set auto_recover true > /dev/null
}

t_error_of_the_queue_is_counted_and_decoded() {
	local out
	# A descriptor whose completion record cannot be written, and others
	sf-copy -q faults 7 > /dev/null
	out=$(sf_reporter 7 diagnose)
	printf '%s\n' "$out"
	expect_match counts '^error [1-9]' "$(sf_counts 7)"
	[ "$(diagnosed 7 errors.total)" -ge 1 ] || fail 'not counted'
	[ "$(diagnosed 7 errors.translation)" -ge 1 ] || fail 'kind not counted'
	expect_match last 'code: 0x1a error: completion record address fault' "$out"
	expect_match last 'operation: [a-z]+' "$out"
	expect_eq 'of the other' 'healthy 0 0' "$(sf_counts 8)"
}

t_log_has_nothing_of_it() {
	expect_eq 'error lines' 0 "$(error_lines)"
}

t_opened_anew_it_is_healthy() {
	local total
	total=$(diagnosed 7 errors.total)
	sf-copy -q info 7 > /dev/null
	expect_match counts '^healthy [1-9]' "$(sf_counts 7)"
	expect_eq 'counters stay' "$total" "$(diagnosed 7 errors.total)"
}

t_test_reaches_the_user() {
	local before pid
	sleep 1
	sf-copy -t 100 hold 8 > "$T/hold" 2>&1 &
	pid=$!
	wait_for 20 grep -q '^holding' "$T/hold"
	before=$(diagnosed 8 statistics.interrupts.0)
	sf_reporter 8 test
	expect_eq counts 'error 1 0' "$(sf_counts 8)"
	expect_eq descriptor 1 "$(diagnosed 8 errors.descriptor)"
	expect_match last 'code: 0x10 error: no such operation' \
		"$(sf_reporter 8 diagnose)"
	# Software errors interrupt on vector 0
	expect_eq interrupts $((before + 1)) \
		"$(diagnosed 8 statistics.interrupts.0)"
	expect_eq 'of the other' healthy "$(sf_counts 7 | cut -d ' ' -f 1)"
	kill "$pid"
	wait_for 5 sf-copy -q info 8
	expect_match counts '^healthy' "$(sf_counts 8)"
}

t_refused_test_of_an_inactive_one() {
	refused 'Subfunction has no work queue: activate it first' \
		sf_reporter 9 test
}

t_flood_is_told_once_a_second() {
	local pid begin nr seen port before
	port=$(port_of 7)
	before=$(diagnosed 7 errors.descriptor)
	stdbuf -oL devlink monitor > "$T/monitor" 2>&1 &
	pid=$!
	sleep 1.5
	begin=$SECONDS
	for nr in $(seq 100); do
		devlink health test "$port" reporter sf
	done
	nr=$((SECONDS - begin + 2))
	sleep 0.5
	kill "$pid"
	seen=$(grep -c 'state error' "$T/monitor")
	say "100 errors in $((SECONDS - begin)) s, $seen messages"
	[ "$seen" -ge 1 ] || fail 'nothing told'
	[ "$seen" -le "$nr" ] || fail "$seen messages"
	expect_eq counted $((before + 100)) "$(diagnosed 7 errors.descriptor)"
}

t_errors_outlive_activation_and_go_with_the_port() {
	local total
	total=$(diagnosed 7 errors.total)
	sf_state 7 inactive
	sf_state 7 active
	expect_eq total "$total" "$(diagnosed 7 errors.total)"
	sf_reporter 7 test
	sf_del 7
	sf_new 7
	expect_eq counts 'healthy 0 0' "$(sf_counts 7)"
	expect_eq total 0 "$(diagnosed 7 errors.total)"
}

t_error_and_failed_device_golden() {
	local port
	sf_new 10
	port=$(port_of 10)
	sf_reporter 10 test
	golden_devlink sf-show-error health show "$port" reporter sf
	golden_devlink sf-diagnose-error health diagnose "$port" reporter sf
	hw set auto_recover false
	hw test
	wait_for 5 failed
	golden_devlink sf-diagnose-failed health diagnose "$port" reporter sf
	hw recover
	in_service 7 8 10
}

t_unload_leaves_nothing() {
	remove_all
	unload
}

run_tests "$@"
