#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The emulated DSA under programs we did not write, on a stock kernel: the
# distribution's idxd, accel-config, dmatest. They are right until proven
# otherwise; a failure here is the model's.
# RUN: vm --stock
# TIMEOUT: 600

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=240
PF=0000:00:05.0
DSA=/sys/bus/dsa
PARAM=/sys/module/dmatest/parameters

setup_file() {
	modprobe idxd
}

# field NAME: value of a field in accel-config's list of the idle device
field() {
	accel-config list -i | grep -m 1 -o "\"$1\":[^,]*" | tr -d '" '
}

t_idxd_of_the_distribution_binds() {
	expect_match 'driver' '/idxd$' \
		"$(readlink "/sys/bus/pci/devices/$PF/driver")"
	[ ! -e /sys/module/idxd_vfio ] || fail 'our modules are loaded'
	expect_match 'module' "^/lib/modules/.*kernel/drivers/dma/idxd" \
		"$(modinfo -n idxd)"
	expect_match 'log' 'Intel\(R\) Accelerator Device' "$(dmesg)"
}

t_accel_config_lists_what_is_there() {
	accel-config list -i | python3 -m json.tool > "$T/list"
	cat "$T/list"
	expect_eq groups max_groups:4 "$(field max_groups)"
	expect_eq queues max_work_queues:8 "$(field max_work_queues)"
	expect_eq engines max_engines:4 "$(field max_engines)"
	expect_eq entries work_queue_size:128 "$(field work_queue_size)"
	expect_eq batch max_batch_size:1024 "$(field max_batch_size)"
	expect_eq transfer max_transfer_size:2147483648 "$(field max_transfer_size)"
	expect_eq state state:disabled "$(field state)"
	expect_eq 'listed queues' 8 "$(grep -c '"dev": *"wq0\.[0-7]"' "$T/list")"
	expect_eq 'listed engines' 4 \
		"$(grep -c '"dev": *"engine0\.[0-3]"' "$T/list")"
	# The driver hides batch on devices it does not trust with users
	expect_match opcap '^0*1003f03f[fd]$' \
		"$(tr -d ', \n' < "$DSA/devices/dsa0/op_cap")"
	expect_eq version 0x100 "$(cat "$DSA/devices/dsa0/version")"
}

t_device_and_queue_are_enabled() {
	accel-config config-engine dsa0/engine0.0 --group-id=0
	accel-config config-wq dsa0/wq0.0 --group-id=0 --mode=dedicated \
		--type=kernel --name=dmaengine --driver-name=dmaengine \
		--wq-size=16 --priority=10
	accel-config enable-device dsa0
	accel-config enable-wq dsa0/wq0.0
	expect_eq 'device' enabled "$(cat "$DSA/devices/dsa0/state")"
	expect_eq 'queue' enabled "$(cat "$DSA/devices/wq0.0/state")"
	expect_match 'list' '"state": *"enabled"' "$(accel-config list)"
}

t_dmatest_passes_on_a_kernel_queue() {
	local part out
	insmod /usr/local/lib/dmatest.ko
	echo 20000 > "$PARAM/timeout"
	echo 2 > "$PARAM/threads_per_chan"
	for part in 400:64 300:4096 200:65536 100:1048576; do
		echo "${part%:*}" > "$PARAM/iterations"
		echo "${part#*:}" > "$PARAM/test_buf_size"
		echo dma0chan0 > "$PARAM/channel"
		dmesg -C
		echo 1 > "$PARAM/run"
		cat "$PARAM/wait" > /dev/null
		out=$(dmesg | grep 'summary')
		echo "$out"
		expect_eq "summaries of $part" 2 "$(wc -l <<< "$out")"
		expect_eq "of $part without failures" 2 \
			"$(grep -c "summary ${part%:*} tests, 0 failures" <<< "$out")"
		say "$(grep -o 'dma0chan0.*' <<< "$out" | head -n 1)"
	done
	rmmod dmatest
}

t_queue_and_device_are_disabled() {
	accel-config disable-wq dsa0/wq0.0
	expect_eq 'queue' disabled "$(cat "$DSA/devices/wq0.0/state")"
	accel-config disable-device dsa0
	expect_eq 'device' disabled "$(cat "$DSA/devices/dsa0/state")"
}

# Disabled first: this driver oopses in idxd_wq_disable_cleanup() when an
# enabled device is unbound: a defect of its own
t_enabled_again_disabled_and_unbound() {
	t_device_and_queue_are_enabled
	t_queue_and_device_are_disabled
	echo "$PF" > /sys/bus/pci/drivers/idxd/unbind
	[ ! -e "$DSA/devices/dsa0" ] || fail 'dsa0 is still there'
}

t_bound_and_unloaded() {
	echo "$PF" > /sys/bus/pci/drivers/idxd/bind
	expect_eq 'device' disabled "$(cat "$DSA/devices/dsa0/state")"
	rmmod idxd
}

run_tests "$@"
