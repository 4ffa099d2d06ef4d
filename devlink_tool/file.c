// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that are written whole or not at all, and locks on files.
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ends.h"

#define FILE_MODE	0644
#define FILE_DIR_MODE	0755
#define FILE_POLL_MS	50

static int file_write_all(int fd, const char *text)
{
	size_t size = strlen(text);
	ssize_t n;

	while (size) {
		n = write(fd, text, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		size -= n;
	}
	return 0;
}

/* A new file beside, which nobody can have put there */
static int file_write_new(int dir, const char *tmp, const char *text)
{
	int fd, err;

	fd = openat(dir, tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		    FILE_MODE);
	if (fd < 0)
		return -errno;
	err = fchmod(fd, FILE_MODE) ? -errno : file_write_all(fd, text);
	if (!err && fsync(fd))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (err)
		unlinkat(dir, tmp, 0);
	return err;
}

int file_replace_at(int dir, const char *name, const char *text, bool create)
{
	char tmp[NAME_MAX + 32];
	int err;

	snprintf(tmp, sizeof(tmp), ".%s.%d", name, (int)getpid());
	err = file_write_new(dir, tmp, text);
	if (err)
		return err;
	if (create ? linkat(dir, tmp, dir, name, 0) :
		     renameat(dir, tmp, dir, name))
		err = -errno;
	if (err || create)
		unlinkat(dir, tmp, 0);
	if (!err)
		fsync(dir);
	return err;
}

/* The directories above a file; those that are there stay as they are */
static int file_make_dirs(char *path)
{
	char *p;

	for (p = path + 1; (p = strchr(p, '/')); p++) {
		*p = 0;
		if (!mkdir(path, FILE_DIR_MODE))
			chmod(path, FILE_DIR_MODE);
		else if (errno != EEXIST)
			return -errno;
		*p = '/';
	}
	return 0;
}

static int file_write_into(const char *path, const char *text)
{
	int fd, err;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY,
		  FILE_MODE);
	if (fd < 0)
		return -errno;
	err = file_write_all(fd, text);
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int file_write(const char *path, const char *text)
{
	char copy[PATH_MAX], base[PATH_MAX];
	struct stat st;
	int dir, err;

	if (strlen(path) >= sizeof(copy))
		return -ENAMETOOLONG;
	if (!lstat(path, &st) && !S_ISREG(st.st_mode))
		return file_write_into(path, text);
	memcpy(copy, path, strlen(path) + 1);
	err = file_make_dirs(copy);
	if (err)
		return err;
	memcpy(base, path, strlen(path) + 1);
	dir = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -errno;
	err = file_replace_at(dir, basename(base), text, false);
	close(dir);
	return err;
}

int file_lock(int fd, unsigned int timeout_s)
{
	struct timespec pause = { .tv_nsec = FILE_POLL_MS * 1000000L };
	unsigned int i, tries = timeout_s * (1000 / FILE_POLL_MS);

	for (i = 0; flock(fd, LOCK_EX | LOCK_NB); i++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		if (i >= tries)
			return -ETIMEDOUT;
		if (ends_came())
			return -EINTR;
		nanosleep(&pause, NULL);
	}
	return 0;
}
