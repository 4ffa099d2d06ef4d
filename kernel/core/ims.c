// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupt message storage (layer L2).
 *
 * A hierarchical interrupt domain on top of the PCI function's MSI parent.
 * One interrupt is one slot of 16 bytes: address, data, control. The control
 * word carries the PASID of the slot's owner from the first write on, so the
 * device refuses a descriptor of another subfunction that names the slot.
 */
#include "ims.h"

#include <linux/bitfield.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <asm/hw_irq.h>

#include "compat.h"
#include "trace.h"

/**
 * struct idxd_ims_arg - what an allocation hands through the domain
 * @slot: the slot
 * @pasid: PASID of its owner
 */
struct idxd_ims_arg {
	u16 slot;
	u32 pasid;
};

static u32 idxd_ims_off(const struct idxd_ims *ims, unsigned long slot,
			u32 field)
{
	return ims->caps->ims_off + slot * IDXD_IMS_SLOT_SIZE + field;
}

/* Reads back: the caller relies on the slot being masked when it returns */
static void idxd_ims_update_ctrl(struct idxd_ims *ims, unsigned long slot,
				 u32 clear, u32 set)
{
	u32 offset = idxd_ims_off(ims, slot, IDXD_IMS_CTRL_OFF);
	unsigned long flags;

	raw_spin_lock_irqsave(&ims->lock, flags);
	ims->entries[slot].ctrl = (ims->entries[slot].ctrl & ~clear) | set;
	idxd_hw_write32(ims->hw, offset, ims->entries[slot].ctrl);
	idxd_hw_read32(ims->hw, offset);
	raw_spin_unlock_irqrestore(&ims->lock, flags);
}

static void idxd_ims_write_msg_locked(struct idxd_ims *ims, unsigned long slot)
{
	const struct msi_msg *msg = &ims->entries[slot].msg;

	lockdep_assert_held(&ims->lock);
	idxd_hw_write32(ims->hw, idxd_ims_off(ims, slot, IDXD_IMS_ADDR_LO_OFF),
			msg->address_lo);
	idxd_hw_write32(ims->hw, idxd_ims_off(ims, slot, IDXD_IMS_ADDR_HI_OFF),
			msg->address_hi);
	idxd_hw_write32(ims->hw, idxd_ims_off(ims, slot, IDXD_IMS_DATA_OFF),
			msg->data);
}

/* The slot is masked */
static void idxd_ims_write_msg(struct idxd_ims *ims, unsigned long slot,
			       const struct msi_msg *msg)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&ims->lock, flags);
	ims->entries[slot].msg = *msg;
	idxd_ims_write_msg_locked(ims, slot);
	raw_spin_unlock_irqrestore(&ims->lock, flags);
}

/* After a reset of the device every slot is masked and has no message */
static void idxd_ims_restore_slot(struct idxd_ims *ims, unsigned int slot)
{
	u32 offset = idxd_ims_off(ims, slot, IDXD_IMS_CTRL_OFF);
	unsigned long flags;

	raw_spin_lock_irqsave(&ims->lock, flags);
	idxd_hw_write32(ims->hw, offset, IDXD_IMS_CTRL_MASK);
	/* Without a message it needs no more: activation writes the rest */
	if (ims->entries[slot].msg.address_lo) {
		idxd_ims_write_msg_locked(ims, slot);
		idxd_hw_write32(ims->hw, offset, ims->entries[slot].ctrl);
	}
	raw_spin_unlock_irqrestore(&ims->lock, flags);
}

void idxd_ims_restore(struct idxd_ims *ims)
{
	unsigned int slot;

	if (!ims->domain)
		return;
	for (slot = 0; slot < ims->caps->nr_ims; slot++)
		idxd_ims_restore_slot(ims, slot);
	idxd_hw_read32(ims->hw, idxd_ims_off(ims, 0, IDXD_IMS_CTRL_OFF));
}

/* The first parent that knows the message: remapping or the vector domain */
static int idxd_ims_compose_msg(struct irq_data *data, struct msi_msg *msg)
{
	struct irq_data *parent;

	memset(msg, 0, sizeof(*msg));
	for (parent = data->parent_data; parent; parent = parent->parent_data) {
		if (parent->chip && parent->chip->irq_compose_msi_msg) {
			parent->chip->irq_compose_msi_msg(parent, msg);
			return 0;
		}
	}
	return -ENXIO;
}

static void idxd_ims_mask(struct irq_data *data)
{
	idxd_ims_update_ctrl(data->domain->host_data, irqd_to_hwirq(data),
			     0, IDXD_IMS_CTRL_MASK);
}

static void idxd_ims_unmask(struct irq_data *data)
{
	idxd_ims_update_ctrl(data->domain->host_data, irqd_to_hwirq(data),
			     IDXD_IMS_CTRL_MASK, 0);
}

static int idxd_ims_set_affinity(struct irq_data *data,
				 const struct cpumask *mask, bool force)
{
	struct idxd_ims *ims = data->domain->host_data;
	unsigned long slot = irqd_to_hwirq(data);
	struct msi_msg msg;
	bool masked;
	int ret, err;

	ret = irq_chip_set_affinity_parent(data, mask, force);
	/* Remapping tables were updated behind the same message */
	if (ret < 0 || ret == IRQ_SET_MASK_OK_DONE)
		return ret;

	err = idxd_ims_compose_msg(data, &msg);
	if (err)
		return err;
	/* A message is three words: the device must not send half of it */
	masked = ims->entries[slot].ctrl & IDXD_IMS_CTRL_MASK;
	if (!masked)
		idxd_ims_mask(data);
	idxd_ims_write_msg(ims, slot, &msg);
	if (!masked)
		idxd_ims_unmask(data);
	return ret;
}

/*
 * SKIP_SET_WAKE: the device cannot wake the machine. ONESHOT_SAFE: edge
 * messages need no mask over a threaded handler. AFFINITY_PRE_STARTUP: the
 * message is written by activation, before the slot is unmasked.
 */
#define IDXD_IMS_CHIP_FLAGS	(IRQCHIP_SKIP_SET_WAKE |		\
				 IRQCHIP_ONESHOT_SAFE |			\
				 IRQCHIP_AFFINITY_PRE_STARTUP)

static struct irq_chip idxd_ims_chip = {
	.name = "IDXD-IMS",
	.irq_mask = idxd_ims_mask,
	.irq_unmask = idxd_ims_unmask,
	.irq_ack = irq_chip_ack_parent,
	.irq_retrigger = irq_chip_retrigger_hierarchy,
	.irq_set_affinity = idxd_ims_set_affinity,
	.irq_set_vcpu_affinity = irq_chip_set_vcpu_affinity_parent,
	.flags = IDXD_IMS_CHIP_FLAGS,
};

/* Without remapping an interrupt moves only while it is being handled */
static struct irq_chip idxd_ims_chip_direct = {
	.name = "IDXD-IMS",
	.irq_mask = idxd_ims_mask,
	.irq_unmask = idxd_ims_unmask,
	.irq_ack = irq_chip_ack_parent,
	.irq_retrigger = irq_chip_retrigger_hierarchy,
	.irq_set_affinity = idxd_ims_set_affinity,
	.irq_set_vcpu_affinity = irq_chip_set_vcpu_affinity_parent,
	.flags = IDXD_IMS_CHIP_FLAGS | IDXD_IRQCHIP_MOVE_DEFERRED,
};

static int idxd_ims_domain_alloc(struct irq_domain *domain, unsigned int virq,
				 unsigned int nr, void *arg)
{
	struct idxd_ims *ims = domain->host_data;
	const struct idxd_ims_arg *a = arg;
	/* Remapping takes the source id from the descriptor's device */
	struct irq_alloc_info info = {
		.type = X86_IRQ_ALLOC_TYPE_PCI_MSIX,
		.desc = &ims->desc,
		.hwirq = a->slot,
	};
	struct irq_chip *chip;
	int err;

	if (nr != 1)
		return -EINVAL;
	err = irq_domain_alloc_irqs_parent(domain, virq, nr, &info);
	if (err)
		return err;

	ims->entries[a->slot].ctrl =
		IDXD_IMS_CTRL_MASK | IDXD_IMS_CTRL_PASID_EN |
		FIELD_PREP(IDXD_IMS_CTRL_PASID, a->pasid);
	chip = ims->remapped ? &idxd_ims_chip : &idxd_ims_chip_direct;
	irq_domain_set_info(domain, virq, a->slot, chip, ims, handle_edge_irq,
			    NULL, "edge");
	return 0;
}

static int idxd_ims_domain_activate(struct irq_domain *domain,
				    struct irq_data *data, bool reserve)
{
	struct idxd_ims *ims = domain->host_data;
	struct msi_msg msg;
	int err;

	err = idxd_ims_compose_msg(data, &msg);
	if (err)
		return err;
	/* The interrupt core unmasks */
	idxd_ims_mask(data);
	idxd_ims_write_msg(ims, irqd_to_hwirq(data), &msg);
	return 0;
}

static void idxd_ims_domain_deactivate(struct irq_domain *domain,
				       struct irq_data *data)
{
	static const struct msi_msg none;

	idxd_ims_mask(data);
	idxd_ims_write_msg(domain->host_data, irqd_to_hwirq(data), &none);
}

static const struct irq_domain_ops idxd_ims_domain_ops = {
	.alloc = idxd_ims_domain_alloc,
	.free = irq_domain_free_irqs_common,
	.activate = idxd_ims_domain_activate,
	.deactivate = idxd_ims_domain_deactivate,
};

static int idxd_ims_create_domain(struct idxd_ims *ims, struct pci_dev *pdev)
{
	struct irq_domain *parent = dev_get_msi_domain(&pdev->dev);
	struct irq_domain *d;

	if (!parent)
		return -ENODEV;
	for (d = parent; d; d = d->parent)
		if (d->flags & IRQ_DOMAIN_FLAG_ISOLATED_MSI)
			ims->remapped = true;

	ims->fwnode = irq_domain_alloc_named_id_fwnode("idxd-ims",
						       pci_dev_id(pdev));
	if (!ims->fwnode)
		return -ENOMEM;
	ims->domain = irq_domain_create_hierarchy(parent, 0, 0, ims->fwnode,
						  &idxd_ims_domain_ops, ims);
	if (!ims->domain) {
		irq_domain_free_fwnode(ims->fwnode);
		return -ENOMEM;
	}
	return 0;
}

int idxd_ims_init(struct idxd_ims *ims, struct idxd_hw *hw,
		  const struct idxd_caps *caps, struct pci_dev *pdev)
{
	unsigned int slot;
	int err;

	if (!caps->nr_ims)
		return 0;

	ims->hw = hw;
	ims->caps = caps;
	ims->desc.dev = &pdev->dev;
	raw_spin_lock_init(&ims->lock);
	ida_init(&ims->slots);
	ims->entries = kcalloc(caps->nr_ims, sizeof(*ims->entries),
			       GFP_KERNEL);
	if (!ims->entries)
		return -ENOMEM;
	for (slot = 0; slot < caps->nr_ims; slot++)
		idxd_ims_update_ctrl(ims, slot, U32_MAX, IDXD_IMS_CTRL_MASK);

	err = idxd_ims_create_domain(ims, pdev);
	if (err) {
		kfree(ims->entries);
		ims->entries = NULL;
	}
	return err;
}

void idxd_ims_exit(struct idxd_ims *ims)
{
	if (!ims->domain)
		return;
	irq_domain_remove(ims->domain);
	irq_domain_free_fwnode(ims->fwnode);
	ims->domain = NULL;
	ida_destroy(&ims->slots);
	kfree(ims->entries);
}

int idxd_ims_alloc(struct idxd_ims *ims, u32 pasid, u16 *slot)
{
	struct idxd_ims_arg arg = { .pasid = pasid };
	int ret, irq;

	if (!ims->domain)
		return -EOPNOTSUPP;
	ret = ida_alloc_max(&ims->slots, ims->caps->nr_ims - 1, GFP_KERNEL);
	if (ret < 0)
		return ret;

	arg.slot = ret;
	irq = __irq_domain_alloc_irqs(ims->domain, -1, 1,
				      dev_to_node(ims->hw->dev), &arg, false,
				      NULL);
	if (irq < 0) {
		ida_free(&ims->slots, arg.slot);
		return irq;
	}
	*slot = arg.slot;
	trace_idxd_res_leased(ims->hw->dev, "ims", arg.slot,
			      atomic_inc_return(&ims->nr_used));
	return irq;
}

void idxd_ims_free(struct idxd_ims *ims, int irq, u16 slot)
{
	irq_dispose_mapping(irq);
	/* Whoever gets the slot next brings a PASID of its own */
	idxd_ims_update_ctrl(ims, slot, U32_MAX, IDXD_IMS_CTRL_MASK);
	ida_free(&ims->slots, slot);
	trace_idxd_res_released(ims->hw->dev, "ims", slot,
				atomic_dec_return(&ims->nr_used));
}
