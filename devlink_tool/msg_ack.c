// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages that are not devlink's own: the end of a request with what the
 * kernel says about it, and the controller of generic netlink. Pure.
 */
#include "msg.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/genetlink.h>

#include "attr.h"

/* Attributes behind an ending: number space of its own */
static const uint8_t msg_kinds_ack[NLMSGERR_ATTR_MISS_TYPE + 1] = {
	[NLMSGERR_ATTR_MSG] = ATTR_STRING,
	[NLMSGERR_ATTR_MISS_TYPE] = ATTR_U32,
};

static const struct attr_policy msg_policy_ack = {
	.max = NLMSGERR_ATTR_MISS_TYPE,
	.kinds = msg_kinds_ack,
};

static const uint8_t msg_kinds_ctrl[CTRL_ATTR_MCAST_GROUPS + 1] = {
	[CTRL_ATTR_FAMILY_ID] = ATTR_U16,
	[CTRL_ATTR_MCAST_GROUPS] = ATTR_NEST,
};

static const struct attr_policy msg_policy_ctrl = {
	.max = CTRL_ATTR_MCAST_GROUPS,
	.kinds = msg_kinds_ctrl,
};

static const uint8_t msg_kinds_group[CTRL_ATTR_MCAST_GRP_ID + 1] = {
	[CTRL_ATTR_MCAST_GRP_NAME] = ATTR_STRING,
	[CTRL_ATTR_MCAST_GRP_ID] = ATTR_U32,
};

static const struct attr_policy msg_policy_group = {
	.max = CTRL_ATTR_MCAST_GRP_ID,
	.kinds = msg_kinds_group,
};

static void msg_get_extack(const struct nlmsghdr *nlh, size_t offset,
			   struct msg_ack *ack)
{
	const struct nlattr *tb[NLMSGERR_ATTR_MISS_TYPE + 1];
	size_t size = mnl_nlmsg_get_payload_len(nlh);
	const char *text;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || offset >= size)
		return;
	attr_parse(&msg_policy_ack, mnl_nlmsg_get_payload_offset(nlh, offset),
		   size - offset, tb);
	if (tb[NLMSGERR_ATTR_MSG]) {
		text = mnl_attr_get_str(tb[NLMSGERR_ATTR_MSG]);
		snprintf(ack->text, sizeof(ack->text), "%s", text);
	} else if (tb[NLMSGERR_ATTR_MISS_TYPE]) {
		snprintf(ack->text, sizeof(ack->text),
			 "The kernel wants attribute %u, which this program does not know",
			 mnl_attr_get_u32(tb[NLMSGERR_ATTR_MISS_TYPE]));
	}
}

int msg_decode_ack(const struct nlmsghdr *nlh, struct msg_ack *ack)
{
	size_t size = mnl_nlmsg_get_payload_len(nlh);
	const struct nlmsgerr *end;
	size_t offset;

	memset(ack, 0, sizeof(*ack));
	if (nlh->nlmsg_type == NLMSG_DONE) {
		/* A bare one is fine, a dump's has its result */
		if (size >= sizeof(int))
			memcpy(&ack->err, mnl_nlmsg_get_payload(nlh),
			       sizeof(int));
		offset = MNL_ALIGN(sizeof(int));
	} else {
		if (size < sizeof(*end))
			return -EBADMSG;
		end = mnl_nlmsg_get_payload(nlh);
		ack->err = end->error;
		offset = sizeof(*end);
		/* The request follows, unless it is left out */
		if (!(nlh->nlmsg_flags & NLM_F_CAPPED)) {
			if (end->msg.nlmsg_len < sizeof(end->msg) ||
			    end->msg.nlmsg_len > size)
				offset = size;
			else
				offset += MNL_ALIGN(end->msg.nlmsg_len) -
					  sizeof(end->msg);
		}
	}
	if (ack->err > 0)
		return -EBADMSG;
	msg_get_extack(nlh, offset, ack);
	return 0;
}

static uint32_t msg_find_group(const struct nlattr *list, const char *name)
{
	const struct nlattr *tb[CTRL_ATTR_MCAST_GRP_ID + 1];
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, list) {
		attr_parse_nest(&msg_policy_group, attr, tb);
		if (tb[CTRL_ATTR_MCAST_GRP_NAME] &&
		    tb[CTRL_ATTR_MCAST_GRP_ID] &&
		    !strcmp(mnl_attr_get_str(tb[CTRL_ATTR_MCAST_GRP_NAME]),
			    name))
			return mnl_attr_get_u32(tb[CTRL_ATTR_MCAST_GRP_ID]);
	}
	return 0;
}

int msg_decode_family(const struct nlmsghdr *nlh, const char *group,
		      struct msg_family *family)
{
	const struct nlattr *tb[CTRL_ATTR_MCAST_GROUPS + 1];

	memset(family, 0, sizeof(*family));
	if (msg_cmd(nlh) < 0)
		return -EBADMSG;
	attr_parse(&msg_policy_ctrl,
		   mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN),
		   mnl_nlmsg_get_payload_len(nlh) - GENL_HDRLEN, tb);
	if (!tb[CTRL_ATTR_FAMILY_ID])
		return -EBADMSG;
	family->id = mnl_attr_get_u16(tb[CTRL_ATTR_FAMILY_ID]);
	if (tb[CTRL_ATTR_MCAST_GROUPS])
		family->group = msg_find_group(tb[CTRL_ATTR_MCAST_GROUPS],
					       group);
	return 0;
}
