// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options as people type them: one table, one switch, and the check that a
 * verb has what it was given. The verbs themselves are in verbs.c.
 */
#include "opt.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "name.h"

/* Values of getopt_long(): past every character */
#define OPT_BASE	1000
#define OPT_SHORT	":hjnpV"
#define OPT_MAX_SECONDS	86400U
#define OPT_ARG(id, name, arg)	{ name, arg, NULL, OPT_BASE + (id) }

static const struct option opt_table[] = {
	OPT_ARG(OPT_ALL, "all", no_argument),
	OPT_ARG(OPT_AUTOSTART, "autostart", required_argument),
	OPT_ARG(OPT_COUNT, "count", required_argument),
	OPT_ARG(OPT_DEVICE, "device", required_argument),
	OPT_ARG(OPT_DEVICE_ID, "device-id", required_argument),
	OPT_ARG(OPT_DRY_RUN, "dry-run", no_argument),
	OPT_ARG(OPT_INACTIVE, "inactive", no_argument),
	OPT_ARG(OPT_INTERVAL, "interval", required_argument),
	OPT_ARG(OPT_LIBVIRT, "libvirt", no_argument),
	OPT_ARG(OPT_OUTPUT, "output", required_argument),
	OPT_ARG(OPT_PRIORITY, "priority", required_argument),
	OPT_ARG(OPT_TIMEOUT, "timeout", required_argument),
	OPT_ARG(OPT_VECTORS, "vectors", required_argument),
	OPT_ARG(OPT_WQ_ENTRIES, "wq-entries", required_argument),
	OPT_ARG(OPT_CONFIG_DIR, "config-dir", required_argument),
	OPT_ARG(OPT_HELP, "help", no_argument),
	OPT_ARG(OPT_JSON, "json", no_argument),
	OPT_ARG(OPT_PRETTY, "pretty", no_argument),
	OPT_ARG(OPT_ROOT, "root", required_argument),
	OPT_ARG(OPT_VERSION, "version", no_argument),
	{ 0 }
};

static const char *opt_name(int id)
{
	const struct option *o;

	for (o = opt_table; o->name; o++)
		if (o->val == OPT_BASE + id)
			return o->name;
	return "";
}

static int opt_take_number(struct tool *t, int id, const char *text,
			   uint32_t *value)
{
	if (!name_parse_u32(text, value))
		return TOOL_DONE;
	return tool_usage(t, "--%s: '%s' is no number", opt_name(id), text);
}

/* A day is long enough, and does not overflow in any unit */
static int opt_take_seconds(struct tool *t, int id, const char *text,
			    uint32_t *value)
{
	int ret = opt_take_number(t, id, text, value);

	if (ret || *value <= OPT_MAX_SECONDS)
		return ret;
	return tool_usage(t, "--%s: give %u seconds or less", opt_name(id),
			  OPT_MAX_SECONDS);
}

static int opt_take_attr(struct tool *t, int id, const char *text,
			 struct tool_attr *attr)
{
	attr->given = true;
	attr->unset = !strcmp(text, "default");
	attr->value = 0;
	if (attr->unset || !name_parse_u32(text, &attr->value))
		return TOOL_DONE;
	return tool_usage(t, "--%s: '%s' is no number and not 'default'",
			  opt_name(id), text);
}

static int opt_take_id(struct tool *t, int id, const char *text,
		       struct tool_attr *attr)
{
	attr->given = true;
	attr->unset = !strcmp(text, "default");
	attr->value = 0;
	if (attr->unset || !name_parse_id(text, &attr->value))
		return TOOL_DONE;
	return tool_usage(t, "--%s: '%s' is no PCI device id and not 'default'",
			  opt_name(id), text);
}

static int opt_take_device(struct tool *t, const char *text)
{
	static struct name name;

	if (name_parse(text, &name) || !name.dev[0] || name.has_sfnum)
		return tool_usage(t, "--device: '%s' is no PCI address", text);
	t->opts.device = name.dev;
	return TOOL_DONE;
}

static int opt_take_autostart(struct tool *t, const char *text)
{
	t->opts.autostart = !strcmp(text, "yes");
	if (t->opts.autostart || !strcmp(text, "no"))
		return TOOL_DONE;
	return tool_usage(t, "--autostart: '%s' is not yes or no", text);
}

static int opt_take(struct tool *t, int id, const char *text)
{
	struct tool_opts *opts = &t->opts;

	if (id < OPT_GLOBAL)
		opts->used |= OPT_BIT(id);
	switch ((enum opt_id)id) {
	case OPT_ALL:
	case OPT_INACTIVE:
	case OPT_LIBVIRT:
	case OPT_HELP:
	case OPT_VERSION:
		opts->used |= OPT_BIT(id);
		break;
	case OPT_AUTOSTART:
		return opt_take_autostart(t, text);
	case OPT_COUNT:
		return opt_take_number(t, id, text, &opts->count);
	case OPT_DEVICE:
		return opt_take_device(t, text);
	case OPT_DRY_RUN:
		t->dry_run = true;
		break;
	case OPT_INTERVAL:
		return opt_take_seconds(t, id, text, &opts->interval_s);
	case OPT_OUTPUT:
		opts->output = text;
		break;
	case OPT_PRIORITY:
		return opt_take_attr(t, id, text, &opts->attrs.priority);
	case OPT_TIMEOUT:
		return opt_take_seconds(t, id, text, &opts->timeout_s);
	case OPT_VECTORS:
		return opt_take_attr(t, id, text, &opts->attrs.vectors);
	case OPT_WQ_ENTRIES:
		return opt_take_attr(t, id, text, &opts->attrs.wq_entries);
	case OPT_DEVICE_ID:
		return opt_take_id(t, id, text, &opts->attrs.device_id);
	case OPT_CONFIG_DIR:
		t->config_dir = text;
		break;
	case OPT_PRETTY:
		t->pretty = true;
		t->json = true;
		break;
	case OPT_JSON:
		t->json = true;
		break;
	case OPT_ROOT:
		t->root = text;
		break;
	}
	return TOOL_DONE;
}

/* What is wrong is told as it is wanted, even by an option further behind */
static bool opt_find_json(int argc, char **argv)
{
	/* It is put into another order, which would change what follows what */
	char **copy = calloc(argc + 1, sizeof(*copy));
	bool found = false;
	int c;

	if (!copy)
		abort();
	memcpy(copy, argv, argc * sizeof(*copy));
	while ((c = getopt_long(argc, copy, OPT_SHORT, opt_table, NULL)) != -1)
		found |= c == 'j' || c == 'p' || c == OPT_BASE + OPT_JSON ||
			 c == OPT_BASE + OPT_PRETTY;
	free(copy);
	/* From the start again */
	optind = 0;
	return found;
}

int opt_parse(struct tool *t, int argc, char **argv, int *first)
{
	int c, ret = TOOL_DONE;

	opterr = 0;
	t->json = opt_find_json(argc, argv);
	while (!ret && (c = getopt_long(argc, argv, OPT_SHORT, opt_table,
					NULL)) != -1) {
		switch (c) {
		case 'h':
			ret = opt_take(t, OPT_HELP, NULL);
			break;
		case 'j':
			ret = opt_take(t, OPT_JSON, NULL);
			break;
		case 'n':
			ret = opt_take(t, OPT_DRY_RUN, NULL);
			break;
		case 'p':
			ret = opt_take(t, OPT_PRETTY, NULL);
			break;
		case 'V':
			ret = opt_take(t, OPT_VERSION, NULL);
			break;
		case ':':
			ret = tool_usage(t, "%s wants a value",
					 argv[optind - 1]);
			break;
		case '?':
			ret = tool_usage(t, "There is no option %s",
					 argv[optind - 1]);
			break;
		default:
			ret = opt_take(t, c - OPT_BASE, optarg);
			break;
		}
	}
	*first = optind;
	return ret;
}

int opt_check(struct tool *t, const struct opt_verb *verb, int argc)
{
	uint32_t extra = t->opts.used & ~verb->opts & (OPT_BIT(OPT_GLOBAL) - 1);
	bool all = t->opts.used & OPT_BIT(OPT_ALL);
	int id;

	for (id = 0; id < OPT_GLOBAL; id++)
		if (extra & OPT_BIT(id))
			return tool_usage(t, "'%s' has no option --%s",
					  verb->name, opt_name(id));
	if (all && argc)
		return tool_usage(t, "--all takes no names");
	if (!all && argc < verb->min)
		return tool_usage(t, "'%s' wants %s", verb->name, verb->args);
	if (verb->max >= 0 && argc > verb->max)
		return tool_usage(t, "'%s' takes fewer arguments", verb->name);
	if (argc && (t->opts.used & OPT_BIT(OPT_DEVICE)))
		return tool_usage(t, "--device goes with --all, not with names");
	if ((t->opts.used & OPT_BIT(OPT_INTERVAL)) && !t->opts.interval_s)
		return tool_usage(t, "--interval: give one second or more");
	return TOOL_DONE;
}

const struct opt_verb *opt_find_verb(const char *name)
{
	const struct opt_verb *verb;

	for (verb = opt_verbs; verb->name; verb++)
		if (!strcmp(verb->name, name))
			return verb;
	return NULL;
}

static void opt_print_program_help(void)
{
	const struct opt_verb *verb;

	printf("usage: idxd-sf [OPTION..] VERB [ARGUMENT..]\n\n"
	       "Makes, keeps and uses subfunctions of Intel DSA devices.\n\n");
	for (verb = opt_verbs; verb->name; verb++)
		if (!verb->hidden)
			printf("  %-10s %s\n", verb->name, verb->summary);
	printf("\nA subfunction is named PCI-ADDRESS/SFNUM (0000:00:05.0/7), or SFNUM where\n"
	       "only one device has it.\n\n"
	       "  -j, --json            print JSON\n"
	       "  -p, --pretty          print JSON with line breaks\n"
	       "  -h, --help            print the help of a verb\n"
	       "  -V, --version         print the version\n"
	       "      --config-dir DIR  definitions are there (" TOOL_CONFIG_DIR ")\n"
	       "      --root DIR        read /sys, /proc and /dev below DIR, for tests\n\n"
	       "Exit status: 0 done, 1 refused, 2 not understood.\n");
}

void opt_print_help(const struct opt_verb *verb)
{
	if (!verb) {
		opt_print_program_help();
		return;
	}
	printf("usage: idxd-sf %s%s%s\n\n%s.\n\n%s", verb->name,
	       verb->args[0] ? " " : "", verb->args, verb->summary,
	       verb->help);
}
