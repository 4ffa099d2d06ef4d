/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What idxd-sf asks devlink for, a function each. All return 0 or a negative
 * error number, for which nl_why() has the reason. Nothing is printed here.
 */
#ifndef IDXD_SF_DL_H
#define IDXD_SF_DL_H

#include "nl.h"

/**
 * dl_dump() - all objects of a kind
 * @nl: the connection
 * @cmd: DEVLINK_CMD_GET, _PORT_GET, _PARAM_GET, _RATE_GET
 * @sink: takes them
 *
 * Return: 0 or a negative error number.
 */
int dl_dump(struct nl *nl, uint8_t cmd, const struct nl_sink *sink);

/**
 * dl_resources() - resources of one device
 * @nl: the connection
 * @handle: the device
 * @sink: takes messages for msg_decode_resources()
 *
 * Return: 0 or a negative error number.
 */
int dl_resources(struct nl *nl, const struct msg_handle *handle,
		 const struct nl_sink *sink);

/**
 * dl_port_get() - one port
 * @nl: the connection
 * @handle: its device
 * @index: its number
 * @port: filled
 *
 * Return: 0 or a negative error number.
 */
int dl_port_get(struct nl *nl, const struct msg_handle *handle, uint32_t index,
		struct msg_port *port);

/**
 * dl_port_add() - add a port of flavour pcisf
 * @nl: the connection
 * @handle: the device
 * @sfnum: the number wanted, if known
 * @port: filled with what was added
 *
 * Return: 0 or a negative error number.
 */
int dl_port_add(struct nl *nl, const struct msg_handle *handle,
		const struct msg_opt *sfnum, struct msg_port *port);

/**
 * dl_port_del() - delete a port
 * @nl: the connection
 * @port: which
 *
 * Return: 0 or a negative error number.
 */
int dl_port_del(struct nl *nl, const struct msg_port *port);

/**
 * dl_fn_set_state() - activate or deactivate
 * @nl: the connection
 * @port: which
 * @active: what it shall be
 *
 * Return: 0 or a negative error number.
 */
int dl_fn_set_state(struct nl *nl, const struct msg_port *port, bool active);

/**
 * dl_fn_set_vectors() - set the number of completion vectors
 * @nl: the connection
 * @port: which
 * @vectors: how many
 *
 * Return: 0 or a negative error number.
 */
int dl_fn_set_vectors(struct nl *nl, const struct msg_port *port,
		      uint32_t vectors);

/**
 * dl_rate_set_priority() - set the priority of the work queue
 * @nl: the connection
 * @port: which
 * @priority: its value
 *
 * Return: 0 or a negative error number.
 */
int dl_rate_set_priority(struct nl *nl, const struct msg_port *port,
			 uint32_t priority);

/**
 * dl_diagnose() - what a health reporter of a port tells
 * @nl: the connection
 * @port: which
 * @reporter: its name
 * @sink: takes messages for fmsg_decode()
 *
 * Return: 0 or a negative error number; -EPERM but for root.
 */
int dl_diagnose(struct nl *nl, const struct msg_port *port,
		const char *reporter, const struct nl_sink *sink);

/**
 * dl_param_get() - get the runtime value of a parameter
 * @nl: the connection
 * @handle: the device
 * @name: its name
 * @param: filled
 *
 * Return: 0 or a negative error number.
 */
int dl_param_get(struct nl *nl, const struct msg_handle *handle,
		 const char *name, struct msg_param *param);

/**
 * dl_param_set() - set the runtime value of a 32-bit parameter
 * @nl: the connection
 * @handle: the device
 * @name: its name
 * @value: its value
 *
 * Return: 0 or a negative error number.
 */
int dl_param_set(struct nl *nl, const struct msg_handle *handle,
		 const char *name, uint32_t value);

/**
 * dl_param_set_text() - set the runtime value of a parameter that is a string
 * @nl: the connection
 * @handle: the device
 * @name: its name
 * @text: its value
 *
 * Return: 0 or a negative error number.
 */
int dl_param_set_text(struct nl *nl, const struct msg_handle *handle,
		      const char *name, const char *text);

#endif /* IDXD_SF_DL_H */
