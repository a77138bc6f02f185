// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of flow.c: the keyed hash by which either direction of a flow finds it, and
 * which flows give way to others.
 */
#include <linux/cache.h>
/* Here the key is another one for each test, also when they are run once more. */
#undef __ro_after_init
#define __ro_after_init

#include <linux/slab.h>

/* What flows are counted by is had by kcalloc(), and nothing else is. */
static bool no_memory;

static void *may_fail(size_t n, size_t size, gfp_t gfp)
{
	return no_memory ? NULL : kcalloc(n, size, gfp);
}

#undef kcalloc
#define kcalloc may_fail

#include "../flow.c"

#include <kunit/test.h>
#include <linux/bottom_half.h>
#include <linux/if_ether.h>
#include <linux/in.h>

#include "model.h"

#define BINDING 7
#define LIMIT 100
#define FRAME_MAX 64

/* --- the hash ------------------------------------------------------------------------- */

#define BUCKETS 1024U /* a power of two */
#define TUPLES (4 * BUCKETS)

/* Of 4 in each, by chance, about 13 are in the fullest; 24 were never seen. */
#define FULL 24

static u32 load[BUCKETS];

/* A key that is another one for another @seed. */
static void take_key(u64 seed)
{
	struct model_random random = { .state = seed };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(secrets); i++)
		secrets[i] = (u64)model_random(&random) << 32 |
			     model_random(&random);
}

static u32 hash(const struct acl_tuple *tuple)
{
	return hash_tuple(tuple, sizeof(*tuple), 0x5eed);
}

static u32 bucket(const struct acl_tuple *tuple)
{
	return hash(tuple) & (BUCKETS - 1);
}

/* As frames of the other direction have it. */
static struct acl_tuple back(const struct acl_tuple *tuple)
{
	struct acl_tuple back = *tuple;

	memcpy(back.src, tuple->dst, sizeof(back.src));
	memcpy(back.dst, tuple->src, sizeof(back.dst));
	back.ports = rol32(tuple->ports, 16);
	back.rest ^= BIT(ACL_TUPLE_DIR);
	return back;
}

/* Is a flow of tuple @b what a look-up of @a finds? */
static bool is_same(const struct acl_tuple *a, const struct acl_tuple *b)
{
	struct rhashtable_compare_arg arg = { .key = a };
	const struct acl_flow flow = { .tuple = *b };

	return !compare_tuple(&arg, &flow);
}

static struct acl_tuple tuple4(u32 src, u32 dst, u16 sport, u16 dport)
{
	return (struct acl_tuple){
		.src = { src },
		.dst = { dst },
		.rest = (u64)BINDING << ACL_TUPLE_BINDING |
			(u64)IPPROTO_UDP << ACL_TUPLE_PROTO |
			(u64)ACL_IPV4 << ACL_TUPLE_FAMILY |
			(u64)ACL_OUT << ACL_TUPLE_DIR,
		.ports = (u32)sport << 16 | dport,
	};
}

/* The same, with the addresses as the last 32 bits of such of IPv6. */
static struct acl_tuple tuple6(u32 src, u32 dst, u16 sport, u16 dport)
{
	struct acl_tuple tuple = tuple4(src, dst, sport, dport);
	unsigned int i;

	for (i = 0; i < 2; i++) {
		u64 *addr = i ? tuple.dst : tuple.src;

		addr[1] = addr[0];
		addr[0] = 0xfd00000000000000;
	}
	tuple.rest ^= (u64)(ACL_IPV4 ^ ACL_IPV6) << ACL_TUPLE_FAMILY;
	return tuple;
}

static struct acl_tuple some_tuple(struct model_random *random)
{
	struct acl_tuple tuple = { .ports = model_random(random) };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		tuple.src[i] = (u64)model_random(random) << 32 |
			       model_random(random);
		tuple.dst[i] = (u64)model_random(random) << 32 |
			       model_random(random);
	}
	tuple.rest = (u64)model_random(random) << 32 | model_random(random);
	tuple.rest &= ~BIT(ACL_TUPLE_FRAG);
	return tuple;
}

static void flow__either_way(struct kunit *test)
{
	struct model_random random = { .state = 5 };
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		struct acl_tuple there = some_tuple(&random);
		struct acl_tuple again = back(&there), other;

		KUNIT_ASSERT_EQ(test, hash(&there), hash(&again));
		KUNIT_ASSERT_TRUE(test, is_same(&there, &again));
		KUNIT_ASSERT_TRUE(test, is_same(&there, &there));
		/* The same ends, but the ports are each other's. */
		other = there;
		other.ports = rol32(there.ports, 16);
		KUNIT_ASSERT_FALSE(test, is_same(&there, &other));
		KUNIT_ASSERT_NE(test, hash(&there), hash(&other));
		/* From the same side, between the same ends turned about. */
		other = again;
		other.rest = there.rest;
		KUNIT_ASSERT_FALSE(test, is_same(&there, &other));
		/* A fragmented packet has one direction. */
		other = there;
		other.rest |= BIT(ACL_TUPLE_FRAG);
		again = back(&other);
		KUNIT_ASSERT_TRUE(test, is_same(&other, &other));
		KUNIT_ASSERT_FALSE(test, is_same(&other, &again));
		KUNIT_ASSERT_FALSE(test, is_same(&there, &other));
	}
}

/* Each bit of a tuple counts, and moves half of the hash's. */
static void flow__each_bit(struct kunit *test)
{
	struct model_random random = { .state = 6 };
	unsigned int bit, i, n = 0, moved = 0;

	for (i = 0; i < 20; i++) {
		struct acl_tuple tuple = some_tuple(&random), other;

		for (bit = 0; bit < 5 * 64 + 32; bit++) {
			other = tuple;
			if (bit >= 5 * 64)
				other.ports ^= BIT(bit - 5 * 64);
			else if (bit >= 4 * 64)
				other.rest ^= BIT_ULL(bit - 4 * 64);
			else if (bit >= 2 * 64)
				other.dst[bit / 64 - 2] ^= BIT_ULL(bit % 64);
			else
				other.src[bit / 64] ^= BIT_ULL(bit % 64);
			/* The direction alone is not hashed. */
			if (bit == 4 * 64 + ACL_TUPLE_DIR) {
				KUNIT_EXPECT_EQ(test, hash(&tuple),
						hash(&other));
				continue;
			}
			KUNIT_ASSERT_NE_MSG(test, hash(&tuple), hash(&other),
					    "bit %u", bit);
			KUNIT_ASSERT_FALSE_MSG(test, is_same(&tuple, &other),
					       "bit %u", bit);
			moved += hweight32(hash(&tuple) ^ hash(&other));
			n++;
		}
	}
	KUNIT_EXPECT_GT(test, moved, 15 * n);
	KUNIT_EXPECT_LT(test, moved, 17 * n);
}

/* How full is the fullest bucket? */
static u32 fullest(struct acl_tuple (*nth)(u32 n))
{
	u32 most = 0, i;

	memset(load, 0, sizeof(load));
	for (i = 0; i < TUPLES; i++) {
		struct acl_tuple tuple = nth(i);

		most = max(most, ++load[bucket(&tuple)]);
	}
	return most;
}

static struct acl_tuple by_port4(u32 n)
{
	return tuple4(0x0a000001, 0x0a000002, 1024 + n, 80);
}

static struct acl_tuple by_port6(u32 n)
{
	return tuple6(0x0a000001, 0x0a000002, 1024 + n, 80);
}

static struct acl_tuple by_host4(u32 n)
{
	return tuple4(0x0a000000 + n, 0x0a800000, 5000, 5000);
}

static struct acl_tuple by_host6(u32 n)
{
	return tuple6(0x0a000000 + n, 0x0a800000, 5000, 5000);
}

/* Networks of IPv6: the first half of the address counts, too. */
static struct acl_tuple by_network(u32 n)
{
	struct acl_tuple tuple = tuple6(1, 2, 5000, 5000);

	tuple.dst[0] += n << 16;
	return tuple;
}

/* Ends whose numbers go against each other: their sum is the same. */
static struct acl_tuple by_both(u32 n)
{
	return tuple4(0x0a000000 + n, 0x0a800000 - n, 1024 + n, 60000 - n);
}

static struct acl_tuple by_binding(u32 n)
{
	struct acl_tuple tuple = tuple4(0x0a000001, 0x0a000002, 4000, 53);

	tuple.rest += (u64)n << ACL_TUPLE_BINDING;
	return tuple;
}

static void flow__spreads(struct kunit *test)
{
	u64 key;

	for (key = 1; key <= 8; key++) {
		take_key(key);
		KUNIT_EXPECT_LT(test, fullest(by_port4), FULL);
		KUNIT_EXPECT_LT(test, fullest(by_port6), FULL);
		KUNIT_EXPECT_LT(test, fullest(by_host4), FULL);
		KUNIT_EXPECT_LT(test, fullest(by_host6), FULL);
		KUNIT_EXPECT_LT(test, fullest(by_network), FULL);
		KUNIT_EXPECT_LT(test, fullest(by_both), FULL);
		KUNIT_EXPECT_LT(test, fullest(by_binding), FULL);
	}
}

/* What meets in a bucket by one key does not by another. */
static void flow__keyed(struct kunit *test)
{
	static struct acl_tuple crowd[64];
	struct model_random random = { .state = 9 };
	u32 n = 0, same = 0, together = 0, i, seen[64], key;

	while (n < ARRAY_SIZE(crowd)) {
		crowd[n] = some_tuple(&random);
		n += bucket(&crowd[n]) == 0;
	}
	for (i = 0; i < n; i++)
		seen[i] = hash(&crowd[i]);
	for (key = 2; key < 10; key++) {
		take_key(key);
		for (i = 0; i < n; i++) {
			same += hash(&crowd[i]) == seen[i];
			together += !bucket(&crowd[i]);
		}
	}
	KUNIT_EXPECT_EQ(test, same, 0U);
	/* By chance, one in BUCKETS of 512. */
	KUNIT_EXPECT_LT(test, together, 8U);
	/* Nor is the table's own seed without effect. */
	KUNIT_EXPECT_NE(test, hash_tuple(&crowd[0], sizeof(crowd[0]), 1),
			hash_tuple(&crowd[0], sizeof(crowd[0]), 2));
}

static void flow__families(struct kunit *test)
{
	struct acl_tuple four = tuple4(1, 2, 3, 4), six = four;

	/* All words are the same, but for the family. */
	six.rest ^= (u64)(ACL_IPV4 ^ ACL_IPV6) << ACL_TUPLE_FAMILY;
	KUNIT_EXPECT_NE(test, hash(&four), hash(&six));
	KUNIT_EXPECT_FALSE(test, is_same(&four, &six));
	/* The second half of an address is not the first. */
	six.src[1] = six.src[0];
	six.src[0] = 0;
	four = six;
	four.src[0] = six.src[1];
	four.src[1] = 0;
	KUNIT_EXPECT_NE(test, hash(&four), hash(&six));
	KUNIT_EXPECT_FALSE(test, is_same(&four, &six));
}

/* --- which flows give way ------------------------------------------------------------- */

static struct acl_flows flows;
static u8 bytes[FRAME_MAX];
static struct acl_frame frame;
static struct acl_key key;

/* What rules have allowed frames. */
static struct acl_entry rules[] = {
	{ .rule.order = 100, .rule.asks = 0 },
	{ .rule.order = 200, .rule.asks = 0 },
	{ .rule.order = 300, .rule.asks = BIT(ACL_ASK_SMAC) },
};

#define IPV4_LEN 20

/* A frame between 10.0.0.1, the sandbox, and 10.0.0.2. */
static void make(struct kunit *test, enum acl_dir dir, u8 proto, u16 sport,
		 u16 dport)
{
	u32 len = IPV4_LEN + (proto == IPPROTO_TCP ? 20 : 8);
	u8 *ip = bytes + ETH_HLEN, *l4 = ip + IPV4_LEN;

	memset(bytes, 0, sizeof(bytes));
	bytes[0] = 2;
	bytes[5] = dir == ACL_OUT ? 2 : 1;
	bytes[6] = 2;
	bytes[11] = dir == ACL_OUT ? 1 : 2;
	put_unaligned_be16(ETH_P_IP, bytes + 12);
	ip[0] = 0x45;
	put_unaligned_be16(len, ip + 2);
	ip[8] = 64;
	ip[9] = proto;
	put_unaligned_be32(0x0a000000 + bytes[11], ip + 12);
	put_unaligned_be32(0x0a000000 + bytes[5], ip + 16);
	put_unaligned_be16(sport, l4);
	put_unaligned_be16(dport, l4 + 2);
	if (proto == IPPROTO_TCP)
		l4[12] = 5 << 4;
	else if (proto == IPPROTO_UDP)
		put_unaligned_be16(8, l4 + 4);
	frame = (struct acl_frame){
		.data = bytes,
		.linear = ETH_HLEN + len,
		.len = ETH_HLEN + len,
		.dir = dir,
	};
	KUNIT_ASSERT_EQ(test, acl_parse(&frame, &key), ACL_PARSE_OK);
}

static void make_tcp(struct kunit *test, enum acl_dir dir, u8 flags)
{
	make(test, dir, IPPROTO_TCP, dir == ACL_OUT ? 5000 : 80,
	     dir == ACL_OUT ? 80 : 5000);
	bytes[ETH_HLEN + IPV4_LEN + 13] = flags;
	KUNIT_ASSERT_EQ(test, acl_parse(&frame, &key), ACL_PARSE_OK);
}

static void make_udp(struct kunit *test, enum acl_dir dir)
{
	make(test, dir, IPPROTO_UDP, dir == ACL_OUT ? 4000 : 53,
	     dir == ACL_OUT ? 53 : 4000);
}

/* @from: the last byte of its source MAC */
static void make_udp_of(struct kunit *test, enum acl_dir dir, u8 from)
{
	make_udp(test, dir);
	bytes[11] = from;
	KUNIT_ASSERT_EQ(test, acl_parse(&frame, &key), ACL_PARSE_OK);
}

/* A rule has allowed the frame. */
static void allow(unsigned int rule)
{
	local_bh_disable();
	rcu_read_lock();
	acl_flow_allow(&flows, LIMIT, BINDING, &frame, &key, &rules[rule]);
	rcu_read_unlock();
	local_bh_enable();
}

/* The rule that has allowed the flow of the frame; 0: it belongs to none. */
static u64 known(void)
{
	const struct acl_flow *flow;
	u64 handle = 0;

	local_bh_disable();
	rcu_read_lock();
	if (acl_flow_ask(&flows, LIMIT, BINDING, &frame, &key, &flow) ==
	    ACL_FLOW_KNOWN)
		handle = flow->handle;
	rcu_read_unlock();
	local_bh_enable();
	return handle;
}

/* Everything that there is has come to its end, and nobody has swept. */
static void end_all(void)
{
	struct rhashtable_iter iter;
	struct acl_flow *flow;

	rhashtable_walk_enter(&flows.table, &iter);
	rhashtable_walk_start(&iter);
	while ((flow = rhashtable_walk_next(&iter)))
		if (!IS_ERR(flow))
			WRITE_ONCE(flow->until, jiffies - 1);
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
}

/* Two CPUs have the first frame each way, and neither knew of the other's. */
static void flow__udp_both_ways(struct kunit *test)
{
	make_udp(test, ACL_OUT);
	allow(0);
	make_udp(test, ACL_IN);
	allow(1);
	KUNIT_EXPECT_EQ(test, atomic_read(&flows.n), 1);
	KUNIT_EXPECT_EQ(test, known(), 100ULL);
	make_udp(test, ACL_OUT);
	KUNIT_EXPECT_EQ(test, known(), 100ULL);
	allow(1);
	KUNIT_EXPECT_EQ(test, known(), 100ULL);
	/* What is over gives way. */
	end_all();
	make_udp(test, ACL_IN);
	KUNIT_EXPECT_EQ(test, known(), 0ULL);
	allow(1);
	KUNIT_EXPECT_EQ(test, atomic_read(&flows.n), 1);
	KUNIT_EXPECT_EQ(test, known(), 200ULL);
}

/* A station that is not the flow's is let through by another rule. */
static void flow__udp_other_station(struct kunit *test)
{
	make_udp(test, ACL_OUT);
	allow(2);
	make_udp_of(test, ACL_OUT, 9);
	KUNIT_EXPECT_EQ(test, known(), 0ULL);
	allow(1);
	KUNIT_EXPECT_EQ(test, known(), 0ULL);
	make_udp(test, ACL_IN);
	KUNIT_EXPECT_EQ(test, known(), 300ULL);
	KUNIT_EXPECT_EQ(test, atomic_read(&flows.n), 1);
}

static void flow__echo_both_ways(struct kunit *test)
{
	/* Two flows: both ends ask by the same number. */
	make(test, ACL_OUT, IPPROTO_ICMP, ICMP_ECHO << 8, 0);
	allow(0);
	make(test, ACL_IN, IPPROTO_ICMP, ICMP_ECHO << 8, 0);
	KUNIT_EXPECT_EQ(test, known(), 0ULL);
	allow(1);
	KUNIT_EXPECT_EQ(test, atomic_read(&flows.n), 2);
	KUNIT_EXPECT_EQ(test, known(), 200ULL);
	make(test, ACL_OUT, IPPROTO_ICMP, ICMP_ECHO << 8, 0);
	KUNIT_EXPECT_EQ(test, known(), 100ULL);
	allow(2);
	KUNIT_EXPECT_EQ(test, known(), 100ULL);
}

/* A connection of 10.0.0.1, open both ways. */
static void open_tcp(struct kunit *test)
{
	make_tcp(test, ACL_OUT, TCPHDR_SYN);
	allow(0);
	make_tcp(test, ACL_IN, TCPHDR_SYN | TCPHDR_ACK);
	KUNIT_EXPECT_EQ(test, known(), 100ULL);
	make_tcp(test, ACL_OUT, TCPHDR_ACK);
	KUNIT_EXPECT_EQ(test, known(), 100ULL);
}

/* A connection of the other end takes the place of the flow. */
static void other_end_begins(struct kunit *test)
{
	make_tcp(test, ACL_IN, TCPHDR_SYN);
	KUNIT_EXPECT_EQ(test, known(), 0ULL);
	allow(1);
	make_tcp(test, ACL_OUT, TCPHDR_SYN | TCPHDR_ACK);
	KUNIT_EXPECT_EQ(test, known(), 200ULL);
	KUNIT_EXPECT_EQ(test, atomic_read(&flows.n), 1);
}

static void flow__tcp_syn_of_either_end(struct kunit *test)
{
	static const enum acl_dir dirs[] = { ACL_OUT, ACL_IN };
	unsigned int i;

	open_tcp(test);
	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		make_tcp(test, dirs[i], TCPHDR_SYN);
		KUNIT_EXPECT_EQ(test, known(), 0ULL);
		allow(1);
		make_tcp(test, ACL_OUT, TCPHDR_ACK);
		KUNIT_EXPECT_EQ(test, known(), 100ULL);
		make_tcp(test, ACL_IN, TCPHDR_ACK);
		KUNIT_EXPECT_EQ(test, known(), 100ULL);
	}
	/* Closed by both sides: the next one may begin at the other end. */
	make_tcp(test, ACL_OUT, TCPHDR_FIN | TCPHDR_ACK);
	KUNIT_EXPECT_EQ(test, known(), 100ULL);
	make_tcp(test, ACL_IN, TCPHDR_FIN | TCPHDR_ACK);
	KUNIT_EXPECT_EQ(test, known(), 100ULL);
	other_end_begins(test);
}

/* What nobody has answered does. */
static void flow__tcp_unanswered(struct kunit *test)
{
	make_tcp(test, ACL_OUT, TCPHDR_SYN);
	allow(0);
	other_end_begins(test);
}

/* @id: identification of the packet whose first fragment, or a later one, it is */
static void make_fragment(struct kunit *test, u16 id, bool later)
{
	make_udp(test, ACL_OUT);
	put_unaligned_be16(id, bytes + ETH_HLEN + 4);
	put_unaligned_be16(later ? 1 : 0x2000, bytes + ETH_HLEN + 6);
	KUNIT_ASSERT_EQ(test, acl_parse(&frame, &key), ACL_PARSE_OK);
}

/* The identification of a packet comes again: what follows is the new one's. */
static void flow__fragments(struct kunit *test)
{
	make_fragment(test, 5, false);
	allow(0);
	KUNIT_EXPECT_EQ(test, atomic_read(&flows.n), 2);
	make_fragment(test, 5, true);
	KUNIT_EXPECT_EQ(test, known(), 100ULL);
	make_fragment(test, 5, false);
	allow(1);
	KUNIT_EXPECT_EQ(test, atomic_read(&flows.n), 2);
	make_fragment(test, 5, true);
	KUNIT_EXPECT_EQ(test, known(), 200ULL);
	make_fragment(test, 6, true);
	KUNIT_EXPECT_EQ(test, known(), 0ULL);
}

/* So many of a binding that is allowed more and more, in a table of 40. */
static u32 flood(struct kunit *test, u32 binding)
{
	u32 i, before = atomic_read(&flows.n);

	for (i = 0; i < 50; i++) {
		make(test, ACL_OUT, IPPROTO_UDP, 4000 + i, 53);
		KUNIT_ASSERT_EQ(test, acl_parse(&frame, &key), ACL_PARSE_OK);
		local_bh_disable();
		rcu_read_lock();
		acl_flow_allow(&flows, 40, binding, &frame, &key, &rules[0]);
		rcu_read_unlock();
		local_bh_enable();
	}
	return atomic_read(&flows.n) - before;
}

/* Whoever floods the table leaves room for others, and gives back what he had. */
static void flow__shares(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, flood(test, 1), 30U);
	KUNIT_EXPECT_EQ(test, flood(test, 2), 8U);
	KUNIT_EXPECT_EQ(test, flood(test, 3), 2U);
	KUNIT_EXPECT_EQ(test, flood(test, 4), 0U);
	KUNIT_EXPECT_EQ(test, flood(test, 1), 0U);
	KUNIT_EXPECT_EQ(test, acl_flows_flush(&flows, 1), 30U);
	KUNIT_EXPECT_EQ(test, flood(test, 1), 23U);
	/* 256 bindings later the numbers are the same. */
	KUNIT_EXPECT_EQ(test, flood(test, 1 + ACL_FLOW_SHARES), 0U);
	KUNIT_EXPECT_EQ(test, acl_flows_flush(&flows, 0), 33U);
	KUNIT_EXPECT_EQ(test, atomic_read(&flows.of[1]), 0);
}

/* May there be a flow of the frame, which is plain? */
static bool may_be(void)
{
	u64 addrs = acl_plain_addrs(key.w[ACL_W_HEAD]);
	u64 rest = acl_plain_rest(key.w[ACL_W_L4]);
	u64 from = acl_recent_from(BINDING, acl_key_dir(&key));

	return acl_flow_may_be(&flows, acl_recent_hash(addrs, rest, from));
}

/* The rule that has allowed the flow of the frame, found by two words of its key. */
static u64 known_plain(void)
{
	const struct acl_flow *flow;
	u64 handle, epoch;

	local_bh_disable();
	rcu_read_lock();
	flow = acl_flow_find_plain(&flows, BINDING, key.w[ACL_W_HEAD],
				   key.w[ACL_W_L4], &epoch);
	handle = flow ? flow->handle : 0;
	rcu_read_unlock();
	local_bh_enable();
	return handle;
}

/* Plain frames ask the table if there is a flow of theirs, whichever way they go; and when
 * none is left, all places say so, whatever has failed or was taken away.
 */
static void flow__plain_places(struct kunit *test)
{
	unsigned int i;

	make_udp(test, ACL_IN);
	KUNIT_EXPECT_FALSE(test, may_be());
	make_udp(test, ACL_OUT);
	KUNIT_EXPECT_FALSE(test, may_be());
	allow(0);
	KUNIT_EXPECT_TRUE(test, may_be());
	KUNIT_EXPECT_EQ(test, known_plain(), 100ULL);
	make_udp(test, ACL_IN);
	KUNIT_EXPECT_TRUE(test, may_be());
	KUNIT_EXPECT_EQ(test, known_plain(), 100ULL);
	/* One that there is already, one that is over, and some that are others'. */
	allow(1);
	end_all();
	allow(1);
	KUNIT_EXPECT_EQ(test, known_plain(), 200ULL);
	KUNIT_EXPECT_GT(test, flood(test, 1), 0U);
	make_udp(test, ACL_IN);
	KUNIT_EXPECT_TRUE(test, may_be());
	acl_flows_flush(&flows, 0);
	for (i = 0; i < ACL_FLOW_PLAIN; i++)
		KUNIT_EXPECT_EQ(test, atomic_read(&flows.plain[i]), 0);
}

/* Without memory to count it, a flow is not remembered, and the next one may be; what all
 * namespaces without flows share stays as it is.
 */
static void flow__no_memory(struct kunit *test)
{
	unsigned int i;

	make_udp(test, ACL_OUT);
	no_memory = true;
	allow(0);
	no_memory = false;
	KUNIT_EXPECT_EQ(test, atomic_read(&flows.n), 0);
	KUNIT_EXPECT_EQ(test, known(), 0ULL);
	KUNIT_EXPECT_FALSE(test, may_be());
	allow(0);
	KUNIT_EXPECT_EQ(test, atomic_read(&flows.n), 1);
	KUNIT_EXPECT_EQ(test, known(), 100ULL);
	KUNIT_EXPECT_TRUE(test, may_be());
	for (i = 0; i < ACL_FLOW_PLAIN; i++)
		KUNIT_EXPECT_EQ(test, atomic_read(&no_plain[i]), 0);
}

static int begin(struct kunit *test)
{
	int ret = acl_recents_init();

	if (ret)
		return ret;
	take_key(1);
	return acl_flows_init(&flows);
}

static void end(struct kunit *test)
{
	acl_flows_exit(&flows);
	acl_recents_exit();
}

static struct kunit_case flow_cases[] = { KUNIT_CASE(flow__either_way),
					  KUNIT_CASE(flow__each_bit),
					  KUNIT_CASE(flow__spreads),
					  KUNIT_CASE(flow__keyed),
					  KUNIT_CASE(flow__families),
					  KUNIT_CASE(flow__udp_both_ways),
					  KUNIT_CASE(flow__udp_other_station),
					  KUNIT_CASE(flow__echo_both_ways),
					  KUNIT_CASE(
						  flow__tcp_syn_of_either_end),
					  KUNIT_CASE(flow__tcp_unanswered),
					  KUNIT_CASE(flow__fragments),
					  KUNIT_CASE(flow__shares),
					  KUNIT_CASE(flow__plain_places),
					  KUNIT_CASE(flow__no_memory),
					  {} };

static struct kunit_suite flow_suite = {
	.name = "acl_flow",
	.init = begin,
	.exit = end,
	.test_cases = flow_cases,
};

kunit_test_suite(flow_suite);
