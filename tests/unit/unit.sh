#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds and runs the unit tests in user space; their KTAP becomes one stream.
# RUN: host
# TIMEOUT: 600
set -euo pipefail
cd "$(dirname "$0")/../.."

out=build/unit
log=$(mktemp)
trap 'rm -rf "$log"' EXIT

# defined_but_not_compared: definitions of the driver without a row in the
# comparison with the model; what only software decides, or what the model
# has no name for, is listed here
defined_but_not_compared() {
	local not='IDXD_(REGS_BAR|PORTAL_|VERSION_M|GENCAP_BATCH_CONT|OPCAP_NR|
		|TABLE_MULT|GRPCAP_PROGRESS|GRPFLAGS_(DESC|BATCH)_PROGRESS|
		|CMD_(WQ_MASK|WQ_BLOCK|HANDLE_INDEX|HANDLE_IMS)$|IMS_MULT|
		|IMS_CTRL_PENDING|MSIXPERM_IGNORE|EVL_MAX_ENTRIES|
		|WQCFG_(MIN_SIZE|NR_DWORDS)|WQ_PRIORITY_MAX|REGS_H)'
	not=$(tr -d '\n\t' <<< "$not" | sed 's/||/|/g')
	grep -oE '^(#define|	)[ 	]*IDXD_[A-Z0-9_]+( = |[ 	])' \
		kernel/include/idxd_regs.h | grep -oE 'IDXD_[A-Z0-9_]+' |
		grep -vE "^$not" | while read -r name; do
		grep -qw "$name" tests/unit/test-regs.c || echo "$name"
	done
}

echo 'KTAP version 1'
if ! make --no-print-directory unit > "$log" 2>&1; then
	sed 's/^/# /' "$log"
	printf '1..1\nnot ok 1 - unit tests build\n'
	exit 1
fi
mapfile -t tests < <(make -s -f tests/unit/unit.mk OUT="$out" list)

: > "$log"
bad=0 nr=0
for t in "${tests[@]}"; do
	name=${t##*/} status=0
	"$t" > "$log.one" 2>&1 || status=$?
	[ "$status" -eq 0 ] || bad=1
	plan=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$log.one")
	done=$(grep -cE '^(not )?ok ' "$log.one" || true)
	while IFS= read -r line; do
		if [[ $line =~ ^(not\ )?ok\ [0-9]+\ *-?\ *(.*)$ ]]; then
			nr=$((nr + 1))
			echo "${BASH_REMATCH[1]}ok $nr - $name: ${BASH_REMATCH[2]}"
		elif [[ $line != KTAP* && $line != 1..* ]]; then
			echo "# ${line#'# '}"
		fi
	done < "$log.one" >> "$log"
	if [ "${plan:-0}" -ne "$done" ] || [ "$done" -eq 0 ]; then
		nr=$((nr + 1)) bad=1
		echo "not ok $nr - $name: $done of ${plan:-?} tests ran" >> "$log"
	fi
	rm -f "$log.one"
done
nr=$((nr + 1))
missing=$(defined_but_not_compared)
if [ -n "$missing" ]; then
	bad=1
	printf '# no row in test-regs.c: %s\n' "$missing" >> "$log"
	echo "not ok $nr - test-regs: every definition is compared" >> "$log"
else
	echo "ok $nr - test-regs: every definition is compared" >> "$log"
fi
echo "1..$nr"
cat "$log"
exit "$bad"
