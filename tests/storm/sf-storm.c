// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-storm: administrators, users and failures, each a process that does one
 * thing after the other, at random. What is refused or fails meanwhile may do so.
 * It finds what does not end, and what never succeeds; reports in the kernel log
 * and what is left behind are for the caller to find.
 */
#include "storm.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_ACTORS	16

static const char help[] =
"usage: sf-storm [OPTIONS] PCI-ADDRESS\n"
"\n"
"Adds, uses, resets, kills, unbinds, unloads, halts and recovers the device and\n"
"its subfunctions 1 to 3, all at the same time.\n"
"\n"
"  -t, --seconds N   how long at least (20); up to --patience longer, until\n"
"                    each action has succeeded once\n"
"  -r, --seed N      what each actor does, not how they meet; default any\n"
"  -p, --patience N  seconds that an action may take (60)\n"
"  -h, --help        this text\n"
"\n"
"Status: 0 all good, 1 an action does not end or never succeeded, or a copy\n"
"is wrong, 2 usage.\n";

static const struct storm_role roles[] = {
	{ "port", STORM_NR_SFS, port_actions },
	{ "user", STORM_NR_SFS, user_actions },
	{ "device", 1, device_actions },
	{ "health", 1, health_actions },
	{ "interrupts", 1, irq_actions },
};

static struct shared {
	volatile bool over;
	unsigned int nr;
	const struct storm_role *role[MAX_ACTORS];
	struct storm_actor actor[MAX_ACTORS];
} *shared;

const char *storm_pci;

unsigned int storm_random(struct storm_actor *a, unsigned int below)
{
	return (random_next(&a->rng) >> 32) % below;
}

/* True, unless the end came first */
bool storm_pause(struct storm_actor *a, unsigned int ms)
{
	uint64_t end = now_ms() + ms;

	(void)a;
	while (!shared->over && now_ms() < end)
		usleep(ms < 20 ? ms * 1000 : 20000);
	return !shared->over;
}

/* One of the role's actions, by weight */
static unsigned int choose(struct storm_actor *a,
			   const struct storm_action *actions)
{
	unsigned int i, sum = 0, val;

	for (i = 0; actions[i].name; i++)
		sum += actions[i].weight;
	val = storm_random(a, sum);
	for (i = 0; val >= actions[i].weight; i++)
		val -= actions[i].weight;
	return i;
}

static void act(struct storm_actor *a, const struct storm_role *role)
{
	unsigned int i, nr;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (nr = 0; role->actions[nr].name; nr++)
		;
	if (genl_open(&a->genl))
		die("no devlink in this kernel");
	/* One after the other, and then as it comes */
	for (i = 0; !shared->over; i++) {
		a->action = i < nr ? i : choose(a, role->actions);
		a->since = now_ms();
		a->tried[a->action]++;
		a->done[a->action] += role->actions[a->action].run(a);
	}
	a->since = 0;
	genl_close(&a->genl);
	_exit(0);
}

static void begin(uint64_t seed)
{
	const struct storm_role *role;
	struct storm_actor *a;
	unsigned int i;

	for (role = roles; role < roles + ARRAY_SIZE(roles); role++) {
		for (i = 1; i <= role->nr; i++) {
			shared->role[shared->nr] = role;
			a = &shared->actor[shared->nr++];
			snprintf(a->name, sizeof(a->name), "%s %u", role->name,
				 i);
			a->nr = i;
			a->rng = seed * MAX_ACTORS + shared->nr;
		}
	}
	fflush(stdout);
	for (i = 0; i < shared->nr; i++) {
		a = &shared->actor[i];
		a->pid = fork();
		if (a->pid < 0)
			die("fork: %s", strerror(errno));
		if (!a->pid)
			act(a, shared->role[i]);
	}
}

/* Says who has been at something for too long */
static bool is_hanging(unsigned int patience)
{
	uint64_t since, now = now_ms();
	const struct storm_actor *a;
	bool hanging = false;
	unsigned int i;

	for (i = 0; i < shared->nr; i++) {
		a = &shared->actor[i];
		since = a->since;
		if (!since || now < since + patience * 1000ULL)
			continue;
		hanging = true;
		check(false, "%s: %s does not end in %u s", a->name,
		      shared->role[i]->actions[a->action].name, patience);
	}
	return hanging;
}

/* Until all actors are gone, which they are when each has ended its action */
static bool end(unsigned int patience)
{
	unsigned int left = shared->nr;
	int status;
	bool ok = true;

	shared->over = true;
	while (left) {
		if (waitpid(-1, &status, WNOHANG) > 0) {
			ok &= check(WIFEXITED(status) && !WEXITSTATUS(status),
				    "an actor died: status %#x", status);
			left--;
		} else if (is_hanging(patience)) {
			return false;
		} else {
			usleep(50000);
		}
	}
	return ok;
}

/* How often actors of a role tried an action, and how often that succeeded */
static void sum_up(const struct storm_role *role, unsigned int action,
		   unsigned int *tried, unsigned int *done)
{
	unsigned int i;

	*tried = 0;
	*done = 0;
	for (i = 0; i < shared->nr; i++) {
		if (shared->role[i] != role)
			continue;
		*tried += shared->actor[i].tried[action];
		*done += shared->actor[i].done[action];
	}
}

/* Whether each action has succeeded */
static bool is_complete(void)
{
	const struct storm_role *role;
	unsigned int nr, tried, done;

	for (role = roles; role < roles + ARRAY_SIZE(roles); role++) {
		for (nr = 0; role->actions[nr].name; nr++) {
			sum_up(role, nr, &tried, &done);
			if (!done)
				return false;
		}
	}
	return true;
}

/* Whatever happens meanwhile, what the hardware has completed it has done */
static bool data_was_right(void)
{
	unsigned int i, wrong = 0;

	for (i = 0; i < shared->nr; i++)
		wrong += shared->actor[i].wrong;
	return check(!wrong, "wrong data, %u times", wrong);
}

/* For each action of each role how often it succeeded, of how many times */
static bool totals(void)
{
	const struct storm_action *action;
	const struct storm_role *role;
	unsigned int nr, tried, done;
	unsigned long all = 0;
	bool ok = true;

	for (role = roles; role < roles + ARRAY_SIZE(roles); role++) {
		printf("%s:", role->name);
		for (nr = 0; role->actions[nr].name; nr++) {
			action = &role->actions[nr];
			sum_up(role, nr, &tried, &done);
			printf("%s %s %u of %u", nr ? "," : "", action->name,
			       done, tried);
			fflush(stdout);
			ok &= check(done, "%s never succeeded", action->name);
			all += tried;
		}
		printf("\n");
	}
	printf("actions: %lu\n", all);
	return ok;
}

static unsigned long parse(const char *text, unsigned long last)
{
	unsigned long val;
	char *rest;

	errno = 0;
	val = strtoul(text, &rest, 0);
	if (errno || rest == text || *rest || !val || val > last)
		die("not a number from 1 to %lu: %s", last, text);
	return val;
}

int main(int argc, char **argv)
{
	static const struct option longopts[] = {
		{ "seconds", required_argument, NULL, 't' },
		{ "seed", required_argument, NULL, 'r' },
		{ "patience", required_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	unsigned long seconds = 20, patience = 60, seed = now_ms() % 100000 + 1;
	uint64_t over;
	bool ok = true;
	int c;

	while ((c = getopt_long(argc, argv, "t:r:p:h", longopts, NULL)) >= 0) {
		switch (c) {
		case 't':
			seconds = parse(optarg, 1000000);
			break;
		case 'r':
			seed = parse(optarg, 1UL << 32);
			break;
		case 'p':
			patience = parse(optarg, 100000);
			break;
		case 'h':
			fputs(help, stdout);
			return 0;
		default:
			return 2;
		}
	}
	if (optind != argc - 1)
		die("one PCI address, see --help");
	storm_pci = argv[optind];
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		die("no memory");
	printf("seed %lu, %lu s\n", seed, seconds);
	begin(seed);
	over = now_ms() + seconds * 1000;
	while (ok && (now_ms() < over ||
		      (!is_complete() && now_ms() < over + patience * 1000))) {
		usleep(200000);
		ok = !is_hanging(patience);
	}
	ok &= end(patience);
	return totals() & data_was_right() & ok ? 0 : 1;
}
