/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sessions, as the rest of the module's handshakes and peers see them.
 */
#ifndef _UTCP_SESSION_PRIV_H
#define _UTCP_SESSION_PRIV_H

#include "assoc.h"
#include "chunk.h"
#include "peer.h"

/* Of a session that is ended: it is not said to the peer. */
#define UTCP_NO_CLOSE U32_MAX

/* Under event_lock, without the peer's lock. */
void utcp_session_install(struct utcp_peer *peer, struct utcp_assoc *assoc);
void utcp_session_end(struct utcp_peer *peer, u32 close, int err);
bool utcp_session_confirm(struct utcp_peer *peer, const u8 *boot, u64 time);

/* Locks: see there. */
void utcp_session_close(struct utcp_peer *peer, u32 close, int err);
void utcp_session_send_move(struct utcp_peer *peer);
u64 utcp_session_ages(struct utcp_peer *peer);
bool utcp_session_ask_again(struct utcp_peer *peer, u32 ifindex);
bool utcp_session_wants_keys(const struct utcp_peer *peer, u64 now);
struct utcp_assoc *utcp_session_usable(const struct utcp_peer *peer, u64 now);
void utcp_session_set_mtu(struct utcp_peer *peer, u16 mtu);

/* Between the files of the session. */
void utcp_session_ping_answered(struct utcp_peer *peer,
				const struct utcp_chunk *ack);
void utcp_session_half_done(struct utcp_peer *peer, struct utcp_half *half);
void utcp_session_drop_half(struct utcp_peer *peer, struct utcp_half *half);
const struct utcp_session_ops *utcp_session_ops_now(void);
void utcp_session_used(struct utcp_peer *peer, const struct utcp_assoc *assoc,
		       u64 now);
u64 utcp_session_ping_tick(struct utcp_peer *peer);

/* Under RCU. */
int utcp_session_send_bytes(struct utcp_peer *peer, struct utcp_assoc *assoc,
			    const struct utcp_path *path, const u8 *plain,
			    unsigned int len, struct utcp_session_sent *sent);
int utcp_session_send_path(struct utcp_peer *peer, struct utcp_assoc *assoc,
			   const struct utcp_path *path,
			   enum utcp_chunk_type type, const u8 *data);
void utcp_session_send_close(struct utcp_peer *peer, struct utcp_assoc *assoc,
			     const struct utcp_path *path, u32 code);

#endif /* _UTCP_SESSION_PRIV_H */
