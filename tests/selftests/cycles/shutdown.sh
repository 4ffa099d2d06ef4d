#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The machine goes down while a subfunction copies: the driver's shutdown waits
# for nobody, and says nothing. Run by the host, as L1 does not survive it.
# RUN: host
# TIMEOUT: 200

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=90

# goes_down COMMANDS: L1 reboots in the end; its kernel log is in $T/log
goes_down() {
	local status=0
	"$TOP/tests/vm/run" --no-l2 --timeout 60 --log "$T/log" -- \
		bash -c "PATH='$TOP/build/bin':\$PATH
			. '$TOP/tests/selftests/sf.sh'; load; $1
			busybox reboot -f; sleep 50" > "$T/l1" 2>&1 || status=$?
	# The machine ended without an end of the command, and not by a splat
	[ "$status" -eq 125 ] || fail "status $status: $(cat "$T/l1")"
	grep -q 'reboot: Restarting system' "$T/log" || fail "$(tail "$T/log")"
}

t_reboot_with_idle_subfunctions() {
	goes_down 'sf_new 7 8'
}

t_reboot_while_a_user_copies() {
	goes_down "sf_new 7
		sf-copy -t 100 -d 16 stress 7 > /tmp/run &
		until grep -q 'in flight' /tmp/run; do sleep 0.1; done
		echo 'it copies'"
	grep -q 'it copies' "$T/l1"
}

run_tests "$@"
