// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scenario of sockprobe that makes its calls by io_uring, which waits by the socket's
 * poll() and takes the error of a call as its result.
 */
#include "sockprobe.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/io_uring.h>

#define ENTRIES 8

static struct io_uring_params params;
static struct io_uring_sqe *sqes;
static char *rings;
static size_t len_rings;
static int ring;
/* How many operations were written down, and wait to be submitted. */
static unsigned int waiting;
/* Of operations that have ended, by their number. */
static int results[ENTRIES];

static unsigned int *at(uint32_t offset)
{
	return (unsigned int *)(rings + offset);
}

static void make_ring(void)
{
	size_t sq, cq;

	memset(&params, 0, sizeof(params));
	ring = must("io_uring_setup",
		    syscall(SYS_io_uring_setup, ENTRIES, &params));
	sq = params.sq_off.array + params.sq_entries * sizeof(unsigned int);
	cq = params.cq_off.cqes +
	     params.cq_entries * sizeof(struct io_uring_cqe);
	len_rings = sq > cq ? sq : cq;
	rings = mmap(NULL, len_rings, PROT_READ | PROT_WRITE, MAP_SHARED, ring,
		     IORING_OFF_SQ_RING);
	must("mmap", rings == MAP_FAILED ? -1 : 0);
	sqes = mmap(NULL, params.sq_entries * sizeof(*sqes),
		    PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	must("mmap", sqes == MAP_FAILED ? -1 : 0);
	waiting = 0;
}

static void drop_ring(void)
{
	munmap(sqes, params.sq_entries * sizeof(*sqes));
	munmap(rings, len_rings);
	close(ring);
}

/* Writes down an operation of this number. */
static struct io_uring_sqe *operation(unsigned int number, uint8_t code, int fd,
				      const void *addr, unsigned int len)
{
	unsigned int *tail = at(params.sq_off.tail), i;

	i = *tail & *at(params.sq_off.ring_mask);
	sqes[i] = (struct io_uring_sqe){
		.opcode = code,
		.fd = fd,
		.addr = (uintptr_t)addr,
		.len = len,
		.user_data = number,
	};
	at(params.sq_off.array)[i] = i;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	waiting++;
	return &sqes[i];
}

/* Submits what was written down, and waits until so many have ended, since the last time. */
static void await(unsigned int n)
{
	unsigned int *head = at(params.cq_off.head);

	must("io_uring_enter", syscall(SYS_io_uring_enter, ring, waiting, n,
				       IORING_ENTER_GETEVENTS, NULL, 0));
	waiting = 0;
	while (*head !=
	       __atomic_load_n(at(params.cq_off.tail), __ATOMIC_ACQUIRE)) {
		const struct io_uring_cqe *cqes =
			(void *)at(params.cq_off.cqes);
		const struct io_uring_cqe *cqe =
			&cqes[*head & *at(params.cq_off.ring_mask)];

		results[cqe->user_data] = cqe->res;
		__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	}
}

/* As a call of the same name. */
static long ended(const char *what, unsigned int number)
{
	long ret = results[number];

	errno = ret < 0 ? -ret : 0;
	return call(what, ret < 0 ? -1 : ret);
}

static void connects(int fd[2])
{
	union addr a;
	socklen_t len;
	int l = new_listener(&a, &len, 5);

	operation(0, IORING_OP_ACCEPT, l, NULL, 0);
	await(0);
	fd[0] = new_socket(0);
	/* An address' length is where others have an offset. */
	operation(1, IORING_OP_CONNECT, fd[0], &a, 0)->off = len;
	await(2);
	ended("connect", 1);
	fd[1] = must("accept", results[0]);
	operation(0, IORING_OP_ACCEPT, l, NULL, 0);
	await(0);
	operation(1, IORING_OP_ASYNC_CANCEL, -1, NULL, 0);
	await(2);
	ended("accept that is cancelled", 0);
	ended("cancel", 1);
	close(l);
	l = new_socket(0);
	len = fresh(&a);
	if (a.any.sa_family == AF_UTCP) {
		socklen_t own = sizeof(a);

		must("getsockname", getsockname(fd[0], &a.any, &own));
		a.utcp.sutcp_port = 1;
	}
	operation(0, IORING_OP_CONNECT, l, &a, 0)->off = len;
	await(1);
	ended("connect to nobody", 0);
	close(l);
}

void by_io_uring(void)
{
	char in[3][16] = { "" }, out[] = "abcdefg";
	struct iovec to[2] = { { in[1], 2 }, { in[2], 16 } };
	struct iovec from[2] = { { out, 3 }, { out + 3, 4 } };
	const struct msghdr sent = { .msg_iov = from, .msg_iovlen = 2 };
	struct msghdr got = { .msg_iov = to, .msg_iovlen = 2 };
	int fd[2];

	make_ring();
	connects(fd);
	operation(0, IORING_OP_RECV, fd[1], in[0], sizeof(in[0]));
	await(0);
	operation(1, IORING_OP_SEND, fd[0], out, 5);
	await(2);
	ended("send", 1);
	ended("recv that waits for it", 0);
	say("%.5s", in[0]);
	operation(0, IORING_OP_POLL_ADD, fd[0], NULL, 0)->poll32_events =
		POLLIN;
	await(0);
	operation(1, IORING_OP_SENDMSG, fd[1], &sent, 1);
	await(2);
	ended("sendmsg", 1);
	say("poll %#x", results[0] & POLLIN);
	operation(0, IORING_OP_RECVMSG, fd[0], &got, 1);
	await(1);
	ended("recvmsg", 0);
	say("%.2s %.5s", in[1], in[2]);
	operation(0, IORING_OP_RECV, fd[1], in[0], sizeof(in[0]));
	await(0);
	operation(1, IORING_OP_SHUTDOWN, fd[0], NULL, SHUT_WR);
	await(2);
	ended("shutdown", 1);
	ended("recv at the end", 0);
	operation(0, IORING_OP_SEND, fd[0], out, 1)->msg_flags = MSG_NOSIGNAL;
	await(1);
	ended("send after it", 0);
	drop_ring();
	close(fd[0]);
	close(fd[1]);
}
