/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages of devlink as plain structures. Pure: every function takes one
 * netlink message that is complete in memory and aligned to four bytes, and
 * believes nothing in it. What a message does not have stays zero.
 */
#ifndef IDXD_SF_MSG_H
#define IDXD_SF_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

#define MSG_TEXT_SIZE		256
#define MSG_NAME_SIZE		64
/* Resources nest; a deeper level is not looked at */
#define MSG_RESOURCE_DEPTH	4

/**
 * struct msg_handle - names a devlink instance
 * @bus: "pci", "auxiliary"
 * @dev: "0000:00:05.0", "idxd.sf.0"
 */
struct msg_handle {
	char bus[MSG_NAME_SIZE];
	char dev[MSG_NAME_SIZE];
};

/**
 * struct msg_opt - a number that a message may lack
 * @known: it is there
 * @value: the number
 */
struct msg_opt {
	bool known;
	uint64_t value;
};

/**
 * struct msg_port - a port
 * @handle: its device
 * @index: its number there
 * @is_sf: it is of flavour pcisf, and @sfnum is valid
 * @sfnum: the user's number
 * @state: enum devlink_port_fn_state
 * @opstate: enum devlink_port_fn_opstate
 * @max_io_eqs: completion vectors
 * @nested: the instance nested in it, or empty
 */
struct msg_port {
	struct msg_handle handle;
	uint32_t index;
	bool is_sf;
	uint32_t sfnum;
	struct msg_opt state;
	struct msg_opt opstate;
	struct msg_opt max_io_eqs;
	struct msg_handle nested;
};

/**
 * struct msg_param - the runtime value of a parameter
 * @handle: its device
 * @name: its name
 * @type: MNL_TYPE_U8, _U16, _U32, _FLAG have a @value, MNL_TYPE_STRING has a
 *	@text, others have none
 * @value: the value
 * @text: likewise, or empty
 */
struct msg_param {
	struct msg_handle handle;
	char name[MSG_NAME_SIZE];
	uint8_t type;
	struct msg_opt value;
	char text[MSG_NAME_SIZE];
};

/**
 * struct msg_rate - scheduling of a port
 * @handle: its device
 * @index: its port
 * @tx_priority: priority of the work queue
 */
struct msg_rate {
	struct msg_handle handle;
	uint32_t index;
	struct msg_opt tx_priority;
};

/**
 * struct msg_resource - one resource
 * @path: its name, behind those it is nested in: "wq_entries/wq0"
 * @size: how many there are
 * @occ: how many are taken
 */
struct msg_resource {
	char path[MSG_NAME_SIZE * 2];
	uint64_t size;
	struct msg_opt occ;
};

/**
 * struct msg_reporter - a health reporter
 * @handle: its device
 * @port: its port, if it is one of a port
 * @name: its name
 * @state: nonzero when it reports an error
 * @errors: how often it did
 * @recoveries: how often the device was recovered
 */
struct msg_reporter {
	struct msg_handle handle;
	struct msg_opt port;
	char name[MSG_NAME_SIZE];
	uint8_t state;
	uint64_t errors;
	uint64_t recoveries;
};

/**
 * struct msg_family - answer of generic netlink's controller
 * @id: number of the family
 * @group: number of the multicast group asked for, or 0
 */
struct msg_family {
	uint16_t id;
	uint32_t group;
};

/**
 * struct msg_ack - end of a request
 * @err: 0 or a negative error number
 * @text: what the kernel says about it (extack), or empty
 */
struct msg_ack {
	int err;
	char text[MSG_TEXT_SIZE];
};

/**
 * msg_ok() - is a message complete
 * @nlh: where it begins
 * @left: bytes from there on
 *
 * As mnl_nlmsg_ok(), which takes a length of 2 GiB or more for a negative
 * one.
 *
 * Return: true if it is.
 */
bool msg_ok(const struct nlmsghdr *nlh, int left);

/**
 * msg_cmd() - devlink command of a message
 * @nlh: the message
 *
 * Return: DEVLINK_CMD_*, or -EBADMSG if it is too short.
 */
int msg_cmd(const struct nlmsghdr *nlh);

/**
 * msg_decode_handle() - read the instance a message is about
 * @nlh: the message
 * @handle: filled
 *
 * Return: 0 or -EBADMSG; so do all msg_decode functions.
 */
int msg_decode_handle(const struct nlmsghdr *nlh, struct msg_handle *handle);

/**
 * msg_decode_port() - read a port
 * @nlh: the message
 * @port: filled
 *
 * Return: 0 or -EBADMSG.
 */
int msg_decode_port(const struct nlmsghdr *nlh, struct msg_port *port);

/**
 * msg_decode_param() - read a parameter
 * @nlh: the message
 * @param: filled
 *
 * Return: 0 or -EBADMSG.
 */
int msg_decode_param(const struct nlmsghdr *nlh, struct msg_param *param);

/**
 * msg_decode_rate() - read a port's scheduling
 * @nlh: the message
 * @rate: filled
 *
 * Return: 0 or -EBADMSG; the latter for a node too, which has no port.
 */
int msg_decode_rate(const struct nlmsghdr *nlh, struct msg_rate *rate);

/**
 * msg_decode_reporter() - read the state of a health reporter
 * @nlh: the message
 * @reporter: filled
 *
 * Return: 0 or -EBADMSG.
 */
int msg_decode_reporter(const struct nlmsghdr *nlh,
			struct msg_reporter *reporter);

/**
 * msg_decode_resources() - read a device's resources
 * @nlh: the message
 * @fn: called for each, parents first
 * @arg: passed on to @fn
 *
 * Return: 0 or -EBADMSG.
 */
int msg_decode_resources(const struct nlmsghdr *nlh,
			 void (*fn)(const struct msg_resource *, void *),
			 void *arg);

/**
 * msg_decode_family() - read the controller's answer
 * @nlh: the message
 * @group: name of the multicast group wanted
 * @family: filled
 *
 * Return: 0 or -EBADMSG.
 */
int msg_decode_family(const struct nlmsghdr *nlh, const char *group,
		      struct msg_family *family);

/**
 * msg_decode_ack() - read NLMSG_ERROR or NLMSG_DONE
 * @nlh: the message
 * @ack: filled
 *
 * Return: 0 or -EBADMSG.
 */
int msg_decode_ack(const struct nlmsghdr *nlh, struct msg_ack *ack);

#endif /* IDXD_SF_MSG_H */
