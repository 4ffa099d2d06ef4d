#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the kernel's own tools say about the modules: nothing. Each builds a
# copy, so that the checkout's objects stay as they are.
# RUN: host
# TIMEOUT: 900

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../selftests/lib.sh"
# shellcheck source=tests/static/lib.sh
. "$TOP/tests/static/lib.sh"

# shellcheck disable=SC2034 # read by run_tests
LIMIT=300
KDIR=${KDIR:-$("$TOP/tests/lib/kdir")}

setup_file() {
	mkdir "$T/kernel"
	cd "$TOP"
	repo_files kernel uapi | cpio -pdm --quiet "$T"
}

# kbuild ARG..: what a build of the copy prints besides its progress. The
# kernel's package says itself which compiler it had, and BTF needs vmlinux.
kbuild() {
	local log=$T/build.log
	make -s -C "$KDIR" M="$T/kernel" "$@" > "$log" 2>&1 || {
		cat "$log"
		fail "make $* failed"
	}
	grep -vE '^Skipping BTF generation|^warning: the compiler differs from|^  (The kernel was built by|You are using):' \
		"$log" || true
}

t_warnings_w1_none() {
	kbuild W=1 modules | no_output 'make W=1'
}

t_sparse_none() {
	# W=1 objects are newer: C=2 checks them all the same
	kbuild C=2 CF='-D__CHECK_ENDIAN__' modules | no_output 'make C=2'
}

t_clang_analyzer_none() {
	kbuild C=2 CF= CHECK="$TOP/tests/static/clang-check" modules |
		no_output 'clang --analyze'
}

# What is wrong once is seen
t_analyzers_find_a_fault() {
	T=$T/wrong
	mkdir -p "$T/kernel"
	echo 'obj-m := wrong.o' > "$T/kernel/Kbuild"
	cat > "$T/kernel/wrong.c" <<-'C'
		#include <linux/module.h>
		#include <linux/spinlock.h>

		static DEFINE_SPINLOCK(wrong_lock);

		static int __init wrong_init(void)
		{
			int *p = NULL;

			spin_lock(&wrong_lock);
			return *p;
		}
		module_init(wrong_init);
		MODULE_LICENSE("GPL");
	C
	expect_match 'sparse' 'context imbalance' "$(kbuild C=2 modules)"
	expect_match 'clang' 'Dereference of null pointer' \
		"$(kbuild C=2 CF= CHECK="$TOP/tests/static/clang-check" modules)"
}

t_headers_compile_alone() {
	local h flags objs
	flags="-I$T/kernel/include -I$T/kernel -I$T/uapi"
	mkdir -p "$T/alone"
	for h in $(cd "$T" && find kernel -name '*.h'); do
		case $h in *trace.h) continue ;; esac
		printf '#include "../%s"\n' "$h" > "$T/alone/$(tr / _ <<< "${h%.h}").c"
	done
	{
		echo "ccflags-y := $flags -I$T/kernel/core -I$T/kernel/vfio"
		find "$T/alone" -name '*.c' -printf 'obj-m += %f\n' | sed 's/c$/o/'
	} > "$T/alone/Kbuild"
	# Objects only: without MODULE_LICENSE they are no modules
	mapfile -t objs < <(find "$T/alone" -name '*.c' -printf '%f\n' |
		sed 's/c$/o/')
	make -s -k -C "$KDIR" M="$T/alone" "${objs[@]}" > "$T/alone.log" 2>&1 || {
		grep -E 'error|warning' "$T/alone.log"
		fail 'A header does not compile alone'
	}
}

run_tests "$@"
