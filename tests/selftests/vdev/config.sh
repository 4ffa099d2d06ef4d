#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# PCI configuration space of the virtual device: header, capabilities, power
# states, what the command register switches, function level reset.
# RUN: vm --append iomem=relaxed
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/vdev/lib.sh
. "$(dirname "$0")/lib.sh"

t_header_is_a_dsa() {
	try config-header
}

t_capabilities_are_complete() {
	try config-caps
}

t_d3hot_keeps_the_state() {
	try config-d3hot
}

t_memory_off_decodes_nothing() {
	try config-memory-off
}

t_bus_master_off_stops_the_queue() {
	try config-master-off
}

t_flr_resets_all() {
	try config-flr
}

t_random_writes_are_harmless() {
	try config-random
}

t_every_step_is_tried() {
	all_steps_are_tried config
}

t_everything_is_back() {
	everything_is_back
}

run_tests "$@"
