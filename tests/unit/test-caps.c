// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of kernel/core/caps.c: what Sapphire Rapids says is decoded, what
 * no device may say is refused with a reason, and random registers never pass
 * with a table that is not inside its BAR.
 */
#include "caps.h"
#include "ktap.h"

#include <linux/array_size.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct idxd_caps_raw spr(void)
{
	return (struct idxd_caps_raw){
		.version = 0x100,
		.cmdcap = 0x1ffe,
		.gencap = 0x40915f0107 | 1ULL << 31,
		/* 128 entries, 8 WQs, 64 byte WQCFG, dedicated, priority */
		.wqcap = 128 | 8 << 16 | 1 << 24 | 1ULL << 49 | 1ULL << 50 |
			 1ULL << 51 | 1ULL << 52,
		.grpcap = 4 | 96 << 8 | 1 << 16 | 1 << 17,
		.engcap = 4,
		.opcap = { 0x1003f03ff },
		.table = { 0x4ULL | 0x5ULL << 16 | 0x6ULL << 32 | 0x20ULL << 48,
			   0x10 },
		.regs_size = 0x10000,
		.portal_size = 0x20000,
	};
}

static void sapphire_rapids_is_decoded(void)
{
	struct idxd_caps_raw raw = spr();
	const char *why = NULL;
	struct idxd_caps caps;

	EXPECT(0, idxd_caps_decode(&raw, &caps, &why));
	EXPECT(8, caps.nr_wqs);
	EXPECT(128, caps.total_wq_size);
	EXPECT(4, caps.nr_groups);
	EXPECT(4, caps.nr_engines);
	EXPECT(96, caps.nr_rdbufs);
	EXPECT(2048, caps.nr_ims);
	EXPECT(31, caps.max_xfer_shift);
	EXPECT(10, caps.max_batch_shift);
	EXPECT(0x400, caps.grpcfg_off);
	EXPECT(0x500, caps.wqcfg_off);
	EXPECT(64, caps.wqcfg_size);
	EXPECT(0x2000, caps.ims_off);
	EXPECT(0x500 + 2 * 64 + 6 * 4, idxd_caps_wqcfg(&caps, 2, 6));
}

static void refused(const struct idxd_caps_raw *raw, const char *what)
{
	const char *why = NULL;
	struct idxd_caps caps;

	if (idxd_caps_decode(raw, &caps, &why) < 0 && why && *why)
		return;
	printf("# passed, or no reason given: %s\n", what);
	ktap_failed = 1;
}

/* 3 is what the product after Granite Rapids D may say */
static void versions_1_to_3_are_known(void)
{
	struct idxd_caps_raw raw = spr();
	const char *why = NULL;
	struct idxd_caps caps;

	for (raw.version = 0x100; raw.version <= 0x300; raw.version += 0x100)
		EXPECT(0, idxd_caps_decode(&raw, &caps, &why));
	raw.version = 0x400;
	refused(&raw, "version 4");
}

static void what_is_missing_is_refused(void)
{
	struct idxd_caps_raw raw;

	raw = spr();
	raw.gencap &= ~(1ULL << 31);
	refused(&raw, "not configurable");
	raw = spr();
	raw.wqcap &= ~(1ULL << 49);
	refused(&raw, "no dedicated mode");
	raw = spr();
	raw.wqcap &= ~(0xffULL << 16);
	refused(&raw, "no WQ");
	raw = spr();
	raw.wqcap &= ~0xffffULL;
	refused(&raw, "no entry");
	raw = spr();
	raw.grpcap &= ~0xffULL;
	refused(&raw, "no group");
	raw = spr();
	raw.engcap = 0;
	refused(&raw, "no engine");
}

/* Subfunctions are refused later; the device itself works without */
static void no_ims_is_no_slots(void)
{
	struct idxd_caps_raw raw = spr();
	const char *why = NULL;
	struct idxd_caps caps;

	raw.gencap &= ~(0x3fULL << 25);
	EXPECT(0, idxd_caps_decode(&raw, &caps, &why));
	EXPECT(0, caps.nr_ims);
}

static void nonsense_is_refused(void)
{
	struct idxd_caps_raw raw;

	memset(&raw, 0xff, sizeof(raw));
	refused(&raw, "a device that is gone");
	memset(&raw, 0, sizeof(raw));
	refused(&raw, "all zeros");
	raw = spr();
	raw.table[0] |= 0xffffULL << 48;
	refused(&raw, "IMS beyond BAR0");
	raw = spr();
	raw.table[0] |= 0xffffULL << 16;
	refused(&raw, "WQCFG beyond BAR0");
	raw = spr();
	raw.portal_size = 0x1c000;
	refused(&raw, "7 portals for 8 WQs");
	raw = spr();
	raw.regs_size = 0x1000;
	refused(&raw, "small BAR0");
}

static u64 random64(void)
{
	return (u64)random() << 42 ^ (u64)random() << 21 ^ (u64)random();
}

static void what_passes_lies_within_its_bar(void)
{
	u64 *words[] = { NULL, NULL, NULL, NULL, NULL };
	struct idxd_caps_raw raw;
	struct idxd_caps caps;
	const char *why;
	unsigned int i;

	srandom(1);
	for (i = 0; i < 300000; i++) {
		raw = spr();
		words[0] = &raw.gencap;
		words[1] = &raw.wqcap;
		words[2] = &raw.grpcap;
		words[3] = &raw.engcap;
		words[4] = &raw.table[0];
		*words[i % 5] ^= random64() & random64() & random64();
		if (idxd_caps_decode(&raw, &caps, &why))
			continue;
		EXPECT(1, caps.nr_wqs && caps.nr_groups && caps.nr_engines);
		EXPECT(1, caps.wqcfg_size >= 32);
		EXPECT(1, caps.wqcfg_off + caps.nr_wqs * caps.wqcfg_size <=
		       raw.regs_size);
		EXPECT(1, caps.grpcfg_off + caps.nr_groups * 64ULL <=
		       raw.regs_size);
		EXPECT(1, caps.ims_off + caps.nr_ims * 16ULL <= raw.regs_size);
		EXPECT(1, caps.nr_wqs * 0x4000ULL <= raw.portal_size);
		if (ktap_failed)
			break;
	}
}

static const struct ktap_test tests[] = {
	KTAP_TEST(sapphire_rapids_is_decoded),
	KTAP_TEST(versions_1_to_3_are_known),
	KTAP_TEST(what_is_missing_is_refused),
	KTAP_TEST(no_ims_is_no_slots),
	KTAP_TEST(nonsense_is_refused),
	KTAP_TEST(what_passes_lies_within_its_bar),
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
