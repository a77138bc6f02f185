/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What keeps handshakes cheap for who is bothered by them: mac1, by which a
 * receiver knows that the sender knows it; mac2, by which a responder under load
 * knows that the sender receives what is sent to its address; and the cookie
 * that mac2 is made with. See "MACs" and "Cookie reply" in
 * Documentation/networking/utcp.rst.
 *
 * Nothing here locks: what is written to is its caller's alone for the length of
 * a call. Nothing sleeps or allocates. MACs are compared in constant time.
 */
#ifndef _UTCP_COOKIE_H
#define _UTCP_COOKIE_H

#include <linux/if_ether.h>
#include <linux/time64.h>
#include <linux/types.h>

#include "crypto.h"

/* Bytes of mac1, of mac2, and of a cookie, with which mac2 is keyed. */
#define UTCP_MAC_LEN 16
#define UTCP_COOKIE_LEN 16
/* A cookie reply behind its header: salt, sealed cookie. */
#define UTCP_COOKIE_SALT_LEN 16
#define UTCP_COOKIE_SEALED_LEN (UTCP_COOKIE_LEN + UTCP_TAG_LEN)

/* How long a responder makes cookies with one secret, and an initiator keeps a
 * cookie, in nanoseconds.
 */
#define UTCP_COOKIE_TIME (120ULL * NSEC_PER_SEC)
/* How long a responder accepts what it made with a secret, from its birth. */
#define UTCP_COOKIE_SECRET_TIME (2 * UTCP_COOKIE_TIME)

/**
 * struct utcp_mac_keys - what follows from a cell's public key and its realm
 * @mac1: key of the MAC of what is sent to it
 * @cookie: from which follow the keys that seal its cookies
 * @hint: the byte that tells it from most others
 *
 * Derived once. As secret as the realm; wiped by utcp_mac_keys_wipe().
 */
struct utcp_mac_keys {
	u8 mac1[UTCP_HASH_LEN];
	u8 cookie[UTCP_HASH_LEN];
	u8 hint;
};

void utcp_mac_keys_init(struct utcp_mac_keys *keys,
			const u8 public[UTCP_KEY_LEN],
			const u8 realm[UTCP_KEY_LEN]);
void utcp_mac_keys_wipe(struct utcp_mac_keys *keys);

void utcp_mac1(u8 mac[UTCP_MAC_LEN], const struct utcp_mac_keys *keys,
	       const void *frame, size_t len);
bool __must_check utcp_mac1_ok(const u8 mac[UTCP_MAC_LEN],
			       const struct utcp_mac_keys *keys,
			       const void *frame, size_t len);

/**
 * struct utcp_cookie_from - where somebody is who sends
 * @addr: the MAC address
 * @ifindex: the number of the device by which its frames come
 * @vlan: their VLAN; 0: none
 */
struct utcp_cookie_from {
	u8 addr[ETH_ALEN];
	u32 ifindex;
	u16 vlan;
};

/**
 * struct utcp_cookie_secret - one of a responder's secrets
 * @key: the secret
 * @born: when it was drawn
 * @drawn: it was, and is not yet forgotten
 */
struct utcp_cookie_secret {
	u8 key[UTCP_KEY_LEN];
	u64 born;
	bool drawn;
};

/**
 * struct utcp_cookie_jar - what a responder makes and knows its cookies by
 * @now: the secret with which cookies are made
 * @before: the one that was it before
 *
 * Zeros are an empty jar. All times are nanoseconds of one clock that does not go
 * back; each call forgets what is too old by it. utcp_cookie_jar_wipe() forgets
 * everything.
 */
struct utcp_cookie_jar {
	struct utcp_cookie_secret now;
	struct utcp_cookie_secret before;
};

void utcp_cookie_reply(u8 reply[UTCP_COOKIE_SALT_LEN + UTCP_COOKIE_SEALED_LEN],
		       struct utcp_cookie_jar *jar, u64 now,
		       const struct utcp_cookie_from *from,
		       const struct utcp_mac_keys *keys,
		       const u8 mac1[UTCP_MAC_LEN]);
bool __must_check utcp_mac2_ok(const u8 mac[UTCP_MAC_LEN],
			       struct utcp_cookie_jar *jar, u64 now,
			       const struct utcp_cookie_from *from,
			       const void *frame, size_t len);
void utcp_cookie_jar_wipe(struct utcp_cookie_jar *jar);

/**
 * struct utcp_cookie - what an initiator was given by a responder
 * @value: the cookie
 * @since: when it came
 * @valid: there is one
 *
 * Zeros are none. Belongs to a responder's key and a path.
 */
struct utcp_cookie {
	u8 value[UTCP_COOKIE_LEN];
	u64 since;
	bool valid;
};

int __must_check utcp_cookie_take(struct utcp_cookie *cookie, u64 now,
				  const u8 *reply, size_t len,
				  const struct utcp_mac_keys *keys,
				  const u8 mac1[UTCP_MAC_LEN]);
void utcp_mac2(u8 mac[UTCP_MAC_LEN], struct utcp_cookie *cookie, u64 now,
	       const void *frame, size_t len);
void utcp_cookie_wipe(struct utcp_cookie *cookie);

#endif /* _UTCP_COOKIE_H */
