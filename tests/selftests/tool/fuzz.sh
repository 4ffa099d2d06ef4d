#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Fuzzing of what idxd-sf reads, from messages recorded in L1: 20 seconds, or
# FUZZ_SECONDS.
# RUN: host
# TIMEOUT: 900

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=$((${FUZZ_SECONDS:-20} + 120))

need_fuzzer() {
	echo 'int LLVMFuzzerTestOneInput(const char *d, long n) { return !d && n; }' |
		clang -x c -fsanitize=fuzzer -o "$T/try" - ||
		skip 'no clang with the runtime of libFuzzer (libclang-rt-14-dev)'
}

t_messages_are_recorded() {
	local nr
	nr=$("$TOP/tests/tool/seeds" "$TOP/tests/tool/messages.hex" "$T/seeds")
	say "$nr recorded messages"
	[ "$nr" -ge 20 ]
}

t_fuzzing_finds_no_crash() {
	need_fuzzer
	make --no-print-directory -C "$TOP" -f devlink_tool/tool.mk fuzz \
		FUZZ_SECONDS="${FUZZ_SECONDS:-20}" > "$T/log" 2>&1 || {
		tail -n 40 "$T/log"
		fail 'The fuzzer found something'
	}
	say "$(sed -n 's/^stat::number_of_executed_units: */runs: /p' "$T/log")"
	grep -q '^stat::number_of_executed_units: *[1-9][0-9][0-9][0-9]' "$T/log"
}

run_tests "$@"
