/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Peers: other cells, as those of a network namespace deal with them; and what
 * became of the frames that came from them and others.
 */
#ifndef LIBUTCP_PEER_H
#define LIBUTCP_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/utcp.h>
#include <utcp/cellid.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct utcp_handle;

/**
 * struct utcp_peer - a peer
 * @id: its CellID
 * @cell: CellID of the own cell that deals with it
 * @has_public_key: its public key is known
 * @public_key: it
 * @configured: an administrator added it
 * @has_realm: the own cell has a realm
 * @state: where one stands with it (enum utcp_peer_state)
 * @session: there are keys under which one may send
 * @ifindex: device of its path; 0: it has none, and the next four mean nothing
 * @ifname: name of that device
 * @vlan: VLAN on it; 0: none
 * @mac: MAC address of the peer there
 * @mtu: longest frame that may be sent to it
 * @age: age of the keys in milliseconds; 0 without any
 * @heard: milliseconds since something was heard from it; UINT32_MAX: never
 * @rtt: last round trip in microseconds; 0: none
 * @users: connections with it
 * @candidates: places where it may be, which are being tried
 * @half_open: associations that it has not confirmed
 * @handshakes: handshakes that were completed
 * @rx_frames: frames received under its keys
 * @rx_bytes: their bytes
 * @tx_frames: frames sent under its keys
 * @tx_bytes: their bytes
 * @change: in events: what happened (enum utcp_peer_change); else 0
 * @refused: how often a policy has refused handshakes or connections with it
 */
struct utcp_peer {
	uint8_t id[LIBUTCP_CELLID_LEN];
	uint8_t cell[LIBUTCP_CELLID_LEN];
	bool has_public_key;
	uint8_t public_key[LIBUTCP_KEY_LEN];
	bool configured;
	bool has_realm;
	uint32_t state;
	bool session;
	uint32_t ifindex;
	char ifname[16];
	uint32_t vlan;
	uint8_t mac[6];
	uint32_t mtu;
	uint32_t age;
	uint32_t heard;
	uint32_t rtt;
	uint32_t users;
	uint32_t candidates;
	uint32_t half_open;
	uint64_t handshakes;
	uint64_t rx_frames;
	uint64_t rx_bytes;
	uint64_t tx_frames;
	uint64_t tx_bytes;
	uint32_t change;
	uint64_t refused;
};

/**
 * struct utcp_frame_stats - what became of a namespace's frames
 * @frames: came
 * @delivered: were good for something
 * @sent: were sent
 * @drops: were dropped, by enum utcp_drop_reason; [0] for unknown reasons
 * @refused: not frames: how often a policy has refused something to this end
 */
struct utcp_frame_stats {
	uint64_t frames;
	uint64_t delivered;
	uint64_t sent;
	uint64_t drops[UTCP_DROP_REASON_MAX + 1];
	uint64_t refused;
};

/**
 * utcp_peer_add() - have an entry for a peer whose public key is known
 * @handle: an open handle
 * @public_key: its public key
 * @cell: CellID of the own cell; NULL for the default one
 * @peer: if not NULL, set to the peer
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_peer_add(struct utcp_handle *handle, const uint8_t *public_key,
		  const uint8_t *cell, struct utcp_peer *peer);

/**
 * utcp_peer_del() - end the session with a peer, and forget it
 * @handle: an open handle
 * @id: its CellID
 * @cell: CellID of the own cell; NULL for the default one
 * @peer: if not NULL, set to the peer as it was
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_peer_del(struct utcp_handle *handle, const uint8_t *id,
		  const uint8_t *cell, struct utcp_peer *peer);

/**
 * utcp_peer_probe() - see to it that there are keys with a peer
 * @handle: an open handle
 * @id: its CellID
 * @cell: CellID of the own cell; NULL for the default one
 * @rekey: make new ones, even if there are some
 * @peer: if not NULL, set to the peer as it is at the start
 *
 * What comes of it is told by events.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_peer_probe(struct utcp_handle *handle, const uint8_t *id,
		    const uint8_t *cell, bool rekey, struct utcp_peer *peer);

/**
 * utcp_peer_list() - get peers of the namespace, oldest first
 * @handle: an open handle
 * @id: only those with this CellID; NULL for all
 * @peers: set to an array, to be freed with free()
 * @n: set to how many there are
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_peer_list(struct utcp_handle *handle, const uint8_t *id,
		   struct utcp_peer **peers, size_t *n);

/**
 * utcp_frame_stats_get() - what became of the namespace's frames
 * @handle: an open handle
 * @stats: set to that
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_frame_stats_get(struct utcp_handle *handle,
			 struct utcp_frame_stats *stats);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
