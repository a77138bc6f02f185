// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sandboxes that live: changing them, and their numbers.
 */
#include <string.h>

#include <utcp/utcp.h>

#include "acl.h"
#include "records.h"
#include "sandbox.h"
#include "sandboxopt.h"
#include "sandboxset.h"
#include "shaper.h"

enum {
	SET_MODE,
	SET_RATE,
	SET_RATE_IN,
	SET_RATE_OUT,
	SETS,
};

const char *cmd_choice_sandbox_set(const struct cmd_args *before, size_t index)
{
	static const char *const names[SETS] = {
		[SET_MODE] = "--mode",
		[SET_RATE] = "--rate",
		[SET_RATE_IN] = "--rate-in",
		[SET_RATE_OUT] = "--rate-out",
	};

	(void)before;
	return index < SETS ? names[index] : NULL;
}

static int read_set(struct fault *f, const struct cmd_word *w,
		    struct utcp_sandbox_change *change)
{
	int code;

	if (w->index == SET_MODE) {
		if (w->n_rest != 1)
			return fault_usage(f, w->text, "--mode has one value");
		change->has_mode = true;
		return sandbox_read_mode(f, w->rest[0], &change->mode);
	}
	if (w->index != SET_RATE_OUT) {
		code = sandbox_read_rate(f, w, true, &change->rate_in);
		change->has_rate_in = true;
		if (code || w->index == SET_RATE_IN)
			return code;
	}
	change->has_rate_out = true;
	return sandbox_read_rate(f, w, true, &change->rate_out);
}

int sandbox_set(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_sandbox_change change = { 0 };
	bool seen[SETS] = { false };
	struct utcp_sandbox sb = { 0 };
	struct utcp_handle *h;
	int code = EXIT_DONE;

	if (args->n == 1)
		return fault_usage(&c->fault, "OPTION", "what is to change?");
	for (size_t i = 1; !code && i < args->n; i++) {
		const struct cmd_word *w = &args->word[i];

		if (seen[w->index] ||
		    (w->index == SET_RATE_IN && seen[SET_RATE]) ||
		    (w->index == SET_RATE_OUT && seen[SET_RATE]) ||
		    (w->index == SET_RATE &&
		     (seen[SET_RATE_IN] || seen[SET_RATE_OUT])))
			return fault_usage(&c->fault, w->text,
					   "%s is given twice", w->text);
		seen[w->index] = true;
		code = read_set(&c->fault, w, &change);
	}
	h = code ? NULL : sandbox_handle(c);
	if (!h)
		return c->fault.exit;
	if (utcp_sandbox_set(h, args->word[0].text, &change, &sb))
		return cmd_failed(c);
	return sandbox_print(c, &sb);
}

/* --- what is allowed ------------------------------------------------------------------- */

static int read_rule(struct fault *f, const struct cmd_args *args,
		     struct utcp_acl_rule *rule)
{
	rule->priority = LIBUTCP_ACL_PRIORITY;
	rule->direction = (uint32_t)args->word[1].index + 1;
	rule->verdict = UTCP_ACL_VERDICT_ALLOW;
	for (size_t i = 2; i < args->n; i++) {
		const struct cmd_word *w = &args->word[i];
		const char *bad = utcp_acl_rule_set(rule, w->index, w->value);

		if (bad)
			return fault_usage(f, w->text, "\"%s\": %s", w->value,
					   bad);
	}
	return EXIT_DONE;
}

static int change_rule(struct cmd_context *c, const struct cmd_args *args,
		       int (*call)(struct utcp_handle *handle, const char *name,
				   const struct utcp_acl_rule *rule,
				   struct utcp_acl_rule *now))
{
	struct utcp_acl_rule rule = { 0 }, now = { 0 };
	int code = read_rule(&c->fault, args, &rule), err;
	struct utcp_handle *h = code ? NULL : sandbox_handle(c);

	if (!h)
		return c->fault.exit;
	if (call(h, args->word[0].text, &rule, &now))
		return cmd_failed(c);
	err = out_record(&c->out, record_rule(&now, c->statistics), text_rule);
	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}

int sandbox_allow(struct cmd_context *c, const struct cmd_args *args)
{
	return change_rule(c, args, utcp_sandbox_allow);
}

int sandbox_deny(struct cmd_context *c, const struct cmd_args *args)
{
	return change_rule(c, args, utcp_sandbox_deny);
}

/* --- numbers ----------------------------------------------------------------------------- */

static json_t *record_way(const struct utcp_sandbox_way *way, json_t *policy)
{
	json_t *record, *cls, *stats;

	record = json_pack("{s:I, s:I, s:o}", "packets",
			   (json_int_t)way->packets, "bytes",
			   (json_int_t)way->bytes, "policy", policy);
	if (!record || !way->has_class)
		return record;
	cls = record_class(&way->cls, true);
	stats = json_object_get(cls, "stats");
	if (stats) {
		json_object_set_new(stats, "name", json_string(way->cls.name));
		json_object_set(record, "class", stats);
	}
	json_decref(cls);
	return record;
}

static json_t *record_stats(const char *name,
			    const struct utcp_sandbox_stats *stats)
{
	json_t *policy = record_binding(&stats->policy, true), *record;

	record = json_pack(
		"{s:s, s:I, s:o, s:o}", "sandbox", name, "flows",
		(json_int_t)stats->flows, "in",
		record_way(&stats->in,
			   json_incref(json_object_get(policy, "in"))),
		"out",
		record_way(&stats->out,
			   json_incref(json_object_get(policy, "out"))));
	json_decref(policy);
	return record;
}

static void text_way(struct out *o, const json_t *record, const char *name)
{
	json_t *way = json_copy(json_object_get(record, name));
	const json_t *policy = json_object_get(way, "policy");
	json_t *cls = json_copy(json_object_get(way, "class"));
	char label[16];

	json_incref((json_t *)policy);
	json_object_del(way, "policy");
	json_object_del(way, "class");
	text_counters(o, name, way);
	snprintf(label, sizeof(label), "%s policy", name);
	text_counters(o, label, policy);
	snprintf(label, sizeof(label), "%s class", name);
	json_object_del(cls, "name");
	text_counters(o, label, cls);
	json_decref((json_t *)policy);
	json_decref(cls);
	json_decref(way);
}

static void text_stats(struct out *o, const json_t *record)
{
	out_colored(o, OUT_NAME, "%s", out_text(record, "sandbox"));
	fprintf(o->file, " flows %" JSON_INTEGER_FORMAT "\n",
		json_integer_value(json_object_get(record, "flows")));
	text_way(o, record, "in");
	text_way(o, record, "out");
}

int sandbox_stats(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = sandbox_handle(c);
	const char *name = args->word[0].text;
	struct utcp_sandbox_stats stats;
	int err;

	if (!h)
		return c->fault.exit;
	if (utcp_sandbox_stats(h, name, &stats))
		return cmd_failed(c);
	err = out_record(&c->out, record_stats(name, &stats), text_stats);
	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}

/* --- is it whole? ------------------------------------------------------------------------- */

static void take_foreign(const char *what, void *arg)
{
	json_array_append_new(arg, json_string(what));
}

static void text_check(struct out *o, const json_t *record)
{
	const json_t *list = json_object_get(record, "foreign");

	out_colored(o, OUT_NAME, "%s", out_text(record, "sandbox"));
	putc(' ', o->file);
	out_colored(o, OUT_GOOD, "whole\n");
	for (size_t i = 0; i < json_array_size(list); i++) {
		fputs("    ", o->file);
		out_colored(o, OUT_NOTE, "%s",
			    json_string_value(json_array_get(list, i)));
		putc('\n', o->file);
	}
}

int sandbox_check(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = sandbox_handle(c);
	const char *name = args->word[0].text;
	struct utcp_sandbox sb;
	json_t *foreign;
	int err = 0;

	if (!h)
		return c->fault.exit;
	if (utcp_sandbox_verify(h, name, NULL, 0, &sb))
		return cmd_failed(c);
	foreign = json_array();
	/* What has no link has nothing to do with the host's network. */
	if (sb.dev[0] && utcp_sandbox_foreign(h, take_foreign, foreign))
		err = cmd_failed(c);
	if (err) {
		json_decref(foreign);
		return err;
	}
	err = out_record(&c->out,
			 json_pack("{s:s, s:b, s:o}", "sandbox", name, "whole",
				   1, "foreign", foreign),
			 text_check);
	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}
