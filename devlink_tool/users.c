// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which processes have VFIO nodes open, from /proc. A process whose
 * descriptors may not be read is passed over.
 */
#include "sysfs.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USERS_NODES	"/dev/vfio/"

struct users_walk {
	const char *root;
	void (*fn)(const char *node, const struct sysfs_user *user, void *arg);
	void *arg;
};

/* A process chooses its name: keep it fit for a terminal and for JSON */
static void users_get_comm(const char *root, struct sysfs_user *user)
{
	char path[SYSFS_PATH_SIZE], *p;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)user->pid);
	sysfs_read(root, path, user->comm, sizeof(user->comm));
	for (p = user->comm; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
}

static void users_look_at_fd(const struct users_walk *walk, int fds,
			     const char *name, struct sysfs_user *user)
{
	char target[SYSFS_PATH_SIZE];
	ssize_t n;

	n = readlinkat(fds, name, target, sizeof(target) - 1);
	if (n <= 0)
		return;
	target[n] = 0;
	/* /dev/vfio/vfio is the container, and of nobody in particular */
	if (strncmp(target, USERS_NODES, strlen(USERS_NODES)) ||
	    !strcmp(target, USERS_NODES "vfio"))
		return;
	if (!user->comm[0])
		users_get_comm(walk->root, user);
	walk->fn(target, user, walk->arg);
}

static void users_look_at_process(const struct users_walk *walk, pid_t pid)
{
	struct sysfs_user user = { .pid = pid };
	char path[SYSFS_PATH_SIZE];
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof(path), "%s/proc/%d/fd", walk->root, (int)pid);
	d = opendir(path);
	if (!d)
		return;
	while ((e = readdir(d)))
		if (e->d_name[0] != '.')
			users_look_at_fd(walk, dirfd(d), e->d_name, &user);
	closedir(d);
}

static int users_is_pid(const struct dirent *e)
{
	return e->d_name[0] >= '1' && e->d_name[0] <= '9';
}

static int users_compare(const struct dirent **a, const struct dirent **b)
{
	return atoi((*a)->d_name) - atoi((*b)->d_name);
}

void sysfs_each_user(const char *root,
		     void (*fn)(const char *node, const struct sysfs_user *user,
				void *arg), void *arg)
{
	struct users_walk walk = { .root = root, .fn = fn, .arg = arg };
	char path[SYSFS_PATH_SIZE];
	struct dirent **list;
	int i, n;

	snprintf(path, sizeof(path), "%s/proc", root);
	n = scandir(path, &list, users_is_pid, users_compare);
	for (i = 0; i < n; i++) {
		users_look_at_process(&walk, atoi(list[i]->d_name));
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}
