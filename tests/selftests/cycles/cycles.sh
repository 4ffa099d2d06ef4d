#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The same thing many times: what a cycle leaks shows as growth, and the
# kernel log stays clean (tests/vm/run sees to that).
# RUN: vm --cpus 2 --append iomem=relaxed
# TIMEOUT: 900

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=400

BIND=/sys/bus/pci/drivers/idxd

# cycle FUNCTION TIMES: everything that is counted stays the same; objects.sh
# counts memory
cycle() {
	local i
	"$1" 0
	leased > "$T/leased.0"
	for ((i = 1; i <= $2; i++)); do
		"$1" "$i"
	done
	leased | diff "$T/leased.0" -
	say "$2 cycles"
}

one_sf() {
	sf_add 7
	sf_state 7 active
	sf_state 7 inactive
	sf_del 7
}

one_bind() {
	echo "$PF" > "$BIND/unbind"
	echo "$PF" > "$BIND/bind"
}

one_load() {
	unload
	load
}

setup_file() {
	load
	first_lease > "$T/first_lease"
}

t_add_active_inactive_del_200_times() {
	cycle one_sf 200
}

t_same_lease_as_at_first() {
	first_lease | diff "$T/first_lease" -
	say "$(xargs < "$T/first_lease")"
}

t_unbind_bind_100_times() {
	cycle one_bind 100
	first_lease | diff "$T/first_lease" -
}

t_rmmod_modprobe_60_times() {
	cycle one_load 60
	first_lease | diff "$T/first_lease" -
}

t_rmmod_with_active_subfunction_is_refused() {
	sf_new 7
	expect_match 'rmmod idxd, idxd_vfio loaded' 'in use' \
		"$(expect_fails rmmod idxd)"
	# Without its driver the subfunction stays, and is what holds the module
	rmmod idxd_vfio
	expect_match 'state' 'state active opstate detached' \
		"$(devlink port show "$(port_of 7)")"
	expect_match 'rmmod idxd alone' 'in use' "$(expect_fails rmmod idxd)"
	modprobe idxd_vfio
	expect_match 'state' 'state active opstate attached' \
		"$(devlink port show "$(port_of 7)")"
	wait_for 5 sf-copy -q -o move 7
	sf_del 7
}

t_unbind_with_active_subfunctions_removes_them() {
	sf_new 1 2 3
	echo "$PF" > "$BIND/unbind"
	expect_eq 'instances' '' "$(devlink dev show)"
	expect_match 'leased' 'aux 0' "$(leased)"
	expect_match 'leased' 'companions 0' "$(leased)"
	echo "$PF" > "$BIND/bind"
	first_lease | diff "$T/first_lease" -
}

t_subfunctions_work_after_it_all() {
	sf_new 1 2
	sf-copy -q -o move,batch 1
	sf-copy -q isolation 1 2
	sf_del 1 2
	unload
}

run_tests "$@"
