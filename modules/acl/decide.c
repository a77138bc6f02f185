// SPDX-License-Identifier: GPL-2.0-only
/*
 * Deciding about frames: from an skb to a verdict.
 *
 * A frame is read where it lies. Only if what lies there is not enough to tell,
 * more of it is brought into the linear part, where nobody else can write; frames
 * whose headers are there already pay nothing for that. What was judged is what
 * goes on: bytes in pages, which a sender may still change, are never looked at.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/ktime.h>

#include "acl.h"
#include "basics.h"
#include "cache.h"
#include "parse.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* Bytes that are brought into the linear part at most. */
#define READ_MAX 256

/* Of each CPU its own; never NULL while the module is loaded. */
static DEFINE_PER_CPU(struct acl_cache *, acl_caches);

/* What the cache has where no rule matches. */
static const char no_rule;

int acl_decide_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct acl_cache *cache;

		cache = kvzalloc_node(sizeof(*cache), GFP_KERNEL,
				      cpu_to_node(cpu));
		if (!cache) {
			acl_decide_exit();
			return -ENOMEM;
		}
		per_cpu(acl_caches, cpu) = cache;
	}
	return 0;
}

/* No frame comes any more. */
void acl_decide_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		kvfree(per_cpu(acl_caches, cpu));
		per_cpu(acl_caches, cpu) = NULL;
	}
}

static void count(const struct acl_binding *binding, enum acl_dir dir,
		  unsigned int counter)
{
	this_cpu_inc(binding->counters->val[dir][counter]);
}

/* Where the bytes of a frame are that can be read, from the Ethernet header on. */
static void frame_span(const struct netswitch_frame *from,
		       struct acl_frame *frame)
{
	const struct sk_buff *skb = from->skb;
	unsigned int header = 0;

	/* On the way in, data start behind it. */
	if (from->dir == NETSWITCH_IN)
		header = skb->data - skb_mac_header(skb);
	frame->data = skb->data - header;
	frame->linear = skb_headlen(skb) + header;
	frame->len = skb->len + header;
}

/* Brings more of a frame into its linear part. */
static bool frame_pull(const struct netswitch_frame *from,
		       struct acl_frame *frame)
{
	unsigned int header = frame->len - from->skb->len;

	/* Whoever shares it may be reading where it lies. */
	if (skb_shared(from->skb) ||
	    !pskb_may_pull(from->skb,
			   min_t(u32, frame->len, READ_MAX) - header))
		return false;
	frame_span(from, frame);
	return true;
}

/* Reads a frame. Return: 0, or the reason to drop it. */
static int frame_read(const struct netswitch_frame *from, enum acl_dir dir,
		      struct acl_frame *frame, struct acl_key *key)
{
	const struct sk_buff *skb = from->skb;

	frame->dir = dir;
	frame->iif = 0;
	frame->oif = 0;
	frame->has_vlan = skb_vlan_tag_present(skb);
	frame->vlan_tag = frame->has_vlan ? skb_vlan_tag_get(skb) : 0;
	frame_span(from, frame);
	if (likely(acl_parse(frame, key) == ACL_PARSE_OK))
		return 0;
	if (frame->linear >= min_t(u32, frame->len, READ_MAX))
		return UTCP_ACL_DROP_REASON_MALFORMED;
	if (!frame_pull(from, frame))
		return UTCP_ACL_DROP_REASON_NOMEM;
	return acl_parse(frame, key) == ACL_PARSE_OK ?
		       0 :
		       UTCP_ACL_DROP_REASON_MALFORMED;
}

/* For which state of the rules something may be remembered; false: for none, since
 * they are being changed.
 */
static bool read_tag(const struct acl_binding *binding,
		     const struct acl_ruleset *rules, struct acl_cache_tag *tag)
{
	/* Pairs with the write in acl_ruleset_end(). */
	tag->generation = smp_load_acquire(&rules->generation);
	tag->l4 = READ_ONCE(rules->l4);
	tag->link = READ_ONCE(rules->link);
	tag->port = binding->number;
	/* Pairs with the barrier in acl_ruleset_begin(). */
	smp_rmb();
	return likely(tag->generation &&
		      tag->generation == READ_ONCE(rules->generation));
}

/* The rule that a key meets, or NULL. Under RCU. */
static struct acl_entry *find_rule(const struct acl_binding *binding,
				   const struct acl_ruleset *rules,
				   const struct acl_key *key)
{
	struct acl_cache_entry *slot = NULL;
	u64 now = get_jiffies_64();
	struct acl_result result;
	struct acl_cache_tag tag;
	const void *verdict;

	if (read_tag(binding, rules, &tag)) {
		verdict = acl_cache_find(this_cpu_read(acl_caches), key, &tag,
					 now, &slot);
		if (likely(verdict))
			return verdict == &no_rule ? NULL : (void *)verdict;
	}
	acl_classifier_lookup(&rules->classifier, key, now, &result);
	verdict = result.rule ? acl_entry_of(result.rule) : NULL;
	if (slot)
		acl_cache_store(slot, key, &tag, verdict ?: &no_rule,
				result.until);
	return (void *)verdict;
}

static void entry_count(struct acl_entry *entry, u32 bytes)
{
	struct acl_count *mine = this_cpu_ptr(entry->count);
	u32 now = ktime_get_seconds();

	WRITE_ONCE(mine->packets, mine->packets + 1);
	WRITE_ONCE(mine->bytes, mine->bytes + bytes);
	/* One write a second, not one a frame, to what all CPUs share. */
	if (READ_ONCE(entry->last_hit) != now)
		WRITE_ONCE(entry->last_hit, now);
}

static enum netswitch_verdict refuse(struct netswitch_frame *frame,
				     const struct acl_binding *binding,
				     enum acl_dir dir,
				     const struct acl_entry *entry, int reason)
{
	count(binding, dir, ACL_DROP + reason - 1);
	trace_utcp_acl_drop(netswitch_port_dev(frame->port), dir, frame->skb,
			    entry ? acl_rule_handle(&entry->rule) : 0, reason);
	return NETSWITCH_DROP;
}

static void set_class_and_mark(struct netswitch_frame *frame, u32 class,
			       bool has_mark, u32 mark)
{
	if (class)
		frame->class = class;
	if (has_mark)
		frame->skb->mark = mark;
}

/* Decides by the rules about a frame that belongs to nothing that was allowed. */
static enum netswitch_verdict decide_by_rules(struct netswitch_frame *frame,
					      const struct acl_binding *binding,
					      const struct acl_policy *policy,
					      const struct acl_ruleset *rules,
					      const struct acl_frame *read,
					      const struct acl_key *key)
{
	struct acl_net *this = binding->net;
	struct acl_entry *entry = find_rule(binding, rules, key);
	enum acl_dir dir = read->dir;
	u8 verdict;

	if (entry)
		entry_count(entry, read->len);
	verdict = entry ? entry->verdict : READ_ONCE(rules->def[dir]);
	if (unlikely(entry ? entry->log :
			     READ_ONCE(rules->log) &&
				     verdict != UTCP_ACL_VERDICT_ALLOW))
		acl_log(binding, policy, key, entry, verdict);
	if (verdict == UTCP_ACL_VERDICT_REJECT &&
	    acl_reject(frame, binding, read, key))
		count(binding, dir, ACL_REJECTED);
	if (verdict != UTCP_ACL_VERDICT_ALLOW)
		return refuse(frame, binding, dir, entry,
			      entry ? UTCP_ACL_DROP_REASON_RULE :
				      UTCP_ACL_DROP_REASON_DEFAULT);
	if (entry && unlikely(entry->extra))
		set_class_and_mark(frame, entry->extra->class,
				   entry->extra->has_mark, entry->extra->mark);
	/* Where all is allowed both ways, nothing needs to be remembered. */
	if (entry || READ_ONCE(rules->def[!dir]) != UTCP_ACL_VERDICT_ALLOW)
		acl_flow_allow(&this->flows,
			       acl_limit(this, UTCP_ACL_A_LIMITS_FLOWS),
			       binding->number, read, key, entry);
	return NETSWITCH_PASS;
}

/**
 * acl_decide() - decide about a frame of a bound port
 * @frame: the frame
 * @priv: the binding
 *
 * Context: softirq or softirqs off, under RCU.
 * Return: NETSWITCH_PASS or NETSWITCH_DROP.
 */
enum netswitch_verdict acl_decide(struct netswitch_frame *frame, void *priv)
{
	const struct acl_binding *binding = priv;
	enum acl_dir dir = frame->dir == binding->out ? ACL_OUT : ACL_IN;
	const struct acl_basics *basics;
	const struct acl_policy *policy;
	const struct acl_ruleset *rules;
	const struct acl_flow *flow;
	struct acl_frame read;
	struct acl_key key;
	int reason;

	/* What this host has sent to a group of its own is not the sandbox's. */
	if (unlikely(frame->skb->pkt_type == PACKET_LOOPBACK))
		return NETSWITCH_PASS;
	count(binding, dir, ACL_FRAMES);
	reason = frame_read(frame, dir, &read, &key);
	if (unlikely(reason))
		return refuse(frame, binding, dir, NULL, reason);
	basics = rcu_dereference(binding->basics);
	if (basics) {
		enum acl_basics_verdict own = acl_basics_ask(basics, &key);

		if (unlikely(own == ACL_BASICS_SPOOF))
			return refuse(frame, binding, dir, NULL,
				      UTCP_ACL_DROP_REASON_SPOOF);
		if (own == ACL_BASICS_ALLOW)
			return NETSWITCH_PASS;
	}
	policy = rcu_dereference(binding->policy);
	rules = rcu_dereference(policy->rules);
	switch (acl_flow_ask(&binding->net->flows,
			     acl_limit(binding->net, UTCP_ACL_A_LIMITS_FLOWS),
			     binding->number, &read, &key, &flow)) {
	case ACL_FLOW_KNOWN:
		set_class_and_mark(frame, flow->class, flow->has_mark,
				   flow->mark);
		return NETSWITCH_PASS;
	case ACL_FLOW_STRAY:
		/* Where all is allowed nothing was remembered, and nothing lost. */
		if (READ_ONCE(rules->def[dir]) != UTCP_ACL_VERDICT_ALLOW)
			return refuse(frame, binding, dir, NULL,
				      UTCP_ACL_DROP_REASON_FRAGMENT);
		break;
	case ACL_FLOW_UNKNOWN:
		break;
	}
	return decide_by_rules(frame, binding, policy, rules, &read, &key);
}
