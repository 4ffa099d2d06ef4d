#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What idxd-sf writes, definitions and the specification for containers: whole,
# where it was wanted, for everybody to read, and over nothing of somebody
# else's. And that it takes no time with 128 subfunctions. On a machine made of
# files, as offline.sh.
# RUN: host
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/golden.sh
. "$TOP/tests/selftests/golden.sh"
# shellcheck source=tests/selftests/tool.sh
. "$TOP/tests/selftests/tool.sh"

setup_file() {
	fake_build
}

machine() {
	M=$T/m
	fake_machine "$M" "${1:-1}"
}

# modes PATH..: their permissions
modes() {
	stat -c %a "$@" | xargs
}

t_definitions_can_be_read_whatever_the_umask() {
	machine
	rm -r "$M/defs"
	(umask 077 && fake define 0000:00:05.0/1 > /dev/null)
	expect_eq 'modes' '755 644' \
		"$(modes "$M/defs" "$M/defs/0000:00:05.0-sf-1.json")"
	expect_eq 'the lock is root'\''s' 600 "$(modes "$M/defs/.lock")"
}

t_define_never_overwrites_what_it_did_not_read() {
	machine
	echo '{' > "$M/defs/0000:00:05.0-sf-3.json"
	echo '{"device": "0000:00:05.0", "sfnum": 8}' \
		> "$M/defs/0000:00:05.0-sf-4.json"
	cp -r "$M/defs" "$T/before"
	golden taken.txt session 'define 0000:00:05.0/3' \
		'define 0000:00:05.0/4 --vectors 2' 'define 0000:00:05.0/4 -n'
	diff -r "$T/before" "$M/defs" -x .lock
}

t_changes_of_definitions_take_turns() {
	local rc=0
	machine
	fake define 0000:00:05.0/3 > /dev/null
	trap 'kill $(jobs -p) || true' EXIT
	flock -o "$M/defs/.lock" sleep 200 3>&- &
	wait_for 5 is_locked "$M/defs/.lock"
	for change in 'define 0000:00:05.0/4' 'modify 3 --vectors 2' \
		'undefine 3'; do
		# shellcheck disable=SC2086 # words
		IDXD_SF_FAKE=$M timeout 0.5 "$FAKE" --root "$M" \
			--config-dir "$M/defs" $change || rc=$?
		expect_eq "$change" 124 "$rc"
	done
	# It does not wait for ever
	flock -o "$M/run/idxd-sf.lock" sleep 200 3>&- &
	wait_for 5 is_locked "$M/run/idxd-sf.lock"
	IDXD_SF_FAULT=hurry golden locked.txt session 'undefine 3' \
		'create 5 --wq-entries 4' 'start --all'
	# shellcheck disable=SC2046 # words
	kill $(jobs -p)
	trap - EXIT
	fake list -j > "$T/list"
	expect_eq 'definitions' 1 "$(grep -o '"defined":true' "$T/list" | wc -l)"
	fake modify 3 --vectors 2 | grep -x '= 0'
}

t_dry_run_quotes_what_a_shell_would_see_more_in() {
	local M2
	machine
	M2="$M/it's \$(all)"
	mkdir "$M2"
	IDXD_SF_FAKE=$M "$FAKE" --root "$M" --config-dir "$M2" \
		define 0000:00:05.0/1
	IDXD_SF_FAKE=$M "$FAKE" --root "$M" --config-dir "$M2" \
		undefine -n 1 > "$T/commands"
	sh -e "$T/commands"
	expect_eq 'left' '' "$(ls "$M2")"
}

# spec: the devices of the specification with their nodes, a line each
spec() {
	python3 - "$M/var/run/cdi/idxd-sf.json" << 'EOF'
import json
import sys
for d in json.load(open(sys.argv[1]))['devices']:
    print(d['name'], *[n['path'] for n in d['containerEdits']['deviceNodes']])
EOF
}

t_specification_never_names_the_node_of_another() {
	machine
	fake define 0000:00:05.0/7 > /dev/null
	fake define 0000:00:05.0/8 > /dev/null
	fake start --all > /dev/null
	fake create 9 > /dev/null
	fake cdi > /dev/null
	fake stop 7 > /dev/null
	expect_eq 'stopped' '0000:00:05.0-sf-8 /dev/vfio/vfio /dev/vfio/21' \
		"$(spec)"
	fake create 10 | grep '^0000:00:05.0/10 /dev/vfio/20$'
	fake start 7 > /dev/null
	expect_eq 'started' '0000:00:05.0-sf-7 /dev/vfio/vfio /dev/vfio/23
0000:00:05.0-sf-8 /dev/vfio/vfio /dev/vfio/21' "$(spec)"
	fake cdi 8 9 > /dev/null
	fake delete 8 > /dev/null
	fake start --all > /dev/null
	expect_eq 'named, and defined' \
		'0000:00:05.0-sf-7 /dev/vfio/vfio /dev/vfio/23
0000:00:05.0-sf-8 /dev/vfio/vfio /dev/vfio/21
0000:00:05.0-sf-9 /dev/vfio/vfio /dev/vfio/22' "$(spec)"
	# What was done without idxd-sf is noticed with the next change
	sed -i '/^port 0000:00:05.0 [0-9]* 9 /d' "$M/state"
	fake delete 10 > /dev/null
	expect_eq 'behind its back' 2 "$(spec | wc -l)"
}

t_specification_of_nothing_is_none() {
	local file
	machine
	file=$M/var/run/cdi/idxd-sf.json
	fake define 0000:00:05.0/7 > /dev/null
	golden cdi-none.txt session 'cdi' 'start 7' 'cdi' 'stop 7' 'cdi'
	[ ! -e "$file" ] || fail 'it is still there'
	echo '{"kind": "example.com/x", "devices": []}' > "$file"
	cp "$file" "$T/theirs"
	fake start 7 > /dev/null
	cmp "$T/theirs" "$file"
	echo '{' > "$file"
	fake stop 7 | grep -x '= 0'
}

# in_blocks NR ARG..: idxd-sf, whose files may have NR KiB
in_blocks() {
	local nr=$1
	shift
	printf '\n$ idxd-sf %s\n' "$*"
	(
		trap '' XFSZ
		ulimit -f "$nr"
		IDXD_SF_FAKE=$M "$FAKE" --root "$M" --config-dir "$M/defs" "$@" 2>&1
		echo "= $?"
	) | sed "s|$M|ROOT|g; s/^idxd-sf: /! &/; s/^{\"\(error\|subject\)/! &/"
}

t_specification_that_cannot_be_kept_true_is_told() {
	local i
	machine
	for i in 1 2 3 4 5 6 7 8; do
		fake create "$i" > /dev/null
	done
	fake cdi 1 2 3 4 5 6 7 8 > /dev/null
	# Room for the state of the make-believe kernel, and for no more
	golden cdi-wrong.txt eval 'in_blocks 1 stop 8; in_blocks 1 -j stop 7'
}

t_definition_that_does_not_fit_is_told_and_the_old_one_stays() {
	local before
	machine
	fake define 0000:00:05.0/1 > /dev/null
	before=$(cat "$M"/defs/*)
	golden no-room.txt eval 'in_blocks 0 modify 1 --vectors 2;
		in_blocks 0 -j modify 1 --vectors 2'
	expect_eq 'definition' "$before" "$(cat "$M"/defs/*)"
	expect_eq 'left' '.lock' "$(find "$M/defs" -name '.*' -printf '%f\n')"
}

# as_nobody ARG..: idxd-sf, whose user may change a lock and no directory
as_nobody() {
	local user=()
	[ "$EUID" -ne 0 ] || user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	printf '\n$ idxd-sf %s\n' "$*"
	"${user[@]}" env "IDXD_SF_FAKE=$M" "$T/idxd-sf" --root "$M" \
		--config-dir "$M/defs" "$@" 2>&1 | sed "s|$M|ROOT|g; s/^/! /"
	echo "= ${PIPESTATUS[0]}"
}

t_definition_that_cannot_be_removed_is_told() {
	machine
	fake define 0000:00:05.0/1 > /dev/null
	chmod 666 "$M/defs/.lock"
	chmod 555 "$M/defs"
	chmod 711 "$T"
	cp "$FAKE" "$T/idxd-sf"
	golden no-removal.txt eval 'as_nobody undefine 1; as_nobody -j undefine 1'
	chmod 755 "$M/defs"
	[ -e "$M/defs/0000:00:05.0-sf-1.json" ] || fail 'it is removed'
}

t_definition_that_finds_no_memory_is_told() {
	machine
	fake define 0000:00:05.0/1 > /dev/null
	IDXD_SF_FAULT=nomemory golden no-memory.txt session 'start --all'
}

t_specification_is_written_where_it_was_wanted() {
	machine
	fake create 7 > /dev/null
	echo precious > "$T/precious"
	ln -s precious "$T/spec.json.tmp"
	(umask 077 && fake cdi 7 --output "$T/spec.json" | grep -x '= 0')
	expect_eq 'a link beside' 'precious' "$(cat "$T/precious")"
	expect_eq 'mode' '644' "$(modes "$T/spec.json")"
	expect_eq 'left' '' "$(find "$T" -maxdepth 1 -name '.spec*')"
	mkfifo "$T/pipe"
	cat "$T/pipe" > "$T/read" &
	fake cdi 7 --output "$T/pipe" | grep -x '= 0'
	wait "$!"
	cmp "$T/spec.json" "$T/read"
	[ -p "$T/pipe" ] || fail 'the pipe was replaced'
	ln -s target "$T/link"
	fake cdi 7 --output "$T/link" | grep -x '= 0'
	[ -L "$T/link" ] || fail 'the link was replaced'
	cmp "$T/spec.json" "$T/target"
	fake cdi 7 --output "$T/none/../none/deep/spec.json" > /dev/null
	cmp "$T/spec.json" "$T/none/deep/spec.json"
	fake cdi 7 --output /dev/full | grep '^! .*No space left'
	fake cdi 7 --output "$T" | grep '^! .*Is a directory'
}

# listed FILE: milliseconds of the CPU that a list takes, as people have it
listed() {
	local TIMEFORMAT='%3U %3S' user system
	read -r user system < <({ time IDXD_SF_FAKE=$M \
		"$TOP/build/tool-native/idxd-sf" --root "$M" \
		--config-dir "$M/defs" list > "$1"; } 2>&1)
	echo $((10#${user/./} + 10#${system/./}))
}

t_128_subfunctions_start_with_progress_and_list() {
	local i j ms best=100000
	flock "$TOP/build/.tool-fake.lock" make --no-print-directory -s \
		-C "$TOP" -f devlink_tool/tool.mk fake-native
	machine 16
	for ((i = 0; i < 16; i++)); do
		for ((j = 0; j < 8; j++)); do
			printf '{"device": "0000:%02x:05.0", "sfnum": %d}\n' \
				"$i" "$j" > "$M/defs/$i-$j.json"
		done
	done
	fake start --all > "$T/all"
	expect_eq 'last' '[128/128] 0000:0f:05.0/7: created' \
		"$(grep '^\[' "$T/all" | tail -n 1)"
	expect_eq 'listed' 128 "$(fake list | grep -c ' active ')"
	# Others use the machine, so it is the time of the CPU that counts, and
	# the least of some; it includes what the make-believe kernel takes
	for ((i = 0; i < 5; i++)); do
		ms=$(listed "$T/list")
		[ "$ms" -ge "$best" ] || best=$ms
	done
	expect_eq 'listed' 128 "$(grep -c ' active ' "$T/list")"
	say "list of 128: $best ms"
	[ "$best" -lt 100 ] || fail "list of 128 takes $best ms"
}

run_tests "$@"
