// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-fuzz guest: what a hostile guest does with the virtual device, by the
 * accesses that a VMM hands on: configuration space, registers, MSI-X,
 * portals and descriptors, from several of its CPUs.
 */
#include "fuzz-desc.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vfio.h>

/* How long a descriptor is waited for; what is disabled drops it */
#define WAIT_MS		2
#define MSIX_TABLE	0x800
#define MSIXPERM	0x600

/* What has to work begins with these, and ends with operations */
static const uint8_t commands[] = {
	CMD_ENABLE_DEVICE, CMD_DISABLE_DEVICE, CMD_DRAIN_ALL, CMD_ABORT_ALL,
	CMD_RESET_DEVICE, CMD_ENABLE_WQ, CMD_DISABLE_WQ, CMD_DRAIN_WQ,
	CMD_ABORT_WQ, CMD_RESET_WQ, CMD_REQUEST_HANDLE, CMD_RELEASE_HANDLE,
};

#define ACCEPT_RESET		ARRAY_SIZE(commands)
#define ACCEPT_REFUSED		(ACCEPT_RESET + 1)
#define ACCEPT_OPS		(ACCEPT_RESET + 2)

static const char *accepts[FUZZ_ACCEPTS] = {
	"enable device", "disable device", "drain all", "abort all",
	"reset device", "enable wq", "disable wq", "drain wq", "abort wq",
	"reset wq", "request handle", "release handle", "reset", "with an error",
};

static void begin(void)
{
	memcpy(&accepts[ACCEPT_OPS], fuzz_ops, sizeof(fuzz_ops));
	fuzz_sf_open();
	/* A device that does not start was broken by the round before */
	sf_start(&fuzz_sf);
}

static uint64_t config(struct fuzz_thread *t, bool write, unsigned int off,
		       unsigned int len, uint64_t val)
{
	off_t at = ((off_t)VFIO_PCI_CONFIG_REGION_INDEX << 40) + off;
	ssize_t rc;

	rc = write ? pwrite(fuzz_sf.device, &val, len, at) :
		     pread(fuzz_sf.device, &val, len, at);
	fuzz_result(t, 1 << 24 | write << 16 | off, rc < 0 ? -errno : 0);
	return val;
}

static uint64_t reg(struct fuzz_thread *t, bool write, uint32_t off,
		    unsigned int len, uint64_t val)
{
	ssize_t rc;

	rc = write ? pwrite(fuzz_sf.device, &val, len, fuzz_sf.bar0 + off) :
		     pread(fuzz_sf.device, &val, len, fuzz_sf.bar0 + off);
	fuzz_result(t, 2 << 24 | write << 20 | (off & 0xfffff),
		    rc < 0 ? -errno : 0);
	return val;
}

static void step_config(struct fuzz_thread *t)
{
	uint8_t how = fuzz_byte(t);
	unsigned int len = 1 << (how & 1 ? 1 : how >> 1 & 3);
	unsigned int off = fuzz_bits(t, how & 0x80 ? 2 : 1) & 0xfff & -len;

	config(t, how & 0x40, off, len, fuzz_value(t));
}

static void step_reg(struct fuzz_thread *t)
{
	static const uint16_t regs[] = {
		REG_GENCFG, REG_GENCTRL, REG_INTCAUSE, REG_CMD, REG_SWERR,
		REG_EVLCFG, REG_EVLCFG + 8, REG_EVLSTS, MSIXPERM, MSIXPERM + 8,
	};
	uint8_t how = fuzz_byte(t);
	unsigned int len = how & 1 ? 4 : 8;
	uint32_t off;

	if (how < 128)
		off = regs[fuzz_byte(t) % ARRAY_SIZE(regs)];
	else
		off = fuzz_bits(t, 2) & 0x3fff & -len;
	reg(t, how & 6, off, len, fuzz_value(t));
}

/* Waits for the end, as a driver does, but not for ever */
static uint32_t command(struct fuzz_thread *t, uint32_t code, uint32_t operand)
{
	unsigned int i;
	uint32_t status = 0;

	reg(t, true, REG_CMD, 4, code << 20 | operand);
	for (i = 0; i < 50; i++) {
		status = reg(t, false, REG_CMDSTS, 4, 0);
		if (!(status >> 31))
			break;
		usleep(200);
	}
	fuzz_result(t, 3 << 24 | code, status & 0xff);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (commands[i] == code && !(status & 0x800000ff))
			fuzz_accepted(i);
	return status;
}

static uint32_t usual_operand(uint32_t code)
{
	switch (code) {
	case CMD_RELEASE_HANDLE:
		return __atomic_load_n(&fuzz_sf.handle, __ATOMIC_RELAXED);
	case CMD_DISABLE_WQ:
	case CMD_DRAIN_WQ:
	case CMD_ABORT_WQ:
	case CMD_RESET_WQ:
	case CMD_REQUEST_HANDLE:
		/* The WQ in a mask, or the vector */
		return 1;
	}
	return 0;
}

/* Those that leave the WQ enabled are more frequent, for what is submitted */
static void step_command(struct fuzz_thread *t)
{
	static const uint8_t calm[] = {
		CMD_ENABLE_DEVICE, CMD_ENABLE_WQ, CMD_DRAIN_WQ, CMD_DRAIN_ALL,
		CMD_REQUEST_HANDLE, CMD_RELEASE_HANDLE, CMD_ABORT_WQ,
		CMD_ABORT_ALL,
	};
	uint8_t how = fuzz_byte(t), which = fuzz_byte(t), code;
	uint32_t operand;

	if (how < 200)
		code = calm[which % ARRAY_SIZE(calm)];
	else if (how < 240)
		code = commands[which % ARRAY_SIZE(commands)];
	else
		code = which & 31;
	operand = how & 4 ? fuzz_value(t) & 0xfffff : usual_operand(code);
	/* Bit 31 asks for an interrupt */
	if (how & 2)
		operand |= 1u << 31;
	command(t, code, operand);
}

static void step_start(struct fuzz_thread *t)
{
	unsigned int vector = fuzz_byte(t) % fuzz_sf.nr_vectors;
	uint32_t status;

	config(t, true, 4, 2, 6);
	command(t, CMD_RESET_DEVICE, 0);
	reg(t, true, MSIXPERM + 8 * vector, 4, 0);
	status = command(t, CMD_REQUEST_HANDLE, vector);
	if (!(status & 0xff))
		__atomic_store_n(&fuzz_sf.handle, status >> 8 & 0xffff,
				 __ATOMIC_RELAXED);
	reg(t, true, REG_GENCTRL, 4, 3);
	command(t, CMD_ENABLE_DEVICE, 0);
	command(t, CMD_ENABLE_WQ, 0);
}

static void step_msix(struct fuzz_thread *t)
{
	unsigned int vector = fuzz_byte(t) % (fuzz_sf.nr_vectors + 1);

	reg(t, true, MSIX_TABLE + 16 * vector + (fuzz_byte(t) & 12), 4,
	    fuzz_value(t));
}

static bool store(struct fuzz_thread *t, const void *desc, unsigned int size)
{
	size_t off = (fuzz_bits(t, 2) << 6) % fuzz_sf.portal_size;
	bool ok;

	if (size < 64)
		off += (fuzz_byte(t) & 63) & -(size ?: 1);
	ok = fuzz_store(fuzz_sf.portal + off, desc, size);
	fuzz_result(t, 4 << 24 | (off >> 12 & 0xff) << 8 | size, !ok);
	return ok;
}

/* Return: its status, 0 if there is none in time */
static uint8_t wait_for(const struct dsa_completion_record *rec)
{
	uint64_t end = now_ms() + WAIT_MS;
	uint8_t status;

	do {
		status = __atomic_load_n(&rec->status, __ATOMIC_RELAXED);
		if (!status)
			sched_yield();
	} while (!status && now_ms() <= end);
	return status;
}

static void submit(struct fuzz_thread *t, const struct dsa_hw_desc *desc)
{
	struct dsa_completion_record *rec = fuzz_record(desc);
	int nr = fuzz_op_nr(desc->opcode);
	uint8_t status;

	if (rec)
		__atomic_store_n(&rec->status, 0, __ATOMIC_RELAXED);
	if (!store(t, desc, 64) || !rec || fuzz_byte(t) >= 224)
		return;
	status = wait_for(rec);
	fuzz_result(t, 5 << 24 | desc->opcode, status);
	if (status > DSA_COMP_SUCCESS)
		fuzz_accepted(ACCEPT_REFUSED);
	else if (status && nr >= 0)
		fuzz_accepted(ACCEPT_OPS + nr);
	else if (!status && !(fuzz_byte(t) & 7))
		step_start(t);
}

static void step_submit(struct fuzz_thread *t)
{
	struct dsa_hw_desc desc __attribute__((aligned(64)));

	fuzz_describe(t, &desc);
	submit(t, &desc);
}

static void step_batch(struct fuzz_thread *t)
{
	struct dsa_hw_desc desc __attribute__((aligned(64)));

	fuzz_describe_batch(t, &desc);
	submit(t, &desc);
}

static void step_short(struct fuzz_thread *t)
{
	static const uint8_t sizes[] = { 0, 1, 2, 4, 8 };
	uint64_t val = fuzz_value(t);

	store(t, &val, sizes[fuzz_byte(t) % ARRAY_SIZE(sizes)]);
}

/* Log of events somewhere, or of a size that it cannot have */
static void step_evl(struct fuzz_thread *t)
{
	reg(t, true, REG_EVLCFG, 8, fuzz_address(t, ARENA_DST2) & ~0xfffULL);
	reg(t, true, REG_EVLCFG + 8, 8, fuzz_byte(t) < 128 ? 64 : fuzz_value(t));
	reg(t, true, REG_GENCFG, 4, fuzz_value(t));
	reg(t, true, REG_EVLSTS, 8, fuzz_value(t));
}

static void step_reset(struct fuzz_thread *t)
{
	int rc;

	if (fuzz_byte(t) & 15)
		return;
	rc = ioctl(fuzz_sf.device, VFIO_DEVICE_RESET);
	fuzz_result(t, 6 << 24, rc ? -errno : 0);
	if (!rc)
		fuzz_accepted(ACCEPT_RESET);
}

static void step(struct fuzz_thread *t)
{
	static void (*const steps[])(struct fuzz_thread *) = {
		step_config, step_reg, step_command, step_start, step_msix,
		step_submit, step_batch, step_short, step_evl, step_reset,
		step_submit, step_submit, step_batch, step_reg, step_command,
		step_submit,
	};

	steps[fuzz_byte(t) % ARRAY_SIZE(steps)](t);
}

const struct fuzz_target fuzz_guest = {
	.name = "guest",
	.accepts = accepts,
	.round_ms = 4000,
	.begin = begin,
	.end = fuzz_sf_close,
	.step = step,
};
