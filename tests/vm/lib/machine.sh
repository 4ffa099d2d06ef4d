# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # vm_* come from common.sh
#
# machine.sh - what L1 and L2 have in common: the working directory of a run,
# the configuration for init, starting vmrun, and judging the kernel log.
# Needs common.sh.
#
# The scripts that use it set these before machine_start:
machine_qemu=()		# QEMU and its arguments
machine_timeout=600
machine_keep_going=0
machine_log=		# where the kernel log goes, or empty
machine_vmrun=()	# more arguments for vmrun
machine_name=L1

# Text that a healthy kernel does not print.
machine_splats='\bWARNING: |\bBUG: |kernel BUG|Oops: |Kernel panic|'
machine_splats+='general protection fault|unable to handle (kernel|page)|'
machine_splats+='possible circular locking|possible recursive locking|'
machine_splats+='possible irq lock inversion|inconsistent lock state|'
machine_splats+='suspicious RCU usage|INFO: trying to register non-static key|'
machine_splats+='KASAN: |KCSAN: |UBSAN: |blocked for more than|soft lockup|'
machine_splats+='hard LOCKUP|rcu.*(self-detected|detected).* stall|'
machine_splats+='scheduling while atomic|sleeping function called from invalid|'
machine_splats+='refcount_t: |list_(add|del) corruption|cut here'

machine_tmp=
machine_pid=

# A private directory; whatever ends this script removes it and the machine.
machine_begin() {
	machine_tmp=$(mktemp -d "${TMPDIR:-/tmp}/idxd-sf-vm.XXXXXX")
	: > "$machine_tmp/config"
	: > "$machine_tmp/serial.log"
	: > "$machine_tmp/kmsg.log"
	: > "$machine_tmp/qemu.log"
	trap machine_end EXIT
	trap 'machine_signal 1' HUP
	trap 'machine_signal 2' INT
	trap 'machine_signal 15' TERM
}

machine_signal() {
	trap '' HUP INT TERM
	exit $((128 + $1))
}

machine_end() {
	if [[ -n $machine_pid ]]; then
		kill "$machine_pid" 2>/dev/null || true
		wait "$machine_pid" 2>/dev/null || true
	fi
	[[ -z $machine_tmp ]] || rm -rf -- "$machine_tmp"
}

# config KEY VALUE..: one record for init; values are its tab-separated fields.
config() {
	local IFS=$'\t' key=$1
	shift
	[[ "$*" != *$'\n'* || $key == arg || $key == env ]] ||
		die "a path has a line break"
	printf '%s=%s\0' "$key" "$*" >> "$machine_tmp/config"
}

# Devices that init's port and vm-qmp need; descriptors 10..13 are vmrun's.
machine_port_args() {
	# shellcheck disable=SC2054 # QEMU's commas
	machine_qemu+=(
		-chardev socket,id=agent,fd=10
		-chardev socket,id=qmp-port,fd=11
		-chardev socket,id=qmp-monitor,fd=12
		-mon chardev=qmp-monitor,mode=control
		-chardev socket,id=quit,fd=13
		-mon chardev=quit,mode=control
		-device "virtio-serial-pci,id=ports,bus=pcie.0,addr=$1"
		-device virtserialport,bus=ports.0,nr=1,chardev=agent,name=idxd-sf.agent
		-device virtserialport,bus=ports.0,nr=2,chardev=qmp-port,name=idxd-sf.qmp)
}

# machine_start: run the machine and end with COMMAND's exit status.
machine_start() {
	local vmrun status=0

	vmrun=${VM_VMRUN-}
	[[ -n $vmrun ]] || vmrun=$(program vmrun vmrun.c monitor.c) ||
		die "cannot build vmrun"
	"$vmrun" --config "$machine_tmp/config" --kmsg "$machine_tmp/kmsg.log" \
		--qemu-log "$machine_tmp/qemu.log" \
		--timeout "$machine_timeout" "${machine_vmrun[@]}" \
		-- "${machine_qemu[@]}" <&0 &
	machine_pid=$!
	wait "$machine_pid" || status=$?
	machine_pid=
	machine_judge "$status"
}

# The serial console has what the kernel said before and beyond the agent: the
# early boot and a panic.  The agent's log has everything in between.
machine_judge() {
	local status=$1 splat=

	[[ -z $machine_log ]] ||
		cat "$machine_tmp"/{qemu,serial,kmsg}.log > "$machine_log"
	if ((!machine_keep_going)) &&
		grep -hE "$machine_splats" "$machine_tmp"/{serial,kmsg}.log |
		sort -u > "$machine_tmp/splats"; then
		splat=$(wc -l < "$machine_tmp/splats")
		say "$machine_name: the kernel log has $splat alarming line(s)" \
			"(the command's exit status was $status):"
		machine_excerpt
		exit 120
	fi
	if ((status == 124 || status == 125)); then
		machine_tail qemu.log
		machine_tail serial.log
		machine_tail kmsg.log
	fi
	exit "$status"
}

# Each alarming line with what follows, from the log that has more of them.
machine_excerpt() {
	local log=kmsg.log

	(($(grep -cE "$machine_splats" "$machine_tmp/serial.log") <= \
		$(grep -cE "$machine_splats" "$machine_tmp/kmsg.log"))) ||
		log=serial.log
	grep -hE -B 3 -A 50 "$machine_splats" "$machine_tmp/$log" |
		head -n 150 | sed 's/^/    /' >&2
}

machine_tail() {
	[[ -s $machine_tmp/$1 ]] || return 0
	say "$machine_name: end of ${1%.log}:"
	tail -n 40 "$machine_tmp/$1" | sed 's/^/    /' >&2
}

# config_command WORD..: the command, one record a word.
config_command() {
	local word

	for word; do
		config arg "$word"
	done
}
