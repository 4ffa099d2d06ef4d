#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The device pulled out of its port and put back: with nothing but random
# accesses going on, and with the distribution's driver bound.
# RUN: vm --stock --dsa-port
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/model/lib.sh
. "$(dirname "$0")/lib.sh"

PF=0000:01:00.0
DEV=/sys/bus/pci/devices/$PF

setup_file() {
	probe_build "$T/probe"
	echo 4 > /proc/sys/vm/nr_hugepages
}

put_back() {
	vm-qmp '{"execute": "device_add", "arguments":
		{"driver": "intel-dsa", "id": "dsa0", "bus": "port0"}}'
	wait_for 20 [ -e "$DEV/resource0" ]
}

t_it_is_an_endpoint_with_pasid() {
	local caps
	caps=$(lspci -s "$PF" -vv)
	expect_match type 'Express \(v2\) Endpoint' "$caps"
	expect_match pasid 'Process Address Space ID' "$caps"
}

t_pulled_out_under_load() {
	for _ in 1 2 3; do
		"$T/probe" "$PF" removal
		wait_for 20 [ ! -e "$DEV" ]
		put_back
	done
}

t_pulled_out_with_a_driver() {
	modprobe idxd
	[ -e /sys/bus/dsa/devices/dsa0 ] || fail 'no driver'
	vm-qmp '{"execute": "device_del", "arguments": {"id": "dsa0"}}'
	wait_for 20 [ ! -e "$DEV" ]
	put_back
	wait_for 20 [ -e /sys/bus/dsa/devices ]
	wait_for 20 test "$(ls /sys/bus/dsa/devices)"
}

run_tests "$@"
