// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of kernel/vfio/vcfg.c in user space: what a guest reads in PCI
 * configuration space, what it can change, and what that sets off. Links
 * with vcfg.c alone; prints KTAP.
 */
#include "../../kernel/vfio/vcfg.h"

#include <linux/array_size.h>
#include <stdio.h>
#include <string.h>

#define MSIX_CAP	0x40
#define EXP_CAP		0x50
#define PM_CAP		0x90
#define DEVCTL		(EXP_CAP + 8)

static int failed;

#define EXPECT(want, got) do {						\
	unsigned long long w_ = (want), g_ = (got);			\
	if (w_ != g_) {							\
		printf("# %s:%d: %s is %#llx, not %#llx\n", __func__,	\
		       __LINE__, #got, g_, w_);				\
		failed = 1;						\
	}								\
} while (0)

static void make(struct idxd_vcfg *cfg)
{
	const struct idxd_vcfg_id id = {
		.device = 0x11fb, .revision = 2, .nr_msix = 2,
	};

	memset(cfg, 0xa5, sizeof(*cfg));
	idxd_vcfg_init(cfg, &id);
}

static void header_is_a_dsa(void)
{
	struct idxd_vcfg cfg;

	make(&cfg);
	EXPECT(0x11fb8086, idxd_vcfg_read(&cfg, 0, 4));
	EXPECT(0x0002, idxd_vcfg_read(&cfg, 4, 2));
	EXPECT(0x0010, idxd_vcfg_read(&cfg, 6, 2));
	EXPECT(0x08800002, idxd_vcfg_read(&cfg, 8, 4));
	EXPECT(0, idxd_vcfg_read(&cfg, 0xe, 1));
	EXPECT(0x8086, idxd_vcfg_read(&cfg, 0x2c, 2));
	EXPECT(0, idxd_vcfg_read(&cfg, 0x30, 4));
	EXPECT(0, idxd_vcfg_read(&cfg, 0x3d, 1));
}

static void caps_are_msix_express_and_pm(void)
{
	struct idxd_vcfg cfg;

	make(&cfg);
	EXPECT(MSIX_CAP, idxd_vcfg_read(&cfg, 0x34, 1));
	EXPECT(0x5011, idxd_vcfg_read(&cfg, MSIX_CAP, 2));
	EXPECT(1, idxd_vcfg_read(&cfg, MSIX_CAP + 2, 2));
	EXPECT(IDXD_VCFG_MSIX_TABLE, idxd_vcfg_read(&cfg, MSIX_CAP + 4, 4));
	EXPECT(IDXD_VCFG_MSIX_PBA, idxd_vcfg_read(&cfg, MSIX_CAP + 8, 4));
	EXPECT(0x9010, idxd_vcfg_read(&cfg, EXP_CAP, 2));
	/* Version 2, root complex integrated endpoint */
	EXPECT(0x0092, idxd_vcfg_read(&cfg, EXP_CAP + 2, 2));
	/* FLR */
	EXPECT(1, idxd_vcfg_read(&cfg, EXP_CAP + 4, 4) >> 28 & 1);
	/* DEVCAP2: no end-end TLP prefix, so no PASID */
	EXPECT(0, idxd_vcfg_read(&cfg, EXP_CAP + 0x24, 4));
	/* Version 3, D0 and D3hot, which keeps the state */
	EXPECT(0x00030001, idxd_vcfg_read(&cfg, PM_CAP, 4));
	EXPECT(0x00000008, idxd_vcfg_read(&cfg, PM_CAP + 4, 4));
}

static void d3hot_decodes_nothing(void)
{
	struct idxd_vcfg cfg;
	unsigned int state;

	make(&cfg);
	idxd_vcfg_write(&cfg, 4, 6, 2);
	/* No D1, no D2 */
	for (state = 1; state <= 2; state++) {
		EXPECT(0, idxd_vcfg_write(&cfg, PM_CAP + 4, state, 2));
		EXPECT(8, idxd_vcfg_read(&cfg, PM_CAP + 4, 2));
	}
	EXPECT(0, idxd_vcfg_write(&cfg, PM_CAP + 4, 0xffff, 2));
	EXPECT(0xb, idxd_vcfg_read(&cfg, PM_CAP + 4, 2));
	EXPECT(0, idxd_vcfg_memory_enabled(&cfg));
	EXPECT(0, idxd_vcfg_master_enabled(&cfg));
	/* Configuration space works, and bus mastering is switched off there */
	EXPECT(0x0006, idxd_vcfg_read(&cfg, 4, 2));
	EXPECT(IDXD_VCFG_MASTER_OFF, idxd_vcfg_write(&cfg, 4, 2, 2));
	idxd_vcfg_write(&cfg, 4, 6, 2);
	/* Still no D1: from D3hot there is D0 alone */
	idxd_vcfg_write(&cfg, PM_CAP + 4, 1, 1);
	EXPECT(0xb, idxd_vcfg_read(&cfg, PM_CAP + 4, 2));
	EXPECT(0, idxd_vcfg_write(&cfg, PM_CAP + 4, 0, 2));
	EXPECT(1, idxd_vcfg_memory_enabled(&cfg));
	EXPECT(1, idxd_vcfg_master_enabled(&cfg));
	idxd_vcfg_write(&cfg, PM_CAP + 4, 3, 2);
	idxd_vcfg_reset(&cfg);
	EXPECT(8, idxd_vcfg_read(&cfg, PM_CAP + 4, 2));
}

static void extended_space_is_empty(void)
{
	struct idxd_vcfg cfg;
	unsigned int off;

	make(&cfg);
	for (off = 0x100; off < IDXD_VCFG_SIZE; off += 4)
		EXPECT(0, idxd_vcfg_read(&cfg, off, 4));
	EXPECT(0, idxd_vcfg_read(&cfg, ~0u, 8));
	EXPECT(0, idxd_vcfg_write(&cfg, ~0u, ~0ull, 8));
}

static void bars_are_sized_by_mask(void)
{
	struct idxd_vcfg cfg;

	make(&cfg);
	EXPECT(0xc, idxd_vcfg_read(&cfg, 0x10, 4));
	EXPECT(0, idxd_vcfg_write(&cfg, 0x10, ~0u, 4));
	EXPECT(0, idxd_vcfg_write(&cfg, 0x14, ~0u, 4));
	EXPECT(0xffffffffffff000cull, idxd_vcfg_read(&cfg, 0x10, 8));
	idxd_vcfg_write(&cfg, 0x18, ~0ull, 8);
	EXPECT(0xffffffffffffc00cull, idxd_vcfg_read(&cfg, 0x18, 8));
	idxd_vcfg_write(&cfg, 0x18, 0x380000001234ull, 8);
	EXPECT(0x38000000000cull, idxd_vcfg_read(&cfg, 0x18, 8));
	/* BAR4, BAR5 and the ROM are missing */
	idxd_vcfg_write(&cfg, 0x20, ~0ull, 8);
	idxd_vcfg_write(&cfg, 0x30, ~0u, 4);
	EXPECT(0, idxd_vcfg_read(&cfg, 0x20, 8));
	EXPECT(0, idxd_vcfg_read(&cfg, 0x30, 4));
}

static void command_switches(void)
{
	struct idxd_vcfg cfg;

	make(&cfg);
	EXPECT(1, idxd_vcfg_memory_enabled(&cfg));
	EXPECT(0, idxd_vcfg_master_enabled(&cfg));
	EXPECT(0, idxd_vcfg_write(&cfg, 4, 0xffff, 2));
	EXPECT(0x0546, idxd_vcfg_read(&cfg, 4, 2));
	EXPECT(1, idxd_vcfg_master_enabled(&cfg));
	/* The effect is of the edge, not of the level */
	EXPECT(IDXD_VCFG_MASTER_OFF, idxd_vcfg_write(&cfg, 4, 2, 2));
	EXPECT(0, idxd_vcfg_write(&cfg, 4, 2, 2));
	EXPECT(0, idxd_vcfg_write(&cfg, 4, 0, 1));
	EXPECT(0, idxd_vcfg_memory_enabled(&cfg));
}

static void errors_clear_by_one(void)
{
	struct idxd_vcfg cfg;

	make(&cfg);
	cfg.image[7] |= 0xf9;
	idxd_vcfg_write(&cfg, 6, 0, 2);
	EXPECT(0xf910, idxd_vcfg_read(&cfg, 6, 2));
	idxd_vcfg_write(&cfg, 6, 0x8000, 2);
	EXPECT(0x7910, idxd_vcfg_read(&cfg, 6, 2));
	idxd_vcfg_write(&cfg, 6, 0xffff, 2);
	EXPECT(0x0010, idxd_vcfg_read(&cfg, 6, 2));
	cfg.image[DEVCTL + 2] = 0xf;
	idxd_vcfg_write(&cfg, DEVCTL + 2, 0x5, 2);
	EXPECT(0xa, idxd_vcfg_read(&cfg, DEVCTL + 2, 2));
}

static void flr_is_an_effect(void)
{
	struct idxd_vcfg cfg;

	make(&cfg);
	EXPECT(0, idxd_vcfg_write(&cfg, DEVCTL, 0x7fff, 2));
	EXPECT(IDXD_VCFG_FLR, idxd_vcfg_write(&cfg, DEVCTL, 0x8000, 2));
	EXPECT(0, idxd_vcfg_read(&cfg, DEVCTL, 2));
	EXPECT(IDXD_VCFG_FLR, idxd_vcfg_write(&cfg, DEVCTL + 1, 0x80, 1));
	EXPECT(IDXD_VCFG_FLR, idxd_vcfg_write(&cfg, DEVCTL - 1, 0x800000, 4));
	idxd_vcfg_write(&cfg, 4, 6, 2);
	idxd_vcfg_write(&cfg, 0x10, 0xfe000000, 4);
	idxd_vcfg_reset(&cfg);
	EXPECT(0, idxd_vcfg_read(&cfg, 4, 2));
	EXPECT(0xc, idxd_vcfg_read(&cfg, 0x10, 4));
	EXPECT(0x11fb8086, idxd_vcfg_read(&cfg, 0, 4));
}

static void msix_control_is_kept(void)
{
	struct idxd_vcfg cfg;

	make(&cfg);
	idxd_vcfg_write(&cfg, MSIX_CAP + 2, 0xffff, 2);
	EXPECT(0xc001, idxd_vcfg_read(&cfg, MSIX_CAP + 2, 2));
	idxd_vcfg_write(&cfg, MSIX_CAP + 4, ~0ull, 8);
	EXPECT(IDXD_VCFG_MSIX_TABLE, idxd_vcfg_read(&cfg, MSIX_CAP + 4, 4));
}

/* Any width anywhere does what the same bytes one by one do */
static void widths_agree(void)
{
	struct idxd_vcfg one, many;
	unsigned int off, len, i;

	for (off = 0; off < 0x110; off++) {
		for (len = 1; len <= 8; len++) {
			unsigned long long val = 0x9e3779b97f4a7c15ull *
						 (off * 8 + len);
			unsigned int a, b = 0;

			make(&one);
			make(&many);
			a = idxd_vcfg_write(&one, off, val, len);
			for (i = 0; i < len; i++)
				b |= idxd_vcfg_write(&many, off + i,
						     val >> (8 * i), 1);
			EXPECT(b, a);
			EXPECT(0, memcmp(&one, &many, sizeof(one)));
		}
	}
}

static const struct {
	const char *name;
	void (*run)(void);
} tests[] = {
	{ "header_is_a_dsa", header_is_a_dsa },
	{ "caps_are_msix_express_and_pm", caps_are_msix_express_and_pm },
	{ "d3hot_decodes_nothing", d3hot_decodes_nothing },
	{ "extended_space_is_empty", extended_space_is_empty },
	{ "bars_are_sized_by_mask", bars_are_sized_by_mask },
	{ "command_switches", command_switches },
	{ "errors_clear_by_one", errors_clear_by_one },
	{ "flr_is_an_effect", flr_is_an_effect },
	{ "msix_control_is_kept", msix_control_is_kept },
	{ "widths_agree", widths_agree },
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
