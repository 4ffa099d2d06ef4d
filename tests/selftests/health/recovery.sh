#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Recoveries that do not help: of the whole device, each with its sentence, and
# of one subfunction of two, with its reason. Whatever did not help, a later
# recovery does, or deleting the port.
# RUN: vm --cpus 2 --append iomem=relaxed --dsa-opt int-handles=on
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"

# Commands of the hardware, and one of its errors: size of a WQ
ENABLE=1 RESET=5 ENABLE_WQ=6 ABORT_WQ=9 REQUEST=13
ERROR=0x22

SYSFS=/sys/bus/pci/devices/$PF

# refuse_command CODE [TIMES_MORE]: the device answers these with an error
refuse_command() {
	inject inject-code-error $((${2:-0} << 16 | $1 << 8 | ERROR))
}

refuse_no_more() {
	inject inject-code-error 0
}

# fail_and_wait: the device fails, and nobody recovers it unasked
fail_and_wait() {
	fresh
	hw set auto_recover false
	hw test
	wait_for 5 failed
}

recovers() {
	hw recover
	in_service 7 8
	hw set auto_recover true
}

rebind() {
	echo "$PF" > /sys/bus/pci/drivers/idxd/unbind
	echo "$PF" > /sys/bus/pci/drivers/idxd/bind
	hw set grace_period 0
}

setup_file() {
	load
	first_lease > "$T/first"
	sf_new 7 8
	hw set grace_period 0
}

t_refused_reset_of_the_device() {
	fail_and_wait
	refuse_command "$RESET"
	not_recovered 'Device failed the reset command'
	recovers
}

t_refused_enabling_of_the_device() {
	fail_and_wait
	refuse_command "$ENABLE"
	not_recovered 'Device cannot be enabled: see devlink health dump'
	recovers
}

t_refused_function_reset() {
	fresh
	hw set auto_recover false
	echo > "$SYSFS/reset_method"
	inject inject-halt 1
	wait_for 5 failed
	not_recovered 'Function level reset failed: see the kernel log'
	echo default > "$SYSFS/reset_method"
	recovers
}

# halts: again and again, until a file is there
halts() {
	local end=$((SECONDS + 40))
	until [ -e "$T/enough" ] || [ "$SECONDS" -gt "$end" ]; do
		inject inject-halt 1
	done
}

# sometimes_refused SENTENCE COMMAND..: in one of 20 tries, each of a device that
# failed
sometimes_refused() {
	local sentence=$1 out='' try
	shift
	for try in {1..20}; do
		wait_for 5 failed
		out=$("$@" 2>&1) || true
		! grep -q "$sentence" <<< "$out" || break
	done
	expect_match "try $try" "^Error: $sentence" "$out"
	say "$(grep '^Error: ' <<< "$out")"
}

# A function reset takes 100 ms, in which it may halt, and now and then does
t_refused_as_it_halts_again() {
	fresh
	hw set auto_recover false
	rm -f "$T/enough"
	halts &
	sometimes_refused 'Device is halted in spite of a function reset' \
		hw recover
	touch "$T/enough"
	wait
	recovers
}

# released SFNUM: but for its user
released() {
	grep -q 'state inactive opstate attached' \
		<<< "$(devlink port show "$(port_of "$1")")"
}

t_refused_while_somebody_unbinds_it() {
	local pid
	fresh
	hw set auto_recover false
	sf-copy -t 100 hold 8 > "$T/hold" 2>&1 &
	pid=$!
	wait_for 20 grep -q '^holding' "$T/hold"
	hw test
	wait_for 5 failed
	# It waits for the user, with the lock of the PCI function
	echo "$PF" > /sys/bus/pci/drivers/idxd/unbind &
	wait_for 5 released 8
	not_recovered 'PCI function is busy: try again later'
	kill "$pid"
	wait
	echo "$PF" > /sys/bus/pci/drivers/idxd/bind
	sf_new 7 8
	hw set grace_period 0
	in_service 7 8
}

t_refused_halt_that_needs_power_to_go() {
	fresh
	inject inject-halt 3
	wait_for 10 failed
	not_recovered 'Device needs a power cycle of the machine'
	given_up 'Device needs a power cycle of the machine'
	expect_match log 'not recovered: Device needs a power cycle' \
		"$(dmesg -l notice)"
	expect_eq 'error lines' 1 "$(error_lines)"
	# What stands for it
	echo 1 > "$SYSFS/remove"
	inject inject-dead true
	inject inject-dead false
	echo 1 > /sys/bus/pci/rescan
	wait_for 10 devlink dev show "$DEV"
	sf_new 7 8
	in_service 7 8
}

# restored_but_7 COMMAND: which is refused; the device recovers by itself; its
# first subfunction does not come back, and its user is told; the other's user
# copies again
restored_but_7() {
	halting 7 60
	halting 8 60
	refuse_command "$1"
	inject inject-halt 0
	wait_for 10 said 7 'reset ended, status 0x3' || {
		cat "$T/halt.7"
		fail 'the user is not told'
	}
	survived 8
	healthy || fail "$(hw show)"
	expect_match log 'recovered, 1 subfunctions in service' \
		"$(dmesg -l info)"
	expect_eq 'error lines' 1 "$(error_lines)"
	in_service 8
}

t_queue_that_is_not_restored_loses_its_subfunction_only() {
	fresh
	restored_but_7 "$ENABLE_WQ"
	lost 7 'Work queue N not restored (E, code 0xN)'
	refused 'Subfunction is open: stop its user first' sf_state 7 inactive
}

t_next_recovery_restores_it_below_its_user() {
	hw test
	wait_for 10 healthy
	survived 7
	in_service 7 8
}

t_one_without_a_handle_is_deleted() {
	fresh
	restored_but_7 "$REQUEST"
	lost 7 'No interrupt handle (E)'
	refused 'Subfunction is open: stop its user first' sf_del 7
	kill -9 "$(cat "$T/halt.pid.7")"
	wait_for 5 sf_del 7
	sf_new 7
	in_service 7 8
}


# hold_and_leave SFNUM: its user leaves while the device refuses to abort
hold_and_leave() {
	local pid
	sf-copy -t 100 hold "$1" > "$T/hold" 2>&1 &
	pid=$!
	wait_for 20 grep -q '^holding' "$T/hold"
	refuse_command "$ABORT_WQ" 20
	kill -9 "$pid"
	wait "$pid" || true
	wait_for 10 in_error "$1"
	refuse_no_more
}

in_error() {
	[ "$(diagnosed "$1" state)" = error ]
}

t_queue_that_does_not_stop_is_recovered() {
	fresh
	hold_and_leave 7
	lost 7 'Work queue N does not stop'
	refused 'Work queue is lost: delete the port, then reload' \
		sf_state 7 inactive
	in_service 8
	hw test
	wait_for 10 healthy
	in_service 7 8
}

t_queue_that_does_not_stop_is_deleted() {
	hold_and_leave 7
	sf_del 7
	sf_new 7
	in_service 7 8
}

t_everything_is_given_back() {
	remove_all
	rebind
	expect_eq lease "$(cat "$T/first")" "$(first_lease)"
	expect_match leased 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
