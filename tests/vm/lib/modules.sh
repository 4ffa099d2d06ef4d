# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # kernel_* and vm_* come from the files below
#
# modules.sh - kernel modules for the machines: which a distribution's module
# needs, dmatest built from the distribution's kernel source, those of the
# tests, and the module directory in which ours come before the distribution's.
# Needs common.sh and kernel.sh; knows no device.

# module_paths NAME..: the modules and what they need, in the order to load
# them, relative to kernel_modules; nothing for what is built in.
module_paths() {
	local name line

	for name; do
		line=$(grep -m1 -E "/${name//[-_]/[-_]}\.ko[.a-z]*:" \
			"$kernel_modules/modules.dep") || continue
		printf '%s\n' "${line/:/}" | tr -s ' ' '\n' | tac
	done | awk 'NF && !seen[$0]++'
}

# unpack_module FILE DEST: the kernel loads plain files only.
unpack_module() {
	case $1 in
	*.xz) xz -dc -- "$1" > "$2" ;;
	*.zst) zstd -qdc -- "$1" > "$2" ;;
	*.gz) gzip -dc -- "$1" > "$2" ;;
	*) cp -- "$1" "$2" ;;
	esac
}

# unsign_module FILE: take the appended signature off.  Verifying it costs an
# emulated CPU most of a minute; the kernel takes the module without as well.
# The signature's length stands, big endian, before its trailing magic.
unsign_module() {
	local size length

	[[ $(tail -c 28 -- "$1") == '~Module signature appended~' ]] || return 0
	size=$(stat -c %s -- "$1")
	length=$((16#$(tail -c 32 -- "$1" | head -c 4 | od -An -tx1 |
		tr -d ' ')))
	truncate -s $((size - 28 - 12 - length)) -- "$1"
}

# our_modules: paths of the modules built from this checkout, if any, or of
# those in another directory.
our_modules_dir=
our_modules() {
	local dir=${our_modules_dir:-$vm_repo/kernel}

	[[ -d $dir ]] || return 0
	find "$dir" -name '*.ko' -type f | sort
}

# dmatest: print the path of dmatest.ko for the kernel, or nothing where its
# source or headers are not installed.  Debian ships the source, not the module.
# With dmatest_fetch=1 packages that are not installed are fetched.
dmatest_fetch=0
dmatest() {
	local source dir

	if [[ -d /usr/src/linux-headers-$kernel_release ]] &&
		source=$(dmatest_source); then
		dir=$(cached dmatest "$kernel_release-$(stamp_of "$source")" \
			build_dmatest "$source" \
			"/usr/src/linux-headers-$kernel_release") || return 0
	elif ((dmatest_fetch)); then
		dir=$(cached dmatest "$kernel_release-fetched" fetch_dmatest) ||
			return 0
	else
		return 0
	fi
	printf '%s\n' "$dir/dmatest.ko"
}

dmatest_source() {
	local version

	version=$(grep -oE '^[0-9]+\.[0-9]+' <<< "$kernel_release")
	compgen -G "/usr/src/linux-source-$version.tar.*" | head -n 1 |
		grep .
}

build_dmatest() {
	local source=$1 headers=$2 dir=$3

	say "building dmatest for $kernel_release"
	echo 'obj-m := dmatest.o' > "$dir/Makefile"
	tar -xaf "$source" -C "$dir" --strip-components=3 --occurrence=1 \
		"$(basename "${source%.tar.*}")/drivers/dma/dmatest.c" &&
		make -s -C "$headers" M="$dir" modules
}

fetch_dmatest() {
	local dir=$1 work status=0

	work=$(mktemp -d "$vm_cache/vm/.fetch.XXXXXX")
	say "fetching headers and source of $kernel_release"
	(dmatest_download "$(kernel_archive)" "$work" "$dir") || status=1
	((!status)) || tail -n 5 "$work/log" >&2
	rm -rf -- "$work"
	return "$status"
}

# Runs in a subshell.  The headers' makefile includes that of the common ones
# by its absolute path.
dmatest_download() {
	local work=$2 dir=$3 version parts apt headers

	version=$(grep -oE '^[0-9]+\.[0-9]+' <<< "$kernel_release")
	headers=linux-headers-$kernel_release
	kernel_apt "$1" "$work" || return 1
	mapfile -t parts < <(apt-cache "${apt[@]}" depends "$headers" |
		sed -nE 's/^ *Depends: (linux-(headers|kbuild)-.*)/\1/p')
	kernel_unpack "$headers" "${parts[@]}" "linux-source-$version" ||
		return 1
	headers=$work/unpacked/usr/src/$headers
	sed -i "s|/usr/src/|$work/unpacked&|" "$headers/Makefile" || return 1
	build_dmatest "$work/unpacked/usr/src/linux-source-$version.tar.xz" \
		"$headers" "$dir"
}

# test_modules: print the paths of the modules in tests/vm/modules, for the
# kernel, or nothing where its headers are not installed.
test_modules() {
	local dir

	[[ -d /usr/src/linux-headers-$kernel_release ]] || return 0
	dir=$(cached test-modules \
		"$kernel_release-$(hash_of "$vm_dir"/modules/*.c)" \
		build_test_modules "$vm_dir/modules") || return 1
	printf '%s\n' "$dir"/*.ko
}

build_test_modules() {
	say "building modules for tests for $kernel_release"
	cp -- "$1"/*.c "$2/" || return 1
	(cd "$2" && printf 'obj-m += %s\n' *.c | sed 's/c$/o/') > "$2/Kbuild"
	make -s -C "/usr/src/linux-headers-$kernel_release" \
		M="$2" W=1 KCFLAGS=-Werror modules
}

# What a test in the machine may want to load beside our modules.  Indexing
# every module of the distribution takes depmod 7 s, this a fraction of one;
# with --stock the distribution's own index is used.
module_areas='arch block crypto fs kernel lib mm net/9p net/core net/ipv4
net/ipv6 net/packet net/unix net/vmw_vsock net/llc net/bridge net/802 virt
drivers/block drivers/char drivers/dma drivers/dca drivers/iommu drivers/md
drivers/net/dummy* drivers/net/tun* drivers/net/veth* drivers/net/netconsole*
drivers/net/virtio_net* drivers/net/net_failover* drivers/pci drivers/perf
drivers/platform/x86/intel drivers/vdpa drivers/vfio drivers/vhost
drivers/virtio drivers/watchdog'

# module_layer: print a directory that, laid over /, makes modprobe find our
# modules (and dmatest, and the tests') ahead of the distribution's.
module_layer() {
	local -a files

	mapfile -t files < <(our_modules; dmatest; test_modules)
	((${#files[@]})) || return 0
	cached layer "$kernel_release-$(hash_of "${files[@]}" \
		"$kernel_modules/modules.order" "$vm_lib/modules.sh")" \
		build_module_layer "${files[@]}"
}

build_module_layer() {
	local dir=${*: -1} area path base
	local files=("${@:1:$#-1}")

	base=$dir/usr/lib/modules/$kernel_release
	mkdir -p "$base/updates" "$base/kernel"
	ln -s usr/lib "$dir/lib"
	cp -- "${files[@]}" "$base/updates/" || return 1
	cp -- "$kernel_modules"/modules.{order,builtin,builtin.modinfo} \
		"$base/" || return 1
	# shellcheck disable=SC2086 # a list of patterns
	for path in $(cd "$kernel_modules/kernel" &&
		printf '%s\n' $module_areas); do
		[[ -e $kernel_modules/kernel/$path ]] || continue
		area=$base/kernel/$path
		mkdir -p "$(dirname "$area")"
		ln -s "$kernel_modules/kernel/$path" "$area"
	done
	depmod -b "$dir" "$kernel_release" || return 1
	# Only for depmod: in the machine the real ones show through.
	rm -rf -- "${base:?}/kernel" "${dir:?}/lib"
}
