/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netlink attributes of devlink: which of them idxd-sf reads, and of what kind
 * each is. Pure: parses memory, reads nothing. An attribute that is unknown,
 * too short for its kind or a string without an end counts as absent.
 */
#ifndef IDXD_SF_ATTR_H
#define IDXD_SF_ATTR_H

#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>
#include <linux/devlink.h>

/* Part of the ABI, but not yet in the headers of Debian 12 */
#define DL_ATTR_RATE_TX_PRIORITY	177
#define DL_ATTR_MAX			DL_ATTR_RATE_TX_PRIORITY
#define DL_FN_ATTR_DEVLINK		5
#define DL_FN_ATTR_MAX_IO_EQS		6
#define DL_FN_ATTR_MAX			DL_FN_ATTR_MAX_IO_EQS

/**
 * enum attr_kind - what an attribute holds
 * @ATTR_IGNORED: nothing idxd-sf reads
 * @ATTR_U8: one byte
 * @ATTR_U16: two bytes
 * @ATTR_U32: four bytes
 * @ATTR_U64: eight bytes
 * @ATTR_ANY: a payload whose kind another attribute tells
 * @ATTR_STRING: text that ends with a zero byte
 * @ATTR_NEST: attributes
 */
enum attr_kind {
	ATTR_IGNORED,
	ATTR_U8,
	ATTR_U16,
	ATTR_U32,
	ATTR_U64,
	ATTR_ANY,
	ATTR_STRING,
	ATTR_NEST,
};

/**
 * struct attr_policy - the attributes of one level
 * @max: largest type that @kinds has
 * @kinds: the kind of each type
 */
struct attr_policy {
	unsigned int max;
	const uint8_t *kinds;
};

/* Every level of devlink but the port function shares one number space */
extern const struct attr_policy attr_policy_top;
extern const struct attr_policy attr_policy_fn;

/**
 * attr_parse() - sort attributes by type
 * @policy: what to accept
 * @data: attributes, aligned to four bytes
 * @size: bytes of @data
 * @tb: @policy->max + 1 entries; the last attribute of each type, or NULL
 */
void attr_parse(const struct attr_policy *policy, const void *data, size_t size,
		const struct nlattr **tb);

/**
 * attr_parse_nest() - sort the attributes inside one
 * @policy: what to accept
 * @nest: of kind ATTR_NEST
 * @tb: as for attr_parse()
 */
void attr_parse_nest(const struct attr_policy *policy,
		     const struct nlattr *nest, const struct nlattr **tb);

/**
 * attr_accept() - is this attribute of the kind its type has
 * @policy: what to accept
 * @attr: the attribute, complete in memory
 *
 * Return: nonzero if it is.
 */
int attr_accept(const struct attr_policy *policy, const struct nlattr *attr);

/**
 * attr_copy_string() - copy text out of an attribute
 * @attr: of kind ATTR_STRING, or NULL
 * @buf: destination
 * @size: bytes of @buf
 *
 * Return: 0, or -ENOENT without attribute, -EOVERFLOW when it does not fit;
 * @buf is empty then.
 */
int attr_copy_string(const struct nlattr *attr, char *buf, size_t size);

#endif /* IDXD_SF_ATTR_H */
