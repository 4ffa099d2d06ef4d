#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What an administrator chose for a subfunction is what the stock driver finds
# in a guest: entries, largest transfer, largest batch; and it works.
# RUN: vm --append iomem=relaxed --mem 4G
# TIMEOUT: 900

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=800

param() {
	devlink dev param set "$DEV" name "$1" value "$2" cmode runtime
}

setup_file() {
	local i=0 size
	load
	for size in 64 32 16 16 0 0 0 0; do
		devlink resource set "$DEV" path "/wq_entries/wq$i" size "$size"
		i=$((i + 1))
	done
	devlink dev reload "$DEV"
	param sf_wq_entries 40
	param sf_max_transfer_size 1048576
	param sf_max_batch_size 256
	sf_new 7
}

# The guest's sysfs tells what the driver read in WQCAP and GENCAP
t_guest_reports_the_sizes() {
	# shellcheck disable=SC2016 # for the guest's shell
	"$TOP/tests/vm/guest" --sf 7 --timeout 700 \
		--file "$TOP/tests/selftests/l2.sh:/l2.sh" \
		-- sh -c 'sh /l2.sh prepare
			cd /sys/bus/dsa/devices
			for f in dsa0/max_work_queues_size dsa0/max_transfer_size \
				dsa0/max_batch_size wq0.0/size; do
				echo "$f $(cat $f)"
			done
			sh /l2.sh test 20:65536' > "$T/guest" 2>&1 || {
		cat "$T/guest"
		fail 'the guest failed'
	}
	cat "$T/guest"
	grep -qx 'dsa0/max_work_queues_size 64' "$T/guest"
	grep -qx 'wq0.0/size 64' "$T/guest"
	grep -qx 'dsa0/max_transfer_size 1048576' "$T/guest"
	grep -qx 'dsa0/max_batch_size 256' "$T/guest"
	say "in the guest: $(grep '^dsa0/\|^wq0.0/' "$T/guest" | xargs)"
}

t_guest_copies_with_them() {
	expect_eq 'threads without failures' 2 \
		"$(grep -c ' summary 20 tests, 0 failures' "$T/guest")"
}

t_queue_of_64_is_occupied() {
	expect_match 'resource show' 'name wq0 size 64 occ 64 ' \
		"$(devlink resource show "$DEV")"
	sf_del 7
	unload
}

run_tests "$@"
