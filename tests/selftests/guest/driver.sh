#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The life of the distribution's driver in a guest (L2): it binds, copies, lets
# the queue and the device go, is bound again, is unloaded and loaded; the guest
# puts the function to D3hot and back, and reboots with all of it in use. It copies
# each time. All of it in one guest, as booting one takes long.
# RUN: vm --append iomem=relaxed
# TIMEOUT: 900

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=600

# Fails where a step does; the guest's own kernel log is checked when it ends
# shellcheck disable=SC2016 # the shell in L2
SCRIPT='set -e
copy() { sh /l2.sh test 100:4096; }
if [ "$VM_BOOT" = 2 ]; then
	echo "after the reboot"
	sh /l2.sh prepare; copy
	echo "after the fourth life"
	sh /l2.sh unbind; rmmod idxd; echo "after rmmod"
	exit
fi
sh /l2.sh prepare; copy
echo "after the first life"
sh /l2.sh d3hot; copy
echo "after D3hot"
sh /l2.sh unbind; echo "after unbind"
sh /l2.sh rebind; sh /l2.sh prepare; copy
echo "after the second life"
sh /l2.sh unbind; sh /l2.sh reload; echo "after reload"
sh /l2.sh prepare; copy
echo "after the third life"
reboot -f; sleep 1000'

setup_file() {
	load
	sf_new 7
	"$TOP/tests/vm/guest" --reboot --sf 7 --timeout 800 \
		--file "$TOP/tests/selftests/l2.sh:/l2.sh" \
		--file "$(command -v setpci):/bin/setpci" \
		-- sh -c "$SCRIPT" > "$T/guest" 2>&1 &
	echo $! > "$T/pid"
}

guest_gone() {
	! kill -0 "$(cat "$T/pid")" 2> /dev/null
}

reached() {
	grep -q "^$1" "$T/guest" || guest_gone
}

gets_to() {
	wait_for 500 reached "$1" || true
	grep -q "^$1" "$T/guest" || {
		tail -n 40 "$T/guest"
		fail "the guest does not get to: $1"
	}
}

# copied LINE TIMES: so many runs of dmatest without a failure up to there
copied() {
	expect_eq 'threads without failures' $((2 * $2)) \
		"$(sed "/^$1/q" "$T/guest" |
			grep -c 'summary 100 tests, 0 failures')"
}

t_binds_and_copies() {
	gets_to 'after the first life'
	copied 'after the first life' 1
}

t_function_comes_back_from_d3hot_and_copies() {
	gets_to 'after D3hot'
	grep -q '^in D3hot: state 3' "$T/guest"
	grep -q '^back: state 0' "$T/guest"
	copied 'after D3hot' 2
}

# The driver of 6.12 frees an event log here that it takes for granted
t_device_is_unbound() {
	gets_to 'after unbind'
	grep -q 'unbound: device disabled, queue disabled' "$T/guest"
}

t_function_is_bound_again_and_copies() {
	gets_to 'after the second life'
	copied 'after the second life' 3
}

t_driver_is_loaded_again_and_copies() {
	gets_to 'after reload'
	gets_to 'after the third life'
	copied 'after the third life' 4
}

t_guest_reboots_and_copies() {
	gets_to 'after the reboot'
	gets_to 'after the fourth life'
	copied 'after the fourth life' 5
}

t_driver_is_unloaded_and_the_guest_ends_well() {
	gets_to 'after rmmod'
	wait_for 60 guest_gone || fail 'the guest does not end'
	! grep -iE 'oops|BUG:|WARNING:|splat' "$T/guest" || fail 'a splat'
	sf_del 7
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
