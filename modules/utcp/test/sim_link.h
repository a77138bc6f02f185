/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The link between the two ends of sim.c: it loses, doubles, delays and overtakes frames
 * as a seeded generator says, on a clock of its own. Included once.
 */
#ifndef _UTCP_TEST_SIM_LINK_H
#define _UTCP_TEST_SIM_LINK_H

#include <linux/string.h>
#include <linux/types.h>
#include <stdlib.h>

#define US 1000ULL
#define MS 1000000ULL
#define SEC 1000000000ULL

/**
 * struct link - a direction of the path
 * @loss: per thousand, of frames
 * @dup: per thousand
 * @late: per thousand, are held back by @late_by
 * @late_by: nanoseconds
 * @delay: nanoseconds
 * @jitter: up to so much more, nanoseconds
 * @rate: bytes a second
 * @queue: longest wait for the line, in nanoseconds; more is dropped
 * @passes: longest frame that passes
 * @dead_from: nothing passes from here
 * @dead_to: to here
 */
struct link {
	u32 loss, dup, late;
	u64 late_by, delay, jitter, rate, queue;
	u32 passes;
	u64 dead_from, dead_to;
};

struct flying {
	u64 at;
	u64 order;
	u64 counter;
	u32 len;
	u8 *plain;
};

/**
 * struct way - frames under way in one direction
 * @heap: by time of arrival
 * @n: how many
 * @room: of @heap
 * @busy: until when the line is busy
 * @order: of the frame that is handed in next
 * @sent: frames that were handed in
 * @dropped: of them, dropped
 */
struct way {
	struct flying *heap;
	size_t n, room;
	u64 busy, order, sent, dropped;
};

static u64 now, rng;

static u32 draw(u32 below)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return (u32)((rng >> 20) % below);
}

static bool before(const struct flying *x, const struct flying *y)
{
	return x->at != y->at ? x->at < y->at : x->order < y->order;
}

static void push(struct way *way, struct flying f)
{
	size_t i = way->n++;

	if (way->n > way->room) {
		way->room = way->room ? 2 * way->room : 64;
		way->heap = realloc(way->heap, way->room * sizeof(f));
		if (!way->heap)
			abort();
	}
	f.order = way->order++;
	for (; i && before(&f, &way->heap[(i - 1) / 2]); i = (i - 1) / 2)
		way->heap[i] = way->heap[(i - 1) / 2];
	way->heap[i] = f;
}

static struct flying pop(struct way *way)
{
	struct flying top = way->heap[0], last = way->heap[--way->n];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < way->n) {
		if (child + 1 < way->n &&
		    before(&way->heap[child + 1], &way->heap[child]))
			child++;
		if (!before(&way->heap[child], &last))
			break;
		way->heap[i] = way->heap[child];
		i = child;
	}
	way->heap[i] = last;
	return top;
}

static void fly(struct way *way, const struct link *link, const u8 *plain,
		u32 len, u64 counter)
{
	u32 size = len + UTCP_LANE_OVERHEAD;
	struct flying f = { .counter = counter, .len = len };
	u64 start = max(now, way->busy);

	way->sent++;
	if (start - now > link->queue || size > link->passes ||
	    (now >= link->dead_from && now < link->dead_to)) {
		way->dropped++;
		return;
	}
	way->busy = start + size * SEC / link->rate;
	if (draw(1000) < link->loss) {
		way->dropped++;
		return;
	}
	f.at = way->busy + link->delay;
	if (link->jitter)
		f.at += draw((u32)link->jitter);
	if (draw(1000) < link->late)
		f.at += link->late_by;
	for (int copies = draw(1000) < link->dup ? 2 : 1; copies; copies--) {
		f.plain = malloc(len ? len : 1);
		if (!f.plain)
			abort();
		memcpy(f.plain, plain, len);
		push(way, f);
		f.at += 10 * US;
	}
}

#endif /* _UTCP_TEST_SIM_LINK_H */
