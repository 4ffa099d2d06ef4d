#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What user space may include: it compiles alone, and it is where the driver
# has its names from.
# RUN: host
# TIMEOUT: 60

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../selftests/lib.sh"
# shellcheck source=tests/static/lib.sh
. "$TOP/tests/static/lib.sh"
cd "$TOP"

# defined: "NAME TEXT" of what the headers define, but for their guards
defined() {
	repo_files 'uapi/*.h' |
		xargs sed -n 's/^#define \([A-Z0-9_]*\)\t\t*\(.*\)$/\1 \2/p'
}

# macros: the names, but for those of tracepoints, which C cannot be told by one
macros() {
	defined | sed -n '/^IDXD_SF_TP_/!s/ .*//p'
}

# strings: the texts that they stand for; short ones, and keys of reports, mean
# other things, too
strings() {
	defined | sed -n '/^IDXD_SF_\(TP\|KEY\)_/!s/^[^ ]* \("[^"]\{4,\}"\)$/\1/p'
}

# traced: "system:event" of every tracepoint of the driver
traced() {
	local f
	repo_files 'kernel/*/trace.h' | while read -r f; do
		tr '\n' ' ' < "$f" | grep -oE \
			'define TRACE_SYSTEM \w+|TRACE_EVENT\(\w+|DEFINE_EVENT\(\w+,\s*\w+'
	done | awk '/^define/ { of = $3; next }
		{ sub(/^.*[(,][ \t]*/, ""); print of ":" $0 }' | sort
}

t_headers_compile_alone() {
	local h
	repo_files 'uapi/*.h' | while read -r h; do
		printf '#include <%s>\n#include <%s>\nint nothing;\n' \
			"${h#uapi/}" "${h#uapi/}" > "$T/alone.c"
		gcc -std=c11 -Wall -Wextra -pedantic -Werror -Iuapi -c \
			-o "$T/alone.o" "$T/alone.c"
	done
}

t_licence_has_the_syscall_note() {
	repo_files 'uapi/*.h' | xargs grep -L \
		'SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note' |
		no_output 'No syscall note'
}

t_every_name_is_used_by_the_driver() {
	local name
	[ "$(macros | wc -l)" -gt 10 ] || fail "macros: $(macros)"
	for name in $(macros); do
		repo_files 'kernel/*.[ch]' | xargs grep -qw "$name" || echo "$name"
	done | no_output 'Names of nothing'
}

t_driver_has_no_second_spelling() {
	local text
	[ "$(strings | wc -l)" -gt 5 ] || fail "strings: $(strings)"
	strings | sort -u | while read -r text; do
		repo_files 'kernel/*.[ch]' | xargs grep -nF -- "$text" || true
	done | sed '/:#include /d' | no_output 'Names spelled again'
}

# Whatever has a name for users gets it as second argument, or as .name
t_what_is_shown_is_named_by_the_headers() {
	# shellcheck disable=SC2016 # perl expands
	repo_files 'kernel/core/dl_*.c' kernel/core/devlink.c \
		kernel/core/sf_nested.c | xargs perl -0777 -ne '
		while (/\b(?:devlink_fmsg_\w+|idxd_health_put_\w+|idxd_devlink_put_\w+
			|devlink_info_version_\w+|DEVLINK_PARAM_DRIVER|IDXD_\w*PARAM\w*
			|devl_resource_register)\(\s*[^,()]+,\s*("[^"]*")/gx) {
			print "$ARGV: $1\n";
		}
		while (/\.name\s*=\s*("[^"]*")/g) {
			print "$ARGV: $1\n";
		}' | no_output 'Names that the headers lack'
}

# An error of a kind is counted under a key of its own
t_kinds_of_errors_are_named_by_the_headers() {
	sed -n '/^const char \*idxd_error_kind_name/,/^}/p' kernel/core/decode.c |
		sed -n '/"/p' | no_output 'Kinds that the headers lack'
}

t_tracepoints_are_those_of_the_driver() {
	local name text system
	[ "$(traced | wc -l)" -gt 10 ] || fail "tracepoints: $(traced)"
	defined | tr -d '"' | while read -r name text; do
		case $name in
		IDXD_SF_TP_SYSTEM*) ;;
		IDXD_SF_TP_*)
			grep -qx "$text" <<< "$(traced | sed 's/.*://')" ||
				echo "of nothing: $text"
			[ "${name#IDXD_SF_TP_}" = \
				"$(tr '[:lower:]' '[:upper:]' <<< "${text#idxd_}")" ] ||
				echo "$name is $text" ;;
		esac
	done | no_output 'Names of nothing'
	traced | while IFS=: read -r system text; do
		grep -q "^IDXD_SF_TP_.* \"$text\"\$" <<< "$(defined)" ||
			echo "$text"
		grep -q "^IDXD_SF_TP_SYSTEM.* \"$system\"\$" <<< "$(defined)" ||
			echo "system $system"
	done | no_output 'Tracepoints that the headers lack'
}

# Both pages are about what an administrator looks for
t_tracepoints_are_documented() {
	local system event
	traced | while IFS=: read -r system event; do
		grep -q "^\`\`$event\`\` " Documentation/tracing.rst ||
			echo "tracing.rst: $event"
		[ "$system" = idxd_vfio ] ||
			grep -q "^\`\`$event\`\` " Documentation/devlink.rst ||
			echo "devlink.rst: $event"
	done | no_output 'Tracepoints that are not documented'
	# shellcheck disable=SC2016 # marks of the page
	grep -ohE '^``idxd_(sf|res|cmd|event|health|vdev|vcmd|vintr)_[a-z_]+``' \
		Documentation/tracing.rst Documentation/devlink.rst | tr -d '`' |
		while read -r event; do
			grep -q ":$event\$" <<< "$(traced)" || echo "$event"
		done | no_output 'Documented, and not there'
}

run_tests "$@"
