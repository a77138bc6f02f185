// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes and messages of connected sockets: reading, writing, ends, and what poll()
 * says.
 *
 * Between cells of one namespace a program's bytes are copied once into the other's
 * buffer, and once out of it; what the window does not take waits in a buffer of
 * the sender's, up to SO_SNDBUF, the memory of which is handed over later.
 */
#include <linux/net.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sockios.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <asm/ioctls.h>

#include "memory.h"
#include "sock.h"
#include "trace.h"

/* What is copied from or to a program at once, and the pieces of memory of it; and while
 * bottom halves are off.
 */
#define COPY_MAX 65536
#define COPY_LOCKED_MAX 32768
#define PLACES (COPY_MAX / UTCP_PIECE_LEN + 1)
/* Who waits for memory looks again after this, in jiffies. */
#define MEMORY_PAUSE (HZ / 10)

/**
 * struct places - where the bytes of a connection are; on the stack __uninitialized, for the
 *	kernel would zero it as a whole
 * @place: pieces of memory, in order
 * @n: how many
 * @len: bytes of all of them
 */
struct places {
	struct kvec place[PLACES];
	unsigned int n;
	size_t len;
};

/* Of up to @len bytes from @offset on, as many as there are places for. */
static void places_of(struct places *p, const struct utcp_pieces *bytes,
		      u64 offset, size_t len)
{
	p->n = 0;
	p->len = 0;
	while (p->n < PLACES && p->len < len) {
		u32 part = min_t(size_t, len - p->len, UTCP_PIECE_LEN);

		p->place[p->n].iov_base =
			utcp_pieces_at(bytes, offset + p->len, &part);
		p->place[p->n++].iov_len = part;
		p->len += part;
	}
}

/* Return: how many bytes were copied. */
static size_t copy_in(const struct places *p, struct iov_iter *from)
{
	size_t done = 0, part;
	unsigned int i;

	for (i = 0; i < p->n; i++) {
		part = copy_from_iter(p->place[i].iov_base, p->place[i].iov_len,
				      from);
		done += part;
		if (part < p->place[i].iov_len)
			break;
	}
	return done;
}

static size_t copy_out(const struct places *p, struct iov_iter *to)
{
	size_t done = 0, part;
	unsigned int i;

	for (i = 0; i < p->n; i++) {
		part = copy_to_iter(p->place[i].iov_base, p->place[i].iov_len,
				    to);
		done += part;
		if (part < p->place[i].iov_len)
			break;
	}
	return done;
}

/* --- writing -------------------------------------------------------------------- */

/* What prevents sending; under the end's lock. An error of the socket is taken by
 * sk_stream_error(), if nothing was sent before it; else the next call gets it.
 */
static int send_error(const struct sock *sk, const struct utcp_conn *conn)
{
	return sk->sk_err || sk->sk_shutdown & SEND_SHUTDOWN ||
			       conn->state == UTCP_CONN_DEAD ?
		       -EPIPE :
		       0;
}

/* Room for bytes; for a message as a whole, however long it is: poll() cannot know that, and
 * who is told that he can write must not get EAGAIN.
 */
static bool has_room(const struct sock *sk, const struct utcp_conn *conn)
{
	return utcp_sendq_waits(&conn->sendq) < (u64)sk->sk_sndbuf;
}

/* Writes into the other end's buffer, where @len bytes are reserved. @places: the first
 * of them; is changed. Return: bytes, of a message all of them; -EFAULT.
 */
static ssize_t write_over(struct utcp_sock *us, struct msghdr *msg, size_t len,
			  bool message, struct places *places)
{
	struct utcp_end *end = us->end;
	const struct utcp_recvq *q = &end->ops->other(end)->conn.recvq;
	size_t done = 0, part;

	for (;;) {
		part = copy_in(places, &msg->msg_iter);
		done += part;
		if (part < places->len || done == len)
			break;
		utcp_end_lock(end);
		places_of(places, &q->bytes, q->next + done, len - done);
		utcp_end_unlock(end);
	}
	if (!done || (message && done < len))
		return -EFAULT;
	utcp_end_lock(end);
	end->ops->commit(end, done, message);
	utcp_end_unlock(end);
	return done;
}

/* Is there nothing of what was written, neither here nor, inside the namespace, there? */
static bool nothing_waits(const struct utcp_end *end)
{
	const struct utcp_recvq *q;

	if (utcp_sendq_waits(&end->conn.sendq))
		return false;
	if (!end->ops->other)
		return true;
	q = &end->ops->other(end)->conn.recvq;
	return q->next == q->read;
}

/* How many of so many bytes may be written. While all buffers together have taken too much, a
 * piece of a connection of which nothing waits, as TCP has a least, too: or who has taken all
 * would stop everybody for as long as he likes. Under the end's lock.
 */
static size_t may_take(const struct utcp_end *end, size_t len, bool message)
{
	if (likely(utcp_memory_left(end->account, len)))
		return len;
	if ((message && len > UTCP_PIECE_LEN) || !nothing_waits(end))
		return 0;
	return min_t(size_t, len, UTCP_PIECE_LEN);
}

/* Writes into the own buffer without waiting for the program's pages, as one must not
 * under the end's lock, under which it is called. Return: bytes, of a message all of
 * them; 0: a page was not there, or it is a long message, for bottom halves are off; there
 * is no memory, or the connection has ended; nothing was written.
 */
static size_t write_present(struct utcp_end *end, struct msghdr *msg,
			    size_t len, bool message)
{
	struct utcp_sendq *q = &end->conn.sendq;
	struct places places __uninitialized;
	size_t done = 0, part;

	if (!message)
		len = min_t(size_t, len, COPY_LOCKED_MAX);
	if (len > COPY_LOCKED_MAX || end->conn.state == UTCP_CONN_DEAD)
		return 0;
	len = may_take(end, len, message);
	if (!len || !utcp_sendq_reserve(q, len))
		return 0;
	pagefault_disable();
	do {
		places_of(&places, &q->bytes, q->end + done, len - done);
		part = copy_in(&places, &msg->msg_iter);
		done += part;
	} while (part == places.len && done < len);
	pagefault_enable();
	if (done < len) {
		iov_iter_revert(&msg->msg_iter, done);
		return 0;
	}
	utcp_sendq_written(q, len, message);
	end->ops->move(end);
	return len;
}

/* Writes into the own buffer what write_present() could not; there is room. Return: as
 * write_over(); 0: all buffers together have taken too much, and nothing was written;
 * -ENOBUFS.
 */
static ssize_t write_copy(struct utcp_sock *us, struct msghdr *msg, size_t len,
			  bool message)
{
	struct utcp_end *end = us->end;
	struct utcp_conn *conn = &end->conn;
	ssize_t ret;
	u8 *copy;

	if (!message)
		len = min_t(size_t, len, COPY_LOCKED_MAX);
	utcp_end_lock(end);
	len = may_take(end, len, message);
	utcp_end_unlock(end);
	ret = len;
	if (!len)
		return 0;
	copy = kvmalloc(len, GFP_KERNEL_ACCOUNT);
	if (!copy)
		return -ENOBUFS;
	if (!copy_from_iter_full(copy, len, &msg->msg_iter)) {
		kvfree(copy);
		return -EFAULT;
	}
	utcp_end_lock(end);
	/* If it has ended, the bytes are lost as those are that were just sent. */
	if (conn->state != UTCP_CONN_DEAD) {
		if (utcp_sendq_write(&conn->sendq, copy, len, message))
			end->ops->move(end);
		else
			ret = 0;
	}
	utcp_end_unlock(end);
	kvfree(copy);
	if (!ret)
		iov_iter_revert(&msg->msg_iter, len);
	return ret;
}

/* Nobody is told when there is memory again: as TCP's sk_stream_wait_memory() has it,
 * it is looked at again from time to time.
 */
static int wait_memory(struct sock *sk, wait_queue_entry_t *wait, long *timeo)
{
	long part = min_t(long, *timeo, MEMORY_PAUSE), left = part;
	int ret;

	/* An error depends on whether there is an end to waiting. */
	if (!part || signal_pending(current))
		return utcp_sock_wait(sk, wait, timeo);
	ret = utcp_sock_wait(sk, wait, &left);
	if (*timeo != MAX_SCHEDULE_TIMEOUT)
		*timeo -= part - left;
	return ret;
}

/* Waits until something can be written, and does. Return: bytes, or an error. */
static ssize_t write_some(struct sock *sk, struct msghdr *msg, size_t len,
			  wait_queue_entry_t *wait, long *timeo)
{
	struct utcp_sock *us = utcp_sk(sk);
	struct utcp_end *end = us->end;
	struct utcp_conn *conn = &end->conn;
	bool message = conn->kind == UTCP_KIND_SEQPACKET, room;
	const struct utcp_recvq *other;
	struct places places __uninitialized;
	size_t wrote;
	ssize_t done;
	u32 over;
	int ret;

	for (;;) {
		over = 0;
		wrote = 0;
		utcp_end_lock(end);
		ret = send_error(sk, conn);
		room = has_room(sk, conn);
		if (!ret && len && end->ops->reserve)
			over = end->ops->reserve(end, len, message);
		if (over) {
			other = &end->ops->other(end)->conn.recvq;
			places_of(&places, &other->bytes, other->next, over);
		} else if (!ret && len && room) {
			wrote = write_present(end, msg, len, message);
		}
		if (!ret && !room && !over)
			set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
		utcp_end_unlock(end);
		if (ret || !len)
			return ret;
		if (wrote)
			return wrote;
		if (over)
			return write_over(us, msg, over, message, &places);
		if (room) {
			done = write_copy(us, msg, len, message);
			if (done)
				return done;
			ret = wait_memory(sk, wait, timeo);
		} else {
			ret = utcp_sock_wait(sk, wait, timeo);
		}
		if (ret)
			return ret;
	}
}

/* Who was told EAGAIN waits for an edge, and of an empty queue there is none: for want of
 * memory he is told to try again, as at the end of tcp_sendmsg_locked().
 */
static noinline void no_memory(struct sock *sk)
{
	struct utcp_end *end = utcp_sk(sk)->end;
	bool empty;

	if (!end)
		return;
	utcp_end_lock(end);
	empty = !utcp_sendq_waits(&end->conn.sendq);
	utcp_end_unlock(end);
	if (empty)
		sk->sk_write_space(sk);
}

static int check_send(const struct sock *sk, const struct msghdr *msg,
		      size_t len)
{
	const struct utcp_sock *us = utcp_sk(sk);
	bool message = utcp_sock_kind(sk) == UTCP_KIND_SEQPACKET;

	if (!us->end)
		return message ? -ENOTCONN : -EPIPE; /* as TCP has it */
	if (message && !len)
		return -EINVAL;
	if (message &&
	    len > min_t(size_t, UTCP_MESSAGE_MAX, us->end->conn.longest))
		return -EMSGSIZE;
	return 0;
}

/**
 * utcp_stream_sendmsg() - send() of a stream or seqpacket socket
 * @sock: the socket
 * @msg: what is sent
 * @len: bytes of it
 *
 * Return: bytes that are on their way, or an error.
 */
int utcp_stream_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	DEFINE_WAIT_FUNC(wait, utcp_sock_woken);
	struct sock *sk = sock->sk;
	bool message = utcp_sock_kind(sk) == UTCP_KIND_SEQPACKET;
	size_t sent = 0;
	long timeo;
	ssize_t ret;

	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	lock_sock(sk);
	timeo = sock_sndtimeo(sk, msg->msg_flags & MSG_DONTWAIT);
	ret = utcp_sock_wait_connected(sk, &timeo);
	if (!ret)
		ret = check_send(sk, msg, len);
	if (ret)
		goto out;
	do {
		size_t part = len - sent;

		if (!message)
			part = min_t(size_t, part, COPY_MAX);
		ret = write_some(sk, msg, part, &wait, &timeo);
		if (ret > 0)
			sent += ret;
	} while (ret > 0 && sent < len);
	utcp_sock_waited(sk, &wait);
out:
	if (unlikely(ret == -EAGAIN))
		no_memory(sk);
	if (sent)
		ret = sent;
	else if (ret)
		ret = sk_stream_error(sk, msg->msg_flags, ret);
	release_sock(sk);
	return ret;
}

/* --- reading -------------------------------------------------------------------- */

static void drop_bytes(struct sock *sk, size_t len)
{
	struct utcp_sock *us = utcp_sk(sk);
	struct utcp_end *end = us->end;
	struct utcp_conn *conn = &end->conn;

	utcp_end_lock(end);
	utcp_recvq_drop(&conn->recvq, len);
	/* SO_RCVBUF may have been set since. */
	conn->flow.most = max_t(u32, sk->sk_rcvbuf, conn->flow.buffer);
	if (utcp_flow_read(&conn->flow, len, end->ops->rtt(end), utcp_now()) &&
	    conn->state != UTCP_CONN_DEAD && conn->recvq.fin == UTCP_OFFSET_END)
		conn->send |= UTCP_CONN_SEND_WINDOW;
	end->ops->move(end);
	utcp_end_unlock(end);
}

/**
 * struct state - what there is to read
 * @ready: bytes; of messages, those of the next one
 * @fin: there is nothing behind them, whatever has happened since
 * @ended: no more will come
 * @places: where the first of them are
 */
struct state {
	size_t ready;
	bool fin;
	bool ended;
	struct places places;
};

/* @skip: bytes that were peeked at already. @want: as many are wanted. */
static void look(struct sock *sk, size_t skip, size_t want, struct state *s)
{
	struct utcp_sock *us = utcp_sk(sk);
	struct utcp_end *end = us->end;
	const struct utcp_conn *conn = &end->conn;
	const struct utcp_recvq *q = &conn->recvq;

	utcp_end_lock(end);
	s->ready = utcp_recvq_ready(q);
	s->ready -= min(s->ready, skip);
	places_of(&s->places, &q->bytes, q->read + skip, min(want, s->ready));
	s->fin = q->read + skip >= q->fin;
	s->ended = s->fin || conn->state == UTCP_CONN_DEAD ||
		   sk->sk_shutdown & RCV_SHUTDOWN;
	utcp_end_unlock(end);
}

/* Copies @len bytes that are ready, from @skip on. @places: the first of them; is changed.
 * Return: how many were.
 */
static size_t read_some(struct utcp_sock *us, struct msghdr *msg, size_t skip,
			size_t len, struct places *places)
{
	struct utcp_end *end = us->end;
	const struct utcp_recvq *q = &end->conn.recvq;
	size_t done = 0, part;

	for (;;) {
		part = copy_out(places, &msg->msg_iter);
		done += part;
		if (part < places->len || done == len)
			return done;
		utcp_end_lock(end);
		places_of(places, &q->bytes, q->read + skip + done, len - done);
		utcp_end_unlock(end);
	}
}

static ssize_t read_message(struct sock *sk, struct msghdr *msg, size_t size,
			    int flags, struct state *s)
{
	size_t whole = s->ready, len = min(size, whole);

	if (read_some(utcp_sk(sk), msg, 0, len, &s->places) < len)
		return -EFAULT;
	if (!(flags & MSG_PEEK))
		drop_bytes(sk, whole);
	msg->msg_flags |= whole > len ? MSG_TRUNC : MSG_EOR;
	return flags & MSG_TRUNC ? whole : len;
}

/* After a look. @got: bytes that were read already, to which an error does not belong: the
 * next call gets it. @want: as many are wanted. Return: 0: there is something; 1: there
 * will be nothing; or an error.
 */
static int wait_readable(struct sock *sk, wait_queue_entry_t *wait, long *timeo,
			 size_t skip, size_t got, size_t want, struct state *s)
{
	int ret;

	while (!s->ready) {
		if ((got && READ_ONCE(sk->sk_err)) || s->fin)
			return 1;
		ret = sock_error(sk);
		if (ret)
			return ret;
		if (s->ended)
			return 1;
		ret = utcp_sock_wait(sk, wait, timeo);
		if (ret)
			return ret;
		look(sk, skip, want, s);
	}
	return 0;
}

static ssize_t read_stream(struct sock *sk, struct msghdr *msg, size_t size,
			   int flags, wait_queue_entry_t *wait, long timeo)
{
	size_t target = sock_rcvlowat(sk, flags & MSG_WAITALL, size);
	bool peek = flags & MSG_PEEK;
	size_t got = 0, len, part;
	struct state s __uninitialized;
	int ret = 0;

	do {
		len = min_t(size_t, size - got, COPY_MAX);
		look(sk, peek ? got : 0, len, &s);
		if (!s.ready) {
			/* An error stays for the next call. */
			if (got && (got >= target || sk->sk_err || s.ended))
				break;
			ret = wait_readable(sk, wait, &timeo, peek ? got : 0,
					    got, len, &s);
			if (ret)
				break;
		}
		len = min(len, s.ready);
		part = flags & MSG_TRUNC ?
			       len :
			       read_some(utcp_sk(sk), msg, peek ? got : 0, len,
					 &s.places);
		if (part && !peek)
			drop_bytes(sk, part);
		got += part;
		if (part < len) {
			ret = -EFAULT;
			break;
		}
	} while (got < size);
	if (got)
		return got;
	return ret > 0 ? 0 : ret;
}

/**
 * utcp_stream_recvmsg() - recv() of a stream or seqpacket socket
 * @sock: the socket
 * @msg: where it goes
 * @size: bytes that are wanted
 * @flags: MSG_…
 *
 * Return: bytes, 0 at the end, or an error.
 */
int utcp_stream_recvmsg(struct socket *sock, struct msghdr *msg, size_t size,
			int flags)
{
	DEFINE_WAIT_FUNC(wait, utcp_sock_woken);
	struct sock *sk = sock->sk;
	struct state s __uninitialized;
	long timeo;
	ssize_t ret;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (flags & MSG_ERRQUEUE)
		return -EAGAIN; /* it is empty */
	lock_sock(sk);
	timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	ret = utcp_sock_wait_connected(sk, &timeo);
	if (!ret && !utcp_sk(sk)->end)
		ret = sock_error(sk) ?: -ENOTCONN;
	if (ret)
		goto out;
	if (utcp_sock_kind(sk) == UTCP_KIND_STREAM) {
		ret = read_stream(sk, msg, size, flags, &wait, timeo);
	} else {
		look(sk, 0, size, &s);
		ret = wait_readable(sk, &wait, &timeo, 0, 0, size, &s);
		if (!ret)
			ret = read_message(sk, msg, size, flags, &s);
		else if (ret > 0)
			ret = 0;
	}
	utcp_sock_waited(sk, &wait);
out:
	release_sock(sk);
	return ret;
}

/* --- ends ----------------------------------------------------------------------- */

static int shut_end(struct sock *sk, int how)
{
	struct utcp_sock *us = utcp_sk(sk);
	struct utcp_end *end = us->end;
	struct utcp_conn *conn = &end->conn;
	int ret = 0;

	utcp_end_lock(end);
	if (conn->state == UTCP_CONN_DEAD) {
		ret = -ENOTCONN;
	} else {
		sk->sk_shutdown |= how;
		if (how & SEND_SHUTDOWN)
			utcp_sendq_fin(&conn->sendq);
		/* Who does neither any more is not to be written to: as TCP has it. */
		if (sk->sk_shutdown == SHUTDOWN_MASK)
			conn->closed = true;
		end->ops->move(end);
		sk->sk_state_change(sk);
	}
	utcp_end_unlock(end);
	return ret;
}

/**
 * utcp_stream_shutdown() - shutdown() of a stream or seqpacket socket
 * @sock: the socket
 * @how: SHUT_RD, SHUT_WR or SHUT_RDWR
 *
 * Return: 0, or an error.
 */
int utcp_stream_shutdown(struct socket *sock, int how)
{
	struct sock *sk = sock->sk;
	int ret = 0;

	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	how++; /* RCV_SHUTDOWN, SEND_SHUTDOWN */
	lock_sock(sk);
	if (sk->sk_state == TCP_LISTEN) {
		if (how & RCV_SHUTDOWN) {
			spin_lock_bh(&utcp_sock_ports(sk)->lock);
			sk->sk_state = TCP_CLOSE;
			spin_unlock_bh(&utcp_sock_ports(sk)->lock);
			trace_utcp_sock(sk, UTCP_SOCK_SHUT, 0);
			utcp_sock_drop_queue(sk);
			sk->sk_state_change(sk);
		}
	} else if (sk->sk_state == TCP_SYN_SENT) {
		sk->sk_err = ECONNRESET; /* as TCP has it */
		trace_utcp_sock(sk, UTCP_SOCK_DIED, sk->sk_err);
		utcp_sock_abort_connect(sk);
		sock->state = SS_UNCONNECTED;
		sk->sk_state_change(sk);
	} else if (!utcp_sk(sk)->end) {
		ret = -ENOTCONN;
	} else {
		ret = shut_end(sk, how);
		trace_utcp_sock(sk, UTCP_SOCK_SHUT, 0);
	}
	release_sock(sk);
	return ret;
}

/* --- poll() and ioctl() ----------------------------------------------------------- */

static __poll_t poll_listener(struct sock *sk)
{
	__poll_t mask = 0;

	spin_lock_bh(&utcp_sock_ports(sk)->lock);
	if (!list_empty(&utcp_sk(sk)->queue))
		mask = EPOLLIN | EPOLLRDNORM;
	spin_unlock_bh(&utcp_sock_ports(sk)->lock);
	return mask;
}

/* Not connected: as TCP has it. The error of a socket that is about to connect is there
 * before its state says so: who looks in between would see an error of a socket that is
 * neither at its end nor writable. He is woken when it is.
 */
static __poll_t poll_unconnected(const struct sock *sk, int state)
{
	__poll_t mask = 0;

	if (state == TCP_SYN_SENT)
		return mask;
	if (READ_ONCE(sk->sk_err))
		mask |= EPOLLERR;
	if (READ_ONCE(sk->sk_shutdown) & RCV_SHUTDOWN)
		mask |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;
	return mask | EPOLLOUT | EPOLLWRNORM | EPOLLHUP;
}

/* Enough to be read? One does not wait for more than the window or the memory takes, whatever
 * SO_RCVLOWAT says.
 */
static bool is_enough(const struct sock *sk, const struct utcp_end *end)
{
	const struct utcp_conn *conn = &end->conn;
	u32 ready = utcp_recvq_ready(&conn->recvq);

	if (ready >=
	    (u32)(conn->recvq.longest ? 1 : sock_rcvlowat(sk, 0, INT_MAX)))
		return true;
	return ready && (conn->recvq.next >= conn->flow.limit ||
			 !utcp_memory_left(end->account, UTCP_PIECE_LEN));
}

static __poll_t poll_conn(const struct sock *sk, const struct utcp_end *end)
{
	const struct utcp_conn *conn = &end->conn;
	bool dead = conn->state == UTCP_CONN_DEAD;
	bool fin = conn->recvq.next == conn->recvq.fin;
	bool ended = dead || utcp_recvq_ended(&conn->recvq) ||
		     sk->sk_shutdown & RCV_SHUTDOWN;
	__poll_t mask = 0;

	if (sk->sk_err)
		mask |= EPOLLERR;
	if (ended || fin || is_enough(sk, end))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (ended || fin)
		mask |= EPOLLRDHUP;
	if (dead || ((fin || sk->sk_shutdown & RCV_SHUTDOWN) &&
		     sk->sk_shutdown & SEND_SHUTDOWN))
		mask |= EPOLLHUP;
	if (dead || sk->sk_shutdown & SEND_SHUTDOWN || has_room(sk, conn))
		mask |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	return mask;
}

/**
 * utcp_stream_poll() - poll() of a stream or seqpacket socket
 * @file: its file
 * @sock: the socket
 * @wait: who waits
 *
 * Return: what can be done.
 */
__poll_t utcp_stream_poll(struct file *file, struct socket *sock,
			  poll_table *wait)
{
	struct sock *sk = sock->sk;
	struct utcp_sock *us = utcp_sk(sk);
	struct utcp_end *end;
	__poll_t mask;
	int state;

	sock_poll_wait(file, sock, wait);
	/* Whose state says that it is connected has its end: pairs with connected(). */
	state = smp_load_acquire(&sk->sk_state);
	if (state == TCP_LISTEN)
		return poll_listener(sk);
	/* Pairs with connected(), too: what the end points to is there. */
	end = smp_load_acquire(&us->end);
	if (!end)
		return poll_unconnected(sk, state);
	utcp_end_lock(end);
	mask = poll_conn(sk, end);
	if (!(mask & EPOLLOUT))
		set_bit(SOCK_NOSPACE, &sock->flags);
	utcp_end_unlock(end);
	return mask;
}

/**
 * utcp_stream_rcvlowat() - SO_RCVLOWAT of a stream or seqpacket socket
 * @sk: the socket
 * @val: so many bytes are enough to be read
 *
 * Who waits for more than that hears of what is there already.
 *
 * Context: process, under the socket's lock.
 * Return: 0.
 */
int utcp_stream_rcvlowat(struct sock *sk, int val)
{
	struct utcp_end *end = utcp_sk(sk)->end;

	WRITE_ONCE(sk->sk_rcvlowat, val ?: 1);
	if (end) {
		utcp_end_lock(end);
		if (is_enough(sk, end))
			utcp_end_wake(end, UTCP_CONN_READABLE);
		utcp_end_unlock(end);
	}
	return 0;
}

/**
 * utcp_stream_ioctl() - ioctl() of a stream or seqpacket socket
 * @sock: the socket
 * @cmd: SIOCINQ, SIOCOUTQ or SIOCOUTQNSD
 * @arg: where the number of bytes goes
 *
 * Return: 0, or an error.
 */
int utcp_stream_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	struct utcp_sock *us = utcp_sk(sock->sk);
	const struct utcp_conn *conn;
	struct utcp_end *end;
	u64 n = 0;

	if (cmd != SIOCINQ && cmd != SIOCOUTQ && cmd != SIOCOUTQNSD)
		return -ENOIOCTLCMD;
	if (READ_ONCE(sock->sk->sk_state) == TCP_LISTEN)
		return -EINVAL;
	end = READ_ONCE(us->end);
	if (end) {
		conn = &end->conn;
		utcp_end_lock(end);
		if (cmd == SIOCINQ)
			n = utcp_recvq_ready(&conn->recvq);
		else if (cmd == SIOCOUTQ)
			n = utcp_sendq_waits(&conn->sendq);
		else
			n = conn->sendq.end - conn->sendq.sent;
		utcp_end_unlock(end);
	}
	return put_user((int)n, (int __user *)arg);
}
