#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The runner of the tests, tests/check, as people call it: in a checkout where
# every file runs as it is said there, and its tests do nothing. Set-up and
# machines leave a line.
# RUN: host
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/docs/lib.sh
. "$TOP/tests/selftests/docs/lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=200

# The directory of the tests is there when they run
CHECKOUT=${T:-}/co
export CHECKOUT
export PATH=${T:-}/bin:$PATH

# stub FILE LINE..: a script that does no more than these
stub() {
	local file=$1
	shift
	mkdir -p "${file%/*}"
	printf '%s\n' '#!/bin/bash' "$@" > "$file"
	chmod +x "$file"
}

# nothing FILE: of the checkout, with its RUN lines, and tests that do nothing
nothing() {
	mapfile -t runs < <(grep -E '^# (RUN|ALONE|TIMEOUT): ' "$TOP/$1")
	stub "$CHECKOUT/$1" "${runs[@]}" "echo 'KTAP version 1'" 'echo 1..1' \
		"echo 'ok 1 - nothing'"
}

# Two files of each area, for the sake of time, and those that a page names
setup_file() {
	local area file
	mkdir -p "$CHECKOUT/tests"
	cp -r "$TOP/Makefile" "$TOP/.ci" "$CHECKOUT"
	cp -r "$TOP/tests/lib" "$TOP/tests/check" "$TOP/tests/kernel" \
		"$CHECKOUT/tests"
	cd "$TOP"
	# shellcheck source=tests/lib/areas.sh
	. tests/lib/areas.sh
	for area in $(area_names); do
		for file in $({ area_files "$area" | head -n 2
			area_files "$area" | grep -E '/(machines|storm)' ||
				true; } | sort -u); do
			nothing "$file"
		done
	done
	for file in tests/setup/{packages,iproute2} tests/qemu/build; do
		stub "$CHECKOUT/$file" "echo $file \"\$@\" >> $CHECKOUT/said"
	done
	# shellcheck disable=SC2016 # for the stub
	stub "$CHECKOUT/tests/vm/run" "echo run \"\$@\" >> $CHECKOUT/said" \
		'while [ "$1" != -- ]; do shift; done' 'shift' 'exec "$@"'
	# The first one is make, those that it calls build nothing
	# shellcheck disable=SC2016 # for the stub
	stub "$T/bin/make" "case \" \$* \" in" \
		"*' modules '* | *' programs '*) echo make \"\$@\" >> $CHECKOUT/said ;;" \
		"*) exec $(command -v make) --no-print-directory \"\$@\" ;;" 'esac'
}

t_commands_of_the_pages_work() {
	run_commands checkout
}

# check ARG..: make check in the checkout: what it prints in $T/out.1, all that it
# says in $T/all.1, what was set up and run in $T/said, its status in $STATUS
check() {
	STATUS=0
	: > "$CHECKOUT/said"
	(cd "$CHECKOUT" && as_typed "$@") > "$T/out.1" \
		2> "$T/err.1" || STATUS=$?
	cat "$T/out.1" "$T/err.1"
	cp "$CHECKOUT/said" "$T/said"
}

# ran: the areas with results, each once
ran() {
	sed -n 's/^ *\(ok\|FAIL\|skip\) \([a-z]*\) .*/\2/p' "$T/out.1" | sort -u | xargs
}

t_areas_that_are_named_run_and_no_others() {
	check make check T='copy unit'
	expect_eq 'status' 0 "$STATUS"
	expect_eq 'areas' 'copy unit' "$(ran)"
	expect_eq 'error output' '' "$(cat "$T/err.1")"
	check make check
	expect_eq 'areas' "$("$TOP/tests/check" --list | cut -d ' ' -f 1 | sort | xargs)" \
		"$(ran)"
	expect_match 'the slowest' '^== slowest: ' "$(cat "$T/out.1")"
}

t_files_are_chosen_by_a_pattern() {
	check env ONLY='machines*' make check T=devlink
	expect_eq 'files' "$(grep -c '^# RUN: ' "$TOP/tests/selftests/devlink/machines.sh")" \
		"$(grep -c '^ *ok ' "$T/out.1")"
	expect_eq 'others' '' "$(grep '^ *ok ' "$T/out.1" | grep -v ' machines' || true)"
}

t_machines_get_the_options_of_their_file_and_the_kernel() {
	local line nr=0
	check env KERNEL=debug make check T=copy
	while IFS= read -r line; do
		nr=$((nr + 1))
		[[ " $line " == *' --cpus '* ]] || line="--cpus 1 $line"
		grep -qF -- "--kernel debug --env LIMIT_FACTOR=4 $line -- " \
			"$T/said" || fail "no machine $line: $(cat "$T/said")"
	done < <(sed -n 's/^# RUN: vm //p' "$TOP/tests/selftests/copy/copy.sh")
	[ "$nr" -gt 1 ] || fail "machines: $nr"
}

# machines: those that were started, but for the one that is prepared for all
machines() {
	grep '^run ' "$T/said" | grep -v '^run -- true$' |
		sed 's|--timeout [0-9]* ||; s| -- /.*||'
}

t_what_needs_iommufd_runs_on_a_kernel_that_has_it() {
	trap 'rm -f "$CHECKOUT/tests/selftests/copy/own.sh"' EXIT
	stub "$CHECKOUT/tests/selftests/copy/own.sh" \
		'# RUN: vm --kernel iommufd --iommu second' '# RUN: host' \
		"echo 'KTAP version 1'" 'echo 1..1' "echo 'ok 1 - nothing'"
	check env ONLY='own*' make check T=copy
	expect_eq 'machines' "$(printf '%s\n' 'run --kernel iommufd -- true' \
		'run --cpus 1 --kernel iommufd --iommu second')" "$(machines)"
	# Others of ours have it, too; the distribution's have not
	check env KERNEL=debug ONLY='own*' make check T=copy
	expect_eq 'machines' "$(printf 'run --kernel debug --env LIMIT_FACTOR=4 %s\n' \
		'-- true' '--cpus 1 --iommu second')" "$(machines)"
	check env KERNEL=6.12 ONLY='own*' make check T=copy
	expect_match 'machine' '^run --cpus 1 --kernel iommufd --iommu second$' \
		"$(machines)"
	# No other needs it
	check env ONLY='copy*' make check T=copy
	expect_eq 'kernels' '' "$(grep 'kernel' "$T/said" || true)"
}

t_the_total_is_the_last_line_and_failures_are_told() {
	check make check T=copy
	expect_match 'the last line' '^[0-9]+ passed, 0 failed$' \
		"$(tail -n 1 "$T/out.1")"
	trap 'rm -f "$CHECKOUT/tests/selftests/copy/bad.sh"' EXIT
	stub "$CHECKOUT/tests/selftests/copy/bad.sh" '# RUN: host' \
		'echo KTAP version 1' 'echo 1..2' 'echo ok 1 - good' \
		'echo not ok 2 - bad' 'exit 1'
	check make check T=copy
	[ "$STATUS" -ne 0 ] || fail 'a failure ends with status 0'
	expect_match 'the last line' '^[0-9]+ passed, 1 failed$' \
		"$(tail -n 1 "$T/out.1")"
	expect_match 'the list' '^ +copy +bad: bad$' "$(cat "$T/out.1")"
	# make says so, too, but not where the last line is what counts
	check .ci/run
	expect_eq 'status' 1 "$STATUS"
	expect_match 'the last line' '^[0-9]+ passed, 1 failed$' \
		"$(tail -n 1 "$T/out.1")"
	expect_eq 'error output' '' "$(cat "$T/err.1")"
	expect_eq 'packages' 'tests/setup/packages --docs --deb --kernel' \
		"$(head -n 1 "$T/said")"
}

t_nothing_that_ran_is_a_failure() {
	check env ONLY=nosuch make check T=copy
	[ "$STATUS" -ne 0 ] || fail 'nothing ran, and it ends with status 0'
	expect_match 'said' '^No file is named nosuch here$' "$(cat "$T/err.1")"
	expect_eq 'the last line' '0 passed, 0 failed' "$(tail -n 1 "$T/out.1")"
	expect_eq 'complaints of the shell' '' "$(grep 'line [0-9]*:' "$T/err.1" || true)"
}

t_set_up_that_fails_is_told_and_nothing_runs() {
	mv "$CHECKOUT/tests/qemu/build" "$T/build"
	stub "$CHECKOUT/tests/qemu/build" 'echo no compiler' 'exit 1'
	check make check T=copy
	mv "$T/build" "$CHECKOUT/tests/qemu/build"
	[ "$STATUS" -ne 0 ] || fail 'it ends with status 0'
	expect_eq 'the last line' '0 passed, 1 failed' "$(tail -n 1 "$T/out.1")"
	expect_match 'why' 'no compiler' "$(cat "$T/out.1")"
	expect_eq 'areas' 'setup' "$(ran)"
}

t_an_area_that_there_is_not_is_told() {
	check tests/check nosuch
	expect_eq 'status' 2 "$STATUS"
	expect_match 'said' '^No area nosuch; there are: static docs ' \
		"$(cat "$T/err.1")"
}

run_tests "$@"
