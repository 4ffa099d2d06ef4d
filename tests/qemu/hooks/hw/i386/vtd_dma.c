// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA with a PASID through the emulated VT-d; see vtd_dma.h.
 *
 * Owns the way from a device's request to guest memory. The translation itself
 * is intel_iommu.c's; a patch lets it be called without an address space per
 * PASID, whose number a guest chooses.
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "hw/i386/intel_iommu.h"
#include "hw/i386/vtd_dma.h"
#include "hw/i386/x86-iommu.h"
#include "hw/pci/pci.h"
#include "hw/pci/pci_bus.h"

#define INTERRUPT_FIRST 0xfee00000ULL
#define INTERRUPT_LAST  0xfeefffffULL

/* Without translation a request reaches memory as it is. */
#define SPAN_UNTRANSLATED (4 * KiB)

static IntelIOMMUState *vtd_of(const PCIDevice *dev)
{
    X86IOMMUState *iommu = x86_iommu_get_default();
    Object *vtd;

    if (!iommu) {
        return NULL;
    }
    vtd = object_dynamic_cast(OBJECT(iommu), TYPE_INTEL_IOMMU_DEVICE);
    return vtd ? INTEL_IOMMU_DEVICE(vtd) : NULL;
}

static bool may_master(const PCIDevice *dev)
{
    return pci_get_word(dev->config + PCI_COMMAND) & PCI_COMMAND_MASTER;
}

bool vtd_dma_translate(const VTDRequester *req, hwaddr iova, bool is_write,
                       hwaddr *pa, hwaddr *span)
{
    IntelIOMMUState *s = vtd_of(req->dev);
    IOMMUTLBEntry entry;
    hwaddr offset;

    if (!may_master(req->dev)) {
        return false;
    }
    if (s && s->dmar_enabled) {
        if (!vtd_translate_request(s, pci_get_bus(req->dev), req->dev->devfn,
                                   req->pasid, req->ats, iova, is_write,
                                   &entry)) {
            return false;
        }
        offset = iova & entry.addr_mask;
        *pa = entry.translated_addr + offset;
        *span = entry.addr_mask - offset + 1;
    } else {
        if (req->pasid != PCI_NO_PASID) {
            return false;
        }
        *pa = iova;
        *span = SPAN_UNTRANSLATED - iova % SPAN_UNTRANSLATED;
    }

    /* A write there would be an interrupt; no answer to a translation. */
    if (*pa < INTERRUPT_FIRST) {
        *span = MIN(*span, INTERRUPT_FIRST - *pa);
    }
    return *pa < INTERRUPT_FIRST || *pa > INTERRUPT_LAST;
}

MemTxResult vtd_dma_rw(const VTDRequester *req, hwaddr iova, void *buf,
                       hwaddr len, bool is_write, hwaddr *fault)
{
    MemTxAttrs attrs = { .requester_id = pci_requester_id(req->dev) };
    MemTxResult ret = MEMTX_OK;
    hwaddr pa, span;

    while (len) {
        if (!vtd_dma_translate(req, iova, is_write, &pa, &span)) {
            ret = MEMTX_ACCESS_ERROR;
            break;
        }
        span = MIN(span, len);
        ret = address_space_rw(&address_space_memory, pa, attrs, buf, span,
                               is_write);
        if (ret != MEMTX_OK) {
            break;
        }
        iova += span;
        buf = (char *)buf + span;
        len -= span;
    }
    if (ret != MEMTX_OK && fault) {
        *fault = iova;
    }
    return ret;
}
