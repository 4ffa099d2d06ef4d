/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtual DSA: one subfunction shown as a VFIO PCI device (layer V3).
 *
 * Lock order, outermost first: intr.set_lock | dev_set->lock (VFIO core) >
 * sf->lock (core) > vdev->lock > portal.lock > line->lock. Upcalls of the
 * core come with sf->lock held. Nobody holds vdev->lock while touching user
 * memory, calling a function of the core that takes sf->lock, or waiting for
 * the hardware.
 */
#ifndef IDXD_VDEV_H
#define IDXD_VDEV_H

#include <linux/mutex.h>
#include <linux/vfio.h>

#include "idxd_sf.h"
#include "vcfg.h"
#include "vcmd.h"
#include "vevl.h"
#include "vintr.h"
#include "vportal.h"
#include "vregs.h"
#include "vuser.h"

struct platform_device;

/**
 * struct idxd_vdev - a virtual DSA
 * @vfio: the VFIO device, first as the VFIO core wants it
 * @sf: the subfunction behind it
 * @lock: protects @cfg to @nr_resets
 * @cfg: PCI configuration space
 * @regs: BAR0
 * @cmd: virtual commands
 * @records: completion records that software writes in the hardware's stead
 * @open: between open_device and close_device
 * @halted: the host's device is halted or gone
 * @hopeless: and does not come back for now
 * @unseen: it halted, and the guest has neither read that nor reset since
 * @nr_resets: resets of the function
 * @intr: interrupts
 * @portal: BAR2
 * @user: who has it open
 * @nr_bar_accesses: read() and write() calls on BAR0 and BAR2: traps of a
 *	guest
 * @nr_portal_drops: writes to BAR2 that were no direct stores, and dropped
 * @nr_commands: virtual commands started
 */
struct idxd_vdev {
	struct vfio_device vfio;
	struct idxd_sf *sf;
	struct mutex lock; /* protects @cfg to @nr_resets, see above */
	struct idxd_vcfg cfg;
	struct idxd_vregs regs;
	struct idxd_vcmd cmd;
	struct idxd_vevl_records records;
	bool open;
	bool halted;
	bool hopeless;
	bool unseen;
	u64 nr_resets;
	struct idxd_vintr intr;
	struct idxd_vportal portal;
	struct idxd_vuser user;
	atomic64_t nr_bar_accesses;
	atomic64_t nr_portal_drops;
	atomic64_t nr_commands;
};

/* What the core tells a virtual device; the argument is the idxd_vdev */
extern const struct idxd_sf_ops idxd_vdev_sf_ops;

/**
 * idxd_vdev_create() - make the virtual device of an SF
 * @pdev: the companion device, not yet added
 * @sf: the SF
 *
 * Return: the device, not registered, or an ERR_PTR. Pairs with
 * vfio_put_device().
 */
struct idxd_vdev *idxd_vdev_create(struct platform_device *pdev,
				   struct idxd_sf *sf);

/**
 * idxd_vdev_reset_locked() - reset the function
 * @vdev: the virtual device, vdev->lock held
 * @flr: the guest asked for it: the command register is cleared too
 *
 * Registers are reset when it returns, the WQ later (idxd_vcmd_flush()).
 */
void idxd_vdev_reset_locked(struct idxd_vdev *vdev, bool flr);

/**
 * idxd_vdev_gensts_read_locked() - the guest has read GENSTS
 * @vdev: the virtual device, vdev->lock held
 *
 * A halt is shown until it has been seen, however fast the host recovers.
 */
void idxd_vdev_gensts_read_locked(struct idxd_vdev *vdev);

/**
 * idxd_vdev_name() - name of the device, for trace points
 * @vdev: the virtual device
 *
 * Return: name of the companion device.
 */
static inline const char *idxd_vdev_name(const struct idxd_vdev *vdev)
{
	return dev_name(vdev->vfio.dev);
}

#endif /* IDXD_VDEV_H */
