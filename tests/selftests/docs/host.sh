#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs the commands of the pages that are for the host, as they stand there: each
# has to succeed and print what the page shows.
# RUN: host
# TIMEOUT: 600

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/docs/lib.sh
. "$TOP/tests/selftests/docs/lib.sh"

# A kernel may have to be fetched for them
# shellcheck disable=SC2034 # read by run_tests
LIMIT=500

t_commands_for_the_host_work() {
	run_commands host
}

run_tests "$@"
