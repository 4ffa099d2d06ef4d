#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A subfunction whose driver does not let go, as when a process has its node open
# and did not begin to use it: no devlink command waits for longer than one
# command timeout, everybody else goes on, and once it lets go all is given back.
# RUN: vm --cpus 2 --no-l2 --append iomem=relaxed
# TIMEOUT: 180

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

TIMEOUT_MS=2000
HELD='Still being released: stop whoever has its node open'

setup_file() {
	load
	devlink dev param set "$DEV" name command_timeout_ms \
		value "$TIMEOUT_MS" cmode runtime
	modprobe sf_hold
	leased > "$T/before"
	sf_new 6
}

# new_held SFNUM: an active one with the driver that does not let go
new_held() {
	local name params=/sys/module/sf_hold/parameters

	sf_new "$1"
	name=$(basename "$(aux_of "$1")")
	modprobe -r idxd_vfio
	echo 1 | tee "$params/take" "$params/hold" > /dev/null
	echo "$name" > /sys/bus/auxiliary/drivers/sf_hold.hold/bind
	echo 0 > "$params/take"
	modprobe idxd_vfio
}

let_go() {
	echo 0 > /sys/module/sf_hold/parameters/hold
}

shows() {
	grep -q "state $2 opstate $3" <<< "$(devlink port show "$(port_of "$1")")"
}

# within_timeout COMMAND..: ends within a command timeout, give or take what a
# busy machine needs
within_timeout() {
	local since=$EPOCHREALTIME ms status=0

	"$@" || status=$?
	ms=$(((${EPOCHREALTIME/./} - ${since/./}) / 1000))
	say "$ms ms: $*"
	[ "$ms" -lt $((TIMEOUT_MS + 1500)) ] || fail "took $ms ms: $*"
	return "$status"
}

healthy() {
	grep -q 'state healthy' <<< "$(devlink health show "$DEV" reporter hw)"
}

# others_work: on a device of which one subfunction does not come back
others_work() {
	sf_new 8
	sf-copy -q -o move,crc -s 65536 8
	sf_del 8
}

t_inactive_is_said_to_go_on() {
	new_held 7
	within_timeout sf_state 7 inactive > "$T/out" 2>&1
	expect_match 'said' "^Warning: $HELD" "$(cat "$T/out")"
	say "$(grep Warning "$T/out")"
	shows 7 inactive attached || fail "$(devlink port show)"
}

t_others_work_meanwhile() {
	others_work
}

t_refused_until_it_is_released() {
	refused "$HELD" devlink port function set "$(port_of 7)" state active
	refused "$HELD" devlink port del "$(port_of 7)"
	refused 'Active subfunctions: N, deactivate them first' \
		devlink dev reload "$DEV"
}

t_it_is_released_when_it_lets_go() {
	devlink monitor port > "$T/monitor" &
	wait_for 10 test -e "/proc/$!"
	sleep 1
	let_go
	wait_for 10 shows 7 inactive detached
	wait_for 10 grep -q 'opstate detached' "$T/monitor"
	kill "$!"
	sf_state 7 active
	sf-copy -q 7
	sf_del 7
}

t_the_tool_says_it_too() {
	new_held 7
	within_timeout idxd-sf stop 7 > "$T/out" 2>&1
	expect_match 'said' "$HELD" "$(cat "$T/out")"
	let_go
	wait_for 10 shows 7 inactive detached
	devlink port del "$(port_of 7)"
}

t_del_is_refused_and_then_works() {
	local out

	new_held 9
	out=$(within_timeout expect_fails devlink port del "$(port_of 9)")
	expect_match 'said' "Error: $HELD" "$out"
	shows 9 inactive attached || fail "$(devlink port show)"
	others_work
	let_go
	wait_for 10 shows 9 inactive detached
	devlink port del "$(port_of 9)"
}

t_recovery_does_not_wait_for_it() {
	new_held 9
	sf_state 9 inactive
	echo 1 > "/sys/bus/pci/devices/$PF/reset"
	wait_for 10 healthy
	others_work
	let_go
	wait_for 10 shows 9 inactive detached
	devlink port del "$(port_of 9)"
}

t_unbind_waits_for_it() {
	new_held 9
	sf_state 9 inactive
	echo "$PF" > /sys/bus/pci/drivers/idxd/unbind &
	wait_for 10 refused_new
	sleep 1
	shows 9 inactive attached || fail "$(devlink port show)"
	let_go
	wait_for 10 test ! -e "/sys/bus/pci/devices/$PF/driver"
	expect_eq 'instances' '' "$(devlink dev show)"
	wait
	echo "$PF" > /sys/bus/pci/drivers/idxd/bind
}

refused_new() {
	grep -q 'Device is being removed' <<< "$(sf_add 10 2>&1)"
}

t_nothing_is_left() {
	expect_eq 'leased' "$(cat "$T/before")" "$(leased)"
	modprobe -r sf_hold
	unload
}

run_tests "$@"
