/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt message storage (layer L2): an interrupt domain whose interrupts
 * are slots of the device's IMS table.
 */
#ifndef IDXD_IMS_H
#define IDXD_IMS_H

#include <linux/idr.h>
#include <linux/msi.h>
#include <linux/spinlock.h>

#include "caps.h"
#include "hw.h"

struct fwnode_handle;
struct irq_domain;
struct pci_dev;

/**
 * struct idxd_ims_entry - what a slot was given; a reset of the device takes it
 * @msg: the message, zeroes while the interrupt is not in use
 * @ctrl: the control word
 */
struct idxd_ims_entry {
	struct msi_msg msg;
	u32 ctrl;
};

/**
 * struct idxd_ims - the IMS table of a device
 * @hw: register window
 * @caps: decoded capabilities
 * @domain: the interrupt domain, NULL on a device without IMS
 * @fwnode: its name
 * @desc: tells the parent domain which PCI function sends the messages
 * @remapped: the parent remaps interrupts
 * @lock: protects @entries and the slots; innermost
 * @entries: what each slot was given
 * @slots: the slots in use
 * @nr_used: how many
 */
struct idxd_ims {
	struct idxd_hw *hw;
	const struct idxd_caps *caps;
	struct irq_domain *domain;
	struct fwnode_handle *fwnode;
	struct msi_desc desc;
	bool remapped;
	raw_spinlock_t lock;
	struct idxd_ims_entry *entries;
	struct ida slots;
	atomic_t nr_used;
};

/**
 * idxd_ims_init() - create the interrupt domain and mask every slot
 * @ims: to be filled
 * @hw: register window
 * @caps: decoded capabilities
 * @pdev: the PCI function
 *
 * Does nothing on a device without IMS. Pairs with idxd_ims_exit().
 *
 * Return: 0 or a negative error.
 */
int idxd_ims_init(struct idxd_ims *ims, struct idxd_hw *hw,
		  const struct idxd_caps *caps, struct pci_dev *pdev);

/**
 * idxd_ims_exit() - remove the interrupt domain
 * @ims: no slot is in use; a zeroed one is fine
 */
void idxd_ims_exit(struct idxd_ims *ims);

/**
 * idxd_ims_restore() - write every slot anew, after a reset of the device
 * @ims: the table; before idxd_ims_init() nothing happens
 *
 * Masks, PASIDs and messages are what the interrupt core wants of them; what
 * was pending in a slot is lost.
 *
 * Context: any, some thousand MMIO accesses.
 */
void idxd_ims_restore(struct idxd_ims *ims);

/**
 * idxd_ims_alloc() - allocate a slot and its interrupt
 * @ims: the table
 * @pasid: the only PASID whose descriptors may raise the interrupt
 * @slot: set to the slot's number
 *
 * Context: sleeps. Pairs with idxd_ims_free().
 * Return: the interrupt number; -ENOSPC when no slot is free, -EOPNOTSUPP
 * without IMS, or another negative error.
 */
int idxd_ims_alloc(struct idxd_ims *ims, u32 pasid, u16 *slot);

/**
 * idxd_ims_free() - free a slot and its interrupt
 * @ims: the table
 * @irq: from idxd_ims_alloc(); nobody has requested it
 * @slot: from idxd_ims_alloc()
 *
 * Context: sleeps.
 */
void idxd_ims_free(struct idxd_ims *ims, int irq, u16 slot);

#endif /* IDXD_IMS_H */
