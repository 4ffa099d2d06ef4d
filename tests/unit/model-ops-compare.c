// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compare and compare pattern: results, the place of the first difference, the
 * check of results, and which of a difference and a fault comes first.
 */
#include "model-ops.h"

#define A (BASE + 5 * PAGE + 40)
#define B (BASE + 500 * PAGE + 17)

static void compare_finds_first_difference(Bench *b)
{
	for (int i = 0; i < 60; i++) {
		uint32_t size = 2 + bench_random(b, i & 1 ? 200000 : 64);
		uint32_t at = bench_random(b, size);
		DsaDesc d = desc_make(DSA_OP_COMPARE, A, B, size);

		memcpy(bench_at(b, B), bench_at(b, A), size);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		EXPECT_EQ(b->cr.result, 0);
		EXPECT_EQ(b->cr.bytes_completed, 0);
		*bench_at(b, B + at) ^= 0x10;
		*bench_at(b, B + size - 1) ^= 0x01;
		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		EXPECT_EQ(b->cr.result, 1);
		EXPECT_EQ(b->cr.bytes_completed, at);
	}
}

static void pattern_finds_first_difference(Bench *b)
{
	const uint64_t pattern = 0x0123456789abcdef;
	uint8_t raw[8];

	dsa_put64(raw, pattern);
	for (int i = 0; i < 60; i++) {
		uint32_t size = 1 + bench_random(b, i & 1 ? 200000 : 64);
		uint32_t at = bench_random(b, size);
		DsaDesc d = desc_make(DSA_OP_COMPARE_PAT, A, pattern, size);

		for (uint32_t j = 0; j < size; j++)
			*bench_at(b, A + j) = raw[j % 8];
		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		EXPECT_EQ(b->cr.result, 0);
		*bench_at(b, A + at) ^= 0x80;
		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		EXPECT_EQ(b->cr.result, 1);
		EXPECT_EQ(b->cr.bytes_completed, at);
	}
}

static void result_is_checked(Bench *b)
{
	for (int i = 0; i < 8; i++) {
		uint8_t op = i & 1 ? DSA_OP_COMPARE : DSA_OP_COMPARE_PAT;
		bool expected = i & 2, differ = i & 4;
		DsaDesc d = desc_make(op, A, op == DSA_OP_COMPARE ? B : 0, 512);

		memset(bench_at(b, A), 0, 512);
		memset(bench_at(b, B), 0, 512);
		*bench_at(b, A + 300) = differ;
		d.raw[40] = expected;
		desc_flags(&d, DSA_FLAG_CHECK_RESULT);
		EXPECT_EQ(bench_run(b, &d), expected == differ ?
			  DSA_ST_SUCCESS : DSA_ST_FALSE_PREDICATE);
		EXPECT_EQ(b->cr.result, differ);
		d.raw[40] |= 2;
		EXPECT_EQ(bench_run(b, &d), DSA_ST_RESERVED);
	}
}

static void fault_stops_in_either_source(Bench *b)
{
	DsaDesc d = desc_make(DSA_OP_COMPARE, A, B, 10 * PAGE);

	memcpy(bench_at(b, B), bench_at(b, A), 10 * PAGE);
	bench_page(b, A + 4 * PAGE, PG_NONE);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_PAGE_FAULT);
	EXPECT_EQ(b->cr.bytes_completed, 4 * PAGE - 40);
	EXPECT_EQ(b->cr.fault_addr, A - 40 + 4 * PAGE);
	bench_page(b, B + 2 * PAGE, PG_NONE);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_PAGE_FAULT);
	EXPECT_EQ(b->cr.bytes_completed, 2 * PAGE - 17);
	EXPECT_EQ(b->cr.fault_addr, B - 17 + 2 * PAGE);
	EXPECT_EQ(b->cr.result, 0);
	/* A difference before the fault is all there is to say. */
	*bench_at(b, B + 100) ^= 1;
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	EXPECT_EQ(b->cr.bytes_completed, 100);
	/* A difference behind it is not seen. */
	*bench_at(b, B + 100) ^= 1;
	*bench_at(b, B + 2 * PAGE) ^= 1;
	EXPECT_EQ(bench_run(b, &d), DSA_ST_PAGE_FAULT);
}

static void pattern_fault_is_exact(Bench *b)
{
	DsaDesc d = desc_make(DSA_OP_COMPARE_PAT, A, 0, 100000);

	memset(bench_at(b, A), 0, 100000);
	for (uint32_t page = 1; page < 25; page++) {
		bench_page(b, A + page * PAGE, PG_NONE);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_PAGE_FAULT);
		EXPECT_EQ(b->cr.bytes_completed, page * PAGE - 40);
		bench_fix(b);
	}
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
}

int main(void)
{
	static const Case cases[] = {
		{ "compare_finds_first_difference",
		  compare_finds_first_difference },
		{ "pattern_finds_first_difference",
		  pattern_finds_first_difference },
		{ "compare_result_is_checked", result_is_checked },
		{ "compare_fault_stops_in_either_source",
		  fault_stops_in_either_source },
		{ "pattern_fault_is_exact", pattern_fault_is_exact },
	};

	return bench_main(cases, sizeof(cases) / sizeof(cases[0]));
}
