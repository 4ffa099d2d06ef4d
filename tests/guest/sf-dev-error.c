// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev: software errors, with two subfunctions open. Each kind reaches its
 * own user, in the order and with the bits of hardware, and the other user
 * sees nothing of it; also while one of them floods the device.
 */
#include "sf-dev.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WAIT_MS		5000
/* Time in which something that must not come would come */
#define QUIET_MS	50

#define VALID		1
#define OVERFLOWN	2
/* WQ index and PASID, which are the host's */
#define WHOSE		0x0fffff0000ff0000ULL
#define CODE(word)	((word) >> 8 & 0xff)
#define OPCODE(word)	((word) >> 32 & 0xff)
#define INTCAUSE_HALT	(1u << 4)

/* Two operations no DSA has */
#define OP_A		0x3e
#define OP_B		BAD_OPCODE

#define LOG_OFF		0x100000UL
#define LOG_SIZE	512
#define ENTRY_WORDS	8
#define NR_SINGLE	20
/* The emulated device's own code, for a descriptor that found no place */
#define ERR_WQ_FULL	0x52

static uint64_t *log_of(struct sf *sf)
{
	return (uint64_t *)(sf->arena + LOG_OFF);
}

static unsigned int tail_of(struct sf *sf)
{
	return sf_read(sf, REG_EVLSTS + 4, 2);
}

static uint64_t swerr(struct sf *sf)
{
	return sf_read(sf, REG_SWERR, 8);
}

/* An error with nowhere to tell it */
static void bad(struct sf *sf, uint8_t opcode)
{
	struct dsa_hw_desc desc = { .opcode = opcode };

	sf_submit(sf, &desc);
}

static void start(struct sf *sf, bool log)
{
	memset(log_of(sf), 0, LOG_SIZE * 64);
	dev_start(sf, sf_iova(sf, log_of(sf)), log ? LOG_SIZE : 0);
	dev_drain_events(sf, 1);
}

static void open_other(struct sf *sf, struct sf *other, bool log)
{
	sf_open(other, sf->opt, sf->sfnum + 1);
	start(other, log);
	start(sf, log);
}

/* All of @bits are set in SWERR in time */
static bool wait_swerr(struct sf *sf, uint64_t bits)
{
	uint64_t end = now_ms() + WAIT_MS;

	while ((swerr(sf) & bits) != bits && now_ms() < end)
		usleep(100);
	return dev_expect("SWERR bits", bits, swerr(sf) & bits);
}

static bool wait_tail(struct sf *sf, unsigned int tail)
{
	uint64_t end = now_ms() + WAIT_MS;

	while (tail_of(sf) != tail && now_ms() < end)
		usleep(100);
	return dev_expect("tail", tail, tail_of(sf));
}

static bool is_quiet(struct sf *sf)
{
	bool ok = check(!sf_events(sf, 0, QUIET_MS),
			"SF %u: an interrupt of another's error", sf->sfnum);

	ok &= check(!sf_events(sf, 1, 0), "SF %u: a completion of another",
		    sf->sfnum);
	ok &= dev_expect("SWERR of another's error", 0, swerr(sf));
	ok &= dev_expect("causes of another's error", 0,
			 sf_read(sf, REG_INTCAUSE, 4));
	return ok & dev_expect("tail of another's error", 0, tail_of(sf));
}

static bool close_both(struct sf *sf, struct sf *other, bool ok)
{
	ok = ok && dev_copies(other) && dev_copies(sf);
	sf_close(other);
	return ok;
}

static bool swerr_says(struct sf *sf, uint8_t bits, uint8_t code, uint8_t op)
{
	uint64_t word = swerr(sf);

	return dev_expect("valid, overflow", bits, word & 3) &
	       dev_expect("error", code, CODE(word)) &
	       dev_expect("operation", op, OPCODE(word)) &
	       dev_expect("whose", 0, word & WHOSE);
}

/* Valid, then overflow, each with an interrupt; what is acknowledged is gone */
static bool error_swerr(struct sf *sf)
{
	struct sf other;
	bool ok;

	open_other(sf, &other, false);
	bad(&other, OP_B);
	ok = wait_swerr(&other, VALID) &&
	     swerr_says(&other, VALID, ERR_BAD_OPCODE, OP_B) &&
	     check(sf_events(&other, 0, WAIT_MS), "no interrupt") &&
	     dev_expect("INTCAUSE", INTCAUSE_SWERR,
			sf_read(&other, REG_INTCAUSE, 4));
	/* The second sets overflow and interrupts; INTCAUSE is set still */
	bad(&other, OP_A);
	ok = ok && wait_swerr(&other, VALID | OVERFLOWN) &&
	     swerr_says(&other, 3, ERR_BAD_OPCODE, OP_B) &&
	     check(sf_events(&other, 0, WAIT_MS), "no interrupt of overflow");
	/* The third has nothing to say */
	bad(&other, OP_A);
	ok = ok && check(!sf_events(&other, 0, QUIET_MS), "a third interrupt") &&
	     swerr_says(&other, 3, ERR_BAD_OPCODE, OP_B);
	/* Valid alone, as somebody may who looks for overflow later */
	sf_write(&other, REG_INTCAUSE, INTCAUSE_SWERR, 4);
	sf_write(&other, REG_SWERR, VALID, 4);
	ok = ok && swerr_says(&other, OVERFLOWN, ERR_BAD_OPCODE, OP_B);
	bad(&other, OP_A);
	ok = ok && wait_swerr(&other, VALID) &&
	     swerr_says(&other, VALID, ERR_BAD_OPCODE, OP_A) &&
	     check(sf_events(&other, 0, WAIT_MS), "no interrupt after it");
	sf_write(&other, REG_SWERR, 3, 8);
	ok = ok && swerr_says(&other, 0, ERR_BAD_OPCODE, OP_A) && is_quiet(sf);
	return close_both(sf, &other, ok);
}

/* A handle that is the other's: told to who used it, no interrupt to anybody */
static bool error_handle(struct sf *sf)
{
	struct dsa_completion_record *rec;
	uint64_t end = now_ms() + WAIT_MS;
	struct dsa_hw_desc desc;
	struct sf other;
	bool ok;

	open_other(sf, &other, false);
	rec = sf_record(&other, 0);
	sf_desc(&other, &desc, DSA_OPCODE_NOOP, 0);
	desc.int_handle = sf->handle;
	sf_submit(&other, &desc);
	while (!rec->status && now_ms() < end)
		usleep(100);
	ok = dev_expect("status", DSA_COMP_INT_HANDLE_INVAL, rec->status);
	ok = ok && is_quiet(&other) && is_quiet(sf);
	/* Without a record */
	desc.flags = IDXD_OP_FLAG_RCI;
	desc.completion_addr = 0;
	sf_submit(&other, &desc);
	ok = ok && wait_swerr(&other, VALID) &&
	     swerr_says(&other, VALID, DSA_COMP_INT_HANDLE_INVAL,
			DSA_OPCODE_NOOP) &&
	     is_quiet(sf);
	return close_both(sf, &other, ok);
}

/* Addresses that only the other has, of data and of the record */
static bool error_fault(struct sf *sf)
{
	uint64_t addr = sf->opt->iova + ARENA_SIZE + (1UL << 30);
	struct dsa_completion_record *rec;
	uint64_t end = now_ms() + WAIT_MS;
	struct dsa_hw_desc desc;
	struct sf other;
	bool ok;

	open_other(sf, &other, false);
	sf_map(sf, sf->arena, addr, 4096);
	memset(sf->arena, 0, 4096);
	rec = sf_record(&other, 0);
	sf_desc(&other, &desc, DSA_OPCODE_MEMMOVE, 0);
	desc.flags &= ~IDXD_OP_FLAG_RCI;
	desc.src_addr = sf_iova(&other, other.arena + ARENA_SRC);
	desc.dst_addr = addr;
	desc.xfer_size = 4096;
	sf_submit(&other, &desc);
	while (!rec->status && now_ms() < end)
		usleep(100);
	ok = dev_expect("status", DSA_COMP_PAGE_FAULT_NOBOF | 0x80,
			rec->status) &&
	     dev_expect("address", addr, rec->fault_addr) &&
	     is_quiet(&other) && is_quiet(sf);
	desc.opcode = DSA_OPCODE_NOOP;
	desc.src_addr = 0;
	desc.dst_addr = 0;
	desc.xfer_size = 0;
	desc.completion_addr = addr;
	sf_submit(&other, &desc);
	ok = ok && wait_swerr(&other, VALID) &&
	     swerr_says(&other, VALID, DSA_COMP_CRA_XLAT, DSA_OPCODE_NOOP) &&
	     dev_expect("address", addr, sf_read(&other, REG_SWERR + 16, 8)) &&
	     is_quiet(sf) && check(!sf->arena[0], "the other's memory changed");
	sf_unmap(sf, addr, 4096);
	return close_both(sf, &other, ok);
}

/* One of a flood, whether its descriptor found a place in the queue or not */
static bool is_of_flood(uint64_t word)
{
	return check(CODE(word) == ERR_BAD_OPCODE || CODE(word) == ERR_WQ_FULL,
		     "error %#x", (unsigned int)CODE(word)) &
	       dev_expect("operation", OP_B, OPCODE(word)) &
	       dev_expect("whose", 0, word & WHOSE);
}

static bool entry_says(const uint64_t *entry, uint8_t code, uint8_t op)
{
	return dev_expect("error", code, CODE(entry[0])) &
	       dev_expect("operation", op, OPCODE(entry[0])) &
	       dev_expect("whose", 0, entry[0] & WHOSE);
}

static bool error_log(struct sf *sf)
{
	struct sf other;
	bool ok;

	open_other(sf, &other, true);
	bad(&other, OP_B);
	ok = wait_tail(&other, 1) &&
	     entry_says(log_of(&other), ERR_BAD_OPCODE, OP_B) &&
	     check(sf_events(&other, 0, WAIT_MS), "no interrupt") &&
	     dev_expect("INTCAUSE", INTCAUSE_EVL,
			sf_read(&other, REG_INTCAUSE, 4)) &&
	     is_quiet(sf) && dev_expect("log", 0, log_of(sf)[0]);
	bad(sf, OP_A);
	ok = ok && wait_tail(sf, 1) &&
	     entry_says(log_of(sf), ERR_BAD_OPCODE, OP_A) &&
	     dev_expect("tail", 1, tail_of(&other));
	return close_both(sf, &other, ok);
}

/*
 * A batch with a record that cannot be written, then a drain: whether the
 * host's log is on or not, a user without one gets all other records.
 */
static bool try_records(struct sf *sf, uint8_t status)
{
	uint64_t addr = sf->opt->iova + ARENA_SIZE + (1UL << 30);
	struct dsa_hw_desc *list, desc;
	struct dsa_completion_record *rec;
	struct sf other;
	bool ok;

	open_other(sf, &other, false);
	list = (struct dsa_hw_desc *)(other.arena + ARENA_BATCH);
	sf_desc(&other, &list[0], DSA_OPCODE_NOOP, 1);
	list[0].flags &= ~IDXD_OP_FLAG_RCI;
	list[1] = list[0];
	list[0].completion_addr = addr;
	sf_desc(&other, &desc, DSA_OPCODE_BATCH, 0);
	desc.desc_list_addr = sf_iova(&other, list);
	desc.desc_count = 2;
	rec = sf_record(&other, 0);
	ok = dev_expect("batch", status, sf_do(&other, &desc)) &&
	     dev_expect("result", status != DSA_COMP_SUCCESS, rec->result) &&
	     dev_expect("completed", 2, rec->bytes_completed) &&
	     dev_expect("member", DSA_COMP_SUCCESS,
			sf_record(&other, 1)->status) &&
	     wait_swerr(&other, VALID) &&
	     swerr_says(&other, VALID, DSA_COMP_CRA_XLAT, DSA_OPCODE_NOOP);
	sf_desc(&other, &desc, DSA_OPCODE_DRAIN, 0);
	ok = ok && dev_expect("drain", DSA_COMP_SUCCESS, sf_do(&other, &desc)) &&
	     is_quiet(sf);
	return close_both(sf, &other, ok);
}

/* Written by the host, who says that the batch has failed, as software does */
static bool error_records(struct sf *sf)
{
	return try_records(sf, DSA_COMP_BATCH_FAIL);
}

/* By the device, which looks at the results of its members */
static bool error_records_device(struct sf *sf)
{
	return try_records(sf, DSA_COMP_SUCCESS);
}

struct flood {
	struct sf *sf;
	bool stop;
	unsigned long nr;
};

static void *flood(void *arg)
{
	struct flood *f = arg;

	while (!__atomic_load_n(&f->stop, __ATOMIC_RELAXED)) {
		bad(f->sf, OP_B);
		__atomic_fetch_add(&f->nr, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void flood_begin(struct flood *f, struct sf *sf, pthread_t *thread)
{
	*f = (struct flood){ .sf = sf };
	if (pthread_create(thread, NULL, flood, f))
		die("no thread");
	while (__atomic_load_n(&f->nr, __ATOMIC_RELAXED) < 200)
		usleep(1000);
}

static void flood_end(struct flood *f, pthread_t thread)
{
	__atomic_store_n(&f->stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
}

/* One error at a time, beside a flood: with a log on the host all arrive */
static bool error_flood(struct sf *sf)
{
	unsigned int i, nr_entries;
	pthread_t thread;
	struct flood f;
	struct sf other;
	bool ok = true;

	open_other(sf, &other, true);
	flood_begin(&f, &other, &thread);
	for (i = 0; ok && i < NR_SINGLE; i++) {
		bad(sf, OP_A);
		ok = wait_tail(sf, i + 1) &&
		     entry_says(log_of(sf) + i * ENTRY_WORDS, ERR_BAD_OPCODE,
				OP_A);
		usleep(20000);
	}
	flood_end(&f, thread);
	nr_entries = tail_of(&other);
	printf("%lu errors of a flood, %u in its log; %u beside it\n", f.nr,
	       nr_entries, i);
	ok = ok && dev_expect("SWERR", 0, swerr(sf)) &&
	     check(nr_entries >= 100, "the flood is hardly told") &&
	     check(f.nr > 2 * nr_entries, "that was no flood") &&
	     /* The flood has lost some, and knows */
	     dev_expect("valid, overflow", 3, swerr(&other) & 3) &&
	     is_of_flood(swerr(&other));
	for (i = 0; ok && i < nr_entries; i++)
		ok = is_of_flood(log_of(&other)[i * ENTRY_WORDS]);
	start(&other, true);
	return close_both(sf, &other, ok);
}

/*
 * SWERR holds one error: beside a flood one that is repeated gets through, and
 * after it there is nothing to wait for.
 */
static bool error_flood_swerr(struct sf *sf)
{
	uint64_t end = now_ms() + 4 * WAIT_MS;
	unsigned int nr = 0, i;
	pthread_t thread;
	struct flood f;
	struct sf other;
	bool ok;

	open_other(sf, &other, false);
	flood_begin(&f, &other, &thread);
	while (!(swerr(sf) & VALID) && now_ms() < end) {
		bad(sf, OP_A);
		nr++;
		usleep(1000);
	}
	flood_end(&f, thread);
	printf("%lu errors of a flood, %u beside it\n", f.nr, nr);
	ok = wait_swerr(sf, VALID) && wait_swerr(&other, 3) &&
	     dev_expect("error", ERR_BAD_OPCODE, CODE(swerr(sf))) &&
	     dev_expect("operation", OP_A, OPCODE(swerr(sf))) &&
	     is_of_flood(swerr(&other));
	/* What both have submitted is over when a copy is */
	ok = ok && dev_copies(&other) && dev_copies(sf);
	for (i = 0; ok && i < 3; i++) {
		usleep(50000);
		sf_write(sf, REG_SWERR, 3, 8);
		bad(sf, OP_A);
		end = now_ms() + 500;
		while (!(swerr(sf) & VALID) && now_ms() < end)
			usleep(100);
		ok = check(swerr(sf) & VALID, "error %u after it is lost", i);
	}
	start(&other, false);
	return close_both(sf, &other, ok);
}

/* Errors of before a reset, or of the last user, are told to nobody */
static bool error_old_life(struct sf *sf)
{
	pthread_t thread;
	struct sf other;
	struct flood f;
	bool ok = true;
	unsigned int i;

	for (i = 0; ok && i < 3; i++) {
		open_other(sf, &other, true);
		flood_begin(&f, &other, &thread);
		flood_end(&f, thread);
		if (i) {
			sf_close(&other);
			sf_open(&other, sf->opt, sf->sfnum + 1);
		}
		start(&other, true);
		ok = is_quiet(&other);
		/* Nor does the last user's flood count against the next one */
		if (i)
			bad(&other, OP_A);
		ok = ok && (!i || wait_tail(&other, 1));
		ok = close_both(sf, &other, ok);
	}
	return ok;
}

/* Until it is killed: for whoever looks what becomes of that */
static bool error_storm(struct sf *sf)
{
	sf_start(sf);
	puts("storm");
	fflush(stdout);
	for (;;)
		bad(sf, OP_B);
	return false;
}

/* The host's device halts: both are told that, and no error */
static bool error_halt(struct sf *sf)
{
	struct sf other, *both[2] = { sf, &other };
	uint64_t end = now_ms() + 4 * WAIT_MS;
	bool ok = true;
	unsigned int i;

	open_other(sf, &other, true);
	puts("waiting");
	fflush(stdout);
	for (i = 0; i < ARRAY_SIZE(both); i++) {
		while (!(sf_read(both[i], REG_INTCAUSE, 4) & INTCAUSE_HALT) &&
		       now_ms() < end)
			usleep(1000);
		ok &= dev_expect("INTCAUSE", INTCAUSE_HALT,
				 sf_read(both[i], REG_INTCAUSE, 4));
		ok &= check(sf_events(both[i], 0, WAIT_MS), "no interrupt");
		ok &= dev_expect("SWERR", 0, swerr(both[i]));
		ok &= dev_expect("tail", 0, tail_of(both[i]));
	}
	sf_close(&other);
	return ok;
}

const struct step error_steps[] = {
	{ "error-swerr", error_swerr },
	{ "error-handle", error_handle },
	{ "error-fault", error_fault },
	{ "error-log", error_log },
	{ "error-records", error_records },
	{ "error-device-records", error_records_device },
	{ "error-flood", error_flood },
	{ "error-flood-swerr", error_flood_swerr },
	{ "error-old-life", error_old_life },
	{ "error-storm", error_storm },
	{ "error-halt", error_halt },
	{ }
};
