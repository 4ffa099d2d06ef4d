#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The reporter of the device: what fails, what is shown of it, and that the
# device and its subfunctions come back. The user of an SF here does what the
# stock driver of a guest does when its device halts.
# RUN: vm --append iomem=relaxed
# TIMEOUT: 600

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/golden.sh
. "$TOP/tests/selftests/golden.sh"
# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"

golden_filter() {
	undated
}

setup_file() {
	load
	sf_new 7 8
	sf_add 9
}

t_device_that_works_golden() {
	golden_devlink show health show
	golden_devlink diagnose health diagnose "$DEV" reporter hw
	golden_devlink dump health dump show "$DEV" reporter hw
	hw 'dump clear'
}

# The dump comes after the error is announced
dumped() {
	grep -q last_dump_date <<< "$(hw show)"
}

t_device_that_halted_golden() {
	hw set auto_recover false
	inject inject-halt 1
	wait_for 5 failed
	wait_for 5 dumped
	golden_devlink show-halted health show "$DEV" reporter hw
	golden_devlink diagnose-halted health diagnose "$DEV" reporter hw
	golden_devlink dump-halted health dump show "$DEV" reporter hw
}

t_device_that_was_recovered_golden() {
	hw recover
	golden_devlink show-recovered health show "$DEV" reporter hw
	golden_devlink diagnose-recovered health diagnose "$DEV" reporter hw
	hw 'dump clear'
}

# halted TYPE: a user sees such a halt and comes back
halted() {
	local counts
	fresh
	counts=$(hw_counts)
	halting 7
	inject inject-halt "$1"
	survived 7
	healthy || fail "$(hw show)"
	expect_eq 'error lines' 1 "$(error_lines)"
	say "$(dmesg -l err | sed 's/^\[[ 0-9.]*\] //')"
	in_service 7 8
	expect_match 'sf 9' 'state inactive' "$(devlink port show "$(port_of 9)")"
	# One error and one recovery more
	read -r _ errors recoveries <<< "$counts"
	expect_eq counts "healthy $((errors + 1)) $((recoveries + 1))" \
		"$(hw_counts)"
}

t_halt_that_needs_a_command_is_recovered() {
	halted 0
	grep -q '^halted, needs 0, causes 0x10' "$T/halt.7"
	grep -q '^reset ended, status 0$' "$T/halt.7"
}

t_halt_that_needs_an_flr_is_recovered() {
	halted 1
	# It is for the host to reset the function: the guest is told otherwise
	grep -q '^halted, needs 0, causes 0x10' "$T/halt.7"
	grep -q '^reset waits' "$T/halt.7"
	grep -q '^reset ended, status 0$' "$T/halt.7"
}

t_dump_is_of_the_moment_and_decoded() {
	local out
	out=$(hw 'dump show')
	printf '%s\n' "$out"
	expect_match dump 'failure: Device halted, it needs a function level reset' "$out"
	expect_match dump 'value: 0x00000007 state: halted needs: a function level reset' "$out"
	expect_match dump 'GENCFG: 0x00003000' "$out"
	expect_match dump 'command: [a-z]+ (WQ|device)' "$out"
	expect_match dump 'entries: 16 occupancy: 0 leased: true' "$out"
	out=$(hw 'dump show' -j)
	expect_match 'dump -j' '"state":"halted","needs":"a function level reset"' "$out"
}

t_snapshots_of_a_halt_are_taken() {
	local out
	out=$(devlink region show)
	expect_match region 'registers: size [0-9]+ snapshot \[[0-9]' "$out"
	expect_match region 'wqcfg: size 256 snapshot \[[0-9]' "$out"
	expect_match region 'ims: size 32768 snapshot \[[0-9]' "$out"
}

t_monitor_announces_error_and_recovery() {
	local pid out
	fresh
	stdbuf -oL devlink monitor > "$T/monitor" 2>&1 &
	pid=$!
	sleep 1
	inject inject-halt 0
	wait_for 5 grep -q 'state healthy' "$T/monitor" || true
	kill "$pid"
	out=$(cat "$T/monitor")
	printf '%s\n' "$out"
	expect_match error 'state error error [0-9]+' "$out"
	expect_match healthy 'state healthy error [0-9]+ recover [0-9]+' "$out"
}

t_refused_halt_that_needs_more_than_the_host_can() {
	fresh
	halting 8 40
	inject inject-halt 2
	wait_for 10 failed
	wait_for 5 said 8 'halted, needs 1'
	wait_for 10 said 8 'reset ended, status 0x3'
	refused 'Device needs a warm reset: reboot the machine' hw recover
	refused 'Device failed: see devlink health' sf_state 9 active
	refused 'Hardware is lost: recover it or delete the port' \
		sf_state 7 inactive
	expect_match port 'state active opstate detached' \
		"$(devlink port show "$(port_of 7)")"
	lost 7 'Device failed: see reporter hw'
	expect_match diagnose 'failure: Device halted, it needs a warm reset last_recovery: Device needs a warm reset' \
		"$(hw diagnose)"
	expect_eq 'error lines' 1 "$(error_lines)"
	kill -9 "$(cat "$T/halt.pid.8")"
	# What stands for a warm reset of the machine; a function level reset
	# does not end such a halt
	echo 1 > "/sys/bus/pci/devices/$PF/remove"
	inject inject-dead true
	inject inject-dead false
	echo 1 > /sys/bus/pci/rescan
	wait_for 10 devlink dev show "$DEV"
	sf_new 7 8
	sf_add 9
	in_service 7 8
}

t_reset_by_hand_recovers_what_failed() {
	fresh
	hw set auto_recover false
	halting 8 40
	inject inject-halt 1
	wait_for 10 failed
	wait_for 10 said 8 'reset ended, status 0x3'
	echo 1 > "/sys/bus/pci/devices/$PF/reset"
	wait_for 10 healthy
	survived 8
	in_service 7 8
	hw set auto_recover true
}

t_reset_by_hand_is_no_error_and_recovered() {
	local counts
	fresh
	counts=$(hw_counts)
	halting 7
	echo 1 > "/sys/bus/pci/devices/$PF/reset"
	survived 7
	expect_eq counts "$counts" "$(hw_counts)"
	expect_eq 'error lines' 0 "$(error_lines)"
	expect_eq 'lines' 1 "$(dmesg | grep -c 'is being reset by hand')"
	in_service 7 8
}

t_command_without_answer_is_recovered() {
	fresh
	inject inject-cmd-hang true
	# Its first command for the hardware gets none
	sf-copy -q run -o move 7 > /dev/null 2>&1 || true
	wait_for 10 healthy
	expect_match log 'command [0-9]+ \([a-zA-Z ]+\) got no answer' \
		"$(dmesg -l err)"
	expect_eq 'error lines' 1 "$(error_lines)"
	expect_match dump 'failure: Command [0-9]+ \([a-zA-Z ]+\) got no answer' \
		"$(hw 'dump show')"
	expect_match dump 'active: true' "$(hw 'dump show')"
	in_service 7 8
}

t_test_goes_the_whole_way() {
	local counts
	fresh
	counts=$(hw_counts)
	halting 7
	hw test
	survived 7
	read -r _ errors recoveries <<< "$counts"
	expect_eq counts "healthy $((errors + 1)) $((recoveries + 1))" \
		"$(hw_counts)"
	expect_match dump 'failure: Failure injected by devlink health test' \
		"$(hw 'dump show')"
	in_service 7 8
}

t_recovery_on_request_only() {
	fresh
	hw set auto_recover false
	halting 7 40
	inject inject-halt 1
	wait_for 5 failed
	# Nobody recovers it now: its guest's reset fails
	wait_for 10 said 7 'reset ended, status 0x3'
	sleep 1
	failed || fail 'recovered by itself'
	refused 'Device has failed: recover it first' hw test
	hw recover
	survived 7
	in_service 7 8
	hw set auto_recover true
}

t_grace_period_is_kept() {
	fresh
	hw set grace_period 60000
	inject inject-halt 1
	wait_for 5 failed
	sleep 1
	failed || fail 'recovered within the grace period'
	hw recover
	in_service 7 8
	hw set grace_period 0
}

t_burst_is_limited() {
	fresh
	for nr in 1 2 3 4 5; do
		hw test
		wait_for 5 healthy || fail "$nr: $(hw diagnose)"
	done
	hw test
	wait_for 5 failed
	sleep 1
	given_up 'Too many recoveries: recover it by hand'
	expect_match diagnose 'unasked_recoveries: 5 unasked_recoveries_max: 5' \
		"$(hw diagnose)"
	hw recover
	expect_match diagnose 'last_recovery: successful unasked_recoveries: 0' \
		"$(hw diagnose)"
	in_service 7 8
}

t_failed_ports_can_be_deleted() {
	fresh
	hw set auto_recover false
	inject inject-halt 1
	wait_for 5 failed
	sf_del 8
	hw recover
	in_service 7
	sf_new 8
	in_service 8
	hw set auto_recover true
}

t_unbinding_what_is_gone_tells_its_users() {
	local unbind
	fresh
	halting 8 12
	inject inject-dead true
	echo "$PF" > /sys/bus/pci/drivers/idxd/unbind &
	unbind=$!
	# It waits for the user, who would not have known
	wait_for 10 said 8 'halted' || fail "$(cat "$T/halt.8")"
	expect_eq 'error lines' 1 "$(error_lines)"
	wait_for 30 bash -c "! kill -0 $unbind" || fail 'unbinding does not end'
	# What comes back has no configuration, so it has to be found again
	echo 1 > "/sys/bus/pci/devices/$PF/remove"
	inject inject-dead false
	echo 1 > /sys/bus/pci/rescan
	wait_for 10 devlink dev show "$DEV"
	sf_new 7 8
	in_service 7 8
}

t_refused_while_the_device_is_gone() {
	fresh
	inject inject-dead true
	# Nothing interrupts: the next command finds out
	sf-copy -q run -o move 7 > /dev/null 2>&1 || true
	wait_for 20 failed || fail "$(hw show)"
	refused 'Device does not answer: remove and rescan it' hw recover
	expect_match diagnose 'device: gone failure: Registers read all ones: device is gone' \
		"$(hw diagnose)"
	expect_match dump 'state: gone' "$(hw 'dump show')"
	expect_eq 'error lines' 1 "$(error_lines)"
	devlink region del "$DEV/ims" snapshot \
		"$(devlink region show "$DEV/ims" |
			sed -n 's/.*snapshot \[\([0-9]*\).*/\1/p')"
	refused 'Device does not answer' devlink region new "$DEV/ims"
	refused 'Device does not answer' devlink_new region read \
		"$DEV/registers" address 0 length 16
}

t_removed_and_found_again_it_works() {
	echo 1 > "/sys/bus/pci/devices/$PF/remove"
	inject inject-dead false
	echo 1 > /sys/bus/pci/rescan
	wait_for 10 devlink dev show "$DEV"
	sf_new 7
	in_service 7
	expect_match show 'state healthy error 0 recover 0' "$(hw show)"
	remove_all
	expect_match leased 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
