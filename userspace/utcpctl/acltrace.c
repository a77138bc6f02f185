// SPDX-License-Identifier: GPL-2.0-only
/*
 * Following live frames. A line is written out at once. SIGINT, SIGTERM and the end of
 * the reader are the ends of it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <utcp/utcp.h>

#include "acl.h"
#include "aclfile.h"
#include "acltrace.h"
#include "follow.h"
#include "number.h"
#include "sandbox.h"
#include "sandboxname.h"

/* What a trace has besides the words of rules. */
enum { WORD_DIRECTION, WORD_VERDICT, WORD_SANDBOX, WORD_RATE, WORDS };

static const char *const words[WORDS] = {
	[WORD_DIRECTION] = "direction",
	[WORD_VERDICT] = "verdict",
	[WORD_SANDBOX] = "sandbox",
	[WORD_RATE] = "rate",
};

const char *cmd_choice_acl_trace(const struct cmd_args *before, size_t index)
{
	(void)before;
	return index < WORDS ? words[index] : utcp_acl_word(index - WORDS);
}

static const char *read_word(const struct cmd_word *w,
			     struct utcp_acl_rule *filter, const char **sandbox,
			     uint32_t *rate)
{
	switch (w->index) {
	case WORD_DIRECTION:
		return aclfile_direction(w->value, &filter->direction) ?
			       NULL :
			       "in or out is expected";
	case WORD_VERDICT:
		return aclfile_verdict(w->value, &filter->verdict) ?
			       NULL :
			       "there is no such verdict";
	case WORD_SANDBOX:
		*sandbox = w->value;
		return NULL;
	case WORD_RATE:
		return number_u32(w->value, LIBUTCP_UNIT_COUNT, rate);
	default:
		return utcp_acl_rule_set(filter, w->index - WORDS, w->value);
	}
}

static json_t *record_frame(const struct utcp_acl_log *log)
{
	json_t *record = record_log(log);

	if (record)
		json_object_set_new(
			record, "by",
			json_string(utcp_acl_decider(log->decider)));
	return record;
}

static void text_frame(struct out *o, const json_t *record)
{
	fprintf(o->file, "by %s ", out_text(record, "by"));
	text_log(o, record);
}

/**
 * struct trace - what is followed
 * @h: where frames are told of
 * @names: the sandboxes that have sent or get them
 */
struct trace {
	struct utcp_handle *h;
	struct sandboxnames names;
};

/* Print all that are there. */
static int drain(struct cmd_context *c, void *from, bool *gone)
{
	struct trace *trace = from;
	struct utcp_acl_log log;
	json_t *record;
	int got, err;

	while ((got = utcp_acl_trace_next(trace->h, 0, &log)) > 0) {
		record = record_frame(&log);
		sandboxnames_say(&trace->names, c, &log, record);
		err = c->out.format == OUT_TEXT ?
			      out_record(&c->out, record, text_frame) :
			      out_line(&c->out, record);
		if (!err)
			err = out_flush(&c->out);
		*gone = err == -EPIPE;
		if (*gone)
			return EXIT_DONE;
		if (err)
			return fault_system(&c->fault, -err, "cannot print");
	}
	return got ? cmd_failed(c) : EXIT_DONE;
}

int acl_trace(struct cmd_context *c, const struct cmd_args *args)
{
	const char *port = args->word[0].text, *sandbox = NULL;
	struct utcp_acl_rule filter = { 0 };
	struct trace trace = { 0 };
	int code, signals;
	uint32_t rate = 0;
	char dev[16];

	for (size_t i = 1; i < args->n; i++) {
		const struct cmd_word *w = &args->word[i];
		const char *bad = read_word(w, &filter, &sandbox, &rate);

		if (bad)
			return fault_usage(&c->fault, w->text, "\"%s\": %s",
					   w->value, bad);
	}
	if (strcmp(port, "any") == 0)
		port = NULL;
	if (port && sandbox)
		return fault_usage(&c->fault, "sandbox",
				   "a device, or a sandbox, not both");
	trace.h = sandbox ? sandbox_port(c, sandbox, dev) : cmd_handle(c);
	if (!trace.h)
		return c->fault.exit;
	if (sandbox)
		port = dev;
	signals = follow_begin(c);
	if (signals < 0)
		return c->fault.exit;
	if (utcp_acl_trace_begin(trace.h, port, &filter, rate))
		code = cmd_failed(c);
	else
		code = follow(c, utcp_acl_trace_fd(trace.h), signals, "frames",
			      drain, &trace);
	sandboxnames_free(&trace.names);
	close(signals);
	return code;
}
