#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Attributes of port functions besides their state. max_io_eqs: completion
# vectors, each an interrupt message slot and an MSI-X vector of the virtual
# device; what a subfunction does not have is refused. Debian 12's own devlink
# does not know all these words.
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
	sf_add 7
}

# set_fn ATTRIBUTE VALUE..
set_fn() {
	devlink_new port function set "$(port_of 7)" "$@"
}

eqs() {
	devlink_new port show "$(port_of 7)" |
		sed -n 's/.* max_io_eqs \([0-9]*\).*/\1/p'
}

# vectors NR: what an activation with so many completion vectors must have
expect_vectors() {
	local out used
	expect_eq 'interrupts in sysfs' "$1" \
		"$(find "$(aux_of 7)/irqs" -type f | wc -l)"
	out=$(sf-copy -q info 7)
	expect_eq 'MSI-X vectors' "vectors $(($1 + 1))" \
		"$(grep '^vectors' <<< "$out")"
	sf-copy -t 100 hold 7 > "$T/hold" 2>&1 &
	wait_for 30 grep -q '^holding' "$T/hold"
	used=$(hardware | sed -n 's/^ims-used //p')
	out=$(hardware | grep -c '^ims [0-9]* open pasid [1-9]')
	kill $!
	wait $! || true
	expect_eq 'IMS slots in use' "$1" "$used"
	expect_eq 'IMS slots open' "$1" "$out"
}

t_default_is_one() {
	expect_eq max_io_eqs 1 "$(eqs)"
	sf_state 7 active
	expect_vectors 1
	sf_state 7 inactive
}

t_set_while_inactive_touches_no_hardware() {
	local before
	before=$(hardware)
	set_fn max_io_eqs 4
	expect_eq max_io_eqs 4 "$(eqs)"
	expect_eq 'the hardware' "$before" "$(hardware)"
	golden_devlink_new function-inactive port show "$(port_of 7)"
}

t_four_lease_four_slots_and_show_five_vectors() {
	sf_state 7 active
	expect_vectors 4
	golden_devlink_new function-active port show "$(port_of 7)"
}

t_each_vector_interrupts_and_no_other() {
	local out
	out=$(sf-copy -q vectors 7)
	expect_eq 'vectors tried' 4 "$(grep -c '^vector [1-4]: ' <<< "$out")"
	expect_eq 'handles' 4 "$(grep -o 'handle [0-9]*' <<< "$out" | sort -u |
		wc -l)"
	say "$out"
}

t_all_operations_work_on_the_last_vector() {
	sf-copy -q -V 4 7
	expect_match 'interrupts of the vectors' '^0 [1-9][0-9]* 1 1 [1-9][0-9]+$' \
		"$(stat_of 7 irqs)"
}

t_refused_while_active() {
	refused 'Set state inactive before changing max_io_eqs' \
		set_fn max_io_eqs 2
}

t_the_same_value_while_active_does_nothing() {
	set_fn max_io_eqs 4
	expect_eq max_io_eqs 4 "$(eqs)"
}

t_inactive_gives_all_back() {
	sf_state 7 inactive
	expect_eq max_io_eqs 4 "$(eqs)"
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	expect_match 'leased' 'irqs 0' "$(leased)"
}

t_eight_is_the_most_and_set_with_the_state() {
	set_fn max_io_eqs 8 state active
	expect_match 'port show' 'state active opstate attached max_io_eqs 8' \
		"$(devlink_new port show "$(port_of 7)")"
	expect_vectors 8
	expect_eq 'vectors tried' 8 "$(sf-copy -q vectors 7 |
		grep -c '^vector [1-8]: ')"
	sf_state 7 inactive
}

t_refused_out_of_range() {
	local nr
	for nr in 0 9 4294967295; do
		refused 'Use max_io_eqs 1 to 8, not N' set_fn max_io_eqs "$nr"
	done
}

t_refused_with_the_state_stays_inactive() {
	refused 'Use max_io_eqs 1 to 8, not N' \
		set_fn max_io_eqs 9 state active
	expect_match 'port show' 'state inactive' "$(devlink port show)"
}

t_refused_hw_addr() {
	refused 'Subfunction has no hardware address: leave hw_addr out' \
		set_fn hw_addr 00:11:22:33:44:55
	refused 'Subfunction has no hardware address: leave hw_addr out' \
		devlink port function set "$(port_of 7)" hw_addr 00:11:22:33:44:55
}

t_refused_capabilities_of_network_functions() {
	refused "Port doesn't support RoCE function attribute" set_fn roce enable
	refused "Port doesn't support migratable function attribute" \
		set_fn migratable enable
	refused "Port doesn't support ipsec_crypto function attribute" \
		set_fn ipsec_crypto enable
	refused "Port doesn't support ipsec_packet function attribute" \
		set_fn ipsec_packet enable
}

t_unload_leaves_nothing() {
	sf_del 7
	unload
	expect_eq 'instances' '' "$(devlink dev show)"
}

run_tests "$@"
