# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Which pages have commands, which machines there are for them, and how those
# run them. Sourced after lib.sh, and for run_commands after sf.sh.

COMMANDS=$TOP/tests/selftests/docs/commands.py
# Where commands are run: in L1 by run.sh and silicon.sh, a page beginning on a
# machine without subfunctions (dsa-again: once more, for a page with two
# beginnings); on this host by host.sh; in a checkout whose tests do nothing by
# commands/check.sh
# shellcheck disable=SC2034 # read by the tests
MACHINES='dsa dsa-again dsa-open silicon host checkout'

pages() {
	printf '%s\n' "$TOP"/README.md "$TOP"/Documentation/*.rst \
		"$TOP"/tests/qemu/README.md
}

# page_commands: PAGE, LINE, WHERE, COMMAND and SHOWN of all pages, with tabs
page_commands() {
	local page
	for page in $(pages); do
		"$COMMANDS" "$page" | sed "s|^$TOP/||"
	done
}

# commands_by FILE TEST: what pages say that this test runs, a line a command
commands_by() {
	page_commands > "$T/commands"
	awk -F '\t' -v by="run-by: ${1#"$TOP"/} $2" '$3 == by { print $4; found = 1 }
		END { exit !found }' "$T/commands" ||
		fail "no page has a command for $2 of $1"
}

no_ports() {
	remove_all
	[ -z "$(ports)" ]
}

# begin_page: as for a new user, who has the module that udev loads, and no port
begin_page() {
	local pid
	for pid in $(jobs -p); do
		kill "$pid"
		wait "$pid" || true
	done
	wait_for 10 no_ports
	rm -f /etc/idxd-sf.d/*.json
	unload
	modprobe idxd
}

# shows PAGE:LINE SHOWN OUTPUT: each line that the page shows is in the output
shows() {
	local want out
	out=$(tr -s ' \t' ' ' <<< "$3" | sed 's/^ //; s/ $//')
	while IFS= read -r want; do
		[ -z "$want" ] || grep -qxF -- "$want" <<< "$out" ||
			fail "$1: the page shows '$want'"
	done < <(tr '|' '\n' <<< "$2")
}

# as_typed COMMAND..: without what this run of the tests has in its environment
as_typed() {
	env -u T -u ONLY -u JOBS -u KERNEL -u MAKELEVEL -u MAKEFLAGS "$@"
}

# run_command PAGE:LINE COMMAND SHOWN: in the checkout; it has to succeed
run_command() {
	local out rc=0
	printf '%s: %s\n' "$1" "$2"
	out=$(cd "${CHECKOUT:-$TOP}" && as_typed bash -c "$2" 2>&1) || rc=$?
	head -n 40 <<< "$out"
	[ "$rc" -eq 0 ] || fail "$1: status $rc: $2"
	shows "$1" "$3" "$out"
}

# run_commands MACHINE [BEGIN]: all of that machine, after BEGIN for each page;
# prints what they are and print
run_commands() {
	local page line where command shown last='' nr=0
	page_commands > "$T/commands"
	while IFS=$'\t' read -r page line where command shown <&4; do
		[ "$where" = "run-on: $1" ] || continue
		if [ "$page" != "$last" ]; then
			last=$page
			"${2:-true}"
		fi
		nr=$((nr + 1))
		run_command "$page:$line" "$command" "$shown"
	done 4< "$T/commands"
	[ "$nr" -gt 0 ] || fail "no page has commands for $1"
	say "$nr commands"
}

# begin_open: a page about a subfunction that somebody has open
begin_open() {
	begin_page
	sf_new 7
	sf-copy -t 200 hold 7 > "$T/hold" 2>&1 &
	wait_for 30 grep -q '^holding' "$T/hold"
}
