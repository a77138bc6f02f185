// SPDX-License-Identifier: GPL-2.0-only
/*
 * AF_UTCP sockets: how they come, and connect. sock_close.c is how they go.
 *
 * Locks, from the outside in: the socket's own (lock_sock()), which guards what the
 * calls of a program change of it; that of an end of a connection, which guards the
 * bytes; the namespace's ports, under which a listener is looked up and its queue is
 * filled. A program copies to and from its memory under none of the latter two.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uidgid.h>
#include <net/net_namespace.h>

#include "carry.h"
#include "pair.h"
#include "peer.h"
#include "policy.h"
#include "sock.h"
#include "sockdiag.h"
#include "socket.h"
#include "trace.h"

/* A connect whose listener is full tries again; and gives up. */
#define FULL_FIRST (HZ / 10)
#define FULL_MOST HZ
#define CONNECT_TIMEOUT (20 * HZ)

/* For what sockets do later on, by the clock. */
struct workqueue_struct *utcp_sock_wq;

static void unlocked(struct sock *sk);

static struct proto utcp_proto = {
	.name = "UTCP",
	.owner = THIS_MODULE,
	.obj_size = sizeof(struct utcp_sock),
	.keepalive = utcp_sock_keepalive,
	.release_cb = unlocked,
};

/* --- life ---------------------------------------------------------------------- */

/**
 * utcp_socket_uncount() - one socket less
 * @un: its namespace
 * @user: whose it was
 *
 * Context: any but hard interrupts.
 */
void utcp_socket_uncount(struct utcp_net *un, struct utcp_user *user)
{
	atomic_dec(&un->n_sockets);
	utcp_user_drop(&un->users, user);
}

static void utcp_destruct(struct sock *sk)
{
	struct utcp_net *un = utcp_net(sock_net(sk));
	struct utcp_sock *us = utcp_sk(sk);

	xa_erase_bh(&un->sockets, us->number);
	if (us->user)
		utcp_socket_uncount(un, us->user);
	skb_queue_purge(&sk->sk_receive_queue);
	if (us->end)
		us->end->ops->put(us->end);
	if (us->cell)
		utcp_cell_put(us->cell);
}

/* One more socket of the namespace, in its table. Nobody but the namespace's root has more
 * than half of them.
 */
static int count_in(struct utcp_net *un, struct utcp_sock *us, kuid_t uid,
		    gfp_t gfp)
{
	int limit = min_t(u32, INT_MAX,
			  READ_ONCE(un->limits.val[UTCP_A_LIMITS_SOCKETS - 1]));
	bool root = uid_eq(uid, make_kuid(un->net->user_ns, 0));
	struct utcp_user *user;
	int ret = -ENFILE;

	user = utcp_user_take(&un->users, uid, root ? U32_MAX : limit / 2, gfp);
	if (IS_ERR(user))
		return PTR_ERR(user);
	us->user = user;
	if (atomic_inc_return(&un->n_sockets) <= limit)
		ret = xa_alloc_cyclic_bh(&un->sockets, &us->number, us,
					 xa_limit_31b, &un->next_socket, gfp);
	if (ret < 0) {
		atomic_dec(&un->n_sockets);
		utcp_user_drop(&un->users, user);
	}
	return min(ret, 0);
}

static const struct proto_ops utcp_stream_ops;
static void try_again(struct work_struct *work);

/* @sock: NULL: it is @parent's user's */
static struct sock *sock_make(struct net *net, struct socket *sock,
			      const struct utcp_sock *parent, int type,
			      int kern, gfp_t gfp)
{
	struct sock *sk = sk_alloc(net, PF_UTCP, gfp, &utcp_proto, kern);
	struct utcp_sock *us;
	int ret;

	if (!sk)
		return ERR_PTR(-ENOMEM);
	us = utcp_sk(sk);
	sock_init_data(sock, sk);
	sk->sk_type = type;
	sk->sk_state = TCP_CLOSE;
	sk->sk_allocation = GFP_KERNEL_ACCOUNT;
	INIT_LIST_HEAD(&us->queue);
	INIT_LIST_HEAD(&us->in_queue);
	INIT_DELAYED_WORK(&us->again, try_again);
	utcp_sock_opts_init(&us->opts);
	ret = count_in(utcp_net(net), us,
		       parent ? parent->user->uid : sk_uid(sk), gfp);
	if (ret) {
		sock_orphan(sk);
		if (sock)
			sock->sk = NULL;
		sock_put(sk);
		return ERR_PTR(ret);
	}
	sk->sk_destruct = utcp_destruct;
	return sk;
}

static int utcp_create(struct net *net, struct socket *sock, int protocol,
		       int kern)
{
	if (protocol)
		return -EPROTONOSUPPORT;
	switch (sock->type) {
	case SOCK_STREAM:
	case SOCK_SEQPACKET:
		sock->ops = &utcp_stream_ops;
		break;
	case SOCK_DGRAM:
		sock->ops = &utcp_dgram_ops;
		break;
	default:
		return -ESOCKTNOSUPPORT;
	}
	sock->state = SS_UNCONNECTED;
	return PTR_ERR_OR_ZERO(
		sock_make(net, sock, NULL, sock->type, kern, GFP_KERNEL));
}

/**
 * utcp_sock_woken() - wake who waits in utcp_sock_wait()
 * @wait: its entry in the queue
 * @mode: as for woken_wake_function()
 * @sync: as for woken_wake_function()
 * @key: as for woken_wake_function()
 *
 * It leaves the queue with that. Until it runs there may be many frames more, and for each the
 * queue would be locked and walked through, to wake who is awake.
 *
 * Context: under the queue's lock.
 * Return: not 0: it was asleep.
 */
int utcp_sock_woken(wait_queue_entry_t *wait, unsigned int mode, int sync,
		    void *key)
{
	int ret = woken_wake_function(wait, mode, sync, key);

	if (ret)
		list_del_init_careful(&wait->entry);
	return ret;
}

/**
 * utcp_sock_wait() - wait until something happens to a socket
 * @sk: the socket
 * @wait: the caller's entry for its queue, with utcp_sock_woken(). Most need not wait, so
 *	only who has to is in the queue
 * @timeo: how long; what is left of it
 *
 * Who is not in the queue is put there and does not wait yet: of what has happened before
 * he was not told, and looks again. utcp_sock_waited() is to be called in the end.
 *
 * Context: process, under the socket's lock, which is dropped to wait.
 * Return: 0: something may have happened; or an error.
 */
int utcp_sock_wait(struct sock *sk, wait_queue_entry_t *wait, long *timeo)
{
	if (!*timeo)
		return -EAGAIN;
	if (signal_pending(current))
		return sock_intr_errno(*timeo);
	if (list_empty_careful(&wait->entry)) {
		add_wait_queue(sk_sleep(sk), wait);
		return 0;
	}
	release_sock(sk);
	*timeo = wait_woken(wait, TASK_INTERRUPTIBLE, *timeo);
	lock_sock(sk);
	return 0;
}

/**
 * utcp_sock_waited() - wait no longer
 * @sk: the socket
 * @wait: the caller's entry, whether it is in the queue or not
 *
 * Context: process.
 */
void utcp_sock_waited(struct sock *sk, wait_queue_entry_t *wait)
{
	if (!list_empty_careful(&wait->entry))
		remove_wait_queue(sk_sleep(sk), wait);
}

/* --- connecting ----------------------------------------------------------------- */

static struct utcp_conn_params params_of(const struct sock *sk, u16 port,
					 u16 to_port)
{
	return (struct utcp_conn_params){
		.id = UTCP_CONN_MIN,
		.port = port,
		.to_port = to_port,
		.kind = utcp_sock_kind(sk),
		.buffer = UTCP_FLOW_FIRST,
		.most = max_t(u32, sk->sk_rcvbuf, UTCP_FLOW_FIRST),
		.longest = utcp_sock_kind(sk) == UTCP_KIND_SEQPACKET ?
				   UTCP_MESSAGE_MAX :
				   0,
		.now = utcp_now(),
	};
}

/* An accepted socket is set up as the listener was. What that is just changing may
 * be seen or not.
 */
static void inherit(struct utcp_sock *child, const struct utcp_sock *from)
{
	static const enum sock_flags flags[] = { SOCK_LINGER, SOCK_KEEPOPEN };
	struct sock *sk = &child->sk;
	const struct sock *to = &from->sk;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		sock_valbool_flag(sk, flags[i], sock_flag(to, flags[i]));
	child->opts = from->opts;
	sk->sk_lingertime = READ_ONCE(to->sk_lingertime);
	sk->sk_rcvbuf = READ_ONCE(to->sk_rcvbuf);
	sk->sk_sndbuf = READ_ONCE(to->sk_sndbuf);
	sk->sk_userlocks = to->sk_userlocks;
	sk->sk_rcvlowat = READ_ONCE(to->sk_rcvlowat);
	sk->sk_rcvtimeo = READ_ONCE(to->sk_rcvtimeo);
	sk->sk_sndtimeo = READ_ONCE(to->sk_sndtimeo);
}

/* The listener of a port. Under the ports' lock.
 * Return: -1: it has room for one more; or the code of the RESET that says why not.
 */
static int find_listener(struct utcp_ports *ports, const u8 *cell, u16 to_port,
			 u8 kind, struct utcp_sock **to)
{
	struct utcp_port *port = utcp_port_find(ports, cell, to_port);

	*to = port ? container_of(port, struct utcp_sock, port) : NULL;
	if (!*to || (*to)->sk.sk_state != TCP_LISTEN)
		return UTCP_RESET_NO_LISTENER;
	if (utcp_sock_kind(&(*to)->sk) != kind)
		return UTCP_RESET_KIND;
	if ((*to)->n_queue > READ_ONCE((*to)->sk.sk_max_ack_backlog))
		return UTCP_RESET_QUEUE_FULL;
	return -1;
}

/* Puts a socket into the queue of a listener. Under the ports' lock. */
static void enqueue(struct utcp_sock *to, struct utcp_sock *child)
{
	inherit(child, to);
	list_add_tail(&child->in_queue, &to->queue);
	trace_utcp_sock(&child->sk, UTCP_SOCK_CALLED, 0);
	to->n_queue++;
	to->sk.sk_data_ready(&to->sk);
}

/* Puts @child into the queue of the listener there. Return: 0, an error, or
 * -EAGAIN: the queue is full.
 */
static int enter_queue(struct sock *sk, const u8 *cell, u16 to_port,
		       struct utcp_sock *child)
{
	struct utcp_ports *ports = utcp_sock_ports(sk);
	struct utcp_pair *pair = utcp_pair_of(child->end);
	struct utcp_sock *to;
	int code;

	/* Who waited for room asks anew: nothing goes on yet that could be kept. */
	spin_lock_bh(&pair->lock);
	memset(&pair->tokens, 0, sizeof(pair->tokens));
	spin_unlock_bh(&pair->lock);
	code = utcp_sock_may(utcp_net(sock_net(sk)), pair,
			     utcp_sk(sk)->cell->id, cell, to_port);
	if (code)
		return code;
	spin_lock_bh(&ports->lock);
	code = find_listener(ports, cell, to_port, utcp_sock_kind(sk), &to);
	if (code < 0)
		enqueue(to, child);
	spin_unlock_bh(&ports->lock);
	if (code < 0)
		return 0;
	return code == UTCP_RESET_QUEUE_FULL ? -EAGAIN :
					       -utcp_reset_errno(code);
}

/* Both sockets of a connection, ready, but known to nobody. */
static struct utcp_sock *make_child(struct sock *sk,
				    const struct sockaddr_utcp *addr)
{
	struct utcp_sock *us = utcp_sk(sk), *child;
	const struct utcp_conn_params opener =
		params_of(sk, us->port.port, addr->sutcp_port);
	const struct utcp_conn_params acceptor =
		params_of(sk, addr->sutcp_port, us->port.port);
	struct utcp_pair *pair;
	struct sock *csk;

	csk = sock_make(sock_net(sk), NULL, us, sk->sk_type, 0, GFP_KERNEL);
	if (IS_ERR(csk))
		return ERR_PTR(-ENOBUFS);
	child = utcp_sk(csk);
	child->cell =
		utcp_cell_get(&utcp_net(sock_net(sk))->cells, addr->sutcp_cell);
	if (!child->cell) {
		/* It was removed just now. */
		sock_put(csk);
		return ERR_PTR(-EHOSTUNREACH);
	}
	pair = utcp_pair_make(utcp_net(sock_net(sk))->account, &opener,
			      &acceptor);
	if (!pair) {
		sock_put(csk);
		return ERR_PTR(-ENOBUFS);
	}
	child->port.port = addr->sutcp_port;
	memcpy(child->to_cell, us->cell->id, UTCP_CELL_ID_LEN);
	memcpy(child->to_key, us->cell->public_key, UTCP_KEY_LEN);
	child->to_port = us->port.port;
	/* Diagnosis, and who asks policies again, find it from now on. */
	smp_store_release(&child->end, &pair->end[1]);
	csk->sk_state = TCP_ESTABLISHED;
	pair->end[1].sk = csk;
	return child;
}

/* The child is in a queue: the connection is there. The caller holds the child: whoever
 * accepts may have closed it again.
 */
static void connected(struct sock *sk, struct utcp_sock *child)
{
	struct utcp_sock *us = utcp_sk(sk);
	struct utcp_end *end = child->end->ops->other(child->end);

	utcp_end_lock(end);
	end->sk = sk;
	/* Nobody was told if it has ended since. */
	if (end->conn.state == UTCP_CONN_DEAD)
		sk->sk_err = utcp_reset_errno(end->conn.code);
	utcp_end_unlock(end);
	memcpy(us->to_key, child->cell->public_key, UTCP_KEY_LEN);
	/* poll() looks at both without a lock, */
	smp_store_release(&us->end, end);
	/* and at the state first. */
	smp_store_release(&sk->sk_state, TCP_ESTABLISHED);
	trace_utcp_sock(sk, UTCP_SOCK_CONNECTED, 0);
}

/* Of a connection that was never there both ends are its. */
static void drop_both(struct utcp_sock *child)
{
	child->end->ops->put(child->end);
	sock_put(&child->sk);
}

static void later(struct utcp_sock *us)
{
	long left = max_t(long, us->give_up - jiffies, 0);

	sock_hold(&us->sk);
	if (!queue_delayed_work(utcp_sock_wq, &us->again,
				min_t(unsigned long, us->wait, left)))
		sock_put(&us->sk);
	us->wait = min_t(unsigned long, 2 * us->wait, FULL_MOST);
}

/**
 * utcp_sock_abort_connect() - connect no more, if it was about to
 * @sk: the socket
 *
 * Context: process, under the socket's lock.
 */
void utcp_sock_abort_connect(struct sock *sk)
{
	struct utcp_sock *us = utcp_sk(sk);

	if (sk->sk_state != TCP_SYN_SENT)
		return;
	/* poll() looks at the state first, then at the error and what is shut. */
	smp_store_release(&sk->sk_state, TCP_CLOSE);
	if (us->calling) {
		utcp_end_lock(us->calling);
		us->calling->sk = NULL;
		sk->sk_state_change = us->wakeup;
		us->calling->ops->reset(us->calling, UTCP_RESET_ABORTED);
		utcp_end_unlock(us->calling);
		us->calling->ops->put(us->calling);
		us->calling = NULL;
	}
	if (cancel_delayed_work(&us->again))
		sock_put(sk); /* not the last: the caller has one */
	if (us->child)
		drop_both(us->child);
	us->child = NULL;
}

/* What has come of a call to another host? Under the socket's lock. */
static void look_at_call(struct utcp_sock *us)
{
	struct utcp_end *end = us->calling;
	struct sock *sk = &us->sk;
	bool dead;

	if (!end)
		return;
	utcp_end_lock(end);
	if (end->conn.state == UTCP_CONN_OPENING) {
		utcp_end_unlock(end);
		return;
	}
	/* One that was open and has died since is a connection, too. */
	dead = !end->conn.accepted;
	sk->sk_state_change = us->wakeup;
	if (dead)
		end->sk = NULL;
	if (!dead) {
		utcp_sock_opts_apply(us, end);
		end->ops->move(end); /* which sets the clock */
	}
	utcp_end_unlock(end);
	us->calling = NULL;
	if (dead) {
		end->ops->put(end);
		sk->sk_shutdown = SHUTDOWN_MASK;
		/* poll() looks at the state first, then at this and the error. */
		smp_store_release(&sk->sk_state, TCP_CLOSE);
	} else {
		utcp_carry_key(end, us->to_key);
		/* poll() looks at both without a lock, */
		smp_store_release(&us->end, end);
		/* and at the state first. */
		smp_store_release(&sk->sk_state, TCP_ESTABLISHED);
		trace_utcp_sock(sk, UTCP_SOCK_CONNECTED, 0);
	}
	sk->sk_state_change(sk);
	if (!dead)
		sk->sk_write_space(sk);
}

/* A look at what is to be done, soon. The caller has a reference. */
static void look_soon(struct sock *sk)
{
	sock_hold(sk);
	if (!queue_delayed_work(utcp_sock_wq, &utcp_sk(sk)->again, 0))
		__sock_put(sk);
}

/* Instead of sk_state_change(), while it calls another host: who waits in connect()
 * looks himself; for who does not, a work item does. Under the lock of the end.
 */
static void call_changed(struct sock *sk)
{
	utcp_sk(sk)->wakeup(sk);
	look_soon(sk);
}

/* As lock_sock(), but waits for nobody: who has the lock may be about to read a page
 * which comes when another program likes, and as many of those as the queue has workers
 * would keep all others from being connected. False: it is not had; the one who has it
 * has the work queued again when he lets go.
 */
static bool lock_for_work(struct utcp_sock *us)
{
	struct sock *sk = &us->sk;

	spin_lock_bh(&sk->sk_lock.slock);
	if (sock_owned_by_user_nocheck(sk)) {
		us->missed = true;
		spin_unlock_bh(&sk->sk_lock.slock);
		return false;
	}
	sk->sk_lock.owned = 1;
	spin_unlock_bh(&sk->sk_lock.slock);
	mutex_acquire(&sk->sk_lock.dep_map, 0, 1, _RET_IP_);
	return true;
}

/* The socket's lock is about to be let go; under its spinlock. */
static void unlocked(struct sock *sk)
{
	struct utcp_sock *us = utcp_sk(sk);

	if (likely(!us->missed))
		return;
	us->missed = false;
	look_soon(sk);
}

/* The queue was full; see "Connections" in utcp.rst. */
static void try_again(struct work_struct *work)
{
	struct utcp_sock *us =
		container_of(to_delayed_work(work), struct utcp_sock, again);
	struct sock *sk = &us->sk;
	struct utcp_sock *child;
	int ret = 0;

	if (!lock_for_work(us)) {
		sock_put(sk);
		return;
	}
	look_at_call(us);
	if (sk->sk_state != TCP_SYN_SENT || us->calling)
		goto out;
	child = us->child;
	sock_hold(&child->sk);
	ret = enter_queue(sk, us->to_cell, us->to_port, child);
	if (ret == -EAGAIN && time_before(jiffies, us->give_up)) {
		later(us);
		goto put;
	}
	if (!ret) {
		us->child = NULL;
		connected(sk, child);
		sk->sk_state_change(sk);
		sk->sk_write_space(sk);
	} else {
		/* Before the state says that there is no connection. */
		sk->sk_err = ret == -EAGAIN ? ETIMEDOUT : -ret;
		trace_utcp_sock(sk, UTCP_SOCK_DIED, sk->sk_err);
		sk->sk_shutdown = SHUTDOWN_MASK;
		utcp_sock_abort_connect(sk);
		sk_error_report(sk);
		sk->sk_state_change(sk);
	}
put:
	sock_put(&child->sk);
out:
	release_sock(sk);
	sock_put(sk);
}

/**
 * utcp_sock_wait_connected() - wait as long as a socket is about to connect
 * @sk: the socket
 * @timeo: how long; what is left of it
 *
 * Context: process, under the socket's lock, which is dropped to wait.
 * Return: 0: it is no longer, whatever came of it; or an error.
 */
int utcp_sock_wait_connected(struct sock *sk, long *timeo)
{
	DEFINE_WAIT_FUNC(wait, utcp_sock_woken);
	int ret = 0;

	if (sk->sk_state != TCP_SYN_SENT)
		return 0;
	for (;;) {
		look_at_call(utcp_sk(sk));
		if (ret || sk->sk_state != TCP_SYN_SENT)
			break;
		ret = utcp_sock_wait(sk, &wait, timeo);
	}
	utcp_sock_waited(sk, &wait);
	return ret;
}

/**
 * utcp_sock_peer_error() - what a program gets when a peer could not be wanted
 * @err: what utcp_peer_want() gave
 *
 * Return: an error.
 */
int utcp_sock_peer_error(int err)
{
	switch (err) {
	case -ENOSPC:
		return -ENOBUFS;
	case -ENOENT:
		return -EHOSTUNREACH;
	default:
		return err;
	}
}

/* With a cell that is elsewhere: over frames. Return: as connect_to(). */
static int connect_there(struct sock *sk, const struct sockaddr_utcp *addr)
{
	struct utcp_sock *us = utcp_sk(sk);
	const struct utcp_conn_params params =
		params_of(sk, us->port.port, addr->sutcp_port);
	long timeo = min_t(long, sk->sk_sndtimeo, CONNECT_TIMEOUT);
	struct utcp_peer *peer;
	struct utcp_end *end;
	int ret;

	ret = utcp_policy_reach(utcp_net(sock_net(sk)), us->cell->id,
				addr->sutcp_cell, addr->sutcp_port);
	if (ret)
		return ret;
	us->wakeup = sk->sk_state_change;
	do {
		peer = utcp_peer_want(sock_net(sk), us->cell, addr->sutcp_cell,
				      current_euid());
		if (IS_ERR(peer))
			return utcp_sock_peer_error(PTR_ERR(peer));
		sk->sk_state_change = call_changed;
		end = utcp_carry_connect(peer, &params, sk, current_euid(),
					 jiffies_to_nsecs(timeo));
		utcp_peer_put(peer);
		if (IS_ERR(end))
			sk->sk_state_change = us->wakeup;
		/* The peer has ended just now: another one is made. */
	} while (end == ERR_PTR(-ENOENT));
	if (IS_ERR(end))
		return PTR_ERR(end);
	us->calling = end;
	us->give_up = jiffies + timeo;
	sk->sk_state = TCP_SYN_SENT;
	trace_utcp_sock(sk, UTCP_SOCK_CONNECTS, 0);
	look_at_call(us);
	return us->end ? 0 : -EINPROGRESS;
}

/* With a cell of this namespace: the short way. Return: as connect_to(). */
static int connect_here(struct sock *sk, const struct sockaddr_utcp *addr)
{
	struct utcp_sock *us = utcp_sk(sk);
	struct utcp_sock *child;
	int ret;

	child = make_child(sk, addr);
	if (IS_ERR(child))
		return PTR_ERR(child);
	sock_hold(&child->sk);
	ret = enter_queue(sk, us->to_cell, us->to_port, child);
	if (!ret)
		connected(sk, child);
	sock_put(&child->sk);
	if (!ret)
		return 0;
	if (ret == -EAGAIN) {
		us->child = child;
		us->wait = FULL_FIRST;
		us->give_up =
			jiffies + min_t(long, sk->sk_sndtimeo, CONNECT_TIMEOUT);
		sk->sk_state = TCP_SYN_SENT;
		trace_utcp_sock(sk, UTCP_SOCK_CONNECTS, 0);
		later(us);
		return -EINPROGRESS;
	}
	drop_both(child);
	return ret;
}

/* Return: 0: it is connected; -EINPROGRESS: it will be, or not; or an error. */
static int connect_to(struct sock *sk, const struct sockaddr_utcp *addr)
{
	struct utcp_sock *us = utcp_sk(sk);
	struct utcp_cell *cell;
	int ret;

	if (!us->cell) {
		ret = utcp_sock_bind(sk, utcp_sock_any, 0);
		if (ret)
			return ret;
	}
	sk->sk_err = 0;
	memcpy(us->to_cell, addr->sutcp_cell, UTCP_CELL_ID_LEN);
	us->to_port = addr->sutcp_port;
	cell = utcp_cell_get(&utcp_net(sock_net(sk))->cells, addr->sutcp_cell);
	if (!cell)
		return connect_there(sk, addr);
	ret = connect_here(sk, addr);
	utcp_cell_put(cell);
	return ret;
}

/**
 * utcp_socket_called() - an OPEN has come from another host
 * @peer: from whom
 * @open: what it says
 * @end: for the connection that comes of it
 *
 * Context: under the lock of @end; softirq.
 * Return: -1: a listener's queue has it, with a socket that has @end and puts it; or
 * the code of the RESET to send, and @end is as it was.
 */
int utcp_socket_called(struct utcp_peer *peer, const struct utcp_chunk *open,
		       struct utcp_end *end)
{
	struct utcp_ports *ports = &peer->un->ports;
	struct utcp_conn_params params;
	struct utcp_sock *to, *child;
	struct sock *csk;
	int code;

	spin_lock_bh(&ports->lock);
	code = find_listener(ports, peer->key.cell, open->open.to_port,
			     open->open.kind, &to);
	if (code >= 0)
		goto unlock;
	code = UTCP_RESET_RESOURCES;
	csk = sock_make(sock_net(&to->sk), NULL, to, to->sk.sk_type, 0,
			GFP_ATOMIC);
	if (IS_ERR(csk))
		goto unlock;
	child = utcp_sk(csk);
	child->cell = utcp_cell_get(&peer->un->cells, peer->key.cell);
	if (!child->cell) {
		sock_put(csk);
		goto unlock;
	}
	child->port.port = open->open.to_port;
	memcpy(child->to_cell, utcp_peer_id(peer), UTCP_CELL_ID_LEN);
	utcp_peer_public_key(peer, child->to_key);
	child->to_port = open->open.port;
	csk->sk_state = TCP_ESTABLISHED;
	csk->sk_rcvbuf = READ_ONCE(to->sk.sk_rcvbuf);
	params = params_of(csk, open->open.to_port, open->open.port);
	params.id = open->conn;
	utcp_conn_accept(&end->conn, &params, open);
	end->sk = csk;
	/* Diagnosis finds it already. */
	smp_store_release(&child->end, end);
	enqueue(to, child);
	utcp_sock_opts_apply(child, end);
	code = -1;
unlock:
	spin_unlock_bh(&ports->lock);
	return code;
}

/* Waits for what comes of it, and takes that note of it that TCP takes. */
static int finish_connect(struct socket *sock, long timeo)
{
	struct sock *sk = sock->sk;
	int ret;

	/* A call to another host is over when the connection says so. */
	if (timeo && utcp_sk(sk)->calling)
		timeo = MAX_SCHEDULE_TIMEOUT;
	ret = utcp_sock_wait_connected(sk, &timeo);
	if (ret == -EAGAIN && time_before(jiffies, utcp_sk(sk)->give_up))
		return -EINPROGRESS;
	if (ret == -EAGAIN) {
		sk->sk_err = ETIMEDOUT;
		trace_utcp_sock(sk, UTCP_SOCK_DIED, sk->sk_err);
		utcp_sock_abort_connect(sk);
		ret = 0;
	}
	if (ret || utcp_sk(sk)->end)
		return ret;
	sock->state = SS_UNCONNECTED;
	sk->sk_shutdown = 0;
	return sock_error(sk) ?: -ECONNABORTED;
}

static int utcp_connect(struct socket *sock, struct sockaddr_unsized *uaddr,
			int len, int flags)
{
	const struct sockaddr_utcp *addr = (struct sockaddr_utcp *)uaddr;
	struct sock *sk = sock->sk;
	long timeo;
	int ret;

	ret = utcp_sock_check_addr(addr, len);
	if (ret)
		return ret;
	if (!addr->sutcp_port)
		return -EINVAL;
	lock_sock(sk);
	timeo = sock_sndtimeo(sk, flags & O_NONBLOCK);
	look_at_call(utcp_sk(sk));
	if (sock->state == SS_CONNECTING)
		ret = -EALREADY;
	else if (utcp_sk(sk)->end || sk->sk_state != TCP_CLOSE)
		ret = -EISCONN;
	else
		ret = connect_to(sk, addr);
	if (ret == -EINPROGRESS || ret == -EALREADY) {
		sock->state = SS_CONNECTING;
		if (sk->sk_state == TCP_SYN_SENT && !timeo)
			goto out;
		ret = finish_connect(sock, timeo);
	}
	if (!ret)
		sock->state = SS_CONNECTED;
out:
	release_sock(sk);
	return ret;
}

static const struct proto_ops utcp_stream_ops = {
	.family = PF_UTCP,
	.owner = THIS_MODULE,
	.release = utcp_sock_release,
	.bind = utcp_sock_bind_call,
	.connect = utcp_connect,
	.socketpair = sock_no_socketpair,
	.accept = utcp_sock_accept,
	.getname = utcp_sock_getname,
	.poll = utcp_stream_poll,
	.ioctl = utcp_stream_ioctl,
	.listen = utcp_sock_listen,
	.shutdown = utcp_stream_shutdown,
	.set_rcvlowat = utcp_stream_rcvlowat,
	.setsockopt = utcp_sock_setsockopt,
	.getsockopt = utcp_sock_getsockopt,
	.sendmsg = utcp_stream_sendmsg,
	.recvmsg = utcp_stream_recvmsg,
	.mmap = sock_no_mmap,
};

static const struct net_proto_family utcp_family = {
	.family = PF_UTCP,
	.create = utcp_create,
	.owner = THIS_MODULE,
};

/**
 * utcp_socket_init() - sockets can be made from here on
 *
 * Return: 0, or an error: somebody else has the family's number.
 */
int utcp_socket_init(void)
{
	int ret;

	utcp_sock_wq = alloc_workqueue("utcp_sock", WQ_UNBOUND, 0);
	if (!utcp_sock_wq)
		return -ENOMEM;
	ret = proto_register(&utcp_proto, 1);
	if (ret)
		goto destroy_workqueue;
	ret = sock_register(&utcp_family);
	if (ret) {
		pr_err("utcp: address family %d is taken by somebody else\n",
		       PF_UTCP);
		goto unregister_proto;
	}
	ret = utcp_sockdiag_init();
	if (ret)
		goto unregister_family;
	return 0;

unregister_family:
	sock_unregister(PF_UTCP);
unregister_proto:
	proto_unregister(&utcp_proto);
destroy_workqueue:
	destroy_workqueue(utcp_sock_wq);
	return ret;
}

/**
 * utcp_socket_exit() - no socket can be made any more, and there is none
 */
void utcp_socket_exit(void)
{
	utcp_sockdiag_exit();
	sock_unregister(PF_UTCP);
	/* What it still does is to put a socket, a pair, or the module: what waits for
	 * its time holds one of them.
	 */
	destroy_workqueue(utcp_sock_wq);
	proto_unregister(&utcp_proto);
}
