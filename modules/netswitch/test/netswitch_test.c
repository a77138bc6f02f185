// SPDX-License-Identifier: GPL-2.0-only
/*
 * netswitch_test.ko: consumers and stages under the control of the selftests,
 * and the smallest example of both. Built for the kernels of the test bed, not
 * installed.
 *
 * Commands are written to /sys/kernel/debug/netswitch_test/control, one a
 * write, and act on the writer's network namespace; the write fails with the
 * errno of what went wrong. The writer stays in its namespace as long as the
 * module works there.
 *
 *   consumer add IFINDEX TYPE VID take|refuse|echo [promisc]
 *   consumer del IFINDEX TYPE VID
 *   stage load|unload acl|shaper
 *   stage set acl|shaper IFINDEX pass|drop|hold TYPE MSECS
 *   stage clear acl|shaper IFINDEX
 *   ask IFINDEX in|out
 *   flow add|del IFINDEX INDEX
 *   changed IFINDEX
 *   cells IFINDEX in|out FROM TO SERVICE TOKEN
 *   frames add|del IFINDEX in|out FROM TO INDEX FRAME
 *
 * A stage does that to frames of EtherType TYPE in both directions and passes
 * all others. TYPE is hexadecimal. What is held is resumed MSECS after it came,
 * in order; what is held when it is flushed is dropped.
 *
 * Asked about identities, a stage that passes allows and gives class MSECS, one
 * that drops refuses, one that holds has no opinion: "ask" then ends well, with
 * EACCES, or with ENODATA, and the class stands in the file "class". A stage whose
 * TYPE is 0 takes no flow (ENOSPC). How many flows all stages have stands in the
 * file "flows". "cells" asks as "ask" does, about two CellIDs (32 hexadecimal digits, or 0
 * for anybody), and leaves the token that it was answered with in the file "token";
 * "frames" tells of frames between two MAC addresses (12 digits), of an association (FRAME
 * is 0) or of one, whose bytes are FRAME. How many times who asks was told to ask again,
 * in "changes": by a stage
 * that was set, or by "changed".
 */
#include <crypto/blake2s.h>
#include <linux/debugfs.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/netswitch.h>

/* --- consumers ------------------------------------------------------------- */

enum test_mode { MODE_TAKE, MODE_REFUSE, MODE_ECHO };

/**
 * struct test_consumer - a consumer made by a command
 * @base: what netswitch knows
 * @mode: what it does with frames
 * @node: in test_consumers; under rtnl
 */
struct test_consumer {
	struct netswitch_consumer base;
	enum test_mode mode;
	struct list_head node;
};

static LIST_HEAD(test_consumers);

static void echo(struct sk_buff *skb)
{
	struct ethhdr *eth;

	skb_push(skb, ETH_HLEN);
	if (skb_ensure_writable(skb, ETH_HLEN)) {
		kfree_skb(skb);
		return;
	}
	eth = (struct ethhdr *)skb->data;
	ether_addr_copy(eth->h_dest, eth->h_source);
	ether_addr_copy(eth->h_source, skb->dev->dev_addr);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	dev_queue_xmit(skb);
}

static bool test_rx(struct netswitch_consumer *base, struct sk_buff *skb)
{
	struct test_consumer *consumer =
		container_of(base, struct test_consumer, base);

	switch (consumer->mode) {
	case MODE_ECHO:
		echo(skb);
		return true;
	case MODE_TAKE:
		consume_skb(skb);
		return true;
	default:
		kfree_skb(skb);
		return false;
	}
}

static void test_gone(struct netswitch_consumer *base)
{
	struct test_consumer *consumer =
		container_of(base, struct test_consumer, base);

	list_del(&consumer->node);
	kfree(consumer);
}

static int consumer_add(struct netswitch_port *port, u16 type, u16 vid,
			enum test_mode mode, bool promisc)
{
	struct test_consumer *consumer;
	int ret;

	consumer = kzalloc(sizeof(*consumer), GFP_KERNEL);
	if (!consumer)
		return -ENOMEM;
	consumer->mode = mode;
	consumer->base.name = "netswitch_test";
	consumer->base.ethertype = type;
	consumer->base.vid = vid;
	consumer->base.promisc = promisc;
	consumer->base.rx = test_rx;
	consumer->base.gone = test_gone;
	ret = netswitch_consumer_add(port, &consumer->base);
	if (ret)
		kfree(consumer);
	else
		list_add(&consumer->node, &test_consumers);
	return ret;
}

static int consumer_del(struct netswitch_port *port, u16 type, u16 vid)
{
	struct test_consumer *consumer;

	list_for_each_entry(consumer, &test_consumers, node)
		if (consumer->base.port == port &&
		    consumer->base.ethertype == type &&
		    consumer->base.vid == vid) {
			netswitch_consumer_del(&consumer->base);
			list_del(&consumer->node);
			kfree(consumer);
			return 0;
		}
	return -ENOENT;
}

/* --- stages ---------------------------------------------------------------- */

enum test_act { ACT_PASS, ACT_DROP, ACT_HOLD };

/**
 * struct test_stage - what a stage does on one port
 * @port: the port; outlives this
 * @act: what happens to frames of @type
 * @type: the EtherType
 * @delay: how long they are held
 * @queue: held frames of each direction, oldest first, each with the time at
 *	which it goes on in its cb; has its own lock
 * @work: resumes them
 *
 * Made by "stage set", freed by the stage's detach or "stage clear".
 */
struct test_stage {
	struct netswitch_port *port;
	enum test_act act;
	__be16 type;
	unsigned long delay;
	struct sk_buff_head queue[2];
	struct delayed_work work;
};

static unsigned long *due(struct sk_buff *skb)
{
	return (unsigned long *)skb->cb;
}

static void test_resume(struct work_struct *work)
{
	struct test_stage *this =
		container_of(work, struct test_stage, work.work);
	bool again = false;
	int dir;

	for (dir = 0; dir < 2; dir++) {
		struct sk_buff *skb;

		while ((skb = skb_dequeue(&this->queue[dir]))) {
			if (time_before(jiffies, *due(skb))) {
				skb_queue_head(&this->queue[dir], skb);
				again = true;
				break;
			}
			netswitch_resume(this->port, dir, skb);
		}
	}
	if (again)
		schedule_delayed_work(&this->work, 1);
}

static enum netswitch_verdict test_frame(struct netswitch_frame *frame,
					 void *priv)
{
	struct test_stage *this = priv;
	struct sk_buff *skb;

	if (frame->skb->protocol != this->type || this->act == ACT_PASS)
		return NETSWITCH_PASS;
	if (this->act == ACT_DROP)
		return NETSWITCH_DROP;
	skb = netswitch_hold(frame);
	if (skb) {
		*due(skb) = jiffies + this->delay;
		skb_queue_tail(&this->queue[frame->dir], skb);
		schedule_delayed_work(&this->work, this->delay);
	}
	return NETSWITCH_STOLEN;
}

static void test_flush(struct netswitch_port *port, void *priv)
{
	struct test_stage *this = priv;
	struct sk_buff *skb;
	int dir;

	cancel_delayed_work_sync(&this->work);
	for (dir = 0; dir < 2; dir++)
		while ((skb = skb_dequeue(&this->queue[dir])))
			netswitch_drop_held(port, dir, skb);
}

static void test_detach(struct netswitch_port *port, void *priv)
{
	kfree(priv);
}

/* What the last "ask" gave, and how many flows there are. */
static u32 test_class;
static atomic_t test_flows = ATOMIC_INIT(0);

static enum netswitch_opinion test_identity(struct netswitch_port *port,
					    void *priv,
					    struct netswitch_identity *identity)
{
	const struct test_stage *this = priv;

	if (identity->service != 7 || this->act == ACT_HOLD)
		return NETSWITCH_NO_OPINION;
	if (this->act == ACT_DROP)
		return NETSWITCH_REFUSE;
	identity->class = jiffies_to_msecs(this->delay);
	return NETSWITCH_ALLOW;
}

static int test_flow_add(struct netswitch_port *port, void *priv,
			 const struct netswitch_flow *flow)
{
	const struct test_stage *this = priv;

	if (!this->type)
		return -ENOSPC;
	atomic_inc(&test_flows);
	return 0;
}

static void test_flow_del(struct netswitch_port *port, void *priv,
			  const struct netswitch_flow *flow)
{
	atomic_dec(&test_flows);
}

static const struct netswitch_stage test_stages[NETSWITCH_STAGES] = {
	[NETSWITCH_STAGE_ACL_OWN] = {
		.id = NETSWITCH_STAGE_ACL_OWN,
		.name = "test-mute",
	},
	[NETSWITCH_STAGE_ACL] = {
		.id = NETSWITCH_STAGE_ACL,
		.name = "test-acl",
		.frame = test_frame,
		.flush = test_flush,
		.detach = test_detach,
		.identity = test_identity,
		.flow_add = test_flow_add,
		.flow_del = test_flow_del,
	},
	[NETSWITCH_STAGE_SHAPER] = {
		.id = NETSWITCH_STAGE_SHAPER,
		.name = "test-shaper",
		.frame = test_frame,
		.flush = test_flush,
		.detach = test_detach,
		.identity = test_identity,
		.flow_add = test_flow_add,
		.flow_del = test_flow_del,
	},
};

/* Which of them are registered; under test_lock. */
static bool test_loaded[NETSWITCH_STAGES];

/* One command at a time. Taken before rtnl. */
static DEFINE_MUTEX(test_lock);

static int stage_load(int id)
{
	int ret;

	if (test_loaded[id])
		return -EALREADY;
	ret = netswitch_stage_register(&test_stages[id]);
	test_loaded[id] = !ret;
	return ret;
}

static int stage_unload(int id)
{
	if (!test_loaded[id])
		return -ENOENT;
	netswitch_stage_unregister(&test_stages[id]);
	test_loaded[id] = false;
	return 0;
}

static int stage_set(struct netswitch_port *port, int id, enum test_act act,
		     u16 type, unsigned int msecs)
{
	struct test_stage *this;
	int ret;

	this = kzalloc(sizeof(*this), GFP_KERNEL);
	if (!this)
		return -ENOMEM;
	this->port = port;
	this->act = act;
	this->type = htons(type);
	this->delay = msecs_to_jiffies(msecs);
	skb_queue_head_init(&this->queue[NETSWITCH_IN]);
	skb_queue_head_init(&this->queue[NETSWITCH_OUT]);
	INIT_DELAYED_WORK(&this->work, test_resume);
	ret = netswitch_stage_set(port, id, this);
	if (ret)
		kfree(this);
	return ret;
}

/* --- commands -------------------------------------------------------------- */

static int word(const char *name, const char *const *words, int n)
{
	return match_string(words, n, name);
}

/* "mute" has no frame(), and must not get a place. */
static const char *const stage_names[] = { "acl", "shaper", "mute" };
static const enum netswitch_stage_id stage_ids[] = { NETSWITCH_STAGE_ACL,
						     NETSWITCH_STAGE_SHAPER,
						     NETSWITCH_STAGE_ACL_OWN };
static const char *const act_names[] = { "pass", "drop", "hold" };
static const char *const mode_names[] = { "take", "refuse", "echo" };

static int command_consumer(const char *cmd)
{
	char verb[8], mode[8] = "take", promisc[8] = "";
	struct netswitch_port *port;
	unsigned int ifindex;
	int ret = -EINVAL;
	u16 type, vid;

	if (sscanf(cmd, "consumer %7s %u %hx %hu %7s %7s", verb, &ifindex,
		   &type, &vid, mode, promisc) < 4)
		return -EINVAL;
	rtnl_lock();
	port = netswitch_port_find(current->nsproxy->net_ns, ifindex);
	if (!port)
		ret = -ENODEV;
	else if (!strcmp(verb, "del"))
		ret = consumer_del(port, type, vid);
	else if (!strcmp(verb, "add") &&
		 word(mode, mode_names, ARRAY_SIZE(mode_names)) >= 0)
		ret = consumer_add(port, type, vid,
				   word(mode, mode_names,
					ARRAY_SIZE(mode_names)),
				   !strcmp(promisc, "promisc"));
	rtnl_unlock();
	return ret;
}

static int command_stage(const char *cmd)
{
	char verb[8], stage[8], act[8] = "pass";
	unsigned int ifindex = 0, msecs = 0;
	struct netswitch_port *port;
	int id, ret = -EINVAL;
	u16 type = 0;

	if (sscanf(cmd, "stage %7s %7s %u %7s %hx %u", verb, stage, &ifindex,
		   act, &type, &msecs) < 2)
		return -EINVAL;
	id = word(stage, stage_names, ARRAY_SIZE(stage_names));
	if (id < 0)
		return -EINVAL;
	id = stage_ids[id];
	if (!strcmp(verb, "load"))
		return stage_load(id);
	if (!strcmp(verb, "unload"))
		return stage_unload(id);

	rtnl_lock();
	port = netswitch_port_find(current->nsproxy->net_ns, ifindex);
	if (!port)
		ret = -ENODEV;
	else if (!test_loaded[id])
		ret = -ENOENT;
	else if (!strcmp(verb, "clear"))
		ret = netswitch_stage_clear(port, id);
	else if (!strcmp(verb, "set") &&
		 word(act, act_names, ARRAY_SIZE(act_names)) >= 0)
		ret = stage_set(port, id,
				word(act, act_names, ARRAY_SIZE(act_names)),
				type, msecs);
	rtnl_unlock();
	return ret;
}

static int command_ask(const char *cmd)
{
	struct netswitch_identity identity = { .service = 7 };
	struct netswitch_port *port;
	unsigned int ifindex;
	int ret = -ENODEV;
	char dir[4];

	if (sscanf(cmd, "ask %u %3s", &ifindex, dir) < 2)
		return -EINVAL;
	identity.dir = strcmp(dir, "out") ? NETSWITCH_IN : NETSWITCH_OUT;
	rcu_read_lock();
	port = netswitch_port_find(current->nsproxy->net_ns, ifindex);
	if (port)
		switch (netswitch_ask_identity(port, &identity, NULL)) {
		case NETSWITCH_ALLOW:
			ret = 0;
			break;
		case NETSWITCH_REFUSE:
			ret = -EACCES;
			break;
		default:
			ret = -ENODATA;
		}
	rcu_read_unlock();
	test_class = identity.class;
	return ret;
}

/* What the last answer of the port's list has rested on, and of which binding it was. */
static u64 test_token, test_token_binding;

/* Two digits a byte; hex2bin() is in another header in each kernel. */
static bool read_hex(u8 *to, const char *hex, size_t n)
{
	unsigned int byte;
	size_t i;

	for (i = 0; i < n; i++) {
		if (sscanf(hex + 2 * i, "%2x", &byte) < 1)
			return false;
		to[i] = byte;
	}
	return true;
}

static int command_cells(const char *cmd)
{
	struct netswitch_identity identity = {};
	struct netswitch_tokens tokens = {};
	struct netswitch_token *token = &tokens.of[NETSWITCH_STAGE_ACL];
	struct netswitch_port *port;
	char dir[4], from[33], to[33];
	enum netswitch_opinion opinion;
	unsigned int ifindex;

	if (sscanf(cmd, "cells %u %3s %32s %32s %hu %llu", &ifindex, dir, from,
		   to, &identity.service, &token->rests_on) < 6)
		return -EINVAL;
	if (token->rests_on)
		token->binding = test_token_binding;
	if ((strlen(from) == 32 &&
	     !read_hex(identity.from, from, sizeof(identity.from))) ||
	    (strlen(to) == 32 &&
	     !read_hex(identity.to, to, sizeof(identity.to))))
		return -EINVAL;
	identity.dir = strcmp(dir, "out") ? NETSWITCH_IN : NETSWITCH_OUT;
	opinion = NETSWITCH_NO_OPINION;
	rcu_read_lock();
	port = netswitch_port_find(current->nsproxy->net_ns, ifindex);
	if (port)
		opinion = netswitch_ask_identity(port, &identity, &tokens);
	rcu_read_unlock();
	test_class = identity.class;
	test_token = token->rests_on;
	if (token->binding)
		test_token_binding = token->binding;
	if (opinion == NETSWITCH_ALLOW)
		return 0;
	return opinion == NETSWITCH_REFUSE ? -EACCES : -ENODATA;
}

/* The hash of a frame, as the transport has it. */
static int hash_of(u8 hash[NETSWITCH_HASH_LEN], const char *hex)
{
	u8 bytes[256];
	size_t n = strlen(hex) / 2;
	struct blake2s_ctx ctx;

	if (!strcmp(hex, "0"))
		return 0;
	if (n > sizeof(bytes) || !read_hex(bytes, hex, n))
		return -EINVAL;
	blake2s_init(&ctx, NETSWITCH_HASH_LEN);
	blake2s_update(&ctx, bytes, n);
	blake2s_final(&ctx, hash);
	return 0;
}

static int command_frames(const char *cmd)
{
	char verb[4], dir[4], from[13], to[13], *frame;
	struct netswitch_flow flow = {};
	struct netswitch_port *port;
	unsigned int ifindex, index;
	int ret;

	frame = kzalloc(513, GFP_KERNEL);
	if (!frame)
		return -ENOMEM;
	ret = -EINVAL;
	if (sscanf(cmd, "frames %3s %u %3s %12s %12s %u %512s", verb, &ifindex,
		   dir, from, to, &index, frame) < 7 ||
	    !read_hex(flow.from, from, ETH_ALEN) ||
	    !read_hex(flow.to, to, ETH_ALEN) || hash_of(flow.hash, frame))
		goto free;
	flow.dir = strcmp(dir, "out") ? NETSWITCH_IN : NETSWITCH_OUT;
	flow.index = htonl(index);
	ret = -ENODEV;
	rcu_read_lock();
	port = netswitch_port_find(current->nsproxy->net_ns, ifindex);
	if (port && !strcmp(verb, "add")) {
		ret = netswitch_flow_add(port, &flow);
	} else if (port) {
		netswitch_flow_del(port, &flow);
		ret = 0;
	}
	rcu_read_unlock();
free:
	kfree(frame);
	return ret;
}

static int command_flow(const char *cmd)
{
	struct netswitch_flow flow = {};
	struct netswitch_port *port;
	unsigned int ifindex, index;
	int ret = -ENODEV;
	char verb[4];

	if (sscanf(cmd, "flow %3s %u %u", verb, &ifindex, &index) < 3)
		return -EINVAL;
	flow.index = htonl(index);
	rcu_read_lock();
	port = netswitch_port_find(current->nsproxy->net_ns, ifindex);
	if (port && !strcmp(verb, "add")) {
		ret = netswitch_flow_add(port, &flow);
	} else if (port) {
		netswitch_flow_del(port, &flow);
		ret = 0;
	}
	rcu_read_unlock();
	return ret;
}

/* Who asks: counts when it should ask again. */
static atomic_t test_changes = ATOMIC_INIT(0);

static void test_changed(struct netswitch_port *port)
{
	atomic_inc(&test_changes);
}

static struct netswitch_asker test_asker = {
	.changed = test_changed,
};

static int command_changed(const char *cmd)
{
	struct netswitch_port *port;
	unsigned int ifindex;

	if (sscanf(cmd, "changed %u", &ifindex) < 1)
		return -EINVAL;
	rcu_read_lock();
	port = netswitch_port_find(current->nsproxy->net_ns, ifindex);
	if (port)
		netswitch_opinion_changed(port);
	rcu_read_unlock();
	return port ? 0 : -ENODEV;
}

static ssize_t control_write(struct file *file, const char __user *buf,
			     size_t len, loff_t *pos)
{
	static char cmd[640]; /* protected by test_lock */
	int ret;

	if (len >= sizeof(cmd))
		return -EINVAL;
	mutex_lock(&test_lock);
	if (copy_from_user(cmd, buf, len)) {
		mutex_unlock(&test_lock);
		return -EFAULT;
	}
	cmd[len] = 0;
	if (!strncmp(cmd, "consumer ", 9))
		ret = command_consumer(cmd);
	else if (!strncmp(cmd, "stage ", 6))
		ret = command_stage(cmd);
	else if (!strncmp(cmd, "ask ", 4))
		ret = command_ask(cmd);
	else if (!strncmp(cmd, "flow ", 5))
		ret = command_flow(cmd);
	else if (!strncmp(cmd, "cells ", 6))
		ret = command_cells(cmd);
	else if (!strncmp(cmd, "frames ", 7))
		ret = command_frames(cmd);
	else if (!strncmp(cmd, "changed ", 8))
		ret = command_changed(cmd);
	else
		ret = -EINVAL;
	mutex_unlock(&test_lock);
	return ret ?: len;
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.write = control_write,
};

static struct dentry *test_dir;

static int __init test_init(void)
{
	test_dir = debugfs_create_dir("netswitch_test", NULL);
	debugfs_create_file("control", 0200, test_dir, NULL, &control_fops);
	debugfs_create_u32("class", 0400, test_dir, &test_class);
	debugfs_create_u64("token", 0400, test_dir, &test_token);
	debugfs_create_atomic_t("flows", 0400, test_dir, &test_flows);
	debugfs_create_atomic_t("changes", 0400, test_dir, &test_changes);
	netswitch_asker_register(&test_asker);
	return 0;
}

static void __exit test_exit(void)
{
	struct test_consumer *consumer, *next;
	int id;

	debugfs_remove(test_dir);
	netswitch_asker_unregister(&test_asker);
	for (id = 0; id < NETSWITCH_STAGES; id++)
		if (test_loaded[id])
			netswitch_stage_unregister(&test_stages[id]);
	rtnl_lock();
	list_for_each_entry_safe(consumer, next, &test_consumers, node) {
		netswitch_consumer_del(&consumer->base);
		kfree(consumer);
	}
	rtnl_unlock();
}

module_init(test_init);
module_exit(test_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Consumers and stages for the selftests of netswitch");
