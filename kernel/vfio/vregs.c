// SPDX-License-Identifier: GPL-2.0-only
/*
 * BAR0 of a virtual DSA: a typed register table (layer V0, pure).
 *
 * Everything is done in dwords with a mask of the bytes that an access
 * touches, so that any width and alignment is harmless. To add a register:
 * a row in idxd_vregs_table[] if a guest can change it, and its value after a
 * reset in one of the idxd_vregs_fill_*() functions.
 */
#include "vregs.h"

#include <linux/array_size.h>
#include <linux/bitfield.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "vcfg.h"

/* What a guest can use of the parent's capabilities */
#define VREGS_GENCAP_KEPT	(IDXD_GENCAP_OVERLAP_COPY | \
				 IDXD_GENCAP_CACHE_CTRL_MEM | \
				 IDXD_GENCAP_CACHE_CTRL_CACHE | \
				 IDXD_GENCAP_DEST_READBACK | \
				 IDXD_GENCAP_DRAIN_READBACK | \
				 IDXD_GENCAP_BATCH_CONT)
#define VREGS_WQCAP_KEPT	(IDXD_WQCAP_PRIORITY | IDXD_WQCAP_OCCUPANCY | \
				 IDXD_WQCAP_OCCUPANCY_INT)

/* The PASID commands are missing: a guest has no PASIDs */
#define VREGS_CMDCAP		(BIT(IDXD_CMD_ENABLE_DEVICE) | \
				 BIT(IDXD_CMD_DISABLE_DEVICE) | \
				 BIT(IDXD_CMD_DRAIN_ALL) | \
				 BIT(IDXD_CMD_ABORT_ALL) | \
				 BIT(IDXD_CMD_RESET_DEVICE) | \
				 BIT(IDXD_CMD_ENABLE_WQ) | \
				 BIT(IDXD_CMD_DISABLE_WQ) | \
				 BIT(IDXD_CMD_DRAIN_WQ) | \
				 BIT(IDXD_CMD_ABORT_WQ) | \
				 BIT(IDXD_CMD_RESET_WQ) | \
				 BIT(IDXD_CMD_REQUEST_HANDLE) | \
				 BIT(IDXD_CMD_RELEASE_HANDLE))

#define VREGS_INTCAUSE_BITS	(IDXD_INTCAUSE_SWERR | IDXD_INTCAUSE_CMD | \
				 IDXD_INTCAUSE_OCCUPANCY | \
				 IDXD_INTCAUSE_PERFMON | \
				 IDXD_INTCAUSE_HALT | IDXD_INTCAUSE_EVL | \
				 IDXD_INTCAUSE_HANDLE_REVOKED)
#define VREGS_SWERR_ACK		((u32)(IDXD_SWERR0_VALID | \
				       IDXD_SWERR0_OVERFLOW))
/* All but what the log's own address space would need is kept */
#define VREGS_EVLCFG0_LO	((u32)((IDXD_EVLCFG0_BASE & ~0u) | \
				       IDXD_EVLCFG0_PASID_EN | \
				       IDXD_EVLCFG0_PRIV))
#define VREGS_EVLCFG1_LO	((u32)(IDXD_EVLCFG1_SIZE | \
				       (IDXD_EVLCFG1_PASID & ~0u)))
#define VREGS_EVLCFG1_HI	((u32)(IDXD_EVLCFG1_PASID >> 32))
#define VREGS_EVLSTS_PENDING	((u32)(IDXD_EVLSTS_INT_PENDING >> 32))
#define VREGS_MSIXPERM_BITS	(IDXD_MSIXPERM_IGNORE | \
				 IDXD_MSIXPERM_PASID_EN | IDXD_MSIXPERM_PASID)
#define VREGS_MSIX_ENTRY_SIZE	16
#define VREGS_MSIX_CTRL_OFF	12
#define VREGS_MSIX_MASKED	BIT(0)

#define VREGS_WQCFG6_OFF	(IDXD_VREGS_WQCFG_OFF + 6 * 4)
#define VREGS_WQCFG6_LIVE	(IDXD_WQCFG6_STATE | IDXD_WQCFG6_OCCUPANCY | \
				 IDXD_WQCFG6_OCC_INT)

/**
 * enum idxd_vregs_rule - how a writable register takes a write
 * @VREGS_PLAIN: byte by byte
 * @VREGS_DISABLED: likewise, but only while the device is disabled
 * @VREGS_LOG_OFF: likewise, and only while the event log is off too
 * @VREGS_COMMAND: only as a whole; starts a command
 * @VREGS_OCC: byte by byte, if the WQ has an occupancy interrupt; acts on the
 *	hardware
 * @VREGS_MSIX: an entry of a table with as many rows as MSI-X vectors
 */
enum idxd_vregs_rule {
	VREGS_PLAIN,
	VREGS_DISABLED,
	VREGS_LOG_OFF,
	VREGS_COMMAND,
	VREGS_OCC,
	VREGS_MSIX,
};

/**
 * struct idxd_vregs_reg - a register, or a column of a table, a guest can change
 * @off: byte offset of the first dword
 * @stride: bytes to the next row of a table, 0 for a register
 * @write: bits that take the value written
 * @clear: bits that a one clears
 * @rule: when and how
 */
struct idxd_vregs_reg {
	u16 off;
	u16 stride;
	u32 write;
	u32 clear;
	enum idxd_vregs_rule rule;
};

static const struct idxd_vregs_reg idxd_vregs_table[] = {
	{ IDXD_GENCFG_OFF, 0, IDXD_GENCFG_USER_INT_EN | IDXD_GENCFG_EVL_EN, 0,
	  VREGS_DISABLED },
	{ IDXD_GENCTRL_OFF, 0,
	  IDXD_GENCTRL_SWERR_INT_EN | IDXD_GENCTRL_HALT_INT_EN |
	  IDXD_GENCTRL_EVL_INT_EN, 0, VREGS_PLAIN },
	{ IDXD_INTCAUSE_OFF, 0, 0, VREGS_INTCAUSE_BITS, VREGS_PLAIN },
	/* Reserved bits too: a command that sets one fails */
	{ IDXD_CMD_OFF, 0, ~0u, 0, VREGS_COMMAND },
	{ IDXD_SWERR_OFF, 0, 0, VREGS_SWERR_ACK, VREGS_PLAIN },
	{ IDXD_EVLCFG0_OFF, 0, VREGS_EVLCFG0_LO, 0, VREGS_LOG_OFF },
	{ IDXD_EVLCFG0_OFF + 4, 0, ~0u, 0, VREGS_LOG_OFF },
	{ IDXD_EVLCFG1_OFF, 0, VREGS_EVLCFG1_LO, 0, VREGS_LOG_OFF },
	{ IDXD_EVLCFG1_OFF + 4, 0, VREGS_EVLCFG1_HI, 0, VREGS_LOG_OFF },
	{ IDXD_EVLSTS_OFF, 0, (u32)IDXD_EVLSTS_HEAD, 0, VREGS_PLAIN },
	{ IDXD_EVLSTS_OFF + 4, 0, 0, VREGS_EVLSTS_PENDING, VREGS_PLAIN },
	{ IDXD_VREGS_OCC_HANDLE_OFF, 0, IDXD_WQCFG4_OCC_HANDLE, 0, VREGS_OCC },
	{ IDXD_VREGS_OCC_LIMIT_OFF, 0,
	  IDXD_WQCFG5_OCC_LIMIT | IDXD_WQCFG5_OCC_INT_EN, 0, VREGS_OCC },
	{ IDXD_VREGS_MSIXPERM_OFF, IDXD_MSIXPERM_SIZE,
	  VREGS_MSIXPERM_BITS, 0, VREGS_MSIX },
	{ IDXD_VCFG_MSIX_TABLE, VREGS_MSIX_ENTRY_SIZE, ~3u, 0, VREGS_MSIX },
	{ IDXD_VCFG_MSIX_TABLE + 4, VREGS_MSIX_ENTRY_SIZE, ~0u, 0,
	  VREGS_MSIX },
	{ IDXD_VCFG_MSIX_TABLE + 8, VREGS_MSIX_ENTRY_SIZE, ~0u, 0,
	  VREGS_MSIX },
	{ IDXD_VCFG_MSIX_TABLE + VREGS_MSIX_CTRL_OFF, VREGS_MSIX_ENTRY_SIZE,
	  VREGS_MSIX_MASKED, 0, VREGS_MSIX },
};

u32 idxd_vregs_get(const struct idxd_vregs *vr, u32 off)
{
	return off < IDXD_VREGS_IMAGE_SIZE ? vr->dw[off / 4] : 0;
}

void idxd_vregs_set(struct idxd_vregs *vr, u32 off, u32 val)
{
	if (off < IDXD_VREGS_IMAGE_SIZE)
		vr->dw[off / 4] = val;
}

void idxd_vregs_set64(struct idxd_vregs *vr, u32 off, u64 val)
{
	idxd_vregs_set(vr, off, val);
	idxd_vregs_set(vr, off + 4, val >> 32);
}

u64 idxd_vregs_get64(const struct idxd_vregs *vr, u32 off)
{
	return idxd_vregs_get(vr, off) |
	       (u64)idxd_vregs_get(vr, off + 4) << 32;
}

static void idxd_vregs_fill_caps(struct idxd_vregs *vr)
{
	const struct idxd_vregs_caps *caps = &vr->caps;
	unsigned int i;
	u64 val;

	idxd_vregs_set(vr, IDXD_VERSION_OFF, caps->version);

	/* The event log is software: every virtual device has it */
	val = (caps->gencap & VREGS_GENCAP_KEPT) | IDXD_GENCAP_CMD_CAP |
	      FIELD_PREP(IDXD_GENCAP_EVENT_LOG, IDXD_VREGS_EVL_SUPPORT) |
	      FIELD_PREP(IDXD_GENCAP_MAX_XFER_SHIFT, caps->max_xfer_shift) |
	      FIELD_PREP(IDXD_GENCAP_MAX_BATCH_SHIFT, caps->max_batch_shift);
	idxd_vregs_set64(vr, IDXD_GENCAP_OFF, val);

	val = (caps->wqcap & VREGS_WQCAP_KEPT) | IDXD_WQCAP_DEDICATED_MODE |
	      FIELD_PREP(IDXD_WQCAP_TOTAL_SIZE, caps->wq_size) |
	      FIELD_PREP(IDXD_WQCAP_NR_WQS, 1);
	idxd_vregs_set64(vr, IDXD_WQCAP_OFF, val);

	val = (caps->grpcap & IDXD_GRPCAP_TOTAL_RDBUFS) |
	      FIELD_PREP(IDXD_GRPCAP_NR_GROUPS, 1);
	idxd_vregs_set64(vr, IDXD_GRPCAP_OFF, val);
	idxd_vregs_set64(vr, IDXD_ENGCAP_OFF,
			 FIELD_PREP(IDXD_ENGCAP_NR_ENGINES, 1));

	for (i = 0; i < IDXD_OPCAP_NR_WORDS; i++)
		idxd_vregs_set64(vr, IDXD_OPCAP_OFF + 8 * i, caps->opcap[i]);
	idxd_vregs_set(vr, IDXD_CMDCAP_OFF, VREGS_CMDCAP);

	/* There is no IMS table and no performance monitor */
	val = FIELD_PREP(IDXD_TABLE0_GRPCFG,
			 IDXD_VREGS_GRPCFG_OFF / IDXD_TABLE_MULT) |
	      FIELD_PREP(IDXD_TABLE0_WQCFG,
			 IDXD_VREGS_WQCFG_OFF / IDXD_TABLE_MULT) |
	      FIELD_PREP(IDXD_TABLE0_MSIXPERM,
			 IDXD_VREGS_MSIXPERM_OFF / IDXD_TABLE_MULT);
	idxd_vregs_set64(vr, IDXD_TABLE0_OFF, val);
}

/* One group with the one WQ and the one engine; all of it is read only */
static void idxd_vregs_fill_tables(struct idxd_vregs *vr)
{
	const struct idxd_vregs_caps *caps = &vr->caps;
	const u32 grp = IDXD_VREGS_GRPCFG_OFF;
	const u32 wq = IDXD_VREGS_WQCFG_OFF;
	u64 rdbufs = FIELD_GET(IDXD_GRPCAP_TOTAL_RDBUFS, caps->grpcap);

	idxd_vregs_set64(vr, grp + IDXD_GRPCFG_WQS_OFF, BIT_ULL(0));
	idxd_vregs_set64(vr, grp + IDXD_GRPCFG_ENGINES_OFF, BIT_ULL(0));
	idxd_vregs_set64(vr, grp + IDXD_GRPCFG_FLAGS_OFF,
			 FIELD_PREP(IDXD_GRPFLAGS_TC_B, 1) |
			 FIELD_PREP(IDXD_GRPFLAGS_RDBUFS_ALLOWED, rdbufs));

	idxd_vregs_set(vr, wq, FIELD_PREP(IDXD_WQCFG0_SIZE, caps->wq_size));
	idxd_vregs_set(vr, wq + 4, FIELD_PREP(IDXD_WQCFG1_THRESHOLD,
					      caps->wq_threshold));
	idxd_vregs_set_priority(vr, caps->wq_priority);
	idxd_vregs_set(vr, wq + 12, FIELD_PREP(IDXD_WQCFG3_MAX_XFER_SHIFT,
					       caps->max_xfer_shift) |
		       FIELD_PREP(IDXD_WQCFG3_MAX_BATCH_SHIFT,
				  caps->max_batch_shift));
}

void idxd_vregs_set_priority(struct idxd_vregs *vr, u8 priority)
{
	vr->caps.wq_priority = priority;
	idxd_vregs_set(vr, IDXD_VREGS_WQCFG_OFF + 8,
		       IDXD_WQCFG2_MODE_DEDICATED |
		       FIELD_PREP(IDXD_WQCFG2_PRIORITY, priority));
}

void idxd_vregs_reset(struct idxd_vregs *vr)
{
	unsigned int i;

	memset(vr->dw, 0, sizeof(vr->dw));
	idxd_vregs_fill_caps(vr);
	idxd_vregs_fill_tables(vr);
	for (i = 0; i < vr->caps.nr_msix; i++)
		idxd_vregs_set(vr, IDXD_VCFG_MSIX_TABLE +
			       i * VREGS_MSIX_ENTRY_SIZE + VREGS_MSIX_CTRL_OFF,
			       VREGS_MSIX_MASKED);
}

void idxd_vregs_init(struct idxd_vregs *vr, const struct idxd_vregs_caps *caps)
{
	vr->caps = *caps;
	if (vr->caps.nr_msix > IDXD_VCFG_MSIX_MAX)
		vr->caps.nr_msix = IDXD_VCFG_MSIX_MAX;
	idxd_vregs_reset(vr);
}

void idxd_vregs_reset_wq(struct idxd_vregs *vr)
{
	idxd_vregs_set(vr, IDXD_VREGS_OCC_HANDLE_OFF, 0);
	idxd_vregs_set(vr, IDXD_VREGS_OCC_LIMIT_OFF, 0);
}

void idxd_vregs_reset_device(struct idxd_vregs *vr)
{
	unsigned int i;

	idxd_vregs_reset_wq(vr);
	idxd_vregs_set(vr, IDXD_GENCFG_OFF, 0);
	idxd_vregs_set(vr, IDXD_GENCTRL_OFF, 0);
	idxd_vregs_set(vr, IDXD_INTCAUSE_OFF, 0);
	idxd_vregs_set_state(vr, IDXD_DEV_DISABLED);
	for (i = 0; i < IDXD_SWERR_NR_WORDS; i++)
		idxd_vregs_set64(vr, IDXD_SWERR_OFF + 8 * i, 0);
	idxd_vregs_set64(vr, IDXD_EVLCFG0_OFF, 0);
	idxd_vregs_set64(vr, IDXD_EVLCFG1_OFF, 0);
	idxd_vregs_set64(vr, IDXD_EVLSTS_OFF, 0);
	for (i = 0; i < vr->caps.nr_msix; i++)
		idxd_vregs_set64(vr, IDXD_VREGS_MSIXPERM_OFF +
			    i * IDXD_MSIXPERM_SIZE, 0);
}

/* The row of idxd_vregs_table[] that the dword at @off belongs to, or NULL */
static const struct idxd_vregs_reg *
idxd_vregs_find(const struct idxd_vregs *vr, u32 off)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(idxd_vregs_table); i++) {
		const struct idxd_vregs_reg *reg = &idxd_vregs_table[i];
		u32 row;

		if (off == reg->off)
			return reg;
		if (!reg->stride || off < reg->off)
			continue;
		row = (off - reg->off) / reg->stride;
		if (row < vr->caps.nr_msix && !((off - reg->off) % reg->stride))
			return reg;
	}
	return NULL;
}

static u32 idxd_vregs_read_dword(const struct idxd_vregs *vr, u32 off)
{
	u32 val = idxd_vregs_get(vr, off);

	if (off == VREGS_WQCFG6_OFF && vr->wq_live)
		val |= vr->wq_live(vr->ctx, 6) & VREGS_WQCFG6_LIVE;
	else if (off == IDXD_VREGS_OCC_LIMIT_OFF && vr->wq_live)
		/* The hardware clears it when it has interrupted */
		val |= vr->wq_live(vr->ctx, 5) & IDXD_WQCFG5_OCC_INT_EN;
	else if (off == IDXD_VCFG_MSIX_PBA && vr->pending)
		val = vr->pending(vr->ctx);
	return val;
}

/* @bytes has all bits set of the bytes that are written */
static bool idxd_vregs_may_write(const struct idxd_vregs *vr,
				 enum idxd_vregs_rule rule, u32 bytes)
{
	switch (rule) {
	case VREGS_DISABLED:
		return idxd_vregs_state(vr) == IDXD_DEV_DISABLED;
	case VREGS_LOG_OFF:
		return idxd_vregs_state(vr) == IDXD_DEV_DISABLED &&
		       !(idxd_vregs_get(vr, IDXD_GENCFG_OFF) &
			 IDXD_GENCFG_EVL_EN);
	case VREGS_COMMAND:
		/* The command that runs is not disturbed */
		return bytes == ~0u && !(idxd_vregs_get(vr, IDXD_CMDSTS_OFF) &
					 IDXD_CMDSTS_ACTIVE);
	case VREGS_OCC:
		return vr->caps.wqcap & IDXD_WQCAP_OCCUPANCY_INT;
	case VREGS_PLAIN:
	case VREGS_MSIX:
		return true;
	}
	return false;
}

static unsigned int idxd_vregs_write_dword(struct idxd_vregs *vr, u32 off,
					   u32 val, u32 bytes)
{
	const struct idxd_vregs_reg *reg = idxd_vregs_find(vr, off);
	u32 old = idxd_vregs_get(vr, off), new;

	if (!reg || !idxd_vregs_may_write(vr, reg->rule, bytes))
		return 0;
	new = (old & ~(reg->write & bytes)) | (val & reg->write & bytes);
	new &= ~(val & reg->clear & bytes);
	idxd_vregs_set(vr, off, new);
	/* A log that is switched on is empty */
	if (off == IDXD_GENCFG_OFF && new & ~old & IDXD_GENCFG_EVL_EN)
		idxd_vregs_set64(vr, IDXD_EVLSTS_OFF, 0);
	if (reg->rule == VREGS_OCC)
		return off == IDXD_VREGS_OCC_LIMIT_OFF ? IDXD_VREGS_OCC_LIMIT :
							 IDXD_VREGS_OCC_HANDLE;
	return reg->rule == VREGS_COMMAND ? IDXD_VREGS_CMD : 0;
}

/* Mask of the bytes [first, first + nr) of a dword */
static u32 idxd_vregs_byte_mask(unsigned int first, unsigned int nr)
{
	u32 mask = nr >= 4 ? ~0u : (1u << (8 * nr)) - 1;

	return mask << (8 * first);
}

u64 idxd_vregs_read(const struct idxd_vregs *vr, u32 off, unsigned int len)
{
	unsigned int done = 0;
	u64 val = 0;

	if (len > sizeof(val) || off >= IDXD_VREGS_IMAGE_SIZE)
		return 0;
	while (done < len) {
		unsigned int first = (off + done) % 4;
		unsigned int nr = min(len - done, 4 - first);
		u32 dw = idxd_vregs_read_dword(vr, off + done - first);

		dw = (dw & idxd_vregs_byte_mask(first, nr)) >> (8 * first);
		val |= (u64)dw << (8 * done);
		done += nr;
	}
	return val;
}

unsigned int idxd_vregs_write(struct idxd_vregs *vr, u32 off, u64 val,
			      unsigned int len)
{
	unsigned int done = 0, effects = 0;

	if (len > sizeof(val) || off >= IDXD_VREGS_IMAGE_SIZE)
		return 0;
	while (done < len) {
		unsigned int first = (off + done) % 4;
		unsigned int nr = min(len - done, 4 - first);
		u32 dw = (u32)(val >> (8 * done)) << (8 * first);

		effects |= idxd_vregs_write_dword(vr, off + done - first, dw,
					     idxd_vregs_byte_mask(first, nr));
		done += nr;
	}
	return effects;
}

enum idxd_dev_state idxd_vregs_state(const struct idxd_vregs *vr)
{
	return FIELD_GET(IDXD_GENSTS_STATE,
			 idxd_vregs_get(vr, IDXD_GENSTS_OFF));
}

void idxd_vregs_set_state(struct idxd_vregs *vr, enum idxd_dev_state state)
{
	idxd_vregs_set(vr, IDXD_GENSTS_OFF,
		       FIELD_PREP(IDXD_GENSTS_STATE, state));
}

void idxd_vregs_halt(struct idxd_vregs *vr, enum idxd_reset_type needs)
{
	idxd_vregs_set(vr, IDXD_GENSTS_OFF,
		       FIELD_PREP(IDXD_GENSTS_STATE, IDXD_DEV_HALT) |
		       FIELD_PREP(IDXD_GENSTS_RESET_TYPE, needs));
}

bool idxd_vregs_raise(struct idxd_vregs *vr, u32 cause)
{
	u32 genctrl = idxd_vregs_get(vr, IDXD_GENCTRL_OFF);

	if (cause == IDXD_INTCAUSE_SWERR &&
	    !(genctrl & IDXD_GENCTRL_SWERR_INT_EN))
		return false;
	if (cause == IDXD_INTCAUSE_HALT &&
	    !(genctrl & IDXD_GENCTRL_HALT_INT_EN))
		return false;
	if (cause == IDXD_INTCAUSE_EVL && !(genctrl & IDXD_GENCTRL_EVL_INT_EN))
		return false;
	idxd_vregs_set(vr, IDXD_INTCAUSE_OFF,
		       idxd_vregs_get(vr, IDXD_INTCAUSE_OFF) | cause);
	return true;
}

bool idxd_vregs_swerr(struct idxd_vregs *vr,
		      const u64 swerr[IDXD_SWERR_NR_WORDS])
{
	u64 word = idxd_vregs_get64(vr, IDXD_SWERR_OFF);
	unsigned int i;

	if (word & IDXD_SWERR0_VALID) {
		if (word & IDXD_SWERR0_OVERFLOW)
			return false;
		idxd_vregs_set64(vr, IDXD_SWERR_OFF, word | IDXD_SWERR0_OVERFLOW);
		return idxd_vregs_raise(vr, IDXD_INTCAUSE_SWERR);
	}
	word = swerr[0] & ~(IDXD_SWERR0_WQ | IDXD_SWERR0_PASID |
			    IDXD_SWERR0_OVERFLOW);
	idxd_vregs_set64(vr, IDXD_SWERR_OFF, word | IDXD_SWERR0_VALID);
	for (i = 1; i < IDXD_SWERR_NR_WORDS; i++)
		idxd_vregs_set64(vr, IDXD_SWERR_OFF + 8 * i, swerr[i]);
	return idxd_vregs_raise(vr, IDXD_INTCAUSE_SWERR);
}
