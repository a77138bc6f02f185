// SPDX-License-Identifier: GPL-2.0-only
/*
 * AF_UTCP sockets: SOCK_STREAM and SOCK_SEQPACKET.
 *
 * Locks, from the outside in: the socket's own (lock_sock()), which guards what the
 * calls of a program change of it; that of an end of a connection, which guards the
 * bytes; the namespace's ports, under which a listener is looked up and its queue is
 * filled. A program copies to and from its memory under none of the latter two.
 */
#include <linux/capability.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sockios.h>
#include <linux/uio.h>
#include <asm/ioctls.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include <uapi/linux/utcp_socket.h>

#include "carry.h"
#include "pair.h"
#include "peer.h"
#include "port.h"
#include "socket.h"
#include "utcp.h"

/* Longest message. */
#define LONGEST 1048576
/* What is copied from or to a program at once. */
#define COPY_MAX 32768
/* A connect whose listener is full tries again; and gives up. */
#define FULL_FIRST (HZ / 10)
#define FULL_MOST HZ
#define CONNECT_TIMEOUT (20 * HZ)

/**
 * struct utcp_sock - a socket
 * @sk: first of all
 * @cell: as which it speaks, with a reference; NULL: not bound. Under the socket's
 *	lock, as the next four
 * @port: its own; of an accepted one not in the table, for the listener has it
 * @to_cell: CellID that it is connected to
 * @to_port: the port there
 * @end: its connection; NULL: none. Stays once it is open
 * @queue: listener: connections that wait to be accepted. Under the ports' lock
 * @in_queue: in the queue of a listener. Under the ports' lock
 */
struct utcp_sock {
	struct sock sk;
	struct utcp_cell *cell;
	struct utcp_port port;
	u8 to_cell[UTCP_CELL_ID_LEN];
	u16 to_port;
	struct utcp_end *end;
	struct list_head queue;
	struct list_head in_queue;
};

static struct utcp_sock *utcp_sk(const struct sock *sk)
{
	return (struct utcp_sock *)sk;
}

static struct utcp_ports *ports_of(const struct sock *sk)
{
	return &utcp_net(sock_net(sk))->ports;
}

static struct proto utcp_proto = {
	.name = "UTCP",
	.owner = THIS_MODULE,
	.obj_size = sizeof(struct utcp_sock),
};

static u8 kind_of(const struct sock *sk)
{
	return sk->sk_type == SOCK_STREAM ? UTCP_KIND_STREAM :
					    UTCP_KIND_SEQPACKET;
}

/* Where its connection is; a connect() that has succeeded in the meantime is
 * written down. Under the socket's lock, with a connection.
 */
static enum utcp_conn_state conn_state(struct sock *sk)
{
	struct utcp_end *end = utcp_sk(sk)->end;
	enum utcp_conn_state state;

	utcp_end_lock(end);
	state = end->conn.state;
	utcp_end_unlock(end);
	if (sk->sk_state == TCP_SYN_SENT && state == UTCP_CONN_OPEN) {
		sk->sk_state = TCP_ESTABLISHED;
		sk->sk_socket->state = SS_CONNECTED;
	}
	return state;
}

static bool is_connecting(struct sock *sk)
{
	return sk->sk_state == TCP_SYN_SENT && conn_state(sk) != UTCP_CONN_OPEN;
}

/* --- addresses ----------------------------------------------------------------- */

static int check_addr(const struct sockaddr_utcp *addr, int len)
{
	BUILD_BUG_ON(sizeof(*addr) != 32);
	BUILD_BUG_ON(UTCP_CELL_ID_BYTES != UTCP_CELL_ID_LEN);

	if (len < (int)sizeof(*addr))
		return -EINVAL;
	if (addr->sutcp_family != AF_UTCP)
		return -EAFNOSUPPORT;
	if (memchr_inv(addr->sutcp_zero, 0, sizeof(addr->sutcp_zero)))
		return -EINVAL;
	return 0;
}

/* The cell of a CellID, or the default one; one that this program may use. */
static struct utcp_cell *own_cell(const struct sock *sk, const u8 *id)
{
	struct utcp_cells *cells = &utcp_net(sock_net(sk))->cells;
	static const u8 any[UTCP_CELL_ID_LEN];
	struct utcp_cell *cell;
	u8 def[UTCP_CELL_ID_LEN];

	if (!memcmp(id, any, UTCP_CELL_ID_LEN)) {
		rcu_read_lock();
		cell = utcp_cell_default(cells);
		if (cell)
			memcpy(def, cell->id, sizeof(def));
		rcu_read_unlock();
		if (!cell)
			return ERR_PTR(-EADDRNOTAVAIL);
		id = def;
	}
	cell = utcp_cell_get(cells, id);
	if (!cell)
		return ERR_PTR(-EADDRNOTAVAIL);
	if (!utcp_cell_may_use(cell, current_cred())) {
		utcp_cell_put(cell);
		return ERR_PTR(-EACCES);
	}
	return cell;
}

static const u8 any_cell[UTCP_CELL_ID_LEN];

static int bind_to(struct sock *sk, const u8 *id, u16 port)
{
	struct utcp_sock *us = utcp_sk(sk);
	struct utcp_cell *cell;
	int ret;

	if (us->cell)
		return -EINVAL;
	if (port && port < 1024 &&
	    !ns_capable(sock_net(sk)->user_ns, CAP_NET_BIND_SERVICE))
		return -EACCES;
	cell = own_cell(sk, id);
	if (IS_ERR(cell))
		return PTR_ERR(cell);
	ret = utcp_port_take(ports_of(sk), &us->port, cell->id, port);
	if (ret) {
		utcp_cell_put(cell);
		return ret;
	}
	us->cell = cell;
	return 0;
}

static int utcp_bind(struct socket *sock, struct sockaddr *uaddr, int len)
{
	const struct sockaddr_utcp *addr = (struct sockaddr_utcp *)uaddr;
	struct sock *sk = sock->sk;
	int ret;

	ret = check_addr(addr, len);
	if (ret)
		return ret;
	lock_sock(sk);
	ret = bind_to(sk, addr->sutcp_cell, addr->sutcp_port);
	release_sock(sk);
	return ret;
}

static int utcp_getname(struct socket *sock, struct sockaddr *uaddr, int peer)
{
	struct sockaddr_utcp *addr = (struct sockaddr_utcp *)uaddr;
	struct sock *sk = sock->sk;
	struct utcp_sock *us = utcp_sk(sk);
	int ret = sizeof(*addr);

	memset(addr, 0, sizeof(*addr));
	addr->sutcp_family = AF_UTCP;
	lock_sock(sk);
	if (!peer) {
		if (us->cell)
			memcpy(addr->sutcp_cell, us->cell->id,
			       UTCP_CELL_ID_LEN);
		addr->sutcp_port = us->port.port;
	} else if (us->end && !is_connecting(sk)) {
		memcpy(addr->sutcp_cell, us->to_cell, UTCP_CELL_ID_LEN);
		addr->sutcp_port = us->to_port;
	} else {
		ret = -ENOTCONN;
	}
	release_sock(sk);
	return ret;
}

/* Waits until something happens to the socket. Return: 0, or an error. */
static int wait_for(struct sock *sk, wait_queue_entry_t *wait, long *timeo)
{
	if (!*timeo)
		return -EAGAIN;
	if (signal_pending(current))
		return sock_intr_errno(*timeo);
	release_sock(sk);
	*timeo = wait_woken(wait, TASK_INTERRUPTIBLE, *timeo);
	lock_sock(sk);
	return 0;
}

/* --- life ---------------------------------------------------------------------- */

static void utcp_destruct(struct sock *sk)
{
	struct utcp_sock *us = utcp_sk(sk);

	if (us->end)
		us->end->ops->put(us->end);
	if (us->cell)
		utcp_cell_put(us->cell);
}

static const struct proto_ops utcp_ops;

static struct sock *sock_make(struct net *net, struct socket *sock, gfp_t gfp,
			      int type, int kern)
{
	struct sock *sk = sk_alloc(net, PF_UTCP, gfp, &utcp_proto, kern);

	if (!sk)
		return NULL;
	sock_init_data(sock, sk);
	sk->sk_type = type;
	sk->sk_destruct = utcp_destruct;
	sk->sk_state = TCP_CLOSE;
	INIT_LIST_HEAD(&utcp_sk(sk)->queue);
	INIT_LIST_HEAD(&utcp_sk(sk)->in_queue);
	return sk;
}

static int utcp_create(struct net *net, struct socket *sock, int protocol,
		       int kern)
{
	if (protocol)
		return -EPROTONOSUPPORT;
	if (sock->type != SOCK_STREAM && sock->type != SOCK_SEQPACKET)
		return -ESOCKTNOSUPPORT;
	sock->state = SS_UNCONNECTED;
	sock->ops = &utcp_ops;
	return sock_make(net, sock, GFP_KERNEL, sock->type, kern) ? 0 : -ENOMEM;
}

/* Is something lost, or nobody to be told of the end? Under the end's lock. */
static bool ends_at_once(const struct sock *sk, const struct utcp_conn *conn)
{
	return conn->state != UTCP_CONN_OPEN ||
	       conn->recvq.next > conn->recvq.read ||
	       (sock_flag(sk, SOCK_LINGER) && !sk->sk_lingertime);
}

/* SO_LINGER: close() waits until all has arrived. */
static void linger(struct sock *sk)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	struct utcp_end *end = utcp_sk(sk)->end;
	long timeo = sk->sk_lingertime;
	bool done;

	add_wait_queue(sk_sleep(sk), &wait);
	utcp_end_lock(end);
	if (!ends_at_once(sk, &end->conn)) {
		utcp_sendq_fin(&end->conn.sendq);
		end->ops->move(end);
	}
	utcp_end_unlock(end);
	do {
		utcp_end_lock(end);
		done = ends_at_once(sk, &end->conn) ||
		       utcp_sendq_done(&end->conn.sendq);
		utcp_end_unlock(end);
	} while (!done && !wait_for(sk, &wait, &timeo));
	remove_wait_queue(sk_sleep(sk), &wait);
}

/* The program has closed: what is unread is lost, and the other end is told. */
static void close_end(struct sock *sk)
{
	struct utcp_end *end = utcp_sk(sk)->end;
	struct utcp_conn *conn;

	if (!end)
		return;
	if (sock_flag(sk, SOCK_LINGER) && sk->sk_lingertime &&
	    !(current->flags & PF_EXITING))
		linger(sk);
	utcp_end_lock(end);
	conn = &end->conn;
	end->sk = NULL;
	if (conn->state == UTCP_CONN_DEAD) {
		/* nothing to tell */
	} else if (ends_at_once(sk, conn)) {
		end->ops->reset(end, conn->state == UTCP_CONN_OPEN ?
					     UTCP_RESET_UNREAD :
					     UTCP_RESET_ABORTED);
	} else {
		conn->closed = true;
		utcp_sendq_fin(&conn->sendq);
		end->ops->move(end);
	}
	utcp_end_unlock(end);
}

/* Connections that nobody has accepted. */
static void drop_queue(struct sock *sk)
{
	struct utcp_sock *us = utcp_sk(sk), *child, *next;
	LIST_HEAD(queue);

	spin_lock_bh(&ports_of(sk)->lock);
	list_splice_init(&us->queue, &queue);
	sk->sk_ack_backlog = 0;
	spin_unlock_bh(&ports_of(sk)->lock);
	list_for_each_entry_safe(child, next, &queue, in_queue) {
		list_del_init(&child->in_queue);
		utcp_end_lock(child->end);
		child->end->sk = NULL;
		if (child->end->conn.state != UTCP_CONN_DEAD)
			child->end->ops->reset(child->end, UTCP_RESET_ABORTED);
		utcp_end_unlock(child->end);
		sock_put(&child->sk);
	}
}

static int utcp_release(struct socket *sock)
{
	struct sock *sk = sock->sk;

	if (!sk)
		return 0;
	lock_sock(sk);
	/* From here on nobody finds it. */
	utcp_port_drop(ports_of(sk), &utcp_sk(sk)->port);
	drop_queue(sk);
	close_end(sk);
	sk->sk_state = TCP_CLOSE;
	sk->sk_shutdown = SHUTDOWN_MASK;
	sock_orphan(sk);
	release_sock(sk);
	sock->sk = NULL;
	sock_put(sk);
	return 0;
}

static int utcp_listen(struct socket *sock, int backlog)
{
	struct sock *sk = sock->sk;
	int ret = -EINVAL;

	lock_sock(sk);
	/* Who has not bound gets a port that nobody knows; as TCP does. */
	if (!utcp_sk(sk)->end && sk->sk_state != TCP_SYN_SENT)
		ret = utcp_sk(sk)->cell ? 0 : bind_to(sk, any_cell, 0);
	if (!ret) {
		spin_lock_bh(&ports_of(sk)->lock);
		sk->sk_max_ack_backlog = backlog;
		sk->sk_state = TCP_LISTEN;
		spin_unlock_bh(&ports_of(sk)->lock);
	}
	release_sock(sk);
	return ret;
}

/* --- connecting ----------------------------------------------------------------- */

static struct utcp_conn_params params_of(const struct sock *sk, u16 port,
					 u16 to_port)
{
	return (struct utcp_conn_params){
		.id = UTCP_CONN_MIN,
		.port = port,
		.to_port = to_port,
		.kind = kind_of(sk),
		.buffer = UTCP_FLOW_FIRST,
		.most = max_t(u32, sk->sk_rcvbuf, UTCP_FLOW_FIRST),
		.longest = kind_of(sk) == UTCP_KIND_SEQPACKET ? LONGEST : 0,
		.now = utcp_now(),
	};
}

/* The listener of a port. Under the ports' lock.
 * Return: -1: it has room for one more; or the code of the RESET that says why not.
 */
static int find_listener(struct utcp_ports *ports, const u8 *cell, u16 number,
			 u8 kind, struct utcp_sock **to)
{
	struct utcp_port *port = utcp_port_find(ports, cell, number);

	*to = port ? container_of(port, struct utcp_sock, port) : NULL;
	if (!*to || (*to)->sk.sk_state != TCP_LISTEN)
		return UTCP_RESET_NO_LISTENER;
	if (kind_of(&(*to)->sk) != kind)
		return UTCP_RESET_KIND;
	return sk_acceptq_is_full(&(*to)->sk) ? UTCP_RESET_QUEUE_FULL : -1;
}

/* Puts a socket into the queue of a listener. Under the ports' lock. */
static void enqueue(struct utcp_sock *to, struct utcp_sock *child)
{
	list_add_tail(&child->in_queue, &to->queue);
	sk_acceptq_added(&to->sk);
	to->sk.sk_data_ready(&to->sk);
}

/* Puts @child into the queue of the listener of @addr. Return: 0, an error, or
 * -EAGAIN: the queue is full.
 */
static int enter_queue(struct sock *sk, const struct sockaddr_utcp *addr,
		       struct utcp_sock *child)
{
	struct utcp_ports *ports = ports_of(sk);
	struct utcp_sock *to;
	int code;

	spin_lock_bh(&ports->lock);
	code = find_listener(ports, addr->sutcp_cell, addr->sutcp_port,
			     kind_of(sk), &to);
	if (code < 0)
		enqueue(to, child);
	spin_unlock_bh(&ports->lock);
	if (code < 0)
		return 0;
	return code == UTCP_RESET_QUEUE_FULL ? -EAGAIN :
					       -utcp_reset_errno(code);
}

/* Both ends of a connection, ready, and the socket of the other one; known to nobody.
 */
static struct utcp_sock *make_child(struct sock *sk,
				    const struct sockaddr_utcp *addr,
				    struct utcp_end **end)
{
	struct utcp_sock *us = utcp_sk(sk), *child;
	const struct utcp_conn_params opener =
		params_of(sk, us->port.port, addr->sutcp_port);
	const struct utcp_conn_params acceptor =
		params_of(sk, addr->sutcp_port, us->port.port);
	struct utcp_pair *pair;
	struct sock *csk;

	csk = sock_make(sock_net(sk), NULL, GFP_KERNEL, sk->sk_type, 0);
	if (!csk)
		return NULL;
	child = utcp_sk(csk);
	pair = utcp_pair_make(&opener, &acceptor);
	child->cell =
		utcp_cell_get(&utcp_net(sock_net(sk))->cells, addr->sutcp_cell);
	if (!pair || !child->cell) {
		if (pair) {
			pair->end[0].ops->put(&pair->end[0]);
			pair->end[1].ops->put(&pair->end[1]);
		}
		sock_put(csk);
		return NULL;
	}
	child->end = &pair->end[1];
	*end = &pair->end[0];
	child->port.port = addr->sutcp_port;
	memcpy(child->to_cell, us->cell->id, UTCP_CELL_ID_LEN);
	child->to_port = us->port.port;
	csk->sk_state = TCP_ESTABLISHED;
	pair->end[0].sk = sk;
	pair->end[1].sk = csk;
	return child;
}

/* With a cell of this namespace: the short way. */
static int connect_here(struct sock *sk, const struct sockaddr_utcp *addr,
			long timeo)
{
	struct utcp_sock *us = utcp_sk(sk);
	long wait = FULL_FIRST, left = min_t(long, timeo, CONNECT_TIMEOUT);
	struct utcp_sock *child;
	struct utcp_end *end;
	int ret;

	child = make_child(sk, addr, &end);
	if (!child)
		return -ENOMEM;
	while ((ret = enter_queue(sk, addr, child)) == -EAGAIN) {
		if (!timeo)
			break;
		if (left <= 0) {
			ret = -ETIMEDOUT;
			break;
		}
		release_sock(sk);
		wait = min(wait, left);
		left -= wait - schedule_timeout_interruptible(wait);
		lock_sock(sk);
		if (signal_pending(current)) {
			ret = sock_intr_errno(timeo);
			break;
		}
		if (us->end || sk->sk_state != TCP_CLOSE) {
			ret = -EISCONN;
			break;
		}
		wait = min_t(long, 2 * wait, FULL_MOST);
	}
	if (ret) {
		end->ops->put(end);
		sock_put(&child->sk);
		return ret;
	}
	us->end = end;
	memcpy(us->to_cell, addr->sutcp_cell, UTCP_CELL_ID_LEN);
	us->to_port = addr->sutcp_port;
	sk->sk_state = TCP_ESTABLISHED;
	sk->sk_socket->state = SS_CONNECTED;
	return 0;
}

/* What a connect() gets that goes over frames, now or when it is over. Under the
 * socket's lock, which is released while it waits.
 */
static int wait_connected(struct sock *sk, bool block, int if_not)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	struct utcp_sock *us = utcp_sk(sk);
	long forever = MAX_SCHEDULE_TIMEOUT;
	enum utcp_conn_state state;
	int ret = 0;

	add_wait_queue(sk_sleep(sk), &wait);
	while ((state = conn_state(sk)) == UTCP_CONN_OPENING) {
		/* Its time is over when the connection says so. */
		ret = block ? wait_for(sk, &wait, &forever) : if_not;
		if (ret || sk->sk_state != TCP_SYN_SENT)
			break;
	}
	remove_wait_queue(sk_sleep(sk), &wait);
	if (ret || state != UTCP_CONN_DEAD || sk->sk_state != TCP_SYN_SENT)
		return ret;
	/* It failed, and may be tried again. */
	us->end->ops->put(us->end);
	us->end = NULL;
	sk->sk_state = TCP_CLOSE;
	sk->sk_socket->state = SS_UNCONNECTED;
	ret = sock_error(sk);
	return ret ? ret : -ECONNABORTED;
}

/* With a cell that is elsewhere: over frames. */
static int connect_there(struct sock *sk, const struct sockaddr_utcp *addr,
			 long timeo)
{
	struct utcp_sock *us = utcp_sk(sk);
	const struct utcp_conn_params params =
		params_of(sk, us->port.port, addr->sutcp_port);
	struct utcp_peer *peer;
	struct utcp_end *end;
	u64 timeout = UTCP_CONNECT_TIMEOUT;

	if (timeo && timeo < CONNECT_TIMEOUT)
		timeout = jiffies_to_nsecs(timeo);
	peer = utcp_peer_want(sock_net(sk), us->cell, addr->sutcp_cell,
			      current_euid());
	if (IS_ERR(peer)) {
		switch (PTR_ERR(peer)) {
		case -ENOSPC:
			return -ENOBUFS;
		case -ENOENT:
			return -EHOSTUNREACH;
		default:
			return PTR_ERR(peer);
		}
	}
	end = utcp_carry_connect(peer, &params, sk, current_euid(), timeout);
	utcp_peer_put(peer);
	if (IS_ERR(end))
		return PTR_ERR(end);
	us->end = end;
	memcpy(us->to_cell, addr->sutcp_cell, UTCP_CELL_ID_LEN);
	us->to_port = addr->sutcp_port;
	sk->sk_state = TCP_SYN_SENT;
	sk->sk_socket->state = SS_CONNECTING;
	return wait_connected(sk, timeo, -EINPROGRESS);
}

static int connect_to(struct sock *sk, const struct sockaddr_utcp *addr,
		      long timeo)
{
	struct utcp_cell *cell;
	int ret;

	if (!utcp_sk(sk)->cell) {
		ret = bind_to(sk, any_cell, 0);
		if (ret)
			return ret;
	}
	cell = utcp_cell_get(&utcp_net(sock_net(sk))->cells, addr->sutcp_cell);
	if (!cell)
		return connect_there(sk, addr, timeo);
	ret = connect_here(sk, addr, timeo);
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
	csk = sock_make(sock_net(&to->sk), NULL, GFP_ATOMIC, to->sk.sk_type, 0);
	if (!csk)
		goto unlock;
	child = utcp_sk(csk);
	child->cell = utcp_cell_get(&peer->un->cells, peer->key.cell);
	if (!child->cell) {
		sock_put(csk);
		goto unlock;
	}
	child->port.port = open->open.to_port;
	memcpy(child->to_cell, utcp_peer_id(peer), UTCP_CELL_ID_LEN);
	child->to_port = open->open.port;
	csk->sk_rcvbuf = to->sk.sk_rcvbuf;
	csk->sk_sndbuf = to->sk.sk_sndbuf;
	csk->sk_state = TCP_ESTABLISHED;
	params = params_of(csk, open->open.to_port, open->open.port);
	params.id = open->conn;
	utcp_conn_accept(&end->conn, &params, open);
	end->sk = csk;
	child->end = end;
	enqueue(to, child);
	code = -1;
unlock:
	spin_unlock_bh(&ports->lock);
	return code;
}

static int utcp_connect(struct socket *sock, struct sockaddr *uaddr, int len,
			int flags)
{
	const struct sockaddr_utcp *addr = (struct sockaddr_utcp *)uaddr;
	struct sock *sk = sock->sk;
	long timeo;
	int ret;

	ret = check_addr(addr, len);
	if (ret)
		return ret;
	if (!addr->sutcp_port)
		return -EINVAL;
	lock_sock(sk);
	timeo = sock_sndtimeo(sk, flags & O_NONBLOCK);
	if (utcp_sk(sk)->end && !is_connecting(sk))
		ret = -EISCONN;
	else if (utcp_sk(sk)->end)
		ret = wait_connected(sk, timeo, -EALREADY);
	else if (sk->sk_state != TCP_CLOSE)
		ret = -EINVAL;
	else
		ret = connect_to(sk, addr, timeo);
	release_sock(sk);
	return ret;
}

static struct utcp_sock *take_from_queue(struct sock *sk)
{
	struct utcp_sock *us = utcp_sk(sk), *child;

	spin_lock_bh(&ports_of(sk)->lock);
	child = list_first_entry_or_null(&us->queue, struct utcp_sock,
					 in_queue);
	if (child) {
		list_del_init(&child->in_queue);
		sk_acceptq_removed(sk);
	}
	spin_unlock_bh(&ports_of(sk)->lock);
	return child;
}

static int accept_one(struct socket *sock, struct socket *newsock,
		      bool nonblock)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	struct sock *sk = sock->sk;
	struct utcp_sock *child = NULL;
	long timeo;
	int ret = 0;

	lock_sock(sk);
	timeo = sock_rcvtimeo(sk, nonblock);
	add_wait_queue(sk_sleep(sk), &wait);
	for (;;) {
		if (sk->sk_state != TCP_LISTEN) {
			ret = -EINVAL;
			break;
		}
		child = take_from_queue(sk);
		if (child)
			break;
		if (!timeo) {
			ret = -EAGAIN;
			break;
		}
		if (signal_pending(current)) {
			ret = sock_intr_errno(timeo);
			break;
		}
		release_sock(sk);
		timeo = wait_woken(&wait, TASK_INTERRUPTIBLE, timeo);
		lock_sock(sk);
	}
	remove_wait_queue(sk_sleep(sk), &wait);
	release_sock(sk);
	if (ret)
		return ret;
	lock_sock(&child->sk);
	sock_graft(&child->sk, newsock);
	newsock->state = SS_CONNECTED;
	release_sock(&child->sk);
	return 0;
}

#ifdef HAVE_PROTO_ACCEPT_ARG
static int utcp_accept(struct socket *sock, struct socket *newsock,
		       struct proto_accept_arg *arg)
{
	return accept_one(sock, newsock, arg->flags & O_NONBLOCK);
}
#else
static int utcp_accept(struct socket *sock, struct socket *newsock, int flags,
		       bool kern)
{
	return accept_one(sock, newsock, flags & O_NONBLOCK);
}
#endif

/* --- bytes ---------------------------------------------------------------------- */

/* What prevents sending; under the end's lock. */
static int send_error(struct sock *sk, const struct utcp_conn *conn)
{
	int err = sock_error(sk);

	if (err)
		return err;
	if (sk->sk_shutdown & SEND_SHUTDOWN || conn->state == UTCP_CONN_DEAD)
		return -EPIPE;
	return 0;
}

/* Room for bytes; a message goes as a whole. */
static bool has_room(const struct sock *sk, const struct utcp_conn *conn,
		     size_t len)
{
	u64 waits = utcp_sendq_waits(&conn->sendq);

	if (conn->kind == UTCP_KIND_SEQPACKET)
		return !waits || waits + len <= (u64)sk->sk_sndbuf;
	return waits < (u64)sk->sk_sndbuf;
}

static int utcp_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	struct sock *sk = sock->sk;
	struct utcp_sock *us = utcp_sk(sk);
	struct utcp_end *end;
	struct utcp_conn *conn;
	bool message = kind_of(sk) == UTCP_KIND_SEQPACKET;
	size_t sent = 0;
	u8 *copy = NULL;
	long timeo;
	int ret = 0;

	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	lock_sock(sk);
	end = us->end;
	if (!end) {
		ret = message ? -ENOTCONN : -EPIPE; /* as TCP has it */
		goto out;
	}
	if (msg->msg_name) {
		ret = -EISCONN;
		goto out;
	}
	timeo = sock_sndtimeo(sk, msg->msg_flags & MSG_DONTWAIT);
	if (is_connecting(sk)) {
		ret = wait_connected(sk, timeo, -EAGAIN);
		if (ret)
			goto out;
		end = us->end;
	}
	conn = &end->conn;
	if (message && !len) {
		ret = -EINVAL;
		goto out;
	}
	if (message && len > min_t(size_t, conn->longest, LONGEST)) {
		ret = -EMSGSIZE;
		goto out;
	}
	copy = kvmalloc(
		message ? len : min_t(size_t, max_t(size_t, len, 1), COPY_MAX),
		GFP_KERNEL_ACCOUNT);
	if (!copy) {
		ret = -ENOBUFS;
		goto out;
	}
	add_wait_queue(sk_sleep(sk), &wait);
	do {
		size_t part = message ? len :
					min_t(size_t, len - sent, COPY_MAX);

		if (part && !copy_from_iter_full(copy, part, &msg->msg_iter)) {
			ret = -EFAULT;
			break;
		}
		for (;;) {
			utcp_end_lock(end);
			ret = send_error(sk, conn);
			if (!ret && has_room(sk, conn, part))
				break; /* with the lock */
			utcp_end_unlock(end);
			if (!ret)
				ret = wait_for(sk, &wait, &timeo);
			if (ret)
				goto done;
		}
		if (part &&
		    !utcp_sendq_write(&conn->sendq, copy, part, message))
			ret = -ENOBUFS;
		else
			end->ops->move(end);
		utcp_end_unlock(end);
		if (!ret)
			sent += part;
	} while (!ret && sent < len);
done:
	remove_wait_queue(sk_sleep(sk), &wait);
out:
	kvfree(copy);
	if (sent)
		ret = sent;
	else if (ret)
		ret = sk_stream_error(sk, msg->msg_flags, ret);
	release_sock(sk);
	return ret;
}

/* Bytes for the program: *@whole is how long the message is. */
static size_t take_bytes(struct utcp_conn *conn, u8 *to, size_t room,
			 size_t skip, size_t *whole)
{
	u32 ready = utcp_recvq_ready(&conn->recvq);
	size_t len;

	*whole = ready;
	if (ready <= skip)
		return 0;
	len = min_t(size_t, room, ready - skip);
	utcp_pieces_read(&conn->recvq.bytes, conn->recvq.read + skip, to, len);
	return len;
}

static void drop_bytes(struct utcp_end *end, u32 len)
{
	struct utcp_conn *conn = &end->conn;

	utcp_recvq_drop(&conn->recvq, len);
	if (utcp_flow_read(&conn->flow, len, end->ops->rtt(end), utcp_now()) &&
	    conn->state != UTCP_CONN_DEAD && conn->recvq.fin == UTCP_OFFSET_END)
		conn->send |= UTCP_CONN_SEND_WINDOW;
	end->ops->move(end);
}

static int utcp_recvmsg(struct socket *sock, struct msghdr *msg, size_t size,
			int flags)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	struct sock *sk = sock->sk;
	struct utcp_sock *us = utcp_sk(sk);
	bool message = kind_of(sk) == UTCP_KIND_SEQPACKET;
	bool peek = flags & MSG_PEEK;
	struct utcp_end *end;
	struct utcp_conn *conn;
	size_t got = 0, target, whole, copy_len;
	u8 *copy = NULL;
	long timeo;
	int ret = 0;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	lock_sock(sk);
	end = us->end;
	if (!end) {
		ret = -ENOTCONN;
		goto out;
	}
	conn = &end->conn;
	copy_len = message ? min_t(size_t, size, LONGEST) :
			     min_t(size_t, size, COPY_MAX);
	copy = kvmalloc(max_t(size_t, copy_len, 1), GFP_KERNEL_ACCOUNT);
	if (!copy) {
		ret = -ENOBUFS;
		goto out;
	}
	target = sock_rcvlowat(sk, flags & MSG_WAITALL, size);
	timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	add_wait_queue(sk_sleep(sk), &wait);
	for (;;) {
		bool ended, dead;
		size_t len;

		utcp_end_lock(end);
		len = take_bytes(conn, copy,
				 min_t(size_t, copy_len, size - got),
				 peek ? got : 0, &whole);
		ended = utcp_recvq_ended(&conn->recvq) ||
			(peek && conn->recvq.read + got == conn->recvq.fin);
		dead = conn->state == UTCP_CONN_DEAD;
		utcp_end_unlock(end);
		if (len && copy_to_iter(copy, len, &msg->msg_iter) != len) {
			ret = got ? 0 : -EFAULT;
			break;
		}
		got += len;
		if (message && whole) {
			if (!peek) {
				utcp_end_lock(end);
				drop_bytes(end, whole);
				utcp_end_unlock(end);
			}
			msg->msg_flags |= MSG_EOR;
			if (whole > got) {
				msg->msg_flags |= MSG_TRUNC;
				msg->msg_flags &= ~MSG_EOR;
			}
			ret = flags & MSG_TRUNC ? whole : got;
			goto done;
		}
		if (len && !peek) {
			utcp_end_lock(end);
			drop_bytes(end, len);
			utcp_end_unlock(end);
		}
		if (got >= size || (!len && got >= target))
			break;
		if (len)
			continue;
		if (got && (ended || dead || sk->sk_err ||
			    sk->sk_shutdown & RCV_SHUTDOWN))
			break;
		ret = sock_error(sk);
		if (ret || ended || dead || sk->sk_shutdown & RCV_SHUTDOWN)
			break;
		ret = wait_for(sk, &wait, &timeo);
		if (ret)
			break;
	}
	if (got)
		ret = got;
done:
	remove_wait_queue(sk_sleep(sk), &wait);
out:
	kvfree(copy);
	release_sock(sk);
	return ret;
}

static int utcp_shutdown(struct socket *sock, int how)
{
	struct sock *sk = sock->sk;
	struct utcp_sock *us = utcp_sk(sk);
	struct utcp_end *end;
	int ret = 0;

	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	how++; /* RCV_SHUTDOWN, SEND_SHUTDOWN */
	lock_sock(sk);
	end = us->end;
	if (sk->sk_state == TCP_LISTEN && how & RCV_SHUTDOWN) {
		spin_lock_bh(&ports_of(sk)->lock);
		sk->sk_state = TCP_CLOSE;
		spin_unlock_bh(&ports_of(sk)->lock);
		drop_queue(sk);
		sk->sk_state_change(sk);
	} else if (!end) {
		ret = -ENOTCONN;
	} else {
		utcp_end_lock(end);
		if (end->conn.state == UTCP_CONN_DEAD) {
			ret = -ENOTCONN;
		} else if (end->conn.state == UTCP_CONN_OPENING) {
			/* As TCP: it is not connected, and will not be. */
			end->ops->reset(end, UTCP_RESET_ABORTED);
			sk->sk_shutdown |= how;
			sk->sk_state_change(sk);
		} else {
			sk->sk_shutdown |= how;
			if (how & SEND_SHUTDOWN)
				utcp_sendq_fin(&end->conn.sendq);
			end->ops->move(end);
			sk->sk_state_change(sk);
		}
		utcp_end_unlock(end);
	}
	release_sock(sk);
	return ret;
}

/* Under the end's lock. */
static __poll_t poll_end(struct sock *sk, const struct utcp_conn *conn)
{
	bool dead = conn->state == UTCP_CONN_DEAD;
	bool ended = dead || utcp_recvq_ended(&conn->recvq) ||
		     sk->sk_shutdown & RCV_SHUTDOWN;
	__poll_t mask = 0;

	if (conn->state == UTCP_CONN_OPENING)
		return 0;
	if (sk->sk_err)
		mask |= EPOLLERR;
	if (ended || utcp_recvq_ready(&conn->recvq))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (ended || conn->recvq.next == conn->recvq.fin)
		mask |= EPOLLRDHUP;
	if (dead || (conn->recvq.next == conn->recvq.fin &&
		     sk->sk_shutdown & SEND_SHUTDOWN))
		mask |= EPOLLHUP;
	if (dead || sk->sk_shutdown & SEND_SHUTDOWN || has_room(sk, conn, 1))
		mask |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	else
		set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
	return mask;
}

static __poll_t utcp_poll(struct file *file, struct socket *sock,
			  poll_table *wait)
{
	struct sock *sk = sock->sk;
	struct utcp_sock *us = utcp_sk(sk);
	__poll_t mask = 0;

	sock_poll_wait(file, sock, wait);
	/* A connection that could not be opened is let go of under it. */
	lock_sock(sk);
	if (sk->sk_state == TCP_LISTEN) {
		spin_lock_bh(&ports_of(sk)->lock);
		if (!list_empty(&us->queue))
			mask = EPOLLIN | EPOLLRDNORM;
		spin_unlock_bh(&ports_of(sk)->lock);
	} else if (us->end) {
		utcp_end_lock(us->end);
		mask = poll_end(sk, &us->end->conn);
		utcp_end_unlock(us->end);
	} else {
		mask = EPOLLOUT | EPOLLHUP;
	}
	release_sock(sk);
	return mask;
}

static int utcp_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	struct sock *sk = sock->sk;
	struct utcp_end *end;
	u64 n = 0;

	if (cmd != SIOCINQ && cmd != SIOCOUTQ)
		return -ENOIOCTLCMD;
	if (sk->sk_state == TCP_LISTEN)
		return -EINVAL;
	lock_sock(sk);
	end = utcp_sk(sk)->end;
	if (end) {
		utcp_end_lock(end);
		n = cmd == SIOCINQ ? utcp_recvq_ready(&end->conn.recvq) :
				     utcp_sendq_waits(&end->conn.sendq);
		utcp_end_unlock(end);
	}
	release_sock(sk);
	return put_user((int)n, (int __user *)arg);
}

static const struct proto_ops utcp_ops = {
	.family = PF_UTCP,
	.owner = THIS_MODULE,
	.release = utcp_release,
	.bind = utcp_bind,
	.connect = utcp_connect,
	.socketpair = sock_no_socketpair,
	.accept = utcp_accept,
	.getname = utcp_getname,
	.poll = utcp_poll,
	.ioctl = utcp_ioctl,
	.listen = utcp_listen,
	.shutdown = utcp_shutdown,
	.sendmsg = utcp_sendmsg,
	.recvmsg = utcp_recvmsg,
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
	int ret = proto_register(&utcp_proto, 1);

	if (ret)
		return ret;
	ret = sock_register(&utcp_family);
	if (ret) {
		pr_err("utcp: address family %d is taken by somebody else\n",
		       PF_UTCP);
		proto_unregister(&utcp_proto);
	}
	return ret;
}

/**
 * utcp_socket_exit() - no socket can be made any more, and there is none
 */
void utcp_socket_exit(void)
{
	sock_unregister(PF_UTCP);
	proto_unregister(&utcp_proto);
}
