// SPDX-License-Identifier: GPL-2.0-only
/*
 * Versions of the tool, the library and the modules.
 */
#include <errno.h>

#include <utcp/utcp.h>

#include "version.h"

static void text_module(struct out *o, const json_t *module)
{
	const json_t *abi = json_object_get(module, "abi");

	out_colored(o, OUT_NAME, "%s", out_text(module, "module"));
	if (json_is_integer(abi))
		fprintf(o->file, " %s abi %" JSON_INTEGER_FORMAT "\n",
			out_text(module, "version"), json_integer_value(abi));
	else
		fputs(" not loaded\n", o->file);
}

static void text_version(struct out *o, const json_t *record)
{
	fprintf(o->file, "utcpctl %s, libutcp %s\n", out_text(record, "tool"),
		out_text(record, "library"));
	out_each(o, json_object_get(record, "modules"), text_module);
}

static int add_module(struct cmd_context *c, struct utcp_handle *h,
		      enum utcp_family family, bool loaded, json_t *modules)
{
	const char *module = utcp_family_module(family);
	struct utcp_module_info *info;

	if (!loaded) {
		json_array_append_new(modules,
				      json_pack("{s:s, s:b, s:n, s:n}",
						"module", module, "loaded", 0,
						"version", "abi"));
		return EXIT_DONE;
	}
	if (utcp_info_get(h, family, &info))
		return cmd_failed(c);
	json_array_append_new(modules, json_pack("{s:s, s:b, s:s, s:I}",
						 "module", module, "loaded", 1,
						 "version", info->version,
						 "abi", (json_int_t)info->abi));
	utcp_module_info_free(info);
	return EXIT_DONE;
}

int version_run(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	int code = EXIT_DONE;
	unsigned int loaded;
	json_t *modules;
	int err;

	(void)args;
	if (!h)
		return c->fault.exit;
	if (utcp_families_loaded(h, &loaded))
		return cmd_failed(c);
	modules = json_array();
	for (unsigned int f = 0; !code && f < LIBUTCP_FAMILIES; f++)
		code = add_module(c, h, (enum utcp_family)f, loaded & 1U << f,
				  modules);
	if (code) {
		json_decref(modules);
		return code;
	}
	err = out_record(&c->out,
			 json_pack("{s:s, s:s, s:o}", "tool", UTCPCTL_VERSION,
				   "library", utcp_version(), "modules",
				   modules),
			 text_version);
	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}

void version_brief(FILE *to)
{
	fprintf(to, "utcpctl %s, libutcp %s\n", UTCPCTL_VERSION,
		utcp_version());
}
