/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Carriers: connections with peers on other hosts, and datagrams to them. A carrier
 * stands between a peer's session, which seals and opens frames, and the lane (lane.h),
 * which says what is in them; it has the clock of both, and the connections by their
 * numbers.
 */
#ifndef _UTCP_CARRY_H
#define _UTCP_CARRY_H

#include <linux/types.h>
#include <linux/uidgid.h>

#include "end.h"
#include "session.h"

struct utcp_carrier;
struct utcp_permit;

/* Connections of one session. */
#define UTCP_CARRY_CONNS 65536
/* Nothing is heard for so long: as TCP's retries. */
#define UTCP_SILENCE_MAX (900ULL * NSEC_PER_SEC)
/* How long a connection may take to be opened, if the program does not say less. */
#define UTCP_CONNECT_TIMEOUT (20ULL * NSEC_PER_SEC)
/* The listener's queue was full: it is tried again after this, doubled each time. */
#define UTCP_FULL_FIRST (100ULL * NSEC_PER_MSEC)
#define UTCP_FULL_MOST (1000ULL * NSEC_PER_MSEC)
/* Of a connection that its program has closed: when the other end has taken all and
 * is silent for so long, it is reset. As TCP's tcp_fin_timeout.
 */
#define UTCP_ORPHAN_TIME (60ULL * NSEC_PER_SEC)

/* The connections' side of sessions. */
extern const struct utcp_session_ops utcp_carry_ops;

struct utcp_end *utcp_carry_connect(struct utcp_peer *peer,
				    const struct utcp_conn_params *params,
				    struct sock *sk, kuid_t uid, u64 timeout);
int utcp_carry_datagram(struct utcp_peer *peer, struct sk_buff *skb, u16 port,
			u16 to_port, kuid_t uid);
u32 utcp_carry_longest(const struct utcp_peer *peer);
void utcp_carry_peer_info(struct utcp_peer *peer, struct utcp_info *info);
void utcp_carry_key(const struct utcp_end *end, u8 key[UTCP_KEY_LEN]);
void utcp_carry_ask_again(struct utcp_peer *peer);

/* @opener: this end opened the connection; @service: the port that was called */
typedef bool utcp_carry_is_fn(void *arg, bool opener, u16 service,
			      const struct utcp_permit *permit);

bool utcp_carry_any(struct utcp_peer *peer, utcp_carry_is_fn *is, void *arg);
void utcp_carrier_free(struct utcp_carrier *carrier);

#endif /* _UTCP_CARRY_H */
