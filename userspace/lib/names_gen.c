// SPDX-License-Identifier: LGPL-2.1-or-later
/* Do not edit: written by names-gen.py from Documentation/netlink/specs. */

#include <stddef.h>
#include <stdint.h>

#include <linux/netswitch.h>
#include <linux/utcp.h>
#include <linux/utcp_acl.h>
#include <linux/utcp_shaper.h>

#include "names.h"

static const struct nl_name netswitch_limits_names[] = {
	{
		.type = NETSWITCH_A_LIMITS_PORTS,
		.name = "ports",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_LIMITS_RINGS,
		.name = "rings",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_LIMITS_RING_MEMORY,
		.name = "ring-memory",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_LIMITS_GRANTS,
		.name = "grants",
		.nest = NULL,
	},
};

static const struct nl_set netswitch_limits_set = {
	.names = netswitch_limits_names,
	.n = NL_COUNT(netswitch_limits_names),
};

static const struct utcp_limit_desc netswitch_limits[] = {
	{
		.name = "ports",
		.doc = "Devices that may be ports of this namespace at one time.",
		.max = 65535,
		.unit = LIBUTCP_UNIT_COUNT,
	},
	{
		.name = "rings",
		.doc = "Rings that may be bound in this namespace at one time.",
		.max = 65535,
		.unit = LIBUTCP_UNIT_COUNT,
	},
	{
		.name = "ring-memory",
		.doc = "Memory of all rings of this namespace together.",
		.max = 16777216,
		.unit = LIBUTCP_UNIT_KIB,
	},
	{
		.name = "grants",
		.doc = "Grants of rings that may exist in this namespace at one time.",
		.max = 4096,
		.unit = LIBUTCP_UNIT_COUNT,
	},
};

static const struct nl_name netswitch_info_names[] = {
	{
		.type = NETSWITCH_A_INFO_VERSION,
		.name = "version",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_INFO_ABI,
		.name = "abi",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_INFO_LIMITS,
		.name = "limits",
		.nest = &netswitch_limits_set,
	},
};

static const struct nl_set netswitch_info_set = {
	.names = netswitch_info_names,
	.n = NL_COUNT(netswitch_info_names),
};

static const struct nl_name netswitch_drop_names[] = {
	{
		.type = NETSWITCH_A_DROP_REASON,
		.name = "reason",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_DROP_PAD,
		.name = "pad",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_DROP_COUNT,
		.name = "count",
		.nest = NULL,
	},
};

static const struct nl_set netswitch_drop_set = {
	.names = netswitch_drop_names,
	.n = NL_COUNT(netswitch_drop_names),
};

static const struct nl_name netswitch_direction_names[] = {
	{
		.type = NETSWITCH_A_DIRECTION_FRAMES,
		.name = "frames",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_DIRECTION_PAD,
		.name = "pad",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_DIRECTION_PASS,
		.name = "pass",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_DIRECTION_CONSUMED,
		.name = "consumed",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_DIRECTION_HELD,
		.name = "held",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_DIRECTION_COPIED,
		.name = "copied",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_DIRECTION_COPY_DROPS,
		.name = "copy-drops",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_DIRECTION_DROP,
		.name = "drop",
		.nest = &netswitch_drop_set,
	},
};

static const struct nl_set netswitch_direction_set = {
	.names = netswitch_direction_names,
	.n = NL_COUNT(netswitch_direction_names),
};

static const struct nl_name netswitch_port_names[] = {
	{
		.type = NETSWITCH_A_PORT_IFINDEX,
		.name = "ifindex",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_PORT_IFNAME,
		.name = "ifname",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_PORT_FLAGS,
		.name = "flags",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_PORT_MAC,
		.name = "mac",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_PORT_MTU,
		.name = "mtu",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_PORT_UP,
		.name = "up",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_PORT_IN,
		.name = "in",
		.nest = &netswitch_direction_set,
	},
	{
		.type = NETSWITCH_A_PORT_OUT,
		.name = "out",
		.nest = &netswitch_direction_set,
	},
};

static const struct nl_set netswitch_port_set = {
	.names = netswitch_port_names,
	.n = NL_COUNT(netswitch_port_names),
};

static const struct nl_name netswitch_consumer_names[] = {
	{
		.type = NETSWITCH_A_CONSUMER_IFINDEX,
		.name = "ifindex",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_CONSUMER_ETHERTYPE,
		.name = "ethertype",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_CONSUMER_VID,
		.name = "vid",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_CONSUMER_NAME,
		.name = "name",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_CONSUMER_PROMISC,
		.name = "promisc",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_CONSUMER_PAD,
		.name = "pad",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_CONSUMER_FRAMES,
		.name = "frames",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_CONSUMER_DROPS,
		.name = "drops",
		.nest = NULL,
	},
};

static const struct nl_set netswitch_consumer_set = {
	.names = netswitch_consumer_names,
	.n = NL_COUNT(netswitch_consumer_names),
};

static const struct nl_name netswitch_ring_rx_names[] = {
	{
		.type = NETSWITCH_A_RING_RX_FRAMES,
		.name = "frames",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_RX_PAD,
		.name = "pad",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_RX_DELIVERED,
		.name = "delivered",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_RX_BYTES,
		.name = "bytes",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_RX_FULL,
		.name = "full",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_RX_LENGTH,
		.name = "length",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_RX_NOMEM,
		.name = "nomem",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_RX_INDEX,
		.name = "index",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_RX_UNREAD,
		.name = "unread",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_RX_MAX_USED,
		.name = "max-used",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_RX_WAKEUPS,
		.name = "wakeups",
		.nest = NULL,
	},
};

static const struct nl_set netswitch_ring_rx_set = {
	.names = netswitch_ring_rx_names,
	.n = NL_COUNT(netswitch_ring_rx_names),
};

static const struct nl_name netswitch_ring_tx_names[] = {
	{
		.type = NETSWITCH_A_RING_TX_FRAMES,
		.name = "frames",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_TX_PAD,
		.name = "pad",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_TX_SENT,
		.name = "sent",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_TX_BYTES,
		.name = "bytes",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_TX_LENGTH,
		.name = "length",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_TX_TYPE,
		.name = "type",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_TX_SOURCE,
		.name = "source",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_TX_META,
		.name = "meta",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_TX_NOMEM,
		.name = "nomem",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_TX_DOWN,
		.name = "down",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_TX_REFUSED,
		.name = "refused",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_TX_MAX_USED,
		.name = "max-used",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_TX_BAD_INDEX,
		.name = "bad-index",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_TX_ZEROCOPY,
		.name = "zerocopy",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_TX_COPIED,
		.name = "copied",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_TX_HELD,
		.name = "held",
		.nest = NULL,
	},
};

static const struct nl_set netswitch_ring_tx_set = {
	.names = netswitch_ring_tx_names,
	.n = NL_COUNT(netswitch_ring_tx_names),
};

static const struct nl_name netswitch_ring_names[] = {
	{
		.type = NETSWITCH_A_RING_IFINDEX,
		.name = "ifindex",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_ETHERTYPE,
		.name = "ethertype",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_VID,
		.name = "vid",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_FLAGS,
		.name = "flags",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_FANOUT,
		.name = "fanout",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_PID,
		.name = "pid",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_UID,
		.name = "uid",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_RX_SLOTS,
		.name = "rx-slots",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_TX_SLOTS,
		.name = "tx-slots",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_SLOT_SIZE,
		.name = "slot-size",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_RX_MODE,
		.name = "rx-mode",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_TX_MODE,
		.name = "tx-mode",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_OVERFLOW,
		.name = "overflow",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_RING_RX,
		.name = "rx",
		.nest = &netswitch_ring_rx_set,
	},
	{
		.type = NETSWITCH_A_RING_TX,
		.name = "tx",
		.nest = &netswitch_ring_tx_set,
	},
	{
		.type = NETSWITCH_A_RING_MAC,
		.name = "mac",
		.nest = NULL,
	},
};

static const struct nl_set netswitch_ring_set = {
	.names = netswitch_ring_names,
	.n = NL_COUNT(netswitch_ring_names),
};

static const struct nl_name netswitch_grant_names[] = {
	{
		.type = NETSWITCH_A_GRANT_IFINDEX,
		.name = "ifindex",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_GRANT_IFNAME,
		.name = "ifname",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_GRANT_ETHERTYPE,
		.name = "ethertype",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_GRANT_UID,
		.name = "uid",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_GRANT_GID,
		.name = "gid",
		.nest = NULL,
	},
	{
		.type = NETSWITCH_A_GRANT_MAC,
		.name = "mac",
		.nest = NULL,
	},
};

static const struct nl_set netswitch_grant_set = {
	.names = netswitch_grant_names,
	.n = NL_COUNT(netswitch_grant_names),
};

static const struct nl_op netswitch_ops[] = {
	{
		.cmd = NETSWITCH_CMD_INFO_GET,
		.set = &netswitch_info_set,
	},
	{
		.cmd = NETSWITCH_CMD_LIMITS_SET,
		.set = &netswitch_info_set,
	},
	{
		.cmd = NETSWITCH_CMD_LIMITS_NTF,
		.set = &netswitch_info_set,
	},
	{
		.cmd = NETSWITCH_CMD_PORT_ADD,
		.set = &netswitch_port_set,
	},
	{
		.cmd = NETSWITCH_CMD_PORT_SET,
		.set = &netswitch_port_set,
	},
	{
		.cmd = NETSWITCH_CMD_PORT_DEL,
		.set = &netswitch_port_set,
	},
	{
		.cmd = NETSWITCH_CMD_PORT_GET,
		.set = &netswitch_port_set,
	},
	{
		.cmd = NETSWITCH_CMD_PORT_ADD_NTF,
		.set = &netswitch_port_set,
	},
	{
		.cmd = NETSWITCH_CMD_PORT_CHANGE_NTF,
		.set = &netswitch_port_set,
	},
	{
		.cmd = NETSWITCH_CMD_PORT_DEL_NTF,
		.set = &netswitch_port_set,
	},
	{
		.cmd = NETSWITCH_CMD_CONSUMER_GET,
		.set = &netswitch_consumer_set,
	},
	{
		.cmd = NETSWITCH_CMD_RING_GET,
		.set = &netswitch_ring_set,
	},
	{
		.cmd = NETSWITCH_CMD_RING_ADD_NTF,
		.set = &netswitch_ring_set,
	},
	{
		.cmd = NETSWITCH_CMD_RING_CHANGE_NTF,
		.set = &netswitch_ring_set,
	},
	{
		.cmd = NETSWITCH_CMD_RING_DEL_NTF,
		.set = &netswitch_ring_set,
	},
	{
		.cmd = NETSWITCH_CMD_GRANT_ADD,
		.set = &netswitch_grant_set,
	},
	{
		.cmd = NETSWITCH_CMD_GRANT_DEL,
		.set = &netswitch_grant_set,
	},
	{
		.cmd = NETSWITCH_CMD_GRANT_GET,
		.set = &netswitch_grant_set,
	},
	{
		.cmd = NETSWITCH_CMD_GRANT_ADD_NTF,
		.set = &netswitch_grant_set,
	},
	{
		.cmd = NETSWITCH_CMD_GRANT_DEL_NTF,
		.set = &netswitch_grant_set,
	},
};

const struct nl_names netswitch_names = {
	.limits = &netswitch_limits_set,
	.limit_descs = netswitch_limits,
	.ops = netswitch_ops,
	.n_ops = NL_COUNT(netswitch_ops),
};

static const struct nl_name utcp_limits_names[] = {
	{
		.type = UTCP_A_LIMITS_CELLS,
		.name = "cells",
		.nest = NULL,
	},
	{
		.type = UTCP_A_LIMITS_PEERS,
		.name = "peers",
		.nest = NULL,
	},
	{
		.type = UTCP_A_LIMITS_SOCKETS,
		.name = "sockets",
		.nest = NULL,
	},
	{
		.type = UTCP_A_LIMITS_USER_PORTS,
		.name = "user-ports",
		.nest = NULL,
	},
	{
		.type = UTCP_A_LIMITS_BUFFER_MEMORY,
		.name = "buffer-memory",
		.nest = NULL,
	},
};

static const struct nl_set utcp_limits_set = {
	.names = utcp_limits_names,
	.n = NL_COUNT(utcp_limits_names),
};

static const struct utcp_limit_desc utcp_limits[] = {
	{
		.name = "cells",
		.doc = "Key pairs that this namespace may hold.",
		.max = 4096,
		.unit = LIBUTCP_UNIT_COUNT,
	},
	{
		.name = "peers",
		.doc = "Peers with whom this namespace may hold state.",
		.max = 1048576,
		.unit = LIBUTCP_UNIT_COUNT,
	},
	{
		.name = "sockets",
		.doc = "AF_UTCP sockets that may be open in this namespace.",
		.max = 1048576,
		.unit = LIBUTCP_UNIT_COUNT,
	},
	{
		.name = "user-ports",
		.doc = "Ports of one cell that a user may have who does not own it; those of streams and messages, and those of datagrams, each for itself.",
		.max = 65535,
		.unit = LIBUTCP_UNIT_COUNT,
	},
	{
		.name = "buffer-memory",
		.doc = "Memory in KiB that the buffers of all connections of this namespace may take; but never more than half of what those of all namespaces may.",
		.max = 1073741824,
		.unit = LIBUTCP_UNIT_KIB,
	},
};

static const struct nl_name utcp_info_names[] = {
	{
		.type = UTCP_A_INFO_VERSION,
		.name = "version",
		.nest = NULL,
	},
	{
		.type = UTCP_A_INFO_ABI,
		.name = "abi",
		.nest = NULL,
	},
	{
		.type = UTCP_A_INFO_LIMITS,
		.name = "limits",
		.nest = &utcp_limits_set,
	},
};

static const struct nl_set utcp_info_set = {
	.names = utcp_info_names,
	.n = NL_COUNT(utcp_info_names),
};

static const struct nl_name utcp_cell_names[] = {
	{
		.type = UTCP_A_CELL_ID,
		.name = "id",
		.nest = NULL,
	},
	{
		.type = UTCP_A_CELL_PUBLIC_KEY,
		.name = "public-key",
		.nest = NULL,
	},
	{
		.type = UTCP_A_CELL_PRIVATE_KEY,
		.name = "private-key",
		.nest = NULL,
	},
	{
		.type = UTCP_A_CELL_REALM,
		.name = "realm",
		.nest = NULL,
	},
	{
		.type = UTCP_A_CELL_HAS_REALM,
		.name = "has-realm",
		.nest = NULL,
	},
	{
		.type = UTCP_A_CELL_OWNER,
		.name = "owner",
		.nest = NULL,
	},
	{
		.type = UTCP_A_CELL_GROUP,
		.name = "group",
		.nest = NULL,
	},
	{
		.type = UTCP_A_CELL_MODE,
		.name = "mode",
		.nest = NULL,
	},
	{
		.type = UTCP_A_CELL_DISCOVERABLE,
		.name = "discoverable",
		.nest = NULL,
	},
	{
		.type = UTCP_A_CELL_DEFAULT,
		.name = "default",
		.nest = NULL,
	},
	{
		.type = UTCP_A_CELL_COMMENT,
		.name = "comment",
		.nest = NULL,
	},
	{
		.type = UTCP_A_CELL_USERS,
		.name = "users",
		.nest = NULL,
	},
};

static const struct nl_set utcp_cell_set = {
	.names = utcp_cell_names,
	.n = NL_COUNT(utcp_cell_names),
};

static const struct nl_name utcp_peer_names[] = {
	{
		.type = UTCP_A_PEER_ID,
		.name = "id",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_CELL,
		.name = "cell",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_PUBLIC_KEY,
		.name = "public-key",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_CONFIGURED,
		.name = "configured",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_HAS_REALM,
		.name = "has-realm",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_STATE,
		.name = "state",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_SESSION,
		.name = "session",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_IFINDEX,
		.name = "ifindex",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_IFNAME,
		.name = "ifname",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_VLAN,
		.name = "vlan",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_MAC,
		.name = "mac",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_MTU,
		.name = "mtu",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_AGE,
		.name = "age",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_HEARD,
		.name = "heard",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_RTT,
		.name = "rtt",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_USERS,
		.name = "users",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_CANDIDATES,
		.name = "candidates",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_HALF_OPEN,
		.name = "half-open",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_PAD,
		.name = "pad",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_HANDSHAKES,
		.name = "handshakes",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_RX_FRAMES,
		.name = "rx-frames",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_RX_BYTES,
		.name = "rx-bytes",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_TX_FRAMES,
		.name = "tx-frames",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_TX_BYTES,
		.name = "tx-bytes",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_REKEY,
		.name = "rekey",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_CHANGE,
		.name = "change",
		.nest = NULL,
	},
	{
		.type = UTCP_A_PEER_REFUSED,
		.name = "refused",
		.nest = NULL,
	},
};

static const struct nl_set utcp_peer_set = {
	.names = utcp_peer_names,
	.n = NL_COUNT(utcp_peer_names),
};

static const struct nl_name utcp_drop_names[] = {
	{
		.type = UTCP_A_DROP_REASON,
		.name = "reason",
		.nest = NULL,
	},
	{
		.type = UTCP_A_DROP_PAD,
		.name = "pad",
		.nest = NULL,
	},
	{
		.type = UTCP_A_DROP_COUNT,
		.name = "count",
		.nest = NULL,
	},
};

static const struct nl_set utcp_drop_set = {
	.names = utcp_drop_names,
	.n = NL_COUNT(utcp_drop_names),
};

static const struct nl_name utcp_stats_names[] = {
	{
		.type = UTCP_A_STATS_PAD,
		.name = "pad",
		.nest = NULL,
	},
	{
		.type = UTCP_A_STATS_FRAMES,
		.name = "frames",
		.nest = NULL,
	},
	{
		.type = UTCP_A_STATS_DELIVERED,
		.name = "delivered",
		.nest = NULL,
	},
	{
		.type = UTCP_A_STATS_SENT,
		.name = "sent",
		.nest = NULL,
	},
	{
		.type = UTCP_A_STATS_DROP,
		.name = "drop",
		.nest = &utcp_drop_set,
	},
	{
		.type = UTCP_A_STATS_REFUSED,
		.name = "refused",
		.nest = NULL,
	},
};

static const struct nl_set utcp_stats_set = {
	.names = utcp_stats_names,
	.n = NL_COUNT(utcp_stats_names),
};

static const struct nl_op utcp_ops[] = {
	{
		.cmd = UTCP_CMD_INFO_GET,
		.set = &utcp_info_set,
	},
	{
		.cmd = UTCP_CMD_LIMITS_SET,
		.set = &utcp_info_set,
	},
	{
		.cmd = UTCP_CMD_LIMITS_NTF,
		.set = &utcp_info_set,
	},
	{
		.cmd = UTCP_CMD_CELL_NEW,
		.set = &utcp_cell_set,
	},
	{
		.cmd = UTCP_CMD_CELL_SET,
		.set = &utcp_cell_set,
	},
	{
		.cmd = UTCP_CMD_CELL_DEL,
		.set = &utcp_cell_set,
	},
	{
		.cmd = UTCP_CMD_CELL_GET,
		.set = &utcp_cell_set,
	},
	{
		.cmd = UTCP_CMD_CELL_NEW_NTF,
		.set = &utcp_cell_set,
	},
	{
		.cmd = UTCP_CMD_CELL_CHANGE_NTF,
		.set = &utcp_cell_set,
	},
	{
		.cmd = UTCP_CMD_CELL_DEL_NTF,
		.set = &utcp_cell_set,
	},
	{
		.cmd = UTCP_CMD_PEER_ADD,
		.set = &utcp_peer_set,
	},
	{
		.cmd = UTCP_CMD_PEER_DEL,
		.set = &utcp_peer_set,
	},
	{
		.cmd = UTCP_CMD_PEER_GET,
		.set = &utcp_peer_set,
	},
	{
		.cmd = UTCP_CMD_PEER_PROBE,
		.set = &utcp_peer_set,
	},
	{
		.cmd = UTCP_CMD_PEER_NEW_NTF,
		.set = &utcp_peer_set,
	},
	{
		.cmd = UTCP_CMD_PEER_CHANGE_NTF,
		.set = &utcp_peer_set,
	},
	{
		.cmd = UTCP_CMD_PEER_DEL_NTF,
		.set = &utcp_peer_set,
	},
	{
		.cmd = UTCP_CMD_STATS_GET,
		.set = &utcp_stats_set,
	},
};

const struct nl_names utcp_names = {
	.limits = &utcp_limits_set,
	.limit_descs = utcp_limits,
	.ops = utcp_ops,
	.n_ops = NL_COUNT(utcp_ops),
};

static const struct nl_name utcp_acl_limits_names[] = {
	{
		.type = UTCP_ACL_A_LIMITS_POLICIES,
		.name = "policies",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LIMITS_RULES,
		.name = "rules",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LIMITS_SETS,
		.name = "sets",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LIMITS_FLOWS,
		.name = "flows",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LIMITS_ELEMS,
		.name = "elems",
		.nest = NULL,
	},
};

static const struct nl_set utcp_acl_limits_set = {
	.names = utcp_acl_limits_names,
	.n = NL_COUNT(utcp_acl_limits_names),
};

static const struct utcp_limit_desc utcp_acl_limits[] = {
	{
		.name = "policies",
		.doc = "Policies that this namespace may hold.",
		.max = 65535,
		.unit = LIBUTCP_UNIT_COUNT,
	},
	{
		.name = "rules",
		.doc = "Rules of all policies of this namespace together.",
		.max = 4194304,
		.unit = LIBUTCP_UNIT_COUNT,
	},
	{
		.name = "sets",
		.doc = "Sets that this namespace may hold.",
		.max = 65535,
		.unit = LIBUTCP_UNIT_COUNT,
	},
	{
		.name = "flows",
		.doc = "Flows and fragmented packets whose state this namespace may keep; a binding has at most three times what is still free of them.",
		.max = 4194304,
		.unit = LIBUTCP_UNIT_COUNT,
	},
	{
		.name = "elems",
		.doc = "Elements of all sets of this namespace together.",
		.max = 4194304,
		.unit = LIBUTCP_UNIT_COUNT,
	},
};

static const struct nl_name utcp_acl_info_names[] = {
	{
		.type = UTCP_ACL_A_INFO_VERSION,
		.name = "version",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_INFO_ABI,
		.name = "abi",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_INFO_LIMITS,
		.name = "limits",
		.nest = &utcp_acl_limits_set,
	},
};

static const struct nl_set utcp_acl_info_set = {
	.names = utcp_acl_info_names,
	.n = NL_COUNT(utcp_acl_info_names),
};

static const struct nl_name utcp_acl_rule_names[] = {
	{
		.type = UTCP_ACL_A_RULE_HANDLE,
		.name = "handle",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_PRIORITY,
		.name = "priority",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_DIRECTION,
		.name = "direction",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_VERDICT,
		.name = "verdict",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_ETHERTYPE,
		.name = "ethertype",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_VLAN,
		.name = "vlan",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_SRC_MAC,
		.name = "src-mac",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_DST_MAC,
		.name = "dst-mac",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_SRC4,
		.name = "src4",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_SRC6,
		.name = "src6",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_SRC_LEN,
		.name = "src-len",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_DST4,
		.name = "dst4",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_DST6,
		.name = "dst6",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_DST_LEN,
		.name = "dst-len",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_PROTO,
		.name = "proto",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_SRC_PORT_MIN,
		.name = "src-port-min",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_SRC_PORT_MAX,
		.name = "src-port-max",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_DST_PORT_MIN,
		.name = "dst-port-min",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_DST_PORT_MAX,
		.name = "dst-port-max",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_ICMP_TYPE,
		.name = "icmp-type",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_ICMP_CODE,
		.name = "icmp-code",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_TCP_FLAGS,
		.name = "tcp-flags",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_TCP_MASK,
		.name = "tcp-mask",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_DSCP,
		.name = "dscp",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_CLASS,
		.name = "class",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_MARK,
		.name = "mark",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_COMMENT,
		.name = "comment",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_OWNER,
		.name = "owner",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_PAD,
		.name = "pad",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_PACKETS,
		.name = "packets",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_BYTES,
		.name = "bytes",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_LAST_HIT,
		.name = "last-hit",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_EXPIRES,
		.name = "expires",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_LOG,
		.name = "log",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_SRC_SET,
		.name = "src-set",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_DST_SET,
		.name = "dst-set",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_UTCP,
		.name = "utcp",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_SRC_CELL,
		.name = "src-cell",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_DST_CELL,
		.name = "dst-cell",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_RULE_DEV,
		.name = "dev",
		.nest = NULL,
	},
};

static const struct nl_set utcp_acl_rule_set = {
	.names = utcp_acl_rule_names,
	.n = NL_COUNT(utcp_acl_rule_names),
};

static const struct nl_name utcp_acl_policy_names[] = {
	{
		.type = UTCP_ACL_A_POLICY_NAME,
		.name = "name",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_POLICY_IN,
		.name = "in",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_POLICY_OUT,
		.name = "out",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_POLICY_COMMENT,
		.name = "comment",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_POLICY_OWNER,
		.name = "owner",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_POLICY_GENERATION,
		.name = "generation",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_POLICY_RULES,
		.name = "rules",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_POLICY_USERS,
		.name = "users",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_POLICY_HANDLE,
		.name = "handle",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_POLICY_DIRECTION,
		.name = "direction",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_POLICY_VERDICT,
		.name = "verdict",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_POLICY_LOAD,
		.name = "load",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_POLICY_RULE,
		.name = "rule",
		.nest = &utcp_acl_rule_set,
	},
	{
		.type = UTCP_ACL_A_POLICY_LOG,
		.name = "log",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_POLICY_CONFIRM,
		.name = "confirm",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_POLICY_UNMET,
		.name = "unmet",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_POLICY_KEEP,
		.name = "keep",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_POLICY_KEPT,
		.name = "kept",
		.nest = NULL,
	},
};

static const struct nl_set utcp_acl_policy_set = {
	.names = utcp_acl_policy_names,
	.n = NL_COUNT(utcp_acl_policy_names),
};

static const struct nl_name utcp_acl_drop_names[] = {
	{
		.type = UTCP_ACL_A_DROP_REASON,
		.name = "reason",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_DROP_PAD,
		.name = "pad",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_DROP_COUNT,
		.name = "count",
		.nest = NULL,
	},
};

static const struct nl_set utcp_acl_drop_set = {
	.names = utcp_acl_drop_names,
	.n = NL_COUNT(utcp_acl_drop_names),
};

static const struct nl_name utcp_acl_direction_counters_names[] = {
	{
		.type = UTCP_ACL_A_DIRECTION_COUNTERS_PAD,
		.name = "pad",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_DIRECTION_COUNTERS_FRAMES,
		.name = "frames",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_DIRECTION_COUNTERS_ALLOWED,
		.name = "allowed",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_DIRECTION_COUNTERS_DROP,
		.name = "drop",
		.nest = &utcp_acl_drop_set,
	},
	{
		.type = UTCP_ACL_A_DIRECTION_COUNTERS_REJECTED,
		.name = "rejected",
		.nest = NULL,
	},
};

static const struct nl_set utcp_acl_direction_counters_set = {
	.names = utcp_acl_direction_counters_names,
	.n = NL_COUNT(utcp_acl_direction_counters_names),
};

static const struct nl_name utcp_acl_binding_names[] = {
	{
		.type = UTCP_ACL_A_BINDING_IFINDEX,
		.name = "ifindex",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_BINDING_IFNAME,
		.name = "ifname",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_BINDING_POLICY,
		.name = "policy",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_BINDING_IN,
		.name = "in",
		.nest = &utcp_acl_direction_counters_set,
	},
	{
		.type = UTCP_ACL_A_BINDING_OUT,
		.name = "out",
		.nest = &utcp_acl_direction_counters_set,
	},
	{
		.type = UTCP_ACL_A_BINDING_MAC,
		.name = "mac",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_BINDING_ADDR4,
		.name = "addr4",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_BINDING_ADDR6,
		.name = "addr6",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_BINDING_KIND,
		.name = "kind",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_BINDING_NETNS_FD,
		.name = "netns-fd",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_BINDING_NETNS,
		.name = "netns",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_BINDING_DEVICES,
		.name = "devices",
		.nest = NULL,
	},
};

static const struct nl_set utcp_acl_binding_set = {
	.names = utcp_acl_binding_names,
	.n = NL_COUNT(utcp_acl_binding_names),
};

static const struct nl_name utcp_acl_flow_names[] = {
	{
		.type = UTCP_ACL_A_FLOW_IFINDEX,
		.name = "ifindex",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_IFNAME,
		.name = "ifname",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_DIRECTION,
		.name = "direction",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_SRC4,
		.name = "src4",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_DST4,
		.name = "dst4",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_SRC6,
		.name = "src6",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_DST6,
		.name = "dst6",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_PROTO,
		.name = "proto",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_SRC_PORT,
		.name = "src-port",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_DST_PORT,
		.name = "dst-port",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_STATE,
		.name = "state",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_HANDLE,
		.name = "handle",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_PAD,
		.name = "pad",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_AGE,
		.name = "age",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_EXPIRES,
		.name = "expires",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_PACKETS,
		.name = "packets",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_BYTES,
		.name = "bytes",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_REPLY_PACKETS,
		.name = "reply-packets",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_REPLY_BYTES,
		.name = "reply-bytes",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_FLOWS,
		.name = "flows",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_KIND,
		.name = "kind",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_FLOW_NETNS_FD,
		.name = "netns-fd",
		.nest = NULL,
	},
};

static const struct nl_set utcp_acl_flow_set = {
	.names = utcp_acl_flow_names,
	.n = NL_COUNT(utcp_acl_flow_names),
};

static const struct nl_name utcp_acl_elem_names[] = {
	{
		.type = UTCP_ACL_A_ELEM_ADDR4,
		.name = "addr4",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_ELEM_ADDR6,
		.name = "addr6",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_ELEM_LEN,
		.name = "len",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_ELEM_PORT,
		.name = "port",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_ELEM_PAD,
		.name = "pad",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_ELEM_EXPIRES,
		.name = "expires",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_ELEM_CELL,
		.name = "cell",
		.nest = NULL,
	},
};

static const struct nl_set utcp_acl_elem_set = {
	.names = utcp_acl_elem_names,
	.n = NL_COUNT(utcp_acl_elem_names),
};

static const struct nl_name utcp_acl_set_names[] = {
	{
		.type = UTCP_ACL_A_SET_NAME,
		.name = "name",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_SET_TYPE,
		.name = "type",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_SET_MAX_ELEMS,
		.name = "max-elems",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_SET_ELEMS,
		.name = "elems",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_SET_USERS,
		.name = "users",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_SET_ELEM,
		.name = "elem",
		.nest = &utcp_acl_elem_set,
	},
};

static const struct nl_set utcp_acl_set_set = {
	.names = utcp_acl_set_names,
	.n = NL_COUNT(utcp_acl_set_names),
};

static const struct nl_name utcp_acl_log_names[] = {
	{
		.type = UTCP_ACL_A_LOG_IFINDEX,
		.name = "ifindex",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_IFNAME,
		.name = "ifname",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_POLICY,
		.name = "policy",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_DIRECTION,
		.name = "direction",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_VERDICT,
		.name = "verdict",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_REASON,
		.name = "reason",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_HANDLE,
		.name = "handle",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_PAD,
		.name = "pad",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_ETHERTYPE,
		.name = "ethertype",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_VLAN,
		.name = "vlan",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_SRC_MAC,
		.name = "src-mac",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_DST_MAC,
		.name = "dst-mac",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_SRC4,
		.name = "src4",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_DST4,
		.name = "dst4",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_SRC6,
		.name = "src6",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_DST6,
		.name = "dst6",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_PROTO,
		.name = "proto",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_SRC_PORT,
		.name = "src-port",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_DST_PORT,
		.name = "dst-port",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_ICMP_TYPE,
		.name = "icmp-type",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_ICMP_CODE,
		.name = "icmp-code",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_MISSED,
		.name = "missed",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_NETNS,
		.name = "netns",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_SRC_CELL,
		.name = "src-cell",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_DST_CELL,
		.name = "dst-cell",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_DECIDER,
		.name = "decider",
		.nest = NULL,
	},
	{
		.type = UTCP_ACL_A_LOG_RULE,
		.name = "rule",
		.nest = &utcp_acl_rule_set,
	},
	{
		.type = UTCP_ACL_A_LOG_RATE,
		.name = "rate",
		.nest = NULL,
	},
};

static const struct nl_set utcp_acl_log_set = {
	.names = utcp_acl_log_names,
	.n = NL_COUNT(utcp_acl_log_names),
};

static const struct nl_op utcp_acl_ops[] = {
	{
		.cmd = UTCP_ACL_CMD_INFO_GET,
		.set = &utcp_acl_info_set,
	},
	{
		.cmd = UTCP_ACL_CMD_LIMITS_SET,
		.set = &utcp_acl_info_set,
	},
	{
		.cmd = UTCP_ACL_CMD_LIMITS_NTF,
		.set = &utcp_acl_info_set,
	},
	{
		.cmd = UTCP_ACL_CMD_POLICY_NEW,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_POLICY_SET,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_POLICY_DEL,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_POLICY_GET,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_POLICY_NEW_NTF,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_POLICY_CHANGE_NTF,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_POLICY_DEL_NTF,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_RULE_ADD,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_RULE_DEL,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_RULE_GET,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_RULE_ADD_NTF,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_RULE_DEL_NTF,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_LOAD_BEGIN,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_LOAD_ADD,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_LOAD_COMMIT,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_LOAD_ABORT,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_BIND_SET,
		.set = &utcp_acl_binding_set,
	},
	{
		.cmd = UTCP_ACL_CMD_BIND_DEL,
		.set = &utcp_acl_binding_set,
	},
	{
		.cmd = UTCP_ACL_CMD_BIND_GET,
		.set = &utcp_acl_binding_set,
	},
	{
		.cmd = UTCP_ACL_CMD_BIND_SET_NTF,
		.set = &utcp_acl_binding_set,
	},
	{
		.cmd = UTCP_ACL_CMD_BIND_DEL_NTF,
		.set = &utcp_acl_binding_set,
	},
	{
		.cmd = UTCP_ACL_CMD_STATS_GET,
		.set = &utcp_acl_binding_set,
	},
	{
		.cmd = UTCP_ACL_CMD_FLOW_GET,
		.set = &utcp_acl_flow_set,
	},
	{
		.cmd = UTCP_ACL_CMD_FLOW_FLUSH,
		.set = &utcp_acl_flow_set,
	},
	{
		.cmd = UTCP_ACL_CMD_RULE_EXPIRE_NTF,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_LOG_NTF,
		.set = &utcp_acl_log_set,
	},
	{
		.cmd = UTCP_ACL_CMD_SET_NEW,
		.set = &utcp_acl_set_set,
	},
	{
		.cmd = UTCP_ACL_CMD_SET_DEL,
		.set = &utcp_acl_set_set,
	},
	{
		.cmd = UTCP_ACL_CMD_SET_GET,
		.set = &utcp_acl_set_set,
	},
	{
		.cmd = UTCP_ACL_CMD_SET_NEW_NTF,
		.set = &utcp_acl_set_set,
	},
	{
		.cmd = UTCP_ACL_CMD_SET_DEL_NTF,
		.set = &utcp_acl_set_set,
	},
	{
		.cmd = UTCP_ACL_CMD_ELEM_ADD,
		.set = &utcp_acl_set_set,
	},
	{
		.cmd = UTCP_ACL_CMD_ELEM_DEL,
		.set = &utcp_acl_set_set,
	},
	{
		.cmd = UTCP_ACL_CMD_ELEM_GET,
		.set = &utcp_acl_set_set,
	},
	{
		.cmd = UTCP_ACL_CMD_ELEM_ADD_NTF,
		.set = &utcp_acl_set_set,
	},
	{
		.cmd = UTCP_ACL_CMD_ELEM_DEL_NTF,
		.set = &utcp_acl_set_set,
	},
	{
		.cmd = UTCP_ACL_CMD_ELEM_EXPIRE_NTF,
		.set = &utcp_acl_set_set,
	},
	{
		.cmd = UTCP_ACL_CMD_LOAD_CONFIRM,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_RULE_TEST,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_POLICY_ROLLBACK_NTF,
		.set = &utcp_acl_policy_set,
	},
	{
		.cmd = UTCP_ACL_CMD_TRACE_BEGIN,
		.set = &utcp_acl_log_set,
	},
};

const struct nl_names utcp_acl_names = {
	.limits = &utcp_acl_limits_set,
	.limit_descs = utcp_acl_limits,
	.ops = utcp_acl_ops,
	.n_ops = NL_COUNT(utcp_acl_ops),
};

static const struct nl_name utcp_shaper_limits_names[] = {
	{
		.type = UTCP_SHAPER_A_LIMITS_CLASSES,
		.name = "classes",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_LIMITS_QUEUED,
		.name = "queued",
		.nest = NULL,
	},
};

static const struct nl_set utcp_shaper_limits_set = {
	.names = utcp_shaper_limits_names,
	.n = NL_COUNT(utcp_shaper_limits_names),
};

static const struct utcp_limit_desc utcp_shaper_limits[] = {
	{
		.name = "classes",
		.doc = "Classes in the tree of this namespace.",
		.max = 65535,
		.unit = LIBUTCP_UNIT_COUNT,
	},
	{
		.name = "queued",
		.doc = "Memory of all frames held by the classes of this namespace together.",
		.max = 1048576,
		.unit = LIBUTCP_UNIT_KIB,
	},
};

static const struct nl_name utcp_shaper_info_names[] = {
	{
		.type = UTCP_SHAPER_A_INFO_VERSION,
		.name = "version",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_INFO_ABI,
		.name = "abi",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_INFO_LIMITS,
		.name = "limits",
		.nest = &utcp_shaper_limits_set,
	},
};

static const struct nl_set utcp_shaper_info_set = {
	.names = utcp_shaper_info_names,
	.n = NL_COUNT(utcp_shaper_info_names),
};

static const struct nl_name utcp_shaper_drop_names[] = {
	{
		.type = UTCP_SHAPER_A_DROP_REASON,
		.name = "reason",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_DROP_PAD,
		.name = "pad",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_DROP_COUNT,
		.name = "count",
		.nest = NULL,
	},
};

static const struct nl_set utcp_shaper_drop_set = {
	.names = utcp_shaper_drop_names,
	.n = NL_COUNT(utcp_shaper_drop_names),
};

static const struct nl_name utcp_shaper_stats_names[] = {
	{
		.type = UTCP_SHAPER_A_STATS_FRAMES,
		.name = "frames",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_STATS_PAD,
		.name = "pad",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_STATS_PACKETS,
		.name = "packets",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_STATS_BYTES,
		.name = "bytes",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_STATS_BACKLOG_PACKETS,
		.name = "backlog-packets",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_STATS_BACKLOG_BYTES,
		.name = "backlog-bytes",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_STATS_MARKS,
		.name = "marks",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_STATS_BORROWED,
		.name = "borrowed",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_STATS_THROTTLED,
		.name = "throttled",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_STATS_SOJOURN_P50,
		.name = "sojourn-p50",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_STATS_SOJOURN_P99,
		.name = "sojourn-p99",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_STATS_RATE_1S,
		.name = "rate-1s",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_STATS_RATE_10S,
		.name = "rate-10s",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_STATS_DROP,
		.name = "drop",
		.nest = &utcp_shaper_drop_set,
	},
};

static const struct nl_set utcp_shaper_stats_set = {
	.names = utcp_shaper_stats_names,
	.n = NL_COUNT(utcp_shaper_stats_names),
};

static const struct nl_name utcp_shaper_class_names[] = {
	{
		.type = UTCP_SHAPER_A_CLASS_ID,
		.name = "id",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_CLASS_NAME,
		.name = "name",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_CLASS_PARENT,
		.name = "parent",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_CLASS_PAD,
		.name = "pad",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_CLASS_BW_MIN,
		.name = "bw-min",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_CLASS_BW_MAX,
		.name = "bw-max",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_CLASS_BURST,
		.name = "burst",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_CLASS_PRIORITY,
		.name = "priority",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_CLASS_WEIGHT,
		.name = "weight",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_CLASS_QUEUE_BYTES,
		.name = "queue-bytes",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_CLASS_QUEUE_TIME,
		.name = "queue-time",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_CLASS_OVERHEAD,
		.name = "overhead",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_CLASS_CHILDREN,
		.name = "children",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_CLASS_BINDINGS,
		.name = "bindings",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_CLASS_WAITING,
		.name = "waiting",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_CLASS_STATS,
		.name = "stats",
		.nest = &utcp_shaper_stats_set,
	},
};

static const struct nl_set utcp_shaper_class_set = {
	.names = utcp_shaper_class_names,
	.n = NL_COUNT(utcp_shaper_class_names),
};

static const struct nl_name utcp_shaper_binding_names[] = {
	{
		.type = UTCP_SHAPER_A_BINDING_IFINDEX,
		.name = "ifindex",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_BINDING_IFNAME,
		.name = "ifname",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_BINDING_DIRECTION,
		.name = "direction",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_BINDING_CLASS,
		.name = "class",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_BINDING_FLAGS,
		.name = "flags",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_BINDING_WAITING,
		.name = "waiting",
		.nest = NULL,
	},
	{
		.type = UTCP_SHAPER_A_BINDING_NET_SHAPER,
		.name = "net-shaper",
		.nest = NULL,
	},
};

static const struct nl_set utcp_shaper_binding_set = {
	.names = utcp_shaper_binding_names,
	.n = NL_COUNT(utcp_shaper_binding_names),
};

static const struct nl_op utcp_shaper_ops[] = {
	{
		.cmd = UTCP_SHAPER_CMD_INFO_GET,
		.set = &utcp_shaper_info_set,
	},
	{
		.cmd = UTCP_SHAPER_CMD_LIMITS_SET,
		.set = &utcp_shaper_info_set,
	},
	{
		.cmd = UTCP_SHAPER_CMD_LIMITS_NTF,
		.set = &utcp_shaper_info_set,
	},
	{
		.cmd = UTCP_SHAPER_CMD_CLASS_ADD,
		.set = &utcp_shaper_class_set,
	},
	{
		.cmd = UTCP_SHAPER_CMD_CLASS_SET,
		.set = &utcp_shaper_class_set,
	},
	{
		.cmd = UTCP_SHAPER_CMD_CLASS_DEL,
		.set = &utcp_shaper_class_set,
	},
	{
		.cmd = UTCP_SHAPER_CMD_CLASS_GET,
		.set = &utcp_shaper_class_set,
	},
	{
		.cmd = UTCP_SHAPER_CMD_CLASS_ADD_NTF,
		.set = &utcp_shaper_class_set,
	},
	{
		.cmd = UTCP_SHAPER_CMD_CLASS_CHANGE_NTF,
		.set = &utcp_shaper_class_set,
	},
	{
		.cmd = UTCP_SHAPER_CMD_CLASS_DEL_NTF,
		.set = &utcp_shaper_class_set,
	},
	{
		.cmd = UTCP_SHAPER_CMD_BINDING_ADD,
		.set = &utcp_shaper_binding_set,
	},
	{
		.cmd = UTCP_SHAPER_CMD_BINDING_DEL,
		.set = &utcp_shaper_binding_set,
	},
	{
		.cmd = UTCP_SHAPER_CMD_BINDING_GET,
		.set = &utcp_shaper_binding_set,
	},
	{
		.cmd = UTCP_SHAPER_CMD_BINDING_ADD_NTF,
		.set = &utcp_shaper_binding_set,
	},
	{
		.cmd = UTCP_SHAPER_CMD_BINDING_DEL_NTF,
		.set = &utcp_shaper_binding_set,
	},
};

const struct nl_names utcp_shaper_names = {
	.limits = &utcp_shaper_limits_set,
	.limit_descs = utcp_shaper_limits,
	.ops = utcp_shaper_ops,
	.n_ops = NL_COUNT(utcp_shaper_ops),
};
