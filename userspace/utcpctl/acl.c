// SPDX-License-Identifier: GPL-2.0-only
/*
 * Access lists: policies, rules, bindings.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <utcp/utcp.h>

#include "acl.h"
#include "aclfile.h"
#include "records.h"

/* What tells rules apart in lists. */
enum { FILTER_DIRECTION, FILTER_VERDICT, FILTER_OWNER, FILTERS };

const char *cmd_choice_acl_setting(const struct cmd_args *before, size_t index)
{
	static const char *const names[] = { "in", "out", "comment", "owner",
					     "log" };

	(void)before;
	return index < sizeof(names) / sizeof(names[0]) ? names[index] : NULL;
}

/* They are numbered from 1. */
const char *cmd_choice_acl_direction(const struct cmd_args *before,
				     size_t index)
{
	(void)before;
	return utcp_acl_direction((uint32_t)index + 1);
}

const char *cmd_choice_acl_verdict(const struct cmd_args *before, size_t index)
{
	(void)before;
	return utcp_acl_verdict((uint32_t)index + 1);
}

const char *cmd_choice_acl_own(const struct cmd_args *before, size_t index)
{
	static const char *const names[] = { "mac", "addr" };

	(void)before;
	return index < sizeof(names) / sizeof(names[0]) ? names[index] : NULL;
}

const char *cmd_choice_acl_word(const struct cmd_args *before, size_t index)
{
	(void)before;
	return utcp_acl_word(index);
}

const char *cmd_choice_acl_keep(const struct cmd_args *before, size_t index)
{
	(void)before;
	return index ? NULL : "--keep";
}

const char *cmd_choice_acl_filter(const struct cmd_args *before, size_t index)
{
	static const char *const names[FILTERS] = {
		[FILTER_DIRECTION] = "direction",
		[FILTER_VERDICT] = "verdict",
		[FILTER_OWNER] = "owner",
	};

	(void)before;
	return index < FILTERS ? names[index] : NULL;
}

/* --- records ------------------------------------------------------------------------ */

static json_t *known_name(const char *name)
{
	return json_string(name ? name : "unknown");
}

json_t *record_policy(const struct utcp_acl_policy *policy)
{
	json_t *record = json_pack(
		"{s:s, s:o, s:o, s:I, s:I, s:I}", "policy", policy->name, "in",
		known_name(utcp_acl_verdict(policy->in)), "out",
		known_name(utcp_acl_verdict(policy->out)), "rules",
		(json_int_t)policy->rules, "users", (json_int_t)policy->users,
		"generation", (json_int_t)policy->generation);

	if (record && policy->confirm)
		json_object_set_new(record, "confirm",
				    json_integer(policy->confirm));
	if (record && policy->kept)
		json_object_set_new(record, "kept", json_integer(policy->kept));
	if (record && policy->log)
		json_object_set_new(record, "log", json_string("on"));
	if (record && policy->owner[0])
		json_object_set_new(record, "owner",
				    json_string(policy->owner));
	if (record && policy->comment[0])
		json_object_set_new(record, "comment",
				    json_string(policy->comment));
	return record;
}

static void put_quoted(struct out *o, const char *text)
{
	putc('"', o->file);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', o->file);
		putc(*text, o->file);
	}
	putc('"', o->file);
}

/* Members whose values may be any text. */
static bool is_quoted(const char *name)
{
	return strcmp(name, "owner") == 0 || strcmp(name, "comment") == 0;
}

static void put_text_member(struct out *o, const json_t *record,
			    const char *name)
{
	const json_t *value = json_object_get(record, name);

	if (!value)
		return;
	fprintf(o->file, " %s ", name);
	if (json_is_integer(value))
		fprintf(o->file, "%" JSON_INTEGER_FORMAT,
			json_integer_value(value));
	else if (is_quoted(name))
		put_quoted(o, json_string_value(value));
	else
		fputs(json_string_value(value), o->file);
}

void text_policy(struct out *o, const json_t *record)
{
	static const char *const names[] = { "in",    "out",	 "log",
					     "owner", "comment", "rules",
					     "users", "confirm", "kept" };

	out_colored(o, OUT_NAME, "%s", out_text(record, "policy"));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		put_text_member(o, record, names[i]);
	putc('\n', o->file);
}

/* Words whose values are numbers. */
static bool is_number(const char *word)
{
	static const char *const numbers[] = { "priority", "vlan", "dscp",
					       "class" };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strcmp(word, numbers[i]) == 0)
			return true;
	return false;
}

/* Takes the members of a rule's record, one by one. */
struct members {
	int (*text)(void *to, const char *name, const char *value);
	int (*number)(void *to, const char *name, json_int_t value);
	void *to;
};

static int put_rule(const struct members *m, const struct utcp_acl_rule *rule,
		    bool statistics)
{
	const char *direction = utcp_acl_direction(rule->direction);
	const char *verdict = utcp_acl_verdict(rule->verdict);
	char value[LIBUTCP_ACL_VALUE_TEXT];
	const char *word;
	int err;

	err = m->text(m->to, "direction", direction ? direction : "unknown");
	if (!err)
		err = m->text(m->to, "verdict", verdict ? verdict : "unknown");
	if (!err && rule->handle)
		err = m->number(m->to, "handle", (json_int_t)rule->handle);
	for (size_t i = 0; !err && (word = utcp_acl_word(i)); i++) {
		if (!utcp_acl_rule_get(rule, i, value))
			continue;
		err = is_number(word) ?
			      m->number(m->to, word, strtoll(value, NULL, 10)) :
			      m->text(m->to, word, value);
	}
	if (err || !statistics)
		return err;
	err = m->number(m->to, "packets", (json_int_t)rule->packets);
	if (!err)
		err = m->number(m->to, "bytes", (json_int_t)rule->bytes);
	if (!err && rule->fields & LIBUTCP_ACL_LAST_HIT)
		err = m->number(m->to, "last-hit", (json_int_t)rule->last_hit);
	return err;
}

static int record_text(void *to, const char *name, const char *value)
{
	/* What is not UTF-8 is left out. */
	json_object_set_new(to, name, json_string(value));
	return 0;
}

static int record_number(void *to, const char *name, json_int_t value)
{
	json_object_set_new(to, name, json_integer(value));
	return 0;
}

json_t *record_rule(const struct utcp_acl_rule *rule, bool statistics)
{
	struct members m = { record_text, record_number, json_object() };

	if (m.to)
		put_rule(&m, rule, statistics);
	return m.to;
}

static int print_text(void *to, const char *name, const char *value)
{
	return out_member_text(to, name, value);
}

static int print_number(void *to, const char *name, json_int_t value)
{
	out_member_number(to, name, value);
	return 0;
}

/* Has a record room for it? It is to be UTF-8. */
static bool is_text(const char *value)
{
	json_t *text = json_string(value);

	json_decref(text);
	return text;
}

/* As text_rule(), without a record. */
static void print_line(struct out *o, const struct utcp_acl_rule *rule)
{
	const char *direction = utcp_acl_direction(rule->direction);
	const char *verdict = utcp_acl_verdict(rule->verdict);
	char value[LIBUTCP_ACL_VALUE_TEXT];
	const char *word;

	if (rule->handle)
		out_colored(o, OUT_NAME, "%" PRIu64 ": ", rule->handle);
	fprintf(o->file, "%s ", direction ? direction : "unknown");
	out_colored(
		o, rule->verdict == UTCP_ACL_VERDICT_ALLOW ? OUT_GOOD : OUT_BAD,
		"%s", verdict ? verdict : "unknown");
	for (size_t i = 0; (word = utcp_acl_word(i)); i++) {
		bool quoted;

		if (!utcp_acl_rule_get(rule, i, value))
			continue;
		quoted = is_quoted(word);
		if (quoted && !is_text(value))
			continue;
		putc(' ', o->file);
		fputs(word, o->file);
		putc(' ', o->file);
		if (quoted)
			put_quoted(o, value);
		else
			fputs(value, o->file);
	}
	putc('\n', o->file);
}

int out_rule(struct out *o, const struct utcp_acl_rule *rule, bool statistics)
{
	struct members m = { print_text, print_number, o };
	int err;

	if (o->format == OUT_TEXT && !statistics) {
		print_line(o, rule);
		return 0;
	}
	if (o->format == OUT_TEXT)
		return out_record(o, record_rule(rule, statistics), text_rule);
	out_object_begin(o);
	err = put_rule(&m, rule, statistics);
	out_object_end(o);
	return err;
}

void text_rule(struct out *o, const json_t *record)
{
	const json_t *handle = json_object_get(record, "handle");
	const json_t *last = json_object_get(record, "last-hit");
	const char *word;

	if (handle)
		out_colored(o, OUT_NAME, "%" JSON_INTEGER_FORMAT ": ",
			    json_integer_value(handle));
	fprintf(o->file, "%s ", out_text(record, "direction"));
	out_colored(o,
		    strcmp(out_text(record, "verdict"), "allow") == 0 ?
			    OUT_GOOD :
			    OUT_BAD,
		    "%s", out_text(record, "verdict"));
	for (size_t i = 0; (word = utcp_acl_word(i)); i++)
		put_text_member(o, record, word);
	putc('\n', o->file);
	if (!json_object_get(record, "packets"))
		return;
	fputs("   ", o->file);
	put_text_member(o, record, "packets");
	put_text_member(o, record, "bytes");
	if (last)
		fprintf(o->file, " last %" JSON_INTEGER_FORMAT " s ago",
			json_integer_value(last) / 1000);
	putc('\n', o->file);
}

json_t *record_log(const struct utcp_acl_log *log)
{
	json_t *record = record_rule(&log->packet, false);
	char line[LIBUTCP_ACL_RULE_TEXT];
	struct utcp_acl_rule rule;

	if (!record)
		return NULL;
	json_object_update_new(record,
			       json_pack("{s:s, s:I, s:s}", "dev", log->name,
					 "ifindex", (json_int_t)log->ifindex,
					 "policy", log->policy));
	if (log->handle)
		json_object_set_new(record, "rule",
				    json_integer((json_int_t)log->handle));
	if (log->netns)
		json_object_set_new(record, "netns", json_integer(log->netns));
	if (log->missed)
		json_object_set_new(record, "missed",
				    json_integer((json_int_t)log->missed));
	if (!log->reason)
		return record;
	json_object_set_new(record, "reason",
			    json_string(utcp_acl_drop_reason(log->reason)));
	/* No rule lets go on what is dropped for other reasons. */
	if (log->reason != UTCP_ACL_DROP_REASON_RULE &&
	    log->reason != UTCP_ACL_DROP_REASON_DEFAULT)
		return record;
	utcp_acl_log_rule(log, &rule);
	utcp_acl_rule_format(&rule, line);
	json_object_set_new(record, "missing", json_string(line));
	return record;
}

void text_log(struct out *o, const json_t *record)
{
	const json_t *missing = json_object_get(record, "missing");

	out_colored(o, OUT_NAME, "%s", out_text(record, "dev"));
	put_text_member(o, record, "sandbox");
	put_text_member(o, record, "policy");
	put_text_member(o, record, "rule");
	put_text_member(o, record, "reason");
	put_text_member(o, record, "netns");
	put_text_member(o, record, "missed");
	fputs(": ", o->file);
	text_rule(o, record);
	if (missing)
		fprintf(o->file, "    missing: %s\n",
			json_string_value(missing));
}

static json_t *record_counters(const struct utcp_acl_counters *counters)
{
	json_t *drops = json_object();

	for (uint32_t i = 0; drops && i <= UTCP_ACL_DROP_REASON_MAX; i++)
		if (counters->drops[i])
			json_object_set_new(
				drops, utcp_acl_drop_reason(i),
				json_integer((json_int_t)counters->drops[i]));
	return json_pack("{s:I, s:I, s:I, s:o}", "frames",
			 (json_int_t)counters->frames, "allowed",
			 (json_int_t)counters->allowed, "rejected",
			 (json_int_t)counters->rejected, "drops", drops);
}

/* Of a namespace as a whole. */
static json_t *record_ns_binding(const struct utcp_acl_binding *binding)
{
	json_t *record = json_pack(
		"{s:s, s:I}", "kind",
		binding->kind == UTCP_ACL_BINDING_KIND_OWN ? "own" : "imposed",
		"devices", (json_int_t)binding->devices);

	if (record && binding->netns)
		json_object_set_new(record, "netns",
				    json_integer(binding->netns));
	if (record && binding->policy[0])
		json_object_set_new(record, "policy",
				    json_string(binding->policy));
	return record;
}

json_t *record_binding(const struct utcp_acl_binding *binding, bool statistics)
{
	json_t *record;

	if (binding->kind == UTCP_ACL_BINDING_KIND_PORT)
		record = json_pack("{s:s, s:I, s:s}", "bind", binding->name,
				   "ifindex", (json_int_t)binding->ifindex,
				   "policy", binding->policy);
	else
		record = record_ns_binding(binding);
	if (record && binding->has_mac) {
		char text[LIBUTCP_ACL_RULE_TEXT];

		snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x",
			 binding->mac[0], binding->mac[1], binding->mac[2],
			 binding->mac[3], binding->mac[4], binding->mac[5]);
		json_object_set_new(record, "mac", json_string(text));
		utcp_acl_binding_addrs(binding, text);
		if (text[0])
			json_object_set_new(record, "addr", json_string(text));
	}
	if (record && statistics)
		json_object_update_new(
			record, json_pack("{s:o, s:o}", "in",
					  record_counters(&binding->in), "out",
					  record_counters(&binding->out)));
	return record;
}

void text_binding(struct out *o, const json_t *record)
{
	const char *port = out_text(record, "bind");

	out_colored(o, OUT_NAME, "%s", *port ? port : out_text(record, "kind"));
	put_text_member(o, record, "netns");
	put_text_member(o, record, "devices");
	put_text_member(o, record, "policy");
	put_text_member(o, record, "mac");
	put_text_member(o, record, "addr");
	putc('\n', o->file);
	text_counters(o, "in", json_object_get(record, "in"));
	text_counters(o, "out", json_object_get(record, "out"));
}

static void text_stats(struct out *o, const json_t *record)
{
	text_counters(o, "in", json_object_get(record, "in"));
	text_counters(o, "out", json_object_get(record, "out"));
}

/* --- policies ------------------------------------------------------------------------- */

static int printed(struct cmd_context *c, int err)
{
	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}

static int print(struct cmd_context *c, json_t *record, out_text_fn *text)
{
	return printed(c, out_record(&c->out, record, text));
}

/* Longer names are refused by the kernel, which says how long they may be. */
static int read_name(struct cmd_context *c, const char *name,
		     struct utcp_acl_policy *set)
{
	if (strlen(name) >= sizeof(set->name))
		return fault_usage(&c->fault, "POLICY",
				   "\"%s\" is too long for a policy's name",
				   name);
	snprintf(set->name, sizeof(set->name), "%s", name);
	return EXIT_DONE;
}

/* "new" and "set" differ in one call. */
static int change(struct cmd_context *c, const struct cmd_args *args,
		  int (*call)(struct utcp_handle *h,
			      const struct utcp_acl_policy *settings,
			      struct utcp_acl_policy *policy))
{
	struct utcp_acl_policy set = { 0 }, answer;
	struct utcp_handle *h;
	int code;

	code = read_name(c, args->word[0].text, &set);
	for (size_t i = 1; !code && i < args->n; i++) {
		const struct cmd_word *w = &args->word[i];
		const char *bad = aclfile_setting(&set, w->text, w->value);

		if (bad)
			code = fault_usage(&c->fault, w->text, "\"%s\": %s",
					   w->value, bad);
	}
	if (code)
		return code;
	h = cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (call(h, &set, &answer))
		return cmd_failed(c);
	return print(c, record_policy(&answer), text_policy);
}

int acl_new(struct cmd_context *c, const struct cmd_args *args)
{
	return change(c, args, utcp_acl_policy_new);
}

int acl_set(struct cmd_context *c, const struct cmd_args *args)
{
	return change(c, args, utcp_acl_policy_set);
}

int acl_del(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	struct utcp_acl_policy policy;

	if (!h)
		return c->fault.exit;
	if (utcp_acl_policy_del(h, args->word[0].text, &policy))
		return cmd_failed(c);
	return print(c, record_policy(&policy), text_policy);
}

int acl_confirm(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	struct utcp_acl_policy policy;

	if (!h)
		return c->fault.exit;
	if (utcp_acl_confirm(h, args->word[0].text, &policy))
		return cmd_failed(c);
	return print(c, record_policy(&policy), text_policy);
}

static int show_policies(struct cmd_context *c, struct utcp_handle *h)
{
	struct utcp_acl_policy *policies = NULL;
	int code = EXIT_DONE;
	size_t n = 0;

	if (utcp_acl_policy_list(h, &policies, &n))
		return cmd_failed(c);
	out_list_begin(&c->out);
	for (size_t i = 0; !code && i < n; i++)
		code = print(c, record_policy(&policies[i]), text_policy);
	out_list_end(&c->out, code);
	free(policies);
	return code;
}

/* --- rules ------------------------------------------------------------------------------ */

static int print_rule(const struct utcp_acl_rule *rule, void *arg)
{
	struct cmd_context *c = arg;

	return out_rule(&c->out, rule, c->statistics);
}

static int read_filter(struct cmd_context *c, const struct cmd_args *args,
		       struct utcp_acl_filter *filter)
{
	for (size_t i = 1; i < args->n; i++) {
		const struct cmd_word *w = &args->word[i];

		if (w->index == FILTER_OWNER) {
			filter->owner = w->value;
		} else if (w->index == FILTER_VERDICT) {
			if (!aclfile_verdict(w->value, &filter->verdict))
				return fault_usage(&c->fault, w->text,
						   "\"%s\" is no verdict",
						   w->value);
		} else {
			filter->direction = strcmp(w->value, "in") == 0 ?
						    UTCP_ACL_DIRECTION_IN :
						    UTCP_ACL_DIRECTION_OUT;
			if (filter->direction == UTCP_ACL_DIRECTION_OUT &&
			    strcmp(w->value, "out") != 0)
				return fault_usage(&c->fault, w->text,
						   "\"%s\" is no direction",
						   w->value);
		}
	}
	return EXIT_DONE;
}

int acl_show(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_acl_filter filter = { 0 };
	struct utcp_handle *h;
	int code, err;

	code = read_filter(c, args, &filter);
	if (code)
		return code;
	h = cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (!args->n)
		return show_policies(c, h);
	out_list_begin(&c->out);
	err = utcp_acl_rule_each(h, args->word[0].text, &filter, print_rule, c);
	out_list_end(&c->out, err);
	return err ? cmd_failed(c) : EXIT_DONE;
}

int acl_add(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_acl_rule rule = { .priority = LIBUTCP_ACL_PRIORITY }, made;
	struct utcp_handle *h;

	rule.direction = (uint32_t)args->word[1].index + 1;
	rule.verdict = (uint32_t)args->word[2].index + 1;
	for (size_t i = 3; i < args->n; i++) {
		const struct cmd_word *w = &args->word[i];
		const char *bad = utcp_acl_rule_set(&rule, w->index, w->value);

		if (bad)
			return fault_usage(&c->fault, w->text, "\"%s\": %s",
					   w->value, bad);
	}
	h = cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (utcp_acl_rule_add(h, args->word[0].text, &rule, &made))
		return cmd_failed(c);
	return printed(c, out_rule(&c->out, &made, false));
}

int acl_remove(struct cmd_context *c, const struct cmd_args *args)
{
	const char *text = args->word[1].text;
	unsigned long long handle;
	struct utcp_acl_rule rule;
	struct utcp_handle *h;
	char *end;

	handle = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end)
		return fault_usage(&c->fault, "HANDLE",
				   "\"%s\" is not the number of a rule", text);
	h = cmd_handle(c);
	if (!h)
		return c->fault.exit;
	/* There is one flag. */
	if (utcp_acl_rule_del(h, args->word[0].text, handle, args->n > 2,
			      &rule))
		return cmd_failed(c);
	return printed(c, out_rule(&c->out, &rule, c->statistics));
}

static void text_step(struct out *o, const json_t *record)
{
	const json_t *unmet = json_object_get(record, "unmet");
	const json_t *decides = json_object_get(record, "decides");

	if (decides)
		out_colored(o,
			    strcmp(json_string_value(decides), "allow") == 0 ?
				    OUT_GOOD :
				    OUT_BAD,
			    "%s by ", json_string_value(decides));
	else
		fprintf(o->file, "not %s: ", json_string_value(unmet));
	if (json_object_get(record, "handle"))
		text_rule(o, record);
	else
		fputs("the default\n", o->file);
}

static int print_step(const struct utcp_acl_step *step, void *arg)
{
	struct cmd_context *c = arg;
	json_t *record = step->rule.handle ? record_rule(&step->rule, false) :
					     json_object();

	if (record && step->unmet)
		json_object_set_new(record, "unmet",
				    json_string(utcp_acl_unmet(step->unmet)));
	else if (record)
		json_object_set_new(
			record, "decides",
			known_name(utcp_acl_verdict(step->verdict)));
	return out_record(&c->out, record, text_step);
}

int acl_test(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_acl_rule packet = { .priority = LIBUTCP_ACL_PRIORITY,
					.verdict = UTCP_ACL_VERDICT_ALLOW };
	struct utcp_handle *h;
	int err;

	packet.direction = (uint32_t)args->word[1].index + 1;
	for (size_t i = 2; i < args->n; i++) {
		const struct cmd_word *w = &args->word[i];
		const char *bad =
			utcp_acl_rule_set(&packet, w->index, w->value);

		if (bad)
			return fault_usage(&c->fault, w->text, "\"%s\": %s",
					   w->value, bad);
	}
	h = cmd_handle(c);
	if (!h)
		return c->fault.exit;
	out_list_begin(&c->out);
	err = utcp_acl_test(h, args->word[0].text, &packet, print_step, c);
	out_list_end(&c->out, err);
	return err ? cmd_failed(c) : EXIT_DONE;
}

/* --- bindings ---------------------------------------------------------------------------- */

static int print_binding(struct cmd_context *c,
			 const struct utcp_acl_binding *binding)
{
	return print(c, record_binding(binding, c->statistics), text_binding);
}

int acl_bind(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_acl_binding like = { 0 }, binding;
	struct utcp_handle *h;

	if (strlen(args->word[0].text) >= sizeof(like.name) ||
	    strlen(args->word[1].text) >= sizeof(like.policy))
		return fault_usage(&c->fault, "DEV", "a name is too long");
	snprintf(like.name, sizeof(like.name), "%s", args->word[0].text);
	snprintf(like.policy, sizeof(like.policy), "%s", args->word[1].text);
	for (size_t i = 2; i < args->n; i++) {
		const struct cmd_word *w = &args->word[i];
		const char *bad =
			utcp_acl_binding_own(&like, w->text, w->value);

		if (bad)
			return fault_usage(&c->fault, w->text, "\"%s\": %s",
					   w->value, bad);
	}
	h = cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (utcp_acl_bind(h, &like, &binding))
		return cmd_failed(c);
	return print_binding(c, &binding);
}

int acl_unbind(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	struct utcp_acl_binding binding;

	if (!h)
		return c->fault.exit;
	if (utcp_acl_unbind(h, args->word[0].text, &binding))
		return cmd_failed(c);
	return print_binding(c, &binding);
}

/* Names of policies are as long as the kernel wants them. */
static int ns_bind(struct cmd_context *c, const char *netns, const char *policy)
{
	struct utcp_handle *h = cmd_handle(c);
	struct utcp_acl_binding binding;

	if (!h)
		return c->fault.exit;
	if (policy ? utcp_acl_ns_bind(h, netns, policy, &binding) :
		     utcp_acl_ns_unbind(h, netns, &binding))
		return cmd_failed(c);
	return print_binding(c, &binding);
}

int acl_bind_own(struct cmd_context *c, const struct cmd_args *args)
{
	return ns_bind(c, NULL, args->word[0].text);
}

int acl_unbind_own(struct cmd_context *c, const struct cmd_args *args)
{
	(void)args;
	return ns_bind(c, NULL, NULL);
}

int acl_impose(struct cmd_context *c, const struct cmd_args *args)
{
	return ns_bind(c, args->word[0].text, args->word[1].text);
}

int acl_release(struct cmd_context *c, const struct cmd_args *args)
{
	return ns_bind(c, args->word[0].text, NULL);
}

int acl_bindings(struct cmd_context *c, const struct cmd_args *args)
{
	const char *policy = args->n ? args->word[0].text : NULL;
	struct utcp_handle *h = cmd_handle(c);
	struct utcp_acl_binding *list = NULL;
	int code = EXIT_DONE;
	size_t n = 0;

	if (!h)
		return c->fault.exit;
	if (utcp_acl_binding_list(h, policy, &list, &n))
		return cmd_failed(c);
	out_list_begin(&c->out);
	for (size_t i = 0; !code && i < n; i++)
		code = print_binding(c, &list[i]);
	out_list_end(&c->out, code);
	free(list);
	return code;
}

int acl_stats(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	struct utcp_acl_binding sum;

	(void)args;
	if (!h)
		return c->fault.exit;
	if (utcp_acl_stats(h, &sum))
		return cmd_failed(c);
	return print(c,
		     json_pack("{s:o, s:o}", "in", record_counters(&sum.in),
			       "out", record_counters(&sum.out)),
		     text_stats);
}
