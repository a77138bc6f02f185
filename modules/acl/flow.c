// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flows: what was allowed is remembered, so that what belongs to it is allowed too.
 *
 * A flow begins with a frame that may begin one and that the rules have allowed: of
 * TCP a SYN, of UDP any, of ICMP the request of an echo. It never begins where the
 * table is full: then the rules decide about each frame, as if nothing was
 * remembered, and no flow that there is has to give way.
 *
 * Of TCP's sequence numbers only so much is kept as tells a real reset from a forged
 * one (RFC 5961): who can send by the same port, but does not see the connection,
 * cannot have it forgotten.
 */
#include <linux/bitops.h>
#include <linux/bsearch.h>
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/unaligned.h>
#include <net/tcp.h>

#include <uapi/linux/icmp.h>
#include <uapi/linux/icmpv6.h>
#include <uapi/linux/utcp_acl.h>

#include "flow.h"
#include "parse.h"
#include "plain.h"
#include "policy.h"
#include "recent.h"
#include "track.h"

/* How long a flow is remembered when nothing comes any more, in seconds. */
#define TIME_NEW \
	60 /* TCP: SYN was sent; RFC 5382 has no less than 240 for NAT */
#define TIME_CLOSED 60 /* TCP: for what is sent again */
#define TIME_RESET 5
#define TIME_ECHO 30
#define TIME_FRAGMENTS 30 /* as long as the kernel waits for the rest */

/* The table is swept so often, in seconds. */
#define SWEEP 5

/* What the hash is keyed with: who sends frames must not know which flows meet in a
 * bucket. Written once, before there is a table.
 */
static u64 secrets[5] __ro_after_init;

/* Of the module's life, the first. */
void __init acl_flows_seed(void)
{
	get_random_bytes(secrets, sizeof(secrets));
}

/* The halves of a product, folded: each bit depends on most of both factors. */
static u64 fold(u64 a, u64 b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (u64)product ^ (u64)(product >> 64);
}

static u64 hash_end(const u64 addr[2], u16 port)
{
	return fold(addr[0] ^ secrets[0],
		    addr[1] + port * secrets[1] + secrets[2]);
}

/* Both ends alike, so that either direction of a flow has the same. */
static u32 hash_tuple(const void *data, u32 len, u32 seed)
{
	const struct acl_tuple *tuple = data;
	u64 ends = hash_end(tuple->src, tuple->ports >> 16) +
		   hash_end(tuple->dst, tuple->ports);

	return fold(ends ^ secrets[3] ^ seed,
		    (tuple->rest | BIT(ACL_TUPLE_DIR)) ^ secrets[4]);
}

/* Not 0: something else. A fragment goes only one way. */
static int compare_tuple(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct acl_tuple *a = arg->key;
	const struct acl_tuple *b = &((const struct acl_flow *)obj)->tuple;
	u64 rest = a->rest ^ b->rest;

	if (!rest)
		return ((a->src[0] ^ b->src[0]) | (a->dst[0] ^ b->dst[0]) |
			(a->src[1] ^ b->src[1]) | (a->dst[1] ^ b->dst[1]) |
			(a->ports ^ b->ports)) != 0;
	if (rest != BIT(ACL_TUPLE_DIR) || acl_tuple_frag(a))
		return 1;
	return ((a->src[0] ^ b->dst[0]) | (a->dst[0] ^ b->src[0]) |
		(a->src[1] ^ b->dst[1]) | (a->dst[1] ^ b->src[1]) |
		(a->ports ^ rol32(b->ports, 16))) != 0;
}

static const struct rhashtable_params table_params = {
	.key_len = sizeof(struct acl_tuple),
	.key_offset = offsetof(struct acl_flow, tuple),
	.head_offset = offsetof(struct acl_flow, node),
	.hashfn = hash_tuple,
	.obj_cmpfn = compare_tuple,
	.automatic_shrinking = true,
};

/* --- life ---------------------------------------------------------------------------- */

/* Those of a namespace that has had no flow yet. Never written. */
static atomic_t no_plain[ACL_FLOW_PLAIN];

static atomic_t *share_of(struct acl_flows *flows, u32 binding)
{
	return &flows->of[binding % ACL_FLOW_SHARES];
}

/* Puts counts in the place of what stands for none. False: no memory. */
static bool make_counts(atomic_t **counts, atomic_t *none, u32 n)
{
	atomic_t *new;

	if (likely(READ_ONCE(*counts) != none))
		return true;
	new = kcalloc(n, sizeof(*new), GFP_ATOMIC | __GFP_NOWARN);
	if (!new)
		return false;
	/* Another CPU may have been faster. */
	if (cmpxchg(counts, none, new) != none)
		kfree(new);
	return true;
}

/* Before a flow is counted: of these a namespace without flows, as most are that idle,
 * would have nothing but what they take.
 */
static bool have_counts(struct acl_flows *flows)
{
	return make_counts(&flows->of, NULL, ACL_FLOW_SHARES) &&
	       make_counts(&flows->plain, no_plain, ACL_FLOW_PLAIN);
}

/* Flows of plain frames in these places become more, or fewer. Whoever finds a flow comes
 * behind it in its table: so more before it is put there, and fewer when it was taken out.
 */
static void count_plain(struct acl_flows *flows, const struct acl_tuple *tuple,
			int by)
{
	u64 from =
		acl_recent_from(acl_tuple_binding(tuple), acl_tuple_dir(tuple));
	u8 proto = acl_tuple_proto(tuple);
	u64 addrs, rest, there, back;

	if (acl_tuple_family(tuple) != ACL_IPV4 || acl_tuple_frag(tuple) ||
	    acl_tuple_vlan(tuple) ||
	    (proto != IPPROTO_TCP && proto != IPPROTO_UDP))
		return;
	addrs = acl_plain_addrs(tuple->src[0] << 32 | tuple->dst[0]);
	rest = acl_plain_rest(tuple->ports | (u64)proto << ACL_L4_PROTO);
	there = acl_recent_hash(addrs, rest, from);
	/* Addresses, ports and direction the other way round. */
	back = acl_recent_hash(rol64(addrs, 32),
			       (rest & ~0xffffffffULL) | rol32(rest, 16),
			       from ^ 1);
	atomic_add(by, &flows->plain[there >> (64 - ACL_FLOW_PLAIN_BITS)]);
	atomic_add(by, &flows->plain[back >> (64 - ACL_FLOW_PLAIN_BITS)]);
}

/* Takes a flow out of the table, unless somebody else has. */
static bool flow_del(struct acl_flows *flows, struct acl_flow *flow)
{
	if (rhashtable_remove_fast(&flows->table, &flow->node, table_params))
		return false;
	atomic_dec(&flows->n);
	atomic_dec(share_of(flows, acl_tuple_binding(&flow->tuple)));
	count_plain(flows, &flow->tuple, -1);
	/* Fragments are never among the recent ones; their sender would have all
	 * CPUs forget what they know of others.
	 */
	if (!acl_tuple_frag(&flow->tuple))
		acl_recent_forget(&flows->epoch);
	kfree_rcu(flow, rcu);
	return true;
}

static int compare_numbers(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

/* Takes away the flows of bindings, whose numbers are in order, or (NULL) of all, or only
 * those that are over. May sleep.
 */
static u32 flows_clean(struct acl_flows *flows, const u32 *bindings,
		       u32 n_bindings, bool over)
{
	struct rhashtable_iter iter;
	struct acl_flow *flow;
	u32 n = 0;

	rhashtable_walk_enter(&flows->table, &iter);
	rhashtable_walk_start(&iter);
	while ((flow = rhashtable_walk_next(&iter))) {
		u32 of;

		/* The table grows meanwhile: some come twice. */
		if (IS_ERR(flow))
			continue;
		of = acl_tuple_binding(&flow->tuple);
		if (bindings && !bsearch(&of, bindings, n_bindings, sizeof(of),
					 compare_numbers))
			continue;
		if (over && !acl_flow_over(flow))
			continue;
		n += flow_del(flows, flow);
		if (need_resched()) {
			acl_walk_pause(&iter);
			/* What was taken out shifts the rest of its bucket: from its
			 * beginning, so that none is missed.
			 */
			iter.skip = 0;
			cond_resched();
			rhashtable_walk_start(&iter);
		}
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
	return n;
}

static void sweep(struct work_struct *work)
{
	struct acl_flows *flows =
		container_of(to_delayed_work(work), struct acl_flows, sweep);

	flows_clean(flows, NULL, 0, true);
	if (atomic_read(&flows->n))
		schedule_delayed_work(&flows->sweep, SWEEP * HZ);
}

int acl_flows_init(struct acl_flows *flows)
{
	atomic_set(&flows->n, 0);
	flows->of = NULL;
	flows->plain = no_plain;
	atomic64_set(&flows->epoch, 0);
	INIT_DELAYED_WORK(&flows->sweep, sweep);
	return rhashtable_init(&flows->table, &table_params);
}

static void flow_free(void *flow, void *unused)
{
	kfree(flow);
}

/* No frame comes any more, nor a request. */
void acl_flows_exit(struct acl_flows *flows)
{
	cancel_delayed_work_sync(&flows->sweep);
	rhashtable_free_and_destroy(&flows->table, flow_free, NULL);
	kfree(flows->of);
	if (flows->plain != no_plain)
		kfree(flows->plain);
}

/* Forgets the flows of a binding, or (0) of all. May sleep.
 * Return: how many they were.
 */
u32 acl_flows_flush(struct acl_flows *flows, u32 binding)
{
	/* Devices that go have none, most of them: without a walk for each. */
	if (binding &&
	    (!READ_ONCE(flows->of) || !atomic_read(share_of(flows, binding))))
		return 0;
	return flows_clean(flows, binding ? &binding : NULL, 1, false);
}

/**
 * acl_flows_flush_many() - forget the flows of several bindings
 * @flows: the namespace's flows
 * @bindings: their numbers, which are put in order
 * @n: how many
 *
 * In one walk, since the table may be long, and rtnl is held.
 *
 * Context: process, may sleep.
 */
void acl_flows_flush_many(struct acl_flows *flows, u32 *bindings, u32 n)
{
	sort(bindings, n, sizeof(*bindings), compare_numbers, NULL);
	flows_clean(flows, bindings, n, false);
}

/* --- what a frame belongs to ------------------------------------------------------------ */

static bool is_echo(const struct acl_key *key, bool reply)
{
	u8 type = acl_key_sport(key);

	if (acl_key_proto(key) == IPPROTO_ICMP)
		return type == (reply ? ICMP_ECHOREPLY : ICMP_ECHO);
	return acl_key_proto(key) == IPPROTO_ICMPV6 &&
	       type == (reply ? ICMPV6_ECHO_REPLY : ICMPV6_ECHO_REQUEST);
}

static __always_inline bool has_flows(const struct acl_key *key)
{
	switch (acl_key_family(key)) {
	case ACL_IPV4:
	case ACL_IPV6:
		break;
	default:
		return false;
	}
	switch (acl_key_proto(key)) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		return !acl_key_noports(key);
	default:
		return is_echo(key, false) || is_echo(key, true);
	}
}

/* As if it were the first frame of its flow. */
static __always_inline void tuple_of(struct acl_tuple *tuple,
				     const struct acl_key *key, u32 binding)
{
	u8 proto = acl_key_proto(key);

	if (acl_key_family(key) == ACL_IPV4) {
		tuple->src[0] = key->w[ACL_W_HEAD] >> 32;
		tuple->dst[0] = (u32)key->w[ACL_W_HEAD];
		tuple->src[1] = 0;
		tuple->dst[1] = 0;
	} else {
		tuple->src[0] = key->w[ACL_W_HEAD];
		tuple->src[1] = key->w[ACL_W_SRC2];
		tuple->dst[0] = key->w[ACL_W_DST];
		tuple->dst[1] = key->w[ACL_W_DST2];
	}
	tuple->rest = (u64)binding << ACL_TUPLE_BINDING |
		      (u32)acl_key_vlan(key) << ACL_TUPLE_VLAN |
		      (u32)proto << ACL_TUPLE_PROTO |
		      acl_key_family(key) << ACL_TUPLE_FAMILY |
		      acl_key_dir(key) << ACL_TUPLE_DIR;
	tuple->ports = key->w[ACL_W_L4]; /* the lower half */
	if (proto != IPPROTO_ICMP && proto != IPPROTO_ICMPV6)
		return;
	tuple->ports = (u32)key->icmp_id << 16 | key->icmp_id;
	/* Both ends may ask by the same identifier: these are two flows. */
	if (acl_key_dir(key) != is_echo(key, true))
		tuple->rest |= BIT(ACL_TUPLE_ASKER);
}

static void tuple_of_fragment(struct acl_tuple *tuple,
			      const struct acl_key *key, u32 binding)
{
	tuple_of(tuple, key, binding);
	/* Of IPv6, only the first one tells the protocol (RFC 8200 section 4.5): the
	 * others have that of the first header that was cut up.
	 */
	if (acl_tuple_family(tuple) == ACL_IPV6)
		tuple->rest &= ~(0xffULL << ACL_TUPLE_PROTO);
	/* Nor does any but the first tell who asks. */
	tuple->rest &= ~BIT(ACL_TUPLE_ASKER);
	tuple->rest |= BIT(ACL_TUPLE_FRAG);
	tuple->ports = key->frag_id;
}

/* Does a frame go the other way than the first one of its flow? */
static bool is_back(const struct acl_flow *flow, const struct acl_key *key)
{
	return acl_tuple_dir(&flow->tuple) != acl_key_dir(key);
}

/* Under RCU. */
static __always_inline struct acl_flow *flow_find(struct acl_flows *flows,
						  const struct acl_tuple *tuple)
{
	struct acl_flow *flow;

	flow = rhashtable_lookup(&flows->table, tuple, table_params);
	return flow && !acl_flow_over(flow) ? flow : NULL;
}

/* --- how a flow stands ------------------------------------------------------------------- */

/* enum utcp_acl_flow_state of it */
u32 acl_flow_state(const struct acl_flow *flow)
{
	if (acl_tuple_proto(&flow->tuple) == IPPROTO_TCP) {
		bool fin = acl_flow_saw(flow, ACL_FLOW_FIN);
		bool fin_reply = acl_flow_saw(flow, ACL_FLOW_FIN_REPLY);

		if (acl_flow_saw(flow, ACL_FLOW_RST) || (fin && fin_reply))
			return UTCP_ACL_FLOW_STATE_CLOSED;
		if (fin || fin_reply)
			return UTCP_ACL_FLOW_STATE_CLOSING;
		if (acl_flow_saw(flow, ACL_FLOW_ACKED))
			return UTCP_ACL_FLOW_STATE_ESTABLISHED;
	}
	return acl_flow_saw(flow, ACL_FLOW_REPLIED) ?
		       UTCP_ACL_FLOW_STATE_REPLIED :
		       UTCP_ACL_FLOW_STATE_NEW;
}

/* How long it is remembered from now on, in jiffies. */
static unsigned long flow_time(const struct acl_flow *flow)
{
	if (acl_tuple_frag(&flow->tuple))
		return TIME_FRAGMENTS * HZ;
	switch (acl_tuple_proto(&flow->tuple)) {
	case IPPROTO_TCP:
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return TIME_ECHO * HZ;
	default:
		return acl_flow_udp_time(flow);
	}
	if (acl_flow_saw(flow, ACL_FLOW_RST))
		return TIME_RESET * HZ;
	switch (acl_flow_state(flow)) {
	case UTCP_ACL_FLOW_STATE_CLOSED:
		return TIME_CLOSED * HZ;
	case UTCP_ACL_FLOW_STATE_NEW:
	case UTCP_ACL_FLOW_STATE_REPLIED:
		return TIME_NEW * HZ;
	default:
		return ACL_TIME_ESTABLISHED * HZ;
	}
}

/**
 * struct segment - of TCP, what there is to keep of a frame
 * @seq: its first sequence number
 * @end: the one behind its last
 * @ack: what it acknowledges, if it has ACK
 * @flags: as in byte 13 of the header
 */
struct segment {
	u32 seq;
	u32 end;
	u32 ack;
	u8 flags;
};

/* Bytes of TCP behind its header. */
static u32 payload_of(const struct acl_frame *frame, const struct acl_key *key)
{
	return key->len - key->l4 - (frame->data[key->l4 + 12] >> 4) * 4;
}

static struct segment segment_of(const struct acl_frame *frame,
				 const struct acl_key *key)
{
	const u8 *h = frame->data + key->l4;
	u8 flags = acl_key_tcp_flags(key);
	u32 len = payload_of(frame, key);
	u32 seq = get_unaligned_be32(h + 4);

	return (struct segment){
		.seq = seq,
		.end = seq + len + !!(flags & TCPHDR_SYN) +
		       !!(flags & TCPHDR_FIN),
		.ack = get_unaligned_be32(h + 8),
		.flags = flags,
	};
}

/* What a segment that goes on says of the sequence. One that begins where nobody has
 * expected it says nothing: the other side's acknowledgment will.
 */
static void tcp_track(struct acl_flow *flow, const struct segment *seg,
		      bool back)
{
	enum acl_flow_bit sent = back ? ACL_FLOW_SENT_REPLY : ACL_FLOW_SENT;
	u32 end = READ_ONCE(flow->sent[back].end);

	if (!acl_flow_saw(flow, sent) || seg->flags & TCPHDR_SYN ||
	    ((s32)(seg->seq - end) <= 0 && (s32)(seg->end - end) > 0)) {
		WRITE_ONCE(flow->sent[back].end, seg->end);
		acl_flow_see(flow, sent);
	}
	if (!(seg->flags & TCPHDR_ACK))
		return;
	WRITE_ONCE(flow->sent[back].ack, seg->ack);
	acl_flow_see(flow, back ? ACL_FLOW_ACK_REPLY : ACL_FLOW_ACK);
	if ((s32)(seg->ack - READ_ONCE(flow->sent[!back].end)) > 0)
		WRITE_ONCE(flow->sent[!back].end, seg->ack);
}

/* Does a reset begin where the other side expects it, or where its own ends; or, from
 * who has sent nothing yet, acknowledge what the other has?
 */
static bool reset_is_real(const struct acl_flow *flow,
			  const struct segment *seg, bool back)
{
	if (acl_flow_saw(flow, back ? ACL_FLOW_ACK : ACL_FLOW_ACK_REPLY) &&
	    seg->seq == READ_ONCE(flow->sent[!back].ack))
		return true;
	if (acl_flow_saw(flow, back ? ACL_FLOW_SENT_REPLY : ACL_FLOW_SENT))
		return seg->seq == READ_ONCE(flow->sent[back].end);
	return seg->flags & TCPHDR_ACK &&
	       seg->ack == READ_ONCE(flow->sent[!back].end);
}

/* Does a frame of TCP go with how its flow stands? What it says is noted. */
static bool tcp_fits(struct acl_flow *flow, const struct segment *seg,
		     bool back)
{
	u8 flags = seg->flags;
	u8 open = flags & ACL_TCP_FLAGS;

	/* A new connection between the same ports is for the rules. */
	if (open == TCPHDR_SYN)
		return !back && acl_flow_state(flow) == UTCP_ACL_FLOW_STATE_NEW;
	if (flags & TCPHDR_RST) {
		/* One that is not lets its receiver look, and is not noted. */
		if (reset_is_real(flow, seg, back))
			acl_flow_see(flow, ACL_FLOW_RST);
		return true;
	}
	if (!acl_flow_saw(flow, ACL_FLOW_REPLIED)) {
		if (!back || open != (TCPHDR_SYN | TCPHDR_ACK))
			return false;
		acl_flow_see(flow, ACL_FLOW_REPLIED);
		return true;
	}
	if (flags & TCPHDR_SYN)
		return back && open == (TCPHDR_SYN | TCPHDR_ACK);
	if (!(flags & TCPHDR_ACK))
		return false;
	if (!back)
		acl_flow_see(flow, ACL_FLOW_ACKED);
	if (flags & TCPHDR_FIN)
		acl_flow_see(flow, back ? ACL_FLOW_FIN_REPLY : ACL_FLOW_FIN);
	return true;
}

/* A rule about MAC addresses allows no others; answers have them the other way round. */
static __always_inline bool macs_fit(const struct acl_flow *flow,
				     const struct acl_key *key, bool back)
{
	u64 smac = back ? acl_key_dmac(key) : acl_key_smac(key);
	u64 dmac = back ? acl_key_smac(key) : acl_key_dmac(key);

	return (!flow->smac || flow->smac == smac) &&
	       (!flow->dmac || flow->dmac == dmac);
}

static bool fits(struct acl_flow *flow, const struct acl_frame *frame,
		 const struct acl_key *key, bool back)
{
	struct segment seg;

	switch (acl_key_proto(key)) {
	case IPPROTO_TCP:
		seg = segment_of(frame, key);
		if (!tcp_fits(flow, &seg, back))
			return false;
		if (!(seg.flags & TCPHDR_RST))
			tcp_track(flow, &seg, back);
		return true;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		if (!is_echo(key, back))
			return false;
		break;
	}
	if (back)
		acl_flow_see(flow, ACL_FLOW_REPLIED);
	return true;
}

/* --- asking and remembering ---------------------------------------------------------------- */

/* May a new flow take the place of one between the same two? One that lives stays, and
 * with it the rule that has allowed it: its frames come here if their MAC addresses are
 * not its own, or if another CPU was faster with the first frame the other way. Of TCP
 * one that was answered stays whoever sends a SYN: its ends say whether that is real, by
 * a challenge ACK (RFC 5961 section 4), which it lets pass, as the RST that would follow.
 * A fragmented packet's identification comes again, and what it stood for is over.
 */
static bool gives_way(const struct acl_flow *old)
{
	if (acl_flow_over(old) || acl_tuple_frag(&old->tuple))
		return true;
	return acl_tuple_proto(&old->tuple) == IPPROTO_TCP &&
	       (!acl_flow_saw(old, ACL_FLOW_REPLIED) ||
		acl_flow_state(old) == UTCP_ACL_FLOW_STATE_CLOSED);
}

/* May a binding have one flow more? It may have three times what is free, so that
 * whoever floods the table leaves room for the others: a quarter of it beside one, a
 * thirty-first beside ten (dynamic thresholds, Choudhury and Hahne, 1998). Without a
 * lock: CPUs that ask at once may go beyond it by one each.
 */
static bool may_grow(const struct acl_flows *flows, u32 limit, u32 mine)
{
	u32 n = atomic_read(&flows->n);

	return n < limit && mine < 3ULL * (limit - n);
}

/* Remembers something that was allowed, as @like has it but for its tuple, unless the
 * table is full or there is no memory: then the next frame tries again. Under RCU.
 */
static void flow_new(struct acl_flows *flows, u32 limit,
		     const struct acl_tuple *tuple, const struct acl_flow *like,
		     u32 bytes)
{
	struct acl_flow *flow, *old;
	atomic_t *share;

	/* What was between the same two and is over, nobody may have swept yet. */
	old = rhashtable_lookup(&flows->table, tuple, table_params);
	if (old && !gives_way(old))
		return;
	if (!have_counts(flows))
		return;
	share = share_of(flows, acl_tuple_binding(tuple));
	/* Who takes a place that was the binding's does not make it grow. */
	if (!(old && flow_del(flows, old)) &&
	    !may_grow(flows, limit, atomic_read(share)))
		return;
	flow = kzalloc(sizeof(*flow), GFP_ATOMIC | __GFP_NOWARN);
	if (!flow)
		return;
	flow->tuple = *tuple;
	flow->handle = like->handle;
	flow->smac = like->smac;
	flow->dmac = like->dmac;
	flow->sent[0].end = like->sent[0].end;
	if (!acl_tuple_frag(tuple))
		flow->seen = like->seen;
	flow->class = like->class;
	flow->mark = like->mark;
	flow->has_mark = like->has_mark;
	flow->says = like->class || like->has_mark;
	flow->born = jiffies;
	flow->until = jiffies + flow_time(flow);
	flow->sent[0].packets = 1;
	flow->sent[0].bytes = bytes;
	/* Before it can be found, and taken out. */
	atomic_inc(&flows->n);
	atomic_inc(share);
	count_plain(flows, tuple, 1);
	/* Another CPU may have been faster, or the table is being made larger. */
	if (rhashtable_lookup_insert_fast(&flows->table, &flow->node,
					  table_params)) {
		atomic_dec(&flows->n);
		atomic_dec(share);
		count_plain(flows, tuple, -1);
		kfree(flow);
		return;
	}
	if (!delayed_work_pending(&flows->sweep))
		schedule_delayed_work(&flows->sweep, SWEEP * HZ);
}

/* The flow that an ICMP error is about, which belongs to it. Under RCU. */
static noinline struct acl_flow *find_related(struct acl_flows *flows,
					      u32 binding,
					      const struct acl_frame *frame,
					      const struct acl_key *key)
{
	struct acl_tuple tuple;
	struct acl_flow *flow;
	struct acl_key inner;
	u8 to[16], about[16];

	if (!acl_parse_icmp_error(frame, key, &inner))
		return NULL;
	/* It goes to who has sent the packet; else it would carry anything anywhere. */
	acl_key_dst(key, to);
	acl_key_src(&inner, about);
	if (memcmp(to, about, sizeof(to)))
		return NULL;
	/* The packet went the other way, and may be of either side. */
	tuple_of(&tuple, &inner, binding);
	tuple.rest |= (u32)acl_key_vlan(key) << ACL_TUPLE_VLAN;
	flow = flow_find(flows, &tuple);
	/* It comes by the same stations. */
	return flow && macs_fit(flow, key, is_back(flow, key)) ? flow : NULL;
}

/* Has this CPU find the flow of plain frames faster, which are of TCP or UDP. Not where
 * a rule looks at MAC addresses or there is a VLAN, about which they say nothing.
 */
static void keep_recent(const struct acl_key *key, u64 binding, u64 epoch,
			struct acl_flow *flow, bool back)
{
	u8 proto = acl_key_proto(key);

	if (acl_key_family(key) == ACL_IPV4 && !acl_key_vlan(key) &&
	    (proto == IPPROTO_TCP || proto == IPPROTO_UDP) &&
	    !(flow->smac | flow->dmac))
		acl_recent_put_flow(acl_plain_addrs(key->w[ACL_W_HEAD]),
				    acl_plain_rest(key->w[ACL_W_L4]),
				    acl_recent_from(binding, acl_key_dir(key)),
				    epoch, flow, back);
}

/**
 * acl_flow_take() - does a frame go on with a flow that the table has for it?
 * @flow: the flow
 * @binding: number of the binding
 * @epoch: of the namespace's flows, before the flow was looked up
 * @frame: the frame
 * @key: its key
 *
 * Notes what it says.
 *
 * Context: softirq or softirqs off, under RCU.
 * Return: it does.
 */
bool acl_flow_take(struct acl_flow *flow, u64 binding, u64 epoch,
		   const struct acl_frame *frame, const struct acl_key *key)
{
	bool back = is_back(flow, key);

	if (!macs_fit(flow, key, back))
		return false;
	keep_recent(key, binding, epoch, flow, back);
	if (acl_key_proto(key) == IPPROTO_TCP &&
	    likely(acl_flow_tcp_goes_on(flow, frame->data + key->l4,
					payload_of(frame, key),
					&flow->sent[back]))) {
		acl_flow_count(flow, frame->len, &flow->sent[back],
			       acl_flow_left(flow), ACL_TIME_ESTABLISHED * HZ);
		return true;
	}
	if (!fits(flow, frame, key, back))
		return false;
	acl_flow_count(flow, frame->len, &flow->sent[back], acl_flow_left(flow),
		       flow_time(flow));
	return true;
}

/* The flow that a frame belongs to, or NULL. Under RCU. */
static struct acl_flow *find_known(struct acl_flows *flows, u64 binding,
				   const struct acl_frame *frame,
				   const struct acl_key *key)
{
	/* Each frame fills it: the kernel need not, if it is of the kind that does. */
	struct acl_tuple tuple __uninitialized;
	struct acl_flow *flow;
	u64 epoch;

	if (!has_flows(key))
		return find_related(flows, binding, frame, key);
	tuple_of(&tuple, key, binding);
	epoch = atomic64_read_acquire(&flows->epoch);
	flow = flow_find(flows, &tuple);
	return flow && acl_flow_take(flow, binding, epoch, frame, key) ? flow :
									 NULL;
}

/**
 * acl_flow_find_plain() - the flow that the table has for a plain frame
 * @flows: the namespace's flows
 * @binding: number of the binding
 * @head: word HEAD of its key
 * @l4: word L4
 * @epoch: set to what the epoch was before
 *
 * Context: softirq or softirqs off, under RCU.
 * Return: the flow, for acl_flow_take(), or NULL.
 */
__flatten struct acl_flow *acl_flow_find_plain(struct acl_flows *flows,
					       u32 binding, u64 head, u64 l4,
					       u64 *epoch)
{
	struct acl_tuple tuple __uninitialized;

	tuple.src[0] = head >> 32;
	tuple.src[1] = 0;
	tuple.dst[0] = (u32)head;
	tuple.dst[1] = 0;
	tuple.rest = (u64)binding << ACL_TUPLE_BINDING |
		     (u64)(u8)(l4 >> ACL_L4_PROTO) << ACL_TUPLE_PROTO |
		     ACL_IPV4 << ACL_TUPLE_FAMILY |
		     (l4 >> ACL_L4_DIR & 1) << ACL_TUPLE_DIR;
	tuple.ports = l4;
	*epoch = atomic64_read_acquire(&flows->epoch);
	return flow_find(flows, &tuple);
}

/* The packet that a later fragment belongs to, or NULL. Under RCU. */
static noinline struct acl_flow *
find_first(struct acl_flows *flows, u32 binding, const struct acl_key *key)
{
	struct acl_tuple tuple;
	struct acl_flow *flow;

	tuple_of_fragment(&tuple, key, binding);
	flow = flow_find(flows, &tuple);
	return flow && macs_fit(flow, key, false) ? flow : NULL;
}

/* Remembers a packet whose first fragment was allowed, as @like has it. Under RCU. */
static noinline void flow_new_packet(struct acl_flows *flows, u32 limit,
				     u32 binding, const struct acl_key *key,
				     const struct acl_flow *like, u32 bytes)
{
	struct acl_tuple tuple;

	tuple_of_fragment(&tuple, key, binding);
	flow_new(flows, limit, &tuple, like, bytes);
}

/* The rest of acl_flow_ask(), where there are flows. In one piece: hash, look-up and
 * comparison as calls of their own would cost half as much again.
 */
__flatten enum acl_flow_verdict acl_flow_find(struct acl_flows *flows,
					      u32 limit, u32 binding,
					      const struct acl_frame *frame,
					      const struct acl_key *key,
					      const struct acl_flow **flow)
{
	if (unlikely(key->frag == ACL_FRAG_LATER)) {
		*flow = find_first(flows, binding, key);
		return *flow ? ACL_FLOW_KNOWN : ACL_FLOW_STRAY;
	}
	*flow = find_known(flows, binding, frame, key);
	if (!*flow)
		return ACL_FLOW_UNKNOWN;
	if (unlikely(key->frag == ACL_FRAG_FIRST))
		flow_new_packet(flows, limit, binding, key, *flow, frame->len);
	return ACL_FLOW_KNOWN;
}

/* What a flow is like that a rule has allowed. */
static void like_entry(struct acl_flow *like, const struct acl_entry *entry,
		       const struct acl_key *key)
{
	memset(like, 0, sizeof(*like));
	if (!entry)
		return;
	if (entry->rule.asks & BIT(ACL_ASK_SMAC))
		like->smac = acl_key_smac(key);
	if (entry->rule.asks & BIT(ACL_ASK_DMAC))
		like->dmac = acl_key_dmac(key);
	like->handle = acl_rule_handle(&entry->rule);
	if (!entry->extra)
		return;
	like->class = entry->extra->class;
	like->mark = entry->extra->mark;
	like->has_mark = entry->extra->has_mark;
}

/**
 * acl_flow_allow() - the rules have allowed a frame: remember what it begins
 * @flows: the namespace's flows
 * @limit: how many there may be
 * @binding: number of the binding
 * @frame: the frame, of which acl_flow_ask() knew nothing
 * @key: its key
 * @entry: the rule, or NULL for the default
 *
 * Context: softirq or softirqs off, under RCU.
 */
void acl_flow_allow(struct acl_flows *flows, u32 limit, u32 binding,
		    const struct acl_frame *frame, const struct acl_key *key,
		    const struct acl_entry *entry)
{
	struct acl_tuple tuple __uninitialized;
	struct acl_flow like __uninitialized;

	like_entry(&like, entry, key);
	if (unlikely(key->frag == ACL_FRAG_FIRST))
		flow_new_packet(flows, limit, binding, key, &like, frame->len);
	if (!has_flows(key) || is_echo(key, true))
		return;
	tuple_of(&tuple, key, binding);
	if (acl_key_proto(key) == IPPROTO_TCP) {
		if ((acl_key_tcp_flags(key) & ACL_TCP_FLAGS) != TCPHDR_SYN)
			return;
		like.sent[0].end = segment_of(frame, key).end;
		like.seen = BIT(ACL_FLOW_SENT);
	}
	flow_new(flows, limit, &tuple, &like, frame->len);
}
