#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The device goes away below a guest (L2) whose dmatest runs: its driver is
# unbound, it is pulled out of its port, it dies. Each time the subfunction was
# plugged into a hot-plug port of the guest, and QEMU takes it out when asked. A
# guest each, which ends then: the stock driver of 6.12 frees a channel with the
# device, and panics when dmatest gives it back later. Slow engines, so that the
# guest's clock does not stand still while it copies.
# RUN: vm --append iomem=relaxed --dsa-port --dsa-opt engine-delay-us=20000
# TIMEOUT: 600

PF=0000:01:00.0
# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"
# shellcheck source=tests/selftests/guest/lib.sh
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=200

DRIVER=/sys/bus/pci/drivers/idxd

# shellcheck disable=SC2016 # the guest's shell expands
SCRIPT='function=/sys/bus/pci/devices/0000:01:00.0
until [ -e $function ]; do usleep 200000; done
sh /l2.sh forever > /tmp/forever 2>&1 &
until grep -q "dmatest is running" /tmp/forever; do usleep 200000; done
echo "it copies"
while [ -e $function ]; do usleep 200000; done
echo "it is gone"'

setup_file() {
	load
	modprobe vfio_iommu_type1
	first_lease > "$T/first_lease"
	leased > "$T/leased"
}

# start_guest: with a new subfunction plugged in, it copies
start_guest() {
	rm -f "$T/guest" "$T/qmp" "$T/qemu"
	"$TOP/tests/vm/guest" --qmp "$T/qmp" --pidfile "$T/qemu" --timeout 300 \
		--log "$T/guest.log" --keep-going-on-splat \
		--file "$TOP/tests/selftests/l2.sh:/l2.sh" \
		-- sh -c "$SCRIPT" > "$T/guest" 2>&1 &
	echo $! > "$T/pid"
	plug
	copies
}

# plug: a new subfunction into the guest
plug() {
	local name
	dmesg -C
	sf_new 7
	name=$(basename "$(companion_of 7)")
	wait_for 60 guest_qmp query-status || no_guest 'does not answer'
	guest_qmp device_add "{\"driver\": \"vfio-pci\", \"id\": \"sf7\",
		\"bus\": \"plug\",
		\"sysfsdev\": \"/sys/bus/platform/devices/$name\"}"
}

# copies: the guest's driver is bound, and interrupts keep coming
copies() {
	local before
	gets_to 'it copies' 120
	before=$(ims_count 7)
	wait_for 30 more_than "$before" || fail 'the guest does not copy'
}

more_than() {
	[ "$(ims_count 7)" -gt $(($1 + 20)) ]
}

told() {
	grep -q 'Waiting for' <<< "$(dmesg)"
}

# named: the log soon says that QEMU is waited for
named() {
	wait_for 30 told || fail "$(dmesg)"
	expect_match log "idxd-sf.*Waiting for qemu-system-x86 \($(cat "$T/qemu")\) to close it\$" \
		"$(dmesg)"
	say "$(dmesg | sed -n 's/^\[[ 0-9.]*\] //; /Waiting for/p')"
}

unbound() {
	test ! -e "/sys/bus/pci/devices/$PF/driver"
}

bound() {
	test -e "/sys/bus/pci/devices/$PF/driver"
}

all_is_back() {
	expect_eq 'leased' "$(cat "$T/leased")" "$(leased)"
	expect_eq 'first lease' "$(cat "$T/first_lease")" "$(first_lease)"
}

t_unbinding_has_qemu_unplug_it() {
	local since
	start_guest
	since=$SECONDS
	echo "$PF" > "$DRIVER/unbind" &
	named
	gets_to 'it is gone' 120
	wait_for 30 unbound || fail 'the unbinding does not end'
	say "unbound $((SECONDS - since)) s after it was asked for"
	expect_eq 'errors' '' "$(dmesg -l err,crit,alert,emerg)"
	echo "$PF" > "$DRIVER/bind"
	all_is_back
}

t_pulled_out_of_its_port_it_is_unplugged_too() {
	local since
	start_guest
	since=$SECONDS
	vm-qmp '{"execute": "device_del", "arguments": {"id": "dsa0"}}'
	named
	gets_to 'it is gone' 120
	wait_for 60 test ! -e "/sys/bus/pci/devices/$PF" ||
		fail 'the device does not go'
	say "gone $((SECONDS - since)) s after the button was pressed"
	expect_eq 'errors' '' "$(dmesg -l err,crit,alert,emerg)"
	wait_for 20 put_back
	wait_for 30 bound
	all_is_back
}

put_back() {
	vm-qmp '{"execute": "device_add", "arguments": {"driver": "intel-dsa",
		"id": "dsa0", "bus": "port0", "engine-delay-us": 20000}}'
}

# All registers read ones. QEMU stops the guest then, so that it cannot let go,
# unless it was about to.
t_dead_below_the_guest_it_stops_the_guest() {
	start_guest
	inject inject-dead true
	echo "$PF" > "$DRIVER/unbind" &
	named
	wait_for 20 guest_stopped || fail "$(guest_qmp query-status)"
	expect_eq 'errors' 1 "$(error_lines)"
	expect_match 'error' 'device is gone' "$(dmesg -l err)"
	if bound; then
		say 'stopped, and the unbinding waits'
	else
		say 'let go just before it was stopped'
	fi
}

guest_stopped() {
	grep -q '"internal-error"' <<< "$(guest_qmp query-status)"
}

t_killed_it_lets_the_unbinding_end() {
	kill -9 "$(cat "$T/qemu")"
	wait_for 10 unbound || fail 'the unbinding does not end'
	# What comes back has no configuration, so it has to be found again
	echo 1 > "/sys/bus/pci/devices/$PF/remove"
	inject inject-dead false
	echo 1 > /sys/bus/pci/rescan
	wait_for 10 bound
	all_is_back
}

t_unloading_works() {
	wait_for 30 guest_gone
	unload
}

run_tests "$@"
