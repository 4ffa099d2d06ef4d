/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intel DSA: what the device says about itself. Checks the properties, places
 * the tables in BAR0 and fills the capability registers. No side effects.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/pci/msi.h"
#include "dsa.h"

#define DSA_DESCS_PER_ENGINE 64

static bool dsa_range(const char *name, uint64_t v, uint64_t min, uint64_t max,
                      Error **errp)
{
    if (v >= min && v <= max) {
        return true;
    }
    error_setg(errp, "intel-dsa: %s is %" PRIu64 ", must be %" PRIu64
               " to %" PRIu64, name, v, min, max);
    return false;
}

bool dsa_caps_check(DsaState *d, Error **errp)
{
    const DsaProps *p = &d->p;

    if (!dsa_range("wqs", p->nr_wqs, 1, DSA_MAX_WQS, errp) ||
        !dsa_range("wq-entries", p->wq_entries, 1, 65535, errp) ||
        !dsa_range("groups", p->nr_groups, 1, DSA_MAX_GROUPS, errp) ||
        !dsa_range("engines", p->nr_engines, 1, DSA_MAX_ENGINES, errp) ||
        !dsa_range("ims-slots", p->ims_slots, 0, DSA_MAX_IMS, errp) ||
        !dsa_range("read-buffers", p->read_buffers, 4, 255, errp) ||
        !dsa_range("max-transfer-shift", p->max_xfer_shift, 0, 31, errp) ||
        !dsa_range("max-batch-shift", p->max_batch_shift, 1, 15, errp)) {
        return false;
    }
    if (p->ims_slots % 256) {
        error_setg(errp, "intel-dsa: ims-slots must be a multiple of 256");
        return false;
    }
    if (p->op_cap & ~DSA_OPS_ALL) {
        error_setg(errp, "intel-dsa: op-cap has bits of unknown operations");
        return false;
    }
    if (p->device_id != 0x11fb && p->device_id != 0x1212 &&
        p->device_id != 0x0b25) {
        error_setg(errp, "intel-dsa: device-id must be 0x11fb, 0x1212 or "
                   "0x0b25");
        return false;
    }
    return true;
}

/* Tables start at multiples of 0x100, those with a use of their own on a page */
void dsa_caps_layout(DsaState *d)
{
    const DsaProps *p = &d->p;
    uint32_t off = 0x400;

    d->wq_dwords = p->op_config ? DSA_WQ_DWORDS : DSA_WQ_DWORDS / 2;
    d->nr_vectors = p->nr_wqs + 1;

    d->off_grpcfg = off;
    off = ROUND_UP(off + p->nr_groups * DSA_GRP_DWORDS * 4, 0x100);
    d->off_wqcfg = off;
    off = ROUND_UP(off + p->nr_wqs * d->wq_dwords * 4, 0x100);
    d->off_msixperm = off;
    off = ROUND_UP(off + d->nr_vectors * DSA_MSIXPERM_SIZE, 0x1000);
    d->off_msix = MAX(off, 0x4000);
    off = d->off_msix + 0x2000;         /* table, and PBA on the next page */
    d->off_ims = p->ims_slots ? ROUND_UP(off, 0x8000) : 0;
}

static uint64_t dsa_gencap(const DsaProps *p)
{
    uint64_t v = 0;

    v = FIELD_DP64(v, GENCAP, BLOCK_ON_FAULT, p->block_on_fault);
    v = FIELD_DP64(v, GENCAP, OVERLAP_COPY, p->overlap_copy);
    v = FIELD_DP64(v, GENCAP, CACHE_MEM, p->cache_mem);
    v = FIELD_DP64(v, GENCAP, CACHE_FLUSH, p->cache_flush);
    v = FIELD_DP64(v, GENCAP, CMD_CAP, 1);
    v = FIELD_DP64(v, GENCAP, DEST_READBACK, p->dest_readback);
    v = FIELD_DP64(v, GENCAP, DRAIN_READBACK, p->drain_readback);
    v = FIELD_DP64(v, GENCAP, EVENT_LOG, p->evl);
    v = FIELD_DP64(v, GENCAP, MAX_XFER_SHIFT, p->max_xfer_shift);
    v = FIELD_DP64(v, GENCAP, MAX_BATCH_SHIFT, p->max_batch_shift);
    v = FIELD_DP64(v, GENCAP, IMS_MULT, p->ims_slots / 256);
    v = FIELD_DP64(v, GENCAP, CONFIG, 1);
    return FIELD_DP64(v, GENCAP, DESCS_PER_ENGINE, DSA_DESCS_PER_ENGINE);
}

static uint64_t dsa_wqcap(const DsaProps *p)
{
    uint64_t v = 0;

    v = FIELD_DP64(v, WQCAP, TOTAL_SIZE, p->wq_entries);
    v = FIELD_DP64(v, WQCAP, NUM_WQS, p->nr_wqs);
    v = FIELD_DP64(v, WQCAP, WQCFG_SIZE, p->op_config);  /* 32 << it bytes */
    v = FIELD_DP64(v, WQCAP, DEDICATED, 1);
    v = FIELD_DP64(v, WQCAP, PRIORITY, 1);
    v = FIELD_DP64(v, WQCAP, OCCUPANCY, 1);
    v = FIELD_DP64(v, WQCAP, OCCUPANCY_INT, 1);
    return FIELD_DP64(v, WQCAP, OP_CONFIG, p->op_config);
}

void dsa_caps_reset(DsaState *d)
{
    const DsaProps *p = &d->p;
    uint64_t v = 0;

    d->r[R_VERSION] = 0x100;
    dsa_reg64_set(d, A_GENCAP, dsa_gencap(p));
    dsa_reg64_set(d, A_WQCAP, dsa_wqcap(p));

    v = FIELD_DP64(v, GRPCAP, NUM_GROUPS, p->nr_groups);
    v = FIELD_DP64(v, GRPCAP, READ_BUFFERS, p->read_buffers);
    v = FIELD_DP64(v, GRPCAP, RDBUF_CTRL, 1);
    v = FIELD_DP64(v, GRPCAP, RDBUF_LIMIT, 1);
    dsa_reg64_set(d, A_GRPCAP, v);

    dsa_reg64_set(d, A_ENGCAP, p->nr_engines);
    dsa_reg64_set(d, A_OPCAP, p->op_cap);

    v = FIELD_DP64(0, TABLE, GRPCFG, d->off_grpcfg >> 8);
    v = FIELD_DP64(v, TABLE, WQCFG, d->off_wqcfg >> 8);
    v = FIELD_DP64(v, TABLE, MSIXPERM, d->off_msixperm >> 8);
    v = FIELD_DP64(v, TABLE, IMS, d->off_ims >> 8);
    dsa_reg64_set(d, A_TABLE, v);

    d->r[R_CMDCAP] = MAKE_64BIT_MASK(DSA_CMD_ENABLE_DEVICE,
                                     DSA_CMD_ABORT_PASID);
    if (p->int_handles) {
        d->r[R_CMDCAP] |= BIT(DSA_CMD_REQUEST_HANDLE) |
                          BIT(DSA_CMD_RELEASE_HANDLE);
    }
}
