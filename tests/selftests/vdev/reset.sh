#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Resets of a device that is busy, each way there is. The engines are slow, so
# that there is always work left.
# RUN: vm --append iomem=relaxed --dsa-opt engine-delay-us=3000
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/vdev/lib.sh
. "$(dirname "$0")/lib.sh"

t_vfio_reset_ends_all() {
	try reset-vfio
}

t_flr_ends_all() {
	try reset-flr
}

t_reset_device_ends_all() {
	try reset-device
}

t_reset_wq_ends_all() {
	try reset-wq
}

t_bus_master_off_ends_all() {
	try reset-master
}

t_restart_while_busy_works() {
	try reset-restart
}

t_resets_behind_each_other_work() {
	try reset-storm
}

t_every_step_is_tried() {
	all_steps_are_tried reset
}

t_everything_is_back() {
	everything_is_back
}

run_tests "$@"
