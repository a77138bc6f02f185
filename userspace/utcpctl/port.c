// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ports.
 */
#include <stdlib.h>

#include <utcp/utcp.h>

#include "port.h"
#include "ports.h"
#include "records.h"

static const char *const flag_names[] = { "demux", "policy" };

/* In the order of enum netswitch_drop_reason. */
static const char *const reason_names[] = {
	"unknown", "acl", "shaper", "nomem", "consumer", "flushed",
};

_Static_assert(sizeof(reason_names) / sizeof(reason_names[0]) ==
		       NETSWITCH_DROP_REASON_MAX + 1,
	       "a drop reason without a name");

const char *cmd_choice_port_flag(const struct cmd_args *before, size_t index)
{
	(void)before;
	return index < 2 ? flag_names[index] : NULL;
}

static json_t *record_drops(const struct utcp_port_counters *counters)
{
	json_t *drops = json_object();

	for (size_t i = 0; drops && i <= NETSWITCH_DROP_REASON_MAX; i++)
		if (counters->drops[i])
			json_object_set_new(
				drops, reason_names[i],
				json_integer((json_int_t)counters->drops[i]));
	return drops;
}

static json_t *record_counters(const struct utcp_port_counters *c, bool in)
{
	json_t *record = json_pack("{s:I, s:I, s:I}", "frames",
				   (json_int_t)c->frames, "pass",
				   (json_int_t)c->pass, "held",
				   (json_int_t)c->held);

	if (record && in)
		json_object_update_new(
			record, json_pack("{s:I, s:I, s:I}", "consumed",
					  (json_int_t)c->consumed, "copied",
					  (json_int_t)c->copied, "copy-drops",
					  (json_int_t)c->copy_drops));
	if (record)
		json_object_set_new(record, "drops", record_drops(c));
	return record;
}

json_t *record_port(const struct utcp_port *port, bool statistics)
{
	json_t *flags = json_array(), *record;

	for (unsigned int i = 0; flags && i < 2; i++)
		if (port->flags & 1U << i)
			json_array_append_new(flags,
					      json_string(flag_names[i]));
	record = json_pack("{s:s, s:I, s:o, s:o, s:I, s:b}", "name", port->name,
			   "ifindex", (json_int_t)port->ifindex, "flags", flags,
			   "mac", record_mac(port->mac), "mtu",
			   (json_int_t)port->mtu, "up", port->up);
	if (record && statistics) {
		json_object_set_new(record, "in",
				    record_counters(&port->in, true));
		json_object_set_new(record, "out",
				    record_counters(&port->out, false));
	}
	return record;
}

void text_port(struct out *o, const json_t *record)
{
	const json_t *flags = json_object_get(record, "flags");
	bool up = json_is_true(json_object_get(record, "up"));

	out_colored(o, OUT_NAME, "%s", out_text(record, "name"));
	fputc(' ', o->file);
	out_colored(o, up ? OUT_GOOD : OUT_NOTE, "%s", up ? "up" : "down");
	for (size_t i = 0; i < json_array_size(flags); i++)
		fprintf(o->file, " %s",
			json_string_value(json_array_get(flags, i)));
	fprintf(o->file,
		" mac %s mtu %" JSON_INTEGER_FORMAT
		" ifindex %" JSON_INTEGER_FORMAT "\n",
		out_text(record, "mac"),
		json_integer_value(json_object_get(record, "mtu")),
		json_integer_value(json_object_get(record, "ifindex")));
	text_counters(o, "in", json_object_get(record, "in"));
	text_counters(o, "out", json_object_get(record, "out"));
}

static int print_port(struct cmd_context *c, const struct utcp_port *port)
{
	int err = out_record(&c->out, record_port(port, c->statistics),
			     text_port);

	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}

static uint32_t read_flags(const struct cmd_args *args)
{
	uint32_t flags = 0;

	for (size_t i = 1; i < args->n; i++)
		flags |= 1U << args->word[i].index;
	return flags;
}

int port_add(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	uint32_t flags = read_flags(args);
	struct utcp_port port = { 0 };

	if (!h)
		return c->fault.exit;
	if (!flags)
		flags = NETSWITCH_PORT_FLAGS_DEMUX;
	if (utcp_port_add(h, args->word[0].text, flags, &port))
		return cmd_failed(c);
	return print_port(c, &port);
}

int port_set(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	struct utcp_port port = { 0 };

	if (!h)
		return c->fault.exit;
	if (utcp_port_set(h, args->word[0].text, read_flags(args), &port))
		return cmd_failed(c);
	return print_port(c, &port);
}

int port_del(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	struct utcp_port port = { 0 };

	if (!h)
		return c->fault.exit;
	if (utcp_port_del(h, args->word[0].text, &port))
		return cmd_failed(c);
	return print_port(c, &port);
}

int port_show(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	struct utcp_port *ports = NULL, port = { 0 };
	size_t n = 1;
	int code = EXIT_DONE;

	if (!h)
		return c->fault.exit;
	if (args->n ? utcp_port_get(h, args->word[0].text, &port) :
		      utcp_port_list(h, &ports, &n))
		return cmd_failed(c);
	/* a list of one, so that JSON has the same shape for one and for all */
	out_list_begin(&c->out);
	for (size_t i = 0; !code && i < n; i++)
		code = print_port(c, ports ? &ports[i] : &port);
	out_list_end(&c->out, code);
	free(ports);
	return code;
}

static json_t *record_consumer(const struct utcp_consumer *consumer,
			       const char *port)
{
	char type[16];

	snprintf(type, sizeof(type), "0x%04x", consumer->ethertype);
	return json_pack("{s:s, s:s, s:I, s:s, s:b, s:I, s:I}", "port", port,
			 "ethertype", type, "vid", (json_int_t)consumer->vid,
			 "name", consumer->name, "promisc", consumer->promisc,
			 "frames", (json_int_t)consumer->frames, "drops",
			 (json_int_t)consumer->drops);
}

static void text_consumer(struct out *o, const json_t *record)
{
	json_t *rest = json_copy((json_t *)record);

	out_colored(o, OUT_NAME, "%s", out_text(record, "port"));
	json_object_del(rest, "port");
	out_members(o, rest);
	putc('\n', o->file);
	json_decref(rest);
}

static int print_consumers(struct cmd_context *c, struct utcp_handle *h,
			   uint32_t ifindex, const struct utcp_port *ports,
			   size_t n_ports)
{
	struct utcp_consumer *consumers;
	int code = EXIT_DONE;
	size_t n;

	if (utcp_consumer_list(h, ifindex, &consumers, &n))
		return cmd_failed(c);
	out_list_begin(&c->out);
	for (size_t i = 0; !code && i < n; i++) {
		const char *name =
			ports_name(consumers[i].ifindex, ports, n_ports);
		int err = out_record(&c->out,
				     record_consumer(&consumers[i],
						     name ? name : "?"),
				     text_consumer);

		if (err)
			code = fault_system(&c->fault, -err, "cannot print");
	}
	out_list_end(&c->out, code);
	free(consumers);
	return code;
}

int port_consumers(struct cmd_context *c, const struct cmd_args *args)
{
	return ports_print(c, args, print_consumers);
}
