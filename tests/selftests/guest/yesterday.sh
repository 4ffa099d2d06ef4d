#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A guest of yesterday: Debian 12's own kernel, 6.1, whose idxd driver knows no
# DSA but 8086:0b25. It binds, copies, lets go, is bound again and copies; then
# the guest reboots, firmware and kernel find the function anew, and it copies
# again. All of it in one guest, as booting one takes long. That of 6.12 does the
# same in driver.sh, under the device's own id.
# RUN: vm --append iomem=relaxed --l2-kernel 6.1
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
copy() { sh /l2.sh test 50:4096; }
if [ "$VM_BOOT" = 1 ]; then
	echo "kernel $(uname -r), function $(lspci -n -d 8086: | grep "0880: ")"
	sh /l2.sh prepare; copy
	echo "after the first life"
	sh /l2.sh unbind; echo "after unbind"
	sh /l2.sh rebind; sh /l2.sh prepare; copy
	echo "after the second life"
	reboot -f; sleep 1000
fi
echo "rebooted: life $VM_BOOT"
sh /l2.sh prepare; copy
echo "after the reboot"
sh /l2.sh unbind; rmmod idxd; echo "after rmmod"'

setup_file() {
	load
	devlink dev param set "$DEV" name sf_pci_device_id \
		value 0b25 cmode runtime
	sf_new 7
	"$TOP/tests/vm/guest" --reboot --sf 7 --timeout 800 \
		--file "$TOP/tests/selftests/l2.sh:/l2.sh" \
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
	wait_for 550 reached "$1" || true
	grep -q "^$1" "$T/guest" || {
		tail -n 40 "$T/guest"
		fail "the guest does not get to: $1"
	}
}

# copied TIMES: so many runs of dmatest without a failure
copied() {
	expect_eq 'threads without failures' $((2 * $1)) \
		"$(grep -c 'summary 50 tests, 0 failures' "$T/guest")"
}

t_stock_driver_binds_and_copies() {
	gets_to 'after the first life'
	expect_match 'kernel and function' \
		'^kernel 6\.1\..*-amd64, .*8086:0b25' \
		"$(grep '^kernel' "$T/guest")"
	copied 1
	say "$(grep '^kernel' "$T/guest")"
}

t_unbound_and_bound_again_it_copies() {
	gets_to 'after unbind'
	grep -q 'unbound: device disabled, queue disabled' "$T/guest"
	gets_to 'after the second life'
	copied 2
}

# The guest reboots with queue and device enabled
t_rebooted_guest_copies() {
	gets_to 'rebooted: life 2'
	gets_to 'after the reboot'
	copied 3
}

t_guest_ends_well_and_nothing_is_left() {
	gets_to 'after rmmod'
	wait_for 60 guest_gone || fail 'the guest does not end'
	! grep -iE 'oops|BUG:|WARNING:|splat' "$T/guest" || fail 'a splat'
	sf_del 7
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
