#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# devlink dev param: what the next subfunction gets and how long a command may
# take; what a subfunction got, in the instance nested in its port.
# RUN: vm --no-l2 --append iomem=relaxed
# TIMEOUT: 200

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/golden.sh
. "$TOP/tests/selftests/golden.sh"

golden_filter() {
	sed 's/idxd\.sf\.[0-9]*/idxd.sf.N/'
}

# param NAME VALUE
param() {
	devlink dev param set "$DEV" name "$1" value "$2" cmode runtime
}

# value NAME [HANDLE]
value() {
	devlink dev param show "${2:-$DEV}" name "$1" |
		sed -n 's/^ *cmode runtime value //p'
}

nested_of() {
	echo "auxiliary/$(basename "$(aux_of "$1")")"
}

# got SFNUM: what the nested instance shows, as three numbers
got() {
	local name nested
	nested=$(nested_of "$1")
	for name in wq_entries max_transfer_size max_batch_size; do
		value "$name" "$nested"
	done | xargs
}

# shown_id SFNUM: PCI id that its user reads
shown_id() {
	sf-copy -q info "$1" | sed -n 's/^pci-id 8086://p'
}

# capabilities SFNUM: the registers that tell what it can do, and what it has
capabilities() {
	sf-copy -q info "$1" |
		grep -E '^(version|(gen|wq|op|cmd)cap|wq-|vectors) '
}

# world of refusals: parameters too
hardware() {
	pf-regs "$PF" || true
	devlink dev param show
}

setup_file() {
	load
}

t_show_is_the_golden_text() {
	golden_devlink param dev param show
}

t_refused_more_entries_than_there_are() {
	refused 'Entries are 0 to 128, all that there are' \
		param sf_wq_entries 129
	param sf_wq_entries 128
	param sf_wq_entries 0
}

t_refused_transfer_size_no_power_of_two() {
	refused 'Transfer size is a power of two up to 2147483648' \
		param sf_max_transfer_size 0
	refused 'Transfer size is a power of two up to 2147483648' \
		param sf_max_transfer_size 4097
	refused 'Transfer size is a power of two up to 2147483648' \
		param sf_max_transfer_size 2147483649
}

t_refused_batch_size_no_power_of_two_or_too_large() {
	refused 'Batch size is a power of two up to 1024' \
		param sf_max_batch_size 0
	refused 'Batch size is a power of two up to 1024' \
		param sf_max_batch_size 1000
	refused 'Batch size is a power of two up to 1024' \
		param sf_max_batch_size 2048
}

t_refused_more_than_a_batch_may_move() {
	refused 'Transfers of 268435456 need batches of 512 at most' \
		param sf_max_transfer_size 268435456
	param sf_max_batch_size 64
	param sf_max_transfer_size 2147483648
	refused 'Batches of 128 need transfers of 1073741824 at most' \
		param sf_max_batch_size 128
	param sf_max_transfer_size 134217728
	param sf_max_batch_size 1024
}

t_refused_timeout_out_of_range() {
	refused 'Command timeout is 100 to 60000 ms' param command_timeout_ms 99
	refused 'Command timeout is 100 to 60000 ms' \
		param command_timeout_ms 60001
	param command_timeout_ms 60000
	param command_timeout_ms 5000
}

t_refused_pci_id_of_something_else() {
	local id
	for id in 1212 0cfe b26 10b25 0b2g ''; do
		refused "PCI id is 11fb, the device's own, or 0b25" \
			param sf_pci_device_id "$id"
	done
}

# However it is written, four digits are shown
t_pci_id_is_taken_in_any_case() {
	param sf_pci_device_id 0x11FB
	expect_eq 'id' 11fb "$(value sf_pci_device_id)"
	param sf_pci_device_id B25
	expect_eq 'id' 0b25 "$(value sf_pci_device_id)"
	param sf_pci_device_id 11fb
}

t_unknown_parameter_or_type_fails() {
	expect_fails param allow_unsafe_silicon true
	expect_fails param sf_wq_entries -1
	expect_fails devlink dev param set "$DEV" name sf_wq_entries value 1 \
		cmode driverinit
}

t_entries_that_no_queue_has_are_refused() {
	sf_add 7
	param sf_wq_entries 17
	refused 'No free work queue has 17 entries: see resources' \
		sf_state 7 active
	param sf_wq_entries 16
	sf_state 7 active
	expect_eq 'entries' 16 "$(value wq_entries "$(nested_of 7)")"
	remove_all
}

t_no_free_queue_has_another_sentence() {
	local nr
	param sf_wq_entries 0
	for nr in 0 1 2 3 4 5 6 7; do
		sf_add "$nr"
	done
	# As many ports as queues: one queue less after a reload
	devlink resource set "$DEV" path /wq_entries/wq7 size 0
	devlink dev reload "$DEV"
	for nr in 0 1 2 3 4 5 6; do
		sf_state "$nr" active
	done
	refused 'No work queue is free: deactivate another port' \
		sf_state 7 active
	param sf_wq_entries 17
	refused 'No work queue is free: deactivate another port' \
		sf_state 7 active
	param sf_wq_entries 0
	remove_all
	devlink resource set "$DEV" path /wq_entries/wq7 size 16
	devlink dev reload "$DEV"
}

t_nested_instance_shows_what_it_got() {
	local name
	param sf_max_transfer_size 65536
	param sf_max_batch_size 8
	sf_new 7
	expect_eq 'got' '16 65536 8' "$(got 7)"
	for name in wq_entries max_transfer_size max_batch_size pci_device_id; do
		golden_devlink "param-nested-$name" dev param show \
			"$(nested_of 7)" name "$name"
	done
}

t_pci_id_is_shown_to_the_user_and_nothing_else_changes() {
	local own
	own=$(capabilities 7)
	expect_eq 'own id' 11fb "$(value pci_device_id "$(nested_of 7)")"
	expect_eq 'in config space' 11fb "$(shown_id 7)"
	param sf_pci_device_id 0b25
	expect_eq 'of the active one' 11fb \
		"$(value pci_device_id "$(nested_of 7)")"
	sf_state 7 inactive
	sf_state 7 active
	expect_eq 'old id' 0b25 "$(value pci_device_id "$(nested_of 7)")"
	expect_eq 'in config space' 0b25 "$(shown_id 7)"
	expect_eq 'capabilities' "$own" "$(capabilities 7)"
	sf-copy -q -o move -s 4096 7
	param sf_pci_device_id 11fb
	sf_state 7 inactive
	sf_state 7 active
	expect_eq 'own id again' 11fb "$(shown_id 7)"
}

# GENCAP: 20:16 largest transfer, 24:21 largest batch, as shifts
t_virtual_device_has_the_limits() {
	local gencap
	gencap=$(sf-copy -q info 7 | sed -n 's/^gencap //p')
	expect_eq 'transfer shift' 16 $((gencap >> 16 & 31))
	expect_eq 'batch shift' 3 $((gencap >> 21 & 15))
}

# Status 0x13: size out of range, 0x14: number of descriptors
t_hardware_enforces_the_limits() {
	sf-copy -q -o move -s 65536 7
	expect_match 'a longer transfer' 'status 0x13' 		"$(expect_fails sf-copy -q -o move -s 131072 7)"
	sf-copy -q -o batch -s 4096 -b 8 7
	expect_match 'a larger batch' 'status 0x14' 		"$(expect_fails sf-copy -q -o batch -s 4096 -b 16 7)"
}

t_a_change_does_not_touch_who_is_active() {
	param sf_max_transfer_size 1048576
	expect_eq 'got' '16 65536 8' "$(got 7)"
	sf_state 7 inactive
	sf_state 7 active
	expect_eq 'got' '16 1048576 8' "$(got 7)"
}

t_nested_instance_is_read_only() {
	local name
	for name in wq_entries max_transfer_size max_batch_size pci_device_id; do
		refused 'Read-only: set it on the PCI function, activate anew' \
			devlink dev param set "$(nested_of 7)" name "$name" \
			value 1 cmode runtime
	done
	remove_all
}

t_unbound_device_forgets_its_parameters() {
	echo "$PF" > /sys/bus/pci/drivers/idxd/unbind
	echo "$PF" > /sys/bus/pci/drivers/idxd/bind
	golden_devlink param dev param show
}

# The device has to be bound anew afterwards
t_command_timeout_is_obeyed() {
	local start=${EPOCHREALTIME/[.,]/} ms
	sf_new 7
	param command_timeout_ms 300
	vm-qmp '{"execute": "qom-set", "arguments": {"path": "dsa0",
		"property": "inject-cmd-hang", "value": true}}'
	expect_fails sf-copy -q -o move 7
	ms=$(((${EPOCHREALTIME/[.,]/} - start) / 1000))
	say "a command without an answer: $ms ms with all around it"
	if [ "$ms" -lt 300 ] || [ "$ms" -ge 4000 ]; then fail "$ms ms"; fi
	grep -q 'command 6 (enable WQ) got no answer' <(dmesg)
	sf_del 7
	unload
	load
	sf_new 7
	sf-copy -q -o move 7
	sf_del 7
	unload
}

run_tests "$@"
