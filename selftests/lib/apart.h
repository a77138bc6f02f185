/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What test programs share that ask in the place of somebody else: a process of its
 * own, another user, a user namespace.
 */
#ifndef SELFTESTS_APART_H
#define SELFTESTS_APART_H

#include <stdbool.h>
#include <sys/types.h>

#define NOBODY 65534

/* Says what was wrong, as a KTAP comment; so that callers can "return bad(...)". */
bool __attribute__((format(printf, 1, 2))) bad(const char *format, ...);

/* Runs @fn in a process of its own, which may change what it is. */
bool apart(bool (*fn)(void));

/* This process is @uid, and in its group, from now on. */
bool become(uid_t uid);

/* As root of a user namespace, who is nobody outside; in new namespaces of the kinds
 * @others (CLONE_NEWNET, …), too.
 */
bool user_namespace(int others);

#endif /* SELFTESTS_APART_H */
