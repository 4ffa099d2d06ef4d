#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A device that fails during activation: the reason is told, nothing is
# leased, and after the recovery, which comes by itself, the next activation
# works. The second machine's device has interrupt handles to be requested.
# RUN: vm --append iomem=relaxed
# RUN: vm --append iomem=relaxed --dsa-opt int-handles=on
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"

setup_file() {
	load
	first_lease > "$T/first"
	sf_new 6
	sf_add 7
	hw set grace_period 0
	now_leased > "$T/leased"
	ls /sys/bus/auxiliary/devices > "$T/aux"
}

# A slot whose user has left keeps its PASID, and counts, until a reset: leaks
# of slots are the last test's
now_leased() {
	leased | sed 's/ ims [0-9]*$//'
}

# What a failed activation must not leave
nothing_leaked() {
	expect_eq leased "$(cat "$T/leased")" "$(now_leased)"
	expect_eq auxiliary "$(cat "$T/aux")" \
		"$(ls /sys/bus/auxiliary/devices)"
	expect_match port 'state inactive opstate detached' \
		"$(devlink port show "$(port_of 7)")"
}

# activation_fails SENTENCE..: says one of them; a device with interrupt handles
# is asked for one first
activation_fails() {
	local out sentence
	out=$(expect_fails sf_state 7 active)
	say "$(grep '^Error: ' <<< "$out")"
	for sentence; do
		! grep -qF -- "$sentence" <<< "$out" || return 0
	done
	fail "expected one of: $*; got: $out"
}

t_timeout_is_named() {
	local begin=$SECONDS
	dmesg -C
	inject inject-cmd-hang true
	activation_fails 'Command 6 (enable WQ) got no answer' \
		'Command 13 (request handle) got no answer'
	say "after $((SECONDS - begin)) s"
	[ $((SECONDS - begin)) -le 8 ] || fail 'devlink was blocked'
}

t_timeout_leaks_nothing_and_is_recovered() {
	wait_for 10 healthy
	nothing_leaked
	expect_eq 'error lines' 1 "$(error_lines)"
	expect_eq counts 'healthy 1 1' "$(hw_counts)"
}

t_next_activation_works() {
	sf_state 7 active
	in_service 6 7
	sf_state 7 inactive
	nothing_leaked
}

t_refused_queue_is_named() {
	inject inject-cmd-error 34
	activation_fails 'Work queue 1 refused: WQ size (-5)' \
		'Interrupt not set up: see the kernel log'
	nothing_leaked
	healthy || fail 'an answer is no failure of the device'
	sf_state 7 active
	in_service 6 7
	sf_state 7 inactive
}

t_halt_during_activation_is_recovered() {
	local nr
	for nr in 1 2 3 4 5; do
		inject inject-halt $((nr % 2)) &
		sf_state 7 active || true
		wait
		wait_for 10 healthy || hw recover
		sf_state 7 inactive
		nothing_leaked
	done
}

t_the_first_lease_is_what_it_was() {
	sf_del 6 7
	expect_eq lease "$(cat "$T/first")" "$(first_lease)"
	unload
}

run_tests "$@"
