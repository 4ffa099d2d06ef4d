/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a subfunction, in whole operations that succeed or leave things
 * as they were. Used by the verbs that name one and by those that name all.
 */
#ifndef IDXD_SF_LIFE_H
#define IDXD_SF_LIFE_H

#include "model.h"
#include "tool.h"

/**
 * struct life_want - a subfunction to make
 * @dev: its device
 * @sfnum: its number, if it matters
 * @attrs: its attributes
 * @active: activate it
 */
struct life_want {
	const struct model_dev *dev;
	struct msg_opt sfnum;
	struct tool_attrs attrs;
	bool active;
};

/**
 * life_create() - make a subfunction
 * @t: the run
 * @want: which
 * @sf: filled with its name, port and VFIO device
 *
 * When something fails after the port was added, or a signal ends the program,
 * the port is deleted again.
 *
 * Return: 0, or -1 after the reason was told.
 */
int life_create(struct tool *t, const struct life_want *want,
		struct model_sf *sf);

/**
 * life_activate() - activate a subfunction that exists, and wait for its node
 * @t: the run
 * @m: the snapshot
 * @sf: which; its VFIO device is filled in
 * @attrs: what its work queue is to have
 *
 * Return: 0, or -1 after the reason was told.
 */
int life_activate(struct tool *t, const struct model *m, struct model_sf *sf,
		  const struct tool_attrs *attrs);

/**
 * life_merge() - what a subfunction that exists is to be set to
 * @def: what its definition says
 * @sf: which
 * @attrs: filled: what is not defined, and is not the driver's default, too
 */
void life_merge(const struct tool_attrs *def, const struct model_sf *sf,
		struct tool_attrs *attrs);

/**
 * life_start_named() - the verb start, with names
 * @t: the run
 * @argc: number of @argv
 * @argv: the names
 *
 * Return: exit status.
 */
int life_start_named(struct tool *t, int argc, char **argv);

/**
 * life_tell_users() - say who keeps a subfunction
 * @t: the run
 * @sf: which
 */
void life_tell_users(struct tool *t, const struct model_sf *sf);

/**
 * life_print() - print a subfunction that was made or started
 * @t: the run
 * @sf: which
 */
void life_print(struct tool *t, const struct model_sf *sf);

#endif /* IDXD_SF_LIFE_H */
