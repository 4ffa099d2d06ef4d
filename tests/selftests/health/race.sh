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
# Seconds of each race; more by hand
TIME=${TIME:-12}

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
	devlink dev param show
}

snapshots() {
	devlink region new "$DEV/ims" snapshot 70
	devlink region del "$DEV/ims" snapshot 70
}

# Sizes come and go; a reload is refused while a subfunction is active
resize_reload() {
	devlink resource set "$DEV" path /wq_entries/wq7 size $((RANDOM % 17))
	devlink dev reload "$DEV"
}

params() {
	devlink dev param set "$DEV" name command_timeout_ms \
		value $((2000 + RANDOM % 4000)) cmode runtime
	devlink dev param set "$DEV" name sf_max_batch_size \
		value $((1 << RANDOM % 11)) cmode runtime
}

attributes() {
	local port
	port=$(port_of "$1")
	devlink_new port function set "$port" max_io_eqs $((1 + RANDOM % 8))
	devlink_new port function rate set "$port" \
		tx_priority $((RANDOM % 16))
}

activate() {
	local port
	port=$(port_of "$1")
	devlink port function set "$port" state active
	devlink_new port function rate set "$port" \
		tx_priority $((RANDOM % 16))
	devlink port function set "$port" state inactive
}

# counted FILE COMMAND..: of those that succeed
counted() {
	local file=$1
	shift
	"$@" && echo >> "$file"
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

t_against_reload_and_settings() {
	local what
	sf_state 1 inactive
	sf_state 2 inactive
	sf_add 6
	during "$TIME" halt &
	during "$TIME" counted "$T/reload" resize_reload &
	during "$TIME" counted "$T/params" params &
	during "$TIME" counted "$T/attributes" attributes 1 &
	during "$TIME" counted "$T/attributes" attributes 6 &
	during "$TIME" activate 1 &
	during "$TIME" look &
	wait
	hw recover || true
	healthy || hw recover || true
	sf_state 1 inactive
	sf_del 6
	devlink resource set "$DEV" path /wq_entries/wq7 size 16
	devlink dev reload "$DEV"
	devlink dev param set "$DEV" name sf_max_batch_size value 1024 \
		cmode runtime
	sf_state 1 active
	sf_state 2 active
	works_again 1 2
	for what in reload params attributes; do
		[ -s "$T/$what" ] || fail "$what: never succeeded"
		say "$what: $(wc -l < "$T/$what") times"
	done
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
