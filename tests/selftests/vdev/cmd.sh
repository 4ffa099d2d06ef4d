#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Virtual commands: error codes, interrupts, and a queue that is busy. The
# engines are slow, so that commands have something to wait for.
# RUN: vm --append iomem=relaxed --dsa-opt engine-delay-us=3000
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/vdev/lib.sh
. "$(dirname "$0")/lib.sh"

t_states_have_their_errors() {
	try cmd-states
}

t_operands_have_their_errors() {
	try cmd-operands
}

t_unknown_codes_fail() {
	try cmd-unknown
}

t_handles_are_checked() {
	try cmd-handles
}

t_bus_master_is_needed() {
	try cmd-bus-master
}

t_interrupts_on_request() {
	try cmd-interrupts
}

t_running_command_is_not_disturbed() {
	try cmd-busy
}

t_drain_waits_for_all() {
	try cmd-drain
}

t_abort_abandons() {
	try cmd-abort
}

t_occupancy_interrupts_once() {
	try cmd-occupancy
}

t_every_step_is_tried() {
	all_steps_are_tried cmd
}

t_everything_is_back() {
	everything_is_back
}

run_tests "$@"
