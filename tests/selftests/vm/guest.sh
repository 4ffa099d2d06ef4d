#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/vm/guest: what comes out of L2 is the command's, a kernel log with a splat
# fails it, and wrong uses have a sentence.
# RUN: vm
# TIMEOUT: 400

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=120

# L2 ARG..: one short run; its output in $T/out.2, error output in $T/err.2, and
# what it ended with in $STATUS
L2() {
	STATUS=0
	"$TOP/tests/vm/guest" --timeout 100 "$@" > "$T/out.2" 2> "$T/err.2" ||
		STATUS=$?
}

t_streams_and_status_are_the_commands() {
	# shellcheck disable=SC2016 # the shell in L2
	L2 --env COLOUR=blue -- sh -c 'echo $COLOUR; echo two >&2; exit 7'
	expect_eq status 7 "$STATUS"
	expect_eq output blue "$(cat "$T/out.2")"
	grep -qx two "$T/err.2"
}

t_splat_in_its_kernel_log_fails_and_is_shown() {
	L2 -- sh -c 'echo "<6>WARNING: possible recursive locking" > /dev/kmsg
		exit 3'
	expect_eq status 120 "$STATUS"
	expect_match 'whose log' '^vm: L2: the kernel log has 1 alarming line' \
		"$(cat "$T/err.2")"
	grep -q 'WARNING: possible recursive locking' "$T/err.2"
}

t_splat_is_ignored_on_request() {
	L2 --keep-going-on-splat -- \
		sh -c 'echo "<6>WARNING: x" > /dev/kmsg; exit 3'
	expect_eq status 3 "$STATUS"
}

t_oops_of_its_kernel_ends_it() {
	L2 -- sh -c 'echo c > /proc/sysrq-trigger; sleep 60'
	expect_eq status 120 "$STATUS"
	grep -q 'Kernel panic' "$T/err.2"
}

# wrong SENTENCE ARG..: refused with status 125, before anything is started
wrong() {
	local sentence=$1
	shift
	L2 "$@"
	expect_eq "status of: $*" 125 "$STATUS"
	expect_match "said to: $*" "^vm: $sentence" "$(cat "$T/err.2")"
	expect_eq "output of: $*" '' "$(cat "$T/out.2")"
	say "$(tail -n 1 "$T/err.2")"
}

t_wrong_use_has_a_sentence() {
	wrong 'no command'
	wrong 'unknown option --nonsense' --nonsense -- true
	wrong '--mem wants an argument' --mem
	wrong '--sf wants the sfnum of a subfunction' --sf seven -- true
	wrong 'no active subfunction has sfnum 7' --sf 7 -- true
	wrong 'no QEMU at /nonexistent' --qemu /nonexistent -- true
	wrong 'no file /nonexistent' --file /nonexistent -- true
}

# A subfunction without its driver
t_subfunctions_that_cannot_be_given_have_a_sentence() {
	load
	sf_new 7
	rmmod idxd_vfio
	wrong 'the subfunction with sfnum 7 has no vfio device: is idxd_vfio loaded' \
		--sf 7 -- true
	sf_del 7
	rmmod idxd
}

run_tests "$@"
