/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sf-dev: the victim of an attack: the subfunction with the next number, open
 * and enabled in the same process, with an address space of its own. Who
 * attacks may know everything: what the hardware says of the victim is read
 * past the driver (iomem=relaxed).
 */
#ifndef SF_DEV_WATCH_H
#define SF_DEV_WATCH_H

#include "sf-dev.h"

/* What is watched of the victim's memory, from ARENA_SRC and ARENA_DST on */
#define WATCH_SIZE	65536

/**
 * struct watch - a victim
 * @sf: it
 * @copy: its memory as it was
 * @pasid: its PASID, from its IMS slot
 * @wq: its WQ on the hardware
 * @msg_addr: address of the message of its interrupt
 * @msg_data: data of that
 * @bar0: physical address of the PCI function's registers
 * @portal: physical address of its portal for descriptors with IMS handles
 * @iova: address at which it alone has memory
 * @remote: it is not of this machine, and somebody else watches it
 */
struct watch {
	struct sf sf;
	uint8_t *copy;
	uint32_t pasid;
	unsigned int wq;
	uint64_t msg_addr;
	uint32_t msg_data;
	uint64_t bar0;
	uint64_t portal;
	uint64_t iova;
	bool remote;
};

void watch_open(struct watch *w, struct sf *attacker);
bool watch_untouched(struct watch *w, const char *after);
bool watch_close(struct watch *w);
void watch_reached(const char *counter, unsigned int times);

#endif /* SF_DEV_WATCH_H */
