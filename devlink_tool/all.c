// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verbs start --all and reconcile: brings what is there in line with the
 * definitions, one after the other, and says for each what was done. It
 * touches nothing that has no definition, and does nothing twice.
 */
#include "tool.h"

#include <stdio.h>
#include <string.h>

#include "act.h"
#include "life.h"
#include "model.h"
#include "out.h"
#include "use.h"

/* One walk over the definitions */
struct all_walk {
	struct tool *t;
	struct model *m;
	bool reconcile;
	json_object *results;
	size_t at, nr;
};

static const char *all_report(struct all_walk *walk, const char *name,
			      const char *result)
{
	json_object *obj;

	if (walk->t->dry_run)
		return result;
	if (walk->t->json) {
		obj = json_object_new_object();
		out_add_text(obj, "name", name);
		out_add_text(obj, "result", result);
		json_object_array_add(walk->results, obj);
	} else {
		printf("[%zu/%zu] %s: %s\n", walk->at, walk->nr, name, result);
		fflush(stdout);
	}
	return result;
}

static bool all_attr_differs(const struct tool_attr *want,
			     const struct msg_opt *have)
{
	return want->given && have->known && have->value != want->value;
}

/* A work queue may have more entries than were asked for */
static bool all_differs(const struct tool_attrs *want,
			const struct model_sf *sf)
{
	return all_attr_differs(&want->vectors, &sf->port.max_io_eqs) ||
	       all_attr_differs(&want->priority, &sf->priority) ||
	       all_attr_differs(&want->device_id, &sf->device_id) ||
	       (want->wq_entries.given && sf->wq_entries.known &&
		sf->wq_entries.value < want->wq_entries.value);
}

static const char *all_create(struct all_walk *walk, const struct conf *def)
{
	struct life_want want = {
		.dev = model_find_dev(walk->m, def->dev),
		.sfnum = { .known = true, .value = def->sfnum },
		.attrs = def->attrs,
		.active = true,
	};
	struct model_sf made;
	char name[NAME_SIZE];

	if (!want.dev) {
		name_print(name, sizeof(name), def->dev, def->sfnum);
		tool_refuse(walk->t, name,
			    "Its device is not there: see 'idxd-sf check'");
		return "failed";
	}
	return life_create(walk->t, &want, &made) ? "failed" : "created";
}

static const char *all_activate(struct all_walk *walk,
				const struct tool_attrs *attrs,
				struct model_sf *sf, const char *result)
{
	struct tool *t = walk->t;

	if (act_set_attrs(t, sf->name, &sf->port, attrs) ||
	    life_activate(t, walk->m, sf, attrs))
		return "failed";
	return result;
}

/* It is active, and other than its definition says */
static const char *all_change(struct all_walk *walk,
			      const struct tool_attrs *attrs,
			      struct model_sf *sf)
{
	if (act_deactivate(walk->t, sf->name, &sf->port)) {
		life_tell_users(walk->t, sf);
		return "failed";
	}
	return all_activate(walk, attrs, sf, "changed");
}

/* Active without a driver is not started: perhaps it is being loaded */
static const char *all_attach(struct all_walk *walk, struct model_sf *sf)
{
	static const struct tool_attrs none;

	return life_activate(walk->t, walk->m, sf, &none) ? "failed" : "started";
}

static const char *all_do(struct all_walk *walk, const struct conf *def)
{
	struct model_sf *sf = model_find_sf(walk->m, def->dev, def->sfnum);
	struct tool_attrs attrs;

	if (!sf->exists)
		return all_create(walk, def);
	life_merge(&def->attrs, sf, &attrs);
	if (!model_is_active(sf))
		return all_activate(walk, &attrs, sf, "started");
	if (walk->reconcile && all_differs(&attrs, sf))
		return all_change(walk, &attrs, sf);
	if (!strcmp(model_opstate(sf), "detached"))
		return all_attach(walk, sf);
	return "unchanged";
}

static bool all_wants(const struct tool *t, const struct conf *def)
{
	return def->autostart &&
	       (!t->opts.device || !strcmp(t->opts.device, def->dev));
}

static int all_walk(struct tool *t, bool reconcile)
{
	struct all_walk walk = { .t = t, .reconcile = reconcile };
	const char *result;
	char name[NAME_SIZE];
	struct model m;
	int ret = TOOL_DONE;
	size_t i;

	if (model_load(t, &m))
		return TOOL_REFUSED;
	if (m.defs.nr_bad)
		ret = TOOL_REFUSED;
	walk.m = &m;
	walk.results = json_object_new_array();
	for (i = 0; i < m.defs.nr; i++)
		walk.nr += all_wants(t, &m.defs.defs[i]);
	for (i = 0; i < m.defs.nr; i++) {
		const struct conf *def = &m.defs.defs[i];

		if (!all_wants(t, def))
			continue;
		walk.at++;
		name_print(name, sizeof(name), def->dev, def->sfnum);
		result = all_report(&walk, name, all_do(&walk, def));
		if (!strcmp(result, "failed"))
			ret = TOOL_REFUSED;
	}
	if (t->json && !t->dry_run)
		out_json(t, walk.results);
	else
		json_object_put(walk.results);
	use_refresh_cdi(t);
	act_finish(t);
	model_free(&m);
	return ret;
}

/* Two at a time would both create what both found missing */
static int all_run(struct tool *t, bool reconcile)
{
	int ret;

	if (tool_lock(t))
		return TOOL_REFUSED;
	ret = all_walk(t, reconcile);
	tool_unlock(t);
	return ret;
}

int cmd_start(struct tool *t, int argc, char **argv)
{
	return argc ? life_start_named(t, argc, argv) : all_run(t, false);
}

int cmd_reconcile(struct tool *t, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return all_run(t, true);
}
