// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PCI driver (layer L4): brings a device up and down.
 *
 * A flat ladder of init and exit pairs, each of a lower layer. Works without
 * an IOMMU too: then the device comes up, and activation of a subfunction is
 * refused with the reason.
 */
#include <linux/bitfield.h>
#include <linux/dma-mapping.h>
#include <linux/idxd_sf.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "dl.h"
#include "sf.h"

/* How long to let a command of an earlier driver end before resetting */
#define IDXD_PROBE_BUSY_MS	1000

static int idxd_probe_bars(struct idxd_dev *idxd)
{
	struct pci_dev *pdev = idxd->pdev;
	void __iomem *regs;
	int err;

	err = pcim_enable_device(pdev);
	if (err)
		return err;
	regs = pcim_iomap_region(pdev, IDXD_REGS_BAR, KBUILD_MODNAME);
	if (IS_ERR(regs))
		return PTR_ERR(regs);
	/* Portals are mapped by the users of subfunctions only */
	err = pcim_request_region(pdev, IDXD_PORTAL_BAR, KBUILD_MODNAME);
	if (err)
		return err;
	err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (err)
		return err;

	idxd->hw.regs = regs;
	idxd->hw.regs_size = pci_resource_len(pdev, IDXD_REGS_BAR);
	idxd->hw.portal = pci_resource_start(pdev, IDXD_PORTAL_BAR);
	idxd->hw.portal_size = pci_resource_len(pdev, IDXD_PORTAL_BAR);
	idxd_hw_init(&idxd->hw, &pdev->dev);
	return 0;
}

static int idxd_probe_caps(struct idxd_dev *idxd)
{
	struct idxd_hw *hw = &idxd->hw;
	struct idxd_caps_raw raw = {
		.version = idxd_hw_read32(hw, IDXD_VERSION_OFF),
		.gencap = idxd_hw_read64(hw, IDXD_GENCAP_OFF),
		.wqcap = idxd_hw_read64(hw, IDXD_WQCAP_OFF),
		.grpcap = idxd_hw_read64(hw, IDXD_GRPCAP_OFF),
		.engcap = idxd_hw_read64(hw, IDXD_ENGCAP_OFF),
		.table = {
			idxd_hw_read64(hw, IDXD_TABLE0_OFF),
			idxd_hw_read64(hw, IDXD_TABLE1_OFF),
		},
		.cmdcap = idxd_hw_read32(hw, IDXD_CMDCAP_OFF),
		.regs_size = hw->regs_size,
		.portal_size = hw->portal_size,
	};
	const char *why = NULL;
	unsigned int i;
	int err;

	for (i = 0; i < IDXD_OPCAP_NR_WORDS; i++)
		raw.opcap[i] = idxd_hw_read64(hw, IDXD_OPCAP_OFF + i * 8);
	err = idxd_caps_decode(&raw, &idxd->caps, &why);
	if (err)
		pci_err(idxd->pdev, "device cannot be driven: %s\n", why);
	return err;
}

/*
 * A device that halted, or that is busy with a command of an earlier driver
 * that never ends, needs more than the reset command.
 */
static int idxd_probe_reset(struct idxd_dev *idxd)
{
	u32 gensts = idxd_hw_read32(&idxd->hw, IDXD_GENSTS_OFF);
	int err;

	if (FIELD_GET(IDXD_GENSTS_STATE, gensts) == IDXD_DEV_HALT ||
	    idxd_hw_wait32(&idxd->hw, IDXD_CMDSTS_OFF, IDXD_CMDSTS_ACTIVE, 0,
			   IDXD_PROBE_BUSY_MS)) {
		/* Saves and restores PASID and ATS, which the IOMMU enabled */
		err = idxd_dev_reset_function(idxd);
		if (err) {
			pci_err(idxd->pdev, "function reset failed: %d\n", err);
			return err;
		}
	}
	err = idxd_dev_reset(idxd);
	if (err)
		pci_err(idxd->pdev, "reset failed: %d\n", err);
	return err;
}

static int idxd_probe_vector(struct idxd_dev *idxd)
{
	struct idxd_event *ev = &idxd->event;
	int nr, err;

	nr = pci_alloc_irq_vectors(idxd->pdev, 1, 1, PCI_IRQ_MSIX);
	if (nr < 0)
		return nr;
	ev->hw = &idxd->hw;
	ev->cmdq = &idxd->cmdq;
	ev->errq = &idxd->errq;
	ev->ops = &idxd_health_event_ops;
	ev->priv = idxd;
	ev->irq = pci_irq_vector(idxd->pdev, 0);
	err = idxd_event_init(ev);
	if (err)
		pci_free_irq_vectors(idxd->pdev);
	return err;
}

/* Pairs with idxd_probe_vector() */
static void idxd_remove_vector(struct idxd_dev *idxd)
{
	idxd_event_exit(&idxd->event);
	pci_free_irq_vectors(idxd->pdev);
}

static int idxd_probe_enable(struct idxd_dev *idxd)
{
	u8 cmderr = IDXD_CMDERR_NONE;
	int err = idxd_dev_enable(idxd, &cmderr);

	if (err)
		pci_err(idxd->pdev, "enable failed: %d, code 0x%02x\n", err,
			cmderr);
	return err;
}

/*
 * Pairs with idxd_probe_enable(). Whoever does not obey must forget the memory
 * that it was told of, and may do no more DMA. The device lock is held.
 */
static void idxd_remove_disable(struct idxd_dev *idxd)
{
	int err = idxd_dev_disable(idxd);

	if (err && !idxd_hw_gone(&idxd->hw))
		err = idxd_dev_reset_function(idxd);
	if (err)
		pci_notice(idxd->pdev, "leaves without a reset: %d\n", err);
	pci_clear_master(idxd->pdev);
}

static int idxd_probe_device(struct idxd_dev *idxd)
{
	int err;

	err = idxd_probe_reset(idxd);
	if (err)
		return err;
	/* Now that nothing of an earlier driver can do DMA any more */
	pci_set_master(idxd->pdev);
	err = idxd_res_init(&idxd->res, &idxd->hw, &idxd->caps, &idxd->cmdq);
	if (err)
		return err;
	idxd->errq.tell = idxd_sf_error;
	idxd->errq.priv = idxd;
	err = idxd_errq_init(&idxd->errq, &idxd->hw, &idxd->caps);
	if (err)
		goto err_res;
	err = idxd_probe_vector(idxd);
	if (err)
		goto err_errq;
	err = idxd_probe_enable(idxd);
	/* It may be enabled in spite of an error, and it knows our memory */
	if (err)
		goto err_enable;
	err = idxd_ims_init(&idxd->ims, &idxd->hw, &idxd->caps, idxd->pdev);
	if (err)
		goto err_enable;
	err = idxd_iommu_init(&idxd->iommu, idxd->pdev);
	if (err)
		goto err_ims;
	return 0;

err_ims:
	idxd_ims_exit(&idxd->ims);
err_enable:
	idxd_remove_disable(idxd);
	idxd_remove_vector(idxd);
err_errq:
	idxd_errq_exit(&idxd->errq);
err_res:
	idxd_res_exit(&idxd->res);
	return err;
}

/* Pairs with idxd_probe_device() */
static void idxd_remove_device(struct idxd_dev *idxd)
{
	idxd_iommu_exit(&idxd->iommu);
	idxd_ims_exit(&idxd->ims);
	idxd_remove_disable(idxd);
	idxd_sf_release_stuck(idxd);
	idxd_remove_vector(idxd);
	idxd_errq_exit(&idxd->errq);
	idxd_res_exit(&idxd->res);
}

static int idxd_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct idxd_dev *idxd;
	int err;

	idxd = idxd_devlink_alloc(pdev);
	if (!idxd)
		return -ENOMEM;
	pci_set_drvdata(pdev, idxd);

	err = idxd_probe_bars(idxd);
	if (err)
		goto err_free;
	err = idxd_probe_caps(idxd);
	if (err)
		goto err_free;
	idxd_cmd_init(&idxd->cmdq, &idxd->hw, &idxd->caps);
	err = idxd_probe_device(idxd);
	if (err)
		goto err_free;
	err = idxd_devlink_register(idxd);
	if (err)
		goto err_device;

	pci_info(pdev, "%u work queues, %u entries, %u interrupt slots\n",
		 idxd->res.nr_used, idxd->caps.total_wq_size,
		 idxd->caps.nr_ims);
	return 0;

err_device:
	idxd_remove_device(idxd);
err_free:
	idxd_devlink_free(idxd);
	return err;
}

static void idxd_remove(struct pci_dev *pdev)
{
	struct idxd_dev *idxd = pci_get_drvdata(pdev);

	/* Pulled out: nothing interrupted, and users are about to be waited for */
	if (idxd_hw_gone(&idxd->hw))
		idxd_event_fail(&idxd->event, IDXD_FAILURE_GONE);
	idxd_devlink_unregister(idxd);
	idxd_remove_device(idxd);
	idxd_devlink_free(idxd);
}

/*
 * The next kernel must not find a device that writes to its memory. Users may
 * be there and commands may run: wait for neither.
 */
static void idxd_shutdown(struct pci_dev *pdev)
{
	struct idxd_dev *idxd = pci_get_drvdata(pdev);

	/* Recovery holds the device lock as our caller does: none from now on */
	WRITE_ONCE(idxd->removing, true);
	pci_clear_master(pdev);
	idxd_event_disable(&idxd->event);
	idxd_cmd_kill_and_reset(&idxd->cmdq);
}

/* Whoever resets the function has its device lock: it is we, or not */
static bool idxd_reset_is_ours(const struct idxd_dev *idxd)
{
	return READ_ONCE(idxd->resetter) == current;
}

static void idxd_reset_prepare(struct pci_dev *pdev)
{
	struct idxd_dev *idxd = pci_get_drvdata(pdev);

	if (!idxd_reset_is_ours(idxd)) {
		idxd_event_fail(&idxd->event, IDXD_FAILURE_RESET);
		idxd_errq_flush(&idxd->errq);
	}
}

static void idxd_reset_done(struct pci_dev *pdev)
{
	struct idxd_dev *idxd = pci_get_drvdata(pdev);

	if (!idxd_reset_is_ours(idxd))
		idxd_health_reset_done(idxd);
}

static const struct pci_error_handlers idxd_err_handler = {
	.reset_prepare = idxd_reset_prepare,
	.reset_done = idxd_reset_done,
};

static const struct pci_device_id idxd_pci_ids[] = {
	{ PCI_VDEVICE(INTEL, IDXD_PCI_DEVICE_SPR) },
	{ PCI_VDEVICE(INTEL, IDXD_PCI_DEVICE_GNRD) },
	{ PCI_VDEVICE(INTEL, IDXD_PCI_DEVICE_DMR) },
	{ }
};
MODULE_DEVICE_TABLE(pci, idxd_pci_ids);

static struct pci_driver idxd_pci_driver = {
	.name = IDXD_SF_DRIVER,
	.id_table = idxd_pci_ids,
	.probe = idxd_probe,
	.remove = idxd_remove,
	.shutdown = idxd_shutdown,
	.err_handler = &idxd_err_handler,
};

static int __init idxd_init(void)
{
	return pci_register_driver(&idxd_pci_driver);
}
module_init(idxd_init);

static void __exit idxd_exit(void)
{
	pci_unregister_driver(&idxd_pci_driver);
	/* Devices of ours may be referenced beyond the drivers' removal */
	idxd_sf_aux_flush();
}
module_exit(idxd_exit);

MODULE_DESCRIPTION("Intel Data Streaming Accelerator with subfunctions");
MODULE_LICENSE("GPL");
