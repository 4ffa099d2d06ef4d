// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-fuzz vfio: iommufd and what a character device has beside a group's: it is
 * bound, and attached to address spaces and page tables. Only in rounds that have
 * opened the subfunction in this way; in others nothing is done.
 */
#include "fuzz-vfio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vfio.h>

/* Younger than the headers this may be built with */
#define MY_BIND			(VFIO_BASE + 18)
#define MY_ATTACH		(VFIO_BASE + 19)
#define MY_DETACH		(VFIO_BASE + 20)
#define MY_DESTROY		0x80
#define MY_IOAS_ALLOC		0x81
#define MY_IOAS_ALLOW		0x82
#define MY_IOAS_COPY		0x83
#define MY_IOAS_RANGES		0x84
#define MY_IOAS_MAP		0x85
#define MY_IOAS_UNMAP		0x86
#define MY_OPTION		0x87
#define MY_VFIO_IOAS		0x88
#define MY_HWPT_ALLOC		0x89
#define MY_HW_INFO		0x8a
#define MY_MAX			0x90

/* Objects of an iommufd are counted from 1, and there are few of them */
static uint32_t object(struct fuzz_thread *t)
{
	uint8_t how = fuzz_byte(t);

	if (how < 80)
		return fuzz_sf.ioas;
	return how < 230 ? how % 8 : fuzz_value(t);
}

static uint64_t iova(struct fuzz_thread *t)
{
	uint8_t how = fuzz_byte(t);

	return how < 200 ? FUZZ_IOVA + ((uint64_t)how << 20) : fuzz_value(t);
}

static uint64_t length(struct fuzz_thread *t)
{
	uint8_t how = fuzz_byte(t);

	return how < 200 ? (uint64_t)how << 12 : fuzz_value(t);
}

static int ask(struct fuzz_thread *t, unsigned int nr, uint32_t *arg,
	       uint32_t size)
{
	uint8_t how = fuzz_byte(t);

	arg[0] = how < 230 ? size : how < 240 ? size - 4 : fuzz_value(t);
	return ioctl(fuzz_sf.container, _IO(';', nr), arg) ? -errno : 0;
}

static void put64(uint32_t *arg, uint64_t val)
{
	arg[0] = val;
	arg[1] = val >> 32;
}

static int map(struct fuzz_thread *t)
{
	uint32_t arg[10] = { 0, fuzz_byte(t) & 7, object(t) };
	unsigned int off = fuzz_byte(t);
	int err;

	put64(&arg[4], (uintptr_t)fuzz_sf.arena + ((uint64_t)off << 12));
	put64(&arg[6], length(t) & 0xffffff);
	put64(&arg[8], iova(t));
	err = ask(t, MY_IOAS_MAP, arg, sizeof(arg));
	if (!err)
		fuzz_accepted(FUZZ_IOMMUFD_MAP);
	return err;
}

static int unmap(struct fuzz_thread *t)
{
	uint32_t arg[6] = { 0, object(t) };
	int err;

	put64(&arg[2], iova(t));
	put64(&arg[4], fuzz_byte(t) < 20 ? ~0ULL : length(t));
	err = ask(t, MY_IOAS_UNMAP, arg, sizeof(arg));
	if (!err)
		fuzz_accepted(FUZZ_IOMMUFD_UNMAP);
	return err;
}

static int copy(struct fuzz_thread *t)
{
	uint32_t arg[10] = { 0, fuzz_byte(t) & 7, object(t), object(t) };

	put64(&arg[4], length(t));
	put64(&arg[6], iova(t));
	put64(&arg[8], iova(t));
	return ask(t, MY_IOAS_COPY, arg, sizeof(arg));
}

/* New address spaces, of which the numbers above may be */
static int alloc(struct fuzz_thread *t)
{
	uint32_t arg[3] = { 0, fuzz_byte(t) < 240 ? 0 : fuzz_value(t) };

	return ask(t, MY_IOAS_ALLOC, arg, sizeof(arg));
}

static int destroy(struct fuzz_thread *t)
{
	uint32_t arg[2] = { 0, object(t) };

	return ask(t, MY_DESTROY, arg, sizeof(arg));
}

/* Page tables of the device: of its driver's own kind, nested, dirty tracking */
static int alloc_table(struct fuzz_thread *t)
{
	uint32_t arg[12] = { 0, fuzz_byte(t) < 128 ? 0 : fuzz_byte(t) & 15,
		object(t), object(t) };

	if (fuzz_byte(t) >= 200) {
		arg[6] = fuzz_value(t);
		arg[7] = fuzz_byte(t) & 31;
		put64(&arg[8], (uintptr_t)fuzz_sf.arena);
	}
	return ask(t, MY_HWPT_ALLOC, arg, sizeof(arg));
}

static int info(struct fuzz_thread *t)
{
	uint32_t arg[10] = { 0, fuzz_byte(t) < 240 ? 0 : fuzz_value(t),
		object(t), fuzz_byte(t) };

	put64(&arg[4], (uintptr_t)fuzz_sf.arena);
	return ask(t, MY_HW_INFO, arg, sizeof(arg));
}

static int any(struct fuzz_thread *t)
{
	unsigned int nr = MY_DESTROY + fuzz_byte(t) % (MY_MAX - MY_DESTROY);
	uint32_t arg[16] = { 0 }, size;

	fuzz_fill(t, &arg[1], 24);
	size = (fuzz_byte(t) & 15) * 4;
	return ask(t, nr, arg, size);
}

/* argsz, flags, and what is attached to */
static int attach(struct fuzz_thread *t)
{
	uint32_t arg[3] = { 12, fuzz_byte(t) < 250 ? 0 : 1, object(t) };
	int err;

	err = ioctl(fuzz_sf.device, _IO(VFIO_TYPE, MY_ATTACH), arg) ? -errno : 0;
	if (!err)
		fuzz_accepted(FUZZ_IOMMUFD_ATTACH);
	return err;
}

static int detach(struct fuzz_thread *t)
{
	uint32_t arg[2] = { 8, fuzz_byte(t) < 250 ? 0 : 1 };
	int err;

	err = ioctl(fuzz_sf.device, _IO(VFIO_TYPE, MY_DETACH), arg) ? -errno : 0;
	if (!err)
		fuzz_accepted(FUZZ_IOMMUFD_DETACH);
	return err;
}

/* Once more, by this file and by another, which has not been bound yet */
static int bind_again(struct fuzz_thread *t)
{
	uint32_t arg[4] = { 16, fuzz_byte(t) < 240 ? 0 : 1 };
	int fd = fuzz_sf.device, err;
	char path[32];

	arg[2] = fuzz_byte(t) < 200 ? fuzz_sf.container : (int)fuzz_value(t);
	if (fuzz_byte(t) & 1) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			return -errno;
	}
	err = ioctl(fd, _IO(VFIO_TYPE, MY_BIND), arg) ? -errno : 0;
	if (fd != fuzz_sf.device)
		close(fd);
	return err;
}

void fuzz_iommufd_step(struct fuzz_thread *t, unsigned int step)
{
	static int (*const steps[])(struct fuzz_thread *) = {
		map, unmap, copy, alloc, destroy, alloc_table, info, any,
		attach, detach, bind_again, attach, attach, map, unmap, map,
	};
	unsigned int nr = fuzz_byte(t) % ARRAY_SIZE(steps);

	if (fuzz_sf.group >= 0)
		return;
	fuzz_result(t, step << 24 | nr, steps[nr](t));
}
