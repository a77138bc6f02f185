// SPDX-License-Identifier: GPL-2.0-only
/*
 * aclstorm rules SEED RULES                      print a policy "storm" of random rules
 * aclstorm send SEED RULES PACKETS PHASE DEV     send random packets by DEV
 * aclstorm expect SEED RULES PACKETS             print what the rules have decided then
 *
 * The rules, the packets, and which rule decides about which packet are those of the
 * model of modules/acl/test; the same seed, the same storm. All rules deny what the
 * sandbox sends, so that nothing is remembered. There are two phases of so many packets
 * each; between them every seventh rule, by its comment, is to be taken out. What is
 * expected is a line for each of the others: its comment, and how many packets of both
 * phases it has decided about.
 *
 * Built with userspace/kern, as the unit tests.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../modules/acl/match.h"
#include "../../modules/acl/test/model.h"

#define RULES_MAX 10000
#define ETHERTYPE_MIN 0x600
#define PHASES 2
#define GONE 7
/* What a rule asks for, at least. */
#define LEAST 2

struct storm_rule {
	struct acl_match match;
	u16 prio;
	u32 decided;
};

static struct storm_rule rules[RULES_MAX];
static u32 n_rules;

/* --- rules ------------------------------------------------------------------------- */

/* Is there a line for it? Flow states, devices and identities are not of these frames, and
 * the module's rules have no code of ICMP without a type.
 */
static bool has_text(const struct acl_match *match)
{
	int criterion;

	if (match->asks & (BIT(ACL_ASK_STATE) | BIT(ACL_ASK_IIF) |
			   BIT(ACL_ASK_OIF) | BIT(ACL_ASK_CELL)))
		return false;
	if (ACL_ASKS(match, DIR) && match->dir != ACL_OUT)
		return false;
	if (ACL_ASKS(match, ETHERTYPE) && match->ethertype < ETHERTYPE_MIN)
		return false;
	if (ACL_ASKS(match, ICMP_CODE) && !ACL_ASKS(match, ICMP_TYPE))
		return false;
	return !acl_match_check(match, &criterion);
}

static void make_rules(struct model_world *world)
{
	u32 i;

	for (i = 0; i < n_rules; i++) {
		u32 asks;

		do {
			model_match(world, &rules[i].match);
			asks = hweight32(rules[i].match.asks);
		} while (!has_text(&rules[i].match) || asks < LEAST);
		/* What asks for little comes late, or little would come to others. */
		rules[i].prio = model_below(&world->random, 5);
		if (asks < LEAST + 3)
			rules[i].prio += 5 * (LEAST + 3 - asks);
	}
}

static void print_mac(const char *word, const u8 mac[ETH_ALEN])
{
	printf(" %s %02x:%02x:%02x:%02x:%02x:%02x", word, mac[0], mac[1],
	       mac[2], mac[3], mac[4], mac[5]);
}

static void print_prefix(const char *word, bool ipv4, const u8 addr[16], u8 len)
{
	char text[INET6_ADDRSTRLEN];

	printf(" %s %s/%u", word,
	       inet_ntop(ipv4 ? AF_INET : AF_INET6, addr, text, sizeof(text)),
	       len);
}

static void print_flags(u8 flags)
{
	static const char *const names[] = { "fin", "syn", "rst", "psh",
					     "ack", "urg", "ece", "cwr" };
	const char *comma = "";
	unsigned int i;

	if (!flags)
		printf("none");
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!(flags & 1 << i))
			continue;
		printf("%s%s", comma, names[i]);
		comma = ",";
	}
}

static void print_network(const struct acl_match *match)
{
	static const u8 any[16];
	bool ipv4 = ACL_ASKS(match, IPV4);

	if (!ipv4 && !ACL_ASKS(match, IPV6))
		return;
	if (ACL_ASKS(match, SRC))
		print_prefix("src", ipv4, match->src, match->src_len);
	if (ACL_ASKS(match, DST))
		print_prefix("dst", ipv4, match->dst, match->dst_len);
	/* The family alone. */
	if (!ACL_ASKS(match, SRC) && !ACL_ASKS(match, DST))
		print_prefix("src", ipv4, any, 0);
}

static void print_rule(const struct storm_rule *rule, u32 number)
{
	const struct acl_match *match = &rule->match;

	printf("out deny priority %u", rule->prio);
	if (ACL_ASKS(match, ETHERTYPE))
		printf(" ethertype 0x%04x", match->ethertype);
	if (ACL_ASKS(match, VLAN))
		printf(" vlan %u", match->vlan);
	if (ACL_ASKS(match, SMAC))
		print_mac("smac", match->smac);
	if (ACL_ASKS(match, DMAC))
		print_mac("dmac", match->dmac);
	print_network(match);
	if (ACL_ASKS(match, PROTO))
		printf(" proto %u", match->proto);
	if (ACL_ASKS(match, SPORT))
		printf(" sport %u-%u", match->sport.lo, match->sport.hi);
	if (ACL_ASKS(match, DPORT))
		printf(" dport %u-%u", match->dport.lo, match->dport.hi);
	if (ACL_ASKS(match, ICMP_TYPE))
		printf(" icmp %u", match->icmp_type);
	if (ACL_ASKS(match, ICMP_CODE))
		printf("/%u", match->icmp_code);
	if (ACL_ASKS(match, TCP_FLAGS)) {
		printf(" flags ");
		print_flags(match->tcp_flags);
		printf("/");
		print_flags(match->tcp_flags_mask);
	}
	if (ACL_ASKS(match, DSCP))
		printf(" dscp %u", match->dscp);
	printf(" comment %u\n", number);
}

static void print_rules(void)
{
	u32 i;

	printf("policy storm in allow out allow\n");
	for (i = 0; i < n_rules; i++)
		print_rule(&rules[i], i);
}

/* --- packets ----------------------------------------------------------------------- */

static bool is_gone(u32 number, unsigned int phase)
{
	return phase && number % GONE == 0;
}

/* Which one decides counts: of the lowest priority number the first. */
static void decide(const struct model_world *world,
		   const struct model_packet *packet, unsigned int phase)
{
	struct storm_rule *best = NULL;
	u32 i;

	for (i = 0; i < n_rules; i++)
		if (!is_gone(i, phase) &&
		    (!best || rules[i].prio < best->prio) &&
		    model_meets(world, &rules[i].match, packet, 0))
			best = &rules[i];
	if (best)
		best->decided++;
}

/* One that a sandbox can send by its link: all tags are in the frame. */
static void make_packet(struct model_world *world, struct model_packet *packet)
{
	do
		model_packet(world, packet);
	while (packet->kind == MODEL_CELLS);
	packet->dir = ACL_OUT;
	packet->state = 0;
	packet->iif = 0;
	packet->oif = 0;
	packet->meta_tag = false;
	if (packet->vlan && !packet->tags)
		packet->tags = 1;
}

static int open_device(const char *dev)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_ifindex = (int)if_nametoindex(dev),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&to, sizeof(to))) {
		perror(dev);
		exit(1);
	}
	return fd;
}

/* @fd: where what is of phase @wanted is sent; without it (-1) all is decided about */
static void play(struct model_world *world, u32 packets, int fd,
		 unsigned int wanted)
{
	u8 bytes[MODEL_BYTES_MAX];
	struct model_packet packet;
	unsigned int phase;
	u32 i, len;

	for (phase = 0; phase < PHASES; phase++)
		for (i = 0; i < packets; i++) {
			make_packet(world, &packet);
			len = model_write(world, &packet, bytes);
			if (fd < 0) {
				decide(world, &packet, phase);
			} else if (phase == wanted &&
				   write(fd, bytes, len) != (ssize_t)len) {
				perror("write");
				exit(1);
			}
		}
}

static u32 number(const char *text)
{
	return strtoul(text, NULL, 10);
}

int main(int argc, char **argv)
{
	struct model_world world = { .sets_n = 0 };
	const char *what = argc > 3 ? argv[1] : "";
	u32 i;

	if (argc > 3) {
		world.random.state = number(argv[2]);
		n_rules = number(argv[3]);
	}
	if (argc <= 3 || n_rules > RULES_MAX || !world.random.state) {
		fprintf(stderr, "usage: see the source\n");
		return 1;
	}
	make_rules(&world);
	if (argc == 4 && !strcmp(what, "rules")) {
		print_rules();
	} else if (argc == 7 && !strcmp(what, "send")) {
		play(&world, number(argv[4]), open_device(argv[6]),
		     number(argv[5]));
	} else if (argc == 5 && !strcmp(what, "expect")) {
		play(&world, number(argv[4]), -1, 0);
		for (i = 0; i < n_rules; i++)
			if (!is_gone(i, PHASES - 1))
				printf("%u %u\n", i, rules[i].decided);
	} else {
		fprintf(stderr, "usage: see the source\n");
		return 1;
	}
	return 0;
}
