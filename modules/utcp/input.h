/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames that come in: to whom they go. All of it runs in softirqs, under RCU.
 */
#ifndef _UTCP_INPUT_H
#define _UTCP_INPUT_H

#include <linux/skbuff.h>

#include "neigh.h"
#include "utcp.h"

bool utcp_input(struct utcp_net *un, struct sk_buff *skb);

/* For each type; the frame is well formed, and its first
 * UTCP_FRAME_FIXED_MAX bytes, or all of it, are in one piece.
 */
bool utcp_discover_question(struct utcp_net *un, struct sk_buff *skb,
			    const struct utcp_path *path);
bool utcp_discover_answer(struct utcp_net *un, struct sk_buff *skb,
			  const struct utcp_path *path);
bool utcp_respond_input(struct utcp_net *un, struct sk_buff *skb,
			const struct utcp_path *path);
bool utcp_initiate_response(struct utcp_net *un, struct sk_buff *skb,
			    const struct utcp_path *path);
bool utcp_initiate_cookie(struct utcp_net *un, struct sk_buff *skb,
			  const struct utcp_path *path);
bool utcp_session_input(struct utcp_net *un, struct sk_buff *skb,
			const struct utcp_path *path);

bool utcp_refuse(struct utcp_net *un, struct sk_buff *skb, unsigned int reason);

#endif /* _UTCP_INPUT_H */
