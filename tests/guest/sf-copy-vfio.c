// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-copy: finds the VFIO device of an SF and opens it, through its group and
 * a type1 container or through its character device and iommufd. Owns file
 * descriptors, DMA mappings and eventfds. It must not know what a DSA is.
 */
#include "sf-copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/vfio.h>

#define AUX_DEVICES	"/sys/bus/auxiliary/devices"

/* iommufd is younger than the headers this may be built with */
#define MY_BIND_IOMMUFD		_IO(VFIO_TYPE, VFIO_BASE + 18)
#define MY_ATTACH_PT		_IO(VFIO_TYPE, VFIO_BASE + 19)
#define MY_DETACH_PT		_IO(VFIO_TYPE, VFIO_BASE + 20)
#define MY_IOAS_ALLOC		_IO(';', 0x81)
#define MY_IOAS_MAP		_IO(';', 0x85)
#define MY_IOAS_UNMAP		_IO(';', 0x86)
#define MY_IOAS_MAP_FIXED	(1 << 0)
#define MY_IOAS_MAP_WRITE	(1 << 1)
#define MY_IOAS_MAP_READ	(1 << 2)

struct my_bind {
	uint32_t argsz;
	uint32_t flags;
	int32_t iommufd;
	uint32_t devid;
};

struct my_attach {
	uint32_t argsz;
	uint32_t flags;
	uint32_t pt_id;
};

struct my_detach {
	uint32_t argsz;
	uint32_t flags;
};

struct my_ioas_alloc {
	uint32_t size;
	uint32_t flags;
	uint32_t ioas;
};

struct my_ioas_map {
	uint32_t size;
	uint32_t flags;
	uint32_t ioas;
	uint32_t reserved;
	uint64_t va;
	uint64_t length;
	uint64_t iova;
};

struct my_ioas_unmap {
	uint32_t size;
	uint32_t ioas;
	uint64_t iova;
	uint64_t length;
};

static bool read_uint(const char *path, unsigned int *val)
{
	FILE *f = fopen(path, "r");
	bool ok;

	if (!f)
		return false;
	ok = fscanf(f, "%u", val) == 1;
	fclose(f);
	return ok;
}

/* The first entry of a directory whose name starts with @prefix */
static bool find_entry(const char *dir, const char *prefix, char *name,
		       size_t size)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	bool found = false;

	if (!d)
		return false;
	while (!found && (e = readdir(d))) {
		if (strncmp(e->d_name, prefix, strlen(prefix)) ||
		    strlen(e->d_name) >= size)
			continue;
		memcpy(name, e->d_name, strlen(e->d_name) + 1);
		found = true;
	}
	closedir(d);
	return found;
}

/* Does the auxiliary device belong to the SF that is looked for? */
static bool is_ours(const char *name, const struct options *opt,
		    unsigned int sfnum, char *real)
{
	char path[512];
	unsigned int num;

	if (strncmp(name, "idxd.sf.", 8))
		return false;
	snprintf(path, sizeof(path), AUX_DEVICES "/%s/sfnum", name);
	if (!read_uint(path, &num) || num != sfnum)
		return false;
	snprintf(path, sizeof(path), AUX_DEVICES "/%s", name);
	if (!realpath(path, real))
		return false;
	if (!opt->pci)
		return true;
	snprintf(path, sizeof(path), "/%s/%s", opt->pci, name);
	return strstr(real, path);
}

/* A whole device is a PCI function */
static void find_bare(struct sf *sf)
{
	snprintf(sf->name, sizeof(sf->name), "%s", sf->opt->bare);
	snprintf(sf->path, sizeof(sf->path), "/sys/bus/pci/devices/%s",
		 sf->name);
}

/* auxiliary device with the sfnum -> companion platform device below it */
static void find_sf(struct sf *sf)
{
	char real[4096];
	struct dirent *e;
	bool found = false;
	DIR *d = opendir(AUX_DEVICES);

	if (!d)
		die("%s: %s", AUX_DEVICES, strerror(errno));
	while (!found && (e = readdir(d)))
		found = is_ours(e->d_name, sf->opt, sf->sfnum, real);
	closedir(d);
	if (!found)
		die("no active subfunction with sfnum %u", sf->sfnum);
	if (!find_entry(real, "idxd-sf.", sf->name, sizeof(sf->name)))
		die("%s: no VFIO device, is idxd_vfio loaded?", real);
	if ((size_t)snprintf(sf->path, sizeof(sf->path), "%s/%s", real,
			     sf->name) >= sizeof(sf->path))
		die("%s: path too long", real);
}

static int open_or_die(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	return fd;
}

static void open_group(struct sf *sf)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char path[512], link[512];
	ssize_t n;

	snprintf(path, sizeof(path), "%s/iommu_group", sf->path);
	n = readlink(path, link, sizeof(link) - 1);
	if (n < 0)
		die("%s: %s", path, strerror(errno));
	link[n] = 0;
	snprintf(path, sizeof(path), "/dev/vfio/%s", basename(link));
	sf->container = open_or_die("/dev/vfio/vfio");
	sf->group = open_or_die(path);
	if (ioctl(sf->group, VFIO_GROUP_GET_STATUS, &status) ||
	    !(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		die("%s: group not viable", path);
	if (ioctl(sf->group, VFIO_GROUP_SET_CONTAINER, &sf->container))
		die("%s: SET_CONTAINER: %s", path, strerror(errno));
	if (ioctl(sf->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		die("%s: SET_IOMMU: %s", path, strerror(errno));
	sf->device = ioctl(sf->group, VFIO_GROUP_GET_DEVICE_FD, sf->name);
	if (sf->device < 0)
		die("%s: GET_DEVICE_FD %s: %s", path, sf->name,
		    strerror(errno));
	note("SF %u: %s, %s", sf->sfnum, sf->name, path);
}

/* A new address space in the SF's iommufd; maps go to it from now on */
void sf_ioas_new(struct sf *sf)
{
	struct my_ioas_alloc alloc = { .size = sizeof(alloc) };

	if (ioctl(sf->container, MY_IOAS_ALLOC, &alloc))
		die("IOAS_ALLOC: %s", strerror(errno));
	sf->ioas = alloc.ioas;
}

/* To the address space @ioas, instead of another if it has one; 0 or an errno */
int sf_attach(struct sf *sf, uint32_t ioas)
{
	struct my_attach attach = { .argsz = sizeof(attach), .pt_id = ioas };

	return ioctl(sf->device, MY_ATTACH_PT, &attach) ? errno : 0;
}

int sf_detach(struct sf *sf)
{
	struct my_detach detach = { .argsz = sizeof(detach) };

	return ioctl(sf->device, MY_DETACH_PT, &detach) ? errno : 0;
}

/* 0 or an errno */
int sf_bind(struct sf *sf, int iommufd)
{
	struct my_bind bind = { .argsz = sizeof(bind), .iommufd = iommufd };

	return ioctl(sf->device, MY_BIND_IOMMUFD, &bind) ? errno : 0;
}

static void open_cdev(struct sf *sf)
{
	const struct sf *with = sf->opt->with;
	char dir[512], path[512], name[64];
	int err;

	snprintf(dir, sizeof(dir), "%s/vfio-dev", sf->path);
	if (!find_entry(dir, "vfio", name, sizeof(name)))
		die("%s: no character device on this kernel", dir);
	snprintf(path, sizeof(path), "/dev/vfio/devices/%s", name);
	sf->group = -1;
	sf->container = with ? dup(with->container) :
			       open_or_die("/dev/iommu");
	sf->device = open_or_die(path);
	err = sf_bind(sf, sf->container);
	if (err)
		die("%s: BIND_IOMMUFD: %s", path, strerror(err));
	if (with)
		sf->ioas = with->ioas;
	else
		sf_ioas_new(sf);
	err = sf_attach(sf, sf->ioas);
	if (err)
		die("%s: ATTACH_IOMMUFD_PT: %s", path, strerror(err));
	note("SF %u: %s, %s", sf->sfnum, sf->name, path);
}

/* 0 or an errno */
static int try_map(struct sf *sf, void *va, uint64_t iova, size_t size,
		   bool write)
{
	struct vfio_iommu_type1_dma_map dma_map = {
		.argsz = sizeof(dma_map),
		.flags = VFIO_DMA_MAP_FLAG_READ |
			 (write ? VFIO_DMA_MAP_FLAG_WRITE : 0),
		.vaddr = (uintptr_t)va, .iova = iova, .size = size,
	};
	struct my_ioas_map ioas_map = {
		.size = sizeof(ioas_map), .ioas = sf->ioas,
		.flags = MY_IOAS_MAP_FIXED | MY_IOAS_MAP_READ |
			 (write ? MY_IOAS_MAP_WRITE : 0),
		.va = (uintptr_t)va, .iova = iova, .length = size,
	};
	int rc = sf->opt->iommufd ?
		ioctl(sf->container, MY_IOAS_MAP, &ioas_map) :
		ioctl(sf->container, VFIO_IOMMU_MAP_DMA, &dma_map);

	return rc ? errno : 0;
}

static void map_memory(struct sf *sf, void *va, uint64_t iova, size_t size,
		       bool write)
{
	int err = try_map(sf, va, iova, size, write);

	if (err)
		die("map %#zx bytes at %#llx: %s", size,
		    (unsigned long long)iova, strerror(err));
}

int sf_try_map(struct sf *sf, void *va, uint64_t iova, size_t size)
{
	return try_map(sf, va, iova, size, true);
}

void sf_map(struct sf *sf, void *va, uint64_t iova, size_t size)
{
	map_memory(sf, va, iova, size, true);
}

void sf_map_read_only(struct sf *sf, void *va, uint64_t iova, size_t size)
{
	map_memory(sf, va, iova, size, false);
}

void sf_unmap(struct sf *sf, uint64_t iova, size_t size)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap), .iova = iova, .size = size,
	};
	struct my_ioas_unmap ioas_unmap = {
		.size = sizeof(ioas_unmap), .ioas = sf->ioas,
		.iova = iova, .length = size,
	};
	int rc = sf->opt->iommufd ?
		ioctl(sf->container, MY_IOAS_UNMAP, &ioas_unmap) :
		ioctl(sf->container, VFIO_IOMMU_UNMAP_DMA, &unmap);

	if (rc)
		die("unmap %#llx: %s", (unsigned long long)iova,
		    strerror(errno));
}

static void region_info(struct sf *sf, struct vfio_region_info *info,
			unsigned int index)
{
	memset(info, 0, sizeof(*info));
	info->argsz = sizeof(*info);
	info->index = index;
	if (ioctl(sf->device, VFIO_DEVICE_GET_REGION_INFO, info))
		die("GET_REGION_INFO %u: %s", index, strerror(errno));
}

/* Regions: registers by read and write, portals mapped, memory and bus
 * mastering switched on in configuration space.
 */
static void open_regions(struct sf *sf)
{
	struct vfio_region_info info;
	uint16_t command = 0x6;
	void *p;

	region_info(sf, &info, VFIO_PCI_CONFIG_REGION_INDEX);
	if (pwrite(sf->device, &command, 2, info.offset + 4) != 2)
		die("PCI command register: %s", strerror(errno));
	if (pread(sf->device, &sf->pci_id, 4, info.offset) != 4)
		die("PCI id: %s", strerror(errno));
	region_info(sf, &info, VFIO_PCI_BAR0_REGION_INDEX);
	sf->bar0 = info.offset;
	region_info(sf, &info, VFIO_PCI_BAR2_REGION_INDEX);
	if (!(info.flags & VFIO_REGION_INFO_FLAG_MMAP))
		die("the portals cannot be mapped");
	p = mmap(NULL, info.size, PROT_READ | PROT_WRITE, MAP_SHARED,
		 sf->device, info.offset);
	if (p == MAP_FAILED)
		die("mmap of the portals: %s", strerror(errno));
	sf->portal = p;
	sf->portal_size = info.size;
}

static void open_vectors(struct sf *sf)
{
	struct vfio_irq_info info = {
		.argsz = sizeof(info), .index = VFIO_PCI_MSIX_IRQ_INDEX,
	};
	struct vfio_irq_set *set;
	unsigned int i;

	if (ioctl(sf->device, VFIO_DEVICE_GET_IRQ_INFO, &info))
		die("GET_IRQ_INFO: %s", strerror(errno));
	if (info.count < 2)
		die("%u MSI-X vectors, at least 2 expected", info.count);
	sf->nr_vectors = info.count < MAX_VECTORS ? info.count : MAX_VECTORS;
	set = calloc(1, sizeof(*set) + sizeof(sf->efd));
	if (!set)
		die("out of memory");
	for (i = 0; i < sf->nr_vectors; i++) {
		sf->efd[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (sf->efd[i] < 0)
			die("eventfd: %s", strerror(errno));
	}
	set->argsz = sizeof(*set) + sf->nr_vectors * sizeof(int);
	set->flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
	set->index = VFIO_PCI_MSIX_IRQ_INDEX;
	set->count = sf->nr_vectors;
	memcpy(set->data, sf->efd, sf->nr_vectors * sizeof(int));
	if (ioctl(sf->device, VFIO_DEVICE_SET_IRQS, set))
		die("SET_IRQS: %s", strerror(errno));
	free(set);
}

static void open_arena(struct sf *sf)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS;

	if (sf->opt->huge)
		flags |= MAP_HUGETLB;
	sf->arena = mmap(NULL, ARENA_SIZE, PROT_READ | PROT_WRITE, flags, -1,
			 0);
	if (sf->arena == MAP_FAILED)
		die("%lu MiB of memory: %s", ARENA_SIZE >> 20,
		    strerror(errno));
	sf_map(sf, sf->arena, sf->opt->iova, ARENA_SIZE);
}

void sf_open(struct sf *sf, const struct options *opt, unsigned int sfnum)
{
	memset(sf, 0, sizeof(*sf));
	sf->opt = opt;
	sf->sfnum = sfnum;
	sf->rng = opt->seed + sfnum;
	if (opt->bar) {
		bar_open(sf);
		return;
	}
	if (opt->bare)
		find_bare(sf);
	else
		find_sf(sf);
	if (opt->iommufd)
		open_cdev(sf);
	else
		open_group(sf);
	open_regions(sf);
	open_vectors(sf);
	open_arena(sf);
}

void sf_close(struct sf *sf)
{
	unsigned int i;

	munmap((void *)(uintptr_t)sf->portal, sf->portal_size);
	close(sf->device);
	for (i = 0; i < sf->nr_vectors; i++)
		close(sf->efd[i]);
	if (sf->group >= 0)
		close(sf->group);
	close(sf->container);
	munmap(sf->arena, ARENA_SIZE);
}

uint64_t sf_read(struct sf *sf, uint32_t off, unsigned int len)
{
	uint64_t val = 0;

	if (sf->regs)
		return bar_read(sf, off, len);
	if (pread(sf->device, &val, len, sf->bar0 + off) != (ssize_t)len)
		die("read of register %#x: %s", off, strerror(errno));
	return val;
}

void sf_write(struct sf *sf, uint32_t off, uint64_t val, unsigned int len)
{
	if (sf->regs) {
		bar_write(sf, off, val, len);
		return;
	}
	if (pwrite(sf->device, &val, len, sf->bar0 + off) != (ssize_t)len)
		die("write of register %#x: %s", off, strerror(errno));
}

/* Events of a vector that came within the time; 0 if none did */
uint64_t sf_events(struct sf *sf, unsigned int vector, int timeout_ms)
{
	struct pollfd pfd = { .fd = sf->efd[vector], .events = POLLIN };
	uint64_t count;

	if (poll(&pfd, 1, timeout_ms) <= 0)
		return 0;
	if (read(sf->efd[vector], &count, sizeof(count)) != sizeof(count))
		return 0;
	return count;
}
