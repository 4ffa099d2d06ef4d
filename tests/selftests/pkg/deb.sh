#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The Debian packages: that they build without changing the checkout, what is
# in them, and what lintian says. Installing them is install.sh's part.
# RUN: host
# TIMEOUT: 600

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=300

setup_file() {
	cd "$TOP"
	git status --porcelain > "$T/before"
	make deb DEB_DIR="$T/deb"
}

# files PACKAGE: paths of its files
files() {
	dpkg-deb -c "$T/deb/$1"_*.deb | sed -n 's|^[^d].* \./|/|p' |
		sed 's/ -> .*//'
}

# has PACKAGE PATTERN..: extended regular expressions of whole paths
has() {
	local package=$1 pattern list
	list=$(files "$package")
	shift
	for pattern; do
		grep -Eqx -- "$pattern" <<< "$list" ||
			fail "$package has no $pattern, but: $list"
	done
}

t_build_leaves_the_checkout_as_it_was() {
	git -C "$TOP" status --porcelain | diff "$T/before" - ||
		fail 'the checkout has changed'
}

t_directory_of_somebody_else_is_left_alone() {
	mkdir "$T/mine"
	echo precious > "$T/mine/file"
	expect_match package 'are not from here' \
		"$(expect_fails "$TOP/devlink_tool/package" "$T/mine")"
	expect_eq file precious "$(cat "$T/mine/file")"
	echo precious > "$T/only-file"
	expect_fails "$TOP/devlink_tool/package" "$T/only-file"
	expect_eq file precious "$(cat "$T/only-file")"
}

t_lintian_says_nothing() {
	local out
	out=$(lintian --fail-on none --display-info --pedantic \
		"$T"/deb/*.changes 2>&1 |
		grep -v '^running with root privileges' || true)
	expect_eq lintian '' "$out"
}

t_dkms_package_has_every_source() {
	local f src
	src=/usr/src/idxd-sf-$(dpkg-deb -f "$T"/deb/idxd-sf-dkms_*.deb Version)
	while IFS= read -r f; do
		[ ! -e "$TOP/$f" ] || has idxd-sf-dkms "$src/$f"
	done < <(git -C "$TOP" ls-files kernel uapi)
	has idxd-sf-dkms "$src/dkms.conf"
	expect_eq 'what a build leaves' '' \
		"$(files idxd-sf-dkms | grep -E '\.(o|ko|cmd|mod)$' || true)"
}

t_tool_package_has_unit_rule_and_pages() {
	has idxd-sf '(/usr)?/lib/systemd/system/idxd-sf@.service' \
		'(/usr)?/lib/udev/rules.d/60-idxd-sf.rules' \
		'/usr/lib/udev/idxd-sf-node' '/usr/lib/sysusers.d/idxd-sf.conf' \
		'/usr/share/man/man7/idxd-devlink.7.gz'
}

t_tool_package_has_the_program_if_there_is_one() {
	[ -e "$TOP/devlink_tool/tool.mk" ] ||
		skip 'the program is not in this checkout'
	has idxd-sf /usr/sbin/idxd-sf \
		/usr/share/bash-completion/completions/idxd-sf \
		/usr/share/man/man8/idxd-sf.8.gz
}

t_nothing_is_blacklisted() {
	expect_eq 'modprobe.d' '' \
		"$({ files idxd-sf; files idxd-sf-dkms; } |
			grep -E 'modprobe|modules-load' || true)"
}

t_version_is_that_of_the_modules() {
	local header=$TOP/kernel/include/idxd_version.h
	[ -e "$header" ] || skip 'the modules have no version'
	expect_eq version \
		"$(sed -n 's/.*IDXD_MODULE_VERSION[ \t]*"\(.*\)"/\1/p' "$header")" \
		"$(dpkg-deb -f "$T"/deb/idxd-sf_*.deb Version)"
}

run_tests "$@"
