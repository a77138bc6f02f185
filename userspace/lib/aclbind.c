// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Access lists: the ports that are bound to policies, and what became of their frames.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "acl.h"
#include "family.h"
#include "handle.h"
#include "list.h"
#include "netns.h"
#include "request.h"

/* --- reading --------------------------------------------------------------------- */

static int parse_drop(struct nl_span span, struct utcp_acl_counters *counters)
{
	uint32_t reason = 0;
	uint64_t count = 0;
	struct nl_attr a;
	int more, err = 0;

	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		if (a.type == UTCP_ACL_A_DROP_REASON)
			err = nl_attr_u32(&a, &reason);
		else if (a.type == UTCP_ACL_A_DROP_COUNT)
			err = nl_attr_u64(&a, &count);
	}
	if (reason > UTCP_ACL_DROP_REASON_MAX)
		reason = 0;
	counters->drops[reason] += count;
	return err ? err : more;
}

static int parse_counters(struct nl_span span,
			  struct utcp_acl_counters *counters)
{
	struct nl_attr a;
	int more, err = 0;

	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		switch (a.type) {
		case UTCP_ACL_A_DIRECTION_COUNTERS_FRAMES:
			err = nl_attr_u64(&a, &counters->frames);
			break;
		case UTCP_ACL_A_DIRECTION_COUNTERS_ALLOWED:
			err = nl_attr_u64(&a, &counters->allowed);
			break;
		case UTCP_ACL_A_DIRECTION_COUNTERS_REJECTED:
			err = nl_attr_u64(&a, &counters->rejected);
			break;
		case UTCP_ACL_A_DIRECTION_COUNTERS_DROP:
			err = parse_drop(a.value, counters);
			break;
		}
	}
	return err ? err : more;
}

static int parse_own(const struct nl_attr *a, struct utcp_acl_binding *binding)
{
	struct utcp_acl_address *to = &binding->addr[binding->addrs];

	/* A kernel that allows more than this library knows of. */
	if (binding->addrs == LIBUTCP_ACL_ADDRS_MAX)
		return 0;
	binding->addrs++;
	to->is6 = a->type == UTCP_ACL_A_BINDING_ADDR6;
	return nl_attr_bytes(a, to->addr, to->is6 ? 16 : 4);
}

static int parse_counted(struct nl_span span, struct utcp_acl_binding *binding)
{
	struct nl_attr a;
	int more, err = 0;

	memset(binding, 0, sizeof(*binding));
	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		switch (a.type) {
		case UTCP_ACL_A_BINDING_IFINDEX:
			err = nl_attr_u32(&a, &binding->ifindex);
			break;
		case UTCP_ACL_A_BINDING_IFNAME:
			err = nl_attr_str(&a, binding->name,
					  sizeof(binding->name));
			break;
		case UTCP_ACL_A_BINDING_POLICY:
			err = nl_attr_str(&a, binding->policy,
					  sizeof(binding->policy));
			break;
		case UTCP_ACL_A_BINDING_MAC:
			err = nl_attr_mac(&a, binding->mac);
			binding->has_mac = true;
			break;
		case UTCP_ACL_A_BINDING_ADDR4:
		case UTCP_ACL_A_BINDING_ADDR6:
			err = parse_own(&a, binding);
			break;
		case UTCP_ACL_A_BINDING_KIND:
			err = nl_attr_u32(&a, &binding->kind);
			break;
		case UTCP_ACL_A_BINDING_NETNS:
			err = nl_attr_u32(&a, &binding->netns);
			break;
		case UTCP_ACL_A_BINDING_DEVICES:
			err = nl_attr_u32(&a, &binding->devices);
			break;
		case UTCP_ACL_A_BINDING_IN:
			err = parse_counters(a.value, &binding->in);
			break;
		case UTCP_ACL_A_BINDING_OUT:
			err = parse_counters(a.value, &binding->out);
			break;
		}
	}
	return err ? err : more;
}

int acl_binding_parse(struct nl_span span, struct utcp_acl_binding *binding)
{
	int err = parse_counted(span, binding);

	if (err)
		return err;
	/* A module that knows of ports alone does not say it. */
	if (!binding->kind)
		binding->kind = UTCP_ACL_BINDING_KIND_PORT;
	if (binding->kind == UTCP_ACL_BINDING_KIND_PORT &&
	    !(binding->ifindex && binding->name[0] && binding->policy[0]))
		return -EBADMSG;
	return 0;
}

/* --- asking ------------------------------------------------------------------------ */

static int parse_binding_record(struct nl_span span, void *record)
{
	return acl_binding_parse(span, record);
}

static struct nl_list binding_list(void)
{
	return (struct nl_list){ .size = sizeof(struct utcp_acl_binding),
				 .parse = parse_binding_record,
				 .what = "binding" };
}

static int binding_run(struct utcp_handle *h, uint8_t cmd, const char *port,
		       struct utcp_acl_binding *binding)
{
	struct nl_list list = binding_list();
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, cmd, false);
	if (err)
		return err;
	request_str(&r, UTCP_ACL_A_BINDING_IFNAME, port);
	return list_run_one(h, &r, LIBUTCP_ACL, &list, binding);
}

int utcp_acl_bind(struct utcp_handle *h, const struct utcp_acl_binding *like,
		  struct utcp_acl_binding *binding)
{
	struct nl_list list = binding_list();
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_BIND_SET, false);
	if (err)
		return err;
	request_str(&r, UTCP_ACL_A_BINDING_IFNAME, like->name);
	request_str(&r, UTCP_ACL_A_BINDING_POLICY, like->policy);
	if (like->has_mac)
		request_bytes(&r, UTCP_ACL_A_BINDING_MAC, like->mac, 6);
	for (uint32_t i = 0; i < like->addrs; i++) {
		const struct utcp_acl_address *a = &like->addr[i];

		request_bytes(&r,
			      a->is6 ? UTCP_ACL_A_BINDING_ADDR6 :
				       UTCP_ACL_A_BINDING_ADDR4,
			      a->addr, a->is6 ? 16 : 4);
	}
	return list_run_one(h, &r, LIBUTCP_ACL, &list, binding);
}

int utcp_acl_unbind(struct utcp_handle *h, const char *port,
		    struct utcp_acl_binding *binding)
{
	return binding_run(h, UTCP_ACL_CMD_BIND_DEL, port, binding);
}

/* A request about a namespace as a whole. */
static int ns_run(struct utcp_handle *h, uint8_t cmd, const char *netns,
		  const char *policy, struct utcp_acl_binding *binding)
{
	struct nl_list list = binding_list();
	struct nl_request r;
	int err, fd = -1;

	err = family_begin(h, &r, LIBUTCP_ACL, cmd, false);
	if (err)
		return err;
	if (netns) {
		fd = netns_open(netns, &h->error);
		if (fd < 0)
			return fd;
		request_u32(&r, UTCP_ACL_A_BINDING_NETNS_FD, (uint32_t)fd);
	}
	request_u32(&r, UTCP_ACL_A_BINDING_KIND,
		    netns ? UTCP_ACL_BINDING_KIND_IMPOSED :
			    UTCP_ACL_BINDING_KIND_OWN);
	if (policy)
		request_str(&r, UTCP_ACL_A_BINDING_POLICY, policy);
	err = list_run_one(h, &r, LIBUTCP_ACL, &list, binding);
	if (fd >= 0)
		close(fd);
	return err;
}

int utcp_acl_ns_bind(struct utcp_handle *h, const char *netns,
		     const char *policy, struct utcp_acl_binding *binding)
{
	return ns_run(h, UTCP_ACL_CMD_BIND_SET, netns, policy, binding);
}

int utcp_acl_ns_unbind(struct utcp_handle *h, const char *netns,
		       struct utcp_acl_binding *binding)
{
	return ns_run(h, UTCP_ACL_CMD_BIND_DEL, netns, NULL, binding);
}

int utcp_acl_binding_list(struct utcp_handle *h, const char *policy,
			  struct utcp_acl_binding **bindings, size_t *n)
{
	struct nl_list list = binding_list();
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_BIND_GET, true);
	if (!err && policy)
		request_str(&r, UTCP_ACL_A_BINDING_POLICY, policy);
	if (!err)
		err = list_run(h, &r, LIBUTCP_ACL, &list);
	*bindings = (struct utcp_acl_binding *)list.records;
	*n = list.n;
	return err;
}

static int parse_sum(struct nl_span span, void *record)
{
	return parse_counted(span, record);
}

int utcp_acl_stats(struct utcp_handle *h, struct utcp_acl_binding *sum)
{
	struct nl_list list = { .size = sizeof(*sum),
				.parse = parse_sum,
				.what = "counters" };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_STATS_GET, false);
	if (err)
		return err;
	return list_run_one(h, &r, LIBUTCP_ACL, &list, sum);
}
