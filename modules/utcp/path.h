/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Moving: a session follows its peer to another path only after a challenge that
 * was sent there was answered under encryption, and one to the old path was not.
 * See "Moving" in Documentation/networking/utcp.rst.
 *
 * A state machine without clock or frames, as neigh.h. Nothing here locks, sleeps
 * or allocates.
 */
#ifndef _UTCP_PATH_H
#define _UTCP_PATH_H

#include <linux/types.h>

#include "neigh.h"

/* Bytes of a challenge. */
#define UTCP_CHALLENGE_LEN 16
/* Challenges to the new path, and the time between them. */
#define UTCP_CHALLENGES 3
#define UTCP_CHALLENGE_TIME (NSEC_PER_SEC / 5)
/* A path that was not followed is not asked again for this. */
#define UTCP_MOVE_PAUSE (5ULL * NSEC_PER_SEC)
/* How long the old path has for its answer: three probe timeouts, but at least. */
#define UTCP_MOVE_LEAST (NSEC_PER_SEC / 10)

/**
 * enum utcp_move_state - how far it is
 * @UTCP_MOVE_NONE: nothing has come from elsewhere
 * @UTCP_MOVE_ASKING: both paths were sent challenges
 * @UTCP_MOVE_ANSWERED: the new one has answered; the old one still may
 */
enum utcp_move_state {
	UTCP_MOVE_NONE,
	UTCP_MOVE_ASKING,
	UTCP_MOVE_ANSWERED,
};

/**
 * struct utcp_move - a session that may be about to move
 * @state: how far it is
 * @to: the new path
 * @at_new: challenge for the new path
 * @at_old: challenge for the old one
 * @began: when the first challenges were sent
 * @wait: how long the old path has
 * @next: when the next challenge is due
 * @sent: challenges sent to the new path
 * @credit: bytes that may still be sent there
 * @not_before: nothing is followed until then
 *
 * Zeros are a session that stays.
 */
struct utcp_move {
	enum utcp_move_state state;
	struct utcp_path to;
	u8 at_new[UTCP_CHALLENGE_LEN];
	u8 at_old[UTCP_CHALLENGE_LEN];
	u64 began;
	u64 wait;
	u64 next;
	unsigned int sent;
	u32 credit;
	u64 not_before;
};

/**
 * enum utcp_move_todo - what is to be done
 * @UTCP_MOVE_ASK_NEW: send a challenge to the new path
 * @UTCP_MOVE_ASK_OLD: send one to the old path
 * @UTCP_MOVE_GO: the session is on the new path from now on
 */
enum utcp_move_todo {
	UTCP_MOVE_ASK_NEW = 1,
	UTCP_MOVE_ASK_OLD = 2,
	UTCP_MOVE_GO = 4,
};

unsigned int utcp_move_seen(struct utcp_move *move, u64 now,
			    const struct utcp_path *from, u32 bytes, u64 pto);
void utcp_move_bytes(struct utcp_move *move, const struct utcp_path *from,
		     u32 bytes);
bool utcp_move_spend(struct utcp_move *move, const struct utcp_path *to,
		     u32 bytes);
unsigned int utcp_move_answer(struct utcp_move *move, u64 now,
			      const u8 data[UTCP_CHALLENGE_LEN]);
unsigned int utcp_move_tick(struct utcp_move *move, u64 now);
u64 utcp_move_due(const struct utcp_move *move);
void utcp_move_done(struct utcp_move *move);

#endif /* _UTCP_PATH_H */
