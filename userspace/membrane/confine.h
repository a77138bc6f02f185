/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Giving up rights, for good. Done in this order: confine_user(), then whatever
 * needs system calls, then confine_calls(), then the first frame.
 */
#ifndef MEMBRANE_CONFINE_H
#define MEMBRANE_CONFINE_H

#include <stddef.h>
#include <sys/types.h>

/* Memory that the process may write to and shares with nobody: RLIMIT_DATA. */
#define CONFINE_DATA_MAX (96ul << 20)

/**
 * confine_user() - become a user without any right
 * @uid: the user, not 0
 * @gid: the only group
 * @parent: the process with which this one is to end
 *
 * No capability in any set, no way to get one, no core dump, no debugger, bounded
 * memory. To be called before there are threads: some of this is a thread's own.
 * What cannot be done, or is found not to be done, ends the process with a message.
 */
void confine_user(uid_t uid, gid_t gid, pid_t parent);

/**
 * confine_calls() - give up all system calls but those that a running stack makes
 * @fd: descriptors of rings: NETSWITCH_RING_KICK is all that may be asked of them
 * @n: how many
 * @epoll: the descriptor that may be waited for
 *
 * For all threads of the process; there will be no other, and each has to have begun:
 * what libc does at a thread's start is not allowed either. A call that is not
 * allowed ends the process with SIGSYS. If it fails, the process ends.
 */
void confine_calls(const int *fd, size_t n, int epoll);

#endif
