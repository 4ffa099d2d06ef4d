#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rates: a leaf for each port; tx_priority is the priority of the work queue
# in its group, everything else is refused. Debian 12's own devlink does not
# know tx_priority.
# RUN: vm --append iomem=relaxed
# TIMEOUT: 200

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/golden.sh
. "$TOP/tests/selftests/golden.sh"

setup_file() {
	load
}

# set_rate SFNUM ATTRIBUTE VALUE
set_rate() {
	devlink_new port function rate set "$(port_of "$1")" "$2" "$3"
}

# priorities: of the work queues that are leased, in their order
priorities() {
	hardware | awk '$1 == "wq" && $8 != 0 { printf "%s ", $12 }'
}

t_no_port_no_leaf() {
	expect_eq 'rates' '' "$(devlink_new port function rate show)"
}

t_port_brings_a_leaf_golden() {
	sf_add 7
	sf_add 8
	golden_devlink rate-unset port function rate show
}

t_priority_is_kept_while_inactive_golden() {
	local before
	before=$(hardware)
	set_rate 7 tx_priority 3
	expect_eq 'the hardware' "$before" "$(hardware)"
	golden_devlink_new rate-set port function rate show
	golden_devlink_new rate-one port function rate show "$(port_of 7)"
}

t_activation_configures_it_and_10_is_the_default() {
	sf_state 7 active
	sf_state 8 active
	expect_eq 'priorities' '3 10 ' "$(priorities)"
	expect_eq 'guest sees' 'wq-priority 3' "$(sf-copy -q info 7 |
		grep wq-priority)"
	expect_eq 'guest sees' 'wq-priority 10' "$(sf-copy -q info 8 |
		grep wq-priority)"
}

t_set_while_closed_acts_at_once() {
	set_rate 7 tx_priority 15
	expect_eq 'priorities' '15 10 ' "$(priorities)"
	expect_eq 'guest sees' 'wq-priority 15' "$(sf-copy -q info 7 |
		grep wq-priority)"
	sf-copy -q -o move,batch 7
	expect_eq 'after it was used' '15 10 ' "$(priorities)"
}

t_refused_while_open() {
	sf-copy -t 100 hold 7 > "$T/hold" 2>&1 &
	wait_for 30 grep -q '^holding' "$T/hold"
	refused 'Subfunction is open: stop its user first' \
		set_rate 7 tx_priority 1
	set_rate 8 tx_priority 1
	kill $!
	wait $! || true
	expect_eq 'priorities' '15 1 ' "$(priorities)"
}

t_zero_is_the_default() {
	set_rate 7 tx_priority 0
	set_rate 8 tx_priority 0
	expect_eq 'priorities' '10 10 ' "$(priorities)"
	golden_devlink_new rate-unset port function rate show
}

t_refused_out_of_range() {
	refused 'Use tx_priority 1 to 15, or 0 for the default' \
		set_rate 7 tx_priority 16
	refused 'Use tx_priority 1 to 15, or 0 for the default' \
		set_rate 7 tx_priority 4294967295
}

t_refused_what_a_queue_does_not_have() {
	refused 'Device has no tx_share for a queue: use tx_priority' \
		devlink port function rate set "$(port_of 7)" tx_share 10mbit
	refused 'Device has no tx_max for a queue: use tx_priority' \
		devlink port function rate set "$(port_of 7)" tx_max 10mbit
	refused 'Device has no tx_weight for a queue: use tx_priority' \
		set_rate 7 tx_weight 10
}

t_refused_nodes_and_parents() {
	refused "Rate nodes aren't supported" \
		devlink port function rate add "$DEV/group"
	refused "Parent set isn't supported for the leafs" \
		devlink port function rate set "$(port_of 7)" parent group
}

t_priority_outlives_deactivation_but_not_the_port() {
	set_rate 7 tx_priority 5
	sf_state 7 inactive
	sf_state 7 active
	expect_match 'priorities' '^5 ' "$(priorities)"
	sf_del 7
	sf_new 7
	expect_match 'priorities' '^10 ' "$(priorities)"
}

t_leaf_goes_with_the_port() {
	sf_del 7 8
	expect_eq 'rates' '' "$(devlink_new port function rate show)"
	unload
}

run_tests "$@"
