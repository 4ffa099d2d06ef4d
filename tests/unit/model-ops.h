/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bench for the unit tests of the device model's operations: KTAP output, an
 * address space with holes behind DsaMem, descriptors made and run. Layer:
 * test code, on top of tests/qemu/intel-dsa/ops.h. It must not know how an
 * operation is carried out: the oracles stand in the tests.
 */
#ifndef MODEL_OPS_H
#define MODEL_OPS_H

#include <stdio.h>
#include <stdlib.h>

#include "ops.h"

#define PAGE     4096u
#define NR_PAGES 1024u
#define MEM_SIZE (NR_PAGES * PAGE)
#define BASE     UINT64_C(0x7f1200000000)

/* What a page answers to an access */
enum { PG_RW, PG_RO, PG_NONE, PG_IR, PG_ERROR, PG_ABORT };

typedef struct Bench {
	uint8_t mem[MEM_SIZE];
	uint8_t page[NR_PAGES];
	DsaOpScratch scratch;
	DsaLimits lim;
	DsaCr cr;
	unsigned int nr_access;
	uint64_t rng;
} Bench;

typedef struct Case {
	const char *name;
	void (*fn)(Bench *b);
} Case;

extern int bench_failed;

#define EXPECT(cond) do { \
	if (!(cond)) { \
		bench_failed = 1; \
		printf("# %s:%d: not true: %s\n", __FILE__, __LINE__, #cond); \
	} \
} while (0)

#define EXPECT_EQ(is, want) do { \
	unsigned long long is_ = (is), want_ = (want); \
	if (is_ != want_) { \
		bench_failed = 1; \
		printf("# %s:%d: %s is %#llx, not %#llx\n", __FILE__, \
		       __LINE__, #is, is_, want_); \
	} \
} while (0)

/* Run the cases, each on a fresh bench. Returns main()'s exit status. */
int bench_main(const Case *cases, int nr);

/* Everything mapped, the bytes random from this seed. */
void bench_reset(Bench *b, uint64_t seed);
/* Random number below bound */
uint32_t bench_random(Bench *b, uint32_t bound);
/* What the page that holds addr answers from now on */
void bench_page(Bench *b, uint64_t addr, uint8_t answer);
/* A pointer to the byte at addr */
uint8_t *bench_at(Bench *b, uint64_t addr);

/* A descriptor with a valid completion record address that is asked for. */
DsaDesc desc_make(uint8_t opcode, uint64_t src, uint64_t dst, uint32_t size);
void desc_flags(DsaDesc *d, uint32_t flags);
/* Check, then run; the status, or 0xff when it was abandoned. */
uint8_t bench_run(Bench *b, const DsaDesc *d);
/* After a fault: map the page of the fault address again. */
void bench_fix(Bench *b);

#endif /* MODEL_OPS_H */
