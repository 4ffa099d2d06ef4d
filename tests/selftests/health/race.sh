#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Failures and recovery against everything else that an administrator and
# users do at the same time. What is refused or fails meanwhile is allowed to;
# a splat, a deadlock, or something that does not work afterwards is not.
# RUN: vm --cpus 2 --append iomem=relaxed
# TIMEOUT: 400

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=120
TIME=15

setup_file() {
	load
	first_lease > "$T/first"
}

# during SECONDS COMMAND..: again and again, whatever it says
during() {
	local end=$((SECONDS + $1)) nr=0
	shift
	while [ "$SECONDS" -lt "$end" ]; do
		"$@" > /dev/null 2>&1 || true
		nr=$((nr + 1))
	done
	echo "$nr times: $*"
}

halt() {
	inject inject-halt $((RANDOM % 2))
	hw recover
}

cycle() {
	sf_add "$1"
	sf_state "$1" active
	sf_state "$1" inactive
	sf_del "$1"
}

look() {
	hw diagnose
	hw 'dump show'
	hw 'dump clear'
	sf_reporter 1 diagnose
	devlink port show
}

snapshots() {
	devlink region new "$DEV/ims" snapshot 70
	devlink region del "$DEV/ims" snapshot 70
}

works_again() {
	local nr
	hw recover || true
	healthy || hw recover || true
	healthy || fail "$(hw diagnose)"
	for nr in "$@"; do
		in_service "$nr"
	done
}

t_against_ports_users_and_reports() {
	sf_new 1 2
	hw set grace_period 0
	during "$TIME" halt &
	during "$TIME" cycle 3 &
	during "$TIME" sf-copy -q -T 200 run -o move 1 &
	during "$TIME" sf-copy -q -T 200 -t 1 halt 2 &
	during "$TIME" look &
	during "$TIME" sf_reporter 2 test &
	wait
	works_again 1 2
}

t_against_resets_by_hand() {
	during "$TIME" hw test &
	during "$TIME" sh -c "echo 1 > /sys/bus/pci/devices/$PF/reset" &
	during "$TIME" halt &
	during "$TIME" cycle 4 &
	during "$TIME" snapshots &
	during "$TIME" sf-copy -q -T 200 run -o move 1 &
	wait
	sleep 1
	works_again 1 2
}

t_against_the_driver_of_subfunctions() {
	during "$TIME" halt &
	during "$TIME" sh -c 'modprobe -r idxd_vfio; modprobe idxd_vfio' &
	during "$TIME" hw test &
	wait
	hw recover || true
	# One that was probed while its hardware was lost has no driver
	modprobe -r idxd_vfio
	modprobe idxd_vfio
	works_again 1 2
}

t_against_unbinding() {
	local nr
	for nr in 1 2 3 4 5; do
		[ -e "/sys/bus/pci/drivers/idxd/$PF" ] ||
			echo "$PF" > /sys/bus/pci/drivers/idxd/bind
		sf_add 5 || true
		hw set grace_period 0
		inject inject-halt $((nr % 2))
		[ $((nr % 3)) -eq 0 ] || hw test || true
		echo "$PF" > /sys/bus/pci/drivers/idxd/unbind
	done
	expect_eq instances '' "$(devlink dev show)"
	echo "$PF" > /sys/bus/pci/drivers/idxd/bind
	healthy || fail "$(hw show)"
}

t_everything_is_given_back() {
	remove_all
	expect_eq lease "$(cat "$T/first")" "$(first_lease)"
	expect_match leased 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
