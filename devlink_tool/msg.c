// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages of devlink as plain structures: what a device, a port and what
 * belongs to them look like on the wire. Pure. Endings of requests and the
 * controller of generic netlink are in msg_ack.c.
 */
#include "msg.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/genetlink.h>

#include "attr.h"

bool msg_ok(const struct nlmsghdr *nlh, int left)
{
	return left >= (int)sizeof(*nlh) &&
	       nlh->nlmsg_len >= sizeof(*nlh) &&
	       nlh->nlmsg_len <= (unsigned int)left;
}

int msg_cmd(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl;

	if (nlh->nlmsg_len < MNL_NLMSG_HDRLEN + GENL_HDRLEN)
		return -EBADMSG;
	genl = mnl_nlmsg_get_payload(nlh);
	return genl->cmd;
}

static int msg_parse(const struct nlmsghdr *nlh, const struct nlattr **tb)
{
	if (msg_cmd(nlh) < 0)
		return -EBADMSG;
	attr_parse(&attr_policy_top,
		   mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN),
		   mnl_nlmsg_get_payload_len(nlh) - GENL_HDRLEN, tb);
	return 0;
}

static int msg_get_handle(const struct nlattr **tb, struct msg_handle *handle)
{
	int err;

	err = attr_copy_string(tb[DEVLINK_ATTR_BUS_NAME], handle->bus,
			       sizeof(handle->bus));
	if (!err)
		err = attr_copy_string(tb[DEVLINK_ATTR_DEV_NAME], handle->dev,
				       sizeof(handle->dev));
	return err ? -EBADMSG : 0;
}

static struct msg_opt msg_get_u8(const struct nlattr *attr)
{
	struct msg_opt opt = { .known = attr };

	if (attr)
		opt.value = mnl_attr_get_u8(attr);
	return opt;
}

static struct msg_opt msg_get_u32(const struct nlattr *attr)
{
	struct msg_opt opt = { .known = attr };

	if (attr)
		opt.value = mnl_attr_get_u32(attr);
	return opt;
}

static struct msg_opt msg_get_u64(const struct nlattr *attr)
{
	struct msg_opt opt = { .known = attr };

	if (attr)
		opt.value = mnl_attr_get_u64(attr);
	return opt;
}

int msg_decode_handle(const struct nlmsghdr *nlh, struct msg_handle *handle)
{
	const struct nlattr *tb[DL_ATTR_MAX + 1];

	memset(handle, 0, sizeof(*handle));
	if (msg_parse(nlh, tb))
		return -EBADMSG;
	return msg_get_handle(tb, handle);
}

static void msg_get_fn(const struct nlattr *nest, struct msg_port *port)
{
	const struct nlattr *fn[DL_FN_ATTR_MAX + 1];
	const struct nlattr *tb[DL_ATTR_MAX + 1];

	attr_parse_nest(&attr_policy_fn, nest, fn);
	port->state = msg_get_u8(fn[DEVLINK_PORT_FN_ATTR_STATE]);
	port->opstate = msg_get_u8(fn[DEVLINK_PORT_FN_ATTR_OPSTATE]);
	port->max_io_eqs = msg_get_u32(fn[DL_FN_ATTR_MAX_IO_EQS]);
	if (!fn[DL_FN_ATTR_DEVLINK])
		return;
	attr_parse_nest(&attr_policy_top, fn[DL_FN_ATTR_DEVLINK], tb);
	if (msg_get_handle(tb, &port->nested))
		memset(&port->nested, 0, sizeof(port->nested));
}

int msg_decode_port(const struct nlmsghdr *nlh, struct msg_port *port)
{
	const struct nlattr *tb[DL_ATTR_MAX + 1];

	memset(port, 0, sizeof(*port));
	if (msg_parse(nlh, tb) || msg_get_handle(tb, &port->handle) ||
	    !tb[DEVLINK_ATTR_PORT_INDEX])
		return -EBADMSG;
	port->index = mnl_attr_get_u32(tb[DEVLINK_ATTR_PORT_INDEX]);
	/* A notification of removal has no more than that */
	if (tb[DEVLINK_ATTR_PORT_FLAVOUR] &&
	    mnl_attr_get_u16(tb[DEVLINK_ATTR_PORT_FLAVOUR]) ==
	    DEVLINK_PORT_FLAVOUR_PCI_SF && tb[DEVLINK_ATTR_PORT_PCI_SF_NUMBER]) {
		port->is_sf = true;
		port->sfnum =
			mnl_attr_get_u32(tb[DEVLINK_ATTR_PORT_PCI_SF_NUMBER]);
	}
	if (tb[DEVLINK_ATTR_PORT_FUNCTION])
		msg_get_fn(tb[DEVLINK_ATTR_PORT_FUNCTION], port);
	return 0;
}

/* A flag is true by being there */
static struct msg_opt msg_get_value(const struct nlattr *attr, uint8_t type)
{
	struct msg_opt opt = { 0 };
	uint16_t len = attr ? mnl_attr_get_payload_len(attr) : 0;

	switch (type) {
	case MNL_TYPE_FLAG:
		opt.known = true;
		opt.value = !!attr;
		break;
	case MNL_TYPE_U8:
		if (len >= sizeof(uint8_t))
			opt = msg_get_u8(attr);
		break;
	case MNL_TYPE_U16:
		if (len >= sizeof(uint16_t)) {
			opt.known = true;
			opt.value = mnl_attr_get_u16(attr);
		}
		break;
	case MNL_TYPE_U32:
		if (len >= sizeof(uint32_t))
			opt = msg_get_u32(attr);
		break;
	default:
		break;
	}
	return opt;
}

/* Of any kind, as that depends on the parameter's type */
static void msg_get_text(const struct nlattr *attr, char *buf, size_t size)
{
	uint16_t len = attr ? mnl_attr_get_payload_len(attr) : 0;

	if (len && memchr(mnl_attr_get_payload(attr), 0, len))
		attr_copy_string(attr, buf, size);
}

static void msg_get_values(const struct nlattr *list, struct msg_param *param)
{
	const struct nlattr *attr;
	const struct nlattr *tb[DL_ATTR_MAX + 1];

	mnl_attr_for_each_nested(attr, list) {
		if (mnl_attr_get_type(attr) != DEVLINK_ATTR_PARAM_VALUE)
			continue;
		attr_parse_nest(&attr_policy_top, attr, tb);
		if (!tb[DEVLINK_ATTR_PARAM_VALUE_CMODE] ||
		    mnl_attr_get_u8(tb[DEVLINK_ATTR_PARAM_VALUE_CMODE]) !=
		    DEVLINK_PARAM_CMODE_RUNTIME)
			continue;
		param->value = msg_get_value(tb[DEVLINK_ATTR_PARAM_VALUE_DATA],
					     param->type);
		if (param->type == MNL_TYPE_STRING)
			msg_get_text(tb[DEVLINK_ATTR_PARAM_VALUE_DATA],
				     param->text, sizeof(param->text));
	}
}

int msg_decode_param(const struct nlmsghdr *nlh, struct msg_param *param)
{
	const struct nlattr *top[DL_ATTR_MAX + 1], *tb[DL_ATTR_MAX + 1];

	memset(param, 0, sizeof(*param));
	if (msg_parse(nlh, top) || msg_get_handle(top, &param->handle) ||
	    !top[DEVLINK_ATTR_PARAM])
		return -EBADMSG;
	attr_parse_nest(&attr_policy_top, top[DEVLINK_ATTR_PARAM], tb);
	if (attr_copy_string(tb[DEVLINK_ATTR_PARAM_NAME], param->name,
			     sizeof(param->name)) ||
	    !tb[DEVLINK_ATTR_PARAM_TYPE])
		return -EBADMSG;
	param->type = mnl_attr_get_u8(tb[DEVLINK_ATTR_PARAM_TYPE]);
	if (tb[DEVLINK_ATTR_PARAM_VALUES_LIST])
		msg_get_values(tb[DEVLINK_ATTR_PARAM_VALUES_LIST], param);
	return 0;
}

int msg_decode_rate(const struct nlmsghdr *nlh, struct msg_rate *rate)
{
	const struct nlattr *tb[DL_ATTR_MAX + 1];

	memset(rate, 0, sizeof(*rate));
	if (msg_parse(nlh, tb) || msg_get_handle(tb, &rate->handle) ||
	    !tb[DEVLINK_ATTR_PORT_INDEX])
		return -EBADMSG;
	rate->index = mnl_attr_get_u32(tb[DEVLINK_ATTR_PORT_INDEX]);
	rate->tx_priority = msg_get_u32(tb[DL_ATTR_RATE_TX_PRIORITY]);
	return 0;
}

int msg_decode_reporter(const struct nlmsghdr *nlh,
			struct msg_reporter *reporter)
{
	const struct nlattr *top[DL_ATTR_MAX + 1], *tb[DL_ATTR_MAX + 1];

	memset(reporter, 0, sizeof(*reporter));
	if (msg_parse(nlh, top) || msg_get_handle(top, &reporter->handle) ||
	    !top[DEVLINK_ATTR_HEALTH_REPORTER])
		return -EBADMSG;
	reporter->port = msg_get_u32(top[DEVLINK_ATTR_PORT_INDEX]);
	attr_parse_nest(&attr_policy_top, top[DEVLINK_ATTR_HEALTH_REPORTER],
			tb);
	if (attr_copy_string(tb[DEVLINK_ATTR_HEALTH_REPORTER_NAME],
			     reporter->name, sizeof(reporter->name)))
		return -EBADMSG;
	reporter->state =
		msg_get_u8(tb[DEVLINK_ATTR_HEALTH_REPORTER_STATE]).value;
	reporter->errors =
		msg_get_u64(tb[DEVLINK_ATTR_HEALTH_REPORTER_ERR_COUNT]).value;
	reporter->recoveries =
		msg_get_u64(tb[DEVLINK_ATTR_HEALTH_REPORTER_RECOVER_COUNT]).value;
	return 0;
}

/* One level of resources; @path is that of the level above, or NULL */
static void msg_walk_resources(const struct nlattr *list, const char *path,
			       unsigned int depth,
			       void (*fn)(const struct msg_resource *, void *),
			       void *arg)
{
	struct msg_resource res;
	const struct nlattr *attr;
	char name[MSG_NAME_SIZE];
	const struct nlattr *tb[DL_ATTR_MAX + 1];

	mnl_attr_for_each_nested(attr, list) {
		if (mnl_attr_get_type(attr) != DEVLINK_ATTR_RESOURCE)
			continue;
		attr_parse_nest(&attr_policy_top, attr, tb);
		if (attr_copy_string(tb[DEVLINK_ATTR_RESOURCE_NAME], name,
				     sizeof(name)))
			continue;
		memset(&res, 0, sizeof(res));
		if ((size_t)snprintf(res.path, sizeof(res.path), "%s%s%s",
				     path ? path : "", path ? "/" : "",
				     name) >= sizeof(res.path))
			continue;
		res.size = msg_get_u64(tb[DEVLINK_ATTR_RESOURCE_SIZE]).value;
		res.occ = msg_get_u64(tb[DEVLINK_ATTR_RESOURCE_OCC]);
		fn(&res, arg);
		if (tb[DEVLINK_ATTR_RESOURCE_LIST] &&
		    depth + 1 < MSG_RESOURCE_DEPTH)
			msg_walk_resources(tb[DEVLINK_ATTR_RESOURCE_LIST],
					   res.path, depth + 1, fn, arg);
	}
}

int msg_decode_resources(const struct nlmsghdr *nlh,
			 void (*fn)(const struct msg_resource *, void *),
			 void *arg)
{
	struct msg_handle handle;
	const struct nlattr *tb[DL_ATTR_MAX + 1];

	if (msg_parse(nlh, tb) || msg_get_handle(tb, &handle) ||
	    !tb[DEVLINK_ATTR_RESOURCE_LIST])
		return -EBADMSG;
	msg_walk_resources(tb[DEVLINK_ATTR_RESOURCE_LIST], NULL, 0, fn, arg);
	return 0;
}
