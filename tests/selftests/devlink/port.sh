#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# devlink ports and their states, with the stock devlink: what is shown and
# made; what is refused, with which sentence.
# RUN: vm --append iomem=relaxed
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/golden.sh
. "$TOP/tests/selftests/golden.sh"

setup_file() {
	load
}

show() {
	devlink port show "$(port_of "$1")"
}

t_add_given_sfnum_is_shown_inactive() {
	local out before after
	before=$(hardware)
	golden port-add.txt devlink port add "$DEV" flavour pcisf pfnum 0 \
		sfnum 7
	out=$(cat "$T/golden.port-add.txt.raw")
	after=$(hardware)
	expect_match 'port add' "^$DEV/[0-9]+: .*flavour pcisf .*pfnum 0 sfnum 7 " "$out"
	expect_match 'port add' 'state inactive opstate detached' "$out"
	expect_eq 'the hardware' "$before" "$after"
}

t_add_is_shown_as_json_and_by_later_versions() {
	golden port-add.json devlink -jp port add "$DEV" flavour pcisf pfnum 0 \
		sfnum 8
	sf_del 8
	golden port-add-new.txt devlink_new port add "$DEV" flavour pcisf \
		pfnum 0 sfnum 8
	sf_del 8
	golden port-add-new.json devlink_new -jp port add "$DEV" flavour pcisf \
		pfnum 0 sfnum 8
	sf_del 8
}

t_inactive_port_golden() {
	golden_devlink port-inactive port show "$(port_of 7)"
	golden_devlink_new port-inactive-new port show "$(port_of 7)"
}

t_activate_attaches_and_makes_a_vfio_device() {
	local aux companion group
	sf_state 7 active
	expect_match 'port show' 'state active opstate attached' "$(show 7)"
	expect_match 'port show -j' '"state":"active","opstate":"attached"' \
		"$(devlink port show "$(port_of 7)" -j)"
	aux=$(aux_of 7)
	expect_match 'path' "/$PF/idxd.sf.[0-9]+\$" "$aux"
	companion=$(companion_of 7)
	group=$(basename "$(readlink "$companion/iommu_group")")
	[ -c "/dev/vfio/$group" ] || fail "no /dev/vfio/$group"
	expect_match 'nested instance' "auxiliary/$(basename "$aux")" \
		"$(devlink dev show)"
	[ -d "$aux/irqs" ] || fail 'no irqs directory'
	[ -n "$(ls "$aux/irqs")" ] || fail 'irqs is empty'
}

t_active_port_golden() {
	golden_devlink port-active port show "$(port_of 7)"
	golden_devlink_new port-active-new port show "$(port_of 7)"
}

t_activation_leases_a_queue_and_a_pasid() {
	local out
	out=$(leased)
	expect_match 'leased' 'enabled 0 pasids 1 ims 0' "$out"
	expect_match 'leased' 'aux 1' "$out"
	expect_match 'leased' 'companions 1' "$out"
	hardware | grep -q '^wq [0-9]* state disabled size 16 pasid [1-9]' ||
		fail "$(hardware)"
}

# held N: sf-copy has the SF open; prints its process id
held() {
	sf-copy -t 100 hold "$1" > "$T/hold" 2> "$T/hold.err" &
	echo $!
	wait_for 30 grep -q '^holding' "$T/hold"
}

t_user_enables_the_queue_and_opens_a_slot() {
	local pid out
	pid=$(held 7)
	out=$(hardware)
	kill "$pid"
	grep -q '^wq [0-9]* state enabled size 16 pasid [1-9]' <<< "$out" ||
		fail "$out"
	grep -q '^ims [0-9]* open pasid [1-9]' <<< "$out" || fail "$out"
	expect_eq 'PASIDs of queue and slot' 1 "$(grep -o 'pasid [1-9][0-9]*' \
		<<< "$out" | sort -u | wc -l)"
}

t_inactive_gives_everything_back() {
	local out
	wait_for 5 sf_state 7 inactive
	expect_match 'port show' 'state inactive opstate detached' "$(show 7)"
	out=$(leased)
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$out"
	expect_match 'leased' 'irqs 0' "$out"
	expect_match 'leased' 'aux 0' "$out"
	expect_match 'leased' 'companions 0' "$out"
	expect_match 'leased' 'nested 0' "$out"
}

t_activate_again_works() {
	sf_state 7 active
	expect_match 'port show' 'state active opstate attached' "$(show 7)"
}

t_del_active_port_removes_it() {
	sf_del 7
	expect_eq 'ports' '' "$(ports)"
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
}

t_add_without_sfnum_assigns_one() {
	local out
	devlink port add "$DEV" flavour pcisf pfnum 0 > /dev/null
	out=$(devlink port add "$DEV" flavour pcisf pfnum 0)
	expect_match 'port add' 'sfnum [0-9]+ ' "$out"
	expect_eq 'number of ports' 2 "$(ports | wc -l)"
	expect_eq 'distinct numbers' 2 "$(devlink port show |
		grep -o 'sfnum [0-9]*' | sort -u | wc -l)"
	remove_all
}

t_eight_subfunctions_fit() {
	sf_new 0 1 2 3 4 5 6 7
	expect_match 'leased' 'pasids 8 ' "$(leased)"
	expect_eq 'attached' 8 "$(devlink port show | grep -c 'opstate attached')"
}

t_all_ports_golden() {
	golden_devlink port-all port show
}

t_refused_one_more_than_work_queues() {
	refused 'All N work queues have a port: delete one first' \
		devlink port add "$DEV" flavour pcisf pfnum 0 sfnum 8
	refused 'All N work queues have a port: delete one first' \
		devlink port add "$DEV" flavour pcisf pfnum 0
	sf_del 3
	sf_new 8
	remove_all
}

t_refused_other_flavour() {
	refused 'Only flavour pcisf can be added' \
		devlink port add "$DEV" flavour pcipf pfnum 0
}

t_refused_other_pfnum() {
	refused 'There is no pfnum N: use pfnum 0' \
		devlink port add "$DEV" flavour pcisf pfnum 1 sfnum 5
}

t_refused_controller() {
	refused 'Device has no controllers: leave controller out' \
		devlink port add "$DEV" flavour pcisf pfnum 0 sfnum 5 \
		controller 1
}

t_refused_port_index() {
	refused 'Port index is assigned: give the device only' \
		devlink port add "$DEV/55" flavour pcisf pfnum 0 sfnum 5
}

t_refused_sfnum_in_use() {
	remove_all
	sf_add 5
	refused 'The sfnum N is in use: choose another' \
		devlink port add "$DEV" flavour pcisf pfnum 0 sfnum 5
	sf_del 5
}

t_refused_inactive_and_del_while_open() {
	local pid
	remove_all
	sf_new 7
	pid=$(held 7)
	refused 'Subfunction is open: stop its user first' sf_state 7 inactive
	refused 'Subfunction is open: stop its user first' \
		devlink port del "$(port_of 7)"
	expect_match 'port show' 'state active opstate attached' "$(show 7)"
	kill -9 "$pid"
	wait_for 2 sf_state 7 inactive
	sf_del 7
}

t_del_of_unknown_port_fails() {
	expect_fails devlink port del "$DEV/4711"
	expect_fails devlink port del "$DEV/0"
}

t_unload_leaves_nothing() {
	remove_all
	unload
	[ ! -e /sys/module/idxd ] || fail 'still loaded'
	expect_eq 'instances' '' "$(devlink dev show)"
}

run_tests "$@"
