/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The queue of a class: flows that take turns, each with CoDel, and a lane for
 * control frames. See "Queues" in Documentation/networking/utcp-shaper.rst.
 */
#ifndef _SHAPER_QUEUE_H
#define _SHAPER_QUEUE_H

#include <linux/list.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include <uapi/linux/utcp_shaper.h>

#include "codel.h"

/* As many as fit into 8 KiB. */
#define SHAPER_FLOWS 113

/* Bytes of a turn: a frame of the usual MTU. */
#define SHAPER_QUANTUM 1514

/* Frames that are dropped for one that comes, and for one that is to go, at most:
 * the owner's lock is held meanwhile.
 */
#define SHAPER_DROPS_MAX 64

/* Memory that a queue takes at most, times what may wait in it on the wire. Of frames of
 * the usual MTU it is less than twice; short ones, and those that are made so by their
 * senders, take much more, and would otherwise be what fills memory.
 */
#define SHAPER_MEMORY_TIMES 4

/* And what it may take in any case, in bytes: some hundred frames. */
#define SHAPER_MEMORY_MIN (256 * 1024)

struct shaper_port;

/**
 * struct shaper_frame - what a frame that waits carries in skb->cb
 * @since: when it came
 * @port: whose frame it is
 * @len: bytes on the wire, with overhead
 * @charged: memory that it was charged with, which may change while it waits
 * @flow: which flow it belongs to
 * @dir: which way it goes, enum netswitch_dir
 * @lane: it belongs to the lane for control frames
 * @reason: why it was dropped, enum utcp_shaper_drop_reason
 */
struct shaper_frame {
	u64 since;
	struct shaper_port *port;
	u32 len;
	u32 charged;
	u16 flow;
	u8 dir;
	u8 lane : 1;
	u8 reason : 7;
};

static inline struct shaper_frame *shaper_frame_of(struct sk_buff *skb)
{
	return (struct shaper_frame *)skb->cb;
}

/**
 * struct shaper_fifo - frames in order
 * @head: first
 * @tail: last, if there is one
 */
struct shaper_fifo {
	struct sk_buff *head;
	struct sk_buff *tail;
};

/**
 * struct shaper_flow - frames with one hash
 * @fifo: they
 * @load: of them: of each its bytes on the wire, or its memory by SHAPER_MEMORY_TIMES,
 *	whichever is more
 * @deficit: bytes left of its turn
 * @node: in @fresh or @old of the queue; empty: nothing waits
 * @codel: whether it waits too long
 */
struct shaper_flow {
	struct shaper_fifo fifo;
	u32 load;
	s32 deficit;
	struct list_head node;
	struct shaper_codel codel;
};

/**
 * struct shaper_queue - all that waits in a class
 * @next: the frame that goes next: chosen, but not gone
 * @put_off: one that was chosen of @old, and overtaken before it went
 * @patient: @next is of @old: it may be overtaken
 * @lane: control frames, which go before others as long as they have turns
 * @lane_load: of them, as that of a flow
 * @lane_left: bytes that may still go from @lane before others. Who may send control
 *	frames is not known, so they get what flows get, and half at most
 * @flows: SHAPER_FLOWS of them; NULL: there was no memory, or nothing waited for
 *	long
 * @lone: the one flow of all frames, without @flows
 * @fresh: flows that had nothing waiting and have not used up their first turn
 * @old: the others
 * @bytes: of all that waits, on the wire; read without the lock by who tells senders
 *	how fast they may send
 * @memory: of all that waits, as charged
 * @frames: how many wait
 * @marks: how many were marked, ever
 *
 * Guarded by the lock of the tree. Dies with its class, empty.
 */
struct shaper_queue {
	struct sk_buff *next;
	struct sk_buff *put_off;
	bool patient;
	struct shaper_fifo lane;
	u32 lane_load;
	s32 lane_left;
	struct shaper_flow *flows;
	struct shaper_flow lone;
	struct list_head fresh;
	struct list_head old;
	unsigned long memory;
	u32 bytes;
	u32 frames;
	u64 marks;
};

/**
 * struct shaper_queue_params - bounds of a queue
 * @codel: for CoDel
 * @bytes: that may wait
 * @time: that a frame may wait, in ns
 */
struct shaper_queue_params {
	struct shaper_codel_params codel;
	u32 bytes;
	u64 time;
};

void shaper_fifo_add(struct shaper_fifo *fifo, struct sk_buff *skb);
struct sk_buff *shaper_fifo_pop(struct shaper_fifo *fifo);
void shaper_fifo_append(struct shaper_fifo *fifo, struct shaper_fifo *more);
void shaper_queue_init(struct shaper_queue *queue);
bool shaper_queue_spread(struct shaper_queue *queue, struct shaper_flow *flows);
struct shaper_flow *shaper_queue_gather(struct shaper_queue *queue);
void shaper_queue_add(struct shaper_queue *queue,
		      const struct shaper_queue_params *params,
		      struct sk_buff *skb, u32 hash, struct shaper_fifo *drops);
struct sk_buff *shaper_queue_overtaker(const struct shaper_queue *queue);
struct sk_buff *shaper_queue_next(struct shaper_queue *queue,
				  const struct shaper_queue_params *params,
				  u64 now, unsigned int *budget,
				  struct shaper_fifo *drops);
void shaper_queue_take(struct shaper_queue *queue);
void shaper_queue_flush(struct shaper_queue *queue,
			const struct shaper_port *port, int dir,
			struct shaper_fifo *drops);

/**
 * shaper_queue_may_grow() - may another frame wait, of the memory that all queues share?
 * @queue: the queue
 * @left: how much of it is left; negative: less than none
 *
 * A queue may have as much as it leaves to others: dynamic thresholds (Choudhury, Hahne,
 * 1998). However many fill theirs, those that have less find memory, since *n* that take all
 * they can leave one part in *n* + 1; and nothing need be known of the others.
 *
 * Context: as the queue.
 * Return: whether it may.
 */
static inline bool shaper_queue_may_grow(const struct shaper_queue *queue,
					 long left)
{
	return left >= 0 && queue->memory <= (unsigned long)left;
}

/* Marks a frame by ECN, if its sender heeds that. The module's, or a test's. */
bool shaper_mark(struct sk_buff *skb);

#endif /* _SHAPER_QUEUE_H */
