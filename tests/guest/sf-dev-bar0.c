// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev: registers and tables of BAR0, at every width: what is there, what
 * cannot be changed, what can be changed only while disabled, and writes of
 * anything anywhere.
 */
#include "sf-dev.h"

#include <stdio.h>
#include <string.h>

#define IMAGE_SIZE	0x1000
#define BAR0_SIZE	0x10000
#define GRPCFG		0x400
#define MSIX_TABLE	0x800
#define MSIX_PBA	0xc00
#define REG_GRPCAP	0x30
#define REG_ENGCAP	0x38

static bool bar0_caps(struct sf *sf)
{
	uint64_t gencap = sf_read(sf, REG_GENCAP, 8);
	uint64_t wqcap = sf_read(sf, REG_WQCAP, 8);
	uint32_t wq = sf_wqcfg(sf);
	bool ok = check(sf_read(sf, REG_VERSION, 4), "no version");

	ok &= dev_expect("GENCAP block on fault", 0, gencap & 1);
	ok &= dev_expect("GENCAP command capabilities", 1, gencap >> 4 & 1);
	ok &= dev_expect("GENCAP event log", 1, gencap >> 13 & 3);
	ok &= dev_expect("GENCAP IMS", 0, gencap >> 25 & 0x3f);
	ok &= dev_expect("GENCAP configurable", 0, gencap >> 31 & 1);
	ok &= dev_expect("WQs", 1, wqcap >> 16 & 0xff);
	ok &= dev_expect("WQCAP modes", 2, wqcap >> 48 & 3);
	ok &= dev_expect("groups", 1, sf_read(sf, REG_GRPCAP, 1));
	ok &= dev_expect("engines", 1, sf_read(sf, REG_ENGCAP, 8));
	ok &= dev_expect("CMDCAP", 0x67fe, sf_read(sf, REG_CMDCAP, 4));
	ok &= dev_expect("IMS table", 0, sf_read(sf, REG_TABLES, 8) >> 48);
	ok &= dev_expect("WQ size", wqcap & 0xffff, sf_read(sf, wq, 2));
	ok &= dev_expect("WQ mode and PASID", 1,
			 sf_read(sf, wq + 8, 4) & 0x3fffff0f);
	ok &= dev_expect("WQ transfer shift", gencap >> 16 & 0x1f,
			 sf_read(sf, wq + 12, 4) & 0x1f);
	ok &= dev_expect("WQ batch shift", gencap >> 21 & 0xf,
			 sf_read(sf, wq + 12, 4) >> 5 & 0xf);
	ok &= dev_expect("group's WQs", 1, sf_read(sf, GRPCFG, 8));
	ok &= dev_expect("group's engines", 1, sf_read(sf, GRPCFG + 0x20, 8));
	return ok;
}

/* Reads of any width and alignment show the same bytes */
static bool bar0_widths(struct sf *sf)
{
	uint8_t bytes[IMAGE_SIZE];
	unsigned int off, len, i;
	bool ok = true;

	for (off = 0; off < IMAGE_SIZE; off++)
		bytes[off] = sf_read(sf, off, 1);
	for (len = 2; len <= 8; len *= 2) {
		for (off = 0; ok && off + len <= IMAGE_SIZE; off += 3) {
			uint64_t val = sf_read(sf, off, len), want = 0;

			for (i = 0; i < len; i++)
				want |= (uint64_t)bytes[off + i] << (8 * i);
			ok = check(val == want, "%u bytes at %#x", len, off);
		}
	}
	return ok;
}

static bool bar0_read_only(struct sf *sf)
{
	static const struct {
		unsigned int first;
		unsigned int last;
	} ranges[] = {
		{ 0x00, 0x7f }, { REG_GENSTS, REG_GENSTS + 7 },
		{ REG_CMDSTS, REG_SWERR - 1 }, { GRPCFG, GRPCFG + 0x3f },
		{ 0x500, 0x50f }, { 0x518, 0x51f }, { MSIX_PBA, MSIX_PBA + 7 },
		{ 0x700, 0x7ff }, { 0xd00, 0x1fff },
		{ BAR0_SIZE - 64, BAR0_SIZE - 1 },
	};
	unsigned int i, off;
	bool ok = true;

	for (i = 0; ok && i < ARRAY_SIZE(ranges); i++) {
		for (off = ranges[i].first; ok && off <= ranges[i].last;
		     off += 4) {
			uint32_t val = sf_read(sf, off, 4);

			sf_write(sf, off, ~val, 4);
			ok = dev_expect("a read-only register", val,
					sf_read(sf, off, 4));
		}
	}
	/* Reserved bits of what can be written */
	sf_write(sf, REG_GENCTRL, ~0u, 4);
	ok &= dev_expect("GENCTRL", 7, sf_read(sf, REG_GENCTRL, 4));
	sf_write(sf, REG_GENCFG, ~0u, 4);
	ok &= dev_expect("GENCFG", 0x3000, sf_read(sf, REG_GENCFG, 4));
	return ok;
}

static bool bar0_locked(struct sf *sf)
{
	bool ok;

	sf_start(sf);
	sf_write(sf, REG_GENCFG, 0x3000, 4);
	ok = dev_expect("GENCFG while enabled", 0, sf_read(sf, REG_GENCFG, 4));
	sf_write(sf, REG_EVLCFG, ~0ull, 8);
	ok &= dev_expect("EVLCFG while enabled", 0, sf_read(sf, REG_EVLCFG, 8));
	sf_write(sf, REG_GENCTRL, 1, 4);
	ok &= dev_expect("GENCTRL while enabled", 1,
			 sf_read(sf, REG_GENCTRL, 4));
	return ok & dev_copies(sf);
}

static bool bar0_msix(struct sf *sf)
{
	bool ok = true;
	unsigned int i;

	for (i = 0; i < sf->nr_vectors; i++) {
		uint32_t off = MSIX_TABLE + 16 * i;

		ok &= dev_expect("mask bit after reset", 1,
				 sf_read(sf, off + 12, 4));
		sf_write(sf, off, 0xfee01234fee01237ull, 8);
		sf_write(sf, off + 8, 0x4321, 8);
		ok &= dev_expect("address", 0xfee01234fee01234ull,
				 sf_read(sf, off, 8));
		ok &= dev_expect("data, mask off", 0x4321,
				 sf_read(sf, off + 8, 8));
	}
	ok &= dev_expect("behind the table", 0,
			 sf_read(sf, MSIX_TABLE + 16 * i + 12, 4));
	ok &= dev_expect("pending bits", 0, sf_read(sf, MSIX_PBA, 8));
	dev_reset(sf);
	return ok & dev_expect("mask bit after a reset", 1,
			       sf_read(sf, MSIX_TABLE + 12, 4));
}

/* Anything anywhere: whatever it started ends, and the device can be reset */
static bool bar0_random(struct sf *sf)
{
	unsigned int i;

	for (i = 0; i < 20000; i++) {
		unsigned int len = 1 << random_next(&sf->rng) % 4;
		uint32_t range = i % 8 ? 0x100 : BAR0_SIZE;
		uint32_t off = random_next(&sf->rng) % (range - len);

		sf_write(sf, off, random_next(&sf->rng), len);
		sf_read(sf, off, len);
	}
	dev_reset(sf);
	sf_start(sf);
	return dev_copies(sf);
}

const struct step bar0_steps[] = {
	{ "bar0-caps", bar0_caps },
	{ "bar0-widths", bar0_widths },
	{ "bar0-read-only", bar0_read_only },
	{ "bar0-locked", bar0_locked },
	{ "bar0-msix", bar0_msix },
	{ "bar0-random", bar0_random },
	{ }
};
