// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of rings.c: reading rings.
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
#include "../rings.h"

static struct nl_span span(const struct fake_msg *m)
{
	return (struct nl_span){ m->data, m->len };
}

/* Counters of @set, from its first attribute to @last: @base, @base + 1, … */
static void put_counters(struct fake_msg *m, uint16_t set, int last,
			 uint64_t base)
{
	size_t nest = fake_attr(m, set | NLA_F_NESTED, NULL, 0);

	/* 2 is padding in both */
	for (int type = 1; type <= last; type++) {
		uint64_t value = base + (uint64_t)type;

		if (type != 2)
			fake_attr(m, (uint16_t)type, &value, sizeof(value));
	}
	fake_nest_end(m, nest);
}

static void put_ring(struct fake_msg *m)
{
	for (int type = 1; type < NETSWITCH_A_RING_RX; type++)
		fake_u32(m, (uint16_t)type, 100U + (uint32_t)type);
	put_counters(m, NETSWITCH_A_RING_RX, NETSWITCH_A_RING_RX_MAX,
		     1ULL << 40);
	put_counters(m, NETSWITCH_A_RING_TX, NETSWITCH_A_RING_TX_MAX,
		     1ULL << 50);
	fake_attr(m, NETSWITCH_A_RING_MAC, "\2\0\0\0\0\7", 6);
}

static void ring_parse__all(void **state)
{
	struct fake_msg m = { 0 };
	struct utcp_ring_record ring;
	const uint64_t *counters;

	(void)state;
	put_ring(&m);
	fake_u32(&m, 999, 1); /* newer than this library */
	assert_int_equal(ring_parse(span(&m), &ring), 0);
	assert_int_equal(ring.ifindex, 100 + NETSWITCH_A_RING_IFINDEX);
	assert_int_equal(ring.ethertype, 100 + NETSWITCH_A_RING_ETHERTYPE);
	assert_int_equal(ring.vid, 100 + NETSWITCH_A_RING_VID);
	assert_int_equal(ring.flags, 100 + NETSWITCH_A_RING_FLAGS);
	assert_int_equal(ring.fanout, 100 + NETSWITCH_A_RING_FANOUT);
	assert_int_equal(ring.pid, 100 + NETSWITCH_A_RING_PID);
	assert_int_equal(ring.uid, 100 + NETSWITCH_A_RING_UID);
	assert_int_equal(ring.rx_slots, 100 + NETSWITCH_A_RING_RX_SLOTS);
	assert_int_equal(ring.tx_slots, 100 + NETSWITCH_A_RING_TX_SLOTS);
	assert_int_equal(ring.slot_size, 100 + NETSWITCH_A_RING_SLOT_SIZE);
	assert_int_equal(ring.rx_mode, 100 + NETSWITCH_A_RING_RX_MODE);
	assert_int_equal(ring.tx_mode, 100 + NETSWITCH_A_RING_TX_MODE);
	assert_true(ring.overflow);
	assert_true(ring.rx.bytes == (1ULL << 40) + NETSWITCH_A_RING_RX_BYTES);
	assert_true(ring.rx.unread ==
		    (1ULL << 40) + NETSWITCH_A_RING_RX_UNREAD);
	assert_true(ring.tx.refused ==
		    (1ULL << 50) + NETSWITCH_A_RING_TX_REFUSED);
	assert_true(ring.tx.bad_index ==
		    (1ULL << 50) + NETSWITCH_A_RING_TX_BAD_INDEX);
	assert_true(ring.has_mac);
	assert_int_equal(ring.mac[5], 7);
	/* none was left out */
	counters = (const uint64_t *)&ring.rx;
	for (size_t i = 0; i < sizeof(ring.rx) / sizeof(uint64_t); i++)
		assert_true(counters[i] >= 1ULL << 40);
	counters = (const uint64_t *)&ring.tx;
	for (size_t i = 0; i < sizeof(ring.tx) / sizeof(uint64_t); i++)
		assert_true(counters[i] >= 1ULL << 50);
}

static void ring_parse__missing(void **state)
{
	struct fake_msg m = { 0 };
	struct utcp_ring_record ring;

	(void)state;
	assert_int_equal(ring_parse(span(&m), &ring), -EBADMSG);
	fake_u32(&m, NETSWITCH_A_RING_IFINDEX, 3);
	assert_int_equal(ring_parse(span(&m), &ring), -EBADMSG);
	fake_u32(&m, NETSWITCH_A_RING_ETHERTYPE, 0x4c57);
	assert_int_equal(ring_parse(span(&m), &ring), 0);
	assert_int_equal(ring.rx.frames, 0);
	assert_false(ring.has_mac);
}

/* Each attribute with a length that it cannot have. */
static void ring_parse__short(void **state)
{
	static const unsigned char ones[8] = { 1, 1, 1, 1, 1, 1, 1, 1 };

	(void)state;
	for (int type = 1; type <= NETSWITCH_A_RING_MAX; type++) {
		struct fake_msg m = { 0 };
		struct utcp_ring_record ring;

		put_ring(&m);
		fake_attr(&m, (uint16_t)type, ones, 3);
		assert_int_equal(ring_parse(span(&m), &ring), -EBADMSG);
	}
	for (int type = 1; type <= NETSWITCH_A_RING_TX_MAX; type++) {
		struct fake_msg m = { 0 };
		struct utcp_ring_record ring;
		size_t nest;

		if (type == NETSWITCH_A_RING_TX_PAD)
			continue;
		nest = fake_attr(&m, NETSWITCH_A_RING_TX, NULL, 0);
		fake_attr(&m, (uint16_t)type, ones, 7);
		fake_nest_end(&m, nest);
		assert_int_equal(ring_parse(span(&m), &ring), -EBADMSG);
	}
}

/* The message may end at any byte. */
static void ring_parse__truncated(void **state)
{
	struct fake_msg m = { 0 };
	struct utcp_ring_record ring;
	size_t len;

	(void)state;
	put_ring(&m);
	len = m.len;
	for (m.len = 0; m.len < len; m.len++) {
		/* on the heap, so that a read beyond the end is seen */
		unsigned char *copy = malloc(m.len ? m.len : 1);
		struct nl_span s = { copy, m.len };

		memcpy(copy, m.data, m.len);
		if (ring_parse(s, &ring) == 0)
			assert_true(ring.ifindex && ring.ethertype);
		free(copy);
	}
}

static uint32_t asked_for;

static void answer_list(struct fake_socket *s, const struct nlmsghdr *request)
{
	struct nl_span attrs = {
		(const unsigned char *)request + NLMSG_HDRLEN + GENL_HDRLEN,
		request->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN,
	};
	struct fake_msg m = { 0 };
	struct nl_attr a;
	size_t at;
	int zero = 0;

	asked_for = 0;
	if (nl_attr_next(&attrs, &a) > 0 && a.type == NETSWITCH_A_RING_IFINDEX)
		assert_int_equal(nl_attr_u32(&a, &asked_for), 0);
	for (int i = 0; i < 40; i++) {
		at = fake_begin(&m, request->nlmsg_type, NLM_F_MULTI,
				request->nlmsg_seq);
		fake_genl(&m, NETSWITCH_CMD_RING_GET);
		put_ring(&m);
		fake_end(&m, at);
	}
	at = fake_begin(&m, NLMSG_DONE, NLM_F_MULTI, request->nlmsg_seq);
	fake_put(&m, &zero, sizeof(zero));
	fake_end(&m, at);
	fake_send(s, m.data, m.len);
}

static void ring_list(void **state)
{
	struct utcp_ring_record *rings;
	struct utcp_handle *h;
	struct fake_kernel k;
	size_t n;

	(void)state;
	fake_init(&k);
	k.answer = answer_list;
	h = fake_handle(&k);
	assert_int_equal(utcp_ring_list(h, 0, &rings, &n), 0);
	assert_int_equal(asked_for, 0);
	assert_int_equal(n, 40);
	assert_int_equal(rings[39].pid, 100 + NETSWITCH_A_RING_PID);
	free(rings);
	assert_int_equal(utcp_ring_list(h, 7, &rings, &n), 0);
	assert_int_equal(asked_for, 7);
	free(rings);
	utcp_handle_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ring_parse__all),
		cmocka_unit_test(ring_parse__missing),
		cmocka_unit_test(ring_parse__short),
		cmocka_unit_test(ring_parse__truncated),
		cmocka_unit_test(ring_list),
	};

	return cmocka_run_group_tests_name("rings", tests, NULL, NULL);
}
