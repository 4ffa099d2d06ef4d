// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-fuzz vfio: ioctls, region accesses and mappings of the VFIO device of a
 * subfunction, of its group and of its container, as any user of them may try
 * them, from several threads at once.
 */
#define _GNU_SOURCE
#include "fuzz-vfio.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include <linux/vfio.h>

#define NR_REGIONS	(VFIO_PCI_NUM_REGIONS + 1)
#define REGION_SHIFT	40

/* Results are told apart by what was done and with which detail */
#define WHAT(step, detail)	((step) << 24 | ((detail) & 0xffffff))

static const char *accepts[FUZZ_ACCEPTS] = {
	"info", "set irqs", "read", "write", "mmap", "store", "map", "unmap",
	"reset",
};

static const char *const accepts_iommufd[] = {
	"iommufd map", "iommufd unmap", "attach", "detach",
};

static void begin(void)
{
	if (fuzz_sf_has_iommufd())
		memcpy(&accepts[FUZZ_IOMMUFD_MAP], accepts_iommufd,
		       sizeof(accepts_iommufd));
	fuzz_sf_open();
}

static int result(long rc)
{
	return rc < 0 ? -errno : 0;
}

/* Tells what came of an access that has to be accepted now and then */
static void tell(struct fuzz_thread *t, unsigned int what, int err,
		 unsigned int accept)
{
	fuzz_result(t, what, err);
	if (!err)
		fuzz_accepted(accept);
}

/* argsz is mostly right, else too small by one field, or any */
static uint32_t argsz(struct fuzz_thread *t, uint32_t right)
{
	uint8_t how = fuzz_byte(t);

	if (how < 200)
		return right;
	return how < 228 ? right - 4 : fuzz_value(t);
}

static void step_info(struct fuzz_thread *t, unsigned int step)
{
	struct vfio_device_info dev = { 0 };
	struct vfio_region_info region = { 0 };
	struct vfio_irq_info irq = { 0 };
	unsigned int which = fuzz_byte(t) % 3;
	int err;

	if (which == 0) {
		dev.argsz = argsz(t, sizeof(dev));
		dev.flags = fuzz_value(t);
		err = result(ioctl(fuzz_sf.device, VFIO_DEVICE_GET_INFO, &dev));
	} else if (which == 1) {
		region.argsz = argsz(t, sizeof(region));
		region.index = fuzz_value(t);
		err = result(ioctl(fuzz_sf.device, VFIO_DEVICE_GET_REGION_INFO,
				   &region));
	} else {
		irq.argsz = argsz(t, sizeof(irq));
		irq.index = fuzz_value(t);
		err = result(ioctl(fuzz_sf.device, VFIO_DEVICE_GET_IRQ_INFO, &irq));
	}
	tell(t, WHAT(step, which << 8 | (region.index & 15) << 4 |
		     (irq.index & 15)), err, FUZZ_VFIO_INFO);
}

/* Eventfds that are there, and what is none */
static int32_t some_fd(struct fuzz_thread *t)
{
	uint8_t how = fuzz_byte(t);

	if (how < 180)
		return fuzz_sf.efd[how % fuzz_sf.nr_vectors];
	if (how < 220)
		return -1;
	return how < 230 ? fuzz_sf.device : how < 240 ? fuzz_sf.container :
	       (int32_t)fuzz_value(t);
}

static void step_set_irqs(struct fuzz_thread *t, unsigned int step)
{
	static const uint8_t usual[] = { 0x24, 0x21, 0x22, 0x9, 0xa, 0x11, 0x12 };
	struct {
		struct vfio_irq_set set;
		int32_t data[32];
	} arg = { 0 };
	unsigned int i, how = fuzz_byte(t);

	arg.set.flags = how < 200 ? usual[how % sizeof(usual)] : fuzz_value(t);
	how = fuzz_byte(t);
	arg.set.index = how < 180 ? VFIO_PCI_MSIX_IRQ_INDEX : fuzz_value(t);
	how = fuzz_byte(t);
	arg.set.start = how < 200 ? how % (fuzz_sf.nr_vectors + 1) : fuzz_value(t);
	how = fuzz_byte(t);
	arg.set.count = how < 200 ? how % (fuzz_sf.nr_vectors + 2) : fuzz_value(t);
	for (i = 0; i < ARRAY_SIZE(arg.data) && i < arg.set.count; i++)
		arg.data[i] = some_fd(t);
	if (arg.set.flags & VFIO_IRQ_SET_DATA_BOOL)
		for (i = 0; i < ARRAY_SIZE(arg.data); i++)
			((uint8_t *)arg.data)[i] = fuzz_byte(t);
	arg.set.argsz = argsz(t, sizeof(arg));
	tell(t, WHAT(step, (arg.set.flags & 63) << 4 | (arg.set.index & 7)),
	     result(ioctl(fuzz_sf.device, VFIO_DEVICE_SET_IRQS, &arg)),
	     FUZZ_VFIO_SET_IRQS);
}

/* Any request of VFIO at the device, with bytes for an argument */
static void step_any_ioctl(struct fuzz_thread *t, unsigned int step)
{
	unsigned int nr = fuzz_byte(t) % 32;
	uint32_t arg[64] = { 0 };
	int err;

	fuzz_fill(t, arg, 24);
	arg[0] = argsz(t, 16);
	err = result(ioctl(fuzz_sf.device, _IO(VFIO_TYPE, VFIO_BASE + nr),
			   fuzz_byte(t) < 240 ? arg : (void *)8));
	fuzz_result(t, WHAT(step, nr), err);
}

static off_t region_offset(struct fuzz_thread *t, unsigned int *region)
{
	static const uint16_t regs[] = {
		REG_GENCFG, REG_GENCTRL, REG_GENSTS, REG_INTCAUSE, REG_CMD,
		REG_CMDSTS, REG_SWERR, REG_EVLCFG, REG_EVLSTS, 0x600, 0x608,
		0x700, 0x800, 0x80c, 0x810, 0xc00, 0x1000,
	};
	uint8_t how = fuzz_byte(t);

	*region = how < 100 ? VFIO_PCI_BAR0_REGION_INDEX :
		  how < 200 ? VFIO_PCI_CONFIG_REGION_INDEX : how % 16;
	how = fuzz_byte(t);
	return ((off_t)*region << REGION_SHIFT) +
	       (off_t)(how < 128 ? regs[how % ARRAY_SIZE(regs)] :
		how < 200 ? fuzz_bits(t, 1) * 4 : fuzz_value(t));
}

static void step_access(struct fuzz_thread *t, unsigned int step)
{
	static const uint8_t widths[] = { 1, 2, 4, 8, 4, 8, 3, 64 };
	uint8_t buf[4096] = { 0 };
	unsigned int region, how = fuzz_byte(t);
	off_t off = region_offset(t, &region);
	size_t len = how < 248 ? widths[how % 8] : fuzz_value(t) % sizeof(buf);
	uint64_t val = fuzz_value(t);
	ssize_t rc;

	memcpy(buf, &val, sizeof(val));
	if (how & 8)
		rc = pread(fuzz_sf.device, buf, len, off);
	else
		rc = pwrite(fuzz_sf.device, buf, len, off);
	tell(t, WHAT(step, region << 16 | (how & 8) << 12 | (off & 0xfff) >> 2),
	     result(rc), how & 8 ? FUZZ_VFIO_READ : FUZZ_VFIO_WRITE);
}

/* What a process may do with a mapping, then a store; @len becomes its size */
static void *change_mapping(struct fuzz_thread *t, void *p, size_t *len)
{
	uint8_t how = fuzz_byte(t);
	size_t wanted = *len;
	void *moved;

	switch (how % 16) {
	case 0:
		wanted += 4096;
		break;
	case 1:
		wanted = 4096;
		break;
	case 2:
		mprotect(p, *len, fuzz_byte(t) & 7);
		return p;
	case 3:
		madvise(p, *len, fuzz_byte(t) % 26);
		return p;
	case 4:
		/* A hole splits it */
		if (*len > 4096)
			munmap((uint8_t *)p + 4096, 4096);
		return p;
	default:
		return p;
	}
	moved = mremap(p, *len, wanted, how & 16 ? MREMAP_MAYMOVE : 0);
	if (moved == MAP_FAILED)
		return p;
	*len = wanted;
	return moved;
}

static bool store_to(struct fuzz_thread *t, void *p)
{
	static const uint8_t sizes[] = { 0, 1, 2, 4, 8, 64, 64, 64 };
	uint8_t desc[64] __attribute__((aligned(64))) = { 0 }, how;
	bool ok;

	fuzz_fill(t, desc, 8);
	how = fuzz_byte(t);
	ok = fuzz_store((uint8_t *)p + (how & 0xc0), desc, sizes[how & 7]);
	if (ok)
		fuzz_accepted(FUZZ_VFIO_STORE);
	return ok;
}

/* Of all offsets; what is mapped is stored to, and unmapped */
static void step_mmap(struct fuzz_thread *t, unsigned int step)
{
	unsigned int how = fuzz_byte(t), region;
	size_t len = how < 200 ? 4096 * (how % 5) : fuzz_value(t) & 0xffffff;
	int prot = how & 2 ? PROT_READ | PROT_WRITE : fuzz_byte(t) & 7, err;
	off_t off = how & 1 ? 0x1000 * (fuzz_byte(t) & 7) : fuzz_value(t);
	void *p;

	region = fuzz_byte(t);
	region = region < 128 ? VFIO_PCI_BAR2_REGION_INDEX : region % 16;
	off += (off_t)region << REGION_SHIFT;
	p = mmap(NULL, len, prot, how & 4 ? MAP_PRIVATE : MAP_SHARED,
		 fuzz_sf.device, off);
	err = p == MAP_FAILED ? -errno : 0;
	if (!err) {
		if (!store_to(t, p))
			err = 1;
		p = change_mapping(t, p, &len);
		if (!store_to(t, p))
			err = 2;
		munmap(p, len);
	}
	tell(t, WHAT(step, region << 8 | prot), err, FUZZ_VFIO_MMAP);
}

static void step_map(struct fuzz_thread *t, unsigned int step)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = argsz(t, sizeof(map)),
		.flags = fuzz_byte(t) & 7 ?: 3,
		.vaddr = (uintptr_t)fuzz_sf.arena + (fuzz_byte(t) << 12),
		.size = (fuzz_byte(t) & 15) << 12,
	};
	unsigned int how = fuzz_byte(t);

	map.iova = how < 200 ? FUZZ_IOVA + ((uint64_t)how << 20) : fuzz_value(t);
	if (how & 16)
		map.size |= fuzz_byte(t);
	tell(t, WHAT(step, map.flags & 7),
	     result(ioctl(fuzz_sf.container, VFIO_IOMMU_MAP_DMA, &map)),
	     FUZZ_VFIO_MAP);
}

static void step_unmap(struct fuzz_thread *t, unsigned int step)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = argsz(t, sizeof(unmap)),
		.flags = fuzz_byte(t) < 230 ? 0 : fuzz_value(t) & 7,
		.size = (uint64_t)fuzz_byte(t) << 12,
	};
	unsigned int how = fuzz_byte(t);

	unmap.iova = how < 200 ? FUZZ_IOVA + ((uint64_t)how << 20) : fuzz_value(t);
	if (how == 255)
		unmap.size = ~0ULL;
	tell(t, WHAT(step, unmap.flags),
	     result(ioctl(fuzz_sf.container, VFIO_IOMMU_UNMAP_DMA, &unmap)),
	     FUZZ_VFIO_UNMAP);
}

/* The group is taken from its container, the device opened once more */
static void step_group(struct fuzz_thread *t, unsigned int step)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	unsigned int how = fuzz_byte(t) % 6;
	int rc = -1;

	switch (how) {
	case 0:
		rc = ioctl(fuzz_sf.group, VFIO_GROUP_GET_STATUS, &status);
		break;
	case 1:
		rc = ioctl(fuzz_sf.group, VFIO_GROUP_SET_CONTAINER, &fuzz_sf.container);
		break;
	case 2:
		rc = ioctl(fuzz_sf.group, VFIO_GROUP_UNSET_CONTAINER);
		break;
	case 3:
		rc = ioctl(fuzz_sf.container, VFIO_SET_IOMMU, fuzz_value(t));
		break;
	case 4:
	case 5:
		rc = ioctl(fuzz_sf.group, VFIO_GROUP_GET_DEVICE_FD,
			   how == 4 ? fuzz_sf.name : "idxd-sf.none");
		if (rc >= 0)
			close(rc);
		break;
	}
	fuzz_result(t, WHAT(step, how), result(rc));
}

static void step_reset(struct fuzz_thread *t, unsigned int step)
{
	/* One costs as much as a thousand accesses */
	if (fuzz_byte(t) & 7)
		return;
	tell(t, WHAT(step, 0), result(ioctl(fuzz_sf.device, VFIO_DEVICE_RESET)),
	     FUZZ_VFIO_RESET);
}

static void step(struct fuzz_thread *t)
{
	static void (*const steps[])(struct fuzz_thread *, unsigned int) = {
		step_info, step_set_irqs, step_any_ioctl, step_access,
		step_access, step_access, step_access, step_mmap, step_map,
		step_unmap, step_group, step_reset, step_set_irqs, step_access,
		step_access, fuzz_iommufd_step, fuzz_iommufd_step, step_mmap,
		fuzz_iommufd_step,
	};
	unsigned int nr = fuzz_byte(t) % ARRAY_SIZE(steps);

	steps[nr](t, nr);
}

const struct fuzz_target fuzz_vfio = {
	.name = "vfio",
	.round_ms = 1500,
	.accepts = accepts,
	.begin = begin,
	.end = fuzz_sf_close,
	.step = step,
};
