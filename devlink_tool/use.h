/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Handing a subfunction on: what the verbs for machines and containers share.
 */
#ifndef IDXD_SF_USE_H
#define IDXD_SF_USE_H

#include "model.h"
#include "tool.h"

/* Whoever opens a group opens this, too */
#define USE_CONTAINER	"/dev/vfio/vfio"

/**
 * use_check() - can a subfunction be handed on
 * @t: the run
 * @sf: which
 *
 * Return: TOOL_DONE, or TOOL_REFUSED after the reason was told.
 */
int use_check(struct tool *t, const struct model_sf *sf);

/**
 * use_refresh_cdi() - keep the specification for containers true
 * @t: the run, after subfunctions came or went
 *
 * The number of a group is given anew after it was given back, so a node that
 * one subfunction had may be another's. Only a specification that is there,
 * and is ours, is written: with those it names and those that are defined, as
 * far as they are active; it is removed if none is.
 */
void use_refresh_cdi(struct tool *t);

#endif /* IDXD_SF_USE_H */
