#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# MSI-X as a guest (L2) sees it: messages, vector and function masks, pending
# bits, off and on, vectors that change while descriptors run. A program without
# a driver aims the messages at memory of its own, so that it sees each. And the
# guest's processor goes on while a command of its device takes seconds.
# RUN: vm --append iomem=relaxed
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"
# shellcheck source=tests/selftests/guest/lib.sh
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=200

setup_file() {
	modprobe vfio_iommu_type1
	load
	sf_new 7
	# Until the first use the slot of the device is unwritten
	sf-copy -q -o noop 7
	leased > "$T/leased"
	start_guest &
	echo $! > "$T/pid"
}

start_guest() {
	local status=0
	"$TOP/tests/vm/guest" --sf 7 --timeout 240 --log "$T/guest.log" \
		--file "$TOP/build/bin/sf-dev:/bin/sf-dev" \
		-- sh -c 'set -e
			echo 0000:00:05.0 > /sys/bus/pci/drivers/idxd/unbind
			echo 8 > /proc/sys/vm/nr_hugepages
			sf-dev --bar 0000:00:05.0 guest-msix 0
			echo "as specified"
			sf-dev --bar 0000:00:05.0 -q cmd-pending 0
			echo "it goes on"' > "$T/guest" 2>&1 || status=$?
	echo "$status" > "$T/status"
}

t_masks_and_pending_bits_are_as_specified() {
	gets_to 'as specified' 180
}

seconds_pending() {
	[ "$(grep -c '^pending$' "$T/guest")" -ge "$1" ] || guest_gone
}

# The command ends when the guest has used its processor meanwhile, for seconds of
# its own time
t_command_of_seconds_keeps_no_processor() {
	gets_to 'ready' 60
	trap 'inject inject-cmd-hang false' EXIT
	inject inject-cmd-hang true
	wait_for 60 seconds_pending 3 || no_guest 'stands still'
	inject inject-cmd-hang false
	gets_to 'it goes on' 60
	wait_for 30 guest_gone || no_guest 'does not end'
	# Also not 0 when the guest's kernel log has a warning
	expect_eq 'status of the guest' 0 "$(cat "$T/status")"
	say "in the guest: $(grep '^pending for' "$T/guest")"
}

# Entry 0 is of software, entry 1 of the queue; those of the guest's driver,
# which was bound first, count too
t_each_vector_was_used() {
	local irqs
	irqs=$(stat_of 7 irqs | xargs)
	expect_match 'interrupts of vectors' '^[1-9][0-9]* [1-9][0-9]*$' "$irqs"
	[ "${irqs#* }" -ge 60 ] || fail "few interrupts of vector 1: $irqs"
	say "signalled: $irqs times"
}

t_nothing_is_left() {
	leased | diff "$T/leased" -
	sf_del 7
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
