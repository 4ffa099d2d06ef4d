#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# idxd-sf on the real driver: what it makes works, what it says is so, and what
# the kernel refuses it passes on. Texts are compared word for word offline.
# RUN: vm --dsa 2
# TIMEOUT: 400

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT_t_top_and_list_show_a_copy_at_work=120

DEFS=/run/idxd-sf.d

sf() {
	idxd-sf --config-dir "$DEFS" "$@"
}

setup_file() {
	load
	modprobe vfio_iommu_type1
}

# json_of FILTER COMMAND..: a Python expression on its output, as j
json_of() {
	local filter=$1
	shift
	"$@" | python3 -c 'import json, sys
j = json.load(sys.stdin)
print(eval(sys.argv[1]))' "$filter"
}

t_check_finds_nothing() {
	local out
	out=$(sf check) || fail "$out"
	printf '%s\n' "$out"
	expect_match 'check' '^ok .*0000:00:05.0: Its driver is our idxd' "$out"
	expect_match 'check' '^ok .*0000:00:06.0: The IOMMU is in scalable' "$out"
	expect_eq 'not ok' '' "$(grep -E '^(FAIL|unknown)' <<< "$out" || true)"
}

t_list_has_both_devices() {
	local out
	out=$(sf list)
	expect_match 'list' '^0000:00:05.0 +8086:11fb +[-0] +8 +8$' "$out"
	expect_match 'list' '^0000:00:06.0 +8086:11fb +[-0] +8 +8$' "$out"
}

t_create_prints_a_node_that_works() {
	local out
	out=$(sf create 0000:00:05.0/7)
	expect_match 'create' '^0000:00:05.0/7 /dev/vfio/[0-9]+$' "$out"
	[ -c "${out#* }" ] || fail "no ${out#* }"
	sf-copy -q info 7 | grep -q '^handle '
	expect_match 'devlink' 'state active opstate attached' \
		"$(devlink port show "$(port_of 7)")"
}

t_show_agrees_with_sysfs() {
	local out
	out=$(sf show 7)
	expect_match 'show' "^  port $(port_of 7)\$" "$out"
	expect_match 'show' "^  auxiliary $(basename "$(aux_of 7)")\$" "$out"
	expect_match 'show' "$(basename "$(companion_of 7)") group" "$out"
	expect_eq 'traps' "$(stat_of 7 bar_accesses)" \
		"$(json_of 'j[0]["stats"]["traps"]' sf -j show 7)"
	expect_eq 'free' 7 "$(json_of 'j["devices"][0]["free"]' sf -j list)"
}

t_sfnum_in_use_has_the_kernels_sentence() {
	local out
	out=$(expect_fails sf create 0000:00:05.0/7)
	expect_eq 'create' \
		'idxd-sf: 0000:00:05.0/7: The sfnum 7 is in use: choose another' \
		"$out"
}

t_device_must_be_named_where_there_are_two() {
	expect_match 'create' 'There are 2 devices' "$(expect_fails sf create 9)"
}

t_dry_run_does_it_in_a_shell() {
	local before after
	before=$(devlink port show)
	sf create 0000:00:05.0/8 --dry-run > "$T/commands"
	after=$(devlink port show)
	expect_eq 'after the dry run' "$before" "$after"
	sh -e "$T/commands"
	sf list | grep -q '^0000:00:05.0/8 *active *attached'
	sf delete 8 --dry-run | sh -e
	expect_eq 'ports' "$before" "$(devlink port show)"
}

t_held_subfunction_is_refused_with_the_pid() {
	local pid out
	sf-copy -t 100 hold 7 > "$T/hold" 2>&1 &
	pid=$!
	wait_for 30 grep -q '^holding' "$T/hold"
	sf list | grep -q "^0000:00:05.0/7 .* $pid (sf-copy)\$"
	out=$(expect_fails sf delete 7)
	printf '%s\n' "$out"
	expect_match 'delete' 'Subfunction is open: stop its user first' "$out"
	expect_match 'delete' "held by $pid \(sf-copy\)" "$out"
	expect_match 'stop' "held by $pid" "$(expect_fails sf stop 7)"
	kill -9 "$pid"
	wait_for 5 sf stop 7
	expect_match 'state' 'state inactive' "$(devlink port show "$(port_of 7)")"
}

t_start_activates_it_again() {
	expect_match 'start' '^0000:00:05.0/7 /dev/vfio/' "$(sf start 7)"
}

t_arguments_for_qemu_are_taken_verbatim() {
	local pid
	# The words of the line are arguments
	# shellcheck disable=SC2046
	timeout 60 "$VM_QEMU" -nodefaults -no-user-config -display none -S \
		-L /usr/share/qemu -L /usr/share/seabios -accel tcg -m 64M \
		-M q35,kernel-irqchip=off $(sf qemu 7) > "$T/qemu" 2>&1 &
	pid=$!
	wait_for 40 sh -c 'idxd-sf list | grep -q "^0000:00:05.0/7 .*qemu"' ||
		fail "$(cat "$T/qemu")"
	kill "$pid"
	wait "$pid" || true
}

t_definitions_are_started_once() {
	local out
	sf define 0000:00:05.0/1
	sf define 0000:00:06.0/1
	out=$(sf start --all)
	expect_eq 'first' '[1/2] 0000:00:05.0/1: created
[2/2] 0000:00:06.0/1: created' "$out"
	out=$(sf reconcile)
	expect_eq 'again' '[1/2] 0000:00:05.0/1: unchanged
[2/2] 0000:00:06.0/1: unchanged' "$out"
	devlink port del "$(port_of 1)"
	out=$(sf start --all --device 0000:00:05.0)
	expect_eq 'one' '[1/1] 0000:00:05.0/1: created' "$out"
	expect_match 'not its own' 'active' "$(sf list | grep '^0000:00:05.0/7')"
}

t_reload_of_the_driver_brings_them_back() {
	local port
	for port in $(devlink port show | grep -o '^pci/[^:]*:[^:]*:[^:]*'); do
		devlink port del "$port"
	done
	unload
	load
	sf start --all > "$T/all"
	expect_eq 'created' 2 "$(grep -c ': created' "$T/all")"
}

t_device_id_is_what_was_asked_for_and_the_parameter_is_put_back() {
	sf create 0000:00:05.0/3 --device-id 0b25 --wq-entries 10
	expect_eq 'shown' 0b25 \
		"$(json_of 'j[0]["device_id"]' sf -j show 0000:00:05.0/3)"
	sf-copy -q -D 0000:00:05.0 info 3 | grep -qx 'pci-id 8086:0b25'
	devlink dev param show "$DEV" name sf_pci_device_id |
		grep -q 'value 11fb'
	devlink dev param show "$DEV" name sf_wq_entries | grep -q 'value 0'
	sf delete 0000:00:05.0/3
	expect_match 'another' "device-id 1212: PCI id is 11fb, the device's own" \
		"$(expect_fails sf create 0000:00:05.0/3 --device-id 1212)"
}

t_attributes_are_set_as_asked_for() {
	sf create 0000:00:05.0/3 --vectors 4 --priority 12 --wq-entries 10
	expect_eq 'vectors, priority' '4 12' "$(json_of \
		'"%s %s" % (j[0]["vectors"], j[0]["priority"])' sf -j show 3)"
	[ "$(json_of 'j[0]["wq_entries"]' sf -j show 3)" -ge 10 ]
	expect_match 'the parameter is as before' 'value 0$' \
		"$(devlink dev param show pci/0000:00:05.0 name sf_wq_entries)"
	sf delete 3
}

# refused SENTENCE OPTION..: a create with it leaves nothing
refused() {
	local sentence=$1
	shift
	expect_eq "create $*" "idxd-sf: 0000:00:05.0/3: $sentence" \
		"$(expect_fails sf create 0000:00:05.0/3 "$@")"
	expect_eq 'nothing stays' '' "$(sf list | grep '^0000:00:05.0/3' || true)"
}

t_attributes_are_refused_with_the_kernels_sentence() {
	refused 'vectors 9: Use max_io_eqs 1 to 8, not 9' --vectors 9
	refused 'priority 16: Use tx_priority 1 to 15, or 0 for the default' \
		--priority 16
	refused 'No free work queue has 100 entries: see resources' \
		--wq-entries 100
	refused 'wq-entries 4000: Entries are 0 to 128, all that there are' \
		--wq-entries 4000
}

t_attribute_that_is_not_defined_any_more_is_the_drivers() {
	sf modify 0000:00:05.0/1 --vectors 3 --priority 4
	expect_match 'defined' '^\[1/2\] .*: changed$' "$(sf reconcile)"
	sf modify 0000:00:05.0/1 --vectors default --priority default
	expect_match 'default' '^\[1/2\] .*: changed$' "$(sf reconcile)"
	expect_match 'again' '^\[1/2\] .*: unchanged$' "$(sf reconcile)"
	expect_eq 'vectors, priority' '1 0' "$(json_of \
		'"%s %s" % (j[0]["vectors"], j[0]["priority"])' \
		sf -j show 0000:00:05.0/1)"
}

t_detached_subfunction_is_not_unchanged() {
	rmmod idxd_vfio
	expect_match 'list' ' active  *detached ' "$(sf list)"
	expect_match 'no driver' ': failed$' \
		"$(sf start --all --timeout 0 2>&1 || true)"
	modprobe idxd_vfio
	sf start --all > "$T/all"
	expect_eq 'none failed' '' "$(grep failed "$T/all" || true)"
	expect_eq 'attached' 2 "$(sf list | grep -c ' active  *attached ')"
}

t_monitor_prints_a_line_an_event() {
	local pid
	sf monitor > "$T/monitor" 2>&1 &
	pid=$!
	sleep 1
	sf create 0000:00:05.0/5 > /dev/null
	sf stop 5
	sf delete 5
	wait_for 5 grep -q '^remove' "$T/monitor" || true
	kill "$pid"
	wait "$pid" || true
	cat "$T/monitor"
	expect_eq 'first' 'add 0000:00:05.0/5 inactive detached' \
		"$(head -n 1 "$T/monitor")"
	expect_match 'active' '^change 0000:00:05.0/5 active attached$' \
		"$(cat "$T/monitor")"
	expect_match 'inactive' '^change 0000:00:05.0/5 inactive' \
		"$(cat "$T/monitor")"
	expect_eq 'last' 'remove 0000:00:05.0/5' "$(tail -n 1 "$T/monitor")"
}

t_container_specification_names_the_nodes() {
	sf cdi > /dev/null
	expect_eq 'devices' '0000:00:05.0-sf-1 0000:00:06.0-sf-1' "$(json_of \
		'" ".join(d["name"] for d in j["devices"])' \
		cat /var/run/cdi/idxd-sf.json)"
	json_of '"\n".join(n["path"] for d in j["devices"]
		for n in d["containerEdits"]["deviceNodes"])' \
		cat /var/run/cdi/idxd-sf.json > "$T/nodes"
	while IFS= read -r node; do
		[ -c "$node" ] || fail "no $node"
	done < "$T/nodes"
}

# counted: interrupts, traps and commands of 0000:00:05.0/1, as top has them
counted() {
	json_of '" ".join(str(s[k]) for s in j for k in
		("interrupts", "traps", "commands") if s["name"] == "0000:00:05.0/1")' \
		sf -j top --count 1
}

t_top_counts_what_a_copy_does() {
	local irqs traps commands irqs_after traps_after commands_after
	read -r irqs traps commands < <(counted)
	sf-copy -q -D 0000:00:05.0 -o move -s 4096 -n 50 1
	read -r irqs_after traps_after commands_after < <(counted)
	# One for each of them, beside those of commands
	[ "$irqs_after" -ge $((irqs + 50)) ] ||
		fail "interrupts: $irqs, $irqs_after"
	[ "$traps_after" -gt "$traps" ] || fail "traps: $traps, $traps_after"
	[ "$commands_after" -gt "$commands" ] ||
		fail "commands: $commands, $commands_after"
	sf top --count 2 --interval 1 | grep -c SUBFUNCTION | grep -qx 2
}

# screen: what is on the terminal of the session of tmux, as people see it
screen() {
	tmux -L idxd capture-pane -p -t top
}

# sees PATTERN: the screen has a line
sees() {
	screen | grep -Eq -- "$1"
}

t_top_and_list_show_a_copy_at_work() {
	local pid
	export LC_ALL=C.UTF-8
	sf-copy -t 100 -D 0000:00:05.0 -s 65536 -d 16 stress 1 > "$T/stress" 2>&1 &
	pid=$!
	wait_for 20 grep -q 'in flight' "$T/stress"
	tmux -L idxd -f /dev/null new-session -d -s top -x 100 -y 12 \
		"idxd-sf --config-dir $DEFS top"
	# An interrupt rate, and the process that has it, in one line
	wait_for 20 sees "^0000:00:05.0/1 +active +[0-9]+/16 +[1-9][0-9]* .* $pid \(sf-copy\)\$" ||
		fail "$(screen)"
	wait_for 20 sees '^0000:00:05.0/1 +active +[1-9][0-9]*/16 ' ||
		say "never saw its queue filled: $(screen | grep '05.0/1 ')"
	screen
	expect_match 'head' '^2 devices, 14 of 16 queues free; q leaves$' "$(screen)"
	expect_match 'the other' '^0000:00:06.0/1 +active +0/16 +0 +0 +0 ' \
		"$(screen)"
	expect_match 'list' "^0000:00:05.0/1 .* $pid \(sf-copy\)\$" "$(sf list)"
	tmux -L idxd send-keys -t top q
	wait_for 10 sh -c '! tmux -L idxd has-session -t top'
	kill "$pid"
	wait "$pid" || true
}

t_users_without_root_can_look() {
	local out
	out=$(setpriv --reuid 65534 --regid 65534 --clear-groups \
		idxd-sf --config-dir "$DEFS" list)
	expect_match 'list' '^0000:00:05.0/1 ' "$out"
	out=$(expect_fails setpriv --reuid 65534 --regid 65534 --clear-groups \
		idxd-sf --config-dir "$DEFS" delete 0000:00:05.0/1)
	expect_eq 'delete' \
		'idxd-sf: 0000:00:05.0/1: Permission denied: run as root' "$out"
}

run_tests "$@"
