/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A new layout for the whole device (layer L3).
 */
#ifndef IDXD_LAYOUT_H
#define IDXD_LAYOUT_H

#include "dev.h"

struct netlink_ext_ack;

/**
 * idxd_layout_change() - reset the device and enable it with other WQ sizes
 * @idxd: the device; no subfunction is active
 * @sizes: entries of each WQ, res.nr_wqs of them
 * @extack: gets the reason of a failure
 *
 * A layout that the device refuses is rolled back: the device is enabled with
 * the one it had. If it refuses that too, or does not answer, it has failed.
 * Queues that did not stop, and their PASIDs, can be leased again afterwards.
 *
 * Context: devl_lock held; sleeps.
 * Return: 0; -EINVAL when no WQ has entries, -EIO when the device refuses,
 * -ENOMEM, or the error of idxd_cmd_exec().
 */
int idxd_layout_change(struct idxd_dev *idxd, const u16 *sizes,
		       struct netlink_ext_ack *extack);

#endif /* IDXD_LAYOUT_H */
