#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Random input to all that a user, a guest and an administrator reach: sf-fuzz,
# 20 seconds a target, or FUZZ_SECONDS, with FUZZ_SEED if it is set. The kernel
# log is judged by the machine; here, that everything works afterwards and is
# given back.
# RUN: vm --no-l2 --append iomem=relaxed --append slub_debug=U --env FUZZ_SECONDS --env FUZZ_SEED
# TIMEOUT: 1600

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/objects.sh
. "$TOP/tests/selftests/objects.sh"

SECONDS_EACH=${FUZZ_SECONDS:-20}
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

fuzz() {
	local seed=()
	[ -z "${FUZZ_SEED:-}" ] || seed=(--seed "$FUZZ_SEED")
	sf-fuzz "${seed[@]}" --seconds "$SECONDS_EACH" \
		--corpus "$TOP/tests/fuzz/corpus" "$1" > "$T/$1"
	say "$(tail -n 1 "$T/$1")"
}

# everything_is_back: ports, leases and slab objects, once all subfunctions are deleted
everything_is_back() {
	remove_all
	leased | diff "$T/leased" -
	first_lease | diff "$T/first_lease" -
	objects_are_back "$T/objects"
}

t_vfio_device() {
	sf_new 7
	fuzz vfio
	sf-copy -q -o move -s 4096 7
	everything_is_back
}

t_guest() {
	sf_new 7
	fuzz guest
	sf-copy -q -o move -s 4096 7
	everything_is_back
}

# Resources, parameters and groups stay as the last messages left them
t_netlink() {
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
