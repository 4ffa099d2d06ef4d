// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzing for libFuzzer: what the kernel might say, through everything that
 * reads it. The first byte chooses, the rest is a datagram of netlink messages
 * or the text of a definition.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "fmsg.h"
#include "hooks.h"
#include "msg.h"

#define FUZZ_SIZE	8192

static unsigned long fuzz_sum;

/* Every byte that a decoder hands out is looked at */
static void fuzz_use(const void *p, size_t size)
{
	const uint8_t *b = p;

	while (size--)
		fuzz_sum += *b++;
}

static void fuzz_take_resource(const struct msg_resource *res, void *arg)
{
	fuzz_use(res, sizeof(*res));
	fuzz_sum += strlen(res->path);
	*(unsigned int *)arg += 1;
}

static void fuzz_message(const struct nlmsghdr *nlh)
{
	struct msg_reporter reporter;
	struct msg_family family;
	struct msg_handle handle;
	struct msg_param param;
	struct msg_port port;
	struct msg_rate rate;
	struct msg_ack ack;
	unsigned int nr = 0;

	fuzz_sum += msg_cmd(nlh);
	if (!msg_decode_handle(nlh, &handle))
		fuzz_sum += strlen(handle.bus) + strlen(handle.dev);
	if (!msg_decode_port(nlh, &port))
		fuzz_sum += strlen(port.nested.bus) + strlen(port.nested.dev);
	fuzz_use(&port, sizeof(port));
	if (!msg_decode_param(nlh, &param))
		fuzz_sum += strlen(param.name);
	fuzz_use(&param, sizeof(param));
	msg_decode_rate(nlh, &rate);
	fuzz_use(&rate, sizeof(rate));
	if (!msg_decode_reporter(nlh, &reporter))
		fuzz_sum += strlen(reporter.name);
	fuzz_use(&reporter, sizeof(reporter));
	msg_decode_resources(nlh, fuzz_take_resource, &nr);
	msg_decode_family(nlh, "config", &family);
	fuzz_use(&family, sizeof(family));
	if (!msg_decode_ack(nlh, &ack))
		fuzz_sum += strlen(ack.text);
}

static void fuzz_number(const char *path, uint64_t value, void *arg)
{
	(void)arg;
	fuzz_sum += strlen(path) + value;
}

/* Of exactly the size, or a read behind the end would not be noticed */
static void *fuzz_copy(const uint8_t *data, size_t size, size_t extra)
{
	uint8_t *copy = malloc(size + extra);

	if (!copy)
		abort();
	memcpy(copy, data, size);
	memset(copy + size, 0, extra);
	return copy;
}

static void fuzz_datagram(const uint8_t *data, size_t size)
{
	const struct nlmsghdr *nlh;
	struct fmsg fmsg = { 0 };
	int left = size;
	void *copy;

	if (!size)
		return;
	copy = fuzz_copy(data, size, 0);
	nlh = copy;
	for (; msg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		fuzz_message(nlh);
		fmsg_decode(&fmsg, nlh, fuzz_number, NULL);
	}
	free(copy);
}

static void fuzz_definition(const uint8_t *data, size_t size)
{
	char why[CONF_WHY_SIZE];
	struct conf def;
	char *copy;

	copy = fuzz_copy(data, size, 1);
	if (!conf_parse(copy, &def, why))
		json_object_put(conf_json(&def));
	free(copy);
}

int fuzz_one(const uint8_t *data, size_t size)
{
	if (!size || size > FUZZ_SIZE)
		return 0;
	if (data[0] == '{')
		fuzz_definition(data, size);
	else
		fuzz_datagram(data + 1, size - 1);
	return 0;
}
