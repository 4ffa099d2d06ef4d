/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The signals by which people end the program: held back where an end between
 * two steps would leave what only the next one takes back.
 */
#ifndef IDXD_SF_ENDS_H
#define IDXD_SF_ENDS_H

#include <signal.h>
#include <stdbool.h>

/**
 * ends_hold() - have them wait
 * @before: for ends_release()
 */
void ends_hold(sigset_t *before);

/**
 * ends_came() - did one come
 *
 * One that is ignored, as with nohup, did not.
 *
 * Return: true if one waits.
 */
bool ends_came(void);

/**
 * ends_release() - let one that waits end the program
 * @before: from ends_hold()
 */
void ends_release(const sigset_t *before);

#endif /* IDXD_SF_ENDS_H */
