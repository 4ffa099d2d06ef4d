// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-copy: operations whose data is checked byte by byte, guard areas around
 * each destination included. One table row an operation. It must not wait or
 * submit but through sf_do().
 */
#include "sf-copy.h"

#include <stdio.h>
#include <string.h>

#define GUARD		64
#define GUARD_BYTE	0x5c
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static const size_t sizes[] = {
	1, 3, 64, 100, 4096, 4097, 65536, 1 << 20, 2 << 20,
};

/**
 * struct operation - one operation that can be named on the command line
 * @name: as it is written there
 * @run: does it once with so many bytes and checks the result
 */
struct operation {
	const char *name;
	bool (*run)(struct sf *sf, size_t size);
};

void fill_random(struct sf *sf, void *p, size_t size)
{
	uint8_t *b = p;
	uint64_t r;
	size_t i, n;

	for (i = 0; i < size; i += n) {
		r = random_next(&sf->rng);
		n = size - i < 8 ? size - i : 8;
		memcpy(b + i, &r, n);
	}
}

/* A place in an area with a random offset into its page */
static uint8_t *place(struct sf *sf, size_t area)
{
	return sf->arena + area + GUARD + random_next(&sf->rng) % 4096;
}

static void guard_set(uint8_t *p, size_t size)
{
	memset(p - GUARD, GUARD_BYTE, size + 2 * GUARD);
}

static bool guard_ok(const uint8_t *p, size_t size, const char *what)
{
	unsigned int i;

	for (i = 1; i <= GUARD; i++)
		if (p[-(int)i] != GUARD_BYTE || p[size + i - 1] != GUARD_BYTE)
			return check(false, "%s of %zu bytes wrote beyond",
				     what, size);
	return true;
}

static bool done(struct sf *sf, struct dsa_hw_desc *desc, const char *what)
{
	uint8_t status = sf_do(sf, desc);

	return check(status == DSA_COMP_SUCCESS, "%s of %u bytes: status %#x",
		     what, desc->xfer_size, status);
}

static bool op_noop(struct sf *sf, size_t size)
{
	struct dsa_hw_desc desc;

	(void)size;
	sf_desc(sf, &desc, DSA_OPCODE_NOOP, 0);
	return done(sf, &desc, "noop");
}

static bool op_move(struct sf *sf, size_t size)
{
	uint8_t *src = place(sf, ARENA_SRC), *dst = place(sf, ARENA_DST);
	struct dsa_hw_desc desc;

	fill_random(sf, src, size);
	guard_set(dst, size);
	sf_desc(sf, &desc, DSA_OPCODE_MEMMOVE, 0);
	desc.src_addr = sf_iova(sf, src);
	desc.dst_addr = sf_iova(sf, dst);
	desc.xfer_size = size;
	return done(sf, &desc, "move") && guard_ok(dst, size, "move") &&
	       check(!memcmp(src, dst, size), "move of %zu bytes: wrong data",
		     size);
}

static bool op_fill(struct sf *sf, size_t size)
{
	uint8_t *dst = place(sf, ARENA_DST), pattern[8];
	struct dsa_hw_desc desc;
	size_t i;

	fill_random(sf, pattern, sizeof(pattern));
	guard_set(dst, size);
	sf_desc(sf, &desc, DSA_OPCODE_MEMFILL, 0);
	memcpy(&desc.pattern, pattern, sizeof(pattern));
	desc.dst_addr = sf_iova(sf, dst);
	desc.xfer_size = size;
	if (!done(sf, &desc, "fill") || !guard_ok(dst, size, "fill"))
		return false;
	for (i = 0; i < size; i++)
		if (dst[i] != pattern[i % 8])
			return check(false, "fill of %zu bytes: byte %zu",
				     size, i);
	return true;
}

/* Result of comparing: 0 equal, 1 not, and no further than the difference */
static bool compared(struct sf *sf, struct dsa_hw_desc *desc, const char *what,
		     unsigned int want, size_t pos)
{
	struct dsa_completion_record *rec = sf_record(sf, 0);

	memset(rec, 0, sizeof(*rec));
	return done(sf, desc, what) &&
	       check(rec->result == want, "%s of %u bytes: result %u, not %u",
		     what, desc->xfer_size, rec->result, want) &&
	       check(!want || rec->bytes_completed <= pos,
		     "%s: %u bytes equal, differ at %zu", what,
		     rec->bytes_completed, pos);
}

static bool op_compare(struct sf *sf, size_t size)
{
	uint8_t *a = place(sf, ARENA_SRC), *b = place(sf, ARENA_SRC2);
	size_t pos = random_next(&sf->rng) % size;
	struct dsa_hw_desc desc;

	fill_random(sf, a, size);
	memcpy(b, a, size);
	sf_desc(sf, &desc, DSA_OPCODE_COMPARE, 0);
	desc.src_addr = sf_iova(sf, a);
	desc.src2_addr = sf_iova(sf, b);
	desc.xfer_size = size;
	if (!compared(sf, &desc, "compare", 0, size))
		return false;
	b[pos] ^= 1;
	return compared(sf, &desc, "compare", 1, pos);
}

static bool op_compare_pattern(struct sf *sf, size_t size)
{
	uint8_t *a = place(sf, ARENA_SRC), pattern[8];
	size_t pos = random_next(&sf->rng) % size, i;
	struct dsa_hw_desc desc;

	fill_random(sf, pattern, sizeof(pattern));
	for (i = 0; i < size; i++)
		a[i] = pattern[i % 8];
	sf_desc(sf, &desc, DSA_OPCODE_COMPVAL, 0);
	desc.src_addr = sf_iova(sf, a);
	memcpy(&desc.comp_pattern, pattern, sizeof(pattern));
	desc.xfer_size = size;
	if (!compared(sf, &desc, "compare-pattern", 0, size))
		return false;
	a[pos] ^= 0x80;
	return compared(sf, &desc, "compare-pattern", 1, pos);
}

/* CRC-32C, seed and result inverted, a bit at a time */
static uint32_t crc32c(uint32_t seed, const uint8_t *p, size_t size)
{
	uint32_t crc = ~seed, table[256], i, bit;

	for (i = 0; i < 256; i++) {
		table[i] = i;
		for (bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^
				   (table[i] & 1 ? 0x82f63b78 : 0);
	}
	while (size--)
		crc = crc >> 8 ^ table[(crc ^ *p++) & 0xff];
	return ~crc;
}

static bool crc_of(struct sf *sf, size_t size, uint8_t opcode, uint8_t *dst)
{
	uint8_t *src = place(sf, ARENA_SRC);
	struct dsa_completion_record *rec = sf_record(sf, 0);
	struct dsa_hw_desc desc;
	uint32_t want;

	fill_random(sf, src, size);
	sf_desc(sf, &desc, opcode, 0);
	desc.src_addr = sf_iova(sf, src);
	if (dst) {
		guard_set(dst, size);
		desc.dst_addr = sf_iova(sf, dst);
	}
	desc.xfer_size = size;
	desc.crc_seed = random_next(&sf->rng);
	want = crc32c(desc.crc_seed, src, size);
	return done(sf, &desc, "crc") &&
	       check((uint32_t)rec->crc_val == want,
		     "crc of %zu bytes: %#x, not %#x", size,
		     (uint32_t)rec->crc_val, want) &&
	       (!dst || (guard_ok(dst, size, "copy-crc") &&
			 check(!memcmp(src, dst, size),
			       "copy-crc of %zu bytes: wrong data", size)));
}

static bool op_crc(struct sf *sf, size_t size)
{
	return crc_of(sf, size, DSA_OPCODE_CRCGEN, NULL);
}

static bool op_copy_crc(struct sf *sf, size_t size)
{
	return crc_of(sf, size, DSA_OPCODE_COPY_CRC, place(sf, ARENA_DST));
}

static bool op_dualcast(struct sf *sf, size_t size)
{
	uint8_t *src = place(sf, ARENA_SRC), *dst = place(sf, ARENA_DST);
	uint8_t *dst2 = dst + ARENA_DST2 - ARENA_DST;
	struct dsa_hw_desc desc;

	fill_random(sf, src, size);
	guard_set(dst, size);
	guard_set(dst2, size);
	sf_desc(sf, &desc, DSA_OPCODE_DUALCAST, 0);
	desc.src_addr = sf_iova(sf, src);
	desc.dst_addr = sf_iova(sf, dst);
	desc.dest2 = sf_iova(sf, dst2);
	desc.xfer_size = size;
	return done(sf, &desc, "dualcast") &&
	       guard_ok(dst, size, "dualcast") &&
	       guard_ok(dst2, size, "dualcast") &&
	       check(!memcmp(src, dst, size) && !memcmp(src, dst2, size),
		     "dualcast of %zu bytes: wrong data", size);
}

/* A batch of moves that together copy @size bytes in order */
static bool op_batch(struct sf *sf, size_t size)
{
	uint8_t *src = place(sf, ARENA_SRC), *dst = place(sf, ARENA_DST);
	struct dsa_hw_desc *list = (void *)(sf->arena + ARENA_BATCH);
	unsigned int n = sf->opt->batch, i;
	struct dsa_hw_desc desc;
	uint8_t status;
	size_t part;

	if (size < n)
		size = n;
	part = size / n;
	fill_random(sf, src, size);
	guard_set(dst, size);
	for (i = 0; i < n; i++) {
		sf_desc(sf, &list[i], DSA_OPCODE_MEMMOVE, i + 1);
		list[i].flags &= ~IDXD_OP_FLAG_RCI;
		list[i].int_handle = 0;
		list[i].src_addr = sf_iova(sf, src + i * part);
		list[i].dst_addr = sf_iova(sf, dst + i * part);
		list[i].xfer_size = i < n - 1 ? part : size - i * part;
	}
	sf_desc(sf, &desc, DSA_OPCODE_BATCH, 0);
	desc.desc_list_addr = sf_iova(sf, list);
	desc.desc_count = n;
	status = sf_do(sf, &desc);
	if (!check(status == DSA_COMP_SUCCESS, "batch of %u: status %#x", n,
		   status))
		return false;
	for (i = 0; i < n; i++)
		if (!check(sf_record(sf, i + 1)->status == DSA_COMP_SUCCESS,
			   "batch of %u: status of %u is %#x", n, i,
			   sf_record(sf, i + 1)->status))
			return false;
	return guard_ok(dst, size, "batch") &&
	       check(!memcmp(src, dst, size), "batch of %u: wrong data", n);
}

static const struct operation operations[] = {
	{ "noop", op_noop },
	{ "move", op_move },
	{ "fill", op_fill },
	{ "compare", op_compare },
	{ "compare-pattern", op_compare_pattern },
	{ "crc", op_crc },
	{ "copy-crc", op_copy_crc },
	{ "dualcast", op_dualcast },
	{ "batch", op_batch },
};

/* Is the name in the comma separated list? */
static bool named(const char *list, const char *name)
{
	size_t len = strlen(name);
	const char *p = list;

	if (!list || !strcmp(list, "all"))
		return true;
	while (p) {
		if (!strncmp(p, name, len) && (!p[len] || p[len] == ','))
			return true;
		p = strchr(p, ',');
		if (p)
			p++;
	}
	return false;
}

static unsigned int run_op(struct sf *sf, const struct operation *op,
			   bool first)
{
	unsigned int i, n, failed = 0, times = 0;
	uint64_t bytes = 0, start = now_ms();

	for (n = 0; n < (sf->opt->size ? 1 : ARRAY_SIZE(sizes)); n++) {
		size_t size = sf->opt->size ? sf->opt->size : sizes[n];

		for (i = 0; i < sf->opt->iterations; i++, times++) {
			bytes += size;
			failed += !op->run(sf, size);
		}
	}
	if (sf->opt->json) {
		printf("%s\n    { \"operation\": \"%s\", \"times\": %u, ",
		       first ? "" : ",", op->name, times);
		printf("\"bytes\": %llu, \"failed\": %u, \"ms\": %llu }",
		       (unsigned long long)bytes, failed,
		       (unsigned long long)(now_ms() - start));
		return failed;
	}
	printf("%s: %u times, %llu bytes, %u failed, %llu ms\n", op->name,
	       times, (unsigned long long)bytes, failed,
	       (unsigned long long)(now_ms() - start));
	return failed;
}

unsigned int run_ops(struct sf *sf)
{
	unsigned int i, failed = 0, nr = 0;

	if (sf->opt->json)
		printf("{\n  \"sfnum\": %u,\n  \"device\": \"%s\",\n  \"operations\": [",
		       sf->sfnum, sf->name);
	for (i = 0; i < ARRAY_SIZE(operations); i++) {
		if (!named(sf->opt->ops, operations[i].name))
			continue;
		failed += run_op(sf, &operations[i], !nr++);
	}
	if (!nr)
		die("no such operation: %s", sf->opt->ops);
	if (sf->opt->json)
		printf("\n  ],\n  \"interrupts\": %llu,\n  \"failed\": %u\n}\n",
		       (unsigned long long)sf->interrupts, failed);
	else
		printf("SF %u: %u failed, %llu interrupts\n", sf->sfnum,
		       failed, (unsigned long long)sf->interrupts);
	return failed;
}
