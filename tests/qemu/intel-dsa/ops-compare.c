// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compare and compare pattern. The result is 0 for equal and 1 for different,
 * then bytes_completed is where the first difference lies. A difference found
 * before a fault ends the operation: the fault is not seen. Pure.
 */
#include "ops-int.h"

/* With "check result" the expected result decides between success codes. */
static void compare_end(DsaOp *op, uint8_t result, uint32_t bytes)
{
    uint8_t expected = dsa_desc_op(op->d)[0] & 1;

    op->cr->result = result;
    op->cr->bytes_completed = result ? bytes : 0;
    if ((op->flags & DSA_FLAG_CHECK_RESULT) && expected != result) {
        op->cr->status = DSA_ST_FALSE_PREDICATE;
    }
}

/* Index of the first difference in len bytes, or len. */
static uint32_t first_difference(const uint8_t *a, const uint8_t *b,
                                 uint32_t len)
{
    uint32_t i = 0;

    if (!memcmp(a, b, len)) {
        return len;
    }
    while (a[i] == b[i]) {
        i++;
    }
    return i;
}

int dsa_op_compare(DsaOp *op)
{
    uint32_t pos = 0;

    while (pos < op->size) {
        uint32_t len = dsa_op_piece(op->size - pos, DSA_OP_CHUNK);
        uint32_t same;
        DsaXfer x, y;

        if (dsa_op_read(op, op->src + pos, op->s->a, len, &x) ||
            dsa_op_read(op, op->dst + pos, op->s->b, len, &y)) {
            return -1;
        }
        if (y.status && y.done < x.done) {
            x = y;
        }
        same = first_difference(op->s->a, op->s->b, x.done);
        pos += same;
        if (same < x.done) {
            compare_end(op, 1, pos);
            return 0;
        }
        if (x.status) {
            dsa_op_fault(op, &x, pos);
            return 0;
        }
    }
    compare_end(op, 0, 0);
    return 0;
}

int dsa_op_compare_pattern(DsaOp *op)
{
    uint32_t filled = dsa_op_piece(op->size, DSA_OP_CHUNK);
    uint32_t pos = 0;
    uint8_t pattern[8];

    dsa_put64(pattern, op->dst);
    for (uint32_t i = 0; i < filled; i++) {
        op->s->b[i] = pattern[i % sizeof(pattern)];
    }
    while (pos < op->size) {
        uint32_t len = dsa_op_piece(op->size - pos, DSA_OP_CHUNK);
        uint32_t same;
        DsaXfer x;

        if (dsa_op_read(op, op->src + pos, op->s->a, len, &x)) {
            return -1;
        }
        same = first_difference(op->s->a, op->s->b, x.done);
        pos += same;
        if (same < x.done) {
            compare_end(op, 1, pos);
            return 0;
        }
        if (x.status) {
            dsa_op_fault(op, &x, pos);
            return 0;
        }
    }
    compare_end(op, 0, 0);
    return 0;
}
