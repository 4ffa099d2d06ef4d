/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations of DSA 1.0 as pure C11: what one descriptor asks for, whether
 * it may ask for it, and what carrying it out leaves in memory and in the
 * completion record. Contract between the device (which owns queues, engines,
 * address spaces, completion records' addresses, interrupts, batches' lists)
 * and ops*.c. It must include nothing of QEMU, keep no state, allocate nothing
 * and know no register, so that unit tests can build it in user space.
 */
#ifndef INTEL_DSA_OPS_H
#define INTEL_DSA_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Opcodes (descriptor byte 7) */
enum {
    DSA_OP_NOOP         = 0x00,
    DSA_OP_BATCH        = 0x01,
    DSA_OP_DRAIN        = 0x02,
    DSA_OP_MEMMOVE      = 0x03,
    DSA_OP_FILL         = 0x04,
    DSA_OP_COMPARE      = 0x05,
    DSA_OP_COMPARE_PAT  = 0x06,
    DSA_OP_DELTA_CREATE = 0x07,
    DSA_OP_DELTA_APPLY  = 0x08,
    DSA_OP_DUALCAST     = 0x09,
    DSA_OP_CRC          = 0x10,
    DSA_OP_COPY_CRC     = 0x11,
    DSA_OP_DIF_CHECK    = 0x12,
    DSA_OP_DIF_INSERT   = 0x13,
    DSA_OP_DIF_STRIP    = 0x14,
    DSA_OP_DIF_UPDATE   = 0x15,
    DSA_OP_CACHE_FLUSH  = 0x20,
};

/*
 * OPCAP (first 64 bits) with every operation that these files carry out: the
 * bit of an opcode is its number. 0x1003f03ff, as Sapphire Rapids says.
 */
#define DSA_OPS_ALL UINT64_C(0x1003f03ff)

/* Flags (descriptor bytes 4..6) */
enum {
    DSA_FLAG_FENCE         = 1 << 0,
    DSA_FLAG_BOF           = 1 << 1,    /* block on fault */
    DSA_FLAG_CRAV          = 1 << 2,    /* completion record address valid */
    DSA_FLAG_RCR           = 1 << 3,    /* request completion record */
    DSA_FLAG_RCI           = 1 << 4,    /* request completion interrupt */
    DSA_FLAG_CR_STEER      = 1 << 5,    /* completion record steering tag */
    DSA_FLAG_CHECK_RESULT  = 1 << 7,
    DSA_FLAG_CACHE_CONTROL = 1 << 8,
    DSA_FLAG_ADDR1_TC      = 1 << 9,    /* traffic class selectors */
    DSA_FLAG_ADDR2_TC      = 1 << 10,
    DSA_FLAG_ADDR3_TC      = 1 << 11,
    DSA_FLAG_CR_TC         = 1 << 12,
    DSA_FLAG_STRICT_ORDER  = 1 << 13,
    DSA_FLAG_READBACK      = 1 << 14,   /* destination readback */
    DSA_FLAG_DST_STEER     = 1 << 15,   /* destination steering tag */
    /* Bits 16 to 23 belong to the operation. */
    DSA_FLAG_FILL_16B      = 1 << 16,   /* fill: pattern is 16 bytes */
    DSA_FLAG_RDBACK1_VALID = 1 << 16,   /* drain: readback address 1 valid */
    DSA_FLAG_RDBACK2_VALID = 1 << 17,   /* drain: readback address 2 valid */
    DSA_FLAG_NO_RDBACK_TCA = 1 << 18,   /* drain: no implicit readback, TC-A */
    DSA_FLAG_NO_RDBACK_TCB = 1 << 19,   /* drain: no implicit readback, TC-B */
    DSA_FLAG_DST2_STEER    = 1 << 16,   /* dualcast: second destination */
    DSA_FLAG_CRC_SEED_ADDR = 1 << 16,   /* CRC: seed is read from memory */
    DSA_FLAG_CRC_NO_INVERT = 1 << 17,   /* CRC: seed and result as they are */
    DSA_FLAG_CRC_NO_REFLECT = 1 << 18,  /* CRC: bit 7 of a byte comes first */
};

/* Completion status (completion record byte 0) */
enum {
    DSA_ST_NONE            = 0x00,
    DSA_ST_SUCCESS         = 0x01,
    DSA_ST_FALSE_PREDICATE = 0x02,
    DSA_ST_PAGE_FAULT      = 0x03,
    DSA_ST_PAGE_FAULT_IR   = 0x04,
    DSA_ST_BATCH_FAIL      = 0x05,
    DSA_ST_BATCH_FAULT     = 0x06,
    DSA_ST_DELTA_ORDER     = 0x07,  /* offset not greater than the last one */
    DSA_ST_DELTA_OFFSET    = 0x08,  /* offset beyond the transfer size */
    DSA_ST_DIF_ERROR       = 0x09,
    DSA_ST_BAD_OPCODE      = 0x10,
    DSA_ST_BAD_FLAGS       = 0x11,
    DSA_ST_RESERVED        = 0x12,
    DSA_ST_XFER_SIZE       = 0x13,
    DSA_ST_DESC_COUNT      = 0x14,
    DSA_ST_DELTA_SIZE      = 0x15,
    DSA_ST_OVERLAP         = 0x16,
    DSA_ST_DUALCAST_ALIGN  = 0x17,
    DSA_ST_LIST_ALIGN      = 0x18,
    DSA_ST_INT_HANDLE      = 0x19,
    DSA_ST_CR_FAULT        = 0x1a,
    DSA_ST_CR_ALIGN        = 0x1b,
    DSA_ST_ADDR_ALIGN      = 0x1c,
    DSA_ST_PRIV            = 0x1d,
    DSA_ST_TRAFFIC_CLASS   = 0x1e,
    DSA_ST_RDBACK_FAULT    = 0x1f,
    DSA_ST_HW_RDBACK       = 0x20,
    DSA_ST_HW_DST_RDBACK   = 0x21,
    DSA_ST_TRANSLATION     = 0x22,
    DSA_ST_WRITE           = 0x80,  /* with the page fault codes: by a write */
};

#define DSA_DESC_SIZE 64
#define DSA_CR_SIZE   32

/* A descriptor as it lies in memory: 64 bytes, little endian. */
typedef struct DsaDesc {
    uint8_t raw[DSA_DESC_SIZE];
} DsaDesc;

/*
 * A completion record, in host order; dsa_cr_store() gives the 32 bytes for
 * memory. The caller owns when and whether it is written (status byte last).
 */
typedef struct DsaCr {
    uint8_t  status;
    uint8_t  result;
    uint8_t  fault_info;
    uint8_t  rsvd;
    uint32_t bytes_completed;
    uint64_t fault_addr;
    uint8_t  op_specific[16];   /* little endian, bytes 16..31 */
} DsaCr;

/* What a memory callback returns; which status it becomes is in brackets. */
enum {
    DSA_MEM_ABORT    = -1,  /* abandon the descriptor without completion */
    DSA_MEM_OK       = 0,
    DSA_MEM_FAULT    = 1,   /* no translation, or not permitted (0x03) */
    DSA_MEM_FAULT_IR = 2,   /* page request answered "invalid" (0x04) */
    DSA_MEM_ERROR    = 3,   /* translation request itself failed (0x22) */
};

/*
 * The descriptor's address space. Either call moves len bytes (1..64 KiB) and
 * returns DSA_MEM_OK; or another of the above, and unless that is ABORT the
 * bytes before *fault_addr were moved and the others were not. Both may wait.
 */
typedef struct DsaMem {
    void *opaque;
    int (*read)(void *opaque, uint64_t addr, void *buf, uint32_t len,
                uint64_t *fault_addr);
    int (*write)(void *opaque, uint64_t addr, const void *buf, uint32_t len,
                 uint64_t *fault_addr);
} DsaMem;

/* What the device and the descriptor's queue allow (GENCAP, WQCFG, OPCAP). */
typedef struct DsaLimits {
    uint64_t op_cap;            /* bit n: opcode n is supported */
    uint64_t max_xfer;          /* bytes, of the queue; 0 counts as 2^32 - 1 */
    uint32_t max_batch;         /* descriptors, of the queue */
    bool block_on_fault;        /* GENCAP bit 0 and WQCFG: BOF may be set */
    bool overlap_copy;          /* GENCAP bit 1: memory move may overlap */
    bool cache_control_mem;     /* GENCAP bit 2: operations that write */
    bool cache_control_cache;   /* GENCAP bit 3: cache flush */
    bool dest_readback;         /* GENCAP bit 8 */
    bool drain_readback;        /* GENCAP bit 9 */
    bool steering_tag;          /* completion record and destination */
    bool strict_order;          /* strict ordering flag; DSA 1.0: true */
    bool in_batch;              /* the descriptor was fetched by a batch */
} DsaLimits;

/* Buffers of one running operation, the caller's (heap: it is 192 KiB). */
#define DSA_OP_CHUNK 65536u
typedef struct DsaOpScratch {
    uint8_t a[DSA_OP_CHUNK];
    uint8_t b[DSA_OP_CHUNK];
    uint8_t c[DSA_OP_CHUNK];
} DsaOpScratch;

/* Little endian access to bytes of any alignment. */
static inline uint16_t dsa_get16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t dsa_get32(const uint8_t *p)
{
    return dsa_get16(p) | (uint32_t)dsa_get16(p + 2) << 16;
}

static inline uint64_t dsa_get64(const uint8_t *p)
{
    return dsa_get32(p) | (uint64_t)dsa_get32(p + 4) << 32;
}

static inline void dsa_put16(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

static inline void dsa_put32(uint8_t *p, uint32_t v)
{
    dsa_put16(p, (uint16_t)v);
    dsa_put16(p + 2, (uint16_t)(v >> 16));
}

static inline void dsa_put64(uint8_t *p, uint64_t v)
{
    dsa_put32(p, (uint32_t)v);
    dsa_put32(p + 4, (uint32_t)(v >> 32));
}

/* Fields that every descriptor has */
static inline uint32_t dsa_desc_pasid(const DsaDesc *d)
{
    return dsa_get32(d->raw) & 0xfffff;
}

static inline bool dsa_desc_priv(const DsaDesc *d)
{
    return d->raw[3] >> 7;
}

static inline uint32_t dsa_desc_flags(const DsaDesc *d)
{
    return dsa_get32(d->raw + 4) & 0xffffff;
}

static inline uint8_t dsa_desc_opcode(const DsaDesc *d)
{
    return d->raw[7];
}

static inline uint64_t dsa_desc_cr_addr(const DsaDesc *d)
{
    return dsa_get64(d->raw + 8);
}

/* Source, source 1, pattern (fill), list (batch), readback 1 (drain) */
static inline uint64_t dsa_desc_src(const DsaDesc *d)
{
    return dsa_get64(d->raw + 16);
}

/* Destination, source 2, pattern (compare pattern), readback 2 (drain) */
static inline uint64_t dsa_desc_dst(const DsaDesc *d)
{
    return dsa_get64(d->raw + 24);
}

/* Transfer size in bytes; number of descriptors of a batch */
static inline uint32_t dsa_desc_xfer_size(const DsaDesc *d)
{
    return dsa_get32(d->raw + 32);
}

static inline uint16_t dsa_desc_int_handle(const DsaDesc *d)
{
    return dsa_get16(d->raw + 36);
}

/* The operation's own bytes, 40..63 */
static inline const uint8_t *dsa_desc_op(const DsaDesc *d)
{
    return d->raw + 40;
}

/* The 32 bytes of a completion record as they lie in memory. */
static inline void dsa_cr_store(const DsaCr *cr, uint8_t raw[DSA_CR_SIZE])
{
    raw[0] = cr->status;
    raw[1] = cr->result;
    raw[2] = cr->fault_info;
    raw[3] = cr->rsvd;
    dsa_put32(raw + 4, cr->bytes_completed);
    dsa_put64(raw + 8, cr->fault_addr);
    memcpy(raw + 16, cr->op_specific, sizeof(cr->op_specific));
}

/*
 * dsa_op_check - every check that needs only the descriptor and the limits
 *
 * In the order of priority of the specification ("Descriptor Checking"). What
 * needs the queue (privilege, PASID, interrupt handle, traffic classes) is the
 * caller's. Clears *cr and, on an error, sets its status and, for invalid
 * flags, the flags concerned. Returns that status, or 0. It does not sleep.
 */
uint8_t dsa_op_check(const DsaDesc *d, const DsaLimits *lim, DsaCr *cr);

/*
 * dsa_op_run - carry out one descriptor that dsa_op_check() accepted
 *
 * Every operation but batch. Fills *cr completely, with partial progress if a
 * page fault ended it. Returns 0 when *cr is final, or -1 when the memory
 * callbacks said the descriptor is to be abandoned: then no completion record
 * is due. Waits exactly as long as the callbacks do; stack use is below 4 KiB.
 */
int dsa_op_run(const DsaDesc *d, const DsaLimits *lim, const DsaMem *mem,
               DsaCr *cr, DsaOpScratch *s);

#endif /* INTEL_DSA_OPS_H */
