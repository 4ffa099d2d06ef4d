// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-fuzz netlink: the messages, mostly such that the kernel takes them, with
 * attributes left out, doubled, cut short, nested or of another type. It must
 * not send any.
 */
#include "fuzz-devlink.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/devlink.h>
#include <linux/genetlink.h>

#define FIRST_PORT	32768

/* Younger than the headers this may be built with */
#define MY_RATE_TX_PRIORITY	177
#define MY_RATE_TX_WEIGHT	178
#define MY_REGION_DIRECT	179
#define MY_FN_MAX_IO_EQS	6
/* Types of parameters, which are not in a header */
#define MY_TYPE_U32		3
#define MY_TYPE_STRING		5

/**
 * struct message - one that is being made
 * @request: what it asks for
 * @text: its parameter is text
 */
struct message {
	const struct fuzz_request *request;
	bool text;
};

static const struct fuzz_request requests[] = {
	{ .cmd = DEVLINK_CMD_GET },
	{ .cmd = DEVLINK_CMD_INFO_GET },
	{ .cmd = DEVLINK_CMD_PORT_GET, .attrs = { DEVLINK_ATTR_PORT_INDEX } },
	{ .cmd = DEVLINK_CMD_PORT_NEW, .admin = true,
	  .attrs = { DEVLINK_ATTR_PORT_FLAVOUR,
		DEVLINK_ATTR_PORT_PCI_PF_NUMBER, DEVLINK_ATTR_PORT_PCI_SF_NUMBER } },
	{ .cmd = DEVLINK_CMD_PORT_NEW, .admin = true,
	  .attrs = { DEVLINK_ATTR_PORT_FLAVOUR,
		DEVLINK_ATTR_PORT_PCI_PF_NUMBER, DEVLINK_ATTR_PORT_PCI_SF_NUMBER,
		DEVLINK_ATTR_PORT_INDEX, DEVLINK_ATTR_PORT_CONTROLLER_NUMBER } },
	{ .cmd = DEVLINK_CMD_PORT_SET, .admin = true, .active = true,
	  .attrs = { DEVLINK_ATTR_PORT_INDEX,
		DEVLINK_ATTR_PORT_FUNCTION } },
	{ .cmd = DEVLINK_CMD_PORT_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_PORT_INDEX,
		DEVLINK_ATTR_PORT_FUNCTION } },
	{ .cmd = DEVLINK_CMD_PORT_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_PORT_INDEX,
		DEVLINK_ATTR_PORT_TYPE } },
	{ .cmd = DEVLINK_CMD_PORT_DEL, .admin = true, .rare = 2,
	  .attrs = { DEVLINK_ATTR_PORT_INDEX } },
	{ .cmd = DEVLINK_CMD_PORT_SPLIT, .admin = true,
	  .attrs = { DEVLINK_ATTR_PORT_INDEX,
		DEVLINK_ATTR_PORT_SPLIT_COUNT } },
	{ .cmd = DEVLINK_CMD_RATE_GET, .attrs = { DEVLINK_ATTR_PORT_INDEX } },
	{ .cmd = DEVLINK_CMD_RATE_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_PORT_INDEX, MY_RATE_TX_PRIORITY } },
	{ .cmd = DEVLINK_CMD_RATE_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_PORT_INDEX,
		DEVLINK_ATTR_RATE_TX_MAX, DEVLINK_ATTR_RATE_TX_SHARE,
		MY_RATE_TX_PRIORITY, MY_RATE_TX_WEIGHT } },
	{ .cmd = DEVLINK_CMD_RATE_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_PORT_INDEX,
		DEVLINK_ATTR_RATE_PARENT_NODE_NAME } },
	{ .cmd = DEVLINK_CMD_RATE_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_RATE_NODE_NAME,
		DEVLINK_ATTR_RATE_TX_MAX, DEVLINK_ATTR_RATE_TX_SHARE } },
	{ .cmd = DEVLINK_CMD_RATE_NEW, .admin = true,
	  .attrs = { DEVLINK_ATTR_RATE_NODE_NAME,
		DEVLINK_ATTR_RATE_TX_MAX } },
	{ .cmd = DEVLINK_CMD_RATE_DEL, .admin = true,
	  .attrs = { DEVLINK_ATTR_RATE_NODE_NAME } },
	{ .cmd = DEVLINK_CMD_RESOURCE_DUMP },
	{ .cmd = DEVLINK_CMD_RESOURCE_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_RESOURCE_ID,
		DEVLINK_ATTR_RESOURCE_SIZE } },
	{ .cmd = DEVLINK_CMD_PARAM_GET, .attrs = { DEVLINK_ATTR_PARAM_NAME } },
	{ .cmd = DEVLINK_CMD_PARAM_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_PARAM_NAME,
		DEVLINK_ATTR_PARAM_TYPE, DEVLINK_ATTR_PARAM_VALUE_CMODE,
		DEVLINK_ATTR_PARAM_VALUE_DATA } },
	{ .cmd = DEVLINK_CMD_REGION_GET, .attrs = { DEVLINK_ATTR_REGION_NAME } },
	{ .cmd = DEVLINK_CMD_REGION_NEW, .admin = true,
	  .attrs = { DEVLINK_ATTR_REGION_NAME,
		DEVLINK_ATTR_REGION_SNAPSHOT_ID } },
	{ .cmd = DEVLINK_CMD_REGION_DEL, .admin = true,
	  .attrs = { DEVLINK_ATTR_REGION_NAME,
		DEVLINK_ATTR_REGION_SNAPSHOT_ID } },
	{ .cmd = DEVLINK_CMD_REGION_READ, .admin = true, .dump = true,
	  .attrs = { DEVLINK_ATTR_REGION_NAME,
		DEVLINK_ATTR_REGION_SNAPSHOT_ID } },
	{ .cmd = DEVLINK_CMD_REGION_READ, .admin = true, .dump = true,
	  .attrs = { DEVLINK_ATTR_REGION_NAME,
		DEVLINK_ATTR_REGION_SNAPSHOT_ID, DEVLINK_ATTR_REGION_CHUNK_ADDR,
		DEVLINK_ATTR_REGION_CHUNK_LEN, MY_REGION_DIRECT } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_GET, .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME, DEVLINK_ATTR_PORT_INDEX } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_SET, .admin = true,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME,
		DEVLINK_ATTR_HEALTH_REPORTER_GRACEFUL_PERIOD,
		DEVLINK_ATTR_HEALTH_REPORTER_AUTO_RECOVER,
		DEVLINK_ATTR_HEALTH_REPORTER_AUTO_DUMP } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_RECOVER, .admin = true, .rare = 8,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_DIAGNOSE, .admin = true,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_DIAGNOSE, .admin = true,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME, DEVLINK_ATTR_PORT_INDEX } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_DUMP_GET, .admin = true,
	  .dump = true,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_DUMP_CLEAR, .admin = true,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_TEST, .admin = true, .rare = 8,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME } },
	/* Of a port, what only a device can do included */
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_SET, .admin = true,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME, DEVLINK_ATTR_PORT_INDEX,
		DEVLINK_ATTR_HEALTH_REPORTER_GRACEFUL_PERIOD,
		DEVLINK_ATTR_HEALTH_REPORTER_AUTO_RECOVER } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_RECOVER, .admin = true,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME, DEVLINK_ATTR_PORT_INDEX } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_TEST, .admin = true,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME, DEVLINK_ATTR_PORT_INDEX } },
	{ .cmd = DEVLINK_CMD_HEALTH_REPORTER_DUMP_GET, .admin = true,
	  .dump = true,
	  .attrs = {
		DEVLINK_ATTR_HEALTH_REPORTER_NAME, DEVLINK_ATTR_PORT_INDEX } },
	{ .cmd = DEVLINK_CMD_RELOAD, .admin = true, .rare = 16,
	  .attrs = { DEVLINK_ATTR_RELOAD_ACTION } },
	{ .cmd = DEVLINK_CMD_RELOAD, .admin = true, .rare = 4,
	  .attrs = { DEVLINK_ATTR_RELOAD_ACTION, DEVLINK_ATTR_RELOAD_LIMITS,
		DEVLINK_ATTR_NETNS_PID } },
	{ .cmd = DEVLINK_CMD_ESWITCH_GET, .admin = true },
	{ .cmd = DEVLINK_CMD_ESWITCH_SET, .admin = true,
	  .attrs = { DEVLINK_ATTR_ESWITCH_MODE } },
	{ .cmd = DEVLINK_CMD_SELFTESTS_GET },
	{ .cmd = DEVLINK_CMD_TRAP_GET, .attrs = { DEVLINK_ATTR_TRAP_NAME } },
};

/**
 * struct names - what an attribute may be called
 * @attr: that attribute
 * @names: most of them are there
 */
struct names {
	uint8_t attr;
	const char *names[8];
};

static const struct names names[] = {
	{ DEVLINK_ATTR_HEALTH_REPORTER_NAME, { "hw", "sf", "hw", "sf" } },
	{ DEVLINK_ATTR_REGION_NAME, { "registers", "wqcfg", "ims" } },
	{ DEVLINK_ATTR_PARAM_NAME, {
		"sf_wq_entries", "sf_max_transfer_size", "sf_max_batch_size",
		"sf_pci_device_id", "command_timeout_ms", "wq_entries",
		"allow_unsafe_silicon" } },
	{ DEVLINK_ATTR_RATE_NODE_NAME, { "group1", "group2" } },
	{ DEVLINK_ATTR_RATE_PARENT_NODE_NAME, { "group1", "group2", "" } },
	{ DEVLINK_ATTR_TRAP_NAME, { "source_mac_is_multicast" } },
};

static const char *const other_names[] = {
	"", "x", "hw", "registers", "sf_wq_entries",
	"a_name_that_is_much_longer_than_any_there_is_in_devlink",
};

/* Values of parameters that are text */
static const char *const texts[] = {
	"0b25", "11fb", "1212", "0b26", "", "zzzz", "0x0b25", "00000000000000b25",
};

static void put(struct nlmsghdr *nlh, uint16_t type, const void *data,
		size_t len)
{
	struct nlattr *a = (void *)((char *)nlh + NLMSG_ALIGN(nlh->nlmsg_len));

	if (nlh->nlmsg_len + NLA_ALIGN(len) + 8 > FUZZ_MSG_SIZE)
		return;
	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + len;
	memcpy((char *)a + NLA_HDRLEN, data, len);
	nlh->nlmsg_len = NLMSG_ALIGN(nlh->nlmsg_len) + NLA_ALIGN(a->nla_len);
}

static void put_text(struct nlmsghdr *nlh, uint16_t type, const char *text)
{
	put(nlh, type, text, strlen(text) + 1);
}

static unsigned int attr_size(uint8_t attr)
{
	switch (attr) {
	case DEVLINK_ATTR_PORT_FLAVOUR:
	case DEVLINK_ATTR_PORT_PCI_PF_NUMBER:
	case DEVLINK_ATTR_PORT_TYPE:
	case DEVLINK_ATTR_ESWITCH_MODE:
		return 2;
	case DEVLINK_ATTR_PARAM_TYPE:
	case DEVLINK_ATTR_PARAM_VALUE_CMODE:
	case DEVLINK_ATTR_RELOAD_ACTION:
	case DEVLINK_ATTR_HEALTH_REPORTER_AUTO_RECOVER:
	case DEVLINK_ATTR_HEALTH_REPORTER_AUTO_DUMP:
		return 1;
	case MY_REGION_DIRECT:
		return 0;
	case DEVLINK_ATTR_RATE_TX_MAX:
	case DEVLINK_ATTR_RATE_TX_SHARE:
	case DEVLINK_ATTR_RESOURCE_ID:
	case DEVLINK_ATTR_RESOURCE_SIZE:
	case DEVLINK_ATTR_REGION_CHUNK_ADDR:
	case DEVLINK_ATTR_REGION_CHUNK_LEN:
	case DEVLINK_ATTR_HEALTH_REPORTER_GRACEFUL_PERIOD:
	case DEVLINK_ATTR_RELOAD_LIMITS:
		return 8;
	default:
		return 4;
	}
}

/* Values that the kernel is likely to take */
static uint64_t likely(struct fuzz_thread *t, uint8_t attr)
{
	uint8_t how = fuzz_byte(t);

	if (how >= 200)
		return fuzz_value(t);
	switch (attr) {
	case DEVLINK_ATTR_PORT_FLAVOUR:
		return DEVLINK_PORT_FLAVOUR_PCI_SF;
	case DEVLINK_ATTR_PORT_PCI_PF_NUMBER:
	case DEVLINK_ATTR_PORT_CONTROLLER_NUMBER:
		return 0;
	case DEVLINK_ATTR_PORT_PCI_SF_NUMBER:
		return how % 10;
	case DEVLINK_ATTR_PORT_INDEX:
		return (how % 16 ? FIRST_PORT : 0) + how % 10;
	case DEVLINK_ATTR_PARAM_TYPE:
		return how % 5 ? MY_TYPE_U32 : how % 8;
	case DEVLINK_ATTR_PARAM_VALUE_CMODE:
		return how % 5 ? DEVLINK_PARAM_CMODE_RUNTIME : how % 4;
	case DEVLINK_ATTR_RELOAD_ACTION:
		return how % 5 ? 1 : how % 4;
	case DEVLINK_ATTR_PARAM_VALUE_DATA:
		return 1ULL << how % 32;
	case DEVLINK_ATTR_RATE_TX_MAX:
	case DEVLINK_ATTR_RATE_TX_SHARE:
		return how % 16 * 125000ULL;
	case DEVLINK_ATTR_HEALTH_REPORTER_AUTO_RECOVER:
	case DEVLINK_ATTR_HEALTH_REPORTER_AUTO_DUMP:
		return how & 1;
	case MY_RATE_TX_PRIORITY:
		return how % 17;
	case DEVLINK_ATTR_RELOAD_LIMITS:
		/* A value, and above it which of its bits are meant */
		return how % 4 | (uint64_t)(how % 4) << 32;
	case DEVLINK_ATTR_NETNS_PID:
		return how % 5 ? getpid() : how;
	default:
		return how % 32;
	}
}

static const struct names *names_of(uint8_t attr)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].attr == attr)
			return &names[i];
	return NULL;
}

static const char *some_name(struct fuzz_thread *t, const struct names *of)
{
	uint8_t how = fuzz_byte(t);
	unsigned int nr = 0;

	if (how >= 220)
		return other_names[how % ARRAY_SIZE(other_names)];
	while (nr < ARRAY_SIZE(of->names) && of->names[nr])
		nr++;
	return of->names[how % nr];
}

/* State and opstate are u8, max_io_eqs u32, the rest is any */
static void put_function(struct fuzz_thread *t, struct nlmsghdr *nlh,
			 bool active)
{
	unsigned int how = fuzz_byte(t), nested = NLA_F_NESTED;
	struct nlattr *nest;
	uint64_t val;

	if (how >= 240)
		nested = 0;
	nest = (void *)((char *)nlh + NLMSG_ALIGN(nlh->nlmsg_len));
	put(nlh, DEVLINK_ATTR_PORT_FUNCTION | nested, "", 0);
	val = fuzz_byte(t);
	if (active || how < 100) {
		val = val % 8 ? active : val;
		put(nlh, DEVLINK_PORT_FN_ATTR_STATE, &val, 1);
	} else if (how < 180) {
		val = val % 8 ? val % 12 : fuzz_value(t);
		put(nlh, MY_FN_MAX_IO_EQS, &val, 4);
	} else {
		val = fuzz_value(t);
		put(nlh, fuzz_byte(t) % 8, &val, fuzz_byte(t) % 9);
	}
	nest->nla_len = (char *)nlh + nlh->nlmsg_len - (char *)nest;
}

/* Text, or a number of which @attr says the size */
static void put_value(struct fuzz_thread *t, struct nlmsghdr *nlh,
		      uint8_t attr, struct message *m)
{
	uint64_t val = likely(t, attr);

	if (attr == DEVLINK_ATTR_PARAM_TYPE)
		m->text = val == MY_TYPE_STRING;
	if (attr == DEVLINK_ATTR_PARAM_VALUE_DATA && m->text)
		put_text(nlh, attr, texts[val % ARRAY_SIZE(texts)]);
	else
		put(nlh, attr, &val, attr_size(attr));
}

static void put_attr(struct fuzz_thread *t, struct nlmsghdr *nlh,
		     uint8_t attr, struct message *m)
{
	uint8_t how = fuzz_byte(t), raw[16] = { 0 };
	const struct names *of = names_of(attr);

	if (how >= 236) {
		/* Left out, of any length, or of another's type */
		if (how < 242)
			return;
		fuzz_fill(t, raw, 8);
		if (how < 248)
			put(nlh, attr, raw, fuzz_byte(t) % sizeof(raw));
		else
			put(nlh, fuzz_byte(t), raw, fuzz_byte(t) % 9);
		return;
	}
	if (attr == DEVLINK_ATTR_PORT_FUNCTION)
		put_function(t, nlh, m->request->active);
	else if (of)
		put_text(nlh, attr, some_name(t, of));
	else
		put_value(t, nlh, attr, m);
}

static void put_header(struct nlmsghdr *nlh, uint16_t type, uint16_t flags,
		       uint8_t cmd)
{
	struct genlmsghdr *genl = (void *)((char *)nlh + NLMSG_HDRLEN);

	memset(nlh, 0, FUZZ_MSG_SIZE);
	nlh->nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN;
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	genl->cmd = cmd;
	genl->version = 1;
}

/*
 * Of this device, of one that is nested in a port, or of none; nobody else's.
 * Return: how many attributes come behind those of the command
 */
static unsigned int put_handle(struct fuzz_thread *t, struct nlmsghdr *nlh)
{
	uint8_t how = fuzz_byte(t);
	char name[32];

	if (how >= 250)
		return how - 250;
	snprintf(name, sizeof(name), "idxd.sf.%u", how % 10);
	put_text(nlh, DEVLINK_ATTR_BUS_NAME, how < 235 ? "pci" : "auxiliary");
	put_text(nlh, DEVLINK_ATTR_DEV_NAME, how < 235 ? fuzz_pci : name);
	return how < 220 ? 0 : how % 16;
}

/* Return: what it asks for; NULL if nothing is to be sent now */
const struct fuzz_request *fuzz_message(struct fuzz_thread *t,
					struct nlmsghdr *nlh, uint16_t family)
{
	struct message m = {
		.request = &requests[fuzz_byte(t) % ARRAY_SIZE(requests)],
	};
	const struct fuzz_request *r = m.request;
	uint8_t how = fuzz_byte(t);
	unsigned int i, more;

	if (r->rare && how % r->rare)
		return NULL;
	put_header(nlh, family, NLM_F_ACK |
			  (r->dump ^ (fuzz_byte(t) >= 230) ? NLM_F_DUMP : 0),
			  r->cmd);
	nlh->nlmsg_seq = t->tried;
	more = put_handle(t, nlh);
	for (i = 0; i < ARRAY_SIZE(r->attrs) && r->attrs[i]; i++)
		put_attr(t, nlh, r->attrs[i], &m);
	while (more--)
		put_attr(t, nlh, fuzz_byte(t), &m);
	if (fuzz_byte(t) > 250)
		nlh->nlmsg_len -= fuzz_byte(t) % 24;
	return r;
}
