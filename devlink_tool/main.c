// SPDX-License-Identifier: GPL-2.0-only
/*
 * idxd-sf: makes, keeps and uses subfunctions of Intel DSA devices. Here: the
 * start of the program, and how it says that something is wrong.
 */
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "opt.h"
#include "out.h"
#include "sysfs.h"

#define TOOL_PROGRAM	"idxd-sf"

#ifndef TOOL_VERSION
#define TOOL_VERSION	"0"
#endif

static void tool_say(struct tool *t, const char *subject, const char *text)
{
	fflush(stdout);
	fprintf(t->err, "%s: %s%s%s\n", TOOL_PROGRAM, subject ? subject : "",
		subject ? ": " : "", text);
}

/* For a program, an object a line */
static void tool_say_json(struct tool *t, const char *error,
			  const char *subject, const char *text)
{
	json_object *obj = json_object_new_object();

	if (error)
		out_add_text(obj, "error", error);
	out_add_text(obj, "subject", subject);
	out_add_text(obj, error ? "message" : "warning", text);
	fflush(stdout);
	fprintf(t->err, "%s\n", out_string(obj));
	json_object_put(obj);
}

int tool_refuse(struct tool *t, const char *subject, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (t->json)
		tool_say_json(t, "refused", subject, text);
	else
		tool_say(t, subject, text);
	return TOOL_REFUSED;
}

void tool_note(struct tool *t, const char *subject, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (t->json)
		tool_say_json(t, NULL, subject, text);
	else
		tool_say(t, subject, text);
}

int tool_usage(struct tool *t, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (t->json) {
		tool_say_json(t, "usage", NULL, text);
		return TOOL_USAGE;
	}
	tool_say(t, NULL, text);
	fprintf(t->err, "See '" TOOL_PROGRAM " help%s%s'\n",
		t->verb ? " " : "", t->verb ? t->verb : "");
	return TOOL_USAGE;
}

int tool_connect(struct tool *t)
{
	int err;

	if (t->nl)
		return 0;
	err = nl_open(&t->nl);
	if (!err)
		return 0;
	if (err == -EPROTONOSUPPORT)
		tool_refuse(t, NULL, "The kernel has no devlink: load idxd.ko");
	else
		tool_refuse(t, NULL, "No connection to devlink: %s",
			    strerror(-err));
	return -1;
}

int tool_lock(struct tool *t)
{
	char path[SYSFS_PATH_SIZE];
	int fd, err;

	if (t->dry_run || t->lock_depth++)
		return 0;
	snprintf(path, sizeof(path), "%s%s", t->root, TOOL_LOCK_FILE);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	err = fd < 0 ? -errno : file_lock(fd, TOOL_LOCK_TIMEOUT_S);
	t->lock_fd = fd;
	if (!err)
		return 0;
	if (err == -ETIMEDOUT)
		tool_refuse(t, path,
			    "Another idxd-sf holds it for %u s: wait for its end",
			    TOOL_LOCK_TIMEOUT_S);
	else
		tool_refuse(t, path, "%s", strerror(-err));
	if (fd >= 0)
		close(fd);
	t->lock_depth = 0;
	return -1;
}

void tool_unlock(struct tool *t)
{
	if (!t->dry_run && !--t->lock_depth)
		close(t->lock_fd);
}

static int tool_help(struct tool *t, const char *name)
{
	const struct opt_verb *verb = NULL;

	if (name) {
		verb = opt_find_verb(name);
		if (!verb)
			return tool_usage(t, "There is no verb '%s'", name);
	}
	opt_print_help(verb);
	return TOOL_DONE;
}

static int tool_run(struct tool *t, int argc, char **argv)
{
	const struct opt_verb *verb;
	int ret;

	if (t->opts.used & OPT_BIT(OPT_VERSION)) {
		puts(TOOL_PROGRAM " " TOOL_VERSION);
		return TOOL_DONE;
	}
	if (argc && !strcmp(argv[0], "help"))
		return tool_help(t, argc > 1 ? argv[1] : NULL);
	if (t->opts.used & OPT_BIT(OPT_HELP))
		return tool_help(t, argc ? argv[0] : NULL);
	if (!argc)
		return tool_usage(t, "Which verb?");
	verb = opt_find_verb(argv[0]);
	if (!verb)
		return tool_usage(t, "There is no verb '%s'", argv[0]);
	t->verb = verb->name;
	ret = opt_check(t, verb, argc - 1);
	return ret ? ret : verb->run(t, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	struct tool t = {
		.err = stderr,
		.root = "",
		.config_dir = TOOL_CONFIG_DIR,
		.opts = { .timeout_s = TOOL_TIMEOUT_S, .interval_s = 1 },
	};
	int first, ret;

	ret = opt_parse(&t, argc, argv, &first);
	if (!ret)
		ret = tool_run(&t, argc - first, argv + first);
	nl_close(t.nl);
	/* What was asked for is not done if nobody could be told */
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, TOOL_PROGRAM ": standard output: %s\n",
			strerror(errno));
		ret = TOOL_REFUSED;
	}
	return ret;
}
