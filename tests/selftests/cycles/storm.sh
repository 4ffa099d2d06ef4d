#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Administrators, users and failures at the same time: sf-storm, 30 seconds or
# STORM_SECONDS, with STORM_SEED if it is set. None of it hangs, each of it
# succeeds now and then, the kernel log stays clean, and afterwards everything is
# back and works. The limits are enough for half an hour, also on a slow kernel.
# RUN: vm --cpus 2 --append iomem=relaxed --env STORM_SECONDS --env STORM_SEED
# TIMEOUT: 2700

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"

# A slow kernel needs more to do as much
SECONDS_ALL=${STORM_SECONDS:-$((30 * ${LIMIT_FACTOR:-1}))}
PATIENCE=$((60 * ${LIMIT_FACTOR:-1}))
# shellcheck disable=SC2034 # read by run_tests
LIMIT=$((SECONDS_ALL + 2 * PATIENCE + 60))

DRIVER=/sys/bus/pci/drivers/idxd

setup_file() {
	load
	first_lease > "$T/first_lease"
	leased > "$T/leased"
}

# What tasks wait for, if one hangs
t_all_at_the_same_time() {
	local seed=() line rc=0
	[ -z "${STORM_SEED:-}" ] || seed=(--seed "$STORM_SEED")
	sf-storm "${seed[@]}" --seconds "$SECONDS_ALL" --patience "$PATIENCE" \
		"$PF" > "$T/storm" || rc=$?
	while read -r line; do
		say "$line"
	done < "$T/storm"
	[ "$rc" -eq 0 ] || {
		echo w > /proc/sysrq-trigger
		dmesg | tail -n 200
		fail "status $rc"
	}
}

# What has failed in the end is recovered, as an administrator would
t_everything_works_and_is_back() {
	load
	[ -e "$DRIVER/$PF" ] || echo "$PF" > "$DRIVER/bind"
	healthy || hw recover || true
	healthy || hw recover
	remove_all
	first_lease | diff "$T/first_lease" -
	leased | diff "$T/leased" -
	sf_new 1 2
	in_service 1 2
	sf-copy -q isolation 1 2
	sf_del 1 2
	unload
}

run_tests "$@"
