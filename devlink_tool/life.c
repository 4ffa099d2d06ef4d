// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a subfunction: create, start, stop, delete.
 */
#include "life.h"

#include <stdio.h>
#include <string.h>

#include <linux/idxd_sf.h>

#include "act.h"
#include "dl.h"
#include "ends.h"
#include "opt.h"
#include "out.h"
#include "use.h"

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
	fprintf(t->err, "%s\n", out_string(obj));
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

static int life_activate_port(struct tool *t, const struct model_dev *dev,
			      struct model_sf *sf,
			      const struct tool_attrs *attrs)
{
	int err;

	err = act_activate(t, sf->name, &sf->port, dev, attrs);
	if (err || t->dry_run)
		return err;
	err = act_wait_vfio(t, sf);
	if (!err)
		err = act_wait_attached(t, sf);
	if (!err)
		sysfs_get_stats(t->root, sf->vfio.companion, &sf->stats);
	return err;
}

/* All steps behind the first */
static int life_create_rest(struct tool *t, const struct life_want *want,
			    struct model_sf *sf)
{
	int err;

	sf->exists = true;
	sf->sfnum = sf->port.sfnum;
	snprintf(sf->dev, sizeof(sf->dev), "%s", want->dev->name);
	name_print(sf->name, sizeof(sf->name), sf->dev, sf->sfnum);

	err = act_set_attrs(t, sf->name, &sf->port, &want->attrs);
	if (err)
		return err;
	if (want->active)
		return life_activate_port(t, want->dev, sf, &want->attrs);
	if (!t->dry_run)
		dl_port_get(t->nl, &sf->port.handle, sf->port.index, &sf->port);
	return 0;
}

int life_create(struct tool *t, const struct life_want *want,
		struct model_sf *sf)
{
	sigset_t ends;
	int err;

	memset(sf, 0, sizeof(*sf));
	sf->vfio.group = -1;
	ends_hold(&ends);
	err = act_add(t, want->dev->name, &want->sfnum, &sf->port);
	if (!err) {
		err = life_create_rest(t, want, sf);
		if (!t->dry_run && (err || ends_came())) {
			act_del(t, sf->name, &sf->port);
			err = -1;
		}
	}
	/* If one came, this is the end */
	ends_release(&ends);
	return err;
}

static void life_fill_default(struct tool_attr *attr, const struct msg_opt *have,
			      uint32_t value)
{
	if (attr->given || !have->known || have->value == value)
		return;
	attr->given = true;
	attr->value = value;
}

/* Any work queue will do where none is defined: the one it has, too */
void life_merge(const struct tool_attrs *def, const struct model_sf *sf,
		struct tool_attrs *attrs)
{
	*attrs = *def;
	life_fill_default(&attrs->vectors, &sf->port.max_io_eqs,
			  IDXD_SF_MAX_IO_EQS_DEFAULT);
	life_fill_default(&attrs->priority, &sf->priority,
			  IDXD_SF_TX_PRIORITY_UNSET);
}

int life_activate(struct tool *t, const struct model *m, struct model_sf *sf,
		  const struct tool_attrs *attrs)
{
	return life_activate_port(t, model_find_dev(m, sf->dev), sf, attrs);
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

	if (!want.active && want.attrs.wq_entries.given &&
	    !want.attrs.wq_entries.unset)
		return tool_usage(t, "--wq-entries is for an activation: leave --inactive out");
	if (!want.active && want.attrs.device_id.given &&
	    !want.attrs.device_id.unset)
		return tool_usage(t, "--device-id is for an activation: leave --inactive out");
	if (model_load(t, &m))
		return TOOL_REFUSED;
	ret = life_parse_new(t, &m, argc, argv, &want);
	if (!ret && life_create(t, &want, &sf))
		ret = TOOL_REFUSED;
	if (!ret)
		life_print(t, &sf);
	use_refresh_cdi(t);
	act_finish(t);
	model_free(&m);
	return ret;
}

/* An active one is what it is: attributes are for the activation */
static int life_start_existing(struct tool *t, struct model *m,
			       struct model_sf *sf, const struct conf *def)
{
	struct tool_attrs attrs = { 0 };

	if (def && !model_is_active(sf))
		life_merge(&def->attrs, sf, &attrs);
	if (act_set_attrs(t, sf->name, &sf->port, &attrs) ||
	    life_activate(t, m, sf, &attrs))
		return TOOL_REFUSED;
	life_print(t, sf);
	return TOOL_DONE;
}

static int life_start_one(struct tool *t, struct model *m, struct model_sf *sf)
{
	const struct conf *def = conf_find(&m->defs, sf->dev, sf->sfnum);
	struct life_want want = {
		.sfnum = { .known = true, .value = sf->sfnum },
		.active = true,
	};
	struct model_sf made;

	if (sf->exists)
		return life_start_existing(t, m, sf, def);
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
	use_refresh_cdi(t);
	act_finish(t);
	model_free(&m);
	return ret;
}

int life_start_named(struct tool *t, int argc, char **argv)
{
	return life_each(t, argc, argv, life_start_one);
}

static int life_stop_one(struct tool *t, struct model *m, struct model_sf *sf)
{
	(void)m;
	if (!sf->exists || !act_deactivate(t, sf->name, &sf->port)) {
		out_result(t, sf->name, "stopped");
		return TOOL_DONE;
	}
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
	if (!act_del(t, sf->name, &sf->port)) {
		out_result(t, sf->name, "deleted");
		return TOOL_DONE;
	}
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
