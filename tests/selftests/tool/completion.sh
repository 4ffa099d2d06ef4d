#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Completion of idxd-sf in bash, on a machine made of files.
# RUN: host
# TIMEOUT: 120

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/tool.sh
. "$TOP/tests/selftests/tool.sh"

setup_file() {
	fake_build
}

# completed WORD..: what bash puts in place of the last word, as it is typed.
# At which characters it breaks words is the user's, COMP_WORDBREAKS.
completed() {
	COMP_LINE="idxd-sf $*" COMPREPLY=()
	COMP_POINT=${#COMP_LINE}
	_idxd_sf
	[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
}

machine() {
	M=$T/m
	fake_machine "$M" 1
	fake create 7 > /dev/null
	fake create 12 > /dev/null
	fake define 0000:00:05.0/7 > /dev/null
	idxd-sf() {
		IDXD_SF_FAKE=$M "$FAKE" --root "$M" --config-dir "$M/defs" "$@"
	}
	# shellcheck source=devlink_tool/completion/idxd-sf
	. "$TOP/devlink_tool/completion/idxd-sf"
}

t_verbs_complete() {
	machine
	expect_eq 'de' 'define delete' "$(completed de | sort | xargs)"
	expect_eq 'all' 16 "$(completed '' | wc -l)"
	expect_eq 'behind an option' 'reconcile' "$(completed -j rec)"
}

t_names_complete() {
	machine
	expect_eq 'delete' '0000:00:05.0/12 0000:00:05.0/7' \
		"$(completed delete 0000 | sort | xargs)"
	expect_eq 'undefine' '0000:00:05.0/7' "$(completed undefine '')"
	expect_eq 'create' '0000:00:05.0' "$(completed create 0)"
	expect_eq 'list' '' "$(completed list '')"
}

t_names_complete_at_their_colons() {
	machine
	COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
	expect_eq 'behind a colon' '05.0/12 05.0/7' \
		"$(completed delete 0000:00: | sort | xargs)"
	expect_eq 'in the midst' '05.0/12' "$(completed delete 0000:00:05.0/1)"
	expect_eq 'a device' '00:05.0' "$(completed start --device 0000:)"
	expect_eq 'before it' '0000:00:05.0' "$(completed create 00)"
	COMP_WORDBREAKS=${COMP_WORDBREAKS//:/}
	expect_eq 'no break' '0000:00:05.0/12' \
		"$(completed delete 0000:00:05.0/1)"
}

t_shell_of_the_user_is_left_alone() {
	local before=$COMP_WORDBREAKS
	machine
	expect_eq 'COMP_WORDBREAKS' "$before" "$COMP_WORDBREAKS"
}

t_options_complete() {
	machine
	expect_eq 'create' '--vectors' "$(completed create --vec)"
	expect_eq 'list' '' "$(completed list --vec)"
	expect_eq 'a value' 'yes no' "$(completed define --autostart '' | xargs)"
	expect_eq 'a device' '0000:00:05.0' "$(completed start --all --device '')"
}

run_tests "$@"
