// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Grants of rings.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netswitch.h>

#include "error.h"
#include "family.h"
#include "grant.h"
#include "handle.h"
#include "list.h"
#include "request.h"

int grant_parse(struct nl_span span, struct utcp_grant *grant)
{
	unsigned int n_who = 0;
	struct nl_attr a;
	int more, err = 0;

	memset(grant, 0, sizeof(*grant));
	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		switch (a.type) {
		case NETSWITCH_A_GRANT_IFINDEX:
			err = nl_attr_u32(&a, &grant->ifindex);
			break;
		case NETSWITCH_A_GRANT_IFNAME:
			err = nl_attr_str(&a, grant->name, sizeof(grant->name));
			break;
		case NETSWITCH_A_GRANT_ETHERTYPE:
			err = nl_attr_u32(&a, &grant->ethertype);
			break;
		case NETSWITCH_A_GRANT_UID:
		case NETSWITCH_A_GRANT_GID:
			err = nl_attr_u32(&a, &grant->id);
			grant->is_group = a.type == NETSWITCH_A_GRANT_GID;
			n_who++;
			break;
		case NETSWITCH_A_GRANT_MAC:
			err = nl_attr_mac(&a, grant->mac);
			grant->has_mac = !err;
			break;
		}
	}
	if (!err && !more &&
	    !(grant->ifindex && grant->name[0] && grant->ethertype &&
	      n_who == 1))
		return -EBADMSG;
	return err ? err : more;
}

static int parse_record(struct nl_span span, void *record)
{
	return grant_parse(span, record);
}

/* A request about one grant, answered with it. */
static int grant_run(struct utcp_handle *h, uint8_t cmd,
		     const struct utcp_grant *grant, struct utcp_grant *answer)
{
	struct nl_list list = { .size = sizeof(*grant),
				.parse = parse_record,
				.what = "grant" };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_NETSWITCH, cmd, false);
	if (err)
		return err;
	request_str(&r, NETSWITCH_A_GRANT_IFNAME, grant->name);
	request_u32(&r, NETSWITCH_A_GRANT_ETHERTYPE, grant->ethertype);
	request_u32(&r,
		    grant->is_group ? NETSWITCH_A_GRANT_GID :
				      NETSWITCH_A_GRANT_UID,
		    grant->id);
	if (grant->has_mac)
		request_bytes(&r, NETSWITCH_A_GRANT_MAC, grant->mac,
			      sizeof(grant->mac));
	return list_run_one(h, &r, LIBUTCP_NETSWITCH, &list, answer);
}

int utcp_grant_add(struct utcp_handle *h, const struct utcp_grant *grant,
		   struct utcp_grant *made)
{
	return grant_run(h, NETSWITCH_CMD_GRANT_ADD, grant, made);
}

int utcp_grant_del(struct utcp_handle *h, const struct utcp_grant *grant,
		   struct utcp_grant *was)
{
	return grant_run(h, NETSWITCH_CMD_GRANT_DEL, grant, was);
}

int utcp_grant_list(struct utcp_handle *h, const char *name,
		    struct utcp_grant **grants, size_t *n)
{
	struct nl_list list = { .size = sizeof(**grants),
				.parse = parse_record,
				.what = "grant" };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_NETSWITCH, NETSWITCH_CMD_GRANT_GET,
			   true);
	if (!err && name)
		request_str(&r, NETSWITCH_A_GRANT_IFNAME, name);
	if (!err)
		err = list_run(h, &r, LIBUTCP_NETSWITCH, &list);
	*grants = (struct utcp_grant *)list.records;
	*n = list.n;
	return err;
}
