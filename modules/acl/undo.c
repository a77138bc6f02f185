// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads that go back by themselves unless they are confirmed: who has locked himself
 * out need not come back in. Until then nothing else changes the policy, so there is
 * one state to go back to.
 */
#include <linux/slab.h>

#include "expire.h"
#include "identity.h"
#include "undo.h"

/* May a policy be changed? Under the lock. */
int acl_undo_check(const struct acl_policy *policy,
		   struct netlink_ext_ack *extack)
{
	if (!policy->undo)
		return 0;
	NL_SET_ERR_MSG(extack, "a load of the policy waits to be confirmed");
	return -EBUSY;
}

/* Has the time to confirm passed? Then the policy is what it was, and @gone has what is to
 * be freed. @most: see acl_expire_rules(). Under the lock.
 */
bool acl_undo_expire(struct acl_policies *policies, struct acl_policy *policy,
		     u32 *most, struct acl_undo **gone)
{
	struct acl_undo *undo = policy->undo;
	struct acl_ruleset *back;

	if (!undo || undo->ends > acl_expire_now())
		return false;
	back = undo->rules;
	/* What has ended meanwhile does not come back for a moment. */
	if (!acl_expire_rules(policies, policy, back, most))
		return false;
	undo->rules = acl_policy_rules(policies, policy);
	/* Sets that its rules name may have changed meanwhile. */
	acl_ruleset_begin(back);
	acl_ruleset_end(back);
	policy->set = undo->set;
	policy->undo = NULL;
	acl_identity_touch(policies, policy);
	rcu_assign_pointer(policy->rules, back);
	acl_policy_changed(policies, policy);
	undo->next = *gone;
	*gone = undo;
	return true;
}

/* Frees what nobody will go back to, and no frame is with. Without the lock. */
void acl_undo_drop(struct acl_policies *policies, struct acl_undo *undo)
{
	struct acl_undo *next;

	for (; undo; undo = next) {
		next = undo->next;
		acl_ruleset_free(policies, undo->rules);
		kfree(undo);
	}
}

/* As acl_undo_drop(). Waits for frames that may still be with it. */
void acl_undo_free(struct acl_policies *policies, struct acl_undo *undo)
{
	if (undo)
		synchronize_rcu();
	acl_undo_drop(policies, undo);
}
