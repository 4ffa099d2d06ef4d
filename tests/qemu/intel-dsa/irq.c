/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intel DSA: interrupts. INTCAUSE and MSI-X vector 0; MSI-X and IMS entries
 * with mask, pending and PASID permission; interrupt handles. The only file
 * that sends a message.
 */
#include "qemu/osdep.h"
#include "hw/pci/msi.h"
#include "hw/pci/msix.h"
#include "dsa.h"
#include "trace.h"

static void dsa_msix_fire(DsaState *d, unsigned vector)
{
    if (!msix_enabled(&d->pdev)) {
        return;
    }
    d->stats.msix++;
    trace_intel_dsa_irq(d->name, "msix", vector);
    msix_notify(&d->pdev, vector);
}

static void dsa_ims_fire(DsaState *d, unsigned slot)
{
    const uint32_t *e = d->ims[slot];
    MSIMessage msg = {
        .address = e[DSA_IMS_ADDR_LO] | (uint64_t)e[DSA_IMS_ADDR_HI] << 32,
        .data = e[DSA_IMS_DATA],
    };

    if (FIELD_EX32(e[DSA_IMS_CTRL], INTPERM, MASK)) {
        set_bit(slot, d->ims_pending);
        trace_intel_dsa_irq_pending(d->name, slot);
        return;
    }
    clear_bit(slot, d->ims_pending);
    d->stats.ims++;
    trace_intel_dsa_irq(d->name, "ims", slot);
    msi_send_message(&d->pdev, msg);
}

/* Sets bits of INTCAUSE whose interrupts are enabled, and says so. */
void dsa_irq_cause(DsaState *d, uint32_t cause)
{
    uint32_t ctrl = d->r[R_GENCTRL];

    if (!FIELD_EX32(ctrl, GENCTRL, SWERR_INT)) {
        cause &= ~R_INTCAUSE_SWERR_MASK;
    }
    if (!FIELD_EX32(ctrl, GENCTRL, HALT_INT)) {
        cause &= ~R_INTCAUSE_HALT_MASK;
    }
    if (!FIELD_EX32(ctrl, GENCTRL, EVL_INT)) {
        cause &= ~R_INTCAUSE_EVL_MASK;
    }
    if (cause) {
        d->r[R_INTCAUSE] |= cause;
        dsa_msix_fire(d, 0);
    }
}

static unsigned dsa_irq_entries(const DsaState *d, bool ims)
{
    return ims ? d->p.ims_slots : d->nr_vectors;
}

/* Of a handle's 16 bits, how many are the index; there is at least one more. */
static unsigned dsa_irq_index_bits(const DsaState *d, bool ims)
{
    return 32 - clz32(MAX(dsa_irq_entries(d, ims), 2) - 1);
}

/* The entry that a handle stands for, or -1. */
static int dsa_irq_entry(DsaState *d, bool ims, unsigned handle)
{
    unsigned index = handle;

    if (d->p.int_handles) {
        index = handle & MAKE_64BIT_MASK(0, dsa_irq_index_bits(d, ims));
    }
    if (index >= dsa_irq_entries(d, ims)) {
        return -1;
    }
    if (d->p.int_handles && (!d->handles[ims][index].valid ||
                             d->handles[ims][index].handle != handle)) {
        return -1;
    }
    return index;
}

/* The occupancy interrupt's: MSI-X entry 0 is the device's own, without handle */
bool dsa_irq_handle_exists(DsaState *d, bool ims, unsigned handle)
{
    return (!ims && !handle) || dsa_irq_entry(d, ims, handle) >= 0;
}

/*
 * A descriptor with a PASID needs an entry that allows this PASID, one without
 * an entry that asks for none.
 */
bool dsa_irq_handle_ok(DsaState *d, bool ims, unsigned handle, uint32_t pasid)
{
    int index = dsa_irq_entry(d, ims, handle);
    uint32_t perm;

    if (index < 0) {
        return false;
    }
    perm = ims ? d->ims[index][DSA_IMS_CTRL] : d->msixperm[index];
    if (!FIELD_EX32(perm, INTPERM, PASID_EN)) {
        return pasid == DSA_NO_PASID;
    }
    return pasid == FIELD_EX32(perm, INTPERM, PASID);
}

void dsa_irq_fire(DsaState *d, bool ims, unsigned handle)
{
    int index = dsa_irq_entry(d, ims, handle);

    if (index < 0) {
        return;     /* revoked meanwhile */
    }
    if (ims) {
        dsa_ims_fire(d, index);
    } else {
        dsa_msix_fire(d, index);
    }
}

uint32_t dsa_ims_read(DsaState *d, unsigned dword)
{
    return d->ims[dword / DSA_IMS_DWORDS][dword % DSA_IMS_DWORDS];
}

void dsa_ims_write(DsaState *d, unsigned dword, uint32_t val)
{
    unsigned slot = dword / DSA_IMS_DWORDS;
    uint32_t *e = d->ims[slot];

    switch (dword % DSA_IMS_DWORDS) {
    case DSA_IMS_ADDR_LO:
        e[DSA_IMS_ADDR_LO] = val & ~3u;
        break;
    case DSA_IMS_ADDR_HI:
        e[DSA_IMS_ADDR_HI] = val;
        break;
    case DSA_IMS_DATA:
        e[DSA_IMS_DATA] = val;
        break;
    case DSA_IMS_CTRL:
        e[DSA_IMS_CTRL] = val & (R_INTPERM_MASK_MASK | R_INTPERM_PASID_EN_MASK |
                                 R_INTPERM_PASID_MASK);
        if (!FIELD_EX32(val, INTPERM, MASK) && test_bit(slot, d->ims_pending)) {
            dsa_ims_fire(d, slot);
        }
        break;
    }
}

void dsa_ims_reset(DsaState *d)
{
    for (unsigned i = 0; i < d->p.ims_slots; i++) {
        memset(d->ims[i], 0, sizeof(d->ims[i]));
        d->ims[i][DSA_IMS_CTRL] = R_INTPERM_MASK_MASK;
    }
    if (d->p.ims_slots) {
        bitmap_zero(d->ims_pending, d->p.ims_slots);
    }
    for (int ims = 0; ims < 2; ims++) {
        for (unsigned i = 0; i < dsa_irq_entries(d, ims); i++) {
            d->handles[ims][i].valid = false;
        }
    }
    d->handle_epoch = 0;
}

/*
 * Handles. The index is in the low bits; above it a number that changes when
 * handles are revoked, so that a stale handle is not taken for a new one. It
 * begins with 1: who uses an index for a handle is to find out at once.
 */
uint8_t dsa_irq_request_handle(DsaState *d, uint32_t operand, uint16_t *handle)
{
    bool ims = operand & BIT(16);
    unsigned index = operand & 0xffff;
    DsaIntHandle *h;

    if (index >= dsa_irq_entries(d, ims)) {
        return DSA_CE_INT_INDEX;
    }
    h = &d->handles[ims][index];
    if (!h->valid) {
        h->valid = true;
        h->handle = index |
            (uint16_t)((d->handle_epoch + 1) << dsa_irq_index_bits(d, ims));
    }
    *handle = h->handle;
    return DSA_CE_OK;
}

uint8_t dsa_irq_release_handle(DsaState *d, uint32_t operand)
{
    bool ims = operand & BIT(16);
    int index = dsa_irq_entry(d, ims, operand & 0xffff);

    if (index < 0) {
        return DSA_CE_BAD_HANDLE;
    }
    d->handles[ims][index].valid = false;
    return DSA_CE_OK;
}

void dsa_irq_revoke_handles(DsaState *d)
{
    for (int ims = 0; ims < 2; ims++) {
        for (unsigned i = 0; i < dsa_irq_entries(d, ims); i++) {
            d->handles[ims][i].valid = false;
        }
    }
    d->handle_epoch++;
    dsa_irq_cause(d, R_INTCAUSE_REVOKED_MASK);
}
