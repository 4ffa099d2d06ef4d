// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of kernel/vfio/vhandle.c in user space: which interrupt handles a
 * guest holds, and what is known of those that were revoked. Links with vhandle.c
 * only; prints KTAP.
 */
#include "../../kernel/vfio/vhandle.h"

#include <linux/array_size.h>
#include <stdio.h>

static int failed;

#define EXPECT(want, got) do {						\
	unsigned long long w_ = (want), g_ = (got);			\
	if (w_ != g_) {							\
		printf("# %s:%d: %s is %#llx, not %#llx\n", __func__,	\
		       __LINE__, #got, g_, w_);				\
		failed = 1;						\
	}								\
} while (0)

/* Holds 0x111 of entry 1 and 0x222 of entry 8 */
static struct idxd_vhandles two(void)
{
	struct idxd_vhandles vh;

	idxd_vhandle_reset(&vh);
	idxd_vhandle_give(&vh, 1, 0x111);
	idxd_vhandle_give(&vh, 8, 0x222);
	return vh;
}

static void what_is_held_is_found(void)
{
	struct idxd_vhandles vh = two();

	EXPECT(1, idxd_vhandle_find(&vh, 0x111));
	EXPECT(8, idxd_vhandle_find(&vh, 0x222));
	EXPECT(0, idxd_vhandle_find(&vh, 0));
	EXPECT(0, idxd_vhandle_find(&vh, 0x333));
	/* 16 bits of a handle, but an operand may have more */
	EXPECT(0, idxd_vhandle_find(&vh, 0x10111));
	EXPECT(0, idxd_vhandle_find_old(&vh, 0x111));
}

static void what_is_released_is_not_held(void)
{
	struct idxd_vhandles vh = two();

	idxd_vhandle_take(&vh, 1);
	EXPECT(0, idxd_vhandle_find(&vh, 0x111));
	EXPECT(0, idxd_vhandle_find_old(&vh, 0x111));
	EXPECT(1 << 8, idxd_vhandle_revoke(&vh));
	EXPECT(1 << 8, vh.owed);
	EXPECT(0, idxd_vhandle_find_old(&vh, 0x111));
}

static void revoked_is_owed_until_asked_anew(void)
{
	struct idxd_vhandles vh = two();

	EXPECT(1 << 1 | 1 << 8, idxd_vhandle_revoke(&vh));
	EXPECT(0, idxd_vhandle_find(&vh, 0x111));
	EXPECT(1 << 1 | 1 << 8, vh.owed);
	idxd_vhandle_give(&vh, 1, 0x444);
	EXPECT(1 << 8, vh.owed);
	idxd_vhandle_give(&vh, 8, 0x555);
	EXPECT(0, vh.owed);
	EXPECT(1, idxd_vhandle_find(&vh, 0x444));
	EXPECT(8, idxd_vhandle_find(&vh, 0x555));
}

static void who_holds_none_is_owed_none(void)
{
	struct idxd_vhandles vh;

	idxd_vhandle_reset(&vh);
	EXPECT(0, idxd_vhandle_revoke(&vh));
	EXPECT(0, vh.owed);
	EXPECT(0, idxd_vhandle_find_old(&vh, 0));
}

/* Also after another was given, which may even be the old one of another entry */
static void last_revoked_is_remembered(void)
{
	struct idxd_vhandles vh = two();

	idxd_vhandle_revoke(&vh);
	EXPECT(1, idxd_vhandle_find_old(&vh, 0x111));
	EXPECT(8, idxd_vhandle_find_old(&vh, 0x222));
	idxd_vhandle_give(&vh, 1, 0x222);
	EXPECT(1, idxd_vhandle_find(&vh, 0x222));
	EXPECT(1, idxd_vhandle_find_old(&vh, 0x111));
	EXPECT(1 << 1, idxd_vhandle_revoke(&vh));
	EXPECT(0, idxd_vhandle_find_old(&vh, 0x111));
	EXPECT(1, idxd_vhandle_find_old(&vh, 0x222));
	EXPECT(1 << 1 | 1 << 8, vh.owed);
}

static void reset_forgets_all(void)
{
	struct idxd_vhandles vh = two();

	idxd_vhandle_revoke(&vh);
	idxd_vhandle_give(&vh, 1, 0x444);
	idxd_vhandle_reset(&vh);
	EXPECT(0, idxd_vhandle_find(&vh, 0x444));
	EXPECT(0, idxd_vhandle_find_old(&vh, 0x111));
	EXPECT(0, vh.owed);
	EXPECT(0, idxd_vhandle_revoke(&vh));
}

static const struct {
	const char *name;
	void (*run)(void);
} tests[] = {
	{ "what_is_held_is_found", what_is_held_is_found },
	{ "what_is_released_is_not_held", what_is_released_is_not_held },
	{ "revoked_is_owed_until_asked_anew",
	  revoked_is_owed_until_asked_anew },
	{ "who_holds_none_is_owed_none", who_holds_none_is_owed_none },
	{ "last_revoked_is_remembered", last_revoked_is_remembered },
	{ "reset_forgets_all", reset_forgets_all },
};

int main(void)
{
	unsigned int i, nr = ARRAY_SIZE(tests);
	int any = 0;

	printf("KTAP version 1\n1..%u\n", nr);
	for (i = 0; i < nr; i++) {
		failed = 0;
		tests[i].run();
		any |= failed;
		printf("%sok %u %s\n", failed ? "not " : "", i + 1,
		       tests[i].name);
	}
	return any;
}
