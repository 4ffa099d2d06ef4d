#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The sentences that the tests before this one saw: every row of the table in
# Documentation/devlink.rst that gives no reason is among them.
# RUN: host
# TIMEOUT: 60
# ALONE: it reads the logs of all the others

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
cd "$TOP"

# areas: those that have a file which expects refusals
areas() {
	grep -lE '^[^#]*\<refused (["$]|'\'')' tests/selftests/*/*.sh |
		xargs -n 1 dirname | xargs -n 1 basename | sort -u |
		sed '/^\(model\|refusals\)$/d'
}

t_every_sentence_without_a_reason_was_seen() {
	local area
	[ -z "${ONLY:-}" ] || skip 'not all files were run'
	[ -n "$(areas)" ] || fail 'no test expects a refusal'
	for area in $(areas); do
		[ -d "${CHECK_LOGS:-/nonexistent}/$area" ] ||
			skip "the area $area was not run"
	done
	tests/lib/refusals seen "$CHECK_LOGS"/*/*.log > "$T/missing"
	[ ! -s "$T/missing" ] || fail "$(cat "$T/missing")"
}

run_tests "$@"
