// SPDX-License-Identifier: GPL-2.0-only
/*
 * Told frames. A port that has allowed something is told the frames by which it can
 * know it, before they are sent; and when they are nobody's any more, a moment later,
 * since the last ones may wait in a queue.
 */
#include "told.h"

#include <linux/etherdevice.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "crypto.h"
#include "frame.h"
#include "link.h"

/* How often it is looked for what is to be taken back. */
#define LOOK (HZ / 4)

static const struct rhashtable_params params = {
	.key_len = sizeof(struct utcp_told_key),
	.key_offset = offsetof(struct utcp_told, key),
	.head_offset = offsetof(struct utcp_told, node),
	.automatic_shrinking = true,
};

/**
 * utcp_way_of() - the ports that frames pass which leave by a device
 * @un: state of the namespace
 * @ifindex: the device, on which there is a link
 * @way: set to them: the device itself and, of a pair like veth, the other one
 *
 * Context: under RCU.
 */
void utcp_way_of(struct utcp_net *un, u32 ifindex, struct utcp_way *way)
{
	const struct utcp_link *link = xa_load(&un->links, ifindex);
	const struct net_device_ops *ops;
	struct net_device *dev, *peer;
	struct netswitch_port *port;

	memset(way, 0, sizeof(*way));
	if (!link)
		return;
	dev = link->dev;
	port = netswitch_port_find(dev_net(dev), dev->ifindex);
	if (port) {
		way->at[way->n].port = port;
		way->at[way->n++].out = NETSWITCH_OUT;
	}
	ops = dev->netdev_ops;
	peer = ops->ndo_get_peer_dev ? ops->ndo_get_peer_dev(dev) : NULL;
	port = peer ? netswitch_port_find(dev_net(peer), peer->ifindex) : NULL;
	if (port) {
		way->at[way->n].port = port;
		way->at[way->n++].out = NETSWITCH_IN;
	}
}

/* --- telling ------------------------------------------------------------------ */

static void flow_of(struct netswitch_flow *flow, const struct utcp_told *told,
		    const struct utcp_way *way, unsigned int i)
{
	memcpy(flow->from, told->key.from, ETH_ALEN);
	memcpy(flow->to, told->key.to, ETH_ALEN);
	memcpy(flow->hash, told->key.hash, NETSWITCH_HASH_LEN);
	flow->index = told->key.index;
	flow->dir = way->at[i].out;
	flow->class = way->at[i].class;
}

/* Tells all ports that they are nobody's any more. Under the lock and RCU. */
static void take_back(struct utcp_net *un, const struct utcp_told *told)
{
	struct netswitch_flow flow;
	struct utcp_way way;
	unsigned int i;

	/* Of a link that has ended it was taken back when it did. */
	utcp_way_of(un, told->key.ifindex, &way);
	for (i = 0; i < way.n; i++) {
		flow_of(&flow, told, &way, i);
		netswitch_flow_del(way.at[i].port, &flow);
	}
}

/* Tells those ports that allow. Under the lock and RCU. */
static int tell(const struct utcp_told *told, const struct utcp_way *way)
{
	struct netswitch_flow flow;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < way->n && !ret; i++) {
		if (!way->at[i].allows)
			continue;
		flow_of(&flow, told, way, i);
		ret = netswitch_flow_add(way->at[i].port, &flow);
	}
	return ret;
}

static void to_ending(struct utcp_tolds *tolds, struct utcp_told *told,
		      u64 until)
{
	told->until = max(told->until, until);
	if (told->users || !list_empty(&told->ending))
		return;
	list_add_tail(&told->ending, &tolds->ending);
	/* Once for the first of them; the work goes on by itself. */
	if (!tolds->n_ending++)
		queue_delayed_work(utcp_wq, &tolds->work, LOOK);
}

static void from_ending(struct utcp_tolds *tolds, struct utcp_told *told)
{
	if (list_empty(&told->ending))
		return;
	list_del_init(&told->ending);
	tolds->n_ending--;
}

/* The one with this key, which is made if there is none. Under the lock. */
static struct utcp_told *get(struct utcp_tolds *tolds,
			     const struct utcp_told_key *key)
{
	struct utcp_told *told;
	int ret;

	told = rhashtable_lookup_fast(&tolds->table, key, params);
	if (told)
		return told;
	if (tolds->n_ending >= UTCP_TOLD_MAX)
		return ERR_PTR(-ENOSPC);
	told = kzalloc(sizeof(*told), GFP_ATOMIC | __GFP_ACCOUNT);
	if (!told)
		return ERR_PTR(-ENOMEM);
	told->key = *key;
	INIT_LIST_HEAD(&told->ending);
	ret = rhashtable_insert_fast(&tolds->table, &told->node, params);
	if (!ret)
		return told;
	kfree(told);
	return ERR_PTR(ret);
}

/* Tells the ports about frames, for some time or (@users) for somebody. Under RCU. */
static struct utcp_told *told_add(struct utcp_net *un,
				  const struct utcp_told_key *key,
				  const struct utcp_way *way,
				  unsigned int users)
{
	const struct utcp_link *link = xa_load(&un->links, key->ifindex);
	struct utcp_told *told = ERR_PTR(-ENETDOWN);
	struct utcp_tolds *tolds = &un->told;
	int ret;

	spin_lock_bh(&tolds->lock);
	if (!link || link->ending)
		goto unlock;
	told = get(tolds, key);
	if (IS_ERR(told))
		goto unlock;
	ret = tell(told, way);
	told->users += ret ? 0 : users;
	if (told->users)
		from_ending(tolds, told);
	else /* of which nobody knows if it was not taken: it has no time left */
		to_ending(tolds, told,
			  ret ? 0 : utcp_now() + UTCP_TOLD_FRAME_TIME);
	if (ret)
		told = ERR_PTR(ret);
unlock:
	spin_unlock_bh(&tolds->lock);
	return told;
}

static bool key_of(struct utcp_net *un, const struct utcp_path *path,
		   const struct utcp_way *way, struct utcp_told_key *key)
{
	const struct utcp_link *link = xa_load(&un->links, path->ifindex);
	unsigned int i;
	bool any = false;

	for (i = 0; i < way->n; i++)
		any |= way->at[i].allows;
	if (!any || !link)
		return false;
	memset(key, 0, sizeof(*key));
	key->ifindex = path->ifindex;
	memcpy(key->from, link->dev->dev_addr, ETH_ALEN);
	memcpy(key->to, path->mac, ETH_ALEN);
	return true;
}

/**
 * utcp_told_frame() - tell the ports about a frame of a handshake, or of discovery
 * @un: state of the namespace
 * @path: where it will be sent
 * @way: the ports of that, which were asked
 * @frame: the frame
 *
 * It is forgotten after UTCP_TOLD_FRAME_TIME.
 *
 * Context: under RCU.
 * Return: 0, also if no port wants to be told; -ENOMEM, -ENOSPC, or what a port says:
 * then it need not be sent.
 */
int utcp_told_frame(struct utcp_net *un, const struct utcp_path *path,
		    const struct utcp_way *way, const u8 *frame)
{
	struct utcp_told_key key;

	if (!key_of(un, path, way, &key))
		return 0;
	if (frame[1] != UTCP_FRAME_WHO_HAS && frame[1] != UTCP_FRAME_I_HAVE)
		memcpy(&key.index, frame + UTCP_INDEX_AT, sizeof(key.index));
	utcp_hash(key.hash, frame, utcp_frame_len(frame));
	return PTR_ERR_OR_ZERO(told_add(un, &key, way, 0));
}

/**
 * utcp_told_index() - tell the ports about frames of an association on another path
 * @un: state of the namespace
 * @path: where they will be sent
 * @way: the ports of that, which were asked
 * @index: receiver index in them
 *
 * Context: as utcp_told_frame().
 * Return: as utcp_told_frame().
 */
int utcp_told_index(struct utcp_net *un, const struct utcp_path *path,
		    const struct utcp_way *way, u32 index)
{
	struct utcp_told_key key;

	if (!key_of(un, path, way, &key))
		return 0;
	key.index = cpu_to_be32(index);
	return PTR_ERR_OR_ZERO(told_add(un, &key, way, 0));
}

/**
 * utcp_told_assoc() - tell the ports about the frames of an association
 * @un: state of the namespace
 * @path: where they will be sent
 * @way: the ports of that, which were asked
 * @index: receiver index in them
 *
 * Context: under RCU.
 * Return: what utcp_told_put() wants; NULL: no port wants to be told; or an error.
 */
struct utcp_told *utcp_told_assoc(struct utcp_net *un,
				  const struct utcp_path *path,
				  const struct utcp_way *way, u32 index)
{
	struct utcp_told_key key;

	if (!key_of(un, path, way, &key))
		return NULL;
	key.index = cpu_to_be32(index);
	return told_add(un, &key, way, 1);
}

/**
 * utcp_told_put() - an association has these frames no more
 * @un: state of the namespace
 * @told: they, or NULL
 *
 * Context: any but hard interrupts.
 */
void utcp_told_put(struct utcp_net *un, struct utcp_told *told)
{
	if (!told)
		return;
	spin_lock_bh(&un->told.lock);
	told->users--;
	to_ending(&un->told, told, utcp_now() + UTCP_TOLD_LAST_TIME);
	spin_unlock_bh(&un->told.lock);
}

/* --- taking back ---------------------------------------------------------------- */

/* Under the lock and RCU. */
static void forget(struct utcp_net *un, struct utcp_told *told)
{
	take_back(un, told);
	from_ending(&un->told, told);
	rhashtable_remove_fast(&un->told.table, &told->node, params);
	kfree_rcu(told, rcu); /* the table may be being walked */
}

static void look(struct work_struct *work)
{
	struct utcp_tolds *tolds =
		container_of(to_delayed_work(work), struct utcp_tolds, work);
	struct utcp_net *un = container_of(tolds, struct utcp_net, told);
	struct utcp_told *told, *next;
	u64 now = utcp_now();

	rcu_read_lock();
	spin_lock_bh(&tolds->lock);
	list_for_each_entry_safe(told, next, &tolds->ending, ending)
		if (now >= told->until)
			forget(un, told);
	if (tolds->n_ending)
		queue_delayed_work(utcp_wq, &tolds->work, LOOK);
	spin_unlock_bh(&tolds->lock);
	rcu_read_unlock();
}

/**
 * utcp_told_link_end() - nothing leaves by a device any more
 * @link: its link, which still is in the table
 *
 * The device may be about to go to another namespace: the port of the other end of a
 * pair stays, and must not let pass there what was told about here.
 *
 * Context: under rtnl; may sleep.
 */
void utcp_told_link_end(struct utcp_link *link)
{
	struct utcp_net *un = link->un;
	struct rhashtable_iter iter;
	struct utcp_told *told;

	spin_lock_bh(&un->told.lock);
	link->ending = true;
	spin_unlock_bh(&un->told.lock);
	rhashtable_walk_enter(&un->told.table, &iter);
	rhashtable_walk_start(&iter);
	while ((told = rhashtable_walk_next(&iter))) {
		/* The table has grown meanwhile: from the start. */
		if (IS_ERR(told))
			continue;
		if (told->key.ifindex != link->dev->ifindex)
			continue;
		spin_lock_bh(&un->told.lock);
		take_back(un, told);
		spin_unlock_bh(&un->told.lock);
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
}

/* --- namespaces ------------------------------------------------------------------ */

/**
 * utcp_tolds_init() - a namespace begins
 * @un: its state
 *
 * Context: process.
 * Return: 0, or an error of the table.
 */
int utcp_tolds_init(struct utcp_net *un)
{
	spin_lock_init(&un->told.lock);
	INIT_LIST_HEAD(&un->told.ending);
	INIT_DELAYED_WORK(&un->told.work, look);
	return rhashtable_init(&un->told.table, &params);
}

static void free_one(void *told, void *arg)
{
	kfree(told);
}

/**
 * utcp_tolds_exit() - a namespace ends
 * @un: its state
 *
 * Context: process, when there are no peers any more, and no frame comes; may sleep. The ports
 * are gone.
 */
void utcp_tolds_exit(struct utcp_net *un)
{
	cancel_delayed_work_sync(&un->told.work);
	rhashtable_free_and_destroy(&un->told.table, free_one, NULL);
}
