/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intel DSA: accesses to BAR0. A table says of each register which bits can be
 * written and when; the tables behind them (GRPCFG, WQCFG, MSIXPERM, IMS) have
 * a function each. Accesses are 4 or 8 bytes, an 8-byte one is two of 4, low
 * half first. Unknown places read 0 and ignore writes. Nothing here waits.
 */
#include "qemu/osdep.h"
#include "dsa.h"
#include "trace.h"

typedef enum DsaLock {
    LOCK_NONE,
    LOCK_DEVICE,        /* read-only unless the device is disabled */
    LOCK_EVL,           /* and while the event log is on */
    LOCK_NO_EVL,        /* read-only where there is no event log */
} DsaLock;

/* A register, or a half of one: what is not named is read-only. */
typedef struct DsaReg {
    uint16_t off;
    DsaLock lock;
    uint32_t rw;
    uint32_t w1c;
    void (*write)(DsaState *d, uint32_t val);   /* in place of storing */
} DsaReg;

static void dsa_gencfg_write(DsaState *d, uint32_t val)
{
    uint32_t rw = R_GENCFG_RDBUF_LIMIT_MASK | R_GENCFG_USER_INT_MASK;
    bool was = FIELD_EX32(d->r[R_GENCFG], GENCFG, EVL);

    if (d->p.evl) {
        rw |= R_GENCFG_EVL_MASK;
    }
    d->r[R_GENCFG] = val & rw;
    if (!was && FIELD_EX32(d->r[R_GENCFG], GENCFG, EVL)) {
        d->r[R_EVLHEAD] = 0;
        d->r[R_EVLTAIL] = 0;
    }
}

static void dsa_genctrl_write(DsaState *d, uint32_t val)
{
    uint32_t rw = R_GENCTRL_SWERR_INT_MASK | R_GENCTRL_HALT_INT_MASK;

    if (d->p.evl) {
        rw |= R_GENCTRL_EVL_INT_MASK;
    }
    d->r[R_GENCTRL] = val & rw;
}

static const DsaReg dsa_regs[] = {
    { A_GENCFG, LOCK_DEVICE, .write = dsa_gencfg_write },
    { A_GENCTRL, .write = dsa_genctrl_write },
    { A_INTCAUSE, .w1c = UINT32_MAX },
    { A_CMD, .write = dsa_cmd_write },
    { A_SWERR0, .w1c = R_SWERR0_VALID_MASK | R_SWERR0_OVERFLOW_MASK },
    { A_EVLCFG0, LOCK_EVL, .rw = 0xfffff003 },
    { A_EVLCFG0 + 4, LOCK_EVL, .rw = UINT32_MAX },
    { A_EVLCFG1, LOCK_EVL, .rw = UINT32_MAX },
    { A_EVLCFG1 + 4, LOCK_EVL, .rw = 0xf },
    { A_EVLHEAD, LOCK_NO_EVL, .rw = R_EVLHEAD_HEAD_MASK },
    { A_EVLTAIL, LOCK_NO_EVL, .w1c = R_EVLTAIL_INT_PENDING_MASK },
};

static bool dsa_locked(DsaState *d, DsaLock lock)
{
    switch (lock) {
    case LOCK_NONE:
        return false;
    case LOCK_NO_EVL:
        return !d->p.evl;
    case LOCK_EVL:
        if (!d->p.evl || FIELD_EX32(d->r[R_GENCFG], GENCFG, EVL)) {
            return true;
        }
        /* fall through */
    case LOCK_DEVICE:
        return dsa_dev_state(d) != DSA_DEV_DISABLED;
    }
    return true;
}

static bool dsa_reg_write(DsaState *d, hwaddr off, uint32_t val)
{
    for (unsigned i = 0; i < ARRAY_SIZE(dsa_regs); i++) {
        const DsaReg *reg = &dsa_regs[i];
        uint32_t *r = &d->r[reg->off / 4];

        if (reg->off != off) {
            continue;
        }
        if (dsa_locked(d, reg->lock)) {
            return false;
        }
        if (reg->write) {
            reg->write(d, val);
        } else {
            *r = ((*r & ~reg->rw) | (val & reg->rw)) & ~(val & reg->w1c);
        }
        return true;
    }
    return false;
}

/* Bits for WQs or engines that do not exist cannot be set. */
static uint32_t dsa_present(unsigned n, unsigned dword)
{
    if (n <= dword * 32) {
        return 0;
    }
    return MAKE_64BIT_MASK(0, MIN(n - dword * 32, 32));
}

static bool dsa_grp_write(DsaState *d, unsigned i, uint32_t val)
{
    unsigned dw = i % DSA_GRP_DWORDS;
    uint32_t mask = 0;

    if (dsa_dev_state(d) != DSA_DEV_DISABLED) {
        return false;
    }
    if (dw < DSA_GRP_ENGINES) {
        mask = dsa_present(d->p.nr_wqs, dw);
    } else if (dw < DSA_GRP_FLAGS) {
        mask = dsa_present(d->p.nr_engines, dw - DSA_GRP_ENGINES);
    } else if (dw == DSA_GRP_FLAGS) {
        mask = R_GRPFLAGS_TC_A_MASK | R_GRPFLAGS_TC_B_MASK |
               R_GRPFLAGS_USE_RDBUF_LIMIT_MASK |
               R_GRPFLAGS_RDBUFS_RESERVED_MASK |
               R_GRPFLAGS_RDBUFS_ALLOWED_MASK;
    }
    d->grp[i / DSA_GRP_DWORDS][dw] = val & mask;
    return true;
}

static bool dsa_wqcfg_write(DsaState *d, unsigned i, uint32_t val)
{
    unsigned n = i / d->wq_dwords, dw = i % d->wq_dwords;
    uint32_t *cfg = d->wq[n].cfg;
    bool free = dsa_wq_state(d, n) == DSA_WQ_DISABLED;

    switch (dw) {
    case DSA_WQ_SIZE:
        if (dsa_dev_state(d) != DSA_DEV_DISABLED) {
            return false;
        }
        cfg[dw] = val & R_WQ_SIZE_SIZE_MASK;
        return true;
    case DSA_WQ_THRESHOLD:
        val &= R_WQ_THRESHOLD_THRESHOLD_MASK;
        break;
    case DSA_WQ_MODE:       /* no ATS or PRS control: WQCAP says so */
        val &= R_WQ_MODE_DEDICATED_MASK | R_WQ_MODE_BLOCK_ON_FAULT_MASK |
               R_WQ_MODE_PRIORITY_MASK | R_WQ_MODE_PASID_MASK |
               R_WQ_MODE_PASID_EN_MASK | R_WQ_MODE_PRIV_MASK;
        break;
    case DSA_WQ_LIMITS:
        val &= R_WQ_LIMITS_XFER_SHIFT_MASK | R_WQ_LIMITS_BATCH_SHIFT_MASK;
        break;
    case DSA_WQ_OCC_HANDLE:     /* the interrupt can be armed at any time */
        cfg[dw] = val & (R_WQ_OCC_HANDLE_HANDLE_MASK |
                         R_WQ_OCC_HANDLE_IMS_MASK);
        return true;
    case DSA_WQ_OCC_LIMIT:
        cfg[dw] = val & (R_WQ_OCC_LIMIT_LIMIT_MASK |
                         R_WQ_OCC_LIMIT_INT_EN_MASK);
        if (cfg[dw] & R_WQ_OCC_LIMIT_INT_EN_MASK) {
            cfg[DSA_WQ_STATE] &= ~R_WQ_STATE_OCC_INT_MASK;
        }
        dsa_wq_occupancy_changed(d, n);
        return true;
    case DSA_WQ_OPS ... DSA_WQ_DWORDS - 1:
        val &= d->r[R_OPCAP * 2 + dw - DSA_WQ_OPS];
        break;
    default:
        return false;
    }
    if (free) {
        cfg[dw] = val;
    }
    return free;
}

static bool dsa_msixperm_write(DsaState *d, unsigned i, uint32_t val)
{
    if (i % 2) {
        return false;
    }
    d->msixperm[i / 2] = val & (R_INTPERM_PASID_EN_MASK |
                                R_INTPERM_PASID_MASK);
    return true;
}

static bool dsa_ims_table_write(DsaState *d, unsigned i, uint32_t val)
{
    dsa_ims_write(d, i, val);
    return true;
}

static uint32_t dsa_grp_read(DsaState *d, unsigned i)
{
    return d->grp[i / DSA_GRP_DWORDS][i % DSA_GRP_DWORDS];
}

static uint32_t dsa_wqcfg_read(DsaState *d, unsigned i)
{
    return d->wq[i / d->wq_dwords].cfg[i % d->wq_dwords];
}

static uint32_t dsa_msixperm_read(DsaState *d, unsigned i)
{
    return i % 2 ? 0 : d->msixperm[i / 2];
}

/* The tables: where, how many dwords, and their functions by dword number. */
typedef struct DsaTable {
    uint32_t off, dwords;
    uint32_t (*read)(DsaState *d, unsigned i);
    bool (*write)(DsaState *d, unsigned i, uint32_t val);
} DsaTable;

static bool dsa_table_find(DsaState *d, hwaddr off, DsaTable *t)
{
    const DsaTable tables[] = {
        { d->off_grpcfg, d->p.nr_groups * DSA_GRP_DWORDS,
          dsa_grp_read, dsa_grp_write },
        { d->off_wqcfg, d->p.nr_wqs * d->wq_dwords,
          dsa_wqcfg_read, dsa_wqcfg_write },
        { d->off_msixperm, d->nr_vectors * DSA_MSIXPERM_SIZE / 4,
          dsa_msixperm_read, dsa_msixperm_write },
        { d->off_ims, d->p.ims_slots * DSA_IMS_DWORDS,
          dsa_ims_read, dsa_ims_table_write },
    };

    for (unsigned i = 0; i < ARRAY_SIZE(tables); i++) {
        if (off >= tables[i].off && off < tables[i].off + tables[i].dwords * 4) {
            *t = tables[i];
            return true;
        }
    }
    return false;
}

static uint64_t dsa_mmio_read(void *opaque, hwaddr off, unsigned size)
{
    DsaState *d = opaque;
    uint32_t val = 0;
    DsaTable t;

    if (d->gone) {
        return UINT32_MAX;      /* a vCPU was on its way when it was removed */
    }
    d->stats.mmio++;
    if (off < DSA_REGS_SIZE) {
        val = d->r[off / 4];
    } else if (dsa_table_find(d, off, &t)) {
        val = t.read(d, (off - t.off) / 4);
    }
    trace_intel_dsa_mmio_read(d->name, off, val);
    return val;
}

static void dsa_mmio_write(void *opaque, hwaddr off, uint64_t val,
                           unsigned size)
{
    DsaState *d = opaque;
    bool taken = false;
    DsaTable t;

    if (d->gone) {
        return;
    }
    d->stats.mmio++;
    if (off < DSA_REGS_SIZE) {
        taken = dsa_reg_write(d, off, val);
    } else if (dsa_table_find(d, off, &t)) {
        taken = t.write(d, (off - t.off) / 4, val);
    }
    if (taken) {
        trace_intel_dsa_mmio_write(d->name, off, val);
    } else {
        trace_intel_dsa_mmio_ignored(d->name, off, val);
    }
}

const MemoryRegionOps dsa_mmio_ops = {
    .read = dsa_mmio_read,
    .write = dsa_mmio_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 8 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

static uint64_t dsa_silence_read(void *opaque, hwaddr off, unsigned size)
{
    return UINT64_MAX;
}

static void dsa_silence_write(void *opaque, hwaddr off, uint64_t val,
                              unsigned size)
{
}

const MemoryRegionOps dsa_silence_ops = {
    .read = dsa_silence_read,
    .write = dsa_silence_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
    .impl = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
};
