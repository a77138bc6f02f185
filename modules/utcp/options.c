// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options of sockets at the level SOL_UTCP, and what a socket tells about itself.
 * Those of SOL_SOCKET are the kernel's own.
 */
#include <linux/net.h>
#include <linux/sockptr.h>
#include <linux/uaccess.h>

#include "cong.h"
#include "carry.h"
#include "sock.h"

/**
 * struct bounds - an option that is a number
 * @least: least value
 * @most: greatest value
 */
struct bounds {
	u32 least;
	u32 most;
};

static const struct bounds ranges[] = {
	[UTCP_NODELAY] = { 0, 1 },	[UTCP_USER_TIMEOUT] = { 0, S32_MAX },
	[UTCP_KEEPIDLE] = { 1, 32767 }, [UTCP_KEEPINTVL] = { 1, 32767 },
	[UTCP_KEEPCNT] = { 1, 127 },
};

static u32 *number_of(struct utcp_sock *us, int option)
{
	switch (option) {
	case UTCP_NODELAY:
		return &us->opts.nodelay;
	case UTCP_USER_TIMEOUT:
		return &us->opts.user_timeout;
	case UTCP_KEEPIDLE:
		return &us->opts.keep_idle;
	case UTCP_KEEPINTVL:
		return &us->opts.keep_intvl;
	case UTCP_KEEPCNT:
		return &us->opts.keep_cnt;
	default:
		return NULL;
	}
}

/**
 * utcp_sock_opts_init() - options as they are at first
 * @opts: the options
 */
void utcp_sock_opts_init(struct utcp_sock_opts *opts)
{
	*opts = (struct utcp_sock_opts){
		.keep_idle = 7200,
		.keep_intvl = 75,
		.keep_cnt = 9,
		.cong = &utcp_cubic,
	};
}

/**
 * utcp_sock_opts_apply() - have a connection do as its socket's options say
 * @us: the socket
 * @end: its connection
 *
 * Context: under the lock of the end.
 */
void utcp_sock_opts_apply(const struct utcp_sock *us, struct utcp_end *end)
{
	const struct utcp_sock_opts *opts = &us->opts;
	u32 ms = opts->user_timeout;

	end->user_timeout = ms ? (u64)ms * NSEC_PER_MSEC : UTCP_SILENCE_MAX;
	end->keep_idle = sock_flag(&us->sk, SOCK_KEEPOPEN) ?
				 (u64)opts->keep_idle * NSEC_PER_SEC :
				 0;
	end->keep_intvl = (u64)opts->keep_intvl * NSEC_PER_SEC;
	end->keep_cnt = opts->keep_cnt;
	if (end->ops->options)
		end->ops->options(end);
}

/* The options of a socket have changed. Under its lock. */
static void opts_changed(struct utcp_sock *us)
{
	struct utcp_end *end = us->end;

	if (!end)
		return;
	utcp_end_lock(end);
	utcp_sock_opts_apply(us, end);
	end->ops->move(end); /* which sets the clock */
	utcp_end_unlock(end);
}

/**
 * utcp_sock_keepalive() - SO_KEEPALIVE is set
 * @sk: the socket
 * @on: to 1 or 0
 *
 * Context: process, under the socket's lock.
 */
void utcp_sock_keepalive(struct sock *sk, int on)
{
	/* As the caller does it, but afterwards. */
	sock_valbool_flag(sk, SOCK_KEEPOPEN, on);
	opts_changed(utcp_sk(sk));
}

static int set_congestion(struct sock *sk, sockptr_t value, unsigned int len)
{
	char name[UTCP_CONGESTION_NAME_MAX] = {};
	const struct utcp_cong_ops *ops;

	if (!len)
		return -EINVAL;
	if (copy_from_sockptr(name, value,
			      min_t(size_t, len, sizeof(name) - 1)))
		return -EFAULT;
	ops = utcp_cong_find(name);
	if (!ops)
		return -ENOENT;
	lock_sock(sk);
	utcp_sk(sk)->opts.cong = ops;
	release_sock(sk);
	return 0;
}

/**
 * utcp_sock_setsockopt() - setsockopt()
 * @sock: the socket; not of datagrams
 * @level: SOL_UTCP
 * @option: UTCP_…
 * @value: what is set
 * @len: bytes of it
 *
 * Return: 0, or an error: -ENOPROTOOPT: no such option, or it cannot be set; -EINVAL:
 * too short, or out of range; -ENOENT: no such congestion control; -EFAULT.
 */
int utcp_sock_setsockopt(struct socket *sock, int level, int option,
			 sockptr_t value, unsigned int len)
{
	struct sock *sk = sock->sk;
	u32 number;

	if (level != SOL_UTCP)
		return -ENOPROTOOPT;
	if (option == UTCP_CONGESTION)
		return set_congestion(sk, value, len);
	if (option < 0 || !number_of(utcp_sk(sk), option))
		return -ENOPROTOOPT;
	if (len < sizeof(number))
		return -EINVAL;
	if (copy_from_sockptr(&number, value, sizeof(number)))
		return -EFAULT;
	if (option == UTCP_NODELAY)
		number = !!number; /* as TCP_NODELAY */
	if (number < ranges[option].least || number > ranges[option].most)
		return -EINVAL;
	lock_sock(sk);
	*number_of(utcp_sk(sk), option) = number;
	opts_changed(utcp_sk(sk));
	release_sock(sk);
	return 0;
}

/* --- what is told ----------------------------------------------------------------- */

static u8 state_of(const struct utcp_conn *conn)
{
	bool came = conn->recvq.next == conn->recvq.fin;

	if (conn->state == UTCP_CONN_DEAD)
		return TCP_CLOSE;
	if (conn->state == UTCP_CONN_OPENING)
		return TCP_SYN_SENT;
	if (!conn->sendq.fin)
		return came ? TCP_CLOSE_WAIT : TCP_ESTABLISHED;
	if (came)
		return TCP_CLOSING;
	return utcp_sendq_done(&conn->sendq) ? TCP_FIN_WAIT2 : TCP_FIN_WAIT1;
}

static u32 bounded(u64 n)
{
	return min_t(u64, n, U32_MAX);
}

static void end_info(struct utcp_end *end, struct utcp_info *info)
{
	const struct utcp_conn *conn = &end->conn;

	utcp_end_lock(end);
	info->state = state_of(conn);
	if (conn->opener)
		info->flags |= UTCP_INFO_OPENER;
	if (end->ops->reserve)
		info->flags |= UTCP_INFO_LOCAL;
	info->rcv_queue = bounded(conn->recvq.next - conn->recvq.read);
	info->snd_queue = bounded(utcp_sendq_waits(&conn->sendq));
	info->rcv_window = bounded(conn->flow.limit - conn->recvq.next);
	if (conn->sendq.limit > conn->sendq.end)
		info->snd_window = bounded(conn->sendq.limit - conn->sendq.end);
	info->longest = conn->longest;
	info->bytes_sent = conn->sendq.sent;
	info->bytes_acked = conn->sendq.una;
	info->bytes_received = conn->recvq.next;
	if (end->ops->info)
		end->ops->info(end, info);
	utcp_end_unlock(end);
}

/**
 * utcp_sock_info() - what a socket tells about itself
 * @sk: the socket
 * @info: set to it
 *
 * What changes at the same time may be seen as it was or as it is.
 *
 * Context: process; with or without the socket's lock.
 */
void utcp_sock_info(struct sock *sk, struct utcp_info *info)
{
	struct utcp_sock *us = utcp_sk(sk);
	/* Pairs with who has connected. */
	struct utcp_end *end = smp_load_acquire(&us->end);

	*info = (struct utcp_info){
		.state = READ_ONCE(sk->sk_state),
		.type = sk->sk_type,
		.drops = sk_drops_read(sk),
	};
	if (end) {
		end_info(end, info);
	} else if (info->state == TCP_LISTEN) {
		info->rcv_queue = READ_ONCE(us->n_queue);
		info->snd_queue = READ_ONCE(sk->sk_max_ack_backlog);
	} else if (sk->sk_type == SOCK_DGRAM) {
		info->rcv_queue = sk_rmem_alloc_get(sk);
		info->snd_queue = sk_wmem_alloc_get(sk);
		utcp_dgram_info(sk, info);
	}
}

/**
 * union answer - what getsockopt() gives
 * @number: a number
 * @cell: a CellID
 * @key: a public key
 * @name: a name
 * @info: see there
 */
union answer {
	u32 number;
	u8 cell[UTCP_CELL_ID_BYTES];
	u8 key[UTCP_CELL_KEY_BYTES];
	char name[UTCP_CONGESTION_NAME_MAX];
	struct utcp_info info;
};

static bool has_peer(const struct utcp_sock *us)
{
	return us->sk.sk_type == SOCK_DGRAM ? us->to_port : !!us->end;
}

/* Under the socket's lock. Return: bytes of the answer, or an error. */
static int answer_of(struct sock *sk, int option, union answer *answer)
{
	struct utcp_sock *us = utcp_sk(sk);
	const u32 *number = number_of(us, option);

	if (option == UTCP_LOCAL_CELL || option == UTCP_LOCAL_KEY) {
		if (!us->cell)
			return -EADDRNOTAVAIL;
	} else if (option == UTCP_PEER_CELL || option == UTCP_PEER_KEY) {
		if (!has_peer(us))
			return -ENOTCONN;
	}
	switch (option) {
	case UTCP_LOCAL_CELL:
		memcpy(answer->cell, us->cell->id, sizeof(answer->cell));
		return sizeof(answer->cell);
	case UTCP_LOCAL_KEY:
		memcpy(answer->key, us->cell->public_key, sizeof(answer->key));
		return sizeof(answer->key);
	case UTCP_PEER_CELL:
		memcpy(answer->cell, us->to_cell, sizeof(answer->cell));
		return sizeof(answer->cell);
	case UTCP_PEER_KEY:
		if (!us->end)
			return -ENOPROTOOPT; /* of datagrams it is not known */
		memcpy(answer->key, us->to_key, sizeof(answer->key));
		return sizeof(answer->key);
	case UTCP_INFO:
		utcp_sock_info(sk, &answer->info);
		return sizeof(answer->info);
	case UTCP_CONGESTION:
		if (sk->sk_type == SOCK_DGRAM)
			return -ENOPROTOOPT;
		strscpy(answer->name, us->opts.cong->name,
			sizeof(answer->name));
		return sizeof(answer->name);
	}
	if (!number || sk->sk_type == SOCK_DGRAM)
		return -ENOPROTOOPT;
	answer->number = *number;
	return sizeof(answer->number);
}

/**
 * utcp_sock_getsockopt() - getsockopt()
 * @sock: the socket
 * @level: SOL_UTCP
 * @option: UTCP_…
 * @value: where it goes
 * @len: bytes that there is room for; set to how many were written
 *
 * Return: 0, or an error: -ENOPROTOOPT: no such option; -EADDRNOTAVAIL: the socket is
 * bound to no cell; -ENOTCONN: it has no peer; -EINVAL, -EFAULT.
 */
int utcp_sock_getsockopt(struct socket *sock, int level, int option,
			 char __user *value, int __user *len)
{
	union answer answer = {};
	int room, size;

	if (level != SOL_UTCP)
		return -ENOPROTOOPT;
	if (get_user(room, len))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	lock_sock(sock->sk);
	size = answer_of(sock->sk, option, &answer);
	release_sock(sock->sk);
	if (size < 0)
		return size;
	size = min(size, room);
	if (put_user(size, len) || copy_to_user(value, &answer, size))
		return -EFAULT;
	return 0;
}
