// SPDX-License-Identifier: GPL-2.0-only
/*
 * utcpcat: a netcat for sockets of UTCP.
 */
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/utcp_socket.h>

#include "cell.h"
#include "options.h"
#include "say.h"
#include "server.h"
#include "talk.h"

static int talk_to(const struct options *o, int fd, bool *go_on)
{
	*go_on = false;
	if (o->command)
		return talk_command(o, fd);
	return o->type == SOCK_DGRAM ? talk_datagrams(o, fd) :
				       talk(o, fd, go_on);
}

static int listen_here(const struct options *o)
{
	int code, fd, one;
	struct sockaddr_utcp from;
	socklen_t len;
	bool go_on;

	code = cell_listen(o, &fd);
	if (code)
		return code;
	if (o->to.text || (o->command && o->keep))
		return server_run(o, fd);
	if (o->type == SOCK_DGRAM)
		return talk_to(o, fd, &go_on);
	do {
		len = sizeof(from);
		one = accept4(fd, (struct sockaddr *)&from, &len, SOCK_CLOEXEC);
		if (one < 0)
			return say_failed(errno, "cannot accept a connection");
		if (!o->keep)
			close(fd);
		code = talk_to(o, one, &go_on);
	} while (o->keep && go_on);
	return code;
}

int main(int argc, char **argv)
{
	struct options o;
	bool done = false, go_on;
	int code, fd, err;

	/* A reader that goes away is seen as EPIPE. */
	signal(SIGPIPE, SIG_IGN);
	code = options_read(&o, argc, argv, &done);
	if (code || done)
		return code;
	if (o.listen)
		return listen_here(&o);
	if (o.forward.text)
		return server_run(&o, -1);
	fd = cell_connect(&o, true, &err);
	if (fd < 0)
		return cell_connect_failed(&o, err);
	return talk_to(&o, fd, &go_on);
}
