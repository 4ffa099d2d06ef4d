// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verb monitor: a line for each notification of devlink that is about a
 * device or a subfunction of ours. Changes nothing.
 */
#include "tool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/devlink.h>

#include "model.h"
#include "out.h"

/* Ports seen: what goes away has no sfnum any more */
struct monitor {
	struct tool *t;
	struct model m;
	uint32_t nr;
};

static bool monitor_is_over(const struct monitor *mon)
{
	return mon->t->opts.count && mon->nr >= mon->t->opts.count;
}

static void monitor_print(struct monitor *mon, const char *event,
			  const char *name, const char *state,
			  const char *opstate, const char *reporter)
{
	json_object *obj;

	if (monitor_is_over(mon))
		return;
	mon->nr++;
	if (!mon->t->json) {
		printf("%s %s%s%s%s%s%s%s\n", event, name,
		       state[0] ? " " : "", state, opstate[0] ? " " : "",
		       opstate, reporter[0] ? " " : "", reporter);
		fflush(stdout);
		return;
	}
	obj = json_object_new_object();
	out_add_text(obj, "event", event);
	out_add_text(obj, "name", name);
	out_add_text(obj, "state", state);
	out_add_text(obj, "opstate", opstate);
	out_add_text(obj, "reporter", reporter);
	out_json(mon->t, obj);
}

static struct model_sf *monitor_find(struct monitor *mon,
				     const struct msg_handle *handle,
				     uint32_t index)
{
	size_t i;

	for (i = 0; i < mon->m.nr_sfs; i++) {
		struct model_sf *sf = &mon->m.sfs[i];

		if (sf->exists && sf->port.index == index &&
		    !strcmp(sf->port.handle.dev, handle->dev) &&
		    !strcmp(sf->port.handle.bus, handle->bus))
			return sf;
	}
	return NULL;
}

/* Network cards have subfunctions, too */
static bool monitor_is_ours(struct monitor *mon,
			    const struct msg_handle *handle)
{
	if (strcmp(handle->bus, "pci"))
		return false;
	return model_find_dev(&mon->m, handle->dev) ||
	       model_add_dev(mon->t, &mon->m, handle->dev);
}

static bool monitor_same(const struct msg_opt *a, const struct msg_opt *b)
{
	return a->known == b->known && a->value == b->value;
}

static void monitor_port_new(struct monitor *mon, const struct msg_port *port)
{
	struct model_sf *sf = monitor_find(mon, &port->handle, port->index);
	const char *event = "change";

	if (!port->is_sf || !monitor_is_ours(mon, &port->handle))
		return;
	if (!sf) {
		/* One that was defined or there before has its place */
		sf = model_find_sf(&mon->m, port->handle.dev, port->sfnum);
		if (!sf)
			sf = model_add_sf(&mon->m, port->handle.dev, port->sfnum);
		sf->exists = true;
		event = "add";
	} else if (monitor_same(&sf->port.state, &port->state) &&
		   monitor_same(&sf->port.opstate, &port->opstate) &&
		   monitor_same(&sf->port.max_io_eqs, &port->max_io_eqs)) {
		/* The nested instance came or went: nothing people see */
		return;
	}
	sf->port = *port;
	monitor_print(mon, event, sf->name, model_state(sf),
		      model_opstate(sf), "");
}

static void monitor_port_del(struct monitor *mon, const struct msg_port *port)
{
	struct model_sf *sf = monitor_find(mon, &port->handle, port->index);

	if (!sf)
		return;
	monitor_print(mon, "remove", sf->name, "", "", "");
	sf->exists = false;
	sf->port.index = 0;
}

static void monitor_reporter(struct monitor *mon, const struct nlmsghdr *nlh)
{
	struct msg_reporter reporter;
	struct model_sf *sf = NULL;
	const char *name;

	if (msg_decode_reporter(nlh, &reporter))
		return;
	if (reporter.port.known)
		sf = monitor_find(mon, &reporter.handle, reporter.port.value);
	if (!sf && !model_find_dev(&mon->m, reporter.handle.dev))
		return;
	name = sf ? sf->name : reporter.handle.dev;
	monitor_print(mon, reporter.state ? "error" : "healthy", name,
		      "", "", reporter.name);
}

/* The driver of a new instance is known only now; later it may be gone */
static void monitor_device(struct monitor *mon, const char *event,
			   const struct nlmsghdr *nlh)
{
	struct msg_handle handle;

	if (!msg_decode_handle(nlh, &handle) && monitor_is_ours(mon, &handle))
		monitor_print(mon, event, handle.dev, "", "", "");
}

static void monitor_take(const struct nlmsghdr *nlh, void *arg)
{
	struct monitor *mon = arg;
	struct msg_port port;

	switch (msg_cmd(nlh)) {
	case DEVLINK_CMD_NEW:
		monitor_device(mon, "device-add", nlh);
		break;
	case DEVLINK_CMD_DEL:
		monitor_device(mon, "device-remove", nlh);
		break;
	case DEVLINK_CMD_PORT_NEW:
		if (!msg_decode_port(nlh, &port))
			monitor_port_new(mon, &port);
		break;
	case DEVLINK_CMD_PORT_DEL:
		if (!msg_decode_port(nlh, &port))
			monitor_port_del(mon, &port);
		break;
	case DEVLINK_CMD_HEALTH_REPORTER_RECOVER:
		monitor_reporter(mon, nlh);
		break;
	default:
		break;
	}
}

/* What was missed is not known, so what is there now counts */
static int monitor_resync(struct monitor *mon)
{
	struct tool *t = mon->t;

	monitor_print(mon, "lost", "events", "", "", "");
	model_free(&mon->m);
	return model_load(t, &mon->m);
}

int cmd_monitor(struct tool *t, int argc, char **argv)
{
	struct monitor mon = { .t = t };
	struct nl_sink sink = { .take = monitor_take, .arg = &mon };
	struct nl *events;
	int err;

	(void)argc;
	(void)argv;
	/* Listening begins before the snapshot, or some would be lost */
	err = nl_open(&events);
	if (err)
		return tool_refuse(t, NULL, "No connection to devlink: %s",
				   strerror(-err));
	err = nl_listen(events);
	if (err) {
		nl_close(events);
		return tool_refuse(t, NULL, "No events of devlink: %s",
				   strerror(-err));
	}
	err = model_load(t, &mon.m);
	while (!err && !monitor_is_over(&mon)) {
		err = nl_take_events(events, &sink);
		if (err == -ENOBUFS)
			err = monitor_resync(&mon);
	}
	nl_close(events);
	model_free(&mon.m);
	if (err && err != -EINTR && err != -1)
		tool_refuse(t, NULL, "No more events: %s", strerror(-err));
	return err && err != -EINTR ? TOOL_REFUSED : TOOL_DONE;
}
