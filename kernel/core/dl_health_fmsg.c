// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devlink face of a device (layer L4): registers in health messages.
 *
 * Each as the hardware has it, and beside it in words. Reads registers and
 * changes none.
 */
#include "dl.h"

#include <linux/bitfield.h>
#include <linux/idxd_sf.h>
#include <linux/string_choices.h>

#include "decode.h"

/* "0x", 16 digits and the end */
#define IDXD_HEALTH_HEX_SIZE	19

void idxd_health_put_hex(struct devlink_fmsg *fmsg, const char *name, u64 val,
			 unsigned int digits)
{
	char text[IDXD_HEALTH_HEX_SIZE];

	snprintf(text, sizeof(text), "0x%0*llx", digits, val);
	devlink_fmsg_string_pair_put(fmsg, name, text);
}

static void idxd_health_put_gensts(struct devlink_fmsg *fmsg, u32 gensts)
{
	devlink_fmsg_pair_nest_start(fmsg, IDXD_SF_KEY_GENSTS);
	devlink_fmsg_obj_nest_start(fmsg);
	idxd_health_put_hex(fmsg, IDXD_SF_KEY_VALUE, gensts, 8);
	devlink_fmsg_string_pair_put(fmsg, IDXD_SF_KEY_STATE,
				     idxd_decode_dev_state(gensts));
	if (gensts != U32_MAX &&
	    FIELD_GET(IDXD_GENSTS_STATE, gensts) == IDXD_DEV_HALT)
		devlink_fmsg_string_pair_put(fmsg, IDXD_SF_KEY_NEEDS,
					     idxd_decode_reset_type(gensts));
	devlink_fmsg_obj_nest_end(fmsg);
	devlink_fmsg_pair_nest_end(fmsg);
}

static void idxd_health_put_intcause(struct devlink_fmsg *fmsg, u32 causes)
{
	char text[IDXD_DECODE_SIZE];

	idxd_decode_intcause(causes, text, sizeof(text));
	devlink_fmsg_pair_nest_start(fmsg, IDXD_SF_KEY_INTCAUSE);
	devlink_fmsg_obj_nest_start(fmsg);
	idxd_health_put_hex(fmsg, IDXD_SF_KEY_VALUE, causes, 8);
	devlink_fmsg_string_pair_put(fmsg, IDXD_SF_KEY_CAUSES, text);
	devlink_fmsg_obj_nest_end(fmsg);
	devlink_fmsg_pair_nest_end(fmsg);
}

/* CMD itself need not be readable */
static void idxd_health_put_cmdsts(struct devlink_fmsg *fmsg, u8 cmd, u32 sts)
{
	devlink_fmsg_pair_nest_start(fmsg, IDXD_SF_KEY_CMDSTS);
	devlink_fmsg_obj_nest_start(fmsg);
	idxd_health_put_hex(fmsg, IDXD_SF_KEY_VALUE, sts, 8);
	devlink_fmsg_bool_pair_put(fmsg, IDXD_SF_KEY_ACTIVE,
				   sts & IDXD_CMDSTS_ACTIVE);
	devlink_fmsg_string_pair_put(fmsg, IDXD_SF_KEY_COMMAND,
				     cmd ? idxd_decode_cmd(cmd) : "none");
	devlink_fmsg_string_pair_put(fmsg, IDXD_SF_KEY_ERROR,
				     idxd_decode_cmderr(FIELD_GET(IDXD_CMDSTS_ERR,
								  sts)));
	devlink_fmsg_obj_nest_end(fmsg);
	devlink_fmsg_pair_nest_end(fmsg);
}

void idxd_health_put_swerr(struct devlink_fmsg *fmsg, const char *name,
			   const u64 swerr[IDXD_SWERR_NR_WORDS])
{
	u32 code = FIELD_GET(IDXD_SWERR0_ERROR, swerr[0]);
	u32 operation = FIELD_GET(IDXD_SWERR0_OPERATION, swerr[0]);

	devlink_fmsg_pair_nest_start(fmsg, name);
	devlink_fmsg_obj_nest_start(fmsg);
	idxd_health_put_hex(fmsg, IDXD_SF_KEY_WORD0, swerr[0], 16);
	idxd_health_put_hex(fmsg, IDXD_SF_KEY_WORD1, swerr[1], 16);
	idxd_health_put_hex(fmsg, IDXD_SF_KEY_WORD2, swerr[2], 16);
	devlink_fmsg_bool_pair_put(fmsg, IDXD_SF_KEY_VALID,
				   swerr[0] & IDXD_SWERR0_VALID);
	if (!(swerr[0] & IDXD_SWERR0_VALID))
		goto out;
	devlink_fmsg_bool_pair_put(fmsg, IDXD_SF_KEY_OVERFLOW,
				   swerr[0] & IDXD_SWERR0_OVERFLOW);
	idxd_health_put_hex(fmsg, IDXD_SF_KEY_CODE, code, 2);
	devlink_fmsg_string_pair_put(fmsg, IDXD_SF_KEY_ERROR,
				     idxd_decode_error(code));
	if (swerr[0] & IDXD_SWERR0_WQ_VALID)
		devlink_fmsg_u32_pair_put(fmsg, IDXD_SF_KEY_WORK_QUEUE,
					  FIELD_GET(IDXD_SWERR0_WQ, swerr[0]));
	if (swerr[0] & IDXD_SWERR0_DESC_VALID) {
		devlink_fmsg_string_pair_put(fmsg, IDXD_SF_KEY_OPERATION,
					     idxd_decode_operation(operation));
		devlink_fmsg_bool_pair_put(fmsg, IDXD_SF_KEY_IN_BATCH,
					   swerr[0] & IDXD_SWERR0_BATCH);
	}
	devlink_fmsg_string_pair_put(fmsg, IDXD_SF_KEY_ACCESS,
				     str_write_read(swerr[0] & IDXD_SWERR0_FAULT_WRITE));
	idxd_health_put_hex(fmsg, IDXD_SF_KEY_ADDRESS, swerr[2], 16);
out:
	devlink_fmsg_obj_nest_end(fmsg);
	devlink_fmsg_pair_nest_end(fmsg);
}

void idxd_health_put_registers(struct devlink_fmsg *fmsg, struct idxd_dev *idxd)
{
	struct idxd_hw *hw = &idxd->hw;
	u64 swerr[IDXD_SWERR_NR_WORDS];
	unsigned int i;

	idxd_health_put_gensts(fmsg, idxd_hw_read32(hw, IDXD_GENSTS_OFF));
	idxd_health_put_hex(fmsg, IDXD_SF_KEY_GENCFG,
			    idxd_hw_read32(hw, IDXD_GENCFG_OFF), 8);
	idxd_health_put_hex(fmsg, IDXD_SF_KEY_GENCTRL,
			    idxd_hw_read32(hw, IDXD_GENCTRL_OFF), 8);
	idxd_health_put_intcause(fmsg, idxd_hw_read32(hw, IDXD_INTCAUSE_OFF));
	idxd_health_put_cmdsts(fmsg, READ_ONCE(idxd->cmdq.last),
			       idxd_hw_read32(hw, IDXD_CMDSTS_OFF));
	for (i = 0; i < IDXD_SWERR_NR_WORDS; i++)
		swerr[i] = idxd_hw_read64(hw, IDXD_SWERR_OFF + i * 8);
	idxd_health_put_swerr(fmsg, IDXD_SF_KEY_SWERR, swerr);
}

static void idxd_health_put_wq(struct devlink_fmsg *fmsg, struct idxd_wq *wq)
{
	u32 dword6 = idxd_wq_read(wq, 6);

	devlink_fmsg_obj_nest_start(fmsg);
	devlink_fmsg_u32_pair_put(fmsg, IDXD_SF_KEY_INDEX, wq->index);
	idxd_health_put_hex(fmsg, IDXD_SF_KEY_VALUE, dword6, 8);
	devlink_fmsg_string_pair_put(fmsg, IDXD_SF_KEY_STATE,
				     idxd_decode_wq_state(dword6));
	devlink_fmsg_u32_pair_put(fmsg, IDXD_SF_KEY_ENTRIES,
				  FIELD_GET(IDXD_WQCFG0_SIZE,
					    idxd_wq_read(wq, 0)));
	devlink_fmsg_u32_pair_put(fmsg, IDXD_SF_KEY_OCCUPANCY,
				  FIELD_GET(IDXD_WQCFG6_OCCUPANCY, dword6));
	devlink_fmsg_bool_pair_put(fmsg, IDXD_SF_KEY_LEASED,
				   READ_ONCE(wq->leased));
	devlink_fmsg_obj_nest_end(fmsg);
}

void idxd_health_put_wqs(struct devlink_fmsg *fmsg, struct idxd_dev *idxd)
{
	u16 i;

	devlink_fmsg_arr_pair_nest_start(fmsg, IDXD_SF_KEY_WORK_QUEUES);
	for (i = 0; i < idxd->res.nr_wqs; i++)
		idxd_health_put_wq(fmsg, &idxd->res.wqs[i]);
	devlink_fmsg_arr_pair_nest_end(fmsg);
}
