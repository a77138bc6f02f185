// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers for Prometheus, in its text format (0.0.4), which the textfile collector of
 * node_exporter reads.
 *
 * They are taken from the records that the other commands print: all of one kind are got
 * at once, and printed family by family, as the format wants it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <utcp/utcp.h>

#include "acl.h"
#include "metrics.h"
#include "peer.h"
#include "port.h"
#include "sandbox.h"
#include "shaper.h"

/**
 * struct family - numbers of one name
 * @name: the name
 * @help: what they count
 * @gauge: they go up and down
 * @member: member of the record, or of its directions
 * @reasons: the member is an object with a number for each reason
 */
struct family {
	const char *name;
	const char *help;
	bool gauge;
	const char *member;
	bool reasons;
};

/* A label, and the member of the record that it is made of. */
struct label {
	const char *name;
	const char *member;
};

/**
 * struct kind - records of one kind
 * @get: get them; 0, or a negative errno with the handle's error set
 * @labels: what tells them apart
 * @inside: the member that has the numbers; NULL: the record itself, or with @ways
 *	each of its directions
 * @ways: the record has numbers of two directions, "in" and "out"
 * @families: the numbers, ended by one without a name
 */
struct kind {
	int (*get)(struct utcp_handle *h, json_t *list);
	struct label labels[4];
	const char *inside;
	bool ways;
	const struct family *families;
};

/* --- records ------------------------------------------------------------------------------- */

static int get_ports(struct utcp_handle *h, json_t *list)
{
	struct utcp_port *ports;
	size_t n;
	int err = utcp_port_list(h, &ports, &n);

	for (size_t i = 0; !err && i < n; i++)
		json_array_append_new(list, record_port(&ports[i], true));
	free(ports);
	return err;
}

/* Those of ports: what a namespace's own bindings count is inside. */
static int get_bindings(struct utcp_handle *h, json_t *list)
{
	struct utcp_acl_binding *bindings;
	size_t n;
	int err = utcp_acl_binding_list(h, NULL, &bindings, &n);

	for (size_t i = 0; !err && i < n; i++)
		if (bindings[i].kind == UTCP_ACL_BINDING_KIND_PORT)
			json_array_append_new(list, record_binding(&bindings[i],
								   true));
	free(bindings);
	return err;
}

static int get_classes(struct utcp_handle *h, json_t *list)
{
	struct utcp_shaper_class *classes;
	size_t n;
	int err = utcp_shaper_class_list(h, NULL, &classes, &n);

	for (size_t i = 0; !err && i < n; i++) {
		json_t *record = record_class(&classes[i], true);
		json_t *stats = json_object_get(record, "stats");

		/* beside its numbers, in the unit that Prometheus has for all */
		json_object_set_new(
			stats, "limit",
			json_integer((json_int_t)(classes[i].bw_max / 8)));
		json_array_append_new(list, record);
	}
	free(classes);
	return err;
}

static int get_sandboxes(struct utcp_handle *h, json_t *list)
{
	struct utcp_sandbox *sandboxes;
	size_t n;
	int err = utcp_sandbox_list(h, &sandboxes, &n);

	for (size_t i = 0; !err && i < n; i++) {
		json_t *record = record_sandbox(&sandboxes[i]);

		json_object_set_new(record, "one", json_integer(1));
		json_array_append_new(list, record);
	}
	/* It hides no other, and is told all the same. */
	if (!err)
		err = sandbox_damaged(h, sandboxes, n);
	free(sandboxes);
	return err;
}

/* Too many to be labels: what they are together. */
static int get_peers(struct utcp_handle *h, json_t *list)
{
	struct utcp_peer *peers;
	json_int_t sessions = 0;
	size_t n;
	int err = utcp_peer_list(h, NULL, &peers, &n);

	for (size_t i = 0; !err && i < n; i++)
		sessions += peers[i].session;
	if (!err)
		json_array_append_new(list, json_pack("{s:I, s:I}", "peers",
						      (json_int_t)n, "sessions",
						      sessions));
	free(peers);
	return err;
}

static int get_frames(struct utcp_handle *h, json_t *list)
{
	struct utcp_frame_stats stats;
	int err = utcp_frame_stats_get(h, &stats);

	if (!err)
		json_array_append_new(list, record_frames(&stats));
	return err;
}

static json_t *ring_rx_drops(const struct utcp_ring_rx_counters *rx)
{
	return json_pack("{s:I, s:I, s:I, s:I}", "full", (json_int_t)rx->full,
			 "length", (json_int_t)rx->length, "nomem",
			 (json_int_t)rx->nomem, "index", (json_int_t)rx->index);
}

static json_t *ring_tx_drops(const struct utcp_ring_tx_counters *tx)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "length",
			 (json_int_t)tx->length, "type", (json_int_t)tx->type,
			 "source", (json_int_t)tx->source, "meta",
			 (json_int_t)tx->meta, "nomem", (json_int_t)tx->nomem,
			 "down", (json_int_t)tx->down, "refused",
			 (json_int_t)tx->refused);
}

static void add_ring(struct utcp_ring_record *sum,
		     const struct utcp_ring_record *ring)
{
	sum->rx.frames += ring->rx.frames;
	sum->rx.delivered += ring->rx.delivered;
	sum->rx.full += ring->rx.full;
	sum->rx.length += ring->rx.length;
	sum->rx.nomem += ring->rx.nomem;
	sum->rx.index += ring->rx.index;
	sum->tx.frames += ring->tx.frames;
	sum->tx.sent += ring->tx.sent;
	sum->tx.length += ring->tx.length;
	sum->tx.type += ring->tx.type;
	sum->tx.source += ring->tx.source;
	sum->tx.meta += ring->tx.meta;
	sum->tx.nomem += ring->tx.nomem;
	sum->tx.down += ring->tx.down;
	sum->tx.refused += ring->tx.refused;
}

static int get_rings(struct utcp_handle *h, json_t *list)
{
	struct utcp_ring_record *rings, sum = { 0 };
	size_t n;
	int err = utcp_ring_list(h, 0, &rings, &n);

	for (size_t i = 0; !err && i < n; i++)
		add_ring(&sum, &rings[i]);
	if (!err)
		json_array_append_new(
			list,
			json_pack("{s:I, s:I, s:I, s:I, s:I, s:o, s:o}",
				  "rings", (json_int_t)n, "rx-frames",
				  (json_int_t)sum.rx.frames, "rx-delivered",
				  (json_int_t)sum.rx.delivered, "tx-frames",
				  (json_int_t)sum.tx.frames, "tx-sent",
				  (json_int_t)sum.tx.sent, "rx-drops",
				  ring_rx_drops(&sum.rx), "tx-drops",
				  ring_tx_drops(&sum.tx)));
	free(rings);
	return err;
}

/* --- families ------------------------------------------------------------------------------ */

static const struct family sandbox_families[] = {
	{ "utcp_sandbox_info", "Sandboxes; always 1.", true, "one", false },
	{ 0 },
};

static const struct family port_families[] = {
	{ "utcp_port_frames_total", "Frames that came to a port.", false,
	  "frames", false },
	{ "utcp_port_passed_total", "Frames that went on.", false, "pass",
	  false },
	{ "utcp_port_consumed_total", "Frames taken by a consumer.", false,
	  "consumed", false },
	{ "utcp_port_held_frames", "Frames that a stage holds now.", true,
	  "held", false },
	{ "utcp_port_drops_total", "Frames dropped, by reason.", false, "drops",
	  true },
	{ 0 },
};

static const struct family acl_families[] = {
	{ "utcp_acl_frames_total", "Frames decided by a policy.", false,
	  "frames", false },
	{ "utcp_acl_allowed_total", "Of these, frames that went on.", false,
	  "allowed", false },
	{ "utcp_acl_rejected_total", "Of those dropped, frames answered.",
	  false, "rejected", false },
	{ "utcp_acl_drops_total", "Frames dropped by a policy, by reason.",
	  false, "drops", true },
	{ 0 },
};

static const struct family class_families[] = {
	{ "utcp_class_frames_total", "Frames that came to a class.", false,
	  "frames", false },
	{ "utcp_class_packets_total", "Of these, frames that went on.", false,
	  "packets", false },
	{ "utcp_class_bytes_total", "Their bytes on the wire.", false, "bytes",
	  false },
	{ "utcp_class_marks_total", "Frames marked by ECN.", false, "marks",
	  false },
	{ "utcp_class_backlog_bytes", "Bytes that wait.", true, "backlog-bytes",
	  false },
	{ "utcp_class_limit_bytes_per_second", "Rate at most; 0: any.", true,
	  "limit", false },
	{ "utcp_class_drops_total", "Frames dropped, by reason.", false,
	  "drops", true },
	{ 0 },
};

static const struct family peer_families[] = {
	{ "utcp_peers", "Peers that are known.", true, "peers", false },
	{ "utcp_sessions", "Peers with a session.", true, "sessions", false },
	{ 0 },
};

static const struct family frame_families[] = {
	{ "utcp_frames_received_total", "Frames of UTCP that came.", false,
	  "frames", false },
	{ "utcp_frames_delivered_total", "Of these, frames good for something.",
	  false, "delivered", false },
	{ "utcp_frames_sent_total", "Frames of UTCP that were sent.", false,
	  "sent", false },
	{ "utcp_frames_drops_total", "Frames of UTCP dropped, by reason.",
	  false, "drops", true },
	{ "utcp_refused_total", "Times that a policy refused something.", false,
	  "refused", false },
	{ 0 },
};

static const struct family ring_families[] = {
	{ "utcp_rings", "Rings.", true, "rings", false },
	{ "utcp_rings_rx_frames", "Frames for the rings that there are.", true,
	  "rx-frames", false },
	{ "utcp_rings_rx_delivered", "Of these, frames put into a ring.", true,
	  "rx-delivered", false },
	{ "utcp_rings_tx_frames", "Frames that the rings that there are gave.",
	  true, "tx-frames", false },
	{ "utcp_rings_tx_sent", "Of these, frames sent.", true, "tx-sent",
	  false },
	{ "utcp_rings_rx_drops", "The others that came, by reason.", true,
	  "rx-drops", true },
	{ "utcp_rings_tx_drops", "The others that were given, by reason.", true,
	  "tx-drops", true },
	{ 0 },
};

static const struct kind kinds[] = {
	{ .get = get_sandboxes,
	  .labels = { { "sandbox", "sandbox" },
		      { "mode", "mode" },
		      { "phase", "phase" },
		      { "port", "dev" } },
	  .families = sandbox_families },
	{ .get = get_ports,
	  .labels = { { "port", "name" } },
	  .ways = true,
	  .families = port_families },
	{ .get = get_bindings,
	  .labels = { { "port", "bind" }, { "policy", "policy" } },
	  .ways = true,
	  .families = acl_families },
	{ .get = get_classes,
	  .labels = { { "class", "class" }, { "parent", "parent" } },
	  .inside = "stats",
	  .families = class_families },
	{ .get = get_peers, .families = peer_families },
	{ .get = get_frames, .families = frame_families },
	{ .get = get_rings, .families = ring_families },
};

/* --- printing ------------------------------------------------------------------------------ */

/* Names are printable ASCII; these two mean something in a value. */
static void print_label(FILE *to, const char *name, const char *value,
			bool *first)
{
	fprintf(to, "%c%s=\"", *first ? '{' : ',', name);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			putc('\\', to);
		putc(*value, to);
	}
	putc('"', to);
	*first = false;
}

static void print_number(FILE *to, const struct kind *k, const struct family *f,
			 const json_t *record, const char *way,
			 const char *reason, const json_t *number)
{
	bool first = true;

	if (!json_is_integer(number))
		return;
	fputs(f->name, to);
	for (size_t i = 0; i < sizeof(k->labels) / sizeof(k->labels[0]); i++)
		if (k->labels[i].name &&
		    json_object_get(record, k->labels[i].member))
			print_label(to, k->labels[i].name,
				    out_text(record, k->labels[i].member),
				    &first);
	if (way)
		print_label(to, "direction", way, &first);
	if (reason)
		print_label(to, "reason", reason, &first);
	fprintf(to, "%s %" JSON_INTEGER_FORMAT "\n", first ? "" : "}",
		json_integer_value(number));
}

static void print_of(FILE *to, const struct kind *k, const struct family *f,
		     const json_t *record, const char *way,
		     const json_t *numbers)
{
	json_t *member = json_object_get(numbers, f->member), *number;
	const char *reason;

	if (!f->reasons)
		print_number(to, k, f, record, way, NULL, member);
	else
		json_object_foreach(member, reason, number)
			print_number(to, k, f, record, way, reason, number);
}

static void print_family(FILE *to, const struct kind *k, const struct family *f,
			 const json_t *list)
{
	static const char *const ways[] = { "in", "out" };

	fprintf(to, "# HELP %s %s\n# TYPE %s %s\n", f->name, f->help, f->name,
		f->gauge ? "gauge" : "counter");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *record = json_array_get(list, i);

		for (size_t w = 0; k->ways && w < 2; w++)
			print_of(to, k, f, record, ways[w],
				 json_object_get(record, ways[w]));
		if (!k->ways)
			print_of(to, k, f, record, NULL,
				 k->inside ?
					 json_object_get(record, k->inside) :
					 record);
	}
}

static int print_kind(struct cmd_context *c, struct utcp_handle *h,
		      const struct kind *k)
{
	json_t *list = json_array();
	int code = EXIT_DONE, err;

	if (!list)
		return fault_system(&c->fault, ENOMEM, "cannot print");
	err = k->get(h, list);
	if (!err || json_array_size(list))
		for (const struct family *f = k->families; f->name; f++)
			print_family(c->out.file, k, f, list);
	/* What has no module has no numbers. */
	if (err && utcp_handle_error(h)->code != LIBUTCP_E_NO_MODULE)
		code = cmd_failed(c);
	json_decref(list);
	return code;
}

int metrics_print(struct cmd_context *c, const struct cmd_args *args)
{
	struct fault first = { .exit = EXIT_DONE };
	struct utcp_handle *h;
	int code = EXIT_DONE;

	(void)args;
	if (c->out.format != OUT_TEXT)
		return fault_usage(&c->fault, "metrics",
				   "metrics have a format of their own");
	h = cmd_handle(c);
	if (!h)
		return c->fault.exit;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		int failed;

		/* Sandboxes are those of where we are. */
		if (c->netns && kinds[i].get == get_sandboxes)
			continue;
		/* One that cannot be read hides no other. */
		failed = print_kind(c, h, &kinds[i]);
		if (failed && !code) {
			code = failed;
			first = c->fault;
		}
	}
	if (code)
		c->fault = first;
	return code;
}
