#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Data through subfunctions from guests (L2) whose kernel, idxd driver and
# dmatest are the distribution's: two guests at the same time on two
# subfunctions, while the interrupts of one move between the CPUs. Guests take
# a minute or more to boot here, so one pair serves all tests.
# RUN: vm --cpus 2 --append iomem=relaxed --mem 4G
# TIMEOUT: 1500

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=1000

# 1,000 iterations on each of 2 threads, 64 B to 1 MiB. dmatest fills and
# compares all of its buffer a byte at a time with the CPU, so the large ones
# are few.
PARTS='600:64 300:4096 80:65536 15:262144 5:1048576'

start_guest() {
	{
		local status=0
		"$TOP/tests/vm/guest" --sf "$1" --timeout 1200 \
			--file "$TOP/tests/selftests/l2.sh:/l2.sh" \
			--file "$TOP/tests/selftests/in-l2.sh:/in-l2.sh" \
			-- sh /in-l2.sh "$2" > "$T/guest.$1" 2>&1 || status=$?
		echo "$status" > "$T/status.$1"
	} &
	echo $! > "$T/pid.$1"
	watch_counters "$1" &
}

# watch_counters SFNUM: the host's counts before and after dmatest; the guest
# pauses there
watch_counters() {
	wait_for 900 reached "$1" 'dmatest starts' || return
	sleep 2
	stat_of "$1" bar_accesses > "$T/traps.$1.before"
	wait_for 900 reached "$1" 'dmatest has ended' || return
	stat_of "$1" bar_accesses > "$T/traps.$1.after"
	ims_count "$1" > "$T/ims.$1"
}

# reached SFNUM LINE: the guest printed it, or is gone
reached() {
	grep -q "^$2" "$T/guest.$1" || ! kill -0 "$(cat "$T/pid.$1")" 2> /dev/null
}

guest_gets_to() {
	wait_for "$3" reached "$1" "$2" || true
	grep -q "^$2" "$T/guest.$1" || {
		tail -n 40 "$T/guest.$1"
		fail "SF $1: the guest does not get to: $2"
	}
}

setup_file() {
	load
	sf_new 7 8
	start_guest 7 "$PARTS"
	start_guest 8 "$PARTS"
}

t_both_guests_have_the_device_enabled() {
	local nr
	for nr in 7 8; do
		guest_gets_to "$nr" 'dmatest starts' 600
		grep -q 'device enabled, queue enabled' "$T/guest.$nr"
		grep -qE '8086:11fb' "$T/guest.$nr"
	done
	say "$(grep 8086:11fb "$T/guest.7" | head -n 1)"
}

t_affinity_moves_while_they_copy() {
	local mover irqs
	irqs=$(ims_irqs 7)
	[ -n "$irqs" ] || fail 'no IMS interrupt'
	# shellcheck disable=SC2086 # a list of numbers
	irq-move 10 $irqs > "$T/moves" &
	mover=$!
	guest_gets_to 7 'dmatest has ended' 900
	kill "$mover" 2> /dev/null || true
	wait "$mover"
	say "$(cat "$T/moves") moves of the interrupt between 2 CPUs"
	[ "$(cat "$T/moves")" -gt 100 ] || fail "$(cat "$T/moves") moves only"
}

t_dmatest_passes_in_both() {
	local nr part
	for nr in 7 8; do
		guest_gets_to "$nr" 'dmatest has ended' 900
		cat "$T/guest.$nr"
		for part in $PARTS; do
			expect_eq "SF $nr, $part, threads without failures" 2 \
				"$(grep -c "^${part#*:} bytes: .* summary ${part%:*} tests, 0 failures" \
					"$T/guest.$nr")"
		done
	done
	grep '^[0-9]* bytes:' "$T/guest.7" | sed -n 's/dmatest: //; 1~2p' \
		> "$T/summaries"
	while IFS= read -r nr; do
		say "$nr"
	done < "$T/summaries"
}

t_nothing_trapped_meanwhile() {
	local nr
	for nr in 7 8; do
		wait_for 10 test -s "$T/ims.$nr"
		expect_eq "SF $nr: BAR accesses that trapped" \
			"$(cat "$T/traps.$nr.before")" "$(cat "$T/traps.$nr.after")"
		say "SF $nr: 0 BAR accesses trapped while dmatest ran"
	done
}

t_interrupts_reached_both() {
	local nr ims msix
	for nr in 7 8; do
		guest_gets_to "$nr" 'MSI-X interrupts: ' 120
		ims=$(cat "$T/ims.$nr")
		msix=$(sed -n 's/^MSI-X interrupts: //p' "$T/guest.$nr")
		[ "$ims" -gt 0 ] || fail "SF $nr: no IMS interrupt"
		[ "${msix:-0}" -gt 0 ] || fail "SF $nr: no MSI-X interrupt"
		say "SF $nr: $ims IMS interrupts in L1, $msix MSI-X interrupts in L2"
	done
}

t_guests_end_and_leave_nothing() {
	local nr
	for nr in 7 8; do
		wait_for 120 guest_gone "$nr" || fail "SF $nr: the guest does not end"
		# Also not 0 when the guest's kernel log has a warning
		expect_eq "SF $nr: status of the guest" 0 "$(cat "$T/status.$nr")"
	done
	sf_del 7 8
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

guest_gone() {
	! kill -0 "$(cat "$T/pid.$1")" 2> /dev/null
}

run_tests "$@"
