/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a frame is on the wire: how long. See "Queues" in
 * Documentation/networking/utcp-shaper.rst.
 */
#ifndef _SHAPER_WIRE_H
#define _SHAPER_WIRE_H

#include <linux/if_vlan.h>
#include <net/netswitch.h>

u32 shaper_gso_len(const struct sk_buff *skb, u32 len, u32 overhead);

/* Bytes on the wire, of a frame as a stage gets it; of a super-frame, of all that it will
 * be cut into, with headers and @overhead for each.
 */
static inline u32 shaper_wire_len(const struct sk_buff *skb,
				  enum netswitch_dir dir, u32 overhead)
{
	u32 len = skb->len;

	if (dir == NETSWITCH_IN)
		len += ETH_HLEN;
	if (skb_vlan_tag_present(skb))
		len += VLAN_HLEN;
	if (skb_is_gso(skb))
		return shaper_gso_len(skb, len, overhead);
	return len + overhead;
}

#endif /* _SHAPER_WIRE_H */
