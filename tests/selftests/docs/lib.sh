# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Which pages have commands, which machines there are for them, and how those
# run them. Sourced after lib.sh, and for run_commands after sf.sh.

COMMANDS=$TOP/tests/selftests/docs/commands.py
# shellcheck disable=SC2034 # read by the tests
MACHINES='dsa dsa-open silicon'

# Pages for administrators; those for developers show commands without prompts,
# and the pages of devlink (devlink/documented.sh) and idxd-sf have tests of
# their own
pages() {
	local page
	for page in "$TOP"/Documentation/*.rst; do
		case ${page##*/} in
		testing.rst | qemu-model.rst | devlink.rst) ;;
		idxd-sf.rst)
			[ -e "$TOP/tests/selftests/tool/documentation.sh" ] ||
				echo "$page" ;;
		*) echo "$page" ;;
		esac
	done
}

# page_commands: PAGE, LINE, WHERE, COMMAND and SHOWN of all pages, with tabs
page_commands() {
	local page
	for page in $(pages); do
		"$COMMANDS" "$page" | sed "s|^$TOP/Documentation/||"
	done
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

# run_commands MACHINE: all of that machine; prints what they are and print
run_commands() {
	local page line where command shown last='' nr=0 left=0 out rc
	while IFS=$'\t' read -r page line where command shown <&4; do
		[ "$where" = "run-on: $1" ] || continue
		if [ "$page" != "$last" ]; then
			last=$page
			begin_page
			[ "$1" != dsa-open ] || open_sf
		fi
		if [[ $command == idxd-sf* ]] && ! command -v idxd-sf > /dev/null; then
			left=$((left + 1))
			continue
		fi
		nr=$((nr + 1))
		printf '%s:%s: %s\n' "$page" "$line" "$command"
		rc=0
		out=$(cd "$TOP" && bash -c "$command" 2>&1) || rc=$?
		printf '%s\n' "$out" | head -n 40
		[ "$rc" -eq 0 ] || fail "$page:$line: status $rc: $command"
		shows "$page:$line" "$shown" "$out"
	done 4< <(page_commands)
	begin_page
	[ "$nr" -gt 0 ] || fail "no page has commands for $1"
	say "$nr commands"
	[ "$left" -eq 0 ] || say "$left of idxd-sf left out, which is not built"
}

open_sf() {
	sf_new 7
	sf-copy -t 200 hold 7 > "$T/hold" 2>&1 &
	wait_for 30 grep -q '^holding' "$T/hold"
}
