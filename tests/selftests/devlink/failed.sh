#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A device that failed: its ports say so, and can be deleted; nothing can be
# activated until it was reset.
# RUN: vm --append iomem=relaxed
# TIMEOUT: 120

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

setup_file() {
	load
	sf_new 7
	sf_add 8
	vm-qmp '{"execute": "qom-set", "arguments": {"path": "dsa0",
		"property": "inject-halt", "value": 1}}'
	wait_for 10 lost
}

lost() {
	grep -q 'active opstate detached' <<< "$(devlink port show)"
}

t_refused_activation() {
	refused 'Device failed: unbind and bind its driver' sf_state 8 active
	refused 'Device failed: unbind and bind its driver' sf_state 7 active
}

t_refused_deactivation_of_what_is_lost() {
	refused 'Hardware is lost: delete the port' sf_state 7 inactive
}

t_ports_can_be_deleted() {
	sf_del 7 8
	expect_eq 'ports' '' "$(ports)"
}

t_a_new_binding_works_again() {
	echo "$PF" > /sys/bus/pci/drivers/idxd/unbind
	echo "$PF" > /sys/bus/pci/drivers/idxd/bind
	sf_new 7
	sf-copy -q -o move 7
	sf_del 7
	unload
}

run_tests "$@"
