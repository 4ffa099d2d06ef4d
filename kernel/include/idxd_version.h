/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The version of idxd.ko and idxd_vfio.ko, which belong together.
 */
#ifndef IDXD_MODULE_VERSION_H
#define IDXD_MODULE_VERSION_H

#define IDXD_MODULE_VERSION	"0.2.0"

#endif /* IDXD_MODULE_VERSION_H */
