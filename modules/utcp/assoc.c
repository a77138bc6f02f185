// SPDX-License-Identifier: GPL-2.0-only
/*
 * Associations: sealing and opening data frames.
 *
 * A frame is opened in memory that nobody else has: a tap may hold what came.
 */
#include <linux/etherdevice.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/unaligned.h>

#include "assoc.h"
#include "chunk.h"
#include "peer.h"
#include "told.h"

/* A counter is skipped once in so many, and up to so many more. */
#define SKIP_LEAST 2048
#define SKIP_MORE 4096

static void assoc_free_rcu(struct rcu_head *rcu)
{
	kfree_sensitive(container_of(rcu, struct utcp_assoc, rcu));
}

static void half_free_rcu(struct rcu_head *rcu)
{
	kfree_sensitive(container_of(rcu, struct utcp_half, rcu));
}

static u64 rekey_at(const struct utcp_secrets *secrets)
{
	u64 least = secrets->initiator ? UTCP_REKEY_INITIATOR :
					 UTCP_REKEY_RESPONDER;
	u64 more = secrets->initiator ? UTCP_REKEY_INITIATOR_MORE :
					UTCP_REKEY_RESPONDER_MORE;

	return secrets->born + least + get_random_u64() % more;
}

static u64 next_skip(u64 from)
{
	return from + SKIP_LEAST + get_random_u32() % SKIP_MORE;
}

/**
 * utcp_assoc_new() - an association of what a handshake has left
 * @peer: whose it is
 * @secrets: what is left; the caller wipes it
 * @gfp: how
 *
 * Return: it, without an index yet, for utcp_assoc_free(); or NULL.
 */
struct utcp_assoc *utcp_assoc_new(struct utcp_peer *peer,
				  const struct utcp_secrets *secrets, gfp_t gfp)
{
	struct utcp_assoc *assoc = kzalloc(sizeof(*assoc), gfp);

	if (!assoc)
		return NULL;
	assoc->peer = peer;
	assoc->remote = secrets->remote;
	assoc->initiator = secrets->initiator;
	assoc->born = secrets->born;
	assoc->rekey_at = rekey_at(secrets);
	assoc->heard = utcp_now();
	assoc->used = assoc->heard;
	spin_lock_init(&assoc->tx_lock);
	spin_lock_init(&assoc->rx_lock);
	utcp_sender_init(&assoc->tx, secrets->send, 0, secrets->suite);
	utcp_receiver_init(&assoc->rx, secrets->receive, 0, secrets->suite);
	assoc->skipped = U64_MAX;
	assoc->skip_at = next_skip(0);
	return assoc;
}

/**
 * utcp_assoc_free() - an association is no more
 * @assoc: it, which nobody finds any more
 *
 * It is wiped and freed when nobody has it any more who found it under RCU.
 *
 * Context: any but hard interrupts.
 */
void utcp_assoc_free(struct utcp_assoc *assoc)
{
	utcp_told_put(assoc->peer->un, assoc->told);
	call_rcu(&assoc->rcu, assoc_free_rcu);
}

/**
 * utcp_half_free() - a half-open association is no more
 * @half: as for utcp_assoc_free()
 *
 * Context: any but hard interrupts.
 */
void utcp_half_free(struct utcp_half *half)
{
	call_rcu(&half->rcu, half_free_rcu);
}

/**
 * utcp_assoc_may_send() - may frames be sent under an association still?
 * @assoc: the association
 * @now: the time
 *
 * Return: true if it is not too old.
 */
bool utcp_assoc_may_send(const struct utcp_assoc *assoc, u64 now)
{
	return utcp_since(now, assoc->born) < UTCP_SEND_TIME;
}

/* --- sealing ------------------------------------------------------------------- */

/* Takes the counter of a frame, and its key.
 * Return: false if there is none left.
 */
static bool take_counter(struct utcp_assoc *assoc, size_t len, u64 *counter,
			 u8 key[UTCP_KEY_LEN])
{
	const u8 *k;

	spin_lock(&assoc->tx_lock);
	k = utcp_sender_take(&assoc->tx, counter);
	/* Who acknowledges this one has not received it. */
	if (k && *counter == assoc->skip_at) {
		assoc->skipped = *counter;
		assoc->skip_at = next_skip(*counter);
		k = utcp_sender_take(&assoc->tx, counter);
	}
	if (k) {
		memcpy(key, k, UTCP_KEY_LEN);
		assoc->tx_frames++;
		assoc->tx_bytes += len;
	}
	spin_unlock(&assoc->tx_lock);
	return k;
}

/**
 * utcp_assoc_seal() - make a data frame of a plaintext
 * @assoc: the association
 * @skb: the plaintext, linear and nobody else's, with room for UTCP_DATA_HDR_LEN
 *	bytes in front of it and UTCP_TAG_LEN behind; becomes the frame
 * @now: the time
 * @sent: set, if there is a counter
 *
 * Context: bottom halves off.
 * Return: 0; -EMSGSIZE: it is too long; -EKEYEXPIRED: there are no counters left.
 */
int utcp_assoc_seal(struct utcp_assoc *assoc, struct sk_buff *skb, u64 now,
		    struct utcp_session_sent *sent)
{
	size_t plain = skb->len, len = plain + UTCP_DATA_OVERHEAD;
	u8 key[UTCP_KEY_LEN];
	u8 *frame;

	if (len > UTCP_FRAME_MAX)
		return -EMSGSIZE;
	if (!take_counter(assoc, len, &sent->counter, key))
		return -EKEYEXPIRED;
	sent->index = assoc->remote;
	sent->when = now;
	WRITE_ONCE(assoc->used, now);
	frame = skb_push(skb, UTCP_DATA_HDR_LEN);
	skb_put(skb, UTCP_TAG_LEN);
	utcp_frame_header(frame, UTCP_FRAME_DATA, len);
	put_unaligned_be32(assoc->remote, frame + UTCP_INDEX_AT);
	put_unaligned_be16(0, frame + UTCP_LANE_AT);
	put_unaligned_be64(sent->counter, frame + UTCP_COUNTER_AT);
	utcp_aead_encrypt(frame + UTCP_CIPHER_AT, frame + UTCP_CIPHER_AT, plain,
			  frame, UTCP_DATA_HDR_LEN, sent->counter, key);
	memzero_explicit(key, sizeof(key));
	return 0;
}

/* --- opening ------------------------------------------------------------------- */

/**
 * utcp_assoc_own() - give a frame of which others may have the memory its own
 * @skb: the frame
 * @len: its length; what stands behind is taken off
 *
 * Context: softirq.
 * Return: it, in memory of its own, and linear; NULL: there is none, and @skb is still the
 * caller's.
 */
struct sk_buff *utcp_assoc_own(struct sk_buff *skb, size_t len)
{
	struct sk_buff *copy = skb;

	if (skb_cloned(skb) || skb_is_nonlinear(skb)) {
		copy = skb_copy(skb, GFP_ATOMIC);
		if (!copy)
			return NULL;
		consume_skb(skb);
	}
	if (copy->ip_summed == CHECKSUM_COMPLETE)
		copy->ip_summed = CHECKSUM_NONE;
	__skb_trim(copy, len);
	return copy;
}

/* Leaves the plaintext in @skb if the tag is right. */
static unsigned int open_with(const u8 key[UTCP_KEY_LEN], u64 counter,
			      struct sk_buff **skb, size_t len)
{
	struct sk_buff *own = utcp_assoc_own(*skb, len);
	u8 *frame;

	if (!own)
		return UTCP_DROP_REASON_NOMEM;
	*skb = own;
	frame = own->data;
	if (!utcp_aead_decrypt(frame + UTCP_CIPHER_AT, frame + UTCP_CIPHER_AT,
			       len - UTCP_CIPHER_AT, frame, UTCP_DATA_HDR_LEN,
			       counter, key))
		return UTCP_DROP_REASON_TAG;
	skb_pull(own, UTCP_DATA_HDR_LEN);
	__skb_trim(own, own->len - UTCP_TAG_LEN);
	return 0;
}

static unsigned int drop_reason(int err)
{
	return err == -ENOKEY ? UTCP_DROP_REASON_EPOCH :
				UTCP_DROP_REASON_REPLAY;
}

/**
 * utcp_assoc_took() - take the counter of a frame whose tag was right
 * @assoc: the association
 * @counter: the counter
 * @len: the frame's length
 * @now: the time
 * @opened: set to what it is
 *
 * Context: softirq, as all that opens: the locks need not turn it off.
 * Return: 0, or the reason why it is dropped.
 */
unsigned int utcp_assoc_took(struct utcp_assoc *assoc, u64 counter, size_t len,
			     u64 now, struct utcp_opened *opened)
{
	u64 before;
	int ret;

	spin_lock(&assoc->rx_lock);
	before = assoc->rx.replay.next;
	ret = utcp_receiver_good(&assoc->rx, counter);
	if (!ret) {
		assoc->rx_frames++;
		assoc->rx_bytes += len;
		opened->counter = counter;
		opened->greatest = counter >= before;
		opened->next = counter == before;
	}
	spin_unlock(&assoc->rx_lock);
	if (ret)
		return drop_reason(ret);
	WRITE_ONCE(assoc->used, now);
	WRITE_ONCE(assoc->heard, now);
	return 0;
}

/**
 * utcp_assoc_open() - open a data frame
 * @assoc: the association that it names
 * @skb: the frame; replaced if others have its memory; then the plaintext
 * @len: its length
 * @now: the time
 * @opened: set to what it is
 *
 * Context: softirq, under RCU.
 * Return: 0, or the reason why it is dropped.
 */
unsigned int utcp_assoc_open(struct utcp_assoc *assoc, struct sk_buff **skb,
			     size_t len, u64 now, struct utcp_opened *opened)
{
	u64 counter = get_unaligned_be64((*skb)->data + UTCP_COUNTER_AT);
	u8 key[UTCP_KEY_LEN];
	unsigned int reason;
	const u8 *k;
	int ret;

	spin_lock(&assoc->rx_lock);
	ret = utcp_receiver_key(&assoc->rx, counter, &k);
	if (!ret)
		memcpy(key, k, UTCP_KEY_LEN);
	spin_unlock(&assoc->rx_lock);
	if (ret)
		return drop_reason(ret);
	reason = open_with(key, counter, skb, len);
	memzero_explicit(key, sizeof(key));
	if (!reason)
		return utcp_assoc_took(assoc, counter, len, now, opened);
	if (reason == UTCP_DROP_REASON_TAG) {
		spin_lock(&assoc->rx_lock);
		/* 2^36 of them take longer than an association lives. */
		if (utcp_receiver_bad(&assoc->rx, counter))
			utcp_receiver_wipe(&assoc->rx);
		spin_unlock(&assoc->rx_lock);
	}
	return reason;
}

/**
 * utcp_half_open() - open a data frame under a half-open association
 * @half: the half-open one that it names
 * @skb: as in utcp_assoc_open()
 * @len: its length
 *
 * What is opened counts only when it has become an association.
 *
 * Context: as utcp_assoc_open().
 * Return: 0, or the reason why it is dropped.
 */
unsigned int utcp_half_open(const struct utcp_half *half, struct sk_buff **skb,
			    size_t len)
{
	u64 counter = get_unaligned_be64((*skb)->data + UTCP_COUNTER_AT);
	u8 key[UTCP_KEY_LEN];
	unsigned int reason;

	if (counter >= UTCP_CHACHA_COUNTERS)
		return UTCP_DROP_REASON_REPLAY;
	utcp_lane_key(key, half->secrets.receive, 0, half->secrets.suite, 0);
	reason = open_with(key, counter, skb, len);
	memzero_explicit(key, sizeof(key));
	return reason;
}

/* --- acknowledgments ------------------------------------------------------------- */

/**
 * utcp_ack_has() - is a counter among those that an ACK names?
 * @chunk: the ACK, well formed
 * @counter: the counter
 *
 * Return: true if it is.
 */
bool utcp_ack_has(const struct utcp_chunk *chunk, u64 counter)
{
	const struct utcp_ack *ack = &chunk->ack;
	u64 at = ack->greatest;
	unsigned int i;

	if (counter > at)
		return false;
	if (counter >= at - ack->first)
		return true;
	at -= ack->first;
	for (i = 0; i < ack->n; i++) {
		struct utcp_ack_pair pair = utcp_ack_pair(ack, i);

		at -= pair.gap; /* the lowest that is missing */
		if (counter >= at)
			return false;
		if (counter >= at - pair.run)
			return true;
		at -= pair.run;
	}
	return false;
}

/**
 * utcp_assoc_ack_ok() - was everything sent that an ACK names?
 * @assoc: the association
 * @ack: the ACK, well formed
 *
 * Counters are skipped now and then: who acknowledges one has not seen what he acknowledges.
 *
 * Context: softirq.
 * Return: true if it was; false: it lies.
 */
bool utcp_assoc_ack_ok(struct utcp_assoc *assoc, const struct utcp_chunk *ack)
{
	u64 next, skipped;

	spin_lock(&assoc->tx_lock);
	next = assoc->tx.next;
	skipped = assoc->skipped;
	spin_unlock(&assoc->tx_lock);
	return ack->ack.greatest < next &&
	       (skipped == U64_MAX || !utcp_ack_has(ack, skipped));
}
