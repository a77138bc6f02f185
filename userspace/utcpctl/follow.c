// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/signalfd.h>

#include "cmd.h"
#include "fault.h"
#include "follow.h"

int follow_begin(struct cmd_context *c)
{
	sigset_t ends;
	int signals;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	signals = signalfd(-1, &ends, SFD_CLOEXEC);
	if (signals < 0 || sigprocmask(SIG_BLOCK, &ends, NULL)) {
		fault_system(&c->fault, errno, "cannot wait for signals");
		return -1;
	}
	return signals;
}

int follow(struct cmd_context *c, int fd, int signals, const char *what,
	   int (*drain)(struct cmd_context *c, void *from, bool *gone),
	   void *from)
{
	/* a pipe whose reader is gone is in error, which is always told */
	struct pollfd p[3] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
		{ .fd = fileno(c->out.file), .events = 0 },
	};
	int code = EXIT_DONE;
	bool gone = false;

	while (!code && !gone) {
		if (poll(p, 3, -1) < 0 && errno != EINTR)
			return fault_system(&c->fault, errno,
					    "cannot wait for %s", what);
		if (p[1].revents || p[2].revents)
			break;
		code = drain(c, from, &gone);
	}
	return code;
}
