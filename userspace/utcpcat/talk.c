// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/utcp_socket.h>

#include "cell.h"
#include "joint.h"
#include "options.h"
#include "say.h"
#include "talk.h"

/* Of standard input, for a datagram: what a frame of the least size has room for. */
#define DATAGRAM_SIZE 1238
/* How often it is looked whether all has arrived, in milliseconds. */
#define LOOK_AGAIN 20
/* utcp_info.state */
#define STATE_CLOSED 7

/* The connection goes on without this program, but its exit code is to tell whether
 * everything has arrived. Return: errno, or 0.
 */
static int wait_arrived(int fd)
{
	struct utcp_info info;
	socklen_t len;
	int err = 0;

	for (;;) {
		memset(&info, 0, sizeof(info));
		len = sizeof(info);
		if (getsockopt(fd, SOL_UTCP, UTCP_INFO, &info, &len))
			return errno;
		len = sizeof(err);
		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len))
			return errno;
		if (err || !info.snd_queue || info.state == STATE_CLOSED)
			return err;
		poll(NULL, 0, LOOK_AGAIN);
	}
}

static int tell_end(const struct joint *j, const char *peer)
{
	/* A reader that goes away is no failure. */
	if (!j->err || (j->failed == &j->a && j->err == EPIPE))
		return EXIT_DONE;
	if (j->failed == &j->b)
		return say_failed(j->err, "%s", peer);
	return say_failed(j->err, "%s",
			  j->reading ? "cannot read the input" :
				       "cannot write the output");
}

int talk(const struct options *o, int fd, bool *go_on)
{
	struct pollfd fds[JOINT_FDS];
	char peer[CELL_TEXT];
	struct joint j;
	int code, err;

	cell_text(fd, true, peer);
	if (o->verbose)
		say("connected to %s", peer);
	end_stdio(&j.a, o->keep);
	end_socket(&j.b, fd);
	if (joint_init(&j, o->type == SOCK_SEQPACKET)) {
		close(fd);
		return say_failed(ENOMEM, "%s", peer);
	}
	/* The own direction ends at once. */
	j.there.ended = o->keep;
	joint_wants(&j, fds);
	joint_run(&j, fds);
	while (!joint_over(&j)) {
		joint_wants(&j, fds);
		if (poll(fds, JOINT_FDS, -1) < 0 && errno != EINTR) {
			err = errno;
			joint_free(&j);
			return say_failed(err, "%s", peer);
		}
		joint_run(&j, fds);
	}
	*go_on = j.failed != &j.a || !j.err;
	code = tell_end(&j, peer);
	err = code || j.err ? 0 : wait_arrived(fd);
	if (err)
		code = say_failed(err, "%s", peer);
	joint_free(&j);
	return code;
}

/* Who sends first is the peer from now on. Return: errno, or 0. */
static int choose_peer(int fd)
{
	struct sockaddr_utcp from;
	socklen_t len = sizeof(from);
	char byte;

	if (recvfrom(fd, &byte, 1, MSG_PEEK, (struct sockaddr *)&from, &len) <
		    0 ||
	    connect(fd, (struct sockaddr *)&from, len))
		return errno;
	return 0;
}

static int write_all(const char *buf, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(STDOUT_FILENO, buf, len);
		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0) {
			buf += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

static int get_datagram(int fd, bool *over)
{
	static char buf[UTCP_DATAGRAM_MAX];
	ssize_t n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
	int err;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ?
			       EXIT_DONE :
			       say_failed(errno, "cannot receive");
	err = write_all(buf, (size_t)n);
	if (err == EPIPE)
		*over = true;
	else if (err)
		return say_failed(err, "cannot write the output");
	return EXIT_DONE;
}

static int put_datagram(int fd, bool *ended)
{
	char buf[DATAGRAM_SIZE];
	ssize_t n = read(STDIN_FILENO, buf, sizeof(buf));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ?
			       EXIT_DONE :
			       say_failed(errno, "cannot read the input");
	if (!n)
		*ended = true;
	else if (send(fd, buf, (size_t)n, MSG_NOSIGNAL) < 0)
		return say_failed(errno, "cannot send");
	return EXIT_DONE;
}

int talk_datagrams(const struct options *o, int fd)
{
	bool ended = o->listen && o->keep, over = false;
	struct pollfd fds[2] = { { .fd = STDIN_FILENO, .events = POLLIN },
				 { .fd = fd, .events = POLLIN } };
	int code = EXIT_DONE, err, n;

	if (o->listen && !o->keep) {
		err = choose_peer(fd);
		if (err)
			return say_failed(err, "cannot receive");
	}
	while (!code && !over) {
		fds[0].fd = ended ? -1 : STDIN_FILENO;
		n = poll(fds, 2,
			 ended && !(o->listen && o->keep) ? (int)o->wait : -1);
		if (n < 0 && errno != EINTR)
			return say_failed(errno, "cannot wait");
		if (!n)
			return EXIT_DONE;
		if (n > 0 && fds[1].revents)
			code = get_datagram(fd, &over);
		if (n > 0 && !code && !over && fds[0].revents)
			code = put_datagram(fd, &ended);
	}
	return code;
}

int talk_command(const struct options *o, int fd)
{
	char peer[CELL_TEXT];

	cell_text(fd, true, peer);
	peer[strcspn(peer, " ")] = '\0';
	signal(SIGPIPE, SIG_DFL);
	if (setenv("UTCPCAT_PEER", peer, 1) || dup2(fd, STDIN_FILENO) < 0 ||
	    dup2(fd, STDOUT_FILENO) < 0)
		return say_failed(errno, "cannot start \"%s\"", o->command);
	execl("/bin/sh", "sh", "-c", o->command, (char *)NULL);
	return say_failed(errno, "cannot start \"%s\"", o->command);
}
