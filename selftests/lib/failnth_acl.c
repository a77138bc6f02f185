// SPDX-License-Identifier: GPL-2.0-only
/*
 * Failing allocations of access lists. See failnth.c.
 */
#include "failnth.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/utcp_acl.h>

#include "nth.h"

/* So many that the classifier makes tables of them. */
#define ACL_RULES 60
/* What is said of them, in bytes, at most. */
#define STATE_MAX 32768

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* The number of the load that the step before has begun. */
static uint32_t acl_load;

/* Asks, and reads up to the acknowledgment. @take: gets each answer. Return: 0 or an errno. */
static int ask_acl(struct client *who, const struct nlmsghdr *nlh,
		   void (*take)(struct nlmsghdr *nlh))
{
	static char buf[65536] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *in;
	int err, left;
	ssize_t len;

	err = client_send(who, nlh);
	if (err)
		return err;
	for (;;) {
		len = recv(mnl_socket_get_fd(who->nl), buf, sizeof(buf), 0);
		if (len < 0)
			return errno;
		left = len;
		for (in = (void *)buf; mnl_nlmsg_ok(in, left);
		     in = mnl_nlmsg_next(in, &left)) {
			const struct nlmsgerr *e = mnl_nlmsg_get_payload(in);

			if (in->nlmsg_type == NLMSG_ERROR ||
			    in->nlmsg_type == NLMSG_DONE)
				return -e->error;
			take(in);
		}
	}
}

/* Rules of two shapes, each about another address. */
static void put_rules(struct nlmsghdr *nlh, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		struct nlattr *nest =
			mnl_attr_nest_start(nlh, UTCP_ACL_A_POLICY_RULE);
		unsigned char addr[] = { 10, 0, 0, i << 1 };

		mnl_attr_put_u32(nlh, UTCP_ACL_A_RULE_DIRECTION,
				 UTCP_ACL_DIRECTION_OUT);
		mnl_attr_put_u32(nlh, UTCP_ACL_A_RULE_VERDICT,
				 UTCP_ACL_VERDICT_ALLOW);
		mnl_attr_put(nlh, UTCP_ACL_A_RULE_DST4, 4, addr);
		mnl_attr_put_u32(nlh, UTCP_ACL_A_RULE_DST_LEN, 32 - i % 2);
		mnl_attr_put_strz(nlh, UTCP_ACL_A_RULE_COMMENT, "a rule");
		if (!i)
			mnl_attr_put_u64(nlh, UTCP_ACL_A_RULE_EXPIRES, 3600000);
		mnl_attr_nest_end(nlh, nest);
	}
}

static void put_acl_policy(struct nlmsghdr *nlh)
{
	mnl_attr_put_strz(nlh, UTCP_ACL_A_POLICY_NAME, "p");
}

static void put_acl_set(struct nlmsghdr *nlh)
{
	mnl_attr_put_strz(nlh, UTCP_ACL_A_SET_NAME, "s");
}

static void put_acl_load(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, UTCP_ACL_A_POLICY_LOAD, acl_load);
}

/* --- what there is ----------------------------------------------------------------- */

/**
 * struct acl_state - all that the family has in this namespace
 * @len: bytes
 * @bytes: its answers, one behind the other, without the times that things have left
 * @like: the same without the numbers of rules and generations
 */
struct acl_state {
	size_t len;
	unsigned char bytes[STATE_MAX];
	unsigned char like[STATE_MAX];
};

/* Who looks, while none fails: another socket than that which is refused. */
static struct client watcher;
static struct acl_state *looked;

static void put_nothing(struct nlmsghdr *nlh)
{
	(void)nlh;
}

/* In the order in which they are looked at. */
static const struct acl_look {
	uint8_t cmd;
	void (*put)(struct nlmsghdr *nlh);
	enum { RULES, SETS, BINDINGS } about;
} acl_looks[] = {
	{ UTCP_ACL_CMD_POLICY_GET, put_nothing, RULES },
	{ UTCP_ACL_CMD_RULE_GET, put_acl_policy, RULES },
	{ UTCP_ACL_CMD_SET_GET, put_nothing, SETS },
	{ UTCP_ACL_CMD_ELEM_GET, put_acl_set, SETS },
	{ UTCP_ACL_CMD_BIND_GET, put_nothing, BINDINGS },
}, *looking;

static void blank(const struct nlattr *attr)
{
	memset(mnl_attr_get_payload(attr), 0, mnl_attr_get_payload_len(attr));
}

/* In what is said of a policy or a rule, or of a set: without values of these types. */
static void blank_all(struct nlmsghdr *nlh, int type, int nest, int nested)
{
	const struct nlattr *attr, *in;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == type)
			blank(attr);
		if (mnl_attr_get_type(attr) != nest)
			continue;
		mnl_attr_for_each_nested(in, attr)
			if (mnl_attr_get_type(in) == nested)
				blank(in);
	}
}

static void add_to_state(unsigned char *to, const void *from, size_t len)
{
	if (len > STATE_MAX - looked->len) {
		printf("# the state is larger than was thought\n");
		exit(1);
	}
	memcpy(to + looked->len, from, len);
}

static void take_state(struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	size_t len = mnl_nlmsg_get_payload_len(nlh);

	if (looking->about == RULES)
		blank_all(nlh, UTCP_ACL_A_POLICY_CONFIRM,
			  UTCP_ACL_A_POLICY_RULE, UTCP_ACL_A_RULE_EXPIRES);
	else if (looking->about == SETS)
		blank_all(nlh, 0, UTCP_ACL_A_SET_ELEM, UTCP_ACL_A_ELEM_EXPIRES);
	add_to_state(looked->bytes, genl, len);
	if (looking->about == RULES)
		blank_all(nlh, UTCP_ACL_A_POLICY_GENERATION,
			  UTCP_ACL_A_POLICY_RULE, UTCP_ACL_A_RULE_HANDLE);
	add_to_state(looked->like, genl, len);
	looked->len += len;
}

/* No allocation of this thread fails meanwhile. */
static void look(struct acl_state *state)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh;
	int err;

	state->len = 0;
	looked = state;
	for (looking = acl_looks; looking < acl_looks + COUNT(acl_looks);
	     looking++) {
		nlh = client_begin(&watcher, buf, looking->cmd);
		nlh->nlmsg_flags |= NLM_F_DUMP;
		looking->put(nlh);
		err = ask_acl(&watcher, nlh, take_state);
		if (err && err != ENOENT) {
			printf("# looking, command %u: %s\n", looking->cmd,
			       strerror(err));
			exit(1);
		}
		/* Nothing of this kind is something else than nothing of the next. */
		add_to_state(state->bytes, &err, sizeof(err));
		add_to_state(state->like, &err, sizeof(err));
		state->len += sizeof(err);
	}
}

static bool is_state(const struct acl_state *a, const struct acl_state *b)
{
	return a->len == b->len && !memcmp(a->bytes, b->bytes, a->len);
}

static bool is_like(const struct acl_state *a, const struct acl_state *b)
{
	return a->len == b->len && !memcmp(a->like, b->like, a->len);
}

/* --- steps ------------------------------------------------------------------------- */

#define STEPS_MAX 20

/* A request. */
struct acl_step {
	uint8_t cmd;
	void (*put)(struct nlmsghdr *nlh);
};

/**
 * struct acl_plan - requests, one behind the other
 * @steps: they
 * @n: how many
 * @undo: what takes away whatever they may have left, of which some need not be there
 * @undo_n: how many
 */
struct acl_plan {
	const struct acl_step *steps;
	unsigned int n;
	const struct acl_step *undo;
	unsigned int undo_n;
};

static const struct acl_plan *acl_plan;

/* What there was before the request that came last, and its number. */
static struct acl_state acl_before;
static unsigned int acl_at;

static void take_load(struct nlmsghdr *nlh)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == UTCP_ACL_A_POLICY_LOAD)
			acl_load = mnl_attr_get_u32(attr);
}

static void take_none(struct nlmsghdr *nlh)
{
	(void)nlh;
}

static int acl_step(const struct acl_step *step)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(&client, buf, step->cmd);
	bool load = step->cmd == UTCP_ACL_CMD_LOAD_BEGIN;

	if (step->cmd == UTCP_ACL_CMD_RULE_GET)
		nlh->nlmsg_flags |= NLM_F_DUMP;
	step->put(nlh);
	return ask_acl(&client, nlh, load ? take_load : take_none);
}

/* Looks before each request of which an allocation may fail, which has to wait. */
static int use_plan(void)
{
	unsigned int left;
	int err;

	for (acl_at = 0;; acl_at++) {
		left = nth_disarm();
		if (left) {
			look(&acl_before);
			nth_arm(left);
		}
		err = acl_step(&acl_plan->steps[acl_at]);
		if (err || acl_at == acl_plan->n - 1)
			return err;
	}
}

static bool take_away(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < acl_plan->undo_n; i++) {
		err = acl_step(&acl_plan->undo[i]);
		if (err && err != ENOENT) {
			printf("# step %u of taking it away: %s\n", i,
			       strerror(err));
			return false;
		}
	}
	return true;
}

/* --- what has become of a request that failed -------------------------------------- */

/* What there is after each step, if none fails. */
static struct acl_state acl_after[STEPS_MAX];

/* All is as before. Or the change was made, but its answer could not be sent or read,
 * which is told otherwise than that it was not; then it is as it would be had nothing
 * failed, but that the numbers that rules get are others.
 */
static bool is_held(int failed)
{
	static struct acl_state now;

	look(&now);
	if (!failed)
		return is_like(&now, &acl_after[acl_plan->n - 1]);
	return is_state(&now, &acl_before) ||
	       (failed != ENOMEM && is_like(&now, &acl_after[acl_at]));
}

static bool undo_plan(int failed)
{
	if (!is_held(failed)) {
		printf("# request %u (command %u): %s, and not all is as before\n",
		       acl_at, acl_plan->steps[acl_at].cmd, strerror(failed));
		return false;
	}
	return take_away();
}

/* All steps, none of which fails. */
static bool see_plan(void)
{
	unsigned int i;
	int err = client_open(&client, family_find(UTCP_ACL_FAMILY_NAME));

	for (i = 0; !err && i < acl_plan->n; i++) {
		err = acl_step(&acl_plan->steps[i]);
		look(&acl_after[i]);
	}
	client_close(&client);
	if (err)
		printf("# request %u, nothing failing: %s\n", i - 1,
		       strerror(err));
	return !err;
}

static int fail_plan(const char *what, const struct acl_plan *plan)
{
	const struct attempt a = { what, UTCP_ACL_FAMILY_NAME, use_plan,
				   undo_plan, false };
	int err = client_open(&watcher, family_find(UTCP_ACL_FAMILY_NAME));

	acl_plan = plan;
	if (err || plan->n > STEPS_MAX || !see_plan()) {
		printf("# %s: %s\n", what, strerror(err));
		return 1;
	}
	err = fail_each(&a);
	client_close(&watcher);
	return err;
}

/* --- a policy and its rules -------------------------------------------------------- */

static void put_acl_rule_new(struct nlmsghdr *nlh)
{
	put_acl_policy(nlh);
	put_rules(nlh, 1);
}

static void put_acl_load_many(struct nlmsghdr *nlh)
{
	put_acl_load(nlh);
	put_rules(nlh, ACL_RULES);
}

static const struct acl_step acl_steps[] = {
	{ UTCP_ACL_CMD_POLICY_NEW, put_acl_policy },
	{ UTCP_ACL_CMD_RULE_ADD, put_acl_rule_new },
	{ UTCP_ACL_CMD_LOAD_BEGIN, put_acl_policy },
	{ UTCP_ACL_CMD_LOAD_ADD, put_acl_load_many },
	{ UTCP_ACL_CMD_LOAD_COMMIT, put_acl_load },
	{ UTCP_ACL_CMD_RULE_ADD, put_acl_rule_new },
	{ UTCP_ACL_CMD_RULE_GET, put_acl_policy },
	{ UTCP_ACL_CMD_POLICY_DEL, put_acl_policy },
};

static const struct acl_step acl_undo[] = {
	{ UTCP_ACL_CMD_POLICY_DEL, put_acl_policy },
};

int fail_acl(void)
{
	static const struct acl_plan plan = { acl_steps, COUNT(acl_steps),
					      acl_undo, COUNT(acl_undo) };

	return fail_plan("access lists", &plan);
}

/* --- sets, bindings, loads that are confirmed -------------------------------------- */

static const char *acl_device;

static void put_acl_set_new(struct nlmsghdr *nlh)
{
	put_acl_set(nlh);
	mnl_attr_put_u32(nlh, UTCP_ACL_A_SET_TYPE, UTCP_ACL_SET_TYPE_PREFIX);
}

static void put_acl_elem(struct nlmsghdr *nlh)
{
	struct nlattr *nest;

	put_acl_set(nlh);
	nest = mnl_attr_nest_start(nlh, UTCP_ACL_A_SET_ELEM);
	mnl_attr_put(nlh, UTCP_ACL_A_ELEM_ADDR4, 4, "\x0a\0\0\1");
	mnl_attr_put_u64(nlh, UTCP_ACL_A_ELEM_EXPIRES, 3600000);
	mnl_attr_nest_end(nlh, nest);
}

static void put_acl_rule(struct nlmsghdr *nlh)
{
	struct nlattr *nest;

	put_acl_policy(nlh);
	nest = mnl_attr_nest_start(nlh, UTCP_ACL_A_POLICY_RULE);
	mnl_attr_put_u32(nlh, UTCP_ACL_A_RULE_DIRECTION,
			 UTCP_ACL_DIRECTION_OUT);
	mnl_attr_put_u32(nlh, UTCP_ACL_A_RULE_VERDICT, UTCP_ACL_VERDICT_ALLOW);
	mnl_attr_put_strz(nlh, UTCP_ACL_A_RULE_DST_SET, "s");
	mnl_attr_nest_end(nlh, nest);
}

static void put_acl_port(struct nlmsghdr *nlh)
{
	mnl_attr_put_strz(nlh, UTCP_ACL_A_BINDING_IFNAME, acl_device);
}

static void put_acl_bind(struct nlmsghdr *nlh)
{
	put_acl_port(nlh);
	mnl_attr_put_strz(nlh, UTCP_ACL_A_BINDING_POLICY, "p");
	mnl_attr_put(nlh, UTCP_ACL_A_BINDING_MAC, 6, "\2\0\0\0\0\1");
	mnl_attr_put(nlh, UTCP_ACL_A_BINDING_ADDR4, 4, "\x0a\0\0\1");
}

static void put_acl_own(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, UTCP_ACL_A_BINDING_KIND,
			 UTCP_ACL_BINDING_KIND_OWN);
}

static void put_acl_bind_own(struct nlmsghdr *nlh)
{
	put_acl_own(nlh);
	mnl_attr_put_strz(nlh, UTCP_ACL_A_BINDING_POLICY, "p");
}

static void put_acl_begin(struct nlmsghdr *nlh)
{
	put_acl_policy(nlh);
	mnl_attr_put_u32(nlh, UTCP_ACL_A_POLICY_CONFIRM, 3600000);
}

static void put_acl_load_rules(struct nlmsghdr *nlh)
{
	put_acl_load(nlh);
	put_rules(nlh, 3);
}

static const struct acl_step acl_more_steps[] = {
	{ UTCP_ACL_CMD_POLICY_NEW, put_acl_policy },
	{ UTCP_ACL_CMD_SET_NEW, put_acl_set_new },
	{ UTCP_ACL_CMD_ELEM_ADD, put_acl_elem },
	{ UTCP_ACL_CMD_RULE_ADD, put_acl_rule },
	{ UTCP_ACL_CMD_BIND_SET, put_acl_bind },
	{ UTCP_ACL_CMD_BIND_SET, put_acl_bind_own },
	{ UTCP_ACL_CMD_LOAD_BEGIN, put_acl_begin },
	{ UTCP_ACL_CMD_LOAD_ADD, put_acl_load_rules },
	{ UTCP_ACL_CMD_LOAD_COMMIT, put_acl_load },
	{ UTCP_ACL_CMD_LOAD_CONFIRM, put_acl_policy },
	{ UTCP_ACL_CMD_ELEM_DEL, put_acl_elem },
	{ UTCP_ACL_CMD_BIND_DEL, put_acl_own },
	{ UTCP_ACL_CMD_BIND_DEL, put_acl_port },
	{ UTCP_ACL_CMD_POLICY_DEL, put_acl_policy },
	{ UTCP_ACL_CMD_SET_DEL, put_acl_set },
};

static const struct acl_step acl_more_undo[] = {
	{ UTCP_ACL_CMD_LOAD_CONFIRM, put_acl_policy },
	{ UTCP_ACL_CMD_BIND_DEL, put_acl_own },
	{ UTCP_ACL_CMD_BIND_DEL, put_acl_port },
	{ UTCP_ACL_CMD_POLICY_DEL, put_acl_policy },
	{ UTCP_ACL_CMD_SET_DEL, put_acl_set },
};

static const struct acl_plan acl_more_plan = { acl_more_steps,
					       COUNT(acl_more_steps),
					       acl_more_undo,
					       COUNT(acl_more_undo) };

int fail_acl_more(const char *device)
{
	acl_device = device;
	return fail_plan("sets and bindings", &acl_more_plan);
}
