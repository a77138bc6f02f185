// SPDX-License-Identifier: GPL-2.0-only
/*
 * aclshapes rules SHAPE RULES                     print a policy "bench" of that shape
 * aclshapes nft SHAPE RULES DEV                   print the same rules as a chain of nft
 * aclshapes send SHAPE RULES DEV FRAMES RUNS      send frames that meet these rules
 *
 * The rule sets of "make -C userspace acl-bench": shapes acl, fw and ipc, whose rules
 * deny what a sandbox sends. Each frame is drawn so that it meets a rule drawn from the
 * set; they are made before the first run, and sent by DEV in the same order in each.
 * They are for another machine than the one at the far end of DEV, so that what passes
 * there is thrown away by the first thing that IP asks. For each run a line is printed,
 * "RUN number nanoseconds frames".
 *
 * Built with userspace/kern, as the unit tests.
 */
#include <time.h>
#include <unistd.h>

#include "../../../modules/acl/match.h"
#include "../../../modules/acl/test/shapes.h"
#include "../../../userspace/kern/acl_text.h"
#include "../../lib/packet.h"

/* As acl_bench has it: with 65536 priorities, rules are lines of a list. */
#define SEED 20261125
#define PRIO_SHIFT 8

struct frame {
	u32 len;
	u8 bytes[MODEL_BYTES_MAX];
};

static u32 number(const char *text)
{
	return strtoul(text, NULL, 10);
}

static void print_rules(const struct acl_match *rules, u32 n)
{
	u32 i;

	printf("policy bench in allow out allow\n");
	for (i = 0; i < n; i++) {
		printf("out deny priority %u", i >> PRIO_SHIFT);
		acl_text_print(&rules[i]);
		printf("\n");
	}
}

static void print_nft(const struct acl_match *rules, u32 n, const char *dev)
{
	u32 i;

	printf("table netdev bench {\nchain c {\n");
	printf("type filter hook ingress device \"%s\" priority 0\n", dev);
	for (i = 0; i < n; i++) {
		acl_text_print_nft(&rules[i]);
		printf(" drop\n");
	}
	printf("}\n}\n");
}

static u64 nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static void send_frames(int fd, const struct frame *frames, u32 n, u32 runs)
{
	u32 run, i;

	for (run = 1; run <= runs; run++) {
		u64 begin = nanoseconds();

		for (i = 0; i < n; i++) {
			const struct frame *frame = &frames[i];

			if (write(fd, frame->bytes, frame->len) < 0) {
				perror("write");
				exit(1);
			}
		}
		printf("RUN %u %llu %u\n", run,
		       (unsigned long long)(nanoseconds() - begin), n);
	}
}

static struct frame *make_frames(struct model_world *world,
				 const struct acl_match *rules, u32 n_rules,
				 u32 n)
{
	struct frame *frames = calloc(n, sizeof(*frames));
	struct model_packet packet;
	u32 i;

	for (i = 0; frames && i < n; i++) {
		shape_packet(&rules[model_below(&world->random, n_rules)],
			     &world->random, &packet);
		frames[i].len = model_write(world, &packet, frames[i].bytes);
	}
	return frames;
}

int main(int argc, char **argv)
{
	struct model_world world = { .random.state = SEED, .plain = true };
	const char *what = argc > 3 ? argv[1] : "";
	u32 n = argc > 3 ? number(argv[3]) : 0, i;
	struct acl_match *rules = calloc(n + 1, sizeof(*rules));
	enum shape shape = 0;
	struct frame *frames;
	int ret = 1;

	while (argc > 3 && shape < SHAPES &&
	       strcmp(argv[2], shape_names[shape]))
		shape++;
	if (!n || !rules || shape == SHAPES)
		what = "";
	for (i = 0; *what && i < n; i++)
		shape_match(shape, &world.random, &rules[i]);
	if (argc == 4 && !strcmp(what, "rules")) {
		print_rules(rules, n);
		ret = 0;
	} else if (argc == 5 && !strcmp(what, "nft")) {
		print_nft(rules, n, argv[4]);
		ret = 0;
	} else if (argc == 7 && !strcmp(what, "send")) {
		frames = make_frames(&world, rules, n, number(argv[5]));
		if (frames) {
			send_frames(packet_socket(argv[4], 0), frames,
				    number(argv[5]), number(argv[6]));
			ret = 0;
		} else {
			perror("frames");
		}
		free(frames);
	} else {
		fprintf(stderr, "usage: see the source\n");
	}
	free(rules);
	return ret;
}
