// SPDX-License-Identifier: GPL-2.0-only
/*
 * Regions of the VFIO device: configuration space, BAR0 and BAR2 (layer V2).
 *
 * Cuts an access into naturally aligned pieces of at most 8 bytes, carries
 * each to the register table it belongs to and acts on its effects. User
 * memory is touched with no lock held.
 */
#include "vregion.h"

#include <linux/uaccess.h>

#include "trace.h"
#include "vdev.h"
#include "vocc.h"

/* A region's index is in the upper bits of the file offset */
#define VREGION_SHIFT		40
#define VREGION_OFF_MASK	((1ULL << VREGION_SHIFT) - 1)

/**
 * struct idxd_vregion_access - one piece of a read or write
 * @index: VFIO region index
 * @off: offset in the region
 * @len: 1, 2, 4 or 8
 * @val: the value, little endian in its low @len bytes
 */
struct idxd_vregion_access {
	unsigned int index;
	u32 off;
	unsigned int len;
	u64 val;
};

static u64 idxd_vregion_size(unsigned int index)
{
	switch (index) {
	case VFIO_PCI_BAR0_REGION_INDEX:
		return IDXD_VCFG_BAR0_SIZE;
	case VFIO_PCI_BAR2_REGION_INDEX:
		return IDXD_VCFG_BAR2_SIZE;
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return IDXD_VCFG_SIZE;
	default:
		return 0;
	}
}

int idxd_vregion_info(struct vfio_region_info *info)
{
	if (info->index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;
	info->size = idxd_vregion_size(info->index);
	info->offset = (u64)info->index << VREGION_SHIFT;
	info->cap_offset = 0;
	info->flags = 0;
	if (info->size)
		info->flags |= VFIO_REGION_INFO_FLAG_READ |
			       VFIO_REGION_INFO_FLAG_WRITE;
	if (info->index == VFIO_PCI_BAR2_REGION_INDEX)
		info->flags |= VFIO_REGION_INFO_FLAG_MMAP;
	return 0;
}

static bool idxd_vregion_covers(const struct idxd_vregion_access *acc, u32 off)
{
	return acc->off < off + 4 && off < acc->off + acc->len;
}

static void idxd_vregion_read_bar0(struct idxd_vdev *vdev,
				   struct idxd_vregion_access *acc)
{
	acc->val = idxd_vregs_read(&vdev->regs, acc->off, acc->len);
	if (idxd_vregion_covers(acc, IDXD_GENSTS_OFF))
		idxd_vdev_gensts_read_locked(vdev);
}

static void idxd_vregion_read_piece(struct idxd_vdev *vdev,
				    struct idxd_vregion_access *acc)
{
	guard(mutex)(&vdev->lock);
	if (acc->index == VFIO_PCI_CONFIG_REGION_INDEX)
		acc->val = idxd_vcfg_read(&vdev->cfg, acc->off, acc->len);
	else if (acc->index == VFIO_PCI_BAR0_REGION_INDEX &&
		 idxd_vcfg_memory_enabled(&vdev->cfg))
		idxd_vregion_read_bar0(vdev, acc);
	else
		acc->val = ~0ULL;
}

static void idxd_vregion_write_config(struct idxd_vdev *vdev,
				      const struct idxd_vregion_access *acc)
{
	unsigned int effects = idxd_vcfg_write(&vdev->cfg, acc->off, acc->val,
					       acc->len);

	if (effects & IDXD_VCFG_FLR) {
		idxd_vdev_reset_locked(vdev, true);
		return;
	}
	/* A function that may not do DMA: nothing of the queue survives */
	if (effects & IDXD_VCFG_MASTER_OFF &&
	    (idxd_vregs_state(&vdev->regs) == IDXD_DEV_ENABLED ||
	     idxd_vregs_state(&vdev->regs) == IDXD_DEV_DRAIN)) {
		idxd_vcmd_reset_locked(vdev);
		idxd_vregs_set_state(&vdev->regs, IDXD_DEV_DISABLED);
	}
}

static void idxd_vregion_write_piece(struct idxd_vdev *vdev,
				     const struct idxd_vregion_access *acc)
{
	unsigned int effects;

	guard(mutex)(&vdev->lock);
	if (acc->index == VFIO_PCI_CONFIG_REGION_INDEX) {
		idxd_vregion_write_config(vdev, acc);
		return;
	}
	if (!idxd_vcfg_memory_enabled(&vdev->cfg))
		return;
	if (acc->index == VFIO_PCI_BAR2_REGION_INDEX) {
		/* Only a 64-byte store to the mapping is a descriptor */
		atomic64_inc(&vdev->nr_portal_drops);
		return;
	}
	effects = idxd_vregs_write(&vdev->regs, acc->off, acc->val, acc->len);
	if (effects & IDXD_VREGS_CMD)
		idxd_vcmd_start_locked(vdev);
	if (effects & (IDXD_VREGS_OCC_HANDLE | IDXD_VREGS_OCC_LIMIT))
		idxd_vocc_arm_locked(vdev, effects & IDXD_VREGS_OCC_LIMIT);
}

/* Return: bytes of the access to do, at most what is left of the region */
static ssize_t idxd_vregion_begin(struct idxd_vdev *vdev, loff_t pos,
				  size_t count,
				  struct idxd_vregion_access *acc)
{
	u64 index = (u64)pos >> VREGION_SHIFT;
	u64 off = pos & VREGION_OFF_MASK;
	u64 size;

	if (index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;
	size = idxd_vregion_size(index);
	if (off >= size)
		return -EINVAL;
	acc->index = index;
	acc->off = off;
	if (index != VFIO_PCI_CONFIG_REGION_INDEX)
		atomic64_inc(&vdev->nr_bar_accesses);
	return min_t(u64, count, size - off);
}

static void idxd_vregion_trace(const struct idxd_vdev *vdev,
			       const struct idxd_vregion_access *acc,
			       bool write)
{
	const char *name = idxd_vdev_name(vdev);

	if (acc->index == VFIO_PCI_CONFIG_REGION_INDEX)
		trace_idxd_vdev_config_accessed(name, acc->index, write,
						acc->off, acc->val);
	else
		trace_idxd_vdev_bar_accessed(name, acc->index, write,
					     acc->off, acc->val);
}

/* The largest naturally aligned piece */
static unsigned int idxd_vregion_piece(u32 off, size_t left)
{
	unsigned int len = 8;

	while (len > left || off % len)
		len /= 2;
	return len;
}

ssize_t idxd_vregion_read(struct idxd_vdev *vdev, char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct idxd_vregion_access acc;
	ssize_t total = idxd_vregion_begin(vdev, *ppos, count, &acc);
	size_t done = 0;

	if (total < 0)
		return total;
	while (done < total) {
		acc.len = idxd_vregion_piece(acc.off, total - done);
		idxd_vregion_read_piece(vdev, &acc);
		acc.val = (__force u64)cpu_to_le64(acc.val);
		if (copy_to_user(buf + done, &acc.val, acc.len))
			return -EFAULT;
		idxd_vregion_trace(vdev, &acc, false);
		done += acc.len;
		acc.off += acc.len;
	}
	*ppos += done;
	return done;
}

ssize_t idxd_vregion_write(struct idxd_vdev *vdev, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct idxd_vregion_access acc;
	ssize_t total = idxd_vregion_begin(vdev, *ppos, count, &acc);
	size_t done = 0;

	if (total < 0)
		return total;
	while (done < total) {
		acc.len = idxd_vregion_piece(acc.off, total - done);
		acc.val = 0;
		if (copy_from_user(&acc.val, buf + done, acc.len))
			return -EFAULT;
		acc.val = le64_to_cpu((__force __le64)acc.val);
		idxd_vregion_write_piece(vdev, &acc);
		idxd_vregion_trace(vdev, &acc, true);
		done += acc.len;
		acc.off += acc.len;
	}
	*ppos += done;
	return done;
}

int idxd_vregion_mmap(struct idxd_vdev *vdev, struct vm_area_struct *vma)
{
	const unsigned int shift = VREGION_SHIFT - PAGE_SHIFT;

	if (vma->vm_pgoff >> shift != VFIO_PCI_BAR2_REGION_INDEX)
		return -EINVAL;
	return idxd_vportal_mmap(&vdev->portal, vma,
				 vma->vm_pgoff & ((1UL << shift) - 1));
}
