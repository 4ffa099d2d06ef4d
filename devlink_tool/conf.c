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

#include "file.h"

#define CONF_SUFFIX	".json"
/* A definition has some hundred bytes */
#define CONF_TEXT_SIZE	4096
#define CONF_PATH_SIZE	512
/* Hidden: neither a definition nor something that makes the directory full */
#define CONF_LOCK_FILE	".lock"
#define CONF_LOCK_TIMEOUT_S	10

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
	if (memchr(text, 0, n))
		return -EILSEQ;
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
		snprintf(why, CONF_WHY_SIZE, "%s", err == -EILSEQ ?
			 "It is no text" : strerror(-err));
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

static int conf_open_dir(struct tool *t)
{
	int dir = -1;

	/* Everybody may read it, whatever the umask */
	if (!mkdir(t->config_dir, 0755))
		chmod(t->config_dir, 0755);
	if (!access(t->config_dir, F_OK))
		dir = open(t->config_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		tool_refuse(t, t->config_dir, "%s", strerror(errno));
	return dir;
}

int conf_lock(struct tool *t)
{
	int dir, fd, err = 0;

	dir = conf_open_dir(t);
	if (dir < 0)
		return -1;
	fd = openat(dir, CONF_LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		err = -errno;
	else
		err = file_lock(fd, CONF_LOCK_TIMEOUT_S);
	close(dir);
	if (!err)
		return fd;
	if (fd >= 0)
		close(fd);
	if (err == -ETIMEDOUT)
		tool_refuse(t, t->config_dir,
			    "Another idxd-sf changes definitions: wait for its end");
	else
		tool_refuse(t, t->config_dir, "%s", strerror(-err));
	return -1;
}

void conf_unlock(int lock)
{
	if (lock >= 0)
		close(lock);
}

bool conf_is_taken(struct tool *t, struct conf *def)
{
	char path[CONF_PATH_SIZE];
	struct stat st;

	conf_name_file(def);
	snprintf(path, sizeof(path), "%s/%s", t->config_dir, def->file);
	return !lstat(path, &st);
}

int conf_save(struct tool *t, struct conf *def, bool create)
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
	err = file_replace_at(dir, def->file, text, create);
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
