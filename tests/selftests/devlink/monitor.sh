#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What devlink monitor shows: every change of state and of opstate, whoever caused
# it; errors and recovery; what was set and recorded.
# RUN: vm --append iomem=relaxed
# TIMEOUT: 200

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/golden.sh
. "$TOP/tests/selftests/golden.sh"

golden_filter() {
	undated
}

setup_file() {
	load
}

# listeners: sockets that have joined a group of generic netlink
listeners() {
	awk '$2 == 16 && $4 !~ /^0*$/' /proc/net/netlink | wc -l
}

more_listeners() {
	[ "$(listeners)" -gt "$1" ]
}

# watch NAME COMMAND..: a monitor of ports and instances, whose output is in
# $T/NAME; it is listening when this returns
watch() {
	local name=$1 before
	shift
	before=$(listeners)
	"$@" > "$T/$name" 2>&1 &
	echo $! > "$T/$name.pid"
	wait_for 10 more_listeners "$before" || fail 'monitor does not listen'
}

# watched NAME LAST: ends the monitor once it has shown this, and what comes
# with it
watched() {
	wait_for 10 grep -q -- "$2" "$T/$1" ||
		fail "no $2 in: $(cat "$T/$1")"
	settle
	kill "$(cat "$T/$1.pid")"
	cat "$T/$1"
}

# A nested instance is told of by a work item; let it come
settle() {
	sleep 0.5
}

# watch_both NAME DEVLINK OBJECT..: plain and as JSON
watch_both() {
	local name=$1 devlink=$2
	shift 2
	watch "$name.txt" stdbuf -oL "$devlink" monitor "$@"
	watch "$name.json" stdbuf -oL "$devlink" -jp monitor "$@"
}

# watched_both_golden NAME LAST LAST_IN_JSON
watched_both_golden() {
	golden "monitor-$1.txt" watched "$1.txt" "$2"
	golden "monitor-$1.json" watched "$1.json" "$3"
}

t_life_of_a_subfunction_golden() {
	watch_both life devlink dev port
	sf_add 12
	sf_state 12 active
	settle
	sf_state 12 inactive
	settle
	sf_del 12
	watched_both_golden life port,del '"command": "del"'
}

t_attributes_and_nested_instance_golden() {
	watch_both new "$DEVLINK_NEW" dev port
	sf_add 12
	devlink_new port function set "$(port_of 12)" max_io_eqs 2
	sf_state 12 active
	settle
	sf_del 12
	watched_both_golden new port,del '"command": "del"'
}

t_failed_activation_tells_of_no_change_golden() {
	watch_both failed devlink dev port
	sf_add 12
	rmmod idxd_vfio
	without_modprobe refused 'No driver bound: load idxd_vfio' \
		sf_state 12 active
	settle
	sf_del 12
	watched_both_golden failed port,del '"command": "del"'
	modprobe idxd_vfio
}

# without_modprobe COMMAND..: the kernel finds no module meanwhile
without_modprobe() {
	local path rc=0
	path=$(cat /proc/sys/kernel/modprobe)
	echo /bin/false > /proc/sys/kernel/modprobe
	"$@" || rc=$?
	echo "$path" > /proc/sys/kernel/modprobe
	return "$rc"
}

t_driver_that_comes_and_goes_golden() {
	sf_new 12
	settle
	watch_both driver devlink dev port
	rmmod idxd_vfio
	modprobe idxd_vfio
	watched_both_golden driver 'opstate attached' '"opstate": "attached"'
}

t_removal_with_a_user_golden() {
	sf-copy -t 100 hold 12 > "$T/hold" 2>&1 &
	wait_for 30 grep -q '^holding' "$T/hold"
	watch_both removal devlink port
	echo "$PF" > /sys/bus/pci/drivers/idxd/unbind &
	wait_for 10 grep -q 'state inactive opstate attached' "$T/removal.txt"
	settle
	kill %1
	watched_both_golden removal port,del '"command": "del"'
	wait
	echo "$PF" > /sys/bus/pci/drivers/idxd/bind
}

# Reporters: of the device, and of a port. iproute2 6.1 does not close all that it
# opens in JSON here.
t_errors_and_recovery_golden() {
	sf_new 12
	devlink health set "$DEV" reporter hw grace_period 0
	settle
	watch_both health devlink health
	devlink health test "$(port_of 12)" reporter sf
	settle
	devlink health test "$DEV" reporter hw
	watched_both_golden health 'recover 1' '"recover": 1'
	sf_del 12
}

t_snapshots_and_parameters_golden() {
	watch_both rest devlink
	devlink dev param set "$DEV" name sf_wq_entries value 1 cmode runtime
	devlink region new "$DEV/wqcfg" snapshot 90
	devlink region del "$DEV/wqcfg" snapshot 90
	watched_both_golden rest region,del '"command": "del"'
}

t_loss_of_the_hardware_is_told() {
	sf_new 12
	settle
	watch loss stdbuf -oL devlink monitor port
	vm-qmp '{"execute": "qom-set", "arguments": {"path": "dsa0",
		"property": "inject-halt", "value": 1}}'
	watched loss 'state active opstate detached'
}

t_unload_leaves_nothing() {
	remove_all
	unload
	expect_eq 'instances' '' "$(devlink dev show)"
}

run_tests "$@"
