# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Where things that outlive a checkout are kept. Sourced; it only makes the
# directory.

cache_dir() {
	local dir=${IDXD_SF_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/idxd-sf}
	mkdir -p "$dir"
	echo "$dir"
}

# kernel_scripts: checkpatch, its data and the rules of coccinelle from the kernel
# source package, in the cache; prints their directory
kernel_scripts() {
	local tar dir tmp
	tar=$(printf '%s\n' /usr/src/linux-source-6.12*.tar.xz | sort -V | tail -n 1)
	[ -e "$tar" ] || {
		echo 'No linux-source-6.12 package: run "make setup"' >&2
		return 1
	}
	dir=$(cache_dir)/scripts-2-$(stat -L -c '%s-%Y' "$tar")
	if [ ! -e "$dir/.done" ]; then
		rm -rf "$dir"
		tmp=$dir.$$
		mkdir -p "$tmp"
		tar -xJf "$tar" -C "$tmp" --strip-components=1 --wildcards \
			'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' \
			'*/scripts/const_structs.checkpatch' '*/scripts/kernel-doc' \
			'*/scripts/coccinelle/*'
		touch "$tmp/.done"
		mv "$tmp" "$dir"
	fi
	echo "$dir/scripts"
}
