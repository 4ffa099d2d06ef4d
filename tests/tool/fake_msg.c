// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the make-believe kernel's health reporters tell, and its parameters, as
 * the kernel puts them into messages; and the bad moments that $IDXD_SF_FAULT chooses from:
 *   intr N     the first N dumps are interrupted by a change
 *   overrun N  the first N dumps lose messages
 *   stale      answers of an earlier request and of another port come before
 *   unknown    messages have attributes nobody knows
 *   silent     no answer, as after a time-out
 *   eperm      no request that changes something is allowed
 *   warn       what changes something is done, with a word to it
 *   garbage    an answer to a change is too short
 *   nosocket   no socket is to be had
 *   nofamily   there is no devlink
 *   nogroup    devlink has no events
 *   broken     the events end with an error
 *   noparam    the driver has no parameters; accepted: it has the one that
 *              accepts unsafe silicon
 *   norate     the driver has no rates
 *   wants      what changes something lacks an attribute that is not known
 *   hurry      waiting takes no time
 *   nomemory   json-c gets no memory
 */
#include "fake.h"
#include "hooks.h"

#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/devlink.h>

static struct {
	const char *what;
	int left;
} fake_fault;

bool fake_fault_is(const char *what)
{
	const char *nr;

	if (!fake_fault.what) {
		fake_fault.what = getenv("IDXD_SF_FAULT") ?: "";
		nr = strpbrk(fake_fault.what, "0123456789");
		fake_fault.left = nr ? atoi(nr) : 1 << 30;
	}
	return !strncmp(fake_fault.what, what, strlen(what));
}

bool fake_fault_hits(const char *what)
{
	return fake_fault_is(what) && fake_fault.left-- > 0;
}

int __wrap_nanosleep(const struct timespec *req, struct timespec *rem)
{
	return fake_fault_is("hurry") ? 0 : __real_nanosleep(req, rem);
}

struct json_tokener *__wrap_json_tokener_new(void)
{
	return fake_fault_is("nomemory") ? NULL : __real_json_tokener_new();
}

static void fake_put_flag(struct nlmsghdr *nlh, uint16_t type)
{
	mnl_attr_put(nlh, type, 0, NULL);
}

static void fake_put_number(struct nlmsghdr *nlh, const char *name,
			    uint32_t value)
{
	fake_put_flag(nlh, DEVLINK_ATTR_FMSG_PAIR_NEST_START);
	mnl_attr_put_strz(nlh, DEVLINK_ATTR_FMSG_OBJ_NAME, name);
	mnl_attr_put_u8(nlh, DEVLINK_ATTR_FMSG_OBJ_VALUE_TYPE, MNL_TYPE_U32);
	mnl_attr_put_u32(nlh, DEVLINK_ATTR_FMSG_OBJ_VALUE_DATA, value);
	fake_put_flag(nlh, DEVLINK_ATTR_FMSG_NEST_END);
}

void fake_put_diagnosis(struct nlmsghdr *nlh, const struct fake_port *p,
			bool rest)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, DEVLINK_ATTR_FMSG);

	if (rest) {
		fake_put_number(nlh, "occupancy", p->entries / 4);
		fake_put_flag(nlh, DEVLINK_ATTR_FMSG_NEST_END);
		fake_put_flag(nlh, DEVLINK_ATTR_FMSG_NEST_END);
	} else {
		/* Of something else */
		fake_put_number(nlh, "occupancy", 99);
		fake_put_flag(nlh, DEVLINK_ATTR_FMSG_PAIR_NEST_START);
		mnl_attr_put_strz(nlh, DEVLINK_ATTR_FMSG_OBJ_NAME,
				  "work_queue");
		fake_put_flag(nlh, DEVLINK_ATTR_FMSG_OBJ_NEST_START);
		fake_put_number(nlh, "entries", p->entries);
	}
	mnl_attr_nest_end(nlh, nest);
}

void fake_put_param(struct nlmsghdr *nlh, const struct fake_param *param)
{
	struct nlattr *nest, *list, *value;

	mnl_attr_put_strz(nlh, DEVLINK_ATTR_BUS_NAME, param->bus);
	mnl_attr_put_strz(nlh, DEVLINK_ATTR_DEV_NAME, param->dev);
	nest = mnl_attr_nest_start(nlh, DEVLINK_ATTR_PARAM);
	mnl_attr_put_strz(nlh, DEVLINK_ATTR_PARAM_NAME, param->name);
	mnl_attr_put_u8(nlh, DEVLINK_ATTR_PARAM_TYPE,
			param->text ? MNL_TYPE_STRING : MNL_TYPE_U32);
	list = mnl_attr_nest_start(nlh, DEVLINK_ATTR_PARAM_VALUES_LIST);
	value = mnl_attr_nest_start(nlh, DEVLINK_ATTR_PARAM_VALUE);
	mnl_attr_put_u8(nlh, DEVLINK_ATTR_PARAM_VALUE_CMODE,
			DEVLINK_PARAM_CMODE_RUNTIME);
	if (param->text)
		mnl_attr_put_strz(nlh, DEVLINK_ATTR_PARAM_VALUE_DATA,
				  param->text);
	else
		mnl_attr_put_u32(nlh, DEVLINK_ATTR_PARAM_VALUE_DATA,
				 param->number);
	mnl_attr_nest_end(nlh, value);
	mnl_attr_nest_end(nlh, list);
	mnl_attr_nest_end(nlh, nest);
}
