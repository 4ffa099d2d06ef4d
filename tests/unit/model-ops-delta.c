// SPDX-License-Identifier: GPL-2.0-only
/*
 * Create and apply delta record: round trips, the record's bytes against an
 * oracle, overflow, bad records, check of results, faults in every buffer.
 */
#include "model-ops.h"

#define ONE  (BASE + 8 * PAGE)
#define TWO  (BASE + 200 * PAGE)
#define REC  (BASE + 400 * PAGE)
#define DST  (BASE + 700 * PAGE)
#define MAX_XFER 0x80000u

static uint8_t rec[MAX_XFER / 8 * 10];

static DsaDesc create_desc(uint32_t size, uint32_t max)
{
	DsaDesc d = desc_make(DSA_OP_DELTA_CREATE, ONE, TWO, size);

	dsa_put64(d.raw + 40, REC);
	dsa_put32(d.raw + 48, max);
	return d;
}

static DsaDesc apply_desc(uint32_t rec_size, uint32_t size)
{
	DsaDesc d = desc_make(DSA_OP_DELTA_APPLY, REC, DST, size);

	dsa_put32(d.raw + 40, rec_size);
	return d;
}

/* Equal sources but for about one word in each `every`. */
static void sources(Bench *b, uint32_t size, uint32_t every)
{
	memcpy(bench_at(b, TWO), bench_at(b, ONE), size);
	for (uint32_t i = 0; i < size; i += 8)
		if (!bench_random(b, every))
			*bench_at(b, TWO + i + bench_random(b, 8)) ^= 0x21;
}

static uint32_t oracle(Bench *b, uint32_t size)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < size; i += 8) {
		if (!memcmp(bench_at(b, ONE + i), bench_at(b, TWO + i), 8))
			continue;
		rec[n] = (uint8_t)(i / 8);
		rec[n + 1] = (uint8_t)(i / 8 >> 8);
		memcpy(rec + n + 2, bench_at(b, TWO + i), 8);
		n += 10;
	}
	return n;
}

static void round_trip(Bench *b)
{
	for (int i = 0; i < 40; i++) {
		uint32_t size = 8 * (1 + bench_random(b, i & 1 ? 65536 : 40));
		uint32_t n, max = size / 8 * 10;
		DsaDesc d = create_desc(size, max < 80 ? 80 : max);

		sources(b, size, 1 + (uint32_t)(i % 5) * 30);
		n = oracle(b, size);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		EXPECT_EQ(b->cr.result, n ? 1 : 0);
		EXPECT_EQ(b->cr.bytes_completed, 0);
		EXPECT_EQ(dsa_get32(b->cr.op_specific), n);
		EXPECT(!memcmp(bench_at(b, REC), rec, n));
		if (!n)
			continue;
		d = apply_desc(n, size);
		memcpy(bench_at(b, DST), bench_at(b, ONE), size);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		EXPECT(!memcmp(bench_at(b, DST), bench_at(b, TWO), size));
	}
}

static void overflow_stops(Bench *b)
{
	const uint32_t size = 65536;

	sources(b, size, 3);
	oracle(b, size);
	for (uint32_t max = 80; max < 25000; max += 1003) {
		DsaDesc d = create_desc(size, max);
		uint32_t fit = max / 10 * 10;

		memset(bench_at(b, REC + fit), 0xee, 32);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		EXPECT_EQ(b->cr.result, 2);
		EXPECT_EQ(dsa_get32(b->cr.op_specific), fit);
		EXPECT(!memcmp(bench_at(b, REC), rec, fit));
		EXPECT_EQ(*bench_at(b, REC + fit), 0xee);
		EXPECT_EQ(b->cr.bytes_completed, dsa_get16(rec + fit) * 8u);
	}
}

/* In one piece: of a full record and a fault, what lies first ends it. */
static void overflow_or_fault_first(Bench *b)
{
	DsaDesc d = create_desc(4 * PAGE, 100);

	sources(b, 4 * PAGE, 1);
	bench_page(b, TWO + PAGE, PG_NONE);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	EXPECT_EQ(b->cr.result, 2);
	EXPECT_EQ(b->cr.fault_addr, 0);
	EXPECT_EQ(b->cr.bytes_completed, 80);
	memcpy(bench_at(b, TWO), bench_at(b, ONE), PAGE);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_PAGE_FAULT);
	EXPECT_EQ(b->cr.bytes_completed, PAGE);
	EXPECT_EQ(b->cr.result, 0);
}

static void result_mask_is_checked(Bench *b)
{
	for (int mask = 0; mask < 8; mask++) {
		for (int result = 0; result < 3; result++) {
			DsaDesc d = create_desc(4096, result == 2 ? 80 : 8192);

			memcpy(bench_at(b, TWO), bench_at(b, ONE), 4096);
			for (int i = 0; i < (result == 2 ? 9 : result); i++)
				*bench_at(b, TWO + (uint64_t)i * 80) ^= 1;
			d.raw[56] = (uint8_t)mask;
			EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
			desc_flags(&d, DSA_FLAG_CHECK_RESULT);
			EXPECT_EQ(bench_run(b, &d), mask >> result & 1 ?
				  DSA_ST_SUCCESS : DSA_ST_FALSE_PREDICATE);
			EXPECT_EQ(b->cr.result, result);
		}
	}
}

/* What the record says so far is right, and where it stopped is exact. */
static void create_fault_is_exact(Bench *b)
{
	static const uint64_t start[] = { ONE, TWO, REC };
	const uint32_t size = 100000;
	DsaDesc d = create_desc(size, size * 2);

	sources(b, size, 2);
	for (int i = 0; i < 60; i++) {
		uint32_t kind = bench_random(b, 3);
		uint64_t at = start[kind] + bench_random(b, 12) * PAGE;
		uint32_t n, done;

		bench_page(b, at, kind == 2 ? PG_RO : PG_NONE);
		EXPECT_EQ(bench_run(b, &d), kind == 2 ? 0x83 : 0x03);
		EXPECT_EQ(b->cr.fault_addr, at);
		done = b->cr.bytes_completed;
		n = oracle(b, done);
		EXPECT_EQ(dsa_get32(b->cr.op_specific), n);
		EXPECT(!memcmp(bench_at(b, REC), rec, n));
		if (kind == 2)
			EXPECT(n + 10 > at - REC && n <= at - REC);
		else
			EXPECT_EQ(done, at - start[kind]);
		bench_page(b, at, PG_RW);
	}
}

static void apply_fault_can_be_retried(Bench *b)
{
	const uint32_t size = 100000;
	DsaDesc d = create_desc(size, size * 2);
	uint32_t n;

	sources(b, size, 3);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	n = dsa_get32(b->cr.op_specific);
	for (int i = 0; i < 60; i++) {
		bool write = bench_random(b, 2);
		uint64_t at = write ? DST + bench_random(b, 20) * PAGE :
				      REC + bench_random(b, 9) * PAGE;

		d = apply_desc(n, size);
		memcpy(bench_at(b, DST), bench_at(b, ONE), size);
		bench_page(b, at, write ? PG_RO : PG_NONE);
		EXPECT_EQ(bench_run(b, &d), write ? 0x83 : 0x03);
		EXPECT_EQ(b->cr.bytes_completed, 0);
		EXPECT_EQ(b->cr.fault_addr & ~(uint64_t)(PAGE - 1), at);
		bench_page(b, at, PG_RW);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		EXPECT(!memcmp(bench_at(b, DST), bench_at(b, TWO), size));
	}
}

static void put_entry(Bench *b, uint32_t i, uint16_t word)
{
	dsa_put16(bench_at(b, REC + i * 10), word);
}

static void bad_records(Bench *b)
{
	DsaDesc d = apply_desc(50, 800);
	static const uint16_t good[] = { 3, 4, 7, 8, 99 };

	for (uint32_t i = 0; i < 5; i++)
		put_entry(b, i, good[i]);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	put_entry(b, 4, 100);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_DELTA_OFFSET);
	EXPECT_EQ(b->cr.bytes_completed, 40);
	put_entry(b, 3, 7);
	memset(bench_at(b, DST), 0, 800);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_DELTA_ORDER);
	EXPECT_EQ(b->cr.bytes_completed, 30);
	EXPECT(!memcmp(bench_at(b, DST + 56), bench_at(b, REC + 22), 8));
	put_entry(b, 1, 1);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_DELTA_ORDER);
	EXPECT_EQ(b->cr.bytes_completed, 10);
}

static void sizes_and_places(Bench *b)
{
	DsaDesc d = create_desc(MAX_XFER, 80);

	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	d = create_desc(MAX_XFER + 8, 80);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_XFER_SIZE);
	d = create_desc(4092, 80);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_XFER_SIZE);
	d = create_desc(4096, 79);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_DELTA_SIZE);
	d = create_desc(4096, 8192);
	dsa_put64(d.raw + 40, TWO - 8184);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_OVERLAP);
	dsa_put64(d.raw + 40, ONE + 4088);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_OVERLAP);
	for (uint32_t field = 16; field <= 40; field += field == 16 ? 8 : 16) {
		d = create_desc(4096, 8192);
		d.raw[field] |= 4;
		EXPECT_EQ(bench_run(b, &d), DSA_ST_ADDR_ALIGN);
	}
	d = apply_desc(0, 4096);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_DELTA_SIZE);
	d = apply_desc(15, 4096);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_DELTA_SIZE);
	d = apply_desc(10, 4096);
	dsa_put64(d.raw + 24, REC + 8);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_OVERLAP);
	dsa_put64(d.raw + 24, DST + 1);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_ADDR_ALIGN);
}

int main(void)
{
	static const Case cases[] = {
		{ "delta_round_trip", round_trip },
		{ "delta_overflow_stops", overflow_stops },
		{ "delta_overflow_or_fault_first", overflow_or_fault_first },
		{ "delta_result_mask_is_checked", result_mask_is_checked },
		{ "delta_create_fault_is_exact", create_fault_is_exact },
		{ "delta_apply_fault_can_be_retried", apply_fault_can_be_retried },
		{ "delta_bad_records", bad_records },
		{ "delta_sizes_and_places", sizes_and_places },
	};

	return bench_main(cases, sizeof(cases) / sizeof(cases[0]));
}
