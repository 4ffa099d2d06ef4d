#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The packages installed, upgraded and removed with apt and dpkg: in a copy of this
# machine's / that is an overlay in memory, in a mount namespace of its own.
# DKMS builds the modules with the installed headers.
# RUN: host
# TIMEOUT: 900

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=400

# The release whose headers are installed
REL=$(basename "$("$TOP/tests/lib/kdir")")
REL=${REL#linux-headers-}
STOCK=kernel/drivers/dma/idxd/idxd.ko

# Every test runs in one namespace: the file starts itself in it
if [ "${1:-}" != --one ] && [ -z "${IN_NAMESPACE:-}" ]; then
	export IN_NAMESPACE=1
	if ! unshare -m true 2> /dev/null; then
		printf 'KTAP version 1\n1..1\n'
		echo 'ok 1 - install # SKIP no mount namespaces for this user'
		exit 0
	fi
	exec unshare -m "$0" "$@"
fi

setup_file() {
	"$TOP/devlink_tool/package" "$T/deb"
	"$TOP/devlink_tool/package" "$T/old" "$(version)~old"
	mount --make-rprivate /
	mkdir "$T/mem"
	mount -t tmpfs -o size=2g none "$T/mem"
	mkdir "$T/mem/upper" "$T/mem/work" "$T/mem/root"
	mount -t overlay -o "lowerdir=/,upperdir=$T/mem/upper,workdir=$T/mem/work" \
		none "$T/mem/root"
	mount --rbind /proc "$T/mem/root/proc"
	mount --rbind /dev "$T/mem/root/dev"
	mount --rbind /sys "$T/mem/root/sys"
	mount -t tmpfs none "$T/mem/root/run"
	mkdir -p "$T"/mem/root/run/{deb,old}/build/deb
	cp "$T"/deb/idxd-sf{,-dkms}_*.deb "$T/mem/root/run/deb/build/deb"
	cp "$T"/old/idxd-sf{,-dkms}_*.deb "$T/mem/root/run/old/build/deb"
	# Who types the command says yes
	echo 'APT::Get::Assume-Yes "true";' \
		> "$T/mem/root/etc/apt/apt.conf.d/99idxd-sf-test"
	give_stock_module
}

teardown_file() {
	umount -R "$T/mem/root"
	umount "$T/mem"
}

# give_stock_module: where only headers are installed, a file stands for the
# kernel's own idxd, so that there is something to take precedence over
give_stock_module() {
	local dir=$T/mem/root/lib/modules/$REL
	local have=("$dir/$STOCK"*)
	[ ! -e "${have[0]}" ] || return 0
	mkdir -p "$dir/${STOCK%/*}"
	make -C "$TOP" --no-print-directory modules
	cp "$TOP/kernel/core/idxd.ko" "$dir/$STOCK"
	inside depmod "$REL"
}

inside() {
	chroot "$T/mem/root" env PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C "$@"
}

# install deb|old: as in the checkout that has built them
install() {
	inside env DEBIAN_FRONTEND=noninteractive sh -c "cd /run/$1 &&
		apt install ./build/deb/idxd-sf_*.deb ./build/deb/idxd-sf-dkms_*.deb" ||
		{ cat "$T"/mem/root/var/lib/dkms/idxd-sf/*/build/make.log; false; }
	# The running kernel need not be the one whose headers there are
	inside dkms autoinstall -k "$REL"
}

version() {
	dpkg-deb -f "$T"/deb/idxd-sf_*.deb Version
}

# built: version of the modules that DKMS has installed
built() {
	inside dkms status idxd-sf | sed -n "s|^idxd-sf/\([^,]*\), $REL, .*: installed\$|\1|p"
}

# found: the module that modprobe takes for idxd
found() {
	inside modinfo -k "$REL" -n idxd | sed "s|.*/$REL/||; s/\.xz\$//"
}

t_before_the_kernels_own_module_is_found() {
	expect_eq idxd "$STOCK" "$(found)"
}

t_install_builds_the_modules_for_the_headers() {
	install old
	expect_eq 'dkms status' "$(version)~old" "$(built)"
	expect_eq vermagic "$REL" \
		"$(inside modinfo -k "$REL" -F vermagic idxd | cut -d ' ' -f 1)"
}

t_installed_modules_take_precedence() {
	expect_eq idxd updates/dkms/idxd.ko "$(found)"
	expect_match 'idxd_vfio' '/updates/dkms/' \
		"$(inside modinfo -k "$REL" -n idxd_vfio)"
	expect_match 'idxd_vfio needs' '\bidxd\b' \
		"$(inside modinfo -k "$REL" -F depends idxd_vfio)"
	# What the kernel asks for when it finds the device and a subfunction
	expect_match alias "^idxd\$" "$(inside modprobe -S "$REL" -R \
		'pci:v00008086d000011FBsv00008086sd00000000bc08sc80i00')"
	expect_match alias "^idxd_vfio\$" \
		"$(inside modprobe -S "$REL" -R 'auxiliary:idxd.sf')"
}

# unpacked MODULE: a copy in $T/dkms of what modprobe takes for it
unpacked() {
	local file
	file=$T/mem/root$(inside modinfo -k "$REL" -n "$1")
	case $file in
	*.xz) xz -dc "$file" ;;
	*) cat "$file" ;;
	esac > "$T/dkms/$1.ko"
}

# build_id MODULE: of the copy
build_id() {
	readelf -n "$T/dkms/$1.ko" | sed -n 's/.*Build ID: //p'
}

t_installed_modules_and_program_make_a_subfunction() {
	local out module
	mkdir -p "$T/dkms" "$T/l1"
	unpacked idxd
	unpacked idxd_vfio
	cp "$T/mem/root/usr/sbin/idxd-sf" "$T/l1"
	# shellcheck disable=SC2016 # L1 expands it
	out=$("$TOP/tests/vm/run" --no-l2 --timeout 200 --modules "$T/dkms" \
		--out "$T/l1" -- sh -ec 'modprobe idxd
			devlink dev show
			"$OUT/idxd-sf" check
			"$OUT/idxd-sf" create 7
			cd /sys/module
			od -An -v -tx1 idxd/notes/.note.gnu.build-id \
				idxd_vfio/notes/.note.gnu.build-id |
				tr -d " \n"') || fail "$out"
	printf '%s\n' "$out"
	expect_match 'devlink dev show' '^pci/0000:00:05.0$' "$out"
	expect_match 'create' '^0000:00:05.0/7 /dev/vfio/[0-9]+$' "$out"
	# They are those of the package, and no others
	for module in idxd idxd_vfio; do
		expect_match "$module" "$(build_id "$module")" "$out"
	done
}

# booted COMMAND..: in L1 with what is installed here, and systemd; what it
# writes into $OUT is in $T/l1. The modules were unpacked before.
booted() {
	"$TOP/tests/vm/run" --systemd --over "$T/mem/upper" --no-l2 --cpus 1 \
		--timeout 200 --modules "$T/dkms" --out "$T/l1" -- "$@"
}

# A machine's files are in memory. So what dpkg unpacked lies below both boots,
# and the definitions that the first one made are put to it in between.
t_defined_subfunctions_are_there_after_a_reboot() {
	local out dir=$T/mem/root/etc/idxd-sf.d
	# shellcheck disable=SC2016 # L1 expands it
	out=$(booted bash -ec '. tests/selftests/lib.sh
		# The driver is seen at the device before its probe has begun
		wait_for 100 sh -c "devlink dev show | grep -q pci/0000:00:05.0"
		idxd-sf check
		idxd-sf define 0000:00:05.0/3 --priority 5
		idxd-sf define 0000:00:05.0/12
		cp /etc/idxd-sf.d/*.json "$OUT"' 2>&1) || fail "$out"
	printf '%s\n' "$out"
	cp "$T"/l1/*.json "$dir"
	# shellcheck disable=SC2016 # L1 expands it
	out=$(booted bash -ec '. tests/selftests/lib.sh
		unit=idxd-sf@0000:00:05.0.service
		wait_for 100 sh -c "journalctl -u $unit | grep -q Finished"
		journalctl --no-pager -o cat -u "$unit"
		idxd-sf list
		udevadm settle --timeout=30
		ls -l /dev/vfio/by-sf
		systemctl --failed
		journalctl -b -u "idxd-sf@*" -o cat | grep -c "^Finished"
		idxd-sf delete 3
		systemctl restart idxd-sf@0000:00:05.0.service
		idxd-sf list | sed "s/^/restarted: /"' 2>&1) || fail "$out"
	rm "$dir"/*.json
	printf '%s\n' "$out"
	expect_match journal '^\[1/2\] 0000:00:05.0/3: created$' "$out"
	expect_match journal '^\[2/2\] 0000:00:05.0/12: created$' "$out"
	expect_match list '^0000:00:05.0/3 +active +attached +yes ' "$out"
	expect_match list '^0000:00:05.0/12 +active +attached +yes ' "$out"
	expect_match restart '^restarted: 0000:00:05.0/3 +active +attached ' "$out"
	expect_match failed '^ *0 loaded units listed' "$out"
	expect_match by-sf '0000:00:05.0-sf-3 -> ' "$out"
	expect_match by-sf '0000:00:05.0-sf-12 -> ' "$out"
}

t_installed_group_vfio_exists() {
	expect_match group '^vfio:' "$(inside getent group vfio)"
}

t_installed_unit_is_sound() {
	local out
	out=$(inside systemd-analyze verify --man=yes \
		'/lib/systemd/system/idxd-sf@.service' 2>&1 || true)
	if [ ! -e "$TOP/devlink_tool/tool.mk" ]; then
		say 'the program and its page are not in this checkout'
		out=$(grep -vE 'idxd-sf is not executable|man idxd-sf' <<< "$out" || true)
	fi
	expect_eq 'systemd-analyze verify' '' "$out"
}

t_installed_rule_is_sound() {
	local out
	# Any device: all rules are read, and what is wrong in them is told
	out=$(inside udevadm test /sys/devices/virtual/net/lo 2>&1 |
		grep 'idxd-sf' || true)
	expect_match 'udevadm test' '^Reading rules file: .*/60-idxd-sf.rules$' "$out"
	expect_eq 'complaints' '' "$(grep -v '^Reading rules file' <<< "$out" || true)"
}

t_installed_pages_are_found_by_man() {
	grep -q 'pci/0000:00:05.0' <(inside man idxd-devlink)
}

t_upgrade_exchanges_the_modules_and_keeps_definitions() {
	echo '{}' > "$T/mem/root/etc/idxd-sf.d/kept.json"
	install deb
	[ -e "$T/mem/root/etc/idxd-sf.d/kept.json" ] || fail 'definition is gone'
	expect_eq 'dkms status' "$(version)" "$(built)"
	expect_eq idxd updates/dkms/idxd.ko "$(found)"
	inside test ! -e "/usr/src/idxd-sf-$(version)~old" ||
		fail 'the old source is still there'
}

t_remove_brings_the_kernels_own_module_back() {
	inside apt remove idxd-sf-dkms idxd-sf
	expect_eq idxd "$STOCK" "$(found)"
	expect_eq 'dkms status' '' "$(inside dkms status idxd-sf)"
	[ -e "$T/mem/root/etc/idxd-sf.d/kept.json" ] || fail 'definition is gone'
}

t_purge_leaves_nothing() {
	local dir
	inside dpkg --purge idxd-sf-dkms idxd-sf
	for dir in /etc/idxd-sf.d /var/lib/dkms/idxd-sf /usr/src/idxd-sf-* \
		/usr/lib/udev/idxd-sf-node; do
		# A glob that matched on the host would be an installed package
		inside test ! -e "$dir" || fail "left: $dir"
	done
}

run_tests "$@"
