// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of filter.c: frames of each kind, cut off at every place and with every
 * byte changed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <linux/if_ether.h>

#include "../filter.h"

#define FRAME_MAX 128

/* 10.0.0.2/24, fe80::ff:fe00:1, fd00::2 */
static struct filter station = {
	.mac = { 2, 0, 0, 0, 0, 1 },
	.ip6 = { { 0xfe, 0x80, [11] = 0xff, 0xfe, 0, 0, 1 },
		 { 0xfd, 0, [15] = 2 } },
	.n_ip6 = 2,
};

struct frame {
	size_t len;
	uint16_t type;
	uint8_t data[FRAME_MAX];
};

static int setup(void **state)
{
	static const uint8_t ip4[] = { 10, 0, 0, 2 };
	static const uint8_t mask[] = { 255, 255, 255, 0 };

	(void)state;
	memcpy(&station.ip4, ip4, 4);
	memcpy(&station.mask4, mask, 4);
	return 0;
}

static void put16(uint8_t *p, size_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static void begin(struct frame *f, const uint8_t *dst, uint16_t type)
{
	static const uint8_t src[] = { 2, 0, 0, 0, 0, 9 };

	memset(f, 0, sizeof(*f));
	memcpy(f->data, dst, ETH_ALEN);
	memcpy(f->data + ETH_ALEN, src, sizeof(src));
	put16(f->data + 12, type);
	f->type = type;
	f->len = ETH_HLEN;
}

static void make_arp(struct frame *f)
{
	static const uint8_t head[] = { 0, 1, 8, 0, 6, 4, 0, 1 };
	static const uint8_t all[] = { 255, 255, 255, 255, 255, 255 };

	begin(f, all, ETH_P_ARP);
	memcpy(f->data + f->len, head, sizeof(head));
	f->len += 28;
}

static void make_ip4(struct frame *f, uint8_t proto, size_t payload)
{
	uint8_t *p = f->data + ETH_HLEN;

	begin(f, station.mac, ETH_P_IP);
	p[0] = 0x45;
	put16(p + 2, 20 + payload);
	p[8] = 64;
	p[9] = proto;
	memcpy(p + 12, &station.ip4, 4);
	p[15] = 9;
	memcpy(p + 16, &station.ip4, 4);
	f->len += 20 + payload;
}

static void make_ip6(struct frame *f, uint8_t next, size_t payload)
{
	uint8_t *p = f->data + ETH_HLEN;

	begin(f, station.mac, ETH_P_IPV6);
	p[0] = 0x60;
	put16(p + 4, payload);
	p[6] = next;
	p[7] = 64;
	memcpy(p + 8, station.ip6[1], 16);
	p[8 + 15] = 9;
	memcpy(p + 24, station.ip6[1], 16);
	f->len += 40 + payload;
}

/* In memory of just that length, so that a sanitizer sees a byte too many. */
static enum filter_verdict judge(const struct frame *f)
{
	enum filter_verdict verdict;
	uint8_t *copy = malloc(f->len ? f->len : 1);

	assert_non_null(copy);
	memcpy(copy, f->data, f->len);
	verdict = filter_frame(&station, f->type, copy, f->len);
	free(copy);
	return verdict;
}

static void passes(void **state)
{
	struct frame f = { 0 };

	(void)state;
	make_arp(&f);
	assert_int_equal(judge(&f), FILTER_PASS);
	make_ip4(&f, 6, 20);
	assert_int_equal(judge(&f), FILTER_PASS);
	/* the shortest frames are filled up */
	f.len += 6;
	assert_int_equal(judge(&f), FILTER_PASS);
	make_ip4(&f, 1, 8);
	assert_int_equal(judge(&f), FILTER_PASS);
	make_ip4(&f, 47, 8);
	assert_int_equal(judge(&f), FILTER_PASS_KEPT);
	make_ip6(&f, 58, 8);
	assert_int_equal(judge(&f), FILTER_PASS);
	make_ip6(&f, 44, 16);
	assert_int_equal(judge(&f), FILTER_PASS_KEPT);
	/* a fragment behind another header */
	make_ip6(&f, 60, 24);
	assert_int_equal(judge(&f), FILTER_PASS_KEPT);
}

static void fragments(void **state)
{
	struct frame f = { 0 };

	(void)state;
	make_ip4(&f, 6, 24);
	f.data[ETH_HLEN + 6] = 0x20;
	assert_int_equal(judge(&f), FILTER_PASS_KEPT);
	f.data[ETH_HLEN + 6] = 0;
	f.data[ETH_HLEN + 7] = 3;
	assert_int_equal(judge(&f), FILTER_PASS_KEPT);
	/* "do not" is no fragment */
	f.data[ETH_HLEN + 6] = 0x40;
	f.data[ETH_HLEN + 7] = 0;
	assert_int_equal(judge(&f), FILTER_PASS);
}

static void stations(void **state)
{
	static const uint8_t groups[][ETH_ALEN] = {
		{ 0x33, 0x33, 0, 0, 0, 1 }, /* all nodes */
		{ 0x33, 0x33, 0xff, 0, 0, 2 }, /* who asks for fd00::2 */
		{ 0x33, 0x33, 0xff, 0, 0, 1 }, /* for fe80::... */
	};
	static const uint8_t others[][ETH_ALEN] = {
		{ 2, 0, 0, 0, 0, 2 },
		{ 0x33, 0x33, 0, 0, 0, 2 }, /* all routers */
		{ 0x33, 0x33, 0xff, 0, 0, 3 },
		{ 0x33, 0x33, 0xfe, 0, 0, 2 },
		{ 1, 0, 0x5e, 0, 0, 1 },
		{ 1, 0x80, 0xc2, 0, 0, 0 },
	};
	struct frame f = { 0 };

	(void)state;
	make_ip6(&f, 58, 8);
	memcpy(f.data + ETH_HLEN + 24, "\xff\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\1",
	       16);
	for (size_t i = 0; i < sizeof(groups) / ETH_ALEN; i++) {
		memcpy(f.data, groups[i], ETH_ALEN);
		assert_int_equal(judge(&f), FILTER_PASS);
	}
	for (size_t i = 0; i < sizeof(others) / ETH_ALEN; i++) {
		memcpy(f.data, others[i], ETH_ALEN);
		assert_int_equal(judge(&f), FILTER_STATION);
	}
	make_ip4(&f, 6, 20);
	f.data[6] |= 1;
	assert_int_equal(judge(&f), FILTER_SOURCE);
	memcpy(f.data + 6, station.mac, ETH_ALEN);
	assert_int_equal(judge(&f), FILTER_SOURCE);
}

/* Packets that a station which forwards would send on. */
static void addresses(void **state)
{
	struct frame f = { 0 };

	(void)state;
	make_ip4(&f, 17, 8);
	f.data[ETH_HLEN + 19] = 1;
	assert_int_equal(judge(&f), FILTER_ADDRESS);
	/* for all, but not to all */
	f.data[ETH_HLEN + 19] = 255;
	assert_int_equal(judge(&f), FILTER_ADDRESS);
	memset(f.data, 0xff, ETH_ALEN);
	assert_int_equal(judge(&f), FILTER_PASS);
	/* to all, but not for all */
	f.data[ETH_HLEN + 19] = 2;
	assert_int_equal(judge(&f), FILTER_ADDRESS);
	make_ip6(&f, 6, 20);
	f.data[ETH_HLEN + 39] = 3;
	assert_int_equal(judge(&f), FILTER_ADDRESS);
	/* the solicited-node group of another */
	memcpy(f.data + ETH_HLEN + 24, "\xff\x02\0\0\0\0\0\0\0\0\0\1\xff\0\0\3",
	       16);
	assert_int_equal(judge(&f), FILTER_ADDRESS);
	f.data[ETH_HLEN + 39] = 2;
	assert_int_equal(judge(&f), FILTER_PASS);
}

static void headers(void **state)
{
	struct frame f = { 0 };

	(void)state;
	make_arp(&f);
	f.data[ETH_HLEN + 4] = 8;
	assert_int_equal(judge(&f), FILTER_HEADER);
	make_ip4(&f, 6, 20);
	f.data[ETH_HLEN] = 0x65;
	assert_int_equal(judge(&f), FILTER_HEADER);
	f.data[ETH_HLEN] = 0x44;
	assert_int_equal(judge(&f), FILTER_HEADER);
	/* the header alone is longer than the packet */
	f.data[ETH_HLEN] = 0x4f;
	assert_int_equal(judge(&f), FILTER_HEADER);
	make_ip4(&f, 6, 20);
	put16(f.data + ETH_HLEN + 2, 41);
	assert_int_equal(judge(&f), FILTER_SHORT);
	put16(f.data + ETH_HLEN + 2, 0xffff);
	assert_int_equal(judge(&f), FILTER_SHORT);
	make_ip6(&f, 6, 20);
	put16(f.data + ETH_HLEN + 4, 21);
	assert_int_equal(judge(&f), FILTER_SHORT);
	f.data[ETH_HLEN] = 0x45;
	assert_int_equal(judge(&f), FILTER_HEADER);
	/* from a group */
	make_ip6(&f, 6, 20);
	f.data[ETH_HLEN + 8] = 0xff;
	assert_int_equal(judge(&f), FILTER_HEADER);
	/* a ring's frames are of its type */
	make_ip6(&f, 6, 20);
	f.type = ETH_P_IP;
	assert_int_equal(judge(&f), FILTER_TYPE);
}

/* A station without IPv4 or without IPv6 takes no packet of that. */
static void families(void **state)
{
	const struct filter both = station;
	struct frame f = { 0 };

	(void)state;
	station.n_ip6 = 0;
	make_ip6(&f, 58, 8);
	assert_int_equal(judge(&f), FILTER_ADDRESS);
	memcpy(f.data, "\x33\x33\0\0\0\1", ETH_ALEN);
	assert_int_equal(judge(&f), FILTER_STATION);
	station = both;
	station.ip4 = 0;
	station.mask4 = 0;
	make_ip4(&f, 6, 20);
	assert_int_equal(judge(&f), FILTER_ADDRESS);
	memset(f.data + ETH_HLEN + 16, 0, 4);
	assert_int_equal(judge(&f), FILTER_ADDRESS);
	memset(f.data + ETH_HLEN + 16, 0xff, 4);
	memset(f.data, 0xff, ETH_ALEN);
	assert_int_equal(judge(&f), FILTER_ADDRESS);
	make_arp(&f);
	assert_int_equal(judge(&f), FILTER_ADDRESS);
	station = both;
}

/* What passes is whole, and for this station: looked at in another way. */
static void check_passed(const struct frame *f)
{
	const uint8_t *p = f->data + ETH_HLEN;

	assert_true(f->len >= ETH_HLEN + 28);
	assert_true(f->data[0] & 1 ||
		    memcmp(f->data, station.mac, ETH_ALEN) == 0);
	switch (f->type) {
	case ETH_P_IP:
		assert_true(p[0] >= 0x45 && p[0] <= 0x4f);
		assert_true((size_t)(p[2] << 8 | p[3]) <= f->len - ETH_HLEN);
		if (!(f->data[0] & 1))
			assert_memory_equal(p + 16, &station.ip4, 4);
		break;
	case ETH_P_IPV6:
		assert_int_equal(p[0] >> 4, 6);
		assert_true((size_t)(p[4] << 8 | p[5]) + 40 <=
			    f->len - ETH_HLEN);
		assert_true(p[24] == 0xff ||
			    memcmp(p + 24, station.ip6[0], 16) == 0 ||
			    memcmp(p + 24, station.ip6[1], 16) == 0);
		break;
	default:
		assert_int_equal(f->type, ETH_P_ARP);
		assert_memory_equal(p, "\0\1\x08\0\6\4", 6);
		break;
	}
}

static void mutations(void **state)
{
	static const uint8_t values[] = { 0x00, 0x01, 0x44, 0x46, 0x4f,
					  0x60, 0x7f, 0x80, 0xff };
	struct frame frames[5] = { { 0 } };
	unsigned long passed = 0;

	(void)state;
	make_arp(&frames[0]);
	make_ip4(&frames[1], 6, 24);
	make_ip4(&frames[2], 17, 8);
	make_ip6(&frames[3], 58, 16);
	make_ip6(&frames[4], 44, 16);
	for (size_t i = 0; i < 5; i++) {
		struct frame f = frames[i];

		for (f.len = 0; f.len < frames[i].len; f.len++)
			assert_true(judge(&f) > FILTER_PASS_KEPT);
		for (size_t at = 0; at < f.len; at++)
			for (size_t v = 0; v < sizeof(values); v++) {
				f = frames[i];
				f.data[at] = values[v];
				if (judge(&f) > FILTER_PASS_KEPT)
					continue;
				check_passed(&f);
				passed++;
			}
	}
	/* most bytes of a frame may be anything */
	assert_true(passed > 1000);
}

static void names(void **state)
{
	(void)state;
	for (int v = 0; v < FILTER_VERDICTS; v++)
		assert_non_null(filter_name((enum filter_verdict)v));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes),    cmocka_unit_test(fragments),
		cmocka_unit_test(stations),  cmocka_unit_test(addresses),
		cmocka_unit_test(headers),   cmocka_unit_test(families),
		cmocka_unit_test(mutations), cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
