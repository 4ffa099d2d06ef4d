#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A guest of yesterday: Debian 12's own kernel, 6.1, whose idxd driver knows no
# DSA but 8086:0b25. It binds, copies, lets go, is bound again and copies; then
# the guest is reset in mid-copy, firmware and kernel find the function anew, and it
# copies again. All of it in one guest, as booting one takes long. That of 6.12 does the
# same in driver.sh, under the device's own id.
# RUN: vm --append iomem=relaxed --l2-kernel 6.1
# TIMEOUT: 900

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"
# shellcheck source=tests/selftests/guest/lib.sh
. "$(dirname "$0")/lib.sh"

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
	sh /l2.sh endless
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
		--qmp "$T/qmp" --log "$T/guest.log" \
		--file "$TOP/tests/selftests/l2.sh:/l2.sh" \
		-- sh -c "$SCRIPT" > "$T/guest" 2>&1 &
	echo $! > "$T/pid"
}

# copied TIMES: so many runs of dmatest without a failure
copied() {
	expect_eq 'threads without failures' $((2 * $1)) \
		"$(grep -c 'summary 50 tests, 0 failures' "$T/guest")"
}

t_stock_driver_binds_and_copies() {
	gets_to 'after the first life' 550
	expect_match 'kernel and function' \
		'^kernel 6\.1\..*-amd64, .*8086:0b25' \
		"$(grep '^kernel' "$T/guest")"
	copied 1
	say "$(grep '^kernel' "$T/guest")"
}

t_unbound_and_bound_again_it_copies() {
	gets_to 'after unbind' 550
	grep -q 'unbound: device disabled, queue disabled' "$T/guest"
	gets_to 'after the second life' 550
	copied 2
}

# traces: what a queue that works leaves
traces() {
	echo "descriptors $(counter descriptors) interrupts $(ims_count 7)"
}

aborted_more_than() {
	[ "$(counter aborted)" -gt "$1" ]
}

# Its descriptors take a second each, so that some are under way. Then no driver
# says goodbye, as in a crash
t_reset_in_mid_copy_ends_the_old_life() {
	local aborted before
	gets_to 'dmatest is running' 550
	trap 'inject engine-delay-us 0' EXIT
	inject engine-delay-us 1000000
	aborted=$(counter aborted)
	sleep 2
	guest_qmp system_reset
	wait_for 20 aborted_more_than "$aborted" || fail 'the queue was not busy'
	wait_for 10 quiet || fail "$(hardware)"
	before=$(traces)
	sleep 3
	expect_eq 'after the reset' "$before" "$(traces)"
	inject engine-delay-us 0
	say "$(($(counter aborted) - aborted)) descriptors were aborted, then $before did not change"
}

t_next_life_copies() {
	gets_to 'rebooted: life 2' 550
	gets_to 'after the reboot' 550
	copied 3
}

t_guest_ends_well_and_nothing_is_left() {
	gets_to 'after rmmod' 550
	wait_for 60 guest_gone || fail 'the guest does not end'
	! grep -iE 'oops|BUG:|WARNING:|splat' "$T/guest" || fail 'a splat'
	sf_del 7
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
