#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Isolation, from a guest (L2): the attacks of vdev/isolation.sh that need no
# VFIO, by the same program on the BARs that the guest sees. The victim is a
# subfunction in L1, and what the hardware counted is what the attacks say.
# RUN: vm --cpus 2 --append iomem=relaxed
# TIMEOUT: 500

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=400

STEPS='attack-handle attack-pasid attack-address attack-msi attack-command
portal-states'

setup_file() {
	modprobe vfio_iommu_type1
	load
	sf_new 7 8
}

# attacks VICTIM: in a guest with subfunction 7. The driver lets go of the
# device first
attacks() {
	# shellcheck disable=SC2016 # the shell in L2
	"$TOP/tests/vm/guest" --sf 7 --timeout 380 \
		--file "$TOP/build/bin/sf-dev:/bin/sf-dev" \
		--env VICTIM="$1" --env STEPS="$(xargs <<< "$STEPS")" \
		-- sh -c 'set -e
			echo 0000:00:05.0 > /sys/bus/pci/drivers/idxd/unbind
			echo 8 > /proc/sys/vm/nr_hugepages
			for step in $STEPS; do
				sf-dev --bar 0000:00:05.0 --victim "$VICTIM" -q \
					$step 0
				echo "done $step"
			done' > "$T/l2" 2>&1
}

t_attacks_fail() {
	local name before rc=0 victim
	rm -f "$T/end"
	mkfifo "$T/end"
	sf-dev -q watch-victim 8 < "$T/end" > "$T/victim" &
	victim=$!
	exec 9> "$T/end"
	wait_for 20 grep -q '^victim' "$T/victim"
	for name in errors faults rejected; do
		counter "$name" > "$T/before.$name"
	done
	attacks "$(sed -n 's/^victim //p' "$T/victim")" 9>&- || rc=$?
	cat "$T/l2"
	expect_eq 'status of the guest' 0 "$rc"
	expect_eq 'steps done' "$(xargs <<< "$STEPS")" \
		"$(sed -n 's/^done //p' "$T/l2" | xargs)"
	for name in errors faults rejected; do
		before=$(cat "$T/before.$name")
		echo "$name $(($(counter "$name") - before))"
	done > "$T/counted"
	# The victim looks whether it felt anything
	exec 9>&-
	wait "$victim"
}

# reached NAME: how many the attacks say
reached() {
	awk -v n="$1" '$1 == "reached" && $2 == n { sum += $3 }
		END { print sum + 0 }' "$T/l2"
}

# A wrong handle, a bad address: each is an error, but an unwritable record,
# whose descriptor did what it was to do
t_hardware_has_seen_each() {
	local name want
	for name in faults rejected; do
		want=$(reached "$name")
		[ "$want" -gt 0 ] || fail "no $name"
		expect_eq "the hardware's count of $name" "$want" \
			"$(sed -n "s/^$name //p" "$T/counted")"
		say "$want $name"
	done
	want=$(reached errors)
	[ "$(sed -n 's/^errors //p' "$T/counted")" -gt "$want" ] ||
		fail "less than $want errors"
	say "$want wrong handles"
}

t_both_work_afterwards() {
	sf-copy -q -o move -s 4096 7
	sf-copy -q -o move -s 4096 8
}

t_nothing_is_left() {
	sf_del 7 8
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
