// SPDX-License-Identifier: GPL-2.0-only
/*
 * The static checks: every flag and every reserved bit of every operation
 * against tables written for this test, what capabilities and batches change,
 * sizes, counts, alignment, and which error is named first.
 */
#include "model-ops.h"

#define SRC  (BASE + 8 * PAGE)
#define DST  (BASE + 200 * PAGE)
#define MORE (BASE + 400 * PAGE)

/*
 * flags: what may be set, given every capability. spec: bytes 40..63, 'r' is
 * reserved, '.' is not. src, dst, size: whether these are reserved.
 */
static const struct Op {
	uint8_t op;
	bool src, dst, size;
	uint32_t flags;
	const char *spec;
} ops[] = {
	{ 0x00, 1, 1, 1, 0x00103d, "rrrrrrrrrrrrrrrrrrrrrrrr" },
	{ 0x01, 0, 1, 0, 0x00123c, "rrrrrrrrrrrrrrrrrrrrrrrr" },
	{ 0x02, 1, 1, 1, 0x0f163c, "rrrrrrrrrrrrrrrrrrrrrrrr" },
	{ 0x03, 0, 0, 0, 0x00f73f, "rrrrrrrrrrrrrrrrrrrrrrrr" },
	{ 0x04, 0, 0, 0, 0x01f53f, "rrrrrrrrrrrrrrrrrrrrrrrr" },
	{ 0x05, 0, 0, 0, 0x0016bf, ".rrrrrrrrrrrrrrrrrrrrrrr" },
	{ 0x06, 0, 0, 0, 0x0012bf, ".rrrrrrrrrrrrrrrrrrrrrrr" },
	{ 0x07, 0, 0, 0, 0x00ffbf, "............rrrr.rrrrrrr" },
	{ 0x08, 0, 0, 0, 0x00f73f, "....rrrrrrrrrrrrrrrrrrrr" },
	{ 0x09, 0, 0, 0, 0x01ff3f, "........rrrrrrrrrrrrrrrr" },
	{ 0x10, 0, 1, 0, 0x071a3f, "....rrrrrrrrrrrrrrrrrrrr" },
	{ 0x11, 0, 0, 0, 0x07ff3f, "....rrrrrrrrrrrrrrrrrrrr" },
	{ 0x12, 0, 1, 0, 0x00123f, ".r.rrrrr........rrrrrrrr" },
	{ 0x13, 0, 0, 0, 0x00f73f, "r..rrrrrrrrrrrrr........" },
	{ 0x14, 0, 0, 0, 0x00f73f, ".r.rrrrr........rrrrrrrr" },
	{ 0x15, 0, 0, 0, 0x00f73f, "...rrrrr................" },
	{ 0x20, 1, 0, 0, 0x00f53f, "rrrrrrrrrrrrrrrrrrrrrrrr" },
};

#define NR_OPS (sizeof(ops) / sizeof(ops[0]))

/* A descriptor that passes, unless the operation is not allowed where it is. */
static DsaDesc good(Bench *b, const struct Op *o)
{
	DsaDesc d = desc_make(o->op, o->src ? 0 : SRC, o->dst ? 0 : DST,
			      o->size ? 0 : 520 * 8);

	b->lim.in_batch = o->op != DSA_OP_BATCH && o->op != DSA_OP_DRAIN;
	switch (o->op) {
	case DSA_OP_BATCH:
		dsa_put32(d.raw + 32, 100);
		break;
	case DSA_OP_DELTA_CREATE:
		dsa_put32(d.raw + 48, 4096);
		dsa_put64(d.raw + 40, MORE);
		break;
	case DSA_OP_DELTA_APPLY:
		dsa_put32(d.raw + 40, 100);
		break;
	case DSA_OP_DUALCAST:
		dsa_put64(d.raw + 40, MORE);
		break;
	case DSA_OP_DIF_INSERT:
		dsa_put32(d.raw + 32, 512 * 8);
		break;
	}
	return d;
}

static uint8_t check(Bench *b, const DsaDesc *d)
{
	memset(&b->cr, 0x77, sizeof(b->cr));
	EXPECT_EQ(dsa_op_check(d, &b->lim, &b->cr), b->cr.status);
	EXPECT_EQ(b->cr.fault_addr | b->cr.bytes_completed | b->cr.result, 0);
	return b->cr.status;
}

static void opcodes(Bench *b)
{
	uint64_t found = 0;

	for (size_t i = 0; i < NR_OPS; i++) {
		DsaDesc d = good(b, &ops[i]);

		EXPECT_EQ(check(b, &d), 0);
		b->lim.op_cap = ~(UINT64_C(1) << ops[i].op);
		EXPECT_EQ(check(b, &d), DSA_ST_BAD_OPCODE);
		b->lim.op_cap = DSA_OPS_ALL;
		found |= UINT64_C(1) << ops[i].op;
	}
	EXPECT_EQ(found, DSA_OPS_ALL);
	b->lim.op_cap = ~UINT64_C(0);
	for (unsigned int op = 0; op < 256; op++) {
		DsaDesc d = desc_make((uint8_t)op, 0, 0, 0);

		if (op >= 64 || !(DSA_OPS_ALL >> op & 1))
			EXPECT_EQ(check(b, &d), DSA_ST_BAD_OPCODE);
	}
}

static void every_flag_of_every_opcode(Bench *b)
{
	for (size_t i = 0; i < NR_OPS; i++) {
		for (int bit = 0; bit < 24; bit++) {
			uint32_t flag = 1u << bit;
			DsaDesc d = good(b, &ops[i]);
			uint8_t st;

			desc_flags(&d, flag);
			st = check(b, &d);
			if (ops[i].flags & flag) {
				EXPECT(st != DSA_ST_BAD_FLAGS);
				continue;
			}
			EXPECT_EQ(st, DSA_ST_BAD_FLAGS);
			EXPECT_EQ(dsa_get32(b->cr.op_specific), flag);
		}
	}
}

/* Each capability takes exactly its flags away. */
static void capabilities_gate_flags(Bench *b)
{
	const struct { bool *cap; uint32_t flags; } caps[] = {
		{ &b->lim.block_on_fault, 0x2 },
		{ &b->lim.cache_control_mem, 0x100 },
		{ &b->lim.cache_control_cache, 0x100 },
		{ &b->lim.strict_order, 0x2000 },
		{ &b->lim.dest_readback, 0x4000 },
		{ &b->lim.drain_readback, 0x30000 },
		{ &b->lim.steering_tag, 0x18020 },
		{ &b->lim.in_batch, 0x1 },
	};

	for (size_t i = 0; i < NR_OPS; i++) {
		for (size_t c = 0; c < sizeof(caps) / sizeof(caps[0]); c++) {
			DsaDesc d = good(b, &ops[i]);
			uint32_t lost = caps[c].flags & ops[i].flags;
			bool was = *caps[c].cap;

			if (c == 1 && ops[i].op == DSA_OP_CACHE_FLUSH)
				lost = 0;
			if (c == 2 && ops[i].op != DSA_OP_CACHE_FLUSH)
				lost = 0;
			if (c == 5 && ops[i].op != DSA_OP_DRAIN)
				lost = 0;
			if (c == 6 && ops[i].op != DSA_OP_DUALCAST)
				lost &= ~0x10000u;
			*caps[c].cap = false;
			desc_flags(&d, lost);
			EXPECT_EQ(check(b, &d), lost ? DSA_ST_BAD_FLAGS : 0);
			EXPECT_EQ(dsa_get32(b->cr.op_specific), lost);
			*caps[c].cap = was;
		}
	}
}

static void required_flags(Bench *b)
{
	for (size_t i = 0; i < NR_OPS; i++) {
		uint8_t op = ops[i].op;
		bool result = (op >= 5 && op <= 7) || op == 0x10 || op == 0x11;
		DsaDesc d = good(b, &ops[i]);

		d.raw[4] = DSA_FLAG_CRAV;
		EXPECT_EQ(check(b, &d), result ? DSA_ST_BAD_FLAGS : 0);
		d.raw[4] = DSA_FLAG_RCR;
		EXPECT_EQ(check(b, &d), DSA_ST_BAD_FLAGS);
		EXPECT_EQ(dsa_get32(b->cr.op_specific), result ? 0xc : 0x8);
		d.raw[4] = 0;
		EXPECT_EQ(check(b, &d), result ? DSA_ST_BAD_FLAGS : 0);
	}
}

static bool is_reserved(const struct Op *o, int byte)
{
	if (byte >= 40)
		return o->spec[byte - 40] == 'r';
	if (byte >= 38)
		return true;
	if (byte >= 36)
		return false;	/* the handle; old drivers always give one */
	if (byte >= 32)
		return o->size;
	if (byte >= 24)
		return o->dst;
	return byte >= 16 && o->src;
}

static void every_reserved_bit(Bench *b)
{
	for (size_t i = 0; i < NR_OPS; i++) {
		for (int bit = 16 * 8; bit < 64 * 8; bit++) {
			DsaDesc d = good(b, &ops[i]);
			uint8_t mask = (uint8_t)(1 << bit % 8);

			if (!is_reserved(&ops[i], bit / 8))
				continue;
			d.raw[bit / 8] ^= mask;
			EXPECT_EQ(check(b, &d), DSA_ST_RESERVED);
		}
		for (int bit = 0; bit < 32; bit++) {
			DsaDesc d = good(b, &ops[i]);

			d.raw[bit / 8] ^= (uint8_t)(1 << bit % 8);
			EXPECT_EQ(check(b, &d), bit >= 20 && bit <= 30 ?
				  DSA_ST_RESERVED : 0);
		}
	}
}

static void fields_that_flags_open(Bench *b)
{
	DsaDesc d = good(b, &ops[3]);

	d.raw[36] = 0xff;
	EXPECT_EQ(check(b, &d), 0);
	desc_flags(&d, DSA_FLAG_RCI);
	d.raw[37] = 0xff;
	EXPECT_EQ(check(b, &d), 0);
	d = good(b, &ops[4]);
	desc_flags(&d, DSA_FLAG_FILL_16B);
	d.raw[47] = 1;
	EXPECT_EQ(check(b, &d), 0);
	d = good(b, &ops[10]);
	desc_flags(&d, DSA_FLAG_CRC_SEED_ADDR);
	d.raw[55] = 1;
	EXPECT_EQ(check(b, &d), 0);
	d.raw[40] = 1;
	EXPECT_EQ(check(b, &d), DSA_ST_RESERVED);
}

static void transfer_sizes(Bench *b)
{
	for (size_t i = 0; i < NR_OPS; i++) {
		DsaDesc d = good(b, &ops[i]);
		uint32_t size = dsa_desc_xfer_size(&d);

		if (ops[i].size || ops[i].op == DSA_OP_BATCH)
			continue;
		dsa_put32(d.raw + 32, 0);
		EXPECT_EQ(check(b, &d), DSA_ST_XFER_SIZE);
		dsa_put32(d.raw + 32, size);
		b->lim.max_xfer = size;
		EXPECT_EQ(check(b, &d), 0);
		b->lim.max_xfer = size - 1;
		EXPECT_EQ(check(b, &d), DSA_ST_XFER_SIZE);
		b->lim.max_xfer = 0;
		EXPECT_EQ(check(b, &d), 0);
	}
}

static void batches(Bench *b)
{
	static const struct { uint32_t count; uint8_t status; } t[] = {
		{ 0, DSA_ST_DESC_COUNT }, { 1, DSA_ST_DESC_COUNT }, { 2, 0 },
		{ 1024, 0 }, { 1025, DSA_ST_DESC_COUNT },
		{ 0xffffffff, DSA_ST_DESC_COUNT },
	};
	DsaDesc d = good(b, &ops[1]);

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		dsa_put32(d.raw + 32, t[i].count);
		EXPECT_EQ(check(b, &d), t[i].status);
	}
	dsa_put32(d.raw + 32, 2);
	for (int bit = 0; bit < 8; bit++) {
		dsa_put64(d.raw + 16, SRC + (1u << bit));
		EXPECT_EQ(check(b, &d), bit < 6 ? DSA_ST_LIST_ALIGN : 0);
	}
	b->lim.in_batch = true;
	EXPECT_EQ(check(b, &d), DSA_ST_BAD_OPCODE);
	d = desc_make(DSA_OP_DRAIN, 0, 0, 0);
	EXPECT_EQ(check(b, &d), DSA_ST_BAD_OPCODE);
}

static void dualcast_and_overlap(Bench *b)
{
	DsaDesc d = good(b, &ops[9]);

	for (int bit = 0; bit < 14; bit++) {
		dsa_put64(d.raw + 40, MORE + (1u << bit));
		EXPECT_EQ(check(b, &d), bit < 12 ? DSA_ST_DUALCAST_ALIGN : 0);
	}
	dsa_put64(d.raw + 40, DST + PAGE);
	EXPECT_EQ(check(b, &d), DSA_ST_OVERLAP);
	dsa_put64(d.raw + 40, SRC - PAGE);
	EXPECT_EQ(check(b, &d), DSA_ST_OVERLAP);
	/* Ranges that wrap around the address space meet, too. */
	d = desc_make(DSA_OP_COPY_CRC, UINT64_C(0) - 100, 50, 200);
	EXPECT_EQ(check(b, &d), DSA_ST_OVERLAP);
	dsa_put64(d.raw + 24, 100);
	EXPECT_EQ(check(b, &d), 0);
}

static void first_error_is_named(Bench *b)
{
	DsaDesc d = good(b, &ops[7]);

	d.raw[16] |= 4;
	EXPECT_EQ(check(b, &d), DSA_ST_ADDR_ALIGN);
	dsa_put64(d.raw + 40, DST);
	EXPECT_EQ(check(b, &d), DSA_ST_OVERLAP);
	dsa_put32(d.raw + 48, 10);
	EXPECT_EQ(check(b, &d), DSA_ST_DELTA_SIZE);
	dsa_put32(d.raw + 32, 9);
	EXPECT_EQ(check(b, &d), DSA_ST_XFER_SIZE);
	d.raw[63] = 1;
	EXPECT_EQ(check(b, &d), DSA_ST_RESERVED);
	desc_flags(&d, 0x800040);
	EXPECT_EQ(check(b, &d), DSA_ST_BAD_FLAGS);
	EXPECT_EQ(dsa_get32(b->cr.op_specific), 0x800040);
	d.raw[7] = 0x0f;
	EXPECT_EQ(check(b, &d), DSA_ST_BAD_OPCODE);
	EXPECT_EQ(dsa_get32(b->cr.op_specific), 0);
	d.raw[8] = 16;
	EXPECT_EQ(check(b, &d), DSA_ST_CR_ALIGN);
	d = good(b, &ops[3]);
	d.raw[8] = 31;
	EXPECT_EQ(check(b, &d), DSA_ST_CR_ALIGN);
	d.raw[4] = 0;
	EXPECT_EQ(check(b, &d), 0);
}

/* Whatever 64 bytes say: an answer, and no more than the checks promise. */
static void random_descriptors(Bench *b)
{
	for (int i = 0; i < 200000; i++) {
		DsaDesc d;

		for (int j = 0; j < DSA_DESC_SIZE; j++)
			d.raw[j] = bench_random(b, 3) ? 0 :
				   (uint8_t)bench_random(b, 256);
		d.raw[7] = (uint8_t)bench_random(b, 36);
		dsa_put32(d.raw + 32, bench_random(b, 100000));
		b->lim.in_batch = bench_random(b, 2);
		if (!check(b, &d) && d.raw[7] != DSA_OP_BATCH)
			EXPECT(bench_run(b, &d) != 0);
	}
}

int main(void)
{
	static const Case cases[] = {
		{ "check_opcodes", opcodes },
		{ "check_every_flag_of_every_opcode",
		  every_flag_of_every_opcode },
		{ "check_capabilities_gate_flags", capabilities_gate_flags },
		{ "check_required_flags", required_flags },
		{ "check_every_reserved_bit", every_reserved_bit },
		{ "check_fields_that_flags_open", fields_that_flags_open },
		{ "check_transfer_sizes", transfer_sizes },
		{ "check_batches", batches },
		{ "check_dualcast_and_overlap", dualcast_and_overlap },
		{ "check_first_error_is_named", first_error_is_named },
		{ "check_random_descriptors", random_descriptors },
	};

	return bench_main(cases, sizeof(cases) / sizeof(cases[0]));
}
