#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# idxd-sf with 128 subfunctions of the real driver.
# RUN: vm --dsa-opt wqs=128
# TIMEOUT: 400

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=200

sf() {
	idxd-sf --config-dir /run/idxd-sf.d "$@"
}

setup_file() {
	local i
	load
	mkdir -p /run/idxd-sf.d
	for i in {0..127}; do
		printf '{"device": "%s", "sfnum": %d}\n' "$PF" "$i" \
			> "/run/idxd-sf.d/$i.json"
	done
}

t_start_all_reports_progress() {
	local start=$SECONDS
	sf start --all > "$T/all"
	say "128 subfunctions in $((SECONDS - start)) s"
	expect_eq 'lines' 128 "$(grep -c ': created' "$T/all")"
	expect_eq 'last' "[128/128] $PF/127: created" "$(tail -n 1 "$T/all")"
}

# How long it takes on an emulated CPU is told, and judged by people
t_list_has_all_128() {
	local i begin ms best=100000
	expect_eq 'active' 128 "$(sf list | grep -c ' active  *attached ')"
	for i in {1..5}; do
		begin=${EPOCHREALTIME/[.,]/}
		sf list > /dev/null
		ms=$(((${EPOCHREALTIME/[.,]/} - begin) / 1000))
		[ "$ms" -ge "$best" ] || best=$ms
	done
	say "list of 128: $best ms"
}

run_tests "$@"
