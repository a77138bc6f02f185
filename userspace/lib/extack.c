// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The kernel's verdict on a request.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <linux/netlink.h>

#include "error.h"
#include "extack.h"
#include "names.h"

/* struct of places that extack attributes name, until all of them are read */
struct extack {
	bool has_offset, has_miss_nest, has_miss_type;
	uint32_t offset, miss_nest, miss_type;
	struct nl_span policy;
};

static void extack_policy(struct nl_span span, struct utcp_error *e)
{
	struct nl_attr a;

	while (nl_attr_next(&span, &a) > 0) {
		enum utcp_error_range range = LIBUTCP_RANGE_NONE;
		uint64_t *bound = &e->min;

		switch (a.type) {
		case NL_POLICY_TYPE_ATTR_MAX_VALUE_U:
			bound = &e->max;
			/* fallthrough */
		case NL_POLICY_TYPE_ATTR_MIN_VALUE_U:
			range = LIBUTCP_RANGE_UNSIGNED;
			break;
		case NL_POLICY_TYPE_ATTR_MAX_VALUE_S:
			bound = &e->max;
			/* fallthrough */
		case NL_POLICY_TYPE_ATTR_MIN_VALUE_S:
			range = LIBUTCP_RANGE_SIGNED;
			break;
		case NL_POLICY_TYPE_ATTR_MAX_LENGTH:
			bound = &e->max;
			/* fallthrough */
		case NL_POLICY_TYPE_ATTR_MIN_LENGTH:
			range = LIBUTCP_RANGE_LENGTH;
			break;
		default:
			continue;
		}
		if (nl_attr_uint(&a, bound) == 0)
			e->range = range;
	}
}

static void extack_attrs(struct nl_span span, struct extack *x,
			 struct utcp_error *e)
{
	struct nl_attr a;

	/* What cannot be read is left out: the errno counts in any case. */
	while (nl_attr_next(&span, &a) > 0) {
		switch (a.type) {
		case NLMSGERR_ATTR_MSG:
			if (nl_attr_str(&a, e->message, sizeof(e->message)))
				e->message[0] = '\0';
			break;
		case NLMSGERR_ATTR_OFFS:
			x->has_offset = nl_attr_u32(&a, &x->offset) == 0;
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			x->has_miss_type = nl_attr_u32(&a, &x->miss_type) == 0;
			break;
		case NLMSGERR_ATTR_MISS_NEST:
			x->has_miss_nest = nl_attr_u32(&a, &x->miss_nest) == 0;
			break;
		case NLMSGERR_ATTR_POLICY:
			x->policy = a.value;
			break;
		}
	}
}

static int extack_fill(int err, struct nl_span tlvs, const void *request,
		       size_t request_len, const struct nl_set *set,
		       struct utcp_error *e)
{
	struct extack x = { 0 };
	const char *why;

	utcp_error_clear(e);
	e->code = utcp_error_classify(err);
	e->err = err;
	extack_attrs(tlvs, &x, e);
	extack_policy(x.policy, e);

	if (x.has_miss_type) {
		if (x.has_miss_nest)
			set = nl_path_at(set, request, request_len, x.miss_nest,
					 e->attribute, sizeof(e->attribute));
		nl_path_add(e->attribute, sizeof(e->attribute), set,
			    (uint16_t)x.miss_type);
		e->missing = true;
	} else if (x.has_offset) {
		nl_path_at(set, request, request_len, x.offset, e->attribute,
			   sizeof(e->attribute));
	}

	if (e->missing)
		why = "an attribute is missing";
	else if (err == EOPNOTSUPP)
		/* genetlink's answer to a command number that it does not know */
		why = "the module does not know this operation: is it too old?";
	else
		why = strerror(err);
	if (!e->message[0])
		snprintf(e->message, sizeof(e->message), "%s", why);
	return -err;
}

static int extack_errno(int32_t value, int *err)
{
	if (value > 0 || value < -4095)
		return -EBADMSG;
	*err = -value;
	return 0;
}

int extack_error(const struct nl_msg *msg, const void *request,
		 size_t request_len, const struct nl_set *set,
		 struct utcp_error *e)
{
	struct nl_span tlvs = msg->body;
	struct nlmsgerr head;
	size_t skip = sizeof(head);
	int err;

	if (msg->body.len < sizeof(head))
		return utcp_error_malformed(e, "error message");
	memcpy(&head, msg->body.data, sizeof(head));
	if (extack_errno(head.error, &err))
		return utcp_error_malformed(e, "error message");
	if (!err)
		return 0;

	if (!(msg->flags & NLM_F_CAPPED)) {
		/* our request follows, whole */
		if (head.msg.nlmsg_len < sizeof(head.msg) ||
		    head.msg.nlmsg_len > msg->body.len)
			return utcp_error_malformed(e, "error message");
		skip += NLMSG_ALIGN(head.msg.nlmsg_len - sizeof(head.msg));
	}
	if (!(msg->flags & NLM_F_ACK_TLVS) || skip > tlvs.len)
		skip = tlvs.len;
	tlvs.data += skip;
	tlvs.len -= skip;
	return extack_fill(err, tlvs, request, request_len, set, e);
}

int extack_done(const struct nl_msg *msg, const void *request,
		size_t request_len, const struct nl_set *set,
		struct utcp_error *e)
{
	struct nl_span tlvs = msg->body;
	int32_t value;
	int err;

	if (msg->body.len < sizeof(value))
		return utcp_error_malformed(e, "error message");
	memcpy(&value, msg->body.data, sizeof(value));
	/* a dump ends with 0 or, in some families, with a positive count */
	if (value >= 0)
		return 0;
	if (extack_errno(value, &err))
		return utcp_error_malformed(e, "error message");
	if (msg->flags & NLM_F_ACK_TLVS) {
		tlvs.data += sizeof(value);
		tlvs.len -= sizeof(value);
	} else {
		tlvs.len = 0;
	}
	return extack_fill(err, tlvs, request, request_len, set, e);
}
