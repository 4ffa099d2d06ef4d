// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev: the event log. Errors of the queue become entries in memory of the
 * user; full, switched off, in memory that is not mapped, that is read only
 * or that goes away meanwhile, they are in SWERR.
 */
#include "sf-dev.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LOG_OFF		0x100000UL
#define LOG_SIZE	64
#define ENTRY_WORDS	8
#define PAGE		4096UL
#define WAIT_MS		5000
#define ERR_WQ_DISABLED	0x51

/* What the log says of the bad descriptor: descriptor and WQ are valid */
#define ENTRY_WORD0	((uint64_t)BAD_OPCODE << 32 | ERR_BAD_OPCODE << 8 | 0xc)
/* Privilege is the host's and any value is fine */
#define ENTRY_PRIV	(1ULL << 6)
/* Details, and the record, are there if the host's device has a log */
#define ENTRY_DETAILS	(1ULL << 7)

static uint64_t *log_of(struct sf *sf)
{
	return (uint64_t *)(sf->arena + LOG_OFF);
}

static unsigned int tail_of(struct sf *sf)
{
	return sf_read(sf, REG_EVLSTS + 4, 2);
}

static bool swerr_valid(struct sf *sf)
{
	return sf_read(sf, REG_SWERR, 8) & 1;
}

static void ack_swerr(struct sf *sf)
{
	sf_write(sf, REG_SWERR, 3, 8);
	sf_write(sf, REG_INTCAUSE, INTCAUSE_SWERR, 4);
}

/*
 * Device and queue enabled with a log at @iova, as the stock driver does it;
 * without one if @size is 0
 */
void dev_start(struct sf *sf, uint64_t iova, unsigned int size)
{
	dev_reset(sf);
	sf_write(sf, REG_EVLCFG, iova, 8);
	sf_write(sf, REG_EVLCFG + 8, size, 8);
	sf_write(sf, REG_GENCTRL, 7, 4);
	sf_write(sf, REG_GENCFG, size ? 1 << 13 : 0, 4);
	sf->vector = 1;
	sf->handle = sf_command(sf, CMD_REQUEST_HANDLE, sf->vector) >> 8 &
		     0xffff;
	dev_command(sf, CMD_ENABLE_DEVICE, 0, 0);
	dev_command(sf, CMD_ENABLE_WQ, 0, 0);
	sf->wq_size = sf_read(sf, sf_wqcfg(sf), 4) & 0xffff;
	dev_drain_events(sf, 0);
}

/* One error; true if it came to the log, false if to SWERR */
static bool logged(struct sf *sf)
{
	uint64_t end = now_ms() + WAIT_MS;
	unsigned int tail = tail_of(sf);

	dev_bad_desc(sf);
	while (now_ms() < end) {
		if (tail_of(sf) != tail)
			return true;
		if (swerr_valid(sf))
			return false;
		usleep(100);
	}
	die("SF %u: the error is nowhere", sf->sfnum);
}

static bool entry_is_right(const uint64_t *entry)
{
	uint64_t status = entry[0] & ENTRY_DETAILS ? ERR_BAD_OPCODE : 0;
	bool ok = dev_expect("word 0", ENTRY_WORD0,
			     entry[0] & ~(ENTRY_PRIV | ENTRY_DETAILS));
	unsigned int i;

	for (i = 1; i < ENTRY_WORDS; i++)
		ok &= dev_expect("another word", i == 4 ? status : 0, entry[i]);
	return ok;
}

static bool evl_entry(struct sf *sf)
{
	uint64_t *log = log_of(sf);
	uint64_t gencap = sf_read(sf, REG_GENCAP, 8);
	bool ok = dev_expect("GENCAP event log", 1, gencap >> 13 & 3);

	memset(log, 0xa5, LOG_SIZE * 64);
	dev_start(sf, sf_iova(sf, log), LOG_SIZE);
	ok &= check(logged(sf), "the entry is in SWERR");
	ok &= check(sf_events(sf, 0, WAIT_MS), "no interrupt");
	ok &= dev_expect("INTCAUSE", INTCAUSE_EVL,
			 sf_read(sf, REG_INTCAUSE, 4));
	ok &= dev_expect("EVLSTS", 1ULL << 62 | 1ULL << 32,
			 sf_read(sf, REG_EVLSTS, 8));
	ok &= check(!swerr_valid(sf), "SWERR has it too");
	ok &= entry_is_right(log);
	ok &= dev_expect("the entry behind", 0xa5a5a5a5a5a5a5a5ULL, log[8]);
	/* Not acknowledged: the next one is logged and interrupts nobody */
	sf_write(sf, REG_INTCAUSE, INTCAUSE_EVL, 4);
	ok &= check(logged(sf), "the second entry is in SWERR");
	ok &= entry_is_right(log + ENTRY_WORDS);
	ok &= check(!sf_events(sf, 0, 50), "an interrupt while one is pending");
	sf_write(sf, REG_EVLSTS + 4, 1u << 30, 4);
	ok &= check(logged(sf), "the third entry is in SWERR");
	ok &= check(sf_events(sf, 0, WAIT_MS), "no interrupt after the third");
	return ok & dev_copies(sf);
}

/* One place stays free; then errors go to SWERR until software catches up */
static bool evl_overflow(struct sf *sf)
{
	uint64_t *log = log_of(sf);
	bool ok = true;
	unsigned int i;

	dev_start(sf, sf_iova(sf, log), LOG_SIZE);
	for (i = 0; ok && i < LOG_SIZE - 1; i++)
		ok = check(logged(sf), "entry %u is in SWERR", i);
	ok = ok && check(!logged(sf), "more entries than places");
	ok = ok && dev_expect("tail", LOG_SIZE - 1, tail_of(sf));
	ok = ok && dev_expect("error", ERR_BAD_OPCODE,
			      sf_read(sf, REG_SWERR, 8) >> 8 & 0xff);
	ack_swerr(sf);
	memset(log, 0, 64);
	sf_write(sf, REG_EVLSTS, 3, 4);
	/* The last place, then around the end */
	ok = ok && check(logged(sf), "full after the head moved");
	ok = ok && dev_expect("tail", 0, tail_of(sf));
	ok = ok && check(logged(sf), "not around the end");
	ok = ok && entry_is_right(log);
	return ok && dev_copies(sf);
}

static bool evl_off(struct sf *sf)
{
	sf_start(sf);
	return check(!logged(sf), "in a log that is off") && dev_copies(sf);
}

static void submit_lost_record(struct sf *sf, uint64_t addr)
{
	struct dsa_hw_desc desc;

	sf_desc(sf, &desc, DSA_OPCODE_NOOP, 0);
	desc.flags &= ~IDXD_OP_FLAG_RCI;
	desc.completion_addr = addr;
	sf_submit(sf, &desc);
}

/* Of a host without a log the record is not known: SWERR */
static bool evl_record_unknown(struct sf *sf)
{
	uint64_t addr = sf->opt->iova + ARENA_SIZE + (1UL << 30);
	uint64_t end = now_ms() + WAIT_MS;

	dev_start(sf, sf_iova(sf, log_of(sf)), LOG_SIZE);
	submit_lost_record(sf, addr);
	while (!swerr_valid(sf) && now_ms() < end)
		usleep(100);
	return dev_expect("error", DSA_COMP_CRA_XLAT,
			  sf_read(sf, REG_SWERR, 8) >> 8 & 0xff) &&
	       dev_expect("address", addr, sf_read(sf, REG_SWERR + 16, 8)) &&
	       dev_expect("tail", 0, tail_of(sf));
}

/* Of one that has a log it is in the entry, for software to write */
static bool evl_record(struct sf *sf)
{
	uint64_t addr = sf->opt->iova + ARENA_SIZE + (1UL << 30);
	uint64_t *log = log_of(sf), end = now_ms() + WAIT_MS;

	dev_start(sf, sf_iova(sf, log), LOG_SIZE);
	submit_lost_record(sf, addr);
	while (!tail_of(sf) && now_ms() < end)
		usleep(100);
	return dev_expect("tail", 1, tail_of(sf)) &&
	       check(!swerr_valid(sf), "SWERR has it too") &&
	       dev_expect("error", DSA_COMP_CRA_XLAT, log[0] >> 8 & 0xff) &&
	       dev_expect("whose", 0, log[0] & 0x0fffff0000ff0000ULL) &&
	       /* Record requested; no handle, which would be IMS's */
	       dev_expect("details", 1ULL << 50, log[1] & ~0xffffULL) &&
	       dev_expect("address", addr, log[2]) &&
	       dev_expect("record", DSA_COMP_SUCCESS, log[4]) &&
	       dev_copies(sf);
}

static bool evl_config(struct sf *sf)
{
	uint64_t iova = sf_iova(sf, log_of(sf));
	bool ok = true;

	sf_write(sf, REG_EVLCFG, iova, 8);
	sf_write(sf, REG_EVLCFG + 8, LOG_SIZE - 1, 8);
	sf_write(sf, REG_GENCFG, 1 << 13, 4);
	ok &= dev_command(sf, CMD_ENABLE_DEVICE, 0, 0x11);
	/* Read only while the log is on */
	sf_write(sf, REG_EVLCFG + 8, LOG_SIZE, 8);
	ok &= dev_expect("size", LOG_SIZE - 1, sf_read(sf, REG_EVLCFG + 8, 8));
	sf_write(sf, REG_GENCFG, 0, 4);
	sf_write(sf, REG_EVLCFG, iova | 1, 8);
	sf_write(sf, REG_EVLCFG + 8, LOG_SIZE, 8);
	sf_write(sf, REG_GENCFG, 1 << 13, 4);
	/* A PASID, where there is none */
	ok &= dev_command(sf, CMD_ENABLE_DEVICE, 0, 0x11);
	ok &= dev_command(sf, CMD_RESET_DEVICE, 0, 0);
	ok &= dev_expect("EVLCFG after a reset", 0,
			 sf_read(sf, REG_EVLCFG, 8) |
			 sf_read(sf, REG_EVLCFG + 8, 8) |
			 sf_read(sf, REG_EVLSTS, 8) |
			 sf_read(sf, REG_GENCFG, 4));
	ok &= dev_command(sf, CMD_ENABLE_DEVICE, 0, 0);
	sf_write(sf, REG_GENCFG, 1 << 13, 4);
	ok &= dev_expect("GENCFG while enabled", 0, sf_read(sf, REG_GENCFG, 4));
	return ok;
}

/* Nothing is mapped there, at any address a driver may write */
static bool evl_unmapped(struct sf *sf)
{
	static const uint64_t addr[] = {
		0, 0xfee00000, 0xfffffffffffff000, 0x8000000000000000,
		0x100000000 + ARENA_SIZE,
	};
	bool ok = true;
	unsigned int i;

	for (i = 0; ok && i < ARRAY_SIZE(addr); i++) {
		dev_start(sf, addr[i], LOG_SIZE);
		ok = check(!logged(sf), "logged to %#llx",
			   (unsigned long long)addr[i]) &&
		     dev_expect("tail", 0, tail_of(sf)) && dev_copies(sf);
	}
	return ok;
}

static uint64_t *new_page(int prot)
{
	uint64_t *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("no memory");
	memset(p, 0x3c, PAGE);
	if (mprotect(p, PAGE, prot))
		die("mprotect: %s", strerror(errno));
	return p;
}

static bool untouched(const uint64_t *p)
{
	unsigned int i;

	for (i = 0; i < PAGE / 8; i++)
		if (p[i] != 0x3c3c3c3c3c3c3c3cULL)
			return false;
	return true;
}

/* What the device may only read is not written for it either */
static bool evl_read_only(struct sf *sf)
{
	uint64_t iova = sf->opt->iova + ARENA_SIZE + PAGE;
	uint64_t *page = new_page(PROT_READ), *other = new_page(PROT_READ);
	bool ok;

	sf_map_read_only(sf, page, iova, PAGE);
	dev_start(sf, iova, LOG_SIZE);
	ok = check(!logged(sf), "logged to memory it may only read") &&
	     check(untouched(page), "memory it may only read was written");
	ack_swerr(sf);
	/* Its place in the table of such pages goes with it */
	sf_unmap(sf, iova, PAGE);
	if (mprotect(other, PAGE, PROT_READ | PROT_WRITE))
		die("mprotect: %s", strerror(errno));
	sf_map(sf, other, iova, PAGE);
	ok = ok && check(logged(sf), "not logged to memory it may write") &&
	     entry_is_right(other) &&
	     check(untouched(page), "the old page was written");
	sf_unmap(sf, iova, PAGE);
	return ok && dev_copies(sf);
}

struct mover {
	struct sf *sf;
	uint64_t *page[2];
	uint64_t iova;
	bool stop;
	unsigned int nr_moves;
	bool ok;
};

/*
 * Now one page, now the other is mapped at the log's address. A page that is
 * not, keeps what is written to it.
 */
static void *move_log(void *arg)
{
	struct mover *m = arg;
	unsigned int i;

	for (i = 0; !__atomic_load_n(&m->stop, __ATOMIC_RELAXED); i++) {
		uint64_t *page = m->page[i & 1];

		memset(page, 0x3c, PAGE);
		sf_map(m->sf, page, m->iova, PAGE);
		usleep(i % 7 * 100);
		sf_unmap(m->sf, m->iova, PAGE);
		memset(page, 0x3c, PAGE);
		usleep(i % 5 * 100);
		if (!untouched(page))
			m->ok = false;
		m->nr_moves++;
	}
	return NULL;
}

/* The log's memory moves under it: an error is somewhere, and no harm done */
static bool evl_moving(struct sf *sf)
{
	struct mover m = {
		.sf = sf, .ok = true,
		.page = { new_page(PROT_READ | PROT_WRITE),
			  new_page(PROT_READ | PROT_WRITE) },
		.iova = sf->opt->iova + ARENA_SIZE + PAGE,
	};
	unsigned int in_log = 0, elsewhere = 0, i;
	pthread_t thread;

	dev_start(sf, m.iova, LOG_SIZE);
	if (pthread_create(&thread, NULL, move_log, &m))
		die("no thread");
	for (i = 0; i < 200; i++) {
		if (logged(sf)) {
			in_log++;
			sf_write(sf, REG_EVLSTS, tail_of(sf), 4);
		} else {
			elsewhere++;
			ack_swerr(sf);
		}
	}
	__atomic_store_n(&m.stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	printf("%u errors in the log, %u in SWERR, %u moves\n", in_log,
	       elsewhere, m.nr_moves);
	return check(m.ok, "an unmapped page was written") &&
	       check(m.nr_moves > 50, "only %u moves", m.nr_moves) &&
	       check(in_log && elsewhere, "the log was never %s",
		     in_log ? "unmapped" : "mapped") &&
	       dev_copies(sf);
}

/* The host's device needs its time to report them */
static void store_reported(struct sf *sf, unsigned int nr)
{
	while (nr--)
		dev_bad_desc(sf);
	usleep(20000);
}

/*
 * A device that is disabled says nothing of stores to its portals, then or later;
 * of what was before it does, and of all else
 */
static bool evl_disabled(struct sf *sf)
{
	uint64_t end = now_ms() + 4 * WAIT_MS;
	bool ok;

	dev_start(sf, 0, 0);
	ok = dev_command(sf, CMD_DISABLE_WQ, 1, 0);
	store_reported(sf, 1);
	ok &= dev_command(sf, CMD_DISABLE_DEVICE, 0, 0);
	ok &= dev_expect("error of a disabled queue", ERR_WQ_DISABLED,
			 sf_read(sf, REG_SWERR + 1, 1));
	ack_swerr(sf);
	store_reported(sf, 8);
	ok &= dev_command(sf, CMD_ENABLE_DEVICE, 0, 0);
	usleep(50000);
	ok &= check(!swerr_valid(sf), "an error of the disabled device: %#llx",
		    (unsigned long long)sf_read(sf, REG_SWERR, 8));
	ok &= dev_command(sf, CMD_DISABLE_DEVICE, 0, 0);
	puts("disabled");
	fflush(stdout);
	while (!swerr_valid(sf) && now_ms() < end)
		usleep(1000);
	ok &= check(swerr_valid(sf), "another error was dropped");
	dev_start(sf, 0, 0);
	return ok && dev_copies(sf);
}

const struct step evl_steps[] = {
	{ "evl-entry", evl_entry },
	{ "evl-overflow", evl_overflow },
	{ "evl-off", evl_off },
	{ "evl-record", evl_record },
	{ "evl-unknown-record", evl_record_unknown },
	{ "evl-config", evl_config },
	{ "evl-unmapped", evl_unmapped },
	{ "evl-read-only", evl_read_only },
	{ "evl-moving", evl_moving },
	{ "evl-disabled", evl_disabled },
	{ }
};
