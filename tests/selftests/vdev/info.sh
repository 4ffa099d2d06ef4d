#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What VFIO says of the virtual device: every region and interrupt index, and
# questions that are too short, out of range or unknown.
# RUN: vm --no-l2 --append iomem=relaxed
# TIMEOUT: 120

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/vdev/lib.sh
. "$(dirname "$0")/lib.sh"

t_device_is_pci_and_can_be_reset() {
	try info-device
}

t_every_region_is_as_documented() {
	try info-regions
}

t_every_interrupt_index_is_as_documented() {
	try info-irqs
}

t_short_questions_are_refused() {
	try info-sizes
}

t_unknown_questions_are_refused() {
	try info-refused
}

t_every_step_is_tried() {
	all_steps_are_tried info
}

t_everything_is_back() {
	everything_is_back
}

run_tests "$@"
