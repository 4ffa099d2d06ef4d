/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What sysfs, procfs and /dev tell about devices and subfunctions, below a
 * root that tests choose. Reads only.
 */
#ifndef IDXD_SF_SYSFS_H
#define IDXD_SF_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SYSFS_NAME_SIZE		64
#define SYSFS_PATH_SIZE		512
#define SYSFS_COMM_SIZE		32
#define SYSFS_MAX_IRQS		16

/**
 * struct sysfs_stats - counters of a subfunction, from its creation
 * @valid: there are any
 * @bar_accesses: accesses to registers that trapped
 * @portal_drops: writes to portals that were no descriptors
 * @commands: virtual commands
 * @zaps: times its portals were unmapped
 * @nr_irqs: number of @irqs
 * @irqs: times each vector was signalled
 */
struct sysfs_stats {
	bool valid;
	uint64_t bar_accesses;
	uint64_t portal_drops;
	uint64_t commands;
	uint64_t zaps;
	unsigned int nr_irqs;
	uint64_t irqs[SYSFS_MAX_IRQS];
};

/**
 * struct sysfs_vfio - VFIO device of a subfunction
 * @companion: its platform device ("idxd-sf.0"), or empty if there is none
 * @group: number of its group, or -1
 * @node: "/dev/vfio/12", or empty
 * @cdev: "/dev/vfio/devices/vfio0", or empty
 */
struct sysfs_vfio {
	char companion[SYSFS_NAME_SIZE];
	int group;
	char node[SYSFS_NAME_SIZE];
	char cdev[SYSFS_NAME_SIZE];
};

/**
 * struct sysfs_user - a process that has a VFIO node open
 * @pid: its number
 * @comm: its name
 */
struct sysfs_user {
	pid_t pid;
	char comm[SYSFS_COMM_SIZE];
};

/**
 * sysfs_read() - first line of a file
 * @root: where it is
 * @path: its path there
 * @buf: destination, without the line's end
 * @size: bytes of @buf
 *
 * Return: 0 or a negative error number; @buf is empty then.
 */
int sysfs_read(const char *root, const char *path, char *buf, size_t size);

/**
 * sysfs_link() - last component of what a link points to
 * @root: where it is
 * @path: its path there
 * @buf: destination
 * @size: bytes of @buf
 *
 * Return: 0 or a negative error number; @buf is empty then.
 */
int sysfs_link(const char *root, const char *path, char *buf, size_t size);

/**
 * sysfs_exists() - is there such a path
 * @root: where
 * @path: its path there
 *
 * Return: true if there is.
 */
bool sysfs_exists(const char *root, const char *path);

/**
 * sysfs_find_aux() - auxiliary device of a subfunction
 * @root: where sysfs is
 * @dev: PCI address of its device
 * @sfnum: its number
 * @buf: "idxd.sf.0"
 * @size: bytes of @buf
 *
 * Return: 0 or -ENOENT.
 */
int sysfs_find_aux(const char *root, const char *dev, uint32_t sfnum, char *buf,
		   size_t size);

/**
 * sysfs_get_vfio() - VFIO device of a subfunction
 * @root: where sysfs is
 * @dev: PCI address of its device
 * @aux: name of its auxiliary device
 * @vfio: filled; a node counts only if it is there
 */
void sysfs_get_vfio(const char *root, const char *dev, const char *aux,
		    struct sysfs_vfio *vfio);

/**
 * sysfs_get_stats() - counters of a subfunction
 * @root: where sysfs is
 * @companion: name of its platform device
 * @stats: filled
 */
void sysfs_get_stats(const char *root, const char *companion,
		     struct sysfs_stats *stats);

/**
 * sysfs_each_user() - processes that have VFIO nodes open
 * @root: where procfs is
 * @fn: called for each open node with its path and the process, in order of
 *	process numbers
 * @arg: passed on to @fn
 *
 * Those of other users are seen by root only.
 */
void sysfs_each_user(const char *root,
		     void (*fn)(const char *node, const struct sysfs_user *user,
				void *arg), void *arg);

#endif /* IDXD_SF_SYSFS_H */
