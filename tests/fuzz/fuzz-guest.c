// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-fuzz guest: what a hostile guest does with the virtual device, by the
 * accesses that a VMM hands on: configuration space, registers, MSI-X,
 * portals and descriptors, from several of its CPUs.
 */
#include "fuzz.h"
#include "sf-copy.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vfio.h>

#define IOVA		(1ULL << 32)
#define MSIX_TABLE	0x800
#define MSIXPERM	0x600

static struct options options = {
	.iova = IOVA, .timeout_ms = 20000, .seed = 1,
};

static struct sf sf;

static void begin(void)
{
	options.pci = fuzz_pci;
	sf_open(&sf, &options, fuzz_sfnum);
	/* A device that does not start is a failure of the round before */
	sf_start(&sf);
}

static void end(void)
{
	sf_close(&sf);
}

static uint64_t config(struct fuzz_thread *t, bool write, unsigned int off,
		       unsigned int len, uint64_t val)
{
	off_t at = ((off_t)VFIO_PCI_CONFIG_REGION_INDEX << 40) + off;
	ssize_t rc;

	rc = write ? pwrite(sf.device, &val, len, at) :
		     pread(sf.device, &val, len, at);
	fuzz_result(t, 1 << 24 | write << 16 | off, rc < 0 ? -errno : 0);
	return val;
}

static uint64_t reg(struct fuzz_thread *t, bool write, uint32_t off,
		    unsigned int len, uint64_t val)
{
	ssize_t rc;

	rc = write ? pwrite(sf.device, &val, len, sf.bar0 + off) :
		     pread(sf.device, &val, len, sf.bar0 + off);
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
	return status;
}

static void step_command(struct fuzz_thread *t)
{
	static const uint8_t codes[] = {
		CMD_ENABLE_DEVICE, CMD_ENABLE_WQ, CMD_ENABLE_WQ, CMD_DRAIN_WQ,
		CMD_REQUEST_HANDLE, CMD_REQUEST_HANDLE, CMD_RELEASE_HANDLE,
		CMD_DISABLE_WQ, CMD_ABORT_WQ, CMD_RESET_WQ, CMD_DRAIN_ALL,
		CMD_ABORT_ALL, CMD_DISABLE_DEVICE, CMD_RESET_DEVICE,
	};
	uint8_t how = fuzz_byte(t);
	uint32_t operand;

	/* Bit 31 asks for an interrupt */
	operand = how & 1 ? 0 : how & 2 ? 1 : fuzz_value(t) & 0xfffff;
	if (how & 0x80)
		operand |= 1u << 31;
	command(t, how < 240 ? codes[fuzz_byte(t) % ARRAY_SIZE(codes)] :
		fuzz_byte(t) & 31, operand);
}

static void step_start(struct fuzz_thread *t)
{
	unsigned int vector = fuzz_byte(t) % sf.nr_vectors;
	uint32_t status;

	config(t, true, 4, 2, 6);
	command(t, CMD_RESET_DEVICE, 0);
	reg(t, true, MSIXPERM + 8 * vector, 4, 0);
	status = command(t, CMD_REQUEST_HANDLE, vector);
	if (!(status & 0xff))
		__atomic_store_n(&sf.handle, status >> 8 & 0xffff,
				 __ATOMIC_RELAXED);
	reg(t, true, REG_GENCTRL, 4, 3);
	command(t, CMD_ENABLE_DEVICE, 0);
	command(t, CMD_ENABLE_WQ, 0);
}

static void step_msix(struct fuzz_thread *t)
{
	unsigned int vector = fuzz_byte(t) % (sf.nr_vectors + 1);

	reg(t, true, MSIX_TABLE + 16 * vector + (fuzz_byte(t) & 12), 4,
	    fuzz_value(t));
}

/* Mostly in the arena; its source is read, its destination written */
static uint64_t address(struct fuzz_thread *t, uint64_t base)
{
	uint8_t how = fuzz_byte(t);

	if (how < 200)
		return IOVA + base + how * 32;
	return how < 230 ? IOVA + fuzz_bits(t, 3) : fuzz_value(t);
}

static void describe(struct fuzz_thread *t, struct dsa_hw_desc *desc)
{
	static const uint8_t opcodes[] = {
		DSA_OPCODE_NOOP, DSA_OPCODE_DRAIN, DSA_OPCODE_MEMMOVE,
		DSA_OPCODE_MEMFILL, DSA_OPCODE_COMPARE, DSA_OPCODE_COMPVAL,
		DSA_OPCODE_CR_DELTA, DSA_OPCODE_AP_DELTA, DSA_OPCODE_DUALCAST,
		DSA_OPCODE_CRCGEN, DSA_OPCODE_COPY_CRC, DSA_OPCODE_DIF_CHECK,
		DSA_OPCODE_DIF_INS, DSA_OPCODE_CFLUSH, DSA_OPCODE_MEMMOVE,
	};
	uint8_t how = fuzz_byte(t);

	memset(desc, 0, sizeof(*desc));
	desc->opcode = how < 220 ? opcodes[how % ARRAY_SIZE(opcodes)] :
		       fuzz_byte(t);
	how = fuzz_byte(t);
	desc->flags = how < 200 ? IDXD_OP_FLAG_CRAV | IDXD_OP_FLAG_RCR |
		      (how & 1 ? IDXD_OP_FLAG_RCI : 0) : fuzz_bits(t, 3);
	desc->priv = how & 1;
	if (how & 0x20)
		desc->pasid = fuzz_value(t);
	desc->completion_addr = address(t, ARENA_RECORDS) & ~31ULL;
	desc->src_addr = address(t, ARENA_SRC);
	desc->dst_addr = address(t, ARENA_DST);
	how = fuzz_byte(t);
	desc->xfer_size = how < 250 ? how * 33 : fuzz_value(t);
	desc->int_handle = how & 7 ?
		__atomic_load_n(&sf.handle, __ATOMIC_RELAXED) : fuzz_value(t);
	if (how & 8)
		fuzz_fill(t, (uint8_t *)desc + 40, 24);
}

static void submit(struct fuzz_thread *t, const void *desc, unsigned int size)
{
	size_t off = (fuzz_bits(t, 2) << 6) % sf.portal_size;
	bool ok;

	if (size < 64)
		off += (fuzz_byte(t) & 63) & -(size ?: 1);
	ok = fuzz_store(sf.portal + off, desc, size);
	fuzz_result(t, 4 << 24 | (off >> 12 & 0xff) << 8 | size, !ok);
}

/* The next records say what came of former descriptors */
static void look(struct fuzz_thread *t, uint8_t opcode)
{
	const struct dsa_completion_record *rec = (void *)sf.arena;
	unsigned int i;

	for (i = 0; i < 200; i++)
		fuzz_result(t, 5 << 24 | opcode,
			    __atomic_load_n(&rec[i].status, __ATOMIC_RELAXED));
}

static void step_submit(struct fuzz_thread *t)
{
	struct dsa_hw_desc desc __attribute__((aligned(64)));

	describe(t, &desc);
	submit(t, &desc, 64);
	look(t, 0);
}

static void step_batch(struct fuzz_thread *t)
{
	struct dsa_hw_desc desc __attribute__((aligned(64))), *list;
	unsigned int i, nr = fuzz_byte(t) % 8 + 1;

	list = (void *)(sf.arena + ARENA_BATCH + 4096 * t->nr);
	for (i = 0; i < nr; i++)
		describe(t, &list[i]);
	describe(t, &desc);
	desc.opcode = DSA_OPCODE_BATCH;
	desc.desc_list_addr = fuzz_byte(t) < 220 ? sf_iova(&sf, list) :
			      address(t, ARENA_BATCH);
	desc.desc_count = fuzz_byte(t) < 220 ? nr : fuzz_value(t);
	submit(t, &desc, 64);
	look(t, DSA_OPCODE_BATCH);
}

static void step_short(struct fuzz_thread *t)
{
	static const uint8_t sizes[] = { 0, 1, 2, 4, 8 };
	uint64_t val = fuzz_value(t);

	submit(t, &val, sizes[fuzz_byte(t) % ARRAY_SIZE(sizes)]);
}

/* Log of events somewhere, or of a size that it cannot have */
static void step_evl(struct fuzz_thread *t)
{
	reg(t, true, REG_EVLCFG, 8, address(t, ARENA_DST2) & ~0xfffULL);
	reg(t, true, REG_EVLCFG + 8, 8, fuzz_byte(t) < 128 ? 64 : fuzz_value(t));
	reg(t, true, REG_GENCFG, 4, fuzz_value(t));
	reg(t, true, REG_EVLSTS, 8, fuzz_value(t));
}

static void step_reset(struct fuzz_thread *t)
{
	if (fuzz_byte(t) & 15)
		return;
	fuzz_result(t, 6 << 24, ioctl(sf.device, VFIO_DEVICE_RESET) ? -errno : 0);
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
	.round_ms = 4000,
	.begin = begin,
	.end = end,
	.step = step,
};
