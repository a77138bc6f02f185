// SPDX-License-Identifier: GPL-2.0-only
/*
 * CUBIC, RFC 9438, with HyStart++, RFC 9406, in slow start.
 *
 * Windows are in bytes here and in segments there; a segment is a full frame.
 * Times of the cubic function are milliseconds: over 100 s it says no more than
 * "probe for more", and is cut there, so all products stay within 64 bits.
 */
#include <linux/build_bug.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/time64.h>

#include "cong.h"
#include "since.h"

/* RFC 9438 section 4.6: beta_cubic is 0.7; section 4.1: C is 0.4; section 4.3:
 * alpha_cubic is 3 × (1 − beta) ÷ (1 + beta), 9 ÷ 17; section 4.7: fast
 * convergence, (1 + beta) ÷ 2.
 */
#define BETA(w) div_u64(7ULL * (w), 10)
#define ALPHA_NUM 9
#define ALPHA_DEN 17
#define CONVERGE(w) div_u64(17ULL * (w), 20)
#define TIME_MAX_MS 100000ULL

/* RFC 9406 section 4.3. L is not limited, since frames are paced. */
#define MIN_RTT_THRESH_NS (4 * NSEC_PER_MSEC)
#define MAX_RTT_THRESH_NS (16 * NSEC_PER_MSEC)
#define MIN_RTT_DIVISOR 8
#define N_RTT_SAMPLE 8
#define CSS_GROWTH_DIVISOR 4
#define CSS_ROUNDS 5
#define RTT_NONE (~0ULL)

/**
 * struct curve - where the window is on the curve
 * @epoch: when this congestion avoidance began, in nanoseconds; 0: it has not
 * @w_max: window at the last decrease, in bytes
 * @prior: cwnd_prior: window before the last decrease, in bytes
 * @k: how long the curve takes to @w_max, in milliseconds
 * @est: w_est: what Reno would have, in bytes
 * @est_rest: what @est has not grown by yet, in bytes × @cwnd × ALPHA_DEN
 */
struct curve {
	u64 epoch;
	u32 w_max;
	u32 prior;
	u64 k;
	u64 est;
	u64 est_rest;
};

/**
 * struct cubic - state of the algorithm
 * @now: the curve
 * @before: as it was before the last decrease, for undo
 * @before_cwnd: the window then
 * @before_ssthresh: the threshold then
 * @rest: bytes × cwnd by which the window has not grown yet
 * @last: when the last ACK came, in nanoseconds
 * @round_end: a round of HyStart++ ends when this frame is acknowledged
 * @round_min: least round trip of this round
 * @last_min: of the last one
 * @css_base: round trip at which conservative slow start began
 * @samples: round trips measured in this round
 * @css_rounds: rounds of conservative slow start; 0: it is not that
 */
struct cubic {
	struct curve now;
	struct curve before;
	u32 before_cwnd;
	u32 before_ssthresh;
	u64 rest;
	u64 last;
	u64 round_end;
	u64 round_min;
	u64 last_min;
	u64 css_base;
	u32 samples;
	u32 css_rounds;
};

static struct cubic *cubic_of(struct utcp_cong *cong)
{
	BUILD_BUG_ON(sizeof(struct cubic) > sizeof(cong->priv));
	return (struct cubic *)cong->priv;
}

static void hystart_init(struct cubic *c)
{
	c->round_end = 0;
	c->round_min = RTT_NONE;
	c->last_min = RTT_NONE;
	c->css_base = RTT_NONE;
	c->samples = 0;
	c->css_rounds = 0;
}

static void cubic_init(struct utcp_cong *cong)
{
	struct cubic *c = cubic_of(cong);

	*c = (struct cubic){};
	hystart_init(c);
}

/* The cube root, rounded down: bit by bit, as by hand. */
static u64 cube_root(u64 x)
{
	u64 root = 0, next;
	int shift;

	for (shift = 63; shift >= 0; shift -= 3) {
		root *= 2;
		next = 3 * root * (root + 1) + 1;
		if ((x >> shift) >= next) {
			x -= next << shift;
			root++;
		}
	}
	return root;
}

/* RFC 9438 section 4.2, Figure 2: K = cbrt((W_max − cwnd_epoch) ÷ C), with bytes
 * and milliseconds: cbrt((w_max − cwnd) ÷ frame × 10^9 ÷ 0.4).
 */
static u64 k_of(u32 w_max, u32 cwnd, u32 frame)
{
	if (cwnd >= w_max)
		return 0;
	return cube_root(div_u64((u64)(w_max - cwnd) * 2500000000ULL, frame));
}

/* RFC 9438 section 4.2, Figure 1: W_cubic(t) = C × (t − K)³ + W_max. */
static u64 w_cubic(const struct utcp_cong *cong, const struct curve *curve,
		   u64 t)
{
	u64 off = t > curve->k ? t - curve->k : curve->k - t;
	u64 cube, bytes;

	off = min_t(u64, off, TIME_MAX_MS);
	cube = off * off * off; /* at most 10^15 */
	/* × 0.4 ÷ 10^9 × frame. First a part of the divisor, so that it fits: what
	 * is lost is less than a byte for a frame of 2500 bytes.
	 */
	bytes = div_u64(div_u64(cube, 1000) * cong->frame, 2500000);
	if (t >= curve->k)
		return curve->w_max + bytes;
	return curve->w_max > bytes ? curve->w_max - bytes : 0;
}

/* Congestion avoidance begins, after a decrease or after slow start. */
static void begin_epoch(struct utcp_cong *cong, struct cubic *c, u64 now)
{
	struct curve *curve = &c->now;

	curve->epoch = now;
	curve->est = cong->cwnd;
	curve->est_rest = 0;
	c->rest = 0;
	if (curve->w_max < cong->cwnd)
		curve->w_max = cong->cwnd; /* section 4.8 and 4.10: K is 0 */
	curve->k = k_of(curve->w_max, cong->cwnd, cong->frame);
	if (!curve->prior)
		curve->prior = cong->cwnd;
}

/* RFC 9438 section 4.3, Figure 4: W_est grows by alpha × segments acknowledged ÷
 * cwnd; alpha is 1 from the window on that there was before.
 */
static void grow_estimate(const struct utcp_cong *cong, struct curve *curve,
			  u32 bytes)
{
	u64 unit = (u64)cong->cwnd * ALPHA_DEN;
	u32 alpha = curve->est >= curve->prior ? ALPHA_DEN : ALPHA_NUM;

	curve->est_rest += (u64)bytes * cong->frame * alpha;
	curve->est += div64_u64(curve->est_rest, unit);
	curve->est = min_t(u64, curve->est, UTCP_CONG_MAX);
	curve->est_rest -= div64_u64(curve->est_rest, unit) * unit;
}

/* RFC 9438 sections 4.2 to 4.5. */
static void avoid(struct utcp_cong *cong, struct cubic *c,
		  const struct utcp_cong_ack *ack)
{
	struct curve *curve = &c->now;
	u64 t, target, cube;

	if (!curve->epoch)
		begin_epoch(cong, c, ack->now);
	/* Another CPU may have lowered the window at a later time. */
	t = div_u64(utcp_since(ack->now, curve->epoch), NSEC_PER_MSEC);
	grow_estimate(cong, curve, ack->bytes);
	cube = w_cubic(cong, curve, t);
	if (cube < curve->est) {
		/* The Reno-friendly region, section 4.3. */
		cong->cwnd = max_t(u64, cong->cwnd, curve->est);
		return;
	}
	/* Sections 4.2, 4.4, 4.5: the target is a round trip ahead, within bounds. */
	target =
		w_cubic(cong, curve, t + div_u64(ack->smoothed, NSEC_PER_MSEC));
	target = min_t(u64, target, cong->cwnd + cong->cwnd / 2);
	if (target <= cong->cwnd)
		return;
	c->rest += (target - cong->cwnd) * ack->bytes;
	target = div_u64(c->rest, cong->cwnd);
	c->rest -= target * cong->cwnd;
	cong->cwnd = min_t(u64, cong->cwnd + target, UTCP_CONG_MAX);
}

/* RFC 9406 section 4.2: has the round trip grown? Samples of one round. */
static void hystart(struct utcp_cong *cong, struct cubic *c,
		    const struct utcp_cong_ack *ack)
{
	u64 thresh;

	if (ack->rtt) {
		c->round_min = min(c->round_min, ack->rtt);
		c->samples++;
	}
	if (c->samples >= N_RTT_SAMPLE && c->round_min != RTT_NONE &&
	    c->last_min != RTT_NONE && !c->css_rounds) {
		thresh = div_u64(c->last_min, MIN_RTT_DIVISOR);
		thresh = max_t(u64, thresh, MIN_RTT_THRESH_NS);
		thresh = min_t(u64, thresh, MAX_RTT_THRESH_NS);
		if (c->round_min >= c->last_min + thresh) {
			c->css_base = c->round_min;
			c->css_rounds = 1;
		}
	} else if (c->css_rounds && c->samples >= N_RTT_SAMPLE &&
		   c->round_min < c->css_base) {
		/* It has fallen again: slow start goes on. */
		c->css_base = RTT_NONE;
		c->css_rounds = 0;
	}
	if (ack->order < c->round_end)
		return;
	/* The round is over. */
	if (c->css_rounds && ++c->css_rounds > CSS_ROUNDS)
		cong->ssthresh = cong->cwnd;
	c->last_min = c->round_min;
	c->round_min = RTT_NONE;
	c->samples = 0;
	c->round_end = ack->next;
}

static void cubic_acked(struct utcp_cong *cong, const struct utcp_cong_ack *ack)
{
	struct cubic *c = cubic_of(cong);

	u64 since = c->last ? utcp_since(ack->now, c->last) : 0;

	c->last = ack->now;
	if (utcp_cong_slow_start(cong)) {
		if (ack->limited)
			cong->cwnd += c->css_rounds ?
					      ack->bytes / CSS_GROWTH_DIVISOR :
					      ack->bytes;
		/* Only in the first slow start: RFC 9406 section 4.3. */
		if (cong->ssthresh == U32_MAX)
			hystart(cong, c, ack);
	} else if (ack->limited) {
		avoid(cong, c, ack);
	} else if (c->now.epoch) {
		/* RFC 9438 section 5.8: time in which the program did not use the
		 * window is no time on the curve.
		 */
		c->now.epoch += since;
	}
}

/* RFC 9438 sections 4.6 and 4.7. */
static void decrease(struct utcp_cong *cong, struct cubic *c)
{
	c->before = c->now;
	c->before_cwnd = cong->cwnd;
	c->before_ssthresh = cong->ssthresh;
	c->now.prior = cong->cwnd;
	c->now.w_max = cong->cwnd < c->now.w_max ? CONVERGE(cong->cwnd) :
						   cong->cwnd;
	cong->ssthresh = BETA(cong->cwnd);
}

static void cubic_congestion(struct utcp_cong *cong, u64 now)
{
	struct cubic *c = cubic_of(cong);

	decrease(cong, c);
	cong->ssthresh = max(cong->ssthresh, utcp_cong_min(cong));
	cong->cwnd = cong->ssthresh;
	begin_epoch(cong, c, now);
}

/* RFC 9438 section 4.8: as after a timeout. Slow start follows, and from its end on
 * a curve with K = 0.
 */
static void cubic_persistent(struct utcp_cong *cong, u64 now)
{
	struct cubic *c = cubic_of(cong);

	decrease(cong, c);
	c->now.epoch = 0;
	c->now.w_max = 0;
	c->css_rounds = 0;
}

/* RFC 9438 section 4.9.2. */
static void cubic_undo(struct utcp_cong *cong, u64 now)
{
	struct cubic *c = cubic_of(cong);

	if (cong->cwnd >= c->before_cwnd)
		return;
	c->now = c->before;
	cong->cwnd = c->before_cwnd;
	cong->ssthresh = c->before_ssthresh;
}

const struct utcp_cong_ops utcp_cubic = {
	.name = "cubic",
	.init = cubic_init,
	.acked = cubic_acked,
	.congestion = cubic_congestion,
	.persistent = cubic_persistent,
	.undo = cubic_undo,
};
