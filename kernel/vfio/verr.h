/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Software errors of a virtual DSA (layer V2).
 */
#ifndef IDXD_VERR_H
#define IDXD_VERR_H

#include "idxd_error.h"

struct idxd_vdev;

/**
 * idxd_verr_report_locked() - tell the guest of an error
 * @vdev: the virtual device, open
 * @error: the error
 *
 * In the guest's event log, else in SWERR. For a guest that has no log on,
 * completion records are written that the hardware left to the host's.
 *
 * Context: an upcall of the core: sf->lock and vdev->lock held.
 */
void idxd_verr_report_locked(struct idxd_vdev *vdev,
			     const struct idxd_error *error);

#endif /* IDXD_VERR_H */
