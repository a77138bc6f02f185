// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Devices by which nothing passes, although our modules cannot see to it:
 *
 *	table netdev utcp-closed-DEV {
 *		chain in { type filter hook ingress device DEV priority 0; policy drop; }
 *		chain out { type filter hook egress device DEV priority 0; policy drop; }
 *	}
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <net/if.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>

#include <utcp/state.h>

#include "error.h"
#include "handle.h"
#include "nftbatch.h"
#include "rtnl.h"
#include "rundir.h"
#include "sandboxlink.h"

/* Of the rundir: entries that lead to whether the device was up. */
#define CLOSED_DIR "closed"

static void table_name(char *table, size_t size, const char *dev)
{
	snprintf(table, size, "utcp-closed-%s", dev);
}

static int drop_all(const char *dev, struct utcp_error *e)
{
	const struct nft_chain in = { .name = "in",
				      .type = "filter",
				      .hook = NF_NETDEV_INGRESS,
				      .dev = dev,
				      .drops = true };
	const struct nft_chain out = { .name = "out",
				       .type = "filter",
				       .hook = NF_NETDEV_EGRESS,
				       .dev = dev,
				       .drops = true };
	char table[64];
	struct nft_batch n;

	table_name(table, sizeof(table), dev);
	nft_batch_begin(&n, NFPROTO_NETDEV, table);
	nft_put_new_table(&n);
	nft_put_chain(&n, &in);
	nft_put_chain(&n, &out);
	return nft_batch_run(&n, e);
}

/**
 * struct act - something that is being done to a link
 * @r: socket
 * @link: the link
 *
 * Without the lock of the rundir: a link must not be open because others have that.
 */
struct act {
	struct rtnl *r;
	struct link_info link;
};

static void act_end(struct act *a)
{
	if (a->r)
		rtnl_close(a->r);
	free(a->r);
}

static int act_begin(struct act *a, struct utcp_handle *h, const char *name)
{
	int err;

	utcp_error_clear(&h->error);
	*a = (struct act){ .r = calloc(1, sizeof(*a->r)) };
	if (!a->r)
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	err = rtnl_open(a->r, -1, NETLINK_ROUTE, &h->error);
	return err ? err : link_get(a->r, name, &a->link);
}

/* How it was is written down once, whoever else closes it: before it was closed. */
static int remember(const struct act *a, const char *name, struct utcp_error *e)
{
	int err = rundir_mkdir(CLOSED_DIR, e);

	if (err < 0)
		return err;
	err = rundir_claim(CLOSED_DIR, name, a->link.up ? "up" : "down", e);
	return err == -EEXIST ? 0 : err;
}

int utcp_link_close(struct utcp_handle *h, const char *name)
{
	struct utcp_error first;
	struct act a;
	int err = act_begin(&a, h, name), also;

	if (!err)
		err = remember(&a, name, &h->error);
	first = h->error;
	/* One of them is better than none. */
	if (a.link.index) {
		also = link_down(a.r, a.link.index);
		if (also && !err) {
			err = also;
			first = h->error;
		}
		also = drop_all(name, &h->error);
		if (also && !err) {
			err = also;
			first = h->error;
		}
	}
	act_end(&a);
	if (err)
		h->error = first;
	else
		utcp_error_clear(&h->error);
	return err;
}

int utcp_link_open(struct utcp_handle *h, const char *name)
{
	char table[64], was[8];
	struct act a;
	bool closed;
	int err;

	table_name(table, sizeof(table), name);
	err = act_begin(&a, h, name);
	closed = !err && !rundir_owner(CLOSED_DIR, name, was, sizeof(was));
	if (closed) {
		err = nft_table_del(NFPROTO_NETDEV, table, &h->error);
		if (!err && strcmp(was, "up") == 0)
			err = link_up(a.r, a.link.index, NULL);
		if (!err)
			err = rundir_remove(CLOSED_DIR, name, &h->error);
	}
	act_end(&a);
	if (!err)
		utcp_error_clear(&h->error);
	return err;
}

int utcp_link_is_there(struct utcp_handle *h, const char *name)
{
	struct act a;
	int err = act_begin(&a, h, name);

	act_end(&a);
	return err == -ENODEV ? 0 : err ? err : 1;
}
