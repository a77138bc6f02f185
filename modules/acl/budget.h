/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How often something may be done that a frame can cause.
 */
#ifndef _UTCP_ACL_BUDGET_H
#define _UTCP_ACL_BUDGET_H

#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/types.h>

/**
 * struct acl_budget - how often something may still be done, on one CPU
 * @last: jiffies when @credit was added to
 * @credit: times, multiplied by HZ
 *
 * Used by its CPU alone, with softirqs off.
 */
struct acl_budget {
	unsigned long last;
	u32 credit;
};

/**
 * acl_budget_take() - may it be done once more?
 * @budget: of this CPU
 * @rate: how often a second, at most 4000
 * @burst: how often at once, at most 4000
 *
 * Return: it may, and is counted.
 */
static inline bool acl_budget_take(struct acl_budget *budget, u32 rate,
				   u32 burst)
{
	unsigned long now = jiffies;
	/* More than a few seconds fill it in any case. */
	u32 passed = min_t(unsigned long, now - budget->last, 8 * HZ);

	if (passed) {
		budget->credit =
			min_t(u32, budget->credit + passed * rate, burst * HZ);
		budget->last = now;
	}
	if (budget->credit < HZ)
		return false;
	budget->credit -= HZ;
	return true;
}

#endif /* _UTCP_ACL_BUDGET_H */
