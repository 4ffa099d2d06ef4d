// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests to devlink, see genl.h. What goes wrong is the caller's business: all
 * that can fail returns 0 or a negative error.
 */
#include "genl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/devlink.h>
#include <linux/genetlink.h>

#define VERSION		1

static void put_header(struct genl *g, uint16_t type, uint8_t cmd)
{
	struct genlmsghdr *genl = NLMSG_DATA(&g->nlh);

	memset(g->buf, 0, NLMSG_HDRLEN + GENL_HDRLEN);
	g->nlh.nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN;
	g->nlh.nlmsg_type = type;
	genl->cmd = cmd;
	genl->version = VERSION;
}

/* What does not fit is left out, and the kernel refuses what is left */
void genl_put(struct genl *g, uint16_t type, const void *data, uint16_t len)
{
	uint32_t at = NLMSG_ALIGN(g->nlh.nlmsg_len);
	struct nlattr *attr = (void *)(g->buf + at);

	if (at + NLA_HDRLEN + NLA_ALIGN(len) > sizeof(g->buf))
		return;
	memset(attr, 0, NLA_HDRLEN + NLA_ALIGN(len));
	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy((char *)attr + NLA_HDRLEN, data, len);
	g->nlh.nlmsg_len = at + NLA_HDRLEN + NLA_ALIGN(len);
}

void genl_put_u8(struct genl *g, uint16_t type, uint8_t val)
{
	genl_put(g, type, &val, sizeof(val));
}

void genl_put_u16(struct genl *g, uint16_t type, uint16_t val)
{
	genl_put(g, type, &val, sizeof(val));
}

void genl_put_u32(struct genl *g, uint16_t type, uint32_t val)
{
	genl_put(g, type, &val, sizeof(val));
}

void genl_put_text(struct genl *g, uint16_t type, const char *text)
{
	genl_put(g, type, text, strlen(text) + 1);
}

struct nlattr *genl_nest(struct genl *g, uint16_t type)
{
	struct nlattr *nest = (void *)(g->buf + NLMSG_ALIGN(g->nlh.nlmsg_len));

	genl_put(g, type | NLA_F_NESTED, NULL, 0);
	return nest;
}

void genl_nest_end(struct genl *g, struct nlattr *nest)
{
	nest->nla_len = g->buf + g->nlh.nlmsg_len - (char *)nest;
}

const struct nlattr *genl_find(const struct nlattr *attrs, int len,
			       uint16_t type)
{
	const struct nlattr *a = attrs;

	while (len >= NLA_HDRLEN && a->nla_len >= NLA_HDRLEN &&
	       a->nla_len <= len) {
		if ((a->nla_type & NLA_TYPE_MASK) == type)
			return a;
		len -= NLA_ALIGN(a->nla_len);
		a = (void *)((char *)a + NLA_ALIGN(a->nla_len));
	}
	return NULL;
}

uint32_t genl_u32(const struct nlattr *attr)
{
	uint32_t val = 0;

	if (attr && attr->nla_len >= NLA_HDRLEN + sizeof(val))
		memcpy(&val, (const char *)attr + NLA_HDRLEN, sizeof(val));
	return val;
}

/* The kernel's sentence, which an error or an acknowledgment may have */
static void keep_why(struct genl *g, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = NLMSG_DATA(nlh);
	uint32_t off = NLMSG_HDRLEN + sizeof(*err);
	const struct nlattr *a;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	/* What was asked comes first, unless it was capped */
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		off += err->msg.nlmsg_len - NLMSG_HDRLEN;
	off = NLMSG_ALIGN(off);
	if (off >= nlh->nlmsg_len)
		return;
	a = genl_find((void *)((char *)nlh + off), nlh->nlmsg_len - off,
		      NLMSGERR_ATTR_MSG);
	if (a)
		snprintf(g->why, sizeof(g->why), "%.*s",
			 (int)(a->nla_len - NLA_HDRLEN),
			 (const char *)a + NLA_HDRLEN);
}

static int send_request(struct genl *g, uint16_t flags)
{
	g->nlh.nlmsg_flags = NLM_F_REQUEST | flags;
	g->nlh.nlmsg_seq = ++g->seq;
	g->why[0] = '\0';
	if (send(g->fd, g->buf, g->nlh.nlmsg_len, 0) < 0)
		return -errno;
	return 0;
}

/* Up to the acknowledgment, or the end of a dump */
static int receive(struct genl *g, genl_fn fn, void *data)
{
	static __thread char buf[65536] __attribute__((aligned(8)));
	const struct nlmsghdr *nlh;
	ssize_t n;
	int len;

	for (;;) {
		n = recv(g->fd, buf, sizeof(buf), 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		len = n;
		for (nlh = (void *)buf; NLMSG_OK(nlh, len);
		     nlh = NLMSG_NEXT(nlh, len)) {
			if (nlh->nlmsg_seq != g->seq)
				continue;
			if (nlh->nlmsg_type == NLMSG_ERROR) {
				keep_why(g, nlh);
				return ((struct nlmsgerr *)NLMSG_DATA(nlh))->error;
			}
			/* The end of a list has no error in it, of a dump it has */
			if (nlh->nlmsg_type == NLMSG_DONE)
				return nlh->nlmsg_len < NLMSG_LENGTH(sizeof(int)) ?
				       0 : *(int *)NLMSG_DATA(nlh);
			if (fn)
				fn(data, (void *)((char *)NLMSG_DATA(nlh) +
						  GENL_HDRLEN),
				   NLMSG_PAYLOAD(nlh, GENL_HDRLEN));
		}
	}
}

/* The request as it has been made; @fn gets what is answered before the end */
int genl_do(struct genl *g, genl_fn fn, void *data)
{
	return send_request(g, NLM_F_ACK) ?: receive(g, fn, data);
}

int genl_dump(struct genl *g, genl_fn fn, void *data)
{
	return send_request(g, NLM_F_DUMP) ?: receive(g, fn, data);
}

/* A request about the device at this PCI address, or about none in particular */
void genl_begin(struct genl *g, uint8_t cmd, const char *pci)
{
	put_header(g, g->family, cmd);
	if (!pci)
		return;
	genl_put_text(g, DEVLINK_ATTR_BUS_NAME, "pci");
	genl_put_text(g, DEVLINK_ATTR_DEV_NAME, pci);
}

static void take_family(void *data, const struct nlattr *attrs, int len)
{
	const struct nlattr *a = genl_find(attrs, len, CTRL_ATTR_FAMILY_ID);
	struct genl *g = data;

	if (a)
		memcpy(&g->family, (const char *)a + NLA_HDRLEN,
		       sizeof(g->family));
}

int genl_open(struct genl *g)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	int yes = 1, err;

	memset(g, 0, sizeof(*g));
	g->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (g->fd < 0)
		return -errno;
	if (bind(g->fd, (void *)&addr, sizeof(addr)) ||
	    setsockopt(g->fd, SOL_NETLINK, NETLINK_EXT_ACK, &yes, sizeof(yes)) ||
	    setsockopt(g->fd, SOL_NETLINK, NETLINK_CAP_ACK, &yes, sizeof(yes))) {
		err = -errno;
		goto err_close;
	}
	put_header(g, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	genl_put_text(g, CTRL_ATTR_FAMILY_NAME, DEVLINK_GENL_NAME);
	err = genl_do(g, take_family, g);
	if (!err && g->family)
		return 0;
	err = err ?: -ENOENT;
err_close:
	close(g->fd);
	return err;
}

void genl_close(struct genl *g)
{
	close(g->fd);
}
