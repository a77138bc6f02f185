/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Congestion control: the window of a lane, and a table of algorithms. What is the
 * same for all of them, RFC 9002 section 7, is in cong.c. See "Congestion control"
 * in Documentation/networking/utcp.rst.
 */
#ifndef _UTCP_CONG_H
#define _UTCP_CONG_H

#include <linux/bits.h>
#include <linux/types.h>

/* RFC 9002 section 7.2: ten frames, but no more than this or two frames. */
#define UTCP_CONG_INITIAL 14720
/* The least window, in frames. */
#define UTCP_CONG_MIN_FRAMES 2
/* No window is greater: so products of it stay within 64 bits. */
#define UTCP_CONG_MAX BIT(30)
/* Words that an algorithm may use for itself. */
#define UTCP_CONG_WORDS 24

struct utcp_cong;

/**
 * struct utcp_cong_ack - what an ACK has told
 * @now: the time, in nanoseconds
 * @rtt: a round trip measured by it, in nanoseconds; 0: none was
 * @smoothed: the estimate, in nanoseconds
 * @bytes: of frames that it acknowledges, sent after the last decrease
 * @order: order number of the greatest frame it acknowledges
 * @next: order number of the frame that is sent next
 * @limited: the window was used up, so it may grow (RFC 9002 section 7.8)
 */
struct utcp_cong_ack {
	u64 now;
	u64 rtt;
	u64 smoothed;
	u32 bytes;
	u64 order;
	u64 next;
	bool limited;
};

/**
 * struct utcp_cong_ops - an algorithm
 * @name: as a socket asks for it
 * @init: nothing is known of the path; cwnd and ssthresh are set
 * @acked: frames were acknowledged; may raise cwnd
 * @congestion: first loss of a window; lowers ssthresh and cwnd
 * @persistent: persistent congestion; cwnd is set to the least one afterwards
 * @undo: the losses of the last window proved wrong: as before @congestion
 *
 * All are called under the lock of the lane; none sleeps. An algorithm has no
 * state but @priv of struct utcp_cong.
 */
struct utcp_cong_ops {
	const char *name;
	void (*init)(struct utcp_cong *cong);
	void (*acked)(struct utcp_cong *cong, const struct utcp_cong_ack *ack);
	void (*congestion)(struct utcp_cong *cong, u64 now);
	void (*persistent)(struct utcp_cong *cong, u64 now);
	void (*undo)(struct utcp_cong *cong, u64 now);
};

/**
 * struct utcp_cong - congestion control of a lane
 * @ops: the algorithm
 * @cwnd: window, in bytes
 * @ssthresh: below it the window is in slow start, in bytes
 * @frame: bytes of a full frame (a size, as "Path MTU" has it)
 * @lost: frames lost in the last window that have not proved wrong
 * @since: when the window was lowered last, in nanoseconds; 0: never
 * @priv: the algorithm's own
 *
 * Lives in its owner, whose lock serialises all calls; nothing sleeps.
 */
struct utcp_cong {
	const struct utcp_cong_ops *ops;
	u32 cwnd;
	u32 ssthresh;
	u32 frame;
	u32 lost;
	u64 since;
	u64 priv[UTCP_CONG_WORDS];
};

extern const struct utcp_cong_ops utcp_cubic;

const struct utcp_cong_ops *utcp_cong_find(const char *name);
void utcp_cong_init(struct utcp_cong *cong, const struct utcp_cong_ops *ops,
		    u32 frame);
void utcp_cong_frame(struct utcp_cong *cong, u32 frame);
void utcp_cong_acked(struct utcp_cong *cong, const struct utcp_cong_ack *ack);
void utcp_cong_lost(struct utcp_cong *cong, u64 now, u64 sent_at);
void utcp_cong_persistent(struct utcp_cong *cong, u64 now);
void utcp_cong_wrong(struct utcp_cong *cong, u64 now, u64 sent_at);
u64 utcp_cong_rate(const struct utcp_cong *cong, u64 smoothed);

/**
 * utcp_cong_min() - the least window
 * @cong: the window
 *
 * Return: bytes; RFC 9002 section 7.2.
 */
static inline u32 utcp_cong_min(const struct utcp_cong *cong)
{
	return UTCP_CONG_MIN_FRAMES * cong->frame;
}

/**
 * utcp_cong_slow_start() - is the window in slow start?
 * @cong: the window
 *
 * Return: true if it is.
 */
static inline bool utcp_cong_slow_start(const struct utcp_cong *cong)
{
	return cong->cwnd < cong->ssthresh;
}

#endif /* _UTCP_CONG_H */
