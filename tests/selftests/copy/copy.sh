#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Data through a subfunction by a VFIO user without a VM, in each kind of
# address translation and with and without interrupt remapping.
# RUN: vm --cpus 2 --append iomem=relaxed --iommu first --intremap on --env STAGE=first
# RUN: vm --cpus 2 --append iomem=relaxed --iommu second --intremap on --env STAGE=second
# RUN: vm --cpus 2 --append iomem=relaxed --iommu first --intremap off --env STAGE=first --env INTREMAP=off
# RUN: vm --cpus 2 --append iomem=relaxed --iommu second --intremap off --env STAGE=second --env INTREMAP=off
# TIMEOUT: 400

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=120

setup_file() {
	modprobe vfio_iommu_type1
	if [ "${INTREMAP:-on}" = off ]; then
		# What any VFIO device needs on such a machine
		echo 1 > /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts
	fi
	load
	sf_new 7 8
}

t_remapping_is_as_asked() {
	if [ "${INTREMAP:-on}" = off ]; then
		sf-copy -q -o noop 7
		grep -q 'IR-PCI-MSIX' /proc/interrupts && fail 'remapping is on'
		echo 0 > /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts
		expect_match 'type1 without isolation' 'SET_IOMMU' \
			"$(expect_fails sf-copy -q -o noop 7)"
		echo 1 > /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts
	else
		grep -q 'IR-PCI-MSIX' /proc/interrupts
	fi
}

# ecap BIT: of the extended capabilities of VT-d
ecap() {
	local value
	value=$(cat /sys/class/iommu/dmar0/intel-iommu/ecap)
	echo $((0x$value >> $1 & 1))
}

# Scalable mode; of first and second stage what was asked for, and not the other.
# The first stage's tables have no addresses from 2^47 on, the second's have: that
# tells which one translates for this subfunction.
t_stage_is_as_asked() {
	local stage=${STAGE:-first} first=1
	[ "$stage" = first ] || first=0
	expect_eq 'scalable mode' 1 "$(ecap 43)"
	expect_eq 'first stage offered' "$first" "$(ecap 47)"
	expect_eq 'second stage offered' $((1 - first)) "$(ecap 46)"
	sf-copy -q -a 0x7ffff0000000 -o move -s 4096 7
	if [ "$stage" = first ]; then
		expect_match 'beyond the first stage' 'map .*Invalid argument' \
			"$(expect_fails sf-copy -q -a 0x800000000000 -o noop 7)"
	else
		sf-copy -q -a 0x800000000000 -o move -s 4096 7
	fi
	say "the $stage stage translates"
}

t_every_operation_by_eventfd() {
	local before
	sf-copy 7 > "$T/run"
	cat "$T/run"
	grep -q '^SF 7: 0 failed' "$T/run"
	while IFS= read -r before; do
		say "$before"
	done < <(grep -E '^(move|fill|compare|crc|batch):|^SF 7: 0' "$T/run")
}

t_interrupts_come_through_ims() {
	local pid before after
	sf-copy -q -o move -s 4096 -n 200 7 > "$T/run"
	expect_match 'interrupts' '0 failed, 200 interrupts' "$(cat "$T/run")"
	# The handler is there as long as the device is open
	sf-copy -t 6 stress 7 > "$T/run" &
	pid=$!
	wait_for 20 grep -q 'in flight' "$T/run"
	before=$(ims_count 7)
	sleep 0.5
	after=$(ims_count 7)
	wait "$pid"
	[ "$after" -gt "$before" ] || fail "$before -> $after"
	say "IMS interrupts in half a second or more: $((after - before))"
}

t_every_operation_by_polling() {
	sf-copy --poll 7
}

t_batch_of_32() {
	sf-copy -q -o batch -b 32 -n 5 7
	sf-copy -q -o batch -b 128 -s 65536 7
	sf-copy -q -o batch -b 2 7
}

t_every_portal_page() {
	local page
	for page in 0 1 2 3; do
		sf-copy -q -P "$page" -o move,crc,batch 7
	done
}

t_random_sizes() {
	local i
	for i in 1 2 3 4 5 6 7 8; do
		sf-copy -q -r "$((i * 7919))" -o move,compare,crc,copy-crc \
			-s $((RANDOM * 64 + RANDOM % 64 + 1)) 7
	done
}

t_other_addresses() {
	sf-copy -q -a 0 -o move,batch 7
	sf-copy -q -a 0x3f00000000 -o move,batch 7
}

t_huge_pages() {
	echo 16 > /proc/sys/vm/nr_hugepages
	sf-copy -q --huge 7
	echo 0 > /proc/sys/vm/nr_hugepages
}

t_json_is_valid() {
	sf-copy -j -o move,crc -s 4096 7 > "$T/json"
	python3 -m json.tool "$T/json"
	grep -q '"failed": 0' "$T/json"
}

t_unmapped_addresses_fault() {
	sf-copy faults 7
}

t_unmapped_addresses_fault_when_polled() {
	sf-copy --poll faults 8
}

t_two_subfunctions_are_apart() {
	sf-copy -n 5 isolation 7 8
}

t_two_subfunctions_at_once() {
	local a b
	sf-copy -t 5 stress 7 > "$T/a" & a=$!
	sf-copy -t 5 stress 8 > "$T/b" & b=$!
	wait "$a"
	wait "$b"
	cat "$T/a" "$T/b"
}

t_affinity_moves_lose_no_interrupt() {
	local pid mover irqs
	sf-copy -t 10 stress 7 > "$T/run" &
	pid=$!
	wait_for 20 grep -q 'in flight' "$T/run"
	irqs=$(ims_irqs 7)
	# shellcheck disable=SC2086 # a list of numbers
	irq-move 10 $irqs > "$T/moves" &
	mover=$!
	wait "$pid"
	kill "$mover" 2> /dev/null || true
	wait "$mover"
	say "$(cat "$T/moves") moves; $(tail -n 1 "$T/run")"
	[ "$(cat "$T/moves")" -gt 100 ] || fail "$(cat "$T/moves") moves only"
}

t_reopened_ten_times() {
	local i
	for i in 1 2 3 4 5 6 7 8 9 10; do
		sf-copy -q -o move -s 4096 -r "$i" 7
	done
}

t_second_user_is_refused() {
	local pid
	sf-copy -t 30 hold 7 > "$T/hold" &
	pid=$!
	wait_for 20 grep -q '^holding' "$T/hold"
	expect_match 'second open' 'busy' "$(expect_fails sf-copy -q -o noop 7)"
	kill "$pid"
	wait "$pid" || true
	sf-copy -q -o noop 7
}

t_nothing_is_left() {
	sf_del 7 8
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
