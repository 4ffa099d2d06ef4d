// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev: address spaces. Huge pages, and with iommufd: attached, replaced,
 * detached, shared by two subfunctions, beside a user of the container.
 */
#include "sf-dev.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HUGE_SIZE	(1UL << 30)
#define HUGE_PAGE	(2UL << 20)
#define HUGE_IOVA	0x4000000000ULL
#define OTHER_IOVA	0x4800000000ULL
#define SMALL		4096

static void *map_anonymous(size_t size, int flags)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	if (p == MAP_FAILED)
		die("%zu bytes of memory: %s", size, strerror(errno));
	return p;
}

/* Moves between addresses of the SF; the status */
static uint8_t move(struct sf *sf, uint64_t src, uint64_t dst, size_t size)
{
	struct dsa_hw_desc desc;

	sf_desc(sf, &desc, DSA_OPCODE_MEMMOVE, 0);
	desc.src_addr = src;
	desc.dst_addr = dst;
	desc.xfer_size = size;
	return sf_do(sf, &desc);
}

/* To the first, a middle and the last page, and over a border of pages */
static bool huge_copies(struct sf *sf, uint8_t *p)
{
	static const uint64_t offsets[] = {
		0, HUGE_PAGE - SMALL / 2, HUGE_SIZE / 2, HUGE_SIZE - SMALL,
	};
	uint8_t *src = sf->arena + ARENA_SRC;
	bool ok = true;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		for (j = 0; j < SMALL; j++)
			src[j] = random_next(&sf->rng);
		ok &= dev_expect("status", DSA_COMP_SUCCESS,
				 move(sf, sf_iova(sf, src),
				      HUGE_IOVA + offsets[i], SMALL));
		ok &= check(!memcmp(src, p + offsets[i], SMALL),
			    "data at %#llx", (unsigned long long)offsets[i]);
	}
	return ok;
}

/* Who watches sees the map and unmap between the two lines */
static bool dma_huge(struct sf *sf)
{
	uint8_t *p = map_anonymous(HUGE_SIZE, MAP_HUGETLB | MAP_POPULATE);
	uint64_t src = sf_iova(sf, sf->arena + ARENA_SRC);
	uint8_t status;
	bool ok;

	sf_start(sf);
	sf_map(sf, p, HUGE_IOVA, HUGE_SIZE);
	ok = huge_copies(sf, p);
	printf("mapped\n");
	fflush(stdout);
	if (getchar() == EOF)
		note("nobody asks to go on");
	sf_unmap(sf, HUGE_IOVA, HUGE_SIZE);
	status = move(sf, src, HUGE_IOVA + HUGE_SIZE - SMALL, SMALL);
	ok &= dev_expect("status after unmap", 0x80 | DSA_COMP_PAGE_FAULT_NOBOF,
			 status);
	munmap(p, HUGE_SIZE);
	return ok && dev_copies(sf);
}

/* Without an address space nothing is reached, and nothing can be told */
static bool fails_detached(struct sf *sf)
{
	uint64_t end = now_ms() + 5000, swerr;
	struct dsa_hw_desc desc;

	sf_desc(sf, &desc, DSA_OPCODE_NOOP, 0);
	desc.flags &= ~IDXD_OP_FLAG_RCI;
	sf_submit(sf, &desc);
	do
		swerr = sf_read(sf, REG_SWERR, 8);
	while (!(swerr & 1) && now_ms() < end);
	sf_write(sf, REG_SWERR, 1, 8);
	sf_write(sf, REG_INTCAUSE, 1, 4);
	return dev_expect("record while detached", 0,
			  sf_record(sf, 0)->status) &
	       dev_expect("SWERR while detached", DSA_COMP_CRA_XLAT,
			  swerr >> 8 & 0xff);
}

static bool dma_attach(struct sf *sf)
{
	uint32_t ioas = sf->ioas;
	unsigned int i;
	bool ok;

	sf_start(sf);
	ok = dev_expect("second bind", EINVAL, sf_bind(sf, sf->container));
	ok &= dev_expect("attach to nothing", ENOENT, sf_attach(sf, 0x7fff));
	for (i = 0; ok && i < 8; i++) {
		ok = dev_copies(sf);
		ok &= dev_expect("attach again", 0, sf_attach(sf, ioas));
		ok = ok && dev_copies(sf);
		ok &= dev_expect("detach", 0, sf_detach(sf));
		ok = ok && fails_detached(sf);
		ok &= dev_expect("attach", 0, sf_attach(sf, ioas));
	}
	return ok && dev_copies(sf);
}

/* The same addresses, in turn those of two pieces of memory */
static bool dma_replace(struct sf *sf)
{
	uint8_t *arena[2] = { sf->arena, map_anonymous(ARENA_SIZE, 0) };
	uint32_t ioas[2] = { sf->ioas };
	bool ok = true;
	unsigned int i;

	sf_start(sf);
	sf_ioas_new(sf);
	ioas[1] = sf->ioas;
	sf_map(sf, arena[1], sf->opt->iova, ARENA_SIZE);
	for (i = 1; ok && i < 16; i++) {
		uint8_t *other = arena[!(i % 2)] + ARENA_DST;

		ok = dev_expect("replace", 0, sf_attach(sf, ioas[i % 2]));
		sf->arena = arena[i % 2];
		memset(other, 0x99, SMALL);
		ok = ok && dev_copies(sf);
		ok = ok && check(other[0] == 0x99 && other[SMALL - 1] == 0x99,
				 "the replaced memory was written");
	}
	/* What cannot be attached replaces nothing */
	ok &= dev_expect("replace by nothing", ENOENT, sf_attach(sf, 0x7fff));
	ok = ok && dev_copies(sf);
	ok &= dev_expect("replace", 0, sf_attach(sf, ioas[0]));
	sf->arena = arena[0];
	sf->ioas = ioas[0];
	munmap(arena[1], ARENA_SIZE);
	return ok && dev_copies(sf);
}

/* A second one in the iommufd and the address space of the first */
static bool dma_shared(struct sf *sf)
{
	struct options opt = *sf->opt;
	uint64_t iova = sf->opt->iova;
	struct sf other;
	bool ok;

	opt.iova = OTHER_IOVA;
	opt.with = sf;
	sf_start(sf);
	sf_open(&other, &opt, sf->sfnum + 1);
	sf_start(&other);
	ok = dev_copies(sf) & dev_copies(&other);
	/* One's memory is the other's, as was asked for */
	memset(sf->arena + ARENA_SRC, 0x21, SMALL);
	ok &= dev_expect("status", DSA_COMP_SUCCESS,
			 move(&other, iova + ARENA_SRC, OTHER_IOVA + ARENA_DST,
			      SMALL));
	ok &= check(other.arena[ARENA_DST + SMALL - 1] == 0x21,
		    "the other's memory was not read");
	/* One leaves: the other goes on, alone in the address space */
	ok &= dev_expect("detach", 0, sf_detach(&other));
	ok = ok && fails_detached(&other) && dev_copies(sf);
	ok &= dev_expect("attach", 0, sf_attach(&other, sf->ioas));
	ok = ok && dev_copies(&other);
	/* And then into one of its own */
	sf_ioas_new(&other);
	sf_map(&other, other.arena, OTHER_IOVA, ARENA_SIZE);
	ok &= dev_expect("replace", 0, sf_attach(&other, other.ioas));
	ok = ok && dev_expect("status", DSA_COMP_PAGE_FAULT_NOBOF,
			      move(&other, iova + ARENA_SRC,
				   OTHER_IOVA + ARENA_DST, SMALL));
	ok = ok && dev_copies(&other) && dev_copies(sf);
	sf_close(&other);
	return ok && dev_copies(sf);
}

/* One by iommufd, the next by its group and a container, same addresses */
static bool dma_beside(struct sf *sf)
{
	struct options opt = *sf->opt;
	struct sf other;
	bool ok = true;
	unsigned int i;

	opt.iommufd = !opt.iommufd;
	sf_start(sf);
	sf_open(&other, &opt, sf->sfnum + 1);
	sf_start(&other);
	for (i = 0; ok && i < 50; i++) {
		memset(other.arena + ARENA_DST, 0x42, SMALL);
		ok = dev_copies(sf);
		ok = ok && check(other.arena[ARENA_DST] == 0x42,
				 "the other's memory was written");
		ok = ok && dev_copies(&other);
	}
	ok = ok && dev_expect("status", DSA_COMP_PAGE_FAULT_NOBOF,
			      move(sf, OTHER_IOVA, sf_iova(sf, sf->arena +
							   ARENA_DST), SMALL));
	sf_close(&other);
	return ok && dev_copies(sf);
}

const struct step dma_steps[] = {
	{ "dma-huge", dma_huge },
	{ "dma-attach", dma_attach },
	{ "dma-replace", dma_replace },
	{ "dma-shared", dma_shared },
	{ "dma-beside", dma_beside },
	{ }
};
