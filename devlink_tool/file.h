/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that are written whole or not at all, and locks on files. It knows
 * neither definitions nor containers.
 */
#ifndef IDXD_SF_FILE_H
#define IDXD_SF_FILE_H

#include <stdbool.h>

/**
 * file_replace_at() - write a file in a directory
 * @dir: descriptor of the directory
 * @name: name of the file there
 * @text: what it shall hold
 * @create: refuse if the name is taken
 *
 * Everybody may read it, whatever the umask. It is there as a whole or not at
 * all, also after a power failure.
 *
 * Return: 0 or a negative error number; -EEXIST with @create only.
 */
int file_replace_at(int dir, const char *name, const char *text, bool create);

/**
 * file_write() - write what somebody named
 * @path: the file, or whatever else can be written
 * @text: what it shall hold
 *
 * A regular file is replaced as by file_replace_at(), with the directories
 * above it made; anything else, as a terminal, a pipe or a link, is written to
 * where it is.
 *
 * Return: 0 or a negative error number.
 */
int file_write(const char *path, const char *text);

/**
 * file_lock() - hold a lock
 * @fd: of a file only root may open: others could keep it for ever
 * @timeout_s: so long at most
 *
 * Closing @fd releases it.
 *
 * Return: 0 or a negative error number; -ETIMEDOUT when somebody keeps it,
 * -EINTR when the program is to end.
 */
int file_lock(int fd, unsigned int timeout_s);

#endif /* IDXD_SF_FILE_H */
