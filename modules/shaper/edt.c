// SPDX-License-Identifier: GPL-2.0-only
/*
 * Token buckets that are kept as a time, as in the virtual scheduling form of the
 * generic cell rate algorithm (ITU-T I.371): no timer fills them, and a frame's
 * earliest departure time can be read off.
 *
 * Nothing here knows a clock: the caller says what time it is.
 */
#include "edt.h"

#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/time64.h>

#define NSEC_BITS_PER_BYTE (8 * 1000000000ULL)

/* Of a bucket's depth, what is saved up while nobody waits, in tenths: with the burst of
 * 5 ms that is usual, and slabs of an eighth of it, a class that has been idle has 2 ms,
 * which is 2 per cent of its first 100 ms. The whole depth is for timers that are late,
 * and owes nobody anything: what they have missed was due.
 */
#define SAVED_TENTHS 3

/* Makes a rate. As many bits of precision as fit: bytes times mult must not
 * overflow for any frame.
 */
void shaper_rate_set(struct shaper_rate *rate, u64 bps)
{
	u64 factor = NSEC_BITS_PER_BYTE;
	u64 mult = 0;
	u32 shift = 0;

	if (bps) {
		mult = div64_u64(factor, bps);
		while (!(mult & 1ULL << 31) && !(factor & 1ULL << 63)) {
			factor <<= 1;
			shift++;
			mult = div64_u64(factor, bps);
		}
	}
	rate->bps = bps;
	/* Whoever finds it finds what was written before it. */
	atomic64_set_release(&rate->scale, (u64)shift << 32 | mult);
}

/* How many bytes a rate lets through in a time of up to some minutes. */
u64 shaper_rate_bytes(const struct shaper_rate *rate, u64 ns)
{
	return mul_u64_u64_div_u64(ns, rate->bps, NSEC_BITS_PER_BYTE);
}

/* Bytes per second, read while it may change; 0: no rate. */
u64 shaper_rate_per_second(const struct shaper_rate *rate)
{
	/* Pairs with the release in shaper_rate_set(). */
	u64 scale = atomic64_read_acquire(&rate->scale);

	if (!scale)
		return 0;
	/* No shift is greater than 30, so this fits. */
	return div_u64((u64)NSEC_PER_SEC << (scale >> 32), (u32)scale);
}

/* At which rate is to be sent what arrives at this one, for so many bytes that wait to
 * be gone in a time? Not less than half: others may wait there, too, and who holds back
 * leaves all to them.
 */
u64 shaper_rate_drains(u64 rate, u32 backlog, u64 ns)
{
	u64 less = mul_u64_u64_div_u64(backlog, NSEC_PER_SEC, ns);

	return rate - min(less, rate / 2);
}

/* The rate rises: what was sent ahead of time takes no longer than it does at the new one.
 * What others have paid for since @now is taken for that, too, and they are forgiven part of
 * it. It would be worse if a rate fell: then the debt stays as long as it was.
 */
static void owe_less(struct shaper_bucket *bucket, u64 old, u64 new, u64 now)
{
	s64 spent = atomic64_read(&bucket->spent);
	u64 until;

	do {
		if (spent <= (s64)now)
			return;
		until = now + mul_u64_u64_div_u64(spent - now, old, new);
	} while (!atomic64_try_cmpxchg(&bucket->spent, &spent, until));
}

/* Sets rate and depth. A bucket that had no rate starts with one frame in it: who
 * has just been limited has not saved up anything.
 * @frame: the depth is at least as many bytes
 */
void shaper_bucket_set(struct shaper_bucket *bucket, u64 bps, u64 burst_ns,
		       u32 frame, u64 now)
{
	u64 old = bucket->rate.bps;
	struct shaper_rate rate = {};
	u64 one;

	shaper_rate_set(&rate, bps);
	if (bps) {
		one = shaper_rate_ns(&rate, frame);
		WRITE_ONCE(bucket->depth, max(burst_ns, one));
		WRITE_ONCE(bucket->saved,
			   max(div_u64(burst_ns * SAVED_TENTHS, 10), one));
		if (!old)
			atomic64_set(&bucket->spent, now - min(one, now));
		else if (bps > old)
			owe_less(bucket, old, bps, now);
	}
	shaper_rate_set(&bucket->rate, bps);
}

/* When a frame may go, if nobody else takes of the bucket. One that takes nearly all that
 * the bucket holds, or more, goes when it is nearly full: were it full, a timer's delay
 * would be lost each time, and the rate lower by it.
 */
u64 shaper_bucket_ready(const struct shaper_bucket *bucket, u32 bytes)
{
	u64 cost = shaper_rate_ns(&bucket->rate, bytes);
	u64 most = READ_ONCE(bucket->depth) - shaper_bucket_spare(bucket);

	return atomic64_read(&bucket->spent) + min(cost, most);
}

/* Where the bucket stands, with no more in it than that. */
static u64 capped(u64 spent, u64 most, u64 now)
{
	u64 floor = now > most ? now - most : 0;

	return max(spent, floor);
}

/**
 * shaper_bucket_take() - take a frame's tokens, if they are there
 * @bucket: the bucket
 * @bytes: length of the frame
 * @now: what time it is
 *
 * For a frame that has not waited, behind nobody who waits. One that is longer than
 * what is saved up at most goes when that is there.
 *
 * Context: any; without a lock.
 * Return: whether they were.
 */
bool shaper_bucket_take(struct shaper_bucket *bucket, u32 bytes, u64 now)
{
	u64 cost = shaper_rate_ns(&bucket->rate, bytes);
	u64 saved = READ_ONCE(bucket->saved);
	s64 old = atomic64_read(&bucket->spent);
	u64 need = min(cost, saved);
	u64 spent;

	do {
		spent = capped(old, saved, now);
		if (spent + need > now)
			return false;
	} while (!atomic64_try_cmpxchg(&bucket->spent, &old, spent + cost));
	return true;
}

/* Somebody begins to wait: what is older than what may be saved up is lost. */
void shaper_bucket_begin(struct shaper_bucket *bucket, u64 now)
{
	u64 saved = READ_ONCE(bucket->saved);
	s64 old = atomic64_read(&bucket->spent);

	while ((u64)old + saved < now &&
	       !atomic64_try_cmpxchg(&bucket->spent, &old, now - saved))
		;
}

/* Takes a frame's tokens whether they are there or not. */
void shaper_bucket_charge(struct shaper_bucket *bucket, u32 bytes, u64 now)
{
	u64 cost = shaper_rate_ns(&bucket->rate, bytes);
	u64 depth = READ_ONCE(bucket->depth);
	s64 old = atomic64_read(&bucket->spent);

	while (!atomic64_try_cmpxchg(&bucket->spent, &old,
				     capped(old, depth, now) + cost))
		;
}

/* Takes a frame's tokens if the bucket says that one is due, and else none: what goes then
 * is not the bucket's, and is not owed to it. So it is never further behind than one frame.
 * Calls follow each other.
 */
void shaper_bucket_charge_due(struct shaper_bucket *bucket, u32 bytes, u64 now)
{
	u64 spent = atomic64_read(&bucket->spent);

	if (spent <= now)
		atomic64_set(&bucket->spent,
			     capped(spent, READ_ONCE(bucket->depth), now) +
				     shaper_rate_ns(&bucket->rate, bytes));
}

/* Gives back what was taken. What does not fit is lost when it is looked at next. */
void shaper_bucket_give(struct shaper_bucket *bucket, u32 bytes)
{
	atomic64_sub(shaper_rate_ns(&bucket->rate, bytes), &bucket->spent);
}
