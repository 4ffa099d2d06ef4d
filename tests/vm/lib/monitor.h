/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * monitor.h - the two things vmrun asks of QEMU itself, over a connected QMP
 * socket of its own.  It knows no guest.
 */
#ifndef IDXD_SF_VM_MONITOR_H
#define IDXD_SF_VM_MONITOR_H

/**
 * monitor_save() - write the machine's state and wait until it is
 * @fd: connected QMP socket
 * @uri: where QEMU's migration is to go; no quote or backslash is expected
 *
 * Return: 0, or -1 when QEMU refuses, fails or does not answer for a minute.
 */
int monitor_save(int fd, const char *uri);

/**
 * monitor_quit() - tell QEMU to end; does not wait for it
 * @fd: connected QMP socket
 *
 * Return: 0, or -1 when the socket is closed.
 */
int monitor_quit(int fd);

#endif /* IDXD_SF_VM_MONITOR_H */
