// SPDX-License-Identifier: GPL-2.0-only
/*
 * Initiation and response as frames, and the record against replays. See
 * handshake.h for what holds of all functions.
 */
#include "handshake.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>

/* "UTCP/1" and the initiation up to its hint and zeros. */
#define PROLOGUE_LABEL "UTCP/1"
#define PROLOGUE_LABEL_LEN 6
#define PROLOGUE_LEN (PROLOGUE_LABEL_LEN + UTCP_MESSAGE_1_AT)

#define MESSAGE_1_LEN UTCP_NOISE_1_LEN(UTCP_PAYLOAD_LEN)
#define MESSAGE_2_LEN UTCP_NOISE_2_LEN(UTCP_PAYLOAD_LEN)

/* The lower bits of a time of day are nobody's business. */
#define TIME_MASK (~(BIT_ULL(24) - 1))

static void prologue(u8 out[PROLOGUE_LEN], const u8 *initiation)
{
	memcpy(out, PROLOGUE_LABEL, PROLOGUE_LABEL_LEN);
	memcpy(out + PROLOGUE_LABEL_LEN, initiation, UTCP_MESSAGE_1_AT);
}

/* --- initiation --------------------------------------------------------------- */

static void put_offer(u8 out[UTCP_PAYLOAD_LEN], const struct utcp_offer *offer)
{
	memset(out, 0, UTCP_PAYLOAD_LEN);
	put_unaligned_be16(offer->suites, out);
	put_unaligned_be16(offer->lanes, out + 2);
	put_unaligned_be16(offer->mtu, out + 4);
	memcpy(out + 8, offer->boot, UTCP_BOOT_LEN);
	put_unaligned_be64(offer->time, out + 24);
}

/**
 * utcp_initiation_write() - write message 1
 * @frame: where; with mac1, and with zeros for mac2
 * @hs: the handshake, for utcp_response_read()
 * @s: one's own keys
 * @rs: the public key of the responder
 * @realm: the realm; zeros if there is none
 * @to: MAC keys of the responder
 * @index: one's own number for this handshake, not 0
 * @offer: what is offered
 * @e: an ephemeral private key, which is wiped
 *
 * Return: 0; or as utcp_noise_write_1(), and the frame must not be sent.
 */
int utcp_initiation_write(u8 frame[UTCP_INITIATION_LEN], struct utcp_noise *hs,
			  const struct utcp_noise_static *s,
			  const u8 rs[UTCP_KEY_LEN],
			  const u8 realm[UTCP_KEY_LEN],
			  const struct utcp_mac_keys *to, u32 index,
			  const struct utcp_offer *offer, u8 e[UTCP_KEY_LEN])
{
	u8 text[PROLOGUE_LEN], payload[UTCP_PAYLOAD_LEN];
	int ret;

	BUILD_BUG_ON(UTCP_MESSAGE_1_AT + MESSAGE_1_LEN !=
		     UTCP_INITIATION_MAC1_AT);
	memset(frame, 0, UTCP_INITIATION_LEN);
	utcp_frame_header(frame, UTCP_FRAME_INITIATION, UTCP_INITIATION_LEN);
	put_unaligned_be32(index, frame + UTCP_INDEX_AT);
	frame[UTCP_HINT_AT] = to->hint;
	prologue(text, frame);
	put_offer(payload, offer);
	utcp_noise_initiate(hs, s, rs, realm, text, sizeof(text));
	ret = utcp_noise_write_1(hs, e, frame + UTCP_MESSAGE_1_AT,
				 MESSAGE_1_LEN, payload, sizeof(payload));
	memzero_explicit(payload, sizeof(payload));
	if (!ret)
		utcp_mac1(frame + UTCP_INITIATION_MAC1_AT, to, frame,
			  UTCP_INITIATION_MAC1_AT);
	return ret;
}

/**
 * utcp_initiation_static() - read who writes message 1
 * @hs: where the handshake goes on; hs->rs is then who he says he is
 * @frame: the initiation
 * @s: one's own keys
 * @realm: the realm; zeros if there is none
 *
 * Return: 0; or as utcp_noise_read_1_static().
 */
int utcp_initiation_static(struct utcp_noise *hs,
			   const u8 frame[UTCP_INITIATION_LEN],
			   const struct utcp_noise_static *s,
			   const u8 realm[UTCP_KEY_LEN])
{
	u8 text[PROLOGUE_LEN];

	prologue(text, frame);
	utcp_noise_respond(hs, s, realm, text, sizeof(text));
	return utcp_noise_read_1_static(hs, frame + UTCP_MESSAGE_1_AT,
					MESSAGE_1_LEN, UTCP_PAYLOAD_LEN);
}

/**
 * utcp_initiation_offer() - read the rest of message 1
 * @hs: the handshake; wiped if this fails
 * @frame: the initiation
 * @offer: where the offer goes
 *
 * Return: 0; -EPROTO: the offer is not one that may be; or as
 * utcp_noise_read_1_payload().
 */
int utcp_initiation_offer(struct utcp_noise *hs,
			  const u8 frame[UTCP_INITIATION_LEN],
			  struct utcp_offer *offer)
{
	u8 payload[UTCP_PAYLOAD_LEN];
	int ret;

	ret = utcp_noise_read_1_payload(hs, frame + UTCP_MESSAGE_1_AT,
					MESSAGE_1_LEN, payload,
					sizeof(payload));
	if (ret)
		return ret;
	offer->suites = get_unaligned_be16(payload);
	offer->lanes = get_unaligned_be16(payload + 2);
	offer->mtu = get_unaligned_be16(payload + 4);
	memcpy(offer->boot, payload + 8, UTCP_BOOT_LEN);
	offer->time = get_unaligned_be64(payload + 24);
	memzero_explicit(payload, sizeof(payload));
	if ((offer->suites & BIT(0)) && offer->lanes &&
	    offer->mtu >= UTCP_MTU_MIN)
		return 0;
	utcp_noise_wipe(hs);
	return -EPROTO;
}

/* --- response ------------------------------------------------------------------ */

/**
 * utcp_response_write() - write message 2
 * @frame: where
 * @hs: the handshake, ready to be split then
 * @to: MAC keys of the initiator
 * @to_index: his index
 * @answer: what he is told
 * @e: an ephemeral private key, which is wiped
 *
 * Return: 0; or as utcp_noise_write_2(), and the frame must not be sent.
 */
int utcp_response_write(u8 frame[UTCP_RESPONSE_LEN], struct utcp_noise *hs,
			const struct utcp_mac_keys *to, u32 to_index,
			const struct utcp_answer *answer, u8 e[UTCP_KEY_LEN])
{
	u8 payload[UTCP_PAYLOAD_LEN] = {};
	int ret;

	BUILD_BUG_ON(UTCP_MESSAGE_2_AT + MESSAGE_2_LEN !=
		     UTCP_RESPONSE_MAC1_AT);
	utcp_frame_header(frame, UTCP_FRAME_RESPONSE, UTCP_RESPONSE_LEN);
	put_unaligned_be32(answer->index, frame + UTCP_INDEX_AT);
	put_unaligned_be32(to_index, frame + UTCP_RESPONSE_TO_AT);
	put_unaligned_be32(answer->index, payload);
	payload[4] = answer->suite;
	put_unaligned_be16(answer->lanes, payload + 6);
	put_unaligned_be16(answer->mtu, payload + 8);
	memcpy(payload + 12, answer->boot, UTCP_BOOT_LEN);
	ret = utcp_noise_write_2(hs, e, frame + UTCP_MESSAGE_2_AT,
				 MESSAGE_2_LEN, payload, sizeof(payload));
	memzero_explicit(payload, sizeof(payload));
	if (!ret)
		utcp_mac1(frame + UTCP_RESPONSE_MAC1_AT, to, frame,
			  UTCP_RESPONSE_MAC1_AT);
	return ret;
}

static bool answer_ok(const struct utcp_answer *answer,
		      const struct utcp_offer *offer, const u8 *frame)
{
	return answer->index &&
	       answer->index == get_unaligned_be32(frame + UTCP_INDEX_AT) &&
	       answer->suite && answer->suite <= 16 &&
	       (offer->suites & BIT(answer->suite - 1)) && answer->lanes &&
	       answer->lanes <= offer->lanes && answer->mtu >= UTCP_MTU_MIN;
}

/**
 * utcp_response_read() - read message 2
 * @hs: where the handshake goes on, ready to be split if this succeeds
 * @waiting: the handshake as utcp_initiation_write() left it; it stays so
 * @frame: the response, whose mac1 is right
 * @offer: what was offered
 * @answer: where the answer goes
 *
 * Return: 0; -EPROTO: the answer is not one that may be; or as
 * utcp_noise_read_2().
 */
int utcp_response_read(struct utcp_noise *hs, const struct utcp_noise *waiting,
		       const u8 frame[UTCP_RESPONSE_LEN],
		       const struct utcp_offer *offer,
		       struct utcp_answer *answer)
{
	u8 payload[UTCP_PAYLOAD_LEN];
	int ret;

	ret = utcp_noise_read_2(hs, waiting, frame + UTCP_MESSAGE_2_AT,
				MESSAGE_2_LEN, payload, sizeof(payload));
	if (ret)
		return ret;
	answer->index = get_unaligned_be32(payload);
	answer->suite = payload[4];
	answer->lanes = get_unaligned_be16(payload + 6);
	answer->mtu = get_unaligned_be16(payload + 8);
	memcpy(answer->boot, payload + 12, UTCP_BOOT_LEN);
	memzero_explicit(payload, sizeof(payload));
	if (answer_ok(answer, offer, frame))
		return 0;
	utcp_noise_wipe(hs);
	return -EPROTO;
}

/* --- boot id and time ------------------------------------------------------------ */

/**
 * utcp_record_take() - what is this initiation?
 * @record: what one knows of the peer; its time is raised by a fresh one with the
 *	same boot id
 * @offer: of an initiation that is valid
 *
 * Return: what it is.
 */
enum utcp_fresh utcp_record_take(struct utcp_record *record,
				 const struct utcp_offer *offer)
{
	bool same;

	if (!record->known)
		return UTCP_FRESH;
	same = !memcmp(record->boot, offer->boot, UTCP_BOOT_LEN);
	if (offer->time <= record->time)
		return same ? UTCP_OLD : UTCP_DOUBTFUL;
	if (same)
		record->time = offer->time;
	return UTCP_FRESH;
}

/**
 * utcp_record_confirm() - an association with the peer was confirmed
 * @record: what one knows of the peer
 * @boot: the peer's boot id in that handshake
 * @time: the time of its initiation; 0 if it was one's own
 *
 * Return: true if the boot id has changed, from one that was known.
 */
bool utcp_record_confirm(struct utcp_record *record,
			 const u8 boot[UTCP_BOOT_LEN], u64 time)
{
	bool changed;

	if (record->known && !memcmp(record->boot, boot, UTCP_BOOT_LEN)) {
		record->time = max_t(u64, record->time, time);
		return false;
	}
	changed = record->known;
	record->known = true;
	memcpy(record->boot, boot, UTCP_BOOT_LEN);
	record->time = time;
	return changed;
}

/**
 * utcp_offer_time() - the time of one's next initiation to a peer
 * @last: of the one before; 0: there was none
 * @real: the time of day, in nanoseconds since 1970
 *
 * Return: the time, greater than @last.
 */
u64 utcp_offer_time(u64 last, u64 real)
{
	return max_t(u64, real & TIME_MASK, last + 1);
}
