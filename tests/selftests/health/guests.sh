#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A device that halts below two guests (L2) which copy: the host reports it and
# recovers by itself, and after the stock driver in the guests was unbound and
# bound dmatest passes in both.
# RUN: vm --append iomem=relaxed --mem 4G
# TIMEOUT: 1500

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=1000

# What was submitted to a device that halts is lost, and dmatest waits in vain;
# what it submits later the driver refuses, unless it has reinitialised the
# device. It believes that the queue is enabled still, so it is bound anew.
# shellcheck disable=SC2016 # the guest's shell expands
SCRIPT='set -e
dsa=/sys/bus/dsa param=/sys/module/dmatest/parameters
sh /l2.sh prepare
echo 4000 > $param/timeout
echo 4096 > $param/test_buf_size
echo 0 > $param/iterations
echo dma0chan0 > $param/channel
dmesg -c > /dev/null
misc=$(sh /l2.sh misc)
echo 1 > $param/run
echo "copying"
until dmesg | grep -qE "timed out|(submit|prep) error"; do sleep 1; done
echo "vector 0: $(($(sh /l2.sh misc) - misc)) interrupts"
dmesg | grep -E "idxd.*HALTED" || echo "no line of the driver"
echo "dmatest fails, device $(cat $dsa/devices/dsa0/state)"
rmmod dmatest
echo wq0.0 > $dsa/drivers/dmaengine/unbind
sh /l2.sh rebind
echo "bound anew"
sh /l2.sh prepare
sh /l2.sh test 100:4096 20:65536
echo "dmatest has ended"'

setup_file() {
	local nr
	load
	sf_new 7 8
	dmesg -C
	for nr in 7 8; do
		"$TOP/tests/vm/guest" --sf "$nr" --timeout 1200 \
			--file "$TOP/tests/selftests/l2.sh:/l2.sh" \
			-- sh -c "$SCRIPT" > "$T/guest.$nr" 2>&1 &
		echo $! > "$T/pid.$nr"
	done
}

guest_gone() {
	! kill -0 "$(cat "$T/pid.$1")" 2> /dev/null
}

# reached SFNUM LINE: the guest printed it, or is gone
reached() {
	grep -q "^$2" "$T/guest.$1" || guest_gone "$1"
}

gets_to() {
	wait_for "$3" reached "$1" "$2" || true
	grep -q "^$2" "$T/guest.$1" || {
		tail -n 40 "$T/guest.$1"
		fail "SF $1: the guest does not get to: $2"
	}
}

# copies SFNUM: completion interrupts keep coming
copies() {
	local before
	before=$(ims_count "$1")
	wait_for 30 more_than "$1" "$before" || fail "SF $1: does not copy"
}

more_than() {
	[ "$(ims_count "$1")" -gt $(($2 + 20)) ]
}

t_both_guests_copy() {
	local nr
	for nr in 7 8; do
		gets_to "$nr" copying 600
		copies "$nr"
	done
}

t_halt_is_reported_and_recovered_by_itself() {
	stdbuf -oL devlink monitor > "$T/monitor" 2>&1 &
	local pid=$!
	sleep 2
	inject inject-halt 1
	wait_for 30 grep -q 'state healthy error 1 recover 1' "$T/monitor" || true
	kill "$pid"
	cat "$T/monitor"
	expect_match monitor 'state error error 1 recover 0' "$(cat "$T/monitor")"
	expect_match monitor 'state healthy error 1 recover 1' "$(cat "$T/monitor")"
	expect_eq ports 2 "$(devlink port show |
		grep -c 'state active opstate attached')"
	say "$(hw_counts)"
}

t_dump_is_decoded() {
	local out
	out=$(hw 'dump show')
	printf '%s\n' "$out"
	expect_match dump 'state: halted needs: a function level reset' "$out"
	expect_match dump 'failure: Device halted, it needs a function level reset' "$out"
}

# saw_the_halt SFNUM: by an interrupt of vector 0, after which the driver resets
# the device. It says so when the host has not recovered yet, and else succeeds.
saw_the_halt() {
	local said
	said=$(sed -n 's/^vector 0: \([0-9]*\) interrupts$/\1/p' "$T/guest.$1")
	[ "${said:-0}" -gt 0 ] || fail "SF $1: no interrupt of vector 0"
	say "SF $1: vector 0 came $said times"
	said=$(grep -m 1 -E 'HALTED|^no line' "$T/guest.$1")
	if ! grep -q '^dmatest fails, device enabled' "$T/guest.$1"; then
		expect_match "SF $1: the driver" 'idxd .*Device is HALTED!' "$said"
	fi
	say "SF $1: $said"
}

t_guests_see_that_it_halted() {
	local nr
	for nr in 7 8; do
		gets_to "$nr" 'dmatest fails, device' 400
		say "$(grep '^dmatest fails' "$T/guest.$nr")"
		saw_the_halt "$nr"
	done
}

t_driver_in_the_guests_is_bound_anew() {
	local nr
	for nr in 7 8; do
		gets_to "$nr" 'bound anew' 200
	done
}

t_dmatest_passes_again_in_both() {
	local nr part
	for nr in 7 8; do
		gets_to "$nr" 'dmatest has ended' 600
		for part in 100:4096 20:65536; do
			expect_eq "SF $nr, $part, threads without failures" 2 \
				"$(grep -c "^${part#*:} bytes: .* summary ${part%:*} tests, 0 failures" \
					"$T/guest.$nr")"
		done
		say "$(grep -m 1 '^4096 bytes' "$T/guest.$nr")"
	done
}

t_host_log_has_one_error() {
	expect_eq 'error lines' 1 "$(error_lines)"
	say "$(dmesg -l err | sed 's/^\[[ 0-9.]*\] //')"
}

t_guests_end_and_leave_nothing() {
	local nr
	for nr in 7 8; do
		wait_for 120 guest_gone "$nr" || fail "SF $nr: the guest does not end"
	done
	sf_del 7 8
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
