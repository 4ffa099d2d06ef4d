#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# devlink instances: that of the device, and one nested in the port of each
# active subfunction.
# RUN: vm --append iomem=relaxed
# TIMEOUT: 120

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/golden.sh
. "$TOP/tests/selftests/golden.sh"

setup_file() {
	load
}

t_device_has_driver_and_versions() {
	local out
	out=$(devlink dev info "$DEV")
	expect_match 'dev info' 'driver idxd' "$out"
	expect_match 'dev info' 'dsa.version 1.0' "$out"
	devlink dev info "$DEV" -j | python3 -m json.tool > /dev/null
}

t_device_alone_golden() {
	golden_devlink dev-alone dev show
}

t_inactive_subfunction_has_none() {
	sf_add 7
	golden_devlink dev-alone dev show
}

t_active_subfunctions_have_one_each_golden() {
	sf_state 7 active
	sf_new 8
	golden_devlink dev-two dev show
	golden_devlink dev-nested dev show auxiliary/idxd.sf.0
}

t_it_goes_with_the_activation() {
	sf_state 7 inactive
	sf_del 8
	golden_devlink dev-alone dev show
	sf_del 7
}

t_reload_and_its_statistics_golden() {
	golden_devlink dev-reload dev reload "$DEV" action driver_reinit
	golden_devlink dev-statistics -s dev show "$DEV"
}

t_unload_leaves_nothing() {
	unload
	expect_eq 'instances' '' "$(devlink dev show)"
}

run_tests "$@"
