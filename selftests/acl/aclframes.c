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
 * aclframes odd DEV DST      send malformed frames, and print how many
 * aclframes many N NET       print a policy with the rule of the first case and N more
 *                            about addresses of NET.0.0.0
 *
 * The frames of no case are what the rule of another one is about.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>

#define ME4 "10.9.0.2"
#define ME6 "fd00::2"
#define PEER4 "10.9.0.1"
#define PEER6 "fd00::1"

/* What a frame is; what is 0 has a default, or is not there. */
struct pkt {
	uint16_t type; /* EtherType; IPv4 without a destination of IPv6 */
	uint16_t vlan;
	const char *src, *dst;
	uint8_t proto; /* UDP */
	uint16_t sport, dport; /* or type and code */
	uint8_t flags;
	uint8_t dscp;
	uint8_t smac; /* last byte of another address */
	uint8_t ext; /* extension headers before the transport's */
	bool fragment; /* a first one */
};

struct test {
	const char *rule; /* behind "out allow" */
	const char *nft; /* the same, or NULL */
	struct pkt hit, miss;
};

#define TCP IPPROTO_TCP
#define UDP IPPROTO_UDP

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

static unsigned char frame[1600];
static size_t len;

static void die(const char *what)
{
	fprintf(stderr, "aclframes: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void put8(unsigned int value)
{
	frame[len++] = value & 0xff;
}

static void put16(unsigned int value)
{
	put8(value >> 8);
	put8(value);
}

static void put_addr(const char *text, const char *other, int family)
{
	if (inet_pton(family, text ? text : other, frame + len) != 1)
		die(text);
	len += family == AF_INET ? 4 : 16;
}

/* The sum of the header of IPv4, which nobody here checks, but receivers may. */
static void put_sum(size_t from, size_t at)
{
	uint32_t sum = 0;
	size_t i;

	for (i = from; i < from + 20; i += 2)
		sum += frame[i] << 8 | frame[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~(sum + (sum >> 16));
	frame[at] = sum >> 8 & 0xff;
	frame[at + 1] = sum & 0xff;
}

static void put_transport(const struct pkt *p, uint8_t proto)
{
	size_t at = len, size = proto == TCP ? 20 : 8;

	memset(frame + len, 0, size + 8);
	len += size + 8; /* and some payload */
	if (proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6) {
		frame[at] = p->sport;
		frame[at + 1] = p->dport;
		return;
	}
	frame[at] = p->sport >> 8;
	frame[at + 1] = p->sport & 0xff;
	frame[at + 2] = p->dport >> 8;
	frame[at + 3] = p->dport & 0xff;
	if (proto == TCP) {
		frame[at + 12] = 5 << 4;
		frame[at + 13] = p->flags;
	} else {
		frame[at + 5] = size + 8;
	}
}

static void put_ipv4(const struct pkt *p, uint8_t proto)
{
	size_t at = len, total = 20 + (proto == TCP ? 20 : 8) + 8;

	put8(0x45);
	put8(p->dscp << 2);
	put16(total);
	put16(1);
	put16(p->fragment ? 0x2000 : 0);
	put8(64);
	put8(proto);
	put16(0);
	put_addr(p->src, ME4, AF_INET);
	put_addr(p->dst, PEER4, AF_INET);
	put_sum(at, at + 10);
	put_transport(p, proto);
}

static void put_ipv6(const struct pkt *p, uint8_t proto)
{
	size_t payload = 8 * p->ext + (proto == TCP ? 20 : 8) + 8;
	unsigned int i;

	put16(0x6000);
	put16(0);
	put16(payload);
	put8(p->ext ? IPPROTO_DSTOPTS : proto);
	put8(255);
	put_addr(p->src, ME6, AF_INET6);
	put_addr(p->dst, PEER6, AF_INET6);
	for (i = 0; i < p->ext; i++) {
		put8(i + 1 < p->ext ? IPPROTO_DSTOPTS : proto);
		put8(0);
		put16(0x0104); /* padding */
		put16(0);
		put16(0);
	}
	put_transport(p, proto);
}

static void make(const struct pkt *p, const unsigned char *dst,
		 const unsigned char *src)
{
	bool v6 = (p->src && strchr(p->src, ':')) ||
		  (p->dst && strchr(p->dst, ':'));
	uint8_t proto = p->proto ? p->proto : UDP;

	len = 0;
	memcpy(frame, dst, ETH_ALEN);
	memcpy(frame + ETH_ALEN, src, ETH_ALEN);
	if (p->smac) {
		memset(frame + ETH_ALEN, 0, ETH_ALEN);
		frame[ETH_ALEN] = 2;
		frame[2 * ETH_ALEN - 1] = p->smac;
	}
	len = 2 * ETH_ALEN;
	if (p->vlan) {
		put16(ETH_P_8021Q);
		put16(p->vlan);
	}
	put16(p->type ? p->type : v6 ? ETH_P_IPV6 : ETH_P_IP);
	if (p->type)
		len += 46;
	else if (v6)
		put_ipv6(p, proto);
	else
		put_ipv4(p, proto);
}

static int open_device(const char *dev, unsigned char *mac)
{
	struct sockaddr_ll sll = { .sll_family = AF_PACKET };
	struct ifreq ifr = { 0 };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	sll.sll_ifindex = (int)if_nametoindex(dev);
	if (bind(fd, (struct sockaddr *)&sll, sizeof(sll)))
		die(dev);
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	if (ioctl(fd, SIOCGIFHWADDR, &ifr))
		die("address of the device");
	memcpy(mac, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
	return fd;
}

static void read_mac(const char *text, unsigned char *mac)
{
	unsigned int b[ETH_ALEN], i;

	if (sscanf(text, "%x:%x:%x:%x:%x:%x", &b[0], &b[1], &b[2], &b[3], &b[4],
		   &b[5]) != ETH_ALEN)
		die(text);
	for (i = 0; i < ETH_ALEN; i++)
		mac[i] = b[i];
}

/* ENOBUFS: it was sent, and refused on its way out. */
static void send_frame(int fd)
{
	while (write(fd, frame, len) < 0)
		if (errno == ENOBUFS)
			return;
		else if (errno != EAGAIN && errno != EINTR)
			die("write");
}

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

static void send_all(int fd, const unsigned char *dst, const unsigned char *src)
{
	size_t i;

	for (i = 0; i < TESTS; i++) {
		make(&tests[i].hit, dst, src);
		send_frame(fd);
		make(&tests[i].miss, dst, src);
		send_frame(fd);
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
