#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every verb of idxd-sf and every refusal, word for word, on a machine made of
# files with a make-believe kernel; built with sanitizers.
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

t_create_show_delete_golden() {
	machine
	golden life.txt session 'list' 'create 7' 'create' \
		'create 9 --inactive' \
		'create 10 --vectors 4 --priority 12 --wq-entries 40' \
		'list' 'show 7' 'show 9 10' 'stop 7' 'stop 7' 'start 7' \
		'delete 7 0' 'list'
}

t_create_show_delete_json_golden() {
	machine
	golden life.json.txt session '-j create 7' '-j show 7' '-p list' \
		'-j stop 7' '-j start 7' '-j delete 7' '-j list'
}

t_definitions_golden() {
	machine 2
	golden define.txt session 'define 0000:00:05.0/3' \
		'define 0000:00:05.0/4 --vectors 2 --autostart no' \
		'define 0000:01:05.0/4 --priority 3 --wq-entries 20' \
		'list' 'start --all' 'start --all' 'start 0000:00:05.0/4' \
		'show 0000:01:05.0/4' \
		'modify 0000:01:05.0/4 --priority 5 --wq-entries default' \
		'reconcile' 'reconcile' 'show 0000:01:05.0/4' \
		'modify 0000:00:05.0/4 --autostart yes' \
		'modify 0000:00:05.0/4 --vectors default' \
		'reconcile -n' 'reconcile' 'reconcile' 'show 0000:00:05.0/4' \
		'modify 0000:01:05.0/4 --priority default' 'reconcile' \
		'reconcile' 'stop 0000:01:05.0/4' \
		'modify 0000:01:05.0/4 --vectors 3' \
		'start 0000:01:05.0/4' 'stop 0000:01:05.0/4' \
		'modify 0000:01:05.0/4 --vectors default --priority 7' \
		'start 0000:01:05.0/4' 'show 0000:01:05.0/4' \
		'-j reconcile' '-j start --all --device 0000:00:05.0' \
		'-j define 0000:00:05.0/5' '-j modify 5 --vectors 3' \
		'undefine 5 3' '-j undefine 0000:00:05.0/4' 'list'
	golden definition.json cat "$M/defs/0000:01:05.0-sf-4.json"
}

# What is not asked for is shown as the device has it, and so are the others
t_device_id_golden() {
	machine
	golden device-id.txt session 'create 7 --device-id 0B25' \
		'create 8' 'show 7 8' 'create 9 --device-id 1212' \
		'create 9 --device-id 0x0b25' \
		'create 9 --inactive --device-id 0b25' 'delete 8' \
		'define 0000:00:05.0/8 --device-id 0b25 --wq-entries 20' \
		'create 8' 'reconcile' 'show 8' 'reconcile' \
		'modify 8 --device-id default' '-j modify 8 --device-id 11fb' \
		'reconcile' '-j show 8' 'start 8 -n' \
		'create 9 -n --device-id 0b25 --wq-entries 20'
	expect_eq 'parameters' 'dev 0000:00:05.0 0 11fb' \
		"$(grep ^dev "$M/state")"
}

t_dry_run_golden_and_changes_nothing() {
	local before
	machine
	fake create 1 > /dev/null
	fake define 0000:00:05.0/2 --vectors 4 > /dev/null
	before=$(cat "$M/state" "$M"/defs/*)
	golden dry-run.txt session 'create -n' \
		'create 8 -n --vectors 4 --priority 12 --wq-entries 40' \
		'start 1 -n' 'stop 1 -n' 'delete 1 -n' 'start --all -n' \
		'reconcile -n' 'define 0000:00:05.0/6 -n' 'modify 2 -n' \
		'undefine 2 -n' '-j create 8 -n' '-j start 1 -n' '-j stop 1 -n' \
		'-j delete 1 -n' '-j start --all -n' '-j reconcile -n' \
		'-j define 0000:00:05.0/6 -n' '-j modify 2 -n' '-j undefine 2 -n'
	expect_eq 'the machine' "$before" "$(cat "$M/state" "$M"/defs/*)"
}

# held SFNUM: as if process 4711 had it open
held() {
	mkdir -p "$M/proc/4711/fd"
	echo sf-copy > "$M/proc/4711/comm"
	ln -s /dev/vfio/vfio "$M/proc/4711/fd/3"
	ln -s /dev/vfio/20 "$M/proc/4711/fd/4"
	ln -s /dev/vfio/20 "$M/proc/4711/fd/5"
	: > "$M/open.$1"
}

t_open_subfunction_is_refused_with_its_holder() {
	machine
	fake create 7 > /dev/null
	fake define 0000:00:05.0/7 --vectors 2 > /dev/null
	held 7
	golden held.txt session 'list' 'show 7' '-j show 7' 'delete 7' 'stop 7' \
		'reconcile'
}

t_refusals_golden() {
	machine
	fake create 0 > /dev/null
	golden refused.txt session 'create 0' 'create 0000:09:05.0/1' \
		'create 2 --vectors 99' 'create 2 --priority 99' \
		'create 2 --wq-entries 100' 'create 2 --wq-entries 4000' \
		'delete 5' 'show 5' 'start 5' 'stop 5' 'undefine 5' 'modify 5' \
		'qemu 5' 'cdi 5' 'list' \
		'define 0000:00:05.0/0' 'define 0000:00:05.0/0' 'delete 0' \
		'delete 0' 'qemu 0' 'cdi 0'
	machine 2
	fake create 0000:00:05.0/1 > /dev/null
	fake create 0000:01:05.0/1 > /dev/null
	golden refused-two.txt session 'create' 'create 3' 'show 1' \
		'delete 1' 'define 0000:07:05.0/1' 'start 0000:07:05.0/1' \
		'start --all'
	fake_machine "$M" 0
	golden refused-none.txt session 'list' 'create' '-j list'
}

t_usage_golden() {
	machine
	golden usage.txt session '' 'frob' 'delete' 'show' 'list 3' \
		'list --vectors 3' 'create x' 'create 1/2' 'create 1 2' \
		'delete 0000:00:05.0' 'define 7' 'start' 'start --all 3' \
		'create --vectors' 'create --vectors x' 'create --frob' \
		'define 0000:00:05.0/1 --autostart maybe' 'create -x' \
		'start --all --device 7' 'top --interval 0' 'help frob' \
		'create 99999999999' 'create --inactive --wq-entries 4' \
		'create 1 --inactive --wq-entries default' \
		'start 7 --device 0000:00:05.0' \
		'start --all --timeout 99999999' 'top --interval 86401' \
		'create x -j' 'define --frob -p' 'create --vectors -j' \
		'show 7 --all' 'stop' 'undefine' 'modify' 'reconcile 7' 'qemu' \
		'cdi --all' 'monitor 7' 'check --all'
	golden help.txt session 'help' 'help list' 'help show' \
		'help create' 'help delete' 'help start' 'help stop' \
		'help define' 'help undefine' 'help modify' 'help reconcile' \
		'help qemu' 'help cdi' 'help monitor' 'help check' 'top --help'
}

t_qemu_and_cdi_golden() {
	machine
	fake create 7 > /dev/null
	fake create 8 > /dev/null
	fake define 0000:00:05.0/7 > /dev/null
	fake define 0000:00:05.0/9 > /dev/null
	golden use.txt session 'qemu 7' 'qemu 7 8' '-j qemu 7 8' \
		'qemu 7 --libvirt' '-j qemu 7 --libvirt' 'cdi' '-j cdi' \
		'cdi 8 --output -'
	golden cdi.json cat "$M/var/run/cdi/idxd-sf.json"
}

t_top_golden() {
	machine
	fake create 7 > /dev/null
	golden top.txt session 'top --count 2' '-j top --count 1'
}

# on_terminal MODE..: top of a machine with more than fits, see top.py
on_terminal() {
	local i
	machine
	for i in 1 2 3 4 5 6 7 8; do
		fake create "$i" > /dev/null
	done
	held 1
	IDXD_SF_FAKE=$M "$(dirname "$0")/top.py" "$@" "$FAKE" --root "$M" \
		--config-dir "$M/defs" top
}

t_top_fits_its_terminal_and_q_leaves() {
	on_terminal quit
}

t_top_gives_the_terminal_back_while_it_is_stopped() {
	on_terminal stop
}

t_top_that_fails_says_so_where_it_is_seen() {
	on_terminal break "rm -r $T/m/defs; : > $T/m/defs"
}

t_bad_definition_is_told_and_others_work() {
	machine
	fake define 0000:00:05.0/7 > /dev/null
	echo '{' > "$M/defs/a.json"
	echo '{"device": "0000:00:05.0"}' > "$M/defs/b.json"
	echo '{"device": "x", "sfnum": 1}' > "$M/defs/c.json"
	echo '{"device": "0000:00:05.0", "sfnum": -1}' > "$M/defs/d.json"
	echo '{"device": "0000:00:05.0", "sfnum": 1, "vector": 4}' \
		> "$M/defs/e.json"
	echo '{"device": "0000:00:05.0", "sfnum": 7}' > "$M/defs/z.json"
	echo '{"device": "0000:00:05.0", "sfnum": 8}' > "$M/defs/mine.json"
	echo '{"device": "0000:00:05.0", "sfnum": 9} {}' > "$M/defs/g.json"
	echo 'null' > "$M/defs/h.json"
	echo '"text"' > "$M/defs/i.json"
	printf '{"device": "0000:00:05.0", "sfnum": 9}\0x' > "$M/defs/j.json"
	echo '{"device": "0000:00:0A.0", "sfnum": 9}' > "$M/defs/k.json"
	echo '{"device": "0000:00:05.0", "sfnum": "9"}' > "$M/defs/l.json"
	echo '{"device": "0000:00:05.0", "sfnum": 9, "autostart": 1}' \
		> "$M/defs/m.json"
	echo '{"sfnum": 9}' > "$M/defs/n.json"
	echo '{"device": "0000:00:05.0", "sfnum": 9, "device_id": "x"}' \
		> "$M/defs/o.json"
	head -c 5000 /dev/zero | tr '\0' ' ' > "$M/defs/f.json"
	golden bad-definitions.txt session 'start --all' 'undefine 8' 'list'
	[ ! -e "$M/defs/mine.json" ] || fail 'a file of any name is removed'
}

t_failed_start_leaves_others_and_says_so() {
	machine
	fake define 0000:00:05.0/1 > /dev/null
	fake define 0000:00:05.0/2 --wq-entries 100 > /dev/null
	fake define 0000:00:05.0/3 > /dev/null
	golden partly.txt session 'start --all' 'list'
	expect_eq 'parameter' 'dev 0000:00:05.0 0 11fb' "$(grep ^dev "$M/state")"
}

# same WHAT FAULT: with this fault, everything is as without
same() {
	local want got
	want=$(fake list; fake show 7)
	got=$(IDXD_SF_FAULT=$2 fake list; IDXD_SF_FAULT=$2 fake show 7)
	expect_eq "$1" "$want" "$got"
}

t_dump_interrupted_or_overrun_is_repeated() {
	machine
	fake create 7 > /dev/null
	fake create 8 > /dev/null
	same 'interrupted' 'intr 1'
	same 'interrupted often' 'intr 9'
	same 'overrun' 'overrun 1'
	same 'overrun often' 'overrun 9'
}

t_dump_always_interrupted_ends_with_a_sentence() {
	machine
	golden unrest.txt eval 'IDXD_SF_FAULT=intr session list;
		IDXD_SF_FAULT=overrun session list'
}

t_stale_and_foreign_answers_are_passed_over() {
	machine
	fake create 7 > /dev/null
	same 'stale answers' stale
	IDXD_SF_FAULT=stale fake create 8 | grep -q '^= 0'
}

t_unknown_attributes_are_passed_over() {
	machine
	fake create 7 > /dev/null
	same 'unknown attributes' unknown
}

t_silence_and_permission_have_a_sentence() {
	machine
	fake create 7 > /dev/null
	golden silent.txt eval 'IDXD_SF_FAULT=silent session "create" "delete 7";
		IDXD_SF_FAULT=eperm session "create" "delete 7"'
}

t_definition_dir_that_cannot_be_written_is_told() {
	machine
	rm -r "$M/defs"
	: > "$M/defs"
	golden no-dir.txt session 'define 0000:00:05.0/1' 'list'
}

t_detached_subfunction_is_not_unchanged() {
	machine
	fake define 0000:00:05.0/7 > /dev/null
	fake define 0000:00:05.0/8 > /dev/null
	fake start --all > /dev/null
	: > "$M/detached.7"
	golden detached.txt session 'list' 'start --all --timeout 0' \
		'reconcile --timeout 0' 'start 7 --timeout 0'
	{ sleep 0.5; rm "$M/detached.7"; } &
	expect_match 'it comes' '^\[1/2\] 0000:00:05.0/7: started$' \
		"$(fake start --all)"
}

t_warning_of_the_kernel_is_passed_on() {
	machine
	golden warning.txt eval 'IDXD_SF_FAULT=warn session "create 7" "stop 7" \
		"-j start 7" "-j stop 7"'
}

# faults: sessions, each in the bad moment whose name comes first
faults() {
	local fault line
	while read -r fault line; do
		printf '\n%s:' "$fault"
		IDXD_SF_FAULT=$fault session "$line"
	done
}

t_refusals_of_bad_moments_golden() {
	machine
	fake create 3 > /dev/null
	fake create 4 > /dev/null
	: > "$M/nonode.7"
	: > "$M/nocompanion.8"
	golden moments.txt faults << 'EOF'
none create 8 --timeout 0
none create 7 --timeout 0
wants create 9
wants delete 3
norate create 9 --priority 4
noparam create 9 --wq-entries 4
garbage delete 3
garbage -j delete 4
nofamily list
nosocket list
nosocket monitor
nogroup monitor
broken monitor
nofamily show 3
nofamily create 9
nofamily start 3
nofamily start --all
nofamily stop 3
nofamily reconcile
nofamily qemu 3
nofamily cdi
nofamily top
EOF
	fake create 3 > /dev/null
	rm -r "$M/sys/bus/pci/devices/0000:00:05.0/idxd.sf.0/idxd-sf.0"
	golden no-vfio.txt session 'qemu 3' 'cdi 3'
}

# ended ARG..: idxd-sf, whose end comes while it waits for the node of 7
ended() {
	local rc=0
	printf '\n$ idxd-sf %s\n' "$*"
	IDXD_SF_FAKE=$M "$FAKE" --root "$M" --config-dir "$M/defs" "$@" \
		> "$T/ended" 2>&1 &
	wait_for 10 grep -q '^port .* 32768 7 1 ' "$M/state"
	kill "$!"
	wait "$!" || rc=$?
	sed 's/^/! /' "$T/ended"
	echo "= $rc"
}

t_end_during_create_leaves_no_port() {
	machine
	: > "$M/nonode.7"
	golden ended.txt eval 'ended create 7 --timeout 60;
		ended -j create 7 --timeout 60'
	expect_eq 'ports' '' "$(grep ^port "$M/state" || true)"
}

t_end_that_is_ignored_is_none() {
	local pid
	machine
	: > "$M/nonode.7"
	(
		trap '' HUP
		exec env "IDXD_SF_FAKE=$M" "$FAKE" --root "$M" \
			--config-dir "$M/defs" create 7 --timeout 60
	) > "$T/create" 2>&1 &
	pid=$!
	wait_for 10 grep -q '^port .* 32768 7 1 ' "$M/state"
	kill -HUP "$pid"
	sleep 0.2
	: > "$M/dev/vfio/20"
	wait "$pid" || fail "$(cat "$T/create")"
	expect_eq 'create' '0000:00:05.0/7 /dev/vfio/20' "$(cat "$T/create")"
}

t_end_while_another_one_is_waited_for_is_no_wait() {
	local pid lock rc=0
	machine
	flock -o "$M/run/idxd-sf.lock" sleep 9 &
	lock=$!
	wait_for 5 is_locked "$M/run/idxd-sf.lock"
	IDXD_SF_FAKE=$M "$FAKE" --root "$M" --config-dir "$M/defs" \
		create 7 --wq-entries 20 > "$T/create" 2>&1 &
	pid=$!
	wait_for 10 grep -q '^port ' "$M/state"
	kill "$pid"
	wait "$pid" || rc=$?
	expect_eq 'status' $((128 + 15)) "$rc"
	expect_eq 'ports' '' "$(grep ^port "$M/state" || true)"
	kill "$lock" || fail 'it waited for the other one'
}

t_monitor_golden() {
	machine 1
	fake_device "$M" 0000:03:00.0 1021 mlx5_core
	fake_device "$M" 0000:0a:00.0 11fb idxd
	fake create 7 --inactive > /dev/null
	fake define 0000:00:05.0/9 > /dev/null
	cat > "$M/events" << 'EOF'
port-new 0000:00:05.0 32768 7 0 0 1
port-new 0000:00:05.0 32768 7 1 0 1
port-new 0000:00:05.0 32768 7 1 0 1
port-new 0000:00:05.0 32769 9 0 0 1
port-new 0000:00:05.0 32769 9 0 0 4
port-new 0000:03:00.0 32768 88 1 0 1
port-del 0000:03:00.0 32768
dev-new 0000:03:00.0
reporter 0000:03:00.0 0 fw 1
reporter 0000:00:05.0 32768 sf 1
reporter 0000:00:05.0 32768 sf 0
reporter 0000:00:05.0 0 hw 1
port-new 0000:00:05.0 32768 7 1 1 1
lost
port-del 0000:00:05.0 32769
port-del 0000:00:05.0 32768
port-del 0000:00:05.0 32768
dev-new 0000:0a:00.0
port-new 0000:0a:00.0 32768 1 1 0 1
dev-del 0000:0a:00.0
EOF
	golden monitor.txt session 'monitor' '-j monitor' 'monitor --count 2'
}

t_version_is_that_of_the_package() {
	machine
	expect_eq 'version' "idxd-sf $(sed -n '1s/.*(\(.*\)).*/\1/p' \
		"$TOP/devlink_tool/debian/changelog")" \
		"$(fake --version | sed -n 1p)"
}

t_make_believe_kernel_says_what_the_driver_says() {
	(cd "$TOP" && python3 - << 'EOF'
import importlib.machinery
import importlib.util
import re
import sys

sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader('refusals', 'tests/lib/refusals')
refusals = importlib.util.module_from_spec(
    importlib.util.spec_from_loader('refusals', loader))
loader.exec_module(refusals)
rows = refusals.table('refusal')
text = refusals.without_comments(open('tests/tool/fake.c').read())
said = re.findall(r'fake_say\(text, -(\w+),\s*"([^"]*)"', text)
assert len(said) >= 6, said
for error, sentence in said:
    if not any(refusals.pattern(sentence).fullmatch(r[0]) and r[1] == error
               for r in rows):
        sys.exit(f'not of the driver: {sentence} ({error})')
EOF
	)
}

t_output_that_is_not_taken_fails() {
	machine
	local rc=0
	IDXD_SF_FAKE=$M "$FAKE" --root "$M" --config-dir "$M/defs" list \
		> /dev/full 2> /dev/null || rc=$?
	expect_eq 'status' 1 "$rc"
}

t_two_starts_at_a_time_create_each_once() {
	local i
	machine
	for i in 1 2 3 4; do
		fake define "0000:00:05.0/$i" --wq-entries 20 > /dev/null
	done
	for i in 1 2; do
		IDXD_SF_FAKE=$M "$FAKE" --root "$M" --config-dir "$M/defs" \
			start --all > "$T/start.$i" &
	done
	wait
	cat "$T/start.1" "$T/start.2"
	expect_eq 'created' 4 "$(cat "$T"/start.* | grep -c ': created')"
	expect_eq 'unchanged' 4 "$(cat "$T"/start.* | grep -c ': unchanged')"
	expect_eq 'parameter' 'dev 0000:00:05.0 0 11fb' "$(grep ^dev "$M/state")"
}

run_tests "$@"
