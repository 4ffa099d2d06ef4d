#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The udev rule under a udev daemon: names and permissions of VFIO nodes, and
# the unit a device asks for, by the properties that systemd goes by. That it does
# start the unit at boot is shown in install.sh.
# RUN: vm
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/pkg/lib.sh
. "$(dirname "$0")/lib.sh"

setup_file() {
	udev_begin
}

# properties: of the PCI function, as udev has them
properties() {
	udevadm settle --timeout=30
	udevadm info -q property "/sys/bus/pci/devices/$PF"
}

t_device_with_driver_wants_its_unit() {
	local out
	out=$(properties)
	expect_match properties "^SYSTEMD_WANTS=idxd-sf@$PF.service\$" "$out"
	expect_match properties '^TAGS=.*:systemd:' "$out"
	expect_eq SYSTEMD_READY '' "$(grep '^SYSTEMD_READY=0' <<< "$out" || true)"
}

t_device_without_driver_is_not_ready() {
	local out
	unload
	out=$(properties)
	expect_match properties '^SYSTEMD_READY=0$' "$out"
	expect_eq SYSTEMD_WANTS '' "$(grep '^SYSTEMD_WANTS' <<< "$out" || true)"
}

t_device_bound_again_is_ready_again() {
	local out
	load
	out=$(properties)
	expect_match properties '^SYSTEMD_WANTS=' "$out"
	expect_eq SYSTEMD_READY '' "$(grep '^SYSTEMD_READY=0' <<< "$out" || true)"
}

# link SFNUM: what its name points at
link() {
	udevadm settle --timeout=30
	readlink -f "$BY_SF/$PF-sf-$1"
}

group_node() {
	echo "/dev/vfio/$(basename "$(readlink "$(companion_of "$1")/iommu_group")")"
}

t_node_has_a_name_that_tells_device_and_sfnum() {
	sf_new 7 12
	expect_eq 'link of 7' "$(group_node 7)" "$(link 7)"
	expect_eq 'link of 12' "$(group_node 12)" "$(link 12)"
}

t_name_follows_the_node() {
	local before
	before=$(link 12)
	sf_del 7
	sf_state 12 inactive
	udevadm settle --timeout=30
	[ ! -e "$BY_SF/$PF-sf-12" ] || fail 'there while inactive'
	[ ! -e "$BY_SF/$PF-sf-7" ] || fail 'there after the port was deleted'
	# The lowest number is free, and was the other's
	sf_state 12 active
	sf_new 3
	[ "$(link 12)" != "$before" ] || fail "still $before: nothing was shown"
	expect_eq 'link of 12' "$(group_node 12)" "$(link 12)"
	expect_eq 'link of 3' "$(group_node 3)" "$(link 3)"
	say "sfnum 12: $before, then $(link 12)"
}

t_group_vfio_may_open_the_node() {
	expect_eq 'owner and mode' 'root vfio 660' "$(stat -c '%U %G %a' "$(link 12)")"
	# The group of another device has no such name and keeps its mode
	expect_eq 'names' 2 "$(find "$BY_SF" -type l | wc -l)"
}

t_helper_fails_for_groups_of_other_devices() {
	local group
	group=$(basename "$(readlink "/sys/bus/pci/devices/$PF/iommu_group")")
	expect_eq 'output' '' "$(expect_fails "$BOOT/idxd-sf-node" "$group")"
	expect_eq 'output' '' "$(expect_fails "$BOOT/idxd-sf-node" 4711)"
}

t_user_of_the_group_opens_it_and_others_do_not() {
	local node
	node=$(link 12)
	useradd alice
	# Opening a group whose container is not set is all that is tried
	expect_fails setpriv --reuid alice --regid alice --init-groups \
		sh -c "exec 3<> '$node'"
	adduser alice vfio
	setpriv --reuid alice --regid alice --init-groups \
		sh -c "exec 3<> '$node'"
}

t_fuser_names_the_holder_of_an_open_subfunction() {
	local pid
	sf_new 7
	udevadm settle --timeout=30
	sf-copy -t 100 hold 7 > "$T/hold" 2>&1 &
	pid=$!
	wait_for 30 grep -q '^holding' "$T/hold"
	fuser -v /dev/vfio/by-sf/0000:00:05.0-sf-7 > "$T/fuser" 2>&1
	kill "$pid"
	expect_match 'fuser -v' " $pid .* sf-copy" "$(cat "$T/fuser")"
	wait_for 5 sf_del 7
}

run_tests "$@"
