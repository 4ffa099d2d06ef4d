#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A guest (L2) whose memory changes: a module is plugged in, a balloon takes some
# and gives it back, the module is unplugged. The subfunction reaches what the
# guest has, and what had been in the balloon; what is gone it does not reach.
# RUN: vm --append iomem=relaxed --l2-mem 512M,slots=1,maxmem=1G
# TIMEOUT: 500

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/guest/lib.sh
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=200

MODULE=128
BALLOON=24
ALL=$((512 + MODULE))

# Huge pages come from the highest memory first, from the module, and so does what
# the balloon takes. 40 huge pages leave some 32 MiB there, and it takes most of them:
# of the 8 pages that follow, which are those that are used, some had been in it. What
# is movable can be unplugged.
# shellcheck disable=SC2016 # the guest's shell expands
SCRIPT='set -e
function=0000:00:05.0
total() { read -r word kib word < /proc/meminfo; echo $((kib / 1024)); }
pages() { echo $1 > /proc/sys/vm/nr_hugepages; }
copy() { echo "$1: $(sf-dev --bar $function -q guest-memory 0)"; }
wait_total() { until [ $(total) $1 $2 ]; do usleep 200000; done; }
echo online_movable > /sys/devices/system/memory/auto_online_blocks
echo $function > /sys/bus/pci/drivers/idxd/unbind
modprobe virtio_balloon
dd if=/dev/urandom of=/kept bs=64k count=4 2> /dev/null
md5sum /kept > /sum
begin=$(total)
echo "ready for the module"
wait_total -ge $((begin + MODULE))
pages 8; copy "with the module"
pages 40
echo "ready for the balloon"
wait_total -le $((begin + MODULE - BALLOON))
copy "while the balloon has some"
echo "taken: $((begin + MODULE - $(total))) MiB"
wait_total -ge $((begin + MODULE))
pages 48; copy "after the balloon"
md5sum -c /sum
pages 0
echo "ready to lose the module"
wait_total -le $begin
pages 8; GONE=0x100000000 sf-dev --bar $function -q guest-gone 0
echo "the module is out of reach"
pages 0
echo $function > /sys/bus/pci/drivers/idxd/bind
sh /l2.sh prepare; sh /l2.sh test 20:4096
md5sum -c /sum
echo "the driver copies"'

setup_file() {
	modprobe vfio_iommu_type1
	load
	sf_new 7
	sf-copy -q -o noop 7
	leased > "$T/leased"
	"$TOP/tests/vm/guest" --sf 7 --qmp "$T/qmp" --pidfile "$T/qemu" \
		--timeout 400 --log "$T/guest.log" \
		--file "$TOP/build/bin/sf-dev:/bin/sf-dev" \
		--file "$TOP/tests/selftests/l2.sh:/l2.sh" \
		--env "MODULE=$MODULE" --env "BALLOON=$BALLOON" \
		-- sh -c "$SCRIPT" > "$T/guest" 2>&1 &
	echo $! > "$T/pid"
}

# mebibytes FIELD: of QEMU's status
mebibytes() {
	awk -v f="$1:" '$1 == f { print int($2 / 1024) }' \
		"/proc/$(cat "$T/qemu")/status"
}

# high LABEL: huge pages above 4 GiB that the device wrote to
high() {
	sed -n "s/^$1: .* above-4g \([0-9]*\) .*/\1/p" "$T/guest"
}

t_guest_starts() {
	gets_to 'ready for the module' 150
	mebibytes VmLck > "$T/pinned"
}

t_memory_plugged_in_is_reached() {
	guest_qmp object-add "{\"qom-type\": \"memory-backend-ram\",
		\"id\": \"mem1\", \"size\": $((MODULE << 20))}"
	guest_qmp device_add '{"driver": "pc-dimm", "id": "dimm1",
		"memdev": "mem1"}'
	gets_to 'with the module' 150
	expect_eq 'huge pages in it' 7 "$(high 'with the module')"
	expect_eq 'pinned' $(($(cat "$T/pinned") + MODULE)) "$(mebibytes VmLck)"
	say "$(grep '^with the module' "$T/guest")"
}

# QEMU lets the guest have a balloon and frees nothing: the memory is pinned
t_balloon_frees_nothing_on_the_host() {
	local before
	gets_to 'ready for the balloon' 150
	before=$(mebibytes VmRSS)
	guest_qmp device_add '{"driver": "virtio-balloon-pci", "id": "balloon",
		"bus": "plug"}'
	guest_qmp balloon "{\"value\": $(((ALL - BALLOON) << 20))}"
	gets_to 'taken: ' 150
	say "$(grep '^taken' "$T/guest") by the balloon, QEMU had $before MiB, has $(mebibytes VmRSS)"
	[ "$(mebibytes VmRSS)" -ge $((before - 8)) ] || fail 'memory was freed'
	expect_eq 'pinned' $(($(cat "$T/pinned") + MODULE)) "$(mebibytes VmLck)"
}

t_memory_from_the_balloon_is_reached() {
	guest_qmp balloon "{\"value\": $((ALL << 20))}"
	gets_to 'ready to lose the module' 150
	expect_eq 'huge pages that had been free' 7 "$(high 'after the balloon')"
	expect_eq 'files that are whole' 1 "$(grep -c '^/kept: OK' "$T/guest")"
}

t_memory_unplugged_is_not_reached() {
	guest_qmp device_del '{"id": "dimm1"}'
	gets_to 'the module is out of reach' 150
	expect_eq 'pinned' "$(cat "$T/pinned")" "$(mebibytes VmLck)"
}

t_driver_copies_and_the_guest_ends_well() {
	gets_to 'the driver copies' 150
	expect_eq 'threads without failures' 2 \
		"$(grep -c 'summary 20 tests, 0 failures' "$T/guest")"
	expect_eq 'files that are whole' 2 "$(grep -c '^/kept: OK' "$T/guest")"
	wait_for 60 guest_gone || fail 'the guest does not end'
	! grep -iE 'oops|BUG:|WARNING:|splat|alarming' "$T/guest" || fail 'a splat'
}

t_nothing_is_left() {
	leased | diff "$T/leased" -
	sf_del 7
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
