/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Definitions: what subfunctions an administrator wants, one JSON file each.
 * Nothing here knows whether they exist.
 */
#ifndef IDXD_SF_CONF_H
#define IDXD_SF_CONF_H

#include "name.h"
#include "tool.h"

/* As long as a file system allows */
#define CONF_FILE_SIZE	256
#define CONF_WHY_SIZE	160

/**
 * struct conf - one definition
 * @dev: PCI address of the device
 * @sfnum: number of the subfunction
 * @attrs: its attributes; what is not given is the driver's choice
 * @autostart: "start --all" and "reconcile" activate it
 * @file: name of its file, if it has one; people name theirs as they like
 */
struct conf {
	char dev[NAME_DEV_SIZE];
	uint32_t sfnum;
	struct tool_attrs attrs;
	bool autostart;
	char file[CONF_FILE_SIZE];
};

/**
 * struct conf_list - all definitions
 * @defs: sorted by device and number
 * @nr: how many
 * @nr_bad: files that could not be read; each was told
 */
struct conf_list {
	struct conf *defs;
	size_t nr;
	unsigned int nr_bad;
};

/**
 * conf_parse() - read the text of a definition
 * @text: JSON
 * @def: filled
 * @why: what is wrong with it, CONF_WHY_SIZE bytes
 *
 * Unknown keys are refused: a misspelt one would be lost in silence. Pure.
 *
 * Return: 0 or -EINVAL.
 */
int conf_parse(const char *text, struct conf *def, char *why);

/**
 * conf_json() - a definition as JSON
 * @def: the definition
 *
 * Return: a new object that conf_parse() understands.
 */
struct json_object *conf_json(const struct conf *def);

/**
 * conf_name_file() - name the file of a new definition
 * @def: the definition; one that has a name keeps it
 */
void conf_name_file(struct conf *def);

/**
 * conf_load() - read all definitions
 * @t: the run
 * @list: filled; for conf_free()
 *
 * A file that cannot be read is told, counted and left out.
 *
 * Return: 0, or -1 after the reason was told.
 */
int conf_load(struct tool *t, struct conf_list *list);

/**
 * conf_free() - free what conf_load() filled
 * @list: the list
 */
void conf_free(struct conf_list *list);

/**
 * conf_find() - definition of a subfunction
 * @list: the definitions
 * @dev: PCI address
 * @sfnum: number
 *
 * Return: the definition or NULL.
 */
struct conf *conf_find(const struct conf_list *list, const char *dev,
		       uint32_t sfnum);

/**
 * conf_lock() - be the only one that changes definitions
 * @t: the run
 *
 * Between reading them and writing one, another change would be lost. The
 * directory is made if there is none.
 *
 * Return: the lock for conf_unlock(), or -1 after the reason was told.
 */
int conf_lock(struct tool *t);

/**
 * conf_unlock() - let the next one
 * @lock: from conf_lock(), or -1
 */
void conf_unlock(int lock);

/**
 * conf_is_taken() - is there a file where a definition would go
 * @t: the run
 * @def: the definition; its file is named
 *
 * One may be there that is no definition, or that of another subfunction.
 *
 * Return: true if there is.
 */
bool conf_is_taken(struct tool *t, struct conf *def);

/**
 * conf_save() - write a definition
 * @t: the run
 * @def: the definition
 * @create: it is new: a file of its name is somebody else's
 *
 * The file is there as a whole or not at all, also after a power failure.
 *
 * Return: 0, or -1 after the reason was told.
 */
int conf_save(struct tool *t, struct conf *def, bool create);

/**
 * conf_remove() - take a definition away
 * @t: the run
 * @def: the definition
 *
 * Return: 0, or -1 after the reason was told.
 */
int conf_remove(struct tool *t, const struct conf *def);

#endif /* IDXD_SF_CONF_H */
