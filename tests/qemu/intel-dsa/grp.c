/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intel DSA: groups. The rules that a configuration must keep, and the arbiter
 * that chooses the WQ an engine serves next. It starts nothing.
 */
#include "qemu/osdep.h"
#include "dsa.h"

static bool dsa_grp_has_wq(DsaState *d, unsigned g, unsigned wq)
{
    return d->grp[g][DSA_GRP_WQS + wq / 32] & BIT(wq % 32);
}

static bool dsa_grp_has_engine(DsaState *d, unsigned g, unsigned e)
{
    return d->grp[g][DSA_GRP_ENGINES + e / 32] & BIT(e % 32);
}

static unsigned dsa_grp_count(DsaState *d, unsigned g, unsigned nr,
                              bool (*has)(DsaState *, unsigned, unsigned))
{
    unsigned n = 0;

    for (unsigned i = 0; i < nr; i++) {
        n += has(d, g, i);
    }
    return n;
}

/* A WQ or engine belongs to one group at most. */
static bool dsa_grp_unique(DsaState *d, unsigned nr,
                           bool (*has)(DsaState *, unsigned, unsigned))
{
    for (unsigned i = 0; i < nr; i++) {
        unsigned n = 0;

        for (unsigned g = 0; g < d->p.nr_groups; g++) {
            n += has(d, g, i);
        }
        if (n > 1) {
            return false;
        }
    }
    return true;
}

/* A group needs four read buffers an engine; what is reserved must exist. */
static bool dsa_grp_rdbufs_ok(DsaState *d)
{
    unsigned reserved = 0;

    for (unsigned g = 0; g < d->p.nr_groups; g++) {
        uint32_t f = d->grp[g][DSA_GRP_FLAGS];
        unsigned n = dsa_grp_count(d, g, d->p.nr_engines, dsa_grp_has_engine);
        unsigned allowed = FIELD_EX32(f, GRPFLAGS, RDBUFS_ALLOWED);

        if (!n) {
            continue;
        }
        reserved += FIELD_EX32(f, GRPFLAGS, RDBUFS_RESERVED);
        if (allowed < FIELD_EX32(f, GRPFLAGS, RDBUFS_RESERVED) ||
            allowed < 4 * n || allowed > d->p.read_buffers) {
            return false;
        }
    }
    return reserved <= d->p.read_buffers;
}

uint8_t dsa_grp_check(DsaState *d)
{
    for (unsigned g = 0; g < d->p.nr_groups; g++) {
        unsigned wqs = dsa_grp_count(d, g, d->p.nr_wqs, dsa_grp_has_wq);
        unsigned engines = dsa_grp_count(d, g, d->p.nr_engines,
                                         dsa_grp_has_engine);

        if (!wqs != !engines) {
            return DSA_CE_GRP_INCOMPLETE;
        }
    }
    if (!dsa_grp_unique(d, d->p.nr_wqs, dsa_grp_has_wq)) {
        return DSA_CE_GRP_WQ;
    }
    if (!dsa_grp_unique(d, d->p.nr_engines, dsa_grp_has_engine)) {
        return DSA_CE_GRP_ENGINE;
    }
    return dsa_grp_rdbufs_ok(d) ? DSA_CE_OK : DSA_CE_GRP_RDBUF;
}

/* Whether descriptors of this WQ would ever be executed. */
bool dsa_grp_serves(DsaState *d, unsigned wq)
{
    for (unsigned g = 0; g < d->p.nr_groups; g++) {
        if (dsa_grp_has_wq(d, g, wq)) {
            return true;    /* an enabled device has engines in it */
        }
    }
    return false;
}

static bool dsa_grp_runs(DsaState *d)
{
    return dsa_dev_state(d) == DSA_DEV_ENABLED ||
           dsa_dev_state(d) == DSA_DEV_DRAIN;
}

static int dsa_grp_of_engine(DsaState *d, unsigned e)
{
    for (unsigned g = 0; g < d->p.nr_groups; g++) {
        if (dsa_grp_has_engine(d, g, e)) {
            return g;
        }
    }
    return -1;
}

bool dsa_grp_has_work(DsaState *d, unsigned engine)
{
    int g = dsa_grp_of_engine(d, engine);

    for (unsigned i = 0; g >= 0 && i < d->p.nr_wqs; i++) {
        if (dsa_grp_runs(d) && dsa_grp_has_wq(d, g, i) &&
            !QTAILQ_EMPTY(&d->wq[i].queue)) {
            return true;
        }
    }
    return false;
}

/*
 * Weighted round robin: each time, every WQ with work earns its priority, and
 * the richest pays what all earned. Shares follow the priorities, turns are
 * spread, and nobody starves.
 */
DsaItem *dsa_grp_pick(DsaState *d, unsigned engine)
{
    int g = dsa_grp_of_engine(d, engine);
    DsaWq *best = NULL;
    DsaItem *item;
    int total = 0;

    if (g < 0 || !dsa_grp_runs(d)) {
        return NULL;
    }
    for (unsigned i = 0; i < d->p.nr_wqs; i++) {
        DsaWq *wq = &d->wq[i];
        int prio = FIELD_EX32(wq->cfg[DSA_WQ_MODE], WQ_MODE, PRIORITY);

        if (!dsa_grp_has_wq(d, g, i)) {
            continue;
        }
        if (QTAILQ_EMPTY(&wq->queue)) {
            wq->credit = 0;
            continue;
        }
        wq->credit += prio;
        total += prio;
        if (!best || wq->credit > best->credit) {
            best = wq;
        }
    }
    if (!best) {
        return NULL;
    }
    best->credit -= total;
    item = QTAILQ_FIRST(&best->queue);
    QTAILQ_REMOVE(&best->queue, item, queued);
    item->running = true;
    best->occupancy--;
    dsa_wq_occupancy_changed(d, best - d->wq);
    return item;
}
