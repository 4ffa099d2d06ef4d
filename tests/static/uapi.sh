#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What user space may include: it compiles alone, and it is where the driver
# has its names from.
# RUN: host
# TIMEOUT: 60

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../selftests/lib.sh"
# shellcheck source=tests/static/lib.sh
. "$TOP/tests/static/lib.sh"
cd "$TOP"

# macros: the names that the headers define, but for their guards
macros() {
	repo_files 'uapi/*.h' | xargs sed -n 's/^#define \([A-Z0-9_]*\)\t.*/\1/p'
}

# strings: the texts that they stand for; short ones mean other things, too
strings() {
	repo_files 'uapi/*.h' | xargs sed -n 's/^#define .*\t\("[^"]\{4,\}"\)$/\1/p'
}

t_headers_compile_alone() {
	local h
	repo_files 'uapi/*.h' | while read -r h; do
		printf '#include <%s>\n#include <%s>\nint nothing;\n' \
			"${h#uapi/}" "${h#uapi/}" > "$T/alone.c"
		gcc -std=c11 -Wall -Wextra -pedantic -Werror -Iuapi -c \
			-o "$T/alone.o" "$T/alone.c"
	done
}

t_licence_has_the_syscall_note() {
	repo_files 'uapi/*.h' | xargs grep -L \
		'SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note' |
		no_output 'No syscall note'
}

t_every_name_is_used_by_the_driver() {
	local name
	[ "$(macros | wc -l)" -gt 10 ] || fail "macros: $(macros)"
	for name in $(macros); do
		repo_files 'kernel/*.[ch]' | xargs grep -qw "$name" || echo "$name"
	done | no_output 'Names of nothing'
}

t_driver_has_no_second_spelling() {
	local text
	[ "$(strings | wc -l)" -gt 5 ] || fail "strings: $(strings)"
	strings | sort -u | while read -r text; do
		repo_files 'kernel/*.[ch]' | xargs grep -nF -- "$text" || true
	done | sed '/:#include /d' | no_output 'Names spelled again'
}

run_tests "$@"
