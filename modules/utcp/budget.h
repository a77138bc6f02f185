/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Budgets: how much is done for frames that nobody has authenticated. See "Budget"
 * in Documentation/networking/utcp.rst.
 *
 * Each kind of work has a rate, which the pairs of device and VLAN from which
 * somebody asked in the last second share evenly: what one does not use, no other
 * gets, and so none has to wait for another.
 *
 * Nothing here locks, sleeps or allocates: calls for one budget follow each other.
 * All times are nanoseconds of one clock that does not go back.
 */
#ifndef _UTCP_BUDGET_H
#define _UTCP_BUDGET_H

#include <linux/types.h>

/* Pairs with a share of their own; further ones share the last one. */
#define UTCP_BUDGET_PAIRS 64
/* A pair from which nobody asked for so long gives its share back. */
#define UTCP_BUDGET_IDLE (1ULL * NSEC_PER_SEC)

/**
 * enum utcp_work - what is paid for
 * @UTCP_WORK_DH: public-key operations
 * @UTCP_WORK_MAC1: tries of mac1
 * @UTCP_WORK_BLIND: initiations of who has not proved that he hears what is sent to him
 * @UTCP_WORK_COOKIE: cookie replies
 * @UTCP_WORK_TARGET: comparisons of a who-has' target
 * @UTCP_WORK_ANSWER: i-have sent
 * @UTCP_WORKS: how many there are
 */
enum utcp_work {
	UTCP_WORK_DH,
	UTCP_WORK_MAC1,
	UTCP_WORK_BLIND,
	UTCP_WORK_COOKIE,
	UTCP_WORK_TARGET,
	UTCP_WORK_ANSWER,
	UTCP_WORKS,
};

/* Of DH, a second; and how many may be saved up. */
#define UTCP_BUDGET_DH_RATE 2000
#define UTCP_BUDGET_DH_MOST 400
/* Each may save up a whole handshake that begins with a doubt, see respond.c. */
#define UTCP_BUDGET_DH_LEAST 6

/**
 * struct utcp_bucket - tokens
 * @tokens: how many are there, in billionths
 * @when: when they were counted
 */
struct utcp_bucket {
	u64 tokens;
	u64 when;
};

void utcp_bucket_fill(struct utcp_bucket *bucket, u64 now, u32 rate, u32 most);
bool utcp_bucket_take(struct utcp_bucket *bucket, u32 n);

/**
 * struct utcp_budget_pair - one that has a share
 * @ifindex: device
 * @vlan: VLAN on it
 * @asked: when somebody last asked from there; 0: it is free
 * @bucket: its share of each work
 */
struct utcp_budget_pair {
	u32 ifindex;
	u16 vlan;
	u64 asked;
	struct utcp_bucket bucket[UTCP_WORKS];
};

/**
 * struct utcp_budget - the budget of a network namespace
 * @n: how many pairs have a share
 * @pair: they
 * @retired: when those who do not ask any more were looked for
 * @reserve: DHs kept for initiations on the path of a live session
 * @begun: @reserve was filled for the first time
 *
 * Zeros are a budget that nobody has asked. Dies with its memory.
 */
struct utcp_budget {
	unsigned int n;
	struct utcp_budget_pair pair[UTCP_BUDGET_PAIRS];
	u64 retired;
	struct utcp_bucket reserve;
	bool begun;
};

bool __must_check utcp_budget_take(struct utcp_budget *budget, u64 now,
				   u32 ifindex, u16 vlan, enum utcp_work work,
				   u32 n);
bool __must_check utcp_budget_blind(struct utcp_budget *budget, u64 now,
				    u32 ifindex, u16 vlan);
bool __must_check utcp_budget_reserve(struct utcp_budget *budget, u64 now,
				      u32 n);

#endif /* _UTCP_BUDGET_H */
