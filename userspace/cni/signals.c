// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals that do not end a plug-in.
 */
#include <signal.h>
#include <stddef.h>

#include "signals.h"

static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };

static void set_all(void (*how)(int))
{
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], how);
}

void signals_ignore(void)
{
	set_all(SIG_IGN);
	/* If whom we were started by has it ignored, nobody tells how a plug-in ended. */
	signal(SIGCHLD, SIG_DFL);
}

void signals_restore(void)
{
	set_all(SIG_DFL);
}
