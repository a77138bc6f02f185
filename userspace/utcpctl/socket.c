// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <utcp/utcp.h>

#include "cellset.h"
#include "number.h"
#include "socket.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* By their numbers, which are TCP's. */
static const char *const state_names[] = {
	NULL, "established", "connecting", NULL, "fin-wait-1", "fin-wait-2",
	NULL, "closed",	     "close-wait", NULL, "listen",     "closing",
};

enum { BY_CELL, BY_PORT, BY_PEER_PORT, BY_STATE, BY_TYPE };

static const char *const words[] = {
	[BY_CELL] = "cell",   [BY_PORT] = "port", [BY_PEER_PORT] = "peer-port",
	[BY_STATE] = "state", [BY_TYPE] = "type",
};

static const struct {
	const char *name;
	uint8_t type;
} types[] = {
	{ "stream", SOCK_STREAM },
	{ "seqpacket", SOCK_SEQPACKET },
	{ "dgram", SOCK_DGRAM },
};

const char *cmd_choice_socket(const struct cmd_args *before, size_t index)
{
	(void)before;
	return index < COUNT(words) ? words[index] : NULL;
}

static const char *type_name(uint8_t type)
{
	for (size_t i = 0; i < COUNT(types); i++)
		if (types[i].type == type)
			return types[i].name;
	return "other";
}

static const char *state_name(const struct utcp_socket *s)
{
	uint8_t state = s->msg.udiag_state;

	if (s->msg.udiag_type == SOCK_DGRAM && state == 7)
		return "unconnected";
	if (state >= COUNT(state_names) || !state_names[state])
		return "other";
	return state_names[state];
}

/* --- which ------------------------------------------------------------------------ */

static int read_port(struct fault *f, const struct cmd_word *w, uint16_t *port)
{
	const char *wrong;
	uint32_t number = 0;

	wrong = number_u32(w->value, LIBUTCP_UNIT_COUNT, &number);
	if (!wrong && (!number || number > UINT16_MAX))
		wrong = "a port is 1 to 65535";
	if (wrong)
		return fault_usage(f, w->text, "%s: \"%s\" is no port: %s",
				   w->text, w->value, wrong);
	*port = (uint16_t)number;
	return EXIT_DONE;
}

static int read_state(struct fault *f, const struct cmd_word *w,
		      uint32_t *states)
{
	for (uint32_t i = 0; i < COUNT(state_names); i++)
		if (state_names[i] && strcmp(state_names[i], w->value) == 0) {
			*states |= 1u << i;
			return EXIT_DONE;
		}
	return fault_usage(f, w->text, "%s: \"%s\" is no state", w->text,
			   w->value);
}

static int read_type(struct fault *f, const struct cmd_word *w, uint8_t *type)
{
	for (size_t i = 0; i < COUNT(types); i++)
		if (strcmp(types[i].name, w->value) == 0) {
			*type = types[i].type;
			return EXIT_DONE;
		}
	return fault_usage(f, w->text,
			   "%s: \"%s\": stream, seqpacket or dgram is expected",
			   w->text, w->value);
}

static int read_filter(struct fault *f, const struct cmd_args *args,
		       struct utcp_diag_req *req)
{
	int code = EXIT_DONE;

	memset(req, 0, sizeof(*req));
	for (size_t i = 0; !code && i < args->n; i++) {
		const struct cmd_word *w = &args->word[i];

		switch (w->index) {
		case BY_CELL:
			code = cellset_which(f, w->value,
					     LIBUTCP_CELLNAMES_FILE,
					     req->udiag_cell);
			break;
		case BY_PORT:
			code = read_port(f, w, &req->udiag_port);
			break;
		case BY_PEER_PORT:
			code = read_port(f, w, &req->udiag_peer_port);
			break;
		case BY_STATE:
			code = read_state(f, w, &req->udiag_states);
			break;
		case BY_TYPE:
			code = read_type(f, w, &req->sdiag_type);
			break;
		}
	}
	return code;
}

/* --- how -------------------------------------------------------------------------- */

static json_t *record_cell(const uint8_t *id)
{
	static const uint8_t none[LIBUTCP_CELLID_LEN];
	char text[LIBUTCP_CELLID_TEXT];

	if (!memcmp(id, none, sizeof(none)))
		return json_null();
	utcp_cellid_format(id, text);
	return json_string(text);
}

static json_t *record_port(uint16_t port)
{
	return port ? json_integer(port) : json_null();
}

/* What a connection inside its namespace does not have is left out. */
static json_t *record_path(const struct utcp_info *i)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "rtt",
			 (json_int_t)i->rtt, "rttvar", (json_int_t)i->rttvar,
			 "cwnd", (json_int_t)i->cwnd, "in-flight",
			 (json_int_t)i->in_flight, "mtu", (json_int_t)i->mtu,
			 "lost", (json_int_t)i->lost, "delivery-rate",
			 (json_int_t)i->delivery_rate);
}

static json_t *record_counters(const struct utcp_socket *s)
{
	const struct utcp_info *i = &s->info;

	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
			 "bytes-sent", (json_int_t)i->bytes_sent, "bytes-acked",
			 (json_int_t)i->bytes_acked, "bytes-received",
			 (json_int_t)i->bytes_received, "snd-window",
			 (json_int_t)i->snd_window, "rcv-window",
			 (json_int_t)i->rcv_window, "drops",
			 (json_int_t)i->drops, "rmem", (json_int_t)s->rmem,
			 "rcvbuf", (json_int_t)s->rcvbuf, "wmem",
			 (json_int_t)s->wmem, "sndbuf", (json_int_t)s->sndbuf);
}

static json_t *record_socket(const struct utcp_socket *s, bool statistics)
{
	const struct utcp_info *i = &s->info;
	json_t *record;

	record = json_pack(
		"{s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:b}",
		"type", type_name(s->msg.udiag_type), "state", state_name(s),
		"cell", record_cell(s->msg.udiag_cell), "port",
		record_port(s->msg.udiag_port), "peer",
		record_cell(s->msg.udiag_peer), "peer-port",
		record_port(s->msg.udiag_peer_port), "rcv-queue",
		(json_int_t)i->rcv_queue, "snd-queue", (json_int_t)i->snd_queue,
		"uid", (json_int_t)s->msg.udiag_uid, "inode",
		(json_int_t)s->msg.udiag_ino, "local",
		!!(i->flags & UTCP_INFO_LOCAL));
	if (!record)
		return NULL;
	if (i->mtu)
		json_object_set_new(record, "path", record_path(i));
	if (statistics)
		json_object_set_new(record, "counters", record_counters(s));
	return record;
}

static void text_address(struct out *o, const json_t *record, const char *cell,
			 const char *port)
{
	const json_t *id = json_object_get(record, cell);
	const json_t *number = json_object_get(record, port);

	fprintf(o->file,
		" %s:", json_is_string(id) ? json_string_value(id) : "*");
	if (json_is_integer(number))
		fprintf(o->file, "%" JSON_INTEGER_FORMAT,
			json_integer_value(number));
	else
		fputc('*', o->file);
}

static void text_number(struct out *o, const json_t *record, const char *name)
{
	fprintf(o->file, " %s %" JSON_INTEGER_FORMAT, name,
		json_integer_value(json_object_get(record, name)));
}

static void text_socket(struct out *o, const json_t *record)
{
	const char *state = out_text(record, "state");
	const json_t *counters = json_object_get(record, "counters");
	const json_t *path = json_object_get(record, "path");

	out_colored(o, OUT_NAME, "%s", out_text(record, "type"));
	fputc(' ', o->file);
	out_colored(o,
		    strcmp(state, "established") == 0 ||
				    strcmp(state, "listen") == 0 ?
			    OUT_GOOD :
			    OUT_NOTE,
		    "%s", state);
	text_address(o, record, "cell", "port");
	text_address(o, record, "peer", "peer-port");
	fprintf(o->file, "\n   ");
	text_number(o, record, "rcv-queue");
	text_number(o, record, "snd-queue");
	text_number(o, record, "uid");
	text_number(o, record, "inode");
	if (json_is_true(json_object_get(record, "local")))
		fprintf(o->file, " local");
	fputc('\n', o->file);
	if (path) {
		fprintf(o->file, "   ");
		out_members(o, path);
		fputc('\n', o->file);
	}
	if (counters) {
		fprintf(o->file, "   ");
		out_members(o, counters);
		fputc('\n', o->file);
	}
}

int socket_show(struct cmd_context *c, const struct cmd_args *args)
{
	struct utcp_socket *sockets = NULL;
	struct utcp_diag_req filter;
	struct utcp_handle *h;
	size_t n = 0;
	int code, err;

	code = read_filter(&c->fault, args, &filter);
	h = code ? NULL : cmd_handle(c);
	if (!h)
		return c->fault.exit;
	if (utcp_socket_list(h, &filter, &sockets, &n))
		return cmd_failed(c);
	out_list_begin(&c->out);
	for (size_t i = 0; !code && i < n; i++) {
		err = out_record(&c->out,
				 record_socket(&sockets[i], c->statistics),
				 text_socket);
		if (err)
			code = fault_system(&c->fault, -err, "cannot print");
	}
	out_list_end(&c->out, code);
	free(sockets);
	return code;
}
