// SPDX-License-Identifier: GPL-2.0-only
/*
 * The static checks of a descriptor: what can be said from its 64 bytes and
 * the limits of device and queue. One table row an operation: flags it may
 * have, flags it must have, bytes that must be 0. Then sizes, overlap and
 * alignment, in the order of the status codes. Touches no memory. Pure.
 */
#include "ops-int.h"

/* Descriptor bytes first..last as a bit mask */
#define BYTES(first, last) \
    ((~UINT64_C(0) >> (63 - (last))) & (~UINT64_C(0) << (first)))

#define SRC_FIELD      BYTES(16, 23)
#define DST_FIELD      BYTES(24, 31)
#define SIZE_FIELD     BYTES(32, 35)
#define ALWAYS_0       BYTES(38, 39)
/* Bits 30:20 of the first word */
#define ALWAYS_0_WORD  UINT32_C(0x7ff00000)

#define F_CR    (DSA_FLAG_CRAV | DSA_FLAG_RCR | DSA_FLAG_RCI | \
                 DSA_FLAG_CR_STEER | DSA_FLAG_CR_TC)
#define F_FENCE DSA_FLAG_FENCE
#define F_ANY   (F_CR | F_FENCE | DSA_FLAG_BOF)
#define F_WRITE (DSA_FLAG_CACHE_CONTROL | DSA_FLAG_STRICT_ORDER | \
                 DSA_FLAG_READBACK | DSA_FLAG_DST_STEER)
#define F_TC1   DSA_FLAG_ADDR1_TC
#define F_TC2   DSA_FLAG_ADDR2_TC
#define F_TC3   DSA_FLAG_ADDR3_TC
#define F_CRC   (DSA_FLAG_CRC_SEED_ADDR | DSA_FLAG_CRC_NO_INVERT | \
                 DSA_FLAG_CRC_NO_REFLECT)
#define F_DRAIN (DSA_FLAG_RDBACK1_VALID | DSA_FLAG_RDBACK2_VALID | \
                 DSA_FLAG_NO_RDBACK_TCA | DSA_FLAG_NO_RDBACK_TCB)
/* An operation that yields a result must have a record to put it in. */
#define F_RESULT (DSA_FLAG_CRAV | DSA_FLAG_RCR)

#define DELTA_MIN_RECORD  80u
#define DELTA_MAX_XFER    0x80000u      /* word numbers have 16 bits */

typedef struct Rule {
    uint8_t opcode;
    bool sized;             /* the transfer size is one, and not 0 */
    uint32_t allowed;
    uint32_t required;
    uint64_t reserved;      /* bytes */
} Rule;

/* Which flags go with which operation agrees with DML's flag sets. */
static const Rule rules[] = {
    { DSA_OP_NOOP, false, F_CR | F_FENCE, 0,
      SRC_FIELD | DST_FIELD | SIZE_FIELD | BYTES(40, 63) },
    { DSA_OP_BATCH, false, F_CR | F_TC1, 0, DST_FIELD | BYTES(40, 63) },
    { DSA_OP_DRAIN, false, F_CR | F_TC1 | F_TC2 | F_DRAIN, 0,
      SIZE_FIELD | BYTES(40, 63) },
    { DSA_OP_MEMMOVE, true, F_ANY | F_WRITE | F_TC1 | F_TC2, 0,
      BYTES(40, 63) },
    { DSA_OP_FILL, true, F_ANY | F_WRITE | F_TC2 | DSA_FLAG_FILL_16B, 0,
      BYTES(48, 63) },
    { DSA_OP_COMPARE, true, F_ANY | F_TC1 | F_TC2 | DSA_FLAG_CHECK_RESULT,
      F_RESULT, BYTES(41, 63) },
    { DSA_OP_COMPARE_PAT, true, F_ANY | F_TC1 | DSA_FLAG_CHECK_RESULT,
      F_RESULT, BYTES(41, 63) },
    { DSA_OP_DELTA_CREATE, true, F_ANY | F_WRITE | F_TC1 | F_TC2 | F_TC3 |
      DSA_FLAG_CHECK_RESULT, F_RESULT, BYTES(52, 55) | BYTES(57, 63) },
    { DSA_OP_DELTA_APPLY, true, F_ANY | F_WRITE | F_TC1 | F_TC2, 0,
      BYTES(44, 63) },
    { DSA_OP_DUALCAST, true, F_ANY | F_WRITE | F_TC1 | F_TC2 | F_TC3 |
      DSA_FLAG_DST2_STEER, 0, BYTES(48, 63) },
    { DSA_OP_CRC, true, F_ANY | F_TC1 | F_TC3 | F_CRC, F_RESULT,
      DST_FIELD | BYTES(44, 47) | BYTES(56, 63) },
    { DSA_OP_COPY_CRC, true, F_ANY | F_WRITE | F_TC1 | F_TC2 | F_TC3 | F_CRC,
      F_RESULT, BYTES(44, 47) | BYTES(56, 63) },
    { DSA_OP_DIF_CHECK, true, F_ANY | F_TC1, 0,
      DST_FIELD | BYTES(41, 41) | BYTES(43, 47) | BYTES(56, 63) },
    { DSA_OP_DIF_INSERT, true, F_ANY | F_WRITE | F_TC1 | F_TC2, 0,
      BYTES(40, 40) | BYTES(43, 55) },
    { DSA_OP_DIF_STRIP, true, F_ANY | F_WRITE | F_TC1 | F_TC2, 0,
      BYTES(41, 41) | BYTES(43, 47) | BYTES(56, 63) },
    { DSA_OP_DIF_UPDATE, true, F_ANY | F_WRITE | F_TC1 | F_TC2, 0,
      BYTES(43, 47) },
    { DSA_OP_CACHE_FLUSH, true, F_ANY | F_WRITE | F_TC2, 0,
      SRC_FIELD | BYTES(40, 63) },
};

static const Rule *rule_find(uint8_t opcode)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (rules[i].opcode == opcode) {
            return &rules[i];
        }
    }
    return NULL;
}

/* Batch and drain are unsupported operations within a batch. */
static bool opcode_ok(const DsaDesc *d, const DsaLimits *lim)
{
    uint8_t opcode = dsa_desc_opcode(d);

    if (!rule_find(opcode) || !(lim->op_cap >> opcode & 1)) {
        return false;
    }
    return !lim->in_batch ||
           (opcode != DSA_OP_BATCH && opcode != DSA_OP_DRAIN);
}

/* Flags that the device or the queue lacks, or that have no place here. */
static uint32_t flags_unsupported(uint8_t opcode, const DsaLimits *lim)
{
    bool cache = opcode == DSA_OP_CACHE_FLUSH ? lim->cache_control_cache
                                              : lim->cache_control_mem;
    uint32_t bad = 0;

    bad |= lim->in_batch ? 0 : DSA_FLAG_FENCE;
    bad |= lim->block_on_fault ? 0 : DSA_FLAG_BOF;
    bad |= cache ? 0 : DSA_FLAG_CACHE_CONTROL;
    bad |= lim->strict_order ? 0 : DSA_FLAG_STRICT_ORDER;
    bad |= lim->dest_readback ? 0 : DSA_FLAG_READBACK;
    if (!lim->steering_tag) {
        bad |= DSA_FLAG_CR_STEER | DSA_FLAG_DST_STEER;
        bad |= opcode == DSA_OP_DUALCAST ? DSA_FLAG_DST2_STEER : 0;
    }
    if (opcode == DSA_OP_DRAIN && !lim->drain_readback) {
        bad |= DSA_FLAG_RDBACK1_VALID | DSA_FLAG_RDBACK2_VALID;
    }
    return bad;
}

/* All flags at fault: set wrongly, or required and clear. */
static uint32_t flags_bad(const DsaDesc *d, const DsaLimits *lim)
{
    const Rule *rule = rule_find(dsa_desc_opcode(d));
    uint32_t flags = dsa_desc_flags(d);
    uint32_t ok = rule->allowed & ~flags_unsupported(rule->opcode, lim);
    uint32_t bad = (flags & ~ok) | (rule->required & ~flags);

    /* A completion record cannot be asked for without its address. */
    if ((flags & DSA_FLAG_RCR) && !(flags & DSA_FLAG_CRAV)) {
        bad |= DSA_FLAG_RCR;
    }
    return bad;
}

/*
 * Bytes that are reserved because of a flag. The interrupt handle is not one of
 * them: Linux before 5.17 or so has one in each, wanted or not.
 */
static uint64_t reserved_by_flags(const DsaDesc *d)
{
    uint32_t flags = dsa_desc_flags(d);
    uint64_t bytes = ALWAYS_0;

    switch (dsa_desc_opcode(d)) {
    case DSA_OP_DRAIN:
        bytes |= flags & DSA_FLAG_RDBACK1_VALID ? 0 : SRC_FIELD;
        bytes |= flags & DSA_FLAG_RDBACK2_VALID ? 0 : DST_FIELD;
        break;
    case DSA_OP_FILL:
        bytes |= flags & DSA_FLAG_FILL_16B ? 0 : BYTES(40, 47);
        break;
    case DSA_OP_CRC:
    case DSA_OP_COPY_CRC:
        bytes |= flags & DSA_FLAG_CRC_SEED_ADDR ? BYTES(40, 43)
                                                : BYTES(48, 55);
        break;
    default:
        break;
    }
    return bytes;
}

/* Reserved bits of bytes that also have others */
static bool reserved_bits(const DsaDesc *d)
{
    const uint8_t *spec = dsa_desc_op(d);

    switch (dsa_desc_opcode(d)) {
    case DSA_OP_COMPARE:
    case DSA_OP_COMPARE_PAT:
        return spec[0] & 0xfe;
    case DSA_OP_DELTA_CREATE:
        return spec[16] & 0xf8;
    case DSA_OP_DIF_CHECK:
    case DSA_OP_DIF_STRIP:
        return spec[2] & 0xf0;
    case DSA_OP_DIF_INSERT:
        /* There is nothing to pass through either. */
        return (spec[1] & 0x6f) || (spec[2] & 0xf0);
    case DSA_OP_DIF_UPDATE:
        return (spec[1] & 0x07) || (spec[2] & 0xf0);
    default:
        return false;
    }
}

static bool reserved_ok(const DsaDesc *d)
{
    uint64_t bytes = rule_find(dsa_desc_opcode(d))->reserved |
                     reserved_by_flags(d);

    if ((dsa_get32(d->raw) & ALWAYS_0_WORD) || reserved_bits(d)) {
        return false;
    }
    for (int i = 0; i < DSA_DESC_SIZE; i++) {
        if ((bytes >> i & 1) && d->raw[i]) {
            return false;
        }
    }
    return true;
}

static bool beyond(uint64_t size, const DsaLimits *lim)
{
    return lim->max_xfer && size > lim->max_xfer;
}

/* Bytes of one block on the source's side of a DIF operation, else 0 */
static uint32_t dif_step(const DsaDesc *d)
{
    uint32_t block = dsa_dif_block_size(dsa_desc_op(d)[2]);

    switch (dsa_desc_opcode(d)) {
    case DSA_OP_DIF_INSERT:
        return block;
    case DSA_OP_DIF_CHECK:
    case DSA_OP_DIF_STRIP:
    case DSA_OP_DIF_UPDATE:
        return block + DSA_DIF_SIZE;
    default:
        return 0;
    }
}

static bool size_ok(const DsaDesc *d, const DsaLimits *lim)
{
    uint8_t opcode = dsa_desc_opcode(d);
    uint32_t size = dsa_desc_xfer_size(d);
    uint32_t step = dif_step(d);

    if (!rule_find(opcode)->sized) {
        return true;
    }
    if (!size || beyond(size, lim) || (step && size % step)) {
        return false;
    }
    if (opcode == DSA_OP_DELTA_CREATE || opcode == DSA_OP_DELTA_APPLY) {
        return size % DSA_DELTA_WORD == 0 && size <= DELTA_MAX_XFER;
    }
    return true;
}

static bool count_ok(const DsaDesc *d, const DsaLimits *lim)
{
    uint32_t count = dsa_desc_xfer_size(d);

    return dsa_desc_opcode(d) != DSA_OP_BATCH ||
           (count >= 2 && count <= lim->max_batch);
}

/*
 * A maximum that is no multiple of an entry is fine: dsa_test uses 8192. A
 * record that is applied has whole entries (DML).
 */
static bool delta_size_ok(const DsaDesc *d, const DsaLimits *lim)
{
    const uint8_t *spec = dsa_desc_op(d);
    uint32_t size;

    switch (dsa_desc_opcode(d)) {
    case DSA_OP_DELTA_CREATE:
        size = dsa_get32(spec + 8);
        return size >= DELTA_MIN_RECORD && !beyond(size, lim);
    case DSA_OP_DELTA_APPLY:
        size = dsa_get32(spec);
        return size && size % DSA_DELTA_ENTRY == 0 && !beyond(size, lim);
    default:
        return true;
    }
}

/* Bytes that a DIF operation writes */
static uint64_t dif_dst_size(const DsaDesc *d)
{
    uint64_t block = dsa_dif_block_size(dsa_desc_op(d)[2]);
    uint64_t nr = dsa_desc_xfer_size(d) / dif_step(d);

    return dsa_desc_opcode(d) == DSA_OP_DIF_STRIP ?
           nr * block : nr * (block + DSA_DIF_SIZE);
}

static bool overlap_ok(const DsaDesc *d, const DsaLimits *lim)
{
    const uint8_t *spec = dsa_desc_op(d);
    uint64_t src = dsa_desc_src(d), dst = dsa_desc_dst(d);
    uint64_t other = dsa_get64(spec);
    uint32_t size = dsa_desc_xfer_size(d);

    switch (dsa_desc_opcode(d)) {
    case DSA_OP_MEMMOVE:
        return lim->overlap_copy || !dsa_op_overlap(src, size, dst, size);
    case DSA_OP_COPY_CRC:
        return !dsa_op_overlap(src, size, dst, size);
    case DSA_OP_DELTA_CREATE:
        return !dsa_op_overlap(src, size, other, dsa_get32(spec + 8)) &&
               !dsa_op_overlap(dst, size, other, dsa_get32(spec + 8));
    case DSA_OP_DELTA_APPLY:
        return !dsa_op_overlap(src, dsa_get32(spec), dst, size);
    case DSA_OP_DUALCAST:
        return !dsa_op_overlap(src, size, dst, size) &&
               !dsa_op_overlap(src, size, other, size) &&
               !dsa_op_overlap(dst, size, other, size);
    case DSA_OP_DIF_INSERT:
    case DSA_OP_DIF_STRIP:
    case DSA_OP_DIF_UPDATE:
        return !dsa_op_overlap(src, size, dst, dif_dst_size(d));
    default:
        return true;
    }
}

/* Bits 11:0 of the two destinations agree. */
static bool dualcast_ok(const DsaDesc *d)
{
    return dsa_desc_opcode(d) != DSA_OP_DUALCAST ||
           !((dsa_desc_dst(d) ^ dsa_get64(dsa_desc_op(d))) & 0xfff);
}

static bool list_ok(const DsaDesc *d)
{
    return dsa_desc_opcode(d) != DSA_OP_BATCH ||
           dsa_desc_src(d) % DSA_DESC_SIZE == 0;
}

/* Delta records and what they describe lie at multiples of 8. */
static bool addr_ok(const DsaDesc *d)
{
    uint64_t all = dsa_desc_src(d) | dsa_desc_dst(d);

    switch (dsa_desc_opcode(d)) {
    case DSA_OP_DELTA_CREATE:
        return !((all | dsa_get64(dsa_desc_op(d))) % DSA_DELTA_WORD);
    case DSA_OP_DELTA_APPLY:
        return !(all % DSA_DELTA_WORD);
    default:
        return true;
    }
}

/*
 * A misaligned completion record comes first: where it is, no other error
 * could be written.
 */
static uint8_t check(const DsaDesc *d, const DsaLimits *lim, uint32_t *bad)
{
    if ((dsa_desc_flags(d) & DSA_FLAG_CRAV) &&
        dsa_desc_cr_addr(d) % DSA_CR_SIZE) {
        return DSA_ST_CR_ALIGN;
    }
    if (!opcode_ok(d, lim)) {
        return DSA_ST_BAD_OPCODE;
    }
    *bad = flags_bad(d, lim);
    if (*bad) {
        return DSA_ST_BAD_FLAGS;
    }
    if (!reserved_ok(d)) {
        return DSA_ST_RESERVED;
    }
    if (!size_ok(d, lim)) {
        return DSA_ST_XFER_SIZE;
    }
    if (!count_ok(d, lim)) {
        return DSA_ST_DESC_COUNT;
    }
    if (!delta_size_ok(d, lim)) {
        return DSA_ST_DELTA_SIZE;
    }
    if (!overlap_ok(d, lim)) {
        return DSA_ST_OVERLAP;
    }
    if (!dualcast_ok(d)) {
        return DSA_ST_DUALCAST_ALIGN;
    }
    if (!list_ok(d)) {
        return DSA_ST_LIST_ALIGN;
    }
    return addr_ok(d) ? 0 : DSA_ST_ADDR_ALIGN;
}

uint8_t dsa_op_check(const DsaDesc *d, const DsaLimits *lim, DsaCr *cr)
{
    uint32_t bad = 0;

    memset(cr, 0, sizeof(*cr));
    cr->status = check(d, lim, &bad);
    dsa_put32(cr->op_specific, bad);
    return cr->status;
}
