#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# devlink dev reload: new sizes of work queues, who gets which queue, and that
# what is refused, by us or by the device, leaves everything as it was.
# RUN: vm --no-l2 --append iomem=relaxed
# TIMEOUT: 400

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/golden.sh
. "$TOP/tests/selftests/golden.sh"

# Commands and errors of the hardware
ENABLE=1 RESET=5 SUM_TOO_LARGE=0x14

# set_sizes ENTRIES..: of wq0, wq1 ..; those that follow get none
set_sizes() {
	local i
	for ((i = 0; i < 8; i++)); do
		devlink resource set "$DEV" path "/wq_entries/wq$i" \
			size "${1:-0}"
		shift || true
	done
}

reload() {
	devlink dev reload "$DEV"
}

# sizes: as the hardware has them
sizes() {
	hardware | sed -n 's/^wq [0-9]* .* size \([0-9]*\) .*/\1/p' | xargs
}

# shown: sizes as devlink shows them, with those that wait for a reload
shown() {
	devlink resource show "$DEV" | sed -n \
		's/^ *name wq[0-9]* size \([0-9]*\)\( size_new [0-9]*\)\{0,1\} occ .*/\1\2/p' |
		sed 's/ size_new /->/' | xargs
}

# hw VERB [ARG..]: the reporter
hw() {
	devlink health "$1" "$DEV" reporter hw "${@:2}"
}

request() {
	devlink dev param set "$DEV" name sf_wq_entries value "$1" cmode runtime
}

entries_of() {
	sf-copy -q info "$1" | sed -n 's/^wq-size //p'
}

# inject PROPERTY VALUE
inject() {
	vm-qmp '{"execute": "qom-set", "arguments": {"path": "dsa0",
		"property": "'"$1"'", "value": '"$2"'}}' > /dev/null
}

# refuse_command CODE ERROR [TIMES_MORE]
refuse_command() {
	inject inject-code-error $((${3:-0} << 16 | $1 << 8 | $2))
}

rebind() {
	echo "$PF" > /sys/bus/pci/drivers/idxd/unbind
	echo "$PF" > /sys/bus/pci/drivers/idxd/bind
}

setup_file() {
	load
}

t_sizes_are_even_at_first() {
	expect_eq 'sizes' '16 16 16 16 16 16 16 16' "$(sizes)"
}

t_reload_applies_the_sizes() {
	set_sizes 64 32 16 16
	expect_eq 'shown' '16->64 16->32 16 16 16->0 16->0 16->0 16->0' "$(shown)"
	reload
	expect_eq 'sizes' '64 32 16 16 0 0 0 0' "$(sizes)"
	expect_eq 'shown' '64 32 16 16 0 0 0 0' "$(shown)"
}

t_four_subfunctions_get_what_they_ask_for() {
	local nr=1 entries
	for entries in 40 20 0 0; do
		request "$entries"
		sf_new "$nr"
		nr=$((nr + 1))
	done
	golden_devlink reload-four resource show "$DEV"
	expect_eq 'SF 1' 64 "$(entries_of 1)"
	expect_eq 'SF 2' 32 "$(entries_of 2)"
	expect_eq 'SF 3' 16 "$(entries_of 3)"
	expect_eq 'SF 4' 16 "$(entries_of 4)"
	say 'asked for 40, 20, 0, 0 entries: got queues of 64, 32, 16, 16'
}

t_each_works_with_all_its_entries() {
	local nr
	for nr in 1 2 3 4; do
		sf-copy -q -o move,batch "$nr"
	done
	sf-copy -q -d 60 -t 2 stress 1
}

t_refused_one_more_port() {
	refused 'All 4 work queues have a port: delete one first' sf_add 5
}

t_refused_reload_with_active_subfunctions() {
	set_sizes 32 32 32 32
	refused 'Active subfunctions: 4, deactivate them first' reload
	expect_eq 'sizes' '64 32 16 16 0 0 0 0' "$(sizes)"
	expect_eq 'shown, still wanted' '64->32 32 16->32 16->32 0 0 0 0' \
		"$(shown)"
	sf_del 1 2 3
	refused 'Active subfunctions: 1, deactivate them first' reload
	sf_state 4 inactive
}

ports_and_rates() {
	devlink_new port show
	devlink_new port function rate show
}

t_ports_survive_a_reload() {
	local before
	request 0
	sf_add 9
	devlink_new port function set "$(port_of 9)" max_io_eqs 4
	devlink_new port function rate set "$(port_of 9)" tx_priority 15
	before=$(ports_and_rates)
	expect_match 'before' 'tx_priority 15' "$before"
	reload
	expect_eq 'sizes' '32 32 32 32 0 0 0 0' "$(sizes)"
	expect_eq 'ports' "$before" "$(ports_and_rates)"
	sf_state 9 active
	sf_state 4 active
	sf-copy -q -o move,batch 9
	sf-copy -q isolation 4 9
	remove_all
}

t_refused_oversized_and_sum() {
	refused 'Size larger than maximum' devlink resource set "$DEV" \
		path /wq_entries/wq0 size 129
	devlink resource set "$DEV" path /wq_entries/wq0 size 33
	refused 'resources size validation failed' reload
	expect_eq 'shown' '32->33 32 32 32 0 0 0 0' "$(shown)"
	devlink resource set "$DEV" path /wq_entries/wq0 size 32
}

t_refused_without_any_entries() {
	set_sizes
	refused 'No work queue has entries: set the size of one' reload
	expect_eq 'shown' '32 32 32 32 0 0 0 0' "$(shown)"
}

t_layout_that_the_device_refuses_is_rolled_back() {
	sf_add 5
	set_sizes 100 28
	refuse_command "$ENABLE" "$SUM_TOO_LARGE"
	refused 'Device refused the sizes, code 20: old ones are back' reload
	expect_eq 'sizes' '32 32 32 32 0 0 0 0' "$(sizes)"
	expect_eq 'shown, no longer wanted' '32 32 32 32 0 0 0 0' "$(shown)"
	expect_match 'the device' '^state 1$' "$(hardware)"
}

t_device_works_after_the_roll_back() {
	sf_state 5 active
	sf-copy -q -o move,batch 5
	sf_state 5 inactive
	set_sizes 100 28
	reload
	expect_eq 'sizes' '100 28 0 0 0 0 0 0' "$(sizes)"
	sf_state 5 active
	expect_eq 'the smallest' 28 "$(entries_of 5)"
	sf_del 5
}

t_refused_reset_changes_nothing() {
	set_sizes 64 64
	refuse_command "$RESET" 3
	refused 'Device refused a reset, error -5: nothing changed' reload
	expect_eq 'sizes' '100 28 0 0 0 0 0 0' "$(sizes)"
	expect_match 'the device' '^state 1$' "$(hardware)"
	sf_new 5
	sf-copy -q -o move 5
	sf_del 5
}

t_refused_change_of_namespace() {
	local pid
	unshare -n sleep 50 &
	pid=$!
	refused 'Device stays in its namespace: leave netns out' \
		devlink dev reload "$DEV" netns "$pid"
	kill "$pid"
}

t_refused_other_action() {
	refused 'Requested reload action is not supported by the driver' \
		devlink dev reload "$DEV" action fw_activate
}

t_stats_count_the_reloads() {
	local before after
	before=$(reloads)
	devlink dev reload "$DEV" action driver_reinit
	after=$(reloads)
	expect_eq 'reloads' $((before + 1)) "$after"
}

reloads() {
	devlink -s dev show "$DEV" | awk '/remote_reload/ { exit }
		/unspecified/ { print $2 }'
}

t_both_layouts_refused_fail_the_device() {
	sf_add 5
	set_sizes 64 64
	hw set auto_recover false
	refuse_command "$ENABLE" "$SUM_TOO_LARGE" 1
	expect_match 'reload' '^Error: .*Device failed: see devlink health' \
		"$(expect_fails reload)"
	expect_eq 'error lines' 1 "$(dmesg | grep -c 'refused the sizes')"
	expect_match 'port show' 'sfnum 5 ' "$(devlink port show)"
	expect_match 'activate' 'Device failed' \
		"$(expect_fails sf_state 5 active)"
	expect_match 'reload' 'Device failed' "$(expect_fails reload)"
	hw recover
	hw set auto_recover true
	expect_eq 'sizes' '100 28 0 0 0 0 0 0' "$(sizes)"
	sf_state 5 active
	sf-copy -q -o move 5
	sf_del 5
}

t_same_lease_after_it_all() {
	local first
	rebind
	first=$(first_lease)
	reload
	expect_eq 'lease' "$first" "$(first_lease)"
	unload
}

run_tests "$@"
