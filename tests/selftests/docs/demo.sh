#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The demonstration, as the quickstart promises it.
# RUN: host
# TIMEOUT: 1300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=1200

t_demo_ends_as_promised() {
	make -C "$TOP" --no-print-directory demo > "$T/demo" 2>&1 ||
		fail "status $?: $(tail -n 60 "$T/demo")"
	expect_match 'interrupts' \
		'^IMS interrupts of the subfunction in L1: [1-9]' "$(cat "$T/demo")"
	expect_match 'traps' \
		'^BAR accesses of L2 that trapped while dmatest ran: 0$' \
		"$(cat "$T/demo")"
	expect_match 'the end' '^Done: ' "$(tail -n 1 "$T/demo")"
}

run_tests "$@"
