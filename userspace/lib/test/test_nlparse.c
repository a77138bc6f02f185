// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of nlparse.c.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "../nlparse.h"

#define ARRAY(a) (sizeof(a) / sizeof((a)[0]))

static void msg_next__whole(void **state)
{
	struct {
		struct nlmsghdr h;
		uint32_t body;
	} m[2] = {
		{ { sizeof(m[0]), 7, 1, 2, 3 }, 4 },
		{ { sizeof(m[0]), 8, 0, 5, 6 }, 7 },
	};
	struct nl_span span = { (const unsigned char *)m, sizeof(m) };
	struct nl_msg msg;

	(void)state;
	assert_int_equal(nl_msg_next(&span, &msg), 1);
	assert_int_equal(msg.type, 7);
	assert_int_equal(msg.flags, 1);
	assert_int_equal(msg.seq, 2);
	assert_int_equal(msg.portid, 3);
	assert_int_equal(msg.body.len, 4);
	assert_int_equal(nl_msg_next(&span, &msg), 1);
	assert_int_equal(msg.type, 8);
	assert_int_equal(nl_msg_next(&span, &msg), 0);
}

/* Each length of the header field, and each length of the datagram. */
static void msg_next__lengths(void **state)
{
	static const struct {
		uint32_t field;
		size_t there;
		int result;
	} cases[] = {
		{ 16, 0, 0 }, /* nothing there */
		{ 16, 1, -EBADMSG }, /* part of a header */
		{ 16, 15, -EBADMSG },
		{ 16, 16, 1 }, /* no body */
		{ 0, 16, -EBADMSG }, /* would never end */
		{ 15, 16, -EBADMSG }, /* less than a header */
		{ 17, 16, -EBADMSG }, /* more than is there */
		{ 17, 17, 1 }, /* the last one needs no padding */
		{ 17, 20, 1 },
		{ 0x7fffffff, 20, -EBADMSG },
		{ 0x80000000, 20, -EBADMSG }, /* negative as an int */
		{ 0xffffffff, 20, -EBADMSG }, /* aligned it would be 0 */
	};
	unsigned char data[32] = { 0 };
	struct nl_span span;
	struct nl_msg msg;

	(void)state;
	for (size_t i = 0; i < ARRAY(cases); i++) {
		memcpy(data, &cases[i].field, sizeof(cases[i].field));
		span.data = data;
		span.len = cases[i].there;
		assert_int_equal(nl_msg_next(&span, &msg), cases[i].result);
		if (cases[i].result == 1)
			assert_int_equal(msg.body.len, cases[i].field - 16);
	}
}

static void genl__lengths(void **state)
{
	unsigned char body[8] = { 9, 1, 0, 0, 1, 2, 3, 4 };
	struct nl_msg msg = { .body = { body, 3 } };
	uint8_t cmd = 0;

	(void)state;
	assert_int_equal(nl_genl(&msg, &cmd), -EBADMSG);
	msg.body.len = 4;
	assert_int_equal(nl_genl(&msg, &cmd), 0);
	assert_int_equal(cmd, 9);
	assert_int_equal(msg.body.len, 0);
	msg.body.data = body;
	msg.body.len = 8;
	assert_int_equal(nl_genl(&msg, &cmd), 0);
	assert_ptr_equal(msg.body.data, body + 4);
	assert_int_equal(msg.body.len, 4);
}

static void attr_next__lengths(void **state)
{
	static const struct {
		uint16_t field;
		size_t there;
		int result;
	} cases[] = {
		{ 4, 0, 0 },
		{ 4, 3, -EBADMSG },
		{ 4, 4, 1 },
		{ 3, 4, -EBADMSG },
		{ 0, 4, -EBADMSG },
		{ 5, 4, -EBADMSG },
		{ 5, 5, 1 },
		{ 8, 7, -EBADMSG }, /* libmnl would take it */
		{ 0xffff, 8, -EBADMSG },
	};
	unsigned char data[16] = { 0 };
	struct nl_span span;
	struct nl_attr attr;

	(void)state;
	for (size_t i = 0; i < ARRAY(cases); i++) {
		memcpy(data, &cases[i].field, sizeof(cases[i].field));
		span.data = data;
		span.len = cases[i].there;
		assert_int_equal(nl_attr_next(&span, &attr), cases[i].result);
	}
}

static void attr_next__flags(void **state)
{
	struct nlattr a = { 4, 5 | NLA_F_NESTED | NLA_F_NET_BYTEORDER };
	struct nl_span span = { (const unsigned char *)&a, sizeof(a) };
	struct nl_attr attr;

	(void)state;
	assert_int_equal(nl_attr_next(&span, &attr), 1);
	assert_int_equal(attr.type, 5);
	assert_true(attr.nested);
}

static void attr_numbers(void **state)
{
	const unsigned char data[9] = { 1, 0, 0, 0, 0, 0, 0, 0, 0 };
	uint64_t u64;
	uint32_t u32;
	uint16_t u16;

	(void)state;
	for (size_t len = 0; len <= sizeof(data); len++) {
		struct nl_attr a = { .value = { data, len } };
		bool any = len == 1 || len == 2 || len == 4 || len == 8;

		assert_int_equal(nl_attr_u16(&a, &u16),
				 len == 2 ? 0 : -EBADMSG);
		assert_int_equal(nl_attr_u32(&a, &u32),
				 len == 4 ? 0 : -EBADMSG);
		assert_int_equal(nl_attr_uint(&a, &u64), any ? 0 : -EBADMSG);
		if (any)
			assert_int_equal(u64, 1);
	}
}

static void attr_str(void **state)
{
	static const struct {
		const char *data;
		size_t len;
		int result;
		const char *text;
	} cases[] = {
		{ "abc", 4, 0, "abc" },
		{ "", 1, 0, "" },
		{ "abc", 3, -EBADMSG, NULL }, /* no NUL */
		{ "a\0c", 4, -EBADMSG, NULL }, /* NUL inside */
		{ "", 0, -EBADMSG, NULL },
		{ "abcdefghi", 10, 0, "abcdefg" }, /* cut */
		{ "a\033[2J", 6, 0, "a?[2J" }, /* not for a terminal */
		{ "\xff\xfe", 3, 0, "??" }, /* no UTF-8 */
	};
	char text[8];

	(void)state;
	for (size_t i = 0; i < ARRAY(cases); i++) {
		struct nl_attr a = {
			.value = { (const unsigned char *)cases[i].data,
				   cases[i].len },
		};

		assert_int_equal(nl_attr_str(&a, text, sizeof(text)),
				 cases[i].result);
		if (cases[i].text)
			assert_string_equal(text, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(msg_next__whole),
		cmocka_unit_test(msg_next__lengths),
		cmocka_unit_test(genl__lengths),
		cmocka_unit_test(attr_next__lengths),
		cmocka_unit_test(attr_next__flags),
		cmocka_unit_test(attr_numbers),
		cmocka_unit_test(attr_str),
	};

	return cmocka_run_group_tests_name("nlparse", tests, NULL, NULL);
}
