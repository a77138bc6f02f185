// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules about identities that are no more, whose connections may go on: a ruleset
 * remembers their handles, by which the transport asks again (see identity.c).
 */
#include <linux/sched.h>
#include <linux/xarray.h>

#include "kept.h"

/* What a rule has allowed may go on when it is no more. Under the policies' lock, or
 * before anybody sees the ruleset.
 * Return: 0; -ENOSPC with @extack set; -ENOMEM.
 */
int acl_kept_add(struct acl_ruleset *rules, u64 handle,
		 struct netlink_ext_ack *extack)
{
	int ret;

	if (rules->n_kept >= ACL_KEPT_MAX) {
		NL_SET_ERR_MSG(
			extack,
			"connections of as many rules as can be are kept already");
		return -ENOSPC;
	}
	ret = xa_insert(&rules->kept, handle, xa_mk_value(1),
			GFP_KERNEL_ACCOUNT);
	if (!ret)
		WRITE_ONCE(rules->n_kept, rules->n_kept + 1);
	return ret == -EBUSY ? 0 : ret;
}

static int take_over(struct acl_ruleset *rules, struct acl_ruleset *old,
		     struct netlink_ext_ack *extack)
{
	unsigned long handle;
	struct rb_node *node;
	int ret = 0;
	void *kept;

	xa_for_each(&old->kept, handle, kept) {
		ret = acl_kept_add(rules, handle, extack);
		if (ret)
			return ret;
	}
	if (!(old->cells[ACL_OUT] | old->cells[ACL_IN]))
		return 0;
	for (node = rb_first(&old->order); node && !ret; node = rb_next(node)) {
		struct acl_entry *entry =
			rb_entry(node, struct acl_entry, node);

		if (entry->rule.asks & BIT(ACL_ASK_CELL))
			ret = acl_kept_add(rules, acl_rule_handle(&entry->rule),
					   extack);
		cond_resched();
	}
	return ret;
}

/* As acl_kept_add(), for all that the rules of another ruleset have allowed, and what it has
 * kept. @rules are loaded, and keep nothing yet; after an error they still keep nothing, so
 * that the load may be committed once more without it.
 */
int acl_kept_take_over(struct acl_ruleset *rules, struct acl_ruleset *old,
		       struct netlink_ext_ack *extack)
{
	int ret = take_over(rules, old, extack);

	if (ret) {
		xa_destroy(&rules->kept);
		rules->n_kept = 0;
	}
	return ret;
}
