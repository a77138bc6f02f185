/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/utcp.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_UTCP_H
#define _UAPI_LINUX_UTCP_H

#define UTCP_FAMILY_NAME	"utcp"
#define UTCP_FAMILY_VERSION	1

#define UTCP_ABI_VERSION	1

/**
 * enum utcp_cell_mode - Who may use a cell: bind to it, or connect as it. As
 *   with files, what stands for the owner decides about the owner, that for
 *   the group about its other members, and the rest about everybody else; no
 *   capability is asked.
 * @UTCP_CELL_MODE_OWNER: Its owner.
 * @UTCP_CELL_MODE_GROUP: Members of its group, but for its owner.
 * @UTCP_CELL_MODE_OTHER: Everybody else in the network namespace.
 */
enum utcp_cell_mode {
	UTCP_CELL_MODE_OWNER = 1,
	UTCP_CELL_MODE_GROUP = 2,
	UTCP_CELL_MODE_OTHER = 4,
};

/**
 * enum utcp_peer_state - Where one stands with a peer; see "Neighbours" in
 *   utcp.rst.
 * @UTCP_PEER_STATE_UNKNOWN: Nobody asked for it, and it is on no path.
 * @UTCP_PEER_STATE_SEARCHING: Who-has is being sent.
 * @UTCP_PEER_STATE_TRYING: Somebody answered, and gets initiations.
 * @UTCP_PEER_STATE_REACHABLE: A handshake was completed; there is one path.
 * @UTCP_PEER_STATE_DOUBTFUL: It did not answer lately, and is looked for.
 * @UTCP_PEER_STATE_FAILED: It was not found; it will not be looked for in this
 *   second.
 */
enum utcp_peer_state {
	UTCP_PEER_STATE_UNKNOWN,
	UTCP_PEER_STATE_SEARCHING,
	UTCP_PEER_STATE_TRYING,
	UTCP_PEER_STATE_REACHABLE,
	UTCP_PEER_STATE_DOUBTFUL,
	UTCP_PEER_STATE_FAILED,
};

/**
 * enum utcp_peer_change - What happened to a peer.
 * @UTCP_PEER_CHANGE_UP: There are keys again, after there were none.
 * @UTCP_PEER_CHANGE_DOWN: There are no keys any more.
 * @UTCP_PEER_CHANGE_REKEYED: There are new keys.
 * @UTCP_PEER_CHANGE_MOVED: It is on another path.
 * @UTCP_PEER_CHANGE_RESTARTED: Its boot id has changed; what was before is
 *   over.
 * @UTCP_PEER_CHANGE_UNREACHABLE: It was looked for, and not found; or it was
 *   known, and does not answer.
 * @UTCP_PEER_CHANGE_REFUSED: A policy of a port on the way refuses it, or a
 *   connection with it. Told at most once a second of a peer, but for a
 *   session that is ended by that.
 */
enum utcp_peer_change {
	UTCP_PEER_CHANGE_UP = 1,
	UTCP_PEER_CHANGE_DOWN,
	UTCP_PEER_CHANGE_REKEYED,
	UTCP_PEER_CHANGE_MOVED,
	UTCP_PEER_CHANGE_RESTARTED,
	UTCP_PEER_CHANGE_UNREACHABLE,
	UTCP_PEER_CHANGE_REFUSED,
};

/**
 * enum utcp_drop_reason - Why utcp dropped a frame that it got.
 * @UTCP_DROP_REASON_SHORT: Fewer bytes are there than it says.
 * @UTCP_DROP_REASON_VERSION: Of another version, or of another experiment.
 * @UTCP_DROP_REASON_TYPE: Of an unknown type.
 * @UTCP_DROP_REASON_LENGTH: Of a length that its type does not have.
 * @UTCP_DROP_REASON_ADDRESS: To or from a MAC address that its type does not
 *   allow.
 * @UTCP_DROP_REASON_RESERVED: Something is in a field that must be zero.
 * @UTCP_DROP_REASON_RATE: More of them came than are looked at in a second.
 * @UTCP_DROP_REASON_TARGET: Who-has, for none of the cells that may be found
 *   here.
 * @UTCP_DROP_REASON_ANSWERED: Who-has, whose nonce was answered already, or
 *   more of them than are answered.
 * @UTCP_DROP_REASON_CANDIDATE: I-have that answers no question, is not right,
 *   or beyond what is kept.
 * @UTCP_DROP_REASON_MAC1: Initiation or response whose mac1 fits no cell.
 * @UTCP_DROP_REASON_MAC2: Initiation that was answered with a cookie only.
 * @UTCP_DROP_REASON_COOKIE: Cookie reply that is not right.
 * @UTCP_DROP_REASON_BUDGET: Initiation for which there is no budget.
 * @UTCP_DROP_REASON_HANDSHAKE: Initiation or response that is not right.
 * @UTCP_DROP_REASON_KEY: It has another public key than is known for the
 *   CellID.
 * @UTCP_DROP_REASON_OLD: Initiation that is not newer than one that was seen.
 * @UTCP_DROP_REASON_DOUBTFUL: Initiation of which a handshake of one's own
 *   will tell more.
 * @UTCP_DROP_REASON_HALF_OPEN: There is no room for one more half-open
 *   association.
 * @UTCP_DROP_REASON_INDEX: Its receiver index is nobody's.
 * @UTCP_DROP_REASON_PATH: Response or cookie reply on another path than the
 *   initiation's.
 * @UTCP_DROP_REASON_LANE: Its lane is none of the association.
 * @UTCP_DROP_REASON_EPOCH: There are no keys for its epoch.
 * @UTCP_DROP_REASON_REPLAY: Its counter was seen, or is too old.
 * @UTCP_DROP_REASON_TAG: It was not made by the peer, or was changed.
 * @UTCP_DROP_REASON_CHUNK: Its chunks are not well formed; the session is
 *   ended.
 * @UTCP_DROP_REASON_UNSERVED: It is about connections of a session that has
 *   ended meanwhile.
 * @UTCP_DROP_REASON_ROOM: There is no room for one more peer.
 * @UTCP_DROP_REASON_NOMEM: No memory.
 * @UTCP_DROP_REASON_POLICY: A policy of a port on the way allows nothing
 *   between its sender and one's own cell.
 */
enum utcp_drop_reason {
	UTCP_DROP_REASON_SHORT = 1,
	UTCP_DROP_REASON_VERSION,
	UTCP_DROP_REASON_TYPE,
	UTCP_DROP_REASON_LENGTH,
	UTCP_DROP_REASON_ADDRESS,
	UTCP_DROP_REASON_RESERVED,
	UTCP_DROP_REASON_RATE,
	UTCP_DROP_REASON_TARGET,
	UTCP_DROP_REASON_ANSWERED,
	UTCP_DROP_REASON_CANDIDATE,
	UTCP_DROP_REASON_MAC1,
	UTCP_DROP_REASON_MAC2,
	UTCP_DROP_REASON_COOKIE,
	UTCP_DROP_REASON_BUDGET,
	UTCP_DROP_REASON_HANDSHAKE,
	UTCP_DROP_REASON_KEY,
	UTCP_DROP_REASON_OLD,
	UTCP_DROP_REASON_DOUBTFUL,
	UTCP_DROP_REASON_HALF_OPEN,
	UTCP_DROP_REASON_INDEX,
	UTCP_DROP_REASON_PATH,
	UTCP_DROP_REASON_LANE,
	UTCP_DROP_REASON_EPOCH,
	UTCP_DROP_REASON_REPLAY,
	UTCP_DROP_REASON_TAG,
	UTCP_DROP_REASON_CHUNK,
	UTCP_DROP_REASON_UNSERVED,
	UTCP_DROP_REASON_ROOM,
	UTCP_DROP_REASON_NOMEM,
	UTCP_DROP_REASON_POLICY,

	/* private: */
	__UTCP_DROP_REASON_MAX,
	UTCP_DROP_REASON_MAX = (__UTCP_DROP_REASON_MAX - 1)
};

enum {
	UTCP_A_LIMITS_CELLS = 1,
	UTCP_A_LIMITS_PEERS,
	UTCP_A_LIMITS_SOCKETS,
	UTCP_A_LIMITS_USER_PORTS,
	UTCP_A_LIMITS_BUFFER_MEMORY,

	__UTCP_A_LIMITS_MAX,
	UTCP_A_LIMITS_MAX = (__UTCP_A_LIMITS_MAX - 1)
};

enum {
	UTCP_A_INFO_VERSION = 1,
	UTCP_A_INFO_ABI,
	UTCP_A_INFO_LIMITS,

	__UTCP_A_INFO_MAX,
	UTCP_A_INFO_MAX = (__UTCP_A_INFO_MAX - 1)
};

enum {
	UTCP_A_CELL_ID = 1,
	UTCP_A_CELL_PUBLIC_KEY,
	UTCP_A_CELL_PRIVATE_KEY,
	UTCP_A_CELL_REALM,
	UTCP_A_CELL_HAS_REALM,
	UTCP_A_CELL_OWNER,
	UTCP_A_CELL_GROUP,
	UTCP_A_CELL_MODE,
	UTCP_A_CELL_DISCOVERABLE,
	UTCP_A_CELL_DEFAULT,
	UTCP_A_CELL_COMMENT,
	UTCP_A_CELL_USERS,

	__UTCP_A_CELL_MAX,
	UTCP_A_CELL_MAX = (__UTCP_A_CELL_MAX - 1)
};

enum {
	UTCP_A_PEER_ID = 1,
	UTCP_A_PEER_CELL,
	UTCP_A_PEER_PUBLIC_KEY,
	UTCP_A_PEER_CONFIGURED,
	UTCP_A_PEER_HAS_REALM,
	UTCP_A_PEER_STATE,
	UTCP_A_PEER_SESSION,
	UTCP_A_PEER_IFINDEX,
	UTCP_A_PEER_IFNAME,
	UTCP_A_PEER_VLAN,
	UTCP_A_PEER_MAC,
	UTCP_A_PEER_MTU,
	UTCP_A_PEER_AGE,
	UTCP_A_PEER_HEARD,
	UTCP_A_PEER_RTT,
	UTCP_A_PEER_USERS,
	UTCP_A_PEER_CANDIDATES,
	UTCP_A_PEER_HALF_OPEN,
	UTCP_A_PEER_PAD,
	UTCP_A_PEER_HANDSHAKES,
	UTCP_A_PEER_RX_FRAMES,
	UTCP_A_PEER_RX_BYTES,
	UTCP_A_PEER_TX_FRAMES,
	UTCP_A_PEER_TX_BYTES,
	UTCP_A_PEER_REKEY,
	UTCP_A_PEER_CHANGE,
	UTCP_A_PEER_REFUSED,

	__UTCP_A_PEER_MAX,
	UTCP_A_PEER_MAX = (__UTCP_A_PEER_MAX - 1)
};

enum {
	UTCP_A_DROP_REASON = 1,
	UTCP_A_DROP_PAD,
	UTCP_A_DROP_COUNT,

	__UTCP_A_DROP_MAX,
	UTCP_A_DROP_MAX = (__UTCP_A_DROP_MAX - 1)
};

enum {
	UTCP_A_STATS_PAD = 1,
	UTCP_A_STATS_FRAMES,
	UTCP_A_STATS_DELIVERED,
	UTCP_A_STATS_SENT,
	UTCP_A_STATS_DROP,
	UTCP_A_STATS_REFUSED,

	__UTCP_A_STATS_MAX,
	UTCP_A_STATS_MAX = (__UTCP_A_STATS_MAX - 1)
};

enum {
	UTCP_CMD_INFO_GET = 1,
	UTCP_CMD_LIMITS_SET,
	UTCP_CMD_LIMITS_NTF,
	UTCP_CMD_CELL_NEW,
	UTCP_CMD_CELL_SET,
	UTCP_CMD_CELL_DEL,
	UTCP_CMD_CELL_GET,
	UTCP_CMD_CELL_NEW_NTF,
	UTCP_CMD_CELL_CHANGE_NTF,
	UTCP_CMD_CELL_DEL_NTF,
	UTCP_CMD_PEER_ADD,
	UTCP_CMD_PEER_DEL,
	UTCP_CMD_PEER_GET,
	UTCP_CMD_PEER_PROBE,
	UTCP_CMD_PEER_NEW_NTF,
	UTCP_CMD_PEER_CHANGE_NTF,
	UTCP_CMD_PEER_DEL_NTF,
	UTCP_CMD_STATS_GET,

	__UTCP_CMD_MAX,
	UTCP_CMD_MAX = (__UTCP_CMD_MAX - 1)
};

#define UTCP_MCGRP_EVENTS	"events"

#endif /* _UAPI_LINUX_UTCP_H */
