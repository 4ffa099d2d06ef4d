// SPDX-License-Identifier: GPL-2.0-only
/*
 * One work queue (layer L2): its configuration and commands.
 *
 * Writes the WQCFG of one WQ and runs the commands that act on it. Does not
 * know who leased it: that is res.c's.
 */
#include "wq.h"

#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/idxd_sf.h>

/* How often to look whether a queue has run empty */
#define IDXD_WQ_IDLE_MIN_US	200
#define IDXD_WQ_IDLE_MAX_US	1000

/* The dwords of a WQCFG that we write: 6 is read only, 7 reserved */
#define IDXD_WQ_CFG_LAST	5

static void idxd_wq_write(struct idxd_wq *wq, unsigned int dword, u32 val)
{
	idxd_hw_write32(wq->hw, idxd_caps_wqcfg(wq->caps, wq->index, dword),
			val);
}

u32 idxd_wq_read(struct idxd_wq *wq, unsigned int dword)
{
	return idxd_hw_read32(wq->hw,
			      idxd_caps_wqcfg(wq->caps, wq->index, dword));
}

static bool idxd_wq_enabled(struct idxd_wq *wq)
{
	return FIELD_GET(IDXD_WQCFG6_STATE, idxd_wq_read(wq, 6)) ==
	       IDXD_WQ_ENABLED;
}

/*
 * Size in dword 0 is ignored by an enabled device; it keeps what it was
 * given before.
 */
static int idxd_wq_write_config(struct idxd_wq *wq)
{
	u32 dwords[IDXD_WQCFG_ENC_DWORDS];
	unsigned int i;
	int err;

	err = idxd_wqcfg_encode(&wq->cfg, dwords);
	if (err)
		return err;

	spin_lock(&wq->arm_lock);
	for (i = 0; i <= IDXD_WQ_CFG_LAST; i++)
		idxd_wq_write(wq, i, dwords[i]);
	spin_unlock(&wq->arm_lock);
	if (!wq->caps->has_op_config)
		return 0;
	for (i = IDXD_WQCFG_NR_DWORDS; i < IDXD_WQCFG_ENC_DWORDS; i++)
		idxd_wq_write(wq, i, dwords[i]);
	return 0;
}

/* The default is in the middle, so that priorities can go both ways */
static u8 idxd_wq_priority(u8 priority)
{
	return priority ?: IDXD_SF_TX_PRIORITY_DEFAULT;
}

int idxd_wq_configure(struct idxd_wq *wq, u32 pasid, u8 priority,
		      const struct idxd_wq_limits *limits)
{
	struct idxd_wqcfg *cfg = &wq->cfg;
	unsigned int i;

	/* An enabled WQ ignores what is written, its old PASID stays */
	if (idxd_wq_enabled(wq))
		return -EBUSY;
	cfg->threshold = cfg->size;
	cfg->priority = idxd_wq_priority(priority);
	cfg->pasid = pasid;
	cfg->max_xfer_shift = limits->max_xfer_shift;
	cfg->max_batch_shift = limits->max_batch_shift;
	cfg->prs_disable = wq->caps->has_prs_disable;
	for (i = 0; i < IDXD_OPCAP_NR_WORDS; i++)
		cfg->opcap[i] = wq->caps->raw.opcap[i];
	return idxd_wq_write_config(wq);
}

/* Off meanwhile: the device must not send what is half written */
void idxd_wq_arm(struct idxd_wq *wq, u16 slot, u32 limit)
{
	spin_lock(&wq->arm_lock);
	idxd_wq_write(wq, 5, 0);
	idxd_wq_write(wq, 4, IDXD_WQCFG4_OCC_TABLE_IMS |
		      FIELD_PREP(IDXD_WQCFG4_OCC_HANDLE, slot));
	idxd_wq_write(wq, 5, limit);
	spin_unlock(&wq->arm_lock);
}

void idxd_wq_set_priority(struct idxd_wq *wq, u8 priority)
{
	wq->cfg.priority = idxd_wq_priority(priority);
	/* Cannot fail: all of it was written before */
	idxd_wq_write_config(wq);
}

static u32 idxd_wq_operand(const struct idxd_wq *wq)
{
	return FIELD_PREP(IDXD_CMD_WQ_MASK, BIT(wq->index % 16)) |
	       FIELD_PREP(IDXD_CMD_WQ_BLOCK, wq->index / 16);
}

int idxd_wq_command(struct idxd_wq *wq, enum idxd_cmd code, u8 *cmderr,
		    const struct idxd_wq_gate *gate)
{
	u32 operand;

	switch (code) {
	case IDXD_CMD_ENABLE_WQ:
		operand = wq->index;
		break;
	case IDXD_CMD_ABORT_WQ:
	case IDXD_CMD_RESET_WQ:
		operand = idxd_wq_operand(wq);
		break;
	default:
		return -EINVAL;
	}
	return idxd_cmd_exec_if(wq->cmdq, code, operand, NULL, cmderr,
				gate ? gate->ready : NULL,
				gate ? gate->priv : NULL);
}

static bool idxd_wq_idle(struct idxd_wq *wq)
{
	u32 status = idxd_wq_read(wq, 6);

	return !wq->caps->has_occupancy ||
	       FIELD_GET(IDXD_WQCFG6_STATE, status) != IDXD_WQ_ENABLED ||
	       !FIELD_GET(IDXD_WQCFG6_OCCUPANCY, status);
}

struct idxd_wq_drain {
	struct idxd_wq *wq;
	const bool *abandon;
};

static bool idxd_wq_drain_ready(void *priv)
{
	struct idxd_wq_drain *drain = priv;

	return !READ_ONCE(*drain->abandon) && idxd_wq_idle(drain->wq);
}

int idxd_wq_drain(struct idxd_wq *wq, enum idxd_cmd code, u8 *cmderr,
		  const bool *abandon)
{
	struct idxd_wq_drain drain = { .wq = wq, .abandon = abandon };
	int err;

	if (code != IDXD_CMD_DISABLE_WQ && code != IDXD_CMD_DRAIN_WQ)
		return -EINVAL;
	for (;;) {
		if (READ_ONCE(*abandon))
			return -ECANCELED;
		if (READ_ONCE(wq->cmdq->dead))
			return -EIO;
		if (idxd_wq_idle(wq)) {
			err = idxd_cmd_exec_if(wq->cmdq, code,
					       idxd_wq_operand(wq), NULL,
					       cmderr, idxd_wq_drain_ready,
					       &drain);
			if (err != -EAGAIN)
				return err;
		}
		usleep_range(IDXD_WQ_IDLE_MIN_US, IDXD_WQ_IDLE_MAX_US);
	}
}

/*
 * Abort first: reset waits for descriptors, and those of a hostile or killed
 * user may take minutes.
 */
static int idxd_wq_stop(struct idxd_wq *wq, const struct idxd_wq_gate *gate)
{
	int err;

	if (!idxd_wq_enabled(wq))
		return 0;
	err = idxd_wq_command(wq, IDXD_CMD_ABORT_WQ, NULL, gate);
	if (err)
		return err;
	return idxd_wq_command(wq, IDXD_CMD_RESET_WQ, NULL, gate);
}

int idxd_wq_reset(struct idxd_wq *wq, const struct idxd_wq_gate *gate)
{
	int err = idxd_wq_stop(wq, gate);

	return err ?: idxd_wq_write_config(wq);
}

int idxd_wq_check(struct idxd_wq *wq, u8 *cmderr)
{
	int err;

	err = idxd_wq_command(wq, IDXD_CMD_ENABLE_WQ, cmderr, NULL);
	if (err)
		return err;
	if (*cmderr)
		return -EIO;
	err = idxd_wq_command(wq, IDXD_CMD_RESET_WQ, NULL, NULL);
	return err ?: idxd_wq_write_config(wq);
}

int idxd_wq_clear(struct idxd_wq *wq)
{
	int err = idxd_wq_stop(wq, NULL);
	unsigned int i;

	if (err)
		return err;
	for (i = 1; i <= IDXD_WQ_CFG_LAST; i++)
		idxd_wq_write(wq, i, 0);
	wq->cfg.pasid = 0;
	return 0;
}
