/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints of utcp_acl. Devices are told by index, since names can change.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM utcp_acl

#if !defined(_UTCP_ACL_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _UTCP_ACL_TRACE_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tracepoint.h>

#include <uapi/linux/utcp_acl.h>

#include "key.h"

TRACE_EVENT(utcp_acl_drop,
	TP_PROTO(const struct net_device *dev, enum acl_dir dir,
		 const struct sk_buff *skb, u64 handle,
		 enum utcp_acl_drop_reason reason),

	TP_ARGS(dev, dir, skb, handle, reason),

	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(u64, handle)
		__field(int, ifindex)
		__field(u32, len)
		__field(u16, protocol)
		__field(u8, dir)
		__field(u8, reason)
	),

	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->handle = handle;
		__entry->ifindex = dev->ifindex;
		__entry->len = skb->len;
		__entry->protocol = ntohs(skb->protocol);
		__entry->dir = dir;
		__entry->reason = reason;
	),

	TP_printk("skbaddr=%p ifindex=%d dir=%s protocol=%#x len=%u reason=%s rule=%llu",
		  __entry->skbaddr, __entry->ifindex,
		  __entry->dir == ACL_OUT ? "out" : "in",
		  __entry->protocol, __entry->len,
		  __print_symbolic(__entry->reason,
				   { UTCP_ACL_DROP_REASON_RULE, "rule" },
				   { UTCP_ACL_DROP_REASON_DEFAULT, "default" },
				   { UTCP_ACL_DROP_REASON_MALFORMED, "malformed" },
				   { UTCP_ACL_DROP_REASON_NOMEM, "nomem" },
				   { UTCP_ACL_DROP_REASON_FRAGMENT, "fragment" },
				   { UTCP_ACL_DROP_REASON_SPOOF, "spoof" },
				   { UTCP_ACL_DROP_REASON_IDENTITY, "identity" }),
		  __entry->handle)
);

#endif /* _UTCP_ACL_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
