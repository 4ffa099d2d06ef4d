/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * frame.h - what travels over the virtio-serial port between the program that
 * runs the virtual machine (vmrun.c, outside) and its first process (init.c,
 * agent.c, inside).  Used on both sides; it must stay free of policy.
 *
 * A frame is a header and its payload.  Integers are little endian, as both
 * sides are x86.  Frames of one direction arrive in the order they were sent:
 * that is what makes the exit status the last word of a command's output.
 */
#ifndef IDXD_SF_VM_FRAME_H
#define IDXD_SF_VM_FRAME_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define FRAME_PORT_NAME "idxd-sf.agent"
#define FRAME_MAX 32768

enum frame_type {
	/* guest to host */
	FRAME_HELLO = 'H',	/* ready for the configuration; no payload */
	FRAME_STDOUT = 'o',
	FRAME_STDERR = 'e',
	FRAME_KMSG = 'k',	/* kernel log text, whole lines */
	FRAME_STARTED = 's',	/* COMMAND was started; no payload */
	FRAME_EXIT = 'x',	/* u32: COMMAND's exit status, 128 + n for signal n */
	FRAME_FAILED = 'f',	/* text: the machine could not be set up */
	/* host to guest */
	FRAME_CONFIG = 'c',	/* NUL-terminated "key=value" records, see init.c */
	FRAME_UPLOAD = 'u',	/* a piece of a cpio archive, before the above */
	FRAME_STDIN = 'i',
	FRAME_STDIN_EOF = 'z',
	FRAME_WINSIZE = 'w',	/* u16 rows, u16 columns */
};

struct frame_header {
	uint32_t type;
	uint32_t size;		/* bytes of payload that follow */
};

/* Write all of @size bytes to a descriptor that may take them in pieces. */
static inline int frame_write_all(int fd, const void *data, size_t size)
{
	const char *p = data;

	while (size) {
		ssize_t n = write(fd, p, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		p += n;
		size -= (size_t)n;
	}
	return 0;
}

/* Read exactly @size bytes; 0 on success, -1 on end of file or error. */
static inline int frame_read_all(int fd, void *data, size_t size)
{
	char *p = data;

	while (size) {
		ssize_t n = read(fd, p, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		p += n;
		size -= (size_t)n;
	}
	return 0;
}

/*
 * Send one frame.  Only one thread writes to a port, so no lock is needed.  It
 * is one write, as a machine may reboot between two, and the next life's first
 * frame would be taken for the payload.
 */
static inline int frame_send(int fd, enum frame_type type, const void *data,
			     size_t size)
{
	struct frame_header header = { .type = type, .size = (uint32_t)size };
	size_t first = size < FRAME_MAX ? size : FRAME_MAX;
	char frame[sizeof(header) + FRAME_MAX];

	memcpy(frame, &header, sizeof(header));
	if (first)
		memcpy(frame + sizeof(header), data, first);
	if (frame_write_all(fd, frame, sizeof(header) + first))
		return -1;
	return frame_write_all(fd, (const char *)data + first, size - first);
}

#endif /* IDXD_SF_VM_FRAME_H */
