#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# accel-config's own dsa_test on user-type dedicated queues, for every
# operation and batch it supports. It needs SVA, which works on Debian's 7.3.
# What is left out is shown by the last test but one.
# RUN: vm --stock --kernel 7.3 --cpus 2
# TIMEOUT: 900

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=400
DSA=/sys/bus/dsa/devices
DSA_TEST=/usr/libexec/accel-config/test/dsa_test

# Page faults are not recoverable here, and khugepaged makes some: it takes the
# pages of a buffer away to give back a huge one. Created delta records are then
# empty, which dsa_test takes for passed, and for failed when it applies them.
setup_file() {
	echo never > /sys/kernel/mm/transparent_hugepage/enabled
	modprobe idxd
	accel-config config-engine dsa0/engine0.0 --group-id=0
	accel-config config-wq dsa0/wq0.0 --group-id=0 --mode=dedicated \
		--type=user --name=app1 --driver-name=user --wq-size=16 \
		--priority=10
	accel-config enable-device dsa0
	accel-config enable-wq dsa0/wq0.0
}

# pass WHAT ARG..: dsa_test's exit status is the verdict
pass() {
	local what=$1 status=0
	shift
	timeout 60 "$DSA_TEST" -w 0 -t 10000 "$@" > "$T/dsa_test" 2>&1 || status=$?
	if [ "$status" -ne 0 ]; then
		cat "$T/dsa_test"
		fail "$what: dsa_test $*: status $status"
	fi
}

# operations LENGTHS: an opcode and its name a line on standard input
operations() {
	local op name len flag list=''
	while read -r op name; do
		for len in $1; do
			for flag in 0x0 0x1; do
				pass "$name" -o "$op" -l "$len" -f "$flag"
			done
		done
		list+=" $name($op)"
		echo "$op" >> "$T/single"
	done
	say "single:$list; bytes: $1"
}

# batches LENGTHS: likewise, 16 to a batch
batches() {
	local op name len flag list=''
	while read -r op name; do
		for len in $1; do
			for flag in 0x0 0x1; do
				pass "batch of $name" -o 0x1 -b "$op" -c 16 -l "$len" \
					-f "$flag"
			done
		done
		list+=" $name($op)"
		echo "$op" >> "$T/batched"
	done
	say "batch of 16:$list; bytes: $1"
}

t_pasid_is_enabled() {
	expect_eq pasid_enabled 1 "$(cat "$DSA/dsa0/pasid_enabled")"
	expect_eq queue enabled "$(cat "$DSA/wq0.0/state")"
}

t_single_operations() {
	operations '1 4096 65536 1048576' << 'END'
0x0 noop
0x2 drain
0x3 memmove
0x4 fill
0x5 compare
0x6 compare-pattern
0x9 dualcast
0x10 crc
0x11 copy-crc
0x20 cache-flush
END
}

t_delta_records() {
	operations '4096 65536 524280' << 'END'
0x7 create-delta
0x8 apply-delta
END
}

t_dif_operations() {
	operations '512 1024 4096' << 'END'
0x12 dif-check
0x13 dif-insert
0x14 dif-strip
0x15 dif-update
END
}

t_batches() {
	batches '1 4096 65536' << 'END'
0x0 noop
0x3 memmove
0x4 fill
0x5 compare
0x6 compare-pattern
0x9 dualcast
0x10 crc
0x11 copy-crc
0x20 cache-flush
END
}

t_batches_of_delta_records() {
	batches '4096 65536' << 'END'
0x7 create-delta
0x8 apply-delta
END
}

t_batches_of_dif_operations() {
	batches '512 4096' << 'END'
0x12 dif-check
0x13 dif-insert
0x14 dif-strip
0x15 dif-update
END
}

t_many_descriptors() {
	pass many -o 0x3 -l 4096 -n 64
	pass many -o 0x1 -b 0x3 -c 32 -l 4096 -n 8
}

# operations_of_the_device: its OPCAP, a number a line as above
operations_of_the_device() {
	local words low bit
	IFS=, read -ra words < "$DSA/dsa0/op_cap"
	low=$((0x${words[-2]} << 32 | 0x${words[-1]}))
	for ((bit = 0; bit < 64; bit++)); do
		[ $((low >> bit & 1)) = 0 ] || printf '0x%x\n' "$bit"
	done
}

# not_in FILE [OP..]: operations of the device that are in neither
not_in() {
	local file=$1
	shift
	operations_of_the_device | sort |
		comm -23 - <(sort -u "$file" <(printf '%s\n' "$@")) | xargs
}

# Each by its name, with the reason, which is seen to be true
t_what_is_left_out_and_why() {
	expect_eq 'operations that were not run' '' "$(not_in "$T/single" 0x1)"
	say 'left out, single: none but batch (0x1), which the batches are'
	expect_eq 'operations that were in no batch' '' \
		"$(not_in "$T/batched" 0x1 0x2)"
	say 'left out, in batches: batch (0x1) and drain (0x2), which DSA forbids there'
	! grep -qw enqcmd /proc/cpuinfo || fail 'this CPU has ENQCMD'
	say 'left out, shared queues (-w 1): they take ENQCMD, which an emulated CPU' \
		'has not, and so the model has none'
	expect_eq 'block on fault' 0 "$(cat "$DSA/wq0.0/block_on_fault")"
	expect_fails tee "$DSA/wq0.1/block_on_fault" <<< 1
	say 'left out, page requests (-f 0x1 blocks on faults where a queue allows it):' \
		'the model sends none, GENCAP bit 0 is 0'
}

t_disabled_again() {
	accel-config disable-wq dsa0/wq0.0
	accel-config disable-device dsa0
	expect_eq device disabled "$(cat "$DSA/dsa0/state")"
	rmmod idxd
}

run_tests "$@"
