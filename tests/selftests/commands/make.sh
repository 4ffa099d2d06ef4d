#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What people type besides "make check" and "make demo": help, install and
# uninstall (to a directory of the test's), a shell in the machine.
# RUN: host
# TIMEOUT: 400
# ALONE: make may touch what machines read

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=120

top_make() {
	make -C "$TOP" --no-print-directory "$@"
}

t_help_names_every_target_and_area() {
	local out word
	out=$(top_make help)
	for word in modules programs install uninstall clean demo vm check setup \
		qemu docs man deb; do
		expect_match help "^  make $word" "$out"
	done
	while read -r word _; do
		expect_match help "^ +$word " "$out"
	done < <("$TOP/tests/check" --list)
}

t_command_is_built_once_by_two_targets() {
	local out
	# A dry run calls make for what is made by make, which says it once
	out=$(top_make -n tool programs TOOL_OUT="$T/tool" \
		TOOL_BIN="$T/tool/idxd-sf" | grep -c -- '-c -o .*/main.o' || true)
	expect_eq 'times' 1 "$out"
}

# installed: our modules below $T/root
installed() {
	(cd "$T/root" 2> /dev/null &&
		find lib/modules -name 'idxd*.ko' | sed 's|.*/updates/||' | sort)
}

t_install_puts_the_modules_where_modprobe_looks_first() {
	local dir
	top_make install INSTALL_MOD_PATH="$T/root"
	expect_eq installed "$(printf '%s\n' idxd.ko idxd_vfio.ko)" "$(installed)"
	dir=$(echo "$T"/root/lib/modules/*)
	[ -s "$dir/modules.dep" ] || fail 'no modules.dep: depmod has not run'
	grep -q '^updates/idxd_vfio.ko: .*updates/idxd.ko' "$dir/modules.dep"
	for dir in idxd idxd_vfio; do
		expect_match "vermagic of $dir" '^6\.12' \
			"$(modinfo -F vermagic "$T"/root/lib/modules/*/updates/"$dir".ko)"
	done
}

t_uninstall_takes_them_away() {
	top_make uninstall INSTALL_MOD_PATH="$T/root"
	expect_eq installed '' "$(installed)"
}

t_vm_gives_a_shell_that_sees_the_device() {
	local out command
	cd "$TOP"
	for command in 'make vm' 'tests/vm/run --interactive'; do
		# A terminal, as they want one; the words typed are not the ones
		# looked for, as the terminal echoes them
		printf '%s\n' 'modprobe idxd' 'devlink dev show' 'echo en"d"ed' \
			'exit' | timeout 100 script -qefc "$command" /dev/null \
			> "$T/vm" 2>&1 || fail "status $?: $(cat "$T/vm")"
		out=$(sed 's/\r//g; s/\x1b\[[?0-9;]*[a-z]//g' "$T/vm")
		expect_match "$command" '^pci/0000:00:05.0$' "$out"
		expect_match "the end of $command" '^ended$' "$out"
	done
}

t_vm_without_a_terminal_says_so() {
	expect_match 'make vm' 'needs a terminal' \
		"$(expect_fails top_make vm < /dev/null)"
}

run_tests "$@"
