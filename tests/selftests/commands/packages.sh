#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A machine that lacks packages: whoever is not root is told which, and nothing
# goes on; root gets them installed. dpkg-query and apt-get are the test's.
# RUN: host
# TIMEOUT: 200

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

# What the machine seems to lack
LACKING='libmnl-dev sparse ninja-build'

# A copy that anybody can read, in which what would come next leaves a mark
setup_file() {
	local next
	chmod 755 "$T"
	mkdir -p "$T/co/tests" "$T/bin"
	cp "$TOP/Makefile" "$T/co"
	cp -r "$TOP/tests/setup" "$TOP/tests/lib" "$TOP/tests/qemu" "$T/co/tests"
	for next in demo/run check vm/run; do
		mkdir -p "$T/co/tests/$(dirname "$next")"
		printf '#!/bin/sh\ntouch %s/ran\n' "$T" > "$T/co/tests/$next"
	done
	cat > "$T/bin/dpkg-query" << END
#!/bin/bash
for arg; do
	shift
	case " $LACKING " in
	*" \$arg "*) ;;
	*) set -- "\$@" "\$arg" ;;
	esac
done
[ \$# -gt 3 ] || exit 1
exec $(command -v dpkg-query) "\$@"
END
	printf '#!/bin/sh\necho "$@" >> %s/apt\n' "$T" > "$T/bin/apt-get"
	chmod -R a+rX "$T/co"
	chmod 755 "$T"/bin/* "$T"/co/tests/{demo/run,check,vm/run}
	mkdir -m 777 "$T/cache" "$T/cache/qemu" "$T/cache/qemu/source"
	echo 10.0.0 > "$T/cache/qemu/source/version"
	chmod 644 "$T/cache/qemu/source/version"
}

# nobody COMMAND..: not as root; output of both kinds in $T/said, $STATUS
nobody() {
	local as=()
	[ "$EUID" -ne 0 ] ||
		as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	STATUS=0
	(cd "$T/co" && "${as[@]}" env HOME=/nonexistent IDXD_SF_CACHE="$T/cache" \
		"$@") > "$T/said" 2>&1 < /dev/null || STATUS=$?
	cat "$T/said"
}

lacking() {
	env PATH="$T/bin:$PATH" "$@"
}

nothing_was_done() {
	[ ! -e "$T/apt" ] || fail "apt-get was called: $(cat "$T/apt")"
	[ ! -e "$T/ran" ] || fail 'it went on'
	[ ! -e "$T/co/build" ] || fail 'it built something'
}

t_who_is_not_root_is_told_the_names() {
	PATH=$T/bin:$PATH nobody tests/setup/packages
	expect_eq status 1 "$STATUS"
	expect_eq 'the line to type' \
		'  apt-get update && apt-get install --no-install-recommends libmnl-dev sparse' \
		"$(tail -n 1 "$T/said")"
	nothing_was_done
	say "$(tail -n 1 "$T/said" | sed 's/^ *//')"
}

t_make_demo_check_and_vm_stop_there() {
	local target
	for target in demo check vm; do
		PATH=$T/bin:$PATH nobody make --no-print-directory "$target"
		[ "$STATUS" -ne 0 ] || fail "make $target succeeds"
		expect_match "make $target" 'install .* libmnl-dev sparse$' \
			"$(cat "$T/said")"
		nothing_was_done
	done
}

t_qemu_is_not_built_without_its_packages() {
	PATH=$T/bin:$PATH nobody tests/qemu/build
	expect_eq status 1 "$STATUS"
	expect_match 'names' '^qemu: missing packages: .*ninja-build' \
		"$(cat "$T/said")"
	[ ! -e "$T/cache/qemu/tree" ] || fail 'it went on'
	nothing_was_done
}

t_lists_tell_what_is_missing() {
	expect_eq missing "$(printf '%s\n' libmnl-dev sparse)" \
		"$(lacking "$T/co/tests/setup/packages" --missing)"
	expect_match list '^libmnl-dev$' "$("$T/co/tests/setup/packages" --list)"
}

t_root_gets_them_installed() {
	[ "$EUID" -eq 0 ] || skip 'not root'
	lacking "$T/co/tests/setup/packages"
	expect_match 'apt-get' 'install --no-install-recommends libmnl-dev sparse$' \
		"$(cat "$T/apt")"
	rm "$T/apt"
}

t_a_machine_without_dpkg_is_told_so() {
	local out
	out=$(expect_fails env -i PATH="$T/none" /bin/bash \
		"$T/co/tests/setup/packages")
	expect_eq said 'packages: this needs Debian 12' "$out"
}

t_nothing_missing_is_silent() {
	nobody tests/setup/packages
	expect_eq status 0 "$STATUS"
	expect_eq said '' "$(cat "$T/said")"
}

run_tests "$@"
