// SPDX-License-Identifier: GPL-2.0-only
/*
 * acl_bench SHAPE RULES [ROUNDS] - what the classifier costs; see acl-bench.sh, which
 * counts the instructions of each measure_…() below, and what was asked ROUNDS
 * times. SHAPE: acl, fw, ipc, or a file of ClassBench rules.
 */
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include <time.h>

#include "../../modules/acl/cache.h"
#include "../../modules/acl/classify.h"
#include "../../modules/acl/parse.h"
#include "../../modules/acl/test/shapes.h"

#define PACKETS 1000
#define EDITS 64

static struct acl_rule *rules;
static const struct acl_rule **list;
static struct acl_match *matches;

static struct {
	u8 bytes[MODEL_BYTES_MAX];
	struct acl_frame frame;
	struct acl_key key;
} packets[PACKETS];

/* What was found, so that nothing is left out. */
static unsigned long found;

static noinline void measure_parse(unsigned long rounds)
{
	for (unsigned long i = 0; i < rounds; i++)
		found += acl_parse(&packets[i % PACKETS].frame,
				   &packets[i % PACKETS].key);
}

static noinline void measure_lookup(const struct acl_classifier *c,
				    unsigned long rounds)
{
	struct acl_result result;

	for (unsigned long i = 0; i < rounds; i++) {
		acl_classifier_lookup(c, &packets[i % PACKETS].key, 1, &result);
		found += !!result.rule;
	}
}

/* Each is asked for until it is found, as one flow would. */
static noinline void measure_cache(struct acl_cache *cache,
				   unsigned long rounds)
{
	struct acl_cache_tag tag = { .generation = 1, .port = 1, .l4 = ~0ULL };
	struct acl_cache_entry *entry;

	for (unsigned long i = 0; i < rounds; i++) {
		const struct acl_key *key = &packets[i / 16 % PACKETS].key;

		if (!acl_cache_find(cache, key, &tag, 1, &entry))
			acl_cache_store(entry, key, &tag, rules, ACL_FOREVER);
		else
			found++;
	}
}

static noinline void measure_build(struct acl_classifier *c, u32 n)
{
	const char *reason;

	if (acl_classifier_build(c, list, n, &reason)) {
		fprintf(stderr, "build: %s\n", reason);
		exit(1);
	}
}

static noinline void measure_insert(struct acl_classifier *c, u32 n)
{
	const char *reason;

	for (u32 i = n; i < n + EDITS; i++)
		if (acl_classifier_insert(c, list[i], &reason)) {
			fprintf(stderr, "insert: %s\n", reason);
			exit(1);
		}
}

static noinline void measure_remove(struct acl_classifier *c, u32 n)
{
	for (u32 i = n; i < n + EDITS; i++)
		acl_classifier_remove(c, list[i]);
}

static u8 masked(u32 addr, unsigned int len, u8 to[16])
{
	if (len < 32)
		addr &= len ? ~0U << (32 - len) : 0;
	put_unaligned_be32(addr, to);
	return len;
}

/* A line of ClassBench's; false at the end. */
static bool read_match(FILE *f, struct acl_match *match)
{
	unsigned int s[5], d[5], sp[2], dp[2], proto, mask;

	memset(match, 0, sizeof(*match));
	if (fscanf(f,
		   " @%u.%u.%u.%u/%u %u.%u.%u.%u/%u %u : %u %u : %u %x/%x%*[^\n]",
		   &s[0], &s[1], &s[2], &s[3], &s[4], &d[0], &d[1], &d[2],
		   &d[3], &d[4], &sp[0], &sp[1], &dp[0], &dp[1], &proto,
		   &mask) != 16)
		return false;
	match->asks = BIT(ACL_ASK_DIR) | BIT(ACL_ASK_IPV4);
	match->src_len = masked(s[0] << 24 | s[1] << 16 | s[2] << 8 | s[3],
				s[4], match->src);
	match->dst_len = masked(d[0] << 24 | d[1] << 16 | d[2] << 8 | d[3],
				d[4], match->dst);
	if (s[4])
		match->asks |= BIT(ACL_ASK_SRC);
	if (d[4])
		match->asks |= BIT(ACL_ASK_DST);
	if (!mask)
		return true;
	match->asks |= BIT(ACL_ASK_PROTO);
	match->proto = proto;
	if (proto != 6 && proto != 17)
		return true;
	match->sport.lo = sp[0];
	match->sport.hi = sp[1];
	match->dport.lo = dp[0];
	match->dport.hi = dp[1];
	if (sp[0] || sp[1] != 65535)
		match->asks |= BIT(ACL_ASK_SPORT);
	if (dp[0] || dp[1] != 65535)
		match->asks |= BIT(ACL_ASK_DPORT);
	return true;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	static struct acl_cache cache;
	struct model_world world = { .random.state = 20261125, .plain = true };
	struct acl_classifier_stats stats;
	struct acl_classifier c;
	unsigned long rounds, missed = 0;
	enum shape shape = 0;
	FILE *f = NULL;
	double t0, t1, t2;
	u32 n;

	if (argc < 3) {
		fprintf(stderr, "usage: acl_bench SHAPE RULES [ROUNDS]\n");
		return 1;
	}
	while (shape < SHAPES && strcmp(argv[1], shape_names[shape]))
		shape++;
	if (shape == SHAPES) {
		f = fopen(argv[1], "re");
		if (!f) {
			perror(argv[1]);
			return 1;
		}
	}
	n = strtoul(argv[2], NULL, 10);
	rounds = argc > 3 ? strtoul(argv[3], NULL, 10) : PACKETS;
	rules = calloc(n + EDITS, sizeof(*rules));
	/* Of pointers. NOLINTNEXTLINE(bugprone-sizeof-expression) */
	list = calloc(n + EDITS, sizeof(*list));
	matches = calloc(n + EDITS, sizeof(*matches));
	for (u32 i = 0; i < n + EDITS; i++) {
		int criterion;

		if (!f)
			shape_match(shape, &world.random, &matches[i]);
		else if (!read_match(f, &matches[i]) && i >= EDITS)
			n = i - EDITS;
		if (acl_match_check(&matches[i], &criterion))
			abort();
		/* As lines of a list, 65536 priorities at most. */
		if (acl_rule_init(&rules[i], &matches[i], i >> 8, i + 1))
			abort();
		list[i] = &rules[i];
	}
	for (u32 i = 0; i < PACKETS; i++) {
		struct model_packet packet;

		shape_packet(&matches[model_below(&world.random, n)],
			     &world.random, &packet);
		model_frame(&packet, packets[i].bytes,
			    model_write(&world, &packet, packets[i].bytes),
			    &packets[i].frame);
	}

	acl_classifier_init(&c);
	t0 = seconds();
	measure_build(&c, n);
	t0 = seconds() - t0;
	measure_parse(rounds);
	t1 = seconds();
	found = 0;
	measure_lookup(&c, rounds);
	t1 = seconds() - t1;
	missed = rounds - found;
	t2 = seconds();
	measure_cache(&cache, rounds);
	t2 = seconds() - t2;
	acl_classifier_stats(&c, &stats);
	measure_insert(&c, n);
	measure_remove(&c, n);
	printf("%s rules %u tables %u (%u) chain %u memory %.1f a rule, build %.3f s, look-up %.0f ns, cache %.0f ns, %lu without a rule\n",
	       argv[1], stats.rules, stats.tables, stats.tables_max,
	       stats.chain_max,
	       (double)stats.memory / n + (double)sizeof(struct acl_rule), t0,
	       t1 / rounds * 1e9, t2 / rounds * 1e9, missed);
	acl_classifier_destroy(&c);
	for (u32 i = 0; i < n + EDITS; i++)
		acl_rule_destroy(&rules[i]);
	free(rules);
	free(list);
	free(matches);
	if (f)
		fclose(f);
	return 0;
}
