// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-copy: every completion vector on its own: a copy that names its interrupt
 * handle raises it, and it alone. All of it happens in one page, so that it
 * works without translation of addresses, too.
 */
#include "sf-copy.h"

#include <stdio.h>
#include <string.h>

#define IN_PAGE_SRC	0x400UL
#define IN_PAGE_DST	0x800UL
#define IN_PAGE_SIZE	0x200UL

/* No vector but the one in use has an event */
static bool others_silent(struct sf *sf)
{
	unsigned int i;
	bool ok = true;

	for (i = 0; i < sf->nr_vectors; i++)
		if (i != sf->vector)
			ok &= check(!sf_events(sf, i, 0),
				    "vector %u: an event on vector %u",
				    sf->vector, i);
	return ok;
}

static bool copy_on_vector(struct sf *sf, unsigned int vector)
{
	uint8_t *src = sf->arena + IN_PAGE_SRC, *dst = sf->arena + IN_PAGE_DST;
	uint64_t before = sf->interrupts;
	struct dsa_hw_desc desc;
	uint8_t status;

	sf_use_vector(sf, vector);
	fill_random(sf, src, IN_PAGE_SIZE);
	memset(dst, 0, IN_PAGE_SIZE);
	sf_desc(sf, &desc, DSA_OPCODE_MEMMOVE, 0);
	desc.src_addr = sf_iova(sf, src);
	desc.dst_addr = sf_iova(sf, dst);
	desc.xfer_size = IN_PAGE_SIZE;
	status = sf_do(sf, &desc);
	if (!check(status == DSA_COMP_SUCCESS &&
		   !memcmp(src, dst, IN_PAGE_SIZE),
		   "vector %u: a copy does not work, status %#x", vector,
		   status))
		return false;
	printf("vector %u: handle %u, %llu interrupts\n", vector, sf->handle,
	       (unsigned long long)(sf->interrupts - before));
	return others_silent(sf);
}

unsigned int run_vectors(struct sf *sf)
{
	unsigned int first = sf->vector, i, failed = 0;

	if (sf->opt->poll)
		die("vectors: interrupts are what it is about");
	for (i = 1; i < sf->nr_vectors; i++)
		failed += !copy_on_vector(sf, i);
	sf_use_vector(sf, first);
	return failed;
}
