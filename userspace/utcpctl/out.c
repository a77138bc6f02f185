// SPDX-License-Identifier: GPL-2.0-only
/*
 * Output as text or JSON.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"

#define INDENT 4

static int put_json(struct out *o, const json_t *record, size_t flags,
		    bool shifted)
{
	char *text = json_dumps(record, flags);

	if (!text)
		return -ENOMEM;
	/* in JSON a newline stands between tokens only */
	for (const char *c = text; *c; c++) {
		putc(*c, o->file);
		if (*c == '\n' && shifted)
			fprintf(o->file, "%*s", INDENT, "");
	}
	free(text);
	return 0;
}

void out_list_begin(struct out *o)
{
	o->in_list = true;
	o->count = 0;
}

void out_list_end(struct out *o, bool failed)
{
	o->in_list = false;
	if (o->format == OUT_TEXT || (failed && !o->count))
		return;
	if (!o->count)
		putc('[', o->file);
	fputs(o->format == OUT_PRETTY && o->count ? "\n]\n" : "]\n", o->file);
}

/* What stands in front of a record. */
static void put_start(struct out *o)
{
	if (!o->in_list)
		return;
	putc(o->count++ ? ',' : '[', o->file);
	if (o->format == OUT_PRETTY)
		fprintf(o->file, "\n%*s", INDENT, "");
}

int out_record(struct out *o, json_t *record, out_text_fn *text)
{
	bool pretty = o->format == OUT_PRETTY;
	int err = 0;

	if (!record)
		return -ENOMEM;
	if (o->format == OUT_TEXT) {
		text(o, record);
	} else {
		put_start(o);
		err = put_json(o, record,
			       pretty ? JSON_INDENT(INDENT) : JSON_COMPACT,
			       o->in_list);
		if (!o->in_list)
			putc('\n', o->file);
	}
	json_decref(record);
	return err;
}

/* One thread prints: nothing is gained by locking the stream for each character. */
static void put(struct out *o, const char *text)
{
	while (*text)
		putc_unlocked(*text++, o->file);
}

void out_object_begin(struct out *o)
{
	put_start(o);
	putc_unlocked('{', o->file);
	o->members = 0;
}

/* A line of its own for each member, if so. */
static void put_line(struct out *o, size_t depth)
{
	if (o->format != OUT_PRETTY)
		return;
	putc_unlocked('\n', o->file);
	for (size_t i = 0; i < (depth + o->in_list) * INDENT; i++)
		putc_unlocked(' ', o->file);
}

static void put_name(struct out *o, const char *name)
{
	if (o->members++)
		putc_unlocked(',', o->file);
	put_line(o, 1);
	putc_unlocked('"', o->file);
	put(o, name);
	put(o, o->format == OUT_PRETTY ? "\": " : "\":");
}

/* Is it in JSON what it is here? Nearly all text is. */
static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~' || *text == '"' || *text == '\\')
			return false;
	return true;
}

int out_member_text(struct out *o, const char *name, const char *value)
{
	json_t *string;
	char *text;

	if (is_plain(value)) {
		put_name(o, name);
		putc_unlocked('"', o->file);
		put(o, value);
		putc_unlocked('"', o->file);
		return 0;
	}
	string = json_string(value);
	if (!string)
		return 0;
	text = json_dumps(string, JSON_ENCODE_ANY);
	json_decref(string);
	if (!text)
		return -ENOMEM;
	put_name(o, name);
	put(o, text);
	free(text);
	return 0;
}

void out_member_number(struct out *o, const char *name, json_int_t value)
{
	char digits[24], *at = digits + sizeof(digits) - 1;
	unsigned long long rest = value;

	*at = '\0';
	if (value < 0)
		rest = -rest;
	do {
		at--;
		*at = '0' + rest % 10;
		rest /= 10;
	} while (rest);
	if (value < 0) {
		at--;
		*at = '-';
	}
	put_name(o, name);
	put(o, at);
}

void out_object_end(struct out *o)
{
	if (o->members)
		put_line(o, 0);
	putc_unlocked('}', o->file);
	if (!o->in_list)
		putc_unlocked('\n', o->file);
}

int out_line(struct out *o, json_t *record)
{
	int err;

	if (!record)
		return -ENOMEM;
	err = put_json(o, record, JSON_COMPACT, false);
	putc('\n', o->file);
	json_decref(record);
	return err;
}

void out_colored(struct out *o, enum out_color color, const char *fmt, ...)
{
	static const char *const codes[] = {
		[OUT_NAME] = "\033[36m",
		[OUT_GOOD] = "\033[32m",
		[OUT_BAD] = "\033[31m",
		[OUT_NOTE] = "\033[33m",
	};
	va_list ap;

	if (o->color)
		fputs(codes[color], o->file);
	va_start(ap, fmt);
	vfprintf(o->file, fmt, ap);
	va_end(ap);
	if (o->color)
		fputs("\033[0m", o->file);
}

void out_members(struct out *o, const json_t *object)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)object, name, value)
	{
		fprintf(o->file, " %s ", name);
		if (json_is_integer(value))
			fprintf(o->file, "%" JSON_INTEGER_FORMAT,
				json_integer_value(value));
		else if (json_is_string(value))
			fputs(json_string_value(value), o->file);
		else if (json_is_boolean(value))
			fputs(json_is_true(value) ? "yes" : "no", o->file);
		else
			fputs("unknown", o->file);
	}
}

void out_each(struct out *o, const json_t *list, out_text_fn *text)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		text(o, json_array_get(list, i));
}

int out_flush(struct out *o)
{
	/* a write that failed earlier has left its mark on the stream only */
	errno = 0;
	if (fflush(o->file) || ferror(o->file))
		return errno ? -errno : -EIO;
	return 0;
}

const char *out_text(const json_t *record, const char *name)
{
	const char *text = json_string_value(json_object_get(record, name));

	return text ? text : "";
}
