// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink attributes of devlink: the one table of what idxd-sf reads, and the
 * parser that believes nothing else. Pure.
 */
#include "attr.h"

#include <errno.h>
#include <string.h>

static const uint8_t attr_kinds_top[DL_ATTR_MAX + 1] = {
	[DEVLINK_ATTR_BUS_NAME] = ATTR_STRING,
	[DEVLINK_ATTR_DEV_NAME] = ATTR_STRING,
	[DEVLINK_ATTR_PORT_INDEX] = ATTR_U32,
	[DEVLINK_ATTR_PORT_FLAVOUR] = ATTR_U16,
	[DEVLINK_ATTR_PORT_PCI_PF_NUMBER] = ATTR_U16,
	[DEVLINK_ATTR_PORT_PCI_SF_NUMBER] = ATTR_U32,
	[DEVLINK_ATTR_PORT_FUNCTION] = ATTR_NEST,
	[DEVLINK_ATTR_RESOURCE_LIST] = ATTR_NEST,
	[DEVLINK_ATTR_RESOURCE] = ATTR_NEST,
	[DEVLINK_ATTR_RESOURCE_NAME] = ATTR_STRING,
	[DEVLINK_ATTR_RESOURCE_SIZE] = ATTR_U64,
	[DEVLINK_ATTR_RESOURCE_OCC] = ATTR_U64,
	[DEVLINK_ATTR_PARAM] = ATTR_NEST,
	[DEVLINK_ATTR_PARAM_NAME] = ATTR_STRING,
	[DEVLINK_ATTR_PARAM_TYPE] = ATTR_U8,
	[DEVLINK_ATTR_PARAM_VALUES_LIST] = ATTR_NEST,
	[DEVLINK_ATTR_PARAM_VALUE] = ATTR_NEST,
	[DEVLINK_ATTR_PARAM_VALUE_DATA] = ATTR_ANY,
	[DEVLINK_ATTR_PARAM_VALUE_CMODE] = ATTR_U8,
	[DEVLINK_ATTR_HEALTH_REPORTER] = ATTR_NEST,
	[DEVLINK_ATTR_HEALTH_REPORTER_NAME] = ATTR_STRING,
	[DEVLINK_ATTR_HEALTH_REPORTER_STATE] = ATTR_U8,
	[DEVLINK_ATTR_HEALTH_REPORTER_ERR_COUNT] = ATTR_U64,
	[DEVLINK_ATTR_HEALTH_REPORTER_RECOVER_COUNT] = ATTR_U64,
	[DEVLINK_ATTR_FMSG] = ATTR_NEST,
	[DEVLINK_ATTR_FMSG_OBJ_NEST_START] = ATTR_ANY,
	[DEVLINK_ATTR_FMSG_PAIR_NEST_START] = ATTR_ANY,
	[DEVLINK_ATTR_FMSG_ARR_NEST_START] = ATTR_ANY,
	[DEVLINK_ATTR_FMSG_NEST_END] = ATTR_ANY,
	[DEVLINK_ATTR_FMSG_OBJ_NAME] = ATTR_STRING,
	[DEVLINK_ATTR_FMSG_OBJ_VALUE_TYPE] = ATTR_U8,
	[DEVLINK_ATTR_FMSG_OBJ_VALUE_DATA] = ATTR_ANY,
	[DL_ATTR_RATE_TX_PRIORITY] = ATTR_U32,
};

static const uint8_t attr_kinds_fn[DL_FN_ATTR_MAX + 1] = {
	[DEVLINK_PORT_FN_ATTR_STATE] = ATTR_U8,
	[DEVLINK_PORT_FN_ATTR_OPSTATE] = ATTR_U8,
	[DL_FN_ATTR_DEVLINK] = ATTR_NEST,
	[DL_FN_ATTR_MAX_IO_EQS] = ATTR_U32,
};

const struct attr_policy attr_policy_top = {
	.max = DL_ATTR_MAX,
	.kinds = attr_kinds_top,
};

const struct attr_policy attr_policy_fn = {
	.max = DL_FN_ATTR_MAX,
	.kinds = attr_kinds_fn,
};

int attr_accept(const struct attr_policy *policy, const struct nlattr *attr)
{
	uint16_t type = mnl_attr_get_type(attr);
	uint16_t len = mnl_attr_get_payload_len(attr);

	if (type > policy->max)
		return 0;
	switch ((enum attr_kind)policy->kinds[type]) {
	case ATTR_IGNORED:
		return 0;
	case ATTR_U8:
		return len >= sizeof(uint8_t);
	case ATTR_U16:
		return len >= sizeof(uint16_t);
	case ATTR_U32:
		return len >= sizeof(uint32_t);
	case ATTR_U64:
		return len >= sizeof(uint64_t);
	case ATTR_STRING:
		return !!memchr(mnl_attr_get_payload(attr), 0, len);
	case ATTR_ANY:
	case ATTR_NEST:
		return 1;
	}
	return 0;
}

void attr_parse(const struct attr_policy *policy, const void *data, size_t size,
		const struct nlattr **tb)
{
	const struct nlattr *attr;

	memset(tb, 0, (policy->max + 1) * sizeof(*tb));
	mnl_attr_for_each_payload(data, size)
		if (attr_accept(policy, attr))
			tb[mnl_attr_get_type(attr)] = attr;
}

void attr_parse_nest(const struct attr_policy *policy,
		     const struct nlattr *nest, const struct nlattr **tb)
{
	attr_parse(policy, mnl_attr_get_payload(nest),
		   mnl_attr_get_payload_len(nest), tb);
}

int attr_copy_string(const struct nlattr *attr, char *buf, size_t size)
{
	const char *text;
	size_t len;

	buf[0] = 0;
	if (!attr)
		return -ENOENT;
	text = mnl_attr_get_payload(attr);
	len = strlen(text) + 1;
	if (len > size)
		return -EOVERFLOW;
	memcpy(buf, text, len);
	return 0;
}
