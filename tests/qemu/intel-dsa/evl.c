/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intel DSA: the event log, a ring in guest memory. The device owns the tail,
 * software the head; one entry stays free. It writes entries and raises the
 * log's interrupt; what is logged, and what happens when it is full, is
 * swerr.c's.
 */
#include "qemu/osdep.h"
#include "dsa.h"
#include "trace.h"

bool dsa_evl_enabled(DsaState *d)
{
    return FIELD_EX32(d->r[R_GENCFG], GENCFG, EVL) &&
           dsa_dev_state(d) != DSA_DEV_DISABLED;
}

/* Whether the device may be enabled with it. */
bool dsa_evl_config_ok(DsaState *d)
{
    uint64_t cfg = dsa_reg64(d, A_EVLCFG0);

    if (!FIELD_EX32(d->r[R_GENCFG], GENCFG, EVL)) {
        return true;
    }
    if (FIELD_EX64(cfg, EVLCFG0, PASID_EN) && !dsa_pasid_enabled(d)) {
        return false;
    }
    return FIELD_EX64(dsa_reg64(d, A_EVLCFG1), EVLCFG1, SIZE) >=
           DSA_EVL_MIN_SIZE;
}

static uint32_t dsa_evl_info(const DsaEvent *ev)
{
    uint32_t v = 0;

    if (ev->flags_valid) {
        return ev->bad_flags;
    }
    v = FIELD_DP32(v, EVLINFO, HANDLE, ev->handle);
    v = FIELD_DP32(v, EVLINFO, RCI, ev->rci);
    v = FIELD_DP32(v, EVLINFO, IMS, ev->ims);
    v = FIELD_DP32(v, EVLINFO, RCR, ev->rcr);
    return FIELD_DP32(v, EVLINFO, FIRST_IN_BATCH, ev->first_in_batch);
}

static void dsa_evl_entry(const DsaEvent *ev, uint8_t *raw)
{
    uint64_t v = 0, w = 0;

    v = FIELD_DP64(v, EVL0, DESC_VALID, ev->desc_valid);
    v = FIELD_DP64(v, EVL0, WQ_VALID, ev->wq_valid);
    v = FIELD_DP64(v, EVL0, BATCH, ev->batch);
    v = FIELD_DP64(v, EVL0, WRITE, ev->write);
    v = FIELD_DP64(v, EVL0, PRIV, ev->priv);
    v = FIELD_DP64(v, EVL0, INFO_VALID, ev->desc_valid);
    v = FIELD_DP64(v, EVL0, ERROR, ev->error);
    v = FIELD_DP64(v, EVL0, WQ, ev->wq);
    v = FIELD_DP64(v, EVL0, BATCH_ID, ev->batch_id);
    v = FIELD_DP64(v, EVL0, OPERATION, ev->operation);
    v = FIELD_DP64(v, EVL0, PASID, ev->pasid & 0xfffff);
    w = FIELD_DP64(w, EVL1, BATCH_IDX, ev->batch_idx);
    w = FIELD_DP64(w, EVL1, INFO, dsa_evl_info(ev));
    dsa_put64(raw, v);
    dsa_put64(raw + 8, w);
    dsa_put64(raw + 16, ev->fault_addr);
    dsa_put64(raw + 24, 0);
    memcpy(raw + 32, ev->cr, DSA_CR_SIZE);
}

bool dsa_evl_write(DsaState *d, const DsaEvent *ev)
{
    uint64_t cfg0 = dsa_reg64(d, A_EVLCFG0), cfg1 = dsa_reg64(d, A_EVLCFG1);
    uint32_t size = FIELD_EX64(cfg1, EVLCFG1, SIZE), pasid = DSA_NO_PASID;
    uint32_t head = FIELD_EX32(d->r[R_EVLHEAD], EVLHEAD, HEAD);
    uint32_t tail = FIELD_EX32(d->r[R_EVLTAIL], EVLTAIL, TAIL);
    uint8_t raw[DSA_EVL_ENTRY_SIZE];
    uint64_t base, fault = 0;
    bool was_pending;

    if (size < DSA_EVL_MIN_SIZE || (tail + 1) % size == head) {
        return false;
    }
    if (FIELD_EX64(cfg0, EVLCFG0, PASID_EN)) {
        pasid = FIELD_EX64(cfg1, EVLCFG1, PASID);
    }
    base = cfg0 & ~UINT64_C(0xfff);
    dsa_evl_entry(ev, raw);
    if (dsa_dma_rw(d, pasid, base + tail * DSA_EVL_ENTRY_SIZE, raw,
                   sizeof(raw), true, &fault)) {
        const DsaEvent lost = {
            .error = DSA_SE_EVL_FAULT, .write = true, .fault_addr = fault,
            .pasid = pasid == DSA_NO_PASID ? 0 : pasid,
        };

        dsa_swerr_set(d, &lost);
        dsa_halt(d, DSA_RESET_SOFTWARE);
        return true;
    }
    if (!dsa_evl_enabled(d)) {
        return true;        /* the entry was written to the device itself */
    }
    tail = (tail + 1) % size;
    was_pending = FIELD_EX32(d->r[R_EVLTAIL], EVLTAIL, INT_PENDING);
    d->r[R_EVLTAIL] = R_EVLTAIL_INT_PENDING_MASK | tail;
    trace_intel_dsa_evl(d->name, tail, head, ev->error);
    if (!was_pending) {
        dsa_irq_cause(d, R_INTCAUSE_EVL_MASK);
    }
    return true;
}
