// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transport keys and counters. See keys.h for what holds of all functions.
 */
#include "keys.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

static const char label[] = "UTCP/1 lane";

static u32 epoch_of(enum utcp_suite suite, u64 counter)
{
	return counter >> (suite == UTCP_SUITE_AES_256_GCM ?
				   UTCP_GCM_EPOCH_SHIFT :
				   UTCP_CHACHA_EPOCH_SHIFT);
}

/* 0: there is no such suite, so nothing may be sealed with it. */
static u64 counters_of(enum utcp_suite suite)
{
	switch (suite) {
	case UTCP_SUITE_CHACHA20_POLY1305:
		return UTCP_CHACHA_COUNTERS;
	case UTCP_SUITE_AES_256_GCM:
		return UTCP_GCM_COUNTERS;
	}
	return 0;
}

static u64 forgeries_of(enum utcp_suite suite)
{
	return suite == UTCP_SUITE_AES_256_GCM ? UTCP_GCM_FORGERIES :
						 UTCP_CHACHA_FORGERIES;
}

/**
 * utcp_lane_key() - derive a key
 * @key: where it goes
 * @secret: of the direction, from the handshake
 * @lane: the lane
 * @suite: the cipher
 * @epoch: the epoch
 */
void utcp_lane_key(u8 key[UTCP_KEY_LEN], const u8 secret[UTCP_KEY_LEN],
		   u16 lane, enum utcp_suite suite, u32 epoch)
{
	u8 text[sizeof(label) - 1 + 2 + 1 + 4];
	u8 *at = text;

	memcpy(at, label, sizeof(label) - 1);
	at += sizeof(label) - 1;
	put_unaligned_be16(lane, at);
	at[2] = suite;
	put_unaligned_be32(epoch, at + 3);
	utcp_hkdf(key, NULL, NULL, secret, text, sizeof(text));
}

/**
 * utcp_nonce() - the nonce that a counter is
 * @nonce: where it goes
 * @suite: the cipher
 * @counter: the counter
 *
 * utcp_aead_encrypt() makes ChaCha20-Poly1305's by itself.
 */
void utcp_nonce(u8 nonce[UTCP_NONCE_LEN], enum utcp_suite suite, u64 counter)
{
	memset(nonce, 0, 4);
	if (suite == UTCP_SUITE_AES_256_GCM)
		put_unaligned_be64(counter, nonce + 4);
	else
		put_unaligned_le64(counter, nonce + 4);
}

/* --- sending ---------------------------------------------------------------- */

/**
 * utcp_sender_init() - begin to send on a lane
 * @sender: the sender
 * @secret: of the direction, from the handshake
 * @lane: the lane
 * @suite: the cipher
 */
void utcp_sender_init(struct utcp_sender *sender, const u8 secret[UTCP_KEY_LEN],
		      u16 lane, enum utcp_suite suite)
{
	memset(sender, 0, sizeof(*sender));
	memcpy(sender->secret, secret, UTCP_KEY_LEN);
	sender->lane = lane;
	sender->suite = suite;
	utcp_lane_key(sender->key, secret, lane, suite, 0);
}

/**
 * utcp_sender_take() - take a counter, before anything is encrypted with it
 * @sender: the sender
 * @counter: where it goes
 *
 * It is gone then, whatever becomes of the frame.
 *
 * Return: the key that goes with it; NULL: there are no counters left, or the
 * sender is wiped, and no frame may leave any more.
 */
const u8 *utcp_sender_take(struct utcp_sender *sender, u64 *counter)
{
	u32 epoch;

	if (sender->next >= counters_of(sender->suite))
		return NULL;
	*counter = sender->next++;
	epoch = epoch_of(sender->suite, *counter);
	if (epoch != sender->epoch) {
		utcp_lane_key(sender->key, sender->secret, sender->lane,
			      sender->suite, epoch);
		sender->epoch = epoch;
	}
	return sender->key;
}

/**
 * utcp_sender_wipe() - end sending
 * @sender: the sender
 */
void utcp_sender_wipe(struct utcp_sender *sender)
{
	memzero_explicit(sender, sizeof(*sender));
}

/* --- receiving -------------------------------------------------------------- */

/* Has the key of an epoch instead of that of three epochs before; unless there is
 * no counter of that epoch.
 */
static void have_epoch(struct utcp_receiver *receiver, u64 epoch)
{
	unsigned int i = epoch % UTCP_RECEIVER_KEYS;

	if (epoch > epoch_of(receiver->suite, counters_of(receiver->suite) - 1))
		return;
	utcp_lane_key(receiver->key[i], receiver->secret, receiver->lane,
		      receiver->suite, epoch);
	receiver->forged[i] = 0;
}

/**
 * utcp_receiver_init() - begin to receive on a lane
 * @receiver: the receiver
 * @secret: of the direction, from the handshake
 * @lane: the lane
 * @suite: the cipher
 */
void utcp_receiver_init(struct utcp_receiver *receiver,
			const u8 secret[UTCP_KEY_LEN], u16 lane,
			enum utcp_suite suite)
{
	memset(receiver, 0, sizeof(*receiver));
	memcpy(receiver->secret, secret, UTCP_KEY_LEN);
	receiver->lane = lane;
	receiver->suite = suite;
	have_epoch(receiver, 0);
	have_epoch(receiver, 1);
}

/**
 * utcp_receiver_key() - may a frame be opened, and with which key?
 * @receiver: the receiver
 * @counter: of the frame
 * @key: where the key goes
 *
 * Cheap, and nothing changes.
 *
 * Return: 0; -ERANGE: no counter is that great, or the receiver is wiped;
 * -ESTALE: it is too old to tell whether it was seen; -EEXIST: it was seen;
 * -ENOKEY: its epoch is one of which there is no key.
 */
int utcp_receiver_key(const struct utcp_receiver *receiver, u64 counter,
		      const u8 **key)
{
	u32 epoch;
	int ret;

	if (counter >= counters_of(receiver->suite))
		return -ERANGE;
	ret = utcp_replay_check(&receiver->replay, counter);
	if (ret)
		return ret;
	epoch = epoch_of(receiver->suite, counter);
	/* The one before 0 is no epoch; the sum does not overflow. */
	if ((u64)epoch + 1 < receiver->epoch ||
	    epoch > (u64)receiver->epoch + 1)
		return -ENOKEY;
	*key = receiver->key[epoch % UTCP_RECEIVER_KEYS];
	return 0;
}

/**
 * utcp_receiver_good() - the tag of a frame was right
 * @receiver: the receiver, which gave the key
 * @counter: of the frame
 *
 * Return: 0: the frame is new; else as utcp_receiver_key(): it was taken in the
 * meantime, and nothing has changed.
 */
int utcp_receiver_good(struct utcp_receiver *receiver, u64 counter)
{
	u32 epoch = epoch_of(receiver->suite, counter);
	const u8 *key;
	int ret;

	ret = utcp_receiver_key(receiver, counter, &key);
	if (!ret)
		ret = utcp_replay_mark(&receiver->replay, counter);
	if (!ret && epoch > receiver->epoch) {
		/* By one, since there was a key for it. */
		receiver->epoch = epoch;
		have_epoch(receiver, (u64)epoch + 1);
	}
	return ret;
}

/**
 * utcp_receiver_bad() - the tag of a frame was wrong
 * @receiver: the receiver, which gave the key
 * @counter: of the frame
 *
 * Return: true if the key must not be used any more: the association has to end.
 */
bool utcp_receiver_bad(struct utcp_receiver *receiver, u64 counter)
{
	u32 epoch = epoch_of(receiver->suite, counter);
	u64 *forged = &receiver->forged[epoch % UTCP_RECEIVER_KEYS];

	if (*forged < forgeries_of(receiver->suite))
		++*forged;
	return *forged >= forgeries_of(receiver->suite);
}

/**
 * utcp_receiver_wipe() - end receiving
 * @receiver: the receiver
 */
void utcp_receiver_wipe(struct utcp_receiver *receiver)
{
	memzero_explicit(receiver, sizeof(*receiver));
}
