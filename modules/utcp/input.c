// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that come in, and the count of what becomes of them: each is delivered or
 * dropped for one reason, except while it waits for a work queue.
 */
#include <linux/etherdevice.h>

#include "frame.h"
#include "input.h"
#include "link.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static bool (*const takers[])(struct utcp_net *un, struct sk_buff *skb,
			      const struct utcp_path *path) = {
	[UTCP_FRAME_WHO_HAS] = utcp_discover_question,
	[UTCP_FRAME_I_HAVE] = utcp_discover_answer,
	[UTCP_FRAME_INITIATION] = utcp_respond_input,
	[UTCP_FRAME_RESPONSE] = utcp_initiate_response,
	[UTCP_FRAME_COOKIE] = utcp_initiate_cookie,
	[UTCP_FRAME_DATA] = utcp_session_input,
};

/**
 * utcp_drop() - a frame is good for nothing
 * @un: state of the namespace
 * @skb: the frame, which is freed
 * @reason: why
 *
 * It is counted, and traced.
 *
 * Context: any but hard interrupts.
 */
void utcp_drop(struct utcp_net *un, struct sk_buff *skb,
	       enum utcp_drop_reason reason)
{
	this_cpu_inc(un->stats->drop[reason]);
	trace_utcp_drop(skb, reason);
	kfree_skb(skb);
}

/**
 * utcp_refuse() - drop a frame, as a function that takes frames
 * @un: state of the namespace
 * @skb: the frame, which is freed
 * @reason: why, enum utcp_drop_reason
 *
 * Context: any but hard interrupts.
 * Return: false.
 */
bool utcp_refuse(struct utcp_net *un, struct sk_buff *skb, unsigned int reason)
{
	utcp_drop(un, skb, reason);
	return false;
}

/**
 * utcp_delivered() - a frame was good for something
 * @un: state of the namespace
 *
 * It is counted; whoever calls frees it.
 *
 * Context: any but hard interrupts.
 */
void utcp_delivered(struct utcp_net *un)
{
	this_cpu_inc(un->stats->delivered);
}

/**
 * utcp_stats_sum() - what became of the frames of a namespace
 * @un: state of the namespace
 * @sum: set to the sum over all CPUs
 *
 * Outcomes first, so that there are never more of them than frames.
 */
void utcp_stats_sum(const struct utcp_net *un, struct utcp_stats *sum)
{
	unsigned int i;
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct utcp_stats *stats = per_cpu_ptr(un->stats, cpu);

		sum->delivered += READ_ONCE(stats->delivered);
		sum->sent += READ_ONCE(stats->sent);
		sum->refused += READ_ONCE(stats->refused);
		for (i = 0; i <= UTCP_DROP_REASON_MAX; i++)
			sum->drop[i] += READ_ONCE(stats->drop[i]);
	}
	/* Pairs with the order of a CPU's own writes; a frame that moved between
	 * CPUs did so through a lock.
	 */
	smp_rmb();
	for_each_possible_cpu(cpu)
		sum->frames += READ_ONCE(per_cpu_ptr(un->stats, cpu)->frames);
}

static unsigned int check(const struct sk_buff *skb)
{
	const struct ethhdr *eth = eth_hdr(skb);
	const struct utcp_frame_to to = {
		.broadcast = is_broadcast_ether_addr(eth->h_dest),
		.group = is_multicast_ether_addr(eth->h_dest) &&
			 !is_broadcast_ether_addr(eth->h_dest),
		.from_group = is_multicast_ether_addr(eth->h_source),
	};

	return utcp_frame_check(skb->data, skb->len, skb_headlen(skb), &to);
}

/**
 * utcp_input() - take a frame
 * @un: state of the namespace
 * @skb: the frame, from the version byte on; taken in any case
 *
 * Context: softirq, under RCU.
 * Return: true; false: it was dropped.
 */
bool utcp_input(struct utcp_net *un, struct sk_buff *skb)
{
	struct utcp_path path;
	unsigned int reason;

	this_cpu_inc(un->stats->frames);
	if (!pskb_may_pull(skb,
			   min_t(unsigned int, skb->len, UTCP_FRAME_FIXED_MAX)))
		return utcp_refuse(un, skb, UTCP_DROP_REASON_NOMEM);
	reason = check(skb);
	if (reason)
		return utcp_refuse(un, skb, reason);
	utcp_link_path(skb, &path);
	return takers[skb->data[1]](un, skb, &path);
}
