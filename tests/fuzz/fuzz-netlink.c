// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-fuzz netlink: messages to devlink, mostly such that the kernel takes
 * them, with attributes left out, doubled, cut short, nested or of another
 * type. Odd threads have no CAP_NET_ADMIN, and then nothing may change.
 */
#include "fuzz.h"
#include "sf-copy.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/devlink.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#define NOBODY		65534
#define MSG_SIZE	2048
#define ANSWER_MS	100

/* Younger than the headers this may be built with */
#define MY_RATE_TX_PRIORITY	177
#define MY_RATE_TX_WEIGHT	178
#define MY_REGION_DIRECT	179

/**
 * struct request - a command and what it usually has
 * @cmd: its number
 * @admin: needs CAP_NET_ADMIN
 * @rare: takes so long that only one in so many is sent
 * @attrs: beside the handle of the device, up to a 0
 */
struct request {
	uint8_t cmd;
	bool admin;
	uint8_t rare;
	uint8_t attrs[7];
};

static const struct request requests[] = {
	{ .cmd = DEVLINK_CMD_GET },
	{ .cmd = DEVLINK_CMD_INFO_GET },
	{ .cmd = DEVLINK_CMD_PORT_GET, .attrs = { DEVLINK_ATTR_PORT_INDEX } },
	{ .cmd = DEVLINK_CMD_PORT_NEW, .admin = true,
	  .attrs = { DEVLINK_ATTR_PORT_FLAVOUR,
		DEVLINK_ATTR_PORT_PCI_PF_NUMBER, DEVLINK_ATTR_PORT_PCI_SF_NUMBER } },
	{ .cmd = DEVLINK_CMD_PORT_NEW, .admin = true,
	  .attrs = { DEVLINK_ATTR_PORT_FLAVOUR,
		DEVLINK_ATTR_PORT_PCI_PF_NUMBER, DEVLINK_ATTR_PORT_PCI_SF_NUMBER,
		DEVLINK_ATTR_PORT_INDEX, DEVLINK_ATTR_PORT_CONTROLLER_NUMBER } },
	{ .cmd = DEVLINK_CMD_PORT_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_PORT_INDEX,
		DEVLINK_ATTR_PORT_FUNCTION } },
	{ .cmd = DEVLINK_CMD_PORT_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_PORT_INDEX,
		DEVLINK_ATTR_PORT_FUNCTION } },
	{ .cmd = DEVLINK_CMD_PORT_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_PORT_INDEX,
		DEVLINK_ATTR_PORT_TYPE } },
	{ .cmd = DEVLINK_CMD_PORT_DEL, .admin = true, .rare = 2,
	  .attrs = { DEVLINK_ATTR_PORT_INDEX } },
	{ .cmd = DEVLINK_CMD_PORT_SPLIT, .admin = true,
	  .attrs = { DEVLINK_ATTR_PORT_INDEX,
		DEVLINK_ATTR_PORT_SPLIT_COUNT } },
	{ .cmd = DEVLINK_CMD_RATE_GET, .attrs = { DEVLINK_ATTR_PORT_INDEX } },
	{ .cmd = DEVLINK_CMD_RATE_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_PORT_INDEX,
		DEVLINK_ATTR_RATE_TX_MAX, DEVLINK_ATTR_RATE_TX_SHARE,
		MY_RATE_TX_PRIORITY, MY_RATE_TX_WEIGHT } },
	{ .cmd = DEVLINK_CMD_RATE_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_PORT_INDEX,
		DEVLINK_ATTR_RATE_PARENT_NODE_NAME } },
	{ .cmd = DEVLINK_CMD_RATE_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_RATE_NODE_NAME,
		DEVLINK_ATTR_RATE_TX_MAX, DEVLINK_ATTR_RATE_TX_SHARE } },
	{ .cmd = DEVLINK_CMD_RATE_NEW, .admin = true,
	  .attrs = { DEVLINK_ATTR_RATE_NODE_NAME,
		DEVLINK_ATTR_RATE_TX_MAX } },
	{ .cmd = DEVLINK_CMD_RATE_DEL, .admin = true,
	  .attrs = { DEVLINK_ATTR_RATE_NODE_NAME } },
	{ .cmd = DEVLINK_CMD_RESOURCE_DUMP },
	{ .cmd = DEVLINK_CMD_RESOURCE_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_RESOURCE_ID,
		DEVLINK_ATTR_RESOURCE_SIZE } },
	{ .cmd = DEVLINK_CMD_PARAM_GET, .attrs = { DEVLINK_ATTR_PARAM_NAME } },
	{ .cmd = DEVLINK_CMD_PARAM_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_PARAM_NAME,
		DEVLINK_ATTR_PARAM_TYPE, DEVLINK_ATTR_PARAM_VALUE_CMODE,
		DEVLINK_ATTR_PARAM_VALUE_DATA } },
	{ .cmd = DEVLINK_CMD_REGION_GET, .attrs = { DEVLINK_ATTR_REGION_NAME } },
	{ .cmd = DEVLINK_CMD_REGION_NEW, .admin = true,
	  .attrs = { DEVLINK_ATTR_REGION_NAME,
		DEVLINK_ATTR_REGION_SNAPSHOT_ID } },
	{ .cmd = DEVLINK_CMD_REGION_DEL, .admin = true,
	  .attrs = { DEVLINK_ATTR_REGION_NAME,
		DEVLINK_ATTR_REGION_SNAPSHOT_ID } },
	{ .cmd = DEVLINK_CMD_REGION_READ, .admin = true,
	  .attrs = { DEVLINK_ATTR_REGION_NAME,
		DEVLINK_ATTR_REGION_SNAPSHOT_ID } },
	{ .cmd = DEVLINK_CMD_REGION_READ, .admin = true,
	  .attrs = { DEVLINK_ATTR_REGION_NAME,
		DEVLINK_ATTR_REGION_SNAPSHOT_ID, DEVLINK_ATTR_REGION_CHUNK_ADDR,
		DEVLINK_ATTR_REGION_CHUNK_LEN, MY_REGION_DIRECT } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_GET, .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME, DEVLINK_ATTR_PORT_INDEX } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_SET, .admin = true,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME,
		DEVLINK_ATTR_HEALTH_REPORTER_GRACEFUL_PERIOD,
		DEVLINK_ATTR_HEALTH_REPORTER_AUTO_RECOVER,
		DEVLINK_ATTR_HEALTH_REPORTER_AUTO_DUMP } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_RECOVER, .admin = true, .rare = 8,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_DIAGNOSE, .admin = true,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_DIAGNOSE, .admin = true,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME, DEVLINK_ATTR_PORT_INDEX } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_DUMP_GET, .admin = true,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_DUMP_CLEAR, .admin = true,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_TEST, .admin = true, .rare = 8,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME } },
	{ .cmd = DEVLINK_CMD_RELOAD, .admin = true, .rare = 16,
	  .attrs = { DEVLINK_ATTR_RELOAD_ACTION } },
	{ .cmd = DEVLINK_CMD_ESWITCH_GET, .admin = true },
	{ .cmd = DEVLINK_CMD_ESWITCH_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_ESWITCH_MODE } },
	{ .cmd = DEVLINK_CMD_SELFTESTS_GET },
	{ .cmd = DEVLINK_CMD_TRAP_GET, .attrs = { DEVLINK_ATTR_TRAP_NAME } },
};

static const char *const names[] = {
	"hw", "sf", "registers", "wqcfg", "ims", "group1", "group2", "g",
	"sf_wq_entries", "sf_max_transfer_size", "sf_max_batch_size",
	"sf_pci_device_id", "command_timeout_ms", "x", "",
	"a_name_that_is_much_longer_than_any_there_is_in_devlink",
};

static uint16_t family;

static void put(struct nlmsghdr *nlh, uint16_t type, const void *data,
		size_t len)
{
	struct nlattr *a = (void *)((char *)nlh + NLMSG_ALIGN(nlh->nlmsg_len));

	if (nlh->nlmsg_len + NLA_ALIGN(len) + 8 > MSG_SIZE)
		return;
	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + len;
	memcpy((char *)a + NLA_HDRLEN, data, len);
	nlh->nlmsg_len = NLMSG_ALIGN(nlh->nlmsg_len) + NLA_ALIGN(a->nla_len);
}

static void put_text(struct nlmsghdr *nlh, uint16_t type, const char *text)
{
	put(nlh, type, text, strlen(text) + 1);
}

static unsigned int attr_size(uint8_t attr)
{
	switch (attr) {
	case DEVLINK_ATTR_PORT_FLAVOUR:
	case DEVLINK_ATTR_PORT_PCI_PF_NUMBER:
	case DEVLINK_ATTR_PORT_TYPE:
	case DEVLINK_ATTR_ESWITCH_MODE:
		return 2;
	case DEVLINK_ATTR_PARAM_TYPE:
	case DEVLINK_ATTR_PARAM_VALUE_CMODE:
	case DEVLINK_ATTR_RELOAD_ACTION:
	case DEVLINK_ATTR_HEALTH_REPORTER_AUTO_RECOVER:
	case DEVLINK_ATTR_HEALTH_REPORTER_AUTO_DUMP:
		return 1;
	case MY_REGION_DIRECT:
		return 0;
	case DEVLINK_ATTR_RATE_TX_MAX:
	case DEVLINK_ATTR_RATE_TX_SHARE:
	case DEVLINK_ATTR_RESOURCE_ID:
	case DEVLINK_ATTR_RESOURCE_SIZE:
	case DEVLINK_ATTR_REGION_CHUNK_ADDR:
	case DEVLINK_ATTR_REGION_CHUNK_LEN:
	case DEVLINK_ATTR_HEALTH_REPORTER_GRACEFUL_PERIOD:
		return 8;
	default:
		return 4;
	}
}

/* Values that the kernel is likely to take */
static uint64_t likely(struct fuzz_thread *t, uint8_t attr)
{
	uint8_t how = fuzz_byte(t);

	if (how >= 200)
		return fuzz_value(t);
	switch (attr) {
	case DEVLINK_ATTR_PORT_FLAVOUR:
		return DEVLINK_PORT_FLAVOUR_PCI_SF;
	case DEVLINK_ATTR_PORT_PCI_PF_NUMBER:
	case DEVLINK_ATTR_PORT_CONTROLLER_NUMBER:
		return 0;
	case DEVLINK_ATTR_PORT_PCI_SF_NUMBER:
	case DEVLINK_ATTR_PORT_INDEX:
		return how % 10;
	case DEVLINK_ATTR_PARAM_TYPE:
		return how % 5 ? 3 : how % 8;
	case DEVLINK_ATTR_PARAM_VALUE_CMODE:
	case DEVLINK_ATTR_RELOAD_ACTION:
		return how % 5 ? 1 : how % 4;
	case DEVLINK_ATTR_PARAM_VALUE_DATA:
		return 1ULL << how % 32;
	case DEVLINK_ATTR_RATE_TX_MAX:
	case DEVLINK_ATTR_RATE_TX_SHARE:
		return how % 16 * 125000ULL;
	case DEVLINK_ATTR_HEALTH_REPORTER_AUTO_RECOVER:
	case DEVLINK_ATTR_HEALTH_REPORTER_AUTO_DUMP:
		return how & 1;
	default:
		return how % 32;
	}
}

static const char *some_name(struct fuzz_thread *t)
{
	return names[fuzz_byte(t) % ARRAY_SIZE(names)];
}

static bool is_name(uint8_t attr)
{
	switch (attr) {
	case DEVLINK_ATTR_RATE_NODE_NAME:
	case DEVLINK_ATTR_RATE_PARENT_NODE_NAME:
	case DEVLINK_ATTR_PARAM_NAME:
	case DEVLINK_ATTR_REGION_NAME:
	case DEVLINK_ATTR_HEALTH_REPORTER_NAME:
	case DEVLINK_ATTR_TRAP_NAME:
		return true;
	}
	return false;
}

/* State and opstate are u8, capabilities a bitfield, the rest is any */
static void put_function(struct fuzz_thread *t, struct nlmsghdr *nlh)
{
	unsigned int how = fuzz_byte(t), nested = NLA_F_NESTED;
	struct nlattr *nest;
	uint64_t val;

	if (how >= 240)
		nested = 0;
	nest = (void *)((char *)nlh + NLMSG_ALIGN(nlh->nlmsg_len));
	put(nlh, DEVLINK_ATTR_PORT_FUNCTION | nested, "", 0);
	if (how < 180) {
		val = fuzz_byte(t) % 5 ? how & 1 : fuzz_value(t);
		put(nlh, DEVLINK_PORT_FN_ATTR_STATE, &val, 1);
	} else {
		val = fuzz_value(t);
		put(nlh, fuzz_byte(t) % 8, &val, fuzz_byte(t) % 9);
	}
	nest->nla_len = (char *)nlh + nlh->nlmsg_len - (char *)nest;
}

static void put_attr(struct fuzz_thread *t, struct nlmsghdr *nlh, uint8_t attr)
{
	uint8_t how = fuzz_byte(t), raw[16] = { 0 };
	uint64_t val;

	if (how >= 236) {
		/* Left out, of any length, or of another's type */
		if (how < 242)
			return;
		fuzz_fill(t, raw, 8);
		if (how < 248)
			put(nlh, attr, raw, fuzz_byte(t) % sizeof(raw));
		else
			put(nlh, fuzz_byte(t), raw, fuzz_byte(t) % 9);
		return;
	}
	if (attr == DEVLINK_ATTR_PORT_FUNCTION) {
		put_function(t, nlh);
	} else if (is_name(attr)) {
		put_text(nlh, attr, some_name(t));
	} else {
		val = likely(t, attr);
		put(nlh, attr, &val, attr_size(attr));
	}
}

static void header(struct nlmsghdr *nlh, uint16_t type, uint16_t flags,
		   uint8_t cmd)
{
	struct genlmsghdr *genl = (void *)((char *)nlh + NLMSG_HDRLEN);

	memset(nlh, 0, MSG_SIZE);
	nlh->nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN;
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	genl->cmd = cmd;
	genl->version = 1;
}

/* The error or acknowledgment of a message; 1 if none came in time */
static int answer(int fd, uint32_t seq)
{
	char buf[32768];
	const struct nlmsghdr *nlh = (void *)buf;
	const struct nlmsgerr *err;
	ssize_t n;
	int i, len;

	for (i = 0; i < 200; i++) {
		n = recv(fd, buf, sizeof(buf), 0);
		if (n < 0)
			return errno == EAGAIN ? 1 : -errno;
		len = n;
		for (nlh = (void *)buf; NLMSG_OK(nlh, len);
		     nlh = NLMSG_NEXT(nlh, len)) {
			/* Of one before, which took too long */
			if (nlh->nlmsg_seq != seq)
				continue;
			err = NLMSG_DATA(nlh);
			if (nlh->nlmsg_type == NLMSG_ERROR)
				return err->error;
			if (nlh->nlmsg_type == NLMSG_DONE)
				return 2;
		}
	}
	return 3;
}

/* Has an answer of many messages only */
static bool is_dump(uint8_t cmd)
{
	return cmd == DEVLINK_CMD_REGION_READ ||
	       cmd == DEVLINK_CMD_HEALTH_REPORTER_DUMP_GET;
}

static void step(struct fuzz_thread *t)
{
	char buf[MSG_SIZE] __attribute__((aligned(8)));
	const struct request *r = &requests[fuzz_byte(t) % ARRAY_SIZE(requests)];
	struct nlmsghdr *nlh = (void *)buf;
	uint8_t how = fuzz_byte(t), cmd = r->cmd;
	unsigned int i;
	int err;

	if (r->rare && how % r->rare)
		return;
	header(nlh, family, NLM_F_ACK | (is_dump(cmd) ^ (fuzz_byte(t) >= 230) ?
					 NLM_F_DUMP : 0), cmd);
	nlh->nlmsg_seq = t->tried;
	how = fuzz_byte(t);
	/* Of nobody's but this device */
	if (how < 250) {
		put_text(nlh, DEVLINK_ATTR_BUS_NAME, "pci");
		put_text(nlh, DEVLINK_ATTR_DEV_NAME, fuzz_pci);
	}
	for (i = 0; i < ARRAY_SIZE(r->attrs) && r->attrs[i]; i++)
		put_attr(t, nlh, r->attrs[i]);
	while (how-- > 220)
		put_attr(t, nlh, fuzz_byte(t));
	if (fuzz_byte(t) > 250)
		nlh->nlmsg_len -= fuzz_byte(t) % 24;
	if (send(t->fd, nlh, nlh->nlmsg_len, 0) < 0)
		err = -errno;
	else
		err = answer(t->fd, t->tried);
	fuzz_result(t, (t->nr & 1) << 16 | cmd << 8 | r->attrs[0], err);
	if ((t->nr & 1) && r->admin && (!err || err == 2 || err == 3))
		fuzz_fail("command %u without CAP_NET_ADMIN: %d", cmd, err);
}

static int open_socket(void)
{
	struct timeval limit = { .tv_usec = ANSWER_MS * 1000 };
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (fd < 0 || bind(fd, (void *)&addr, sizeof(addr)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		die("netlink: %s", strerror(errno));
	return fd;
}

/* The number that the kernel has given to devlink */
static void begin(void)
{
	char buf[MSG_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = (void *)buf;
	const struct nlattr *a;
	int fd = open_socket();
	ssize_t n, at;

	header(nlh, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY);
	put_text(nlh, CTRL_ATTR_FAMILY_NAME, DEVLINK_GENL_NAME);
	send(fd, nlh, nlh->nlmsg_len, 0);
	n = recv(fd, buf, sizeof(buf), 0);
	for (at = NLMSG_HDRLEN + GENL_HDRLEN; at + NLA_HDRLEN < n;
	     at += NLA_ALIGN(a->nla_len)) {
		a = (void *)(buf + at);
		if (a->nla_type == CTRL_ATTR_FAMILY_ID)
			memcpy(&family, a + 1, sizeof(family));
		if (!a->nla_len)
			break;
	}
	close(fd);
	if (!family)
		die("no devlink in this kernel");
}

/* A thread's own user: not the process's, which setresuid() would change */
static void enter(struct fuzz_thread *t)
{
	if (t->nr & 1 && syscall(SYS_setresuid, NOBODY, NOBODY, NOBODY))
		die("setresuid: %s", strerror(errno));
	t->fd = open_socket();
}

static void leave(struct fuzz_thread *t)
{
	close(t->fd);
}

const struct fuzz_target fuzz_netlink = {
	.name = "netlink",
	.round_ms = 5000,
	.begin = begin,
	.enter = enter,
	.leave = leave,
	.step = step,
};
