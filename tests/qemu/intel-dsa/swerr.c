/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intel DSA: errors that no completion record tells, and the halted state. An
 * event goes to the event log where it is on, else (or when it is full) to
 * SWERR, which holds one. Events found in a vCPU's access wait for the main
 * loop, since logging is DMA.
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "dsa.h"
#include "trace.h"

void dsa_swerr_set(DsaState *d, const DsaEvent *ev)
{
    uint64_t v = R_SWERR0_VALID_MASK, info = 0;

    if (FIELD_EX32(d->r[R_SWERR0 * 2], SWERR0, VALID)) {
        if (!FIELD_EX32(d->r[R_SWERR0 * 2], SWERR0, OVERFLOW)) {
            d->r[R_SWERR0 * 2] |= R_SWERR0_OVERFLOW_MASK;
            dsa_irq_cause(d, R_INTCAUSE_SWERR_MASK);
        }
        return;
    }
    v = FIELD_DP64(v, SWERR0, DESC_VALID, ev->desc_valid);
    v = FIELD_DP64(v, SWERR0, WQ_VALID, ev->wq_valid);
    v = FIELD_DP64(v, SWERR0, BATCH, ev->batch);
    v = FIELD_DP64(v, SWERR0, WRITE, ev->write);
    v = FIELD_DP64(v, SWERR0, PRIV, ev->priv);
    v = FIELD_DP64(v, SWERR0, ERROR, ev->error);
    v = FIELD_DP64(v, SWERR0, WQ, ev->wq);
    v = FIELD_DP64(v, SWERR0, OPERATION, ev->operation);
    v = FIELD_DP64(v, SWERR0, PASID, ev->pasid & 0xfffff);
    info = FIELD_DP64(info, SWERR1, BATCH_IDX, ev->batch_idx);
    info = FIELD_DP64(info, SWERR1, BAD_FLAGS, ev->bad_flags);
    dsa_reg64_set(d, A_SWERR0, v);
    dsa_reg64_set(d, A_SWERR1, info);
    dsa_reg64_set(d, A_SWERR2, ev->fault_addr);
    dsa_reg64_set(d, A_SWERR3, 0);
    dsa_irq_cause(d, R_INTCAUSE_SWERR_MASK);
}

void dsa_event(DsaState *d, const DsaEvent *ev)
{
    trace_intel_dsa_event(d->name, ev->error, ev->wq, ev->operation,
                    ev->fault_addr);
    d->stats.events++;
    if (!dsa_evl_enabled(d) || !dsa_evl_write(d, ev)) {
        dsa_swerr_set(d, ev);
    }
}

/* For the vCPU's context. More than can be kept are an overflow of SWERR. */
void dsa_event_later(DsaState *d, const DsaEvent *ev)
{
    if (d->nr_events == DSA_MAX_EVENTS) {
        dsa_swerr_set(d, ev);
        return;
    }
    d->events[d->nr_events++] = *ev;
    qemu_bh_schedule(d->event_bh);
}

void dsa_event_flush(void *opaque)
{
    DsaState *d = opaque;

    /* Logging can halt or reset the device, which empties the list. */
    for (unsigned i = 0; i < d->nr_events; i++) {
        dsa_event(d, &d->events[i]);
    }
    d->nr_events = 0;
}

/* A fatal error: all work is lost, and only the named reset helps. */
void dsa_halt(DsaState *d, unsigned reset_type)
{
    const DsaWait all = { .all = true, .seq = UINT64_MAX };
    uint32_t sts = 0;

    trace_intel_dsa_halt(d->name, reset_type);
    sts = FIELD_DP32(sts, GENSTS, STATE, DSA_DEV_HALT);
    sts = FIELD_DP32(sts, GENSTS, RESET_TYPE, reset_type);
    d->r[R_GENSTS] = sts;
    d->nr_events = 0;
    dsa_items_abort(d, &all);
    for (unsigned i = 0; i < d->p.nr_wqs; i++) {
        dsa_wq_set_state(d, i, DSA_WQ_DISABLED);
    }
    dsa_irq_cause(d, R_INTCAUSE_HALT_MASK);
    qemu_bh_schedule(d->cmd_bh);
}
