#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The model's faults on demand, asked for through QMP, as a stock driver sees
# them: a command that hangs and goes on, one that fails, an error report, a
# halt, slow engines, and the counters.
# RUN: vm --stock
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

DSA=/sys/bus/dsa/devices

# dsa_set PROPERTY VALUE, dsa_get PROPERTY
dsa_set() {
	vm-qmp '{"execute": "qom-set", "arguments": {"path": "dsa0",
		"property": "'"$1"'", "value": '"$2"'}}' > /dev/null
}

dsa_get() {
	vm-qmp '{"execute": "qom-get", "arguments": {"path": "dsa0",
		"property": "'"$1"'"}}' | sed 's/.*"return": *//; s/}.*//'
}

dmesg_has() {
	grep -q -- "$1" <(dmesg)
}

setup_file() {
	modprobe idxd
	accel-config config-engine dsa0/engine0.0 --group-id=0
	accel-config config-wq dsa0/wq0.0 --group-id=0 --mode=dedicated \
		--type=kernel --name=dmaengine --driver-name=dmaengine \
		--wq-size=16 --priority=10
}

# Enable WQ fails twice with 0x26, nothing else does
t_commands_of_one_code_are_told_to_fail() {
	dsa_set inject-code-error $((1 << 16 | 6 << 8 | 0x26))
	expect_eq asked 67110 "$(dsa_get inject-code-error)"
}

t_commands_are_counted() {
	local before
	before=$(dsa_get stat-commands)
	accel-config enable-device dsa0
	expect_eq counted $((before + 1)) "$(dsa_get stat-commands)"
}

t_commands_of_this_code_fail() {
	expect_fails accel-config enable-wq dsa0/wq0.0
	expect_eq status 0x26 "$(cat "$DSA/dsa0/cmd_status")"
	expect_eq left 1574 "$(dsa_get inject-code-error)"
	expect_fails accel-config enable-wq dsa0/wq0.0
	expect_eq left 0 "$(dsa_get inject-code-error)"
}

t_command_fails_as_asked() {
	dsa_set inject-cmd-error 37
	expect_fails accel-config enable-wq dsa0/wq0.0
	expect_eq status 0x25 "$(cat "$DSA/dsa0/cmd_status")"
	accel-config enable-wq dsa0/wq0.0
}

t_command_hangs_until_released() {
	local pid
	dsa_set inject-cmd-hang true
	accel-config disable-wq dsa0/wq0.0 &
	pid=$!
	sleep 2
	kill -0 "$pid" || fail 'the command did not hang'
	expect_eq hangs true "$(dsa_get inject-cmd-hang)"
	dsa_set inject-cmd-hang false
	wait "$pid"
	expect_eq state disabled "$(cat "$DSA/wq0.0/state")"
}

t_error_is_reported() {
	dsa_set inject-swerr 119
	wait_for 5 dmesg_has 'Device error 0x77'
}

t_latency_can_be_changed() {
	expect_eq delay 0 "$(dsa_get engine-delay-us)"
	dsa_set engine-delay-us 1000
	expect_eq delay 1000 "$(dsa_get engine-delay-us)"
	dsa_set engine-delay-us 0
}

t_what_makes_no_sense_is_refused() {
	expect_fails dsa_set inject-halt 4
	expect_fails dsa_set inject-code-error 16777216
	expect_fails dsa_set revoke-int-handles true
	expect_fails dsa_set stat-ims 1
}

t_device_halts() {
	dsa_set inject-halt 1
	wait_for 5 dmesg_has 'idxd halted, need FLR'
}

run_tests "$@"
