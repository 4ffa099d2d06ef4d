#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Documentation as such: it translates without a warning, and each command in it
# is run by a test or says why not. Those of machines are run by run.sh.
# RUN: host
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/docs/lib.sh
. "$TOP/tests/selftests/docs/lib.sh"
cd "$TOP"

t_pages_translate_without_a_warning() {
	make --no-print-directory docs BUILD="$T/build"
	[ -s "$T/build/docs/html/index.html" ] || fail 'no index.html'
	grep -q idxd_vdev_create "$T/build/docs/html/vdev.html" ||
		fail 'the comments of kernel/vfio/vdev.h are missing'
}

t_every_page_begins_with_a_title() {
	local page
	for page in Documentation/*.rst; do
		head -n 12 "$page" | grep -A 1 '^[A-Za-z]' | grep -qE '^(=+|-+)$' ||
			fail "no title at its beginning: $page"
	done
}

t_drawings_are_svg_made_from_text() {
	local dot nr
	nr=$(find "$T/build/docs/html" -name 'graphviz-*.svg' | wc -l)
	expect_eq drawings "$(find Documentation/drawings -name '*.dot' | wc -l)" \
		"$nr"
	for dot in Documentation/drawings/*.dot; do
		grep -qr "graphviz:: drawings/${dot##*/}" Documentation/*.rst ||
			fail "no page shows $dot"
	done
}

t_manual_pages_translate_without_a_warning() {
	local page out
	make --no-print-directory man BUILD="$T/build"
	for page in idxd-devlink.7 idxd-troubleshooting.7; do
		[ -s "$T/build/man/$page" ] || fail "no $page"
	done
	[ ! -e Documentation/idxd-sf.rst ] || [ -s "$T/build/man/idxd-sf.8" ] ||
		fail 'no idxd-sf.8'
}

t_manual_pages_translate_without_the_kernels_scripts() {
	make --no-print-directory man BUILD="$T/without" KERNEL_DOC=
}

t_every_command_is_run_or_says_why_not() {
	local page line where command bad='' nr=0
	page_commands > "$T/commands"
	while IFS=$'\t' read -r page line where command _; do
		nr=$((nr + 1))
		is_accounted "$page" "$where" "$command" ||
			bad+=" $page:$line: $where: $command;"
	done < "$T/commands"
	[ -z "$bad" ] || fail "Not run by anything:$bad"
	[ "$nr" -gt 150 ] || fail "only $nr commands found"
	say "$nr commands: $(cut -f 3 "$T/commands" | cut -d : -f 1 | sort |
		uniq -c | awk '{ printf "%s%s %s", s, $1, $2; s = ", " }')"
}

# is_accounted PAGE WHERE COMMAND: a machine there is, a test that has the
# command, or a reason that the reader is told
is_accounted() {
	local file test
	case $2 in
	'run-on: '*)
		[[ " $MACHINES " == *" ${2#run-on: } "* ]] ;;
	'run-by: '*)
		read -r file test <<< "${2#run-by: }"
		[ -f "$file" ] && test_has "$file" "$test" "$3" ;;
	'page-run-by: '*)
		read -r file test <<< "${2#page-run-by: }"
		[ -f "$file" ] && grep -q "^$test() {\$" "$file" &&
			grep -qF "${1##*/}" "$file" ;;
	'not-run: '*)
		tr -s ' \n' ' ' < <(grep -v 'not-run: ' "$1") |
			grep -F -- "${2#not-run: }" > /dev/null ;;
	*)
		return 1 ;;
	esac
}

# test_has FILE TEST COMMAND: word for word in the file, but for the kind of its
# quotes; or what the page has is what it runs; or it is the file's RUN line
test_has() {
	local text command
	command=$(sed "s/ \\+# .*//; s/'/\"/g" <<< "$3")
	if [ -z "$2" ]; then
		text="tests/vm/run $(sed -n 's/^# RUN: vm //p' "$1") -- $1"
		[ "$3" = "$text" ] || grep -qF "exec \"\$TOP/$command\"" "$1"
		return
	fi
	text=$(sed -n "/^$2() {\$/,/^}\$/p" "$1")
	[ -n "$text" ] || return 1
	grep -qF "commands_by \"\$0\" $2" "$1" ||
		tr "'" '"' < "$1" | grep -v '^ *#' |
			grep -F -- "$command" > /dev/null
}

# Both of those tests know less of pages than commands.py
t_pages_that_have_a_test_have_each_command_there() {
	local machine
	page_commands | grep '	page-run-by: ' > "$T/commands"
	expect_eq idxd-sf.rst "$(grep -c '^Documentation/idxd-sf.rst	' "$T/commands")" \
		"$(grep -c '^    \$ idxd-sf ' Documentation/idxd-sf.rst)"
	for machine in '' 0b25; do
		mkdir "$T/of$machine"
		tests/lib/documented Documentation/devlink.rst "$T/of$machine" "$machine"
	done
	expect_eq devlink.rst "$(grep -c '^Documentation/devlink.rst	' "$T/commands")" \
		"$(find "$T/of" "$T/of0b25" -name '*.cmd' | wc -l)"
}

t_every_machine_has_a_test() {
	local machine
	for machine in $MACHINES; do
		grep -qE "^	run_commands $machine( |\$)" tests/selftests/*/*.sh ||
			fail "nothing runs what is for $machine"
	done
}

t_a_command_without_a_prompt_is_noticed() {
	printf '%s\n' 'Do this::' '' '    devlink dev show' > "$T/page"
	expect_match 'commands.py' 'a command without prompt: devlink' \
		"$(expect_fails "$COMMANDS" "$T/page")"
}

t_a_mark_without_a_block_is_noticed() {
	printf '%s\n' '.. run-on: dsa' '' 'Words.' > "$T/page"
	expect_match 'commands.py' 'no block follows' \
		"$(expect_fails "$COMMANDS" "$T/page")"
}

t_an_unknown_test_is_noticed() {
	local page=tests/selftests/docs/pages.sh
	expect_fails is_accounted README.md "run-by: $page t_none" sed
	expect_fails is_accounted README.md 'run-on: nowhere' true
	is_accounted README.md "run-by: $page t_an_unknown_test_is_noticed" \
		"is_accounted README.md 'run-on: nowhere'"
}

t_a_command_that_its_test_has_no_more_is_noticed() {
	local page=tests/selftests/docs/pages.sh none='devlink dev sho'
	expect_fails is_accounted README.md \
		"run-by: $page t_a_mark_without_a_block_is_noticed" "${none}wn"
	expect_fails is_accounted README.md "run-by: $page" \
		"tests/vm/run --stock -- $page"
}

t_a_reason_that_nobody_reads_is_noticed() {
	printf '%s\n' '.. not-run: a long run' '' 'It is a long' 'run.' > "$T/page"
	is_accounted "$T/page" 'not-run: a long run' true
	expect_fails is_accounted "$T/page" 'not-run: it is too short' true
}

run_tests "$@"
