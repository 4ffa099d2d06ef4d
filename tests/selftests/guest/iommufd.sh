#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A guest (L2) whose QEMU has the subfunction by iommufd and its own character
# device, without group and container. The distribution's kernel has no iommufd.
# RUN: vm --kernel iommufd --append iomem=relaxed
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/guest/lib.sh
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=200

setup_file() {
	modprobe iommufd
	[ -c /dev/iommu ] || fail 'no /dev/iommu: this kernel has no iommufd'
	load
	sf_new 7
	sf-copy -q -o noop 7
	leased > "$T/leased"
}

# files: what the guest's QEMU has open for it
files() {
	find "/proc/$(cat "$T/qemu")/fd" -type l -printf '%l\n' |
		grep -E '^/dev/(iommu|vfio)' | sort -u
}

t_guest_copies_by_iommufd() {
	local name
	name=$(basename "$(companion_of 7)")
	# shellcheck disable=SC2016 # the shell in L2
	"$TOP/tests/vm/guest" --timeout 800 --pidfile "$T/qemu" \
		--log "$T/guest.log" \
		--file "$TOP/tests/selftests/l2.sh:/l2.sh" \
		--qemu-arg -object --qemu-arg iommufd,id=iommufd0 \
		--qemu-arg -device --qemu-arg "vfio-pci,sysfsdev=/sys/bus/platform/devices/$name,iommufd=iommufd0,bus=pcie.0,addr=0x5" \
		-- sh -c 'set -e
			sh /l2.sh prepare
			echo "it is ready"
			sh /l2.sh test 50:4096
			echo "interrupts: $(sh /l2.sh irqs)"
			sh /l2.sh unbind' > "$T/guest" 2>&1 &
	echo $! > "$T/pid"
	gets_to 'it is ready' 180
	files > "$T/files"
	expect_match 'open' '^/dev/iommu$' "$(cat "$T/files")"
	expect_match 'open' '^/dev/vfio/devices/vfio[0-9]+$' "$(cat "$T/files")"
	expect_eq 'groups and containers open' '' \
		"$(grep -E '^/dev/vfio/([0-9]|vfio$)' "$T/files" || true)"
	gets_to 'unbound: device disabled, queue disabled' 120
	wait "$(cat "$T/pid")" || no_guest 'fails'
	expect_eq 'threads without failures' 2 \
		"$(grep -c 'summary 50 tests, 0 failures' "$T/guest")"
	expect_match interrupts '^interrupts: [1-9]' "$(cat "$T/guest")"
	say "QEMU has $(xargs < "$T/files"); $(grep '^interrupts' "$T/guest")"
}

t_nothing_is_left() {
	leased | diff "$T/leased" -
	sf_del 7
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
