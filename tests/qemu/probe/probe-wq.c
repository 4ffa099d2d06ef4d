// SPDX-License-Identifier: GPL-2.0-only
/* Probe: submission, completion, interrupts, errors, and a hostile guest. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "probe.h"

static void fill_random(uint32_t at, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++)
		mem[at + i] = rand();
}

void test_wq(void)
{
	struct dsa_hw_desc d;
	bool ok = true;

	reset_all();
	setup_wq(3, 8);
	fill_random(AT_SRC, 300000);
	d = desc(DSA_OPCODE_MEMMOVE, 0, 300000);
	submit_raw(3, 0, &d, 64);
	usleep(50000);
	check(!cr(0)->status, "eight stores of 8 bytes are no descriptor");
	submit(3, PAGE_MSIX, &d);
	check(wait_cr(0) == 1, "memory move: status 0x%x", cr(0)->status);
	check(!memcmp(mem + AT_SRC, mem + AT_DST, 300000), "the data is there");
	d = desc(DSA_OPCODE_NOOP, 1, 0);
	submit(3, PAGE_MSIX_LIMITED, &d);
	check(wait_cr(1) == 1, "limited portal of a dedicated WQ");
	for (uint32_t off = 0; off < 0x4000; off += 64) {
		d = desc(DSA_OPCODE_NOOP, 2, 0);
		submit_at((3 << 14) + off, &d);
		ok &= wait_cr(2) == 1;
	}
	check(ok, "at each of the 256 places of its four pages");
	check(*(volatile uint64_t *)(bar2 + (3 << 14)) == UINT64_MAX &&
	      bar2[(3 << 14) + 77] == 0xff, "a portal reads all ones");
	d = desc(DSA_OPCODE_NOOP, 2, 0);
	d.flags = IDXD_OP_FLAG_CRAV;
	submit(3, PAGE_MSIX, &d);
	d = desc(DSA_OPCODE_DRAIN, 3, 0);
	submit(3, PAGE_MSIX, &d);
	check(wait_cr(3) == 1 && !cr(2)->status,
	      "drain; no record where none was asked for");
	check(!(rd32(wq_off(3) + 24) & 0xffff), "occupancy is 0 again");
	check(!cmd(CMD_DISABLE_WQ, 8), "disable WQ");
	d = desc(DSA_OPCODE_NOOP, 4, 0);
	submit(3, PAGE_MSIX, &d);
	usleep(50000);
	check(!cr(4)->status && (rd64(0xc0) & 0xff0f) == (0x5100 | 0xd),
	      "a disabled WQ drops it, SWERR 0x%llx",
	      (unsigned long long)rd64(0xc0));
	wr32(0xc0, 3);
	check(!(rd32(0xc0) & 3), "SWERR is acknowledged");
}

void aim_msix(unsigned int vectors)
{
	unsigned int cap = cfg_find_cap(0x11);
	uint32_t table = 0x4000;

	for (unsigned int v = 0; v < vectors; v++) {
		wr64(table + v * 16, phys(AT_MSG + 4 * v));
		wr32(table + v * 16 + 8, 0x100 + v);
		wr32(table + v * 16 + 12, 0);
	}
	cfg16_write(cap + 2, 0x8000);
}

void aim_ims(unsigned int slot, uint32_t at, uint32_t ctrl)
{
	wr64(ims_off(slot), phys(at));
	wr32(ims_off(slot) + 8, 0x5000 + slot);
	wr32(ims_off(slot) + 12, ctrl);
}

void test_irq(void)
{
	struct dsa_hw_desc d;

	reset_all();
	aim_msix(9);
	setup_wq(0, 16);
	wr32(0xa0, CMD_DRAIN_ALL << 20 | 1u << 31);
	check(wait_mem32(AT_MSG, 0x100) && rd32(0x98) == 2,
	      "command interrupt, INTCAUSE 0x%x", rd32(0x98));
	wr32(0x98, 2);
	check(!rd32(0x98), "INTCAUSE is cleared");

	d = desc(DSA_OPCODE_NOOP, 0, 0);
	d.flags |= IDXD_OP_FLAG_RCI;
	d.int_handle = 4;
	submit(0, PAGE_MSIX, &d);
	check(wait_mem32(AT_MSG + 16, 0x104), "MSI-X through page 0");
	d = desc(DSA_OPCODE_NOOP, 1, 0);
	d.flags |= IDXD_OP_FLAG_RCI;
	d.int_handle = 9;
	submit(0, PAGE_MSIX, &d);
	check(wait_cr(1) == 0x19, "MSI-X vector 9 of 9: 0x%x", cr(1)->status);

	d.int_handle = 1000;
	aim_ims(1000, AT_MSG + 0x100, 0);
	cr(1)->status = 0;
	submit(0, PAGE_IMS, &d);
	check(wait_mem32(AT_MSG + 0x100, 0x5000 + 1000), "IMS through page 2");
	wr32(ims_off(1000) + 12, 5 << 12 | 8);
	cr(1)->status = 0;
	submit(0, PAGE_IMS, &d);
	check(wait_cr(1) == 0x19, "IMS slot of a PASID, WQ without");
	aim_ims(1000, AT_MSG + 0x104, 1);
	cr(1)->status = 0;
	submit(0, PAGE_IMS, &d);
	check(wait_cr(1) == 1 && !wait_mem32(AT_MSG + 0x104, 0x5000 + 1000),
	      "a masked slot keeps its message");
	wr32(ims_off(1000) + 12, 0);
	check(wait_mem32(AT_MSG + 0x104, 0x5000 + 1000), "until it is unmasked");

	*(volatile uint32_t *)(mem + AT_MSG + 16) = 0;
	wr32(0x4000 + 4 * 16 + 12, 1);
	d = desc(DSA_OPCODE_NOOP, 1, 0);
	d.flags |= IDXD_OP_FLAG_RCI;
	d.int_handle = 4;
	submit(0, PAGE_MSIX, &d);
	check(wait_cr(1) == 1 && rd32(0x5000) == 1 << 4 &&
	      !*(volatile uint32_t *)(mem + AT_MSG + 16),
	      "a masked vector is pending");
	wr32(0x4000 + 4 * 16 + 12, 0);
	check(wait_mem32(AT_MSG + 16, 0x104) && !rd32(0x5000),
	      "until it is unmasked");
}

static void one_error(uint8_t want, const struct dsa_hw_desc *d, const char *s)
{
	uint8_t status;

	submit(0, PAGE_MSIX, d);
	status = wait_cr(0);
	check(status == want, "%s: 0x%x, expected 0x%x", s, status, want);
}

static void test_batch(void)
{
	struct dsa_hw_desc *list = (void *)(mem + AT_LIST);
	struct dsa_hw_desc d;

	for (int i = 0; i < 4; i++) {
		list[i] = desc(DSA_OPCODE_MEMMOVE, 10 + i, 64);
		list[i].dst_addr = phys(AT_DST + 64 * i);
	}
	d = desc(DSA_OPCODE_BATCH, 0, 4);
	d.desc_list_addr = phys(AT_LIST);
	d.dst_addr = 0;
	one_error(1, &d, "batch");
	check(cr(0)->bytes_completed == 4, "all of its descriptors");
	list[1].opcode = 0x3f;
	list[3].flags |= IDXD_OP_FLAG_FENCE;
	for (int i = 0; i < 4; i++)
		cr(10 + i)->status = 0;
	cr(0)->status = 0;
	one_error(5, &d, "batch with an error");
	check(cr(0)->bytes_completed == 3 && cr(11)->status == 0x10 &&
	      cr(12)->status == 1 && !cr(13)->status, "ends at the fence");
	d.desc_list_addr = BAD_ADDR;
	cr(0)->status = 0;
	one_error(6, &d, "batch with a list nowhere");
	check(cr(0)->fault_addr == BAD_ADDR, "and its address");
	d.desc_list_addr = phys(AT_LIST);
	list[0] = d;
	list[0].completion_addr = phys(AT_CR + 10 * 32);
	list[3].flags &= ~IDXD_OP_FLAG_FENCE;
	cr(0)->status = 0;
	cr(10)->status = 0;
	one_error(5, &d, "batch in a batch");
	check(cr(10)->status == 0x10, "is no operation");
	d.desc_count = 1025;
	cr(0)->status = 0;
	one_error(0x14, &d, "batch of 1025");
}

/* GENCTRL, the lowest code of several, and a member's error */
static void test_enables(void)
{
	struct dsa_hw_desc *list = (void *)(mem + AT_LIST);
	struct dsa_hw_desc d = desc(0x3f, 0, 0);

	reset_all();
	aim_msix(1);
	setup_wq(0, 16);
	d.flags = 0;
	submit(0, PAGE_MSIX, &d);
	cmd(CMD_DRAIN_ALL, 0);
	check(rd64(0xc0) == (0x3full << 32 | 0x100d) && !rd32(0x98),
	      "no interrupt for SWERR unless it is enabled");
	wr32(0xc0, 3);
	wr32(0x88, 1);
	submit(0, PAGE_MSIX, &d);
	check(wait_mem32(AT_MSG, 0x100) && rd32(0x98) == 1,
	      "when it is: INTCAUSE 0x%x", rd32(0x98));
	submit(0, PAGE_MSIX, &d);
	cmd(CMD_DRAIN_ALL, 0);
	check((rd64(0xc0) & 3) == 3, "the next one is an overflow");
	wr32(0xc0, 3);
	list[0] = desc(DSA_OPCODE_NOOP, 10, 0);
	list[1] = d;
	d = desc(DSA_OPCODE_BATCH, 0, 2);
	d.desc_list_addr = phys(AT_LIST);
	d.dst_addr = 0;
	one_error(5, &d, "a member's error without record");
	check(rd64(0xc0) == (0x3full << 32 | 0x101d) && rd64(0xc8) == 1,
	      "SWERR 0x%llx of member 1", (unsigned long long)rd64(0xc0));

	d = desc(DSA_OPCODE_AP_DELTA, 0, 8);
	d.flags |= IDXD_OP_FLAG_RCI;
	d.int_handle = 9;
	d.delta_rec_size = 10;
	d.src_addr++;
	one_error(0x19, &d, "bad handle and address not aligned");
	d.int_handle = 0;
	cr(0)->status = 0;
	one_error(0x1c, &d, "address not aligned");
	d.completion_addr += 8;
	d.int_handle = 9;
	wr32(0xc0, 3);
	submit(0, PAGE_MSIX, &d);
	cmd(CMD_DRAIN_ALL, 0);
	check((rd64(0xc0) & 0xff01) == 0x1b01,
	      "record not aligned, which comes first: SWERR 0x%llx",
	      (unsigned long long)rd64(0xc0));
}

void test_errors(void)
{
	struct dsa_hw_desc d;

	reset_all();
	setup_wq(0, 16);
	fill_random(AT_SRC, 8192);
	d = desc(0x3f, 0, 0);
	one_error(0x10, &d, "unknown operation");
	d = desc(DSA_OPCODE_MEMMOVE, 0, 4096);
	d.src_addr = BAD_ADDR;
	one_error(0x03, &d, "source nowhere");
	check(cr(0)->fault_addr == BAD_ADDR, "and its address");
	d = desc(DSA_OPCODE_MEMMOVE, 0, 4096);
	d.dst_addr = BAD_ADDR;
	one_error(0x83, &d, "destination nowhere");
	d = desc(DSA_OPCODE_NOOP, 0, 0);
	d.flags |= IDXD_OP_FLAG_BOF;
	one_error(0x11, &d, "block on fault");
	d = desc(DSA_OPCODE_NOOP, 0, 0);
	d.completion_addr += 8;
	submit(0, PAGE_MSIX, &d);
	cmd(CMD_DRAIN_ALL, 0);
	check((rd64(0xc0) & 0xff01) == 0x1b01, "record not aligned: SWERR 0x%llx",
	      (unsigned long long)rd64(0xc0));
	wr32(0xc0, 3);
	d = desc(DSA_OPCODE_NOOP, 0, 0);
	d.completion_addr = BAD_ADDR;
	submit(0, PAGE_MSIX, &d);
	cmd(CMD_DRAIN_ALL, 0);
	check((rd64(0xc0) & 0xff2d) == 0x1a2d && rd64(0xd0) == BAD_ADDR,
	      "record nowhere: SWERR 0x%llx", (unsigned long long)rd64(0xc0));
	wr32(0xc0, 3);
	test_batch();
	test_enables();
}

void works_again(const char *what)
{
	struct dsa_hw_desc d;

	reset_all();
	setup_wq(0, 8);
	d = desc(DSA_OPCODE_MEMMOVE, 0, 4096);
	submit(0, PAGE_MSIX, &d);
	check(wait_cr(0) == 1, "works after %s: 0x%x", what, cr(0)->status);
}

static void hostile_registers(void)
{
	for (int i = 0; i < 200000; i++) {
		uint32_t off = (rand() % 0x10000) & ~3;

		if (i % 2000 == 0)
			reset_all();
		wr32(off, rand() * 3u);
	}
	works_again("random register writes");
}

void random_desc(struct dsa_hw_desc *d, int i)
{
	static const uint8_t ops[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 18,
				       19, 20, 21, 32 };
	uint8_t *raw = (uint8_t *)d;

	for (unsigned int b = 0; b < sizeof(*d); b++)
		raw[b] = rand();
	if (i % 4)
		d->opcode = ops[rand() % sizeof(ops)];
	if (i % 4 > 1)
		d->flags &= 0xc;
	if (i % 3) {
		d->completion_addr = phys(AT_CR);
		d->src_addr = phys(AT_SRC + rand() % 4096);
		d->dst_addr = phys(AT_DST + rand() % 4096);
		d->xfer_size = rand() % 200000;
	}
}

static void hostile_descriptors(void)
{
	struct dsa_hw_desc d;

	for (int round = 0; round < 40; round++) {
		reset_all();
		setup_wq(0, 128);
		aim_msix(9);
		for (int i = 0; i < 500; i++) {
			random_desc(&d, i);
			submit(0, rand() % 4, &d);
		}
		wr32(0xa0, (rand() % 16) << 20 | (rand() & 0xffff));
	}
	works_again("random descriptors");
}

/* Descriptors, records and messages that hit the device itself */
static void hostile_loops(void)
{
	const uint64_t targets[] = { bar_phys(0), bar_phys(2), ecam_phys() };
	struct dsa_hw_desc d;

	for (int round = 0; round < 200; round++) {
		uint64_t to = targets[round % 3];

		reset_all();
		if (!to)
			continue;
		setup_wq(0, 128);
		fill_random(AT_SRC, 8192);
		for (int v = 0; v < 9; v++)
			wr64(0x4000 + v * 16, to + (rand() % 1024) * 4);
		cfg16_write(cfg_find_cap(0x11) + 2, 0x8000);
		aim_ims(0, AT_MSG, 0);
		wr64(ims_off(0), to + (rand() % 1024) * 4);
		for (int i = 0; i < 100; i++) {
			d = desc(DSA_OPCODE_MEMMOVE, 0, 4 << rand() % 10);
			d.dst_addr = to + (rand() % 1024) * 4;
			d.flags |= IDXD_OP_FLAG_RCI;
			if (i % 4 == 3)
				d.completion_addr = to + (rand() % 128) * 32;
			if (i % 4 == 2)
				d.src_addr = to;
			submit(0, i % 2 ? PAGE_MSIX : PAGE_IMS, &d);
		}
		usleep(5000);
	}
	works_again("DMA to itself");
}

/* Anything goes, nothing breaks; a reset brings it back. */
void test_hostile(void)
{
	srand(1);
	hostile_registers();
	hostile_descriptors();
	hostile_loops();
}
