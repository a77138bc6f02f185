// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of ring_mac.c, with rings that only tell what they were given, and a
 * device that is not registered; see limits_test.c.
 */
#include <kunit/test.h>

#include "../ring_mac.c"

#define TEST_RINGS NETSWITCH_RING_FANOUT_MAX

static const u8 port_mac[ETH_ALEN] __aligned(2) = { 2, 0, 0, 0, 1, 0 };

/* How often each ring got a frame; the test finds itself by the device. */
struct test_macs {
	struct net_device *dev;
	struct ring_macs *macs;
	struct netswitch_ring *ring[TEST_RINGS];
	unsigned int got[TEST_RINGS];
};

static struct test_macs *now;

static void got(struct netswitch_ring *ring)
{
	unsigned int i;

	for (i = 0; i < TEST_RINGS; i++)
		if (now->ring[i] == ring)
			now->got[i]++;
}

bool ring_rx(struct netswitch_ring *ring, struct sk_buff *skb)
{
	got(ring);
	kfree_skb(skb);
	return true;
}

bool ring_rx_copy(struct netswitch_ring *ring, struct sk_buff *skb)
{
	got(ring);
	return true;
}

int ring_refuse(struct netswitch_ring_bind *bind, int err, const char *fmt, ...)
{
	return err;
}

static int ring_mac_init(struct kunit *test)
{
	struct test_macs *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, t);
	for (i = 0; i < TEST_RINGS; i++) {
		t->ring[i] =
			kunit_kzalloc(test, sizeof(*t->ring[i]), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, t->ring[i]);
		t->ring[i]->rx.slots = 2;
	}
	t->macs = ring_macs_new();
	t->dev = alloc_etherdev(0);
	KUNIT_ASSERT_NOT_NULL(test, t->macs);
	KUNIT_ASSERT_NOT_NULL(test, t->dev);
	/* What registering it would do. */
	spin_lock_init(&t->dev->addr_list_lock);
	eth_hw_addr_set(t->dev, port_mac);
	test->priv = t;
	now = t;
	return 0;
}

static void ring_mac_exit(struct kunit *test)
{
	struct test_macs *t = test->priv;

	kfree(t->macs);
	free_netdev(t->dev);
}

/* Gives ring @i the address that it says. */
static int add_as_is(struct test_macs *t, unsigned int i)
{
	struct netswitch_ring_bind bind = {};
	int ret;

	rtnl_lock();
	ret = ring_macs_add(t->macs, t->ring[i], t->dev, &bind);
	rtnl_unlock();
	return ret;
}

/* Gives ring @i the address that ends with @last; 0: the port's. */
static int add(struct test_macs *t, unsigned int i, u8 last)
{
	eth_zero_addr(t->ring[i]->mac);
	if (last) {
		t->ring[i]->mac[0] = 2;
		t->ring[i]->mac[5] = last;
	}
	return add_as_is(t, i);
}

static void del(struct test_macs *t, unsigned int i)
{
	rtnl_lock();
	ring_macs_del(t->macs, t->ring[i], t->dev);
	rtnl_unlock();
}

/* The number of the ring that has an address, -1 if none has. */
static int find(struct test_macs *t, const u8 *mac)
{
	struct netswitch_ring *ring;
	int i;

	rcu_read_lock();
	ring = ring_macs_find(t->macs, t->dev, mac);
	rcu_read_unlock();
	for (i = 0; ring && i < TEST_RINGS; i++)
		if (t->ring[i] == ring)
			return i;
	return -1;
}

static int find_last(struct test_macs *t, u8 last)
{
	const u8 mac[ETH_ALEN] __aligned(2) = { 2, 0, 0, 0, 0, last };

	return find(t, mac);
}

static void find__all(struct kunit *test)
{
	struct test_macs *t = test->priv;
	unsigned int i;

	for (i = 0; i < TEST_RINGS; i++)
		KUNIT_EXPECT_EQ(test, add(t, i, i + 1), 0);
	KUNIT_EXPECT_EQ(test, netdev_uc_count(t->dev), TEST_RINGS);
	for (i = 0; i < TEST_RINGS; i++)
		KUNIT_EXPECT_EQ(test, find_last(t, i + 1), i);
	KUNIT_EXPECT_EQ(test, find_last(t, TEST_RINGS + 1), -1);
	KUNIT_EXPECT_EQ(test, find(t, port_mac), -1);
	for (i = 0; i < TEST_RINGS; i++) {
		del(t, i);
		KUNIT_EXPECT_EQ(test, find_last(t, i + 1), -1);
	}
	KUNIT_EXPECT_EQ(test, netdev_uc_count(t->dev), 0);
}

static void find__port(struct kunit *test)
{
	static const u8 other[ETH_ALEN] __aligned(2) = { 2, 0, 0, 0, 0, 9 };
	struct test_macs *t = test->priv;

	KUNIT_EXPECT_EQ(test, add(t, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, netdev_uc_count(t->dev), 0);
	KUNIT_EXPECT_EQ(test, find(t, port_mac), 0);
	KUNIT_EXPECT_EQ(test, find(t, other), -1);
	eth_hw_addr_set(t->dev, other);
	KUNIT_EXPECT_EQ(test, find(t, port_mac), -1);
	KUNIT_EXPECT_EQ(test, find(t, other), 0);
	eth_hw_addr_set(t->dev, port_mac);
	/* an address that a ring has stays its, also if it becomes the port's */
	KUNIT_EXPECT_EQ(test, add(t, 1, 9), 0);
	eth_hw_addr_set(t->dev, other);
	KUNIT_EXPECT_EQ(test, find(t, other), 1);
	del(t, 1);
	KUNIT_EXPECT_EQ(test, find(t, other), 0);
	del(t, 0);
	KUNIT_EXPECT_EQ(test, find(t, other), -1);
}

static void add__busy(struct kunit *test)
{
	struct test_macs *t = test->priv;

	KUNIT_EXPECT_EQ(test, add(t, 0, 1), 0);
	KUNIT_EXPECT_EQ(test, add(t, 1, 1), -EBUSY);
	KUNIT_EXPECT_EQ(test, add(t, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, add(t, 2, 0), -EBUSY);
	/* by its number the port's address is the same one */
	ether_addr_copy(t->ring[2]->mac, port_mac);
	KUNIT_EXPECT_EQ(test, add_as_is(t, 2), -EBUSY);
	KUNIT_EXPECT_EQ(test, netdev_uc_count(t->dev), 1);
	del(t, 1);
	ether_addr_copy(t->ring[2]->mac, port_mac);
	KUNIT_EXPECT_EQ(test, add_as_is(t, 2), 0);
	KUNIT_EXPECT_TRUE(test, is_zero_ether_addr(t->ring[2]->mac));
	KUNIT_EXPECT_EQ(test, netdev_uc_count(t->dev), 1);
	del(t, 2);
	del(t, 0);
	KUNIT_EXPECT_EQ(test, netdev_uc_count(t->dev), 0);
}

static bool frame(struct kunit *test, u8 type, u8 last)
{
	struct test_macs *t = test->priv;
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);
	struct ethhdr *eth;
	bool taken;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, NET_IP_ALIGN);
	skb_reset_mac_header(skb);
	eth = skb_put_zero(skb, sizeof(*eth));
	eth->h_dest[0] = 2;
	eth->h_dest[5] = last;
	skb->pkt_type = type;
	memset(t->got, 0, sizeof(t->got));
	rcu_read_lock();
	taken = ring_macs_rx(t->macs, t->dev, skb);
	rcu_read_unlock();
	return taken;
}

static void rx__to_whom(struct kunit *test)
{
	struct test_macs *t = test->priv;

	KUNIT_EXPECT_EQ(test, add(t, 0, 1), 0);
	KUNIT_EXPECT_EQ(test, add(t, 1, 2), 0);
	KUNIT_EXPECT_EQ(test, add(t, 2, 0), 0);
	KUNIT_EXPECT_TRUE(test, frame(test, PACKET_OTHERHOST, 2));
	KUNIT_EXPECT_EQ(test, t->got[0], 0);
	KUNIT_EXPECT_EQ(test, t->got[1], 1);
	KUNIT_EXPECT_EQ(test, t->got[2], 0);
	/* nobody's any more, when it comes here */
	KUNIT_EXPECT_FALSE(test, frame(test, PACKET_OTHERHOST, 3));
	KUNIT_EXPECT_EQ(test, t->got[0] + t->got[1] + t->got[2], 0);
	KUNIT_EXPECT_TRUE(test, frame(test, PACKET_MULTICAST, 9));
	KUNIT_EXPECT_EQ(test, t->got[0], 1);
	KUNIT_EXPECT_EQ(test, t->got[1], 1);
	KUNIT_EXPECT_EQ(test, t->got[2], 1);
	/* who only sends gets none */
	t->ring[2]->rx.slots = 0;
	t->ring[0]->rx.slots = 0;
	KUNIT_EXPECT_TRUE(test, frame(test, PACKET_BROADCAST, 9));
	KUNIT_EXPECT_EQ(test, t->got[0] + t->got[2], 0);
	KUNIT_EXPECT_EQ(test, t->got[1], 1);
	del(t, 1);
	KUNIT_EXPECT_FALSE(test, frame(test, PACKET_BROADCAST, 9));
	del(t, 0);
	del(t, 2);
}

static struct kunit_case ring_mac_cases[] = {
	KUNIT_CASE(find__all),
	KUNIT_CASE(find__port),
	KUNIT_CASE(add__busy),
	KUNIT_CASE(rx__to_whom),
	{},
};

static struct kunit_suite ring_mac_suite = {
	.name = "netswitch_ring_mac",
	.init = ring_mac_init,
	.exit = ring_mac_exit,
	.test_cases = ring_mac_cases,
};

kunit_test_suite(ring_mac_suite);
