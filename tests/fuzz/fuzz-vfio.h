/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sf-fuzz vfio: what fuzz-vfio.c and fuzz-iommufd.c share.
 */
#ifndef FUZZ_VFIO_H
#define FUZZ_VFIO_H

#include "fuzz.h"

/* What has to be accepted; the last ones where there is iommufd */
enum {
	FUZZ_VFIO_INFO,
	FUZZ_VFIO_SET_IRQS,
	FUZZ_VFIO_READ,
	FUZZ_VFIO_WRITE,
	FUZZ_VFIO_MMAP,
	FUZZ_VFIO_STORE,
	FUZZ_VFIO_MAP,
	FUZZ_VFIO_UNMAP,
	FUZZ_VFIO_RESET,
	FUZZ_IOMMUFD_MAP,
	FUZZ_IOMMUFD_UNMAP,
	FUZZ_IOMMUFD_ATTACH,
	FUZZ_IOMMUFD_DETACH,
};

void fuzz_iommufd_step(struct fuzz_thread *t, unsigned int step);

#endif /* FUZZ_VFIO_H */
