// SPDX-License-Identifier: GPL-2.0-only
/*
 * aclnft rules SEED RULES                         print a policy "same" of random rules
 * aclnft nft SEED RULES DEV                       print the same rules for nft
 * aclnft compare SEED RULES PACKETS P0 H0 P1 H1   send the same random frames by P0 and
 *                                                 by P1, and see which arrive at the other
 *                                                 ends H0 and H1, of which one has the
 *                                                 policy, the other one nft's chain
 *
 * Rules and frames are those of the model of modules/acl/test; rules only of what both have
 * words for. Half of them allow. What no rule is about is allowed if SEED is even. A frame
 * about which the two ends differ is told, with what the model says. The last line counts
 * frames: all, those that have passed at H0, and those about which there was a difference.
 * Exit status 1 if there was any. To be run on one processor: what that sends arrives in
 * its order.
 *
 * No later fragments: of these utcp_acl asks no rule where the rest is denied, and for nft
 * (6.1) what they carry may be ports and flags.
 *
 * Built with userspace/kern, as the unit tests.
 */
#include <poll.h>
#include <unistd.h>

#include "../../modules/acl/match.h"
#include "../../modules/acl/test/model.h"
#include "../../userspace/kern/acl_text.h"
#include "../lib/packet.h"

#define RULES_MAX 10000
#define PACKETS_MAX 100000
/* Frames that are on their way at once. */
#define BATCH 50
/* What both ends let pass, to tell that all before it has come. */
#define MARKER 0x88fd
/* How long that may take, in milliseconds. */
#define PATIENCE 20000
/* What a rule asks for, at least. */
#define LEAST 2
#define PRIO_MAX 30

static struct same_rule {
	struct acl_match match;
	u16 prio;
	bool allow;
} rules[RULES_MAX];

static u32 n_rules;
static bool allows_rest;

/* Types of frames, each of which has a socket. */
static const u16 types[] = { ETH_P_IP, ETH_P_IPV6, ETH_P_ARP, MARKER };
#define TYPES ARRAY_SIZE(types)

/* One of the two ends: where frames go, come, and which of them have. */
static struct end {
	int out, in[TYPES];
	bool passed[PACKETS_MAX];
} ends[2];

/* --- rules ------------------------------------------------------------------------- */

static void make_rules(struct model_world *world)
{
	u32 i;

	for (i = 0; i < n_rules; i++) {
		const struct acl_match *match = &rules[i].match;
		u32 asks;

		do {
			model_match(world, &rules[i].match);
			asks = hweight32(match->asks);
		} while (!acl_text_is(match) || !acl_text_is_nft(match) ||
			 asks < LEAST);
		/* What asks for little comes late, or little would come to others. */
		rules[i].prio = 1 + model_below(&world->random, 5);
		if (asks < LEAST + 3)
			rules[i].prio += 5 * (LEAST + 3 - asks);
		rules[i].allow = model_below(&world->random, 2);
	}
}

static const char *rest(const char *allow, const char *deny)
{
	return allows_rest ? allow : deny;
}

static void print_rules(void)
{
	u32 i;

	printf("policy same in allow out %s\n", rest("allow", "deny"));
	printf("out allow priority 0 ethertype 0x%04x comment marker\n",
	       MARKER);
	for (i = 0; i < n_rules; i++) {
		printf("out %s priority %u", rules[i].allow ? "allow" : "deny",
		       rules[i].prio);
		acl_text_print(&rules[i].match);
		printf(" comment %u\n", i);
	}
}

/* In the order in which the others are asked: by priority, and then as they come. */
static void print_nft(const char *dev)
{
	u32 prio, i;

	printf("table netdev same {\nchain c {\n");
	printf("type filter hook ingress device \"%s\" priority 0; policy %s;\n",
	       dev, rest("accept", "drop"));
	printf("ether type 0x%04x accept\n", MARKER);
	for (prio = 0; prio <= PRIO_MAX; prio++)
		for (i = 0; i < n_rules; i++) {
			if (rules[i].prio != prio)
				continue;
			acl_text_print_nft(&rules[i].match);
			printf(" counter %s comment \"%u\"\n",
			       rules[i].allow ? "accept" : "drop", i);
		}
	printf("}\n}\n");
}

/* Return: whether the model allows a packet. @by: which rule decides; @n_rules: none. */
static bool model_allows(const struct model_world *world,
			 const struct model_packet *packet, u32 *by)
{
	u32 i;

	*by = n_rules;
	for (i = 0; i < n_rules; i++)
		if ((*by == n_rules || rules[i].prio < rules[*by].prio) &&
		    model_meets(world, &rules[i].match, packet, 0))
			*by = i;
	return *by == n_rules ? allows_rest : rules[*by].allow;
}

/* --- frames ------------------------------------------------------------------------ */

/* Has a frame of IPv6 an authentication header? */
static bool has_auth(const struct model_packet *packet, const u8 *bytes)
{
	const u8 *header = bytes + ETH_HLEN + 40;
	u8 type = bytes[ETH_HLEN + 6], i;

	for (i = 0; i < packet->exts; i++) {
		if (type == IPPROTO_AH)
			return true;
		type = header[0];
		header += (header[1] + 1UL) * 8;
	}
	return false;
}

/* One of which both can say the same: of the types of which a socket sees what has passed a
 * device's hooks; without tags, which nft sees elsewhere; and without an authentication
 * header, which nft takes for what is carried, and utcp_acl looks behind.
 */
static u32 make_frame(struct model_world *world, struct model_packet *packet,
		      u8 *bytes)
{
	u32 len;

	do {
		model_packet(world, packet);
		packet->dir = ACL_OUT;
		packet->state = 0;
		packet->dev = 0;
		packet->vlan = 0;
		packet->meta_tag = false;
		packet->tags = 0;
		len = model_write(world, packet, bytes);
	} while ((packet->kind != MODEL_IPV4 && packet->kind != MODEL_IPV6 &&
		  packet->kind != MODEL_ARP) ||
		 packet->frag == ACL_FRAG_LATER ||
		 (packet->kind == MODEL_IPV6 && has_auth(packet, bytes)));
	return len;
}

static void must(bool done, const char *what)
{
	if (done)
		return;
	perror(what);
	exit(2);
}

/* Frames end with their number, behind what IP says of their length. */
static void put_number(u8 *bytes, u32 *len, u32 number)
{
	put_unaligned_be32(number, bytes + *len);
	*len += sizeof(number);
}

static void send_frame(const struct end *end, const u8 *bytes, u32 len)
{
	must(write(end->out, bytes, len) == (ssize_t)len, "write");
}

static void send_marker(const struct end *end)
{
	u8 bytes[ETH_ZLEN] = { 2, [6] = 2 };

	put_unaligned_be16(MARKER, bytes + offsetof(struct ethhdr, h_proto));
	send_frame(end, bytes, sizeof(bytes));
}

/* Notes what has passed, up to the marker. */
static void take_frames(struct end *end)
{
	struct pollfd wait = { .fd = end->in[TYPES - 1], .events = POLLIN };
	u8 bytes[MODEL_BYTES_MAX + 64];
	ssize_t len;
	u32 i, nr;

	if (poll(&wait, 1, PATIENCE) != 1) {
		fprintf(stderr, "the marker did not come\n");
		exit(2);
	}
	must(read(wait.fd, bytes, sizeof(bytes)) > 0, "read");
	for (i = 0; i < TYPES - 1; i++)
		while ((len = recv(end->in[i], bytes, sizeof(bytes),
				   MSG_DONTWAIT)) >= 0) {
			nr = get_unaligned_be32(bytes + len - sizeof(nr));
			if (nr < PACKETS_MAX)
				end->passed[nr] = true;
		}
}

/* --- comparing --------------------------------------------------------------------- */

static void tell(const struct model_world *world, u32 nr,
		 const struct model_packet *packet, u32 seed)
{
	static const char *const said[] = { "denies", "allows" };
	static const char *const kinds[] = {
		[MODEL_IPV4] = "IPv4", [MODEL_IPV6] = "IPv6", [MODEL_ARP] = "ARP"
	};
	bool allowed;
	u32 by;

	allowed = model_allows(world, packet, &by);
	printf("seed %u frame %u (%s, protocol %u, %u extension headers): ",
	       seed, nr, kinds[packet->kind], packet->proto, packet->exts);
	printf("utcp_acl %s it, nft %s it, the model %s it by ",
	       said[ends[0].passed[nr]], said[ends[1].passed[nr]],
	       said[allowed]);
	if (by == n_rules)
		printf("the rest\n");
	else
		printf("rule %u\n", by);
}

/* Return: about how many frames the ends differ. */
static u32 compare(struct model_world *world, u32 seed, u32 packets)
{
	struct model_packet *made = calloc(packets, sizeof(*made));
	u32 i, e, passed = 0, differ = 0;

	must(made, "memory");
	for (i = 0; i < packets; i++) {
		u8 bytes[MODEL_BYTES_MAX + sizeof(i)];
		u32 len;

		len = make_frame(world, &made[i], bytes);
		put_number(bytes, &len, i);
		for (e = 0; e < ARRAY_SIZE(ends); e++)
			send_frame(&ends[e], bytes, len);
		if ((i + 1) % BATCH && i + 1 < packets)
			continue;
		for (e = 0; e < ARRAY_SIZE(ends); e++) {
			send_marker(&ends[e]);
			take_frames(&ends[e]);
		}
	}
	for (i = 0; i < packets; i++) {
		passed += ends[0].passed[i];
		if (ends[0].passed[i] == ends[1].passed[i])
			continue;
		tell(world, i, &made[i], seed);
		differ++;
	}
	printf("%u %u %u\n", packets, passed, differ);
	free(made);
	return differ;
}

static u32 number(const char *text)
{
	return strtoul(text, NULL, 10);
}

int main(int argc, char **argv)
{
	struct model_world world = { .sets_n = 0 };
	const char *what = argc > 3 ? argv[1] : "";
	u32 e, i, seed = 0, differ = 0;

	if (argc > 3) {
		seed = number(argv[2]);
		n_rules = number(argv[3]);
	}
	if (!seed || n_rules > RULES_MAX) {
		fprintf(stderr, "usage: see the source\n");
		return 2;
	}
	world.random.state = seed;
	allows_rest = seed % 2 == 0;
	make_rules(&world);
	if (argc == 4 && !strcmp(what, "rules")) {
		print_rules();
	} else if (argc == 5 && !strcmp(what, "nft")) {
		print_nft(argv[4]);
	} else if (argc == 9 && !strcmp(what, "compare") &&
		   number(argv[4]) <= PACKETS_MAX) {
		for (e = 0; e < ARRAY_SIZE(ends); e++) {
			ends[e].out = packet_socket(argv[5 + 2 * e], 0);
			for (i = 0; i < TYPES; i++)
				ends[e].in[i] = packet_socket(argv[6 + 2 * e],
							      types[i]);
		}
		differ = compare(&world, seed, number(argv[4]));
	} else {
		fprintf(stderr, "usage: see the source\n");
		return 2;
	}
	return !!differ;
}
