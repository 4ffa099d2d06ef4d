#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The host's device revokes its interrupt handles below a guest (L2) whose
# dmatest runs: the distribution's driver is told, asks for new handles, gives
# what failed by the old ones again, and loses nothing.
# RUN: vm --append iomem=relaxed --dsa-opt int-handles=on
# TIMEOUT: 400

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/guest/lib.sh
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=200

setup_file() {
	load
	sf_new 7
	sf-copy -q -o noop 7
	leased > "$T/leased"
	"$TOP/tests/vm/guest" --sf 7 --timeout 300 --log "$T/guest.log" \
		--file "$TOP/tests/selftests/l2.sh:/l2.sh" \
		-- sh -c 'set -e
			sh /l2.sh prepare
			echo "it copies"
			sh /l2.sh test 600:4096
			echo "it has copied"
			sh /l2.sh unbind' > "$T/guest" 2>&1 &
	echo $! > "$T/pid"
}

revoke() {
	vm-qmp '{"execute": "qom-set", "arguments": {"path": "dsa0",
		"property": "revoke-int-handles", "value": true}}' > /dev/null
}

has_asked() {
	[ "$(stat_of 7 commands)" -gt "$1" ]
}

more_than() {
	[ "$(ims_count 7)" -gt $(($1 + 5)) ] || grep -q '^it has copied' "$T/guest"
}

# Each time it copies on, with interrupts
t_driver_asks_for_new_handles() {
	local i before
	gets_to 'it copies' 150
	for i in 1 2 3 4 5; do
		before=$(ims_count 7)
		wait_for 30 more_than "$before" || no_guest 'does not copy'
		before=$(stat_of 7 commands)
		revoke
		wait_for 30 has_asked "$before" ||
			no_guest "did not ask after revocation $i"
	done
	! grep -q '^it has copied' "$T/guest" || fail 'it was too fast'
	say "$i times, $(stat_of 7 commands) commands"
}

t_dmatest_loses_nothing() {
	gets_to 'it has copied' 150
	expect_eq 'threads without failures' 2 \
		"$(grep -c 'summary 600 tests, 0 failures' "$T/guest")"
}

t_guest_ends_well_and_nothing_is_left() {
	gets_to 'unbound: device disabled, queue disabled' 60
	wait_for 60 guest_gone || fail 'the guest does not end'
	! grep -iE 'oops|BUG:|WARNING:|splat|alarming' "$T/guest" || fail 'a splat'
	leased | diff "$T/leased" -
	sf_del 7
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
