/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints of utcp. Devices are told by index, CellIDs as bytes.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM utcp

#if !defined(_UTCP_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _UTCP_TRACE_H

#include <linux/skbuff.h>
#include <linux/tracepoint.h>

#include "peer.h"
#include "sock.h"

TRACE_EVENT(utcp_drop,
	TP_PROTO(const struct sk_buff *skb, enum utcp_drop_reason reason),

	TP_ARGS(skb, reason),

	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(int, ifindex)
		__field(u32, len)
		__field(u8, reason)
	),

	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->ifindex = skb->skb_iif;
		__entry->len = skb->len;
		__entry->reason = reason;
	),

	TP_printk("skbaddr=%p ifindex=%d len=%u reason=%u",
		  __entry->skbaddr, __entry->ifindex, __entry->len,
		  __entry->reason)
);

TRACE_EVENT(utcp_dgram_drop,
	TP_PROTO(const struct sk_buff *skb, enum utcp_dgram_drop reason),

	TP_ARGS(skb, reason),

	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(u32, len)
		__field(u8, reason)
	),

	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->len = skb ? skb->len : 0;
		__entry->reason = reason;
	),

	TP_printk("skbaddr=%p len=%u reason=%s",
		  __entry->skbaddr, __entry->len,
		  __print_symbolic(__entry->reason,
				   { UTCP_DGRAM_NO_PORT, "no_port" },
				   { UTCP_DGRAM_FULL, "full" },
				   { UTCP_DGRAM_NO_MEMORY, "no_memory" },
				   { UTCP_DGRAM_QUEUE, "queue" },
				   { UTCP_DGRAM_UNREACHABLE, "unreachable" },
				   { UTCP_DGRAM_TOO_LONG, "too_long" },
				   { UTCP_DGRAM_NOT_ALLOWED, "not_allowed" }))
);

TRACE_EVENT(utcp_neigh,
	TP_PROTO(const struct utcp_peer *peer, u32 from, u32 to),

	TP_ARGS(peer, from, to),

	TP_STRUCT__entry(
		__array(u8, cell, UTCP_ID_BYTES)
		__array(u8, id, UTCP_ID_BYTES)
		__field(u8, from)
		__field(u8, to)
	),

	TP_fast_assign(
		memcpy(__entry->cell, peer->key.cell, UTCP_ID_BYTES);
		memcpy(__entry->id, peer->key.id, UTCP_ID_BYTES);
		__entry->from = from;
		__entry->to = to;
	),

	TP_printk("cell=%s peer=%s from=%u to=%u",
		  __print_hex_str(__entry->cell, UTCP_ID_BYTES),
		  __print_hex_str(__entry->id, UTCP_ID_BYTES),
		  __entry->from, __entry->to)
);

TRACE_EVENT(utcp_refused,
	TP_PROTO(u32 ifindex, const u8 *own, const u8 *id, bool begins,
		 u16 service),

	TP_ARGS(ifindex, own, id, begins, service),

	TP_STRUCT__entry(
		__array(u8, cell, UTCP_ID_BYTES)
		__array(u8, id, UTCP_ID_BYTES)
		__field(u32, ifindex)
		__field(u16, service)
		__field(bool, begins)
	),

	TP_fast_assign(
		memcpy(__entry->cell, own, UTCP_ID_BYTES);
		memcpy(__entry->id, id, UTCP_ID_BYTES);
		__entry->ifindex = ifindex;
		__entry->service = service;
		__entry->begins = begins;
	),

	TP_printk("cell=%s peer=%s ifindex=%u opener=%s port=%u",
		  __print_hex_str(__entry->cell, UTCP_ID_BYTES),
		  __print_hex_str(__entry->id, UTCP_ID_BYTES),
		  __entry->ifindex, __entry->begins ? "cell" : "peer",
		  __entry->service)
);

TRACE_EVENT(utcp_session,
	TP_PROTO(const struct utcp_peer *peer, enum utcp_session_event event,
		 int err),

	TP_ARGS(peer, event, err),

	TP_STRUCT__entry(
		__array(u8, cell, UTCP_ID_BYTES)
		__array(u8, id, UTCP_ID_BYTES)
		__field(u8, event)
		__field(int, err)
	),

	TP_fast_assign(
		memcpy(__entry->cell, peer->key.cell, UTCP_ID_BYTES);
		memcpy(__entry->id, peer->key.id, UTCP_ID_BYTES);
		__entry->event = event;
		__entry->err = err;
	),

	TP_printk("cell=%s peer=%s event=%s error=%d",
		  __print_hex_str(__entry->cell, UTCP_ID_BYTES),
		  __print_hex_str(__entry->id, UTCP_ID_BYTES),
		  __print_symbolic(__entry->event,
				   { UTCP_SESSION_UP, "up" },
				   { UTCP_SESSION_REKEYED, "rekeyed" },
				   { UTCP_SESSION_RESTARTED, "restarted" },
				   { UTCP_SESSION_MOVED, "moved" },
				   { UTCP_SESSION_MTU, "mtu" },
				   { UTCP_SESSION_CLOSED, "closed" },
				   { UTCP_SESSION_UNREACHABLE, "unreachable" }),
		  __entry->err)
);

TRACE_EVENT(utcp_sock,
	TP_PROTO(const struct sock *sk, enum utcp_sock_event event, int err),

	TP_ARGS(sk, event, err),

	TP_STRUCT__entry(
		__field(u32, number)
		__field(u8, event)
		__field(u8, shutdown)
		__field(u16, port)
		__field(u16, to_port)
		__array(u8, to, UTCP_CELL_ID_LEN)
		__field(int, err)
	),

	TP_fast_assign(
		const struct utcp_sock *us = utcp_sk(sk);

		__entry->number = us->number;
		__entry->event = event;
		__entry->shutdown = sk->sk_shutdown;
		__entry->port = us->port.port;
		__entry->to_port = us->to_port;
		memcpy(__entry->to, us->to_cell, UTCP_CELL_ID_LEN);
		__entry->err = err;
	),

	TP_printk("socket=%u port=%u peer=%s peer_port=%u event=%s shut=%u error=%d",
		  __entry->number, __entry->port,
		  __print_hex_str(__entry->to, UTCP_CELL_ID_LEN),
		  __entry->to_port,
		  __print_symbolic(__entry->event,
				   { UTCP_SOCK_LISTENS, "listens" },
				   { UTCP_SOCK_CONNECTS, "connects" },
				   { UTCP_SOCK_CONNECTED, "connected" },
				   { UTCP_SOCK_CALLED, "called" },
				   { UTCP_SOCK_SHUT, "shut" },
				   { UTCP_SOCK_DIED, "died" },
				   { UTCP_SOCK_CLOSED, "closed" }),
		  __entry->shutdown, __entry->err)
);

#endif /* _UTCP_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
