#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The demonstration, as the quickstart promises it.
# RUN: host
# ALONE: it measures the minutes that make demo takes
# TIMEOUT: 1300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/docs/lib.sh
. "$TOP/tests/selftests/docs/lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=1250

# warm: what takes minutes the first time is there
warm() {
	[ -z "$("$TOP/tests/setup/packages" --missing)" ] &&
		"$TOP/tests/qemu/build" --print-path > "$T/qemu"
}

# shown PATTERN..
shown() {
	local pattern
	for pattern; do
		grep -qE -- "$pattern" "$T/demo" ||
			fail "does not show: $pattern: $(cat "$T/demo")"
	done
}

# 20 minutes at most, or 5 where it has been before
t_demo_ends_as_promised() {
	local start=$SECONDS limit=1200
	! warm || limit=300
	(cd "$TOP" && as_typed make demo) > "$T/demo" 2>&1 ||
		fail "status $?: $(tail -n 60 "$T/demo")"
	shown '^# devlink port add .* flavour pcisf' 'flavour pcisf .* sfnum' \
		'^# devlink port function set .* state active' \
		'state active opstate attached' '/dev/vfio/[0-9]' \
		'^00:05\.0 .*8086:11fb' 'idxd 0000:00:05\.0: .*Accelerator Device' \
		'summary [0-9]+ tests, 0 failures' \
		'^IMS interrupts of the subfunction in L1: [1-9]' \
		'^MSI-X interrupts of the device in L2: [1-9]' \
		'^BAR accesses of L2 that trapped while dmatest ran: 0$'
	expect_match 'the end' '^Done: ' "$(tail -n 1 "$T/demo")"
	[ "$((SECONDS - start))" -le "$limit" ] ||
		fail "it took $((SECONDS - start)) s, more than $limit"
	say "make demo: $((SECONDS - start)) s of $limit"
}

run_tests "$@"
