// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of cell.c: what is asked of the kernel, what is made of its answers,
 * and that nothing secret stays behind.
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

#include "../cell.h"
#include "../handle.h"
#include "fake.h"

/* Attributes one behind the other. */
struct message {
	unsigned char data[1024];
	size_t len;
};

static void put(struct message *m, uint16_t type, const void *value, size_t len)
{
	struct nlattr a = { (uint16_t)(NLA_HDRLEN + len), type };

	memcpy(m->data + m->len, &a, sizeof(a));
	memcpy(m->data + m->len + NLA_HDRLEN, value, len);
	m->len += NLA_ALIGN(NLA_HDRLEN + len);
}

static void put_u32(struct message *m, uint16_t type, uint32_t value)
{
	put(m, type, &value, sizeof(value));
}

static void put_cell(struct message *m, size_t id_len, size_t key_len)
{
	uint8_t bytes[64];

	memset(bytes, 0x21, sizeof(bytes));
	put(m, UTCP_A_CELL_ID, bytes, id_len);
	memset(bytes, 0x42, sizeof(bytes));
	put(m, UTCP_A_CELL_PUBLIC_KEY, bytes, key_len);
	put_u32(m, UTCP_A_CELL_HAS_REALM, 1);
	put_u32(m, UTCP_A_CELL_OWNER, 10);
	put_u32(m, UTCP_A_CELL_GROUP, 20);
	put_u32(m, UTCP_A_CELL_MODE, UTCP_CELL_MODE_GROUP);
	put_u32(m, UTCP_A_CELL_DISCOVERABLE, 0);
	put_u32(m, UTCP_A_CELL_DEFAULT, 1);
	put(m, UTCP_A_CELL_COMMENT, "a\x1b[b", 5);
	put_u32(m, UTCP_A_CELL_USERS, 7);
	put_u32(m, UTCP_A_CELL_MAX + 1, 99); /* of a newer kernel */
}

static int parse(const struct message *m, struct utcp_cell *cell)
{
	return cell_parse((struct nl_span){ m->data, m->len }, cell);
}

static void cell_parse__all(void **state)
{
	struct message m = { .len = 0 };
	struct utcp_cell cell;

	(void)state;
	put_cell(&m, 16, 32);
	assert_int_equal(parse(&m, &cell), 0);
	assert_int_equal(cell.id[15], 0x21);
	assert_int_equal(cell.public_key[31], 0x42);
	assert_true(cell.has_realm);
	assert_int_equal(cell.owner, 10);
	assert_int_equal(cell.group, 20);
	assert_int_equal(cell.mode, UTCP_CELL_MODE_GROUP);
	assert_false(cell.discoverable);
	assert_true(cell.is_default);
	assert_string_equal(cell.comment, "a?[b");
	assert_int_equal(cell.users, 7);
}

static void cell_parse__bad(void **state)
{
	static const size_t lens[][2] = { { 15, 32 }, { 17, 32 }, { 16, 31 },
					  { 16, 33 }, { 0, 32 },  { 16, 0 } };
	struct message m = { .len = 0 };
	struct utcp_cell cell;

	(void)state;
	assert_int_equal(parse(&m, &cell), -EBADMSG);
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		m.len = 0;
		put_cell(&m, lens[i][0], lens[i][1]);
		assert_int_equal(parse(&m, &cell), -EBADMSG);
	}
	m.len = 0;
	put_cell(&m, 16, 32);
	m.len -= 4; /* the last attribute is cut */
	assert_int_equal(parse(&m, &cell), -EBADMSG);
}

/* What the last request had. */
static struct message asked;

/* The kernel says no, and sends back what it was asked. */
static void refuse(struct fake_socket *s, const struct nlmsghdr *request)
{
	size_t head = NLMSG_HDRLEN + GENL_HDRLEN;
	static struct fake_msg m;
	size_t at;

	asked.len = request->nlmsg_len - head;
	memcpy(asked.data, (const char *)request + head, asked.len);
	m.len = 0;
	at = fake_error(&m, request, EEXIST);
	fake_attr(&m, 99, asked.data, asked.len);
	fake_end(&m, at);
	fake_send(s, m.data, m.len);
}

static bool holds(const void *haystack, size_t len, uint8_t byte)
{
	uint8_t needle[LIBUTCP_KEY_LEN];

	memset(needle, byte, sizeof(needle));
	return memmem(haystack, len, needle, sizeof(needle));
}

static void cell_new__leaves_no_secret(void **state)
{
	struct utcp_cell_settings settings = { .fields = LIBUTCP_CELL_REALM };
	uint8_t key[LIBUTCP_KEY_LEN];
	struct fake_kernel kernel;
	struct utcp_handle *h;

	(void)state;
	fake_init(&kernel);
	h = fake_handle(&kernel);
	kernel.answer = refuse;
	memset(key, 0x5a, sizeof(key));
	memset(settings.realm, 0x6b, sizeof(settings.realm));
	assert_int_equal(utcp_cell_new(h, key, &settings, NULL), -EEXIST);
	/* They were sent, */
	assert_true(holds(asked.data, asked.len, 0x5a));
	assert_true(holds(asked.data, asked.len, 0x6b));
	/* and are not there any more. */
	assert_false(holds(h->tx, sizeof(h->tx), 0x5a));
	assert_false(holds(h->rx, sizeof(h->rx), 0x5a));
	assert_false(holds(h->tx, sizeof(h->tx), 0x6b));
	assert_false(holds(h->rx, sizeof(h->rx), 0x6b));
	utcp_handle_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cell_parse__all),
		cmocka_unit_test(cell_parse__bad),
		cmocka_unit_test(cell_new__leaves_no_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
