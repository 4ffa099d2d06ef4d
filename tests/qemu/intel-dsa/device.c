/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intel DSA: the PCI device. Configuration space and capabilities, BARs, life
 * cycle, and the resets: of the device (command), of the function (FLR) and of
 * the machine. It holds no rule of the accelerator itself.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/main-loop.h"
#include "qemu/module.h"
#include "qemu/units.h"
#include "hw/i386/store64.h"
#include "hw/pci/msix.h"
#include "hw/pci/pcie.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "dsa.h"
#include "trace.h"

#define DSA_PCIE_CAP 0x80
#define DSA_MSIX_CAP 0x60
#define DSA_PASID_WIDTH 20

bool dsa_bus_master(DsaState *d)
{
    return pci_get_word(d->pdev.config + PCI_COMMAND) & PCI_COMMAND_MASTER;
}

static uint16_t dsa_pasid_ctrl(DsaState *d)
{
    if (!d->pasid_cap) {
        return 0;
    }
    return pci_get_word(d->pdev.config + d->pasid_cap + PCI_PASID_CTRL);
}

bool dsa_pasid_enabled(DsaState *d)
{
    return dsa_pasid_ctrl(d) & PCI_PASID_CTRL_ENABLE;
}

bool dsa_priv_enabled(DsaState *d)
{
    return dsa_pasid_enabled(d) && (dsa_pasid_ctrl(d) & PCI_PASID_CTRL_PRIV);
}

/*
 * What all resets have in common. Descriptors still in an engine are aborted
 * and have no effect from here on; nobody waits for them.
 */
void dsa_device_reset(DsaState *d)
{
    const DsaWait all = { .all = true, .seq = UINT64_MAX };

    trace_intel_dsa_reset(d->name);
    memset(d->r, 0, sizeof(d->r));
    memset(d->grp, 0, sizeof(d->grp));
    memset(d->msixperm, 0, sizeof(d->msixperm));
    for (unsigned i = 0; i < d->p.nr_groups; i++) {
        d->grp[i][DSA_GRP_FLAGS] = FIELD_DP32(0, GRPFLAGS, RDBUFS_ALLOWED,
                                              d->p.read_buffers);
    }
    for (unsigned i = 0; i < d->p.nr_wqs; i++) {
        d->wq[i].cfg[DSA_WQ_SIZE] = 0;
        dsa_wq_reset_config(d, i);
    }
    d->nr_events = 0;
    dsa_cmd_reset(d);
    dsa_ims_reset(d);
    dsa_caps_reset(d);
    dsa_items_abort(d, &all);
}

/* Whether an FLR is not the reset that the halted device needs. */
static bool dsa_stays_halted(DsaState *d)
{
    return d->in_flr && dsa_dev_state(d) == DSA_DEV_HALT &&
           FIELD_EX32(d->r[R_GENSTS], GENSTS, RESET_TYPE) > DSA_RESET_FLR;
}

static void dsa_reset(DeviceState *dev)
{
    DsaState *d = INTEL_DSA(dev);
    uint8_t *config = d->pdev.config;
    uint32_t halted = dsa_stays_halted(d) ? d->r[R_GENSTS] : 0;

    if (d->pasid_cap) {
        pci_set_word(config + d->pasid_cap + PCI_PASID_CTRL, 0);
    }
    if (d->pdev.exp.ats_cap) {
        pci_set_word(config + d->pdev.exp.ats_cap + PCI_ATS_CTRL, 0);
    }
    pcie_cap_deverr_reset(&d->pdev);
    pci_set_word(config + d->pdev.exp.exp_cap + PCI_EXP_DEVCTL2, 0);
    memset(&d->faults, 0, sizeof(d->faults));
    dsa_device_reset(d);
    d->r[R_GENSTS] |= halted;
}

void dsa_set_dead(DsaState *d, bool dead)
{
    if (d->dead == dead) {
        return;
    }
    d->dead = dead;
    memory_region_set_enabled(&d->silence, dead);
    if (dead) {
        dsa_device_reset(d);
    } else {
        pci_device_reset(&d->pdev);
    }
}

static uint32_t dsa_config_read(PCIDevice *pdev, uint32_t addr, int len)
{
    return INTEL_DSA(pdev)->dead ? UINT32_MAX
                                 : pci_default_read_config(pdev, addr, len);
}

static void dsa_config_write(PCIDevice *pdev, uint32_t addr, uint32_t val,
                             int len)
{
    if (INTEL_DSA(pdev)->dead) {
        return;
    }
    pci_default_write_config(pdev, addr, val, len);
    INTEL_DSA(pdev)->in_flr = true;
    pcie_cap_flr_write_config(pdev, addr, val, len);
    INTEL_DSA(pdev)->in_flr = false;
}

static MemTxResult dsa_store64(Store64 *dev, MemoryRegion *mr, hwaddr off,
                               const void *buf, MemTxAttrs attrs)
{
    DsaState *d = INTEL_DSA(dev);

    if (mr != &d->portals) {
        return MEMTX_ERROR;     /* comes as plain stores */
    }
    return dsa_portal_store64(d, off, buf);
}

static void dsa_init_bars(DsaState *d)
{
    uint32_t size = d->off_ims ? d->off_ims + d->p.ims_slots * 16
                               : d->off_msix + 0x2000;

    memory_region_init(&d->bar0, OBJECT(d), "intel-dsa-bar0",
                       MAX(pow2ceil(size), 64 * KiB));
    memory_region_init_io(&d->regs, OBJECT(d), &dsa_mmio_ops, d,
                          "intel-dsa-regs", memory_region_size(&d->bar0));
    memory_region_add_subregion(&d->bar0, 0, &d->regs);
    memory_region_init_io(&d->silence, OBJECT(d), &dsa_silence_ops, d,
                          "intel-dsa-silence", memory_region_size(&d->bar0));
    memory_region_set_enabled(&d->silence, false);
    memory_region_add_subregion_overlap(&d->bar0, 0, &d->silence, 1);
    memory_region_init_io(&d->portals, OBJECT(d), &dsa_portal_ops, d,
                          "intel-dsa-portals",
                          pow2ceil(d->p.nr_wqs) * 16 * KiB);
    pci_register_bar(&d->pdev, 0, PCI_BASE_ADDRESS_SPACE_MEMORY |
                     PCI_BASE_ADDRESS_MEM_TYPE_64, &d->bar0);
    pci_register_bar(&d->pdev, 2, PCI_BASE_ADDRESS_SPACE_MEMORY |
                     PCI_BASE_ADDRESS_MEM_TYPE_64, &d->portals);
}

/* The first extended capability has to be at 0x100. */
static void dsa_init_ext_caps(DsaState *d)
{
    uint16_t off = PCI_CONFIG_SPACE_SIZE;
    uint16_t cap = DSA_PASID_WIDTH << 8;

    if (d->p.ats) {
        pcie_ats_init(&d->pdev, off, true);
        off += 0x10;
    }
    if (d->p.serial) {
        pcie_dev_ser_num_init(&d->pdev, off, d->p.serial);
        off += 0x10;
    }
    if (!d->p.pasid) {
        return;
    }
    if (d->p.priv) {
        cap |= PCI_PASID_CAP_PRIV;
    }
    pcie_add_capability(&d->pdev, PCI_EXT_CAP_ID_PASID, 1, off,
                        PCI_EXT_CAP_PASID_SIZEOF);
    pci_set_word(d->pdev.config + off + PCI_PASID_CAP, cap);
    pci_set_word(d->pdev.wmask + off + PCI_PASID_CTRL, PCI_PASID_CTRL_ENABLE |
                 (d->p.priv ? PCI_PASID_CTRL_PRIV : 0));
    d->pasid_cap = off;
}

static bool dsa_init_caps(DsaState *d, Error **errp)
{
    int ret = pcie_endpoint_cap_init(&d->pdev, DSA_PCIE_CAP);

    if (ret < 0) {
        error_setg(errp, "intel-dsa: no room for the PCIe capability");
        return false;
    }
    pcie_cap_flr_init(&d->pdev);
    pcie_cap_deverr_init(&d->pdev);
    if (msix_init(&d->pdev, d->nr_vectors, &d->bar0, 0, d->off_msix,
                  &d->bar0, 0, d->off_msix + 0x1000, DSA_MSIX_CAP, errp)) {
        pcie_cap_exit(&d->pdev);
        return false;
    }
    for (unsigned i = 0; i < d->nr_vectors; i++) {
        msix_vector_use(&d->pdev, i);
    }
    dsa_init_ext_caps(d);
    return true;
}

static void dsa_init_engines(DsaState *d)
{
    for (unsigned i = 0; i < d->p.nr_engines; i++) {
        d->engine[i].d = d;
        d->engine[i].id = i;
        d->engine[i].scratch = g_new0(DsaOpScratch, 1);
    }
    d->engine_bh = qemu_bh_new(dsa_engine_kick, d);
    d->cmd_bh = qemu_bh_new(dsa_cmd_run, d);
    d->event_bh = qemu_bh_new(dsa_event_flush, d);
    d->wake_bh = qemu_bh_new(dsa_engine_wake, d);
}

static void dsa_realize(PCIDevice *pdev, Error **errp)
{
    DsaState *d = INTEL_DSA(pdev);

    if (!dsa_caps_check(d, errp)) {
        return;
    }
    d->name = g_strdup(DEVICE(d)->id ?: pdev->name);
    pci_config_set_device_id(pdev->config, d->p.device_id);
    dsa_caps_layout(d);
    dsa_init_bars(d);
    if (!dsa_init_caps(d, errp)) {
        return;
    }
    d->ims = g_malloc0_n(MAX(d->p.ims_slots, 1), sizeof(d->ims[0]));
    d->ims_pending = bitmap_new(MAX(d->p.ims_slots, 1));
    d->handles[0] = g_new0(DsaIntHandle, d->nr_vectors);
    d->handles[1] = g_new0(DsaIntHandle, MAX(d->p.ims_slots, 1));
    dsa_init_engines(d);
    dsa_device_reset(d);
}

/* Engines may outlive this by a moment; they hold a reference to the object. */
static void dsa_exit(PCIDevice *pdev)
{
    DsaState *d = INTEL_DSA(pdev);

    dsa_device_reset(d);
    d->gone = true;
    dsa_engine_wake(d);
    qemu_bh_delete(d->engine_bh);
    qemu_bh_delete(d->cmd_bh);
    qemu_bh_delete(d->event_bh);
    qemu_bh_delete(d->wake_bh);
    msix_unuse_all_vectors(pdev);
    msix_uninit(pdev, &d->bar0, &d->bar0);
    pcie_cap_exit(pdev);
}

static void dsa_instance_init(Object *obj)
{
    DsaState *d = INTEL_DSA(obj);

    QTAILQ_INIT(&d->items);
    for (unsigned i = 0; i < DSA_MAX_WQS; i++) {
        QTAILQ_INIT(&d->wq[i].queue);
    }
    dsa_fault_instance_init(d);
}

static void dsa_instance_finalize(Object *obj)
{
    DsaState *d = INTEL_DSA(obj);

    for (unsigned i = 0; i < DSA_MAX_ENGINES; i++) {
        g_free(d->engine[i].scratch);
    }
    g_free(d->name);
    g_free(d->ims);
    g_free(d->ims_pending);
    g_free(d->handles[0]);
    g_free(d->handles[1]);
}

static const Property dsa_properties[] = {
    DEFINE_PROP_UINT16("device-id", DsaState, p.device_id, 0x11fb),
    DEFINE_PROP_UINT32("wqs", DsaState, p.nr_wqs, 8),
    DEFINE_PROP_UINT32("wq-entries", DsaState, p.wq_entries, 128),
    DEFINE_PROP_UINT32("groups", DsaState, p.nr_groups, 4),
    DEFINE_PROP_UINT32("engines", DsaState, p.nr_engines, 4),
    DEFINE_PROP_UINT32("ims-slots", DsaState, p.ims_slots, 2048),
    DEFINE_PROP_UINT32("read-buffers", DsaState, p.read_buffers, 96),
    DEFINE_PROP_UINT8("max-transfer-shift", DsaState, p.max_xfer_shift, 31),
    DEFINE_PROP_UINT8("max-batch-shift", DsaState, p.max_batch_shift, 10),
    DEFINE_PROP_UINT64("serial", DsaState, p.serial, 0),
    DEFINE_PROP_UINT64("op-cap", DsaState, p.op_cap, DSA_OPS_ALL),
    DEFINE_PROP_BOOL("int-handles", DsaState, p.int_handles, false),
    DEFINE_PROP_BOOL("op-config", DsaState, p.op_config, false),
    DEFINE_PROP_BOOL("evl", DsaState, p.evl, true),
    DEFINE_PROP_BOOL("pasid", DsaState, p.pasid, true),
    DEFINE_PROP_BOOL("priv", DsaState, p.priv, true),
    DEFINE_PROP_BOOL("ats", DsaState, p.ats, true),
    DEFINE_PROP_BOOL("block-on-fault", DsaState, p.block_on_fault, false),
    DEFINE_PROP_BOOL("overlap-copy", DsaState, p.overlap_copy, true),
    DEFINE_PROP_BOOL("cache-mem", DsaState, p.cache_mem, true),
    DEFINE_PROP_BOOL("cache-flush", DsaState, p.cache_flush, false),
    DEFINE_PROP_BOOL("dest-readback", DsaState, p.dest_readback, true),
    DEFINE_PROP_BOOL("drain-readback", DsaState, p.drain_readback, false),
};

/* Descriptors in flight cannot be migrated. */
static const VMStateDescription dsa_vmstate = {
    .name = TYPE_INTEL_DSA,
    .unmigratable = 1,
};

static void dsa_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);
    PCIDeviceClass *pc = PCI_DEVICE_CLASS(oc);

    pc->realize = dsa_realize;
    pc->exit = dsa_exit;
    pc->config_read = dsa_config_read;
    pc->config_write = dsa_config_write;
    pc->vendor_id = PCI_VENDOR_ID_INTEL;
    pc->device_id = 0x11fb;
    pc->class_id = PCI_CLASS_SYSTEM_OTHER;
    dc->desc = "Intel Data Streaming Accelerator";
    dc->vmsd = &dsa_vmstate;
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
    device_class_set_legacy_reset(dc, dsa_reset);
    device_class_set_props(dc, dsa_properties);
    STORE64_CLASS(oc)->store64 = dsa_store64;
    dsa_fault_class_init(oc);
}

static const TypeInfo dsa_info = {
    .name = TYPE_INTEL_DSA,
    .parent = TYPE_PCI_DEVICE,
    .instance_size = sizeof(DsaState),
    .instance_init = dsa_instance_init,
    .instance_finalize = dsa_instance_finalize,
    .class_init = dsa_class_init,
    .interfaces = (InterfaceInfo[]) {
        { INTERFACE_PCIE_DEVICE },
        { TYPE_STORE64 },
        { }
    },
};

static void dsa_register_types(void)
{
    type_register_static(&dsa_info);
}

type_init(dsa_register_types)
