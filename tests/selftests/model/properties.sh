#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Properties of the device: bad values are refused with a sentence, the
# extremes are not.
# RUN: host
# TIMEOUT: 300

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/docs/lib.sh
. "$TOP/tests/selftests/docs/lib.sh"

setup_file() {
	"$TOP/tests/qemu/build" | tail -n 1 > "$T/qemu"
}

# start PROPERTIES: QEMU with such a device; it ends at once
start() {
	local firmware
	read -ra firmware <<< "$("$TOP/tests/qemu/build" --firmware-args)"
	timeout 60 "$(< "$T/qemu")" "${firmware[@]}" -M q35 -cpu max -S \
		-nodefaults -display none -monitor stdio \
		-device "intel-dsa,id=dsa0,$1" <<< "${2:-quit}" 2>&1
}

# refused PROPERTY=VALUE SENTENCE
refused() {
	local out
	if out=$(start "$1"); then
		fail "$1 was taken: $out"
	fi
	expect_match "$1" "intel-dsa: $2\$" "$out"
}

t_values_out_of_range_are_refused() {
	local name min max value
	while read -r name min max; do
		for value in $((min - 1)) $((max + 1)); do
			[ "$value" -ge 0 ] || continue
			refused "$name=$value" \
				"$name is $value, must be $min to $max"
		done
	done << 'END'
wqs 1 128
wq-entries 1 65535
groups 1 64
engines 1 64
ims-slots 0 16128
max-transfer-shift 0 31
max-batch-shift 1 15
read-buffers 4 255
END
}

t_values_that_make_no_sense_are_refused() {
	refused ims-slots=100 'ims-slots must be a multiple of 256'
	refused op-cap=0x400 'op-cap has bits of unknown operations'
	refused device-id=0x0cfe 'device-id must be 0x11fb, 0x1212 or 0x0b25'
}

t_extremes_are_taken() {
	start wqs=1,wq-entries=1,groups=1,engines=1,ims-slots=0,read-buffers=4,max-transfer-shift=0,max-batch-shift=1
	start wqs=128,wq-entries=65535,groups=64,engines=64,ims-slots=16128,read-buffers=255,max-transfer-shift=31,max-batch-shift=15
	start ims-slots=256,device-id=0x0b25
	start engine-delay-us=4294967295,evl=off,pasid=off,ats=off,priv=off
}

t_command_line_of_the_page_is_taken() {
	local words firmware
	commands_by "$0" t_command_line_of_the_page_is_taken > "$T/page"
	read -ra words < <(sed -n 's/^qemu-system-x86_64 \(.*\) \.\.\.$/\1/p' \
		"$T/page")
	[ ${#words[@]} -gt 0 ] || fail "the page has: $(cat "$T/page")"
	read -ra firmware <<< "$("$TOP/tests/qemu/build" --firmware-args)"
	timeout 60 "$(< "$T/qemu")" "${words[@]}" "${firmware[@]}" -S -nodefaults \
		-display none -monitor stdio <<< $'info pci\nquit' > "$T/pci" 2>&1
	expect_match 'info pci' 'PCI device 8086:11fb' "$(cat "$T/pci")"
}

t_trace_events_are_there() {
	local out
	out=$("$(< "$T/qemu")" -trace help)
	while read -r name; do
		expect_match 'trace event' "^$name\$" "$out"
	done < <(sed -n 's/^\(intel_dsa_[a-z_]*\)(.*/\1/p' \
		"$TOP/tests/qemu/intel-dsa/trace-events")
}

t_properties_are_what_the_documentation_says() {
	local out name default
	out=$("$(< "$T/qemu")" -device intel-dsa,help)
	while read -r name default; do
		expect_match property "^ *$name=<" "$out"
	done < <(table_of_properties)
	[ "$(table_of_properties | wc -l)" -ge 24 ] ||
		fail "the page has $(table_of_properties | wc -l) of them"
}

# table_of_properties: name and default of each, as the page has them
table_of_properties() {
	sed -n '/^Properties$/,/^PCI configuration$/p' \
		"$TOP/Documentation/qemu-model.rst" |
		sed -n 's/^\([a-z][a-z-]*\(, [a-z]*\)*\)  *\([0-9a-z]*\) .*/\1 \3/p' |
		awk '$1 != "name" { for (i = 1; i < NF; i++) {
			sub(",", "", $i); print $i, $NF } }'
}

# value_of NAME..: what a device has that nothing was said to, a line each
value_of() {
	local firmware name
	read -ra firmware <<< "$("$TOP/tests/qemu/build" --firmware-args)"
	{
		echo '{"execute": "qmp_capabilities"}'
		for name; do
			printf '{"execute": "qom-get", "arguments": {"path": "dsa0",
				"property": "%s"}}\n' "$name"
		done
		echo '{"execute": "quit"}'
	} | timeout 60 "$(< "$T/qemu")" "${firmware[@]}" -M q35 -cpu max -S \
		-nodefaults -display none -qmp stdio -device intel-dsa,id=dsa0 |
		sed -n 's/^{"return": \([0-9a-z].*\)}.*/\1/p'
}

t_defaults_are_what_the_documentation_says() {
	local names values i default
	mapfile -t names < <(table_of_properties | cut -d ' ' -f 1)
	mapfile -t values < <(value_of "${names[@]}")
	expect_eq 'values' ${#names[@]} ${#values[@]}
	for i in "${!names[@]}"; do
		default=$(table_of_properties | sed -n "$((i + 1))s/.* //p")
		case $default in
		on) default=true ;;
		off) default=false ;;
		*) default=$((default)) ;;
		esac
		expect_eq "default of ${names[i]}" "$default" "${values[i]}"
	done
}

run_tests "$@"
