// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events, as they happen.
 *
 * A line is written out at once. SIGINT, SIGTERM and the end of the reader are
 * good ends.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <utcp/utcp.h>

#include "acl.h"
#include "aclset.h"
#include "cell.h"
#include "follow.h"
#include "grant.h"
#include "monitor.h"
#include "peer.h"
#include "port.h"
#include "records.h"
#include "ring.h"
#include "sandboxname.h"
#include "shaper.h"

static json_t *record_port_event(const char *event, const char *family,
				 const struct utcp_port *port)
{
	return json_pack("{s:s, s:s, s:o}", "event", event, "family", family,
			 "port", record_port(port, false));
}

static json_t *record_ring_event(const char *event, const char *family,
				 const struct utcp_ring_record *ring,
				 bool statistics)
{
	return json_pack("{s:s, s:s, s:o}", "event", event, "family", family,
			 "ring", record_ring(ring, NULL, statistics));
}

static json_t *record_cell_event(const char *event, const char *family,
				 const struct utcp_cell *cell)
{
	return json_pack("{s:s, s:s, s:o}", "event", event, "family", family,
			 "cell", record_cell(cell));
}

static json_t *record_peer_event(const char *event, const char *family,
				 const struct utcp_peer *peer)
{
	return json_pack("{s:s, s:s, s:o}", "event", event, "family", family,
			 "peer", record_peer(peer, false));
}

static json_t *record_grant_event(const char *event, const char *family,
				  const struct utcp_grant *grant)
{
	return json_pack("{s:s, s:s, s:o}", "event", event, "family", family,
			 "grant", record_grant(grant));
}

static json_t *record_policy_event(const char *event, const char *family,
				   const struct utcp_acl_policy *policy)
{
	return json_pack("{s:s, s:s, s:o}", "event", event, "family", family,
			 "policy", record_policy(policy));
}

static json_t *record_rule_event(const char *event, const char *family,
				 const struct utcp_event *e, bool statistics)
{
	json_t *rule = record_rule(&e->rule, statistics);

	if (rule)
		json_object_set_new(rule, "policy",
				    json_string(e->policy.name));
	return json_pack("{s:s, s:s, s:o}", "event", event, "family", family,
			 "rule", rule);
}

static json_t *record_binding_event(const char *event, const char *family,
				    const struct utcp_acl_binding *binding,
				    bool statistics)
{
	return json_pack("{s:s, s:s, s:o}", "event", event, "family", family,
			 "binding", record_binding(binding, statistics));
}

static json_t *record_set_event(const char *event, const char *family,
				const struct utcp_acl_set *set)
{
	return json_pack("{s:s, s:s, s:o}", "event", event, "family", family,
			 "set", record_set(set));
}

static json_t *record_elem_event(const char *event, const char *family,
				 const struct utcp_event *e)
{
	return json_pack("{s:s, s:s, s:o}", "event", event, "family", family,
			 "element", record_elem(e->set.name, &e->elem));
}

static json_t *record_class_event(const char *event, const char *family,
				  const struct utcp_shaper_class *cls)
{
	return json_pack("{s:s, s:s, s:o}", "event", event, "family", family,
			 "class", record_class(cls, true));
}

static json_t *
record_class_binding_event(const char *event, const char *family,
			   const struct utcp_shaper_binding *binding)
{
	return json_pack("{s:s, s:s, s:o}", "event", event, "family", family,
			 "binding", record_class_binding(binding));
}

static json_t *record_event(const struct utcp_event *e)
{
	const char *family = utcp_family_name(e->family);

	switch (e->type) {
	case LIBUTCP_EVENT_LOST:
		return json_pack("{s:s}", "event", "lost");
	case LIBUTCP_EVENT_LOADED:
		return json_pack("{s:s, s:s}", "event", "loaded", "family",
				 family);
	case LIBUTCP_EVENT_UNLOADED:
		return json_pack("{s:s, s:s}", "event", "unloaded", "family",
				 family);
	case LIBUTCP_EVENT_LIMITS:
		return json_pack("{s:s, s:s, s:o}", "event", "limits", "family",
				 family, "limits", record_limits(e->info));
	case LIBUTCP_EVENT_PORT_ADD:
		return record_port_event("port-add", family, &e->port);
	case LIBUTCP_EVENT_PORT_CHANGE:
		return record_port_event("port-change", family, &e->port);
	case LIBUTCP_EVENT_PORT_DEL:
		return record_port_event("port-del", family, &e->port);
	case LIBUTCP_EVENT_RING_ADD:
		return record_ring_event("ring-add", family, &e->ring, false);
	case LIBUTCP_EVENT_RING_CHANGE:
		return record_ring_event("ring-change", family, &e->ring, true);
	case LIBUTCP_EVENT_RING_DEL:
		return record_ring_event("ring-del", family, &e->ring, true);
	case LIBUTCP_EVENT_CELL_NEW:
		return record_cell_event("cell-new", family, &e->cell);
	case LIBUTCP_EVENT_CELL_CHANGE:
		return record_cell_event("cell-change", family, &e->cell);
	case LIBUTCP_EVENT_CELL_DEL:
		return record_cell_event("cell-del", family, &e->cell);
	case LIBUTCP_EVENT_PEER_NEW:
		return record_peer_event("peer-new", family, &e->peer);
	case LIBUTCP_EVENT_PEER_CHANGE:
		return record_peer_event(peer_event_name(e->peer.change),
					 family, &e->peer);
	case LIBUTCP_EVENT_PEER_DEL:
		return record_peer_event("peer-del", family, &e->peer);
	case LIBUTCP_EVENT_GRANT_ADD:
		return record_grant_event("grant-add", family, &e->grant);
	case LIBUTCP_EVENT_GRANT_DEL:
		return record_grant_event("grant-del", family, &e->grant);
	case LIBUTCP_EVENT_POLICY_NEW:
		return record_policy_event("policy-new", family, &e->policy);
	case LIBUTCP_EVENT_POLICY_CHANGE:
		return record_policy_event("policy-change", family, &e->policy);
	case LIBUTCP_EVENT_POLICY_DEL:
		return record_policy_event("policy-del", family, &e->policy);
	case LIBUTCP_EVENT_RULE_ADD:
		return record_rule_event("rule-add", family, e, false);
	case LIBUTCP_EVENT_RULE_DEL:
		return record_rule_event("rule-del", family, e, true);
	case LIBUTCP_EVENT_POLICY_ROLLBACK:
		return record_policy_event("policy-rollback", family,
					   &e->policy);
	case LIBUTCP_EVENT_RULE_EXPIRE:
		return record_rule_event("rule-expire", family, e, true);
	case LIBUTCP_EVENT_ACL_LOG:
		return json_pack("{s:s, s:s, s:o}", "event", "log", "family",
				 family, "log", record_log(&e->log));
	case LIBUTCP_EVENT_SET_NEW:
		return record_set_event("set-new", family, &e->set);
	case LIBUTCP_EVENT_SET_DEL:
		return record_set_event("set-del", family, &e->set);
	case LIBUTCP_EVENT_ELEM_ADD:
		return record_elem_event("element-add", family, e);
	case LIBUTCP_EVENT_ELEM_DEL:
		return record_elem_event("element-del", family, e);
	case LIBUTCP_EVENT_ELEM_EXPIRE:
		return record_elem_event("element-expire", family, e);
	case LIBUTCP_EVENT_BIND_SET:
		return record_binding_event("bind-set", family, &e->binding,
					    false);
	case LIBUTCP_EVENT_BIND_DEL:
		return record_binding_event("bind-del", family, &e->binding,
					    true);
	case LIBUTCP_EVENT_CLASS_ADD:
		return record_class_event("class-add", family, &e->cls);
	case LIBUTCP_EVENT_CLASS_CHANGE:
		return record_class_event("class-change", family, &e->cls);
	case LIBUTCP_EVENT_CLASS_DEL:
		return record_class_event("class-del", family, &e->cls);
	case LIBUTCP_EVENT_SHAPER_BIND:
		return record_class_binding_event("binding-add", family,
						  &e->class_binding);
	case LIBUTCP_EVENT_SHAPER_UNBIND:
		return record_class_binding_event("binding-del", family,
						  &e->class_binding);
	case LIBUTCP_EVENT_UNKNOWN:
		break;
	}
	return json_pack("{s:s, s:s, s:i}", "event", "unknown", "family",
			 family, "command", (int)e->command);
}

/* To a policy or to a class: the latter is of a direction. */
static void text_any_binding(struct out *o, const json_t *record)
{
	if (json_object_get(record, "class"))
		text_class_binding(o, record);
	else
		text_binding(o, record);
}

/* Prints the object that an event is about; false if there is none. */
static bool text_object(struct out *o, const json_t *record)
{
	static const struct {
		const char *name;
		out_text_fn *text;
	} objects[] = {
		{ "port", text_port },	 { "ring", text_ring },
		{ "cell", text_cell },	 { "peer", text_peer },
		{ "grant", text_grant }, { "policy", text_policy },
		{ "rule", text_rule },	 { "binding", text_any_binding },
		{ "class", text_class }, { "log", text_log },
		{ "set", text_set },	 { "element", text_elem },
	};
	const json_t *object;

	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		object = json_object_get(record, objects[i].name);
		if (!object)
			continue;
		putc(' ', o->file);
		objects[i].text(o, object);
		return true;
	}
	return false;
}

static void text_event(struct out *o, const json_t *record)
{
	const char *event = out_text(record, "event");
	const json_t *command = json_object_get(record, "command");

	if (strcmp(event, "lost") == 0) {
		out_colored(o, OUT_BAD, "events were lost\n");
		return;
	}
	out_colored(o, OUT_NAME, "%s", out_text(record, "family"));
	fprintf(o->file, " %s", event);
	out_members(o, json_object_get(record, "limits"));
	if (text_object(o, record))
		return;
	if (command)
		fprintf(o->file, " %" JSON_INTEGER_FORMAT,
			json_integer_value(command));
	putc('\n', o->file);
}

/**
 * struct watch - what is monitored
 * @monitor: where events come from
 * @names: the sandboxes that they may be about
 */
struct watch {
	struct utcp_monitor *monitor;
	struct sandboxnames names;
};

/* Print an event; @gone is set if nobody reads any more. */
static int print_event(struct cmd_context *c, const struct utcp_event *e,
		       struct sandboxnames *names, bool *gone)
{
	bool text = c->out.format == OUT_TEXT && isatty(fileno(c->out.file));
	json_t *record = record_event(e);
	int err;

	if (e->type == LIBUTCP_EVENT_ACL_LOG)
		sandboxnames_say(names, c, &e->log,
				 json_object_get(record, "log"));
	err = text ? out_record(&c->out, record, text_event) :
		     out_line(&c->out, record);
	if (!err)
		err = out_flush(&c->out);
	*gone = err == -EPIPE;
	if (err && !*gone)
		return fault_system(&c->fault, -err, "cannot print");
	return EXIT_DONE;
}

/* Print all events that are there. */
static int drain(struct cmd_context *c, void *from, bool *gone)
{
	struct watch *watch = from;
	const struct utcp_event *e;
	int code = EXIT_DONE, got;

	while (!code && !*gone) {
		got = utcp_monitor_next(watch->monitor, 0, &e);
		if (got == 0)
			break;
		code = got < 0 ? cmd_failed(c) :
				 print_event(c, e, &watch->names, gone);
	}
	return code;
}

int monitor_run(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	struct watch watch = { 0 };
	unsigned int mask = 0;
	int code, signals;

	if (!h)
		return c->fault.exit;
	for (size_t i = 0; i < args->n; i++)
		mask |= 1U << args->word[i].index;

	signals = follow_begin(c);
	if (signals < 0)
		return c->fault.exit;
	if (utcp_monitor_open(h, mask, &watch.monitor)) {
		code = cmd_failed(c);
	} else {
		code = follow(c, utcp_monitor_fd(watch.monitor), signals,
			      "events", drain, &watch);
		utcp_monitor_close(watch.monitor);
		sandboxnames_free(&watch.names);
	}
	close(signals);
	return code;
}
