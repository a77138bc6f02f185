// SPDX-License-Identifier: GPL-2.0-only
/*
 * Neighbours. See neigh.h for what holds of all functions.
 */
#include "neigh.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "since.h"

#define MS (NSEC_PER_SEC / 1000)

/* Milliseconds from one who-has to the next; the last one goes on. */
static const u16 ask_after[] = { 100, 200, 400, 800, 1000 };

static void enter(struct utcp_neigh *n, enum utcp_peer_state state, u64 now)
{
	n->state = state;
	n->since = now;
}

static void search(struct utcp_neigh *n, u64 now)
{
	n->ask_at = now;
	n->asked = 0;
	n->n = 0;
}

/**
 * utcp_neigh_want() - somebody wants to talk to the peer
 * @n: the neighbour
 * @now: the time
 *
 * Return: 0; -EHOSTUNREACH: it was looked for, and not found, within the last
 * second.
 */
int utcp_neigh_want(struct utcp_neigh *n, u64 now)
{
	if (n->state == UTCP_PEER_STATE_FAILED) {
		if (utcp_since(now, n->since) < UTCP_FAILED_TIME)
			return -EHOSTUNREACH;
		n->state = UTCP_PEER_STATE_UNKNOWN;
	}
	if (n->state == UTCP_PEER_STATE_UNKNOWN) {
		enter(n, UTCP_PEER_STATE_SEARCHING, now);
		n->began = now;
		search(n, now);
	}
	return 0;
}

/**
 * utcp_neigh_again() - what kept the peer from being found may be no more
 * @n: the neighbour
 * @now: the time
 *
 * A search that failed may be begun anew at once, and one that goes on asks now.
 */
void utcp_neigh_again(struct utcp_neigh *n, u64 now)
{
	if (n->state == UTCP_PEER_STATE_FAILED)
		enter(n, UTCP_PEER_STATE_UNKNOWN, now);
	if (n->state == UTCP_PEER_STATE_SEARCHING)
		search(n, now);
}

static void forget_candidates(struct utcp_neigh *n, u64 now)
{
	unsigned int i, left = 0;

	for (i = 0; i < n->n; i++)
		if (utcp_since(now, n->candidate[i].since) <
		    UTCP_CANDIDATE_TIME)
			n->candidate[left++] = n->candidate[i];
	n->n = left;
}

/**
 * utcp_neigh_candidate() - somebody says that the peer is there
 * @n: the neighbour
 * @now: the time
 * @path: where
 *
 * Return: true if a handshake is to be tried there; false: it is tried already, or
 * there are enough, or nobody asked.
 */
bool utcp_neigh_candidate(struct utcp_neigh *n, u64 now,
			  const struct utcp_path *path)
{
	unsigned int i;

	if (n->state != UTCP_PEER_STATE_SEARCHING &&
	    n->state != UTCP_PEER_STATE_TRYING &&
	    n->state != UTCP_PEER_STATE_DOUBTFUL)
		return false;
	forget_candidates(n, now);
	for (i = 0; i < n->n; i++)
		if (utcp_path_equal(&n->candidate[i].path, path))
			return false;
	if (n->n == UTCP_CANDIDATES)
		return false;
	n->candidate[n->n].path = *path;
	n->candidate[n->n++].since = now;
	if (n->state == UTCP_PEER_STATE_SEARCHING) {
		enter(n, UTCP_PEER_STATE_TRYING, now);
		n->ask_at = 0;
	}
	return true;
}

/**
 * utcp_neigh_reached() - a handshake was completed
 * @n: the neighbour
 * @now: the time
 * @path: where
 */
void utcp_neigh_reached(struct utcp_neigh *n, u64 now,
			const struct utcp_path *path)
{
	n->path = *path;
	n->n = 0;
	n->ask_at = 0;
	enter(n, UTCP_PEER_STATE_REACHABLE, now);
}

/**
 * utcp_neigh_doubt() - the peer does not answer, or its device is down
 * @n: the neighbour
 * @now: the time
 *
 * Return: true if there was no doubt before.
 */
bool utcp_neigh_doubt(struct utcp_neigh *n, u64 now)
{
	if (n->state != UTCP_PEER_STATE_REACHABLE)
		return false;
	enter(n, UTCP_PEER_STATE_DOUBTFUL, now);
	n->began = now;
	search(n, now);
	return true;
}

/**
 * utcp_neigh_forget() - the session is gone
 * @n: the neighbour
 * @now: the time
 */
void utcp_neigh_forget(struct utcp_neigh *n, u64 now)
{
	memset(n, 0, sizeof(*n));
	enter(n, UTCP_PEER_STATE_UNKNOWN, now);
}

static unsigned int give_up(struct utcp_neigh *n, u64 now)
{
	enter(n, UTCP_PEER_STATE_FAILED, now);
	n->ask_at = 0;
	n->n = 0;
	return UTCP_NEIGH_GAVE_UP;
}

/* Whether who-has is due. @random: for the jitter. */
static unsigned int ask(struct utcp_neigh *n, u64 now, u32 random)
{
	u64 wait;

	if (!n->ask_at || now < n->ask_at)
		return 0;
	wait = ask_after[min_t(unsigned int, n->asked,
			       ARRAY_SIZE(ask_after) - 1)];
	n->asked++;
	/* Up to a tenth more. */
	n->ask_at = now + wait * MS + (u64)random % (wait * MS / 10 + 1);
	return UTCP_NEIGH_ASK;
}

/**
 * utcp_neigh_tick() - what is to be done now?
 * @n: the neighbour
 * @now: the time
 * @wanted: somebody waits for the peer, or has connections with it
 * @random: a random number, for jitter
 *
 * Return: what is due, of enum utcp_neigh_todo.
 */
unsigned int utcp_neigh_tick(struct utcp_neigh *n, u64 now, bool wanted,
			     u32 random)
{
	switch (n->state) {
	case UTCP_PEER_STATE_SEARCHING:
		if (!wanted) {
			utcp_neigh_forget(n, now);
			return UTCP_NEIGH_LET_GO;
		}
		if (utcp_since(now, n->began) >= UTCP_SEARCH_TIME)
			return give_up(n, now);
		return ask(n, now, random);
	case UTCP_PEER_STATE_TRYING:
		if (!wanted) {
			utcp_neigh_forget(n, now);
			return UTCP_NEIGH_LET_GO;
		}
		if (utcp_since(now, n->since) < UTCP_TRYING_TIME)
			return 0;
		if (utcp_since(now, n->began) >= UTCP_SEARCH_TIME)
			return give_up(n, now) | UTCP_NEIGH_RETRY;
		enter(n, UTCP_PEER_STATE_SEARCHING, now);
		search(n, now);
		return ask(n, now, random) | UTCP_NEIGH_RETRY;
	case UTCP_PEER_STATE_DOUBTFUL:
		if (utcp_since(now, n->began) >= UTCP_SEARCH_TIME && !wanted) {
			utcp_neigh_forget(n, now);
			return UTCP_NEIGH_LET_GO | UTCP_NEIGH_GAVE_UP;
		}
		forget_candidates(n, now);
		return wanted ? ask(n, now, random) : 0;
	case UTCP_PEER_STATE_FAILED:
		if (utcp_since(now, n->since) < UTCP_FAILED_TIME)
			return 0;
		utcp_neigh_forget(n, now);
		return UTCP_NEIGH_LET_GO;
	default:
		return 0;
	}
}

/**
 * utcp_neigh_due() - when has utcp_neigh_tick() to be called at the latest?
 * @n: the neighbour
 * @wanted: as there
 *
 * Return: the time; U64_MAX: never.
 */
u64 utcp_neigh_due(const struct utcp_neigh *n, bool wanted)
{
	u64 due = U64_MAX;

	switch (n->state) {
	case UTCP_PEER_STATE_SEARCHING:
		due = n->began + UTCP_SEARCH_TIME;
		break;
	case UTCP_PEER_STATE_TRYING:
		due = n->since + UTCP_TRYING_TIME;
		break;
	case UTCP_PEER_STATE_DOUBTFUL:
		/* As long as somebody wants it, time does not end it. */
		if (!wanted)
			return n->began + UTCP_SEARCH_TIME;
		break;
	case UTCP_PEER_STATE_FAILED:
		return n->since + UTCP_FAILED_TIME;
	default:
		return due;
	}
	if (n->ask_at)
		due = min_t(u64, due, n->ask_at);
	return due;
}
