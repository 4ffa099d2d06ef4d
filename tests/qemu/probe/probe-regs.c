// SPDX-License-Identifier: GPL-2.0-only
/* Probe: capability registers, what is locked when, commands and their codes. */
#include "probe.h"

void test_regs(void)
{
	check(rd32(0x00) == 0x100, "version 0x%x", rd32(0));
	check(rd64(0x10) == 0x40915f2116ull, "GENCAP 0x%llx",
	      (unsigned long long)rd64(0x10));
	check(rd64(0x20) == 0x3a000000080080ull, "WQCAP 0x%llx",
	      (unsigned long long)rd64(0x20));
	check(rd64(0x30) == 0x36004, "GRPCAP 0x%llx",
	      (unsigned long long)rd64(0x30));
	check(rd64(0x38) == 4, "ENGCAP");
	check(rd64(0x40) == 0x1003f03ffull && !rd64(0x48), "OPCAP");
	check(rd32(0xb0) == 0x1ffe, "CMDCAP 0x%x", rd32(0xb0));

	wr64(0x10, 0);
	wr64(0x60, 0);
	check(rd64(0x10) && rd64(0x60), "capabilities are read-only");
	wr32(0x80, UINT32_MAX);
	check(rd32(0x80) == 0x30ff, "GENCFG has its bits: 0x%x", rd32(0x80));
	wr32(0x80, 0);
	wr32(0x88, UINT32_MAX);
	check(rd32(0x88) == 7, "GENCTRL has its bits: 0x%x", rd32(0x88));
	*(volatile uint16_t *)(bar0 + 0x88) = 0;
	*(volatile uint8_t *)(bar0 + 0x88) = 0;
	check(rd32(0x88) == 7 && !*(volatile uint16_t *)(bar0 + 0x88) &&
	      !*(volatile uint8_t *)bar0 && !*(volatile uint8_t *)(bar0 + 1),
	      "accesses of 1 and 2 bytes do nothing and read 0");
	wr64(0x88, 1);
	check(rd64(0x88) == 1 && rd32(0x8c) == 0,
	      "an access of 8 bytes is two of 4");
	wr32(0x88, 0);
	wr32(0x70, UINT32_MAX);
	wr32(0xb0, UINT32_MAX);
	wr32(0x200, UINT32_MAX);
	check(!rd32(0x70) && rd32(0xb0) == 0x1ffe && !rd32(0x200),
	      "what is not there or read-only is not written");
	wr64(0xe0, UINT64_MAX);
	wr64(0xe8, UINT64_MAX);
	check(rd64(0xe0) == 0xfffffffffffff003ull &&
	      rd64(0xe8) == 0xfffffffffull, "EVLCFG has its bits");
	wr64(grp_off(1), UINT64_MAX);
	wr64(grp_off(1) + 0x20, UINT64_MAX);
	check(rd64(grp_off(1)) == 0xff && rd64(grp_off(1) + 0x20) == 0xf,
	      "GRPCFG has no WQ and no engine that does not exist");
	wr32(ims_off(2047) + 12, UINT32_MAX);
	check(rd32(ims_off(2047) + 12) == 0xfffff009, "IMS control has its bits");
	wr32(perm_off(8), UINT32_MAX);
	check(rd32(perm_off(8)) == 0xfffff008, "MSIXPERM has its bits");
	reset_all();
	check(!rd64(0xe0) && !rd64(grp_off(1)) && !rd32(perm_off(8)) &&
	      rd32(ims_off(2047) + 12) == 1, "FLR clears them");
}

static void expect(uint32_t got, uint32_t want, const char *what)
{
	check(got == want, "%s: 0x%x, expected 0x%x", what, got, want);
}

static void test_enable_device(void)
{
	uint32_t flags = grp_off(0) + 0x28;

	cfg16_write(4, 0x2);
	expect(cmd(CMD_ENABLE_DEV, 0), 0x12, "enable without bus mastering");
	cfg16_write(4, 0x6);
	wr32(0x80, 1 << 13);
	expect(cmd(CMD_ENABLE_DEV, 0), 0x11, "enable with an event log of 0");
	wr32(0x80, 0);
	wr32(wq_off(0), 100);
	wr32(wq_off(1), 29);
	expect(cmd(CMD_ENABLE_DEV, 0), 0x14, "enable with 129 entries");
	wr32(wq_off(1), 28);
	wr64(grp_off(0), 1);
	expect(cmd(CMD_ENABLE_DEV, 0), 0x15, "enable with a group without engine");
	wr64(grp_off(0) + 0x20, 1);
	wr64(grp_off(1), 1);
	wr64(grp_off(1) + 0x20, 2);
	expect(cmd(CMD_ENABLE_DEV, 0), 0x16, "enable with a WQ in two groups");
	wr64(grp_off(1), 2);
	wr64(grp_off(1) + 0x20, 1);
	expect(cmd(CMD_ENABLE_DEV, 0), 0x17, "enable with an engine in two groups");
	wr64(grp_off(1) + 0x20, 2);
	wr32(flags, 0);
	expect(cmd(CMD_ENABLE_DEV, 0), 0x18, "enable without read buffers");
	wr32(flags, 96 << 20);
	expect(cmd(CMD_ENABLE_DEV, 1), 0x04, "enable with an operand");
	expect(cmd(CMD_ENABLE_DEV, 0), 0, "enable");
	check(rd32(0x90) == 1, "GENSTS enabled");
	expect(cmd(CMD_ENABLE_DEV, 0), 0x10, "enable again");
	wr32(wq_off(0), 1);
	wr32(flags, 0);
	wr32(0x80, 1);
	wr64(grp_off(0), 0xff);
	wr64(grp_off(0) + 0x20, 0xf);
	wr64(0xe8, 64);
	check(rd32(wq_off(0)) == 100 && rd32(flags) == 96 << 20 &&
	      !rd32(0x80) && rd64(grp_off(0)) == 1 &&
	      rd64(grp_off(0) + 0x20) == 1 && !rd64(0xe8),
	      "sizes, groups, GENCFG and EVLCFG are locked while enabled");
}

static void test_enable_wq(void)
{
	uint32_t w = wq_off(0);

	expect(cmd(CMD_ENABLE_WQ, 8), 0x02, "enable WQ 8 of 8");
	expect(cmd(CMD_ENABLE_WQ, 2), 0x22, "enable WQ of size 0");
	wr32(w + 8, 1);
	expect(cmd(CMD_ENABLE_WQ, 0), 0x23, "enable WQ of priority 0");
	wr32(w + 8, 1 << 4);
	expect(cmd(CMD_ENABLE_WQ, 0), 0x24, "enable shared WQ");
	wr32(w + 8, 1 | 2 | 1 << 4);
	expect(cmd(CMD_ENABLE_WQ, 0), 0x25, "enable WQ that blocks on faults");
	wr32(w + 8, 1 | 1 << 4 | 1 << 28);
	expect(cmd(CMD_ENABLE_WQ, 0), 0x26, "enable WQ with PASID, without cap");
	wr32(w + 8, 1 | 1 << 4);
	wr32(w + 12, 11 << 5);
	expect(cmd(CMD_ENABLE_WQ, 0), 0x27, "enable WQ with batch shift 11");
	wr32(w + 12, 31 | 10 << 5);
	wr32(w + 16, 9);
	wr32(w + 20, 1 << 16);
	expect(cmd(CMD_ENABLE_WQ, 0), 0x2b, "enable WQ with occupancy handle 9");
	wr32(w + 20, 0);
	expect(cmd(CMD_DISABLE_WQ, 1), 0x32, "disable a WQ that is off");
	expect(cmd(CMD_ENABLE_WQ, 0), 0, "enable WQ");
	check(rd32(w + 24) >> 30 == 1, "WQ state enabled");
	expect(cmd(CMD_ENABLE_WQ, 0), 0x21, "enable WQ again");
	wr32(w + 8, 0);
	wr32(w + 12, 0);
	wr32(w + 24, 0);
	check(rd32(w + 8) == 0x11 && rd32(w + 12) == (31 | 10 << 5) &&
	      rd32(w + 24) >> 30 == 1, "WQCFG is locked while enabled");
	expect(cmd(CMD_DISABLE_WQ, 1 << 15), 0x02, "disable WQ 15 of 8");
	expect(cmd(CMD_RESET_WQ, 1), 0, "reset WQ");
	check(rd32(w) == 100 && !rd32(w + 8) && !rd32(w + 24),
	      "reset WQ keeps the size only");
}

void test_commands(void)
{
	reset_all();
	expect(cmd(0, 0), 0x01, "command 0");
	expect(cmd(CMD_REQUEST_HANDLE, 1), 0x01, "request handle is not there");
	expect(cmd(31, 0), 0x01, "command 31");
	wr32(0xa0, 1u << 25 | CMD_ENABLE_DEV << 20);
	while (rd32(0xa8) >> 31)
		;
	expect(rd32(0xa8), 0x04, "a command with reserved bits");
	expect(cmd(CMD_DISABLE_DEV, 0), 0x31, "disable a disabled device");
	expect(cmd(CMD_ENABLE_WQ, 0), 0x20, "enable WQ of a disabled device");
	expect(cmd(CMD_DRAIN_WQ, 1), 0x32, "drain WQ of a disabled device");
	expect(cmd(CMD_DRAIN_ALL, 0), 0x31, "drain all of a disabled device");
	test_enable_device();
	test_enable_wq();
	expect(cmd(CMD_DRAIN_ALL, 0), 0, "drain all");
	expect(cmd(CMD_ABORT_ALL, 0), 0, "abort all");
	expect(cmd(CMD_DRAIN_PASID, 5), 0, "drain PASID");
	expect(cmd(CMD_DISABLE_DEV, 0), 0, "disable");
	check(rd32(0x90) == 0 && rd32(wq_off(0)) == 100,
	      "disabled, configuration kept");
	expect(cmd(CMD_RESET_DEV, 0), 0, "reset");
	check(!rd32(wq_off(0)) && !rd64(grp_off(0)), "configuration cleared");
}
