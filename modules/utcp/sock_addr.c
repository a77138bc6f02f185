// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses of AF_UTCP sockets: which cell and port is a socket's own, and whose it is
 * connected with.
 */
#include <linux/capability.h>
#include <net/net_namespace.h>

#include "sock.h"

/**
 * utcp_sock_check_addr() - is it an address?
 * @addr: what a program gave
 * @len: bytes of it
 *
 * Return: 0; -EINVAL, -EAFNOSUPPORT.
 */
int utcp_sock_check_addr(const struct sockaddr_utcp *addr, int len)
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

/* Stands for the default cell. */
const u8 utcp_sock_any[UTCP_CELL_ID_LEN];

/* The cell of a CellID, or the default one; one that this program may use. */
static struct utcp_cell *own_cell(const struct sock *sk, const u8 *id)
{
	struct utcp_cells *cells = &utcp_net(sock_net(sk))->cells;
	struct utcp_cell *cell;
	u8 def[UTCP_CELL_ID_LEN];

	if (!memcmp(id, utcp_sock_any, UTCP_CELL_ID_LEN)) {
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

/* How many ports of a cell the user of a socket may have: its owner any. */
static u32 port_quota(const struct sock *sk, struct utcp_cell *cell)
{
	const struct utcp_net *un = utcp_net(sock_net(sk));

	if (uid_eq(utcp_cell_owner(cell), sk_uid(sk)))
		return U32_MAX;
	return READ_ONCE(un->limits.val[UTCP_A_LIMITS_USER_PORTS - 1]);
}

/**
 * utcp_sock_bind() - bind a socket
 * @sk: the socket
 * @id: CellID; zeros: the default cell
 * @port: port; 0: any that is free
 *
 * Context: process, under the socket's lock.
 * Return: 0, or an error.
 */
int utcp_sock_bind(struct sock *sk, const u8 *id, u16 port)
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
	ret = utcp_port_take(utcp_sock_ports(sk), &us->port, cell->id, port,
			     sk_uid(sk), port_quota(sk, cell));
	if (ret) {
		utcp_cell_put(cell);
		return ret;
	}
	/* Diagnosis looks at it without a lock. */
	smp_store_release(&us->cell, cell);
	return 0;
}

/**
 * utcp_sock_bind_call() - bind()
 * @sock: the socket
 * @uaddr: address
 * @len: bytes of it
 *
 * Return: 0, or an error: -EINVAL: it is bound already, or no address; -EADDRNOTAVAIL:
 * there is no such cell; -EACCES: the program may not use it, or the port;
 * -EADDRINUSE; -EDQUOT: the user has as many ports of the cell as he may; -ENOMEM.
 */
int utcp_sock_bind_call(struct socket *sock, struct sockaddr_unsized *uaddr,
			int len)
{
	const struct sockaddr_utcp *addr = (struct sockaddr_utcp *)uaddr;
	struct sock *sk = sock->sk;
	int ret;

	ret = utcp_sock_check_addr(addr, len);
	if (ret)
		return ret;
	lock_sock(sk);
	ret = utcp_sock_bind(sk, addr->sutcp_cell, addr->sutcp_port);
	release_sock(sk);
	return ret;
}

/* It has not been reset. */
static bool is_alive(struct utcp_end *end)
{
	bool alive;

	utcp_end_lock(end);
	alive = end->conn.state != UTCP_CONN_DEAD;
	utcp_end_unlock(end);
	return alive;
}

/**
 * utcp_sock_getname() - getsockname() and getpeername()
 * @sock: the socket
 * @uaddr: set to the address
 * @peer: that of the peer; 2: for accept(), which also gets what has died by then
 *
 * Return: bytes of the address, or -ENOTCONN.
 */
int utcp_sock_getname(struct socket *sock, struct sockaddr *uaddr, int peer)
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
	} else if (sk->sk_type == SOCK_DGRAM ?
			   us->to_port :
			   us->end && (peer == 2 || is_alive(us->end))) {
		memcpy(addr->sutcp_cell, us->to_cell, UTCP_CELL_ID_LEN);
		addr->sutcp_port = us->to_port;
	} else {
		ret = -ENOTCONN;
	}
	release_sock(sk);
	return ret;
}
