// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions: sending under the keys of the day, and asking for signs of life. For the
 * locks see session.c.
 */
#include "chunk.h"
#include "heads.h"
#include "link.h"
#include "session_priv.h"
#include "trace.h"

/* Until there was a sample; the greatest delay of an ACK; the least timeout. */
#define RTT_INITIAL (100ULL * NSEC_PER_MSEC)
#define ACK_DELAY (5ULL * NSEC_PER_MSEC)
#define PTO_LEAST (10ULL * NSEC_PER_MSEC)
#define PTO_MOST (800ULL * NSEC_PER_MSEC)
/* Two timeouts in a row, and so long since the older, are a doubt. */
#define DOUBT_LOST 2
#define DOUBT_TIME (200ULL * NSEC_PER_MSEC)
/* The worker is told that keys are old, at most once in so long. */
#define KICK_PAUSE (100ULL * NSEC_PER_MSEC)

/* --- round trips ---------------------------------------------------------------- */

/**
 * utcp_peer_pto() - probe timeout: RFC 9002, 6.2
 * @peer: the peer
 *
 * A racing update gives one between old and new.
 *
 * Context: any.
 * Return: nanoseconds.
 */
u64 utcp_peer_pto(const struct utcp_peer *peer)
{
	u64 srtt = READ_ONCE(peer->srtt), var = READ_ONCE(peer->rttvar);

	if (!srtt) {
		srtt = RTT_INITIAL;
		var = RTT_INITIAL / 2;
	}
	return clamp_t(u64, srtt + 4 * var + ACK_DELAY, PTO_LEAST, PTO_MOST);
}

/* RFC 9002, 5.3. Under the peer's lock. */
static void rtt_sample(struct utcp_peer *peer, u64 rtt)
{
	u64 diff;

	peer->rtt = rtt;
	if (!peer->srtt) {
		peer->srtt = rtt;
		peer->rttvar = rtt / 2;
		return;
	}
	diff = peer->srtt > rtt ? peer->srtt - rtt : rtt - peer->srtt;
	peer->rttvar = (3 * peer->rttvar + diff) / 4;
	peer->srtt = (7 * peer->srtt + rtt) / 8;
}

/* --- sending -------------------------------------------------------------------- */

/**
 * utcp_session_used() - something was sent or received under an association
 * @peer: the peer
 * @assoc: the association
 * @now: the time
 *
 * Keys that are used when they are old are renewed; the worker need not hear of it with each
 * frame.
 *
 * Context: any but hard interrupts.
 */
void utcp_session_used(struct utcp_peer *peer, const struct utcp_assoc *assoc,
		       u64 now)
{
	WRITE_ONCE(peer->active, now);
	if (likely(now < assoc->rekey_at) ||
	    utcp_since(now, READ_ONCE(peer->kicked)) < KICK_PAUSE)
		return;
	WRITE_ONCE(peer->kicked, now);
	utcp_peer_kick(peer);
}

/* Seals a plaintext and sends it on a path. Takes @skb. Under RCU, bottom halves off. */
static int send_on(struct utcp_peer *peer, struct utcp_assoc *assoc,
		   const struct utcp_path *path, struct sk_buff *skb, u64 now,
		   struct utcp_session_sent *sent)
{
	int ret = utcp_assoc_seal(assoc, skb, now, sent);

	if (ret) {
		kfree_skb(skb);
		if (ret == -EKEYEXPIRED)
			utcp_peer_kick(peer);
		return ret;
	}
	utcp_session_used(peer, assoc, now);
	return utcp_link_xmit(peer->un, path, skb);
}

/* A plaintext with room around it. Bottom halves off. */
static struct sk_buff *plain_alloc(unsigned int len, gfp_t gfp)
{
	unsigned int all = LL_MAX_HEADER + UTCP_DATA_OVERHEAD + len;
	struct sk_buff *skb = NULL;

	if (likely(all <= SKB_WITH_OVERHEAD(UTCP_HEADS_MAX)))
		skb = utcp_heads_skb(all);
	/* Its pages are of 32 KiB, which a host may not have in one piece for long. */
	if (unlikely(!skb))
		skb = alloc_skb(all, gfp | __GFP_NOMEMALLOC | __GFP_NOWARN);
	if (likely(skb))
		skb_reserve(skb, LL_MAX_HEADER + UTCP_DATA_HDR_LEN);
	return skb;
}

/**
 * utcp_session_send_bytes() - send a plaintext that stands elsewhere
 * @peer: the peer
 * @assoc: under which association
 * @path: where
 * @plain: the plaintext
 * @len: its bytes
 * @sent: as for utcp_session_send()
 *
 * Context: any but hard interrupts; under RCU.
 * Return: as utcp_session_send(), but for -ENOTCONN.
 */
int utcp_session_send_bytes(struct utcp_peer *peer, struct utcp_assoc *assoc,
			    const struct utcp_path *path, const u8 *plain,
			    unsigned int len, struct utcp_session_sent *sent)
{
	struct sk_buff *skb;
	int ret = -ENOMEM;

	local_bh_disable();
	skb = plain_alloc(len, GFP_ATOMIC);
	if (skb) {
		skb_put_data(skb, plain, len);
		ret = send_on(peer, assoc, path, skb, utcp_now(), sent);
	}
	local_bh_enable();
	return ret;
}

/**
 * utcp_session_send_path() - send a PATH_CHALLENGE or a PATH_RESPONSE
 * @peer: the peer
 * @assoc: under which association
 * @path: where
 * @type: which of them
 * @data: the challenge, UTCP_PATH_DATA_LEN bytes
 *
 * Context: any but hard interrupts; under RCU.
 * Return: as utcp_session_send_bytes().
 */
int utcp_session_send_path(struct utcp_peer *peer, struct utcp_assoc *assoc,
			   const struct utcp_path *path,
			   enum utcp_chunk_type type, const u8 *data)
{
	u8 plain[UTCP_PATH_LEN];
	struct utcp_writer w = { plain, plain + sizeof(plain) };
	struct utcp_session_sent sent;

	if (WARN_ON_ONCE(!utcp_put_path(&w, type, data)))
		return -EINVAL;
	return utcp_session_send_bytes(peer, assoc, path, plain, sizeof(plain),
				       &sent);
}

/**
 * utcp_session_send_close() - send a CLOSE
 * @peer: the peer
 * @assoc: under which association
 * @path: where; if it is none, nothing is sent
 * @code: enum utcp_close_code
 *
 * Context: any but hard interrupts; under RCU.
 */
void utcp_session_send_close(struct utcp_peer *peer, struct utcp_assoc *assoc,
			     const struct utcp_path *path, u32 code)
{
	u8 plain[UTCP_CLOSE_LEN];
	struct utcp_writer w = { plain, plain + sizeof(plain) };
	struct utcp_session_sent sent;

	if (path->ifindex && !WARN_ON_ONCE(!utcp_put_close(&w, code)))
		utcp_session_send_bytes(peer, assoc, path, plain, sizeof(plain),
					&sent);
}

/**
 * utcp_session_ready() - can anything be sent to a peer?
 * @peer: the peer
 * @now: the time
 *
 * Context: any but hard interrupts.
 * Return: true if it has a session with keys and a path; false:
 * utcp_session_want() first.
 */
bool utcp_session_ready(struct utcp_peer *peer, u64 now)
{
	struct utcp_path path;
	bool ready;

	rcu_read_lock();
	utcp_peer_path(peer, &path);
	ready = path.ifindex && utcp_session_usable(peer, now);
	rcu_read_unlock();
	return ready;
}

/**
 * utcp_session_alloc() - memory for a plaintext
 * @peer: to whom it will be sent
 * @len: longest plaintext
 * @gfp: how
 *
 * Context: bottom halves off.
 * Return: an empty skb with room for @len bytes, and for what is put around them;
 * or NULL.
 */
struct sk_buff *utcp_session_alloc(struct utcp_peer *peer, unsigned int len,
				   gfp_t gfp)
{
	return plain_alloc(len, gfp);
}

/**
 * utcp_session_send() - send a row of chunks to a peer
 * @peer: the peer
 * @skb: the chunks, in memory from utcp_session_alloc(); taken in any case
 * @sent: what an ACK for it will name; valid also if the device refused it, for
 *	its counter is used up
 *
 * It is sealed in the caller's context; two callers do so at the same time.
 *
 * Context: bottom halves off.
 * Return: 0; -ENOTCONN: there are no keys or no path, and nothing was sent:
 * utcp_session_want(); -EMSGSIZE; -EKEYEXPIRED: the keys have no counters left, and
 * nothing was sent either; -ENOMEM, -ENETDOWN, -ENOBUFS: it was lost on this side.
 */
int utcp_session_send(struct utcp_peer *peer, struct sk_buff *skb,
		      struct utcp_session_sent *sent)
{
	struct utcp_assoc *assoc;
	struct utcp_path path;
	int ret = -ENOTCONN;
	u64 now = utcp_now();

	rcu_read_lock();
	assoc = utcp_session_usable(peer, now);
	utcp_peer_path(peer, &path);
	if (assoc && path.ifindex)
		ret = send_on(peer, assoc, &path, skb, now, sent);
	else
		kfree_skb(skb);
	rcu_read_unlock();
	return ret;
}

/**
 * utcp_session_mtu() - how long frames to a peer may be
 * @peer: the peer
 *
 * Context: any but hard interrupts.
 * Return: the lesser of what both ends' devices take, from the version byte on;
 * UTCP_MTU_BASE as long as one of them is not known.
 */
unsigned int utcp_session_mtu(struct utcp_peer *peer)
{
	unsigned int mtu = READ_ONCE(peer->mtu), own;
	struct utcp_path path;

	utcp_peer_path(peer, &path);
	own = path.ifindex ? utcp_link_mtu(peer->un, path.ifindex) : 0;
	if (!mtu || !own)
		return UTCP_MTU_BASE;
	return min(mtu, own);
}

/* --- signs of life ---------------------------------------------------------------- */

/**
 * utcp_session_ping() - ask a peer for a sign of life
 * @peer: the peer
 *
 * If none comes within two probe timeouts, see utcp_session_suspect().
 *
 * Context: any but hard interrupts.
 * Return: 0; or as utcp_session_send().
 */
int utcp_session_ping(struct utcp_peer *peer)
{
	struct utcp_session_sent sent = {};
	u8 plain[UTCP_CHUNK_HEAD_LEN];
	struct utcp_writer w = { plain, plain + sizeof(plain) };
	struct sk_buff *skb;
	int ret;

	if (WARN_ON_ONCE(!utcp_put_ping(&w)))
		return -EINVAL;
	/* Where the other end is on this machine, the answer would come before it is
	 * waited for.
	 */
	local_bh_disable();
	skb = plain_alloc(sizeof(plain), GFP_ATOMIC);
	if (!skb) {
		local_bh_enable();
		return -ENOMEM;
	}
	skb_put_data(skb, plain, sizeof(plain));
	ret = utcp_session_send(peer, skb, &sent);
	if (ret == -ENOTCONN) {
		local_bh_enable();
		return ret;
	}
	/* Lost on this side is lost, too. */
	spin_lock(&peer->lock);
	WRITE_ONCE(peer->ping.out, true);
	peer->ping.index = sent.index;
	peer->ping.counter = sent.counter;
	peer->ping.sent = sent.when ? sent.when : utcp_now();
	peer->ping.due = peer->ping.sent + utcp_peer_pto(peer);
	spin_unlock(&peer->lock);
	local_bh_enable();
	utcp_peer_kick(peer);
	return ret;
}

/**
 * utcp_session_suspect() - a peer does not answer
 * @peer: the peer
 *
 * To be called after two probe timeouts in a row, and 200 ms, or after two initiations
 * on its path without an answer: a handshake begins, and the peer is looked for. Sending
 * may go on.
 *
 * Context: any but hard interrupts.
 */
void utcp_session_suspect(struct utcp_peer *peer)
{
	u64 now = utcp_now();

	spin_lock_bh(&peer->lock);
	if (utcp_neigh_doubt(&peer->neigh, now)) {
		trace_utcp_neigh(peer, UTCP_PEER_STATE_REACHABLE,
				 UTCP_PEER_STATE_DOUBTFUL);
		peer->want_until =
			max_t(u64, peer->want_until, now + UTCP_WANT_TIME);
	}
	spin_unlock_bh(&peer->lock);
	utcp_peer_kick(peer);
}

/**
 * utcp_session_ping_answered() - an ACK has come, which may be a sign of life
 * @peer: from whom
 * @ack: the ACK
 *
 * If it names the PING that is waited for, that is waited for no more.
 *
 * Context: under the lock of the peer.
 */
void utcp_session_ping_answered(struct utcp_peer *peer,
				const struct utcp_chunk *ack)
{
	struct utcp_ping *ping = &peer->ping;

	if (!ping->out || ping->index != ack->ack.index ||
	    !utcp_ack_has(ack, ping->counter))
		return;
	if (!ping->lost)
		rtt_sample(peer, utcp_now() - ping->sent);
	memset(ping, 0, sizeof(*ping));
}

/**
 * utcp_session_ping_tick() - the clock of what was asked for
 * @peer: the peer
 *
 * Context: process: the peer's worker.
 * Return: when it is due again; U64_MAX: nothing is waited for.
 */
u64 utcp_session_ping_tick(struct utcp_peer *peer)
{
	bool again = false, doubt = false;
	struct utcp_ping *ping = &peer->ping;
	u64 due = U64_MAX, now;

	spin_lock_bh(&peer->lock);
	now = utcp_now();
	if (ping->out && now >= ping->due) {
		if (!ping->lost++)
			ping->since = ping->sent;
		doubt = ping->lost >= DOUBT_LOST &&
			now - ping->since >= DOUBT_TIME;
		again = !doubt;
		if (doubt)
			memset(ping, 0, sizeof(*ping));
	}
	spin_unlock_bh(&peer->lock);
	if (doubt)
		utcp_session_suspect(peer);
	if (again && utcp_session_ping(peer)) {
		spin_lock_bh(&peer->lock);
		if (ping->out && now >= ping->due)
			ping->due = now + PTO_MOST;
		spin_unlock_bh(&peer->lock);
	}
	spin_lock_bh(&peer->lock);
	if (ping->out)
		due = ping->due;
	spin_unlock_bh(&peer->lock);
	return due;
}
