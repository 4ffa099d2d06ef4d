// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bench of the operations' unit tests; see model-ops.h. Its memory obeys
 * the contract of DsaMem to the letter and checks that the caller does.
 */
#include "model-ops.h"

int bench_failed;

static int page_answer(uint8_t page, bool write)
{
	switch (page) {
	case PG_RW:
		return DSA_MEM_OK;
	case PG_RO:
		return write ? DSA_MEM_FAULT : DSA_MEM_OK;
	case PG_NONE:
		return DSA_MEM_FAULT;
	case PG_IR:
		return DSA_MEM_FAULT_IR;
	case PG_ERROR:
		return DSA_MEM_ERROR;
	default:
		return DSA_MEM_ABORT;
	}
}

static int bench_access(Bench *b, uint64_t addr, uint8_t *buf, uint32_t len,
			uint64_t *fault, bool write)
{
	b->nr_access++;
	EXPECT(len >= 1 && len <= 65536);
	for (uint32_t i = 0; i < len; i++) {
		uint64_t off = addr + i - BASE;
		int rc = DSA_MEM_FAULT;

		if (off < MEM_SIZE)
			rc = page_answer(b->page[off / PAGE], write);
		if (rc) {
			*fault = addr + i;
			return rc;
		}
		if (write)
			b->mem[off] = buf[i];
		else
			buf[i] = b->mem[off];
	}
	return DSA_MEM_OK;
}

static int bench_read(void *opaque, uint64_t addr, void *buf, uint32_t len,
		      uint64_t *fault)
{
	return bench_access(opaque, addr, buf, len, fault, false);
}

static int bench_write(void *opaque, uint64_t addr, const void *buf,
		       uint32_t len, uint64_t *fault)
{
	return bench_access(opaque, addr, (uint8_t *)(uintptr_t)buf, len,
			    fault, true);
}

uint32_t bench_random(Bench *b, uint32_t bound)
{
	b->rng = b->rng * UINT64_C(6364136223846793005) +
		 UINT64_C(1442695040888963407);
	return (uint32_t)((b->rng >> 33) % bound);
}

void bench_reset(Bench *b, uint64_t seed)
{
	b->rng = seed;
	for (uint32_t i = 0; i < MEM_SIZE; i++)
		b->mem[i] = (uint8_t)bench_random(b, 256);
	memset(b->page, PG_RW, sizeof(b->page));
	memset(&b->scratch, 0xa5, sizeof(b->scratch));
	b->nr_access = 0;
	b->lim = (DsaLimits){
		.op_cap = DSA_OPS_ALL,
		.max_xfer = UINT64_C(1) << 31,
		.max_batch = 1024,
		.block_on_fault = true,
		.overlap_copy = true,
		.cache_control_mem = true,
		.cache_control_cache = true,
		.dest_readback = true,
		.drain_readback = true,
		.steering_tag = true,
		.strict_order = true,
	};
}

void bench_page(Bench *b, uint64_t addr, uint8_t answer)
{
	b->page[(addr - BASE) / PAGE] = answer;
}

uint8_t *bench_at(Bench *b, uint64_t addr)
{
	return b->mem + (addr - BASE);
}

DsaDesc desc_make(uint8_t opcode, uint64_t src, uint64_t dst, uint32_t size)
{
	DsaDesc d = { .raw = { 0 } };

	d.raw[7] = opcode;
	desc_flags(&d, DSA_FLAG_CRAV | DSA_FLAG_RCR);
	dsa_put64(d.raw + 8, 0x1000);
	dsa_put64(d.raw + 16, src);
	dsa_put64(d.raw + 24, dst);
	dsa_put32(d.raw + 32, size);
	return d;
}

void desc_flags(DsaDesc *d, uint32_t flags)
{
	flags |= dsa_desc_flags(d);
	d->raw[4] = (uint8_t)flags;
	d->raw[5] = (uint8_t)(flags >> 8);
	d->raw[6] = (uint8_t)(flags >> 16);
}

uint8_t bench_run(Bench *b, const DsaDesc *d)
{
	const DsaMem mem = {
		.opaque = b, .read = bench_read, .write = bench_write
	};

	if (dsa_op_check(d, &b->lim, &b->cr))
		return b->cr.status;
	memset(&b->cr, 0x5a, sizeof(b->cr));
	if (dsa_op_run(d, &b->lim, &mem, &b->cr, &b->scratch))
		return 0xff;
	EXPECT_EQ(b->cr.rsvd, 0);
	return b->cr.status;
}

void bench_fix(Bench *b)
{
	EXPECT(b->cr.fault_addr - BASE < MEM_SIZE);
	if (b->cr.fault_addr - BASE < MEM_SIZE)
		bench_page(b, b->cr.fault_addr, PG_RW);
}

int bench_main(const Case *cases, int nr)
{
	Bench *b = malloc(sizeof(*b));
	int failed = 0;

	if (!b) {
		printf("Bail out! no memory\n");
		return 1;
	}
	printf("KTAP version 1\n1..%d\n", nr);
	for (int i = 0; i < nr; i++) {
		bench_failed = 0;
		bench_reset(b, (uint64_t)i + 1);
		cases[i].fn(b);
		printf("%s %d %s\n", bench_failed ? "not ok" : "ok", i + 1,
		       cases[i].name);
		failed |= bench_failed;
	}
	free(b);
	return failed;
}
