// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-fuzz netlink: sends messages to devlink. Odd threads have no
 * CAP_NET_ADMIN, and then nothing that needs it may work; others are root, and
 * of them each command has to work now and then. It must not know what is in
 * a message.
 */
#include "fuzz-devlink.h"
#include "genl.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/devlink.h>
#include <linux/netlink.h>

#define NOBODY		65534
#define ANSWER_MS	100

/* Of a dump that was complete, of none in time, of too many messages */
#define ANSWER_DONE	1
#define ANSWER_NONE	2
#define ANSWER_MANY	3

static uint16_t family;

static const struct {
	uint8_t cmd;
	bool active;
} accepted[] = {
	{ DEVLINK_CMD_PORT_NEW, false },
	{ DEVLINK_CMD_PORT_SET, false },
	{ DEVLINK_CMD_PORT_SET, true },
	{ DEVLINK_CMD_PORT_DEL, false },
	{ DEVLINK_CMD_RATE_SET, false },
	{ DEVLINK_CMD_RESOURCE_SET, false },
	{ DEVLINK_CMD_PARAM_SET, false },
	{ DEVLINK_CMD_REGION_NEW, false },
	{ DEVLINK_CMD_REGION_DEL, false },
	{ DEVLINK_CMD_REGION_READ, false },
	{ DEVLINK_CMD_HEALTH_REPORTER_SET, false },
	{ DEVLINK_CMD_HEALTH_REPORTER_RECOVER, false },
	{ DEVLINK_CMD_HEALTH_REPORTER_DIAGNOSE, false },
	{ DEVLINK_CMD_HEALTH_REPORTER_DUMP_GET, false },
	{ DEVLINK_CMD_HEALTH_REPORTER_DUMP_CLEAR, false },
	{ DEVLINK_CMD_HEALTH_REPORTER_TEST, false },
	{ DEVLINK_CMD_RELOAD, false },
};

static const char *const accepts[] = {
	"port new", "port set", "port set active", "port del", "rate set",
	"resource set", "param set", "region new", "region del", "region read",
	"health set", "health recover", "health diagnose", "health dump",
	"health dump clear", "health test", "reload", NULL
};

/* The error or acknowledgment of a message, or one of ANSWER_* */
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
			return errno == EAGAIN ? ANSWER_NONE : -errno;
		len = n;
		for (nlh = (void *)buf; NLMSG_OK(nlh, len);
		     nlh = NLMSG_NEXT(nlh, len)) {
			/* Of one before, which took too long */
			if (nlh->nlmsg_seq != seq)
				continue;
			err = NLMSG_DATA(nlh);
			if (nlh->nlmsg_type == NLMSG_ERROR)
				return err->error;
			/* Begins with an error too */
			if (nlh->nlmsg_type == NLMSG_DONE)
				return err->error < 0 ? err->error :
							ANSWER_DONE;
		}
	}
	return ANSWER_MANY;
}

/* Tells what has to be taken, of root */
static void count(const struct fuzz_request *r)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(accepted); i++)
		if (accepted[i].cmd == r->cmd &&
		    accepted[i].active == r->active)
			fuzz_accepted(i);
}

static void step(struct fuzz_thread *t)
{
	char buf[FUZZ_MSG_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = (void *)buf;
	const struct fuzz_request *r = fuzz_message(t, nlh, family);
	bool root = !(t->nr & 1);
	int err;

	if (!r)
		return;
	if (send(t->fd, nlh, nlh->nlmsg_len, 0) < 0)
		err = -errno;
	else
		err = answer(t->fd, t->tried);
	fuzz_result(t, root << 16 | r->cmd << 8 | r->attrs[0], err);
	if (root && (!err || err == ANSWER_DONE))
		count(r);
	if (!root && r->admin && err >= 0 && err != ANSWER_NONE)
		fuzz_fail("command %u without CAP_NET_ADMIN: %d", r->cmd, err);
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
	struct genl g;

	if (genl_open(&g))
		die("no devlink in this kernel");
	family = g.family;
	genl_close(&g);
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
	.accepts = accepts,
	.round_ms = 5000,
	.begin = begin,
	.enter = enter,
	.leave = leave,
	.step = step,
};
