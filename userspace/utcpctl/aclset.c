// SPDX-License-Identifier: GPL-2.0-only
/*
 * Named sets of access lists.
 */
#include <stdlib.h>
#include <string.h>

#include <utcp/utcp.h>

#include "aclset.h"
#include "number.h"

const char *cmd_choice_set_type(const struct cmd_args *before, size_t index)
{
	(void)before;
	return utcp_acl_set_type((uint32_t)index + 1);
}

const char *cmd_choice_set_max(const struct cmd_args *before, size_t index)
{
	(void)before;
	return index ? NULL : "max";
}

const char *cmd_choice_set_expires(const struct cmd_args *before, size_t index)
{
	(void)before;
	return index ? NULL : "expires";
}

/* --- records ---------------------------------------------------------------------- */

json_t *record_set(const struct utcp_acl_set *set)
{
	const char *type = utcp_acl_set_type(set->type);

	return json_pack("{s:s, s:s, s:I, s:I, s:I}", "set", set->name, "type",
			 type ? type : "unknown", "max", (json_int_t)set->max,
			 "elements", (json_int_t)set->elems, "users",
			 (json_int_t)set->users);
}

json_t *record_elem(const char *set, const struct utcp_acl_elem *elem)
{
	char text[LIBUTCP_ACL_VALUE_TEXT];
	json_t *record;

	utcp_acl_elem_format(elem, text);
	record = json_pack("{s:s}", "element", text);
	if (record && elem->expires) {
		utcp_acl_time_get(elem->expires, text);
		json_object_set_new(record, "expires", json_string(text));
	}
	if (record && set)
		json_object_set_new(record, "in", json_string(set));
	return record;
}

void text_set(struct out *o, const json_t *record)
{
	json_t *rest = json_copy((json_t *)record);

	out_colored(o, OUT_NAME, "%s", out_text(record, "set"));
	json_object_del(rest, "set");
	out_members(o, rest);
	putc('\n', o->file);
	json_decref(rest);
}

void text_elem(struct out *o, const json_t *record)
{
	json_t *rest = json_copy((json_t *)record);

	out_colored(o, OUT_NAME, "%s", out_text(record, "element"));
	json_object_del(rest, "element");
	out_members(o, rest);
	putc('\n', o->file);
	json_decref(rest);
}

static int print(struct cmd_context *c, json_t *record, out_text_fn *text)
{
	int err = out_record(&c->out, record, text);

	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}

/* --- commands --------------------------------------------------------------------- */

static int print_elem(const struct utcp_acl_elem *elem, void *arg)
{
	struct cmd_context *c = arg;

	return out_record(&c->out, record_elem(NULL, elem), text_elem);
}

static int show_sets(struct cmd_context *c, struct utcp_handle *h)
{
	struct utcp_acl_set *sets = NULL;
	int code = EXIT_DONE;
	size_t n = 0;

	if (utcp_acl_set_list(h, &sets, &n))
		return cmd_failed(c);
	out_list_begin(&c->out);
	for (size_t i = 0; !code && i < n; i++)
		code = print(c, record_set(&sets[i]), text_set);
	out_list_end(&c->out, code);
	free(sets);
	return code;
}

int set_show(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	int err;

	if (!h)
		return c->fault.exit;
	if (!args->n)
		return show_sets(c, h);
	out_list_begin(&c->out);
	err = utcp_acl_elem_each(h, args->word[0].text, print_elem, c);
	out_list_end(&c->out, err);
	return err ? cmd_failed(c) : EXIT_DONE;
}

int set_new(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h;
	struct utcp_acl_set set;
	uint32_t max = 0;

	if (args->n > 2) {
		const struct cmd_word *w = &args->word[2];
		const char *bad =
			number_u32(w->value, LIBUTCP_UNIT_COUNT, &max);

		if (bad || !max)
			return fault_usage(&c->fault, w->text,
					   "\"%s\" is no number of elements",
					   w->value);
	}
	h = cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (utcp_acl_set_new(h, args->word[0].text,
			     (uint32_t)args->word[1].index + 1, max, &set))
		return cmd_failed(c);
	return print(c, record_set(&set), text_set);
}

int set_del(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	struct utcp_acl_set set;

	if (!h)
		return c->fault.exit;
	if (utcp_acl_set_del(h, args->word[0].text, &set))
		return cmd_failed(c);
	return print(c, record_set(&set), text_set);
}

static int change(struct cmd_context *c, const struct cmd_args *args,
		  int (*call)(struct utcp_handle *h, const char *set,
			      const struct utcp_acl_elem *elem,
			      struct utcp_acl_elem *answer))
{
	struct utcp_acl_elem elem, answer;
	struct utcp_handle *h;
	const char *bad;

	bad = utcp_acl_elem_set(&elem, args->word[1].text);
	if (bad)
		return fault_usage(&c->fault, "ELEMENT", "\"%s\": %s",
				   args->word[1].text, bad);
	if (args->n > 2) {
		bad = utcp_acl_time_set(args->word[2].value, &elem.expires);
		if (bad)
			return fault_usage(&c->fault, args->word[2].text,
					   "\"%s\": %s", args->word[2].value,
					   bad);
	}
	h = cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (call(h, args->word[0].text, &elem, &answer))
		return cmd_failed(c);
	return print(c, record_elem(NULL, &answer), text_elem);
}

int set_add(struct cmd_context *c, const struct cmd_args *args)
{
	return change(c, args, utcp_acl_elem_add);
}

int set_remove(struct cmd_context *c, const struct cmd_args *args)
{
	return change(c, args, utcp_acl_elem_del);
}

/* --- saving ------------------------------------------------------------------------- */

static int save_elem(const struct utcp_acl_elem *elem, void *arg)
{
	struct cmd_context *c = arg;
	char text[LIBUTCP_ACL_VALUE_TEXT];

	if (c->out.format != OUT_TEXT)
		return print_elem(elem, c);
	utcp_acl_elem_format(elem, text);
	fprintf(c->out.file, "element %s", text);
	if (elem->expires) {
		utcp_acl_time_get(elem->expires, text);
		fprintf(c->out.file, " expires %s", text);
	}
	putc('\n', c->out.file);
	return 0;
}

static int save_set(struct cmd_context *c, struct utcp_handle *h,
		    const struct utcp_acl_set *set)
{
	const char *type = utcp_acl_set_type(set->type);
	json_t *record;
	int code = EXIT_DONE;

	if (c->out.format == OUT_TEXT) {
		fprintf(c->out.file, "set %s type %s max %u\n", set->name,
			type ? type : "unknown", set->max);
	} else {
		record = record_set(set);
		json_object_del(record, "elements");
		json_object_del(record, "users");
		code = print(c, record, text_set);
	}
	if (code)
		return code;
	if (utcp_acl_elem_each(h, set->name, save_elem, c))
		return cmd_failed(c);
	return EXIT_DONE;
}

int aclset_save(struct cmd_context *c, struct utcp_handle *h)
{
	struct utcp_acl_set *sets = NULL;
	int code = EXIT_DONE;
	size_t n = 0;

	if (utcp_acl_set_list(h, &sets, &n))
		return cmd_failed(c);
	for (size_t i = 0; !code && i < n; i++)
		code = save_set(c, h, &sets[i]);
	free(sets);
	return code;
}
