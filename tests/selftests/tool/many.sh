#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# idxd-sf with 128 subfunctions of the real driver: of one device, and of as
# many devices as the test bed has.
# RUN: vm --no-l2 --dsa-opt wqs=128
# RUN: vm --no-l2 --dsa 8 --dsa-opt wqs=16
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
	local dev devs i last
	load
	mkdir -p /run/idxd-sf.d
	devs=$(cd /sys/bus/pci/drivers/idxd && printf '%s\n' 0000:*)
	for dev in $devs; do
		for ((i = 0; i < 128 / $(wc -l <<< "$devs"); i++)); do
			printf '{"device": "%s", "sfnum": %d}\n' "$dev" "$i" \
				> "/run/idxd-sf.d/$dev-$i.json"
			last=$dev/$i
		done
	done
	echo "$last" > "$T/last"
}

t_start_all_reports_progress() {
	local start=$SECONDS
	sf start --all > "$T/all"
	say "128 subfunctions in $((SECONDS - start)) s"
	expect_eq 'lines' 128 "$(grep -c ': created' "$T/all")"
	expect_eq 'last' "[128/128] $(cat "$T/last"): created" "$(tail -n 1 "$T/all")"
}

# The best of five, as the emulated CPU has others beside it
t_list_of_128_takes_less_than_100_ms() {
	local i begin ms best=100000
	expect_eq 'active' 128 "$(sf list | grep -c ' active  *attached ')"
	for i in {1..5}; do
		begin=${EPOCHREALTIME/[.,]/}
		sf list > /dev/null
		ms=$(((${EPOCHREALTIME/[.,]/} - begin) / 1000))
		[ "$ms" -ge "$best" ] || best=$ms
	done
	say "list of 128: $best ms"
	[ "$best" -lt 100 ] || fail "the best of five: $best ms"
}

run_tests "$@"
