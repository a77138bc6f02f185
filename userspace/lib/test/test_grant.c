// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of grant.c: reading grants, and what requests about them say.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/netswitch.h>

#include "fake.h"
#include "../grant.h"

static const uint8_t station[6] = { 2, 0, 0, 0, 0, 7 };

static struct nl_span span(const struct fake_msg *m)
{
	return (struct nl_span){ m->data, m->len };
}

static void put_port(struct fake_msg *m)
{
	fake_u32(m, NETSWITCH_A_GRANT_IFINDEX, 3);
	fake_attr(m, NETSWITCH_A_GRANT_IFNAME, "eth1", 5);
	fake_u32(m, NETSWITCH_A_GRANT_ETHERTYPE, 0x4c57);
}

static void put_grant(struct fake_msg *m)
{
	put_port(m);
	fake_u32(m, NETSWITCH_A_GRANT_GID, 1000);
	fake_attr(m, NETSWITCH_A_GRANT_MAC, station, sizeof(station));
}

static void grant_parse__all(void **state)
{
	struct fake_msg m = { 0 };
	struct utcp_grant grant;

	(void)state;
	put_grant(&m);
	fake_u32(&m, 999, 1); /* newer than this library */
	assert_int_equal(grant_parse(span(&m), &grant), 0);
	assert_int_equal(grant.ifindex, 3);
	assert_string_equal(grant.name, "eth1");
	assert_int_equal(grant.ethertype, 0x4c57);
	assert_true(grant.is_group);
	assert_int_equal(grant.id, 1000);
	assert_true(grant.has_mac);
	assert_memory_equal(grant.mac, station, sizeof(station));
}

static void grant_parse__user(void **state)
{
	struct fake_msg m = { 0 };
	struct utcp_grant grant;

	(void)state;
	put_port(&m);
	fake_u32(&m, NETSWITCH_A_GRANT_UID, 0);
	assert_int_equal(grant_parse(span(&m), &grant), 0);
	assert_false(grant.is_group);
	assert_int_equal(grant.id, 0);
	assert_false(grant.has_mac);
}

static void grant_parse__missing(void **state)
{
	struct fake_msg m = { 0 };
	struct utcp_grant grant;

	(void)state;
	assert_int_equal(grant_parse(span(&m), &grant), -EBADMSG);
	put_port(&m);
	assert_int_equal(grant_parse(span(&m), &grant), -EBADMSG);
	fake_u32(&m, NETSWITCH_A_GRANT_UID, 5);
	assert_int_equal(grant_parse(span(&m), &grant), 0);
	/* for whom, then? */
	fake_u32(&m, NETSWITCH_A_GRANT_GID, 5);
	assert_int_equal(grant_parse(span(&m), &grant), -EBADMSG);
}

/* Each attribute with a length that it cannot have. */
static void grant_parse__short(void **state)
{
	static const unsigned char ones[8] = { 1, 1, 1, 1, 1, 1, 1, 1 };

	(void)state;
	for (int type = 1; type <= NETSWITCH_A_GRANT_MAX; type++) {
		struct fake_msg m = { 0 };
		struct utcp_grant grant;

		put_grant(&m);
		fake_attr(&m, (uint16_t)type, ones, 5);
		assert_int_equal(grant_parse(span(&m), &grant), -EBADMSG);
	}
}

/* The message may end at any byte. */
static void grant_parse__truncated(void **state)
{
	struct fake_msg m = { 0 };
	struct utcp_grant grant;
	size_t len;

	(void)state;
	put_grant(&m);
	len = m.len;
	for (m.len = 0; m.len < len; m.len++) {
		/* on the heap, so that a read beyond the end is seen */
		unsigned char *copy = malloc(m.len ? m.len : 1);
		struct nl_span s = { copy, m.len };

		memcpy(copy, m.data, m.len);
		if (grant_parse(s, &grant) == 0)
			assert_true(grant.id == 1000);
		free(copy);
	}
}

static struct utcp_grant asked_for;
static uint8_t asked_cmd;
static uint16_t asked_who;

/* Answers what it is asked about; with two grants if that is a list. */
static void answer(struct fake_socket *s, const struct nlmsghdr *request)
{
	struct nl_span attrs = {
		(const unsigned char *)request + NLMSG_HDRLEN + GENL_HDRLEN,
		request->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN,
	};
	bool dump = request->nlmsg_flags & NLM_F_ROOT;
	struct fake_msg m = { 0 };
	struct genlmsghdr g;
	struct nl_attr a;
	int zero = 0;
	size_t at;

	memcpy(&g, NLMSG_DATA(request), sizeof(g));
	asked_cmd = g.cmd;
	asked_who = 0;
	memset(&asked_for, 0, sizeof(asked_for));
	while (nl_attr_next(&attrs, &a) > 0) {
		if (a.type == NETSWITCH_A_GRANT_IFNAME)
			nl_attr_str(&a, asked_for.name, sizeof(asked_for.name));
		if (a.type == NETSWITCH_A_GRANT_ETHERTYPE)
			nl_attr_u32(&a, &asked_for.ethertype);
		if (a.type == NETSWITCH_A_GRANT_UID ||
		    a.type == NETSWITCH_A_GRANT_GID) {
			asked_who = a.type;
			nl_attr_u32(&a, &asked_for.id);
		}
		if (a.type == NETSWITCH_A_GRANT_MAC)
			asked_for.has_mac = !nl_attr_mac(&a, asked_for.mac);
	}
	for (int i = 0; i < 1 + dump; i++) {
		at = fake_begin(&m, request->nlmsg_type, dump ? NLM_F_MULTI : 0,
				request->nlmsg_seq);
		fake_genl(&m, g.cmd);
		put_grant(&m);
		fake_end(&m, at);
	}
	at = fake_begin(&m, dump ? NLMSG_DONE : NLMSG_ERROR,
			dump ? NLM_F_MULTI : 0, request->nlmsg_seq);
	fake_put(&m, &zero, sizeof(zero));
	if (!dump)
		fake_put(&m, request, sizeof(*request));
	fake_end(&m, at);
	fake_send(s, m.data, m.len);
}

static void grant_requests(void **state)
{
	struct utcp_grant grant = { .name = "eth1",
				    .ethertype = 0x4c57,
				    .id = 5 };
	struct utcp_grant *grants, made;
	struct utcp_handle *h;
	struct fake_kernel k;
	size_t n;

	(void)state;
	fake_init(&k);
	k.answer = answer;
	h = fake_handle(&k);
	assert_int_equal(utcp_grant_add(h, &grant, &made), 0);
	assert_int_equal(asked_cmd, NETSWITCH_CMD_GRANT_ADD);
	assert_string_equal(asked_for.name, "eth1");
	assert_int_equal(asked_for.ethertype, 0x4c57);
	assert_int_equal(asked_who, NETSWITCH_A_GRANT_UID);
	assert_int_equal(asked_for.id, 5);
	assert_false(asked_for.has_mac);
	assert_int_equal(made.id, 1000);

	grant.is_group = true;
	grant.has_mac = true;
	memcpy(grant.mac, station, sizeof(station));
	assert_int_equal(utcp_grant_del(h, &grant, NULL), 0);
	assert_int_equal(asked_cmd, NETSWITCH_CMD_GRANT_DEL);
	assert_int_equal(asked_who, NETSWITCH_A_GRANT_GID);
	assert_memory_equal(asked_for.mac, station, sizeof(station));

	assert_int_equal(utcp_grant_list(h, NULL, &grants, &n), 0);
	assert_int_equal(n, 2);
	assert_string_equal(asked_for.name, "");
	assert_string_equal(grants[1].name, "eth1");
	free(grants);
	assert_int_equal(utcp_grant_list(h, "eth1", &grants, &n), 0);
	assert_string_equal(asked_for.name, "eth1");
	free(grants);
	utcp_handle_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grant_parse__all),
		cmocka_unit_test(grant_parse__user),
		cmocka_unit_test(grant_parse__missing),
		cmocka_unit_test(grant_parse__short),
		cmocka_unit_test(grant_parse__truncated),
		cmocka_unit_test(grant_requests),
	};

	return cmocka_run_group_tests_name("grant", tests, NULL, NULL);
}
