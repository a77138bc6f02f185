/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Output: a record is built once, and printed as text or as JSON. A list is
 * printed record by record; it is never held as a whole.
 */
#ifndef UTCPCTL_OUT_H
#define UTCPCTL_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

/**
 * enum out_format - how records are printed
 * @OUT_TEXT: for people
 * @OUT_JSON: JSON, one value a line
 * @OUT_PRETTY: JSON with indentation
 */
enum out_format {
	OUT_TEXT,
	OUT_JSON,
	OUT_PRETTY,
};

/**
 * enum out_color - what a colour stands for
 * @OUT_NAME: name of an object
 * @OUT_GOOD: as it should be
 * @OUT_BAD: wrong
 * @OUT_NOTE: worth a look
 */
enum out_color {
	OUT_NAME,
	OUT_GOOD,
	OUT_BAD,
	OUT_NOTE,
};

/**
 * struct out - where output goes
 * @file: stream
 * @format: how
 * @color: colour text
 * @in_list: between out_list_begin() and out_list_end()
 * @count: records of the list so far
 * @members: members of the object so far, between out_object_begin() and
 *	out_object_end()
 */
struct out {
	FILE *file;
	enum out_format format;
	bool color;
	bool in_list;
	size_t count;
	size_t members;
};

/** typedef out_text_fn - prints a record as text, with the newline at its end */
typedef void out_text_fn(struct out *o, const json_t *record);

/**
 * out_list_begin() - begin a list
 * @o: output
 */
void out_list_begin(struct out *o);

/**
 * out_list_end() - end a list
 * @o: output
 * @failed: the list is not complete; if nothing was printed, nothing will be
 */
void out_list_end(struct out *o, bool failed);

/**
 * out_record() - print a record
 * @o: output
 * @record: the record, which is freed; NULL if there was no memory to build it
 * @text: prints it as text
 *
 * Return: 0, or -ENOMEM.
 */
int out_record(struct out *o, json_t *record, out_text_fn *text);

/**
 * out_object_begin() - begin a record that is printed member by member
 * @o: output, not text
 *
 * For long lists: what is printed is what out_record() prints of an object with these
 * members in this order, which costs several times as much to build.
 */
void out_object_begin(struct out *o);

/**
 * out_member_text() - print a member of such a record that is text
 * @o: output
 * @name: its name, which has nothing that JSON escapes
 * @value: the text; what is not UTF-8 is left out with its name, as jansson does
 *
 * Return: 0, or -ENOMEM.
 */
int out_member_text(struct out *o, const char *name, const char *value);

/**
 * out_member_number() - print a member of such a record that is a number
 * @o: output
 * @name: as for out_member_text()
 * @value: the number
 */
void out_member_number(struct out *o, const char *name, json_int_t value);

/**
 * out_object_end() - end such a record
 * @o: output
 */
void out_object_end(struct out *o);

/**
 * out_line() - print a record as one line of JSON, whatever the format
 * @o: output
 * @record: the record, which is freed; NULL if there was no memory to build it
 *
 * Return: 0, or -ENOMEM.
 */
int out_line(struct out *o, json_t *record);

/**
 * out_colored() - print coloured text
 * @o: output
 * @color: what the colour stands for
 * @fmt: as for printf
 */
void out_colored(struct out *o, enum out_color color, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * out_members() - print the members of an object as " name value name value"
 * @o: output
 * @object: the object, or NULL
 */
void out_members(struct out *o, const json_t *object);

/**
 * out_each() - print each member of a list as text
 * @o: output
 * @list: the list, or NULL
 * @text: prints one
 */
void out_each(struct out *o, const json_t *list, out_text_fn *text);

/**
 * out_flush() - write out what is in the buffer
 * @o: output
 *
 * Return: 0, or the errno of this or an earlier write, negative.
 */
int out_flush(struct out *o);

/**
 * out_text() - member of a record as text
 * @record: the record
 * @name: the member
 *
 * Return: the text, or "" if it is not there or no text.
 */
const char *out_text(const json_t *record, const char *name);

#endif
