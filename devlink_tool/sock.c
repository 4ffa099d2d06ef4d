// SPDX-License-Identifier: GPL-2.0-only
/*
 * A netlink socket of the kernel. It knows no message.
 */
#include "sock.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <libmnl/libmnl.h>
#include <linux/netlink.h>

/* Room for a burst of notifications; only root gets that much */
#define SOCK_EVENT_BUFFER	(4 << 20)

struct sock {
	struct mnl_socket *mnl;
	bool joined;
};

int sock_open(struct sock **sock)
{
	struct timeval limit = { .tv_sec = SOCK_TIMEOUT_S };
	struct sock *s;
	int on = 1;
	int err;

	s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->mnl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!s->mnl) {
		err = -errno;
		goto err_free;
	}
	/* Without these an answer says less; kernels that lack them are old */
	mnl_socket_setsockopt(s->mnl, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(s->mnl, NETLINK_CAP_ACK, &on, sizeof(on));
	if (setsockopt(sock_fd(s), SOL_SOCKET, SO_RCVTIMEO, &limit,
		       sizeof(limit)) ||
	    mnl_socket_bind(s->mnl, 0, MNL_SOCKET_AUTOPID) < 0) {
		err = -errno;
		goto err_close;
	}
	*sock = s;
	return 0;

err_close:
	mnl_socket_close(s->mnl);
err_free:
	free(s);
	return err;
}

void sock_close(struct sock *sock)
{
	if (!sock)
		return;
	mnl_socket_close(sock->mnl);
	free(sock);
}

int sock_join(struct sock *sock, uint32_t group)
{
	struct timeval none = { 0 };
	int size = SOCK_EVENT_BUFFER;
	int err;

	err = mnl_socket_setsockopt(sock->mnl, NETLINK_ADD_MEMBERSHIP, &group,
				    sizeof(group));
	if (err < 0)
		return -errno;
	/* An event may come any time, or never; one more or less is no error */
	setsockopt(sock_fd(sock), SOL_SOCKET, SO_RCVTIMEO, &none, sizeof(none));
	setsockopt(sock_fd(sock), SOL_SOCKET, SO_RCVBUFFORCE, &size,
		   sizeof(size));
	sock->joined = true;
	return 0;
}

int sock_send(struct sock *sock, const void *data, size_t size)
{
	ssize_t n;

	do {
		n = mnl_socket_sendto(sock->mnl, data, size);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

ssize_t sock_recv(struct sock *sock, void *buf, size_t size)
{
	struct sockaddr_nl from;
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr msg;
	ssize_t n;

	for (;;) {
		msg = (struct msghdr){
			.msg_name = &from, .msg_namelen = sizeof(from),
			.msg_iov = &iov, .msg_iovlen = 1,
		};
		n = recvmsg(sock_fd(sock), &msg, 0);
		if (n < 0 && errno == EINTR && !sock->joined)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return -ETIMEDOUT;
		if (n < 0)
			return -errno;
		if (msg.msg_flags & MSG_TRUNC)
			return -EMSGSIZE;
		if (msg.msg_namelen == sizeof(from) && !from.nl_pid)
			return n;
	}
}

uint32_t sock_portid(const struct sock *sock)
{
	return mnl_socket_get_portid(sock->mnl);
}

int sock_fd(const struct sock *sock)
{
	return mnl_socket_get_fd(sock->mnl);
}
