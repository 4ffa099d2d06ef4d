#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs the commands of the pages that are for a device of INTEL-SA-01084, as
# run.sh does those for others.
# RUN: vm --dsa-opt device-id=0x0b25
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/docs/lib.sh
. "$TOP/tests/selftests/docs/lib.sh"

t_commands_for_unsafe_silicon_work() {
	run_commands silicon begin_page
	begin_page
}

run_tests "$@"
