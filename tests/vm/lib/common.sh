# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# common.sh - what every script of tests/vm and tests/setup shares: places,
# messages, and the cache outside the checkout.  To be sourced; it runs nothing
# by itself and knows no kernel and no QEMU.

vm_lib=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
vm_dir=$(dirname "$vm_lib")
# Used by the scripts that source this file.
# shellcheck disable=SC2034
vm_repo=$(cd "$vm_dir/../.." && pwd)
vm_cache=${IDXD_SF_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/idxd-sf}

say() { printf 'vm: %s\n' "$*" >&2; }

# die [-STATUS] TEXT..: end with a sentence; the status is 125 by default,
# which no ordinary command uses.
die() {
	local status=125

	if [[ ${1-} =~ ^-[0-9]+$ ]]; then
		status=${1#-}
		shift
	fi
	say "$*"
	exit "$status"
}

# hash_of [FILE..]: one short name for the contents of the files, or of
# standard input.
hash_of() {
	local sums

	if (($#)); then
		sums=$(sha256sum -- "$@" | cut -d' ' -f1)
	else
		sums=$(cat)
	fi
	sha256sum <<< "$sums" | cut -c1-20
}

# stamp_of FILE..: the same by name, size and time, for big files.
stamp_of() {
	stat -L -c '%n %s %Y' -- "$@" | hash_of
}

# cached KIND KEY COMMAND..: print the directory that COMMAND DIRECTORY filled
# once for this key.  It appears under its name only when it is complete, so
# any number of runs may ask for it at once.
cached() {
	local kind=$1 dir=$vm_cache/vm/$1-$2 new
	shift 2
	if [[ ! -d $dir ]]; then
		mkdir -p "$vm_cache/vm"
		new=$(mktemp -d "$vm_cache/vm/.new-$kind.XXXXXX")
		chmod 755 "$new"
		if ! "$@" "$new" >&2; then
			rm -rf -- "$new"
			return 1
		fi
		if ! mv -T -- "$new" "$dir" 2>/dev/null; then
			rm -rf -- "$new"
			[[ -d $dir ]] || return 1
		fi
		prune "$kind"
	fi
	touch -c -- "$dir" 2>/dev/null || true
	printf '%s\n' "$dir"
}

# prune KIND: of what was made for this purpose the four used last stay, and
# what was used within the hour, as a machine may still read it.
prune() {
	local old

	find "$vm_cache/vm" -maxdepth 1 -name "$1-*" -printf '%T@ %p\n' |
		sort -rn | tail -n +5 | cut -d' ' -f2- |
		while IFS= read -r old; do
			[[ -z $(find "$old" -maxdepth 0 -mmin +60) ]] ||
				rm -rf -- "$old"
		done
	find "$vm_cache/vm" -maxdepth 1 -name '.new-*' -mmin +60 \
		-exec rm -rf -- {} +
}

# program NAME SOURCE..: print the path of a static program made of our C
# sources (header changes count too).
program() {
	local name=$1 dir
	shift
	dir=$(cached "bin-$name" \
		"$(cd "$vm_lib" && hash_of "$@" ./*.h)" build_program "$name" "$@") ||
		return 1
	printf '%s\n' "$dir/$name"
}

build_program() {
	local name=$1 dir=${*: -1}
	local sources=("${@:2:$#-2}")

	(cd "$vm_lib" && "${CC:-gcc}" -std=gnu11 -O2 -Wall -Wextra -static \
		-o "$dir/$name" "${sources[@]}")
}
