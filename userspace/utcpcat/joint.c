// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/utcp_socket.h>

#include "joint.h"

/* Bytes of a stream that are read at once. */
#define STREAM_SIZE 65536
/* Of standard input, for a message. */
#define MESSAGE_SIZE 65536

/* What poll() says of a descriptor with which nothing more can be done. */
#define GONE (POLLERR | POLLHUP | POLLNVAL)

/* In the order of the descriptors that poll() is given. */
enum { THERE_FROM, THERE_TO, BACK_FROM, BACK_TO };

static enum end_kind kind_of(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return END_PIPE;
	if (S_ISSOCK(st.st_mode))
		return END_SOCKET;
	return S_ISREG(st.st_mode) || S_ISBLK(st.st_mode) ? END_FILE : END_PIPE;
}

void end_socket(struct end *e, int fd)
{
	e->in = fd;
	e->out = fd;
	e->in_kind = END_SOCKET;
	e->out_kind = END_SOCKET;
	e->stays = false;
}

void end_stdio(struct end *e, bool stays)
{
	e->in = STDIN_FILENO;
	e->out = STDOUT_FILENO;
	e->in_kind = kind_of(e->in);
	e->out_kind = kind_of(e->out);
	e->stays = stays;
}

static int pump_init(struct pump *p, const struct end *from, bool messages)
{
	memset(p, 0, sizeof(*p));
	p->size = !messages		      ? STREAM_SIZE :
		  from->in_kind == END_SOCKET ? UTCP_MESSAGE_MAX :
						MESSAGE_SIZE;
	p->buf = malloc(p->size);
	return p->buf ? 0 : -ENOMEM;
}

int joint_init(struct joint *j, bool messages)
{
	j->messages = messages;
	j->err = 0;
	j->failed = NULL;
	j->back.buf = NULL;
	if (!pump_init(&j->there, &j->a, messages) &&
	    !pump_init(&j->back, &j->b, messages))
		return 0;
	free(j->there.buf);
	free(j->back.buf);
	return -ENOMEM;
}

static void wants(const struct pump *p, const struct end *from,
		  const struct end *to, struct pollfd *fd_from,
		  struct pollfd *fd_to)
{
	bool reads = !p->shut && !p->ended && !p->len;

	/* A descriptor with POLLHUP is always ready: look only at what is wanted. */
	fd_from->fd = reads ? from->in : -1;
	fd_from->events = POLLIN;
	fd_from->revents = 0;
	/* Who takes nothing any more is to be noticed while there is nothing, too. */
	fd_to->fd = p->shut ? -1 : to->out;
	fd_to->events = p->len ? POLLOUT : 0;
	fd_to->revents = 0;
}

void joint_wants(const struct joint *j, struct pollfd fds[JOINT_FDS])
{
	wants(&j->there, &j->a, &j->b, &fds[THERE_FROM], &fds[THERE_TO]);
	wants(&j->back, &j->b, &j->a, &fds[BACK_FROM], &fds[BACK_TO]);
}

static ssize_t read_end(const struct end *e, char *buf, size_t size)
{
	if (e->in_kind == END_SOCKET)
		return recv(e->in, buf, size, MSG_DONTWAIT);
	return read(e->in, buf, size);
}

static ssize_t write_end(const struct end *e, const char *buf, size_t len)
{
	if (e->out_kind == END_SOCKET)
		return send(e->out, buf, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (e->out_kind == END_PIPE && len > PIPE_BUF)
		len = PIPE_BUF;
	return write(e->out, buf, len);
}

/* Says @e that no more will come. */
static int shut_end(const struct end *e)
{
	if (e->stays)
		return 0;
	if (e->out_kind == END_SOCKET)
		return shutdown(e->out, SHUT_WR) && errno != ENOTCONN ? errno :
									0;
	return close(e->out) ? errno : 0;
}

static void failed(struct joint *j, const struct end *e, int err, bool reading)
{
	if (j->err)
		return;
	j->err = err;
	j->failed = e;
	j->reading = reading;
}

static void end_both(struct joint *j)
{
	j->there.shut = true;
	j->back.shut = true;
}

/* Nobody takes what @p brings: what still comes the other way is not touched. */
static void break_off(struct joint *j, struct pump *p, const struct end *to,
		      int err)
{
	p->shut = true;
	p->len = 0;
	failed(j, to, err, false);
	/* But whoever has read standard output, and is gone, is not to be waited for. */
	if (to->in != to->out)
		end_both(j);
}

static int socket_error(int fd)
{
	socklen_t len = sizeof(int);
	int err = 0;

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) ? 0 : err;
}

static void pump_read(struct joint *j, struct pump *p, const struct end *from)
{
	ssize_t n = read_end(from, p->buf, p->size);

	if (n > 0) {
		p->at = 0;
		p->len = (size_t)n;
	} else if (!n) {
		p->ended = true;
	} else if (errno != EAGAIN && errno != EINTR) {
		/* No end is passed on: it would be taken for the end of all there is. */
		failed(j, from, errno, true);
		end_both(j);
	}
}

static void pump_write(struct joint *j, struct pump *p, const struct end *to)
{
	ssize_t n = write_end(to, p->buf + p->at, p->len);
	int err;

	if (n >= 0) {
		p->at += (size_t)n;
		p->len -= (size_t)n;
	} else if (errno != EAGAIN && errno != EINTR) {
		err = errno;
		/* Why, if it is known. */
		if (err == EPIPE && to->out_kind == END_SOCKET &&
		    socket_error(to->out))
			err = ECONNRESET;
		break_off(j, p, to, err);
	}
}

static void pump_run(struct joint *j, struct pump *p, const struct end *from,
		     const struct end *to, const struct pollfd *fd_from,
		     const struct pollfd *fd_to)
{
	bool read_now = fd_from->fd >= 0 && fd_from->revents;

	if (p->shut)
		return;
	if (read_now)
		pump_read(j, p, from);
	/* A socket says itself whether it takes bytes, without being asked before. */
	if (p->len &&
	    ((fd_to->fd >= 0 && fd_to->revents) || to->out_kind != END_PIPE))
		pump_write(j, p, to);
	else if (!p->len && !p->ended && fd_to->fd >= 0 &&
		 fd_to->revents & GONE)
		break_off(j, p, to,
			  to->out_kind == END_SOCKET ? socket_error(to->out) :
						       EPIPE);
	if (p->ended && !p->len && !p->shut) {
		failed(j, to, shut_end(to), false);
		p->shut = true;
	}
}

void joint_run(struct joint *j, const struct pollfd fds[JOINT_FDS])
{
	/* What can be read before what breaks, so that last words are heard. */
	pump_run(j, &j->back, &j->b, &j->a, &fds[BACK_FROM], &fds[BACK_TO]);
	pump_run(j, &j->there, &j->a, &j->b, &fds[THERE_FROM], &fds[THERE_TO]);
}

bool joint_over(const struct joint *j)
{
	return j->there.shut && j->back.shut;
}

static void close_end(const struct joint *j, const struct end *e)
{
	const struct linger now = { .l_onoff = 1 };

	if (e->in != e->out)
		return;
	if (j->err)
		setsockopt(e->in, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(e->in);
}

void joint_free(struct joint *j)
{
	close_end(j, &j->a);
	close_end(j, &j->b);
	free(j->there.buf);
	free(j->back.buf);
}
