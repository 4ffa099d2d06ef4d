#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Devices that have more work queues than interrupts: what runs out is named,
# and comes back when another subfunction is deactivated.
# RUN: vm --append iomem=relaxed --dsa-opt wqs=64 --dsa-opt ims-slots=256
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=200

setup_file() {
	load
}

set_eqs() {
	devlink_new port function set "$(port_of "$1")" max_io_eqs "$2" \
		${3:+state "$3"}
}

t_thirty_two_take_all_interrupts() {
	local nr
	for nr in $(seq 0 31); do
		sf_add "$nr"
		set_eqs "$nr" 8 active
	done
	expect_match 'leased' 'pasids 32 ' "$(leased)"
}

t_refused_one_more() {
	sf_add 32
	refused 'No interrupt is free: deactivate another port' \
		sf_state 32 active
	set_eqs 32 3
	refused 'No interrupt is free: deactivate another port' \
		sf_state 32 active
}

t_one_that_goes_makes_room() {
	sf_state 5 inactive
	sf_state 32 active
	sf_add 33
	set_eqs 33 5 active
	sf-copy -q vectors 33
	refused 'No interrupt is free: deactivate another port' \
		sf_state 5 active
}

t_unload_leaves_nothing() {
	remove_all
	unload
	expect_eq 'instances' '' "$(devlink dev show)"
}

run_tests "$@"
