// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of monitor.c.
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
#include "../family.h"

struct fixture {
	struct fake_kernel k;
	struct utcp_handle *h;
	struct utcp_monitor *m;
	struct fake_socket *s; /* the monitor's */
	const struct utcp_event *e;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	fake_init(&f->k);
	f->h = fake_handle(&f->k);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	utcp_monitor_close(f->m);
	utcp_handle_free(f->h);
	assert_null(f->k.sockets);
	free(f);
	return 0;
}

static void begin(struct fixture *f, unsigned int mask)
{
	assert_int_equal(utcp_monitor_open(f->h, mask, &f->m), 0);
	f->s = f->k.sockets;
}

static int next(struct fixture *f)
{
	return utcp_monitor_next(f->m, 0, &f->e);
}

static void assert_event(struct fixture *f, enum utcp_event_type type,
			 enum utcp_family family)
{
	assert_int_equal(next(f), 1);
	assert_int_equal(f->e->type, type);
	assert_int_equal(f->e->family, family);
}

static void put_limits(struct fake_msg *m, const struct fake_kernel *k,
		       enum utcp_family family)
{
	size_t at = fake_begin(m, fake_id(k, family), 0, 0);

	fake_genl(m, family_descs[family].cmd_limits_ntf);
	fake_info(m, k, family);
	fake_end(m, at);
}

static void send_family(struct fixture *f, enum utcp_family family, uint8_t cmd)
{
	struct fake_msg m = { 0 };

	fake_family(&m, &f->k, family, cmd, 0, 0);
	fake_send(f->s, m.data, m.len);
}

static void open__groups(void **state)
{
	struct fixture *f = *state;

	begin(f, 1U << LIBUTCP_NETSWITCH | 1U << LIBUTCP_SHAPER);
	assert_int_equal(f->s->n_groups, 3);
	assert_int_equal(f->s->groups[0], GENL_ID_CTRL);
	assert_int_equal(f->s->groups[1],
			 100 + fake_id(&f->k, LIBUTCP_NETSWITCH));
	assert_int_equal(f->s->groups[2], 100 + fake_id(&f->k, LIBUTCP_SHAPER));
	assert_int_equal(next(f), 0);
}

static void open__refused(void **state)
{
	struct fixture *f = *state;

	f->k.join_error = EPERM;
	assert_int_equal(utcp_monitor_open(f->h, 0, &f->m), -EPERM);
	assert_int_equal(utcp_handle_error(f->h)->code, LIBUTCP_E_PERMISSION);
	f->k.join_error = 0;
	f->k.loaded = 1U << LIBUTCP_NETSWITCH;
	assert_int_equal(utcp_monitor_open(f->h, 1U << LIBUTCP_ACL, &f->m),
			 -ENOENT);
	assert_int_equal(utcp_handle_error(f->h)->code, LIBUTCP_E_NO_MODULE);
	f->k.loaded = 0;
	assert_int_equal(utcp_monitor_open(f->h, 0, &f->m), -ENOENT);
	assert_int_equal(utcp_monitor_open(f->h, 1U << LIBUTCP_FAMILIES, &f->m),
			 -EINVAL);
}

/* Several events in one datagram come one by one. */
static void next__limits(void **state)
{
	struct fixture *f = *state;
	struct fake_msg m = { 0 };

	begin(f, 0);
	f->k.limits[LIBUTCP_UTCP][0] = 42;
	put_limits(&m, &f->k, LIBUTCP_UTCP);
	put_limits(&m, &f->k, LIBUTCP_ACL);
	fake_send(f->s, m.data, m.len);
	assert_event(f, LIBUTCP_EVENT_LIMITS, LIBUTCP_UTCP);
	assert_int_equal(f->e->info->limits[0].value, 42);
	assert_event(f, LIBUTCP_EVENT_LIMITS, LIBUTCP_ACL);
	assert_int_equal(next(f), 0);
}

static void next__unknown(void **state)
{
	struct fixture *f = *state;
	struct fake_msg m = { 0 };
	size_t at;

	begin(f, 0);
	at = fake_begin(&m, fake_id(&f->k, LIBUTCP_UTCP), 0, 0);
	fake_genl(&m, 250);
	fake_end(&m, at);
	fake_send(f->s, m.data, m.len);
	assert_event(f, LIBUTCP_EVENT_UNKNOWN, LIBUTCP_UTCP);
	assert_int_equal(f->e->command, 250);
}

/* Lost events are never passed over, and what changed meanwhile is told. */
static void next__lost(void **state)
{
	struct fixture *f = *state;

	f->k.loaded = 1U << LIBUTCP_NETSWITCH | 1U << LIBUTCP_UTCP;
	begin(f, 0);
	f->k.loaded = 1U << LIBUTCP_NETSWITCH | 1U << LIBUTCP_SHAPER;
	fake_send_error(f->s, ENOBUFS);
	assert_event(f, LIBUTCP_EVENT_LOST, LIBUTCP_FAMILIES);
	assert_event(f, LIBUTCP_EVENT_UNLOADED, LIBUTCP_UTCP);
	assert_event(f, LIBUTCP_EVENT_LOADED, LIBUTCP_SHAPER);
	assert_int_equal(next(f), 0);
}

static void next__reloaded(void **state)
{
	struct fixture *f = *state;
	struct fake_msg m = { 0 };

	begin(f, 0);
	send_family(f, LIBUTCP_UTCP, CTRL_CMD_DELFAMILY);
	assert_event(f, LIBUTCP_EVENT_UNLOADED, LIBUTCP_UTCP);
	f->k.id = 70;
	send_family(f, LIBUTCP_UTCP, CTRL_CMD_NEWFAMILY);
	assert_event(f, LIBUTCP_EVENT_LOADED, LIBUTCP_UTCP);
	assert_int_equal(f->s->groups[f->s->n_groups - 1],
			 100 + fake_id(&f->k, LIBUTCP_UTCP));
	put_limits(&m, &f->k, LIBUTCP_UTCP);
	fake_send(f->s, m.data, m.len);
	assert_event(f, LIBUTCP_EVENT_LIMITS, LIBUTCP_UTCP);
	assert_int_equal(next(f), 0);
}

/* What is known already is not told again, nor what was not asked for. */
static void next__not_told(void **state)
{
	struct fixture *f = *state;

	begin(f, 1U << LIBUTCP_UTCP);
	send_family(f, LIBUTCP_UTCP, CTRL_CMD_NEWFAMILY);
	send_family(f, LIBUTCP_ACL, CTRL_CMD_DELFAMILY);
	f->k.id = 70;
	send_family(f, LIBUTCP_UTCP, CTRL_CMD_DELFAMILY); /* a former id */
	f->k.id = 30;
	send_family(f, LIBUTCP_UTCP, CTRL_CMD_NEWMCAST_GRP);
	assert_int_equal(next(f), 0);
}

static void next__malformed(void **state)
{
	struct fixture *f = *state;
	struct fake_msg m = { 0 };
	size_t at;

	begin(f, 0);
	/* no generic netlink header */
	fake_end(&m, fake_begin(&m, fake_id(&f->k, LIBUTCP_UTCP), 0, 0));
	/* no version */
	at = fake_begin(&m, fake_id(&f->k, LIBUTCP_UTCP), 0, 0);
	fake_genl(&m, family_descs[LIBUTCP_UTCP].cmd_limits_ntf);
	fake_end(&m, at);
	/* and then a good one */
	put_limits(&m, &f->k, LIBUTCP_ACL);
	fake_send(f->s, m.data, m.len);
	assert_int_equal(next(f), -EBADMSG);
	assert_int_equal(next(f), -EBADMSG);
	assert_event(f, LIBUTCP_EVENT_LIMITS, LIBUTCP_ACL);

	fake_send(f->s, "12345", 5);
	fake_send_error(f->s, EMSGSIZE);
	assert_int_equal(next(f), -EBADMSG);
	assert_int_equal(next(f), -EBADMSG);
	fake_send_error(f->s, EBADF);
	assert_int_equal(next(f), -EBADF);
	assert_int_equal(next(f), 0);
}

static void put_ring(struct fake_msg *m, const struct fake_kernel *k,
		     uint8_t cmd, uint32_t ethertype)
{
	size_t at = fake_begin(m, fake_id(k, LIBUTCP_NETSWITCH), 0, 0);

	fake_genl(m, cmd);
	fake_u32(m, NETSWITCH_A_RING_IFINDEX, 3);
	fake_u32(m, NETSWITCH_A_RING_ETHERTYPE, ethertype);
	fake_end(m, at);
}

static void next__ring(void **state)
{
	struct fixture *f = *state;
	struct fake_msg m = { 0 };

	begin(f, 0);
	put_ring(&m, &f->k, NETSWITCH_CMD_RING_ADD_NTF, 0x4c57);
	put_ring(&m, &f->k, NETSWITCH_CMD_RING_CHANGE_NTF, 0x4c57);
	put_ring(&m, &f->k, NETSWITCH_CMD_RING_DEL_NTF, 0x0800);
	put_ring(&m, &f->k, NETSWITCH_CMD_RING_DEL_NTF, 0);
	fake_send(f->s, m.data, m.len);
	assert_event(f, LIBUTCP_EVENT_RING_ADD, LIBUTCP_NETSWITCH);
	assert_int_equal(f->e->ring.ethertype, 0x4c57);
	assert_event(f, LIBUTCP_EVENT_RING_CHANGE, LIBUTCP_NETSWITCH);
	assert_int_equal(f->e->ring.ethertype, 0x4c57);
	assert_event(f, LIBUTCP_EVENT_RING_DEL, LIBUTCP_NETSWITCH);
	assert_int_equal(f->e->ring.ethertype, 0x0800);
	assert_int_equal(f->e->ring.ifindex, 3);
	assert_int_equal(next(f), -EBADMSG);
	assert_int_equal(next(f), 0);
}

static void put_grant(struct fake_msg *m, const struct fake_kernel *k,
		      uint8_t cmd, uint32_t gid)
{
	size_t at = fake_begin(m, fake_id(k, LIBUTCP_NETSWITCH), 0, 0);

	fake_genl(m, cmd);
	fake_u32(m, NETSWITCH_A_GRANT_IFINDEX, 3);
	fake_attr(m, NETSWITCH_A_GRANT_IFNAME, "eth1", 5);
	fake_u32(m, NETSWITCH_A_GRANT_ETHERTYPE, 0x4c57);
	if (gid)
		fake_u32(m, NETSWITCH_A_GRANT_GID, gid);
	fake_end(m, at);
}

static void next__grant(void **state)
{
	struct fixture *f = *state;
	struct fake_msg m = { 0 };

	begin(f, 0);
	put_grant(&m, &f->k, NETSWITCH_CMD_GRANT_ADD_NTF, 5);
	put_grant(&m, &f->k, NETSWITCH_CMD_GRANT_DEL_NTF, 6);
	put_grant(&m, &f->k, NETSWITCH_CMD_GRANT_DEL_NTF, 0);
	fake_send(f->s, m.data, m.len);
	assert_event(f, LIBUTCP_EVENT_GRANT_ADD, LIBUTCP_NETSWITCH);
	assert_int_equal(f->e->grant.id, 5);
	assert_event(f, LIBUTCP_EVENT_GRANT_DEL, LIBUTCP_NETSWITCH);
	assert_int_equal(f->e->grant.id, 6);
	assert_true(f->e->grant.is_group);
	assert_string_equal(f->e->grant.name, "eth1");
	assert_int_equal(next(f), -EBADMSG);
	assert_int_equal(next(f), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(open__groups),   TEST(open__refused),
		TEST(next__limits),   TEST(next__unknown),
		TEST(next__lost),     TEST(next__reloaded),
		TEST(next__not_told), TEST(next__malformed),
		TEST(next__ring),     TEST(next__grant),
	};

	return cmocka_run_group_tests_name("monitor", tests, NULL, NULL);
}
