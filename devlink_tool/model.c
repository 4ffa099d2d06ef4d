// SPDX-License-Identifier: GPL-2.0-only
/*
 * The snapshot: joins the dumps of devlink with sysfs, procfs and the
 * definitions. Finding and showing what is in it is in model_find.c.
 */
#include "model.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/devlink.h>
#include <linux/idxd_sf.h>
#include <linux/idxd_sf_report.h>

#include "dl.h"
#include "fmsg.h"

#define MODEL_BUS	"pci"
#define MODEL_BUS_AUX	"auxiliary"

/* What a dump of ports, parameters and priorities is joined by */
struct model_fill {
	struct tool *t;
	struct model *m;
	struct model_dev *dev;
};

static void *model_grow(void *array, size_t nr, size_t size)
{
	array = reallocarray(array, nr + 1, size);
	if (!array)
		abort();
	memset((char *)array + nr * size, 0, size);
	return array;
}

static void model_free_sfs(struct model *m)
{
	size_t i;

	for (i = 0; i < m->nr_sfs; i++)
		free(m->sfs[i].users);
	free(m->sfs);
	m->sfs = NULL;
	m->nr_sfs = 0;
}

void model_free(struct model *m)
{
	model_free_sfs(m);
	free(m->devs);
	conf_free(&m->defs);
	memset(m, 0, sizeof(*m));
}

/* Other instances of the bus are NICs; the stock idxd has none */
static bool model_is_ours(struct tool *t, const char *dev)
{
	char path[SYSFS_PATH_SIZE], driver[SYSFS_NAME_SIZE];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver", dev);
	return !sysfs_link(t->root, path, driver, sizeof(driver)) &&
	       !strcmp(driver, IDXD_SF_DRIVER);
}

static void model_read_ids(struct tool *t, struct model_dev *dev)
{
	char path[SYSFS_PATH_SIZE], vendor[16], device[16], node[16];
	long nr;
	char *end;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/vendor",
		 dev->name);
	sysfs_read(t->root, path, vendor, sizeof(vendor));
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/device",
		 dev->name);
	sysfs_read(t->root, path, device, sizeof(device));
	if (!strncmp(vendor, "0x", 2) && !strncmp(device, "0x", 2))
		snprintf(dev->pci_id, sizeof(dev->pci_id), "%.4s:%.4s",
			 vendor + 2, device + 2);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/numa_node",
		 dev->name);
	sysfs_read(t->root, path, node, sizeof(node));
	nr = strtol(node, &end, 10);
	if (end != node && nr >= 0) {
		dev->numa_node.known = true;
		dev->numa_node.value = nr;
	}
}

struct model_dev *model_add_dev(struct tool *t, struct model *m,
				const char *name)
{
	struct model_dev *dev;

	if (!model_is_ours(t, name))
		return NULL;
	m->devs = model_grow(m->devs, m->nr_devs, sizeof(*m->devs));
	dev = &m->devs[m->nr_devs++];
	snprintf(dev->name, sizeof(dev->name), "%s", name);
	model_read_ids(t, dev);
	return dev;
}

static void model_take_dev(const struct nlmsghdr *nlh, void *arg)
{
	struct model_fill *fill = arg;
	struct msg_handle handle;

	if (!msg_decode_handle(nlh, &handle) && !strcmp(handle.bus, MODEL_BUS))
		model_add_dev(fill->t, fill->m, handle.dev);
}

static void model_reset_devs(void *arg)
{
	struct model_fill *fill = arg;

	fill->m->nr_devs = 0;
}

struct model_sf *model_add_sf(struct model *m, const char *dev, uint32_t sfnum)
{
	struct model_sf *sf;

	m->sfs = model_grow(m->sfs, m->nr_sfs, sizeof(*m->sfs));
	sf = &m->sfs[m->nr_sfs++];
	snprintf(sf->dev, sizeof(sf->dev), "%s", dev);
	sf->sfnum = sfnum;
	sf->vfio.group = -1;
	name_print(sf->name, sizeof(sf->name), dev, sfnum);
	return sf;
}

static void model_take_port(const struct nlmsghdr *nlh, void *arg)
{
	struct model_fill *fill = arg;
	struct msg_port port;
	struct model_sf *sf;

	if (msg_decode_port(nlh, &port) || !port.is_sf ||
	    strcmp(port.handle.bus, MODEL_BUS) ||
	    !model_find_dev(fill->m, port.handle.dev))
		return;
	sf = model_add_sf(fill->m, port.handle.dev, port.sfnum);
	sf->exists = true;
	sf->port = port;
}

static void model_reset_sfs(void *arg)
{
	struct model_fill *fill = arg;

	model_free_sfs(fill->m);
}

static struct msg_opt model_get_id(const struct msg_param *param)
{
	struct msg_opt opt = { 0 };
	uint32_t id;

	if (!name_parse_id(param->text, &id)) {
		opt.known = true;
		opt.value = id;
	}
	return opt;
}

static struct model_sf *model_find_aux(struct model *m, const char *aux)
{
	size_t i;

	for (i = 0; i < m->nr_sfs; i++)
		if (!strcmp(m->sfs[i].aux, aux))
			return &m->sfs[i];
	return NULL;
}

static void model_take_dev_param(struct model_dev *dev,
				 const struct msg_param *param)
{
	if (!strcmp(param->name, IDXD_SF_PARAM_SF_WQ_ENTRIES))
		dev->wq_entries = param->value;
	if (!strcmp(param->name, IDXD_SF_PARAM_SF_PCI_DEVICE_ID))
		dev->device_id = model_get_id(param);
	if (!strcmp(param->name, IDXD_SF_PARAM_ALLOW_UNSAFE_SILICON))
		dev->unsafe = param->value;
}

static void model_take_param(const struct nlmsghdr *nlh, void *arg)
{
	struct model_fill *fill = arg;
	struct model_dev *dev = NULL;
	struct model_sf *sf = NULL;
	struct msg_param param;

	if (msg_decode_param(nlh, &param))
		return;
	if (!strcmp(param.handle.bus, MODEL_BUS))
		dev = model_find_dev(fill->m, param.handle.dev);
	if (!strcmp(param.handle.bus, MODEL_BUS_AUX))
		sf = model_find_aux(fill->m, param.handle.dev);
	if (dev)
		model_take_dev_param(dev, &param);
	if (sf && !strcmp(param.name, IDXD_SF_NESTED_WQ_ENTRIES))
		sf->wq_entries = param.value;
	if (sf && !strcmp(param.name, IDXD_SF_NESTED_PCI_DEVICE_ID))
		sf->device_id = model_get_id(&param);
}

static void model_take_rate(const struct nlmsghdr *nlh, void *arg)
{
	struct model_fill *fill = arg;
	struct msg_rate rate;
	size_t i;

	if (msg_decode_rate(nlh, &rate) || strcmp(rate.handle.bus, MODEL_BUS))
		return;
	for (i = 0; i < fill->m->nr_sfs; i++)
		if (fill->m->sfs[i].port.index == rate.index &&
		    !strcmp(fill->m->sfs[i].dev, rate.handle.dev))
			fill->m->sfs[i].priority = rate.tx_priority;
}

static void model_put_resource(const struct msg_resource *res, void *arg)
{
	struct model_fill *fill = arg;

	if (strcmp(res->path, IDXD_SF_RESOURCE_WORK_QUEUES))
		return;
	fill->dev->queues.known = true;
	fill->dev->queues.value = res->size;
	if (!res->occ.known || res->occ.value > res->size)
		return;
	fill->dev->free.known = true;
	fill->dev->free.value = res->size - res->occ.value;
}

static void model_take_resources(const struct nlmsghdr *nlh, void *arg)
{
	msg_decode_resources(nlh, model_put_resource, arg);
}

static int model_compare_devs(const void *a, const void *b)
{
	const struct model_dev *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int model_compare_sfs(const void *a, const void *b)
{
	const struct model_sf *x = a, *y = b;
	int order = strcmp(x->dev, y->dev);

	if (order)
		return order;
	return (x->sfnum > y->sfnum) - (x->sfnum < y->sfnum);
}

static void model_sort(struct model *m)
{
	if (m->nr_devs)
		qsort(m->devs, m->nr_devs, sizeof(*m->devs),
		      model_compare_devs);
	if (m->nr_sfs)
		qsort(m->sfs, m->nr_sfs, sizeof(*m->sfs), model_compare_sfs);
}

static void model_put_user(const char *node, const struct sysfs_user *user,
			   void *arg)
{
	struct model *m = arg;
	struct model_sf *sf;
	size_t i;

	for (i = 0; i < m->nr_sfs; i++) {
		sf = &m->sfs[i];
		if (!sf->vfio.companion[0] ||
		    (strcmp(node, sf->vfio.node) && strcmp(node, sf->vfio.cdev)))
			continue;
		/* One process may have it open several times */
		if (sf->nr_users &&
		    sf->users[sf->nr_users - 1].pid == user->pid)
			continue;
		sf->users = model_grow(sf->users, sf->nr_users,
				       sizeof(*sf->users));
		sf->users[sf->nr_users++] = *user;
	}
}

static void model_read_sysfs(struct tool *t, struct model *m)
{
	struct model_sf *sf;
	size_t i;

	for (i = 0; i < m->nr_sfs; i++) {
		sf = &m->sfs[i];
		if (!strcmp(sf->port.nested.bus, MODEL_BUS_AUX))
			memcpy(sf->aux, sf->port.nested.dev, sizeof(sf->aux));
		else
			sysfs_find_aux(t->root, sf->dev, sf->sfnum, sf->aux,
				       sizeof(sf->aux));
		if (!sf->aux[0])
			continue;
		sysfs_get_vfio(t->root, sf->dev, sf->aux, &sf->vfio);
	}
	if (m->nr_sfs)
		sysfs_each_user(t->root, model_put_user, m);
}

void model_read_stats(struct tool *t, struct model *m)
{
	size_t i;

	for (i = 0; i < m->nr_sfs; i++)
		if (m->sfs[i].vfio.companion[0])
			sysfs_get_stats(t->root, m->sfs[i].vfio.companion,
					&m->sfs[i].stats);
}

struct model_queue {
	struct fmsg fmsg;
	struct model_sf *sf;
};

static void model_put_occupancy(const char *path, uint64_t value, void *arg)
{
	struct model_queue *queue = arg;

	if (strcmp(path, IDXD_SF_KEY_WORK_QUEUE "/" IDXD_SF_KEY_OCCUPANCY))
		return;
	queue->sf->occupancy.known = true;
	queue->sf->occupancy.value = value;
}

static void model_take_diagnosis(const struct nlmsghdr *nlh, void *arg)
{
	struct model_queue *queue = arg;

	fmsg_decode(&queue->fmsg, nlh, model_put_occupancy, queue);
}

void model_read_queues(struct tool *t, struct model *m)
{
	struct model_queue queue;
	struct nl_sink sink = { .take = model_take_diagnosis, .arg = &queue };
	size_t i;

	for (i = 0; i < m->nr_sfs; i++) {
		if (!model_is_active(&m->sfs[i]))
			continue;
		memset(&queue, 0, sizeof(queue));
		queue.sf = &m->sfs[i];
		/* Others than root are refused, each time */
		if (dl_diagnose(t->nl, &queue.sf->port, IDXD_SF_REPORTER_SF,
				&sink) == -EPERM)
			break;
	}
}

static void model_join_definitions(struct model *m)
{
	struct model_sf *sf;
	size_t i;

	for (i = 0; i < m->defs.nr; i++) {
		const struct conf *def = &m->defs.defs[i];

		sf = model_find_sf(m, def->dev, def->sfnum);
		if (!sf)
			sf = model_add_sf(m, def->dev, def->sfnum);
		sf->defined = true;
	}
}

static int model_dump(struct tool *t, uint8_t cmd, const struct nl_sink *sink)
{
	int err = dl_dump(t->nl, cmd, sink);

	if (err)
		tool_refuse(t, NULL, "%s", nl_why(t->nl));
	return err;
}

/* Values that a kernel or driver may not have yet stay unknown */
static void model_load_extras(struct tool *t, struct model *m)
{
	struct model_fill fill = { .t = t, .m = m };
	struct nl_sink params = { .take = model_take_param, .arg = &fill };
	struct nl_sink rates = { .take = model_take_rate, .arg = &fill };
	struct nl_sink resources = {
		.take = model_take_resources, .arg = &fill,
	};
	struct msg_handle handle = { .bus = MODEL_BUS };
	size_t i;

	for (i = 0; i < m->nr_devs; i++) {
		fill.dev = &m->devs[i];
		memcpy(handle.dev, m->devs[i].name, sizeof(handle.dev));
		dl_resources(t->nl, &handle, &resources);
	}
	dl_dump(t->nl, DEVLINK_CMD_PARAM_GET, &params);
	if (m->nr_sfs)
		dl_dump(t->nl, DEVLINK_CMD_RATE_GET, &rates);
}

int model_load(struct tool *t, struct model *m)
{
	struct model_fill fill = { .t = t, .m = m };
	struct nl_sink devs = {
		.take = model_take_dev, .reset = model_reset_devs, .arg = &fill,
	};
	struct nl_sink ports = {
		.take = model_take_port, .reset = model_reset_sfs, .arg = &fill,
	};

	memset(m, 0, sizeof(*m));
	if (tool_connect(t) || model_dump(t, DEVLINK_CMD_GET, &devs) ||
	    model_dump(t, DEVLINK_CMD_PORT_GET, &ports) ||
	    conf_load(t, &m->defs)) {
		model_free(m);
		return -1;
	}
	model_read_sysfs(t, m);
	model_load_extras(t, m);
	model_join_definitions(m);
	model_sort(m);
	return 0;
}
