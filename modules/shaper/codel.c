// SPDX-License-Identifier: GPL-2.0-only
/*
 * CoDel, after the pseudocode of RFC 8289, section 5, as a question that is asked of
 * each frame at the head of a queue: is its sender to be told?
 */
#include "codel.h"

#include <linux/kernel.h>
#include <linux/minmax.h>

#define TARGET_NS 5000000ULL
#define INTERVAL_NS 100000000ULL
#define COUNT_MAX 65535

/* For a rate at which a frame takes so long: waiting for one is no standing queue. */
void shaper_codel_set(struct shaper_codel_params *params, u64 frame_ns)
{
	u64 target = max(TARGET_NS, frame_ns + frame_ns / 2);

	WRITE_ONCE(params->target, target);
	params->interval = INTERVAL_NS + target - TARGET_NS;
}

/* int_sqrt() of 2^16 times the count is 2^8 times its root. */
static u64 control_law(const struct shaper_codel_params *params, u32 count,
		       u64 t)
{
	return t + (params->interval << 8) / int_sqrt((u64)count << 16);
}

static bool too_long(struct shaper_codel *codel,
		     const struct shaper_codel_params *params, u64 sojourn,
		     bool last, u64 now)
{
	if (sojourn < params->target || last) {
		codel->first_above = 0;
		return false;
	}
	if (!codel->first_above) {
		codel->first_above = now + params->interval;
		return false;
	}
	return now >= codel->first_above;
}

/**
 * shaper_codel_tell() - is the sender of this frame to be told?
 * @codel: the queue
 * @params: what is too long
 * @sojourn: how long the frame has waited
 * @last: nothing waits behind it
 * @now: what time it is
 *
 * To be asked once of each frame that leaves the queue or is dropped by the answer.
 *
 * Return: whether to mark or drop it.
 */
bool shaper_codel_tell(struct shaper_codel *codel,
		       const struct shaper_codel_params *params, u64 sojourn,
		       bool last, u64 now)
{
	bool above = too_long(codel, params, sojourn, last, now);

	if (!above) {
		codel->dropping = false;
		return false;
	}
	if (codel->dropping) {
		if (now < codel->next)
			return false;
		codel->count = min_t(u32, codel->count + 1, COUNT_MAX);
		codel->next = control_law(params, codel->count, codel->next);
		return true;
	}
	codel->dropping = true;
	/* It was so a moment ago: go on near the rate that was right then. */
	if (codel->count - codel->last_count > 1 &&
	    (s64)(now - codel->next) < (s64)(16 * params->interval))
		codel->count -= codel->last_count;
	else
		codel->count = 1;
	codel->last_count = codel->count;
	codel->next = control_law(params, codel->count, now);
	return true;
}
