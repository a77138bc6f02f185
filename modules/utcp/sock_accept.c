// SPDX-License-Identifier: GPL-2.0-only
/*
 * Listening: the queue of connections that a program has not taken yet. See socket.c
 * for how they come into it, and for the locks.
 */
#include <linux/net.h>
#include <linux/sched/signal.h>

#include "sock.h"
#include "trace.h"

/**
 * utcp_sock_listen() - listen()
 * @sock: the socket
 * @backlog: how many connections may wait to be taken
 *
 * Return: 0; -EINVAL: it is connected, or being so; or as utcp_sock_bind().
 */
int utcp_sock_listen(struct socket *sock, int backlog)
{
	struct sock *sk = sock->sk;
	int ret = -EINVAL;

	lock_sock(sk);
	/* Who has not bound gets a port that nobody knows; as TCP does. */
	if (!utcp_sk(sk)->end && sk->sk_state != TCP_SYN_SENT)
		ret = utcp_sk(sk)->cell ? 0 :
					  utcp_sock_bind(sk, utcp_sock_any, 0);
	if (!ret) {
		spin_lock_bh(&utcp_sock_ports(sk)->lock);
		sk->sk_max_ack_backlog = backlog;
		sk->sk_state = TCP_LISTEN;
		spin_unlock_bh(&utcp_sock_ports(sk)->lock);
		trace_utcp_sock(sk, UTCP_SOCK_LISTENS, 0);
	}
	release_sock(sk);
	return ret;
}

static struct utcp_sock *take_from_queue(struct sock *sk)
{
	struct utcp_sock *us = utcp_sk(sk), *child;

	spin_lock_bh(&utcp_sock_ports(sk)->lock);
	child = list_first_entry_or_null(&us->queue, struct utcp_sock,
					 in_queue);
	if (child) {
		list_del_init(&child->in_queue);
		us->n_queue--;
	}
	spin_unlock_bh(&utcp_sock_ports(sk)->lock);
	return child;
}

static int accept_one(struct socket *sock, struct socket *newsock,
		      bool nonblock)
{
	DEFINE_WAIT_FUNC(wait, utcp_sock_woken);
	struct sock *sk = sock->sk;
	struct utcp_sock *child = NULL;
	struct utcp_end *end;
	long timeo;
	int ret = 0;

	lock_sock(sk);
	timeo = sock_rcvtimeo(sk, nonblock);
	do {
		if (sk->sk_state != TCP_LISTEN) {
			ret = -EINVAL;
			break;
		}
		child = take_from_queue(sk);
		if (child)
			break;
		ret = utcp_sock_wait(sk, &wait, &timeo);
	} while (!ret);
	utcp_sock_waited(sk, &wait);
	release_sock(sk);
	if (ret)
		return ret;
	lock_sock(&child->sk);
	sock_graft(&child->sk, newsock);
	newsock->state = SS_CONNECTED;
	end = child->end;
	utcp_end_lock(end);
	if (utcp_conn_taken(&end->conn))
		end->ops->move(end);
	utcp_end_unlock(end);
	release_sock(&child->sk);
	return 0;
}

/**
 * utcp_sock_accept() - accept()
 * @sock: the listener
 * @newsock: gets the connection that has waited longest
 * @arg: flags; on older kernels they and @kern stand here themselves
 *
 * Return: 0; -EINVAL: it does not listen; -EAGAIN; -EINTR, -ERESTARTSYS.
 */
#ifdef HAVE_PROTO_ACCEPT_ARG
int utcp_sock_accept(struct socket *sock, struct socket *newsock,
		     struct proto_accept_arg *arg)
{
	return accept_one(sock, newsock, arg->flags & O_NONBLOCK);
}
#else
int utcp_sock_accept(struct socket *sock, struct socket *newsock, int flags,
		     bool kern)
{
	return accept_one(sock, newsock, flags & O_NONBLOCK);
}
#endif
