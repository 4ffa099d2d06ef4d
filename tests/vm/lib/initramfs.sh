# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # kernel_* and vm_* come from the files below
#
# initramfs.sh - the initramfs of L1 (init and three file systems) and of L2
# (a small system of its own).  Needs common.sh, kernel.sh, modules.sh.  Both
# are plain cpio archives: unpacking them costs the emulated CPU time.

# pack DIR FILE: a cpio archive of DIR that does not depend on who packed it.
pack() {
	(cd "$1" && find . -mindepth 1 | LC_ALL=C sort |
		cpio -o -H newc -R 0:0 --quiet) > "$2"
}

# add_boot_modules ROOT NAME..: what init loads before it does anything else.
add_boot_modules() {
	local root=$1 path count=10
	shift
	mkdir -p "$root/modules"
	for path in $(module_paths "$@"); do
		unpack_module "$kernel_modules/$path" \
			"$root/modules/$count-$(basename "${path%%.ko*}").ko" ||
			return 1
		count=$((count + 1))
	done
}

# l1_initramfs: print the path of L1's.
l1_initramfs() {
	local init dir

	init=$(program init init.c agent.c) || return 1
	dir=$(cached l1 "$kernel_release-$({ echo "$init"
		cat "$vm_lib/initramfs.sh"; } | hash_of)" \
		build_l1 "$init") || return 1
	printf '%s\n' "$dir/initramfs.cpio"
}

build_l1() {
	local init=$1 dir=$2

	mkdir -p "$dir/root"
	cp "$init" "$dir/root/init" || return 1
	mkdir -p "$dir/root"/{dev,proc,sys}
	# shellcheck disable=SC2086 # a list of words
	add_boot_modules "$dir/root" $port_modules 9p 9pnet_virtio overlay || return 1
	pack "$dir/root" "$dir/initramfs.cpio" && rm -rf -- "$dir/root"
}

# Debian 12's own kernel has as modules what those after it have built in.
port_modules='virtio_pci virtio_console'

# What L2 is for.  Its init loads them before it asks for the command: so they
# are part of the saved state, and L1 is spared the work of loading them.  They
# can be unloaded and loaded again by name.
l2_modules='idxd idxd_bus'
# What its commands may load besides
l2_spare_modules='virtio_balloon'

# l2_initramfs: print the path of L2's.
l2_initramfs() {
	local init test dir

	init=$(program init init.c agent.c) || return 1
	test=$(dmatest)
	dir=$(cached l2 "$kernel_release-$({ echo "$init $test"
		cat "$vm_lib"/{initramfs,modules}.sh; } | hash_of)" \
		build_l2 "$init" "$test") || return 1
	printf '%s\n' "$dir/initramfs.cpio"
}

build_l2() {
	local init=$1 test=$2 dir=$3 root=$3/root modules applet path

	modules=$root/lib/modules/$kernel_release
	mkdir -p "$root"/{bin,dev,proc,sys,tmp,run,root,etc,usr/share/misc} \
		"$modules"
	for path in sbin usr/bin usr/sbin; do
		ln -s /bin "$root/$path"
	done
	cp "$init" "$root/init" || return 1
	cp "$(command -v busybox)" "$root/bin/busybox" || return 1
	for applet in $(busybox --list); do
		[[ $applet == busybox ]] || ln -s busybox "$root/bin/$applet"
	done
	# shellcheck disable=SC2086 # a list of words
	for path in $(module_paths $l2_modules $l2_spare_modules); do
		unpack_module "$kernel_modules/$path" \
			"$modules/$(basename "${path%%.ko*}").ko" || return 1
		unsign_module "$modules/$(basename "${path%%.ko*}").ko"
	done
	# shellcheck disable=SC2086
	add_boot_modules "$root" $port_modules $l2_modules || return 1
	for path in "$root"/modules/*.ko; do
		unsign_module "$path"
	done
	if [[ -n $test ]]; then
		cp "$test" "$modules/" && cp "$test" "$root/modules/90-dmatest.ko" ||
			return 1
	fi
	depmod -b "$root" "$kernel_release" 2>/dev/null || return 1
	echo 'root:x:0:0::/root:/bin/sh' > "$root/etc/passwd"
	add_programs "$root" lspci accel-config
	pack "$root" "$dir/initramfs.cpio" && rm -rf -- "$root"
}

# add_programs ROOT NAME..: programs of the host with their libraries, where
# they are installed.  lspci gets the few names that L2 can show:
# reading all of them takes it long.
add_programs() {
	local root=$1 name path
	shift
	for name; do
		path=$(command -v "$name") || continue
		rm -f "$root/bin/$name"
		cp -L "$path" "$root/bin/$name"
		ldd "$path" | grep -oE '/[^ ]+' | while read -r path; do
			mkdir -p "$root/$(dirname "$path")"
			cp -nL "$path" "$root/$path"
		done
	done
	[[ ! -r /usr/share/misc/pci.ids ]] ||
		awk '/^[0-9a-f]/ { vendor = /^(8086|1af4) / }
			vendor && /^[0-9a-f]/ ||
			vendor && /^\t(0b25|11fb|1212|29c0|29[123].|1003|1009) / ||
			/^C / && (class = 1) || class' /usr/share/misc/pci.ids \
			> "$root/usr/share/misc/pci.ids"
}
