// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-copy: brings the virtual DSA up by its registers, in the order a guest's
 * driver does, submits descriptors and waits for them. Every wait has a
 * limit. It must not know what VFIO is.
 */
#include "sf-copy.h"

#include <sched.h>
#include <string.h>
#include <unistd.h>

#define COMMAND_LIMIT_MS	10000

/* One 64-byte store; the assembler may be older than the instruction */
static void movdir64b(volatile void *dst, const void *src)
{
	/* movdir64b (%rdx), %rax */
	asm volatile(".byte 0x66, 0x0f, 0x38, 0xf8, 0x02"
		     : : "a" (dst), "d" (src) : "memory");
}

/* Runs a command, returns CMDSTS once it is no longer active */
uint32_t sf_command(struct sf *sf, uint32_t code, uint32_t operand)
{
	uint64_t end = now_ms() + COMMAND_LIMIT_MS;
	uint32_t status;

	sf_write(sf, REG_CMD, code << 20 | operand, 4);
	for (;;) {
		status = sf_read(sf, REG_CMDSTS, 4);
		if (!(status >> 31))
			return status;
		if (now_ms() > end)
			die("SF %u: command %u does not end", sf->sfnum, code);
		usleep(1000);
	}
}

static uint32_t must(struct sf *sf, uint32_t code, uint32_t operand)
{
	uint32_t status = sf_command(sf, code, operand);

	if (status & 0xff)
		die("SF %u: command %u: error %#x", sf->sfnum, code,
		    status & 0xff);
	return status >> 8 & 0xffff;
}

uint32_t sf_wqcfg(struct sf *sf)
{
	return (sf_read(sf, REG_TABLES, 8) >> 16 & 0xffff) * 0x100;
}

static uint32_t msixperm_off(struct sf *sf)
{
	return (sf_read(sf, REG_TABLES, 8) >> 32 & 0xffff) * 0x100;
}

static void check_caps(struct sf *sf)
{
	uint64_t wqcap = sf_read(sf, REG_WQCAP, 8);
	uint64_t gencap = sf_read(sf, REG_GENCAP, 8);

	if (!sf_read(sf, REG_VERSION, 4))
		die("SF %u: no version", sf->sfnum);
	if ((wqcap >> 16 & 0xff) != 1)
		die("SF %u: %u WQs, 1 expected", sf->sfnum,
		    (unsigned int)(wqcap >> 16 & 0xff));
	if (gencap >> 31 & 1)
		die("SF %u: says it is configurable", sf->sfnum);
	if (!(sf_read(sf, REG_CMDCAP, 4) & 1 << CMD_REQUEST_HANDLE))
		die("SF %u: no interrupt handle command", sf->sfnum);
}

static void request_vector(struct sf *sf, unsigned int vector)
{
	if (vector >= sf->nr_vectors)
		die("SF %u: no vector %u", sf->sfnum, vector);
	/* This address space has no PASID of its own */
	sf_write(sf, msixperm_off(sf) + 8 * vector, 0, 4);
	sf->handle = must(sf, CMD_REQUEST_HANDLE, vector);
	sf->vector = vector;
}

/* From now on completions raise another vector */
void sf_use_vector(struct sf *sf, unsigned int vector)
{
	if (vector == sf->vector)
		return;
	must(sf, CMD_RELEASE_HANDLE, sf->handle);
	request_vector(sf, vector);
}

void sf_start(struct sf *sf)
{
	uint32_t wq = sf_wqcfg(sf);

	check_caps(sf);
	must(sf, CMD_RESET_DEVICE, 0);
	/* Vector 0 is none that a descriptor could raise */
	request_vector(sf, sf->opt->vector ?: 1);
	sf_write(sf, REG_INTCAUSE, 0xffffffff, 4);
	sf_write(sf, REG_GENCTRL, 3, 4);
	must(sf, CMD_ENABLE_DEVICE, 0);
	must(sf, CMD_ENABLE_WQ, 0);
	if ((sf_read(sf, REG_GENSTS, 4) & 3) != 1)
		die("SF %u: device not enabled", sf->sfnum);
	if (sf_read(sf, wq + 0x18, 4) >> 30 != 1)
		die("SF %u: WQ not enabled", sf->sfnum);
	sf->wq_size = sf_read(sf, wq, 4) & 0xffff;
	sf->wq_priority = sf_read(sf, wq + 8, 4) >> 4 & 0xf;
	if (!sf->wq_size)
		die("SF %u: a WQ of size 0", sf->sfnum);
	note("SF %u: WQ of %u entries, interrupt handle %#x", sf->sfnum,
	     sf->wq_size, sf->handle);
}

void sf_stop(struct sf *sf)
{
	must(sf, CMD_DISABLE_WQ, 1);
	must(sf, CMD_DISABLE_DEVICE, 0);
	must(sf, CMD_RELEASE_HANDLE, sf->handle);
}

uint64_t sf_iova(const struct sf *sf, const void *p)
{
	uint64_t off = (const uint8_t *)p - sf->arena;

	if (sf->regs)
		return sf->pages[off >> 21] + (off & ((1UL << 21) - 1));
	return sf->opt->iova + off;
}

struct dsa_completion_record *sf_record(struct sf *sf, unsigned int nr)
{
	return (void *)(sf->arena + ARENA_RECORDS +
			nr * sizeof(struct dsa_completion_record));
}

/* A descriptor whose completion goes to a record that is cleared here */
void sf_desc(struct sf *sf, struct dsa_hw_desc *desc, uint8_t opcode,
	     unsigned int record)
{
	struct dsa_completion_record *rec = sf_record(sf, record);

	memset(rec, 0, sizeof(*rec));
	memset(desc, 0, sizeof(*desc));
	desc->opcode = opcode;
	/* A guest's kernel says so; a dedicated WQ does not listen */
	desc->priv = 1;
	desc->flags = IDXD_OP_FLAG_CRAV | IDXD_OP_FLAG_RCR;
	if (!sf->opt->poll) {
		desc->flags |= IDXD_OP_FLAG_RCI;
		desc->int_handle = sf->handle;
	}
	desc->completion_addr = sf_iova(sf, rec);
}

void sf_submit_to(struct sf *sf, const struct dsa_hw_desc *desc,
		  unsigned int page)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	movdir64b(sf->portal + page * 4096UL + sf->portal_next, desc);
	sf->portal_next = (sf->portal_next + 64) % 4096;
}

void sf_submit(struct sf *sf, const struct dsa_hw_desc *desc)
{
	sf_submit_to(sf, desc, sf->opt->page);
}

static uint8_t wait_polling(struct sf *sf, struct dsa_completion_record *rec)
{
	uint64_t end = now_ms() + sf->opt->timeout_ms;

	while (!rec->status) {
		if (now_ms() > end)
			die("SF %u: no completion", sf->sfnum);
		sched_yield();
	}
	return rec->status;
}

/* Waits with the eventfd only: the status is read after an event, and an
 * event that never comes is an error even when the record is there. Whether
 * it comes later tells one that is slow from one that is lost. An event may be
 * that of an earlier descriptor whose end was polled for: so one look decides.
 */
static uint8_t wait_event(struct sf *sf, struct dsa_completion_record *rec)
{
	uint64_t begin = now_ms(), took, events;
	uint8_t status;

	for (;;) {
		events = sf_events(sf, sf->vector, sf->opt->timeout_ms);
		sf->interrupts += events;
		status = rec->status;
		if (status && events)
			return status;
		took = now_ms() - begin;
		if (status)
			die("SF %u: completed without an interrupt in %llu ms%s",
			    sf->sfnum, (unsigned long long)took,
			    sf_events(sf, sf->vector, 2000) ?
			    ", it came later" : "");
		if (took > sf->opt->timeout_ms)
			die("SF %u: no completion", sf->sfnum);
	}
}

uint8_t sf_wait(struct sf *sf, struct dsa_completion_record *rec)
{
	uint8_t status;

	if (sf->opt->poll)
		status = wait_polling(sf, rec);
	else
		status = wait_event(sf, rec);
	/* The status byte is written last */
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return status;
}

uint8_t sf_do(struct sf *sf, struct dsa_hw_desc *desc)
{
	/* Records are in the first page */
	uint64_t off = desc->completion_addr - sf_iova(sf, sf->arena);

	sf_submit(sf, desc);
	return sf_wait(sf, (void *)(sf->arena + off));
}
