// SPDX-License-Identifier: GPL-2.0-only
/*
 * The make-believe kernel: ports and what activating one leaves in sysfs.
 * The sentences are those of Documentation/devlink.rst.
 */
#include "fake.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FAKE_INDEX	32768
#define FAKE_TEXT_SIZE	80

static void fake_die(const char *what)
{
	fprintf(stderr, "fake kernel: %s\n", what);
	exit(99);
}

static int fake_say(char *text, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int fake_say(char *text, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, FAKE_TEXT_SIZE, fmt, args);
	va_end(args);
	return err;
}

/* A file that a test makes to have the machine in some state */
static bool fake_has(const struct fake *fake, const char *what, uint32_t nr)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s.%u", fake->dir, what, nr);
	return !access(path, F_OK);
}

void fake_load(struct fake *fake)
{
	struct fake_port p;
	char path[256], line[256];
	uint32_t value;
	FILE *f;

	memset(fake, 0, sizeof(*fake));
	fake->dir = getenv("IDXD_SF_FAKE");
	if (!fake->dir)
		fake_die("IDXD_SF_FAKE is not set");
	snprintf(path, sizeof(path), "%s/state", fake->dir);
	f = fopen(path, "re");
	if (!f)
		fake_die("no state");
	while (fgets(line, sizeof(line), f)) {
		/* A new machine has its defaults */
		uint32_t id = FAKE_ID;

		memset(&p, 0, sizeof(p));
		if (sscanf(line, "dev %31s %u %x", p.dev, &value, &id) >= 2 &&
		    fake->nr_devs < FAKE_MAX_DEVS) {
			memcpy(fake->devs[fake->nr_devs], p.dev, sizeof(p.dev));
			fake->device_id[fake->nr_devs] = id;
			fake->wq_entries[fake->nr_devs++] = value;
		} else if (sscanf(line, "port %31s %u %u %u %u %u %u %u %x",
				  p.dev, &p.index, &p.sfnum, &p.active, &p.id,
				  &p.vectors, &p.priority, &p.entries,
				  &p.shown) >= 8 &&
			   fake->nr_ports < FAKE_MAX_PORTS) {
			p.detached = fake_has(fake, "detached", p.sfnum);
			fake->ports[fake->nr_ports++] = p;
		}
	}
	fclose(f);
}

void fake_save(const struct fake *fake)
{
	char path[256];
	unsigned int i;
	FILE *f;

	snprintf(path, sizeof(path), "%s/state", fake->dir);
	f = fopen(path, "we");
	if (!f)
		fake_die("state cannot be written");
	for (i = 0; i < fake->nr_devs; i++)
		fprintf(f, "dev %s %u %x\n", fake->devs[i],
			fake->wq_entries[i], fake->device_id[i]);
	for (i = 0; i < fake->nr_ports; i++) {
		const struct fake_port *p = &fake->ports[i];

		fprintf(f, "port %s %u %u %u %u %u %u %u %x\n", p->dev,
			p->index, p->sfnum, p->active, p->id, p->vectors,
			p->priority, p->entries, p->shown);
	}
	fclose(f);
}

struct fake_port *fake_find(struct fake *fake, const char *dev, uint32_t index)
{
	unsigned int i;

	for (i = 0; i < fake->nr_ports; i++)
		if (fake->ports[i].index == index &&
		    !strcmp(fake->ports[i].dev, dev))
			return &fake->ports[i];
	return NULL;
}

int fake_find_dev(const struct fake *fake, const char *dev)
{
	unsigned int i;

	for (i = 0; i < fake->nr_devs; i++)
		if (!strcmp(fake->devs[i], dev))
			return i;
	return -1;
}

unsigned int fake_leased(const struct fake *fake, const char *dev)
{
	unsigned int i, nr = 0;

	for (i = 0; i < fake->nr_ports; i++)
		nr += fake->ports[i].active && !strcmp(fake->ports[i].dev, dev);
	return nr;
}

/* A file of the tree, with the directories above it */
static void fake_write(const struct fake *fake, const char *text,
		       const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void fake_write(const struct fake *fake, const char *text,
		       const char *fmt, ...)
{
	char path[512], *p;
	va_list args;
	size_t n;
	FILE *f;

	n = snprintf(path, sizeof(path), "%s/", fake->dir);
	va_start(args, fmt);
	vsnprintf(path + n, sizeof(path) - n, fmt, args);
	va_end(args);
	for (p = path + n; (p = strchr(p, '/')); p++) {
		*p = 0;
		mkdir(path, 0755);
		*p = '/';
	}
	f = fopen(path, "we");
	if (!f || fputs(text, f) < 0 || fclose(f))
		fake_die(path);
}

static void fake_show(const struct fake *fake, const struct fake_port *port)
{
	char text[32], link[512];
	uint32_t id = port->id;

	snprintf(text, sizeof(text), "%u\n", port->sfnum);
	fake_write(fake, text, "sys/bus/pci/devices/%s/idxd.sf.%u/sfnum",
		   port->dev, id);
	if (fake_has(fake, "nocompanion", port->sfnum))
		return;
	fake_write(fake, "", "sys/bus/pci/devices/%s/idxd.sf.%u/idxd-sf.%u/x",
		   port->dev, id, id);
	fake_write(fake, "3 42\n",
		   "sys/bus/platform/devices/idxd-sf.%u/stats/irqs", id);
	fake_write(fake, "17\n",
		   "sys/bus/platform/devices/idxd-sf.%u/stats/bar_accesses", id);
	fake_write(fake, "5\n",
		   "sys/bus/platform/devices/idxd-sf.%u/stats/commands", id);
	fake_write(fake, "0\n",
		   "sys/bus/platform/devices/idxd-sf.%u/stats/portal_drops", id);
	fake_write(fake, "1\n",
		   "sys/bus/platform/devices/idxd-sf.%u/stats/zaps", id);
	snprintf(link, sizeof(link),
		 "%s/sys/bus/platform/devices/idxd-sf.%u/iommu_group",
		 fake->dir, id);
	snprintf(text, sizeof(text), "../groups/%u", 20 + id);
	unlink(link);
	if (symlink(text, link))
		fake_die(link);
	if (!fake_has(fake, "nonode", port->sfnum))
		fake_write(fake, "", "dev/vfio/%u", 20 + id);
	fake_write(fake, "", "dev/vfio/vfio");
}

/* What is not found is not there: one file each is enough */
static void fake_hide(const struct fake *fake, const struct fake_port *port)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/sys/bus/pci/devices/%s/idxd.sf.%u/sfnum",
		 fake->dir, port->dev, port->id);
	unlink(path);
	snprintf(path, sizeof(path), "%s/dev/vfio/%u", fake->dir,
		 20 + port->id);
	unlink(path);
}

static bool fake_is_open(const struct fake *fake, const struct fake_port *port)
{
	return port->active && fake_has(fake, "open", port->sfnum);
}

static bool fake_sfnum_used(const struct fake *fake, const char *dev,
			    uint32_t sfnum)
{
	unsigned int i;

	for (i = 0; i < fake->nr_ports; i++)
		if (fake->ports[i].sfnum == sfnum &&
		    !strcmp(fake->ports[i].dev, dev))
			return true;
	return false;
}

int fake_add(struct fake *fake, const char *dev, const uint32_t *sfnum,
	     struct fake_port **port, char *text)
{
	struct fake_port p = { .vectors = 1 };
	unsigned int i, nr = 0;

	for (i = 0; i < fake->nr_ports; i++)
		nr += !strcmp(fake->ports[i].dev, dev);
	if (sfnum && fake_sfnum_used(fake, dev, *sfnum))
		return fake_say(text, -EEXIST,
				"The sfnum %u is in use: choose another",
				*sfnum);
	if (nr >= FAKE_QUEUES)
		return fake_say(text, -ENOSPC,
				"All %u work queues have a port: delete one first",
				FAKE_QUEUES);
	if (fake->nr_ports == FAKE_MAX_PORTS)
		return -ENOSPC;
	snprintf(p.dev, sizeof(p.dev), "%s", dev);
	for (p.index = FAKE_INDEX; fake_find(fake, dev, p.index);)
		p.index++;
	for (p.sfnum = sfnum ? *sfnum : 0;
	     fake_sfnum_used(fake, dev, p.sfnum);)
		p.sfnum++;
	fake->ports[fake->nr_ports] = p;
	*port = &fake->ports[fake->nr_ports++];
	return 0;
}

int fake_set_state(struct fake *fake, struct fake_port *port, bool active,
		   char *text)
{
	uint32_t want = fake->wq_entries[fake_find_dev(fake, port->dev)];
	unsigned int i;

	if (port->active == active)
		return 0;
	if (fake_is_open(fake, port))
		return fake_say(text, -EBUSY,
				"Subfunction is open: stop its user first");
	if (!active) {
		fake_hide(fake, port);
		port->active = 0;
		return 0;
	}
	if (want > 64)
		return fake_say(text, -ENOSPC,
				"No free work queue has %u entries: see resources",
				want);
	port->id = 0;
	for (i = 0; i < fake->nr_ports; i++)
		if (fake->ports[i].active && fake->ports[i].id == port->id) {
			port->id++;
			i = -1;
		}
	port->active = 1;
	port->entries = want > 16 ? 64 : 16;
	port->shown = fake->device_id[fake_find_dev(fake, port->dev)];
	fake_show(fake, port);
	return 0;
}

int fake_del(struct fake *fake, struct fake_port *port, char *text)
{
	int err = fake_set_state(fake, port, false, text);

	if (err)
		return err;
	*port = fake->ports[--fake->nr_ports];
	return 0;
}

int fake_set_vectors(struct fake_port *port, uint32_t vectors, char *text)
{
	if (!vectors || vectors > 8)
		return fake_say(text, -ERANGE,
				"Use max_io_eqs 1 to 8, not %u", vectors);
	if (port->vectors == vectors)
		return 0;
	if (port->active)
		return fake_say(text, -EBUSY,
				"Set state inactive before changing max_io_eqs");
	port->vectors = vectors;
	return 0;
}

int fake_set_priority(struct fake *fake, struct fake_port *port,
		      uint32_t priority, char *text)
{
	if (priority > 15)
		return fake_say(text, -ERANGE,
				"Use tx_priority 1 to 15, or 0 for the default");
	if (fake_is_open(fake, port))
		return fake_say(text, -EBUSY,
				"Subfunction is open: stop its user first");
	port->priority = priority;
	return 0;
}

int fake_set_param(struct fake *fake, const char *dev, uint32_t value,
		   char *text)
{
	if (value > FAKE_ENTRIES)
		return fake_say(text, -ERANGE,
				"Entries are 0 to %u, all that there are",
				FAKE_ENTRIES);
	fake->wq_entries[fake_find_dev(fake, dev)] = value;
	return 0;
}

int fake_set_id(struct fake *fake, const char *dev, const char *value,
		char *text)
{
	uint32_t id = strtoul(value, NULL, 16);

	if (id != FAKE_ID && id != FAKE_ID_OLD)
		return fake_say(text, -EINVAL,
				"PCI id is %s, the device's own, or 0b25",
				"11fb");
	fake->device_id[fake_find_dev(fake, dev)] = id;
	return 0;
}
