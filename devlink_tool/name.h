/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names people type: PCI-ADDRESS, PCI-ADDRESS/SFNUM, SFNUM; and numbers. Pure.
 */
#ifndef IDXD_SF_NAME_H
#define IDXD_SF_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NAME_DEV_SIZE	64
/* Device, separator, number */
#define NAME_SIZE	(NAME_DEV_SIZE + 16)

/**
 * struct name - a device, a subfunction, or both
 * @dev: PCI address with its domain, or empty
 * @has_sfnum: @sfnum is valid
 * @sfnum: number of the subfunction
 */
struct name {
	char dev[NAME_DEV_SIZE];
	bool has_sfnum;
	uint32_t sfnum;
};

/**
 * name_parse() - read a name
 * @text: what was typed; the domain 0000 may be left out
 * @name: filled
 *
 * Return: 0 or -EINVAL.
 */
int name_parse(const char *text, struct name *name);

/**
 * name_print() - write the name of a subfunction
 * @buf: destination
 * @size: bytes of @buf; NAME_SIZE is enough
 * @dev: PCI address
 * @sfnum: its number
 */
void name_print(char *buf, size_t size, const char *dev, uint32_t sfnum);

/**
 * name_parse_u32() - read a number
 * @text: decimal digits and nothing else
 * @value: filled
 *
 * Return: 0, -EINVAL if it is no number or -ERANGE if it is too large.
 */
int name_parse_u32(const char *text, uint32_t *value);

/**
 * name_parse_id() - read a PCI device id
 * @text: hexadecimal digits, four at most, and nothing else
 * @id: filled
 *
 * Return: 0 or -EINVAL.
 */
int name_parse_id(const char *text, uint32_t *id);

/**
 * name_is_pci() - is this a PCI address with its domain
 * @text: what it looks like
 *
 * Return: true if it is.
 */
bool name_is_pci(const char *text);

#endif /* IDXD_SF_NAME_H */
