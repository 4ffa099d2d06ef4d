#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The commands of Documentation/devlink.rst, one after the other: each works,
# and prints what the page shows, if it shows something. A monitor listens
# until the last of them is done.
# RUN: vm
# RUN: vm --dsa-opt device-id=0x0b25 --env MACHINE=0b25
# TIMEOUT: 120

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

PAGE=Documentation/devlink.rst

setup_file() {
	load
	# "devlink" is that of the backports here
	mkdir "$T/bin" "$T/steps"
	ln -s "$DEVLINK_NEW" "$T/bin/devlink"
	"$TOP/tests/lib/documented" "$TOP/$PAGE" "$T/steps" "${MACHINE:-}"
}

t_commands_of_the_page_print_what_it_shows() {
	local cmd nr=0
	export PATH=$T/bin:$PATH
	for cmd in "$T"/steps/*.cmd; do
		nr=$((nr + 1))
		case $(cat "$cmd") in
		'devlink monitor'*)
			stdbuf -oL bash "$cmd" > "$T/monitor" 2>&1 &
			continue ;;
		esac
		bash -e "$cmd" > "$cmd.got" 2>&1 ||
			fail "status $?: $(cat "$cmd"): $(cat "$cmd.got")"
		[ ! -e "${cmd%.cmd}.out" ] ||
			diff -u --label "$PAGE" --label "$(cat "$cmd")" \
				"${cmd%.cmd}.out" "$cmd.got" ||
			fail 'the page shows something else'
	done
	# shellcheck disable=SC2046 # process ids
	[ -z "$(jobs -p)" ] || kill $(jobs -p)
	say "$nr commands"
}

t_unload_leaves_nothing() {
	remove_all
	unload
	expect_eq 'instances' '' "$(devlink dev show)"
}

run_tests "$@"
