// SPDX-License-Identifier: GPL-2.0-only
/*
 * Occupancy interrupt of a virtual DSA (layer V2): the guest's registers to the
 * real WQ. Whose handle it is, vhandle.c knows.
 */
#include "vocc.h"

#include "vdev.h"

void idxd_vocc_arm_locked(struct idxd_vdev *vdev, bool enable)
{
	u32 handle = idxd_vregs_get(&vdev->regs, IDXD_VREGS_OCC_HANDLE_OFF);
	u32 limit = idxd_vregs_get(&vdev->regs, IDXD_VREGS_OCC_LIMIT_OFF);
	unsigned int index = idxd_vhandle_find(&vdev->cmd.handles, handle);
	u32 image = IDXD_WQCFG5_OCC_LIMIT;

	lockdep_assert_held(&vdev->lock);
	if (!enable && !vdev->halted)
		limit |= idxd_sf_wqcfg_read(vdev->sf, 5) &
			 IDXD_WQCFG5_OCC_INT_EN;
	/* The hardware has the enable bit from now on, or with the next handle */
	if (!index && idxd_vhandle_find_old(&vdev->cmd.handles, handle))
		image |= IDXD_WQCFG5_OCC_INT_EN;
	idxd_vregs_set(&vdev->regs, IDXD_VREGS_OCC_LIMIT_OFF, limit & image);
	if (vdev->halted)
		return;
	if (!index)
		limit &= ~IDXD_WQCFG5_OCC_INT_EN;
	idxd_sf_wq_arm(vdev->sf, index ? index - 1 : 0, limit);
}
