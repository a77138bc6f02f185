// SPDX-License-Identifier: GPL-2.0-only
/*
 * What there is, to be saved.
 *
 *	{"saved":MILLISECONDS, "version":VERSION,
 *	 "limits":[...], "acl":[LINE, ...], "classes":[...],
 *	 "links":{NAME:{"flags":[...], "policy":POLICY, "mac":MAC, "addr":ADDRESSES,
 *			"classes":[...], "grants":[...]}},
 *	 "namespaces":{NAME:POLICY}, "own":POLICY,
 *	 "cells":[...], "peers":[...], "networks":[...]}
 *
 * Sections of modules that are not loaded are not there. Objects have the members that the
 * tool prints; lines are those of "acl save".
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <utcp/utcp.h>

#include "cellkeep.h"
#include "sandbox.h"
#include "state.h"
#include "statelink.h"
#include "staterun.h"

/* How many lists there are in sources[]. */
#define SOURCES 8

/**
 * struct save - a state that is being made
 * @c: context
 * @h: its handle
 * @state: what there is so far
 * @old: what was saved before, or NULL
 * @boxes: sandboxes, whose things end with them; some of them twice
 * @n_boxes: how many
 * @answers: what there is, as the kernel told it, by the number of its source
 * @lines: those of "acl save", or NULL
 * @r: report
 */
struct save {
	struct cmd_context *c;
	struct utcp_handle *h;
	json_t *state;
	const json_t *old;
	struct utcp_sandbox *boxes;
	size_t n_boxes;
	json_t *answers[SOURCES];
	char *lines;
	struct state_report *r;
};

static const char *text_of(const json_t *o, const char *name)
{
	return out_text(o, name);
}

/* Has an array an object with this member? */
static bool has_object(const json_t *list, const char *member, const char *text)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(text_of(json_array_get(list, i), member), text) == 0)
			return true;
	return false;
}

static bool is_bound(const struct utcp_sandbox *sb)
{
	return sb->mode == LIBUTCP_SANDBOX_BRIDGED ||
	       sb->mode == LIBUTCP_SANDBOX_CUSTOM ||
	       sb->mode == LIBUTCP_SANDBOX_ADOPTED;
}

static bool is_box_policy(const struct save *s, const char *name)
{
	for (size_t i = 0; i < s->n_boxes; i++)
		if (is_bound(&s->boxes[i]) && !s->boxes[i].policy[0] &&
		    strcmp(s->boxes[i].name, name) == 0)
			return true;
	return false;
}

static bool is_box_class(const struct save *s, const char *name)
{
	for (size_t i = 0; i < s->n_boxes; i++) {
		const struct utcp_sandbox *sb = &s->boxes[i];
		size_t n = strlen(sb->name);

		if ((sb->rate_in || sb->rate_out) &&
		    strncmp(name, sb->name, n) == 0 &&
		    (strcmp(name + n, ".in") == 0 ||
		     strcmp(name + n, ".out") == 0))
			return true;
	}
	return false;
}

static bool is_box_link(const struct save *s, const char *dev)
{
	/* Those of pools are in no list. */
	if (strlen(dev) == 11 && strncmp(dev, "sbx", 3) == 0 &&
	    strspn(dev + 3, "0123456789abcdef") == 8)
		return true;
	for (size_t i = 0; i < s->n_boxes; i++)
		if (strcmp(s->boxes[i].dev, dev) == 0)
			return true;
	return false;
}

/* --- access lists ------------------------------------------------------------------------ */

/* The lines of "acl save" without those of sandboxes, and without bindings. */
static void save_lines(struct save *s)
{
	json_t *lines = json_array();
	bool skip = false;
	char *rest, *line;

	for (line = strtok_r(s->lines, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		char name[LIBUTCP_ACL_NAME_MAX + 1] = "";

		if (strncmp(line, "bind ", 5) == 0)
			continue;
		if (sscanf(line, "policy %31s", name) == 1) {
			skip = is_box_policy(s, name);
			s->r->saved += !skip;
		} else if (strncmp(line, "set ", 4) == 0) {
			skip = false;
			s->r->saved++;
		}
		if (!skip)
			json_array_append_new(lines, json_string(line));
	}
	json_object_set_new(s->state, "acl", lines);
}

/* Is there a line for a policy? */
static bool has_policy(const struct save *s, const char *name)
{
	const json_t *lines = json_object_get(s->state, "acl");
	size_t n = strlen(name);

	for (size_t i = 0; i < json_array_size(lines); i++) {
		const char *line = json_string_value(json_array_get(lines, i));

		if (strncmp(line, "policy ", 7) == 0 &&
		    strncmp(line + 7, name, n) == 0 &&
		    (!line[7 + n] || line[7 + n] == ' '))
			return true;
	}
	return false;
}

/* --- links ------------------------------------------------------------------------------- */

static json_t *link_of(struct save *s, const char *dev)
{
	json_t *links = json_object_get(s->state, "links");

	return is_box_link(s, dev) ? NULL : json_object_get(links, dev);
}

static void save_port(struct save *s, json_t *port)
{
	const char *dev = text_of(port, "name");

	if (is_box_link(s, dev))
		return;
	json_object_set_new(json_object_get(s->state, "links"), dev,
			    json_pack("{s:O}", "flags",
				      json_object_get(port, "flags")));
	s->r->saved++;
}

/* Has a list of a link one member more. */
static void add_to_link(struct save *s, const json_t *record, const char *list,
			const char *const *members)
{
	json_t *link = link_of(s, text_of(record, "port"));
	json_t *one = json_object();

	for (; link && *members; members++)
		if (json_object_get(record, *members))
			json_object_set(one, *members,
					json_object_get(record, *members));
	if (!link) {
		json_decref(one);
		return;
	}
	if (!json_object_get(link, list))
		json_object_set_new(link, list, json_array());
	json_array_append_new(json_object_get(link, list), one);
}

static void save_grant(struct save *s, json_t *grant)
{
	static const char *const members[] = { "ethertype", "uid", "gid", "mac",
					       NULL };

	add_to_link(s, grant, "grants", members);
}

static void save_class_binding(struct save *s, json_t *binding)
{
	static const char *const members[] = { "direction", "class", "mark",
					       "priority", NULL };

	add_to_link(s, binding, "classes", members);
}

/* The name of a namespace, or NULL if it has none. @name: room for it */
static const char *netns_name(json_int_t inode, char name[NAME_MAX + 1])
{
	DIR *dir = opendir("/run/netns");
	const struct dirent *d;
	bool found = false;
	struct stat st;

	/* The folder is this call's alone. */
	/* cppcheck-suppress readdirCalled */
	while (dir && !found && (d = readdir(dir))) {
		if (fstatat(dirfd(dir), d->d_name, &st, 0) ||
		    (json_int_t)st.st_ino != inode || d->d_name[0] == '.')
			continue;
		snprintf(name, NAME_MAX + 1, "%s", d->d_name);
		found = true;
	}
	if (dir)
		closedir(dir);
	return found ? name : NULL;
}

static bool is_box(const struct save *s, const char *name)
{
	for (size_t i = 0; i < s->n_boxes; i++)
		if (strcmp(s->boxes[i].name, name) == 0)
			return true;
	return false;
}

/* With new_netns=deny the module imposes this one by itself, on all that are made. */
static bool is_by_itself(const char *policy)
{
	char mode[16] = "";
	FILE *f;

	if (strcmp(policy, "new-netns") != 0)
		return false;
	f = fopen("/sys/module/utcp_acl/parameters/new_netns", "re");
	if (!f)
		return false;
	if (!fgets(mode, sizeof(mode), f))
		mode[0] = '\0';
	fclose(f);
	return strncmp(mode, "deny", 4) == 0;
}

static void save_imposed(struct save *s, const json_t *binding)
{
	json_int_t inode =
		json_integer_value(json_object_get(binding, "netns"));
	const char *policy = text_of(binding, "policy");
	char room[NAME_MAX + 1], number[24];
	const char *name = netns_name(inode, room);

	if (is_by_itself(policy) || (name && is_box(s, name)))
		return;
	if (!name) {
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
			 inode);
		state_note(s->r->left, "namespace", number,
			   "it has no name under /run/netns");
		return;
	}
	json_object_set_new(json_object_get(s->state, "namespaces"), name,
			    json_string(policy));
	s->r->saved++;
}

static void save_binding(struct save *s, json_t *binding)
{
	static const char *const members[] = { "policy", "mac", "addr" };
	json_t *link = link_of(s, text_of(binding, "bind"));

	if (strcmp(text_of(binding, "kind"), "imposed") == 0) {
		save_imposed(s, binding);
	} else if (strcmp(text_of(binding, "kind"), "own") == 0) {
		json_object_set(s->state, "own",
				json_object_get(binding, "policy"));
		s->r->saved++;
	}
	for (size_t i = 0; link && i < 3; i++)
		if (json_object_get(binding, members[i]))
			json_object_set(link, members[i],
					json_object_get(binding, members[i]));
}

/* What a link would be bound to, and is no more; NULL: all is there. */
static const char *lacks(const struct save *s, const json_t *link)
{
	const json_t *classes = json_object_get(link, "classes");
	const json_t *policy = json_object_get(link, "policy");

	if (policy && !has_policy(s, json_string_value(policy)))
		return "its policy is no more";
	for (size_t i = 0; i < json_array_size(classes); i++)
		if (!has_object(json_object_get(s->state, "classes"), "class",
				text_of(json_array_get(classes, i), "class")))
			return "its class is no more";
	return NULL;
}

/* What was saved of links that are not there, or that still wait, stays so. */
static int save_waiting_links(struct save *s)
{
	json_t *links = json_object_get(s->state, "links");
	const char *name, *why;
	json_t *link;

	json_object_foreach(json_object_get(s->old, "links"), name, link)
	{
		int there = utcp_link_is_there(s->h, name);

		if (there < 0)
			return cmd_failed(s->c);
		if (!utcp_state_marked(s->h, LIBUTCP_STATE_LINK, name) &&
		    (there || json_object_get(links, name)))
			continue;
		why = lacks(s, link);
		if (why) {
			state_note(s->r->left, "link", name, why);
			continue;
		}
		json_object_set(links, name, link);
		state_note(s->r->waiting, "link", name, NULL);
	}
	return EXIT_DONE;
}

static void save_waiting_netns(struct save *s)
{
	json_t *spaces = json_object_get(s->state, "namespaces");
	const char *name;
	json_t *policy;

	json_object_foreach(json_object_get(s->old, "namespaces"), name, policy)
	{
		if (!utcp_state_marked(s->h, LIBUTCP_STATE_NETNS, name) &&
		    (statelink_netns_is_there(name) ||
		     json_object_get(spaces, name)))
			continue;
		if (!has_policy(s, json_string_value(policy))) {
			state_note(s->r->left, "namespace", name,
				   "its policy is no more");
			continue;
		}
		json_object_set(spaces, name, policy);
		state_note(s->r->waiting, "namespace", name, NULL);
	}
}

static void save_waiting_own(struct save *s)
{
	const json_t *own = json_object_get(s->old, "own");

	if (own && !json_object_get(s->state, "own") &&
	    has_policy(s, json_string_value(own)) &&
	    utcp_state_marked(s->h, LIBUTCP_STATE_SEEN, STATELINK_OWN))
		json_object_set(s->state, "own", (json_t *)own);
}

/* --- classes, cells, peers ------------------------------------------------------------------ */

static void save_class(struct save *s, json_t *cls)
{
	static const char *const answers[] = { "children", "bindings",
					       "waiting", "stats" };

	if (is_box_class(s, text_of(cls, "class")))
		return;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		json_object_del(cls, answers[i]);
	json_array_append(json_object_get(s->state, "classes"), cls);
	s->r->saved++;
}

/* Is there a file of the cell? NULL, or why not. */
static const char *is_kept(struct save *s, const char *id, const char *what)
{
	char name[CELLKEEP_NAME], *data = NULL;
	size_t len = 0;
	int err;

	cellkeep_name(id, what, name);
	err = utcp_state_read(s->h, name, &data, &len);
	if (data)
		explicit_bzero(data, len);
	free(data);
	if (err == -ENOENT)
		return strcmp(what, "key") == 0 ? "its key is not kept" :
						  "its realm is not kept";
	return err ? utcp_handle_error(s->h)->message : NULL;
}

static void save_cell(struct save *s, json_t *cell)
{
	const char *id = text_of(cell, "id");
	const char *why = is_kept(s, id, "key");

	if (!why && json_is_true(json_object_get(cell, "realm")))
		why = is_kept(s, id, "realm");
	if (why) {
		state_note(s->r->left, "cell", id, why);
		return;
	}
	json_object_del(cell, "users");
	json_array_append(json_object_get(s->state, "cells"), cell);
	s->r->saved++;
}

static void save_peer(struct save *s, json_t *peer)
{
	if (!json_is_true(json_object_get(peer, "configured")))
		return;
	if (!has_object(json_object_get(s->state, "cells"), "id",
			text_of(peer, "cell"))) {
		state_note(s->r->left, "peer", text_of(peer, "id"),
			   "its cell is not saved");
		return;
	}
	json_array_append_new(json_object_get(s->state, "peers"),
			      json_pack("{s:O, s:O}", "public-key",
					json_object_get(peer, "public-key"),
					"cell", json_object_get(peer, "cell")));
	s->r->saved++;
}

/* --- all of it ------------------------------------------------------------------------------- */

static void save_limits(struct save *s, json_t *limits)
{
	json_array_append(json_object_get(s->state, "limits"), limits);
}

static int save_networks(struct save *s)
{
	json_t *list;
	char *text;

	if (utcp_state_networks(s->h, &text))
		return cmd_failed(s->c);
	list = json_loads(text, 0, NULL);
	free(text);
	s->r->saved += json_array_size(list);
	if (json_array_size(list))
		json_object_set(s->state, "networks", list);
	json_decref(list);
	return EXIT_DONE;
}

/* Nothing that was saved may get lost for want of a module that would tell of it. */
static int check_old(struct save *s, unsigned int loaded)
{
	static const struct {
		const char *section;
		enum utcp_family family;
	} of[] = {
		{ "links", LIBUTCP_NETSWITCH }, { "cells", LIBUTCP_UTCP },
		{ "acl", LIBUTCP_ACL },		{ "namespaces", LIBUTCP_ACL },
		{ "own", LIBUTCP_ACL },		{ "classes", LIBUTCP_SHAPER },
	};

	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
		const json_t *section = json_object_get(s->old, of[i].section);
		char message[256];

		if (!(json_array_size(section) || json_object_size(section) ||
		      json_is_string(section)))
			continue;
		if (!(loaded & 1U << of[i].family))
			snprintf(
				message, sizeof(message),
				"module %s is not loaded, and there are %s in what was saved before: that stays",
				utcp_family_module(of[i].family),
				of[i].section);
		else if (!state_seen(s->h, of[i].family))
			snprintf(
				message, sizeof(message),
				"there are %s in what was saved before, and it was not restored since module %s was loaded: restore it, or remove %s/state.json",
				of[i].section, utcp_family_module(of[i].family),
				LIBUTCP_STATE_DIR);
		else
			continue;
		return fault_input(&s->c->fault, ENOENT, message);
	}
	return EXIT_DONE;
}

/* What is saved of which modules; first what others name. */
static const struct {
	unsigned int families;
	const char *object;
	const char *verb;
	void (*take)(struct save *s, json_t *record);
} sources[SOURCES] = {
	{ ~0U, "limit", "show", save_limits },
	{ 1U << LIBUTCP_NETSWITCH, "port", "show", save_port },
	{ 1U << LIBUTCP_NETSWITCH, "grant", "show", save_grant },
	{ 1U << LIBUTCP_ACL, "acl", "bindings", save_binding },
	{ 1U << LIBUTCP_SHAPER, "shaper", "show", save_class },
	{ 1U << LIBUTCP_SHAPER, "shaper", "bindings", save_class_binding },
	{ 1U << LIBUTCP_UTCP, "cell", "show", save_cell },
	{ 1U << LIBUTCP_UTCP, "peer", "show", save_peer },
};

static int fetch(struct save *s, unsigned int loaded)
{
	int code = EXIT_DONE;

	if (loaded & 1U << LIBUTCP_ACL)
		code = staterun_text(s->c, "acl", "save", &s->lines);
	for (size_t i = 0; !code && i < SOURCES; i++)
		if (loaded & sources[i].families)
			code = staterun_list(s->c, sources[i].object,
					     sources[i].verb, &s->answers[i]);
	return code;
}

static void take_all(struct save *s)
{
	if (s->lines)
		save_lines(s);
	for (size_t i = 0; i < SOURCES; i++)
		for (size_t k = 0; k < json_array_size(s->answers[i]); k++)
			sources[i].take(s, json_array_get(s->answers[i], k));
}

/* Those that there are now, besides those of before. */
static int list_boxes(struct save *s)
{
	struct utcp_sandbox *now, *all;
	int code = EXIT_DONE;
	size_t n;

	if (utcp_sandbox_list(s->h, &now, &n))
		return cmd_failed(s->c);
	all = reallocarray(s->boxes, s->n_boxes + n + 1, sizeof(*all));
	if (all) {
		memcpy(all + s->n_boxes, now, n * sizeof(*now));
		s->boxes = all;
		s->n_boxes += n;
	} else {
		code = fault_system(&s->c->fault, ENOMEM, "cannot save");
	}
	/* What ends with a damaged one cannot be told from what is to be saved. */
	if (!code && sandbox_damaged(s->h, now, n))
		code = cmd_failed(s->c);
	free(now);
	return code;
}

static int collect(struct save *s)
{
	unsigned int loaded;
	int code;

	if (utcp_families_loaded(s->h, &loaded))
		return cmd_failed(s->c);
	code = check_old(s, loaded);
	/*
	 * Sandboxes come and go meanwhile. The file of one is there before anything else of
	 * it, and is the last to go: what was seen of one that was there when we began, or is
	 * now, is not taken for somebody else's.
	 */
	if (!code)
		code = list_boxes(s);
	if (!code)
		code = fetch(s, loaded);
	if (!code)
		code = list_boxes(s);
	if (!code) {
		take_all(s);
		code = save_waiting_links(s);
	}
	if (!code) {
		save_waiting_netns(s);
		save_waiting_own(s);
		code = save_networks(s);
	}
	return code;
}

int state_collect(struct cmd_context *c, struct utcp_handle *h,
		  const json_t *old, json_t **state, struct state_report *r)
{
	struct save s = { .c = c, .h = h, .old = old, .r = r };
	struct timespec now;
	int code;

	clock_gettime(CLOCK_REALTIME, &now);
	s.state = json_pack(
		"{s:I, s:s, s:[], s:[], s:[], s:[], s:{}, s:{}}", "saved",
		(json_int_t)now.tv_sec * 1000 + now.tv_nsec / 1000000,
		"version", utcp_version(), "limits", "classes", "cells",
		"peers", "links", "namespaces");
	*state = s.state;
	if (!s.state)
		return fault_system(&c->fault, ENOMEM, "cannot save");
	code = collect(&s);
	for (size_t i = 0; i < SOURCES; i++)
		json_decref(s.answers[i]);
	free(s.lines);
	free(s.boxes);
	return code;
}
