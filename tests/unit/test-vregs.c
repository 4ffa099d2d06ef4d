// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of kernel/vfio/vregs.c in user space: the registers of the
 * virtual device, what a guest can change and when, software errors and
 * interrupt causes. Offsets are numbers here, written from the
 * specification and not from the header. Links with vregs.c alone; prints
 * KTAP.
 */
#include "../../kernel/vfio/vregs.h"

#include <linux/array_size.h>
#include <stdio.h>
#include <string.h>

#define GENCFG		0x80
#define GENCTRL		0x88
#define GENSTS		0x90
#define INTCAUSE	0x98
#define CMD		0xa0
#define CMDSTS		0xa8
#define SWERR		0xc0
#define EVLCFG		0xe0
#define EVLSTS		0xf0
#define GRPCFG		0x400
#define WQCFG		0x500
#define MSIXPERM	0x600
#define MSIX		0x800

static int failed;

#define EXPECT(want, got) do {						\
	unsigned long long w_ = (want), g_ = (got);			\
	if (w_ != g_) {							\
		printf("# %s:%d: %s is %#llx, not %#llx\n", __func__,	\
		       __LINE__, #got, g_, w_);				\
		failed = 1;						\
	}								\
} while (0)

static void make(struct idxd_vregs *vr)
{
	const struct idxd_vregs_caps caps = {
		.version = 0x100,
		.gencap = ~0ull, .wqcap = ~0ull, .grpcap = ~0ull,
		.opcap = { 0x1, 0x2, 0x3, 0x4 },
		.wq_size = 16, .wq_threshold = 15, .wq_priority = 10,
		.max_xfer_shift = 21, .max_batch_shift = 5, .nr_msix = 2,
	};

	memset(vr, 0, sizeof(*vr));
	idxd_vregs_init(vr, &caps);
}

static void caps_of_one_queue(void)
{
	struct idxd_vregs vr;

	make(&vr);
	EXPECT(0x100, idxd_vregs_read(&vr, 0, 4));
	/*
	 * Of all ones: no block on fault, no IMS, not configurable, an event
	 * log of 64-byte entries; the transfer and batch limits of the WQ.
	 */
	EXPECT(0x00b5a31eull, idxd_vregs_read(&vr, 0x10, 8));
	/* One WQ of 16, dedicated only, priority, occupancy and its interrupt */
	EXPECT(0x003a000000010010ull, idxd_vregs_read(&vr, 0x20, 8));
	EXPECT(0xff01, idxd_vregs_read(&vr, 0x30, 8));
	EXPECT(1, idxd_vregs_read(&vr, 0x38, 8));
	EXPECT(1, idxd_vregs_read(&vr, 0x40, 8));
	EXPECT(4, idxd_vregs_read(&vr, 0x58, 8));
	EXPECT(0x000600050004ull, idxd_vregs_read(&vr, 0x60, 8));
	EXPECT(0, idxd_vregs_read(&vr, 0x68, 8));
	/* Commands 1 to 10, 13 and 14: a guest has no PASIDs */
	EXPECT(0x67fe, idxd_vregs_read(&vr, 0xb0, 4));
}

static u32 status_of_hardware(void *ctx, unsigned int dword)
{
	return dword >= 5 ? *(u32 *)ctx : 0;
}

static u32 pending_of_vectors(void *ctx)
{
	return *(u32 *)ctx;
}

static void tables_are_fixed(void)
{
	struct idxd_vregs vr;
	u32 status = ~0u;

	make(&vr);
	EXPECT(1, idxd_vregs_read(&vr, GRPCFG, 8));
	EXPECT(1, idxd_vregs_read(&vr, GRPCFG + 0x20, 8));
	EXPECT(16, idxd_vregs_read(&vr, WQCFG, 4));
	EXPECT(15, idxd_vregs_read(&vr, WQCFG + 4, 4));
	/* Dedicated, priority 10, no PASID */
	EXPECT(0xa1, idxd_vregs_read(&vr, WQCFG + 8, 4));
	idxd_vregs_set_priority(&vr, 15);
	EXPECT(0xf1, idxd_vregs_read(&vr, WQCFG + 8, 4));
	idxd_vregs_reset(&vr);
	EXPECT(0xf1, idxd_vregs_read(&vr, WQCFG + 8, 4));
	idxd_vregs_set_priority(&vr, 10);
	EXPECT(21 | 5 << 5, idxd_vregs_read(&vr, WQCFG + 12, 4));
	EXPECT(0, idxd_vregs_read(&vr, WQCFG + 24, 4));
	vr.wq_live = status_of_hardware;
	vr.ctx = &status;
	EXPECT(0xc001ffff, idxd_vregs_read(&vr, WQCFG + 24, 4));
	EXPECT(0x00010000, idxd_vregs_read(&vr, WQCFG + 20, 4));
	EXPECT(0xc0, idxd_vregs_read(&vr, WQCFG + 27, 1));
	idxd_vregs_write(&vr, WQCFG, ~0ull, 8);
	idxd_vregs_write(&vr, WQCFG + 8, ~0ull, 8);
	idxd_vregs_write(&vr, GRPCFG, 0, 8);
	EXPECT(16, idxd_vregs_read(&vr, WQCFG, 4));
	EXPECT(0xa1, idxd_vregs_read(&vr, WQCFG + 8, 4));
	EXPECT(1, idxd_vregs_read(&vr, GRPCFG, 8));
}

static void occupancy_interrupt_acts_on_hardware(void)
{
	struct idxd_vregs vr;

	make(&vr);
	EXPECT(IDXD_VREGS_OCC_HANDLE,
	       idxd_vregs_write(&vr, WQCFG + 16, ~0u, 4));
	EXPECT(0xffff, idxd_vregs_read(&vr, WQCFG + 16, 4));
	EXPECT(IDXD_VREGS_OCC_LIMIT,
	       idxd_vregs_write(&vr, WQCFG + 20, ~0u, 4));
	EXPECT(0x1ffff, idxd_vregs_read(&vr, WQCFG + 20, 4));
	EXPECT(IDXD_VREGS_OCC_HANDLE | IDXD_VREGS_OCC_LIMIT,
	       idxd_vregs_write(&vr, WQCFG + 16, 5, 8));
	EXPECT(5, idxd_vregs_read(&vr, WQCFG + 16, 8));
	idxd_vregs_write(&vr, WQCFG + 20, 7, 4);
	idxd_vregs_reset_wq(&vr);
	EXPECT(0, idxd_vregs_read(&vr, WQCFG + 16, 8));
	/* Where the hardware has none, there is none */
	vr.caps.wqcap = 0;
	idxd_vregs_reset(&vr);
	EXPECT(0, idxd_vregs_read(&vr, 0x20, 8) >> 53 & 1);
	EXPECT(0, idxd_vregs_write(&vr, WQCFG + 16, ~0ull, 8));
	EXPECT(0, idxd_vregs_read(&vr, WQCFG + 16, 8));
}

static void gencfg_only_while_disabled(void)
{
	struct idxd_vregs vr;

	make(&vr);
	idxd_vregs_write(&vr, GENCFG, ~0u, 4);
	EXPECT(0x3000, idxd_vregs_read(&vr, GENCFG, 4));
	idxd_vregs_set_state(&vr, IDXD_DEV_ENABLED);
	idxd_vregs_write(&vr, GENCFG, 0, 4);
	EXPECT(0x3000, idxd_vregs_read(&vr, GENCFG, 4));
	EXPECT(1, idxd_vregs_read(&vr, GENSTS, 4));
	idxd_vregs_write(&vr, GENSTS, 0, 4);
	EXPECT(1, idxd_vregs_read(&vr, GENSTS, 4));
}

static void log_is_set_up_while_off(void)
{
	struct idxd_vregs vr;

	make(&vr);
	idxd_vregs_write(&vr, EVLCFG, ~0ull, 8);
	idxd_vregs_write(&vr, EVLCFG + 8, ~0ull, 8);
	/* Address, and what the log's PASID would be; the rest is reserved */
	EXPECT(0xfffffffffffff003ull, idxd_vregs_read(&vr, EVLCFG, 8));
	EXPECT(0x0000000fffffffffull, idxd_vregs_read(&vr, EVLCFG + 8, 8));
	/* Head and tail 5, interrupt pending */
	idxd_vregs_set64(&vr, EVLSTS, 0x4000000500000005ull);
	idxd_vregs_write(&vr, EVLSTS, 0x0000000000000007ull, 8);
	EXPECT(0x4000000500000007ull, idxd_vregs_read(&vr, EVLSTS, 8));
	idxd_vregs_write(&vr, EVLSTS + 4, 0xffffffffu, 4);
	EXPECT(0x0000000500000007ull, idxd_vregs_read(&vr, EVLSTS, 8));
	/* Switching on empties the log, and nothing else does */
	idxd_vregs_write(&vr, GENCFG, 0x2000, 4);
	EXPECT(0, idxd_vregs_read(&vr, EVLSTS, 8));
	idxd_vregs_set64(&vr, EVLSTS, 0x4000000500000005ull);
	idxd_vregs_write(&vr, GENCFG, 0x2000, 4);
	idxd_vregs_write(&vr, EVLCFG, 0, 8);
	EXPECT(0xfffffffffffff003ull, idxd_vregs_read(&vr, EVLCFG, 8));
	EXPECT(0x4000000500000005ull, idxd_vregs_read(&vr, EVLSTS, 8));
	idxd_vregs_write(&vr, GENCFG, 0, 4);
	idxd_vregs_set_state(&vr, IDXD_DEV_ENABLED);
	idxd_vregs_write(&vr, EVLCFG + 8, 0, 8);
	EXPECT(0x0000000fffffffffull, idxd_vregs_read(&vr, EVLCFG + 8, 8));
	idxd_vregs_set_state(&vr, IDXD_DEV_DISABLED);
	idxd_vregs_write(&vr, EVLCFG + 8, 0, 8);
	EXPECT(0, idxd_vregs_read(&vr, EVLCFG + 8, 8));
}

static void command_is_taken_whole(void)
{
	struct idxd_vregs vr;

	make(&vr);
	EXPECT(IDXD_VREGS_CMD, idxd_vregs_write(&vr, CMD, 0x00100000, 4));
	EXPECT(0x00100000, idxd_vregs_read(&vr, CMD, 4));
	EXPECT(0, idxd_vregs_write(&vr, CMD, 0xff, 1));
	EXPECT(0, idxd_vregs_write(&vr, CMD + 2, 0xffff, 2));
	EXPECT(0, idxd_vregs_write(&vr, CMD - 2, ~0u, 4));
	EXPECT(0x00100000, idxd_vregs_read(&vr, CMD, 4));
	EXPECT(IDXD_VREGS_CMD, idxd_vregs_write(&vr, CMD, ~0ull, 8));
	EXPECT(0xffffffff, idxd_vregs_read(&vr, CMD, 4));
	/* One that runs is not disturbed; the status is read only */
	idxd_vregs_set(&vr, CMDSTS, 0x80000000);
	EXPECT(0, idxd_vregs_write(&vr, CMD, 0x00200000, 4));
	EXPECT(0xffffffff, idxd_vregs_read(&vr, CMD, 4));
	EXPECT(0, idxd_vregs_write(&vr, CMDSTS, 0, 4));
	EXPECT(0x80000000, idxd_vregs_read(&vr, CMDSTS, 4));
}

static void causes_need_their_enable(void)
{
	struct idxd_vregs vr;

	make(&vr);
	EXPECT(0, idxd_vregs_raise(&vr, IDXD_INTCAUSE_HALT));
	EXPECT(0, idxd_vregs_raise(&vr, IDXD_INTCAUSE_SWERR));
	EXPECT(0, idxd_vregs_read(&vr, INTCAUSE, 4));
	idxd_vregs_write(&vr, GENCTRL, ~0u, 4);
	EXPECT(7, idxd_vregs_read(&vr, GENCTRL, 4));
	EXPECT(1, idxd_vregs_raise(&vr, IDXD_INTCAUSE_HALT));
	EXPECT(1, idxd_vregs_raise(&vr, IDXD_INTCAUSE_CMD));
	/* Also one that is set: software may be about to clear it */
	EXPECT(1, idxd_vregs_raise(&vr, IDXD_INTCAUSE_CMD));
	EXPECT(0x12, idxd_vregs_read(&vr, INTCAUSE, 4));
	idxd_vregs_write(&vr, INTCAUSE, 0x2, 4);
	EXPECT(0x10, idxd_vregs_read(&vr, INTCAUSE, 4));
	EXPECT(1, idxd_vregs_raise(&vr, IDXD_INTCAUSE_CMD));
	EXPECT(1, idxd_vregs_raise(&vr, IDXD_INTCAUSE_HANDLE_REVOKED));
	idxd_vregs_write(&vr, INTCAUSE + 3, 0x80, 1);
	EXPECT(0x12, idxd_vregs_read(&vr, INTCAUSE, 4));
}

static void errors_are_made_the_guests(void)
{
	/* Valid, overflow, descriptor, WQ 5, PASID 0xabcde, error 0x1a */
	const u64 hw[4] = { 0x0abcde0300051a0full, 0x1234, 0x5678, 0 };
	const u64 hw2[4] = { 0x0abcde0700052b0dull, 9, 9, 9 };
	struct idxd_vregs vr;

	make(&vr);
	EXPECT(0, idxd_vregs_swerr(&vr, hw));
	EXPECT(0x0000000300001a0dull, idxd_vregs_read(&vr, SWERR, 8));
	EXPECT(0x1234, idxd_vregs_read(&vr, SWERR + 8, 8));
	EXPECT(0x5678, idxd_vregs_read(&vr, SWERR + 16, 8));
	/* The first stays; the second only sets overflow */
	idxd_vregs_write(&vr, GENCTRL, 1, 4);
	EXPECT(1, idxd_vregs_swerr(&vr, hw2));
	EXPECT(0x0000000300001a0full, idxd_vregs_read(&vr, SWERR, 8));
	EXPECT(1, idxd_vregs_read(&vr, INTCAUSE, 4));
	/* The third has nothing to say */
	EXPECT(0, idxd_vregs_swerr(&vr, hw2));
	EXPECT(0x0000000300001a0full, idxd_vregs_read(&vr, SWERR, 8));
	/* Valid alone is acknowledged: the next one is a first again */
	idxd_vregs_write(&vr, SWERR, 0x1, 4);
	EXPECT(0x0000000300001a0eull, idxd_vregs_read(&vr, SWERR, 8));
	EXPECT(1, idxd_vregs_swerr(&vr, hw));
	EXPECT(0x0000000300001a0dull, idxd_vregs_read(&vr, SWERR, 8));
	EXPECT(1, idxd_vregs_swerr(&vr, hw2));
	/* The stock driver acknowledges with 8 bytes */
	idxd_vregs_write(&vr, SWERR, 0x3, 8);
	EXPECT(0x0000000300001a0cull, idxd_vregs_read(&vr, SWERR, 8));
	idxd_vregs_write(&vr, INTCAUSE, 1, 4);
	EXPECT(1, idxd_vregs_swerr(&vr, hw2));
	EXPECT(0x0000000700002b0dull, idxd_vregs_read(&vr, SWERR, 8));
}

static void tables_have_two_rows(void)
{
	struct idxd_vregs vr;
	u32 pending = 2;

	make(&vr);
	EXPECT(1, idxd_vregs_read(&vr, MSIX + 12, 4));
	EXPECT(1, idxd_vregs_read(&vr, MSIX + 28, 4));
	EXPECT(0, idxd_vregs_read(&vr, MSIX + 44, 4));
	idxd_vregs_write(&vr, MSIX + 16, ~0ull, 8);
	idxd_vregs_write(&vr, MSIX + 24, ~0ull, 8);
	idxd_vregs_write(&vr, MSIX + 32, ~0ull, 8);
	EXPECT(0xfffffffffffffffcull, idxd_vregs_read(&vr, MSIX + 16, 8));
	EXPECT(0x1ffffffffull, idxd_vregs_read(&vr, MSIX + 24, 8));
	EXPECT(0, idxd_vregs_read(&vr, MSIX + 32, 8));
	idxd_vregs_write(&vr, MSIXPERM + 8, ~0ull, 8);
	idxd_vregs_write(&vr, MSIXPERM + 16, ~0ull, 8);
	EXPECT(0xfffff00cull, idxd_vregs_read(&vr, MSIXPERM + 8, 8));
	EXPECT(0, idxd_vregs_read(&vr, MSIXPERM + 16, 8));
	/* The pending bits are read only, and known elsewhere */
	idxd_vregs_write(&vr, 0xc00, ~0ull, 8);
	EXPECT(0, idxd_vregs_read(&vr, 0xc00, 8));
	vr.pending = pending_of_vectors;
	vr.ctx = &pending;
	EXPECT(2, idxd_vregs_read(&vr, 0xc00, 8));
	EXPECT(0, idxd_vregs_read(&vr, 0xc04, 4));
}

static void resets_differ(void)
{
	const u64 hw[4] = { 0x1, 1, 1, 1 };
	struct idxd_vregs vr, fresh;

	make(&fresh);
	make(&vr);
	idxd_vregs_write(&vr, GENCTRL, 3, 4);
	idxd_vregs_write(&vr, EVLCFG, ~0ull, 8);
	idxd_vregs_write(&vr, EVLCFG + 8, ~0ull, 8);
	idxd_vregs_write(&vr, GENCFG, ~0u, 4);
	idxd_vregs_set64(&vr, EVLSTS, 0x4000000500000005ull);
	idxd_vregs_write(&vr, CMD, 0x00500000, 4);
	idxd_vregs_write(&vr, MSIX + 12, 0, 4);
	idxd_vregs_write(&vr, MSIXPERM, ~0u, 4);
	idxd_vregs_set_state(&vr, IDXD_DEV_ENABLED);
	idxd_vregs_swerr(&vr, hw);
	idxd_vregs_reset_device(&vr);
	EXPECT(0x00500000, idxd_vregs_read(&vr, CMD, 4));
	EXPECT(0, idxd_vregs_read(&vr, MSIX + 12, 4));
	idxd_vregs_set(&vr, CMD, 0);
	idxd_vregs_set(&vr, MSIX + 12, 1);
	EXPECT(0, memcmp(vr.dw, fresh.dw, sizeof(vr.dw)));
	/* Halted, needs the reset command */
	idxd_vregs_halt(&vr, IDXD_RESET_SOFTWARE);
	EXPECT(3, idxd_vregs_read(&vr, GENSTS, 4));
	/* Halted, needs a function level reset */
	idxd_vregs_halt(&vr, IDXD_RESET_FLR);
	EXPECT(7, idxd_vregs_read(&vr, GENSTS, 4));
	idxd_vregs_write(&vr, MSIX, ~0ull, 8);
	idxd_vregs_reset(&vr);
	EXPECT(0, memcmp(vr.dw, fresh.dw, sizeof(vr.dw)));
}

static void unknown_offsets_are_harmless(void)
{
	struct idxd_vregs vr, fresh;
	u32 off;

	make(&vr);
	make(&fresh);
	for (off = 0xd00; off < 0x10010; off++) {
		EXPECT(0, idxd_vregs_write(&vr, off, ~0ull, 8));
		EXPECT(0, idxd_vregs_read(&vr, off, 8));
	}
	EXPECT(0, idxd_vregs_write(&vr, ~0u, ~0ull, 8));
	EXPECT(0, idxd_vregs_read(&vr, ~0u, 8));
	EXPECT(0, idxd_vregs_write(&vr, 0, ~0ull, 9));
	EXPECT(0, memcmp(&vr, &fresh, sizeof(vr)));
}

/* Reads of any width and alignment show the same bytes */
static void widths_agree(void)
{
	struct idxd_vregs vr;
	unsigned int off, len, i;

	make(&vr);
	for (off = 0; off < 0x1010; off++) {
		for (len = 1; len <= 8; len++) {
			u64 val = idxd_vregs_read(&vr, off, len);

			for (i = 0; i < len; i++)
				EXPECT(idxd_vregs_read(&vr, off + i, 1),
				       val >> (8 * i) & 0xff);
			if (len < 8)
				EXPECT(0, val >> (8 * len));
		}
	}
}

static const struct {
	const char *name;
	void (*run)(void);
} tests[] = {
	{ "caps_of_one_queue", caps_of_one_queue },
	{ "tables_are_fixed", tables_are_fixed },
	{ "occupancy_interrupt_acts_on_hardware",
	  occupancy_interrupt_acts_on_hardware },
	{ "gencfg_only_while_disabled", gencfg_only_while_disabled },
	{ "log_is_set_up_while_off", log_is_set_up_while_off },
	{ "command_is_taken_whole", command_is_taken_whole },
	{ "causes_need_their_enable", causes_need_their_enable },
	{ "errors_are_made_the_guests", errors_are_made_the_guests },
	{ "tables_have_two_rows", tables_have_two_rows },
	{ "resets_differ", resets_differ },
	{ "unknown_offsets_are_harmless", unknown_offsets_are_harmless },
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
