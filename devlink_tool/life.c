// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a subfunction: create, start, stop, delete.
 */
#include "life.h"

#include <stdio.h>
#include <string.h>

#include <linux/devlink.h>

#include "act.h"
#include "dl.h"
#include "opt.h"
#include "out.h"

void life_tell_users(struct tool *t, const struct model_sf *sf)
{
	char users[256];
	json_object *obj;

	model_users_text(sf, users, sizeof(users));
	if (!users[0])
		return;
	if (!t->json) {
		tool_note(t, sf->name, "held by %s", users);
		return;
	}
	obj = json_object_new_object();
	out_add_text(obj, "error", "held");
	out_add_text(obj, "subject", sf->name);
	json_object_object_add(obj, "users", model_users_json(sf));
	fprintf(stderr, "%s\n", json_object_to_json_string_ext(obj, 0));
	json_object_put(obj);
}

/* With all that a new look at the machine shows */
static void life_print_json(struct tool *t, const struct model_sf *sf)
{
	const struct model_sf *now;
	struct model m;

	if (model_load(t, &m))
		return;
	model_read_stats(t, &m);
	now = model_find_sf(&m, sf->dev, sf->sfnum);
	out_json(t, model_sf_json(now ? now : sf));
	model_free(&m);
}

void life_print(struct tool *t, const struct model_sf *sf)
{
	if (t->dry_run)
		return;
	if (t->json) {
		life_print_json(t, sf);
		return;
	}
	if (sf->vfio.node[0] || sf->vfio.cdev[0])
		printf("%s %s\n", sf->name,
		       sf->vfio.node[0] ? sf->vfio.node : sf->vfio.cdev);
	else
		printf("%s %s\n", sf->name, model_state(sf));
}

/* What the kernel says about the port now, for what is printed */
static void life_look_again(struct tool *t, struct model_sf *sf)
{
	struct msg_port port;

	if (!dl_port_get(t->nl, &sf->port.handle, sf->port.index, &port))
		sf->port = port;
	if (sf->vfio.companion[0])
		sysfs_get_stats(t->root, sf->vfio.companion, &sf->stats);
}

static int life_activate_port(struct tool *t, const struct model_dev *dev,
			      struct model_sf *sf,
			      const struct tool_attrs *attrs)
{
	int err;

	err = act_activate(t, sf->name, &sf->port, dev, attrs);
	if (err || t->dry_run)
		return err;
	err = act_wait_vfio(t, sf);
	life_look_again(t, sf);
	return err;
}

int life_create(struct tool *t, const struct life_want *want,
		struct model_sf *sf)
{
	int err;

	memset(sf, 0, sizeof(*sf));
	sf->vfio.group = -1;
	err = act_add(t, want->dev->name, &want->sfnum, &sf->port);
	if (err)
		return err;
	sf->exists = true;
	sf->sfnum = sf->port.sfnum;
	snprintf(sf->dev, sizeof(sf->dev), "%s", want->dev->name);
	name_print(sf->name, sizeof(sf->name), sf->dev, sf->sfnum);

	err = act_set_attrs(t, sf->name, &sf->port, &want->attrs);
	if (!err && want->active)
		err = life_activate_port(t, want->dev, sf, &want->attrs);
	if (err && !t->dry_run)
		act_del(t, sf->name, &sf->port);
	else if (!want->active && !t->dry_run)
		life_look_again(t, sf);
	return err;
}

int life_activate(struct tool *t, const struct model *m, struct model_sf *sf,
		  const struct tool_attrs *attrs)
{
	static const struct tool_attrs none;

	return life_activate_port(t, model_find_dev(m, sf->dev), sf,
				  attrs ? attrs : &none);
}

/* A name that need not exist: its number is taken as wanted */
static int life_parse_new(struct tool *t, const struct model *m, int argc,
			  char **argv, struct life_want *want)
{
	struct name name = { 0 };
	struct model_dev *dev;
	int ret;

	if (argc && name_parse(argv[0], &name))
		return tool_usage(t, "'%s' is no PCI-ADDRESS, PCI-ADDRESS/SFNUM or SFNUM",
				  argv[0]);
	ret = model_resolve_dev(t, m, &name, &dev);
	if (ret)
		return ret;
	want->dev = dev;
	want->sfnum.known = name.has_sfnum;
	want->sfnum.value = name.sfnum;
	return TOOL_DONE;
}

int cmd_create(struct tool *t, int argc, char **argv)
{
	struct life_want want = {
		.attrs = t->opts.attrs,
		.active = !(t->opts.used & OPT_BIT(OPT_INACTIVE)),
	};
	struct model_sf sf;
	struct model m;
	int ret;

	if (model_load(t, &m))
		return TOOL_REFUSED;
	ret = life_parse_new(t, &m, argc, argv, &want);
	if (!ret && life_create(t, &want, &sf))
		ret = TOOL_REFUSED;
	if (!ret)
		life_print(t, &sf);
	act_finish(t);
	model_free(&m);
	return ret;
}

static int life_start_one(struct tool *t, struct model *m, struct model_sf *sf)
{
	const struct conf *def = conf_find(&m->defs, sf->dev, sf->sfnum);
	struct life_want want = {
		.sfnum = { .known = true, .value = sf->sfnum },
		.active = true,
	};
	struct model_sf made;

	if (sf->exists) {
		if (model_is_active(sf))
			def = NULL;
		if (def && act_set_attrs(t, sf->name, &sf->port, &def->attrs))
			return TOOL_REFUSED;
		if (life_activate(t, m, sf, def ? &def->attrs : NULL))
			return TOOL_REFUSED;
		life_print(t, sf);
		return TOOL_DONE;
	}
	/* It is only defined */
	want.dev = model_find_dev(m, sf->dev);
	if (!want.dev)
		return tool_refuse(t, sf->name,
				   "Its device is not there: see 'idxd-sf check'");
	want.attrs = def->attrs;
	if (life_create(t, &want, &made))
		return TOOL_REFUSED;
	made.defined = true;
	life_print(t, &made);
	return TOOL_DONE;
}

/* Every subfunction named, by @one; the worst result counts */
static int life_each(struct tool *t, int argc, char **argv,
		     int (*one)(struct tool *, struct model *,
				struct model_sf *))
{
	struct model_sf *sf;
	struct model m;
	int i, r, ret = TOOL_DONE;

	if (model_load(t, &m))
		return TOOL_REFUSED;
	for (i = 0; i < argc && ret != TOOL_USAGE; i++) {
		r = model_resolve_sf(t, &m, argv[i], &sf);
		if (!r)
			r = one(t, &m, sf);
		if (r)
			ret = r;
	}
	act_finish(t);
	model_free(&m);
	return ret;
}

int life_start_named(struct tool *t, int argc, char **argv)
{
	return life_each(t, argc, argv, life_start_one);
}

/* People see that no news is good news; programs get an object */
static int life_report(struct tool *t, const struct model_sf *sf,
		       const char *result)
{
	json_object *obj;

	if (!t->json || t->dry_run)
		return TOOL_DONE;
	obj = json_object_new_object();
	out_add_text(obj, "name", sf->name);
	out_add_text(obj, "result", result);
	out_json(t, obj);
	return TOOL_DONE;
}

static int life_stop_one(struct tool *t, struct model *m, struct model_sf *sf)
{
	(void)m;
	if (!sf->exists || !act_deactivate(t, sf->name, &sf->port))
		return life_report(t, sf, "stopped");
	life_tell_users(t, sf);
	return TOOL_REFUSED;
}

static int life_delete_one(struct tool *t, struct model *m,
			   struct model_sf *sf)
{
	(void)m;
	if (!sf->exists)
		return tool_refuse(t, sf->name,
				   "It does not exist: 'undefine' forgets its definition");
	if (!act_del(t, sf->name, &sf->port))
		return life_report(t, sf, "deleted");
	life_tell_users(t, sf);
	return TOOL_REFUSED;
}

int cmd_delete(struct tool *t, int argc, char **argv)
{
	return life_each(t, argc, argv, life_delete_one);
}

int cmd_stop(struct tool *t, int argc, char **argv)
{
	return life_each(t, argc, argv, life_stop_one);
}
