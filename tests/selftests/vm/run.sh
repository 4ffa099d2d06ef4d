#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/vm/run itself, as every other test stands on it: what comes out is what
# the command wrote, its status is the command's, the host stays as it is, and
# a kernel log with a splat fails the run.
# RUN: host
# TIMEOUT: 600
# ALONE: it measures a shell within 15 s, and QEMU's build within 2 s

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

# L1 ARG..: one short run; its output in $T/out.1, error output in $T/err.1,
# and what it ended with in $STATUS
L1() {
	STATUS=0
	"$TOP/tests/vm/run" --no-l2 --timeout 50 "$@" > "$T/out.1" 2> "$T/err.1" ||
		STATUS=$?
}

t_streams_and_status_are_the_commands() {
	L1 -- sh -c 'printf "one\0two"; echo three >&2; exit 7'
	expect_eq status 7 "$STATUS"
	expect_eq output "$(printf 'one\0two' | od -c)" "$(od -c < "$T/out.1")"
	grep -qx three "$T/err.1"
}

t_status_tells_the_signal() {
	# shellcheck disable=SC2016 # the shell in L1
	L1 -- sh -c 'kill -9 $$'
	expect_eq status 137 "$STATUS"
}

t_a_mebibyte_comes_through_whole() {
	head -c 1048576 /dev/urandom > "$T/big"
	L1 --stdin -- cat < "$T/big"
	expect_eq status 0 "$STATUS"
	cmp "$T/big" "$T/out.1"
}

t_it_runs_where_it_was_called_as_root() {
	cd "$TOP/tests"
	# shellcheck disable=SC2016 # the shell in L1
	L1 --env COLOUR=blue -- sh -c 'pwd; id -u; echo $COLOUR; uname -r'
	expect_eq output "$(printf '%s\n' "$TOP/tests" 0 blue)" \
		"$(head -n 3 "$T/out.1")"
	expect_match kernel '^6\.12\..*-amd64$' "$(sed -n 4p "$T/out.1")"
}

t_host_is_seen_but_not_changed() {
	mkdir "$T/outdir"
	# shellcheck disable=SC2016 # the shell in L1
	L1 --out "$T/outdir" -- sh -c 'set -e; grep -q "" /etc/os-release
		echo changed > /etc/idxd-sf-test; rm /etc/os-release
		echo back > "$OUT/file"'
	expect_eq status 0 "$STATUS"
	[ -e /etc/os-release ] || fail 'the host lost a file'
	[ ! -e /etc/idxd-sf-test ] || fail 'the host was changed'
	expect_eq 'file in OUT' back "$(cat "$T/outdir/file")"
}

t_machine_is_as_asked() {
	# shellcheck disable=SC2016 # awk in L1
	L1 --cpus 1 --mem 1G --dsa 2 --dsa-opt 1:wqs=3 --append one=two -- \
		sh -c 'nproc; awk "/MemTotal/ { print \$2 }" /proc/meminfo
			cat /proc/cmdline; lspci -n | grep -c 8086:11fb
			modprobe idxd; dmesg | grep "work queues"
			cat /proc/sys/kernel/hung_task_timeout_secs'
	expect_eq CPUs 1 "$(sed -n 1p "$T/out.1")"
	[ "$(sed -n 2p "$T/out.1")" -lt 1048576 ] || fail 'more than 1 GiB'
	expect_match 'command line' ' one=two' "$(sed -n 3p "$T/out.1")"
	expect_eq devices 2 "$(sed -n 4p "$T/out.1")"
	expect_match 'device 0' '05.0: 8 work queues' "$(cat "$T/out.1")"
	expect_match 'device 1' '06.0: 3 work queues' "$(cat "$T/out.1")"
	# Well before the limit of a test, which is 60 s or more
	expect_eq 'seconds a task may hang' 40 "$(tail -n 1 "$T/out.1")"
}

t_stock_leaves_our_modules_out() {
	L1 --stock -- modinfo -n idxd
	expect_match stock '/kernel/drivers/dma/idxd' "$(cat "$T/out.1")"
	L1 -- modinfo -n idxd
	expect_match ours '/updates/idxd.ko' "$(cat "$T/out.1")"
}

t_kernel_of_a_version_is_its_newest_plain_one() {
	local names
	# shellcheck source=tests/vm/lib/kernel.sh
	. "$TOP/tests/vm/lib/kernel.sh"
	names=$(printf 'linux-image-%s\n' 6.1.0-9-amd64 6.1.0-56-amd64 \
		6.1.0-57-rt-amd64 6.1.0-58-amd64-dbg 6.1.0-59-amd64-unsigned \
		6.12-amd64 6.12.9+deb12-amd64 6.12.117+deb12-amd64 \
		6.12.118+deb12-cloud-amd64 7.3.4+deb13-amd64)
	expect_eq 6.1 linux-image-6.1.0-56-amd64 \
		"$(kernel_newest 6.1 <<< "$names")"
	expect_eq 6.12 linux-image-6.12.117+deb12-amd64 \
		"$(kernel_newest 6.12 <<< "$names")"
	expect_eq 'a release' linux-image-6.12.9+deb12-amd64 \
		"$(kernel_newest 6.12.9+deb12-amd64 <<< "$names")"
	expect_eq 7.3 linux-image-7.3.4+deb13-amd64 \
		"$(kernel_newest 7.3 <<< "$names")"
	expect_eq none "" "$(kernel_newest 5.10 <<< "$names" || true)"
}

# splats: what kernels print, a line each; with a level that keeps it off the
# console, so that each is in one log
splats() {
	sed 's/^/<6>/' << 'END'
WARNING: CPU: 0 PID: 1 at drivers/x.c:1 x+0x1/0x2 [x]
BUG: KASAN: slab-use-after-free in x+0x1/0x2
BUG: KCSAN: data-race in x / y
BUG: unable to handle page fault for address: ffffc90000000000
BUG: kernel NULL pointer dereference, address: 0000000000000008
Oops: 0002 [#1] PREEMPT SMP NOPTI
Oops: general protection fault, probably for non-canonical address 0xdead: 0000 [#1]
kernel BUG at drivers/x.c:1!
UBSAN: array-index-out-of-bounds in drivers/x.c:1:2
INFO: task x:1 blocked for more than 30 seconds.
watchdog: BUG: soft lockup - CPU#0 stuck for 60s! [x:1]
rcu: INFO: rcu_preempt self-detected stall on CPU
refcount_t: underflow; use-after-free.
list_del corruption. prev->next should be ffff888000000000
BUG: sleeping function called from invalid context at x.c:1
BUG: scheduling while atomic: x/1/0x00000002
WARNING: possible circular locking dependency detected
WARNING: possible recursive locking detected
WARNING: possible irq lock inversion dependency detected
WARNING: inconsistent lock state
WARNING: suspicious RCU usage
INFO: trying to register non-static key.
------------[ cut here ]------------
END
}

t_splats_in_the_kernel_log_fail_and_are_shown() {
	local text
	splats > "$T/splats"
	# shellcheck disable=SC2016 # the shell in L1
	L1 --stdin -- sh -c 'while IFS= read -r text; do
		echo "$text" > /dev/kmsg; done; exit 3' < "$T/splats"
	expect_eq status 120 "$STATUS"
	expect_match 'how many' "has $(wc -l < "$T/splats") alarming line" \
		"$(cat "$T/err.1")"
	expect_match "the command's own" 'exit status was 3' "$(cat "$T/err.1")"
	while IFS= read -r text; do
		grep -qF -- "${text#<6>}" "$T/err.1" || fail "not shown: $text"
	done < "$T/splats"
}

# One line is enough
t_a_line_of_lockdep_or_an_oops_fails_alone() {
	local text
	for text in 'INFO: trying to register non-static key.' \
		'Oops: 0002 [#1] PREEMPT SMP NOPTI'; do
		L1 -- sh -c "echo '<6>$text' > /dev/kmsg"
		expect_eq "status with '$text'" 120 "$STATUS"
		expect_match 'how many' 'has 1 alarming line' "$(cat "$T/err.1")"
	done
}

t_other_lines_do_not_fail() {
	L1 -- sh -c 'echo "<6>debug: no warning, no oops, WARNINGS off" > /dev/kmsg'
	expect_eq status 0 "$STATUS"
}

t_splat_is_ignored_on_request() {
	L1 --keep-going-on-splat -- \
		sh -c 'echo "WARNING: CPU: 0" > /dev/kmsg; exit 3'
	expect_eq status 3 "$STATUS"
}

t_oops_of_the_kernel_ends_the_run() {
	L1 -- sh -c 'echo c > /proc/sysrq-trigger; sleep 40'
	expect_eq status 120 "$STATUS"
	grep -q 'Kernel panic' "$T/err.1"
}

# A task that waits for a frozen file system, and the report of the kernel, which
# gets 3 s here
t_hung_task_fails_the_run() {
	head -c 4194304 /dev/zero > "$T/disk"
	mkfs.ext4 -q "$T/disk"
	L1 --stock --append sysctl.kernel.hung_task_timeout_secs=3 \
		--append sysctl.kernel.hung_task_check_interval_secs=1 \
		--stdin -- sh -c 'set -e
		cat > /run/disk; mkdir /run/mnt
		modprobe loop; modprobe ext4; mount -o loop /run/disk /run/mnt
		fsfreeze -f /run/mnt; touch /run/mnt/file &
		sleep 8; fsfreeze -u /run/mnt; wait; umount /run/mnt' < "$T/disk"
	expect_eq status 120 "$STATUS"
	grep -q 'INFO: task touch:.* blocked for more than' "$T/err.1" ||
		fail "$(cat "$T/err.1")"
}

t_timeout_ends_it() {
	L1 --timeout 12 -- sleep 40
	expect_eq status 124 "$STATUS"
}

t_shell_within_15_s() {
	local start=$SECONDS
	L1 -- true
	[ "$((SECONDS - start))" -le 15 ] || fail "$((SECONDS - start)) s"
	say "from the call to its end: $((SECONDS - start)) s"
}

t_qemu_that_is_built_takes_no_2_s() {
	local start=${EPOCHREALTIME/[.,]/} ms path
	path=$("$TOP/tests/qemu/build" | tail -n 1)
	ms=$(((${EPOCHREALTIME/[.,]/} - start) / 1000))
	[ -x "$path" ] || fail "no QEMU: $path"
	[ "$ms" -lt 2000 ] || fail "$ms ms"
	say "tests/qemu/build, warm: $ms ms"
}

# The host talks to QEMU while the machine runs
t_qmp_socket_is_served() {
	L1 --qmp "$T/qmp" -- sleep 8 &
	wait_for 12 [ -S "$T/qmp" ]
	python3 - "$T/qmp" << 'END'
import json, socket, sys
s = socket.socket(socket.AF_UNIX)
s.settimeout(20)
s.connect(sys.argv[1])
f = s.makefile("rw")
assert "QMP" in json.loads(f.readline())
for command in ("qmp_capabilities", "query-status"):
    f.write(json.dumps({"execute": command}))
    f.flush()
    answer = json.loads(f.readline())
assert answer["return"]["status"] == "running", answer
END
	wait
}

# image PROGRAM SIZE: a boot image whose payload is this ELF file, packed, with
# so many bytes behind it; it has one sector of setup and 256 bytes of head
image() {
	local field length
	"$1" < /bin/true > "$T/payload"
	head -c "$2" /dev/zero >> "$T/payload"
	length=$(stat -c %s "$T/payload")
	head -c 1280 /dev/zero > "$T/vmlinuz"
	# setup_sects, payload_offset, payload_length
	for field in "497 1" "584 256" "588 $length"; do
		perl -e 'print pack "V", $ARGV[0]' "${field#* }" |
			dd of="$T/vmlinuz" bs=1 seek="${field% *}" \
				conv=notrunc status=none
	done
	cat "$T/payload" >> "$T/vmlinuz"
	head -c 100 /dev/urandom >> "$T/vmlinuz"
}

# gzip's own last four bytes are the size that follows the others' data
t_kernel_images_are_unpacked() {
	local packer
	for packer in 'gzip 0' 'zstd 4' 'xz 4'; do
		read -ra packer <<< "$packer"
		image "${packer[@]}"
		mkdir "$T/${packer[0]}"
		# shellcheck disable=SC2016 # for the other shell
		bash -c '. "$1/common.sh"; . "$1/kernel.sh"
			kernel_image=$2; extract_elf "$3"' - "$TOP/tests/vm/lib" \
			"$T/vmlinuz" "$T/${packer[0]}" > "$T/out.1" 2>&1
		expect_eq "said by ${packer[0]}" '' "$(cat "$T/out.1")"
		cmp /bin/true "$T/${packer[0]}/vmlinux"
	done
}

# object CALLER..: a lost object in kmemleak's words
object() {
	printf 'unreferenced object 0xffff888004c2f000 (size 64):\n'
	printf '  comm "modprobe", pid 1, jiffies 4294892296\n'
	printf '  hex dump (first 32 bytes):\n    00 00  ..\n'
	printf '  backtrace (crc 0):\n'
	printf '    %s\n' "$@"
}

t_leaks_of_our_modules_are_told_from_others() {
	{
		object kmalloc+0x1 vfio_open+0x2
		object kmalloc+0x3 'idxd_sf_add+0x4/0x5 [idxd]'
		object kmalloc+0x6 0xffffffffa0001234
		object kmalloc+0x7 'x+0x8/0x9 [idxd_bus]' 0xffff888004c2f000
		object kmalloc+0xa 'y+0xb/0xc [idxd_vfio]' do_syscall_64+0xd
	} | our_leaks > "$T/ours"
	expect_eq objects "$(printf '%s\n' 0x3 0x6 0xa)" \
		"$(sed -n 's/^ *kmalloc+//p' "$T/ours")"
	expect_eq 'lines of an object' 3 "$(grep -c '^unreferenced object' "$T/ours")"
}

t_wrong_use_has_a_sentence() {
	L1 --kernel 7.3 -- true
	expect_eq status 125 "$STATUS"
	expect_match kernel 'needs --stock' "$(cat "$T/err.1")"
	L1 --kernel nosuch -- true
	expect_eq status 125 "$STATUS"
	expect_match 'needs --stock' 'needs --stock' "$(cat "$T/err.1")"
	L1 --stock --kernel nosuch -- true
	expect_match 'own kernels' 'debug, kcsan, iommufd, or' "$(cat "$T/err.1")"
	L1 --iommu none -- true
	expect_match iommu 'one of: first second legacy off' "$(cat "$T/err.1")"
	L1
	expect_match 'no command' 'no command' "$(cat "$T/err.1")"
	mkdir "$T/none"
	L1 --modules "$T/none" -- true
	expect_match modules 'not built: run make modules' "$(cat "$T/err.1")"
	STATUS=0
	"$TOP/tests/vm/guest" -- true 2> "$T/err.1" || STATUS=$?
	expect_eq 'status of a guest without L1' 125 "$STATUS"
	expect_match 'guest without L1' 'runs inside L1' "$(cat "$T/err.1")"
}

run_tests "$@"
