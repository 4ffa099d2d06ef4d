// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probe: a device with interrupt handles (int-handles=on), and one with as much
 * of everything as there can be.
 */
#include <string.h>
#include "probe.h"

static uint8_t noop_irq(unsigned int page, unsigned int handle)
{
	struct dsa_hw_desc d = desc(DSA_OPCODE_NOOP, 0, 0);

	d.flags |= IDXD_OP_FLAG_RCI;
	d.int_handle = handle;
	submit(0, page, &d);
	return wait_cr(0);
}

static uint16_t request(uint32_t operand)
{
	uint32_t sts = cmd(CMD_REQUEST_HANDLE, operand);

	check(!(sts & 0xff), "handle for 0x%x: CMDSTS 0x%x", operand, sts);
	return sts >> 8;
}

void test_handles(void)
{
	uint16_t msix, ims, again;

	aim_msix(9);
	aim_ims(7, AT_MSG + 0x100, 0);
	setup_wq(0, 16);
	check(rd32(0xb0) == 0x7ffe, "CMDCAP 0x%x", rd32(0xb0));
	check(noop_irq(PAGE_MSIX, 4) == 0x19, "an index is no handle");
	msix = request(4);
	ims = request(CMD_HANDLE_IMS | 7);
	check(msix != 4 && ims != 7, "handles 0x%x and 0x%x", msix, ims);
	check(request(4) == msix, "the same again for the same");
	check(noop_irq(PAGE_MSIX, 4) == 0x19, "an index is still none");
	check(noop_irq(PAGE_MSIX, msix) == 1 && wait_mem32(AT_MSG + 16, 0x104),
	      "MSI-X by handle");
	check(noop_irq(PAGE_IMS, ims) == 1 &&
	      wait_mem32(AT_MSG + 0x100, 0x5007), "IMS by handle");
	check(noop_irq(PAGE_IMS, msix) == 0x19 && noop_irq(PAGE_MSIX, ims) == 0x19,
	      "each only in its portals");
	check(cmd(CMD_REQUEST_HANDLE, 9) == 0x41 &&
	      cmd(CMD_REQUEST_HANDLE, CMD_HANDLE_IMS | 2048) == 0x41,
	      "no handle beyond the tables");
	check(cmd(CMD_REQUEST_HANDLE, 0x20000) == 4, "reserved bits");
	check(!cmd(CMD_RELEASE_HANDLE, CMD_HANDLE_IMS | ims) &&
	      noop_irq(PAGE_IMS, ims) == 0x19, "released");
	check(cmd(CMD_RELEASE_HANDLE, CMD_HANDLE_IMS | ims) == 0x43,
	      "only once");
	wr32(wq_off(0) + 16, msix);
	wr32(wq_off(0) + 20, 1 << 16);
	cmd(CMD_DISABLE_WQ, 1);
	check(!cmd(CMD_ENABLE_WQ, 0), "occupancy interrupt by handle");

	ims = request(CMD_HANDLE_IMS | 7);
	wr32(0x98, UINT32_MAX);
	check(qom_set("revoke-int-handles", "true"), "revoked");
	check(rd32(0x98) == 1u << 31, "INTCAUSE 0x%x", rd32(0x98));
	check(noop_irq(PAGE_MSIX, msix) == 0x19 &&
	      noop_irq(PAGE_IMS, ims) == 0x19, "none is valid");
	again = request(4);
	check(again != msix && request(CMD_HANDLE_IMS | 7) != ims,
	      "new ones are others: 0x%x", again);
	*(volatile uint32_t *)(mem + AT_MSG + 16) = 0;
	check(noop_irq(PAGE_MSIX, again) == 1 &&
	      wait_mem32(AT_MSG + 16, 0x104), "and work");
	check(noop_irq(PAGE_MSIX, msix) == 0x19, "the old ones do not");
}

static void large_regs(void)
{
	check(rd64(0x20) == 0x7a000001801000ull, "WQCAP 0x%llx",
	      (unsigned long long)rd64(0x20));
	check((rd64(0x30) & 0xffff) == 0xff40 && rd64(0x38) == 64,
	      "64 groups, 64 engines, 255 read buffers");
	check((rd64(0x10) & 0x7fff0000) == 0x7fff0000,
	      "GENCAP 0x%llx: shifts 31 and 15, 63 times 256 slots",
	      (unsigned long long)rd64(0x10));
	check((cfg16_read(cfg_find_cap(0x11) + 2) & 0x7ff) == 128,
	      "129 MSI-X vectors");
	check(ims_off(16127) + 16 <= 0x80000, "the tables fit");
}

/* 128 WQs of 32 entries, two to a group, an engine to each group */
static void large_setup(void)
{
	uint32_t bad = 0;

	for (unsigned int n = 0; n < 128; n++) {
		uint32_t w = wq_off(n), g = grp_off(n / 2);

		wr32(w, 32);
		wr32(w + 8, 1 | 1 << 4);
		wr32(w + 12, 31 | 15 << 5);
		wr64(w + 32, n == 1 ? 0x3 : UINT64_MAX);
		wr64(g + n / 64 * 8, 3ull << (n / 2 * 2 % 64));
		wr64(g + 0x20, 1ull << n / 2);
	}
	check(!cmd(CMD_ENABLE_DEV, 0), "enable, 4096 entries");
	for (unsigned int n = 0; n < 128; n++)
		bad += cmd(CMD_ENABLE_WQ, n) != 0;
	check(!bad, "all but %u of 128 WQs are enabled", bad);
	check(cmd(CMD_ENABLE_WQ, 128) == 2, "there is no WQ 128");
}

static void large_work(void)
{
	struct dsa_hw_desc *list = (void *)(mem + AT_LIST), d;
	unsigned int done = 0;

	for (unsigned int n = 2; n < 128; n++) {
		d = desc(DSA_OPCODE_MEMMOVE, n, 512);
		memset(mem + AT_SRC + n * 512, n, 512);
		d.src_addr += n * 512;
		d.dst_addr += n * 512;
		submit(n, n % 4, &d);
	}
	for (unsigned int n = 2; n < 128; n++)
		done += wait_cr(n) == 1;
	check(done == 126 && !memcmp(mem + AT_SRC + 1024, mem + AT_DST + 1024,
				     126 * 512), "%u of 126 WQs copy", done);
	d = desc(DSA_OPCODE_MEMMOVE, 0, 512);
	submit(1, 0, &d);
	check(wait_cr(0) == 0x10, "a WQ without that operation");
	for (int i = 0; i < 4096; i++) {
		list[i] = desc(DSA_OPCODE_NOOP, 0, 0);
		list[i].flags = 0;
		list[i].completion_addr = 0;
	}
	d = desc(DSA_OPCODE_BATCH, 0, 4096);
	d.desc_list_addr = phys(AT_LIST);
	d.dst_addr = 0;
	submit(127, 0, &d);
	check(wait_cr(0) == 1 && cr(0)->bytes_completed == 4096,
	      "batch of 4096");
	d.desc_count = 32769;
	cr(0)->status = 0;
	submit(127, 0, &d);
	check(wait_cr(0) == 0x14, "batch of 32769");
	d = desc(DSA_OPCODE_MEMMOVE, 0, 0x80000000);
	d.src_addr = BAD_ADDR;
	submit(127, 0, &d);
	check(wait_cr(0) == 3, "2 GiB may be asked for");
	d = desc(DSA_OPCODE_MEMMOVE, 0, 0x80000001);
	submit(127, 0, &d);
	check(wait_cr(0) == 0x13, "and not a byte more");
}

void test_large(void)
{
	struct dsa_hw_desc d;

	large_regs();
	aim_msix(129);
	aim_ims(16127, AT_MSG + 0xf00, 0);
	large_setup();
	large_work();
	d = desc(DSA_OPCODE_NOOP, 0, 0);
	d.flags |= IDXD_OP_FLAG_RCI;
	d.int_handle = 128;
	submit(127, PAGE_MSIX, &d);
	check(wait_mem32(AT_MSG + 128 * 4, 0x180), "MSI-X vector 128");
	d.int_handle = 16127;
	submit(127, PAGE_IMS, &d);
	check(wait_mem32(AT_MSG + 0xf00, 0x5000 + 16127), "IMS slot 16127");
	check(!cmd(CMD_DISABLE_WQ, 7 << 16 | 0x8000) &&
	      !(rd32(wq_off(127) + 24) >> 30) && rd32(wq_off(126) + 24) >> 30,
	      "disable WQ 127 alone, by block 7");
	check(cmd(CMD_DISABLE_WQ, 8 << 16 | 1) == 2, "there is no block 8");
}
