// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devlink face of a device (layer L4): regions.
 *
 * Snapshots of registers and tables, on request and of a device that failed.
 * Addresses and data of interrupt messages are left out: whoever knows them
 * can raise an interrupt by a write. Reads registers and changes none.
 */
#include "dl.h"

#include <linux/idxd_sf.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/slab.h>

/* Fields of an MSI-X table entry, after its message */
#define IDXD_REGION_MSIX_CTRL_OFF	12

/**
 * struct idxd_region_range - a part of BAR0
 * @start: of the part
 * @size: in bytes, 0 for none
 */
struct idxd_region_range {
	u64 start;
	u64 size;
};

static struct idxd_region_range idxd_region_ims(const struct idxd_dev *idxd)
{
	return (struct idxd_region_range) {
		.start = idxd->caps.ims_off,
		.size = idxd->caps.nr_ims * IDXD_IMS_SLOT_SIZE,
	};
}

static struct idxd_region_range idxd_region_msix(const struct idxd_dev *idxd)
{
	struct pci_dev *pdev = idxd->pdev;
	u32 table = 0;

	/* Configuration space reads all ones when the device is gone */
	if (pdev->msix_cap)
		pci_read_config_dword(pdev, pdev->msix_cap + PCI_MSIX_TABLE,
				      &table);
	if (!pdev->msix_cap ||
	    (table & PCI_MSIX_TABLE_BIR) != IDXD_REGS_BAR)
		return (struct idxd_region_range) { };
	return (struct idxd_region_range) {
		.start = table & PCI_MSIX_TABLE_OFFSET,
		.size = pci_msix_vec_count(pdev) * PCI_MSIX_ENTRY_SIZE,
	};
}

static struct idxd_region_range idxd_region_range(const struct idxd_dev *idxd,
						  enum idxd_region_id id)
{
	struct idxd_region_range range = { };

	switch (id) {
	case IDXD_REGION_REGISTERS:
		range.size = idxd->hw.regs_size;
		break;
	case IDXD_REGION_WQCFG:
		range.start = idxd->caps.wqcfg_off;
		range.size = idxd->caps.nr_wqs * idxd->caps.wqcfg_size;
		break;
	case IDXD_REGION_IMS:
		range = idxd_region_ims(idxd);
		break;
	case IDXD_REGION_NR:
		break;
	}
	return range;
}

/* Both tables have entries of 16 bytes, which end with a control word */
static bool idxd_region_is_message(const struct idxd_region_range *table,
				   u64 offset)
{
	u64 at = offset - table->start;

	BUILD_BUG_ON(PCI_MSIX_ENTRY_SIZE != IDXD_IMS_SLOT_SIZE);
	BUILD_BUG_ON(IDXD_REGION_MSIX_CTRL_OFF != IDXD_IMS_CTRL_OFF);
	return offset >= table->start && at < table->size &&
	       at % IDXD_IMS_SLOT_SIZE < IDXD_IMS_CTRL_OFF;
}

/* [offset, offset + size) of BAR0, of any alignment */
static void idxd_region_copy(struct idxd_dev *idxd, u64 offset, u64 size,
			     u8 *data)
{
	struct idxd_region_range msix = idxd_region_msix(idxd);
	struct idxd_region_range ims = idxd_region_ims(idxd);
	u64 end = offset + size;

	while (offset < end) {
		u64 dword = round_down(offset, 4);
		u32 part = min_t(u64, dword + 4, end) - offset;
		__le32 val = 0;

		if (!idxd_region_is_message(&ims, dword) &&
		    !idxd_region_is_message(&msix, dword))
			val = cpu_to_le32(idxd_hw_read32(&idxd->hw, dword));
		memcpy(data, (u8 *)&val + offset - dword, part);
		data += part;
		offset += part;
	}
}

static int idxd_region_check(struct idxd_dev *idxd,
			     struct netlink_ext_ack *extack)
{
	if (!idxd_hw_gone(&idxd->hw))
		return 0;
	NL_SET_ERR_MSG(extack, "Device does not answer");
	return -ENODEV;
}

static u8 *idxd_region_take(struct idxd_dev *idxd, enum idxd_region_id id)
{
	struct idxd_region_range range = idxd_region_range(idxd, id);
	u8 *data = kvmalloc(range.size, GFP_KERNEL);

	if (data)
		idxd_region_copy(idxd, range.start, range.size, data);
	return data;
}

static const struct devlink_region_ops idxd_region_ops[IDXD_REGION_NR];

static int idxd_region_snapshot(struct devlink *devlink,
				const struct devlink_region_ops *ops,
				struct netlink_ext_ack *extack, u8 **data)
{
	struct idxd_dev *idxd = devlink_priv(devlink);
	int err;

	err = idxd_region_check(idxd, extack);
	if (err)
		return err;
	*data = idxd_region_take(idxd, ops - idxd_region_ops);
	return *data ? 0 : -ENOMEM;
}

/* devlink has checked offset and size against the region's size */
static int idxd_region_read(struct devlink *devlink,
			    const struct devlink_region_ops *ops,
			    struct netlink_ext_ack *extack, u64 offset,
			    u32 size, u8 *data)
{
	struct idxd_dev *idxd = devlink_priv(devlink);
	int err;

	err = idxd_region_check(idxd, extack);
	if (err)
		return err;
	offset += idxd_region_range(idxd, ops - idxd_region_ops).start;
	idxd_region_copy(idxd, offset, size, data);
	return 0;
}

static const struct devlink_region_ops idxd_region_ops[IDXD_REGION_NR] = {
	[IDXD_REGION_REGISTERS] = {
		.name = IDXD_SF_REGION_REGISTERS,
		.destructor = kvfree,
		.snapshot = idxd_region_snapshot,
		.read = idxd_region_read,
	},
	[IDXD_REGION_WQCFG] = {
		.name = IDXD_SF_REGION_WQCFG,
		.destructor = kvfree,
		.snapshot = idxd_region_snapshot,
		.read = idxd_region_read,
	},
	[IDXD_REGION_IMS] = {
		.name = IDXD_SF_REGION_IMS,
		.destructor = kvfree,
		.snapshot = idxd_region_snapshot,
		.read = idxd_region_read,
	},
};

int idxd_region_register(struct idxd_dev *idxd)
{
	struct devlink_region *region;
	unsigned int i;
	u64 size;

	for (i = 0; i < IDXD_REGION_NR; i++) {
		size = idxd_region_range(idxd, i).size;
		if (!size)
			continue;
		region = devl_region_create(idxd->devlink, &idxd_region_ops[i],
					    IDXD_REGION_SNAPSHOTS, size);
		if (IS_ERR(region)) {
			idxd_region_unregister(idxd);
			return PTR_ERR(region);
		}
		idxd->regions[i] = region;
	}
	return 0;
}

void idxd_region_unregister(struct idxd_dev *idxd)
{
	unsigned int i;

	for (i = 0; i < IDXD_REGION_NR; i++) {
		if (!idxd->regions[i])
			continue;
		devl_region_destroy(idxd->regions[i]);
		idxd->regions[i] = NULL;
	}
}

static void idxd_region_snapshot_one(struct idxd_dev *idxd,
				     enum idxd_region_id id, u32 snapshot)
{
	u8 *data;

	if (!idxd->regions[id])
		return;
	data = idxd_region_take(idxd, id);
	/* The first ones of a row of failures tell most: they stay */
	if (data && devlink_region_snapshot_create(idxd->regions[id], data,
						   snapshot))
		kvfree(data);
}

void idxd_region_snapshot_all(struct idxd_dev *idxd)
{
	unsigned int i;
	u32 snapshot;

	devl_assert_locked(idxd->devlink);
	if (devlink_region_snapshot_id_get(idxd->devlink, &snapshot))
		return;
	for (i = 0; i < IDXD_REGION_NR; i++)
		idxd_region_snapshot_one(idxd, i, snapshot);
	devlink_region_snapshot_id_put(idxd->devlink, snapshot);
}
