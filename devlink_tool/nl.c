// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests to devlink over generic netlink. Sequence numbers and ports are
 * checked, the answers of a request that was given up are passed over, and
 * what the kernel says is decoded here and nowhere else.
 */
#include "nl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/devlink.h>
#include <linux/genetlink.h>

#include "sock.h"

/* The kernel never makes a message longer than this */
#define NL_RECV_SIZE	(64 << 10)
#define NL_SEND_SIZE	4096
/* A machine on which each of so many dumps is interrupted is not at rest */
#define NL_DUMP_TRIES	10

struct nl {
	struct sock *sock;
	uint16_t family;
	uint32_t group;
	uint32_t seq;
	struct msg_ack ack;
	uint64_t send[NL_SEND_SIZE / sizeof(uint64_t)];
	uint64_t recv[NL_RECV_SIZE / sizeof(uint64_t)];
};

struct nl_find {
	struct msg_family family;
	bool found;
};

static void nl_take_family(const struct nlmsghdr *nlh, void *arg)
{
	struct nl_find *find = arg;

	find->found = !msg_decode_family(nlh, DEVLINK_GENL_MCGRP_CONFIG_NAME,
					 &find->family);
}

static struct nlmsghdr *nl_put_header(struct nl *nl, uint16_t type, uint8_t cmd,
				      uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(nl->send);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = DEVLINK_GENL_VERSION;
	return nlh;
}

struct nlmsghdr *nl_begin(struct nl *nl, uint8_t cmd, bool dump)
{
	return nl_put_header(nl, nl->family, cmd, dump ? NLM_F_DUMP : 0);
}

/* What is taken: an object, or the end of all; -EINPROGRESS: more to come */
static int nl_take_one(struct nl *nl, const struct nlmsghdr *nlh,
		       uint16_t type, bool *interrupted,
		       const struct nl_sink *sink)
{
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		*interrupted = true;
	switch (nlh->nlmsg_type) {
	case NLMSG_NOOP:
		return -EINPROGRESS;
	case NLMSG_OVERRUN:
		return -ENOBUFS;
	case NLMSG_ERROR:
	case NLMSG_DONE:
		if (msg_decode_ack(nlh, &nl->ack))
			return -EBADMSG;
		return nl->ack.err;
	default:
		if (nlh->nlmsg_type == type && sink)
			sink->take(nlh, sink->arg);
		return -EINPROGRESS;
	}
}

/* Messages of one datagram; those of an earlier request are passed over */
static int nl_take_datagram(struct nl *nl, size_t size, uint16_t type,
			    bool *interrupted, const struct nl_sink *sink)
{
	const struct nlmsghdr *nlh = (void *)nl->recv;
	int left = size;
	int ret;

	for (; msg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		if (nlh->nlmsg_seq != nl->seq ||
		    nlh->nlmsg_pid != sock_portid(nl->sock))
			continue;
		ret = nl_take_one(nl, nlh, type, interrupted, sink);
		if (ret != -EINPROGRESS)
			return ret;
	}
	return -EINPROGRESS;
}

/* One attempt: -EAGAIN when the answers do not belong together */
static int nl_try(struct nl *nl, const struct nl_sink *sink)
{
	struct nlmsghdr *nlh = (void *)nl->send;
	bool interrupted = false;
	ssize_t n;
	int ret;

	memset(&nl->ack, 0, sizeof(nl->ack));
	nlh->nlmsg_seq = ++nl->seq;
	ret = sock_send(nl->sock, nlh, nlh->nlmsg_len);
	if (ret)
		return ret;
	do {
		n = sock_recv(nl->sock, nl->recv, sizeof(nl->recv));
		if (n < 0)
			return n;
		ret = nl_take_datagram(nl, n, nlh->nlmsg_type, &interrupted,
				       sink);
	} while (ret == -EINPROGRESS);
	return !ret && interrupted ? -EAGAIN : ret;
}

/* The old one may hold half of a dump, which forbids the next */
static int nl_reopen(struct nl *nl)
{
	sock_close(nl->sock);
	nl->sock = NULL;
	return sock_open(&nl->sock);
}

int nl_talk(struct nl *nl, const struct nl_sink *sink)
{
	const struct nlmsghdr *nlh = (void *)nl->send;
	/* Flags of a dump are those of other requests too: both bits */
	bool dump = (nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	unsigned int tries;
	int ret = -EAGAIN;

	for (tries = 0; tries < NL_DUMP_TRIES; tries++) {
		if (tries && sink && sink->reset)
			sink->reset(sink->arg);
		ret = nl->sock ? nl_try(nl, sink) : -ENOTCONN;
		if (ret != -EAGAIN && ret != -ENOBUFS)
			break;
		if (ret == -ENOBUFS && nl_reopen(nl))
			break;
		/* It may have been done: to ask twice could do it twice */
		if (!dump)
			break;
	}
	if (ret)
		nl->ack.err = ret;
	return ret;
}

const char *nl_why(const struct nl *nl)
{
	if (nl->ack.text[0])
		return nl->ack.text;
	switch (-nl->ack.err) {
	case EPERM:
		return "Permission denied: run as root";
	case EAGAIN:
		return "The devices kept changing: try again";
	case ENOBUFS:
		return "The kernel's answer was lost: look, and try again";
	case ETIMEDOUT:
		return "The kernel did not answer: see the kernel log";
	case EBADMSG:
		return "The kernel's answer makes no sense";
	default:
		return strerror(-nl->ack.err);
	}
}

const char *nl_warning(const struct nl *nl)
{
	return nl->ack.text;
}

static int nl_find_family(struct nl *nl)
{
	struct nl_find find = { 0 };
	struct nl_sink sink = { .take = nl_take_family, .arg = &find };
	struct nlmsghdr *nlh;
	int err;

	nlh = nl_put_header(nl, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, DEVLINK_GENL_NAME);
	err = nl_talk(nl, &sink);
	if (err == -ENOENT)
		return -EPROTONOSUPPORT;
	if (err)
		return err;
	if (!find.found)
		return -EBADMSG;
	nl->family = find.family.id;
	nl->group = find.family.group;
	return 0;
}

int nl_open(struct nl **nl)
{
	struct nl *n;
	int err;

	n = calloc(1, sizeof(*n));
	if (!n)
		return -ENOMEM;
	err = sock_open(&n->sock);
	if (!err)
		err = nl_find_family(n);
	if (err) {
		nl_close(n);
		return err;
	}
	*nl = n;
	return 0;
}

void nl_close(struct nl *nl)
{
	if (!nl)
		return;
	sock_close(nl->sock);
	free(nl);
}

int nl_listen(struct nl *nl)
{
	return nl->group ? sock_join(nl->sock, nl->group) : -EPROTONOSUPPORT;
}

int nl_take_events(struct nl *nl, const struct nl_sink *sink)
{
	const struct nlmsghdr *nlh = (void *)nl->recv;
	ssize_t n;
	int left;

	n = sock_recv(nl->sock, nl->recv, sizeof(nl->recv));
	if (n < 0)
		return n;
	left = n;
	for (; msg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left))
		if (nlh->nlmsg_type == nl->family)
			sink->take(nlh, sink->arg);
	return 0;
}
