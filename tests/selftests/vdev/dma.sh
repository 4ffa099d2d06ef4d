#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Address spaces of subfunctions: huge pages, and everything that iommufd can do
# with them, which the distribution's kernel does not have: for that,
# KERNEL=debug ONLY='dma*' make check T=vdev.
# RUN: vm --append iomem=relaxed --append hugepages=520 --no-l2
# RUN: vm --append iomem=relaxed --append hugepages=520 --no-l2 --iommu second
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

TRACING=/sys/kernel/tracing

setup_file() {
	modprobe vfio_iommu_type1
	modprobe iommufd 2> /dev/null || true
	load
	sf_new 7 8
	sf-copy -q -o noop 7
	sf-copy -q -o noop 8
	leased > "$T/leased"
	hardware > "$T/hardware"
}

# watch_maps: every call of the IOMMU driver's map within the gibibyte of
# dma-huge, as "size=BYTES count=N"
watch_maps() {
	mountpoint -q "$TRACING" || mount -t tracefs tracefs "$TRACING"
	grep -q ' intel_iommu_map_pages$' /proc/kallsyms ||
		skip 'this kernel has no intel_iommu_map_pages'
	echo 'p:dma_map intel_iommu_map_pages iova=%si:u64 size=%cx:u64 count=%r8:u64' \
		> "$TRACING/kprobe_events"
	echo 'iova >= 0x4000000000 && iova < 0x4040000000' \
		> "$TRACING/events/kprobes/dma_map/filter"
	echo > "$TRACING/trace"
	echo 1 > "$TRACING/events/kprobes/dma_map/enable"
}

# maps: CALLS SMALLEST-PAGE MEBIBYTES
maps() {
	sed -n 's/.*dma_map: .* size=\([0-9]*\) count=\([0-9]*\)$/\1 \2/p' \
		"$TRACING/trace" | awk 'NR == 1 || $1 < least { least = $1 }
		{ sum += $1 * $2 / 1048576 } END { print NR, least, sum }'
}

iommu_pages() {
	awk '$1 == "nr_iommu_pages" { print $2 }' /proc/vmstat
}

# huge ARG..: dma-huge, with a look at the tables while the memory is mapped
huge() {
	local before during after calls least sum pid round
	watch_maps
	rm -f "$T/go"
	mkfifo "$T/go"
	before=$(iommu_pages)
	sf-dev -q "$@" dma-huge 7 < "$T/go" > "$T/huge" &
	pid=$!
	exec 9> "$T/go"
	wait_for 50 grep -q mapped "$T/huge"
	during=$(iommu_pages)
	echo >&9
	exec 9>&-
	wait "$pid"
	echo 0 > "$TRACING/events/kprobes/dma_map/enable"
	# A few pages come and go with others. What stays of ours, adds up: it
	# has 6 tables each time
	for round in 1 2 3 4; do
		echo | sf-dev -q "$@" dma-huge 7 > "$T/huge.$round"
	done
	after=$(iommu_pages)
	read -r calls least sum < <(maps)
	expect_eq 'mebibytes mapped' 1024 "$sum"
	[ "$least" -ge 2097152 ] || fail "an entry of $least bytes"
	# 4 KiB entries would need 512 tables more
	[ $((during - before)) -lt 64 ] ||
		fail "$((during - before)) pages of tables"
	[ $((after - before)) -lt 12 ] || fail "$((after - before)) pages stay"
	say "1 GiB: $calls calls, pages of $least bytes or more, $((during - before)) pages of tables"
}

t_huge_pages_make_huge_entries() {
	huge
}

# iommufd: the test needs it
iommufd() {
	[ -c /dev/iommu ] || skip 'this kernel has no IOMMUFD'
}

# step STEP: by 7 with iommufd; the hardware is as before, both work
step() {
	iommufd
	sf-dev --iommufd -q "$1" 7
	expect_eq 'WQs and slots' "$(cat "$T/hardware")" "$(hardware)"
	sf-copy -q --iommufd -o move -s 4096 7
	sf-copy -q -o move -s 4096 8
}

t_huge_pages_make_huge_entries_with_iommufd() {
	iommufd
	huge --iommufd
}

t_attached_and_detached() {
	step dma-attach
}

t_address_space_is_replaced() {
	step dma-replace
}

t_two_share_an_address_space() {
	step dma-shared
}

t_container_and_iommufd_side_by_side() {
	step dma-beside
	sf-dev -q dma-beside 7
}

t_two_iommufds_are_apart() {
	iommufd
	sf-copy -q --iommufd isolation 7 8
	sf-copy -q --iommufd faults 7
}

t_both_kinds_of_user_at_once() {
	local pid
	iommufd
	sf-copy -q -t 3 stress 7 > "$T/stress" &
	pid=$!
	sf-copy -q --iommufd -t 3 stress 8
	wait "$pid"
	cat "$T/stress"
}

t_every_step_is_tried() {
	local name missing=''
	for name in $(sf-dev list dma); do
		grep -qE "(step|-q( \"\\\$@\")?) $name\b" "$0" || missing+=" $name"
	done
	expect_eq 'steps without a test' '' "$missing"
}

t_everything_is_back() {
	leased | diff "$T/leased" -
	sf_del 7 8
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
