// SPDX-License-Identifier: GPL-2.0-only
/*
 * A user of a subfunction that drains a queue of slow descriptors, for
 * drain.sh. It shares sf-copy's files, but not its main.
 *
 * usage: sf-drain wait|hang|reset SFNUM
 * wait: until drained; hang: for good; reset: resets the device meanwhile
 */
#include "sf-copy.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <linux/vfio.h>

#define CMDSTS_ACTIVE	(1u << 31)

void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

void note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

bool check(bool ok, const char *fmt, ...)
{
	if (!ok)
		die("%s", fmt);
	return ok;
}

uint64_t random_next(uint64_t *state)
{
	return ++*state;
}

uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * UINT64_C(1000) + t.tv_nsec / 1000000;
}

static void submit_all(struct sf *sf)
{
	unsigned int i;

	for (i = 0; i < sf->wq_size; i++) {
		struct dsa_hw_desc desc;

		sf_desc(sf, &desc, DSA_OPCODE_MEMMOVE, i);
		desc.src_addr = sf_iova(sf, sf->arena + ARENA_SRC);
		desc.dst_addr = sf_iova(sf, sf->arena + ARENA_DST);
		desc.xfer_size = 64;
		sf_submit(sf, &desc);
	}
}

int main(int argc, char **argv)
{
	struct options opt = { .iova = 0x100000000, .timeout_ms = 10000,
			       .seed = 1, .poll = true };
	struct sf sf = {};
	uint64_t start;

	if (argc != 3)
		die("usage: sf-drain wait|hang|reset SFNUM");
	sf_open(&sf, &opt, strtoul(argv[2], NULL, 0));
	sf_start(&sf);
	submit_all(&sf);
	start = now_ms();
	sf_write(&sf, REG_CMD, CMD_DRAIN_WQ << 20 | 1, 4);
	note("draining");
	if (!strcmp(argv[1], "hang"))
		pause();
	if (!strcmp(argv[1], "reset") && ioctl(sf.device, VFIO_DEVICE_RESET))
		die("reset failed: %m");
	while (sf_read(&sf, REG_CMDSTS, 4) & CMDSTS_ACTIVE)
		usleep(1000);
	note("%llu ms, status 0x%x", (unsigned long long)(now_ms() - start),
	     (unsigned int)sf_read(&sf, REG_CMDSTS, 4));
	return 0;
}
