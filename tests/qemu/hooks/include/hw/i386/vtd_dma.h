/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DMA of a PCI device with a PASID, through the emulated VT-d.
 *
 * QEMU 10.0 has no such interface: an AddressSpace can be had per PASID, but a
 * failing access in it is always recorded as a DMA remapping fault, which the
 * translation request of an ATS device never is. Here the device says which of
 * the two it is, and learns where the translation failed.
 *
 * Every translation is asked for anew; nothing is kept, so an invalidation
 * takes effect at once and a device has no TLB to flush.
 */
#ifndef HW_I386_VTD_DMA_H
#define HW_I386_VTD_DMA_H

#include "exec/memory.h"
#include "hw/pci/pci_device.h"

/**
 * struct VTDRequester - who asks
 * @dev: the device; its bus number and devfn are the source id
 * @pasid: PASID of the request, PCI_NO_PASID for none
 * @ats: the device has ATS enabled: a translation that fails is an answer to
 *	the device, not a fault. Without, it is recorded in the VT-d's fault
 *	registers like any untranslated request.
 */
typedef struct VTDRequester {
    PCIDevice *dev;
    uint32_t pasid;
    bool ats;
} VTDRequester;

/**
 * vtd_dma_translate() - translate one I/O address
 * @req: who asks
 * @iova: any address
 * @is_write: the access that is meant; a read-only page refuses it
 * @pa: guest physical address of @iova
 * @span: bytes from @iova on that are contiguous at @pa (up to the end of the
 *	page, 4 KiB to 1 GiB)
 *
 * Without VT-d, or with its translation switched off, addresses without PASID
 * translate to themselves and those with a PASID fail. Fails also while the
 * device may not master the bus.
 *
 * Context: BQL held. Does not sleep.
 * Return: true when the access is allowed.
 */
bool vtd_dma_translate(const VTDRequester *req, hwaddr iova, bool is_write,
                       hwaddr *pa, hwaddr *span);

/**
 * vtd_dma_rw() - read or write guest memory
 * @req: who asks
 * @iova: first address; the range may not wrap
 * @buf: @len bytes
 * @len: number of bytes, any, 0 too. The caller splits long transfers, for
 *	vCPUs wait for the BQL meanwhile.
 * @is_write: from @buf to memory
 * @fault: the first address that failed; may be NULL, untouched on success
 *
 * Accesses go up in address and stop at the first failure: what lies below
 * *@fault was transferred.
 *
 * Context: BQL held. Does not sleep.
 * Return: MEMTX_OK; MEMTX_ACCESS_ERROR, translation refused; MEMTX_ERROR or
 * MEMTX_DECODE_ERROR, translated but nothing there.
 */
MemTxResult vtd_dma_rw(const VTDRequester *req, hwaddr iova, void *buf,
                       hwaddr len, bool is_write, hwaddr *fault);

static inline MemTxResult vtd_dma_read(const VTDRequester *req, hwaddr iova,
                                       void *buf, hwaddr len, hwaddr *fault)
{
    return vtd_dma_rw(req, iova, buf, len, false, fault);
}

static inline MemTxResult vtd_dma_write(const VTDRequester *req, hwaddr iova,
                                        const void *buf, hwaddr len,
                                        hwaddr *fault)
{
    return vtd_dma_rw(req, iova, (void *)buf, len, true, fault);
}

#endif /* HW_I386_VTD_DMA_H */
