#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Interrupt handles under the distribution's driver: it requests them, and when
# they are revoked in the midst of dmatest it gets new ones and loses nothing.
# RUN: vm --stock --dsa-opt int-handles=on
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=200
PARAM=/sys/module/dmatest/parameters

revoke() {
	vm-qmp '{"execute": "qom-set", "arguments": {"path": "dsa0",
		"property": "revoke-int-handles", "value": true}}' > /dev/null
}

commands() {
	vm-qmp '{"execute": "qom-get", "arguments": {"path": "dsa0",
		"property": "stat-commands"}}' | sed 's/.*"return": *//; s/}.*//'
}

setup_file() {
	modprobe idxd
	accel-config config-engine dsa0/engine0.0 --group-id=0
	accel-config config-wq dsa0/wq0.0 --group-id=0 --mode=dedicated \
		--type=kernel --name=dmaengine --driver-name=dmaengine \
		--wq-size=16 --priority=10
	accel-config enable-device dsa0
	accel-config enable-wq dsa0/wq0.0
	insmod /usr/local/lib/dmatest.ko
	echo 20000 > "$PARAM/timeout"
	echo 2 > "$PARAM/threads_per_chan"
}

t_dmatest_loses_nothing_to_revocations() {
	local i before
	echo 20000 > "$PARAM/iterations"
	echo 4096 > "$PARAM/test_buf_size"
	echo dma0chan0 > "$PARAM/channel"
	echo 1 > "$PARAM/run"
	before=$(commands)
	for ((i = 0; i < 8; i++)); do
		revoke
		sleep 0.2
	done
	[ "$(commands)" -ge $((before + 8)) ] || fail 'nobody asked for new handles'
	expect_eq 'still running' Y "$(cat "$PARAM/run")"
	cat "$PARAM/wait" > /dev/null
	dmesg | grep -E 'dmatest|idxd' | tail -n 20
	expect_eq 'threads without failures' 2 \
		"$(dmesg | grep -c 'summary 20000 tests, 0 failures')"
}

t_disabled_again() {
	rmmod dmatest
	accel-config disable-wq dsa0/wq0.0
	accel-config disable-device dsa0
}

run_tests "$@"
