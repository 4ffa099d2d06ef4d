/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a health reporter tells (devlink's fmsg): a tree of names and values,
 * sent as a row of attributes over several messages. Pure.
 */
#ifndef IDXD_SF_FMSG_H
#define IDXD_SF_FMSG_H

#include "msg.h"

/* Levels: objects, arrays, pairs. What is below is not looked at */
#define FMSG_DEPTH	8
#define FMSG_PATH_SIZE	128

/**
 * struct fmsg - where a reader is in the tree
 * @names: the names of the levels, empty where one has none
 * @depth: levels that are open; may be beyond FMSG_DEPTH
 * @type: MNL_TYPE_* of the value that comes next
 */
struct fmsg {
	char names[FMSG_DEPTH][MSG_NAME_SIZE];
	unsigned int depth;
	uint8_t type;
};

/**
 * fmsg_decode() - read the next message of a row
 * @fmsg: where the one before ended; zero at first
 * @nlh: the message
 * @fn: called for each number, with its names: "work_queue/occupancy"
 * @arg: passed on to @fn
 *
 * Return: 0 or -EBADMSG.
 */
int fmsg_decode(struct fmsg *fmsg, const struct nlmsghdr *nlh,
		void (*fn)(const char *path, uint64_t value, void *arg),
		void *arg);

#endif /* IDXD_SF_FMSG_H */
