/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intel DSA: guest memory. Every access goes through the IOMMU, with the PASID
 * of the WQ if it has one, never longer than one engine chunk. The dsa_mem_*
 * calls are what the operations use; they let others run, and give up when the
 * descriptor was aborted.
 */
#include "qemu/osdep.h"
#include "hw/pci/pci_bus.h"
#include "hw/i386/vtd_dma.h"
#include "dsa.h"
#include "trace.h"

static bool dsa_ats_enabled(DsaState *d)
{
    uint16_t ctrl;

    if (!d->pdev.exp.ats_cap) {
        return false;
    }
    ctrl = pci_get_word(d->pdev.config + d->pdev.exp.ats_cap + PCI_ATS_CTRL);
    return ctrl & PCI_ATS_CTRL_ENABLE;
}

int dsa_dma_rw(DsaState *d, uint32_t pasid, uint64_t addr, void *buf,
               uint32_t len, bool write, uint64_t *fault_addr)
{
    const VTDRequester req = {
        .dev = &d->pdev,
        .pasid = pasid == DSA_NO_PASID ? PCI_NO_PASID : pasid,
        .ats = dsa_ats_enabled(d),
    };
    hwaddr fault = addr;

    if (d->gone) {
        return 1;
    }
    if (dsa_bus_master(d) &&
        (pasid == DSA_NO_PASID || dsa_pasid_enabled(d)) &&
        vtd_dma_rw(&req, addr, buf, len, write, &fault) == MEMTX_OK) {
        return 0;
    }
    d->stats.faults++;
    *fault_addr = fault;
    trace_intel_dsa_fault(d->name, pasid, fault, write);
    return 1;
}

/*
 * By pages, so that an abort in the midst of it ends it soon. There is no page
 * request interface: one who asked to block on faults is told that the request
 * was not answered.
 */
static int coroutine_fn dsa_mem_rw(DsaRun *run, uint64_t addr, uint8_t *buf,
                                   uint32_t len, bool write,
                                   uint64_t *fault_addr)
{
    int fault = dsa_desc_flags(run->desc) & DSA_FLAG_BOF ? DSA_MEM_FAULT_IR
                                                         : DSA_MEM_FAULT;

    while (len) {
        uint32_t n = MIN(len, 4096 - (addr & 4095));

        if (run->item->aborted) {
            return DSA_MEM_ABORT;
        }
        if (dsa_dma_rw(run->e->d, run->item->pasid, addr, buf, n, write,
                       fault_addr)) {
            return run->item->aborted ? DSA_MEM_ABORT : fault;
        }
        addr += n;
        buf += n;
        len -= n;
    }
    dsa_engine_pace(run->e);
    return run->item->aborted ? DSA_MEM_ABORT : DSA_MEM_OK;
}

int coroutine_fn dsa_mem_read(void *opaque, uint64_t addr, void *buf,
                              uint32_t len, uint64_t *fault_addr)
{
    return dsa_mem_rw(opaque, addr, buf, len, false, fault_addr);
}

int coroutine_fn dsa_mem_write(void *opaque, uint64_t addr, const void *buf,
                               uint32_t len, uint64_t *fault_addr)
{
    return dsa_mem_rw(opaque, addr, (uint8_t *)buf, len, true, fault_addr);
}
