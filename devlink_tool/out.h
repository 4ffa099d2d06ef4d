/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Output: JSON objects and tables. It knows no subfunction.
 */
#ifndef IDXD_SF_OUT_H
#define IDXD_SF_OUT_H

#include "tool.h"

#define OUT_MAX_COLUMNS	16
#define OUT_QUOTE_SIZE	1024

/**
 * struct out_table - a table of text
 * @nr_columns: columns of it
 * @cells: text, row after row; the first row is the head
 * @nr_cells: how many
 */
struct out_table {
	unsigned int nr_columns;
	char **cells;
	size_t nr_cells;
};

/**
 * out_cell() - append a cell to a table
 * @table: the table
 * @fmt: its text
 */
void out_cell(struct out_table *table, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * out_table() - print a table and free it
 * @table: the table
 * @width: cut lines to so many columns; 0 for whole lines
 */
void out_table(struct out_table *table, unsigned int width);

/**
 * out_json() - print a JSON value on a line and free it
 * @t: the run
 * @obj: the value
 */
void out_json(struct tool *t, json_object *obj);

/**
 * out_string() - a JSON value as text, the same everywhere
 * @obj: the value
 *
 * Return: the text, valid as long as @obj is.
 */
const char *out_string(json_object *obj);

/**
 * out_result() - with JSON, print what was done
 * @t: the run
 * @name: to what
 * @result: in a word
 *
 * People see that no news is good news.
 */
void out_result(struct tool *t, const char *name, const char *result);

/**
 * out_quote() - a word of the shell
 * @buf: destination: quoted if the shell would see more in it than a word;
 *	control characters become question marks
 * @size: bytes of @buf; what is longer is cut
 * @fmt: the word
 */
void out_quote(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * out_add_text() - add text, or null where it is empty
 * @obj: object to add to
 * @key: key there
 * @text: the text
 */
void out_add_text(json_object *obj, const char *key, const char *text);

/**
 * out_add_number() - add a number
 * @obj: object to add to
 * @key: key there
 * @value: the number
 */
void out_add_number(json_object *obj, const char *key, uint64_t value);

/**
 * out_add_opt() - add a number, or null where it is not known
 * @obj: object to add to
 * @key: key there
 * @opt: the number
 */
void out_add_opt(json_object *obj, const char *key, const struct msg_opt *opt);

/**
 * out_text() - keep what is printed safe for a terminal
 * @text: changed in place: control characters become question marks
 */
void out_text(char *text);

#endif /* IDXD_SF_OUT_H */
