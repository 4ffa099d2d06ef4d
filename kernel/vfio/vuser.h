/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who has a virtual DSA open, for the line in the kernel log that tells who
 * has to let it go (layer V1). It keeps nobody alive and must not wait.
 */
#ifndef IDXD_VUSER_H
#define IDXD_VUSER_H

#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

struct device;
struct pid;

/**
 * struct idxd_vuser - the user of one virtual device
 * @lock: protects @pid and @comm; nothing is taken inside
 * @pid: process that opened the device, NULL while it is closed
 * @comm: its name then
 * @said: when it was told last
 */
struct idxd_vuser {
	spinlock_t lock; /* protects @pid and @comm */
	struct pid *pid;
	char comm[TASK_COMM_LEN];
	struct ratelimit_state said;
};

/**
 * idxd_vuser_init() - nobody has it open
 * @user: the user
 */
void idxd_vuser_init(struct idxd_vuser *user);

/**
 * idxd_vuser_enter() - the current process opens the device
 * @user: the user. Pairs with idxd_vuser_leave().
 */
void idxd_vuser_enter(struct idxd_vuser *user);

/**
 * idxd_vuser_leave() - the device is closed
 * @user: the user
 */
void idxd_vuser_leave(struct idxd_vuser *user);

/**
 * idxd_vuser_tell() - tell the kernel log who is waited for
 * @user: the user
 * @dev: device that the line is about
 *
 * Once a minute at most, however often it is called. Whoever opened the device
 * may have left it to another process, a child or one that was sent the file
 * descriptor; nobody can tell which, so the line says that it ended.
 */
void idxd_vuser_tell(struct idxd_vuser *user, struct device *dev);

#endif /* IDXD_VUSER_H */
