/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of utcp.ko share: the state per network namespace.
 */
#ifndef _UTCP_UTCP_H
#define _UTCP_UTCP_H

#include <linux/rhashtable.h>
#include <linux/skbuff.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/netswitch.h>

#include <uapi/linux/utcp.h>

#include "budget.h"
#include "cell.h"
#include "discover.h"
#include "port.h"
#include "since.h"
#include "told.h"
#include "user.h"

/* Initiations that wait for the processor. */
#define UTCP_INITIATIONS 512
/* Half-open associations of a namespace. */
#define UTCP_HALF_OPEN 4096
/* CellIDs that are searched at one time, and who-has a second. */
#define UTCP_SEARCHES 1024
#define UTCP_ASK_RATE 200
/* Initiations a second and namespace that are sent by all links in search of a peer; so
 * many may be saved up.
 */
#define UTCP_SEEK_RATE 500

/* Buckets of the table of peers by path. */
#define UTCP_PATH_BUCKETS 256
/* Links that are found without looking through all; a sandbox has one. */
#define UTCP_NEAR_LINKS 4

/**
 * struct utcp_stats - what became of frames, per CPU
 * @frames: came
 * @delivered: were good for something
 * @sent: were handed to a device
 * @drop: were dropped, by enum utcp_drop_reason
 * @refused: not frames, but how often a policy has refused something
 */
struct utcp_stats {
	u64 frames;
	u64 delivered;
	u64 sent;
	u64 drop[UTCP_DROP_REASON_MAX + 1];
	u64 refused;
};

/**
 * enum utcp_dgram_drop - why a datagram was dropped
 * @UTCP_DGRAM_NO_PORT: there is no socket, or it is connected to another
 * @UTCP_DGRAM_FULL: the queue of the socket was full, or a filter did not want it
 * @UTCP_DGRAM_NO_MEMORY: it came, and there was no memory for it
 * @UTCP_DGRAM_QUEUE: too many waited for the peer already
 * @UTCP_DGRAM_UNREACHABLE: the peer was not found or is silent, or its session ended,
 *	while it waited
 * @UTCP_DGRAM_TOO_LONG: longer than what the path takes now
 * @UTCP_DGRAM_NOT_ALLOWED: it came, and a policy on the way refuses the port
 * @UTCP_DGRAM_DROPS: so many reasons there are
 */
enum utcp_dgram_drop {
	UTCP_DGRAM_NO_PORT,
	UTCP_DGRAM_FULL,
	UTCP_DGRAM_NO_MEMORY,
	UTCP_DGRAM_QUEUE,
	UTCP_DGRAM_UNREACHABLE,
	UTCP_DGRAM_TOO_LONG,
	UTCP_DGRAM_NOT_ALLOWED,
	UTCP_DGRAM_DROPS,
};

/**
 * struct utcp_dgram_stats - what became of datagrams, per CPU
 * @sent: were sent by programs of the namespace
 * @delivered: are in the queue of a socket
 * @tx: went to other hosts, in frames
 * @rx: came from other hosts, in frames
 * @drop: were dropped, by enum utcp_dgram_drop
 *
 * But for those that wait, sent + rx = delivered + tx + all drops.
 */
struct utcp_dgram_stats {
	u64 sent;
	u64 delivered;
	u64 tx;
	u64 rx;
	u64 drop[UTCP_DGRAM_DROPS];
};

/**
 * struct utcp_net - what the module keeps per network namespace
 * @limits: bounds of the namespace's tables; has its own lock
 * @cells: the namespace's cells; has its own lock
 * @net: the namespace
 * @stats: see struct utcp_stats
 * @account: what the buffers of its connections take
 * @near_link: of @links, the one that came last of those whose index has this remainder; or
 *	none. What frames are sent by. As @links
 * @links: device of a port by its index, see link.h. Written under rtnl, read under
 *	RCU
 * @indices: all indices by which one is addressed, see index.h
 * @peers: all peers by cell and CellID; read under RCU
 * @paths: peers with a path, by it. Written under @lock, read under RCU
 * @peer_lock: taken for every change of @peers. Inside: the lock of a peer
 * @list: all peers, oldest first; under @peer_lock
 * @n_peers: of them, those that count against the limit; under @peer_lock
 * @n_configured: of these, those that an administrator added; under @peer_lock
 * @serial: of the youngest peer ever; under @peer_lock
 * @seq: generation of @list, for dumps; under @peer_lock
 * @no_room: until then nobody can be made room for; under @peer_lock
 * @n_half: half-open associations
 * @n_searches: peers that are being searched
 * @lock: for @budget, @jar, @nonces, @ask, @seek and @paths. Taken with bottom halves
 *	off
 * @budget: for frames that nobody has authenticated
 * @jar: secrets of cookies
 * @nonces: of who-has; NULL as long as the namespace has no port
 * @ask: who-has that may still be sent
 * @seek: initiations that may still be sent to nobody in particular
 * @initiations: those that passed the cheap checks, for @respond
 * @respond: makes responses
 * @told: frames that ports were told about, see told.h; has its own lock
 * @ask_again: asks the policies of links again, see policy.h
 * @ask_here_again: and that of connections inside the namespace
 * @ports: ports of its sockets; has its own lock
 * @dgram_ports: those of its datagram sockets; has its own lock
 * @dgrams: see struct utcp_dgram_stats
 * @sockets: all of them, by number; has its own lock, taken with bottom halves off
 * @next_socket: where the next number is looked for; under the same
 * @n_sockets: how many they are
 * @users: whose they are; has its own lock
 *
 * Made when a namespace is born (or the module loaded), freed by the kernel
 * after the last request in the namespace ended (or the module was unloaded). By
 * then its devices are gone, and no frame comes.
 */
struct utcp_net {
	struct netswitch_limits limits;
	struct utcp_cells cells;
	struct net *net;
	struct utcp_stats __percpu *stats;
	struct utcp_account *account;
	struct utcp_link __rcu *near_link[UTCP_NEAR_LINKS];
	struct xarray links;
	struct rhashtable indices;
	struct rhashtable peers;
	struct hlist_head paths[UTCP_PATH_BUCKETS];
	spinlock_t peer_lock; /* protects the list of peers */
	struct list_head list;
	u32 n_peers;
	u32 n_configured;
	u64 serial;
	u32 seq;
	u64 no_room;
	atomic_t n_half;
	atomic_t n_searches;
	spinlock_t lock; /* protects what unauthenticated frames cost */
	struct utcp_budget budget;
	struct utcp_cookie_jar jar;
	struct utcp_nonces *nonces;
	struct utcp_bucket ask;
	struct utcp_bucket seek;
	struct sk_buff_head initiations;
	struct work_struct respond;
	struct utcp_tolds told;
	struct delayed_work ask_again;
	bool ask_here_again;
	struct utcp_ports ports;
	struct utcp_ports dgram_ports;
	struct utcp_dgram_stats __percpu *dgrams;
	struct xarray sockets;
	u32 next_socket;
	atomic_t n_sockets;
	struct utcp_users users;
};

/* Public-key work, and what is due by the clock; and that for others' handshakes. */
extern struct workqueue_struct *utcp_wq;
extern struct workqueue_struct *utcp_respond_wq;

/* main.c */
struct utcp_net *utcp_net(const struct net *net);

/**
 * utcp_now() - the time
 *
 * All times are of this clock but that in an initiation: it does not jump, and counts while
 * the machine sleeps.
 *
 * Return: the time, in nanoseconds.
 */
static inline u64 utcp_now(void)
{
	return ktime_get_boottime_ns();
}

void utcp_drop(struct utcp_net *un, struct sk_buff *skb,
	       enum utcp_drop_reason reason);
void utcp_delivered(struct utcp_net *un);
void utcp_stats_sum(const struct utcp_net *un, struct utcp_stats *sum);

#endif /* _UTCP_UTCP_H */
