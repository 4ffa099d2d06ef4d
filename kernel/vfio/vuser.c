// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has a virtual DSA open (layer V1).
 */
#include "vuser.h"

#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/jiffies.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

#define VUSER_TELL_SECONDS	60

void idxd_vuser_init(struct idxd_vuser *user)
{
	spin_lock_init(&user->lock);
	ratelimit_state_init(&user->said, VUSER_TELL_SECONDS * HZ, 1);
	/* It is no news how many lines were left out */
	ratelimit_set_flags(&user->said, RATELIMIT_MSG_ON_RELEASE);
}

void idxd_vuser_enter(struct idxd_vuser *user)
{
	struct pid *pid = get_task_pid(current, PIDTYPE_TGID);
	char comm[TASK_COMM_LEN];

	get_task_comm(comm, current->group_leader);
	spin_lock(&user->lock);
	user->pid = pid;
	strscpy(user->comm, comm, sizeof(user->comm));
	spin_unlock(&user->lock);
}

void idxd_vuser_leave(struct idxd_vuser *user)
{
	struct pid *pid;

	spin_lock(&user->lock);
	pid = user->pid;
	user->pid = NULL;
	spin_unlock(&user->lock);
	put_pid(pid);
}

/* Also one that nobody has waited for yet */
static bool idxd_vuser_ended(struct pid *pid)
{
	struct task_struct *task;

	guard(rcu)();
	task = pid_task(pid, PIDTYPE_TGID);
	return !task ||
	       (READ_ONCE(task->exit_state) && thread_group_empty(task));
}

void idxd_vuser_tell(struct idxd_vuser *user, struct device *dev)
{
	char comm[TASK_COMM_LEN];
	struct pid *pid;

	if (!__ratelimit(&user->said))
		return;
	spin_lock(&user->lock);
	pid = get_pid(user->pid);
	strscpy(comm, user->comm, sizeof(comm));
	spin_unlock(&user->lock);
	if (!pid) {
		dev_notice(dev, "Waiting for whoever has its node open and did not begin to use it\n");
		return;
	}
	/* The name is the process's own choice: escaped */
	dev_notice(dev, "Waiting for %*pE (%d) to close it%s\n",
		   (int)strlen(comm), comm, pid_nr(pid),
		   idxd_vuser_ended(pid) ?
		   ": it has ended and left it to another process" : "");
	put_pid(pid);
}
