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
	define_merge(&def->attrs.device_id, &from->device_id);
	if (t->opts.used & OPT_BIT(OPT_AUTOSTART))
		def->autostart = t->opts.autostart;
}

/* No command of devlink keeps anything: the file is what there is to say */
static void define_say(struct tool *t, const struct conf *def,
		       json_object *obj)
{
	char path[OUT_QUOTE_SIZE];

	out_quote(path, sizeof(path), "%s/%s", t->config_dir, def->file);
	act_command(t, "# %s: %s", path, out_string(obj));
}

static int define_write(struct tool *t, struct conf *def, bool create)
{
	json_object *obj = conf_json(def);
	int err = 0;

	conf_name_file(def);
	if (t->dry_run)
		define_say(t, def, obj);
	else
		err = conf_save(t, def, create);
	if (!err && t->json && !t->dry_run)
		out_json(t, obj);
	else
		json_object_put(obj);
	return err ? TOOL_REFUSED : TOOL_DONE;
}

static int define_new(struct tool *t, const struct conf_list *list,
		      const struct name *name)
{
	struct conf def = { .autostart = true };
	char text[NAME_SIZE];

	name_print(text, sizeof(text), name->dev, name->sfnum);
	if (conf_find(list, name->dev, name->sfnum))
		return tool_refuse(t, text,
				   "It is defined already: use 'modify'");
	memcpy(def.dev, name->dev, sizeof(def.dev));
	def.sfnum = name->sfnum;
	if (conf_is_taken(t, &def))
		return tool_refuse(t, text,
				   "%s/%s is there and is not its definition: correct or remove it",
				   t->config_dir, def.file);
	define_apply(t, &def);
	return define_write(t, &def, true);
}

static int define_change(struct tool *t, const struct conf_list *list,
			 const char *text)
{
	struct conf *def;
	int ret;

	ret = define_find(t, list, text, &def);
	if (ret)
		return ret;
	define_apply(t, def);
	return define_write(t, def, false);
}

static int define_forget(struct tool *t, const struct conf_list *list,
			 const char *text)
{
	char path[OUT_QUOTE_SIZE], name[NAME_SIZE];
	struct conf *def;
	int ret;

	ret = define_find(t, list, text, &def);
	if (ret)
		return ret;
	if (t->dry_run) {
		out_quote(path, sizeof(path), "%s/%s", t->config_dir,
			  def->file);
		act_command(t, "rm %s", path);
		return TOOL_DONE;
	}
	if (conf_remove(t, def))
		return TOOL_REFUSED;
	name_print(name, sizeof(name), def->dev, def->sfnum);
	out_result(t, name, "undefined");
	return TOOL_DONE;
}

/* The definitions, that nobody else changes until define_end() */
static int define_begin(struct tool *t, struct conf_list *list, int *lock)
{
	*lock = t->dry_run ? -1 : conf_lock(t);
	if (*lock < 0 && !t->dry_run)
		return TOOL_REFUSED;
	if (!conf_load(t, list))
		return TOOL_DONE;
	conf_unlock(*lock);
	return TOOL_REFUSED;
}

static void define_end(struct tool *t, struct conf_list *list, int lock)
{
	act_finish(t);
	conf_free(list);
	conf_unlock(lock);
}

int cmd_define(struct tool *t, int argc, char **argv)
{
	struct conf_list list;
	struct name name;
	int ret, lock;

	(void)argc;
	ret = define_parse(t, argv[0], &name);
	if (!ret)
		ret = define_begin(t, &list, &lock);
	if (ret)
		return ret;
	ret = define_new(t, &list, &name);
	define_end(t, &list, lock);
	return ret;
}

int cmd_modify(struct tool *t, int argc, char **argv)
{
	struct conf_list list;
	int ret, lock;

	(void)argc;
	ret = define_begin(t, &list, &lock);
	if (ret)
		return ret;
	ret = define_change(t, &list, argv[0]);
	define_end(t, &list, lock);
	return ret;
}

int cmd_undefine(struct tool *t, int argc, char **argv)
{
	struct conf_list list;
	int i, one, ret, lock;

	ret = define_begin(t, &list, &lock);
	if (ret)
		return ret;
	for (i = 0; i < argc && ret != TOOL_USAGE; i++) {
		one = define_forget(t, &list, argv[i]);
		if (one)
			ret = one;
	}
	define_end(t, &list, lock);
	return ret;
}
