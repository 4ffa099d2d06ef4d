/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every part of idxd-sf above netlink and sysfs shares: the options, the
 * connection, the way to say that something is refused, and the verbs.
 */
#ifndef IDXD_SF_TOOL_H
#define IDXD_SF_TOOL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <json-c/json.h>

#include "nl.h"

#define TOOL_CONFIG_DIR		"/etc/idxd-sf.d"
#define TOOL_CDI_FILE		"/var/run/cdi/idxd-sf.json"
#define TOOL_LOCK_FILE		"/run/idxd-sf.lock"
#define TOOL_TIMEOUT_S		10
/* Another one may be starting all subfunctions of a machine */
#define TOOL_LOCK_TIMEOUT_S	120

/**
 * enum tool_exit - exit status
 * @TOOL_DONE: what was asked for is so
 * @TOOL_REFUSED: it is not, and the reason was told
 * @TOOL_USAGE: it was not understood
 */
enum tool_exit {
	TOOL_DONE = 0,
	TOOL_REFUSED = 1,
	TOOL_USAGE = 2,
};

/**
 * struct tool_attr - an attribute of a subfunction, as asked for
 * @given: it was asked for
 * @unset: its value is to be the driver's own choice
 * @value: its value otherwise
 */
struct tool_attr {
	bool given;
	bool unset;
	uint32_t value;
};

/**
 * struct tool_attrs - the attributes of a subfunction
 * @vectors: completion vectors (max_io_eqs)
 * @priority: priority of its work queue (tx_priority)
 * @wq_entries: entries its work queue has at least (sf_wq_entries)
 * @device_id: PCI device id it shows (sf_pci_device_id)
 */
struct tool_attrs {
	struct tool_attr vectors;
	struct tool_attr priority;
	struct tool_attr wq_entries;
	struct tool_attr device_id;
};

/**
 * struct tool_opts - options of the command line
 * @used: bit mask of enum opt_id
 * @attrs: --vectors, --priority, --wq-entries, --device-id
 * @timeout_s: --timeout
 * @interval_s: --interval
 * @count: --count; 0 for no end
 * @device: --device, or NULL
 * @output: --output, or NULL
 * @autostart: --autostart: 1 yes, 0 no
 */
struct tool_opts {
	uint32_t used;
	struct tool_attrs attrs;
	uint32_t timeout_s;
	uint32_t interval_s;
	uint32_t count;
	const char *device;
	const char *output;
	bool autostart;
};

/**
 * struct tool - one run of the program
 * @err: where refusals and warnings go: standard error, but for top, which
 *	has a screen to lose them on
 * @root: where /sys, /proc, /dev, /run, /boot are; empty but in tests
 * @config_dir: where definitions are
 * @json: print JSON
 * @pretty: with line breaks
 * @dry_run: print commands, change nothing
 * @opts: the other options
 * @nl: connection to devlink, by tool_connect()
 * @commands: what --dry-run collected for JSON
 * @verb: name of the verb, for messages
 * @lock_fd: of the lock, while @lock_depth is not 0
 * @lock_depth: how often tool_lock() took it
 */
struct tool {
	FILE *err;
	const char *root;
	const char *config_dir;
	bool json;
	bool pretty;
	bool dry_run;
	struct tool_opts opts;
	struct nl *nl;
	struct json_object *commands;
	const char *verb;
	int lock_fd;
	unsigned int lock_depth;
};

/**
 * tool_connect() - connect to devlink, once
 * @t: the run
 *
 * Return: 0, or -1 after the reason was told.
 */
int tool_connect(struct tool *t);

/**
 * tool_refuse() - say why something is refused
 * @t: the run
 * @subject: what it is about, or NULL
 * @fmt: the sentence
 *
 * On standard error; with --json as an object with the keys error, subject
 * and message.
 *
 * Return: TOOL_REFUSED.
 */
int tool_refuse(struct tool *t, const char *subject, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * tool_note() - say something beside
 * @t: the run
 * @subject: what it is about, or NULL
 * @fmt: the sentence
 *
 * On standard error; with --json as an object with the keys subject and
 * warning.
 */
void tool_note(struct tool *t, const char *subject, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * tool_usage() - say what was not understood
 * @t: the run
 * @fmt: the sentence
 *
 * As tool_refuse(), with a hint for people.
 *
 * Return: TOOL_USAGE.
 */
int tool_usage(struct tool *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * tool_lock() - one at a time may change parameters, or start all
 * @t: the run; it may hold the lock already
 *
 * Waits for another one, TOOL_LOCK_TIMEOUT_S at most. Nothing is locked with
 * --dry-run.
 *
 * Return: 0, or -1 after the reason was told.
 */
int tool_lock(struct tool *t);

/**
 * tool_unlock() - let the next one
 * @t: the run, after tool_lock()
 */
void tool_unlock(struct tool *t);

/* The verbs: each gets its arguments, and returns the exit status */
int cmd_list(struct tool *t, int argc, char **argv);
int cmd_show(struct tool *t, int argc, char **argv);
int cmd_create(struct tool *t, int argc, char **argv);
int cmd_delete(struct tool *t, int argc, char **argv);
int cmd_start(struct tool *t, int argc, char **argv);
int cmd_stop(struct tool *t, int argc, char **argv);
int cmd_define(struct tool *t, int argc, char **argv);
int cmd_undefine(struct tool *t, int argc, char **argv);
int cmd_modify(struct tool *t, int argc, char **argv);
int cmd_reconcile(struct tool *t, int argc, char **argv);
int cmd_qemu(struct tool *t, int argc, char **argv);
int cmd_cdi(struct tool *t, int argc, char **argv);
int cmd_monitor(struct tool *t, int argc, char **argv);
int cmd_check(struct tool *t, int argc, char **argv);
int cmd_top(struct tool *t, int argc, char **argv);
int cmd_names(struct tool *t, int argc, char **argv);

#endif /* IDXD_SF_TOOL_H */
