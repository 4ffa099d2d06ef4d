// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verb qemu: how a subfunction is handed to a machine. Changes no
 * subfunction.
 */
#include "use.h"

#include <stdio.h>
#include <stdlib.h>

#include "opt.h"
#include "out.h"

int use_check(struct tool *t, const struct model_sf *sf)
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

static void use_put_libvirt(FILE *f, struct model_sf *const *sfs, int nr)
{
	char arg[128];
	int i;

	fputs("<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>\n"
	      "  <!-- Merge this into the domain (virsh edit). libvirt does not know what the\n"
	      "       device opens: in /etc/libvirt/qemu.conf, add to cgroup_device_acl\n", f);
	fprintf(f, "       \"%s\"", USE_CONTAINER);
	for (i = 0; i < nr; i++)
		fprintf(f, ", \"%s\"", sfs[i]->vfio.node);
	fputs(" -->\n"
	      "  <!-- All memory of the domain is locked. If it has no memtune yet, add, with\n"
	      "       its memory in GiB and one more for N:\n"
	      "       <memtune><hard_limit unit='GiB'>N</hard_limit></memtune> -->\n"
	      "  <qemu:commandline>\n", f);
	for (i = 0; i < nr; i++) {
		use_qemu_arg(sfs[i], arg, sizeof(arg));
		fprintf(f, "    <qemu:arg value='-device'/>\n"
			"    <qemu:arg value='%s'/>\n", arg);
	}
	fputs("  </qemu:commandline>\n</domain>\n", f);
}

static void use_print_libvirt(struct tool *t, struct model_sf *const *sfs,
			      int nr)
{
	json_object *obj;
	char *text;
	size_t size;
	FILE *f;

	if (!t->json) {
		use_put_libvirt(stdout, sfs, nr);
		return;
	}
	f = open_memstream(&text, &size);
	if (!f)
		abort();
	use_put_libvirt(f, sfs, nr);
	if (fclose(f))
		abort();
	obj = json_object_new_object();
	out_add_text(obj, "domain", text);
	free(text);
	out_json(t, obj);
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
	if (!ret && (t->opts.used & OPT_BIT(OPT_LIBVIRT)))
		use_print_libvirt(t, sfs, argc);
	else if (!ret)
		use_print_qemu(t, sfs, argc);
	free(sfs);
	model_free(&m);
	return ret;
}
