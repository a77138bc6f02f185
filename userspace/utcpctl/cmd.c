// SPDX-License-Identifier: GPL-2.0-only
/*
 * Running a command of the table.
 */
#include <errno.h>

#include <utcp/utcp.h>

#include "cmd.h"
#include "help.h"
#include "parse.h"

const char *cmd_choice_family(const struct cmd_args *before, size_t index)
{
	(void)before;
	return index < LIBUTCP_FAMILIES ?
		       utcp_family_name((enum utcp_family)index) :
		       NULL;
}

const char *cmd_choice_limit(const struct cmd_args *before, size_t index)
{
	const struct utcp_limit_desc *d;

	d = utcp_family_limit((enum utcp_family)before->word[0].index, index);
	return d ? d->name : NULL;
}

struct utcp_handle *cmd_handle(struct cmd_context *c)
{
	if (c->handle)
		return c->handle;
	c->handle = utcp_handle_new();
	if (!c->handle) {
		fault_system(&c->fault, ENOMEM, "cannot talk to the kernel");
		return NULL;
	}
	if (utcp_handle_open(c->handle, c->netns)) {
		cmd_failed(c);
		cmd_close(c);
		return NULL;
	}
	return c->handle;
}

int cmd_failed(struct cmd_context *c)
{
	return fault_utcp(&c->fault, utcp_handle_error(c->handle), c->verb,
			  c->args);
}

void cmd_close(struct cmd_context *c)
{
	utcp_handle_free(c->handle);
	c->handle = NULL;
}

int cmd_run(struct cmd_context *c, int argc, char *const *argv)
{
	struct parsed p;
	int code;

	code = parse(argc, argv, &p, &c->fault);
	if (!code && p.help) {
		help_print(c->out.file, p.object, p.verb);
	} else if (!code && p.verb->endless && c->in_batch) {
		code = fault_usage(&c->fault, p.object->name,
				   "\"%s\" has no end: not in a batch",
				   p.object->name);
	} else if (!code) {
		bool statistics = c->statistics;

		c->verb = p.verb;
		c->args = &p.args;
		c->statistics |= p.statistics;
		code = p.verb->run(c, &p.args);
		c->statistics = statistics;
		c->args = NULL;
	}
	parsed_free(&p);
	return code;
}
