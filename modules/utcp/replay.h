/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The replay window: which counters of a lane were seen. See "Replay window" in
 * Documentation/networking/utcp.rst.
 */
#ifndef _UTCP_REPLAY_H
#define _UTCP_REPLAY_H

#include <linux/bitops.h>
#include <linux/types.h>

/* How many numbers below and with the greatest are told apart. */
#define UTCP_REPLAY_WINDOW 8192
/* Counters from here on are no counters. */
#define UTCP_REPLAY_END BIT_ULL(60)

/**
 * struct utcp_replay - the window of a lane
 * @next: the greatest counter that was marked, plus one; 0: none was
 * @seen: a bit for each of the last counters, at its remainder
 *
 * Zeros are an empty window. Nothing here locks: calls on one window follow each
 * other. Nothing sleeps. It holds no secrets and dies with its memory.
 */
struct utcp_replay {
	u64 next;
	DECLARE_BITMAP(seen, UTCP_REPLAY_WINDOW);
};

int __must_check utcp_replay_check(const struct utcp_replay *replay, u64 n);
int __must_check utcp_replay_mark(struct utcp_replay *replay, u64 n);

#endif /* _UTCP_REPLAY_H */
