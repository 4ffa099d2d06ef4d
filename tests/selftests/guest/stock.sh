#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The distribution's own QEMU as the VMM (7.2 in Debian 12). Its processor has no
# MOVDIR64B, so that the guest's driver does not load, and a program goes as far
# as one gets without: function, registers, commands, and portals written with
# ordinary stores. Guests of both kernels, each with the id that its driver knows.
# RUN: vm --append iomem=relaxed --l2-stock-qemu --l2-kernel 6.1 --env SHOWN=0b25 --env GUEST=6.1
# RUN: vm --append iomem=relaxed --l2-stock-qemu --env SHOWN=11fb --env GUEST=6.12
# TIMEOUT: 400

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=300

setup_file() {
	load
	[ "$SHOWN" = 11fb ] ||
		devlink dev param set "$DEV" name sf_pci_device_id \
			value "$SHOWN" cmode runtime
	sf_new 7
}

t_guest_has_function_registers_and_commands() {
	"$VM_L2_QEMU" --version | head -n 1 > "$T/version"
	# shellcheck disable=SC2016 # the shell in L2
	"$TOP/tests/vm/guest" --sf 7 --timeout 250 \
		--file "$TOP/build/bin/dsa-mmio:/dsa-mmio" \
		-- sh -c 'echo "kernel $(uname -r)"
			lspci -n -s 05.0; /dsa-mmio 0000:00:05.0' \
		> "$T/guest" 2>&1 || {
		cat "$T/guest"
		fail 'not as specified'
	}
	expect_match 'kernel' "^kernel $GUEST\\." "$(cat "$T/guest")"
	expect_match 'lspci' "^00:05.0 0880: 8086:$SHOWN" "$(cat "$T/guest")"
	expect_match 'the program' '^all as specified$' "$(cat "$T/guest")"
	say "$(cat "$T/version"), $(grep '^kernel ' "$T/guest") as $SHOWN: $(grep -c '^ok' "$T/guest") checks"
}

t_plain_stores_were_dropped_and_commands_came() {
	# Each that the program writes, those that fail too
	expect_eq 'commands' 13 "$(stat_of 7 commands)"
	expect_match 'errors' 'total: 0 overflows: 0' \
		"$(devlink health diagnose "$(port_of 7)" reporter sf)"
}

t_nothing_is_left() {
	sf_del 7
	expect_match 'leased' 'enabled 0 pasids 0 ims 0' "$(leased)"
	unload
}

run_tests "$@"
