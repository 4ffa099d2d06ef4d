# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# For the tests that use the probe (tests/qemu/probe), a program that has the
# device to itself. It must not be used while a driver is bound.

# probe_build FILE
probe_build() {
	cc -O1 -std=gnu11 -Wall -Wextra -pthread -o "$1" \
		"$(dirname "${BASH_SOURCE[0]}")"/../../qemu/probe/*.c >&2
}

# probe_run TESTS [ADDRESS]: the probe's KTAP is the file's
probe_run() {
	local probe
	probe=$(mktemp)
	# shellcheck disable=SC2064 # this file, now
	trap "rm -f '$probe'" EXIT
	probe_build "$probe"
	echo 4 > /proc/sys/vm/nr_hugepages
	echo 'KTAP version 1'
	"$probe" "${2:-0000:00:05.0}" "$1"
}
