// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probe: devices that are not the default one. "more" has what it lacks (block
 * on fault, readback in drain, cache control of a flush) and smaller limits,
 * "less" lacks what it has. See tests/selftests/model/{more,less}.sh.
 */
#include <string.h>
#include "probe.h"

#define MODE (1 | 1 << 4)
#define MODE_BOF (MODE | 1 << 1)

static void expect(uint32_t got, uint32_t want, const char *what)
{
	check(got == want, "%s: 0x%x, expected 0x%x", what, got, want);
}

/* To WQ n; its record is 0 */
static void run(unsigned int n, const struct dsa_hw_desc *d, uint8_t want,
		const char *what)
{
	memset((void *)cr(0), 0, 32);
	submit(n, PAGE_MSIX, d);
	expect(wait_cr(0), want, what);
}

static void bad_flags(unsigned int n, struct dsa_hw_desc d, uint32_t flags,
		      const char *what)
{
	d.flags |= flags;
	run(n, &d, 0x11, what);
	check(cr(0)->invalid_flags == flags, "flags 0x%x",
	      cr(0)->invalid_flags);
}

/* WQ 0 may block on faults, WQ 1 may not */
static void enable_limits(void)
{
	uint32_t w = wq_off(0);

	place(0, 3, 1);
	cmd(CMD_ENABLE_DEV, 0);
	wr32(w + 12, 21 | 4 << 5);
	expect(cmd(CMD_ENABLE_WQ, 0), 0x28, "transfer shift 21 of 20");
	wr32(w + 12, 20 | 5 << 5);
	expect(cmd(CMD_ENABLE_WQ, 0), 0x27, "batch shift 5 of 4");
	wr32(w + 12, 21 | 5 << 5);
	expect(cmd(CMD_ENABLE_WQ, 0), 0x27, "both");
	wr32(w + 12, 20 | 4 << 5);
	wr32(w + 8, MODE_BOF);
	expect(cmd(CMD_ENABLE_WQ, 0), 0, "both at the limit, block on fault");
	wr32(wq_off(1) + 12, 12 | 1 << 5);
	expect(cmd(CMD_ENABLE_WQ, 1), 0, "transfer shift 12, batch shift 1");
}

static void sizes(void)
{
	struct dsa_hw_desc *list = (void *)(mem + AT_LIST), d;

	d = desc(DSA_OPCODE_MEMMOVE, 0, 1 << 20);
	d.src_addr = BAD_ADDR;
	run(0, &d, 0x03, "1 MiB may be asked for");
	d.xfer_size++;
	run(0, &d, 0x13, "and not a byte more");
	d = desc(DSA_OPCODE_MEMMOVE, 0, 4096);
	run(1, &d, 1, "4 KiB in a WQ of that limit");
	d.xfer_size++;
	run(1, &d, 0x13, "and not a byte more");
	for (int i = 0; i < 17; i++)
		list[i] = desc(DSA_OPCODE_NOOP, 10 + i, 0);
	d = desc(DSA_OPCODE_BATCH, 0, 16);
	d.desc_list_addr = phys(AT_LIST);
	d.dst_addr = 0;
	run(0, &d, 1, "batch of 16");
	d.desc_count = 17;
	run(0, &d, 0x14, "batch of 17");
	d.desc_count = 2;
	run(1, &d, 1, "batch of 2 in a WQ of that limit");
	d.desc_count = 3;
	run(1, &d, 0x14, "batch of 3");
	d.desc_count = 1;
	run(1, &d, 0x14, "batch of 1");
}

static void block_on_fault(void)
{
	struct dsa_hw_desc d = desc(DSA_OPCODE_MEMMOVE, 0, 4096);

	bad_flags(1, d, IDXD_OP_FLAG_BOF, "block on fault, not in this WQ");
	d.flags |= IDXD_OP_FLAG_BOF;
	run(0, &d, 1, "block on fault");
	d.src_addr = BAD_ADDR;
	run(0, &d, 0x04, "source nowhere");
	check(cr(0)->fault_addr == BAD_ADDR, "and its address");
	d = desc(DSA_OPCODE_MEMMOVE, 0, 4096);
	d.dst_addr = BAD_ADDR;
	run(0, &d, 0x83, "destination nowhere, not blocking");
	d.flags |= IDXD_OP_FLAG_BOF;
	run(0, &d, 0x84, "destination nowhere");
	d = desc(DSA_OPCODE_NOOP, 0, 0);
	bad_flags(0, d, IDXD_OP_FLAG_BOF, "a no-op does not block");
}

static void drain_readback(void)
{
	struct dsa_hw_desc d = desc(DSA_OPCODE_DRAIN, 0, 0);

	d.src_addr = phys(AT_SRC);
	run(0, &d, 0x12, "drain: an address without its flag");
	d.flags |= 1 << 16;
	run(0, &d, 1, "drain reads back an address");
	d.flags |= 1 << 17;
	d.dst_addr = phys(AT_DST);
	run(0, &d, 1, "two of them");
	d.dst_addr = BAD_ADDR;
	run(0, &d, 0x1f, "the second nowhere");
	check(cr(0)->fault_addr == BAD_ADDR, "and its address");
	d.src_addr = BAD_ADDR + 0x1000;
	run(0, &d, 0x1f, "both nowhere");
	check(cr(0)->fault_addr == BAD_ADDR + 0x1000, "the first is told");
}

static void cache_flush(void)
{
	struct dsa_hw_desc d = desc(DSA_OPCODE_CFLUSH, 0, 65536);

	d.src_addr = 0;
	run(0, &d, 1, "cache flush");
	d.flags |= 1 << 8;
	run(0, &d, 1, "cache flush with cache control");
	d.dst_addr = BAD_ADDR;
	run(0, &d, 0x03, "of what is not there");
	check(cr(0)->fault_addr == BAD_ADDR, "and its address");
}

void test_more(void)
{
	check(rd64(0x10) == 0x409094231full, "GENCAP 0x%llx",
	      (unsigned long long)rd64(0x10));
	enable_limits();
	sizes();
	block_on_fault();
	drain_readback();
	cache_flush();
}

static void less_regs(void)
{
	check(rd64(0x10) == 0x40915f0010ull, "GENCAP 0x%llx",
	      (unsigned long long)rd64(0x10));
	check(rd64(0x40) == 0x1003f03efull, "OPCAP 0x%llx",
	      (unsigned long long)rd64(0x40));
	check(!cfg_find_ext_cap(0x1b) && !cfg_find_ext_cap(0xf),
	      "no PASID, no ATS");
	wr32(0x80, UINT32_MAX);
	check(rd32(0x80) == 0x10ff, "GENCFG 0x%x", rd32(0x80));
	wr32(0x80, 0);
	wr32(0x88, UINT32_MAX);
	check(rd32(0x88) == 3, "GENCTRL 0x%x", rd32(0x88));
	for (unsigned int off = 0xe0; off < 0x100; off += 4)
		wr32(off, UINT32_MAX);
	check(!rd64(0xe0) && !rd64(0xe8) && !rd64(0xf0),
	      "no registers of an event log");
}

void test_less(void)
{
	struct dsa_hw_desc d;

	less_regs();
	place(0, 3, 1);
	wr32(wq_off(1) + 8, MODE | 1 << 28);
	cmd(CMD_ENABLE_DEV, 0);
	expect(cmd(CMD_ENABLE_WQ, 1), 0x26, "no WQ with a PASID");
	expect(cmd(CMD_ENABLE_WQ, 0), 0, "a WQ without");
	d = desc(DSA_OPCODE_MEMMOVE, 0, 4096);
	run(0, &d, 1, "memory move");
	bad_flags(0, d, 1 << 8, "no cache control");
	bad_flags(0, d, 1 << 14, "no destination readback");
	d.dst_addr = d.src_addr + 4096;
	run(0, &d, 1, "side by side");
	d.dst_addr--;
	run(0, &d, 0x16, "one byte overlaps");
	d.dst_addr = d.src_addr - 4095;
	run(0, &d, 0x16, "on the other side");
	d = desc(DSA_OPCODE_MEMFILL, 0, 4096);
	d.src_addr = 0;
	run(0, &d, 0x10, "an operation that is not there");
	d = desc(DSA_OPCODE_DRAIN, 0, 0);
	d.src_addr = phys(AT_SRC);
	bad_flags(0, d, 1 << 16, "no readback in drain");
	d = desc(DSA_OPCODE_CFLUSH, 0, 4096);
	d.src_addr = 0;
	run(0, &d, 1, "cache flush");
	bad_flags(0, d, 1 << 8, "no cache control in it");
}
