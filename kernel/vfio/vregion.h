/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Regions of the VFIO device: configuration space, BAR0 and BAR2 (layer V2).
 */
#ifndef IDXD_VREGION_H
#define IDXD_VREGION_H

#include <linux/types.h>

struct idxd_vdev;
struct vfio_region_info;
struct vm_area_struct;

/**
 * idxd_vregion_info() - size, place and flags of a region
 * @info: its index is given; size, offset, flags are filled in
 *
 * Return: 0, -EINVAL for an index VFIO does not know.
 */
int idxd_vregion_info(struct vfio_region_info *info);

/**
 * idxd_vregion_read() - read(2) on the VFIO device
 * @vdev: the virtual device
 * @buf: user memory
 * @count: bytes
 * @ppos: region and offset; advanced
 *
 * Return: bytes read, -EINVAL beyond a region, -EFAULT.
 */
ssize_t idxd_vregion_read(struct idxd_vdev *vdev, char __user *buf,
			  size_t count, loff_t *ppos);

/**
 * idxd_vregion_write() - write(2) on the VFIO device
 * @vdev: the virtual device
 * @buf: user memory
 * @count: bytes
 * @ppos: region and offset; advanced
 *
 * Return: bytes written, -EINVAL beyond a region, -EFAULT.
 */
ssize_t idxd_vregion_write(struct idxd_vdev *vdev, const char __user *buf,
			   size_t count, loff_t *ppos);

/**
 * idxd_vregion_mmap() - mmap(2) on the VFIO device
 * @vdev: the virtual device
 * @vma: only BAR2 can be mapped
 *
 * Return: 0 or -EINVAL.
 */
int idxd_vregion_mmap(struct idxd_vdev *vdev, struct vm_area_struct *vma);

#endif /* IDXD_VREGION_H */
