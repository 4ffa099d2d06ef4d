# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# For tests of mappings of huge pages: what the IOMMU's driver is asked to map,
# by a kprobe, and how many pages of tables there are. Sourced after sf.sh; boot
# with hugepages=520. It must not know how sf-dev gets its memory mapped.

TRACING=/sys/kernel/tracing

# watch_maps: every call of the IOMMU driver's map within the gibibyte of
# dma-huge, as "size=BYTES count=N"
watch_maps() {
	mountpoint -q "$TRACING" || mount -t tracefs tracefs "$TRACING"
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

# huge OPTION..: of sf-dev: dma-huge, with a look at the tables while the memory is mapped
huge() {
	local before during after calls least sum pid round
	watch_maps
	rm -f "$T/go"
	mkfifo "$T/go"
	before=$(iommu_pages)
	sf-dev "$@" dma-huge 7 < "$T/go" > "$T/huge" &
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
		echo | sf-dev "$@" dma-huge 7 > "$T/huge.$round"
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
