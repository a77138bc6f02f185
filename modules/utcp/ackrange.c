// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters that have come, and when to say so.
 */
#include "ackrange.h"

#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "rtt.h"

/**
 * utcp_ackrange_init() - nothing has come
 * @r: what has come
 */
void utcp_ackrange_init(struct utcp_ackrange *r)
{
	r->greatest_at = 0;
	r->said_at = 0;
	r->due = UTCP_NEVER;
	r->top = UTCP_NEVER;
	r->asking = 0;
	r->n = 0;
}

static void remove_run(struct utcp_ackrange *r, u32 i)
{
	r->n--;
	memmove(&r->run[i], &r->run[i + 1], (r->n - i) * sizeof(r->run[0]));
}

static void insert_run(struct utcp_ackrange *r, u32 i, u64 counter)
{
	if (i == UTCP_ACK_RANGES)
		return; /* the lowest are forgotten, and this is one */
	if (r->n == UTCP_ACK_RANGES)
		r->n--;
	memmove(&r->run[i + 1], &r->run[i], (r->n - i) * sizeof(r->run[0]));
	r->n++;
	r->run[i] = (struct utcp_ackrange_run){ counter, counter };
}

static void insert(struct utcp_ackrange *r, u64 counter)
{
	u32 i;

	/* Nearly always the first or second. */
	for (i = 0; i < r->n; i++)
		if (counter + 1 >= r->run[i].low)
			break;
	if (i == r->n || counter > r->run[i].high + 1) {
		insert_run(r, i, counter);
		return;
	}
	if (counter >= r->run[i].low && counter <= r->run[i].high)
		return;
	if (counter > r->run[i].high) {
		/* The run above ends two above this one, or more: no touch. */
		r->run[i].high = counter;
		return;
	}
	r->run[i].low = counter;
	if (i + 1 < r->n && r->run[i + 1].high + 1 == counter) {
		r->run[i].low = r->run[i + 1].low;
		remove_run(r, i + 1);
	}
}

/**
 * utcp_ackrange_take() - a frame has come
 * @r: what has come
 * @counter: the frame's; its tag was right and the replay window took it
 * @now: when, in nanoseconds
 * @chunks: what is in it
 *
 * Afterwards @r->due says when an ACK is due.
 */
void utcp_ackrange_take(struct utcp_ackrange *r, u64 counter, u64 now,
			const struct utcp_chunks *chunks)
{
	u64 next = r->n ? r->run[0].high + 1 : 0;
	bool at_once = chunks->asks_now || counter != next;

	if (counter > next)
		r->top = counter;
	if (counter >= next)
		r->greatest_at = now;
	insert(r, counter);
	if (!chunks->asks)
		return;
	/* The third above a gap: the other end takes it for lost (kPacketThreshold,
	 * RFC 9002 section 6.1.1) as soon as it hears of this one.
	 */
	if (r->top != UTCP_NEVER && counter >= r->top + 2) {
		r->top = UTCP_NEVER;
		at_once = true;
	}
	if (++r->asking >= UTCP_ACK_FRAMES)
		at_once = true;
	r->due = min(r->due, at_once ? now : now + UTCP_ACK_DELAY_NS);
}

/**
 * utcp_ackrange_put() - write an ACK of what has come
 * @r: what has come
 * @now: when, in nanoseconds
 * @index: receiver index of the association
 * @w: where
 *
 * With it all is said: nothing is due any more.
 *
 * Return: true; false: nothing has come, or there is no room for it.
 */
bool utcp_ackrange_put(struct utcp_ackrange *r, u64 now, u32 index,
		       struct utcp_writer *w)
{
	/* Nearly always none is needed, and the kernel would zero them all. */
	struct utcp_ack_pair pairs[UTCP_ACK_PAIRS] __uninitialized;
	struct utcp_ack ack = { .index = index };
	u64 low, waited;
	u32 i;

	if (!r->n)
		return false;
	ack.greatest = r->run[0].high;
	ack.first = min_t(u64, r->run[0].high - r->run[0].low, U32_MAX);
	waited = now > r->greatest_at ? now - r->greatest_at : 0;
	ack.delay =
		min_t(u64, div_u64(waited, NSEC_PER_USEC), UTCP_ACK_DELAY_MAX);
	low = ack.greatest - ack.first;
	for (i = 1; i < r->n && low == r->run[i - 1].low; i++) {
		u64 gap = low - r->run[i].high - 1;
		u64 run = r->run[i].high - r->run[i].low + 1;

		/* Too far apart to be said in one pair. */
		if (gap > U32_MAX)
			break;
		pairs[i - 1].gap = gap;
		pairs[i - 1].run = min_t(u64, run, U32_MAX);
		low = r->run[i].high + 1 - pairs[i - 1].run;
		ack.n++;
	}
	if (!utcp_put_ack(w, &ack, pairs))
		return false;
	r->asking = 0;
	r->due = UTCP_NEVER;
	r->said_at = now;
	return true;
}

/**
 * utcp_ackrange_rides() - is an ACK to go with a frame that goes anyway?
 * @r: what has come; something asks for an ACK
 * @now: when, in nanoseconds
 *
 * Return: true if it is due, or the last one was said long enough ago.
 */
bool utcp_ackrange_rides(const struct utcp_ackrange *r, u64 now)
{
	return r->due <= now || r->asking >= UTCP_ACK_RIDES || !r->said_at ||
	       r->said_at + UTCP_ACK_PAUSE_NS <= now;
}

/**
 * utcp_ackrange_unsaid() - what utcp_ackrange_put() wrote was not sent
 * @r: what has come
 * @now: when, in nanoseconds
 *
 * An ACK is due again, at once.
 */
void utcp_ackrange_unsaid(struct utcp_ackrange *r, u64 now)
{
	r->asking = max(r->asking, 1U);
	r->due = min(r->due, now);
}

/**
 * utcp_ackrange_forget() - the other end has an ACK
 * @r: what has come
 * @greatest: the greatest counter that the ACK spoke of
 *
 * What is below it need not be said again.
 */
void utcp_ackrange_forget(struct utcp_ackrange *r, u64 greatest)
{
	while (r->n && r->run[r->n - 1].high < greatest)
		r->n--;
	if (r->n && r->run[r->n - 1].low < greatest)
		r->run[r->n - 1].low = greatest;
}
