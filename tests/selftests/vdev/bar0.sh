#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Registers and tables of the virtual device at every width.
# RUN: vm --append iomem=relaxed
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/vdev/lib.sh
. "$(dirname "$0")/lib.sh"

t_capabilities_are_of_one_queue() {
	try bar0-caps
}

t_widths_agree() {
	try bar0-widths
}

t_read_only_is_read_only() {
	try bar0-read-only
}

t_configuration_is_locked_while_enabled() {
	try bar0-locked
}

t_msix_table_is_kept() {
	try bar0-msix
}

t_random_writes_are_harmless() {
	try bar0-random
}

t_every_step_is_tried() {
	all_steps_are_tried bar0
}

t_everything_is_back() {
	everything_is_back
}

run_tests "$@"
