// SPDX-License-Identifier: GPL-2.0-only
/*
 * No-op, drain, memory move, fill, dualcast and cache flush. The oracle is a
 * copy of the whole memory that plain C works on; faults are met at random
 * places and continued as software would, from the completion record alone.
 */
#include "model-ops.h"

#define SRC  (BASE + 10 * PAGE)
#define DST  (BASE + 300 * PAGE)
#define DST2 (BASE + 600 * PAGE)

static uint8_t want[MEM_SIZE];

static uint8_t *want_at(uint64_t addr)
{
	return want + (addr - BASE);
}

static void expect_memory(const Bench *b)
{
	EXPECT(!memcmp(b->mem, want, MEM_SIZE));
}

static bool is_fault(uint8_t status)
{
	return (status & 0x7f) == DSA_ST_PAGE_FAULT;
}

/* Punch holes for reads and writes into pages of the range. */
static void punch(Bench *b, uint64_t addr, uint32_t size)
{
	for (uint32_t i = bench_random(b, 4); i; i--)
		bench_page(b, addr + bench_random(b, size),
			   bench_random(b, 2) ? PG_RO : PG_NONE);
}

/* Run to the end, mapping what faults; n bytes off each, as fields say. */
static int run_through(Bench *b, DsaDesc *d, bool src, bool dst2)
{
	int faults = 0;

	while (is_fault(bench_run(b, d)) && faults++ < 40) {
		uint32_t n = b->cr.bytes_completed;

		EXPECT(n < dsa_desc_xfer_size(d));
		EXPECT(b->cr.result <= 1);
		bench_fix(b);
		dsa_put32(d->raw + 32, dsa_desc_xfer_size(d) - n);
		if (b->cr.result)
			continue;
		if (src)
			dsa_put64(d->raw + 16, dsa_desc_src(d) + n);
		dsa_put64(d->raw + 24, dsa_desc_dst(d) + n);
		if (dst2)
			dsa_put64(d->raw + 40, dsa_get64(d->raw + 40) + n);
	}
	EXPECT_EQ(b->cr.status, DSA_ST_SUCCESS);
	EXPECT_EQ(b->cr.bytes_completed, 0);
	return faults;
}

static void noop_touches_nothing(Bench *b)
{
	DsaDesc d = desc_make(DSA_OP_NOOP, 0, 0, 0);

	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	EXPECT_EQ(b->nr_access, 0);
	dsa_put32(d.raw + 32, 1);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_RESERVED);
}

static void drain_reads_back(Bench *b)
{
	DsaDesc d = desc_make(DSA_OP_DRAIN, 0, 0, 0);

	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	EXPECT_EQ(b->nr_access, 0);
	d = desc_make(DSA_OP_DRAIN, SRC, DST, 0);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_RESERVED);
	desc_flags(&d, DSA_FLAG_RDBACK1_VALID | DSA_FLAG_RDBACK2_VALID);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	EXPECT_EQ(b->nr_access, 2);
	bench_page(b, DST, PG_NONE);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_RDBACK_FAULT);
	EXPECT_EQ(b->cr.fault_addr, DST);
	b->lim.drain_readback = false;
	EXPECT_EQ(bench_run(b, &d), DSA_ST_BAD_FLAGS);
}

static void move_every_small_size(Bench *b)
{
	for (uint32_t size = 1; size < 300; size++) {
		uint64_t src = SRC + bench_random(b, 5000);
		uint64_t dst = DST + bench_random(b, 5000);
		DsaDesc d = desc_make(DSA_OP_MEMMOVE, src, dst, size);

		memcpy(want, b->mem, MEM_SIZE);
		memmove(want_at(dst), want_at(src), size);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		expect_memory(b);
	}
}

/* Overlaps both ways, holes in both, continued until done. */
static void move_overlapping_continues(Bench *b)
{
	int faults = 0;

	for (int i = 0; i < 120; i++) {
		uint32_t size = 1 + bench_random(b, 160000);
		uint64_t src = SRC + bench_random(b, 200000);
		uint64_t dst = src + bench_random(b, 40000) - 20000;
		DsaDesc d = desc_make(DSA_OP_MEMMOVE, src, dst, size);

		memcpy(want, b->mem, MEM_SIZE);
		memmove(want_at(dst), want_at(src), size);
		punch(b, src, size);
		punch(b, dst, size);
		faults += run_through(b, &d, true, false);
		expect_memory(b);
		memset(b->page, PG_RW, sizeof(b->page));
	}
	EXPECT(faults > 100);
}

static void move_fault_is_exact(Bench *b)
{
	uint32_t size = 3 * PAGE;

	for (uint32_t page = 0; page < 3; page++) {
		for (int write = 0; write < 2; write++) {
			uint64_t start = write ? DST : SRC;
			DsaDesc d = desc_make(DSA_OP_MEMMOVE, SRC + 100,
					      DST + 100, size - 200);
			uint64_t at = start + page * PAGE + (page ? 0 : 100);

			bench_page(b, at, write ? PG_RO : PG_NONE);
			EXPECT_EQ(bench_run(b, &d), write ? 0x83 : 0x03);
			EXPECT_EQ(b->cr.fault_addr, at);
			EXPECT_EQ(b->cr.bytes_completed, at - start - 100);
			EXPECT_EQ(b->cr.result, 0);
			bench_fix(b);
		}
	}
}

static void move_backward_counts_from_end(Bench *b)
{
	DsaDesc d = desc_make(DSA_OP_MEMMOVE, SRC, SRC + 64, 4 * PAGE);

	bench_page(b, SRC + PAGE, PG_NONE);
	memcpy(want, b->mem, MEM_SIZE);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_PAGE_FAULT);
	EXPECT_EQ(b->cr.result, 1);
	EXPECT_EQ(b->cr.bytes_completed, 2 * PAGE);
	memmove(want_at(SRC + 64 + 2 * PAGE), want_at(SRC + 2 * PAGE),
		2 * PAGE);
	expect_memory(b);
	b->lim.overlap_copy = false;
	EXPECT_EQ(bench_run(b, &d), DSA_ST_OVERLAP);
	dsa_put64(d.raw + 24, SRC + 4 * PAGE);
	bench_page(b, SRC + PAGE, PG_RW);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
}

/*
 * A write that cannot be finished must not have begun to overwrite what is
 * still to be moved; and one byte of overlap is overlap.
 */
static void move_backward_keeps_source(Bench *b)
{
	uint64_t src = SRC + 100;
	DsaDesc d = desc_make(DSA_OP_MEMMOVE, src, src + 2000, 3000);

	bench_page(b, SRC + PAGE, PG_RO);
	memcpy(want, b->mem, MEM_SIZE);
	EXPECT_EQ(bench_run(b, &d), 0x83);
	EXPECT_EQ(b->cr.bytes_completed, 0);
	expect_memory(b);
	bench_fix(b);

	d = desc_make(DSA_OP_MEMMOVE, src, src + 149999, 150000);
	memmove(want_at(src + 149999), want_at(src), 150000);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	expect_memory(b);
}

static void other_endings(Bench *b)
{
	DsaDesc d = desc_make(DSA_OP_MEMMOVE, SRC, DST, 100000);

	bench_page(b, DST + 70000, PG_IR);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_PAGE_FAULT_IR | DSA_ST_WRITE);
	bench_page(b, DST + 70000, PG_ERROR);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_TRANSLATION);
	bench_page(b, DST + 70000, PG_ABORT);
	EXPECT_EQ(bench_run(b, &d), 0xff);
	bench_page(b, DST + 70000, PG_RW);
	desc_flags(&d, DSA_FLAG_READBACK);
	b->nr_access = 0;
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	EXPECT_EQ(b->nr_access, 5);
}

static void fill_both_patterns(Bench *b)
{
	for (int i = 0; i < 80; i++) {
		uint32_t width = i & 1 ? 16 : 8;
		uint32_t size = 1 + bench_random(b, i & 2 ? 200000 : 100);
		uint64_t dst = DST + bench_random(b, 5000);
		DsaDesc d = desc_make(DSA_OP_FILL, UINT64_C(0x0807060504030201),
				      dst, size);

		if (width == 16) {
			desc_flags(&d, DSA_FLAG_FILL_16B);
			dsa_put64(d.raw + 40, UINT64_C(0x100f0e0d0c0b0a09));
		}
		memcpy(want, b->mem, MEM_SIZE);
		for (uint32_t j = 0; j < size; j++)
			*want_at(dst + j) = (uint8_t)(1 + j % width);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		expect_memory(b);
	}
}

static void fill_continues_in_phase(Bench *b)
{
	DsaDesc d = desc_make(DSA_OP_FILL, 0x1122334455667788, DST, 100000);

	memcpy(want, b->mem, MEM_SIZE);
	for (uint32_t j = 0; j < 100000; j += 8)
		dsa_put64(want_at(DST + j), 0x1122334455667788);
	for (uint32_t page = 0; page < 24; page += 3)
		bench_page(b, DST + page * PAGE, PG_RO);
	EXPECT_EQ(run_through(b, &d, false, false), 8);
	expect_memory(b);
}

static void dualcast_continues(Bench *b)
{
	int faults = 0;

	for (int i = 0; i < 60; i++) {
		uint32_t size = 1 + bench_random(b, 160000);
		uint32_t off = bench_random(b, 4096);
		uint64_t src = SRC + bench_random(b, 5000);
		DsaDesc d = desc_make(DSA_OP_DUALCAST, src, DST + off, size);

		dsa_put64(d.raw + 40, DST2 + off);
		memcpy(want, b->mem, MEM_SIZE);
		memcpy(want_at(DST + off), want_at(src), size);
		memcpy(want_at(DST2 + off), want_at(src), size);
		punch(b, src, size);
		punch(b, DST + off, size);
		punch(b, DST2 + off, size);
		faults += run_through(b, &d, true, true);
		expect_memory(b);
		memset(b->page, PG_RW, sizeof(b->page));
	}
	EXPECT(faults > 30);
}

static void cache_flush_meets_every_fault(Bench *b)
{
	DsaDesc d = desc_make(DSA_OP_CACHE_FLUSH, 0, DST + 10, 5 * PAGE);

	memcpy(want, b->mem, MEM_SIZE);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	for (uint32_t page = 0; page < 6; page++) {
		bench_page(b, DST + page * PAGE, PG_NONE);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_PAGE_FAULT);
		EXPECT_EQ(b->cr.bytes_completed, page ? page * PAGE - 10 : 0);
		bench_fix(b);
	}
	expect_memory(b);
	b->lim.cache_control_cache = false;
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	desc_flags(&d, DSA_FLAG_CACHE_CONTROL);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_BAD_FLAGS);
}

int main(void)
{
	static const Case cases[] = {
		{ "noop_touches_nothing", noop_touches_nothing },
		{ "drain_reads_back", drain_reads_back },
		{ "move_every_small_size", move_every_small_size },
		{ "move_overlapping_continues", move_overlapping_continues },
		{ "move_fault_is_exact", move_fault_is_exact },
		{ "move_backward_counts_from_end",
		  move_backward_counts_from_end },
		{ "move_backward_keeps_source", move_backward_keeps_source },
		{ "move_other_endings", other_endings },
		{ "fill_both_patterns", fill_both_patterns },
		{ "fill_continues_in_phase", fill_continues_in_phase },
		{ "dualcast_continues", dualcast_continues },
		{ "cache_flush_meets_every_fault",
		  cache_flush_meets_every_fault },
	};

	return bench_main(cases, sizeof(cases) / sizeof(cases[0]));
}
