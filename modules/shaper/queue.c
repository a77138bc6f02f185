// SPDX-License-Identifier: GPL-2.0-only
/*
 * The queue of a class: deficit round robin over hashed flows (Shreedhar, Varghese,
 * 1995), where a flow that had nothing waiting goes first for one turn, and CoDel
 * for each flow: the scheme of RFC 8290, FQ-CoDel.
 *
 * What is dropped is put onto a list that the caller gives, with the reason, since
 * the queue knows neither ports nor counters.
 */
#include "queue.h"

#include <linux/kernel.h>
#include <linux/minmax.h>

void shaper_fifo_add(struct shaper_fifo *fifo, struct sk_buff *skb)
{
	skb->next = NULL;
	if (fifo->head)
		fifo->tail->next = skb;
	else
		fifo->head = skb;
	fifo->tail = skb;
}

struct sk_buff *shaper_fifo_pop(struct shaper_fifo *fifo)
{
	struct sk_buff *skb = fifo->head;

	if (skb) {
		fifo->head = skb->next;
		skb->next = NULL;
	}
	return skb;
}

/* Puts all of @more behind what is there, and empties it. */
void shaper_fifo_append(struct shaper_fifo *fifo, struct shaper_fifo *more)
{
	if (!more->head)
		return;
	if (fifo->head)
		fifo->tail->next = more->head;
	else
		fifo->head = more->head;
	fifo->tail = more->tail;
	more->head = NULL;
}

static void flow_init(struct shaper_flow *flow)
{
	memset(flow, 0, sizeof(*flow));
	INIT_LIST_HEAD(&flow->node);
}

/* Makes a queue with one flow; all else is zeros. */
void shaper_queue_init(struct shaper_queue *queue)
{
	flow_init(&queue->lone);
	queue->lane_left = SHAPER_QUANTUM;
	INIT_LIST_HEAD(&queue->fresh);
	INIT_LIST_HEAD(&queue->old);
}

/* What is left on the lists, when nothing waits, are flows whose last frame went. */
static void forget_flows(struct shaper_queue *queue)
{
	INIT_LIST_HEAD(&queue->fresh);
	INIT_LIST_HEAD(&queue->old);
	INIT_LIST_HEAD(&queue->lone.node);
}

/* Gives a queue flows. Only while nothing waits, or frames would overtake others.
 * Return: whether it took them.
 */
bool shaper_queue_spread(struct shaper_queue *queue, struct shaper_flow *flows)
{
	unsigned int i;

	if (queue->flows || queue->frames)
		return false;
	for (i = 0; i < SHAPER_FLOWS; i++)
		flow_init(&flows[i]);
	forget_flows(queue);
	queue->flows = flows;
	return true;
}

/* Takes the flows back, if nothing waits. Return: them, to be freed, or NULL. */
struct shaper_flow *shaper_queue_gather(struct shaper_queue *queue)
{
	struct shaper_flow *flows = queue->flows;

	if (queue->frames)
		return NULL;
	queue->flows = NULL;
	forget_flows(queue);
	return flows;
}

static struct shaper_flow *flow_of(struct shaper_queue *queue,
				   struct sk_buff *skb)
{
	return queue->flows ? &queue->flows[shaper_frame_of(skb)->flow] :
			      &queue->lone;
}

/* One frame more waits. */
static void count(struct shaper_queue *queue, const struct shaper_frame *frame)
{
	WRITE_ONCE(queue->bytes, queue->bytes + frame->len);
	queue->memory += frame->charged;
	queue->frames++;
}

static void uncount(struct shaper_queue *queue,
		    const struct shaper_frame *frame)
{
	WRITE_ONCE(queue->bytes, queue->bytes - frame->len);
	queue->memory -= frame->charged;
	queue->frames--;
}

/* What a frame counts for where it is to be found out who takes most of the queue. */
static u32 load_of(const struct shaper_frame *frame)
{
	return max(frame->len, frame->charged / SHAPER_MEMORY_TIMES);
}

static void drop(struct shaper_queue *queue, struct sk_buff *skb,
		 enum utcp_shaper_drop_reason reason, struct shaper_fifo *drops)
{
	shaper_frame_of(skb)->reason = reason;
	uncount(queue, shaper_frame_of(skb));
	shaper_fifo_add(drops, skb);
}

/* A fifo's first frame, whose load is counted. */
static struct sk_buff *pop(struct shaper_fifo *fifo, u32 *load)
{
	struct sk_buff *skb = shaper_fifo_pop(fifo);

	if (skb)
		*load -= load_of(shaper_frame_of(skb));
	return skb;
}

/* The flow with the most load. */
static struct shaper_flow *longest(struct shaper_queue *queue)
{
	struct shaper_flow *best = &queue->lone;
	unsigned int i;

	if (!queue->flows)
		return best;
	best = &queue->flows[0];
	for (i = 1; i < SHAPER_FLOWS; i++)
		if (queue->flows[i].load > best->load)
			best = &queue->flows[i];
	return best;
}

/* Does more wait than may? */
static bool is_over(const struct shaper_queue *queue,
		    const struct shaper_queue_params *params)
{
	return queue->bytes > params->bytes ||
	       queue->memory > max_t(u64, SHAPER_MEMORY_MIN,
				     (u64)params->bytes * SHAPER_MEMORY_TIMES);
}

/* Makes room: frames of the longest flow go, or of the lane, if that is longer; oldest
 * first, since theirs is the sender that is told soonest by that; half of them at most for
 * one search. A queue whose bound has become less shrinks with each frame that comes.
 */
static void make_room(struct shaper_queue *queue,
		      const struct shaper_queue_params *params,
		      struct shaper_fifo *drops)
{
	unsigned int left = SHAPER_DROPS_MAX;

	while (left && is_over(queue, params)) {
		struct shaper_flow *flow = longest(queue);
		bool lane = queue->lane_load > flow->load;
		struct shaper_fifo *fifo = lane ? &queue->lane : &flow->fifo;
		u32 *load = lane ? &queue->lane_load : &flow->load;
		u32 enough = *load / 2;

		do {
			struct sk_buff *skb = pop(fifo, load);

			if (!skb) /* all that waits is chosen */
				return;
			drop(queue, skb, UTCP_SHAPER_DROP_REASON_FULL, drops);
		} while (--left && is_over(queue, params) && *load > enough);
	}
}

/**
 * shaper_queue_add() - have a frame wait
 * @queue: the queue
 * @params: its bounds
 * @skb: the frame; since, len, and lane of its &struct shaper_frame are set
 * @hash: of its flow
 * @drops: gets what had to go for it, which may be the frame itself
 */
void shaper_queue_add(struct shaper_queue *queue,
		      const struct shaper_queue_params *params,
		      struct sk_buff *skb, u32 hash, struct shaper_fifo *drops)
{
	struct shaper_frame *frame = shaper_frame_of(skb);
	struct shaper_flow *flow;

	count(queue, frame);
	if (frame->lane) {
		shaper_fifo_add(&queue->lane, skb);
		queue->lane_load += load_of(frame);
	} else {
		frame->flow = ((u64)hash * SHAPER_FLOWS) >> 32;
		flow = flow_of(queue, skb);
		shaper_fifo_add(&flow->fifo, skb);
		flow->load += load_of(frame);
		if (list_empty(&flow->node)) {
			flow->deficit = SHAPER_QUANTUM;
			list_add_tail(&flow->node, &queue->fresh);
		}
	}
	if (is_over(queue, params))
		make_room(queue, params, drops);
}

/* The first frame of a flow that may go, by age and by CoDel. NULL: the flow is
 * empty, or @budget is.
 */
static struct sk_buff *flow_next(struct shaper_queue *queue,
				 struct shaper_flow *flow,
				 const struct shaper_queue_params *params,
				 u64 now, unsigned int *budget,
				 struct shaper_fifo *drops)
{
	struct sk_buff *skb;

	for (; *budget && (skb = pop(&flow->fifo, &flow->load)); --*budget) {
		u64 since = shaper_frame_of(skb)->since;
		u64 sojourn = now > since ? now - since : 0;

		if (sojourn > params->time) {
			drop(queue, skb, UTCP_SHAPER_DROP_REASON_LATE, drops);
			continue;
		}
		if (!shaper_codel_tell(&flow->codel, &params->codel, sojourn,
				       !flow->fifo.head, now))
			return skb;
		if (shaper_mark(skb)) {
			queue->marks++;
			return skb;
		}
		drop(queue, skb, UTCP_SHAPER_DROP_REASON_CODEL, drops);
	}
	return NULL;
}

static struct sk_buff *lane_next(struct shaper_queue *queue,
				 const struct shaper_queue_params *params,
				 u64 now, unsigned int *budget,
				 struct shaper_fifo *drops)
{
	struct sk_buff *skb;

	for (; *budget && (skb = pop(&queue->lane, &queue->lane_load));
	     --*budget) {
		u64 since = shaper_frame_of(skb)->since;

		if (now <= since || now - since <= params->time)
			return skb;
		drop(queue, skb, UTCP_SHAPER_DROP_REASON_LATE, drops);
	}
	return NULL;
}

static struct sk_buff *flows_next(struct shaper_queue *queue,
				  const struct shaper_queue_params *params,
				  u64 now, unsigned int *budget,
				  struct shaper_fifo *drops)
{
	struct shaper_flow *flow;
	struct sk_buff *skb;
	bool fresh;

	for (;;) {
		fresh = !list_empty(&queue->fresh);
		if (!fresh && (queue->put_off || list_empty(&queue->old)))
			return NULL;
		flow = list_first_entry(fresh ? &queue->fresh : &queue->old,
					struct shaper_flow, node);
		if (flow->deficit <= 0) {
			flow->deficit += SHAPER_QUANTUM;
			list_move_tail(&flow->node, &queue->old);
			continue;
		}
		skb = flow_next(queue, flow, params, now, budget, drops);
		if (skb) {
			flow->deficit -= shaper_frame_of(skb)->len;
			queue->patient = !fresh;
			return skb;
		}
		if (flow->fifo.head) /* it stays where it is */
			return NULL;
		/* A flow that comes back at once is not fresh again, or it would
		 * always go first.
		 */
		if (fresh && !list_empty(&queue->old))
			list_move_tail(&flow->node, &queue->old);
		else
			list_del_init(&flow->node);
	}
}

/**
 * shaper_queue_overtaker() - the frame that will go before the one that was chosen
 * @queue: the queue
 *
 * One of a flow that has much to send may have been chosen long before there are tokens for
 * it. Who came meanwhile and would have gone first goes first still: frames of the lane, and
 * those of flows that had nothing waiting. The flow of the one that is put off stays in @old
 * as long, so none of its own frames is among these.
 *
 * Return: the frame; NULL: there is none.
 */
struct sk_buff *shaper_queue_overtaker(const struct shaper_queue *queue)
{
	const struct shaper_flow *flow;

	if (!queue->next || !queue->patient)
		return NULL;
	if (queue->lane.head && queue->lane_left > 0)
		return queue->lane.head;
	list_for_each_entry(flow, &queue->fresh, node)
		if (flow->fifo.head)
			return flow->fifo.head;
	return NULL;
}

/**
 * shaper_queue_next() - choose the frame that goes next
 * @queue: the queue
 * @params: its bounds
 * @now: what time it is
 * @budget: how many may be dropped meanwhile; less by those that were
 * @drops: gets them
 *
 * The frame stays in the queue until shaper_queue_take(), and stays the next one, if none
 * overtakes it.
 *
 * Return: the frame; NULL if nothing waits, or @budget has run out before one was
 *	found.
 */
struct sk_buff *shaper_queue_next(struct shaper_queue *queue,
				  const struct shaper_queue_params *params,
				  u64 now, unsigned int *budget,
				  struct shaper_fifo *drops)
{
	if (queue->next && !shaper_queue_overtaker(queue))
		return queue->next;
	if (queue->next)
		queue->put_off = queue->next;
	queue->next = NULL;
	queue->patient = false;
	if (queue->lane_left > 0)
		queue->next = lane_next(queue, params, now, budget, drops);
	if (!queue->next)
		queue->next = flows_next(queue, params, now, budget, drops);
	if (!queue->next && queue->put_off) {
		queue->next = queue->put_off;
		queue->put_off = NULL;
		queue->patient = true;
	}
	/* The lane had its turn, and nobody else wants one. */
	if (!queue->next && queue->lane.head && *budget) {
		queue->lane_left = SHAPER_QUANTUM;
		queue->next = lane_next(queue, params, now, budget, drops);
	}
	return queue->next;
}

/* The frame that shaper_queue_next() gave is the caller's now. The lane's turns are as
 * long as what others have sent since the last one, up to a quantum: half of all bytes are
 * its, however short the frames of others are.
 */
void shaper_queue_take(struct shaper_queue *queue)
{
	const struct shaper_frame *frame = shaper_frame_of(queue->next);
	s32 len = frame->len;

	if (frame->lane)
		queue->lane_left -= len;
	else
		queue->lane_left = min(queue->lane_left + len, SHAPER_QUANTUM);
	uncount(queue, frame);
	queue->next = NULL;
}

static bool is_of(struct sk_buff *skb, const struct shaper_port *port, int dir)
{
	const struct shaper_frame *frame = shaper_frame_of(skb);

	return !port || (frame->port == port && (dir < 0 || frame->dir == dir));
}

/* What was chosen is in no fifo. */
static void chosen_flush(struct shaper_queue *queue, struct sk_buff **chosen,
			 const struct shaper_port *port, int dir,
			 struct shaper_fifo *drops)
{
	if (!*chosen || !is_of(*chosen, port, dir))
		return;
	drop(queue, *chosen, UTCP_SHAPER_DROP_REASON_FLUSHED, drops);
	*chosen = NULL;
}

/* Return: the load of what went. */
static u32 fifo_flush(struct shaper_queue *queue, struct shaper_fifo *fifo,
		      const struct shaper_port *port, int dir,
		      struct shaper_fifo *drops)
{
	struct shaper_fifo kept = {};
	struct sk_buff *skb;
	u32 load = 0;

	while ((skb = shaper_fifo_pop(fifo))) {
		if (!is_of(skb, port, dir)) {
			shaper_fifo_add(&kept, skb);
			continue;
		}
		load += load_of(shaper_frame_of(skb));
		drop(queue, skb, UTCP_SHAPER_DROP_REASON_FLUSHED, drops);
	}
	*fifo = kept;
	return load;
}

/**
 * shaper_queue_flush() - let go of a port's frames
 * @queue: the queue
 * @port: the port; NULL: of all ports
 * @dir: which way they go; negative: both
 * @drops: gets them
 */
void shaper_queue_flush(struct shaper_queue *queue,
			const struct shaper_port *port, int dir,
			struct shaper_fifo *drops)
{
	unsigned int i;

	chosen_flush(queue, &queue->next, port, dir, drops);
	chosen_flush(queue, &queue->put_off, port, dir, drops);
	queue->lane_load -= fifo_flush(queue, &queue->lane, port, dir, drops);
	queue->lone.load -=
		fifo_flush(queue, &queue->lone.fifo, port, dir, drops);
	for (i = 0; queue->flows && i < SHAPER_FLOWS; i++)
		queue->flows[i].load -= fifo_flush(queue, &queue->flows[i].fifo,
						   port, dir, drops);
}
