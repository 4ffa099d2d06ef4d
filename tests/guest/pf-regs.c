// SPDX-License-Identifier: GPL-2.0-only
/*
 * pf-regs: what the hardware itself says, past every driver: state and PASID
 * of each work queue and each interrupt message slot in use, read from BAR0 of
 * the PCI function. Leak tests compare it before and after. It must not
 * write. Needs the kernel parameter iomem=relaxed while a driver is bound.
 *
 * usage: pf-regs PCI-ADDRESS [IMS-SLOTS]
 *
 * Slots are handed out lowest first: the first 64 show what is in use, and each
 * takes four slow reads.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static volatile uint32_t *regs;
static size_t regs_size;

static uint32_t reg(size_t off)
{
	if (off + 4 > regs_size) {
		fprintf(stderr, "pf-regs: offset %#zx beyond BAR0\n", off);
		exit(2);
	}
	return regs[off / 4];
}

static uint64_t reg64(size_t off)
{
	return reg(off) | (uint64_t)reg(off + 4) << 32;
}

static void map_bar(const char *address)
{
	char path[256];
	struct stat st;
	void *p;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource0",
		 address);
	fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &st)) {
		fprintf(stderr, "pf-regs: %s: %s\n", path, strerror(errno));
		exit(2);
	}
	p = mmap(NULL, st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED) {
		fprintf(stderr, "pf-regs: mmap of %s: %s\n", path,
			strerror(errno));
		exit(2);
	}
	close(fd);
	regs = p;
	regs_size = st.st_size;
}

static void print_wqs(size_t table)
{
	uint64_t wqcap = reg64(0x20);
	unsigned int nr = wqcap >> 16 & 0xff, i;
	size_t size = 32UL << (wqcap >> 24 & 0xf);

	for (i = 0; i < nr; i++) {
		size_t off = table + i * size;
		uint32_t mode = reg(off + 8), state = reg(off + 24);

		printf("wq %u state %s size %u pasid %u occupancy %u priority %u\n",
		       i,
		       state >> 30 == 1 ? "enabled" : "disabled",
		       reg(off) & 0xffff,
		       mode >> 28 & 1 ? mode >> 8 & 0xfffff : 0,
		       state & 0xffff, mode >> 4 & 0xf);
	}
}

static void print_slots(size_t table, unsigned int most)
{
	unsigned int nr = (reg(0x10) >> 25 & 0x3f) * 256, i, used = 0;

	for (i = 0; i < nr && i < most; i++) {
		size_t off = table + i * 16UL;
		uint32_t ctrl = reg(off + 12);

		if (!reg(off) && !reg(off + 4) && !reg(off + 8) && !(ctrl & ~1U))
			continue;
		used++;
		printf("ims %u %s pasid %u\n", i, ctrl & 1 ? "masked" : "open",
		       ctrl >> 3 & 1 ? ctrl >> 12 : 0);
	}
	printf("ims-used %u\n", used);
}

int main(int argc, char **argv)
{
	uint64_t tables;

	if (argc < 2 || argc > 3) {
		fputs("usage: pf-regs PCI-ADDRESS [IMS-SLOTS]\n", stderr);
		return 2;
	}
	map_bar(argv[1]);
	tables = reg64(0x60);
	printf("state %u\n", reg(0x90) & 3);
	print_wqs((tables >> 16 & 0xffff) * 0x100);
	print_slots((tables >> 48) * 0x100, argc > 2 ? atoi(argv[2]) : 64);
	return 0;
}
