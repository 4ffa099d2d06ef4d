# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# For tests in L1: the slab objects that were allocated with one of our modules
# on the stack, counted cache by cache and compared to the object. The kernel
# keeps the stacks if it is booted with slub_debug=U. Sourced after lib.sh.

objects_init() {
	mountpoint -q /sys/kernel/debug ||
		mount -t debugfs debugfs /sys/kernel/debug
}

# objects: cache and live objects of ours. Nodes of radix trees are the kernel's,
# which keeps a few for all trees, and those of maple trees are of the tree of all
# interrupt numbers, in which freeing one may take a node; leased() counts our
# interrupts. Areas of vmalloc are freed when the kernel likes. What
# was looked up in sysfs stays in its cache of names, with the node, also when
# that was removed: hence the cache is dropped first.
objects() {
	echo 2 > /proc/sys/vm/drop_caches
	awk 'BEGIN { RS = "" }
		/\[idxd(_vfio)?\]/ { split(FILENAME, part, "/"); nr[part[6]] += $1 }
		END { for (cache in nr) print cache, nr[cache] }' \
		/sys/kernel/debug/slab/*/alloc_traces |
		grep -vE '^(radix_tree_node|maple_node|vmap_area) ' | sort
}

# objects_keep FILE: the value to compare with, when nothing has changed it for
# 3 s. That there are any shows that the kernel counts.
objects_keep() {
	local same=0 tries
	objects > "$1"
	for ((tries = 0; same < 3; tries++)); do
		[ "$tries" -lt 40 ] || fail "our slab objects do not settle"
		sleep 1
		objects > "$1.now"
		if cmp -s "$1" "$1.now"; then
			same=$((same + 1))
		else
			same=0
			mv "$1.now" "$1"
		fi
	done
	expect_match 'our objects' '^kmalloc-' "$(cat "$1")"
}

# no_more_objects FILE: in no cache are there more than in FILE. Fewer are no loss:
# then something of before was still to be freed when FILE was written.
no_more_objects() {
	objects | awk 'NR == FNR { first[$1] = $2; next }
		$2 > first[$1] + 0 {
			print $1 ": " $2 ", at first " first[$1] + 0; more = 1 }
		END { exit more }' "$1" - > "$T/diff"
}

# objects_are_back FILE: none is lost; what a worker still has to free gets 20 s
objects_are_back() {
	local tries
	for ((tries = 0; tries < 20; tries++)); do
		! no_more_objects "$1" || return 0
		sleep 1
	done
	fail "our slab objects: $(cat "$T/diff")"
}

# objects_sum FILE: all of them
objects_sum() {
	awk '{ n += $2 } END { print n }' "$1"
}
