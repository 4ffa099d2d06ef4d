// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-fuzz: the subfunction that the targets vfio and guest share among their
 * threads, opened anew for each round: through its group, and where the kernel
 * has it, every other time through its character device and iommufd.
 */
#include "fuzz.h"

#include <unistd.h>

struct sf fuzz_sf;

static struct options options = {
	.iova = FUZZ_IOVA, .timeout_ms = 20000, .seed = 1,
};

bool fuzz_sf_has_iommufd(void)
{
	return !access("/dev/iommu", W_OK) && !access("/dev/vfio/devices", X_OK);
}

void fuzz_sf_open(void)
{
	options.pci = fuzz_pci;
	options.iommufd = !options.iommufd && fuzz_sf_has_iommufd();
	sf_open(&fuzz_sf, &options, fuzz_sfnum);
}

void fuzz_sf_close(void)
{
	sf_close(&fuzz_sf);
}
