// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was saved of links, and of namespaces.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utcp/utcp.h>

#include "shaper.h"
#include "staterun.h"
#include "statelink.h"

bool statelink_is_held(const json_t *link)
{
	return json_object_get(link, "policy") ||
	       json_array_size(json_object_get(link, "classes"));
}

/* A mark that cannot be set, or removed, is a failure of what it is about. */
static bool mark(struct utcp_handle *h, enum utcp_state_mark what,
		 const char *name, bool on, struct state_report *r)
{
	if (!utcp_state_mark(h, what, name, on))
		return true;
	state_note(r->failed, what == LIBUTCP_STATE_LINK ? "link" : "namespace",
		   name, utcp_handle_error(h)->message);
	return false;
}

static json_t *port_words(const char *verb, const char *name,
			  const json_t *flags)
{
	json_t *words = json_pack("[s, s, s]", "port", verb, name);

	for (size_t i = 0; i < json_array_size(flags); i++)
		staterun_add(words, NULL, json_array_get(flags, i));
	return words;
}

static int make_port(struct cmd_context *c, const char *name,
		     const json_t *link, struct state_report *r)
{
	const json_t *flags = json_object_get(link, "flags");
	int code = state_make(c, port_words("add", name, flags), r);

	/* The host's own binding has made a port of it, with fewer flags. */
	if (!code && c->fault.err == EEXIST)
		code = staterun(c, port_words("set", name, flags));
	return code;
}

/* Is the port bound to a policy? */
static bool has_policy(struct utcp_handle *h, const char *name)
{
	struct utcp_acl_binding *list = NULL;
	bool found = false;
	size_t n = 0;

	if (utcp_acl_binding_list(h, NULL, &list, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		found |= list[i].kind == UTCP_ACL_BINDING_KIND_PORT &&
			 strcmp(list[i].name, name) == 0;
	free(list);
	return found;
}

static int bind_policy(struct cmd_context *c, struct utcp_handle *h,
		       const char *name, const json_t *link,
		       struct state_report *r)
{
	json_t *words;

	if (!json_object_get(link, "policy"))
		return EXIT_DONE;
	if (has_policy(h, name)) {
		r->kept++;
		return EXIT_DONE;
	}
	words = json_pack("[s, s, s]", "acl", "bind", name);
	staterun_add(words, NULL, json_object_get(link, "policy"));
	staterun_add(words, "mac", json_object_get(link, "mac"));
	staterun_add(words, "addr", json_object_get(link, "addr"));
	return state_make(c, words, r);
}

static int bind_classes(struct cmd_context *c, const char *name,
			const json_t *link, struct state_report *r)
{
	const json_t *classes = json_object_get(link, "classes");
	const char *flag;
	int code = EXIT_DONE;

	for (size_t i = 0; !code && i < json_array_size(classes); i++) {
		const json_t *b = json_array_get(classes, i);
		json_t *words = json_pack("[s, s, s]", "shaper", "bind", name);

		staterun_add(words, NULL, json_object_get(b, "direction"));
		staterun_add(words, NULL, json_object_get(b, "class"));
		for (size_t k = 0; (flag = cmd_choice_binding(NULL, k)); k++)
			if (json_is_true(json_object_get(b, flag)))
				json_array_append_new(words, json_string(flag));
		code = state_make(c, words, r);
	}
	return code;
}

static int add_grants(struct cmd_context *c, const char *name,
		      const json_t *link, struct state_report *r)
{
	const json_t *grants = json_object_get(link, "grants");
	int code = EXIT_DONE;

	for (size_t i = 0; !code && i < json_array_size(grants); i++) {
		const json_t *g = json_array_get(grants, i);
		json_t *words = json_pack("[s, s, s]", "grant", "add", name);

		staterun_add(words, NULL, json_object_get(g, "ethertype"));
		staterun_add(words, "user", json_object_get(g, "uid"));
		staterun_add(words, "group", json_object_get(g, "gid"));
		staterun_add(words, "mac", json_object_get(g, "mac"));
		code = state_make(c, words, r);
	}
	return code;
}

static void close_link(struct utcp_handle *h, const char *name,
		       struct state_report *r)
{
	if (utcp_link_close(h, name))
		state_note(r->failed, "closing of link", name,
			   utcp_handle_error(h)->message);
}

static void bind_link(struct cmd_context *c, struct utcp_handle *h,
		      const char *name, const json_t *link,
		      struct state_report *r)
{
	int code = make_port(c, name, link, r);

	if (!code)
		code = bind_policy(c, h, name, link, r);
	if (!code)
		code = bind_classes(c, name, link, r);
	if (code) {
		state_note(r->failed, "link", name, c->fault.message);
		if (statelink_is_held(link))
			close_link(h, name, r);
		return;
	}
	mark(h, LIBUTCP_STATE_LINK, name, false, r);
	if (add_grants(c, name, link, r))
		state_note(r->failed, "grant of link", name, c->fault.message);
	if (utcp_link_open(h, name))
		state_note(r->failed, "opening of link", name,
			   utcp_handle_error(h)->message);
}

/* How many classes are bound to it, for either direction? */
static size_t count_classes(struct utcp_handle *h, const char *name)
{
	struct utcp_shaper_binding *list = NULL;
	size_t n = 0;

	if (utcp_shaper_binding_list(h, name, &list, &n))
		return 0;
	free(list);
	return n;
}

/* Is bound to it what must not be missing, or another? If that is not known, anything. */
static bool is_bound(struct utcp_handle *h, const char *name,
		     const json_t *link)
{
	size_t classes = json_array_size(json_object_get(link, "classes"));

	if (!statelink_is_held(link))
		return has_policy(h, name) || count_classes(h, name);
	return (!json_object_get(link, "policy") || has_policy(h, name)) &&
	       (!classes || count_classes(h, name) >= classes);
}

void statelink_restore(struct cmd_context *c, struct utcp_handle *h,
		       const char *name, const json_t *link,
		       struct state_report *r)
{
	/*
	 * First the mark: a link that comes now finds it, or is seen here. It stays until
	 * all is bound: who saves meanwhile saves what was saved of it.
	 */
	bool marked = mark(h, LIBUTCP_STATE_LINK, name, true, r);
	int there = utcp_link_is_there(h, name);

	if (there < 0)
		state_note(r->failed, "link", name,
			   utcp_handle_error(h)->message);
	if (marked && there > 0)
		bind_link(c, h, name, link, r);
	else if (marked && !there)
		state_note(r->waiting, "link", name, NULL);
	/* It is not bound now, nor known not to be there. */
	else if (there && statelink_is_held(link) && !is_bound(h, name, link))
		close_link(h, name, r);
}

void statelink_close_all(struct utcp_handle *h, json_t *links,
			 struct state_report *r)
{
	const char *name;
	json_t *link;
	int there;

	json_object_foreach(links, name, link)
	{
		if (is_bound(h, name, link))
			continue;
		there = utcp_link_is_there(h, name);
		/* One that comes later is closed when it does, or came before its mark. */
		if (!there) {
			mark(h, LIBUTCP_STATE_LINK, name, true, r);
			there = utcp_link_is_there(h, name);
		}
		if (there)
			close_link(h, name, r);
	}
}

void statelink_drain(struct cmd_context *c, struct utcp_handle *h,
		     const json_t *state, struct state_report *r)
{
	const char *name, *own = out_text(state, "own");
	json_t *value;

	json_object_foreach(json_object_get(state, "links"), name, value)
	{
		if (!statelink_is_held(value) ||
		    utcp_link_is_there(h, name) <= 0)
			continue;
		/* Who saves now saves what it was bound to. */
		if (utcp_state_mark(h, LIBUTCP_STATE_LINK, name, true) ||
		    utcp_link_close(h, name))
			state_note(r->failed, "closing of link", name,
				   utcp_handle_error(h)->message);
		else if (has_policy(h, name) &&
			 staterun(c, json_pack("[s, s, s]", "acl", "unbind",
					       name)))
			state_note(r->failed, "unbinding of link", name,
				   c->fault.message);
	}
	json_object_foreach(json_object_get(state, "namespaces"), name, value)
	{
		if (!statelink_netns_is_there(name))
			continue;
		mark(h, LIBUTCP_STATE_NETNS, name, true, r);
		state_note(r->bound, "namespace", name, NULL);
	}
	if (*own) {
		if (utcp_state_mark(h, LIBUTCP_STATE_SEEN, STATELINK_OWN, true))
			state_note(r->failed, "own binding", own,
				   utcp_handle_error(h)->message);
		state_note(r->bound, "own binding", own, NULL);
	}
}

/* --- namespaces ------------------------------------------------------------------------- */

bool statelink_netns_is_there(const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	return access(path, F_OK) == 0;
}

/* Is something imposed on it? By inode, as the kernel knows it. */
static bool is_imposed(struct utcp_handle *h, const char *name)
{
	struct utcp_acl_binding *list = NULL;
	char path[PATH_MAX];
	bool found = false;
	struct stat st;
	size_t n = 0;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	if (stat(path, &st) || utcp_acl_binding_list(h, NULL, &list, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		found |= list[i].kind == UTCP_ACL_BINDING_KIND_IMPOSED &&
			 list[i].netns == st.st_ino;
	free(list);
	return found;
}

/* Return: whether it is by now. */
static bool impose(struct cmd_context *c, struct utcp_handle *h,
		   const char *name, const char *policy, struct state_report *r)
{
	if (is_imposed(h, name)) {
		r->kept++;
		return true;
	}
	if (!state_make(
		    c, json_pack("[s, s, s, s]", "acl", "impose", name, policy),
		    r))
		return true;
	state_note(r->failed, "namespace", name, c->fault.message);
	return false;
}

void statelink_netns(struct cmd_context *c, struct utcp_handle *h,
		     const char *name, const char *policy,
		     struct state_report *r)
{
	/* As that of a link, it stays until all is done. */
	bool marked = mark(h, LIBUTCP_STATE_NETNS, name, true, r);
	bool there = statelink_netns_is_there(name);

	if (marked && !there)
		state_note(r->waiting, "namespace", name, NULL);
	/* It cannot be closed from outside: also if it could not be marked. */
	if (there && impose(c, h, name, policy, r) && marked)
		mark(h, LIBUTCP_STATE_NETNS, name, false, r);
}
