/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes generic netlink of old kernels look like today's.
 */
#ifndef _COMPAT_NET_GENETLINK_H
#define _COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>

/* Kernels before 6.6 (and early 6.1.y) use the operation's flag for groups. */
#ifndef GENL_MCAST_CAP_NET_ADMIN
#define GENL_MCAST_CAP_NET_ADMIN GENL_UNS_ADMIN_PERM
#endif

/*
 * Before 6.2 there are no split operations: do and dump of one command share
 * an entry of struct genl_ops, and with it policy and flags. The generated
 * tables are compiled as tables of that struct, and their entries merged when
 * the family is registered.
 */
#ifndef HAVE_GENL_SPLIT_OPS
#include <linux/slab.h>

#define genl_split_ops genl_ops
#define split_ops ops
#define n_split_ops n_ops

static inline int compat_genl_merge_op(struct genl_ops *merged,
				       const struct genl_ops *op)
{
	/* The generator writes a policy for each; they must say the same. */
	if (merged->maxattr != op->maxattr ||
	    memcmp(merged->policy, op->policy,
		   sizeof(*op->policy) * (op->maxattr + 1)))
		return -EINVAL;
	if (op->doit)
		merged->doit = op->doit;
	if (op->dumpit) {
		merged->start = op->start;
		merged->dumpit = op->dumpit;
		merged->done = op->done;
	}
	merged->flags |= op->flags;
	merged->validate |= op->validate;
	return 0;
}

static inline int compat_genl_register_family(struct genl_family *family)
{
	const struct genl_ops *op = family->ops;
	struct genl_ops *merged;
	unsigned int n = 0;
	int i, j, ret;

	merged = kcalloc(family->n_ops, sizeof(*merged), GFP_KERNEL);
	if (!merged)
		return -ENOMEM;
	for (i = 0; i < family->n_ops; i++, op++) {
		for (j = 0; j < n && merged[j].cmd != op->cmd; j++)
			;
		if (j == n) {
			merged[n++] = *op;
			continue;
		}
		ret = compat_genl_merge_op(&merged[j], op);
		if (WARN_ON(ret))
			goto free;
	}
	family->ops = merged;
	family->n_ops = n;
	ret = genl_register_family(family);
	if (!ret)
		return 0;
free:
	kfree(merged);
	return ret;
}

static inline int
compat_genl_unregister_family(const struct genl_family *family)
{
	int ret = genl_unregister_family(family);

	kfree(family->ops);
	return ret;
}

#define genl_register_family compat_genl_register_family
#define genl_unregister_family compat_genl_unregister_family
#endif /* HAVE_GENL_SPLIT_OPS */

/* 6.6: what a dump knows of its request; here only its attributes. */
#ifndef HAVE_GENL_INFO_DUMP
#define genl_info_dump(cb) genl_dumpit_info(cb)
#endif

#endif /* _COMPAT_NET_GENETLINK_H */
