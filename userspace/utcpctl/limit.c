// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits of a network namespace.
 */
#include <errno.h>
#include <stdlib.h>

#include <utcp/utcp.h>

#include "limit.h"
#include "number.h"
#include "records.h"

static int show_family(struct cmd_context *c, struct utcp_handle *h,
		       enum utcp_family family)
{
	struct utcp_module_info *info;
	int err;

	if (utcp_info_get(h, family, &info))
		return cmd_failed(c);
	err = out_record(&c->out, record_family_limits(info),
			 text_family_limits);
	utcp_module_info_free(info);
	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}

static int show_all(struct cmd_context *c, struct utcp_handle *h)
{
	unsigned int loaded;
	int code = EXIT_DONE;

	if (utcp_families_loaded(h, &loaded))
		return cmd_failed(c);
	/* of the base it can be said what is missing: without it nothing is there */
	if (!loaded)
		return show_family(c, h, LIBUTCP_NETSWITCH);
	out_list_begin(&c->out);
	for (unsigned int f = 0; !code && f < LIBUTCP_FAMILIES; f++)
		if (loaded & 1U << f)
			code = show_family(c, h, (enum utcp_family)f);
	out_list_end(&c->out, code);
	return code;
}

int limit_show(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	int code;

	if (!h)
		return c->fault.exit;
	if (!args->n)
		return show_all(c, h);
	/* a list of one, so that JSON has the same shape for one and for all */
	out_list_begin(&c->out);
	code = show_family(c, h, (enum utcp_family)args->word[0].index);
	out_list_end(&c->out, code);
	return code;
}

static int read_limits(struct cmd_context *c, enum utcp_family family,
		       const struct cmd_args *args, struct utcp_limit *limits)
{
	for (size_t i = 1; i < args->n; i++) {
		const struct cmd_word *w = &args->word[i];
		const struct utcp_limit_desc *d =
			utcp_family_limit(family, w->index);
		const char *wrong =
			number_u32(w->value, d->unit, &limits[i - 1].value);

		if (wrong)
			return fault_usage(&c->fault, w->text,
					   "%s: \"%s\" is not a number: %s",
					   w->text, w->value, wrong);
		limits[i - 1].name = d->name;
	}
	return EXIT_DONE;
}

int limit_set(struct cmd_context *c, const struct cmd_args *args)
{
	enum utcp_family family = (enum utcp_family)args->word[0].index;
	struct utcp_module_info *info = NULL;
	struct utcp_limit *limits;
	struct utcp_handle *h;
	int code, err;

	limits = calloc(args->n, sizeof(*limits));
	if (!limits)
		return fault_system(&c->fault, ENOMEM,
				    "cannot read the limits");
	code = read_limits(c, family, args, limits);
	h = code ? NULL : cmd_handle(c);
	if (h && utcp_limits_set(h, family, limits, args->n - 1, &info))
		code = cmd_failed(c);
	else if (!code && !h)
		code = c->fault.exit;
	free(limits);
	if (code)
		return code;
	err = out_record(&c->out, record_family_limits(info),
			 text_family_limits);
	utcp_module_info_free(info);
	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}
