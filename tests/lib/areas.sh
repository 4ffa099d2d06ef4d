# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The areas of tests: their names in the order they run, what each is about,
# what must be built for it and which files it has. Sourced by tests/check; it
# must not run anything.

# name | needs | title
AREAS='
static||compiler, sparse, analyzers, checkpatch, kernel-doc, shellcheck, shape
docs|docs qemu iproute2 modules programs|pages and manual pages, every command in them run by a test
unit||pure files of the driver and the model, in user space
vm|qemu modules|the test bed itself: what tests/vm/run and guest promise
model|qemu|the emulated DSA under programs we did not write
devlink|qemu iproute2 modules programs|ports, states, refusals (must show 4 and 9)
health|qemu iproute2 modules programs|failures, recovery, reporters and regions
copy|qemu modules programs|data through a subfunction without a VM (5)
vdev|qemu modules programs|registers, interrupts, resets, event log and isolation of the virtual device
guest|qemu modules programs|data through a subfunction from a VM (6)
kill|qemu modules programs|users killed in mid-copy, nothing left (7)
tool|qemu modules programs|idxd-sf: every verb and refusal, fuzzing, L1
fuzz|qemu modules programs|VFIO, guests and devlink under random input
cycles|qemu modules programs|add/del, bind/unbind, load/unload (8)
pkg|deb qemu modules programs|Debian packages: built, installed, at boot
commands|qemu modules programs|make help, install, uninstall, vm; packages that are missing
refusals||the documented sentences were all seen by the areas before
'

area_names() {
	sed -n 's/^\([a-z]*\)|.*/\1/p' <<< "$AREAS"
}

# area_row AREA FIELD
area_row() {
	awk -F '|' -v a="$1" -v f="$2" \
		'$1 == a { print $f; found = 1 } END { exit !found }' <<< "$AREAS"
}

area_needs() {
	area_row "$1" 2
}

area_title() {
	area_row "$1" 3
}

list_areas() {
	local a
	for a in $(area_names); do
		printf '%-9s %s\n' "$a" "$(area_title "$a")"
	done
}

area_files() {
	local dir=tests/selftests/$1 f
	case $1 in
	static | unit) dir=tests/$1 ;;
	esac
	for f in "$dir"/*.sh; do
		[ "${f##*/}" = lib.sh ] || echo "$f"
	done
}
