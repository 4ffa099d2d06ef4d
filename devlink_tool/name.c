// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names people type. Pure; whether what is named exists is model.c's business.
 */
#include "name.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int name_parse_u32(const char *text, uint32_t *value)
{
	uint64_t sum = 0;
	const char *p;

	if (!*text)
		return -EINVAL;
	for (p = text; *p; p++) {
		if (!isdigit((unsigned char)*p))
			return -EINVAL;
		sum = sum * 10 + (*p - '0');
		if (sum > UINT32_MAX)
			return -ERANGE;
	}
	*value = sum;
	return 0;
}

/* x is a hexadecimal digit, everything else stands for itself */
static bool name_matches(const char *text, const char *pattern)
{
	for (; *pattern; text++, pattern++) {
		if (*pattern == 'x' ? !isxdigit((unsigned char)*text) :
				      *text != *pattern)
			return false;
	}
	return !*text;
}

int name_parse_id(const char *text, uint32_t *id)
{
	size_t len = strspn(text, "0123456789abcdefABCDEF");

	if (!len || len > 4 || text[len])
		return -EINVAL;
	*id = strtoul(text, NULL, 16);
	return 0;
}

bool name_is_pci(const char *text)
{
	/* Domains of virtual roots have more digits */
	return name_matches(text, "xxxx:xx:xx.x") ||
	       name_matches(text, "xxxxx:xx:xx.x") ||
	       name_matches(text, "xxxxxx:xx:xx.x") ||
	       name_matches(text, "xxxxxxxx:xx:xx.x");
}

static int name_parse_dev(const char *text, struct name *name)
{
	char *p;

	if (name_is_pci(text))
		snprintf(name->dev, sizeof(name->dev), "%s", text);
	else if (name_matches(text, "xx:xx.x"))
		snprintf(name->dev, sizeof(name->dev), "0000:%s", text);
	else
		return -EINVAL;
	/* As the kernel writes it */
	for (p = name->dev; *p; p++)
		*p = tolower((unsigned char)*p);
	return 0;
}

int name_parse(const char *text, struct name *name)
{
	const char *slash = strchr(text, '/');
	char dev[NAME_DEV_SIZE];

	memset(name, 0, sizeof(*name));
	if (slash) {
		if ((size_t)(slash - text) >= sizeof(dev))
			return -EINVAL;
		memcpy(dev, text, slash - text);
		dev[slash - text] = 0;
		if (name_parse_dev(dev, name))
			return -EINVAL;
		text = slash + 1;
	} else if (!name_parse_dev(text, name)) {
		return 0;
	}
	if (name_parse_u32(text, &name->sfnum))
		return -EINVAL;
	name->has_sfnum = true;
	return 0;
}

void name_print(char *buf, size_t size, const char *dev, uint32_t sfnum)
{
	snprintf(buf, size, "%s/%u", dev, sfnum);
}
