// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cell.h"
#include "joint.h"
#include "options.h"
#include "say.h"
#include "server.h"
#include "talk.h"

/* Nothing is accepted for so long if there was no memory or descriptor, in
 * milliseconds.
 */
#define PAUSE 100

/* Places of the descriptors that are not of connections. */
enum { FD_SIGNALS, FD_LISTENER, FD_FIRST };

/**
 * struct connection - a connection that is forwarded
 * @joint: both ends: @a was accepted, @b is what it goes to
 * @connecting: @b is not there yet
 * @peer: the end that is UTCP's, for messages
 */
struct connection {
	struct joint joint;
	bool connecting;
	char peer[CELL_TEXT];
};

/**
 * struct server - all of it
 * @o: what is wanted
 * @signals: SIGTERM, SIGINT, SIGCHLD
 * @listener: where connections are accepted
 * @connections: those that are forwarded; room for @o->most
 * @n: how many
 * @children: commands that run
 * @fds: for poll(), JOINT_FDS for each connection behind the first ones
 * @pause: nothing is accepted for a while
 * @mask: signals that were blocked before
 */
struct server {
	const struct options *o;
	int signals;
	int listener;
	struct connection **connections;
	size_t n;
	size_t children;
	struct pollfd *fds;
	bool pause;
	sigset_t mask;
};

/* Why a connection ended, if not as it should; who else would tell? */
static void tell(const struct server *s, const struct connection *c)
{
	const struct joint *j = &c->joint;
	const char *local = s->o->to.text ? s->o->to.text : s->o->forward.text;
	bool utcp = (j->failed == &j->a) == !!s->o->to.text;

	if (j->err)
		say("%s: %s: %s", c->peer, utcp ? "the connection" : local,
		    strerror(j->err));
	else if (s->o->verbose)
		say("%s: has ended", c->peer);
}

static void drop(struct server *s, size_t i)
{
	struct connection *c = s->connections[i];

	tell(s, c);
	joint_free(&c->joint);
	free(c);
	s->connections[i] = s->connections[--s->n];
}

/* The other end of a connection. Return: a socket, or a negative errno. */
static int other_end(const struct options *o)
{
	int err = 0, fd;

	if (o->to.text)
		return where_connect(&o->to, o->type);
	fd = cell_connect(o, false, &err);
	return fd < 0 ? -err : fd;
}

static void peer_text(const struct options *o, int fd, char text[CELL_TEXT])
{
	if (o->listen) {
		cell_text(fd, true, text);
		return;
	}
	utcp_cellid_format(o->peer, text);
	snprintf(text + strlen(text), CELL_TEXT - strlen(text), " %u", o->port);
}

/* Joins what was accepted and what it goes to. Return: 0, or a negative errno. */
static int forward(struct server *s, int fd)
{
	struct connection *c = calloc(1, sizeof(*c));
	int other;

	if (!c)
		return -ENOMEM;
	peer_text(s->o, fd, c->peer);
	where_ready(fd);
	other = other_end(s->o);
	end_socket(&c->joint.a, fd);
	end_socket(&c->joint.b, other);
	if (other >= 0 &&
	    !joint_init(&c->joint, s->o->type == SOCK_SEQPACKET)) {
		where_ready(other);
		c->connecting = true;
		s->connections[s->n++] = c;
		return 0;
	}
	free(c);
	if (other < 0)
		return other;
	close(other);
	return -ENOMEM;
}

static void start_command(struct server *s, int fd)
{
	pid_t pid = fork();

	if (pid < 0) {
		say_failed(errno, "cannot start \"%s\"", s->o->command);
	} else if (pid) {
		s->children++;
	} else {
		sigprocmask(SIG_SETMASK, &s->mask, NULL);
		_exit(talk_command(s->o, fd));
	}
	close(fd);
}

static void accept_one(struct server *s)
{
	const struct linger now = { .l_onoff = 1 };
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	char peer[CELL_TEXT];
	int flags = SOCK_CLOEXEC, fd, err;

	/* A command expects a socket that blocks. */
	if (!s->o->command)
		flags |= SOCK_NONBLOCK;
	fd = accept4(s->listener, (struct sockaddr *)&from, &len, flags);
	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM) {
			say_failed(errno, "cannot accept a connection");
			s->pause = true;
		}
		return;
	}
	if (s->o->verbose) {
		peer_text(s->o, fd, peer);
		say(s->o->forward.text ? "%s: for this one" : "%s: connected",
		    peer);
	}
	if (s->o->command) {
		start_command(s, fd);
		return;
	}
	err = forward(s, fd);
	if (!err)
		return;
	peer_text(s->o, fd, peer);
	if (s->o->to.text)
		say("%s: %s: %s", peer, s->o->to.text, strerror(-err));
	else
		cell_connect_failed(s->o, -err);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(fd);
}

/* Return: true if it is time to end. */
static bool take_signals(struct server *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo != SIGCHLD)
			return true;
		while (s->children && waitpid(-1, NULL, WNOHANG) > 0)
			s->children--;
	}
	return false;
}

static void connected(struct connection *c)
{
	socklen_t len = sizeof(int);
	int err = 0;

	getsockopt(c->joint.b.in, SOL_SOCKET, SO_ERROR, &err, &len);
	c->connecting = false;
	if (!err)
		return;
	c->joint.err = err;
	c->joint.failed = &c->joint.b;
	c->joint.there.shut = true;
	c->joint.back.shut = true;
}

static void wants(struct connection *c, struct pollfd fds[JOINT_FDS])
{
	if (!c->connecting) {
		joint_wants(&c->joint, fds);
		return;
	}
	for (int i = 0; i < JOINT_FDS; i++)
		fds[i] = (struct pollfd){ .fd = -1 };
	fds[0].fd = c->joint.b.in;
	fds[0].events = POLLOUT;
}

static void run(struct connection *c, const struct pollfd fds[JOINT_FDS])
{
	bool any = false;

	for (int i = 0; i < JOINT_FDS; i++)
		any = any || fds[i].revents;
	if (!any)
		return;
	if (c->connecting)
		connected(c);
	else
		joint_run(&c->joint, fds);
}

static int serve(struct server *s)
{
	nfds_t n;
	bool full;

	for (;;) {
		full = s->n + s->children >= s->o->most;
		s->fds[FD_SIGNALS].fd = s->signals;
		s->fds[FD_SIGNALS].events = POLLIN;
		s->fds[FD_LISTENER].fd = full || s->pause ? -1 : s->listener;
		s->fds[FD_LISTENER].events = POLLIN;
		s->fds[FD_LISTENER].revents = 0;
		for (size_t i = 0; i < s->n; i++)
			wants(s->connections[i],
			      &s->fds[FD_FIRST + i * JOINT_FDS]);
		n = FD_FIRST + s->n * JOINT_FDS;
		if (poll(s->fds, n, s->pause ? PAUSE : -1) < 0) {
			if (errno == EINTR)
				continue;
			return say_failed(errno, "cannot wait");
		}
		s->pause = false;
		if (s->fds[FD_SIGNALS].revents && take_signals(s))
			return EXIT_DONE;
		/* From the last on, for who is dropped makes room for the last. */
		for (size_t i = s->n; i-- > 0;) {
			run(s->connections[i],
			    &s->fds[FD_FIRST + i * JOINT_FDS]);
			if (joint_over(&s->connections[i]->joint))
				drop(s, i);
		}
		if (s->fds[FD_LISTENER].revents)
			accept_one(s);
	}
}

/* Two descriptors for each connection, if so many are allowed. */
static void raise_limit(size_t most)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= 2 * most + 16)
		return;
	limit.rlim_cur = limit.rlim_max < 2 * most + 16 ? limit.rlim_max :
							  2 * most + 16;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int server_run(const struct options *o, int listener)
{
	struct server s = { .o = o };
	int code = EXIT_DONE;
	sigset_t mask, before;

	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGCHLD);
	/* Whom we were started by may have it ignored: nobody would tell of commands' ends. */
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_BLOCK, &mask, &before);
	s.mask = before;
	s.signals = signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
	s.connections = calloc(o->most, sizeof(struct connection *));
	s.fds = calloc(FD_FIRST + o->most * (size_t)JOINT_FDS, sizeof(*s.fds));
	if (s.signals < 0 || !s.connections || !s.fds) {
		code = say_failed(errno, "cannot begin");
		goto out;
	}
	if (o->forward.text)
		code = where_listen(&o->forward, o->type, o->verbose,
				    &listener);
	if (!code) {
		s.listener = listener;
		raise_limit(o->most);
		/* Of several that wait, one may be gone when it is accepted. */
		fcntl(s.listener, F_SETFL,
		      fcntl(s.listener, F_GETFL) | O_NONBLOCK);
		code = serve(&s);
		if (o->forward.text)
			where_remove(&o->forward);
	}
	while (s.n)
		drop(&s, s.n - 1);
out:
	free(s.connections);
	free(s.fds);
	return code;
}
