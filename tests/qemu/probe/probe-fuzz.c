// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probe: random values at random widths to registers, tables, portals and
 * configuration space, from two threads; and the device pulled out while they
 * do so. With the IOMMU on, lest it writes to memory at random. The verdict is
 * that there is a device at the end, and a QEMU.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "probe.h"

#define SECONDS 20
#define BAR0_SIZE 0x10000
#define BAR2_SIZE 0x20000

static volatile bool stop;
static bool with_config;
static uint32_t grp0, wq0;	/* offsets; a device that is gone tells none */

static uint64_t random64(unsigned int *seed)
{
	uint64_t v = (uint64_t)rand_r(seed) << 42 ^
		     (uint64_t)rand_r(seed) << 21 ^ rand_r(seed);

	/* Small numbers and single bits get further than others */
	switch (rand_r(seed) % 4) {
	case 0:
		return v % 64;
	case 1:
		return 1ull << v % 64;
	default:
		return v;
	}
}

static void access_any(volatile uint8_t *p, unsigned int *seed)
{
	uint64_t v = random64(seed);

	switch (rand_r(seed) % 8) {
	case 0:
		*p = v;
		break;
	case 1:
		*(volatile uint16_t *)p = v;
		break;
	case 2:
	case 3:
	case 4:
		*(volatile uint32_t *)p = v;
		break;
	case 5:
		*(volatile uint64_t *)p = v;
		break;
	case 6:
		(void)*(volatile uint32_t *)p;
		break;
	case 7:
		(void)*(volatile uint64_t *)p;
		break;
	}
}

static void registers(unsigned int *seed)
{
	static const uint16_t offs[] = { 0x80, 0x88, 0x98, 0xa0, 0xa0, 0xa0, 0xc0,
					 0xe0, 0xe8, 0xf0, 0xf4 };
	uint32_t off = offs[rand_r(seed) % (sizeof(offs) / sizeof(offs[0]))];
	uint32_t v = random64(seed);

	if (off == 0xa0)
		v = (rand_r(seed) % 16) << 20 | (v & 0x800f000f);
	wr32(off, v);
}

/* A configuration that can be enabled, with luck */
static void configure(unsigned int *seed)
{
	unsigned int n = rand_r(seed) % 8;

	wr64(grp0 + n % 4 * 64, 0x11ull << n % 4);
	wr64(grp0 + n % 4 * 64 + 0x20, 1ull << n % 4);
	wr32(wq0 + n * 32, 16);
	wr32(wq0 + n * 32 + 8, 0x11 | (rand_r(seed) % 2) << 28);
	wr32(wq0 + n * 32 + 12, 31 | 10 << 5);
	wr32(0xa0, CMD_ENABLE_DEV << 20);
	wr32(0xa0, CMD_ENABLE_WQ << 20 | n);
}

static void portal(unsigned int *seed)
{
	struct dsa_hw_desc d;
	uint32_t off = rand_r(seed) % BAR2_SIZE;

	if (rand_r(seed) % 8 == 0) {
		access_any(bar2 + off % (BAR2_SIZE - 8), seed);
		return;
	}
	random_desc(&d, rand_r(seed));
	submit_at(off & ~63u, &d);
}

static void config(unsigned int *seed)
{
	uint32_t v = random64(seed);
	unsigned int off = rand_r(seed) % 1024;

	if (!with_config)
		return;
	if (rand_r(seed) % 8 == 0)
		reset_all();
	else if (pwrite(cfg_fd, &v, 1 << rand_r(seed) % 3, off & ~3u) < 0)
		stop = true;
}

static void *fuzzer(void *arg)
{
	unsigned int seed = (uintptr_t)arg;

	while (!stop) {
		switch (rand_r(&seed) % 16) {
		case 0 ... 5:
			access_any(bar0 + rand_r(&seed) % (BAR0_SIZE - 8), &seed);
			break;
		case 6 ... 9:
			registers(&seed);
			break;
		case 10:
			configure(&seed);
			break;
		case 11 ... 14:
			portal(&seed);
			break;
		case 15:
			if (rand_r(&seed) % 64 == 0)
				config(&seed);
			break;
		}
	}
	return NULL;
}

static void start(pthread_t *threads, unsigned int n)
{
	uintptr_t seed = time(NULL);

	grp0 = grp_off(0);
	wq0 = wq_off(0);
	check(true, "the seed is %u", (unsigned int)seed);
	for (unsigned int i = 0; i < n; i++)
		pthread_create(&threads[i], NULL, fuzzer, (void *)(seed + i));
}

static void end(pthread_t *threads, unsigned int n)
{
	stop = true;
	for (unsigned int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
}

void test_fuzz(void)
{
	pthread_t threads[2];

	with_config = true;
	start(threads, 2);
	sleep(SECONDS);
	end(threads, 2);
	reset_all();
	check(rd32(0) == 0x100 && !rd32(0x90) && !rd32(0xa8),
	      "it answers after %u s, VERSION 0x%x", SECONDS, rd32(0));
	wr32(wq_off(0), 16);
	wr32(wq_off(0) + 8, 0x11);
	wr64(grp_off(0), 1);
	wr64(grp_off(0) + 0x20, 1);
	check(!cmd(CMD_ENABLE_DEV, 0) && !cmd(CMD_ENABLE_WQ, 0) &&
	      !cmd(CMD_DISABLE_DEV, 0) && !cmd(CMD_RESET_DEV, 0),
	      "and obeys: 0x%x", rd32(0xa8));
}

/* In a port that it can be pulled out of: when there is something to do */
void test_removal(void)
{
	pthread_t threads[2];
	uint16_t id;
	int i;

	start(threads, 2);
	sleep(1);
	check(qmp("{\"execute\": \"device_del\", \"arguments\": "
		  "{\"id\": \"dsa0\"}}"), "device_del");
	for (i = 0; i < 300 && pread(cfg_fd, &id, 2, 0) == 2; i++)
		ms_sleep(100);
	check(i < 300, "it is gone");
	sleep(1);
	end(threads, 2);
	check(qmp("{\"execute\": \"query-status\"}"), "QEMU is well");
}
