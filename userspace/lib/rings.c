// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Who has which rings.
 */
#include <errno.h>
#include <string.h>

#include <linux/netswitch.h>

#include "family.h"
#include "handle.h"
#include "list.h"
#include "rings.h"

/* An attribute with a number, and where it goes. */
struct member {
	uint16_t type;
	size_t offset;
};

#define COUNT(members) (sizeof(members) / sizeof((members)[0]))

static const struct member rx_members[] = {
	{ NETSWITCH_A_RING_RX_FRAMES,
	  offsetof(struct utcp_ring_rx_counters, frames) },
	{ NETSWITCH_A_RING_RX_DELIVERED,
	  offsetof(struct utcp_ring_rx_counters, delivered) },
	{ NETSWITCH_A_RING_RX_BYTES,
	  offsetof(struct utcp_ring_rx_counters, bytes) },
	{ NETSWITCH_A_RING_RX_FULL,
	  offsetof(struct utcp_ring_rx_counters, full) },
	{ NETSWITCH_A_RING_RX_LENGTH,
	  offsetof(struct utcp_ring_rx_counters, length) },
	{ NETSWITCH_A_RING_RX_NOMEM,
	  offsetof(struct utcp_ring_rx_counters, nomem) },
	{ NETSWITCH_A_RING_RX_INDEX,
	  offsetof(struct utcp_ring_rx_counters, index) },
	{ NETSWITCH_A_RING_RX_UNREAD,
	  offsetof(struct utcp_ring_rx_counters, unread) },
	{ NETSWITCH_A_RING_RX_MAX_USED,
	  offsetof(struct utcp_ring_rx_counters, max_used) },
	{ NETSWITCH_A_RING_RX_WAKEUPS,
	  offsetof(struct utcp_ring_rx_counters, wakeups) },
};

static const struct member tx_members[] = {
	{ NETSWITCH_A_RING_TX_FRAMES,
	  offsetof(struct utcp_ring_tx_counters, frames) },
	{ NETSWITCH_A_RING_TX_SENT,
	  offsetof(struct utcp_ring_tx_counters, sent) },
	{ NETSWITCH_A_RING_TX_BYTES,
	  offsetof(struct utcp_ring_tx_counters, bytes) },
	{ NETSWITCH_A_RING_TX_LENGTH,
	  offsetof(struct utcp_ring_tx_counters, length) },
	{ NETSWITCH_A_RING_TX_TYPE,
	  offsetof(struct utcp_ring_tx_counters, type) },
	{ NETSWITCH_A_RING_TX_SOURCE,
	  offsetof(struct utcp_ring_tx_counters, source) },
	{ NETSWITCH_A_RING_TX_META,
	  offsetof(struct utcp_ring_tx_counters, meta) },
	{ NETSWITCH_A_RING_TX_NOMEM,
	  offsetof(struct utcp_ring_tx_counters, nomem) },
	{ NETSWITCH_A_RING_TX_DOWN,
	  offsetof(struct utcp_ring_tx_counters, down) },
	{ NETSWITCH_A_RING_TX_REFUSED,
	  offsetof(struct utcp_ring_tx_counters, refused) },
	{ NETSWITCH_A_RING_TX_MAX_USED,
	  offsetof(struct utcp_ring_tx_counters, max_used) },
	{ NETSWITCH_A_RING_TX_BAD_INDEX,
	  offsetof(struct utcp_ring_tx_counters, bad_index) },
	{ NETSWITCH_A_RING_TX_ZEROCOPY,
	  offsetof(struct utcp_ring_tx_counters, zerocopy) },
	{ NETSWITCH_A_RING_TX_COPIED,
	  offsetof(struct utcp_ring_tx_counters, copied) },
	{ NETSWITCH_A_RING_TX_HELD,
	  offsetof(struct utcp_ring_tx_counters, held) },
};

static const struct member ring_members[] = {
	{ NETSWITCH_A_RING_IFINDEX,
	  offsetof(struct utcp_ring_record, ifindex) },
	{ NETSWITCH_A_RING_ETHERTYPE,
	  offsetof(struct utcp_ring_record, ethertype) },
	{ NETSWITCH_A_RING_VID, offsetof(struct utcp_ring_record, vid) },
	{ NETSWITCH_A_RING_FLAGS, offsetof(struct utcp_ring_record, flags) },
	{ NETSWITCH_A_RING_FANOUT, offsetof(struct utcp_ring_record, fanout) },
	{ NETSWITCH_A_RING_PID, offsetof(struct utcp_ring_record, pid) },
	{ NETSWITCH_A_RING_UID, offsetof(struct utcp_ring_record, uid) },
	{ NETSWITCH_A_RING_RX_SLOTS,
	  offsetof(struct utcp_ring_record, rx_slots) },
	{ NETSWITCH_A_RING_TX_SLOTS,
	  offsetof(struct utcp_ring_record, tx_slots) },
	{ NETSWITCH_A_RING_SLOT_SIZE,
	  offsetof(struct utcp_ring_record, slot_size) },
	{ NETSWITCH_A_RING_RX_MODE,
	  offsetof(struct utcp_ring_record, rx_mode) },
	{ NETSWITCH_A_RING_TX_MODE,
	  offsetof(struct utcp_ring_record, tx_mode) },
};

/* Where an attribute goes within @base; NULL if it is none of these. */
static void *place(const struct member *members, size_t n, uint16_t type,
		   void *base)
{
	for (size_t i = 0; i < n; i++)
		if (members[i].type == type)
			return (char *)base + members[i].offset;
	return NULL;
}

static int parse_counters(struct nl_span span, const struct member *members,
			  size_t n, void *counters)
{
	struct nl_attr a;
	int more, err = 0;

	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		uint64_t *counter = place(members, n, a.type, counters);

		if (counter)
			err = nl_attr_uint(&a, counter);
	}
	return err ? err : more;
}

int ring_parse(struct nl_span span, struct utcp_ring_record *ring)
{
	struct nl_attr a;
	uint32_t overflow = 0, *number;
	int more, err = 0;

	memset(ring, 0, sizeof(*ring));
	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		switch (a.type) {
		case NETSWITCH_A_RING_OVERFLOW:
			err = nl_attr_u32(&a, &overflow);
			break;
		case NETSWITCH_A_RING_RX:
			err = parse_counters(a.value, rx_members,
					     COUNT(rx_members), &ring->rx);
			break;
		case NETSWITCH_A_RING_TX:
			err = parse_counters(a.value, tx_members,
					     COUNT(tx_members), &ring->tx);
			break;
		case NETSWITCH_A_RING_MAC:
			err = nl_attr_mac(&a, ring->mac);
			ring->has_mac = !err;
			break;
		default:
			number = place(ring_members, COUNT(ring_members),
				       a.type, ring);
			if (number)
				err = nl_attr_u32(&a, number);
		}
	}
	ring->overflow = overflow;
	if (!err && !more && !(ring->ifindex && ring->ethertype))
		return -EBADMSG;
	return err ? err : more;
}

static int parse_record(struct nl_span span, void *record)
{
	return ring_parse(span, record);
}

int utcp_ring_list(struct utcp_handle *h, uint32_t ifindex,
		   struct utcp_ring_record **rings, size_t *n)
{
	struct nl_list list = { .size = sizeof(**rings),
				.parse = parse_record,
				.what = "ring" };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_NETSWITCH, NETSWITCH_CMD_RING_GET,
			   true);
	if (!err && ifindex)
		request_u32(&r, NETSWITCH_A_RING_IFINDEX, ifindex);
	if (!err)
		err = list_run(h, &r, LIBUTCP_NETSWITCH, &list);
	*rings = (struct utcp_ring_record *)list.records;
	*n = list.n;
	return err;
}
