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

#include "pair.h"
#include "port.h"
#include "utcp.h"

/* Longest message. */
#define UTCP_LONGEST (1 << 20)

/**
 * struct utcp_sock - a socket
 * @sk: first of all
 * @number: of all sockets of the namespace, by which they are found
 * @cell: as which it speaks, with a reference; NULL: not bound. Under the socket's
 *	lock, as all but what is said otherwise
 * @port: its own; of an accepted one not in the table, for the listener has it
 * @to_cell: CellID that it is connected to, or wants to be
 * @to_port: the port there; 0: a datagram socket that is not connected
 * @pair: its connection; NULL: none. Does not change once it is there
 * @which: which end of it
 * @queue: listener: connections that wait to be accepted. Under the ports' lock
 * @n_queue: how many they are. Under the ports' lock
 * @in_queue: in the queue of a listener. Under the ports' lock
 * @child: connecting: the other socket, which waits for room in a queue
 * @again: connecting: the next try; holds a reference while it is due
 * @wait: connecting: from one try to the next, in jiffies
 * @give_up: connecting: no more tries from then on, in jiffies
 *
 * Made by socket(), or by who connects; dies with its last reference, which nobody
 * takes who does not hold a lock of its own under which it was found.
 */
struct utcp_sock {
	struct sock sk;
	u32 number;
	struct utcp_cell *cell;
	struct utcp_port port;
	u8 to_cell[UTCP_CELL_ID_LEN];
	u16 to_port;
	struct utcp_pair *pair;
	unsigned int which;
	struct list_head queue;
	unsigned int n_queue;
	struct list_head in_queue;
	struct utcp_sock *child;
	struct delayed_work again;
	unsigned long wait;
	unsigned long give_up;
};

static inline struct utcp_sock *utcp_sk(const struct sock *sk)
{
	return (struct utcp_sock *)sk;
}

static inline u8 utcp_sock_kind(const struct sock *sk)
{
	return sk->sk_type == SOCK_STREAM ? UTCP_KIND_STREAM :
					    UTCP_KIND_SEQPACKET;
}

/* socket.c */
extern struct workqueue_struct *utcp_sock_wq;

int utcp_sock_wait(struct sock *sk, wait_queue_entry_t *wait, long *timeo);
int utcp_sock_wait_connected(struct sock *sk, long *timeo);
void utcp_sock_abort_connect(struct sock *sk);
void utcp_sock_drop_queue(struct sock *sk);

static inline struct utcp_ports *utcp_sock_ports(const struct sock *sk)
{
	return &utcp_net(sock_net(sk))->ports;
}

/* stream.c */
int utcp_stream_sendmsg(struct socket *sock, struct msghdr *msg, size_t len);
int utcp_stream_recvmsg(struct socket *sock, struct msghdr *msg, size_t size,
			int flags);
int utcp_stream_shutdown(struct socket *sock, int how);
__poll_t utcp_stream_poll(struct file *file, struct socket *sock,
			  poll_table *wait);
int utcp_stream_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg);

#endif /* _UTCP_SOCK_H */
