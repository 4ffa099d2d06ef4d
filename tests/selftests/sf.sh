# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# For tests in L1: subfunctions through the stock devlink, and snapshots of
# what they take, read past the drivers where that is possible. Sourced after
# lib.sh. It must not use anything of the drivers but their interfaces.

PF=${PF:-0000:00:05.0}
DEV=pci/$PF

load() {
	modprobe idxd
	modprobe idxd_vfio
}

unload() {
	modprobe -r idxd_vfio
	modprobe -r idxd
}

TOP=${TOP:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}

# The devlink of the backports, looked for once a file; empty where the area
# does not need it
DEVLINK_NEW=${DEVLINK_NEW-$("$TOP/tests/setup/iproute2" --print-path || true)}
export DEVLINK_NEW

# devlink_new ARG..: that one, for words that the distribution's own lacks
devlink_new() {
	[ -n "$DEVLINK_NEW" ] || fail 'no iproute2 of the backports in the cache'
	"$DEVLINK_NEW" "$@"
}

# golden_devlink_new NAME ARG..: golden_devlink with devlink_new
golden_devlink_new() {
	local name=$1
	shift
	golden "$name.txt" devlink_new "$@"
	golden "$name.json" devlink_new -jp "$@"
}

# undated: a golden_filter, as the time of a dump is another one each time
undated() {
	sed -E 's/(last_dump_date"?:? "?)[-0-9]+/\1DATE/
		s/(last_dump_time"?:? "?)[:0-9]+/\1TIME/'
}

# port_of SFNUM: the port's handle
port_of() {
	devlink port show | sed -n "s|^\($DEV/[0-9]*\): .* sfnum $1 .*|\1|p"
}

ports() {
	devlink port show | sed -n 's|^\(pci/[^ ]*\): .*flavour pcisf.*|\1|p'
}

sf_add() {
	devlink port add "$DEV" flavour pcisf pfnum 0 sfnum "$1" > /dev/null
}

sf_state() {
	devlink port function set "$(port_of "$1")" state "$2"
}

# sf_new SFNUM..: added and active
sf_new() {
	local nr
	for nr; do
		sf_add "$nr"
		sf_state "$nr" active
	done
}

sf_del() {
	local nr
	for nr; do
		devlink port del "$(port_of "$nr")"
	done
}

# remove_all: whatever a failed test left
remove_all() {
	local port
	for port in $(ports); do
		devlink port del "$port" || true
	done
}

# aux_of SFNUM: directory of the auxiliary device
aux_of() {
	local f
	for f in /sys/bus/auxiliary/devices/idxd.sf.*/sfnum; do
		[ -e "$f" ] || continue
		if [ "$(cat "$f")" = "$1" ]; then
			realpath "${f%/sfnum}"
			return
		fi
	done
	return 1
}

# companion_of SFNUM: directory of the VFIO device
companion_of() {
	echo "$(aux_of "$1")"/idxd-sf.*
}

# cdev_of SFNUM: its character device, where the kernel has iommufd
cdev_of() {
	echo /dev/vfio/devices/"$(basename "$(companion_of "$1")"/vfio-dev/vfio*)"
}

# counter NAME: of the emulated device, as QEMU has it
counter() {
	vm-qmp "{\"execute\": \"qom-get\", \"arguments\":
		{\"path\": \"dsa0\", \"property\": \"stat-$1\"}}" |
		sed 's/[^0-9]//g'
}

stat_of() {
	cat "$(companion_of "$1")/stats/$2"
}

# ims_count SFNUM: interrupts that came through its IMS slots
ims_count() {
	local name
	name=$(basename "$(companion_of "$1")")
	awk -v n="$name-" 'index($NF, n) == 1 {
		for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++) sum += $i
	} END { print sum + 0 }' /proc/interrupts
}

# ims_irqs SFNUM: Linux numbers of its interrupts, while it is open
ims_irqs() {
	awk -v n="$(basename "$(companion_of "$1")")-" \
		'index($NF, n) == 1 { sub(":", "", $1); print $1 }' /proc/interrupts
}

# refused SENTENCE COMMAND..: fails, with this sentence as extack text, and
# changes nothing. The sentence is written as in the table of Documentation/
# devlink.rst: N for a number, E for an error code, NAME for a name. What is
# said is what tests/lib/refusals reads in the log.
refused() {
	local sentence=$1 before after out
	shift
	before=$(world)
	out=$(expect_fails "$@")
	after=$(world)
	expect_match "$*" "^Error: $(sentence_pattern "$sentence")\.?\$" "$out"
	expect_eq "state after: $*" "$before" "$after"
	say "$(grep '^Error: ' <<< "$out" | head -n 1)"
}

sentence_pattern() {
	sed -E 's/[][().?*+|^$\\]/\\&/g; s/\b[NE]\b/-?[0-9]+/g
		s/\b0xN\b/0x[0-9a-f]+/g
		s/\bNAME\b/[^ ]+/g' <<< "$1"
}

# world: what a refused request must leave alone
world() {
	"${DEVLINK_NEW:-devlink}" port show
	"${DEVLINK_NEW:-devlink}" port function rate show
	devlink dev show | sort
	ls /sys/bus/auxiliary/devices /dev/vfio 2> /dev/null || true
	hardware
	grep -c IDXD-IMS /proc/interrupts || true
}

# hardware: WQs and IMS slots as the device has them (boot with
# iomem=relaxed)
hardware() {
	pf-regs "$PF"
}

# quiet: no WQ is enabled and none has descriptors
quiet() {
	local out
	out=$(hardware) || return 1
	! grep -qE '^wq .*(state enabled|occupancy [1-9])' <<< "$out"
}

# leased: what is taken, by numbers; IMS slots and interrupts are as long as a
# user has the device open
leased() {
	local out
	out=$(hardware) || return
	awk '
		$1 == "wq" && $4 == "enabled" { enabled++ }
		$1 == "wq" && $8 != 0 { pasids++ }
		$1 == "ims-used" { ims = $2 }
		END { printf "enabled %d pasids %d ims %d\n", enabled,
			pasids, ims }' <<< "$out"
	printf 'irqs %d\n' "$(grep -c IDXD-IMS /proc/interrupts || true)"
	printf 'aux %d\n' "$(find /sys/bus/auxiliary/devices -name 'idxd.*' | wc -l)"
	printf 'companions %d\n' \
		"$(find /sys/bus/platform/devices -name 'idxd-sf.*' | wc -l)"
	printf 'groups %d\n' "$(find /sys/kernel/iommu_groups -mindepth 1 \
		-maxdepth 1 | wc -l)"
	printf 'vfio %d\n' "$(find /dev/vfio -type c | wc -l)"
	printf 'nested %d\n' "$(devlink dev show | grep -c auxiliary || true)"
}

# first_lease: PASID, WQ and IMS slot that the next activation gets. All are
# handed out lowest first, so a leaked one shows as a higher number. The slot
# is written when a user asks for the vector, its number is the handle.
first_lease() {
	sf_new 990
	hardware | awk '$1 == "wq" && $8 != 0 { print "wq", $2, "pasid", $8 }'
	sf-copy -q info 990 | grep '^handle '
	sf_del 990
}
