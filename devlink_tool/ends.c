// SPDX-License-Identifier: GPL-2.0-only
/*
 * The signals by which people end the program.
 */
#include "ends.h"

#include <stddef.h>

static const int ends[] = { SIGHUP, SIGINT, SIGTERM, 0 };

void ends_hold(sigset_t *before)
{
	sigset_t set;
	int i;

	sigemptyset(&set);
	for (i = 0; ends[i]; i++)
		sigaddset(&set, ends[i]);
	sigprocmask(SIG_BLOCK, &set, before);
}

bool ends_came(void)
{
	struct sigaction action;
	sigset_t pending;
	int i;

	sigpending(&pending);
	for (i = 0; ends[i]; i++) {
		/* What is held back waits even if it is ignored */
		if (sigismember(&pending, ends[i]) == 1 &&
		    !sigaction(ends[i], NULL, &action) &&
		    action.sa_handler != SIG_IGN)
			return true;
	}
	return false;
}

void ends_release(const sigset_t *before)
{
	sigprocmask(SIG_SETMASK, before, NULL);
}
