// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev: writes of random width and value to every byte of BAR0 and of
 * configuration space, and beyond both, while another subfunction is at work.
 */
#include "sf-dev-watch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vfio.h>

#define BAR0_SIZE	0x10000
#define CONFIG_SIZE	0x1000
#define NR_RANDOM	20000

/* Beyond a region nothing can be read or written */
static bool no_access(struct sf *sf, uint64_t off)
{
	uint64_t val = ~0ULL;
	bool ok;

	ok = check(pwrite(sf->device, &val, 8, off) < 0 && errno == EINVAL,
		   "write at %#llx", (unsigned long long)off);
	return ok & check(pread(sf->device, &val, 8, off) < 0 &&
			  errno == EINVAL, "read at %#llx",
			  (unsigned long long)off);
}

static void one_write(struct sf *sf, uint64_t start, uint32_t size,
		      uint32_t off)
{
	unsigned int len = 1 + random_next(&sf->rng) % 8;
	uint64_t val = random_next(&sf->rng);

	if (len > size - off)
		len = size - off;
	if (pwrite(sf->device, &val, len, start + off) != (ssize_t)len)
		die("write of %u bytes at %#x: %s", len, off, strerror(errno));
}

static bool sweep(struct sf *sf, unsigned int index, uint32_t size)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info), .index = index,
	};
	struct watch w;
	uint32_t i;
	bool ok;

	sf_start(sf);
	watch_open(&w, sf);
	if (ioctl(sf->device, VFIO_DEVICE_GET_REGION_INFO, &info))
		die("GET_REGION_INFO: %s", strerror(errno));
	ok = dev_expect("size", size, info.size);
	for (i = 0; i < size; i++)
		one_write(sf, info.offset, size, i);
	ok &= watch_untouched(&w, "linear writes");
	for (i = 0; i < NR_RANDOM; i++)
		one_write(sf, info.offset, size,
			  random_next(&sf->rng) % size);
	ok &= watch_untouched(&w, "random writes");
	printf("%u writes\n", size + NR_RANDOM);
	for (i = 0; i < 8; i++)
		ok &= no_access(sf, info.offset + size + (1ULL << 4 * i) - 1);
	dev_reset(sf);
	sf_start(sf);
	return watch_close(&w) && ok && dev_copies(sf);
}

static bool sweep_bar0(struct sf *sf)
{
	return sweep(sf, VFIO_PCI_BAR0_REGION_INDEX, BAR0_SIZE);
}

static bool sweep_config(struct sf *sf)
{
	return sweep(sf, VFIO_PCI_CONFIG_REGION_INDEX, CONFIG_SIZE);
}

const struct step sweep_steps[] = {
	{ "sweep-bar0", sweep_bar0 },
	{ "sweep-config", sweep_config },
	{ }
};
