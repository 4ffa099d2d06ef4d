#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Reload, resize, add, activate, copy, delete and unbind at the same time, for a
# while: nothing hangs, nothing is left, the device works afterwards.
# RUN: vm --no-l2 --append iomem=relaxed --cpus 4
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=120

# for_seconds N COMMAND..: again and again; counts how often it succeeded
for_seconds() {
	local end=$((SECONDS + $1)) nr=0
	shift
	while [ "$SECONDS" -lt "$end" ]; do
		if "$@" > /dev/null 2>&1; then
			nr=$((nr + 1))
		fi
	done
	echo "$nr"
}

resize_reload() {
	local i
	for i in 0 1 2 3 4 5 6 7; do
		devlink resource set "$DEV" path "/wq_entries/wq$i" \
			size $((RANDOM % 17))
	done
	devlink dev reload "$DEV"
}

one_sf() {
	sf_add "$1"
	sf_state "$1" active && sf-copy -q -o move -s 4096 "$1"
	sf_del "$1"
	# Else some subfunction is active all the time, and no reload allowed
	sleep "0.$((RANDOM % 10))"
}

# Whatever can be looked at meanwhile
look() {
	devlink port show
	devlink resource show "$DEV"
	devlink dev param show
	devlink dev info "$DEV"
	devlink -s dev show
}

rebind() {
	sleep 0.7
	echo "$PF" > /sys/bus/pci/drivers/idxd/unbind
	echo "$PF" > /sys/bus/pci/drivers/idxd/bind
}

# race NAME=COMMAND..: all at the same time, for 12 seconds or what a slow kernel
# needs to do as much
race() {
	local job pids='' seconds=$((12 * ${LIMIT_FACTOR:-1}))
	for job; do
		# shellcheck disable=SC2086 # a command with arguments
		for_seconds "$seconds" ${job#*=} > "$T/race.${job%%=*}" &
		pids+=" $!"
	done
	# shellcheck disable=SC2086 # a list of numbers
	wait $pids
	for job; do
		say "${job%%=*}: $(cat "$T/race.${job%%=*}") times"
		[ "$(cat "$T/race.${job%%=*}")" -gt 0 ] ||
			fail "${job%%=*} never succeeded"
	done
}

settle() {
	remove_all
	echo "$PF" > /sys/bus/pci/drivers/idxd/unbind
	echo "$PF" > /sys/bus/pci/drivers/idxd/bind
	first_lease | diff "$T/first_lease" -
	expect_match 'leased' 'aux 0' "$(leased)"
	sf_new 1 2
	sf-copy -q isolation 1 2
	sf_del 1 2
}

setup_file() {
	load
	first_lease > "$T/first_lease"
}

t_reload_against_add_and_activate() {
	race reload=resize_reload sf1="one_sf 1" sf2="one_sf 2" look=look
	settle
}

t_two_reloads_at_the_same_time() {
	race reload1=resize_reload reload2=resize_reload sf1="one_sf 1"
	settle
}

t_reload_against_unbind_and_bind() {
	race reload=resize_reload sf1="one_sf 1" rebind=rebind look=look
	settle
	unload
}

run_tests "$@"
