/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the operations share among themselves: the context of one
 * running operation and its memory access. Below ops.h, seen by ops*.c only.
 * Nothing here may outlive one call of dsa_op_run().
 */
#ifndef INTEL_DSA_OPS_INT_H
#define INTEL_DSA_OPS_INT_H

#include "ops.h"

/* One running operation, with the fields that nearly all of them use. */
typedef struct DsaOp {
    const DsaDesc *d;
    const DsaMem *mem;
    DsaCr *cr;
    DsaOpScratch *s;
    uint32_t flags;
    uint32_t size;
    uint64_t src;
    uint64_t dst;
} DsaOp;

/*
 * How one access ended: done bytes were moved; status is 0 when these are all,
 * else the completion status (with the write bit for a write) and addr the
 * address that faulted.
 */
typedef struct DsaXfer {
    uint64_t addr;
    uint32_t done;
    uint8_t status;
} DsaXfer;

/* The size of the next piece of what is left. */
static inline uint32_t dsa_op_piece(uint32_t left, uint32_t max)
{
    return left < max ? left : max;
}

/* Do the ranges meet? Right also where a range wraps around 2^64. */
static inline bool dsa_op_overlap(uint64_t a, uint64_t a_size,
                                  uint64_t b, uint64_t b_size)
{
    return b - a < a_size || a - b < b_size;
}

/* Both return 0 and fill *x, or -1 when the descriptor is abandoned. */
int dsa_op_read(const DsaOp *op, uint64_t addr, void *buf, uint32_t len,
                DsaXfer *x);
int dsa_op_write(const DsaOp *op, uint64_t addr, const void *buf,
                 uint32_t len, DsaXfer *x);

/*
 * Copy one piece through buf. x->done counts bytes that have arrived: those
 * that were read before a read fault are written first. 0 or -1.
 */
int dsa_op_copy(const DsaOp *op, uint64_t src, uint64_t dst, void *buf,
                uint32_t len, DsaXfer *x);

/* End the operation with the fault in *x after bytes of progress. */
void dsa_op_fault(const DsaOp *op, const DsaXfer *x, uint32_t bytes);

/*
 * Where the descriptor asks for it, read back the last of size bytes written
 * at addr. 0 (the completion record says how it went) or -1.
 */
int dsa_op_readback(const DsaOp *op, uint64_t addr, uint32_t size);

/*
 * The handlers. They find *cr zeroed but for status success, and return 0 when
 * it is final or -1 when the descriptor is abandoned.
 */
int dsa_op_drain(DsaOp *op);
int dsa_op_memmove(DsaOp *op);
int dsa_op_fill(DsaOp *op);
int dsa_op_dualcast(DsaOp *op);
int dsa_op_cache_flush(DsaOp *op);
int dsa_op_compare(DsaOp *op);
int dsa_op_compare_pattern(DsaOp *op);
int dsa_op_delta_create(DsaOp *op);
int dsa_op_delta_apply(DsaOp *op);
int dsa_op_crc(DsaOp *op);
int dsa_op_copy_crc(DsaOp *op);
int dsa_op_dif_check(DsaOp *op);
int dsa_op_dif_insert(DsaOp *op);
int dsa_op_dif_strip(DsaOp *op);
int dsa_op_dif_update(DsaOp *op);

/* Protected block of a DIF descriptor's flags (byte 42), without its field. */
uint32_t dsa_dif_block_size(uint8_t dif_flags);

/* Bytes of a data integrity field. */
#define DSA_DIF_SIZE 8u

/* Bytes of an entry of a delta record: word number, then the word. */
#define DSA_DELTA_ENTRY 10u
#define DSA_DELTA_WORD  8u

#endif /* INTEL_DSA_OPS_INT_H */
