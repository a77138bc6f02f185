// SPDX-License-Identifier: GPL-2.0-only
/*
 * acl_soak PACKETS [SEED] - random packets over random rule sets of 1 to 10,000 rules
 * that change meanwhile, against the model: so many packets in all. Then two threads
 * that look up while a third changes the rules.
 */
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include <pthread.h>

#include "../../modules/acl/classify.h"
#include "../../modules/acl/parse.h"
#include "../../modules/acl/test/model.h"
#include "../../modules/acl/test/storm.h"

/* Storms are of sizes from 1 to 10,000, so many packets each. */
#define STORM 2000

static int run_storms(unsigned long packets, unsigned long seed)
{
	static const u32 sizes[] = { 1,	 5,   20,  24,	 25,   40,
				     64, 100, 300, 1000, 3000, 10000 };
	unsigned long done = 0, met = 0, plainly = 0;
	struct storm storm;
	size_t i = 0;

	while (done < packets) {
		/* The largest are slow: the model is. */
		u32 size = sizes[i % ARRAY_SIZE(sizes)];

		storm = (struct storm){
			.seed = seed + i,
			.rules = size,
			.packets = size > 1000 ? STORM / 4 : STORM,
			.change = 1 + i % 5,
			.plain = i / ARRAY_SIZE(sizes) % 2,
			.sets = i / ARRAY_SIZE(sizes) % 4 != 3,
		};
		if (storm_run(&storm)) {
			fprintf(stderr, "seed %lu, %u rules: %s\n",
				(unsigned long)(seed + i), size,
				storm.said ? storm.said : "no memory");
			return 1;
		}
		done += storm.packets;
		met += storm.met;
		plainly += storm.plainly;
		i++;
	}
	printf("%lu packets, %lu of them met a rule, %lu were asked about by two words too, %zu rule sets: as the model says\n",
	       done, met, plainly, i);
	return 0;
}

#define RACE_RULES 500
#define RACE_KEYS 256

/* A rule that is always there, behind all others: each key finds something. */
static struct acl_rule last;
static struct acl_key keys[RACE_KEYS];
static struct acl_classifier raced;
static unsigned long looked_up, bad;
static bool over;

static void *reader(void *arg)
{
	unsigned long n = 0;

	for (; !__atomic_load_n(&over, __ATOMIC_RELAXED); n++) {
		const struct acl_key *key = &keys[n % RACE_KEYS];
		struct acl_result result;
		u64 until;

		rcu_read_lock();
		acl_classifier_lookup(&raced, key, 0, &result);
		if (!result.rule ||
		    !acl_rule_meets(result.rule, key, 0, &until))
			__atomic_fetch_add(&bad, 1, __ATOMIC_RELAXED);
		rcu_read_unlock();
	}
	__atomic_fetch_add(&looked_up, n, __ATOMIC_RELAXED);
	return arg;
}

static struct acl_rule *race_rule(struct model_world *world, u64 handle)
{
	struct acl_rule *rule = kern_alloc(sizeof(*rule));
	struct acl_match match;

	model_match(world, &match);
	if (!rule || acl_rule_init(rule, &match, 1, handle))
		abort();
	return rule;
}

/* Rules go in and out one by one, and all at once. */
static int run_race(unsigned long changes, unsigned long seed)
{
	struct model_world world = { .random.state = seed + 1 };
	static struct acl_rule *rules[RACE_RULES];
	const struct acl_rule *list[RACE_RULES + 1];
	struct acl_match match = { .asks = 0 };
	struct model_packet packet;
	const char *reason;
	pthread_t threads[2];
	u64 handle = 1;

	for (u32 i = 0; i < RACE_KEYS; i++) {
		do
			model_packet(&world, &packet);
		while (packet.kind == MODEL_CELLS);
		if (model_key(&world, &packet, &keys[i]))
			abort();
	}
	if (acl_rule_init(&last, &match, ACL_PRIO_MAX, handle++) ||
	    acl_classifier_insert(&raced, &last, &reason))
		abort();
	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, reader, NULL))
			abort();
	for (unsigned long n = 0; n < changes; n++) {
		/* Waves: up to a few rules, and to many. */
		u32 i = model_below(&world.random,
				    n / 500 % 2 ? RACE_RULES : 20);
		struct acl_rule *old = rules[i];

		rules[i] = NULL;
		if (old) {
			acl_classifier_remove(&raced, old);
			synchronize_rcu();
			acl_rule_destroy(old);
			kern_free(old);
		} else {
			rules[i] = race_rule(&world, handle++);
			if (acl_classifier_insert(&raced, rules[i], &reason))
				abort();
		}
		if (n % 100 == 99) {
			u32 k = 0;

			list[k++] = &last;
			for (i = 0; i < RACE_RULES; i++)
				if (rules[i])
					list[k++] = rules[i];
			if (acl_classifier_build(&raced, list, k, &reason))
				abort();
		}
		if (n % 1000 == 999)
			for (i = 20; i < RACE_RULES; i++) {
				if (!rules[i])
					continue;
				acl_classifier_remove(&raced, rules[i]);
				synchronize_rcu();
				acl_rule_destroy(rules[i]);
				kern_free(rules[i]);
				rules[i] = NULL;
			}
	}
	__atomic_store_n(&over, true, __ATOMIC_RELAXED);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	acl_classifier_destroy(&raced);
	for (u32 i = 0; i < RACE_RULES; i++) {
		if (!rules[i])
			continue;
		acl_rule_destroy(rules[i]);
		kern_free(rules[i]);
	}
	acl_rule_destroy(&last);
	synchronize_rcu();
	printf("%lu changes while %lu packets were looked up: %lu wrong\n",
	       changes, looked_up, bad);
	return bad != 0 || kern_allocated;
}

int main(int argc, char **argv)
{
	unsigned long packets, seed = 1;

	if (argc < 2) {
		fprintf(stderr, "usage: acl_soak PACKETS [SEED]\n");
		return 1;
	}
	packets = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		seed = strtoul(argv[2], NULL, 10);
	return run_storms(packets, seed) || run_race(packets / 50, seed);
}
