// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of queue.c: frames of no content, by a clock that the test turns.
 */
#include "../queue.c"

#include <kunit/test.h>
#include <linux/slab.h>
#include <linux/string.h>

#define MS 1000000ULL
#define START (1000 * MS)
#define FRAMES 4096

static struct shaper_queue queue;
static struct shaper_queue_params params;
static struct shaper_flow *flows;
static struct sk_buff *skbs;
static unsigned int n_skbs, n_marks;
static bool heeds_ecn;
static struct shaper_fifo drops;

/* As many as the tests have. */
static unsigned int budget;

bool shaper_mark(struct sk_buff *skb)
{
	n_marks += heeds_ecn;
	return heeds_ecn;
}

static int queue_init(struct kunit *test)
{
	skbs = kvcalloc(FRAMES, sizeof(*skbs), GFP_KERNEL);
	flows = kvcalloc(SHAPER_FLOWS, sizeof(*flows), GFP_KERNEL);
	n_skbs = 0;
	n_marks = 0;
	budget = U32_MAX;
	heeds_ecn = false;
	memset(&queue, 0, sizeof(queue));
	memset(&drops, 0, sizeof(drops));
	params.bytes = 1 << 20;
	params.time = 1000 * MS;
	shaper_codel_set(&params.codel, MS);
	shaper_queue_init(&queue);
	return skbs && flows ? 0 : -ENOMEM;
}

static void queue_exit(struct kunit *test)
{
	kvfree(skbs);
	kvfree(flows);
}

static struct sk_buff *put(u32 hash, u32 len, u64 now)
{
	struct sk_buff *skb = &skbs[n_skbs++];
	struct shaper_frame *frame = shaper_frame_of(skb);

	memset(frame, 0, sizeof(*frame));
	frame->since = now;
	frame->len = len;
	shaper_queue_add(&queue, &params, skb, hash, &drops);
	return skb;
}

static struct sk_buff *get(u64 now)
{
	struct sk_buff *skb =
		shaper_queue_next(&queue, &params, now, &budget, &drops);

	if (skb)
		shaper_queue_take(&queue);
	return skb;
}

static unsigned int dropped(int reason)
{
	const struct sk_buff *skb;
	unsigned int n = 0;

	for (skb = drops.head; skb; skb = skb->next)
		n += shaper_frame_of((struct sk_buff *)skb)->reason == reason;
	return n;
}

/* A hash that goes to a flow of its own. */
static u32 flow_hash(unsigned int flow)
{
	return (u32)(((u64)flow << 32) / SHAPER_FLOWS + 1000);
}

static void queue__order(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < 100; i++)
		put(77, 100 + i, START);
	KUNIT_EXPECT_EQ(test, queue.frames, 100);
	KUNIT_EXPECT_EQ(test, queue.bytes, 100 * 100 + 99 * 50);
	for (i = 0; i < 100; i++)
		KUNIT_EXPECT_TRUE(test, get(START) == &skbs[i]);
	KUNIT_EXPECT_NULL(test, get(START));
	KUNIT_EXPECT_EQ(test, queue.bytes, 0);
	KUNIT_EXPECT_NULL(test, drops.head);
}

/* What is chosen stays so until it is taken. */
static void queue__chosen(struct kunit *test)
{
	struct sk_buff *first;

	KUNIT_ASSERT_TRUE(test, shaper_queue_spread(&queue, flows));
	put(flow_hash(1), 100, START);
	first = shaper_queue_next(&queue, &params, START, &budget, &drops);
	put(flow_hash(2), 100, START);
	KUNIT_EXPECT_TRUE(test, shaper_queue_next(&queue, &params, START,
						  &budget, &drops) == first);
	KUNIT_EXPECT_EQ(test, queue.frames, 2);
	shaper_queue_take(&queue);
	KUNIT_EXPECT_EQ(test, queue.frames, 1);
}

/* By bytes, whatever the lengths. */
static void queue__fair(struct kunit *test)
{
	u64 sent[4] = {}, sum = 0;
	static const u32 lens[4] = { 64, 500, 1514, 9000 };
	unsigned int i, f;

	KUNIT_ASSERT_TRUE(test, shaper_queue_spread(&queue, flows));
	params.bytes = 1 << 26;
	for (f = 0; f < 4; f++)
		for (i = 0; i < 200000 / lens[f] && n_skbs < FRAMES; i++)
			put(flow_hash(f), lens[f], START);
	while (sum < 400000) {
		struct sk_buff *skb = get(START + MS);
		u32 len = shaper_frame_of(skb)->len;

		sent[shaper_frame_of(skb)->flow] += len;
		sum += len;
	}
	for (f = 0; f < 4; f++)
		KUNIT_EXPECT_TRUE_MSG(test, sent[f] > 89000 && sent[f] < 111000,
				      "flow %u: %llu", f, sent[f]);
}

/* A flow that sends little waits for nobody; one that floods is not fresh again. */
static void queue__sparse(struct kunit *test)
{
	unsigned int i;
	struct sk_buff *sparse;

	KUNIT_ASSERT_TRUE(test, shaper_queue_spread(&queue, flows));
	for (i = 0; i < 500; i++)
		put(flow_hash(1 + i % 10), 1514, START);
	for (i = 0; i < 100; i++)
		get(START);
	sparse = put(flow_hash(50), 100, START);
	KUNIT_EXPECT_TRUE(test, get(START) == sparse);
	/* and again, with turns of the others between */
	sparse = put(flow_hash(50), 100, START);
	KUNIT_EXPECT_TRUE(test, get(START) != sparse || get(START) != sparse);
}

static struct sk_buff *put_lane(u32 len, u64 now)
{
	struct sk_buff *skb = &skbs[n_skbs++];
	struct shaper_frame *frame = shaper_frame_of(skb);

	memset(frame, 0, sizeof(*frame));
	frame->since = now;
	frame->len = len;
	frame->lane = 1;
	shaper_queue_add(&queue, &params, skb, 0, &drops);
	return skb;
}

static void queue__lane(struct kunit *test)
{
	struct sk_buff *skb;

	put(1, 1514, START);
	put(1, 1514, START);
	skb = put_lane(60, START);
	KUNIT_EXPECT_TRUE(test, get(START) == skb);
	KUNIT_EXPECT_TRUE(test, get(START) == &skbs[0]);
}

/* A lane that is full leaves half to the flows, whatever the lengths; and whose flow
 * sends little waits for no more than one turn of it.
 */
static void queue__lane_takes_turns(struct kunit *test)
{
	static const u32 lens[3][2] = { { 1514, 1514 },
					{ 64, 1514 },
					{ 1514, 64 } };
	unsigned int c, i, n[2] = { 600, 3000 };
	struct sk_buff *sparse, *skb;

	KUNIT_ASSERT_TRUE(test, shaper_queue_spread(&queue, flows));
	params.bytes = 1 << 26;
	for (c = 0; c < 3; c++) {
		u64 sent[2] = {};

		n_skbs = 0;
		for (i = 0; i < n[lens[c][0] < 100]; i++)
			put_lane(lens[c][0], START);
		for (i = 0; i < n[lens[c][1] < 100]; i++)
			put(flow_hash(1), lens[c][1], START);
		while (sent[0] + sent[1] < 200000) {
			skb = get(START);
			sent[!shaper_frame_of(skb)->lane] +=
				shaper_frame_of(skb)->len;
		}
		KUNIT_EXPECT_TRUE_MSG(test, sent[1] > 98000 && sent[1] < 102000,
				      "%u: %llu", c, sent[1]);
		sparse = put(flow_hash(2 + c), 100, START);
		for (i = 0, skb = NULL; i < 1514 && skb != sparse;) {
			skb = get(START);
			i += shaper_frame_of(skb)->len;
		}
		KUNIT_EXPECT_TRUE(test, skb == sparse);
		while (get(START))
			;
		KUNIT_EXPECT_EQ(test, queue.lane_load, 0);
	}
}

/* Nobody else wants its turns, and then somebody does. */
static void queue__lane_alone(struct kunit *test)
{
	unsigned int i;
	struct sk_buff *skb;

	params.bytes = 1 << 26;
	for (i = 0; i < 1000; i++)
		put_lane(1514, START);
	for (i = 0; i < 500; i++)
		KUNIT_EXPECT_TRUE(test, get(START) == &skbs[i]);
	skb = put(1, 1514, START);
	KUNIT_EXPECT_TRUE(test, get(START) == skb || get(START) == skb);
	for (i = 0; get(START); i++)
		;
	KUNIT_EXPECT_TRUE(test, i == 499 || i == 500);
}

/* Who floods the lane loses of that. */
static void queue__lane_longest(struct kunit *test)
{
	unsigned int i;

	KUNIT_ASSERT_TRUE(test, shaper_queue_spread(&queue, flows));
	params.bytes = 20000;
	for (i = 0; i < 5; i++)
		put(flow_hash(i + 10), 1000, START);
	for (i = 0; i < 100; i++)
		put_lane(1000, START);
	KUNIT_EXPECT_EQ(test, queue.bytes, 20000);
	KUNIT_EXPECT_EQ(test, queue.lane_load, 15000);
	KUNIT_EXPECT_TRUE(test, drops.head == &skbs[5]);
}

/* Who floods loses, oldest first; others nothing. */
static void queue__full(struct kunit *test)
{
	unsigned int i;

	KUNIT_ASSERT_TRUE(test, shaper_queue_spread(&queue, flows));
	params.bytes = 20000;
	for (i = 0; i < 5; i++)
		put(flow_hash(i + 10), 1000, START);
	for (i = 0; i < 100; i++)
		put(flow_hash(1), 1000, START);
	KUNIT_EXPECT_EQ(test, queue.bytes, 20000);
	KUNIT_EXPECT_EQ(test, dropped(UTCP_SHAPER_DROP_REASON_FULL), 85);
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_EQ(test, queue.flows[i + 10].load, 1000);
	KUNIT_EXPECT_TRUE(test, drops.head == &skbs[5]);
}

static struct sk_buff *put_charged(struct shaper_queue *to, u32 hash, u32 len,
				   u32 charged)
{
	struct sk_buff *skb = &skbs[n_skbs++];
	struct shaper_frame *frame = shaper_frame_of(skb);

	memset(frame, 0, sizeof(*frame));
	frame->since = START;
	frame->len = len;
	frame->charged = charged;
	shaper_queue_add(to, &params, skb, hash, &drops);
	return skb;
}

/* Short frames with much memory are bounded by that, and who sends them loses them. */
static void queue__full_memory(struct kunit *test)
{
	unsigned int i;

	KUNIT_ASSERT_TRUE(test, shaper_queue_spread(&queue, flows));
	params.bytes = 200000;
	for (i = 0; i < 100; i++)
		put_charged(&queue, flow_hash(2), 1000, 1500);
	for (i = 0; i < 2000; i++)
		put_charged(&queue, flow_hash(1), 60, 16384);
	KUNIT_EXPECT_LE(test, queue.memory, SHAPER_MEMORY_TIMES * params.bytes);
	KUNIT_EXPECT_GT(test, queue.memory,
			SHAPER_MEMORY_TIMES * params.bytes - 16384);
	KUNIT_EXPECT_EQ(test, queue.flows[2].load, 100 * 1000);
	for (i = 0; get(START); i++)
		;
	KUNIT_EXPECT_EQ(test, queue.memory, 0);
	KUNIT_EXPECT_EQ(test, queue.flows[1].load, 0);
	KUNIT_EXPECT_EQ(test, i, 100 + (800000 - 150000) / 16384);
	/* a short queue has room for some, whatever they take */
	params.bytes = 2048;
	for (i = 0; i < 30; i++)
		put_charged(&queue, flow_hash(1), 60, 8000);
	KUNIT_EXPECT_EQ(test, queue.frames, 30);
	shaper_queue_flush(&queue, NULL, -1, &drops);
	KUNIT_EXPECT_EQ(test, queue.memory, 0);
	KUNIT_EXPECT_EQ(test, queue.flows[1].load, 0);
}

/* Whoever has filled the memory that all share: who comes finds some. */
static void queue__shared_memory(struct kunit *test)
{
	static struct shaper_queue others[4];
	unsigned int i, k;
	long left = 1 << 20;

	params.bytes = 1 << 26;
	for (k = 0; k < 4; k++) {
		memset(&others[k], 0, sizeof(others[k]));
		shaper_queue_init(&others[k]);
	}
	for (i = 0; i < 3000; i++) {
		struct shaper_queue *to = &others[i % 3];

		if (!shaper_queue_may_grow(to, left - 1000))
			continue;
		put_charged(to, 1, 60, 1000);
		left -= 1000;
	}
	for (k = 0; k < 3; k++)
		KUNIT_EXPECT_GT(test, others[k].memory, 250000);
	for (i = 0; shaper_queue_may_grow(&others[3], left - 1000); i++) {
		put_charged(&others[3], 1, 60, 1000);
		left -= 1000;
	}
	KUNIT_EXPECT_GT(test, i, 100);
	KUNIT_EXPECT_GE(test, left, 0);
	KUNIT_EXPECT_FALSE(test, shaper_queue_may_grow(&others[0], left));
}

/* Even if all of it is in the lane. */
static void queue__full_lane(struct kunit *test)
{
	unsigned int i;

	params.bytes = 20000;
	for (i = 0; i < 100; i++) {
		struct sk_buff *skb = &skbs[i];

		shaper_frame_of(skb)->len = 1000;
		shaper_frame_of(skb)->lane = 1;
		shaper_queue_add(&queue, &params, skb, 1, &drops);
	}
	KUNIT_EXPECT_EQ(test, queue.bytes, 20000);
	KUNIT_EXPECT_EQ(test, dropped(UTCP_SHAPER_DROP_REASON_FULL), 80);
}

static void queue__late(struct kunit *test)
{
	struct sk_buff *good;

	put(1, 100, START);
	put(1, 100, START);
	good = put(1, 100, START + 900 * MS);
	KUNIT_EXPECT_TRUE(test, get(START + 1001 * MS) == good);
	KUNIT_EXPECT_EQ(test, dropped(UTCP_SHAPER_DROP_REASON_LATE), 2);
	KUNIT_EXPECT_EQ(test, queue.frames, 0);
}

/* A standing queue is told, by a mark if that is heeded. */
static void queue__codel(struct kunit *test)
{
	unsigned int i, ecn;

	for (ecn = 0; ecn < 2; ecn++) {
		heeds_ecn = ecn;
		drops.head = NULL;
		n_skbs = 0;
		for (i = 0; i < 50; i++)
			put(1, 100, START);
		for (i = 0; i < 1000; i++) {
			put(1, 100, START + i * MS);
			get(START + (i + 50) * MS);
		}
		KUNIT_EXPECT_GT(test,
				ecn ? n_marks :
				      dropped(UTCP_SHAPER_DROP_REASON_CODEL),
				5);
		KUNIT_EXPECT_EQ(test, queue.marks, n_marks);
		while (get(START))
			;
	}
}

static unsigned int n_dropped(void)
{
	const struct sk_buff *skb;
	unsigned int n = 0;

	for (skb = drops.head; skb; skb = skb->next)
		n++;
	return n;
}

/* However many are late, in however many flows and in the lane: no more of them than
 * allowed at once, and those that are not keep their order.
 */
static void queue__bounded_late(struct kunit *test)
{
	u64 later = START + params.time + MS;
	unsigned int i, calls;
	struct sk_buff *skb;

	KUNIT_ASSERT_TRUE(test, shaper_queue_spread(&queue, flows));
	for (i = 0; i < 1000; i++) {
		if (i % 10)
			put(flow_hash(i % 3), 100, START);
		else
			put_lane(100, START);
	}
	/* behind all others: the last of the flows */
	put(flow_hash(0), 100, later);
	for (calls = 0; calls < 100; calls++) {
		unsigned int before = n_dropped();

		budget = 16;
		skb = shaper_queue_next(&queue, &params, later, &budget,
					&drops);
		KUNIT_EXPECT_LE(test, budget, 16);
		KUNIT_EXPECT_EQ(test, n_dropped() - before, 16 - budget);
		if (skb)
			break;
		KUNIT_EXPECT_GT(test, queue.frames, 0);
	}
	KUNIT_EXPECT_TRUE(test, skb == &skbs[1000]);
	KUNIT_EXPECT_EQ(test, dropped(UTCP_SHAPER_DROP_REASON_LATE), 1000);
	KUNIT_EXPECT_EQ(test, queue.frames, 1);
	KUNIT_EXPECT_EQ(test, queue.bytes, 100);
}

/* A bound that has become less is reached step by step. */
static void queue__bounded_full(struct kunit *test)
{
	unsigned int i, before;

	KUNIT_ASSERT_TRUE(test, shaper_queue_spread(&queue, flows));
	for (i = 0; i < 1000; i++)
		put(flow_hash(i % 7), 100, START);
	params.bytes = 2000;
	for (i = 0; i < 100 && queue.bytes > params.bytes; i++) {
		before = n_dropped();
		put(flow_hash(1), 100, START);
		KUNIT_EXPECT_LE(test, n_dropped() - before, SHAPER_DROPS_MAX);
	}
	KUNIT_EXPECT_LE(test, i, 17);
	KUNIT_EXPECT_EQ(test, queue.bytes, 2000);
	KUNIT_EXPECT_EQ(test, queue.frames, 20);
}

static void queue__append(struct kunit *test)
{
	struct shaper_fifo a = {}, b = {};
	unsigned int i;

	shaper_fifo_append(&a, &b);
	KUNIT_EXPECT_NULL(test, a.head);
	for (i = 0; i < 4; i++) {
		shaper_fifo_add(&b, &skbs[2 * i]);
		shaper_fifo_add(&b, &skbs[2 * i + 1]);
		shaper_fifo_append(&a, &b);
		KUNIT_EXPECT_NULL(test, b.head);
	}
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_TRUE(test, shaper_fifo_pop(&a) == &skbs[i]);
	KUNIT_EXPECT_NULL(test, shaper_fifo_pop(&a));
}

static void queue__flush(struct kunit *test)
{
	struct shaper_port *one = (void *)0x1000, *two = (void *)0x2000;
	unsigned int i;

	KUNIT_ASSERT_TRUE(test, shaper_queue_spread(&queue, flows));
	for (i = 0; i < 120; i++) {
		struct sk_buff *skb = put(flow_hash(i % 40), 100, START);

		shaper_frame_of(skb)->port = i % 3 ? one : two;
		shaper_frame_of(skb)->dir = i % 2;
	}
	shaper_queue_next(&queue, &params, START, &budget, &drops);
	shaper_queue_flush(&queue, two, 1, &drops);
	KUNIT_EXPECT_EQ(test, queue.frames, 100);
	shaper_queue_flush(&queue, two, -1, &drops);
	KUNIT_EXPECT_EQ(test, queue.frames, 80);
	KUNIT_EXPECT_EQ(test, queue.bytes, 8000);
	for (i = 0; get(START); i++)
		;
	KUNIT_EXPECT_EQ(test, i, 80);
	put(1, 100, START);
	shaper_queue_flush(&queue, NULL, -1, &drops);
	KUNIT_EXPECT_EQ(test, queue.frames, 0);
	KUNIT_EXPECT_EQ(test, dropped(UTCP_SHAPER_DROP_REASON_FLUSHED), 41);
}

static void queue__spread_and_gather(struct kunit *test)
{
	put(1, 100, START);
	KUNIT_EXPECT_FALSE(test, shaper_queue_spread(&queue, flows));
	get(START);
	KUNIT_EXPECT_TRUE(test, shaper_queue_spread(&queue, flows));
	put(flow_hash(3), 100, START);
	KUNIT_EXPECT_NULL(test, shaper_queue_gather(&queue));
	get(START);
	KUNIT_EXPECT_TRUE(test, shaper_queue_gather(&queue) == flows);
	put(1, 100, START);
	KUNIT_EXPECT_NOT_NULL(test, get(START));
	KUNIT_EXPECT_NULL(test, get(START));
}

static struct sk_buff *chosen(u64 now)
{
	return shaper_queue_next(&queue, &params, now, &budget, &drops);
}

/* A frame of a flow that goes on, which was chosen and has to wait, lets others in front of
 * it that would have gone before it: once, and none of its own flow.
 */
static void queue__overtaken(struct kunit *test)
{
	struct sk_buff *skb, *first, *sparse, *lane;
	unsigned int i, n = 0, last[3] = {};

	KUNIT_ASSERT_TRUE(test, shaper_queue_spread(&queue, flows));
	for (i = 0; i < 40; i++)
		put(flow_hash(1 + i % 2), 1514, START);
	for (i = 0; i < 4; i++)
		get(START);
	first = chosen(START);
	KUNIT_EXPECT_NULL(test, shaper_queue_overtaker(&queue));
	sparse = put(flow_hash(50), 100, START);
	KUNIT_EXPECT_TRUE(test, shaper_queue_overtaker(&queue) == sparse);
	KUNIT_EXPECT_TRUE(test, get(START) == sparse);
	KUNIT_EXPECT_TRUE(test, chosen(START) == first);
	sparse = put(flow_hash(50), 100, START);
	KUNIT_EXPECT_NULL(test, shaper_queue_overtaker(&queue));
	KUNIT_EXPECT_TRUE(test, chosen(START) == first);
	lane = put_lane(60, START);
	KUNIT_EXPECT_TRUE(test, shaper_queue_overtaker(&queue) == lane);
	KUNIT_EXPECT_TRUE(test, get(START) == lane);
	/* What is put off is there when all of it is to go, and when it comes to be dropped. */
	KUNIT_EXPECT_TRUE(test, chosen(START) == first);
	for (i = 0; i < 20; i++)
		put(flow_hash(60 + i), 100, START);
	while ((skb = get(START))) {
		u32 flow = shaper_frame_of(skb)->flow;

		n++;
		if (flow > 2)
			continue;
		KUNIT_EXPECT_GT(test, skb - skbs + 1, last[flow]);
		last[flow] = skb - skbs + 1;
	}
	KUNIT_EXPECT_EQ(test, n, 36 + 1 + 20);
	KUNIT_EXPECT_EQ(test, queue.frames, 0);
	KUNIT_EXPECT_EQ(test, queue.bytes, 0);
	for (i = 0; i < 4; i++)
		put(flow_hash(1), 1514, START);
	get(START);
	chosen(START);
	put(flow_hash(90), 100, START);
	chosen(START);
	KUNIT_EXPECT_NOT_NULL(test, queue.put_off);
	shaper_queue_flush(&queue, NULL, -1, &drops);
	KUNIT_EXPECT_EQ(test, queue.frames, 0);
	KUNIT_EXPECT_EQ(test, dropped(UTCP_SHAPER_DROP_REASON_FLUSHED), 4);
	KUNIT_EXPECT_NULL(test, chosen(START));
}

static struct kunit_case queue_cases[] = { KUNIT_CASE(queue__order),
					   KUNIT_CASE(queue__chosen),
					   KUNIT_CASE(queue__fair),
					   KUNIT_CASE(queue__sparse),
					   KUNIT_CASE(queue__lane),
					   KUNIT_CASE(queue__lane_takes_turns),
					   KUNIT_CASE(queue__lane_alone),
					   KUNIT_CASE(queue__lane_longest),
					   KUNIT_CASE(queue__full),
					   KUNIT_CASE(queue__full_lane),
					   KUNIT_CASE(queue__full_memory),
					   KUNIT_CASE(queue__shared_memory),
					   KUNIT_CASE(queue__late),
					   KUNIT_CASE(queue__bounded_late),
					   KUNIT_CASE(queue__bounded_full),
					   KUNIT_CASE(queue__append),
					   KUNIT_CASE(queue__codel),
					   KUNIT_CASE(queue__flush),
					   KUNIT_CASE(queue__spread_and_gather),
					   KUNIT_CASE(queue__overtaken),
					   {} };

static struct kunit_suite queue_suite = {
	.name = "shaper_queue",
	.init = queue_init,
	.exit = queue_exit,
	.test_cases = queue_cases,
};

kunit_test_suite(queue_suite);
