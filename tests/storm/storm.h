/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sf-storm: all that administrators, users and failures do to a device, in
 * random order and at the same time. What its files share.
 */
#ifndef STORM_H
#define STORM_H

#include <stdbool.h>
#include <stdint.h>

#include "genl.h"
#include "sf-copy.h"

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define STORM_NAME_SIZE		16
#define STORM_MAX_ACTIONS	12
/* Subfunctions have the numbers from 1 */
#define STORM_NR_SFS		3

/**
 * struct storm_actor - one who does one thing after the other
 * @name: for people
 * @nr: of those of the same role, from 1
 * @pid: its process
 * @action: what it is at, an index in its role's actions
 * @since: since when, in ms, or 0 for nothing
 * @tried: how often it did each action
 * @done: and how often that succeeded
 * @wrong: copies of its users that were done, and were none
 * @rng: its random numbers
 * @genl: its connection to devlink
 * @port: index of its port, as devlink has it
 */
struct storm_actor {
	char name[STORM_NAME_SIZE];
	unsigned int nr;
	int pid;
	unsigned int action;
	uint64_t since;
	unsigned int tried[STORM_MAX_ACTIONS];
	unsigned int done[STORM_MAX_ACTIONS];
	unsigned int wrong;
	uint64_t rng;
	struct genl genl;
	uint32_t port;
};

/**
 * struct storm_action - what an actor does
 * @name: for people
 * @weight: how often, compared with the others of the role
 * @run: does it; false if it did not succeed, which it may
 */
struct storm_action {
	const char *name;
	unsigned int weight;
	bool (*run)(struct storm_actor *a);
};

/**
 * struct storm_role - what actors of a kind do
 * @name: for people
 * @nr: how many of them there are
 * @actions: up to one without a name
 */
struct storm_role {
	const char *name;
	unsigned int nr;
	const struct storm_action *actions;
};

extern const struct storm_action port_actions[];
extern const struct storm_action user_actions[];
extern const struct storm_action device_actions[];
extern const struct storm_action health_actions[];
extern const struct storm_action irq_actions[];

/* sf-storm.c: the device, random numbers, time */
extern const char *storm_pci;
unsigned int storm_random(struct storm_actor *a, unsigned int below);
bool storm_pause(struct storm_actor *a, unsigned int ms);

/* storm-port.c */
int storm_inactive(struct storm_actor *a, uint32_t port);

/* storm-host.c */
bool storm_write(const char *path, const char *text);
bool storm_run(const char *const argv[]);
unsigned int storm_some_sf(struct storm_actor *a);

#endif /* STORM_H */
