# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # set and read across sourced files
#
# l2.sh - what L2 is made of: the subfunctions, QEMU's arguments, the kernel's
# command line, the command.  Needs common.sh and machine.sh; the l2_* variables
# are tests/vm/guest's options, VM_* come from tests/vm/run.

# l2_find_sf SFNUM: the vfio device below the auxiliary device with this number.
l2_find_sf() {
	local number=$1 aux found=()

	[[ $number =~ ^[0-9]+$ ]] || die "--sf wants the sfnum of a subfunction"
	for aux in /sys/bus/auxiliary/devices/idxd.sf.*; do
		[[ -r $aux/sfnum && $(< "$aux/sfnum") == "$number" ]] ||
			continue
		[[ -z $l2_pf || $(realpath "$aux") == */"$l2_pf"/* ]] ||
			continue
		found+=("$aux")
	done
	((${#found[@]})) || die "no active subfunction has sfnum $number"
	((${#found[@]} == 1)) ||
		die "sfnum $number exists on several devices: give --pci"
	for aux in "${found[0]}"/idxd-sf.*; do
		[[ -e $aux/iommu_group ]] || continue
		l2_sysfsdev+=("/sys/bus/platform/devices/${aux##*/}")
		return
	done
	die "the subfunction with sfnum $number has no vfio device: is idxd_vfio loaded?"
}

# L2's clock counts its instructions while it computes, and follows ours while it
# is idle.  By our clock, its 250 ticks a second would take most of its time.
l2_icount=shift=4,sleep=on

l2_machine() {
	local path address=5

	machine_qemu=("$l2_qemu" -nodefaults -no-user-config -display none
		-M 'q35,kernel-irqchip=off'
		-accel tcg -icount "$l2_icount" -cpu 'max,la57=off'
		-smp "$l2_cpus" -m "$l2_mem"
		-L /usr/share/qemu -L /usr/share/seabios
		-kernel "$VM_L2_KERNEL" -initrd "$VM_L2_INITRAMFS"
		-append "$(l2_command_line)"
		-chardev "file,id=serial,path=$machine_tmp/serial.log"
		-serial chardev:serial)
	((l2_reboot)) || machine_qemu+=(-no-reboot)
	machine_port_args 0x2
	# Empty: what is to come and go while L2 runs
	machine_qemu+=(-device "pcie-root-port,id=plug,bus=pcie.0,addr=0x3,chassis=1,slot=1")
	((!${#l2_sysfsdev[@]})) || modprobe -q vfio_iommu_type1 || true
	for path in "${l2_sysfsdev[@]}"; do
		machine_qemu+=(-device "vfio-pci,sysfsdev=$path,id=sf$((address - 5)),bus=pcie.0,addr=$(printf '0x%x' $address)")
		address=$((address + 1))
	done
	[[ -z $l2_qmp ]] ||
		machine_qemu+=(-qmp "unix:$l2_qmp,server=on,wait=off")
	[[ -z $l2_pidfile ]] || machine_qemu+=(-pidfile "$l2_pidfile")
	[[ -z $l2_trace ]] || machine_qemu+=(-trace "enable=$l2_trace"
		-D "${OUT:-/tmp}/trace-l2.log")
	machine_qemu+=("${l2_qemu_args[@]}")
}

# The slowest of what the kernel initialises unasked: self-tests, keyrings,
# tracing, BPF.
l2_left_out=jent_mod_init,crypto_kdf108_init,init_encrypted,trace_eval_init
l2_left_out+=,bpf_tcp_ca_kfunc_init,bpf_dummy_struct_ops_init,inet6_init
l2_left_out+=,tracer_init_tracefs,load_system_certificate_list,iosf_mbi_init
l2_left_out+=,digsig_init,selnl_init,i8042_init,cmos_init,init_ima,init_evm

# L2 is emulated by an emulated CPU: 20 times slower than L1.  What a guest with
# one device does not need is left out; nothing here concerns idxd.
l2_command_line() {
	local words="rdinit=/init console=ttyS0 loglevel=5 panic=-1"

	words+=" mitigations=off nokaslr audit=0 random.trust_cpu=on"
	words+=" nowatchdog rcupdate.rcu_cpu_stall_suppress=1 printk.devkmsg=on"
	words+=" lsm=capability rodata=off initcall_blacklist=$l2_left_out"
	words+=" tsc=reliable no_timer_check 8250.nr_uarts=1 cryptomgr.notests"
	((machine_keep_going)) || words+=" oops=panic"
	printf '%s\n' "$words$l2_append"
}

# Files of the caller's, for init to unpack.
l2_upload() {
	local spec from to root=$machine_tmp/files

	((${#l2_files[@]})) || return 0
	for spec in "${l2_files[@]}"; do
		from=${spec%%:*} to=$spec
		[[ $spec == *:* ]] && to=${spec#*:}
		mkdir -p "$root/$(dirname "$to")"
		cp -rL -- "$from" "$root/$to" || die "no file $from"
	done
	(cd "$root" && find . -mindepth 1 | cpio -o -H newc -R 0:0 --quiet) \
		> "$machine_tmp/upload.cpio"
	machine_vmrun+=(--upload "$machine_tmp/upload.cpio")
	config unpack /
}

# l2_state FILE: what QEMU calls it.  Before 8.2 it only knows programs that
# read and write.
l2_state() {
	if [[ $l2_qemu != "${VM_L2_QEMU-}" ]]; then
		echo "file:$1"
	elif [[ -n $l2_save ]]; then
		echo "exec:cat > $1"
	else
		echo "exec:cat $1"
	fi
}

# A boot takes a minute or more in L1, but seconds outside.  So tests/vm/run has
# had L2 boot outside, on the same QEMU, and kept its state at the moment its
# init waits for the configuration.  The devices come only here.
l2_restore() {
	machine_vmrun+=(--restored)
	machine_qemu+=(-incoming "$(l2_state "$VM_L2_STATE")")
	config write /sys/bus/pci/rescan 1
}

l2_job() {
	local name

	l2_upload
	if [[ -n $l2_save ]]; then
		machine_vmrun+=(--save "$(l2_state "$l2_save")")
	elif ((!l2_cold)) && [[ -r ${VM_L2_STATE-} ]]; then
		l2_restore
	fi
	config mkdir /dev/pts
	config mount devpts devpts /dev/pts gid=5,mode=620,ptmxmode=666
	config link /proc/self/fd /dev/fd
	config try debugfs debugfs /sys/kernel/debug ''
	config cwd /root
	config env PATH=/bin
	config env HOME=/root
	config env "TERM=${TERM:-dumb}"
	for name in "${l2_env[@]}"; do
		[[ $name == *=* ]] || name="$name=${!name-}"
		config env "$name"
	done
	((!l2_interactive)) || config tty 1
	((!l2_interactive)) || machine_vmrun+=(--tty)
	((!l2_stdin)) || machine_vmrun+=(--stdin)
	config_command "${l2_command[@]}"
}
