// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sandboxes.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <utcp/utcp.h>

#include "number.h"
#include "records.h"
#include "sandbox.h"
#include "sandboxopt.h"
#include "shaper.h"

static json_t *address(const struct utcp_sandbox_prefix *p, bool with_len)
{
	char text[INET6_ADDRSTRLEN];

	if (!inet_ntop(p->is6 ? AF_INET6 : AF_INET, p->addr, text,
		       sizeof(text)))
		return NULL;
	return with_len ? json_sprintf("%s/%u", text, p->len) :
			  json_string(text);
}

static json_t *addresses(const struct utcp_sandbox_prefix *a,
			 const struct utcp_sandbox_prefix *b, bool with_len)
{
	json_t *list = json_array();

	if (a->len)
		json_array_append_new(list, address(a, with_len));
	if (b->len)
		json_array_append_new(list, address(b, with_len));
	return list;
}

static json_t *published(const struct utcp_sandbox *sb)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < sb->n_publish; i++) {
		const struct utcp_sandbox_publish *p = &sb->publish[i];

		json_t *o = json_pack("{s:s, s:i, s:i}", "proto",
				      utcp_acl_proto(p->proto), "host", p->host,
				      "port", p->port);

		if (p->addr.len)
			json_object_set_new(o, "addr",
					    address(&p->addr, false));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *services(const struct utcp_sandbox *sb)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sb->n_services; i++)
		json_array_append_new(list,
				      json_pack("{s:s, s:i}", "proto", "tcp",
						"port", sb->services[i]));
	return list;
}

static void add_text(json_t *record, const char *name, const char *text)
{
	if (text[0])
		json_object_set_new(record, name, json_string(text));
}

json_t *record_sandbox(const struct utcp_sandbox *sb)
{
	json_t *record;
	static const uint8_t no_mac[6];
	char cell[LIBUTCP_CELLID_TEXT];

	if (sb->phase == LIBUTCP_SANDBOX_DAMAGED)
		return json_pack("{s:s, s:s}", "sandbox", sb->name, "phase",
				 utcp_sandbox_phase_name(sb->phase));
	record = json_pack("{s:s, s:s, s:s}", "sandbox", sb->name, "mode",
			   utcp_sandbox_mode_name(sb->mode), "phase",
			   utcp_sandbox_phase_name(sb->phase));
	if (!record)
		return NULL;
	if (sb->bridge[0])
		json_object_set_new(record, "bridge", json_string(sb->bridge));
	if (sb->dev[0])
		json_object_set_new(record, "dev", json_string(sb->dev));
	if (memcmp(sb->mac, no_mac, sizeof(no_mac)) != 0)
		json_object_set_new(record, "mac", record_mac(sb->mac));
	if (sb->addr4.len || sb->addr6.len)
		json_object_set_new(record, "addr",
				    addresses(&sb->addr4, &sb->addr6, true));
	if (sb->gateway4.len)
		json_object_set_new(record, "gateway",
				    addresses(&sb->gateway4, &sb->gateway6,
					      false));
	add_text(record, "netns", sb->netns);
	add_text(record, "ifname", sb->ifname);
	add_text(record, "policy", sb->policy);
	add_text(record, "network", sb->network);
	add_text(record, "container", sb->container);
	if (sb->rate_in)
		json_object_set_new(record, "rate-in",
				    json_integer((json_int_t)sb->rate_in));
	if (sb->rate_out)
		json_object_set_new(record, "rate-out",
				    json_integer((json_int_t)sb->rate_out));
	if (sb->n_publish)
		json_object_set_new(record, "publish", published(sb));
	if (sb->n_services)
		json_object_set_new(record, "services", services(sb));
	if (sb->has_cell) {
		utcp_cellid_format(sb->cell, cell);
		json_object_set_new(record, "cell", json_string(cell));
	}
	if (sb->runner)
		json_object_set_new(record, "runner", json_integer(sb->runner));
	return record;
}

static void text_list(struct out *o, const json_t *record, const char *name)
{
	const json_t *list = json_object_get(record, name);

	for (size_t i = 0; i < json_array_size(list); i++)
		fprintf(o->file, "%c%s", i ? ',' : ' ',
			json_string_value(json_array_get(list, i)));
}

static void text_published(struct out *o, const json_t *record)
{
	const json_t *list = json_object_get(record, "publish");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *p = json_array_get(list, i);

		fprintf(o->file,
			" publish %" JSON_INTEGER_FORMAT
			":%" JSON_INTEGER_FORMAT "/%s",
			json_integer_value(json_object_get(p, "host")),
			json_integer_value(json_object_get(p, "port")),
			out_text(p, "proto"));
	}
}

static void text_services(struct out *o, const json_t *record)
{
	const json_t *list = json_object_get(record, "services");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *s = json_array_get(list, i);

		fprintf(o->file, " service %s %" JSON_INTEGER_FORMAT,
			out_text(s, "proto"),
			json_integer_value(json_object_get(s, "port")));
	}
}

static void text_rate(struct out *o, const json_t *record, const char *name)
{
	const json_t *rate = json_object_get(record, name);
	char text[32];

	if (!rate)
		return;
	shaper_rate_text((uint64_t)json_integer_value(rate), text,
			 sizeof(text));
	fprintf(o->file, " %s %s", name, text);
}

void text_sandbox(struct out *o, const json_t *record)
{
	static const char *const names[] = { "dev", "bridge", "netns", "policy",
					     "cell" };
	bool ready = strcmp(out_text(record, "phase"), "ready") == 0;

	out_colored(o, OUT_NAME, "%s", out_text(record, "sandbox"));
	/* That of a damaged one is not known. */
	if (json_object_get(record, "mode"))
		fprintf(o->file, " %s", out_text(record, "mode"));
	putc(' ', o->file);
	out_colored(o, ready ? OUT_GOOD : OUT_BAD, "%s",
		    out_text(record, "phase"));
	if (json_object_get(record, "addr"))
		fputs(" addr", o->file);
	text_list(o, record, "addr");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (json_object_get(record, names[i]))
			fprintf(o->file, " %s %s", names[i],
				out_text(record, names[i]));
	text_rate(o, record, "rate-in");
	text_rate(o, record, "rate-out");
	text_published(o, record);
	text_services(o, record);
	putc('\n', o->file);
}

int sandbox_print(struct cmd_context *c, const struct utcp_sandbox *sb)
{
	int err = out_record(&c->out, record_sandbox(sb), text_sandbox);

	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}

struct utcp_handle *sandbox_handle(struct cmd_context *c)
{
	/* Links, routes and files are those of where we are. */
	if (c->netns) {
		fault_usage(
			&c->fault, "--netns",
			"sandboxes belong to the namespace that utcpctl runs in: no --netns");
		return NULL;
	}
	return cmd_handle(c);
}

struct utcp_handle *sandbox_port(struct cmd_context *c, const char *name,
				 char dev[16])
{
	struct utcp_handle *h = sandbox_handle(c);
	struct utcp_sandbox sb;

	if (!h)
		return NULL;
	if (utcp_sandbox_get(h, name, &sb)) {
		cmd_failed(c);
		return NULL;
	}
	if (!sb.dev[0]) {
		fault_usage(&c->fault, name, "sandbox \"%s\" has no link",
			    name);
		return NULL;
	}
	memcpy(dev, sb.dev, sizeof(sb.dev));
	return h;
}

int sandbox_damaged(struct utcp_handle *h, const struct utcp_sandbox *list,
		    size_t n)
{
	struct utcp_sandbox sb;
	int err = 0;

	for (size_t i = 0; !err && i < n; i++)
		if (list[i].phase == LIBUTCP_SANDBOX_DAMAGED)
			err = utcp_sandbox_get(h, list[i].name, &sb);
	return err;
}

int sandbox_list(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = sandbox_handle(c);
	struct utcp_sandbox *list = NULL;
	int code = EXIT_DONE;
	size_t n = 0;

	(void)args;
	if (!h)
		return c->fault.exit;
	if (utcp_sandbox_list(h, &list, &n))
		return cmd_failed(c);
	out_list_begin(&c->out);
	for (size_t i = 0; !code && i < n; i++)
		code = sandbox_print(c, &list[i]);
	out_list_end(&c->out, code);
	/* All are listed; what is wrong with one of them is said behind that. */
	if (!code && sandbox_damaged(h, list, n))
		code = cmd_failed(c);
	free(list);
	return code;
}

int sandbox_show(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = sandbox_handle(c);
	struct utcp_sandbox sb;
	int code;

	if (!h)
		return c->fault.exit;
	if (!args->n)
		return sandbox_list(c, args);
	if (utcp_sandbox_get(h, args->word[0].text, &sb))
		return cmd_failed(c);
	/* a list of one, so that JSON has the same shape for one and for all */
	out_list_begin(&c->out);
	code = sandbox_print(c, &sb);
	out_list_end(&c->out, code);
	return code;
}

int sandbox_create(struct cmd_context *c, const struct cmd_args *args)
{
	struct sandbox_options options;
	struct utcp_sandbox sb = { 0 };
	struct utcp_handle *h;
	int code;

	code = sandbox_options_read(&c->fault, args, args->n, &options);
	h = code ? NULL : sandbox_handle(c);
	if (!h)
		code = c->fault.exit;
	else if (utcp_sandbox_create(h, &options.config, &sb))
		code = cmd_failed(c);
	sandbox_options_free(&options);
	return code ? code : sandbox_print(c, &sb);
}

/* How long processes have from SIGTERM to SIGKILL, if that is not said, in seconds. */
#define GRACE 5U

const char *cmd_choice_sandbox_delete(const struct cmd_args *before,
				      size_t index)
{
	(void)before;
	return index ? NULL : "--kill";
}

static int read_grace(struct fault *f, const struct cmd_args *args,
		      uint32_t *seconds)
{
	const struct cmd_word *w = &args->word[1];
	const char *bad;

	*seconds = GRACE;
	if (args->n > 2)
		return fault_usage(f, w->text, "%s is given twice", w->text);
	if (w->n_rest > 1)
		return fault_usage(f, w->text, "%s has one value", w->text);
	if (!w->n_rest)
		return EXIT_DONE;
	bad = number_u32(w->rest[0], LIBUTCP_UNIT_COUNT, seconds);
	if (!bad && *seconds > LIBUTCP_SANDBOX_GRACE_MAX / 1000)
		bad = "more than ten minutes";
	return bad ? fault_usage(f, w->text, "\"%s\": %s", w->rest[0], bad) :
		     EXIT_DONE;
}

/* Return: exit code; that there is no such sandbox is no failure. */
static int kill_inside(struct cmd_context *c, struct utcp_handle *h,
		       const struct cmd_args *args)
{
	uint32_t seconds;
	size_t n;
	int code = read_grace(&c->fault, args, &seconds);

	if (!code &&
	    utcp_sandbox_kill(h, args->word[0].text, seconds * 1000, &n) &&
	    utcp_handle_error(h)->err != ENOENT)
		code = cmd_failed(c);
	return code;
}

int sandbox_delete(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = sandbox_handle(c);
	struct utcp_sandbox was = { 0 };

	if (!h || (args->n > 1 && kill_inside(c, h, args)))
		return c->fault.exit;
	if (utcp_sandbox_delete(h, args->word[0].text, &was))
		return cmd_failed(c);
	return was.name[0] ? sandbox_print(c, &was) : EXIT_DONE;
}

int sandbox_adopt(struct cmd_context *c, const struct cmd_args *args)
{
	struct sandbox_options options;
	struct utcp_sandbox sb = { 0 };
	struct utcp_handle *h;
	int code;

	code = sandbox_options_adopt(&c->fault, args, &options);
	h = code ? NULL : sandbox_handle(c);
	if (!h)
		code = c->fault.exit;
	else if (utcp_sandbox_adopt(h, &options.config, &sb))
		code = cmd_failed(c);
	sandbox_options_free(&options);
	return code ? code : sandbox_print(c, &sb);
}

int sandbox_release(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = sandbox_handle(c);
	struct utcp_sandbox was = { 0 };

	if (!h)
		return c->fault.exit;
	if (utcp_sandbox_release(h, args->word[0].text, &was))
		return cmd_failed(c);
	return was.name[0] ? sandbox_print(c, &was) : EXIT_DONE;
}

static void print_removed(const struct utcp_sandbox *was, void *arg)
{
	sandbox_print(arg, was);
}

int sandbox_gc(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = sandbox_handle(c);
	int code = EXIT_DONE;

	(void)args;
	if (!h)
		return c->fault.exit;
	out_list_begin(&c->out);
	if (utcp_sandbox_gc(h, print_removed, c))
		code = cmd_failed(c);
	out_list_end(&c->out, code);
	return code;
}
