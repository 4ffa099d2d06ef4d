#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# MSI-X as a guest (L2) sees it: messages, vector and function masks, pending
# bits, off and on, vectors that change while descriptors run. A program without
# a driver aims the messages at memory of its own, so that it sees each.
# RUN: vm --append iomem=relaxed
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=200

setup_file() {
	modprobe vfio_iommu_type1
	load
	sf_new 7
	# Until the first use the slot of the device is unwritten
	sf-copy -q -o noop 7
	leased > "$T/leased"
}

t_masks_and_pending_bits_are_as_specified() {
	"$TOP/tests/vm/guest" --sf 7 --timeout 180 \
		--file "$TOP/build/bin/sf-dev:/bin/sf-dev" \
		-- sh -c 'set -e
			echo 0000:00:05.0 > /sys/bus/pci/drivers/idxd/unbind
			echo 8 > /proc/sys/vm/nr_hugepages
			sf-dev --bar 0000:00:05.0 guest-msix 0
			echo "as specified"' > "$T/l2" 2>&1 || {
		cat "$T/l2"
		fail 'not as specified'
	}
	grep -qx 'as specified' "$T/l2"
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
