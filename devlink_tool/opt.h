/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options and verbs as people type them. Pure, but for the messages.
 */
#ifndef IDXD_SF_OPT_H
#define IDXD_SF_OPT_H

#include "tool.h"

/**
 * enum opt_id - the options
 * @OPT_ALL: --all
 * @OPT_AUTOSTART: --autostart yes|no
 * @OPT_COUNT: --count N
 * @OPT_DEVICE: --device PCI-ADDRESS
 * @OPT_DRY_RUN: --dry-run
 * @OPT_INACTIVE: --inactive
 * @OPT_INTERVAL: --interval SECONDS
 * @OPT_LIBVIRT: --libvirt
 * @OPT_OUTPUT: --output FILE
 * @OPT_PRIORITY: --priority N
 * @OPT_TIMEOUT: --timeout SECONDS
 * @OPT_VECTORS: --vectors N
 * @OPT_WQ_ENTRIES: --wq-entries N
 * @OPT_DEVICE_ID: --device-id ID
 * @OPT_GLOBAL: from here on, options of every verb
 * @OPT_CONFIG_DIR: --config-dir DIR
 * @OPT_HELP: --help
 * @OPT_JSON: --json
 * @OPT_PRETTY: --pretty
 * @OPT_ROOT: --root DIR
 * @OPT_VERSION: --version
 */
enum opt_id {
	OPT_ALL,
	OPT_AUTOSTART,
	OPT_COUNT,
	OPT_DEVICE,
	OPT_DRY_RUN,
	OPT_INACTIVE,
	OPT_INTERVAL,
	OPT_LIBVIRT,
	OPT_OUTPUT,
	OPT_PRIORITY,
	OPT_TIMEOUT,
	OPT_VECTORS,
	OPT_WQ_ENTRIES,
	OPT_DEVICE_ID,
	OPT_GLOBAL,
	OPT_CONFIG_DIR = OPT_GLOBAL,
	OPT_HELP,
	OPT_JSON,
	OPT_PRETTY,
	OPT_ROOT,
	OPT_VERSION,
};

#define OPT_BIT(id)	(1U << (id))

/**
 * struct opt_verb - a verb
 * @name: what is typed
 * @args: its arguments, for people
 * @summary: what it does, in a line
 * @help: more about it, whole lines
 * @opts: its options, a bit each
 * @min: fewest arguments; with --all there are none
 * @max: most arguments, or -1
 * @run: does it
 * @hidden: not for people
 */
struct opt_verb {
	const char *name;
	const char *args;
	const char *summary;
	const char *help;
	uint32_t opts;
	int min;
	int max;
	int (*run)(struct tool *t, int argc, char **argv);
	bool hidden;
};

/* All verbs; the last has no name */
extern const struct opt_verb opt_verbs[];

/**
 * opt_parse() - read the command line
 * @t: the run; its options are filled
 * @argc: arguments of main()
 * @argv: arguments of main(); reordered
 * @first: index of the first that is no option
 *
 * Return: TOOL_DONE, or TOOL_USAGE after the reason was told.
 */
int opt_parse(struct tool *t, int argc, char **argv, int *first);

/**
 * opt_check() - do options and arguments fit the verb
 * @t: the run
 * @verb: the verb
 * @argc: number of its arguments
 *
 * Return: TOOL_DONE, or TOOL_USAGE after the reason was told.
 */
int opt_check(struct tool *t, const struct opt_verb *verb, int argc);

/**
 * opt_print_help() - print the help of a verb
 * @verb: the verb, or NULL for the program's
 */
void opt_print_help(const struct opt_verb *verb);

/**
 * opt_find_verb() - find a verb
 * @name: what was typed
 *
 * Return: the verb or NULL.
 */
const struct opt_verb *opt_find_verb(const char *name);

#endif /* IDXD_SF_OPT_H */
