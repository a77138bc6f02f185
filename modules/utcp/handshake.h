/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two messages of a handshake as frames: what UTCP/1 puts around those of
 * Noise, and into their payloads; and what tells an initiation that is new from
 * one that was played back. See "Handshake" in Documentation/networking/utcp.rst.
 *
 * Nothing here locks, sleeps or allocates, but see noise.h for what it costs.
 */
#ifndef _UTCP_HANDSHAKE_H
#define _UTCP_HANDSHAKE_H

#include <linux/types.h>

#include "cookie.h"
#include "frame.h"
#include "keys.h"
#include "noise.h"

#define UTCP_BOOT_LEN 16
#define UTCP_PAYLOAD_LEN 32
/* The least that an end may say it takes. */
#define UTCP_MTU_MIN 1280

/* Suites that this implementation offers. */
#define UTCP_SUITES BIT(UTCP_SUITE_CHACHA20_POLY1305 - 1)

/**
 * struct utcp_offer - what an initiator says
 * @suites: a bit for each suite that it can
 * @lanes: how many lanes it can
 * @mtu: the longest frame that it takes
 * @boot: its boot id
 * @time: greater with each initiation
 */
struct utcp_offer {
	u16 suites;
	u16 lanes;
	u16 mtu;
	u8 boot[UTCP_BOOT_LEN];
	u64 time;
};

/**
 * struct utcp_answer - what a responder says
 * @index: by which it wants to be addressed
 * @suite: enum utcp_suite
 * @lanes: how many lanes there will be
 * @mtu: the longest frame that it takes
 * @boot: its boot id
 */
struct utcp_answer {
	u32 index;
	u8 suite;
	u16 lanes;
	u16 mtu;
	u8 boot[UTCP_BOOT_LEN];
};

int __must_check utcp_initiation_write(
	u8 frame[UTCP_INITIATION_LEN], struct utcp_noise *hs,
	const struct utcp_noise_static *s, const u8 rs[UTCP_KEY_LEN],
	const u8 realm[UTCP_KEY_LEN], const struct utcp_mac_keys *to, u32 index,
	const struct utcp_offer *offer, u8 e[UTCP_KEY_LEN]);
int __must_check utcp_initiation_static(struct utcp_noise *hs,
					const u8 frame[UTCP_INITIATION_LEN],
					const struct utcp_noise_static *s,
					const u8 realm[UTCP_KEY_LEN]);
int __must_check utcp_initiation_offer(struct utcp_noise *hs,
				       const u8 frame[UTCP_INITIATION_LEN],
				       struct utcp_offer *offer);
int __must_check utcp_response_write(u8 frame[UTCP_RESPONSE_LEN],
				     struct utcp_noise *hs,
				     const struct utcp_mac_keys *to,
				     u32 to_index,
				     const struct utcp_answer *answer,
				     u8 e[UTCP_KEY_LEN]);
int __must_check utcp_response_read(struct utcp_noise *hs,
				    const struct utcp_noise *waiting,
				    const u8 frame[UTCP_RESPONSE_LEN],
				    const struct utcp_offer *offer,
				    struct utcp_answer *answer);

/**
 * struct utcp_record - what one knows of a peer's handshakes
 * @known: there is something to compare with
 * @boot: its boot id as the last confirmed association had it
 * @time: greatest time of any valid initiation with that boot id
 */
struct utcp_record {
	bool known;
	u8 boot[UTCP_BOOT_LEN];
	u64 time;
};

/**
 * enum utcp_fresh - what an initiation is
 * @UTCP_FRESH: new; to be answered
 * @UTCP_OLD: a replay
 * @UTCP_DOUBTFUL: the peer has restarted with a wrong clock, or it is a replay
 */
enum utcp_fresh {
	UTCP_FRESH,
	UTCP_OLD,
	UTCP_DOUBTFUL,
};

enum utcp_fresh utcp_record_take(struct utcp_record *record,
				 const struct utcp_offer *offer);
bool utcp_record_confirm(struct utcp_record *record,
			 const u8 boot[UTCP_BOOT_LEN], u64 time);
u64 utcp_offer_time(u64 last, u64 real);

#endif /* _UTCP_HANDSHAKE_H */
