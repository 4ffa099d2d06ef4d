#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The silicon of INTEL-SA-01084 (8086:0b25): refused unless the administrator
# overrides it, which is logged once.
# RUN: vm --append iomem=relaxed --dsa-opt device-id=0x0b25
# TIMEOUT: 200

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/golden.sh
. "$TOP/tests/selftests/golden.sh"

setup_file() {
	load
	sf_add 3
}

t_activation_refused_with_the_reason() {
	refused 'INTEL-SA-01084: set allow_unsafe_silicon to accept it' \
		sf_state 3 active
	expect_match 'port show' 'state inactive opstate detached' \
		"$(devlink port show "$(port_of 3)")"
}

t_override_admits_it_and_is_logged_once() {
	devlink dev param set "$DEV" name allow_unsafe_silicon value true \
		cmode runtime
	sf_state 3 active
	sf-copy -q -o move,batch 3
	expect_eq 'logged' 1 "$(dmesg | grep -c 'SA-01084')"
	sf_state 3 inactive
	sf_state 3 active
	expect_eq 'logged once' 1 "$(dmesg | grep -c 'SA-01084')"
	sf_state 3 inactive
}

t_override_stays_while_a_subfunction_is_active() {
	sf_state 3 active
	refused 'Active subfunctions: 1, deactivate them first' \
		devlink dev param set "$DEV" name allow_unsafe_silicon \
		value false cmode runtime
	golden_devlink param-unsafe dev param show "$DEV" \
		name allow_unsafe_silicon
	sf_state 3 inactive
}

t_override_can_be_taken_back() {
	devlink dev param set "$DEV" name allow_unsafe_silicon value false \
		cmode runtime
	refused 'INTEL-SA-01084: set allow_unsafe_silicon to accept it' \
		sf_state 3 active
}

t_port_can_be_deleted() {
	sf_del 3
	expect_eq 'ports' '' "$(ports)"
	unload
}

run_tests "$@"
