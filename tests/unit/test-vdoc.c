// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares the table of registers in Documentation/vdev.rst with what
 * kernel/vfio/vregs.c lets a guest change: every row says the truth, and
 * everything without a row is empty and read only. Runs in the root of the
 * sources; prints KTAP.
 */
#include "../../kernel/vfio/vregs.h"

#include <linux/array_size.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOC		"Documentation/vdev.rst"
#define NR_VECTORS	2
#define NR_DWORDS	(0x1000 / 4)
#define GENCFG		0x80
#define GENSTS		0x90
#define CMDSTS		0xa8

static int failed;

/* What the documentation says of one dword */
struct said {
	char name[16];
	char write[16];
	u32 bits;
};

static struct said said[NR_DWORDS];
static unsigned int nr_rows;

/* States of the device in which writing is tried */
enum when { OFF, LOG_ON, ENABLED, NR_WHENS };

static void complain(unsigned int off, const char *what, u32 want, u32 got)
{
	printf("# 0x%03x %s: %s is %#x, documented as %#x\n", off,
	       said[off / 4].name[0] ? said[off / 4].name : "(no row)", what,
	       got, want);
	failed = 1;
}

static void make(struct idxd_vregs *vr, enum when when)
{
	const struct idxd_vregs_caps caps = {
		.version = 0x100, .wqcap = ~0ull, .wq_size = 16,
		.nr_msix = NR_VECTORS,
	};

	memset(vr, 0, sizeof(*vr));
	idxd_vregs_init(vr, &caps);
	if (when == LOG_ON)
		idxd_vregs_set(vr, GENCFG, 0x2000);
	if (when == ENABLED)
		idxd_vregs_set(vr, GENSTS, 1);
}

/* The register's value after it was @old and the guest wrote @val */
static u32 written(enum when when, u32 off, u32 old, u32 val, unsigned int len)
{
	struct idxd_vregs vr;

	make(&vr, when);
	idxd_vregs_set(&vr, off, old);
	idxd_vregs_write(&vr, off, val, len);
	return idxd_vregs_get(&vr, off);
}

static u32 bits_written(enum when when, u32 off, unsigned int len)
{
	return written(when, off, 0, ~0u, len) & ~written(when, off, ~0u, 0, len);
}

/* Written in every state but those named */
static void expect_written(u32 off, u32 bits, bool log_on, bool enabled)
{
	u32 got = bits_written(OFF, off, 4);

	if (got != bits)
		complain(off, "written while disabled", bits, got);
	got = bits_written(LOG_ON, off, 4);
	if (got != (log_on ? bits : 0))
		complain(off, "written while the log is on", bits, got);
	got = bits_written(ENABLED, off, 4);
	if (got != (enabled ? bits : 0))
		complain(off, "written while enabled", bits, got);
}

static void expect_cleared(u32 off, u32 bits)
{
	unsigned int when;
	u32 got;

	for (when = OFF; when < NR_WHENS; when++) {
		got = ~written(when, off, ~0u, ~0u, 4);
		if (got != bits)
			complain(off, "cleared by ones", bits, got);
	}
}

static void check_dword(u32 off)
{
	const struct said *s = &said[off / 4];
	bool clear = !strcmp(s->write, "clear");
	bool whole = !strcmp(s->write, "whole");
	bool any = whole || !strcmp(s->write, "any");
	bool disabled = !strcmp(s->write, "disabled");
	bool log = !strcmp(s->write, "log");

	if (s->name[0] && !clear && !any && !disabled && !log &&
	    strcmp(s->write, "--")) {
		printf("# 0x%03x: no meaning for '%s'\n", off, s->write);
		failed = 1;
	}
	expect_written(off, any || disabled || log ? s->bits : 0,
		       any || disabled, any);
	expect_cleared(off, clear ? s->bits : 0);
	/* Half of what has to be written as a whole */
	if (any && bits_written(OFF, off, 2) != (whole ? 0 : s->bits & 0xffff))
		complain(off, "written by half", s->bits & 0xffff,
			 bits_written(OFF, off, 2));
}

static void rows_say_the_truth(void)
{
	unsigned int i;

	for (i = 0; i < NR_DWORDS; i++)
		check_dword(4 * i);
}

/* A read of everything: what has no row has no content */
static void nothing_is_missing(void)
{
	struct idxd_vregs vr;
	unsigned int i;

	make(&vr, OFF);
	for (i = 0; i < NR_DWORDS; i++)
		if (!said[i].name[0] && idxd_vregs_read(&vr, 4 * i, 4))
			complain(4 * i, "value", 0,
				 idxd_vregs_read(&vr, 4 * i, 4));
}

static void table_was_found(void)
{
	if (nr_rows < 30) {
		printf("# only %u rows in %s\n", nr_rows, DOC);
		failed = 1;
	}
}

/* Bytes from a vector's row to the next */
static unsigned int stride_of(unsigned int off)
{
	return off < 0x800 ? 8 : 16;
}

static void take_row(unsigned int off, bool per_vector, const struct said *row,
		     unsigned int width)
{
	unsigned int i, v, nr = per_vector ? NR_VECTORS : 1;

	for (v = 0; v < nr; v++)
		for (i = 0; i < width / 32; i++)
			said[(off + v * stride_of(off)) / 4 + i] = *row;
	nr_rows++;
}

static void read_table(void)
{
	char line[256], bits[32];
	FILE *f = fopen(DOC, "r");
	bool inside = false;

	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		struct said row = { .name = "" };
		unsigned int off, width;
		char plus = ' ';

		if (!strncmp(line, "Offset  Register", 16))
			inside = true;
		if (!inside || strncmp(line, "0x", 2))
			continue;
		if (sscanf(line, "%x%c %15s %u %15s %31s", &off, &plus,
			   row.name, &width, row.write, bits) != 6 ||
		    off + width / 8 > 4 * NR_DWORDS)
			continue;
		row.bits = strtoul(bits, NULL, 16);
		take_row(off, plus == '+', &row, width);
	}
	fclose(f);
}

static const struct {
	const char *name;
	void (*run)(void);
} tests[] = {
	{ "table_was_found", table_was_found },
	{ "rows_say_the_truth", rows_say_the_truth },
	{ "nothing_is_missing", nothing_is_missing },
};

int main(void)
{
	unsigned int i, nr = ARRAY_SIZE(tests);
	int any = 0;

	read_table();
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
