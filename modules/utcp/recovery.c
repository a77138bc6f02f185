// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loss recovery of a lane: RFC 9002.
 */
#include "recovery.h"

#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time64.h>

#define RING_MIN 32

static struct utcp_sent *sent_of(const struct utcp_recovery *rec, u64 order)
{
	return &rec->ring[order & (rec->room - 1)];
}

/**
 * utcp_recovery_init() - nothing was sent
 * @rec: the lane's
 * @ops: who is told
 * @cong: algorithm of congestion control
 * @frame: bytes of a full frame
 */
void utcp_recovery_init(struct utcp_recovery *rec,
			const struct utcp_recovery_ops *ops,
			const struct utcp_cong_ops *cong, u32 frame)
{
	memset(rec, 0, sizeof(*rec));
	rec->ops = ops;
	rec->loss_at = UTCP_NEVER;
	rec->threshold = UTCP_PACKET_THRESHOLD;
	utcp_rtt_init(&rec->rtt);
	utcp_cong_init(&rec->cong, cong, frame);
}

/**
 * utcp_recovery_free() - forget all
 * @rec: the lane's; only utcp_recovery_init() may follow
 */
void utcp_recovery_free(struct utcp_recovery *rec)
{
	kfree(rec->ring);
	rec->ring = NULL;
	rec->room = 0;
}

/**
 * utcp_recovery_space() - from now on, frames are sent under another association
 * @rec: the lane's
 * @serial: its serial number, not 0, greater than those before it
 */
void utcp_recovery_space(struct utcp_recovery *rec, u32 serial)
{
	memmove(&rec->spaces[1], &rec->spaces[0],
		(UTCP_SENT_SPACES - 1) * sizeof(rec->spaces[0]));
	rec->spaces[0] = (struct utcp_sent_space){ .serial = serial };
}

/**
 * utcp_recovery_skip() - a counter was skipped on purpose
 * @rec: the lane's
 * @counter: it, of the current association
 *
 * Who acknowledges it has not seen what he acknowledges: RFC 9000 section 21.4. In the
 * module the association skips counters, and looks at ACKs for them, before they come here:
 * utcp_assoc_seal(), utcp_assoc_ack_ok(). Only tests call this.
 */
void utcp_recovery_skip(struct utcp_recovery *rec, u64 counter)
{
	struct utcp_sent_space *space = &rec->spaces[0];

	space->skipped[space->n_skipped++ % UTCP_SENT_SKIPS] = counter;
}

static bool grow(struct utcp_recovery *rec)
{
	u32 room = rec->room ? 2 * rec->room : RING_MIN;
	struct utcp_sent *ring;
	u64 i;

	if (room > UTCP_SENT_MAX)
		return false;
	ring = kcalloc(room, sizeof(*ring), GFP_ATOMIC | __GFP_NOWARN);
	if (!ring)
		return false;
	for (i = rec->first; i < rec->next; i++)
		ring[i & (room - 1)] = *sent_of(rec, i);
	kfree(rec->ring);
	rec->ring = ring;
	rec->room = room;
	return true;
}

/* Forgets from the front what has been acknowledged; and what was lost, when it is
 * so long ago that nobody will learn that it was wrong: RFC 9002 appendix B.9 has
 * three probe timeouts.
 */
static void prune(struct utcp_recovery *rec, u64 now)
{
	u64 keep = 3 * utcp_rtt_pto(&rec->rtt);

	while (rec->first < rec->next) {
		const struct utcp_sent *sent = sent_of(rec, rec->first);

		if (!(sent->flags & (UTCP_SENT_ACKED | UTCP_SENT_LOST)))
			break;
		if (!(sent->flags & UTCP_SENT_ACKED) && sent->at + keep > now)
			break;
		rec->first++;
	}
}

/**
 * utcp_recovery_reserve() - room for one more frame that asks for an ACK
 * @rec: the lane's
 *
 * Return: where its items are to be entered, empty; valid until anything else is
 * called, and taken by utcp_recovery_sent(). NULL: there is no room, nothing that
 * asks may be sent until ACKs come.
 */
struct utcp_sent *utcp_recovery_reserve(struct utcp_recovery *rec)
{
	struct utcp_sent *sent;

	if (rec->next - rec->first == rec->room && !grow(rec)) {
		/* Of what was lost, rather forget that it might prove wrong. */
		while (rec->first < rec->next &&
		       sent_of(rec, rec->first)->flags &
			       (UTCP_SENT_ACKED | UTCP_SENT_LOST))
			rec->first++;
		if (rec->next - rec->first == rec->room)
			return NULL;
	}
	sent = sent_of(rec, rec->next);
	/* Who enters an item sets all of it. */
	sent->flags = 0;
	sent->n = 0;
	return sent;
}

/**
 * utcp_recovery_reserved() - what utcp_recovery_reserve() gave last
 * @rec: the lane's
 *
 * Return: it; only while utcp_recovery_sent() has not taken it.
 */
struct utcp_sent *utcp_recovery_reserved(struct utcp_recovery *rec)
{
	return sent_of(rec, rec->next);
}

/**
 * utcp_recovery_other() - somebody else has sent a frame
 * @rec: the lane's
 * @serial: of the association under which it was
 * @counter: its counter
 *
 * For frames of which nothing is remembered here, and which may be told late: when
 * they are acknowledged.
 */
void utcp_recovery_other(struct utcp_recovery *rec, u32 serial, u64 counter)
{
	size_t i;

	for (i = 0; i < UTCP_SENT_SPACES; i++)
		if (serial && rec->spaces[i].serial == serial)
			rec->spaces[i].next =
				max(rec->spaces[i].next, counter + 1);
}

/**
 * utcp_recovery_sent() - a frame was sent
 * @rec: the lane's
 * @counter: its counter, of the current association
 * @now: when
 * @len: its length field
 * @asks: it asks for an ACK, and what utcp_recovery_reserve() gave describes it
 */
void utcp_recovery_sent(struct utcp_recovery *rec, u64 counter, u64 now,
			u16 len, bool asks)
{
	struct utcp_sent *sent;

	rec->spaces[0].next = max(rec->spaces[0].next, counter + 1);
	if (!asks)
		return;
	sent = sent_of(rec, rec->next);
	sent->counter = counter;
	sent->at = now;
	sent->space = rec->spaces[0].serial;
	sent->len = len;
	rec->next++;
	rec->last_at = now;
	rec->in_flight += len;
	rec->waiting++;
}

/* It is no longer on its way. */
static void landed(struct utcp_recovery *rec, const struct utcp_sent *sent)
{
	rec->in_flight -= sent->len;
	rec->waiting--;
}

/* Order number of the last frame of @space whose counter is not above @counter;
 * first - 1 if there is none. Frames are ordered by space, then by counter.
 */
static u64 find_below(const struct utcp_recovery *rec, u32 space, u64 counter)
{
	u64 low = rec->first, high = rec->next;

	while (low < high) {
		u64 mid = low + (high - low) / 2;
		const struct utcp_sent *sent = sent_of(rec, mid);

		if ((s32)(sent->space - space) < 0 ||
		    (sent->space == space && sent->counter <= counter))
			low = mid + 1;
		else
			high = mid;
	}
	return low - 1;
}

/**
 * struct ack_walk - what an ACK has told so far
 * @now: the time
 * @bytes: of frames acknowledged that let the window grow
 * @greatest: order number of the greatest frame newly acknowledged, plus one
 * @sent_at: when that was sent
 * @counter: its counter
 * @any: there was one
 */
struct ack_walk {
	u64 now;
	u64 greatest;
	u64 sent_at;
	u64 counter;
	u32 bytes;
	bool any;
};

static void frame_acked(struct utcp_recovery *rec, u64 order,
			struct ack_walk *walk)
{
	struct utcp_sent *sent = sent_of(rec, order);

	if (!walk->any) {
		walk->any = true;
		walk->greatest = order + 1;
		walk->sent_at = sent->at;
		walk->counter = sent->counter;
	}
	if (sent->flags & UTCP_SENT_LOST) {
		/* It was not lost. If it was only overtaken, wait for more next
		 * time: RFC 9002 section 6.1.1, as RFC 8985 does.
		 */
		if (rec->acked_end > order + rec->threshold)
			rec->threshold = min_t(u64, rec->acked_end - order,
					       UTCP_PACKET_THRESHOLD_MAX);
		if (!(sent->flags & UTCP_SENT_PROBE))
			utcp_cong_wrong(&rec->cong, walk->now, sent->at);
	} else {
		landed(rec, sent);
		/* Section 7.3.2: what was sent before the window was lowered does
		 * not raise it.
		 */
		if (sent->at > rec->cong.since)
			walk->bytes += sent->len;
	}
	sent->flags |= UTCP_SENT_ACKED;
	rec->ops->acked(rec, sent);
	sent->skip = 1;
}

/* Below which order number the frames are that come before the one at @at - 1, which is
 * acknowledged, and those next to it that are, too. What it passes learns of it: who
 * repeats himself, and leaves one frame out, does not have all the others looked at again
 * for each of his ACKs.
 */
static u64 skip_acked(struct utcp_recovery *rec, u64 at)
{
	struct utcp_sent *sent = sent_of(rec, at - 1);
	u64 to = at - sent->skip;

	if (to > rec->first && sent_of(rec, to - 1)->flags & UTCP_SENT_ACKED)
		sent->skip += sent_of(rec, to - 1)->skip;
	return to;
}

/* All frames of @space with counters from @low to @high; *@at is below which order
 * number they are, and moves down.
 */
static void run_acked(struct utcp_recovery *rec, u32 space, u64 low, u64 high,
		      u64 *at, struct ack_walk *walk)
{
	const struct utcp_sent *sent;

	/* Mostly the frames between two runs are few. */
	if (*at > rec->first && sent_of(rec, *at - 1)->counter > high)
		*at = min(*at, find_below(rec, space, high) + 1);
	while (*at > rec->first) {
		sent = sent_of(rec, *at - 1);
		if (sent->space != space || sent->counter < low)
			return;
		if (sent->flags & UTCP_SENT_ACKED) {
			*at = skip_acked(rec, *at);
			continue;
		}
		frame_acked(rec, *at - 1, walk);
		--*at;
	}
}

/* Was the window used up? What was in flight before the ACK, and in slow start half
 * of it (RFC 9002 section 7.8).
 */
static bool limited(const struct utcp_recovery *rec, u32 before)
{
	const struct utcp_cong *cong = &rec->cong;

	if (utcp_cong_slow_start(cong))
		return before >= cong->cwnd / 2;
	return before + 3 * cong->frame >= cong->cwnd;
}

/* RFC 9002 section 7.6: between the first and the last of frames lost in a row,
 * none acknowledged, more time has passed than three probe timeouts.
 */
static bool persistent(const struct utcp_recovery *rec)
{
	u64 longest = UTCP_PERSISTENT * utcp_rtt_pto(&rec->rtt);
	u64 order, from = 0;
	bool in_row = false;

	if (!rec->sampled_at)
		return false;
	for (order = rec->first; order < rec->acked_end; order++) {
		const struct utcp_sent *sent = sent_of(rec, order);

		if (!(sent->flags & UTCP_SENT_LOST) ||
		    sent->flags & UTCP_SENT_ACKED ||
		    sent->at <= rec->sampled_at) {
			in_row = false;
			continue;
		}
		if (!in_row)
			from = sent->at;
		in_row = true;
		if (sent->at - from > longest)
			return true;
	}
	return false;
}

/* Return: it is a sign of congestion. */
static bool lose(struct utcp_recovery *rec, struct utcp_sent *sent, u64 now)
{
	bool congestion = !(sent->flags & UTCP_SENT_PROBE);

	sent->flags |= UTCP_SENT_LOST;
	landed(rec, sent);
	if (congestion)
		utcp_cong_lost(&rec->cong, now, sent->at);
	rec->ops->lost(rec, sent);
	return congestion;
}

/* RFC 9002 section 6.1 and appendix A.10. */
static bool detect_lost(struct utcp_recovery *rec, u64 now)
{
	u64 delay = utcp_rtt_loss_delay(&rec->rtt);
	bool any = false, congestion = false;
	u64 order;

	rec->loss_at = UTCP_NEVER;
	for (order = rec->first; order < rec->acked_end; order++) {
		struct utcp_sent *sent = sent_of(rec, order);

		if (sent->flags & (UTCP_SENT_ACKED | UTCP_SENT_LOST))
			continue;
		if (sent->at + delay > now &&
		    rec->acked_end - 1 - order < rec->threshold) {
			rec->loss_at = min(rec->loss_at, sent->at + delay);
			continue;
		}
		any = true;
		congestion |= lose(rec, sent, now);
	}
	if (congestion && persistent(rec)) {
		utcp_cong_persistent(&rec->cong, now);
		/* Section 7.6.2 and 5.2: the path may be another one. */
		rec->rtt.min = rec->rtt.latest;
		rec->sampled_at = now;
	}
	return any;
}

static struct utcp_sent_space *space_of(struct utcp_recovery *rec, u32 serial)
{
	size_t i;

	for (i = 0; i < UTCP_SENT_SPACES; i++)
		if (serial && rec->spaces[i].serial == serial)
			return &rec->spaces[i];
	return NULL;
}

/* Is one of the skipped counters from @low to @high? */
static bool was_skipped(const struct utcp_sent_space *space, u64 low, u64 high)
{
	u32 n = min_t(u32, space->n_skipped, UTCP_SENT_SKIPS);

	while (n--)
		if (space->skipped[n] >= low && space->skipped[n] <= high)
			return true;
	return false;
}

static bool never_sent(const struct utcp_sent_space *space,
		       const struct utcp_ack *ack)
{
	u64 low = ack->greatest - ack->first;
	u16 i;

	if (ack->greatest >= space->next ||
	    was_skipped(space, low, ack->greatest))
		return true;
	for (i = 0; i < ack->n; i++) {
		struct utcp_ack_pair pair = utcp_ack_pair(ack, i);
		u64 high = low - pair.gap - 1;

		low -= (u64)pair.gap + pair.run;
		if (was_skipped(space, low, high))
			return true;
	}
	return false;
}

/**
 * utcp_recovery_ack() - an ACK has come
 * @rec: the lane's
 * @serial: serial number of the association that it speaks of
 * @ack: the ACK, well formed
 * @now: the time, not 0
 *
 * RFC 9002 appendix A.7.
 *
 * Return: 0, also if nothing is known of the association any more; -EPROTO: it
 * acknowledges what was never sent: the session is to be ended with
 * UTCP_CLOSE_PROTOCOL. Then nothing has changed.
 */
int utcp_recovery_ack(struct utcp_recovery *rec, u32 serial,
		      const struct utcp_ack *ack, u64 now)
{
	const struct utcp_sent_space *space = space_of(rec, serial);
	struct ack_walk walk = { .now = now };
	u32 before = rec->in_flight;
	u64 low, at, rtt = 0;
	u16 i;

	if (!space)
		return 0;
	if (never_sent(space, ack))
		return -EPROTO;
	if (rec->first == rec->next)
		return 0;
	at = find_below(rec, serial, ack->greatest) + 1;
	low = ack->greatest - ack->first;
	run_acked(rec, serial, low, ack->greatest, &at, &walk);
	for (i = 0; i < ack->n; i++) {
		struct utcp_ack_pair pair = utcp_ack_pair(ack, i);
		u64 high = low - pair.gap - 1;

		low -= (u64)pair.gap + pair.run;
		run_acked(rec, serial, low, high, &at, &walk);
	}
	if (!walk.any)
		return 0;
	/* Section 5.1: a sample, if the greatest is newly acknowledged. */
	if (walk.counter == ack->greatest) {
		/* @now may be from before the frame was sent by another CPU. */
		rtt = now - min(now, walk.sent_at);
		utcp_rtt_sample(&rec->rtt, rtt,
				(u64)ack->delay * NSEC_PER_USEC);
		rtt = rec->rtt.latest;
		if (!rec->sampled_at)
			rec->sampled_at = now;
	}
	rec->acked_end = max(rec->acked_end, walk.greatest);
	utcp_rate_acked(&rec->rate, now, rec->rtt.smoothed,
			before - rec->in_flight, !limited(rec, before),
			rec->in_flight);
	detect_lost(rec, now);
	rec->ptos = 0;
	rec->restarting = false;
	if (walk.bytes) {
		const struct utcp_cong_ack told = {
			.now = now,
			.rtt = rtt,
			.smoothed = rec->rtt.smoothed,
			.bytes = walk.bytes,
			.order = walk.greatest - 1,
			.next = rec->next,
			.limited = limited(rec, before),
		};

		utcp_cong_acked(&rec->cong, &told);
	}
	prune(rec, now);
	return 0;
}

/**
 * utcp_recovery_timer() - when something is to be done
 * @rec: the lane's
 *
 * RFC 9002 section 6.2.1 and appendix A.8.
 *
 * Return: when; UTCP_NEVER: nothing is.
 */
u64 utcp_recovery_timer(const struct utcp_recovery *rec)
{
	u64 base, pto;

	if (rec->loss_at != UTCP_NEVER)
		return rec->loss_at;
	if (!rec->waiting)
		return UTCP_NEVER;
	base = utcp_rtt_pto(&rec->rtt);
	pto = base << min_t(u32, rec->ptos, 16);
	pto = min_t(u64, pto,
		    rec->restarting ? UTCP_PTO_RESTART_NS : UTCP_PTO_MAX_NS);
	return rec->last_at + max(pto, base);
}

/**
 * utcp_recovery_timeout() - the time of utcp_recovery_timer() has come
 * @rec: the lane's
 * @now: the time, not 0
 *
 * RFC 9002 section 6.2.4 and appendix A.9. On a probe timeout, what waits longest is
 * told to be sent again: a probe with data does more than a PING. On the next one in a
 * row, what waits next longest, and so on: the other end may have no memory for the
 * former, but for the latter. If no frame more can be remembered, no probe can be sent;
 * then, as section 6.2.4 allows, what waits longest is lost.
 *
 * Return: what that has meant.
 */
enum utcp_recovery_event utcp_recovery_timeout(struct utcp_recovery *rec,
					       u64 now)
{
	u32 skip, n = 0;
	u64 order;

	if (utcp_recovery_timer(rec) > now)
		return UTCP_RECOVERY_NONE;
	if (rec->loss_at != UTCP_NEVER) {
		detect_lost(rec, now);
		prune(rec, now);
		return UTCP_RECOVERY_LOSS;
	}
	skip = rec->ptos++;
	/* Even if nothing is sent now, for want of memory, the next one comes later. */
	rec->last_at = now;
	if (!utcp_recovery_reserve(rec)) {
		lose(rec, sent_of(rec, rec->first), now);
		return UTCP_RECOVERY_PROBE;
	}
	while (true) {
		for (order = rec->first; order < rec->next; order++) {
			const struct utcp_sent *sent = sent_of(rec, order);

			if (sent->flags & (UTCP_SENT_ACKED | UTCP_SENT_LOST) ||
			    !sent->n)
				continue;
			if (n++ < skip)
				continue;
			rec->ops->again(rec, sent);
			return UTCP_RECOVERY_PROBE;
		}
		if (!n)
			return UTCP_RECOVERY_PROBE;
		skip %= n;
		n = 0;
	}
}

/**
 * utcp_recovery_handshake() - the round trip that a handshake took
 * @rec: the lane's
 * @took: from the message that was answered to its answer, in nanoseconds
 * @now: the time, not 0
 *
 * A sample as good as a frame's, if there is none yet: RFC 9002 section 6.2.2.
 */
void utcp_recovery_handshake(struct utcp_recovery *rec, u64 took, u64 now)
{
	if (rec->sampled_at)
		return;
	utcp_rtt_sample(&rec->rtt, took, 0);
	rec->sampled_at = now;
}

/**
 * utcp_recovery_path() - the path is another one
 * @rec: the lane's
 * @frame: bytes of a full frame on it
 *
 * RFC 9000 section 9.4. What is under way stays so, and is found lost as ever.
 */
void utcp_recovery_path(struct utcp_recovery *rec, u32 frame)
{
	utcp_rtt_init(&rec->rtt);
	memset(&rec->rate, 0, sizeof(rec->rate));
	rec->sampled_at = 0;
	rec->threshold = UTCP_PACKET_THRESHOLD;
	rec->ptos = 0;
	utcp_cong_init(&rec->cong, rec->cong.ops, frame);
}
