// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations that move, fill, flush or merely touch memory: drain's readback,
 * memory move, fill, dualcast, cache flush. On a fault the completion record
 * has the number of bytes that need not be done again, so that software
 * continues with what is left. Pure, like all of ops*.c.
 */
#include "ops-int.h"

#define FAULT_GRANULE 4096u

/*
 * Drain: the waiting is the device's; what is left is to read back one or two
 * addresses, behind which all earlier writes have landed. Specification,
 * "Drain"; a fault there has a status of its own.
 */
int dsa_op_drain(DsaOp *op)
{
    static const uint32_t valid[] = {
        DSA_FLAG_RDBACK1_VALID, DSA_FLAG_RDBACK2_VALID
    };
    const uint64_t addr[] = { op->src, op->dst };
    uint8_t byte;
    DsaXfer x;

    for (int i = 0; i < 2; i++) {
        if (!(op->flags & valid[i])) {
            continue;
        }
        if (dsa_op_read(op, addr[i], &byte, 1, &x)) {
            return -1;
        }
        if (x.status) {
            op->cr->status = DSA_ST_RDBACK_FAULT;
            op->cr->fault_addr = x.addr;
            return 0;
        }
    }
    return 0;
}

static int move_forward(DsaOp *op)
{
    uint32_t pos = 0;

    while (pos < op->size) {
        DsaXfer x;

        if (dsa_op_copy(op, op->src + pos, op->dst + pos, op->s->a,
                        dsa_op_piece(op->size - pos, DSA_OP_CHUNK), &x)) {
            return -1;
        }
        pos += x.done;
        if (x.status) {
            dsa_op_fault(op, &x, pos);
            return 0;
        }
    }
    return dsa_op_readback(op, op->dst, op->size);
}

/* How far a piece that ends before end may reach down within its page. */
static uint32_t piece_down(uint64_t end)
{
    return (uint32_t)((end - 1) % FAULT_GRANULE) + 1;
}

/*
 * From the end to the beginning. No piece crosses a page of either side: it is
 * moved wholly or not at all, so that bytes_completed counts from the end and
 * no source byte that is still to be moved has been overwritten.
 */
static int move_backward(DsaOp *op)
{
    uint32_t left = op->size;

    while (left) {
        uint32_t len = dsa_op_piece(left, piece_down(op->src + left));
        DsaXfer x;

        len = dsa_op_piece(len, piece_down(op->dst + left));
        left -= len;
        if (dsa_op_copy(op, op->src + left, op->dst + left, op->s->a, len,
                        &x)) {
            return -1;
        }
        if (x.status) {
            dsa_op_fault(op, &x, op->size - left - len);
            op->cr->result = 1;
            return 0;
        }
    }
    return dsa_op_readback(op, op->dst, op->size);
}

/*
 * Memory move. An overlap that a copy from the beginning would destroy is
 * copied from the end; software learns so from the result of a partial
 * completion (1), as it must continue differently.
 */
int dsa_op_memmove(DsaOp *op)
{
    if (op->dst != op->src && op->dst - op->src < op->size) {
        return move_backward(op);
    }
    return move_forward(op);
}

int dsa_op_fill(DsaOp *op)
{
    uint32_t width = op->flags & DSA_FLAG_FILL_16B ? 16 : 8;
    uint32_t len = dsa_op_piece(op->size, DSA_OP_CHUNK);
    uint32_t pos = 0;
    uint8_t pattern[16];

    dsa_put64(pattern, op->src);
    memcpy(pattern + 8, dsa_desc_op(op->d), 8);
    for (uint32_t i = 0; i < len; i++) {
        op->s->a[i] = pattern[i % width];
    }
    /* A full piece is a multiple of the pattern: each starts in phase. */
    while (pos < op->size) {
        DsaXfer x;

        if (dsa_op_write(op, op->dst + pos, op->s->a,
                         dsa_op_piece(op->size - pos, DSA_OP_CHUNK), &x)) {
            return -1;
        }
        pos += x.done;
        if (x.status) {
            dsa_op_fault(op, &x, pos);
            return 0;
        }
    }
    return dsa_op_readback(op, op->dst, op->size);
}

/* One piece to both destinations; x->done bytes have arrived at both. */
static int dualcast_piece(DsaOp *op, uint64_t dst2, uint32_t pos, DsaXfer *x)
{
    uint32_t len = dsa_op_piece(op->size - pos, DSA_OP_CHUNK);
    DsaXfer w;

    if (dsa_op_copy(op, op->src + pos, op->dst + pos, op->s->a, len, x)) {
        return -1;
    }
    if (!x->done) {
        return 0;
    }
    if (dsa_op_write(op, dst2 + pos, op->s->a, x->done, &w)) {
        return -1;
    }
    if (w.status) {
        *x = w;
    }
    return 0;
}

int dsa_op_dualcast(DsaOp *op)
{
    uint64_t dst2 = dsa_get64(dsa_desc_op(op->d));
    uint32_t pos = 0;

    while (pos < op->size) {
        DsaXfer x;

        if (dualcast_piece(op, dst2, pos, &x)) {
            return -1;
        }
        pos += x.done;
        if (x.status) {
            dsa_op_fault(op, &x, pos);
            return 0;
        }
    }
    if (dsa_op_readback(op, op->dst, op->size)) {
        return -1;
    }
    if (op->cr->status != DSA_ST_SUCCESS) {
        return 0;
    }
    return dsa_op_readback(op, dst2, op->size);
}

/*
 * Cache flush: emulated memory has no caches, but its addresses are translated
 * all the same. One byte of each page is enough to meet every fault.
 */
int dsa_op_cache_flush(DsaOp *op)
{
    uint32_t pos = 0;

    while (pos < op->size) {
        uint64_t addr = op->dst + pos;
        uint32_t room = FAULT_GRANULE - (uint32_t)(addr % FAULT_GRANULE);
        uint8_t byte;
        DsaXfer x;

        if (dsa_op_read(op, addr, &byte, 1, &x)) {
            return -1;
        }
        if (x.status) {
            dsa_op_fault(op, &x, pos);
            return 0;
        }
        pos += dsa_op_piece(op->size - pos, room);
    }
    return 0;
}
