// SPDX-License-Identifier: GPL-2.0-only
/*
 * Budgets. See budget.h for what holds of all functions.
 */
#include "budget.h"

#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/time64.h>

/* Tokens are counted in billionths, so that a rate is one for each nanosecond. */
#define TOKEN ((u64)NSEC_PER_SEC)

/* How many come each second and may be saved up, by all pairs; and at least by each: what
 * is paid for bit by bit can be paid for as a whole then.
 */
static const struct {
	u32 rate;
	u32 most;
	u32 least;
} works[UTCP_WORKS] = {
	/* A quarter of them is the reserve. */
	[UTCP_WORK_DH] = { UTCP_BUDGET_DH_RATE * 3 / 4,
			   UTCP_BUDGET_DH_MOST * 3 / 4, UTCP_BUDGET_DH_LEAST },
	[UTCP_WORK_MAC1] = { 5000, 1000, 1 },
	[UTCP_WORK_BLIND] = { 50, 20, 1 },
	[UTCP_WORK_COOKIE] = { 1000, 200, 1 },
	[UTCP_WORK_TARGET] = { 200000, 20000, 1 },
	[UTCP_WORK_ANSWER] = { 100, 100, 1 },
};

/**
 * utcp_bucket_fill() - add what has come since
 * @bucket: the tokens
 * @now: the time
 * @rate: how many come each second
 * @most: how many there may be
 */
void utcp_bucket_fill(struct utcp_bucket *bucket, u64 now, u32 rate, u32 most)
{
	/* More than a bucket full does not matter, and does not overflow. Another CPU
	 * may have been here with a later time.
	 */
	u64 past = now > bucket->when ?
			   min_t(u64, now - bucket->when, 60 * TOKEN) :
			   0;

	bucket->tokens = min_t(u64, bucket->tokens + past * rate, most * TOKEN);
	bucket->when = max(bucket->when, now);
}

/**
 * utcp_bucket_take() - pay
 * @bucket: the tokens
 * @n: how many
 *
 * Return: true if there were so many; else nothing is taken.
 */
bool utcp_bucket_take(struct utcp_bucket *bucket, u32 n)
{
	if (bucket->tokens < n * TOKEN)
		return false;
	bucket->tokens -= n * TOKEN;
	return true;
}

static u32 pairs(const struct utcp_budget *budget)
{
	return max_t(u32, budget->n, 1);
}

static u32 share_of_rate(const struct utcp_budget *budget, unsigned int work)
{
	return max_t(u32, works[work].rate / pairs(budget), 1);
}

static u32 share_of_most(const struct utcp_budget *budget, unsigned int work)
{
	return max_t(u32, works[work].most / pairs(budget), works[work].least);
}

static void fill(struct utcp_budget *budget, struct utcp_budget_pair *pair,
		 u64 now)
{
	unsigned int i;

	for (i = 0; i < UTCP_WORKS; i++)
		utcp_bucket_fill(&pair->bucket[i], now,
				 share_of_rate(budget, i),
				 share_of_most(budget, i));
}

/* Takes their shares from those who do not use them. Those who stay have greater
 * ones from now on. Moves pairs.
 */
static void retire(struct utcp_budget *budget, u64 now)
{
	unsigned int i = 0;

	budget->retired = now;
	while (i < budget->n) {
		if (now < budget->pair[i].asked + UTCP_BUDGET_IDLE) {
			i++;
			continue;
		}
		budget->pair[i] = budget->pair[--budget->n];
	}
}

/* A new pair begins with a full share, which is what it would have had if it had
 * been there all the time; all the others have less from now on.
 */
static struct utcp_budget_pair *join(struct utcp_budget *budget, u64 now,
				     u32 ifindex, u16 vlan)
{
	struct utcp_budget_pair *pair;
	unsigned int i;

	retire(budget, now);
	if (budget->n == UTCP_BUDGET_PAIRS)
		return &budget->pair[UTCP_BUDGET_PAIRS - 1];
	pair = &budget->pair[budget->n++];
	memset(pair, 0, sizeof(*pair));
	pair->ifindex = ifindex;
	pair->vlan = vlan;
	for (i = 0; i < UTCP_WORKS; i++) {
		pair->bucket[i].when = now;
		pair->bucket[i].tokens = share_of_most(budget, i) * TOKEN;
	}
	for (i = 0; i + 1 < budget->n; i++)
		fill(budget, &budget->pair[i], now);
	return pair;
}

static struct utcp_budget_pair *pair_of(struct utcp_budget *budget, u64 now,
					u32 ifindex, u16 vlan)
{
	struct utcp_budget_pair *pair = NULL;
	unsigned int i;

	/* Also if nobody new comes. */
	if (now >= budget->retired + UTCP_BUDGET_IDLE)
		retire(budget, now);
	for (i = 0; i < budget->n && !pair; i++)
		if (budget->pair[i].ifindex == ifindex &&
		    budget->pair[i].vlan == vlan)
			pair = &budget->pair[i];
	if (!pair)
		pair = join(budget, now, ifindex, vlan);
	pair->asked = now;
	fill(budget, pair, now);
	return pair;
}

/**
 * utcp_budget_take() - may this be done?
 * @budget: the budget
 * @now: the time
 * @ifindex: device from which somebody asks for it
 * @vlan: VLAN on it
 * @work: what
 * @n: how much of it
 *
 * Return: true, and it is paid; false: it must not be done.
 */
bool utcp_budget_take(struct utcp_budget *budget, u64 now, u32 ifindex,
		      u16 vlan, enum utcp_work work, u32 n)
{
	struct utcp_budget_pair *pair = pair_of(budget, now, ifindex, vlan);

	return utcp_bucket_take(&pair->bucket[work], n);
}

/**
 * utcp_budget_blind() - may an initiation go on whose sender has not proved that he hears
 *	what is sent to him?
 * @budget: the budget
 * @now: the time
 * @ifindex: device
 * @vlan: VLAN on it
 *
 * Return: true, and it is paid; false: the pair is under load: its share of these is used
 * up, or that of DHs less than half full.
 */
bool utcp_budget_blind(struct utcp_budget *budget, u64 now, u32 ifindex,
		       u16 vlan)
{
	struct utcp_budget_pair *pair = pair_of(budget, now, ifindex, vlan);

	if (2 * pair->bucket[UTCP_WORK_DH].tokens <
	    share_of_most(budget, UTCP_WORK_DH) * TOKEN)
		return false;
	return utcp_bucket_take(&pair->bucket[UTCP_WORK_BLIND], 1);
}

/**
 * utcp_budget_reserve() - may this be done for a peer with a live session?
 * @budget: the budget
 * @now: the time
 * @n: how many DHs
 *
 * Return: as utcp_budget_take().
 */
bool utcp_budget_reserve(struct utcp_budget *budget, u64 now, u32 n)
{
	const u32 most = UTCP_BUDGET_DH_MOST / 4;

	if (!budget->begun) {
		budget->reserve.tokens = most * TOKEN;
		budget->reserve.when = now;
		budget->begun = true;
	}
	utcp_bucket_fill(&budget->reserve, now, UTCP_BUDGET_DH_RATE / 4, most);
	return utcp_bucket_take(&budget->reserve, n);
}
