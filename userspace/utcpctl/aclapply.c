// SPDX-License-Identifier: GPL-2.0-only
/*
 * Access lists from and to files.
 *
 * Two policies are compared line by line, as the rules are printed: what is in both
 * is no difference, wherever it stands, unless rules of one priority have changed
 * places.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <utcp/utcp.h>

#include "acl.h"
#include "aclapply.h"
#include "aclfile.h"
#include "aclset.h"

const char *cmd_choice_acl_dry(const struct cmd_args *before, size_t index)
{
	(void)before;
	static const char *const names[] = { "--dry-run", "--confirm",
					     "--keep" };

	return index < sizeof(names) / sizeof(names[0]) ? names[index] : NULL;
}

static int print(struct cmd_context *c, json_t *record, out_text_fn *text)
{
	int err = out_record(&c->out, record, text);

	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}

/* --- saving --------------------------------------------------------------------------- */

static void text_line(struct out *o, const json_t *record)
{
	fprintf(o->file, "%s\n", json_string_value(record));
}

/* Texts in double quotes, as in rules. */
static void add_quoted(char *to, size_t size, const char *word,
		       const char *text)
{
	size_t used = strlen(to);

	used += (size_t)snprintf(to + used, size - used, " %s \"", word);
	for (; *text && used + 4 < size; text++) {
		if (*text == '"' || *text == '\\')
			to[used++] = '\\';
		to[used++] = *text;
	}
	snprintf(to + used, size - used, "\"");
}

static void policy_line(const struct utcp_acl_policy *policy, char *line,
			size_t size)
{
	const char *in = utcp_acl_verdict(policy->in);
	const char *out = utcp_acl_verdict(policy->out);

	snprintf(line, size, "policy %s in %s out %s", policy->name,
		 in ? in : "unknown", out ? out : "unknown");
	if (policy->log)
		snprintf(line + strlen(line), size - strlen(line), " log on");
	if (policy->owner[0])
		add_quoted(line, size, "owner", policy->owner);
	if (policy->comment[0])
		add_quoted(line, size, "comment", policy->comment);
}

static int save_rule(const struct utcp_acl_rule *rule, void *arg)
{
	struct utcp_acl_rule plain = *rule;
	char line[LIBUTCP_ACL_RULE_TEXT];
	struct cmd_context *c = arg;

	if (c->out.format != OUT_TEXT) {
		plain.handle = 0; /* the next one will have another */
		return out_record(&c->out, record_rule(&plain, false),
				  text_rule);
	}
	utcp_acl_rule_format(rule, line);
	fprintf(c->out.file, "%s\n", line);
	return 0;
}

static int save_policy(struct cmd_context *c, struct utcp_handle *h,
		       const struct utcp_acl_policy *policy)
{
	char line[512];
	json_t *record;
	int code;

	if (c->out.format == OUT_TEXT) {
		policy_line(policy, line, sizeof(line));
		code = print(c, json_string(line), text_line);
	} else {
		record = record_policy(policy);
		json_object_del(record, "rules");
		json_object_del(record, "users");
		json_object_del(record, "generation");
		code = print(c, record, text_policy);
	}
	if (code)
		return code;
	if (utcp_acl_rule_each(h, policy->name, NULL, save_rule, c))
		return cmd_failed(c);
	return EXIT_DONE;
}

static void text_bind_line(struct out *o, const json_t *record)
{
	const char *mac = json_string_value(json_object_get(record, "mac"));
	const char *addr = json_string_value(json_object_get(record, "addr"));

	fprintf(o->file, "bind %s %s", out_text(record, "bind"),
		out_text(record, "policy"));
	if (mac)
		fprintf(o->file, " mac %s", mac);
	if (addr)
		fprintf(o->file, " addr %s", addr);
	putc('\n', o->file);
}

static int save_bindings(struct cmd_context *c, struct utcp_handle *h)
{
	struct utcp_acl_binding *bindings = NULL;
	int code = EXIT_DONE;
	size_t n = 0;

	if (utcp_acl_binding_list(h, NULL, &bindings, &n))
		return cmd_failed(c);
	for (size_t i = 0; !code && i < n; i++) {
		json_t *record;

		/* Whole namespaces are bound by who makes them, not by a file. */
		if (bindings[i].kind != UTCP_ACL_BINDING_KIND_PORT)
			continue;
		record = record_binding(&bindings[i], false);
		json_object_del(record, "ifindex");
		code = print(c, record, text_bind_line);
	}
	free(bindings);
	return code;
}

static int save_all(struct cmd_context *c, struct utcp_handle *h)
{
	struct utcp_acl_policy *policies = NULL;
	int code = EXIT_DONE;
	size_t n = 0;

	if (utcp_acl_policy_list(h, &policies, &n))
		return cmd_failed(c);
	/* Rules name them. */
	code = aclset_save(c, h);
	for (size_t i = 0; !code && i < n; i++)
		code = save_policy(c, h, &policies[i]);
	free(policies);
	return code ? code : save_bindings(c, h);
}

int acl_save(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	struct utcp_acl_policy policy;
	int code;

	if (!h)
		return c->fault.exit;
	if (args->n && utcp_acl_policy_get(h, args->word[0].text, &policy))
		return cmd_failed(c);
	out_list_begin(&c->out);
	code = args->n ? save_policy(c, h, &policy) : save_all(c, h);
	out_list_end(&c->out, code);
	return code;
}

/* --- comparing --------------------------------------------------------------------------- */

/**
 * struct line - a line of a policy
 * @text: the line
 * @priority: of the rule
 * @place: where it stands
 * @twin: place of the same line of the other policy; SIZE_MAX: there is none
 */
struct line {
	char *text;
	uint32_t priority;
	size_t place;
	size_t twin;
};

/**
 * struct lines - a policy as lines
 * @line: they
 * @n: how many
 * @room: for how many there is room
 */
struct lines {
	struct line *line;
	size_t n;
	size_t room;
};

static int add_line(struct lines *l, const struct utcp_acl_rule *rule)
{
	char text[LIBUTCP_ACL_RULE_TEXT];

	if (l->n == l->room) {
		size_t room = l->room ? 2 * l->room : 64;
		struct line *more = reallocarray(l->line, room, sizeof(*more));

		if (!more)
			return -ENOMEM;
		l->line = more;
		l->room = room;
	}
	utcp_acl_rule_format(rule, text);
	l->line[l->n] = (struct line){ .text = strdup(text),
				       .priority = rule->priority,
				       .place = l->n,
				       .twin = SIZE_MAX };
	return l->line[l->n].text ? (l->n++, 0) : -ENOMEM;
}

static int take_line(const struct utcp_acl_rule *rule, void *arg)
{
	return add_line(arg, rule);
}

static void lines_free(struct lines *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->line[i].text);
	free(l->line);
}

static int by_priority(const void *a, const void *b)
{
	const struct line *one = a, *two = b;

	if (one->priority != two->priority)
		return one->priority < two->priority ? -1 : 1;
	return one->place < two->place ? -1 : one->place > two->place;
}

static int by_text(const void *a, const void *b)
{
	const struct line *one = a, *two = b;
	int order = strcmp(one->text, two->text);

	if (order)
		return order;
	return one->place < two->place ? -1 : one->place > two->place;
}

static int by_place(const void *a, const void *b)
{
	const struct line *one = a, *two = b;

	return one->place < two->place ? -1 : one->place > two->place;
}

static void sort(struct lines *l, int (*by)(const void *a, const void *b))
{
	if (l->n)
		qsort(l->line, l->n, sizeof(*l->line), by);
}

/* Numbers lines as they are asked, which the kernel's are already. */
static void number(struct lines *l)
{
	sort(l, by_priority);
	for (size_t i = 0; i < l->n; i++)
		l->line[i].place = i;
}

/* Finds for each line the same line of the other. */
static void pair(struct lines *old, struct lines *new)
{
	size_t i = 0, k = 0;

	number(old);
	number(new);
	sort(old, by_text);
	sort(new, by_text);
	while (i < old->n && k < new->n) {
		int order = strcmp(old->line[i].text, new->line[k].text);

		if (!order) {
			old->line[i].twin = new->line[k].place;
			new->line[k].twin = old->line[i].place;
		}
		i += order <= 0;
		k += order >= 0;
	}
	sort(old, by_place);
	sort(new, by_place);
}

/* Have lines changed places? */
static bool moved(const struct lines *new)
{
	size_t last = 0;

	for (size_t i = 0; i < new->n; i++) {
		if (new->line[i].twin == SIZE_MAX)
			continue;
		if (new->line[i].twin < last)
			return true;
		last = new->line[i].twin;
	}
	return false;
}

static void text_difference(struct out *o, const json_t *record)
{
	const char *change = out_text(record, "change");

	if (strcmp(change, "policy") == 0)
		fprintf(o->file, "policy %s\n", out_text(record, "policy"));
	else if (strcmp(change, "order") == 0)
		out_colored(o, OUT_NOTE,
			    "~ rules of one priority change places\n");
	else
		out_colored(o, strcmp(change, "add") == 0 ? OUT_GOOD : OUT_BAD,
			    "%c %s\n", strcmp(change, "add") == 0 ? '+' : '-',
			    out_text(record, "line"));
}

static int print_change(struct cmd_context *c, const char *policy,
			const char *change, const char *line)
{
	json_t *record =
		json_pack("{s:s, s:s}", "policy", policy, "change", change);

	if (record && line)
		json_object_set_new(record, "line", json_string(line));
	return print(c, record, text_difference);
}

static int print_unpaired(struct cmd_context *c, const char *policy,
			  const struct lines *l, const char *change)
{
	int code = EXIT_DONE;

	for (size_t i = 0; !code && i < l->n; i++)
		if (l->line[i].twin == SIZE_MAX)
			code = print_change(c, policy, change, l->line[i].text);
	return code;
}

/* Settings that a file does not say are the default. */
static struct utcp_acl_policy with_defaults(const struct utcp_acl_policy *set)
{
	struct utcp_acl_policy policy = *set;

	if (!(set->fields & LIBUTCP_ACL_IN))
		policy.in = UTCP_ACL_VERDICT_DENY;
	if (!(set->fields & LIBUTCP_ACL_OUT))
		policy.out = UTCP_ACL_VERDICT_DENY;
	return policy;
}

static int print_difference(struct cmd_context *c,
			    const struct utcp_acl_policy *was,
			    const struct aclfile_policy *p,
			    const struct lines *old, const struct lines *new)
{
	struct utcp_acl_policy set = with_defaults(&p->set);
	char one[512] = "", two[512];
	int code = EXIT_DONE;

	if (was)
		policy_line(was, one, sizeof(one));
	policy_line(&set, two, sizeof(two));
	if (c->out.format == OUT_TEXT)
		code = print_change(c, set.name, "policy", NULL);
	if (!code && was && strcmp(one, two) != 0)
		code = print_change(c, set.name, "del", one);
	if (!code && strcmp(one, two) != 0)
		code = print_change(c, set.name, "add", two);
	if (!code)
		code = print_unpaired(c, set.name, old, "del");
	if (!code)
		code = print_unpaired(c, set.name, new, "add");
	if (!code && moved(new))
		code = print_change(c, set.name, "order", NULL);
	return code;
}

static int no_memory(struct cmd_context *c)
{
	return fault_system(&c->fault, ENOMEM, "cannot compare");
}

static int diff_policy(struct cmd_context *c, struct utcp_handle *h,
		       const struct aclfile_policy *p)
{
	struct lines old = { 0 }, new = { 0 };
	struct utcp_acl_policy was;
	int code = EXIT_DONE;
	bool there;

	there = !utcp_acl_policy_get(h, p->set.name, &was);
	if (!there && utcp_handle_error(h)->code != LIBUTCP_E_NOT_FOUND)
		return cmd_failed(c);
	if (there && utcp_acl_rule_each(h, p->set.name, NULL, take_line, &old))
		code = cmd_failed(c);
	for (size_t i = 0; !code && i < p->n; i++)
		if (add_line(&new, &p->rules[i]))
			code = no_memory(c);
	if (!code) {
		pair(&old, &new);
		code = print_difference(c, there ? &was : NULL, p, &old, &new);
	}
	lines_free(&old);
	lines_free(&new);
	return code;
}

static int diff_file(struct cmd_context *c, struct utcp_handle *h,
		     const struct aclfile *file)
{
	int code = EXIT_DONE;

	out_list_begin(&c->out);
	for (size_t i = 0; !code && i < file->n; i++)
		code = diff_policy(c, h, &file->policies[i]);
	out_list_end(&c->out, code);
	return code;
}

/* --- applying ------------------------------------------------------------------------------ */

/* The kernel refused: say which line of the file it was. */
static int refused(struct cmd_context *c, const char *name,
		   const struct aclfile_policy *p, size_t which)
{
	int code = cmd_failed(c);
	char message[sizeof(c->fault.message)];

	if (which >= p->n)
		return code;
	snprintf(message, sizeof(message), "%s:%lu: %.400s", name,
		 p->lines[which], c->fault.message);
	snprintf(c->fault.message, sizeof(c->fault.message), "%s", message);
	return code;
}

static int apply_policy(struct cmd_context *c, struct utcp_handle *h,
			const char *name, const struct aclfile_policy *p)
{
	struct utcp_acl_policy policy;
	size_t which;

	if (utcp_acl_load(h, &p->set, p->rules, p->n, &policy, &which))
		return refused(c, name, p, which);
	return print(c, record_policy(&policy), text_policy);
}

/* What is there already stays; elements are added. @made: it was not there. */
static int apply_set(struct cmd_context *c, struct utcp_handle *h,
		     const struct aclfile_set *s, bool *made)
{
	struct utcp_acl_set set;

	*made = !utcp_acl_set_new(h, s->set.name, s->set.type, s->set.max,
				  &set);
	if (!*made && utcp_handle_error(h)->err != EEXIST)
		return cmd_failed(c);
	for (size_t i = 0; i < s->n; i++)
		if (utcp_acl_elem_add(h, s->set.name, &s->elems[i], NULL))
			return cmd_failed(c);
	return EXIT_DONE;
}

static int apply_bindings(struct cmd_context *c, struct utcp_handle *h,
			  const struct aclfile *file)
{
	struct utcp_acl_binding binding;
	int code = EXIT_DONE;

	for (size_t i = 0; !code && i < file->n_bindings; i++) {
		code = utcp_acl_bind(h, &file->bindings[i], &binding) ?
			       cmd_failed(c) :
			       print(c, record_binding(&binding, false),
				     text_binding);
	}
	return code;
}

/* A policy was refused: sets that were made for it go again. Those that one before it
 * names stay: the kernel refuses.
 */
static void forget_sets(struct utcp_handle *h, const struct aclfile *file,
			const bool *made)
{
	for (size_t i = 0; i < file->n_sets; i++)
		if (made[i])
			utcp_acl_set_del(h, file->sets[i].set.name, NULL);
}

static int apply_file(struct cmd_context *c, struct utcp_handle *h,
		      const char *name, const struct aclfile *file)
{
	bool *made = calloc(file->n_sets + 1, sizeof(*made));
	int code = EXIT_DONE;

	if (!made)
		return fault_system(&c->fault, ENOMEM, "cannot apply");
	for (size_t i = 0; !code && i < file->n_sets; i++)
		code = apply_set(c, h, &file->sets[i], &made[i]);
	if (code) {
		forget_sets(h, file, made);
		free(made);
		return code;
	}
	out_list_begin(&c->out);
	for (size_t i = 0; !code && i < file->n; i++)
		code = apply_policy(c, h, name, &file->policies[i]);
	if (code)
		forget_sets(h, file, made);
	free(made);
	if (!code)
		code = apply_bindings(c, h, file);
	out_list_end(&c->out, code);
	return code;
}

/* What would be, and whether the kernel would take it. */
static int try_file(struct cmd_context *c, struct utcp_handle *h,
		    const char *name, const struct aclfile *file)
{
	for (size_t i = 0; i < file->n; i++) {
		const struct aclfile_policy *p = &file->policies[i];
		size_t which;

		if (utcp_acl_check(h, &p->set, p->rules, p->n, &which))
			return refused(c, name, p, which);
	}
	return diff_file(c, h, file);
}

/* @confirm: milliseconds within which loads are to be confirmed, or 0. @keep: what rules
 * about identities have allowed goes on.
 */
static int with_file(struct cmd_context *c, const char *name, bool bindings,
		     uint32_t confirm, bool keep,
		     int (*act)(struct cmd_context *c, struct utcp_handle *h,
				const char *name, const struct aclfile *file))
{
	struct utcp_handle *h;
	struct aclfile file;
	int code;

	code = aclfile_read(name, &file, &c->fault);
	if (!code && file.n_bindings && !bindings)
		code = fault_usage(
			&c->fault, name,
			"there are bindings in the file: they are for \"acl restore\"");
	for (size_t i = 0; i < file.n; i++) {
		file.policies[i].set.confirm = confirm;
		if (keep)
			file.policies[i].set.fields |= LIBUTCP_ACL_KEEP;
	}
	if (!code) {
		h = cmd_handle(c);
		code = h ? act(c, h, name, &file) : (int)c->fault.exit;
	}
	aclfile_free(&file);
	return code;
}

static int act_diff(struct cmd_context *c, struct utcp_handle *h,
		    const char *name, const struct aclfile *file)
{
	(void)name;
	return diff_file(c, h, file);
}

int acl_apply(struct cmd_context *c, const struct cmd_args *args)
{
	bool confirm = args->n > 1 && args->word[1].index == 1;
	const char *bad = NULL;
	uint64_t ms = 0;

	if (confirm ? args->n <= 2 : args->n > 2)
		return fault_usage(&c->fault, "--confirm",
				   "a time goes with --confirm");
	if (args->n > 1 && args->word[1].index == 2)
		return with_file(c, args->word[0].text, false, 0, true,
				 apply_file);
	if (!confirm)
		return with_file(c, args->word[0].text, false, 0, false,
				 args->n > 1 ? try_file : apply_file);
	bad = utcp_acl_time_set(args->word[2].text, &ms);
	if (bad || !ms || ms > 86400000)
		return fault_usage(&c->fault, "--confirm",
				   "\"%s\": a time up to 24h is expected",
				   args->word[2].text);
	return with_file(c, args->word[0].text, false, (uint32_t)ms, false,
			 apply_file);
}

int acl_restore(struct cmd_context *c, const struct cmd_args *args)
{
	return with_file(c, args->word[0].text, true, 0, false, apply_file);
}

int acl_diff(struct cmd_context *c, const struct cmd_args *args)
{
	return with_file(c, args->word[0].text, true, 0, false, act_diff);
}
