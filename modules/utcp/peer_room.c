// SPDX-License-Identifier: GPL-2.0-only
/*
 * Room for peers: their number has a limit, near which those go that have been idle
 * longest, and no link has more than half for those who come by it.
 */
#include "session_priv.h"

/* While there is no room, it is not looked for again within this. */
#define ROOM_PAUSE NSEC_PER_SEC

static bool can_go(const struct utcp_peer *peer, u64 now)
{
	return peer->counted && !peer->configured && !READ_ONCE(peer->users) &&
	       now >= READ_ONCE(peer->want_until) &&
	       utcp_since(now, READ_ONCE(peer->active)) >= UTCP_ROOM_IDLE;
}

static bool is_on(const struct utcp_peer *peer, const struct utcp_path *path)
{
	return READ_ONCE(peer->neigh.path.ifindex) == path->ifindex &&
	       READ_ONCE(peer->neigh.path.vlan) == path->vlan;
}

/* The peer that has been idle longest, of those that may go; with @path, of those on
 * its link. Held. Under peer_lock.
 */
static struct utcp_peer *oldest(struct utcp_net *un,
				const struct utcp_path *path, u64 now)
{
	struct utcp_peer *peer, *old = NULL;

	if (now < un->no_room)
		return NULL;
	list_for_each_entry(peer, &un->list, link)
		if (can_go(peer, now) && (!path || is_on(peer, path)) &&
		    (!old || READ_ONCE(peer->active) < READ_ONCE(old->active)))
			old = peer;
	if (old && refcount_inc_not_zero(&old->refs))
		return old;
	if (!path)
		un->no_room = now + ROOM_PAUSE;
	return NULL;
}

/* Of the places that are not configured, has a link its half already? Under
 * peer_lock. Only near the limit, since it looks at all.
 */
static bool link_full(struct utcp_net *un, const struct utcp_path *path,
		      u32 limit)
{
	const struct utcp_peer *peer;
	u32 n = 0;

	list_for_each_entry(peer, &un->list, link)
		n += peer->counted && !peer->configured && is_on(peer, path);
	return n >= max_t(u32, (limit - min(limit, un->n_configured)) / 2, 1);
}

/**
 * utcp_peer_count() - give a peer one of the places that the limit allows
 * @peer: the peer
 * @path: on which it came to us, and of whose link it takes its share; NULL: it was we who wanted
 *	it
 *
 * Another may have to go for it. One that has a place already, or is out of the table, needs none.
 *
 * Context: any but hard interrupts; not under the lock of a peer.
 * Return: 0; -ENOSPC: there is no place.
 */
int utcp_peer_count(struct utcp_peer *peer, const struct utcp_path *path)
{
	struct utcp_net *un = peer->un;
	u32 limit = READ_ONCE(un->limits.val[UTCP_A_LIMITS_PEERS - 1]);
	struct utcp_peer *old = NULL;
	u64 now = utcp_now();
	bool new = false;
	int ret = 0;

	spin_lock_bh(&un->peer_lock);
	if (peer->counted || list_empty(&peer->link))
		goto unlock;
	/* A link that has its half makes room for its own by its own. */
	if (un->n_peers < limit / 2 || (path && !link_full(un, path, limit)))
		path = NULL;
	if (path || un->n_peers >= limit) {
		old = oldest(un, path, now);
		ret = old ? 0 : -ENOSPC;
	}
	if (!ret) {
		peer->counted = true;
		spin_lock(&peer->lock);
		peer->evicted = false;
		spin_unlock(&peer->lock);
		un->n_peers++;
		new = true;
		if (old) {
			old->counted = false;
			un->n_peers--;
		}
	}
unlock:
	spin_unlock_bh(&un->peer_lock);
	if (old) {
		/* Its worker ends it: who calls may hold another one's locks. */
		spin_lock_bh(&old->lock);
		old->evicted = true;
		spin_unlock_bh(&old->lock);
		utcp_peer_kick(old);
		utcp_peer_put(old);
	}
	if (new)
		utcp_nl_peer_notify(peer, UTCP_CMD_PEER_NEW_NTF, 0);
	return ret;
}
