// SPDX-License-Identifier: GPL-2.0-only
/*
 * Definitions as files. What is in them is conf_parse.c's business.
 */
#include "conf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONF_SUFFIX	".json"
/* A definition has some hundred bytes */
#define CONF_TEXT_SIZE	4096
#define CONF_PATH_SIZE	512

void conf_name_file(struct conf *def)
{
	if (!def->file[0])
		snprintf(def->file, sizeof(def->file), "%s-sf-%u" CONF_SUFFIX,
			 def->dev, def->sfnum);
}

struct conf *conf_find(const struct conf_list *list, const char *dev,
		       uint32_t sfnum)
{
	size_t i;

	for (i = 0; i < list->nr; i++)
		if (list->defs[i].sfnum == sfnum &&
		    !strcmp(list->defs[i].dev, dev))
			return &list->defs[i];
	return NULL;
}

void conf_free(struct conf_list *list)
{
	free(list->defs);
	memset(list, 0, sizeof(*list));
}

static int conf_read_file(int dir, const char *name, char *text)
{
	ssize_t n;
	int fd;

	fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, text, CONF_TEXT_SIZE);
	if (n < 0)
		n = -errno;
	close(fd);
	if (n < 0)
		return n;
	if (n == CONF_TEXT_SIZE)
		return -EFBIG;
	text[n] = 0;
	return 0;
}

static int conf_append(struct conf_list *list, const struct conf *def)
{
	struct conf *defs;

	defs = reallocarray(list->defs, list->nr + 1, sizeof(*defs));
	if (!defs)
		return -ENOMEM;
	defs[list->nr++] = *def;
	list->defs = defs;
	return 0;
}

static int conf_load_one(int dir, const char *name, struct conf_list *list,
			 char *why)
{
	char text[CONF_TEXT_SIZE];
	struct conf def;
	int err;

	err = conf_read_file(dir, name, text);
	if (err) {
		snprintf(why, CONF_WHY_SIZE, "%s", strerror(-err));
		return err;
	}
	err = conf_parse(text, &def, why);
	if (err)
		return err;
	if (conf_find(list, def.dev, def.sfnum)) {
		snprintf(why, CONF_WHY_SIZE, "%s/%u is defined already",
			 def.dev, def.sfnum);
		return -EEXIST;
	}
	snprintf(def.file, sizeof(def.file), "%s", name);
	return conf_append(list, &def);
}

static int conf_is_definition(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return e->d_name[0] != '.' && len > strlen(CONF_SUFFIX) &&
	       !strcmp(e->d_name + len - strlen(CONF_SUFFIX), CONF_SUFFIX);
}

static int conf_compare(const void *a, const void *b)
{
	const struct conf *x = a, *y = b;
	int order = strcmp(x->dev, y->dev);

	if (order)
		return order;
	return (x->sfnum > y->sfnum) - (x->sfnum < y->sfnum);
}

int conf_load(struct tool *t, struct conf_list *list)
{
	char why[CONF_WHY_SIZE], path[CONF_PATH_SIZE];
	struct dirent **names;
	int dir, i, n;

	memset(list, 0, sizeof(*list));
	dir = open(t->config_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0) {
		/* Nothing was ever defined */
		if (errno == ENOENT)
			return 0;
		tool_refuse(t, t->config_dir, "%s", strerror(errno));
		return -1;
	}
	n = scandir(t->config_dir, &names, conf_is_definition, alphasort);
	for (i = 0; i < n; i++) {
		why[0] = 0;
		if (conf_load_one(dir, names[i]->d_name, list, why)) {
			snprintf(path, sizeof(path), "%s/%s", t->config_dir,
				 names[i]->d_name);
			tool_refuse(t, path, "%s: correct or remove it", why);
			list->nr_bad++;
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	close(dir);
	if (list->nr)
		qsort(list->defs, list->nr, sizeof(*list->defs), conf_compare);
	return 0;
}

static int conf_write_all(int fd, const char *text, size_t size)
{
	ssize_t n;

	while (size) {
		n = write(fd, text, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		size -= n;
	}
	return 0;
}

/* Written beside, then renamed: both are on the disk when this returns */
static int conf_replace(int dir, const char *name, const char *text)
{
	char tmp[CONF_FILE_SIZE + 24];
	int fd, err;

	snprintf(tmp, sizeof(tmp), ".%s.%d", name, (int)getpid());
	fd = openat(dir, tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	err = conf_write_all(fd, text, strlen(text));
	if (!err && fsync(fd))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (!err && renameat(dir, tmp, dir, name))
		err = -errno;
	if (err)
		unlinkat(dir, tmp, 0);
	else
		fsync(dir);
	return err;
}

static int conf_open_dir(struct tool *t)
{
	int dir;

	if (mkdir(t->config_dir, 0755) && errno != EEXIST)
		dir = -1;
	else
		dir = open(t->config_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		tool_refuse(t, t->config_dir, "%s", strerror(errno));
	return dir;
}

int conf_save(struct tool *t, struct conf *def)
{
	json_object *obj = conf_json(def);
	char text[CONF_TEXT_SIZE];
	int dir, err;

	conf_name_file(def);
	snprintf(text, sizeof(text), "%s\n",
		 json_object_to_json_string_ext(obj, JSON_C_TO_STRING_PRETTY |
						JSON_C_TO_STRING_SPACED));
	json_object_put(obj);
	dir = conf_open_dir(t);
	if (dir < 0)
		return -1;
	err = conf_replace(dir, def->file, text);
	close(dir);
	if (!err)
		return 0;
	tool_refuse(t, t->config_dir, "%s not written: %s", def->file,
		    strerror(-err));
	return -1;
}

int conf_remove(struct tool *t, const struct conf *def)
{
	int dir, err;

	dir = conf_open_dir(t);
	if (dir < 0)
		return -1;
	err = unlinkat(dir, def->file, 0) ? errno : 0;
	if (!err)
		fsync(dir);
	close(dir);
	if (!err)
		return 0;
	tool_refuse(t, t->config_dir, "%s not removed: %s", def->file,
		    strerror(err));
	return -1;
}
