#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The examples of Documentation/idxd-sf.rst, run one after the other on a
# machine made of files: each must print what the page says.
# RUN: host
# TIMEOUT: 120

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/tool.sh
. "$TOP/tests/selftests/tool.sh"

PAGE=$TOP/Documentation/idxd-sf.rst

setup_file() {
	fake_build
}

# examples: the literal blocks that have a prompt, without their indentation
examples() {
	awk '/^    \$ idxd-sf / { on = 1 }
		/^[^ ]/ { on = 0 }
		on { sub(/^    /, ""); print }' "$PAGE" | grep -v '^$'
}

# played: the commands of the examples, with what they print here
played() {
	local line
	examples | sed -n 's/^\$ idxd-sf //p' | while IFS= read -r line; do
		printf '$ idxd-sf %s\n' "$line"
		# shellcheck disable=SC2086 # words
		fake $line | sed '/^$/d; /^= 0$/d'
	done | sed "s|$M||"
}

t_examples_print_what_the_page_says() {
	M=$T/m
	fake_machine "$M" 1
	examples > "$T/page"
	played > "$T/played"
	[ "$(grep -c '^\$' "$T/page")" -ge 15 ]
	diff -u --label "$PAGE" --label here "$T/page" "$T/played"
}

t_every_verb_and_option_is_on_the_page() {
	local word
	M=$T/m
	fake_machine "$M" 1
	for word in $(fake help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p') \
		vectors priority wq-entries device-id inactive dry-run libvirt \
		config-dir output count; do
		grep -qE -- "\`\`(--)?$word|idxd-sf (-j )?$word|--$word" "$PAGE" ||
			fail "not on the page: $word"
	done
}

run_tests "$@"
