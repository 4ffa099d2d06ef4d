#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every slab object that was allocated with one of our modules on the stack is
# counted, cache by cache: whatever happens to subfunctions, the number is the
# same afterwards, to the object. The kernel keeps the stacks (slub_debug=U).
# RUN: vm --no-l2 --append slub_debug=U --append iomem=relaxed
# TIMEOUT: 600

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/objects.sh
. "$TOP/tests/selftests/objects.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=200

# stays FUNCTION TIMES: no object is left
stays() {
	local i
	for i in 1 2; do
		"$1" "$i"
	done
	objects_keep "$T/objects"
	for ((i = 1; i <= $2; i++)); do
		"$1" "$i"
	done
	objects_are_back "$T/objects"
	say "$2 times, and still $(objects_sum "$T/objects") objects"
}

setup_file() {
	objects_init
	load
}

used() {
	sf_new 7
	sf-copy -q -o move,batch -s 4096 7
	sf_state 7 inactive
	sf_del 7
}

killed() {
	local pid
	sf_new 7
	sf-copy -t 100 -d 16 stress 7 > "$T/run" &
	pid=$!
	wait_for 20 grep -q 'in flight' "$T/run"
	kill -9 "$pid"
	wait "$pid" 2> /dev/null || true
	wait_for 5 sf_state 7 inactive
	sf_del 7
}

bound() {
	sf_new 7 8
	echo "$PF" > /sys/bus/pci/drivers/idxd/unbind
	echo "$PF" > /sys/bus/pci/drivers/idxd/bind
}

# 0x114: enable device (1) fails with 0x14, so that the layout is rolled back
reloaded() {
	sf_add 7
	devlink resource set "$DEV" path /wq_entries/wq0 size $((1 + $1 % 16))
	devlink dev reload "$DEV"
	vm-qmp '{"execute": "qom-set", "arguments": {"path": "dsa0",
		"property": "inject-code-error", "value": 276}}'
	expect_fails devlink dev reload "$DEV"
	sf_state 7 active
	sf_del 7
}

t_used_subfunctions_leave_no_object() {
	stays used 30
}

t_killed_users_leave_no_object() {
	stays killed 15
}

t_unbound_devices_leave_no_object() {
	stays bound 10
}

t_reloads_leave_no_object() {
	stays reloaded 20
}

run_tests "$@"
