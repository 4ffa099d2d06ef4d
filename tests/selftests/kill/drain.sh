#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Users that drain a queue of slow descriptors: the command register stays
# free for the other subfunctions, and a kill or reset does not wait for the
# drain.
# RUN: vm --cpus 2 --append iomem=relaxed --dsa-opt engine-delay-us=1000000
# TIMEOUT: 600

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=200

setup_file() {
	local guest=$TOP/tests/guest
	cc -O1 -mmovdir64b -D_GNU_SOURCE -I"$guest" -o "$T/sf-drain" \
		"$TOP/tests/selftests/kill/sf-drain.c" \
		"$guest/sf-copy-vfio.c" "$guest/sf-copy-bar.c" \
		"$guest/sf-copy-dev.c"
	load
	leased > "$T/leased"
	sf_new 7 8
}

# elapsed_ms COMMAND..: how long it took
elapsed_ms() {
	local start
	start=$(date +%s%3N)
	"$@" > "$T/elapsed.log" 2>&1 || {
		cat "$T/elapsed.log" >&2
		return 1
	}
	echo $(($(date +%s%3N) - start))
}

# at_most MS WHAT COMMAND..
at_most() {
	local limit=$1 what=$2 ms
	shift 2
	ms=$(elapsed_ms "$@")
	say "$what: $ms ms"
	[ "$ms" -le "$limit" ] || fail "$what took $ms ms, more than $limit"
}

drain_begin() {
	"$T/sf-drain" "$1" 7 > "$T/drain" 2>&1 &
	drainer=$!
	wait_for 20 grep -q draining "$T/drain" ||
		fail "not draining: $(cat "$T/drain")"
}

t_drain_beside_another_user() {
	drain_begin wait
	at_most 4000 'enabled, held and closed beside a drain' \
		sf-copy -q -t 1 hold 8
	kill -0 "$drainer" || fail 'the drain was over too soon'
	wait "$drainer"
	say "drained in $(tail -n 1 "$T/drain")"
	expect_match 'a drain that succeeds' 'status 0x0' "$(cat "$T/drain")"
}

t_killed_while_it_drains() {
	drain_begin hang
	kill -9 "$drainer"
	wait "$drainer" 2> /dev/null || true
	at_most 4000 'opened again after a kill' sf-copy -q info 7
}

t_reset_while_it_drains() {
	local ms
	drain_begin reset
	wait "$drainer"
	ms=$(sed -n 's/^\([0-9]*\) ms, .*/\1/p' "$T/drain")
	say "reset: $ms ms"
	[ "$ms" -le 4000 ] || fail "reset took $ms ms"
}

t_everything_is_back() {
	sf_del 7 8
	leased | diff "$T/leased" -
}

run_tests "$@"
