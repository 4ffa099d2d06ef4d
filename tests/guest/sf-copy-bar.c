// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev in a guest: the device without VFIO and without a driver, by the
 * files of its PCI function in sysfs. Memory is huge pages, whose addresses
 * the device uses as they are; nothing interrupts. Needs root. It must not
 * know what a DSA is.
 */
#include "sf-copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define HUGE_PAGE	(2UL << 20)

static int open_file(struct sf *sf, const char *name, int flags)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s",
		 sf->opt->bar, name);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	return fd;
}

static volatile uint8_t *map_file(struct sf *sf, const char *name, size_t *size)
{
	int fd = open_file(sf, name, O_RDWR);
	struct stat st;
	void *p;

	if (fstat(fd, &st))
		die("%s: %s", name, strerror(errno));
	p = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		die("mmap of %s: %s", name, strerror(errno));
	close(fd);
	*size = st.st_size;
	return p;
}

/* Where this process's memory is: of the machine that it runs in */
uint64_t physical_address(const void *p)
{
	uint64_t entry = 0, page = (uintptr_t)p / 4096;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || pread(fd, &entry, 8, page * 8) != 8 || !(entry >> 63) ||
	    !(entry << 9 >> 9))
		die("no physical address of %p", p);
	close(fd);
	return (entry << 9 >> 9) * 4096 + (uintptr_t)p % 4096;
}

static void bar_memory(struct sf *sf)
{
	unsigned int i;

	sf->arena = mmap(NULL, ARENA_SIZE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB |
			 MAP_POPULATE, -1, 0);
	if (sf->arena == MAP_FAILED)
		die("huge pages: %s", strerror(errno));
	for (i = 0; i < ARENA_SIZE / HUGE_PAGE; i++)
		sf->pages[i] = physical_address(sf->arena + i * HUGE_PAGE);
}

void bar_open(struct sf *sf)
{
	unsigned int i;
	size_t size;

	sf->config = open_file(sf, "config", O_RDWR);
	sf->device = -1;
	sf->group = -1;
	sf->container = -1;
	if (pwrite(sf->config, "\6", 2, 4) != 2)
		die("PCI command register: %s", strerror(errno));
	sf->regs = map_file(sf, "resource0", &size);
	sf->portal = map_file(sf, "resource2", &sf->portal_size);
	sf->nr_vectors = 2;
	for (i = 0; i < sf->nr_vectors; i++)
		sf->efd[i] = -1;
	bar_memory(sf);
}

uint64_t bar_read(struct sf *sf, uint32_t off, unsigned int len)
{
	volatile void *p = (volatile void *)(sf->regs + off);

	if (len == 8)
		return *(volatile uint64_t *)p;
	if (len == 4)
		return *(volatile uint32_t *)p;
	return len == 2 ? *(volatile uint16_t *)p : *(volatile uint8_t *)p;
}

void bar_write(struct sf *sf, uint32_t off, uint64_t val, unsigned int len)
{
	volatile void *p = (volatile void *)(sf->regs + off);

	if (len == 8)
		*(volatile uint64_t *)p = val;
	else if (len == 4)
		*(volatile uint32_t *)p = val;
	else if (len == 2)
		*(volatile uint16_t *)p = val;
	else
		*(volatile uint8_t *)p = val;
}

void bar_reset(struct sf *sf)
{
	int fd = open_file(sf, "reset", O_WRONLY);

	if (write(fd, "1", 1) != 1)
		die("reset: %s", strerror(errno));
	close(fd);
}
