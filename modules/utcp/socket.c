// SPDX-License-Identifier: GPL-2.0-only
/*
 * AF_UTCP sockets: SOCK_STREAM and SOCK_SEQPACKET, between cells of one network
 * namespace.
 *
 * Locks, from the outside in: the socket's own (lock_sock()), which guards what the
 * calls of a program change of it; the namespace's ports, under which a listener is
 * looked up and its queue is filled; a pair's, which guards the bytes. A program
 * copies to and from its memory under none of the latter two.
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

#include "pair.h"
#include "port.h"
#include "socket.h"
#include "utcp.h"

/* Longest message. */
#define LONGEST (1 << 20)
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
 * @pair: its connection; NULL: none. Does not change once it is there
 * @which: which end of it
 * @queue: listener: connections that wait to be accepted. Under the ports' lock
 * @in_queue: in the queue of a listener. Under the ports' lock
 */
struct utcp_sock {
	struct sock sk;
	struct utcp_cell *cell;
	struct utcp_port port;
	u8 to_cell[UTCP_CELL_ID_LEN];
	u16 to_port;
	struct utcp_pair *pair;
	unsigned int which;
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
	} else if (us->pair) {
		memcpy(addr->sutcp_cell, us->to_cell, UTCP_CELL_ID_LEN);
		addr->sutcp_port = us->to_port;
	} else {
		ret = -ENOTCONN;
	}
	release_sock(sk);
	return ret;
}

/* --- life ---------------------------------------------------------------------- */

static void utcp_destruct(struct sock *sk)
{
	struct utcp_sock *us = utcp_sk(sk);

	if (us->pair)
		utcp_pair_put(us->pair);
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

/* The program has closed: what is unread is lost, and the other end is told. */
static void close_pair(struct sock *sk)
{
	struct utcp_sock *us = utcp_sk(sk);
	struct utcp_pair *pair = us->pair;
	struct utcp_conn *conn;

	if (!pair)
		return;
	spin_lock(&pair->lock);
	conn = &pair->end[us->which].conn;
	pair->end[us->which].sk = NULL;
	if (conn->state == UTCP_CONN_DEAD) {
		/* nothing to tell */
	} else if (conn->recvq.next > conn->recvq.read ||
		   (sock_flag(sk, SOCK_LINGER) && !sk->sk_lingertime)) {
		utcp_pair_reset(pair, us->which, UTCP_RESET_UNREAD);
	} else {
		conn->closed = true;
		utcp_sendq_fin(&conn->sendq);
		utcp_pair_move(pair);
	}
	spin_unlock(&pair->lock);
}

/* Connections that nobody has accepted. */
static void drop_queue(struct sock *sk)
{
	struct utcp_sock *us = utcp_sk(sk), *child, *next;
	LIST_HEAD(queue);

	spin_lock_bh(&ports_of(sk)->lock);
	list_splice_init(&us->queue, &queue);
	spin_unlock_bh(&ports_of(sk)->lock);
	list_for_each_entry_safe(child, next, &queue, in_queue) {
		list_del_init(&child->in_queue);
		spin_lock(&child->pair->lock);
		child->pair->end[child->which].sk = NULL;
		utcp_pair_reset(child->pair, child->which, UTCP_RESET_ABORTED);
		spin_unlock(&child->pair->lock);
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
	close_pair(sk);
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
	if (!utcp_sk(sk)->pair && sk->sk_state != TCP_SYN_SENT)
		ret = utcp_sk(sk)->cell ?
			      0 :
			      bind_to(sk, (u8[UTCP_CELL_ID_LEN]){}, 0);
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
		.now = ktime_get_ns(),
	};
}

/* Puts @child into the queue of the listener of @addr. Return: 0, an error, or
 * -EAGAIN: the queue is full.
 */
static int find_listener(struct sock *sk, const struct sockaddr_utcp *addr,
			 struct utcp_sock *child)
{
	struct utcp_ports *ports = ports_of(sk);
	struct utcp_port *port;
	struct utcp_sock *to;
	unsigned int waiting;
	int ret = -ECONNREFUSED;

	spin_lock_bh(&ports->lock);
	port = utcp_port_find(ports, addr->sutcp_cell, addr->sutcp_port);
	to = port ? container_of(port, struct utcp_sock, port) : NULL;
	if (to && to->sk.sk_state == TCP_LISTEN) {
		waiting = list_count_nodes(&to->queue);
		if (to->sk.sk_type != sk->sk_type)
			ret = -EPROTOTYPE;
		else if (waiting > to->sk.sk_max_ack_backlog)
			ret = -EAGAIN;
		else
			ret = 0;
	}
	if (!ret) {
		list_add_tail(&child->in_queue, &to->queue);
		to->sk.sk_data_ready(&to->sk);
	}
	spin_unlock_bh(&ports->lock);
	return ret;
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

	csk = sock_make(sock_net(sk), NULL, GFP_KERNEL, sk->sk_type, 0);
	if (!csk)
		return NULL;
	child = utcp_sk(csk);
	pair = utcp_pair_make(&opener, &acceptor);
	child->cell =
		utcp_cell_get(&utcp_net(sock_net(sk))->cells, addr->sutcp_cell);
	if (!pair || !child->cell) {
		if (pair)
			utcp_pair_put(pair);
		child->pair = pair;
		sock_put(csk);
		return NULL;
	}
	child->pair = pair;
	child->which = 1;
	child->port.port = addr->sutcp_port;
	memcpy(child->to_cell, us->cell->id, UTCP_CELL_ID_LEN);
	child->to_port = us->port.port;
	csk->sk_state = TCP_ESTABLISHED;
	pair->end[0].sk = sk;
	pair->end[1].sk = csk;
	return child;
}

static int connect_to(struct sock *sk, const struct sockaddr_utcp *addr,
		      long timeo)
{
	struct utcp_sock *us = utcp_sk(sk);
	long wait = FULL_FIRST, left = min_t(long, timeo, CONNECT_TIMEOUT);
	struct utcp_sock *child;
	int ret;

	if (!us->cell) {
		ret = bind_to(sk, (u8[UTCP_CELL_ID_LEN]){}, 0);
		if (ret)
			return ret;
	}
	child = make_child(sk, addr);
	if (!child) {
		/* No cell of this namespace: nobody finds it. */
		struct utcp_cell *cell = utcp_cell_get(
			&utcp_net(sock_net(sk))->cells, addr->sutcp_cell);

		if (!cell)
			return -EHOSTUNREACH;
		utcp_cell_put(cell);
		return -ENOMEM;
	}
	while ((ret = find_listener(sk, addr, child)) == -EAGAIN) {
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
		if (us->pair || sk->sk_state != TCP_CLOSE) {
			ret = -EISCONN;
			break;
		}
		wait = min_t(long, 2 * wait, FULL_MOST);
	}
	if (ret) {
		utcp_pair_put(child->pair);
		sock_put(&child->sk);
		return ret;
	}
	us->pair = child->pair;
	us->which = 0;
	memcpy(us->to_cell, addr->sutcp_cell, UTCP_CELL_ID_LEN);
	us->to_port = addr->sutcp_port;
	sk->sk_state = TCP_ESTABLISHED;
	return 0;
}

static int utcp_connect(struct socket *sock, struct sockaddr *uaddr, int len,
			int flags)
{
	const struct sockaddr_utcp *addr = (struct sockaddr_utcp *)uaddr;
	struct sock *sk = sock->sk;
	int ret;

	ret = check_addr(addr, len);
	if (ret)
		return ret;
	if (!addr->sutcp_port)
		return -EINVAL;
	lock_sock(sk);
	if (utcp_sk(sk)->pair)
		ret = -EISCONN;
	else if (sk->sk_state != TCP_CLOSE)
		ret = -EINVAL;
	else
		ret = connect_to(sk, addr,
				 sock_sndtimeo(sk, flags & O_NONBLOCK));
	if (!ret)
		sock->state = SS_CONNECTED;
	release_sock(sk);
	return ret;
}

static struct utcp_sock *take_from_queue(struct sock *sk)
{
	struct utcp_sock *us = utcp_sk(sk), *child;

	spin_lock_bh(&ports_of(sk)->lock);
	child = list_first_entry_or_null(&us->queue, struct utcp_sock,
					 in_queue);
	if (child)
		list_del_init(&child->in_queue);
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

/* What prevents sending; under the pair's lock. */
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
	struct utcp_pair *pair;
	struct utcp_conn *conn;
	bool message = kind_of(sk) == UTCP_KIND_SEQPACKET;
	size_t sent = 0;
	u8 *copy = NULL;
	long timeo;
	int ret = 0;

	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	lock_sock(sk);
	pair = us->pair;
	if (!pair) {
		ret = message ? -ENOTCONN : -EPIPE; /* as TCP has it */
		goto out;
	}
	if (msg->msg_name) {
		ret = -EISCONN;
		goto out;
	}
	conn = &pair->end[us->which].conn;
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
	timeo = sock_sndtimeo(sk, msg->msg_flags & MSG_DONTWAIT);
	add_wait_queue(sk_sleep(sk), &wait);
	do {
		size_t part = message ? len :
					min_t(size_t, len - sent, COPY_MAX);

		if (part && !copy_from_iter_full(copy, part, &msg->msg_iter)) {
			ret = -EFAULT;
			break;
		}
		for (;;) {
			spin_lock(&pair->lock);
			ret = send_error(sk, conn);
			if (!ret && has_room(sk, conn, part))
				break; /* with the lock */
			spin_unlock(&pair->lock);
			if (!ret)
				ret = wait_for(sk, &wait, &timeo);
			if (ret)
				goto done;
		}
		if (part &&
		    !utcp_sendq_write(&conn->sendq, copy, part, message))
			ret = -ENOBUFS;
		else
			utcp_pair_move(pair);
		spin_unlock(&pair->lock);
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
static size_t take_bytes(struct utcp_pair *pair, struct utcp_conn *conn, u8 *to,
			 size_t room, bool peek, size_t skip, size_t *whole)
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

static void drop_bytes(struct utcp_pair *pair, struct utcp_conn *conn, u32 len)
{
	utcp_recvq_drop(&conn->recvq, len);
	if (utcp_flow_read(&conn->flow, len, NSEC_PER_MSEC, ktime_get_ns()) &&
	    conn->state != UTCP_CONN_DEAD)
		conn->send |= UTCP_CONN_SEND_WINDOW;
	utcp_pair_move(pair);
}

static int utcp_recvmsg(struct socket *sock, struct msghdr *msg, size_t size,
			int flags)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	struct sock *sk = sock->sk;
	struct utcp_sock *us = utcp_sk(sk);
	bool message = kind_of(sk) == UTCP_KIND_SEQPACKET;
	bool peek = flags & MSG_PEEK;
	struct utcp_pair *pair;
	struct utcp_conn *conn;
	size_t got = 0, target, whole, copy_len;
	u8 *copy = NULL;
	long timeo;
	int ret = 0;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	lock_sock(sk);
	pair = us->pair;
	if (!pair) {
		ret = -ENOTCONN;
		goto out;
	}
	conn = &pair->end[us->which].conn;
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

		spin_lock(&pair->lock);
		len = take_bytes(pair, conn, copy,
				 min_t(size_t, copy_len, size - got), peek,
				 peek ? got : 0, &whole);
		ended = utcp_recvq_ended(&conn->recvq) ||
			(peek && conn->recvq.read + got == conn->recvq.fin);
		dead = conn->state == UTCP_CONN_DEAD;
		spin_unlock(&pair->lock);
		if (len && copy_to_iter(copy, len, &msg->msg_iter) != len) {
			ret = got ? 0 : -EFAULT;
			break;
		}
		got += len;
		if (message && whole) {
			if (!peek) {
				spin_lock(&pair->lock);
				drop_bytes(pair, conn, whole);
				spin_unlock(&pair->lock);
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
			spin_lock(&pair->lock);
			drop_bytes(pair, conn, len);
			spin_unlock(&pair->lock);
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
	struct utcp_pair *pair;
	int ret = 0;

	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	how++; /* RCV_SHUTDOWN, SEND_SHUTDOWN */
	lock_sock(sk);
	pair = us->pair;
	if (sk->sk_state == TCP_LISTEN && how & RCV_SHUTDOWN) {
		spin_lock_bh(&ports_of(sk)->lock);
		sk->sk_state = TCP_CLOSE;
		spin_unlock_bh(&ports_of(sk)->lock);
		drop_queue(sk);
		sk->sk_state_change(sk);
	} else if (!pair) {
		ret = -ENOTCONN;
	} else {
		spin_lock(&pair->lock);
		if (pair->end[us->which].conn.state == UTCP_CONN_DEAD) {
			ret = -ENOTCONN;
		} else {
			sk->sk_shutdown |= how;
			if (how & SEND_SHUTDOWN)
				utcp_sendq_fin(
					&pair->end[us->which].conn.sendq);
			utcp_pair_move(pair);
			sk->sk_state_change(sk);
		}
		spin_unlock(&pair->lock);
	}
	release_sock(sk);
	return ret;
}

static __poll_t utcp_poll(struct file *file, struct socket *sock,
			  poll_table *wait)
{
	struct sock *sk = sock->sk;
	struct utcp_sock *us = utcp_sk(sk);
	struct utcp_pair *pair;
	__poll_t mask = 0;

	sock_poll_wait(file, sock, wait);
	if (sk->sk_state == TCP_LISTEN) {
		spin_lock_bh(&ports_of(sk)->lock);
		if (!list_empty(&us->queue))
			mask = EPOLLIN | EPOLLRDNORM;
		spin_unlock_bh(&ports_of(sk)->lock);
		return mask;
	}
	pair = READ_ONCE(us->pair);
	if (!pair)
		return EPOLLOUT | EPOLLHUP;
	spin_lock(&pair->lock);
	{
		const struct utcp_conn *conn = &pair->end[us->which].conn;
		bool dead = conn->state == UTCP_CONN_DEAD;
		bool ended = dead || utcp_recvq_ended(&conn->recvq) ||
			     sk->sk_shutdown & RCV_SHUTDOWN;

		if (sk->sk_err)
			mask |= EPOLLERR;
		if (ended || utcp_recvq_ready(&conn->recvq))
			mask |= EPOLLIN | EPOLLRDNORM;
		if (ended || conn->recvq.next == conn->recvq.fin)
			mask |= EPOLLRDHUP;
		if (dead || (conn->recvq.next == conn->recvq.fin &&
			     sk->sk_shutdown & SEND_SHUTDOWN))
			mask |= EPOLLHUP;
		if (dead || sk->sk_shutdown & SEND_SHUTDOWN ||
		    has_room(sk, conn, 1))
			mask |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
		else
			set_bit(SOCK_NOSPACE, &sock->flags);
	}
	spin_unlock(&pair->lock);
	return mask;
}

static int utcp_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	struct utcp_sock *us = utcp_sk(sock->sk);
	struct utcp_pair *pair = READ_ONCE(us->pair);
	u64 n = 0;

	if (cmd != SIOCINQ && cmd != SIOCOUTQ)
		return -ENOIOCTLCMD;
	if (sock->sk->sk_state == TCP_LISTEN)
		return -EINVAL;
	if (pair) {
		const struct utcp_conn *conn = &pair->end[us->which].conn;

		spin_lock(&pair->lock);
		n = cmd == SIOCINQ ? utcp_recvq_ready(&conn->recvq) :
				     utcp_sendq_waits(&conn->sendq);
		spin_unlock(&pair->lock);
	}
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
