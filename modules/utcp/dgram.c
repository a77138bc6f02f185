// SPDX-License-Identifier: GPL-2.0-only
/*
 * SOCK_DGRAM. Datagrams to cells of the same network namespace go from socket to socket;
 * those to others to the carrier of the peer, which frames them (carry_dgram.c).
 *
 * A datagram is an skb, charged to its sender until it is in the receiver's queue or in
 * a frame, and then to the receiver, up to SO_RCVBUF, as UDP does.
 */
#include "dgram.h"

#include <linux/net.h>
#include <linux/sockios.h>
#include <linux/uio.h>
#include <asm/ioctls.h>

#include "carry.h"
#include "peer.h"
#include "policy.h"
#include "sock.h"
#include "trace.h"

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
 * utcp_dgram_lost() - a datagram is dropped
 * @un: the namespace
 * @skb: the datagram, which the caller frees; NULL: there is none
 * @reason: why
 *
 * Context: any but hard interrupts.
 */
void utcp_dgram_lost(struct utcp_net *un, const struct sk_buff *skb,
		     enum utcp_dgram_drop reason)
{
	this_cpu_inc(un->dgrams->drop[reason]);
	trace_utcp_dgram_drop(skb, reason);
}

/**
 * utcp_dgram_report() - tell a program that a datagram of its was not sent
 * @sk: its socket, which the datagram is charged to
 * @cell: CellID to which it was to go
 * @err: why
 *
 * Only a socket that is connected there is told, as of UDP's: of another one it would
 * not be known which datagram is meant.
 *
 * Context: any but hard interrupts.
 */
void utcp_dgram_report(struct sock *sk, const u8 *cell, int err)
{
	const struct utcp_sock *us = utcp_sk(sk);
	bool connected;

	spin_lock_bh(&utcp_sock_ports(sk)->lock);
	connected = us->to_port && !memcmp(us->to_cell, cell, UTCP_CELL_ID_LEN);
	spin_unlock_bh(&utcp_sock_ports(sk)->lock);
	if (!connected || sock_flag(sk, SOCK_DEAD))
		return;
	WRITE_ONCE(sk->sk_err, err);
	sk_error_report(sk);
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
	if (!ret) {
		this_cpu_inc(un->dgrams->delivered);
		return 0;
	}
	utcp_dgram_lost(un, skb,
			ret == -ENOBUFS ? UTCP_DGRAM_FULL : UTCP_DGRAM_NO_PORT);
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

/* To a cell that is elsewhere. Takes @skb. */
static int send_there(struct sock *sk, const struct sockaddr_utcp *to,
		      struct sk_buff *skb)
{
	struct utcp_sock *us = utcp_sk(sk);
	struct utcp_peer *peer;
	int ret;

	peer = utcp_peer_want(sock_net(sk), us->cell, to->sutcp_cell,
			      current_euid());
	if (IS_ERR(peer)) {
		kfree_skb(skb);
		return utcp_sock_peer_error(PTR_ERR(peer));
	}
	/* Of all devices one may be enough to look for it; now there may be a path. */
	ret = utcp_policy_call(peer, true, to->sutcp_port, NULL);
	if (ret)
		kfree_skb(skb);
	else
		ret = utcp_carry_datagram(peer, skb, us->port.port,
					  to->sutcp_port, current_euid());
	utcp_peer_put(peer);
	return ret;
}

/**
 * utcp_dgram_info() - what a datagram socket knows of the path to its peer
 * @sk: the socket
 * @info: filled in, if it is connected
 *
 * Context: process.
 */
void utcp_dgram_info(struct sock *sk, struct utcp_info *info)
{
	struct utcp_sock *us = utcp_sk(sk);
	/* Pairs with who binds it; who is connected is bound. */
	const struct utcp_cell *cell = smp_load_acquire(&us->cell);
	struct utcp_net *un = utcp_net(sock_net(sk));
	u8 to[UTCP_CELL_ID_LEN];
	struct utcp_peer *peer;
	bool connected;

	spin_lock_bh(&utcp_sock_ports(sk)->lock);
	connected = cell && us->to_port;
	if (connected)
		memcpy(to, us->to_cell, sizeof(to));
	spin_unlock_bh(&utcp_sock_ports(sk)->lock);
	if (!connected)
		return;
	if (is_here(un, to)) {
		info->flags |= UTCP_INFO_LOCAL;
		info->longest = UTCP_DATAGRAM_MAX;
		return;
	}
	peer = utcp_peer_find(sock_net(sk), cell->id, to);
	if (peer)
		utcp_carry_peer_info(peer, info);
	info->longest = utcp_carry_longest(peer);
	utcp_peer_put(peer);
}

static int dgram_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct sock *sk = sock->sk;
	struct utcp_net *un = utcp_net(sock_net(sk));
	struct utcp_sock *us = utcp_sk(sk);
	struct sockaddr_utcp to;
	struct sk_buff *skb;
	bool here;
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
	here = is_here(un, to.sutcp_cell);
	/* Its cell and port do not change once it is bound. */
	ret = here ? utcp_policy_here(un, us->cell->id, to.sutcp_cell,
				      to.sutcp_port, NULL) :
		     utcp_policy_reach(un, us->cell->id, to.sutcp_cell,
				       to.sutcp_port);
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
	if (!here) {
		ret = send_there(sk, &to, skb);
		return ret ? ret : len;
	}
	this_cpu_inc(un->dgrams->sent);
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
		sock_recv_cmsgs(msg, sk, skb);
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
