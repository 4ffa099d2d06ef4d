#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs the commands that the pages show, as they stand there, page by page and
# in the order of the page: each has to succeed. Those that are for a device of
# INTEL-SA-01084 are run by silicon.sh.
# RUN: vm
# TIMEOUT: 600

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/docs/lib.sh
. "$TOP/tests/selftests/docs/lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=250

t_commands_of_the_pages_work() {
	run_commands dsa begin_page
	begin_page
}

t_commands_of_other_beginnings_work() {
	run_commands dsa-again begin_page
	begin_page
}

t_commands_for_an_open_subfunction_work() {
	run_commands dsa-open begin_open
	begin_page
}

run_tests "$@"
