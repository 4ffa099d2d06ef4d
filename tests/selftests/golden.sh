# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Golden texts: what a command prints, word for word, is kept in golden/ beside
# the test and compared. Sourced after lib.sh. It must not know a command.
#
# golden NAME COMMAND..        golden/NAME is what COMMAND prints
# golden_devlink NAME ARG..    golden/NAME.txt is what devlink ARG.. prints,
#                              golden/NAME.json what devlink -jp ARG.. prints
#
# A file may define golden_filter, which replaces what differs from run to run.
# With GOLDEN_UPDATE=1 what is printed is kept in $OUT/golden, to be looked at
# and copied:  tests/vm/run --out DIR --env GOLDEN_UPDATE=1 -- FILE

golden_filter() {
	cat
}

# A text begins with its licence, JSON has no place for one
golden_licence() {
	case $1 in
	*.json) ;;
	*) echo '# SPDX-License-Identifier: GPL-2.0-only' ;;
	esac
}

golden() {
	local name=$1 want got
	shift
	want=$(dirname "$0")/golden/$name
	got=${T:?}/golden.$name
	mkdir -p "$(dirname "$got")"
	"$@" > "$got.raw" || fail "status $?: $*"
	{ golden_licence "$name"; golden_filter < "$got.raw"; } > "$got"
	if [ -n "${GOLDEN_UPDATE:-}" ]; then
		mkdir -p "${OUT:?}/golden"
		cp "$got" "$OUT/golden/$name"
		return
	fi
	diff -u --label "golden/$name" --label "$*" "$want" "$got" ||
		fail "not the golden text: $*"
}

golden_devlink() {
	local name=$1
	shift
	golden "$name.txt" devlink "$@"
	golden "$name.json" devlink -jp "$@"
}
