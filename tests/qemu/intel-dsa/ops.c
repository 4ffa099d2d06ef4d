// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dispatch of the DSA operations, and the memory access that they share.
 * Knows how a fault becomes a completion record; knows no operation's rules
 * and no queue. Pure: no allocation, no state, nothing of QEMU.
 */
#include "ops-int.h"

static uint8_t mem_status(int rc)
{
    switch (rc) {
    case DSA_MEM_FAULT:
        return DSA_ST_PAGE_FAULT;
    case DSA_MEM_FAULT_IR:
        return DSA_ST_PAGE_FAULT_IR;
    default:
        return DSA_ST_TRANSLATION;
    }
}

/* Turn the answer of a callback into *x; 0, or -1 when abandoned. */
static int mem_end(int rc, uint64_t addr, uint32_t len, DsaXfer *x)
{
    if (rc < 0) {
        return -1;
    }
    if (rc == DSA_MEM_OK) {
        x->done = len;
        return 0;
    }
    /* An address outside the access counts as: nothing was moved. */
    x->done = x->addr - addr < len ? (uint32_t)(x->addr - addr) : 0;
    x->status = mem_status(rc);
    return 0;
}

int dsa_op_read(const DsaOp *op, uint64_t addr, void *buf, uint32_t len,
                DsaXfer *x)
{
    *x = (DsaXfer){ .addr = addr };
    return mem_end(op->mem->read(op->mem->opaque, addr, buf, len, &x->addr),
                   addr, len, x);
}

int dsa_op_write(const DsaOp *op, uint64_t addr, const void *buf,
                 uint32_t len, DsaXfer *x)
{
    int rc;

    *x = (DsaXfer){ .addr = addr };
    rc = mem_end(op->mem->write(op->mem->opaque, addr, buf, len, &x->addr),
                 addr, len, x);
    /* Bit 7 tells a write from a read for the two page fault codes only. */
    if (x->status == DSA_ST_PAGE_FAULT || x->status == DSA_ST_PAGE_FAULT_IR) {
        x->status |= DSA_ST_WRITE;
    }
    return rc;
}

int dsa_op_copy(const DsaOp *op, uint64_t src, uint64_t dst, void *buf,
                uint32_t len, DsaXfer *x)
{
    DsaXfer w;

    if (dsa_op_read(op, src, buf, len, x)) {
        return -1;
    }
    if (!x->done) {
        return 0;
    }
    if (dsa_op_write(op, dst, buf, x->done, &w)) {
        return -1;
    }
    if (w.status) {
        *x = w;     /* it lies before the read fault, if there is one */
    }
    return 0;
}

void dsa_op_fault(const DsaOp *op, const DsaXfer *x, uint32_t bytes)
{
    op->cr->status = x->status;
    op->cr->fault_addr = x->addr;
    op->cr->bytes_completed = bytes;
}

int dsa_op_readback(const DsaOp *op, uint64_t addr, uint32_t size)
{
    uint8_t byte;
    DsaXfer x;

    if (!(op->flags & DSA_FLAG_READBACK) || !size) {
        return 0;
    }
    if (dsa_op_read(op, addr + size - 1, &byte, 1, &x)) {
        return -1;
    }
    if (x.status) {
        op->cr->status = DSA_ST_HW_DST_RDBACK;
        op->cr->fault_addr = x.addr;
    }
    return 0;
}

static int op_noop(DsaOp *op)
{
    (void)op;
    return 0;
}

static int (*op_handler(uint8_t opcode))(DsaOp *)
{
    switch (opcode) {
    case DSA_OP_NOOP:
        return op_noop;
    case DSA_OP_DRAIN:
        return dsa_op_drain;
    case DSA_OP_MEMMOVE:
        return dsa_op_memmove;
    case DSA_OP_FILL:
        return dsa_op_fill;
    case DSA_OP_COMPARE:
        return dsa_op_compare;
    case DSA_OP_COMPARE_PAT:
        return dsa_op_compare_pattern;
    case DSA_OP_DELTA_CREATE:
        return dsa_op_delta_create;
    case DSA_OP_DELTA_APPLY:
        return dsa_op_delta_apply;
    case DSA_OP_DUALCAST:
        return dsa_op_dualcast;
    case DSA_OP_CRC:
        return dsa_op_crc;
    case DSA_OP_COPY_CRC:
        return dsa_op_copy_crc;
    case DSA_OP_DIF_CHECK:
        return dsa_op_dif_check;
    case DSA_OP_DIF_INSERT:
        return dsa_op_dif_insert;
    case DSA_OP_DIF_STRIP:
        return dsa_op_dif_strip;
    case DSA_OP_DIF_UPDATE:
        return dsa_op_dif_update;
    case DSA_OP_CACHE_FLUSH:
        return dsa_op_cache_flush;
    default:
        return NULL;
    }
}

int dsa_op_run(const DsaDesc *d, const DsaLimits *lim, const DsaMem *mem,
               DsaCr *cr, DsaOpScratch *s)
{
    int (*handler)(DsaOp *) = op_handler(dsa_desc_opcode(d));
    DsaOp op = {
        .d = d, .mem = mem, .cr = cr, .s = s,
        .flags = dsa_desc_flags(d),
        .size = dsa_desc_xfer_size(d),
        .src = dsa_desc_src(d),
        .dst = dsa_desc_dst(d),
    };

    (void)lim;      /* dsa_op_check() has applied every limit */
    memset(cr, 0, sizeof(*cr));
    if (!handler) {
        cr->status = DSA_ST_BAD_OPCODE;
        return 0;
    }
    cr->status = DSA_ST_SUCCESS;
    return handler(&op);
}
