// SPDX-License-Identifier: GPL-2.0-only
/*
 * Moving. See path.h for what holds of all functions.
 */
#include "path.h"

#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/random.h>
#include <linux/string.h>

/* What may be sent to a path of which nothing is proved, as a multiple of what came
 * from there: RFC 9000, 8.
 */
#define AMPLIFICATION 3

static void stay(struct utcp_move *move, u64 now)
{
	move->state = UTCP_MOVE_NONE;
	move->not_before = now + UTCP_MOVE_PAUSE;
	memzero_explicit(move->at_new, sizeof(move->at_new));
	memzero_explicit(move->at_old, sizeof(move->at_old));
}

/**
 * utcp_move_seen() - a frame that says something came on another path
 * @move: of the session
 * @now: the time
 * @from: the path
 * @bytes: of the frame
 * @pto: the session's probe timeout
 *
 * Only for the frame with the greatest counter of the current association.
 *
 * Return: what is to be done, of enum utcp_move_todo.
 */
unsigned int utcp_move_seen(struct utcp_move *move, u64 now,
			    const struct utcp_path *from, u32 bytes, u64 pto)
{
	if (move->state != UTCP_MOVE_NONE || now < move->not_before)
		return 0;
	move->state = UTCP_MOVE_ASKING;
	move->to = *from;
	get_random_bytes(move->at_new, sizeof(move->at_new));
	get_random_bytes(move->at_old, sizeof(move->at_old));
	move->began = now;
	move->wait = max_t(u64, 3 * pto, UTCP_MOVE_LEAST);
	move->next = now + UTCP_CHALLENGE_TIME;
	move->sent = 1;
	move->credit = AMPLIFICATION * bytes;
	return UTCP_MOVE_ASK_NEW | UTCP_MOVE_ASK_OLD;
}

/**
 * utcp_move_bytes() - a frame that was verified came on a path
 * @move: of the session
 * @from: the path
 * @bytes: of the frame
 *
 * So much more may be sent there.
 */
void utcp_move_bytes(struct utcp_move *move, const struct utcp_path *from,
		     u32 bytes)
{
	if (move->state != UTCP_MOVE_NONE && utcp_path_equal(&move->to, from))
		move->credit += min_t(u32, AMPLIFICATION * bytes,
				      U32_MAX - move->credit);
}

/**
 * utcp_move_spend() - may a frame be sent to a path that is not the session's?
 * @move: of the session
 * @to: the path
 * @bytes: of the frame
 *
 * Return: true, and it counts as sent.
 */
bool utcp_move_spend(struct utcp_move *move, const struct utcp_path *to,
		     u32 bytes)
{
	if (move->state == UTCP_MOVE_NONE || !utcp_path_equal(&move->to, to) ||
	    move->credit < bytes)
		return false;
	move->credit -= bytes;
	return true;
}

/**
 * utcp_move_answer() - a response to a challenge came, on whichever path
 * @move: of the session
 * @now: the time
 * @data: its bytes
 *
 * Return: what is to be done; UTCP_MOVE_GO comes from utcp_move_tick(), for the old
 * path has its time in any case.
 */
unsigned int utcp_move_answer(struct utcp_move *move, u64 now,
			      const u8 data[UTCP_CHALLENGE_LEN])
{
	if (move->state == UTCP_MOVE_NONE)
		return 0;
	if (!memcmp(data, move->at_old, UTCP_CHALLENGE_LEN))
		stay(move, now);
	else if (!memcmp(data, move->at_new, UTCP_CHALLENGE_LEN))
		move->state = UTCP_MOVE_ANSWERED;
	return 0;
}

/**
 * utcp_move_tick() - what is to be done now?
 * @move: of the session
 * @now: the time
 *
 * Return: what is due, of enum utcp_move_todo. After UTCP_MOVE_GO the caller takes
 * @move->to and calls utcp_move_done().
 */
unsigned int utcp_move_tick(struct utcp_move *move, u64 now)
{
	switch (move->state) {
	case UTCP_MOVE_ASKING:
		if (now < move->next)
			return 0;
		if (move->sent == UTCP_CHALLENGES) {
			stay(move, now);
			return 0;
		}
		move->sent++;
		move->next = now + UTCP_CHALLENGE_TIME;
		return UTCP_MOVE_ASK_NEW;
	case UTCP_MOVE_ANSWERED:
		return now - move->began >= move->wait ? UTCP_MOVE_GO : 0;
	default:
		return 0;
	}
}

/**
 * utcp_move_due() - when has utcp_move_tick() to be called at the latest?
 * @move: of the session
 *
 * Return: the time; U64_MAX: never.
 */
u64 utcp_move_due(const struct utcp_move *move)
{
	switch (move->state) {
	case UTCP_MOVE_ASKING:
		return move->next;
	case UTCP_MOVE_ANSWERED:
		return move->began + move->wait;
	default:
		return U64_MAX;
	}
}

/**
 * utcp_move_done() - the session has moved, or has a path by other means
 * @move: of the session
 */
void utcp_move_done(struct utcp_move *move)
{
	memset(move, 0, sizeof(*move));
}
