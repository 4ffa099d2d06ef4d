// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verb check: why can this host not do it, and what to change. Joins the
 * facts of the machine with what devlink knows; the rules are in rules.c.
 */
#include "tool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "facts.h"
#include "out.h"
#include "rules.h"

struct check {
	struct tool *t;
	json_object *array;
	int ret;
};

static const char *check_word(enum rules_result result)
{
	switch (result) {
	case RULES_OK:
		return "ok";
	case RULES_WARN:
		return "warn";
	case RULES_FAIL:
		return "fail";
	case RULES_UNKNOWN:
		return "unknown";
	}
	return "unknown";
}

static void check_take(const struct rules_finding *f, void *arg)
{
	struct check *check = arg;
	json_object *obj;

	if (f->result == RULES_FAIL)
		check->ret = TOOL_REFUSED;
	if (!check->t->json) {
		printf("%-7s  %s%s%s\n", f->result == RULES_FAIL ? "FAIL" :
		       check_word(f->result), f->subject,
		       f->subject[0] ? ": " : "", f->text);
		if (f->fix[0])
			printf("         change: %s\n", f->fix);
		return;
	}
	obj = json_object_new_object();
	out_add_text(obj, "check", f->rule);
	out_add_text(obj, "subject", f->subject);
	out_add_text(obj, "result", check_word(f->result));
	out_add_text(obj, "message", f->text);
	out_add_text(obj, "fix", f->fix);
	json_object_array_add(check->array, obj);
}

/* What devlink says of the devices; if it says nothing, that is told here */
static void check_join(struct tool *t, struct facts *facts)
{
	const struct model_dev *dev;
	struct model m;
	size_t i;
	int err;

	err = t->nl ? 0 : nl_open(&t->nl);
	/* A kernel without devlink is one without our driver */
	for (i = 0; err == -EPROTONOSUPPORT && i < facts->nr_devs; i++)
		facts->devs[i].devlink = FACTS_NO;
	if (err && err != -EPROTONOSUPPORT)
		tool_note(t, NULL, "No connection to devlink: %s",
			  strerror(-err));
	if (err || model_load(t, &m))
		return;
	for (i = 0; i < facts->nr_devs; i++) {
		dev = model_find_dev(&m, facts->devs[i].name);
		facts->devs[i].devlink = dev ? FACTS_YES : FACTS_NO;
		if (dev)
			facts->devs[i].unsafe_allowed = dev->unsafe;
	}
	model_free(&m);
}

int cmd_check(struct tool *t, int argc, char **argv)
{
	struct check check = { .t = t, .ret = TOOL_DONE };
	static struct facts facts;

	(void)argc;
	(void)argv;
	facts_read(t->root, &facts);
	check_join(t, &facts);
	if (t->json)
		check.array = json_object_new_array();
	rules_apply(&facts, check_take, &check);
	if (t->json)
		out_json(t, check.array);
	return check.ret;
}
