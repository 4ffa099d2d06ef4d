/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The version of idxd.ko and idxd_vfio.ko, which belong together. idxd.ko has no
 * MODULE_VERSION: DKMS would find the distribution's module of the same name,
 * 1.00, to be newer, and not install ours. devlink tells it.
 */
#ifndef IDXD_MODULE_VERSION_H
#define IDXD_MODULE_VERSION_H

#define IDXD_MODULE_VERSION	"0.2.0"

#endif /* IDXD_MODULE_VERSION_H */
