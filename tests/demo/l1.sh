#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The part of the demonstration that runs in L1: devlink, the VFIO device, a
# guest that copies with dmatest, and the counts that show how. Fails when a
# count says otherwise.
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/selftests/sf.sh
. "$top/tests/selftests/sf.sh"
SFNUM=7
out=${OUT:-/tmp}

step() {
	printf '\n==== %s\n' "$*"
}

# show COMMAND..: a command as it would be typed, and what it says
show() {
	printf '# %s\n' "$*"
	"$@"
}

fail() {
	printf '\nFAILED: %s\n' "$*"
	exit 1
}

step 'The driver and its device'
show modprobe idxd
show modprobe idxd_vfio
show devlink dev info "$DEV"
printf 'iproute2: %s, kernel: %s\n' "$(devlink -V)" "$(uname -r)"

step 'A subfunction'
show devlink port add "$DEV" flavour pcisf pfnum 0 sfnum "$SFNUM"
port=$(port_of "$SFNUM")
show devlink port function set "$port" state active
show devlink port show "$port"
show devlink dev show

step 'It is a VFIO device'
companion=$(companion_of "$SFNUM")
group=$(basename "$(readlink "$companion/iommu_group")")
printf 'device %s\n' "$companion"
printf 'group  %s: %s\n' "$group" "$(ls -l "/dev/vfio/$group")"

step "A VM (L2) gets it: -device vfio-pci,sysfsdev=/sys/bus/platform/devices/$(basename "$companion")"
"$top/tests/vm/guest" --sf "$SFNUM" --timeout 600 \
	--file "$top/tests/selftests/in-l2.sh:/in-l2.sh" \
	--file "$top/tests/selftests/l2.sh:/l2.sh" \
	-- sh /in-l2.sh 200:64 50:4096 10:65536 > "$out/l2" 2>&1 &
guest=$!
tail -f -n +1 --pid="$guest" "$out/l2" &

# The counters are read while the guest has the device: they go on "ready" and
# after dmatest
traps() {
	stat_of "$SFNUM" bar_accesses
}

reached() {
	grep -q "^$1" "$out/l2" || ! kill -0 "$guest" 2> /dev/null
}

wait_for_line() {
	until reached "$1"; do
		sleep 0.2
	done
	grep -q "^$1" "$out/l2" || fail "L2 did not get to: $1"
}

wait_for_line 'dmatest starts in'
sleep 2
before=$(traps)
wait_for_line 'dmatest has ended'
after=$(traps)
ims=$(ims_count "$SFNUM")
wait "$guest" || fail "L2 ended with status $?"
wait

step 'What the host saw meanwhile'
printf 'IMS interrupts of the subfunction in L1: %s\n' "$ims"
printf 'BAR accesses of L2 that trapped while dmatest ran: %s\n' \
	$((after - before))
msix=$(awk '/^MSI-X interrupts/ { print $NF }' "$out/l2")
printf 'MSI-X interrupts of the device in L2: %s\n' "${msix:-0}"
[ "$ims" -gt 0 ] || fail 'no interrupt came through IMS'
[ "${msix:-0}" -gt 0 ] || fail 'no interrupt reached L2'
[ "$after" -eq "$before" ] || fail 'accesses trapped'
grep -q 'summary [0-9]* tests, 0 failures' "$out/l2" || fail 'dmatest'
if grep 'summary' "$out/l2" | grep -qv ' 0 failures'; then
	fail 'dmatest'
fi

step 'The end'
show devlink port function set "$port" state inactive
show devlink port del "$port"
show devlink port show
printf '\nDone: a VM copied through its own work queue of the accelerator.\n'
