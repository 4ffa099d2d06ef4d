/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that the linker's --wrap puts in place of others.
 */
#ifndef TESTS_UNIT_WRAP_H
#define TESTS_UNIT_WRAP_H

#include <sys/socket.h>
#include <sys/types.h>

#include <libmnl/libmnl.h>

ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags);
ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *mnl, const void *data,
				 size_t size);

#endif /* TESTS_UNIT_WRAP_H */
