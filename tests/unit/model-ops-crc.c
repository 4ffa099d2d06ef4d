// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRC generation and copy with CRC against known answers and against a bitwise
 * oracle in the reflected form (the model works in the other one).
 */
#include "model-ops.h"

#define SRC  (BASE + 3 * PAGE)
#define DST  (BASE + 600 * PAGE)
#define SEED (BASE + 900 * PAGE + 12)

static uint32_t reverse(uint32_t v)
{
	uint32_t r = 0;

	for (int i = 0; i < 32; i++)
		r |= (v >> i & 1) << (31 - i);
	return r;
}

static uint32_t oracle(const uint8_t *p, uint32_t len, uint32_t seed,
		       uint32_t flags)
{
	bool plain = flags & DSA_FLAG_CRC_NO_INVERT;
	uint32_t crc = plain ? reverse(seed) : ~seed;

	while (len--) {
		uint32_t byte = *p++;

		if (flags & DSA_FLAG_CRC_NO_REFLECT)
			byte = reverse(byte) >> 24;
		crc ^= byte;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return plain ? reverse(crc) : ~crc;
}

static uint64_t result(const Bench *b)
{
	return dsa_get64(b->cr.op_specific);
}

static DsaDesc crc_desc(uint8_t op, uint32_t size, uint32_t seed)
{
	DsaDesc d = desc_make(op, SRC, op == DSA_OP_CRC ? 0 : DST, size);

	dsa_put32(d.raw + 40, seed);
	return d;
}

static void known_answers(Bench *b)
{
	DsaDesc d = crc_desc(DSA_OP_CRC, 9, 0);

	memcpy(bench_at(b, SRC), "123456789", 9);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	EXPECT_EQ(result(b), 0xe3069283);
	EXPECT_EQ(b->cr.bytes_completed, 0);

	/* RFC 3720, B.4: 32 bytes of 0, of ones, and rising */
	d = crc_desc(DSA_OP_CRC, 32, 0);
	memset(bench_at(b, SRC), 0, 32);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	EXPECT_EQ(result(b), 0x8a9136aa);
	memset(bench_at(b, SRC), 0xff, 32);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	EXPECT_EQ(result(b), 0x62a8ab43);
	for (int i = 0; i < 32; i++)
		*bench_at(b, SRC + i) = (uint8_t)i;
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	EXPECT_EQ(result(b), 0x46dd794e);
}

static void every_flag_matches_oracle(Bench *b)
{
	for (uint32_t i = 0; i < 64; i++) {
		uint32_t flags = (i & 3) << 17;
		uint32_t size = 1 + bench_random(b, 200000);
		uint32_t seed = bench_random(b, 0x7fffffff) * 2;
		uint8_t op = i & 4 ? DSA_OP_COPY_CRC : DSA_OP_CRC;
		DsaDesc d = crc_desc(op, size, seed);

		desc_flags(&d, flags);
		EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
		EXPECT_EQ(result(b), oracle(bench_at(b, SRC), size, seed,
					    flags));
		if (op == DSA_OP_COPY_CRC)
			EXPECT(!memcmp(bench_at(b, SRC), bench_at(b, DST),
				       size));
	}
}

static void seed_from_memory(Bench *b)
{
	DsaDesc d = crc_desc(DSA_OP_CRC, 5000, 0);

	desc_flags(&d, DSA_FLAG_CRC_SEED_ADDR);
	dsa_put64(d.raw + 48, SEED);
	dsa_put32(bench_at(b, SEED), 0x89abcdef);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
	EXPECT_EQ(result(b), oracle(bench_at(b, SRC), 5000, 0x89abcdef, 0));

	bench_page(b, SEED, PG_NONE);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_PAGE_FAULT);
	EXPECT_EQ(b->cr.fault_addr, SEED);
	EXPECT_EQ(b->cr.bytes_completed, 0);
}

/* A partial result is the seed of the continuation, whatever the flags. */
static void continues_after_fault(Bench *b)
{
	for (uint32_t i = 0; i < 8; i++) {
		uint32_t flags = (i & 3) << 17, size = 150000, seed = 0x1234567;
		uint8_t op = i & 4 ? DSA_OP_COPY_CRC : DSA_OP_CRC;
		DsaDesc d = crc_desc(op, size, seed);
		int faults = 0;

		desc_flags(&d, flags);
		for (int h = 0; h < 5; h++)
			bench_page(b, SRC + bench_random(b, size), PG_NONE);
		if (op == DSA_OP_COPY_CRC)
			for (int h = 0; h < 5; h++)
				bench_page(b, DST + bench_random(b, size),
					   PG_RO);
		while ((bench_run(b, &d) & 0x7f) == DSA_ST_PAGE_FAULT &&
		       faults++ < 20) {
			uint32_t n = b->cr.bytes_completed;

			bench_fix(b);
			dsa_put64(d.raw + 16, dsa_desc_src(&d) + n);
			if (op == DSA_OP_COPY_CRC)
				dsa_put64(d.raw + 24, dsa_desc_dst(&d) + n);
			dsa_put32(d.raw + 32, dsa_desc_xfer_size(&d) - n);
			dsa_put32(d.raw + 40, (uint32_t)result(b));
		}
		EXPECT(faults > 0);
		EXPECT_EQ(b->cr.status, DSA_ST_SUCCESS);
		EXPECT_EQ(result(b), oracle(bench_at(b, SRC), size, seed,
					    flags));
		if (op == DSA_OP_COPY_CRC)
			EXPECT(!memcmp(bench_at(b, SRC), bench_at(b, DST),
				       size));
	}
}

static void record_and_seed_are_mandatory(Bench *b)
{
	DsaDesc d = crc_desc(DSA_OP_CRC, 64, 0);

	d.raw[4] &= (uint8_t)~DSA_FLAG_RCR;
	EXPECT_EQ(bench_run(b, &d), DSA_ST_BAD_FLAGS);
	EXPECT_EQ(result(b), DSA_FLAG_RCR);
	d = crc_desc(DSA_OP_CRC, 64, 7);
	desc_flags(&d, DSA_FLAG_CRC_SEED_ADDR);
	dsa_put64(d.raw + 48, SEED);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_RESERVED);
	d = crc_desc(DSA_OP_COPY_CRC, 4096, 0);
	dsa_put64(d.raw + 24, SRC + 4095);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_OVERLAP);
	dsa_put64(d.raw + 24, SRC + 4096);
	EXPECT_EQ(bench_run(b, &d), DSA_ST_SUCCESS);
}

int main(void)
{
	static const Case cases[] = {
		{ "crc_known_answers", known_answers },
		{ "crc_every_flag_matches_oracle", every_flag_matches_oracle },
		{ "crc_seed_from_memory", seed_from_memory },
		{ "crc_continues_after_fault", continues_after_fault },
		{ "crc_record_and_seed_are_mandatory",
		  record_and_seed_are_mandatory },
	};

	return bench_main(cases, sizeof(cases) / sizeof(cases[0]));
}
