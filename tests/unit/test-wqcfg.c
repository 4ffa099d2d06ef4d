// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of kernel/core/wqcfg.c: dwords of a subfunction's WQCFG and how
 * entries, WQs and engines are shared out. Bits are numbers here, not names.
 */
#include "ktap.h"
#include "wqcfg.h"

#include <linux/array_size.h>
#include <errno.h>
#include <string.h>

static struct idxd_wqcfg good(void)
{
	return (struct idxd_wqcfg){
		.size = 16, .threshold = 12, .priority = 10, .pasid = 0x54321,
		.max_xfer_shift = 31, .max_batch_shift = 10,
		.prs_disable = true,
		.opcap = { 0x1003f03ff, 0x2, 0, 0x8000000000000000 },
	};
}

static void encoded_bits_are_the_specifications(void)
{
	u32 dw[IDXD_WQCFG_ENC_DWORDS];
	struct idxd_wqcfg cfg = good();

	memset(dw, 0xa5, sizeof(dw));
	EXPECT(0, idxd_wqcfg_encode(&cfg, dw));
	EXPECT(16, dw[0]);
	EXPECT(12, dw[1]);
	/* dedicated, no block on fault, no page requests, PASID, no priv */
	EXPECT(1u | 1u << 3 | 10u << 4 | 0x54321u << 8 | 1u << 28,
	       dw[2] & ~(1u << 2));
	EXPECT(31u | 10u << 5, dw[3]);
	EXPECT(0, dw[4]);
	EXPECT(0, dw[5]);
	EXPECT(0x003f03ff, dw[8]);
	EXPECT(1, dw[9]);
	EXPECT(2, dw[10]);
	EXPECT(0x80000000, dw[15]);
}

static void values_beyond_a_field_are_refused(void)
{
	u32 dw[IDXD_WQCFG_ENC_DWORDS];
	struct idxd_wqcfg cfg = good();

	cfg.pasid = 1 << 20;
	EXPECT(-ERANGE, idxd_wqcfg_encode(&cfg, dw));
	cfg = good();
	cfg.priority = 16;
	EXPECT(-ERANGE, idxd_wqcfg_encode(&cfg, dw));
	cfg = good();
	cfg.max_xfer_shift = 32;
	EXPECT(-ERANGE, idxd_wqcfg_encode(&cfg, dw));
	cfg = good();
	cfg.max_batch_shift = 16;
	EXPECT(-ERANGE, idxd_wqcfg_encode(&cfg, dw));
}

static void largest_batch_stays_short(void)
{
	u8 xfer, batch, got;

	EXPECT(27, idxd_wqcfg_xfer_shift(31, 10));
	EXPECT(21, idxd_wqcfg_xfer_shift(21, 5));
	for (xfer = 0; xfer < 32; xfer++)
		for (batch = 0; batch < 16; batch++) {
			got = idxd_wqcfg_xfer_shift(xfer, batch);
			EXPECT(1, got <= xfer);
			EXPECT(1, got + batch <= 37);
			EXPECT(1, got == xfer || got + batch == 37);
		}
}

static void shares_are_even_and_complete(void)
{
	u16 total, nr, i, share, least, most;
	u32 sum;

	for (total = 0; total < 300; total += 7)
		for (nr = 1; nr < 140; nr += 3) {
			sum = 0, least = 0xffff, most = 0;
			for (i = 0; i < nr; i++) {
				share = idxd_wqcfg_share(total, nr, i);
				sum += share;
				least = share < least ? share : least;
				most = share > most ? share : most;
			}
			EXPECT(total, sum);
			EXPECT(1, most - least <= 1);
			EXPECT(most, idxd_wqcfg_share(total, nr, 0));
		}
}

/* Every used WQ and engine is in one group, and no group has only one kind */
static void check_pool(const struct idxd_grpcfg_pool *pool)
{
	unsigned int wqs[256] = { 0 }, engines[64] = { 0 }, i, any;
	struct idxd_grpcfg cfg;
	u16 g;

	for (g = 0; g < pool->nr_groups; g++) {
		memset(&cfg, 0xa5, sizeof(cfg));
		idxd_grpcfg_encode(pool, g, &cfg);
		any = 0;
		for (i = 0; i < 256; i++)
			if (cfg.wqs[i / 64] >> (i % 64) & 1) {
				wqs[i]++;
				any = 1;
				EXPECT(g, idxd_wqcfg_group(pool, i));
			}
		for (i = 0; i < 64; i++)
			engines[i] += cfg.engines >> i & 1;
		EXPECT(any, cfg.engines != 0);
	}
	for (i = 0; i < 256; i++)
		EXPECT(i < pool->nr_wqs && pool->wq_sizes[i], wqs[i]);
	for (i = 0; i < 64; i++)
		EXPECT(1, i < pool->nr_engines ? engines[i] <= 1 : !engines[i]);
}

static const struct idxd_grpcfg_pool pools[] = {
	{ .nr_groups = 4, .nr_wqs = 8, .nr_engines = 4, .nr_rdbufs = 96 },
	{ .nr_groups = 4, .nr_wqs = 128, .nr_engines = 4, .nr_rdbufs = 96 },
	{ .nr_groups = 4, .nr_wqs = 8, .nr_engines = 1, .nr_rdbufs = 96 },
	{ .nr_groups = 4, .nr_wqs = 1, .nr_engines = 4, .nr_rdbufs = 8 },
	{ .nr_groups = 1, .nr_wqs = 8, .nr_engines = 4, .nr_rdbufs = 0 },
	{ .nr_groups = 64, .nr_wqs = 256, .nr_engines = 64 },
};

static void groups_have_both_kinds(void)
{
	u16 sizes[256];
	unsigned int i;

	for (i = 0; i < 256; i++)
		sizes[i] = 1 + i % 3;
	for (i = 0; i < ARRAY_SIZE(pools); i++) {
		struct idxd_grpcfg_pool pool = pools[i];

		pool.wq_sizes = sizes;
		check_pool(&pool);
	}
}

static void traffic_classes_are_as_told(void)
{
	u16 sizes[8] = { 16, 16, 16, 16, 16, 16, 16, 16 };
	struct idxd_grpcfg_pool pool = pools[0];
	struct idxd_grpcfg cfg;

	pool.wq_sizes = sizes;
	pool.tc_a = 1;
	pool.tc_b = 1;
	idxd_grpcfg_encode(&pool, 0, &cfg);
	EXPECT(9, cfg.flags & 0x3f);
	pool.tc_a = 0;
	idxd_grpcfg_encode(&pool, 3, &cfg);
	EXPECT(8, cfg.flags & 0x3f);
}

static void queues_without_entries_are_in_no_group(void)
{
	struct idxd_grpcfg_pool pool = pools[0];
	u16 sizes[8];
	unsigned int used, i;

	/* Every choice of used ones out of 8 */
	pool.wq_sizes = sizes;
	for (used = 0; used < 256; used++) {
		for (i = 0; i < 8; i++)
			sizes[i] = used >> i & 1 ? 16 : 0;
		EXPECT(__builtin_popcount(used), idxd_wqcfg_nr_used(sizes, 8));
		check_pool(&pool);
	}
}

static void four_used_queues_have_a_group_each(void)
{
	static const u16 sizes[8] = { 64, 0, 32, 16, 0, 0, 0, 16 };
	struct idxd_grpcfg_pool pool = pools[0];

	pool.wq_sizes = sizes;
	EXPECT(0, idxd_wqcfg_group(&pool, 0));
	EXPECT(1, idxd_wqcfg_group(&pool, 2));
	EXPECT(2, idxd_wqcfg_group(&pool, 3));
	EXPECT(3, idxd_wqcfg_group(&pool, 7));
}

static const struct ktap_test tests[] = {
	KTAP_TEST(encoded_bits_are_the_specifications),
	KTAP_TEST(values_beyond_a_field_are_refused),
	KTAP_TEST(largest_batch_stays_short),
	KTAP_TEST(shares_are_even_and_complete),
	KTAP_TEST(groups_have_both_kinds),
	KTAP_TEST(traffic_classes_are_as_told),
	KTAP_TEST(queues_without_entries_are_in_no_group),
	KTAP_TEST(four_used_queues_have_a_group_each),
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
