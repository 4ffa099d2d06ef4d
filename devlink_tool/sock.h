/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A netlink socket: the one thing below nl.c, and the one that tests replace.
 * What comes from another sender than the kernel is not handed up.
 */
#ifndef IDXD_SF_SOCK_H
#define IDXD_SF_SOCK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct sock;

/* The kernel may have to wait for hardware before it answers */
#define SOCK_TIMEOUT_S	120

/**
 * sock_open() - open a socket of generic netlink
 * @sock: set to it
 *
 * Return: 0 or a negative error number.
 */
int sock_open(struct sock **sock);

/**
 * sock_close() - close it
 * @sock: from sock_open(), or NULL
 */
void sock_close(struct sock *sock);

/**
 * sock_join() - receive what is sent to a multicast group
 * @sock: the socket
 * @group: number of the group
 *
 * Return: 0 or a negative error number.
 */
int sock_join(struct sock *sock, uint32_t group);

/**
 * sock_send() - send one request to the kernel
 * @sock: the socket
 * @data: one netlink message
 * @size: its bytes
 *
 * Return: 0 or a negative error number.
 */
int sock_send(struct sock *sock, const void *data, size_t size);

/**
 * sock_recv() - receive messages of the kernel
 * @sock: the socket
 * @buf: destination
 * @size: bytes of @buf
 *
 * Waits SOCK_TIMEOUT_S at most, and goes on when a signal was handled, unless
 * a group was joined.
 *
 * Return: number of bytes, or a negative error number: -ENOBUFS when messages
 * were lost, -EMSGSIZE when one is larger than @buf, -ETIMEDOUT, and -EINTR
 * after joining a group.
 */
ssize_t sock_recv(struct sock *sock, void *buf, size_t size);

/**
 * sock_portid() - the socket's address
 * @sock: the socket
 *
 * Return: what the kernel's answers carry.
 */
uint32_t sock_portid(const struct sock *sock);

/**
 * sock_fd() - descriptor to poll
 * @sock: the socket
 *
 * Return: the descriptor, or -1 if it has none.
 */
int sock_fd(const struct sock *sock);

#endif /* IDXD_SF_SOCK_H */
