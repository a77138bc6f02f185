// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is there, and what is missing to work.
 */
#include <errno.h>
#include <string.h>

#include <utcp/utcp.h>

#include "records.h"
#include "status.h"

static const char *state_name(enum utcp_module_state state)
{
	static const char *const names[] = {
		[LIBUTCP_MODULE_LOADED] = "loaded",
		[LIBUTCP_MODULE_SILENT] = "silent",
		[LIBUTCP_MODULE_NOT_LOADED] = "not-loaded",
		[LIBUTCP_MODULE_NOT_INSTALLED] = "not-installed",
	};

	return names[state];
}

static json_t *record_signature(const struct utcp_module_status *m)
{
	static const char *const names[] = {
		[LIBUTCP_SIG_UNREAD] = NULL,
		[LIBUTCP_SIG_NONE] = "none",
		[LIBUTCP_SIG_BROKEN] = "malformed",
		[LIBUTCP_SIG_KNOWN] = "known-key",
		[LIBUTCP_SIG_UNKNOWN_KEY] = "unknown-key",
		[LIBUTCP_SIG_UNCHECKED] = "unchecked",
	};

	return names[m->signature] ? json_string(names[m->signature]) :
				     json_null();
}

static json_t *text_or_null(const char *text)
{
	return text[0] ? json_string(text) : json_null();
}

static const char *tristate_name(enum utcp_tristate t)
{
	static const char *const names[] = {
		[LIBUTCP_UNKNOWN] = "unknown",
		[LIBUTCP_NO] = "off",
		[LIBUTCP_YES] = "on",
		[LIBUTCP_ABSENT] = "absent",
	};

	return names[t];
}

static json_t *record_problems(const struct utcp_module_status *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->n_problems; i++) {
		const struct utcp_problem *p = &m->problems[i];

		json_array_append_new(list,
				      json_pack("{s:s, s:b, s:s, s:o}", "code",
						p->code, "fatal", p->fatal,
						"message", p->message, "hint",
						text_or_null(p->hint)));
	}
	return list;
}

static json_t *record_module(const struct utcp_module_status *m)
{
	const struct utcp_module_info *info = m->info;

	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
			 "module", utcp_family_module(m->family), "family",
			 utcp_family_name(m->family), "state",
			 state_name(m->state), "version",
			 info ? json_string(info->version) : json_null(), "abi",
			 info ? json_integer(info->abi) : json_null(), "limits",
			 info ? record_limits(info) : json_null(), "file",
			 text_or_null(m->path), "signature",
			 record_signature(m), "signer", text_or_null(m->signer),
			 "problems", record_problems(m));
}

static json_t *record_status(const struct utcp_status *s)
{
	json_t *modules = json_array();

	for (int f = 0; f < LIBUTCP_FAMILIES; f++)
		json_array_append_new(modules, record_module(&s->modules[f]));
	return json_pack("{s:b, s:s, s:{s:s, s:s, s:s, s:s, s:o}, s:o}",
			 "works", s->works, "library", utcp_version(), "kernel",
			 "release", s->release, "secure_boot",
			 tristate_name(s->secure_boot), "sig_enforce",
			 tristate_name(s->sig_enforce), "lockdown",
			 s->lockdown[0] ? s->lockdown : "unknown", "log",
			 text_or_null(s->kernel_log), "modules", modules);
}

static void text_problem(struct out *o, const json_t *problem)
{
	bool fatal = json_is_true(json_object_get(problem, "fatal"));

	fputs("    ", o->file);
	out_colored(o, fatal ? OUT_BAD : OUT_NOTE, "%s",
		    out_text(problem, "message"));
	putc('\n', o->file);
	if (out_text(problem, "hint")[0])
		fprintf(o->file, "    try: %s\n", out_text(problem, "hint"));
}

static void text_module(struct out *o, const json_t *m)
{
	const char *state = out_text(m, "state");
	const json_t *limits = json_object_get(m, "limits");
	bool loaded = strcmp(state, "loaded") == 0;

	out_colored(o, OUT_NAME, "%s", out_text(m, "module"));
	putc(' ', o->file);
	out_colored(o, loaded ? OUT_GOOD : OUT_BAD, "%s", state);
	if (json_is_string(json_object_get(m, "version")))
		fprintf(o->file, " version %s abi %" JSON_INTEGER_FORMAT,
			out_text(m, "version"),
			json_integer_value(json_object_get(m, "abi")));
	if (out_text(m, "file")[0])
		fprintf(o->file, " file %s", out_text(m, "file"));
	putc('\n', o->file);
	if (json_object_size(limits)) {
		fputs("    limits", o->file);
		out_members(o, limits);
		putc('\n', o->file);
	}
	out_each(o, json_object_get(m, "problems"), text_problem);
}

static void text_status(struct out *o, const json_t *record)
{
	const json_t *kernel = json_object_get(record, "kernel");

	fprintf(o->file, "libutcp %s, kernel %s\n", out_text(record, "library"),
		out_text(kernel, "release"));
	fprintf(o->file, "secure-boot %s sig-enforce %s lockdown %s\n",
		out_text(kernel, "secure_boot"),
		out_text(kernel, "sig_enforce"), out_text(kernel, "lockdown"));
	out_each(o, json_object_get(record, "modules"), text_module);
	if (out_text(kernel, "log")[0])
		fprintf(o->file, "kernel log: %s\n", out_text(kernel, "log"));
	if (json_is_true(json_object_get(record, "works")))
		out_colored(o, OUT_GOOD, "everything works");
	else
		out_colored(o, OUT_BAD, "something is missing");
	putc('\n', o->file);
}

int status_print(struct cmd_context *c, const struct utcp_status *s)
{
	int err = out_record(&c->out, record_status(s), text_status);

	if (err)
		return fault_system(&c->fault, -err, "cannot print");
	if (s->works)
		return EXIT_DONE;
	/* that is the answer, not a failure to answer: nothing more to print */
	memset(&c->fault, 0, sizeof(c->fault));
	c->fault.exit = EXIT_NOT_FOUND;
	c->fault.quiet = true;
	return EXIT_NOT_FOUND;
}

int status_run(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	struct utcp_status *s;
	int code;

	(void)args;
	if (!h)
		return c->fault.exit;
	if (utcp_status_get(h, &s))
		return cmd_failed(c);
	code = status_print(c, s);
	utcp_status_free(s);
	return code;
}
