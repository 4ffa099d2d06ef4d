#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What tools that follow paths through the sources say: nothing. The kernel's rules
# for coccinelle on the modules, gcc's analyzer on the programs (clang's on the modules
# is in kernel.sh). And each has something to say when there is something.
# RUN: host
# TIMEOUT: 900

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../selftests/lib.sh"
# shellcheck source=tests/static/lib.sh
. "$TOP/tests/static/lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=300

setup_file() {
	kernel_scripts > "$T/scripts"
	cd "$TOP"
	repo_files kernel uapi | cpio -pdm --quiet "$T"
	mkdir "$T/wrong"
	printf '%s\n' 'int f(int a, int b)' '{' '	return a < b ? a : b;' '}' \
		> "$T/wrong/wrong.c"
}

# cocci_finds DIR [RULE]: what those of the kernel's rules that have a report, or the
# one, say of the sources there
cocci_finds() {
	local rule options
	while IFS= read -r rule; do
		options=$(sed -n 's|^/* *Options: *||p' "$rule" | head -n 1)
		# shellcheck disable=SC2086 # several
		spatch -D report --very-quiet $options --dir "$1" \
			-I "$T/kernel/include" -I "$T/uapi" \
			--cocci-file "$rule" 2>> "$T/cocci.err"
	done < <(grep -rlE '^virtual.*report' "$(cat "$T/scripts")/coccinelle" \
		--include="${2:-*}.cocci" | sort) |
		grep -E '^[^ ]*:[0-9]+(:[0-9]+-[0-9]+)?: ' || true
}

t_coccinelle_finds_a_fault() {
	expect_match 'coccinelle' 'opportunity for min' "$(cocci_finds "$T/wrong" minmax)"
}

t_coccinelle_modules_none() {
	cocci_finds "$T/kernel" | no_output coccinelle
}

# analyzed MAKE-ARG..: builds programs, and what there is to say is an error. Leaks
# are what LeakSanitizer finds in the tests of idxd-sf; gcc 12 takes the growing of
# an array for one.
analyzed() {
	make -s -C "$TOP" "$@" BUILD="$T/build" > "$T/gcc.log" 2>&1 || {
		cat "$T/gcc.log"
		fail 'gcc -fanalyzer'
	}
}

t_gcc_finds_a_fault() {
	printf '%s\n' 'int main(int c, char **v) { int *p = c ? 0 : &c; return *p; }' \
		> "$T/wrong.c"
	expect_match 'the analyzer' 'analyzer-null-dereference' \
		"$(gcc -fanalyzer -c -o /dev/null "$T/wrong.c" 2>&1)"
}

t_gcc_programs_none() {
	analyzed programs CFLAGS='-O2 -fanalyzer'
}

t_gcc_idxd_sf_none() {
	analyzed -f devlink_tool/tool.mk tool TOOL_OUT="$T/tool" \
		TOOL_CFLAGS='-O2 -fanalyzer -Wno-analyzer-malloc-leak'
}

t_gcc_test_bed_none() {
	local f
	for f in "$TOP"/tests/vm/lib/*.c "$TOP"/tests/tool/*.c; do
		gcc -std=gnu11 -O2 -fanalyzer -Werror -I"$TOP/devlink_tool" \
			-I"$TOP/uapi" -c -o /dev/null "$f"
	done
}

run_tests "$@"
