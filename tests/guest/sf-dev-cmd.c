// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev: commands. Each in every state, with right and wrong operands, their
 * error codes and interrupts; drain and abort of a queue that is busy.
 */
#include "sf-dev.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ERR_UNKNOWN	0x01
#define ERR_BAD_WQ	0x02
#define ERR_RESERVED	0x04
#define ERR_ENABLED	0x10
#define ERR_NO_MASTER	0x12
#define ERR_DISABLED	0x20
#define ERR_WQ_ENABLED	0x21
#define ERR_NOT_ENABLED	0x31
#define ERR_WQ_OFF	0x32
#define ERR_INDEX	0x41
#define ERR_HANDLE	0x43

static bool cmd_states(struct sf *sf)
{
	unsigned int code;
	bool ok = true;

	/* Disabled */
	for (code = CMD_DISABLE_DEVICE; code <= CMD_ABORT_ALL; code++)
		ok &= dev_command(sf, code, 0, ERR_NOT_ENABLED);
	ok &= dev_command(sf, CMD_ENABLE_WQ, 0, ERR_DISABLED);
	for (code = CMD_DISABLE_WQ; code <= CMD_RESET_WQ; code++)
		ok &= dev_command(sf, code, 1, ERR_WQ_OFF);
	ok &= dev_command(sf, CMD_RESET_DEVICE, 0, 0);
	/* Enabled, the WQ not */
	ok &= dev_command(sf, CMD_ENABLE_DEVICE, 0, 0);
	ok &= dev_command(sf, CMD_ENABLE_DEVICE, 0, ERR_ENABLED);
	for (code = CMD_DISABLE_WQ; code <= CMD_RESET_WQ; code++)
		ok &= dev_command(sf, code, 1, ERR_WQ_OFF);
	ok &= dev_command(sf, CMD_DRAIN_ALL, 0, 0);
	ok &= dev_command(sf, CMD_ABORT_ALL, 0, 0);
	/* Both */
	ok &= dev_command(sf, CMD_ENABLE_WQ, 0, 0);
	ok &= dev_command(sf, CMD_ENABLE_WQ, 0, ERR_WQ_ENABLED);
	ok &= dev_command(sf, CMD_DRAIN_WQ, 1, 0);
	ok &= dev_command(sf, CMD_ABORT_WQ, 1, 0);
	ok &= dev_command(sf, CMD_RESET_WQ, 1, 0);
	ok &= dev_expect("WQ state", 0, sf_read(sf, sf_wqcfg(sf) + 24, 4) >> 30);
	ok &= dev_command(sf, CMD_ENABLE_WQ, 0, 0);
	ok &= dev_command(sf, CMD_DISABLE_WQ, 1, 0);
	ok &= dev_command(sf, CMD_ENABLE_WQ, 0, 0);
	/* Disabling the device disables the WQ */
	ok &= dev_command(sf, CMD_DISABLE_DEVICE, 0, 0);
	ok &= dev_expect("WQ state", 0, sf_read(sf, sf_wqcfg(sf) + 24, 4) >> 30);
	return ok;
}

static bool cmd_operands(struct sf *sf)
{
	static const uint32_t masks[] = { 2, 3, 0x8000, 0x10001, 0xf0001 };
	unsigned int code, i;
	bool ok = true;

	for (code = CMD_ENABLE_DEVICE; code <= CMD_RESET_DEVICE; code++)
		ok &= dev_command(sf, code, 1, ERR_RESERVED);
	/* Bits between code and interrupt request */
	ok &= dev_command(sf, CMD_ENABLE_DEVICE | 1 << 5, 0, ERR_RESERVED);
	ok &= dev_command(sf, CMD_REQUEST_HANDLE, 1 << 17 | 1, ERR_RESERVED);
	/* Disabled: the operand is looked at before the state */
	ok &= dev_command(sf, CMD_ENABLE_WQ, 1, ERR_BAD_WQ);
	for (code = CMD_DISABLE_WQ; code <= CMD_RESET_WQ; code++)
		ok &= dev_command(sf, code, 2, ERR_BAD_WQ);
	ok &= dev_command(sf, CMD_ENABLE_DEVICE, 0, 0);
	ok &= dev_command(sf, CMD_ENABLE_WQ, 1, ERR_BAD_WQ);
	ok &= dev_command(sf, CMD_ENABLE_WQ, 0xfffff, ERR_BAD_WQ);
	ok &= dev_command(sf, CMD_ENABLE_WQ, 0, 0);
	for (i = 0; i < ARRAY_SIZE(masks); i++)
		for (code = CMD_DISABLE_WQ; code <= CMD_RESET_WQ; code++)
			ok &= dev_command(sf, code, masks[i], ERR_BAD_WQ);
	ok &= dev_expect("WQ state", 1, sf_read(sf, sf_wqcfg(sf) + 24, 4) >> 30);
	return ok;
}

/* Every code that CMDCAP does not have, those of PASIDs among them */
static bool cmd_unknown(struct sf *sf)
{
	uint32_t cap = sf_read(sf, REG_CMDCAP, 4);
	unsigned int code;
	bool ok = true;

	for (code = 0; code < 32; code++)
		if (!(cap >> code & 1))
			ok &= dev_command(sf, code, 0, ERR_UNKNOWN);
	return ok;
}

static bool cmd_handles(struct sf *sf)
{
	bool ok = dev_command(sf, CMD_REQUEST_HANDLE, 0, ERR_INDEX);
	uint32_t handle;

	ok &= dev_command(sf, CMD_REQUEST_HANDLE, sf->nr_vectors, ERR_INDEX);
	ok &= dev_command(sf, CMD_REQUEST_HANDLE, 0xffff, ERR_INDEX);
	/* There is no IMS */
	ok &= dev_command(sf, CMD_REQUEST_HANDLE, 1 << 16 | 1, ERR_INDEX);
	handle = sf_command(sf, CMD_REQUEST_HANDLE, 1) >> 8 & 0xffff;
	ok &= dev_command(sf, CMD_RELEASE_HANDLE, handle ^ 1, ERR_HANDLE);
	ok &= dev_command(sf, CMD_RELEASE_HANDLE, handle | 1 << 16, ERR_HANDLE);
	ok &= dev_command(sf, CMD_RELEASE_HANDLE, handle, 0);
	ok &= dev_command(sf, CMD_RELEASE_HANDLE, handle, ERR_HANDLE);
	return ok;
}

static bool cmd_bus_master(struct sf *sf)
{
	bool ok;

	dev_config_write(sf, 4, 2, 2);
	ok = dev_command(sf, CMD_ENABLE_DEVICE, 0, ERR_NO_MASTER);
	dev_config_write(sf, 4, 6, 2);
	return ok & dev_command(sf, CMD_ENABLE_DEVICE, 0, 0);
}

/* Bit 31 asks for an interrupt; also of a command that fails */
static bool cmd_interrupts(struct sf *sf)
{
	bool ok = true;

	dev_drain_events(sf, 0);
	ok &= dev_command(sf, CMD_RESET_DEVICE, 0, 0);
	ok &= check(!sf_events(sf, 0, 50), "an interrupt nobody asked for");
	ok &= dev_expect("INTCAUSE", 0, sf_read(sf, REG_INTCAUSE, 4));
	ok &= dev_command(sf, CMD_ENABLE_DEVICE | 1 << 11, 0, 0);
	ok &= check(sf_events(sf, 0, 2000), "no interrupt");
	ok &= dev_expect("INTCAUSE", INTCAUSE_CMD,
			 sf_read(sf, REG_INTCAUSE, 4));
	sf_write(sf, REG_INTCAUSE, INTCAUSE_CMD, 4);
	ok &= dev_expect("INTCAUSE", 0, sf_read(sf, REG_INTCAUSE, 4));
	ok &= dev_command(sf, 31 | 1 << 11, 0, ERR_UNKNOWN);
	ok &= check(sf_events(sf, 0, 2000), "no interrupt of a failure");
	return ok;
}

static void submit_moves(struct sf *sf, unsigned int nr)
{
	struct dsa_hw_desc desc;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		sf_desc(sf, &desc, DSA_OPCODE_MEMMOVE, i);
		desc.flags &= ~IDXD_OP_FLAG_RCI;
		desc.src_addr = sf_iova(sf, sf->arena + ARENA_SRC);
		desc.dst_addr = sf_iova(sf, sf->arena + ARENA_DST);
		desc.xfer_size = 4096;
		sf_submit(sf, &desc);
	}
}

static unsigned int nr_completed(struct sf *sf, unsigned int nr)
{
	unsigned int i, done = 0;

	for (i = 0; i < nr; i++)
		done += !!sf_record(sf, i)->status;
	return done;
}

/* A command that runs is not disturbed by another */
static bool cmd_busy(struct sf *sf)
{
	unsigned int nr;
	bool active;

	sf_start(sf);
	nr = sf->wq_size;
	submit_moves(sf, nr);
	sf_write(sf, REG_CMD, CMD_DRAIN_WQ << 20 | 1, 4);
	sf_write(sf, REG_CMD, 31u << 20, 4);
	active = sf_read(sf, REG_CMDSTS, 4) & CMDSTS_ACTIVE;
	while (sf_read(sf, REG_CMDSTS, 4) & CMDSTS_ACTIVE)
		usleep(500);
	return check(active, "the drain was over at once: is the engine slow?") &&
	       dev_expect("CMD", CMD_DRAIN_WQ << 20 | 1,
			  sf_read(sf, REG_CMD, 4)) &&
	       dev_expect("CMDSTS", 0, sf_read(sf, REG_CMDSTS, 4)) &&
	       dev_expect("completed", nr, nr_completed(sf, nr));
}

/* As many accesses of all kinds as there is time for; the longest, in ms */
static uint64_t longest_access(struct sf *sf)
{
	static const uint32_t regs[] = {
		REG_GENSTS, REG_INTCAUSE, REG_SWERR, REG_CMDSTS,
	};
	uint64_t longest = 0, begin;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(regs) + 3; i++) {
		begin = now_ms();
		if (i < ARRAY_SIZE(regs))
			sf_read(sf, regs[i], 4);
		else if (i == ARRAY_SIZE(regs))
			/* From the hardware */
			sf_read(sf, sf_wqcfg(sf) + 24, 4);
		else if (i == ARRAY_SIZE(regs) + 1)
			sf_write(sf, REG_GENCTRL, 1, 4);
		else
			dev_config_read(sf, 4, 2);
		if (now_ms() - begin > longest)
			longest = now_ms() - begin;
	}
	return longest;
}

static bool is_active(struct sf *sf)
{
	return sf_read(sf, REG_CMDSTS, 4) & CMDSTS_ACTIVE;
}

/*
 * Somebody has the hardware take its time for a command, once we are ready:
 * drains until then. A line for every second in which we were not held up
 */
static bool cmd_pending(struct sf *sf)
{
	uint64_t begin, second, worst = 0, took;

	sf_start(sf);
	printf("ready\n");
	fflush(stdout);
	do {
		sf_write(sf, REG_CMD, CMD_DRAIN_WQ << 20 | 1, 4);
		begin = now_ms();
		second = begin + 1000;
		while (is_active(sf)) {
			took = longest_access(sf);
			worst = took > worst ? took : worst;
			if (now_ms() >= second) {
				second += 1000;
				printf("pending\n");
				fflush(stdout);
			}
		}
		took = now_ms() - begin;
	} while (took < 3000);
	printf("pending for %llu ms, an access took %llu ms at most\n",
	       (unsigned long long)took, (unsigned long long)worst);
	return dev_expect("CMDSTS", 0, sf_read(sf, REG_CMDSTS, 4)) &
	       check(worst < took / 2, "an access took %llu ms",
		     (unsigned long long)worst) & dev_copies(sf);
}

static bool cmd_drain(struct sf *sf)
{
	static const uint32_t codes[] = {
		CMD_DRAIN_ALL, CMD_DRAIN_WQ, CMD_DISABLE_WQ,
	};
	bool ok = true;
	unsigned int i;

	sf_start(sf);
	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		submit_moves(sf, sf->wq_size);
		ok &= dev_command(sf, codes[i], codes[i] > CMD_ABORT_ALL, 0);
		ok &= dev_expect("completed", sf->wq_size,
				 nr_completed(sf, sf->wq_size));
	}
	ok &= dev_command(sf, CMD_ENABLE_WQ, 0, 0);
	submit_moves(sf, sf->wq_size);
	ok &= dev_command(sf, CMD_DISABLE_DEVICE, 0, 0);
	return ok & dev_expect("completed", sf->wq_size,
			       nr_completed(sf, sf->wq_size));
}

/* What is abandoned has no record, then or later */
static bool cmd_abort(struct sf *sf)
{
	static const uint32_t codes[] = { CMD_ABORT_ALL, CMD_ABORT_WQ };
	bool ok = true;
	unsigned int i, done;

	sf_start(sf);
	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		submit_moves(sf, sf->wq_size);
		ok &= dev_command(sf, codes[i], codes[i] > CMD_ABORT_ALL, 0);
		done = nr_completed(sf, sf->wq_size);
		ok &= check(done < sf->wq_size, "nothing was left to abort");
		usleep(100000);
		ok &= dev_expect("completed later", done,
				 nr_completed(sf, sf->wq_size));
	}
	return ok & dev_copies(sf);
}

/* Once when the queue has run down to 4, by the vector of a handle we hold */
static bool cmd_occupancy(struct sf *sf)
{
	uint32_t wq = sf_wqcfg(sf);
	bool ok;

	sf_start(sf);
	if (!(sf_read(sf, REG_WQCAP, 8) >> 53 & 1))
		die("the WQ has no occupancy interrupt");
	submit_moves(sf, sf->wq_size);
	dev_drain_events(sf, 1);
	sf_write(sf, wq + 16, sf->handle, 4);
	sf_write(sf, wq + 20, 1 << 16 | 4, 4);
	ok = dev_expect("events", 1, sf_events(sf, 1, 5000));
	ok &= check((sf_read(sf, wq + 24, 4) & 0xffff) <= 4, "too early");
	ok &= dev_expect("interrupt was sent", 1,
			 sf_read(sf, wq + 24, 4) >> 16 & 1);
	ok &= dev_expect("disarmed", 4, sf_read(sf, wq + 20, 4));
	ok &= dev_command(sf, CMD_DRAIN_WQ, 1, 0);
	ok &= dev_expect("events later", 0, sf_events(sf, 1, 50));
	/* Empty: at once */
	sf_write(sf, wq + 20, 1 << 16, 4);
	ok &= dev_expect("events", 1, sf_events(sf, 1, 5000));
	/* Somebody else's handle, and nobody's */
	sf_write(sf, wq + 16, sf->handle + 1, 4);
	sf_write(sf, wq + 20, 1 << 16 | 4, 4);
	ok &= dev_expect("armed with a foreign handle", 4,
			 sf_read(sf, wq + 20, 4));
	sf_write(sf, wq + 16, 1ull << 48 | 0xffff, 8);
	ok &= dev_expect("armed without a handle", 0, sf_read(sf, wq + 20, 4));
	ok &= dev_expect("events of vector 0", 0, sf_events(sf, 0, 50));
	ok &= dev_expect("events of vector 1", 0, sf_events(sf, 1, 0));
	sf_write(sf, wq + 16, sf->handle, 4);
	ok &= dev_command(sf, CMD_RESET_WQ, 1, 0);
	return ok & dev_expect("after a reset", 0, sf_read(sf, wq + 16, 8));
}

const struct step cmd_steps[] = {
	{ "cmd-states", cmd_states },
	{ "cmd-operands", cmd_operands },
	{ "cmd-unknown", cmd_unknown },
	{ "cmd-handles", cmd_handles },
	{ "cmd-bus-master", cmd_bus_master },
	{ "cmd-interrupts", cmd_interrupts },
	{ "cmd-busy", cmd_busy },
	{ "cmd-pending", cmd_pending },
	{ "cmd-drain", cmd_drain },
	{ "cmd-abort", cmd_abort },
	{ "cmd-occupancy", cmd_occupancy },
	{ }
};
