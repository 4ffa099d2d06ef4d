#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Machines on which no subfunction can be activated: the reason is a sentence,
# adding and deleting ports works, nothing is changed, and the log is clean.
# RUN: vm --append iomem=relaxed --iommu off --env WHY=off
# RUN: vm --append iomem=relaxed --iommu legacy --env WHY=legacy
# RUN: vm --append iomem=relaxed --dsa-opt pasid=off --env WHY=pasid
# RUN: vm --append iomem=relaxed --dsa-opt ims-slots=0 --env WHY=ims
# TIMEOUT: 200

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

WHY=${WHY:-}

sentence() {
	case $WHY in
	off) echo 'IOMMU is off: boot with intel_iommu=on,sm_on' ;;
	legacy) echo 'IOMMU is in legacy mode: boot with intel_iommu=on,sm_on' ;;
	pasid) echo 'Device has no PASID capability: use another device' ;;
	ims) echo 'Device has no interrupt message storage' ;;
	*) fail "WHY=$WHY" ;;
	esac
}

setup_file() {
	load
}

t_port_can_be_added() {
	sf_add 3
	expect_match 'port show' 'sfnum 3 .*' "$(devlink port show)"
}

t_activation_refused_with_the_reason() {
	refused "$(sentence)" sf_state 3 active
	expect_match 'port show' 'state inactive opstate detached' \
		"$(devlink port show "$(port_of 3)")"
}

t_refused_again_likewise() {
	refused "$(sentence)" sf_state 3 active
}

t_port_can_be_deleted() {
	sf_del 3
	expect_eq 'ports' '' "$(ports)"
}

t_unload_leaves_nothing() {
	unload
	expect_eq 'instances' '' "$(devlink dev show)"
}

run_tests "$@"
