#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Regions: snapshots on request, their contents against the registers read
# past the driver, and what is left out of them.
# RUN: vm --append iomem=relaxed
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/golden.sh
. "$TOP/tests/selftests/golden.sh"
# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"

setup_file() {
	load
	sf_new 7
}

# bar0 OFFSET COUNT: dwords of the device, as numbers
bar0() {
	python3 - "$1" "$2" << 'END'
import mmap, os, struct, sys
off, count = int(sys.argv[1], 0), int(sys.argv[2])
path = "/sys/bus/pci/devices/%s/resource0" % os.environ["PF"]
with open(path, "r+b", buffering=0) as f:
    m = mmap.mmap(f.fileno(), 0)
    print(*[struct.unpack_from("<I", m, off + 4 * i)[0] for i in range(count)])
END
}
export PF

# stored REGION SNAPSHOT OFFSET COUNT: likewise, of a snapshot
stored() {
	devlink region read "$DEV/$1" snapshot "$2" address "$3" \
		length $(($4 * 4)) | numbers
}

numbers() {
	python3 -c '
import struct, sys
data = b"".join(bytes.fromhex(line.split(" ", 1)[1]) for line in sys.stdin)
print(*[x[0] for x in struct.iter_unpack("<I", data)])'
}

# now REGION OFFSET COUNT: likewise, without a snapshot
now() {
	devlink_new region read "$DEV/$1" address "$2" length $(($3 * 4)) |
		numbers
}

# table FIELD: offset of a table: 1 WQ configuration, 3 messages
table() {
	local words
	read -ra words <<< "$(bar0 0x60 2)"
	echo $(((words[$1 / 2] >> 16 * ($1 % 2) & 0xffff) * 0x100))
}

t_what_is_shown_is_the_golden_text() {
	golden_devlink region-show region show
	# They get the numbers 0 and 1
	golden region-new.txt devlink region new "$DEV/wqcfg"
	golden region-new.json devlink -jp region new "$DEV/registers"
	golden_devlink region-show-two region show
	# JSON of a dump or a read is not JSON in this iproute2
	golden region-dump.txt devlink region dump "$DEV/wqcfg" snapshot 0
	golden region-read.txt devlink region read "$DEV/wqcfg" snapshot 0 \
		address 0 length 64
	golden region-read.txt devlink_new region read "$DEV/wqcfg" \
		address 0 length 64
	devlink region del "$DEV/wqcfg" snapshot 0
	devlink region del "$DEV/registers" snapshot 1
}

t_regions_are_shown_with_sizes() {
	local out
	out=$(devlink region show)
	expect_match show "$DEV/registers: size 65536 snapshot \[\] max 8" "$out"
	expect_match show "$DEV/wqcfg: size 256 snapshot \[\] max 8" "$out"
	expect_match show "$DEV/ims: size 32768 snapshot \[\] max 8" "$out"
	devlink region show -j | python3 -m json.tool > /dev/null
}

t_snapshot_on_request_is_shown() {
	local region nr=40
	# An id is one of the device, not of the region
	for region in registers wqcfg ims; do
		devlink region new "$DEV/$region" snapshot "$nr" > /dev/null
		expect_match show "$region: size [0-9]+ snapshot \[$nr\]" \
			"$(devlink region show "$DEV/$region")"
		nr=$((nr + 1))
	done
	expect_match new 'ims: snapshot [0-9]+' "$(devlink region new "$DEV/ims")"
}

t_wqcfg_is_the_hardwares() {
	expect_eq wqcfg "$(bar0 "$(table 1)" 64)" "$(stored wqcfg 41 0 64)"
}

t_registers_are_the_hardwares() {
	expect_eq capabilities "$(bar0 0 32)" "$(stored registers 40 0 32)"
	expect_eq wqcfg "$(bar0 "$(table 1)" 64)" \
		"$(stored registers 40 "$(table 1)" 64)"
}

t_messages_are_left_out() {
	local ims pid real words slot
	ims=$(table 3)
	sf-copy -t 100 hold 7 > "$T/hold" 2>&1 &
	pid=$!
	wait_for 20 grep -q '^holding' "$T/hold"
	slot=$(sed -n 's/.*interrupt handle \(0x[0-9a-f]*\).*/\1/p' "$T/hold")
	slot=$((slot * 16))
	devlink region new "$DEV/ims" snapshot 50 > /dev/null
	devlink region new "$DEV/registers" snapshot 51 > /dev/null
	read -ra real <<< "$(bar0 $((ims + slot)) 4)"
	now ims "$slot" 4 > "$T/ims"
	now registers $((ims + slot)) 4 > "$T/registers"
	kill "$pid"
	[ "${real[0]}" -ne 0 ] || fail 'the slot has no message'
	read -ra words <<< "$(stored ims 50 "$slot" 4)"
	expect_eq 'slot in ims' "0 0 0 ${real[3]}" "${words[*]}"
	read -ra words <<< "$(stored registers 51 $((ims + slot)) 4)"
	expect_eq 'slot in registers' "0 0 0 ${real[3]}" "${words[*]}"
	expect_eq 'slot in ims now' "0 0 0 ${real[3]}" "$(cat "$T/ims")"
	expect_eq 'slot in registers now' "0 0 0 ${real[3]}" \
		"$(cat "$T/registers")"
}

t_msix_messages_are_left_out() {
	local off words real
	off=$(lspci -s "$PF" -vv |
		sed -n 's/.*Vector table: BAR=0 offset=\([0-9a-f]*\).*/0x\1/p')
	read -ra real <<< "$(bar0 "$off" 4)"
	[ "${real[0]}" -ne 0 ] || fail 'vector 0 has no message'
	read -ra words <<< "$(stored registers 51 $((off)) 4)"
	expect_eq 'vector 0' "0 0 0 ${real[3]}" "${words[*]}"
	expect_eq 'vector 0 now' "0 0 0 ${real[3]}" "$(now registers $((off)) 4)"
}

t_direct_read_is_of_now() {
	local gencfg=128 wqcfg
	wqcfg=$(table 1)
	expect_eq capabilities "$(bar0 0 32)" "$(now registers 0 32)"
	expect_eq 'from GENCFG on' "$(bar0 "$gencfg" 4)" "$(now registers "$gencfg" 4)"
	expect_eq wqcfg "$(bar0 "$wqcfg" 64)" "$(now wqcfg 0 64)"
	# A queue that is enabled after the snapshots were taken
	sf-copy -t 100 hold 7 > "$T/hold" 2>&1 &
	wait_for 20 grep -q '^holding' "$T/hold"
	expect_eq 'wqcfg enabled' "$(bar0 "$wqcfg" 64)" "$(now wqcfg 0 64)"
	[ "$(now wqcfg 0 64)" != "$(stored wqcfg 41 0 64)" ] ||
		fail 'it is as it was'
	kill %1
}

t_direct_read_of_any_part() {
	local whole part
	whole=$(devlink_new region read "$DEV/registers" address 0 length 32 |
		cut -d ' ' -f 2- | xargs)
	part=$(devlink_new region read "$DEV/registers" address 19 length 5 |
		cut -d ' ' -f 2- | xargs)
	expect_eq '19 to 23' "$(cut -d ' ' -f 20-24 <<< "$whole")" "$part"
	# What is beyond the end is cut off
	expect_eq 'the end' "$(now wqcfg 252 1)" "$(now wqcfg 252 2)"
	expect_eq 'behind it' '' "$(devlink_new region read "$DEV/wqcfg" \
		address 256 length 4)"
}

t_dump_prints_all_of_it() {
	expect_eq lines 16 "$(devlink region dump "$DEV/wqcfg" snapshot 41 | wc -l)"
	expect_eq lines 4096 \
		"$(devlink region dump "$DEV/registers" snapshot 40 | wc -l)"
}

t_number_of_snapshots_is_bounded() {
	local nr
	for nr in $(seq 60 66); do
		devlink region new "$DEV/wqcfg" snapshot "$nr" > /dev/null
	done
	refused 'The region has reached the maximum number of stored snapshots' \
		devlink region new "$DEV/wqcfg" snapshot 67
	# One of a failure then has no room, which is not an error
	hw test
	wait_for 10 healthy
	expect_match ims 'snapshot \[.* ?[0-9]+ ?.*\]' \
		"$(devlink region show "$DEV/ims")"
	devlink region del "$DEV/wqcfg" snapshot 60
	devlink region new "$DEV/wqcfg" snapshot 67 > /dev/null
}

t_snapshots_go_with_the_device() {
	remove_all
	unload
	load
	expect_match show 'wqcfg: size 256 snapshot \[\]' "$(devlink region show)"
	unload
}

run_tests "$@"
