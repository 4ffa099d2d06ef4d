#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The same wrong descriptors and commands for a subfunction and for a whole
# device: what each answers is in two tables of Documentation/vdev.rst, which are
# made here anew and compared. Slow engines, so that a queue fills.
# RUN: vm --no-l2 --append iomem=relaxed --dsa 2 --dsa-opt engine-delay-us=1000
# TIMEOUT: 200

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

BARE=0000:00:06.0

# The second device goes to vfio-pci, whose user sees all of it
setup_file() {
	modprobe vfio_iommu_type1
	modprobe vfio-pci
	load
	echo "$BARE" > /sys/bus/pci/drivers/idxd/unbind
	echo vfio-pci > "/sys/bus/pci/devices/$BARE/driver_override"
	echo "$BARE" > /sys/bus/pci/drivers/vfio-pci/bind
	sf_new 7
	sf-copy -q -o noop 7
	leased > "$T/leased"
}

# documented NAME: the rows of that table
documented() {
	awk -v start=".. matrix-$1" '$0 == start { inside = 1 }
		inside && /^=/ { rules++ }
		inside && rules == 2 && !/^=/ { sub(/ +$/, ""); print }
		rules == 3 { exit }' "$TOP/Documentation/vdev.rst"
}

# of_both STEP: "subfunction's line<TAB>device's line", after both have run
of_both() {
	sf-dev -q "$1" 7 > "$T/$1.sf"
	sf-dev --bare "$BARE" -q "$1" 0 > "$T/$1.bare"
	paste "$T/$1.sf" "$T/$1.bare"
}

# Where all agrees, details too, it is the same
t_descriptors_get_the_errors_documented() {
	of_both matrix-errors | awk -F '\t' '{
			split($1, a, "|"); split($2, b, "|")
			other = $1 == $2 ? "same" : b[2] " " b[4] " " b[6]
			if (other == a[2] " " a[4] " " a[6])
				other = "details:" b[3] b[5] b[7] " not " a[3] a[5] a[7]
			printf "%-24s  %-6s  %-5s  %-7s  %s\n", a[1], a[2], a[4],
				a[6], other
		}' > "$T/table"
	diff <(documented errors) "$T/table"
	say "$(grep -c ' same$' "$T/table") of $(wc -l < "$T/table") descriptors end as on a whole device"
}

t_commands_get_the_errors_documented() {
	of_both matrix-commands | awk -F '\t' '{
			split($1, a, "|"); split($2, b, "|")
			printf "%-28s  %-5s  %s\n", a[1], a[2],
				a[2] == b[2] ? "same" : b[2]
		}' > "$T/table"
	diff <(documented commands) "$T/table"
	say "$(grep -c ' same$' "$T/table") of $(wc -l < "$T/table") commands end as on a whole device"
}

t_every_step_is_tried() {
	local step missing=''
	for step in $(sf-dev list matrix); do
		grep -q "of_both $step\b" "$0" || missing+=" $step"
	done
	expect_eq 'steps without a test' '' "$missing"
}

t_everything_is_back() {
	sf-copy -q -o move -s 4096 7
	leased | diff "$T/leased" -
	sf_del 7
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
