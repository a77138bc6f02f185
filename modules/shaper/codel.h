/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CoDel: when a queue has been too long for too long (RFC 8289).
 */
#ifndef _SHAPER_CODEL_H
#define _SHAPER_CODEL_H

#include <linux/types.h>

/**
 * struct shaper_codel_params - what is too long
 * @target: waiting time (ns) that is well; read without the lock of its owner by who
 *	tells senders how fast they may send
 * @interval: how long (ns) it may be above that
 */
struct shaper_codel_params {
	u64 target;
	u64 interval;
};

/**
 * struct shaper_codel - state of one queue
 * @first_above: when it will have been too long for too long; 0: it is not
 * @next: while @dropping, when the next frame is to be told
 * @count: how many were, since it began
 * @last_count: @count when the last time of dropping began
 * @dropping: it is too long
 *
 * Zeros are the beginning. Guarded as the queue is.
 */
struct shaper_codel {
	u64 first_above;
	u64 next;
	u32 count;
	u32 last_count;
	bool dropping;
};

void shaper_codel_set(struct shaper_codel_params *params, u64 frame_ns);
bool shaper_codel_tell(struct shaper_codel *codel,
		       const struct shaper_codel_params *params, u64 sojourn,
		       bool last, u64 now);

#endif /* _SHAPER_CODEL_H */
