#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The device is unbound, or its user ends, whatever users of a virtual device do
# about it: they let go when asked, or do not, are stopped, or left the device to
# somebody else. The log says who is waited for, the other device is not held
# up, and afterwards all is back. Slow engines keep commands pending.
# RUN: vm --cpus 2 --no-l2 --append iomem=relaxed --dsa 2 --dsa-opt engine-delay-us=300000
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

SECOND=0000:00:06.0
OTHER=pci/$SECOND
DRIVER=/sys/bus/pci/drivers/idxd

setup_file() {
	load
	first_lease > "$T/first_lease"
	leased > "$T/leased"
}

# hold MODE: such a user of SF 7, see sf-hold
hold() {
	sf_new 7
	dmesg -C
	sf-hold "$1" 7 > "$T/user" 2>&1 &
	echo $! > "$T/opener"
	wait_for 30 grep -q '^holding' "$T/user" || fail "$(cat "$T/user")"
	sed -n 's/^holding //p' "$T/user" > "$T/holder"
}

holder() {
	cat "$T/holder"
}

opener() {
	cat "$T/opener"
}

# unbind_begin: it waits for the user
unbind_begin() {
	echo "$PF" > "$DRIVER/unbind" &
	echo $! > "$T/unbind"
	wait_for 10 waiting || fail "$(devlink port show)"
}

waiting() {
	grep -q 'state inactive opstate attached' <<< "$(devlink port show)"
}

unbound() {
	test ! -e "/sys/bus/pci/devices/$PF/driver"
}

# still_waiting: nobody let go
still_waiting() {
	test -e "/proc/$(cat "$T/unbind")" || fail 'the unbinding has ended'
	waiting || fail "$(devlink port show)"
}

# named PID [TEXT]: the log names whoever opened it, once
named() {
	expect_eq "lines in: $(dmesg)" 1 "$(dmesg | grep -c 'Waiting for')"
	expect_match log "idxd-sf.*Waiting for sf-hold \($1\) to close it${2:-}\$" \
		"$(dmesg)"
	say "$(dmesg | sed -n 's/^\[[ 0-9.]*\] //; /Waiting for/p')"
}

# unbinding_ends: soon, with all given back, a clean log and a device that works
unbinding_ends() {
	wait_for 10 unbound || fail 'the unbinding does not end'
	wait
	echo "$PF" > "$DRIVER/bind"
	all_is_back
}

all_is_back() {
	expect_eq 'errors' '' "$(dmesg -l err,crit,alert,emerg)"
	expect_eq 'leased' "$(cat "$T/leased")" "$(leased)"
	expect_eq 'first lease' "$(cat "$T/first_lease")" "$(first_lease)"
	sf_new 7
	sf-copy -q --pci "$PF" -o move -s 4096 7
	sf_del 7
}

t_user_who_obeys_lets_the_unbinding_end() {
	hold obey
	within 5000 bash -c "echo $PF > $DRIVER/unbind"
	grep -q '^closed' "$T/user" || fail "$(cat "$T/user")"
	named "$(opener)"
	unbinding_ends
}

t_user_who_ignores_it_is_named() {
	hold ignore
	unbind_begin
	wait_for 5 grep -q '^asked' "$T/user"
	named "$(opener)"
	refused 'Device is being removed' sf_add 9
}

t_other_device_is_not_held_up() {
	still_waiting
	within 2000 devlink port add "$OTHER" flavour pcisf pfnum 0 sfnum 8
	within 4000 devlink port function set "$OTHER/32768" state active
	within 2000 devlink dev show
	sf-copy -q --pci "$SECOND" -o move -s 4096 8
	within 4000 devlink port del "$OTHER/32768"
	still_waiting
}

t_signal_does_not_end_the_unbinding() {
	kill -TERM "$(cat "$T/unbind")"
	wait_for 5 blocked || fail "$(dmesg)"
	still_waiting
}

# What the VFIO core says
blocked() {
	grep -q 'currently in use, task .* blocked until' <<< "$(dmesg)"
}

# And the log is not filled by that
t_user_is_asked_again() {
	local asked
	asked=$(grep -c '^asked' "$T/user")
	wait_for 12 asked_more_than "$asked" || fail "$(cat "$T/user")"
	named "$(opener)"
}

asked_more_than() {
	[ "$(grep -c '^asked' "$T/user")" -gt "$1" ]
}

t_it_ends_when_that_user_is_killed() {
	kill -9 "$(holder)"
	unbinding_ends
}

t_stopped_user_is_waited_for() {
	hold obey
	kill -STOP "$(holder)"
	unbind_begin
	named "$(opener)"
	sleep 1
	still_waiting
	kill -CONT "$(holder)"
	unbinding_ends
	grep -q '^closed' "$T/user" || fail "$(cat "$T/user")"
}

# left MODE: whoever opened it has ended, and somebody else has it
left() {
	hold "$1"
	wait "$(opener)"
	kill -0 "$(holder)"
	refused 'Subfunction is open: stop its user first' sf_state 7 inactive
	unbind_begin
	named "$(opener)" ': it has ended and left it to another process'
	still_waiting
	kill "$(holder)"
	unbinding_ends
}

t_child_that_keeps_the_mapping_is_waited_for() {
	left child
}

t_process_that_was_sent_it_is_waited_for() {
	left sent
}

t_close_does_not_wait_for_commands() {
	local ms
	hold close
	wait_for 10 grep -q '^closed' "$T/user" || fail "$(cat "$T/user")"
	ms=$(sed -n 's/^closed in \([0-9]*\) ms/\1/p' "$T/user")
	say "closed in $ms ms, with 16 copies of 300 ms and a drain pending"
	[ "$ms" -lt 2000 ] || fail "took $ms ms"
	wait
	sf-copy -q --pci "$PF" -o move -s 4096 7
	sf_del 7
	all_is_back
}

t_killed_with_commands_pending_it_lets_the_unbinding_end() {
	hold busy
	unbind_begin
	kill -9 "$(holder)"
	unbinding_ends
}

t_unloading_works() {
	unload
}

run_tests "$@"
