// SPDX-License-Identifier: GPL-2.0-only
/*
 * Carriers: their life, their clock, what they send, and what the session tells them.
 * Their connections are in carry_conn.c, their datagrams in carry_dgram.c.
 *
 * Locks, from the outside in: event_lock of a peer (of which an event comes), the
 * lock of its carrier, and then each for itself: lock of the peer, of the table of
 * peers, of an association, of the ports. What frees a peer waits until the carrier is
 * unlocked; nothing that is done then takes event_lock, which who tells of events holds.
 *
 * Frames are sealed and sent under the carrier's lock: counters are entered into the
 * lane in their order.
 */
#include <linux/lockdep.h>
#include <linux/slab.h>

#include "carry_priv.h"
#include "memory.h"
#include "policy.h"

/* Frames that are sent in a row; more are, when softirqs have had their turn. */
#define BATCH 64
/* No memory for a frame: again after this. */
#define NOMEM_PAUSE NSEC_PER_MSEC
/* A doubt begins two probe timeouts, and this, after the first: see "Restart". */
#define DOUBT_TIME (200ULL * NSEC_PER_MSEC)
/* Who waits for an acknowledgment, and hears nothing, asks for a sign of life: first after
 * this, then each time when he has waited as long again; at the latest after half of his user
 * timeout, which is taken for no less than this and no more than that. See ask_after().
 */
#define ASK_LEAST NSEC_PER_SEC
#define ASK_MOST (75ULL * NSEC_PER_SEC)

/* --- life ----------------------------------------------------------------------------- */

static enum hrtimer_restart tick(struct hrtimer *timer);

/**
 * utcp_carrier_get() - the carrier of a peer, which is made if there is none
 * @peer: the peer
 * @gfp: how
 *
 * Context: any but hard interrupts; as @gfp.
 * Return: the carrier, which lives as long as the peer; NULL: there is no memory.
 */
struct utcp_carrier *utcp_carrier_get(struct utcp_peer *peer, gfp_t gfp)
{
	struct utcp_carrier *c = READ_ONCE(peer->carrier), *other;

	if (c)
		return c;
	c = kzalloc(sizeof(*c), gfp);
	if (!c)
		return NULL;
	spin_lock_init(&c->lock);
	c->peer = peer;
	c->account = utcp_account_get(peer->un->account);
	xa_init(&c->conns);
	xa_init(&c->pairs[0]);
	xa_init(&c->pairs[1]);
	INIT_LIST_HEAD(&c->opening);
	INIT_LIST_HEAD(&c->open);
	INIT_LIST_HEAD(&c->gone);
	__skb_queue_head_init(&c->dgrams);
	__skb_queue_head_init(&c->dgrams_going);
	__skb_queue_head_init(&c->dgrams_gone);
	c->uid = GLOBAL_ROOT_UID;
	c->timer_at = UTCP_NEVER;
	c->keep_at = UTCP_NEVER;
	c->ask_at = UTCP_NEVER;
	c->chores_at = UTCP_NEVER;
	hrtimer_setup(&c->timer, tick, CLOCK_BOOTTIME, HRTIMER_MODE_ABS_SOFT);
	other = cmpxchg(&peer->carrier, NULL, c);
	if (!other)
		return c;
	utcp_account_put(c->account);
	kfree(c);
	return other;
}

static void drop_spare(struct utcp_carrier *c)
{
	kfree_skb(c->spare);
	c->spare = NULL;
	utcp_memory_add(c->account, -(long)c->spare_memory);
	c->spare_memory = 0;
}

/**
 * utcp_carrier_free() - a peer is no more
 * @carrier: its carrier, or NULL; nobody has it but its timer
 *
 * Context: where one may wait for a timer's function: not within it.
 */
void utcp_carrier_free(struct utcp_carrier *carrier)
{
	if (!carrier)
		return;
	hrtimer_cancel(&carrier->timer);
	WARN_ON_ONCE(carrier->n || !skb_queue_empty(&carrier->dgrams));
	if (carrier->live)
		utcp_lane_free(&carrier->lane);
	drop_spare(carrier);
	utcp_account_put(carrier->account);
	xa_destroy(&carrier->conns);
	xa_destroy(&carrier->pairs[0]);
	xa_destroy(&carrier->pairs[1]);
	kfree(carrier);
}

/* There is a session: the lane begins, if it has not. */
static void begin(struct utcp_carrier *c)
{
	struct utcp_peer *peer = c->peer;
	u8 key[UTCP_KEY_LEN];
	bool greater;
	u64 rtt;

	if (c->live || READ_ONCE(peer->dead) ||
	    !utcp_peer_public_key(peer, key))
		return;
	greater = memcmp(utcp_peer_cell(peer)->public_key, key, UTCP_KEY_LEN) >
		  0;
	utcp_lane_init(&c->lane, &utcp_carried_lane_ops, &utcp_cubic, greater,
		       utcp_session_mtu(peer));
	c->lane.datagrams = skb_queue_len(&c->dgrams);
	utcp_peer_path(peer, &c->path);
	rtt = READ_ONCE(peer->srtt);
	if (rtt)
		utcp_recovery_handshake(&c->lane.rec, rtt, utcp_now());
	memset(c->came, 0, sizeof(c->came));
	c->rx_serial = 0;
	c->tx_serial = 0;
	c->doubt_from = 0;
	c->pace_at = 0;
	c->asked = 0;
	c->live = true;
}

/* The path may be another one: the session has moved, or a handshake has found the
 * peer elsewhere. @mtu: what its devices take may be something else.
 */
static void look_at_path(struct utcp_carrier *c, bool mtu)
{
	struct utcp_path path;

	if (!c->live)
		return;
	utcp_peer_path(c->peer, &path);
	/* No path is none to measure. */
	if (!path.ifindex || (!mtu && utcp_path_equal(&path, &c->path)))
		return;
	if (!utcp_path_equal(&path, &c->path))
		utcp_carried_ask_again(c);
	c->path = path;
	c->pace_at = 0;
	utcp_lane_path(&c->lane, utcp_session_mtu(c->peer));
}

/* The session is over: its connections end, and so does the lane. Those that wait for
 * one do so for the next, unless @all end.
 */
static void finish(struct utcp_carrier *c, int err, bool all)
{
	struct carried *cc, *next;

	list_for_each_entry_safe(cc, next, &c->open, node)
		utcp_carried_end(c, cc, err);
	list_for_each_entry_safe(cc, next, &c->opening, node) {
		if (all)
			utcp_carried_end(c, cc, err);
		else if (cc->state == LIVE)
			utcp_carried_reopen(c, cc);
	}
	if (c->live)
		utcp_lane_free(&c->lane);
	c->live = false;
	/* It is part of a longer piece of memory, which all peers that idle would keep. */
	drop_spare(c);
}

/* --- the clock ------------------------------------------------------------------------ */

/* Gives a connection a number, and opens it. */
static void open_one(struct utcp_carrier *c, struct carried *cc)
{
	struct utcp_conn *conn = &cc->end.conn;
	int code;

	cc->permit = (struct utcp_permit){};
	if (utcp_policy_call(c->peer, true, conn->to_port, &cc->permit)) {
		utcp_carried_end(c, cc, EACCES);
		return;
	}
	conn->id = utcp_lane_number(&c->lane);
	code = utcp_carried_enter(c, cc);
	if (code)
		utcp_carried_end(c, cc, utcp_reset_errno(code));
	else
		utcp_lane_open(&c->lane, conn);
}

/**
 * utcp_carrier_connect() - open a new connection
 * @c: the carrier
 * @cc: the connection, in the list of those that are opening
 *
 * It is opened at once if that is possible, without a look at all the others.
 *
 * Context: under the lock of the carrier.
 */
void utcp_carrier_connect(struct utcp_carrier *c, struct carried *cc)
{
	c->chores_at = min(c->chores_at, cc->deadline);
	if (utcp_session_ready(c->peer, utcp_now())) {
		begin(c);
		if (c->live) {
			open_one(c, cc);
			return;
		}
	}
	/* The session is wanted, but not for each of many. */
	c->chores_at = min(c->chores_at, c->want_at);
}

/* Nobody has answered in time. Of whom nothing is known, it is not known either
 * whether he is there.
 */
static void open_failed(struct utcp_carrier *c, struct carried *cc)
{
	u8 key[UTCP_KEY_LEN];
	bool known = utcp_peer_public_key(c->peer, key);

	utcp_carried_abort(c, cc, UTCP_RESET_TIMEOUT,
			   known ? ETIMEDOUT : EHOSTUNREACH);
}

/* Those that are not open yet. Return: whether one waits for the session. */
static bool look_at_opening(struct utcp_carrier *c, u64 now, bool ready)
{
	struct carried *cc, *next;
	bool waits = false;

	list_for_each_entry_safe(cc, next, &c->opening, node) {
		if (now >= cc->deadline) {
			open_failed(c, cc);
			continue;
		}
		c->chores_at = min(c->chores_at, cc->deadline);
		if (cc->state == LIVE)
			continue;
		if (now < cc->retry_at)
			c->chores_at = min(c->chores_at, cc->retry_at);
		else if (c->live && ready)
			open_one(c, cc);
		else
			waits = true;
	}
	return waits;
}

/* The peer was asked something, by whatever it has to answer, and is silent since. */
static bool is_silent(const struct utcp_carrier *c)
{
	return c->live && c->asked > READ_ONCE(c->peer->heard);
}

/* It is asked. What counts is the first of several questions. */
static void ask(struct utcp_carrier *c, u64 now)
{
	if (!is_silent(c))
		c->asked = now;
}

/* Those that have waited too long for an answer, and those that nobody has any more:
 * they wait for their own only.
 */
static void look_at_open(struct utcp_carrier *c, u64 now, bool silent)
{
	struct carried *cc, *next;

	list_for_each_entry_safe(cc, next, &c->open, node) {
		u64 since = utcp_since(now, cc->orphan ? cc->progress :
							 max(cc->progress,
							     c->asked));

		if ((silent || cc->orphan) && cc->busy &&
		    since >= cc->end.user_timeout)
			utcp_carried_abort(c, cc, UTCP_RESET_TIMEOUT,
					   ETIMEDOUT);
		else if (cc->orphan && !cc->busy && since >= UTCP_ORPHAN_TIME)
			utcp_carried_abort(c, cc, UTCP_RESET_UNREAD, 0);
	}
}

/* Keep-alive of one begins anew: its silence, at @since. */
static void keep_anew(struct carried *cc, u64 heard, u64 since)
{
	cc->keep_heard = heard;
	cc->keep_probes = 0;
	cc->keep_at = utcp_carry_coarse(since + cc->end.keep_idle);
}

/**
 * utcp_carrier_keep() - options of a connection have changed, keep-alive among them
 * @c: the carrier
 * @cc: the connection
 *
 * It is looked at when it is due; if that is past, not before the next grain, for the others are
 * looked at with it, and programs change options as often as they like.
 *
 * Context: under the lock of the carrier.
 */
void utcp_carrier_keep(struct utcp_carrier *c, struct carried *cc)
{
	u64 heard = READ_ONCE(c->peer->heard);

	keep_anew(cc, heard, heard);
	cc->keep_at = max(cc->keep_at, utcp_carry_coarse(utcp_now()));
	c->keep_at = min(c->keep_at, cc->keep_at);
	c->chores_at = min(c->chores_at, c->keep_at);
}

/* Keep-alive of one, of which nothing is under way: that has the user timeout. All
 * frames of the session are signs of life, so one PING is for all.
 * Return: when it is to be looked at again.
 */
static u64 keep_alive(struct utcp_carrier *c, struct carried *cc, u64 now)
{
	u64 heard = READ_ONCE(c->peer->heard);

	if (cc->busy || cc->keep_heard != heard)
		keep_anew(cc, heard, cc->busy ? now : heard);
	if (now < cc->keep_at)
		return cc->keep_at;
	if (cc->keep_probes == cc->end.keep_cnt) {
		utcp_carried_abort(c, cc, UTCP_RESET_TIMEOUT, ETIMEDOUT);
		return UTCP_NEVER;
	}
	cc->keep_probes++;
	cc->keep_at = utcp_carry_coarse(now + cc->end.keep_intvl);
	c->todo |= TODO_PING;
	return cc->keep_at;
}

static void look_at_keep(struct utcp_carrier *c, u64 now)
{
	struct carried *cc, *next;
	u64 at = UTCP_NEVER;

	list_for_each_entry_safe(cc, next, &c->open, node)
		if (cc->end.keep_idle && !cc->orphan)
			at = min(at, keep_alive(c, cc, now));
	c->keep_at = at;
}

/* The first sign of life is asked for after a second, and each further one when it has waited
 * as long again, as TCP's persist timer has it: a peer that has restarted, and whose old
 * connections are to be reset, is found out that soon.
 */
static u64 ask_after(const struct carried *cc, u64 heard)
{
	u64 most = clamp_t(u64, cc->end.user_timeout / 2, ASK_LEAST, ASK_MOST);

	return clamp_t(u64, utcp_since(heard, cc->progress), ASK_LEAST, most);
}

/**
 * utcp_carrier_busy() - a connection begins to wait for an acknowledgment
 * @c: the carrier
 * @cc: the connection
 *
 * While its window is closed nothing is under way, and so there is no probe timeout: TCP has its
 * persist timer for that.
 *
 * Context: under the lock of the carrier.
 */
void utcp_carrier_busy(struct utcp_carrier *c, const struct carried *cc)
{
	c->ask_at = min(c->ask_at, utcp_carry_coarse(cc->progress + ASK_LEAST));
	c->chores_at = min(c->chores_at, c->ask_at);
}

/* Asks for a sign of life, if one that waits has heard nothing for long. */
static void look_at_busy(struct utcp_carrier *c, u64 now)
{
	u64 heard = READ_ONCE(c->peer->heard), at = UTCP_NEVER, least = 0;
	const struct carried *cc;

	list_for_each_entry(cc, &c->open, node) {
		u64 after = ask_after(cc, heard);

		if (!cc->busy || cc->orphan)
			continue;
		least = least ? min(least, after) : after;
		at = min(at, max(cc->progress, heard) + after);
	}
	if (at <= now) {
		ask(c, now);
		c->todo |= TODO_PING;
		at = now + least;
	}
	c->ask_at = at == UTCP_NEVER ? at : utcp_carry_coarse(at);
}

static void do_chores(struct utcp_carrier *c, u64 now, bool ready)
{
	bool waits, silent;

	c->chores_at = UTCP_NEVER;
	waits = look_at_opening(c, now, ready);
	/* For a RESET that is left alone keys were wanted when it was queued, and are not
	 * wanted again: it goes with the next ones, or is forgotten.
	 */
	waits |= c->n && c->live && !ready && utcp_lane_waits(&c->lane);
	waits |= utcp_carry_dgrams_look(c, now);
	silent = is_silent(c);
	if (silent || c->n_orphans)
		look_at_open(c, now, silent);
	if (now >= c->keep_at)
		look_at_keep(c, now);
	if (now >= c->ask_at)
		look_at_busy(c, now);
	c->chores_at = min3(c->chores_at, c->keep_at, c->ask_at);
	if ((silent && !list_empty(&c->open)) || c->n_orphans || waits)
		c->chores_at = min(c->chores_at, now + CHORES);
	if (waits && !ready && now >= c->want_at) {
		ask(c, now);
		c->want_at = now + CHORES;
		c->todo |= TODO_WANT;
	}
}

/* --- sending --------------------------------------------------------------------------- */

/* Memory for the next frame. */
static struct sk_buff *get_spare(struct utcp_carrier *c, u64 now)
{
	const struct utcp_pmtu *pmtu = &c->lane.pmtu;
	unsigned int size = utcp_lane_size(&c->lane, now);
	struct sk_buff *skb = c->spare;

	c->spare = NULL;
	if (skb && skb_tailroom(skb) >= size - UTCP_DATA_HDR_LEN)
		return skb;
	kfree_skb(skb);
	skb = utcp_session_alloc(c->peer, size - UTCP_DATA_OVERHEAD,
				 GFP_ATOMIC);
	/* A probe is not worth waiting for so much memory in one piece. */
	if (!skb && size != pmtu->size)
		skb = utcp_session_alloc(
			c->peer, pmtu->size - UTCP_DATA_OVERHEAD, GFP_ATOMIC);
	/* Nor is a long frame, of which there may be no such piece for long. */
	if (!skb && pmtu->size > UTCP_MTU_BASE)
		skb = utcp_session_alloc(c->peer,
					 UTCP_MTU_BASE - UTCP_DATA_OVERHEAD,
					 GFP_ATOMIC);
	return skb;
}

/* Keeps it. There will be one most of the time, so it counts until they are of another
 * size.
 */
static void put_spare(struct utcp_carrier *c, struct sk_buff *skb)
{
	c->spare = skb;
	if (skb->truesize == c->spare_memory)
		return;
	utcp_memory_add(c->account,
			(long)skb->truesize - (long)c->spare_memory);
	c->spare_memory = skb->truesize;
}

/* A frame went under an association. */
static void sent_under(struct utcp_carrier *c, u32 index)
{
	if (c->tx_serial && c->tx_index[0] == index)
		return;
	memmove(&c->tx_index[1], &c->tx_index[0],
		sizeof(c->tx_index) - sizeof(c->tx_index[0]));
	c->tx_index[0] = index;
	utcp_recovery_space(&c->lane.rec, ++c->tx_serial);
}

/* @now: set to when it was sent. */
static bool send_one(struct utcp_carrier *c, struct sk_buff *skb,
		     const struct utcp_lane_frame *frame, u64 *now)
{
	/* Set, if there is a counter; else it is not looked at. */
	struct utcp_session_sent sent __uninitialized;
	int ret;

	ret = utcp_session_send(c->peer, skb, &sent);
	if (ret == -ENOTCONN || ret == -EKEYEXPIRED || ret == -EMSGSIZE) {
		utcp_lane_unsent(&c->lane, frame);
		utcp_carry_dgrams_unsent(c);
		if (c->said)
			utcp_ackrange_unsaid(&c->said->range, utcp_now());
		return false;
	}
	/* If the device did not take it, it is found lost. */
	sent_under(c, sent.index);
	utcp_lane_sent(&c->lane, frame, sent.counter, sent.when);
	utcp_carry_dgrams_sent(c);
	*now = sent.when;
	return true;
}

/* How fast frames go on at the ports of the path, if that is to be asked again. */
static void look_at_pace(struct utcp_carrier *c, u64 now)
{
	struct netswitch_pace pace;

	if (now < c->pace_at)
		return;
	c->pace_at = now + clamp_t(u64, c->lane.rec.rtt.smoothed, PACE_LEAST,
				   PACE_MOST);
	utcp_policy_pace(c->peer, c->path.ifindex, &pace);
	utcp_lane_limit(&c->lane, now, pace.rate,
			pace.rate ? ETH_HLEN + pace.overhead : 0);
}

/* Sends all that may go. Return: when to ask again though nothing happens. @held: set to
 * true: nothing can go before that, whatever is due.
 */
static u64 send_all(struct utcp_carrier *c, u64 now, bool *held)
{
	struct utcp_lane_frame frame = {};
	unsigned int n;

	for (n = 0; n < BATCH; n++) {
		const struct came *came = utcp_carried_due(c);
		bool due = came && came->range.due <= now;
		struct sk_buff *skb;

		look_at_pace(c, now);
		if (!due && !utcp_lane_waits(&c->lane))
			return UTCP_NEVER;
		skb = get_spare(c, now);
		if (!skb) {
			*held = true;
			return now + NOMEM_PAUSE;
		}
		frame.plain = skb_tail_pointer(skb);
		frame.room = skb_tailroom(skb) - UTCP_TAG_LEN;
		c->said = NULL;
		utcp_lane_output(&c->lane, now, due, &frame);
		if (!frame.len) {
			bool cut = frame.room + UTCP_LANE_OVERHEAD <
				   c->lane.pmtu.size;

			put_spare(c, skb);
			/* A datagram waits for a longer one. */
			if (unlikely(cut && c->lane.datagrams))
				return min(frame.until, now + NOMEM_PAUSE);
			/* It may be faster by then. */
			if (frame.until != UTCP_NEVER &&
			    utcp_pace_is_limited(&c->lane.pace))
				return min(frame.until, c->pace_at);
			return frame.until;
		}
		skb_put(skb, frame.len);
		if (!send_one(c, skb, &frame, &now)) {
			*held = true;
			return now + NOMEM_PAUSE;
		}
	}
	return now;
}

static void set_timer(struct utcp_carrier *c, u64 at)
{
	/* Rather once too often than set with each frame. */
	if (at >= c->timer_at)
		return;
	c->timer_at = at;
	hrtimer_start(&c->timer, ns_to_ktime(at), HRTIMER_MODE_ABS_SOFT);
}

/* A probe timeout. RFC 9002 counts them; a doubt needs some time, too. */
static void timed_out(struct utcp_carrier *c, u64 now)
{
	bool doubt = utcp_lane_timeout(&c->lane, now);

	if (c->lane.rec.ptos)
		ask(c, now);
	if (c->lane.rec.ptos == 1)
		c->doubt_from = now;
	if (doubt && utcp_since(now, c->doubt_from) >= DOUBT_TIME)
		c->todo |= TODO_SUSPECT;
}

/**
 * utcp_carrier_run_at() - do whatever is due, send whatever may go
 * @c: the carrier
 * @now: the time
 *
 * Context: under the lock of the carrier.
 */
void utcp_carrier_run_at(struct utcp_carrier *c, u64 now)
{
	u64 at = UTCP_NEVER;
	bool ready = utcp_session_ready(c->peer, now), held = false;
	const struct came *came;

	lockdep_assert_held(&c->lock);
	if (!c->n && !c->live && skb_queue_empty(&c->dgrams))
		return;
	if (ready)
		begin(c);
	if (c->live && ready && utcp_lane_timer(&c->lane) <= now)
		timed_out(c, now);
	if (now >= c->chores_at || ready != c->ready ||
	    (!ready && now >= c->want_at && c->n && c->live &&
	     utcp_lane_waits(&c->lane)))
		do_chores(c, now, ready);
	c->ready = ready;
	if (c->live && ready) {
		at = send_all(c, now, &held);
		/* What is due and cannot be sent must not set the timer to a time that is
		 * past: it would run again and again within one softirq.
		 */
		if (!held) {
			came = utcp_carried_due(c);
			if (came)
				at = min(at, came->range.due);
			at = min(at, utcp_lane_timer(&c->lane));
		}
		if (c->lane.rec.ptos && !list_empty(&c->open))
			c->chores_at = min(c->chores_at, now + CHORES);
	}
	set_timer(c, min(at, c->chores_at));
}

/**
 * utcp_carrier_run() - as utcp_carrier_run_at(), now
 * @c: the carrier
 *
 * Context: under the lock of the carrier.
 */
void utcp_carrier_run(struct utcp_carrier *c)
{
	utcp_carrier_run_at(c, utcp_now());
}

/* Is there nothing that utcp_carrier_run() would do? Of many frames that come there is
 * not: an ACK is not due yet, and the timer runs.
 */
static bool is_quiet(struct utcp_carrier *c, u64 now)
{
	const struct came *came = utcp_carried_due(c);
	u64 at = min(c->chores_at, utcp_lane_timer(&c->lane));

	if (came)
		at = min(at, came->range.due);
	return at > now && at >= c->timer_at && c->ready &&
	       !utcp_lane_waits(&c->lane);
}

/**
 * utcp_carrier_lock() - take the lock of a carrier
 * @c: the carrier
 *
 * Context: any but hard interrupts; not under the lock of a peer.
 */
void utcp_carrier_lock(struct utcp_carrier *c) __acquires(&c->lock)
{
	spin_lock_bh(&c->lock);
}

static bool lets_go(const struct utcp_carrier *c)
{
	return c->dgrams_hold && skb_queue_empty(&c->dgrams);
}

/* Not inlined: it would be paid for where there is nothing to do. */
static noinline void unlock_and_do(struct utcp_carrier *c) __releases(&c->lock)
{
	struct utcp_peer *peer = c->peer;
	struct carried *cc, *next;
	u8 todo = c->todo;
	struct sk_buff_head dgrams;
	kuid_t uid = c->uid;
	LIST_HEAD(gone);
	bool let_go = lets_go(c);

	c->todo = 0;
	list_splice_init(&c->gone, &gone);
	__skb_queue_head_init(&dgrams);
	skb_queue_splice_init(&c->dgrams_gone, &dgrams);
	if (let_go)
		c->dgrams_hold = false;
	/* What is let go of may have been the last that held the peer. */
	rcu_read_lock();
	spin_unlock_bh(&c->lock);
	if (todo & TODO_SUSPECT)
		utcp_session_suspect(peer);
	if (todo & TODO_PING && utcp_session_ping(peer) == -ENOTCONN)
		todo |= TODO_WANT; /* a handshake is a sign of life, too */
	if (todo & TODO_WANT)
		utcp_session_want(peer, uid);
	list_for_each_entry_safe(cc, next, &gone, node) {
		list_del_init(&cc->node);
		utcp_session_unuse(peer);
		utcp_carried_put(cc);
	}
	__skb_queue_purge(&dgrams);
	if (let_go)
		utcp_peer_put(peer);
	rcu_read_unlock();
}

/**
 * utcp_carrier_unlock() - release the lock, and do what could not be done under it
 * @c: the carrier
 *
 * Context: under the lock of the carrier.
 */
void utcp_carrier_unlock(struct utcp_carrier *c) __releases(&c->lock)
{
	if (likely(!c->todo && !lets_go(c) && list_empty(&c->gone) &&
		   skb_queue_empty(&c->dgrams_gone)))
		spin_unlock_bh(&c->lock);
	else
		unlock_and_do(c);
}

static enum hrtimer_restart tick(struct hrtimer *timer)
{
	struct utcp_carrier *c =
		container_of(timer, struct utcp_carrier, timer);

	utcp_carrier_lock(c);
	c->timer_at = UTCP_NEVER;
	utcp_carrier_run(c);
	utcp_carrier_unlock(c);
	return HRTIMER_NORESTART;
}

/* --- the session's side ----------------------------------------------------------------- */

/* What has come under the association of an index. */
static struct came *came_of(struct utcp_carrier *c, u32 index)
{
	struct came *came = &c->came[0];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(c->came); i++) {
		if (c->came[i].serial && c->came[i].index == index)
			return &c->came[i];
		if (c->came[i].serial < came->serial)
			came = &c->came[i];
	}
	came->index = index;
	came->serial = ++c->rx_serial;
	utcp_ackrange_init(&came->range);
	return came;
}

static int carry_rx(const struct utcp_session_rx *rx)
{
	struct utcp_carrier *c = utcp_carrier_get(rx->peer, GFP_ATOMIC);
	int ret;

	if (!c)
		return -ENOMEM;
	utcp_carrier_lock(c);
	/* Of a session that has ended in the meantime, nothing is to stay: neither now
	 * nor in the next one.
	 */
	if (!c->live && utcp_session_ready(rx->peer, rx->when))
		begin(c);
	if (!c->live || !utcp_session_has(rx->peer, rx->index)) {
		utcp_carrier_unlock(c);
		return -ESHUTDOWN;
	}
	ret = utcp_lane_input(&c->lane, rx->plain, rx->len, rx->when);
	if (!ret)
		utcp_ackrange_take(&came_of(c, rx->index)->range, rx->counter,
				   rx->when, rx->chunks);
	/* What opening it took does not matter here. */
	if (!is_quiet(c, rx->when))
		utcp_carrier_run_at(c, rx->when);
	utcp_carrier_unlock(c);
	return ret;
}

static void carry_event(struct utcp_peer *peer, enum utcp_session_event event,
			int err)
{
	struct utcp_carrier *c = READ_ONCE(peer->carrier);
	struct carried *cc, *next;

	if (!c)
		return;
	utcp_carrier_lock(c);
	switch (event) {
	case UTCP_SESSION_RESTARTED:
		finish(c, err, false);
		utcp_carrier_run(c);
		break;
	case UTCP_SESSION_CLOSED:
		/* Nothing was said for long: but a call may have crossed that. */
		finish(c, err ? err : ECONNRESET, err);
		if (err)
			utcp_carry_dgrams_drop(c, 0);
		c->want_at = 0;
		c->keep_at = UTCP_NEVER;
		c->ask_at = UTCP_NEVER;
		c->chores_at = 0;
		utcp_carrier_run(c);
		break;
	case UTCP_SESSION_UNREACHABLE:
		list_for_each_entry_safe(cc, next, &c->opening, node)
			utcp_carried_end(c, cc, err);
		utcp_carry_dgrams_drop(c, err);
		break;
	case UTCP_SESSION_MOVED:
	case UTCP_SESSION_MTU:
	case UTCP_SESSION_UP:
	case UTCP_SESSION_REKEYED:
		look_at_path(c, event == UTCP_SESSION_MTU);
		utcp_carrier_run(c);
		break;
	}
	utcp_carrier_unlock(c);
}

/**
 * utcp_carry_ask_again() - policies on the way to a peer may have changed
 * @peer: the peer
 *
 * Connections that are refused now end, with EACCES at both ends.
 *
 * Context: any but hard interrupts.
 */
void utcp_carry_ask_again(struct utcp_peer *peer)
{
	struct utcp_carrier *c = READ_ONCE(peer->carrier);

	if (!c)
		return;
	utcp_carrier_lock(c);
	utcp_carried_ask_again(c);
	utcp_carrier_run(c);
	utcp_carrier_unlock(c);
}

const struct utcp_session_ops utcp_carry_ops = {
	.rx = carry_rx,
	.event = carry_event,
};
