// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of rtnl.c: lists that change while they are read; and of sandboxconntrack.c:
 * which flows are meant.
 */
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <utcp/error.h>
#include <utcp/sandbox.h>

#include "../rtnl.h"
#include "../sandboxconntrack.h"
#include "../transport.h"

/* --- a kernel whose lists change ------------------------------------------------------------ */

#define PORTID 7

static struct {
	struct utcp_transport t;
	unsigned int changes; /* lists that are yet to change */
	unsigned int asked;
	uint32_t seq;
} kernel;

static int kernel_send(struct utcp_transport *t, const void *data, size_t len)
{
	const struct nlmsghdr *nlh = data;

	(void)t;
	assert_int_equal(len, nlh->nlmsg_len);
	kernel.seq = nlh->nlmsg_seq;
	kernel.asked++;
	return 0;
}

static void put(unsigned char **at, uint16_t type, uint16_t flags, int value)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(*at);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags | NLM_F_MULTI;
	nlh->nlmsg_seq = kernel.seq;
	nlh->nlmsg_pid = PORTID;
	memcpy(mnl_nlmsg_put_extra_header(nlh, sizeof(value)), &value,
	       sizeof(value));
	*at += NLMSG_ALIGN(nlh->nlmsg_len);
}

/* Two of the list: numbers that say for the how manieth time it was asked. */
static ssize_t kernel_recv(struct utcp_transport *t, void *data, size_t size,
			   int timeout_ms)
{
	uint16_t flags = kernel.changes ? NLM_F_DUMP_INTR : 0;
	unsigned char *at = data;

	(void)t;
	(void)size;
	(void)timeout_ms;
	put(&at, 100, 0, (int)kernel.asked);
	put(&at, 100, flags, (int)kernel.asked);
	put(&at, NLMSG_DONE, 0, 0);
	kernel.changes -= !!kernel.changes;
	return at - (unsigned char *)data;
}

static const struct utcp_transport_ops ops = { .send = kernel_send,
					       .recv = kernel_recv };

/* What was taken of a list. */
struct taken {
	unsigned int n;
	int last;
};

static int take(const struct nl_msg *msg, void *arg)
{
	struct taken *taken = arg;

	assert_int_equal(msg->type, 100);
	assert_int_equal(msg->body.len, sizeof(taken->last));
	memcpy(&taken->last, msg->body.data, sizeof(taken->last));
	taken->n++;
	return taken->n > 9 ? -EBADMSG : 0;
}

static int dump(unsigned int changes, struct taken *taken, struct utcp_error *e)
{
	static struct rtnl r;
	const uint32_t head = 0;

	memset(&r, 0, sizeof(r));
	memset(&kernel, 0, sizeof(kernel));
	memset(taken, 0, sizeof(*taken));
	kernel.t.ops = &ops;
	kernel.t.portid = PORTID;
	kernel.changes = changes;
	r.t = &kernel.t;
	r.e = e;
	rtnl_begin(&r, 99, NLM_F_DUMP, &head, sizeof(head));
	return rtnl_dump(&r, take, taken);
}

static void dump__is_taken_when_it_is_whole(void **state)
{
	struct utcp_error e = { 0 };
	struct taken taken;

	(void)state;
	assert_int_equal(dump(0, &taken, &e), 0);
	assert_int_equal(kernel.asked, 1);
	assert_int_equal(taken.n, 2);
	assert_int_equal(dump(3, &taken, &e), 0);
	assert_int_equal(kernel.asked, 4);
	assert_int_equal(taken.n, 2);
	assert_int_equal(taken.last, 4);
}

static void dump__that_changes_all_the_time_is_none(void **state)
{
	struct utcp_error e = { 0 };
	struct taken taken;

	(void)state;
	assert_int_equal(dump(1000, &taken, &e), -EINTR);
	assert_int_equal(e.code, LIBUTCP_E_BUSY);
	assert_int_equal(taken.n, 0);
	assert_in_range(kernel.asked, 2, 100);
}

/* --- flows ------------------------------------------------------------------------------- */

static const uint8_t host4[] = { 127, 0, 0, 1 };
static const uint8_t far4[] = { 192, 0, 2, 9 };
static const uint8_t box4[] = { 10, 181, 0, 2 };

static const struct utcp_sandbox box = {
	.addr4 = { .len = 16, .addr = { 10, 181, 0, 2 } },
	.n_publish = 1,
	.publish = { { .proto = IPPROTO_UDP, .host = 5300, .port = 53 } },
};

static void put_tuple(struct nlmsghdr *nlh, uint16_t type, uint8_t proto,
		      const uint8_t src[4], const uint8_t dst[4], uint16_t from,
		      uint16_t to)
{
	struct nlattr *tuple = mnl_attr_nest_start(nlh, type);
	struct nlattr *in = mnl_attr_nest_start(nlh, CTA_TUPLE_IP);

	mnl_attr_put(nlh, CTA_IP_V4_SRC, 4, src);
	mnl_attr_put(nlh, CTA_IP_V4_DST, 4, dst);
	mnl_attr_nest_end(nlh, in);
	in = mnl_attr_nest_start(nlh, CTA_TUPLE_PROTO);
	mnl_attr_put_u8(nlh, CTA_PROTO_NUM, proto);
	mnl_attr_put_u16(nlh, CTA_PROTO_SRC_PORT, htons(from));
	mnl_attr_put_u16(nlh, CTA_PROTO_DST_PORT, htons(to));
	mnl_attr_nest_end(nlh, in);
	mnl_attr_nest_end(nlh, tuple);
}

/* A flow to @to at port @port, which @by answers from @back. */
static struct flow *flow_of(uint8_t proto, const uint8_t to[4], uint16_t port,
			    const uint8_t by[4], uint16_t back)
{
	static unsigned char data[1024] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(data);
	const struct nfgenmsg head = { .nfgen_family = AF_INET };
	static struct flow flow;
	struct nl_msg msg = { 0 };

	memcpy(mnl_nlmsg_put_extra_header(nlh, sizeof(head)), &head,
	       sizeof(head));
	put_tuple(nlh, CTA_TUPLE_ORIG, proto, far4, to, 4000, port);
	put_tuple(nlh, CTA_TUPLE_REPLY, proto, by, far4, back, 4000);
	mnl_attr_put_u32(nlh, CTA_ID, 7);
	msg.body.data = mnl_nlmsg_get_payload(nlh);
	msg.body.len = mnl_nlmsg_get_payload_len(nlh);
	assert_int_equal(flow_parse(&msg, &flow), 1);
	assert_int_equal(flow.id.len, 4);
	/* one that ends early is none */
	msg.body.len -= 12;
	assert_int_equal(flow_parse(&msg, &(struct flow){ 0 }), -EBADMSG);
	return &flow;
}

static void flow__that_leads_in(void **state)
{
	struct utcp_sandbox own = box;

	(void)state;
	assert_true(flow_leads_in(flow_of(IPPROTO_UDP, host4, 5300, box4, 53),
				  &box));
	/* of another protocol, port, host, or to another port of it */
	assert_false(flow_leads_in(flow_of(IPPROTO_TCP, host4, 5300, box4, 53),
				   &box));
	assert_false(flow_leads_in(flow_of(IPPROTO_UDP, host4, 5301, box4, 53),
				   &box));
	assert_false(flow_leads_in(
		flow_of(IPPROTO_UDP, host4, 5300, host4, 5300), &box));
	assert_false(flow_leads_in(flow_of(IPPROTO_UDP, host4, 5300, box4, 54),
				   &box));
	/* published by another address of the host */
	own.publish[0].addr.len = 32;
	own.publish[0].addr.addr[0] = 1;
	assert_false(flow_leads_in(flow_of(IPPROTO_UDP, host4, 5300, box4, 53),
				   &own));
}

static void flow__that_would_lead_in(void **state)
{
	(void)state;
	assert_true(flow_would_lead_in(
		flow_of(IPPROTO_UDP, host4, 5300, host4, 5300), &box));
	/* what goes through the host to that port of another */
	assert_false(flow_would_lead_in(
		flow_of(IPPROTO_UDP, far4, 5300, far4, 5300), &box));
	assert_false(flow_would_lead_in(
		flow_of(IPPROTO_UDP, host4, 53, host4, 53), &box));
	assert_false(flow_would_lead_in(
		flow_of(IPPROTO_TCP, host4, 5300, host4, 5300), &box));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dump__is_taken_when_it_is_whole),
		cmocka_unit_test(dump__that_changes_all_the_time_is_none),
		cmocka_unit_test(flow__that_leads_in),
		cmocka_unit_test(flow__that_would_lead_in),
	};

	return cmocka_run_group_tests_name("rtnl", tests, NULL, NULL);
}
