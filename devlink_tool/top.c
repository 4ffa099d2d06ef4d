// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verb top: a table of subfunctions with rates, drawn anew every interval.
 * Without a terminal, or with --json, the tables follow each other. What it
 * does to a terminal is in screen.c.
 */
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model.h"
#include "out.h"
#include "screen.h"

/* Lines around the rows: what is above them, their head, the cursor's */
#define TOP_LINES	3

/* Two looks, and the terminal they are drawn on */
struct top {
	struct tool *t;
	struct model now, before;
	double seconds;
	struct screen screen;
	/* What was said during the last look */
	char *said;
	size_t said_size;
};

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
	char users[256], queue[48] = "-";

	model_users_text(sf, users, sizeof(users));
	if (sf->occupancy.known && sf->wq_entries.known)
		snprintf(queue, sizeof(queue), "%llu/%llu",
			 (unsigned long long)sf->occupancy.value,
			 (unsigned long long)sf->wq_entries.value);
	out_cell(table, "%s", sf->name);
	out_cell(table, "%s", model_state(sf));
	out_cell(table, "%s", queue);
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

/* A line, as long as the screen is wide */
static void top_line(const struct top *top, const char *text)
{
	int len = strcspn(text, "\n");

	if (top->screen.on && len > (int)top->screen.columns)
		len = top->screen.columns;
	printf("%.*s\n", len, text);
}

static void top_head(const struct top *top)
{
	uint64_t queues = 0, left = 0;
	char text[128];
	size_t i;

	for (i = 0; i < top->now.nr_devs; i++) {
		queues += top->now.devs[i].queues.value;
		left += top->now.devs[i].free.value;
	}
	snprintf(text, sizeof(text), "%zu device%s, %llu of %llu queues free%s",
		 top->now.nr_devs, top->now.nr_devs == 1 ? "" : "s",
		 (unsigned long long)left, (unsigned long long)queues,
		 top->screen.on ? "; q leaves" : "");
	top_line(top, text);
}

/* As many rows as there is room for; how many are left over */
static size_t top_rows(const struct top *top, struct out_table *table)
{
	size_t i, nr = 0, room = SIZE_MAX;

	for (i = 0; i < top->now.nr_sfs; i++)
		nr += top->now.sfs[i].exists;
	if (top->screen.on) {
		room = top->screen.rows > TOP_LINES ?
			top->screen.rows - TOP_LINES : 0;
		if (room && top->said)
			room--;
		/* Something has to say that there are more */
		if (room && nr > room)
			room--;
	}
	for (i = 0; i < top->now.nr_sfs && room; i++) {
		if (!top->now.sfs[i].exists)
			continue;
		top_row(table, top, &top->now.sfs[i]);
		room--;
		nr--;
	}
	return nr;
}

static void top_draw(struct top *top)
{
	static const char *const head[] = {
		"SUBFUNCTION", "STATE", "QUEUE", "IRQS/s", "TRAPS/s", "CMDS/s",
		"IRQS", "TRAPS", "USER", NULL
	};
	struct out_table table = { .nr_columns = 9 };
	char text[64];
	size_t i, more;

	screen_clear(&top->screen);
	top_head(top);
	for (i = 0; head[i]; i++)
		out_cell(&table, "%s", head[i]);
	more = top_rows(top, &table);
	out_table(&table, top->screen.on ? top->screen.columns : 0);
	if (more) {
		snprintf(text, sizeof(text),
			 "and %zu more: make the window higher", more);
		top_line(top, text);
	}
	if (top->said)
		top_line(top, top->said);
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
		out_add_opt(obj, "wq_entries", &sf->wq_entries);
		out_add_opt(obj, "wq_occupancy", &sf->occupancy);
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

/* With a screen, what is said would be lost with it: it is kept */
static int top_look(struct top *top)
{
	struct tool *t = top->t;
	int err;

	free(top->said);
	top->said = NULL;
	if (top->screen.on) {
		t->err = open_memstream(&top->said, &top->said_size);
		if (!t->err)
			abort();
	}
	err = model_load(t, &top->now);
	if (!err) {
		model_read_stats(t, &top->now);
		model_read_queues(t, &top->now);
	}
	if (top->screen.on) {
		fclose(t->err);
		t->err = stderr;
		if (!top->said_size) {
			free(top->said);
			top->said = NULL;
		}
	}
	return err;
}

static int top_run(struct top *top)
{
	struct tool *t = top->t;
	uint32_t left = t->opts.count;
	double last = 0, at;

	for (;;) {
		at = top_clock();
		top->seconds = last ? at - last : 0;
		last = at;
		if (top_look(top))
			return TOOL_REFUSED;
		if (t->json)
			top_draw_json(top);
		else
			top_draw(top);
		model_free(&top->before);
		top->before = top->now;
		memset(&top->now, 0, sizeof(top->now));
		if ((left && !--left) ||
		    screen_wait(&top->screen, t->opts.interval_s))
			return TOOL_DONE;
	}
}

int cmd_top(struct tool *t, int argc, char **argv)
{
	struct top top = { .t = t };
	int ret;

	(void)argc;
	(void)argv;
	screen_enter(&top.screen, !t->json);
	ret = top_run(&top);
	screen_leave(&top.screen);
	if (top.said)
		fputs(top.said, stderr);
	free(top.said);
	model_free(&top.before);
	return ret;
}
