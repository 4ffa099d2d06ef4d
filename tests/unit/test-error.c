// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of kernel/core/error.c: what SWERR would say of an entry of the
 * event log, whose it is, and the budget of a WQ. Bits are numbers here.
 */
#include "error.h"
#include "ktap.h"

#include <linux/array_size.h>
#include <string.h>

static void entry_becomes_swerr(void)
{
	/* Reserved bits, all valid bits, batch 9, WQ 5, PASID 0xabcde */
	const u64 entry[8] = { 0xfabcde03090510ffull, 0xdeadbeef12340007ull,
			       0x5678, 9, 1, 2, 3, 4 };
	struct idxd_error e;

	memset(&e, 0xa5, sizeof(e));
	idxd_error_from_entry(entry, &e);
	EXPECT(1, e.logged);
	EXPECT(0, e.lost);
	EXPECT(0, memcmp(entry, e.entry, sizeof(entry)));
	/* Valid, no overflow, neither details nor batch */
	EXPECT(0x0abcde030005107dull, e.swerr[0]);
	/* The index in the batch; what is above is no flags */
	EXPECT(7, e.swerr[1]);
	EXPECT(0x5678, e.swerr[2]);
	EXPECT(0, e.swerr[3]);
}

static void invalid_flags_are_kept(void)
{
	const u64 entry[8] = { 0x118c, 0xdeadbeef00000007ull };
	struct idxd_error e;

	idxd_error_from_entry(entry, &e);
	EXPECT(0x110d, e.swerr[0]);
	EXPECT(0xdeadbeef00000007ull, e.swerr[1]);
}

static void owner_is_a_valid_wq(void)
{
	struct idxd_error e = { .swerr = { 0xff0009 } };

	EXPECT(255, idxd_error_wq(&e));
	e.swerr[0] = 0xff0001;
	EXPECT(1, idxd_error_wq(&e) == -1);
}

static unsigned int spend(struct idxd_error_budget *b, u64 now,
			  unsigned int nr, enum idxd_error_verdict verdict)
{
	unsigned int got = 0;

	while (nr--)
		got += idxd_error_spend(b, now) == verdict;
	return got;
}

static void budget_is_a_hundred_a_second(void)
{
	struct idxd_error_budget a = { }, b = { };

	EXPECT(100, spend(&a, 5000, 100, IDXD_ERROR_TELL));
	EXPECT(2, spend(&a, 5999, 2, IDXD_ERROR_TELL_LOST));
	EXPECT(1000000, spend(&a, 5999, 1000000, IDXD_ERROR_HOLD));
	/* Not on another's account */
	EXPECT(1, spend(&b, 5999, 1, IDXD_ERROR_TELL));
	/* The next second */
	EXPECT(100, spend(&a, 6000, 100, IDXD_ERROR_TELL));
	EXPECT(1, spend(&a, 6001, 1, IDXD_ERROR_TELL_LOST));
}

static const struct ktap_test tests[] = {
	KTAP_TEST(entry_becomes_swerr),
	KTAP_TEST(invalid_flags_are_kept),
	KTAP_TEST(owner_is_a_valid_wq),
	KTAP_TEST(budget_is_a_hundred_a_second),
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
