/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints of netswitch. Devices are told by index, since names can change.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM netswitch

#if !defined(_NETSWITCH_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _NETSWITCH_TRACE_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tracepoint.h>

#include "port.h"

TRACE_EVENT(netswitch_drop,
	TP_PROTO(const struct net_device *dev, enum netswitch_dir dir,
		 const struct sk_buff *skb, enum netswitch_drop_reason reason),

	TP_ARGS(dev, dir, skb, reason),

	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(int, ifindex)
		__field(u32, len)
		__field(u16, protocol)
		__field(u8, dir)
		__field(u8, reason)
	),

	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->ifindex = dev->ifindex;
		__entry->len = skb->len;
		__entry->protocol = ntohs(skb->protocol);
		__entry->dir = dir;
		__entry->reason = reason;
	),

	TP_printk("skbaddr=%p ifindex=%d dir=%s protocol=%#x len=%u reason=%s",
		  __entry->skbaddr, __entry->ifindex,
		  __entry->dir == NETSWITCH_IN ? "in" : "out",
		  __entry->protocol, __entry->len,
		  __print_symbolic(__entry->reason,
				   { NETSWITCH_DROP_REASON_ACL, "acl" },
				   { NETSWITCH_DROP_REASON_SHAPER, "shaper" },
				   { NETSWITCH_DROP_REASON_NOMEM, "nomem" },
				   { NETSWITCH_DROP_REASON_CONSUMER, "consumer" },
				   { NETSWITCH_DROP_REASON_FLUSHED, "flushed" }))
);

#endif /* _NETSWITCH_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
