// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of told.c, with ports that only count.
 */
#include <net/netswitch.h>

/* Two ports: that of the own device, and that of the other end of the pair. */
static unsigned int told_flows[2];
static unsigned int told_room[2];
static struct netswitch_flow told_last[2];
static char told_ports[2];

static unsigned int told_which(const struct netswitch_port *port)
{
	return (const char *)port - told_ports;
}

static struct netswitch_port *told_find(const struct net *net, int ifindex)
{
	return (struct netswitch_port *)&told_ports[ifindex - 1];
}

/* As a stage: one that it has already is none more. */
static int told_flow_add(struct netswitch_port *port,
			 const struct netswitch_flow *flow)
{
	unsigned int i = told_which(port);

	if (told_flows[i] && !memcmp(&told_last[i], flow, sizeof(*flow)))
		return 0;
	if (!told_room[i])
		return -ENOSPC;
	told_room[i]--;
	told_flows[i]++;
	told_last[i] = *flow;
	return 0;
}

static void told_flow_del(struct netswitch_port *port,
			  const struct netswitch_flow *flow)
{
	unsigned int i = told_which(port);

	if (told_flows[i]) {
		told_flows[i]--;
		told_room[i]++;
	}
}

#define netswitch_port_find told_find
#define netswitch_flow_add told_flow_add
#define netswitch_flow_del told_flow_del
#define utcp_hash told_hash
#define utcp_wq told_wq
#include "../told.c"

#include <kunit/test.h>

struct workqueue_struct *told_wq;

void told_hash(u8 out[UTCP_HASH_LEN], const void *data, size_t len)
{
	memset(out, ((const u8 *)data)[len - 1], UTCP_HASH_LEN);
}

static struct net_device told_peer = { .ifindex = 2 };

static struct net_device *told_peer_dev(struct net_device *dev)
{
	return &told_peer;
}

static const struct net_device_ops told_ops = {
	.ndo_get_peer_dev = told_peer_dev,
};

static const u8 told_mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
static const struct utcp_path told_path = { 1, 0, { 2, 0, 0, 0, 0, 9 } };

struct world {
	struct utcp_net un;
	struct utcp_link link;
	struct net_device dev;
};

static struct world *world(struct kunit *test, struct utcp_way *way)
{
	struct world *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, w);
	memset(told_flows, 0, sizeof(told_flows));
	told_wq = system_wq;
	w->dev.ifindex = 1;
	w->dev.dev_addr = told_mac;
	w->dev.netdev_ops = &told_ops;
	w->link.dev = &w->dev;
	w->link.un = &w->un;
	xa_init_flags(&w->un.links, XA_FLAGS_LOCK_BH);
	KUNIT_ASSERT_EQ(test,
			xa_insert_bh(&w->un.links, 1, &w->link, GFP_KERNEL), 0);
	KUNIT_ASSERT_EQ(test, utcp_tolds_init(&w->un), 0);
	rcu_read_lock();
	utcp_way_of(&w->un, 1, way);
	rcu_read_unlock();
	KUNIT_ASSERT_EQ(test, way->n, 2);
	for (i = 0; i < 2; i++) {
		told_room[i] = 100;
		way->at[i].allows = true;
	}
	return w;
}

static void world_end(struct world *w)
{
	utcp_tolds_exit(&w->un);
	xa_destroy(&w->un.links);
}

/* So much time has passed, as far as the table knows. */
static void told_pass(struct world *w, u64 ns)
{
	struct utcp_told *told;

	cancel_delayed_work_sync(&w->un.told.work);
	spin_lock_bh(&w->un.told.lock);
	list_for_each_entry(told, &w->un.told.ending, ending)
		told->until = told->until > ns ? told->until - ns : 0;
	spin_unlock_bh(&w->un.told.lock);
	look(&w->un.told.work.work);
	cancel_delayed_work_sync(&w->un.told.work);
}

static void expect_flows(struct kunit *test, unsigned int own,
			 unsigned int other)
{
	KUNIT_EXPECT_EQ(test, told_flows[0], own);
	KUNIT_EXPECT_EQ(test, told_flows[1], other);
}

static int frame(struct world *w, const struct utcp_way *way, u8 type, u8 last)
{
	u8 bytes[16] = { 0xc1, type, 0, 16, 0, 0, 0, 7 };
	int ret;

	bytes[15] = last;
	rcu_read_lock();
	ret = utcp_told_frame(&w->un, &told_path, way, bytes);
	rcu_read_unlock();
	return ret;
}

static struct utcp_told *assoc(struct world *w, const struct utcp_way *way)
{
	struct utcp_told *told;

	rcu_read_lock();
	told = utcp_told_assoc(&w->un, &told_path, way, 7);
	rcu_read_unlock();
	return told;
}

static void told__way(struct kunit *test)
{
	struct utcp_way way;
	struct world *w = world(test, &way);

	KUNIT_EXPECT_EQ(test, way.at[0].out, NETSWITCH_OUT);
	KUNIT_EXPECT_EQ(test, way.at[1].out, NETSWITCH_IN);
	KUNIT_EXPECT_EQ(test, told_which(way.at[1].port), 1);
	rcu_read_lock();
	utcp_way_of(&w->un, 3, &way);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, way.n, 0); /* no link */
	world_end(w);
}

/* What is told is as the page says; and is forgotten when its time is up. */
static void told__frame(struct kunit *test)
{
	struct utcp_way way;
	struct world *w = world(test, &way);
	u8 want[NETSWITCH_HASH_LEN];

	memset(want, 5, sizeof(want));
	KUNIT_EXPECT_EQ(test, frame(w, &way, UTCP_FRAME_INITIATION, 5), 0);
	expect_flows(test, 1, 1);
	KUNIT_EXPECT_EQ(test, told_last[1].index, cpu_to_be32(7));
	KUNIT_EXPECT_EQ(test, told_last[1].dir, NETSWITCH_IN);
	KUNIT_EXPECT_EQ(test, memcmp(told_last[1].hash, want, sizeof(want)), 0);
	KUNIT_EXPECT_EQ(test, memcmp(told_last[1].from, told_mac, ETH_ALEN), 0);
	KUNIT_EXPECT_EQ(test, memcmp(told_last[1].to, told_path.mac, ETH_ALEN),
			0);
	told_pass(w, UTCP_TOLD_FRAME_TIME - NSEC_PER_SEC);
	expect_flows(test, 1, 1);
	told_pass(w, NSEC_PER_SEC);
	expect_flows(test, 0, 0);
	KUNIT_EXPECT_EQ(test, w->un.told.n_ending, 0);
	/* A who-has has no index, whatever stands there. */
	KUNIT_EXPECT_EQ(test, frame(w, &way, UTCP_FRAME_WHO_HAS, 5), 0);
	KUNIT_EXPECT_EQ(test, told_last[1].index, 0);
	world_end(w);
}

/* Ports that do not allow are told nothing. */
static void told__who(struct kunit *test)
{
	struct utcp_way way;
	struct world *w = world(test, &way);

	way.at[0].allows = false;
	KUNIT_EXPECT_EQ(test, frame(w, &way, UTCP_FRAME_RESPONSE, 1), 0);
	expect_flows(test, 0, 1);
	way.at[1].allows = false;
	KUNIT_EXPECT_EQ(test, frame(w, &way, UTCP_FRAME_RESPONSE, 2), 0);
	KUNIT_EXPECT_NULL(test, assoc(w, &way));
	expect_flows(test, 0, 1);
	world_end(w);
}

/* An association keeps what is its, and for a second more. */
static void told__assoc(struct kunit *test)
{
	struct utcp_way way;
	struct world *w = world(test, &way);
	struct utcp_told *one = assoc(w, &way), *two;

	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(one));
	told_pass(w, 1000 * NSEC_PER_SEC);
	expect_flows(test, 1, 1);
	two = assoc(w, &way); /* told once more */
	KUNIT_EXPECT_PTR_EQ(test, one, two);
	utcp_told_put(&w->un, two);
	told_pass(w, 1000 * NSEC_PER_SEC);
	expect_flows(test, 1, 1);
	utcp_told_put(&w->un, one);
	told_pass(w, UTCP_TOLD_LAST_TIME / 2);
	expect_flows(test, 1, 1);
	told_pass(w, UTCP_TOLD_LAST_TIME);
	expect_flows(test, 0, 0);
	world_end(w);
}

/* A port without room: nothing is to be sent, and nothing stays behind. */
static void told__full(struct kunit *test)
{
	struct utcp_way way;
	struct world *w = world(test, &way);

	told_room[1] = 0;
	KUNIT_EXPECT_EQ(test, frame(w, &way, UTCP_FRAME_RESPONSE, 1), -ENOSPC);
	KUNIT_EXPECT_EQ(test, PTR_ERR(assoc(w, &way)), -ENOSPC);
	told_pass(w, 0);
	expect_flows(test, 0, 0);
	KUNIT_EXPECT_EQ(test, w->un.told.n_ending, 0);
	told_room[1] = 1;
	KUNIT_EXPECT_EQ(test, frame(w, &way, UTCP_FRAME_RESPONSE, 1), 0);
	/* So many of a handshake, and no more. */
	w->un.told.n_ending = UTCP_TOLD_MAX;
	KUNIT_EXPECT_EQ(test, frame(w, &way, UTCP_FRAME_RESPONSE, 2), -ENOSPC);
	w->un.told.n_ending = 1;
	world_end(w);
}

/* Nothing goes by the device any more: all is taken back at once, and nothing new. */
static void told__link_end(struct kunit *test)
{
	struct utcp_way way;
	struct world *w = world(test, &way);
	struct utcp_told *told = assoc(w, &way);

	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(told));
	expect_flows(test, 1, 1);
	utcp_told_link_end(&w->link);
	expect_flows(test, 0, 0);
	KUNIT_EXPECT_EQ(test, frame(w, &way, UTCP_FRAME_RESPONSE, 1),
			-ENETDOWN);
	utcp_told_put(&w->un, told);
	told_pass(w, UTCP_TOLD_LAST_TIME);
	KUNIT_EXPECT_EQ(test, w->un.told.n_ending, 0);
	world_end(w);
}

static struct kunit_case told_cases[] = { KUNIT_CASE(told__way),
					  KUNIT_CASE(told__frame),
					  KUNIT_CASE(told__who),
					  KUNIT_CASE(told__assoc),
					  KUNIT_CASE(told__full),
					  KUNIT_CASE(told__link_end),
					  {} };

static struct kunit_suite told_suite = {
	.name = "utcp_told",
	.test_cases = told_cases,
};

kunit_test_suite(told_suite);
