// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding things in the snapshot, and showing one of them.
 */
#include "model.h"

#include <stdio.h>
#include <string.h>

#include <linux/devlink.h>

#include "out.h"

struct model_dev *model_find_dev(const struct model *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->nr_devs; i++)
		if (!strcmp(m->devs[i].name, name))
			return &m->devs[i];
	return NULL;
}

struct model_sf *model_find_sf(const struct model *m, const char *dev,
			       uint32_t sfnum)
{
	size_t i;

	for (i = 0; i < m->nr_sfs; i++)
		if (m->sfs[i].sfnum == sfnum && !strcmp(m->sfs[i].dev, dev))
			return &m->sfs[i];
	return NULL;
}

int model_resolve_sf(struct tool *t, const struct model *m, const char *text,
		     struct model_sf **sf)
{
	struct name name;
	size_t i, nr = 0;

	if (name_parse(text, &name) || !name.has_sfnum)
		return tool_usage(t, "'%s' names no subfunction: give PCI-ADDRESS/SFNUM or SFNUM",
				  text);
	for (i = 0; i < m->nr_sfs; i++) {
		if (m->sfs[i].sfnum != name.sfnum ||
		    (name.dev[0] && strcmp(m->sfs[i].dev, name.dev)))
			continue;
		*sf = &m->sfs[i];
		nr++;
	}
	if (!nr)
		return tool_refuse(t, text,
				   "There is no such subfunction: see 'idxd-sf list'");
	if (nr > 1)
		return tool_refuse(t, text,
				   "%zu devices have it: give PCI-ADDRESS/%u",
				   nr, name.sfnum);
	return TOOL_DONE;
}

int model_resolve_dev(struct tool *t, const struct model *m,
		      const struct name *name, struct model_dev **dev)
{
	if (name->dev[0]) {
		*dev = model_find_dev(m, name->dev);
		if (*dev)
			return TOOL_DONE;
		return tool_refuse(t, name->dev,
				   "The driver has no such device: see 'idxd-sf check'");
	}
	if (!m->nr_devs)
		return tool_refuse(t, NULL,
				   "The driver has no device: see 'idxd-sf check'");
	if (m->nr_devs > 1)
		return tool_refuse(t, NULL,
				   "There are %zu devices: give a PCI address",
				   m->nr_devs);
	*dev = &m->devs[0];
	return TOOL_DONE;
}

bool model_is_active(const struct model_sf *sf)
{
	return sf->exists && sf->port.state.known &&
	       sf->port.state.value == DEVLINK_PORT_FN_STATE_ACTIVE;
}

const char *model_state(const struct model_sf *sf)
{
	if (!sf->exists)
		return "absent";
	if (!sf->port.state.known)
		return "unknown";
	switch (sf->port.state.value) {
	case DEVLINK_PORT_FN_STATE_INACTIVE:
		return "inactive";
	case DEVLINK_PORT_FN_STATE_ACTIVE:
		return "active";
	default:
		return "unknown";
	}
}

const char *model_opstate(const struct model_sf *sf)
{
	if (!sf->exists || !sf->port.opstate.known)
		return "";
	switch (sf->port.opstate.value) {
	case DEVLINK_PORT_FN_OPSTATE_DETACHED:
		return "detached";
	case DEVLINK_PORT_FN_OPSTATE_ATTACHED:
		return "attached";
	default:
		return "unknown";
	}
}

json_object *model_users_json(const struct model_sf *sf)
{
	json_object *users = json_object_new_array();
	json_object *user;
	size_t i;

	for (i = 0; i < sf->nr_users; i++) {
		user = json_object_new_object();
		out_add_number(user, "pid", sf->users[i].pid);
		out_add_text(user, "command", sf->users[i].comm);
		json_object_array_add(users, user);
	}
	return users;
}

void model_users_text(const struct model_sf *sf, char *buf, size_t size)
{
	size_t i, at = 0;

	buf[0] = 0;
	for (i = 0; i < sf->nr_users && at < size; i++)
		at += snprintf(buf + at, size - at, "%s%d (%s)",
			       i ? ", " : "", (int)sf->users[i].pid,
			       sf->users[i].comm);
}

static json_object *model_vfio_json(const struct sysfs_vfio *vfio)
{
	json_object *obj = json_object_new_object();
	char path[SYSFS_PATH_SIZE] = "";

	if (vfio->companion[0])
		snprintf(path, sizeof(path), "/sys/bus/platform/devices/%s",
			 vfio->companion);
	out_add_text(obj, "device", path);
	json_object_object_add(obj, "group", vfio->group < 0 ? NULL :
			       json_object_new_int(vfio->group));
	out_add_text(obj, "node", vfio->node);
	out_add_text(obj, "cdev", vfio->cdev);
	return obj;
}

static json_object *model_stats_json(const struct sysfs_stats *stats)
{
	json_object *obj, *irqs;
	unsigned int i;

	if (!stats->valid)
		return NULL;
	obj = json_object_new_object();
	irqs = json_object_new_array();
	for (i = 0; i < stats->nr_irqs; i++)
		json_object_array_add(irqs,
				      json_object_new_uint64(stats->irqs[i]));
	json_object_object_add(obj, "interrupts", irqs);
	out_add_number(obj, "traps", stats->bar_accesses);
	out_add_number(obj, "commands", stats->commands);
	out_add_number(obj, "portal_drops", stats->portal_drops);
	out_add_number(obj, "zaps", stats->zaps);
	return obj;
}

json_object *model_sf_json(const struct model_sf *sf)
{
	json_object *obj = json_object_new_object();
	char port[2 * MSG_NAME_SIZE + 16] = "", id[16] = "";

	if (sf->exists)
		snprintf(port, sizeof(port), "%s/%s/%u", sf->port.handle.bus,
			 sf->port.handle.dev, sf->port.index);
	if (sf->device_id.known)
		snprintf(id, sizeof(id), "%04x",
			 (unsigned int)sf->device_id.value);
	out_add_text(obj, "name", sf->name);
	out_add_text(obj, "device", sf->dev);
	out_add_number(obj, "sfnum", sf->sfnum);
	out_add_text(obj, "port", port);
	out_add_text(obj, "state", model_state(sf));
	out_add_text(obj, "opstate", model_opstate(sf));
	json_object_object_add(obj, "defined",
			       json_object_new_boolean(sf->defined));
	out_add_opt(obj, "vectors", &sf->port.max_io_eqs);
	out_add_opt(obj, "priority", &sf->priority);
	out_add_opt(obj, "wq_entries", &sf->wq_entries);
	out_add_text(obj, "device_id", id);
	out_add_text(obj, "auxiliary", sf->aux);
	json_object_object_add(obj, "vfio", model_vfio_json(&sf->vfio));
	json_object_object_add(obj, "users", model_users_json(sf));
	json_object_object_add(obj, "stats", model_stats_json(&sf->stats));
	return obj;
}
