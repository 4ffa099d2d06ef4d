#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The demonstration, as the quickstart promises it.
# RUN: host
# TIMEOUT: 1300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=1250

# warm: what takes minutes the first time is there
warm() {
	[ -z "$("$TOP/tests/setup/packages" --missing)" ] &&
		"$TOP/tests/qemu/build" --print-path > "$T/qemu"
}

# 20 minutes at most, or 5 where it has been before
t_demo_ends_as_promised() {
	local start=$SECONDS limit=1200
	! warm || limit=300
	make -C "$TOP" --no-print-directory demo > "$T/demo" 2>&1 ||
		fail "status $?: $(tail -n 60 "$T/demo")"
	expect_match 'interrupts' \
		'^IMS interrupts of the subfunction in L1: [1-9]' "$(cat "$T/demo")"
	expect_match 'traps' \
		'^BAR accesses of L2 that trapped while dmatest ran: 0$' \
		"$(cat "$T/demo")"
	expect_match 'the end' '^Done: ' "$(tail -n 1 "$T/demo")"
	[ "$((SECONDS - start))" -le "$limit" ] ||
		fail "it took $((SECONDS - start)) s, more than $limit"
	say "make demo: $((SECONDS - start)) s of $limit"
}

run_tests "$@"
