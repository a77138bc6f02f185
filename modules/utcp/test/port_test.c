// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of port.c.
 */
#include "../port.c"

#include <kunit/test.h>
#include <linux/vmalloc.h>

static const u8 port_cell[UTCP_CELL_ID_LEN] = { 1 };

static int port_take_any(struct utcp_ports *ports, struct utcp_port *p)
{
	memset(p, 0, sizeof(*p));
	return utcp_port_take(ports, p, port_cell, 0, GLOBAL_ROOT_UID, U32_MAX);
}

/* What was given back is not given again before all the others were. */
static void port__given_back(struct kunit *test)
{
	unsigned long *seen = bitmap_zalloc(AUTO_PORTS, GFP_KERNEL);
	struct utcp_ports *ports = vzalloc(sizeof(*ports));
	struct utcp_port p;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, seen);
	KUNIT_ASSERT_NOT_NULL(test, ports);
	utcp_ports_init(ports);
	for (i = 0; i < AUTO_PORTS; i++) {
		KUNIT_ASSERT_EQ(test, port_take_any(ports, &p), 0);
		KUNIT_ASSERT_GE(test, p.port, UTCP_PORT_AUTO_FIRST);
		KUNIT_ASSERT_FALSE(
			test,
			test_and_set_bit(p.port - UTCP_PORT_AUTO_FIRST, seen));
		utcp_port_drop(ports, &p);
	}
	bitmap_free(seen);
	vfree(ports);
}

/* Each port is given once; where all are taken that is said, and one that was given back can
 * be had by its number.
 */
static void port__all_taken(struct kunit *test)
{
	struct utcp_port *all = vzalloc(array_size(AUTO_PORTS, sizeof(*all)));
	struct utcp_ports *ports = vzalloc(sizeof(*ports));
	struct utcp_port p;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, all);
	KUNIT_ASSERT_NOT_NULL(test, ports);
	utcp_ports_init(ports);
	for (i = 0; i < AUTO_PORTS; i++)
		KUNIT_ASSERT_EQ(test, port_take_any(ports, &all[i]), 0);
	KUNIT_EXPECT_EQ(test, port_take_any(ports, &p), -EADDRINUSE);
	memset(&p, 0, sizeof(p));
	i = all[7].port;
	KUNIT_EXPECT_EQ(test,
			utcp_port_take(ports, &p, port_cell, i, GLOBAL_ROOT_UID,
				       U32_MAX),
			-EADDRINUSE);
	utcp_port_drop(ports, &all[7]);
	KUNIT_EXPECT_EQ(test,
			utcp_port_take(ports, &p, port_cell, i, GLOBAL_ROOT_UID,
				       U32_MAX),
			0);
	KUNIT_EXPECT_EQ(test, p.port, i);
	utcp_port_drop(ports, &p);
	for (i = 0; i < AUTO_PORTS; i++)
		utcp_port_drop(ports, &all[i]);
	vfree(all);
	vfree(ports);
}

static struct kunit_case port_cases[] = { KUNIT_CASE(port__given_back),
					  KUNIT_CASE(port__all_taken),
					  {} };

static struct kunit_suite port_suite = {
	.name = "utcp_port",
	.test_cases = port_cases,
};

kunit_test_suite(port_suite);
