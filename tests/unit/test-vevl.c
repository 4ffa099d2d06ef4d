// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of kernel/vfio/vevl.c in user space: when the virtual device's
 * event log takes an error, where the entry goes and what it says. Offsets
 * and bits are numbers here, written from the specification. Links with
 * vevl.c and vregs.c; prints KTAP.
 */
#include "../../kernel/vfio/vevl.h"

#include <linux/array_size.h>
#include <stdio.h>
#include <string.h>

#define GENCFG		0x80
#define GENCTRL		0x88
#define INTCAUSE	0x98
#define EVLCFG		0xe0
#define EVLSTS		0xf0
#define BASE		0x12345000ull

static int failed;

#define EXPECT(want, got) do {						\
	unsigned long long w_ = (want), g_ = (got);			\
	if (w_ != g_) {							\
		printf("# %s:%d: %s is %#llx, not %#llx\n", __func__,	\
		       __LINE__, #got, g_, w_);				\
		failed = 1;						\
	}								\
} while (0)

/* Valid, descriptor, WQ 5, a batch, PASID 0xabcde, operation 3, error 0x10 */
static const struct idxd_error error = {
	.swerr = { 0x0abcde030005101dull, 0x12340007, 0x5678, 0 },
};

/* A log of @size entries, on, with its interrupt enabled */
static void make(struct idxd_vregs *vr, unsigned int size)
{
	const struct idxd_vregs_caps caps = {
		.version = 0x100, .wq_size = 16, .nr_msix = 2,
	};

	memset(vr, 0, sizeof(*vr));
	idxd_vregs_init(vr, &caps);
	idxd_vregs_write(vr, EVLCFG, BASE, 8);
	idxd_vregs_write(vr, EVLCFG + 8, size, 8);
	idxd_vregs_write(vr, GENCTRL, 4, 4);
	idxd_vregs_write(vr, GENCFG, 0x2000, 4);
	idxd_vregs_set_state(vr, IDXD_DEV_ENABLED);
}

static void config_is_checked(void)
{
	struct idxd_vregs vr;

	make(&vr, 64);
	EXPECT(1, idxd_vevl_config_ok(&vr));
	make(&vr, 63);
	EXPECT(0, idxd_vevl_config_ok(&vr));
	make(&vr, 0);
	EXPECT(0, idxd_vevl_config_ok(&vr));
	idxd_vregs_set(&vr, GENCFG, 0);
	EXPECT(1, idxd_vevl_config_ok(&vr));
	make(&vr, 0xffff);
	EXPECT(1, idxd_vevl_config_ok(&vr));
	/* A PASID of the log's own */
	idxd_vregs_set64(&vr, EVLCFG, BASE | 1);
	EXPECT(0, idxd_vevl_config_ok(&vr));
}

static void only_while_on(void)
{
	u64 addr = 1;
	struct idxd_vregs vr;

	make(&vr, 64);
	EXPECT(1, idxd_vevl_next(&vr, &error, &addr));
	EXPECT(BASE, addr);
	idxd_vregs_set_state(&vr, IDXD_DEV_DISABLED);
	EXPECT(0, idxd_vevl_next(&vr, &error, &addr));
	idxd_vregs_set_state(&vr, IDXD_DEV_DRAIN);
	EXPECT(1, idxd_vevl_next(&vr, &error, &addr));
	idxd_vregs_set(&vr, GENCFG, 0);
	EXPECT(0, idxd_vevl_next(&vr, &error, &addr));
}

static void entry_is_the_guests(void)
{
	const struct idxd_error flags = {
		.swerr = { 0x0abcde030005110dull, 0xdeadbeef00000000ull, 0, 0 },
	};
	u64 entry[8];
	unsigned int i;

	memset(entry, 0xa5, sizeof(entry));
	idxd_vevl_encode(&error, entry);
	/* Neither valid bit, WQ nor PASID */
	EXPECT(0x000000030000101cull, entry[0]);
	/* The index in the batch */
	EXPECT(0x7, entry[1] & 0xffff);
	EXPECT(0, entry[1] >> 16);
	EXPECT(0x5678, entry[2]);
	for (i = 3; i < 8; i++)
		EXPECT(0, entry[i]);
	idxd_vevl_encode(&flags, entry);
	EXPECT(0x000000030000118cull, entry[0]);
	EXPECT(0xdeadbeef00000000ull, entry[1]);
}

/*
 * As the host's log has it: code @code of WQ 5 with PASID 0xabcde in batch 9,
 * descriptor 7; interrupt requested with handle 0x123 of IMS; a record that
 * says @status
 */
static struct idxd_error logged(unsigned int code, unsigned int status)
{
	struct idxd_error e = {
		.swerr = { 0x0abcde030005009dull | code << 8, 7, 0x5678, 0 },
		.logged = true,
		.entry = { 0x0abcde030905009cull | code << 8,
			   0x0003012300000007ull, 0x5678, 9, status, 2, 3, 4 },
	};

	return e;
}

static void host_entry_is_made_the_guests(void)
{
	struct idxd_error e = logged(0x1a, 0x1);
	u64 entry[8];

	idxd_vevl_encode(&e, entry);
	/* Without WQ and PASID, with batch and details */
	EXPECT(0x0000000309001a9cull, entry[0]);
	/* The handle is the guest's, and not of IMS */
	EXPECT(0x0001012300000007ull, entry[1]);
	EXPECT(0x5678, entry[2]);
	EXPECT(0, entry[3]);
	EXPECT(1, entry[4]);
	EXPECT(4, entry[7]);
	/* The same bit of invalid flags is one of them */
	e = logged(0x11, 0);
	idxd_vevl_encode(&e, entry);
	EXPECT(0x0003012300000007ull, entry[1]);
}

static void records_need_the_hosts_log(void)
{
	struct idxd_error e = { .swerr = { 0x1a0d } };
	struct idxd_vregs vr;
	u64 addr;

	make(&vr, 64);
	EXPECT(0, idxd_vevl_next(&vr, &e, &addr));
	e.logged = true;
	EXPECT(1, idxd_vevl_next(&vr, &e, &addr));
	/* As if it were full */
	e.lost = true;
	EXPECT(0, idxd_vevl_next(&vr, &e, &addr));
}

static void log_that_is_on_leaves_records_to_the_guest(void)
{
	struct idxd_vevl_records records = { };
	struct idxd_vevl_record record;
	struct idxd_error e = logged(0x27, 1);
	struct idxd_vregs vr;

	make(&vr, 64);
	EXPECT(IDXD_VEVL_REPORT, idxd_vevl_duty(&vr, &records, &e, &record));
}

/* Records that the host's log keeps the hardware from writing */
static void without_log_records_are_written(void)
{
	struct idxd_vevl_records records = { };
	struct idxd_error fault = logged(0x1a, 1), batch = logged(0x27, 1);
	struct idxd_error drain = logged(0x26, 1);
	struct idxd_vevl_record record;
	struct idxd_vregs vr;

	make(&vr, 64);
	idxd_vregs_set(&vr, GENCFG, 0);
	EXPECT(IDXD_VEVL_REPORT,
	       idxd_vevl_duty(&vr, &records, &fault, &record));
	/* Its batch has failed, and says so although it was not asked to */
	EXPECT(IDXD_VEVL_WRITE, idxd_vevl_duty(&vr, &records, &batch, &record));
	EXPECT(0x5678, record.addr);
	EXPECT(0x0105, record.words[0]);
	EXPECT(4, record.words[3]);
	EXPECT(0x123, record.handle);
	/* The next batch with that number has not */
	EXPECT(IDXD_VEVL_NOTHING,
	       idxd_vevl_duty(&vr, &records, &batch, &record));
	batch.entry[1] = 1ull << 50;
	EXPECT(IDXD_VEVL_WRITE, idxd_vevl_duty(&vr, &records, &batch, &record));
	EXPECT(1, record.words[0]);
	EXPECT(1, record.handle == -1);
	/* A fault outside of batches fails none */
	fault.entry[0] &= ~0x10ull;
	idxd_vevl_duty(&vr, &records, &fault, &record);
	idxd_vevl_duty(&vr, &records, &batch, &record);
	EXPECT(1, record.words[0]);
	EXPECT(IDXD_VEVL_NOTHING,
	       idxd_vevl_duty(&vr, &records, &drain, &record));
	drain.entry[1] |= 1ull << 50;
	EXPECT(IDXD_VEVL_WRITE, idxd_vevl_duty(&vr, &records, &drain, &record));
	EXPECT(1, record.words[0]);
	/* Other errors, and those of a host without a log, are told */
	drain = logged(0x10, 0);
	EXPECT(IDXD_VEVL_REPORT,
	       idxd_vevl_duty(&vr, &records, &drain, &record));
	batch.logged = false;
	EXPECT(IDXD_VEVL_REPORT,
	       idxd_vevl_duty(&vr, &records, &batch, &record));
}

static void full_with_one_left_free(void)
{
	struct idxd_vregs vr;
	unsigned int i;
	u64 addr;

	make(&vr, 64);
	for (i = 0; i < 63; i++) {
		EXPECT(1, idxd_vevl_next(&vr, &error, &addr));
		EXPECT(BASE + 64 * i, addr);
		EXPECT(!i, idxd_vevl_advance(&vr));
	}
	EXPECT(0, idxd_vevl_next(&vr, &error, &addr));
	EXPECT(63, idxd_vregs_read(&vr, EVLSTS + 4, 2));
	idxd_vregs_write(&vr, EVLSTS, 2, 2);
	EXPECT(1, idxd_vevl_next(&vr, &error, &addr));
	EXPECT(BASE + 63 * 64, addr);
	idxd_vevl_advance(&vr);
	/* Around the end */
	EXPECT(0, idxd_vregs_read(&vr, EVLSTS + 4, 2));
	EXPECT(1, idxd_vevl_next(&vr, &error, &addr));
	EXPECT(BASE, addr);
	idxd_vevl_advance(&vr);
	EXPECT(0, idxd_vevl_next(&vr, &error, &addr));
}

/* Once, until the pending bit is cleared: then with the next entry */
static void one_interrupt_until_acknowledged(void)
{
	struct idxd_vregs vr;

	make(&vr, 64);
	EXPECT(1, idxd_vevl_advance(&vr));
	EXPECT(0x20, idxd_vregs_read(&vr, INTCAUSE, 4));
	EXPECT(0x40000001, idxd_vregs_read(&vr, EVLSTS + 4, 4));
	idxd_vregs_write(&vr, INTCAUSE, 0x20, 4);
	EXPECT(0, idxd_vevl_advance(&vr));
	EXPECT(0, idxd_vregs_read(&vr, INTCAUSE, 4));
	idxd_vregs_write(&vr, EVLSTS + 4, 0x40000000, 4);
	EXPECT(2, idxd_vregs_read(&vr, EVLSTS + 4, 4));
	EXPECT(1, idxd_vevl_advance(&vr));
	EXPECT(0x20, idxd_vregs_read(&vr, INTCAUSE, 4));
	/* Not enabled: pending all the same */
	make(&vr, 64);
	idxd_vregs_write(&vr, GENCTRL, 3, 4);
	EXPECT(0, idxd_vevl_advance(&vr));
	EXPECT(0, idxd_vregs_read(&vr, INTCAUSE, 4));
	EXPECT(0x40000001, idxd_vregs_read(&vr, EVLSTS + 4, 4));
}

/* Every head a guest can write is harmless: the entry is inside the log */
static void any_head_is_harmless(void)
{
	struct idxd_vregs vr;
	unsigned int head, i;
	u64 addr;

	for (head = 0; head < 0x10000; head += 0x101) {
		make(&vr, 100);
		idxd_vregs_write(&vr, EVLSTS, head, 4);
		for (i = 0; i < 250; i++) {
			if (!idxd_vevl_next(&vr, &error, &addr))
				break;
			EXPECT(1, addr >= BASE && addr < BASE + 100 * 64);
			idxd_vevl_advance(&vr);
		}
	}
}

static const struct {
	const char *name;
	void (*run)(void);
} tests[] = {
	{ "config_is_checked", config_is_checked },
	{ "only_while_on", only_while_on },
	{ "entry_is_the_guests", entry_is_the_guests },
	{ "host_entry_is_made_the_guests", host_entry_is_made_the_guests },
	{ "records_need_the_hosts_log", records_need_the_hosts_log },
	{ "log_that_is_on_leaves_records_to_the_guest",
	  log_that_is_on_leaves_records_to_the_guest },
	{ "without_log_records_are_written", without_log_records_are_written },
	{ "full_with_one_left_free", full_with_one_left_free },
	{ "one_interrupt_until_acknowledged",
	  one_interrupt_until_acknowledged },
	{ "any_head_is_harmless", any_head_is_harmless },
};

int main(void)
{
	unsigned int i, nr = ARRAY_SIZE(tests);
	int any = 0;

	printf("KTAP version 1\n1..%u\n", nr);
	for (i = 0; i < nr; i++) {
		failed = 0;
		tests[i].run();
		any |= failed;
		printf("%sok %u %s\n", failed ? "not " : "", i + 1,
		       tests[i].name);
	}
	return any;
}
