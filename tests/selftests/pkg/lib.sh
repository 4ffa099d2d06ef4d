# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# For tests of the udev rule: a udev daemon with it in L1, before the drivers are
# loaded. Sourced after sf.sh. It must not know what the rule does.

BOOT=$TOP/devlink_tool/boot
# shellcheck disable=SC2034 # for the tests
BY_SF=/dev/vfio/by-sf

udev_begin() {
	install -m 755 "$BOOT/idxd-sf-node" /usr/lib/udev/
	mkdir -p /run/udev/rules.d
	cp "$BOOT/60-idxd-sf.rules" /run/udev/rules.d/
	systemd-sysusers "$BOOT/idxd-sf.sysusers"
	/lib/systemd/systemd-udevd --daemon
	load
	udevadm settle --timeout=30
}

teardown_file() {
	udevadm control --exit
}
