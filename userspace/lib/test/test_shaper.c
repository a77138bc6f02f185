// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of shaper.c: reading classes and bindings, and what requests say.
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

#include "fake.h"
#include "../shaper.h"

static struct nl_span span(const struct fake_msg *m)
{
	return (struct nl_span){ m->data, m->len };
}

static void put_u64(struct fake_msg *m, uint16_t type, uint64_t value)
{
	fake_attr(m, type, &value, sizeof(value));
}

/* One nest in another, with a drop in it. */
static void put_stats(struct fake_msg *m)
{
	struct fake_msg drop = { 0 }, stats = { 0 };

	fake_u32(&drop, UTCP_SHAPER_A_DROP_REASON,
		 UTCP_SHAPER_DROP_REASON_CODEL);
	put_u64(&drop, UTCP_SHAPER_A_DROP_COUNT, 7);
	put_u64(&stats, UTCP_SHAPER_A_STATS_FRAMES, 100);
	put_u64(&stats, UTCP_SHAPER_A_STATS_BYTES, 1ULL << 40);
	fake_u32(&stats, UTCP_SHAPER_A_STATS_SOJOURN_P99, 511);
	fake_attr(&stats, UTCP_SHAPER_A_STATS_DROP, drop.data, drop.len);
	fake_attr(m, UTCP_SHAPER_A_CLASS_STATS, stats.data, stats.len);
}

static void put_class(struct fake_msg *m)
{
	fake_u32(m, UTCP_SHAPER_A_CLASS_ID, 3);
	fake_attr(m, UTCP_SHAPER_A_CLASS_NAME, "build", 6);
	fake_attr(m, UTCP_SHAPER_A_CLASS_PARENT, "builds", 7);
	put_u64(m, UTCP_SHAPER_A_CLASS_BW_MAX, 50000000000ULL);
	fake_u32(m, UTCP_SHAPER_A_CLASS_WEIGHT, 2);
	fake_u32(m, UTCP_SHAPER_A_CLASS_WAITING, 1);
	put_stats(m);
}

static void put_binding(struct fake_msg *m)
{
	fake_u32(m, UTCP_SHAPER_A_BINDING_IFINDEX, 7);
	fake_attr(m, UTCP_SHAPER_A_BINDING_IFNAME, "eth1", 5);
	fake_u32(m, UTCP_SHAPER_A_BINDING_DIRECTION, UTCP_SHAPER_DIRECTION_OUT);
	fake_attr(m, UTCP_SHAPER_A_BINDING_CLASS, "build", 6);
}

static void class_parse__all(void **state)
{
	struct utcp_shaper_class cls;
	struct fake_msg m = { 0 };

	(void)state;
	put_class(&m);
	fake_u32(&m, 999, 1); /* newer than this library */
	assert_int_equal(shaper_class_parse(span(&m), &cls), 0);
	assert_int_equal(cls.id, 3);
	assert_string_equal(cls.name, "build");
	assert_string_equal(cls.parent, "builds");
	assert_true(cls.bw_max == 50000000000ULL);
	assert_int_equal(cls.weight, 2);
	assert_true(cls.waiting);
	assert_int_equal(cls.stats.frames, 100);
	assert_true(cls.stats.bytes == 1ULL << 40);
	assert_int_equal(cls.stats.sojourn_p99, 511);
	assert_int_equal(cls.stats.drops[UTCP_SHAPER_DROP_REASON_CODEL], 7);
}

static void class_parse__bad(void **state)
{
	static const unsigned char ones[8] = { 1, 1, 1, 1, 1, 1, 1, 1 };
	struct utcp_shaper_class cls;
	struct fake_msg m = { 0 };
	size_t len;

	(void)state;
	assert_int_equal(shaper_class_parse(span(&m), &cls), -EBADMSG);
	for (int type = 1; type <= UTCP_SHAPER_A_CLASS_MAX; type++) {
		struct fake_msg odd = { 0 };

		if (type == UTCP_SHAPER_A_CLASS_PAD)
			continue;
		put_class(&odd);
		fake_attr(&odd, (uint16_t)type, ones, 5);
		assert_int_equal(shaper_class_parse(span(&odd), &cls),
				 -EBADMSG);
	}
	/* it may end at any byte */
	put_class(&m);
	len = m.len;
	for (m.len = 0; m.len < len; m.len++) {
		unsigned char *copy = malloc(m.len ? m.len : 1);
		struct nl_span s = { copy, m.len };

		memcpy(copy, m.data, m.len);
		shaper_class_parse(s, &cls);
		free(copy);
	}
}

static void binding_parse__all(void **state)
{
	struct utcp_shaper_binding binding;
	struct fake_msg m = { 0 };

	(void)state;
	assert_int_equal(shaper_binding_parse(span(&m), &binding), -EBADMSG);
	put_binding(&m);
	fake_u32(&m, UTCP_SHAPER_A_BINDING_FLAGS, 1);
	assert_int_equal(shaper_binding_parse(span(&m), &binding), 0);
	assert_int_equal(binding.ifindex, 7);
	assert_string_equal(binding.name, "eth1");
	assert_int_equal(binding.direction, UTCP_SHAPER_DIRECTION_OUT);
	assert_string_equal(binding.class_name, "build");
	assert_int_equal(binding.flags, 1);
	fake_attr(&m, UTCP_SHAPER_A_BINDING_WAITING, "x", 1);
	assert_int_equal(shaper_binding_parse(span(&m), &binding), -EBADMSG);
}

static struct utcp_shaper_class asked;
static struct utcp_shaper_binding asked_binding;
static uint32_t asked_for;
static uint8_t asked_cmd;

static bool about_binding(uint8_t cmd)
{
	return cmd == UTCP_SHAPER_CMD_BINDING_ADD ||
	       cmd == UTCP_SHAPER_CMD_BINDING_DEL ||
	       cmd == UTCP_SHAPER_CMD_BINDING_GET;
}

/* Answers any request with a class, or a binding; a list with two. */
static void answer(struct fake_socket *s, const struct nlmsghdr *request)
{
	struct nl_span attrs = {
		(const unsigned char *)request + NLMSG_HDRLEN + GENL_HDRLEN,
		request->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN,
	};
	struct nl_span again = attrs;
	bool dump = request->nlmsg_flags & NLM_F_ROOT;
	struct fake_msg m = { 0 };
	struct genlmsghdr g;
	struct nl_attr a;
	int zero = 0;
	size_t at;

	memcpy(&g, NLMSG_DATA(request), sizeof(g));
	asked_cmd = g.cmd;
	asked_for = 0;
	while (nl_attr_next(&attrs, &a) > 0)
		asked_for |= 1U << a.type;
	/* what is missing in a request makes it no whole object */
	if (about_binding(g.cmd))
		shaper_binding_parse(again, &asked_binding);
	else
		shaper_class_parse(again, &asked);
	for (int i = 0; i < 1 + dump; i++) {
		at = fake_begin(&m, request->nlmsg_type, dump ? NLM_F_MULTI : 0,
				request->nlmsg_seq);
		fake_genl(&m, g.cmd);
		if (about_binding(g.cmd))
			put_binding(&m);
		else
			put_class(&m);
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

#define BIT(name) (1U << UTCP_SHAPER_A_CLASS_##name)

static void class_requests(void **state)
{
	struct utcp_shaper_class cls = { .name = "build",
					 .parent = "builds",
					 .bw_max = 20000000000ULL,
					 .burst = 2000 };
	struct utcp_shaper_class *list, made;
	struct utcp_handle *h;
	struct fake_kernel k;
	size_t n;

	(void)state;
	fake_init(&k);
	k.answer = answer;
	h = fake_handle(&k);
	assert_int_equal(utcp_shaper_class_add(
				 h, &cls,
				 BIT(PARENT) | BIT(BW_MAX) | BIT(BURST), &made),
			 0);
	assert_int_equal(asked_cmd, UTCP_SHAPER_CMD_CLASS_ADD);
	assert_int_equal(asked_for,
			 BIT(NAME) | BIT(PARENT) | BIT(BW_MAX) | BIT(BURST));
	assert_string_equal(asked.parent, "builds");
	assert_true(asked.bw_max == 20000000000ULL);
	assert_int_equal(asked.burst, 2000);
	assert_int_equal(made.id, 3);

	assert_int_equal(utcp_shaper_class_set(h, &cls, BIT(BW_MIN), NULL), 0);
	assert_int_equal(asked_cmd, UTCP_SHAPER_CMD_CLASS_SET);
	assert_int_equal(asked_for, BIT(NAME) | BIT(BW_MIN));
	assert_int_equal(utcp_shaper_class_del(h, "build", NULL), 0);
	assert_int_equal(asked_cmd, UTCP_SHAPER_CMD_CLASS_DEL);
	assert_int_equal(asked_for, BIT(NAME));
	assert_int_equal(utcp_shaper_class_get(h, "build", &made), 0);
	assert_int_equal(asked_cmd, UTCP_SHAPER_CMD_CLASS_GET);
	assert_int_equal(utcp_shaper_class_list(h, NULL, &list, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(asked_for, 0);
	free(list);
	assert_int_equal(utcp_shaper_class_list(h, "builds", &list, &n), 0);
	assert_int_equal(asked_for, BIT(PARENT));
	free(list);
	utcp_handle_free(h);
}

static void binding_requests(void **state)
{
	struct utcp_shaper_binding binding = { .name = "eth1",
					       .direction =
						       UTCP_SHAPER_DIRECTION_IN,
					       .class_name = "build",
					       .flags = 1 };
	struct utcp_shaper_binding *list, made;
	struct utcp_handle *h;
	struct fake_kernel k;
	size_t n;

	(void)state;
	fake_init(&k);
	k.answer = answer;
	h = fake_handle(&k);
	assert_int_equal(utcp_shaper_bind(h, &binding, &made), 0);
	assert_int_equal(asked_cmd, UTCP_SHAPER_CMD_BINDING_ADD);
	assert_string_equal(asked_binding.class_name, "build");
	assert_int_equal(asked_binding.flags, 1);
	assert_int_equal(asked_binding.direction, UTCP_SHAPER_DIRECTION_IN);
	assert_int_equal(made.ifindex, 7);
	assert_int_equal(utcp_shaper_unbind(h, "eth1",
					    UTCP_SHAPER_DIRECTION_OUT, NULL),
			 0);
	assert_int_equal(asked_cmd, UTCP_SHAPER_CMD_BINDING_DEL);
	assert_int_equal(asked_binding.direction, UTCP_SHAPER_DIRECTION_OUT);
	assert_int_equal(asked_for,
			 1U << UTCP_SHAPER_A_BINDING_IFNAME |
				 1U << UTCP_SHAPER_A_BINDING_DIRECTION);
	assert_int_equal(utcp_shaper_binding_list(h, NULL, &list, &n), 0);
	assert_int_equal(n, 2);
	free(list);
	utcp_handle_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(class_parse__all),
		cmocka_unit_test(class_parse__bad),
		cmocka_unit_test(binding_parse__all),
		cmocka_unit_test(class_requests),
		cmocka_unit_test(binding_requests),
	};

	return cmocka_run_group_tests_name("shaper", tests, NULL, NULL);
}
