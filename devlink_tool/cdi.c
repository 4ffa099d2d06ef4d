// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verb cdi: the specification by which container runtimes hand
 * subfunctions on, written on demand and kept true. Changes no subfunction.
 */
#include "use.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "opt.h"
#include "out.h"

#define CDI_VERSION	"0.5.0"
#define CDI_KIND	"intel.com/dsa-sf"

static void cdi_add_node(json_object *nodes, const char *path)
{
	json_object *node;

	if (!path[0])
		return;
	node = json_object_new_object();
	out_add_text(node, "path", path);
	out_add_text(node, "permissions", "rw");
	json_object_array_add(nodes, node);
}

/* A slash is not allowed in a name there */
static void cdi_name(const struct model_sf *sf, char *buf)
{
	snprintf(buf, NAME_SIZE + 4, "%s-sf-%u", sf->dev, sf->sfnum);
}

static json_object *cdi_device(struct tool *t, const struct model_sf *sf)
{
	json_object *obj = json_object_new_object();
	json_object *edits = json_object_new_object();
	json_object *nodes = json_object_new_array();
	char name[NAME_SIZE + 4];

	cdi_name(sf, name);
	out_add_text(obj, "name", name);
	if (sf->vfio.node[0] && sysfs_exists(t->root, USE_CONTAINER))
		cdi_add_node(nodes, USE_CONTAINER);
	cdi_add_node(nodes, sf->vfio.node);
	cdi_add_node(nodes, sf->vfio.cdev);
	json_object_object_add(edits, "deviceNodes", nodes);
	json_object_object_add(obj, "containerEdits", edits);
	return obj;
}

/* Around @devices, which it takes over */
static json_object *cdi_spec(json_object *devices)
{
	json_object *spec = json_object_new_object();

	out_add_text(spec, "cdiVersion", CDI_VERSION);
	out_add_text(spec, "kind", CDI_KIND);
	json_object_object_add(spec, "devices", devices);
	return spec;
}

static void cdi_path(const struct tool *t, char *buf)
{
	snprintf(buf, SYSFS_PATH_SIZE, "%s%s", t->root, TOOL_CDI_FILE);
}

static int cdi_write(const char *file, json_object *spec)
{
	int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
		    JSON_C_TO_STRING_NOSLASHESCAPE;
	char *text;
	int err;

	if (asprintf(&text, "%s\n",
		     json_object_to_json_string_ext(spec, flags)) < 0)
		abort();
	err = file_write(file, text);
	free(text);
	return err;
}

static int cdi_put(struct tool *t, json_object *spec)
{
	const char *file = t->opts.output;
	char path[SYSFS_PATH_SIZE];
	int err;

	if ((file && !strcmp(file, "-")) || (!file && t->json)) {
		out_json(t, spec);
		return TOOL_DONE;
	}
	if (!file) {
		cdi_path(t, path);
		file = path;
	}
	err = cdi_write(file, spec);
	json_object_put(spec);
	if (err)
		return tool_refuse(t, file, "%s", strerror(-err));
	if (!t->json)
		puts(file);
	return TOOL_DONE;
}

static bool cdi_is_ready(const struct model_sf *sf)
{
	return model_is_active(sf) && sf->vfio.companion[0] &&
	       (sf->vfio.node[0] || sf->vfio.cdev[0]);
}

/* Those named, or all that are defined and active */
static int cdi_choose(struct tool *t, const struct model *m, int argc,
		      char **argv, json_object *devices)
{
	struct model_sf *sf;
	size_t i;
	int n, ret;

	for (n = 0; n < argc; n++) {
		ret = model_resolve_sf(t, m, argv[n], &sf);
		if (!ret)
			ret = use_check(t, sf);
		if (ret)
			return ret;
		json_object_array_add(devices, cdi_device(t, sf));
	}
	for (i = 0; !argc && i < m->nr_sfs; i++) {
		sf = &m->sfs[i];
		if (!sf->defined)
			continue;
		if (cdi_is_ready(sf))
			json_object_array_add(devices, cdi_device(t, sf));
		else
			tool_note(t, sf->name, "left out, as it is not active");
	}
	return TOOL_DONE;
}

static int cdi_run(struct tool *t, int argc, char **argv)
{
	json_object *devices;
	struct model m;
	int ret;

	if (model_load(t, &m))
		return TOOL_REFUSED;
	devices = json_object_new_array();
	ret = cdi_choose(t, &m, argc, argv, devices);
	if (!ret && !json_object_array_length(devices)) {
		/* Runtimes take none without a device for valid */
		use_refresh_cdi(t);
		ret = tool_refuse(t, NULL,
				  "None that is defined is active: 'idxd-sf start --all' first");
	}
	if (ret)
		json_object_put(devices);
	else
		ret = cdi_put(t, cdi_spec(devices));
	model_free(&m);
	return ret;
}

int cmd_cdi(struct tool *t, int argc, char **argv)
{
	int ret;

	if (t->opts.output || t->json)
		return cdi_run(t, argc, argv);
	/* Another one's change in between would be undone */
	if (tool_lock(t))
		return TOOL_REFUSED;
	ret = cdi_run(t, argc, argv);
	tool_unlock(t);
	return ret;
}

/* The devices of a specification that we wrote, or NULL */
static json_object *cdi_get_devices(json_object *spec)
{
	json_object *kind, *devices;

	if (!json_object_is_type(spec, json_type_object) ||
	    !json_object_object_get_ex(spec, "kind", &kind) ||
	    !json_object_object_get_ex(spec, "devices", &devices) ||
	    !json_object_is_type(kind, json_type_string) ||
	    strcmp(json_object_get_string(kind), CDI_KIND) ||
	    !json_object_is_type(devices, json_type_array))
		return NULL;
	return devices;
}

static bool cdi_has(json_object *devices, const struct model_sf *sf)
{
	json_object *name;
	char want[NAME_SIZE + 4];
	size_t i;

	cdi_name(sf, want);
	for (i = 0; i < json_object_array_length(devices); i++) {
		if (json_object_object_get_ex(json_object_array_get_idx(devices, i),
					      "name", &name) &&
		    json_object_is_type(name, json_type_string) &&
		    !strcmp(json_object_get_string(name), want))
			return true;
	}
	return false;
}

static int cdi_rewrite(struct tool *t, const char *path, json_object *old)
{
	json_object *devices = json_object_new_array(), *spec;
	struct model m;
	size_t i;
	int err;

	if (model_load(t, &m)) {
		json_object_put(devices);
		return -EIO;
	}
	for (i = 0; i < m.nr_sfs; i++)
		if (cdi_is_ready(&m.sfs[i]) &&
		    (m.sfs[i].defined || cdi_has(old, &m.sfs[i])))
			json_object_array_add(devices,
					      cdi_device(t, &m.sfs[i]));
	spec = cdi_spec(devices);
	if (!json_object_array_length(devices))
		err = unlink(path) ? -errno : 0;
	else
		err = cdi_write(path, spec);
	json_object_put(spec);
	model_free(&m);
	return err;
}

void use_refresh_cdi(struct tool *t)
{
	char path[SYSFS_PATH_SIZE];
	json_object *old, *devices;
	int err;

	cdi_path(t, path);
	/* Others cannot change what is root's, and need not try */
	if (t->dry_run || access(path, W_OK) || tool_lock(t))
		return;
	old = json_object_from_file(path);
	devices = cdi_get_devices(old);
	if (devices) {
		err = cdi_rewrite(t, path, devices);
		if (err)
			tool_note(t, path, "It may be wrong now: %s",
				  strerror(-err));
	}
	json_object_put(old);
	tool_unlock(t);
}
