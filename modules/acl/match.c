// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a rule asks for: is it sensible, and does a key meet it? One criterion after
 * another, in the order of enum acl_criterion, for who wants to know which failed.
 */
#include "match.h"

#include <linux/in.h>
#include <linux/string.h>

#include "sets.h"

#define PROTO_ICMPV6 58

#define BITS_FAMILY (BIT(ACL_ASK_IPV4) | BIT(ACL_ASK_IPV6) | BIT(ACL_ASK_CELL))
/* What can be asked of two cells. */
#define BITS_CELL                                                       \
	(BIT(ACL_ASK_DIR) | BIT(ACL_ASK_CELL) | BIT(ACL_ASK_SRC) |      \
	 BIT(ACL_ASK_DST) | BIT(ACL_ASK_DPORT) | BIT(ACL_ASK_SRC_SET) | \
	 BIT(ACL_ASK_DST_SET))

static bool has_ports(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		return true;
	}
	return false;
}

static bool is_icmp(u8 proto)
{
	return proto == IPPROTO_ICMP || proto == PROTO_ICMPV6;
}

/* Are the first @len of 128 bits the same? */
static bool same_prefix(const u8 *a, const u8 *b, u8 len)
{
	u8 rest = len % 8;

	if (memcmp(a, b, len / 8))
		return false;
	return !rest || !((a[len / 8] ^ b[len / 8]) >> (8 - rest));
}

/* Is all behind the first @len of 128 bits zero? */
static bool is_prefix(const u8 *a, u8 len)
{
	unsigned int i = len / 8;

	if (len % 8 && (u8)(a[i++] << len % 8))
		return false;
	for (; i < 16; i++)
		if (a[i])
			return false;
	return true;
}

static const char *check_address(const struct acl_match *match, const u8 *addr,
				 u8 len)
{
	if (!(match->asks & BITS_FAMILY))
		return "an address needs its family";
	if (!len)
		return "a prefix of no bits asks for nothing";
	if (len > (ACL_ASKS(match, IPV4) ? 32 : 128))
		return "prefix is longer than an address";
	if (ACL_ASKS(match, CELL) && len != 128)
		return "a CellID has no prefix";
	if (!is_prefix(addr, len))
		return "address has bits behind its prefix";
	return NULL;
}

static const char *check_set(const struct acl_match *match,
			     const struct acl_set *set, bool ip)
{
	bool cells = set && set->type == ACL_SET_CELL;

	if (!set)
		return "no set";
	if (cells != ACL_ASKS(match, CELL))
		return "a set of this type does not fit this rule";
	if (!ip)
		return "frames of this EtherType have no such addresses";
	if (set->type == ACL_SET_ADDRESS_PORT && ACL_ASKS(match, PROTO) &&
	    !has_ports(match->proto))
		return "ports need a protocol that has them";
	return NULL;
}

static const char *check_one(const struct acl_match *match, int criterion)
{
	const u8 proto = ACL_ASKS(match, PROTO) ? match->proto : 0;
	bool ip = !ACL_ASKS(match, ETHERTYPE) || match->ethertype == ETH_P_IP ||
		  match->ethertype == ETH_P_IPV6;

	if (ACL_ASKS(match, CELL) && !(BIT(criterion) & BITS_CELL))
		return "rules about cells cannot ask for this";
	switch ((enum acl_criterion)criterion) {
	case ACL_ASK_DIR:
		return match->dir < ACL_DIRS ? NULL : "no such direction";
	case ACL_ASK_ETHERTYPE:
		if (match->ethertype < ETH_P_802_3_MIN)
			return "an EtherType is 0x600 or more";
		if (match->ethertype == ETH_P_8021Q ||
		    match->ethertype == ETH_P_8021AD)
			return "the EtherType is the one behind all VLAN tags";
		return NULL;
	case ACL_ASK_VLAN:
		return match->vlan < 4095 ? NULL : "a VLAN is 0 to 4094";
	case ACL_ASK_IPV4:
		if (ACL_ASKS(match, ETHERTYPE) && match->ethertype != ETH_P_IP)
			return "EtherType is not that of IPv4";
		break;
	case ACL_ASK_IPV6:
		if (ACL_ASKS(match, ETHERTYPE) &&
		    match->ethertype != ETH_P_IPV6)
			return "EtherType is not that of IPv6";
		break;
	case ACL_ASK_CELL:
		break;
	case ACL_ASK_SRC:
		return check_address(match, match->src, match->src_len);
	case ACL_ASK_DST:
		return check_address(match, match->dst, match->dst_len);
	case ACL_ASK_PROTO:
		return ip ? NULL : "frames of this EtherType have no protocol";
	case ACL_ASK_SPORT:
		if (match->sport.lo > match->sport.hi)
			return "range of ports is empty";
		return has_ports(proto) ? NULL :
					  "ports need a protocol that has them";
	case ACL_ASK_DPORT:
		if (match->dport.lo > match->dport.hi)
			return "range of ports is empty";
		return has_ports(proto) || ACL_ASKS(match, CELL) ?
			       NULL :
			       "ports need a protocol that has them";
	case ACL_ASK_ICMP_TYPE:
	case ACL_ASK_ICMP_CODE:
		return is_icmp(proto) ? NULL :
					"type and code need ICMP or ICMPv6";
	case ACL_ASK_TCP_FLAGS:
		if (match->tcp_flags & ~match->tcp_flags_mask)
			return "flags that are not under their mask";
		return proto == IPPROTO_TCP ? NULL : "flags need TCP";
	case ACL_ASK_DSCP:
		if (match->dscp > 63)
			return "a DSCP is 0 to 63";
		return ip ? NULL : "frames of this EtherType have no DSCP";
	case ACL_ASK_STATE:
		return match->states && match->states < 16 ? NULL :
							     "no such state";
	case ACL_ASK_SRC_SET:
		return check_set(match, match->src_set, ip);
	case ACL_ASK_DST_SET:
		return check_set(match, match->dst_set, ip);
	case ACL_ASK_SMAC:
	case ACL_ASK_DMAC:
	case ACL_ASK_DEV:
		return NULL;
	}
	/* Families exclude each other. */
	return match->asks & BITS_FAMILY & ~BIT(criterion) ?
		       "a rule has one family" :
		       NULL;
}

/**
 * acl_match_check() - can a rule ask for this?
 * @match: what it asks for
 * @criterion: set to the criterion that is wrong, if one is
 *
 * Return: NULL, or why not, for a user to read.
 */
const char *acl_match_check(const struct acl_match *match, int *criterion)
{
	int i;

	*criterion = 0;
	if (match->asks >= BIT(ACL_CRITERIA))
		return "no such criterion";
	for (i = 0; i < ACL_CRITERIA; i++) {
		const char *wrong;

		if (!(match->asks & BIT(i)))
			continue;
		wrong = check_one(match, i);
		if (wrong) {
			*criterion = i;
			return wrong;
		}
	}
	return NULL;
}

static bool within(const struct acl_range *range, u16 port)
{
	return range->lo <= port && port <= range->hi;
}

/* Has the packet ports, and not the type and code of ICMP in their place? */
static bool key_has_ports(const struct acl_key *key)
{
	return !acl_key_noports(key) && has_ports(acl_key_proto(key));
}

static bool key_is_icmp(const struct acl_key *key)
{
	return !acl_key_noports(key) && is_icmp(acl_key_proto(key));
}

static bool meets(const struct acl_match *match, const struct acl_key *key,
		  int criterion, u64 now, u64 *until)
{
	enum acl_family family = acl_key_family(key);
	u8 addr[16];

	switch ((enum acl_criterion)criterion) {
	case ACL_ASK_DIR:
		return acl_key_dir(key) == match->dir;
	case ACL_ASK_ETHERTYPE:
		return key->ethertype == match->ethertype;
	case ACL_ASK_VLAN:
		return acl_key_vlan(key) == match->vlan;
	case ACL_ASK_SMAC:
		return acl_key_smac(key) == acl_mac(match->smac);
	case ACL_ASK_DMAC:
		return acl_key_dmac(key) == acl_mac(match->dmac);
	case ACL_ASK_IPV4:
		return family == ACL_IPV4;
	case ACL_ASK_IPV6:
		return family == ACL_IPV6;
	case ACL_ASK_CELL:
		return family == ACL_CELL;
	case ACL_ASK_SRC:
		acl_key_src(key, addr);
		return same_prefix(addr, match->src, match->src_len);
	case ACL_ASK_DST:
		acl_key_dst(key, addr);
		return same_prefix(addr, match->dst, match->dst_len);
	case ACL_ASK_PROTO:
		return (family == ACL_IPV4 || family == ACL_IPV6) &&
		       acl_key_proto(key) == match->proto;
	case ACL_ASK_SPORT:
		return key_has_ports(key) &&
		       within(&match->sport, acl_key_sport(key));
	case ACL_ASK_DPORT:
		/* Of cells the service may be open: then any will do. */
		if (family == ACL_CELL)
			return !acl_key_dport(key) ||
			       within(&match->dport, acl_key_dport(key));
		return key_has_ports(key) &&
		       within(&match->dport, acl_key_dport(key));
	case ACL_ASK_ICMP_TYPE:
		return key_is_icmp(key) &&
		       acl_key_sport(key) == match->icmp_type;
	case ACL_ASK_ICMP_CODE:
		return key_is_icmp(key) &&
		       acl_key_dport(key) == match->icmp_code;
	case ACL_ASK_TCP_FLAGS:
		return key_has_ports(key) &&
		       acl_key_proto(key) == IPPROTO_TCP &&
		       (acl_key_tcp_flags(key) & match->tcp_flags_mask) ==
			       match->tcp_flags;
	case ACL_ASK_DSCP:
		return (family == ACL_IPV4 || family == ACL_IPV6) &&
		       acl_key_dscp(key) == match->dscp;
	case ACL_ASK_STATE:
		return acl_key_state(key) & match->states;
	case ACL_ASK_DEV:
		return key->dev == match->dev;
	case ACL_ASK_SRC_SET:
		return acl_set_has(match->src_set, key, false, now, until);
	case ACL_ASK_DST_SET:
		return acl_set_has(match->dst_set, key, true, now, until);
	}
	return false;
}

/**
 * acl_match_why() - which criterion of a rule does a key not meet?
 * @match: what the rule asks for
 * @key: the key
 * @now: jiffies, for the elements of sets
 * @until: lowered to when an element of a set ends on which the answer rests;
 *	begin with ACL_FOREVER
 *
 * Under RCU if there are sets.
 *
 * Return: the first criterion that is not met; -1: all are; ACL_ASK_CELL also for a
 * rule that does not ask for cells, if the key is of two.
 */
int acl_match_why(const struct acl_match *match, const struct acl_key *key,
		  u64 now, u64 *until)
{
	int i;

	if (acl_key_family(key) == ACL_CELL && !ACL_ASKS(match, CELL))
		return ACL_ASK_CELL;
	for (i = 0; i < ACL_CRITERIA; i++)
		if (match->asks & BIT(i) && !meets(match, key, i, now, until))
			return i;
	return -1;
}
