#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The commands of Documentation/devlink.rst, one after the other: each works,
# and prints what the page shows, and nothing where it shows nothing.
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

# compared COMMAND_FILE: what it printed with what the page shows, but for empty
# lines and blanks at the end; ".." at the end of the page's is for more
compared() {
	local show=${1%.cmd}.out
	[ -e "$show" ] || show=/dev/null
	sed 's/ *$//' "$show" > "$T/want"
	sed 's/ *$//; /^$/d' "$1.got" > "$T/got"
	if [ "$(tail -n 1 "$T/want")" = .. ]; then
		sed -i '$d' "$T/want"
		head -n "$(wc -l < "$T/want")" "$T/got" > "$T/first"
		mv "$T/first" "$T/got"
	fi
	diff -u --label "$PAGE" --label "$(cat "$1")" "$T/want" "$T/got" ||
		fail 'the page shows something else'
}

# listening: sockets that have joined a group of generic netlink
listening() {
	awk '$2 == 16 && $4 !~ /^0*$/' /proc/net/netlink | grep -q .
}

# A monitor goes on until it has told what the page shows: what comes later is of
# what the page does later
monitor() {
	[ -s "${1%.cmd}.out" ] || fail "the page shows nothing: $(cat "$1")"
	stdbuf -oL bash -c "exec $(cat "$1")" > "$1.all" 2>&1 &
	wait_for 10 listening || fail "does not listen: $(cat "$1")"
	monitored=$1
}

monitor_told() {
	[ "$(wc -l < "$monitored.all")" -ge "$(wc -l < "${monitored%.cmd}.out")" ]
}

monitor_end() {
	wait_for 10 monitor_told || true
	head -n "$(wc -l < "${monitored%.cmd}.out")" "$monitored.all" \
		> "$monitored.got"
	kill %%
	compared "$monitored"
	monitored=
}

t_commands_of_the_page_print_what_it_shows() {
	local cmd nr=0 monitored=
	export PATH=$T/bin:$PATH
	for cmd in "$T"/steps/*.cmd; do
		nr=$((nr + 1))
		case $(cat "$cmd") in
		'devlink monitor'*)
			monitor "$cmd"
			continue ;;
		esac
		bash -e "$cmd" > "$cmd.got" 2>&1 ||
			fail "status $?: $(cat "$cmd"): $(cat "$cmd.got")"
		compared "$cmd"
		[ -n "$monitored" ] || continue
		# A nested instance is told of by a work item; let it come
		sleep 0.5
		! monitor_told || monitor_end
	done
	[ -z "$monitored" ] || monitor_end
	say "$nr commands"
}

t_unload_leaves_nothing() {
	remove_all
	unload
	expect_eq 'instances' '' "$(devlink dev show)"
}

run_tests "$@"
