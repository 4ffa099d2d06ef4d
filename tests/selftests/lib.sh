# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What every shell test sources: it finds the functions t_<condition_result>
# of the file, runs each in a process of its own with a time limit and prints
# KTAP. A test fails when a command in it fails. It must not know an area.
#
# For a test: fail TEXT, skip REASON, say TEXT (shown to people), run_tests.
# For a file: setup_file and teardown_file, if defined, run once around the
# tests, in the same directory $T, where tests keep what they share.
# LIMIT=seconds before run_tests changes the limit of one test (60), and
# LIMIT_t_name that of test t_name. On a slow kernel LIMIT_FACTOR multiplies
# them and the patience of wait_for and within.
# Where the kernel has kmemleak, leaks of our modules are one test more.

set -euo pipefail

TOP=${TOP:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
export TOP
export PATH=$TOP/build/bin:$PATH:/usr/sbin:/sbin

# Tells a test that does not apply from one that failed
SKIP_STATUS=77

fail() {
	printf '%s\n' "$*" >&2
	exit 1
}

skip() {
	printf '%s\n' "$*" > "$T/skip"
	exit "$SKIP_STATUS"
}

# say TEXT: a line for people, also when the test passes
say() {
	printf '#: %s\n' "$*" >&3
}

# expect_eq WHAT WANT GOT
expect_eq() {
	[ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
}

# expect_match WHAT PATTERN TEXT: an extended regular expression
expect_match() {
	grep -Eq -- "$2" <<< "$3" || fail "$1: expected /$2/, got: $3"
}

# expect_fails COMMAND..: it must fail; its output is printed
expect_fails() {
	local out
	if out=$("$@" 2>&1); then
		fail "succeeded: $*: $out"
	fi
	printf '%s\n' "$out"
}

# deadline_in SECONDS: prints the moment, in microseconds, for wait_until
deadline_in() {
	echo $((${EPOCHREALTIME/[.,]/} + $1 * 1000000))
}

# wait_until DEADLINE COMMAND..: until it succeeds; it has to by the deadline
wait_until() {
	local end=$1
	shift
	until "$@" > /dev/null 2>&1; do
		[ "${EPOCHREALTIME/[.,]/}" -lt "$end" ] || return 1
		sleep 0.05
	done
	[ "${EPOCHREALTIME/[.,]/}" -le "$end" ]
}

# wait_for SECONDS COMMAND..: until it succeeds
wait_for() {
	local end
	end=$(deadline_in $(($1 * ${LIMIT_FACTOR:-1})))
	shift
	wait_until "$end" "$@"
}

# within MS COMMAND..: it ends well, and by then
within() {
	local limit=$(($1 * ${LIMIT_FACTOR:-1})) since=$EPOCHREALTIME ms
	shift
	"$@" > /dev/null
	ms=$(((${EPOCHREALTIME/[.,]/} - ${since/[.,]/}) / 1000))
	say "$ms ms: $*"
	[ "$ms" -lt "$limit" ] || fail "took $ms ms: $*"
}

# Names of the tests in the order of the file
test_names() {
	sed -n 's/^\(t_[a-z0-9_]*\)() *{$/\1/p' "$0"
}

run_one() {
	exec 3>&1 > "$T/out" 2>&1
	trap 'echo "line $LINENO: status $?: $BASH_COMMAND" >&2' ERR
	set -E
	"$1"
}

run_tests() {
	local name nr=0 rc limit var worst=0 names
	if [ "${1:-}" = --one ]; then
		run_one "$2"
		exit 0
	fi
	mapfile -t names < <(test_names)
	T=$(mktemp -d)
	export T
	echo 'KTAP version 1'
	echo "1..$((${#names[@]} + $(kmemleak_begin)))"
	if declare -F setup_file > /dev/null; then
		# A process of its own: "set -e" means nothing behind an "if"
		if ! bash "$0" --one setup_file; then
			sed 's/^/# /' "$T/out"
			echo 'Bail out! the set-up of the file failed'
			exit 1
		fi
	fi
	for name in "${names[@]}"; do
		nr=$((nr + 1)) rc=0
		var=LIMIT_$name
		limit=$((${!var:-${LIMIT:-60}} * ${LIMIT_FACTOR:-1}))
		rm -f "$T/skip"
		timeout -k 5 "$limit" bash "$0" --one "$name" || rc=$?
		report "$rc" "$nr" "${name#t_}" "$limit"
		case $rc in
		0 | "$SKIP_STATUS") ;;
		*) worst=1 ;;
		esac
	done
	if declare -F teardown_file > /dev/null; then
		(teardown_file) 2>&1 | sed 's/^/# /'
	fi
	kmemleak_end $((nr + 1)) || worst=1
	rm -rf "$T"
	exit "$worst"
}

KMEMLEAK=/sys/kernel/debug/kmemleak

# kmemleak_begin: prints the number of tests that kmemleak_end is
kmemleak_begin() {
	if [ -w "$KMEMLEAK" ]; then
		# What is there before is nobody's here
		echo clear > "$KMEMLEAK"
		echo 1
	else
		echo 0
	fi
}

# kmemleak_end NR: whether our modules have lost memory. An object is one that
# two scans found lost, and that is at least 5 s old.
kmemleak_end() {
	local rc=0
	[ -w "$KMEMLEAK" ] || return 0
	sleep 5
	echo scan > "$KMEMLEAK"
	echo scan > "$KMEMLEAK"
	cat "$KMEMLEAK" > "$T/leaks"
	our_leaks < "$T/leaks" > "$T/out"
	[ ! -s "$T/out" ] || rc=1
	[ ! -s "$T/leaks" ] || [ "$rc" -eq 1 ] ||
		echo "# leaks of others: $(grep -c '^unreferenced' "$T/leaks")"
	report "$rc" "$1" kmemleak_finds_nothing 0
	return "$rc"
}

# our_leaks: of kmemleak's text, objects with a caller in one of our modules. An
# address without a name is in a module that has been unloaded.
our_leaks() {
	awk 'BEGIN { RS = "\nunreferenced"; ORS = "\n" }
		/\[idxd(_vfio)?\]/ || /\n *0xffffffff[a-f]/ {
			sub(/^unreferenced/, ""); print "unreferenced" $0 }'
}

# report STATUS NR NAME LIMIT
report() {
	[ ! -s "$T/out" ] || sed 's/^/# /' "$T/out"
	case $1 in
	0)
		echo "ok $2 - $3" ;;
	"$SKIP_STATUS")
		echo "ok $2 - $3 # SKIP $(cat "$T/skip")" ;;
	124 | 137)
		echo "# no end within $4 s"
		echo "not ok $2 - $3" ;;
	*)
		echo "not ok $2 - $3" ;;
	esac
	: > "$T/out"
}
