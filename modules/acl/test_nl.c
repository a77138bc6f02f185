// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink operation that explains: which rule decides about a packet, and what of it the
 * rules before that one do not match. It goes the slow, obvious way that the tests hold
 * the classifier to.
 */
#include <linux/in.h>
#include <linux/jiffies.h>
#include <linux/unaligned.h>
#include <net/sock.h>

#include "parse.h"
#include "policy_nl.h"
#include "rule_nl.h"
#include "utcp_acl_nl_gen.h"

#define FLAGS_SYN 0x02

/* Is each thing that a packet has, one? */
static const char *packet_check(const struct acl_match *match)
{
	u8 full = ACL_ASKS(match, IPV4) ? 32 : 128;

	if ((ACL_ASKS(match, SRC) && match->src_len != full) ||
	    (ACL_ASKS(match, DST) && match->dst_len != full))
		return "a packet has addresses, not prefixes";
	if ((ACL_ASKS(match, SPORT) && match->sport.lo != match->sport.hi) ||
	    (ACL_ASKS(match, DPORT) && match->dport.lo != match->dport.hi))
		return "a packet has ports, not ranges";
	if (ACL_ASKS(match, SRC_SET) || ACL_ASKS(match, DST_SET))
		return "a packet has addresses, not sets";
	if (!ACL_ASKS(match, IPV4) && !ACL_ASKS(match, IPV6) &&
	    !ACL_ASKS(match, ETHERTYPE) && !ACL_ASKS(match, CELL))
		return "a packet has an address or an EtherType";
	return NULL;
}

static enum acl_family family_of(const struct acl_match *match)
{
	if (ACL_ASKS(match, IPV4))
		return ACL_IPV4;
	if (ACL_ASKS(match, IPV6))
		return ACL_IPV6;
	if (match->ethertype == ETH_P_IP)
		return ACL_IPV4;
	return match->ethertype == ETH_P_IPV6 ? ACL_IPV6 : ACL_OTHER;
}

static u64 ports_of(const struct acl_match *match, enum acl_family family)
{
	switch (match->proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		return (u64)match->sport.lo << ACL_L4_SPORT | match->dport.lo;
	}
	if (match->proto ==
	    (family == ACL_IPV4 ? IPPROTO_ICMP : IPPROTO_ICMPV6))
		return (u64)match->icmp_type << ACL_L4_SPORT | match->icmp_code;
	return 1ULL << ACL_L4_NOPORTS;
}

static u64 l4_of(const struct acl_match *match, enum acl_family family)
{
	u64 l4 = (u64)match->dir << ACL_L4_DIR |
		 1ULL << (ACL_L4_FAMILY + family);
	u8 flags = ACL_ASKS(match, TCP_FLAGS) ? match->tcp_flags : FLAGS_SYN;

	if (family == ACL_OTHER)
		return l4 | 1ULL << ACL_L4_NOPORTS;
	if (match->proto == IPPROTO_TCP)
		l4 |= (u64)flags << ACL_L4_FLAGS;
	return l4 | (u64)match->proto << ACL_L4_PROTO |
	       (u64)match->dscp << ACL_L4_DSCP | ports_of(match, family);
}

/* The key of a packet that is said as a rule which it alone meets. */
static void key_of(const struct acl_match *match, struct acl_key *key)
{
	enum acl_family family = family_of(match);

	if (ACL_ASKS(match, CELL)) {
		acl_key_identity(key, match->dir, match->src, match->dst,
				 match->dport.lo);
		return;
	}
	memset(key, 0, sizeof(*key));
	key->dev = match->dev;
	key->class = acl_class(match->dir, family);
	key->ethertype = match->ethertype;
	if (family == ACL_IPV4) {
		key->ethertype = ETH_P_IP;
		key->w[ACL_W_HEAD] = (u64)get_unaligned_be32(match->src) << 32 |
				     get_unaligned_be32(match->dst);
	} else if (family == ACL_IPV6) {
		key->ethertype = ETH_P_IPV6;
		key->w[ACL_W_HEAD] = get_unaligned_be64(match->src);
		key->w[ACL_W_SRC2] = get_unaligned_be64(match->src + 8);
		key->w[ACL_W_DST] = get_unaligned_be64(match->dst);
		key->w[ACL_W_DST2] = get_unaligned_be64(match->dst + 8);
	} else {
		key->w[ACL_W_HEAD] = match->ethertype;
	}
	key->w[ACL_W_L4] = l4_of(match, family);
	key->w[ACL_W_SMAC] = acl_mac(match->smac) << 16 | match->vlan;
	key->w[ACL_W_DMAC] = acl_mac(match->dmac) << 16;
}

/* Under the lock. @entry: a rule that was asked, or NULL: none is left. @unmet: the
 * attribute of it that the packet does not match; 0: it decides.
 */
static int test_put(const struct acl_msg *to, struct net *net,
		    const struct acl_policy *policy,
		    const struct acl_entry *entry, u32 unmet, u8 verdict)
{
	void *hdr = acl_nl_header(to);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_string(to->msg, UTCP_ACL_A_POLICY_NAME, policy->set.name) ||
	    (entry && acl_rule_put(to->msg, net, entry)) ||
	    (unmet ? nla_put_u32(to->msg, UTCP_ACL_A_POLICY_UNMET, unmet) :
		     nla_put_u32(to->msg, UTCP_ACL_A_POLICY_VERDICT,
				 verdict))) {
		genlmsg_cancel(to->msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(to->msg, hdr);
	return 0;
}

/* The packet that a request describes. Under the lock. */
static int read_packet(struct acl_policies *policies, const struct nlattr *nest,
		       struct acl_key *key, struct netlink_ext_ack *extack)
{
	struct acl_new_rule like;
	const char *wrong;
	int ret;

	ret = acl_rule_read(policies, nest, &like, extack);
	if (ret)
		return ret;
	wrong = packet_check(&like.match);
	if (wrong) {
		acl_say(extack, wrong);
		NL_SET_BAD_ATTR(extack, nest);
		return -EINVAL;
	}
	key_of(&like.match, key);
	return 0;
}

/* cb->args[0]: order of the last rule that was put; args[1]: the end was */
static int test_rules(const struct acl_msg *to, struct net *net,
		      const struct acl_policy *policy,
		      struct acl_ruleset *rules, const struct acl_key *key)
{
	long *args = to->cb->args;
	struct acl_entry *entry;
	struct acl_match match;
	int unmet, ret;
	u64 until = ACL_FOREVER;

	entry = acl_entry_behind(rules, args[0]);
	for (; !args[1] && entry; entry = acl_entry_next(entry)) {
		acl_rule_match(&entry->rule, &match);
		rcu_read_lock();
		unmet = acl_match_why(&match, key, get_jiffies_64(), &until);
		rcu_read_unlock();
		ret = test_put(to, net, policy, entry,
			       unmet < 0 ? 0 : acl_rule_attr(&match, unmet),
			       entry->verdict);
		if (ret)
			return ret;
		args[0] = entry->rule.order;
		args[1] = unmet < 0;
	}
	if (args[1])
		return 0;
	ret = test_put(to, net, policy, NULL, 0, rules->def[acl_key_dir(key)]);
	args[1] = !ret;
	return ret;
}

int utcp_acl_nl_rule_test_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct net *net = sock_net(skb->sk);
	struct acl_policies *policies = &acl_net(net)->policies;
	struct acl_msg to;
	struct acl_policy *policy;
	struct acl_key key;
	int ret;

	ret = acl_nl_begin_dump(&to, skb, cb, UTCP_ACL_CMD_RULE_TEST);
	if (ret)
		return ret;
	if (!attrs || !attrs[UTCP_ACL_A_POLICY_NAME]) {
		NL_SET_ERR_MSG(cb->extack, "no policy is named");
		return -EINVAL;
	}
	if (!attrs[UTCP_ACL_A_POLICY_RULE]) {
		NL_SET_ERR_MSG(cb->extack, "no packet is described");
		return -EINVAL;
	}
	mutex_lock(&policies->lock);
	policy = acl_nl_policy_of(policies, attrs, cb->extack);
	ret = PTR_ERR_OR_ZERO(policy);
	if (!ret)
		ret = read_packet(policies, attrs[UTCP_ACL_A_POLICY_RULE], &key,
				  cb->extack);
	if (!ret) {
		cb->seq = policy->generation;
		ret = test_rules(&to, net, policy,
				 acl_policy_rules(policies, policy), &key);
		if (ret && skb->len)
			ret = skb->len;
	}
	mutex_unlock(&policies->lock);
	return ret;
}
