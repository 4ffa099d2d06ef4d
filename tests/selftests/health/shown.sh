#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What devlink prints of reporters and regions, word for word: of a device that
# works, of one that halted, of a subfunction that had an error.
# RUN: vm
# TIMEOUT: 200

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/golden.sh
. "$TOP/tests/selftests/golden.sh"
# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"

# The time of a dump is another one each time
golden_filter() {
	sed -E 's/(last_dump_date"?:? "?)[-0-9]+/\1DATE/
		s/(last_dump_time"?:? "?)[:0-9]+/\1TIME/'
}

setup_file() {
	load
	sf_new 7
	sf_add 8
	hw set auto_recover false
}

t_reporters_of_a_device_that_works() {
	golden_devlink show health show
	golden_devlink diagnose health diagnose "$DEV" reporter hw
	golden_devlink dump health dump show "$DEV" reporter hw
	hw 'dump clear'
}

t_reporters_of_subfunctions() {
	golden_devlink sf-diagnose-active health diagnose "$(port_of 7)" reporter sf
	golden_devlink sf-diagnose-inactive \
		health diagnose "$(port_of 8)" reporter sf
}

t_subfunction_with_an_error() {
	sf_reporter 7 test
	golden_devlink sf-show-error health show "$(port_of 7)" reporter sf
	golden_devlink sf-diagnose-error health diagnose "$(port_of 7)" reporter sf
}

t_device_that_halted() {
	inject inject-halt 1
	wait_for 5 failed
	# The dump comes after the error is announced
	wait_for 5 grep -q last_dump_date <<< "$(sleep 0.5; hw show)"
	golden_devlink show-halted health show "$DEV" reporter hw
	golden_devlink diagnose-halted health diagnose "$DEV" reporter hw
	golden_devlink dump-halted health dump show "$DEV" reporter hw
	golden_devlink sf-diagnose-failed \
		health diagnose "$(port_of 7)" reporter sf
}

t_device_that_was_recovered() {
	hw recover
	golden_devlink diagnose-recovered health diagnose "$DEV" reporter hw
}

t_regions_and_a_snapshot() {
	golden_devlink region-show region show
	# JSON of a read is not JSON in this iproute2
	golden region-read.txt devlink region read "$DEV/wqcfg" snapshot 0 \
		address 0 length 64
	remove_all
	unload
}

run_tests "$@"
