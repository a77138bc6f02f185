/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A socket of AF_UTCP, for the files that make it up.
 */
#ifndef _UTCP_SOCK_H
#define _UTCP_SOCK_H

#include <linux/list.h>
#include <linux/workqueue.h>
#include <net/sock.h>

#include <uapi/linux/utcp_socket.h>

#include "end.h"
#include "port.h"
#include "utcp.h"

struct utcp_cong_ops;
struct utcp_pair;

/**
 * struct utcp_sock_opts - what setsockopt() has set at the level SOL_UTCP
 * @nodelay: kept for who asks; small pieces are sent at once in any case
 * @user_timeout: how long bytes may stay unacknowledged while nothing is heard, in ms; 0: as
 *	the page says
 * @keep_idle: seconds of silence before the first probe
 * @keep_intvl: seconds between probes
 * @keep_cnt: so many probes without an answer
 * @cong: congestion control
 *
 * They are for connections that leave the namespace: one that does not has no
 * timeouts, for its other end cannot vanish. Accepted sockets have their listener's.
 */
struct utcp_sock_opts {
	u32 nodelay;
	u32 user_timeout;
	u32 keep_idle;
	u32 keep_intvl;
	u32 keep_cnt;
	const struct utcp_cong_ops *cong;
};

/**
 * struct utcp_sock - a socket
 * @sk: first of all
 * @number: of all sockets of the namespace, by which they are found
 * @user: whose it is, as it is counted: of an accepted one, the listener's; inside the
 *	namespace, the opener's, who makes both. NULL: it was closed, and its connection
 *	goes on and counts instead
 * @cell: as which it speaks, with a reference; NULL: not bound. Under the socket's
 *	lock, as all but what is said otherwise
 * @port: its own; of an accepted one not in the table, for the listener has it
 * @to_cell: CellID that it is connected to, or wants to be
 * @to_key: public key of that cell, once it is connected; not of datagrams
 * @to_port: the port there; 0: a datagram socket that is not connected
 * @end: its connection; NULL: none. Does not change once it is there
 * @queue: listener: connections that wait to be accepted. Under the ports' lock
 * @n_queue: how many they are. Under the ports' lock
 * @in_queue: in the queue of a listener. Under the ports' lock
 * @opts: options
 * @child: connecting, inside the namespace: the other socket, which waits for room in
 *	a queue
 * @calling: connecting, to another host: the connection
 * @wakeup: while there is @calling: what sk_state_change() was
 * @again: connecting: the next try, or a look at @calling; holds a reference while it
 *	is due
 * @missed: @again did not get the socket's lock. Under the spinlock of that
 * @wait: connecting: from one try to the next, in jiffies
 * @give_up: connecting: no more tries from then on, in jiffies
 *
 * Made by socket(), or by who connects; dies with its last reference, which nobody
 * takes who does not hold a lock of its own under which it was found.
 */
struct utcp_sock {
	struct sock sk;
	u32 number;
	struct utcp_user *user;
	struct utcp_cell *cell;
	struct utcp_port port;
	u8 to_cell[UTCP_CELL_ID_LEN];
	u8 to_key[UTCP_KEY_LEN];
	u16 to_port;
	struct utcp_end *end;
	struct list_head queue;
	unsigned int n_queue;
	struct list_head in_queue;
	struct utcp_sock_opts opts;
	struct utcp_sock *child;
	struct utcp_end *calling;
	void (*wakeup)(struct sock *sk);
	struct delayed_work again;
	bool missed;
	unsigned long wait;
	unsigned long give_up;
};

/**
 * utcp_sk() - a socket as the module has it
 * @sk: the socket, of AF_UTCP
 *
 * Return: it.
 */
static inline struct utcp_sock *utcp_sk(const struct sock *sk)
{
	return (struct utcp_sock *)sk;
}

/**
 * utcp_sock_kind() - what connections a socket has
 * @sk: the socket, not of datagrams
 *
 * Return: UTCP_KIND_STREAM or UTCP_KIND_SEQPACKET.
 */
static inline u8 utcp_sock_kind(const struct sock *sk)
{
	return sk->sk_type == SOCK_STREAM ? UTCP_KIND_STREAM :
					    UTCP_KIND_SEQPACKET;
}

/**
 * enum utcp_sock_event - what is traced of a socket
 * @UTCP_SOCK_LISTENS: it waits for connections
 * @UTCP_SOCK_CONNECTS: it is about to be connected
 * @UTCP_SOCK_CONNECTED: it is
 * @UTCP_SOCK_CALLED: it was made for a connection, in the queue of a listener
 * @UTCP_SOCK_SHUT: the program has shut down a direction, or both
 * @UTCP_SOCK_DIED: its connection has, or could not be had; with the error
 * @UTCP_SOCK_CLOSED: the program has closed it
 */
enum utcp_sock_event {
	UTCP_SOCK_LISTENS,
	UTCP_SOCK_CONNECTS,
	UTCP_SOCK_CONNECTED,
	UTCP_SOCK_CALLED,
	UTCP_SOCK_SHUT,
	UTCP_SOCK_DIED,
	UTCP_SOCK_CLOSED,
};

/* sock_addr.c */
extern const u8 utcp_sock_any[UTCP_CELL_ID_LEN];

int utcp_sock_check_addr(const struct sockaddr_utcp *addr, int len);
int utcp_sock_bind(struct sock *sk, const u8 *id, u16 port);
int utcp_sock_bind_call(struct socket *sock, struct sockaddr_unsized *uaddr,
			int len);
int utcp_sock_getname(struct socket *sock, struct sockaddr *uaddr, int peer);

/* sock_policy.c */
struct utcp_sock *utcp_sock_next(struct utcp_net *un, unsigned long *number);
int __must_check utcp_sock_may(struct utcp_net *un, struct utcp_pair *pair,
			       const u8 *from, const u8 *to, u16 service);
void utcp_sock_ask_again(struct utcp_net *un);

/* sock_accept.c */
int utcp_sock_listen(struct socket *sock, int backlog);
#ifdef HAVE_PROTO_ACCEPT_ARG
int utcp_sock_accept(struct socket *sock, struct socket *newsock,
		     struct proto_accept_arg *arg);
#else
int utcp_sock_accept(struct socket *sock, struct socket *newsock, int flags,
		     bool kern);
#endif

/* sock_close.c */
int utcp_sock_release(struct socket *sock);
void utcp_sock_drop_queue(struct sock *sk);

/* socket.c */
extern struct workqueue_struct *utcp_sock_wq;

int utcp_sock_woken(wait_queue_entry_t *wait, unsigned int mode, int sync,
		    void *key);
int utcp_sock_wait(struct sock *sk, wait_queue_entry_t *wait, long *timeo);
void utcp_sock_waited(struct sock *sk, wait_queue_entry_t *wait);
int utcp_sock_wait_connected(struct sock *sk, long *timeo);
void utcp_sock_opts_apply(const struct utcp_sock *us, struct utcp_end *end);
int utcp_sock_peer_error(int err);
void utcp_sock_abort_connect(struct sock *sk);

/**
 * utcp_sock_ports() - where the port of a socket is taken from
 * @sk: the socket
 *
 * Datagrams have a space of ports of their own.
 *
 * Return: the ports of its namespace.
 */
static inline struct utcp_ports *utcp_sock_ports(const struct sock *sk)
{
	struct utcp_net *un = utcp_net(sock_net(sk));

	return sk->sk_type == SOCK_DGRAM ? &un->dgram_ports : &un->ports;
}

/* dgram.c */
void utcp_dgram_info(struct sock *sk, struct utcp_info *info);
extern const struct proto_ops utcp_dgram_ops;

/* options.c */
void utcp_sock_opts_init(struct utcp_sock_opts *opts);
void utcp_sock_keepalive(struct sock *sk, int on);
void utcp_sock_info(struct sock *sk, struct utcp_info *info);
int utcp_sock_setsockopt(struct socket *sock, int level, int option,
			 sockptr_t value, unsigned int len);
int utcp_sock_getsockopt(struct socket *sock, int level, int option,
			 char __user *value, int __user *len);

/* stream.c */
int utcp_stream_sendmsg(struct socket *sock, struct msghdr *msg, size_t len);
int utcp_stream_recvmsg(struct socket *sock, struct msghdr *msg, size_t size,
			int flags);
int utcp_stream_shutdown(struct socket *sock, int how);
__poll_t utcp_stream_poll(struct file *file, struct socket *sock,
			  poll_table *wait);
int utcp_stream_rcvlowat(struct sock *sk, int val);
int utcp_stream_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg);

#endif /* _UTCP_SOCK_H */
