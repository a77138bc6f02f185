// SPDX-License-Identifier: GPL-2.0-only
/*
 * Discovery. See discover.h for what holds of all functions.
 */
#include "discover.h"

#include <linux/random.h>
#include <linux/string.h>
#include <linux/unaligned.h>

/* Tries at a nonce with a free place; that all fail is as good as impossible until
 * the table is nearly full.
 */
#define DRAWS 8

/* --- frames ----------------------------------------------------------------- */

static void derive(u8 out[UTCP_HASH_LEN], const char *label,
		   const u8 realm[UTCP_KEY_LEN])
{
	struct utcp_hash_state state;

	utcp_hash_init(&state);
	utcp_hash_update(&state, label, strlen(label));
	utcp_hash_update(&state, realm, UTCP_KEY_LEN);
	utcp_hash_final(&state, out);
}

/**
 * utcp_disc_keys_init() - derive the keys of a realm's discovery
 * @keys: where they go
 * @realm: the realm; zeros if there is none
 */
void utcp_disc_keys_init(struct utcp_disc_keys *keys,
			 const u8 realm[UTCP_KEY_LEN])
{
	derive(keys->target, "UTCP/1 discovery", realm);
	derive(keys->have, "UTCP/1 i-have", realm);
}

static void target(u8 out[UTCP_ID_BYTES], const struct utcp_disc_keys *keys,
		   const u8 nonce[UTCP_NONCE_BYTES], const u8 *id)
{
	u8 text[UTCP_NONCE_BYTES + UTCP_ID_BYTES];

	memcpy(text, nonce, UTCP_NONCE_BYTES);
	memcpy(text + UTCP_NONCE_BYTES, id, UTCP_ID_BYTES);
	utcp_hash_keyed(out, UTCP_ID_BYTES, keys->target, UTCP_HASH_LEN, text,
			sizeof(text));
}

/**
 * utcp_who_has() - write a who-has
 * @frame: where
 * @keys: of the asker's realm
 * @nonce: fresh random bytes
 * @id: CellID that is asked for
 */
void utcp_who_has(u8 frame[UTCP_DISCOVERY_LEN],
		  const struct utcp_disc_keys *keys,
		  const u8 nonce[UTCP_NONCE_BYTES], const u8 *id)
{
	memset(frame, 0, UTCP_DISCOVERY_LEN);
	utcp_frame_header(frame, UTCP_FRAME_WHO_HAS, UTCP_DISCOVERY_LEN);
	memcpy(frame + UTCP_NONCE_AT, nonce, UTCP_NONCE_BYTES);
	target(frame + UTCP_TARGET_AT, keys, nonce, id);
}

/**
 * utcp_who_has_is() - does a who-has ask for a cell?
 * @frame: the who-has
 * @keys: of the cell's realm
 * @id: its CellID
 *
 * Return: true if it does.
 */
bool utcp_who_has_is(const u8 frame[UTCP_DISCOVERY_LEN],
		     const struct utcp_disc_keys *keys, const u8 *id)
{
	u8 right[UTCP_ID_BYTES];

	target(right, keys, frame + UTCP_NONCE_AT, id);
	return utcp_equal(right, frame + UTCP_TARGET_AT, sizeof(right));
}

/* Key and associated data of an i-have whose first bytes are there. */
static void seal_key(u8 key[UTCP_KEY_LEN],
		     u8 ad[UTCP_DISCOVERY_LEN + UTCP_SEALED_KEY_AT],
		     const u8 *frame, const u8 question[UTCP_DISCOVERY_LEN],
		     const struct utcp_disc_keys *keys, const u8 *id)
{
	struct utcp_hash_state state;

	utcp_hash_init_keyed(&state, UTCP_KEY_LEN, keys->have, UTCP_HASH_LEN);
	utcp_hash_update(&state, id, UTCP_ID_BYTES);
	utcp_hash_update(&state, question, UTCP_DISCOVERY_LEN);
	utcp_hash_update(&state, frame + UTCP_SALT_AT, UTCP_SALT_BYTES);
	utcp_hash_final(&state, key);
	memcpy(ad, question, UTCP_DISCOVERY_LEN);
	memcpy(ad + UTCP_DISCOVERY_LEN, frame, UTCP_SEALED_KEY_AT);
}

/**
 * utcp_i_have() - write the answer to a who-has
 * @frame: where
 * @question: the who-has as it came
 * @keys: of the cell's realm
 * @id: its CellID
 * @salt: fresh random bytes
 * @public: its public key
 */
void utcp_i_have(u8 frame[UTCP_DISCOVERY_LEN],
		 const u8 question[UTCP_DISCOVERY_LEN],
		 const struct utcp_disc_keys *keys, const u8 *id,
		 const u8 salt[UTCP_SALT_BYTES], const u8 public[UTCP_KEY_LEN])
{
	u8 ad[UTCP_DISCOVERY_LEN + UTCP_SEALED_KEY_AT], key[UTCP_KEY_LEN];

	utcp_frame_header(frame, UTCP_FRAME_I_HAVE, UTCP_DISCOVERY_LEN);
	memcpy(frame + UTCP_NONCE_AT, question + UTCP_NONCE_AT,
	       UTCP_NONCE_BYTES);
	memcpy(frame + UTCP_SALT_AT, salt, UTCP_SALT_BYTES);
	seal_key(key, ad, frame, question, keys, id);
	utcp_aead_encrypt(frame + UTCP_SEALED_KEY_AT, public, UTCP_KEY_LEN, ad,
			  sizeof(ad), 0, key);
	memzero_explicit(key, sizeof(key));
}

/**
 * utcp_i_have_open() - read the answer to a who-has
 * @public: where the public key goes
 * @frame: the i-have
 * @question: the who-has as it was sent
 * @keys: of the asker's realm
 * @id: CellID that was asked for
 *
 * Whether the key may be, and belongs to @id, is the caller's to look at.
 *
 * Return: true if somebody wrote it who knows realm and CellID.
 */
bool utcp_i_have_open(u8 public[UTCP_KEY_LEN],
		      const u8 frame[UTCP_DISCOVERY_LEN],
		      const u8 question[UTCP_DISCOVERY_LEN],
		      const struct utcp_disc_keys *keys, const u8 *id)
{
	u8 ad[UTCP_DISCOVERY_LEN + UTCP_SEALED_KEY_AT], key[UTCP_KEY_LEN];
	bool ok;

	seal_key(key, ad, frame, question, keys, id);
	ok = utcp_aead_decrypt(public, frame + UTCP_SEALED_KEY_AT,
			       UTCP_KEY_LEN + UTCP_TAG_LEN, ad, sizeof(ad), 0,
			       key);
	memzero_explicit(key, sizeof(key));
	return ok;
}

/* --- nonces ------------------------------------------------------------------ */

static unsigned int place_of(const u8 nonce[UTCP_NONCE_BYTES])
{
	return get_unaligned_be16(nonce) % UTCP_NONCES;
}

static bool good(const struct utcp_asked *asked, u64 now)
{
	return asked->when && now - asked->when <= UTCP_ASKED_TIME;
}

/**
 * utcp_nonces_ask() - draw a nonce for a who-has
 * @nonces: what is remembered
 * @now: the time, not 0
 *
 * Return: its place with nonce and time, for the caller to fill in the rest; NULL:
 * too many questions are open.
 */
struct utcp_asked *utcp_nonces_ask(struct utcp_nonces *nonces, u64 now)
{
	u8 nonce[UTCP_NONCE_BYTES];
	struct utcp_asked *asked;
	unsigned int i;

	for (i = 0; i < DRAWS; i++) {
		get_random_bytes(nonce, sizeof(nonce));
		asked = &nonces->asked[place_of(nonce)];
		if (good(asked, now))
			continue;
		memcpy(asked->nonce, nonce, sizeof(nonce));
		asked->when = now;
		return asked;
	}
	return NULL;
}

/**
 * utcp_nonces_find() - which question has this nonce?
 * @nonces: what is remembered
 * @nonce: of an answer
 * @now: the time
 *
 * Return: the question, or NULL if there is none that is still good.
 */
const struct utcp_asked *utcp_nonces_find(const struct utcp_nonces *nonces,
					  const u8 nonce[UTCP_NONCE_BYTES],
					  u64 now)
{
	const struct utcp_asked *asked = &nonces->asked[place_of(nonce)];

	if (!good(asked, now) || memcmp(asked->nonce, nonce, UTCP_NONCE_BYTES))
		return NULL;
	return asked;
}

static u64 fold(u64 a, u64 b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (u64)product ^ (u64)(product >> 64);
}

/* Of others' nonces: the youngest with the same hash. */
static u16 *first_of(struct utcp_nonces *nonces,
		     const u8 nonce[UTCP_NONCE_BYTES])
{
	u64 a = get_unaligned_be64(nonce) ^ nonces->key[0];
	u64 b = get_unaligned_be64(nonce + 8) ^ nonces->key[1];

	return &nonces->first[fold(a, b) % UTCP_NONCES];
}

/* Those with the same hash point from the youngest to the oldest. */
static void forget_oldest(struct utcp_nonces *nonces)
{
	u16 *link = first_of(nonces, nonces->answered[nonces->oldest].nonce);

	while (*link != nonces->oldest + 1)
		link = &nonces->answered[*link - 1].older;
	*link = 0;
	nonces->oldest = (nonces->oldest + 1) % UTCP_NONCES;
	nonces->n--;
}

/**
 * utcp_nonces_answered() - was a nonce answered not long ago?
 * @nonces: what is remembered
 * @nonce: of a who-has
 * @now: the time
 *
 * Takes a step or two, however many there are: it is asked before a token is spent,
 * so that frames played back spend none.
 *
 * Return: true if it was.
 */
bool utcp_nonces_answered(struct utcp_nonces *nonces,
			  const u8 nonce[UTCP_NONCE_BYTES], u64 now)
{
	u16 at;

	while (nonces->n && now >= nonces->answered[nonces->oldest].when +
					    UTCP_ANSWERED_TIME)
		forget_oldest(nonces);
	for (at = *first_of(nonces, nonce); at;
	     at = nonces->answered[at - 1].older)
		if (!memcmp(nonces->answered[at - 1].nonce, nonce,
			    UTCP_NONCE_BYTES))
			return true;
	return false;
}

/**
 * utcp_nonces_answer() - remember a nonce as answered
 * @nonces: what is remembered
 * @nonce: of a who-has, of which utcp_nonces_answered() has just said no
 * @now: the time
 *
 * Return: false: no more can be remembered, and it must not be answered.
 */
bool utcp_nonces_answer(struct utcp_nonces *nonces,
			const u8 nonce[UTCP_NONCE_BYTES], u64 now)
{
	u16 *first = first_of(nonces, nonce);
	unsigned int at;

	if (nonces->n >= UTCP_NONCES)
		return false;
	at = (nonces->oldest + nonces->n++) % UTCP_NONCES;
	memcpy(nonces->answered[at].nonce, nonce, UTCP_NONCE_BYTES);
	nonces->answered[at].when = now;
	nonces->answered[at].older = *first;
	*first = at + 1;
	return true;
}
