// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev: attacks with portals: touched when the queue is not enabled, or by
 * who has closed the device, mapped where they must not be, and written to in
 * every other way than with descriptors.
 */
#define _GNU_SOURCE
#include "sf-dev-watch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/vfio.h>

#define CAP_EXP		0x10
#define PAGE		4096UL
#define NR_PAGES	4
#define PATTERN		0xa7
#define SMALL		64
#define MAP_IOVA	0x6f00000000ULL

/* A copy through each page; it must not be done */
static bool touch(struct sf *sf, struct watch *w, const char *when,
		  unsigned int *tried)
{
	uint8_t *src = sf->arena + ARENA_SRC, *dst = sf->arena + ARENA_DST;
	struct dsa_hw_desc desc;
	unsigned int page, i;
	bool ok = true;

	memset(src, 0x11, SMALL);
	memset(dst, PATTERN, SMALL);
	for (page = 0; page < NR_PAGES; page++) {
		sf_desc(sf, &desc, DSA_OPCODE_MEMMOVE, page);
		desc.src_addr = sf_iova(sf, src);
		desc.dst_addr = sf_iova(sf, dst);
		desc.xfer_size = SMALL;
		sf_submit_to(sf, &desc, page);
		++*tried;
	}
	usleep(2000);
	for (i = 0; i < NR_PAGES; i++)
		ok &= check(!sf_record(sf, i)->status, "%s: a record", when);
	for (i = 0; ok && i < SMALL; i++)
		ok = check(dst[i] == PATTERN, "%s: data", when);
	return ok & watch_untouched(w, when);
}

/* Nothing of it may come later either, with the next life of the queue */
static bool later(struct sf *sf, const char *when)
{
	bool ok = true;
	unsigned int i;

	sf_start(sf);
	usleep(2000);
	for (i = 0; i < NR_PAGES; i++)
		ok &= check(!sf_record(sf, i)->status, "%s: a late record",
			    when);
	return ok;
}

static bool portal_states(struct sf *sf)
{
	unsigned int devctl = dev_capability(sf, CAP_EXP) + 8, tried = 0;
	struct watch w;
	bool ok;

	watch_open(&w, sf);
	ok = touch(sf, &w, "before anything", &tried);
	ok &= dev_command(sf, CMD_ENABLE_DEVICE, 0, 0);
	ok &= touch(sf, &w, "before the WQ is enabled", &tried);
	ok &= later(sf, "before");
	ok &= dev_command(sf, CMD_DISABLE_WQ, 1, 0);
	ok &= touch(sf, &w, "after disabling the WQ", &tried);
	ok &= later(sf, "disabled WQ");
	ok &= dev_command(sf, CMD_DISABLE_DEVICE, 0, 0);
	ok &= touch(sf, &w, "after disabling the device", &tried);
	ok &= later(sf, "disabled device");
	ok &= dev_command(sf, CMD_RESET_WQ, 1, 0);
	ok &= touch(sf, &w, "after a reset of the WQ", &tried);
	ok &= later(sf, "reset WQ");
	ok &= dev_command(sf, CMD_RESET_DEVICE, 0, 0);
	ok &= touch(sf, &w, "after a reset of the device", &tried);
	ok &= later(sf, "reset device");
	dev_reset(sf);
	ok &= touch(sf, &w, "after VFIO_DEVICE_RESET", &tried);
	ok &= later(sf, "VFIO_DEVICE_RESET");
	/* In a guest the BARs would be gone with it */
	if (!sf->regs) {
		dev_config_write(sf, devctl, 0x8000, 2);
		usleep(100000);
		ok &= touch(sf, &w, "after an FLR", &tried);
		dev_config_write(sf, 4, 6, 2);
		ok &= later(sf, "FLR");
	}
	dev_config_write(sf, 4, 2, 2);
	usleep(100000);
	ok &= touch(sf, &w, "without bus mastering", &tried);
	dev_config_write(sf, 4, 6, 2);
	ok &= later(sf, "bus mastering");
	watch_reached("rejected", tried);
	return watch_close(&w) && ok && dev_copies(sf);
}

/*
 * Closes every file and keeps the mapping of the portals. It is a user of the
 * device as the files were: nobody else gets the queue.
 */
static void close_files(struct sf *sf)
{
	close(sf->device);
	if (sf->group >= 0)
		close(sf->group);
	close(sf->container);
}

static bool noop(struct sf *sf)
{
	uint64_t end = now_ms() + sf->opt->timeout_ms;
	struct dsa_hw_desc desc;

	sf_desc(sf, &desc, DSA_OPCODE_NOOP, 0);
	sf_submit(sf, &desc);
	while (!sf_record(sf, 0)->status && now_ms() < end)
		usleep(50);
	return check(sf_record(sf, 0)->status == DSA_COMP_SUCCESS,
		     "no-op: status %#x", sf_record(sf, 0)->status);
}

static bool portal_closed(struct sf *sf)
{
	const struct options *opt = sf->opt;
	unsigned int sfnum = sf->sfnum, i;
	struct watch w;
	bool ok;

	sf_start(sf);
	watch_open(&w, sf);
	close_files(sf);
	ok = noop(sf) & watch_untouched(&w, "closed files");
	/* The last use: now the device is closed */
	munmap((void *)(uintptr_t)sf->portal, sf->portal_size);
	munmap(sf->arena, ARENA_SIZE);
	for (i = 0; i < sf->nr_vectors; i++)
		close(sf->efd[i]);
	ok &= watch_untouched(&w, "closed device");
	sf_open(sf, opt, sfnum);
	sf_start(sf);
	return watch_close(&w) && ok && dev_copies(sf);
}

/*
 * The process ends, its child keeps the mapping alone and submits through it
 * until it is killed. What others get meanwhile is looked at from outside.
 */
static bool portal_survivor(struct sf *sf)
{
	pid_t pid;

	sf_start(sf);
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (pid) {
		printf("survivor %d\n", pid);
		return true;
	}
	close_files(sf);
	for (;;) {
		struct dsa_hw_desc desc;

		/* The record is in the parent's page, whoever has that now */
		sf_desc(sf, &desc, DSA_OPCODE_NOOP, 0);
		desc.flags &= ~IDXD_OP_FLAG_RCI;
		sf_submit(sf, &desc);
		usleep(10000);
	}
}

static bool no_mmap(struct sf *sf, const char *what, uint64_t off,
		    size_t pages, int prot, int flags)
{
	void *p = mmap(NULL, pages * PAGE, prot, flags, sf->device, off);
	int err = errno;

	if (p != MAP_FAILED)
		munmap(p, pages * PAGE);
	return check(p == MAP_FAILED, "mmap of %s", what) &&
	       dev_expect(what, EINVAL, err);
}

static uint64_t region_offset(struct sf *sf, unsigned int index)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info), .index = index,
	};

	if (ioctl(sf->device, VFIO_DEVICE_GET_REGION_INFO, &info))
		die("GET_REGION_INFO: %s", strerror(errno));
	return info.offset;
}

/* Pages of others are behind ours, on the hardware */
static bool no_page_beyond(struct sf *sf)
{
	uint64_t bar2 = region_offset(sf, VFIO_PCI_BAR2_REGION_INDEX);
	const int rw = PROT_READ | PROT_WRITE;
	unsigned int page, n;
	bool ok = true;

	for (page = 0; page < 8 * NR_PAGES; page++)
		for (n = 1; n <= 8; n++)
			if (page + n > NR_PAGES)
				ok &= no_mmap(sf, "pages beyond",
					      bar2 + page * PAGE, n, rw,
					      MAP_SHARED);
	ok &= no_mmap(sf, "the end of the region",
		      bar2 + (1ULL << 40) - PAGE, 1, rw, MAP_SHARED);
	ok &= no_mmap(sf, "a private page", bar2, 1, rw, MAP_PRIVATE);
	ok &= no_mmap(sf, "an executable page", bar2, 1, rw | PROT_EXEC,
		      MAP_SHARED);
	for (n = 0; n < VFIO_PCI_NUM_REGIONS + 3; n++)
		if (n != VFIO_PCI_BAR2_REGION_INDEX)
			ok &= no_mmap(sf, "another region", (uint64_t)n << 40,
				      1, rw, MAP_SHARED);
	return ok;
}

static bool portal_beyond(struct sf *sf)
{
	void *portal = (void *)(uintptr_t)sf->portal;
	struct watch w;
	bool ok;

	sf_start(sf);
	watch_open(&w, sf);
	ok = noop(sf) & check(sf_events(sf, sf->vector, sf->opt->timeout_ms),
			      "no interrupt of the no-op");
	ok &= no_page_beyond(sf);
	/* Nor does a mapping grow, or double */
	ok &= check(mremap(portal, sf->portal_size, 2 * sf->portal_size,
			   MREMAP_MAYMOVE) == MAP_FAILED, "it grew");
	ok &= check(mremap(portal + PAGE, PAGE, 4 * PAGE, MREMAP_MAYMOVE) ==
		    MAP_FAILED, "a page of it grew");
	ok &= check(mremap(portal, 0, PAGE, MREMAP_MAYMOVE) == MAP_FAILED,
		    "it doubled");
	ok &= check(mprotect(portal, PAGE, PROT_READ | PROT_EXEC),
		    "it became executable");
	/* DMA of one's own must not reach a portal, which outlives the user */
	ok &= dev_expect("map of a portal for DMA", EFAULT,
			 sf_try_map(sf, portal, MAP_IOVA, PAGE));
	ok &= watch_untouched(&w, "mappings");
	return watch_close(&w) && ok && dev_copies(sf);
}

/* Stores of less than 64 bytes to every byte, mapped and by write(2) */
static bool portal_stores(struct sf *sf)
{
	uint64_t bar2 = region_offset(sf, VFIO_PCI_BAR2_REGION_INDEX), val;
	unsigned int tried = 0, off;
	struct watch w;
	bool ok = true;

	sf_start(sf);
	watch_open(&w, sf);
	for (off = 0; off < sf->portal_size; off++, tried++)
		sf->portal[off] = random_next(&sf->rng);
	for (off = 0; off < sf->portal_size; off += 2, tried++)
		*(volatile uint16_t *)(sf->portal + off) =
			random_next(&sf->rng);
	for (off = 0; off < sf->portal_size; off += 4, tried++)
		*(volatile uint32_t *)(sf->portal + off) =
			random_next(&sf->rng);
	for (off = 0; off < sf->portal_size; off += 8, tried++)
		*(volatile uint64_t *)(sf->portal + off) =
			random_next(&sf->rng);
	/* These do not get that far */
	for (off = 0; ok && off < sf->portal_size; off++) {
		unsigned int len = 1 + off % 8;

		val = random_next(&sf->rng);
		if (len > sf->portal_size - off)
			len = 1;
		ok = check(pwrite(sf->device, &val, len, bar2 + off) ==
			   (ssize_t)len, "write of %u at %#x", len, off);
	}
	ok &= watch_untouched(&w, "stores");
	watch_reached("short-writes", tried);
	watch_reached("rejected", 0);
	return watch_close(&w) && ok && dev_copies(sf);
}

const struct step portal_steps[] = {
	{ "portal-states", portal_states },
	{ "portal-closed", portal_closed },
	{ "portal-survivor", portal_survivor },
	{ "portal-beyond", portal_beyond },
	{ "portal-stores", portal_stores },
	{ }
};
