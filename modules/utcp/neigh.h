/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Neighbours: where a peer is, and what is done to find out. See "Neighbours" in
 * Documentation/networking/utcp.rst.
 *
 * A state machine without clock, frames or keys: it is told what happens and when,
 * and says what is to be done. Nothing here locks, sleeps or allocates. All times
 * are nanoseconds of one clock that does not go back.
 */
#ifndef _UTCP_NEIGH_H
#define _UTCP_NEIGH_H

#include <linux/build_bug.h>
#include <linux/if_ether.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/types.h>

#include <uapi/linux/utcp.h>

/* Bytes of a CellID. */
#define UTCP_ID_BYTES 16

/* Candidates that are kept, and how long. */
#define UTCP_CANDIDATES 4
#define UTCP_CANDIDATE_TIME (10ULL * NSEC_PER_SEC)
/* How long candidates are tried before one asks again. */
#define UTCP_TRYING_TIME (5ULL * NSEC_PER_SEC)
/* A search, or a doubt that nobody is kept waiting by, ends after this. */
#define UTCP_SEARCH_TIME (20ULL * NSEC_PER_SEC)
/* How long a search that failed is not begun anew. */
#define UTCP_FAILED_TIME (1ULL * NSEC_PER_SEC)

/**
 * struct utcp_path - where a peer is
 * @ifindex: number of the own device; 0: nowhere
 * @vlan: VLAN on it; 0: none
 * @mac: its address there
 */
struct utcp_path {
	u32 ifindex;
	u16 vlan;
	u8 mac[ETH_ALEN];
};

/**
 * utcp_path_equal() - are two paths the same?
 * @a: one
 * @b: the other
 *
 * Return: true if they are.
 */
static inline bool utcp_path_equal(const struct utcp_path *a,
				   const struct utcp_path *b)
{
	const size_t rest = offsetof(struct utcp_path, vlan);

	/* VLAN and address in one comparison, of eight bytes: it is made for each frame. */
	static_assert(sizeof(*a) - rest == sizeof(u64));
	return a->ifindex == b->ifindex &&
	       !memcmp((const u8 *)a + rest, (const u8 *)b + rest, sizeof(u64));
}

/**
 * struct utcp_candidate - where a peer may be
 * @path: the path
 * @since: when it was told of
 */
struct utcp_candidate {
	struct utcp_path path;
	u64 since;
};

/**
 * struct utcp_neigh - where one stands with a peer
 * @state: enum utcp_peer_state
 * @path: where it is, in the states reachable and doubtful
 * @since: since when it is in this state
 * @began: when the search began that goes on
 * @ask_at: when who-has is sent next; 0: it is not
 * @asked: how many times it was sent in this search
 * @n: how many candidates there are
 * @candidate: they
 *
 * Zeros are a peer of whom nothing is known.
 */
struct utcp_neigh {
	enum utcp_peer_state state;
	struct utcp_path path;
	u64 since;
	u64 began;
	u64 ask_at;
	unsigned int asked;
	unsigned int n;
	struct utcp_candidate candidate[UTCP_CANDIDATES];
};

/**
 * enum utcp_neigh_todo - what is to be done
 * @UTCP_NEIGH_ASK: send who-has on all devices
 * @UTCP_NEIGH_GAVE_UP: whoever waits is told that nobody was found
 * @UTCP_NEIGH_LET_GO: nothing is known of the peer's place any more
 * @UTCP_NEIGH_RETRY: what goes on with candidates has failed: end it
 */
enum utcp_neigh_todo {
	UTCP_NEIGH_ASK = 1,
	UTCP_NEIGH_GAVE_UP = 2,
	UTCP_NEIGH_LET_GO = 4,
	UTCP_NEIGH_RETRY = 8,
};

int utcp_neigh_want(struct utcp_neigh *n, u64 now);
void utcp_neigh_again(struct utcp_neigh *n, u64 now);
bool utcp_neigh_candidate(struct utcp_neigh *n, u64 now,
			  const struct utcp_path *path);
void utcp_neigh_reached(struct utcp_neigh *n, u64 now,
			const struct utcp_path *path);
bool utcp_neigh_doubt(struct utcp_neigh *n, u64 now);
void utcp_neigh_forget(struct utcp_neigh *n, u64 now);
unsigned int utcp_neigh_tick(struct utcp_neigh *n, u64 now, bool wanted,
			     u32 random);
u64 utcp_neigh_due(const struct utcp_neigh *n, bool wanted);

#endif /* _UTCP_NEIGH_H */
