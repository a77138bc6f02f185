// SPDX-License-Identifier: GPL-2.0-only
/*
 * aclframes rules            print a policy with one rule for each case below
 * aclframes send DEV DST     send the frames of all cases by DEV to the MAC DST: of
 *                            each case one that its rule is about, and one that
 *                            differs in just what the rule asks for
 * aclframes nft TABLE DEV    print the same rules for nft, as far as it has them
 * aclframes count            print how many cases there are, and how many nft has
 * aclframes flood DEV DST    send one frame of the first case again and again, until
 *                            killed
 * aclframes tuples DEV DST   send 2000 frames of UDP to port 53 and 2000 SYN to port 80,
 *                            each from another, random, address and port
 * aclframes odd DEV DST      send malformed frames, and print how many
 * aclframes many N NET       print a policy with the rule of the first case and N more
 *                            about addresses of NET.0.0.0
 *
 * The frames of no case are what the rule of another one is about.
 */
#include <string.h>

#include "pkt.h"

struct test {
	const char *rule; /* behind "out allow" */
	const char *nft; /* the same, or NULL */
	struct pkt hit, miss;
};

static const struct test tests[] = {
	{ "proto udp dport 1000",
	  "udp dport 1000",
	  { .dport = 1000 },
	  { .dport = 999 } },
	{ "proto udp dport 2000-2009",
	  "udp dport 2000-2009",
	  { .dport = 2009 },
	  { .dport = 2010 } },
	{ "proto tcp sport 3000",
	  "tcp sport 3000",
	  { .proto = TCP, .sport = 3000 },
	  { .proto = TCP, .sport = 3001 } },
	{ "proto tcp dport 3100-3199 sport 1-1023",
	  "tcp dport 3100-3199 tcp sport 1-1023",
	  { .proto = TCP, .sport = 1, .dport = 3100 },
	  { .proto = TCP, .sport = 1024, .dport = 3100 } },
	{ "dst 10.1.0.0/16",
	  "ip daddr 10.1.0.0/16",
	  { .dst = "10.1.255.255" },
	  { .dst = "10.2.0.0" } },
	{ "src 10.3.0.0/20",
	  "ip saddr 10.3.0.0/20",
	  { .src = "10.3.15.255" },
	  { .src = "10.3.16.0" } },
	{ "src 10.4.0.1 dst 10.4.0.2",
	  "ip saddr 10.4.0.1 ip daddr 10.4.0.2",
	  { .src = "10.4.0.1", .dst = "10.4.0.2" },
	  { .src = "10.4.0.1", .dst = "10.4.0.3" } },
	{ "dst fd01::/17",
	  "ip6 daddr fd01::/17",
	  { .dst = "fd01::1" },
	  { .dst = "fd01:8000::1" } },
	{ "src fd02::/97",
	  "ip6 saddr fd02::/97",
	  { .src = "fd02::7fff:ffff", .dst = PEER6 },
	  { .src = "fd02::8000:0", .dst = PEER6 } },
	{ "dst fd03::3 proto tcp dport 443",
	  "ip6 daddr fd03::3 tcp dport 443",
	  { .dst = "fd03::3", .proto = TCP, .dport = 443 },
	  { .dst = "fd03::4", .proto = TCP, .dport = 443 } },
	{ "proto icmp icmp 8",
	  "icmp type 8",
	  { .proto = IPPROTO_ICMP, .sport = 8 },
	  { .proto = IPPROTO_ICMP, .sport = 13 } },
	{ "proto icmp icmp 3/4",
	  "icmp type 3 icmp code 4",
	  { .proto = IPPROTO_ICMP, .sport = 3, .dport = 4 },
	  { .proto = IPPROTO_ICMP, .sport = 3, .dport = 1 } },
	{ "proto icmpv6 icmp 128",
	  "icmpv6 type 128",
	  { .dst = PEER6, .proto = IPPROTO_ICMPV6, .sport = 128 },
	  { .dst = PEER6, .proto = IPPROTO_ICMPV6, .sport = 129 } },
	{ "proto tcp flags syn/syn,ack dport 5000",
	  "tcp flags & (syn | ack) == syn tcp dport 5000",
	  { .proto = TCP, .dport = 5000, .flags = 0x02 },
	  { .proto = TCP, .dport = 5000, .flags = 0x12 } },
	{ "proto udp dport 5100 dscp 46",
	  "udp dport 5100 ip dscp 46",
	  { .dport = 5100, .dscp = 46 },
	  { .dport = 5100, .dscp = 45 } },
	{ "ethertype 0x4c57",
	  "ether type 0x4c57",
	  { .type = 0x4c57 },
	  { .type = 0x4c58 } },
	{ "vlan 7", NULL, { .vlan = 7, .dport = 1 }, { .vlan = 8, .dport = 1 } },
	{ "smac 02:00:00:00:00:77",
	  "ether saddr 02:00:00:00:00:77",
	  { .smac = 0x77, .dport = 1 },
	  { .smac = 0x78, .dport = 1 } },
	{ "proto udp dport 6000 dst fd04::/64",
	  NULL,
	  { .dst = "fd04::1", .dport = 6000, .ext = 8 },
	  { .dst = "fd04::1", .dport = 6001, .ext = 8 } },
	{ "proto udp dport 6100 src 10.6.0.0/16",
	  NULL,
	  { .src = "10.6.0.1", .dport = 6100, .fragment = true },
	  { .src = "10.6.0.1", .dport = 6101, .fragment = true } },
	{ "proto gre",
	  "meta l4proto gre",
	  { .proto = IPPROTO_GRE },
	  { .proto = IPPROTO_ESP } },
};

#define TESTS (sizeof(tests) / sizeof(tests[0]))

static void print_rules(void)
{
	size_t i;

	printf("# %zu cases\npolicy cases in allow out deny\n", TESTS);
	for (i = 0; i < TESTS; i++)
		printf("out allow %s comment \"case %zu\"\n", tests[i].rule, i);
}

static void print_many(unsigned int n, const char *net)
{
	unsigned int i;

	printf("policy cases\nout allow %s priority 1\n", tests[0].rule);
	for (i = 0; i < n; i++)
		printf("out allow proto tcp dst %s.%u.%u.%u dport %u\n", net,
		       i >> 16 & 255, i >> 8 & 255, i & 255, i % 1000 + 1);
}

static void print_nft(const char *table, const char *dev)
{
	size_t i;

	printf("table netdev %s {\n chain in {\n", table);
	printf("  type filter hook ingress device %s priority 0; policy accept;\n",
	       dev);
	for (i = 0; i < TESTS; i++)
		if (tests[i].nft)
			printf("  %s counter accept comment \"case %zu\"\n",
			       tests[i].nft, i);
	printf("  counter accept comment \"rest\"\n }\n}\n");
}

static void print_count(void)
{
	size_t i, n = 0;

	for (i = 0; i < TESTS; i++)
		n += !!tests[i].nft;
	printf("%zu %zu\n", TESTS, n);
}

/* One of a case; no two have the same ports, lest one is of the other's flow. */
static void send_case(int fd, const struct pkt *like, unsigned int n,
		      const unsigned char *dst, const unsigned char *src)
{
	struct pkt p = *like;

	if (p.proto == IPPROTO_ICMP || p.proto == IPPROTO_ICMPV6)
		p.id = n;
	else if (!p.sport)
		p.sport = 20000 + n;
	make(&p, dst, src);
	send_frame(fd);
}

static void send_all(int fd, const unsigned char *dst, const unsigned char *src)
{
	unsigned int i;

	for (i = 0; i < TESTS; i++) {
		send_case(fd, &tests[i].hit, 2 * i + 1, dst, src);
		send_case(fd, &tests[i].miss, 2 * i + 2, dst, src);
	}
}

/* Changes to a good frame that make it malformed: a byte, and a new length. */
static void send_odd(int fd, const unsigned char *dst, const unsigned char *src)
{
	static const struct {
		size_t at;
		unsigned char byte;
		size_t cut; /* to this length; 0: not at all */
		bool v6;
	} odd[] = {
		{ 14, 0x65, 0, false }, /* version */
		{ 14, 0x44, 0, false }, /* header of 16 bytes */
		{ 14, 0x4f, 0, false }, /* header behind the end */
		{ 17, 200, 0, false }, /* longer than the frame */
		{ 17, 19, 0, false }, /* shorter than its header */
		{ 14, 0x45, 33, false }, /* ends in the header */
		{ 14, 0x45, 38, false }, /* ends in the transport's */
		{ 14, 0x40, 0, true }, /* version */
		{ 19, 200, 0, true }, /* longer than the frame */
		{ 14, 0x60, 50, true }, /* ends in the header */
	};
	static const struct pkt v4 = { .dport = 1000 };
	static const struct pkt v6 = { .dst = PEER6, .dport = 1000 };
	static const struct pkt deep = { .dst = PEER6,
					 .dport = 1000,
					 .ext = 9 };
	size_t i, n = sizeof(odd) / sizeof(odd[0]);

	for (i = 0; i < n; i++) {
		make(odd[i].v6 ? &v6 : &v4, dst, src);
		frame[odd[i].at] = odd[i].byte;
		if (odd[i].cut)
			len = odd[i].cut;
		send_frame(fd);
	}
	make(&deep, dst, src);
	send_frame(fd);
	printf("%zu\n", n + 1);
}

static void send_tuples(int fd, const unsigned char *dst,
			const unsigned char *src)
{
	struct pkt p = { 0 };
	char address[32];
	unsigned int i;

	srandom(1);
	p.src = address;
	for (i = 0; i < 4000; i++) {
		/* None of the steps of aclflow is from there. */
		snprintf(address, sizeof(address), "10.%ld.%ld.%u",
			 20 + random() % 200, random() % 256, i % 256);
		p.sport = 1024 + random() % 64000;
		p.proto = i % 2 ? TCP : UDP;
		p.dport = i % 2 ? 80 : 53;
		p.flags = i % 2 ? 0x02 : 0; /* SYN */
		make(&p, dst, src);
		send_frame(fd);
	}
}

int main(int argc, char **argv)
{
	unsigned char dst[ETH_ALEN], src[ETH_ALEN];
	const char *what = argc > 1 ? argv[1] : "";
	int fd;

	if (argc == 2 && !strcmp(what, "rules")) {
		print_rules();
	} else if (argc == 2 && !strcmp(what, "count")) {
		print_count();
	} else if (argc == 4 && !strcmp(what, "nft")) {
		print_nft(argv[2], argv[3]);
	} else if (argc == 4 && !strcmp(what, "many")) {
		print_many(strtoul(argv[2], NULL, 10), argv[3]);
	} else if (argc == 4) {
		read_mac(argv[3], dst);
		fd = open_device(argv[2], src);
		if (!strcmp(what, "send"))
			send_all(fd, dst, src);
		else if (!strcmp(what, "tuples"))
			send_tuples(fd, dst, src);
		else if (!strcmp(what, "odd"))
			send_odd(fd, dst, src);
		make(&tests[0].hit, dst, src);
		while (!strcmp(what, "flood"))
			send_frame(fd);
	} else {
		fprintf(stderr, "usage: see the source\n");
		return 1;
	}
	return 0;
}
