// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of ask.c: who is told of flows, and what is taken back. The file under test
 * is included, and its exports, which are netswitch.ko's, are left out.
 */
#include <kunit/test.h>
#include <linux/module.h>

#undef EXPORT_SYMBOL_GPL
#define EXPORT_SYMBOL_GPL(...)

#include "../ask.c"

const struct netswitch_stage __rcu *netswitch_stages[NETSWITCH_STAGES];

/* What a stage keeps: whether it has the flow, and what it says to another one. */
struct test_kept {
	bool has;
	int refuses;
};

static int kept_add(struct netswitch_port *port, void *priv,
		    const struct netswitch_flow *flow)
{
	struct test_kept *kept = priv;

	if (kept->refuses)
		return kept->refuses;
	if (kept->has)
		return 1;
	kept->has = true;
	return 0;
}

static void kept_del(struct netswitch_port *port, void *priv,
		     const struct netswitch_flow *flow)
{
	struct test_kept *kept = priv;

	kept->has = false;
}

static const struct netswitch_stage stage = {
	.flow_add = kept_add,
	.flow_del = kept_del,
};

/* All stages are there, and those of @has have the flow. */
static struct netswitch_port *
fresh_port(struct kunit *test, struct test_kept *kept, unsigned long has)
{
	struct netswitch_port *port =
		kunit_kzalloc(test, sizeof(*port), GFP_KERNEL);
	int id;

	KUNIT_ASSERT_NOT_NULL(test, port);
	port->flags = NETSWITCH_PORT_FLAGS_POLICY;
	for (id = 0; id < NETSWITCH_STAGES; id++) {
		kept[id] = (struct test_kept){ .has = has & BIT(id) };
		RCU_INIT_POINTER(netswitch_stages[id], &stage);
		RCU_INIT_POINTER(port->stage_priv[id], &kept[id]);
	}
	return port;
}

static unsigned long who_has(const struct test_kept *kept)
{
	unsigned long has = 0;
	int id;

	for (id = 0; id < NETSWITCH_STAGES; id++)
		if (kept[id].has)
			has |= BIT(id);
	return has;
}

static int add(struct netswitch_port *port)
{
	struct netswitch_flow flow = {};
	int ret;

	rcu_read_lock();
	ret = netswitch_flow_add(port, &flow);
	rcu_read_unlock();
	return ret;
}

static void flow_add__all(struct kunit *test)
{
	struct test_kept kept[NETSWITCH_STAGES];
	struct netswitch_port *port = fresh_port(test, kept, BIT(0));

	KUNIT_EXPECT_EQ(test, add(port), 0);
	KUNIT_EXPECT_EQ(test, who_has(kept), GENMASK(NETSWITCH_STAGES - 1, 0));
}

/* The last one refuses: what was there before stays, and the rest goes. */
static void flow_add__taken_back(struct kunit *test)
{
	const unsigned long had[] = { 0, BIT(0), BIT(1),
				      GENMASK(NETSWITCH_STAGES - 1, 0) };
	struct test_kept kept[NETSWITCH_STAGES];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(had); i++) {
		struct netswitch_port *port = fresh_port(test, kept, had[i]);

		kept[NETSWITCH_STAGES - 1].refuses = -ENOSPC;
		KUNIT_EXPECT_EQ(test, add(port), -ENOSPC);
		KUNIT_EXPECT_EQ_MSG(test, who_has(kept), had[i], "case %u", i);
	}
}

static struct kunit_case ask_cases[] = {
	KUNIT_CASE(flow_add__all),
	KUNIT_CASE(flow_add__taken_back),
	{},
};

static struct kunit_suite ask_suite = {
	.name = "netswitch_ask",
	.test_cases = ask_cases,
};

kunit_test_suite(ask_suite);
