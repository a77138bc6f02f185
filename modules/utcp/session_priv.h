/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sessions, as the rest of the module's handshakes and peers see them.
 */
#ifndef _UTCP_SESSION_PRIV_H
#define _UTCP_SESSION_PRIV_H

#include "assoc.h"
#include "peer.h"

/* Of a session that is ended: it is not said to the peer. */
#define UTCP_NO_CLOSE U32_MAX

/* Under event_lock, without the peer's lock. */
void utcp_session_install(struct utcp_peer *peer, struct utcp_assoc *assoc);
void utcp_session_end(struct utcp_peer *peer, u32 close, int err);
bool utcp_session_confirm(struct utcp_peer *peer, const u8 *boot, u64 time);

/* Without either. */
void utcp_session_close(struct utcp_peer *peer, u32 close, int err);
void utcp_session_send_move(struct utcp_peer *peer);
u64 utcp_session_ages(struct utcp_peer *peer);
bool utcp_session_wants_keys(const struct utcp_peer *peer, u64 now);
struct utcp_assoc *utcp_session_usable(const struct utcp_peer *peer, u64 now);
void utcp_session_set_mtu(struct utcp_peer *peer, u16 mtu);

#endif /* _UTCP_SESSION_PRIV_H */
