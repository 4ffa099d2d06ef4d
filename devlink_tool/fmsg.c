// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a health reporter tells, as names and numbers. Pure.
 */
#include "fmsg.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/genetlink.h>

#include "attr.h"

static void fmsg_open(struct fmsg *fmsg)
{
	if (fmsg->depth < FMSG_DEPTH)
		fmsg->names[fmsg->depth][0] = 0;
	/* As deep as a row of attributes can be: it does not overflow */
	fmsg->depth++;
}

static void fmsg_close(struct fmsg *fmsg)
{
	if (fmsg->depth)
		fmsg->depth--;
}

static void fmsg_set_name(struct fmsg *fmsg, const struct nlattr *attr)
{
	if (fmsg->depth && fmsg->depth <= FMSG_DEPTH)
		attr_copy_string(attr, fmsg->names[fmsg->depth - 1],
				 MSG_NAME_SIZE);
}

/* False where it is no number */
static bool fmsg_get_number(const struct nlattr *attr, uint8_t type,
			    uint64_t *value)
{
	uint16_t len = mnl_attr_get_payload_len(attr);

	switch (type) {
	case MNL_TYPE_U8:
		if (len < sizeof(uint8_t))
			return false;
		*value = mnl_attr_get_u8(attr);
		return true;
	case MNL_TYPE_U32:
		if (len < sizeof(uint32_t))
			return false;
		*value = mnl_attr_get_u32(attr);
		return true;
	case MNL_TYPE_U64:
		if (len < sizeof(uint64_t))
			return false;
		*value = mnl_attr_get_u64(attr);
		return true;
	default:
		return false;
	}
}

static void fmsg_path(const struct fmsg *fmsg, char *path)
{
	size_t at = 0;
	unsigned int i;

	path[0] = 0;
	for (i = 0; i < fmsg->depth && at < FMSG_PATH_SIZE; i++)
		if (fmsg->names[i][0])
			at += snprintf(path + at, FMSG_PATH_SIZE - at, "%s%s",
				       at ? "/" : "", fmsg->names[i]);
}

static void fmsg_take_value(const struct fmsg *fmsg, const struct nlattr *attr,
			    void (*fn)(const char *path, uint64_t value,
				       void *arg), void *arg)
{
	char path[FMSG_PATH_SIZE];
	uint64_t value;

	if (fmsg->depth > FMSG_DEPTH ||
	    !fmsg_get_number(attr, fmsg->type, &value))
		return;
	fmsg_path(fmsg, path);
	fn(path, value, arg);
}

int fmsg_decode(struct fmsg *fmsg, const struct nlmsghdr *nlh,
		void (*fn)(const char *path, uint64_t value, void *arg),
		void *arg)
{
	const struct nlattr *tb[DL_ATTR_MAX + 1], *attr;

	if (msg_cmd(nlh) < 0)
		return -EBADMSG;
	attr_parse(&attr_policy_top,
		   mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN),
		   mnl_nlmsg_get_payload_len(nlh) - GENL_HDRLEN, tb);
	if (!tb[DEVLINK_ATTR_FMSG])
		return -EBADMSG;
	mnl_attr_for_each_nested(attr, tb[DEVLINK_ATTR_FMSG]) {
		if (!attr_accept(&attr_policy_top, attr))
			continue;
		switch (mnl_attr_get_type(attr)) {
		case DEVLINK_ATTR_FMSG_OBJ_NEST_START:
		case DEVLINK_ATTR_FMSG_PAIR_NEST_START:
		case DEVLINK_ATTR_FMSG_ARR_NEST_START:
			fmsg_open(fmsg);
			break;
		case DEVLINK_ATTR_FMSG_NEST_END:
			fmsg_close(fmsg);
			break;
		case DEVLINK_ATTR_FMSG_OBJ_NAME:
			fmsg_set_name(fmsg, attr);
			break;
		case DEVLINK_ATTR_FMSG_OBJ_VALUE_TYPE:
			fmsg->type = mnl_attr_get_u8(attr);
			break;
		case DEVLINK_ATTR_FMSG_OBJ_VALUE_DATA:
			fmsg_take_value(fmsg, attr, fn, arg);
			break;
		default:
			break;
		}
	}
	return 0;
}
