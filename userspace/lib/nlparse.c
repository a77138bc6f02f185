// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Taking netlink messages apart.
 */
#include <errno.h>
#include <string.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "nlparse.h"

/* The last message or attribute may lack its padding. */
static void nl_skip(struct nl_span *span, size_t len)
{
	size_t step = NLMSG_ALIGN(len);

	if (step > span->len)
		step = span->len;
	span->data += step;
	span->len -= step;
}

int nl_msg_next(struct nl_span *span, struct nl_msg *msg)
{
	struct nlmsghdr h;

	if (!span->len)
		return 0;
	if (span->len < sizeof(h))
		return -EBADMSG;
	memcpy(&h, span->data, sizeof(h));
	if (h.nlmsg_len < sizeof(h) || h.nlmsg_len > span->len)
		return -EBADMSG;

	msg->type = h.nlmsg_type;
	msg->flags = h.nlmsg_flags;
	msg->seq = h.nlmsg_seq;
	msg->portid = h.nlmsg_pid;
	msg->body.data = span->data + NLMSG_HDRLEN;
	msg->body.len = h.nlmsg_len - NLMSG_HDRLEN;
	nl_skip(span, h.nlmsg_len);
	return 1;
}

int nl_genl(struct nl_msg *msg, uint8_t *cmd)
{
	struct genlmsghdr g;

	if (msg->body.len < sizeof(g))
		return -EBADMSG;
	memcpy(&g, msg->body.data, sizeof(g));
	*cmd = g.cmd;
	nl_skip(&msg->body, sizeof(g));
	return 0;
}

int nl_attr_next(struct nl_span *span, struct nl_attr *attr)
{
	struct nlattr a;

	if (!span->len)
		return 0;
	if (span->len < sizeof(a))
		return -EBADMSG;
	memcpy(&a, span->data, sizeof(a));
	if (a.nla_len < sizeof(a) || a.nla_len > span->len)
		return -EBADMSG;

	attr->type = a.nla_type & NLA_TYPE_MASK;
	attr->nested = a.nla_type & NLA_F_NESTED;
	attr->value.data = span->data + NLA_HDRLEN;
	attr->value.len = a.nla_len - NLA_HDRLEN;
	nl_skip(span, a.nla_len);
	return 1;
}

int nl_attr_u16(const struct nl_attr *attr, uint16_t *value)
{
	if (attr->value.len != sizeof(*value))
		return -EBADMSG;
	memcpy(value, attr->value.data, sizeof(*value));
	return 0;
}

int nl_attr_bytes(const struct nl_attr *attr, void *to, size_t len)
{
	if (attr->value.len != len)
		return -EBADMSG;
	memcpy(to, attr->value.data, len);
	return 0;
}

int nl_attr_u64(const struct nl_attr *attr, uint64_t *value)
{
	return nl_attr_bytes(attr, value, sizeof(*value));
}

int nl_attr_u32(const struct nl_attr *attr, uint32_t *value)
{
	if (attr->value.len != sizeof(*value))
		return -EBADMSG;
	memcpy(value, attr->value.data, sizeof(*value));
	return 0;
}

int nl_attr_uint(const struct nl_attr *attr, uint64_t *value)
{
	uint32_t u32;
	uint16_t u16;

	switch (attr->value.len) {
	case 1:
		*value = attr->value.data[0];
		return 0;
	case 2:
		memcpy(&u16, attr->value.data, sizeof(u16));
		*value = u16;
		return 0;
	case 4:
		memcpy(&u32, attr->value.data, sizeof(u32));
		*value = u32;
		return 0;
	case 8:
		memcpy(value, attr->value.data, sizeof(*value));
		return 0;
	default:
		return -EBADMSG;
	}
}

int nl_attr_mac(const struct nl_attr *attr, uint8_t mac[6])
{
	if (attr->value.len != 6)
		return -EBADMSG;
	memcpy(mac, attr->value.data, 6);
	return 0;
}

int nl_attr_str(const struct nl_attr *attr, char *text, size_t size)
{
	const unsigned char *end =
		attr->value.len ?
			memchr(attr->value.data, '\0', attr->value.len) :
			NULL;
	size_t n;

	if (!end || end != attr->value.data + attr->value.len - 1)
		return -EBADMSG;
	n = attr->value.len - 1;
	if (n > size - 1)
		n = size - 1;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = attr->value.data[i];

		text[i] = c >= ' ' && c < 0x7f ? (char)c : '?';
	}
	text[n] = '\0';
	return 0;
}
