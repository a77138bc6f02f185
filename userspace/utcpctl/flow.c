// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flows that access lists have allowed.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <jansson.h>

#include <utcp/utcp.h>

#include "flow.h"
#include "sandbox.h"

static json_t *record_address(bool is6, const uint8_t *address)
{
	char text[INET6_ADDRSTRLEN];

	return json_string(inet_ntop(is6 ? AF_INET6 : AF_INET, address, text,
				     sizeof(text)));
}

static json_t *record_proto(uint32_t proto)
{
	const char *name = utcp_acl_proto(proto);

	return name ? json_string(name) : json_sprintf("%u", proto);
}

static const char *binding_kind(uint32_t kind)
{
	switch (kind) {
	case UTCP_ACL_BINDING_KIND_PORT:
		return "port";
	case UTCP_ACL_BINDING_KIND_OWN:
		return "own";
	case UTCP_ACL_BINDING_KIND_IMPOSED:
		return "imposed";
	default:
		return "unknown";
	}
}

static json_t *record_flow(const struct utcp_acl_flow *flow)
{
	const char *direction = utcp_acl_direction(flow->direction);
	json_t *record;

	record = json_pack("{s:s, s:s, s:o, s:o, s:o, s:I}", "port", flow->name,
			   "direction", direction ? direction : "unknown",
			   "proto", record_proto(flow->proto), "src",
			   record_address(flow->is6, flow->src), "dst",
			   record_address(flow->is6, flow->dst),
			   flow->has_dst_port ? "sport" : "id",
			   (json_int_t)flow->src_port);
	if (!record)
		return NULL;
	if (flow->has_dst_port)
		json_object_set_new(record, "dport",
				    json_integer(flow->dst_port));
	json_object_set_new(record, "state",
			    json_string(utcp_acl_flow_state(flow->state)));
	json_object_set_new(record, "binding",
			    json_string(binding_kind(flow->kind)));
	if (flow->handle)
		json_object_set_new(record, "rule",
				    json_integer((json_int_t)flow->handle));
	json_object_update_new(
		record,
		json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "age",
			  (json_int_t)flow->age, "expires",
			  (json_int_t)flow->expires, "packets",
			  (json_int_t)flow->packets, "bytes",
			  (json_int_t)flow->bytes, "reply-packets",
			  (json_int_t)flow->reply_packets, "reply-bytes",
			  (json_int_t)flow->reply_bytes));
	return record;
}

static void text_flow(struct out *o, const json_t *record)
{
	json_t *rest = json_copy((json_t *)record);

	out_colored(o, OUT_NAME, "%s", out_text(record, "port"));
	json_object_del(rest, "port");
	out_members(o, rest);
	putc('\n', o->file);
	json_decref(rest);
}

static void text_flushed(struct out *o, const json_t *record)
{
	fprintf(o->file, "%" JSON_INTEGER_FORMAT " flows\n",
		json_integer_value(json_object_get(record, "flows")));
}

static int print_flow(const struct utcp_acl_flow *flow, void *arg)
{
	struct cmd_context *c = arg;

	return out_record(&c->out, record_flow(flow), text_flow);
}

const char *cmd_choice_flow_option(const struct cmd_args *before, size_t index)
{
	(void)before;
	return index ? NULL : "--sandbox";
}

/* A handle, and which port is meant: that of a device, that of a sandbox's link, or all
 * ("").
 */
static struct utcp_handle *flow_port(struct cmd_context *c,
				     const struct cmd_args *args, char dev[16])
{
	const struct cmd_word *w = args->word;

	dev[0] = '\0';
	if (!args->n)
		return cmd_handle(c);
	if (args->n == 1 && w->rest && w->n_rest == 1)
		return sandbox_port(c, w->rest[0], dev);
	if (args->n == 1 && !w->rest) {
		if (snprintf(dev, 16, "%s", w->text) < 16)
			return cmd_handle(c);
		fault_usage(&c->fault, w->text,
			    "\"%s\" is too long for a device", w->text);
		return NULL;
	}
	if (!w->rest)
		fault_usage(&c->fault, args->word[1].text,
			    "a device, or a sandbox, not both");
	else
		fault_usage(&c->fault, w->text,
			    "--sandbox has one value, once");
	return NULL;
}

int flow_list(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h;
	char dev[16];
	int err;

	h = flow_port(c, args, dev);
	if (!h)
		return c->fault.exit;
	out_list_begin(&c->out);
	err = utcp_acl_flow_each(h, dev[0] ? dev : NULL, print_flow, c);
	out_list_end(&c->out, err);
	return err ? cmd_failed(c) : EXIT_DONE;
}

int flow_imposed(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	int err;

	if (!h)
		return c->fault.exit;
	out_list_begin(&c->out);
	err = utcp_acl_flow_imposed(h, args->word[0].text, print_flow, c);
	out_list_end(&c->out, err);
	return err ? cmd_failed(c) : EXIT_DONE;
}

int flow_flush(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h;
	uint32_t n = 0;
	char dev[16];
	int err;

	h = flow_port(c, args, dev);
	if (!h)
		return c->fault.exit;
	if (utcp_acl_flow_flush(h, dev[0] ? dev : NULL, &n))
		return cmd_failed(c);
	err = out_record(&c->out, json_pack("{s:I}", "flows", (json_int_t)n),
			 text_flushed);
	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}
