// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Peers, and the count of frames.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "family.h"
#include "handle.h"
#include "list.h"
#include "peer.h"
#include "request.h"

static int parse_bool(const struct nl_attr *a, bool *to)
{
	uint32_t value = 0;
	int err = nl_attr_u32(a, &value);

	*to = value;
	return err;
}

/* Numbers of 32 bits. Return: where one goes, or NULL. */
static uint32_t *u32_of(struct utcp_peer *p, uint16_t type)
{
	switch (type) {
	case UTCP_A_PEER_STATE:
		return &p->state;
	case UTCP_A_PEER_IFINDEX:
		return &p->ifindex;
	case UTCP_A_PEER_VLAN:
		return &p->vlan;
	case UTCP_A_PEER_MTU:
		return &p->mtu;
	case UTCP_A_PEER_AGE:
		return &p->age;
	case UTCP_A_PEER_HEARD:
		return &p->heard;
	case UTCP_A_PEER_RTT:
		return &p->rtt;
	case UTCP_A_PEER_USERS:
		return &p->users;
	case UTCP_A_PEER_CANDIDATES:
		return &p->candidates;
	case UTCP_A_PEER_HALF_OPEN:
		return &p->half_open;
	case UTCP_A_PEER_CHANGE:
		return &p->change;
	}
	return NULL;
}

/* Numbers of 64 bits. Return: where one goes, or NULL. */
static uint64_t *u64_of(struct utcp_peer *p, uint16_t type)
{
	switch (type) {
	case UTCP_A_PEER_HANDSHAKES:
		return &p->handshakes;
	case UTCP_A_PEER_RX_FRAMES:
		return &p->rx_frames;
	case UTCP_A_PEER_RX_BYTES:
		return &p->rx_bytes;
	case UTCP_A_PEER_TX_FRAMES:
		return &p->tx_frames;
	case UTCP_A_PEER_TX_BYTES:
		return &p->tx_bytes;
	case UTCP_A_PEER_REFUSED:
		return &p->refused;
	}
	return NULL;
}

static int parse_attr(const struct nl_attr *a, struct utcp_peer *p)
{
	switch (a->type) {
	case UTCP_A_PEER_ID:
		return nl_attr_bytes(a, p->id, sizeof(p->id));
	case UTCP_A_PEER_CELL:
		return nl_attr_bytes(a, p->cell, sizeof(p->cell));
	case UTCP_A_PEER_PUBLIC_KEY:
		p->has_public_key = true;
		return nl_attr_bytes(a, p->public_key, sizeof(p->public_key));
	case UTCP_A_PEER_CONFIGURED:
		return parse_bool(a, &p->configured);
	case UTCP_A_PEER_HAS_REALM:
		return parse_bool(a, &p->has_realm);
	case UTCP_A_PEER_SESSION:
		return parse_bool(a, &p->session);
	case UTCP_A_PEER_IFNAME:
		return nl_attr_str(a, p->ifname, sizeof(p->ifname));
	case UTCP_A_PEER_MAC:
		return nl_attr_mac(a, p->mac);
	}
	if (u32_of(p, a->type))
		return nl_attr_u32(a, u32_of(p, a->type));
	if (u64_of(p, a->type))
		return nl_attr_uint(a, u64_of(p, a->type));
	return 0;
}

int peer_parse(struct nl_span span, struct utcp_peer *peer)
{
	bool has_id = false, has_cell = false;
	struct nl_attr a;
	int more, err = 0;

	memset(peer, 0, sizeof(*peer));
	peer->heard = UINT32_MAX;
	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		has_id |= a.type == UTCP_A_PEER_ID;
		has_cell |= a.type == UTCP_A_PEER_CELL;
		err = parse_attr(&a, peer);
	}
	if (!err && !more && !(has_id && has_cell))
		return -EBADMSG;
	return err ? err : more;
}

static int parse_peer(struct nl_span span, void *record)
{
	return peer_parse(span, record);
}

/* A request about one peer, answered with it. */
static int peer_run(struct utcp_handle *h, uint8_t cmd, const uint8_t *id,
		    const uint8_t *public_key, const uint8_t *cell, bool rekey,
		    struct utcp_peer *peer)
{
	struct nl_list list = { .size = sizeof(*peer),
				.parse = parse_peer,
				.what = "peer" };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_UTCP, cmd, false);
	if (err)
		return err;
	if (id)
		request_bytes(&r, UTCP_A_PEER_ID, id, LIBUTCP_CELLID_LEN);
	if (cell)
		request_bytes(&r, UTCP_A_PEER_CELL, cell, LIBUTCP_CELLID_LEN);
	if (public_key)
		request_bytes(&r, UTCP_A_PEER_PUBLIC_KEY, public_key,
			      LIBUTCP_KEY_LEN);
	if (rekey)
		request_u32(&r, UTCP_A_PEER_REKEY, 1);
	return list_run_one(h, &r, LIBUTCP_UTCP, &list, peer);
}

int utcp_peer_add(struct utcp_handle *h, const uint8_t *public_key,
		  const uint8_t *cell, struct utcp_peer *peer)
{
	return peer_run(h, UTCP_CMD_PEER_ADD, NULL, public_key, cell, false,
			peer);
}

int utcp_peer_del(struct utcp_handle *h, const uint8_t *id, const uint8_t *cell,
		  struct utcp_peer *peer)
{
	return peer_run(h, UTCP_CMD_PEER_DEL, id, NULL, cell, false, peer);
}

int utcp_peer_probe(struct utcp_handle *h, const uint8_t *id,
		    const uint8_t *cell, bool rekey, struct utcp_peer *peer)
{
	return peer_run(h, UTCP_CMD_PEER_PROBE, id, NULL, cell, rekey, peer);
}

int utcp_peer_list(struct utcp_handle *h, const uint8_t *id,
		   struct utcp_peer **peers, size_t *n)
{
	struct nl_list list = { .size = sizeof(**peers),
				.parse = parse_peer,
				.what = "peer" };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_UTCP, UTCP_CMD_PEER_GET, true);
	if (!err && id)
		request_bytes(&r, UTCP_A_PEER_ID, id, LIBUTCP_CELLID_LEN);
	if (!err)
		err = list_run(h, &r, LIBUTCP_UTCP, &list);
	*peers = (struct utcp_peer *)list.records;
	*n = list.n;
	return err;
}

/* --- the count of frames -------------------------------------------------------- */

static int parse_drop(struct nl_span span, struct utcp_frame_stats *stats)
{
	uint32_t reason = 0;
	uint64_t count = 0;
	struct nl_attr a;
	int more;

	while ((more = nl_attr_next(&span, &a)) > 0) {
		if (a.type == UTCP_A_DROP_REASON && nl_attr_u32(&a, &reason))
			return -EBADMSG;
		if (a.type == UTCP_A_DROP_COUNT && nl_attr_uint(&a, &count))
			return -EBADMSG;
	}
	if (reason > UTCP_DROP_REASON_MAX)
		reason = 0;
	stats->drops[reason] += count;
	return more;
}

static int parse_stats(struct nl_span span, void *record)
{
	struct utcp_frame_stats *stats = record;
	struct nl_attr a;
	int more, err = 0;

	memset(stats, 0, sizeof(*stats));
	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		switch (a.type) {
		case UTCP_A_STATS_FRAMES:
			err = nl_attr_uint(&a, &stats->frames);
			break;
		case UTCP_A_STATS_DELIVERED:
			err = nl_attr_uint(&a, &stats->delivered);
			break;
		case UTCP_A_STATS_SENT:
			err = nl_attr_uint(&a, &stats->sent);
			break;
		case UTCP_A_STATS_REFUSED:
			err = nl_attr_uint(&a, &stats->refused);
			break;
		case UTCP_A_STATS_DROP:
			err = parse_drop(a.value, stats);
			break;
		}
	}
	return err ? err : more;
}

int utcp_frame_stats_get(struct utcp_handle *h, struct utcp_frame_stats *stats)
{
	struct nl_list list = { .size = sizeof(*stats),
				.parse = parse_stats,
				.what = "count of frames" };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_UTCP, UTCP_CMD_STATS_GET, false);
	return err ? err : list_run_one(h, &r, LIBUTCP_UTCP, &list, stats);
}
