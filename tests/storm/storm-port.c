// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-storm: what is done over devlink, to a port of one's own, and to the device
 * and its reports.
 */
#include "storm.h"

#include <errno.h>
#include <stdio.h>

#include <linux/devlink.h>

/* Younger than the headers of some distributions */
#define PORT_FN_ATTR_MAX_IO_EQS	6

static void take_port(void *data, const struct nlattr *attrs, int len)
{
	struct storm_actor *a = data;

	a->port = genl_u32(genl_find(attrs, len, DEVLINK_ATTR_PORT_INDEX));
}

/* That of one's number, of a life before */
static void find_port(void *data, const struct nlattr *attrs, int len)
{
	const struct nlattr *nr =
		genl_find(attrs, len, DEVLINK_ATTR_PORT_PCI_SF_NUMBER);
	struct storm_actor *a = data;

	if (nr && genl_u32(nr) == a->nr)
		take_port(data, attrs, len);
}

static bool add(struct storm_actor *a)
{
	struct genl *g = &a->genl;
	int err;

	genl_begin(g, DEVLINK_CMD_PORT_NEW, storm_pci);
	genl_put_u16(g, DEVLINK_ATTR_PORT_FLAVOUR, DEVLINK_PORT_FLAVOUR_PCI_SF);
	genl_put_u16(g, DEVLINK_ATTR_PORT_PCI_PF_NUMBER, 0);
	genl_put_u32(g, DEVLINK_ATTR_PORT_PCI_SF_NUMBER, a->nr);
	err = genl_do(g, take_port, a);
	if (err == -EEXIST) {
		genl_begin(g, DEVLINK_CMD_PORT_GET, NULL);
		genl_dump(g, find_port, a);
	}
	return !err;
}

static bool del(struct storm_actor *a)
{
	genl_begin(&a->genl, DEVLINK_CMD_PORT_DEL, storm_pci);
	genl_put_u32(&a->genl, DEVLINK_ATTR_PORT_INDEX, a->port);
	return !genl_do(&a->genl, NULL, NULL);
}

static int set_function(struct storm_actor *a, uint32_t port, uint16_t attr,
			const void *val, uint16_t len)
{
	struct genl *g = &a->genl;
	struct nlattr *nest;

	genl_begin(g, DEVLINK_CMD_PORT_SET, storm_pci);
	genl_put_u32(g, DEVLINK_ATTR_PORT_INDEX, port);
	nest = genl_nest(g, DEVLINK_ATTR_PORT_FUNCTION);
	genl_put(g, attr, val, len);
	genl_nest_end(g, nest);
	return genl_do(g, NULL, NULL);
}

static int set_state(struct storm_actor *a, uint32_t port, uint8_t state)
{
	return set_function(a, port, DEVLINK_PORT_FN_ATTR_STATE, &state, 1);
}

int storm_inactive(struct storm_actor *a, uint32_t port)
{
	return set_state(a, port, DEVLINK_PORT_FN_STATE_INACTIVE);
}

static bool activate(struct storm_actor *a)
{
	return !set_state(a, a->port, DEVLINK_PORT_FN_STATE_ACTIVE);
}

static bool deactivate(struct storm_actor *a)
{
	return !storm_inactive(a, a->port);
}

static bool set_attribute(struct storm_actor *a)
{
	uint32_t nr = 1 + storm_random(a, 8);

	return !set_function(a, a->port, PORT_FN_ATTR_MAX_IO_EQS, &nr,
			     sizeof(nr));
}

static bool wait_a_moment(struct storm_actor *a)
{
	return storm_pause(a, 50 + storm_random(a, 1000));
}

const struct storm_action port_actions[] = {
	{ "add", 4, add },
	{ "activate", 8, activate },
	{ "set attribute", 2, set_attribute },
	{ "wait", 12, wait_a_moment },
	{ "deactivate", 2, deactivate },
	{ "delete", 1, del },
	{ }
};

/* Health ----------------------------------------------------------------- */

static void reporter(struct storm_actor *a, uint8_t cmd)
{
	genl_begin(&a->genl, cmd, storm_pci);
	genl_put_text(&a->genl, DEVLINK_ATTR_HEALTH_REPORTER_NAME, "hw");
}

static bool on_reporter(struct storm_actor *a, uint8_t cmd)
{
	reporter(a, cmd);
	return !genl_do(&a->genl, NULL, NULL);
}

/* Halts, of the two kinds; the test bed's program asks the emulated device */
static bool halt(struct storm_actor *a)
{
	char text[160];
	const char *const argv[] = { "vm-qmp", text, NULL };

	storm_pause(a, 1000);
	snprintf(text, sizeof(text),
		 "{\"execute\": \"qom-set\", \"arguments\": {\"path\": "
		 "\"/machine/peripheral/dsa0\", \"property\": "
		 "\"inject-halt\", \"value\": %u}}", storm_random(a, 2));
	return storm_run(argv);
}

/* It fails too often here for a period of grace */
static bool recover(struct storm_actor *a)
{
	uint64_t none = 0;

	reporter(a, DEVLINK_CMD_HEALTH_REPORTER_SET);
	genl_put(&a->genl, DEVLINK_ATTR_HEALTH_REPORTER_GRACEFUL_PERIOD, &none,
		 sizeof(none));
	genl_do(&a->genl, NULL, NULL);
	return on_reporter(a, DEVLINK_CMD_HEALTH_REPORTER_RECOVER);
}

static bool test(struct storm_actor *a)
{
	storm_pause(a, 300);
	return on_reporter(a, DEVLINK_CMD_HEALTH_REPORTER_TEST);
}

static bool look(struct storm_actor *a)
{
	struct genl *g = &a->genl;
	bool ok;

	/* There may be none */
	reporter(a, DEVLINK_CMD_HEALTH_REPORTER_DUMP_GET);
	genl_dump(g, NULL, NULL);
	on_reporter(a, DEVLINK_CMD_HEALTH_REPORTER_DUMP_CLEAR);
	ok = on_reporter(a, DEVLINK_CMD_HEALTH_REPORTER_DIAGNOSE);
	genl_begin(g, DEVLINK_CMD_PORT_GET, NULL);
	ok &= !genl_dump(g, NULL, NULL);
	genl_begin(g, DEVLINK_CMD_RESOURCE_DUMP, storm_pci);
	return ok & !genl_do(g, NULL, NULL);
}

static bool snapshot(struct storm_actor *a)
{
	static const uint8_t cmds[] = {
		DEVLINK_CMD_REGION_NEW, DEVLINK_CMD_REGION_DEL,
	};
	unsigned int i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		genl_begin(&a->genl, cmds[i], storm_pci);
		genl_put_text(&a->genl, DEVLINK_ATTR_REGION_NAME, "ims");
		genl_put_u32(&a->genl, DEVLINK_ATTR_REGION_SNAPSHOT_ID, 70);
		err = genl_do(&a->genl, NULL, NULL) ?: err;
	}
	return !err;
}

static bool reset_function(struct storm_actor *a)
{
	char path[128];

	storm_pause(a, 1000);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/reset",
		 storm_pci);
	return storm_write(path, "1");
}

const struct storm_action health_actions[] = {
	{ "halt", 1, halt },
	{ "recover", 3, recover },
	{ "test", 1, test },
	{ "reset function", 1, reset_function },
	{ "look", 3, look },
	{ "snapshot", 2, snapshot },
	{ }
};
