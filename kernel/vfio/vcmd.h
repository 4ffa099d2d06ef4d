/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtual commands: what a guest writes to CMD (layer V2).
 *
 * A command sets CMDSTS.ACTIVE in the guest's write and completes from a
 * work item, because the commands of the WQ wait for the hardware. Reset Device
 * of a halted device waits for the host to recover it. One command runs at a
 * time, as on hardware. A reset of the function makes the
 * running command's result void and queues the reset of the WQ behind it.
 */
#ifndef IDXD_VCMD_H
#define IDXD_VCMD_H

#include <linux/types.h>
#include <linux/workqueue.h>

#include "vhandle.h"

struct idxd_vdev;

/**
 * struct idxd_vcmd - command state of one virtual device
 * @work: runs resets and commands
 * @generation: changes with every reset; protected by vdev->lock
 * @reset: the WQ is to be reset before anything else; vdev->lock
 * @resetting: and it has not been yet; what it causes meanwhile is of the old
 *	life; vdev->lock
 * @reset_err: how the last reset went: 0 or -EIO; vdev->lock
 * @handles: interrupt handles of the guest; vdev->lock
 */
struct idxd_vcmd {
	struct work_struct work;
	unsigned int generation;
	bool reset;
	bool resetting;
	int reset_err;
	struct idxd_vhandles handles;
};

/**
 * idxd_vcmd_init() - no command runs
 * @vdev: the virtual device
 */
void idxd_vcmd_init(struct idxd_vdev *vdev);

/**
 * idxd_vcmd_start_locked() - the guest wrote CMD
 * @vdev: the virtual device, vdev->lock held, no command active
 */
void idxd_vcmd_start_locked(struct idxd_vdev *vdev);

/**
 * idxd_vcmd_tell_revoked_locked() - tell the guest that it lost handles
 * @vdev: the virtual device, vdev->lock held
 */
void idxd_vcmd_tell_revoked_locked(struct idxd_vdev *vdev);

/**
 * idxd_vcmd_reset_locked() - stop the queue: the function is being reset
 * @vdev: the virtual device, vdev->lock held
 *
 * Does not wait; see idxd_vcmd_flush().
 */
void idxd_vcmd_reset_locked(struct idxd_vdev *vdev);

/**
 * idxd_vcmd_resume_locked() - the host's device is back, or will not be
 * @vdev: the virtual device, vdev->lock held; halted and hopeless are set
 *
 * Runs or fails a Reset Device that waited for that.
 */
void idxd_vcmd_resume_locked(struct idxd_vdev *vdev);

/**
 * idxd_vcmd_flush() - wait until what was queued has run
 * @vdev: the virtual device, vdev->lock not held
 *
 * Sleeps, no longer than the hardware's timeouts.
 */
void idxd_vcmd_flush(struct idxd_vdev *vdev);

/**
 * idxd_vcmd_cancel() - the user is gone
 * @vdev: the virtual device, vdev->lock not held; nothing starts a command
 *
 * Waits for the command that runs, and forgets one that does not yet.
 */
void idxd_vcmd_cancel(struct idxd_vdev *vdev);

/**
 * idxd_vcmd_module_init() - make the work queue of all virtual devices
 *
 * Return: 0 or -ENOMEM. Pairs with idxd_vcmd_module_exit().
 */
int idxd_vcmd_module_init(void);

/**
 * idxd_vcmd_module_exit() - free the work queue
 */
void idxd_vcmd_module_exit(void);

#endif /* IDXD_VCMD_H */
