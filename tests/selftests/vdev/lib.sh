# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# For tests of the virtual device in L1: a step of sf-dev is a test of its own.
# A file names its area and writes one line a step, so that a step nobody runs
# is seen. Sourced after sf.sh. It must not know what a step does.

# try STEP: on subfunction 7, which is as good as before
try() {
	sf-dev -q "$1" 7
	sf-copy -q -o move -s 4096 7
}

# all_steps_are_tried AREA: every step of the area is in this file
all_steps_are_tried() {
	local step missing=''
	for step in $(sf-dev list "$1"); do
		grep -qE "(try|sf-dev) $step\b" "$0" || missing+=" $step"
	done
	expect_eq 'steps without a test' '' "$missing"
}

setup_file() {
	load
	sf_new 7
	# Until the first use the device's slot is unwritten
	sf-copy -q -o noop 7
	leased > "$T/leased"
}

# everything_is_back: nothing is left of all that was tried
everything_is_back() {
	leased | diff "$T/leased" -
	sf_del 7
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}
