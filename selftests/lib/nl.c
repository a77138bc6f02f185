// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests to the four families. See nl.h.
 */
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/utcp.h>
#include <linux/utcp_acl.h>
#include <linux/utcp_shaper.h>

#include "nl.h"

/* An emulated debug kernel takes its time; a lost answer still ends the test. */
#define ANSWER_SECONDS 30

#define SAME_SHAPE(P)                                                         \
	_Static_assert(                                                       \
		(int)P##_A_INFO_VERSION == (int)NETSWITCH_A_INFO_VERSION &&   \
			(int)P##_A_INFO_ABI == (int)NETSWITCH_A_INFO_ABI &&   \
			(int)P##_A_INFO_LIMITS ==                             \
				(int)NETSWITCH_A_INFO_LIMITS &&               \
			(int)P##_CMD_INFO_GET ==                              \
				(int)NETSWITCH_CMD_INFO_GET &&                \
			(int)P##_CMD_LIMITS_SET ==                            \
				(int)NETSWITCH_CMD_LIMITS_SET &&              \
			(int)P##_CMD_LIMITS_NTF ==                            \
				(int)NETSWITCH_CMD_LIMITS_NTF &&              \
			P##_FAMILY_VERSION == 1 && P##_ABI_VERSION == NL_ABI, \
		#P " does not have the shape the families share")
SAME_SHAPE(NETSWITCH);
SAME_SHAPE(UTCP);
SAME_SHAPE(UTCP_ACL);
SAME_SHAPE(UTCP_SHAPER);

static const struct family families[] = {
	{ .name = NETSWITCH_FAMILY_NAME,
	  .n = NETSWITCH_A_LIMITS_MAX,
	  .limit = { { "ports", 1024, 65535 },
		     { "rings", 256, 65535 },
		     { "ring-memory", 256 * 1024, 16777216 },
		     { "grants", 64, 4096 } } },
	{ .name = UTCP_FAMILY_NAME,
	  .n = UTCP_A_LIMITS_MAX,
	  .limit = { { "cells", 64, 4096 },
		     { "peers", 4096, 1048576 },
		     { "sockets", 65536, 1048576 },
		     { "user-ports", 8192, 65535 },
		     { "buffer-memory", 256 * 1024, 1073741824 } } },
	{ .name = UTCP_ACL_FAMILY_NAME,
	  .n = UTCP_ACL_A_LIMITS_MAX,
	  .limit = { { "policies", 4096, 65535 },
		     { "rules", 256 * 1024, 4194304 },
		     { "sets", 4096, 65535 },
		     { "flows", 64 * 1024, 4194304 },
		     { "elems", 256 * 1024, 4194304 } } },
	{ .name = UTCP_SHAPER_FAMILY_NAME,
	  .n = UTCP_SHAPER_A_LIMITS_MAX,
	  .limit = { { "classes", 16 * 1024, 65535 },
		     { "queued", 64 * 1024, 1048576 } } },
};

/* By name; NULL if there is none. */
const struct family *family_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (!strcmp(families[i].name, name))
			return &families[i];
	return NULL;
}

static void family_reply(const struct nlmsghdr *nlh, struct client *c)
{
	const struct nlattr *attr, *group, *a;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			c->id = mnl_attr_get_u16(attr);
		if (mnl_attr_get_type(attr) != CTRL_ATTR_MCAST_GROUPS)
			continue;
		mnl_attr_for_each_nested(group, attr)
			mnl_attr_for_each_nested(a, group)
				if (mnl_attr_get_type(a) ==
				    CTRL_ATTR_MCAST_GRP_ID)
					c->group = mnl_attr_get_u32(a);
	}
}

/* Whatever is in one datagram: acknowledgments and data. */
static void take_error(const struct nlmsghdr *nlh, struct answer *a)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	/* at the end of a dump the error stands alone */
	size_t head = nlh->nlmsg_type == NLMSG_DONE ? sizeof(int) :
						      sizeof(*err);
	const struct nlattr *attr;

	a->err = -err->error;
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	/* NETLINK_CAP_ACK is on: no copy of the request stands between. */
	mnl_attr_for_each(attr, nlh, head) {
		switch (mnl_attr_get_type(attr)) {
		case NLMSGERR_ATTR_MSG:
			strncpy(a->msg, mnl_attr_get_str(attr),
				sizeof(a->msg) - 1);
			break;
		case NLMSGERR_ATTR_OFFS:
			a->offs = mnl_attr_get_u32(attr);
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			a->miss = mnl_attr_get_u32(attr);
			break;
		case NLMSGERR_ATTR_MISS_NEST:
			a->miss_nest = mnl_attr_get_u32(attr);
			break;
		}
	}
}

/**
 * client_answer() - take in what comes back for the last request
 * @c: whose
 * @a: what came
 *
 * Return: 0 when the acknowledgment has come, or an errno of the socket.
 */
int client_answer(struct client *c, struct answer *a)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *nlh;
	ssize_t len;
	int left;

	memset(a, 0, sizeof(*a));
	a->offs = -1;
	a->miss = -1;
	a->miss_nest = -1;
	for (;;) {
		len = mnl_socket_recvfrom(c->nl, buf, sizeof(buf));
		if (len < 0)
			return errno;
		left = len;
		for (nlh = (void *)buf; mnl_nlmsg_ok(nlh, left);
		     nlh = mnl_nlmsg_next(nlh, &left)) {
			const char *odd = NULL;

			if (nlh->nlmsg_type == NLMSG_ERROR ||
			    nlh->nlmsg_type == NLMSG_DONE) {
				if (nlh->nlmsg_seq != c->seq)
					continue;
				take_error(nlh, a);
				return 0;
			}
			a->replies++;
			if (nlh->nlmsg_type == GENL_ID_CTRL)
				family_reply(nlh, c);
			else if (nlh->nlmsg_seq != c->seq)
				odd = "sequence number is not the request's";
			else if (nlh->nlmsg_pid != mnl_socket_get_portid(c->nl))
				odd = "port id is not the request's";
			else
				odd = info_parse(nlh, c->family, 0, &a->info);
			if (odd && !a->odd)
				a->odd = odd;
		}
	}
}

static int socket_set_up(struct client *c)
{
	struct timeval limit = { .tv_sec = ANSWER_SECONDS };
	int one = 1;

	if (setsockopt(mnl_socket_get_fd(c->nl), SOL_SOCKET, SO_RCVTIMEO,
		       &limit, sizeof(limit)) ||
	    mnl_socket_setsockopt(c->nl, NETLINK_EXT_ACK, &one, sizeof(one)) ||
	    mnl_socket_setsockopt(c->nl, NETLINK_CAP_ACK, &one, sizeof(one)) ||
	    mnl_socket_bind(c->nl, 0, MNL_SOCKET_AUTOPID))
		return errno;
	return 0;
}

/**
 * client_open() - a socket in this namespace, and the family looked up
 * @c: to fill
 * @family: which
 *
 * Return: 0 or an errno; ENOENT if there is no such family.
 */
int client_open(struct client *c, const struct family *family)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh;
	struct answer a;
	int ret;

	memset(c, 0, sizeof(*c));
	c->family = family;
	c->nl = mnl_socket_open(NETLINK_GENERIC);
	if (!c->nl)
		return errno;
	ret = socket_set_up(c);
	if (ret)
		goto close;
	nlh = client_begin(c, buf, CTRL_CMD_GETFAMILY);
	nlh->nlmsg_type = GENL_ID_CTRL;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, family->name);
	ret = client_ask(c, nlh, &a);
	if (!ret)
		ret = a.err;
	if (!ret && (!c->id || !c->group))
		ret = EPROTO;
	if (!ret)
		return 0;
close:
	client_close(c);
	return ret;
}

void client_close(struct client *c)
{
	if (c->nl)
		mnl_socket_close(c->nl);
	c->nl = NULL;
}

/* A request without attributes; @buf has NL_BUFFER bytes. */
struct nlmsghdr *client_begin(struct client *c, void *buf, uint8_t cmd)
{
	struct nlmsghdr *nlh;
	struct genlmsghdr *genl;

	memset(buf, 0, NL_BUFFER);
	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_type = c->id;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	nlh->nlmsg_seq = ++c->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = 1;
	return nlh;
}

int client_send(struct client *c, const struct nlmsghdr *nlh)
{
	ssize_t len;

	if (c->writes)
		len = write(mnl_socket_get_fd(c->nl), nlh, nlh->nlmsg_len);
	else
		len = mnl_socket_sendto(c->nl, nlh, nlh->nlmsg_len);
	return len < 0 ? errno : 0;
}

int client_ask(struct client *c, const struct nlmsghdr *nlh, struct answer *a)
{
	int ret = client_send(c, nlh);

	return ret ? ret : client_answer(c, a);
}

/**
 * client_get() - info-get
 * @c: of whom
 * @info: what came
 *
 * Return: 0, an errno, or EPROTO if the reply was not as it has to be.
 */
int client_get(struct client *c, struct info *info)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct answer a;
	int ret;

	ret = client_ask(c, client_begin(c, buf, NETSWITCH_CMD_INFO_GET), &a);
	if (!ret)
		ret = a.err;
	if (!ret && (a.replies != 1 || a.odd))
		ret = EPROTO;
	if (!ret)
		*info = a.info;
	return ret;
}

/**
 * client_set() - limits-set
 * @c: of whom
 * @mask: which limits
 * @info: their values
 * @a: what came back
 *
 * Return: 0 if something came back, or an errno.
 */
int client_set(struct client *c, unsigned int mask, const struct info *info,
	       struct answer *a)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(c, buf, NETSWITCH_CMD_LIMITS_SET);
	struct nlattr *nest;
	unsigned int i;

	nest = mnl_attr_nest_start(nlh, NETSWITCH_A_INFO_LIMITS);
	for (i = 0; i < c->family->n; i++)
		if (mask & 1U << i)
			mnl_attr_put_u32(nlh, i + 1, info->val[i]);
	mnl_attr_nest_end(nlh, nest);
	return client_ask(c, nlh, a);
}

int client_join(struct client *c)
{
	return mnl_socket_setsockopt(c->nl, NETLINK_ADD_MEMBERSHIP, &c->group,
				     sizeof(c->group)) < 0 ?
		       errno :
		       0;
}

/**
 * client_event() - wait for one event
 * @c: a client that joined
 * @timeout_ms: how long
 * @info: its contents
 * @odd: what is wrong with it, or NULL
 *
 * Return: 0, ETIMEDOUT, or an errno.
 */
int client_event(struct client *c, int timeout_ms, struct info *info,
		 const char **odd)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct pollfd fd = { .fd = mnl_socket_get_fd(c->nl), .events = POLLIN };
	const struct nlmsghdr *nlh = (void *)buf;
	int ret = poll(&fd, 1, timeout_ms);
	ssize_t len;

	if (!ret)
		errno = ETIMEDOUT;
	len = ret == 1 ? mnl_socket_recvfrom(c->nl, buf, sizeof(buf)) : -1;
	if (len < 0)
		return errno;
	*odd = NULL;
	if (!mnl_nlmsg_ok(nlh, len) || nlh->nlmsg_len != (size_t)len)
		*odd = "not one message";
	else if (nlh->nlmsg_type != c->id)
		*odd = "not of the family";
	else if (nlh->nlmsg_seq || nlh->nlmsg_pid)
		*odd = "an event with the number of a request";
	else
		*odd = info_parse(nlh, c->family, NETSWITCH_CMD_LIMITS_NTF,
				  info);
	return 0;
}

static const char *limits_parse(const struct nlattr *nest,
				const struct family *family, struct info *info)
{
	const struct nlattr *attr;
	unsigned int n = 0;

	if (!(nest->nla_type & NLA_F_NESTED))
		return "limits have no nested flag";
	mnl_attr_for_each_nested(attr, nest) {
		if (n == family->n)
			return "more limits than the family has";
		if (attr->nla_type != n + 1)
			return "limits are not each there once, in order";
		if (mnl_attr_get_payload_len(attr) != sizeof(uint32_t))
			return "a limit is not 4 bytes long";
		info->val[n++] = mnl_attr_get_u32(attr);
	}
	if (n != family->n)
		return "fewer limits than the family has";
	if (mnl_attr_get_payload_len(nest) != n * 8)
		return "bytes left over in limits";
	return NULL;
}

/**
 * info_parse() - take apart a message of the shape of info-get's reply
 * @nlh: the message
 * @family: whose
 * @cmd: the command it should have; 0 if any request's
 * @info: what it says
 *
 * Return: what is wrong with it, or NULL.
 */
const char *info_parse(const struct nlmsghdr *nlh, const struct family *family,
		       uint8_t cmd, struct info *info)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	size_t len = NLMSG_HDRLEN + GENL_HDRLEN;
	unsigned int n = 0;
	const char *odd;

	if (nlh->nlmsg_len < len)
		return "shorter than its headers";
	if (genl->version != 1)
		return "version is not 1";
	if (cmd ? genl->cmd != cmd :
		  genl->cmd != NETSWITCH_CMD_INFO_GET &&
			    genl->cmd != NETSWITCH_CMD_LIMITS_SET)
		return "wrong command";
	if (nlh->nlmsg_flags)
		return "flags set";
	mnl_attr_for_each(attr, nlh, sizeof(*genl)) {
		len += MNL_ALIGN(attr->nla_len);
		if (mnl_attr_get_type(attr) != ++n)
			return "attributes are not each there once, in order";
		switch (n) {
		case NETSWITCH_A_INFO_VERSION:
			if (mnl_attr_get_payload_len(attr) !=
				    sizeof(NL_VERSION_STRING) ||
			    memcmp(mnl_attr_get_payload(attr),
				   NL_VERSION_STRING,
				   sizeof(NL_VERSION_STRING)))
				return "version is not " NL_VERSION_STRING;
			break;
		case NETSWITCH_A_INFO_ABI:
			if (mnl_attr_get_payload_len(attr) !=
				    sizeof(uint32_t) ||
			    mnl_attr_get_u32(attr) != NL_ABI)
				return "abi is not what it should be";
			break;
		case NETSWITCH_A_INFO_LIMITS:
			odd = limits_parse(attr, family, info);
			if (odd)
				return odd;
			break;
		default:
			return "unknown attribute";
		}
	}
	if (n != NETSWITCH_A_INFO_LIMITS)
		return "not all attributes are there";
	if (len != nlh->nlmsg_len)
		return "bytes left over";
	return NULL;
}
