// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Named sets of access lists, and their elements.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acl.h"
#include "error.h"
#include "family.h"
#include "handle.h"
#include "list.h"
#include "request.h"

/* --- elements as text ------------------------------------------------------------- */

const char *utcp_acl_set_type(uint32_t type)
{
	static const char *const names[] = {
		[UTCP_ACL_SET_TYPE_PREFIX] = "prefix",
		[UTCP_ACL_SET_TYPE_ADDRESS_PORT] = "address-port",
		[UTCP_ACL_SET_TYPE_CELL] = "cell",
	};

	_Static_assert(sizeof(names) / sizeof(names[0]) ==
			       UTCP_ACL_SET_TYPE_MAX + 1,
		       "a type without a name");
	return type <= UTCP_ACL_SET_TYPE_MAX ? names[type] : NULL;
}

/* What a rule calls a prefix: the same text, as a source. */
static size_t src_word(void)
{
	size_t i = 0;

	while (strcmp(utcp_acl_word(i), "src") != 0)
		i++;
	return i;
}

static const char *set_prefix(struct utcp_acl_elem *elem, const char *text)
{
	struct utcp_acl_rule rule = { 0 };
	const char *bad = utcp_acl_rule_set(&rule, src_word(), text);

	elem->is6 = rule.fields & LIBUTCP_ACL_SRC6;
	elem->is_cell = rule.fields & LIBUTCP_ACL_SRC_CELL;
	memcpy(elem->addr, rule.src, sizeof(elem->addr));
	elem->len = rule.src_len;
	return bad;
}

const char *utcp_acl_elem_set(struct utcp_acl_elem *elem, const char *text)
{
	static const char wrong[] =
		"an address, a prefix, address:port (IPv6 in brackets), or a CellID is expected";
	const char *colon = strrchr(text, ':');
	char host[INET6_ADDRSTRLEN + 1];
	size_t n = colon ? (size_t)(colon - text) : 0;
	char *end;

	memset(elem, 0, sizeof(*elem));
	if (!colon || (text[0] != '[' && colon != strchr(text, ':')))
		return set_prefix(elem, text);
	if (text[0] == '[') {
		if (n < 2 || text[n - 1] != ']')
			return wrong;
		text++;
		n -= 2;
	}
	if (n >= sizeof(host) || colon[1] < '0' || colon[1] > '9')
		return wrong;
	memcpy(host, text, n);
	host[n] = '\0';
	elem->port = (uint32_t)strtoul(colon + 1, &end, 10);
	if (*end || elem->port > 65535 || end - colon > 6 || strchr(host, '/'))
		return wrong;
	elem->has_port = true;
	return set_prefix(elem, host) || elem->is_cell ? wrong : NULL;
}

void utcp_acl_elem_format(const struct utcp_acl_elem *elem,
			  char text[LIBUTCP_ACL_VALUE_TEXT])
{
	struct utcp_acl_rule rule = {
		.fields = elem->is_cell ? LIBUTCP_ACL_SRC_CELL :
			  elem->is6	? LIBUTCP_ACL_SRC6 :
					  LIBUTCP_ACL_SRC4,
		.src_len = elem->len,
	};
	char address[LIBUTCP_ACL_VALUE_TEXT];

	memcpy(rule.src, elem->addr, sizeof(rule.src));
	utcp_acl_rule_get(&rule, src_word(), address);
	if (elem->has_port)
		snprintf(text, LIBUTCP_ACL_VALUE_TEXT,
			 elem->is6 ? "[%.64s]:%u" : "%.64s:%u", address,
			 elem->port);
	else
		snprintf(text, LIBUTCP_ACL_VALUE_TEXT, "%.64s", address);
}

/* --- reading ------------------------------------------------------------------------ */

int acl_set_parse(struct nl_span span, struct utcp_acl_set *set)
{
	struct nl_attr a;
	int more, err = 0;

	memset(set, 0, sizeof(*set));
	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		switch (a.type) {
		case UTCP_ACL_A_SET_NAME:
			err = nl_attr_str(&a, set->name, sizeof(set->name));
			break;
		case UTCP_ACL_A_SET_TYPE:
			err = nl_attr_u32(&a, &set->type);
			break;
		case UTCP_ACL_A_SET_MAX_ELEMS:
			err = nl_attr_u32(&a, &set->max);
			break;
		case UTCP_ACL_A_SET_ELEMS:
			err = nl_attr_u32(&a, &set->elems);
			break;
		case UTCP_ACL_A_SET_USERS:
			err = nl_attr_u32(&a, &set->users);
			break;
		}
	}
	if (!err && !more && !set->name[0])
		return -EBADMSG;
	return err ? err : more;
}

static int take_address(const struct nl_attr *a, struct utcp_acl_elem *elem)
{
	elem->is6 = a->type == UTCP_ACL_A_ELEM_ADDR6;
	elem->is_cell = a->type == UTCP_ACL_A_ELEM_CELL;
	if (a->value.len != (elem->is6 || elem->is_cell ? 16 : 4))
		return -EBADMSG;
	memcpy(elem->addr, a->value.data, a->value.len);
	return 0;
}

static int parse_elem(struct nl_span span, struct utcp_acl_elem *elem)
{
	bool address = false;
	struct nl_attr a;
	int more, err = 0;

	memset(elem, 0, sizeof(*elem));
	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		switch (a.type) {
		case UTCP_ACL_A_ELEM_ADDR4:
		case UTCP_ACL_A_ELEM_ADDR6:
		case UTCP_ACL_A_ELEM_CELL:
			err = take_address(&a, elem);
			address = true;
			break;
		case UTCP_ACL_A_ELEM_LEN:
			err = nl_attr_u32(&a, &elem->len);
			break;
		case UTCP_ACL_A_ELEM_PORT:
			err = nl_attr_u32(&a, &elem->port);
			elem->has_port = true;
			break;
		case UTCP_ACL_A_ELEM_EXPIRES:
			err = nl_attr_uint(&a, &elem->expires);
			break;
		}
	}
	if (!err && !more && !address)
		return -EBADMSG;
	return err ? err : more;
}

int acl_elem_parse(struct nl_span span, char set[LIBUTCP_ACL_NAME_MAX + 1],
		   struct utcp_acl_elem *elem)
{
	unsigned int n = 0;
	struct nl_attr a;
	int more, err = 0;

	set[0] = '\0';
	memset(elem, 0, sizeof(*elem));
	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		if (a.type == UTCP_ACL_A_SET_NAME) {
			err = nl_attr_str(&a, set, LIBUTCP_ACL_NAME_MAX + 1);
		} else if (a.type == UTCP_ACL_A_SET_ELEM) {
			err = parse_elem(a.value, elem);
			n++;
		}
	}
	if (!err && !more && !(set[0] && n == 1))
		return -EBADMSG;
	return err ? err : more;
}

/* --- asking ------------------------------------------------------------------------ */

static int parse_set_record(struct nl_span span, void *record)
{
	return acl_set_parse(span, record);
}

static int parse_elem_record(struct nl_span span, void *record)
{
	char set[LIBUTCP_ACL_NAME_MAX + 1];

	return acl_elem_parse(span, set, record);
}

static struct nl_list set_list(void)
{
	return (struct nl_list){ .size = sizeof(struct utcp_acl_set),
				 .parse = parse_set_record,
				 .what = "set" };
}

int utcp_acl_set_new(struct utcp_handle *h, const char *name, uint32_t type,
		     uint32_t max, struct utcp_acl_set *set)
{
	struct nl_list list = set_list();
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_SET_NEW, false);
	if (err)
		return err;
	request_str(&r, UTCP_ACL_A_SET_NAME, name);
	request_u32(&r, UTCP_ACL_A_SET_TYPE, type);
	if (max)
		request_u32(&r, UTCP_ACL_A_SET_MAX_ELEMS, max);
	return list_run_one(h, &r, LIBUTCP_ACL, &list, set);
}

int utcp_acl_set_del(struct utcp_handle *h, const char *name,
		     struct utcp_acl_set *set)
{
	struct nl_list list = set_list();
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_SET_DEL, false);
	if (err)
		return err;
	request_str(&r, UTCP_ACL_A_SET_NAME, name);
	return list_run_one(h, &r, LIBUTCP_ACL, &list, set);
}

int utcp_acl_set_list(struct utcp_handle *h, struct utcp_acl_set **sets,
		      size_t *n)
{
	struct nl_list list = set_list();
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_SET_GET, true);
	if (!err)
		err = list_run(h, &r, LIBUTCP_ACL, &list);
	*sets = (struct utcp_acl_set *)list.records;
	*n = list.n;
	return err;
}

static int elem_run(struct utcp_handle *h, uint8_t cmd, const char *set,
		    const struct utcp_acl_elem *elem,
		    struct utcp_acl_elem *made)
{
	struct nl_list list = { .size = sizeof(*made),
				.parse = parse_elem_record,
				.what = "element" };
	struct nlattr *nest;
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, cmd, false);
	if (err)
		return err;
	request_str(&r, UTCP_ACL_A_SET_NAME, set);
	nest = request_nest(&r, UTCP_ACL_A_SET_ELEM);
	if (elem->is_cell)
		request_bytes(&r, UTCP_ACL_A_ELEM_CELL, elem->addr, 16);
	else if (elem->is6)
		request_bytes(&r, UTCP_ACL_A_ELEM_ADDR6, elem->addr, 16);
	else
		request_bytes(&r, UTCP_ACL_A_ELEM_ADDR4, elem->addr, 4);
	if (!elem->is_cell)
		request_u32(&r, UTCP_ACL_A_ELEM_LEN, elem->len);
	if (elem->has_port)
		request_u32(&r, UTCP_ACL_A_ELEM_PORT, elem->port);
	if (elem->expires)
		request_bytes(&r, UTCP_ACL_A_ELEM_EXPIRES, &elem->expires,
			      sizeof(elem->expires));
	request_nest_end(&r, nest);
	return list_run_one(h, &r, LIBUTCP_ACL, &list, made);
}

int utcp_acl_elem_add(struct utcp_handle *h, const char *set,
		      const struct utcp_acl_elem *elem,
		      struct utcp_acl_elem *made)
{
	return elem_run(h, UTCP_ACL_CMD_ELEM_ADD, set, elem, made);
}

int utcp_acl_elem_del(struct utcp_handle *h, const char *set,
		      const struct utcp_acl_elem *elem,
		      struct utcp_acl_elem *was)
{
	return elem_run(h, UTCP_ACL_CMD_ELEM_DEL, set, elem, was);
}

/* Who takes the elements of a list, one by one. */
struct taker {
	int (*take)(const struct utcp_acl_elem *elem, void *arg);
	void *arg;
};

static int take_elem(struct utcp_handle *h, const struct nl_msg *msg, void *arg)
{
	const struct taker *taker = arg;
	char set[LIBUTCP_ACL_NAME_MAX + 1];
	struct utcp_acl_elem elem;
	int err;

	if (acl_elem_parse(msg->body, set, &elem))
		return utcp_error_malformed(&h->error, "element");
	err = taker->take(&elem, taker->arg);
	if (err)
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, -err,
				      "an element was not taken: %s",
				      strerror(-err));
	return 0;
}

int utcp_acl_elem_each(struct utcp_handle *h, const char *set,
		       int (*take)(const struct utcp_acl_elem *elem, void *arg),
		       void *arg)
{
	struct taker taker = { take, arg };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_ACL, UTCP_ACL_CMD_ELEM_GET, true);
	if (err)
		return err;
	request_str(&r, UTCP_ACL_A_SET_NAME, set);
	r.record = take_elem;
	r.arg = &taker;
	return family_run(h, &r, LIBUTCP_ACL);
}
