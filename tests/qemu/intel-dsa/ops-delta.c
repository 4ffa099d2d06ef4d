// SPDX-License-Identifier: GPL-2.0-only
/*
 * Create and apply delta record. A record is a sequence of 10-byte entries:
 * the number of an 8-byte word (16 bits), then the word as it is in source 2;
 * numbers rise. Specification, "Create Delta Record", "Apply Delta Record". What
 * is counted on a fault of create: source bytes whose entries are in memory. Of
 * apply nothing is: to apply the record again from its start is harmless, while
 * an entry in the midst of it need not be aligned as a record must. dsa_test
 * resumes in a way that only this fits. Pure.
 */
#include "ops-int.h"

#define ENTRY DSA_DELTA_ENTRY
#define WORD  DSA_DELTA_WORD

/* Source bytes of a piece whose entries always fit into the scratch. */
#define CREATE_PIECE 32768u
/* Record bytes of a piece: whole entries. */
#define APPLY_PIECE  (DSA_OP_CHUNK / ENTRY * ENTRY)

enum { DELTA_EQUAL, DELTA_DIFFERENT, DELTA_OVERFLOW };

/* A record that is being created. */
typedef struct Create {
    uint64_t addr;
    uint32_t max;
    uint32_t size;      /* of the record, as far as it is in memory */
    uint32_t pos;       /* source bytes done */
    uint32_t nr_out;    /* bytes of entries in scratch c */
    bool overflow;
} Create;

/* Append the differing words of len source bytes in scratch a and b. */
static void create_scan(DsaOp *op, Create *c, uint32_t len)
{
    uint32_t i;

    c->nr_out = 0;
    for (i = 0; i < len; i += WORD) {
        uint8_t *entry = op->s->c + c->nr_out;

        if (!memcmp(op->s->a + i, op->s->b + i, WORD)) {
            continue;
        }
        if (c->max - c->size < c->nr_out + ENTRY) {
            c->overflow = true;
            break;
        }
        dsa_put16(entry, (uint16_t)((c->pos + i) / WORD));
        memcpy(entry + 2, op->s->b + i, WORD);
        c->nr_out += ENTRY;
    }
    c->pos += i;
}

/* Write the entries found; on a fault the first lost one is where we are. */
static int create_flush(DsaOp *op, Create *c, DsaXfer *x)
{
    uint32_t kept;

    x->status = 0;
    if (!c->nr_out) {
        return 0;
    }
    if (dsa_op_write(op, c->addr + c->size, op->s->c, c->nr_out, x)) {
        return -1;
    }
    kept = x->done / ENTRY * ENTRY;
    c->size += kept;
    if (x->status) {
        c->pos = dsa_get16(op->s->c + kept) * WORD;
    }
    return 0;
}

/* Compare and record one piece; x says whether, and where, it faulted. */
static int create_piece(DsaOp *op, Create *c, DsaXfer *x)
{
    uint32_t len = dsa_op_piece(op->size - c->pos, CREATE_PIECE);
    DsaXfer y;

    if (dsa_op_read(op, op->src + c->pos, op->s->a, len, x) ||
        dsa_op_read(op, op->dst + c->pos, op->s->b, len, &y)) {
        return -1;
    }
    if (y.status && y.done < x->done) {
        *x = y;
    }
    create_scan(op, c, x->done / WORD * WORD);
    if (create_flush(op, c, &y)) {
        return -1;
    }
    if (y.status) {
        *x = y;
    } else if (c->overflow) {
        x->status = 0;      /* the record was full before the fault */
    }
    return 0;
}

/*
 * Bit n of the mask says that result n is expected. (DML compares with the
 * mask shifted, which is the same for one bit, for none and for all.)
 */
static void create_end(DsaOp *op, const Create *c)
{
    uint8_t mask = dsa_desc_op(op->d)[16];
    uint8_t result = c->overflow ? DELTA_OVERFLOW :
                     c->size ? DELTA_DIFFERENT : DELTA_EQUAL;

    op->cr->result = result;
    op->cr->bytes_completed = c->overflow ? c->pos : 0;
    if ((op->flags & DSA_FLAG_CHECK_RESULT) && !(mask >> result & 1)) {
        op->cr->status = DSA_ST_FALSE_PREDICATE;
    }
}

int dsa_op_delta_create(DsaOp *op)
{
    Create c = {
        .addr = dsa_get64(dsa_desc_op(op->d)),
        .max = dsa_get32(dsa_desc_op(op->d) + 8),
    };
    DsaXfer x = { .status = 0 };

    while (op->size - c.pos >= WORD && !c.overflow && !x.status) {
        if (create_piece(op, &c, &x)) {
            return -1;
        }
    }
    dsa_put32(op->cr->op_specific, c.size);
    if (x.status) {
        op->cr->result = c.size ? DELTA_DIFFERENT : DELTA_EQUAL;
        dsa_op_fault(op, &x, c.pos);
        return 0;
    }
    create_end(op, &c);
    return dsa_op_readback(op, c.addr, c.size);
}

/* A record that is being applied. */
typedef struct Apply {
    uint32_t words;     /* of the destination */
    uint32_t next;      /* lowest word number that may follow */
    uint32_t pos;       /* record bytes done */
} Apply;

/*
 * Gather the run of adjacent words that starts with the entry at rec, out of
 * len record bytes, in scratch b. Returns its number of words, 0 when the first
 * entry already breaks a rule; *status says which rule ended the run, if any.
 */
static uint32_t apply_gather(DsaOp *op, Apply *ap, const uint8_t *rec,
                             uint32_t len, uint8_t *status)
{
    uint32_t first = dsa_get16(rec);
    uint32_t n = 0;

    for (uint32_t i = 0; i + ENTRY <= len; i += ENTRY) {
        uint32_t word = dsa_get16(rec + i);

        if (word < ap->next) {
            *status = DSA_ST_DELTA_ORDER;
            break;
        }
        if (word >= ap->words) {
            *status = DSA_ST_DELTA_OFFSET;
            break;
        }
        if (word != first + n) {
            break;
        }
        memcpy(op->s->b + n * WORD, rec + i + 2, WORD);
        ap->next = word + 1;
        n++;
    }
    return n;
}

/* Apply len record bytes in scratch a; *done when the operation has ended. */
static int apply_piece(DsaOp *op, Apply *ap, uint32_t len, bool *done)
{
    uint32_t i = 0;
    uint8_t status = 0;

    while (i + ENTRY <= len && !status) {
        const uint8_t *rec = op->s->a + i;
        uint32_t n = apply_gather(op, ap, rec, len - i, &status);
        DsaXfer x;

        if (!n) {
            continue;
        }
        if (dsa_op_write(op, op->dst + dsa_get16(rec) * WORD, op->s->b,
                         n * WORD, &x)) {
            return -1;
        }
        if (x.status) {
            dsa_op_fault(op, &x, 0);
            *done = true;
            return 0;
        }
        i += n * ENTRY;
    }
    ap->pos += i;
    if (status) {
        op->cr->status = status;
        op->cr->bytes_completed = ap->pos;
        *done = true;
    }
    return 0;
}

int dsa_op_delta_apply(DsaOp *op)
{
    uint32_t size = dsa_get32(dsa_desc_op(op->d));
    Apply ap = { .words = op->size / WORD };
    bool done = false;

    while (size - ap.pos >= ENTRY) {
        uint32_t len = dsa_op_piece(size - ap.pos, APPLY_PIECE);
        DsaXfer x;

        if (dsa_op_read(op, op->src + ap.pos, op->s->a, len, &x) ||
            apply_piece(op, &ap, x.done, &done)) {
            return -1;
        }
        if (done) {
            return 0;
        }
        if (x.status) {
            dsa_op_fault(op, &x, 0);
            return 0;
        }
    }
    return dsa_op_readback(op, op->dst, op->size);
}
