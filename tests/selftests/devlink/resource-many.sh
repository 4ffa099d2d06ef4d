#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# devlink resource on devices with unusual numbers of work queues: more than one
# message of devlink has room for, more than there are entries, just one.
# RUN: vm --no-l2 --append iomem=relaxed --dsa-opt wqs=24,ims-slots=16128 --env QUEUES=24 --env CHILDREN=24 --env USED=24
# RUN: vm --no-l2 --append iomem=relaxed --dsa-opt wqs=25 --env QUEUES=25 --env CHILDREN=0 --env USED=25
# RUN: vm --no-l2 --append iomem=relaxed --dsa-opt wqs=16,wq-entries=5 --env QUEUES=16 --env CHILDREN=16 --env USED=5
# RUN: vm --no-l2 --append iomem=relaxed --dsa-opt wqs=1,wq-entries=7,groups=1,engines=1 --env QUEUES=1 --env CHILDREN=1 --env USED=1
# TIMEOUT: 120

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

QUEUES=${QUEUES:-8}
CHILDREN=${CHILDREN:-8}
USED=${USED:-8}

# sizes: of all queues with a child, one a line
sizes() {
	devlink resource show "$DEV" |
		sed -n 's/^ *name wq[0-9]* size \([0-9]*\) .*/\1/p'
}

setup_file() {
	load
}

t_show_has_every_queue_or_none() {
	expect_eq 'children' "$CHILDREN" "$(sizes | wc -l)"
	expect_match 'work_queues' "name work_queues size $USED occ 0 " \
		"$(devlink resource show "$DEV")"
}

t_entries_are_shared_out_completely() {
	local all
	[ "$CHILDREN" -gt 0 ] || return 0
	all=$(devlink resource show "$DEV" |
		sed -n 's/^ *name wq_entries size \([0-9]*\) .*/\1/p')
	expect_eq 'sum' "$all" "$(sizes | paste -sd+ | bc)"
	expect_eq 'used' "$USED" "$(sizes | grep -vcx 0)"
}

t_show_fits_with_all_sizes_changed() {
	local i
	for ((i = 0; i < CHILDREN; i++)); do
		devlink resource set "$DEV" path "/wq_entries/wq$i" size $((i == 0))
	done
	expect_eq 'children' "$CHILDREN" "$(sizes | wc -l)"
}

t_reload_works() {
	devlink dev reload "$DEV"
	expect_eq 'children' "$CHILDREN" "$(sizes | wc -l)"
	sf_new 1
	sf-copy -q -o move,batch 1
	sf_del 1
}

t_ports_are_as_many_as_used_queues() {
	local i nr=$USED
	[ "$CHILDREN" -eq 0 ] || nr=1
	for ((i = 0; i < nr; i++)); do
		sf_add "$i"
	done
	refused "All $nr work queues have a port: delete one first" sf_add "$nr"
	say "$QUEUES queues, $CHILDREN can be resized, $nr used after reload"
	remove_all
	unload
}

run_tests "$@"
