// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev: PCI configuration space. Header, capabilities, power states, what
 * the command register switches, function level reset, and writes of anything
 * anywhere.
 */
#include "sf-dev.h"

#include <stdio.h>

#define CAP_PM		0x01
#define CAP_MSIX	0x11
#define CAP_EXP		0x10
#define CONFIG_SIZE	4096
#define ALL_ONES	0xffffffffu
#define GENSTS_ENABLED	1

static bool config_header(struct sf *sf)
{
	bool ok = dev_expect("vendor", 0x8086, dev_config_read(sf, 0, 2));

	ok &= dev_expect("class", 0x0880, dev_config_read(sf, 0xa, 2));
	ok &= dev_expect("header type", 0, dev_config_read(sf, 0xe, 1));
	ok &= dev_expect("capability list", 0x10,
			 dev_config_read(sf, 6, 2) & 0x10);
	/* Sizes of the BARs, as a BIOS asks for them */
	dev_config_write(sf, 0x10, ~0ull, 8);
	dev_config_write(sf, 0x18, ~0ull, 8);
	ok &= dev_expect("BAR0 size", ~0xffffull | 0xc,
			 dev_config_read(sf, 0x10, 8));
	ok &= dev_expect("BAR2 size", ~0x3fffull | 0xc,
			 dev_config_read(sf, 0x18, 8));
	dev_config_write(sf, 0x20, ~0ull, 8);
	ok &= dev_expect("BAR4", 0, dev_config_read(sf, 0x20, 8));
	dev_config_write(sf, 0x30, ALL_ONES, 4);
	ok &= dev_expect("ROM", 0, dev_config_read(sf, 0x30, 4));
	ok &= dev_expect("interrupt pin", 0, dev_config_read(sf, 0x3d, 1));
	return ok;
}

static bool config_caps(struct sf *sf)
{
	unsigned int msix = dev_capability(sf, CAP_MSIX);
	unsigned int exp = dev_capability(sf, CAP_EXP);
	unsigned int pm = dev_capability(sf, CAP_PM);
	uint16_t count;
	bool ok = check(msix && exp && pm, "capabilities at %#x %#x %#x", msix,
			exp, pm);

	if (!ok)
		return false;
	count = dev_config_read(sf, msix + 2, 2);
	ok &= dev_expect("MSI-X vectors", sf->nr_vectors, (count & 0x7ff) + 1);
	ok &= check((dev_config_read(sf, msix + 4, 4) & 7) == 0 &&
		    (dev_config_read(sf, msix + 8, 4) & 7) == 0,
		    "MSI-X table not in BAR0");
	ok &= dev_expect("root complex endpoint", 9,
			 dev_config_read(sf, exp + 2, 2) >> 4 & 0xf);
	ok &= dev_expect("FLR", 1, dev_config_read(sf, exp + 4, 4) >> 28 & 1);
	ok &= dev_expect("PM: version 3 alone", 3,
			 dev_config_read(sf, pm + 2, 2));
	ok &= dev_expect("PM: no soft reset", 8,
			 dev_config_read(sf, pm + 4, 2));
	/* No PASID, ATS or PRI */
	ok &= dev_expect("extended capabilities", 0,
			 dev_config_read(sf, 0x100, 4));
	return ok;
}

static bool config_d3hot(struct sf *sf)
{
	unsigned int pmcsr = dev_capability(sf, CAP_PM) + 4;
	bool ok = true;
	unsigned int state;

	sf_start(sf);
	for (state = 1; state <= 2; state++) {
		dev_config_write(sf, pmcsr, state, 2);
		ok &= dev_expect("state after D1 or D2", 0,
				 dev_config_read(sf, pmcsr, 2) & 3);
	}
	dev_config_write(sf, pmcsr, 3, 2);
	ok &= dev_expect("state", 3, dev_config_read(sf, pmcsr, 2) & 3);
	ok &= dev_expect("VERSION in D3hot", ALL_ONES, sf_read(sf, 0, 4));
	/* Ignored: the device would be reset by it */
	sf_write(sf, REG_CMD, CMD_RESET_DEVICE << 20, 4);
	dev_config_write(sf, pmcsr, 0, 2);
	ok &= dev_expect("GENSTS after D3hot", GENSTS_ENABLED,
			 sf_read(sf, REG_GENSTS, 4));
	/* The function keeps its state: the queue works on */
	return ok && dev_copies(sf);
}

static bool config_memory_off(struct sf *sf)
{
	bool ok;

	sf_start(sf);
	dev_config_write(sf, 4, 4, 2);
	ok = dev_expect("VERSION without memory", ALL_ONES, sf_read(sf, 0, 4));
	sf_write(sf, REG_CMD, CMD_RESET_DEVICE << 20, 4);
	dev_config_write(sf, 4, 6, 2);
	return ok & dev_expect("GENSTS", GENSTS_ENABLED,
			       sf_read(sf, REG_GENSTS, 4)) & dev_copies(sf);
}

static bool config_master_off(struct sf *sf)
{
	bool ok;

	sf_start(sf);
	dev_config_write(sf, 4, 2, 2);
	ok = dev_expect("GENSTS without bus mastering", 0,
			sf_read(sf, REG_GENSTS, 4));
	ok &= dev_command(sf, CMD_ENABLE_DEVICE, 0, 0x12);
	ok &= dev_expect("WQ state", 0, sf_read(sf, sf_wqcfg(sf) + 24, 4) >> 30);
	dev_config_write(sf, 4, 6, 2);
	sf_start(sf);
	return ok & dev_copies(sf);
}

static bool config_flr(struct sf *sf)
{
	unsigned int devctl = dev_capability(sf, CAP_EXP) + 8;
	unsigned int pmcsr = dev_capability(sf, CAP_PM) + 4;
	bool ok = true;

	sf_start(sf);
	dev_config_write(sf, 0x10, 0xfe000000, 4);
	/* Also out of D3hot */
	dev_config_write(sf, pmcsr, 3, 2);
	dev_config_write(sf, devctl, 0x8000, 2);
	ok &= dev_expect("command register", 0, dev_config_read(sf, 4, 2));
	ok &= dev_expect("BAR0", 0xc, dev_config_read(sf, 0x10, 4));
	ok &= dev_expect("PMCSR", 8, dev_config_read(sf, pmcsr, 2));
	ok &= dev_expect("FLR bit", 0, dev_config_read(sf, devctl, 2) >> 15);
	ok &= dev_expect("VERSION before memory is on", ALL_ONES,
			 sf_read(sf, 0, 4));
	dev_config_write(sf, 4, 6, 2);
	ok &= dev_expect("GENSTS", 0, sf_read(sf, REG_GENSTS, 4));
	ok &= dev_expect("GENCTRL", 0, sf_read(sf, REG_GENCTRL, 4));
	ok &= dev_expect("CMD", 0, sf_read(sf, REG_CMD, 4));
	sf_start(sf);
	return ok & dev_copies(sf);
}

/* Anything anywhere, of any width that is aligned or not */
static bool config_random(struct sf *sf)
{
	bool ok = true;
	unsigned int i;

	for (i = 0; ok && i < 20000; i++) {
		unsigned int len = 1 << random_next(&sf->rng) % 4;
		uint32_t range = i % 4 ? 0xa0 : CONFIG_SIZE;
		uint32_t off = random_next(&sf->rng) % (range - len);

		dev_config_write(sf, off, random_next(&sf->rng), len);
		dev_config_read(sf, off, len);
		if (i % 1000)
			continue;
		ok = dev_expect("vendor", 0x8086, dev_config_read(sf, 0, 2)) &&
		     check(dev_capability(sf, CAP_PM), "the list is broken");
	}
	dev_reset(sf);
	ok = ok && dev_expect("command register", 6, dev_config_read(sf, 4, 2));
	sf_start(sf);
	return ok && dev_copies(sf);
}

const struct step pci_steps[] = {
	{ "config-header", config_header },
	{ "config-caps", config_caps },
	{ "config-d3hot", config_d3hot },
	{ "config-memory-off", config_memory_off },
	{ "config-master-off", config_master_off },
	{ "config-flr", config_flr },
	{ "config-random", config_random },
	{ }
};
