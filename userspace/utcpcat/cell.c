// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/utcp_socket.h>

#include "cell.h"
#include "options.h"
#include "say.h"

/* Connections that wait to be accepted. */
#define BACKLOG 128

_Static_assert(LIBUTCP_CELLID_LEN == UTCP_CELL_ID_BYTES, "CellIDs differ");

static void address(struct sockaddr_utcp *a, const uint8_t *id, uint16_t port)
{
	memset(a, 0, sizeof(*a));
	a->sutcp_family = AF_UTCP;
	a->sutcp_port = port;
	memcpy(a->sutcp_cell, id, sizeof(a->sutcp_cell));
}

/* A socket, bound if a cell or a port was asked for. */
static int bound(const struct options *o, uint16_t port, int flags, int *err)
{
	struct sockaddr_utcp own;
	int fd;

	fd = socket(AF_UTCP, o->type | SOCK_CLOEXEC | flags, 0);
	if (fd >= 0) {
		address(&own, o->cell, port);
		if ((!o->has_cell && !port && !o->listen) ||
		    !bind(fd, (struct sockaddr *)&own, sizeof(own)))
			return fd;
	}
	*err = errno;
	if (fd >= 0)
		close(fd);
	return -1;
}

int cell_connect(const struct options *o, bool wait, int *err)
{
	struct timeval time = { .tv_sec = o->wait / 1000 };
	struct sockaddr_utcp peer;
	int fd;

	fd = bound(o, o->own_port, wait ? 0 : SOCK_NONBLOCK, err);
	if (fd < 0)
		return -1;
	address(&peer, o->peer, o->port);
	if (time.tv_sec)
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time));
	if (!connect(fd, (struct sockaddr *)&peer, sizeof(peer)) ||
	    (!wait && errno == EINPROGRESS))
		return fd;
	*err = errno;
	close(fd);
	return -1;
}

/* What the own side lacks is not to be taken for something of the peer. */
static int own_failed(const struct options *o, int err)
{
	if (err == EAFNOSUPPORT) {
		say("module utcp is not loaded");
		return EXIT_NOT_FOUND;
	}
	if (err == EADDRNOTAVAIL) {
		say(o->has_cell ?
			    "the own cell is not in this network namespace" :
			    "this network namespace has no default cell");
		return EXIT_NOT_FOUND;
	}
	return -1;
}

int cell_connect_failed(const struct options *o, int err)
{
	int code = own_failed(o, err);

	return code >= 0 ? code :
			   say_failed(err, "%s %u", o->peer_name, o->port);
}

int cell_listen(const struct options *o, int *fd)
{
	char text[CELL_TEXT];
	int err = 0, code;

	*fd = bound(o, o->port, 0, &err);
	if (*fd >= 0 && o->type != SOCK_DGRAM && listen(*fd, BACKLOG))
		err = errno;
	if (err) {
		code = own_failed(o, err);
		return code >= 0 ? code : say_failed(err, "port %u", o->port);
	}
	if (o->verbose) {
		cell_text(*fd, false, text);
		say("listens on %s", text);
	}
	return EXIT_DONE;
}

void cell_text(int fd, bool peer, char text[CELL_TEXT])
{
	struct sockaddr_utcp a = { 0 };
	socklen_t len = sizeof(a);
	int failed;

	failed = peer ? getpeername(fd, (struct sockaddr *)&a, &len) :
			getsockname(fd, (struct sockaddr *)&a, &len);
	if (failed || a.sutcp_family != AF_UTCP) {
		snprintf(text, CELL_TEXT, "?");
		return;
	}
	utcp_cellid_format(a.sutcp_cell, text);
	snprintf(text + strlen(text), CELL_TEXT - strlen(text), " %u",
		 a.sutcp_port);
}
