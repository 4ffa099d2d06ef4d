// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probe: work in progress. The device is slow (engine-delay-us), so that
 * descriptors wait in queues and engines while commands, resets and priorities
 * do to them what they are to do. Counts and order are judged, never speed.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "probe.h"

#define DELAY_MS 20
#define SLOW_MS 200		/* when QEMU's monitor is to come in between */

static unsigned int delay_ms;

void set_delay_ms(unsigned int ms)
{
	char us[16];

	delay_ms = ms;
	snprintf(us, sizeof(us), "%u", ms * 1000);
	if (!qom_set("engine-delay-us", us))
		check(false, "engine-delay-us is set");
}

unsigned int nr_done(unsigned int first, unsigned int n)
{
	unsigned int done = 0;

	for (unsigned int i = first; i < first + n; i++)
		done += cr(i)->status == 1;
	return done;
}

static void submit_noops(unsigned int wq, unsigned int first, unsigned int n)
{
	for (unsigned int i = first; i < first + n; i++) {
		struct dsa_hw_desc d = desc(DSA_OPCODE_NOOP, i, 0);

		submit(wq, PAGE_MSIX, &d);
	}
}

/* n no-ops on WQ 0, of which the first has come to its end */
static void busy(unsigned int n)
{
	reset_all();
	setup_wq(0, 32);
	submit_noops(0, 0, n);
	wait_cr(0);
}

/* After the descriptors' time no more of them have a record than before. */
bool stays(unsigned int n, unsigned int done)
{
	ms_sleep(delay_ms * (n + 3));
	return nr_done(0, n) == done;
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ull + t.tv_nsec / 1000000;
}

static void delay(void)
{
	uint64_t t = now_ms();

	reset_all();
	setup_wq(0, 32);
	t = now_ms();
	submit_noops(0, 0, 1);
	check(wait_cr(0) == 1 && now_ms() - t >= DELAY_MS,
	      "an engine waits before a descriptor");
	t = now_ms();
	submit_noops(0, 0, 32);
	t = now_ms() - t;
	check(t < 32 * DELAY_MS, "a vCPU does not, %u ms for 32",
	      (unsigned int)t);
}

static void drain(void)
{
	busy(8);
	check(!cmd(CMD_DRAIN_WQ, 1) && nr_done(0, 8) == 8, "drain WQ");
	submit_noops(0, 0, 8);
	check(!cmd(CMD_DRAIN_ALL, 0) && nr_done(0, 8) == 8, "drain all");
	submit_noops(0, 0, 8);
	check(!cmd(CMD_DRAIN_PASID, 7) && nr_done(0, 8) < 8,
	      "drain of another PASID does not wait");
	busy(8);
	check(!cmd(CMD_ABORT_PASID, 0) && !cmd(CMD_ABORT_PASID, 7) &&
	      !cmd(CMD_DRAIN_ALL, 0) && nr_done(0, 8) == 8,
	      "abort of a PASID leaves those without one alone");
}

static void abort_wq(unsigned int code, uint32_t operand, const char *what)
{
	unsigned int done;

	busy(16);
	check(!cmd(code, operand), "%s", what);
	done = nr_done(0, 16);
	check(done < 16 && stays(16, done), "%u of 16 were done, and no more",
	      done);
	check(rd32(wq_off(0) + 24) == 1u << 30, "the queue is empty and enabled");
	submit_noops(0, 20, 1);
	check(wait_cr(20) == 1, "and works");
}

static void abort_batch(void)
{
	struct dsa_hw_desc *list = (void *)(mem + AT_LIST), d;
	unsigned int done;

	reset_all();
	setup_wq(0, 32);
	for (int i = 0; i < 16; i++)
		list[i] = desc(DSA_OPCODE_NOOP, i, 0);
	d = desc(DSA_OPCODE_BATCH, 30, 16);
	d.desc_list_addr = phys(AT_LIST);
	d.dst_addr = 0;
	submit(0, PAGE_MSIX, &d);
	wait_cr(0);
	check(!cmd(CMD_ABORT_WQ, 1), "abort in the midst of a batch");
	done = nr_done(0, 16);
	check(done < 16 && stays(16, done) && !cr(30)->status,
	      "%u of its 16 were done, and it has no record", done);
}

static void disable(void)
{
	busy(8);
	wr32(0xa0, CMD_DISABLE_WQ << 20 | 1);
	while (rd32(wq_off(0) + 24) >> 30 == 1)
		;
	submit_noops(0, 20, 1);
	check(!cmd_wait() && nr_done(0, 8) == 8, "disable WQ waits for its work");
	check(rd32(wq_off(0) + 24) >> 30 == 0 && !cr(20)->status,
	      "and takes nothing meanwhile");
	busy(8);
	check(!cmd(CMD_DISABLE_DEV, 0) && nr_done(0, 8) == 8 && !rd32(0x90),
	      "disable device waits for all work");
}

static void resets(void)
{
	unsigned int done;

	busy(16);
	check(!cmd(CMD_RESET_WQ, 1), "reset WQ");
	done = nr_done(0, 16);
	check(done < 16 && stays(16, done) && !rd32(wq_off(0) + 24),
	      "%u of 16 were done, and no more", done);
	busy(16);
	check(!cmd(CMD_RESET_DEV, 0), "reset device");
	done = nr_done(0, 16);
	check(done < 16 && stays(16, done) && !rd32(wq_off(0)),
	      "%u of 16 were done, and no more", done);
	busy(16);
	reset_all();		/* clears the records, too */
	check(stays(16, 0), "FLR: no record of the old life");
	setup_wq(0, 32);
	submit_noops(0, 20, 1);
	check(wait_cr(20) == 1 && !nr_done(0, 16), "and the new one begins");
}

static void priorities(void)
{
	unsigned int other;

	reset_all();
	place(0, 3, 1);
	wr32(wq_off(1) + 8, 1 | 15 << 4);
	cmd(CMD_ENABLE_DEV, 0);
	cmd(CMD_ENABLE_WQ, 0);
	cmd(CMD_ENABLE_WQ, 1);
	submit_noops(0, 0, 30);
	submit_noops(1, 40, 30);
	wait_cr(69);
	other = nr_done(0, 30);
	check(other >= 1 && other <= 10,
	      "priority 15 against 1: 30 of one, %u of the other", other);
	cmd(CMD_DRAIN_ALL, 0);
	check(nr_done(0, 30) == 30, "nobody is forgotten");
}

static void groups(void)
{
	struct dsa_hw_desc d;
	unsigned int other;
	uint8_t status;

	reset_all();
	place(0, 1, 1);
	place(1, 2, 2);
	place(2, 4, 0xc);
	cmd(CMD_ENABLE_DEV, 0);
	for (unsigned int n = 0; n < 3; n++)
		cmd(CMD_ENABLE_WQ, n);
	submit_noops(0, 0, 20);
	submit_noops(1, 40, 20);
	wait_cr(19);
	other = nr_done(40, 20);
	check(other >= 5, "groups work side by side: 20 and %u", other);
	submit_noops(2, 80, 10);
	d = desc(DSA_OPCODE_DRAIN, 90, 0);
	submit(2, PAGE_MSIX, &d);
	status = wait_cr(90);
	other = nr_done(80, 10);
	check(status == 1 && other == 10,
	      "drain descriptor, two engines: %u of 10 before it", other);
}

static void full_and_occupancy(void)
{
	uint32_t w = wq_off(0);

	reset_all();
	aim_msix(9);
	setup_wq(0, 6);
	set_delay_ms(500);
	submit_noops(0, 0, 1);
	while (rd32(w + 24) & 0xffff)
		;
	submit_noops(0, 1, 6);
	check((rd32(w + 24) & 0xffff) == 6, "occupancy 6");
	submit_noops(0, 7, 1);
	for (int i = 0; i < 1000 && !(rd32(0xc0) & 1); i++)
		ms_sleep(1);
	check((rd64(0xc0) & 0xff0f) == (0x5200 | 0xd),
	      "a full WQ drops it, SWERR 0x%llx",
	      (unsigned long long)rd64(0xc0));
	wr32(w + 16, 3);
	wr32(w + 20, 1 << 16 | 2);
	check(rd32(w + 20) == (1 << 16 | 2) && !(rd32(w + 24) >> 16 & 1),
	      "the occupancy interrupt is armed");
	set_delay_ms(DELAY_MS);
	check(wait_mem32(AT_MSG + 12, 0x103) && !(rd32(w + 20) >> 16) &&
	      (rd32(w + 24) >> 16 & 1), "and sent once it has fallen to 2");
	cmd(CMD_DRAIN_ALL, 0);
	check(nr_done(0, 7) == 7 && !cr(7)->status, "the others were executed");
}

void test_work(void)
{
	set_delay_ms(DELAY_MS);
	delay();
	drain();
	abort_wq(CMD_ABORT_WQ, 1, "abort WQ");
	abort_wq(CMD_ABORT_ALL, 0, "abort all");
	abort_batch();
	disable();
	resets();
	priorities();
	groups();
	full_and_occupancy();
	set_delay_ms(0);
}

static void halt(void)
{
	unsigned int done;
	uint32_t sts;

	busy(16);
	wr32(0x88, 7);
	aim_msix(1);
	wr32(0xa0, CMD_DRAIN_ALL << 20);
	check(qom_set("inject-halt", "0"), "halt in the midst of a command");
	sts = cmd_wait();
	check(sts == 3, "which fails: 0x%x", sts);
	done = nr_done(0, 16);
	check(wait_mem32(AT_MSG, 0x100), "it is told");
	check(rd32(0x98) == 0x10 && rd32(0x90) == 3,
	      "INTCAUSE 0x%x, GENSTS 0x%x", rd32(0x98), rd32(0x90));
	check(done < 16 && stays(16, done), "%u of 16 were done, and no more",
	      done);
	check(cmd(CMD_ENABLE_DEV, 0) == 3 && cmd(CMD_DRAIN_ALL, 0) == 3,
	      "other commands fail");
	check(!cmd(CMD_RESET_DEV, 0) && !rd32(0x90), "reset device helps");
	busy(4);
	check(qom_set("inject-halt", "1"), "halt that needs an FLR");
	check(rd32(0x90) == 7, "GENSTS 0x%x", rd32(0x90));
	check(cmd(CMD_RESET_DEV, 0) == 3, "reset device does not help");
	works_again("FLR");
	check(qom_set("inject-halt", "2"), "halt that needs a warm reset");
	reset_all();
	check(rd32(0x90) == 11 && cmd(CMD_RESET_DEV, 0) == 3 &&
	      cmd(CMD_ENABLE_DEV, 0) == 3, "FLR does not help: GENSTS 0x%x",
	      rd32(0x90));
	check(qom_set("inject-dead", "true") && qom_set("inject-dead", "false"),
	      "power off and on");
	works_again("a warm reset");
}

static void hang(void)
{
	reset_all();
	check(qom_set("inject-cmd-hang", "true"), "hang");
	wr32(0xa0, CMD_RESET_DEV << 20);
	ms_sleep(100);
	wr32(0xa0, CMD_DRAIN_ALL << 20);
	check(rd32(0xa8) == 1u << 31, "the command stays active");
	works_again("FLR");
}

static void dead(void)
{
	unsigned int cap = cfg_find_cap(0x10);
	uint32_t ims = ims_off(0);
	struct dsa_hw_desc d;

	busy(16);
	check(qom_set("inject-dead", "true"), "dead");
	check(rd32(0) == UINT32_MAX && rd64(0x10) == UINT64_MAX &&
	      rd32(0xa8) == UINT32_MAX && rd32(ims) == UINT32_MAX,
	      "registers read all ones");
	check(rd32(0x4000) == UINT32_MAX && rd32(0x5000) == UINT32_MAX,
	      "so do MSI-X table and pending bits");
	check(cfg16_read(0) == 0xffff && cfg16_read(cap + 8) == 0xffff,
	      "so does configuration space");
	memset(mem + AT_CR, 0, 32 * 32);
	d = desc(DSA_OPCODE_NOOP, 20, 0);
	submit(0, PAGE_MSIX, &d);
	wr32(0xa0, CMD_RESET_DEV << 20);
	cfg16_write(cap + 8, 0x8000);
	check(stays(16, 0) && !cr(20)->status, "it does nothing any more");
	check(rd32(0) == UINT32_MAX, "FLR does not reach it");
	check(qom_set("inject-dead", "false") && cfg16_read(0) == 0x8086 &&
	      !cfg16_read(4), "alive, as after power-on");
	works_again("death");
}

void test_faults(void)
{
	set_delay_ms(SLOW_MS);
	halt();
	hang();
	dead();
	set_delay_ms(0);
}
