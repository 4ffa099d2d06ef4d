// SPDX-License-Identifier: GPL-2.0-only
/*
 * DIF check, insert, strip and update. A protected block of 512, 520, 4096 or
 * 4104 bytes is followed by 8 bytes, big endian: guard (CRC-16 of T10,
 * polynomial 0x18BB7), application tag, reference tag. Specification, "DIF
 * Check" and following; the meaning of the flags where it says "DML" is my
 * reading of DML's software path. Whole blocks only: a fault or a mismatch
 * leaves the operation at the beginning of its block. Pure.
 */
#include "ops-int.h"

#define CRC16_POLY 0x8bb7u

/* Source DIF flags, byte 40 */
enum {
    SRC_ALL_F_ERROR   = 1 << 0,     /* with ALL_F: report instead of skip */
    SRC_ALL_F         = 1 << 1,     /* skip where the whole field is ones */
    SRC_APP_F         = 1 << 2,     /* .. where the application tag is */
    SRC_APP_REF_F     = 1 << 3,     /* .. where both tags are */
    SRC_APP_INC       = 1 << 4,
    SRC_NO_GUARD      = 1 << 5,
    SRC_NO_REF        = 1 << 6,
    SRC_REF_FIXED     = 1 << 7,
};

/* Destination DIF flags, byte 41 */
enum {
    DST_APP_PASS      = 1 << 3,
    DST_APP_INC       = 1 << 4,
    DST_GUARD_PASS    = 1 << 5,
    DST_REF_PASS      = 1 << 6,
    DST_REF_FIXED     = 1 << 7,
};

/* DIF flags, byte 42; the block size is in bits 1:0 */
enum {
    DIF_INVERT_SEED   = 1 << 2,
    DIF_INVERT_RESULT = 1 << 3,
};

/* Result of a check, completion record byte 1 */
enum {
    RES_GUARD = 1 << 0,
    RES_APP   = 1 << 1,
    RES_REF   = 1 << 2,
    RES_ALL_F = 1 << 3,
};

/* Reference tag, application tag mask and tag: 8 bytes in both records. */
typedef struct Tags {
    uint32_t ref;
    uint16_t mask;
    uint16_t app;
} Tags;

typedef struct Dif {
    uint16_t table[256];
    uint32_t block;
    uint8_t src_flags;
    uint8_t dst_flags;
    uint8_t flags;
    bool src_dif;       /* the source has fields, which are checked */
    bool dst_dif;       /* the destination gets fields */
    bool dst;           /* there is a destination */
    Tags src_tags;
    Tags dst_tags;
} Dif;

uint32_t dsa_dif_block_size(uint8_t dif_flags)
{
    static const uint16_t size[] = { 512, 520, 4096, 4104 };

    return size[dif_flags & 3];
}

static uint16_t get_be16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t get_be32(const uint8_t *p)
{
    return (uint32_t)get_be16(p) << 16 | get_be16(p + 2);
}

static void put_be16(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static void put_be32(uint8_t *p, uint32_t v)
{
    put_be16(p, (uint16_t)(v >> 16));
    put_be16(p + 2, (uint16_t)v);
}

static Tags tags_load(const uint8_t *p)
{
    return (Tags){
        .ref = dsa_get32(p), .mask = dsa_get16(p + 4), .app = dsa_get16(p + 6)
    };
}

static void tags_store(uint8_t *p, const Tags *t)
{
    dsa_put32(p, t->ref);
    dsa_put16(p + 4, t->mask);
    dsa_put16(p + 6, t->app);
}

static void dif_start(Dif *f, const DsaOp *op)
{
    const uint8_t *spec = dsa_desc_op(op->d);

    for (uint32_t i = 0; i < 256; i++) {
        uint32_t v = i << 8;

        for (int bit = 0; bit < 8; bit++) {
            v = v << 1 ^ (v & 0x8000 ? CRC16_POLY : 0);
        }
        f->table[i] = (uint16_t)v;
    }
    f->src_flags = spec[0];
    f->dst_flags = spec[1];
    f->flags = spec[2];
    f->block = dsa_dif_block_size(spec[2]);
    if (f->src_dif) {
        f->src_tags = tags_load(spec + 8);
    }
    if (f->dst_dif) {
        f->dst_tags = tags_load(spec + 16);
    }
}

static uint16_t guard(const Dif *f, const uint8_t *data)
{
    uint16_t v = f->flags & DIF_INVERT_SEED ? 0xffff : 0;

    for (uint32_t i = 0; i < f->block; i++) {
        v = (uint16_t)(v << 8 ^ f->table[v >> 8 ^ data[i]]);
    }
    return f->flags & DIF_INVERT_RESULT ? (uint16_t)~v : v;
}

/* The result of checking one block; 0 when it is good or not to be checked. */
static uint8_t dif_check(const Dif *f, const uint8_t *data)
{
    const uint8_t *field = data + f->block;
    uint16_t app = get_be16(field + 2);
    uint32_t ref = get_be32(field + 4);
    bool app_f = app == 0xffff;
    bool app_ref_f = app_f && ref == 0xffffffff;
    uint16_t care = (uint16_t)~f->src_tags.mask;
    uint8_t result = 0;

    if (app_ref_f && get_be16(field) == 0xffff && (f->src_flags & SRC_ALL_F)) {
        return f->src_flags & SRC_ALL_F_ERROR ? RES_ALL_F : 0;
    }
    if ((app_f && (f->src_flags & SRC_APP_F)) ||
        (app_ref_f && (f->src_flags & SRC_APP_REF_F))) {
        return 0;
    }
    if (!(f->src_flags & SRC_NO_GUARD) && guard(f, data) != get_be16(field)) {
        result |= RES_GUARD;
    }
    if ((app ^ f->src_tags.app) & care) {
        result |= RES_APP;
    }
    if (!(f->src_flags & SRC_NO_REF) && ref != f->src_tags.ref) {
        result |= RES_REF;
    }
    return result;
}

/*
 * Write the destination's field behind the block; what passes through is there
 * already. Masked bits of the application tag are 0 (DML).
 */
static void dif_generate(const Dif *f, uint8_t *data)
{
    uint8_t *field = data + f->block;
    uint8_t pass = f->src_dif ? f->dst_flags : 0;

    if (!(pass & DST_GUARD_PASS)) {
        put_be16(field, guard(f, data));
    }
    if (!(pass & DST_APP_PASS)) {
        put_be16(field + 2,
                 (uint16_t)(f->dst_tags.app & ~f->dst_tags.mask));
    }
    if (!(pass & DST_REF_PASS)) {
        put_be32(field + 4, f->dst_tags.ref);
    }
}

/* Seeds of the next block; they also are what a continuation starts from. */
static void dif_advance(Dif *f)
{
    f->src_tags.ref += !(f->src_flags & SRC_REF_FIXED);
    f->src_tags.app += !!(f->src_flags & SRC_APP_INC);
    f->dst_tags.ref += !(f->dst_flags & DST_REF_FIXED);
    f->dst_tags.app += !!(f->dst_flags & DST_APP_INC);
}

/*
 * One block, at src and dst. Returns -1 when abandoned, 1 when the operation
 * ends here (the completion record but for bytes_completed is filled), else 0.
 */
static int dif_block(DsaOp *op, Dif *f, uint64_t src, uint64_t dst)
{
    uint8_t *data = op->s->a;
    uint8_t result;
    DsaXfer x;

    if (dsa_op_read(op, src, data,
                    f->block + (f->src_dif ? DSA_DIF_SIZE : 0), &x)) {
        return -1;
    }
    if (x.status) {
        dsa_op_fault(op, &x, 0);
        return 1;
    }
    result = f->src_dif ? dif_check(f, data) : 0;
    if (result) {
        op->cr->status = DSA_ST_DIF_ERROR;
        op->cr->result = result;
        return 1;
    }
    if (!f->dst) {
        return 0;
    }
    if (f->dst_dif) {
        dif_generate(f, data);
    }
    if (dsa_op_write(op, dst, data,
                     f->block + (f->dst_dif ? DSA_DIF_SIZE : 0), &x)) {
        return -1;
    }
    if (x.status) {
        dsa_op_fault(op, &x, 0);
        return 1;
    }
    return 0;
}

static int dif_run(DsaOp *op, Dif *f)
{
    uint32_t src_step, dst_step, done = 0, dst_done = 0;
    int rc = 0;

    dif_start(f, op);
    src_step = f->block + (f->src_dif ? DSA_DIF_SIZE : 0);
    dst_step = f->block + (f->dst_dif ? DSA_DIF_SIZE : 0);
    while (op->size - done >= src_step) {
        rc = dif_block(op, f, op->src + done, op->dst + dst_done);
        if (rc) {
            break;
        }
        dif_advance(f);
        done += src_step;
        dst_done += dst_step;
    }
    if (rc < 0) {
        return -1;
    }
    if (f->src_dif) {
        tags_store(op->cr->op_specific, &f->src_tags);
    }
    if (f->dst_dif) {
        tags_store(op->cr->op_specific + 8, &f->dst_tags);
    }
    if (rc) {
        op->cr->bytes_completed = done;
        return 0;
    }
    return f->dst ? dsa_op_readback(op, op->dst, dst_done) : 0;
}

int dsa_op_dif_check(DsaOp *op)
{
    Dif f = { .src_dif = true };

    return dif_run(op, &f);
}

int dsa_op_dif_insert(DsaOp *op)
{
    Dif f = { .dst = true, .dst_dif = true };

    return dif_run(op, &f);
}

int dsa_op_dif_strip(DsaOp *op)
{
    Dif f = { .src_dif = true, .dst = true };

    return dif_run(op, &f);
}

int dsa_op_dif_update(DsaOp *op)
{
    Dif f = { .src_dif = true, .dst = true, .dst_dif = true };

    return dif_run(op, &f);
}
