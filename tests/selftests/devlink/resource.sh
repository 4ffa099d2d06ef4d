#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# devlink resource: what there is, what subfunctions occupy, which sizes can be
# set. What a reload does with them is in reload.sh.
# RUN: vm --no-l2 --append iomem=relaxed
# TIMEOUT: 200

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/golden.sh
. "$TOP/tests/selftests/golden.sh"

# set_size WQ ENTRIES
set_size() {
	devlink resource set "$DEV" path "/wq_entries/wq$1" size "$2"
}

# occ NAME: what is occupied of a resource
occ() {
	devlink resource show "$DEV" |
		sed -n "s/^ *name $1 .* occ \([0-9]*\) .*/\1/p"
}

setup_file() {
	load
}

t_show_is_the_golden_text() {
	golden_devlink resource resource show "$DEV"
}

t_show_counts_what_subfunctions_occupy() {
	sf_new 1 2 3
	golden_devlink resource-three resource show "$DEV"
	expect_eq 'work_queues' 3 "$(occ work_queues)"
	expect_eq 'wq_entries' 48 "$(occ wq_entries)"
	expect_eq 'groups' 3 "$(occ groups)"
	expect_eq 'engines' 3 "$(occ engines)"
	expect_eq 'pasids' 3 "$(occ pasids)"
	expect_eq 'ims_vectors' 3 "$(occ ims_vectors)"
}

t_occupancy_is_the_sum_of_the_queues() {
	local sum
	sum=$(devlink resource show "$DEV" |
		awk '$2 ~ /^wq[0-9]+$/ { for (i = 3; i < NF; i++)
			if ($i == "occ") n += $(i + 1) } END { print n }')
	expect_eq 'entries of wq0 to wq7' "$(occ wq_entries)" "$sum"
}

t_two_queues_of_a_group_occupy_it_once() {
	sf_new 4 5 6
	expect_eq 'work_queues' 6 "$(occ work_queues)"
	expect_eq 'groups' 4 "$(occ groups)"
	expect_eq 'engines' 4 "$(occ engines)"
	remove_all
	expect_eq 'groups' 0 "$(occ groups)"
}

t_set_waits_for_a_reload() {
	local before
	before=$(hardware)
	set_size 0 20
	set_size 7 12
	golden_devlink resource-set resource show "$DEV"
	expect_eq 'the hardware' "$before" "$(hardware)"
	expect_eq 'work_queues' 0 "$(occ work_queues)"
}

t_set_back_leaves_nothing_to_do() {
	set_size 0 16
	set_size 7 16
	expect_eq 'size_new' '' "$(devlink resource show "$DEV" |
		grep size_new || true)"
}

t_refused_more_than_there_are() {
	refused 'Size larger than maximum' set_size 0 129
	refused 'Size larger than maximum' set_size 3 4294967296
}

t_refused_sizes_of_the_hardware() {
	local name
	for name in work_queues wq_entries groups engines read_buffers \
		ims_vectors pasids; do
		refused 'Size larger than maximum' \
			devlink resource set "$DEV" path "/$name" size 99999999
		refused 'Size smaller than minimum' \
			devlink resource set "$DEV" path "/$name" size 1
	done
}

t_sum_beyond_all_entries_is_shown_as_invalid() {
	set_size 0 17
	expect_match 'resource show' 'wq_entries .* size_valid false' \
		"$(devlink resource show "$DEV")"
	refused 'resources size validation failed' devlink dev reload "$DEV"
	set_size 1 15
	expect_match 'resource show' 'wq_entries .* size_valid true' \
		"$(devlink resource show "$DEV")"
	set_size 0 16
	set_size 1 16
}

t_unknown_queue_fails() {
	expect_fails devlink resource set "$DEV" path /wq_entries/wq8 size 1
	unload
}

run_tests "$@"
