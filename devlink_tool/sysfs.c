// SPDX-License-Identifier: GPL-2.0-only
/*
 * What sysfs and /dev tell about devices and subfunctions. Nobody holds what
 * is read here: everything may be gone by the next look, and that is no error.
 */
#include "sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int sysfs_path(char *buf, size_t size, const char *root,
		      const char *path)
{
	if ((size_t)snprintf(buf, size, "%s%s", root, path) >= size)
		return -ENAMETOOLONG;
	return 0;
}

int sysfs_read(const char *root, const char *path, char *buf, size_t size)
{
	char full[SYSFS_PATH_SIZE];
	ssize_t n;
	int fd;

	buf[0] = 0;
	if (sysfs_path(full, sizeof(full), root, path))
		return -ENAMETOOLONG;
	fd = open(full, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, buf, size - 1);
	if (n < 0)
		n = -errno;
	close(fd);
	if (n < 0) {
		buf[0] = 0;
		return n;
	}
	buf[n] = 0;
	buf[strcspn(buf, "\n")] = 0;
	return 0;
}

int sysfs_link(const char *root, const char *path, char *buf, size_t size)
{
	char full[SYSFS_PATH_SIZE];
	char target[PATH_MAX];
	const char *base;
	ssize_t n;

	buf[0] = 0;
	if (sysfs_path(full, sizeof(full), root, path))
		return -ENAMETOOLONG;
	n = readlink(full, target, sizeof(target) - 1);
	if (n < 0)
		return -errno;
	target[n] = 0;
	base = strrchr(target, '/');
	base = base ? base + 1 : target;
	if (strlen(base) >= size)
		return -ENAMETOOLONG;
	memcpy(buf, base, strlen(base) + 1);
	return 0;
}

bool sysfs_exists(const char *root, const char *path)
{
	char full[SYSFS_PATH_SIZE];
	struct stat st;

	return !sysfs_path(full, sizeof(full), root, path) && !stat(full, &st);
}

/* First entry of a directory with this prefix for which @want is true */
static int sysfs_find(const char *root, const char *dir, const char *prefix,
		      bool (*want)(const char *root, const char *dir,
				   const char *name, const void *arg),
		      const void *arg, char *buf, size_t size)
{
	char full[SYSFS_PATH_SIZE];
	struct dirent *e;
	int err = -ENOENT;
	DIR *d;

	buf[0] = 0;
	if (sysfs_path(full, sizeof(full), root, dir))
		return -ENAMETOOLONG;
	d = opendir(full);
	if (!d)
		return -errno;
	while (err && (e = readdir(d))) {
		if (strncmp(e->d_name, prefix, strlen(prefix)) ||
		    strlen(e->d_name) >= size)
			continue;
		if (want && !want(root, dir, e->d_name, arg))
			continue;
		memcpy(buf, e->d_name, strlen(e->d_name) + 1);
		err = 0;
	}
	closedir(d);
	return err;
}

static bool sysfs_has_sfnum(const char *root, const char *dir, const char *name,
			    const void *arg)
{
	const uint32_t *sfnum = arg;
	char path[SYSFS_PATH_SIZE];
	char text[16], *end;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s/sfnum", dir, name) >=
	    sizeof(path) || sysfs_read(root, path, text, sizeof(text)))
		return false;
	return text[0] && strtoul(text, &end, 10) == *sfnum && !*end;
}

int sysfs_find_aux(const char *root, const char *dev, uint32_t sfnum, char *buf,
		   size_t size)
{
	char dir[SYSFS_PATH_SIZE];

	snprintf(dir, sizeof(dir), "/sys/bus/pci/devices/%s", dev);
	return sysfs_find(root, dir, "idxd.sf.", sysfs_has_sfnum, &sfnum, buf,
			  size);
}

void sysfs_get_vfio(const char *root, const char *dev, const char *aux,
		    struct sysfs_vfio *vfio)
{
	char path[SYSFS_PATH_SIZE], name[32];

	memset(vfio, 0, sizeof(*vfio));
	vfio->group = -1;
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", dev, aux);
	if (sysfs_find(root, path, "idxd-sf.", NULL, NULL, vfio->companion,
		       sizeof(vfio->companion)))
		return;

	snprintf(path, sizeof(path), "/sys/bus/platform/devices/%s/iommu_group",
		 vfio->companion);
	if (!sysfs_link(root, path, name, sizeof(name))) {
		vfio->group = atoi(name);
		snprintf(vfio->node, sizeof(vfio->node), "/dev/vfio/%d",
			 vfio->group);
		if (!sysfs_exists(root, vfio->node))
			vfio->node[0] = 0;
	}
	/* Kernels without VFIO_DEVICE_CDEV have none: a directory less each */
	if (!sysfs_exists(root, "/dev/vfio/devices"))
		return;
	snprintf(path, sizeof(path), "/sys/bus/platform/devices/%s/vfio-dev",
		 vfio->companion);
	if (sysfs_find(root, path, "vfio", NULL, NULL, name, sizeof(name)))
		return;
	snprintf(vfio->cdev, sizeof(vfio->cdev), "/dev/vfio/devices/%s", name);
	if (!sysfs_exists(root, vfio->cdev))
		vfio->cdev[0] = 0;
}

static uint64_t sysfs_get_stat(const char *root, const char *companion,
			       const char *name)
{
	char path[SYSFS_PATH_SIZE], text[32];

	snprintf(path, sizeof(path), "/sys/bus/platform/devices/%s/stats/%s",
		 companion, name);
	sysfs_read(root, path, text, sizeof(text));
	return strtoull(text, NULL, 10);
}

void sysfs_get_stats(const char *root, const char *companion,
		     struct sysfs_stats *stats)
{
	char path[SYSFS_PATH_SIZE], text[512], *p, *end;

	memset(stats, 0, sizeof(*stats));
	snprintf(path, sizeof(path), "/sys/bus/platform/devices/%s/stats/irqs",
		 companion);
	if (sysfs_read(root, path, text, sizeof(text)))
		return;
	stats->valid = true;
	for (p = text; stats->nr_irqs < SYSFS_MAX_IRQS; p = end) {
		uint64_t value = strtoull(p, &end, 10);

		if (end == p)
			break;
		stats->irqs[stats->nr_irqs++] = value;
	}
	stats->bar_accesses = sysfs_get_stat(root, companion, "bar_accesses");
	stats->portal_drops = sysfs_get_stat(root, companion, "portal_drops");
	stats->commands = sysfs_get_stat(root, companion, "commands");
	stats->zaps = sysfs_get_stat(root, companion, "zaps");
}
