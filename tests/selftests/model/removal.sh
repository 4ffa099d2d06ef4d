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

# commands_of_the_page: those in JSON, a line each
commands_of_the_page() {
	python3 - "$TOP/Documentation/qemu-model.rst" << 'EOF'
import json
import re
import sys
page = open(sys.argv[1], encoding='utf-8').read()
for block in re.findall(r'(?m)^::\n\n((?:  .*\n)+)', page):
    at = 0
    while block[at:].strip().startswith('{'):
        at += len(block[at:]) - len(block[at:].lstrip())
        command, length = json.JSONDecoder().raw_decode(block[at:])
        at += length
        print(json.dumps(command))
EOF
}

t_commands_of_the_page_are_obeyed() {
	local command seen=''
	while IFS= read -r command <&4; do
		printf '%s\n' "$command"
		vm-qmp "$command"
		case $command in
		*'"qom-set"'*) seen+='qom-set ' ;;
		*'"device_del"'*)
			seen+='device_del '
			wait_for 20 [ ! -e "$DEV" ] ;;
		*'"device_add"'*)
			seen+='device_add '
			wait_for 20 [ -e "$DEV/resource0" ] ;;
		esac
	done 4< <(commands_of_the_page)
	expect_eq 'commands' 'qom-set device_del device_add ' "$seen"
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
