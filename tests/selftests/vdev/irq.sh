#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Interrupts of the virtual device: SET_IRQS, vectors that wait and vectors
# that change, irqbypass, and the ERR and REQ notifications.
# RUN: vm --cpus 2 --append iomem=relaxed
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/vdev/lib.sh
. "$(dirname "$0")/lib.sh"

TRACING=/sys/kernel/tracing

t_user_triggers_vectors() {
	try irq-trigger
}

t_vector_without_eventfd_waits() {
	try irq-waits
}

t_nothing_waits_while_off() {
	try irq-off
}

t_nothing_waits_beyond_a_reset() {
	try irq-old-life
}

t_eventfds_change_and_none_is_lost() {
	try irq-change
}

t_nonsense_is_refused() {
	try irq-refused
}

# count_calls FUNCTION: how often it was called, by the trace
count_calls() {
	grep -c ": $1:" "$TRACING/trace" || true
}

# Opening sets the vectors, the step sets them anew twice, closing ends it. The
# vector of errors has no interrupt and so no producer.
t_bypass_producers_come_and_go() {
	grep -q irq_bypass_register_producer /proc/kallsyms ||
		skip 'this kernel has no irqbypass'
	mountpoint -q "$TRACING" || mount -t tracefs tracefs "$TRACING"
	echo 'p:bypass_add irq_bypass_register_producer' \
		> "$TRACING/kprobe_events"
	echo 'p:bypass_del irq_bypass_unregister_producer' \
		>> "$TRACING/kprobe_events"
	echo 1 > "$TRACING/events/kprobes/enable"
	echo > "$TRACING/trace"
	sf-dev -q irq-bypass 7
	echo 0 > "$TRACING/events/kprobes/enable"
	grep 'bypass_' "$TRACING/trace"
	expect_eq 'producers registered' 3 "$(count_calls bypass_add)"
	expect_eq 'producers unregistered' 3 "$(count_calls bypass_del)"
	expect_match 'first' 'bypass_add' "$(grep -m 1 'bypass_' "$TRACING/trace")"
	expect_match 'last' 'bypass_del' \
		"$(grep 'bypass_' "$TRACING/trace" | tail -n 1)"
	say "3 irqbypass producers registered and unregistered"
}

t_everything_is_back() {
	leased | diff "$T/leased" -
}

# start_waiting STEP: it has the device open and waits for an index
start_waiting() {
	sf-dev -q "$1" 7 > "$T/waiting" 2>&1 &
	echo $! > "$T/waiter"
	wait_for 10 grep -q waiting "$T/waiting"
}

t_req_asks_to_let_go() {
	start_waiting irq-req
	echo "$PF" > /sys/bus/pci/drivers/idxd/unbind
	wait "$(cat "$T/waiter")"
	[ ! -e "/sys/bus/pci/drivers/idxd/$PF" ] || fail 'still bound'
	echo "$PF" > /sys/bus/pci/drivers/idxd/bind
}

# Its next command finds out that the device is gone
t_err_tells_that_the_device_is_gone() {
	sf_new 7
	start_waiting irq-err
	vm-qmp '{"execute": "qom-set", "arguments": {"path": "dsa0",
		"property": "inject-dead", "value": true}}' > /dev/null
	wait "$(cat "$T/waiter")"
	vm-qmp '{"execute": "qom-set", "arguments": {"path": "dsa0",
		"property": "inject-dead", "value": false}}' > /dev/null
}

t_every_step_is_tried() {
	local step missing=''
	for step in $(sf-dev list irq); do
		grep -qE "(try|-q|start_waiting) $step\b" "$0" || missing+=" $step"
	done
	expect_eq 'steps without a test' '' "$missing"
}

run_tests "$@"
