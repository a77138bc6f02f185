// SPDX-License-Identifier: GPL-2.0-only
/*
 * AF_UTCP sockets: how they go.
 */
#include <linux/list.h>
#include <linux/net.h>
#include <linux/sched.h>

#include "sock.h"
#include "trace.h"

/* Is something lost, or is nobody to be waited for? Under the end's lock. */
static bool ends_at_once(const struct sock *sk, const struct utcp_conn *conn)
{
	return conn->state == UTCP_CONN_DEAD ||
	       conn->recvq.next > conn->recvq.read ||
	       (sock_flag(sk, SOCK_LINGER) && !sk->sk_lingertime);
}

/* SO_LINGER: close() waits until all has arrived. */
static void linger(struct sock *sk)
{
	DEFINE_WAIT_FUNC(wait, utcp_sock_woken);
	struct utcp_end *end = utcp_sk(sk)->end;
	long timeo = sk->sk_lingertime;
	bool done;

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
	} while (!done && !utcp_sock_wait(sk, &wait, &timeo));
	utcp_sock_waited(sk, &wait);
}

/* The program has closed: what is unread is lost, and the other end is told. */
static void close_end(struct sock *sk)
{
	struct utcp_sock *us = utcp_sk(sk);
	struct utcp_end *end = us->end;
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
		end->ops->reset(end, UTCP_RESET_UNREAD);
	} else {
		conn->closed = true;
		utcp_sendq_fin(&conn->sendq);
		end->ops->move(end);
		if (end->ops->inherit && end->ops->inherit(end, us->user))
			us->user = NULL;
	}
	utcp_end_unlock(end);
}

/* A socket that nobody was given. */
static void drop_child(struct utcp_sock *child)
{
	struct utcp_end *end = child->end;

	utcp_end_lock(end);
	end->sk = NULL;
	if (end->conn.state != UTCP_CONN_DEAD)
		end->ops->reset(end, UTCP_RESET_ABORTED);
	utcp_end_unlock(end);
	sock_put(&child->sk);
}

/**
 * utcp_sock_drop_queue() - drop connections that nobody has accepted
 * @sk: socket that was a listener
 *
 * Context: process, under the socket's lock.
 */
void utcp_sock_drop_queue(struct sock *sk)
{
	struct utcp_sock *us = utcp_sk(sk), *child, *next;
	LIST_HEAD(queue);

	spin_lock_bh(&utcp_sock_ports(sk)->lock);
	list_splice_init(&us->queue, &queue);
	us->n_queue = 0;
	spin_unlock_bh(&utcp_sock_ports(sk)->lock);
	list_for_each_entry_safe(child, next, &queue, in_queue) {
		list_del_init(&child->in_queue);
		drop_child(child);
	}
}

/**
 * utcp_sock_release() - the program has closed the socket
 * @sock: the socket
 *
 * Return: 0.
 */
int utcp_sock_release(struct socket *sock)
{
	struct sock *sk = sock->sk;

	if (!sk)
		return 0;
	lock_sock(sk);
	/* From here on nobody finds it. */
	utcp_port_drop(utcp_sock_ports(sk), &utcp_sk(sk)->port);
	utcp_sock_abort_connect(sk);
	utcp_sock_drop_queue(sk);
	close_end(sk);
	sk->sk_state = TCP_CLOSE;
	sk->sk_shutdown = SHUTDOWN_MASK;
	trace_utcp_sock(sk, UTCP_SOCK_CLOSED, 0);
	sock_orphan(sk);
	release_sock(sk);
	sock->sk = NULL;
	sock_put(sk);
	return 0;
}
