// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scenarios of sockprobe that are about how connections end.
 */
#include "sockprobe.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

void ends(void)
{
	char b[64];
	int fd[2];

	new_pair(fd);
	send(fd[0], "last", 4, 0);
	call("shutdown", shutdown(fd[0], SHUT_WR));
	say("own poll %#x", bits(fd[0]));
	call("send after", send(fd[0], "x", 1, MSG_NOSIGNAL));
	poll_for("other", fd[1], POLLRDHUP);
	call("recv", recv(fd[1], b, sizeof(b), 0));
	call("end", recv(fd[1], b, sizeof(b), 0));
	call("end stays", recv(fd[1], b, sizeof(b), 0));
	call("back", send(fd[1], "answer", 6, MSG_NOSIGNAL));
	call("recv", recv(fd[0], b, sizeof(b), 0));
	call("close", close(fd[1]));
	poll_for("closed", fd[0], POLLHUP);
	call("end", recv(fd[0], b, sizeof(b), 0));
	close(fd[0]);
}

/* Ends one direction, when somebody waits for it. */
static pid_t shut_later(int fd)
{
	pid_t pid = must("fork", fork());

	if (!pid) {
		usleep(100000);
		shutdown(fd, SHUT_WR);
		_exit(0);
	}
	return pid;
}

/* It wakes those, too, who do not wait for something to read. */
void ends_wake(void)
{
	static const short events[] = { POLLRDHUP, 0 };
	int fd[2], status;
	pid_t pid;

	for (int i = 0; i < 2; i++) {
		new_pair(fd);
		if (!events[i])
			call("shutdown", shutdown(fd[1], SHUT_WR));
		pid = shut_later(fd[0]);
		poll_for("end", fd[1], events[i]);
		must("wait", waitpid(pid, &status, 0));
		close(fd[0]);
		close(fd[1]);
	}
}

void closes(void)
{
	char b[64];
	int fd[2], err;
	socklen_t len = sizeof(err);

	new_pair(fd);
	send(fd[0], "unread", 6, 0);
	poll_for("unread", fd[1], POLLIN);
	close(fd[1]);
	poll_for("reset", fd[0], POLLIN);
	call("recv", recv(fd[0], b, sizeof(b), 0));
	call("recv again", recv(fd[0], b, sizeof(b), 0));
	call("send", send(fd[0], "x", 1, MSG_NOSIGNAL));
	call("SO_ERROR",
	     getsockopt(fd[0], SOL_SOCKET, SO_ERROR, &err, &len) ?: err);
	close(fd[0]);
}

void lingers(void)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };
	char b[64];
	int fd[2];

	new_pair(fd);
	must("SO_LINGER",
	     setsockopt(fd[1], SOL_SOCKET, SO_LINGER, &now, sizeof(now)));
	close(fd[1]);
	poll_for("reset", fd[0], POLLIN);
	call("recv", recv(fd[0], b, sizeof(b), 0));
	close(fd[0]);
}

void read_side(void)
{
	char b[8];
	int fd[2];

	new_pair(fd);
	call("shutdown", shutdown(fd[0], SHUT_RD));
	call("recv", recv(fd[0], b, sizeof(b), 0));
	say("poll %#x", bits(fd[0]));
	call("send", send(fd[0], "x", 1, MSG_NOSIGNAL));
	call("shutdown", shutdown(fd[0], 7));
	say("other poll %#x", bits(fd[1]));
	call("other sends", send(fd[1], "y", 1, MSG_NOSIGNAL));
	close(fd[0]);
	close(fd[1]);
}

/* Of both directions, while the other end goes on. */
void both_sides(void)
{
	char b[8];
	int fd[2];

	new_pair(fd);
	call("shutdown", shutdown(fd[0], SHUT_RDWR));
	say("own poll %#x", bits(fd[0]));
	call("recv", recv(fd[0], b, sizeof(b), 0));
	call("send", send(fd[0], "x", 1, MSG_NOSIGNAL));
	poll_for("other", fd[1], POLLRDHUP);
	call("end", recv(fd[1], b, sizeof(b), 0));
	call("goes on", send(fd[1], "x", 1, MSG_NOSIGNAL));
	poll_for("nobody reads it", fd[1], POLLHUP);
	call("again", send(fd[1], "x", 1, MSG_NOSIGNAL));
	call("end", recv(fd[1], b, sizeof(b), 0));
	say("own poll %#x", bits(fd[0]));
	close(fd[0]);
	close(fd[1]);
}

/* The other end has closed. */
void writes_on(void)
{
	char b[8];
	int fd[2], err;
	socklen_t len = sizeof(err);

	new_pair(fd);
	must("send", send(fd[1], "last", 4, 0));
	close(fd[1]);
	poll_for("end", fd[0], POLLRDHUP);
	call("send", send(fd[0], "x", 1, MSG_NOSIGNAL));
	poll_for("nobody reads it", fd[0], POLLHUP);
	call("recv", recv(fd[0], b, sizeof(b), 0));
	call("end", recv(fd[0], b, sizeof(b), 0));
	call("send", send(fd[0], "x", 1, MSG_NOSIGNAL));
	call("end", recv(fd[0], b, sizeof(b), 0));
	call("send", send(fd[0], "x", 1, MSG_NOSIGNAL));
	call("SO_ERROR",
	     getsockopt(fd[0], SOL_SOCKET, SO_ERROR, &err, &len) ?: err);
	close(fd[0]);
}

/* What the other end has not read goes with the reset. */
void reset_while_waiting(void)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };
	char b[8];
	int fd[2], status;
	pid_t pid;

	new_pair(fd);
	setsockopt(fd[0], SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	pid = must("fork", fork());
	if (!pid) {
		close(fd[1]);
		usleep(50000);
		close(fd[0]);
		_exit(0);
	}
	close(fd[0]);
	call("recv", recv(fd[1], b, 8, 0));
	must("wait", waitpid(pid, &status, 0));
	say("poll %#x", bits(fd[1]));
	call("getpeername",
	     getpeername(fd[1], &(struct sockaddr){}, &(socklen_t){ 2 }));
	call("shutdown", shutdown(fd[1], SHUT_WR));
	close(fd[1]);
}

/* Who waits for room is woken, too. */
void reset_while_writing(void)
{
	char b[8];
	int fd[2], status;
	pid_t pid;

	new_pair(fd);
	fill(fd[0]);
	pid = must("fork", fork());
	if (!pid) {
		usleep(50000);
		_exit(0);
	}
	close(fd[1]);
	call("send", send(fd[0], "x", 1, MSG_NOSIGNAL));
	must("wait", waitpid(pid, &status, 0));
	say("poll %#x", bits(fd[0]));
	call("send", send(fd[0], "x", 1, MSG_NOSIGNAL));
	call("recv", recv(fd[0], b, 1, 0));
	close(fd[0]);
}
