// SPDX-License-Identifier: GPL-2.0-only
/*
 * For recording what a kernel says: linked with --wrap=sock_recv, it appends
 * each datagram that idxd-sf receives to the file $IDXD_SF_RECORD, a line of
 * hexadecimal digits each. Changes nothing else.
 */
#include <stdio.h>
#include <stdlib.h>

#include "hooks.h"

static void record_append(const unsigned char *data, size_t size)
{
	const char *path = getenv("IDXD_SF_RECORD");
	FILE *f = path ? fopen(path, "ae") : NULL;
	size_t i;

	if (!f)
		return;
	for (i = 0; i < size; i++)
		fprintf(f, "%02x", data[i]);
	putc('\n', f);
	fclose(f);
}

ssize_t __wrap_sock_recv(struct sock *sock, void *buf, size_t size)
{
	ssize_t n = __real_sock_recv(sock, buf, size);

	if (n > 0)
		record_append(buf, n);
	return n;
}
