// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev: the errors that descriptors and commands get, a line each: for an SF,
 * and with --bare for a whole device, which its caller has bound to vfio-pci.
 * Who compares the two sees what is different for a guest. Judges nothing.
 */
#include "sf-dev.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NOT_MAPPED	0x3e00000000ULL
#define READ_ONLY	(1ULL << 30)	/* behind the arena, mapped read-only */
#define PAGE		4096UL
#define SIZE		4096
#define MEMBERS		2
#define NOBODYS_HANDLE	0xffff
#define SWERR_SIZE	32
#define NR_CROWD	500
#define REFUSED_MS	1500

/* Of a bare device, which has a configuration to be written */
#define BARE_SIZE	16
#define BARE_PRIORITY	10
#define GRPCFG_ENGINES	0x20
#define MAX_XFER_SHIFT	31
#define MAX_BATCH_SHIFT	10

/* Fields of a descriptor */
#define AT_SIZE		.off = offsetof(struct dsa_hw_desc, xfer_size), .len = 4
#define AT_COUNT	.off = offsetof(struct dsa_hw_desc, desc_count), .len = 4
#define AT_SRC		.off = offsetof(struct dsa_hw_desc, src_addr), .len = 8
#define AT_DST		.off = offsetof(struct dsa_hw_desc, dst_addr), .len = 8
#define AT_RECORD	.off = offsetof(struct dsa_hw_desc, completion_addr), .len = 8
#define AT_HANDLE	.off = offsetof(struct dsa_hw_desc, int_handle), .len = 2
#define AT_DEST2	.off = offsetof(struct dsa_hw_desc, dest2), .len = 8
#define AT_MAX_DELTA	.off = offsetof(struct dsa_hw_desc, max_delta_size), .len = 4
#define AT_LIST		.off = offsetof(struct dsa_hw_desc, desc_list_addr), .len = 8

/**
 * enum base - what a value in a descriptor is relative to
 * @AS_IS: nothing
 * @ARENA: the address of our memory
 */
enum base { AS_IS, ARENA };

/**
 * struct line - a descriptor, which is right but for what is said here
 * @name: of the line
 * @opcode: the operation
 * @flags: bits that are turned over
 * @off: a field of it
 * @len: bytes of that, 0 for none
 * @base: of the value
 * @val: the value
 * @prepare: what else has to be done, or NULL
 */
struct line {
	const char *name;
	uint8_t opcode;
	uint32_t flags;
	uint8_t off;
	uint8_t len;
	enum base base;
	uint64_t val;
	void (*prepare)(struct sf *sf, struct dsa_hw_desc *desc);
};

/* The whole device: one WQ and one engine in its first group, no PASID */
static void bare_start(struct sf *sf)
{
	uint64_t tables = sf_read(sf, REG_TABLES, 8);
	uint32_t grp = (tables & 0xffff) * 0x100, wq = sf_wqcfg(sf);

	dev_command(sf, CMD_RESET_DEVICE, 0, 0);
	sf_write(sf, grp, 1, 8);
	sf_write(sf, grp + GRPCFG_ENGINES, 1, 8);
	sf_write(sf, wq, BARE_SIZE, 4);
	sf_write(sf, wq + 4, BARE_SIZE, 4);
	sf_write(sf, wq + 8, BARE_PRIORITY << 4 | 1, 4);
	sf_write(sf, wq + 12, MAX_XFER_SHIFT | MAX_BATCH_SHIFT << 5, 4);
	sf_write(sf, REG_GENCTRL, 3, 4);
	dev_command(sf, CMD_ENABLE_DEVICE, 0, 0);
	dev_command(sf, CMD_ENABLE_WQ, 0, 0);
	sf->handle = 1;
}

static void matrix_start(struct sf *sf)
{
	if (sf->opt->bare)
		bare_start(sf);
	else
		sf_start(sf);
}

/* The second member is wrong, and has a record if the batch has one */
static void bad_member(struct sf *sf, struct dsa_hw_desc *desc)
{
	struct dsa_hw_desc *list = (void *)(sf->arena + ARENA_BATCH);

	sf_desc(sf, &list[1], BAD_OPCODE, 1);
	list[1].flags &= ~IDXD_OP_FLAG_RCI;
	if (!(desc->flags & IDXD_OP_FLAG_CRAV)) {
		list[1].flags = 0;
		list[1].completion_addr = 0;
	}
}

static void drain_member(struct sf *sf, struct dsa_hw_desc *desc)
{
	bad_member(sf, desc);
	((struct dsa_hw_desc *)(sf->arena + ARENA_BATCH))[1].opcode =
		DSA_OPCODE_DRAIN;
}

static void no_flags(struct sf *sf, struct dsa_hw_desc *desc)
{
	(void)sf;
	desc->flags = IDXD_OP_FLAG_RCR;
	desc->completion_addr = 0;
}

/* A delta whose offsets are these, in units of 8 bytes */
static void delta(struct sf *sf, struct dsa_hw_desc *desc, uint16_t first,
		  uint16_t second)
{
	uint8_t *p = sf->arena + ARENA_SRC;

	memset(p, 0, 20);
	memcpy(p, &first, 2);
	memcpy(p + 10, &second, 2);
	desc->xfer_size = 64;
	desc->delta_rec_size = 20;
}

static void delta_falls(struct sf *sf, struct dsa_hw_desc *desc)
{
	delta(sf, desc, 3, 2);
}

static void delta_beyond(struct sf *sf, struct dsa_hw_desc *desc)
{
	delta(sf, desc, 1, 8);
}

#define MOVE	DSA_OPCODE_MEMMOVE
#define BATCH	DSA_OPCODE_BATCH
#define CREATE	DSA_OPCODE_CR_DELTA
#define APPLY	DSA_OPCODE_AP_DELTA

static const struct line lines[] = {
	{ "nothing wrong", MOVE, .flags = 0 },
	{ "unknown operation", BAD_OPCODE, .flags = 0 },
	{ "unknown flag", MOVE, .flags = IDXD_OP_FLAG_CRSTS },
	{ "block on fault", MOVE, .flags = IDXD_OP_FLAG_BOF },
	{ "fence outside a batch", MOVE, .flags = IDXD_OP_FLAG_FENCE },
	{ "record without address", MOVE, .prepare = no_flags },
	{ "reserved field", MOVE, .off = 40, .len = 4, .val = 1 },
	{ "PASID of another", MOVE, .off = 0, .len = 2, .val = 2 },
	{ "size 0", MOVE, AT_SIZE, .val = 0 },
	{ "size above the limit", MOVE, AT_SIZE, .val = ~0u },
	{ "source not mapped", MOVE, AT_SRC, .val = NOT_MAPPED },
	{ "destination not mapped", MOVE, AT_DST, .val = NOT_MAPPED },
	{ "destination read-only", MOVE, AT_DST, .base = ARENA,
	  .val = READ_ONLY },
	{ "record not mapped", MOVE, AT_RECORD, .val = NOT_MAPPED },
	{ "record not aligned", MOVE,
	  AT_RECORD, .base = ARENA,
	  .val = ARENA_RECORDS + 8 },
	{ "handle of nobody", MOVE,
	  .flags = IDXD_OP_FLAG_RCI, AT_HANDLE, .val = NOBODYS_HANDLE },
	{ "comparison differs", DSA_OPCODE_COMPARE, .flags = 0 },
	{ "as expected, it differs", DSA_OPCODE_COMPARE,
	  .flags = IDXD_OP_FLAG_CR, .off = 40, .len = 1, .val = 1 },
	{ "not as expected", DSA_OPCODE_COMPARE, .flags = IDXD_OP_FLAG_CR },
	{ "operands overlap", DSA_OPCODE_COPY_CRC,
	  AT_DST, .base = ARENA,
	  .val = ARENA_SRC + 64 },
	{ "dualcast: bits differ", DSA_OPCODE_DUALCAST,
	  AT_DEST2, .base = ARENA,
	  .val = ARENA_DST2 + 64 },
	{ "delta record too small", CREATE, AT_MAX_DELTA, .val = 8 },
	{ "delta not aligned", CREATE, AT_SRC, .base = ARENA,
	  .val = ARENA_SRC + 1 },
	{ "delta: offsets fall", APPLY, .prepare = delta_falls },
	{ "delta: offset too large", APPLY, .prepare = delta_beyond },
	{ "DIF not as expected", DSA_OPCODE_DIF_CHECK, AT_SIZE, .val = 520 },
	{ "DIF: part of a block", DSA_OPCODE_DIF_CHECK, AT_SIZE, .val = 300 },
	{ "batch of 1", BATCH, AT_COUNT, .val = 1 },
	{ "batch above the limit", BATCH, AT_COUNT, .val = 1 << 20 },
	{ "list not aligned", BATCH, AT_LIST, .base = ARENA,
	  .val = ARENA_BATCH + 8 },
	{ "list not mapped", BATCH, AT_LIST, .val = NOT_MAPPED },
	{ "member fails", BATCH, .prepare = bad_member },
	{ "drain in a batch", BATCH, .prepare = drain_member },
};

/* A right one of this operation */
static void right_desc(struct sf *sf, struct dsa_hw_desc *desc, uint8_t opcode)
{
	struct dsa_hw_desc *list = (void *)(sf->arena + ARENA_BATCH);
	unsigned int i;

	sf_desc(sf, desc, opcode, 0);
	desc->flags &= ~IDXD_OP_FLAG_RCI;
	desc->int_handle = sf->handle;
	if (opcode == BATCH) {
		for (i = 0; i < MEMBERS; i++) {
			sf_desc(sf, &list[i], DSA_OPCODE_NOOP, 2 + i);
			list[i].flags = 0;
			list[i].completion_addr = 0;
		}
		desc->desc_list_addr = sf_iova(sf, list);
		desc->desc_count = MEMBERS;
		return;
	}
	desc->src_addr = sf_iova(sf, sf->arena + ARENA_SRC);
	desc->dst_addr = sf_iova(sf, sf->arena + ARENA_DST);
	desc->xfer_size = SIZE;
	if (opcode == DSA_OPCODE_DIF_CHECK)
		desc->dst_addr = 0;
	if (opcode == DSA_OPCODE_DUALCAST || opcode == CREATE)
		desc->dest2 = sf_iova(sf, sf->arena + ARENA_DST2);
	if (opcode == CREATE)
		desc->max_delta_size = SIZE;
}

static void spoil(struct sf *sf, struct dsa_hw_desc *desc,
		  const struct line *line)
{
	uint64_t val = line->val;

	if (line->base == ARENA)
		val += sf_iova(sf, sf->arena);
	desc->flags ^= line->flags;
	if (line->len)
		memcpy((uint8_t *)desc + line->off, &val, line->len);
	if (line->prepare)
		line->prepare(sf, desc);
}

/* What SWERR has, which is acknowledged; "--" for nothing */
static void print_swerr(struct sf *sf)
{
	uint64_t word = sf_read(sf, REG_SWERR, 8);
	unsigned int i;

	if (!(word & 1)) {
		printf("|--|");
		return;
	}
	printf("|%02x|", (uint8_t)(word >> 8));
	for (i = 0; i < SWERR_SIZE; i += 8)
		printf(" %llx", (unsigned long long)
		       sf_read(sf, REG_SWERR + i, 8));
	sf_write(sf, REG_SWERR, 3, 4);
}

static void print_record(const struct dsa_completion_record *rec)
{
	if (!rec->status) {
		printf("|--|");
		return;
	}
	printf("|%02x|%02x %u %llx", rec->status, rec->result,
	       rec->bytes_completed, (unsigned long long)rec->fault_addr);
}

static void clear_memory(struct sf *sf)
{
	memset(sf->arena + ARENA_SRC, 0x11, SIZE);
	memset(sf->arena + ARENA_DST, 0x22, SIZE);
	memset(sf_record(sf, 0), 0, 4 * sizeof(*sf_record(sf, 0)));
}

/* Once with a completion record, once without: "record|details|SWERR|details" */
static void print_line(struct sf *sf, const struct line *line)
{
	struct dsa_hw_desc desc;
	bool record;
	int i;

	printf("%s", line->name);
	for (i = 0; i < 2; i++) {
		record = !i;
		clear_memory(sf);
		right_desc(sf, &desc, line->opcode);
		if (!record) {
			desc.flags &= ~(IDXD_OP_FLAG_CRAV | IDXD_OP_FLAG_RCR);
			desc.completion_addr = 0;
		}
		spoil(sf, &desc, line);
		sf_submit(sf, &desc);
		/* Who was told that it ended can see what went wrong */
		dev_command(sf, CMD_DRAIN_WQ, 1, 0);
		if (record)
			print_record(sf_record(sf, 0));
		print_swerr(sf);
	}
	putchar('\n');
}

/* A descriptor that nobody takes; it is right */
static void print_refused(struct sf *sf, const char *name)
{
	uint64_t end = now_ms() + REFUSED_MS;
	struct dsa_hw_desc desc;

	clear_memory(sf);
	right_desc(sf, &desc, MOVE);
	sf_submit(sf, &desc);
	/* There is no drain to wait for, and maybe nothing to see */
	while (!(sf_read(sf, REG_SWERR, 8) & 1) && now_ms() < end)
		usleep(1000);
	printf("%s", name);
	print_record(sf_record(sf, 0));
	print_swerr(sf);
	puts("|--|");
}

/* More than the queue has room for, with slow engines */
static void print_crowd(struct sf *sf)
{
	struct dsa_hw_desc desc;
	unsigned int i;

	clear_memory(sf);
	right_desc(sf, &desc, DSA_OPCODE_NOOP);
	desc.flags = 0;
	desc.completion_addr = 0;
	desc.src_addr = 0;
	desc.dst_addr = 0;
	desc.xfer_size = 0;
	for (i = 0; i < NR_CROWD; i++)
		sf_submit(sf, &desc);
	dev_command(sf, CMD_DRAIN_WQ, 1, 0);
	printf("queue full|--||%02x||--|\n",
	       (uint8_t)(sf_read(sf, REG_SWERR, 8) >> 8));
	sf_write(sf, REG_SWERR, 3, 4);
}

static bool matrix_errors(struct sf *sf)
{
	unsigned int i;
	void *page;

	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (page == MAP_FAILED)
		die("no memory");
	sf_map_read_only(sf, page, sf->opt->iova + READ_ONLY, PAGE);
	matrix_start(sf);
	for (i = 0; i < ARRAY_SIZE(lines); i++)
		print_line(sf, &lines[i]);
	print_crowd(sf);
	dev_command(sf, CMD_DISABLE_WQ, 1, 0);
	print_refused(sf, "queue disabled");
	dev_command(sf, CMD_DISABLE_DEVICE, 0, 0);
	print_refused(sf, "device disabled");
	return true;
}

/**
 * struct cmd_line - a command
 * @name: of the line
 * @code: command code; bits above its five are above it in the register too
 * @operand: its operand
 */
struct cmd_line {
	const char *name;
	uint32_t code;
	uint32_t operand;
};

/* In this order: the state is what those before have made of it */
static const struct cmd_line cmd_lines[] = {
	{ "disabled: disable device", CMD_DISABLE_DEVICE, 0 },
	{ "disabled: drain all", CMD_DRAIN_ALL, 0 },
	{ "disabled: abort all", CMD_ABORT_ALL, 0 },
	{ "disabled: enable WQ", CMD_ENABLE_WQ, 0 },
	{ "disabled: disable WQ", CMD_DISABLE_WQ, 1 },
	{ "disabled: reset WQ", CMD_RESET_WQ, 1 },
	{ "unknown command", 30, 0 },
	{ "no command", 0, 0 },
	{ "enable device: an operand", CMD_ENABLE_DEVICE, 1 },
	{ "enable device: reserved bit", CMD_ENABLE_DEVICE | 1 << 5, 0 },
	{ "configured: enable device", CMD_ENABLE_DEVICE, 0 },
	{ "enabled: enable device", CMD_ENABLE_DEVICE, 0 },
	{ "WQ disabled: disable WQ", CMD_DISABLE_WQ, 1 },
	{ "WQ disabled: drain WQ", CMD_DRAIN_WQ, 1 },
	{ "WQ disabled: abort WQ", CMD_ABORT_WQ, 1 },
	{ "WQ disabled: reset WQ", CMD_RESET_WQ, 1 },
	{ "enable WQ 1", CMD_ENABLE_WQ, 1 },
	{ "enable WQ 200", CMD_ENABLE_WQ, 200 },
	{ "drain WQ 1", CMD_DRAIN_WQ, 2 },
	{ "drain WQ 128", CMD_DRAIN_WQ, 8 << 16 | 1 },
	{ "drain no WQ", CMD_DRAIN_WQ, 0 },
	{ "enable WQ", CMD_ENABLE_WQ, 0 },
	{ "WQ enabled: enable WQ", CMD_ENABLE_WQ, 0 },
	{ "drain all", CMD_DRAIN_ALL, 0 },
	{ "abort all", CMD_ABORT_ALL, 0 },
	{ "drain WQ", CMD_DRAIN_WQ, 1 },
	{ "abort WQ", CMD_ABORT_WQ, 1 },
	{ "drain PASID", 11, 1 },
	{ "abort PASID", 12, 1 },
	{ "request handle 1", CMD_REQUEST_HANDLE, 1 },
	{ "request handle 0", CMD_REQUEST_HANDLE, 0 },
	{ "request handle 99", CMD_REQUEST_HANDLE, 99 },
	{ "release handle 65535", CMD_RELEASE_HANDLE, 0xffff },
	{ "disable WQ", CMD_DISABLE_WQ, 1 },
	{ "disable device", CMD_DISABLE_DEVICE, 0 },
};

static bool matrix_commands(struct sf *sf)
{
	unsigned int i;

	/* It leaves a bare one configured, and what is configured is kept */
	matrix_start(sf);
	dev_command(sf, CMD_DISABLE_WQ, 1, 0);
	dev_command(sf, CMD_DISABLE_DEVICE, 0, 0);
	for (i = 0; i < ARRAY_SIZE(cmd_lines); i++)
		printf("%s|%02x\n", cmd_lines[i].name,
		       sf_command(sf, cmd_lines[i].code,
				  cmd_lines[i].operand) & 0xff);
	return true;
}

const struct step matrix_steps[] = {
	{ "matrix-errors", matrix_errors },
	{ "matrix-commands", matrix_commands },
	{ }
};
