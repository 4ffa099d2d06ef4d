// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-fuzz: what was reached. Edges come from KCOV where the kernel has it;
 * elsewhere results, an access with what came of it, are all there is.
 */
#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kcov.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define COVER_SIZE		(64UL << 10)
#define MAP_BITS		18

static uint8_t seen_results[1UL << MAP_BITS];
static uint8_t seen_edges[1UL << MAP_BITS];
static unsigned int nr_results, nr_edges;
/* Where an edge that had not been seen ended */
static unsigned long places[1UL << MAP_BITS];
static unsigned int nr_places;

/* True if it is new; two that fall together count as one */
static bool see(uint8_t *map, unsigned int *nr, uint64_t key)
{
	key = key * 0x9e3779b97f4a7c15ULL >> (64 - MAP_BITS);
	if (map[key] || __atomic_exchange_n(&map[key], 1, __ATOMIC_RELAXED))
		return false;
	__atomic_fetch_add(nr, 1, __ATOMIC_RELAXED);
	return true;
}

/* By the thread whose calls are to be seen */
void fuzz_cover_open(struct fuzz_thread *t)
{
	int fd = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
	void *p;

	if (fd < 0)
		return;
	if (ioctl(fd, KCOV_INIT_TRACE, COVER_SIZE))
		die("KCOV_INIT_TRACE does not work");
	p = mmap(NULL, COVER_SIZE * sizeof(long), PROT_READ | PROT_WRITE,
		 MAP_SHARED, fd, 0);
	if (p == MAP_FAILED || ioctl(fd, KCOV_ENABLE, 0))
		die("KCOV cannot be enabled");
	t->cover_fd = fd;
	t->cover = p;
}

void fuzz_cover_close(struct fuzz_thread *t)
{
	if (!t->cover)
		return;
	ioctl(t->cover_fd, KCOV_DISABLE, 0);
	munmap(t->cover, COVER_SIZE * sizeof(long));
	close(t->cover_fd);
	t->cover = NULL;
}

void fuzz_cover_begin(struct fuzz_thread *t)
{
	t->fresh = false;
	if (t->cover)
		__atomic_store_n(&t->cover[0], 0, __ATOMIC_RELAXED);
}

void fuzz_cover_end(struct fuzz_thread *t)
{
	unsigned long i, nr, last = 0;

	if (!t->cover)
		return;
	nr = __atomic_load_n(&t->cover[0], __ATOMIC_RELAXED);
	for (i = 1; i <= nr; i++) {
		if (see(seen_edges, &nr_edges, t->cover[i] ^ last << 20)) {
			places[__atomic_fetch_add(&nr_places, 1,
						  __ATOMIC_RELAXED)] = t->cover[i];
			t->fresh = true;
		}
		last = t->cover[i];
	}
}

void fuzz_result(struct fuzz_thread *t, unsigned int what, int err)
{
	if (see(seen_results, &nr_results, (uint64_t)what << 32 | (uint32_t)err))
		t->fresh = true;
}

/* The places that were reached, an address a line, some several times */
void fuzz_cover_save(const char *file)
{
	FILE *f = fopen(file, "w");
	unsigned int i;

	if (!f)
		die("%s: %s", file, strerror(errno));
	for (i = 0; i < nr_places; i++)
		fprintf(f, "%#lx\n", places[i]);
	fclose(f);
}

unsigned int fuzz_nr_results(void)
{
	return nr_results;
}

unsigned int fuzz_nr_edges(void)
{
	return nr_edges;
}
