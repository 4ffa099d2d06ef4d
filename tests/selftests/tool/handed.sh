#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A subfunction is handed on by what idxd-sf prints for it: a guest boots with the
# words for QEMU, the domain is one by libvirt's schema, and podman gives it to a
# container by its name there. The container has no image but a directory with two programs.
# RUN: vm
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"
# shellcheck source=tests/selftests/docs/lib.sh
. "$TOP/tests/selftests/docs/lib.sh"

# Where there is no systemd, podman may wait 20 s for the end of its monitor
# shellcheck disable=SC2034 # read by run_tests
LIMIT=120

ROOTFS=/run/rootfs

setup_file() {
	load
	modprobe vfio_iommu_type1
	# podman's state: its directory need not be there, nor writable
	mkdir -p /var/lib/containers "$ROOTFS"/{bin,dev,proc,sys,tmp,run,etc}
	mount -t tmpfs none /var/lib/containers
	cp "$TOP/build/bin/sf-copy" "$(command -v busybox)" "$ROOTFS/bin"
	idxd-sf create 7
	idxd-sf create 8
	idxd-sf cdi 7 8
}

teardown_file() {
	umount /var/lib/containers
}

# contained NAME COMMAND..: in a container that has the device of this name, by
# the words of the page; only the container is another one
contained() {
	local name=$1 words
	shift
	commands_by "$0" t_container_copies_with_its_subfunction > "$T/page"
	read -ra words < <(sed -n "s/^podman run \\(.*\\) IMAGE\$/\\1/p" "$T/page" |
		sed "s/=$PF-sf-[0-9]* /=$name /")
	[ ${#words[@]} -gt 0 ] || fail "the page has: $(cat "$T/page")"
	podman --cgroup-manager cgroupfs --storage-driver vfs run --rm \
		--network none "${words[@]}" --rootfs "$ROOTFS" "$@"
}

group_of() {
	basename "$(readlink "$(companion_of "$1")/iommu_group")"
}

t_guest_boots_with_the_words_for_qemu() {
	local word words=() out
	# Split as a shell does it for whoever types the line behind a QEMU's
	for word in $(idxd-sf qemu 7); do
		words+=(--qemu-arg "$word")
	done
	out=$("$TOP/tests/vm/guest" --timeout 100 "${words[@]}" -- sh -c \
		'lspci -n; ls /sys/bus/dsa/devices') || fail "$out"
	printf '%s\n' "$out"
	expect_match lspci ' 0880: 8086:11fb' "$out"
	expect_match 'idxd of the guest' '^dsa0' "$out"
}

# domain: that of `idxd-sf qemu --libvirt`, with what is a domain's own
domain() {
	idxd-sf qemu 7 8 --libvirt | sed "2i\\
  <name>guest</name><memory unit='GiB'>4</memory>\\
  <os><type arch='x86_64' machine='q35'>hvm</type></os>"
}

t_domain_for_libvirt_is_one_by_its_schema() {
	domain > "$T/domain.xml"
	cat "$T/domain.xml"
	virt-xml-validate "$T/domain.xml" domain
	expect_eq arguments "$(idxd-sf qemu 7 8 | tr ' ' '\n')" \
		"$(sed -n "s/.*<qemu:arg value='\(.*\)'\/>/\1/p" "$T/domain.xml")"
	# With another name space, or another word, it is none
	sed 's|domain/qemu/1.0|domain/1.0|' "$T/domain.xml" > "$T/wrong.xml"
	expect_fails virt-xml-validate "$T/wrong.xml" domain
	sed 's|<qemu:arg value=|<qemu:arg name=|' "$T/domain.xml" > "$T/wrong.xml"
	expect_fails virt-xml-validate "$T/wrong.xml" domain
}

t_container_copies_with_its_subfunction() {
	local out
	out=$(contained "$PF-sf-7" /bin/busybox sh -c \
		'cd /dev/vfio && echo nodes: * && sf-copy -q -s 4096 -n 20 7 &&
		echo copied; sf-copy -q -s 4096 -n 1 8 2>&1') && fail "8 was reached: $out"
	printf '%s\n' "$out"
	expect_match 'nodes' "^nodes: $(group_of 7) vfio\$" "$out"
	expect_match 'sf-copy 7' '^copied$' "$out"
	expect_match 'sf-copy 8' \
		"^sf-copy: /dev/vfio/$(group_of 8): No such file" "$out"
	say "in the container: $(grep '^nodes' <<< "$out")"
}

t_name_of_a_subfunction_that_is_gone_is_refused() {
	local out
	idxd-sf delete 8
	out=$(expect_fails contained "$PF-sf-8" /bin/busybox true)
	expect_match 'podman' "unresolvable CDI devices.*$PF-sf-8" "$out"
}

run_tests "$@"
