// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was saved, to be there again: first what others name, last what opens.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <utcp/utcp.h>

#include "aclfile.h"
#include "cellkeep.h"
#include "state.h"
#include "statelink.h"
#include "staterun.h"

/* "policy-", a name, and what ends it. */
#define MARK_SIZE (8 + LIBUTCP_ACL_NAME_MAX)

/**
 * struct apply - a state that is being restored
 * @c: context
 * @h: its handle
 * @state: what was saved
 * @elapsed: milliseconds since
 * @r: report
 */
struct apply {
	struct cmd_context *c;
	struct utcp_handle *h;
	const json_t *state;
	uint64_t elapsed;
	struct state_report *r;
};

static void failed(struct apply *a, const char *what, const char *name)
{
	state_note(a->r->failed, what, name, a->c->fault.message);
}

static void make(struct apply *a, const char *what, const char *name,
		 json_t *words)
{
	if (state_make(a->c, words, a->r))
		failed(a, what, name);
}

/* Does a part of the state need the module? */
static bool needs(const json_t *state, enum utcp_family family)
{
	static const char *const sections[LIBUTCP_FAMILIES][4] = {
		[LIBUTCP_NETSWITCH] = { "links" },
		[LIBUTCP_UTCP] = { "cells", "peers" },
		[LIBUTCP_ACL] = { "acl", "own", "namespaces" },
		[LIBUTCP_SHAPER] = { "classes" },
	};

	for (size_t i = 0; i < 4 && sections[family][i]; i++) {
		const json_t *s = json_object_get(state, sections[family][i]);

		if (json_array_size(s) || json_object_size(s) ||
		    json_is_string(s))
			return true;
	}
	return false;
}

/* --- before anything is changed ------------------------------------------------------------ */

/* One that is older than this tool may not know what it is told. */
static int check_module(struct cmd_context *c,
			const struct utcp_module_status *m)
{
	char message[400];

	for (size_t i = 0; i < m->n_problems; i++) {
		const struct utcp_problem *p = &m->problems[i];

		if (!p->fatal && strcmp(p->code, "older-than-tool") != 0)
			continue;
		snprintf(
			message, sizeof(message),
			"%s: nothing is restored, and what was bound is closed",
			p->message);
		return fault_input(&c->fault, ENOENT, message);
	}
	return EXIT_DONE;
}

static int check_modules(struct cmd_context *c, struct utcp_handle *h,
			 const json_t *state)
{
	struct utcp_status *status;
	int code = EXIT_DONE;

	if (utcp_status_get(h, &status))
		return cmd_failed(c);
	for (unsigned int f = 0; !code && f < LIBUTCP_FAMILIES; f++)
		if (needs(state, (enum utcp_family)f))
			code = check_module(c, &status->modules[f]);
	utcp_status_free(status);
	return code;
}

static int check_key(struct cmd_context *c, const char *id, const char *what)
{
	char name[CELLKEEP_NAME], path[256], message[256];
	uint8_t key[LIBUTCP_KEY_LEN];
	int err;

	cellkeep_name(id, what, name);
	snprintf(path, sizeof(path), "%s/%s", LIBUTCP_STATE_DIR, name);
	err = utcp_keyfile_read(path, key, message, sizeof(message));
	explicit_bzero(key, sizeof(key));
	return err ? fault_input(&c->fault, -err, message) : EXIT_DONE;
}

static int check_keys(struct cmd_context *c, const json_t *state)
{
	const json_t *cells = json_object_get(state, "cells");
	int code = EXIT_DONE;

	for (size_t i = 0; !code && i < json_array_size(cells); i++) {
		const json_t *cell = json_array_get(cells, i);

		code = check_key(c, out_text(cell, "id"), "key");
		if (!code && json_is_true(json_object_get(cell, "realm")))
			code = check_key(c, out_text(cell, "id"), "realm");
	}
	return code;
}

/* --- limits ------------------------------------------------------------ */

/* Which family has the name, or LIBUTCP_FAMILIES. */
static enum utcp_family family_of(const char *name)
{
	unsigned int f = 0;

	while (f < LIBUTCP_FAMILIES &&
	       strcmp(utcp_family_name((enum utcp_family)f), name) != 0)
		f++;
	return (enum utcp_family)f;
}

/* Is the limit below that now? */
static bool is_below(const struct utcp_module_info *info, const char *name,
		     const json_t *value)
{
	for (size_t i = 0; i < info->n_limits; i++)
		if (strcmp(info->limits[i].name, name) == 0)
			return info->limits[i].value <
			       json_integer_value(value);
	return false;
}

/* What exists may be more than its limit: that has been lowered later. */
static void raise_limits(struct apply *a, const json_t *record)
{
	enum utcp_family family = family_of(out_text(record, "family"));
	struct utcp_module_info *info;
	const char *name;
	json_t *words, *value;

	if (family == LIBUTCP_FAMILIES || !needs(a->state, family))
		return;
	if (utcp_info_get(a->h, family, &info)) {
		cmd_failed(a->c);
		failed(a, "limits", utcp_family_name(family));
		return;
	}
	words = json_pack("[s, s, s]", "limit", "set",
			  utcp_family_name(family));
	json_object_foreach(json_object_get(record, "limits"), name, value)
	{
		if (is_below(info, name, value))
			staterun_add(words, name, value);
	}
	utcp_module_info_free(info);
	if (json_array_size(words) == 3)
		json_decref(words);
	else if (staterun(a->c, words))
		failed(a, "limits", utcp_family_name(family));
}

static void apply_limits(struct apply *a, const json_t *record)
{
	const char *family = out_text(record, "family"), *name;
	json_t *words, *value;

	if (family_of(family) == LIBUTCP_FAMILIES ||
	    !needs(a->state, family_of(family)))
		return;
	words = json_pack("[s, s, s]", "limit", "set", family);
	json_object_foreach(json_object_get(record, "limits"), name, value)
		staterun_add(words, name, value);
	make(a, "limits", family, words);
}

/* --- access lists ------------------------------------------------------------ */

/* What is left of a time; whether any is. */
static bool left(struct apply *a, uint64_t *expires)
{
	if (*expires > a->elapsed) {
		*expires -= a->elapsed;
		return true;
	}
	a->r->expired++;
	return false;
}

/*
 * Remember that something is half there, until it is whole. Its mark is of those of
 * LIBUTCP_STATE_SEEN.
 */
static const char *mark_of(char mark[MARK_SIZE], const char *what,
			   const char *name)
{
	snprintf(mark, MARK_SIZE, "%s-%s", what, name);
	/* No name in the kernel has a slash; one in the file might. */
	for (char *p = mark; *p; p++)
		if (*p == '/')
			*p = '_';
	return mark;
}

static bool set_mark(struct apply *a, const char *what, const char *name,
		     bool on)
{
	char mark[MARK_SIZE];

	if (!utcp_state_mark(a->h, LIBUTCP_STATE_SEEN,
			     mark_of(mark, what, name), on))
		return true;
	state_note(a->r->failed, what, name, utcp_handle_error(a->h)->message);
	return false;
}

static bool is_marked(struct apply *a, const char *what, const char *name)
{
	char mark[MARK_SIZE];

	return utcp_state_marked(a->h, LIBUTCP_STATE_SEEN,
				 mark_of(mark, what, name));
}

/* A part of a set must not be taken for all of it: without it rules that name it are refused. */
static bool drop_set(struct apply *a, const char *name)
{
	if (!utcp_acl_set_del(a->h, name, NULL) ||
	    utcp_handle_error(a->h)->err == ENOENT)
		return true;
	state_note(a->r->failed, "part of set", name,
		   utcp_handle_error(a->h)->message);
	return false;
}

static int add_elems(struct apply *a, const struct aclfile_set *s)
{
	int err = 0;

	for (size_t i = 0; !err && i < s->n; i++) {
		struct utcp_acl_elem *e = &s->elems[i];

		if (!e->expires || left(a, &e->expires))
			err = utcp_acl_elem_add(a->h, s->set.name, e, NULL);
	}
	return err;
}

/* Return: whether it is whole, or nothing of it is there. */
static bool make_set(struct apply *a, const struct aclfile_set *s, bool half)
{
	const char *name = s->set.name;
	struct utcp_handle *h = a->h;
	int err = utcp_acl_set_new(h, name, s->set.type, s->set.max, NULL);
	bool there = err && utcp_handle_error(h)->err == EEXIST;

	if (there && !half) {
		a->r->kept++;
		return true;
	}
	/* Who restored it has died in the midst of it. */
	if (there) {
		if (!drop_set(a, name))
			return false;
		err = utcp_acl_set_new(h, name, s->set.type, s->set.max, NULL);
	}
	if (!err)
		err = add_elems(a, s);
	if (!err) {
		a->r->restored++;
		return true;
	}
	state_note(a->r->failed, "set", name, utcp_handle_error(h)->message);
	return drop_set(a, name);
}

static void apply_set(struct apply *a, const struct aclfile_set *s)
{
	const char *name = s->set.name;
	bool half = is_marked(a, "set", name);

	if (set_mark(a, "set", name, true) && make_set(a, s, half))
		set_mark(a, "set", name, false);
}

/* Rules that are to be there no more go out of the array. */
static void drop_expired(struct apply *a, struct aclfile_policy *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct utcp_acl_rule *rule = &p->rules[i];

		if (rule->fields & LIBUTCP_ACL_EXPIRES &&
		    !left(a, &rule->expires))
			continue;
		p->rules[n++] = *rule;
	}
	p->n = n;
}

/* Whatever is bound to it is closed, and it is not taken for what was saved. */
static void close_policy(struct apply *a, const char *name)
{
	struct utcp_acl_policy closed = {
		.fields = LIBUTCP_ACL_IN | LIBUTCP_ACL_OUT,
		.in = UTCP_ACL_VERDICT_DENY,
		.out = UTCP_ACL_VERDICT_DENY,
	};

	set_mark(a, "policy", name, true);
	snprintf(closed.name, sizeof(closed.name), "%s", name);
	utcp_acl_policy_new(a->h, &closed, NULL);
}

/* Is it as close_policy() has left it? */
static bool is_closed(const struct utcp_acl_policy *p)
{
	return !p->rules && p->in == UTCP_ACL_VERDICT_DENY &&
	       p->out == UTCP_ACL_VERDICT_DENY;
}

static bool load_policy(struct apply *a, struct aclfile_policy *p)
{
	const char *name = p->set.name;
	char message[400];
	size_t which;

	drop_expired(a, p);
	if (!utcp_acl_load(a->h, &p->set, p->rules, p->n, NULL, &which)) {
		a->r->restored++;
		return true;
	}
	snprintf(message, sizeof(message), "%s",
		 utcp_handle_error(a->h)->message);
	state_note(a->r->failed, "policy", name, message);
	close_policy(a, name);
	return false;
}

static void apply_policy(struct apply *a, struct aclfile_policy *p)
{
	const char *name = p->set.name;
	bool marked = is_marked(a, "policy", name);
	struct utcp_acl_policy is;

	if (!utcp_acl_policy_get(a->h, name, &is) &&
	    !(marked && is_closed(&is)))
		a->r->kept++;
	else if (!load_policy(a, p))
		return;
	if (marked)
		set_mark(a, "policy", name, false);
}

static char *join(const json_t *lines)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	for (size_t i = 0; f && i < json_array_size(lines); i++) {
		const char *line = json_string_value(json_array_get(lines, i));

		fprintf(f, "%s\n", line ? line : "");
	}
	if (!f || fclose(f)) {
		free(text);
		return NULL;
	}
	return text;
}

static void apply_acl(struct apply *a)
{
	char *text = join(json_object_get(a->state, "acl"));
	struct aclfile file = { 0 };
	int code;

	code = text ? aclfile_parse("acl", text, &file, &a->c->fault) :
		      fault_system(&a->c->fault, ENOMEM, "cannot read");
	free(text);
	if (code)
		failed(a, "access lists", "acl");
	for (size_t i = 0; !code && i < file.n_sets; i++)
		apply_set(a, &file.sets[i]);
	for (size_t i = 0; i < file.n; i++) {
		if (!code)
			apply_policy(a, &file.policies[i]);
		else
			close_policy(a, file.policies[i].set.name);
	}
	aclfile_free(&file);
}

static void apply_own(struct apply *a)
{
	const char *policy = out_text(a->state, "own");
	struct utcp_acl_binding *list = NULL;
	bool bound = false;
	size_t n = 0;

	if (!policy[0])
		return;
	utcp_state_mark(a->h, LIBUTCP_STATE_SEEN, STATELINK_OWN, false);
	if (!utcp_acl_binding_list(a->h, NULL, &list, &n))
		for (size_t i = 0; i < n; i++)
			bound |= list[i].kind == UTCP_ACL_BINDING_KIND_OWN;
	free(list);
	if (bound)
		a->r->kept++;
	else
		make(a, "own binding", policy,
		     json_pack("[s, s, s]", "acl", "bind-own", policy));
}

/* --- classes ------------------------------------------------------------ */

static void apply_class(struct apply *a, json_t *cls)
{
	const char *name = out_text(cls, "class"), *member;
	json_t *words = json_pack("[s, s, s]", "shaper", "add", name), *value;

	json_object_foreach(cls, member, value)
	{
		if (strcmp(member, "class") != 0)
			staterun_add(words, member, value);
	}
	make(a, "class", name, words);
}

/* Parents first. @depth: how many are above */
static bool apply_depth(struct apply *a, const json_t *parents, json_t **below)
{
	const json_t *classes = json_object_get(a->state, "classes");

	*below = json_object();
	for (size_t i = 0; i < json_array_size(classes); i++) {
		json_t *cls = json_array_get(classes, i);
		const char *parent = out_text(cls, "parent");

		if (parents ? !json_object_get(parents, parent) : *parent)
			continue;
		apply_class(a, cls);
		json_object_set_new(*below, out_text(cls, "class"),
				    json_true());
	}
	return json_object_size(*below);
}

static void apply_classes(struct apply *a)
{
	size_t n = json_array_size(json_object_get(a->state, "classes"));
	json_t *parents = NULL, *below;
	bool more = true;

	/* a circle, which no kernel has made, ends, too */
	for (size_t depth = 0; more && depth <= n; depth++) {
		more = apply_depth(a, parents, &below);
		json_decref(parents);
		parents = below;
	}
	json_decref(parents);
}

/* --- cells and peers ------------------------------------------------------------ */

static json_t *mode_word(const json_t *mode)
{
	char text[64] = "";

	for (size_t i = 0; i < json_array_size(mode); i++) {
		size_t n = strlen(text);

		snprintf(text + n, sizeof(text) - n, "%s%s", n ? "," : "",
			 json_string_value(json_array_get(mode, i)));
	}
	return json_string(text[0] ? text : "none");
}

static json_t *path_word(const char *id, const char *what)
{
	char name[CELLKEEP_NAME];

	cellkeep_name(id, what, name);
	return json_sprintf("%s/%s", LIBUTCP_STATE_DIR, name);
}

/* The key of another cell makes another cell, which goes again. */
static void import_cell(struct apply *a, const char *id, json_t *words)
{
	uint8_t other[LIBUTCP_CELLID_LEN];
	json_t *answer;
	int code = staterun_answer(a->c, words, &answer);
	const char *made = out_text(answer, "id");

	if (code && a->c->fault.err == EEXIST) {
		a->r->kept++;
	} else if (code) {
		failed(a, "cell", id);
	} else if (strcmp(made, id) == 0) {
		a->r->restored++;
	} else {
		state_note(a->r->failed, "cell", id,
			   "the key that is kept for it is another cell's");
		if (!utcp_cellid_parse(made, other))
			utcp_cell_del(a->h, other, NULL);
	}
	json_decref(answer);
}

static void apply_cell(struct apply *a, const json_t *cell)
{
	static const char *const members[] = { "default", "owner", "group",
					       "discoverable", "comment" };
	const char *id = out_text(cell, "id");
	json_t *words = json_pack("[s, s, o, s, o]", "cell", "import",
				  path_word(id, "key"), "mode",
				  mode_word(json_object_get(cell, "mode")));

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		staterun_add(words, members[i],
			     json_object_get(cell, members[i]));
	if (json_is_true(json_object_get(cell, "realm"))) {
		json_array_append_new(words, json_string("realm"));
		json_array_append_new(words, path_word(id, "realm"));
	}
	import_cell(a, id, words);
}

static void apply_peer(struct apply *a, const json_t *peer)
{
	json_t *words = json_pack("[s, s]", "peer", "add");

	staterun_add(words, NULL, json_object_get(peer, "public-key"));
	staterun_add(words, "cell", json_object_get(peer, "cell"));
	make(a, "peer", out_text(peer, "public-key"), words);
}

static void apply_network(struct apply *a, const json_t *network)
{
	const char *bridge = out_text(network, "bridge");
	char *text = json_dumps(network, JSON_COMPACT);
	int err = text ? utcp_state_network_restore(a->h, text) : -ENOMEM;

	free(text);
	if (!err)
		a->r->restored++;
	else if (err == -EEXIST)
		a->r->kept++;
	else
		state_note(a->r->failed, "network", bridge,
			   utcp_handle_error(a->h)->message);
}

/* --- all of it ------------------------------------------------------------ */

static uint64_t elapsed_since(json_int_t saved)
{
	struct timespec now;
	json_int_t ms;

	clock_gettime(CLOCK_REALTIME, &now);
	ms = (json_int_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	/* a clock that was set back tells nothing */
	return ms > saved ? (uint64_t)(ms - saved) : 0;
}

static void each(struct apply *a, const char *section,
		 void (*take)(struct apply *a, const json_t *record))
{
	const json_t *list = json_object_get(a->state, section);

	for (size_t i = 0; i < json_array_size(list); i++)
		take(a, json_array_get(list, i));
}

static void apply_links(struct apply *a)
{
	const char *name;
	json_t *value;

	json_object_foreach(json_object_get(a->state, "links"), name, value)
		statelink_restore(a->c, a->h, name, value, a->r);
	json_object_foreach(json_object_get(a->state, "namespaces"), name,
			    value)
		statelink_netns(a->c, a->h, name, json_string_value(value),
				a->r);
}

int state_apply(struct cmd_context *c, struct utcp_handle *h,
		const json_t *state, struct state_report *r)
{
	struct apply a = { .c = c, .h = h, .state = state, .r = r };
	int code = check_modules(c, h, state);

	if (!code)
		code = check_keys(c, state);
	if (code)
		return code;
	a.elapsed = elapsed_since(
		json_integer_value(json_object_get(state, "saved")));
	each(&a, "limits", raise_limits);
	if (needs(state, LIBUTCP_ACL))
		apply_acl(&a);
	apply_classes(&a);
	apply_links(&a);
	apply_own(&a);
	each(&a, "cells", apply_cell);
	each(&a, "peers", apply_peer);
	each(&a, "networks", apply_network);
	each(&a, "limits", apply_limits);
	return EXIT_DONE;
}
