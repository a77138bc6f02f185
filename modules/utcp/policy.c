// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asking the policies of the ports on the way, and asking again.
 */
#include "policy.h"

#include <linux/netdevice.h>
#include <net/netswitch.h>

#include "assoc.h"
#include "carry.h"
#include "link.h"
#include "peer.h"
#include "session_priv.h"
#include "sock.h"
#include "told.h"
#include "trace.h"

/* A port that had no room for what it was to be told is told again after this. */
#define RETRY HZ
/* Of a peer, so long after its last connection has ended: what says so is to get through. */
#define ENDED_PAUSE NSEC_PER_SEC
/* Of one peer, a refusal is told to listeners once in so long. */
#define EVENT_PAUSE NSEC_PER_SEC

const u8 utcp_policy_anybody[NETSWITCH_CELL_LEN];

/**
 * struct question - may two cells talk?
 * @own: one's own
 * @id: the other
 * @begins: one's own is the one that begins
 * @service: port at the one that does not; UTCP_ANY_SERVICE
 */
struct question {
	const u8 *own;
	const u8 *id;
	bool begins;
	u16 service;
};

/* Where a port's tokens stand: its own device's first. */
static struct netswitch_tokens *tokens_of(struct utcp_permit *permit,
					  enum netswitch_dir out)
{
	return permit ? &permit->at[out == NETSWITCH_IN] : NULL;
}

static enum netswitch_opinion
ask_port(struct netswitch_port *port, enum netswitch_dir out,
	 const struct question *q, struct netswitch_tokens *tokens, u32 *class)
{
	struct netswitch_identity identity = {
		.service = q->service,
		.dir = q->begins ? out : out ^ 1,
	};
	enum netswitch_opinion opinion;

	BUILD_BUG_ON((NETSWITCH_IN ^ 1) != NETSWITCH_OUT);
	BUILD_BUG_ON(NETSWITCH_CELL_LEN != UTCP_ID_BYTES);
	memcpy(identity.from, q->begins ? q->own : q->id, NETSWITCH_CELL_LEN);
	memcpy(identity.to, q->begins ? q->id : q->own, NETSWITCH_CELL_LEN);
	opinion = netswitch_ask_identity(port, &identity, tokens);
	*class = opinion == NETSWITCH_ALLOW ? identity.class : 0;
	return opinion;
}

/* Have these two anything to say to each other? Whoever begins, both have to send: so
 * it is enough if a port does not refuse one of the two ways.
 */
static enum netswitch_opinion meet_port(struct netswitch_port *port,
					enum netswitch_dir out, const u8 *own,
					const u8 *id, u32 *class)
{
	struct question q = { own, id, true, UTCP_ANY_SERVICE };
	enum netswitch_opinion one, other;

	one = ask_port(port, out, &q, NULL, class);
	if (one == NETSWITCH_ALLOW)
		return one;
	q.begins = false;
	other = ask_port(port, out, &q, NULL, class);
	if (other == NETSWITCH_ALLOW)
		return other;
	return min(one, other);
}

/* --- refusals -------------------------------------------------------------------- */

static void tell_peer(struct utcp_peer *peer)
{
	u64 now = utcp_now(), last = READ_ONCE(peer->refused_at);

	atomic64_inc(&peer->refused);
	if ((!last || utcp_since(now, last) >= EVENT_PAUSE) &&
	    cmpxchg(&peer->refused_at, last, now) == last &&
	    READ_ONCE(peer->counted))
		utcp_nl_peer_notify(peer, UTCP_CMD_PEER_CHANGE_NTF,
				    UTCP_PEER_CHANGE_REFUSED);
}

/* Counts and tells that a port on the way of a device refuses. */
static int refused(struct utcp_net *un, u32 ifindex, const struct question *q)
{
	struct utcp_peer *peer;

	this_cpu_inc(un->stats->refused);
	trace_utcp_refused(ifindex, q->own, q->id, q->begins, q->service);
	peer = utcp_peer_lookup(un, q->own, q->id);
	if (peer)
		tell_peer(peer);
	utcp_peer_put(peer);
	return -EACCES;
}

/* Asks again about what goes by a device, @delay later. */
static void again(struct utcp_net *un, u32 ifindex, unsigned long delay)
{
	struct utcp_link *link;

	rcu_read_lock();
	link = xa_load(&un->links, ifindex);
	if (link) {
		WRITE_ONCE(link->ask_again, true);
		queue_delayed_work(utcp_wq, &un->ask_again, delay);
	}
	rcu_read_unlock();
}

/* --- handshakes -------------------------------------------------------------------- */

/**
 * struct keeper - a port that refuses two cells, and may have kept a connection of theirs
 * @port: the port
 * @out: which way own frames pass it
 * @own: one's own cell
 * @id: the other
 * @class: set to the shaper class for them
 */
struct keeper {
	struct netswitch_port *port;
	enum netswitch_dir out;
	const u8 *own;
	const u8 *id;
	u32 *class;
};

static bool may_stay(void *arg, bool opener, u16 service,
		     const struct utcp_permit *permit)
{
	const struct keeper *k = arg;
	const struct question q = { k->own, k->id, opener, service };
	struct utcp_permit copy = *permit;

	return ask_port(k->port, k->out, &q, tokens_of(&copy, k->out),
			k->class) == NETSWITCH_ALLOW;
}

/* Is there a connection that goes on though what it was allowed by is no more? So does
 * the session that it needs, until it has ended: utcp_policy_ended().
 */
static bool is_kept(struct utcp_net *un, struct keeper *k)
{
	struct utcp_peer *peer = utcp_peer_lookup(un, k->own, k->id);
	bool kept = peer && utcp_carry_any(peer, may_stay, k);

	utcp_peer_put(peer);
	return kept;
}

/* Asks whether two may meet. Under RCU. Return: 0, with the @way of it; or -EACCES. */
static int meet(struct utcp_net *un, u32 ifindex, const u8 *own, const u8 *id,
		struct utcp_way *way)
{
	struct keeper keeper;
	const struct question q = { own, id, true, UTCP_ANY_SERVICE };
	unsigned int i;

	utcp_way_of(un, ifindex, way);
	for (i = 0; i < way->n; i++)
		switch (meet_port(way->at[i].port, way->at[i].out, own, id,
				  &way->at[i].class)) {
		case NETSWITCH_ALLOW:
			way->at[i].allows = true;
			break;
		case NETSWITCH_REFUSE:
			keeper = (struct keeper){ way->at[i].port,
						  way->at[i].out, own, id,
						  &way->at[i].class };
			if (!is_kept(un, &keeper))
				return refused(un, ifindex, &q);
			way->at[i].allows = true;
			break;
		default:
			break;
		}
	return 0;
}

/**
 * utcp_policy_meet() - may two cells meet over a device?
 * @un: state of the namespace
 * @ifindex: the device
 * @own: CellID of the own cell
 * @id: that of the other; utcp_policy_anybody
 *
 * Context: any but hard interrupts; not under the lock of a peer.
 * Return: 0; -EACCES.
 */
int utcp_policy_meet(struct utcp_net *un, u32 ifindex, const u8 *own,
		     const u8 *id)
{
	struct utcp_way way;
	int ret;

	rcu_read_lock();
	ret = meet(un, ifindex, own, id, &way);
	rcu_read_unlock();
	return ret;
}

/**
 * utcp_policy_frame() - may a frame of discovery or a handshake be sent?
 * @un: state of the namespace
 * @path: where
 * @own: CellID of the own cell
 * @id: that of the other; utcp_policy_anybody
 * @frame: the frame
 *
 * The ports that allow it are told about it.
 *
 * Context: as utcp_policy_meet().
 * Return: 0; -EACCES; or another error: it would not get through.
 */
int utcp_policy_frame(struct utcp_net *un, const struct utcp_path *path,
		      const u8 *own, const u8 *id, const u8 *frame)
{
	struct utcp_way way;
	int ret;

	rcu_read_lock();
	ret = meet(un, path->ifindex, own, id, &way);
	if (!ret)
		ret = utcp_told_frame(un, path, &way, frame);
	rcu_read_unlock();
	return ret;
}

/* Those that the ports named for what is sent to a peer, for utcp_policy_pace(). */
static void keep_classes(struct utcp_peer *peer, const struct utcp_way *way)
{
	u32 classes[UTCP_WAY_PORTS] = {};
	unsigned int i;

	for (i = 0; i < way->n; i++)
		classes[way->at[i].out] = way->at[i].class;
	for (i = 0; i < UTCP_WAY_PORTS; i++)
		WRITE_ONCE(peer->classes[i], classes[i]);
}

/* --- associations ------------------------------------------------------------------- */

/**
 * utcp_policy_path() - may single frames be sent on a path that is not the session's?
 * @peer: the peer
 * @assoc: the association under which they will be
 * @path: the path
 *
 * Context: as utcp_policy_frame().
 * Return: as utcp_policy_frame().
 */
int utcp_policy_path(struct utcp_peer *peer, const struct utcp_assoc *assoc,
		     const struct utcp_path *path)
{
	struct utcp_way way;
	int ret;

	rcu_read_lock();
	ret = meet(peer->un, path->ifindex, peer->key.cell, peer->key.id, &way);
	if (!ret)
		ret = utcp_told_index(peer->un, path, &way, assoc->remote);
	rcu_read_unlock();
	return ret;
}

/**
 * utcp_policy_assoc() - may frames be sent under an association?
 * @peer: the peer
 * @assoc: the association, which nobody else has, or is the current one
 * @path: where they will be sent
 *
 * The ports that allow it are told; what was told about the association before is
 * taken back, if it was something else.
 *
 * Context: under event_lock of the peer, not under its lock; or nobody else has the
 * association.
 * Return: as utcp_policy_frame(); then what was told before stays.
 */
int utcp_policy_assoc(struct utcp_peer *peer, struct utcp_assoc *assoc,
		      const struct utcp_path *path)
{
	struct utcp_told *told;
	struct utcp_way way;
	int ret;

	rcu_read_lock();
	ret = meet(peer->un, path->ifindex, peer->key.cell, peer->key.id, &way);
	if (!ret) {
		told = utcp_told_assoc(peer->un, path, &way, assoc->remote);
		ret = PTR_ERR_OR_ZERO(told);
	}
	rcu_read_unlock();
	if (ret)
		return ret;
	keep_classes(peer, &way);
	swap(assoc->told, told);
	utcp_told_put(peer->un, told);
	return 0;
}

/**
 * utcp_policy_last() - an association ends, since a port on its path refuses
 * @peer: the peer
 * @assoc: the association
 * @path: where its frames were sent
 *
 * The ports are told of its frames, for UTCP_TOLD_LAST_TIME, whatever they think: what
 * says that it ends is to get through one, too, that has just come, and has heard of
 * nothing yet.
 *
 * Context: as utcp_policy_assoc().
 */
void utcp_policy_last(struct utcp_peer *peer, const struct utcp_assoc *assoc,
		      const struct utcp_path *path)
{
	struct utcp_told *told;
	struct utcp_way way;
	unsigned int i;

	rcu_read_lock();
	utcp_way_of(peer->un, path->ifindex, &way);
	for (i = 0; i < way.n; i++)
		way.at[i].allows = true;
	told = utcp_told_assoc(peer->un, path, &way, assoc->remote);
	if (!IS_ERR(told))
		utcp_told_put(peer->un, told);
	rcu_read_unlock();
}

/**
 * utcp_policy_moved() - frames of an association are sent on another path
 * @peer: the peer
 * @assoc: the association
 * @path: the path, which is the session's
 *
 * If a port cannot be told now, or refuses, it is asked again a little later, which
 * ends what is refused.
 *
 * Context: under event_lock of the peer, not under its lock.
 */
void utcp_policy_moved(struct utcp_peer *peer, struct utcp_assoc *assoc,
		       const struct utcp_path *path)
{
	if (utcp_policy_assoc(peer, assoc, path))
		again(peer->un, path->ifindex, 0);
}

/**
 * utcp_policy_pace() - how fast does what is sent to a peer go on?
 * @peer: the peer
 * @ifindex: the device by which it is sent
 * @pace: set to what the slowest port on the way says; zeros: nobody holds it back
 *
 * Context: any but hard interrupts.
 */
void utcp_policy_pace(const struct utcp_peer *peer, u32 ifindex,
		      struct netswitch_pace *pace)
{
	struct utcp_way way;
	unsigned int i;

	*pace = (struct netswitch_pace){};
	rcu_read_lock();
	utcp_way_of(peer->un, ifindex, &way);
	for (i = 0; i < way.n; i++) {
		enum netswitch_dir out = way.at[i].out;

		netswitch_ask_pace(way.at[i].port, out,
				   READ_ONCE(peer->classes[out]), pace);
	}
	rcu_read_unlock();
}

/* --- connections --------------------------------------------------------------------- */

/* Under RCU. */
static bool may_call(struct utcp_net *un, u32 ifindex, const struct question *q,
		     struct utcp_permit *permit)
{
	enum netswitch_opinion opinion;
	struct utcp_way way;
	unsigned int i;
	u32 class;

	utcp_way_of(un, ifindex, &way);
	for (i = 0; i < way.n; i++) {
		if (q->service)
			opinion = ask_port(way.at[i].port, way.at[i].out, q,
					   tokens_of(permit, way.at[i].out),
					   &class);
		else
			opinion = meet_port(way.at[i].port, way.at[i].out,
					    q->own, q->id, &class);
		if (opinion == NETSWITCH_REFUSE)
			return false;
	}
	return true;
}

static int reach(struct utcp_net *un, const struct question *q)
{
	struct utcp_link *link;
	unsigned long ifindex;
	bool any = false;

	rcu_read_lock();
	xa_for_each(&un->links, ifindex, link) {
		if (!netif_running(link->dev))
			continue;
		any = true;
		if (may_call(un, ifindex, q, NULL)) {
			rcu_read_unlock();
			return 0;
		}
	}
	rcu_read_unlock();
	return any ? refused(un, 0, q) : 0;
}

/**
 * utcp_policy_reach() - is there a device over which another cell may be called?
 * @un: state of the namespace
 * @own: CellID of the own cell
 * @id: that of the other
 * @service: port there; UTCP_ANY_SERVICE: may the two meet at all?
 *
 * Context: as utcp_policy_meet().
 * Return: 0, also if no device is up, for then nobody refuses; -EACCES.
 */
int utcp_policy_reach(struct utcp_net *un, const u8 *own, const u8 *id,
		      u16 service)
{
	const struct question q = { own, id, true, service };

	return reach(un, &q);
}

/**
 * utcp_policy_call() - may there be a connection with a peer?
 * @peer: the peer
 * @own: one's own cell opens it
 * @service: port that is called
 * @permit: what it was allowed by, or zeros if it is new; set to what it is now. NULL:
 *	it is not asked about again
 *
 * Context: as utcp_policy_meet().
 * Return: 0; -EACCES: a port on its path refuses, or, as long as it has none, those of
 * all devices.
 */
int utcp_policy_call(struct utcp_peer *peer, bool own, u16 service,
		     struct utcp_permit *permit)
{
	const struct question q = { peer->key.cell, peer->key.id, own,
				    service };
	struct utcp_path path;
	bool may;

	utcp_peer_path(peer, &path);
	if (!path.ifindex)
		return reach(peer->un, &q);
	rcu_read_lock();
	may = may_call(peer->un, path.ifindex, &q, permit);
	rcu_read_unlock();
	return may ? 0 : refused(peer->un, path.ifindex, &q);
}

/**
 * utcp_policy_here() - may two cells of the namespace talk?
 * @un: state of the namespace
 * @from: CellID of the one that begins
 * @to: that of the other
 * @service: port there
 * @tokens: as in netswitch_ask_identity()
 *
 * The port on their way is lo, if it is one; nothing that they say is seen there.
 *
 * Context: as utcp_policy_meet().
 * Return: 0; -EACCES.
 */
int utcp_policy_here(struct utcp_net *un, const u8 *from, const u8 *to,
		     u16 service, struct netswitch_tokens *tokens)
{
	const struct question q = { from, to, true, service };
	struct netswitch_port *port;
	bool may;
	u32 class;

	rcu_read_lock();
	port = netswitch_port_find(un->net, LOOPBACK_IFINDEX);
	may = !port || ask_port(port, NETSWITCH_OUT, &q, tokens, &class) !=
			       NETSWITCH_REFUSE;
	rcu_read_unlock();
	return may ? 0 : refused(un, LOOPBACK_IFINDEX, &q);
}

/* --- asking again ----------------------------------------------------------------------- */

/**
 * utcp_policy_ended() - the last connection with a peer, which a policy had allowed, has
 *	ended
 * @peer: with whom
 *
 * It may have been kept, and the session with it, of which nobody tells. So the policies
 * are asked about this peer, a little later.
 *
 * Context: any but hard interrupts; under the lock of the carrier.
 */
void utcp_policy_ended(struct utcp_peer *peer)
{
	/* If it is due already, the worker finds out that it is later now. */
	if (!xchg(&peer->ask_at, utcp_now() + ENDED_PAUSE))
		utcp_peer_kick(peer);
}

/**
 * utcp_policy_tick() - asks about a peer, if it is time
 * @peer: the peer
 *
 * Context: process: the peer's worker.
 * Return: when it is due again; U64_MAX: not by the clock.
 */
u64 utcp_policy_tick(struct utcp_peer *peer)
{
	u64 at = READ_ONCE(peer->ask_at);
	struct utcp_path path;

	if (!at)
		return U64_MAX;
	if (utcp_now() < at)
		return at;
	/* Whoever sets it from here on kicks the worker once more. */
	if (cmpxchg(&peer->ask_at, at, 0) != at)
		return READ_ONCE(peer->ask_at);
	utcp_peer_path(peer, &path);
	if (!path.ifindex || utcp_session_ask_again(peer, path.ifindex))
		return U64_MAX;
	/* A port could not be told of what goes on. */
	at = utcp_now() + ENDED_PAUSE;
	WRITE_ONCE(peer->ask_at, at);
	return at;
}

/**
 * utcp_policy_ask_again() - the policies of a link's ports may be others
 * @link: the link
 *
 * Asked again is by a worker: sessions and connections that are refused now end, and
 * ports that allow are told once more.
 *
 * Context: any but hard interrupts; under RCU or rtnl.
 */
void utcp_policy_ask_again(struct utcp_link *link)
{
	WRITE_ONCE(link->ask_again, true);
	mod_delayed_work(utcp_wq, &link->un->ask_again, 0);
}

static void look_at_device(const struct net_device *dev)
{
	struct utcp_net *un = utcp_net(dev_net(dev));
	struct utcp_link *link = xa_load(&un->links, dev->ifindex);

	if (link)
		utcp_policy_ask_again(link);
}

/* How many times that was, in whichever namespace. */
static atomic_t changes = ATOMIC_INIT(0);

/**
 * utcp_policy_changes() - has a policy changed?
 *
 * In any namespace: a peer that is not found may be behind a port that is not on one's own
 * way, but beside one's own at the same bridge.
 *
 * Context: any.
 * Return: another number than before, if one has.
 */
u32 utcp_policy_changes(void)
{
	return atomic_read(&changes);
}

/* What stages think about a port has changed. Under RCU. */
static void changed(struct netswitch_port *port)
{
	struct net_device *dev = netswitch_port_dev(port), *peer;
	const struct net_device_ops *ops = dev->netdev_ops;
	struct utcp_net *un;

	atomic_inc(&changes);
	look_at_device(dev);
	peer = ops->ndo_get_peer_dev ? ops->ndo_get_peer_dev(dev) : NULL;
	if (peer)
		look_at_device(peer);
	if (dev->flags & IFF_LOOPBACK) {
		un = utcp_net(dev_net(dev));
		WRITE_ONCE(un->ask_here_again, true);
		mod_delayed_work(utcp_wq, &un->ask_again, 0);
	}
}

/* Takes note of it for a link. Return: the device, from @ifindex on; 0: no more. */
static u32 next_link(struct utcp_net *un, unsigned long *ifindex, bool *due)
{
	struct utcp_link *link;

	rcu_read_lock();
	link = xa_find(&un->links, ifindex, ULONG_MAX, XA_PRESENT);
	*due = link && xchg(&link->ask_again, false);
	rcu_read_unlock();
	return link ? *ifindex : 0;
}

static void ask_again(struct work_struct *work)
{
	struct utcp_net *un =
		container_of(to_delayed_work(work), struct utcp_net, ask_again);
	unsigned long at;
	u32 ifindex;
	bool due;

	if (xchg(&un->ask_here_again, false))
		utcp_sock_ask_again(un);
	for (at = 0; (ifindex = next_link(un, &at, &due)); at++)
		if (due && !utcp_peers_ask_again(un, ifindex))
			again(un, ifindex, RETRY);
}

static struct netswitch_asker asker = {
	.changed = changed,
};

/**
 * utcp_policy_net_init() - a namespace begins
 * @un: its state
 *
 * Context: process, before it has a port.
 */
void utcp_policy_net_init(struct utcp_net *un)
{
	INIT_DELAYED_WORK(&un->ask_again, ask_again);
}

/**
 * utcp_policy_net_exit() - a namespace ends
 * @un: its state
 *
 * Context: process, when there is no port any more; may sleep.
 */
void utcp_policy_net_exit(struct utcp_net *un)
{
	cancel_delayed_work_sync(&un->ask_again);
}

/**
 * utcp_policy_init() - from here on it is heard of what changes
 *
 * Context: process; takes rtnl.
 */
void utcp_policy_init(void)
{
	netswitch_asker_register(&asker);
}

/**
 * utcp_policy_exit() - from here on it is not
 *
 * Context: process; takes rtnl, may sleep.
 */
void utcp_policy_exit(void)
{
	netswitch_asker_unregister(&asker);
}
