#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Isolation: what a user of subfunction 7 can try against subfunction 8, the
# host and the hardware. Each attack gets as far as the hardware's counters
# say, fails, and the victim does not feel it. That a step of sf-dev judges;
# here the counters, and what the device says of all queues, are compared.
# RUN: vm --append iomem=relaxed --no-l2
# RUN: vm --append iomem=relaxed --no-l2 --iommu second
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

setup_file() {
	modprobe vfio_iommu_type1
	load
	sf_new 7 8
	sf-copy -q -o noop 7
	sf-copy -q -o noop 8
	leased > "$T/leased"
	hardware > "$T/hardware"
}

COUNTERS='errors faults rejected short-writes'

counters() {
	local name
	for name in $COUNTERS; do
		echo "$name $(counter "$name")"
	done
}

count_in() {
	sed -n "s/^$1 //p" "$2"
}

# attack STEP: by subfunction 7; the hardware counted what the step says, the
# queues of all are as before, and both subfunctions work
attack() {
	local name want said=''
	counters > "$T/before"
	sf-dev -q "$1" 7 > "$T/step"
	counters > "$T/after"
	cat "$T/step"
	while read -r name want; do
		expect_eq "the hardware's count of $name" "$want" \
			$(($(count_in "$name" "$T/after") - $(count_in "$name" "$T/before")))
		[ "$want" -eq 0 ] || said+=", $want $name"
	done < <(sed -n 's/^reached //p' "$T/step")
	[ -z "$said" ] || say "the hardware counted ${said#, }"
	expect_eq 'WQs and slots' "$(cat "$T/hardware")" "$(hardware)"
	sf-copy -q -o move -s 4096 7
	sf-copy -q -o move -s 4096 8
}

t_handles_of_others_are_refused() {
	attack attack-handle
}

t_pasid_of_a_descriptor_means_nothing() {
	attack attack-pasid
}

t_addresses_of_others_fault() {
	attack attack-address
}

t_msi_window_faults_and_cannot_be_mapped() {
	attack attack-msi
}

t_commands_reach_the_own_queue_only() {
	attack attack-command
}

t_portals_do_nothing_unless_enabled() {
	attack portal-states
}

t_mapping_that_survives_is_a_user() {
	attack portal-closed
}

t_portals_of_others_cannot_be_mapped() {
	attack portal-beyond
}

t_short_stores_do_nothing() {
	attack portal-stores
}

t_writes_to_all_of_bar0_are_harmless() {
	attack sweep-bar0
	say "$(grep writes "$T/step") to BAR0"
}

t_writes_to_all_of_config_are_harmless() {
	attack sweep-config
	say "$(grep writes "$T/step") to configuration space"
}

# wq_of_pasid PASID: the queues of the hardware that have it; 0 for none
wq_of_pasid() {
	hardware | awk -v p="$1" '$1 == "wq" && $8 == p { print $2 }'
}

# The queue of a mapping that survives its process is leased until that is gone,
# and then goes to somebody else, who has nothing to fear of it
t_queue_is_leased_to_one_at_a_time() {
	local pid before pasid wq nr=20
	pasid=$(hardware | awk '$1 == "ims" { print $5; exit }')
	wq=$(wq_of_pasid "$pasid")
	sf-dev -q portal-survivor 7 > "$T/survivor"
	pid=$(sed -n 's/^survivor //p' "$T/survivor")
	expect_match 'queue that is used' '^Error: ' \
		"$(expect_fails sf_state 7 inactive)"
	expect_match 'second user' 'busy' "$(expect_fails sf-copy -q -o noop 7)"
	before=$(counter descriptors)
	# Everything that there is to lease, and none of it is that queue
	while sf_add "$nr" 2> /dev/null; do
		sf_state "$nr" active
		sf-copy -q -o move -s 4096 "$nr" > /dev/null
		nr=$((nr + 1))
	done
	expect_eq 'queues that two have' '' "$(hardware |
		awk '$1 == "wq" { print $8 }' | sort | uniq -d)"
	expect_eq 'queue of the survivor' "$wq" "$(wq_of_pasid "$pasid")"
	[ "$(counter descriptors)" -gt $((before + nr - 20)) ] ||
		fail 'the survivor does not submit'
	say "$((nr - 20)) others got their queues while the survivor submitted"
	kill -9 "$pid"
	wait_for 10 sf_state 7 inactive
	sf_del 7
	expect_eq 'free queues' "$wq" "$(wq_of_pasid 0)"
	sf_new "$nr"
	sf-copy -q -o move -s 4096 "$nr" > /dev/null
	expect_eq 'free queues' '' "$(wq_of_pasid 0)"
	for ((; nr >= 20; nr--)); do
		sf_del "$nr"
	done
	sf_new 7
	sf-copy -q -o move -s 4096 7
	leased | diff "$T/leased" -
}

t_every_step_is_tried() {
	local step missing='' area
	for area in attack portal sweep; do
		for step in $(sf-dev list "$area"); do
			grep -qE "(attack|-q) $step\b" "$0" || missing+=" $step"
		done
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
