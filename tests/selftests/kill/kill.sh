#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Users killed in mid-copy: within 2 s the subfunction is closed, its work
# queue disabled and drained, and it can be opened, deactivated and deleted.
# Afterwards everything that is counted is back at its first value, to the slab
# object.
# RUN: vm --cpus 2 --append iomem=relaxed --append slub_debug=U
# TIMEOUT: 1200
# ALONE: it measures what has to be true 2 s after a kill

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/objects.sh
. "$TOP/tests/selftests/objects.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=900

# The first kills are for what is allocated once and kept
setup_file() {
	objects_init
	load
	first_lease > "$T/first_lease"
	leased > "$T/leased"
	sf_new 7
	kill_one 1 20
	kill_one 2 20
	sf_del 7
	objects_keep "$T/objects"
}

# all_by DEADLINE SFNUM: what has to be true 2 s after a kill. The kill is
# what the deadline was taken before, so the closing counts.
all_by() {
	wait_until "$1" quiet || fail "2 s after the kill: $(hardware)"
	wait_until "$1" sf-copy -q -o move -s 4096 "$2" || fail 'cannot be opened'
	wait_until "$1" sf_state "$2" inactive || fail 'cannot be deactivated'
	wait_until "$1" sf_del "$2" || fail 'cannot be deleted'
}

# kill_one N [SECONDS]: a stress run is killed at a random moment
kill_one() {
	local pid end
	sf-copy -t 100 -d 16 -r "$(($1 + 1))" stress 7 > "$T/run" &
	pid=$!
	wait_for 20 grep -q 'in flight' "$T/run"
	sleep "0.0$((RANDOM % 90 + 10))"
	end=$(deadline_in "${2:-2}")
	kill -9 "$pid"
	all_by "$end" 7
	echo $((${EPOCHREALTIME/[.,]/} / 1000 - end / 1000 + 2000)) >> "$T/times"
	wait "$pid" 2> /dev/null || true
	sf_new 7
}

# slowest: of the kills since the last question, until deleted
slowest() {
	sort -n "$T/times" | tail -n 1
	: > "$T/times"
}

# What is leased by an active subfunction that was used: its slot stays
# written, masked, for as long as it is leased
leased_when_used() {
	sf-copy -q -o noop 7 > /dev/null
	leased
}

# Of the drivers, with no subfunction
no_object_is_left() {
	objects_are_back "$T/objects"
	say "slab objects of the drivers: none more than $(objects_sum "$T/objects"), as at first"
}

t_sf_copy_killed_50_times() {
	local i
	sf_new 7
	leased_when_used > "$T/leased.active"
	: > "$T/times"
	for i in $(seq 50); do
		kill_one "$i"
	done
	leased_when_used | diff "$T/leased.active" -
	sf_del 7
	say "killed 50 times: open, inactive and del within $(slowest) ms of each"
	no_object_is_left
}

t_killed_beside_another_that_works() {
	local other i
	remove_all
	sf_new 7 8
	sf-copy -t 12 stress 8 > "$T/other" &
	other=$!
	for i in 1 2 3 4 5; do
		local pid
		sf-copy -t 100 stress 7 > "$T/run" &
		pid=$!
		wait_for 20 grep -q 'in flight' "$T/run"
		sleep "0.$((RANDOM % 9 + 1))"
		kill -9 "$pid"
		wait_for 2 sf-copy -q -o move -s 4096 7 || fail 'cannot be opened'
		wait "$pid" 2> /dev/null || true
	done
	wait "$other"
	tail -n 1 "$T/other"
	sf_del 7 8
	no_object_is_left
}

# A guest is killed while its dmatest runs
kill_guest() {
	local pid end
	rm -f "$T/l2.pid" "$T/l2"
	"$TOP/tests/vm/guest" --sf 7 --pidfile "$T/l2.pid" --timeout 300 \
		--file "$TOP/tests/selftests/l2.sh:/l2.sh" \
		-- sh /l2.sh forever > "$T/l2" 2>&1 &
	pid=$!
	wait_for 200 grep -q '^dmatest is running' "$T/l2" || {
		cat "$T/l2"
		fail 'the guest does not copy'
	}
	wait_for 20 ims_above "$(ims_count 7)"
	end=$(deadline_in 2)
	kill -9 "$(cat "$T/l2.pid")"
	all_by "$end" 7
	wait "$pid" 2> /dev/null || true
	sf_new 7
}

ims_above() {
	[ "$(ims_count 7)" -gt "$1" ]
}

t_guest_qemu_killed_3_times() {
	local i
	remove_all
	sf_new 7
	leased_when_used > "$T/leased.active"
	for i in 1 2 3; do
		kill_guest
		say "killed QEMU of L2 in mid-copy: $i"
	done
	leased_when_used | diff "$T/leased.active" -
	sf_del 7
	no_object_is_left
}

t_everything_is_back() {
	remove_all
	leased | diff "$T/leased" -
	first_lease | diff "$T/first_lease" -
	unload
}

run_tests "$@"
