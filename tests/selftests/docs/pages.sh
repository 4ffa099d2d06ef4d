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
	local page line where bad='' nr=0
	page_commands > "$T/commands"
	while IFS=$'\t' read -r page line where _; do
		nr=$((nr + 1))
		is_accounted "$where" || bad+=" $page:$line: $where;"
	done < "$T/commands"
	[ -z "$bad" ] || fail "Not run by anything:$bad"
	[ "$nr" -gt 40 ] || fail "only $nr commands found"
	say "$nr commands: $(cut -f 3 "$T/commands" | cut -d : -f 1 | sort |
		uniq -c | awk '{ printf "%s%s %s", s, $1, $2; s = ", " }')"
}

# is_accounted WHERE: a machine there is, a test there is, or a reason
is_accounted() {
	local file test
	case $1 in
	'run-on: '*)
		[[ " $MACHINES " == *" ${1#run-on: } "* ]] ;;
	'run-by: '*)
		read -r file test <<< "${1#run-by: }"
		[ -f "$file" ] && grep -q "^$test() {\$" "$file" ;;
	'not-run: '*)
		[ -n "${1#not-run: }" ] ;;
	*)
		return 1 ;;
	esac
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
	expect_fails is_accounted 'run-by: tests/selftests/docs/pages.sh t_none'
	expect_fails is_accounted 'run-on: nowhere'
	is_accounted 'run-by: tests/selftests/docs/pages.sh t_an_unknown_test_is_noticed'
}

run_tests "$@"
