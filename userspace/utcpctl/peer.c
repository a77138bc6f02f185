// SPDX-License-Identifier: GPL-2.0-only
/*
 * Peers.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <utcp/utcp.h>

#include "cellset.h"
#include "peer.h"
#include "records.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* In the order of enum utcp_peer_state. */
static const char *const state_names[] = {
	"unknown", "searching", "trying", "reachable", "doubtful", "failed",
};

/* In the order of enum utcp_peer_change. */
static const char *const event_names[] = {
	"peer-change", "peer-up",	 "peer-down",	     "peer-rekeyed",
	"peer-moved",  "peer-restarted", "peer-unreachable", "peer-refused",
};

/* In the order of enum utcp_drop_reason. */
static const char *const reason_names[] = {
	"unknown",  "short",	 "version", "type",	 "length",    "address",
	"reserved", "rate",	 "target",  "answered",	 "candidate", "mac1",
	"mac2",	    "cookie",	 "budget",  "handshake", "key",	      "old",
	"doubtful", "half-open", "index",   "path",	 "lane",      "epoch",
	"replay",   "tag",	 "chunk",   "unserved",	 "room",      "nomem",
	"policy",
};

_Static_assert(COUNT(reason_names) == UTCP_DROP_REASON_MAX + 1,
	       "a drop reason without a name");

static const char *const words[] = { "cell", "rekey" };

const char *cmd_choice_peer_word(const struct cmd_args *before, size_t index)
{
	(void)before;
	return index < COUNT(words) ? words[index] : NULL;
}

const char *cmd_choice_peer_cell(const struct cmd_args *before, size_t index)
{
	(void)before;
	return index < 1 ? words[index] : NULL;
}

const char *peer_event_name(uint32_t change)
{
	return event_names[change < COUNT(event_names) ? change : 0];
}

static json_t *record_id(const uint8_t *id)
{
	char text[LIBUTCP_CELLID_TEXT];

	utcp_cellid_format(id, text);
	return json_string(text);
}

static json_t *record_key(const struct utcp_peer *p)
{
	char text[LIBUTCP_KEY_TEXT];

	if (!p->has_public_key)
		return json_null();
	utcp_key_format(p->public_key, text);
	return json_string(text);
}

static json_t *record_path(const struct utcp_peer *p)
{
	if (!p->ifindex)
		return json_null();
	return json_pack("{s:s, s:I, s:I, s:o, s:I}", "dev", p->ifname,
			 "ifindex", (json_int_t)p->ifindex, "vlan",
			 (json_int_t)p->vlan, "mac", record_mac(p->mac), "mtu",
			 (json_int_t)p->mtu);
}

static json_t *record_counters(const struct utcp_peer *p)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "handshakes",
			 (json_int_t)p->handshakes, "rx-frames",
			 (json_int_t)p->rx_frames, "rx-bytes",
			 (json_int_t)p->rx_bytes, "tx-frames",
			 (json_int_t)p->tx_frames, "tx-bytes",
			 (json_int_t)p->tx_bytes, "refused",
			 (json_int_t)p->refused);
}

static json_t *record_heard(const struct utcp_peer *p)
{
	return p->heard == UINT32_MAX ? json_null() :
					json_integer((json_int_t)p->heard);
}

json_t *record_peer(const struct utcp_peer *p, bool statistics)
{
	const char *state =
		p->state < COUNT(state_names) ? state_names[p->state] : "other";
	json_t *record;

	record = json_pack(
		"{s:o, s:o, s:o, s:b, s:b, s:s, s:b, s:o, s:I, s:o, s:I, s:I, s:I, s:I}",
		"id", record_id(p->id), "cell", record_id(p->cell),
		"public-key", record_key(p), "configured", p->configured,
		"realm", p->has_realm, "state", state, "session", p->session,
		"path", record_path(p), "age", (json_int_t)p->age, "heard",
		record_heard(p), "rtt", (json_int_t)p->rtt, "users",
		(json_int_t)p->users, "candidates", (json_int_t)p->candidates,
		"half-open", (json_int_t)p->half_open);
	if (record && statistics)
		json_object_set_new(record, "counters", record_counters(p));
	return record;
}

static void text_number(struct out *o, const json_t *record, const char *name)
{
	const json_t *value = json_object_get(record, name);

	if (json_integer_value(value))
		fprintf(o->file, " %s %" JSON_INTEGER_FORMAT, name,
			json_integer_value(value));
}

static void text_switch(struct out *o, const json_t *record, const char *name)
{
	if (json_is_true(json_object_get(record, name)))
		fprintf(o->file, " %s", name);
}

void text_peer(struct out *o, const json_t *record)
{
	const json_t *path = json_object_get(record, "path");
	const json_t *counters = json_object_get(record, "counters");
	bool up = json_is_true(json_object_get(record, "session"));

	out_colored(o, OUT_NAME, "%s", out_text(record, "id"));
	fputc(' ', o->file);
	out_colored(o, up ? OUT_GOOD : OUT_NOTE, "%s",
		    out_text(record, "state"));
	text_switch(o, record, "session");
	text_switch(o, record, "configured");
	text_switch(o, record, "realm");
	text_number(o, record, "rtt");
	text_number(o, record, "age");
	text_number(o, record, "users");
	text_number(o, record, "candidates");
	text_number(o, record, "half-open");
	fprintf(o->file, "\n    cell %s\n", out_text(record, "cell"));
	if (json_is_string(json_object_get(record, "public-key")))
		fprintf(o->file, "    public-key %s\n",
			out_text(record, "public-key"));
	if (json_is_object(path)) {
		fprintf(o->file, "    dev %s mac %s", out_text(path, "dev"),
			out_text(path, "mac"));
		text_number(o, path, "vlan");
		text_number(o, path, "mtu");
		fputc('\n', o->file);
	}
	if (counters)
		text_counters(o, "counters", counters);
}

static int print_peer(struct cmd_context *c, const struct utcp_peer *peer)
{
	int err = out_record(&c->out, record_peer(peer, c->statistics),
			     text_peer);

	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}

int peer_show(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_peer *peers = NULL;
	uint8_t id[LIBUTCP_CELLID_LEN];
	struct utcp_handle *h;
	int code = EXIT_DONE;
	size_t n = 0;

	if (args->n)
		code = cellset_which(&c->fault, args->word[0].text,
				     LIBUTCP_CELLNAMES_FILE, id);
	h = code ? NULL : cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (utcp_peer_list(h, args->n ? id : NULL, &peers, &n))
		return cmd_failed(c);
	if (args->n && !n) {
		free(peers);
		return fault_input(&c->fault, ENOENT, "no such peer");
	}
	out_list_begin(&c->out);
	for (size_t i = 0; !code && i < n; i++)
		code = print_peer(c, &peers[i]);
	out_list_end(&c->out, code);
	free(peers);
	return code;
}

/**
 * struct asked - what the words behind a peer say
 * @id: of the peer
 * @cell: of the own cell
 * @has_cell: one was named
 * @rekey: new keys are wanted
 */
struct asked {
	uint8_t id[LIBUTCP_CELLID_LEN];
	uint8_t cell[LIBUTCP_CELLID_LEN];
	bool has_cell;
	bool rekey;
};

static int read_rekey(struct fault *f, const struct cmd_word *w, bool *rekey)
{
	*rekey = strcmp(w->value, "on") == 0;
	if (*rekey || strcmp(w->value, "off") == 0)
		return EXIT_DONE;
	return fault_usage(f, w->text, "%s: \"%s\": on or off is expected",
			   w->text, w->value);
}

/* The words from the second on. */
static int read_words(struct cmd_context *c, const struct cmd_args *args,
		      struct asked *a)
{
	int code = EXIT_DONE;

	for (size_t i = 1; !code && i < args->n; i++) {
		if (args->word[i].index) {
			code = read_rekey(&c->fault, &args->word[i], &a->rekey);
			continue;
		}
		a->has_cell = true;
		code = cellset_which(&c->fault, args->word[i].value,
				     LIBUTCP_CELLNAMES_FILE, a->cell);
	}
	return code;
}

static int read_peer(struct cmd_context *c, const struct cmd_args *args,
		     struct asked *a)
{
	int code;

	memset(a, 0, sizeof(*a));
	code = cellset_which(&c->fault, args->word[0].text,
			     LIBUTCP_CELLNAMES_FILE, a->id);
	return code ? code : read_words(c, args, a);
}

int peer_add(struct cmd_context *c, const struct cmd_args *args)
{
	uint8_t key[LIBUTCP_KEY_LEN];
	struct asked a = { 0 };
	struct utcp_peer peer = { 0 };
	enum utcp_text_error error;
	struct utcp_handle *h;
	int code;

	error = utcp_key_parse(args->word[0].text, key);
	if (error)
		return fault_usage(&c->fault, args->word[0].text,
				   "\"%s\" is no public key: %s",
				   args->word[0].text,
				   utcp_text_error_string(error));
	code = read_words(c, args, &a);
	h = code ? NULL : cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (utcp_peer_add(h, key, a.has_cell ? a.cell : NULL, &peer))
		return cmd_failed(c);
	return print_peer(c, &peer);
}

int peer_del(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_peer peer = { 0 };
	struct utcp_handle *h;
	struct asked a;
	int code;

	code = read_peer(c, args, &a);
	h = code ? NULL : cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (utcp_peer_del(h, a.id, a.has_cell ? a.cell : NULL, &peer))
		return cmd_failed(c);
	return print_peer(c, &peer);
}

int peer_probe(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_peer peer = { 0 };
	struct utcp_handle *h;
	struct asked a;
	int code;

	code = read_peer(c, args, &a);
	h = code ? NULL : cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (utcp_peer_probe(h, a.id, a.has_cell ? a.cell : NULL, a.rekey,
			    &peer))
		return cmd_failed(c);
	return print_peer(c, &peer);
}

json_t *record_frames(const struct utcp_frame_stats *s)
{
	json_t *drops = json_object();

	for (size_t i = 0; drops && i < COUNT(reason_names); i++)
		if (s->drops[i])
			json_object_set_new(
				drops, reason_names[i],
				json_integer((json_int_t)s->drops[i]));
	return json_pack("{s:I, s:I, s:I, s:o, s:I}", "frames",
			 (json_int_t)s->frames, "delivered",
			 (json_int_t)s->delivered, "sent", (json_int_t)s->sent,
			 "drops", drops, "refused", (json_int_t)s->refused);
}

static void text_stats(struct out *o, const json_t *record)
{
	text_counters(o, "frames", record);
}

int peer_stats(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_handle *h = cmd_handle(c);
	struct utcp_frame_stats stats;
	int err;

	(void)args;
	if (!h)
		return c->fault.exit;
	if (utcp_frame_stats_get(h, &stats))
		return cmd_failed(c);
	err = out_record(&c->out, record_frames(&stats), text_stats);
	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}
