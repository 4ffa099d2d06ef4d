// SPDX-License-Identifier: GPL-2.0-only
/*
 * monitor.c - saving and ending a machine over QMP (monitor.h).  Answers are
 * searched for words, not parsed: nothing else speaks on this socket.
 */
#include "monitor.h"
#include "frame.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define ANSWER_WAIT_S 60

/* Read until @text was seen: 0; or @other, or nothing more comes: -1. */
static int monitor_expect(int fd, const char *text, const char *other)
{
	static char seen[65536];
	size_t have = 0;
	ssize_t n;

	while (have < sizeof(seen) - 1) {
		n = read(fd, seen + have, sizeof(seen) - 1 - have);
		if (n <= 0)
			return -1;
		have += (size_t)n;
		seen[have] = '\0';
		if (strstr(seen, text))
			return 0;
		if (strstr(seen, other))
			return -1;
	}
	return -1;
}

int monitor_save(int fd, const char *uri)
{
	const struct timeval patience = { .tv_sec = ANSWER_WAIT_S };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	dprintf(fd,
		"{\"execute\": \"qmp_capabilities\"}\n"
		"{\"execute\": \"migrate-set-capabilities\", \"arguments\": {\"capabilities\": [{\"capability\": \"events\", \"state\": true}]}}\n"
		"{\"execute\": \"migrate\", \"arguments\": {\"uri\": \"%s\"}}\n",
		uri);
	return monitor_expect(fd, "\"status\": \"completed\"", "\"error\"");
}

int monitor_quit(int fd)
{
	/* The capabilities may be set already: that error does not matter. */
	static const char quit[] = "{\"execute\": \"qmp_capabilities\"}\n"
				   "{\"execute\": \"quit\"}\n";

	return frame_write_all(fd, quit, sizeof(quit) - 1);
}
