// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scenarios of sockprobe that are about what is written and read.
 */
#include "sockprobe.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/sockios.h>

void talks(void)
{
	char b[64];
	int fd[2];
	long n;

	new_pair(fd);
	say("poll %#x", bits(fd[0]));
	call("recv, nothing", recv(fd[1], b, sizeof(b), MSG_DONTWAIT));
	call("send", send(fd[0], "hello", 5, 0));
	poll_for("other", fd[1], POLLIN);
	memset(b, 0, sizeof(b));
	n = call("peek", recv(fd[1], b, sizeof(b), MSG_PEEK));
	say_bytes("bytes", b, n);
	n = call("recv", recv(fd[1], b, sizeof(b), 0));
	say_bytes("bytes", b, n);
	say("poll %#x", bits(fd[1]));
	call("back", send(fd[1], "world", 5, MSG_EOR));
	n = call("recv", recv(fd[0], b, sizeof(b), 0));
	say_bytes("bytes", b, n);
	close(fd[0]);
	close(fd[1]);
}

void partial(void)
{
	struct iovec iov;
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	char b[64];
	int fd[2];
	long n;

	new_pair(fd);
	send(fd[0], "abcdefgh", 8, 0);
	send(fd[0], "12345678", 8, 0);
	poll_for("there", fd[1], POLLIN);
	iov = (struct iovec){ b, 5 };
	n = call("recvmsg", recvmsg(fd[1], &msg, 0));
	say_bytes("bytes", b, n);
	say("trunc %d", !!(msg.msg_flags & MSG_TRUNC));
	iov = (struct iovec){ b, 2 };
	n = call("recvmsg", recvmsg(fd[1], &msg, MSG_PEEK));
	say_bytes("bytes", b, n);
	n = call("recv", recv(fd[1], b, 6, 0));
	say_bytes("bytes", b, n);
	close(fd[0]);
	close(fd[1]);
}

void times_out(void)
{
	const struct timeval tv = { .tv_usec = 50000 };
	union addr a;
	socklen_t len;
	char b[8];
	int fd[2], l;

	new_pair(fd);
	setsockopt(fd[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	call("recv", recv(fd[0], b, sizeof(b), 0));
	close(fd[0]);
	close(fd[1]);
	l = new_listener(&a, &len, 0);
	setsockopt(l, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	call("accept", accept(l, NULL, NULL));
	close(l);
}

static void on_alarm(int sig)
{
	(void)sig;
}

void signals(void)
{
	const struct sigaction act = { .sa_handler = on_alarm };
	union addr a;
	socklen_t len;
	char b[8] = "";
	int fd[2], l, s, status;
	pid_t pid;

	sigaction(SIGALRM, &act, NULL);
	l = new_listener(&a, &len, 0);
	ualarm(50000, 0);
	call("accept", accept(l, NULL, NULL));
	/* one has room in the queue, the other has to wait */
	fd[0] = new_socket(0);
	must("connect", connect(fd[0], &a.any, len));
	poll_for("queued", l, POLLIN);
	s = new_socket(0);
	ualarm(50000, 0);
	call("connect", connect(s, &a.any, len));
	close(s);
	close(fd[0]);
	close(l);
	new_pair(fd);
	ualarm(50000, 0);
	call("recv", recv(fd[0], b, 8, 0));
	fill(fd[0]);
	ualarm(50000, 0);
	call("send", send(fd[0], b, 1, 0));
	ualarm(0, 0);
	signal(SIGALRM, SIG_DFL);
	close(fd[0]);
	close(fd[1]);
	new_pair(fd);
	/* SIGPIPE, in a child of its own */
	close(fd[1]);
	poll_for("closed", fd[0], POLLRDHUP);
	pid = must("fork", fork());
	if (!pid) {
		signal(SIGPIPE, SIG_DFL);
		/* what is sent first after a close may go */
		for (int i = 0; i < 50; i++) {
			send(fd[0], "x", 1, 0);
			usleep(1000);
		}
		_exit(0);
	}
	must("wait", waitpid(pid, &status, 0));
	say("killed by %d", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	close(fd[0]);
}

void fills_up(void)
{
	static char buf[65536];
	int fd[2];
	long sent, got = 0, n;

	new_pair(fd);
	fcntl(fd[0], F_SETFL, O_NONBLOCK);
	fcntl(fd[1], F_SETFL, O_NONBLOCK);
	sent = fill(fd[0]);
	call("full", send(fd[0], buf, sizeof(buf), 0));
	call("for a byte, too", send(fd[0], buf, 1, 0));
	say("not writable %d", !(bits(fd[0]) & POLLOUT));
	for (;;) {
		struct pollfd p = { .fd = fd[1], .events = POLLIN };

		if (poll(&p, 1, got < sent ? 5000 : 0) <= 0)
			break;
		n = recv(fd[1], buf, sizeof(buf), 0);
		if (n <= 0)
			break;
		got += n;
	}
	say("all came %d", got == sent);
	poll_for("writable", fd[0], POLLOUT);
	close(fd[0]);
	close(fd[1]);
}

void waits_for_all(void)
{
	char b[16];
	int fd[2];
	long n;

	new_pair(fd);
	if (!fork()) {
		send(fd[0], "abc", 3, 0);
		usleep(20000);
		send(fd[0], "def", 3, 0);
		_exit(0);
	}
	n = call("recv", recv(fd[1], b, 6, MSG_WAITALL));
	say_bytes("bytes", b, n);
	wait(NULL);
	/* inherited by the child and dup()ed: the last close ends it */
	n = dup(fd[0]);
	close(fd[0]);
	say("poll %#x", bits(fd[1]));
	close(n);
	poll_for("closed", fd[1], POLLRDHUP);
	call("end", recv(fd[1], b, 6, 0));
	close(fd[1]);
}

void queues(void)
{
	int fd[2], n = -1;

	new_pair(fd);
	call("SIOCINQ", ioctl(fd[1], SIOCINQ, &n));
	say("%d", n);
	send(fd[0], "12345", 5, 0);
	poll_for("there", fd[1], POLLIN);
	call("SIOCINQ", ioctl(fd[1], SIOCINQ, &n));
	say("%d", n);
	close(fd[0]);
	close(fd[1]);
}

void edges(void)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLOUT | EPOLLET |
					    EPOLLRDHUP };
	char b[8];
	int fd[2], ep = must("epoll", epoll_create1(0));

	new_pair(fd);
	must("add", epoll_ctl(ep, EPOLL_CTL_ADD, fd[1], &ev));
	say("first %d %#x", epoll_wait(ep, &ev, 1, 1000), ev.events);
	say("none %d", epoll_wait(ep, &ev, 1, 0));
	send(fd[0], "ab", 2, 0);
	say("bytes %d %#x", epoll_wait(ep, &ev, 1, 1000), ev.events);
	call("one", recv(fd[1], b, 1, 0));
	say("no edge %d", epoll_wait(ep, &ev, 1, 0));
	send(fd[0], "c", 1, 0);
	say("more %d %#x", epoll_wait(ep, &ev, 1, 1000), ev.events);
	shutdown(fd[0], SHUT_WR);
	say("end %d %#x", epoll_wait(ep, &ev, 1, 1000), ev.events);
	say("none %d", epoll_wait(ep, &ev, 1, 0));
	close(ep);
	close(fd[0]);
	close(fd[1]);
}

void peeks(void)
{
	char b[16];
	int fd[2];
	long n;

	new_pair(fd);
	send(fd[0], "abcdef", 6, 0);
	poll_for("there", fd[1], POLLIN);
	n = call("peek", recv(fd[1], b, 3, MSG_PEEK));
	say_bytes("bytes", b, n);
	n = call("peek again", recv(fd[1], b, 3, MSG_PEEK));
	say_bytes("bytes", b, n);
	call("truncated", recv(fd[1], b, 2, MSG_TRUNC | MSG_PEEK));
	n = call("read", recv(fd[1], b, sizeof(b), MSG_DONTWAIT));
	say_bytes("bytes", b, n);
	call("nothing", recv(fd[1], b, 3, MSG_PEEK | MSG_DONTWAIT));
	call("nothing, length 0", recv(fd[1], b, 0, MSG_DONTWAIT));
	/* AF_UNIX has none, and takes it for a plain call */
	call("error queue", recv(fd[1], b, 3, MSG_ERRQUEUE | MSG_DONTWAIT));
	call("send nothing", send(fd[0], b, 0, 0));
	call("bad memory", send(fd[0], (void *)8, 5, MSG_NOSIGNAL));
	close(fd[0]);
	close(fd[1]);
}

void waits_all_ends(void)
{
	const struct timeval tv = { .tv_usec = 30000 };
	char b[16];
	int fd[2];

	new_pair(fd);
	setsockopt(fd[1], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	send(fd[0], "abc", 3, 0);
	call("timeout", recv(fd[1], b, 6, MSG_WAITALL));
	send(fd[0], "abc", 3, 0);
	shutdown(fd[0], SHUT_WR);
	call("end", recv(fd[1], b, 6, MSG_WAITALL));
	call("at the end", recv(fd[1], b, 6, MSG_WAITALL));
	close(fd[0]);
	close(fd[1]);
}

void least(void)
{
	int fd[2], n = 4;

	new_pair(fd);
	call("SO_RCVLOWAT",
	     setsockopt(fd[1], SOL_SOCKET, SO_RCVLOWAT, &n, sizeof(n)));
	send(fd[0], "abc", 3, 0);
	usleep(20000);
	say("poll %#x", bits(fd[1]));
	send(fd[0], "d", 1, 0);
	poll_for("four", fd[1], POLLIN);
	close(fd[0]);
	close(fd[1]);
}

void send_times_out(void)
{
	static char buf[65536];
	const struct timeval tv = { .tv_usec = 50000 };
	int fd[2], i;
	long n = 1;

	new_pair(fd);
	setsockopt(fd[0], SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
	for (i = 0; i < 10000 && n > 0; i++)
		n = send(fd[0], buf, sizeof(buf), 0);
	call("send", n);
	call("OOB", send(fd[0], "x", 1, MSG_OOB | MSG_DONTWAIT) < 0);
	close(fd[0]);
	close(fd[1]);
}

/* Of their bounds nothing is lost, and what does not fit is. */
void messages(void)
{
	static char buf[4 << 20];
	struct iovec two[2] = { { "ab", 2 }, { "cd", 2 } }, iov = { buf, 8 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	int fd[2];

	new_pair(fd);
	must("writev", writev(fd[0], two, 2));
	must("send", send(fd[0], "efgh", 4, MSG_EOR));
	must("send", send(fd[0], "ijkl", 4, MSG_MORE));
	must("send", send(fd[0], "mn", 2, 0));
	must("send", send(fd[0], "op", 2, 0));
	poll_for("there", fd[1], POLLIN);
	call("peek", recv(fd[1], buf, 3, MSG_PEEK));
	call("no more than the first",
	     recv(fd[1], buf, 3, MSG_PEEK | MSG_WAITALL));
	call("its length", recv(fd[1], buf, 0, MSG_PEEK | MSG_TRUNC));
	call("recvmsg", recvmsg(fd[1], &msg, MSG_WAITALL));
	say("EOR %d trunc %d", !!(msg.msg_flags & MSG_EOR),
	    !!(msg.msg_flags & MSG_TRUNC));
	say_bytes("bytes", buf, 4);
	iov.iov_len = 3;
	call("short", recvmsg(fd[1], &msg, 0));
	say("EOR %d trunc %d", !!(msg.msg_flags & MSG_EOR),
	    !!(msg.msg_flags & MSG_TRUNC));
	call("short, and told", recv(fd[1], buf, 1, MSG_TRUNC));
	call("no room at all", recv(fd[1], buf, 0, 0));
	say_bytes("bytes", buf, call("recv", recv(fd[1], buf, 8, 0)));
	call("nothing", recv(fd[1], buf, 8, MSG_DONTWAIT));
	call("longer than SO_SNDBUF", send(fd[0], buf, 500000, MSG_DONTWAIT));
	call("too long", send(fd[0], buf, sizeof(buf), MSG_DONTWAIT));
	call("MSG_OOB", send(fd[0], buf, 1, MSG_OOB));
	call("MSG_OOB", recv(fd[1], buf, 1, MSG_OOB | MSG_DONTWAIT));
	close(fd[0]);
	close(fd[1]);
}

void many_pieces(void)
{
	struct iovec iov[3] = { { "ab", 2 }, { "", 0 }, { "cde", 3 } }, in[2];
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 3 };
	char a[2], b[8];
	int fd[2];

	new_pair(fd);
	call("sendmsg", sendmsg(fd[0], &msg, 0));
	poll_for("there", fd[1], POLLIN);
	in[0] = (struct iovec){ a, 2 };
	in[1] = (struct iovec){ b, 8 };
	msg = (struct msghdr){ .msg_iov = in, .msg_iovlen = 2 };
	say_bytes("second", b, call("recvmsg", recvmsg(fd[1], &msg, 0)) - 2);
	say("trunc %d ctl %zu", !!(msg.msg_flags & MSG_TRUNC),
	    msg.msg_controllen);
	call("sendto", sendto(fd[0], "x", 1, MSG_NOSIGNAL,
			      &(struct sockaddr){ .sa_family = kind->family },
			      sizeof(struct sockaddr)) > 0);
	close(fd[0]);
	close(fd[1]);
}

void files(void)
{
	struct iovec two[2] = { { "a", 1 }, { "bc", 2 } };
	char b[64] = "from a file";
	int fd[2], p[2], file = must("memfd", memfd_create("probe", 0));

	new_pair(fd);
	must("pipe", pipe(p));
	must("write", write(file, b, 12));
	call("sendfile", sendfile(fd[0], file, &(off_t){ 0 }, 12));
	poll_for("there", fd[1], POLLIN);
	call("splice", splice(fd[1], NULL, p[1], NULL, 5, 0));
	say_bytes("bytes", b, call("read", read(p[0], b, 5)));
	/* of a message it is lost */
	say_bytes("rest", b, call("recv", recv(fd[1], b, 64, MSG_DONTWAIT)));
	must("write", write(p[1], "piped", 5));
	call("splice in", splice(p[0], NULL, fd[1], NULL, 5, 0));
	say_bytes("bytes", b, call("recv", recv(fd[0], b, 64, 0)));
	call("writev", writev(fd[0], two, 2));
	poll_for("there", fd[1], POLLIN);
	say_bytes("bytes", b,
		  call("readv", readv(fd[1], &(struct iovec){ b, 8 }, 1)));
	call("lseek", lseek(fd[0], 0, SEEK_SET));
	close(fd[0]);
	close(fd[1]);
	close(p[0]);
	close(p[1]);
	close(file);
}

/* Descriptors are not passed, nor do they prevent the bytes. */
void ancillary(void)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { .align = { .cmsg_len = CMSG_LEN(sizeof(int)),
				 .cmsg_level = SOL_SOCKET,
				 .cmsg_type = SCM_RIGHTS } };
	struct iovec iov = { "x", 1 };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	char b[8];
	int fd[2];

	new_pair(fd);
	call("sendmsg", sendmsg(fd[0], &msg, 0));
	poll_for("there", fd[1], POLLIN);
	iov = (struct iovec){ b, 8 };
	msg.msg_controllen = sizeof(control);
	call("recvmsg", recvmsg(fd[1], &msg, MSG_CMSG_CLOEXEC));
	say("control %zu flags %#x", msg.msg_controllen,
	    msg.msg_flags & MSG_CTRUNC);
	call("MSG_MORE", send(fd[0], "y", 1, MSG_MORE | MSG_CONFIRM));
	call("rest", send(fd[0], "z", 1, 0));
	close(fd[0]);
	close(fd[1]);
}

/* Both ends write more than fits, and read, at once. */
void both_ways(void)
{
	static char buf[3000];
	struct pollfd p[2] = { 0 };
	const long most = 1 << 20;
	long sent[2] = { 0 }, got[2] = { 0 }, n;
	bool good = true;
	int fd[2];

	new_pair(fd);
	while (got[0] < most || got[1] < most) {
		for (int i = 0; i < 2; i++) {
			p[i].fd = fd[i];
			p[i].events = POLLIN | (sent[i] < most ? POLLOUT : 0);
		}
		if (poll(p, 2, 5000) <= 0)
			break;
		for (int i = 0; i < 2; i++) {
			if (p[i].revents & POLLOUT && sent[i] < most) {
				for (size_t k = 0; k < sizeof(buf); k++)
					buf[k] = (sent[i] + k) % 251;
				n = most - sent[i] < (long)sizeof(buf) ?
					    most - sent[i] :
					    (long)sizeof(buf);
				n = send(fd[i], buf, n, MSG_DONTWAIT);
				sent[i] += n > 0 ? n : 0;
			}
			if (!(p[i].revents & POLLIN))
				continue;
			n = recv(fd[i], buf,
				 sizeof(buf) -
					 (kind->type == SOCK_SEQPACKET ? 0 : 7),
				 MSG_DONTWAIT);
			for (long k = 0; k < n; k++)
				good &= buf[k] == (char)((got[!i] + k) % 251);
			got[!i] += n > 0 ? n : 0;
		}
	}
	say("%ld %ld good %d", got[0], got[1], good);
	close(fd[0]);
	close(fd[1]);
}
