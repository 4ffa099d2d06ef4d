// SPDX-License-Identifier: GPL-2.0-only
/*
 * What idxd-sf asks devlink for: puts the attributes of each request.
 */
#include "dl.h"

#include <errno.h>

#include <linux/devlink.h>

#include "attr.h"

static struct nlmsghdr *dl_begin(struct nl *nl, uint8_t cmd,
				 const struct msg_handle *handle)
{
	struct nlmsghdr *nlh = nl_begin(nl, cmd, false);

	mnl_attr_put_strz(nlh, DEVLINK_ATTR_BUS_NAME, handle->bus);
	mnl_attr_put_strz(nlh, DEVLINK_ATTR_DEV_NAME, handle->dev);
	return nlh;
}

static struct nlmsghdr *dl_begin_port(struct nl *nl, uint8_t cmd,
				      const struct msg_port *port)
{
	struct nlmsghdr *nlh = dl_begin(nl, cmd, &port->handle);

	mnl_attr_put_u32(nlh, DEVLINK_ATTR_PORT_INDEX, port->index);
	return nlh;
}

struct dl_port_answer {
	struct msg_port *port;
	int err;
};

static void dl_take_port(const struct nlmsghdr *nlh, void *arg)
{
	struct dl_port_answer *answer = arg;

	answer->err = msg_decode_port(nlh, answer->port);
}

/* Sends what was begun; its answer is one port */
static int dl_talk_port(struct nl *nl, struct msg_port *port)
{
	struct dl_port_answer answer = { .port = port, .err = -EBADMSG };
	struct nl_sink sink = { .take = dl_take_port, .arg = &answer };
	int err;

	err = nl_talk(nl, &sink);
	return err ? err : answer.err;
}

int dl_dump(struct nl *nl, uint8_t cmd, const struct nl_sink *sink)
{
	nl_begin(nl, cmd, true);
	return nl_talk(nl, sink);
}

int dl_resources(struct nl *nl, const struct msg_handle *handle,
		 const struct nl_sink *sink)
{
	dl_begin(nl, DEVLINK_CMD_RESOURCE_DUMP, handle);
	return nl_talk(nl, sink);
}

int dl_port_get(struct nl *nl, const struct msg_handle *handle, uint32_t index,
		struct msg_port *port)
{
	struct nlmsghdr *nlh = dl_begin(nl, DEVLINK_CMD_PORT_GET, handle);

	mnl_attr_put_u32(nlh, DEVLINK_ATTR_PORT_INDEX, index);
	return dl_talk_port(nl, port);
}

int dl_port_add(struct nl *nl, const struct msg_handle *handle,
		const struct msg_opt *sfnum, struct msg_port *port)
{
	struct nlmsghdr *nlh = dl_begin(nl, DEVLINK_CMD_PORT_NEW, handle);

	mnl_attr_put_u16(nlh, DEVLINK_ATTR_PORT_FLAVOUR,
			 DEVLINK_PORT_FLAVOUR_PCI_SF);
	mnl_attr_put_u16(nlh, DEVLINK_ATTR_PORT_PCI_PF_NUMBER, 0);
	if (sfnum->known)
		mnl_attr_put_u32(nlh, DEVLINK_ATTR_PORT_PCI_SF_NUMBER,
				 sfnum->value);
	return dl_talk_port(nl, port);
}

int dl_port_del(struct nl *nl, const struct msg_port *port)
{
	dl_begin_port(nl, DEVLINK_CMD_PORT_DEL, port);
	return nl_talk(nl, NULL);
}

int dl_fn_set_state(struct nl *nl, const struct msg_port *port, bool active)
{
	struct nlmsghdr *nlh = dl_begin_port(nl, DEVLINK_CMD_PORT_SET, port);
	struct nlattr *nest;

	nest = mnl_attr_nest_start(nlh, DEVLINK_ATTR_PORT_FUNCTION);
	mnl_attr_put_u8(nlh, DEVLINK_PORT_FN_ATTR_STATE,
			active ? DEVLINK_PORT_FN_STATE_ACTIVE :
				 DEVLINK_PORT_FN_STATE_INACTIVE);
	mnl_attr_nest_end(nlh, nest);
	return nl_talk(nl, NULL);
}

int dl_fn_set_vectors(struct nl *nl, const struct msg_port *port,
		      uint32_t vectors)
{
	struct nlmsghdr *nlh = dl_begin_port(nl, DEVLINK_CMD_PORT_SET, port);
	struct nlattr *nest;

	nest = mnl_attr_nest_start(nlh, DEVLINK_ATTR_PORT_FUNCTION);
	mnl_attr_put_u32(nlh, DL_FN_ATTR_MAX_IO_EQS, vectors);
	mnl_attr_nest_end(nlh, nest);
	return nl_talk(nl, NULL);
}

int dl_rate_set_priority(struct nl *nl, const struct msg_port *port,
			 uint32_t priority)
{
	struct nlmsghdr *nlh = dl_begin_port(nl, DEVLINK_CMD_RATE_SET, port);

	mnl_attr_put_u32(nlh, DL_ATTR_RATE_TX_PRIORITY, priority);
	return nl_talk(nl, NULL);
}

int dl_diagnose(struct nl *nl, const struct msg_port *port,
		const char *reporter, const struct nl_sink *sink)
{
	struct nlmsghdr *nlh = dl_begin_port(nl,
					     DEVLINK_CMD_HEALTH_REPORTER_DIAGNOSE,
					     port);

	mnl_attr_put_strz(nlh, DEVLINK_ATTR_HEALTH_REPORTER_NAME, reporter);
	return nl_talk(nl, sink);
}

struct dl_param_answer {
	struct msg_param *param;
	int err;
};

static void dl_take_param(const struct nlmsghdr *nlh, void *arg)
{
	struct dl_param_answer *answer = arg;

	answer->err = msg_decode_param(nlh, answer->param);
}

int dl_param_get(struct nl *nl, const struct msg_handle *handle,
		 const char *name, struct msg_param *param)
{
	struct dl_param_answer answer = { .param = param, .err = -EBADMSG };
	struct nl_sink sink = { .take = dl_take_param, .arg = &answer };
	struct nlmsghdr *nlh = dl_begin(nl, DEVLINK_CMD_PARAM_GET, handle);
	int err;

	mnl_attr_put_strz(nlh, DEVLINK_ATTR_PARAM_NAME, name);
	err = nl_talk(nl, &sink);
	return err ? err : answer.err;
}

static struct nlmsghdr *dl_begin_param(struct nl *nl,
				       const struct msg_handle *handle,
				       const char *name, uint8_t type)
{
	struct nlmsghdr *nlh = dl_begin(nl, DEVLINK_CMD_PARAM_SET, handle);

	mnl_attr_put_strz(nlh, DEVLINK_ATTR_PARAM_NAME, name);
	mnl_attr_put_u8(nlh, DEVLINK_ATTR_PARAM_TYPE, type);
	mnl_attr_put_u8(nlh, DEVLINK_ATTR_PARAM_VALUE_CMODE,
			DEVLINK_PARAM_CMODE_RUNTIME);
	return nlh;
}

int dl_param_set(struct nl *nl, const struct msg_handle *handle,
		 const char *name, uint32_t value)
{
	struct nlmsghdr *nlh = dl_begin_param(nl, handle, name, MNL_TYPE_U32);

	mnl_attr_put_u32(nlh, DEVLINK_ATTR_PARAM_VALUE_DATA, value);
	return nl_talk(nl, NULL);
}

int dl_param_set_text(struct nl *nl, const struct msg_handle *handle,
		      const char *name, const char *text)
{
	struct nlmsghdr *nlh = dl_begin_param(nl, handle, name,
					      MNL_TYPE_STRING);

	mnl_attr_put_strz(nlh, DEVLINK_ATTR_PARAM_VALUE_DATA, text);
	return nl_talk(nl, NULL);
}
