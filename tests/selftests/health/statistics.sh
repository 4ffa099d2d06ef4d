#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Statistics of a subfunction against what happened to it, and against the
# tracepoints over its whole life.
# RUN: vm --no-l2 --append iomem=relaxed
# TIMEOUT: 200

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/golden.sh
. "$TOP/tests/selftests/golden.sh"
# shellcheck source=tests/selftests/health/lib.sh
. "$TOP/tests/selftests/health/lib.sh"

TRACING=/sys/kernel/tracing

setup_file() {
	load
	sf_new 7 8
	hw set grace_period 0
	mountpoint -q "$TRACING" || mount -t tracefs none "$TRACING"
}

# counts SFNUM KEY..: values of its reporter
counts() {
	local nr=$1 key
	shift
	for key; do
		diagnosed "$nr" "$key"
	done | xargs
}

KINDS=(errors.{total,translation,descriptor,handle,hardware,other})

# Errors of hardware and of no kind cannot be made by a descriptor: which code is
# of which kind is tested by unit/test-decode.c
t_error_of_each_kind_is_counted() {
	expect_eq 'at first' '0 0 0 0 0 0' "$(counts 7 "${KINDS[@]}")"
	sf-copy swerr 7
	expect_eq 'one each' '3 1 1 1 0 0' "$(counts 7 "${KINDS[@]}")"
	expect_eq overflows 0 "$(diagnosed 7 errors.overflows)"
	expect_match last 'error: invalid interrupt handle' \
		"$(sf_reporter 7 diagnose)"
	expect_eq 'of the other' '0 0 0 0 0 0' "$(counts 8 "${KINDS[@]}")"
}

t_commands_accesses_and_interrupts_are_counted() {
	local commands accesses irqs now
	read -r commands accesses irqs <<< "$(counts 8 statistics.commands \
		statistics.trapped_accesses statistics.interrupts.1)"
	sf-copy -q run -o move -n 3 8 > /dev/null
	# Reset, handle, enable twice, disable twice, release
	expect_eq commands $((commands + 7)) \
		"$(diagnosed 8 statistics.commands)"
	now=$(diagnosed 8 statistics.trapped_accesses)
	[ "$now" -gt "$accesses" ] || fail 'no accesses'
	now=$(diagnosed 8 statistics.interrupts.1)
	[ "$now" -gt "$irqs" ] || fail 'no interrupts'
	expect_eq 'in sysfs' "$(diagnosed 8 statistics.commands)" \
		"$(stat_of 8 commands)"
	expect_eq drops 0 "$(diagnosed 8 statistics.portal_drops)"
}

# reset_while_busy STEP SFNUM: of sf-dev, which wants slow engines
reset_while_busy() {
	inject engine-delay-us 3000
	sf-dev -q "$1" "$2"
	inject engine-delay-us 0
}

resets_and_zaps() {
	counts "$1" statistics.resets statistics.portal_zaps
}

t_resets_are_counted_and_unmap_portals() {
	local resets zaps nr
	for nr in 7 8; do
		sf_state "$nr" inactive
		sf_state "$nr" active
	done
	expect_eq 'of a new one' '0 0' "$(resets_and_zaps 7)"
	sf-copy -q info 7 > /dev/null
	# Closing unmaps them
	expect_eq 'opened and closed' '0 1' "$(resets_and_zaps 7)"
	reset_while_busy reset-vfio 7
	read -r resets zaps <<< "$(resets_and_zaps 7)"
	expect_eq 'by VFIO' '1 3' "$resets $zaps"
	reset_while_busy reset-flr 7
	read -r resets zaps <<< "$(resets_and_zaps 7)"
	expect_eq 'by the guest' 2 "$resets"
	expect_eq 'in sysfs' "$zaps" "$(stat_of 7 zaps)"
	expect_eq 'of the other' '0 0' "$(resets_and_zaps 8)"
}

t_halt_and_recovery_unmap_portals_once_each() {
	local before after
	halting 8
	before=$(diagnosed 8 statistics.portal_zaps)
	inject inject-halt 0
	survived 8
	after=$(diagnosed 8 statistics.portal_zaps)
	# To nowhere, back to the device; and at the end it was closed
	wait "$(cat "$T/halt.pid.8")" || true
	say "portals unmapped $((after - before)) times"
	[ $((after - before)) -ge 2 ] || fail "$before, $after"
	expect_eq resets 0 "$(diagnosed 8 statistics.resets)"
}

trace_on() {
	echo 0 > "$TRACING/tracing_on"
	echo > "$TRACING/trace"
	echo 1 | tee "$TRACING/events/idxd/enable" \
		"$TRACING/events/idxd_vfio/enable" > /dev/null
	echo 1 > "$TRACING/tracing_on"
}

trace_off() {
	echo 0 | tee "$TRACING/tracing_on" "$TRACING/events/idxd/enable" \
		"$TRACING/events/idxd_vfio/enable" > /dev/null
}

# traced EVENT [PATTERN]: lines of it
traced() {
	grep -c ": $1: .*${2:-}" "$T/trace" || true
}

# The life without registers, whose number is another matter, and without numbers
# that are the machine's
life() {
	sed -n 's/^[^#].*: \(idxd_[a-z_]*\): dev=[^ ]* \(.*\)$/\1 \2/p' "$T/trace" |
		sed -E '/_accessed /d; s/ us=[0-9]+//; s/(index|nr_leased)=[0-9]+ ?//g
			s/operand=0x[0-9a-f]+/operand=N/; s/ *$//'
}

t_whole_life_is_traced_golden() {
	remove_all
	trace_on
	sf_add 11
	sf_state 11 active
	sf-copy -q run -o move -s 4096 11 > /dev/null
	reset_while_busy reset-vfio 11
	counts 11 statistics.commands statistics.resets \
		statistics.trapped_accesses > "$T/counts"
	sf_state 11 inactive
	sf_del 11
	trace_off
	cp "$TRACING/trace" "$T/trace"
	golden trace-states.txt states
	golden trace-leases.txt leases
}

states() {
	life | grep -E '^idxd_(sf_changed|vdev_)'
}

leases() {
	life | grep '^idxd_res_'
}

t_counters_are_the_number_of_events() {
	local commands resets accesses
	read -r commands resets accesses < "$T/counts"
	say "$commands commands, $resets resets, $accesses accesses"
	expect_eq commands "$commands" "$(traced idxd_vcmd_completed)"
	expect_eq resets "$resets" "$(traced idxd_vdev_reset)"
	expect_eq accesses "$accesses" "$(traced idxd_vdev_bar_accessed)"
	expect_eq opened 2 "$(traced idxd_vdev_opened)"
	expect_eq closed 2 "$(traced idxd_vdev_closed)"
	# What was leased was given back
	expect_eq leased "$(traced idxd_res_leased)" "$(traced idxd_res_released)"
	expect_eq lost 0 "$(sed -n 's/^# entries-in-buffer.*: //p' "$T/trace" |
		awk -F '[/ ]+' '{ print $2 - $1 }')"
}

t_failure_and_recovery_are_traced() {
	sf_new 11
	trace_on
	hw test
	wait_for 10 healthy
	sleep 0.2
	trace_off
	cp "$TRACING/trace" "$T/trace"
	expect_eq failed 1 "$(traced idxd_event_failed)"
	expect_eq halted 1 "$(traced idxd_vdev_halted)"
	expect_eq lost 1 "$(traced idxd_sf_changed 'event=fail from=attached to=error')"
	expect_eq resumed 1 "$(traced idxd_vdev_resumed 'arg=0x0$')"
	expect_eq recovered 1 "$(traced idxd_health_recovered 'err=0$')"
	expect_eq 'in service' 1 "$(traced idxd_sf_changed 'to=attached')"
}

t_unload_leaves_nothing() {
	remove_all
	unload
}

run_tests "$@"
