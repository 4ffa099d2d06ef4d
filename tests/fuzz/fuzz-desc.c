// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-fuzz guest: descriptors. Most would work if their device were enabled,
 * others have wrong bytes or addresses. It must not submit any.
 */
#include "fuzz-desc.h"

#include <string.h>

#define RECORDS		64
#define DELTA_UNIT	10

const char *const fuzz_ops[] = {
	"noop", "drain", "move", "fill", "compare", "compare-pattern",
	"create-delta", "dualcast", "crc", "copy-crc", "flush", "batch", NULL
};

static const uint8_t opcodes[] = {
	DSA_OPCODE_NOOP, DSA_OPCODE_DRAIN, DSA_OPCODE_MEMMOVE,
	DSA_OPCODE_MEMFILL, DSA_OPCODE_COMPARE, DSA_OPCODE_COMPVAL,
	DSA_OPCODE_CR_DELTA, DSA_OPCODE_DUALCAST, DSA_OPCODE_CRCGEN,
	DSA_OPCODE_COPY_CRC, DSA_OPCODE_CFLUSH, DSA_OPCODE_BATCH,
	/* These seldom succeed without the right data */
	DSA_OPCODE_AP_DELTA, DSA_OPCODE_DIF_CHECK, DSA_OPCODE_DIF_INS,
	DSA_OPCODE_DIF_STRP, DSA_OPCODE_DIF_UPDT,
};

int fuzz_op_nr(uint8_t opcode)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fuzz_ops) - 1; i++)
		if (opcodes[i] == opcode)
			return i;
	return -1;
}

uint64_t fuzz_address(struct fuzz_thread *t, uint64_t base)
{
	uint8_t how = fuzz_byte(t);

	if (how < 200)
		return FUZZ_IOVA + base + how * 32;
	return how < 230 ? FUZZ_IOVA + fuzz_bits(t, 3) : fuzz_value(t);
}

/* Where a descriptor of this thread writes its record, not another's */
static uint64_t record(struct fuzz_thread *t)
{
	unsigned int nr = t->nr * RECORDS + fuzz_byte(t) % RECORDS;

	return FUZZ_IOVA + ARENA_RECORDS +
	       nr * sizeof(struct dsa_completion_record);
}

struct dsa_completion_record *fuzz_record(const struct dsa_hw_desc *desc)
{
	uint64_t off = desc->completion_addr - (FUZZ_IOVA + ARENA_RECORDS);

	return off < ARENA_BATCH ? (void *)(fuzz_sf.arena + off) : NULL;
}

/* What an operation has beside source, destination and size */
static void fill_in(struct fuzz_thread *t, struct dsa_hw_desc *desc)
{
	uint64_t off = fuzz_byte(t) * 32;

	switch (desc->opcode) {
	case DSA_OPCODE_NOOP:
	case DSA_OPCODE_DRAIN:
		desc->src_addr = 0;
		desc->dst_addr = 0;
		desc->xfer_size = 0;
		break;
	case DSA_OPCODE_MEMFILL:
		desc->pattern = fuzz_value(t);
		break;
	case DSA_OPCODE_COMPVAL:
		desc->comp_pattern = fuzz_value(t);
		break;
	case DSA_OPCODE_COMPARE:
		desc->src2_addr = FUZZ_IOVA + ARENA_SRC2 + off;
		break;
	case DSA_OPCODE_CR_DELTA:
		desc->src2_addr = FUZZ_IOVA + ARENA_SRC2 + off;
		desc->delta_addr = FUZZ_IOVA + ARENA_DST + off;
		desc->max_delta_size = 8 * DELTA_UNIT * (fuzz_byte(t) + 1);
		break;
	case DSA_OPCODE_AP_DELTA:
		desc->src_addr = FUZZ_IOVA + ARENA_DST + off;
		desc->dst_addr = FUZZ_IOVA + ARENA_SRC2 + off;
		desc->delta_rec_size = DELTA_UNIT * (fuzz_byte(t) % 8 + 1);
		break;
	case DSA_OPCODE_DUALCAST:
		desc->dest2 = desc->dst_addr + ARENA_DST2 - ARENA_DST;
		break;
	case DSA_OPCODE_CRCGEN:
		desc->dst_addr = 0;
		desc->crc_seed = fuzz_value(t);
		break;
	case DSA_OPCODE_COPY_CRC:
		desc->crc_seed = fuzz_value(t);
		break;
	case DSA_OPCODE_CFLUSH:
		desc->src_addr = 0;
		break;
	case DSA_OPCODE_DIF_CHECK:
	case DSA_OPCODE_DIF_INS:
	case DSA_OPCODE_DIF_STRP:
	case DSA_OPCODE_DIF_UPDT:
		desc->xfer_size = desc->opcode == DSA_OPCODE_DIF_INS ? 512 : 520;
		break;
	}
}

/* Wrong bytes anywhere, or addresses that are not mapped */
static void spoil(struct fuzz_thread *t, struct dsa_hw_desc *desc)
{
	uint8_t how = fuzz_byte(t);

	if (how < 160)
		return;
	for (; how < 220; how += 20)
		((uint8_t *)desc)[fuzz_byte(t) % 64] = fuzz_byte(t);
	if (how & 1)
		desc->src_addr = fuzz_address(t, ARENA_SRC);
	if (how & 2)
		desc->dst_addr = fuzz_address(t, ARENA_DST);
	if (how & 4)
		desc->completion_addr = fuzz_address(t, ARENA_RECORDS) & ~31ULL;
	if (how & 8)
		desc->opcode = fuzz_byte(t);
	if (how & 16)
		desc->xfer_size = fuzz_value(t);
	if (how & 32)
		desc->int_handle = fuzz_value(t);
}

void fuzz_describe(struct fuzz_thread *t, struct dsa_hw_desc *desc)
{
	uint8_t how = fuzz_byte(t);

	memset(desc, 0, sizeof(*desc));
	desc->opcode = opcodes[how % ARRAY_SIZE(opcodes)];
	if (desc->opcode == DSA_OPCODE_BATCH)
		desc->opcode = DSA_OPCODE_MEMMOVE;
	how = fuzz_byte(t);
	desc->flags = IDXD_OP_FLAG_CRAV | IDXD_OP_FLAG_RCR;
	if (how & 1) {
		desc->flags |= IDXD_OP_FLAG_RCI;
		desc->int_handle = __atomic_load_n(&fuzz_sf.handle,
						   __ATOMIC_RELAXED);
	}
	/* Of a dedicated WQ both are ignored */
	desc->priv = how >> 1 & 1;
	if (how & 4)
		desc->pasid = fuzz_value(t);
	desc->completion_addr = record(t);
	desc->src_addr = FUZZ_IOVA + ARENA_SRC + fuzz_byte(t) * 32;
	desc->dst_addr = FUZZ_IOVA + ARENA_DST + fuzz_byte(t) * 32;
	desc->xfer_size = (fuzz_byte(t) + 1) * 32;
	fill_in(t, desc);
	spoil(t, desc);
}

void fuzz_describe_batch(struct fuzz_thread *t, struct dsa_hw_desc *desc)
{
	struct dsa_hw_desc *list;
	unsigned int i, nr = fuzz_byte(t) % 8 + 1;

	list = (void *)(fuzz_sf.arena + ARENA_BATCH + 4096 * t->nr);
	for (i = 0; i < nr; i++)
		fuzz_describe(t, &list[i]);
	fuzz_describe(t, desc);
	desc->opcode = DSA_OPCODE_BATCH;
	memset(desc->op_specific, 0, sizeof(desc->op_specific));
	desc->dst_addr = 0;
	desc->desc_list_addr = fuzz_byte(t) < 220 ? sf_iova(&fuzz_sf, list) :
			       fuzz_address(t, ARENA_BATCH);
	desc->desc_count = fuzz_byte(t) < 220 ? nr : fuzz_value(t);
}
