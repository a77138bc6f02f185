// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is to be the same after a reboot: the commands.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utcp/utcp.h>

#include "state.h"
#include "statefile.h"
#include "statelink.h"
#include "staterun.h"

#define STATE_PATH LIBUTCP_STATE_DIR "/" STATEFILE_NAME

const char *cmd_choice_state_what(const struct cmd_args *before, size_t index)
{
	static const char *const names[] = {
		[LIBUTCP_STATE_LINK] = "dev",
		[LIBUTCP_STATE_NETNS] = "netns",
	};

	(void)before;
	return index < sizeof(names) / sizeof(names[0]) ? names[index] : NULL;
}

/* Of the state, by enum utcp_state_mark. */
static const char *const sections[] = { "links", "namespaces" };

/* What is saved under each name, and what it is called. */
static const struct {
	const char *section;
	const char *what;
	const char *member;
} shown[] = {
	{ "links", "link", NULL },	   { "namespaces", "namespace", NULL },
	{ "classes", "class", "class" },   { "cells", "cell", "id" },
	{ "peers", "peer", "public-key" }, { "networks", "network", "bridge" },
};

struct utcp_handle *state_handle(struct cmd_context *c)
{
	struct stat own, first;

	if (c->netns) {
		fault_usage(
			&c->fault, "--netns",
			"what is saved is of the namespace of process 1: no --netns");
		return NULL;
	}
	if (stat("/proc/self/ns/net", &own) || stat("/proc/1/ns/net", &first)) {
		fault_system(&c->fault, errno,
			     "cannot see the namespace of process 1");
		return NULL;
	}
	if (own.st_ino != first.st_ino) {
		fault_input(
			&c->fault, EPERM,
			"what is saved is of the namespace of process 1, and this is another");
		return NULL;
	}
	return cmd_handle(c);
}

/* A module that is loaded again has another inode in sysfs. */
static void instance(enum utcp_family family, char *name, size_t size)
{
	const char *module = utcp_family_module(family);
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/sys/module/%s", module);
	snprintf(name, size, "%s-%ju", module,
		 stat(path, &st) ? (uintmax_t)0 : (uintmax_t)st.st_ino);
}

bool state_seen(struct utcp_handle *h, enum utcp_family family)
{
	char name[64];

	instance(family, name, sizeof(name));
	return utcp_state_marked(h, LIBUTCP_STATE_SEEN, name);
}

int state_set_seen(struct cmd_context *c, struct utcp_handle *h)
{
	unsigned int loaded;
	char name[64];

	if (utcp_families_loaded(h, &loaded))
		return cmd_failed(c);
	for (unsigned int f = 0; f < LIBUTCP_FAMILIES; f++) {
		if (!(loaded & 1U << f))
			continue;
		instance((enum utcp_family)f, name, sizeof(name));
		if (utcp_state_mark(h, LIBUTCP_STATE_SEEN, name, true))
			return cmd_failed(c);
	}
	return EXIT_DONE;
}

/* --- reports -------------------------------------------------------------------------------- */

void state_note(json_t *list, const char *what, const char *name,
		const char *why)
{
	json_t *note = json_pack("{s:s, s:s}", "what", what, "name", name);

	if (note && why)
		json_object_set_new(note, "why", json_string(why));
	json_array_append_new(list, note);
}

int state_make(struct cmd_context *c, json_t *words, struct state_report *r)
{
	int code;

	c->fault.err = 0;
	code = staterun(c, words);
	if (code && c->fault.err != EEXIST)
		return code;
	if (code)
		r->kept++;
	else
		r->restored++;
	return EXIT_DONE;
}

static void report_begin(struct state_report *r)
{
	memset(r, 0, sizeof(*r));
	r->left = json_array();
	r->waiting = json_array();
	r->bound = json_array();
	r->failed = json_array();
}

static void report_end(struct state_report *r)
{
	json_decref(r->left);
	json_decref(r->waiting);
	json_decref(r->bound);
	json_decref(r->failed);
}

static void text_notes(struct out *o, const json_t *record, const char *list,
		       const char *said, enum out_color color)
{
	const json_t *notes = json_object_get(record, list);

	for (size_t i = 0; i < json_array_size(notes); i++) {
		const json_t *note = json_array_get(notes, i);
		const char *why = out_text(note, "why");

		out_colored(o, color, "%s", said);
		fprintf(o->file, ": %s %s%s%s\n", out_text(note, "what"),
			out_text(note, "name"), *why ? ": " : "", why);
	}
}

static void text_report(struct out *o, const json_t *record)
{
	static const char *const numbers[] = { "saved", "restored", "kept",
					       "expired" };

	text_notes(o, record, "left", "not saved", OUT_NOTE);
	text_notes(o, record, "waiting", "waiting", OUT_NOTE);
	text_notes(o, record, "bound", "still bound", OUT_NOTE);
	text_notes(o, record, "failed", "failed", OUT_BAD);
	fprintf(o->file, "%s:", out_text(record, "state"));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		const json_t *n = json_object_get(record, numbers[i]);

		if (n)
			fprintf(o->file, " %" JSON_INTEGER_FORMAT " %s",
				json_integer_value(n), numbers[i]);
	}
	putc('\n', o->file);
}

static int print(struct cmd_context *c, json_t *record, out_text_fn *text)
{
	int err = out_record(&c->out, record, text);

	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}

static int print_saved(struct cmd_context *c, const struct state_report *r)
{
	return print(c,
		     json_pack("{s:s, s:I, s:O, s:O}", "state", STATE_PATH,
			       "saved", (json_int_t)r->saved, "left", r->left,
			       "waiting", r->waiting),
		     text_report);
}

static int failures(struct cmd_context *c, size_t n, const char *what)
{
	char message[128];

	snprintf(message, sizeof(message),
		 "%zu things were not %s; what could not be bound is closed", n,
		 what);
	return fault_input(&c->fault, EIO, message);
}

static int print_restored(struct cmd_context *c, const struct state_report *r)
{
	size_t n = json_array_size(r->failed);
	int code;

	code = print(c,
		     json_pack("{s:s, s:I, s:I, s:I, s:O, s:O}", "state",
			       STATE_PATH, "restored", (json_int_t)r->restored,
			       "kept", (json_int_t)r->kept, "expired",
			       (json_int_t)r->expired, "waiting", r->waiting,
			       "failed", r->failed),
		     text_report);
	return code || !n ? code : failures(c, n, "restored");
}

static int print_drained(struct cmd_context *c, const struct state_report *r)
{
	return print(c,
		     json_pack("{s:s, s:I, s:O, s:O, s:O, s:O}", "state",
			       STATE_PATH, "saved", (json_int_t)r->saved,
			       "left", r->left, "waiting", r->waiting, "bound",
			       r->bound, "failed", r->failed),
		     text_report);
}

/* --- commands --------------------------------------------------------------------------------- */

/**
 * struct act - a command that runs
 * @h: handle
 * @lock: that of the files
 * @state: what was saved, or NULL
 * @r: report
 */
struct act {
	struct utcp_handle *h;
	int lock;
	json_t *state;
	struct state_report r;
};

static void act_end(struct act *a)
{
	if (a->lock >= 0)
		close(a->lock);
	json_decref(a->state);
	report_end(&a->r);
}

/* For act_end(), also if it fails. */
static int act_begin(struct cmd_context *c, struct act *a)
{
	*a = (struct act){ .lock = -1 };
	report_begin(&a->r);
	a->h = state_handle(c);
	if (!a->h)
		return c->fault.exit;
	a->lock = utcp_state_lock(a->h);
	if (a->lock < 0)
		return cmd_failed(c);
	return statefile_read(c, a->h, &a->state);
}

static int save(struct cmd_context *c, struct act *a)
{
	json_t *state = NULL;
	int code = state_collect(c, a->h, a->state, &state, &a->r);

	if (!code)
		code = statefile_write(c, a->h, state);
	if (!code)
		code = state_set_seen(c, a->h);
	json_decref(a->state);
	a->state = state;
	return code;
}

int state_cmd_save(struct cmd_context *c, const struct cmd_args *args)
{
	struct act a;
	int code = act_begin(c, &a);

	(void)args;
	if (!code)
		code = save(c, &a);
	if (!code)
		code = print_saved(c, &a.r);
	act_end(&a);
	return code;
}

int state_cmd_drain(struct cmd_context *c, const struct cmd_args *args)
{
	struct act a;
	int code = act_begin(c, &a);
	size_t n;

	(void)args;
	if (!code)
		code = save(c, &a);
	if (!code) {
		statelink_drain(c, a.h, a.state, &a.r);
		code = print_drained(c, &a.r);
	}
	n = json_array_size(a.r.failed);
	if (!code && n)
		code = failures(c, n, "closed");
	act_end(&a);
	return code;
}

/* What could not be closed is said behind the reason. */
static void add_failure(struct fault *f, const json_t *failed)
{
	const json_t *note = json_array_get(failed, 0);
	size_t used = strlen(f->message);

	if (note)
		snprintf(f->message + used, sizeof(f->message) - used,
			 "; %s %s: %s%s", out_text(note, "what"),
			 out_text(note, "name"), out_text(note, "why"),
			 json_array_size(failed) > 1 ? ", and more" : "");
}

/* What is not restored is not open, and a state that cannot be believed may lack some. */
static void close_all(struct cmd_context *c, struct act *a)
{
	struct fault why = c->fault;
	json_t *links;

	if (!a->h)
		return;
	if (statefile_held(a->h, a->state, &links))
		state_note(a->r.failed, "file", STATEFILE_LINKS,
			   utcp_handle_error(a->h)->message);
	statelink_close_all(a->h, links, &a->r);
	json_decref(links);
	c->fault = why;
	add_failure(&c->fault, a->r.failed);
}

int state_cmd_restore(struct cmd_context *c, const struct cmd_args *args)
{
	struct act a;
	int code = act_begin(c, &a);

	(void)args;
	if (!code && a.state)
		code = state_apply(c, a.h, a.state, &a.r);
	if (!code && !json_array_size(a.r.failed))
		code = state_set_seen(c, a.h);
	if (code)
		close_all(c, &a);
	else
		code = print_restored(c, &a.r);
	act_end(&a);
	return code;
}

/* What was saved of the link or namespace that the words name. */
static json_t *find(struct cmd_context *c, const struct act *a,
		    const struct cmd_args *args)
{
	const char *name = args->word[1].text;
	json_t *found = json_object_get(
		json_object_get(a->state, sections[args->word[0].index]), name);
	char message[128];

	if (!found) {
		snprintf(message, sizeof(message),
			 "nothing was saved of \"%.64s\"", name);
		fault_input(&c->fault, ENOENT, message);
	}
	return found;
}

int state_cmd_attach(struct cmd_context *c, const struct cmd_args *args)
{
	struct act a;
	int code = act_begin(c, &a);
	json_t *found;

	if (code) {
		close_all(c, &a);
		act_end(&a);
		return code;
	}
	found = find(c, &a, args);
	if (!found)
		code = c->fault.exit;
	else if (args->word[0].index == LIBUTCP_STATE_LINK)
		statelink_restore(c, a.h, args->word[1].text, found, &a.r);
	else
		statelink_netns(c, a.h, args->word[1].text,
				json_string_value(found), &a.r);
	if (!code)
		code = print_restored(c, &a.r);
	act_end(&a);
	return code;
}

int state_cmd_forget(struct cmd_context *c, const struct cmd_args *args)
{
	const char *name = args->word[1].text;
	size_t what = args->word[0].index;
	struct act a;
	int code = act_begin(c, &a);
	json_t *found = code ? NULL : find(c, &a, args);

	if (found)
		json_object_del(json_object_get(a.state, sections[what]), name);
	else
		code = c->fault.exit;
	if (!code)
		code = statefile_write(c, a.h, a.state);
	if (!code &&
	    utcp_state_mark(a.h, (enum utcp_state_mark)what, name, false))
		code = cmd_failed(c);
	act_end(&a);
	return code;
}

static void text_shown(struct out *o, const json_t *record)
{
	fprintf(o->file, "%s ", out_text(record, "what"));
	out_colored(o, OUT_NAME, "%s", out_text(record, "name"));
	if (json_is_true(json_object_get(record, "waiting")))
		out_colored(o, OUT_NOTE, " waiting");
	putc('\n', o->file);
}

static int show(struct cmd_context *c, const char *what, const char *name,
		bool waiting)
{
	json_t *record = json_pack("{s:s, s:s}", "what", what, "name", name);

	if (record && waiting)
		json_object_set_new(record, "waiting", json_true());
	return print(c, record, text_shown);
}

/* Of lines, those that begin something. */
static int show_lines(struct cmd_context *c, const json_t *lines)
{
	int code = EXIT_DONE;

	for (size_t i = 0; !code && i < json_array_size(lines); i++) {
		char what[8], name[64];

		if (sscanf(json_string_value(json_array_get(lines, i)),
			   "%7s %63s", what, name) == 2 &&
		    (strcmp(what, "policy") == 0 || strcmp(what, "set") == 0))
			code = show(c, what, name, false);
	}
	return code;
}

static int show_section(struct cmd_context *c, struct act *a, size_t which)
{
	const json_t *section = json_object_get(a->state, shown[which].section);
	int code = EXIT_DONE;
	const char *name;
	json_t *value;

	for (size_t i = 0; !code && i < json_array_size(section); i++)
		code = show(c, shown[which].what,
			    out_text(json_array_get(section, i),
				     shown[which].member),
			    false);
	if (shown[which].member)
		return code;
	json_object_foreach((json_t *)section, name, value)
	{
		bool waits = utcp_state_marked(
			a->h, (enum utcp_state_mark)which, name);

		if (!code)
			code = show(c, shown[which].what, name, waits);
	}
	return code;
}

int state_cmd_show(struct cmd_context *c, const struct cmd_args *args)
{
	struct act a;
	int code = act_begin(c, &a);

	(void)args;
	if (code) {
		act_end(&a);
		return code;
	}
	out_list_begin(&c->out);
	for (size_t i = 0; !code && i < sizeof(shown) / sizeof(shown[0]); i++)
		code = show_section(c, &a, i);
	if (!code)
		code = show_lines(c, json_object_get(a.state, "acl"));
	out_list_end(&c->out, code);
	act_end(&a);
	return code;
}
