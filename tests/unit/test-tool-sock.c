// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of idxd-sf's socket: what it hands up and what not. The socket is
 * one of netlink; what comes of receiving is told by a table (--wrap=recvmsg),
 * and sending is what libmnl is made to say.
 */
#include "sock.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netlink.h>

#include "ktap.h"
#include "shim/linux/array_size.h"
#include "wrap.h"

/* What one recvmsg() does */
struct step {
	int err;
	int flags;
	unsigned int pid;
	unsigned int name_size;
	ssize_t n;
};

static const struct step *steps;
static unsigned int nr_steps, at;
static int send_errors;

ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct sockaddr_nl *from = msg->msg_name;
	const struct step *step;

	(void)fd;
	(void)flags;
	if (at == nr_steps) {
		errno = EIO;
		return -1;
	}
	step = &steps[at++];
	errno = step->err;
	if (step->err)
		return -1;
	memset(from, 0, sizeof(*from));
	from->nl_family = AF_NETLINK;
	from->nl_pid = step->pid;
	msg->msg_namelen = step->name_size;
	msg->msg_flags = step->flags;
	return step->n;
}

ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *mnl, const void *data,
				 size_t size)
{
	(void)mnl;
	(void)data;
	errno = EINTR;
	return send_errors-- > 0 ? -1 : (ssize_t)size;
}

/* What sock_recv() says; @at is how often it had to ask */
static ssize_t receive(struct sock *sock, const struct step *table,
		       unsigned int nr)
{
	char buf[64];

	steps = table;
	nr_steps = nr;
	at = 0;
	return sock_recv(sock, buf, sizeof(buf));
}

#define NAME	sizeof(struct sockaddr_nl)

static void kernels_message_handed_up(void)
{
	static const struct step good[] = { { 0, 0, 0, NAME, 20 } };
	struct sock *sock;

	EXPECT(0, sock_open(&sock));
	EXPECT(20, receive(sock, good, ARRAY_SIZE(good)));
	EXPECT(1, at);
	sock_close(sock);
}

static void foreign_sender_passed_over(void)
{
	/* Another process, and what is no address of netlink */
	static const struct step foreign[] = {
		{ 0, 0, 4711, NAME, 20 },
		{ 0, 0, 0, 0, 24 },
		{ 0, 0, 0, NAME, 28 },
	};
	struct sock *sock;

	EXPECT(0, sock_open(&sock));
	EXPECT(28, receive(sock, foreign, ARRAY_SIZE(foreign)));
	EXPECT(3, at);
	sock_close(sock);
}

static void signal_waited_over_until_joined(void)
{
	static const struct step signals[] = {
		{ .err = EINTR }, { .err = EINTR }, { 0, 0, 0, NAME, 20 },
	};
	struct sock *sock;

	EXPECT(0, sock_open(&sock));
	EXPECT(20, receive(sock, signals, ARRAY_SIZE(signals)));
	EXPECT(3, at);
	/* Group 1 is the controller's own: it is always there */
	EXPECT(0, sock_join(sock, 1));
	EXPECT(-EINTR, receive(sock, signals, ARRAY_SIZE(signals)));
	EXPECT(1, at);
	sock_close(sock);
}

static void message_cut_short_refused(void)
{
	static const struct step cut[] = { { 0, MSG_TRUNC, 0, NAME, 64 } };
	struct sock *sock;

	EXPECT(0, sock_open(&sock));
	EXPECT(-EMSGSIZE, receive(sock, cut, ARRAY_SIZE(cut)));
	EXPECT(1, at);
	sock_close(sock);
}

static void errors_passed_on(void)
{
	static const struct step late[] = { { .err = EAGAIN } };
	static const struct step lost[] = { { .err = ENOBUFS } };
	struct sock *sock;

	EXPECT(0, sock_open(&sock));
	EXPECT(-ETIMEDOUT, receive(sock, late, ARRAY_SIZE(late)));
	EXPECT(1, at);
	EXPECT(-ENOBUFS, receive(sock, lost, ARRAY_SIZE(lost)));
	EXPECT(1, at);
	sock_close(sock);
}

static void sending_repeated_after_signals(void)
{
	struct sock *sock;

	EXPECT(0, sock_open(&sock));
	send_errors = 3;
	EXPECT(0, sock_send(sock, "text", 4));
	EXPECT(-1, send_errors);
	sock_close(sock);
}

static const struct ktap_test tests[] = {
	KTAP_TEST(kernels_message_handed_up),
	KTAP_TEST(foreign_sender_passed_over),
	KTAP_TEST(signal_waited_over_until_joined),
	KTAP_TEST(message_cut_short_refused),
	KTAP_TEST(errors_passed_on),
	KTAP_TEST(sending_repeated_after_signals),
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
