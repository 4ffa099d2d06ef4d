// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev: what VFIO says of the device: every region and every interrupt
 * index there is, and questions that are no good.
 */
#include "sf-dev.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vfio.h>

#define READ_WRITE	(VFIO_REGION_INFO_FLAG_READ | \
			 VFIO_REGION_INFO_FLAG_WRITE)
#define CAP_MSIX	0x11
#define NO_INDEX	0xffffffffu

/* 0 or an errno */
static int ask(struct sf *sf, unsigned long request, void *arg)
{
	return ioctl(sf->device, request, arg) ? errno : 0;
}

static int ask_device(struct sf *sf, uint32_t argsz,
		      struct vfio_device_info *info)
{
	/* What is only answered is not listened to */
	memset(info, 0xff, sizeof(*info));
	info->argsz = argsz;
	return ask(sf, VFIO_DEVICE_GET_INFO, info);
}

static int ask_region(struct sf *sf, uint32_t argsz, uint32_t index,
		      struct vfio_region_info *info)
{
	memset(info, 0xff, sizeof(*info));
	info->argsz = argsz;
	info->index = index;
	return ask(sf, VFIO_DEVICE_GET_REGION_INFO, info);
}

static int ask_irq(struct sf *sf, uint32_t argsz, uint32_t index,
		   struct vfio_irq_info *info)
{
	memset(info, 0xff, sizeof(*info));
	info->argsz = argsz;
	info->index = index;
	return ask(sf, VFIO_DEVICE_GET_IRQ_INFO, info);
}

static bool info_device(struct sf *sf)
{
	struct vfio_device_info info;
	bool ok = dev_expect("GET_INFO", 0,
			     ask_device(sf, sizeof(info), &info));

	ok &= dev_expect("flags: PCI and reset",
			 VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET,
			 info.flags);
	ok &= dev_expect("regions", VFIO_PCI_NUM_REGIONS, info.num_regions);
	ok &= dev_expect("interrupt indexes", VFIO_PCI_NUM_IRQS,
			 info.num_irqs);
	return ok;
}

static const struct {
	const char *name;
	uint64_t size;
	uint32_t flags;
} regions[VFIO_PCI_NUM_REGIONS] = {
	[VFIO_PCI_BAR0_REGION_INDEX] = { "BAR0", 0x10000, READ_WRITE },
	[VFIO_PCI_BAR1_REGION_INDEX] = { "BAR1", 0, 0 },
	[VFIO_PCI_BAR2_REGION_INDEX] = {
		"BAR2", 0x4000, READ_WRITE | VFIO_REGION_INFO_FLAG_MMAP },
	[VFIO_PCI_BAR3_REGION_INDEX] = { "BAR3", 0, 0 },
	[VFIO_PCI_BAR4_REGION_INDEX] = { "BAR4", 0, 0 },
	[VFIO_PCI_BAR5_REGION_INDEX] = { "BAR5", 0, 0 },
	[VFIO_PCI_ROM_REGION_INDEX] = { "ROM", 0, 0 },
	[VFIO_PCI_CONFIG_REGION_INDEX] = { "CONFIG", 0x1000, READ_WRITE },
	[VFIO_PCI_VGA_REGION_INDEX] = { "VGA", 0, 0 },
};

/* Its whole size can be read and not a byte more */
static bool region_has_size(struct sf *sf, uint64_t offset, uint64_t size)
{
	uint8_t bytes[8];
	bool ok = true;

	if (size) {
		ok &= dev_expect("its last bytes", 4,
				 pread(sf->device, bytes, 4,
				       offset + size - 4));
		ok &= dev_expect("beyond its end", 4,
				 pread(sf->device, bytes, 8,
				       offset + size - 4));
	}
	errno = 0;
	ok &= check(pread(sf->device, bytes, 4, offset + size) < 0 &&
		    errno == EINVAL, "behind it: %s", strerror(errno));
	errno = 0;
	return ok & check(pwrite(sf->device, bytes, 4, offset + size) < 0 &&
			  errno == EINVAL, "written behind it: %s",
			  strerror(errno));
}

static bool region_is_apart(const struct vfio_region_info *a,
			    const struct vfio_region_info *b)
{
	return check(a->offset + a->size <= b->offset ||
		     b->offset + b->size <= a->offset,
		     "regions %u and %u overlap", a->index, b->index);
}

static bool info_regions(struct sf *sf)
{
	struct vfio_region_info info[ARRAY_SIZE(regions)];
	bool ok = true;
	uint32_t i, j;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		bool good = dev_expect("GET_REGION_INFO", 0,
				       ask_region(sf, sizeof(info[i]), i,
						  &info[i]));

		good &= dev_expect("size", regions[i].size, info[i].size);
		good &= dev_expect("flags", regions[i].flags, info[i].flags);
		good &= dev_expect("capabilities", 0, info[i].cap_offset);
		good &= dev_expect("index", i, info[i].index);
		good &= region_has_size(sf, info[i].offset, info[i].size);
		for (j = 0; j < i; j++)
			good &= region_is_apart(&info[i], &info[j]);
		note("%s: %#llx bytes, flags %#x", regions[i].name,
		     (unsigned long long)info[i].size, info[i].flags);
		ok &= check(good, "%s is wrong", regions[i].name);
	}
	return ok;
}

static bool info_irqs(struct sf *sf)
{
	const uint32_t fixed = VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_NORESIZE;
	const uint32_t table = dev_capability(sf, CAP_MSIX) + 2;
	const uint32_t vectors = (dev_config_read(sf, table, 2) & 0x7ff) + 1;
	const struct {
		const char *name;
		uint32_t count;
		uint32_t flags;
	} want[VFIO_PCI_NUM_IRQS] = {
		[VFIO_PCI_INTX_IRQ_INDEX] = { "INTx", 0, fixed },
		[VFIO_PCI_MSI_IRQ_INDEX] = { "MSI", 0, fixed },
		[VFIO_PCI_MSIX_IRQ_INDEX] = {
			"MSI-X", vectors, VFIO_IRQ_INFO_EVENTFD },
		[VFIO_PCI_ERR_IRQ_INDEX] = { "ERR", 1, fixed },
		[VFIO_PCI_REQ_IRQ_INDEX] = { "REQ", 1, fixed },
	};
	bool ok = true;
	uint32_t i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		struct vfio_irq_info info;
		bool good = dev_expect("GET_IRQ_INFO", 0,
				       ask_irq(sf, sizeof(info), i, &info));

		good &= dev_expect("count", want[i].count, info.count);
		good &= dev_expect("flags", want[i].flags, info.flags);
		good &= dev_expect("index", i, info.index);
		note("%s: %u, flags %#x", want[i].name, info.count,
		     info.flags);
		ok &= check(good, "%s is wrong", want[i].name);
	}
	return ok;
}

/* A question too short for its answer is refused, and nothing is written */
static bool info_sizes(struct sf *sf)
{
	struct vfio_device_info device, untouched;
	struct vfio_region_info region;
	struct vfio_irq_info irq;
	const uint32_t device_min = offsetof(struct vfio_device_info,
					     num_irqs) + 4;
	bool ok = true;

	ok &= dev_expect("device, nothing", EINVAL, ask_device(sf, 0, &device));
	ok &= dev_expect("device, too short", EINVAL,
			 ask_device(sf, device_min - 1, &device));
	memset(&untouched, 0xff, sizeof(untouched));
	untouched.argsz = device_min - 1;
	ok &= check(!memcmp(&device, &untouched, sizeof(device)),
		    "a refused question is answered");
	ok &= dev_expect("device, the least", 0,
			 ask_device(sf, device_min, &device));
	ok &= dev_expect("what is behind that", NO_INDEX, device.cap_offset);
	ok &= dev_expect("device, more than there is", 0,
			 ask_device(sf, NO_INDEX, &device));
	ok &= dev_expect("region, nothing", EINVAL,
			 ask_region(sf, 0, 0, &region));
	ok &= dev_expect("region, too short", EINVAL,
			 ask_region(sf, sizeof(region) - 1, 0, &region));
	ok &= dev_expect("region, more than there is", 0,
			 ask_region(sf, NO_INDEX, 0, &region));
	ok &= dev_expect("irq, nothing", EINVAL, ask_irq(sf, 0, 0, &irq));
	ok &= dev_expect("irq, too short", EINVAL,
			 ask_irq(sf, sizeof(irq) - 1, 0, &irq));
	ok &= dev_expect("irq, more than there is", 0,
			 ask_irq(sf, NO_INDEX, 0, &irq));
	return ok;
}

/* Interrupts of @index: 0 or an errno */
static int set_none(struct sf *sf, uint32_t flags, uint32_t index,
		    uint32_t argsz)
{
	struct vfio_irq_set set = {
		.argsz = argsz, .flags = flags, .index = index, .count = 1,
	};

	return ask(sf, VFIO_DEVICE_SET_IRQS, &set);
}

static bool info_refused(struct sf *sf)
{
	static const uint32_t beyond[] = { 0, 1, 0x7ffffff0, };
	const uint32_t trigger = VFIO_IRQ_SET_ACTION_TRIGGER |
				 VFIO_IRQ_SET_DATA_NONE;
	const uint32_t size = sizeof(struct vfio_irq_set);
	struct vfio_region_info region;
	struct vfio_irq_info irq;
	bool ok = true;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(beyond); i++) {
		ok &= dev_expect("region out of range", EINVAL,
				 ask_region(sf, sizeof(region),
					    VFIO_PCI_NUM_REGIONS + beyond[i],
					    &region));
		ok &= dev_expect("irq out of range", EINVAL,
				 ask_irq(sf, sizeof(irq),
					 VFIO_PCI_NUM_IRQS + beyond[i], &irq));
		ok &= dev_expect("set out of range", EINVAL,
				 set_none(sf, trigger,
					  VFIO_PCI_NUM_IRQS + beyond[i], size));
	}
	ok &= dev_expect("region -1", EINVAL,
			 ask_region(sf, sizeof(region), NO_INDEX, &region));
	ok &= dev_expect("irq -1", EINVAL,
			 ask_irq(sf, sizeof(irq), NO_INDEX, &irq));
	ok &= dev_expect("set, too short", EINVAL,
			 set_none(sf, trigger, VFIO_PCI_MSIX_IRQ_INDEX,
				  size - 1));
	/* Flags nobody knows, two kinds of data, two actions, none */
	for (i = 6; i < 32; i++)
		ok &= dev_expect("unknown flag", EINVAL,
				 set_none(sf, trigger | 1u << i,
					  VFIO_PCI_MSIX_IRQ_INDEX, size));
	ok &= dev_expect("two kinds of data", EINVAL,
			 set_none(sf, trigger | VFIO_IRQ_SET_DATA_BOOL,
				  VFIO_PCI_MSIX_IRQ_INDEX, size));
	ok &= dev_expect("two actions", ENOTTY,
			 set_none(sf, trigger | VFIO_IRQ_SET_ACTION_MASK,
				  VFIO_PCI_MSIX_IRQ_INDEX, size));
	ok &= dev_expect("no action", ENOTTY,
			 set_none(sf, VFIO_IRQ_SET_DATA_NONE,
				  VFIO_PCI_MSIX_IRQ_INDEX, size));
	ok &= check(!sf_events(sf, 0, 0), "a refused SET_IRQS had an effect");
	/* Nowhere to answer to, and questions that are not ours */
	ok &= dev_expect("no memory", EFAULT,
			 ask(sf, VFIO_DEVICE_GET_INFO, NULL));
	ok &= dev_expect("no memory", EFAULT,
			 ask(sf, VFIO_DEVICE_GET_REGION_INFO, NULL));
	ok &= dev_expect("no memory", EFAULT,
			 ask(sf, VFIO_DEVICE_GET_IRQ_INFO, NULL));
	ok &= dev_expect("no memory", EFAULT,
			 ask(sf, VFIO_DEVICE_SET_IRQS, NULL));
	ok &= dev_expect("hot reset info", ENOTTY,
			 ask(sf, VFIO_DEVICE_GET_PCI_HOT_RESET_INFO, &irq));
	return ok & dev_expect("unknown request", ENOTTY,
			       ask(sf, _IO(VFIO_TYPE, VFIO_BASE + 99), &irq));
}

const struct step info_steps[] = {
	{ "info-device", info_device },
	{ "info-regions", info_regions },
	{ "info-irqs", info_irqs },
	{ "info-sizes", info_sizes },
	{ "info-refused", info_refused },
	{ }
};
