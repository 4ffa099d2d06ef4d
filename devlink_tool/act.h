/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Steps that change something, each one request to devlink: done, or printed
 * as the command it equals with --dry-run. A step that fails says why.
 */
#ifndef IDXD_SF_ACT_H
#define IDXD_SF_ACT_H

#include "model.h"
#include "tool.h"

/* Index of a port that --dry-run did not add: the shell's variable has it */
#define ACT_PORT_UNKNOWN	UINT32_MAX

/**
 * act_command() - what --dry-run says
 * @t: the run
 * @fmt: a line of shell
 */
void act_command(struct tool *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * act_add() - add a port
 * @t: the run
 * @dev: PCI address
 * @sfnum: the number wanted, if known
 * @port: filled
 *
 * Return: 0, or -1 after the reason was told; so do all below.
 */
int act_add(struct tool *t, const char *dev, const struct msg_opt *sfnum,
	    struct msg_port *port);

/**
 * act_del() - delete a port
 * @t: the run
 * @name: for messages
 * @port: which
 *
 * Return: 0 or -1.
 */
int act_del(struct tool *t, const char *name, const struct msg_port *port);

/**
 * act_set_attrs() - set vectors and priority, as far as given
 * @t: the run
 * @name: for messages
 * @port: which
 * @attrs: what was asked for; an unset one is left as it is
 *
 * Return: 0 or -1.
 */
int act_set_attrs(struct tool *t, const char *name, const struct msg_port *port,
		  const struct tool_attrs *attrs);

/**
 * act_activate() - activate
 * @t: the run
 * @name: for messages
 * @port: which
 * @dev: its device, for its parameters
 * @attrs: @wq_entries is what the work queue has at least, @device_id what it
 *	shows
 *
 * The driver has one sf_wq_entries and one sf_pci_device_id for the device:
 * what is wanted is set before and put back after, under the lock of
 * tool_lock().
 *
 * Return: 0 or -1.
 */
int act_activate(struct tool *t, const char *name, const struct msg_port *port,
		 const struct model_dev *dev, const struct tool_attrs *attrs);

/**
 * act_deactivate() - deactivate
 * @t: the run
 * @name: for messages
 * @port: which
 *
 * Return: 0 or -1.
 */
int act_deactivate(struct tool *t, const char *name,
		   const struct msg_port *port);

/**
 * act_wait_vfio() - wait until a subfunction can be opened
 * @t: the run
 * @sf: an active subfunction; its VFIO device is read anew
 *
 * Return: 0 or -1.
 */
int act_wait_vfio(struct tool *t, struct model_sf *sf);

/**
 * act_wait_attached() - wait until the driver of a subfunction has it
 * @t: the run
 * @sf: an active subfunction; its port is read anew
 *
 * It is detached without a driver, and when its hardware has failed.
 *
 * Return: 0 or -1.
 */
int act_wait_attached(struct tool *t, struct model_sf *sf);

/**
 * act_finish() - print what --dry-run collected
 * @t: the run
 */
void act_finish(struct tool *t);

#endif /* IDXD_SF_ACT_H */
