// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev: resets of a device that is busy, each way there is. Afterwards it is
 * as new: nothing of the old life is written, and no interrupt of it comes.
 */
#include "sf-dev.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CAP_EXP		0x10
#define PATTERN		0x77
#define SIZE		65536

/* A full queue of copies, each with its interrupt */
static void make_busy(struct sf *sf)
{
	struct dsa_hw_desc desc;
	unsigned int i;

	sf_start(sf);
	memset(sf->arena + ARENA_SRC, 0x11, SIZE);
	for (i = 0; i < sf->wq_size; i++) {
		sf_desc(sf, &desc, DSA_OPCODE_MEMMOVE, i);
		desc.src_addr = sf_iova(sf, sf->arena + ARENA_SRC);
		desc.dst_addr = sf_iova(sf, sf->arena + ARENA_DST);
		desc.xfer_size = SIZE;
		sf_submit(sf, &desc);
	}
}

/*
 * The reset has just been answered: nothing lands and nothing interrupts from
 * now on, except what was signalled until this moment
 */
static bool quiet_and_new(struct sf *sf, bool all)
{
	unsigned int done = 0, i;
	uint8_t *dst = sf->arena + ARENA_DST;
	uint64_t events;
	bool ok = true;

	dev_drain_events(sf, 1);
	for (i = 0; i < sf->wq_size; i++)
		done += !!sf_record(sf, i)->status;
	ok &= check(done < sf->wq_size, "all was done before the reset");
	memset(dst, PATTERN, SIZE);
	memset(sf_record(sf, 0), 0, sf->wq_size * sizeof(*sf_record(sf, 0)));
	/* Those that were on their way are lost, not late */
	events = sf_events(sf, 1, 200);
	ok &= dev_expect("interrupts of the old life", 0, events);
	for (i = 0; ok && i < sf->wq_size; i++)
		ok = check(!sf_record(sf, i)->status, "record %u landed", i);
	for (i = 0; ok && i < SIZE; i++)
		ok = check(dst[i] == PATTERN, "data landed at %#x", i);
	ok &= dev_expect("WQ state and occupancy", 0,
			 sf_read(sf, sf_wqcfg(sf) + 24, 4));
	if (all) {
		ok &= dev_expect("GENSTS", 0, sf_read(sf, REG_GENSTS, 4));
		ok &= dev_expect("GENCTRL", 0, sf_read(sf, REG_GENCTRL, 4));
		ok &= dev_expect("INTCAUSE", 0, sf_read(sf, REG_INTCAUSE, 4));
	}
	sf_start(sf);
	return ok & dev_copies(sf);
}

static bool reset_vfio(struct sf *sf)
{
	make_busy(sf);
	dev_reset(sf);
	return quiet_and_new(sf, true);
}

static bool reset_flr(struct sf *sf)
{
	make_busy(sf);
	dev_config_write(sf, dev_capability(sf, CAP_EXP) + 8, 0x8000, 2);
	/* A function is given 100 ms */
	usleep(100000);
	dev_config_write(sf, 4, 6, 2);
	return quiet_and_new(sf, true);
}

static bool reset_device(struct sf *sf)
{
	bool ok;

	make_busy(sf);
	ok = dev_command(sf, CMD_RESET_DEVICE, 0, 0);
	return quiet_and_new(sf, true) & ok;
}

static bool reset_wq(struct sf *sf)
{
	bool ok;

	make_busy(sf);
	ok = dev_command(sf, CMD_RESET_WQ, 1, 0);
	ok &= dev_expect("GENSTS", 1, sf_read(sf, REG_GENSTS, 4));
	return quiet_and_new(sf, false) & ok;
}

static bool reset_master(struct sf *sf)
{
	make_busy(sf);
	dev_config_write(sf, 4, 2, 2);
	usleep(100000);
	dev_config_write(sf, 4, 6, 2);
	return quiet_and_new(sf, false);
}

/* As another kernel that kexec started: it knows nothing and resets first */
static bool reset_restart(struct sf *sf)
{
	unsigned int i;

	for (i = 0; i < 20; i++) {
		make_busy(sf);
		if (i % 2)
			sf_write(sf, REG_CMD, CMD_DRAIN_WQ << 20 | 1, 4);
		if (i % 3)
			dev_reset(sf);
		/* While a command runs no other is taken, not even a reset */
		while (sf_read(sf, REG_CMDSTS, 4) & CMDSTS_ACTIVE)
			usleep(1000);
	}
	sf_start(sf);
	return dev_copies(sf);
}

/* One reset behind the other, from busy, while commands run */
static bool reset_storm(struct sf *sf)
{
	unsigned int devctl = dev_capability(sf, CAP_EXP) + 8, i;

	for (i = 0; i < 200; i++) {
		dev_config_write(sf, 4, 6, 2);
		sf_write(sf, REG_CMD, (random_next(&sf->rng) % 15) << 20, 4);
		if (i % 3)
			dev_config_write(sf, devctl, 0x8000, 2);
		else
			dev_reset(sf);
	}
	dev_reset(sf);
	sf_start(sf);
	return dev_copies(sf);
}

const struct step reset_steps[] = {
	{ "reset-vfio", reset_vfio },
	{ "reset-flr", reset_flr },
	{ "reset-device", reset_device },
	{ "reset-wq", reset_wq },
	{ "reset-master", reset_master },
	{ "reset-restart", reset_restart },
	{ "reset-storm", reset_storm },
	{ }
};
