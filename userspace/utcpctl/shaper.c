// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classes of the shaper, and bindings.
 */
#include <stdlib.h>
#include <string.h>

#include <utcp/utcp.h>

#include "number.h"
#include "records.h"
#include "shaper.h"

/* In the order of the attributes; those that can only be given at first come first. */
enum {
	WORD_ID,
	WORD_PARENT,
	WORD_BW_MIN,
	WORD_BW_MAX,
	WORD_BURST,
	WORD_PRIORITY,
	WORD_WEIGHT,
	WORD_QUEUE_BYTES,
	WORD_QUEUE_TIME,
	WORD_OVERHEAD,
	WORDS,
};

#define WORD_FIRST_SET WORD_BW_MIN

static const struct {
	const char *name;
	uint16_t type;
} words[WORDS] = {
	[WORD_ID] = { "id", UTCP_SHAPER_A_CLASS_ID },
	[WORD_PARENT] = { "parent", UTCP_SHAPER_A_CLASS_PARENT },
	[WORD_BW_MIN] = { "bw-min", UTCP_SHAPER_A_CLASS_BW_MIN },
	[WORD_BW_MAX] = { "bw-max", UTCP_SHAPER_A_CLASS_BW_MAX },
	[WORD_BURST] = { "burst", UTCP_SHAPER_A_CLASS_BURST },
	[WORD_PRIORITY] = { "priority", UTCP_SHAPER_A_CLASS_PRIORITY },
	[WORD_WEIGHT] = { "weight", UTCP_SHAPER_A_CLASS_WEIGHT },
	[WORD_QUEUE_BYTES] = { "queue-bytes", UTCP_SHAPER_A_CLASS_QUEUE_BYTES },
	[WORD_QUEUE_TIME] = { "queue-time", UTCP_SHAPER_A_CLASS_QUEUE_TIME },
	[WORD_OVERHEAD] = { "overhead", UTCP_SHAPER_A_CLASS_OVERHEAD },
};

/* In the order of enum utcp_shaper_drop_reason. */
static const char *const reason_names[] = {
	"unknown", "full", "late", "codel", "memory", "cut", "xdp", "flushed",
};

_Static_assert(sizeof(reason_names) / sizeof(reason_names[0]) ==
		       UTCP_SHAPER_DROP_REASON_MAX + 1,
	       "a drop reason without a name");

const char *cmd_choice_class(const struct cmd_args *before, size_t index)
{
	(void)before;
	return index < WORDS ? words[index].name : NULL;
}

const char *cmd_choice_class_set(const struct cmd_args *before, size_t index)
{
	return cmd_choice_class(before, index + WORD_FIRST_SET);
}

static const char *const direction_names[] = { "in", "out" };

const char *cmd_choice_direction(const struct cmd_args *before, size_t index)
{
	(void)before;
	return index < 2 ? direction_names[index] : NULL;
}

/* By their bits in enum utcp_shaper_binding_flags. */
static const char *const flag_names[] = { "mark", "priority" };

const char *cmd_choice_binding(const struct cmd_args *before, size_t index)
{
	(void)before;
	return index < 2 ? flag_names[index] : NULL;
}

/* --- records -------------------------------------------------------------------- */

static json_t *record_drops(const struct utcp_shaper_stats *stats)
{
	json_t *drops = json_object();

	for (size_t i = 0; drops && i <= UTCP_SHAPER_DROP_REASON_MAX; i++)
		if (stats->drops[i])
			json_object_set_new(
				drops, reason_names[i],
				json_integer((json_int_t)stats->drops[i]));
	return drops;
}

static json_t *record_stats(const struct utcp_shaper_class *cls)
{
	const struct utcp_shaper_stats *s = &cls->stats;
	json_t *record;

	record = json_pack(
		"{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "frames",
		(json_int_t)s->frames, "packets", (json_int_t)s->packets,
		"bytes", (json_int_t)s->bytes, "backlog-packets",
		(json_int_t)s->backlog_packets, "backlog-bytes",
		(json_int_t)s->backlog_bytes, "marks", (json_int_t)s->marks,
		"borrowed", (json_int_t)s->borrowed, "rate-1s",
		(json_int_t)s->rate_1s, "rate-10s", (json_int_t)s->rate_10s);
	if (record && !cls->children)
		json_object_update_new(
			record,
			json_pack("{s:I, s:I, s:I}", "throttled",
				  (json_int_t)s->throttled, "sojourn-p50",
				  (json_int_t)s->sojourn_p50, "sojourn-p99",
				  (json_int_t)s->sojourn_p99));
	if (record)
		json_object_set_new(record, "drops", record_drops(s));
	return record;
}

json_t *record_class(const struct utcp_shaper_class *cls, bool statistics)
{
	json_t *record = json_pack("{s:s, s:I}", "class", cls->name, "id",
				   (json_int_t)cls->id);

	if (!record)
		return NULL;
	if (cls->parent[0])
		json_object_set_new(record, "parent", json_string(cls->parent));
	json_object_update_new(
		record,
		json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
			  "bw-min", (json_int_t)cls->bw_min, "bw-max",
			  (json_int_t)cls->bw_max, "burst",
			  (json_int_t)cls->burst, "priority",
			  (json_int_t)cls->priority, "weight",
			  (json_int_t)cls->weight, "queue-bytes",
			  (json_int_t)cls->queue_bytes, "queue-time",
			  (json_int_t)cls->queue_time, "overhead",
			  (json_int_t)cls->overhead, "children",
			  (json_int_t)cls->children, "bindings",
			  (json_int_t)cls->bindings));
	if (!cls->children)
		json_object_set_new(record, "waiting",
				    json_boolean(cls->waiting));
	if (statistics)
		json_object_set_new(record, "stats", record_stats(cls));
	return record;
}

void shaper_rate_text(uint64_t bps, char *text, size_t size)
{
	static const struct {
		uint64_t unit;
		char letter;
	} units[] = { { 1000000000, 'g' }, { 1000000, 'm' }, { 1000, 'k' } };

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (bps >= units[i].unit) {
			snprintf(text, size, "%.4g%c",
				 (double)bps / (double)units[i].unit,
				 units[i].letter);
			return;
		}
	snprintf(text, size, "%u", (unsigned int)bps);
}

/* Rates are for people, where text is. */
static void rates_to_text(json_t *record, const char *const *names)
{
	char text[32];

	for (; *names; names++) {
		const json_t *rate = json_object_get(record, *names);

		if (!rate)
			continue;
		shaper_rate_text((uint64_t)json_integer_value(rate), text,
				 sizeof(text));
		json_object_set_new(record, *names, json_string(text));
	}
}

void text_class(struct out *o, const json_t *record)
{
	static const char *const rates[] = { "bw-min", "bw-max", NULL };
	static const char *const achieved[] = { "rate-1s", "rate-10s", NULL };
	json_t *rest = json_copy((json_t *)record);
	json_t *stats = json_copy(json_object_get(record, "stats"));

	out_colored(o, OUT_NAME, "%s", out_text(record, "class"));
	json_object_del(rest, "class");
	json_object_del(rest, "stats");
	rates_to_text(rest, rates);
	out_members(o, rest);
	putc('\n', o->file);
	if (stats) {
		rates_to_text(stats, achieved);
		text_counters(o, "stats", stats);
	}
	json_decref(stats);
	json_decref(rest);
}

json_t *record_class_binding(const struct utcp_shaper_binding *binding)
{
	bool out = binding->direction == UTCP_SHAPER_DIRECTION_OUT;

	return json_pack(
		"{s:s, s:I, s:s, s:s, s:b, s:b, s:I, s:b}", "port",
		binding->name, "ifindex", (json_int_t)binding->ifindex,
		"direction", direction_names[out], "class", binding->class_name,
		"mark", !!(binding->flags & UTCP_SHAPER_BINDING_FLAGS_MARK),
		"priority",
		!!(binding->flags & UTCP_SHAPER_BINDING_FLAGS_PRIORITY),
		"waiting", (json_int_t)binding->waiting, "net-shaper",
		binding->net_shaper);
}

void text_class_binding(struct out *o, const json_t *record)
{
	json_t *rest = json_copy((json_t *)record);

	out_colored(o, OUT_NAME, "%s", out_text(record, "port"));
	json_object_del(rest, "port");
	json_object_del(rest, "ifindex");
	out_members(o, rest);
	putc('\n', o->file);
	json_decref(rest);
}

static int print_class(struct cmd_context *c,
		       const struct utcp_shaper_class *cls)
{
	int err = out_record(&c->out, record_class(cls, c->statistics),
			     text_class);

	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}

static int print_binding(struct cmd_context *c,
			 const struct utcp_shaper_binding *binding)
{
	int err = out_record(&c->out, record_class_binding(binding),
			     text_class_binding);

	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}

/* --- reading words ----------------------------------------------------------------- */

static int read_name(struct cmd_context *c, const char *what, const char *text,
		     char *name, size_t size)
{
	if (!*text || strlen(text) >= size)
		return fault_usage(&c->fault, what,
				   "\"%s\" is not a name of 1 to %zu bytes",
				   text, size - 1);
	snprintf(name, size, "%s", text);
	return EXIT_DONE;
}

static int read_number(struct cmd_context *c, const char *what,
		       const char *text, uint32_t *value)
{
	const char *wrong = number_u32(text, LIBUTCP_UNIT_COUNT, value);

	if (!wrong)
		return EXIT_DONE;
	return fault_usage(&c->fault, what, "\"%s\" is not a number: %s", text,
			   wrong);
}

static int read_rate(struct cmd_context *c, const char *what, const char *text,
		     uint64_t *value)
{
	const char *wrong = number_rate(text, value);

	if (!wrong)
		return EXIT_DONE;
	return fault_usage(&c->fault, what, "\"%s\" is not a rate: %s", text,
			   wrong);
}

static int read_word(struct cmd_context *c, unsigned int word, const char *text,
		     struct utcp_shaper_class *cls)
{
	const char *what = words[word].name;

	switch (word) {
	case WORD_ID:
		return read_number(c, what, text, &cls->id);
	case WORD_PARENT:
		return read_name(c, what, text, cls->parent,
				 sizeof(cls->parent));
	case WORD_BW_MIN:
		return read_rate(c, what, text, &cls->bw_min);
	case WORD_BW_MAX:
		return read_rate(c, what, text, &cls->bw_max);
	case WORD_BURST:
		return read_number(c, what, text, &cls->burst);
	case WORD_PRIORITY:
		return read_number(c, what, text, &cls->priority);
	case WORD_WEIGHT:
		return read_number(c, what, text, &cls->weight);
	case WORD_QUEUE_BYTES:
		return read_number(c, what, text, &cls->queue_bytes);
	case WORD_QUEUE_TIME:
		return read_number(c, what, text, &cls->queue_time);
	default:
		return read_number(c, what, text, &cls->overhead);
	}
}

/* @first: which of the words is the first choice */
static int read_class(struct cmd_context *c, const struct cmd_args *args,
		      unsigned int first, struct utcp_shaper_class *cls,
		      uint32_t *set)
{
	int code = read_name(c, "CLASS", args->word[0].text, cls->name,
			     sizeof(cls->name));

	for (size_t i = 1; !code && i < args->n; i++) {
		unsigned int word = (unsigned int)args->word[i].index + first;

		*set |= 1U << words[word].type;
		code = read_word(c, word, args->word[i].value, cls);
	}
	return code;
}

/* --- commands ------------------------------------------------------------------------ */

/* "add" and "set" differ in one call. */
typedef int class_fn(struct utcp_handle *h, const struct utcp_shaper_class *cls,
		     uint32_t set, struct utcp_shaper_class *made);

static int change(struct cmd_context *c, const struct cmd_args *args,
		  unsigned int first, class_fn *call)
{
	struct utcp_shaper_class cls = { 0 }, answer = { 0 };
	struct utcp_handle *h;
	uint32_t set = 0;
	int code;

	code = read_class(c, args, first, &cls, &set);
	if (code)
		return code;
	h = cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (call(h, &cls, set, &answer))
		return cmd_failed(c);
	return print_class(c, &answer);
}

int shaper_add(struct cmd_context *c, const struct cmd_args *args)
{
	return change(c, args, 0, utcp_shaper_class_add);
}

int shaper_set(struct cmd_context *c, const struct cmd_args *args)
{
	return change(c, args, WORD_FIRST_SET, utcp_shaper_class_set);
}

int shaper_del(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_shaper_class cls = { 0 }, was = { 0 };
	struct utcp_handle *h;
	uint32_t set = 0;
	int code;

	code = read_class(c, args, 0, &cls, &set);
	if (code)
		return code;
	h = cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (utcp_shaper_class_del(h, cls.name, &was))
		return cmd_failed(c);
	return print_class(c, &was);
}

int shaper_show(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_shaper_class *classes = NULL, cls = { 0 };
	struct utcp_handle *h = cmd_handle(c);
	int code = EXIT_DONE;
	size_t n = 1;

	if (!h)
		return c->fault.exit;
	if (args->n) {
		code = read_name(c, "CLASS", args->word[0].text, cls.name,
				 sizeof(cls.name));
		if (code)
			return code;
	}
	if (args->n ? utcp_shaper_class_get(h, args->word[0].text, &cls) :
		      utcp_shaper_class_list(h, NULL, &classes, &n))
		return cmd_failed(c);
	/* a list of one, so that JSON has the same shape for one and for all */
	out_list_begin(&c->out);
	for (size_t i = 0; !code && i < n; i++)
		code = print_class(c, classes ? &classes[i] : &cls);
	out_list_end(&c->out, code);
	free(classes);
	return code;
}

static int read_binding(struct cmd_context *c, const struct cmd_args *args,
			struct utcp_shaper_binding *binding)
{
	binding->direction = (uint32_t)args->word[1].index + 1;
	return read_name(c, "DEV", args->word[0].text, binding->name,
			 sizeof(binding->name));
}

int shaper_bind(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_shaper_binding binding = { 0 }, made = { 0 };
	struct utcp_handle *h;
	int code;

	code = read_binding(c, args, &binding);
	if (!code)
		code = read_name(c, "CLASS", args->word[2].text,
				 binding.class_name,
				 sizeof(binding.class_name));
	if (code)
		return code;
	for (size_t i = 3; i < args->n; i++)
		binding.flags |= 1U << args->word[i].index;
	h = cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (utcp_shaper_bind(h, &binding, &made))
		return cmd_failed(c);
	return print_binding(c, &made);
}

int shaper_unbind(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_shaper_binding binding = { 0 }, was = { 0 };
	struct utcp_handle *h;
	int code;

	code = read_binding(c, args, &binding);
	if (code)
		return code;
	h = cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (utcp_shaper_unbind(h, binding.name, binding.direction, &was))
		return cmd_failed(c);
	return print_binding(c, &was);
}

int shaper_bindings(struct cmd_context *c, const struct cmd_args *args)
{
	const char *dev = args->n ? args->word[0].text : NULL;
	struct utcp_shaper_binding *bindings = NULL;
	struct utcp_handle *h = cmd_handle(c);
	int code = EXIT_DONE;
	size_t n = 0;

	if (!h)
		return c->fault.exit;
	if (utcp_shaper_binding_list(h, dev, &bindings, &n))
		return cmd_failed(c);
	out_list_begin(&c->out);
	for (size_t i = 0; !code && i < n; i++)
		code = print_binding(c, &bindings[i]);
	out_list_end(&c->out, code);
	free(bindings);
	return code;
}
