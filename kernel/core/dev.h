/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One device (top of layer L2): everything below subfunctions, in one place.
 */
#ifndef IDXD_DEV_H
#define IDXD_DEV_H

#include <linux/idr.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "caps.h"
#include "cmd.h"
#include "errq.h"
#include "event.h"
#include "hw.h"
#include "ims.h"
#include "iommu.h"
#include "res.h"

struct devlink;
struct devlink_health_reporter;
struct devlink_region;
struct pci_dev;
struct task_struct;

/* Subject to INTEL-SA-01084: whoever has a portal can attack the host */
#define IDXD_PCI_DEVICE_SPR	0x0b25
#define IDXD_PCI_DEVICE_GNRD	0x11fb
#define IDXD_PCI_DEVICE_DMR	0x1212

/* Longest sentence about a device; extack has no more room */
#define IDXD_HEALTH_TEXT_SIZE	80
/* Snapshots that are kept of each region */
#define IDXD_REGION_SNAPSHOTS	8

/**
 * enum idxd_region_id - what snapshots are taken of
 * @IDXD_REGION_REGISTERS: BAR0
 * @IDXD_REGION_WQCFG: the table of WQ configurations
 * @IDXD_REGION_IMS: interrupt message storage
 * @IDXD_REGION_NR: how many
 */
enum idxd_region_id {
	IDXD_REGION_REGISTERS,
	IDXD_REGION_WQCFG,
	IDXD_REGION_IMS,
	IDXD_REGION_NR,
};

/**
 * struct idxd_sf_request - what the next activated subfunction is to get
 * @wq_entries: entries its WQ has at least, 0 for any
 * @limits: of its WQ
 * @pci_device: PCI device id its virtual device shows
 */
struct idxd_sf_request {
	u16 wq_entries;
	u16 pci_device;
	struct idxd_wq_limits limits;
};

/**
 * struct idxd_health - reports of failures, and recovery from them
 * @reporter: "hw"; protected by devl_lock
 * @work: reports a failure, or recovers from a reset by hand
 * @live: reports can be made; protected by devl_lock
 * @by_hand: the function was reset by hand
 * @reported: the reporter shows an error; protected by devl_lock
 * @recovery: how the last recovery went, in words; NULL: there was none;
 *	protected by devl_lock
 * @burst_since: when the first recovery of this burst was, in jiffies
 * @nr_burst: automatic recoveries since then; devl_lock, as @burst_since
 */
struct idxd_health {
	struct devlink_health_reporter *reporter;
	struct work_struct work;
	bool live;
	atomic_t by_hand;
	bool reported;
	const char *recovery;
	unsigned long burst_since;
	unsigned int nr_burst;
};

/**
 * struct idxd_dev - one device; lives in its devlink instance
 * @pdev: the PCI function
 * @devlink: its devlink instance
 * @hw: register window
 * @caps: decoded capabilities
 * @cmdq: command register
 * @errq: software errors
 * @event: MSI-X vector 0
 * @res: work queues
 * @ims: interrupt message storage
 * @iommu: stacked IOMMU
 * @health: reporter of the device
 * @regions: what snapshots are taken of, NULL for what the device lacks;
 *	protected by devl_lock
 * @port_slots: numbers of the ports, from 0; protected by devl_lock
 * @nr_sfs: subfunctions; protected by devl_lock
 * @sfs: the subfunctions; changed under devl_lock and @sfs_lock, read under
 *	either
 * @sfs_lock: above sf->lock; lets events walk @sfs without devl_lock
 * @down_wq: work items that wait for users of subfunctions
 * @sf_request: parameters for activation; protected by devl_lock
 * @unsafe_allowed: subfunctions on unsafe silicon are allowed; protected by
 *	devl_lock
 * @unsafe_logged: that was logged; protected by devl_lock
 * @removing: the driver is being unbound, under devl_lock, or the machine goes
 *	down, under the device lock of @pdev
 * @resetter: who resets the function on our behalf, or NULL; changed with the
 *	device lock of @pdev held
 *
 * Lock order, outermost first: devl_lock > fail_lock > sfs_lock > sf->lock > locks of
 * the subfunction's driver > res.lock > cmdq.lock > errq.lock > hw.lock,
 * ims.lock.
 */
struct idxd_dev {
	struct pci_dev *pdev;
	struct devlink *devlink;
	struct idxd_hw hw;
	struct idxd_caps caps;
	struct idxd_cmdq cmdq;
	struct idxd_errq errq;
	struct idxd_event event;
	struct idxd_res res;
	struct idxd_ims ims;
	struct idxd_iommu iommu;
	struct idxd_health health;
	struct devlink_region *regions[IDXD_REGION_NR];
	struct ida port_slots;
	u16 nr_sfs;
	struct list_head sfs;
	struct mutex sfs_lock;	/* protects sfs */
	struct workqueue_struct *down_wq;
	struct idxd_sf_request sf_request;
	bool unsafe_allowed;
	bool unsafe_logged;
	bool removing;
	struct task_struct *resetter;
};

/**
 * idxd_dev_reset() - the reset command: as after power on
 * @idxd: the device, not halted; the command register works
 *
 * Abandons every descriptor. Sizes, groups, queues, interrupt messages and the
 * reports of events have their defaults afterwards.
 *
 * Context: sleeps; takes cmdq->lock.
 * Return: 0, or the error of idxd_cmd_exec().
 */
int idxd_dev_reset(struct idxd_dev *idxd);

/**
 * idxd_dev_enable() - write layout and messages, have events reported, enable
 * @idxd: the device, disabled; its function is bus master
 * @cmderr: the hardware's error code when the device refuses the layout
 *
 * Pairs with idxd_dev_disable().
 *
 * Context: sleeps; takes cmdq->lock.
 * Return: 0, -EIO when the device refuses, or the error of idxd_cmd_exec().
 */
int idxd_dev_enable(struct idxd_dev *idxd, u8 *cmderr);

/**
 * idxd_dev_disable() - no more reports, no more descriptors
 * @idxd: the device
 *
 * Resets, as the disable command would wait for descriptors. The layout can be
 * written afterwards.
 *
 * Context: sleeps; takes cmdq->lock.
 * Return: 0, or the error of idxd_cmd_exec(): the device is as it was.
 */
int idxd_dev_disable(struct idxd_dev *idxd);

/**
 * idxd_dev_reset_function() - function level reset, with what PCI keeps
 * @idxd: the device
 *
 * Configuration space, MSI-X, PASID and ATS are as before afterwards; the
 * registers are as after power on.
 *
 * Context: device lock of the PCI function held; sleeps.
 * Return: 0 or a negative error.
 */
int idxd_dev_reset_function(struct idxd_dev *idxd);

/**
 * idxd_dev_restart() - bring a device that failed back to its layout
 * @idxd: the device
 * @why: set on failure: a sentence for the user
 *
 * Resets by command where GENSTS says that this is enough, else the function.
 * The command register works on success and is dead on failure. Queues are
 * disabled afterwards and have their sizes only. The caller ends the failure
 * (idxd_event_recovered()).
 *
 * Context: device lock of the PCI function held; sleeps; takes cmdq->lock.
 * Return: 0, -ENODEV when the device is gone, -EIO, -ETIMEDOUT.
 */
int idxd_dev_restart(struct idxd_dev *idxd, const char **why);

#endif /* IDXD_DEV_H */
