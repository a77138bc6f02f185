// SPDX-License-Identifier: GPL-2.0-only
/*
 * aclstorm rules SEED RULES                      print a policy "storm" of random rules
 * aclstorm send SEED RULES PACKETS PHASE DEV     send random packets by DEV
 * aclstorm expect SEED RULES PACKETS             print what the rules have decided then
 *
 * The rules, the packets, and which rule decides about which packet are those of the
 * model of modules/acl/test; the same seed, the same storm. All rules deny what the
 * sandbox sends, so that nothing is remembered. There are three phases of so many packets
 * each; in the second every seventh rule, by its comment, is to be taken out, so it takes
 * a millisecond for each packet. What is expected is a line for each of the others: its
 * comment, and how many packets of all phases it has decided about, at least and at most.
 * What of the second phase a rule decides that goes, another one may have decided.
 *
 * Built with userspace/kern, as the unit tests.
 */
#include <unistd.h>

#include "../../modules/acl/match.h"
#include "../../modules/acl/test/model.h"
#include "../../userspace/kern/acl_text.h"
#include "../lib/packet.h"

#define RULES_MAX 10000
enum { BEFORE, MEANWHILE, BEHIND, PHASES };

#define GONE 7
/* What a rule asks for, at least. */
#define LEAST 2

struct storm_rule {
	struct acl_match match;
	u16 prio;
	u32 least, most;
};

static struct storm_rule rules[RULES_MAX];
static u32 n_rules;

/* --- rules ------------------------------------------------------------------------- */

static void make_rules(struct model_world *world)
{
	u32 i;

	for (i = 0; i < n_rules; i++) {
		u32 asks;

		do {
			model_match(world, &rules[i].match);
			asks = hweight32(rules[i].match.asks);
		} while (!acl_text_is(&rules[i].match) || asks < LEAST);
		/* What asks for little comes late, or little would come to others. */
		rules[i].prio = model_below(&world->random, 5);
		if (asks < LEAST + 3)
			rules[i].prio += 5 * (LEAST + 3 - asks);
	}
}

static void print_rule(const struct storm_rule *rule, u32 number)
{
	printf("out deny priority %u", rule->prio);
	acl_text_print(&rule->match);
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
	return phase == BEHIND && number % GONE == 0;
}

/* Which one decides: of the lowest priority number the first. NULL: none. */
static struct storm_rule *best_of(const struct model_world *world,
				  const struct model_packet *packet,
				  unsigned int phase)
{
	struct storm_rule *best = NULL;
	u32 i;

	for (i = 0; i < n_rules; i++)
		if (!is_gone(i, phase) &&
		    (!best || rules[i].prio < best->prio) &&
		    model_meets(world, &rules[i].match, packet, 0))
			best = &rules[i];
	return best;
}

/* What goes, goes one by one: of those that stay only the one can decide that will when
 * all of these have gone.
 */
static void decide(const struct model_world *world,
		   const struct model_packet *packet, unsigned int phase)
{
	struct storm_rule *first, *last;

	first = best_of(world, packet, phase);
	last = phase == MEANWHILE ? best_of(world, packet, BEHIND) : first;
	if (!last)
		return;
	last->most++;
	if (first == last)
		last->least++;
}

/* One that a sandbox can send by its link: all tags are in the frame. */
static void make_packet(struct model_world *world, struct model_packet *packet)
{
	do
		model_packet(world, packet);
	while (packet->kind == MODEL_CELLS);
	packet->dir = ACL_OUT;
	packet->state = 0;
	packet->dev = 0;
	packet->meta_tag = false;
	if (packet->vlan && !packet->tags)
		packet->tags = 1;
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
			} else if (phase == wanted) {
				if (write(fd, bytes, len) != (ssize_t)len) {
					perror("write");
					exit(1);
				}
				if (phase == MEANWHILE)
					usleep(1000);
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
		play(&world, number(argv[4]), packet_socket(argv[6], 0),
		     number(argv[5]));
	} else if (argc == 5 && !strcmp(what, "expect")) {
		play(&world, number(argv[4]), -1, 0);
		for (i = 0; i < n_rules; i++)
			if (!is_gone(i, BEHIND))
				printf("%u %u %u\n", i, rules[i].least,
				       rules[i].most);
	} else {
		fprintf(stderr, "usage: see the source\n");
		return 1;
	}
	return 0;
}
