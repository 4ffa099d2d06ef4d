/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests to devlink for test programs: a message a request, whose answer is
 * awaited for as long as it takes, as the caller sees to the time. The numbers
 * are those of linux/devlink.h. It must not know what a subfunction is, nor use
 * anything of idxd-sf's.
 */
#ifndef GENL_H
#define GENL_H

#include <stdint.h>

#include <linux/netlink.h>

#define GENL_REQUEST_SIZE	1024
#define GENL_WHY_SIZE		128

/**
 * struct genl - a connection to devlink
 * @fd: its socket
 * @family: the number that the kernel has given to devlink
 * @seq: of the last request
 * @why: what the kernel said to the last request, or an empty text
 * @nlh: the request that is being made
 * @buf: room for it
 */
struct genl {
	int fd;
	uint16_t family;
	uint32_t seq;
	char why[GENL_WHY_SIZE];
	union {
		struct nlmsghdr nlh;
		char buf[GENL_REQUEST_SIZE];
	};
};

/**
 * typedef genl_fn - takes an answer
 * @data: of the caller
 * @attrs: the attributes of the answer
 * @len: their length in bytes
 */
typedef void (*genl_fn)(void *data, const struct nlattr *attrs, int len);

int genl_open(struct genl *g);
void genl_close(struct genl *g);
void genl_begin(struct genl *g, uint8_t cmd, const char *pci);
void genl_put(struct genl *g, uint16_t type, const void *data, uint16_t len);
void genl_put_u8(struct genl *g, uint16_t type, uint8_t val);
void genl_put_u16(struct genl *g, uint16_t type, uint16_t val);
void genl_put_u32(struct genl *g, uint16_t type, uint32_t val);
void genl_put_text(struct genl *g, uint16_t type, const char *text);
struct nlattr *genl_nest(struct genl *g, uint16_t type);
void genl_nest_end(struct genl *g, struct nlattr *nest);
int genl_do(struct genl *g, genl_fn fn, void *data);
int genl_dump(struct genl *g, genl_fn fn, void *data);
const struct nlattr *genl_find(const struct nlattr *attrs, int len,
			       uint16_t type);
uint32_t genl_u32(const struct nlattr *attr);

#endif /* GENL_H */
