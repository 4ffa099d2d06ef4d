// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of what idxd-sf reads: names people type, messages of the kernel.
 */
#include <errno.h>
#include <string.h>

#include <linux/genetlink.h>

#include "attr.h"
#include "fmsg.h"
#include "ktap.h"
#include "msg.h"
#include "name.h"
#include "shim/linux/array_size.h"

static uint64_t buf[512];

static struct nlmsghdr *begin(uint16_t type, uint8_t cmd)
{
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;

	memset(buf, 0, sizeof(buf));
	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_type = type;
	if (type >= NLMSG_MIN_TYPE) {
		genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
		genl->cmd = cmd;
	}
	return nlh;
}

static struct nlmsghdr *begin_port(void)
{
	struct nlmsghdr *nlh = begin(0x20, DEVLINK_CMD_PORT_NEW);

	mnl_attr_put_strz(nlh, DEVLINK_ATTR_BUS_NAME, "pci");
	mnl_attr_put_strz(nlh, DEVLINK_ATTR_DEV_NAME, "0000:00:05.0");
	mnl_attr_put_u32(nlh, DEVLINK_ATTR_PORT_INDEX, 32768);
	return nlh;
}

static void name_forms_parsed(void)
{
	struct name name;

	EXPECT(0, name_parse("0000:00:05.0/7", &name));
	EXPECT(0, strcmp(name.dev, "0000:00:05.0"));
	EXPECT(1, name.has_sfnum);
	EXPECT(7, name.sfnum);
	EXPECT(0, name_parse("7", &name));
	EXPECT(0, name.dev[0]);
	EXPECT(7, name.sfnum);
	EXPECT(0, name_parse("6a:01.0", &name));
	EXPECT(0, strcmp(name.dev, "0000:6a:01.0"));
	EXPECT(0, name.has_sfnum);
	EXPECT(0, name_parse("10000:6A:01.0/4294967295", &name));
	EXPECT(0, strcmp(name.dev, "10000:6a:01.0"));
	EXPECT(0xffffffff, name.sfnum);
}

static void name_others_refused(void)
{
	static const char * const texts[] = {
		"", "/", "x", "7x", "-1", "+1", " 7", "4294967296",
		"0000:00:05.0/", "0000:00:05.0/x", "0000:00:05/7", "/7",
		"0000:00:05.0/7/8", "0000:00:05.0x", "00:05.00",
		"0000000000000000000000000000000000000000000000000000000000000000000000/7",
	};
	struct name name;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		EXPECT(-EINVAL, name_parse(texts[i], &name));
}

static void device_id_in_any_case_and_nothing_else(void)
{
	static const char *const wrong[] = {
		"", "0x0b25", "10b25", "0b2g", " b25", "-1", "0b25 ",
	};
	uint32_t id = 0;
	size_t i;

	EXPECT(0, name_parse_id("0B25", &id));
	EXPECT(0x0b25, id);
	EXPECT(0, name_parse_id("b25", &id));
	EXPECT(0x0b25, id);
	EXPECT(0, name_parse_id("ffff", &id));
	EXPECT(0xffff, id);
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		EXPECT(-EINVAL, name_parse_id(wrong[i], &id));
}

/* A parameter with @size bytes of text, ended or not */
static int decode_text(const char *text, size_t size, struct msg_param *param)
{
	struct nlmsghdr *nlh = begin(0x20, DEVLINK_CMD_PARAM_GET);
	struct nlattr *nest, *list, *value;

	mnl_attr_put_strz(nlh, DEVLINK_ATTR_BUS_NAME, "pci");
	mnl_attr_put_strz(nlh, DEVLINK_ATTR_DEV_NAME, "0000:00:05.0");
	nest = mnl_attr_nest_start(nlh, DEVLINK_ATTR_PARAM);
	mnl_attr_put_strz(nlh, DEVLINK_ATTR_PARAM_NAME, "sf_pci_device_id");
	mnl_attr_put_u8(nlh, DEVLINK_ATTR_PARAM_TYPE, MNL_TYPE_STRING);
	list = mnl_attr_nest_start(nlh, DEVLINK_ATTR_PARAM_VALUES_LIST);
	value = mnl_attr_nest_start(nlh, DEVLINK_ATTR_PARAM_VALUE);
	mnl_attr_put_u8(nlh, DEVLINK_ATTR_PARAM_VALUE_CMODE,
			DEVLINK_PARAM_CMODE_RUNTIME);
	mnl_attr_put(nlh, DEVLINK_ATTR_PARAM_VALUE_DATA, size, text);
	mnl_attr_nest_end(nlh, value);
	mnl_attr_nest_end(nlh, list);
	mnl_attr_nest_end(nlh, nest);
	return msg_decode_param(nlh, param);
}

static void param_text_decoded_where_it_ends(void)
{
	struct msg_param param;
	char endless[200];

	EXPECT(0, decode_text("0b25", 5, &param));
	EXPECT(0, strcmp(param.text, "0b25"));
	EXPECT(0, param.value.known);
	memset(endless, 'b', sizeof(endless));
	EXPECT(0, decode_text(endless, sizeof(endless), &param));
	EXPECT(0, param.text[0]);
	endless[sizeof(endless) - 1] = 0;
	EXPECT(0, decode_text(endless, sizeof(endless), &param));
	EXPECT(0, param.text[0]);
	EXPECT(0, decode_text("", 0, &param));
	EXPECT(0, param.text[0]);
}

static void port_complete_decoded(void)
{
	struct nlmsghdr *nlh = begin_port();
	struct nlattr *fn, *nested;
	struct msg_port port;

	mnl_attr_put_u16(nlh, DEVLINK_ATTR_PORT_FLAVOUR,
			 DEVLINK_PORT_FLAVOUR_PCI_SF);
	mnl_attr_put_u32(nlh, DEVLINK_ATTR_PORT_PCI_SF_NUMBER, 7);
	fn = mnl_attr_nest_start(nlh, DEVLINK_ATTR_PORT_FUNCTION);
	mnl_attr_put_u8(nlh, DEVLINK_PORT_FN_ATTR_STATE, 1);
	mnl_attr_put_u8(nlh, DEVLINK_PORT_FN_ATTR_OPSTATE, 0);
	mnl_attr_put_u32(nlh, DL_FN_ATTR_MAX_IO_EQS, 4);
	nested = mnl_attr_nest_start(nlh, DL_FN_ATTR_DEVLINK);
	mnl_attr_put_strz(nlh, DEVLINK_ATTR_BUS_NAME, "auxiliary");
	mnl_attr_put_strz(nlh, DEVLINK_ATTR_DEV_NAME, "idxd.sf.3");
	mnl_attr_nest_end(nlh, nested);
	mnl_attr_nest_end(nlh, fn);

	EXPECT(DEVLINK_CMD_PORT_NEW, msg_cmd(nlh));
	EXPECT(0, msg_decode_port(nlh, &port));
	EXPECT(32768, port.index);
	EXPECT(1, port.is_sf);
	EXPECT(7, port.sfnum);
	EXPECT(1, port.state.known);
	EXPECT(1, port.state.value);
	EXPECT(1, port.opstate.known);
	EXPECT(4, port.max_io_eqs.value);
	EXPECT(0, strcmp(port.nested.dev, "idxd.sf.3"));
}

static void port_without_handle_refused(void)
{
	struct nlmsghdr *nlh = begin(0x20, DEVLINK_CMD_PORT_NEW);
	struct msg_port port;

	mnl_attr_put_u32(nlh, DEVLINK_ATTR_PORT_INDEX, 1);
	EXPECT(-EBADMSG, msg_decode_port(nlh, &port));
}

static void attr_unknown_short_or_endless_ignored(void)
{
	struct nlmsghdr *nlh = begin_port();
	struct msg_port port;

	mnl_attr_put_u32(nlh, 4000, 1);
	mnl_attr_put_u8(nlh, DEVLINK_ATTR_PORT_INDEX, 9);
	mnl_attr_put(nlh, DEVLINK_ATTR_DEV_NAME, 4, "none");
	mnl_attr_put_u8(nlh, DEVLINK_ATTR_PORT_FLAVOUR, 7);
	EXPECT(0, msg_decode_port(nlh, &port));
	EXPECT(32768, port.index);
	EXPECT(0, strcmp(port.handle.dev, "0000:00:05.0"));
	EXPECT(0, port.is_sf);
}

static void name_too_long_refused(void)
{
	struct nlmsghdr *nlh = begin_port();
	struct msg_handle handle;
	char text[MSG_NAME_SIZE + 1];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = 0;
	mnl_attr_put_strz(nlh, DEVLINK_ATTR_DEV_NAME, text);
	EXPECT(-EBADMSG, msg_decode_handle(nlh, &handle));
}

static void count_resources(const struct msg_resource *res, void *arg)
{
	unsigned int *nr = arg;

	if (*nr == 1) {
		EXPECT(0, strcmp(res->path, "r/r"));
		EXPECT(5, res->size);
		EXPECT(1, res->occ.known);
		EXPECT(3, res->occ.value);
	}
	++*nr;
}

/* Deeper than is looked at */
static void resources_nested_counted(void)
{
	struct nlmsghdr *nlh = begin(0x20, DEVLINK_CMD_RESOURCE_DUMP);
	struct nlattr *nests[2 * (MSG_RESOURCE_DEPTH + 2)];
	unsigned int i, nr = 0;

	mnl_attr_put_strz(nlh, DEVLINK_ATTR_BUS_NAME, "pci");
	mnl_attr_put_strz(nlh, DEVLINK_ATTR_DEV_NAME, "0000:00:05.0");
	for (i = 0; i < MSG_RESOURCE_DEPTH + 2; i++) {
		nests[2 * i] = mnl_attr_nest_start(nlh,
						   DEVLINK_ATTR_RESOURCE_LIST);
		nests[2 * i + 1] = mnl_attr_nest_start(nlh,
						       DEVLINK_ATTR_RESOURCE);
		mnl_attr_put_strz(nlh, DEVLINK_ATTR_RESOURCE_NAME, "r");
		mnl_attr_put_u64(nlh, DEVLINK_ATTR_RESOURCE_SIZE, 5);
		mnl_attr_put_u64(nlh, DEVLINK_ATTR_RESOURCE_OCC, 3);
	}
	for (i = 2 * (MSG_RESOURCE_DEPTH + 2); i--;)
		mnl_attr_nest_end(nlh, nests[i]);
	EXPECT(0, msg_decode_resources(nlh, count_resources, &nr));
	EXPECT(MSG_RESOURCE_DEPTH, nr);
}

static struct nlmsgerr *begin_error(int err, uint16_t flags, size_t request)
{
	struct nlmsghdr *nlh = begin(NLMSG_ERROR, 0);
	struct nlmsgerr *end;

	nlh->nlmsg_flags = flags;
	end = mnl_nlmsg_put_extra_header(nlh, sizeof(*end));
	end->error = err;
	end->msg.nlmsg_len = sizeof(end->msg) + request;
	if (request)
		mnl_nlmsg_put_extra_header(nlh, request);
	return end;
}

static void ack_text_found_with_and_without_request(void)
{
	struct nlmsghdr *nlh = (void *)buf;
	struct msg_ack ack;

	begin_error(-EBUSY, NLM_F_ACK_TLVS | NLM_F_CAPPED, 0);
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "It is open");
	EXPECT(0, msg_decode_ack(nlh, &ack));
	EXPECT(-EBUSY, ack.err);
	EXPECT(0, strcmp(ack.text, "It is open"));

	begin_error(-EBUSY, NLM_F_ACK_TLVS, 40);
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "It is open");
	EXPECT(0, msg_decode_ack(nlh, &ack));
	EXPECT(0, strcmp(ack.text, "It is open"));

	begin_error(-EINVAL, NLM_F_ACK_TLVS | NLM_F_CAPPED, 0);
	mnl_attr_put_u32(nlh, NLMSGERR_ATTR_MISS_TYPE, 12);
	EXPECT(0, msg_decode_ack(nlh, &ack));
	EXPECT(1, !!strstr(ack.text, "attribute 12"));

	begin_error(0, 0, 0);
	EXPECT(0, msg_decode_ack(nlh, &ack));
	EXPECT(0, ack.err);
	EXPECT(0, ack.text[0]);
}

static void ack_that_lies_about_its_length_is_harmless(void)
{
	struct nlmsghdr *nlh = (void *)buf;
	struct nlmsgerr *end;
	struct msg_ack ack;

	end = begin_error(-EBUSY, NLM_F_ACK_TLVS, 0);
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "It is open");
	end->msg.nlmsg_len = 0xfffffff0;
	EXPECT(0, msg_decode_ack(nlh, &ack));
	EXPECT(0, ack.text[0]);
	end->msg.nlmsg_len = 1;
	EXPECT(0, msg_decode_ack(nlh, &ack));
	EXPECT(0, ack.text[0]);
	end->error = 5;
	EXPECT(-EBADMSG, msg_decode_ack(nlh, &ack));
	nlh->nlmsg_len = MNL_NLMSG_HDRLEN + 4;
	EXPECT(-EBADMSG, msg_decode_ack(nlh, &ack));
}

static void done_has_the_result_of_a_dump(void)
{
	struct nlmsghdr *nlh = begin(NLMSG_DONE, 0);
	struct msg_ack ack;

	EXPECT(0, msg_decode_ack(nlh, &ack));
	EXPECT(0, ack.err);
	*(int *)mnl_nlmsg_put_extra_header(nlh, sizeof(int)) = -EPERM;
	EXPECT(0, msg_decode_ack(nlh, &ack));
	EXPECT(-EPERM, ack.err);
}

/* libmnl takes these for complete ones */
static void message_longer_than_2_gib_refused(void)
{
	struct nlmsghdr *nlh = begin_port();

	EXPECT(1, msg_ok(nlh, nlh->nlmsg_len));
	EXPECT(0, msg_ok(nlh, nlh->nlmsg_len - 1));
	EXPECT(0, msg_ok(nlh, 0));
	EXPECT(0, msg_ok(nlh, -4));
	nlh->nlmsg_len = 0xd8000014;
	EXPECT(0, msg_ok(nlh, sizeof(buf)));
	nlh->nlmsg_len = 15;
	EXPECT(0, msg_ok(nlh, sizeof(buf)));
}

/* The last number and its names */
static char found_path[FMSG_PATH_SIZE];
static uint64_t found_value;
static unsigned int nr_found;

static void found(const char *path, uint64_t value, void *arg)
{
	(void)arg;
	snprintf(found_path, sizeof(found_path), "%s", path);
	found_value = value;
	nr_found++;
}

static struct nlattr *begin_fmsg(struct nlmsghdr **nlh)
{
	*nlh = begin(0x20, DEVLINK_CMD_HEALTH_REPORTER_DIAGNOSE);
	return mnl_attr_nest_start(*nlh, DEVLINK_ATTR_FMSG);
}

static void put_flag(struct nlmsghdr *nlh, uint16_t type)
{
	mnl_attr_put(nlh, type, 0, NULL);
}

static void put_pair(struct nlmsghdr *nlh, const char *name)
{
	put_flag(nlh, DEVLINK_ATTR_FMSG_PAIR_NEST_START);
	mnl_attr_put_strz(nlh, DEVLINK_ATTR_FMSG_OBJ_NAME, name);
}

static void put_value(struct nlmsghdr *nlh, uint8_t type, size_t size,
		      const void *data)
{
	mnl_attr_put_u8(nlh, DEVLINK_ATTR_FMSG_OBJ_VALUE_TYPE, type);
	mnl_attr_put(nlh, DEVLINK_ATTR_FMSG_OBJ_VALUE_DATA, size, data);
}

static void fmsg_names_kept_over_messages(void)
{
	const uint32_t entries = 16, occupancy = 5;
	struct fmsg fmsg = { 0 };
	struct nlmsghdr *nlh;
	struct nlattr *nest;

	nr_found = 0;
	nest = begin_fmsg(&nlh);
	put_flag(nlh, DEVLINK_ATTR_FMSG_OBJ_NEST_START);
	put_pair(nlh, "work_queue");
	put_flag(nlh, DEVLINK_ATTR_FMSG_OBJ_NEST_START);
	put_pair(nlh, "entries");
	put_value(nlh, MNL_TYPE_U32, 4, &entries);
	put_flag(nlh, DEVLINK_ATTR_FMSG_NEST_END);
	mnl_attr_nest_end(nlh, nest);
	EXPECT(0, fmsg_decode(&fmsg, nlh, found, NULL));
	EXPECT(0, strcmp(found_path, "work_queue/entries"));
	EXPECT(16, found_value);

	nest = begin_fmsg(&nlh);
	put_pair(nlh, "occupancy");
	put_value(nlh, MNL_TYPE_U32, 4, &occupancy);
	mnl_attr_nest_end(nlh, nest);
	EXPECT(0, fmsg_decode(&fmsg, nlh, found, NULL));
	EXPECT(0, strcmp(found_path, "work_queue/occupancy"));
	EXPECT(5, found_value);
	EXPECT(2, nr_found);
}

static void fmsg_ends_without_start_and_short_values_harmless(void)
{
	struct fmsg fmsg = { 0 };
	struct nlmsghdr *nlh;
	struct nlattr *nest;

	nr_found = 0;
	nest = begin_fmsg(&nlh);
	mnl_attr_put_strz(nlh, DEVLINK_ATTR_FMSG_OBJ_NAME, "nowhere");
	put_flag(nlh, DEVLINK_ATTR_FMSG_NEST_END);
	put_pair(nlh, "short");
	put_value(nlh, MNL_TYPE_U64, 4, "abc");
	put_value(nlh, MNL_TYPE_STRING, 4, "abc");
	mnl_attr_nest_end(nlh, nest);
	EXPECT(0, fmsg_decode(&fmsg, nlh, found, NULL));
	EXPECT(0, nr_found);
	EXPECT(1, fmsg.depth);
}

static void fmsg_deeper_than_looked_at_comes_up_again(void)
{
	const uint8_t value = 7;
	struct fmsg fmsg = { 0 };
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	unsigned int i;

	nr_found = 0;
	nest = begin_fmsg(&nlh);
	for (i = 0; i < FMSG_DEPTH + 3; i++)
		put_pair(nlh, "level");
	put_value(nlh, MNL_TYPE_U8, 1, &value);
	for (i = 0; i < FMSG_DEPTH + 2; i++)
		put_flag(nlh, DEVLINK_ATTR_FMSG_NEST_END);
	put_value(nlh, MNL_TYPE_U8, 1, &value);
	mnl_attr_nest_end(nlh, nest);
	EXPECT(0, fmsg_decode(&fmsg, nlh, found, NULL));
	EXPECT(1, nr_found);
	EXPECT(0, strcmp(found_path, "level"));
	EXPECT(-EBADMSG, fmsg_decode(&fmsg, begin_port(), found, NULL));
}

static const struct ktap_test tests[] = {
	KTAP_TEST(name_forms_parsed),
	KTAP_TEST(name_others_refused),
	KTAP_TEST(device_id_in_any_case_and_nothing_else),
	KTAP_TEST(param_text_decoded_where_it_ends),
	KTAP_TEST(port_complete_decoded),
	KTAP_TEST(port_without_handle_refused),
	KTAP_TEST(attr_unknown_short_or_endless_ignored),
	KTAP_TEST(name_too_long_refused),
	KTAP_TEST(resources_nested_counted),
	KTAP_TEST(ack_text_found_with_and_without_request),
	KTAP_TEST(ack_that_lies_about_its_length_is_harmless),
	KTAP_TEST(done_has_the_result_of_a_dump),
	KTAP_TEST(message_longer_than_2_gib_refused),
	KTAP_TEST(fmsg_names_kept_over_messages),
	KTAP_TEST(fmsg_ends_without_start_and_short_values_harmless),
	KTAP_TEST(fmsg_deeper_than_looked_at_comes_up_again),
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
