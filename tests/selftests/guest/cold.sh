#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A guest (L2) that has two subfunctions from its power-on: firmware gives them
# addresses, the kernel finds them at boot. The other guests start from a
# saved state and rescan the bus. The QEMU is named by its path, as one would
# name the distribution's. One subfunction is given by the words that the pages
# have for it, and what they look for in a guest is found.
# RUN: vm --append iomem=relaxed --mem 4G
# TIMEOUT: 900

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/docs/lib.sh
. "$TOP/tests/selftests/docs/lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=800

setup_file() {
	load
	sf_new 7 8
}

t_guest_boots_with_two_subfunctions() {
	local words shown
	modprobe vfio_iommu_type1
	commands_by "$0" t_guest_boots_with_two_subfunctions > "$T/pages"
	words=$(sed -n 's/^qemu.* \(-device .*\)/\1/p' "$T/pages")
	expect_eq 'words for the device' \
		"-device vfio-pci,sysfsdev=$(readlink -f "$(companion_of 7)" |
			sed 's|.*/|/sys/bus/platform/devices/|')" "$words"
	shown=$(sed '/^qemu/d' "$T/pages")
	# shellcheck disable=SC2016 # the shell in L2
	"$TOP/tests/vm/guest" --qemu "$VM_QEMU" --timeout 700 --sf 8 \
		--qemu-arg -device --qemu-arg "${words#* }" \
		--file "$TOP/tests/selftests/l2.sh:/l2.sh" \
		-- sh -c "set -e; $shown"'
			cat /sys/bus/dsa/devices/dsa?/state
			sh /l2.sh prepare
			sh /l2.sh test 20:64 10:65536
			echo "interrupts: $(sh /l2.sh irqs)"' > "$T/l2"
	cat "$T/l2"
	expect_eq 'devices in lspci' 2 "$(grep -c '\[8086:11fb\]' "$T/l2")"
	expect_eq 'devices of the driver' 1 "$(grep -c '^dsa0' "$T/l2")"
	expect_eq 'devices enabled' 2 "$(grep -cx enabled "$T/l2")"
	grep -q 'device enabled, queue enabled' "$T/l2"
	expect_eq 'threads without failures' 4 \
		"$(grep -c 'summary .* tests, 0 failures' "$T/l2")"
	expect_match interrupts '^interrupts: [1-9]' "$(tail -n 1 "$T/l2")"
	say "$(grep -c 8086:11fb "$T/l2") subfunctions in one guest, cold boot"
}

t_nothing_is_left() {
	sf_del 7 8
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
