// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of port.c: reading ports and consumers.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <linux/netlink.h>

#include "../port.h"

/* Attributes one behind the other; nests by their start. */
struct message {
	unsigned char data[1024];
	size_t len;
};

static size_t put(struct message *m, uint16_t type, const void *value,
		  size_t len)
{
	struct nlattr a = { (uint16_t)(NLA_HDRLEN + len), type };
	size_t start = m->len;

	memcpy(m->data + m->len, &a, sizeof(a));
	if (len)
		memcpy(m->data + m->len + NLA_HDRLEN, value, len);
	m->len += NLA_ALIGN(NLA_HDRLEN + len);
	return start;
}

static void put_u32(struct message *m, uint16_t type, uint32_t value)
{
	put(m, type, &value, sizeof(value));
}

static void put_u64(struct message *m, uint16_t type, uint64_t value)
{
	put(m, type, &value, sizeof(value));
}

static void end(struct message *m, size_t start)
{
	struct nlattr *a = (struct nlattr *)(m->data + start);

	a->nla_len = (uint16_t)(m->len - start);
}

static struct nl_span span(const struct message *m)
{
	return (struct nl_span){ m->data, m->len };
}

static void put_port(struct message *m)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 7 };

	put_u32(m, NETSWITCH_A_PORT_IFINDEX, 3);
	put(m, NETSWITCH_A_PORT_IFNAME, "eth1", 5);
	put_u32(m, NETSWITCH_A_PORT_FLAGS, NETSWITCH_PORT_FLAGS_POLICY);
	put(m, NETSWITCH_A_PORT_MAC, mac, sizeof(mac));
	put_u32(m, NETSWITCH_A_PORT_MTU, 9000);
	put_u32(m, NETSWITCH_A_PORT_UP, 1);
}

static void put_drop(struct message *m, uint32_t reason, uint64_t count)
{
	size_t nest = put(m, NETSWITCH_A_DIRECTION_DROP, NULL, 0);

	put_u32(m, NETSWITCH_A_DROP_REASON, reason);
	put_u64(m, NETSWITCH_A_DROP_COUNT, count);
	end(m, nest);
}

static void port_parse__all(void **state)
{
	struct message m = { .len = 0 };
	struct utcp_port port;
	size_t nest;

	(void)state;
	put_port(&m);
	nest = put(&m, NETSWITCH_A_PORT_IN, NULL, 0);
	put_u64(&m, NETSWITCH_A_DIRECTION_FRAMES, 1ULL << 40);
	put_u64(&m, NETSWITCH_A_DIRECTION_PASS, 2);
	put_u64(&m, NETSWITCH_A_DIRECTION_CONSUMED, 3);
	put_u64(&m, NETSWITCH_A_DIRECTION_HELD, 4);
	put_u64(&m, NETSWITCH_A_DIRECTION_COPIED, 5);
	put_u64(&m, NETSWITCH_A_DIRECTION_COPY_DROPS, 6);
	put_drop(&m, NETSWITCH_DROP_REASON_ACL, 7);
	put_drop(&m, NETSWITCH_DROP_REASON_FLUSHED, 8);
	put_drop(&m, NETSWITCH_DROP_REASON_MAX + 1, 9);
	put_drop(&m, UINT32_MAX, 10);
	end(&m, nest);
	nest = put(&m, NETSWITCH_A_PORT_OUT, NULL, 0);
	put_u64(&m, NETSWITCH_A_DIRECTION_FRAMES, 11);
	end(&m, nest);
	put_u32(&m, 999, 1); /* newer than this library */

	assert_int_equal(port_parse(span(&m), &port), 0);
	assert_int_equal(port.ifindex, 3);
	assert_string_equal(port.name, "eth1");
	assert_int_equal(port.flags, NETSWITCH_PORT_FLAGS_POLICY);
	assert_int_equal(port.mac[5], 7);
	assert_int_equal(port.mtu, 9000);
	assert_true(port.up);
	assert_true(port.in.frames == 1ULL << 40);
	assert_int_equal(port.in.pass, 2);
	assert_int_equal(port.in.consumed, 3);
	assert_int_equal(port.in.held, 4);
	assert_int_equal(port.in.copied, 5);
	assert_int_equal(port.in.copy_drops, 6);
	assert_int_equal(port.in.drops[NETSWITCH_DROP_REASON_ACL], 7);
	assert_int_equal(port.in.drops[NETSWITCH_DROP_REASON_FLUSHED], 8);
	assert_int_equal(port.in.drops[0], 19);
	assert_int_equal(port.out.frames, 11);
}

static void port_parse__missing(void **state)
{
	struct message m = { .len = 0 };
	struct utcp_port port;

	(void)state;
	assert_int_equal(port_parse(span(&m), &port), -EBADMSG);
	put_u32(&m, NETSWITCH_A_PORT_IFINDEX, 3);
	assert_int_equal(port_parse(span(&m), &port), -EBADMSG);
	put(&m, NETSWITCH_A_PORT_IFNAME, "x", 2);
	assert_int_equal(port_parse(span(&m), &port), 0);
}

/* Each attribute, one byte short: no read beyond it, and no port. */
static void port_parse__short(void **state)
{
	static const struct {
		uint16_t type;
		size_t len;
	} cases[] = {
		{ NETSWITCH_A_PORT_IFINDEX, 3 }, { NETSWITCH_A_PORT_FLAGS, 0 },
		{ NETSWITCH_A_PORT_MAC, 5 },	 { NETSWITCH_A_PORT_MAC, 7 },
		{ NETSWITCH_A_PORT_MTU, 5 },	 { NETSWITCH_A_PORT_UP, 1 },
		{ NETSWITCH_A_PORT_IN, 3 },	 { NETSWITCH_A_PORT_OUT, 5 },
	};
	static const unsigned char ones[8] = { 1, 1, 1, 1, 1, 1, 1, 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct message m = { .len = 0 };
		struct utcp_port port;

		put_port(&m);
		put(&m, cases[i].type, ones, cases[i].len);
		assert_int_equal(port_parse(span(&m), &port), -EBADMSG);
	}
}

/* The message may end at any byte. */
static void port_parse__truncated(void **state)
{
	struct message m = { .len = 0 };
	struct utcp_port port;
	size_t nest, len;

	(void)state;
	put_port(&m);
	nest = put(&m, NETSWITCH_A_PORT_IN, NULL, 0);
	put_drop(&m, 1, 1);
	end(&m, nest);
	len = m.len;
	for (m.len = 0; m.len < len; m.len++) {
		/* whole attributes are a whole message */
		if (port_parse(span(&m), &port) == 0)
			assert_true(port.ifindex == 3 && port.name[0] == 'e');
	}
}

static void consumer_parse__all(void **state)
{
	struct message m = { .len = 0 };
	struct utcp_consumer consumer;
	char name[80];

	(void)state;
	memset(name, 'n', sizeof(name));
	name[79] = '\0';
	put_u32(&m, NETSWITCH_A_CONSUMER_IFINDEX, 3);
	assert_int_equal(consumer_parse(span(&m), &consumer), -EBADMSG);
	put_u32(&m, NETSWITCH_A_CONSUMER_ETHERTYPE, 0x88b5);
	put_u32(&m, NETSWITCH_A_CONSUMER_VID, 7);
	put_u32(&m, NETSWITCH_A_CONSUMER_PROMISC, 1);
	put(&m, NETSWITCH_A_CONSUMER_NAME, name, sizeof(name));
	put_u64(&m, NETSWITCH_A_CONSUMER_FRAMES, 8);
	put_u64(&m, NETSWITCH_A_CONSUMER_DROPS, 9);
	assert_int_equal(consumer_parse(span(&m), &consumer), 0);
	assert_int_equal(consumer.ifindex, 3);
	assert_int_equal(consumer.ethertype, 0x88b5);
	assert_int_equal(consumer.vid, 7);
	assert_true(consumer.promisc);
	assert_int_equal(strlen(consumer.name), sizeof(consumer.name) - 1);
	assert_int_equal(consumer.frames, 8);
	assert_int_equal(consumer.drops, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(port_parse__all),
		cmocka_unit_test(port_parse__missing),
		cmocka_unit_test(port_parse__short),
		cmocka_unit_test(port_parse__truncated),
		cmocka_unit_test(consumer_parse__all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
