// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-copy: what must not work. Addresses that are not mapped, or no longer,
 * interrupt handles of somebody else, stores of the wrong width, and two SFs
 * that use the same addresses for different memory.
 */
#include "sf-copy.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define STATUS_CODE(s)	((s) & 0x3f)
#define STATUS_WRITE	0x80
#define EXTRA_SIZE	(64UL << 10)
#define SMALL		4096

/* An address that no mapping covers: behind the arena */
static uint64_t beyond(struct sf *sf)
{
	return sf->opt->iova + ARENA_SIZE + (1UL << 30);
}

static uint8_t *src_of(struct sf *sf)
{
	return sf->arena + ARENA_SRC;
}

static uint8_t *dst_of(struct sf *sf)
{
	return sf->arena + ARENA_DST;
}

static void move_desc(struct sf *sf, struct dsa_hw_desc *desc, uint64_t src,
		      uint64_t dst, size_t size)
{
	sf_desc(sf, desc, DSA_OPCODE_MEMMOVE, 0);
	desc->src_addr = src;
	desc->dst_addr = dst;
	desc->xfer_size = size;
}

static bool all_bytes(const uint8_t *p, uint8_t val, size_t size)
{
	while (size--)
		if (*p++ != val)
			return false;
	return true;
}

/* A page fault of the descriptor, of the given direction, at the address */
static bool faulted(struct sf *sf, struct dsa_hw_desc *desc, bool write,
		    uint64_t addr, const char *what)
{
	struct dsa_completion_record *rec = sf_record(sf, 0);
	uint8_t status = sf_do(sf, desc);

	return check(STATUS_CODE(status) == DSA_COMP_PAGE_FAULT_NOBOF &&
		     !!(status & STATUS_WRITE) == write,
		     "%s: status %#x", what, status) &&
	       check((rec->fault_addr & ~4095ULL) == (addr & ~4095ULL),
		     "%s: fault at %#llx", what,
		     (unsigned long long)rec->fault_addr);
}

static bool works(struct sf *sf, const char *what)
{
	struct dsa_hw_desc desc;
	uint8_t status;

	fill_random(sf, src_of(sf), SMALL);
	memset(dst_of(sf), 0, SMALL);
	move_desc(sf, &desc, sf_iova(sf, src_of(sf)), sf_iova(sf, dst_of(sf)),
		  SMALL);
	status = sf_do(sf, &desc);
	return check(status == DSA_COMP_SUCCESS &&
		     !memcmp(src_of(sf), dst_of(sf), SMALL),
		     "%s: a copy does not work, status %#x", what, status);
}

static bool fault_source(struct sf *sf)
{
	struct dsa_hw_desc desc;

	memset(dst_of(sf), 0xa7, SMALL);
	move_desc(sf, &desc, beyond(sf), sf_iova(sf, dst_of(sf)), SMALL);
	return faulted(sf, &desc, false, beyond(sf), "source") &&
	       check(all_bytes(dst_of(sf), 0xa7, SMALL),
		     "source: something was moved") &&
	       works(sf, "source");
}

static bool fault_destination(struct sf *sf)
{
	struct dsa_hw_desc desc;

	move_desc(sf, &desc, sf_iova(sf, src_of(sf)), beyond(sf), SMALL);
	return faulted(sf, &desc, true, beyond(sf), "destination") &&
	       works(sf, "destination");
}

/* The mapping ends in the middle: what is before it may be moved, no more */
static bool fault_partial(struct sf *sf)
{
	struct dsa_completion_record *rec = sf_record(sf, 0);
	uint64_t end = sf->opt->iova + ARENA_SIZE;
	uint8_t *src = sf->arena + ARENA_SIZE - SMALL;
	struct dsa_hw_desc desc;

	fill_random(sf, src, SMALL);
	memset(dst_of(sf), 0xa7, 2 * SMALL);
	move_desc(sf, &desc, end - SMALL, sf_iova(sf, dst_of(sf)), 2 * SMALL);
	return faulted(sf, &desc, false, end, "partial") &&
	       check(rec->bytes_completed <= SMALL,
		     "partial: %u bytes completed", rec->bytes_completed) &&
	       check(!memcmp(dst_of(sf), src, rec->bytes_completed),
		     "partial: wrong data") &&
	       check(all_bytes(dst_of(sf) + SMALL, 0xa7, SMALL),
		     "partial: data from beyond the mapping") &&
	       works(sf, "partial");
}

/* Mapped: works. Unmapped: faults and the memory keeps its bytes */
static bool fault_after_unmap(struct sf *sf)
{
	uint64_t iova = beyond(sf) + (1UL << 21);
	struct dsa_hw_desc desc;
	uint8_t *extra, status;
	bool ok;

	extra = mmap(NULL, EXTRA_SIZE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (extra == MAP_FAILED)
		die("no memory");
	memset(extra, 0, EXTRA_SIZE);
	fill_random(sf, src_of(sf), SMALL);
	sf_map(sf, extra, iova, EXTRA_SIZE);
	move_desc(sf, &desc, sf_iova(sf, src_of(sf)), iova, SMALL);
	status = sf_do(sf, &desc);
	ok = check(status == DSA_COMP_SUCCESS &&
		   !memcmp(extra, src_of(sf), SMALL),
		   "unmap: status %#x while mapped", status);
	sf_unmap(sf, iova, EXTRA_SIZE);
	memset(extra, 0x3e, EXTRA_SIZE);
	move_desc(sf, &desc, sf_iova(sf, src_of(sf)), iova, SMALL);
	ok = ok && faulted(sf, &desc, true, iova, "unmap") &&
	     check(all_bytes(extra, 0x3e, EXTRA_SIZE),
		   "unmap: written after unmap");
	memset(dst_of(sf), 0xa7, SMALL);
	move_desc(sf, &desc, iova, sf_iova(sf, dst_of(sf)), SMALL);
	ok = ok && faulted(sf, &desc, false, iova, "unmap") &&
	     check(all_bytes(dst_of(sf), 0xa7, SMALL),
		   "unmap: read after unmap");
	munmap(extra, EXTRA_SIZE);
	return ok && works(sf, "unmap");
}

/* Nowhere to report to: SWERR, and the error interrupt on vector 0 */
static bool to_swerr(struct sf *sf, const struct dsa_hw_desc *desc,
		     uint8_t code, const char *what)
{
	uint64_t swerr, end = now_ms() + sf->opt->timeout_ms, events = 0;

	sf_submit(sf, desc);
	do {
		events += sf_events(sf, 0, 100);
		swerr = sf_read(sf, REG_SWERR, 8);
	} while ((!(swerr & 1) || !events) && now_ms() < end);
	sf_write(sf, REG_SWERR, 1, 8);
	sf_write(sf, REG_INTCAUSE, 1, 4);
	return check(swerr & 1, "%s: no SWERR", what) &&
	       check((swerr >> 8 & 0xff) == code, "%s: SWERR %#llx", what,
		     (unsigned long long)swerr) &&
	       check(!(swerr >> 16 & 0xff), "%s: a WQ index not its own",
		     what) &&
	       check(events, "%s: no error interrupt", what) &&
	       check(!(sf_read(sf, REG_SWERR, 8) & 1),
		     "%s: SWERR cannot be cleared", what) &&
	       works(sf, what);
}

static bool fault_record(struct sf *sf)
{
	struct dsa_hw_desc desc;

	move_desc(sf, &desc, sf_iova(sf, src_of(sf)), sf_iova(sf, dst_of(sf)),
		  SMALL);
	desc.completion_addr = beyond(sf);
	desc.flags &= ~IDXD_OP_FLAG_RCI;
	return to_swerr(sf, &desc, DSA_COMP_CRA_XLAT, "record");
}

static bool swerr_operation(struct sf *sf)
{
	struct dsa_hw_desc desc;

	sf_desc(sf, &desc, 0xff, 0);
	desc.flags = 0;
	desc.completion_addr = 0;
	return to_swerr(sf, &desc, DSA_COMP_BAD_OPCODE, "operation");
}

static bool swerr_handle(struct sf *sf)
{
	struct dsa_hw_desc desc;

	sf_desc(sf, &desc, DSA_OPCODE_NOOP, 0);
	desc.flags = IDXD_OP_FLAG_RCI;
	desc.completion_addr = 0;
	desc.int_handle = 0xffff;
	return to_swerr(sf, &desc, DSA_COMP_INT_HANDLE_INVAL, "handle");
}

/* A handle of nobody, or of another SF, is refused by the hardware */
static bool wrong_handle(struct sf *sf, uint16_t handle, const char *what)
{
	struct dsa_completion_record *rec = sf_record(sf, 0);
	uint64_t end = now_ms() + sf->opt->timeout_ms;
	struct dsa_hw_desc desc;

	move_desc(sf, &desc, sf_iova(sf, src_of(sf)), sf_iova(sf, dst_of(sf)),
		  SMALL);
	desc.flags |= IDXD_OP_FLAG_RCI;
	desc.int_handle = handle;
	sf_submit(sf, &desc);
	while (!rec->status && now_ms() < end)
		usleep(100);
	return check(rec->status == DSA_COMP_INT_HANDLE_INVAL,
		     "%s: handle %#x: status %#x", what, handle,
		     rec->status) &&
	       works(sf, what);
}

static bool fault_handle(struct sf *sf)
{
	/* The other half of the slots belongs to nobody in any test */
	return wrong_handle(sf, sf->handle + 1024, "handle") &&
	       wrong_handle(sf, 0xffff, "handle");
}

/* Eight stores of eight bytes are no descriptor */
static bool fault_width(struct sf *sf)
{
	volatile uint64_t *page = (volatile uint64_t *)
		(sf->portal + sf->opt->page * 4096UL);
	struct dsa_completion_record *rec = sf_record(sf, 0);
	struct dsa_hw_desc desc;
	uint64_t words[8];
	unsigned int i;

	move_desc(sf, &desc, sf_iova(sf, src_of(sf)), sf_iova(sf, dst_of(sf)),
		  SMALL);
	memset(dst_of(sf), 0xa7, SMALL);
	memcpy(words, &desc, sizeof(words));
	for (i = 0; i < 8; i++)
		page[i] = words[i];
	usleep(50000);
	return check(!rec->status && all_bytes(dst_of(sf), 0xa7, SMALL),
		     "width: short stores were taken for a descriptor") &&
	       works(sf, "width");
}

/* Another PASID in the descriptor changes nothing: the WQ's one counts */
static bool fault_pasid(struct sf *sf)
{
	struct dsa_hw_desc desc;
	uint8_t status;

	fill_random(sf, src_of(sf), SMALL);
	memset(dst_of(sf), 0, SMALL);
	move_desc(sf, &desc, sf_iova(sf, src_of(sf)), sf_iova(sf, dst_of(sf)),
		  SMALL);
	desc.pasid = 0xfffff & random_next(&sf->rng);
	status = sf_do(sf, &desc);
	return check(status == DSA_COMP_SUCCESS &&
		     !memcmp(src_of(sf), dst_of(sf), SMALL),
		     "pasid: status %#x", status);
}

static unsigned int step(const char *name, bool ok)
{
	printf("%s: %s\n", name, ok ? "ok" : "FAILED");
	fflush(stdout);
	return !ok;
}

unsigned int run_faults(struct sf *sf)
{
	unsigned int failed = 0;

	failed += step("source", fault_source(sf));
	failed += step("destination", fault_destination(sf));
	failed += step("partial", fault_partial(sf));
	failed += step("after-unmap", fault_after_unmap(sf));
	failed += step("record", fault_record(sf));
	failed += step("handle", fault_handle(sf));
	failed += step("width", fault_width(sf));
	failed += step("pasid", fault_pasid(sf));
	return failed;
}

unsigned int run_swerr(struct sf *sf)
{
	unsigned int failed = 0;

	failed += step("record", fault_record(sf));
	failed += step("operation", swerr_operation(sf));
	failed += step("handle", swerr_handle(sf));
	return failed;
}

/* Both at once, same addresses: each finds its own bytes, in its own memory */
static bool exchange(struct sf *a, struct sf *b)
{
	struct sf *sf[2] = { a, b };
	struct dsa_hw_desc desc[2];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		fill_random(sf[i], src_of(sf[i]), EXTRA_SIZE);
		memset(dst_of(sf[i]), 0, EXTRA_SIZE);
		move_desc(sf[i], &desc[i], sf_iova(sf[i], src_of(sf[i])),
			  sf_iova(sf[i], dst_of(sf[i])), EXTRA_SIZE);
	}
	for (i = 0; i < 2; i++)
		sf_submit(sf[i], &desc[i]);
	for (i = 0; i < 2; i++) {
		uint8_t status = sf_wait(sf[i], sf_record(sf[i], 0));

		if (!check(status == DSA_COMP_SUCCESS, "SF %u: status %#x",
			   sf[i]->sfnum, status) ||
		    !check(!memcmp(src_of(sf[i]), dst_of(sf[i]), EXTRA_SIZE),
			   "SF %u: not its own data", sf[i]->sfnum))
			return false;
	}
	return true;
}

/* Only one of them works: the other's memory keeps its bytes */
static bool alone(struct sf *worker, struct sf *other)
{
	memset(dst_of(other), 0x99, SMALL);
	memset(src_of(other), 0x66, SMALL);
	return works(worker, "alone") &&
	       check(all_bytes(dst_of(other), 0x99, SMALL) &&
		     all_bytes(src_of(other), 0x66, SMALL),
		     "SF %u reached memory of SF %u", worker->sfnum,
		     other->sfnum);
}

/* What one unmaps or never mapped faults, though the other has it mapped */
static bool foreign_address(struct sf *a, struct sf *b)
{
	uint64_t iova = beyond(a);
	struct dsa_hw_desc desc;
	bool ok;

	sf_map(b, b->arena, iova, SMALL);
	move_desc(a, &desc, sf_iova(a, src_of(a)), iova, SMALL);
	ok = faulted(a, &desc, true, iova, "foreign");
	sf_unmap(b, iova, SMALL);
	return ok;
}

unsigned int run_isolation(struct sf *a, struct sf *b)
{
	unsigned int failed = 0, i;
	bool ok = true;

	for (i = 0; ok && i < a->opt->iterations * 20; i++)
		ok = exchange(a, b);
	failed += step("same-addresses", ok);
	failed += step("first-alone", alone(a, b));
	failed += step("second-alone", alone(b, a));
	failed += step("foreign-address",
		       foreign_address(a, b) && foreign_address(b, a));
	failed += step("foreign-handle",
		       wrong_handle(a, b->handle, "foreign handle") &&
		       wrong_handle(b, a->handle, "foreign handle"));
	return failed;
}
