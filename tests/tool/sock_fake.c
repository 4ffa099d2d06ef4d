// SPDX-License-Identifier: GPL-2.0-only
/*
 * A netlink socket to the make-believe kernel, in place of sock.c: reads the
 * requests of idxd-sf, and queues the answers. In bad moments it answers as a
 * kernel does then: fake_msg.c has them.
 */
#include "sock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "attr.h"
#include "fake.h"

#define FAKE_PORTID	4242
#define FAKE_FAMILY	0x19
#define FAKE_QUEUE	1024

struct sock {
	char *queue[FAKE_QUEUE];
	unsigned int first, last;
	bool joined;
};

int sock_open(struct sock **sock)
{
	if (fake_fault_is("nosocket"))
		return -EMFILE;
	*sock = calloc(1, sizeof(**sock));
	return *sock ? 0 : -ENOMEM;
}

void sock_close(struct sock *sock)
{
	while (sock && sock->first < sock->last)
		free(sock->queue[sock->first++]);
	free(sock);
}

uint32_t sock_portid(const struct sock *sock)
{
	(void)sock;
	return FAKE_PORTID;
}

int sock_fd(const struct sock *sock)
{
	(void)sock;
	return -1;
}

/* A new datagram at the queue's end */
static struct nlmsghdr *sock_push(struct sock *sock,
				  const struct nlmsghdr *req, uint16_t type,
				  uint8_t cmd)
{
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;
	char *buf = calloc(1, 4096);

	if (!buf || sock->last == FAKE_QUEUE)
		abort();
	sock->queue[sock->last++] = buf;
	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_type = type;
	nlh->nlmsg_seq = req->nlmsg_seq;
	nlh->nlmsg_pid = FAKE_PORTID;
	if (type < NLMSG_MIN_TYPE)
		return nlh;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	if (fake_fault_is("unknown")) {
		mnl_attr_put_u32(nlh, 3000, 7);
		mnl_attr_put_u8(nlh, DEVLINK_ATTR_PORT_INDEX, 1);
	}
	return nlh;
}

static void sock_push_end(struct sock *sock, const struct nlmsghdr *req,
			  int err, const char *text)
{
	bool dump = (req->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	struct nlmsghdr *nlh = sock_push(sock, req, dump && !err ? NLMSG_DONE :
					 NLMSG_ERROR, 0);
	struct nlmsgerr *end;

	if (nlh->nlmsg_type == NLMSG_DONE) {
		*(int *)mnl_nlmsg_put_extra_header(nlh, sizeof(int)) = 0;
		return;
	}
	end = mnl_nlmsg_put_extra_header(nlh, sizeof(*end));
	end->error = err;
	end->msg = *req;
	nlh->nlmsg_flags = NLM_F_CAPPED;
	if (err && fake_fault_is("wants")) {
		nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
		mnl_attr_put_u32(nlh, NLMSGERR_ATTR_MISS_TYPE, 999);
	} else if (text[0]) {
		nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, text);
	}
}

static void sock_put_handle(struct nlmsghdr *nlh, const char *dev)
{
	mnl_attr_put_strz(nlh, DEVLINK_ATTR_BUS_NAME, "pci");
	mnl_attr_put_strz(nlh, DEVLINK_ATTR_DEV_NAME, dev);
}

static void sock_push_family(struct sock *sock, const struct nlmsghdr *req)
{
	struct nlmsghdr *nlh = sock_push(sock, req, GENL_ID_CTRL, 1);
	struct nlattr *list, *group;

	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, FAKE_FAMILY);
	if (fake_fault_is("nogroup"))
		return;
	list = mnl_attr_nest_start(nlh, CTRL_ATTR_MCAST_GROUPS);
	group = mnl_attr_nest_start(nlh, 1);
	mnl_attr_put_strz(nlh, CTRL_ATTR_MCAST_GRP_NAME,
			  DEVLINK_GENL_MCGRP_CONFIG_NAME);
	mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, 9);
	mnl_attr_nest_end(nlh, group);
	mnl_attr_nest_end(nlh, list);
}

static void sock_push_port(struct sock *sock, const struct nlmsghdr *req,
			   const struct fake_port *p)
{
	struct nlmsghdr *nlh = sock_push(sock, req, FAKE_FAMILY,
					 DEVLINK_CMD_PORT_NEW);
	struct nlattr *fn, *nested;
	char name[32];

	sock_put_handle(nlh, p->dev);
	mnl_attr_put_u32(nlh, DEVLINK_ATTR_PORT_INDEX, p->index);
	mnl_attr_put_u16(nlh, DEVLINK_ATTR_PORT_FLAVOUR,
			 DEVLINK_PORT_FLAVOUR_PCI_SF);
	mnl_attr_put_u32(nlh, DEVLINK_ATTR_PORT_PCI_SF_NUMBER, p->sfnum);
	fn = mnl_attr_nest_start(nlh, DEVLINK_ATTR_PORT_FUNCTION);
	mnl_attr_put_u8(nlh, DEVLINK_PORT_FN_ATTR_STATE, p->active);
	mnl_attr_put_u8(nlh, DEVLINK_PORT_FN_ATTR_OPSTATE,
			p->active && !p->detached);
	mnl_attr_put_u32(nlh, DL_FN_ATTR_MAX_IO_EQS, p->vectors);
	if (p->active) {
		nested = mnl_attr_nest_start(nlh, DL_FN_ATTR_DEVLINK);
		snprintf(name, sizeof(name), "idxd.sf.%u", p->id);
		mnl_attr_put_strz(nlh, DEVLINK_ATTR_BUS_NAME, "auxiliary");
		mnl_attr_put_strz(nlh, DEVLINK_ATTR_DEV_NAME, name);
		mnl_attr_nest_end(nlh, nested);
	}
	mnl_attr_nest_end(nlh, fn);
}

/* An event, as a line of the file of events has it */
static void sock_push_event(struct sock *sock, const char *line)
{
	const struct nlmsghdr none = { 0 };
	struct fake_port p = { 0 };
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	char name[32];
	unsigned int state;

	if (sscanf(line, "port-new %31s %u %u %u %u %u", p.dev, &p.index,
		   &p.sfnum, &p.active, &p.detached, &p.vectors) == 6) {
		sock_push_port(sock, &none, &p);
	} else if (sscanf(line, "port-del %31s %u", p.dev, &p.index) == 2) {
		nlh = sock_push(sock, &none, FAKE_FAMILY, DEVLINK_CMD_PORT_DEL);
		sock_put_handle(nlh, p.dev);
		mnl_attr_put_u32(nlh, DEVLINK_ATTR_PORT_INDEX, p.index);
	} else if (sscanf(line, "dev-new %31s", p.dev) == 1) {
		sock_put_handle(sock_push(sock, &none, FAKE_FAMILY,
					  DEVLINK_CMD_NEW), p.dev);
	} else if (sscanf(line, "dev-del %31s", p.dev) == 1) {
		sock_put_handle(sock_push(sock, &none, FAKE_FAMILY,
					  DEVLINK_CMD_DEL), p.dev);
	} else if (sscanf(line, "reporter %31s %u %31s %u", p.dev, &p.index,
			  name, &state) == 4) {
		nlh = sock_push(sock, &none, FAKE_FAMILY,
				DEVLINK_CMD_HEALTH_REPORTER_RECOVER);
		sock_put_handle(nlh, p.dev);
		/* That of a device has none */
		if (p.index)
			mnl_attr_put_u32(nlh, DEVLINK_ATTR_PORT_INDEX, p.index);
		nest = mnl_attr_nest_start(nlh, DEVLINK_ATTR_HEALTH_REPORTER);
		mnl_attr_put_strz(nlh, DEVLINK_ATTR_HEALTH_REPORTER_NAME, name);
		mnl_attr_put_u8(nlh, DEVLINK_ATTR_HEALTH_REPORTER_STATE, state);
		mnl_attr_nest_end(nlh, nest);
	} else {
		/* "lost": some did not fit */
		sock->queue[sock->last++] = NULL;
	}
}

int sock_join(struct sock *sock, uint32_t group)
{
	char path[256], line[128];
	FILE *f;

	sock->joined = true;
	snprintf(path, sizeof(path), "%s/events", getenv("IDXD_SF_FAKE"));
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		sock_push_event(sock, line);
	if (f)
		fclose(f);
	return group ? 0 : -EINVAL;
}

/* What the reporter tells, broken into two messages in the midst of an object */
static void sock_push_diagnosis(struct sock *sock, const struct nlmsghdr *req,
				const struct fake_port *p)
{
	uint8_t cmd = DEVLINK_CMD_HEALTH_REPORTER_DIAGNOSE;

	fake_put_diagnosis(sock_push(sock, req, FAKE_FAMILY, cmd), p, false);
	fake_put_diagnosis(sock_push(sock, req, FAKE_FAMILY, cmd), p, true);
	sock_push(sock, req, NLMSG_DONE, 0);
}

static void sock_push_param(struct sock *sock, const struct nlmsghdr *req,
			    const char *bus, const char *dev, const char *name,
			    uint32_t number)
{
	const struct fake_param param = { bus, dev, name, number, NULL };

	fake_put_param(sock_push(sock, req, FAKE_FAMILY, DEVLINK_CMD_PARAM_GET),
		       &param);
}

static void sock_push_id(struct sock *sock, const struct nlmsghdr *req,
			 const char *bus, const char *dev, const char *name,
			 uint32_t id)
{
	char text[16];
	const struct fake_param param = { bus, dev, name, 0, text };

	snprintf(text, sizeof(text), "%04x", id);
	fake_put_param(sock_push(sock, req, FAKE_FAMILY, DEVLINK_CMD_PARAM_GET),
		       &param);
}

static void sock_push_params(struct sock *sock, const struct nlmsghdr *req,
			     const struct fake *fake)
{
	char name[32];
	unsigned int i;

	for (i = 0; i < fake->nr_devs && !fake_fault_is("noparam"); i++) {
		sock_push_param(sock, req, "pci", fake->devs[i],
				"sf_wq_entries", fake->wq_entries[i]);
		sock_push_id(sock, req, "pci", fake->devs[i],
			     "sf_pci_device_id", fake->device_id[i]);
	}
	if (fake_fault_is("accepted"))
		sock_push_param(sock, req, "pci", fake->devs[0],
				"allow_unsafe_silicon", 1);
	for (i = 0; i < fake->nr_ports; i++) {
		if (!fake->ports[i].active)
			continue;
		snprintf(name, sizeof(name), "idxd.sf.%u", fake->ports[i].id);
		sock_push_param(sock, req, "auxiliary", name, "wq_entries",
				fake->ports[i].entries);
		sock_push_id(sock, req, "auxiliary", name, "pci_device_id",
			     fake->ports[i].shown);
	}
}

static void sock_push_resources(struct sock *sock, const struct nlmsghdr *req,
				const struct fake *fake, const char *dev)
{
	struct nlmsghdr *nlh = sock_push(sock, req, FAKE_FAMILY,
					 DEVLINK_CMD_RESOURCE_DUMP);
	struct nlattr *list, *res;

	sock_put_handle(nlh, dev);
	list = mnl_attr_nest_start(nlh, DEVLINK_ATTR_RESOURCE_LIST);
	res = mnl_attr_nest_start(nlh, DEVLINK_ATTR_RESOURCE);
	mnl_attr_put_strz(nlh, DEVLINK_ATTR_RESOURCE_NAME, "work_queues");
	mnl_attr_put_u64(nlh, DEVLINK_ATTR_RESOURCE_SIZE, FAKE_QUEUES);
	mnl_attr_put_u64(nlh, DEVLINK_ATTR_RESOURCE_OCC,
			 fake_leased(fake, dev));
	mnl_attr_nest_end(nlh, res);
	mnl_attr_nest_end(nlh, list);
}

static void sock_dump(struct sock *sock, const struct nlmsghdr *req,
		      const struct fake *fake, uint8_t cmd)
{
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; cmd == DEVLINK_CMD_GET && i < fake->nr_devs; i++)
		sock_put_handle(sock_push(sock, req, FAKE_FAMILY,
					  DEVLINK_CMD_NEW), fake->devs[i]);
	for (i = 0; cmd == DEVLINK_CMD_PORT_GET && i < fake->nr_ports; i++)
		sock_push_port(sock, req, &fake->ports[i]);
	for (i = 0; cmd == DEVLINK_CMD_RATE_GET && i < fake->nr_ports; i++) {
		nlh = sock_push(sock, req, FAKE_FAMILY, DEVLINK_CMD_RATE_NEW);
		sock_put_handle(nlh, fake->ports[i].dev);
		mnl_attr_put_u32(nlh, DEVLINK_ATTR_PORT_INDEX,
				 fake->ports[i].index);
		mnl_attr_put_u32(nlh, DL_ATTR_RATE_TX_PRIORITY,
				 fake->ports[i].priority);
	}
	if (cmd == DEVLINK_CMD_PARAM_GET)
		sock_push_params(sock, req, fake);
	/* A dump of nothing is interrupted at its end */
	if (fake_fault_is("intr") && sock->last == sock->first)
		sock_push(sock, req, NLMSG_NOOP, 0);
	if (fake_fault_hits("intr"))
		((struct nlmsghdr *)sock->queue[sock->last - 1])->nlmsg_flags |=
			NLM_F_DUMP_INTR;
	if (sock->last > sock->first && fake_fault_hits("overrun")) {
		free(sock->queue[--sock->last]);
		sock->queue[sock->last++] = NULL;
	}
}

static int sock_set_fn(struct fake *fake, struct fake_port *port,
		       const struct nlattr *nest, char *text)
{
	const struct nlattr *fn[DL_FN_ATTR_MAX + 1], *attr;
	int err = 0;

	attr_parse_nest(&attr_policy_fn, nest, fn);
	attr = fn[DL_FN_ATTR_MAX_IO_EQS];
	if (attr)
		err = fake_set_vectors(port, mnl_attr_get_u32(attr), text);
	attr = fn[DEVLINK_PORT_FN_ATTR_STATE];
	if (!err && attr)
		err = fake_set_state(fake, port, mnl_attr_get_u8(attr), text);
	return err;
}

static int sock_do_port(struct sock *sock, const struct nlmsghdr *req,
			struct fake *fake, uint8_t cmd,
			const struct nlattr **tb, char *text)
{
	const char *dev = mnl_attr_get_str(tb[DEVLINK_ATTR_DEV_NAME]);
	const struct nlattr *priority = tb[DL_ATTR_RATE_TX_PRIORITY];
	struct fake_port *port;

	port = fake_find(fake, dev,
			 mnl_attr_get_u32(tb[DEVLINK_ATTR_PORT_INDEX]));
	if (!port)
		return -ENODEV;
	switch (cmd) {
	case DEVLINK_CMD_PORT_GET:
		sock_push_port(sock, req, port);
		return 0;
	case DEVLINK_CMD_HEALTH_REPORTER_DIAGNOSE:
		sock_push_diagnosis(sock, req, port);
		return 0;
	case DEVLINK_CMD_PORT_DEL:
		return fake_del(fake, port, text);
	case DEVLINK_CMD_PORT_SET:
		return sock_set_fn(fake, port, tb[DEVLINK_ATTR_PORT_FUNCTION],
				   text);
	case DEVLINK_CMD_RATE_SET:
		if (fake_fault_is("norate"))
			return -ENODEV;
		return fake_set_priority(fake, port, mnl_attr_get_u32(priority),
					 text);
	default:
		return -EOPNOTSUPP;
	}
}

static int sock_do_param(struct sock *sock, const struct nlmsghdr *req,
			 struct fake *fake, uint8_t cmd,
			 const struct nlattr **tb, char *text)
{
	const char *name = mnl_attr_get_str(tb[DEVLINK_ATTR_PARAM_NAME]);
	const char *dev = mnl_attr_get_str(tb[DEVLINK_ATTR_DEV_NAME]);
	const struct nlattr *value = tb[DEVLINK_ATTR_PARAM_VALUE_DATA];
	bool is_id = !strcmp(name, "sf_pci_device_id");
	int i = fake_find_dev(fake, dev);

	if (cmd == DEVLINK_CMD_PARAM_SET && is_id)
		return fake_set_id(fake, dev, mnl_attr_get_str(value), text);
	if (cmd == DEVLINK_CMD_PARAM_SET)
		return fake_set_param(fake, dev, mnl_attr_get_u32(value),
				      text);
	if (is_id)
		sock_push_id(sock, req, "pci", dev, name, fake->device_id[i]);
	else
		sock_push_param(sock, req, "pci", dev, name,
				fake->wq_entries[i]);
	return 0;
}

static int sock_do(struct sock *sock, const struct nlmsghdr *req,
		   struct fake *fake, uint8_t cmd, char *text)
{
	const struct nlattr *tb[DL_ATTR_MAX + 1];
	struct fake_port *port;
	uint32_t number;
	const char *dev;
	int err;

	attr_parse(&attr_policy_top,
		   mnl_nlmsg_get_payload_offset(req, GENL_HDRLEN),
		   mnl_nlmsg_get_payload_len(req) - GENL_HDRLEN, tb);
	dev = mnl_attr_get_str(tb[DEVLINK_ATTR_DEV_NAME]);
	if (fake_find_dev(fake, dev) < 0)
		return -ENODEV;
	if (fake_fault_is("eperm") && cmd != DEVLINK_CMD_RESOURCE_DUMP)
		return -EPERM;
	if (cmd == DEVLINK_CMD_RESOURCE_DUMP) {
		sock_push_resources(sock, req, fake, dev);
		return 0;
	}
	if (fake_fault_is("wants"))
		return -EINVAL;
	if (cmd == DEVLINK_CMD_PARAM_GET || cmd == DEVLINK_CMD_PARAM_SET)
		return sock_do_param(sock, req, fake, cmd, tb, text);
	if (cmd != DEVLINK_CMD_PORT_NEW)
		return sock_do_port(sock, req, fake, cmd, tb, text);
	if (tb[DEVLINK_ATTR_PORT_PCI_SF_NUMBER])
		number = mnl_attr_get_u32(tb[DEVLINK_ATTR_PORT_PCI_SF_NUMBER]);
	err = fake_add(fake, dev, tb[DEVLINK_ATTR_PORT_PCI_SF_NUMBER] ?
		       &number : NULL, &port, text);
	if (!err)
		sock_push_port(sock, req, port);
	return err;
}

/* What a kernel would not send to us, or sent before: to be passed over */
static void sock_push_stale(struct sock *sock, const struct nlmsghdr *req)
{
	struct nlmsghdr other = *req;

	other.nlmsg_seq--;
	sock_push_end(sock, &other, -EIO, "An answer to something else");
	sock_push_end(sock, req, -EIO, "An answer to somebody else");
	((struct nlmsghdr *)sock->queue[sock->last - 1])->nlmsg_pid = 1;
}

int sock_send(struct sock *sock, const void *data, size_t size)
{
	const struct nlmsghdr *req = data;
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(req);
	static struct fake fake;
	char text[80] = "";
	int err = 0;

	if (size != req->nlmsg_len || !req->nlmsg_seq)
		return -EINVAL;
	fake_load(&fake);
	if (fake_fault_is("stale"))
		sock_push_stale(sock, req);
	if (req->nlmsg_type == GENL_ID_CTRL && fake_fault_is("nofamily"))
		err = -ENOENT;
	else if (req->nlmsg_type == GENL_ID_CTRL)
		sock_push_family(sock, req);
	else if ((req->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP)
		sock_dump(sock, req, &fake, genl->cmd);
	else if (!fake_fault_is("silent"))
		err = sock_do(sock, req, &fake, genl->cmd, text);
	if (!err && fake_fault_is("warn") && genl->cmd == DEVLINK_CMD_PORT_SET)
		snprintf(text, sizeof(text), "A word of warning");
	if (!fake_fault_is("silent") || req->nlmsg_type == GENL_ID_CTRL)
		sock_push_end(sock, req, err, text);
	if (fake_fault_is("garbage") && genl->cmd == DEVLINK_CMD_PORT_DEL)
		((struct nlmsghdr *)sock->queue[sock->last - 1])->nlmsg_len =
			NLMSG_HDRLEN;
	fake_save(&fake);
	return 0;
}

ssize_t sock_recv(struct sock *sock, void *buf, size_t size)
{
	struct nlmsghdr *nlh;
	char *data;
	ssize_t n;

	/* No more events: as if a signal came */
	if (sock->first == sock->last)
		return !sock->joined ? -ETIMEDOUT :
		       fake_fault_is("broken") ? -EIO : -EINTR;
	data = sock->queue[sock->first++];
	/* A lost one, but only after what came before it */
	if (!data)
		return -ENOBUFS;
	nlh = (void *)data;
	n = nlh->nlmsg_len;
	if ((size_t)n > size)
		n = -EMSGSIZE;
	else
		memcpy(buf, data, n);
	free(data);
	return n;
}
