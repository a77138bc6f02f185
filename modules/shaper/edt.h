/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Earliest departure times: rates, and token buckets that are kept as a time. See
 * "Departure times" in Documentation/networking/utcp-shaper.rst.
 */
#ifndef _SHAPER_EDT_H
#define _SHAPER_EDT_H

#include <linux/atomic.h>
#include <linux/types.h>

/* No rate: never in the way. */
#define SHAPER_NEVER U64_MAX

/**
 * struct shaper_rate - a rate, made for multiplying
 * @scale: 0: no rate; else in its lower half nanoseconds per byte, times two to the
 *	power of its upper half. One word, because frames read it while it changes
 * @bps: bits per second; 0: none. For who changes it, and reads nothing else
 */
struct shaper_rate {
	atomic64_t scale;
	u64 bps;
};

/**
 * struct shaper_bucket - a token bucket
 * @spent: time (ns) until which the rate is used up. What lies between it and now,
 *	but no more than @depth, are the tokens
 * @depth: tokens that it holds at most, in ns: what those who wait make up for, if
 *	they are let go late
 * @saved: of these, what is saved up while nobody waits
 * @rate: how fast it fills
 *
 * @spent changes by compare and exchange, on any CPU, without a lock. @depth, @saved
 * and @rate are written by one at a time, @rate last: a reader that finds the new rate
 * finds the new depth, and one that finds the old rate with the new depth works with
 * a depth that is off by the ratio of both, once.
 */
struct shaper_bucket {
	atomic64_t spent;
	u64 depth;
	u64 saved;
	struct shaper_rate rate;
};

void shaper_rate_set(struct shaper_rate *rate, u64 bps);
u64 shaper_rate_bytes(const struct shaper_rate *rate, u64 ns);
u64 shaper_rate_per_second(const struct shaper_rate *rate);
u64 shaper_rate_drains(u64 rate, u32 backlog, u64 ns);
void shaper_bucket_set(struct shaper_bucket *bucket, u64 bps, u64 burst_ns,
		       u32 frame, u64 now);
u64 shaper_bucket_ready(const struct shaper_bucket *bucket, u32 bytes);
bool shaper_bucket_take(struct shaper_bucket *bucket, u32 bytes, u64 now);
void shaper_bucket_begin(struct shaper_bucket *bucket, u64 now);
void shaper_bucket_charge(struct shaper_bucket *bucket, u32 bytes, u64 now);
void shaper_bucket_charge_due(struct shaper_bucket *bucket, u32 bytes, u64 now);
void shaper_bucket_give(struct shaper_bucket *bucket, u32 bytes);

/* How long a frame takes at a rate, to the nearest nanosecond. */
static inline u64 shaper_rate_ns(const struct shaper_rate *rate, u32 bytes)
{
	/* Pairs with the release in shaper_rate_set(). */
	u64 scale = atomic64_read_acquire(&rate->scale);
	u32 shift = scale >> 32;
	u64 half = shift ? 1ULL << (shift - 1) : 0;

	return ((u64)bytes * (u32)scale + half) >> shift;
}

/* What of the depth is left for who comes late to a frame that waits, however long it is:
 * nobody is to be later on purpose.
 */
static inline u64 shaper_bucket_spare(const struct shaper_bucket *bucket)
{
	return READ_ONCE(bucket->depth) / 8;
}

/* Is it in anybody's way? To be asked by frames, while it may change. */
static inline bool shaper_bucket_limits(const struct shaper_bucket *bucket)
{
	return atomic64_read(&bucket->rate.scale);
}

#endif /* _SHAPER_EDT_H */
