// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What of the host may drop what sandboxes may send.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <utcp/sandbox.h>

#include "error.h"
#include "handle.h"
#include "rtnl.h"
#include "sandboxlegacy.h"

/* Who is told. */
struct teller {
	void (*take)(const char *what, void *arg);
	void *arg;
};

/* --- settings ------------------------------------------------------------------------------ */

static const struct {
	const char *path;
	char bad;
	const char *what;
} settings[] = {
	{ "/proc/sys/net/ipv4/ip_forward", '0',
	  "net.ipv4.ip_forward is 0: nothing of IPv4 goes beyond the host" },
	{ "/proc/sys/net/ipv6/conf/all/forwarding", '0',
	  "net.ipv6.conf.all.forwarding is 0: nothing of IPv6 goes beyond the host" },
	{ "/proc/sys/net/ipv4/conf/all/rp_filter", '1',
	  "net.ipv4.conf.all.rp_filter is 1: what comes by another uplink is dropped" },
	{ "/proc/sys/net/bridge/bridge-nf-call-iptables", '1',
	  "net.bridge.bridge-nf-call-iptables is 1: what stays on a bridge is forwarded, too" },
	{ "/proc/sys/net/bridge/bridge-nf-call-ip6tables", '1',
	  "net.bridge.bridge-nf-call-ip6tables is 1: what stays on a bridge is forwarded, too" },
};

/* A setting that is not there is none of these. */
static char setting(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char c = '\0';

	if (fd < 0)
		return c;
	if (read(fd, &c, 1) != 1)
		c = '\0';
	close(fd);
	return c;
}

/* --- chains -------------------------------------------------------------------------------- */

/* What counts of a chain. */
struct chain {
	char table[64];
	char name[64];
	uint32_t hook;
	uint32_t policy;
};

/* Numbers of nftables are big-endian. */
static int number(const struct nl_attr *a, uint32_t *value)
{
	uint8_t b[4];
	int err = nl_attr_bytes(a, b, sizeof(b));

	*value = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
		 (uint32_t)b[2] << 8 | b[3];
	return err;
}

static int take_hook(struct nl_span span, struct chain *c)
{
	struct nl_attr a;
	int more, err = 0;

	while (!err && (more = nl_attr_next(&span, &a)) > 0)
		if (a.type == NFTA_HOOK_HOOKNUM)
			err = number(&a, &c->hook);
	return err ? err : more;
}

static int read_chain(struct nl_span span, struct chain *c)
{
	struct nl_attr a;
	int more, err = 0;

	c->hook = UINT32_MAX;
	c->policy = NF_ACCEPT;
	while (!err && (more = nl_attr_next(&span, &a)) > 0)
		if (a.type == NFTA_CHAIN_TABLE)
			err = nl_attr_str(&a, c->table, sizeof(c->table));
		else if (a.type == NFTA_CHAIN_NAME)
			err = nl_attr_str(&a, c->name, sizeof(c->name));
		else if (a.type == NFTA_CHAIN_POLICY)
			err = number(&a, &c->policy);
		else if (a.type == NFTA_CHAIN_HOOK)
			err = take_hook(a.value, c);
	return err ? err : more;
}

static const char *family_name(uint8_t family)
{
	switch (family) {
	case NFPROTO_IPV4:
		return "ip";
	case NFPROTO_IPV6:
		return "ip6";
	case NFPROTO_INET:
		return "inet";
	case NFPROTO_BRIDGE:
		return "bridge";
	default:
		return NULL;
	}
}

static int take_chain(const struct nl_msg *msg, void *arg)
{
	const struct teller *t = arg;
	struct nl_span span = msg->body;
	struct chain c = { 0 };
	struct nfgenmsg head;
	const char *family;
	char what[256];
	int err;

	if (span.len < sizeof(head))
		return -EBADMSG;
	memcpy(&head, span.data, sizeof(head));
	span.data += sizeof(head);
	span.len -= sizeof(head);
	family = family_name(head.nfgen_family);
	err = read_chain(span, &c);
	/* The hook of a bridge that forwards has the same number. */
	if (err || !family || c.hook != NF_INET_FORWARD || c.policy != NF_DROP)
		return err;
	snprintf(
		what, sizeof(what),
		"chain %s of table %s %s drops what it forwards, unless a rule of it says otherwise",
		c.name, family, c.table);
	t->take(what, t->arg);
	return 0;
}

static int chains(struct utcp_handle *h, struct teller *t)
{
	const struct nfgenmsg head = { .nfgen_family = NFPROTO_UNSPEC,
				       .version = NFNETLINK_V0 };
	struct rtnl *r = malloc(sizeof(*r));
	int err;

	if (!r)
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	err = rtnl_open(r, -1, NETLINK_NETFILTER, &h->error);
	if (!err) {
		rtnl_begin(r, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETCHAIN,
			   NLM_F_DUMP, &head, sizeof(head));
		err = rtnl_dump(r, take_chain, t);
		rtnl_close(r);
	}
	free(r);
	return err;
}

int utcp_sandbox_foreign(struct utcp_handle *h,
			 void (*take)(const char *what, void *arg), void *arg)
{
	struct teller t = { take, arg };

	utcp_error_clear(&h->error);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (setting(settings[i].path) == settings[i].bad)
			take(settings[i].what, arg);
	legacy_forward(take, arg);
	return chains(h, &t);
}
