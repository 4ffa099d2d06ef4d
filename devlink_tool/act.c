// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steps that change something. What they are steps of is life.c's business.
 */
#include "act.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linux/devlink.h>
#include <linux/idxd_sf.h>

#include "dl.h"
#include "ends.h"
#include "out.h"

#define ACT_POLL_MS		20
/* What devlink prints begins with the port's handle */
#define ACT_HANDLE_OF		"sed -n '1s/: .*//p'"
#define ACT_VALUE_SIZE		16
#define ACT_NR_PARAMS		2
#define ACT_HANDLE_SIZE		(2 * MSG_NAME_SIZE + 16)

void act_command(struct tool *t, const char *fmt, ...)
{
	va_list args;
	char *line;
	int n;

	va_start(args, fmt);
	n = vasprintf(&line, fmt, args);
	va_end(args);
	if (n < 0)
		abort();
	if (t->json) {
		if (!t->commands)
			t->commands = json_object_new_array();
		json_object_array_add(t->commands,
				      json_object_new_string(line));
	} else {
		puts(line);
	}
	free(line);
}

void act_finish(struct tool *t)
{
	json_object *obj;

	if (!t->json || !t->dry_run)
		return;
	obj = json_object_new_object();
	if (!t->commands)
		t->commands = json_object_new_array();
	json_object_object_add(obj, "commands", t->commands);
	t->commands = NULL;
	out_json(t, obj);
}

/* As the shell writes it */
static void act_handle(const struct msg_port *port, char *buf)
{
	if (port->index == ACT_PORT_UNKNOWN)
		snprintf(buf, ACT_HANDLE_SIZE, "\"$PORT\"");
	else
		snprintf(buf, ACT_HANDLE_SIZE, "%s/%s/%u", port->handle.bus,
			 port->handle.dev, port->index);
}

static void act_dev_handle(const char *dev, struct msg_handle *handle)
{
	memset(handle, 0, sizeof(*handle));
	snprintf(handle->bus, sizeof(handle->bus), "pci");
	snprintf(handle->dev, sizeof(handle->dev), "%s", dev);
}

static int act_done(struct tool *t, const char *name, int err)
{
	if (err) {
		tool_refuse(t, name, "%s", nl_why(t->nl));
		return -1;
	}
	if (nl_warning(t->nl)[0])
		tool_note(t, name, "%s", nl_warning(t->nl));
	return 0;
}

int act_add(struct tool *t, const char *dev, const struct msg_opt *sfnum,
	    struct msg_port *port)
{
	struct msg_handle handle;
	char name[NAME_SIZE], word[24] = "";

	act_dev_handle(dev, &handle);
	if (sfnum->known)
		name_print(name, sizeof(name), dev, sfnum->value);
	else
		snprintf(name, sizeof(name), "%s", dev);
	if (!t->dry_run)
		return act_done(t, name,
				dl_port_add(t->nl, &handle, sfnum, port));

	if (sfnum->known)
		snprintf(word, sizeof(word), " sfnum %u",
			 (unsigned int)sfnum->value);
	act_command(t, "PORT=$(devlink port add pci/%s flavour pcisf pfnum 0%s | "
		    ACT_HANDLE_OF ")", dev, word);
	memset(port, 0, sizeof(*port));
	port->handle = handle;
	port->index = ACT_PORT_UNKNOWN;
	port->is_sf = true;
	port->sfnum = sfnum->value;
	return 0;
}

int act_del(struct tool *t, const char *name, const struct msg_port *port)
{
	char handle[ACT_HANDLE_SIZE];

	if (!t->dry_run)
		return act_done(t, name, dl_port_del(t->nl, port));
	act_handle(port, handle);
	act_command(t, "devlink port del %s", handle);
	return 0;
}

static int act_set_state(struct tool *t, const char *name,
			 const struct msg_port *port, bool active)
{
	char handle[ACT_HANDLE_SIZE];

	if (!t->dry_run)
		return act_done(t, name, dl_fn_set_state(t->nl, port, active));
	act_handle(port, handle);
	act_command(t, "devlink port function set %s state %s", handle,
		    active ? "active" : "inactive");
	return 0;
}

int act_deactivate(struct tool *t, const char *name,
		   const struct msg_port *port)
{
	return act_set_state(t, name, port, false);
}

static int act_set_vectors(struct tool *t, const char *name,
			   const struct msg_port *port, uint32_t vectors)
{
	char handle[ACT_HANDLE_SIZE];

	if (t->dry_run) {
		act_handle(port, handle);
		act_command(t, "devlink port function set %s max_io_eqs %u",
			    handle, vectors);
		return 0;
	}
	if (!dl_fn_set_vectors(t->nl, port, vectors))
		return 0;
	tool_refuse(t, name, "vectors %u: %s", vectors, nl_why(t->nl));
	return -1;
}

static int act_set_priority(struct tool *t, const char *name,
			    const struct msg_port *port, uint32_t priority)
{
	char handle[ACT_HANDLE_SIZE];
	int err;

	if (t->dry_run) {
		act_handle(port, handle);
		act_command(t, "devlink port function rate set %s tx_priority %u",
			    handle, priority);
		return 0;
	}
	err = dl_rate_set_priority(t->nl, port, priority);
	if (!err)
		return 0;
	/* devlink has no sentence for a port without a rate object */
	tool_refuse(t, name, "priority %u: %s", priority, err == -ENODEV ?
		    "The driver sets no priorities: use a newer idxd.ko" :
		    nl_why(t->nl));
	return -1;
}

int act_set_attrs(struct tool *t, const char *name, const struct msg_port *port,
		  const struct tool_attrs *attrs)
{
	const struct tool_attr *v = &attrs->vectors, *p = &attrs->priority;

	if (v->given && !v->unset && act_set_vectors(t, name, port, v->value))
		return -1;
	if (p->given && !p->unset && act_set_priority(t, name, port, p->value))
		return -1;
	return 0;
}

/* A parameter of the device that the driver looks at when it activates */
struct act_param {
	const char *name;
	const char *option;
	bool is_id;
	const struct tool_attr *want;
	const struct msg_opt *have;
	uint32_t before;
};

static bool act_param_wanted(const struct act_param *param)
{
	return param->want->given && !param->want->unset;
}

/* As devlink and people write it */
static void act_param_text(const struct act_param *param, uint32_t value,
			   char *buf)
{
	snprintf(buf, ACT_VALUE_SIZE, param->is_id ? "%04x" : "%u", value);
}

static int act_set_param(struct tool *t, const char *name, const char *dev,
			 const struct act_param *param, uint32_t value)
{
	struct msg_handle handle;
	char text[ACT_VALUE_SIZE];
	int err;

	act_param_text(param, value, text);
	if (t->dry_run) {
		act_command(t, "devlink dev param set pci/%s name %s value %s cmode runtime",
			    dev, param->name, text);
		return 0;
	}
	act_dev_handle(dev, &handle);
	if (param->is_id)
		err = dl_param_set_text(t->nl, &handle, param->name, text);
	else
		err = dl_param_set(t->nl, &handle, param->name, value);
	if (!err)
		return 0;
	tool_refuse(t, name, "%s %s: %s", param->option, text, nl_why(t->nl));
	return -1;
}

/* Under the lock: before, it may be what another one sets for a moment */
static uint32_t act_get_param(struct tool *t, const struct model_dev *dev,
			      const struct act_param *param)
{
	struct msg_handle handle;
	struct msg_param got;
	uint32_t id;

	act_dev_handle(dev->name, &handle);
	if (t->dry_run || dl_param_get(t->nl, &handle, param->name, &got))
		return param->have->value;
	if (param->is_id)
		return name_parse_id(got.text, &id) ? param->have->value : id;
	return got.value.known ? got.value.value : param->have->value;
}

/* Each that is wanted is set around what follows, and put back after it */
static int act_activate_with(struct tool *t, const char *name,
			     const struct msg_port *port,
			     const struct model_dev *dev,
			     struct act_param *params, size_t nr)
{
	int err;

	if (!nr)
		return act_set_state(t, name, port, true);
	if (!act_param_wanted(params))
		return act_activate_with(t, name, port, dev, params + 1,
					 nr - 1);
	params->before = act_get_param(t, dev, params);
	if (act_set_param(t, name, dev->name, params, params->want->value))
		return -1;
	err = act_activate_with(t, name, port, dev, params + 1, nr - 1);
	if (act_set_param(t, name, dev->name, params, params->before))
		err = -1;
	return err;
}

static int act_check_param(struct tool *t, const char *name,
			   const struct act_param *param)
{
	char text[ACT_VALUE_SIZE];

	if (!act_param_wanted(param) || param->have->known)
		return 0;
	act_param_text(param, param->want->value, text);
	tool_refuse(t, name, "%s %s: Use an idxd.ko that has %s",
		    param->option, text, param->name);
	return -1;
}

int act_activate(struct tool *t, const char *name, const struct msg_port *port,
		 const struct model_dev *dev, const struct tool_attrs *attrs)
{
	struct act_param params[ACT_NR_PARAMS] = {
		{ .name = IDXD_SF_PARAM_SF_WQ_ENTRIES, .option = "wq-entries",
		  .want = &attrs->wq_entries, .have = &dev->wq_entries },
		{ .name = IDXD_SF_PARAM_SF_PCI_DEVICE_ID, .option = "device-id",
		  .is_id = true,
		  .want = &attrs->device_id, .have = &dev->device_id },
	};
	sigset_t ends;
	bool wanted = false;
	size_t i;
	int err;

	for (i = 0; i < ACT_NR_PARAMS; i++) {
		if (act_check_param(t, name, &params[i]))
			return -1;
		wanted |= act_param_wanted(&params[i]);
	}
	if (!wanted)
		return act_set_state(t, name, port, true);
	if (tool_lock(t))
		return -1;
	/* An end between the steps would leave parameters changed */
	ends_hold(&ends);
	err = act_activate_with(t, name, port, dev, params,
				ACT_NR_PARAMS);
	ends_release(&ends);
	tool_unlock(t);
	return err;
}

/* True for another look, false when the time is over */
static bool act_pause(struct tool *t, unsigned int tries)
{
	struct timespec pause = { .tv_nsec = ACT_POLL_MS * 1000000L };

	if (tries >= t->opts.timeout_s * (1000 / ACT_POLL_MS) || ends_came())
		return false;
	nanosleep(&pause, NULL);
	return true;
}

int act_wait_vfio(struct tool *t, struct model_sf *sf)
{
	unsigned int i = 0;

	do {
		if (sysfs_find_aux(t->root, sf->dev, sf->sfnum, sf->aux,
				   sizeof(sf->aux)))
			continue;
		sysfs_get_vfio(t->root, sf->dev, sf->aux, &sf->vfio);
		if (sf->vfio.node[0] || sf->vfio.cdev[0])
			return 0;
	} while (act_pause(t, i++));
	if (ends_came())
		tool_refuse(t, sf->name, "Interrupted");
	else if (!sf->vfio.companion[0])
		tool_refuse(t, sf->name,
			    "No VFIO device within %u s: load idxd_vfio",
			    t->opts.timeout_s);
	else
		tool_refuse(t, sf->name,
			    "No node below /dev/vfio within %u s: is udev running?",
			    t->opts.timeout_s);
	return -1;
}

int act_wait_attached(struct tool *t, struct model_sf *sf)
{
	struct msg_port port;
	unsigned int i = 0;

	do {
		if (dl_port_get(t->nl, &sf->port.handle, sf->port.index, &port))
			break;
		sf->port = port;
		if (!port.opstate.known ||
		    port.opstate.value == DEVLINK_PORT_FN_OPSTATE_ATTACHED)
			return 0;
	} while (act_pause(t, i++));
	tool_refuse(t, sf->name,
		    "It stays detached: load idxd_vfio, or see 'devlink health'");
	return -1;
}
