/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests to devlink over generic netlink: sends one, takes what answers it
 * and nothing else, and keeps what the kernel says. It knows no attribute of
 * devlink.
 */
#ifndef IDXD_SF_NL_H
#define IDXD_SF_NL_H

#include <stdbool.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

#include "msg.h"

struct nl;

/**
 * struct nl_sink - takes the answers of a request
 * @take: called for each message
 * @reset: forgets what was taken, as the answers come once more; may be NULL
 *	where one message is all
 * @arg: passed on to both
 */
struct nl_sink {
	void (*take)(const struct nlmsghdr *nlh, void *arg);
	void (*reset)(void *arg);
	void *arg;
};

/**
 * nl_open() - connect to devlink
 * @nl: set to the connection
 *
 * Return: 0 or a negative error number; -EPROTONOSUPPORT when the kernel has
 * no devlink.
 */
int nl_open(struct nl **nl);

/**
 * nl_close() - disconnect
 * @nl: from nl_open(), or NULL
 */
void nl_close(struct nl *nl);

/**
 * nl_begin() - begin a request
 * @nl: the connection
 * @cmd: DEVLINK_CMD_*
 * @dump: ask for all objects
 *
 * Return: the message, to put attributes to. Valid until the next nl_begin().
 */
struct nlmsghdr *nl_begin(struct nl *nl, uint8_t cmd, bool dump);

/**
 * nl_talk() - send the request that was begun, and take its answers
 * @nl: the connection
 * @sink: takes the answers; NULL where none matters
 *
 * A dump during which something changed, or that was too much for the socket,
 * is asked for again, some times.
 *
 * Return: 0 or a negative error number; nl_why() then has the reason.
 */
int nl_talk(struct nl *nl, const struct nl_sink *sink);

/**
 * nl_why() - why the last request failed
 * @nl: the connection
 *
 * Return: the kernel's sentence (extack), or the error's name in words.
 */
const char *nl_why(const struct nl *nl);

/**
 * nl_warning() - what the kernel said to the last request, which succeeded
 * @nl: the connection
 *
 * Return: the kernel's sentence (extack), or an empty text.
 */
const char *nl_warning(const struct nl *nl);

/**
 * nl_listen() - receive notifications from now on
 * @nl: the connection; it takes no requests any more
 *
 * Return: 0 or a negative error number.
 */
int nl_listen(struct nl *nl);

/**
 * nl_take_events() - wait for notifications
 * @nl: the connection, after nl_listen()
 * @sink: takes them
 *
 * Return: 0, or a negative error number: -ENOBUFS when some were lost, -EINTR
 * when a signal came.
 */
int nl_take_events(struct nl *nl, const struct nl_sink *sink);

#endif /* IDXD_SF_NL_H */
