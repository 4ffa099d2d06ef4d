/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sf-fuzz netlink: messages to devlink, as fuzz-devlink.c makes them and
 * fuzz-netlink.c sends them.
 */
#ifndef FUZZ_DEVLINK_H
#define FUZZ_DEVLINK_H

#include "fuzz.h"

#include <linux/netlink.h>

#define FUZZ_MSG_SIZE	2048

/**
 * struct fuzz_request - a command and what it usually has
 * @cmd: its number
 * @admin: needs CAP_NET_ADMIN
 * @dump: has an answer of many messages only
 * @active: sets the state of a port, mostly to active
 * @rare: takes so long that only one in so many is sent
 * @attrs: beside the handle of the device, up to a 0
 */
struct fuzz_request {
	uint8_t cmd;
	bool admin;
	bool dump;
	bool active;
	uint8_t rare;
	uint8_t attrs[7];
};

const struct fuzz_request *fuzz_message(struct fuzz_thread *t,
					struct nlmsghdr *nlh, uint16_t family);

#endif /* FUZZ_DEVLINK_H */
