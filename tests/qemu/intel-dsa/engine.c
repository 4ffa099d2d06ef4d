/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intel DSA: engines. Each is a coroutine of the main loop that lives while it
 * finds work; it executes one descriptor after the other and pauses often, so
 * that neither vCPUs nor other engines wait for it. What an operation does is
 * in ops*.c; here is what surrounds it: checks that need the queue, completion
 * record, interrupt, and where an error goes.
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include "dsa.h"
#include "trace.h"

#define DSA_SLICE_NS 50000      /* work at a stretch */
#define DSA_PAUSE_NS 10000
#define DSA_POLL_US 20          /* while a drain descriptor waits */

/* Others have a turn when this engine has worked for a while. */
void coroutine_fn dsa_engine_pace(DsaEngine *e)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_REALTIME);

    if (now - e->slice_ns < DSA_SLICE_NS) {
        return;
    }
    qemu_co_sleep_ns_wakeable(&e->sleep, QEMU_CLOCK_VIRTUAL, DSA_PAUSE_NS);
    e->slice_ns = qemu_clock_get_ns(QEMU_CLOCK_REALTIME);
}

/* A wake-up that came early (they are kept) must not shorten it. */
void coroutine_fn dsa_engine_sleep_us(DsaEngine *e, uint64_t us)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    int64_t end = now + us * SCALE_US;

    while (now < end && !e->item->aborted) {
        qemu_co_sleep_ns_wakeable(&e->sleep, QEMU_CLOCK_VIRTUAL, end - now);
        now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    }
}

void dsa_run_event(const DsaRun *run, uint8_t error, uint64_t addr, bool write,
                   const DsaCr *cr)
{
    uint32_t flags = dsa_desc_flags(run->desc);
    DsaEvent ev = {
        .error = error,
        .write = write,
        .desc_valid = true,
        .wq_valid = true,
        .wq = run->item->wq,
        .priv = run->item->priv,
        .pasid = run->item->pasid == DSA_NO_PASID ? 0 : run->item->pasid,
        .operation = dsa_desc_opcode(run->desc),
        .rci = flags & DSA_FLAG_RCI,
        .rcr = flags & DSA_FLAG_RCR,
        .ims = run->item->ims,
        .handle = dsa_desc_int_handle(run->desc),
        .batch = run->batch,
        .batch_idx = run->batch_idx,
        .batch_id = run->batch_id,
        .fault_addr = addr,
    };

    if (run->batch) {
        ev.first_in_batch = !run->batch->cr_logged;
    }
    if (error == DSA_ST_BAD_FLAGS) {
        ev.flags_valid = true;
        ev.bad_flags = dsa_get32(cr->op_specific) & 0xffffff;
    }
    dsa_cr_store(cr, ev.cr);
    dsa_event(run->e->d, &ev);
}

static void dsa_run_limits(const DsaRun *run, DsaLimits *lim)
{
    DsaState *d = run->e->d;
    const uint32_t *cfg = d->wq[run->item->wq].cfg;
    uint32_t shifts = cfg[DSA_WQ_LIMITS];

    *lim = (DsaLimits) {
        .op_cap = d->p.op_cap,
        .max_xfer = UINT64_C(1) << FIELD_EX32(shifts, WQ_LIMITS, XFER_SHIFT),
        .max_batch = 1u << FIELD_EX32(shifts, WQ_LIMITS, BATCH_SHIFT),
        .block_on_fault = d->p.block_on_fault &&
            FIELD_EX32(cfg[DSA_WQ_MODE], WQ_MODE, BLOCK_ON_FAULT),
        .overlap_copy = d->p.overlap_copy,
        .cache_control_mem = d->p.cache_mem,
        .cache_control_cache = d->p.cache_flush,
        .dest_readback = d->p.dest_readback,
        .drain_readback = d->p.drain_readback,
        .strict_order = true,
        .in_batch = run->batch,
    };
    if (d->p.op_config) {
        lim->op_cap &= cfg[DSA_WQ_OPS] | (uint64_t)cfg[DSA_WQ_OPS + 1] << 32;
    }
}

/* Of several errors the lowest code counts, but a misaligned record first. */
static void dsa_run_fail(DsaCr *cr, uint8_t status)
{
    if (!cr->status ||
        (cr->status != DSA_ST_CR_ALIGN && status < cr->status)) {
        cr->status = status;
    }
}

/*
 * Checks that need the queue, added to what was found before. An interrupt may
 * be asked for by an unprivileged process only if GENCFG allows it, and through
 * an entry of its own.
 */
static void dsa_run_check(DsaRun *run, DsaCr *cr)
{
    DsaState *d = run->e->d;
    const DsaItem *item = run->item;

    run->irq_ok = false;
    if (!(dsa_desc_flags(run->desc) & DSA_FLAG_RCI)) {
        return;
    }
    if (item->pasid != DSA_NO_PASID && !item->priv &&
        !FIELD_EX32(d->r[R_GENCFG], GENCFG, USER_INT)) {
        dsa_run_fail(cr, DSA_ST_BAD_FLAGS);
        if (cr->status == DSA_ST_BAD_FLAGS) {
            cr->op_specific[0] |= DSA_FLAG_RCI;
        }
        return;
    }
    if (!dsa_irq_handle_ok(d, item->ims, dsa_desc_int_handle(run->desc),
                           item->pasid)) {
        dsa_run_fail(cr, DSA_ST_INT_HANDLE);
        return;
    }
    run->irq_ok = true;     /* also to tell of an error */
}

/* A drain descriptor waits for what came before it in its WQ. */
static void coroutine_fn dsa_run_drain(DsaRun *run)
{
    DsaState *d = run->e->d;
    DsaWait w = { .seq = run->item->seq - 1 };

    set_bit(run->item->wq, w.wqs);
    while (run->item->seq && !run->item->aborted && dsa_items_waited(d, &w)) {
        dsa_engine_sleep_us(run->e, DSA_POLL_US);
    }
}

static int coroutine_fn dsa_run_execute(DsaRun *run, const DsaLimits *lim,
                                        DsaCr *cr, DsaBatch *batch)
{
    const DsaMem mem = { run, dsa_mem_read, dsa_mem_write };

    if (run->e->d->engine_delay_us) {
        dsa_engine_sleep_us(run->e, run->e->d->engine_delay_us);
    }
    if (dsa_desc_opcode(run->desc) == DSA_OP_BATCH) {
        return dsa_batch_run(run, lim, cr, batch);
    }
    if (dsa_desc_opcode(run->desc) == DSA_OP_DRAIN) {
        dsa_run_drain(run);
    }
    if (run->item->aborted) {
        return -1;
    }
    return dsa_op_run(run->desc, lim, &mem, cr, run->e->scratch);
}

/* Status last: whoever polls it may then read the rest. 0, 1 or -1. */
static int dsa_run_write_cr(DsaRun *run, const DsaCr *cr)
{
    DsaState *d = run->e->d;
    uint64_t addr = dsa_desc_cr_addr(run->desc), fault;
    uint8_t raw[DSA_CR_SIZE];

    dsa_cr_store(cr, raw);
    if (dsa_dma_rw(d, run->item->pasid, addr + 1, raw + 1, sizeof(raw) - 1,
                   true, &fault)) {
        return run->item->aborted ? -1 : 1;
    }
    if (run->item->aborted) {
        return -1;
    }
    smp_wmb();
    return dsa_dma_rw(d, run->item->pasid, addr, raw, 1, true, &fault);
}

/*
 * Tells the result: completion record, or an event where there is none. With
 * the event log on, a record that cannot be written goes there, and so do the
 * records of the batch around it and of the next drain, which must not be seen
 * first. False: no interrupt is due.
 */
static bool dsa_run_report(DsaRun *run, const DsaCr *cr, const DsaBatch *batch)
{
    DsaState *d = run->e->d;
    DsaWq *wq = &d->wq[run->item->wq];
    uint32_t flags = dsa_desc_flags(run->desc);
    uint64_t addr = dsa_desc_cr_addr(run->desc);
    uint8_t op = dsa_desc_opcode(run->desc);
    bool ok = cr->status == DSA_ST_SUCCESS;

    if (!(flags & DSA_FLAG_CRAV) || cr->status == DSA_ST_CR_ALIGN) {
        if (!ok) {
            dsa_run_event(run, cr->status & ~DSA_ST_WRITE, cr->fault_addr,
                          cr->status & DSA_ST_WRITE, cr);
        }
        return true;
    }
    if (op == DSA_OP_BATCH && batch->cr_logged && dsa_evl_enabled(d)) {
        dsa_run_event(run, DSA_SE_BATCH_EVL, addr, true, cr);
        return false;
    }
    if (ok && !(flags & DSA_FLAG_RCR)) {
        return true;
    }
    if (op == DSA_OP_DRAIN && wq->cr_logged && dsa_evl_enabled(d)) {
        wq->cr_logged = false;
        dsa_run_event(run, DSA_SE_DRAIN_EVL, addr, true, cr);
        return false;
    }
    switch (dsa_run_write_cr(run, cr)) {
    case 0:
        return true;
    case 1:
        dsa_run_event(run, DSA_ST_CR_FAULT, addr, true, cr);
        wq->cr_logged = true;
        if (run->batch) {
            run->batch->cr_logged = true;
        }
        return false;
    default:
        return false;
    }
}

/* 0 with the status it completed with, or -1: it was aborted. */
int coroutine_fn dsa_run(DsaRun *run, uint8_t *status)
{
    DsaState *d = run->e->d;
    DsaBatch batch = { };
    DsaLimits lim;
    DsaCr cr;

    if (run->item->aborted) {
        return -1;
    }
    dsa_run_limits(run, &lim);
    dsa_op_check(run->desc, &lim, &cr);
    dsa_run_check(run, &cr);
    if (!cr.status && dsa_run_execute(run, &lim, &cr, &batch)) {
        return -1;
    }
    if (run->item->aborted) {
        return -1;
    }
    if (dsa_run_report(run, &cr, &batch) && run->irq_ok &&
        !run->item->aborted) {
        dsa_irq_fire(d, run->item->ims, dsa_desc_int_handle(run->desc));
    }
    d->stats.descriptors++;
    d->stats.errors += cr.status != DSA_ST_SUCCESS;
    d->stats.batches += dsa_desc_opcode(run->desc) == DSA_OP_BATCH;
    trace_intel_dsa_complete(d->name, run->e->id, run->item->wq,
                             run->item->seq, run->batch_idx,
                             dsa_desc_opcode(run->desc),
                             dsa_desc_flags(run->desc), cr.status, cr.result,
                             cr.bytes_completed);
    *status = cr.status;
    return run->item->aborted ? -1 : 0;
}

static void coroutine_fn dsa_engine_main(void *opaque)
{
    DsaEngine *e = opaque;
    DsaState *d = e->d;
    uint8_t status;

    e->slice_ns = qemu_clock_get_ns(QEMU_CLOCK_REALTIME);
    while (!d->gone && (e->item = dsa_grp_pick(d, e->id))) {
        DsaItem *item = e->item;
        DsaRun run = { .e = e, .item = item, .desc = &item->desc };

        dsa_run(&run, &status);
        e->item = NULL;
        dsa_item_done(d, item);
        if (!d->gone && d->cmd_started) {
            qemu_bh_schedule(d->cmd_bh);
        }
        dsa_engine_pace(e);
    }
    e->running = false;
    object_unref(OBJECT(d));    /* pairs with dsa_engine_kick() */
}

/* Bottom half: work has come. */
void dsa_engine_kick(void *opaque)
{
    DsaState *d = opaque;

    for (unsigned i = 0; i < d->p.nr_engines; i++) {
        DsaEngine *e = &d->engine[i];

        if (e->running || !dsa_grp_has_work(d, i)) {
            continue;
        }
        e->running = true;
        object_ref(OBJECT(d));  /* the coroutine's */
        qemu_coroutine_enter(qemu_coroutine_create(dsa_engine_main, e));
    }
}

/* Bottom half: engines that hold an aborted descriptor need not sleep on. */
void dsa_engine_wake(void *opaque)
{
    DsaState *d = opaque;

    for (unsigned i = 0; i < d->p.nr_engines; i++) {
        DsaEngine *e = &d->engine[i];

        if (e->item && e->item->aborted) {
            qemu_co_sleep_wake(&e->sleep);
        }
    }
}
