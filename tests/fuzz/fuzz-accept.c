// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-fuzz: how often that worked which has to work now and then. A target of
 * which everything is refused finds nothing, and would not be noticed.
 */
#include "fuzz.h"

#include <stdio.h>

static unsigned int times[FUZZ_ACCEPTS];

void fuzz_accepted(unsigned int nr)
{
	__atomic_fetch_add(&times[nr], 1, __ATOMIC_RELAXED);
}

/* Return: nothing is missing */
bool fuzz_tell_accepted(const struct fuzz_target *target)
{
	unsigned int i;
	bool all = true;

	if (!target->accepts)
		return true;
	printf("%s: accepted:", target->name);
	for (i = 0; target->accepts[i]; i++) {
		printf("%s %s %u", i ? "," : "", target->accepts[i], times[i]);
		all &= !!times[i];
	}
	printf("\n");
	return all;
}
