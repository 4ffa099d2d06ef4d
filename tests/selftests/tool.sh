# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# For tests of idxd-sf: a machine made of files, on which a build of it with a
# make-believe kernel and sanitizers runs (tests/tool), and the way its outcome
# becomes a text. Sourced after lib.sh and golden.sh.

FAKE=$TOP/build/tool-fake/idxd-sf

# fake_build: files of tests run side by side, and all need it
fake_build() {
	mkdir -p "$TOP/build"
	flock "$TOP/build/.tool-fake.lock" make --no-print-directory -s \
		-C "$TOP" -f devlink_tool/tool.mk fake
}

# fake_machine DIR NR: a machine that is fit, with NR devices
fake_machine() {
	local dir=$1 nr=$2 i bdf
	rm -rf "$dir"
	mkdir -p "$dir"/{defs,proc/self,proc/sys/kernel,boot,run,dev/vfio} \
		"$dir"/sys/{bus/pci/devices,bus/platform/devices} \
		"$dir"/sys/module/{idxd,idxd_vfio,vfio_iommu_type1} \
		"$dir"/sys/class/iommu/dmar0/intel-iommu
	echo 'flags		: fpu movdiri movdir64b' > "$dir/proc/cpuinfo"
	echo 'quiet intel_iommu=on,sm_on' > "$dir/proc/cmdline"
	echo ' 35:  0  IR-PCI-MSIX-0000:00:05.0  0-edge  idxd' \
		> "$dir/proc/interrupts"
	echo '6.12.0' > "$dir/proc/sys/kernel/osrelease"
	mkdir -p "$dir/lib/modules/6.12.0"
	echo 'updates/dkms/idxd_vfio.ko.xz: updates/dkms/idxd.ko.xz' \
		> "$dir/lib/modules/6.12.0/modules.dep"
	echo 'Max locked memory   unlimited   unlimited   bytes' \
		> "$dir/proc/self/limits"
	echo 'CapEff:	000001ffffffffff' > "$dir/proc/self/status"
	echo 1899800f00f4e > "$dir/sys/class/iommu/dmar0/intel-iommu/ecap"
	: > "$dir/dev/vfio/vfio"
	: > "$dir/state"
	for ((i = 0; i < nr; i++)); do
		bdf=$(printf '0000:%02x:05.0' "$i")
		fake_device "$dir" "$bdf" 11fb idxd
		echo "dev $bdf 0" >> "$dir/state"
	done
}

# fake_device DIR BDF ID DRIVER
fake_device() {
	local dev=$1/sys/bus/pci/devices/$2
	mkdir -p "$dev"
	echo 0x8086 > "$dev/vendor"
	echo "0x$3" > "$dev/device"
	echo 0 > "$dev/numa_node"
	ln -s "../drivers/$4" "$dev/driver"
	ln -s ../../virtual/iommu/dmar0 "$dev/iommu"
	fake_config "$1" "$2" 1b
}

# fake_config DIR BDF CAPABILITY: its first extended capability
fake_config() {
	local config=$1/sys/bus/pci/devices/$2/config
	head -c 4096 /dev/zero > "$config"
	printf '%b' "\\x$3\\x00\\x01\\x00" |
		dd of="$config" bs=1 seek=256 conv=notrunc status=none
}

# fake ARG..: idxd-sf on the machine in $M; what it prints, says and returns
fake() {
	local rc=0
	IDXD_SF_FAKE=$M "$FAKE" --root "$M" --config-dir "$M/defs" "$@" \
		> "$T/stdout" 2> "$T/stderr" || rc=$?
	cat "$T/stdout"
	sed 's/^/! /' "$T/stderr"
	echo "= $rc"
}

# session LINE..: lines as typed behind idxd-sf, and what comes of each; what is
# not done, and has changed nothing, once more in JSON
session() {
	local line
	for line; do
		typed "$line" | tee "$T/typed"
		case " $line " in
		*' -j '* | *' -p '*) continue ;;
		esac
		[ "$(tail -n 1 "$T/typed")" = '= 0' ] || typed "-j $line"
	done | sed "s|$M|ROOT|g"
}

# typed LINE
typed() {
	printf '\n$ idxd-sf %s\n' "$1"
	# The words of a line are arguments
	# shellcheck disable=SC2086
	fake $1
}

# is_locked FILE: somebody holds a lock on it
is_locked() {
	! flock -n "$1" true
}
