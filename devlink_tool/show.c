// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verbs list, show and names: what is there. Changes nothing.
 */
#include "tool.h"

#include <stdio.h>
#include <string.h>

#include "model.h"
#include "out.h"

static void show_opt_cell(struct out_table *table, const struct msg_opt *opt)
{
	if (opt->known)
		out_cell(table, "%llu", (unsigned long long)opt->value);
	else
		out_cell(table, "-");
}

static const char *show_or_dash(const char *text)
{
	return text[0] ? text : "-";
}

static void show_devices(const struct model *m)
{
	struct out_table table = { .nr_columns = 5 };
	size_t i;

	out_cell(&table, "DEVICE");
	out_cell(&table, "ID");
	out_cell(&table, "NUMA");
	out_cell(&table, "QUEUES");
	out_cell(&table, "FREE");
	for (i = 0; i < m->nr_devs; i++) {
		const struct model_dev *dev = &m->devs[i];

		out_cell(&table, "%s", dev->name);
		out_cell(&table, "%s", show_or_dash(dev->pci_id));
		show_opt_cell(&table, &dev->numa_node);
		show_opt_cell(&table, &dev->queues);
		show_opt_cell(&table, &dev->free);
	}
	out_table(&table, 0);
}

static void show_sfs(const struct model *m)
{
	struct out_table table = { .nr_columns = 7 };
	char users[256];
	size_t i;

	out_cell(&table, "SUBFUNCTION");
	out_cell(&table, "STATE");
	out_cell(&table, "OPSTATE");
	out_cell(&table, "DEFINED");
	out_cell(&table, "GROUP");
	out_cell(&table, "NODE");
	out_cell(&table, "USER");
	for (i = 0; i < m->nr_sfs; i++) {
		const struct model_sf *sf = &m->sfs[i];

		model_users_text(sf, users, sizeof(users));
		out_cell(&table, "%s", sf->name);
		out_cell(&table, "%s", model_state(sf));
		out_cell(&table, "%s", show_or_dash(model_opstate(sf)));
		out_cell(&table, "%s", sf->defined ? "yes" : "no");
		if (sf->vfio.group < 0)
			out_cell(&table, "-");
		else
			out_cell(&table, "%d", sf->vfio.group);
		out_cell(&table, "%s", show_or_dash(sf->vfio.node));
		out_cell(&table, "%s", show_or_dash(users));
	}
	out_table(&table, 0);
}

static json_object *show_device_json(const struct model_dev *dev)
{
	json_object *obj = json_object_new_object();

	out_add_text(obj, "device", dev->name);
	out_add_text(obj, "pci_id", dev->pci_id);
	out_add_opt(obj, "numa_node", &dev->numa_node);
	out_add_opt(obj, "queues", &dev->queues);
	out_add_opt(obj, "free", &dev->free);
	return obj;
}

static void show_json(struct tool *t, const struct model *m)
{
	json_object *obj = json_object_new_object();
	json_object *devs = json_object_new_array();
	json_object *sfs = json_object_new_array();
	size_t i;

	for (i = 0; i < m->nr_devs; i++)
		json_object_array_add(devs, show_device_json(&m->devs[i]));
	for (i = 0; i < m->nr_sfs; i++)
		json_object_array_add(sfs, model_sf_json(&m->sfs[i]));
	json_object_object_add(obj, "devices", devs);
	json_object_object_add(obj, "subfunctions", sfs);
	out_json(t, obj);
}

int cmd_list(struct tool *t, int argc, char **argv)
{
	struct model m;
	int ret;

	(void)argc;
	(void)argv;
	if (model_load(t, &m))
		return TOOL_REFUSED;
	ret = m.defs.nr_bad ? TOOL_REFUSED : TOOL_DONE;
	if (t->json) {
		model_read_stats(t, &m);
		show_json(t, &m);
	} else {
		show_devices(&m);
		if (!m.nr_devs)
			tool_note(t, NULL,
				  "The driver has no device: see 'idxd-sf check'");
		if (m.nr_sfs) {
			putchar('\n');
			show_sfs(&m);
		}
	}
	model_free(&m);
	return ret;
}

static void show_opt(const char *key, const struct msg_opt *opt)
{
	if (opt->known)
		printf("  %s %llu\n", key, (unsigned long long)opt->value);
}

static void show_stats(const struct sysfs_stats *stats)
{
	unsigned int i;

	if (!stats->valid)
		return;
	printf("  interrupts");
	for (i = 0; i < stats->nr_irqs; i++)
		printf(" %llu", (unsigned long long)stats->irqs[i]);
	printf(" traps %llu commands %llu portal_drops %llu zaps %llu\n",
	       (unsigned long long)stats->bar_accesses,
	       (unsigned long long)stats->commands,
	       (unsigned long long)stats->portal_drops,
	       (unsigned long long)stats->zaps);
}

static void show_sf(const struct model_sf *sf)
{
	size_t i;

	printf("%s:\n", sf->name);
	printf("  state %s", model_state(sf));
	if (model_opstate(sf)[0])
		printf(" opstate %s", model_opstate(sf));
	printf(" defined %s\n", sf->defined ? "yes" : "no");
	if (sf->exists)
		printf("  port %s/%s/%u\n", sf->port.handle.bus,
		       sf->port.handle.dev, sf->port.index);
	show_opt("vectors", &sf->port.max_io_eqs);
	show_opt("priority", &sf->priority);
	show_opt("wq_entries", &sf->wq_entries);
	if (sf->device_id.known)
		printf("  device_id %04x\n", (unsigned int)sf->device_id.value);
	if (sf->aux[0])
		printf("  auxiliary %s\n", sf->aux);
	if (sf->vfio.companion[0]) {
		printf("  vfio /sys/bus/platform/devices/%s group %d",
		       sf->vfio.companion, sf->vfio.group);
		if (sf->vfio.node[0])
			printf(" node %s", sf->vfio.node);
		if (sf->vfio.cdev[0])
			printf(" cdev %s", sf->vfio.cdev);
		putchar('\n');
	}
	for (i = 0; i < sf->nr_users; i++)
		printf("  user pid %d command %s\n", (int)sf->users[i].pid,
		       sf->users[i].comm);
	show_stats(&sf->stats);
}

int cmd_show(struct tool *t, int argc, char **argv)
{
	json_object *array = json_object_new_array();
	int i, ret = TOOL_DONE;
	struct model_sf *sf;
	struct model m;

	if (model_load(t, &m)) {
		json_object_put(array);
		return TOOL_REFUSED;
	}
	model_read_stats(t, &m);
	for (i = 0; i < argc && ret != TOOL_USAGE; i++) {
		int one = model_resolve_sf(t, &m, argv[i], &sf);

		if (one)
			ret = one;
		else if (t->json)
			json_object_array_add(array, model_sf_json(sf));
		else
			show_sf(sf);
	}
	if (t->json && ret != TOOL_USAGE)
		out_json(t, array);
	else
		json_object_put(array);
	model_free(&m);
	return ret;
}

/* For completion: names a line each, of devices, subfunctions, definitions */
int cmd_names(struct tool *t, int argc, char **argv)
{
	const char *what = argc ? argv[0] : "sfs";
	struct model m;
	size_t i;

	if (model_load(t, &m))
		return TOOL_REFUSED;
	if (!strcmp(what, "devices"))
		for (i = 0; i < m.nr_devs; i++)
			puts(m.devs[i].name);
	else
		for (i = 0; i < m.nr_sfs; i++)
			if (strcmp(what, "defined") || m.sfs[i].defined)
				puts(m.sfs[i].name);
	model_free(&m);
	return TOOL_DONE;
}
