# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Lists of files for the static checks. Sourced after selftests/lib.sh; files
# that git does not know are included, ignored ones are not.

# shellcheck source=tests/lib/cache.sh
. "$TOP/tests/lib/cache.sh"

# repo_files PATTERN..: existing files of the checkout
repo_files() {
	local f
	git -C "$TOP" ls-files -co --exclude-standard -- "$@" | sort -u |
		while IFS= read -r f; do
			[ ! -f "$TOP/$f" ] || printf '%s\n' "$f"
		done
}

# Shell scripts are known by their first line or suffix
shell_files() {
	local f
	repo_files '*.sh'
	repo_files | while IFS= read -r f; do
		case $f in *.*) continue ;; esac
		if head -c 64 "$TOP/$f" | head -n 1 |
			grep -aqE '^#!.*[/ ](ba|da|)sh|^# shellcheck shell='; then
			printf '%s\n' "$f"
		fi
	done
}

# no_output WHAT: prints standard input and fails when there is any
no_output() {
	local out
	out=$(cat)
	[ -z "$out" ] || fail "$1: $out"
}
