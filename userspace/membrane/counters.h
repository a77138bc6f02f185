/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the stack's process counts. Several threads count, one tells (the page
 * /status), and nobody needs them to be of the same moment: they are atomic, and
 * not ordered.
 */
#ifndef MEMBRANE_COUNTERS_H
#define MEMBRANE_COUNTERS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "filter.h"

/**
 * struct counters - frames and connections
 * @received: frames that the rings brought. All of these are counted once more, by
 *	@filtered or @no_memory or @busy, or else as @zero_copy, @copied_kept or
 *	@copied_full
 * @filtered: dropped before lwIP, by reason; the two verdicts that let pass are 0
 * @no_memory: dropped: there was no memory for a copy
 * @busy: dropped: lwIP did not take it, for its queue was full or it had no memory
 * @zero_copy: given to lwIP where they lie in the ring
 * @copied_kept: copied, because lwIP may keep them for long
 * @copied_full: copied, because too many slots were kept back
 * @reclaims: times lwIP was told to give up what came out of order
 * @kept_max: most slots of a ring that ever were between those that the kernel may
 *	use again
 * @sent: frames handed to a ring
 * @sent_full: frames of lwIP's not sent: no slot was free
 * @sent_length: not sent: longer than a slot or without a header
 * @sent_type: not sent: no ring has its EtherType
 * @connections: connections accepted
 * @refused: of these, closed at once, because as many as there may be were open
 * @requests: requests answered
 * @bad_requests: of these, with an error
 * @expired: connections ended because nothing went on in them
 */
struct counters {
	atomic_uint_fast64_t received;
	atomic_uint_fast64_t filtered[FILTER_VERDICTS];
	atomic_uint_fast64_t no_memory;
	atomic_uint_fast64_t busy;
	atomic_uint_fast64_t zero_copy;
	atomic_uint_fast64_t copied_kept;
	atomic_uint_fast64_t copied_full;
	atomic_uint_fast64_t reclaims;
	atomic_uint_fast64_t kept_max;
	atomic_uint_fast64_t sent;
	atomic_uint_fast64_t sent_full;
	atomic_uint_fast64_t sent_length;
	atomic_uint_fast64_t sent_type;
	atomic_uint_fast64_t connections;
	atomic_uint_fast64_t refused;
	atomic_uint_fast64_t requests;
	atomic_uint_fast64_t bad_requests;
	atomic_uint_fast64_t expired;
};

extern struct counters counters;

/* count() - one more */
static inline void count(atomic_uint_fast64_t *counter)
{
	atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

/**
 * counters_print() - all of them, as a line of JSON
 * @text: where to
 * @size: room there, which must be enough
 *
 * Return: its length; 0 if there is not enough room.
 */
size_t counters_print(char *text, size_t size);

#endif
