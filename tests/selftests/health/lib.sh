# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# For the tests of health: faults injected into the emulated device, and what
# the reporters and the kernel log say. Sourced after sf.sh. It must not use
# anything of the driver but its interfaces.

# inject PROPERTY VALUE: a fault of the device, see qemu-model.rst
inject() {
	vm-qmp "{\"execute\": \"qom-set\", \"arguments\":
		{\"path\": \"/machine/peripheral/dsa0\",
		 \"property\": \"$1\", \"value\": $2}}" > /dev/null
}

# hw ACTION [ARG..]: of the device's reporter
hw() {
	local action=$1
	shift
	# "dump show" are two words
	# shellcheck disable=SC2086
	devlink health $action "$DEV" reporter hw "$@"
}

# sf_reporter SFNUM ACTION [ARG..]: of a port's reporter
sf_reporter() {
	local port action=$2
	port=$(port_of "$1")
	shift 2
	# shellcheck disable=SC2086
	devlink health $action "$port" reporter sf "$@"
}

# hw_counts: "STATE ERRORS RECOVERIES"
hw_counts() {
	hw show | sed -n 's/.*state \([a-z]*\) error \([0-9]*\) recover \([0-9]*\).*/\1 \2 \3/p'
}

sf_counts() {
	sf_reporter "$1" show |
		sed -n 's/.*state \([a-z]*\) error \([0-9]*\) recover \([0-9]*\).*/\1 \2 \3/p'
}

# fresh: healthy, recovers by itself as often as asked, without a dump
fresh() {
	hw set grace_period 0 auto_recover false
	healthy || hw recover
	# Recovery on request begins a new burst
	hw test
	wait_for 10 failed
	hw recover
	hw set auto_recover true
	hw 'dump clear'
	dmesg -C
}

healthy() {
	[[ $(hw_counts) == healthy* ]]
}

failed() {
	[[ $(hw_counts) == error* ]]
}

# error_lines: lines of the driver in the kernel log that are errors
error_lines() {
	dmesg -l err,crit,alert,emerg | grep -c 'idxd' || true
}

# diagnosed SFNUM KEY: a value of the port's reporter
diagnosed() {
	sf_reporter "$1" diagnose -j | python3 -c "
import json, sys
value = json.load(sys.stdin)
for key in sys.argv[1].split('.'):
    value = value[int(key) if key.isdigit() else key]
print(value)" "$2"
}

# in_service SFNUM..: attached, and copies
in_service() {
	local nr
	for nr; do
		devlink port show "$(port_of "$nr")" |
			grep -q 'state active opstate attached' ||
			fail "SF $nr is not attached"
		sf-copy -q run -o move "$nr" > /dev/null
	done
}

# halting SFNUM [SECONDS]: starts a user that lives through a halt
halting() {
	sf-copy -q -t "${2:-20}" halt "$1" > "$T/halt.$1" 2>&1 &
	echo $! > "$T/halt.pid.$1"
	wait_for 20 grep -q '^ready' "$T/halt.$1" || {
		cat "$T/halt.$1"
		fail "SF $1: no user"
	}
}

# said SFNUM LINE
said() {
	grep -q "^$2" "$T/halt.$1"
}

# survived SFNUM: that user has seen the halt and copies again
survived() {
	wait_for 25 said "$1" 'copies again' || {
		cat "$T/halt.$1"
		fail "SF $1: does not copy again"
	}
	cat "$T/halt.$1"
}

# not_recovered SENTENCE: recovery on request is refused with it; the hardware may
# have changed, the rest has not
not_recovered() {
	(
		hardware() { :; }
		refused "$1" hw recover
	)
}

# given_up SENTENCE: so ended the last recovery, which nobody asked for
given_up() {
	expect_match 'last recovery' "last_recovery: $1( |\$)" "$(hw diagnose)"
	say "Reason: $1"
}

# lost SFNUM REASON: it is in state error, written as in the table of
# Documentation/devlink.rst
lost() {
	local reason
	expect_match "SF $1" 'state active opstate detached' \
		"$(devlink port show "$(port_of "$1")")"
	expect_eq state error "$(diagnosed "$1" state)"
	reason=$(diagnosed "$1" reason)
	expect_match reason "^$(sentence_pattern "$2")\$" "$reason"
	say "Reason: $reason"
}
