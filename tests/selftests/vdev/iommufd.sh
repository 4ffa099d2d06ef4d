#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Subfunctions by their character device and iommufd, without group and
# container: everything that can be done with address spaces there, users of both
# kinds side by side, and users who are killed, asked to let go, or have opened
# it and no more. The distribution's kernel has no iommufd.
# RUN: vm --kernel iommufd --append iomem=relaxed --append hugepages=520 --no-l2
# RUN: vm --kernel iommufd --append iomem=relaxed --append hugepages=520 --no-l2 --iommu second
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/huge.sh
. "$TOP/tests/selftests/huge.sh"

HELD='Still being released: stop whoever has its node open'

setup_file() {
	modprobe vfio_iommu_type1
	modprobe iommufd
	[ -c /dev/iommu ] || fail 'no /dev/iommu: this kernel has no iommufd'
	load
	devlink dev param set "$DEV" name command_timeout_ms value 2000 \
		cmode runtime
	sf_new 7 8
	sf-copy -q -o noop 7
	sf-copy -q -o noop 8
	leased > "$T/leased"
	hardware > "$T/hardware"
}

# step STEP: by 7 with iommufd; the hardware is as before, both work
step() {
	sf-dev --iommufd -q "$1" 7
	expect_eq 'WQs and slots' "$(cat "$T/hardware")" "$(hardware)"
	sf-copy -q --iommufd -o move -s 4096 7
	sf-copy -q -o move -s 4096 8
}

t_tool_shows_both_nodes() {
	local group
	group=$(basename "$(readlink "$(companion_of 7)/iommu_group")")
	[ -c "$(cdev_of 7)" ] || fail "no $(cdev_of 7)"
	[ -c "/dev/vfio/$group" ] || fail "no /dev/vfio/$group"
	expect_match 'show' "\"node\":\"/dev/vfio/$group\",\"cdev\":\"$(cdev_of 7)\"" \
		"$(idxd-sf --json show 7)"
}

t_huge_pages_make_huge_entries() {
	huge --quiet --iommufd
}

t_attached_and_detached() {
	step dma-attach
}

t_address_space_is_replaced() {
	step dma-replace
}

t_two_share_an_address_space() {
	step dma-shared
}

t_container_and_iommufd_side_by_side() {
	step dma-beside
	sf-dev -q dma-beside 7
}

t_two_iommufds_are_apart() {
	sf-copy -q --iommufd isolation 7 8
	sf-copy -q --iommufd faults 7
}

t_both_kinds_of_user_at_once() {
	local pid
	sf-copy -q -t 3 stress 7 > "$T/stress" &
	pid=$!
	sf-copy -q --iommufd -t 3 stress 8
	wait "$pid"
	cat "$T/stress"
}

t_every_step_is_tried() {
	local name missing=''
	for name in $(sf-dev list dma); do
		grep -qE "(step|-q|\"\\\$@\") $name\b" "$0" \
			"$TOP/tests/selftests/huge.sh" || missing+=" $name"
	done
	expect_eq 'steps without a test' '' "$missing"
}

# The kernel detaches and unbinds what its user has not
t_killed_in_mid_copy_nothing_is_left() {
	local i pid
	for i in 1 2 3; do
		sf-copy --iommufd -t 100 -d 16 -r "$i" stress 7 > "$T/run" &
		pid=$!
		wait_for 20 grep -q 'in flight' "$T/run"
		expect_match 'refused' 'Subfunction is open: stop its user first' \
			"$(expect_fails sf_state 7 inactive)"
		sleep "0.$i"
		kill -9 "$pid"
		wait "$pid" 2> /dev/null || true
		wait_for 2 sf-copy -q --iommufd -o move -s 4096 7
		leased | diff "$T/leased" -
	done
}

# Opened and bound to nothing: not open, but not to be given back either
t_node_that_is_open_and_no_more_is_waited_for() {
	local port
	port=$(port_of 7)
	exec 8< "$(cdev_of 7)"
	sf_state 7 inactive > "$T/out" 2>&1
	expect_match 'said' "^Warning: $HELD" "$(cat "$T/out")"
	expect_match 'shown' 'state inactive opstate attached' \
		"$(devlink port show "$port")"
	refused "$HELD" devlink port del "$port"
	sf-copy -q -o move -s 4096 8
	exec 8<&-
	wait_for 10 detached "$port"
	sf_state 7 active
	sf-copy -q --iommufd -o move -s 4096 7
}

detached() {
	grep -q 'state inactive opstate detached' <<< "$(devlink port show "$1")"
}

t_everything_is_back() {
	leased | diff "$T/leased" -
	sf_del 7 8
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
}

t_user_is_asked_to_let_go() {
	local pid
	sf_new 7
	sf-dev --iommufd -q irq-req 7 > "$T/waiting" 2>&1 &
	pid=$!
	wait_for 10 grep -q waiting "$T/waiting"
	echo "$PF" > /sys/bus/pci/drivers/idxd/unbind
	wait "$pid"
	[ ! -e "/sys/bus/pci/drivers/idxd/$PF" ] || fail 'still bound'
	unload
}

run_tests "$@"
