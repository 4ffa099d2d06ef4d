/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intel DSA: work queues. Portals (BAR2), acceptance of descriptors, occupancy,
 * the rules for enabling a WQ, and the list of descriptors on their way, which
 * drain and abort search. It executes nothing.
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "dsa.h"
#include "trace.h"

#define DSA_PORTAL_SHIFT 12     /* four pages a WQ */
#define DSA_PORTAL_WQ_SHIFT 14
#define DSA_PORTAL_IMS 2        /* page number: bit 0 limited, bit 1 IMS */

void dsa_wq_set_state(DsaState *d, unsigned n, unsigned state)
{
    uint32_t *cfg = &d->wq[n].cfg[DSA_WQ_STATE];

    if (FIELD_EX32(*cfg, WQ_STATE, STATE) != state) {
        trace_intel_dsa_wq_state(d->name, n, state);
    }
    *cfg = FIELD_DP32(*cfg, WQ_STATE, STATE, state);
}

/* Reset WQ: the size stays, as it can change only with the device disabled. */
void dsa_wq_reset_config(DsaState *d, unsigned n)
{
    DsaWq *wq = &d->wq[n];

    memset(&wq->cfg[DSA_WQ_THRESHOLD], 0,
           sizeof(wq->cfg) - DSA_WQ_THRESHOLD * sizeof(wq->cfg[0]));
    wq->cr_logged = false;
    wq->credit = 0;
}

void dsa_wq_occupancy_changed(DsaState *d, unsigned n)
{
    uint32_t *cfg = d->wq[n].cfg;
    uint32_t lim = cfg[DSA_WQ_OCC_LIMIT], h = cfg[DSA_WQ_OCC_HANDLE];
    uint32_t mode = cfg[DSA_WQ_MODE], pasid = DSA_NO_PASID;
    bool ims = FIELD_EX32(h, WQ_OCC_HANDLE, IMS);
    unsigned handle = FIELD_EX32(h, WQ_OCC_HANDLE, HANDLE);

    cfg[DSA_WQ_STATE] = FIELD_DP32(cfg[DSA_WQ_STATE], WQ_STATE, OCCUPANCY,
                                   d->wq[n].occupancy);
    if (!FIELD_EX32(lim, WQ_OCC_LIMIT, INT_EN) ||
        dsa_wq_state(d, n) != DSA_WQ_ENABLED ||
        d->wq[n].occupancy > FIELD_EX32(lim, WQ_OCC_LIMIT, LIMIT)) {
        return;
    }
    /* It disarms itself: once for each time that software arms it. */
    cfg[DSA_WQ_OCC_LIMIT] &= ~R_WQ_OCC_LIMIT_INT_EN_MASK;
    cfg[DSA_WQ_STATE] |= R_WQ_STATE_OCC_INT_MASK;
    if (FIELD_EX32(mode, WQ_MODE, PASID_EN)) {
        pasid = FIELD_EX32(mode, WQ_MODE, PASID);
    }
    if (!ims && handle == 0) {
        dsa_irq_cause(d, R_INTCAUSE_OCCUPANCY_MASK);
    } else if (dsa_irq_handle_ok(d, ims, handle, pasid)) {
        dsa_irq_fire(d, ims, handle);
    }
}

static uint8_t dsa_wq_pasid_check(DsaState *d, uint32_t mode)
{
    bool pasid_en = FIELD_EX32(mode, WQ_MODE, PASID_EN);

    if (pasid_en && !dsa_pasid_enabled(d)) {
        return DSA_CE_WQ_PASID;
    }
    if (pasid_en && FIELD_EX32(mode, WQ_MODE, PRIV) && !dsa_priv_enabled(d)) {
        return DSA_CE_WQ_PRIV;
    }
    return DSA_CE_OK;
}

/* Everything that Enable WQ checks, in the order of the codes. */
uint8_t dsa_wq_enable(DsaState *d, unsigned n)
{
    uint32_t *cfg = d->wq[n].cfg;
    uint32_t mode = cfg[DSA_WQ_MODE], lim = cfg[DSA_WQ_LIMITS];
    uint32_t occ = cfg[DSA_WQ_OCC_HANDLE];
    uint8_t err;

    if (dsa_wq_state(d, n) != DSA_WQ_DISABLED) {
        return DSA_CE_WQ_NOT_DISABLED;
    }
    if (!FIELD_EX32(cfg[DSA_WQ_SIZE], WQ_SIZE, SIZE) || !dsa_grp_serves(d, n)) {
        return DSA_CE_WQ_SIZE;
    }
    if (!FIELD_EX32(mode, WQ_MODE, PRIORITY)) {
        return DSA_CE_WQ_PRIORITY;
    }
    if (!FIELD_EX32(mode, WQ_MODE, DEDICATED)) {
        return DSA_CE_WQ_MODE;      /* WQCAP has no shared mode */
    }
    if (FIELD_EX32(mode, WQ_MODE, BLOCK_ON_FAULT) && !d->p.block_on_fault) {
        return DSA_CE_WQ_BOF;
    }
    err = dsa_wq_pasid_check(d, mode);
    if (err) {
        return err;
    }
    if (FIELD_EX32(lim, WQ_LIMITS, BATCH_SHIFT) > d->p.max_batch_shift) {
        return DSA_CE_WQ_BATCH;
    }
    if (FIELD_EX32(lim, WQ_LIMITS, XFER_SHIFT) > d->p.max_xfer_shift) {
        return DSA_CE_WQ_XFER;
    }
    if (FIELD_EX32(cfg[DSA_WQ_OCC_LIMIT], WQ_OCC_LIMIT, INT_EN) &&
        !dsa_irq_handle_exists(d, FIELD_EX32(occ, WQ_OCC_HANDLE, IMS),
                               FIELD_EX32(occ, WQ_OCC_HANDLE, HANDLE))) {
        return DSA_CE_WQ_OCC_INT;
    }
    dsa_wq_set_state(d, n, DSA_WQ_ENABLED);
    dsa_wq_occupancy_changed(d, n);
    return DSA_CE_OK;
}

/* Not accepted: said through the event log or SWERR where work was expected. */
static void dsa_portal_reject(DsaState *d, unsigned n, const DsaDesc *desc,
                              uint8_t error)
{
    uint32_t mode = d->wq[n].cfg[DSA_WQ_MODE];
    bool pasid_en = FIELD_EX32(mode, WQ_MODE, PASID_EN);
    const DsaEvent ev = {
        .error = error,
        .wq = n,
        .wq_valid = true,
        .desc_valid = true,
        .operation = dsa_desc_opcode(desc),
        .pasid = pasid_en ? FIELD_EX32(mode, WQ_MODE, PASID) : 0,
        .priv = pasid_en && FIELD_EX32(mode, WQ_MODE, PRIV),
    };

    d->stats.rejected++;
    trace_intel_dsa_reject(d->name, n, error);
    if (dsa_dev_state(d) == DSA_DEV_ENABLED) {
        dsa_event_later(d, &ev);
    }
}

/*
 * One descriptor. A dedicated WQ makes no difference between its limited and
 * its unlimited portals; page and offset choose nothing but the kind of
 * interrupt handles. PASID and privilege are the WQ's.
 */
MemTxResult dsa_portal_store64(DsaState *d, hwaddr off, const void *buf)
{
    unsigned n = off >> DSA_PORTAL_WQ_SHIFT;
    uint32_t mode;
    DsaItem *item;
    DsaWq *wq;

    if (d->gone || d->dead) {
        return MEMTX_OK;
    }
    if (n >= d->p.nr_wqs || !QEMU_IS_ALIGNED(off, DSA_DESC_SIZE)) {
        d->stats.rejected++;
        return MEMTX_OK;
    }
    wq = &d->wq[n];
    if (dsa_dev_state(d) != DSA_DEV_ENABLED ||
        dsa_wq_state(d, n) != DSA_WQ_ENABLED) {
        dsa_portal_reject(d, n, buf, DSA_SE_WQ_OFF);
        return MEMTX_OK;
    }
    if (wq->occupancy >= FIELD_EX32(wq->cfg[DSA_WQ_SIZE], WQ_SIZE, SIZE)) {
        dsa_portal_reject(d, n, buf, DSA_SE_WQ_FULL);
        return MEMTX_OK;
    }
    mode = wq->cfg[DSA_WQ_MODE];
    item = g_new0(DsaItem, 1);
    item->seq = d->next_seq++;
    item->wq = n;
    item->ims = (off >> DSA_PORTAL_SHIFT) & DSA_PORTAL_IMS;
    item->pasid = DSA_NO_PASID;
    if (FIELD_EX32(mode, WQ_MODE, PASID_EN)) {
        item->pasid = FIELD_EX32(mode, WQ_MODE, PASID);
        item->priv = FIELD_EX32(mode, WQ_MODE, PRIV);
    }
    memcpy(&item->desc, buf, sizeof(item->desc));
    QTAILQ_INSERT_TAIL(&d->items, item, all);
    QTAILQ_INSERT_TAIL(&wq->queue, item, queued);
    wq->occupancy++;
    trace_intel_dsa_submit(d->name, n, item->seq,
                           dsa_desc_opcode(&item->desc), wq->occupancy);
    dsa_wq_occupancy_changed(d, n);
    qemu_bh_schedule(d->engine_bh);
    return MEMTX_OK;
}

static uint64_t dsa_portal_read(void *opaque, hwaddr off, unsigned size)
{
    return UINT64_MAX;
}

/* Anything but one 64-byte store is no descriptor. */
static void dsa_portal_write(void *opaque, hwaddr off, uint64_t val,
                             unsigned size)
{
    DsaState *d = opaque;

    if (d->gone || d->dead) {
        return;
    }
    d->stats.short_writes++;
    trace_intel_dsa_short_write(d->name, off, val, size);
}

const MemoryRegionOps dsa_portal_ops = {
    .read = dsa_portal_read,
    .write = dsa_portal_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
    .impl = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
};

/* The engine that ran it lets go of it, or it is discarded from its queue. */
void dsa_item_done(DsaState *d, DsaItem *item)
{
    QTAILQ_REMOVE(&d->items, item, all);
    if (item->aborted) {
        d->stats.aborted++;
    }
    g_free(item);
}

static bool dsa_item_matches(const DsaItem *item, const DsaWait *w)
{
    if (item->seq > w->seq) {
        return false;
    }
    if (w->by_pasid) {
        return item->pasid == w->pasid;
    }
    return w->all || test_bit(item->wq, w->wqs);
}

/* Whether something that the command waits for is still on its way. */
bool dsa_items_waited(DsaState *d, const DsaWait *w)
{
    DsaItem *item;

    QTAILQ_FOREACH(item, &d->items, all) {
        if (dsa_item_matches(item, w)) {
            return true;
        }
    }
    return false;
}

/*
 * Queued ones go at once, running ones when their engine notices. Interrupts
 * of the occupancy come last: sending one can lead back to here.
 */
void dsa_items_abort(DsaState *d, const DsaWait *w)
{
    DsaItem *item, *next;

    QTAILQ_FOREACH_SAFE(item, &d->items, all, next) {
        if (!dsa_item_matches(item, w)) {
            continue;
        }
        item->aborted = true;
        if (!item->running) {
            QTAILQ_REMOVE(&d->wq[item->wq].queue, item, queued);
            d->wq[item->wq].occupancy--;
            dsa_item_done(d, item);
        }
    }
    qemu_bh_schedule(d->wake_bh);
    for (unsigned i = 0; i < d->p.nr_wqs; i++) {
        dsa_wq_occupancy_changed(d, i);
    }
}
