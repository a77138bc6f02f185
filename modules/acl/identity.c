// SPDX-License-Identifier: GPL-2.0-only
/*
 * Identities: which cells may talk by a port, and which frames of UTCP are theirs.
 *
 * Who sends a frame of UTCP cannot be seen in it, and a sandbox's root can write any.
 * So the transport asks, through netswitch, and tells which frames belong to what was
 * allowed; a port whose policy has rules about identities drops all others that come
 * out of the sandbox. That is one look-up a frame, and no decryption.
 *
 * An answer has a token, which is the handle of the rule. Who asks again with a token
 * that still holds is answered as before: so elements of sets can go and cut nothing,
 * and so can a rule of which that was asked for. If it holds no more, the question is
 * as good as new. When rules go, the transport is made to ask again; it ends what is
 * refused then, and says itself which frames are nobody's any more.
 *
 * Locks: rtnl, then acl_policies.lock; acl_identities.lock inside rtnl.
 */
#include <crypto/blake2s.h>
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/unaligned.h>

#include "acl.h"
#include "identity.h"
#include "log.h"
#include "parse.h"

/* A frame that was told of alone passes so long, and the table is swept so often, in
 * seconds: "Identity and the ACL" in utcp.rst.
 */
#define TIME_BRIEF 5

/* A type of frames that belong to an association. */
#define TYPE_DATA 0x10

/* Bytes that frames of all other types have at most; an initiation has most. */
#define BRIEF_MAX 172

/* What answers rest on that no rule has given: the default of a direction. */
#define TOKEN_DEFAULT(dir) (1ULL << 63 | (dir))

static const struct rhashtable_params table_params = {
	.key_len = sizeof(struct acl_told_key),
	.key_offset = offsetof(struct acl_told, key),
	.head_offset = offsetof(struct acl_told, node),
	.automatic_shrinking = true,
};

static bool is_zero(const u8 *bytes, size_t n)
{
	return !memchr_inv(bytes, 0, n);
}

static enum acl_dir dir_of(const struct acl_binding *binding,
			   enum netswitch_dir dir)
{
	return dir == binding->out ? ACL_OUT : ACL_IN;
}

static struct acl_ruleset *rules_of(const struct acl_binding *binding)
{
	return rcu_dereference(rcu_dereference(binding->policy)->rules);
}

/* --- answers -------------------------------------------------------------------------- */

/* The rule about identities that a token names, if it is there. Under RCU. */
static struct acl_entry *entry_of(struct acl_ruleset *rules, u64 token)
{
	struct acl_entry *entry;

	if (token >> ACL_HANDLE_BITS)
		return NULL;
	entry = xa_load(&rules->handles, token);
	return entry && entry->rule.asks & BIT(ACL_ASK_CELL) ? entry : NULL;
}

/* Is what a token stands for allowed still? Under RCU. */
static bool token_holds(struct acl_ruleset *rules, u64 token)
{
	int dir;

	for (dir = 0; dir < ACL_DIRS; dir++)
		if (token == TOKEN_DEFAULT(dir))
			return READ_ONCE(rules->def[dir]) ==
			       UTCP_ACL_VERDICT_ALLOW;
	if (!token || token >> ACL_HANDLE_BITS)
		return false;
	return entry_of(rules, token) || xa_load(&rules->kept, token);
}

/* Numbers of bindings begin anew with the module, which may go and come back while the
 * transport keeps tokens.
 */
static u64 tokens_from;

void __init acl_tokens_init(void)
{
	tokens_from = get_random_u64();
}

static void set_token(const struct acl_binding *binding,
		      struct netswitch_identity *identity, u64 rests_on)
{
	identity->token.rests_on = rests_on;
	identity->token.binding = tokens_from + binding->number;
}

/* What an earlier answer has rested on; 0: it was no answer of this binding. Policies that
 * one binding has, one after the other, are of one namespace: no two rules of them have
 * the same handle.
 */
static u64 token_of(const struct acl_binding *binding,
		    const struct netswitch_identity *identity)
{
	return identity->token.binding == tokens_from + binding->number ?
		       identity->token.rests_on :
		       0;
}

static enum netswitch_opinion opinion_of(u8 verdict)
{
	return verdict == UTCP_ACL_VERDICT_ALLOW ? NETSWITCH_ALLOW :
						   NETSWITCH_REFUSE;
}

static void entry_count(struct acl_entry *entry)
{
	struct acl_count *mine = this_cpu_ptr(entry->count);
	u32 now = ktime_get_seconds();

	WRITE_ONCE(mine->packets, mine->packets + 1);
	if (READ_ONCE(entry->last_hit) != now)
		WRITE_ONCE(entry->last_hit, now);
}

static void log_answer(const struct acl_binding *binding,
		       const struct acl_key *key, const struct acl_entry *entry,
		       u8 verdict)
{
	struct acl_seen seen = {
		.handle = entry ? acl_rule_handle(&entry->rule) : 0,
		.dir = acl_key_dir(key),
		.verdict = verdict,
	};

	/* Rules about identities only allow. */
	if (verdict != UTCP_ACL_VERDICT_ALLOW)
		seen.reason = UTCP_ACL_DROP_REASON_DEFAULT;
	acl_log(binding, rcu_dereference(binding->policy), key, &seen);
}

/* Answers a question about something new. Under RCU, softirqs off. */
static enum netswitch_opinion decide(const struct acl_binding *binding,
				     struct acl_ruleset *rules,
				     const struct acl_key *key,
				     struct netswitch_identity *identity)
{
	enum acl_dir dir = acl_key_dir(key);
	struct acl_entry *entry = NULL;
	struct acl_result result;
	u8 verdict;

	acl_classifier_lookup(&rules->classifier, key, get_jiffies_64(),
			      &result);
	if (result.rule)
		entry = acl_entry_of(result.rule);
	verdict = entry ? entry->verdict : READ_ONCE(rules->def[dir]);
	if (entry)
		entry_count(entry);
	if (entry ? entry->log :
		    READ_ONCE(rules->log) && verdict != UTCP_ACL_VERDICT_ALLOW)
		log_answer(binding, key, entry, verdict);
	if (entry && entry->extra)
		identity->class = entry->extra->class;
	set_token(binding, identity,
		  entry ? acl_rule_handle(&entry->rule) : TOKEN_DEFAULT(dir));
	return opinion_of(verdict);
}

/* Would the rules about frames let one of UTCP go on? @dev: see struct acl_binding */
static bool frames_pass(const struct acl_ruleset *rules, u32 dev,
			enum acl_dir dir)
{
	struct acl_result result;
	struct acl_key key = {
		.class = acl_class(dir, ACL_OTHER),
		.ethertype = ACL_ETH_P_UTCP,
		.dev = dev,
	};
	u8 verdict;

	key.w[ACL_W_HEAD] = ACL_ETH_P_UTCP;
	key.w[ACL_W_L4] = 1ULL << ACL_L4_NOPORTS | (u64)dir << ACL_L4_DIR |
			  1ULL << (ACL_L4_FAMILY + ACL_OTHER);
	acl_classifier_lookup(&rules->classifier, &key, get_jiffies_64(),
			      &result);
	verdict = result.rule ? acl_entry_of(result.rule)->verdict :
				READ_ONCE(rules->def[dir]);
	return verdict == UTCP_ACL_VERDICT_ALLOW;
}

/* Without rules about identities there is no opinion; but who could send in vain only, in
 * one of the two directions, had better hear so at once. If it depends on MAC addresses
 * or VLANs, nobody can tell. It also has the connections closed that the last rule allowed.
 */
static enum netswitch_opinion opinion_of_frames(const struct acl_ruleset *rules,
						u32 dev)
{
	if (READ_ONCE(rules->link) || (frames_pass(rules, dev, ACL_OUT) &&
				       frames_pass(rules, dev, ACL_IN)))
		return NETSWITCH_NO_OPINION;
	return NETSWITCH_REFUSE;
}

/* May a cell say to anybody who asks that it is here? If the sandbox's may be called at
 * all. What goes to the sandbox tells nobody else anything.
 */
static enum netswitch_opinion announce(const struct acl_ruleset *rules,
				       enum acl_dir dir,
				       struct netswitch_identity *identity)
{
	identity->token = (struct netswitch_token){};
	if ((dir == ACL_IN && !is_zero(identity->from, ACL_CELL_LEN)) ||
	    READ_ONCE(rules->cells[ACL_IN]))
		return NETSWITCH_ALLOW;
	return opinion_of(READ_ONCE(rules->def[dir]));
}

/**
 * acl_identity_ask() - may two cells talk by a port?
 * @port: the port
 * @priv: its binding
 * @identity: who, how; class and token are set if they may
 *
 * The token is the handle of a rule, or what no handle can be: the default of a
 * direction, or 0: nobody in particular; and the binding.
 *
 * Context: softirq or process, under RCU.
 * Return: what the policy says. If it has no rules about identities: nothing, or a refusal
 *	if its rules about frames would drop all that the two send.
 */
enum netswitch_opinion acl_identity_ask(struct netswitch_port *port, void *priv,
					struct netswitch_identity *identity)
{
	const struct acl_binding *binding = priv;
	enum acl_dir dir = dir_of(binding, identity->dir);
	bool out = dir == ACL_OUT;
	struct acl_ruleset *rules = rules_of(binding);
	enum netswitch_opinion opinion;
	struct acl_entry *entry;
	struct acl_key key;
	u64 token;

	if (!acl_has_identities(rules))
		return opinion_of_frames(rules, binding->dev);
	if (is_zero(identity->from, ACL_CELL_LEN) ||
	    is_zero(identity->to, ACL_CELL_LEN))
		return announce(rules, dir, identity);
	token = token_of(binding, identity);
	if (token_holds(rules, token)) {
		entry = entry_of(rules, token);
		if (entry && entry->extra)
			identity->class = entry->extra->class;
		return NETSWITCH_ALLOW;
	}
	acl_key_identity(&key, dir, out ? identity->from : identity->to,
			 out ? identity->to : identity->from,
			 identity->service);
	local_bh_disable();
	opinion = decide(binding, rules, &key, identity);
	local_bh_enable();
	return opinion;
}

/* --- frames that were told of ----------------------------------------------------------- */

static void told_key(struct acl_told_key *key, u32 binding,
		     const struct netswitch_flow *flow)
{
	memset(key, 0, sizeof(*key));
	memcpy(key->from, flow->from, ETH_ALEN);
	memcpy(key->to, flow->to, ETH_ALEN);
	memcpy(key->hash, flow->hash, sizeof(key->hash));
	key->index = flow->index;
	key->binding = binding;
}

/* Takes one out of the table, unless somebody else has. */
static void told_remove(struct acl_identities *identities,
			struct acl_told *told)
{
	if (rhashtable_remove_fast(&identities->table, &told->node,
				   table_params))
		return;
	if (told->brief)
		atomic_dec(&identities->brief);
	atomic_dec(&told->binding->told);
	kfree_rcu(told, rcu);
}

static void told_set(struct acl_told *told, const struct netswitch_flow *flow)
{
	WRITE_ONCE(told->class, flow->class);
	WRITE_ONCE(told->until, jiffies + TIME_BRIEF * HZ);
}

static struct acl_told *told_new(struct acl_binding *binding,
				 const struct acl_told_key *key,
				 const struct netswitch_flow *flow)
{
	struct acl_told *told;

	told = kzalloc(sizeof(*told),
		       GFP_ATOMIC | __GFP_NOWARN | __GFP_ACCOUNT);
	if (!told)
		return NULL;
	told->key = *key;
	told->binding = binding;
	told->brief = !is_zero(key->hash, sizeof(key->hash));
	told_set(told, flow);
	return told;
}

static int told_insert(struct acl_identities *identities,
		       struct acl_binding *binding,
		       const struct acl_told_key *key,
		       const struct netswitch_flow *flow)
{
	struct acl_told *told, *other;

	if (atomic_inc_return(&binding->told) > ACL_TOLD_MAX) {
		atomic_dec(&binding->told);
		return -ENOSPC;
	}
	told = told_new(binding, key, flow);
	if (!told) {
		atomic_dec(&binding->told);
		return -ENOMEM;
	}
	if (told->brief && atomic_inc_return(&identities->brief) == 1)
		schedule_delayed_work(&identities->sweep, TIME_BRIEF * HZ);
	other = rhashtable_lookup_get_insert_fast(&identities->table,
						  &told->node, table_params);
	if (!other)
		return 0;
	if (told->brief)
		atomic_dec(&identities->brief);
	atomic_dec(&binding->told);
	kfree(told);
	if (IS_ERR(other))
		return PTR_ERR(other);
	/* Somebody else has told of it at the same time. */
	told_set(other, flow);
	return 1;
}

/**
 * acl_told_add() - frames pass as those of what was allowed
 * @port: the port
 * @priv: its binding
 * @flow: the frames
 *
 * What goes to the sandbox passes in any case, and is not kept.
 *
 * Context: softirq or process, under RCU.
 * Return: 0; 1 if nothing was added: it is kept already, or need not be; -ENOSPC if the
 *	binding has as many as it may; -ENOMEM.
 */
int acl_told_add(struct netswitch_port *port, void *priv,
		 const struct netswitch_flow *flow)
{
	struct acl_binding *binding = priv;
	struct acl_identities *identities = &binding->net->identities;
	struct acl_told_key key;
	struct acl_told *told;

	if (dir_of(binding, flow->dir) != ACL_OUT)
		return 1;
	told_key(&key, binding->number, flow);
	told = rhashtable_lookup(&identities->table, &key, table_params);
	if (told) {
		told_set(told, flow);
		return 1;
	}
	return told_insert(identities, binding, &key, flow);
}

/**
 * acl_told_del() - frames are nobody's any more
 * @port: the port
 * @priv: its binding
 * @flow: the frames
 *
 * Context: softirq or process, under RCU.
 */
void acl_told_del(struct netswitch_port *port, void *priv,
		  const struct netswitch_flow *flow)
{
	struct acl_binding *binding = priv;
	struct acl_identities *identities = &binding->net->identities;
	struct acl_told_key key;
	struct acl_told *told;

	told_key(&key, binding->number, flow);
	told = rhashtable_lookup(&identities->table, &key, table_params);
	if (told)
		told_remove(identities, told);
}

/**
 * acl_told_reads() - how much of a frame is needed to tell whether it was told of?
 * @identities: of the namespace
 * @key: the frame's key
 * @bytes: set to how many bytes from its beginning on
 *
 * Return: false: none, since it was not.
 */
bool acl_told_reads(const struct acl_identities *identities,
		    const struct acl_key *key, u32 *bytes)
{
	/* The transport uses VLANs by their own devices only. */
	if (!key->has_utcp || acl_key_vlan(key))
		return false;
	*bytes = key->l3;
	if (key->utcp.type == TYPE_DATA)
		return true;
	*bytes += key->utcp.len;
	/* Hashing is work that nobody is to cause for nothing. */
	return key->utcp.len <= BRIEF_MAX && atomic_read(&identities->brief);
}

/**
 * acl_told_find() - was a frame of UTCP told of?
 * @identities: of the namespace
 * @binding: number of the binding by which it came
 * @frame: the frame, with the bytes that acl_told_reads() names
 * @key: its key
 *
 * Context: under RCU.
 * Return: as what; or NULL.
 */
const struct acl_told *acl_told_find(struct acl_identities *identities,
				     u32 binding, const struct acl_frame *frame,
				     const struct acl_key *key)
{
	struct acl_told_key want = { .binding = binding };
	struct blake2s_ctx hash;
	struct acl_told *told;

	memcpy(want.to, frame->data, ETH_ALEN);
	memcpy(want.from, frame->data + ETH_ALEN, ETH_ALEN);
	want.index = cpu_to_be32(key->utcp.index);
	if (key->utcp.type != TYPE_DATA) {
		blake2s_init(&hash, sizeof(want.hash));
		blake2s_update(&hash, frame->data + key->l3, key->utcp.len);
		blake2s_final(&hash, want.hash);
	}
	told = rhashtable_lookup(&identities->table, &want, table_params);
	if (told && told->brief &&
	    time_after_eq(jiffies, READ_ONCE(told->until)))
		return NULL;
	return told;
}

/* --- ends --------------------------------------------------------------------------------- */

/* Walks over all that was told of, and takes away what @over says. May sleep. */
static void told_clean(struct acl_identities *identities,
		       bool (*over)(const struct acl_told *told,
				    const struct acl_binding *binding),
		       const struct acl_binding *binding)
{
	struct rhashtable_iter iter;
	struct acl_told *told;

	mutex_lock(&identities->lock);
	rhashtable_walk_enter(&identities->table, &iter);
	rhashtable_walk_start(&iter);
	while ((told = rhashtable_walk_next(&iter))) {
		/* The table grows meanwhile: some come twice. */
		if (IS_ERR(told))
			continue;
		if (over(told, binding))
			told_remove(identities, told);
		if (need_resched()) {
			acl_walk_pause(&iter);
			/* As in flows_clean(). */
			iter.skip = 0;
			cond_resched();
			rhashtable_walk_start(&iter);
		}
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
	mutex_unlock(&identities->lock);
}

static bool is_past(const struct acl_told *told,
		    const struct acl_binding *binding)
{
	return told->brief && time_after_eq(jiffies, READ_ONCE(told->until));
}

static bool is_of(const struct acl_told *told,
		  const struct acl_binding *binding)
{
	return told->binding == binding;
}

static void sweep(struct work_struct *work)
{
	struct acl_identities *identities = container_of(
		to_delayed_work(work), struct acl_identities, sweep);

	told_clean(identities, is_past, NULL);
	if (atomic_read(&identities->brief))
		schedule_delayed_work(&identities->sweep, TIME_BRIEF * HZ);
}

/* Forgets what was told of by a binding. May sleep. */
void acl_told_flush(struct acl_identities *identities,
		    const struct acl_binding *binding)
{
	told_clean(identities, is_of, binding);
}

int acl_identities_init(struct acl_identities *identities)
{
	atomic_set(&identities->brief, 0);
	mutex_init(&identities->lock);
	INIT_DELAYED_WORK(&identities->sweep, sweep);
	return rhashtable_init(&identities->table, &table_params);
}

/* No frame comes any more; the bindings have taken theirs with them. */
void acl_identities_exit(struct acl_identities *identities)
{
	cancel_delayed_work_sync(&identities->sweep);
	rhashtable_destroy(&identities->table);
	mutex_destroy(&identities->lock);
}

/* --- changes ------------------------------------------------------------------------------ */

/* Takes note of a namespace's bindings to policies that answer otherwise now. Under rtnl
 * and the lock of @policies.
 */
static void mark(struct acl_net *this, const struct acl_policies *policies)
{
	struct acl_binding *binding;

	list_for_each_entry(binding, &this->bindings.list, link)
		if (policies ==
		    (binding->ns ? binding->ns->policies : &this->policies))
			binding->again =
				rtnl_dereference(binding->policy)->again;
}

/* Tells of those that are marked. Under rtnl. */
static void tell(struct acl_net *this)
{
	struct acl_binding *binding;

	list_for_each_entry(binding, &this->bindings.list, link) {
		if (!binding->again)
			continue;
		binding->again = false;
		netswitch_opinion_changed(binding->port);
	}
}

static void ask_again(struct work_struct *work)
{
	struct acl_policies *policies =
		container_of(work, struct acl_policies, again);
	struct acl_net *this = acl_net(policies->net);
	struct acl_ns_binding *ns;
	struct acl_policy *policy;

	rtnl_lock();
	mutex_lock(&policies->lock);
	mark(this, policies);
	/* What is imposed has its devices in other namespaces. */
	list_for_each_entry(ns, &acl_ns_imposed, link)
		if (ns->policies == policies)
			mark(acl_net(ns->net), policies);
	list_for_each_entry(policy, &policies->list, link)
		policy->again = false;
	mutex_unlock(&policies->lock);
	tell(this);
	list_for_each_entry(ns, &acl_ns_imposed, link)
		if (ns->policies == policies)
			tell(acl_net(ns->net));
	rtnl_unlock();
}

void acl_identity_init(struct acl_policies *policies)
{
	INIT_WORK(&policies->again, ask_again);
}

/* No request comes any more. May sleep. */
void acl_identity_exit(struct acl_policies *policies)
{
	cancel_work_sync(&policies->again);
}

/* Does what is said of two cells depend on a rule? Or of frames of UTCP, which is what a
 * policy without rules about cells goes by.
 */
bool acl_identity_cares(const struct acl_rule *rule)
{
	return rule->asks & BIT(ACL_ASK_CELL) ||
	       acl_rule_classes(rule) &
		       (BIT(ACL_OTHER) | BIT(ACL_OTHER + ACL_FAMILIES));
}

/* A policy answers otherwise than before: the transport will be made to ask again, soon,
 * since rtnl cannot be had here. Under the policies' lock.
 */
void acl_identity_touch(struct acl_policies *policies,
			struct acl_policy *policy)
{
	lockdep_assert_held(&policies->lock);
	policy->again = true;
	queue_work(system_long_wq, &policies->again);
}
