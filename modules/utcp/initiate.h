/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The initiator's side: initiations under way, each good for one answer. See
 * "Initiator" in Documentation/networking/utcp.rst.
 */
#ifndef _UTCP_INITIATE_H
#define _UTCP_INITIATE_H

#include <linux/list.h>

#include "handshake.h"
#include "index.h"
#include "neigh.h"
#include "peer.h"

/* Responses with a right mac1 that are computed for, of one initiation. */
#define UTCP_ANSWERS 4

/**
 * struct utcp_handshake - an initiation that was sent
 * @ix: its index
 * @node: in its peer's list
 * @peer: to whom; as in struct utcp_half
 * @path: where it was sent; the MAC address may be everybody's
 * @broadcast: it is
 * @noise: what is needed to read the answer; the worker's alone
 * @offer: what was offered
 * @mac1: its mac1
 * @cookie: what the next one on this path gets its mac2 from; under the peer's lock
 * @cookie_taken: this one was answered with a cookie; under the peer's lock
 * @sent: when it was sent
 * @due: when the next one is
 * @tries: the how manieth it is, from 1
 * @answers: responses whose mac1 was right
 * @rcu: for freeing
 *
 * Made by the peer's worker, which also replaces it by the next one and takes it
 * out; softirqs find it by its index, under RCU.
 */
struct utcp_handshake {
	struct utcp_index ix;
	struct list_head node;
	struct utcp_peer *peer;
	struct utcp_path path;
	bool broadcast;
	struct utcp_noise noise;
	struct utcp_offer offer;
	u8 mac1[UTCP_MAC_LEN];
	struct utcp_cookie cookie;
	bool cookie_taken;
	u64 sent;
	u64 due;
	unsigned int tries;
	atomic_t answers;
	struct rcu_head rcu;
};

/* By the peer's worker; the last one also when that runs no more. */
u64 utcp_initiate(struct utcp_peer *peer);
void utcp_initiate_inbox(struct utcp_peer *peer);
void utcp_initiate_stop(struct utcp_peer *peer);

#endif /* _UTCP_INITIATE_H */
