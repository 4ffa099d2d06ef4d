// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verbs define, modify and undefine: changes definitions and nothing else.
 */
#include "tool.h"

#include <stdio.h>
#include <string.h>

#include "act.h"
#include "conf.h"
#include "name.h"
#include "opt.h"
#include "out.h"

/* PCI-ADDRESS/SFNUM, as a definition may be of a device that is not there */
static int define_parse(struct tool *t, const char *text, struct name *name)
{
	if (!name_parse(text, name) && name->has_sfnum && name->dev[0])
		return TOOL_DONE;
	return tool_usage(t, "'%s' is no PCI-ADDRESS/SFNUM", text);
}

/* A definition that exists: a number will do where it is unique */
static int define_find(struct tool *t, const struct conf_list *list,
		       const char *text, struct conf **def)
{
	struct name name;
	size_t i, nr = 0;

	if (name_parse(text, &name) || !name.has_sfnum)
		return tool_usage(t, "'%s' names no subfunction: give PCI-ADDRESS/SFNUM or SFNUM",
				  text);
	for (i = 0; i < list->nr; i++) {
		if (list->defs[i].sfnum != name.sfnum ||
		    (name.dev[0] && strcmp(list->defs[i].dev, name.dev)))
			continue;
		*def = &list->defs[i];
		nr++;
	}
	if (nr == 1)
		return TOOL_DONE;
	if (nr)
		return tool_refuse(t, text,
				   "%zu devices have it: give PCI-ADDRESS/%u",
				   nr, name.sfnum);
	return tool_refuse(t, text, "It is not defined: see 'idxd-sf list'");
}

static void define_merge(struct tool_attr *to, const struct tool_attr *from)
{
	if (!from->given)
		return;
	*to = *from;
	if (to->unset)
		memset(to, 0, sizeof(*to));
}

static void define_apply(struct tool *t, struct conf *def)
{
	const struct tool_attrs *from = &t->opts.attrs;

	define_merge(&def->attrs.vectors, &from->vectors);
	define_merge(&def->attrs.priority, &from->priority);
	define_merge(&def->attrs.wq_entries, &from->wq_entries);
	if (t->opts.used & OPT_BIT(OPT_AUTOSTART))
		def->autostart = t->opts.autostart;
}

/* No command of devlink keeps anything: the file is what there is to say */
static int define_write(struct tool *t, struct conf *def)
{
	json_object *obj = conf_json(def);
	int err;

	conf_name_file(def);
	if (t->dry_run) {
		act_command(t, "# %s/%s: %s", t->config_dir, def->file,
			    json_object_to_json_string_ext(obj, 0));
		json_object_put(obj);
		return TOOL_DONE;
	}
	err = conf_save(t, def);
	if (!err && t->json)
		out_json(t, obj);
	else
		json_object_put(obj);
	return err ? TOOL_REFUSED : TOOL_DONE;
}

int cmd_define(struct tool *t, int argc, char **argv)
{
	struct conf def = { .autostart = true };
	struct conf_list list;
	struct name name;
	int ret;

	(void)argc;
	ret = define_parse(t, argv[0], &name);
	if (ret)
		return ret;
	if (conf_load(t, &list))
		return TOOL_REFUSED;
	if (conf_find(&list, name.dev, name.sfnum)) {
		ret = tool_refuse(t, argv[0],
				  "It is defined already: use 'modify'");
	} else {
		memcpy(def.dev, name.dev, sizeof(def.dev));
		def.sfnum = name.sfnum;
		define_apply(t, &def);
		ret = define_write(t, &def);
	}
	act_finish(t);
	conf_free(&list);
	return ret;
}

int cmd_modify(struct tool *t, int argc, char **argv)
{
	struct conf_list list;
	struct conf *def;
	int ret;

	(void)argc;
	if (conf_load(t, &list))
		return TOOL_REFUSED;
	ret = define_find(t, &list, argv[0], &def);
	if (!ret) {
		define_apply(t, def);
		ret = define_write(t, def);
	}
	act_finish(t);
	conf_free(&list);
	return ret;
}

int cmd_undefine(struct tool *t, int argc, char **argv)
{
	struct conf_list list;
	int i, ret = TOOL_DONE;
	struct conf *def;

	if (conf_load(t, &list))
		return TOOL_REFUSED;
	for (i = 0; i < argc && ret != TOOL_USAGE; i++) {
		int one = define_find(t, &list, argv[i], &def);

		if (!one && t->dry_run)
			act_command(t, "rm %s/%s", t->config_dir, def->file);
		else if (!one && conf_remove(t, def))
			one = TOOL_REFUSED;
		if (one)
			ret = one;
	}
	act_finish(t);
	conf_free(&list);
	return ret;
}
