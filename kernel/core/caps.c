// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a device can do, decoded from its capability registers (layer L1).
 *
 * Pure: no MMIO, no lock, no allocation; also compiled in user space by
 * tests/unit. Trusts no value: a device that passes has its tables and
 * portals inside its BARs.
 */
#include "caps.h"

#include <linux/bitfield.h>
#include <linux/errno.h>
#include <linux/kernel.h>

/* The commands the core cannot do without */
#define IDXD_CAPS_CMDS_NEEDED (BIT(IDXD_CMD_ENABLE_DEVICE) |		\
			       BIT(IDXD_CMD_DISABLE_DEVICE) |		\
			       BIT(IDXD_CMD_RESET_DEVICE) |		\
			       BIT(IDXD_CMD_ENABLE_WQ) |		\
			       BIT(IDXD_CMD_DISABLE_WQ) |		\
			       BIT(IDXD_CMD_DRAIN_WQ) |			\
			       BIT(IDXD_CMD_ABORT_WQ) |			\
			       BIT(IDXD_CMD_RESET_WQ))

/* What a device has whose GENCAP does not announce CMDCAP */
#define IDXD_CAPS_CMDS_DEFAULT	GENMASK(IDXD_CMD_ABORT_PASID,		\
					IDXD_CMD_ENABLE_DEVICE)

/* One WQCFG may be larger than what we know of it, but not without bound */
#define IDXD_CAPS_WQCFG_SHIFT_MAX	5

/* Does a table lie behind the registers and within BAR0 */
static bool idxd_caps_table_fits(u64 offset, u64 size, u64 regs_size)
{
	return offset && offset + size <= regs_size;
}

/* A log whose entries are too small for what we know of them is no use */
static u16 idxd_caps_evl_entry_size(u64 gencap)
{
	u16 size = IDXD_EVL_ENTRY_UNIT << FIELD_GET(IDXD_GENCAP_EVENT_LOG, gencap);

	return size < IDXD_EVL_NR_WORDS * sizeof(u64) ? 0 : size;
}

static void idxd_caps_decode_counts(const struct idxd_caps_raw *raw,
				    struct idxd_caps *caps)
{
	caps->total_wq_size = FIELD_GET(IDXD_WQCAP_TOTAL_SIZE, raw->wqcap);
	caps->nr_wqs = FIELD_GET(IDXD_WQCAP_NR_WQS, raw->wqcap);
	caps->wqcfg_size = IDXD_WQCFG_MIN_SIZE <<
			   FIELD_GET(IDXD_WQCAP_WQCFG_SHIFT, raw->wqcap);
	caps->nr_groups = FIELD_GET(IDXD_GRPCAP_NR_GROUPS, raw->grpcap);
	caps->nr_rdbufs = FIELD_GET(IDXD_GRPCAP_TOTAL_RDBUFS, raw->grpcap);
	caps->nr_engines = FIELD_GET(IDXD_ENGCAP_NR_ENGINES, raw->engcap);
	caps->nr_ims = IDXD_IMS_MULT *
		       FIELD_GET(IDXD_GENCAP_MAX_IMS_MULT, raw->gencap);
	caps->max_xfer_shift = FIELD_GET(IDXD_GENCAP_MAX_XFER_SHIFT,
					 raw->gencap);
	caps->max_batch_shift = FIELD_GET(IDXD_GENCAP_MAX_BATCH_SHIFT,
					  raw->gencap);
	caps->has_op_config = raw->wqcap & IDXD_WQCAP_OP_CONFIG;
	caps->has_prs_disable = raw->wqcap & IDXD_WQCAP_PRS;
	caps->has_occupancy = raw->wqcap & IDXD_WQCAP_OCCUPANCY;
	caps->evl_entry_size = idxd_caps_evl_entry_size(raw->gencap);
	caps->cmds = IDXD_CAPS_CMDS_DEFAULT;
	if (raw->gencap & IDXD_GENCAP_CMD_CAP)
		caps->cmds = raw->cmdcap;
}

static int idxd_caps_check_counts(const struct idxd_caps *caps,
				  const char **why)
{
	const struct idxd_caps_raw *raw = &caps->raw;

	if (!caps->nr_wqs || !caps->total_wq_size) {
		*why = "no work queues";
		return -EINVAL;
	}
	if (!caps->nr_groups || !caps->nr_engines ||
	    caps->nr_engines > IDXD_MAX_ENGINES) {
		*why = "bad number of groups or engines";
		return -EINVAL;
	}
	if (FIELD_GET(IDXD_WQCAP_WQCFG_SHIFT, raw->wqcap) >
	    IDXD_CAPS_WQCFG_SHIFT_MAX) {
		*why = "bad size of a WQ configuration";
		return -EINVAL;
	}
	/* The operations mask needs the second half of 64 bytes */
	if (caps->has_op_config && caps->wqcfg_size < 2 * IDXD_WQCFG_MIN_SIZE) {
		*why = "WQ configuration too small for its operations";
		return -EINVAL;
	}
	if (!(raw->gencap & IDXD_GENCAP_CONFIGURABLE)) {
		*why = "configuration is read-only";
		return -EOPNOTSUPP;
	}
	if (!(raw->wqcap & IDXD_WQCAP_DEDICATED_MODE)) {
		*why = "no dedicated work queues";
		return -EOPNOTSUPP;
	}
	if ((caps->cmds & IDXD_CAPS_CMDS_NEEDED) != IDXD_CAPS_CMDS_NEEDED) {
		*why = "commands are missing";
		return -EOPNOTSUPP;
	}
	return 0;
}

static int idxd_caps_decode_tables(const struct idxd_caps_raw *raw,
				   struct idxd_caps *caps, const char **why)
{
	caps->grpcfg_off = IDXD_TABLE_MULT *
			   FIELD_GET(IDXD_TABLE0_GRPCFG, raw->table[0]);
	caps->wqcfg_off = IDXD_TABLE_MULT *
			  FIELD_GET(IDXD_TABLE0_WQCFG, raw->table[0]);
	caps->ims_off = IDXD_TABLE_MULT *
			FIELD_GET(IDXD_TABLE0_IMS, raw->table[0]);

	if (!idxd_caps_table_fits(caps->grpcfg_off,
				  caps->nr_groups * IDXD_GRPCFG_SIZE,
				  raw->regs_size)) {
		*why = "group table outside of BAR0";
		return -EINVAL;
	}
	if (!idxd_caps_table_fits(caps->wqcfg_off,
				  caps->nr_wqs * caps->wqcfg_size,
				  raw->regs_size)) {
		*why = "WQ table outside of BAR0";
		return -EINVAL;
	}
	if (caps->nr_ims &&
	    !idxd_caps_table_fits(caps->ims_off,
				  caps->nr_ims * IDXD_IMS_SLOT_SIZE,
				  raw->regs_size)) {
		*why = "interrupt message storage outside of BAR0";
		return -EINVAL;
	}
	if ((u64)caps->nr_wqs << IDXD_PORTAL_WQ_SHIFT > raw->portal_size) {
		*why = "portals outside of BAR2";
		return -EINVAL;
	}
	return 0;
}

int idxd_caps_decode(const struct idxd_caps_raw *raw, struct idxd_caps *caps,
		     const char **why)
{
	int err;

	if (raw->version == 0xffffffff) {
		*why = "registers read as all ones";
		return -EINVAL;
	}
	switch (FIELD_GET(IDXD_VERSION_MAJOR, raw->version)) {
	case 1:
	case 2:
	case 3:
		break;
	default:
		*why = "unknown version";
		return -EOPNOTSUPP;
	}

	caps->raw = *raw;
	idxd_caps_decode_counts(raw, caps);
	err = idxd_caps_check_counts(caps, why);
	if (err)
		return err;

	return idxd_caps_decode_tables(raw, caps, why);
}
