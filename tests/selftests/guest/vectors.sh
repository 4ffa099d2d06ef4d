#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A guest (L2) whose subfunction has four completion vectors (max_io_eqs): it
# sees five MSI-X vectors, and its stock driver, which needs two, works. Then a
# program has a descriptor interrupt by each of the four.
# RUN: vm --append iomem=relaxed --mem 3G
# TIMEOUT: 700

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=600

setup_file() {
	load
	sf_add 7
	devlink_new port function set "$(port_of 7)" max_io_eqs 4 state active
}

t_four_slots_are_leased() {
	expect_match 'resource show' ' ims_[a-z]* size [0-9]* occ 4 ' \
		"$(devlink resource show "$DEV")"
}

t_guest_sees_five_vectors_and_copies() {
	# shellcheck disable=SC2016 # the shell in L2
	"$TOP/tests/vm/guest" --sf 7 --timeout 550 \
		--file "$TOP/tests/selftests/l2.sh:/l2.sh" \
		--file "$TOP/build/bin/sf-dev:/bin/sf-dev" \
		-- sh -c 'sh /l2.sh prepare
			dev=$(dirname /sys/bus/pci/devices/*/dsa0)
			lspci -vv -s "${dev##*/}" | grep MSI-X
			echo "MSI-X interrupts: $(ls "$dev/msi_irqs" | wc -l)"
			sh /l2.sh test 20:64 10:65536
			echo "interrupts: $(sh /l2.sh irqs)"
			echo "${dev##*/}" > /sys/bus/pci/drivers/idxd/unbind
			echo 8 > /proc/sys/vm/nr_hugepages
			sf-dev --bar "${dev##*/}" guest-vectors 0' > "$T/l2"
	cat "$T/l2"
	expect_match 'MSI-X capability' 'MSI-X: Enable\+ Count=5 ' "$(cat "$T/l2")"
	grep -qx 'MSI-X interrupts: 5' "$T/l2"
	expect_eq 'threads without failures' 4 \
		"$(grep -c 'summary .* tests, 0 failures' "$T/l2")"
	expect_match interrupts '^interrupts: [1-9]' "$(cat "$T/l2")"
	say "$(grep -o 'MSI-X: .*' "$T/l2" | head -n 1)"
}

t_each_of_four_vectors_interrupts_in_the_guest() {
	local irqs
	grep -qx 'vectors that interrupted: 4' "$T/l2"
	irqs=$(stat_of 7 irqs | xargs)
	expect_match 'signalled' '^[0-9]+( [1-9][0-9]*){4}$' "$irqs"
	say "signalled: $irqs times"
}

t_nothing_is_left() {
	sf_del 7
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
