// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random packets over random rules that change meanwhile; see storm.h.
 */
#include "storm.h"

#include <linux/errno.h>
#include <linux/in.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../cache.h"
#include "../classify.h"
#include "../match.h"
#include "../parse.h"
#include "../sets.h"
#include "model.h"

#define SETS 6

/* A rule, in all the forms that are compared. */
struct test_rule {
	struct acl_rule rule;
	struct acl_match match;
};

struct state {
	struct storm *storm;
	struct model_world world;
	struct acl_classifier c;
	struct acl_set sets[SETS];
	struct model_set models[SETS];
	/* In no order. */
	struct test_rule **rules;
	const struct acl_rule **list;
	u32 n;
	u64 handle;
	u64 now;
	u64 generation;
	struct acl_cache *cache;
};

static int wrong(struct state *s, const char *said)
{
	s->storm->said = said;
	return -EBADMSG;
}

static struct test_rule *rule_new(struct state *s)
{
	struct test_rule *rule = kzalloc(sizeof(*rule), GFP_KERNEL);
	struct acl_match back;
	int criterion;

	if (!rule)
		return NULL;
	model_match(&s->world, &rule->match);
	if (acl_match_check(&rule->match, &criterion) ||
	    acl_rule_init(&rule->rule, &rule->match,
			  model_below(&s->world.random, 1000), ++s->handle)) {
		kfree(rule);
		return NULL;
	}
	acl_rule_match(&rule->rule, &back);
	if (memcmp(&back, &rule->match, sizeof(back))) {
		s->storm->said = "what a rule asks for has changed";
		acl_rule_destroy(&rule->rule);
		kfree(rule);
		return NULL;
	}
	return rule;
}

static void rule_free(struct test_rule *rule)
{
	acl_rule_destroy(&rule->rule);
	kfree(rule);
}

/* Some rules fit nowhere when thousands are alike: those are not in either. */
static int put_in(struct state *s)
{
	struct test_rule *rule = rule_new(s);
	const char *reason;
	int ret;

	if (!rule)
		return s->storm->said ? -EBADMSG : -ENOMEM;
	ret = acl_classifier_insert(&s->c, &rule->rule, &reason);
	if (ret) {
		rule_free(rule);
		return ret == -ENOSPC ? 0 : ret;
	}
	s->rules[s->n++] = rule;
	return 0;
}

static void take_out(struct state *s)
{
	u32 i = model_below(&s->world.random, s->n);
	struct test_rule *rule = s->rules[i];

	acl_classifier_remove(&s->c, &rule->rule);
	s->rules[i] = s->rules[--s->n];
	synchronize_rcu();
	rule_free(rule);
}

static int rebuild(struct state *s)
{
	const char *reason;
	int ret;
	u32 i;

	for (i = 0; i < s->n; i++)
		s->list[i] = &s->rules[i]->rule;
	ret = acl_classifier_build(&s->c, s->list, s->n, &reason);
	/* All as it was, then. */
	return ret == -ENOSPC ? 0 : ret;
}

static int change_set(struct state *s)
{
	struct model_random *r = &s->world.random;
	u32 i = model_below(r, SETS), at;
	int known;
	struct model_set *model = &s->models[i];
	struct acl_set *set = &s->sets[i];
	struct acl_set_elem elem;
	int ret;

	model_elem(&s->world, set->type, &elem);
	if (model_below(r, 2))
		elem.expires = s->now + 1 + model_below(r, 20);
	for (at = 0; at < model->n; at++)
		if (!memcmp(model->elems[at].addr, elem.addr, 16) &&
		    model->elems[at].len == elem.len &&
		    model->elems[at].port == elem.port &&
		    model->elems[at].family == elem.family)
			break;
	if (at < model->n && model_below(r, 2)) {
		ret = acl_set_del(set, &elem);
		model->elems[at] = model->elems[--model->n];
		return ret ? wrong(s, "an element was not there") : 0;
	}
	if (at == ARRAY_SIZE(model->elems))
		return 0;
	ret = acl_set_add(set, &elem);
	known = at < model->n;
	if (ret != known)
		return wrong(s, "element: neither new nor old");
	model->elems[at] = elem;
	if (at == model->n)
		model->n++;
	return 0;
}

/* What has ended goes from both. */
static void expire(struct state *s)
{
	u32 i, at;

	for (i = 0; i < SETS; i++) {
		struct model_set *model = &s->models[i];

		acl_set_expire(&s->sets[i], s->now, U32_MAX, NULL, NULL);
		for (at = 0; at < model->n;) {
			if (model->elems[at].expires <= s->now)
				model->elems[at] = model->elems[--model->n];
			else
				at++;
		}
	}
}

static int change(struct state *s)
{
	struct model_random *r = &s->world.random;
	int ret = 0;

	s->now++;
	s->generation++;
	if (s->storm->sets && model_below(r, 2))
		ret = change_set(s);
	else if (model_once_in(r, 500))
		ret = rebuild(s);
	else if (model_once_in(r, 50))
		expire(s);
	else if (s->n && (s->n == s->storm->rules || model_once_in(r, 3)))
		take_out(s);
	else if (s->n < s->storm->rules)
		ret = put_in(s);
	return ret;
}

/* Does the short way for plain frames say the same, or that it cannot? */
static bool plain_agrees(struct state *s, const struct acl_key *key,
			 const struct acl_rule *best)
{
	u8 proto = acl_key_proto(key);
	const struct acl_rule *rule;

	if (acl_key_family(key) != ACL_IPV4 || key->frag != ACL_FRAG_NONE ||
	    (proto != IPPROTO_TCP && proto != IPPROTO_UDP))
		return true;
	rcu_read_lock();
	rule = acl_classifier_lookup_plain(&s->c, key->w[ACL_W_HEAD],
					   key->w[ACL_W_L4]);
	rcu_read_unlock();
	if (rule == &acl_rule_unsaid) {
		s->storm->unsaid++;
		return true;
	}
	s->storm->plainly++;
	return rule == best;
}

static int ask(struct state *s)
{
	const struct test_rule *best = NULL;
	struct acl_cache_entry *entry;
	struct acl_result result;
	struct model_packet packet;
	const void *cached;
	struct acl_key key;
	bool slow;
	u32 i;
	struct acl_cache_tag tag = { .generation = s->generation, .port = 7 };

	model_packet(&s->world, &packet);
	if (model_key(&s->world, &packet, &key) != ACL_PARSE_OK)
		return wrong(s, "a good packet is malformed");
	for (i = 0; i < s->n; i++) {
		const struct test_rule *rule = s->rules[i];

		if (best && best->rule.order < rule->rule.order)
			continue;
		if (model_meets(&s->world, &rule->match, &packet, s->now))
			best = rule;
	}
	rcu_read_lock();
	acl_classifier_lookup(&s->c, &key, s->now, &result);
	slow = !best || acl_match_key(&best->match, &key, s->now);
	rcu_read_unlock();
	if (result.rule != (best ? &best->rule : NULL))
		return wrong(s, "another rule than the model's");
	if (!plain_agrees(s, &key, result.rule))
		return wrong(s, "another rule by the short way");
	if (result.until <= s->now)
		return wrong(s, "true for no time");
	if (!slow)
		return wrong(s, "the slow test says otherwise");
	if (best)
		s->storm->met++;
	/* Device and port are one for the cache: see struct acl_cache_tag. */
	tag.port = packet.dev;
	acl_classifier_used(&s->c, &tag.l4, &tag.link);
	cached = acl_cache_find(s->cache, &key, &tag, s->now, &entry);
	if (cached && cached != (best ? (const void *)best : s))
		return wrong(s, "another verdict in the cache");
	if (!cached)
		acl_cache_store(entry, &key, &tag,
				best ? (const void *)best : s, result.until);
	return 0;
}

static int start(struct state *s)
{
	u32 i;
	int ret;

	s->world.random.state = s->storm->seed * 2654435761u + 1;
	s->world.plain = s->storm->plain;
	s->now = 1000;
	s->generation = 1;
	acl_classifier_init(&s->c);
	for (i = 0; i < SETS; i++) {
		s->models[i].type = i % 3;
		ret = acl_set_init(&s->sets[i], i % 3, ACL_SET_MAX);
		if (ret)
			return ret;
	}
	if (s->storm->sets) {
		s->world.sets = s->sets;
		s->world.models = s->models;
		s->world.sets_n = SETS;
	}
	s->rules = kvcalloc(s->storm->rules, sizeof(*s->rules), GFP_KERNEL);
	s->list = kvcalloc(s->storm->rules, sizeof(*s->list), GFP_KERNEL);
	s->cache = kvzalloc(sizeof(*s->cache), GFP_KERNEL);
	return s->rules && s->list && s->cache ? 0 : -ENOMEM;
}

static void end(struct state *s)
{
	u32 i;

	acl_classifier_destroy(&s->c);
	for (i = 0; i < s->n; i++)
		rule_free(s->rules[i]);
	for (i = 0; i < SETS; i++)
		if (s->sets[i].max)
			acl_set_destroy(&s->sets[i]);
	kvfree(s->rules);
	kvfree(s->list);
	kvfree(s->cache);
}

/**
 * storm_run() - run it
 * @storm: what to run
 *
 * Return: 0: all was as the model says; else an error, and @storm->said.
 */
int storm_run(struct storm *storm)
{
	struct state *s = kvzalloc(sizeof(*s), GFP_KERNEL);
	int ret;
	u64 i;

	if (!s)
		return -ENOMEM;
	storm->said = NULL;
	storm->met = 0;
	storm->plainly = 0;
	storm->unsaid = 0;
	s->storm = storm;
	ret = start(s);
	for (i = 0; !ret && i < storm->rules; i++)
		ret = put_in(s);
	for (i = 0; !ret && i < storm->packets; i++) {
		if (i % storm->change == 0)
			ret = change(s);
		if (!ret)
			ret = ask(s);
	}
	end(s);
	kvfree(s);
	return ret;
}
