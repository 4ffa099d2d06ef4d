// SPDX-License-Identifier: GPL-2.0-only
/*
 * The four DIF operations: the guard's known answer, round trips insert, check,
 * strip, update over all block sizes, every flag of the three flag bytes, tags
 * that a continuation starts from, faults.
 */
#include "model-ops.h"

#define SRC (BASE + 4 * PAGE + 3)
#define DIF (BASE + 300 * PAGE + 5)
#define OUT (BASE + 600 * PAGE + 7)
#define NR  9u

static const uint32_t block_size[] = { 512, 520, 4096, 4104 };

/* Bit by bit, the data followed by 16 zero bits: no table, no lookahead. */
static uint16_t guard_oracle(const uint8_t *p, uint32_t len, uint8_t flags)
{
	uint32_t crc = flags & 4 ? 0xffff : 0;

	while (len--) {
		uint8_t byte = *p++;

		for (int bit = 7; bit >= 0; bit--) {
			uint32_t in = (byte >> bit & 1) ^ (crc >> 15 & 1);

			crc = (crc << 1 & 0xffff) ^ (in ? 0x8bb7 : 0);
		}
	}
	return (uint16_t)(flags & 8 ? ~crc : crc);
}

static uint32_t be(const uint8_t *p, int n)
{
	uint32_t v = 0;

	while (n--)
		v = v << 8 | *p++;
	return v;
}

static void put_tags(uint8_t *p, uint32_t ref, uint16_t mask, uint16_t app)
{
	dsa_put32(p, ref);
	dsa_put16(p + 4, mask);
	dsa_put16(p + 6, app);
}

static DsaDesc insert_desc(uint8_t flags, uint8_t dst_flags)
{
	DsaDesc d = desc_make(DSA_OP_DIF_INSERT, SRC, DIF,
			      NR * block_size[flags & 3]);

	d.raw[41] = dst_flags;
	d.raw[42] = flags;
	put_tags(d.raw + 56, 0xfffffffc, 0x00f0, 0xfffe);
	return d;
}

/* Check, or strip to OUT, of what insert_desc() has written */
static DsaDesc check_desc(uint8_t op, uint8_t flags, uint8_t src_flags)
{
	uint32_t size = NR * (block_size[flags & 3] + 8);
	DsaDesc d = desc_make(op, DIF, op == DSA_OP_DIF_CHECK ? 0 : OUT, size);

	d.raw[40] = src_flags;
	d.raw[42] = flags;
	put_tags(d.raw + 48, 0xfffffffc, 0x00f0, 0xfffe);
	return d;
}

static void expect_fields(Bench *b, uint64_t at, uint8_t flags, uint8_t kinds)
{
	uint32_t block = block_size[flags & 3];

	for (uint32_t i = 0; i < NR; i++) {
		const uint8_t *p = bench_at(b, at + i * (block + 8));
		uint32_t ref = 0xfffffffc + (kinds & 0x80 ? 0 : i);
		uint16_t app = (uint16_t)(0xfffe + (kinds & 0x10 ? i : 0));

		EXPECT(!memcmp(p, bench_at(b, SRC + i * block), block));
		EXPECT_EQ(be(p + block, 2), guard_oracle(p, block, flags));
		EXPECT_EQ(be(p + block + 2, 2), app & 0xff0f);
		EXPECT_EQ(be(p + block + 4, 4), ref);
	}
}

static void guard_known_answer(Bench *b)
{
	DsaDesc d = insert_desc(0, 0);

	EXPECT_EQ(guard_oracle((const uint8_t *)"123456789", 9, 0), 0xd0db);
	/* Leading zeros do not change a CRC that starts at 0. */
	memset(bench_at(b, SRC), 0, 512);
	memcpy(bench_at(b, SRC + 503), "123456789", 9);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	EXPECT_EQ(be(bench_at(b, DIF + 512), 2), 0xd0db);
}

static void round_trip(Bench *b)
{
	for (int i = 0; i < 64; i++) {
		uint8_t flags = (uint8_t)(i & 15);
		uint8_t kinds = (uint8_t)((i & 16 ? 0x80 : 0) |
					  (i & 32 ? 0x10 : 0));
		uint32_t block = block_size[flags & 3];
		DsaDesc d = insert_desc(flags, kinds);

		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		EXPECT_EQ(b->cr.bytes_completed, 0);
		expect_fields(b, DIF, flags, kinds);
		EXPECT_EQ(dsa_get32(b->cr.op_specific + 8),
			  0xfffffffc + (kinds & 0x80 ? 0 : NR));
		EXPECT_EQ(dsa_get16(b->cr.op_specific + 12), 0x00f0);

		d = check_desc(DSA_OP_DIF_CHECK, flags, kinds);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		EXPECT_EQ(b->cr.result, 0);
		EXPECT_EQ(dsa_get16(b->cr.op_specific + 6),
			  (uint16_t)(0xfffe + (kinds & 0x10 ? NR : 0)));

		d = check_desc(DSA_OP_DIF_STRIP, flags, kinds);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		EXPECT(!memcmp(bench_at(b, OUT), bench_at(b, SRC),
			       NR * block));

		d = check_desc(DSA_OP_DIF_UPDATE, flags, kinds);
		d.raw[41] = kinds ^ 0x90;
		put_tags(d.raw + 56, 0xfffffffc, 0x00f0, 0xfffe);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		expect_fields(b, OUT, flags, kinds ^ 0x90);
	}
}

static void check_names_the_mismatch(Bench *b)
{
	/* Byte of the field to spoil, and the bit of the result it sets */
	static const struct { uint8_t byte, result, disable; } t[] = {
		{ 0, 1, 0x20 }, { 1, 1, 0x20 }, { 2, 2, 0 }, { 3, 2, 0 },
		{ 4, 4, 0x40 }, { 7, 4, 0x40 },
	};
	DsaDesc d = insert_desc(1, 0x80);
	uint8_t *p;

	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		p = bench_at(b, DIF + 4 * 528 + 520 + t[i].byte);
		*p ^= 1;
		d = check_desc(DSA_OP_DIF_CHECK, 1, 0x80);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_DIF_ERROR);
		EXPECT_EQ(b->cr.result, t[i].result);
		EXPECT_EQ(b->cr.bytes_completed, 4 * 528);
		d.raw[40] |= t[i].disable;
		if (!t[i].disable)
			dsa_put16(d.raw + 52, 0xffff);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		*p ^= 1;
	}
	/* A masked bit does not count. */
	p = bench_at(b, DIF + 520 + 3);
	*p ^= 0x40;
	d = check_desc(DSA_OP_DIF_CHECK, 1, 0xa0);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	/* All that is wrong is named, and nothing of the block is written. */
	memset(bench_at(b, DIF + 512), 0x33, 16);
	memset(bench_at(b, OUT), 0xee, 520);
	d = check_desc(DSA_OP_DIF_STRIP, 1, 0x80);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_DIF_ERROR);
	EXPECT_EQ(b->cr.result, 7);
	EXPECT_EQ(*bench_at(b, OUT), 0xee);
}

/* Each F-detect flag against fields with ones in the tags it looks at. */
static void f_detect(Bench *b)
{
	for (int ones = 0; ones < 8; ones++) {
		for (uint8_t flags = 0; flags < 16; flags++) {
			DsaDesc d = check_desc(DSA_OP_DIF_CHECK, 0, flags);
			bool guard = ones & 1, app = ones & 2, ref = ones & 4;
			uint8_t *p = bench_at(b, DIF);
			bool all = guard && app && ref && (flags & 2);

			memset(p, 1, NR * 520);
			memset(p + 512, guard ? 0xff : 0, 2);
			memset(p + 514, app ? 0xff : 0, 2);
			memset(p + 516, ref ? 0xff : 0, 4);
			dsa_put32(d.raw + 32, 520);
			EXPECT(guard_oracle(p, 512, 0) != (guard ? 0xffff : 0));
			bench_run(b, &d);
			if (all && (flags & 1))
				EXPECT_EQ(b->cr.result, 8);
			else if (all || (app && (flags & 4)) ||
				 (app && ref && (flags & 8)))
				EXPECT_EQ(b->cr.status, DSA_ST_SUCCESS);
			else
				EXPECT_EQ(b->cr.result, 7);
		}
	}
}

static void update_passes_through(Bench *b)
{
	for (int pass = 0; pass < 8; pass++) {
		DsaDesc d = insert_desc(2, 0);
		const uint8_t *p = bench_at(b, OUT + 4096);

		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		dsa_put16(bench_at(b, DIF + 4096), 0x1234);
		d = check_desc(DSA_OP_DIF_UPDATE, 2, 0x20);
		d.raw[41] = (uint8_t)((pass & 1 ? 0x20 : 0) |
				      (pass & 2 ? 0x08 : 0) |
				      (pass & 4 ? 0x40 : 0));
		put_tags(d.raw + 56, 0x55667788, 0, 0xbeef);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		EXPECT_EQ(be(p, 2), pass & 1 ? 0x3412 :
			  guard_oracle(bench_at(b, SRC), 4096, 2));
		EXPECT_EQ(be(p + 2, 2), pass & 2 ? 0xff0e : 0xbeef);
		EXPECT_EQ(be(p + 4, 4), pass & 4 ? 0xfffffffc : 0x55667788);
	}
}

/* The tags in the completion record are the seeds of the continuation. */
static void insert_continues_after_fault(Bench *b)
{
	for (uint8_t flags = 0; flags < 4; flags++) {
		uint32_t block = block_size[flags];
		DsaDesc d = insert_desc(flags, 0x10);
		int faults = 0;

		bench_page(b, SRC + NR * block / 2, PG_NONE);
		bench_page(b, DIF + NR * block / 3, PG_RO);
		while ((bench_run(b, &d) & 0x7f) == 3 && faults++ < 9) {
			uint32_t n = b->cr.bytes_completed;

			EXPECT_EQ(n % block, 0);
			bench_fix(b);
			dsa_put64(d.raw + 16, dsa_desc_src(&d) + n);
			dsa_put64(d.raw + 24, dsa_desc_dst(&d) + n +
				  n / block * 8);
			dsa_put32(d.raw + 32, dsa_desc_xfer_size(&d) - n);
			memcpy(d.raw + 56, b->cr.op_specific + 8, 8);
		}
		EXPECT_EQ(faults, 2);
		EXPECT_EQ(b->cr.status, DSA_ST_SUCCESS);
		expect_fields(b, DIF, flags, 0x10);
		d = check_desc(DSA_OP_DIF_CHECK, flags, 0x10);
		bench_page(b, DIF + 2 * block + 30, PG_NONE);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_PAGE_FAULT);
		dsa_put64(d.raw + 16, DIF + b->cr.bytes_completed);
		dsa_put32(d.raw + 32, NR * (block + 8) -
			  b->cr.bytes_completed);
		memcpy(d.raw + 48, b->cr.op_specific, 8);
		bench_fix(b);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	}
}

static void descriptor_is_checked(Bench *b)
{
	DsaDesc d = insert_desc(0, 0);

	dsa_put32(d.raw + 32, 520);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_XFER_SIZE);
	d = check_desc(DSA_OP_DIF_CHECK, 0, 0);
	dsa_put32(d.raw + 32, 512);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_XFER_SIZE);
	/* The destination is longer, or shorter, than the transfer size. */
	d = insert_desc(0, 0);
	dsa_put64(d.raw + 24, SRC - NR * 520 + 1);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_OVERLAP);
	dsa_put64(d.raw + 24, SRC - NR * 520);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	d = check_desc(DSA_OP_DIF_STRIP, 0, 0x60);
	dsa_put16(d.raw + 52, 0xffff);
	dsa_put64(d.raw + 24, DIF - NR * 512);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	dsa_put64(d.raw + 24, DIF - NR * 512 + 1);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_OVERLAP);
	for (int bit = 4; bit < 8; bit++) {
		d = check_desc(DSA_OP_DIF_CHECK, 0, 0);
		d.raw[42] |= (uint8_t)(1 << bit);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_RESERVED);
	}
	for (int bit = 0; bit < 8; bit++) {
		d = insert_desc(0, (uint8_t)(1 << bit));
		EXPECT_EQ(bench_run(b, &d), bit == 4 || bit == 7 ?
			  DSA_ST_SUCCESS : DSA_ST_RESERVED);
	}
}

int main(void)
{
	static const Case cases[] = {
		{ "dif_guard_known_answer", guard_known_answer },
		{ "dif_round_trip", round_trip },
		{ "dif_check_names_the_mismatch", check_names_the_mismatch },
		{ "dif_f_detect", f_detect },
		{ "dif_update_passes_through", update_passes_through },
		{ "dif_insert_continues_after_fault",
		  insert_continues_after_fault },
		{ "dif_descriptor_is_checked", descriptor_is_checked },
	};

	return bench_main(cases, sizeof(cases) / sizeof(cases[0]));
}
