// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Links of sandboxes, their addresses and routes.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include "rtnl.h"
#include "sandboxlink.h"
#include "sandboxstate.h"

/* Kernels add numbers at the end: these four are in all. */
static void take_stats(const struct nl_attr *a, struct link_info *info)
{
	struct rtnl_link_stats64 stats;
	const size_t needed = 4 * sizeof(stats.rx_packets);

	if (a->value.len < needed)
		return;
	memcpy(&stats, a->value.data, needed);
	info->rx_packets = stats.rx_packets;
	info->tx_packets = stats.tx_packets;
	info->rx_bytes = stats.rx_bytes;
	info->tx_bytes = stats.tx_bytes;
}

static int take_kind(const struct nl_attr *nest, struct link_info *info)
{
	struct nl_span span = nest->value;
	struct nl_attr a;
	char kind[16] = "";
	int more;

	while ((more = nl_attr_next(&span, &a)) > 0)
		if (a.type == IFLA_INFO_KIND)
			nl_attr_str(&a, kind, sizeof(kind));
	info->is_veth = strcmp(kind, "veth") == 0;
	return more;
}

static int take_attribute(const struct nl_attr *a, struct link_info *info)
{
	uint32_t nsid;
	int err = 0;

	switch (a->type) {
	case IFLA_IFNAME:
		return nl_attr_str(a, info->name, sizeof(info->name));
	case IFLA_LINK:
		return nl_attr_u32(a, &info->peer);
	case IFLA_LINK_NETNSID:
		err = nl_attr_u32(a, &nsid);
		info->nsid = err ? -1 : (int32_t)nsid;
		return err;
	case IFLA_MASTER:
		return nl_attr_u32(a, &info->master);
	case IFLA_LINKINFO:
		return take_kind(a, info);
	case IFLA_STATS64:
		take_stats(a, info);
		return 0;
	case IFLA_ADDRESS:
		/* that of a device without one has another length */
		nl_attr_mac(a, info->mac);
		return 0;
	default:
		return 0;
	}
}

static int take_link(const struct nl_msg *msg, void *arg)
{
	struct link_info *info = arg;
	struct nl_span span = msg->body;
	struct ifinfomsg head;
	struct nl_attr a;
	int more, err = 0;

	if (msg->type != RTM_NEWLINK || span.len < sizeof(head))
		return -EBADMSG;
	memset(info, 0, sizeof(*info));
	memcpy(&head, span.data, sizeof(head));
	span.data += NLMSG_ALIGN(sizeof(head));
	span.len -= NLMSG_ALIGN(sizeof(head));
	info->index = (uint32_t)head.ifi_index;
	info->up = head.ifi_flags & IFF_UP;
	info->nsid = -1;
	while (!err && (more = nl_attr_next(&span, &a)) > 0)
		err = take_attribute(&a, info);
	/* The peer in the same namespace is no way into a sandbox. */
	if (info->nsid < 0 || !info->is_veth)
		info->peer = 0;
	return err ? err : more;
}

static int link_find(struct rtnl *r, uint32_t index, const char *name,
		     struct link_info *info)
{
	const struct ifinfomsg head = { .ifi_family = AF_UNSPEC,
					.ifi_index = (int)index };
	int err;

	memset(info, 0, sizeof(*info));
	rtnl_begin(r, RTM_GETLINK, 0, &head, sizeof(head));
	if (name)
		rtnl_str(r, IFLA_IFNAME, name);
	err = rtnl_run(r, take_link, info);
	return !err && !info->index ? -ENODEV : err;
}

int link_get(struct rtnl *r, const char *name, struct link_info *info)
{
	return link_find(r, 0, name, info);
}

int link_get_index(struct rtnl *r, uint32_t index, struct link_info *info)
{
	return link_find(r, index, NULL, info);
}

/* Who wants to see each device of a list. */
struct each {
	int (*take)(const struct link_info *info, void *arg);
	void *arg;
};

static int take_each(const struct nl_msg *msg, void *arg)
{
	const struct each *each = arg;
	struct link_info info;
	int err = take_link(msg, &info);

	return err ? err : each->take(&info, each->arg);
}

int link_each(struct rtnl *r,
	      int (*take)(const struct link_info *info, void *arg), void *arg)
{
	const struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	struct each each = { take, arg };

	rtnl_begin(r, RTM_GETLINK, NLM_F_DUMP, &head, sizeof(head));
	return rtnl_dump(r, take_each, &each);
}

static int take_nsid(const struct nl_msg *msg, void *arg)
{
	struct nl_span span = msg->body;
	struct nl_attr a;
	uint32_t nsid;
	int more;

	if (msg->type != RTM_NEWNSID ||
	    span.len < NLMSG_ALIGN(sizeof(struct rtgenmsg)))
		return -EBADMSG;
	span.data += NLMSG_ALIGN(sizeof(struct rtgenmsg));
	span.len -= NLMSG_ALIGN(sizeof(struct rtgenmsg));
	while ((more = nl_attr_next(&span, &a)) > 0)
		if (a.type == NETNSA_NSID && !nl_attr_u32(&a, &nsid))
			*(int32_t *)arg = (int32_t)nsid;
	return more;
}

int link_nsid(struct rtnl *r, int netns, int32_t *nsid)
{
	const struct rtgenmsg head = { .rtgen_family = AF_UNSPEC };

	*nsid = -1;
	rtnl_begin(r, RTM_GETNSID, 0, &head, sizeof(head));
	rtnl_u32(r, NETNSA_FD, (uint32_t)netns);
	return rtnl_run(r, take_nsid, nsid);
}

/* Who wants to see each address of a device. */
struct each_address {
	uint32_t index;
	int (*take)(const struct utcp_sandbox_prefix *address, void *arg);
	void *arg;
};

static int take_address(const struct nl_msg *msg, void *arg)
{
	const struct each_address *each = arg;
	struct utcp_sandbox_prefix address = { 0 };
	struct nl_span span = msg->body;
	struct ifaddrmsg head;
	bool local = false;
	struct nl_attr a;
	int more;

	if (msg->type != RTM_NEWADDR || span.len < sizeof(head))
		return -EBADMSG;
	memcpy(&head, span.data, sizeof(head));
	span.data += NLMSG_ALIGN(sizeof(head));
	span.len -= NLMSG_ALIGN(sizeof(head));
	if (head.ifa_index != each->index ||
	    (head.ifa_family != AF_INET && head.ifa_family != AF_INET6))
		return 0;
	address.is6 = head.ifa_family == AF_INET6;
	address.len = head.ifa_prefixlen;
	/* Where there is a peer's address, it is IFA_ADDRESS. */
	while ((more = nl_attr_next(&span, &a)) > 0)
		if (a.type == IFA_LOCAL || (a.type == IFA_ADDRESS && !local)) {
			local = a.type == IFA_LOCAL;
			if (nl_attr_bytes(&a, address.addr,
					  address.is6 ? 16 : 4))
				return -EBADMSG;
		}
	return more ? more : each->take(&address, each->arg);
}

int link_address_each(struct rtnl *r, uint32_t index,
		      int (*take)(const struct utcp_sandbox_prefix *address,
				  void *arg),
		      void *arg)
{
	const struct ifaddrmsg head = { .ifa_family = AF_UNSPEC,
					.ifa_index = index };
	struct each_address each = { index, take, arg };

	rtnl_begin(r, RTM_GETADDR, NLM_F_DUMP, &head, sizeof(head));
	return rtnl_dump(r, take_address, &each);
}

int link_del(struct rtnl *r, const char *name)
{
	const struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	int err;

	rtnl_begin(r, RTM_DELLINK, 0, &head, sizeof(head));
	rtnl_str(r, IFLA_IFNAME, name);
	err = rtnl_run(r, NULL, NULL);
	return err == -ENODEV ? 0 : err;
}

/* So that both sides have addresses that nobody changes: udev leaves those alone. */
static void host_mac(const struct utcp_sandbox *sb, uint8_t mac[6])
{
	mac[0] = 0x06;
	mac[1] = 0x75;
	memcpy(&mac[2], &sb->id, sizeof(sb->id));
}

int link_veth(struct rtnl *r, const struct utcp_sandbox *sb, uint32_t bridge,
	      int netns, uint32_t mtu)
{
	const struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	struct nlattr *info, *data, *peer;
	uint8_t mac[6];

	host_mac(sb, mac);
	rtnl_begin(r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head,
		   sizeof(head));
	rtnl_str(r, IFLA_IFNAME, sb->dev);
	rtnl_put(r, IFLA_ADDRESS, mac, sizeof(mac));
	rtnl_u32(r, IFLA_MASTER, bridge);
	if (mtu)
		rtnl_u32(r, IFLA_MTU, mtu);
	info = rtnl_nest(r, IFLA_LINKINFO);
	rtnl_str(r, IFLA_INFO_KIND, "veth");
	data = rtnl_nest(r, IFLA_INFO_DATA);
	peer = rtnl_nest(r, VETH_INFO_PEER);
	/* a header without a type, then attributes */
	if (r->nlh && r->nlh->nlmsg_len + sizeof(head) <= RTNL_MESSAGE_SIZE) {
		memcpy((char *)r->nlh + r->nlh->nlmsg_len, &head, sizeof(head));
		r->nlh->nlmsg_len += NLMSG_ALIGN(sizeof(head));
	}
	rtnl_str(r, IFLA_IFNAME, sandbox_ifname(sb));
	if (mtu)
		rtnl_u32(r, IFLA_MTU, mtu);
	rtnl_put(r, IFLA_ADDRESS, sb->mac, sizeof(sb->mac));
	rtnl_u32(r, IFLA_NET_NS_FD, (uint32_t)netns);
	rtnl_nest_end(r, peer);
	rtnl_nest_end(r, data);
	rtnl_nest_end(r, info);
	return rtnl_run(r, NULL, NULL);
}

int link_bridge(struct rtnl *r, const char *name, const uint8_t mac[6])
{
	const struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	struct nlattr *info;

	rtnl_begin(r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head,
		   sizeof(head));
	rtnl_str(r, IFLA_IFNAME, name);
	rtnl_put(r, IFLA_ADDRESS, mac, 6);
	info = rtnl_nest(r, IFLA_LINKINFO);
	rtnl_str(r, IFLA_INFO_KIND, "bridge");
	rtnl_nest_end(r, info);
	return rtnl_run(r, NULL, NULL);
}

static int set_up(struct rtnl *r, uint32_t index, const char *name, bool up)
{
	const struct ifinfomsg head = {
		.ifi_family = AF_UNSPEC,
		.ifi_index = (int)index,
		.ifi_flags = up ? IFF_UP : 0,
		.ifi_change = IFF_UP,
	};

	rtnl_begin(r, RTM_NEWLINK, 0, &head, sizeof(head));
	if (!index)
		rtnl_str(r, IFLA_IFNAME, name);
	return rtnl_run(r, NULL, NULL);
}

int link_up(struct rtnl *r, uint32_t index, const char *name)
{
	return set_up(r, index, name, true);
}

int link_down(struct rtnl *r, uint32_t index)
{
	return set_up(r, index, NULL, false);
}

int link_no_autoconf(struct rtnl *r, const char *name)
{
	const struct ifinfomsg head = {
		.ifi_family = AF_UNSPEC,
	};
	const uint8_t none = IN6_ADDR_GEN_MODE_NONE;
	struct nlattr *spec, *inet6;

	rtnl_begin(r, RTM_NEWLINK, 0, &head, sizeof(head));
	rtnl_str(r, IFLA_IFNAME, name);
	spec = rtnl_nest(r, IFLA_AF_SPEC);
	inet6 = rtnl_nest(r, AF_INET6);
	rtnl_put(r, IFLA_INET6_ADDR_GEN_MODE, &none, sizeof(none));
	rtnl_nest_end(r, inet6);
	rtnl_nest_end(r, spec);
	return rtnl_run(r, NULL, NULL);
}

static bool is_link_local(const struct utcp_sandbox_prefix *address)
{
	return address->is6 && address->addr[0] == 0xfe &&
	       address->addr[1] == 0x80;
}

int link_address(struct rtnl *r, uint32_t index,
		 const struct utcp_sandbox_prefix *address)
{
	/* Nobody else has it: to ask for that would take seconds. */
	const struct ifaddrmsg head = {
		.ifa_family = address->is6 ? AF_INET6 : AF_INET,
		.ifa_prefixlen = (uint8_t)address->len,
		.ifa_flags = address->is6 ? IFA_F_NODAD : 0,
		.ifa_scope = is_link_local(address) ? RT_SCOPE_LINK :
						      RT_SCOPE_UNIVERSE,
		.ifa_index = index,
	};
	size_t len = address->is6 ? 16 : 4;
	uint8_t broadcast[4];

	rtnl_begin(r, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, &head,
		   sizeof(head));
	rtnl_put(r, IFA_LOCAL, address->addr, len);
	rtnl_put(r, IFA_ADDRESS, address->addr, len);
	if (!address->is6) {
		for (uint32_t i = 0; i < 4; i++) {
			uint32_t own =
				address->len > 8 * i ? address->len - 8 * i : 0;

			broadcast[i] = address->addr[i] |
				       (uint8_t)(own < 8 ? 0xff >> own : 0);
		}
		rtnl_put(r, IFA_BROADCAST, broadcast, sizeof(broadcast));
	}
	return rtnl_run(r, NULL, NULL);
}

int link_route(struct rtnl *r, uint32_t index,
	       const struct utcp_sandbox_prefix *dst,
	       const struct utcp_sandbox_prefix *gateway)
{
	const struct rtmsg head = {
		.rtm_family = dst->is6 ? AF_INET6 : AF_INET,
		.rtm_dst_len = (uint8_t)dst->len,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
	};
	size_t len = dst->is6 ? 16 : 4;

	/* Behind those of other links: a namespace may have more than one. */
	rtnl_begin(r, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND, &head,
		   sizeof(head));
	if (dst->len)
		rtnl_put(r, RTA_DST, dst->addr, len);
	rtnl_put(r, RTA_GATEWAY, gateway->addr, len);
	rtnl_u32(r, RTA_OIF, index);
	return rtnl_run(r, NULL, NULL);
}

/* A route that is looked for. */
struct route_search {
	uint32_t index;
	const struct utcp_sandbox_prefix *dst;
	const struct utcp_sandbox_prefix *gateway;
	bool found;
};

static int take_route(const struct nl_msg *msg, void *arg)
{
	struct route_search *s = arg;
	struct nl_span span = msg->body;
	uint8_t dst[16] = { 0 }, gateway[16] = { 0 };
	size_t len = s->dst->is6 ? 16 : 4;
	uint32_t index = 0;
	struct rtmsg head;
	struct nl_attr a;
	int more, err = 0;

	if (msg->type != RTM_NEWROUTE || span.len < sizeof(head))
		return -EBADMSG;
	memcpy(&head, span.data, sizeof(head));
	span.data += NLMSG_ALIGN(sizeof(head));
	span.len -= NLMSG_ALIGN(sizeof(head));
	if (head.rtm_family != (s->dst->is6 ? AF_INET6 : AF_INET) ||
	    head.rtm_table != RT_TABLE_MAIN || head.rtm_type != RTN_UNICAST ||
	    head.rtm_dst_len != s->dst->len)
		return 0;
	while (!err && (more = nl_attr_next(&span, &a)) > 0)
		if (a.type == RTA_OIF)
			err = nl_attr_u32(&a, &index);
		else if (a.type == RTA_DST)
			err = nl_attr_bytes(&a, dst, len);
		else if (a.type == RTA_GATEWAY)
			err = nl_attr_bytes(&a, gateway, len);
	if (err || more)
		return err ? err : more;
	if (index == s->index && memcmp(dst, s->dst->addr, len) == 0 &&
	    (!s->gateway->len || memcmp(gateway, s->gateway->addr, len) == 0))
		s->found = true;
	return 0;
}

int link_route_is(struct rtnl *r, uint32_t index,
		  const struct utcp_sandbox_prefix *dst,
		  const struct utcp_sandbox_prefix *gateway)
{
	const struct rtmsg head = {
		.rtm_family = dst->is6 ? AF_INET6 : AF_INET,
	};
	struct route_search s = { index, dst, gateway, false };
	int err;

	rtnl_begin(r, RTM_GETROUTE, NLM_F_DUMP, &head, sizeof(head));
	err = rtnl_dump(r, take_route, &s);
	return !err && !s.found ? -ENOENT : err;
}

bool link_has_ipv6(void)
{
	static const char path[] =
		"/proc/sys/net/ipv6/conf/default/disable_ipv6";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char answer = '1';

	if (fd < 0)
		return false;
	if (read(fd, &answer, 1) != 1)
		answer = '1';
	close(fd);
	return answer == '0';
}
