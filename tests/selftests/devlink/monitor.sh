#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What devlink monitor shows of ports and instances: every change of state and
# of opstate, whoever caused it.
# RUN: vm --append iomem=relaxed
# TIMEOUT: 200

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/golden.sh
. "$TOP/tests/selftests/golden.sh"

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

t_life_of_a_subfunction_golden() {
	watch life.txt stdbuf -oL devlink monitor dev port
	watch life.json stdbuf -oL devlink -jp monitor dev port
	sf_add 12
	sf_state 12 active
	settle
	sf_state 12 inactive
	settle
	sf_del 12
	golden monitor-life.txt watched life.txt port,del
	golden monitor-life.json watched life.json '"command": "del"'
}

t_attributes_and_nested_instance_golden() {
	watch new.txt stdbuf -oL "$DEVLINK_NEW" monitor dev port
	sf_add 12
	devlink_new port function set "$(port_of 12)" max_io_eqs 2
	sf_state 12 active
	settle
	sf_del 12
	golden monitor-new.txt watched new.txt port,del
}

t_failed_activation_tells_of_no_change_golden() {
	watch failed stdbuf -oL devlink monitor dev port
	sf_add 12
	rmmod idxd_vfio
	without_modprobe refused 'No driver bound: load idxd_vfio' \
		sf_state 12 active
	settle
	sf_del 12
	golden monitor-failed.txt watched failed port,del
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
	watch driver stdbuf -oL devlink monitor dev port
	rmmod idxd_vfio
	modprobe idxd_vfio
	golden monitor-driver.txt watched driver 'opstate attached'
}

t_removal_with_a_user_golden() {
	sf-copy -t 100 hold 12 > "$T/hold" 2>&1 &
	wait_for 30 grep -q '^holding' "$T/hold"
	watch removal stdbuf -oL devlink monitor port
	echo "$PF" > /sys/bus/pci/drivers/idxd/unbind &
	wait_for 10 grep -q 'state inactive opstate attached' "$T/removal"
	settle
	kill %1
	golden monitor-removal.txt watched removal port,del
	wait
	echo "$PF" > /sys/bus/pci/drivers/idxd/bind
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
