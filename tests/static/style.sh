#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What can be said about the sources without compiling them: checkpatch,
# kernel-doc, shellcheck, licence lines, length of files and functions.
# RUN: host
# TIMEOUT: 600

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../selftests/lib.sh"
# shellcheck source=tests/static/lib.sh
. "$TOP/tests/static/lib.sh"
cd "$TOP"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=300

t_kernel_scripts_unpacked() {
	kernel_scripts
}

# checkpatch FILES-FROM-STDIN ARG..: what it complains about
checkpatch() {
	local dir
	dir=$(kernel_scripts)
	# It leaves a file where it runs
	ln -sfn "$TOP" "$T/top"
	sed 's|^|top/|' | (cd "$T" && xargs -r perl "$dir/checkpatch.pl" \
		--no-tree --strict --terse --quiet --show-types --file "$@" 2>&1) |
		sed 's|^top/||' | grep -vE '^total: |^$' || true
}

t_checkpatch_kernel_none() {
	# Which files there are is known to git, not to a MAINTAINERS file; only
	# compat.h may ask which version it is built for
	repo_files 'kernel/*.[ch]' 'uapi/*.[ch]' 'tests/vm/modules/*.c' \
		':!kernel/compat.h' |
		checkpatch --ignore FILE_PATH_CHANGES |
		no_output 'checkpatch --strict'
	repo_files kernel/compat.h | checkpatch --ignore FILE_PATH_CHANGES \
		--ignore LINUX_VERSION_CODE,CONSTANT_COMPARISON |
		no_output 'checkpatch --strict'
}

t_checkpatch_programs_none() {
	# User space: these ask for what only a kernel has
	# and the model's tests are in QEMU's style, the shims copy its macros
	repo_files 'tests/guest/*.[ch]' 'tests/unit/*.[ch]' 'tests/tool/*.[ch]' \
		'tests/fuzz/*.[ch]' 'tests/vm/lib/*.[ch]' \
		'tests/selftests/*.c' 'devlink_tool/*.[ch]' \
		':!tests/unit/model-ops*' \
		':!tests/unit/shim' |
		checkpatch --ignore FILE_PATH_CHANGES,PREFER_KERNEL_TYPES \
			--ignore BIT_MACRO,VOLATILE,PREFER_DEFINED_ATTRIBUTE_MACRO |
		no_output 'checkpatch --strict'
}

t_kernel_doc_none() {
	local dir
	dir=$(kernel_scripts)
	repo_files 'kernel/*.h' 'uapi/*.h' 'kernel/*.c' |
		xargs -r "$dir/kernel-doc" -none -Wall 2>&1 |
		no_output 'kernel-doc -Wall'
}

t_shellcheck_none() {
	shell_files | sort -u | xargs -r shellcheck -x -P SCRIPTDIR:. 2>&1 |
		no_output shellcheck
}

t_spdx_first_lines() {
	local f bad=''
	while IFS= read -r f; do
		case $f in
		# No room for a comment
		COPYING | *.json | *.patch | */debian/changelog) continue ;;
		*/debian/copyright) continue ;;
		esac
		[ -s "$f" ] || continue
		head -n 3 "$f" | grep -aq 'SPDX-License-Identifier: GPL-2.0-only' ||
			bad+=" $f"
	done < <(repo_files)
	[ -z "$bad" ] || fail "No SPDX line:$bad"
}

t_files_at_most_500_lines() {
	local f n bad=''
	while IFS= read -r f; do
		case $f in COPYING | *.rst | *.md) continue ;; esac
		n=$(wc -l < "$f")
		[ "$n" -le 500 ] || bad+=" $f:$n"
	done < <(repo_files)
	[ -z "$bad" ] || fail "Over 500 lines:$bad"
}

t_functions_at_most_80_lines() {
	# shellcheck disable=SC2016 # awk's dollars
	{ repo_files '*.c' '*.h' && shell_files; } | sort -u |
		xargs -r awk '
		FNR == 1 { start = 0 }
		/^[A-Za-z_][A-Za-z0-9_]*\(\) *[{(]?$/ { start = FNR; name = $1 }
		/^\{/ { start = FNR; name = prev }
		/^[})]/ {
			if (start && FNR - start > 80)
				printf "%s:%d: %d lines: %s\n", FILENAME,
					start, FNR - start, name
			start = 0
		}
		{ prev = $0 }' | no_output 'Over 80 lines'
}

t_no_machine_paths() {
	# The checkout and scratch places of one machine have no business here
	git grep -nE '/work/(main|shared)|/var/tmp/(tests|ref)|/tmp/(qs|brief)' -- \
		':!tests/static/style.sh' > "$T/paths" || true
	no_output 'Paths of one machine' < "$T/paths"
}

run_tests "$@"
