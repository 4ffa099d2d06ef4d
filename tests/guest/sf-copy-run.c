// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-copy: commands that run for a time: stress keeps several descriptors in
 * flight until it is killed or its time is up, hold keeps the device open.
 */
#include "sf-copy.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PIECE	(32UL << 10)

static uint8_t *piece(struct sf *sf, size_t area, unsigned int slot)
{
	return sf->arena + area + slot * PIECE;
}

static void launch(struct sf *sf, unsigned int slot)
{
	uint8_t *src = piece(sf, ARENA_SRC, slot);
	uint8_t *dst = piece(sf, ARENA_DST, slot);
	uint64_t tag = random_next(&sf->rng);
	struct dsa_hw_desc desc;

	memcpy(src, &tag, sizeof(tag));
	memcpy(src + PIECE - sizeof(tag), &tag, sizeof(tag));
	sf_desc(sf, &desc, DSA_OPCODE_MEMMOVE, slot);
	desc.src_addr = sf_iova(sf, src);
	desc.dst_addr = sf_iova(sf, dst);
	desc.xfer_size = PIECE;
	sf_submit(sf, &desc);
}

static bool landed(struct sf *sf, unsigned int slot)
{
	uint8_t status = sf_record(sf, slot)->status;

	return check(status == DSA_COMP_SUCCESS, "stress: status %#x",
		     status) &&
	       check(!memcmp(piece(sf, ARENA_SRC, slot),
			     piece(sf, ARENA_DST, slot), PIECE),
		     "stress: wrong data");
}

/* Waits until something happened; false when nothing does */
static bool pause_for(struct sf *sf)
{
	uint64_t events;

	if (sf->opt->poll) {
		usleep(100);
		return true;
	}
	events = sf_events(sf, sf->vector, sf->opt->timeout_ms);
	sf->interrupts += events;
	return events;
}

unsigned int run_stress(struct sf *sf)
{
	unsigned int depth = sf->opt->depth, slot, failed = 0, flying;
	uint64_t end = now_ms() + sf->opt->seconds * 1000ULL, copies = 0;
	uint64_t last = now_ms();
	bool busy[MAX_DEPTH];

	if (depth > sf->wq_size)
		depth = sf->wq_size;
	fill_random(sf, piece(sf, ARENA_SRC, 0), depth * PIECE);
	for (slot = 0; slot < depth; slot++) {
		launch(sf, slot);
		busy[slot] = true;
	}
	printf("stress: %u in flight\n", depth);
	fflush(stdout);
	for (flying = depth; flying;) {
		bool got = pause_for(sf);

		for (slot = 0; slot < depth; slot++) {
			if (!busy[slot] || !sf_record(sf, slot)->status)
				continue;
			last = now_ms();
			failed += !landed(sf, slot);
			copies++;
			busy[slot] = now_ms() < end && !failed;
			if (busy[slot])
				launch(sf, slot);
			else
				flying--;
			/* Without an event this one's interrupt is lost */
			if (!check(got, "stress: an interrupt is missing"))
				return failed + 1;
		}
		if (flying && now_ms() - last > sf->opt->timeout_ms)
			die("SF %u: no completion", sf->sfnum);
	}
	printf("stress: %llu copies of %lu bytes, %u failed, %llu interrupts\n",
	       (unsigned long long)copies, PIECE, failed,
	       (unsigned long long)sf->interrupts);
	return failed;
}

void run_hold(struct sf *sf)
{
	printf("holding SF %u: %s\n", sf->sfnum, sf->name);
	fflush(stdout);
	sleep(sf->opt->seconds);
}

void run_info(struct sf *sf)
{
	printf("device %s\npath %s\n", sf->name, sf->path);
	printf("pci-id %04x:%04x\n", sf->pci_id & 0xffff, sf->pci_id >> 16);
	printf("version %#x\ngencap %#llx\nwqcap %#llx\nopcap %#llx\ncmdcap %#x\n",
	       (unsigned int)sf_read(sf, REG_VERSION, 4),
	       (unsigned long long)sf_read(sf, REG_GENCAP, 8),
	       (unsigned long long)sf_read(sf, REG_WQCAP, 8),
	       (unsigned long long)sf_read(sf, REG_OPCAP, 8),
	       (unsigned int)sf_read(sf, REG_CMDCAP, 4));
	printf("wq-size %u\nwq-priority %u\nvectors %u\nhandle %u\n",
	       sf->wq_size, sf->wq_priority, sf->nr_vectors, sf->handle);
}
