#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# devlink dev info: what the device is, what it can do and which driver it has.
# RUN: vm --no-l2
# RUN: vm --no-l2 --dsa-opt serial=0x0123456789abcdef --env DEVICE=serial
# RUN: vm --no-l2 --dsa-opt device-id=0x1212,max-transfer-shift=20,max-batch-shift=5,op-cap=0x1b --env DEVICE=small
# TIMEOUT: 120

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/golden.sh
. "$TOP/tests/selftests/golden.sh"

DEVICE=${DEVICE:-default}

# The golden text is not for one version
golden_filter() {
	sed "s/\<$(version)\>/VERSION/"
}

# idxd.ko itself has none in its modinfo: kernel/include/idxd_version.h says why
version() {
	modinfo -F version idxd_vfio
}

setup_file() {
	load
}

t_info_is_the_golden_text() {
	golden_devlink "info-$DEVICE" dev info "$DEV"
}

t_both_modules_have_the_version() {
	local of_idxd

	of_idxd=$(devlink dev info "$DEV" |
		sed -n '/running:/,$s/^ *driver //p')
	expect_match 'version' '^[0-9]+\.[0-9]+\.[0-9]+$' "$of_idxd"
	expect_eq 'version' "$of_idxd" "$(version)"
	# DKMS compares it with that of the distribution's module
	expect_eq 'modinfo of idxd' '' "$(modinfo -F version idxd)"
}

t_info_of_the_subfunction_golden() {
	sf_new 7
	golden_devlink info-nested dev info auxiliary/idxd.sf.0
	sf_del 7
	unload
}

run_tests "$@"
