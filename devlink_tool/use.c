// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verbs qemu and cdi: how a subfunction is handed to a machine or a
 * container. Changes no subfunction.
 */
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model.h"
#include "opt.h"
#include "out.h"

#define USE_CDI_VERSION	"0.5.0"
#define USE_CDI_KIND	"intel.com/dsa-sf"
#define USE_CONTAINER	"/dev/vfio/vfio"

/* Can it be handed over: otherwise it says why not */
static int use_check(struct tool *t, const struct model_sf *sf)
{
	if (!model_is_active(sf))
		return tool_refuse(t, sf->name,
				   "It is %s: 'idxd-sf start %s' first",
				   model_state(sf), sf->name);
	if (!sf->vfio.companion[0])
		return tool_refuse(t, sf->name,
				   "It has no VFIO device: load idxd_vfio");
	return TOOL_DONE;
}

static void use_qemu_arg(const struct model_sf *sf, char *buf, size_t size)
{
	snprintf(buf, size,
		 "vfio-pci,sysfsdev=/sys/bus/platform/devices/%s",
		 sf->vfio.companion);
}

static void use_print_libvirt(struct model_sf *const *sfs, int nr)
{
	char arg[128];
	int i;

	puts("<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>");
	puts("  <!-- Merge this into the domain (virsh edit). libvirt does not know what the");
	puts("       device opens: in /etc/libvirt/qemu.conf, add to cgroup_device_acl");
	printf("       \"%s\"", USE_CONTAINER);
	for (i = 0; i < nr; i++)
		printf(", \"%s\"", sfs[i]->vfio.node);
	puts(" -->");
	puts("  <!-- All memory of the domain is locked. If it has no memtune yet, add, with");
	puts("       its memory in GiB and one more for N:");
	puts("       <memtune><hard_limit unit='GiB'>N</hard_limit></memtune> -->");
	puts("  <qemu:commandline>");
	for (i = 0; i < nr; i++) {
		use_qemu_arg(sfs[i], arg, sizeof(arg));
		puts("    <qemu:arg value='-device'/>");
		printf("    <qemu:arg value='%s'/>\n", arg);
	}
	puts("  </qemu:commandline>");
	puts("</domain>");
}

static void use_print_qemu(struct tool *t, struct model_sf *const *sfs, int nr)
{
	json_object *obj = json_object_new_object();
	json_object *args = json_object_new_array();
	char arg[128];
	int i;

	for (i = 0; i < nr; i++) {
		use_qemu_arg(sfs[i], arg, sizeof(arg));
		json_object_array_add(args, json_object_new_string("-device"));
		json_object_array_add(args, json_object_new_string(arg));
		if (!t->json)
			printf("-device %s%s", arg, i + 1 < nr ? " " : "\n");
	}
	json_object_object_add(obj, "arguments", args);
	if (t->json)
		out_json(t, obj);
	else
		json_object_put(obj);
}

/* All that are named, or none */
static int use_resolve(struct tool *t, const struct model *m, int argc,
		       char **argv, struct model_sf **sfs)
{
	int i, ret;

	for (i = 0; i < argc; i++) {
		ret = model_resolve_sf(t, m, argv[i], &sfs[i]);
		if (!ret)
			ret = use_check(t, sfs[i]);
		if (ret)
			return ret;
	}
	return TOOL_DONE;
}

int cmd_qemu(struct tool *t, int argc, char **argv)
{
	struct model_sf **sfs;
	struct model m;
	int ret;

	if (model_load(t, &m))
		return TOOL_REFUSED;
	sfs = calloc(argc, sizeof(*sfs));
	if (!sfs)
		abort();
	ret = use_resolve(t, &m, argc, argv, sfs);
	if (!ret && (t->opts.used & OPT_BIT(OPT_LIBVIRT)) && !t->json)
		use_print_libvirt(sfs, argc);
	else if (!ret)
		use_print_qemu(t, sfs, argc);
	free(sfs);
	model_free(&m);
	return ret;
}

static void use_add_node(json_object *nodes, const char *path)
{
	json_object *node;

	if (!path[0])
		return;
	node = json_object_new_object();
	out_add_text(node, "path", path);
	out_add_text(node, "permissions", "rw");
	json_object_array_add(nodes, node);
}

static json_object *use_cdi_device(struct tool *t, const struct model_sf *sf)
{
	json_object *obj = json_object_new_object();
	json_object *edits = json_object_new_object();
	json_object *nodes = json_object_new_array();
	char name[NAME_SIZE];

	/* A slash is not allowed in a name there */
	snprintf(name, sizeof(name), "%s-sf-%u", sf->dev, sf->sfnum);
	out_add_text(obj, "name", name);
	if (sf->vfio.node[0] && sysfs_exists(t->root, USE_CONTAINER))
		use_add_node(nodes, USE_CONTAINER);
	use_add_node(nodes, sf->vfio.node);
	use_add_node(nodes, sf->vfio.cdev);
	json_object_object_add(edits, "deviceNodes", nodes);
	json_object_object_add(obj, "containerEdits", edits);
	return obj;
}

/* Directory and all above it */
static int use_make_dirs(const char *file)
{
	char path[SYSFS_PATH_SIZE], *p;

	if ((size_t)snprintf(path, sizeof(path), "%s", file) >= sizeof(path))
		return -ENAMETOOLONG;
	for (p = path + 1; (p = strchr(p, '/')); p++) {
		*p = 0;
		if (mkdir(path, 0755) && errno != EEXIST)
			return -errno;
		*p = '/';
	}
	return 0;
}

/* Written beside and renamed: container runtimes watch the directory */
static int use_write_file(const char *file, const char *text)
{
	char tmp[SYSFS_PATH_SIZE];
	int err = use_make_dirs(file);
	FILE *f;

	if (err)
		return err;
	if ((size_t)snprintf(tmp, sizeof(tmp), "%s.tmp", file) >= sizeof(tmp))
		return -ENAMETOOLONG;
	f = fopen(tmp, "we");
	if (!f)
		return -errno;
	if (fprintf(f, "%s\n", text) < 0)
		err = -EIO;
	if (fclose(f) && !err)
		err = -errno;
	if (!err && rename(tmp, file))
		err = -errno;
	if (err)
		unlink(tmp);
	return err;
}

static int use_write_cdi(struct tool *t, json_object *spec)
{
	char path[SYSFS_PATH_SIZE];
	int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
		    JSON_C_TO_STRING_NOSLASHESCAPE;
	const char *file = t->opts.output;
	int err;

	if ((file && !strcmp(file, "-")) || (!file && t->json)) {
		out_json(t, spec);
		return TOOL_DONE;
	}
	if (!file) {
		snprintf(path, sizeof(path), "%s%s", t->root, TOOL_CDI_FILE);
		file = path;
	}
	err = use_write_file(file, json_object_to_json_string_ext(spec, flags));
	json_object_put(spec);
	if (err)
		return tool_refuse(t, file, "%s", strerror(-err));
	if (!t->json)
		puts(file);
	return TOOL_DONE;
}

/* Those named, or all that are defined and active */
static int use_cdi_devices(struct tool *t, const struct model *m, int argc,
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
		json_object_array_add(devices, use_cdi_device(t, sf));
	}
	for (i = 0; !argc && i < m->nr_sfs; i++) {
		sf = &m->sfs[i];
		if (!sf->defined)
			continue;
		if (model_is_active(sf) && sf->vfio.companion[0])
			json_object_array_add(devices, use_cdi_device(t, sf));
		else
			tool_note(t, sf->name, "left out, as it is not active");
	}
	return TOOL_DONE;
}

int cmd_cdi(struct tool *t, int argc, char **argv)
{
	json_object *spec, *devices;
	struct model m;
	int ret;

	if (model_load(t, &m))
		return TOOL_REFUSED;
	spec = json_object_new_object();
	devices = json_object_new_array();
	out_add_text(spec, "cdiVersion", USE_CDI_VERSION);
	out_add_text(spec, "kind", USE_CDI_KIND);
	json_object_object_add(spec, "devices", devices);
	ret = use_cdi_devices(t, &m, argc, argv, devices);
	if (ret)
		json_object_put(spec);
	else
		ret = use_write_cdi(t, spec);
	model_free(&m);
	return ret;
}
