// SPDX-License-Identifier: GPL-2.0-only
/*
 * Output: JSON objects and tables.
 */
#include "out.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void out_cell(struct out_table *table, const char *fmt, ...)
{
	va_list args;
	char **cells;
	char *text;

	cells = reallocarray(table->cells, table->nr_cells + 1,
			     sizeof(*cells));
	va_start(args, fmt);
	if (!cells || vasprintf(&text, fmt, args) < 0)
		abort();
	va_end(args);
	out_text(text);
	table->cells = cells;
	table->cells[table->nr_cells++] = text;
}

static void out_widths(const struct out_table *table, unsigned int *widths)
{
	size_t i;

	memset(widths, 0, OUT_MAX_COLUMNS * sizeof(*widths));
	for (i = 0; i < table->nr_cells; i++) {
		unsigned int *w = &widths[i % table->nr_columns];
		unsigned int len = strlen(table->cells[i]);

		if (len > *w)
			*w = len;
	}
}

/* One line without blanks at its end */
static char *out_line(const struct out_table *table, size_t row,
		      const unsigned int *widths)
{
	unsigned int c, total = 1;
	char *line, *p;

	for (c = 0; c < table->nr_columns; c++)
		total += widths[c] + 2;
	line = malloc(total);
	if (!line)
		abort();
	p = line;
	for (c = 0; c < table->nr_columns; c++)
		p += sprintf(p, "%-*s  ", (int)widths[c],
			     table->cells[row * table->nr_columns + c]);
	while (p > line && p[-1] == ' ')
		*--p = 0;
	return line;
}

void out_table(struct out_table *table, unsigned int width)
{
	unsigned int widths[OUT_MAX_COLUMNS];
	size_t i, rows = table->nr_cells / table->nr_columns;
	char *line;

	out_widths(table, widths);
	for (i = 0; i < rows; i++) {
		line = out_line(table, i, widths);
		if (width && strlen(line) > width)
			line[width] = 0;
		puts(line);
		free(line);
	}
	for (i = 0; i < table->nr_cells; i++)
		free(table->cells[i]);
	free(table->cells);
	table->cells = NULL;
	table->nr_cells = 0;
}

void out_json(struct tool *t, json_object *obj)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;

	if (t->pretty)
		flags |= JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
	puts(json_object_to_json_string_ext(obj, flags));
	fflush(stdout);
	json_object_put(obj);
}

const char *out_string(json_object *obj)
{
	return json_object_to_json_string_ext(obj,
					      JSON_C_TO_STRING_NOSLASHESCAPE);
}

void out_result(struct tool *t, const char *name, const char *result)
{
	json_object *obj;

	if (!t->json || t->dry_run)
		return;
	obj = json_object_new_object();
	out_add_text(obj, "name", name);
	out_add_text(obj, "result", result);
	out_json(t, obj);
}

/* The shell sees nothing in it but a word */
static bool out_is_plain(const char *text)
{
	const char *p;

	for (p = text; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("_-+=:,./@%", *p))
			return false;
	return *text;
}

void out_quote(char *buf, size_t size, const char *fmt, ...)
{
	char *end = buf + size - 6, *to = buf, *p, *text;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		abort();
	va_end(args);
	out_text(text);
	if (out_is_plain(text)) {
		snprintf(buf, size, "%s", text);
	} else {
		*to++ = '\'';
		/* A quote ends the word, stands for itself, and begins it again */
		for (p = text; *p && to < end; p++)
			to += sprintf(to, *p == '\'' ? "'\\''" : "%c", *p);
		*to++ = '\'';
		*to = 0;
	}
	free(text);
}

void out_add_text(json_object *obj, const char *key, const char *text)
{
	json_object_object_add(obj, key, text && text[0] ?
			       json_object_new_string(text) : NULL);
}

void out_add_number(json_object *obj, const char *key, uint64_t value)
{
	json_object_object_add(obj, key, json_object_new_uint64(value));
}

void out_add_opt(json_object *obj, const char *key, const struct msg_opt *opt)
{
	json_object_object_add(obj, key, opt->known ?
			       json_object_new_uint64(opt->value) : NULL);
}

void out_text(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 127)
			*text = '?';
}
