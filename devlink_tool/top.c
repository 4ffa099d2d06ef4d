// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verb top: a table of subfunctions with rates, drawn anew every interval.
 * Needs no more of a terminal than ANSI's clearing; without one, or with
 * --json, the tables follow each other. How full a queue is cannot be read
 * without the device's registers, so it is not shown.
 */
#include "tool.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "model.h"
#include "out.h"

#define TOP_CLEAR	"\033[H\033[J"
#define TOP_ENTER	"\033[?1049h\033[?25l"
#define TOP_LEAVE	"\033[?25h\033[?1049l"

/* Two looks, and the terminal they are drawn on */
struct top {
	struct tool *t;
	struct model now, before;
	double seconds;
	bool screen;
	struct termios saved;
};

static volatile sig_atomic_t top_stopped;

static void top_on_signal(int sig)
{
	(void)sig;
	top_stopped = 1;
}

static double top_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static uint64_t top_irqs(const struct sysfs_stats *stats)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < stats->nr_irqs; i++)
		sum += stats->irqs[i];
	return sum;
}

/* Counters begin anew with each activation */
static uint64_t top_rate(const struct top *top, uint64_t now, uint64_t before)
{
	if (now < before || top->seconds <= 0)
		return 0;
	return (now - before) / top->seconds + 0.5;
}

static const struct sysfs_stats *top_before(const struct top *top,
					    const struct model_sf *sf)
{
	const struct model_sf *old =
		model_find_sf(&top->before, sf->dev, sf->sfnum);

	return old && old->stats.valid ? &old->stats : &sf->stats;
}

static void top_row(struct out_table *table, const struct top *top,
		    const struct model_sf *sf)
{
	const struct sysfs_stats *now = &sf->stats;
	const struct sysfs_stats *old = top_before(top, sf);
	char users[256];

	model_users_text(sf, users, sizeof(users));
	out_cell(table, "%s", sf->name);
	out_cell(table, "%s", model_state(sf));
	out_cell(table, "%llu", (unsigned long long)
		 top_rate(top, top_irqs(now), top_irqs(old)));
	out_cell(table, "%llu", (unsigned long long)
		 top_rate(top, now->bar_accesses, old->bar_accesses));
	out_cell(table, "%llu", (unsigned long long)
		 top_rate(top, now->commands, old->commands));
	out_cell(table, "%llu", (unsigned long long)top_irqs(now));
	out_cell(table, "%llu", (unsigned long long)now->bar_accesses);
	out_cell(table, "%s", users[0] ? users : "-");
}

static unsigned int top_width(const struct top *top)
{
	struct winsize size;

	if (!top->screen)
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return 80;
	return size.ws_col;
}

static void top_draw(const struct top *top)
{
	struct out_table table = { .nr_columns = 8 };
	uint64_t queues = 0, left = 0;
	size_t i;

	for (i = 0; i < top->now.nr_devs; i++) {
		queues += top->now.devs[i].queues.value;
		left += top->now.devs[i].free.value;
	}
	printf("%s%zu device%s, %llu of %llu queues free%s\n",
	       top->screen ? TOP_CLEAR : "", top->now.nr_devs,
	       top->now.nr_devs == 1 ? "" : "s",
	       (unsigned long long)left, (unsigned long long)queues,
	       top->screen ? "; q leaves" : "");
	out_cell(&table, "SUBFUNCTION");
	out_cell(&table, "STATE");
	out_cell(&table, "IRQS/s");
	out_cell(&table, "TRAPS/s");
	out_cell(&table, "CMDS/s");
	out_cell(&table, "IRQS");
	out_cell(&table, "TRAPS");
	out_cell(&table, "USER");
	for (i = 0; i < top->now.nr_sfs; i++)
		if (top->now.sfs[i].exists)
			top_row(&table, top, &top->now.sfs[i]);
	out_table(&table, top_width(top));
	fflush(stdout);
}

static void top_draw_json(const struct top *top)
{
	json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < top->now.nr_sfs; i++) {
		const struct model_sf *sf = &top->now.sfs[i];
		const struct sysfs_stats *old = top_before(top, sf);
		json_object *obj;

		if (!sf->exists)
			continue;
		obj = json_object_new_object();
		out_add_text(obj, "name", sf->name);
		out_add_text(obj, "state", model_state(sf));
		out_add_number(obj, "interrupts_per_s",
			       top_rate(top, top_irqs(&sf->stats),
					top_irqs(old)));
		out_add_number(obj, "traps_per_s",
			       top_rate(top, sf->stats.bar_accesses,
					old->bar_accesses));
		out_add_number(obj, "commands_per_s",
			       top_rate(top, sf->stats.commands,
					old->commands));
		out_add_number(obj, "interrupts", top_irqs(&sf->stats));
		out_add_number(obj, "traps", sf->stats.bar_accesses);
		out_add_number(obj, "commands", sf->stats.commands);
		json_object_object_add(obj, "users", model_users_json(sf));
		json_object_array_add(array, obj);
	}
	out_json(top->t, array);
}

/* Until the next look; true when it is time to leave */
static bool top_wait(const struct top *top)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	double end = top_clock() + top->t->opts.interval_s;
	double left;
	char key;

	while (!top_stopped && (left = end - top_clock()) > 0) {
		/* A closed standard input would be readable all the time */
		if (poll(&in, top->screen ? 1 : 0, left * 1000 + 1) <= 0)
			continue;
		if (read(STDIN_FILENO, &key, 1) != 1 || key == 'q' ||
		    key == 'Q')
			return true;
	}
	return top_stopped;
}

static void top_enter(struct top *top)
{
	struct sigaction action = { .sa_handler = top_on_signal };
	struct termios raw;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	if (top->t->json || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
	    tcgetattr(STDIN_FILENO, &top->saved))
		return;
	raw = top->saved;
	raw.c_lflag &= ~(ICANON | ECHO);
	if (tcsetattr(STDIN_FILENO, TCSANOW, &raw))
		return;
	top->screen = true;
	printf("%s", TOP_ENTER);
}

static void top_leave(struct top *top)
{
	if (!top->screen)
		return;
	printf("%s", TOP_LEAVE);
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSANOW, &top->saved);
}

int cmd_top(struct tool *t, int argc, char **argv)
{
	struct top top = { .t = t };
	uint32_t left = t->opts.count;
	double last = 0, at;
	int ret = TOOL_DONE;

	(void)argc;
	(void)argv;
	top_enter(&top);
	for (;;) {
		at = top_clock();
		top.seconds = last ? at - last : 0;
		last = at;
		if (model_load(t, &top.now)) {
			ret = TOOL_REFUSED;
			break;
		}
		model_read_stats(t, &top.now);
		if (t->json)
			top_draw_json(&top);
		else
			top_draw(&top);
		model_free(&top.before);
		top.before = top.now;
		memset(&top.now, 0, sizeof(top.now));
		if ((left && !--left) || top_wait(&top))
			break;
	}
	top_leave(&top);
	model_free(&top.before);
	return ret;
}
