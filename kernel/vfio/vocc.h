/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Occupancy interrupt of a virtual DSA (layer V2).
 */
#ifndef IDXD_VOCC_H
#define IDXD_VOCC_H

#include <linux/types.h>

struct idxd_vdev;

/**
 * idxd_vocc_arm_locked() - the guest wrote the occupancy interrupt's WQCFG
 * @vdev: the virtual device, vdev->lock held
 * @enable: with it the enable bit; else that stays as the hardware has it
 *
 * Takes effect at once, on the real WQ. Only with a handle the guest holds: an
 * enable bit with another one, or for MSI-X entry 0, is dropped. With one that was
 * revoked it waits in the image for the next handle.
 */
void idxd_vocc_arm_locked(struct idxd_vdev *vdev, bool enable);

#endif /* IDXD_VOCC_H */
