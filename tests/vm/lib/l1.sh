# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # set and read across sourced files
#
# l1.sh - what L1 is made of: QEMU's arguments, the kernel's command line, the
# file systems init is to mount, the command.  Needs the other files of lib/;
# the l1_* variables are tests/vm/run's options.
#
# PCI addresses on pcie.0: 02 .. 04 and 10 on are the test bed's own devices,
# 05 .. 0c the DSA devices, which are root-complex endpoints, or their ports.

l1_firmware=(/usr/share/qemu /usr/share/seabios)

l1_qemu_find() {
	if [[ -z $l1_qemu ]]; then
		l1_qemu=$("$vm_repo/tests/qemu/build" | tail -n 1) ||
			die "QEMU could not be built"
	fi
	[[ -x $l1_qemu ]] || die "no QEMU at $l1_qemu"
}

# $OUT has the same path inside and outside.
l1_out_find() {
	if [[ -n $l1_out ]]; then
		mkdir -p -- "$l1_out"
		l1_out_dir=$(realpath -e -- "$l1_out")
	else
		l1_out_dir=$machine_tmp/out
		mkdir "$l1_out_dir"
	fi
}

l1_machine() {
	local dir

	machine_qemu=("$l1_qemu" -nodefaults -no-user-config -display none
		-no-reboot -M 'q35,kernel-irqchip=off'
		-accel 'tcg,thread=multi' -cpu 'max,la57=off'
		-smp "$l1_cpus" -m "$l1_mem"
		-kernel "$(kernel_elf)" -initrd "$(l1_initramfs)"
		-append "$(l1_command_line)"
		-chardev "file,id=serial,path=$machine_tmp/serial.log"
		-serial chardev:serial)
	for dir in "${l1_firmware[@]}"; do
		machine_qemu+=(-L "$dir")
	done
	# The IOMMU must come before the devices it is to translate for.
	l1_iommu_args
	machine_port_args 0x2
	l1_dsa_args
	[[ -z $l1_qmp ]] ||
		machine_qemu+=(-qmp "unix:$l1_qmp,server=on,wait=off")
	[[ -z $l1_trace ]] ||
		machine_qemu+=(-trace "enable=$l1_trace" -D "$l1_out_dir/trace.log")
	machine_qemu+=("${l1_qemu_args[@]}")
}

# Intel's server parts offer both stages; QEMU's VT-d offers one at a time.
# The first stage is the default as it is what SVA, hence dsa_test, needs.
l1_iommu_args() {
	local arg="intel-iommu,intremap=$l1_intremap,aw-bits=48,device-iotlb=on"

	case $l1_iommu in
	first | off) arg+=,x-scalable-mode=on,x-flts=on,x-pasid-mode=on ;;
	second) arg+=,x-scalable-mode=on,x-pasid-mode=on ;;
	legacy) ;;
	esac
	machine_qemu+=(-device "$arg")
}

l1_dsa_args() {
	local k opt arg at

	for ((k = 0; k < l1_dsa; k++)); do
		at="bus=pcie.0,addr=$(printf '0x%x' $((k + 5)))"
		if ((l1_dsa_port)); then
			machine_qemu+=(-device
				"pcie-root-port,id=port$k,$at,chassis=$((k + 1)),slot=$((k + 1))")
			at=bus=port$k
		fi
		arg="intel-dsa,id=dsa$k,$at"
		for opt in "${l1_dsa_opts[@]}"; do
			if [[ ! $opt =~ ^([0-9]+):(.*)$ ]]; then
				arg+=",$opt"
			elif ((BASH_REMATCH[1] == k)); then
				arg+=",${BASH_REMATCH[2]}"
			fi
		done
		machine_qemu+=(-device "$arg")
	done
}

# Warnings and worse go to the serial console too, for what happens before the
# agent runs and for panics.  The watchdogs get twice their usual time, as the
# emulated CPUs share real ones with whatever else the host does.  A task counts
# as hung after 40 s and not 120: before the limit of a test, 60 s or more, and
# after the 30 s for which a device that does not answer may keep others waiting.
l1_command_line() {
	local words="rdinit=/init console=ttyS0 loglevel=5 log_buf_len=4M"

	words+=" panic=-1 mitigations=off nokaslr audit=0 random.trust_cpu=on"
	words+=" watchdog_thresh=30 rcupdate.rcu_cpu_stall_timeout=60"
	words+=" sysctl.kernel.hung_task_timeout_secs=40"
	words+=" sysctl.kernel.hung_task_check_interval_secs=5"
	words+=" printk.devkmsg=on tsc=reliable no_timer_check 8250.nr_uarts=1"
	((machine_keep_going)) || words+=" oops=panic"
	case $l1_iommu in
	first | second) words+=" intel_iommu=on,sm_on" ;;
	legacy) words+=" intel_iommu=on,sm_off" ;;
	off) words+=" intel_iommu=off" ;;
	esac
	((!l1_systemd)) || words+=$(l1_systemd_words)
	printf '%s\n' "$words$l1_append"
}

# No unit may empty /tmp: some of it, $OUT for one, is the host's.
l1_systemd_words() {
	local unit

	printf ' systemd.unit=basic.target systemd.show_status=0'
	for unit in systemd-tmpfiles-{setup.service,clean.service,clean.timer} \
		tmp.mount podman.socket; do
		printf ' systemd.mask=%s' "$unit"
	done
}

# share TAG PATH [ACCESS]: offer a directory of the host over 9p.
share_number=0
share() {
	local id=share$share_number

	machine_qemu+=(-fsdev "local,id=$id,path=${2//,/,,},security_model=none,multidevs=remap${3:+,$3}"
		-device "virtio-9p-pci,fsdev=$id,mount_tag=$1,bus=pcie.0,addr=$(printf '0x%x' $((0x10 + share_number)))")
	share_number=$((share_number + 1))
}

l1_9p='trans=virtio,version=9p2000.L,msize=512000'

# The layers of L1's /, uppermost first: what L1 writes; scripts and modules of
# ours; what --over names; the unpacked kernel package, if any; the host's /.
l1_filesystems() {
	local layer lower='' keep

	layer=$(l1_layer)
	share root / readonly=on
	config mkdir /l/root
	config mount 9p root /l/root "ro,$l1_9p,cache=loose"
	config mkdir /l/rw
	config mount tmpfs tmpfs /l/rw size=75%
	config mkdir /l/rw/upper
	config mkdir /l/rw/work
	share layer "$machine_tmp/layer" readonly=on
	config mkdir /l/layer
	config mount 9p layer /l/layer "ro,$l1_9p,cache=loose"
	lower=/l/layer
	if [[ -n $layer ]]; then
		share modules "$layer" readonly=on
		config mkdir /l/modules
		config mount 9p modules /l/modules "ro,$l1_9p,cache=loose"
		lower+=:/l/modules
	fi
	if [[ -n $l1_over ]]; then
		share over "$(realpath -e -- "$l1_over")" readonly=on
		config mkdir /l/over
		config mount 9p over /l/over "ro,$l1_9p,cache=loose"
		lower+=:/l/over
	fi
	if [[ -n $kernel_tree ]]; then
		share kernel "$kernel_tree" readonly=on
		config mkdir /l/kernel
		config mount 9p kernel /l/kernel "ro,$l1_9p,cache=loose"
		lower+=:/l/kernel
	fi
	config mkdir /new
	config mount overlay overlay /new \
		"lowerdir=$lower:/l/root,upperdir=/l/rw/upper,workdir=/l/rw/work"
	l1_system_mounts
	# /tmp and /run are L1's own, but what we need of the host's stays.
	for keep in "$vm_repo" "$vm_cache" "$(dirname "$l1_qemu")" "$PWD"; do
		[[ $keep == /tmp/* || $keep == /run/* ]] || continue
		config mkdir "/new$keep"
		config mount none "/l/all$keep" "/new$keep" bind
	done
	share out "$l1_out_dir"
	config mkdir "/new$l1_out_dir"
	config mount 9p out "/new$l1_out_dir" "$l1_9p,cache=none"
	# Where the host is a container L1 is none: systemd would believe it
	config remove /new/.dockerenv
	config root /new
}

# The overlay without what is mounted on it stays reachable as /l/all.
l1_system_mounts() {
	config mkdir /l/all
	config mount none /new /l/all bind
	config mount proc proc /new/proc ''
	config mount sysfs sysfs /new/sys ''
	config mount devtmpfs devtmpfs /new/dev ''
	config mkdir /new/dev/pts
	config mount devpts devpts /new/dev/pts gid=5,mode=620,ptmxmode=666
	config mkdir /new/dev/shm
	config mount tmpfs tmpfs /new/dev/shm mode=1777
	config mkdir /new/dev/hugepages
	config mount hugetlbfs hugetlbfs /new/dev/hugepages ''
	config link /proc/self/fd /new/dev/fd
	config link /proc/self/fd/0 /new/dev/stdin
	config link /proc/self/fd/1 /new/dev/stdout
	config link /proc/self/fd/2 /new/dev/stderr
	config mount tmpfs tmpfs /new/run mode=755
	config mount tmpfs tmpfs /new/tmp mode=1777
	config try debugfs debugfs /new/sys/kernel/debug ''
	config try tracefs tracefs /new/sys/kernel/tracing ''
	# That a virtio device moves a ring's index is no race of two CPUs
	[[ $kernel != kcsan ]] ||
		config write /new/sys/kernel/debug/kcsan '!virtqueue_get_buf_ctx'
	config try cgroup2 cgroup2 /new/sys/fs/cgroup ''
}

# Files of ours that lie over the host's, and the modules' directory, if any.
# With --stock dmatest and the tests' modules lie beside them, outside the
# distribution's index.
l1_layer() {
	local test modules

	mkdir -p "$machine_tmp/layer/usr/local/sbin"
	cp "$vm_lib/vm-qmp" "$machine_tmp/layer/usr/local/sbin/vm-qmp"
	if ((l1_stock)); then
		modules=$(dmatest && test_modules) || return 1
		mkdir -p "$machine_tmp/layer/usr/local/lib"
		while IFS= read -r test; do
			[[ -z $test ]] ||
				cp "$test" "$machine_tmp/layer/usr/local/lib/"
		done <<< "$modules"
	else
		module_layer
	fi
}

# l1_of_guest FUNCTION: with L2's kernel, which is a stock one whatever L1 runs.
l1_of_guest() {
	if [[ -n $l1_l2_kernel || $kernel == */* ]] || kernel_own "$kernel"; then
		kernel_tree='' kernel_release='' dmatest_fetch=1
		kernel_find "${l1_l2_kernel:-$kernel_default}"
	fi
	"$@"
}

# The state of an L2 that has just booted; nothing where it cannot be made,
# and then L2 boots when it is wanted.
l1_guest_state() {
	local dir qemu=${VM_L2_QEMU:-$l1_qemu}

	((l1_l2)) || return 1
	dir=$(cached guest-state "$({ stamp_of "$qemu"
		echo "$VM_L2_KERNEL $VM_L2_INITRAMFS $VM_L2_MEM"
		cat "$vm_lib/l2.sh" "$vm_dir/guest"; } | hash_of)" \
		l1_save_guest "$qemu") || return 1
	printf '%s\n' "$dir/state"
}

l1_save_guest() {
	say "booting the guest once, for its saved state"
	"$vm_dir/guest" --qemu "$1" --timeout 120 --save "$2/state"
}

l1_job() {
	local name

	((!l1_systemd)) || config init /lib/systemd/systemd
	config cwd "$PWD"
	config env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	config env HOME=/root
	config env LANG=C.UTF-8
	config env "TERM=${TERM:-dumb}"
	config env "OUT=$l1_out_dir"
	config env "IDXD_SF_CACHE=$vm_cache"
	config env "VM_QEMU=$l1_qemu"
	# For tests/vm/guest, which cannot afford to prepare these itself.
	VM_L2_KERNEL=$(l1_of_guest kernel_elf) || die "no kernel for the guest"
	VM_L2_INITRAMFS=$(l1_of_guest l2_initramfs) ||
		die "cannot make the guest's files"
	VM_VMRUN=$(program vmrun vmrun.c monitor.c) || die "cannot build vmrun"
	VM_L2_QEMU=
	((!l1_l2_stock)) || VM_L2_QEMU=$("$vm_repo/tests/setup/qemu") ||
		die "no QEMU of the distribution"
	VM_L2_MEM=$l1_l2_mem
	export VM_L2_KERNEL VM_L2_INITRAMFS VM_L2_QEMU VM_L2_MEM VM_VMRUN
	VM_L2_STATE=$(l1_guest_state) || VM_L2_STATE=
	for name in VM_L2_KERNEL VM_L2_INITRAMFS VM_L2_STATE VM_L2_QEMU \
		VM_L2_MEM VM_VMRUN; do
		config env "$name=${!name}"
	done
	for name in "${l1_env[@]}"; do
		[[ $name == *=* ]] || name="$name=${!name-}"
		config env "$name"
	done
	((!l1_interactive)) || config tty 1
	((!l1_interactive)) || machine_vmrun+=(--tty)
	((!l1_stdin)) || machine_vmrun+=(--stdin)
	config_command "${l1_command[@]}"
}
