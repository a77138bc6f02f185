// SPDX-License-Identifier: GPL-2.0-only
/*
 * MACs and cookies of the handshake. See cookie.h for what holds of all
 * functions.
 */
#include "cookie.h"

#include <linux/errno.h>
#include <linux/random.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "since.h"

/* --- mac1 ------------------------------------------------------------------ */

static void derive(u8 out[UTCP_HASH_LEN], const char *label,
		   const u8 public[UTCP_KEY_LEN], const u8 realm[UTCP_KEY_LEN])
{
	struct utcp_hash_state state;

	utcp_hash_init(&state);
	utcp_hash_update(&state, label, strlen(label));
	utcp_hash_update(&state, public, UTCP_KEY_LEN);
	utcp_hash_update(&state, realm, UTCP_KEY_LEN);
	utcp_hash_final(&state, out);
}

/**
 * utcp_mac_keys_init() - derive the keys of what is sent to a cell
 * @keys: where they go
 * @public: the cell's public key
 * @realm: its realm; zeros if it has none
 */
void utcp_mac_keys_init(struct utcp_mac_keys *keys,
			const u8 public[UTCP_KEY_LEN],
			const u8 realm[UTCP_KEY_LEN])
{
	u8 hint[UTCP_HASH_LEN];

	derive(keys->mac1, "UTCP/1 mac1", public, realm);
	derive(keys->cookie, "UTCP/1 cookie", public, realm);
	derive(hint, "UTCP/1 hint", public, realm);
	keys->hint = hint[0];
	/* The rest of it would tell more about the realm than is sent. */
	memzero_explicit(hint, sizeof(hint));
}

/**
 * utcp_mac_keys_wipe() - forget them
 * @keys: the keys
 */
void utcp_mac_keys_wipe(struct utcp_mac_keys *keys)
{
	memzero_explicit(keys, sizeof(*keys));
}

/**
 * utcp_mac1() - the mac1 of a frame
 * @mac: where it goes
 * @keys: of the frame's receiver
 * @frame: the frame, from its version on
 * @len: how many bytes stand before mac1
 */
void utcp_mac1(u8 mac[UTCP_MAC_LEN], const struct utcp_mac_keys *keys,
	       const void *frame, size_t len)
{
	utcp_hash_keyed(mac, UTCP_MAC_LEN, keys->mac1, sizeof(keys->mac1),
			frame, len);
}

/**
 * utcp_mac1_ok() - does the sender know whom it sends to?
 * @mac: mac1 as it came
 * @keys: one's own
 * @frame: the frame, from its version on
 * @len: how many bytes stand before mac1
 *
 * Return: true if it does.
 */
bool utcp_mac1_ok(const u8 mac[UTCP_MAC_LEN], const struct utcp_mac_keys *keys,
		  const void *frame, size_t len)
{
	u8 right[UTCP_MAC_LEN];
	bool ok;

	utcp_mac1(right, keys, frame, len);
	ok = utcp_equal(right, mac, sizeof(right));
	memzero_explicit(right, sizeof(right));
	return ok;
}

/* --- the responder's side of cookies --------------------------------------- */

static void forget(struct utcp_cookie_secret *secret)
{
	memzero_explicit(secret, sizeof(*secret));
}

/* Forgets what is too old. */
static void age(struct utcp_cookie_jar *jar, u64 now)
{
	if (jar->now.drawn &&
	    utcp_since(now, jar->now.born) >= UTCP_COOKIE_TIME) {
		jar->before = jar->now;
		forget(&jar->now);
	}
	if (jar->before.drawn &&
	    utcp_since(now, jar->before.born) >= UTCP_COOKIE_SECRET_TIME)
		forget(&jar->before);
}

static void make(u8 cookie[UTCP_COOKIE_LEN],
		 const struct utcp_cookie_secret *secret,
		 const struct utcp_cookie_from *from)
{
	u8 text[ETH_ALEN + sizeof(u32) + sizeof(u16)];

	memcpy(text, from->addr, ETH_ALEN);
	put_unaligned_be32(from->ifindex, text + ETH_ALEN);
	put_unaligned_be16(from->vlan, text + ETH_ALEN + sizeof(u32));
	utcp_hash_keyed(cookie, UTCP_COOKIE_LEN, secret->key,
			sizeof(secret->key), text, sizeof(text));
}

/* The key that seals cookies with this salt. */
static void seal_key(u8 key[UTCP_KEY_LEN], const struct utcp_mac_keys *keys,
		     const u8 salt[UTCP_COOKIE_SALT_LEN])
{
	utcp_hash_keyed(key, UTCP_KEY_LEN, keys->cookie, sizeof(keys->cookie),
			salt, UTCP_COOKIE_SALT_LEN);
}

/* @reply: the salt is there already. */
static void seal(u8 *reply, const u8 cookie[UTCP_COOKIE_LEN],
		 const struct utcp_mac_keys *keys, const u8 mac1[UTCP_MAC_LEN])
{
	u8 key[UTCP_KEY_LEN];

	seal_key(key, keys, reply);
	utcp_aead_encrypt(reply + UTCP_COOKIE_SALT_LEN, cookie, UTCP_COOKIE_LEN,
			  mac1, UTCP_MAC_LEN, 0, key);
	memzero_explicit(key, sizeof(key));
}

/**
 * utcp_cookie_reply() - give somebody a cookie
 * @reply: where salt and sealed cookie go
 * @jar: the responder's
 * @now: the time
 * @from: from where the initiation came
 * @keys: the responder's
 * @mac1: mac1 of the initiation, which was right
 */
void utcp_cookie_reply(u8 reply[UTCP_COOKIE_SALT_LEN + UTCP_COOKIE_SEALED_LEN],
		       struct utcp_cookie_jar *jar, u64 now,
		       const struct utcp_cookie_from *from,
		       const struct utcp_mac_keys *keys,
		       const u8 mac1[UTCP_MAC_LEN])
{
	u8 cookie[UTCP_COOKIE_LEN];

	age(jar, now);
	if (!jar->now.drawn) {
		get_random_bytes(jar->now.key, sizeof(jar->now.key));
		jar->now.born = now;
		jar->now.drawn = true;
	}
	make(cookie, &jar->now, from);
	/* Drawn at random, 16 bytes do not meet again under one key. */
	get_random_bytes(reply, UTCP_COOKIE_SALT_LEN);
	seal(reply, cookie, keys, mac1);
	memzero_explicit(cookie, sizeof(cookie));
}

static bool made_with(const struct utcp_cookie_secret *secret,
		      const u8 mac[UTCP_MAC_LEN],
		      const struct utcp_cookie_from *from, const void *frame,
		      size_t len)
{
	u8 cookie[UTCP_COOKIE_LEN], right[UTCP_MAC_LEN];
	bool ok;

	if (!secret->drawn)
		return false;
	make(cookie, secret, from);
	utcp_hash_keyed(right, sizeof(right), cookie, sizeof(cookie), frame,
			len);
	ok = utcp_equal(right, mac, sizeof(right));
	memzero_explicit(cookie, sizeof(cookie));
	memzero_explicit(right, sizeof(right));
	return ok;
}

/**
 * utcp_mac2_ok() - does the sender receive what is sent to its address?
 * @mac: mac2 as it came
 * @jar: the responder's
 * @now: the time
 * @from: from where the frame came
 * @frame: the frame, from its version on
 * @len: how many bytes stand before mac2
 *
 * Return: true if it had a cookie for this address that is still good.
 */
bool utcp_mac2_ok(const u8 mac[UTCP_MAC_LEN], struct utcp_cookie_jar *jar,
		  u64 now, const struct utcp_cookie_from *from,
		  const void *frame, size_t len)
{
	age(jar, now);
	return made_with(&jar->now, mac, from, frame, len) ||
	       made_with(&jar->before, mac, from, frame, len);
}

/**
 * utcp_cookie_jar_wipe() - forget all secrets, and so all cookies given
 * @jar: the responder's
 */
void utcp_cookie_jar_wipe(struct utcp_cookie_jar *jar)
{
	memzero_explicit(jar, sizeof(*jar));
}

/* --- the initiator's side --------------------------------------------------- */

/**
 * utcp_cookie_take() - open a cookie reply
 * @cookie: where the cookie goes; when this fails, what was there stays
 * @now: the time
 * @reply: salt and sealed cookie as they came
 * @len: how many bytes
 * @keys: the responder's
 * @mac1: mac1 of the initiation that was sent
 *
 * Return: 0; -EINVAL: @len is wrong; -EBADMSG: it is no answer to that initiation
 * from one who knows the responder.
 */
int utcp_cookie_take(struct utcp_cookie *cookie, u64 now, const u8 *reply,
		     size_t len, const struct utcp_mac_keys *keys,
		     const u8 mac1[UTCP_MAC_LEN])
{
	u8 key[UTCP_KEY_LEN], value[UTCP_COOKIE_LEN];
	bool ok;

	if (len != UTCP_COOKIE_SALT_LEN + UTCP_COOKIE_SEALED_LEN)
		return -EINVAL;
	seal_key(key, keys, reply);
	ok = utcp_aead_decrypt(value, reply + UTCP_COOKIE_SALT_LEN,
			       UTCP_COOKIE_SEALED_LEN, mac1, UTCP_MAC_LEN, 0,
			       key);
	if (ok) {
		memcpy(cookie->value, value, sizeof(cookie->value));
		cookie->since = now;
		cookie->valid = true;
	}
	memzero_explicit(key, sizeof(key));
	memzero_explicit(value, sizeof(value));
	return ok ? 0 : -EBADMSG;
}

/**
 * utcp_mac2() - the mac2 of an initiation
 * @mac: where it goes; zeros if there is no cookie
 * @cookie: the cookie; forgotten when it is too old
 * @now: the time
 * @frame: the frame, from its version on
 * @len: how many bytes stand before mac2
 */
void utcp_mac2(u8 mac[UTCP_MAC_LEN], struct utcp_cookie *cookie, u64 now,
	       const void *frame, size_t len)
{
	if (cookie->valid && utcp_since(now, cookie->since) >= UTCP_COOKIE_TIME)
		utcp_cookie_wipe(cookie);
	if (cookie->valid)
		utcp_hash_keyed(mac, UTCP_MAC_LEN, cookie->value,
				sizeof(cookie->value), frame, len);
	else
		memset(mac, 0, UTCP_MAC_LEN);
}

/**
 * utcp_cookie_wipe() - forget a cookie
 * @cookie: the cookie
 */
void utcp_cookie_wipe(struct utcp_cookie *cookie)
{
	memzero_explicit(cookie, sizeof(*cookie));
}
