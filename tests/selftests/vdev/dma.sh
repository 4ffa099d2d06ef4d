#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Address spaces of subfunctions by the container: huge pages. What iommufd can
# do with them is in iommufd.sh.
# RUN: vm --append iomem=relaxed --append hugepages=520 --no-l2
# RUN: vm --append iomem=relaxed --append hugepages=520 --no-l2 --iommu second
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/huge.sh
. "$TOP/tests/selftests/huge.sh"

setup_file() {
	modprobe vfio_iommu_type1
	load
	sf_new 7
	sf-copy -q -o noop 7
	leased > "$T/leased"
}

t_huge_pages_make_huge_entries() {
	huge --quiet
}

t_everything_is_back() {
	leased | diff "$T/leased" -
	sf_del 7
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
