# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Reads KTAP, prints a line a test and records results. Sourced by
# tests/check, which sets $results. Files may run side by side, so what belongs
# to one test is written at once. It must not start a test.

# record pass|fail|skip AREA NAME SECONDS [REASON [TEXT]]: TEXT is printed in
# front of the line of a test that passed, behind that of another
record() {
	local mark before='' after='' nl=$'\n'
	case $1 in
	pass) mark='   ok' before=${6:-} ;;
	fail) mark=' FAIL' after=${6:-} ;;
	skip) mark=' skip' after=${6:-} ;;
	esac
	printf '%s\t%s\t%s\n' "$1" "$2" "$3" >> "${results:?}"
	# Once more at the end, where a log that was cut still has it
	[ "$1" != fail ] || printf '     %s  %s\n%s' "$2" "$3" \
		"${after:+$(head -n 8 <<< "$after")$nl}" >> "$results.why"
	printf '%s%s %-8s %-60s %6ss%s\n%s' "$before" "$mark" "$2" "$3" "$4" \
		"${5:+  ($5)}" "$after"
}

# ktap_read AREA LABEL LOG: KTAP from standard input, ended by "#status N".
# Returns 1 when more of the log should be shown.
ktap_read() {
	local area=$1 label=$2 log=$3 line name reason plan=-1 seen=0 bad=0
	local since=$EPOCHREALTIME diag='' said='' status='' failed=0
	: > "$log"
	while IFS= read -r line; do
		line=${line%$'\r'}
		printf '%s\n' "$line" >> "$log"
		if [[ $line =~ ^1\.\.([0-9]+) ]]; then
			plan=${BASH_REMATCH[1]}
			since=$EPOCHREALTIME
		elif [[ $line =~ ^(not\ )?ok\ [0-9]+\ *-?\ *(.*)$ ]]; then
			name=${BASH_REMATCH[2]} reason=''
			seen=$((seen + 1))
			if [[ $name =~ ^(.*[^\ ])?\ *\#\ *SKIP\ *(.*)$ ]]; then
				name=${BASH_REMATCH[1]} reason=${BASH_REMATCH[2]}
				record skip "$area" "$label: $name" "$(since)" "$reason"
			elif [[ $line == not\ ok* ]]; then
				failed=1
				record fail "$area" "$label: $name" "$(since)" '' \
					"$said$(tail -n 25 <<< "$diag" |
						sed 's/^/        | /')"$'\n'
			else
				record pass "$area" "$label: $name" "$(since)" '' \
					"$said"
			fi
			since=$EPOCHREALTIME diag='' said=''
		elif [[ $line == '#: '* ]]; then
			said+="      : ${line#'#: '}"$'\n'
		elif [[ $line == '#status '* ]]; then
			status=${line#'#status '}
		elif [[ $line == '# '* ]]; then
			diag+="${line#'# '}"$'\n'
		elif [[ $line == 'Bail out!'* ]]; then
			bad=1
			record fail "$area" "$label: ${line}" "$(since)"
		fi
	done
	if [ "$plan" -lt 0 ]; then
		bad=1
		record fail "$area" "$label: no plan, status ${status:-?}" "$(since)"
	elif [ "$seen" -ne "$plan" ]; then
		bad=1
		record fail "$area" "$label: $seen of $plan tests ran" "$(since)"
	elif [ "${status:-1}" -ne 0 ] && [ "$bad$failed" = 00 ]; then
		bad=1
		record fail "$area" "$label: ended with status ${status:-?}" "$(since)"
	fi
	return "$bad"
}

# since: seconds since the caller's $since, one decimal
since() {
	local now=${EPOCHREALTIME/[.,]/} then=${since/[.,]/} tenths
	tenths=$(((now - then) / 100000))
	printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

show_tail() {
	printf '%s\n' "        --- end of ${1#"$PWD"/}
$(tail -n 30 "$1" | sed 's/^/        | /')"
}

# summary: the closing lines; the exit status is the verdict
summary() {
	local passed failed skipped
	passed=$(grep -c '^pass' "$results" || true)
	failed=$(grep -c '^fail' "$results" || true)
	skipped=$(grep -c '^skip' "$results" || true)
	if [ "$failed" -gt 0 ]; then
		echo '== failed:'
		cat "$results.why"
	fi
	if [ "$skipped" -gt 0 ]; then
		echo "$passed passed, $failed failed, $skipped skipped"
	else
		echo "$passed passed, $failed failed"
	fi
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
