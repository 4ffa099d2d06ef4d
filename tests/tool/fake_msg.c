// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the make-believe kernel's health reporters tell, as the kernel puts it
 * into messages. It sends nothing.
 */
#include "fake.h"

#include <libmnl/libmnl.h>
#include <linux/devlink.h>

static void fake_put_flag(struct nlmsghdr *nlh, uint16_t type)
{
	mnl_attr_put(nlh, type, 0, NULL);
}

static void fake_put_number(struct nlmsghdr *nlh, const char *name,
			    uint32_t value)
{
	fake_put_flag(nlh, DEVLINK_ATTR_FMSG_PAIR_NEST_START);
	mnl_attr_put_strz(nlh, DEVLINK_ATTR_FMSG_OBJ_NAME, name);
	mnl_attr_put_u8(nlh, DEVLINK_ATTR_FMSG_OBJ_VALUE_TYPE, MNL_TYPE_U32);
	mnl_attr_put_u32(nlh, DEVLINK_ATTR_FMSG_OBJ_VALUE_DATA, value);
	fake_put_flag(nlh, DEVLINK_ATTR_FMSG_NEST_END);
}

void fake_put_diagnosis(struct nlmsghdr *nlh, const struct fake_port *p,
			bool rest)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, DEVLINK_ATTR_FMSG);

	if (rest) {
		fake_put_number(nlh, "occupancy", p->entries / 4);
		fake_put_flag(nlh, DEVLINK_ATTR_FMSG_NEST_END);
		fake_put_flag(nlh, DEVLINK_ATTR_FMSG_NEST_END);
	} else {
		/* Of something else */
		fake_put_number(nlh, "occupancy", 99);
		fake_put_flag(nlh, DEVLINK_ATTR_FMSG_PAIR_NEST_START);
		mnl_attr_put_strz(nlh, DEVLINK_ATTR_FMSG_OBJ_NAME,
				  "work_queue");
		fake_put_flag(nlh, DEVLINK_ATTR_FMSG_OBJ_NEST_START);
		fake_put_number(nlh, "entries", p->entries);
	}
	mnl_attr_nest_end(nlh, nest);
}
