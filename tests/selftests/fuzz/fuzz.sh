#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Random input to all that a user, a guest and an administrator reach: sf-fuzz,
# 20 seconds a target, or FUZZ_SECONDS, with FUZZ_SEED if it is set. The kernel
# log is judged by the machine; here, that everything works afterwards and is
# given back. Its users are side by side. The time is enough for half an hour
# each; it is not what finds what hangs, sf-fuzz does.
# RUN: vm --cpus 2 --no-l2 --append iomem=relaxed --append slub_debug=U --env FUZZ_SECONDS --env FUZZ_SEED
# TIMEOUT: 6000

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/objects.sh
. "$TOP/tests/selftests/objects.sh"

SECONDS_EACH=${FUZZ_SECONDS:-20}
# An access that takes longer hangs, and the test has time to say so
PATIENCE=$((30 * ${LIMIT_FACTOR:-1}))
# shellcheck disable=SC2034 # read by run_tests
LIMIT=$((SECONDS_EACH + 60))

# What is allocated once is, before it is counted
setup_file() {
	objects_init
	modprobe vfio_iommu_type1
	load
	first_lease > "$T/first_lease"
	leased > "$T/leased"
	sf_new 7
	sf-copy -q -o move -s 4096 7
	sf-fuzz --seconds 1 guest
	sf_del 7
	objects_keep "$T/objects"
}

# sf_anew NUMBER: whatever a failed test left
sf_anew() {
	remove_all
	sf_new "$1"
}

fuzz() {
	local seed=() line
	[ -z "${FUZZ_SEED:-}" ] || seed=(--seed "$FUZZ_SEED")
	sf-fuzz "${seed[@]}" --seconds "$SECONDS_EACH" --patience "$PATIENCE" \
		--corpus "$TOP/tests/fuzz/corpus" "$1" > "$T/$1"
	while read -r line; do
		say "$line"
	done < "$T/$1"
	# Where the kernel can tell, it was asked
	[ ! -e /sys/kernel/debug/kcov ] ||
		expect_match 'KCOV' ' [0-9]+ edges' "$(tail -n 1 "$T/$1")"
}

# everything_is_back: ports, leases and slab objects, once all subfunctions are deleted
everything_is_back() {
	remove_all
	leased | diff "$T/leased" -
	first_lease | diff "$T/first_lease" -
	objects_are_back "$T/objects"
}

t_access_that_does_not_end_is_found() {
	local out status=0
	sf_anew 7
	# No access takes no time at all
	out=$(sf-fuzz --seed 5 --seconds 20 --patience 0 guest 2>&1) || status=$?
	expect_eq status 1 "$status"
	expect_match message 'failed: .* does not end' "$out"
	expect_match repetition \
		'^to repeat: sf-fuzz --seed 5 --seconds 20 --threads 3 guest$' "$out"
	sf_del 7
}

t_vfio_takes_any_access() {
	sf_anew 7
	fuzz vfio
	sf-copy -q -o move -s 4096 7
	everything_is_back
}

t_guest_does_no_harm() {
	sf_anew 7
	fuzz guest
	sf-copy -q -o move -s 4096 7
	everything_is_back
}

# Resources, parameters and groups stay as the last messages left them
t_devlink_takes_any_message() {
	remove_all
	fuzz netlink
	devlink dev info "$DEV"
	remove_all
	unload
	load
	everything_is_back
	sf_new 7
	sf-copy -q -o move -s 4096 7
	sf_del 7
}

run_tests "$@"
