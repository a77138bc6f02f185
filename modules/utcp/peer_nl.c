// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink operations on peers and on the count of frames, and the events of peers.
 */
#include <linux/math64.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "chunk.h"
#include "link.h"
#include "policy.h"
#include "session_priv.h"
#include "utcp_nl_gen.h"

static bool may_admin(struct sk_buff *skb, struct genl_info *info)
{
	if (netlink_ns_capable(skb, genl_info_net(info)->user_ns,
			       CAP_NET_ADMIN))
		return true;
	NL_SET_ERR_MSG(info->extack,
		       "peers need CAP_NET_ADMIN over the network namespace");
	return false;
}

/* --- answers and events --------------------------------------------------------- */

/**
 * struct peer_view - a peer as it is described
 * @key: both CellIDs
 * @public_key: its public key
 * @has_key: it is known
 * @configured: an administrator added it
 * @has_realm: the own cell has a realm
 * @state: of the neighbour
 * @session: there are keys
 * @path: where it is
 * @mtu: longest frame
 * @age: of the keys, in nanoseconds
 * @heard: since then nothing was heard, in nanoseconds; U64_MAX: never
 * @rtt: round trip, in nanoseconds
 * @users: connections
 * @candidates: how many
 * @half: half-open associations
 * @handshakes: confirmed
 * @refused: by policies
 * @frames: received, sent
 * @bytes: of these
 */
struct peer_view {
	struct utcp_peer_key key;
	u8 public_key[UTCP_KEY_LEN];
	bool has_key;
	bool configured;
	bool has_realm;
	u32 state;
	bool session;
	struct utcp_path path;
	u32 mtu;
	u64 age;
	u64 heard;
	u64 rtt;
	u32 users;
	u32 candidates;
	u32 half;
	u64 handshakes;
	u64 refused;
	u64 frames[2];
	u64 bytes[2];
};

static void add_assoc(struct peer_view *v, const struct utcp_assoc *assoc)
{
	if (!assoc)
		return;
	v->frames[0] += READ_ONCE(assoc->rx_frames);
	v->bytes[0] += READ_ONCE(assoc->rx_bytes);
	v->frames[1] += READ_ONCE(assoc->tx_frames);
	v->bytes[1] += READ_ONCE(assoc->tx_bytes);
}

static void look_at(struct utcp_peer *peer, struct peer_view *v)
{
	const struct utcp_assoc *assoc;
	u8 realm[UTCP_KEY_LEN];
	unsigned int i;
	u64 now;

	memset(v, 0, sizeof(*v));
	v->key = peer->key;
	v->has_realm = utcp_cell_realm(peer->cell, realm);
	memzero_explicit(realm, sizeof(realm));
	v->mtu = utcp_session_mtu(peer);
	spin_lock_bh(&peer->lock);
	now = utcp_now(); /* not older than what was written under the lock */
	v->has_key = peer->has_key && peer->sure;
	memcpy(v->public_key, peer->public_key, UTCP_KEY_LEN);
	v->configured = READ_ONCE(peer->configured);
	v->state = peer->neigh.state;
	v->path = peer->neigh.path;
	v->candidates = peer->neigh.n;
	v->half = peer->n_half;
	v->users = peer->users;
	v->rtt = peer->rtt;
	v->heard = peer->heard ? utcp_since(now, peer->heard) : U64_MAX;
	v->handshakes = peer->n_handshakes;
	v->refused = atomic64_read(&peer->refused);
	v->frames[0] = peer->rx_frames;
	v->bytes[0] = peer->rx_bytes;
	v->frames[1] = peer->tx_frames;
	v->bytes[1] = peer->tx_bytes;
	v->session = utcp_session_usable(peer, now);
	assoc = rcu_dereference_protected(peer->current_assoc,
					  lockdep_is_held(&peer->lock));
	if (assoc)
		v->age = now - assoc->born;
	add_assoc(v, assoc);
	for (i = 0; i < UTCP_PREVIOUS; i++)
		add_assoc(v, rcu_dereference_protected(
				     peer->previous[i],
				     lockdep_is_held(&peer->lock)));
	spin_unlock_bh(&peer->lock);
}

/**
 * struct peer_msg - where a description of a peer goes, and how
 * @msg: the message that gets it
 * @net: the namespace
 * @portid: to whom; 0 in events
 * @seq: of the request; 0 in events
 * @cmd: command
 * @cb: the dump of which it is a part, or NULL
 * @change: what happened; 0: nothing
 */
struct peer_msg {
	struct sk_buff *msg;
	struct net *net;
	u32 portid;
	u32 seq;
	u8 cmd;
	struct netlink_callback *cb;
	u32 change;
};

static int put_u64(struct sk_buff *msg, int attr, u64 val)
{
	return nla_put_u64_64bit(msg, attr, val, UTCP_A_PEER_PAD);
}

static u32 ms(u64 ns)
{
	return min_t(u64, div_u64(ns, NSEC_PER_MSEC), U32_MAX);
}

static int put_path(struct sk_buff *msg, struct net *net,
		    const struct peer_view *v)
{
	struct net_device *dev;
	int ret = 0;

	if (!v->path.ifindex)
		return 0;
	rcu_read_lock();
	dev = dev_get_by_index_rcu(net, v->path.ifindex);
	if (dev)
		ret = nla_put_string(msg, UTCP_A_PEER_IFNAME, dev->name);
	rcu_read_unlock();
	return ret || nla_put_u32(msg, UTCP_A_PEER_IFINDEX, v->path.ifindex) ||
	       nla_put_u32(msg, UTCP_A_PEER_VLAN, v->path.vlan) ||
	       nla_put(msg, UTCP_A_PEER_MAC, ETH_ALEN, v->path.mac) ||
	       nla_put_u32(msg, UTCP_A_PEER_MTU, v->mtu);
}

static int put_view(struct sk_buff *msg, struct net *net,
		    const struct peer_view *v)
{
	return nla_put(msg, UTCP_A_PEER_ID, UTCP_ID_BYTES, v->key.id) ||
	       nla_put(msg, UTCP_A_PEER_CELL, UTCP_ID_BYTES, v->key.cell) ||
	       (v->has_key && nla_put(msg, UTCP_A_PEER_PUBLIC_KEY, UTCP_KEY_LEN,
				      v->public_key)) ||
	       nla_put_u32(msg, UTCP_A_PEER_CONFIGURED, v->configured) ||
	       nla_put_u32(msg, UTCP_A_PEER_HAS_REALM, v->has_realm) ||
	       nla_put_u32(msg, UTCP_A_PEER_STATE, v->state) ||
	       nla_put_u32(msg, UTCP_A_PEER_SESSION, v->session) ||
	       put_path(msg, net, v) ||
	       (v->age && nla_put_u32(msg, UTCP_A_PEER_AGE, ms(v->age))) ||
	       (v->heard != U64_MAX &&
		nla_put_u32(msg, UTCP_A_PEER_HEARD, ms(v->heard))) ||
	       nla_put_u32(msg, UTCP_A_PEER_RTT,
			   min_t(u64, div_u64(v->rtt, NSEC_PER_USEC),
				 U32_MAX)) ||
	       nla_put_u32(msg, UTCP_A_PEER_USERS, v->users) ||
	       nla_put_u32(msg, UTCP_A_PEER_CANDIDATES, v->candidates) ||
	       nla_put_u32(msg, UTCP_A_PEER_HALF_OPEN, v->half) ||
	       put_u64(msg, UTCP_A_PEER_HANDSHAKES, v->handshakes) ||
	       put_u64(msg, UTCP_A_PEER_RX_FRAMES, v->frames[0]) ||
	       put_u64(msg, UTCP_A_PEER_RX_BYTES, v->bytes[0]) ||
	       put_u64(msg, UTCP_A_PEER_TX_FRAMES, v->frames[1]) ||
	       put_u64(msg, UTCP_A_PEER_TX_BYTES, v->bytes[1]) ||
	       put_u64(msg, UTCP_A_PEER_REFUSED, v->refused);
}

static int peer_put(const struct peer_msg *to, struct utcp_peer *peer)
{
	struct peer_view v;
	void *hdr;

	look_at(peer, &v);
	hdr = genlmsg_put(to->msg, to->portid, to->seq, &utcp_nl_family,
			  to->cb ? NLM_F_MULTI : 0, to->cmd);
	if (!hdr)
		return -EMSGSIZE;
	if (to->cb)
		genl_dump_check_consistent(to->cb, hdr);
	if (put_view(to->msg, to->net, &v) ||
	    (to->change &&
	     nla_put_u32(to->msg, UTCP_A_PEER_CHANGE, to->change))) {
		genlmsg_cancel(to->msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(to->msg, hdr);
	return 0;
}

/* No events, for the family is about to go. */
static bool muted;

/**
 * utcp_nl_peer_mute() - no event is sent after this
 *
 * Context: process, may sleep.
 */
void utcp_nl_peer_mute(void)
{
	WRITE_ONCE(muted, true);
	synchronize_rcu();
}

static void notify(struct utcp_peer *peer, u8 cmd, u32 change)
{
	struct net *net = peer->un->net;
	struct peer_msg to = { .net = net, .cmd = cmd, .change = change };

	if (READ_ONCE(muted) ||
	    !genl_has_listeners(&utcp_nl_family, net, UTCP_NLGRP_EVENTS))
		return;
	to.msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_ATOMIC);
	if (!to.msg)
		goto lost;
	if (WARN_ON_ONCE(peer_put(&to, peer))) {
		nlmsg_free(to.msg);
		goto lost;
	}
	genlmsg_multicast_netns(&utcp_nl_family, net, to.msg, 0,
				UTCP_NLGRP_EVENTS, GFP_ATOMIC);
	return;

lost:
	genl_set_err(&utcp_nl_family, net, 0, UTCP_NLGRP_EVENTS, -ENOBUFS);
}

/**
 * utcp_nl_peer_notify() - tell the listeners of the namespace
 * @peer: of which peer
 * @cmd: UTCP_CMD_PEER_…_NTF
 * @change: UTCP_PEER_CHANGE_…; 0: none
 *
 * One whose event cannot be had is told by ENOBUFS that it lost one.
 *
 * Context: any but hard interrupts; not under the lock of the peer.
 */
void utcp_nl_peer_notify(struct utcp_peer *peer, u8 cmd, u32 change)
{
	rcu_read_lock();
	notify(peer, cmd, change);
	rcu_read_unlock();
}

/* Memory for the reply is had before anything is changed. */
static int reply_begin(struct peer_msg *to, struct genl_info *info)
{
	*to = (struct peer_msg){
		.msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL),
		.net = genl_info_net(info),
		.portid = info->snd_portid,
		.seq = info->snd_seq,
		.cmd = info->genlhdr->cmd,
	};
	return to->msg ? 0 : -ENOMEM;
}

static int reply_end(struct peer_msg *to, struct genl_info *info, int ret)
{
	if (!ret)
		return genlmsg_reply(to->msg, info);
	nlmsg_free(to->msg);
	return ret;
}

/* --- what a request says ------------------------------------------------------------ */

/* The own cell that a request names, or the default one, held. */
static struct utcp_cell *cell_of(struct utcp_net *un, struct nlattr **attrs,
				 struct netlink_ext_ack *extack)
{
	struct nlattr *id = attrs[UTCP_A_PEER_CELL];
	struct utcp_cell *cell;

	rcu_read_lock();
	cell = id ? utcp_cell_find(&un->cells, nla_data(id)) :
		    utcp_cell_default(&un->cells);
	if (cell && !utcp_cell_hold(cell))
		cell = NULL;
	rcu_read_unlock();
	if (cell)
		return cell;
	if (id)
		NL_SET_ERR_MSG_ATTR(extack, id,
				    "no such cell in this namespace");
	else
		NL_SET_ERR_MSG(extack, "the namespace has no default cell");
	return ERR_PTR(-ENOENT);
}

static int need_id(struct genl_info *info)
{
	if (!GENL_REQ_ATTR_CHECK(info, UTCP_A_PEER_ID))
		return 0;
	NL_SET_ERR_MSG(info->extack, "no CellID of a peer given");
	return -EINVAL;
}

/* The peer that a request names, held. */
static struct utcp_peer *peer_of(struct utcp_net *un, struct genl_info *info)
{
	struct nlattr *id = info->attrs[UTCP_A_PEER_ID];
	struct utcp_cell *cell;
	struct utcp_peer *peer;

	cell = cell_of(un, info->attrs, info->extack);
	if (IS_ERR(cell))
		return ERR_CAST(cell);
	peer = utcp_peer_lookup(un, cell->id, nla_data(id));
	utcp_cell_release(cell);
	if (peer && READ_ONCE(peer->counted))
		return peer;
	utcp_peer_put(peer);
	NL_SET_ERR_MSG_ATTR(info->extack, id, "no such peer of this cell");
	return ERR_PTR(-ENOENT);
}

/* --- operations ---------------------------------------------------------------------- */

static int refuse_add(int ret, struct genl_info *info, struct nlattr *key)
{
	switch (ret) {
	case -EEXIST:
		NL_SET_ERR_MSG_ATTR(info->extack, key,
				    "the peer is configured already");
		break;
	case -EINVAL:
		NL_SET_ERR_MSG_ATTR(
			info->extack, key,
			"another public key is known for its CellID");
		break;
	case -ENOSPC:
		NL_SET_ERR_MSG(info->extack,
			       "the namespace has as many peers as its limit");
		break;
	}
	return ret;
}

static int peer_add(struct peer_msg *to, struct utcp_net *un,
		    struct utcp_cell *cell, struct genl_info *info)
{
	struct nlattr *attr = info->attrs[UTCP_A_PEER_PUBLIC_KEY];
	const u8 *key = nla_data(attr);
	struct utcp_peer *peer;
	int ret;

	if (!utcp_public_key_ok(key)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "this public key is not good for a cell");
		return -EINVAL;
	}
	if (!memcmp(key, cell->public_key, UTCP_KEY_LEN)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "a cell is no peer of itself");
		return -EINVAL;
	}
	ret = utcp_peer_add(un, cell, key, &peer);
	if (ret)
		return refuse_add(ret, info, attr);
	ret = peer_put(to, peer);
	utcp_peer_put(peer);
	return ret;
}

int utcp_nl_peer_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct utcp_net *un = utcp_net(genl_info_net(info));
	struct utcp_cell *cell;
	struct peer_msg to;
	int ret;

	if (!may_admin(skb, info))
		return -EPERM;
	if (GENL_REQ_ATTR_CHECK(info, UTCP_A_PEER_PUBLIC_KEY)) {
		NL_SET_ERR_MSG(info->extack, "no public key given");
		return -EINVAL;
	}
	cell = cell_of(un, info->attrs, info->extack);
	if (IS_ERR(cell))
		return PTR_ERR(cell);
	ret = reply_begin(&to, info);
	if (!ret)
		ret = reply_end(&to, info, peer_add(&to, un, cell, info));
	utcp_cell_release(cell);
	return ret;
}

int utcp_nl_peer_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct utcp_net *un = utcp_net(genl_info_net(info));
	struct utcp_peer *peer;
	struct peer_msg to;
	int ret;

	if (!may_admin(skb, info))
		return -EPERM;
	ret = need_id(info);
	if (ret)
		return ret;
	peer = peer_of(un, info);
	if (IS_ERR(peer))
		return PTR_ERR(peer);
	ret = reply_begin(&to, info);
	if (!ret) {
		ret = peer_put(&to, peer);
		if (!ret)
			utcp_peer_remove(peer, UTCP_CLOSE_REMOVED);
		ret = reply_end(&to, info, ret);
	}
	utcp_peer_put(peer);
	return ret;
}

int utcp_nl_peer_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct utcp_net *un = utcp_net(genl_info_net(info));
	struct utcp_peer *peer;
	struct peer_msg to;
	int ret;

	ret = need_id(info);
	if (ret)
		return ret;
	peer = peer_of(un, info);
	if (IS_ERR(peer))
		return PTR_ERR(peer);
	ret = reply_begin(&to, info);
	if (!ret)
		ret = reply_end(&to, info, peer_put(&to, peer));
	utcp_peer_put(peer);
	return ret;
}

/* Starts what the request asks for. */
static int peer_probe(struct utcp_peer *peer, struct genl_info *info)
{
	struct nlattr *rekey = info->attrs[UTCP_A_PEER_REKEY];
	int ret;

	ret = utcp_policy_reach(peer->un, peer->key.cell, peer->key.id,
				UTCP_ANY_SERVICE);
	if (ret) {
		NL_SET_ERR_MSG(
			info->extack,
			"a policy of a port on the way does not allow it");
		return ret;
	}
	ret = utcp_session_want(peer, current_uid());
	if (ret == -EINPROGRESS)
		return 0;
	if (ret == -EHOSTUNREACH)
		NL_SET_ERR_MSG(
			info->extack,
			"it was looked for, and not found, a moment ago");
	if (ret == -EAGAIN)
		NL_SET_ERR_MSG(info->extack,
			       "too many peers are being searched");
	if (ret)
		return ret;
	if (rekey && nla_get_u32(rekey))
		utcp_peer_restart(peer);
	else
		utcp_session_ping(peer);
	return 0;
}

static int probe(struct peer_msg *to, struct utcp_net *un,
		 struct utcp_cell *cell, struct genl_info *info)
{
	struct nlattr *id = info->attrs[UTCP_A_PEER_ID];
	struct utcp_peer *peer;
	int ret;

	if (!memcmp(nla_data(id), cell->id, UTCP_ID_BYTES) ||
	    !memchr_inv(nla_data(id), 0, UTCP_ID_BYTES)) {
		NL_SET_ERR_MSG_ATTR(info->extack, id,
				    "this is no CellID of a peer");
		return -EINVAL;
	}
	peer = utcp_peer_make(un, cell, nla_data(id), GFP_KERNEL_ACCOUNT);
	if (IS_ERR(peer))
		return PTR_ERR(peer);
	ret = utcp_peer_count(peer, NULL);
	if (ret)
		refuse_add(ret, info, id);
	if (!ret)
		ret = peer_probe(peer, info);
	if (!ret)
		ret = peer_put(to, peer);
	utcp_peer_kick(peer);
	utcp_peer_put(peer);
	return ret;
}

int utcp_nl_peer_probe_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct utcp_net *un = utcp_net(genl_info_net(info));
	struct utcp_cell *cell;
	struct peer_msg to;
	int ret;

	if (!may_admin(skb, info))
		return -EPERM;
	ret = need_id(info);
	if (ret)
		return ret;
	cell = cell_of(un, info->attrs, info->extack);
	if (IS_ERR(cell))
		return PTR_ERR(cell);
	ret = reply_begin(&to, info);
	if (!ret)
		ret = reply_end(&to, info, probe(&to, un, cell, info));
	utcp_cell_release(cell);
	return ret;
}

/* The first peer behind a serial number that a dump asks for, held. */
static struct utcp_peer *next_peer(struct utcp_net *un, u64 serial,
				   struct nlattr **attrs, u32 *seq)
{
	struct nlattr *cell = attrs ? attrs[UTCP_A_PEER_CELL] : NULL;
	struct nlattr *id = attrs ? attrs[UTCP_A_PEER_ID] : NULL;
	struct utcp_peer *peer, *found = NULL;

	spin_lock_bh(&un->peer_lock);
	*seq = un->seq;
	list_for_each_entry(peer, &un->list, link) {
		if (peer->serial <= serial || !peer->counted ||
		    (cell &&
		     memcmp(peer->key.cell, nla_data(cell), UTCP_ID_BYTES)) ||
		    (id && memcmp(peer->key.id, nla_data(id), UTCP_ID_BYTES)))
			continue;
		if (refcount_inc_not_zero(&peer->refs)) {
			found = peer;
			break;
		}
	}
	spin_unlock_bh(&un->peer_lock);
	return found;
}

/* cb->args[0]: serial number of the last peer that was put */
int utcp_nl_peer_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct utcp_net *un = utcp_net(sock_net(skb->sk));
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct peer_msg to = {
		.msg = skb,
		.net = sock_net(skb->sk),
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
		.cmd = UTCP_CMD_PEER_GET,
		.cb = cb,
	};
	struct utcp_peer *peer;
	u32 seq;
	int ret;

	for (;;) {
		peer = next_peer(un, cb->args[0], attrs, &seq);
		cb->seq = seq;
		if (!peer)
			return skb->len;
		ret = peer_put(&to, peer);
		if (!ret)
			cb->args[0] = peer->serial;
		utcp_peer_put(peer);
		if (ret) /* full: this one comes first in the next message */
			return skb->len ? skb->len : ret;
	}
}

/* --- the count of frames ---------------------------------------------------------------- */

static int put_drop(struct sk_buff *msg, u32 reason, u64 count)
{
	struct nlattr *nest;

	if (!count)
		return 0;
	nest = nla_nest_start(msg, UTCP_A_STATS_DROP);
	if (!nest || nla_put_u32(msg, UTCP_A_DROP_REASON, reason) ||
	    nla_put_u64_64bit(msg, UTCP_A_DROP_COUNT, count, UTCP_A_DROP_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_stats(struct sk_buff *msg, const struct utcp_stats *sum)
{
	unsigned int i;

	if (nla_put_u64_64bit(msg, UTCP_A_STATS_FRAMES, sum->frames,
			      UTCP_A_STATS_PAD) ||
	    nla_put_u64_64bit(msg, UTCP_A_STATS_DELIVERED, sum->delivered,
			      UTCP_A_STATS_PAD) ||
	    nla_put_u64_64bit(msg, UTCP_A_STATS_SENT, sum->sent,
			      UTCP_A_STATS_PAD) ||
	    nla_put_u64_64bit(msg, UTCP_A_STATS_REFUSED, sum->refused,
			      UTCP_A_STATS_PAD))
		return -EMSGSIZE;
	for (i = 0; i <= UTCP_DROP_REASON_MAX; i++)
		if (put_drop(msg, i, sum->drop[i]))
			return -EMSGSIZE;
	return 0;
}

int utcp_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct utcp_stats sum;
	struct sk_buff *msg;
	void *hdr;

	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	utcp_stats_sum(utcp_net(genl_info_net(info)), &sum);
	hdr = genlmsg_put_reply(msg, info, &utcp_nl_family, 0,
				UTCP_CMD_STATS_GET);
	if (!hdr || WARN_ON_ONCE(put_stats(msg, &sum))) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}
