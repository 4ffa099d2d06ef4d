/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The few lines that a unit test in user space needs to speak KTAP: a table of
 * functions, EXPECT() that says what was expected, a total.
 */
#ifndef TESTS_UNIT_KTAP_H
#define TESTS_UNIT_KTAP_H

#include <stdio.h>

struct ktap_test {
	const char *name;
	void (*run)(void);
};

#define KTAP_TEST(fn)	{ #fn, fn }

static int ktap_failed;

#define EXPECT(want, got) do {						\
	unsigned long long w_ = (unsigned long long)(want);		\
	unsigned long long g_ = (unsigned long long)(got);		\
									\
	if (w_ != g_) {							\
		printf("# %s:%d: %s is %#llx, not %#llx\n", __func__,	\
		       __LINE__, #got, g_, w_);				\
		ktap_failed = 1;					\
	}								\
} while (0)

static inline int ktap_run(const struct ktap_test *tests, unsigned int nr)
{
	unsigned int i;
	int worst = 0;

	printf("KTAP version 1\n1..%u\n", nr);
	for (i = 0; i < nr; i++) {
		ktap_failed = 0;
		tests[i].run();
		printf("%sok %u - %s\n", ktap_failed ? "not " : "", i + 1,
		       tests[i].name);
		worst |= ktap_failed;
	}
	return worst;
}

#endif /* TESTS_UNIT_KTAP_H */
