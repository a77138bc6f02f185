// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the kernel remembers of flows to published ports (conntrack).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <utcp/sandbox.h>

#include "error.h"
#include "rtnl.h"
#include "sandboxconntrack.h"
#include "sandboxstate.h"

/* --- reading ------------------------------------------------------------------------------- */

/* Ports are big-endian. */
static int port_of(const struct nl_attr *a, uint16_t *port)
{
	uint8_t b[2];
	int err = nl_attr_bytes(a, b, sizeof(b));

	*port = (uint16_t)(b[0] << 8 | b[1]);
	return err;
}

/* Of one direction: the source and the destination. */
struct tuple {
	struct flow_end src, dst;
	uint8_t proto;
	bool has_ports;
};

static int read_addresses(struct nl_span span, struct tuple *t)
{
	struct nl_attr a;
	int more, err = 0;

	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		bool is6 = a.type == CTA_IP_V6_SRC || a.type == CTA_IP_V6_DST;
		bool is_src = a.type == CTA_IP_V4_SRC ||
			      a.type == CTA_IP_V6_SRC;
		struct flow_end *end = is_src ? &t->src : &t->dst;

		if (a.type < CTA_IP_V4_SRC || a.type > CTA_IP_V6_DST)
			continue;
		end->is6 = is6;
		err = nl_attr_bytes(&a, end->addr, is6 ? 16 : 4);
	}
	return err ? err : more;
}

static int read_ports(struct nl_span span, struct tuple *t)
{
	struct nl_attr a;
	int more, err = 0;

	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		if (a.type == CTA_PROTO_NUM)
			err = nl_attr_bytes(&a, &t->proto, 1);
		else if (a.type == CTA_PROTO_SRC_PORT)
			err = port_of(&a, &t->src.port);
		else if (a.type == CTA_PROTO_DST_PORT)
			err = port_of(&a, &t->dst.port);
		t->has_ports |= a.type == CTA_PROTO_DST_PORT;
	}
	return err ? err : more;
}

static int read_tuple(struct nl_span span, struct tuple *t)
{
	struct nl_attr a;
	int more, err = 0;

	while (!err && (more = nl_attr_next(&span, &a)) > 0)
		if (a.type == CTA_TUPLE_IP)
			err = read_addresses(a.value, t);
		else if (a.type == CTA_TUPLE_PROTO)
			err = read_ports(a.value, t);
	return err ? err : more;
}

int flow_parse(const struct nl_msg *msg, struct flow *flow)
{
	struct tuple orig = { 0 }, reply = { 0 };
	struct nl_span span = msg->body;
	struct nl_attr a;
	int more, err = 0;

	memset(flow, 0, sizeof(*flow));
	if (span.len < sizeof(struct nfgenmsg))
		return -EBADMSG;
	span.data += sizeof(struct nfgenmsg);
	span.len -= sizeof(struct nfgenmsg);
	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		switch (a.type) {
		case CTA_TUPLE_ORIG:
			flow->tuple = a.value;
			err = read_tuple(a.value, &orig);
			break;
		case CTA_TUPLE_REPLY:
			err = read_tuple(a.value, &reply);
			break;
		case CTA_ZONE:
			flow->zone = a.value;
			break;
		case CTA_ID:
			flow->id = a.value;
			break;
		}
	}
	if (err || more)
		return err ? err : more;
	flow->proto = orig.proto;
	flow->to = orig.dst;
	flow->from = reply.src;
	return orig.has_ports && reply.has_ports;
}

/* --- which are meant ----------------------------------------------------------------------- */

static bool is_address(const struct flow_end *end,
		       const struct utcp_sandbox_prefix *address)
{
	return address->len && end->is6 == address->is6 &&
	       memcmp(end->addr, address->addr, end->is6 ? 16 : 4) == 0;
}

/* Is the flow one to the host's side of a published port? Whether to the host is not asked. */
static bool is_published(const struct flow *flow,
			 const struct utcp_sandbox_publish *p)
{
	return flow->proto == p->proto && flow->to.port == p->host &&
	       publish_has(p, flow->to.is6) &&
	       (!p->addr.len || publish_any(p) ||
		is_address(&flow->to, &p->addr));
}

bool flow_leads_in(const struct flow *flow, const struct utcp_sandbox *sb)
{
	if (!is_address(&flow->from, &sb->addr4) &&
	    !is_address(&flow->from, &sb->addr6))
		return false;
	for (size_t i = 0; i < sb->n_publish; i++)
		if (is_published(flow, &sb->publish[i]) &&
		    flow->from.port == sb->publish[i].port)
			return true;
	return false;
}

/* Only an address of one's own can be bound. */
static bool is_local(const struct flow_end *end)
{
	struct sockaddr_in6 at6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in at4 = { .sin_family = AF_INET };
	int fd = socket(end->is6 ? AF_INET6 : AF_INET,
			SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int err;

	if (fd < 0)
		return false;
	memcpy(&at6.sin6_addr, end->addr, sizeof(at6.sin6_addr));
	memcpy(&at4.sin_addr, end->addr, sizeof(at4.sin_addr));
	err = end->is6 ? bind(fd, (struct sockaddr *)&at6, sizeof(at6)) :
			 bind(fd, (struct sockaddr *)&at4, sizeof(at4));
	close(fd);
	return !err;
}

bool flow_would_lead_in(const struct flow *flow, const struct utcp_sandbox *sb)
{
	if (flow->proto != IPPROTO_UDP)
		return false;
	for (size_t i = 0; i < sb->n_publish; i++)
		if (is_published(flow, &sb->publish[i]))
			return is_local(&flow->to);
	return false;
}

/* --- forgetting them ----------------------------------------------------------------------- */

/* Who looks at the flows, and by which socket they are forgotten. */
struct forget {
	const struct utcp_sandbox *sb;
	bool (*which)(const struct flow *flow, const struct utcp_sandbox *sb);
	struct rtnl *r;
	int err;
};

/* One that has ended meanwhile is forgotten, too. */
static int forget(struct rtnl *r, const struct flow *flow)
{
	const struct nfgenmsg head = {
		.nfgen_family = flow->to.is6 ? AF_INET6 : AF_INET,
		.version = NFNETLINK_V0,
	};
	int err;

	rtnl_begin(r, NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE, 0,
		   &head, sizeof(head));
	rtnl_put(r, CTA_TUPLE_ORIG | NLA_F_NESTED, flow->tuple.data,
		 flow->tuple.len);
	if (flow->zone.len)
		rtnl_put(r, CTA_ZONE, flow->zone.data, flow->zone.len);
	if (flow->id.len)
		rtnl_put(r, CTA_ID, flow->id.data, flow->id.len);
	err = rtnl_run(r, NULL, NULL);
	return err == -ENOENT ? 0 : err;
}

static int look_at(const struct nl_msg *msg, void *arg)
{
	struct forget *f = arg;
	struct flow flow;
	int is = flow_parse(msg, &flow);

	if (is <= 0)
		return is;
	if (!f->err && f->which(&flow, f->sb))
		f->err = forget(f->r, &flow);
	return 0;
}

static int look(struct rtnl *list, struct forget *f)
{
	const struct nfgenmsg head = { .nfgen_family = AF_UNSPEC,
				       .version = NFNETLINK_V0 };
	int err;

	rtnl_begin(list, NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET,
		   NLM_F_DUMP, &head, sizeof(head));
	/* as they come: there may be a million of them */
	err = rtnl_run(list, look_at, f);
	/* what nfnetlink says of a part that the kernel has not */
	if (err == -EINVAL || err == -EOPNOTSUPP)
		return 0;
	return err ? err : f->err;
}

int conntrack_forget(const struct utcp_sandbox *sb,
		     bool (*which)(const struct flow *flow,
				   const struct utcp_sandbox *sb),
		     struct utcp_error *e)
{
	struct rtnl *both = calloc(2, sizeof(*both));
	struct forget f = { sb, which, &both[1], 0 };
	struct utcp_error second = { 0 };
	int err;

	if (!both)
		return utcp_error_set(e, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	err = rtnl_open(&both[0], -1, NETLINK_NETFILTER, e);
	if (!err)
		err = rtnl_open(&both[1], -1, NETLINK_NETFILTER, &second);
	if (!err)
		err = look(&both[0], &f);
	if (err && second.code)
		*e = second;
	rtnl_close(&both[0]);
	rtnl_close(&both[1]);
	free(both);
	return err;
}
