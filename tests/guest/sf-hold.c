// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-hold: users of a subfunction who are asked to let it go, and do or do not.
 * It shares sf-copy's files, but not its main.
 */
#define _GNU_SOURCE
#include "sf-copy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/vfio.h>

#define COPY_SIZE	65536

static const char help[] =
"usage: sf-hold MODE SFNUM\n"
"\n"
"Opens the subfunction and keeps it. MODE:\n"
"  obey    until the REQ eventfd asks for it\n"
"  ignore  whatever the REQ eventfd says, until killed\n"
"  child   a child keeps nothing but the mapping of the portals; the parent,\n"
"          who opened it, ends\n"
"  sent    another process is sent the file descriptor; the one who opened it\n"
"          ends\n"
"  close   closes with a full queue and a drain pending, and says how long\n"
"          that took\n"
"  busy    the same, but waits to be killed\n"
"It prints \"holding PID\" when it has come so far.\n";

/* An eventfd that the kernel signals when it wants the device back */
static int request_event(struct sf *sf)
{
	union {
		struct vfio_irq_set set;
		char bytes[sizeof(struct vfio_irq_set) + sizeof(int)];
	} arg = { .set = {
		.argsz = sizeof(arg), .count = 1,
		.flags = VFIO_IRQ_SET_DATA_EVENTFD |
			 VFIO_IRQ_SET_ACTION_TRIGGER,
		.index = VFIO_PCI_REQ_IRQ_INDEX,
	} };
	int fd = eventfd(0, EFD_CLOEXEC);

	memcpy(arg.set.data, &fd, sizeof(fd));
	if (fd < 0 || ioctl(sf->device, VFIO_DEVICE_SET_IRQS, &arg))
		die("REQ eventfd: %s", strerror(errno));
	return fd;
}

static void wait_for_request(int fd)
{
	uint64_t count;

	if (read(fd, &count, sizeof(count)) != sizeof(count))
		die("read of the REQ eventfd: %s", strerror(errno));
	note("asked");
}

static void obey(struct sf *sf)
{
	int fd = request_event(sf);

	note("holding %d", getpid());
	wait_for_request(fd);
	sf_close(sf);
	note("closed");
}

static void ignore(struct sf *sf)
{
	int fd = request_event(sf);

	note("holding %d", getpid());
	for (;;)
		wait_for_request(fd);
}

static void child(struct sf *sf)
{
	if (fork())
		exit(0);
	close(sf->device);
	close(sf->group);
	close(sf->container);
	note("holding %d", getpid());
	pause();
}

static void send_device(int sock, int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {};
	char byte = 0;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	if (sendmsg(sock, &msg, 0) != 1)
		die("sendmsg: %s", strerror(errno));
}

static int receive_device(int sock)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {};
	char byte;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	int fd;

	if (recvmsg(sock, &msg, MSG_CMSG_CLOEXEC) != 1 || !CMSG_FIRSTHDR(&msg))
		die("no file descriptor came");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return fd;
}

/* The one who never opened anything; ends when the other did not send it */
static void receiver(int sock)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	int fd = receive_device(sock);

	if (ioctl(fd, VFIO_DEVICE_GET_INFO, &info))
		die("the device that came: %s", strerror(errno));
	note("holding %d", getpid());
	pause();
}

static void sent(const struct options *opt, unsigned int sfnum)
{
	struct sf sf;
	int sock[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sock))
		die("socketpair: %s", strerror(errno));
	if (!fork()) {
		close(sock[0]);
		receiver(sock[1]);
		exit(0);
	}
	close(sock[1]);
	sf_open(&sf, opt, sfnum);
	sf_start(&sf);
	send_device(sock[0], sf.device);
	exit(0);
}

/* A full queue, and a drain that waits for it */
static void make_busy(struct sf *sf)
{
	struct dsa_hw_desc desc;
	unsigned int i;

	for (i = 0; i < sf->wq_size; i++) {
		sf_desc(sf, &desc, DSA_OPCODE_MEMMOVE, i);
		desc.src_addr = sf_iova(sf, sf->arena + ARENA_SRC);
		desc.dst_addr = sf_iova(sf, sf->arena + ARENA_DST);
		desc.xfer_size = COPY_SIZE;
		sf_submit(sf, &desc);
	}
	sf_write(sf, REG_CMD, CMD_DRAIN_WQ << 20 | 1, 4);
}

static void busy(struct sf *sf, bool closes)
{
	uint64_t start;

	make_busy(sf);
	start = now_ms();
	if (!(sf_read(sf, REG_CMDSTS, 4) >> 31))
		die("the drain is over already");
	note("holding %d", getpid());
	if (!closes)
		pause();
	sf_close(sf);
	note("closed in %llu ms", (unsigned long long)(now_ms() - start));
}

int main(int argc, char **argv)
{
	static const struct options opt = {
		.iova = 0x100000000ULL, .timeout_ms = 10000, .seed = 1,
	};
	unsigned int sfnum;
	const char *mode;
	struct sf sf;

	if (argc != 3) {
		fputs(help, stderr);
		return 2;
	}
	mode = argv[1];
	sfnum = strtoul(argv[2], NULL, 0);
	if (!strcmp(mode, "sent"))
		sent(&opt, sfnum);
	sf_open(&sf, &opt, sfnum);
	sf_start(&sf);
	if (!strcmp(mode, "obey"))
		obey(&sf);
	else if (!strcmp(mode, "ignore"))
		ignore(&sf);
	else if (!strcmp(mode, "child"))
		child(&sf);
	else if (!strcmp(mode, "close") || !strcmp(mode, "busy"))
		busy(&sf, !strcmp(mode, "close"));
	else
		die("no mode %s", mode);
	return 0;
}
