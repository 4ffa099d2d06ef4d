/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the facts of a machine mean for subfunctions. Pure.
 */
#ifndef IDXD_SF_RULES_H
#define IDXD_SF_RULES_H

#include "facts.h"

#define RULES_TEXT_SIZE	160

/**
 * enum rules_result - of one rule
 * @RULES_OK: as it should be
 * @RULES_WARN: works, with a limit
 * @RULES_FAIL: subfunctions do not work
 * @RULES_UNKNOWN: cannot be read
 */
enum rules_result {
	RULES_OK,
	RULES_WARN,
	RULES_FAIL,
	RULES_UNKNOWN,
};

/**
 * struct rules_finding - what a rule found
 * @rule: its name
 * @subject: device it is about, or empty
 * @result: how it is
 * @text: what is
 * @fix: what to change, or empty
 */
struct rules_finding {
	const char *rule;
	const char *subject;
	enum rules_result result;
	char text[RULES_TEXT_SIZE];
	char fix[RULES_TEXT_SIZE];
};

/**
 * rules_apply() - apply all rules
 * @facts: the machine
 * @fn: called for each finding
 * @arg: passed on to @fn
 */
void rules_apply(const struct facts *facts,
		 void (*fn)(const struct rules_finding *, void *), void *arg);

#endif /* IDXD_SF_RULES_H */
