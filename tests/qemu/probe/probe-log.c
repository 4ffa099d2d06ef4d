// SPDX-License-Identifier: GPL-2.0-only
/* Probe: the event log. What comes into it, its interrupt, room and overflow. */
#include <string.h>
#include "probe.h"

static void log_setup(uint64_t addr)
{
	reset_all();
	aim_msix(1);
	wr64(0xe0, addr);
	wr64(0xe8, 64);
	wr32(0x80, 1 << 13);
	wr32(0x88, 7);
	setup_wq(0, 16);
}

/* A batch whose second member's record is lost: the log has it instead */
static void batch_lost(struct dsa_hw_desc *d, uint32_t fence)
{
	struct dsa_hw_desc *list = (void *)(mem + AT_LIST);

	for (int i = 0; i < 4; i++)
		list[i] = desc(DSA_OPCODE_NOOP, 10 + i, 0);
	list[1].completion_addr = BAD_ADDR;
	list[3].flags |= fence;
	*d = desc(DSA_OPCODE_BATCH, 0, 4);
	d->desc_list_addr = phys(AT_LIST);
	d->dst_addr = 0;
	submit(0, PAGE_MSIX, d);
	cmd(CMD_DRAIN_ALL, 0);
}

static void batch_in_log(void)
{
	volatile uint64_t *e = (uint64_t *)(mem + AT_LOG);
	struct dsa_hw_desc d;

	log_setup(phys(AT_LOG));
	batch_lost(&d, 0);
	check((e[0] & 0xffffff) == 0x1abc && e[1] == (1ull | 0xcull << 48) &&
	      e[2] == BAD_ADDR && (e[4] & 0xff) == 1,
	      "a member's record: entry 0x%llx, 0x%llx",
	      (unsigned long long)e[0], (unsigned long long)e[1]);
	check((e[8] & 0xffffffff) == (0x27ac | (e[0] & 0xff000000)) &&
	      e[8] >> 32 == DSA_OPCODE_BATCH && e[10] == d.completion_addr &&
	      e[12] == (4ull << 32 | 1) && !cr(0)->status,
	      "the batch's is kept back: entry 0x%llx, record 0x%llx",
	      (unsigned long long)e[8], (unsigned long long)e[12]);
	check(cr(13)->status == 1, "its other members are executed");
	batch_lost(&d, IDXD_OP_FLAG_FENCE);
	check((e[16] >> 8 & 0xff) == 0x1a && (e[24] >> 8 & 0xff) == 0x27 &&
	      e[28] == (3ull << 32 | 1 << 8 | 5) && !cr(13)->status,
	      "or not behind a fence: record 0x%llx",
	      (unsigned long long)e[28]);
	check((e[16] >> 24 & 0xff) != (e[0] >> 24 & 0xff),
	      "batches have different identifiers");
}

/* One interrupt until software says it has seen it, and room as it reads */
static void pending(void)
{
	struct dsa_hw_desc d;

	log_setup(phys(AT_LOG));
	d = desc(0x3f, 0, 0);
	d.flags = 0;
	submit(0, PAGE_MSIX, &d);
	check(wait_mem32(AT_MSG, 0x100), "event log interrupt");
	wr32(0x98, UINT32_MAX);
	*(volatile uint32_t *)(mem + AT_MSG) = 0;
	submit(0, PAGE_MSIX, &d);
	cmd(CMD_DRAIN_ALL, 0);
	check(rd64(0xf0) == (1ull << 62 | 2ull << 32) && !rd32(0x98) &&
	      !*(volatile uint32_t *)(mem + AT_MSG),
	      "none while it is pending");
	wr32(0xf4, 1u << 30);
	check(rd64(0xf0) == 2ull << 32, "acknowledged");
	wr32(0xf0, 2);
	submit(0, PAGE_MSIX, &d);
	check(wait_mem32(AT_MSG, 0x100) &&
	      rd64(0xf0) == (1ull << 62 | 3ull << 32 | 2), "another");
	wr64(0xe0, 0);
	wr64(0xe8, 0);
	wr32(0x80, 0);
	check(rd64(0xe0) == phys(AT_LOG) && rd64(0xe8) == 64 &&
	      rd32(0x80) == 1 << 13, "its configuration is locked");
	cmd(CMD_DISABLE_DEV, 0);
	wr64(0xe8, 128);
	check(rd64(0xe8) == 64, "while it is on, also of a disabled device");
	wr32(0x80, 0);
	wr64(0xe8, 128);
	check(rd64(0xe8) == 128, "and not when it is off");
}

static void nowhere(void)
{
	struct dsa_hw_desc d;

	log_setup(BAD_ADDR);
	d = desc(0x3f, 0, 0);
	d.flags = 0;
	submit(0, PAGE_MSIX, &d);
	check(wait_mem32(AT_MSG, 0x100) && rd32(0x90) == 3 &&
	      rd64(0xc0) == 0x5321 && rd64(0xd0) == BAD_ADDR,
	      "a log that is nowhere halts the device: SWERR 0x%llx",
	      (unsigned long long)rd64(0xc0));
}

static void overflow(void)
{
	uint64_t *e = (uint64_t *)(mem + AT_LOG);
	struct dsa_hw_desc d;

	log_setup(phys(AT_LOG));
	d = desc(DSA_OPCODE_NOOP, 0, 0);
	d.completion_addr = BAD_ADDR;
	submit(0, PAGE_MSIX, &d);
	check(wait_mem32(AT_MSG, 0x100), "event log interrupt");
	check(rd64(0xf0) == (1ull << 62 | 1ull << 32) && rd32(0x98) == 0x20,
	      "EVLSTATUS 0x%llx", (unsigned long long)rd64(0xf0));
	check((e[0] & 0xffff) == (0x1a00 | 0xac) && e[2] == BAD_ADDR &&
	      (e[4] & 0xff) == 1, "entry 0x%llx", (unsigned long long)e[0]);
	d = desc(DSA_OPCODE_DRAIN, 1, 0);
	submit(0, PAGE_MSIX, &d);
	cmd(CMD_DRAIN_ALL, 0);
	check(!cr(1)->status && (e[8] >> 8 & 0xff) == 0x26,
	      "the next drain is logged, too");
	for (int i = 0; i < 100; i++) {
		d.flags = 0;
		d.opcode = 0x3f;
		submit(0, PAGE_MSIX, &d);
		cmd(CMD_DRAIN_ALL, 0);
	}
	check(rd64(0xf0) >> 32 == (1u << 30 | 63) && (rd32(0xc0) & 3) == 3,
	      "a full log overflows to SWERR");
}

void test_log(void)
{
	overflow();
	batch_in_log();
	pending();
	nowhere();
}
