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
#include "log.h"
#include "parse.h"
#include "track.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* Bytes that are brought into the linear part at most. */
#define READ_MAX 256

/* Of each CPU its own; never NULL while the module is loaded. */
static DEFINE_PER_CPU(struct acl_cache *, acl_caches);

/* What the cache has where no rule matches. */
static const char no_rule;
/* What a recent place (recent.h) has instead where all defaults allow, too: such frames
 * pass, and nothing is noted.
 */
static const char passes;

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

static enum acl_dir dir_of(const struct netswitch_frame *frame,
			   const struct acl_binding *binding)
{
	return frame->dir == binding->out ? ACL_OUT : ACL_IN;
}

static void count(const struct acl_binding *binding, enum acl_dir dir,
		  unsigned int counter)
{
	this_cpu_inc(binding->counters->val[dir][counter]);
}

/* Where the bytes of a frame are that can be read, from the Ethernet header on. */
static __always_inline void frame_span(const struct netswitch_frame *from,
				       struct acl_frame *frame)
{
	const struct sk_buff *skb = from->skb;
	unsigned long header = 0;

	frame->data = skb->data;
	/* On the way in, data start behind it. */
	if (from->dir == NETSWITCH_IN) {
		frame->data = skb_mac_header(skb);
		header = skb->data - frame->data;
	}
	frame->linear = skb_headlen(skb) + header;
	frame->len = skb->len + header;
}

/* The same of one with an ordinary Ethernet header, which is nearly all; false: any other. */
static __always_inline bool plain_span(const struct netswitch_frame *from,
				       struct acl_frame *frame)
{
	const struct sk_buff *skb = from->skb;
	unsigned int header = 0;

	if (from->dir == NETSWITCH_IN) {
		if (unlikely(skb->mac_len != ETH_HLEN))
			return false;
		header = ETH_HLEN;
	}
	frame->data = skb->data - header;
	frame->linear = skb_headlen(skb) + header;
	frame->len = skb->len + header;
	return true;
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

/* A checksum that is not finished is written when the frame is sent on, to where its sender
 * has said, which of a packet socket or a tap may be anywhere: ports, addresses. Is that
 * where the checksum of the header is that was read, or behind all that was?
 */
static bool sum_is_apart(const struct sk_buff *skb,
			 const struct acl_frame *frame,
			 const struct acl_key *key)
{
	long from, behind;
	u16 sum;

	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return true;
	/* Nobody who means well leaves one open in these. */
	if (key->frag != ACL_FRAG_NONE || key->has_arp || key->has_utcp)
		return false;
	from = skb_checksum_start(skb) - frame->data;
	behind = key->l4 ?: key->l3;
	if (!key->l4 || acl_key_noports(key))
		return from + skb->csum_offset >= behind;
	switch (acl_key_proto(key)) {
	case IPPROTO_TCP:
		sum = 16;
		behind += 20;
		break;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		sum = 6;
		behind += 8;
		break;
	case IPPROTO_SCTP:
		sum = 8;
		behind += 12;
		break;
	case IPPROTO_DCCP:
		sum = 6;
		behind += 12;
		break;
	default: /* ICMP, of which more may be read */
		return from == key->l4 && skb->csum_offset == 2;
	}
	return (from == key->l4 && skb->csum_offset == sum) ||
	       from + skb->csum_offset >= behind;
}

/* The same of a plain frame; false: sum_is_apart() has to say. */
static __always_inline bool plain_sum_is_own(const struct sk_buff *skb,
					     const u8 *data, u64 rest)
{
	u8 proto = rest >> ACL_PLAIN_PROTO;

	return skb->ip_summed != CHECKSUM_PARTIAL ||
	       (skb_checksum_start(skb) == data + ACL_PLAIN_L4 &&
		skb->csum_offset == (proto == IPPROTO_TCP ? 16 : 6));
}

/* An ICMP error may belong to the flow that it is about: what it carries is read as well,
 * which may lie in pages though all before it does not. False: no memory.
 */
static noinline bool read_error(const struct netswitch_frame *from,
				struct acl_frame *frame, struct acl_key *key)
{
	if (frame->linear >= min_t(u32, frame->len, READ_MAX))
		return true;
	return frame_pull(from, frame) && acl_parse(frame, key) == ACL_PARSE_OK;
}

/* Reads a frame. Return: 0, or the reason to drop it. */
static int frame_read(const struct netswitch_frame *from,
		      const struct acl_binding *binding, enum acl_dir dir,
		      struct acl_frame *frame, struct acl_key *key)
{
	const struct sk_buff *skb = from->skb;

	frame->dir = dir;
	frame->dev = binding->dev;
	frame->has_vlan = skb_vlan_tag_present(skb);
	frame->vlan_tag = frame->has_vlan ? skb_vlan_tag_get(skb) : 0;
	frame_span(from, frame);
	if (likely(acl_parse(frame, key) == ACL_PARSE_OK)) {
		if (unlikely(acl_is_icmp_error(key)) &&
		    !read_error(from, frame, key))
			return UTCP_ACL_DROP_REASON_NOMEM;
		goto read;
	}
	if (frame->linear >= min_t(u32, frame->len, READ_MAX))
		return UTCP_ACL_DROP_REASON_MALFORMED;
	if (!frame_pull(from, frame))
		return UTCP_ACL_DROP_REASON_NOMEM;
	if (acl_parse(frame, key) != ACL_PARSE_OK)
		return UTCP_ACL_DROP_REASON_MALFORMED;
read:
	return likely(sum_is_apart(skb, frame, key)) ?
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
	struct acl_result result __uninitialized;
	struct acl_cache_tag tag __uninitialized;
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

/* Apart, so that a frame that nobody traces pays for nothing of it. */
static noinline void tell_tracers(const struct acl_binding *binding,
				  const struct acl_key *key, enum acl_dir dir,
				  u64 handle, u8 verdict, u8 reason, u8 decider)
{
	struct acl_seen seen = {
		.handle = handle,
		.dir = dir,
		.verdict = verdict,
		.reason = reason,
		.decider = decider,
	};

	acl_trace_frame(binding, rcu_dereference(binding->policy), key, &seen);
}

/* Tells those who trace. @key: NULL if the frame could not be read. */
static __always_inline void traced(const struct acl_binding *binding,
				   const struct acl_key *key, enum acl_dir dir,
				   u64 handle, u8 verdict, u8 reason,
				   u8 decider)
{
	if (static_branch_unlikely(&acl_tracing.key))
		tell_tracers(binding, key, dir, handle, verdict, reason,
			     decider);
}

static enum netswitch_verdict drop(struct netswitch_frame *frame,
				   const struct acl_binding *binding,
				   enum acl_dir dir, u64 handle, int reason)
{
	count(binding, dir, ACL_DROP + reason - 1);
	trace_utcp_acl_drop(netswitch_port_dev(frame->port), dir, frame->skb,
			    handle, reason);
	return NETSWITCH_DROP;
}

/* Drops a frame about which neither a rule nor a default decides. @key: NULL if it could
 * not be read.
 */
static enum netswitch_verdict refuse(struct netswitch_frame *frame,
				     const struct acl_binding *binding,
				     enum acl_dir dir,
				     const struct acl_key *key, int reason)
{
	static const u8 deciders[] = {
		[UTCP_ACL_DROP_REASON_MALFORMED] = UTCP_ACL_DECIDER_HEADERS,
		[UTCP_ACL_DROP_REASON_NOMEM] = UTCP_ACL_DECIDER_HEADERS,
		[UTCP_ACL_DROP_REASON_FRAGMENT] = UTCP_ACL_DECIDER_FLOW,
		[UTCP_ACL_DROP_REASON_SPOOF] = UTCP_ACL_DECIDER_BASICS,
		[UTCP_ACL_DROP_REASON_IDENTITY] = UTCP_ACL_DECIDER_IDENTITY,
	};
	const struct acl_policy *policy = rcu_dereference(binding->policy);
	struct acl_seen seen = {
		.dir = dir,
		.verdict = UTCP_ACL_VERDICT_DENY,
		.reason = reason,
	};

	traced(binding, key, dir, 0, UTCP_ACL_VERDICT_DENY, reason,
	       deciders[reason]);
	if (key && READ_ONCE(rcu_dereference(policy->rules)->log))
		acl_log(binding, policy, key, &seen);
	return drop(frame, binding, dir, 0, reason);
}

static void set_class_and_mark(struct netswitch_frame *frame, u32 class,
			       bool has_mark, u32 mark)
{
	if (class)
		frame->class = class;
	if (has_mark)
		frame->skb->mark = mark;
}

/* Was a frame of UTCP that the sandbox sends told of? */
static const struct acl_told *find_told(struct netswitch_frame *frame,
					const struct acl_binding *binding,
					struct acl_frame *read,
					const struct acl_key *key)
{
	struct acl_identities *identities = &binding->net->identities;
	u32 bytes;

	if (!atomic_read(&binding->told) ||
	    !acl_told_reads(identities, key, &bytes) ||
	    (bytes > read->linear && !frame_pull(frame, read)))
		return NULL;
	return acl_told_find(identities, binding->number, read, key);
}

/* Decides about a frame of UTCP. Where there are rules about identities, what goes to the
 * sandbox passes: only an answer could tell anybody something. Where there are none, what
 * is told of still has a moment to say that it ends. False: the other rules decide.
 */
static noinline bool decide_utcp(struct netswitch_frame *frame,
				 const struct acl_binding *binding,
				 struct acl_frame *read,
				 const struct acl_key *key, bool identities,
				 enum netswitch_verdict *verdict)
{
	const struct acl_told *told = NULL;

	if (read->dir == ACL_OUT)
		told = find_told(frame, binding, read, key);
	if (told)
		set_class_and_mark(frame, READ_ONCE(told->class), false, 0);
	else if (!identities)
		return false;
	*verdict = NETSWITCH_PASS;
	if (told || read->dir == ACL_IN)
		traced(binding, key, read->dir, 0, UTCP_ACL_VERDICT_ALLOW, 0,
		       UTCP_ACL_DECIDER_IDENTITY);
	else
		*verdict = refuse(frame, binding, read->dir, key,
				  UTCP_ACL_DROP_REASON_IDENTITY);
	return true;
}

static noinline void log_frame(const struct acl_binding *binding,
			       const struct acl_policy *policy,
			       const struct acl_key *key, u64 handle,
			       u8 verdict, u8 reason)
{
	struct acl_seen seen = {
		.handle = handle,
		.dir = acl_key_dir(key),
		.verdict = verdict,
		.reason = reason,
	};

	acl_log(binding, policy, key, &seen);
}

/* Decides by a rule, or (NULL) by the default, about a frame that belongs to nothing that
 * was allowed.
 */
static noinline enum netswitch_verdict
decide_by_entry(struct netswitch_frame *frame,
		const struct acl_binding *binding,
		const struct acl_ruleset *rules, const struct acl_frame *read,
		const struct acl_key *key, struct acl_entry *entry)
{
	u64 handle = entry ? acl_rule_handle(&entry->rule) : 0;
	struct acl_net *this = binding->net;
	enum acl_dir dir = read->dir;
	u8 verdict, reason = 0;

	if (entry)
		entry_count(entry, read->len);
	verdict = entry ? entry->verdict : READ_ONCE(rules->def[dir]);
	if (verdict != UTCP_ACL_VERDICT_ALLOW)
		reason = entry ? UTCP_ACL_DROP_REASON_RULE :
				 UTCP_ACL_DROP_REASON_DEFAULT;
	traced(binding, key, dir, handle, verdict, reason,
	       entry ? UTCP_ACL_DECIDER_RULE : UTCP_ACL_DECIDER_DEFAULT);
	if (unlikely(entry ? entry->log : READ_ONCE(rules->log) && reason))
		log_frame(binding, rcu_dereference(binding->policy), key,
			  handle, verdict, reason);
	if (verdict == UTCP_ACL_VERDICT_REJECT &&
	    acl_reject(frame, binding, read, key))
		count(binding, dir, ACL_REJECTED);
	if (reason)
		return drop(frame, binding, dir, handle, reason);
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

/* A frame that belongs to a flow passes. */
static __always_inline enum netswitch_verdict
pass_flow(struct netswitch_frame *frame, const struct acl_flow *flow)
{
	if (unlikely(flow->says))
		set_class_and_mark(frame, flow->class, flow->has_mark,
				   flow->mark);
	return NETSWITCH_PASS;
}

/* Decides about a frame that the basics leave to flows and rules. */
static enum netswitch_verdict decide_by_key(struct netswitch_frame *frame,
					    const struct acl_binding *binding,
					    const struct acl_ruleset *rules,
					    const struct acl_frame *read,
					    const struct acl_key *key)
{
	struct acl_net *this = binding->net;
	const struct acl_flow *flow;

	switch (acl_flow_ask(&this->flows,
			     acl_limit(this, UTCP_ACL_A_LIMITS_FLOWS),
			     binding->number, read, key, &flow)) {
	case ACL_FLOW_KNOWN:
		traced(binding, key, read->dir, flow->handle,
		       UTCP_ACL_VERDICT_ALLOW, 0, UTCP_ACL_DECIDER_FLOW);
		return pass_flow(frame, flow);
	case ACL_FLOW_STRAY:
		/* Where all is allowed nothing was remembered, and nothing lost. */
		if (READ_ONCE(rules->def[read->dir]) != UTCP_ACL_VERDICT_ALLOW)
			return refuse(frame, binding, read->dir, key,
				      UTCP_ACL_DROP_REASON_FRAGMENT);
		break;
	case ACL_FLOW_UNKNOWN:
		break;
	}
	return decide_by_entry(frame, binding, rules, read, key,
			       find_rule(binding, rules, key));
}

/* Decides about any frame. */
static noinline enum netswitch_verdict
decide_any(struct netswitch_frame *frame, const struct acl_binding *binding)
{
	enum acl_dir dir = dir_of(frame, binding);
	const struct acl_basics *basics;
	const struct acl_policy *policy;
	const struct acl_ruleset *rules;
	enum netswitch_verdict verdict;
	/* Filled by frame_read(). The kernel would fill them with zeros before, which
	 * is twenty stores for each frame.
	 */
	struct acl_frame read __uninitialized;
	struct acl_key key __uninitialized;
	int reason;

	reason = frame_read(frame, binding, dir, &read, &key);
	if (unlikely(reason))
		return refuse(frame, binding, dir, NULL, reason);
	basics = rcu_dereference(binding->basics);
	if (basics) {
		enum acl_basics_verdict own = acl_basics_ask(basics, &key);

		if (unlikely(own == ACL_BASICS_SPOOF))
			return refuse(frame, binding, dir, &key,
				      UTCP_ACL_DROP_REASON_SPOOF);
		if (own == ACL_BASICS_ALLOW) {
			traced(binding, &key, dir, 0, UTCP_ACL_VERDICT_ALLOW, 0,
			       UTCP_ACL_DECIDER_BASICS);
			return NETSWITCH_PASS;
		}
	}
	policy = rcu_dereference(binding->policy);
	rules = rcu_dereference(policy->rules);
	if (unlikely(key.ethertype == ACL_ETH_P_UTCP) &&
	    decide_utcp(frame, binding, &read, &key, acl_has_identities(rules),
			&verdict))
		return verdict;
	return decide_by_key(frame, binding, rules, &read, &key);
}

/* The key of a plain frame, and where the frame is. */
static void plain_key(const struct netswitch_frame *frame,
		      const struct acl_binding *binding, u64 head, u64 l4,
		      struct acl_frame *read, struct acl_key *key)
{
	read->dir = l4 >> ACL_L4_DIR & 1;
	read->dev = binding->dev;
	read->has_vlan = false;
	read->vlan_tag = 0;
	frame_span(frame, read);
	acl_plain_key(read->data, head, l4, 0, key);
	key->dev = read->dev;
}

/* Does a plain frame go on with a flow that the table has? Notes what it says then. */
static noinline bool plain_goes_on(struct netswitch_frame *frame,
				   const struct acl_binding *binding, u64 head,
				   u64 l4)
{
	struct acl_frame read __uninitialized;
	struct acl_key key __uninitialized;
	struct acl_flow *flow;
	u64 epoch;

	flow = acl_flow_find_plain(&binding->net->flows, binding->number, head,
				   l4, &epoch);
	if (!flow)
		return false;
	plain_key(frame, binding, head, l4, &read, &key);
	if (!acl_flow_take(flow, binding->number, epoch, &read, &key))
		return false;
	pass_flow(frame, flow);
	return true;
}

/* Decides about a plain frame that its two words do not suffice for. */
static noinline enum netswitch_verdict
decide_plain_by_key(struct netswitch_frame *frame,
		    const struct acl_binding *binding,
		    const struct acl_ruleset *rules, u64 head, u64 l4)
{
	/* Filled here, as in decide_any(). */
	struct acl_frame read __uninitialized;
	struct acl_key key __uninitialized;

	plain_key(frame, binding, head, l4, &read, &key);
	return decide_by_entry(frame, binding, rules, &read, &key,
			       find_rule(binding, rules, &key));
}

/* Decides by a rule, or (NULL) by the default, about a plain frame. */
static noinline enum netswitch_verdict
decide_plain_by_entry(struct netswitch_frame *frame,
		      const struct acl_binding *binding,
		      const struct acl_ruleset *rules, u64 head, u64 l4,
		      struct acl_entry *entry)
{
	enum acl_dir dir = l4 >> ACL_L4_DIR & 1;
	struct acl_frame read __uninitialized;
	struct acl_key key __uninitialized;
	u8 verdict;

	verdict = entry ? entry->verdict : READ_ONCE(rules->def[dir]);
	if (verdict != UTCP_ACL_VERDICT_DENY ||
	    unlikely(entry ? entry->log : READ_ONCE(rules->log))) {
		plain_key(frame, binding, head, l4, &read, &key);
		return decide_by_entry(frame, binding, rules, &read, &key,
				       entry);
	}
	/* Nobody is told what kind of frame it was. */
	if (!entry)
		return drop(frame, binding, dir, 0,
			    UTCP_ACL_DROP_REASON_DEFAULT);
	frame_span(frame, &read);
	entry_count(entry, read.len);
	return drop(frame, binding, dir, acl_rule_handle(&entry->rule),
		    UTCP_ACL_DROP_REASON_RULE);
}

/* What the rules say of plain frames: the rule that they meet, or no_rule, or passes; NULL
 * if their two words do not suffice. Under RCU.
 */
static __always_inline const void *find_plain(const struct acl_ruleset *rules,
					      struct acl_recent *recent,
					      u64 addrs, u64 rest, u64 from,
					      u64 head, u64 l4)
{
	const struct acl_rule *rule;
	const void *verdict;
	u64 generation;

	/* Pairs with the write in acl_ruleset_end(). What is read behind it may be of
	 * a later state: then this generation is over, and nothing that is kept under
	 * it is found again.
	 */
	generation = smp_load_acquire(&rules->generation);
	if (unlikely(!generation || !READ_ONCE(rules->plain)))
		return NULL;
	if (acl_recent_is(recent, addrs, rest)) {
		verdict = acl_recent_verdict(recent, from, generation);
		if (verdict)
			return verdict;
	}
	rule = acl_classifier_lookup_plain(&rules->classifier, head, l4);
	if (unlikely(rule == &acl_rule_unsaid))
		return NULL;
	if (rule)
		verdict = acl_entry_of(rule);
	else if (READ_ONCE(rules->def[ACL_OUT]) == UTCP_ACL_VERDICT_ALLOW &&
		 READ_ONCE(rules->def[ACL_IN]) == UTCP_ACL_VERDICT_ALLOW)
		verdict = &passes;
	else
		verdict = &no_rule;
	acl_recent_put_verdict(recent, addrs, rest, from, generation,
			       (void *)verdict);
	return verdict;
}

/* Decides about a plain frame on which the basics have nothing to say, nobody traces, and
 * this CPU knows no flow. Of its key, only the two words are made. @hash: see
 * acl_recent_hash().
 */
static noinline enum netswitch_verdict
decide_plain(struct netswitch_frame *frame, const struct acl_binding *binding,
	     u64 addrs, u64 rest, const u8 *data, u64 hash)
{
	const struct acl_policy *policy = rcu_dereference(binding->policy);
	const struct acl_ruleset *rules = rcu_dereference(policy->rules);
	u64 from = binding->way[frame->dir].from;
	u64 head = acl_plain_head(addrs);
	u64 l4 = acl_plain_l4(data, rest, from & 1);
	const void *verdict;

	if (acl_flow_may_be(&binding->net->flows, hash) &&
	    plain_goes_on(frame, binding, head, l4))
		return NETSWITCH_PASS;
	verdict = find_plain(rules, acl_recent_at(hash), addrs, rest, from,
			     head, l4);
	if (verdict == &passes)
		return NETSWITCH_PASS;
	if (unlikely(!verdict))
		return decide_plain_by_key(frame, binding, rules, head, l4);
	return decide_plain_by_entry(
		frame, binding, rules, head, l4,
		verdict == &no_rule ? NULL : (struct acl_entry *)verdict);
}

/* May a sandbox send a frame, if it is plain? If not, decide_any() says so. */
static noinline bool may_send(const struct netswitch_frame *frame,
			      const struct acl_basics *basics)
{
	struct acl_frame read __uninitialized;

	frame_span(frame, &read);
	return read.linear >= ACL_PLAIN_L4 &&
	       acl_basics_sends(
		       basics, acl_mac(read.data + ETH_ALEN),
		       get_unaligned_be32(read.data + ACL_PLAIN_L3 + 12));
}

/* What acl_decide() does when nobody has to be asked before. There is no call in it but for
 * those that end it: what a call would have to spare is saved and restored for each frame.
 */
static __always_inline enum netswitch_verdict
decide_quick(struct netswitch_frame *frame, const struct acl_binding *binding,
	     u64 from)
{
	struct acl_plain plain __uninitialized;
	struct acl_frame read __uninitialized;
	const struct acl_policy *policy;
	const struct acl_ruleset *rules;
	struct acl_recent *recent;
	u64 generation, hash;

	if (unlikely(!plain_span(frame, &read)) ||
	    unlikely(skb_vlan_tag_present(frame->skb)) ||
	    !acl_plain_read(read.data, read.linear, read.len, &plain) ||
	    unlikely(!plain_sum_is_own(frame->skb, read.data, plain.rest)))
		return decide_any(frame, binding);
	hash = acl_recent_hash(plain.addrs, plain.rest, from);
	recent = acl_recent_at(hash);
	if (acl_recent_is(recent, plain.addrs, plain.rest)) {
		if (likely(acl_recent_is_flow(recent, from,
					      &binding->net->flows.epoch))) {
			struct acl_flow *flow = recent->what;

			recent->met = true;
			if (likely(acl_flow_goes_on(flow, recent->back, &plain,
						    read.data + ACL_PLAIN_L4,
						    read.len)))
				return pass_flow(frame, flow);
			/* Its end, or its beginning. */
			return decide_any(frame, binding);
		}
		policy = rcu_dereference(binding->policy);
		rules = rcu_dereference(policy->rules);
		/* Pairs with the write in acl_ruleset_end(). */
		generation = smp_load_acquire(&rules->generation);
		/* The other end may have begun a flow since. */
		if (acl_recent_verdict(recent, from, generation) == &passes &&
		    !acl_flow_may_be(&binding->net->flows, hash))
			return NETSWITCH_PASS;
	}
	return decide_plain(frame, binding, plain.addrs, plain.rest, read.data,
			    hash);
}

/* The sandbox itself sends. */
static noinline enum netswitch_verdict
decide_sent(struct netswitch_frame *frame, const struct acl_binding *binding)
{
	const struct acl_basics *basics = rcu_dereference(binding->basics);

	if ((basics && !may_send(frame, basics)) ||
	    (static_branch_unlikely(&acl_tracing.key) &&
	     acl_is_traced(binding)))
		return decide_any(frame, binding);
	return decide_quick(frame, binding, binding->way[frame->dir].from);
}

/* Who traces has to be told; others' frames keep to their way. */
static noinline enum netswitch_verdict
decide_traced(struct netswitch_frame *frame, const struct acl_binding *binding)
{
	return acl_is_traced(binding) ?
		       decide_any(frame, binding) :
		       decide_quick(frame, binding,
				    binding->way[frame->dir].from);
}

/**
 * acl_decide() - decide about a frame of a bound port
 * @frame: the frame
 * @priv: the binding
 *
 * What nearly all frames are is decided here, in registers: a plain frame of a flow that
 * this CPU has just seen, or about which all rules were asked before. It says the same
 * as decide_any() would.
 *
 * Context: softirq or softirqs off, under RCU.
 * Return: NETSWITCH_PASS or NETSWITCH_DROP.
 */
enum netswitch_verdict acl_decide(struct netswitch_frame *frame, void *priv)
{
	const struct acl_binding *binding = priv;
	const struct acl_way *way = &binding->way[frame->dir];
	u64 from = way->from;

	this_cpu_inc(*way->frames);
	if (unlikely(rcu_access_pointer(binding->basics)) &&
	    (from & 1) == ACL_OUT)
		return decide_sent(frame, binding);
	if (static_branch_unlikely(&acl_tracing.key))
		return decide_traced(frame, binding);
	return decide_quick(frame, binding, from);
}
