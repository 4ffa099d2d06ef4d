// SPDX-License-Identifier: GPL-2.0-only
/*
 * Definitions as JSON text. Pure.
 */
#include "conf.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A key's value and where it goes */
struct conf_key {
	const char *name;
	int (*take)(struct conf *def, json_object *value, char *why);
};

static int conf_wrong(char *why, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int conf_wrong(char *why, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, CONF_WHY_SIZE, fmt, args);
	va_end(args);
	return -EINVAL;
}

static int conf_take_number(const char *key, json_object *value, uint32_t *to,
			    char *why)
{
	int64_t n;

	if (!json_object_is_type(value, json_type_int))
		return conf_wrong(why, "\"%s\" is no number", key);
	n = json_object_get_int64(value);
	if (n < 0 || n > UINT32_MAX)
		return conf_wrong(why, "\"%s\" is not within 0 to %u", key,
				  UINT32_MAX);
	*to = n;
	return 0;
}

static int conf_take_attr(const char *key, json_object *value,
			  struct tool_attr *attr, char *why)
{
	attr->given = true;
	return conf_take_number(key, value, &attr->value, why);
}

static int conf_take_device(struct conf *def, json_object *value, char *why)
{
	const char *text = json_object_get_string(value);
	char *p;

	if (!json_object_is_type(value, json_type_string) ||
	    !name_is_pci(text))
		return conf_wrong(why, "\"device\" is no PCI address");
	snprintf(def->dev, sizeof(def->dev), "%s", text);
	/* As the kernel writes it */
	for (p = def->dev; *p; p++)
		*p = tolower((unsigned char)*p);
	return 0;
}

static int conf_take_sfnum(struct conf *def, json_object *value, char *why)
{
	return conf_take_number("sfnum", value, &def->sfnum, why);
}

static int conf_take_vectors(struct conf *def, json_object *value, char *why)
{
	return conf_take_attr("vectors", value, &def->attrs.vectors, why);
}

static int conf_take_priority(struct conf *def, json_object *value, char *why)
{
	return conf_take_attr("priority", value, &def->attrs.priority, why);
}

static int conf_take_wq_entries(struct conf *def, json_object *value,
				char *why)
{
	return conf_take_attr("wq_entries", value, &def->attrs.wq_entries, why);
}

static int conf_take_device_id(struct conf *def, json_object *value, char *why)
{
	struct tool_attr *attr = &def->attrs.device_id;

	attr->given = true;
	if (!json_object_is_type(value, json_type_string) ||
	    name_parse_id(json_object_get_string(value), &attr->value))
		return conf_wrong(why, "\"device_id\" is no PCI device id");
	return 0;
}

static int conf_take_autostart(struct conf *def, json_object *value, char *why)
{
	if (!json_object_is_type(value, json_type_boolean))
		return conf_wrong(why, "\"autostart\" is not true or false");
	def->autostart = json_object_get_boolean(value);
	return 0;
}

static const struct conf_key conf_keys[] = {
	{ "device", conf_take_device },
	{ "sfnum", conf_take_sfnum },
	{ "vectors", conf_take_vectors },
	{ "priority", conf_take_priority },
	{ "wq_entries", conf_take_wq_entries },
	{ "device_id", conf_take_device_id },
	{ "autostart", conf_take_autostart },
	{ 0 }
};

static const struct conf_key *conf_find_key(const char *name)
{
	size_t i;

	for (i = 0; conf_keys[i].name; i++)
		if (!strcmp(conf_keys[i].name, name))
			return &conf_keys[i];
	return NULL;
}

static int conf_take_object(json_object *obj, struct conf *def, char *why)
{
	const struct conf_key *key;
	int err;

	if (!json_object_is_type(obj, json_type_object))
		return conf_wrong(why, "It is no JSON object");
	json_object_object_foreach(obj, name, value) {
		key = conf_find_key(name);
		if (!key)
			return conf_wrong(why, "Unknown key \"%.40s\"", name);
		err = key->take(def, value, why);
		if (err)
			return err;
	}
	if (!def->dev[0])
		return conf_wrong(why, "There is no \"device\"");
	if (!json_object_object_get_ex(obj, "sfnum", NULL))
		return conf_wrong(why, "There is no \"sfnum\"");
	return 0;
}

/* One value with nothing but blanks behind it */
static json_object *conf_parse_json(const char *text, char *why)
{
	struct json_tokener *tok = json_tokener_new();
	json_object *obj;
	size_t end;

	if (!tok) {
		conf_wrong(why, "There is no memory");
		return NULL;
	}
	obj = json_tokener_parse_ex(tok, text, strlen(text) + 1);
	end = json_tokener_get_parse_end(tok);
	if (!obj && json_tokener_get_error(tok) == json_tokener_success) {
		conf_wrong(why, "It is no JSON object");
	} else if (!obj) {
		conf_wrong(why, "It is no JSON: %s",
			   json_tokener_error_desc(json_tokener_get_error(tok)));
	} else if (end < strlen(text) &&
		   text[end + strspn(text + end, " \t\r\n")]) {
		conf_wrong(why, "There is text behind the object");
		json_object_put(obj);
		obj = NULL;
	}
	json_tokener_free(tok);
	return obj;
}

int conf_parse(const char *text, struct conf *def, char *why)
{
	json_object *obj;
	int err;

	memset(def, 0, sizeof(*def));
	def->autostart = true;
	obj = conf_parse_json(text, why);
	if (!obj)
		return -EINVAL;
	err = conf_take_object(obj, def, why);
	json_object_put(obj);
	return err;
}

static void conf_put_attr(json_object *obj, const char *key,
			  const struct tool_attr *attr)
{
	if (attr->given && !attr->unset)
		json_object_object_add(obj, key,
				       json_object_new_int64(attr->value));
}

static void conf_put_id(json_object *obj, const char *key,
			const struct tool_attr *attr)
{
	char text[16];

	if (!attr->given || attr->unset)
		return;
	snprintf(text, sizeof(text), "%04x", attr->value);
	json_object_object_add(obj, key, json_object_new_string(text));
}

json_object *conf_json(const struct conf *def)
{
	json_object *obj = json_object_new_object();

	json_object_object_add(obj, "device", json_object_new_string(def->dev));
	json_object_object_add(obj, "sfnum", json_object_new_int64(def->sfnum));
	conf_put_attr(obj, "vectors", &def->attrs.vectors);
	conf_put_attr(obj, "priority", &def->attrs.priority);
	conf_put_attr(obj, "wq_entries", &def->attrs.wq_entries);
	conf_put_id(obj, "device_id", &def->attrs.device_id);
	json_object_object_add(obj, "autostart",
			       json_object_new_boolean(def->autostart));
	return obj;
}
