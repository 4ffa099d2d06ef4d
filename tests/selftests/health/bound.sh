#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# How long a device that does not answer keeps a devlink command, and with it
# the device's devlink instance: one command timeout, not one for each command
# that it would have been given. Other devices do not notice.
# RUN: vm --cpus 2 --no-l2 --append iomem=relaxed --dsa 4 --dsa-opt int-handles=on
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=120
# What commands have: the first by the parameter, the second those that wait for
# descriptors (abort, reset) beside it, see Documentation/devlink.rst
TIMEOUT_MS=$((3000 * ${LIMIT_FACTOR:-1}))
WORK_MS=25000
# What a busy machine may need for all around a command; less than the timeout of
# a second one
SLACK_MS=$((2500 * ${LIMIT_FACTOR:-1}))

# Devices: of the reload, the deletion, the recovery, and one that works
RELOAD=0 DELETE=1 RECOVER=2 WORK=3

# of N: the functions of lib.sh and sf.sh are about this device
of() {
	PF=0000:00:0$((5 + $1)).0
	DEV=pci/$PF
	DSA=dsa$1
}

# shellcheck disable=SC2317 # in place of that of lib.sh, for many devices
inject() {
	vm-qmp "{\"execute\": \"qom-set\", \"arguments\":
		{\"path\": \"$DSA\", \"property\": \"$1\", \"value\": $2}}" \
		> /dev/null
}

# A device that is being waited for would be waited for here, too
# shellcheck disable=SC2317 # in place of that of sf.sh
world() {
	:
}

ms() {
	echo $((${EPOCHREALTIME/[.,]/} / 1000))
}

# timed NAME COMMAND..: its time is in $T/ms.NAME, its output in $T/out.NAME
timed() {
	local name=$1 begin rc=0
	shift
	begin=$(ms)
	"$@" > "$T/out.$name" 2>&1 || rc=$?
	echo $(($(ms) - begin)) > "$T/ms.$name"
	return "$rc"
}

# took NAME MS: as long, and not one more timeout
took() {
	local got
	got=$(cat "$T/ms.$1")
	say "$1: $got ms, has $2"
	if [ "$got" -lt "$2" ] || [ "$got" -ge $(($2 + SLACK_MS)) ]; then
		fail "$1 took $got ms: $(cat "$T/out.$1")"
	fi
}

setup_file() {
	local nr
	load
	for nr in "$RELOAD" "$DELETE" "$RECOVER" "$WORK"; do
		of "$nr"
		hw set grace_period 0 auto_recover false
		devlink dev param set "$DEV" name command_timeout_ms \
			value "$TIMEOUT_MS" cmode runtime
		devlink port add "$DEV" flavour pcisf pfnum 0 sfnum "$nr"
		devlink_new port function set "$DEV/32768" max_io_eqs 8
	done
}

# queue_that_runs SFNUM: in state error, as its device refused to abort
queue_that_runs() {
	local pid
	sf_state "$1" active
	sf-copy -t 100 hold "$1" > "$T/hold" 2>&1 &
	pid=$!
	wait_for 20 grep -q '^holding' "$T/hold"
	inject inject-code-error $((20 << 16 | 9 << 8 | 3))
	kill -9 "$pid"
	wait "$pid" || true
	wait_for 10 in_error "$1"
	inject inject-code-error 0
}

in_error() {
	[ "$(diagnosed "$1" state)" = error ]
}

# Function resets would end the hang: it fails without the hardware's help
failed_device() {
	hw test
	wait_for 5 failed
}

port_del() {
	devlink port del "$DEV/32768"
}

no_answer_to_reset() {
	refused 'Device does not answer the reset command' hw recover
}

# answers PID: the device that works, as long as that process runs
answers() {
	local nr=0 worst=0 begin time
	of "$WORK"
	while kill -0 "$1" 2> /dev/null; do
		begin=$(ms)
		devlink port show "$DEV/32768" > /dev/null
		time=$(($(ms) - begin))
		[ "$time" -le "$worst" ] || worst=$time
		nr=$((nr + 1))
		sleep 0.2
	done
	say "meanwhile another device: $nr answers, $worst ms at most"
	[ "$nr" -gt 20 ] || fail "$nr answers"
	[ "$worst" -lt "$TIMEOUT_MS" ] || fail "$worst ms"
}

t_reload_deletion_and_recovery_wait_for_one_command() {
	local pids pid
	of "$DELETE"
	queue_that_runs "$DELETE"
	of "$RECOVER"
	failed_device
	dmesg -C

	of "$RELOAD"
	devlink resource set "$DEV" path /wq_entries/wq0 size 8
	inject inject-cmd-hang true
	timed reload expect_fails devlink dev reload "$DEV" &
	pids=$!
	of "$DELETE"
	inject inject-cmd-hang true
	timed deletion port_del &
	pids+=" $!"
	of "$RECOVER"
	inject inject-cmd-hang true
	timed recovery no_answer_to_reset 3> "$T/said" &
	pids+=" $!"
	answers "$!"
	for pid in $pids; do
		wait "$pid"
	done
	cat "$T/said" >&3
	for pid in reload deletion recovery; do
		took "$pid" $((TIMEOUT_MS + WORK_MS))
	done
	expect_match reload 'Device failed: see devlink health' \
		"$(cat "$T/out.reload")"
	of "$RELOAD"
	expect_match sizes 'name wq0 size 16 occ' "$(devlink resource show "$DEV")"
	expect_eq 'no answer' "abort WQ
reset device
reset device" "$(dmesg -l err | sed -n 's/.*(\(.*\)) got no answer/\1/p' | sort)"
}

t_they_are_recovered_by_a_function_reset() {
	local nr
	for nr in "$RELOAD" "$DELETE" "$RECOVER"; do
		of "$nr"
		timed recovery hw recover
		healthy || fail "$(hw diagnose)"
	done
	of "$DELETE"
	devlink port add "$DEV" flavour pcisf pfnum 0 sfnum "$DELETE"
	for nr in "$RELOAD" "$DELETE" "$RECOVER"; do
		of "$nr"
		sf_state "$nr" active
		in_service "$nr"
	done
}

# Each vector has a handle, so that there are eight commands
t_deactivation_waits_for_one_command() {
	of "$RELOAD"
	inject inject-cmd-hang true
	timed deactivation sf_state "$RELOAD" inactive
	took deactivation "$TIMEOUT_MS"
	wait_for 5 failed
	hw recover
}

t_activation_waits_for_one_command() {
	of "$RELOAD"
	inject inject-cmd-hang true
	timed activation expect_fails sf_state "$RELOAD" active
	took activation "$TIMEOUT_MS"
	expect_match activation 'Command 13 \(request handle\) got no answer' \
		"$(cat "$T/out.activation")"
	wait_for 5 failed
	hw recover
	sf_state "$RELOAD" active
	in_service "$RELOAD"
}

# The user's timeout is that of whoever waits behind it
t_nobody_waits_a_second_time_behind_a_user() {
	local pid
	of "$RECOVER"
	devlink port add "$DEV" flavour pcisf pfnum 0 sfnum 10
	inject inject-cmd-hang true
	sf-copy -q -o move "$RECOVER" > /dev/null 2>&1 &
	pid=$!
	sleep 0.5
	timed behind expect_fails sf_state 10 active
	say "behind a user: $(cat "$T/ms.behind") ms, he has $TIMEOUT_MS"
	[ "$(cat "$T/ms.behind")" -lt $((TIMEOUT_MS + SLACK_MS)) ] ||
		fail "$(cat "$T/ms.behind") ms"
	wait "$pid" || true
	wait_for 5 failed
	hw recover
	in_service "$RECOVER"
}

t_unload_leaves_nothing() {
	remove_all
	unload
	expect_eq 'instances' '' "$(devlink dev show)"
}

run_tests "$@"
