#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Two devices: numbers that are the device's may be the same, those of the
# machine are not, and neither device touches the other.
# RUN: vm --no-l2 --append iomem=relaxed --dsa 2
# TIMEOUT: 200

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

SECOND=0000:00:06.0

setup_file() {
	load
}

t_same_number_on_two_devices() {
	local first=$DEV other=pci/$SECOND aux
	devlink port add "$first" flavour pcisf pfnum 0 sfnum 5
	devlink port add "$other" flavour pcisf pfnum 0 sfnum 5
	devlink port function set "$first/32768" state active
	devlink port function set "$other/32768" state active
	# Ids of auxiliary and companion devices are unique over all devices
	expect_eq 'auxiliary devices' 2 \
		"$(find /sys/bus/auxiliary/devices -name 'idxd.sf.*' | wc -l)"
	for aux in "$PF" "$SECOND"; do
		sf-copy -q --pci "$aux" -o move,batch 5
	done
	# The PASIDs are different: they are the IOMMU's, not the device's
	expect_eq 'different PASIDs' 2 "$(for aux in "$PF" "$SECOND"; do
		pf-regs "$aux" | awk '$1 == "wq" && $8 != 0 { print $8 }'
	done | sort -u | wc -l)"
}

t_one_device_goes_and_the_other_stays() {
	echo "$PF" > /sys/bus/pci/drivers/idxd/unbind
	sf-copy -q -o move 5
	echo "$PF" > /sys/bus/pci/drivers/idxd/bind
	devlink port del "pci/$SECOND/32768"
}

t_unload_leaves_nothing() {
	remove_all
	unload
	expect_eq 'instances' '' "$(devlink dev show)"
}

run_tests "$@"
