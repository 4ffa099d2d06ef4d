#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Other devices than the default one: as small and as large as they come, with
# interrupt handles, without event log, with an operations mask a queue, the
# later product. On each a subfunction works, from add to del.
# RUN: vm --no-l2 --append iomem=relaxed --dsa-opt device-id=0x1212 --env ID=1212
# RUN: vm --no-l2 --append iomem=relaxed --dsa-opt int-handles=on
# RUN: vm --no-l2 --append iomem=relaxed --dsa-opt evl=off
# RUN: vm --no-l2 --append iomem=relaxed --dsa-opt op-config=on
# RUN: vm --no-l2 --append iomem=relaxed --dsa-opt wqs=128,wq-entries=1024,groups=8,engines=8 --env WQS=128
# RUN: vm --no-l2 --append iomem=relaxed --dsa-opt wqs=1,wq-entries=1,groups=1,engines=1,ims-slots=256 --env WQS=1
# RUN: vm --no-l2 --append iomem=relaxed --dsa-opt wqs=8,wq-entries=5,max-transfer-shift=16,max-batch-shift=4 --env WQS=5 --env SHIFT=16
# TIMEOUT: 200

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=180
WQS=${WQS:-8}
# Largest transfer that every variant takes
SIZE=$((1 << ${SHIFT:-20}))

setup_file() {
	load
}

t_info_names_the_device() {
	expect_match 'dev info' "asic.id ${ID:-11fb}" \
		"$(devlink dev info "$DEV")"
}

t_every_queue_can_be_leased_and_works() {
	local i last=$((WQS - 1))
	# All of few queues, the ends of each block of 16 of many
	for ((i = 0; i < WQS; i++)); do
		sf_new "$i"
	done
	refused 'All N work queues have a port: delete one first' \
		devlink port add "$DEV" flavour pcisf pfnum 0
	for i in $(printf '%s\n' 0 7 15 16 63 64 112 "$last" | sort -un); do
		[ "$i" -gt "$last" ] || sf-copy -q -o move,fill,crc -s 4096 "$i"
	done
	sf-copy -q -o move -s "$SIZE" "$last"
	sf-copy -q -o batch -b 16 -s 1024 "$last"
	sf-copy -q faults "$last"
	[ "$last" -eq 0 ] || sf-copy -q isolation 0 "$last"
	remove_all
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
}

t_unload_leaves_nothing() {
	remove_all
	unload
	expect_eq 'instances' '' "$(devlink dev show)"
}

run_tests "$@"
