// SPDX-License-Identifier: GPL-2.0-only
/*
 * SOCK_DGRAM: datagrams between the cells of one network namespace.
 *
 * A datagram is an skb, charged to its sender until it is in the receiver's queue, and
 * then to the receiver, up to SO_RCVBUF, as UDP does.
 */
#include "dgram.h"

#include <linux/net.h>
#include <linux/sockios.h>
#include <linux/uio.h>
#include <asm/ioctls.h>

#include "policy.h"
#include "sock.h"

/**
 * struct dgram_cb - who has sent a datagram
 * @cell: CellID
 * @port: port
 */
struct dgram_cb {
	u8 cell[UTCP_CELL_ID_LEN];
	u16 port;
};

static struct dgram_cb *cb_of(struct sk_buff *skb)
{
	sock_skb_cb_check_size(sizeof(struct dgram_cb));
	return (struct dgram_cb *)skb->cb;
}

/* A connected socket takes only what its peer sends. */
static bool takes(const struct utcp_sock *us,
		  const struct utcp_dgram_addr *addr)
{
	if (us->sk.sk_shutdown & RCV_SHUTDOWN)
		return false;
	return !us->to_port ||
	       (us->to_port == addr->from_port &&
		!memcmp(us->to_cell, addr->from, UTCP_CELL_ID_LEN));
}

/**
 * utcp_dgram_input() - a datagram has come
 * @un: the namespace
 * @addr: from where to where
 * @skb: its bytes, from skb->data on; taken
 *
 * Context: process or bottom half.
 * Return: 0; -ECONNREFUSED: no socket takes it; -ENOBUFS: its queue is full, or it has
 * a filter that does not want it. Both are counted.
 */
int utcp_dgram_input(struct utcp_net *un, const struct utcp_dgram_addr *addr,
		     struct sk_buff *skb)
{
	struct utcp_ports *ports = &un->dgram_ports;
	int ret = -ECONNREFUSED;
	struct utcp_port *port;
	struct utcp_sock *to;

	memcpy(cb_of(skb)->cell, addr->from, UTCP_CELL_ID_LEN);
	cb_of(skb)->port = addr->from_port;
	spin_lock_bh(&ports->lock);
	port = utcp_port_find(ports, addr->cell, addr->port);
	to = port ? container_of(port, struct utcp_sock, port) : NULL;
	/* It gets its charge off the sender here. */
	if (to && takes(to, addr))
		ret = sock_queue_rcv_skb(&to->sk, skb) ? -ENOBUFS : 0;
	spin_unlock_bh(&ports->lock);
	if (!ret)
		this_cpu_inc(un->dgrams->delivered);
	else if (ret == -ENOBUFS)
		this_cpu_inc(un->dgrams->full);
	else
		this_cpu_inc(un->dgrams->no_port);
	if (ret)
		kfree_skb(skb);
	return ret;
}

/* Where it goes, and as who. Under the socket's lock. */
static int find_way(struct sock *sk, const struct msghdr *msg,
		    struct sockaddr_utcp *to)
{
	struct utcp_sock *us = utcp_sk(sk);
	int ret;

	if (msg->msg_name) {
		memset(to, 0, sizeof(*to));
		memcpy(to, msg->msg_name,
		       min_t(size_t, sizeof(*to), max(msg->msg_namelen, 0)));
		ret = utcp_sock_check_addr(to, msg->msg_namelen);
		if (!ret && !to->sutcp_port)
			ret = -EINVAL;
		if (ret)
			return ret;
	} else if (us->to_port) {
		to->sutcp_port = us->to_port;
		memcpy(to->sutcp_cell, us->to_cell, UTCP_CELL_ID_LEN);
	} else {
		return -EDESTADDRREQ;
	}
	if (us->cell)
		return 0;
	return utcp_sock_bind(sk, utcp_sock_any, 0);
}

static bool is_here(struct utcp_net *un, const u8 *cell)
{
	bool here;

	rcu_read_lock();
	here = utcp_cell_find(&un->cells, cell);
	rcu_read_unlock();
	return here;
}

static int dgram_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct sock *sk = sock->sk;
	struct utcp_net *un = utcp_net(sock_net(sk));
	struct utcp_sock *us = utcp_sk(sk);
	struct sockaddr_utcp to;
	struct sk_buff *skb;
	int ret;

	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (len > UTCP_DATAGRAM_MAX)
		return -EMSGSIZE;
	lock_sock(sk);
	ret = find_way(sk, msg, &to);
	release_sock(sk);
	if (ret)
		return ret;
	if (!is_here(un, to.sutcp_cell))
		return -EHOSTUNREACH;
	ret = utcp_policy_here(un, us->cell->id, to.sutcp_cell, to.sutcp_port);
	if (ret)
		return ret;
	skb = sock_alloc_send_pskb(sk, 0, len, msg->msg_flags & MSG_DONTWAIT,
				   &ret, PAGE_ALLOC_COSTLY_ORDER);
	if (!skb)
		return ret;
	skb->data_len = len;
	skb->len = len;
	ret = skb_copy_datagram_from_iter(skb, 0, &msg->msg_iter, len);
	if (ret) {
		kfree_skb(skb);
		return ret;
	}
	this_cpu_inc(un->dgrams->sent);
	/* Its cell and port do not change once it is bound. */
	utcp_dgram_input(un,
			 &(struct utcp_dgram_addr){
				 .cell = to.sutcp_cell,
				 .port = to.sutcp_port,
				 .from = us->cell->id,
				 .from_port = us->port.port,
			 },
			 skb);
	return len;
}

static int dgram_recvmsg(struct socket *sock, struct msghdr *msg, size_t size,
			 int flags)
{
	struct sockaddr_utcp *from = msg->msg_name;
	struct sock *sk = sock->sk;
	struct sk_buff *skb;
	int ret;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (flags & MSG_ERRQUEUE)
		return -EAGAIN; /* it is empty */
	skb = skb_recv_datagram(sk, flags, &ret);
	if (!skb)
		return ret;
	if (skb->len > size)
		msg->msg_flags |= MSG_TRUNC;
	ret = skb_copy_datagram_msg(skb, 0, msg, min_t(size_t, skb->len, size));
	if (!ret) {
		if (from) {
			memset(from, 0, sizeof(*from));
			from->sutcp_family = AF_UTCP;
			from->sutcp_port = cb_of(skb)->port;
			memcpy(from->sutcp_cell, cb_of(skb)->cell,
			       UTCP_CELL_ID_LEN);
			msg->msg_namelen = sizeof(*from);
		}
		ret = flags & MSG_TRUNC ? skb->len :
					  min_t(size_t, skb->len, size);
	}
	skb_free_datagram(sk, skb);
	return ret;
}

/* AF_UNSPEC: to nobody again. */
static int dgram_connect(struct socket *sock, struct sockaddr_unsized *uaddr,
			 int len, int flags)
{
	const struct sockaddr_utcp *addr = (struct sockaddr_utcp *)uaddr;
	struct sock *sk = sock->sk;
	struct utcp_sock *us = utcp_sk(sk);
	bool none;
	int ret = 0;

	if (len < (int)sizeof(addr->sutcp_family))
		return -EINVAL;
	none = addr->sutcp_family == AF_UNSPEC;
	if (!none) {
		ret = utcp_sock_check_addr(addr, len);
		if (!ret && !addr->sutcp_port)
			ret = -EINVAL;
		if (ret)
			return ret;
	}
	lock_sock(sk);
	if (!none && !us->cell)
		ret = utcp_sock_bind(sk, utcp_sock_any, 0);
	if (!ret) {
		/* Who looks at it to deliver has this lock. */
		spin_lock_bh(&utcp_sock_ports(sk)->lock);
		us->to_port = none ? 0 : addr->sutcp_port;
		if (!none)
			memcpy(us->to_cell, addr->sutcp_cell, UTCP_CELL_ID_LEN);
		sk->sk_state = none ? TCP_CLOSE : TCP_ESTABLISHED;
		spin_unlock_bh(&utcp_sock_ports(sk)->lock);
		sock->state = none ? SS_UNCONNECTED : SS_CONNECTED;
	}
	release_sock(sk);
	return ret;
}

static int dgram_shutdown(struct socket *sock, int how)
{
	struct sock *sk = sock->sk;
	int ret = 0;

	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	lock_sock(sk);
	if (!utcp_sk(sk)->to_port) {
		ret = -ENOTCONN;
	} else {
		sk->sk_shutdown |= how + 1;
		sk->sk_state_change(sk);
	}
	release_sock(sk);
	return ret;
}

static int dgram_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	struct sock *sk = sock->sk;
	struct sk_buff *skb;
	int n = 0;

	switch (cmd) {
	case SIOCINQ: /* of the next one */
		spin_lock_bh(&sk->sk_receive_queue.lock);
		skb = skb_peek(&sk->sk_receive_queue);
		if (skb)
			n = skb->len;
		spin_unlock_bh(&sk->sk_receive_queue.lock);
		break;
	case SIOCOUTQ:
		n = sk_wmem_alloc_get(sk);
		break;
	default:
		return -ENOIOCTLCMD;
	}
	return put_user(n, (int __user *)arg);
}

static int dgram_setsockopt(struct socket *sock, int level, int option,
			    sockptr_t value, unsigned int len)
{
	return -ENOPROTOOPT; /* none of a connection's */
}

/* Calls of datagram sockets. */
const struct proto_ops utcp_dgram_ops = {
	.family = PF_UTCP,
	.owner = THIS_MODULE,
	.release = utcp_sock_release,
	.bind = utcp_sock_bind_call,
	.connect = dgram_connect,
	.socketpair = sock_no_socketpair,
	.accept = sock_no_accept,
	.getname = utcp_sock_getname,
	.poll = datagram_poll,
	.ioctl = dgram_ioctl,
	.listen = sock_no_listen,
	.shutdown = dgram_shutdown,
	.setsockopt = dgram_setsockopt,
	.getsockopt = utcp_sock_getsockopt,
	.sendmsg = dgram_sendmsg,
	.recvmsg = dgram_recvmsg,
	.mmap = sock_no_mmap,
};
