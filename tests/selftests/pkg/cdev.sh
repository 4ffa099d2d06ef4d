#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The udev rule on a kernel that has iommufd: the character device of a
# subfunction has a name that tells device and sfnum, and those who may use it.
# RUN: vm --kernel iommufd --no-l2
# TIMEOUT: 120

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/pkg/lib.sh
. "$(dirname "$0")/lib.sh"

setup_file() {
	modprobe iommufd
	udev_begin
	sf_new 7 12
	udevadm settle --timeout=30
}

t_character_device_has_a_name_too() {
	local nr
	for nr in 7 12; do
		expect_eq "link of $nr" "$(cdev_of "$nr")" \
			"$(readlink -f "$BY_SF/$PF-sf-$nr-cdev")"
		expect_match "the group's link of $nr" '^/dev/vfio/[0-9]+$' \
			"$(readlink -f "$BY_SF/$PF-sf-$nr")"
	done
	say "sfnum 7: $(readlink -f "$BY_SF/$PF-sf-7-cdev")"
}

t_group_vfio_may_open_it() {
	expect_eq 'owner and mode' 'root vfio 660' \
		"$(stat -c '%U %G %a' "$(cdev_of 7)")"
	useradd alice
	expect_fails setpriv --reuid alice --regid alice --init-groups \
		sh -c "exec 3<> '$(cdev_of 7)'"
	adduser alice vfio
	setpriv --reuid alice --regid alice --init-groups \
		sh -c "exec 3<> '$(cdev_of 7)'"
}

t_name_goes_with_the_subfunction() {
	sf_del 7
	udevadm settle --timeout=30
	expect_eq 'names' "$BY_SF/$PF-sf-12 $BY_SF/$PF-sf-12-cdev" \
		"$(find "$BY_SF" -type l | sort | xargs)"
	sf_del 12
	unload
}

run_tests "$@"
