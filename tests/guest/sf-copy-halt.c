// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-copy: lives through a halt of the host's device as a guest's driver does.
 * It submits all the time, sees the halt, commands a reset, starts anew and
 * copies; it says each step in a line of its own. It must not know what made
 * the device halt.
 */
#include "sf-copy.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STATE(gensts)	((gensts) & 3)
#define STATE_HALT	3
#define NEEDS(gensts)	((gensts) >> 2 & 3)
#define NEEDS_COMMAND	0
#define CAUSE_HALT	0x10
#define ACTIVE		0x80000000u
#define COPY_SIZE	4096
#define PORTAL_STORES	256

static void submit_move(struct sf *sf)
{
	struct dsa_hw_desc desc;

	sf_desc(sf, &desc, DSA_OPCODE_MEMMOVE, 0);
	desc.src_addr = sf_iova(sf, sf->arena + ARENA_SRC);
	desc.dst_addr = sf_iova(sf, sf->arena + ARENA_DST);
	desc.xfer_size = COPY_SIZE;
	sf_submit(sf, &desc);
}

/* Return: GENSTS of the halted device, or 0 when there was no halt in time */
static uint32_t wait_halted(struct sf *sf, uint64_t end)
{
	uint32_t gensts;

	do {
		gensts = sf_read(sf, REG_GENSTS, 4);
		if (STATE(gensts) == STATE_HALT)
			return gensts;
		submit_move(sf);
		usleep(500);
	} while (now_ms() < end);
	return 0;
}

/* Return: CMDSTS after it is no longer active, or that when time is over */
static uint32_t reset_device(struct sf *sf, uint64_t end)
{
	uint32_t status;

	sf_write(sf, REG_CMD, CMD_RESET_DEVICE << 20, 4);
	status = sf_read(sf, REG_CMDSTS, 4);
	puts(status & ACTIVE ? "reset waits" : "reset is over");
	while (status & ACTIVE && now_ms() < end) {
		usleep(500);
		status = sf_read(sf, REG_CMDSTS, 4);
	}
	return status;
}

static bool copy_works(struct sf *sf)
{
	uint8_t *src = sf->arena + ARENA_SRC, *dst = sf->arena + ARENA_DST;
	struct dsa_hw_desc desc;

	fill_random(sf, src, COPY_SIZE);
	memset(dst, 0, COPY_SIZE);
	sf_desc(sf, &desc, DSA_OPCODE_MEMMOVE, 0);
	desc.src_addr = sf_iova(sf, src);
	desc.dst_addr = sf_iova(sf, dst);
	desc.xfer_size = COPY_SIZE;
	return check(sf_do(sf, &desc) == DSA_COMP_SUCCESS, "no success") &&
	       check(!memcmp(src, dst, COPY_SIZE), "wrong data");
}

unsigned int run_halt(struct sf *sf)
{
	uint64_t end = now_ms() + sf->opt->seconds * 1000ULL, events;
	uint32_t gensts, status;
	unsigned int i;

	setlinebuf(stdout);
	puts("ready");
	gensts = wait_halted(sf, end);
	if (!check(gensts, "no halt"))
		return 1;
	events = sf_events(sf, 0, 1000);
	printf("halted, needs %u, causes %#x\n", NEEDS(gensts),
	       (unsigned int)sf_read(sf, REG_INTCAUSE, 4));
	if (!check(events, "no interrupt"))
		return 1;
	/* Hardware drops them; nobody is killed for it */
	for (i = 0; i < PORTAL_STORES; i++)
		submit_move(sf);
	for (;;) {
		status = reset_device(sf, end);
		printf("reset ended, status %#x\n", status);
		if (!status)
			break;
		/* Until somebody recovers the host's device */
		do {
			usleep(1000);
			gensts = sf_read(sf, REG_GENSTS, 4);
		} while (NEEDS(gensts) != NEEDS_COMMAND && now_ms() < end);
		if (!check(now_ms() < end, "needs %u for ever", NEEDS(gensts)))
			return 1;
	}
	/* What completed before the halt */
	sf_events(sf, 1, 0);
	sf_start(sf);
	if (!copy_works(sf))
		return 1;
	puts("copies again");
	return 0;
}
