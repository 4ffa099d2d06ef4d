// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probe: WQs with a PASID. tests/vm/modules/probe_pasid.c has given two PASIDs
 * address spaces in which memory is elsewhere than without; the IOMMU lets
 * requests without PASID pass (iommu=pt).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "probe.h"

#define PASID 5u
#define OTHER 0xfabc7u
#define NOBODYS 9u
#define READ_ONLY (1ull << 39)

/* WQCFG dword 2: dedicated, priority 1 */
#define MODE (1 | 1 << 4)
#define MODE_PASID(pasid) (MODE | (pasid) << 8 | 1u << 28)
#define MODE_PRIV (1u << 29)

#define SLOT 100u
#define CTRL_PASID(pasid) ((pasid) << 12 | 8)
#define DELAY_MS 20

/* Where a PASID sees what is at a physical address */
static uint64_t seen(uint32_t pasid, uint64_t addr)
{
	return ((uint64_t)(pasid % 64) << 40) + addr;
}

static struct dsa_hw_desc desc_of(uint32_t pasid, uint8_t op,
				  unsigned int cr_index, uint32_t size)
{
	struct dsa_hw_desc d = desc(op, cr_index, size);

	d.completion_addr = seen(pasid, d.completion_addr);
	if (d.src_addr)
		d.src_addr = seen(pasid, d.src_addr);
	if (d.dst_addr)
		d.dst_addr = seen(pasid, d.dst_addr);
	return d;
}

/* WQs 0 and 1 with these modes, two engines; GENCFG as it is */
static void enable_both(uint32_t mode0, uint32_t mode1)
{
	place(0, 3, 3);
	wr32(wq_off(0) + 8, mode0);
	wr32(wq_off(1) + 8, mode1);
	if (cmd(CMD_ENABLE_DEV, 0) || cmd(CMD_ENABLE_WQ, 0) ||
	    cmd(CMD_ENABLE_WQ, 1))
		check(false, "setup: CMDSTS 0x%x", rd32(0xa8));
}

static void expect(uint32_t got, uint32_t want, const char *what)
{
	check(got == want, "%s: 0x%x, expected 0x%x", what, got, want);
}

/* Record 0 is the descriptor's */
static void run(const struct dsa_hw_desc *d, uint8_t want, const char *what)
{
	memset((void *)cr(0), 0, 32);
	submit(0, PAGE_MSIX, d);
	expect(wait_cr(0), want, what);
}

static void enable_rules(void)
{
	unsigned int ctrl = cfg_find_ext_cap(0x1b) + 6;

	reset_all();
	place(0, 3, 3);
	cmd(CMD_ENABLE_DEV, 0);
	wr32(wq_off(0) + 8, MODE_PASID(PASID));
	cfg16_write(ctrl, 0);
	expect(cmd(CMD_ENABLE_WQ, 0), 0x26, "PASID while the capability is off");
	cfg16_write(ctrl, 1);
	expect(cmd(CMD_ENABLE_WQ, 0), 0, "PASID while it is on");
	wr32(wq_off(1) + 8, MODE_PASID(OTHER) | MODE_PRIV);
	expect(cmd(CMD_ENABLE_WQ, 1), 0x2a, "privileged, but not its mode");
	cfg16_write(ctrl, 5);
	expect(cmd(CMD_ENABLE_WQ, 1), 0, "privileged, and its mode");
	check(rd32(wq_off(1) + 8) == (MODE_PASID(OTHER) | MODE_PRIV),
	      "PASID and privilege are in WQCFG");
}

static void copies(void)
{
	struct dsa_hw_desc d;

	reset_all();
	enable_both(MODE_PASID(PASID), MODE_PASID(OTHER));
	for (int i = 0; i < 8192; i++)
		mem[AT_SRC + i] = rand();
	d = desc_of(PASID, DSA_OPCODE_MEMMOVE, 0, 8192);
	d.pasid = OTHER;
	d.priv = 1;
	run(&d, 1, "copy; the descriptor's own PASID and privilege are ignored");
	check(!memcmp(mem + AT_SRC, mem + AT_DST, 8192), "the data is there");
	d.src_addr = phys(AT_SRC);
	run(&d, 0x03, "what is there without a PASID is not there with one");
	check(cr(0)->fault_addr == phys(AT_SRC), "the address is told");
	d = desc_of(PASID, DSA_OPCODE_MEMMOVE, 0, 8192);
	d.dst_addr = seen(OTHER, phys(AT_DST));
	run(&d, 0x83, "nor what another PASID sees");
	d = desc_of(PASID, DSA_OPCODE_MEMMOVE, 0, 8192);
	d.src_addr += READ_ONLY;
	memset(mem + AT_DST, 0, 8192);
	run(&d, 1, "a read-only page can be read");
	check(!memcmp(mem + AT_SRC, mem + AT_DST, 8192), "the data is there");
	d = desc_of(PASID, DSA_OPCODE_MEMMOVE, 0, 8192);
	d.dst_addr += READ_ONLY;
	run(&d, 0x83, "and not written");
	d = desc_of(OTHER, DSA_OPCODE_MEMMOVE, 1, 8192);
	memset(mem + AT_DST, 0, 8192);
	submit(1, PAGE_MSIX, &d);
	check(wait_cr(1) == 1 && !memcmp(mem + AT_SRC, mem + AT_DST, 8192),
	      "20 bits of PASID count");
}

static void batches(void)
{
	struct dsa_hw_desc *list = (void *)(mem + AT_LIST), d;

	reset_all();
	enable_both(MODE_PASID(PASID), MODE);
	for (int i = 0; i < 4; i++)
		list[i] = desc_of(PASID, DSA_OPCODE_MEMMOVE, 10 + i, 64);
	d = desc_of(PASID, DSA_OPCODE_BATCH, 0, 4);
	d.dst_addr = 0;
	d.desc_list_addr = seen(PASID, phys(AT_LIST));
	run(&d, 1, "batch");
	check(nr_done(10, 4) == 4, "and its members");
	d.desc_list_addr = phys(AT_LIST);
	run(&d, 0x06, "the list is read with the PASID, too");
}

/* Errors without record name the PASID */
static void reports(void)
{
	struct dsa_hw_desc d;

	reset_all();
	enable_both(MODE_PASID(PASID), MODE_PASID(OTHER) | MODE_PRIV);
	d = desc_of(PASID, DSA_OPCODE_NOOP, 0, 0);
	d.completion_addr = phys(AT_CR);
	submit(0, PAGE_MSIX, &d);
	cmd(CMD_DRAIN_PASID, PASID);
	check(rd64(0xc0) == ((uint64_t)PASID << 40 | 0x1a2d) &&
	      rd64(0xd0) == phys(AT_CR), "record not in its space: SWERR 0x%llx",
	      (unsigned long long)rd64(0xc0));
	wr32(0xc0, 3);
	d.flags = 0;
	d.completion_addr = 0;
	d.opcode = 0x3f;
	submit(1, PAGE_MSIX, &d);
	cmd(CMD_DRAIN_PASID, OTHER);
	check(rd64(0xc0) == ((uint64_t)OTHER << 40 | 0x3full << 32 | 0x1104d),
	      "an error of a privileged WQ: SWERR 0x%llx",
	      (unsigned long long)rd64(0xc0));
	wr32(0xc0, 3);
	cmd(CMD_DISABLE_WQ, 2);
	submit(1, PAGE_MSIX, &d);
	cmd(CMD_DRAIN_ALL, 0);
	check(rd64(0xc0) == ((uint64_t)OTHER << 40 | 0x3full << 32 | 0x1514d),
	      "work for a WQ that is off: SWERR 0x%llx",
	      (unsigned long long)rd64(0xc0));
	wr32(0xc0, 3);
	wr32(wq_off(1) + 8, (MODE | OTHER << 8) | MODE_PRIV);
	submit(1, PAGE_MSIX, &d);
	cmd(CMD_DRAIN_ALL, 0);
	check(rd64(0xc0) == (0x3full << 32 | 0x1510d),
	      "a PASID that is not enabled is not told: SWERR 0x%llx",
	      (unsigned long long)rd64(0xc0));
}

/* A no-op that wants an interrupt, and its status */
static void noop_irq(unsigned int wq, unsigned int page, unsigned int handle,
		     uint8_t want, const char *what)
{
	struct dsa_hw_desc d = desc_of(wq ? OTHER : PASID, DSA_OPCODE_NOOP, 0, 0);

	d.flags |= IDXD_OP_FLAG_RCI;
	d.int_handle = handle;
	submit(wq, page, &d);
	expect(wait_cr(0), want, what);
}

/* GENCFG bit 12 off: who is not privileged may not ask for interrupts */
static void no_interrupts(void)
{
	struct dsa_hw_desc d;

	reset_all();
	aim_msix(9);
	aim_ims(SLOT, AT_MSG + 0x100, CTRL_PASID(OTHER));
	enable_both(MODE_PASID(PASID), MODE_PASID(OTHER) | MODE_PRIV);
	noop_irq(0, PAGE_MSIX, 1, 0x11, "no interrupts for processes");
	check(cr(0)->invalid_flags == IDXD_OP_FLAG_RCI, "flags 0x%x",
	      cr(0)->invalid_flags);
	d = desc_of(PASID, DSA_OPCODE_MEMMOVE, 0, 0);
	d.flags |= IDXD_OP_FLAG_RCI;
	run(&d, 0x11, "which comes before a bad size");
	d.flags |= IDXD_OP_FLAG_BOF;
	run(&d, 0x11, "and with other flags");
	check(cr(0)->invalid_flags == (IDXD_OP_FLAG_RCI | IDXD_OP_FLAG_BOF),
	      "flags 0x%x", cr(0)->invalid_flags);
	noop_irq(1, PAGE_IMS, SLOT, 1, "but for who is privileged");
	check(wait_mem32(AT_MSG + 0x100, 0x5000 + SLOT), "through its slot");
}

static void interrupts(void)
{
	reset_all();
	aim_msix(9);
	aim_ims(SLOT, AT_MSG + 0x100, CTRL_PASID(PASID));
	aim_ims(SLOT + 1, AT_MSG + 0x104, CTRL_PASID(OTHER));
	aim_ims(SLOT + 2, AT_MSG + 0x108, PASID << 12);
	wr32(perm_off(3), CTRL_PASID(PASID));
	wr32(perm_off(4), CTRL_PASID(OTHER));
	wr32(0x80, 1 << 12);
	enable_both(MODE_PASID(PASID), MODE_PASID(OTHER));
	noop_irq(0, PAGE_IMS, SLOT, 1, "a slot of the PASID");
	check(wait_mem32(AT_MSG + 0x100, 0x5000 + SLOT), "sends its message");
	noop_irq(0, PAGE_MSIX, 3, 1, "a vector of the PASID");
	check(wait_mem32(AT_MSG + 12, 0x103), "sends its message");
	noop_irq(0, PAGE_IMS, SLOT + 1, 0x19, "a slot of another PASID");
	noop_irq(0, PAGE_IMS, SLOT + 2, 0x19, "a slot without PASID");
	noop_irq(0, PAGE_MSIX, 4, 0x19, "a vector of another PASID");
	noop_irq(0, PAGE_MSIX, 5, 0x19, "a vector without PASID");
	noop_irq(1, PAGE_IMS, SLOT + 1, 1, "the other PASID in its slot");

	/* The occupancy is 0, hence armed is sent */
	wr32(wq_off(0) + 16, 1 << 16 | (SLOT + 1));
	wr32(wq_off(0) + 20, 1 << 16);
	wr32(wq_off(1) + 16, 1 << 16 | (SLOT + 1));
	*(volatile uint32_t *)(mem + AT_MSG + 0x104) = 0;
	ms_sleep(50);
	check(!*(volatile uint32_t *)(mem + AT_MSG + 0x104),
	      "no occupancy interrupt through another's slot");
	wr32(wq_off(1) + 20, 1 << 16);
	check(wait_mem32(AT_MSG + 0x104, 0x5000 + SLOT + 1),
	      "but through one's own");
}

static void submit_noops(unsigned int wq, unsigned int first, unsigned int n)
{
	for (unsigned int i = first; i < first + n; i++) {
		struct dsa_hw_desc d = desc_of(wq ? OTHER : PASID,
					       DSA_OPCODE_NOOP, i, 0);

		submit(wq, PAGE_MSIX, &d);
	}
}

static void drains(void)
{
	reset_all();
	enable_both(MODE_PASID(PASID), MODE_PASID(OTHER));
	submit_noops(1, 40, 30);
	submit_noops(0, 0, 6);
	check(!cmd(CMD_DRAIN_PASID, PASID) && nr_done(0, 6) == 6,
	      "drain PASID waits for its work");
	check(nr_done(40, 30) < 30, "and not for others', %u of 30 done",
	      nr_done(40, 30));
	check(!cmd(CMD_DRAIN_PASID, OTHER) && nr_done(40, 30) == 30,
	      "which another drain does");
}

static void aborts(void)
{
	unsigned int done;

	reset_all();
	enable_both(MODE_PASID(PASID), MODE_PASID(OTHER));
	submit_noops(0, 0, 20);
	submit_noops(1, 40, 20);
	wait_cr(0);
	check(!cmd(CMD_ABORT_PASID, NOBODYS) &&
	      (rd32(wq_off(0) + 24) & 0xffff), "abort of a PASID without work");
	check(!cmd(CMD_ABORT_PASID, PASID), "abort PASID");
	done = nr_done(0, 20);
	check(!cmd(CMD_DRAIN_ALL, 0) && nr_done(40, 20) == 20,
	      "others' work is done");
	check(done < 20 && stays(20, done), "%u of its 20 were, and no more",
	      done);
	check(rd32(wq_off(0) + 24) == 1u << 30, "its queue is empty and enabled");
	submit_noops(0, 30, 1);
	check(wait_cr(30) == 1, "and works");
}

static void log_to(uint32_t pasid, uint64_t addr)
{
	wr64(0xe0, addr | 1);
	wr64(0xe8, 64 | (uint64_t)pasid << 16);
	wr32(0x80, 1 << 13);
	wr32(0x88, 7);
}

static void event_log(void)
{
	volatile uint64_t *e = (uint64_t *)(mem + AT_LOG);
	unsigned int ctrl = cfg_find_ext_cap(0x1b) + 6;
	struct dsa_hw_desc d;

	reset_all();
	aim_msix(1);
	log_to(OTHER, seen(OTHER, phys(AT_LOG)));
	cfg16_write(ctrl, 0);
	expect(cmd(CMD_ENABLE_DEV, 0), 0x11, "log with a PASID, capability off");
	cfg16_write(ctrl, 5);
	enable_both(MODE_PASID(PASID), MODE_PASID(OTHER) | MODE_PRIV);
	d = desc_of(PASID, DSA_OPCODE_NOOP, 0, 0);
	d.completion_addr = phys(AT_CR);
	submit(0, PAGE_MSIX, &d);
	check(wait_mem32(AT_MSG, 0x100), "event log interrupt");
	check(e[0] == ((uint64_t)PASID << 40 | 0x1aac) && e[2] == phys(AT_CR),
	      "entry 0x%llx, in the log's own PASID",
	      (unsigned long long)e[0]);
	d.completion_addr += 1 << 20;
	submit(1, PAGE_MSIX, &d);
	cmd(CMD_DRAIN_ALL, 0);
	check(e[8] == ((uint64_t)OTHER << 40 | 0x11aec),
	      "entry 0x%llx of a privileged WQ", (unsigned long long)e[8]);
	check(rd64(0xf0) == (1ull << 62 | 2ull << 32), "two entries");
}

static void event_log_nowhere(void)
{
	uint32_t sts;

	reset_all();
	aim_msix(1);
	log_to(NOBODYS, phys(AT_LOG));
	enable_both(MODE_PASID(PASID), MODE);
	submit_noops(0, 0, 1);
	check(wait_cr(0) == 1 && rd32(0x90) == 1, "a log without address space");
	if (!qom_set("inject-swerr", "7"))
		check(false, "inject-swerr");
	check(wait_mem32(AT_MSG, 0x100) && rd32(0x90) == 3,
	      "halts the device at its first entry");
	check(rd64(0xc0) == ((uint64_t)NOBODYS << 40 | 0x5321) &&
	      rd64(0xd0) == phys(AT_LOG) && rd32(0x98) == 0x11,
	      "SWERR 0x%llx, INTCAUSE 0x%x", (unsigned long long)rd64(0xc0),
	      rd32(0x98));
	sts = cmd(CMD_RESET_DEV, 0);
	check(!sts && !rd32(0x90), "reset device helps");
}

static bool recorded(uint32_t pasid)
{
	char text[80];

	snprintf(text, sizeof(text), "dmesg | grep -q 'DMAR:.*PASID 0x%x\\>'",
		 pasid);
	return !system(text);
}

/* A translation request's answer is no fault; without ATS it is one. */
static void fault_records(void)
{
	struct dsa_hw_desc d;

	check(!recorded(PASID) && !recorded(NOBODYS),
	      "the IOMMU has recorded none of these faults");
	reset_all();
	cfg16_write(cfg_find_ext_cap(0xf) + 6, 0);
	enable_both(MODE_PASID(PASID), MODE);
	d = desc_of(PASID, DSA_OPCODE_MEMMOVE, 0, 64);
	run(&d, 1, "copy without ATS");
	d.src_addr = phys(AT_SRC);
	run(&d, 0x03, "a fault without ATS");
	for (int i = 0; i < 50 && !recorded(PASID); i++)
		ms_sleep(100);
	check(recorded(PASID), "which the IOMMU records");
}

void test_pasid(void)
{
	enable_rules();
	copies();
	batches();
	reports();
	no_interrupts();
	interrupts();
	set_delay_ms(DELAY_MS);
	drains();
	aborts();
	set_delay_ms(0);
	event_log();
	event_log_nowhere();
	fault_records();
}
