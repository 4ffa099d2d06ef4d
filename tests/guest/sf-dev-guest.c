// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev: what only a guest sees of its device, with --bar: memory that its VMM
 * gave and took, and MSI-X as the VMM and the virtual device make it together.
 * A message of MSI-X is a write of 4 bytes. Here it goes to memory of our own,
 * where each can be seen and none disturbs the guest's kernel.
 */
#include "sf-dev.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HUGE_PAGE	(2UL << 20)
#define SMALL_PAGE	4096UL
#define FOUR_GIB	(1ULL << 32)
#define FAULT_BY_WRITE	(DSA_COMP_PAGE_FAULT_NOBOF | 0x80)

#define CAP_MSIX	0x11
#define MSIX_CONTROL	2
#define MSIX_TABLE	4
#define MSIX_PBA	8
#define MSIX_ENABLE	0x8000
#define MSIX_MASK_ALL	0x4000
#define ENTRY_SIZE	16
#define ENTRY_MASK	12
#define INT_REQ		(1u << 11)

/* Words that messages are written to: one a vector, and another one */
#define NR_WORDS	(MAX_VECTORS + 1)
#define OTHER		MAX_VECTORS
#define NR_CHANGES	60

/* Time in which a message that is not masked has come for sure */
#define PATIENCE_MS	5000
#define SILENCE_US	300000

static uint8_t fill(struct sf *sf, uint64_t addr, uint64_t pattern, size_t size)
{
	struct dsa_hw_desc desc;

	sf_desc(sf, &desc, DSA_OPCODE_MEMFILL, 0);
	desc.pattern = pattern;
	desc.dst_addr = addr;
	desc.xfer_size = size;
	return sf_do(sf, &desc);
}

/* The device fills a huge page; what arrived is looked at in each small one */
static bool fill_page(struct sf *sf, uint8_t *page, uint64_t pattern)
{
	uint64_t addr = physical_address(page);
	uint8_t status = fill(sf, addr, pattern, HUGE_PAGE);
	unsigned long off;

	if (!check(status == DSA_COMP_SUCCESS, "at %#llx: status %#x",
		   (unsigned long long)addr, status))
		return false;
	for (off = 0; off < HUGE_PAGE; off += SMALL_PAGE)
		if (!check(*(uint64_t *)(page + off) == pattern,
			   "nothing arrived at %#llx",
			   (unsigned long long)addr + off))
			return false;
	return true;
}

/* All of our memory but the page of the records, and the pages do not mix */
static bool guest_memory(struct sf *sf)
{
	unsigned int nr = ARENA_SIZE / HUGE_PAGE, high = 0, i;
	uint64_t first = ~0ULL, last = 0;
	bool ok = true;

	sf_start(sf);
	for (i = 1; ok && i < nr; i++) {
		first = sf->pages[i] < first ? sf->pages[i] : first;
		last = sf->pages[i] > last ? sf->pages[i] : last;
		high += sf->pages[i] >= FOUR_GIB;
		ok = fill_page(sf, sf->arena + i * HUGE_PAGE, ~sf->pages[i]);
	}
	for (i = 1; ok && i < nr; i++)
		ok = check(*(uint64_t *)(sf->arena + i * HUGE_PAGE) ==
			   ~sf->pages[i], "page %u was overwritten", i);
	printf("huge pages %u above-4g %u first %#llx last %#llx\n", nr - 1, high,
	       (unsigned long long)first, (unsigned long long)last);
	return ok && dev_copies(sf);
}

/* Where there was memory, and is none: $GONE */
static bool guest_gone(struct sf *sf)
{
	const char *gone = getenv("GONE");
	uint64_t addr = gone ? strtoull(gone, NULL, 0) : 0;
	bool ok;

	if (!addr)
		die("no address in $GONE");
	sf_start(sf);
	ok = dev_expect("status", FAULT_BY_WRITE,
			fill(sf, addr, 0x5a5a, SMALL_PAGE));
	ok &= dev_expect("address of the fault", addr,
			 sf_record(sf, 0)->fault_addr);
	return ok & dev_copies(sf);
}

static volatile uint32_t *word(struct sf *sf, unsigned int nr)
{
	return (void *)(sf->arena + ARENA_BATCH + nr * 64);
}

static unsigned int entry(struct sf *sf, unsigned int vector)
{
	unsigned int cap = dev_capability(sf, CAP_MSIX);

	return (dev_config_read(sf, cap + MSIX_TABLE, 4) & ~7u) +
	       vector * ENTRY_SIZE;
}

/* A vector's message goes to a word from now on */
static void aim(struct sf *sf, unsigned int vector, unsigned int nr)
{
	unsigned int off = entry(sf, vector);
	uint64_t addr = sf_iova(sf, (void *)(uintptr_t)word(sf, nr));

	sf_write(sf, off, (uint32_t)addr, 4);
	sf_write(sf, off + 4, addr >> 32, 4);
	sf_write(sf, off + 8, 0x1000 + nr, 4);
}

static void mask(struct sf *sf, unsigned int vector, bool on)
{
	sf_write(sf, entry(sf, vector) + ENTRY_MASK, on, 4);
}

/* MSI-X as a whole: off, on, or on and the function masked */
static void control(struct sf *sf, uint32_t bits)
{
	dev_config_write(sf, dev_capability(sf, CAP_MSIX) + MSIX_CONTROL, bits,
			 2);
}

static uint64_t pending(struct sf *sf)
{
	unsigned int cap = dev_capability(sf, CAP_MSIX);

	return sf_read(sf, dev_config_read(sf, cap + MSIX_PBA, 4) & ~7u, 8);
}

/* The VMM hears of an interrupt a little later than we of its record */
static bool becomes_pending(struct sf *sf, uint64_t bits)
{
	uint64_t end = now_ms() + PATIENCE_MS;

	while (pending(sf) != bits && now_ms() < end)
		usleep(1000);
	return dev_expect("pending bits", bits, pending(sf));
}

static void clear_words(struct sf *sf)
{
	unsigned int i;

	for (i = 0; i < NR_WORDS; i++)
		*word(sf, i) = 0;
}

/* A message comes to this word; it is taken away */
static bool arrives(struct sf *sf, unsigned int nr)
{
	uint64_t end = now_ms() + PATIENCE_MS;
	uint32_t got;

	while (!*word(sf, nr) && now_ms() < end)
		usleep(1000);
	got = *word(sf, nr);
	*word(sf, nr) = 0;
	return dev_expect("message", 0x1000 + nr, got);
}

static bool silent(struct sf *sf)
{
	bool ok = true;
	unsigned int i;

	usleep(SILENCE_US);
	for (i = 0; i < NR_WORDS; i++)
		ok &= check(!*word(sf, i), "a message came to word %u", i);
	return ok;
}

/* A descriptor that interrupts, by vector 1 unless another is in use */
static bool interrupt(struct sf *sf)
{
	struct dsa_hw_desc desc;

	sf_desc(sf, &desc, DSA_OPCODE_NOOP, 0);
	desc.flags |= IDXD_OP_FLAG_RCI;
	desc.int_handle = sf->handle;
	return dev_expect("status", DSA_COMP_SUCCESS, sf_do(sf, &desc));
}

/* A command that interrupts by vector 0 */
static bool command(struct sf *sf)
{
	return dev_command(sf, CMD_DRAIN_ALL | INT_REQ, 0, 0);
}

static void msix_start(struct sf *sf)
{
	control(sf, 0);
	sf_start(sf);
	clear_words(sf);
	aim(sf, 0, 0);
	aim(sf, 1, 1);
	mask(sf, 0, false);
	mask(sf, 1, false);
	control(sf, MSIX_ENABLE);
}

/* Both vectors interrupt, by what their entries say at that moment */
static bool msix_messages(struct sf *sf)
{
	bool ok = interrupt(sf) && arrives(sf, 1);

	ok = ok && command(sf) && arrives(sf, 0);
	mask(sf, 1, true);
	aim(sf, 1, OTHER);
	mask(sf, 1, false);
	ok = ok && interrupt(sf) && arrives(sf, OTHER) && silent(sf);
	mask(sf, 1, true);
	aim(sf, 1, 1);
	mask(sf, 1, false);
	return ok && dev_expect("pending bits", 0, pending(sf));
}

/* Masked it is pending, however often it comes; then it is sent, once */
static bool msix_vector_mask(struct sf *sf)
{
	bool ok;

	mask(sf, 1, true);
	ok = interrupt(sf) && interrupt(sf) && becomes_pending(sf, 2);
	/* The other vector is not held up */
	ok = ok && command(sf) && arrives(sf, 0) && silent(sf);
	aim(sf, 1, OTHER);
	mask(sf, 1, false);
	ok = ok && arrives(sf, OTHER) && dev_expect("pending bits", 0,
						    pending(sf));
	mask(sf, 1, true);
	aim(sf, 1, 1);
	mask(sf, 1, false);
	return ok && silent(sf) && interrupt(sf) && arrives(sf, 1);
}

static bool msix_function_mask(struct sf *sf)
{
	bool ok;

	control(sf, MSIX_ENABLE | MSIX_MASK_ALL);
	ok = interrupt(sf) && command(sf) && becomes_pending(sf, 3) &&
	     silent(sf);
	/* One of them stays masked by its own bit */
	mask(sf, 0, true);
	control(sf, MSIX_ENABLE);
	ok = ok && arrives(sf, 1) && silent(sf) && becomes_pending(sf, 1);
	mask(sf, 0, false);
	return ok && arrives(sf, 0) && dev_expect("pending bits", 0,
						  pending(sf));
}

/* While MSI-X is off there is no interrupt, also not later */
static bool msix_off(struct sf *sf)
{
	bool ok;

	control(sf, 0);
	ok = interrupt(sf) && command(sf) && silent(sf);
	control(sf, MSIX_ENABLE);
	ok = ok && silent(sf) && dev_expect("pending bits", 0, pending(sf));
	return ok && interrupt(sf) && arrives(sf, 1);
}

/* One message, to either of vector 1's words; it is taken away */
static bool one_arrives(struct sf *sf)
{
	uint64_t end = now_ms() + PATIENCE_MS;
	unsigned int came;

	while (!*word(sf, 1) && !*word(sf, OTHER) && now_ms() < end)
		usleep(1000);
	came = !!*word(sf, 1) + !!*word(sf, OTHER);
	clear_words(sf);
	return dev_expect("messages", 1, came);
}

/*
 * The vector is masked, aimed elsewhere and unmasked behind each descriptor,
 * whose message may have been sent before or may come then, but once
 */
static bool msix_changes(struct sf *sf)
{
	bool ok = true;
	unsigned int i;

	for (i = 0; ok && i < NR_CHANGES; i++) {
		ok = interrupt(sf);
		if (i % 3 == 2)
			control(sf, MSIX_ENABLE | MSIX_MASK_ALL);
		mask(sf, 1, true);
		aim(sf, 1, i & 1 ? 1 : OTHER);
		mask(sf, 1, false);
		control(sf, MSIX_ENABLE);
		ok = ok && check(one_arrives(sf), "change %u", i);
	}
	return ok && silent(sf);
}

static bool guest_msix(struct sf *sf)
{
	bool ok;

	msix_start(sf);
	ok = check(msix_messages(sf), "messages");
	ok = ok && check(msix_vector_mask(sf), "mask of a vector");
	ok = ok && check(msix_function_mask(sf), "mask of the function");
	ok = ok && check(msix_off(sf), "MSI-X off");
	ok = ok && check(msix_changes(sf), "changes");
	control(sf, 0);
	return ok && dev_copies(sf);
}

/* Each vector that there is: a descriptor's interrupt comes to it alone */
static bool guest_vectors(struct sf *sf)
{
	unsigned int v, nr = 1 + (dev_config_read(sf, dev_capability(sf, CAP_MSIX) +
						  MSIX_CONTROL, 2) & 0x7ff);
	bool ok = true;

	while (sf->nr_vectors < nr && sf->nr_vectors < MAX_VECTORS)
		sf->efd[sf->nr_vectors++] = -1;
	msix_start(sf);
	for (v = 1; ok && v < sf->nr_vectors; v++) {
		aim(sf, v, v);
		mask(sf, v, false);
		sf_use_vector(sf, v);
		ok = check(interrupt(sf) && arrives(sf, v) && silent(sf),
			   "vector %u", v);
	}
	control(sf, 0);
	printf("vectors that interrupted: %u\n", v - 1);
	return ok;
}

const struct step guest_steps[] = {
	{ "guest-memory", guest_memory },
	{ "guest-gone", guest_gone },
	{ "guest-msix", guest_msix },
	{ "guest-vectors", guest_vectors },
	{ }
};
