// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings.
 */
#include <stdlib.h>

#include <linux/netswitch_ring.h>
#include <utcp/utcp.h>

#include "ports.h"
#include "records.h"
#include "ring.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* In the order of the bits of enum netswitch_ring_flags. */
static const char *const flag_names[] = { "promisc", "spoof",	  "take",
					  "segment", "timestamp", "zerocopy" };

_Static_assert((1U << COUNT(flag_names)) - 1 == NETSWITCH_RING_FLAGS_ALL,
	       "an option without a name");

static const char *fanout_name(uint32_t fanout)
{
	static const char *const names[] = {
		[NETSWITCH_RING_EXCLUSIVE] = "exclusive",
		[NETSWITCH_RING_FANOUT_HASH] = "hash",
		[NETSWITCH_RING_FANOUT_CPU] = "cpu",
		[NETSWITCH_RING_FANOUT_RR] = "rr",
		[NETSWITCH_RING_FANOUT_MAC] = "mac",
	};

	return fanout < COUNT(names) ? names[fanout] : "unknown";
}

static const char *mode_name(uint32_t mode)
{
	static const char *const names[] = {
		[NETSWITCH_RING_MODE_NONE] = "none",
		[NETSWITCH_RING_MODE_COPY] = "copy",
		[NETSWITCH_RING_MODE_ZEROCOPY] = "zerocopy",
	};

	return mode < COUNT(names) ? names[mode] : "unknown";
}

static json_t *record_flags(uint32_t flags)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < COUNT(flag_names); i++)
		if (flags & 1U << i)
			json_array_append_new(list, json_string(flag_names[i]));
	return list;
}

/* A counter and its name; one of drops stands only if it is not 0. */
struct counter {
	const char *name;
	uint64_t value;
	bool drop;
};

static json_t *record_counters(const struct counter *counters, size_t n)
{
	json_t *record = json_object(), *drops = json_object();

	for (size_t i = 0; record && drops && i < n; i++)
		if (!counters[i].drop || counters[i].value)
			json_object_set_new(
				counters[i].drop ? drops : record,
				counters[i].name,
				json_integer((json_int_t)counters[i].value));
	if (record)
		json_object_set_new(record, "drops", drops);
	else
		json_decref(drops);
	return record;
}

static json_t *record_rx(const struct utcp_ring_rx_counters *rx)
{
	const struct counter counters[] = {
		{ "frames", rx->frames, false },
		{ "delivered", rx->delivered, false },
		{ "bytes", rx->bytes, false },
		{ "unread", rx->unread, false },
		{ "max-used", rx->max_used, false },
		{ "wakeups", rx->wakeups, false },
		{ "full", rx->full, true },
		{ "length", rx->length, true },
		{ "nomem", rx->nomem, true },
		{ "index", rx->index, true },
	};

	_Static_assert(COUNT(counters) == sizeof(*rx) / sizeof(uint64_t),
		       "a counter is not shown");
	return record_counters(counters, COUNT(counters));
}

static json_t *record_tx(const struct utcp_ring_tx_counters *tx)
{
	const struct counter counters[] = {
		{ "frames", tx->frames, false },
		{ "sent", tx->sent, false },
		{ "bytes", tx->bytes, false },
		{ "max-used", tx->max_used, false },
		{ "bad-index", tx->bad_index, false },
		{ "zerocopy", tx->zerocopy, false },
		{ "copied", tx->copied, false },
		{ "held", tx->held, false },
		{ "length", tx->length, true },
		{ "type", tx->type, true },
		{ "source", tx->source, true },
		{ "meta", tx->meta, true },
		{ "nomem", tx->nomem, true },
		{ "down", tx->down, true },
		{ "refused", tx->refused, true },
	};

	_Static_assert(COUNT(counters) == sizeof(*tx) / sizeof(uint64_t),
		       "a counter is not shown");
	return record_counters(counters, COUNT(counters));
}

json_t *record_ring(const struct utcp_ring_record *ring, const char *port,
		    bool statistics)
{
	json_t *record = json_object();
	char type[16];

	snprintf(type, sizeof(type), "0x%04x", ring->ethertype);
	if (record && port)
		json_object_set_new(record, "port", json_string(port));
	if (record)
		json_object_update_new(
			record,
			json_pack(
				"{s:I, s:s, s:I, s:o, s:s, s:I, s:I, s:I, s:I, s:I, s:s, s:s, s:b}",
				"ifindex", (json_int_t)ring->ifindex,
				"ethertype", type, "vid", (json_int_t)ring->vid,
				"flags", record_flags(ring->flags), "fanout",
				fanout_name(ring->fanout), "pid",
				(json_int_t)ring->pid, "uid",
				(json_int_t)ring->uid, "rx-slots",
				(json_int_t)ring->rx_slots, "tx-slots",
				(json_int_t)ring->tx_slots, "slot-size",
				(json_int_t)ring->slot_size, "rx-mode",
				mode_name(ring->rx_mode), "tx-mode",
				mode_name(ring->tx_mode), "overflow",
				ring->overflow));
	if (record && ring->has_mac)
		json_object_set_new(record, "mac", record_mac(ring->mac));
	if (record && statistics && ring->rx_slots)
		json_object_set_new(record, "rx", record_rx(&ring->rx));
	if (record && statistics && ring->tx_slots)
		json_object_set_new(record, "tx", record_tx(&ring->tx));
	return record;
}

void text_ring(struct out *o, const json_t *record)
{
	const json_t *flags = json_object_get(record, "flags");
	const json_t *port = json_object_get(record, "port");
	json_t *rest = json_copy((json_t *)record);

	if (port) {
		out_colored(o, OUT_NAME, "%s", json_string_value(port));
		json_object_del(rest, "port");
		json_object_del(rest, "ifindex");
	} else {
		out_colored(o, OUT_NAME, "ring");
	}
	json_object_del(rest, "flags");
	json_object_del(rest, "rx");
	json_object_del(rest, "tx");
	out_members(o, rest);
	json_decref(rest);
	for (size_t i = 0; i < json_array_size(flags); i++)
		fprintf(o->file, " %s",
			json_string_value(json_array_get(flags, i)));
	putc('\n', o->file);
	text_counters(o, "rx", json_object_get(record, "rx"));
	text_counters(o, "tx", json_object_get(record, "tx"));
}

static int print_rings(struct cmd_context *c, struct utcp_handle *h,
		       uint32_t ifindex, const struct utcp_port *ports,
		       size_t n_ports)
{
	struct utcp_ring_record *rings;
	int code = EXIT_DONE;
	size_t n;

	if (utcp_ring_list(h, ifindex, &rings, &n))
		return cmd_failed(c);
	out_list_begin(&c->out);
	for (size_t i = 0; !code && i < n; i++) {
		const char *name = ports_name(rings[i].ifindex, ports, n_ports);
		int err = out_record(
			&c->out, record_ring(&rings[i], name, c->statistics),
			text_ring);

		if (err)
			code = fault_system(&c->fault, -err, "cannot print");
	}
	out_list_end(&c->out, code);
	free(rings);
	return code;
}

int ring_show(struct cmd_context *c, const struct cmd_args *args)
{
	return ports_print(c, args, print_rings);
}
