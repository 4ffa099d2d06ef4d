# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Fetches binary packages from the archive that apt is configured for, with
# lists and caches of its own: neither used nor changed is what the machine
# has. No name of a host stands here. Sourced; it runs nothing by itself.

archive_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

archive_codename() {
	sed -n 's/^VERSION_CODENAME=//p' /etc/os-release
}

archive_uri() {
	# shellcheck disable=SC2016 # apt's own variables
	apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' \
		'Created-By: Packages' |
		awk -v r="$(archive_codename)" \
			'$1 == r && $2 == "main" { print $3; exit }'
}

# archive_fetch WORK SUITE PACKAGE..: the newest packages of a suite, unpacked
# together into WORK/tree; apt's output is in WORK/log
archive_fetch() {
	local work=$1 suite=$2 uri deb apt
	shift 2
	uri=$(archive_uri)
	[ -n "$uri" ] || {
		echo 'apt knows no Debian archive: run apt-get update' > "$work/log"
		return 1
	}
	mkdir -p "$work"/lists/partial "$work/debs" "$work/tree"
	printf 'deb [signed-by=%s] %s %s main\n' "$archive_keyring" "$uri" \
		"$suite" > "$work/sources.list"
	apt=(-q -o "Dir::Etc::SourceList=$work/sources.list"
		-o Dir::Etc::SourceParts=/dev/null
		-o "Dir::State::Lists=$work/lists"
		-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
		-o Debug::NoLocking=1 -o "APT::Sandbox::User=$(id -un)")
	apt-get "${apt[@]}" update > "$work/log" 2>&1 || return 1
	(cd "$work/debs" && apt-get "${apt[@]}" download "$@") \
		>> "$work/log" 2>&1 || return 1
	for deb in "$work"/debs/*.deb; do
		dpkg-deb -x "$deb" "$work/tree" || return 1
	done
}
