// SPDX-License-Identifier: GPL-2.0-only
/*
 * aclflow WHICH - send frames, one by one, and see of each whether it was allowed
 *
 * In this namespace h0 is a port that is bound to a policy, and p0 the other end of
 * its link, the sandbox's. The policy allows it UDP to port 53, TCP to port 80, and
 * echoes, and nothing else. WHICH: the table of steps below, or "fill". Every step is one result.
 */
#include <linux/utcp_acl.h>

#include "../lib/nl.h"
#include "kselftest.h"
#include "pkt.h"

#define SYN 0x02
#define ACK 0x10
#define FIN 0x01
#define RST 0x04

enum dir { OUT, IN };

struct step {
	const char *what;
	enum dir dir;
	bool pass;
	struct pkt pkt;
};

/* Of the sandbox, and to it. */
#define TO(...)                                       \
	{                                             \
		.src = ME4, .dst = PEER4, __VA_ARGS__ \
	}
#define FROM(...)                                     \
	{                                             \
		.src = PEER4, .dst = ME4, __VA_ARGS__ \
	}

static const struct pkt query = TO(.sport = 4000, .dport = 53);
static const struct pkt no_query = TO(.sport = 4009, .dport = 53);

static const struct step first[] = {
	{ "an answer that nobody asked for", IN, false,
	  FROM(.sport = 53, .dport = 4000) },
	{ "a query", OUT, true, TO(.sport = 4000, .dport = 53) },
	{ "its answer", IN, true, FROM(.sport = 53, .dport = 4000) },
	{ "an answer to another port", IN, false,
	  FROM(.sport = 53, .dport = 4001) },
	{ "an answer from another port", IN, false,
	  FROM(.sport = 54, .dport = 4000) },
	{ "an answer from somebody else",
	  IN,
	  false,
	  { .src = "10.9.0.3", .dst = ME4, .sport = 53, .dport = 4000 } },
	{ "an error about the query",
	  IN,
	  true,
	  { .src = "10.9.0.7",
	    .dst = ME4,
	    .proto = IPPROTO_ICMP,
	    .sport = 3,
	    .dport = 1,
	    .about = &query } },
	{ "an error about no query",
	  IN,
	  false,
	  { .src = "10.9.0.7",
	    .dst = ME4,
	    .proto = IPPROTO_ICMP,
	    .sport = 3,
	    .dport = 1,
	    .about = &no_query } },
	{ "an error to somebody else",
	  OUT,
	  false,
	  { .src = ME4,
	    .dst = "10.9.0.3",
	    .proto = IPPROTO_ICMP,
	    .sport = 3,
	    .dport = 1,
	    .about = &query } },
	{ "a query by IPv6",
	  OUT,
	  true,
	  { .src = ME6, .dst = PEER6, .sport = 4000, .dport = 53 } },
	{ "its answer",
	  IN,
	  true,
	  { .src = PEER6, .dst = ME6, .sport = 53, .dport = 4000 } },
	{ "SYN and ACK of nothing", IN, false,
	  FROM(.proto = TCP, .sport = 80, .dport = 5000, .flags = SYN | ACK) },
	{ "SYN", OUT, true,
	  TO(.proto = TCP, .sport = 5000, .dport = 80, .flags = SYN) },
	{ "ACK before SYN and ACK", IN, false,
	  FROM(.proto = TCP, .sport = 80, .dport = 5000, .flags = ACK) },
	{ "SYN instead", IN, false,
	  FROM(.proto = TCP, .sport = 80, .dport = 5000, .flags = SYN) },
	{ "SYN once more", OUT, true,
	  TO(.proto = TCP, .sport = 5000, .dport = 80, .flags = SYN) },
	{ "SYN and ACK", IN, true,
	  FROM(.proto = TCP, .sport = 80, .dport = 5000, .flags = SYN | ACK) },
	{ "ACK", OUT, true,
	  TO(.proto = TCP, .sport = 5000, .dport = 80, .flags = ACK) },
	{ "data", IN, true,
	  FROM(.proto = TCP, .sport = 80, .dport = 5000, .flags = ACK) },
	{ "nothing set", IN, false,
	  FROM(.proto = TCP, .sport = 80, .dport = 5000) },
	{ "a new connection by the same ports", IN, false,
	  FROM(.proto = TCP, .sport = 80, .dport = 5000, .flags = SYN) },
	{ "FIN", IN, true,
	  FROM(.proto = TCP, .sport = 80, .dport = 5000, .flags = FIN | ACK) },
	{ "FIN of the other side", OUT, true,
	  TO(.proto = TCP, .sport = 5000, .dport = 80, .flags = FIN | ACK) },
	{ "the last ACK", IN, true,
	  FROM(.proto = TCP, .sport = 80, .dport = 5000, .flags = ACK) },
	{ "the next connection", OUT, true,
	  TO(.proto = TCP, .sport = 5000, .dport = 80, .flags = SYN) },
	{ "which has no answer yet", IN, false,
	  FROM(.proto = TCP, .sport = 80, .dport = 5000, .flags = ACK) },
	{ "but RST", IN, true,
	  FROM(.proto = TCP, .sport = 80, .dport = 5000, .flags = RST | ACK,
	       .ack = 9) },
	{ "an echo", OUT, true,
	  TO(.proto = IPPROTO_ICMP, .sport = 8, .id = 7) },
	{ "its reply", IN, true,
	  FROM(.proto = IPPROTO_ICMP, .sport = 0, .id = 7) },
	{ "a reply to nothing", IN, false,
	  FROM(.proto = IPPROTO_ICMP, .sport = 0, .id = 8) },
	{ "an echo the other way", IN, false,
	  FROM(.proto = IPPROTO_ICMP, .sport = 8, .id = 7) },
	{ "a fragment without a first", OUT, false,
	  TO(.later = true, .id = 9) },
	{ "a first one", OUT, true,
	  TO(.sport = 4002, .dport = 53, .fragment = true, .id = 9) },
	{ "its second", OUT, true, TO(.later = true, .id = 9) },
	{ "one of another packet", OUT, false, TO(.later = true, .id = 10) },
	{ "a first one that is not allowed", OUT, false,
	  TO(.sport = 4002, .dport = 54, .fragment = true, .id = 11) },
	{ "its second", OUT, false, TO(.later = true, .id = 11) },
	{ "the other way", IN, false, FROM(.later = true, .id = 9) },
	{ "a first one of a long echo", OUT, true,
	  TO(.proto = IPPROTO_ICMP, .sport = 8, .fragment = true, .id = 14) },
	{ "its second", OUT, true,
	  TO(.proto = IPPROTO_ICMP, .later = true, .id = 14) },
	{ "a first one of the reply", IN, true,
	  FROM(.proto = IPPROTO_ICMP, .sport = 0, .fragment = true, .id = 14) },
	{ "its second", IN, true,
	  FROM(.proto = IPPROTO_ICMP, .later = true, .id = 14) },
	{ "a first one of IPv6, with extension headers",
	  OUT,
	  true,
	  { .src = ME6,
	    .dst = PEER6,
	    .sport = 4002,
	    .dport = 53,
	    .fragment = true,
	    .ext = 1,
	    .id = 12 } },
	{ "its second",
	  OUT,
	  true,
	  { .src = ME6, .dst = PEER6, .later = true, .ext = 1, .id = 12 } },
	{ "one of another packet",
	  OUT,
	  false,
	  { .src = ME6, .dst = PEER6, .later = true, .ext = 1, .id = 13 } },
};

/* The table is full. */
static const struct step full[] = {
	{ "what is remembered goes on", IN, true,
	  FROM(.sport = 53, .dport = 4000) },
	{ "what is allowed too", OUT, true, TO(.sport = 4100, .dport = 53) },
	{ "but is not remembered", IN, false,
	  FROM(.sport = 53, .dport = 4100) },
};

/* A connection is made, and goes on. */
static const struct step connected[] = {
	{ "SYN", OUT, true,
	  TO(.proto = TCP, .sport = 7000, .dport = 80, .flags = SYN) },
	{ "SYN and ACK", IN, true,
	  FROM(.proto = TCP, .sport = 80, .dport = 7000, .flags = SYN | ACK) },
	{ "ACK", OUT, true,
	  TO(.proto = TCP, .sport = 7000, .dport = 80, .flags = ACK) },
};

static const struct step going[] = {
	{ "the connection's data", IN, true,
	  FROM(.proto = TCP, .sport = 80, .dport = 7000, .flags = ACK) },
	{ "and what is sent", OUT, true,
	  TO(.proto = TCP, .sport = 7000, .dport = 80, .flags = ACK) },
	{ "another one's SYN", OUT, true,
	  TO(.proto = TCP, .sport = 7001, .dport = 80, .flags = SYN) },
	{ "has no answer", IN, false,
	  FROM(.proto = TCP, .sport = 80, .dport = 7001, .flags = SYN | ACK) },
};

/* It was emptied. */
static const struct step flushed[] = {
	{ "nothing is remembered", IN, false,
	  FROM(.sport = 53, .dport = 4000) },
	{ "what is allowed is", OUT, true, TO(.sport = 4000, .dport = 53) },
	{ "from now on", IN, true, FROM(.sport = 53, .dport = 4000) },
};

/* A connection that lives; a SYN here takes 9 of the sequence, data 8. */
static const struct step forged[] = {
	{ "SYN", OUT, true,
	  TO(.proto = TCP, .sport = 6000, .dport = 80, .flags = SYN,
	     .seq = 1000) },
	{ "a reset that acknowledges nothing", IN, true,
	  FROM(.proto = TCP, .sport = 80, .dport = 6000, .flags = RST | ACK,
	       .ack = 77) },
	{ "SYN and ACK", IN, true,
	  FROM(.proto = TCP, .sport = 80, .dport = 6000, .flags = SYN | ACK,
	       .seq = 5000, .ack = 1009) },
	{ "ACK", OUT, true,
	  TO(.proto = TCP, .sport = 6000, .dport = 80, .flags = ACK,
	     .seq = 1009, .ack = 5009) },
	{ "data", IN, true,
	  FROM(.proto = TCP, .sport = 80, .dport = 6000, .flags = ACK,
	       .seq = 5009, .ack = 1017) },
	{ "a reset from before", IN, true,
	  FROM(.proto = TCP, .sport = 80, .dport = 6000, .flags = RST,
	       .seq = 5000) },
	{ "one from behind", IN, true,
	  FROM(.proto = TCP, .sport = 80, .dport = 6000, .flags = RST,
	       .seq = 5018) },
	{ "data from far off", IN, true,
	  FROM(.proto = TCP, .sport = 80, .dport = 6000, .flags = ACK,
	       .seq = 900000, .ack = 1017) },
	{ "and a reset behind them", IN, true,
	  FROM(.proto = TCP, .sport = 80, .dport = 6000, .flags = RST,
	       .seq = 900008) },
};

static const struct step reset[] = {
	{ "a reset that is expected", IN, true,
	  FROM(.proto = TCP, .sport = 80, .dport = 6000, .flags = RST,
	       .seq = 5017) },
};

/* A rule looks at the source's MAC address, which is that of p0. */
static const struct step macs[] = {
	{ "a query", OUT, true, TO(.sport = 4000, .dport = 53) },
	{ "its answer", IN, true, FROM(.sport = 53, .dport = 4000) },
	{ "an answer to another station", IN, false,
	  FROM(.sport = 53, .dport = 4000, .dmac = 0x77) },
	{ "an error",
	  IN,
	  true,
	  { .src = "10.9.0.7",
	    .dst = ME4,
	    .proto = IPPROTO_ICMP,
	    .sport = 3,
	    .dport = 1,
	    .about = &query } },
	{ "an error to another station",
	  IN,
	  false,
	  { .src = "10.9.0.7",
	    .dst = ME4,
	    .proto = IPPROTO_ICMP,
	    .sport = 3,
	    .dport = 1,
	    .dmac = 0x77,
	    .about = &query } },
};

/* Nothing is allowed. */
static const struct step closed[] = {
	{ "a query", OUT, false, TO(.sport = 4000, .dport = 53) },
};

/* Nor is it any more, but for what goes on. */
static const struct step kept[] = {
	{ "a flow that was allowed goes on", OUT, true,
	  TO(.sport = 4000, .dport = 53) },
	{ "and so do its answers", IN, true, FROM(.sport = 53, .dport = 4000) },
	{ "a new one does not", OUT, false, TO(.sport = 4001, .dport = 53) },
};

/* All is allowed, and a rule is met by what the one who was called says. */
static const struct step called[] = {
	{ "who calls", IN, true, FROM(.sport = 4000, .dport = 4433) },
	{ "once more", IN, true, FROM(.sport = 4000, .dport = 4433) },
	{ "who is called", OUT, true, TO(.sport = 4433, .dport = 4000) },
	{ "who calls goes on", IN, true, FROM(.sport = 4000, .dport = 4433) },
};

static const struct {
	const char *name;
	const struct step *steps;
	unsigned int n;
} tables[] = {
	{ "first", first, ARRAY_SIZE(first) },
	{ "full", full, ARRAY_SIZE(full) },
	{ "connected", connected, ARRAY_SIZE(connected) },
	{ "going", going, ARRAY_SIZE(going) },
	{ "flushed", flushed, ARRAY_SIZE(flushed) },
	{ "closed", closed, ARRAY_SIZE(closed) },
	{ "forged", forged, ARRAY_SIZE(forged) },
	{ "reset", reset, ARRAY_SIZE(reset) },
	{ "macs", macs, ARRAY_SIZE(macs) },
	{ "kept", kept, ARRAY_SIZE(kept) },
	{ "called", called, ARRAY_SIZE(called) },
};

static struct client client;

struct counters {
	uint64_t frames, allowed;
};

static void take_counters(const struct nlattr *nest, struct counters *c)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) ==
		    UTCP_ACL_A_DIRECTION_COUNTERS_FRAMES)
			c->frames = mnl_attr_get_u64(attr);
		if (mnl_attr_get_type(attr) ==
		    UTCP_ACL_A_DIRECTION_COUNTERS_ALLOWED)
			c->allowed = mnl_attr_get_u64(attr);
	}
}

static void read_counters(enum dir dir, struct counters *c)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh =
		client_begin(&client, buf, UTCP_ACL_CMD_BIND_GET);
	const struct nlattr *attr;

	memset(c, 0, sizeof(*c));
	mnl_attr_put_strz(nlh, UTCP_ACL_A_BINDING_IFNAME, "h0");
	nlh->nlmsg_flags &= ~NLM_F_ACK;
	if (client_send(&client, nlh) ||
	    mnl_socket_recvfrom(client.nl, buf, sizeof(buf)) < 0)
		ksft_exit_fail_msg("no counters\n");
	nlh = (void *)buf;
	if (nlh->nlmsg_type == NLMSG_ERROR)
		ksft_exit_fail_msg("h0 is not bound\n");
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == (dir == OUT ?
							UTCP_ACL_A_BINDING_OUT :
							UTCP_ACL_A_BINDING_IN))
			take_counters(attr, c);
}

/* Fills the set eps by one message for each element. */
static int fill(void)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct answer a;
	unsigned int i;

	for (i = 0; i < 4096; i++) {
		struct nlmsghdr *nlh =
			client_begin(&client, buf, UTCP_ACL_CMD_ELEM_ADD);
		unsigned char addr[] = { 11, 0, i >> 8, i & 255 };
		struct nlattr *nest;

		mnl_attr_put_strz(nlh, UTCP_ACL_A_SET_NAME, "eps");
		nest = mnl_attr_nest_start(nlh, UTCP_ACL_A_SET_ELEM);
		mnl_attr_put(nlh, UTCP_ACL_A_ELEM_ADDR4, 4, addr);
		mnl_attr_put_u32(nlh, UTCP_ACL_A_ELEM_PORT, 53);
		mnl_attr_nest_end(nlh, nest);
		if (client_ask(&client, nlh, &a) || a.err) {
			printf("element %u: %s\n", i, strerror(a.err));
			return 1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	unsigned char mac[2][ETH_ALEN];
	unsigned int i, k, which = ARRAY_SIZE(tables);
	int fd[2];

	if (argc == 2 && !strcmp(argv[1], "fill")) {
		if (client_open(&client, family_find(UTCP_ACL_FAMILY_NAME)))
			return 1;
		return fill();
	}
	for (i = 0; argc == 2 && i < ARRAY_SIZE(tables); i++)
		if (!strcmp(argv[1], tables[i].name))
			which = i;
	if (which == ARRAY_SIZE(tables))
		ksft_exit_fail_msg("no such table\n");
	fd[OUT] = open_device("p0", mac[OUT]);
	fd[IN] = open_device("h0", mac[IN]);
	if (client_open(&client, family_find(UTCP_ACL_FAMILY_NAME)))
		ksft_exit_fail_msg("no socket\n");
	ksft_print_header();
	ksft_set_plan(tables[which].n);
	for (i = 0; i < tables[which].n; i++) {
		const struct step *s = &tables[which].steps[i];
		struct counters was, is;
		bool right;

		read_counters(s->dir, &was);
		make(&s->pkt, mac[!s->dir], mac[s->dir]);
		send_frame(fd[s->dir]);
		/* It may be on its way on another processor. */
		for (k = 0; k < 1000; k++) {
			read_counters(s->dir, &is);
			if (is.frames != was.frames)
				break;
			usleep(1000);
		}
		right = is.frames == was.frames + 1 &&
			is.allowed == was.allowed + s->pass;
		ksft_test_result(right, "%s: %s\n", s->what,
				 s->pass ? "goes on" : "is dropped");
	}
	client_close(&client);
	ksft_finished();
}
