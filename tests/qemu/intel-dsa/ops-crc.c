// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRC generation and copy with CRC: CRC-32C (polynomial 0x11EDC6F41). By
 * default the seed is inverted and reflected, each data byte is reflected, and
 * the result is reflected and inverted, which is the CRC of iSCSI; two flags
 * take the first and the last, or the second, away. A partial result serves as
 * the seed of what is left. Flags and their meaning: my reading of DML's
 * software path, agreeing with dsa_test. Pure.
 */
#include "ops-int.h"

#define CRC32C_POLY UINT32_C(0x1edc6f41)

/* Most significant bit first; in[] takes the reflection of the data. */
typedef struct Crc32 {
    uint32_t table[256];
    uint8_t in[256];
    uint32_t value;
    bool bypass;
} Crc32;

static uint32_t reflect(uint32_t v, int bits)
{
    uint32_t r = 0;

    for (int i = 0; i < bits; i++) {
        r = r << 1 | (v >> i & 1);
    }
    return r;
}

static void crc_start(Crc32 *c, uint32_t flags, uint32_t seed)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t v = i << 24;

        for (int bit = 0; bit < 8; bit++) {
            v = v << 1 ^ (v >> 31 ? CRC32C_POLY : 0);
        }
        c->table[i] = v;
        c->in[i] = (uint8_t)(flags & DSA_FLAG_CRC_NO_REFLECT ?
                             i : reflect(i, 8));
    }
    c->bypass = flags & DSA_FLAG_CRC_NO_INVERT;
    c->value = c->bypass ? seed : reflect(~seed, 32);
}

static void crc_add(Crc32 *c, const uint8_t *buf, uint32_t len)
{
    uint32_t v = c->value;

    for (uint32_t i = 0; i < len; i++) {
        v = v << 8 ^ c->table[(v >> 24) ^ c->in[buf[i]]];
    }
    c->value = v;
}

/* The CRC so far: bytes 16..23 of the completion record. */
static void crc_end(const DsaOp *op, const Crc32 *c)
{
    dsa_put64(op->cr->op_specific,
              c->bypass ? c->value : ~reflect(c->value, 32));
}

/*
 * The seed from the descriptor or, if so flagged, from memory. Returns -1 when
 * abandoned; a fault shows in x->status.
 */
static int crc_seed(const DsaOp *op, uint32_t *seed, DsaXfer *x)
{
    const uint8_t *spec = dsa_desc_op(op->d);
    uint8_t raw[4];

    x->status = 0;
    *seed = dsa_get32(spec);
    if (!(op->flags & DSA_FLAG_CRC_SEED_ADDR)) {
        return 0;
    }
    if (dsa_op_read(op, dsa_get64(spec + 8), raw, sizeof(raw), x)) {
        return -1;
    }
    if (!x->status) {
        *seed = dsa_get32(raw);
    }
    return 0;
}

static int crc_run(DsaOp *op, bool copy)
{
    uint32_t pos = 0, seed;
    DsaXfer x;
    Crc32 c;

    if (crc_seed(op, &seed, &x)) {
        return -1;
    }
    if (x.status) {
        dsa_op_fault(op, &x, 0);
        return 0;
    }
    crc_start(&c, op->flags, seed);
    while (pos < op->size && !x.status) {
        uint32_t len = dsa_op_piece(op->size - pos, DSA_OP_CHUNK);

        if (copy ? dsa_op_copy(op, op->src + pos, op->dst + pos, op->s->a,
                               len, &x)
                 : dsa_op_read(op, op->src + pos, op->s->a, len, &x)) {
            return -1;
        }
        crc_add(&c, op->s->a, x.done);
        pos += x.done;
    }
    crc_end(op, &c);
    if (x.status) {
        dsa_op_fault(op, &x, pos);
        return 0;
    }
    return copy ? dsa_op_readback(op, op->dst, op->size) : 0;
}

int dsa_op_crc(DsaOp *op)
{
    return crc_run(op, false);
}

int dsa_op_copy_crc(DsaOp *op)
{
    return crc_run(op, true);
}
