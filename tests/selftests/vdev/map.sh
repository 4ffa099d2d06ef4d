#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Mappings of the portals: what is behind them, when they are taken away, and
# that one somebody kept never reaches a queue that belongs to another by then.
# RUN: vm --no-l2 --append iomem=relaxed
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/vdev/lib.sh
. "$(dirname "$0")/lib.sh"

# qom VERB PROPERTY [VALUE]: of the emulated device
qom() {
	vm-qmp "{\"execute\": \"qom-$1\", \"arguments\": {\"path\": \"dsa0\",
		\"property\": \"$2\"${3:+, \"value\": $3}}}"
}

# stores: what reached the device's portals: descriptors that it completed or
# did not take, and stores that were none
stores() {
	local name
	for name in descriptors rejected short-writes; do
		printf '%s %s\n' "$name" "$(qom get "stat-$name" |
			sed -n 's/.*"return": *\([0-9]*\).*/\1/p')"
	done
}

t_pages_are_portals_of_the_leased_queue() {
	local leased
	leased=$(hardware | awk '$1 == "wq" && $8 != 0 { print "wq", $2 }')
	sf-dev -q map-pages 7 > "$T/pages"
	expect_eq 'behind the mapping' "$leased" "$(cat "$T/pages")"
	say "behind the four pages: the IMS portals of $leased"
}

t_resets_zap_and_commands_do_not() {
	try map-zaps
}

t_zap_reaches_an_inherited_mapping() {
	try map-fork
}

# Recovery by hand, so that the touches are while it is halted
t_touch_while_halted_is_harmless() {
	local pid before
	devlink health set "$DEV" reporter hw auto_recover false
	sf-dev -q map-halted 7 > "$T/halted" 2>&1 &
	pid=$!
	wait_for 20 grep -q '^ready' "$T/halted"
	before=$(stores)
	expect_match counters 'descriptors [1-9]' "$before"
	qom set inject-halt 1 > /dev/null
	wait_for 20 grep -q '^touched' "$T/halted" || fail "$(cat "$T/halted")"
	expect_eq 'stores that reached the device' "$before" "$(stores)"
	wait_for 10 devlink health recover "$DEV" reporter hw
	wait "$pid" || fail "$(cat "$T/halted")"
	devlink health set "$DEV" reporter hw auto_recover true
	say "64 stores while halted, and the device saw none: $(xargs <<< "$before")"
}

# keep: a child has SF 7's portals mapped, and nothing else; its parent, which
# had opened it, is dead
keep() {
	local parent
	sf-dev -q map-kept 7 > "$T/kept" 2>&1 &
	parent=$!
	wait_for 20 grep -q '^kept by' "$T/kept"
	sed -n 's/^kept by //p' "$T/kept" > "$T/keeper"
	kill -9 "$parent"
	wait "$parent" 2> /dev/null || true
}

# touched PORTALS: the child touches its pages; so many are portals. It got no
# SIGBUS, which would end it.
touched() {
	local nr
	nr=$(grep -c '^touched' "$T/kept" || true)
	kill -USR1 "$(cat "$T/keeper")"
	wait_for 10 more_touches "$nr" || fail "$(cat "$T/kept")"
	grep -q "^touched, $1 portals" <<< "$(tail -n 1 "$T/kept")" ||
		fail "$1 portals expected: $(tail -n 1 "$T/kept")"
}

more_touches() {
	[ "$(grep -c '^touched' "$T/kept")" -gt "$1" ]
}

let_go() {
	kill -9 "$(cat "$T/keeper")"
	rm "$T/keeper"
}

# The mapping is a reference to the file: the subfunction is open as long
t_kept_mapping_keeps_the_subfunction_open() {
	local wq other
	wq=$(sed -n 's/^wq //p' "$T/pages")
	keep
	touched 4
	refused 'Subfunction is open: stop its user first' sf_state 7 inactive
	refused 'Subfunction is open: stop its user first' sf_del 7
	expect_match 'second user' 'busy' "$(expect_fails sf-copy -q -o noop 7)"
	# Another one gets another queue, and the touches are not for that
	sf_new 9
	sf-dev -q map-pages 9 > "$T/other"
	other=$(sed -n 's/^wq //p' "$T/other")
	[ "$other" != "$wq" ] || fail "two subfunctions share WQ $wq"
	touched 4
	expect_match 'its own queue' "wq $wq\$" "$(tail -n 1 "$T/kept")"
	sf-copy -q -o move -s 4096 9
	sf_del 9
	let_go
	wait_for 2 sf_state 7 inactive || fail 'cannot be deactivated'
	sf_del 7
}

# Now the next one has the same queue, and nobody has a mapping of before
t_queue_passes_on_without_mappings() {
	sf_new 8
	sf-dev -q map-pages 8 > "$T/next"
	expect_eq 'queue of the next' "$(cat "$T/pages")" "$(cat "$T/next")"
	sf_del 8
	sf_new 7
	say "refused while a mapping is kept; then $(cat "$T/next") is leased again"
}

# leave_begins FILE TEXT: written to sysfs, which waits for whoever has a
# mapping; its process is $leave
leave_begins() {
	echo "$2" > "$1" &
	leave=$!
	wait_for 10 leaving
}

# leave_ends FILE TEXT: the mapping was all that it waited for; and back
leave_ends() {
	kill -0 "$leave" || fail 'gone below a mapping'
	let_go
	wait "$leave"
	expect_eq 'instances' '' "$(devlink dev show)"
	echo "$2" > "$1"
	wait_for 10 devlink dev show "$DEV"
	sf_new 7
	sf-copy -q -o move -s 4096 7
}

leaving() {
	grep -q 'inactive opstate attached' <<< "$(devlink port show)"
}

t_unbinding_waits_for_a_kept_mapping() {
	local leave
	keep
	leave_begins /sys/bus/pci/drivers/idxd/unbind "$PF"
	touched 4
	sleep 1
	leave_ends /sys/bus/pci/drivers/idxd/bind "$PF"
}

parked() {
	(touched 0)
}

# The device was pulled out, which is found out when it is removed. What is plugged
# in meanwhile has its portals at the same place.
t_touch_of_what_was_pulled_out_is_harmless() {
	local leave before
	keep
	touched 4
	qom set inject-dead true > /dev/null
	leave_begins "/sys/bus/pci/devices/$PF/remove" 1
	wait_for 10 parked
	touched 0
	qom set inject-dead false > /dev/null
	before=$(stores)
	touched 0
	expect_eq 'stores that reached the new device' "$before" "$(stores)"
	leave_ends /sys/bus/pci/rescan 1
}

t_every_step_is_tried() {
	local step missing=''
	for step in $(sf-dev list map); do
		grep -qE "(try|-q) $step\b" "$0" || missing+=" $step"
	done
	expect_eq 'steps without a test' '' "$missing"
}

t_everything_is_back() {
	sf-copy -q -o noop 7
	everything_is_back
}

run_tests "$@"
