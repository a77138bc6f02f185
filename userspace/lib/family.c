// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The families: constants of each, and their numbers in the running kernel.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/netswitch.h>
#include <linux/utcp.h>
#include <linux/utcp_acl.h>
#include <linux/utcp_shaper.h>

#include "error.h"
#include "family.h"
#include "handle.h"

/* Every family has these under the same names. */
#define FAMILY(P, MODULE, NAMES)                                          \
	{                                                                 \
		.name = P##_FAMILY_NAME, .module = (MODULE),              \
		.group = P##_MCGRP_EVENTS, .version = P##_FAMILY_VERSION, \
		.abi = P##_ABI_VERSION, .cmd_info_get = P##_CMD_INFO_GET, \
		.cmd_limits_set = P##_CMD_LIMITS_SET,                     \
		.cmd_limits_ntf = P##_CMD_LIMITS_NTF,                     \
		.a_version = P##_A_INFO_VERSION, .a_abi = P##_A_INFO_ABI, \
		.a_limits = P##_A_INFO_LIMITS, .names = (NAMES),          \
	}

const struct family_desc family_descs[LIBUTCP_FAMILIES] = {
	[LIBUTCP_NETSWITCH] = FAMILY(NETSWITCH, "netswitch", &netswitch_names),
	[LIBUTCP_UTCP] = FAMILY(UTCP, "utcp", &utcp_names),
	[LIBUTCP_ACL] = FAMILY(UTCP_ACL, "utcp_acl", &utcp_acl_names),
	[LIBUTCP_SHAPER] =
		FAMILY(UTCP_SHAPER, "utcp_shaper", &utcp_shaper_names),
};

static bool valid(enum utcp_family family)
{
	return (unsigned int)family < LIBUTCP_FAMILIES;
}

const char *utcp_family_name(enum utcp_family family)
{
	return valid(family) ? family_descs[family].name : NULL;
}

const char *utcp_family_module(enum utcp_family family)
{
	return valid(family) ? family_descs[family].module : NULL;
}

const struct utcp_limit_desc *utcp_family_limit(enum utcp_family family,
						size_t index)
{
	const struct nl_names *names;

	if (!valid(family))
		return NULL;
	names = family_descs[family].names;
	return index < names->limits->n ? &names->limit_descs[index] : NULL;
}

/* One group of a family: an array member with a name and an id. */
static int parse_group(struct nl_span span, const char *wanted, uint32_t *id)
{
	char name[GENL_NAMSIZ] = "";
	struct nl_attr a;
	uint32_t value = 0;
	int more;

	while ((more = nl_attr_next(&span, &a)) > 0) {
		if (a.type == CTRL_ATTR_MCAST_GRP_NAME &&
		    nl_attr_str(&a, name, sizeof(name)))
			return -EBADMSG;
		if (a.type == CTRL_ATTR_MCAST_GRP_ID && nl_attr_u32(&a, &value))
			return -EBADMSG;
	}
	if (more == 0 && strcmp(name, wanted) == 0)
		*id = value;
	return more;
}

static int parse_groups(struct nl_span span, const char *wanted, uint32_t *id)
{
	struct nl_attr a;
	int more, err;

	while ((more = nl_attr_next(&span, &a)) > 0) {
		err = parse_group(a.value, wanted, id);
		if (err)
			return err;
	}
	return more;
}

int family_parse(struct nl_span attrs, struct family_found *found)
{
	struct nl_span groups = { 0 };
	char name[GENL_NAMSIZ] = "";
	struct nl_attr a;
	int more;

	memset(found, 0, sizeof(*found));
	found->family = LIBUTCP_FAMILIES;
	while ((more = nl_attr_next(&attrs, &a)) > 0) {
		if (a.type == CTRL_ATTR_FAMILY_NAME &&
		    nl_attr_str(&a, name, sizeof(name)))
			return -EBADMSG;
		if (a.type == CTRL_ATTR_FAMILY_ID &&
		    nl_attr_u16(&a, &found->id))
			return -EBADMSG;
		if (a.type == CTRL_ATTR_MCAST_GROUPS)
			groups = a.value;
	}
	if (more < 0)
		return more;
	for (int f = 0; f < LIBUTCP_FAMILIES; f++) {
		if (strcmp(name, family_descs[f].name) != 0)
			continue;
		if (found->id < NLMSG_MIN_TYPE)
			return -EBADMSG;
		found->family = (enum utcp_family)f;
		more = parse_groups(groups, family_descs[f].group,
				    &found->group);
		return more < 0 ? more : 1;
	}
	return 0;
}

static int take_family(struct utcp_handle *h, const struct nl_msg *msg,
		       void *arg)
{
	struct family_found found;
	int ours = family_parse(msg->body, &found);

	(void)arg;
	if (ours < 0)
		return utcp_error_malformed(&h->error, "family");
	if (ours) {
		h->ids[found.family] = found.id;
		h->groups[found.family] = found.group;
	}
	return 0;
}

static void forget_families(void *arg)
{
	struct utcp_handle *h = arg;

	memset(h->ids, 0, sizeof(h->ids));
	memset(h->groups, 0, sizeof(h->groups));
}

int family_refresh(struct utcp_handle *h)
{
	struct nl_request r;

	request_begin(h, &r, GENL_ID_CTRL, 1, CTRL_CMD_GETFAMILY, true);
	r.reply = CTRL_CMD_NEWFAMILY;
	r.record = take_family;
	r.restart = forget_families;
	r.arg = h;
	forget_families(h);
	return request_run(h, &r);
}

int utcp_families_loaded(struct utcp_handle *h, unsigned int *mask)
{
	int err = family_refresh(h);

	*mask = 0;
	for (unsigned int f = 0; !err && f < LIBUTCP_FAMILIES; f++)
		if (h->ids[f])
			*mask |= 1U << f;
	return err;
}

static int no_module(struct utcp_handle *h, enum utcp_family family)
{
	return utcp_error_set(&h->error, LIBUTCP_E_NO_MODULE, ENOENT,
			      "module %s is not loaded",
			      family_descs[family].module);
}

/*
 * By its name: a list of all is ten times as long, and most of who asks needs two or three.
 * Who is asked for one that is not there has modprobe(8) look for it, which finds nothing:
 * our modules are loaded by whoever wants them, and not by being asked for.
 */
static int family_find(struct utcp_handle *h, enum utcp_family family)
{
	struct nl_request r;
	int err;

	request_begin(h, &r, GENL_ID_CTRL, 1, CTRL_CMD_GETFAMILY, false);
	request_str(&r, CTRL_ATTR_FAMILY_NAME, family_descs[family].name);
	request_one(&r);
	r.reply = CTRL_CMD_NEWFAMILY;
	r.record = take_family;
	err = request_run(h, &r);
	if (!err && !h->ids[family])
		err = utcp_error_malformed(&h->error, "family");
	return err == -ENOENT ? no_module(h, family) : err;
}

int family_begin(struct utcp_handle *h, struct nl_request *r,
		 enum utcp_family family, uint8_t cmd, bool dump)
{
	const struct family_desc *d;

	utcp_error_clear(&h->error);
	if (!valid(family))
		return utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, EINVAL,
				      "no such family: %d", (int)family);
	d = &family_descs[family];
	if (!h->ids[family]) {
		int err = family_find(h, family);

		if (err)
			return err;
	}
	request_begin(h, r, h->ids[family], d->version, cmd, dump);
	r->set = nl_names_op(d->names, cmd);
	r->reply = cmd;
	return 0;
}

/* "No such object", or a family id of before the module was reloaded? */
static int run_again(struct utcp_handle *h, struct nl_request *r,
		     enum utcp_family family)
{
	const struct utcp_error error = h->error;
	const size_t len = r->nlh->nlmsg_len;
	void *keep = malloc(len);
	int refresh;

	if (!keep)
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	memcpy(keep, r->nlh, len);
	refresh = family_refresh(h);
	memcpy(r->nlh, keep, len);
	free(keep);
	if (refresh)
		return refresh;
	if (!h->ids[family])
		return no_module(h, family);
	if (h->ids[family] == r->nlh->nlmsg_type) {
		h->error = error;
		return -ENOENT;
	}
	r->nlh->nlmsg_type = h->ids[family];
	utcp_error_clear(&h->error);
	return request_run(h, r);
}

int family_run(struct utcp_handle *h, struct nl_request *r,
	       enum utcp_family family)
{
	int err = request_run(h, r);

	if (err != -ENOENT || h->error.code != LIBUTCP_E_NOT_FOUND ||
	    h->error.attribute[0])
		return err;
	return run_again(h, r, family);
}
